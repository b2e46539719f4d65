"""Shares with their ranges: countries drawn anew, each with all its years, for those of one country are no independent cases."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

RESAMPLES = 1_000
TAIL = 0.05  # each side of the 90 % range


@dataclass(frozen=True)
class Share:
    """A share with its 90 % range; NaN without a case."""

    value: float
    low: float
    high: float


def share(value: float, drawn: np.ndarray) -> Share:
    """A share with the range of those of the resamples, NaN where a resample has none.

    >>> share(0.5, np.array([np.nan, 0.6, 0.4]))
    Share(value=0.5, low=0.4, high=0.4)
    """
    found = np.sort(drawn[~np.isnan(drawn)])
    if np.isnan(value) or not found.size:
        return Share(*[float("nan")] * 3)
    return Share(float(value), *(float(found[int(q * (len(found) - 1))]) for q in (TAIL, 1 - TAIL)))
