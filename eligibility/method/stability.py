"""How much a weight must change before the order of two countries, or the shortlist, does.

For every finite power p the mean M_p orders countries as the sum of w * f(x) does, f(x) = x^p (turned round for a
negative p) and ln x for p = 0: an order is linear in the weights, and the smallest change that turns one is exact.
What is named has been put to the one scorer and does turn it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd

from eligibility.method import choices
from eligibility.method.measures import Measures
from eligibility.method.rank import ranks
from eligibility.method.score import Scaled, build
from eligibility.policy.model import Score

STEP = 1e-6  # how far beyond a tie a reported weight lies: a tie alone keeps the better place
MARGIN = 1e-9  # by how much an order must turn, in units of f
LOOSE = 1e-5  # the same for the integer programme, whose solver keeps to a millionth
FINEST = 1e-7  # width to which a shift is narrowed
GRID = 40  # points along a shift
MOST = 12  # indicators up to which every shift from one to another is tried
ONE = ["iso3", "weight", "from", "to", "change", "rival", "becomes"]
ALL = ["iso3", "of", "change", "to", "rival", "becomes", "how"]


def linear(x: np.ndarray, power: float) -> np.ndarray:
    """f(x): the values whose weighted sum orders as the power mean of x does; -inf for a zero where p <= 0."""
    with np.errstate(divide="ignore"):
        if abs(power) < 1e-12:
            return np.log(x)
        return np.sign(power) * x**power


def tie_of_one(weights: np.ndarray, apart: np.ndarray, k: int) -> float:
    """The weight of part k at which two countries tie, the others keeping their proportions; NaN if there is none.

    weights   sum to 1
    apart     f of the one country less f of the other, part by part

    Triantaphyllou and Sanchez 1997, Decision Sciences 28(1).

    >>> round(tie_of_one(np.array([0.4, 0.35, 0.25]), np.array([0.3, -0.4, 0.2]), 0), 6)
    0.333333
    """
    if weights[k] >= 1.0:
        return np.nan
    rest = (_dot(weights, apart) - weights[k] * apart[k]) / (1.0 - weights[k])
    if apart[k] == rest:
        return np.nan
    tie = -rest / (apart[k] - rest)
    return float(tie) if 0.0 <= tie <= 1.0 else np.nan


def nearest_tie(weights: np.ndarray, apart: np.ndarray, margin: float = 0.0) -> tuple[np.ndarray, float]:
    """The weights nearest to these with sum(w * apart) <= -margin, and the sum of absolute changes; NaN if none.

    Weight moved to the part with the smallest difference gains most per unit, and gains most when taken from the part
    with the largest: taken from there until it is empty, then from the next, it is the linear programme's answer.

    >>> new, change = nearest_tie(np.array([0.4, 0.35, 0.25]), np.array([0.3, -0.4, 0.2]))
    >>> new.round(6).tolist(), round(change, 6)
    ([0.357143, 0.392857, 0.25], 0.085714)
    """
    new, to = weights.astype(float).copy(), int(np.argmin(apart))
    owed = _dot(weights, apart) + margin
    for giver in np.argsort(-apart, kind="stable"):
        if owed <= 0 or apart[giver] <= apart[to]:
            break
        moved = min(new[giver], owed / (apart[giver] - apart[to]))
        new[giver] -= moved
        new[to] += moved
        owed -= moved * (apart[giver] - apart[to])
    if owed > 1e-15:
        return np.full(len(weights), np.nan), np.nan
    return new, float(np.abs(new - weights).sum())


def nearest_turn(
    weights: np.ndarray, f: np.ndarray, i: int, size: int, margin: float = LOOSE
) -> tuple[np.ndarray, float]:
    """The weights nearest to these at which row i is no longer (or newly) among the `size` best rows; NaN if none.

    f   countries x parts. Exact: an integer programme, for which countries must lie above is a choice (HiGHS).
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    others = np.delete(f, i, axis=0) - f[i]
    n, m = len(weights), len(others)
    inside = (np.sum(others * weights, axis=1) > 0).sum() < size
    cost = np.concatenate([np.ones(2 * n), np.zeros(m)])  # more, less, and whether each lies above
    gain = np.hstack([others, -others])
    now = np.sum(others * weights, axis=1)
    one = np.concatenate([np.ones(n), -np.ones(n), np.zeros(m)])
    if inside:  # those that count as above must be above
        far = margin - others.min(axis=1)
        order = LinearConstraint(np.hstack([gain, -np.diag(far)]), lb=margin - far - now)
        count = LinearConstraint(np.concatenate([np.zeros(2 * n), np.ones(m)]), lb=size)
    else:  # all that do not count as above must be below
        far = margin + others.max(axis=1)
        order = LinearConstraint(np.hstack([gain, -np.diag(far)]), ub=-margin - now)
        count = LinearConstraint(np.concatenate([np.zeros(2 * n), np.ones(m)]), ub=size - 1)
    found = milp(
        cost,
        constraints=[order, count, LinearConstraint(one, 0.0, 0.0)],
        integrality=np.concatenate([np.zeros(2 * n), np.ones(m)]),
        bounds=Bounds(np.zeros(2 * n + m), np.concatenate([np.ones(n), weights, np.ones(m)])),
    )
    if found.x is None:
        return np.full(n, np.nan), np.nan
    new = np.maximum(weights + found.x[:n] - found.x[n : 2 * n], 0.0)
    new /= new.sum()
    return new, float(np.abs(new - weights).sum())


def _dot(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.add.reduce(a * b))


@dataclass(frozen=True)
class Stability:
    """What changes of weights bring a ranked country into the shortlist or out of it.

    one   iso3, weight (pillar id), from, to, change, rival, becomes (in | out): the nearest value of one pillar
          weight, the others keeping their proportions; no row where no value of it does
    all   iso3, of (pillars | indicators), change, to, rival, becomes, how: the smallest sum of absolute changes;
          `to` are the new weights in the order of `pillars` or `indicators`
          how   exact: no smaller change exists (to one in ten thousand). shift: the smallest change that moves weight from one
                indicator to one other; a smaller one that spreads it may exist
    pillars, indicators   ids and weights now, which sum to 1
    rival   of those whose order with the country turned, the one nearest to it then
    """

    one: pd.DataFrame
    all: pd.DataFrame
    pillars: pd.Series
    indicators: pd.Series

    @property
    def between_pillars(self) -> pd.DataFrame:
        """The rows of `all` for weights of pillars, the smallest change first."""
        return self.all[self.all["of"] == "pillars"].sort_values(["change", "iso3"], kind="stable")


def effective(score: Score) -> pd.Series:
    """Component path -> its weight within the whole score; they sum to 1."""
    whole = sum(p.weight for p in score.pillars)
    parts: dict[str, float] = {}
    for pillar in score.pillars:
        inside = sum(c.weight for c in pillar.components)
        parts |= {c.path: pillar.weight / whole * c.weight / inside for c in pillar.components}
    return pd.Series(parts, dtype=float)


def stated(score: Score) -> pd.Series:
    """Pillar id -> its weight; they sum to 1."""
    whole = sum(p.weight for p in score.pillars)
    return pd.Series({p.id: p.weight / whole for p in score.pillars}, dtype=float)


def with_pillars(score: Score, weights: np.ndarray) -> Score:
    """The same score with other pillar weights, in file order."""
    pillars = tuple(replace(p, weight=float(w)) for p, w in zip(score.pillars, weights, strict=True))
    return replace(score, pillars=pillars)


def with_indicators(score: Score, weights: np.ndarray) -> Score:
    """The same score with other weights of the indicators within the whole, in file order.

    A pillar left without any weight keeps its inner proportions and counts for nothing.
    """
    pillars, rest = [], iter(weights)
    for pillar in score.pillars:
        own = [float(next(rest)) for _ in pillar.components]
        whole = sum(own)
        parts = tuple(
            replace(c, weight=w if whole > 0 else c.weight)
            for c, w in zip(pillar.components, own, strict=True)
        )
        pillars.append(replace(pillar, weight=whole, components=parts))
    return replace(score, pillars=tuple(pillars))


@dataclass(frozen=True)
class _Field:
    """Who competes: the ranked countries, and the scorer that puts new weights to all of them."""

    score: Score
    measures: Measures
    peers: np.ndarray
    who: np.ndarray  # positions of the ranked countries, ascending
    size: int
    scaled: Scaled = field(default_factory=dict)  # what is on its scale already: other weights change none

    def scored(self, score: Score) -> np.ndarray:
        """The scores of those who compete under another score, which differs in its weights."""
        return self.all_scored([score])[0]

    def all_scored(self, scores: Sequence[Score]) -> np.ndarray:
        """The same under each of many, one row a score, in one call of the scorer."""
        ways = choices.side_by_side([choices.stated(score) for score in scores])
        wanted = np.isin(np.arange(len(self.peers)), self.who)
        return build(self.score, self.measures, self.peers, ways, wanted, self.scaled).score

    def listed(self, points: np.ndarray) -> np.ndarray:
        """Which of them are on the shortlist; of one row of scores, or of each of many."""
        rows = np.atleast_2d(points)
        return (ranks(rows, ~np.isnan(rows)) <= self.size).reshape(points.shape)

    def name(self, i: int) -> str:
        return self.measures.countries[self.who[i]]

    def rival(self, i: int, before: np.ndarray, after: np.ndarray) -> str:
        """Of those whose order with i turned, the one nearest to it afterwards."""
        turned = (np.sign(before - before[i]) > 0) != (np.sign(after - after[i]) > 0)
        turned[i] = False
        near = np.where(turned, np.abs(after - after[i]), np.inf)
        return self.name(int(np.argmin(near))) if turned.any() else ""


def stability(
    score: Score, measures: Measures, peers: np.ndarray, admitted: np.ndarray, size: int
) -> Stability:
    """The changes of weights that turn each ranked country's place on a shortlist of `size`.

    admitted   whether each country is eligible or conditional; those with a score are ranked
    """
    built = build(score, measures, peers)
    who = np.flatnonzero(admitted & (built.score[0] > 0))
    field = _Field(score, measures, peers, who, size)
    pillars, indicators = stated(score), effective(score)
    one: list[tuple[Any, ...]] = []
    every: list[tuple[Any, ...]] = []
    if 0 < size < len(who) and np.isfinite(score.power):
        f = linear(np.stack([p[0, who] for p in built.pillars], axis=1), score.power)
        for i in range(len(who)):
            one += _by_one(field, f, pillars.to_numpy(), i)
        every += _by_all(field, f, pillars.to_numpy(), "pillars")
        parts = np.stack([x[0, who] for group in built.components for x in group], axis=1)
        if uniform(score) and not np.isnan(parts).any():
            every += _by_all(field, linear(parts, score.power), indicators.to_numpy(), "indicators")
        elif len(indicators) <= MOST:
            every += _by_shift(field, indicators.to_numpy())
    order = pd.DataFrame(every, columns=ALL).sort_values(
        ["of", "iso3"], ascending=[False, True], ignore_index=True
    )
    return Stability(pd.DataFrame(one, columns=ONE), order, pillars, indicators)


def uniform(score: Score) -> bool:
    """Whether one power rules the whole tree, so that the score is one mean of its indicators."""
    return all(len(p.components) == 1 or p.power == score.power for p in score.pillars)


def _by_one(field: _Field, f: np.ndarray, weights: np.ndarray, i: int) -> Iterator[tuple[Any, ...]]:
    """One pillar's weight at a time: the nearest tie beyond which the shortlist has turned for country i."""
    before = field.scored(field.score)
    inside = field.listed(before)[i]
    for k, pillar in enumerate(field.score.pillars):
        ties = [tie_of_one(weights, f[i] - f[j], k) for j in range(len(f)) if j != i]
        beyond = {_beyond(tie, weights[k]) for tie in ties if not np.isnan(tie)}
        for to in sorted(beyond, key=lambda t: (abs(t - weights[k]), t)):
            new = weights * (1.0 - to) / (1.0 - weights[k])
            new[k] = to
            sums = np.add.reduce((f * new).T)
            if ((sums > sums[i]).sum() < field.size) == inside:
                continue
            after = field.scored(with_pillars(field.score, new))
            if field.listed(after)[i] != inside:
                change = float(np.round(to - weights[k], 12))
                rival = field.rival(i, before, after)
                yield field.name(i), pillar.id, float(weights[k]), to, change, rival, _becomes(inside)
                break


def _beyond(tie: float, now: float) -> float:
    """A step past the tie, seen from where the weight is now, within 0..1."""
    away = np.ceil(tie / STEP) + 1 if tie >= now else np.floor(tie / STEP) - 1
    return float(np.round(np.clip(away * STEP, 0.0, 1.0), 6))


def _becomes(inside: bool) -> str:
    return "out" if inside else "in"


def _by_all(field: _Field, f: np.ndarray, weights: np.ndarray, of: str) -> Iterator[tuple[Any, ...]]:
    """All weights of one level: the smallest change that turns each country's place, exactly.

    To enter from place r it must overtake at least k = r - size others, and to leave k must overtake it: no change smaller
    than that of the k-th nearest pair can do. Where that pair's own change does, it is the answer.
    """
    remake = with_pillars if of == "pillars" else with_indicators
    before = field.scored(field.score)
    listed = field.listed(before)
    for i in range(len(f)):
        apart = (f[i] - f) if listed[i] else (f - f[i])
        turns = [
            nearest_tie(weights, apart[j], MARGIN)
            for j in range(len(f))
            if j != i and _dot(weights, apart[j]) >= 0
        ]
        turns = sorted((t for t in turns if not np.isnan(t[1])), key=lambda t: t[1])
        place = int((before > before[i]).sum()) + 1
        least = place - field.size if not listed[i] else field.size - place + 1
        found = turns[least - 1] if least <= len(turns) else None
        if found is None:
            continue
        after = field.scored(remake(field.score, found[0]))
        if field.listed(after)[i] == listed[i]:
            found = nearest_turn(weights, f, i, field.size)
            if np.isnan(found[1]):
                continue
            after = field.scored(remake(field.score, found[0]))
        if field.listed(after)[i] != listed[i]:
            to, change = tuple(np.round(found[0], 12)), float(np.round(found[1], 12))
            yield field.name(i), of, change, to, field.rival(i, before, after), _becomes(listed[i]), "exact"


def _by_shift(field: _Field, weights: np.ndarray) -> Iterator[tuple[Any, ...]]:
    """Weight moved from one indicator to one other: for each country the smallest such shift that turns its place."""
    before = field.scored(field.score)
    listed = field.listed(before)
    best: dict[int, tuple[float, np.ndarray, np.ndarray]] = {}

    def weighed(giver: int, taker: int, moved: float) -> np.ndarray:
        new = weights.copy()
        new[giver], new[taker] = new[giver] - moved, new[taker] + moved
        return new

    def remade(new: np.ndarray) -> Score:
        return with_indicators(field.score, np.maximum(new, 0.0))

    grid = [
        (giver, taker, step)
        for giver, taker in permutations(range(len(weights)), 2)
        for step in np.linspace(0.0, weights[giver], GRID + 1)[1:]
    ]
    news = [weighed(*point) for point in grid]
    scores = field.all_scored([remade(new) for new in news])
    others = field.listed(scores) != listed
    for first in range(0, len(grid), GRID):  # one giver and taker
        low, open_ = 0.0, np.ones(len(before), bool)
        for k in range(first, first + GRID):
            giver, taker, step = grid[k]
            for i in np.flatnonzero(open_ & others[k]).tolist():
                open_[i] = False
                if i in best and best[i][0] <= low:
                    continue
                left, right, then = low, step, (news[k], scores[k])
                while right - left > FINEST:
                    middle = (left + right) / 2
                    new = weighed(giver, taker, middle)
                    after = field.scored(remade(new))
                    if field.listed(after)[i] != listed[i]:
                        right, then = middle, (new, after)
                    else:
                        left = middle
                if i not in best or right < best[i][0]:
                    best[i] = right, *then
            low = step
    for i, (moved, new, after) in sorted(best.items()):
        to, rival = tuple(np.round(new, 12)), field.rival(i, before, after)
        yield (
            field.name(i),
            "indicators",
            float(np.round(2 * moved, 12)),
            to,
            rival,
            _becomes(listed[i]),
            "shift",
        )
