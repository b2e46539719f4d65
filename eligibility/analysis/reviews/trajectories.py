"""Where pilots stand at a review: figures since the start with the errors of their changes, and what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from eligibility.data import panel, sources
from eligibility.data.cells import Cells, known_at
from eligibility.data.lists import Event
from eligibility.data.panel import NEWEST, Panel, Reading
from eligibility.method import alarms, changes, vintages
from eligibility.policy.model import Criteria

LEVEL, CLASS = "vdem.polyarchy", "vdem.regime"
# What the document asks of a host beside democracy: freedoms, a civil society that takes part, a parliament that checks,
# courts and law that hold, corruption that is not everywhere.
INDICATORS = (
    "vdem.liberal_democracy",
    "vdem.freedom_of_expression",
    "vdem.civil_liberties",
    "vdem.civil_society_participation",
    "vdem.legislative_constraints",
    "vdem.rule_of_law",
    "vdem.political_corruption",
)
FIELDS = ("then", "was", "now", "value", "error")  # of a Change, behind its series
SERIES = (LEVEL, CLASS, *INDICATORS)
SEIZED = "lists.power_seized"
# of the dated lists; a failed attempt is told and does not sound
SOUNDING = ("coup", "self-coup", "rebel-takeover", "parliament-closed", "court-replaced")


@dataclass(frozen=True)
class Change:
    """One figure of one pilot, at its start and now: years, values, and the standard error of the change.

    `then` is the best year since the start for the level, the start for every other; NaN and 0 where not held.
    """

    series: str
    then: int
    was: float
    now: int
    value: float
    error: float

    @property
    def errors(self) -> float:
        """How many margins of error the change is; nought where it is the same estimate."""
        return abs(self.value - self.was) / self.error if self.error > 0 else 0.0


@dataclass(frozen=True)
class Known:
    """What the figures say of some pilots on a day, as arrays for the kernel and as figures to tell.

    changes   one tuple a pilot: the level first, then `INDICATORS`
    classes   one pair a pilot: the highest class since the start and the newest; NaN where not held
    """

    standing: alarms.Standing
    changes: tuple[tuple[Change, ...], ...]
    classes: tuple[tuple[float, float], ...]


def figures(data: Path | None = None, reading: Reading = NEWEST) -> Panel:
    """The figures that reviews look at; what nobody holds is empty."""
    shelf = vintages.pinned(sources.shelf(data), reading.pins)
    return panel.load((*SERIES, SEIZED), shelf, "unknown", reading)


def taken(held: Panel, day: date, back: int) -> Panel:
    """The figures of a review from the releases that answer on a day, for a look so many years back."""
    return vintages.taken(held, dict.fromkeys(SERIES, back), day)


def read(held: Panel, day: date, start: int, max_age: int) -> Panel:
    """The figures that a review on a day reads of pilots of which the first is measured from `start`."""
    return taken(held, day, max(day.year - start, 0) + 1 + max_age)


def start_of(begins: date) -> int:
    """The year a pilot is measured from: the last that was over when it began.

    >>> start_of(date(2016, 7, 1))
    2015
    """
    return begins.year - 1


def known(
    policy: Criteria,
    held: Panel,
    day: date,
    countries: Sequence[str],
    start: Sequence[int],
    happened: Sequence[bool] | np.ndarray,
    until: Sequence[int] | None = None,
) -> Known:
    """What can be known on a day of pilots in these countries, each measured from its own start.

    happened  whether an event sounds, from whoever knows the registers
    until     the last year that counts, of a pilot that has ended; none where left out
    """
    back = max((day.year - year for year in start), default=0) + 1
    figures = read(held, day, min(start, default=day.year), policy.max_age)
    cells = known_at(figures, day, policy.max_age, dict(policy.uncertainty.assumed_sd))
    names = sorted({c for c in countries if c in cells.value.index})
    cells = cells.only(names)
    place = {iso3: k for k, iso3 in enumerate(names)}
    inside = np.array([iso3 in place for iso3 in countries], dtype=bool)
    who = np.array([place.get(iso3, 0) for iso3 in countries], dtype=int)
    first = np.array(start, dtype=int)
    last = np.full(len(first), day.year) if until is None else np.array(until, dtype=int)
    told = [_change(policy, cells, s, back, who, first, last, inside) for s in (LEVEL, *INDICATORS)]
    level, rest = told[0], told[1:]
    top, now = _classes(figures, day, countries, first, last)
    worse = [1 if cells.sheets[s].better == "low" else -1 for s in INDICATORS]
    at = alarms.Standing(
        fall=level["was"] - level["value"],
        fall_error=level["error"],
        lower=now < top,
        short=np.array([(x["value"] - x["was"]) * sign for x, sign in zip(rest, worse, strict=True)]),
        short_error=np.array([x["error"] for x in rest]),
        happened=np.array(happened, dtype=bool),
    )
    rows = [
        [Change(s, *of) for of in zip(*(x[key].tolist() for key in FIELDS), strict=True)]
        for s, x in zip((LEVEL, *INDICATORS), told, strict=True)
    ]
    return Known(at, tuple(zip(*rows, strict=True)), tuple(zip(top.tolist(), now.tolist(), strict=True)))


def _change(
    policy: Criteria,
    cells: Cells,
    series: str,
    back: int,
    who: np.ndarray,
    first: np.ndarray,
    last: np.ndarray,
    inside: np.ndarray,
) -> dict[str, np.ndarray]:
    """A figure at the start, the level at its best year since, and both at the newest year after it; NaN where none is."""
    if not len(cells.value):
        blank = np.full(len(first), np.nan)
        return dict(zip(FIELDS, (first, blank, np.zeros(len(first), int), blank, blank), strict=True))
    line = changes.track(cells, series, policy.uncertainty, back)
    newest = np.minimum(line.newest[who], last)
    there = inside & (newest > first)
    then = first.copy()
    if series == LEVEL:
        for year in range(int(first.min()) + 1, int(newest.max()) + 1):
            better = line.at(line.value, np.full(len(who), year), who) > line.at(line.value, then, who)
            then = np.where(better & (year > first) & (year <= newest), year, then)

    def pick(year: np.ndarray) -> np.ndarray:
        return np.where(there, line.at(line.value, year, who), np.nan)

    error, now = np.where(there, line.error(then, newest, who), np.nan), np.where(there, newest, 0)
    return dict(zip(FIELDS, (then, pick(then), now, pick(newest), error), strict=True))


def _classes(
    read: Panel, day: date, countries: Sequence[str], first: np.ndarray, last: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The highest class of regime since the start, and the newest after it."""
    frame = read.history(CLASS, day) if CLASS in read.held else None
    top, now = np.full((2, len(first)), np.nan)
    for k, iso3 in enumerate(countries):
        if frame is not None and iso3 in frame.columns:
            line = frame[iso3].loc[first[k] : last[k]].dropna()
            if len(line) and line.index[-1] > first[k]:
                top[k], now[k] = line.max(), line.iloc[-1]
    return top, now


def events(held: Panel, iso3: str, begins: date, day: date) -> tuple[Event, ...]:
    """What the dated lists say happened since a pilot began, oldest first: what sounds, and attempts that failed.

    An event on a day not known counts from the last day it may have been.
    """
    found = [
        e
        for listed in held.dated.values()
        if listed.rule.kind == "event"
        for e in listed.happened(iso3, day, (*listed.rule.begins, *listed.rule.also))
        if e.first >= begins and e.last <= day
    ]
    return tuple(sorted(found, key=lambda e: (e.last, e)))
