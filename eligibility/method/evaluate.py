"""The one evaluator: a criteria tree over arrays of draws x countries.

Verdicts are ordered numbers, so that `all` is a minimum, `any` a maximum and `at least n` the
n-th largest (Kleene's three-valued logic with a fourth value for what is granted on condition):

    FAIL 0 < UNKNOWN 1 < CONDITIONAL 2 < PASS 3
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import reduce
from typing import NamedTuple

import numpy as np

from eligibility.method.measures import Measures
from eligibility.policy import walk
from eligibility.policy.model import (
    Criteria,
    Dated,
    Extreme,
    Gate,
    Group,
    Metric,
    Named,
    Node,
    Points,
    Quantity,
    Reference,
    Test,
    Threshold,
)

DROPPED, FAIL, UNKNOWN, CONDITIONAL, PASS = (np.int8(v) for v in (-1, 0, 1, 2, 3))
WORDS = ("fail", "unknown", "conditional", "pass")
# by number, so that what stands before another takes precedence over it and who is admitted comes last
STATUS = ("excluded", "on-hold", "insufficient-data", "qualified", "conditional", "eligible")
ADMITTED = ("eligible", "conditional")  # who qualifies, be it on condition


@dataclass(frozen=True)
class Trace:
    """What each node said, kept only where someone will read it. Keys are paths in the file."""

    verdict: dict[str, np.ndarray] = field(default_factory=dict)
    measured: dict[str, np.ndarray] = field(default_factory=dict)
    needs: dict[str, np.ndarray] = field(default_factory=dict)


class Verdicts(NamedTuple):
    """What a policy says of everybody, draws x countries each.

    gates, tracks   by id
    ideal           every gate and a track of an ideal kind
    whole           every gate and any track: every requirement; the same where all kinds are ideal
    held            who is on hold; None where nobody can be
    """

    gates: dict[str, np.ndarray]
    tracks: dict[str, np.ndarray]
    ideal: np.ndarray
    whole: np.ndarray
    held: np.ndarray | None = None

    @property
    def admitted(self) -> np.ndarray:
        """Who is eligible, be it on condition."""
        return self._free(self.ideal >= CONDITIONAL)

    @property
    def possible(self) -> np.ndarray:
        """Who is eligible, or would be if the figures not held were as they must be."""
        return self._free(self.ideal >= UNKNOWN)

    @property
    def qualified(self) -> np.ndarray:
        """Who meets every requirement and is of no ideal kind, or of none that is known."""
        return self._free((self.whole >= CONDITIONAL) & (self.ideal < CONDITIONAL))

    def _free(self, inside: np.ndarray) -> np.ndarray:
        return inside if self.held is None else inside & ~self.held

    @property
    def status(self) -> np.ndarray:
        """The number of each country's status in `STATUS`."""
        kinds = np.array(
            [STATUS.index(word) for word in ("qualified", "qualified", "conditional", "eligible")],
            dtype=np.int8,
        )
        open_ = np.where(self.whole == UNKNOWN, np.int8(STATUS.index("insufficient-data")), kinds[self.ideal])
        if self.held is not None:
            open_ = np.where(self.held, np.int8(STATUS.index("on-hold")), open_)
        return np.where(self.whole == FAIL, np.int8(STATUS.index("excluded")), open_)


@dataclass(frozen=True)
class Judge:
    """Judges nodes on measures. `peers` is the group of each country, "" where it is unknown.

    forced   path of a node -> the verdict it is to have, whatever the figures say (a what-if)
    """

    measures: Measures
    peers: np.ndarray
    as_of: date
    trace: Trace | None = None
    forced: Mapping[str, np.ndarray] = field(default_factory=dict)
    # taken once, however many tests ask
    _quantiles: dict[tuple[Quantity, str, float], np.ndarray] = field(default_factory=dict, repr=False)

    def on(self, measures: Measures) -> Judge:
        """The same judge on other values of the same draws; what pool and peers set it keeps."""
        return replace(self, measures=measures, trace=None)

    def gate(self, gate: Gate) -> np.ndarray:
        """Verdict of a gate or track, draws x countries; a track also needs its peer group."""
        verdict = self.node(gate.rule)
        verdict = np.where(verdict == DROPPED, UNKNOWN, verdict)
        if gate.peer_group:
            member = np.where(self.peers == gate.peer_group, PASS, np.where(self.peers == "", UNKNOWN, FAIL))
            verdict = np.minimum(verdict, member)
        return verdict

    def verdicts(self, criteria: Criteria, scored: np.ndarray) -> Verdicts:
        """Every gate, every track, and all of them together; `scored` says who has a score."""
        gates = {gate.id: self.gate(gate) for gate in criteria.gates}
        tracks = {track.id: self.gate(track) for track in criteria.tracks}
        return together(criteria, gates, tracks, scored, self.measures.held)

    def mechanisms(self, criteria: Criteria) -> dict[str, np.ndarray]:
        """Id of each kind of body -> its verdict, draws x countries; no part of any other."""
        return {kind.id: self.gate(kind) for kind in criteria.mechanisms}

    def node(self, node: Node) -> np.ndarray:
        """Verdict of one node, draws x countries, DROPPED where missing data leave the tree."""
        if node.path in self.forced:
            verdict = self.forced[node.path]
        elif isinstance(node, Test):
            verdict = self._test(node)
        elif isinstance(node, Points):
            verdict = self._points(node)
        elif isinstance(node, Named):
            listed = np.isin(self.measures.countries, [iso3 for iso3, _ in node.countries])
            verdict = np.where(listed, PASS, FAIL)[None, :]
        else:
            verdict = join(node, [self.node(child) for child in node.of])
        if node.grants == "conditional":
            verdict = np.minimum(verdict, CONDITIONAL)
        if self.trace is not None:
            self.trace.verdict[node.path] = verdict
        return verdict

    def _test(self, test: Test) -> np.ndarray:
        x = self.measures.of(test.quantity)
        compares = test.compares
        if compares is None:
            holds, known = np.isin(x, test.classes), ~np.isnan(x[:1])
            needs = np.full_like(x, np.nan) if self.trace is not None else x
        else:
            needs = self.threshold(test.limit, test)
            # what is missing is missing in every draw, of thresholds too
            holds, known = compares.holds(x, needs), ~np.isnan(x[:1] + np.atleast_2d(needs)[:1])
        if self.trace is not None:
            self.trace.measured[test.path] = x
            self.trace.needs[test.path] = np.broadcast_to(needs, x.shape)
        verdict = np.multiply(holds, PASS, dtype=np.int8)
        absent = {"unknown": UNKNOWN, "fail": FAIL, "drop": DROPPED}[test.missing]
        unheld = test.quantity.measure != "within_months" and test.quantity.indicator in self.measures.absent
        if unheld or walk.unset(test.threshold, self.as_of):
            absent = UNKNOWN  # nobody can be judged: says nothing about any country, whatever the policy
        return verdict if known.all() else np.where(known, verdict, absent)

    def threshold(self, threshold: Threshold, test: Test) -> np.ndarray:
        """The number to compare with, broadcastable to draws x countries."""
        if isinstance(threshold, Extreme):
            pick = np.minimum if threshold.pick == "min_of" else np.maximum
            return reduce(pick, (self.threshold(part, test) for part in threshold.of))
        if isinstance(threshold, Dated):
            return np.asarray(in_force(threshold, self.as_of))
        if isinstance(threshold, Reference):
            return self.quantile(threshold.of or test.quantity, threshold.among, threshold.quantile)
        return np.asarray(threshold, dtype=float)

    def quantile(self, quantity: Quantity, among: str, q: float) -> np.ndarray:
        """The q-quantile of the known values of the pool, or of each country's own peers."""
        key = (quantity, among, q)
        if key not in self._quantiles:
            self._quantiles[key] = self._quantile(self.measures.of(quantity), among, q)
        return self._quantiles[key]

    def _quantile(self, x: np.ndarray, among: str, q: float) -> np.ndarray:
        if among == "pool":
            return quantile(x, q)
        out = np.full(x.shape, np.nan)
        for group in np.unique(self.peers[self.peers != ""]):
            mine = self.peers == group
            out[:, mine] = quantile(x[:, mine], q)
        return out

    def _points(self, points: Points) -> np.ndarray:
        share, count = self._share(points)

        def enough(share: np.ndarray) -> np.ndarray:
            return np.where(share >= np.round(points.share_at_least, 12), PASS, FAIL)

        verdict = enough(share)
        if self.measures.absent and any(map(self._unheld, points.metrics)):
            # Nobody has a value: judged only where no points and all points come to the same.
            least, most = (enough(self._share(points, fill)[0]) for fill in (0.0, 1.0))
            verdict = np.where(least == most, least, UNKNOWN)
            share = np.full_like(share, np.nan)
        if self.trace is not None:
            self.trace.measured[points.path] = share
            self.trace.needs[points.path] = np.full_like(share, points.share_at_least)
        return np.where(count < points.metrics_at_least, UNKNOWN, verdict)

    def _share(self, points: Points, fill: float = np.nan) -> tuple[np.ndarray, np.ndarray]:
        """Points had of those that apply, and how many metrics apply."""
        have, worth, count = np.zeros(1), np.zeros(1), np.zeros(1, dtype=int)
        for metric in points.metrics:
            got = self.points_of(metric, fill)
            known = ~np.isnan(got)
            have = have + np.where(known, got, 0.0)
            worth = worth + known * metric.worth
            count = count + known
        return np.round(have / np.where(worth > 0, worth, np.nan), 12), count

    def _unheld(self, metric: Metric) -> bool:
        """Whether a metric looks at a series of which no dataset is held."""
        if metric.of:
            return any(map(self._unheld, metric.of))
        return _quantity(metric).indicator in self.measures.absent

    def points_of(self, metric: Metric, fill: float = np.nan) -> np.ndarray:
        """Points of one metric, draws x countries, NaN where it cannot be judged.

        `fill` is the share of its points that a metric gets whose series is not held at all.
        """
        if not metric.of and self._unheld(metric):
            x = self.measures.of(_quantity(metric))
            if metric.test and self.trace is not None:
                self.node(metric.test)  # which says unknown, for whoever reads the trace
            return np.full(x.shape, fill * metric.worth)
        if metric.test is not None:
            verdict = self.node(metric.test)
            judged = (verdict != UNKNOWN) & (verdict != DROPPED)
            return np.where(judged, np.where(verdict >= CONDITIONAL, metric.worth, 0.0), np.nan)
        if metric.kind in ("sum", "max_of"):
            pick = np.add if metric.kind == "sum" else np.fmax  # a sum needs every part, a maximum any
            return reduce(pick, (self.points_of(part, fill) for part in metric.of))
        x = self.measures.of(_quantity(metric))
        return bands(x, metric.steps) if metric.kind == "bands" else mapped(x, metric.steps)


def _quantity(metric: Metric) -> Quantity:
    """What a metric that is made of no others looks at."""
    quantity = metric.test.quantity if metric.test else metric.quantity
    assert quantity is not None
    return quantity


def join(group: Group, verdicts: list[np.ndarray]) -> np.ndarray:
    """The verdict of a group from those of its parts; dropped parts do not count."""
    dropped = [v == DROPPED for v in verdicts] if any((v == DROPPED).any() for v in verdicts) else []
    if dropped:
        neutral = PASS if group.join == "all" else FAIL
        verdicts = [np.where(gone, neutral, v) for gone, v in zip(dropped, verdicts, strict=True)]
    if group.join == "all":
        verdict = reduce(np.minimum, verdicts)
    elif group.join == "any":
        verdict = reduce(np.maximum, verdicts)
    elif group.join == "at_least":
        reached = (
            reduce(np.add, [(v >= word).view(np.int8) for v in verdicts])
            for word in (UNKNOWN, CONDITIONAL, PASS)
        )
        verdict = reduce(np.add, [(count >= group.n).view(np.int8) for count in reached])  # the n-th largest
    else:  # none: a part that holds, be it on condition, fails it; one that is unknown leaves it unknown
        held = reduce(np.maximum, verdicts)
        verdict = np.where(held == UNKNOWN, UNKNOWN, np.where(held == FAIL, PASS, FAIL))
    return np.where(reduce(np.logical_and, dropped), DROPPED, verdict) if dropped else verdict


def quantile(x: np.ndarray, q: float) -> np.ndarray:
    """The q-quantile of each row's known values, as a column; linear between order statistics.

    >>> quantile(np.array([[1.0, 2.0, 3.0, np.nan]]), 0.5)
    array([[2.]])
    """
    known = x[:, ~np.isnan(x[0])]  # what is missing is missing in every draw
    n = known.shape[1]
    if n == 0:
        return np.full((len(x), 1), np.nan)
    h = round((n - 1) * q, 9)  # 20 * 0.55 is the 11th, not a hair above it
    k, g = int(np.floor(h)), h - np.floor(h)
    upper = min(k + 1, n - 1)
    ordered = np.sort(known, axis=1)  # quicker than to part it at two places
    low, high = ordered[:, k], ordered[:, upper]
    between = np.round(low + g * (high - low), 12)
    # A value that is the quantile must stay equal to it: only what lies between two is rounded.
    return np.where((g == 0) | (low == high), low, between)[:, None]


def bands(x: np.ndarray, steps: tuple[tuple[float, float], ...]) -> np.ndarray:
    """Points of the first band whose edge the value is above; steps run from high to low."""
    out = np.full(x.shape, np.nan)
    for edge, points in reversed(steps):
        out = np.where(x > edge, points, out)
    return out


def mapped(x: np.ndarray, steps: tuple[tuple[float, float], ...]) -> np.ndarray:
    """Points by class number; NaN for a class without points."""
    out = np.full(x.shape, np.nan)
    for number, points in steps:
        out = np.where(x == number, points, out)
    return out


def in_force(dated: Dated, as_of: date) -> float:
    """The number of the entry with the latest start not after the date; NaN before the first and after an end."""
    _, value = dated.entry(as_of) or (None, None)
    return np.nan if value is None else value


def together(
    criteria: Criteria,
    gates: Mapping[str, np.ndarray],
    tracks: Mapping[str, np.ndarray],
    scored: np.ndarray,
    held: np.ndarray | None = None,
) -> Verdicts:
    """Every gate and at least one track, taken together; gates and tracks are those of the criteria by id.

    An index has neither: nobody says no, so whoever has a score is admitted.
    """

    def every(kinds: list[np.ndarray]) -> np.ndarray:
        verdicts = [*gates.values(), *([reduce(np.maximum, kinds)] if kinds else [])]
        return reduce(np.minimum, verdicts) if verdicts else np.where(scored, PASS, UNKNOWN)

    whole = every([*tracks.values()])
    ideal = [tracks[track.id] for track in criteria.tracks if track.ideal]
    if len(ideal) == len(tracks):
        return Verdicts({**gates}, {**tracks}, whole, whole, held)
    kinds = every(ideal) if ideal else np.full_like(whole, FAIL)  # FAIL: none of an ideal kind is in force
    return Verdicts({**gates}, {**tracks}, kinds, whole, held)
