"""One value a country and indicator, as known at a date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from eligibility.data.panel import Panel
from eligibility.data.sources import SeriesSheet, Source
from eligibility.framed import Framed
from eligibility.policy.model import OfValue

_FRAMES = ("value", "sd", "sd_kind", "year", "age", "mark")  # of Cells


@dataclass(frozen=True, repr=False)
class Cells(Framed):
    """One value a country and indicator, as known at a date.

    value, sd   DataFrame iso3 x indicator; NaN where nothing recent enough was published
    year, age   the year it describes; whole calendar years before the as-of date
    mark        "", "carried" (the publisher had newer values for others, not for this country) or, of a status
                whose list ends before the date, "list to" that day
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

    @cached_property
    def countries(self) -> tuple[str, ...]:
        return tuple(self.value.index.tolist())

    @property
    def sheets(self) -> Mapping[str, SeriesSheet]:
        return self.panel.sheets

    @cached_property
    def absent(self) -> frozenset[str]:
        """Series of which the whole panel has no figure that was published by the date and is not too old."""
        here = ~np.isnan(self.value.to_numpy(dtype=float)).all(axis=0)  # who is here may be few of the panel
        nobody = [s for s, some in zip(self.value.columns, here, strict=True) if not some]
        histories = {s: self.panel.history(s, self.as_of) for s in nobody}
        return frozenset(
            s
            for s, frame in histories.items()
            if not frame[frame.index >= self.oldest(s)].notna().to_numpy().any()
        )

    def oldest(self, series: str) -> int:
        """The first year whose figure of a series still counts."""
        return self.as_of.year - self.own_ages.get(series, self.max_age)

    @property
    def revised(self) -> tuple[Source, ...]:
        """Datasets that came out after the date: later vintages standing in for earlier ones."""
        return tuple(s for s in self.panel.sources if s.released > self.as_of and not s.dated)

    def only(self, countries: Iterable[str]) -> Cells:
        """The same cells for these countries, by ISO3."""
        at = self.value.index.get_indexer(sorted(countries))
        if (at < 0).any():
            raise KeyError("only countries that have cells")
        return replace(self, **{n: getattr(self, n).take(at) for n in _FRAMES})


def known_at(
    panel: Panel,
    as_of: date,
    max_age: int,
    assumed: Mapping[str, float | OfValue] | None = None,
    own_ages: Mapping[str, int] | None = None,
) -> Cells:
    """The newest value of each series and country that was published by `as_of` and is not too old.

    A value more than `max_age` calendar years before the as-of year, or than its series' own age, is missing. One that is older
    than the publisher's newest is marked "carried" and its sd grows with the years it was carried,
    by the series' usual one-year change: sqrt(sd^2 + h * sd_1y^2). A status is that of the
    very day, at any age of its list but where the series has an age of its own.
    """
    assumed, own_ages = assumed or {}, own_ages or {}
    lists_of = {id(f.columns): f.columns for f in panel.values.values()}  # all series of a release share one
    countries = pd.Index(sorted(set().union(*(c.tolist() for c in lists_of.values()))), name="iso3")
    columns: dict[str, dict[str, np.ndarray]] = {n: {} for n in _FRAMES}
    places = {id(c): countries.get_indexer(c) for c in lists_of.values()}
    for series in sorted(panel.sheets):
        frame, out = panel.values[series], panel.out(series, as_of)
        known = np.full((out, len(countries)), np.nan)
        known[:, places[id(frame.columns)]] = frame.to_numpy()[:out]
        years = frame.index.to_numpy()[:out]
        oldest = as_of.year - own_ages.get(series, max_age)
        anyone = ~np.isnan(known).all(axis=1)
        if not panel.sheets[series].carry and anyone.any():
            oldest = max(oldest, int(years[anyone][-1]))
        value, year = _newest_known(known, years, oldest)
        told = None
        if series in panel.statuses:
            value, year, told = panel.dated[series].at(as_of, countries)
            spent = as_of.year - year > own_ages.get(series, np.inf)
            value, year = np.where(spent, np.nan, value), np.where(spent, np.nan, year)
            told = np.where(spent, "", told)
        sd, kind = panel.sd_of(series, value, year, countries, assumed)
        there = ~np.isnan(value)
        newest = year[there].max(initial=0)
        carried = np.where(there & (told is None), newest - year, 0)
        if (carried > 0).any() and not panel.sheets[series].classes:  # there is no class 1.7
            sd = np.sqrt(sd**2 + carried * _one_year_change(known) ** 2)
            kind = np.where((carried > 0) & (kind == "none"), "modelled", kind)
        columns["value"][series], columns["year"][series] = value, year
        columns["age"][series] = as_of.year - year
        columns["sd"][series] = np.where(there, sd, np.nan)
        columns["sd_kind"][series] = np.where(there, kind, "none")
        columns["mark"][series] = np.where(carried > 0, "carried", "") if told is None else told
    names = pd.Index(list(columns["value"]))
    frames = {
        n: pd.DataFrame(np.column_stack(list(c.values())), countries, names, object if words else float)
        if c
        else pd.DataFrame(index=countries)
        for n, c in columns.items()
        for words in [n in ("sd_kind", "mark")]
    }
    return Cells(as_of, max_age, own_ages, panel, **frames)


def _newest_known(known: np.ndarray, years: np.ndarray, oldest: int) -> tuple[np.ndarray, np.ndarray]:
    """Value and year, by country, of the last year with a value that is not before `oldest`; NaN without."""
    recent, years = known[years >= oldest], years[years >= oldest]
    value, year = np.full(known.shape[1], np.nan), np.full(known.shape[1], np.nan)
    for row, of in zip(recent, years, strict=True):
        there = ~np.isnan(row)
        value[there], year[there] = row[there], of
    return value, year


def _one_year_change(known: np.ndarray) -> float:
    """Root mean square of the series' year-on-year changes over all countries and known years."""
    steps = np.diff(known, axis=0)
    steps = steps[~np.isnan(steps)]
    return float(np.sqrt(np.mean(steps**2))) if steps.size else 0.0
