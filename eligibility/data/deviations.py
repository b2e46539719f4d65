"""How large the measurement error of a value is: published with it, published in another release, modelled or assumed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from eligibility.data import normal
from eligibility.data.sources import SeriesSheet
from eligibility.policy.model import OfValue


def sd_of(
    sheet: SeriesSheet,
    value: np.ndarray,
    assumed: float | OfValue | None,
    published: np.ndarray,
    borrowed: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Standard deviations in native units, one a value, and the kind of each: "published", "modelled", "assumed", "none".

    In this order: what the criteria assume, what was published with the value, what another release published for the
    same country and year, the width the sheet models.
    """

    def kinds(word: str) -> np.ndarray:
        return np.full(len(value), word, dtype=object)

    if isinstance(assumed, OfValue):
        return assumed.share * np.abs(np.nan_to_num(value)), kinds("assumed")
    if assumed is not None:
        return np.full(len(value), assumed), kinds("assumed")
    if sheet.sd_formula:
        sd, kind = modelled(sheet, value), kinds("modelled")
    else:  # a class that follows another index has no sd of its own
        sd, kind = np.zeros(len(value)), kinds("modelled" if sheet.follows else "none")
    for given, word in ((borrowed, "modelled"), (published, "published")):
        sd = np.where(np.isnan(given), sd, given)
        kind = np.where(np.isnan(given), kind, kinds(word))
    return sd, kind


def modelled(sheet: SeriesSheet, value: np.ndarray) -> np.ndarray:
    """Half the width of a 68 % interval around each value by the sheet's formula, 0 where a value is missing.

    probit   factor * density(quantile(p)): as wide for every value on the scale of a normal variable
    power    factor * p^a * (1 - p)^b, for products of indices
    """
    p = np.clip(np.where(np.isnan(value), 0.5, value), 0.0, 1.0)
    if sheet.sd_formula == "power":
        assert sheet.sd_powers and sheet.sd_factor is not None  # as the sheet was checked to have
        a, b = sheet.sd_powers
        half = sheet.sd_factor * p**a * (1.0 - p) ** b
    else:
        assert sheet.sd_factor is not None
        half = sheet.sd_factor * normal.density(normal.quantile(p))
    # a power's last digit is the machine's
    return np.where(np.isnan(value), 0.0, np.round(half, normal.DECIMALS))


def at(frame: pd.DataFrame | None, year: np.ndarray, countries: pd.Index) -> np.ndarray:
    """The cell of each country's own year; NaN where the frame has no such year or country, or there is no frame."""
    out = np.full(len(countries), np.nan)
    if frame is None or not len(frame):
        return out
    cells = frame.reindex(columns=countries).to_numpy()
    row = np.nan_to_num(year - frame.index[0], nan=-1.0).astype(int)
    inside = (row >= 0) & (row < len(cells))
    out[inside] = cells[row[inside], np.flatnonzero(inside)]
    return out
