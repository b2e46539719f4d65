"""The evaluator written a second time: slowly, in plain Python, from the meaning and not from the engine.

    world    {series: {iso3: {year: value}}}: what the publishers printed
    sheets   {series: its sheet}: how late it is out, and whether older figures are carried on
    Oracle(policy, world, sheets, as_of)  the pool, the peers, every verdict, every score, every rank

Values are taken for the decimals they are printed as, and sums, differences, quantiles and linear scales are
exact fractions, so that 0.883 - 0.783 is 0.1 and a median of 0.1 and 0.2 is 0.15. Where the written meaning
leaves room, the reading chosen is marked "Reading:".

Nothing here imports numpy, pandas or any module of the engine but the policy's and the sheets' values.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from occurrences import happened

from eligibility.data.sources import SeriesSheet
from eligibility.policy.model import (
    Component,
    Criteria,
    Dated,
    Extreme,
    Gate,
    Group,
    Metric,
    Node,
    Points,
    Quantity,
    Reference,
    Scale,
    Test,
    Threshold,
)

World = dict[str, dict[str, dict[int, float]]]
Exact = Fraction | None  # None is missing
Word = str | None  # pass | conditional | unknown | fail; None: the part is dropped

ORDER = ("fail", "unknown", "conditional", "pass")
STATUS = dict(zip(ORDER, ("excluded", "insufficient-data", "conditional", "eligible"), strict=True))


def exact(printed: float) -> Fraction:
    """The decimal number that a float is printed as."""
    return Fraction(repr(float(printed)))


# What was known ---------------------------------------------------------------------------------------------


def known_from(year: int, lag_months: int) -> date:
    """The day the figure of a year is out: the first after the month `lag_months` after its December."""
    month = 12 + lag_months  # counted from 0, the month after it
    return date(year + month // 12, month % 12 + 1, 1)


def newest(history: dict[int, float], as_of: date, lag_months: int, max_age: int) -> int | None:
    """The last year that was out by the date and is at most `max_age` calendar years before the date's."""
    out = [year for year in history if known_from(year, lag_months) <= as_of and year >= as_of.year - max_age]
    return max(out, default=None)


def to_12(share: Fraction) -> Fraction:
    """Reading: a share, which may have no end of decimals, is taken to twelve."""
    return Fraction(round(share * 10**12), 10**12)


def measured(quantity: Quantity, history: dict[int, float], year: int | None) -> Exact:
    """A quantity of one country whose newest value is that of `year`; None where it cannot be had."""
    if year is None:
        return None
    now = exact(history[year])
    if quantity.measure == "level":
        return now
    if quantity.measure in ("change_over", "relative_change_over", "gap_closed_over"):
        then = history.get(year - quantity.years)
        if then is None:
            return None
        then = exact(then)
        if quantity.measure == "change_over":
            return now - then
        if quantity.measure == "relative_change_over":
            return None if then <= 0 else to_12(now / then - 1)
        way = exact(quantity.to) - then
        if quantity.falling:
            way, now, then = -way, -now, -then
        return None if way <= 0 else to_12((now - then) / way)
    earlier = [history[y] for y in range(year - quantity.years, year) if y in history]
    if 2 * len(earlier) < quantity.years:
        return None
    peak = max(now, *map(exact, earlier))
    return peak if quantity.measure == "peak_over" else now - peak


# Quantiles, verdicts, means ---------------------------------------------------------------------------------


def quantile(values: list[Fraction], share: float) -> Exact:
    """The value a share of the way up the ordered list, in a straight line between two of them."""
    if not values:
        return None
    values = sorted(values)
    place = exact(share) * (len(values) - 1)
    below = math.floor(place)
    above = min(below + 1, len(values) - 1)
    return values[below] + (place - below) * (values[above] - values[below])


def least(words: Iterable[str]) -> str:
    return min(words, key=ORDER.index)


def most(words: Iterable[str]) -> str:
    return max(words, key=ORDER.index)


def joined(group: Group, parts: list[Word]) -> Word:
    """What a group says of its parts, those that were dropped left out.

    Reading: fail < unknown < conditional < pass, and `at_least n` is the n-th best part, so that `any` is the
    best and `all` the worst. A `none` fails where a part holds, be it conditionally. `at_least n` of fewer
    than n remaining parts fails.
    """
    said = [word for word in parts if word is not None]
    if not said:
        return None
    if group.join == "all":
        return least(said)
    if group.join == "any":
        return most(said)
    if group.join == "none":
        return {"fail": "pass", "unknown": "unknown", "conditional": "fail", "pass": "fail"}[most(said)]
    best_first = sorted(said, key=ORDER.index, reverse=True)
    return best_first[group.n - 1] if group.n <= len(said) else "fail"


def granted(node: Node, word: Word) -> Word:
    """A node that grants only conditionally never says pass."""
    return "conditional" if word == "pass" and node.grants == "conditional" else word


def power_mean(values: list[float], weights: list[float], power: float) -> float:
    """The weighted power mean; 0 where a value is and the power is not positive; zero weights are absent."""
    parts = [(value, weight) for value, weight in zip(values, weights, strict=True) if weight > 0]
    whole = math.fsum(weight for _, weight in parts)
    if power == -math.inf:
        return min(value for value, _ in parts)
    if power <= 0 and any(value == 0 for value, _ in parts):
        return 0.0
    if power == 0:
        return math.exp(math.fsum(weight / whole * math.log(value) for value, weight in parts))
    # Large powers over- and underflow, so the largest value is taken out first.
    top = max(value for value, _ in parts) if power > 0 else min(value for value, _ in parts)
    if top == 0:
        return 0.0
    return top * math.fsum(weight / whole * (value / top) ** power for value, weight in parts) ** (1 / power)


def scaled(scale: Scale, better: str, value: Fraction, others: list[Fraction]) -> float:
    """A value on its scale, 0 to 1 where 1 is better; `others` are the peers or the pool, itself included.

    Reading: a piecewise scale says itself which way is better, `better: low` turns the other kinds round. A
    percentile is the share of the other countries that are below, those that are equal counting half, and one
    half for a country alone. The standard deviation of z is that of the values themselves (n, not n - 1), and
    z is 0 where all are equal.
    """
    if scale.kind == "piecewise":
        return float(on_line(scale.points, value))
    if scale.kind == "goalposts":
        ((low, high),) = scale.points
        if scale.log:
            part = (
                (math.log(value) - math.log(low)) / (math.log(high) - math.log(low))
                if value > 0
                else -math.inf
            )
        else:
            part = (value - exact(low)) / (exact(high) - exact(low))
        y = min(max(part, 0), 1)
    elif scale.kind == "percentile":
        below = sum(other < value for other in others)
        equal = sum(other == value for other in others) - 1
        y = (below + Fraction(equal, 2)) / (len(others) - 1) if len(others) > 1 else Fraction(1, 2)
    elif scale.kind == "minmax":
        low, high = min(others), max(others)
        y = (value - low) / (high - low) if high > low else Fraction(1, 2)
    else:
        mean = sum(others) / len(others)
        variance = sum((other - mean) ** 2 for other in others) / len(others)
        z = float(value - mean) / math.sqrt(variance) if variance else 0.0
        y = min(max((z + 3) / 6, 0), 1)
    return float(1 - y if better == "low" else y)


def on_line(points: tuple[tuple[float, float], ...], value: Fraction) -> Fraction:
    """The height of a line through the points, level beyond its ends."""
    corners = sorted((exact(x), exact(y)) for x, y in points)
    if value <= corners[0][0]:
        return corners[0][1]
    for (x0, y0), (x1, y1) in pairwise(corners):
        if value <= x1:
            return y0 + (y1 - y0) * (value - x0) / (x1 - x0)
    return corners[-1][1]


# One screening ----------------------------------------------------------------------------------------------


def days(text: str) -> tuple[date, date]:
    """The first and the last day that a date of some precision may be."""
    parts = [int(part) for part in text.split("-")]
    year, month, day = (*parts, 0, 0)[:3]
    if day:
        return date(year, month, day), date(year, month, day)
    if month:
        after = date(year + month // 12, month % 12 + 1, 1)
        return date(year, month, 1), date.fromordinal(after.toordinal() - 1)
    return date(year, 1, 1), date(year, 12, 31)


def months_on(day: date, months: int) -> date:
    """As many months on, the last day of a month that is too short."""
    whole = day.month - 1 + months
    year, month = day.year + whole // 12, whole % 12 + 1
    last = days(f"{year}-{month:02}")[1]
    return last if day.day > last.day else date(year, month, day.day)


class Oracle:
    """One policy applied to one world at one date; every answer is worked out when it is asked for.

    pool       countries considered, in alphabetical order; unplaced: those that nobody can tell
    peers      iso3 -> the id of its peer group, or None
    status     iso3 -> eligible | conditional | excluded | insufficient-data
    gate, track, node     iso3 -> {id or path: word}
    seen, needs           iso3 -> {path of a test or points: what was compared, with what}
    pillar, coverage, score, rank, order, shortlist
    """

    def __init__(self, policy: Criteria, world: World, sheets: dict[str, SeriesSheet], as_of: date):
        self.policy, self.world, self.sheets, self.as_of = policy, world, sheets, as_of
        self.whole_policy = policy.written or policy  # as written: what is in force is told here again
        self.gates = [gate for gate in self.whole_policy.gates if self.rules(gate)]
        self.tracks = [track for track in self.whole_policy.tracks if self.rules(track)]
        self._values: dict[tuple[Quantity, str], Exact] = {}
        everyone = sorted({iso3 for series in world.values() for iso3 in series})
        self._notes_on(everyone)
        self.pool, self.peers = everyone, dict.fromkeys(everyone)
        said = {iso3: self.verdict(self.whole_policy.pool, iso3) for iso3 in everyone}
        # Reading: who holds the pool's rule conditionally is in the pool.
        self.pool = [iso3 for iso3 in everyone if said[iso3] in ("pass", "conditional")]
        self.unplaced = [iso3 for iso3 in everyone if said[iso3] in ("unknown", None)]
        self.peers = {iso3: self.group_of(iso3) for iso3 in self.pool}
        self._notes_on(self.pool)
        self.gate = {c: {g.id: self.gate_word(g, c) for g in self.gates} for c in self.pool}
        self.track = {c: {t.id: self.gate_word(t, c) for t in self.tracks} for c in self.pool}

    def _notes_on(self, countries: list[str]) -> None:
        self.node, self.seen, self.needs = ({iso3: {} for iso3 in countries} for _ in range(3))

    # Quantities

    def value(self, quantity: Quantity, iso3: str) -> Exact:
        if quantity.measure == "within_months":
            return self.lately(quantity, iso3)
        if (quantity, iso3) not in self._values:
            history = self.world[quantity.indicator].get(iso3, {})
            year = self.newest_year(quantity.indicator, iso3)
            self._values[quantity, iso3] = measured(quantity, history, year)
        return self._values[quantity, iso3]

    def newest_year(self, indicator: str, iso3: str) -> int | None:
        """The year of the figure in use of a country."""
        sheet, histories = self.sheets[indicator], self.world[indicator]
        age = dict(self.policy.own_ages).get(indicator, self.policy.max_age)
        when = (self.as_of, sheet.lag_months, age)
        year = newest(histories.get(iso3, {}), *when)
        if not sheet.carry and any((newest(other, *when) or 0) > (year or 0) for other in histories.values()):
            return None  # others have newer figures, and an older one may not stand beside them
        return year

    def events(self, series: str, iso3: str, kinds: Iterable[str]) -> list[tuple[date, date]]:
        """First and last day of the country's events of these kinds."""
        return [days(when) for c, when, kind in happened(self.world[series]) if c == iso3 and kind in kinds]

    def lately(self, quantity: Quantity, iso3: str) -> Exact:
        """Reading: an event of months ago to the day is no longer within them. On a day not known it may be."""
        rule = self.sheets[quantity.indicator].standing
        mine = self.events(quantity.indicator, iso3, rule.begins)
        on = lambda day: months_on(day, quantity.years) > self.as_of  # noqa: E731 - still within
        if any(last <= self.as_of and on(first) for first, last in mine):
            return Fraction(1)
        possible = any(first <= self.as_of and on(last) for first, last in mine)
        complete = rule.complete_to is not None and self.as_of <= rule.complete_to and not rule.found
        return None if possible or not complete else Fraction(0)

    def held_back(self, iso3: str) -> bool:
        """Whether an event still holds a country: too few months gone, or a gate that reads older figures or none."""
        hold = self.policy.hold
        if hold is None:
            return False
        for first, _ in self.events(hold.events, iso3, hold.kinds):
            if first > self.as_of:
                continue
            if self.as_of < months_on(first, hold.months):
                return True
            if hold.figures and not all(self.reads(gate, iso3, first.year + 1) for gate in self.gates):
                return True
        return False

    def reads(self, gate: Gate, iso3: str, year: int) -> bool:
        """Whether the figures a gate has of a country are of that year or later; a list of events has no year."""
        years = [self.newest_year(i, iso3) for i in self.indicators(gate.rule) if not self.sheets[i].standing]
        known = [own for own in years if own is not None]
        return not years or (bool(known) and all(own >= year for own in known))

    def indicators(self, node: Node) -> set[str]:
        """Every indicator that a rule in force looks at."""
        if not self.speaks(node):
            return set()
        if isinstance(node, Group):
            return set().union(*map(self.indicators, node.of))
        if isinstance(node, Points):
            return set().union(*map(self.of_metric, node.metrics))
        return {node.quantity.indicator}

    def of_metric(self, metric: Metric) -> set[str]:
        own = {metric.quantity.indicator} if metric.quantity else set()
        own |= {metric.test.quantity.indicator} if metric.test else set()
        return own.union(*map(self.of_metric, metric.of))

    def among(self, quantity: Quantity, whom: str, iso3: str) -> list[Fraction]:
        """The values of the peers or of the pool; of nobody where a country's peer group is not known.

        Reading: without any peer group in the policy nobody has peers.
        """
        companions = self.pool
        if whom == "peers":
            own = self.peers[iso3]
            companions = [] if own is None else [c for c in self.pool if self.peers[c] == own]
        values = [self.value(quantity, c) for c in companions]
        return [value for value in values if value is not None]

    # What is in force

    def in_time(self, thing) -> bool:
        """Whether the date lies between the days something is in force, both of them included."""
        first, last = thing.in_force.since, thing.in_force.until
        return not (first and self.as_of < first) and not (last and self.as_of > last)

    def rules(self, gate: Gate) -> bool:
        """Whether a gate says anything at the date."""
        return self.in_time(gate) and self.speaks(gate.rule)

    def speaks(self, node: Node) -> bool:
        """Reading: a group of which no part is in force says nothing, as if it were not in force itself."""
        return self.in_time(node) and (not isinstance(node, Group) or any(map(self.speaks, node.of)))

    # Verdicts

    def verdict(self, node: Node, iso3: str) -> Word:
        said: Callable[[Node, str], Word] = {Test: self.test, Group: self.group, Points: self.points}[
            type(node)
        ]
        word = granted(node, said(node, iso3))
        self.node[iso3][node.path] = word or "unknown"
        return word

    def group(self, node: Group, iso3: str) -> Word:
        return joined(node, [self.verdict(part, iso3) for part in node.of if self.speaks(part)])

    def test(self, node: Test, iso3: str) -> Word:
        """Reading: a threshold that cannot be had is missing data as much as a value that cannot."""
        value = self.value(node.quantity, iso3)
        self.seen[iso3][node.path] = value
        if node.operator == "in":
            self.needs[iso3][node.path] = None
            holds = value in map(exact, node.threshold)
            found = value is not None
        else:
            needed = self.threshold(node.threshold, node.quantity, iso3)
            self.needs[iso3][node.path] = needed
            found = value is not None and needed is not None
            holds = (
                found
                and {
                    "at_least": value >= needed,
                    "at_most": value <= needed,
                    "above": value > needed,
                    "below": value < needed,
                }[node.operator]
            )
        if not found:
            nobody = node.quantity.measure != "within_months" and not self.held(node.quantity.indicator)
            if nobody or self.lapsed(node.threshold):
                return "unknown"
            return {"fail": "fail", "unknown": "unknown", "drop": None}[node.missing]
        return "pass" if holds else "fail"

    def threshold(self, threshold: Threshold, quantity: Quantity, iso3: str) -> Exact:
        """Reading: the smaller or larger of several is missing where one of them is, and a table has no entry
        before its first date."""
        if isinstance(threshold, Reference):
            return quantile(self.among(threshold.of or quantity, threshold.among, iso3), threshold.quantile)
        if isinstance(threshold, Extreme):
            several = [self.threshold(part, quantity, iso3) for part in threshold.of]
            return None if None in several else (min if threshold.pick == "min_of" else max)(several)
        if isinstance(threshold, Dated):
            begun = [number for start, number in threshold.since if start <= self.as_of]
            return None if not begun or begun[-1] is None else exact(begun[-1])
        return exact(threshold)

    def lapsed(self, threshold) -> bool:
        """Whether a table by date in a threshold has no number at the date: then nobody can be judged by it."""
        if isinstance(threshold, Extreme):
            return any(map(self.lapsed, threshold.of))
        return isinstance(threshold, Dated) and self.threshold(threshold, None, "") is None

    def points(self, node: Points, iso3: str) -> Word:
        """Reading: where some source has no figure for any country, what it would give may be nothing or all."""

        def said(fill: Fraction | None) -> tuple[Exact, int, Word]:
            results = [self.earned(metric, iso3, fill) for metric in node.metrics]
            with_data = [result for result in results if result is not None]
            worth = sum(of for _, of in with_data)
            share = sum(got for got, _ in with_data) / worth if worth else None
            holds = share is not None and share >= exact(node.share_at_least)
            return share, len(with_data), "pass" if holds else "fail"

        whole = all(map(self.whole, node.metrics))
        share, count, word = said(None)
        self.seen[iso3][node.path] = share if whole else None
        self.needs[iso3][node.path] = exact(node.share_at_least)
        if count < node.metrics_at_least:
            return "unknown"
        if whole:
            return "unknown" if share is None else word
        none, every = said(Fraction(0))[2], said(Fraction(1))[2]
        return none if none == every else "unknown"

    def held(self, indicator: str) -> bool:
        """Whether any country of the world has a figure at the date."""
        everyone = {iso3 for series in self.world.values() for iso3 in series}
        return any(self.value(Quantity(indicator), iso3) is not None for iso3 in everyone)

    def whole(self, metric: Metric) -> bool:
        """Whether every source below a metric has a figure for some country."""
        looked_at = metric.test.quantity if metric.test else metric.quantity
        return all(map(self.whole, metric.of)) and (looked_at is None or self.held(looked_at.indicator))

    def earned(
        self, metric: Metric, iso3: str, fill: Fraction | None = None
    ) -> tuple[Fraction, Fraction] | None:
        """Points of a metric and the most it could have given; None without data.

        Reading: a `sum` has data if all its parts have, a `max_of` if one has; either is worth its `worth`.
        """
        worth = exact(metric.worth)
        if not metric.of and not self.whole(metric):
            if metric.test:
                self.verdict(metric.test, iso3)
            return None if fill is None else (fill * worth, worth)
        if metric.kind == "flag":
            word = self.verdict(metric.test, iso3)
            if word in ("unknown", None):
                return None
            return (worth if word in ("pass", "conditional") else Fraction(0)), worth
        if metric.kind in ("sum", "max_of"):
            parts = [self.earned(part, iso3, fill) for part in metric.of]
            got = [part[0] for part in parts if part is not None]
            if not got or (metric.kind == "sum" and None in parts):
                return None
            return (sum if metric.kind == "sum" else max)(got), worth
        value = self.value(metric.quantity, iso3)
        if value is None:
            return None
        if metric.kind == "map":
            return next(
                (exact(got) for number, got in metric.steps if exact(number) == value), Fraction(0)
            ), worth
        for edge, got in metric.steps:
            if edge == -math.inf or value > exact(edge):
                return exact(got), worth
        return Fraction(0), worth

    def group_of(self, iso3: str) -> str | None:
        """The first peer group whose rule holds; None if an earlier rule, or every rule, leaves it open."""
        for group in self.whole_policy.peers:
            if group.rule is None:
                return group.id
            if not self.speaks(group.rule):
                continue
            word = self.verdict(group.rule, iso3)
            if word in ("unknown", None):
                return None
            if word in ("pass", "conditional"):
                return group.id
        return None

    def gate_word(self, gate: Gate, iso3: str) -> str:
        """A gate, or a track: a dropped rule is unknown; in another peer group the track fails."""
        word = self.verdict(gate.rule, iso3) or "unknown"
        if not gate.peer_group:
            return word
        own = self.peers[iso3]
        belongs = "unknown" if own is None else "pass" if own == gate.peer_group else "fail"
        return least([word, belongs])

    @cached_property
    def status(self) -> dict[str, str]:
        """All gates, and the best of the tracks; who is of no ideal kind, or of none that is known, is only qualified."""
        found = {}
        for iso3 in self.pool:
            words = list(self.gate[iso3].values())
            if not words and not self.tracks:
                found[iso3] = "eligible"
                continue
            of_kind = {t.id: self.track[iso3][t.id] for t in self.tracks}
            whole = least([*words, *([most(of_kind.values())] if of_kind else [])])
            best = [of_kind[t.id] for t in self.tracks if t.ideal]
            ideal = whole if not self.tracks else least([*words, most(best)]) if best else "fail"
            if whole == "fail":
                found[iso3] = "excluded"
            elif self.held_back(iso3):
                found[iso3] = "on-hold"
            elif whole == "unknown":
                found[iso3] = "insufficient-data"
            else:
                found[iso3] = {"conditional": "conditional", "pass": "eligible"}.get(ideal, "qualified")
        return found

    # Score

    def normalised(self, part: Component, iso3: str) -> float | None:
        value = self.value(part.quantity, iso3)
        if value is None:
            return None
        others = self.among(part.quantity, part.scale.among, iso3)
        if not others:
            return None
        floor = self.policy.score.floor
        return floor + (1 - floor) * scaled(part.scale, part.better, value, others)

    def pillar_of(self, pillar, iso3: str) -> tuple[float | None, float]:
        """A pillar's value from what is observed, and the share of its weight that is."""
        parts = [(self.normalised(part, iso3), part.weight) for part in pillar.components if part.weight > 0]
        seen = [(y, weight) for y, weight in parts if y is not None]
        share = sum(exact(w) for _, w in seen) / sum(exact(w) for _, w in parts)
        if not seen or share < exact(self.policy.score.coverage) - Fraction(1, 10**9):
            return None, float(share)
        return power_mean(*map(list, zip(*seen, strict=True)), pillar.power), float(share)

    @cached_property
    def pillar(self) -> dict[str, dict[str, tuple[float | None, float]]]:
        """iso3 -> pillar id -> (value, coverage)."""
        pillars = self.policy.score.pillars if self.policy.score else ()
        return {iso3: {p.id: self.pillar_of(p, iso3) for p in pillars} for iso3 in self.pool}

    @cached_property
    def score(self) -> dict[str, float | None]:
        """The mean of the pillars; none where a pillar that counts has none."""
        found = dict.fromkeys(self.pool)
        for iso3 in self.pool if self.policy.score else ():
            counted = [p for p in self.policy.score.pillars if p.weight > 0]
            values = [self.pillar[iso3][p.id][0] for p in counted]
            if None not in values:
                found[iso3] = power_mean(values, [p.weight for p in counted], self.policy.score.power)
        return found

    @cached_property
    def rank(self) -> dict[str, int | None]:
        """One and the number of ranked countries with a higher score, equal to 12 decimals being equal."""
        return self.places("eligible", "conditional")

    @cached_property
    def apart(self) -> dict[str, int | None]:
        """The same among who is qualified."""
        return self.places("qualified")

    def places(self, *words: str) -> dict[str, int | None]:
        ranked = {
            iso3: round(self.score[iso3], 12)
            for iso3 in self.pool
            if self.status[iso3] in words and self.score[iso3] is not None
        }
        return {
            iso3: 1 + sum(other > ranked[iso3] for other in ranked.values()) if iso3 in ranked else None
            for iso3 in self.pool
        }

    @cached_property
    def order(self) -> list[str]:
        """Ranked countries by rank and code, then who is ranked apart, then the others by code."""
        key = lambda iso3: (self.rank[iso3] or math.inf, self.apart[iso3] or math.inf, iso3)  # noqa: E731
        return sorted(self.pool, key=key)

    @cached_property
    def shortlist(self) -> list[str]:
        """Reading: every country whose rank is within the size, so that equals are in or out together."""
        return [iso3 for iso3 in self.order if (self.rank[iso3] or math.inf) <= self.policy.shortlist]
