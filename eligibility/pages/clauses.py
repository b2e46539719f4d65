"""The criteria in words and numbers, part by part, and the figures they look at, as pages and workbook print them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from eligibility.pages import reasons, sourcing
from eligibility.pages.blocks import Item, Outline
from eligibility.pages.facts import Facts
from eligibility.pages.said import say, tell
from eligibility.pages.views import Entry
from eligibility.pages.wording import (
    NOT_DRAWN,
    NOT_DRAWN_UNSCORED,
    capital,
    counted,
    inner,
    listed,
    number,
    percent,
    plain,
    sentence,
    span,
    spelled,
    unit,
)
from eligibility.policy import walk
from eligibility.policy.model import Axis, Criteria, Gate, InForce, OfValue, Pillar, Score, Uncertainty


@dataclass(frozen=True)
class RuleBlock:
    """One part of the criteria in words: its title, a note, where it comes from, the rule as a tree."""

    title: str
    note: str = ""
    cites: str = ""
    clause: reasons.Clause | None = None


@dataclass(frozen=True)
class SeriesRow:
    """One indicator as held for the candidates."""

    name: str
    unit: str
    source: str
    years: str
    known: int  # candidates with a figure
    error: str
    roles: tuple[str, ...]
    series: str = ""


MEANS = {1.0: "arithmetic mean", 0.0: "geometric mean", -1.0: "harmonic mean", -math.inf: "smallest"}
OTHER_KIND = "Not an ideal kind: who is of no other meets the requirements, but is listed apart."
FIRST_FIGURES = "every requirement is judged on figures of the first full year after it"
SCALES = {
    "percentile": "its percentile",
    "z": "its standard score",
    "minmax": "its place between lowest and highest",
    "piecewise": "a stated curve",
}


def rules(facts: Facts) -> tuple[RuleBlock, ...]:
    """The criteria in words and numbers, in the order of the file."""
    return rules_of(facts.criteria, facts.sheets, facts.result.as_of)


def outline(block: RuleBlock) -> Outline:
    """One part of the criteria in words, with where it comes from."""
    notes = (
        *((say("rule.text", text=block.note),) if block.note else ()),
        *((say("rule.from", text=block.cites),) if block.cites else ()),
    )
    return Outline(say("rule.text", text=block.title), notes, (_item(block.clause),) if block.clause else ())


def _item(clause: reasons.Clause) -> Item:
    told = tell("rule.why" if clause.basis else "rule.text", text=clause.text, why=clause.basis)
    if clause.cites:
        told = say("rule.cited", rule=told, text=clause.cites)
    return Item(told, tuple(map(_item, clause.below)))


def rules_of(own: Criteria, sheets: Mapping, as_of: date) -> tuple[RuleBlock, ...]:
    """The same of any criteria, at a date, with the words of these sheets."""
    return tuple(_rules_of(own, sheets, as_of))


def _rules_of(own: Criteria, sheets: Mapping, as_of: date) -> Iterator[RuleBlock]:
    cited, words = reasons.cited, lambda node: reasons.words(node, sheets, as_of)
    if not own.in_force.always:
        yield RuleBlock("In force", _span(own.in_force))
    yield RuleBlock("Who is considered", "", cited(own.pool.cites), words(own.pool))
    for group in own.peers:
        title = f"Comparison group: {plain(group.title)}"
        clause = words(group.rule) if group.rule is not None else None
        yield RuleBlock(title, "" if clause else "Every other country.", "", clause)
    for gate in own.gates:
        note = " ".join(x for x in (plain(gate.question), _in_force(gate)) if x)
        yield RuleBlock(f"Requirement: {plain(gate.title)}", note, cited(gate.cites), words(gate.rule))
    groups = {g.id: plain(g.title) for g in own.peers}
    for track in own.tracks:
        notes = (
            f"For the comparison group “{groups.get(track.peer_group, track.peer_group)}”."
            if track.peer_group
            else "",
            "" if track.ideal else OTHER_KIND,
            _in_force(track),
        )
        title, note = f"Kind of candidate: {plain(track.title)}", " ".join(filter(None, notes))
        yield RuleBlock(title, note, cited(track.cites), words(track.rule))
    for gate in walk.left_out(own):
        when = f": {span(gate.applies)}" if not gate.applies.always else ""
        told = f"Not in force at this date, so it is not applied{when}. {sentence(plain(gate.applies.basis))}".strip()
        yield RuleBlock(f"Not applied: {plain(gate.title)}", told, cited(gate.cites))
    if own.hold:
        kinds = listed((plain(kind) for kind in own.hold.kinds), "or")
        until = f" and until {FIRST_FIGURES}" if own.hold.figures else ""
        told = f"Held for {counted(own.hold.months, 'month')} after an event of a kind that holds ({kinds}){until}."
        yield RuleBlock(f"Hold: {plain(own.hold.title)}", told, cited(own.hold.cites))
    if own.score:
        below = tuple(_pillar(own.score, p, sheets) for p in own.score.pillars)
        text = f"The {_mean(own.score.power)} of {counted(len(below), 'part')}"
        note = "Puts those that qualify in order; nobody qualifies by it."
        note = "Orders every country that has it." if own.index else note
        clause = reasons.Clause(text, plain(own.score.basis), "", below)
        yield RuleBlock("Score", note, cited(own.score.cites), clause)
    for axis in own.axes:
        names = sentence(listed(inner(plain(sheets[i].label)) for i in axis.indicators))
        note = f"{names} {_confirmed(axis)}{sentence(plain(axis.note))}"
        yield RuleBlock(f"Beside the score: {plain(axis.title)}", note, cited(axis.cites))
    if own.shortlist:
        places = capital(counted(own.shortlist, "place"))
        yield RuleBlock("Shortlist", f"{places}. {sentence(plain(own.shortlist_basis))}")
    years = f"{capital(counted(own.max_age, 'year'))} before the date{_own_ages(own, sheets)}"
    yield RuleBlock("Oldest figure used", f"{years}. {sentence(plain(own.max_age_basis))}")
    if told := _errors(own.uncertainty, sheets):
        yield RuleBlock("Measurement error", told)


def _mean(power: float) -> str:
    """What is made of parts, by the power of its mean."""
    return MEANS.get(power, f"power mean of power {number(power, 1)}")


def _span(when: InForce) -> str:
    """From when to when, and why."""
    return f"{capital(span(when))}. {sentence(plain(when.basis))}".strip()


def _in_force(gate: Gate) -> str:
    """When a gate or track is in force, where it is not always."""
    if gate.in_force.always:
        return ""
    return f"In force {span(gate.in_force)}. {sentence(plain(gate.in_force.basis))}".strip()


def _own_ages(own: Criteria, sheets: Mapping) -> str:
    """The indicators that may be older or must be younger."""
    told = [
        f"{inner(plain(sheets[i].label))} {counted(age, 'year')}" for i, age in own.own_ages if i in sheets
    ]
    return f"; {listed(told)}" if told else ""


def _errors(own: Uncertainty, sheets: Mapping) -> str:
    """What is assumed about measurement error, and why."""
    held = ((sheets[i], sd) for i, sd in own.assumed_sd if i in sheets)
    assumed = [f"{inner(plain(sheet.label))} ±{width(sd, sheet.decimals)}" for sheet, sd in held]
    given = f"Standard errors assumed where no publisher gives one: {listed(assumed)}." if assumed else ""
    return f"{given} {sentence(plain(own.basis))}".strip()


def width(sd: float | OfValue, decimals: int) -> str:
    """An assumed standard error, or the part of the value it is."""
    return f"{percent(sd.share)} of the value" if isinstance(sd, OfValue) else number(sd, max(decimals, 0))


def _pillar(score: Score, pillar: Pillar, sheets: Mapping) -> reasons.Clause:
    """A pillar in words, with its indicators and their scales."""
    weight = sum(p.weight for p in score.pillars)
    inside = sum(c.weight for c in pillar.components)
    below = []
    for component in pillar.components:
        scale, name = component.scale, reasons.called(component.quantity, sheets)
        if scale.kind == "goalposts":
            decimals = sheets[component.quantity.indicator].decimals
            low, high = (number(x, decimals) for x in scale.points[0])
            on = f"from {low} to {high}{' on a logarithmic scale' if scale.log else ''}"
        else:
            whom = "peers" if scale.among == "peers" else "candidates"
            on = f"by {SCALES.get(scale.kind, scale.kind)}"
            on += "" if scale.kind == "piecewise" else f" among the {whom}"
        turned = ", turned round so that low is good" if component.better == "low" else ""
        text = f"{name}, {percent(component.weight / inside)} of the part, scaled {on}{turned}"
        below.append(reasons.Clause(text, plain(component.basis)))
    of = f"the {_mean(pillar.power)} of {counted(len(below), 'figure')}"
    text = f"{plain(pillar.title)}, {percent(pillar.weight / weight)} of the weight: {of}"
    return reasons.Clause(text, plain(pillar.basis), reasons.cited(pillar.cites), tuple(below))


def series(facts: Facts) -> tuple[SeriesRow, ...]:
    """Every indicator with source, years, for how many it is held, its kind of error, and its use."""
    out = []
    for indicator in facts.used:
        sheet = facts.sheets[indicator]
        values = [v for c in facts.pool if (v := facts.cells[c][indicator]).known]
        years = sorted(int(v.year) for v in values)
        kinds = sorted({v.sd_kind for v in values})
        span = "" if not years else str(years[0]) if years[0] == years[-1] else f"{years[0]}–{years[-1]}"
        out.append(
            SeriesRow(
                name=plain(sheet.label),
                unit=unit(sheet.unit),
                source=sourcing.source_name(facts, indicator),
                years=span or "no data",
                known=len(values),
                error=listed(k if k != "none" else "not stated" for k in kinds) or "–",
                roles=facts.roles.get(indicator, ()),
                series=indicator,
            )
        )
    return tuple(out)


def covered(facts: Facts) -> str:
    """What the chances cover and what they do not, in a sentence."""
    scored, index = bool(facts.pillars), facts.criteria.index
    if not facts.error_known:
        if not scored:
            return f"{NOT_DRAWN_UNSCORED} Other requirements or sources would give another list."
        return f"{NOT_DRAWN} Other weights, scales or sources would give another list."
    asked = [*["weights"] * (scored and not facts.kinds), *["requirements"] * (not index), "sources"]
    also = (
        f", those of a rank or a place on the shortlist also {listed(facts.kinds)};"
        if facts.kinds
        else ", and nothing else:"
    )
    return (
        "The probabilities cover measurement error as the publishers state or the criteria assume it"
        f"{also} other {listed(asked, 'or')} would give other lists."
    )


def _confirmed(axis: Axis) -> str:
    """How many of an axis must be found; "" where none is asked for."""
    if not axis.confirmed:
        return ""
    return f"Confirmed where {spelled(axis.confirmed.at_least)} or more are found: {sentence(inner(plain(axis.confirmed.basis)))} "


def glossary(facts: Facts) -> tuple[Entry, ...]:
    """The words of the workbook, explained."""
    return (
        Entry(
            "Carried",
            "An older figure used because the publisher has newer ones for other countries but not for this one.",
        ),
        Entry("Figure", "One value of one indicator for one country, with year, source and error."),
        Entry(
            "90% range of ranks",
            "From the 5th to the 95th percentile of the ranks that came out in the simulations; it always holds the rank itself.",
        ),
        Entry("Peers", "The candidates of the same group of countries."),
        Entry(
            "Margin of error",
            "How far a figure typically lies from the truth by measurement alone: published, modelled or assumed, as stated.",
        ),
    )
