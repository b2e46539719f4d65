"""How far one indicator moved between two years, and how large the error of that move is, along its one error path."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eligibility.data import normal
from eligibility.data.cells import Cells
from eligibility.method.error_paths import Latent, latent, of_change, path, powers
from eligibility.policy.model import Quantity, Uncertainty


@dataclass(frozen=True)
class Track:
    """One indicator's years up to each country's newest: arrays of years x countries, NaN where not held.

    years    ascending, every year from first to last
    newest   the last year by country, -1 where it has none
    value    native units; half: standard deviation of the error of each, native units
    of       the year whose error the value shares: an unchanged value is the same estimate as that of the year after
    """

    years: np.ndarray
    newest: np.ndarray
    value: np.ndarray
    half: np.ndarray
    of: np.ndarray
    persistence: float

    def at(self, values: np.ndarray, year: np.ndarray, country: np.ndarray) -> np.ndarray:
        """Entries of an array of years x countries, NaN for a year that is not held."""
        row = year - self.years[0]
        inside = (row >= 0) & (row < len(self.years))
        return np.where(inside, values[np.where(inside, row, 0), country], np.nan)

    def error(self, a: np.ndarray, b: np.ndarray, country: np.ndarray) -> np.ndarray:
        """The standard deviation of the error of each change from a year `a` to a year `b`; NaN where one is not held."""
        h, k = (self.at(self.half, year, country) for year in (a, b))
        apart = np.nan_to_num(np.abs(self.at(self.of, a, country) - self.at(self.of, b, country))).astype(int)
        r = powers(self.persistence, int(apart.max(initial=0)))[apart]
        return of_change(h, k, r)


def track(cells: Cells, indicator: str, uncertainty: Uncertainty, back: int) -> Track:
    """The last `back` years of an indicator with the errors that the model's path gives them.

    Nothing is carried: a country whose newest is older has its own years and none after them.
    """
    sheet, countries = cells.sheets[indicator], cells.value.index
    way = path(cells, indicator, (Quantity(indicator, "peak_over", back),), uncertainty)
    newest, now = cells.year[indicator].to_numpy(), cells.value[indicator].to_numpy()
    there = np.flatnonzero(~np.isnan(newest))
    if not there.size:
        value, half, of = np.full((3, 1, len(newest)), np.nan)
        return Track(np.array([cells.as_of.year]), np.full(len(newest), -1), value, half, of, 1.0)
    first = min([int(newest[there].min()), *(step.year for step in way.steps)])
    years = np.arange(first, int(newest[there].max()) + 1)
    held = cells.panel.history(indicator, cells.as_of).reindex(years, columns=countries).to_numpy(dtype=float)
    value, half, of = np.full((3, *held.shape), np.nan)
    sd = cells.panel.sd_of(indicator, now, newest, countries, dict(uncertainty.assumed_sd))[0]
    row = newest[there].astype(int) - first
    value[row, there], of[row, there] = now[there], newest[there]
    half[row, there] = _native(latent(sheet, now, sd))[there]
    share = np.nan_to_num(newest)
    for step in way.steps:
        share[step.fresh] = step.year
        (mine,) = step.asked.values()
        k = step.year - first
        value[k, mine], of[k, mine] = held[k, mine], share[mine]
        half[k, mine] = _native(Latent(step.m, step.s, sheet.shape, sheet.lo, sheet.hi))[mine]
    return Track(years, np.nan_to_num(newest, nan=-1).astype(int), value, half, of, uncertainty.persistence)


def _native(at: Latent) -> np.ndarray:
    """Standard deviations in native units of values on the scale of their errors."""
    return at.s[:, 0] * (normal.density(at.m[:, 0]) if at.shape == "probit" else 1.0)
