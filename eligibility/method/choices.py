"""The ways a score can be built, draw by draw: weights, the mean of the pillars, scales, an indicator left out.

The stated way is one of them, so that the one scorer builds the published score and the drawn ones alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import pairwise
from typing import Any

import numpy as np

from eligibility.method import streams
from eligibility.policy.model import Choices, Component, Pillar, Scale, Score, Uncertainty, Weights

STATED = "stated"
MOST_TRIES = 100  # rejection is given up where fewer than one draw in so many is kept
STEPS = 50  # of the walk between two draws kept, where rejection is too slow


# what a sample of ways is made of: the field of `Ways` -> in words, in the order in which pages name it
OPEN = {
    "pillar": "weights of the parts",
    "component": "weights of the figures",
    "power": "the mean of the parts",
    "scale": "scales",
    "gone": "leaving a figure out",
}


@dataclass(frozen=True)
class Ways:
    """How the score is built in each draw. Arrays have one row a draw, or one for all.

    pillar      pillar id -> draws x 1, weights of 0 or more
    component   path -> draws x 1, likewise
    power       draws: of the mean of the pillars
    scale       draws: place in `scales`; "stated" is each component's own
    gone        draws: place in `paths` of the indicator left out; beyond the last, none is
    """

    pillar: Mapping[str, np.ndarray]
    component: Mapping[str, np.ndarray]
    power: np.ndarray
    scale: np.ndarray
    gone: np.ndarray
    scales: tuple[str, ...] = (STATED,)
    paths: tuple[str, ...] = ()

    def rows(self, rows: slice | np.ndarray) -> Ways:
        """The ways of some of the draws."""
        return replace(self, **{name: _each(getattr(self, name), rows) for name in OPEN})

    def weights_in(self, pillar: Pillar) -> tuple[np.ndarray, list[np.ndarray]]:
        """The pillar's weight and those of its components, draws x 1 each; 0 for what is left out.

        A pillar of which nothing is left counts for nothing.
        """
        own, parts = self.pillar[pillar.id], [self.component[c.path] for c in pillar.components]
        if not self.paths:
            return own, parts
        place = {path: number for number, path in enumerate(self.paths)}
        parts = [
            np.where(self.gone[:, None] == place.get(c.path, -1), 0.0, w)
            for c, w in zip(pillar.components, parts, strict=True)
        ]
        return np.where(np.logical_or.reduce([w > 0 for w in parts]), own, 0.0), parts

    def taking(self, name: str, other: Ways) -> Ways:
        """These ways with one thing that is open (a key of `OPEN`) as it is in others."""
        return replace(self, **{name: getattr(other, name)})

    @property
    def shares(self) -> np.ndarray:
        """The weights of the pillars, draws x pillars; each row adds up to 1."""
        columns = [w[:, 0] for w in self.pillar.values()]
        total = reduce(np.add, columns)
        return np.stack([column / total for column in columns], axis=1)


def _each(value: Any, rows: slice | np.ndarray) -> Any:
    """Some rows of an array, or of every array of a mapping."""
    return {key: a[rows] for key, a in value.items()} if isinstance(value, dict) else value[rows]


def stated(score: Score) -> Ways:
    """The one way the criteria file states."""

    def one(weight: float) -> np.ndarray:
        return np.array([[float(weight)]])

    return Ways(
        {p.id: one(p.weight) for p in score.pillars},
        {c.path: one(c.weight) for p in score.pillars for c in p.components},
        np.array([score.power]),
        np.zeros(1, dtype=np.int64),
        np.zeros(1, dtype=np.int64),
    )


def side_by_side(ways: Sequence[Ways]) -> Ways:
    """Ways of one draw each that differ in their weights as the draws of one."""
    pillar, component = (
        {key: np.concatenate([getattr(way, name)[key] for way in ways]) for key in getattr(ways[0], name)}
        for name in ("pillar", "component")
    )
    return replace(ways[0], pillar=pillar, component=component)


def draw(score: Score, uncertainty: Uncertainty, draws: int, sample: str = "") -> Ways:
    """As many ways as draws, every choice drawn from its own stream; what is not open stays as stated.

    sample   the name of another, independent sample
    """
    choices, plain = uncertainty.choices, stated(score)

    def stream(*key: str) -> np.random.Generator:
        return streams.generator(uncertainty.seed, "choice", sample, *key)

    pillar = {key: np.repeat(w, draws, axis=0) for key, w in plain.pillar.items()}
    component = {key: np.repeat(w, draws, axis=0) for key, w in plain.component.items()}
    if choices.weights and choices.weights.kind == "between":
        shares = between(stream("weights"), *_limits(score.pillars, choices.weights), draws)
        pillar = {p.id: shares[:, i : i + 1] for i, p in enumerate(score.pillars)}
    elif choices.weights:
        levels = [(pillar, _shares(score.pillars, "id"))]
        levels += [(component, _shares(each.components, "path")) for each in score.pillars]
        for level, stated_shares in levels:
            for key, share in stated_shares.items():
                level[key] = _around(stream("weights", key), share, choices.weights, draws)
    powers, scales = choices.powers or (score.power,), choices.scales or (STATED,)
    paths = tuple(c.path for p in score.pillars for c in p.components if c.weight > 0 and p.weight > 0)
    paths = paths if choices.leave_out and len(paths) > 1 else ()  # a score of one indicator keeps it
    return Ways(
        pillar,
        component,
        np.array(powers)[stream("aggregation").integers(len(powers), size=draws)],
        stream("scale").integers(len(scales), size=draws),
        _left_out(stream("leave-out"), len(paths), draws),
        scales,
        paths,
    )


def _left_out(stream: np.random.Generator, components: int, draws: int) -> np.ndarray:
    """Which component each draw leaves out, by position, and `components` for none: in half of the draws none is."""
    which = stream.integers(2 * components if components else 1, size=draws)
    return np.minimum(which, components)


def _shares(siblings: Sequence[Pillar | Component], key: str) -> dict[str, float]:
    """Each sibling's part of their stated weight."""
    total = sum(each.weight for each in siblings)
    return {getattr(each, key): each.weight / total for each in siblings}


def _around(stream: np.random.Generator, share: float, weights: Weights, draws: int) -> np.ndarray:
    """One sibling's weight in each draw, draws x 1, from its stated share and not yet rescaled to add up to 1.

    Independent gamma variables divided by their sum are Dirichlet; with shape 1 they are uniform on the simplex.
    """
    if share == 0:
        return np.zeros((draws, 1))
    if weights.kind == "within":
        return share * (1.0 + (weights.within or 0.0) * (2.0 * stream.random((draws, 1)) - 1.0))
    shape = 1.0 if weights.kind == "simplex" else (weights.dirichlet or 0.0) * share
    return np.maximum(stream.standard_gamma(shape, (draws, 1)), np.finfo(float).tiny)


def simplex(stream: np.random.Generator, n: int, draws: int) -> np.ndarray:
    """Points spread evenly over the simplex, draws x n: exponential variables over their sum (Rubin 1981)."""
    x = stream.standard_exponential((draws, n))
    return x / x.cumsum(axis=1)[:, -1:]


def between(
    stream: np.random.Generator, low: np.ndarray, high: np.ndarray, order: Sequence[int], draws: int
) -> np.ndarray:
    """Points spread evenly over the part of the simplex inside the limits and the order, draws x n.

    low, high   the least and greatest share of each; `order` lists places by descending share
    By rejection; where that keeps fewer than one in a hundred, by hit-and-run (Smith 1984) from a corner's mean.
    """
    n = len(low)
    kept, tried = np.empty((0, n)), 0
    while len(kept) < draws and (tried < 10_000 or len(kept) * MOST_TRIES > tried):
        some = simplex(stream, n, max(draws, 1_000))
        if len(order) == n:  # sorting a point puts it into the order and keeps the spread even
            some[:, order] = -np.sort(-some, axis=1)
        kept, tried = np.concatenate([kept, some[_inside(some, low, high, order)]]), tried + len(some)
    return kept[:draws] if len(kept) >= draws else _hit_and_run(stream, low, high, order, draws)


def _inside(x: np.ndarray, low: np.ndarray, high: np.ndarray, order: Sequence[int]) -> np.ndarray:
    """Which rows keep to the limits and the order."""
    ok = np.asarray(((x >= low) & (x <= high)).all(axis=1))
    for heavier, lighter in pairwise(order):
        ok &= x[:, heavier] >= x[:, lighter]
    return ok


def middle(low: np.ndarray, high: np.ndarray, order: Sequence[int]) -> np.ndarray | None:
    """A point well inside the limits and the order, shares that add up to 1; None where there is none.

    The corners furthest along each share and against it, averaged (a linear programme each).
    """
    from scipy.optimize import linprog  # half a second to import: only a file that sets limits needs it

    n = len(low)
    falls = np.zeros((max(len(order) - 1, 0), n))
    for row, (heavier, lighter) in enumerate(pairwise(order)):
        falls[row, lighter], falls[row, heavier] = 1.0, -1.0
    corners = []
    for sign in (1.0, -1.0):
        for k in range(n):
            found = linprog(
                sign * np.eye(n)[k],
                A_ub=falls if len(falls) else None,
                b_ub=np.zeros(len(falls)) if len(falls) else None,
                A_eq=np.ones((1, n)),
                b_eq=[1.0],
                bounds=list(zip(low, high, strict=True)),
            )
            if found.x is None:
                return None
            corners.append(found.x)
    mean: np.ndarray = np.mean(corners, axis=0)
    return np.round(mean, 9)  # the last digits are the solver's


def _hit_and_run(
    stream: np.random.Generator, low: np.ndarray, high: np.ndarray, order: Sequence[int], draws: int
) -> np.ndarray:
    """A random walk inside the limits: each step goes to an even point of a random chord (Smith 1984)."""
    at, out = middle(low, high, order), np.empty((draws, len(low)))
    assert at is not None  # limits without a point between them are refused with the file
    pairs = list(pairwise(order))
    for row in range(draws):
        for _ in range(STEPS):
            way = stream.standard_normal(len(low))
            way -= way.mean()  # shares still add up to 1
            # at + t * way stays inside while every one of these slacks stays 0 or more
            slack = np.array([*(at - low), *(high - at), *(at[a] - at[b] for a, b in pairs)])
            slope = np.array([*way, *-way, *(way[a] - way[b] for a, b in pairs)])
            with np.errstate(divide="ignore", invalid="ignore"):
                reach = -slack / slope
            ahead = min(reach[slope < 0], default=0.0)
            back = max(reach[slope > 0], default=0.0)
            at = at + (back + (ahead - back) * stream.random()) * way
        out[row] = at
    return out


def _limits(pillars: Sequence[Pillar], weights: Weights) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """Lowest and highest share of each pillar, and the order by place."""
    said, ids = {id_: (a, b) for id_, a, b in weights.between}, [p.id for p in pillars]
    low, high = np.array([said.get(id_, (0.0, 1.0)) for id_ in ids]).T
    return low, high, [ids.index(id_) for id_ in weights.order]


def open_in(score: Score, choices: Choices) -> tuple[str, ...]:
    """What of a score is open: keys of `OPEN`, in its order."""
    weights = choices.weights
    several = any(len(p.components) > 1 for p in score.pillars)
    is_open = {
        "pillar": weights is not None and len(score.pillars) > 1,
        "component": weights is not None and weights.kind != "between" and several,
        "power": len(choices.powers) > 1 and len(score.pillars) > 1,
        "scale": len(choices.scales) > 1,
        "gone": choices.leave_out and (several or len(score.pillars) > 1),
    }
    return tuple(key for key in OPEN if is_open[key])


def scale_of(component: Component, name: str) -> Scale:
    """The scale of a component under a named alternative.

    One that is read off stated points (`piecewise`) says itself what is better, and stays.
    """
    if name == STATED or component.scale.kind in (name, "piecewise"):
        return component.scale
    among: dict[str, Any] = {name: component.scale.among}
    return Scale(log=component.scale.log, **among)
