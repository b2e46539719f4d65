"""The sheets on the rules: every clause in words with its numbers, and what each figure is that they look at."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from eligibility.method.evaluate import in_force
from eligibility.pages import clauses, names, reasons
from eligibility.pages.facts import Facts
from eligibility.pages.reasons import Clause
from eligibility.pages.wording import capital, plain
from eligibility.policy import walk
from eligibility.policy.model import Component, Dated, Group, Metric, Pillar, Points, Quantity, Score, Test
from eligibility.present.spreadsheet import heads
from eligibility.present.workbook import Cell, Field, Sheet

_RULES = (
    Field("Part", "prose", 26),
    Field("Rule", "prose", 52),
    Field("Figure", "prose", 22),
    Field("Needed", "number", 9),
    Field("Which is", "prose", 18),
    Field("Weight", "number", 8),
    Field("Most points", "number", 7),
    Field("Why", "prose", 42),
    Field("Quoted from", "prose", 34),
)


def criteria(facts: Facts) -> Sheet:
    """Every clause of the briefing's annex of rules, with the numbers of the node it says."""
    own = facts.criteria
    rows: list[dict[str, Any]] = []
    rules = [
        *([] if own.in_force.always else [None]),
        own.pool,
        *(group.rule for group in own.peers),
        *(g.rule for g in (*own.gates, *own.tracks)),
        *(None for _ in walk.left_out(own)),
        *([None] if own.hold else []),
        own.score,
    ]
    for number, block in enumerate(clauses.rules(facts)):
        part = block.title
        if block.note or not block.clause:
            rows.append({"Part": part, "Rule": block.note, "Quoted from": block.cites})
        for level, node, clause in _paired(rules[number], block.clause) if block.clause else ():
            told = {"Why": clause.basis, "Quoted from": clause.cites}
            rule: Cell | str = Cell(clause.text, f"indent {level - 1}") if level > 1 else clause.text
            rows.append({"Part": part, "Rule": rule, **told, **_numbers(facts, node)})
    fields = [field for field in _RULES if any(row.get(field.name) for row in rows)]
    return Sheet("Criteria", fields, [[row.get(field.name) for field in fields] for row in rows], 1)


Said = Test | Group | Points | Metric | Score | Pillar | Component | None


def _paired(node: Said, clause: Clause, level: int = 1) -> Iterator[tuple[int, Said, Clause]]:
    """Every clause of a rule, how deep it stands, and the node whose words it is; a list of names has no nodes."""
    parts = _parts(node)
    if isinstance(node, Group) and len(parts) == 1 and node.join != "none":
        yield from _paired(parts[0], clause, level)  # a group of one is told as that one
        return
    yield level, node, clause
    for part, below in zip(parts or [None] * len(clause.below), clause.below, strict=True):
        yield from _paired(part, below, level + 1)


def _parts(node: Said) -> Sequence[Said]:
    """What is told below a node."""
    key = {Group: "of", Metric: "of", Points: "metrics", Score: "pillars", Pillar: "components"}.get(
        type(node)
    )
    return getattr(node, key) if key else ()


def _numbers(facts: Facts, node: Said) -> dict[str, object]:
    """What of a node is no sentence: its figure, what is needed, its weight or points."""
    if isinstance(node, Pillar):
        return {"Weight": node.weight}
    if isinstance(node, Component):
        return {**_quantity(facts, node.quantity), "Weight": node.weight}
    if isinstance(node, Metric):
        inside = _numbers(facts, node.test) if node.test else _quantity(facts, node.quantity)
        return {**inside, "Most points": node.worth}
    if isinstance(node, Points):
        return {"Needed": node.share_at_least, "Which is": "a share of the points that apply"}
    if isinstance(node, Test):
        needed, sheet = _threshold(facts, node), facts.sheets[node.quantity.indicator]
        is_class = sheet.classes and node.quantity.measure == "level" and needed is not None
        name = plain(sheet.class_name(needed) or "") if is_class else ""
        origin = reasons.origin(node.threshold, facts.result.as_of)
        which = "; ".join(x for x in (name, origin) if x)
        return {**_quantity(facts, node.quantity), "Needed": needed, "Which is": which}
    return {}


def _quantity(facts: Facts, quantity: Quantity | None) -> dict[str, object]:
    if quantity is None:
        return {}
    named = names.quantity(quantity, facts.sheets, facts.high_is_better(quantity.indicator))
    return {"Figure": capital(named)}


def _threshold(facts: Facts, test: Test) -> float | None:
    """The number a test compares with at the date; None where it has none, or not the same for every country."""
    if isinstance(test.threshold, float | int):
        return test.threshold
    if isinstance(test.threshold, Dated):
        met = {in_force(test.threshold, facts.result.as_of)}
    else:
        met = {needs[test.path] for needs in facts.needs.values() if test.path in needs}
    (number,) = met if len(met) == 1 else (math.nan,)
    return None if math.isnan(number) else number


_FIGURES = (
    Field("Figure", "prose", 24),
    Field("Official name", "prose", 24),
    Field("Unit", "prose", 18),
    Field("Better", "text", 8),
    Field("Lowest", "number", 8),
    Field("Highest", "number", 9),
    Field("Classes", "prose", 22),
    Field("Source", "prose", 14),
    Field("Years", "text", 11),
    Field("Candidates with a figure", "text", 12),
    Field("Used in", "prose", 26),
    Field("Margin of error", "prose", 11),
    Field("Which comes from", "prose", 38),
)


def measured(facts: Facts) -> Sheet:
    """Every figure of the criteria as its source describes it and this run uses it."""
    rows, assumed = [], dict(facts.criteria.uncertainty.assumed_sd)
    for indicator, used in zip(facts.used, clauses.series(facts), strict=True):
        sheet = facts.sheets[indicator]
        called = sheet.class_names
        classes = "\n".join(
            f"{number} {label}" + (f" ({called[label]})" if label in called else "")
            for number, label in (sheet.classes or {}).items()
        )
        better = {"high": "higher", "low": "lower"}.get(sheet.better, "")
        what = capital(names.of(indicator, facts.sheets).name), used.name, used.unit, better
        where = (
            heads.source(facts, indicator),
            used.years,
            f"{used.known} of {len(facts.pool)}",
            "\n".join(facts.uses.get(indicator, ())),
        )
        how = (
            "the criteria: sheet Criteria, measurement error" if indicator in assumed else plain(sheet.sd_how)
        )
        rows.append((*what, sheet.lo, sheet.hi, classes, *where, used.error, how))
    return Sheet("What is measured", _FIGURES, rows, 1)
