"""So many countries of those ranked that keep to the limits of a list: a mixed-integer programme, solved to the last unit.

The set chosen has the most of

    (1 - v) * sum of the scores of its members  -  v * k * mean distance of all who meet the requirements to the nearest member

for v the weight of variety and k the size: k-median site selection, which guards best against a choice of sites that says
little of other places (Montiel Olea and others 2024, arXiv 2408.09187). The distance of two countries is the mean difference of the pillars of the
score, by their weights. Scores and distances are whole hundred-thousandths, so a sum has no last digits that depend on
a processor. Of sets that are equal the first is taken: at the first country in order of rank of which only one of
two has it, that one goes first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import fsum
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from eligibility.errors import Problem, UsageError
from eligibility.method.decision import Kept
from eligibility.method.rank import Ranking
from eligibility.method.score import Scores
from eligibility.method.screen import Screening
from eligibility.policy.model import Criteria

UNITS = 100_000  # of the score: finer is below what the solver can tell apart
BLOCK = 16  # countries whose order one programme can settle: weights of 2 to 32,768
MOST_EQUAL = 12  # sets beyond those wanted that are listed to see whether they are equal
MOST_PAIRS = 10_000  # of countries whose distance counts: about a minute
NEAR = 5  # near-best sets
SETTINGS = (0.25, 0.5, 1.0)  # of variety, for its price
VARIETY, REGION, KIND = "shortlist.variety", "shortlist.per_region", "shortlist.at_least"


@dataclass(frozen=True)
class Row:
    """Of these candidates at least, or at most, so many."""

    who: frozenset[int]
    least: int = 0
    most: int | None = None


@dataclass(frozen=True)
class Choice:
    """What is chosen from and what for, in whole units; candidates are numbered in order of rank.

    worth    of each candidate
    far      one row a country that a member may stand for: its cost by nearest candidate; empty without variety
    limits   name -> what it asks
    """

    worth: tuple[int, ...]
    far: tuple[tuple[int, ...], ...]
    size: int
    limits: Mapping[str, tuple[Row, ...]]

    def of(self, who: Collection[int]) -> int:
        """What a set is worth."""
        return sum(self.worth[j] for j in who) - sum(min(row[j] for j in who) for row in self.far)

    def without(self, *names: str) -> Choice:
        """The same choice with some limits lifted."""
        return replace(self, limits={name: rows for name, rows in self.limits.items() if name not in names})

    @property
    def best(self) -> tuple[int, ...] | None:
        """The best set, the first of those that are equal; None where none keeps to the limits.

        >>> Choice((5, 4, 3), (), 2, {"one of two": (Row(frozenset({0, 1}), most=1),)}).best
        (0, 2)
        """
        return next(iter(self.near(1)), None)

    def near(self, many: int = NEAR) -> tuple[tuple[int, ...], ...]:
        """The best sets, best first; those that are equal in order of rank.

        Each is found with the ones before it barred, until one is worth less than the last that is wanted.
        """
        found: list[tuple[int, ...]] = []
        while (one := self._solved(found)) is not None:
            found.append(one)
            if len(found) > many and self.of(one) < self.of(found[many - 1]):
                break
            if len(found) == many + MOST_EQUAL:
                return self._first(many)
        return tuple(sorted(found, key=lambda who: (-self.of(who), who))[:many])

    def _first(self, many: int) -> tuple[tuple[int, ...], ...]:
        """The same where very many are equal: of each in turn, as many countries at once as one programme can order."""
        out: list[tuple[int, ...]] = []
        while len(out) < many and (found := self._solved(out)) is not None:
            fixed: dict[int, int] = {}
            most, n = self.of(found), len(self.worth)
            for start in range(0, n, BLOCK):
                block = range(start, min(start + BLOCK, n))
                aim = {j: -float(2 ** (block.stop - 1 - j)) for j in block}
                found = self._solved(out, fixed, (aim, most)) or found
                fixed |= {j: int(j in found) for j in block}
                if sum(fixed.values()) == self.size:
                    break
            out.append(found)
        return tuple(out)

    def conflict(self) -> tuple[str, ...]:
        """Limits that cannot be kept together, while without any one of them the others can; () where all can be.

        Each in turn is lifted for good if no set keeps to the rest either (deletion filter; Chinneck and Dravnieks 1991).
        """
        left, bare = replace(self, worth=(0,) * len(self.worth), far=()), []
        if left._solved() is not None:
            return ()
        for name in self.limits:
            lifted = left.without(name)
            if lifted._solved() is None:
                left = lifted
            else:
                bare.append(name)
        return tuple(bare)

    def _solved(
        self,
        barred: Sequence[Collection[int]] = (),
        fixed: Mapping[int, int] = MappingProxyType({}),
        tie: tuple[Mapping[int, float], int] | None = None,
    ) -> tuple[int, ...] | None:
        """One programme: a best set, or with `tie` the set that is best for another aim and worth at least so much."""
        from scipy import sparse  # a third of a second to import: only who sets limits needs it
        from scipy.optimize import Bounds, LinearConstraint, milp

        n, m = len(self.worth), len(self.far)
        wide = n + n * m  # whether each is a member; whether each stands for each
        own = np.concatenate([-np.array(self.worth, float), np.array(self.far, float).reshape(-1)])
        cost = own
        low: list[float] = [self.size]
        high: list[float] = [self.size]
        rows = [_row(range(n), wide)]
        for each in (row for asked in self.limits.values() for row in asked):
            rows.append(_row(each.who, wide))
            low.append(each.least)
            high.append(self.size if each.most is None else each.most)
        if tie is not None:
            aim, least = tie
            cost = np.zeros(wide)
            cost[list(aim)] = list(aim.values())
            rows.append(sparse.csr_array(own[None, :]))
            low.append(-np.inf)
            high.append(0.5 - least)  # sums are whole
        parts = [sparse.vstack(rows)]
        if m:
            once = sparse.hstack(
                [sparse.csr_array((m, n)), sparse.kron(sparse.eye_array(m), np.ones((1, n)))]
            )
            member = sparse.hstack(
                [-sparse.kron(np.ones((m, 1)), sparse.eye_array(n)), sparse.eye_array(n * m)]
            )
            parts += [once, member]
            low += [1.0] * m + [-np.inf] * (n * m)
            high += [1.0] * m + [0.0] * (n * m)
        least_of, most_of = np.zeros(wide), np.ones(wide)
        for j, value in fixed.items():
            least_of[j] = most_of[j] = value
        kept, told = [tuple(each) for each in barred], sparse.vstack(parts)
        while True:
            bars = [_row(each, wide) for each in kept]
            found = milp(
                cost,
                integrality=np.r_[np.ones(n), np.zeros(n * m)],
                bounds=Bounds(least_of, most_of),
                constraints=LinearConstraint(
                    _narrow(sparse.vstack([told, *bars]).tocsc()),
                    np.r_[low, np.full(len(bars), -np.inf)],
                    np.r_[high, np.full(len(bars), self.size - 1.0)],
                ),
                options={"mip_rel_gap": 0.0},
            )
            if found.x is None:
                if found.status == 2:  # no set keeps to all of it
                    return None
                raise ArithmeticError(f"no list was found: {found.message}")
            who = tuple(int(j) for j in np.flatnonzero(found.x[:n] > 0.5))
            if tie is None or self.of(who) >= tie[1]:
                return who
            kept.append(who)  # within the solver's tolerance of what it is to be worth, and yet not worth it


def _row(who: Collection[int], wide: int) -> Any:
    """One row of a programme with a one for each of these."""
    from scipy import sparse

    at = np.array(sorted(who), dtype=int)
    return sparse.csr_array((np.ones(len(at)), (np.zeros(len(at), int), at)), shape=(1, wide))


def _narrow(table: Any) -> Any:
    """A sparse table with 32-bit positions, the only ones that the solver of older releases takes."""
    table.indices, table.indptr = table.indices.astype(np.int32), table.indptr.astype(np.int32)
    return table


@dataclass(frozen=True)
class Listed:
    """A list, in order of rank.

    mean_score      of its members
    mean_distance   of all who meet the requirements to the nearest member: the mean difference of the parts of the score
    """

    members: tuple[str, ...]
    mean_score: float
    mean_distance: float


@dataclass(frozen=True)
class Priced:
    """The best list at a weight of variety, under the same other limits, and what that gives up of the mean score without."""

    variety: float
    best: Listed
    gives_up: float


@dataclass(frozen=True)
class Lifted:
    """What the list would be without one limit: who enters and leaves, nobody where it does not bind; gain of mean score."""

    limit: str
    enters: tuple[str, ...]
    leaves: tuple[str, ...]
    gain: float


@dataclass(frozen=True)
class Portfolio:
    """The list under the limits of the criteria beside the list by score alone.

    of        how many are ranked
    by_score  as many as are chosen, by score alone
    own       under the limits; None where no list keeps to them all, and then nothing below `conflict` is known
    conflict  the limits that cannot be kept together, by path
    enters, leaves   the own list against that by score
    prices    what variety costs, at each of `SETTINGS`; empty where there are too many countries
    always    who is in each of the `near` best lists
    lifted    one a limit, in the order of the file
    p_all_admitted, se   share of draws in which every member is admitted, its standard error; None where nothing was drawn
    """

    of: int
    by_score: Listed
    own: Listed | None = None
    conflict: tuple[str, ...] = ()
    enters: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    prices: tuple[Priced, ...] = ()
    always: tuple[str, ...] = ()
    near: int = 0
    lifted: tuple[Lifted, ...] = ()
    p_all_admitted: float | None = None
    se: float | None = None


def portfolio(
    criteria: Criteria,
    ranking: Ranking,
    scores: Scores,
    screening: Screening,
    regions: Mapping[str, str],
    kept: Kept | None,
) -> Portfolio | None:
    """The list under the limits of the criteria; None where they set none, or nobody is ranked.

    regions   iso3 -> region
    kept      the draws, for the chance that all members are admitted
    raises    UsageError where variety is asked for among more countries than can be tried
    """
    limits, who = criteria.limits, [c for c in ranking.order if not np.isnan(ranking.rank[c])]
    if limits is None or not who:
        return None
    met = [c for c in ranking.order if not np.isnan(ranking.shown[c])]
    many = len(who) * len(met) > MOST_PAIRS
    if many and limits.variety:
        rule = f"is for at most {MOST_PAIRS:,} pairs of a ranked country and one that meets the requirements"
        raise UsageError(Problem(criteria.id, VARIETY, rule, f"{len(who) * len(met):,}"))
    points = {c: float(scores.score[c]) for c in who}
    size, apart = min(criteria.shortlist, len(who)), _apart(criteria, scores.pillar, met, who)
    asked = _limits(criteria, who, screening, regions)

    def choice(variety: float | None) -> Choice:
        return _weighed(points, apart, size, variety or 0.0, asked)

    def named(chosen: Iterable[int]) -> tuple[str, ...]:
        return tuple(who[j] for j in chosen)

    def told(chosen: Collection[int]) -> Listed:
        far = sum(min(row[j] for j in chosen) for row in apart)
        mean = fsum(points[who[j]] for j in chosen) / size
        return Listed(named(chosen), round(mean, 12), round(far / len(apart) / UNITS, 12))

    def between(old: Collection[int], new: Collection[int]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return named(j for j in new if j not in old), named(j for j in old if j not in new)

    own, first = choice(limits.variety), range(size)
    near = own.near()
    if not near:
        return Portfolio(len(who), told(first), conflict=own.conflict())
    best, bare = near[0], _of(choice(0))
    without = told(bare).mean_score
    priced = []
    for variety in () if many else SETTINGS:
        at = told(best if variety == limits.variety else _of(choice(variety)))
        priced.append(Priced(variety, at, round(1 - at.mean_score / without, 12) if without else 0.0))
    lifted = []
    for name in (*([VARIETY] if limits.variety else []), *asked):
        other = bare if name == VARIETY else _of(own.without(name))
        gain = told(other).mean_score - told(best).mean_score
        lifted.append(Lifted(name, *between(best, other), round(gain, 12)))
    drawn = kept.together([ranking.rank.index.get_loc(who[j]) for j in best]) if kept else None
    enters, leaves = between(first, best)
    return Portfolio(
        of=len(who),
        by_score=told(first),
        own=told(best),
        enters=enters,
        leaves=leaves,
        prices=tuple(priced),
        always=named(j for j in best if all(j in each for each in near)),
        near=len(near),
        lifted=tuple(lifted),
        p_all_admitted=None if drawn is None else round(float(drawn.mean()), 12),
        se=None if drawn is None else round(float(drawn.std() / len(drawn) ** 0.5), 12),
    )


def _of(choice: Choice) -> tuple[int, ...]:
    """The best set under no more limits than some set keeps to."""
    best = choice.best
    assert best is not None
    return best


def _apart(
    criteria: Criteria, pillar: pd.DataFrame, met: Sequence[str], who: Sequence[str]
) -> tuple[tuple[int, ...], ...]:
    """How far everybody who meets the requirements is from each who is ranked, in units."""
    assert criteria.score is not None  # as somebody is ranked
    counted = [p for p in criteria.score.pillars if p.weight > 0]
    weights = [Fraction(p.weight) for p in counted]
    parts = {c: [round(float(pillar.at[c, p.id]) * UNITS) for p in counted] for c in met}
    whole = sum(weights)

    def between(a: str, b: str) -> int:
        return round(sum(w * abs(x - y) for w, x, y in zip(weights, parts[a], parts[b], strict=True)) / whole)

    return tuple(tuple(between(a, b) for b in who) for a in met)


def _weighed(
    points: Mapping[str, float],
    apart: Sequence[Sequence[int]],
    size: int,
    variety: float,
    limits: Mapping[str, tuple[Row, ...]],
) -> Choice:
    """The choice at a weight of variety."""
    v = Fraction(str(variety))
    worth = tuple(round((1 - v) * round(x * UNITS)) for x in points.values())
    share = v * size / len(apart)
    return Choice(
        worth, tuple(tuple(round(share * d) for d in row) for row in apart) if v else (), size, limits
    )


def _limits(
    criteria: Criteria, who: Sequence[str], screening: Screening, regions: Mapping[str, str]
) -> dict[str, tuple[Row, ...]]:
    """The limits but variety, by the path that messages print."""
    out: dict[str, tuple[Row, ...]] = {}
    own = criteria.limits
    assert own is not None
    if own.per_region:
        places: dict[str, list[int]] = {}
        for j, c in enumerate(who):
            places.setdefault(regions[c], []).append(j)
        out[REGION] = tuple(Row(frozenset(those), most=own.per_region) for those in places.values())
    for asked in own.at_least:
        words = screening.track if asked.id in screening.track else screening.mechanism
        fits = words[asked.id].isin(["pass", "conditional"]) if asked.id in words else None
        out[f"{KIND}.{asked.id}"] = (
            Row(frozenset(j for j, c in enumerate(who) if fits is not None and fits[c]), least=asked.n),
        )
    return out
