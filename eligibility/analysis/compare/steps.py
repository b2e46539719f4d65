"""The made-up rounds between two rounds: each has some of what changed and not the rest, each judged in full.

    rule      the criteria, and the limits they set by date
    revision  years that both rounds know, as the later vintage has them
    own       all that is new of the country itself, its rivals as they were; one scenario a country
    peers     all that is new of the others: medians, quantiles, who outranks whom
    pool      who is considered and who is whose peer

Five causes make at most 32 rounds; the first and the last are the rounds themselves. Every one is judged by the
evaluator, the score and the ranking of the engine. What each cause did is read from them in causes.py.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from eligibility.data.cells import Cells, known_at
from eligibility.data.panel import Panel
from eligibility.method import hold, rounds
from eligibility.method import score as scoring
from eligibility.method.evaluate import STATUS, WORDS, Judge
from eligibility.method.measures import Measures
from eligibility.method.rank import ranks
from eligibility.method.rounds import Round
from eligibility.policy import walk
from eligibility.policy.model import Criteria, Quantity

K = TypeVar("K")
STEPS = ("rule", "revision", "own", "peers", "pool")


@dataclass(frozen=True)
class Outcome:
    """What one round says of each country; frames share an index of countries."""

    status: pd.Series
    verdict: pd.DataFrame  # iso3 x gate or track id, words
    score: pd.Series
    rank: pd.Series
    shortlist: int


@dataclass(frozen=True)
class Rounds:
    """The rounds between two results.

    bridge   what the criteria of `after` look at, as held for `before`
    back     what the criteria of `before` look at, as held for `after`
    who      the only countries of which a round is asked that has the own figures of one and not the others'; None:
             everybody
    """

    before: Round
    after: Round
    bridge: Panel
    back: Panel
    who: frozenset[str] | None = None
    _known: dict[Any, Any] = field(default_factory=dict, compare=False)

    def having(self, changed: Collection[str]) -> Outcome:
        """The round in which these causes are as in the later round and the others as in the earlier one."""
        if not changed or len({*changed}) == len(STEPS):
            return of_result(self.after if changed else self.before)
        rule, revision, own, peers, pool = (step in changed for step in STEPS)
        rule |= self.one_rule
        groups, figures = self.groups(rule, pool), self.figures(rule, revision, peers, pool)
        criteria, day = self.by(rule)
        if own == peers or not len(groups):
            judged = _judged(criteria, figures, groups.to_numpy(), day)
            return _outcome(criteria, figures.countries, judged)
        mine = self.figures(rule, revision, own, pool)
        return _own(criteria, figures, mine, groups.to_numpy(), day, self._asked(figures))

    def looked_back(self) -> Outcome:
        """What each country's own new figures do among the others' old ones while nothing leaves the years that it
        looks back at; rules and revised years as in the later round.
        """
        if "looked back" not in self._known:
            past, new = (self.figures(True, True, news, False) for news in (False, True))
            criteria, day = self.by(True)
            groups, at = self.groups(True, False).to_numpy(), self._asked(past)
            self._known["looked back"] = _own(criteria, past, _looking_back(past, new), groups, day, at)
        return self._known["looked back"]

    def _asked(self, figures: Measures) -> np.ndarray:
        """Where those asked about stand among the countries."""
        return np.flatnonzero([self.who is None or iso3 in self.who for iso3 in figures.countries])

    def by(self, rule: bool) -> tuple[Criteria, date]:
        """The criteria, and the day whose limits they set."""
        end = self.after if rule else self.before
        return end.criteria, end.as_of

    @cached_property
    def one_rule(self) -> bool:
        """Whether both criteria judge alike."""
        old, new = self.before.criteria, self.after.criteria
        days = self.before.as_of, self.after.as_of
        tables = [table for _, test in walk.judging(new) for table in walk.tables(test.threshold)]
        alike = replace(old, uncertainty=new.uncertainty) == new
        return alike and all(table.entry(days[0]) == table.entry(days[1]) for table in tables)

    def groups(self, rule: bool, pool: bool) -> pd.Series:
        """Who is considered, each with its peer group."""
        key = rule, pool
        if key not in self._known:
            end, other = (self.after, self.before) if pool else (self.before, self.after)
            lent = self.back if pool else self.bridge
            alike = replace(end.criteria, uncertainty=other.criteria.uncertainty) == other.criteria
            there = rule == pool or (alike and lent is end.panel)
            self._known[key] = end.peers if there else rounds.placed(self.by(rule)[0], lent, end.as_of)[1]
        return self._known[key]

    def figures(self, rule: bool, revision: bool, news: bool, pool: bool) -> Measures:
        """The figures of whom a round considers, as the criteria of a round look at them."""
        early, late = self._panels(rule)
        revision &= early is not late
        pool &= not self.groups(rule, False).equals(self.groups(rule, True))
        key = rule, revision, news, pool
        if key not in self._known:
            self._known[key] = self._figures(*key)
        return self._known[key]

    def _figures(self, rule: bool, revision: bool, news: bool, pool: bool) -> Measures:
        groups, (early, late) = self.groups(rule, pool), self._panels(rule)
        for end, panel, is_late in ((self.before, early, False), (self.after, late, True)):
            as_there = news == is_late and (early is late or revision == is_late)
            same_rule = self.one_rule or rule == is_late
            if as_there and same_rule and panel is end.panel and groups.index.equals(end.peers.index):
                return end.centre  # worked out when the round was
        cells, criteria = self._cells(rule, revision, news), self.by(rule)[0]
        return hold.point(criteria, cells.only(groups.index), rounds.asked(criteria))

    def _panels(self, rule: bool) -> tuple[Panel, Panel]:
        """What the criteria of a round look at, as held for the earlier and for the later one."""
        return (self.bridge, self.after.panel) if rule else (self.before.panel, self.back)

    def _cells(self, rule: bool, revision: bool, news: bool) -> Cells:
        """The figures of everybody considered in either round."""
        early, late = self._panels(rule)
        key = "cells", rule, revision, news
        if key not in self._known:
            first, last = self.before.as_of, self.after.as_of
            here, there, now, then = (late, early, last, first) if news else (early, late, first, last)
            panel = here if revision == news or early is late else _revised(here, there, now, then)
            own = self.by(rule)[0]
            ages = own.max_age, dict(own.uncertainty.assumed_sd), dict(own.own_ages)
            who = {c for pool in (False, True) for c in self.groups(rule, pool).index}
            self._known[key] = known_at(_covering(panel, who), now, *ages)
        return self._known[key]

    @cached_property
    def causes(self) -> tuple[str, ...]:
        """Of the five those that differ between the two rounds."""
        rules, both = ((True,) if self.one_rule else (False, True)), (False, True)
        revised = news = moved = False
        for rule in rules:
            moved |= not self.groups(rule, False).equals(self.groups(rule, True))
            for pool in both:
                at = [[self.figures(rule, r, n, pool) for n in both] for r in both]
                revised |= not all(_alike(at[0][n], at[1][n]) for n in both)
                news |= not all(_alike(at[r][0], at[r][1]) for r in both)
        there = dict(zip(STEPS, (len(rules) > 1, revised, news, news, moved), strict=True))
        return tuple(step for step in STEPS if there[step])


def of_result(result: Round) -> Outcome:
    """What a result says, as a round."""
    screening = result.screening
    verdict = pd.concat([screening.gate, screening.track], axis=1)
    return Outcome(screening.status, verdict, result.points, result.ranking.rank, result.criteria.shortlist)


def having(result: Round, path: str, words: pd.Series) -> Outcome:
    """What a result says where the test at a path comes out by these words, whatever its figures; a what-if."""
    codes = words.reindex(result.peers.index, fill_value="unknown").map(WORDS.index).to_numpy(dtype=np.int8)
    own, figures, peers = result.criteria, result.centre, result.peers.to_numpy()
    judged = _judged(own, figures, peers, result.as_of, {path: codes[None, :]})
    return _outcome(own, figures.countries, judged)


def _own(
    criteria: Criteria, past: Measures, new: Measures, peers: np.ndarray, as_of: date, at: np.ndarray
) -> Outcome:
    """Each country `at` a column with its own new figures among the others' old ones: a scenario a country, and of
    it that country's column.

    The evaluator takes what is missing in one draw for missing in all, so a country that gains or loses a
    figure is a scenario by itself.
    """
    pairs = [(x, new.now[k]) for k, x in past.now.items()] + [
        (x, new.before[k]) for k, x in past.before.items()
    ]
    there = [np.isnan(x[0]) == np.isnan(y[0]) for x, y in pairs]
    alike = np.logical_and.reduce(there) if there else np.ones(len(past.countries), bool)
    batches = [who for who in (at[alike[at]], *(np.array([i]) for i in at[~alike[at]])) if who.size]
    parts: list[dict[str, np.ndarray]] = []
    for who in batches:
        judged = _judged(criteria, _with_own(past, new, who), peers, as_of)
        parts.append({key: x[np.arange(len(who)), who] for key, x in judged.items()})
    order = np.argsort(np.concatenate(batches or [at]))
    keys = parts[0] if parts else _judged(criteria, past, peers, as_of)
    whole = {key: np.concatenate([part[key] for part in parts] or [np.zeros(0)])[order] for key in keys}
    countries = tuple(past.countries[i] for i in at)
    return _outcome(criteria, countries, {key: x[None, :] for key, x in whole.items()})


def _looking_back(past: Measures, new: Measures) -> Measures:
    """The new figures, with what has left the years they look back at still among them."""

    def kept(quantity: Quantity) -> np.ndarray:
        old, late = past.before[quantity], new.before[quantity]
        if quantity.measure in ("peak_over", "change_from_peak"):
            return np.fmax(old, late)
        return late if quantity.measure == "within_months" else np.where(np.isnan(old), late, old)

    return replace(new, before={quantity: kept(quantity) for quantity in new.before})


def _with_own(past: Measures, new: Measures, who: np.ndarray) -> Measures:
    """One row for each of `who`: everybody's old figures but for its own."""

    def mixed(old: Mapping[K, np.ndarray], late: Mapping[K, np.ndarray]) -> dict[K, np.ndarray]:
        out = {key: np.repeat(x, len(who), axis=0) for key, x in old.items()}
        for key, x in out.items():
            x[np.arange(len(who)), who] = late[key][0, who]
        return out

    absent = past.absent & new.absent  # what somebody has before or after is the country's own to have
    held = None
    if past.held is not None and new.held is not None:
        held = np.repeat(past.held[None, :], len(who), axis=0)
        held[np.arange(len(who)), who] = new.held[who]
    return Measures(
        past.countries, mixed(past.now, new.now), mixed(past.before, new.before), absent, held=held
    )


def _judged(
    criteria: Criteria,
    drawn: Measures,
    peers: np.ndarray,
    as_of: date,
    forced: Mapping[str, np.ndarray] = MappingProxyType({}),
) -> dict[str, np.ndarray]:
    """Verdicts by gate and track id, `status`, `score` and `rank` (0 if none), each draws x countries."""
    shape = len(next(iter(drawn.now.values()))), len(drawn.countries)
    score, place = np.full(shape, np.nan), np.zeros(shape, int)
    if criteria.score is not None and score.size:
        score = scoring.build(criteria.score, drawn, peers).score
    found = Judge(drawn, peers, as_of, forced=forced).verdicts(criteria, ~np.isnan(score))
    if score.size:
        place = ranks(score, found.admitted)
    return {**{f"verdict {key}": v for key, v in {**found.gates, **found.tracks}.items()},
            "status": found.status, "score": score, "rank": place}  # fmt: skip


def _outcome(criteria: Criteria, countries: tuple[str, ...], judged: Mapping[str, np.ndarray]) -> Outcome:
    """The first row of what was judged, in words."""
    index = pd.Index(countries, name="iso3")
    words = {
        key.removeprefix("verdict "): np.array(WORDS, dtype=object)[x[0].astype(int)]
        for key, x in judged.items()
        if key.startswith("verdict ")
    }
    place = judged["rank"][0].astype(float)
    return Outcome(
        pd.Series(np.array(STATUS, dtype=object)[judged["status"][0].astype(int)], index=index),
        pd.DataFrame(words, index=index),
        pd.Series(judged["score"][0], index=index, dtype=float),
        pd.Series(np.where(place > 0, place, np.nan), index=index),
        criteria.shortlist,
    )


def _revised(bridge: Panel, after: Panel, then: date, now: date) -> Panel:
    """The earlier panel with the years both dates know taken from the later one."""
    values = dict(bridge.values)
    for series in values.keys() & after.values.keys():
        late = after.history(series, now)
        years = bridge.history(series, then).index.intersection(late.index)
        frame = bridge.values[series]
        frame = frame.reindex(columns=frame.columns.union(late.columns))
        frame.loc[years] = late.reindex(index=years, columns=frame.columns)
        values[series] = frame
    return replace(bridge, values=values, dated={**bridge.dated, **after.dated})


def _covering(panel: Panel, countries: Iterable[str]) -> Panel:
    """The same panel with a column, if an empty one, for each of these countries."""
    countries = set(countries)
    values = {
        s: f if countries <= set(f.columns.tolist()) else f.reindex(columns=f.columns.union(countries))
        for s, f in panel.values.items()
    }
    return replace(panel, values=values)


def _alike(x: Measures, y: Measures) -> bool:
    """Whether two sets of figures are the same."""
    pairs = [(x.now[k], y.now[k]) for k in x.now] + [(x.before[k], y.before[k]) for k in x.before]
    held, other = (np.zeros(0) if each.held is None else each.held for each in (x, y))
    return all(np.array_equal(a, b, equal_nan=True) for a, b in pairs) and np.array_equal(held, other)
