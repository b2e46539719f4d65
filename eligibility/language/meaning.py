"""Rules (pool, peers, gates, tracks) held against the indicators, with their places and what they take from around them.

What comes in and what goes out are values of `policy`; the score and the rest are held so in `parts`. Every problem
is noted with its place and reading goes on: look at `Notes.problems` before using what comes back.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Literal, assert_never

from eligibility.files.strict_yaml import Steps
from eligibility.language.notes import Notes, by_date, in_span, listed_countries, span
from eligibility.language.shape import plain, readable
from eligibility.policy import model as policy
from eligibility.policy import words
from eligibility.policy.requirements import asks

Role = Literal["pool", "peers", "gate"]


@dataclass(frozen=True)
class Scope:
    """What a node takes from the nodes around it."""

    role: Role
    missing: words.Missing
    basis: str = ""
    in_none: bool = False


def quantity(notes: Notes, path: Steps, read: policy.Quantity, sheet: Any) -> policy.Quantity:
    """The quantity as its indicator's source lets it be: which end a gap is closed to, and what has a change in percent."""
    if read.measure == "relative_change_over" and not (sheet.lo is not None and sheet.lo >= 0):
        hint = "a change in percent needs figures that are never negative"
        notes.add((*path, read.measure), "is for indicators from 0 upwards", read.indicator, hint)
    return (
        gap_closed(notes, (*path, read.measure), read, sheet) if read.measure == "gap_closed_over" else read
    )


def gap_closed(notes: Notes, path: Steps, read: policy.Quantity, sheet: Any) -> policy.Quantity:
    """How much of the way to its better end an indicator went; the end is that of its range unless the file says."""
    low, high = span(sheet, policy.Quantity(read.indicator))
    falling = sheet.better == "low"
    end = read.to
    if end is None:
        end = float(low if falling else high)
    else:
        in_span(notes, (*path, "to"), end, sheet, policy.Quantity(read.indicator))
    if sheet.better not in ("high", "low"):
        notes.add(path, "is for indicators of which one end is better", read.indicator)
    elif not math.isfinite(end):
        hint = "write {years: N, to: END}"
        notes.add(path, f"needs an end to go to: the range of {read.indicator} has none", hint=hint)
    return replace(read, to=end, falling=falling)


def rule(notes: Notes, path: Steps, node: policy.Node, scope: Scope) -> policy.Node | None:
    """A rule and everything under it, with its place and what it takes from around it."""
    scope = replace(scope, missing=notes.given((*path, "missing")) or scope.missing)
    if isinstance(node, policy.Test):
        return comparison(notes, (*path, node.path), node, scope)
    if node.grants == "conditional" and scope.in_none:
        notes.add(
            (*path, "grants"), "cannot stand inside `none`", "conditional", "a conditional no means nothing"
        )
    if node.grants == "conditional" and scope.role in ("pool", "peers"):
        notes.add((*path, "grants"), "is for gates and tracks only", "conditional")
    basis = notes.given((*path, "basis")) or ""
    match node:
        case policy.Points():
            made: policy.Node = points(notes, path, node, scope)
        case policy.Named():
            made = replace(node, basis=basis)
            named(notes, (*path, "countries"), node, scope)
        case policy.Group():
            made = replace(group(notes, path, node, basis, scope), missing=scope.missing, basis=basis)
        case _:
            assert_never(node)
    return replace(made, path=readable(path))


def group(notes: Notes, path: Steps, node: policy.Group, basis: str, scope: Scope) -> policy.Group:
    """all, any, none or at_least, with what it joins."""
    below = (*path, node.join)
    if node.join == "at_least":
        if node.n > len(node.of):
            notes.add((*below, "n"), f"is more than the {len(node.of)} listed", node.n)
        if not basis and not scope.basis:
            notes.add((*below, "n"), "has no basis", node.n, "say beside at_least why this many")
        below, basis = (*below, "of"), ""  # it explains n, not the thresholds below
    scope = replace(scope, basis=basis or scope.basis, in_none=scope.in_none or node.join == "none")
    of: list[policy.Node | None] = []
    seen: dict[Any, int] = {}
    for position, member in enumerate(node.of):
        first = seen.setdefault(notes.written((*below, position)), position)
        if first < position:
            notes.add((*below, position), f"says the same as item [{first}]", hint="remove one of them")
        of.append(rule(notes, (*below, position), member, scope))
    return replace(node, of=tuple(each for each in of if each))


def named(notes: Notes, at: Steps, node: policy.Named, scope: Scope) -> None:
    """Notes countries by name where a condition should be met: they are facts of classification."""
    if scope.role not in ("pool", "peers"):
        notes.add(
            at, "is for pool and peers only", hint="a condition looks at figures; `flags` marks countries"
        )
    listed_countries(notes, at, node.countries)


def comparison(notes: Notes, path: Steps, test: policy.Test, scope: Scope) -> policy.Test | None:
    """One comparison."""
    indicator = str(path[-1])
    sheet = notes.sheet(path, indicator)
    at, asked, bound = (*path, test.operator), asks()[test.operator], test.threshold
    basis = test.basis or scope.basis
    if not basis and asked not in ("classes", "status"):  # these are no numbers
        got = "" if isinstance(notes.given(at), dict) else bound
        notes.add(at, "has no basis", got, "add basis: why this number")
    if test.grants == "conditional" and (scope.in_none or scope.role in ("pool", "peers")):
        where = "inside `none`" if scope.in_none else f"in {scope.role}"
        notes.add((*path, "grants"), f"cannot stand {where}", "conditional")
    if sheet is None:
        return None
    notes.ages.setdefault(indicator, {})[path] = notes.given((*path, "max_age"))
    looked_at = quantity(notes, path, replace(test.quantity, indicator=indicator), sheet)
    made = replace(
        test,
        path=readable(path),
        quantity=looked_at,
        basis=basis,
        missing=test.missing or scope.missing,
        line=notes.line(path),
    )
    match asked:
        case "threshold":
            return replace(made, threshold=threshold(notes, at, test.limit, sheet, looked_at, scope))
        case "classes":
            labels: Any = bound
            return replace(made, threshold=classes(notes, at, labels, sheet, looked_at), labels=labels)
        case "status" | "event":
            return listed(notes, at, made, asked, sheet)
        case _:
            assert_never(asked)


def listed(
    notes: Notes, path: Steps, test: policy.Test, kind: Literal["status", "event"], sheet: Any
) -> policy.Test:
    """What a dated list is asked: whether a country is in, or whether something happened there lately."""
    indicator, value = test.quantity.indicator, notes.given(path)
    if getattr(getattr(sheet, "standing", None), "kind", "") != kind:
        notes.add(path, f"is for dated lists of {kind} only", indicator)
    elif kind == "event":
        months = policy.Quantity(indicator, "within_months", value)
        return replace(test, operator="at_least", quantity=months, threshold=1.0)
    elif test.quantity.measure != "level":
        notes.add(path, "goes with the list as it stands at the date only", test.quantity.measure)
    number = int(value)
    label = (sheet.classes or {}).get(number, plain(number))
    return replace(test, operator="in", threshold=(float(number),), labels=(label,))


def threshold(
    notes: Notes, path: Steps, said: policy.Threshold, sheet: Any, looked_at: policy.Quantity, scope: Scope
) -> policy.Threshold:
    """A number, or what stands for one."""
    if isinstance(said, float):
        in_span(notes, path, said, sheet, looked_at)
        return said
    if isinstance(said, policy.Extreme):
        of = (
            threshold(notes, (*path, said.pick, i), part, sheet, looked_at, scope)
            for i, part in enumerate(said.of)
        )
        return replace(said, of=tuple(of))
    if isinstance(said, policy.Dated):
        by_date(notes, (*path, "by_date"), sheet, looked_at)
        return said
    at = (*path, said.among)
    if scope.role == "pool" or (scope.role == "peers" and said.among == "peers"):
        notes.add(at, f"cannot be used to say who the {scope.role} are")
    elif said.among == "peers":
        has_peers(notes, at)
    if said.of and looked_at.measure == "level":
        notes.add((*path, "of"), "says nothing where the test looks at the level itself", "level")
    quantile(notes, at, notes.given(at))
    return replace(said, of=said.of and policy.Quantity(looked_at.indicator))


def quantile(notes: Notes, path: Steps, text: str) -> None:
    """Notes a `percentile 40` or `quantile 0.4` that is none."""
    word, _, number = text.partition(" ")
    value = float(number or 0)
    if word == "percentile" and 0 < value < 1:
        notes.add(path, "a percentile goes from 0 to 100", text, f"quantile {number}?")
    elif value > (100 if word == "percentile" else 1):
        notes.add(path, f"a {word} goes from 0 to {100 if word == 'percentile' else 1}", text)


def classes(
    notes: Notes, path: Steps, labels: tuple[str, ...], sheet: Any, looked_at: policy.Quantity
) -> tuple[float, ...]:
    """The numbers of the classes named."""
    if not sheet.classes or looked_at.measure != "level":
        notes.add(
            path, "goes with indicators that have classes, and with their level only", looked_at.indicator
        )
        return ()
    numbers = {label: number for number, label in sheet.classes.items()}
    notes.once(path, labels)
    for position, label in enumerate(labels):
        if label not in numbers:
            hint = notes.nearest(label, numbers) or f"the classes are {', '.join(numbers)}"
            notes.add((*path, position), f"is not a class of {looked_at.indicator}", label, hint)
    return tuple(float(numbers[label]) for label in labels if label in numbers)


def points(notes: Notes, path: Steps, node: policy.Points, scope: Scope) -> policy.Points:
    """Enough points of those that apply."""
    at = (*path, "points")
    if node.metrics_at_least > len(node.metrics):
        notes.add(
            (*at, "metrics_at_least"), f"is more than the {len(node.metrics)} listed", node.metrics_at_least
        )
    metrics = (metric(notes, (*at, "metrics", each.path), each, scope, node.basis) for each in node.metrics)
    return replace(node, metrics=tuple(metrics))


def metric(notes: Notes, path: Steps, metric_: policy.Metric, scope: Scope, basis: str) -> policy.Metric:
    """Points from one source."""
    basis, at = metric_.basis or basis, (*path, metric_.kind)
    made = replace(metric_, path=readable(path), basis=basis)
    if metric_.of:
        of = (metric(notes, (*at, i), part, scope, basis) for i, part in enumerate(metric_.of))
        made = replace(made, of=tuple(of))
    elif test := metric_.test:
        if not test.in_force.always:
            hint = "the whole rule can be in force from or until a day"
            notes.add((*at, test.path, "in_force"), "cannot stand in points", hint=hint)
        made = replace(made, test=comparison(notes, (*at, test.path), test, replace(scope, basis=basis)))
    elif looked_at := metric_.quantity:
        at = (*at, looked_at.indicator)
        sheet = notes.sheet(at, looked_at.indicator)
        if sheet is not None and metric_.kind == "bands":
            bands(notes, at, metric_.steps, sheet, looked_at)
        elif sheet is not None:
            made = replace(made, steps=mapped(notes, at, dict(metric_.steps), sheet, looked_at))
    if made.worth <= 0 and not notes.problems:
        notes.add(path, "can never give a point")
    return made


def bands(
    notes: Notes,
    path: Steps,
    steps: tuple[tuple[float, float], ...],
    sheet: Any,
    looked_at: policy.Quantity,
) -> None:
    """Notes edges out of order or out of reach: the highest comes first, what is above no edge last."""
    edges = [edge for edge, _ in steps]
    if edges != sorted(edges, reverse=True) or len(set(edges)) < len(edges) or edges[-1] != -math.inf:
        notes.add(path, "must go down from the highest edge and end with `otherwise`")
    for position, edge in enumerate(edges):
        if edge != -math.inf:
            in_span(notes, (*path, position, "above"), edge, sheet, looked_at)


def mapped(
    notes: Notes, path: Steps, table: dict[Any, float], sheet: Any, looked_at: policy.Quantity
) -> tuple[tuple[float, float], ...]:
    """(class number, points), one for every class there is, of a table by their labels."""
    numbers = classes(notes, path, tuple(table), sheet, looked_at)
    for label in (sheet.classes or {}).values():
        if label not in table:
            notes.add(path, f"has no points for the class {label!r} of {looked_at.indicator}")
    return tuple(zip(numbers, table.values(), strict=False))


def has_peers(notes: Notes, path: Steps) -> None:
    """Notes a comparison with peers in a file that has no peer groups."""
    if notes.peer_groups == ():
        notes.add(path, "needs peer groups", hint="add `peers:` or compare with the pool")
