"""What every reader returns: one publisher's file as tidy rows with our names on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pandas as pd

from eligibility.data.lists import Event


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
