"""The ways a score can be built, draw by draw: weights, the mean of the pillars, scales, an indicator left out.

The stated way is one of them, so that the one scorer builds the published score and the drawn ones alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from eligibility.method import streams
from eligibility.policy import Choices, Component, Pillar, Score, Uncertainty, Weights

STATED = "stated"
MOST_TRIES = 100  # rejection is given up where fewer than one draw in so many is kept
STEPS = 50  # of the walk between two draws kept, where rejection is too slow


@dataclass(frozen=True)
class Ways:
    """How the score is built in each draw. Arrays have one row a draw, or one for all.

    pillar      pillar id -> draws x 1, weights of 0 or more
    component   path -> draws x 1, likewise
    power       draws: of the mean of the pillars
    scale       draws: place in `scales`; "stated" is each component's own
    """

    pillar: Mapping[str, np.ndarray]
    component: Mapping[str, np.ndarray]
    power: np.ndarray
    scale: np.ndarray
    scales: tuple[str, ...] = (STATED,)

    def rows(self, rows: slice | np.ndarray) -> Ways:
        """The ways of some of the draws."""
        some = lambda arrays: {key: a[rows] for key, a in arrays.items()}  # noqa: E731
        return replace(
            self,
            pillar=some(self.pillar),
            component=some(self.component),
            power=self.power[rows],
            scale=self.scale[rows],
        )

    @property
    def shares(self) -> np.ndarray:
        """The weights of the pillars, draws x pillars; each row adds up to 1."""
        columns = [w[:, 0] for w in self.pillar.values()]
        total = np.zeros_like(columns[0])
        for column in columns:
            total = total + column
        return np.stack([column / total for column in columns], axis=1)


def stated(score: Score) -> Ways:
    """The one way the criteria file states."""
    one = lambda parts, key: {key(part): np.full((1, 1), part.weight) for part in parts}  # noqa: E731
    components = [c for pillar in score.pillars for c in pillar.components]
    return Ways(
        one(score.pillars, lambda p: p.id),
        one(components, lambda c: c.path),
        np.array([score.power]),
        np.zeros(1, dtype=np.int64),
    )


def draw(score: Score, uncertainty: Uncertainty, draws: int, which: str = "") -> Ways:
    """As many ways as draws, every choice drawn from its own stream; what is not open stays as stated.

    which   the name of another, independent sample
    """
    choices, plain = uncertainty.choices, stated(score)
    stream = lambda *key: streams.generator(uncertainty.seed, "choice" + which, *key)  # noqa: E731
    pillar = {key: np.repeat(w, draws, axis=0) for key, w in plain.pillar.items()}
    component = {key: np.repeat(w, draws, axis=0) for key, w in plain.component.items()}
    if choices.weights and choices.weights.kind == "between":
        shares = between(stream("weights"), *_limits(score.pillars, choices.weights), draws)
        pillar = {p.id: shares[:, i : i + 1] for i, p in enumerate(score.pillars)}
    elif choices.weights:
        around = lambda part, key: _around(stream("weights", key), part.weight, choices.weights, draws)  # noqa: E731
        pillar = {p.id: around(p, p.id) for p in score.pillars}
        component = {c.path: around(c, c.path) for p in score.pillars for c in p.components}
    if choices.leave_out:
        pillar, component = left_out(score, pillar, component, stream("leave-out"))
    powers, scales = choices.powers or (score.power,), choices.scales or (STATED,)
    return Ways(
        pillar,
        component,
        np.array(powers)[stream("aggregation").integers(len(powers), size=draws)],
        stream("scale").integers(len(scales), size=draws),
        scales,
    )


def _around(stream: np.random.Generator, weight: float, weights: Weights, draws: int) -> np.ndarray:
    """One sibling's weight in each draw, draws x 1, not yet rescaled to add up to 1.

    Independent gamma variables divided by their sum are Dirichlet; with shape 1 they are uniform on the simplex.
    """
    if weight == 0:
        return np.zeros((draws, 1))
    if weights.kind == "within":
        return weight * (1.0 + weights.spread * (2.0 * stream.random((draws, 1)) - 1.0))
    shape = 1.0 if weights.kind == "simplex" else weights.concentration * weight
    return np.maximum(stream.standard_gamma(shape, (draws, 1)), np.finfo(float).tiny)


def left_out(
    score: Score, pillar: Mapping[str, np.ndarray], component: Mapping[str, np.ndarray], stream
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """The weights where each draw leaves out one indicator, or none; a pillar left empty counts for nothing.

    A score of one indicator keeps it.
    """
    paths = [c.path for p in score.pillars for c in p.components if c.weight > 0]
    draws = len(next(iter(pillar.values())))
    gone = stream.integers(len(paths) + 1, size=(draws, 1))  # the last number leaves out none
    if len(paths) == 1:
        return dict(pillar), dict(component)
    component = dict(component)
    for number, path in enumerate(paths):
        component[path] = np.where(gone == number, 0.0, component[path])
    left = {
        p.id: np.logical_or.reduce([component[c.path] > 0 for c in p.components]) for p in score.pillars
    }
    return {key: np.where(left[key], w, 0.0) for key, w in pillar.items()}, component


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
    ok = ((x >= low) & (x <= high)).all(axis=1)
    for heavier, lighter in zip(order, order[1:], strict=False):
        ok &= x[:, heavier] >= x[:, lighter]
    return ok


def middle(low: np.ndarray, high: np.ndarray, order: Sequence[int]) -> np.ndarray | None:
    """A point well inside the limits and the order, shares that add up to 1; None where there is none.

    The corners furthest along each share and against it, averaged (a linear programme each).
    """
    from scipy.optimize import linprog  # half a second to import: only a file that sets limits needs it

    n = len(low)
    falls = np.zeros((max(len(order) - 1, 0), n))
    for row, (heavier, lighter) in enumerate(zip(order, order[1:], strict=False)):
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
    return np.mean(corners, axis=0)


def _hit_and_run(
    stream: np.random.Generator, low: np.ndarray, high: np.ndarray, order: Sequence[int], draws: int
) -> np.ndarray:
    """A random walk inside the limits: each step goes to an even point of a random chord (Smith 1984)."""
    at, out = middle(low, high, order), np.empty((draws, len(low)))
    pairs = list(zip(order, order[1:], strict=False))
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
    said, ids = {id_: (a, b) for id_, a, b in weights.limits}, [p.id for p in pillars]
    low, high = np.array([said.get(id_, (0.0, 1.0)) for id_ in ids]).T
    return low, high, [ids.index(id_) for id_ in weights.order]


def names(choices: Choices) -> tuple[str, ...]:
    """What is open, in words, in the order in which pages name it."""
    return tuple(
        word
        for word, is_open in (
            ("weights", choices.weights is not None),
            ("the mean of the pillars", len(choices.powers) > 1),
            ("scales", len(choices.scales) > 1),
            ("leaving an indicator out", choices.leave_out),
        )
        if is_open
    )


def scale_of(component: Component, name: str):
    """The scale of a component under a named alternative.

    One that is read off stated points (`piecewise`) says itself what is better, and stays.
    """
    if name == STATED or component.scale.kind in (name, "piecewise"):
        return component.scale
    return replace(component.scale, kind=name, points=())
