"""Ways through the tree of a criteria file: its nodes, its tests, the quantities it looks at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from datetime import date
from typing import Literal, NamedTuple

from eligibility.policy.model import (
    Component,
    Criteria,
    Dated,
    Extreme,
    Gate,
    Group,
    Metric,
    Named,
    Node,
    Parts,
    Points,
    Quantity,
    Reference,
    Score,
    Test,
    Threshold,
)

Role = Literal["pool", "peers", "gate", "track", "hold", "mechanism", "score", "axis", "helper"]


class Use(NamedTuple):
    """One quantity where it is used."""

    role: Role
    owner: str  # id of the gate, track, kind of body, pillar, axis or peer group; "" for the pool
    path: str
    quantity: Quantity


def nodes(node: Node) -> Iterator[Node]:
    """A node and every node under it, in file order; the tests inside flags of points too."""
    yield node
    if isinstance(node, Group):
        for child in node.of:
            yield from nodes(child)
    elif isinstance(node, Points):
        for metric in metrics(node):
            if metric.test:
                yield metric.test


def tests(node: Node) -> Iterator[Test]:
    """Every test of a node, in file order."""
    return (found for found in nodes(node) if isinstance(found, Test))


tests.__test__ = False  # type: ignore[attr-defined]  # what pytest would otherwise take it for


def counting(criteria: Criteria) -> tuple[Group, ...]:
    """Every group of gates and tracks that asks for a number of its parts, in file order."""
    rules = (*criteria.gates, *criteria.tracks)
    return tuple(n for g in rules for n in nodes(g.rule) if isinstance(n, Group) and n.join == "at_least")


def relative(criteria: Criteria) -> bool:
    """Whether some verdict or score depends on the figures of other countries: a median, a percentile, a z-score."""
    rules = [gate.rule for gate in (*criteria.gates, *criteria.tracks, *criteria.mechanisms)]
    compared = (next(references(test.threshold), None) for rule in rules for test in tests(rule))
    return any(compared) or any(c.scale.kind in ("percentile", "z", "minmax") for c in components(criteria))


def metrics(points: Points | Metric) -> Iterator[Metric]:
    """Every metric of a points rule, parents before their parts."""
    for metric in points.metrics if isinstance(points, Points) else points.of:
        yield metric
        yield from metrics(metric)


def references(threshold: Threshold | tuple[float, ...]) -> Iterator[Reference]:
    """The peer and pool quantiles a threshold is made of."""
    if isinstance(threshold, Reference):
        yield threshold
    elif isinstance(threshold, Extreme):
        for part in threshold.of:
            yield from references(part)


def node_quantities(node: Node) -> Iterator[tuple[str, Quantity]]:
    """(path, quantity) of everything a rule looks at, the quantities of its references included."""
    for found in nodes(node):
        if isinstance(found, Test):
            yield found.path, found.quantity
            for reference in references(found.threshold):
                if reference.of and reference.of != found.quantity:
                    yield found.path, reference.of
        elif isinstance(found, Points):
            yield from ((metric.path, metric.quantity) for metric in metrics(found) if metric.quantity)


def quantities_of(node: Node) -> tuple[Quantity, ...]:
    """Everything a rule looks at, each once, in file order."""
    return tuple(dict.fromkeys(quantity for _, quantity in node_quantities(node)))


def components(criteria: Criteria) -> Iterator[Component]:
    """Every scored indicator, in file order."""
    if criteria.score:
        for pillar in criteria.score.pillars:
            yield from pillar.components


def quantities(criteria: Criteria) -> tuple[Use, ...]:
    """Every quantity a policy looks at and what for, in file order."""
    uses = [Use("pool", "", *found) for found in node_quantities(criteria.pool)]
    for group in criteria.peers:
        if group.rule:
            uses += [Use("peers", group.id, *found) for found in node_quantities(group.rule)]
    for gate in criteria.gates:
        uses += [Use("gate", gate.id, *found) for found in node_quantities(gate.rule)]
    for track in criteria.tracks:
        uses += [Use("track", track.id, *found) for found in node_quantities(track.rule)]
    if criteria.hold:
        uses.append(Use("hold", "", "hold.events", Quantity(criteria.hold.events)))
    for kind in criteria.mechanisms:
        uses += [Use("mechanism", kind.id, *found) for found in node_quantities(kind.rule)]
    for pillar in criteria.score.pillars if criteria.score else ():
        uses += [Use("score", pillar.id, part.path, part.quantity) for part in pillar.components]
    for axis in criteria.axes:
        for position, indicator in enumerate(axis.indicators):
            uses.append(Use("axis", axis.id, f"axes.{axis.id}.indicators[{position}]", Quantity(indicator)))
    if criteria.uncertainty.imputation:
        for position, indicator in enumerate(criteria.uncertainty.imputation.helpers):
            uses.append(Use("helper", "", f"uncertainty.imputation.helpers[{position}]", Quantity(indicator)))
    return tuple(uses)


def indicators(criteria: Criteria, *roles: Role) -> tuple[str, ...]:
    """The ids of the indicators used in these roles (in any, if none is named), each once, in file order."""
    uses = quantities(criteria)
    return tuple(dict.fromkeys(use.quantity.indicator for use in uses if not roles or use.role in roles))


def at(criteria: Criteria, day: date) -> Criteria:
    """The criteria as they stand at a date: what is not in force then is left out and counts nowhere.

    They keep what was left out, so that they can be asked for another date.
    """
    whole = criteria.written or Parts(
        criteria.pool, criteria.peers, criteria.gates, criteria.tracks, criteria.mechanisms
    )
    peers = tuple(
        replace(group, rule=rule)
        for group in whole.peers
        if (rule := group.rule and _in_force(group.rule, day)) is not None or group.rule is None
    )
    gates, tracks, mechanisms = (
        tuple(
            replace(gate, rule=rule)
            for gate in gates
            if gate.in_force.holds(day) and (rule := _in_force(gate.rule, day)) is not None
        )
        for gates in (whole.gates, whole.tracks, whole.mechanisms)
    )
    nobody = Named(whole.pool.path, ())  # of a pool rule of which nothing is in force
    made = Parts(_in_force(whole.pool, day) or nobody, peers, gates, tracks, mechanisms)
    own = {part.name: getattr(made, part.name) for part in fields(Parts)}
    return replace(criteria, **own, written=None if made == whole else whole)


def _in_force(node: Node, day: date) -> Node | None:
    """The node without the nodes below it that are not in force on a day; None where nothing is left."""
    if not node.in_force.holds(day):
        return None
    if not isinstance(node, Group):
        return node
    of = tuple(kept for child in node.of if (kept := _in_force(child, day)) is not None)
    return replace(node, of=of) if of else None


def left_out(criteria: Criteria) -> tuple[Gate, ...]:
    """The gates and tracks that `at` left out because they are not in force, in file order."""
    whole = criteria.written or criteria
    kept = {gate.id for gate in (*criteria.gates, *criteria.tracks)}
    return tuple(gate for gate in (*whole.gates, *whole.tracks) if gate.id not in kept)


def judging(criteria: Criteria) -> Iterator[tuple[str, Test]]:
    """Every test that decides something, with the id of its gate or track, "" for one of pool or peers."""
    rules = [("", criteria.pool), *(("", group.rule) for group in criteria.peers if group.rule)]
    rules += [(gate.id, gate.rule) for gate in (*criteria.gates, *criteria.tracks)]
    return ((owner, test) for owner, rule in rules for test in tests(rule))


def tables(threshold: Threshold | tuple[float, ...]) -> Iterator[Dated]:
    """The tables by date that a threshold is made of."""
    if isinstance(threshold, Dated):
        yield threshold
    elif isinstance(threshold, Extreme):
        for part in threshold.of:
            yield from tables(part)


def unset(threshold: Threshold | tuple[float, ...], as_of: date) -> str:
    """Why a threshold by date has no number at a date, "" where it has one or is none.

    >>> unset(Dated(((date(2026, 7, 1), 0.5),)), date(2025, 3, 31))
    'no threshold is in force before 2026-07-01'
    """
    for table in tables(threshold):
        begun, value = table.entry(as_of) or (None, None)
        if value is None:
            when = f"from {begun.isoformat()} on" if begun else f"before {table.since[0][0].isoformat()}"
            return f"no threshold is in force {when}"
    return ""


def aged(test: Test, as_of: date) -> str:
    """That the last entry of a table by date is in force and more than a year old at the date, "" where it is not."""
    for since, value in (table.since[-1] for table in tables(test.threshold)):
        if value is not None and (as_of.year - 1, as_of.month, as_of.day) > since.timetuple()[:3]:
            return (
                f"the threshold of {test.quantity.indicator} in force is the last of its table, set from "
                f"{since.isoformat()}; a later one may be missing"
            )
    return ""


def imputable(rules: Iterable[Gate], score: Score | None) -> tuple[Quantity, ...]:
    """What gates, tracks and score look at and may be imputed where it is missing, each once, in file order.

    Where a rule says that a missing value fails or leaves the count, that is its answer: the indicator stays empty.
    """
    seen, answered = [], set()
    for node in (node for rule in rules for node in nodes(rule.rule)):
        if isinstance(node, Test):
            seen.append(node.quantity)
            answered |= {node.quantity.indicator} if node.missing != "unknown" else set()
        elif isinstance(node, Points):
            looked_at = [metric.test or metric for metric in metrics(node)]
            answered |= {each.quantity.indicator for each in looked_at if each.quantity}
    for pillar in score.pillars if score else ():
        seen += [component.quantity for component in pillar.components]
    plain = (quantity for quantity in dict.fromkeys(seen) if quantity.measure != "within_months")
    return tuple(quantity for quantity in plain if quantity.indicator not in answered)
