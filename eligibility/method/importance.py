"""Weights are not importance: how much of the score's variation each part accounts for.

The main effect of a part is the share of the score's variance that is explained once that part alone is known,
S = Var(E[y | x]) / Var(y), the correlation ratio (Paruolo, Saisana and Saltelli 2013, JRSS-A 176(3) 609-634). What a curve
explains of pure noise is taken off (Ezekiel 1930).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from eligibility.method import streams
from eligibility.method.structure import correlation

KNOTS = 5
PENALTIES = 10.0 ** np.arange(-6.0, 5.0)
RESAMPLES = 500
TAIL = 0.05  # each side of a 90 % interval
LEAST = 30  # countries below which nothing of this is said: of ten, a curve explains half of pure noise
DIGITS = 9  # what is left of linear algebra's last digits is not printed


def spline_effect(
    x: np.ndarray,
    y: np.ndarray,
    counts: np.ndarray | None = None,
    penalties: Sequence[float] | np.ndarray = PENALTIES,
    corrected: bool = False,
) -> np.ndarray:
    """The main effect with E[y | x] a penalised cubic spline; one a row of `counts`.

    corrected   whether what as bendy a curve explains of pure noise is taken off

    The cubic itself is free; what the knots add is penalised as generalised cross-validation says (Ruppert, Wand and
    Carroll 2003, chapter 5). An infinite penalty leaves the cubic. Directions in which x does not vary are left out, so
    a part with three values gets their means.
    """
    c = np.ones((1, len(x))) if counts is None else counts
    n = c.sum(axis=1)
    y = y - y.mean()
    every = np.column_stack([_basis(x), y])
    pairs = (every[:, :, None] * every[:, None, :]).reshape(len(y), -1)
    # einsum keeps to one thread: the threads of a product this small cost more than it does
    gram = np.einsum("bn,np->bp", c, pairs).reshape(len(c), every.shape[1], every.shape[1])
    inner = np.linalg.pinv(gram[:, :4, :4], rcond=1e-10, hermitian=True)
    cross, to_y = gram[:, :4, 4:-1], gram[:, :4, -1:]
    slope = inner @ to_y
    tss = (c * y**2).sum(axis=1) - (c * y).sum(axis=1) ** 2 / n
    cubic = (np.swapaxes(to_y, 1, 2) @ slope)[:, 0, 0]
    free = cubic - (c * y).sum(axis=1) ** 2 / n  # what the cubic explains
    left = gram[:, 4:-1, 4:-1] - np.swapaxes(cross, 1, 2) @ inner @ cross
    roots, turn = np.linalg.eigh(left)
    roots = np.where(roots > 1e-9, roots, 0.0)
    pull = np.swapaxes(turn, 1, 2) @ (gram[:, 4:-1, -1:] - np.swapaxes(cross, 1, 2) @ slope)
    pull = np.where(roots > 0, pull[:, :, 0], 0.0)
    tied = 4 - np.linalg.matrix_rank(gram[:, :4, :4], rtol=1e-10, hermitian=True)  # of few values
    best, share = np.full(len(c), np.inf), np.full(len(c), np.nan)
    for penalty in penalties:
        held = 0.0 if np.isinf(penalty) else 1.0 / np.where(roots > 0, roots + penalty, np.inf)
        explained = free + (roots * (pull * held) ** 2).sum(axis=1)
        residual = tss - free - ((2 * pull**2 * held) - roots * (pull * held) ** 2).sum(axis=1)
        used = 4.0 + (roots * held).sum(axis=1)
        score = residual / np.maximum(n - used, 1e-9) ** 2
        with np.errstate(divide="ignore", invalid="ignore"):
            found = explained / tss
            if corrected:
                found = 1.0 - (1.0 - found) * (n - 1.0) / np.maximum(n - (used - tied), 1e-9)
            share = np.where(score < best, np.where(tss > 1e-15, found, np.nan), share)
        best = np.minimum(best, score)
    return np.clip(share, 0.0, 1.0)


def _basis(x: np.ndarray) -> np.ndarray:
    """Cubic and truncated cubics at the quantiles, each column of size about one."""
    low, high = x.min(), x.max()
    z = (x - low) / (high - low) if high > low else np.zeros_like(x)
    knots = np.quantile(z, np.arange(1, KNOTS + 1) / (KNOTS + 1))
    bent = np.maximum(z[:, None] - knots, 0.0) ** 3
    size = bent.max(axis=0)
    t = 2 * z - 1
    return np.column_stack(
        [np.ones_like(t), t, 2 * t**2 - 1, 4 * t**3 - 3 * t, bent / np.where(size > 0, size, 1.0)]
    )


def weights_for(covariance: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """The weights, sum 1, of a weighted sum whose main effects are in these proportions; NaN if there are none.

    Main effects in proportion to `wanted` means (Cw)_i in proportion to sqrt(C_ii wanted_i): a system of linear equations.
    A negative weight says that no index with these parts has the importance that is stated.
    """
    if np.linalg.matrix_rank(covariance, tol=1e-9 * np.trace(covariance), hermitian=True) < len(wanted):
        return np.full(len(wanted), np.nan)
    found = np.linalg.solve(covariance, np.sqrt(np.diag(covariance) * wanted))
    return found / found.sum()


def discrepancy(weights: np.ndarray, effects: np.ndarray) -> float:
    """The largest gap between stated and real importance, both relative to the part with the largest weight.

    >>> discrepancy(np.array([0.5, 0.5]), np.array([0.8, 0.4]))
    0.5
    """
    largest = int(np.argmax(weights))
    if not effects[largest] > 0:
        return np.nan
    return float(np.abs(weights / weights[largest] - effects / effects[largest]).max())


def resamples(countries: Sequence[str], seed: int, n: int = RESAMPLES) -> np.ndarray:
    """resamples x countries: how much each country counts in each resample, on average once (Rubin 1981).

    Each country has a stream of its own, so that another country in the pool changes nobody else's.
    """
    out = np.empty((len(countries), n))
    for row, iso3 in zip(out, countries, strict=True):
        streams.generator(seed, "resample", iso3).standard_exponential(out=row)
    return out.T


def unique(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Of each column the share of y's variance that no straight line through the other columns explains.

    >>> unique(np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0.0, 1.0, 2.0, 3.0])).round(6)
    array([0.8, 0.2])
    """
    y = y - y.mean()
    whole = float(y @ y)
    if whole <= 1e-15:
        return np.full(x.shape[1], np.nan)

    def explained(columns: np.ndarray) -> float:
        apart = columns - columns.mean(axis=0)
        fitted = apart @ np.linalg.lstsq(apart, y, rcond=1e-10)[0] if apart.shape[1] else np.zeros_like(y)
        return float(fitted @ y) / whole

    every = explained(x)
    return np.array([max(0.0, every - explained(np.delete(x, i, axis=1))) for i in range(x.shape[1])])


@dataclass(frozen=True)
class Importance:
    """What each part is said to weigh and what it does; a frame by part.

    table    weight (sum 1), effect, low, high (90 % by resampling countries), linear (the same by a straight line), share, share_low, share_high (effect as a
             share of all effects, likewise), correlation (with the score), unique (share of its variance that the other parts
             do not tell), needed (the weight that would make the effects proportional to the weights; negative: none would)
    gap      the largest gap between stated and real importance; gap_low, gap_high likewise
    n        countries with every part and a score
    logged   whether `needed` is for the logarithms of the parts, whose weighted sum orders as a geometric mean does
    """

    table: pd.DataFrame
    gap: float
    gap_low: float
    gap_high: float
    n: int
    logged: bool

    @property
    def attainable(self) -> bool | None:
        """Whether any weights would make the stated importance true; None where it was not worked out."""
        needed = self.table["needed"]
        return None if needed.isna().any() else bool((needed >= 0).all())


def importance(
    parts: pd.DataFrame,
    score: pd.Series,
    weights: pd.Series,
    power: float | None,
    seed: int,
    n: int = RESAMPLES,
) -> Importance | None:
    """The main effects of parts of a score, from the countries that have them all; None below 30 countries.

    parts, score   iso3 x part, and by iso3
    weights        by part, sum 1
    power          of the mean that makes the score of the parts, None where it is no one mean of them;
                   `needed` is worked out for 1 and 0
    """
    whole = parts.notna().all(axis=1) & score.notna()
    if whole.sum() < LEAST:
        return None
    x, y, w = parts[whole].to_numpy(), score[whole].to_numpy(), weights.to_numpy()
    counts = np.vstack([np.ones((1, len(y))), resamples(parts.index[whole], seed, n)])
    bent = np.stack([spline_effect(column, y, counts, corrected=True) for column in x.T], axis=1)
    gaps = np.array([discrepancy(w, row) for row in bent])
    logged = power is not None and abs(power) < 1e-12
    needed = np.full(len(w), np.nan)
    if power == 1 or (logged and (x > 0).all()):
        values = np.log(x) if logged else x
        needed = weights_for(np.atleast_2d(np.cov(values, rowvar=False)), w)
    of_all = bent / np.nansum(bent, axis=1, keepdims=True)
    columns = {"weight": w}
    for name, end, draws in (("effect", "", bent), ("share", "share_", of_all)):
        low, high = _between(draws[1:])
        columns |= {
            name: draws[0], f"{end}low": np.fmin(low, draws[0]), f"{end}high": np.fmax(high, draws[0])
        }  # fmt: skip
    r = np.array([correlation(column, y)[0] for column in x.T])
    columns |= {"linear": r**2, "correlation": r, "unique": unique(x, y), "needed": needed}
    table = pd.DataFrame(columns, index=parts.columns)
    gap_low, gap_high = (float(np.round(v, DIGITS)) for v in _between(gaps[1:]))
    return Importance(
        table.round(DIGITS), float(np.round(gaps[0], DIGITS)), gap_low, gap_high, len(y), logged
    )


def _between(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The 5th and 95th percentile of the resamples."""
    return np.quantile(values, TAIL, axis=0), np.quantile(values, 1 - TAIL, axis=0)
