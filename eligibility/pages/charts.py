"""Numbers to coordinates: every chart of a page as frozen values in pixels, no markup.

    Scale      native units to pixels          extent      the native range a series is drawn on
    Peers      ticks, band, median of peers    strip       one country against them
    Trend      a line with gaps over years     bars        segments laid end to end
    RankStrip  a rank and its likely range     Histogram   how often each rank came out
    Share      a share, its range and what it is held against

Coordinates are rounded to a tenth of a pixel. On a strip right is always better; on a trend up is more.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

STRIP = (300.0, 26.0)  # width and height of a strip's drawing
TREND = (220.0, 70.0)
RANGE = (160.0, 16.0)
BAR = (220.0, 14.0)
HISTOGRAM = (380.0, 144.0)
EDGE = 7.0  # room for half a dot at either end
MARGIN = 10.0  # beside the columns of a histogram, for what is written over the first and the last
LAST_BARS = 24  # ranks a histogram shows singly
ROOM = 15.0  # pixels a label under a column needs
WIDE = 22.0  # and a share over one
LARGE = 0.02  # smaller shares are drawn without their number


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


def extent(values: Sequence[float], lo: float | None, hi: float | None) -> tuple[float, float]:
    """The native range to draw: the series' own where its values fill a third of it, else the values' own.

    >>> extent([0.2, 0.9], 0, 1), extent([3.0, 9.0], 0, 200000), extent([], 0, 1)
    ((0.0, 1.0), (3.0, 9.0), (0.0, 1.0))
    """
    seen = [v for v in values if not math.isnan(v)]
    if (
        lo is not None
        and hi is not None
        and math.isfinite(hi - lo)
        and (not seen or max(seen) - min(seen) >= (hi - lo) / 3 or hi - lo <= 10)
    ):
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
    values: Iterable[float],
    lo: float | None,
    hi: float | None,
    high_is_better: bool,
    drawn: Sequence[float] = (),
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


def strip(among: Peers, value: float | None, sd: float | None, gate: float | None) -> Strip:
    """Where one country lies among its peers."""
    dot, whisker = None, None
    if value is not None and not math.isnan(value):
        dot = among.scale(value)
        if sd is not None and not math.isnan(sd) and sd > 0:
            low, high = sorted((among.scale(value - sd), among.scale(value + sd)))
            whisker = low, high
    return Strip(
        dot=dot,
        whisker=whisker,
        gate=among.scale(gate) if gate is not None and not math.isnan(gate) else None,
    )


@dataclass(frozen=True)
class Trend:
    """One series over years: unbroken runs of points, single years as dots, the peers' median, the gate."""

    runs: tuple[tuple[tuple[float, float], ...], ...]
    dots: tuple[tuple[float, float], ...]
    median: tuple[tuple[tuple[float, float], ...], ...]
    gate: float | None
    end: tuple[float, float] | None  # the newest point


Line = tuple[tuple[float, float], ...]


def lines(values: Mapping[int, float], ends: tuple[float, float], years: tuple[int, int]) -> tuple[Line, ...]:
    """Unbroken runs of `years` as points on the native range `ends`; a missing year breaks the line.

    >>> [len(run) for run in lines({2001: 0.1, 2002: 0.2, 2004: 0.4}, (0, 1), (2001, 2004))]
    [2, 1]
    """
    across, up = Scale(*years, EDGE, TREND[0] - EDGE), _up(ends)
    runs: list[list[tuple[float, float]]] = []
    last = None
    for year in sorted(values):
        if math.isnan(values[year]):
            continue
        if last is None or year != last + 1:
            runs.append([])
        runs[-1].append((across(year), up(values[year])))
        last = year
    return tuple(tuple(run) for run in runs)


def _up(ends: tuple[float, float]) -> Scale:
    return Scale(*ends, TREND[1] - 7, 6)


def trend(
    own: tuple[Line, ...], median: tuple[Line, ...], gate: float | None, ends: tuple[float, float]
) -> Trend:
    """A country's runs of years (see `lines`) with its peers' median and the gate on the native range `ends`."""
    return Trend(
        runs=tuple(run for run in own if len(run) > 1),
        dots=tuple(run[0] for run in own if len(run) == 1),
        median=tuple(run for run in median if len(run) > 1),
        gate=_up(ends)(gate) if gate is not None and not math.isnan(gate) else None,
        end=own[-1][-1] if own else None,
    )


@dataclass(frozen=True)
class Segment:
    """One piece of a bar; `fill` is its number in the order of the pillars."""

    x: float
    width: float
    fill: int


def bars(parts: Sequence[float], largest: float, fills: Sequence[int] | None = None) -> tuple[Segment, ...]:
    """Parts laid end to end, `largest` being the full width; a missing or negative part takes no room.

    >>> [(s.x, s.width) for s in bars([0.25, 0.5], 1.0)]
    [(0.0, 55.0), (55.0, 110.0)]
    """
    out, x = [], 0.0
    for i, part in enumerate(parts):
        width = 0.0 if math.isnan(part) or largest <= 0 else max(0.0, part) / largest * BAR[0]
        if width > 0:
            out.append(Segment(px(x), px(width), fills[i] if fills else i))
        x += width
    return tuple(out)


@dataclass(frozen=True)
class RankStrip:
    """A rank with its likely range on a line from first to last; `cut` is the end of the shortlist."""

    low: float
    high: float
    dot: float
    cut: float | None


def rank_strip(rank: float, low: float, high: float, last: int, shortlist: int) -> RankStrip:
    """Where a rank and its range lie on a line of `last` ranks."""
    scale = Scale(1, max(last, 2), 5, RANGE[0] - 5)
    half = (scale(2) - scale(1)) / 2
    known = not (math.isnan(low) or math.isnan(high))
    cut = px(scale(shortlist) + half) if 0 < shortlist < last else None
    return RankStrip(scale(low if known else rank), scale(high if known else rank), scale(rank), cut)


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


@dataclass(frozen=True)
class Column:
    """One column of a histogram; `label` is what stands under it, `share` of all draws."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    above: float  # baseline of what is written over it
    label: str
    share: float
    kind: str  # "in" the shortlist, "past" it, "out" of the ranking
    named: bool  # whether there is room for its label
    large: bool  # whether its share is worth writing over it


@dataclass(frozen=True)
class Histogram:
    """How often each rank came out, those past the last one shown together, then the draws without one."""

    columns: tuple[Column, ...]
    shade: float | None  # width of the shortlist's background
    base: float
    under: float  # baseline of the labels


def histogram(counts: Sequence[float], draws: int, shortlist: int) -> Histogram:
    """Columns for `counts` (draws at rank 1, 2, ...) out of `draws`.

    >>> [(c.label, c.share) for c in histogram([3, 1, 0], 8, 1).columns]
    [('1', 0.375), ('2', 0.125), ('out', 0.5)]
    """
    counts = [0.0 if math.isnan(c) else float(c) for c in counts]
    reached = max((i + 1 for i, c in enumerate(counts) if c > 0), default=0)
    single = min(max(reached, min(shortlist, len(counts))), LAST_BARS)
    entries = [(f"{i + 1}", counts[i], "in" if i < shortlist else "past") for i in range(single)]
    if reached > single:
        entries.append((f"{single + 1}–{reached}", sum(counts[single:]), "past"))
    entries.append(("out", max(0.0, draws - sum(counts)), "out"))
    base, top = HISTOGRAM[1] - 18, 30.0
    widths = [
        1.0 if "–" not in label and kind != "out" else max(1.0, len(entries) / 11)
        for label, _, kind in entries
    ]
    unit = (HISTOGRAM[0] - 2 * MARGIN) / sum(widths)
    tallest = max(count for _, count, _ in entries) or 1.0
    likeliest = max((count for _, count, kind in entries if kind != "out"), default=0.0)
    columns, x = [], MARGIN
    for i, ((label, count, kind), width) in enumerate(zip(entries, widths, strict=True)):
        height, share, step = count / tallest * (base - top), count / draws if draws else 0.0, width * unit
        columns.append(
            Column(
                x=px(x + step * 0.1),
                y=px(base - height),
                width=px(step * 0.8),
                height=px(height),
                middle=px(x + step / 2),
                above=px(base - height - 3),
                label=label,
                share=share,
                kind=kind,
                named=step >= ROOM or i % 5 == 4 or i == 0,
                large=share >= LARGE and (step >= WIDE or kind == "out" or count == likeliest),
            )
        )
        x += step
    inside = sum(1 for _, _, kind in entries if kind == "in")
    return Histogram(tuple(columns), px(MARGIN + unit * inside) if inside else None, px(base), px(base + 13))
