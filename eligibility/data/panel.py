"""The figures as they were known at a date: histories of series, and the releases they were read from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd

from eligibility.data import deviations, lists, sources
from eligibility.data.catalogue import catalogue as catalogue
from eligibility.data.catalogue import releases, short
from eligibility.data.holdings import NEWEST as NEWEST
from eligibility.data.holdings import Reading as Reading
from eligibility.data.holdings import Vintage as Vintage
from eligibility.data.holdings import vintages_of
from eligibility.data.readers.expected import absences, expected
from eligibility.data.sources import SeriesSheet, Source
from eligibility.errors import DataError
from eligibility.policy.model import OfValue


@dataclass(frozen=True)
class Panel:
    """Every series a criteria set needs, each from one release, and the other releases of it that are held.

    `eligibility.load_panel` makes it, or raises what is wrong; nothing here is changed afterwards.

    Attributes
    ----------
    values : mapping of series id to DataFrame year × iso3
        Native units (classes as their number), NaN where there is no figure.
    sds : mapping of series id to DataFrame year × iso3
        Standard errors, or half-widths of 68 % intervals, published with the values; only series that have them.
    dated
        The dated list behind a series, where that is what it comes from; and every list of events held.
    vintages
        Series id to every release of it on the shelf, oldest first, the one in use among them.
    beside
        Series id to its newest release, of series that are told beside a result and used for nothing.
    hiding
        Sources of the user's that have the id of a shipped one and so hide it, of the families asked for.

    Examples
    --------
    >>> import eligibility
    >>> eligibility.load_panel("hdi")
    <Panel: 4 series of 1 dataset, 1990 to 2023, 195 countries>
    """

    sheets: Mapping[str, SeriesSheet]
    held: Mapping[str, Source]  # series id -> the dataset it comes from
    values: Mapping[str, pd.DataFrame]
    sds: Mapping[str, pd.DataFrame]
    vintages: Mapping[str, tuple[Vintage, ...]] = field(default_factory=dict)
    reading: Reading = NEWEST
    dated: Mapping[str, lists.Listed] = field(default_factory=dict)
    beside: Mapping[str, Vintage] = field(default_factory=dict)
    hiding: tuple[Source, ...] = ()

    def __repr__(self) -> str:
        """Series, datasets, years and countries: one line, for its frames are many."""
        frames = [frame for frame in self.values.values() if len(frame)]
        years = (
            f"{min(f.index[0] for f in frames)} to {max(f.index[-1] for f in frames)}"
            if frames
            else "no year"
        )
        sets, lands = len({s.id for s in self.held.values()}), len(set().union(*(f.columns for f in frames)))
        return f"<Panel: {len(self.sheets)} series of {sets} dataset{'s' * (sets != 1)}, {years}, {lands} countries>"

    def taking(self, chosen: Mapping[str, Vintage]) -> Panel:
        """The panel with these series from these releases; itself where each is so already."""
        other = {s: v for s, v in chosen.items() if v.source.id != self.held[s].id}
        if not other:
            return self
        sds = {s: frame for s, frame in self.sds.items() if s not in other}
        return replace(
            self,
            sheets={**self.sheets, **{s: v.sheet for s, v in other.items()}},
            held={**self.held, **{s: v.source for s, v in other.items()}},
            values={**self.values, **{s: v.values for s, v in other.items()}},
            sds={**sds, **{s: v.sds for s, v in other.items() if v.sds is not None}},
            dated={**self.dated, **{s: sources.listed(v.source) for s, v in other.items() if v.source.dated}},
        )

    def known_now(self) -> Panel:
        """The panel as if every figure held were published by any date."""

        def out(sheet: SeriesSheet, values: pd.DataFrame) -> SeriesSheet:
            return replace(sheet, published_on=dict.fromkeys(map(int, values.index), date.min))

        return replace(
            self,
            sheets={s: out(sheet, self.values[s]) for s, sheet in self.sheets.items()},
            vintages={
                s: tuple(replace(v, sheet=out(v.sheet, v.values)) for v in found)
                for s, found in self.vintages.items()
            },
        )

    def exact(self) -> Panel:
        """The panel as if no figure had a standard error: quicker to judge, where nothing is drawn."""

        def bare(sheet: SeriesSheet) -> SeriesSheet:
            return replace(sheet, sd_formula="", shape="normal")

        return replace(
            self,
            sheets={s: bare(sheet) for s, sheet in self.sheets.items()},
            sds={},
            vintages={
                s: tuple(replace(v, sheet=bare(v.sheet), sds=None) for v in found)
                for s, found in self.vintages.items()
            },
        )

    def only(self, series: Iterable[str]) -> Panel:
        """The panel of these series and of what their uncertainty follows."""
        keep = set(series) & self.sheets.keys()
        keep |= {self.sheets[s].follows for s in keep} & self.sheets.keys()
        parts = ("sheets", "held", "values", "sds", "vintages", "dated")
        kept: dict[str, Any] = {p: {s: x for s, x in getattr(self, p).items() if s in keep} for p in parts}
        return replace(self, **kept)

    @property
    def absent(self) -> tuple[str, ...]:
        """The series asked for that no dataset holds; every value of theirs is missing."""
        return tuple(sorted(s for s in self.sheets if s not in self.held))

    @property
    def statuses(self) -> frozenset[str]:
        """The series that hold from one event until another and are told at a day, not by year."""
        return frozenset(
            s for s, listed in self.dated.items() if listed.rule.kind == "status" and s in self.sheets
        )

    def events(self, iso3: str, first: date, last: date) -> tuple[lists.Event, ...]:
        """What the lists of events held here say happened in a country between two days, oldest first."""
        found = (
            e
            for one in self.dated.values()
            if one.rule.kind == "event"
            for e in one.within(iso3, first, last)
        )
        return tuple(sorted(found, key=lambda event: (event.first, event)))

    @cached_property
    def lenders(self) -> dict[str, Vintage]:
        """Series -> the release that lends its intervals to cells without one of their own."""
        found = {
            s: deviations.lender(self.values[s], self.sds.get(s), self.held[s], releases)
            for s, releases in self.vintages.items()
            if self.sheets[s].shape == "probit"
        }
        return {s: other for s, other in found.items() if other is not None}

    @cached_property
    def borrowed(self) -> dict[str, pd.DataFrame]:
        """Series -> half-widths of cells without one of their own, as their lender has them."""
        return {
            s: deviations.borrowed(self.values[s], self.sds.get(s), other)
            for s, other in self.lenders.items()
        }

    def sd_of(
        self,
        series: str,
        value: np.ndarray,
        year: np.ndarray,
        countries: pd.Index,
        assumed: Mapping[str, float | OfValue],
    ) -> tuple[np.ndarray, np.ndarray]:
        """The standard deviation of each value's measurement error, and where it comes from (deviations.py)."""
        given = deviations.at(self.sds.get(series), year, countries)
        lent = deviations.at(self.borrowed.get(series), year, countries)
        return deviations.sd_of(self.sheets[series], value, assumed.get(series), given, lent)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The datasets in use, for their figures, for the intervals they lend or beside the result, by id."""
        others = (*self.lenders.values(), *self.beside.values())
        used = [*self.held.values(), *(other.source for other in others)]
        return tuple(sorted({s.id: s for s in used}.values(), key=lambda s: s.id))

    def answers(self, source: Source) -> list[str]:
        """The short names of the series a dataset answers for."""
        return sorted(short(s) for s, held in self.held.items() if held.id == source.id)

    def history(self, series: str, as_of: date) -> pd.DataFrame:
        """Year x iso3 of one series, only the years published by `as_of`."""
        return self.values[series].iloc[: self.out(series, as_of)]

    def out(self, series: str, as_of: date) -> int:
        """How many years of one series were published by `as_of`; they are its first, for years ascend."""
        known_from = self.sheets[series].known_from
        return sum(known_from(year) <= as_of for year in self.values[series].index.tolist())

    def newest(self, series: str) -> int | None:
        """The last year any country has a value for; None where none has any."""
        frame = self.values[series]
        there = np.flatnonzero(frame.notna().to_numpy().any(axis=1))
        return int(frame.index[there[-1]]) if there.size else None

    def _due(self, series: str) -> date | None:
        """The day on which the year after the newest held counts as published; None where nobody publishes one."""
        last, sheet = self.newest(series), self.sheets[series]
        if last is None or sheet.standing or self.held[series].own:
            return None
        return sheet.known_from(last + sheet.every)

    def answerable(self, series: Iterable[str], max_age: int) -> tuple[date, date] | None:
        """First and last day at which each of these series is out and not too old; None if there is no such day."""
        years = [self.values[s].dropna(how="all").index for s in series]
        if not years or any(index.empty for index in years):
            return None
        first = max(self.sheets[s].known_from(int(index[0])) for s, index in zip(series, years, strict=True))
        last = min(date(int(index[-1]) + max_age, 12, 31) for index in years)
        return (first, last) if first <= last else None

    def overdue(self, series: Iterable[str], as_of: date) -> list[tuple[Source, int, date]]:
        """Dataset, its last year, and the day the next was due, for those where that day has passed."""
        found: dict[str, tuple[Source, int, date]] = {}
        for s in sorted(s for s in series if s in self.held):
            source, due = self.held[s], self._due(s)
            last = self.newest(s)
            if last is not None and due and due <= as_of:
                found.setdefault(source.id, (source, last, due))
        return [found[key] for key in sorted(found)]


Shelf = Iterable[Source]
_NOTHING = pd.DataFrame(index=pd.RangeIndex(0, name="year"), columns=pd.Index([], name="iso3"), dtype=float)


def load(
    series: Iterable[str],
    shelf: Shelf,
    absent: Literal["refuse", "unknown"] = "refuse",
    reading: Reading = NEWEST,
    beside: Iterable[str] = (),
) -> Panel:
    """The panel of the series asked for and of those their uncertainty follows, each from its newest release.

    Which release answers at a date is for `vintages.chosen` to say.
    beside   series told beside the result, where they are held
    absent   what becomes of a series that a reader knows but no dataset holds: refused, or missing everywhere
    Raises DataError saying where the file of each absent series comes from, IntegrityError for a changed file.
    """
    shelf = tuple(shelf)
    holding = releases(shelf)
    wanted = sorted(set(series))
    missing = [s for s in wanted if s not in holding]
    known = expected() if missing else {}
    if missing and (absent == "refuse" or missing == wanted or not known.keys() >= set(missing)):
        raise DataError(absences(missing))
    follows = {source.series[short(s)].follows for s in wanted for source in holding.get(s, ())}
    wanted += sorted((follows & holding.keys()) - set(wanted))
    aside = [s for s in beside if s in holding]
    every = vintages_of(dict.fromkeys([*(s for s in wanted if s in holding), *aside]), shelf)
    vintages = {s: found for s, found in every.items() if s in wanted}
    newest = {s: next(v for v in found if v.source is holding[s][-1]) for s, found in vintages.items()}
    return Panel(
        {s: newest[s].sheet if s in newest else known[s].sheet for s in wanted},
        {s: v.source for s, v in newest.items()},
        {**dict.fromkeys(missing, _NOTHING), **{s: v.values for s, v in newest.items()}},
        {s: v.sds for s, v in newest.items() if v.sds is not None},
        vintages,
        reading,
        {
            s: sources.listed(found[-1])
            for s, found in holding.items()
            if found[-1].dated and (s in newest or s in aside or _happened(found[-1]))
        },
        {s: next(v for v in every[s] if v.source is holding[s][-1]) for s in aside},
        tuple(s for s in shelf if s.family in {w.partition(".")[0] for w in wanted} and sources.hidden(s)),
    )


def _happened(source: Source) -> bool:
    """Whether a dated list is one of events, which are told of a country whatever the criteria look at."""
    return any(s.standing is not None and s.standing.kind == "event" for s in source.series.values())
