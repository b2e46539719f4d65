"""The standard normal distribution by table and by rounding, so that every machine gives the same bytes.

quantile, density   one value a cell, rounded to twelve decimals: libraries differ in the last of sixteen
student             of few degrees of freedom, by expansion
cdf                 millions of draws: read off a table, straight between its entries
"""

from __future__ import annotations

import math
from functools import cache, lru_cache
from statistics import NormalDist

import numpy as np

DECIMALS = 12
LEAST = 0.0005  # an index at an end of its scale counts as this far from it, or it would have no error at all
PER_UNIT = 256  # entries of the table of `cdf` from one whole number to the next
REACH = 9  # where it ends: beyond, a share differs from nought or one by nothing a float can hold

_NORMAL = NormalDist()


def quantile(p: np.ndarray) -> np.ndarray:
    """The value below which the share `p` lies, any shape; a share is held to `LEAST` and one less it, NaN stays.

    >>> quantile(np.array([0.5, 0.975, 1.0])).round(2).tolist()
    [0.0, 1.96, 3.29]
    """
    held = np.clip(p, LEAST, 1.0 - LEAST)
    flat = [x if x != x else _quantile(x) for x in held.ravel().tolist()]
    return np.array(flat, dtype=float).reshape(held.shape)


def density(x: np.ndarray) -> np.ndarray:
    """The height of the curve at `x`, any shape; NaN stays.

    >>> density(np.array([0.0])).round(3).tolist()
    [0.399]
    """
    flat = [each if each != each else _density(each) for each in x.ravel().tolist()]
    return np.array(flat, dtype=float).reshape(x.shape)


# Publishers print few digits and every release has the same figures again.
@lru_cache(maxsize=2**15)
def _quantile(share: float) -> float:
    return round(_NORMAL.inv_cdf(share), DECIMALS)


@lru_cache(maxsize=2**15)
def _density(x: float) -> float:
    return round(_NORMAL.pdf(x), DECIMALS)


def cdf(x: np.ndarray) -> np.ndarray:
    """The share below `x`, any shape, by straight lines between the entries of a table: off by 5e-7 at most; NaN stays.

    Takes the place of `x`, which must not be needed any more.

    >>> cdf(np.array([0.0, 1.96])).round(3).tolist()
    [0.5, 0.975]
    """
    level, slope = _table()
    x += REACH
    x *= PER_UNIT
    np.clip(x, 0, len(slope) - 1, out=x)
    with np.errstate(invalid="ignore"):  # what NaN becomes as a place does not matter: it stays NaN below
        place = x.astype(np.int32)
    x -= place
    x *= np.take(slope, place, mode="clip")
    x += np.take(level, place, mode="clip")
    return x


def student(p: float, nu: int) -> float:
    """The value below which the share `p` of Student's distribution lies: exact for one or two degrees of freedom, then
    by expansion (Abramowitz & Stegun 26.7.5, all four terms).

    nu   degrees of freedom: at three right to 0.005, from five on to 0.0005

    >>> [round(student(0.975, nu), 2) for nu in (1, 2, 3, 99)]
    [12.71, 4.3, 3.18, 1.98]
    """
    if nu == 1:
        return math.tan(math.pi * (p - 0.5))
    if nu == 2:
        return (2 * p - 1) / math.sqrt(2 * p * (1 - p))
    q = _NORMAL.inv_cdf(p)
    terms = (
        (q**3 + q) / 4,
        (5 * q**5 + 16 * q**3 + 3 * q) / 96,
        (3 * q**7 + 19 * q**5 + 17 * q**3 - 15 * q) / 384,
        (79 * q**9 + 776 * q**7 + 1482 * q**5 - 1920 * q**3 - 945 * q) / 92160,
    )
    return q + sum(term / nu**k for k, term in enumerate(terms, start=1))


@cache
def _table() -> tuple[np.ndarray, np.ndarray]:
    """The share at each entry, and the way to the next."""
    level = np.array([round(_NORMAL.cdf(k / PER_UNIT - REACH), 15) for k in range(2 * REACH * PER_UNIT + 1)])
    return level, np.append(np.diff(level), 0.0)
