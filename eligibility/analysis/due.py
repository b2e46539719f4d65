"""What the shipped sets decide by and is behind its publisher on a day, by the calendar of the sheets; no network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from eligibility.data.readers import addresses, family_sheet
from eligibility.data.readers.expected import expected
from eligibility.language import criteria
from eligibility.method import run, vintages

SOON = timedelta(days=90)  # before figures grow too old, a warning says so
Newest = tuple[str, int]  # a dataset and its last year
Out = tuple[int, date]  # a year and since when it is out


@dataclass(frozen=True)
class Due:
    """Series of one release, or held by none, of which the publisher has brought out a later year.

    held      the dataset that answers for them and the last year it holds; None where none does
    out       the newest year that is out by the day, since when; None where none is held
    family    of the publisher where more is to be had; series and the sets that decide by them
    aged      the days from which what is held is too old, each with the sets it is too old for; none where none is held
    """

    held: Newest | None
    out: Out | None
    family: str
    series: tuple[str, ...]
    sets: tuple[str, ...]
    aged: tuple[tuple[date, tuple[str, ...]], ...] = ()


def due(on: date, data: Path | None = None) -> list[Due]:
    """Every decisive series of the shipped sets that is behind its publisher on a day, by publisher and release."""
    found: dict[tuple[str, Newest | None, Out | None], tuple[set[str], set[str], set[tuple[date, str]]]] = {}
    for ref in criteria.shipped():
        policy, figures = run.ready(ref, data=data)
        figures = vintages.chosen(policy, figures, on).figures
        for series in vintages.deciding(policy):
            family, sheet, source = series.partition(".")[0], figures.sheets[series], figures.held.get(series)
            last, held, out = figures.newest(series), None, None
            if source is not None and last is not None:
                year = sheet.out_after(last, on)
                if year is None:
                    continue
                held, out = (source.id, last), (year, sheet.known_from(year))
            mine = found.setdefault((family, held, out), (set(), set(), set()))
            mine[0].add(series)
            mine[1].add(policy.id)
            if held:
                oldest = dict(policy.own_ages).get(series, policy.max_age)
                mine[2].add((date(min(held[1] + oldest + 1, date.max.year), 1, 1), policy.id))
    rows = [
        Due(held, out, family, tuple(sorted(series)), tuple(sorted(sets)), _by_day(aged))
        for (family, held, out), (series, sets, aged) in found.items()
        if min(series) in expected()
    ]
    return sorted(rows, key=lambda row: (row.family, row.held or ("", 0), row.series))


def _by_day(aged: set[tuple[date, str]]) -> tuple[tuple[date, tuple[str, ...]], ...]:
    """The days, each with its sets."""
    days = groupby(sorted(aged), key=itemgetter(0))
    return tuple((day, tuple(name for _, name in mine)) for day, mine in days)


def lines(on: date, rows: list[Due]) -> Iterator[str]:
    """What is due, as `eligibility data due` prints it."""
    if not rows:
        yield f"On {on.isoformat()} nothing that a shipped set decides by is behind its publisher."
    for row in rows:
        for day, sets in row.aged:
            if row.held and day - SOON <= on:
                yield (
                    f"{'From' if day > on else 'Since'} {day.isoformat()} {', '.join(sets)} cannot judge what rests on "
                    f"{', '.join(row.series)}: {row.held[0]} ends in {row.held[1]}, too old by then."
                )
    for row in rows:
        known = (
            f"{row.held[0]} ends in {row.held[1]}; {row.out[0]} was out by {row.out[1].isoformat()}"
            if row.held and row.out
            else ""
        )
        yield f"{family_sheet(row.family)['publisher']}: {known or 'not held'}"
        yield f"    {', '.join(row.series)}"
        yield f"    decides in {', '.join(row.sets)}"
        yield from (f"    {line}" for line in _how(row))


def _how(row: Due) -> Iterator[str]:
    """How to get what is due: by `data fetch`, where its address is not that of what is held, and by hand."""
    held, series = row.held[0] if row.held else "", min(row.series)
    fetched = [one for one in addresses.serving(series) if not one.id or one.id != held]
    for one in fetched:
        yield f"`eligibility data fetch {one.source}`, from {one.of(expected()[series].publisher_code)}"
        yield f"    ({addresses.CERTAINTY[one.certainty]})"
    hand = addresses.by_hand(row.family, held.partition("-")[2])
    yield f"{'or by hand: ' if fetched else ''}{hand}, then `eligibility data import FILE`"
