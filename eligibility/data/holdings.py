"""Every release of a series as it lies on the shelf, and which of them a run may read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from eligibility.data import sources


@dataclass(frozen=True)
class Vintage:
    """One series as one release has it; frames as in `Panel`, `sds` None where it publishes none."""

    source: sources.Source
    sheet: sources.SeriesSheet
    values: pd.DataFrame
    sds: pd.DataFrame | None

    @cached_property
    def having(self) -> dict[int, frozenset[str]]:
        """Year -> the countries with a value for it, ascending, of the years that any country has one for."""
        there, countries = self.values.notna().to_numpy(), self.values.columns.to_numpy()
        return {
            int(y): frozenset(countries[row])
            for y, row in zip(self.values.index, there, strict=True)
            if row.any()
        }

    @property
    def years(self) -> tuple[int, ...]:
        """The years any country has a value for, ascending."""
        return tuple(self.having)


@dataclass(frozen=True)
class Reading:
    """Which releases may be read: `as_known`, only those out by the date; `pins`, words of `vintages.pinned`."""

    as_known: bool = False
    pins: tuple[str, ...] = ()

    def also(self, pins: Iterable[str]) -> Reading:
        """The same with more pins."""
        return replace(self, pins=(*self.pins, *pins))

    @property
    def words(self) -> tuple[str, ...]:
        """The options of the command line that ask for it."""
        return (*(("--as-known",) if self.as_known else ()), *(f"--vintage {pin}" for pin in self.pins))


NEWEST = Reading()


def vintages_of(series: Iterable[str], shelf: Iterable[sources.Source]) -> dict[str, tuple[Vintage, ...]]:
    """Every release of each series, oldest first; all of them with one calendar of when figures came out."""
    found: dict[str, list[Vintage]] = {s: [] for s in series}
    for source in sorted(shelf, key=lambda s: (s.released, s.id)):
        mine = [name for name in source.series if f"{source.family}.{name}" in found]
        squared = _squared(sources.table(source, mine)) if mine else {}
        for name in mine:
            sheet = source.series[name]
            sds = squared.get(f"{name}_sd") if sheet.sd_kind == "published" else None
            found[sheet.id].append(Vintage(source, sheet, squared[name], sds))
    return {s: tuple(_dated(of)) for s, of in found.items()}


def _dated(vintages: list[Vintage]) -> Iterator[Vintage]:
    """The releases of one series, each with the days on which any of them says that a figure first came out.

    A year after those listed is out, whatever its publisher's usual month, when a release that holds it is.
    """
    days = {year: day for v in vintages for year, day in v.sheet.published_on.items()}
    for v in vintages:
        late = [year for year in v.years if year > max(days, default=0)]
        days |= {y: v.source.released for y in late if y <= v.source.released.year
                 and v.source.released < v.sheet.known_from(y)}  # fmt: skip
    return (replace(v, sheet=replace(v.sheet, published_on=days)) for v in vintages)


def _squared(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Each column of an (iso3, year) table as a frame of every year from first to last x iso3, both sorted."""
    codes, countries = table.index.codes[0], table.index.levels[0]
    years = table.index.get_level_values("year").to_numpy()
    first, last = int(years.min()), int(years.max())
    index = pd.RangeIndex(first, last + 1, name="year")
    out = {}
    for name in table.columns:
        square = np.full((len(index), len(countries)), np.nan)
        square[years - first, codes] = table[name].to_numpy()
        out[name] = pd.DataFrame(square, index=index, columns=countries)
    return out
