"""What the tests and scales look at, as arrays of draws x countries.

One `Measures` serves a point estimate (one draw, no error), ten thousand error draws, and a
what-if (one scenario a draw): the evaluator cannot tell them apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from eligibility.panel import Cells
from eligibility.policy import Quantity


@dataclass(frozen=True)
class Measures:
    """Values of indicators now and before.

    countries   the columns, by ISO3, sorted
    now         indicator -> draws x countries, native units, NaN where missing
    before      quantity -> draws x countries: the earlier value (change_over) or the largest
                value of the years before now (peak_over, change_from_peak)
    absent      indicators of which no figure is held for any country: NaN for everybody, and no country's fault
    filled      the same with imputed values in the gaps; None where nothing is imputed
    """

    countries: tuple[str, ...]
    now: Mapping[str, np.ndarray]
    before: Mapping[Quantity, np.ndarray]
    absent: frozenset[str] = frozenset()
    filled: Measures | None = None

    def of(self, quantity: Quantity) -> np.ndarray:
        """The quantity, draws x countries. Differences are rounded to 12 decimals so that a
        fall from 0.883 to 0.783 is a fall of 0.1.
        """
        now = self.now[quantity.indicator]
        if quantity.measure == "level":
            return now
        before = self.before[quantity]
        if quantity.measure == "change_over":
            return np.round(now - before, 12)
        peak = np.where(np.isnan(now), np.nan, np.maximum(now, before))
        return peak if quantity.measure == "peak_over" else np.round(now - peak, 12)

    def having(self, indicator: str, values: np.ndarray) -> Measures:
        """The same measures with one indicator's present values replaced (a what-if)."""
        return replace(self, now={**self.now, indicator: values})


def point(cells: Cells, quantities: Iterable[Quantity]) -> Measures:
    """The measures of the published values: one draw without error."""
    quantities = tuple(quantities)
    now = {q.indicator: cells.value[q.indicator].to_numpy()[None, :] for q in quantities}
    before = {q: _before(cells, q)[None, :] for q in quantities if q.measure != "level"}
    return Measures(cells.countries, now, before, frozenset(now) & cells.absent)


def _before(cells: Cells, quantity: Quantity) -> np.ndarray:
    """The value `years` before each country's newest, or the largest of the years between.

    A peak needs at least half of its window's years; a change needs exactly its year.
    """
    history = cells.panel.history(quantity.indicator, cells.as_of)
    newest = cells.year[quantity.indicator].to_numpy()
    value, years = np.full(len(newest), np.nan), history.index.to_numpy()
    at = history.columns.get_indexer(cells.value.index)
    known = (
        np.where(at >= 0, history.to_numpy(dtype=float)[:, at], np.nan)
        if len(history.columns)
        else np.full((len(years), len(at)), np.nan)
    )
    for year in np.unique(newest[~np.isnan(newest)]):
        mine = np.flatnonzero(newest == year)
        window = known[within(quantity, years, year)][:, mine]
        there = (~np.isnan(window)).sum(axis=0)
        enough = there >= (1 if quantity.measure == "change_over" else quantity.years / 2)
        if enough.any():
            value[mine[enough]] = np.nanmax(window[:, enough], axis=0)
    return value


def within(quantity: Quantity, year: np.ndarray, newest: np.ndarray) -> np.ndarray:
    """Whether a year is one the quantity looks back at: the one year of a change, or every year of a peak but now."""
    start = newest - quantity.years
    return year == start if quantity.measure == "change_over" else (year >= start) & (year < newest)
