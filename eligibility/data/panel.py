"""The figures as they were known at a date: histories of series, every release of them held, and which a run may read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd

from eligibility.data import deviations, lists, normal, sources
from eligibility.data.catalogue import catalogue as catalogue
from eligibility.data.catalogue import releases, short
from eligibility.data.readers.expected import absences, expected
from eligibility.data.sources import SeriesSheet, Source
from eligibility.errors import DataError
from eligibility.policy.model import OfValue


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


@dataclass(frozen=True, eq=False)  # frames cannot say whether they are equal
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
        years = {year for frame in self.values.values() for year in frame.index}
        span = f"{min(years)} to {max(years)}" if years else "no year"
        lands = len(set().union(*(frame.columns for frame in self.values.values())))
        sets = len({s.id for s in self.held.values()})
        return f"<Panel: {len(self.sheets)} series of {sets} dataset{'s' * (sets != 1)}, {span}, {lands} countries>"

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
        return self._under(
            lambda sheet, values: replace(sheet, published_on=dict.fromkeys(map(int, values.index), date.min))
        )

    def exact(self) -> Panel:
        """The panel as if no figure had a standard error: quicker to judge, where nothing is drawn."""
        bare = self._under(lambda sheet, _: replace(sheet, sd_formula="", shape="normal"), sds=None)
        return replace(bare, sds={})

    def _under(self, made: Callable[[SeriesSheet, pd.DataFrame], SeriesSheet], **other: Any) -> Panel:
        """The panel with other sheets, and of each release what else is other."""

        def of(vintage: Vintage) -> Vintage:
            return replace(vintage, sheet=made(vintage.sheet, vintage.values), **other)

        return replace(
            self,
            sheets={s: made(sheet, self.values[s]) for s, sheet in self.sheets.items()},
            vintages={s: tuple(map(of, found)) for s, found in self.vintages.items()},
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
            s: _lender(self.values[s], self.sds.get(s), self.held[s], releases)
            for s, releases in self.vintages.items()
            if self.sheets[s].shape == "probit"
        }
        return {s: other for s, other in found.items() if other is not None}

    @cached_property
    def borrowed(self) -> dict[str, pd.DataFrame]:
        """Series -> half-widths of cells without one of their own, as their lender has them."""
        return {s: _borrowed(self.values[s], self.sds.get(s), other) for s, other in self.lenders.items()}

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
            source, sheet, last = self.held[s], self.sheets[s], self.newest(s)
            if last is None or sheet.standing or source.own:
                continue  # nobody publishes a next year
            if (due := sheet.known_from(last + sheet.every)) <= as_of:
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
    newest = {s: next(v for v in found if v.source is holding[s][-1]) for s, found in every.items()}
    used = {s: v for s, v in newest.items() if s in wanted}
    return Panel(
        {s: used[s].sheet if s in used else known[s] for s in wanted},
        {s: v.source for s, v in used.items()},
        {**dict.fromkeys(missing, _NOTHING), **{s: v.values for s, v in used.items()}},
        {s: v.sds for s, v in used.items() if v.sds is not None},
        {s: every[s] for s in used},
        reading,
        {
            s: sources.listed(found[-1])
            for s, found in holding.items()
            if found[-1].dated and (s in newest or _happened(found[-1]))
        },
        {s: newest[s] for s in aside},
        tuple(s for s in shelf if s.family in {w.partition(".")[0] for w in wanted} and sources.hidden(s)),
    )


def _happened(source: Source) -> bool:
    """Whether a dated list is one of events, which are told of a country whatever the criteria look at."""
    return any(s.standing is not None and s.standing.kind == "event" for s in source.series.values())


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
        out, newest = v.source.released, max(days, default=0)
        late = (year for year in v.years if newest < year <= out.year)
        days |= {year: out for year in late if out < v.sheet.known_from(year)}
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
        # or a figure written over would be judged, and sealed as its publisher's
        square.flags.writeable = False
        out[name] = pd.DataFrame(square, index=index, columns=countries, copy=False)
    return out


def _lacks(values: pd.DataFrame, sds: pd.DataFrame | None) -> pd.DataFrame:
    """Where there is a value without an error of its own."""
    return values.notna() & sds.isna() if sds is not None else values.notna()


def _lender(
    values: pd.DataFrame, sds: pd.DataFrame | None, held: Source, vintages: Iterable[Vintage]
) -> Vintage | None:
    """The release that lends its intervals to the cells of another one without: the nearest by its day, the newer of two
    as near. None where nothing is lacking, or nobody has it.
    """
    lacks = _lacks(values, sds)

    def far(vintage: Vintage) -> tuple[int, int]:
        day = vintage.source.released
        return abs((day - held.released).days), -day.toordinal()

    for other in sorted((v for v in vintages if v.source.id != held.id), key=far):
        if (
            other.sds is not None
            and (lacks & other.sds.notna().reindex_like(lacks).eq(True)).to_numpy().any()
        ):
            return other
    return None


def _borrowed(values: pd.DataFrame, sds: pd.DataFrame | None, other: Vintage) -> pd.DataFrame:
    """Half-widths of the cells of one series without one, from the same country and year of the lender.

    An interval is taken over on the probit scale, where it is as wide for any value, so that a value that was revised
    takes its share of the scale with it.
    """
    assert other.sds is not None  # `_lender` gives no other
    latent = other.sds.to_numpy() / normal.density(normal.quantile(other.values.to_numpy()))
    latent = (
        pd.DataFrame(latent, other.values.index, other.values.columns)
        .reindex_like(values)
        .where(_lacks(values, sds))
    )
    return np.round(latent * normal.density(normal.quantile(values.to_numpy())), normal.DECIMALS)
