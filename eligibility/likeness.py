"""How like two tables of one indicator are, and one table to itself from year to year: numbers, no judgement.

A table is a DataFrame year x iso3, NaN where there is no figure. Countries and years are met by label.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

FEWEST = 20  # countries below which a year's order says little


def table(column: pd.Series) -> pd.DataFrame:
    """A column of an (iso3, year) frame as year x iso3: the years and countries that have a figure."""
    return column.dropna().unstack("iso3").sort_index()


def meet(new: pd.DataFrame, old: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both tables, cut to the years and countries they share; NaN in both where either has none."""
    years, lands = new.index.intersection(old.index), new.columns.intersection(old.columns)
    a, b = new.reindex(index=years, columns=lands), old.reindex(index=years, columns=lands)
    both = a.notna() & b.notna()
    return a.where(both), b.where(both)


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    """The rank correlation of two arrays over the cells both have; NaN where one does not vary."""
    both = ~(np.isnan(a) | np.isnan(b))
    a, b = _ranks(a[both]), _ranks(b[both])
    if len(a) < 2 or a.std() == 0 or b.std() == 0:
        return np.nan
    return float(np.corrcoef(a, b)[0, 1])


def _ranks(values: np.ndarray) -> np.ndarray:
    """Ranks, ties shared."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[inverse]


def by_year(a: pd.DataFrame, b: pd.DataFrame) -> pd.Series:
    """Year -> rank correlation over countries, for the years in which enough of them have a figure in both."""
    x, y = a.to_numpy(), b.to_numpy()
    enough = (~np.isnan(x) & ~np.isnan(y)).sum(axis=1) >= FEWEST
    return pd.Series(
        {year: correlation(x[i], y[i]) for i, year in enumerate(a.index) if enough[i]}, dtype=float
    )


def places(a: pd.DataFrame) -> pd.DataFrame:
    """Each figure's place among those of its year, 0 to 1: free of units, levels and one-way rescaling."""
    return a.rank(axis=1, pct=True)


def spread(values: np.ndarray) -> float:
    """The distance from the 5th to the 95th percentile, or the standard deviation where most are one value."""
    known = values[~np.isnan(values)]
    if not known.size:
        return np.nan
    low, high = np.quantile(known, [0.05, 0.95])
    return float(high - low) or float(known.std())


@dataclass(frozen=True)
class Steps:
    """A table beside itself one year earlier, one row a year that has a year before.

    order      rank correlation with the year before
    level      the median's change, in spreads of the whole table
    width      this year's spread over that of the year before, of the countries in both
    same       share of countries whose figure is the very one of the year before
    count      countries, over those of the year before
    """

    order: pd.Series
    level: pd.Series
    width: pd.Series
    same: pd.Series
    count: pd.Series

    def without(self, years: list[int]) -> Steps:
        """The same but for some years."""
        return Steps(**{name: of.drop(years, errors="ignore") for name, of in vars(self).items()})


def steps(a: pd.DataFrame) -> Steps:
    """What changes from each year to the next that has figures."""
    a = a.dropna(how="all")
    x = a.to_numpy()
    whole, rows = spread(x), {}
    for i in range(1, len(x)):
        before, now = x[i - 1], x[i]
        both = ~(np.isnan(before) | np.isnan(now))
        enough = both.sum() >= FEWEST
        wide = spread(before[both])
        rows[a.index[i]] = (
            correlation(before, now) if enough else np.nan,
            abs(np.median(now[both]) - np.median(before[both])) / whole if enough and whole else np.nan,
            spread(now[both]) / wide if enough and wide else np.nan,
            float((before[both] == now[both]).mean()) if enough else np.nan,
            (~np.isnan(now)).sum() / (~np.isnan(before)).sum()
            if (~np.isnan(before)).sum() >= FEWEST
            else np.nan,
        )
    frame = pd.DataFrame.from_dict(
        rows, orient="index", columns=list(Steps.__dataclass_fields__), dtype=float
    )
    return Steps(**{name: frame[name] for name in frame})


def gaps(a: pd.DataFrame) -> float:
    """The share of empty cells between each country's first figure and its last, in the years anybody has one."""
    a = a.dropna(how="all")
    inside = a.ffill().notna() & a.bfill().notna()
    total = int(inside.to_numpy().sum())
    return 1 - int(a.notna().to_numpy().sum()) / total if total else 0.0


def seams(a: pd.DataFrame) -> tuple[float, float]:
    """How much less alike countries' first two figures are than their second two, and their last two: where columns
    moved by a row spill from country to country. NaN where few countries have four figures.
    """
    rows = [known for iso3 in a if len(known := a[iso3].dropna().to_numpy()) >= 4]
    if len(rows) < FEWEST:
        return np.nan, np.nan
    first, second, last = (
        correlation(*np.array([known[at] for known in rows]).T)
        for at in (slice(0, 2), slice(1, 3), slice(-2, None))
    )
    return second - first, second - last


def neighbours(tables: Mapping[str, pd.DataFrame]) -> Iterator[tuple[str, int, float, float]]:
    """Each table's name, the row off (-1 or 1) in which its changes follow best those of any other table, how well they do
    there, and how well in their own row: the size of the correlation, so that opposites count too. Few changes count as 0.
    """
    years = sorted(set().union(*(table.index for table in tables.values())))
    lands = sorted(set().union(*(table.columns for table in tables.values())))
    if len(years) < 4 or len(tables) < 2:
        return
    steps = np.array([_changes(t.reindex(index=years, columns=lands)) for t in tables.values()])
    rows = steps.shape[1]
    best = {
        by: _following(steps[:, max(by, 0) : rows + min(by, 0)], steps[:, max(-by, 0) : rows + min(-by, 0)])
        for by in (-1, 0, 1)
    }
    for i, name in enumerate(tables):
        by = max((-1, 1), key=lambda by: best[by][i])
        yield name, by, float(best[by][i]), float(best[0][i])


def _changes(a: pd.DataFrame) -> np.ndarray:
    """What each country's figure changes by from year to year, as a root with its sign: that tames the few great ones."""
    steps: np.ndarray = np.diff(a.to_numpy(), axis=0)
    return np.sign(steps) * np.sqrt(abs(steps))


def _following(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """For each layer of a the size of its best correlation with another layer of b, over the cells both have."""
    a, b = a.reshape(len(a), -1), b.reshape(len(b), -1)
    has, got = (~np.isnan(a)).astype(float), (~np.isnan(b)).astype(float)
    a, b = np.nan_to_num(a), np.nan_to_num(b)
    few = np.minimum((a != 0) @ got.T, has @ (b != 0).T) < FEWEST
    with np.errstate(invalid="ignore", divide="ignore"):
        count = has @ got.T
        x, y = a @ got.T, has @ b.T
        wide = (a**2 @ got.T - x**2 / count) * (has @ (b**2).T - y**2 / count)
        size = abs(a @ b.T - x * y / count) / np.sqrt(wide)
    size[few | ~np.isfinite(size)] = 0
    np.fill_diagonal(size, 0)
    most: np.ndarray = size.max(axis=1)
    return most


def slide(a: pd.DataFrame, b: pd.DataFrame, by: int) -> float:
    """How well the yearly changes of one table follow those of the other `by` years later; NaN where few change."""
    moved = b.copy()
    moved.index = moved.index + by
    x, y = meet(a, moved)
    if len(x) < 3:
        return np.nan
    u, v = _changes(x), _changes(y)
    both = ~(np.isnan(u) | np.isnan(v))
    u, v = u[both], v[both]
    if (u != 0).sum() < FEWEST or u.std() == 0 or v.std() == 0:
        return np.nan
    return float(np.corrcoef(u, v)[0, 1])
