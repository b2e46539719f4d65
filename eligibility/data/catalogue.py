"""Every series that can be asked for, by id; read without the figures, so without pandas, but for what `indicators` tells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from eligibility.data import sources
from eligibility.data.readers.expected import expected
from eligibility.data.sources import SeriesSheet, Source
from eligibility.errors import EligibilityError


def catalogue(shelf: Iterable[Source] | None = None) -> Mapping[str, SeriesSheet]:
    """Series id -> sheet, for every series that can be asked for; the newest vintage wins.

    A series that a reader knows but no dataset holds is among them: criteria may name it, `panel.load` says what to import.
    """
    found = releases(sources.shelf() if shelf is None else shelf)
    return _Catalogue({series: those[-1].series[short(series)] for series, those in found.items()})


@dataclass(frozen=True)
class _Catalogue(Mapping[str, SeriesSheet]):
    """Readers' sheets are many and slow to read: they are, once something is asked for that no dataset holds."""

    held: dict[str, SeriesSheet]

    @cached_property
    def whole(self) -> dict[str, SeriesSheet]:
        return expected() | self.held

    def __getitem__(self, series: str) -> SeriesSheet:
        return self.held[series] if series in self.held else self.whole[series]

    def __iter__(self) -> Iterator[str]:
        return iter(self.whole)

    def __len__(self) -> int:
        return len(self.whole)


def releases(shelf: Iterable[Source]) -> dict[str, list[Source]]:
    """Series id -> the releases that may answer for it, oldest first; where all stand back, none."""
    found: dict[str, list[Source]] = {}
    for source in sorted(shelf, key=lambda s: (s.released, s.id)):
        for name in source.series.keys() - source.stands_back:
            found.setdefault(f"{source.family}.{name}", []).append(source)
    return found


def short(series: str) -> str:
    """The name of a series without its family.

    >>> short("vdem.polyarchy")
    'polyarchy'
    """
    return series.partition(".")[2]


class Indicator(NamedTuple):
    """A series as the newest source has it: what it means, where it stands, its years and how many countries have a figure."""

    sheet: SeriesSheet
    source: Source
    years: str
    countries: int


def indicators(shelf: Iterable[Source], word: str = "") -> Iterator[Indicator]:
    """Every indicator held, by id; of `word` those whose id or label has it.

    A user's source whose table cannot be read is named and left out.
    """
    tables: dict[str, Any] = {}
    for name, held in sorted(releases(shelf).items()):
        source = held[-1]
        sheet = source.series[short(name)]
        if word.casefold() not in f"{name} {sheet.label}".casefold():
            continue
        if source.id not in tables:
            try:
                tables[source.id] = sources.table(source)
            except EligibilityError as error:
                if source.shipped:
                    raise
                sources.set_aside(error)
                tables[source.id] = None
        if tables[source.id] is None:
            continue
        index = tables[source.id][sheet.name].dropna().index
        years = index.get_level_values("year")
        span = f"{years.min()}-{years.max()}" if len(years) else "none"
        yield Indicator(sheet, source, span, index.get_level_values("iso3").nunique())
