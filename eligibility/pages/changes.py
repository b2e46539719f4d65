"""What would change an answer: the smallest changes of one figure, in sentences.

rescues    the changes that alone would admit an excluded country
near_miss  whether one is close enough for measurement error to account for it
changes    heading, introduction and a sentence for each, for the page of a country
"""

from __future__ import annotations

import math

from eligibility.method.flips import FINENESS
from eligibility.pages import reasons
from eligibility.pages.facts import Facts
from eligibility.pages.sentences import PASSED, failing, fitting, obstacles, quoted, trackless, unknown, unset
from eligibility.pages.wording import (
    capital,
    counted,
    inner,
    listed,
    missing,
    number,
    percent,
    plain,
    signed,
    some,
    spelled,
    verb,
)
from eligibility.policy import Gate, Test
from eligibility.sources import SeriesSheet

SHOWN = 3  # other thresholds told


def near_miss(facts: Facts, iso3: str) -> bool:
    """Whether a country is excluded and still admitted in more re-runs than the criteria name."""
    return iso3 in facts.result.near_misses


def rescues(facts: Facts, iso3: str) -> list[dict]:
    """The flips that alone would admit an excluded country, nearest first; none if two things block it."""
    failed = failing(facts, iso3)
    if len(obstacles(facts, iso3)) != 1:
        return []
    open_ids = {g.id for g in failed} or {t.id for t in facts.criteria.tracks if t.ideal}
    rows = [r for r in facts.flips[iso3] if r["gate"] in open_ids and r["becomes"] in PASSED]
    return sorted(rows, key=distance)


def distance(row: dict) -> tuple[float, float]:
    return (math.inf if missing(row["in_sd"]) else row["in_sd"], abs(row["change"]))


def apart(a: float, b: float, decimals: int) -> int:
    """Enough decimals for two different numbers not to look alike, at most three more."""
    while number(a, decimals) == number(b, decimals) and a != b and decimals < 9:
        if abs(a - b) < 0.5 * 10.0 ** -(decimals + 3):
            break
        decimals += 1
    return decimals


def turning(row: dict, sheet: SeriesSheet, decimals: int) -> tuple[str, float]:
    """The value at which a gate turns, as printed, and the way there from the present value.

    "0.50 or more", or "above 0.50" where at 0.50 it has not turned yet; rounded away from the present value, so that
    the number as printed does turn it.
    """
    needed, up, scale = row["needed"], row["change"] > 0, 10**decimals
    step = 2 * (sheet.hi - sheet.lo) * 10.0**-FINENESS  # what the search goes beyond a limit
    limit = round(needed * scale) / scale
    if 0 < (needed - limit if up else limit - needed) <= step:
        return f"{'above' if up else 'below'} {number(limit, decimals)}", limit - row["now"]
    away = (math.ceil if up else math.floor)(round(needed * scale, 6)) / scale
    return f"{number(away, decimals)} or {'more' if up else 'less'}", row["change"]


def flip(facts: Facts, iso3: str, row: dict) -> str:
    """One smallest change in a sentence: indicator, needed, now, distance, what it would do to the gate."""
    sheet = facts.sheets[row["indicator"]]
    gate = next(g for g in (*facts.criteria.gates, *facts.criteria.tracks) if g.id == row["gate"])
    name = plain(sheet.label)
    kind = "gate" if gate in facts.criteria.gates else "track"
    becomes = {"pass": "would pass", "conditional": "would pass on condition", "fail": "would fail"}.get(
        row["becomes"], "would change"
    )
    if sheet.classes:
        to, now = (plain(sheet.class_name(row[k])) for k in ("needed", "now"))
        return f"{name}: with “{to}” instead of “{now}” the {kind} {quoted(gate)} {becomes}."
    decimals = apart(row["needed"], row["now"], sheet.decimals)
    if number(row["needed"], decimals) == number(row["now"], decimals):
        now = number(row["now"], decimals)
        any_ = "higher" if row["change"] > 0 else "lower"
        return (
            f"{name} stands at its limit ({now}): with any {any_} value the {kind} {quoted(gate)} {becomes}."
        )
    distance = "" if missing(row["in_sd"]) else f", {number(row['in_sd'], 1)} standard errors"
    if row["becomes"] in PASSED and (row["change"] > 0) != facts.high_is_better(row["indicator"]):
        distance += "; that is, worse"
    at, way = turning(row, sheet, decimals)
    return (
        f"{name}: {at if at[0].isalpha() else f'at {at}'} instead of {number(row['now'], decimals)} "
        f"({signed(way, decimals)}{distance}) the {kind} {quoted(gate)} {becomes}."
    )


def changes(facts: Facts, iso3: str) -> tuple[str, str, tuple[str, ...]]:
    """What would change the answer: a heading, an introduction, a sentence for each smallest change."""
    rows, status = facts.flips[iso3], facts.status[iso3]
    name = facts.names[iso3]
    if status == "insufficient-data":
        data = any(g.id not in facts.unset for g in unknown(facts, iso3)) or not unknown(facts, iso3)
        head = "More figures would settle it" if data else "A threshold in force would settle it"
        return head, "", _missing_for(facts, iso3)
    if status == "on-hold":
        figures = " and with the figures of later years" if facts.criteria.hold.figures else ""
        return "No change of a figure ends a hold", f"It ends with time{figures}.", ()
    if status == "qualified":
        return _to_ideal(facts, iso3)
    if status in ("eligible", "conditional"):
        fits = fitting(facts, iso3)
        keep = {g.id for g in facts.criteria.gates} | {t.id for t in fits if len(fits) == 1}
        lost = [r for r in rows if r["gate"] in keep and r["becomes"] == "fail"]
        losing = [
            min(mine, key=distance) for g in sorted(keep) if (mine := [r for r in lost if r["gate"] == g])
        ]
        losing.sort(key=distance)
        if not losing:
            return f"No change of a single figure would exclude {name}", _moves(facts, iso3, 0), ()
        near = len({(row["indicator"], row["change"] > 0) for row in lost if row["in_sd"] <= 1})
        what = f"{capital(spelled(near))} {verb(max(near, 1), 'change', 'changes')} of a single figure"
        head = f"{what} within one standard error would {'each ' if near > 1 else ''}exclude {name}"
        return (
            head,
            f"{_moves(facts, iso3, near)}The nearest change for each gate or track whose loss alone would exclude it:",
            tuple(flip(facts, iso3, row) for row in losing),
        )
    stand = obstacles(facts, iso3)
    alone = rescues(facts, iso3)
    if len(stand) == 1:
        if not alone:
            return (
                f"No change of a single figure would admit {name}",
                f"What stands in the way is {_want(stand)}. {_moves(facts, iso3, 0)}",
                (),
            )
        near = sum(1 for row in alone if row["in_sd"] <= 1)
        head = f"{capital(counted(len(alone), 'change'))} of a single figure would each admit {name}"
        close = "both" if near == len(alone) == 2 else spelled(near) if near else "none"
        head += f", {close} within one standard error"
        if len(alone) == 1:
            far = "within one standard error" if near else "more than one standard error away"
            far = "of a figure without a stated error" if missing(alone[0]["in_sd"]) else far
            head = f"One change would admit {name}, {far}"
        return head, _moves(facts, iso3, near), tuple(flip(facts, iso3, row) for row in alone)
    open_ids = [g.id for g in failing(facts, iso3)] + [
        t.id for t in facts.criteria.tracks if trackless(facts, iso3)
    ]
    gains = [
        min(mine, key=distance)
        for g in open_ids
        if (mine := [r for r in rows if r["gate"] == g and r["becomes"] in PASSED])
    ]
    head = f"No single change would admit {name}: {spelled(len(stand))} things stand in the way"
    lead_in = f"They are {listed(stand)}." + (
        " The nearest change for each that a single figure could mend:" if gains else ""
    )
    return head, lead_in, tuple(flip(facts, iso3, row) for row in gains)


def _to_ideal(facts: Facts, iso3: str) -> tuple[str, str, tuple[str, ...]]:
    """The nearest change of one figure that would make a country of each ideal kind it could be of."""
    ideal = {t.id for t in facts.criteria.tracks if t.ideal}
    rows = [r for r in facts.flips[iso3] if r["gate"] in ideal and r["becomes"] in PASSED]
    nearest = [
        min(mine, key=distance) for t in sorted(ideal) if (mine := [r for r in rows if r["gate"] == t])
    ]
    head = f"It is qualified; to be eligible {facts.names[iso3]} would have to be of an ideal kind"
    if not nearest:
        return head, "No change of a single figure would do that.", ()
    lead_in = "The nearest change of a single figure for each kind that one could bring:"
    return head, lead_in, tuple(flip(facts, iso3, row) for row in nearest)


def rules(facts: Facts, iso3: str) -> tuple[str, ...]:
    """With which other threshold a gate or track that decides the answer would turn, where one test alone decides it."""
    admitted = facts.status[iso3] in ("eligible", "conditional")
    if admitted:
        decide = {g.id for g in facts.criteria.gates} | {t.id for t in fitting(facts, iso3)}
    elif facts.status[iso3] in ("qualified", "on-hold"):
        return ()
    else:
        decide = {g.id for g in failing(facts, iso3)}
        decide |= {t.id for t in facts.criteria.tracks} if trackless(facts, iso3) else set()
    tests = {
        leaf.path: (gate, leaf)
        for gate in (*facts.criteria.gates, *facts.criteria.tracks)
        for leaf in reasons.leaves(gate.rule)
        if gate.id in decide and isinstance(leaf, Test)
    }
    rows = [r for r in facts.thresholds[iso3] if r["test"] in tests and (r["becomes"] in PASSED) != admitted]
    rows.sort(key=lambda r: abs(r["value"] - r["threshold"]) / _width(facts, r["indicator"]))
    return tuple(_rule(facts, iso3, row, *tests[row["test"]]) for row in rows[:SHOWN])


def _width(facts: Facts, indicator: str) -> float:
    """The declared range of an indicator, in which distances of different units compare."""
    sheet = facts.sheets[indicator]
    return sheet.hi - sheet.lo


def _rule(facts: Facts, iso3: str, row: dict, gate: Gate, test: Test) -> str:
    """One other threshold in a sentence."""
    holds = facts.node[iso3][test.path] in PASSED
    lower = reasons.compares(test).up != holds  # which way the threshold must move
    side = ("below" if lower else "above") if row["beyond"] else ("at or below" if lower else "at or above")
    sheet = facts.sheets[row["indicator"]]
    part, decimals = reasons.is_share(test.quantity), sheet.decimals
    if part:
        row, decimals = {**row, **{key: 100 * row[key] for key in ("value", "threshold")}}, 1
    decimals = apart(row["value"], row["threshold"], decimals)
    # Rounded away from where the gate turns, so that the number as printed does turn it.
    turn = (math.floor if lower else math.ceil)(round(row["value"] * 10**decimals, 6)) / 10**decimals
    to, now = turn, row["threshold"]
    if sheet.classes and test.quantity.measure == "level":
        to, now = (f"“{reasons.shown(x, test.quantity, facts.sheets)}”" for x in (row["value"], now))
    else:
        to, now = (number(x, decimals) + "%" * part for x in (to, now))
    word = {"pass": "would pass", "conditional": "would pass on condition"}.get(row["becomes"], "would fail")
    kind = "gate" if gate in facts.criteria.gates else "track"
    what = inner(reasons.called(test.quantity, facts.sheets))
    moved = (
        f"any {'lower' if lower else 'higher'} threshold than"
        if to == now
        else f"a threshold {side} {to} instead of"
    )
    return f"With {moved} {now} for {what} the {kind} {quoted(gate)} {word}."


def _moves(facts: Facts, iso3: str, near: int) -> str:
    """Why re-runs give another answer although no single present figure does so within one standard error."""
    p = facts.p_eligible[iso3]
    if near or missing(p):
        return ""
    inside = facts.status[iso3] in ("eligible", "conditional")
    lost = 1 - p if inside else p
    if lost < facts.edges[0]:
        return ""
    return (
        f"Yet it {'falls out' if inside else 'is admitted'} in {percent(lost)} of re-runs: "
        "there several figures, or those of earlier years, move together. "
    )


def _want(stand: list[str]) -> str:
    return stand[0] if not stand[0].startswith("“") else f"the gate {stand[0]}"


def _missing_for(facts: Facts, iso3: str) -> tuple[str, ...]:
    """Which figures are missing for what cannot be judged."""
    out: list[str] = []
    for gate in (
        *unknown(facts, iso3),
        *(t for t in facts.criteria.tracks if facts.track[iso3][t.id] == "unknown"),
    ):
        if gate.id in facts.unset:
            out += unset(facts, [gate])
            continue
        leaves = reasons.deciding(gate.rule, facts.node[iso3])
        gaps = [
            inner(reasons.called(x.node.quantity, facts.sheets))
            for x in leaves
            if isinstance(x.node, Test) and missing(facts.measured[iso3].get(x.node.path))
        ]
        if gaps:
            out.append(f"{quoted(gate)} needs figures on {some(dict.fromkeys(gaps))}.")
        else:
            out.append(f"{quoted(gate)} cannot be judged on the figures held.")
    return tuple(out)
