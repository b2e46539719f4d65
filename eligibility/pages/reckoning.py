"""One because and one but for each recommended country, chosen by rule.

because   a figure that the rule rewards: the change its kind of candidate rests on, and what it is best at of the list
but       the figure whose error costs most of its chance to qualify; where that is under a point, its thinnest margin
"""

from __future__ import annotations

import math

from eligibility.pages import changes, grid, names
from eligibility.pages.facts import Facts
from eligibility.pages.reasons import full_branches
from eligibility.pages.said import Figure, Said, say, unsigned
from eligibility.pages.sentences import fitting, least
from eligibility.pages.wording import inner, missing, number, plain
from eligibility.policy.model import Reference, Test

POINT = 0.01  # of probability: less is not worth naming a figure for
FAIL = "fail"


def because(facts: Facts, iso3: str, among: tuple[str, ...]) -> Said:
    """What speaks for a country of the list `among`; at most two facts."""
    what = [said for said in (_changed(facts, iso3), _best(facts, iso3, among)) if said]
    if not what:
        what = [_part(facts, iso3, "because.score", max)]
    return say("because", what=tuple(what))


def _changed(facts: Facts, iso3: str) -> Said | None:
    """The change its kind of candidate rests on: the one on which it is ahead of most of its peers."""
    found = []
    for track in fitting(facts, iso3):
        for leaf in grid.leaves(track.rule, facts.node[iso3]):
            test = leaf.node
            if (
                not isinstance(test, Test)
                or leaf.word != "pass"
                or test.quantity.measure not in ("change_over", "change_from_peak", *names.PARTS)
            ):
                continue
            measured, needed = facts.measured[iso3].get(test.path), facts.needs[iso3].get(test.path)
            if missing(measured) or missing(needed):
                continue
            found.append((_ahead(facts, iso3, test), test, measured, needed))
    if not found:
        return None
    _, test, measured, needed = max(found, key=lambda f: (f[0], f[1].path))
    indicator, sheet = test.quantity.indicator, facts.sheets[test.quantity.indicator]
    name, cell = names.of(indicator, facts.sheets).name, facts.cells[iso3][indicator]
    way = say("way.up" if measured > 0 else "way.down")
    if test.quantity.measure == "change_from_peak":
        series = {int(y): v for y, v in facts.history(indicator).get(iso3, {}).items() if not math.isnan(v)}
        peak = max((y for y in series if y <= cell.year), key=lambda y: (series[y], y), default=None)
        if peak is None:
            return None
        was, now = Figure(series[peak], sheet.decimals), Figure(cell.value, sheet.decimals)
        return say("because.fell", name=name, way=way, was=was, first=peak, now=now)
    if test.quantity.measure in names.PARTS:
        by = names.figure(unsigned(measured), test.quantity, sheet.decimals)
        typical = names.figure(unsigned(needed), test.quantity, sheet.decimals)
        kind = "because.closed" if test.quantity.measure == "gap_closed_over" else "because.relative"
        given = dict(name=name, by=by, years=test.quantity.years, typical=typical)
        return say(kind, **given) if kind == "because.closed" else say(kind, **given, way=way)
    by, least_ = Figure(unsigned(measured), sheet.decimals), Figure(unsigned(needed), sheet.decimals)
    median = isinstance(test.threshold, Reference) and test.threshold.quantile == 0.5
    given = dict(name=name, way=way, by=by, unit=names.per(indicator), years=test.quantity.years)
    return (
        say("because.typical", **given, typical=least_)
        if median
        else say("because.change", **given, needed=least_)
    )


def _ahead(facts: Facts, iso3: str, test: Test) -> float:
    """The share of the country's peers that a change is larger than, in the direction the test asks for."""
    sign = 1 if test.compares and test.compares.up else -1
    mine = facts.measured[iso3][test.path] * sign
    others = (facts.measured[c].get(test.path) for c in facts.members.get(facts.group[iso3], ()) if c != iso3)
    known = [x * sign for x in others if x is not None and not missing(x)]
    return sum(x < mine for x in known) / len(known) if known else 0.0


def _best(facts: Facts, iso3: str, among: tuple[str, ...]) -> Said | None:
    """A scored figure on which it is the best of the list; the one furthest from the second."""
    best: tuple[float, Said] | None = None
    for _, component in facts.components:
        indicator, sheet = component.quantity.indicator, facts.sheets[component.quantity.indicator]
        if component.quantity.measure != "level" or sheet.classes:
            continue
        high = component.better == "high"
        values = {c: facts.cells[c][indicator].value for c in among if facts.cells[c][indicator].known}
        if len(values) < 2 or iso3 not in values:
            continue
        order = sorted(values.values(), reverse=high)
        if values[iso3] != order[0] or order[0] == order[1]:
            continue
        gap = abs(order[0] - order[1]) / (sheet.hi - sheet.lo)
        if best is None or gap > best[0]:
            word = say("most.high" if high else "most.low")
            name = names.of(indicator, facts.sheets).name
            best = (
                gap,
                say(
                    "because.first",
                    most=word,
                    name=name,
                    n=len(among),
                    x=Figure(values[iso3], sheet.decimals),
                ),
            )
    return best[1] if best else None


def _part(facts: Facts, iso3: str, phrase: str, pick) -> Said:
    """Its strongest or weakest part of the score."""
    parts = [
        (facts.pillar[iso3][p.id], plain(p.title))
        for p in facts.pillars
        if not missing(facts.pillar[iso3][p.id])
    ]
    value, title = pick(parts)
    return say(phrase, part=inner(title), x=Figure(value, 2))


def but(facts: Facts, iso3: str) -> Said:
    """What speaks against a country of the list."""
    return say("but", what=_but(facts, iso3))


def _but(facts: Facts, iso3: str) -> Said:
    if facts.status[iso3] == "conditional":
        words = {**facts.gate[iso3], **facts.track[iso3]}
        on = [g for g in (*facts.criteria.gates, *fitting(facts, iso3)) if words[g.id] == "conditional"]
        short = [grid.told(facts, iso3, leaf) for g in on for leaf in full_branches(g.rule, facts.node[iso3])]
        if short:
            return say("but.condition", short=short[0])
    weakest = least(facts, iso3)
    fits = fitting(facts, iso3)
    keep = {g.id for g in facts.criteria.gates} | {t.id for t in fits if len(fits) == 1}
    rows = [
        r
        for r in facts.flips[iso3]
        if r["gate"] in keep and r["becomes"] == FAIL and not facts.sheets[r["indicator"]].classes
    ]
    if weakest and 1 - weakest[0] >= POINT:
        mine = [r for r in rows if r["gate"] == weakest[1].id]
        if mine:
            return say("but.likely", **_row(facts, min(mine, key=changes.distance)))
    if rows:
        row = min(rows, key=changes.distance)
        given = _row(facts, row)
        return (
            say("but.exact", **given)
            if missing(row["in_sd"])
            else say("but.margin", **given, sd=row["in_sd"])
        )
    if facts.pillars:
        return _part(facts, iso3, "but.part", min)
    return say("because.chance", p=facts.p_eligible[iso3])


def _row(facts: Facts, row: dict) -> dict:
    """A nearest change as the facts of a sentence: the figure, and what is needed."""
    sheet = facts.sheets[row["indicator"]]
    decimals = changes.apart(row["needed"], row["now"], sheet.decimals)
    limit = round(row["needed"], decimals)
    return dict(
        name=names.of(row["indicator"], facts.sheets).name,
        x=Figure(row["now"], decimals),
        needed=Figure(row["needed"], decimals, number(limit, decimals)),
    )
