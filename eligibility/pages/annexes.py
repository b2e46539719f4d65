"""The annexes of a briefing: the criteria in words, the figures held, the method, the glossary, the cautions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date

from eligibility import cases as stated
from eligibility import walk
from eligibility.pages import doubt, portfolio, reasons, sourcing
from eligibility.pages.board_views import CaseRow, RuleBlock, SeriesRow
from eligibility.pages.facts import Facts
from eligibility.pages.views import Entry, Mark
from eligibility.pages.wording import (
    NOT_DRAWN,
    among,
    capital,
    counted,
    day,
    inner,
    listed,
    number,
    percent,
    plain,
    sentence,
    span,
    spelled,
    unit,
    verb,
)
from eligibility.policy import Case, Criteria, Gate, InForce, Pillar, Score, Share, Uncertainty

MEANS = {1.0: "arithmetic mean", 0.0: "geometric mean", -1.0: "harmonic mean", -math.inf: "smallest"}
SCALES = {
    "percentile": "its percentile",
    "z": "its standard score",
    "minmax": "its place between lowest and highest",
    "piecewise": "a stated curve",
}


def rules(facts: Facts) -> tuple[RuleBlock, ...]:
    """The criteria in words and numbers, in the order of the file."""
    return rules_of(facts.criteria, facts.sheets, facts.result.as_of)


def rules_of(own: Criteria, sheets: Mapping, as_of: date) -> tuple[RuleBlock, ...]:
    """The same of any criteria, at a date, with the words of these sheets."""
    groups = {g.id: plain(g.title) for g in own.peers}
    out = [
        RuleBlock(
            "Who is considered", "", reasons.cited(own.pool.cites), reasons.words(own.pool, sheets, as_of)
        )
    ]
    if not own.in_force.always:
        out.insert(0, RuleBlock("In force", _span(own.in_force), "", None))
    for group in own.peers:
        clause = reasons.words(group.rule, sheets, as_of) if group.rule is not None else None
        out.append(
            RuleBlock(
                f"Peer group: {plain(group.title)}", "" if clause else "Every other country.", "", clause
            )
        )
    for gate in own.gates:
        out.append(
            RuleBlock(
                f"Gate: {plain(gate.title)}",
                " ".join(x for x in (plain(gate.question), _in_force(gate)) if x),
                reasons.cited(gate.cites),
                reasons.words(gate.rule, sheets, as_of),
            )
        )
    for track in own.tracks:
        note = (
            f"For the peer group “{groups.get(track.peer_group, track.peer_group)}”."
            if track.peer_group
            else ""
        )
        kind = "" if track.ideal else "Not of an ideal kind: who fits no other track is qualified."
        note = " ".join(x for x in (note, kind, _in_force(track)) if x)
        out.append(
            RuleBlock(
                f"Track: {plain(track.title)}",
                note,
                reasons.cited(track.cites),
                reasons.words(track.rule, sheets, as_of),
            )
        )
    for gate in walk.left_out(own):
        when = f": {span(gate.applies)}" if not gate.applies.always else ""
        told = f"Not in force at this date, so it is not applied{when}. {sentence(plain(gate.applies.basis))}".strip()
        out.append(RuleBlock(f"Not applied: {plain(gate.title)}", told, reasons.cited(gate.cites), None))
    if own.hold:
        kinds = listed((plain(kind) for kind in own.hold.kinds), "or")
        until = (
            " and until every gate reads figures of the first full year after it" if own.hold.figures else ""
        )
        told = f"Held for {counted(own.hold.months, 'month')} after an event of a kind that holds ({kinds}){until}."
        out.append(RuleBlock(f"Hold: {plain(own.hold.title)}", told, reasons.cited(own.hold.cites), None))
    if own.score:
        below = tuple(_pillar(own.score, p, sheets) for p in own.score.pillars)
        how = MEANS.get(own.score.power, f"power mean of power {number(own.score.power, 1)}")
        clause = reasons.Clause(
            f"The {how} of {counted(len(below), 'pillar')}", plain(own.score.basis), "", below
        )
        out.append(
            RuleBlock(
                "Score",
                "Orders every country that has it."
                if own.index
                else "Orders those admitted; never admits anyone.",
                reasons.cited(own.score.cites),
                clause,
            )
        )
    for axis in own.axes:
        names = listed(inner(plain(sheets[i].label)) for i in axis.indicators)
        out.append(
            RuleBlock(
                f"Beside the score: {plain(axis.title)}",
                f"{sentence(names)} {sentence(plain(axis.note))}",
                reasons.cited(axis.cites),
                None,
            )
        )
    if own.shortlist:
        out.append(
            RuleBlock(
                "Shortlist",
                f"{capital(counted(own.shortlist, 'place'))}. {sentence(plain(own.shortlist_basis))} {portfolio.rules(own)}".rstrip(),
                "",
                None,
            )
        )
    out.append(
        RuleBlock(
            "Oldest figure used",
            f"{capital(counted(own.max_age, 'year'))} before the date{_own_ages(own, sheets)}. {sentence(plain(own.max_age_basis))}",
            "",
            None,
        )
    )
    if told := _errors(own.uncertainty, sheets):
        out.append(RuleBlock("Measurement error", told, "", None))
    return tuple(out)


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
    assumed = [
        f"{inner(plain(sheets[i].label))} ±{_width(sd, sheets[i].decimals)}"
        for i, sd in own.assumed_sd
        if i in sheets
    ]
    given = f"Standard errors assumed where no publisher gives one: {listed(assumed)}." if assumed else ""
    return f"{given} {sentence(plain(own.basis))}".strip()


def _width(sd: float | Share, decimals: int) -> str:
    """An assumed standard error, or the part of the value it is."""
    return f"{percent(sd.of)} of the value" if isinstance(sd, Share) else number(sd, max(decimals, 0))


def _pillar(score: Score, pillar: Pillar, sheets: Mapping) -> reasons.Clause:
    """A pillar in words, with its indicators and their scales."""
    weight = sum(p.weight for p in score.pillars)
    inside = sum(c.weight for c in pillar.components)
    below = []
    for component in pillar.components:
        scale = component.scale
        name = reasons.called(component.quantity, sheets)
        if scale.kind == "goalposts":
            ((low, high),) = scale.points
            decimals = sheets[component.quantity.indicator].decimals
            on = f"from {number(low, decimals)} to {number(high, decimals)}{' on a logarithmic scale' if scale.log else ''}"
        else:
            on = f"by {SCALES.get(scale.kind, scale.kind)}" + (
                ""
                if scale.kind == "piecewise"
                else f" among the {'peers' if scale.among == 'peers' else 'pool'}"
            )
        turned = ", turned round so that low is good" if component.better == "low" else ""
        below.append(
            reasons.Clause(
                f"{name}, {percent(component.weight / inside)} of the pillar, scaled {on}{turned}",
                plain(component.basis),
            )
        )
    how = MEANS.get(pillar.power, f"power mean of power {number(pillar.power, 1)}")
    text = f"{plain(pillar.title)}, {percent(pillar.weight / weight)} of the weight: the {how} of {counted(len(below), 'indicator')}"
    return reasons.Clause(text, plain(pillar.basis), reasons.cited(pillar.cites), tuple(below))


def series(facts: Facts) -> tuple[SeriesRow, ...]:
    """Every indicator with source, years, coverage of the pool and kind of error."""
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
                coverage=f"{len(values)} of {len(facts.pool)}",
                error=listed(k if k != "none" else "not stated" for k in kinds) or "–",
                uses=", ".join(facts.roles.get(indicator, ())),
            )
        )
    return tuple(out)


def cases(facts: Facts) -> tuple[str, tuple[CaseRow, ...]]:
    """The cases of the criteria file for this date and what came of them."""
    mine = [c for c in facts.criteria.cases if isinstance(c, Case) and c.as_of == facts.result.as_of]
    out = []
    for case in mine:
        outcome = stated.judge(case, facts.result)
        mark = Mark("Holds", "✓", "good") if outcome.holds else Mark("Does not hold", "✗", "bad")
        out.append(CaseRow(plain(case.name), mark, "; ".join(plain(f) for f in outcome.failures)))
    held = sum(1 for row in out if row.mark.tone == "good")
    title = f"{capital(among(held, len(out), 'case'))} written in the criteria for this date {verb(held, 'holds', 'hold')}"
    if len(out) == 1 and not held:
        title = "The one case written in the criteria for this date does not hold"
    return (title if out else "", tuple(out))


def cautions(facts: Facts) -> tuple[str, ...]:
    """What a reader must not take from the list."""
    out = [
        "The probabilities cover measurement error as the publishers state or the criteria assume it"
        + (
            f", those of a rank or a place on the shortlist also {doubt.opened(facts)}; "
            if facts.kinds
            else ", and nothing else: "
        )
        + ("other" if facts.kinds else "other weights,")
        + " thresholds or sources would give other lists."
        if facts.error_known
        else f"{NOT_DRAWN} Other weights, scales or sources would give another list."
    ]
    if any(isinstance(case, Case) for case in facts.criteria.cases):
        out.append(
            "That criteria return a handful of countries a document names is weak evidence for them: many quite different rules "
            "return the same names, and a cut-off chosen knowing the names proves less still."
        )
    if facts.result.cells.revised:
        n = len(facts.result.cells.revised)
        out.append(
            f"{capital(among(n, len(facts.result.panel.sources), 'source'))} {verb(n, 'was', 'were')} published after "
            f"{day(facts.result.as_of)}. A reader of that day had earlier figures for the same years, so this is not quite what could have been known then."
        )
    blank = [
        i
        for i in facts.used
        if all(v.sd_kind == "none" for c in facts.pool if (v := facts.cells[c][i]).known)
    ]
    if blank and facts.error_known:
        out.append(
            f"For {among(len(blank), len(facts.used), 'indicator')} no error is stated; "
            f"{'it is' if len(blank) == 1 else 'they are'} taken as exact, which makes the answer look firmer than it is."
        )
    if any(i.startswith("vdem.") for i in facts.used):
        out.append(
            "Capture, freedom and civil society are measured by expert judgement; countries near a threshold should be read, not sorted."
        )
    return tuple(out)


def method(facts: Facts) -> tuple[str, ...]:
    """The method in at most twelve lines."""
    own, firm = facts.criteria, facts.result.firmness
    lines = [
        f"The date is {day(facts.result.as_of)}: only what was published by then is used, each series with its own delay.",
        f"The pool is every country the first rule admits; {len(facts.pool)} {verb(len(facts.pool), 'does', 'do')}. One that cannot be placed because its data are not held is named in a note.",
        f"The newest figure counts if it describes a year at most {counted(own.max_age, 'year')} before; one older than its publisher's newest is marked as carried, and its error grows.",
    ]
    if own.peers:
        n = len(own.peers)
        groups = (
            f"Each country belongs to one of {spelled(n)} peer groups"
            if n > 1
            else "All countries are one peer group"
        )
        lines.append(f"{groups}; medians and percentiles are taken there or in the pool, as stated.")
    if own.gates:
        n = len(own.gates)
        must = f"{capital(spelled(n))} gates must all" if n > 1 else "The one gate must"
        lines.append(f"{must} be passed; no strength makes up for a failed gate.")
    if own.tracks:
        n = len(own.tracks)
        lines.append(f"{f'At least one of {spelled(n)} tracks' if n > 1 else 'The one track'} must fit.")
    lines.append(
        "A missing figure makes a test unknown unless the rule says otherwise; "
        + (
            "in the draws alone it is imputed, and what rests on that is marked."
            if facts.result.imputed
            else "nothing is filled in by guesswork."
        )
    )
    if own.index:
        lines.append("There are no gates and no tracks: every country with a score is ranked by it.")
    elif own.score:
        lines.append("Those admitted are ordered by the score; those excluded are never ranked.")
    if not facts.error_known:
        return (*lines, NOT_DRAWN)
    return (
        *lines,
        f"Then, {firm.draws:,} times, {doubt.drawn(facts)} (errors of one country's figures correlate by {number(own.uncertainty.correlation, 2)}), and everything is judged again.",
        f"From these come every probability and every likely range; seed {firm.seed} makes them repeatable.",
        f"A country is called borderline if it is admitted in more than {percent(facts.edges[0])} and fewer than {percent(facts.edges[1])} of re-runs{_apart(facts)}.",
        f"An excluded country is a near miss if it is admitted in more than {percent(own.uncertainty.near_miss)} of re-runs.",
    )


def _apart(facts: Facts) -> str:
    """What is asked instead of a country that is qualified, where one can be."""
    return "; who is qualified, if it meets every requirement in so many" if facts.criteria.apart else ""


def glossary(facts: Facts) -> tuple[Entry, ...]:
    """The words this report uses, explained."""
    entries = [
        Entry("Admitted", "Eligible or conditional."),
        Entry(
            "Borderline",
            f"Admitted in more than {percent(facts.edges[0])} but fewer than {percent(facts.edges[1])} of re-runs{_apart(facts)}.",
        ),
        Entry(
            "Carried",
            "An older figure used because the publisher has newer ones for other countries but not for this one.",
        ),
        Entry(
            "Conditional",
            "Passes every gate, but one or more only by a branch that asks for a written reason and a review.",
        ),
        Entry("Excluded", "Fails a gate, or fits no track. The page says which."),
        Entry("Figure", "One value of one indicator for one country, with year, source and error."),
        Entry("Gate", "A necessary condition."),
        Entry(
            "Likely range",
            "From the 5th to the 95th percentile of the ranks that came out in the re-runs, and always holding the published rank.",
        ),
        Entry("Near miss", "Excluded, but so narrowly that measurement error could account for it."),
        Entry("Peers", "The countries of the same peer group in the pool."),
        Entry(
            "Re-run",
            f"The whole screening done again, where {doubt.drawn(facts)}.",
        ),
        Entry(
            "Standard error (s.e.)",
            "How far a figure typically lies from the truth by measurement alone: published, modelled or assumed, as stated.",
        ),
    ]
    if facts.criteria.tracks:
        entries.append(Entry("Track", "A kind of candidate; at least one must fit."))
    return tuple(entries)
