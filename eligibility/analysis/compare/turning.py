"""Since when the verdict of each country stands, what it was before and what turned it.

    as_of ── newest day ── the day before it ── ... ── the first day judged
               judged        judged: another status here was turned on the day after

The days are those on which what is known of the series that decide changed: a figure came out or grew too old, a list
had an event or its term was over, a rule by date began. On each the criteria are judged by the one evaluator without a draw, on the figures
as held now, newest day first, until every country was another once or the days end. Between the two days the move is
put down to its causes as `diff` does (causes.py): to one that decides in every order, else to those that do `together`.
What is the country's own is split once more: `own` are its figures, `window` that
a year left those a test looks back at, where the figures alone would have left the verdict as it was.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Literal, cast
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from eligibility.analysis.compare import steps
from eligibility.analysis.compare.causes import TOGETHER, deciding, outcomes
from eligibility.analysis.compare.steps import Outcome, Rounds
from eligibility.data import lists
from eligibility.data.panel import Panel
from eligibility.errors import DataError, UsageError
from eligibility.method import hold, rank, rounds, vintages
from eligibility.method.evaluate import STATUS, WORDS, Verdicts
from eligibility.method.result import Result
from eligibility.method.rounds import Round
from eligibility.policy import walk
from eligibility.policy.model import Criteria, InForce, Quantity, Test
from eligibility.policy.words import OUTSIDE

Kind = Literal["rule", "revision", "own", "window", "peers", "pool", "hold", "together"]
PEAKS = ("peak_over", "change_from_peak")
YEARS = 20  # how far back is looked

Gap = Literal["", "came", "lost"]


@dataclass(frozen=True)
class Look:
    """A look-back that moved: what is looked at, the first of its years before and now, the year that left and counted."""

    quantity: Quantity
    was: int
    now: int
    left: int


@dataclass(frozen=True)
class Turning:
    """The day from which the verdict of a country stands, and what turned it.

    was      its status until then; `words.OUTSIDE` where it was not considered
    kind     the cause that settled it; `hold` where it is an event that holds it, or no longer does; `together` where
             it depends on the order which of several does
    by       the causes of `diff` that settle it in some order: one, or those that do together
    rules    the gates and tracks that came out otherwise by that cause
    tests    of their tests those that came out otherwise because what the cause changes did, the figure or what is
             needed, and without which the status would have stayed
    gap      of `own`: "came" where what these look at was not known before, "lost" where it no longer is, else ""
    look     of `window`: what left
    group    of `pool`: the peer group it was in until then, "" for unknown, where it is in another; else None
    """

    day: date
    was: str
    kind: Kind
    rules: tuple[str, ...] = ()
    tests: tuple[Test, ...] = ()
    gap: Gap = ""
    look: Look | None = None
    group: str | None = None
    by: tuple[str, ...] = ()

    @property
    def series(self) -> tuple[str, ...]:
        """The indicators that the tests look at, each once."""
        return tuple(dict.fromkeys(test.quantity.indicator for test in self.tests))


@dataclass(frozen=True)
class Turnings:
    """Country -> its turning, of those whose verdict was another since `first`, the first day judged."""

    first: date
    of: Mapping[str, Turning]


_KNOWN: WeakKeyDictionary[Result, Turnings] = WeakKeyDictionary()


def turnings(result: Result, who: Collection[str] = ()) -> Turnings:
    """Since when each verdict of a result stands; worked out when first asked for, once a result.

    who   only these countries, which is quicker for a few; everybody by default

    >>> import eligibility
    >>> found = turnings(eligibility.screen("hdi", draws=1))
    >>> found.of["PRK"] if "PRK" in found.of else "the same on every day"
    'the same on every day'
    """
    if who and result not in _KNOWN:
        return _turnings(result, frozenset(who))
    if result not in _KNOWN:
        _KNOWN[result] = _turnings(result, frozenset(result.peers.index))
    return _KNOWN[result]


def _turnings(result: Result, asked: frozenset[str]) -> Turnings:
    own = _plain(result.criteria)
    figures = _figures(own, result.panel)
    after = today = rounds.published(own, figures, result.as_of)
    now = {c: word for c, word in today.screening.status.items() if c in asked}
    found: dict[str, Turning] = {}
    blank, figured = _blank(today), _figured(own, figures, result.as_of)
    only_held = not any(use.quantity.indicator in figures.dated for use in _uses(own))
    for day in days(own, figures, result.as_of, asked)[1:]:
        try:
            if only_held and after.as_of not in figured and own.in_force.holds(day):
                before = _held(after, day)
            else:
                before = rounds.published(own, figures, day)
        except (DataError, UsageError):  # not in force, or nobody could be considered
            break
        if _blank(before) - blank:  # nobody can be judged by something that everybody is judged by now
            break
        was = before.screening.status.to_dict()
        who = [c for c in now if c not in found and was.get(c, OUTSIDE) != now[c]]
        found |= {turning[0]: turning[1] for turning in (_turned(before, after, who) if who else ())}
        after = before
        if len(found) == len(now):
            break
    return Turnings(after.as_of, {c: found[c] for c in now if c in found})


def _held(after: Round, day: date) -> Round:
    """The round of the day before events and nothing else: every figure and rule as after them, but for who is on hold."""
    cells, told = replace(after.cells, as_of=day), after.screening
    held = hold.held(after.criteria, cells)
    centre = replace(after.centre, held=np.array([iso3 in held for iso3 in cells.countries], dtype=bool))
    ideal, whole = (told.kinds[key].map(WORDS.index).to_numpy()[None, :] for key in ("ideal", "whole"))
    status = told.status.copy()
    status[:] = np.array(STATUS)[Verdicts({}, {}, ideal, whole, centre.held).status[0]]
    return replace(
        after, as_of=day, cells=cells, centre=centre, hold=held, screening=replace(told, status=status),
        ranking=rank.rank(after.points, status, after.criteria.shortlist),
    )  # fmt: skip


def _blank(judged: Round) -> frozenset[str]:
    """The indicators of which nobody has a figure, and the tests without a threshold in force."""
    unset = {
        test.path for _, test in walk.judging(judged.criteria) if walk.unset(test.threshold, judged.as_of)
    }
    return judged.centre.absent | unset


def _plain(criteria: Criteria) -> Criteria:
    """What of the criteria, as written for all dates, decides a status: no draw, no axis, a score only of an index."""
    whole = criteria.written
    parts = {part.name: getattr(whole, part.name) for part in fields(whole)} if whole else {}
    doubt = replace(criteria.uncertainty, draws=0, imputation=None)
    plain = replace(criteria, **parts, written=None, uncertainty=doubt, axes=())
    return plain if criteria.index else replace(plain, score=None, shortlist=0)


def _figures(own: Criteria, panel: Panel) -> Panel:
    """What of a panel decides a status."""
    used = {*vintages.deciding(own), *([own.hold.events] if own.hold else [])}
    return replace(panel.only(used).exact(), dated={s: one for s, one in panel.dated.items() if s in used})


# The days --------------------------------------------------------------------------------------------------


def days(criteria: Criteria, figures: Panel, last: date, who: Collection[str] = ()) -> list[date]:
    """The days up to `last` on which the status of any of `who` may have changed, newest first, `last` before them.

    With a new year figures grow too old, states end and the years that a release must cover are others.
    """
    found = {last, *_figured(criteria, figures, last), *_happened(criteria, figures, frozenset(who))}
    return sorted((day for day in found if date(last.year - YEARS, 1, 1) <= day <= last), reverse=True)


def _figured(criteria: Criteria, figures: Panel, last: date) -> frozenset[date]:
    """Those of them on which the figures read or the rules may be others than the day before."""
    years = (date(last.year - back, 1, 1) for back in range(YEARS))
    return frozenset({*years, *_out(figures), *_ruled(criteria)})


def _uses(criteria: Criteria) -> Iterator[walk.Use]:
    """What a status may rest on beside what puts on hold."""
    return (use for use in walk.quantities(criteria) if use.role != "hold")


def _out(figures: Panel) -> Iterator[date]:
    """The days on which a figure came out."""
    for series in figures.sheets.keys() - figures.statuses:
        yield from (figures.sheets[series].known_from(int(year)) for year in figures.values[series].index)
        for other in figures.vintages.get(series, ()):
            yield from (other.sheet.known_from(year) for year in other.years)
            if figures.reading.as_known:
                yield other.source.released


def _happened(criteria: Criteria, figures: Panel, who: frozenset[str]) -> Iterator[date]:
    """The days on which something happened that a list has, and those on which it is too long ago to count."""
    uses = [use.quantity for use in _uses(criteria)]
    terms = {q.years for q in uses if q.measure == "within_months"}
    for series, listed in figures.dated.items():
        events, counts = listed.events, set(terms)
        if criteria.hold and criteria.hold.events == series:
            counts.add(criteria.hold.months)
            if series not in {q.indicator for q in uses}:  # what only holds is no other country's business
                kinds = criteria.hold.kinds
                events = tuple(e for e in events if e.event in kinds and (not who or e.iso3 in who))
        found = {day for event in events for day in (event.first, event.last)}
        yield from found
        yield from (lists.months_later(day, months) for day in found for months in counts)
        yield from filter(None, (listed.rule.since, _after(listed.rule.complete_to)))


def _ruled(criteria: Criteria) -> Iterator[date]:
    """The days on which something of the criteria begins or is no longer in force."""
    rules = [criteria.pool, *(group.rule for group in criteria.peers if group.rule)]
    for gate in (*criteria.gates, *criteria.tracks):
        yield from _ends(gate.in_force)
        rules.append(gate.rule)
    for node in (node for rule in rules for node in walk.nodes(rule)):
        yield from _ends(node.in_force)
    for _, test in walk.judging(criteria):
        yield from (day for table in walk.tables(test.threshold) for day, _ in table.since)


def _ends(when: InForce) -> Iterator[date]:
    yield from filter(None, (when.since, _after(when.until)))


def _after(day: date | None) -> date | None:
    return None if day in (None, date.max) else day + timedelta(days=1)


# What turned it --------------------------------------------------------------------------------------------


def _turned(before: Round, after: Round, who: list[str]) -> Iterator[tuple[str, Turning]]:
    """What turned the status of these countries between two days."""
    if all(source.id == before.panel.held[s].id for s, source in after.panel.held.items()):
        before = replace(before, panel=after.panel)  # the same figures: none is revised
    there = [iso3 for iso3 in who if iso3 in before.peers.index]
    yield from (
        (iso3, Turning(after.as_of, OUTSIDE, "pool", by=("pool",))) for iso3 in who if iso3 not in there
    )
    if not there:
        return
    between = Rounds(before, after, before.panel, after.panel, frozenset(there))
    playing, found = between.causes, outcomes(between)
    words = np.stack([one.status.reindex(there, fill_value=OUTSIDE) for one in found])
    kept: dict[str, pd.Series] = {}
    for k, (iso3, by) in enumerate(zip(there, deciding(words, playing), strict=True)):
        without = found[0] if len(by) > 1 else found[~(1 << playing.index(by[0]))]  # all but what decides
        rules = tuple(_others(without, found[-1], iso3))
        kind = _kind(by, between, iso3, {without.status.get(iso3, OUTSIDE), words[-1, k]})
        tests = _decisive(before, after, iso3, rules, kind, kept)
        look = _look(before, after, iso3, tests) if kind == "window" else None
        gap = _gap(before, after, iso3, tests) if kind == "own" else ""
        group = before.peers[iso3] if kind == "pool" and before.peers[iso3] != after.peers[iso3] else None
        yield iso3, Turning(after.as_of, words[0, k], kind, rules, tests, gap, look, group, by)


def _kind(by: tuple[str, ...], between: Rounds, iso3: str, held: set[str]) -> Kind:
    """What those that decide are called; `held` is the status without and with them."""
    if len(by) > 1:
        return TOGETHER
    if by == ("own",):
        if "on-hold" in held and "excluded" not in held:  # who is excluded is so whatever holds it
            return "hold"
        if between.looked_back().status[iso3] != between.after.screening.status[iso3]:
            return "window"
    return cast(Kind, by[0])


def _others(without: Outcome, now: Outcome, iso3: str) -> Iterator[str]:
    """The gates and tracks that come out otherwise; one that is not in force on a side comes out as nothing."""
    was, is_ = (one.verdict.loc[iso3] if iso3 in one.verdict.index else {} for one in (without, now))
    for rule in dict.fromkeys([*was.keys(), *is_.keys()]):
        if was.get(rule) != is_.get(rule):
            yield rule


def _decisive(
    before: Round, after: Round, iso3: str, rules: tuple[str, ...], kind: Kind, kept: dict[str, pd.Series]
) -> tuple[Test, ...]:
    """The tests of these gates and tracks that the step turned and without which the status would have stayed.

    All that it turned where none is so by itself. `kept` holds the status of everybody without each.
    """
    old, new = before.screening, after.screening
    own = [*after.criteria.gates, *after.criteria.tracks]
    tests = [test for rule in own if rule.id in rules for test in walk.tests(rule.rule)]
    figures = ("measured",) if kind in ("own", "window", "revision", "hold") else ("needs",)
    cells = ("measured", "needs") if kind == TOGETHER else figures

    def differs(of: str, path: str) -> bool:
        was, now = (getattr(end, of) for end in (old, new))
        return path in was and path in now and not same(was.at[iso3, path], now.at[iso3, path])

    moved = [t for t in tests if differs("node", t.path) and any(differs(x, t.path) for x in cells)]
    for path in (t.path for t in moved if t.path not in kept):
        kept[path] = steps.having(after, path, old.node[path]).status
    return tuple([t for t in moved if kept[t.path][iso3] != new.status[iso3]] or moved)


def same(a: object, b: object) -> bool:
    """Whether two cells are one, or both empty."""
    return a == b or (a != a and b != b)


def _gap(before: Round, after: Round, iso3: str, tests: tuple[Test, ...]) -> Gap:
    """Whether what decided was not known before or is not known now."""
    was, now = ({end.screening.node.at[iso3, t.path] == "unknown" for t in tests} for end in (before, after))
    if len(was) != 1 or len(now) != 1 or was == now:
        return ""
    return "came" if was == {True} else "lost"


def _look(before: Round, after: Round, iso3: str, tests: tuple[Test, ...]) -> Look | None:
    """What left the years that the first of the tests looks back at."""
    for quantity in (
        test.quantity for test in tests if test.quantity.measure not in ("level", "within_months")
    ):
        was, now = (end.cells.year.at[iso3, quantity.indicator] - quantity.years for end in (before, after))
        if was < now:  # not so where a year is missing
            history = after.panel.values[quantity.indicator][iso3]
            gone = history.loc[int(was) : int(now) - 1].dropna()
            left = gone.idxmax() if quantity.measure in PEAKS and not gone.empty else was
            return Look(quantity, int(was), int(now), int(left))
    return None
