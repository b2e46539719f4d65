"""How figures hang together: skew, correlation, Cronbach's alpha, principal components, outranking.

Kernels of the statistical audit, arrays of countries x parts; OECD and JRC 2008, Handbook on Constructing Composite
Indicators, steps 3 and 4. Results that go through linear algebra are rounded, for its last digits differ by machine.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

DIGITS = 9
Z90 = 1.6448536269514722  # of the normal, 5 % lie beyond it on either side


def skewness(x: np.ndarray) -> float:
    """G1 of the known values: sqrt(n(n-1)) / (n-2) * m3 / m2^1.5; NaN for fewer than three or all equal.

    >>> round(skewness(np.array([1.0, 2.0, 3.0, 10.0])), 6)
    1.763633
    """
    known = pd.Series(x).dropna()
    return float(known.skew()) if known.nunique() > 1 else np.nan


def kurtosis(x: np.ndarray) -> float:
    """G2 of the known values, 0 for the normal: (n-1) / ((n-2)(n-3)) * ((n+1) g2 + 6); NaN for fewer than four.

    >>> round(kurtosis(np.array([1.0, 2.0, 3.0, 10.0])), 6)
    3.228
    """
    known = pd.Series(x).dropna()
    return float(known.kurt()) if known.nunique() > 1 else np.nan


def complete(x: np.ndarray) -> np.ndarray:
    """The rows without a gap."""
    return x[~np.isnan(x).any(axis=1)]


def alpha(x: np.ndarray) -> float:
    """Cronbach's alpha of the rows without a gap: k/(k-1) * (1 - sum of variances / variance of the sum).

    Cronbach 1951, Psychometrika 16(3). NaN for one part or where the sum does not vary.

    >>> round(alpha(np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 3.0]])), 6)
    0.666667
    """
    x = complete(x)
    k = x.shape[1]
    if k < 2 or len(x) < 2:
        return np.nan
    whole = float(x.sum(axis=1).var(ddof=1))
    return float(k / (k - 1) * (1 - x.var(axis=0, ddof=1).sum() / whole)) if whole > 1e-24 else np.nan


def correlation(x: np.ndarray, y: np.ndarray) -> tuple[float, int]:
    """Pearson's r of the pairs without a gap, and how many there are; NaN where one side does not vary."""
    known = ~np.isnan(x) & ~np.isnan(y)
    a, b = x[known], y[known]
    if len(a) < 2:
        return np.nan, len(a)
    a, b = a - a.mean(), b - b.mean()
    size = float((a * a).sum() * (b * b).sum())
    return (float((a * b).sum() / np.sqrt(size)) if size > 1e-24 else np.nan), len(a)


def correlations(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Columns of x by columns of y, each from the pairs without a gap, NaN under `correlation`'s terms."""
    return np.array([[correlation(a, b)[0] for b in y.T] for a in x.T]).reshape(x.shape[1], y.shape[1])


def interval(r: float, n: int) -> tuple[float, float]:
    """The 90 % interval of a correlation of n pairs (Fisher 1921); NaN for fewer than four or a correlation not known.

    >>> [round(end, 3) for end in interval(0.5, 30)]
    [0.229, 0.699]
    """
    if n < 4 or r != r:
        return np.nan, np.nan
    middle, half = np.arctanh(min(max(r, -1 + 1e-9), 1 - 1e-9)), Z90 / np.sqrt(n - 3)
    return float(np.round(np.tanh(middle - half), DIGITS)), float(np.round(np.tanh(middle + half), DIGITS))


def rest(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Of each column the weighted mean of the others, rows with a gap NaN: what the column is no part of.

    >>> rest(np.array([[1.0, 2.0, 4.0]]), np.ones(3))
    array([[3. , 2.5, 1.5]])
    """
    whole = (x * weights).sum(axis=1, keepdims=True) - x * weights
    left = weights.sum() - weights
    return np.where(left > 1e-12, whole / np.where(left > 1e-12, left, 1.0), np.nan)


def principal(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shares of variance by component, and loadings (parts x components), of the standardised rows without a gap.

    The first loading of a component is the sign: they add up to more than zero. NaN where a part does not vary.
    """
    x = complete(x)
    k = x.shape[1]
    apart = x - x.mean(axis=0) if len(x) else x
    spread = np.sqrt((apart**2).sum(axis=0))
    if len(x) < 2 or (spread <= 1e-12).any():
        return np.full(k, np.nan), np.full((k, k), np.nan)
    z = apart / spread
    roots, vectors = np.linalg.eigh(np.array([[float((a * b).sum()) for b in z.T] for a in z.T]))
    roots, vectors = np.maximum(roots[::-1], 0.0), vectors[:, ::-1]
    loadings = np.round(vectors * np.sqrt(roots), DIGITS)
    turned = np.where(loadings.sum(axis=0) < 0, -1.0, 1.0)
    return np.round(roots / k, DIGITS), loadings * turned + 0.0


def outranking(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """o_ij: the share of weight on which row i beats row j, ties counted half; what either lacks is left out.

    >>> x = np.array([[1.0, 3, 2], [2, 2, 3], [3, 1, 1], [4, 5, 4]])
    >>> outranking(x, np.ones(3))[1, 0].round(6), outranking(x, np.ones(3))[3, 0]
    (np.float64(0.666667), np.float64(1.0))
    """
    won, of = np.zeros((len(x), len(x))), np.zeros((len(x), len(x)))
    for column, w in zip(x.T, weights, strict=True):
        apart = np.round(column[:, None] - column[None, :], 12)  # as ranks do: less is the machine's
        known = ~np.isnan(apart)
        won += w * np.where(known, (apart > 0) + 0.5 * (apart == 0), 0.0)
        of += w * known
    return np.round(won / np.where(of > 0, of, np.nan), 12)


def copeland(outranks: np.ndarray) -> np.ndarray:
    """How many others each row outranks less how many outrank it (Copeland 1951).

    >>> copeland(outranking(np.array([[1.0, 3, 2], [2, 2, 3], [3, 1, 1], [4, 5, 4]]), np.ones(3))).tolist()
    [-1, 1, -3, 3]
    """
    other = ~np.eye(len(outranks), dtype=bool)
    return ((outranks > 0.5) & other).sum(axis=1) - ((outranks < 0.5) & other).sum(axis=1)


def rank_correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Spearman's rho of the pairs without a gap: Pearson's r of their average ranks."""
    known = ~np.isnan(a) & ~np.isnan(b)
    first, second = (
        pd.Series(x[known]).rank().to_numpy() for x in (a, b)
    )  # equal values share the mean of their places
    return correlation(first, second)[0]
