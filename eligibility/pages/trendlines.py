"""Four small charts of a country over the years, each with its axis, what is needed and the median of its peers.

chosen    which figures are drawn: those missed first, then those that moved most
charts    the drawings with one sentence over them
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from eligibility.pages import names
from eligibility.pages.blocks import Drawing, Drawings
from eligibility.pages.facts import Facts
from eligibility.pages.said import NOTHING, Figure, Said, say, tell
from eligibility.pages.wording import capital, missing, number, unit
from eligibility.policy.walk import tests

SHOWN = 4
WIDE, TALL = 176.0, 88.0
LEFT, RIGHT, TOP, BOTTOM = 26.0, 8.0, 8.0, 16.0  # room for what is written beside the axes
LETTER = 5.2  # how wide a letter of it is at most


@dataclass(frozen=True)
class Trendline:
    """One chart in pixels: lines as runs of points, grid lines with their labels, years with theirs."""

    left: float
    own: tuple[tuple[tuple[float, float], ...], ...]
    peers: tuple[tuple[tuple[float, float], ...], ...]
    end: tuple[float, float]
    shown: str  # the newest figure
    label_y: float
    grid: tuple[tuple[float, str], ...]
    years: tuple[tuple[float, str, str], ...]  # x, year, anchor
    needed: float | None
    needed_shown: str
    needed_at: tuple[float, float, str]  # x, y, anchor


def _series(facts: Facts, iso3: str, indicator: str) -> dict[int, float]:
    values = facts.history(indicator).get(iso3, {})
    return {int(year): v for year, v in values.items() if not math.isnan(v)}


def chosen(facts: Facts, iso3: str) -> tuple[str, ...]:
    """At most four figures with at least two years, in the order of the file.

    Those of a missed requirement come before those of its kind of candidate, and these before the others; among equals
    those that moved by most margins of error.
    """
    order = {indicator: (2, 0.0) for _, c in facts.components for indicator in (c.quantity.indicator,)}
    for rule in (*facts.criteria.gates, *facts.open_tracks(iso3)):
        level = 0 if facts.verdict[iso3][rule.id] == "fail" else 1
        for test in tests(rule.rule):
            i = test.quantity.indicator
            order[i] = min(order.get(i, (3, 0.0)), (level, 0.0))
    candidates = []
    for place, (indicator, (level, _)) in enumerate(order.items()):
        sheet, series = facts.sheets[indicator], _series(facts, iso3, indicator)
        if sheet.classes or sheet.standing or len(series) < 2:
            continue
        move = abs(series[max(series)] - series[min(series)])
        sd = facts.cells[iso3][indicator].sd
        candidates.append((level, -(move / sd if sd > 0 else move / (sheet.hi - sheet.lo)), place, indicator))
    best = sorted(candidates)[:SHOWN]
    return tuple(indicator for *_, indicator in sorted(best, key=lambda c: c[2]))


def charts(facts: Facts, iso3: str) -> tuple[Said, Drawings] | None:
    """The sentence over the charts and the charts; None where nothing can be drawn."""
    shown = chosen(facts, iso3)
    if not shown:
        return None
    drawings = tuple(_drawing(facts, iso3, indicator) for indicator in shown)
    whose = say("trend.median.peers" if facts.criteria.peers else "trend.median.pool")
    key = {"name": facts.names[iso3], "median": whose}
    return _finding(facts, iso3, shown), Drawings(drawings, "trend", key)


def _finding(facts: Facts, iso3: str, shown: tuple[str, ...]) -> Said:
    """Which of the figures shown moved most, in margins of error, and from where to where."""
    best = (1.0, NOTHING)
    known = [i for i in shown if facts.cells[iso3][i].sd > 0]  # of others no margin of error is stated
    for indicator in known or shown:
        series, sheet = _series(facts, iso3, indicator), facts.sheets[indicator]
        first, last = min(series), max(series)
        sd = facts.cells[iso3][indicator].sd
        move = series[last] - series[first]
        size = abs(move) / sd if sd > 0 else 1 + abs(move) / (sheet.hi - sheet.lo)
        if size > best[0]:
            was, now = (Figure(series[year], sheet.decimals) for year in (first, last))
            given = dict(
                name=names.of(indicator, facts.sheets).name, was=was, first=first, now=now, last=last
            )
            best = size, say("trends.moved", **given, way=say("way.up" if move > 0 else "way.down"))
    if best[1] != NOTHING:
        return best[1]
    return say("trends.still" if known else "trends.same", first=facts.years[0])


def _limit(facts: Facts, iso3: str, indicator: str) -> float | None:
    """What is needed of the level of a figure today, by the first test of it."""
    for rule in (*facts.criteria.gates, *facts.open_tracks(iso3)):
        for test in tests(rule.rule):
            q = test.quantity
            if q.indicator == indicator and q.measure in ("level", "peak_over") and test.compares:
                limit = facts.needs[iso3].get(test.path)
                return None if missing(limit) else limit
    return None


def _drawing(facts: Facts, iso3: str, indicator: str) -> Drawing:
    """One chart with its words."""
    sheet, series = facts.sheets[indicator], _series(facts, iso3, indicator)
    name = names.of(indicator, facts.sheets)
    limit, decimals = _limit(facts, iso3, indicator), sheet.decimals
    first, last = min(series), max(series)
    was, now = Figure(series[first], decimals), Figure(series[last], decimals)
    given = dict(name=capital(name.name), was=was, first=first, now=now, last=last)
    alt = tell(f"trend.alt{'' if limit is None else '.needed'}", **given, needed=number(limit, decimals))
    peers, scale = _medians(facts, facts.group[iso3], indicator), (sheet.lo, sheet.hi)
    values = line(series, peers, facts.years, scale, limit, decimals)
    ends = say("trend.ends", ends=name.ends or unit(sheet.unit))
    return Drawing("trendline", values, alt, say("label", text=name.name), ends)


def _medians(facts: Facts, group: str, indicator: str) -> dict[int, float]:
    """Year -> the median of the country's peers of today."""
    frame = facts.result.panel.history(indicator, facts.result.as_of)
    frame = frame.loc[(frame.index >= facts.years[0]) & (frame.index <= facts.years[1])]
    mine = frame[[c for c in facts.members.get(group, ()) if c in frame.columns]]
    return {int(y): v for y, v in mine.median(axis=1).items() if v == v}


def line(
    own: dict[int, float],
    peers: dict[int, float],
    years: tuple[int, int],
    ends: tuple[float, float],
    limit: float | None,
    decimals: int,
) -> Trendline:
    """A chart of years `years`: on 0 to 1 where the series is such an index, else from nought or its least to its most.

    >>> line({2014: 0.2, 2024: 0.6}, {}, (2014, 2024), (0.0, 1.0), 0.5, 2).end
    (168.0, 33.6)
    """
    seen = [*own.values(), *peers.values(), *([] if limit is None else [limit])]
    low, high = ends if ends[1] - ends[0] <= 1 else _round(min(seen), max(seen))

    places = 0 if high - low >= 4 else 1 if (high - low) >= 1 else max(1, decimals)
    steps = (low, (low + high) / 2, high)
    left = round(max(LEFT, LETTER * max(len(number(v, places)) for v in steps) + 5), 1)

    def x(year: float) -> float:
        return round(left + (year - years[0]) / max(1, years[1] - years[0]) * (WIDE - left - RIGHT), 1)

    def y(v: float) -> float:
        inside = (min(max(v, low), high) - low) / (high - low)
        return round(TALL - BOTTOM - inside * (TALL - BOTTOM - TOP), 1)

    last = max(own)
    middle = (years[0] + years[1]) // 2
    end = (x(last), y(own[last]))
    limit_y = None if limit is None else y(limit)
    label = end[1] - 5 if end[1] > TOP + 12 else end[1] + 12
    if limit_y is not None and abs(label - limit_y) < 6:
        label = end[1] + 12
    lines = (_runs(own, x, y), _runs(peers, x, y))
    needed_at = (0.0, 0.0, "start")
    if limit is not None and limit_y is not None:
        shown = (end[0] - LETTER * len(number(own[last], decimals)), label - 8, end[0] + 8, label + 2)
        needed_at = _free(
            limit_y, left, LETTER * (len(number(limit, decimals)) + 6), (*lines[0], *lines[1]), shown
        )
    return Trendline(
        left=left,
        own=lines[0],
        peers=lines[1],
        end=end,
        shown=number(own[last], decimals),
        label_y=round(label, 1),
        grid=tuple((y(v), number(v, places)) for v in steps),
        years=(
            (x(years[0]), str(years[0]), "start"),
            (x(middle), str(middle), "middle"),
            (x(years[1]), str(years[1]), "end"),
        ),
        needed=limit_y,
        needed_shown="" if limit is None else number(limit, decimals),
        needed_at=needed_at,
    )


def _free(
    limit: float,
    left: float,
    wide: float,
    lines: tuple[tuple[tuple[float, float], ...], ...],
    shown: tuple[float, float, float, float],
) -> tuple[float, float, str]:
    """Where what is needed is written: above or below its line, at either end or between, where least else is drawn.

    lines   runs of points; shown   the box of the newest figure
    """

    def covered(at: tuple[float, float, str]) -> int:
        x, y, anchor = at
        x -= {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        box = (x, y - 7, x + wide, y + 2)
        n = sum(
            box[0] <= a[0] + (b[0] - a[0]) * k / 8 <= box[2]
            and box[1] <= a[1] + (b[1] - a[1]) * k / 8 <= box[3]
            for run in lines
            for a, b in pairwise(run)
            for k in range(9)
        )
        over = box[0] < shown[2] and shown[0] < box[2] and box[1] < shown[3] and shown[1] < box[3]
        far = abs(y - limit) > 10
        return n + 100 * over + 6 * far

    middle = (left + WIDE - RIGHT) / 2
    places = (
        (round(x, 1), round(limit + y, 1), anchor)
        for y in (-3, 9, -14, 20)
        if limit + y - 6 >= TOP and limit + y < TALL - BOTTOM
        for x, anchor in ((left + 4, "start"), (WIDE - RIGHT, "end"), (middle, "middle"))
    )
    return min(places, key=covered, default=(left + 4, round(limit - 3, 1), "start"))


def _runs(values: dict[int, float], x, y) -> tuple[tuple[tuple[float, float], ...], ...]:
    """Unbroken runs of years; a missing year breaks the line."""
    runs: list[list[tuple[float, float]]] = []
    last = None
    for year in sorted(values):
        if last is None or year != last + 1:
            runs.append([])
        runs[-1].append((x(year), y(values[year])))
        last = year
    return tuple(tuple(run) for run in runs)


def _round(low: float, high: float) -> tuple[float, float]:
    """Round ends around values that have no scale of their own.

    >>> _round(14.2, 88.0), _round(-1.3, 0.4), _round(0.0, 0.0)
    ((0.0, 90.0), (-2.0, 2.0), (0.0, 1.0))
    """
    widest = max(abs(low), abs(high)) or 1.0
    step = 10.0 ** math.floor(math.log10(widest))
    top = math.ceil(widest / step) * step if widest > step else step
    return (-top if low < 0 else 0.0, top)
