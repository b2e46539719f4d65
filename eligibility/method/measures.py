"""What the tests and scales look at, as arrays of draws x countries.

One `Measures` serves a point estimate (one draw, no error), ten thousand error draws, and a
what-if (one scenario a draw): the evaluator cannot tell them apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from eligibility.data.cells import Cells
from eligibility.policy.model import ONE_YEAR, Quantity

# Under error a figure may be drawn where nothing is left to divide by; a change is then as large as can be, not unknown.
NEARLY = 1e-9


@dataclass(frozen=True)
class Measures:
    """Values of indicators now and before.

    countries   the columns, by ISO3, sorted
    now         indicator -> draws x countries, native units, NaN where missing
    before      quantity -> draws x countries: the one earlier value, the largest value of the years before
                now (peak_over, change_from_peak), or what a list says of the last months (within_months)
    absent      indicators of which no figure is held for any country: NaN for everybody, and no country's fault
    filled      the same with imputed values in the gaps; None where nothing is imputed
    held        who is on hold, whatever the figures say: countries, or draws x countries; None where nobody can be
    """

    countries: tuple[str, ...]
    now: Mapping[str, np.ndarray]
    before: Mapping[Quantity, np.ndarray]
    absent: frozenset[str] = frozenset()
    filled: Measures | None = None
    held: np.ndarray | None = None

    def of(self, quantity: Quantity) -> np.ndarray:
        """The quantity, draws x countries. Differences are rounded to 12 decimals so that a
        fall from 0.883 to 0.783 is a fall of 0.1.
        """
        now = self.now[quantity.indicator]
        if quantity.measure == "level":
            return now
        before = self.before[quantity]
        if quantity.measure == "within_months":
            return before
        if quantity.measure == "change_over":
            return np.round(now - before, 12)
        if quantity.measure == "relative_change_over":
            return np.round(now / np.maximum(before, NEARLY) - 1.0, 12)
        if quantity.measure == "gap_closed_over":
            made = before - now if quantity.falling else now - before
            return np.round(made / np.maximum(quantity.gap(before), NEARLY), 12)
        peak = np.where(np.isnan(now), np.nan, np.maximum(now, before))
        return peak if quantity.measure == "peak_over" else np.round(now - peak, 12)

    def having(self, indicator: str, values: np.ndarray) -> Measures:
        """The same measures with one indicator's present values replaced (a what-if)."""
        return replace(self, now={**self.now, indicator: values})


def point(cells: Cells, quantities: Iterable[Quantity]) -> Measures:
    """The measures of the published values: one draw without error."""
    quantities = tuple(quantities)
    values, place = cells.value.to_numpy(), {name: k for k, name in enumerate(cells.value.columns.tolist())}
    now = {q.indicator: values[None, :, place[q.indicator]] for q in quantities}
    before = {q: earlier(cells, q)[None, :] for q in quantities if q.measure != "level"}
    return Measures(cells.countries, now, before, frozenset(now) & cells.absent)


def earlier(cells: Cells, quantity: Quantity) -> np.ndarray:
    """The value `years` before each country's newest, or the largest of the years between; of a list of events 1, 0, NaN.

    A peak needs at least half of its window's years; a change needs exactly its year. There is no change in percent
    from nothing, and no share of a way that had been gone already.
    """
    if quantity.measure == "within_months":
        listed = cells.panel.dated.get(quantity.indicator)
        told = [listed.lately(c, cells.as_of, quantity.years) if listed else np.nan for c in cells.countries]
        return np.array(told, dtype=float)
    value = _before(cells, quantity)
    if quantity.measure == "relative_change_over":
        return np.where(value > 0, value, np.nan)
    return (
        np.where(quantity.gap(value) > 0, value, np.nan) if quantity.measure == "gap_closed_over" else value
    )


def _before(cells: Cells, quantity: Quantity) -> np.ndarray:
    """The same, whatever may be divided by."""
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
        enough = there >= (1 if quantity.measure in ONE_YEAR else quantity.years / 2)
        if enough.any():
            value[mine[enough]] = np.nanmax(window[:, enough], axis=0)
    return value


def within(quantity: Quantity, year: np.ndarray, newest: np.ndarray) -> np.ndarray:
    """Whether a year is one the quantity looks back at: the one year of a change, or every year of a peak but now."""
    start = newest - quantity.years
    return year == start if quantity.measure in ONE_YEAR else (year >= start) & (year < newest)
