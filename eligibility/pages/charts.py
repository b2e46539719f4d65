"""Numbers to coordinates: every chart of a page as frozen values in pixels, no markup.

    Scale      native units to pixels          extent      the native range a series is drawn on
    Peers      ticks, band, median of peers    strip       one country against them
    Classes    boxes of the peers' classes     Share       a share, its range and what it is held against

Coordinates are rounded to a tenth of a pixel. On a strip right is always better.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

STRIP = (300.0, 26.0)  # width and height of a strip's drawing
RANGE = (160.0, 16.0)
EDGE = 7.0  # room for half a dot at either end


def px(value: float) -> float:
    """A coordinate as it is printed: tenths, and no negative zero."""
    return round(float(value), 1) + 0.0


@dataclass(frozen=True)
class Scale:
    """Native units to pixels; what lies outside is drawn at the edge."""

    lo: float
    hi: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        if value <= self.lo:
            return self.start if self.hi > self.lo else px((self.start + self.end) / 2)
        if value >= self.hi:
            return self.end
        return round(self.start + (value - self.lo) / (self.hi - self.lo) * (self.end - self.start), 1)


def extent(values: Sequence[float], lo: float, hi: float) -> tuple[float, float]:
    """The native range to draw: the series' own where its values fill a third of it, else the values' own.

    >>> extent([0.2, 0.9], 0, 1), extent([3.0, 9.0], 0, 200000), extent([], 0, 1)
    ((0.0, 1.0), (3.0, 9.0), (0.0, 1.0))
    """
    seen = [v for v in values if not math.isnan(v)]
    if math.isfinite(hi - lo) and (not seen or max(seen) - min(seen) >= (hi - lo) / 3 or hi - lo <= 10):
        return float(lo), float(hi)
    return (float(min(seen)), float(max(seen))) if seen else (0.0, 1.0)


@dataclass(frozen=True)
class Peers:
    """What all strips of one indicator in one peer group share; `values` is sorted in native units."""

    values: tuple[float, ...]
    scale: Scale
    high_is_better: bool
    ticks: tuple[float, ...]
    band: tuple[float, float] | None  # x and width of the middle half
    median: float | None  # native units
    median_x: float | None

    def better_than(self, value: float) -> float | None:
        """The share of the other peers that one of the peers' values is better than, ties counted half."""
        below, above = bisect_left(self.values, value), len(self.values) - bisect_right(self.values, value)
        ties = len(self.values) - below - above
        others = len(self.values) - min(ties, 1)
        if others == 0:
            return None
        return ((below if self.high_is_better else above) + max(ties - 1, 0) / 2) / others


def peers(
    values: Iterable[float], lo: float, hi: float, high_is_better: bool, drawn: Sequence[float] = ()
) -> Peers:
    """Where the peers of one indicator lie on a strip; `drawn` are other values that must fit on it.

    >>> p = peers([0.2, 0.4, 0.6, 0.8], 0, 1, True)
    >>> p.median, p.better_than(0.8), peers([0.2, 0.4, 0.6, 0.8], 0, 1, False).better_than(0.8)
    (0.5, 1.0, 0.0)
    """
    seen = tuple(sorted(float(v) for v in values if not math.isnan(v)))
    ends = extent([*seen, *drawn], lo, hi)
    left, right = EDGE, STRIP[0] - EDGE
    scale = Scale(*ends, left, right) if high_is_better else Scale(*ends, right, left)
    if not seen:
        return Peers((), scale, high_is_better, (), None, None, None)
    low, middle, high = (float(q) for q in np.quantile(seen, [0.25, 0.5, 0.75]))
    a, b = sorted((scale(low), scale(high)))
    return Peers(
        values=seen,
        scale=scale,
        high_is_better=high_is_better,
        ticks=tuple(sorted({scale(v) for v in seen})),
        band=(a, px(b - a)),
        median=middle,
        median_x=scale(middle),
    )


@dataclass(frozen=True)
class Strip:
    """One country on its peers: dot, the whisker of one standard error, gate; None where there is none."""

    dot: float | None
    whisker: tuple[float, float] | None
    gate: float | None


def strip(among: Peers, value: float, sd: float, gate: float | None) -> Strip:
    """Where one country lies among its peers."""
    line = None if gate is None or math.isnan(gate) else among.scale(gate)
    if math.isnan(value):
        return Strip(None, None, line)
    low, high = sorted((among.scale(value - sd), among.scale(value + sd))) if sd > 0 else (None, None)
    return Strip(among.scale(value), None if low is None or high is None else (low, high), line)


@dataclass(frozen=True)
class Classes:
    """How many peers are of each class, worst to the left: x, width, number, whether the country's own; and the gate."""

    boxes: tuple[tuple[float, float, int, bool], ...]
    gate: float | None


def classes(numbers: Sequence[int], among: Peers, own: float, needed: float | None) -> Classes:
    """The boxes of a strip for a figure that is one of a few classes in an order.

    >>> classes([0, 1], peers([0, 1, 1], 0, 1, True), 1, 1)
    Classes(boxes=((7.0, 143.0, 1, False), (150.0, 143.0, 2, True)), gate=150.0)
    """
    order = sorted(numbers, reverse=not among.high_is_better)
    wide = (STRIP[0] - 2 * EDGE) / len(order)
    at = {number: px(EDGE + k * wide) for k, number in enumerate(order)}
    counted = Counter(among.values)
    return Classes(
        boxes=tuple((at[n], px(wide), counted[n], n == own) for n in order),
        gate=None if needed is None else at.get(int(needed)),
    )


@dataclass(frozen=True)
class Share:
    """A share on a line from nothing to the largest shown, its range, and the share it is held against."""

    dot: float
    whisker: tuple[float, float] | None
    against: float


def share(value: float, against: float, largest: float, ends: tuple[float, float] | None = None) -> Share:
    """Where a share lies.

    >>> share(0.5, 0.25, 1.0, (0.4, 0.6))
    Share(dot=80.0, whisker=(65.0, 95.0), against=42.5)
    """
    scale = Scale(0.0, largest, 5, RANGE[0] - 5)
    return Share(scale(value), (scale(ends[0]), scale(ends[1])) if ends else None, scale(against))
