"""What a reader must know before the first number: revised, overdue, missing, imputed or unusual figures, and rules not in force."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date

import numpy as np

from eligibility.data import countries, intake
from eligibility.data.cells import Cells
from eligibility.language import criteria
from eligibility.method import firmness, hold, measures, peers, screen, vintages
from eligibility.policy import walk
from eligibility.policy.model import Criteria

DRAWN = ("gate", "track", "mechanism", "score")  # what measurement error is drawn for


def notes(
    policy: Criteria,
    cells: Cells,
    pool: peers.Pool,
    judged: screen.Screening,
    imputed: measures.Measures | None,
    firm: firmness.Firmness,
    gaps: tuple[vintages.Gap, ...],
    held: Mapping[str, hold.Held],
) -> tuple[str, ...]:
    """What a reader must know before the first number."""
    when, notes = cells.as_of.isoformat(), []
    if policy.changed:
        notes.append(policy.changed)
    if criteria.own_pool(policy):
        notes.append(
            f"Medians and percentiles are those of the {len(pool.members)} countries that the pool rule of this file "
            "admits: a narrower rule moves them."
        )
    if later := [f"{s.id} ({s.released.isoformat()})" for s in cells.revised]:
        why = f"these releases came out after {when}; their values for the years published by then are used, as revised since"
        if cells.panel.reading.as_known:
            why = (
                f"no release that was out by {when} is held of what these answer for, so the oldest held does, with its "
                "values for the years published by then"
            )
        notes.append(f"Revised data: {why}: {', '.join(later)}.")
    if overdue := cells.panel.overdue(walk.indicators(policy), cells.as_of):
        ends = [
            f"{s.id} ends in {year} (the next year was due by {due.isoformat()})" for s, year, due in overdue
        ]
        notes.append(f"Newer figures than those held here had been published by {when}: {', '.join(ends)}.")
    notes += vintages.told(gaps, cells.sheets)
    notes += intake.stand_ins(cells.panel.held, cells.panel.hiding)
    notes += intake.accepted_notes({s.id: s for s in (*cells.panel.sources, *cells.panel.hiding)}.values())
    notes += _dated(policy, cells.as_of)
    notes += _held(policy, cells, judged, held)
    notes += _lacking(policy, cells, judged)
    notes += _flagged(policy, cells)
    if imputed and policy.uncertainty.imputation:
        blank = (
            np.stack([~np.isnan(x[0]) for x in imputed.now.values()])
            if imputed.now
            else np.zeros((1, 1), bool)
        )
        notes.append(
            f"Imputed: {blank.sum()} missing figures of {blank.any(axis=0).sum()} countries, "
            f"{policy.uncertainty.imputation.datasets} times, as similar countries suggest. They are in the draws "
            "only; no verdict and no score shown rests on them, and probabilities that do are marked."
        )
        if shift := policy.uncertainty.imputation.shift:
            word = "worse" if shift > 0 else "better"
            notes.append(
                f"Every imputed figure is taken for {abs(shift):g} standard deviations {word} than in similar countries."
            )
        notes += _shared(firm)
    if names := [countries.register().name(iso3) for iso3 in unplaced(policy, cells, pool)]:
        shown = ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
        notes.append(f"Not considered, because figures the pool rule asks for are not held: {shown}.")
    return tuple(notes)


def unplaced(policy: Criteria, cells: Cells, pool: peers.Pool) -> tuple[str, ...]:
    """Countries of which the pool rule cannot judge whether they are candidates, though some figure that it asks for is held of them."""
    covered = {iso3 for i in walk.indicators(policy, "pool") for iso3 in cells.panel.values[i].columns}
    return tuple(str(iso3) for iso3 in pool.unplaced if iso3 in covered)


def _shared(firm: firmness.Firmness) -> list[str]:
    """How far the chance of a place on the list may be off, for draws share fillings of the gaps."""
    half = firm.supposed.half_top.max() if firm.supposed is not None else math.nan
    if math.isnan(half):
        return []
    return [
        f"The chance of a place on the shortlist rests on imputed values too: it is within {100 * half:.1f} percentage "
        "points of what more fillings would give, with a probability of 95%."
    ]


def _dated(policy: Criteria, as_of: date) -> list[str]:
    """What is not in force at the date: gates left out, tests without a threshold; and thresholds long in force."""
    notes = []
    for gate in walk.left_out(policy):
        when = f" ({gate.applies})" if not gate.applies.always else ""
        notes.append(f"{gate.title}: not in force at {as_of.isoformat()}{when}, so it is not applied.")
    titles = {gate.id: gate.title for gate in (*policy.gates, *policy.tracks)}
    found: dict[str, list[str]] = {}
    for owner, test in walk.judging(policy):
        if why := walk.unset(test.threshold, as_of):
            found.setdefault(why, []).append(titles.get(owner, "who is considered"))
    for why, owners in found.items():
        rests = "; ".join(dict.fromkeys(owners))
        notes.append(f"{why.capitalize()}. What rests on one is unknown, not failed: {rests}.")
    old = (walk.aged(test, as_of) for _, test in walk.judging(policy))
    return notes + [f"{told[0].upper()}{told[1:]}." for told in dict.fromkeys(old) if told]


def _held(
    policy: Criteria, cells: Cells, judged: screen.Screening, held: Mapping[str, hold.Held]
) -> list[str]:
    """Who is on hold, whatever its figures say."""
    if policy.hold and policy.hold.events not in cells.panel.dated:
        return [f"{policy.hold.title}: no list of {policy.hold.events} is held here, so nobody can be."]
    who = [c for c in held if judged.status[c] == "on-hold"]
    if not who or policy.hold is None:
        return []
    names = countries.register()
    told = [f"{names.name(c)} ({held[c].event.event.replace('_', ' ')}, {held[c].event.date})" for c in who]
    return [f"{policy.hold.title}: {', '.join(told)}. Without a verdict or a rank, whatever the figures say."]


def _lacking(policy: Criteria, cells: Cells, judged: screen.Screening) -> list[str]:
    """Which gates cannot be judged because figures are not held, and of how many countries where not of all."""
    uses = absent(policy, cells)
    if not uses:
        return []
    titles = {gate.id: gate.title for gate in (*policy.gates, *policy.tracks)}
    owners = dict.fromkeys(use.owner for use in uses if use.role in ("gate", "track"))
    rests = [f"{titles[id_]}{of}" for id_ in owners if (of := judged.open(id_)) is not None]
    on = f" What rests on them is unknown, not failed: {'; '.join(rests)}." if rests else ""
    return [f"Figures not held here for {cells.as_of.isoformat()}.{on}"]


def absent(policy: Criteria, cells: Cells) -> list[walk.Use]:
    """Every judging or scoring use of a series without any figure at the date."""
    return [u for u in walk.quantities(policy) if u.role in DRAWN and u.quantity.indicator in cells.absent]


def _flagged(policy: Criteria, cells: Cells) -> list[str]:
    """The countries of the pool marked by name at the date, which changes nothing."""
    notes, names = [], countries.register()
    for flag in policy.flags:
        held = flag.marked(cells.as_of)
        if held is None:
            notes.append(
                f"{flag.title}: no list is held here for {cells.as_of.isoformat()}, so nobody is marked."
            )
            continue
        marked = [f"{names.name(c)} ({why})" for c, why in held.countries if c in cells.countries]
        part = f"; {len(held.countries)} of {held.of} are held here" if held.of else ""
        if marked or part:
            notes.append(
                f"{flag.title} (shown only; it changes no verdict and no median{part}): {', '.join(marked)}."
            )
    return notes
