"""What every reader returns: one publisher's file as tidy rows with our names on them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pandas as pd

from eligibility.data import countries
from eligibility.data.lists import Event
from eligibility.data.origins import PLACE
from eligibility.data.readers import BEFORE, SINCE
from eligibility.errors import DataError, Problem

Place = tuple[str, int, str]  # file and sheet, row of it, column (strict.Table.place); the row is 0 for none
Row = tuple[str, int, str, float | str, Place]  # iso3, year, series, value or class, where it stands


@dataclass(frozen=True)
class Dated:
    """The rows of a dated list, the series they are of, and how far the list goes (lists.Standing)."""

    series: str
    events: tuple[Event, ...]
    as_of: str
    complete_to: date | None


@dataclass(frozen=True)
class Release:
    """A publisher's release, read strictly.

    values    long: iso3 (str), year (int), series (str, our short name), value (float or class label as str),
              sd (float, NaN where the publisher gives none); one row a country, year and series. Where the reader
              says it also the cell of the publisher's file (origins.PLACE): table, its name and the sheet; line; column
    files     the publisher's files it was read from
    skipped   rows left out on purpose, by reason ("regional aggregate": 49), never silently
    released  the day the publisher's file itself says it came out
    notes     what a reader of the figures must know and only this file shows
    dated     a list of events instead of values, which then has no rows
    """

    values: pd.DataFrame
    files: tuple[Path, ...]
    skipped: dict[str, int] = field(default_factory=dict)
    released: date | None = None
    notes: tuple[str, ...] = ()
    dated: Dated | None = None

    def beside(self, names: Iterable[str]) -> Release:
        """The same release, with the files that lay beside it in its archive among what was left out."""
        return replace(
            self, skipped={**self.skipped, **{f"other file in the archive, {n}": 1 for n in names}}
        )


def release(
    rows: Iterable[Row],
    paths: Sequence[Path],
    *skipped: Mapping[str, int],
    errors: Mapping[tuple[str, int, str], float] | None = None,
    dated: Dated | None = None,
) -> Release:
    """The rows since 1990, with their standard errors (by country, year and series) and the counts of what was left out added up."""
    every = list(rows)
    early = {row[:2] for row in every if row[1] < SINCE}
    every = [row for row in every if row[1] >= SINCE]
    values = pd.DataFrame([row[:4] for row in every], columns=["iso3", "year", "series", "value"])
    values["sd"] = [(errors or {}).get(row[:3], math.nan) for row in every]
    for at, name in enumerate(PLACE):
        values[name] = [row[4][at] for row in every]
    total = Counter({BEFORE: len(early)})
    for counts in skipped:
        total.update(counts)
    left = {reason: count for reason, count in sorted(total.items()) if count}
    return Release(values, tuple(paths), left, dated=dated)


def only(paths: Sequence[Path]) -> Path:
    """The one file of a release that comes as one file; two would be two copies, or two releases."""
    if len(paths) != 1:
        names = ", ".join(sorted(path.name for path in paths))
        raise DataError(Problem(paths[0].name, "file", "must be the only file of its release", names))
    return paths[0]


def why_left_out(codes: Iterable[str], scheme: str) -> dict[str, int]:
    """How many of these codes are listed as no country, by the general part of the reason.

    >>> why_left_out(["WLD", "TUN", "ARB"], "wb")
    {'World Bank aggregate': 2}
    """
    register = countries.register()
    reasons = (register.why_not(code, scheme) for code in codes)
    return dict(Counter(why.partition(":")[0] for why in reasons if why is not None))
