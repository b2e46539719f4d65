"""Criteria and figures as plain data for the page: rule trees, scales, weights, values of each country.

Every number of the policy that a user may change is a parameter, named by its path in the file; trees and scales
refer to parameters by position. `reports/static/scorer.js` reads this and comes to the verdicts and ranks of
`eligibility.method`, which tests hold it to.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from eligibility.language.notes import span
from eligibility.method import rounds
from eligibility.method.measures import Measures
from eligibility.pages.reasons import called
from eligibility.pages.wording import plain, unit
from eligibility.policy import walk
from eligibility.policy.model import (
    Component,
    Criteria,
    Dated,
    Extreme,
    Gate,
    Metric,
    Named,
    Node,
    Points,
    Quantity,
    Reference,
    Scale,
    Score,
    Test,
    Threshold,
)

JUDGED = ("gate", "track", "score")  # pool and peer groups are facts of classification and stay as they are
JOINED = {
    "all": "all of these",
    "any": "any of these",
    "none": "none of these",
    "at_least": "enough of these",
}
MOST_SHORTLISTED = 300
MOST_WEIGHT = 1_000_000


def quantities(criteria: Criteria) -> tuple[Quantity, ...]:
    """What gates, tracks and score look at, each once, in file order."""
    return rounds.asked(criteria, *JUDGED)


def model(
    criteria: Criteria, measures: Measures, peers: Sequence[str], as_of: date, sheets: Mapping[str, Any]
) -> dict:
    """The scorer's input, ready for JSON; a missing value is None.

    measures   the published values, one draw
    peers      the peer group of each country of `measures`, "" where unknown
    sheets     indicator id -> label, lo, hi, classes, decimals, unit
    """
    made = _Model(criteria, measures, as_of, sheets)
    return {
        "countries": list(measures.countries),
        "groups": made.groups,
        "peers": [made.groups.index(group) if group else -1 for group in peers],
        "gates": [made.gate(gate) for gate in criteria.gates],
        "tracks": [made.gate(track) for track in criteria.tracks],
        "held": None if measures.held is None else measures.held.tolist(),
        "score": made.score(criteria.score) if criteria.score else None,
        "shortlist": made.shortlist() if criteria.shortlist else None,
        # other means, drawn by `screen`
        "open": [_power(power) for power in criteria.uncertainty.choices.powers],
        "quantities": [made.figures(quantity) for quantity in made.quantities],
        "indicators": {i: made.indicator(i) for i in dict.fromkeys(q.indicator for q in made.quantities)},
        "parameters": made.parameters,
    }


def numbers(values: np.ndarray) -> list[float | None]:
    """Floats as JSON has them."""
    return [None if math.isnan(value) else value for value in values.tolist()]


@dataclass
class _Model:
    criteria: Criteria
    measures: Measures
    as_of: date
    sheets: Mapping[str, Any]
    parameters: list[dict] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.quantities = quantities(self.criteria)
        self.groups = [group.id for group in self.criteria.peers]

    def parameter(self, path: str, kind: str, value: Any, label: str, low=None, high=None, **more) -> int:
        """The position of a new parameter; `low` and `high` are what the language allows, None without limit."""
        self.parameters.append(
            {"path": path, "kind": kind, "value": value, "label": label, "low": low, "high": high, **more}
        )
        return len(self.parameters) - 1

    def shortlist(self) -> int:
        criteria = self.criteria
        least = max([1, *(asked.n for asked in criteria.limits.at_least)]) if criteria.limits else 1
        return self.parameter(
            "shortlist.size", "count", criteria.shortlist, "Size of the shortlist", least, MOST_SHORTLISTED,
            basis=plain(criteria.shortlist_basis), slide=[least, max(30, criteria.shortlist)], step=1,
        )  # fmt: skip

    def indicator(self, id_: str) -> dict:
        """One indicator: its words, its range and each country's value."""
        sheet, now = self.sheets[id_], self.measures.now[id_][0]
        low, high = span(sheet, Quantity(id_))
        classes = {number: plain(sheet.class_name(number)) for number in sheet.classes or ()}
        return {
            "label": called(Quantity(id_), self.sheets),
            "unit": unit(sheet.unit),
            "decimals": sheet.decimals,
            "low": _limit(low),
            "high": _limit(high),
            "classes": classes or None,
            "absent": id_ in self.measures.absent,
            "now": numbers(now),
        } | _slide(sheet, Quantity(id_), now)

    def figures(self, quantity: Quantity) -> dict:
        before = self.measures.before.get(quantity)
        return {
            "indicator": quantity.indicator,
            "measure": quantity.measure,
            "to": quantity.to,
            "falling": quantity.falling,
            "before": None if before is None else numbers(before[0]),
        }

    # rules

    def gate(self, gate: Gate) -> dict:
        # the position of a peer group; one that is not in force at the date has a position nobody is at
        group = self.groups.index(gate.peer_group) if gate.peer_group in self.groups else len(self.groups)
        return {
            "id": gate.id,
            "title": plain(gate.title),
            "question": plain(gate.question),
            "group": group if gate.peer_group else None,
            "ideal": gate.ideal,
            "rule": self.node(gate.rule, ()),
        }

    def node(self, node: Node, within: tuple[str, ...]) -> dict:
        """A rule and everything under it; `within` are the headings around it."""
        conditional = node.grants == "conditional"
        if isinstance(node, Test):
            return {"type": "test", "conditional": conditional, **self.test(node, within)}
        if isinstance(node, Named):
            listed = {iso3 for iso3, _ in node.countries}
            return {
                "type": "named",
                "conditional": conditional,
                "listed": [iso3 in listed for iso3 in self.measures.countries],
            }
        if isinstance(node, Points):
            return {"type": "points", "conditional": conditional, **self.points(node, within)}
        word = JOINED[node.join]
        inside = (*within, f"{plain(node.title)}: {word}" if node.title else word)
        made: dict[str, Any] = {"type": "group", "conditional": conditional, "join": node.join}
        if node.join == "at_least":
            made["n"] = self.parameter(
                f"{node.path}.at_least.n", "count", node.n, f"At least so many of {len(node.of)}", 1, len(node.of),
                basis=plain(node.basis), within=list(inside), slide=[1, len(node.of)], step=1,
            )  # fmt: skip
        return made | {"of": [self.node(child, inside) for child in node.of]}

    def test(self, test: Test, within: tuple[str, ...]) -> dict:
        # then nobody can be judged, whatever `missing` says
        unset = bool(walk.unset(test.threshold, self.as_of))
        missing = "unknown" if unset else test.missing
        made = {"quantity": self.at(test.quantity), "operator": test.operator, "missing": missing}
        if test.compares is None:
            return made | {"classes": list(test.classes)}
        if test.quantity.measure == "within_months":  # a day is known or it is not: nothing to move
            return made | {"operator": "in", "classes": [1.0], "told": True}
        name = f"{called(test.quantity, self.sheets)}, {test.compares.said}"
        return made | {
            "up": test.compares.up,
            "equal": test.compares.equal,
            "threshold": self.threshold(test.limit, test, f"{test.path}.{test.operator}", name, within),
        }

    def at(self, quantity: Quantity) -> int:
        return self.quantities.index(quantity)

    def threshold(
        self, threshold: Threshold, test: Test, path: str, name: str, within: tuple[str, ...]
    ) -> dict:
        told = {"within": list(within), "basis": plain(test.basis)}
        if isinstance(threshold, Extreme):
            word = "smaller" if threshold.pick == "min_of" else "larger"
            parts = [
                self.threshold(
                    part, test, f"{path}.{threshold.pick}[{i}]", f"{name} the {word} of these", within
                )
                for i, part in enumerate(threshold.of)
            ]
            return {"type": threshold.pick, "of": parts}
        if isinstance(threshold, Reference):
            among = "its peers’" if threshold.among == "peers" else "all candidates’"
            of = threshold.of or test.quantity
            label = f"{name} {among} quantile" + ("" if of == test.quantity else " of the level")
            at = self.parameter(
                f"{path}.{threshold.among}", "quantile", threshold.quantile, label, 0, 1, slide=[0, 1], step=0.01, **told
            )  # fmt: skip
            return {"type": "quantile", "among": threshold.among, "of": self.at(of), "at": at}
        if isinstance(threshold, Dated):
            entry = threshold.entry(self.as_of)
            if entry is None or entry[1] is None:
                return {"type": "none"}
            since, value = entry[0], entry[1]
            end = ".value" if since in threshold.ending else ""
            path = f"{path}.by_date.{since.isoformat()}{end}"
            name = f"{name} (in force since {since.isoformat()})"
            threshold = value
        sheet = self.sheets[test.quantity.indicator]
        low, high = span(sheet, test.quantity)
        level = test.quantity.measure == "level"
        slide = _slide(sheet, test.quantity, self.measures.of(test.quantity)[0], threshold)
        classes = sorted(sheet.classes) if sheet.classes and level else None
        at = self.parameter(
            path, "threshold", threshold, name, _limit(low), _limit(high),
            of=self.at(test.quantity), classes=classes, **slide, **told,
        )  # fmt: skip
        return {"type": "number", "at": at}

    def points(self, points: Points, within: tuple[str, ...]) -> dict:
        path = f"{points.path}.points"
        told = {"within": [*within, plain(points.title) or "Points"], "basis": plain(points.basis)}
        return {
            "share": self.parameter(
                f"{path}.share_at_least", "share", points.share_at_least, "Share of the points that apply, at least",
                0.01, 1, slide=[0.01, 1], step=0.01, **told,
            ),
            "least": self.parameter(
                f"{path}.metrics_at_least", "count", points.metrics_at_least, "Figures known, at least",
                1, len(points.metrics), slide=[1, len(points.metrics)], step=1, **told,
            ),
            "metrics": [self.metric(metric, told["within"]) for metric in points.metrics],
        }  # fmt: skip

    def metric(self, metric: Metric, within: Sequence[str]) -> dict:
        inside = (*within, plain(metric.title)) if metric.title else tuple(within)
        return {
            "kind": metric.kind,
            "worth": metric.worth,
            "quantity": self.at(metric.quantity) if metric.quantity else None,
            "steps": [[None if edge == -math.inf else edge, points] for edge, points in metric.steps],
            "of": [self.metric(part, inside) for part in metric.of],
            "test": self.node(metric.test, inside) if metric.test else None,
        }

    # score

    def score(self, score: Score) -> dict:
        basis = {"basis": plain(score.basis)}
        return {
            "power": self.power("score.aggregation", score.power, "Mean of the parts", **basis),
            "floor": self.parameter(
                "score.floor", "floor", score.floor, "Floor: what a zero counts", 0, 0.99,
                slide=[0, 0.5], step=0.01, **basis,
            ),
            "coverage": self.parameter(
                "score.coverage", "share", score.coverage, "Share of a part’s weight that must be known", 0.01, 1,
                slide=[0.01, 1], step=0.01, **basis,
            ),
            "pillars": [
                {
                    "id": pillar.id,
                    "title": plain(pillar.title),
                    "weight": self.weight(
                        f"score.pillars.{pillar.id}.weight", pillar.weight, "Weight of the part", score.basis
                    ),
                    "power": self.power(
                        f"score.pillars.{pillar.id}.aggregation", pillar.power, "Mean of its figures",
                        basis=plain(pillar.basis),
                    ),
                    "parts": [self.component(part) for part in pillar.components],
                }
                for pillar in score.pillars
            ],
        }  # fmt: skip

    def power(self, path: str, power: float, label: str, **more: Any) -> int:
        return self.parameter(path, "power", _power(power), label, -50, 50, slide=[-5, 5], step=0.05, **more)

    def weight(self, path: str, weight: float, label: str, basis: str) -> int:
        top = max(4, 2 * math.ceil(weight))
        return self.parameter(
            path, "weight", weight, label, 0, MOST_WEIGHT, slide=[0, top], step=0.05, basis=plain(basis)
        )

    def component(self, part: Component) -> dict:
        label = called(part.quantity, self.sheets)
        return {
            "quantity": self.at(part.quantity),
            "label": label,
            "weight": self.weight(f"{part.path}.weight", part.weight, label, part.basis),
            "better": part.better,
            "scale": self.scale(part, label),
        }

    def scale(self, part: Component, label: str) -> dict:
        scale: Scale = part.scale
        amongs = ("pool", "peers") if self.criteria.peers else ("pool",)
        relative = [f"{kind} {among}" for among in amongs for kind in ("percentile", "minmax", "z")]
        own = scale.kind if scale.kind in ("goalposts", "piecewise") else f"{scale.kind} {scale.among}"
        told = {"basis": plain(part.basis)}
        made: dict[str, Any] = {
            "kind": self.parameter(
                f"{part.path}.scale", "scale", own, f"Scale of {label}",
                options=list(dict.fromkeys([own, *relative])), **told,
            ),
            "log": scale.log,
            "points": [list(point) for point in scale.points] if scale.kind == "piecewise" else None,
        }  # fmt: skip
        if scale.kind == "goalposts":
            ((low, high),), sheet = scale.points, self.sheets[part.quantity.indicator]
            least, most = span(sheet, part.quantity)
            slide = _slide(sheet, part.quantity, self.measures.of(part.quantity)[0], low, high)
            for name, at, value in (("low", 0, low), ("high", 1, high)):
                made[name] = self.parameter(
                    f"{part.path}.scale.goalposts[{at}]", "goalpost", value, f"{name.capitalize()} goalpost",
                    _limit(least), _limit(most), log=scale.log, **slide, **told,
                )  # fmt: skip
        return made


def _power(power: float) -> float | str:
    return "minimum" if power == -math.inf else power


def _limit(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _slide(sheet: Any, quantity: Quantity, seen: np.ndarray, *more: float) -> dict:
    """The ends and the step of a slider: the declared range where it has two near ends, else what is seen."""
    low, high = span(sheet, quantity)
    known = [value for value in (*seen.tolist(), *more) if not math.isnan(value)] or [0.0, 1.0]
    if not (math.isfinite(low) and math.isfinite(high)) or high - low > 4 * (max(known) - min(known) or 1e9):
        low, high = min(known), max(known)
    step = _step(high - low)
    if sheet.classes and quantity.measure == "level":
        step = 1
    ends = (math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9))
    return {"slide": [round(end * step, 10) for end in ends], "step": step}


def _step(width: float) -> float:
    """About a hundredth of a width, in ones, twos or fives.

    >>> _step(1), _step(5), _step(65), _step(0)
    (0.01, 0.05, 0.5, 0.01)
    """
    if width <= 0:
        return 0.01
    power = math.floor(math.log10(width / 100) + 1e-9)
    ones = width / 100 / 10**power
    step = next(n for n in (1, 2, 5, 10) if ones < n * 1.3 + 1e-9)
    return float(f"{step}e{power}")
