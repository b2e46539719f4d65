"""On which scale an error is normal, and how it runs through the years of one indicator.

Latent       values on the scale on which their errors are normal
Path         one indicator's earlier years, from each country's newest backwards
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from eligibility.data import normal
from eligibility.data.cells import Cells
from eligibility.data.sources import SeriesSheet
from eligibility.method.measures import within
from eligibility.policy.model import Quantity, Uncertainty

WIDEST = 1.0  # sd on the probit scale: at the middle of it every value from 0 to 1 is as likely; wider piles up at the ends
SAME = 3  # decimals by which two years' values are one: V-Dem publishes three


@dataclass(frozen=True)
class Latent:
    """Values and standard deviations on the scale on which errors are normal: countries x 1, x datasets or x draws.

    shape   "normal": m and s in native units, draws held to lo and hi
            "probit": m = quantile(p), s = half / density(m), so that a draw cdf(m + s z) has its median at the published
            p, never leaves 0 to 1, and half of a 68 % interval is `half`. Only its width is used: V-Dem's bounds are
            ends of a highest-density interval, whose skew is the other way round from that of quantiles.
    """

    m: np.ndarray
    s: np.ndarray
    shape: str
    lo: float
    hi: float

    def back(self, x: np.ndarray) -> np.ndarray:
        """Native values of values on this scale, which they take the place of."""
        return normal.cdf(x) if self.shape == "probit" else np.clip(x, self.lo, self.hi, out=x)

    def filled(self, imputed: Latent, gap: np.ndarray, which: np.ndarray) -> Latent:
        """The same with the gaps as the dataset of each draw has them, countries x draws."""

        def pick(known: np.ndarray, other: np.ndarray) -> np.ndarray:
            return np.where(gap[:, None], other[:, which], known)

        return replace(self, m=pick(self.m, imputed.m), s=pick(self.s, imputed.s))


def latent(sheet: SeriesSheet, value: np.ndarray, sd: np.ndarray) -> Latent:
    """Values and native standard deviations, countries (x datasets), on the scale of the series' errors."""
    value, sd = (x if x.ndim == 2 else x[:, None] for x in (value, np.nan_to_num(sd)))
    if sheet.shape == "probit":
        m = normal.quantile(value)
        with np.errstate(invalid="ignore"):
            s = np.minimum(np.where(np.isnan(m), 0.0, sd / normal.density(m)), WIDEST)
        return Latent(m, s, sheet.shape, sheet.lo, sheet.hi)
    return Latent(value, sd, sheet.shape, sheet.lo, sheet.hi)


@dataclass(frozen=True)
class Step:
    """One year of a path, later years first.

    fresh   positions of the countries whose error is drawn anew here; gap: years from the one drawn before
    asked   quantity -> positions of the countries whose value of this year it looks at
    """

    year: int
    fresh: np.ndarray
    gap: np.ndarray
    m: np.ndarray
    s: np.ndarray
    asked: Mapping[Quantity, np.ndarray]


@dataclass(frozen=True)
class Path:
    """The earlier years of one indicator that its quantities look at."""

    quantities: tuple[Quantity, ...]
    steps: tuple[Step, ...]


def path(
    cells: Cells,
    indicator: str,
    quantities: Sequence[Quantity],
    uncertainty: Uncertainty,
    stretch: float = 1.0,
) -> Path:
    """What is drawn of the years before each country's newest.

    A year whose value is that of the year after it, to three decimals, keeps that year's error and its width: both
    rest on the same ratings. Every year on the way is drawn, so that a test more or fewer of an indicator does not
    change what the others see.
    """
    sheet, newest = cells.sheets[indicator], cells.year[indicator].to_numpy()
    history = cells.panel.history(indicator, cells.as_of).reindex(columns=list(cells.countries))
    assumed, countries = dict(uncertainty.assumed_sd), cells.value.index

    def at(value: np.ndarray, year: np.ndarray) -> Latent:
        return latent(
            sheet, value, cells.panel.sd_of(indicator, value, year, countries, assumed)[0] * stretch
        )

    reach = max(q.years for q in quantities)
    value, last = cells.value[indicator].to_numpy(), newest
    s, drawn = at(value, newest).s, newest
    steps = []
    for year, known in zip(history.index[::-1].astype(int), history.to_numpy()[::-1], strict=True):
        there = (year < newest) & (year >= newest - reach) & ~np.isnan(known)
        if not there.any():
            continue
        moved = there & ~((last == year + 1) & (np.round(known, SAME) == np.round(value, SAME)))
        value, last = np.where(there, known, value), np.where(there, year, last)
        here = at(known, np.full(len(newest), float(year)))
        s = np.where(moved[:, None], here.s, s)
        asked = {q: np.flatnonzero(there & within(q, year, newest)) for q in quantities}
        fresh = np.flatnonzero(moved)
        steps.append(Step(year, fresh, (drawn - year)[fresh].astype(int), here.m, s, asked))
        drawn = np.where(moved, year, drawn)
    return Path(tuple(quantities), tuple(steps))


def powers(x: float, most: int) -> np.ndarray:
    """x to the 0 up to `most`, by multiplication: a library's power differs between machines in the last digit."""
    return np.multiply.accumulate(np.array([1.0, *[x] * most]))


def of_change(h: np.ndarray, k: np.ndarray, r: np.ndarray | float) -> np.ndarray:
    """The standard error of a change between two values: widths h and k of their errors, r their correlation.

    Along a path r is the persistence to the power of the years between the two errors.
    """
    return np.sqrt(np.maximum(h**2 + k**2 - 2.0 * r * h * k, 0.0))
