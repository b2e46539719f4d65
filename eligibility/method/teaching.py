"""What a few pilots can show: the smallest effect they would let anybody see, and which countries are like a pilot."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

# normal quantiles: seen in four of five trials, taken for real one time in twenty
POWER, LEVEL = 0.8416, 1.9600
NEAREST = 5  # comparison countries of one pilot
# standard deviations of the candidates: the typical distance of two countries that are still alike
ALIKE = 0.5


def spread(value: np.ndarray, years: int) -> tuple[float, int]:
    """The standard deviation of changes over some years between countries, and of how many changes.

    value   years x countries, NaN where not held. What all countries did in the same years is taken off first.

    >>> spread(np.array([[0.5, 0.5, 0.5], [0.5, 0.6, 0.4]]), 1)
    (0.1, 3)
    """
    change = value[years:] - value[:-years]
    there = ~np.isnan(change)
    rows = there.sum(axis=1)
    usable = rows > 1
    if not usable.any():
        return float("nan"), 0
    mean = np.where(there, change, 0.0).sum(axis=1) / np.maximum(rows, 1)
    off = np.where(there, change - mean[:, None], 0.0)[usable]
    n = int(rows[usable].sum())
    return round(float(np.sqrt((off**2).sum() / (n - usable.sum()))), 12), n


def smallest(sd: float, pilots: int, others: int) -> float:
    """The smallest mean effect that so many pilots beside so many other countries would show.

    (1.96 + 0.84) * sd * sqrt(1 / pilots + 1 / others): two samples, each with the spread of normal changes. A normal
    quantile in the place of Student's flatters very small numbers.

    >>> round(smallest(0.09, 4, 20), 3)
    0.138
    """
    if not pilots or not others:
        return float("nan")
    return (POWER + LEVEL) * sd * float(np.sqrt(1.0 / pilots + 1.0 / others))


def nearest(
    features: np.ndarray, group: Sequence[object], names: Sequence[str], who: int, barred: Sequence[bool]
) -> tuple[tuple[str, float], ...]:
    """The countries nearest to one, with their distances, nearest first; only those within `ALIKE` and of its group.

    features   countries x features, in units of their own, NaN where not held
    barred     who must not be compared with: pilots themselves, countries on hold

    Distance is the root of the mean square of differences, each in standard deviations over all countries given; a
    country without one of the features is not compared. The same distance: the first by ISO3.

    >>> features = np.array([[0.0], [0.2], [1.0], [2.0]])
    >>> nearest(features, "aaaa", ["A", "B", "C", "D"], 0, [False] * 4)
    (('B', 0.254),)
    """
    there = ~np.isnan(features)
    n = np.maximum(there.sum(axis=0), 1)
    mean = np.where(there, features, 0.0).sum(axis=0) / n
    sd = np.sqrt((np.where(there, features - mean, 0.0) ** 2).sum(axis=0) / n)
    away = (features - features[who]) / np.where(sd > 0, sd, 1.0)
    distance = np.round(np.sqrt((away**2).mean(axis=1)), 6)
    found = [
        (names[k], float(distance[k]))
        for k in range(len(names))
        if k != who and not barred[k] and group[k] == group[who] and distance[k] <= ALIKE
    ]
    return tuple(sorted(found, key=lambda each: (each[1], each[0]))[:NEAREST])
