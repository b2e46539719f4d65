"""The drawings of a card's table: where a country stands among its peers, better to the right, and what is needed.

drawn   the strip or the boxes of a row
key     what their signs stand for
"""

from __future__ import annotations

from typing import cast

from eligibility.pages import charts, names
from eligibility.pages.blocks import Drawing, Row, Sign
from eligibility.pages.facts import Facts
from eligibility.pages.reasons import Leaf
from eligibility.pages.said import Figure, Said, say
from eligibility.pages.wording import missing, plain
from eligibility.policy.model import Test


def drawn(facts: Facts, iso3: str, leaf: Leaf, name: str) -> Drawing | None:
    """The strip or the boxes of a row; None for a change, a status, and classes in no order."""
    assert isinstance(leaf.node, Test)
    q, limit = leaf.node.quantity, facts.needs[iso3].get(leaf.node.path)
    sheet, cell, compares = facts.sheets[q.indicator], facts.cells[iso3][q.indicator], leaf.node.compares
    if q.measure != "level" or q.indicator in facts.result.panel.statuses:
        return None
    if not sheet.classes:
        return of(facts, iso3, q.indicator, limit)
    among = facts.peers_on(facts.group[iso3], q.indicator)
    if not compares or not among.values:
        return None
    if missing(limit) or not leaf.wanted or not compares.equal:
        limit = None  # which would stand at the other edge of a box
    counted = charts.classes([*sheet.classes], among, cell.value, limit)
    counts = tuple(
        say("strip.alt.class", n=among.values.count(n), name=plain(sheet.class_name(n)))
        for n in sheet.classes
    )
    return Drawing("classes", counted, say("strip.alt.classes", name=name, counts=counts))


def of(facts: Facts, iso3: str, indicator: str, limit: float | None) -> Drawing | None:
    """Where the country lies among its peers, better to the right, with what is needed; None where no figure of any is held."""
    cell, peers = facts.cells[iso3][indicator], facts.peers_on(facts.group[iso3], indicator)
    if not (cell.known or peers.ticks):  # what is needed alone says nothing beside its number
        return None
    strip = charts.strip(peers, cell.value, cell.sd, limit)
    return Drawing("strip", (peers, strip), alt(facts, iso3, indicator))


def alt(facts: Facts, iso3: str, indicator: str) -> Said:
    """The words of a strip."""
    cell, sheet = facts.cells[iso3][indicator], facts.sheets[indicator]
    peers, name = facts.peers_on(facts.group[iso3], indicator), names.of(indicator, facts.sheets).name
    if not cell.known:
        return say("strip.alt.none", name=name)
    share = peers.better_than(cell.value)
    x = Figure(cell.value, sheet.decimals)
    if share is None or peers.median is None:
        return say("strip.alt", name=name, x=x)
    return say("strip.alt.peers", name=name, x=x, median=Figure(peers.median, sheet.decimals), p=share)


def key(facts: Facts, iso3: str, rows: list[Row]) -> tuple[Sign, ...]:
    """What the signs of the strips stand for, those that are drawn."""
    drawn = [cell.drawing for row in rows for cell in row.cells if isinstance(cell.drawing, Drawing)]
    strips = [cast(tuple[charts.Peers, charts.Strip], each.values) for each in drawn if each.name == "strip"]
    if not strips:
        return ()
    of = "peers" if facts.criteria.peers else "pool"
    signs = {
        "own": say(f"strip.key.own{'' if facts.error_known else '.exact'}", name=facts.names[iso3]),
        "peers": say(f"strip.key.{of}"),
    }
    if any(each.name == "classes" for each in drawn):
        signs["class"] = say(f"strip.key.class.{of}")
    signs["middle"] = say("strip.key.middle")
    if any(lies.gate is not None for _, lies in strips):
        signs["needed"] = say("strip.key.needed")
    return *(Sign(name, said) for name, said in signs.items()), Sign("", say("strip.key.better"))
