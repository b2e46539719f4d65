"""Dated lists: from which day to which a status holds for a country, and what happened there on which day.

A list says how far it goes and no more. A country that joined is in until it leaves, however old the list; where the
list does not reach or is not complete, a missing row is unknown and never a "no".
"""

from __future__ import annotations

import calendar
import csv
import datetime
import io
import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from eligibility.data import countries

if TYPE_CHECKING:  # which sources are held is told without either
    import numpy as np
    import pandas as pd

COLUMNS = ("iso3", "date", "event", "source", "note")
# how the mark of a status begins whose list ends before the day asked for; that day follows
OLDER = "list to "
DISPUTED = "disputed"  # the kind of an event that one source calls a seizure of power and another does not
SINCE = 1990  # the first year-end of a status that is held by year

# Treaties are open to all members of the United Nations: UCDP's list of states less these three.
NOT_UN_MEMBERS = ("TWN", "VAT", "XKX")

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@cache
def span(text: str) -> tuple[date, date]:
    """The first and last day a date written as a day, a month or a year may mean; ValueError for any other text.

    >>> span("2016-09")
    (datetime.date(2016, 9, 1), datetime.date(2016, 9, 30))
    """
    matched = _DATE.fullmatch(text)
    if not matched:
        raise ValueError("a day, month or year such as 2016-09-21, 2016-09 or 2016")
    year, month, day = (int(part or 0) for part in matched.groups())
    first = date(year, month or 1, day or 1)
    return first, first if day else date(year, month or 12, calendar.monthrange(year, month or 12)[1])


def months_later(day: date, months: int) -> date:
    """The day so many months after another, or the last of that month where it has no such day.

    >>> months_later(date(2021, 8, 31), 6)
    datetime.date(2022, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


class Event(NamedTuple):
    """One row of a list: what happened in a country and when, as precisely as its source says."""

    iso3: str
    date: str
    event: str
    source: str
    note: str

    @property
    def first(self) -> datetime.date:
        """The first day it may have been."""
        return span(self.date)[0]

    @property
    def sources(self) -> tuple[str, ...]:
        """Each page or list it was read in; of a disputed event those on either side."""
        return tuple(self.source.split("; "))

    @property
    def last(self) -> datetime.date:
        """The last day it may have been, from which on it has happened for sure."""
        return span(self.date)[1]


def parse(content: bytes) -> tuple[Event, ...]:
    """The rows of a compiled list; TypeError, ValueError or csv.Error where a row is none."""
    rows = csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True)
    next(rows, None)
    events = tuple(Event(*row) for row in rows)
    for event in events:
        span(event.date)
    return events


def text(events: Iterable[Event]) -> str:
    """The text of a compiled list: sorted rows, the same bytes for the same events."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([COLUMNS, *sorted(events, key=_order)])
    return out.getvalue()


def _order(event: Event) -> tuple[str, date, date, Event]:
    return event.iso3, event.last, event.first, event


@dataclass(frozen=True)
class Standing:
    """What the events of a list mean, and how far the list goes.

    status   in from an event of `begins` until one of `ends`; `also` are events that change nothing
    event    what happened, in `begins`
    found    the list is not complete: it may say yes and never no
    since    the day from which the status could be had at all
    as_of    the day, month or year to which rows were gathered
    complete_to   the last day on which a missing row is a no; None where it never is
    said     of events, the words a sentence on one begins with: "Power was seized"
    """

    kind: Literal["status", "event"]
    begins: tuple[str, ...]
    ends: tuple[str, ...]
    also: tuple[str, ...]
    found: bool
    since: date | None
    as_of: str
    complete_to: date | None
    said: str

    @property
    def turns(self) -> tuple[str, ...]:
        """The events that change something."""
        return *self.begins, *self.ends

    @property
    def reach(self) -> date:
        """The last day to which rows were gathered."""
        return span(self.as_of)[1]


def standing(entry: dict[str, Any]) -> Standing:
    """The block `standing` of a series in a sheet; ValueError where it is wrong."""
    if entry["kind"] not in ("status", "event"):
        raise ValueError("standing.kind is status or event")
    as_of = str(entry.get("as_of", f"{SINCE}"))  # a publisher's sheet leaves the day to each vintage
    span(as_of)
    begins, ends, also = (
        tuple(str(name) for name in entry.get(key, ())) for key in ("begins", "ends", "also")
    )
    days = (entry.get("since"), entry.get("complete_to"))
    if any(type(day) not in (date, type(None)) for day in days):
        raise ValueError("standing.since and standing.complete_to are dates such as 2014-04-02")
    said, found = str(entry.get("said", "")), bool(entry.get("found", False))
    return Standing(entry["kind"], begins, ends, also, found, days[0], as_of, days[1], said)


class Status(NamedTuple):
    """What a list says of one country on a day.

    value    1 yes, 0 no, NaN unknown
    turned   the event that made it so; None where there was none
    doubt    the event that falls on a day not known, before or after this one; it makes the value unknown
    reach    how far the list goes for this country, at most the day itself
    """

    value: float
    turned: Event | None
    doubt: Event | None
    reach: date


@dataclass(frozen=True)
class Listed:
    """The events of one list with what they mean."""

    rule: Standing
    events: tuple[Event, ...]

    @cached_property
    def of(self) -> dict[str, tuple[Event, ...]]:
        """iso3 -> its events that change something, oldest first."""
        turns = self.rule.turns
        own = {i: tuple(event for event in events if event.event in turns) for i, events in self._all.items()}
        return {iso3: events for iso3, events in own.items() if events}

    def happened(self, iso3: str, day: date, kinds: Iterable[str] | None = None) -> tuple[Event, ...]:
        """The country's events that may have been by a day, oldest first: of these kinds, or those that change something."""
        asked = self.rule.turns if kinds is None else tuple(kinds)
        return tuple(e for e in self._all.get(iso3, ()) if e.event in asked and e.first <= day)

    @cached_property
    def _all(self) -> dict[str, tuple[Event, ...]]:
        """iso3 -> all its events, oldest first."""
        own: dict[str, list[Event]] = {}
        for event in sorted(self.events, key=_order):
            own.setdefault(event.iso3, []).append(event)
        return {iso3: tuple(events) for iso3, events in own.items()}

    def lately(self, iso3: str, day: date, months: int) -> float:
        """1 if an event of `begins` fell in the months up to a day, 0 if for sure none did, NaN where the list cannot tell."""
        mine = self.happened(iso3, day, self.rule.begins)
        if any(event.last <= day < months_later(event.first, months) for event in mine):
            return 1.0
        if any(day < months_later(event.last, months) for event in mine):
            return math.nan  # on a day not known, in the window or out of it
        return self._missing(iso3, day)

    def _missing(self, iso3: str, day: date) -> float:
        """What a missing row says of a day: 0 where the list is complete and the country could be in it, else NaN."""
        rule = self.rule
        complete = not rule.found and rule.complete_to is not None and day <= rule.complete_to
        return 0.0 if complete and iso3 in self.states and _stands(iso3, day.year) else math.nan

    @cached_property
    def states(self) -> frozenset[str]:
        """Who could be in the list: the members of the United Nations, and everybody with a row."""
        register = countries.register()
        members = {i for i in register if register[i].gw and not register[i].end and i not in NOT_UN_MEMBERS}
        return frozenset(members | set(self.of))

    def status(self, iso3: str, day: date) -> Status:
        """Whether the country is in on this day, by which event, and how far the list goes."""
        rule, mine = self.rule, self.of.get(iso3, ())
        value, turned, doubt = self._before(iso3, mine, day), None, None
        for event in (event for event in mine if event.first <= day):
            then = float(event.event in rule.begins)
            if event.last > day:
                doubt = event if then != value else doubt
            elif then != value:
                value, turned = then, event
        if doubt or (rule.found and value == 0):
            value = math.nan
        return Status(value, turned, doubt, min(day, max([rule.reach, *(event.last for event in mine)])))

    def _before(self, iso3: str, mine: tuple[Event, ...], day: date) -> float:
        """What held before the first event: a no where that event is an entry, or where a missing row is one."""
        rule = self.rule
        if rule.since and day < rule.since:
            return math.nan
        if mine:
            return 0.0 if mine[0].event in rule.begins else math.nan
        return self._missing(iso3, day)

    def at(self, day: date, iso3s: Iterable[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Value, year of the list and mark of these countries on a day; the mark says where an older list answers."""
        import numpy as np

        told = [self.status(iso3, day) for iso3 in iso3s]
        value = np.array([status.value for status in told], dtype=float)
        year = np.array([status.reach.year for status in told], dtype=float)
        mark = ["" if status.reach == day else OLDER + status.reach.isoformat() for status in told]
        there = ~np.isnan(value)
        return value, np.where(there, year, np.nan), np.where(there, np.array(mark, dtype=object), "")

    def by_year(self, name: str) -> pd.DataFrame:
        """(iso3, year) x the series: a status at the end of each year the list reaches, or how often an event was."""
        import pandas as pd

        rows = self._counts if self.rule.kind == "event" else self._year_ends
        frame = pd.DataFrame(sorted(rows), columns=["iso3", "year", name])
        return frame.set_index(["iso3", "year"]).astype(float)

    @cached_property
    def _year_ends(self) -> list[tuple[str, int, float]]:
        rule, rows = self.rule, []
        first = max(SINCE, rule.since.year) if rule.since else SINCE
        last = max([rule.reach, *(event.last for event in self.events)]).year
        ends = [(year, date(year, 12, 31)) for year in range(first, last + 1)]
        for iso3 in self.states:
            mine = self.of.get(iso3, ())
            reach = max([rule.reach, *(event.last for event in mine)])
            turns = {day for event in mine for day in (event.first, event.last)}
            days, at, value = sorted(turns | ({rule.since} if rule.since else set())), None, math.nan
            for year, end in ends:
                if end <= reach and _stands(iso3, year):
                    now = bisect_right(days, end), rule.complete_to is not None and end <= rule.complete_to
                    if now != at:  # between two of its days nothing changes
                        at, value = now, self.status(iso3, end).value
                    if not math.isnan(value):
                        rows.append((iso3, year, value))
        return rows

    @property
    def _counts(self) -> list[tuple[str, int, float]]:
        every = ((iso3, event) for iso3, events in self.of.items() for event in events)
        years = Counter((i, e.first.year) for i, e in every if e.first.year == e.last.year >= SINCE)
        return [(*key, count) for key, count in years.items()]

    def within(self, iso3: str, first: date, last: date) -> tuple[Event, ...]:
        """The country's events that fell, for sure, between these days, oldest first; disputed ones are among them."""
        shown = (*self.rule.turns, DISPUTED)
        mine = (event for event in self._all.get(iso3, ()) if event.event in shown)
        return tuple(event for event in mine if first <= event.first and event.last <= last)


def _stands(iso3: str, year: int) -> bool:
    register = countries.register()
    return iso3 in register and register.exists(iso3, year)
