"""The figures as they were known at a date: histories, and one value a country and indicator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

from eligibility import sources
from eligibility.errors import DataError, Problem
from eligibility.readers.expected import absences, expected


@dataclass(frozen=True)
class Panel:
    """Every series a criteria set needs, each from the newest vintage that holds it.

    values   series id -> DataFrame year x iso3, native units (classes as their number)
    sds      the same for published standard deviations; only series that have them
    """

    sheets: Mapping[str, sources.SeriesSheet]
    held: Mapping[str, sources.Source]  # series id -> the dataset it comes from
    values: Mapping[str, pd.DataFrame]
    sds: Mapping[str, pd.DataFrame]

    @property
    def absent(self) -> tuple[str, ...]:
        """The series asked for that no dataset holds; every value of theirs is missing."""
        return tuple(sorted(s for s in self.sheets if s not in self.held))

    @property
    def sources(self) -> tuple[sources.Source, ...]:
        """The datasets in use, by id."""
        return tuple(sorted({s.id: s for s in self.held.values()}.values(), key=lambda s: s.id))

    def history(self, series: str, as_of: date) -> pd.DataFrame:
        """Year x iso3 of one series, only the years published by `as_of`."""
        frame, known_from = self.values[series], self.sheets[series].known_from
        return frame.iloc[: sum(known_from(int(year)) <= as_of for year in frame.index)]  # years ascend

    def newest(self, series: str) -> int | None:
        """The last year any country has a value for; None where none has any."""
        years = self.values[series].dropna(how="all").index
        return None if years.empty else int(years[-1])

    def _due(self, series: str) -> date | None:
        """The day on which the year after the newest held counts as published; None without any value."""
        last, sheet = self.newest(series), self.sheets[series]
        return None if last is None else sheet.known_from(last + sheet.every)

    def current_until(self, series: Iterable[str]) -> date:
        """The last day on which every one of these series is still the newest published.

        One day later its publisher would have brought out a year that is not held here. Series that are absent or
        have no value do not count; DataError where none is left.
        """
        series = sorted(set(series))
        due = [day for s in series if s in self.held and (day := self._due(s))]
        if not due:
            rule = "no figure of any of these is held, so there is no default date"
            raise DataError(Problem("data", ", ".join(series), rule, hint="name a day with --as-of"))
        return date.fromordinal(min(due).toordinal() - 1)

    def answerable(self, series: Iterable[str], max_age: int) -> tuple[date, date] | None:
        """First and last day at which each of these series is out and not too old; None if there is no such day."""
        years = [self.values[s].dropna(how="all").index for s in series]
        if not years or any(index.empty for index in years):
            return None
        first = max(self.sheets[s].known_from(int(index[0])) for s, index in zip(series, years, strict=True))
        last = min(date(int(index[-1]) + max_age, 12, 31) for index in years)
        return (first, last) if first <= last else None

    def overdue(self, series: Iterable[str], as_of: date) -> list[tuple[sources.Source, int, date]]:
        """Dataset, its last year, and the day the next was due, for those where that day has passed."""
        found: dict[str, tuple[sources.Source, int, date]] = {}
        for s in sorted(s for s in series if s in self.held):
            source, due = self.held[s], self._due(s)
            if due and due <= as_of:
                found.setdefault(source.id, (source, self.newest(s), due))
        return [found[key] for key in sorted(found)]


Shelf = Iterable[sources.Source]
_NOTHING = pd.DataFrame(index=pd.RangeIndex(0, name="year"), columns=pd.Index([], name="iso3"), dtype=float)


def catalogue(shelf: Shelf | None = None, importable: bool = True) -> dict[str, sources.SeriesSheet]:
    """Series id -> sheet, for every series that can be asked for; the newest vintage wins.

    A series that a reader knows but no dataset holds is among them: criteria may name it, `load` says what to import.
    `importable=False` leaves those out, and the readers' sheets unread.
    """
    held = _newest(sources.shelf() if shelf is None else shelf)
    known = {series: one.sheet for series, one in expected().items()} if importable else {}
    return known | {series: source.series[_short(series)] for series, source in held.items()}


def _short(series: str) -> str:
    return series.partition(".")[2]


def _newest(shelf: Shelf) -> dict[str, sources.Source]:
    newest: dict[str, sources.Source] = {}
    for source in sorted(shelf, key=lambda s: (s.released, s.id)):
        for name in source.series:
            newest[f"{source.family}.{name}"] = source  # a later release replaces an earlier one whole
    return newest


def load(series: Iterable[str], shelf: Shelf, absent: Literal["refuse", "unknown"] = "refuse") -> Panel:
    """The panel of the series asked for and of those their uncertainty follows.

    absent   what becomes of a series that a reader knows but no dataset holds: refused, or missing everywhere
    Raises DataError saying where the file of each absent series comes from, IntegrityError for a changed file.
    """
    held = _newest(shelf)
    wanted = sorted(set(series))
    missing = [s for s in wanted if s not in held]
    known = expected() if missing else {}
    if missing and (absent == "refuse" or missing == wanted or not known.keys() >= set(missing)):
        raise DataError(absences(missing))
    sheets = {s: held[s].series[_short(s)] if s in held else known[s].sheet for s in wanted}
    for sheet in list(sheets.values()):
        if sheet.follows and sheet.follows not in sheets and sheet.id in held:
            sheets[sheet.follows] = held[sheet.follows].series[_short(sheet.follows)]
    held = {s: held[s] for s in sheets if s in held}
    values, sds = dict.fromkeys(missing, _NOTHING), {}
    for source in {source.id: source for source in held.values()}.values():
        mine = [s for s in held if held[s].id == source.id]
        squared = _squared(sources.table(source, [_short(s) for s in mine]))
        for s in mine:
            values[s] = squared[_short(s)]
            if sheets[s].sd_kind == "published":
                sds[s] = squared[f"{_short(s)}_sd"]
    return Panel(sheets, held, values, sds)


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


@dataclass(frozen=True)
class Cells:
    """One value a country and indicator, as known at a date.

    value, sd   DataFrame iso3 x indicator; NaN where nothing recent enough was published
    year, age   the year it describes; whole calendar years before the as-of date
    mark        "" or "carried": the publisher had newer values for others, not for this country
    sd_kind     "published", "modelled", "assumed" or "none"
    """

    as_of: date
    max_age: int
    own_ages: Mapping[str, int]  # series whose oldest age is not max_age
    panel: Panel
    value: pd.DataFrame
    sd: pd.DataFrame
    sd_kind: pd.DataFrame
    year: pd.DataFrame
    age: pd.DataFrame
    mark: pd.DataFrame

    @property
    def countries(self) -> tuple[str, ...]:
        return tuple(self.value.index)

    @property
    def sheets(self) -> Mapping[str, sources.SeriesSheet]:
        return self.panel.sheets

    @cached_property
    def absent(self) -> frozenset[str]:
        """Series of which the whole panel has no figure that was published by the date and is not too old."""
        histories = {s: self.panel.history(s, self.as_of) for s in self.panel.sheets}
        recent = {s: frame[frame.index >= self.oldest(s)] for s, frame in histories.items()}
        return frozenset(s for s, frame in recent.items() if not frame.notna().to_numpy().any())

    def oldest(self, series: str) -> int:
        """The first year whose figure of a series still counts."""
        return self.as_of.year - self.own_ages.get(series, self.max_age)

    @property
    def revised(self) -> tuple[sources.Source, ...]:
        """Datasets that came out after the date: later vintages standing in for earlier ones."""
        return tuple(s for s in self.panel.sources if s.released > self.as_of)

    def only(self, countries: Iterable[str]) -> Cells:
        """The same cells for these countries, by ISO3."""
        keep = sorted(countries)
        frames = {n: getattr(self, n).loc[keep] for n in ("value", "sd", "sd_kind", "year", "age", "mark")}
        return Cells(self.as_of, self.max_age, self.own_ages, self.panel, **frames)


def cells(
    panel: Panel,
    as_of: date,
    max_age: int,
    assumed: Mapping[str, float] | None = None,
    own_ages: Mapping[str, int] | None = None,
) -> Cells:
    """The newest value of each series and country that was published by `as_of` and is not too old.

    A value more than `max_age` calendar years before the as-of year, or than its series' own age, is missing. One that is older
    than the publisher's newest is marked "carried" and its sd grows with the years it was carried,
    by the series' usual one-year change: sqrt(sd^2 + h * sd_1y^2).
    """
    countries = pd.Index(
        sorted(set().union(*(frame.columns for frame in panel.values.values()))), name="iso3"
    )
    columns: dict[str, dict[str, np.ndarray]] = {
        n: {} for n in ("value", "sd", "sd_kind", "year", "age", "mark")
    }
    for series in sorted(panel.sheets):
        history = panel.history(series, as_of)
        known = np.full((len(history), len(countries)), np.nan)
        known[:, countries.get_indexer(history.columns)] = history.to_numpy()
        years = history.index.to_numpy()
        oldest = as_of.year - (own_ages or {}).get(series, max_age)
        anyone = ~np.isnan(known).all(axis=1)
        if not panel.sheets[series].carry and anyone.any():
            oldest = max(oldest, int(years[anyone][-1]))
        value, year = _newest_known(known, years, oldest)
        sd, kind = sd_of(panel, series, value, year, countries, assumed or {})
        there = ~np.isnan(value)
        carried = np.where(there, year[there].max(initial=0) - year, 0)
        if (carried > 0).any() and not panel.sheets[series].classes:  # there is no class 1.7
            sd = np.sqrt(sd**2 + carried * _one_year_change(known) ** 2)
            kind = np.where((carried > 0) & (kind == "none"), "modelled", kind)
        columns["value"][series], columns["year"][series], columns["age"][series] = (
            value,
            year,
            as_of.year - year,
        )
        columns["sd"][series] = np.where(there, sd, np.nan)
        columns["sd_kind"][series] = np.where(there, kind, "none")
        columns["mark"][series] = np.where(carried > 0, "carried", "")
    frames = {n: pd.DataFrame(c, index=countries) for n, c in columns.items()}
    return Cells(as_of, max_age, own_ages or {}, panel, **frames)


def _newest_known(known: np.ndarray, years: np.ndarray, oldest: int) -> tuple[np.ndarray, np.ndarray]:
    """Value and year, by country, of the last year with a value that is not before `oldest`; NaN without."""
    recent, years = known[years >= oldest], years[years >= oldest]
    value, year = np.full(known.shape[1], np.nan), np.full(known.shape[1], np.nan)
    for row, of in zip(recent, years, strict=True):
        there = ~np.isnan(row)
        value[there], year[there] = row[there], of
    return value, year


def sd_of(
    panel: Panel,
    series: str,
    value: np.ndarray,
    year: np.ndarray,
    countries: pd.Index,
    assumed: Mapping[str, float],
) -> tuple[np.ndarray, np.ndarray]:
    """The standard deviation of each value's measurement error, and where it comes from."""
    sheet, n = panel.sheets[series], len(value)
    kinds = lambda word: np.full(n, word, dtype=object)  # noqa: E731
    if series in assumed:
        return np.full(n, assumed[series]), kinds("assumed")
    if sheet.sd_kind == "published":
        frame = panel.sds[series].reindex(columns=countries)
        row = np.nan_to_num(year - frame.index[0]).astype(int)
        sd = frame.to_numpy()[row, np.arange(n)]
        return np.nan_to_num(sd), np.where(np.isnan(sd), "none", kinds("published"))
    if sheet.sd_formula == "proportion":
        p = np.nan_to_num(np.clip(value, 0.0, 1.0))
        return sheet.sd_factor * np.sqrt(p * (1 - p)), kinds("modelled")
    # a class that follows another index has no sd of its own
    return np.zeros(n), kinds("modelled" if sheet.follows else "none")


def _one_year_change(known: np.ndarray) -> float:
    """Root mean square of the series' year-on-year changes over all countries and known years."""
    steps = np.diff(known, axis=0)
    steps = steps[~np.isnan(steps)]
    return float(np.sqrt(np.mean(steps**2))) if steps.size else 0.0
