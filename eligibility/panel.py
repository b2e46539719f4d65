"""The figures as they were known at a date: histories, and one value a country and indicator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from eligibility import sources
from eligibility.errors import DataError, Problem


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
    def sources(self) -> tuple[sources.Source, ...]:
        """The datasets in use, by id."""
        return tuple(sorted({s.id: s for s in self.held.values()}.values(), key=lambda s: s.id))

    def history(self, series: str, as_of: date) -> pd.DataFrame:
        """Year x iso3 of one series, only the years published by `as_of`."""
        frame, known_from = self.values[series], self.sheets[series].known_from
        return frame.loc[[year for year in frame.index if known_from(int(year)) <= as_of]]

    def newest(self, series: str) -> int:
        """The last year any country has a value for."""
        return int(self.values[series].dropna(how="all").index[-1])

    def current_until(self, series: Iterable[str]) -> date:
        """The last day on which every one of these series is still the newest published.

        One day later its publisher would have brought out a year that is not held here.
        """
        due = [self.sheets[s].known_from(self.newest(s) + 1) for s in series]
        return date.fromordinal(min(due).toordinal() - 1)

    def overdue(self, series: Iterable[str], as_of: date) -> list[tuple[sources.Source, int, date]]:
        """Dataset, its last year, and the day the next was due, for those where that day has passed."""
        found: dict[str, tuple[sources.Source, int, date]] = {}
        for s in sorted(series):
            last, source = self.newest(s), self.held[s]
            due = self.sheets[s].known_from(last + 1)
            if due <= as_of:
                found.setdefault(source.id, (source, last, due))
        return [found[key] for key in sorted(found)]


Shelf = Iterable[sources.Source]


def catalogue(shelf: Shelf) -> dict[str, sources.SeriesSheet]:
    """Series id -> sheet, for every series that can be asked for; the newest vintage wins."""
    return {series: source.series[_short(series)] for series, source in _newest(shelf).items()}


def _short(series: str) -> str:
    return series.partition(".")[2]


def _newest(shelf: Shelf) -> dict[str, sources.Source]:
    newest: dict[str, sources.Source] = {}
    for source in sorted(shelf, key=lambda s: (s.released, s.id)):
        for name in source.series:
            newest[f"{source.family}.{name}"] = source  # a later release replaces an earlier one whole
    return newest


def load(series: Iterable[str], shelf: Shelf) -> Panel:
    """The panel of the series asked for and of those their uncertainty follows.

    Raises DataError naming each series that no dataset holds, IntegrityError for a changed file.
    """
    held = _newest(shelf)
    wanted = sorted(set(series))
    absent = [s for s in wanted if s not in held]
    if absent:
        raise DataError(
            Problem("data", s, "no dataset holds this series", hint="`eligibility data list` names those held") for s in absent
        )
    sheets = {s: held[s].series[_short(s)] for s in wanted}
    for sheet in list(sheets.values()):
        if sheet.follows and sheet.follows not in sheets:
            sheets[sheet.follows] = held[sheet.follows].series[sheet.follow_short(s)]
    values, sds = {}, {}
    for source in {held[s].id: held[s] for s in sheets}.values():
        table = sources.table(source)
        for series_id, sheet in sheets.items():
            if held[series_id].id != source.id:
                continue
            name = _short(series_id)
            values[series_id] = table[name].unstack("iso3").sort_index().sort_index(axis=1)
            if sheet.sd_kind == "published":
                sds[series_id] = table[f"{name}_sd"].unstack("iso3").sort_index().sort_index(axis=1)
    return Panel(sheets, {s: held[s] for s in sheets}, values, sds)


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

    @property
    def revised(self) -> tuple[sources.Source, ...]:
        """Datasets that came out after the date: later vintages standing in for earlier ones."""
        return tuple(s for s in self.panel.sources if s.released > self.as_of)

    def only(self, countries: Iterable[str]) -> Cells:
        """The same cells for these countries, by ISO3."""
        keep = sorted(countries)
        frames = {n: getattr(self, n).loc[keep] for n in ("value", "sd", "sd_kind", "year", "age", "mark")}
        return Cells(self.as_of, self.max_age, self.panel, **frames)


def cells(panel: Panel, as_of: date, max_age: int, assumed: Mapping[str, float] | None = None) -> Cells:
    """The newest value of each series and country that was published by `as_of` and is not too old.

    A value more than `max_age` calendar years before the as-of year is missing. One that is older
    than the publisher's newest is marked "carried" and its sd grows with the years it was carried,
    by the series' usual one-year change: sqrt(sd^2 + h * sd_1y^2).
    """
    countries = sorted(set().union(*(panel.values[s].columns for s in panel.values)))
    columns = {name: {} for name in ("value", "sd", "sd_kind", "year", "age", "mark")}
    for series in sorted(panel.sheets):
        known = panel.history(series, as_of).reindex(columns=countries)
        column = _newest_known(known, as_of.year - max_age)
        sd, kind = _sd_of(panel, series, column, assumed or {})
        carried = np.where(column.year.notna(), np.nanmax(column.year.to_numpy(), initial=0) - column.year, 0)
        if (carried > 0).any() and not panel.sheets[series].classes:  # there is no class 1.7
            drift = _one_year_change(known)
            sd = np.sqrt(sd**2 + carried * drift**2)
            kind = np.where((carried > 0) & (kind == "none"), "modelled", kind)
        columns["value"][series] = column.value
        columns["sd"][series] = pd.Series(np.where(column.value.notna(), sd, np.nan), index=countries)
        columns["sd_kind"][series] = pd.Series(np.where(column.value.notna(), kind, "none"), index=countries)
        columns["year"][series] = column.year
        columns["age"][series] = as_of.year - column.year
        columns["mark"][series] = pd.Series(np.where(carried > 0, "carried", ""), index=countries)
    frames = {name: pd.DataFrame(by_series, index=pd.Index(countries, name="iso3")) for name, by_series in columns.items()}
    return Cells(as_of, max_age, panel, **frames)


def _newest_known(known: pd.DataFrame, oldest: int) -> pd.DataFrame:
    """Value and year, by country, of the last year with a value that is not before `oldest`."""
    recent = known.loc[known.index >= oldest].to_numpy()
    years = known.index[known.index >= oldest].to_numpy()
    if not len(years):
        return pd.DataFrame({"value": np.nan, "year": np.nan}, index=known.columns)
    there = ~np.isnan(recent)
    last = len(years) - 1 - np.argmax(there[::-1], axis=0)
    any_ = there.any(axis=0)
    value = np.where(any_, recent[last, np.arange(recent.shape[1])], np.nan)
    return pd.DataFrame({"value": value, "year": np.where(any_, years[last], np.nan)}, index=known.columns)


def _sd_of(panel: Panel, series: str, column: pd.DataFrame, assumed: Mapping[str, float]) -> tuple[np.ndarray, np.ndarray]:
    """The standard deviation of each value's measurement error, and where it comes from."""
    sheet, n = panel.sheets[series], len(column)
    if series in assumed:
        return np.full(n, assumed[series]), np.full(n, "assumed", dtype=object)
    if sheet.sd_kind == "published":
        frame = panel.sds[series].reindex(columns=column.index)
        row = frame.index.get_indexer(column.year.fillna(frame.index[0]).astype(int))
        sd = frame.to_numpy()[row, np.arange(n)]
        return np.nan_to_num(sd), np.where(np.isnan(sd), "none", "published").astype(object)
    if sheet.sd_kind == "modelled" and sheet.sd_formula == "proportion":
        p = column.value.clip(0, 1).to_numpy()
        return np.nan_to_num(sheet.sd_factor * np.sqrt(p * (1 - p))), np.full(n, "modelled", dtype=object)
    if sheet.sd_formula == "constant":
        return np.full(n, sheet.sd_factor), np.full(n, sheet.sd_kind, dtype=object)
    kind = "modelled" if sheet.follows else "none"  # a class that follows another index has no sd of its own
    return np.zeros(n), np.full(n, kind, dtype=object)


def _one_year_change(known: pd.DataFrame) -> float:
    """Root mean square of the series' year-on-year changes over all countries and known years."""
    steps = np.diff(known.to_numpy(), axis=0)
    steps = steps[~np.isnan(steps)]
    return float(np.sqrt(np.mean(steps**2))) if steps.size else 0.0
