"""The same run as few numpy statements as it takes: what a reader who knows the problem would write by hand.

Normals by numpy's own generator (SFC64, by rejection), doubles, a thousand draws at a time, no missing values, no
labels, no streams of one's own: the yardstick the engine may cost twice.
"""

from __future__ import annotations

import numpy as np

from bench.problem import EACH, PILLARS

BATCH = 1_000


def index(values: np.ndarray) -> np.ndarray:
    """The score of every unit: min-max, means of indicators, mean of pillars."""
    low, high = values.min(axis=0), values.max(axis=0)
    scaled = (values - low) / (high - low)
    return scaled.reshape(len(values), PILLARS, EACH).mean(axis=2).mean(axis=1)


def ranks(score: np.ndarray) -> np.ndarray:
    """Places along the last axis, 1 the highest."""
    order = np.argsort(-score, axis=-1)
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.broadcast_to(np.arange(1, score.shape[-1] + 1), order.shape), axis=-1)
    return place


def joint(values: np.ndarray, sds: np.ndarray, draws: int, top: int) -> tuple[np.ndarray, np.ndarray]:
    """How often each unit came at each rank, units x ranks, and how often among the `top`.

    In every draw each value has its error, each pillar and indicator its weight (Dirichlet), and min-max its ends.
    """
    n, m = values.shape
    rng = np.random.Generator(np.random.SFC64(1))
    counts, first = np.zeros((n, n), dtype=np.int64), np.zeros(n, dtype=np.int64)
    x, best = np.empty((m, n, BATCH)), None
    for start in range(0, draws, BATCH):
        size = min(BATCH, draws - start)
        weights = rng.dirichlet(np.ones(PILLARS), size)[:, :, None] * rng.dirichlet(
            np.ones(EACH), (size, PILLARS)
        )
        weights = weights.reshape(size, m).T
        x = x[..., :size]
        rng.standard_normal(out=x) if size == BATCH else x.__setitem__(
            slice(None), rng.standard_normal(x.shape)
        )
        score = np.zeros((n, size))
        for k in range(m):
            drawn = x[k]
            drawn *= sds[k]
            drawn += values[:, k, None]
            low = drawn.min(axis=0)
            drawn -= low
            drawn *= weights[k] / (drawn.max(axis=0))
            score += drawn
        best = ranks(score.T)
        counts += np.bincount((best + np.arange(n) * (n + 1)).ravel(), minlength=n * (n + 1)).reshape(n, -1)[
            :, 1:
        ]
        first += (best <= top).sum(axis=0)
    return counts, first
