"""Native units to 0..1 where 1 is always better. One kernel a scale: array in, array out."""

from __future__ import annotations

import numpy as np

from eligibility.policy.model import Scale


def goalposts(x: np.ndarray, low: float, high: float, log: bool = False) -> np.ndarray:
    """Share of the way from `low` to `high`, held to 0..1 (UNDP, HDI technical notes).

    >>> goalposts(np.array([-1.0, 1.0, 11.0]), 0, 10)
    array([0. , 0.1, 1. ])
    """
    if log:
        x, low, high = np.log(np.maximum(x, np.finfo(float).tiny)), np.log(low), np.log(high)
    return np.clip((x - low) / (high - low), 0.0, 1.0)


def piecewise(x: np.ndarray, points: tuple[tuple[float, float], ...]) -> np.ndarray:
    """Linear between the points, level outside them.

    >>> piecewise(np.array([60.0, 75.0]), ((50, 1), (75, 0.8), (90, 0.5), (100, 0)))
    array([0.92, 0.8 ])
    """
    xs, ys = zip(*points, strict=True)
    return np.where(np.isnan(x), np.nan, np.interp(x, xs, ys))


def percentile(x: np.ndarray) -> np.ndarray:
    """Share of the other known countries in the row below each value, ties counted half.

    >>> percentile(np.array([[3.0, 1.0, 1.0, np.nan]]))
    array([[1.  , 0.25, 0.25,  nan]])
    """
    out = np.full(x.shape, np.nan)
    known, rows = ~np.isnan(x[0]), _known(x)
    n = rows.shape[1]
    if n < 2:
        out[:, known] = 0.5
        return out
    order = np.argsort(rows, axis=1)
    ordered = np.take_along_axis(rows, order, axis=1)
    place, same = np.arange(n), ordered[:, 1:] == ordered[:, :-1]
    first = last = np.broadcast_to(place, rows.shape)
    if same.any():
        edge = np.ones((len(rows), 1), bool)
        first = np.maximum.accumulate(np.where(np.hstack([edge, ~same]), place, 0), axis=1)
        last = np.minimum.accumulate(np.where(np.hstack([~same, edge]), place, n)[:, ::-1], axis=1)[:, ::-1]
    share = np.empty(rows.shape)
    np.put_along_axis(share, order, (first + last) / 2 / (n - 1), axis=1)
    out[:, known] = share
    return out


def minmax(x: np.ndarray) -> np.ndarray:
    """Share of the way from the row's lowest to its highest known value; 0.5 where all are equal."""
    low, width = _ends(x)
    if not (width > 0).all():  # also where a value is missing, which no comparison holds for
        rows = _known(x)
        if not rows.size:
            return x
        low, width = _ends(rows)
        even = ~(width > 0)
        return np.where(even & ~np.isnan(x), 0.5, (x - low) / np.where(even, 1.0, width))
    out = x - low
    out /= width
    return out


def _ends(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The lowest value of each row, and how far the highest lies above it."""
    low = np.minimum.reduce(x, axis=1, keepdims=True)
    return low, np.maximum.reduce(x, axis=1, keepdims=True) - low


def z(x: np.ndarray) -> np.ndarray:
    """Standard score of the row squeezed to 0..1: three standard deviations reach the ends."""
    rows = _known(x)
    if not rows.size:
        return x
    mean, sd = rows.mean(axis=1, keepdims=True), rows.std(axis=1, keepdims=True)
    # the mean of equal values may miss them by a hair, and their sd is then no zero
    apart = rows.max(axis=1, keepdims=True) > rows.min(axis=1, keepdims=True)
    score = x - mean
    score = score / sd if apart.all() else score / np.where(apart, sd, np.inf)
    score += 3.0
    score /= 6.0
    return np.clip(score, 0.0, 1.0, out=score)


def _known(x: np.ndarray) -> np.ndarray:
    """The columns with values: what is missing is missing in every draw."""
    missing = np.isnan(x[0])
    return x.T[~missing].T if missing.any() else x


RELATIVE = {"percentile": percentile, "minmax": minmax, "z": z}


def normalise(x: np.ndarray, scale: Scale, better: str, peers: np.ndarray) -> np.ndarray:
    """The values on the stated scale, draws x countries, 1 always better, NaN where missing."""
    if scale.kind == "goalposts":
        ((low, high),) = scale.points
        y = goalposts(x, low, high, scale.log)
        return 1.0 - y if better == "low" else y
    if scale.kind == "piecewise":
        return piecewise(x, scale.points)  # its points already say what is better
    if scale.log:
        x = np.log(np.maximum(x, np.finfo(float).tiny))
    if scale.among == "pool":
        y = RELATIVE[scale.kind](x)
    else:
        y = np.full(x.shape, np.nan)
        for group in np.unique(peers[peers != ""]):
            y[:, peers == group] = RELATIVE[scale.kind](x.T[peers == group].T)
    return 1.0 - y if better == "low" else y
