"""What a country's verdict rests on, asked of the Truth: what several proofs look at."""

from __future__ import annotations

import math
import operator
import re

from reading import SHARE, is_day, is_ordinal, is_share, listed
from truth import PASSED, Truth, leaves

from eligibility.policy.model import Points, Test

WORDS = {
    "eligible": "✓ Eligible", "conditional": "◐ Conditional", "qualified": "○ Qualified", "on-hold": "‖ On hold",
    "excluded": "✗ Excluded", "insufficient-data": "? Not enough data",
}  # fmt: skip
HOLDS = {"at_least": operator.ge, "at_most": operator.le, "above": operator.gt, "below": operator.lt}
SIGNS = {"at_least": "≥", "at_most": "≤", "above": ">", "below": "<"}
TURNED = {"≥": "<", "≤": ">", ">": "≤", "<": "≥"}


def mark(t: Truth, iso3: str) -> str:
    return "✓ Ranked" if t.criteria.index and t.status[iso3] == "eligible" else WORDS[t.status[iso3]]


def no_track(t: Truth) -> str:
    return {1: "does not fit the one track", 2: "fits neither track"}.get(
        len(t.criteria.tracks), "fits no track"
    )


def rescues(t: Truth, iso3: str) -> list[dict]:
    """Changes of one figure that alone would admit an excluded country."""
    failed = [g.id for g in t.gates(iso3, "fail")]
    if len(failed) + t.trackless(iso3) + t.kindless(iso3) != 1:
        return []
    ids = failed or [x.id for x in t.criteria.tracks if x.ideal]
    return [r for r in t.flips.get(iso3, []) if r["gate"] in ids and r["becomes"] in PASSED]


def near_miss(t: Truth, iso3: str) -> bool:
    return t.status[iso3] == "excluded" and t.p[iso3] > 0.25


def falls_short(t: Truth, iso3: str, text: str) -> bool:
    """Whether what is named is true and, if it were mended, each gate would be passed outright."""
    on = [*t.gates(iso3, "conditional"), *t.tracks(iso3, "conditional")]
    parts = text.split("; ") if text else []
    named = {}
    for part in parts:
        found = [x for g in on for x in leaves(g.rule) if is_said(t, iso3, x, part)]
        if not found:
            return False
        named |= {x.path: x for x in found}
    if not named:
        return not any(t.verdict(iso3, x.rule) == "conditional" and _alternatives(x.rule) for x in on)
    turned = {p: "fail" if t.node[iso3][p] == "pass" else "pass" for p in named}
    return bool(on) and all(t.verdict(iso3, g.rule, turned) == "pass" for g in on)


def _alternatives(node) -> bool:
    return getattr(node, "join", "") == "any" or any(map(_alternatives, getattr(node, "of", ())))


def is_said(t: Truth, iso3: str, leaf, text: str) -> bool:
    """Whether "freedom of association is 0.15 (needs ≥ 0.50)" is true of a test."""
    x, need = t.measured[iso3].get(leaf.path, math.nan), t.needs[iso3].get(leaf.path, math.nan)
    if isinstance(leaf, Points):
        found = re.fullmatch(rf"(?P<p>{SHARE}) of the points that apply \(needs (?P<n>{SHARE})\)", text)
        return bool(found) and is_share(found["p"], x) and is_share(found["n"], need)
    if not isinstance(leaf, Test):
        return False
    name = t.called(leaf.quantity)
    small = name[0].lower() + name[1:] if name.split(" ")[0][1:].islower() else name
    if text == f"no data on {small}":
        return math.isnan(x)
    found = re.fullmatch(r"(?P<name>.+) is (?P<value>.+) \(needs (?P<needs>.+)\)", text)
    if not found or found["name"] != small or not t.is_value(found["value"], leaf.quantity, x):
        return False
    return any(
        is_need(t, leaf, need, found["needs"], wanted) and holds(t, iso3, leaf) != wanted
        for wanted in (True, False)
    )


def holds(t: Truth, iso3: str, leaf: Test) -> bool:
    x, need = t.measured[iso3][leaf.path], t.needs[iso3][leaf.path]
    return x in leaf.threshold if leaf.operator == "in" else bool(HOLDS[leaf.operator](x, need))


def asked_classes(t: Truth, test: Test, wanted: bool = True) -> str:
    """The classes a test asks for: "one of low income or lower middle income"."""
    sheet = t.sheets[test.quantity.indicator]
    named = listed([sheet.class_names.get(label, label) for label in test.labels], "or")
    if len(test.labels) == 1:
        return named if wanted else f"not {named}"
    return f"{'one' if wanted else 'none'} of {named}"


def is_need(t: Truth, test: Test, need: float, text: str, wanted: bool) -> bool:
    """Whether "≥ 0.50", "electoral democracy or above", "one of L or LM" is what a test asks; turned under `none`."""
    if test.operator == "in":
        return text == asked_classes(t, test, wanted)
    if math.isnan(need):
        return text == "unknown"
    sign = SIGNS[test.operator] if wanted else TURNED[SIGNS[test.operator]]
    classes = t.sheets[test.quantity.indicator].classes
    if classes and test.quantity.measure == "level":
        named = {"≥": "{} or above", "≤": "{} or below", ">": "above {}", "<": "below {}"}[sign]
        return text == named.format(t.class_of(test.quantity.indicator, need))
    return text[:2] == f"{sign} " and t.is_value(text[2:], test.quantity, need)


def passed_with(t: Truth, iso3: str) -> dict[str, float]:
    """What a country passes -> how often; a track only where it is the one that fits."""
    fits = t.tracks(iso3, *PASSED)
    rules = [*t.gates(iso3, *PASSED), *(fits if len(fits) == 1 else [])]
    return {g.title: p for g in rules if not math.isnan(p := t.p_of(iso3, g))}


def is_span(text: str, low: float, high: float) -> bool:
    first, _, last = text.partition(" to ")
    return is_ordinal(first, low) and is_ordinal(last or first, high) and (bool(last) == (low != high))


def lapsed(t: Truth, gate) -> str:
    """Why a test of a gate has no threshold at the date; "" where all have."""
    for test in (x for x in t.tests(gate) if hasattr(x.threshold, "since")):
        begun = [entry for entry in test.threshold.since if entry[0] <= t.result.as_of]
        if not begun:
            return f"before {test.threshold.since[0][0].isoformat()}"
        if begun[-1][1] is None:
            return f"from {begun[-1][0].isoformat()} on"
    return ""


def left_out(own) -> list:
    """The gates and tracks as written that are not among those applied."""
    applied = {g.id for g in (*own.gates, *own.tracks)}
    return (
        [g for g in (*own.written.gates, *own.written.tracks) if g.id not in applied] if own.written else []
    )


def is_days(text: str, when) -> bool:
    """Whether "from 1 July 2016 to 2 July 2017" are the days something is in force."""
    found = re.fullmatch(
        r"(?:[Ff]rom (?P<since>\d+ \w+ \d+))?(?: ?(?:to|[Uu]ntil) (?P<until>\d+ \w+ \d+))?", text
    )
    if not found:
        return False
    ends = (found["since"], when.since), (found["until"], when.until)
    return all(is_day(said, day) if said and day else not said and not day for said, day in ends)


DAYS = r"(?:[Ff]rom|[Uu]ntil) [\w ]+"
