"""The sheets with a row a country: the verdict with what decided it, every requirement, the score's parts, every figure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eligibility.pages import card, grid, names, reasons
from eligibility.pages.facts import Facts
from eligibility.pages.said import say
from eligibility.pages.wording import capital, inner, percent, plain, recorded
from eligibility.policy.model import Gate
from eligibility.present.as_json import integer
from eligibility.present.spreadsheet import heads
from eligibility.present.workbook import Field, Line, Sheet

LEAST = 24  # columns of digits, of what a figure takes


def everybody(facts: Facts) -> Sheet:
    """Every candidate, those with a place first: verdict, score, chances and what decided."""
    own, drawn, size = facts.criteria, facts.error_known, facts.criteria.shortlist
    columns: list[tuple[Field, Callable[[str], object]]] = []
    add = lambda name, kind, width, read: columns.append((Field(name, kind, width), read))  # noqa: E731
    if own.score:
        add(heads.PLACE, "whole", 7, lambda c: integer(facts.rank[c]))
    add(heads.COUNTRY, "label", 22, facts.names.get)
    add("Code", "text", 6, lambda c: c)
    add("Region", "prose", 18, facts.regions.get)
    if len(own.peers) > 1:
        add("Comparison group", "prose", 16, lambda c: facts.groups.get(facts.group[c]))
    add("Verdict", "prose", 15, lambda c: heads.verdict(facts, c))
    if own.tracks:
        add("Kind of candidate", "prose", 19, lambda c: heads.kinds(facts, c))
    if own.score:
        add(heads.SCORE, "score", 12, lambda c: heads.known(facts.score[c]))
    if drawn and not own.index:
        add(say("chance.qualifies").plain, "percent 0", 11, lambda c: heads.qualifies(facts, c))
    if drawn and own.score and size:
        add(say("chance.best", n=size).plain, "percent 0", 11, lambda c: heads.chance(facts.p_top[c]))
    if drawn and own.score:
        add("Place, 90% range from", "whole", 8, lambda c: integer(facts.rank_low[c]))
        add("Place, 90% range to", "whole", 8, lambda c: integer(facts.rank_high[c]))
    add("What decided", "prose", 60, lambda c: _decided(facts, c))
    if facts.result.overrides:
        told = facts.result.overrides
        add(heads.DECIDED, "prose", 36, lambda c: recorded(told[c]) if c in told else None)
    rows = ([read(c) for _, read in columns] for c in facts.result.ranking.order)
    frozen = 2 if own.score else 1
    return Sheet("All candidates", [field for field, _ in columns], rows, frozen)


def _decided(facts: Facts, c: str) -> str:
    """The sentences of the verdict, as on the country's card."""
    said = [s.plain for s in card.verdict(facts, c).said]
    return " ".join(said) or card.title(facts, c).plain


def requirements(facts: Facts) -> Sheet:
    """Every candidate by every requirement and kind: the result, its chance, the figures that settled it."""
    own = facts.criteria
    gates = [(gate, "Requirement") for gate in own.gates] + [(t, "Kind of candidate") for t in own.tracks]
    fields = [Field(heads.COUNTRY, "label", 22), Field("Verdict", "prose", 15)]
    groups = []
    for gate, word in gates:
        own_fields = [Field("Result", "prose", 10)]
        own_fields += [Field("Chance it is met", "percent 0", 10)] if facts.error_known else []
        fields += [*own_fields, Field("Figures that decide", "prose", 66)]
        groups.append((f"{word}: {plain(gate.title)}", len(own_fields) + 1))

    def row(c: str) -> list:
        cells: list = [facts.names[c], heads.verdict(facts, c)]
        for gate, _ in gates:
            cells += _result(facts, c, gate)
        return cells

    return Sheet("Requirements", fields, map(row, heads.by_name(facts)), 2, groups=groups)


def _result(facts: Facts, c: str, gate: Gate) -> list:
    """What came of one requirement: the word, the chance, the figures."""
    drawn = facts.error_known
    if gate.peer_group and facts.group[c] != gate.peer_group:
        shut = say("grid.shut", group=inner(facts.groups[gate.peer_group])).plain
        return [None, *([None] if drawn else []), capital(shut)]
    word = facts.verdict[c][gate.id]
    p = facts.p_rule[c].get(gate.id)
    leaves = reasons.full_branches(gate.rule, facts.node[c]) if word == "conditional" else ()
    leaves = leaves or reasons.deciding(gate.rule, facts.node[c])
    told = heads.lines([grid.told(facts, c, leaf).plain for leaf in leaves])
    return [capital(say(f"word.{word}").plain), *([heads.chance(p)] if drawn else []), told]


def score(facts: Facts) -> Sheet:
    """The parts of every score, and what each figure contributes to it."""
    fields = [
        Field(heads.PLACE, "whole", 7),
        Field(heads.COUNTRY, "label", 22),
        Field(heads.SCORE, "score", 12),
    ]
    groups, weight = [], sum(p.weight for p in facts.pillars)
    for pillar in facts.pillars:
        fields.append(Field("This part (0–1)", "score", 9))
        for component in pillar.components:
            said = names.quantity(component.quantity, facts.sheets, component.better == "high")
            fields.append(Field(f"{capital(said)}: contribution to the score", "score", 15))
        share = percent(pillar.weight / weight)
        groups.append((f"{plain(pillar.title)}: {share} of the weight", 1 + len(pillar.components)))

    def row(c: str) -> list:
        cells: list = [integer(facts.rank[c]), facts.names[c], heads.known(facts.score[c])]
        for pillar in facts.pillars:
            cells.append(heads.known(facts.pillar[c].get(pillar.id)))
            cells += [heads.known(facts.contribution[c].get(x.path)) for x in pillar.components]
        return cells

    above = (
        Line(
            "Every part runs from 0, the worst, to 1, the best. The contributions of a row add up to its score. "
            "Countries that do not qualify may have a score, but no place.",
            "quiet",
        ),
    )
    return Sheet("Score", fields, map(row, facts.result.ranking.order), 3, above, groups)


def figures(facts: Facts) -> Sheet:
    """Every candidate by every figure: the value, its margin of error, its year, and how it was filled where it was."""
    fields, groups, reads = [Field(heads.COUNTRY, "label", 22)], [], []
    for indicator in facts.used:
        sheet = facts.sheets[indicator]
        mine = [facts.cells[c][indicator] for c in facts.pool]
        decimals = max(sheet.decimals, 0)
        own = [("Value", "prose" if sheet.classes else f"figure {decimals}", 22 if sheet.classes else 9)]
        read: list[Callable[..., Any]] = [
            lambda v, of=sheet: plain(of.class_name(v.value)) if of.classes else v.value
        ]
        if not sheet.classes and any(v.known and v.sd_kind != "none" for v in mine):
            own.append(("Margin of error", f"figure {decimals + 1}", 9))
            read.append(lambda v: v.sd if v.sd_kind != "none" else None)
        if any(v.known and v.year == v.year for v in mine):
            own.append(("Year", "whole", 7))
            read.append(lambda v: integer(v.year))
        if marks := [v.mark for v in mine if v.known and v.mark]:
            own.append(("Note", "prose", max(9, min(22, 2 + max(map(len, marks))))))
            read.append(lambda v: v.mark)
        spare = max(0, LEAST - sum(width for *_, width in own))  # for the heading over them
        fields += [Field(name, kind, width + spare // len(own)) for name, kind, width in own]
        groups.append(
            (f"{heads.figure(facts, indicator)}. Source: {heads.source(facts, indicator)}", len(own))
        )
        reads.append((indicator, read))

    def row(c: str) -> list:
        cells: list = [facts.names[c]]
        for indicator, read in reads:
            value = facts.cells[c][indicator]
            cells += [heads.known(one(value)) if value.known else None for one in read]
        return cells

    above = (
        Line(
            "An empty cell is a figure that is not held, never zero. Margin of error: one standard error.",
            "quiet",
        ),
    )
    return Sheet("Figures", fields, map(row, heads.by_name(facts)), 1, above, groups)
