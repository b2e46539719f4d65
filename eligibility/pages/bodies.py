"""Which kinds of accountability body the conditions of a country allow: shown beside the result and no part of it.

shown      whether a card tells them
decisive   the figure that settles whether one kind fits
section    a row a kind, and what no figure says
"""

from __future__ import annotations

import math

from eligibility.pages import grid, reasons
from eligibility.pages.blocks import Cell, Column, Row, Section, Table, Text
from eligibility.pages.facts import Facts
from eligibility.pages.reasons import Leaf
from eligibility.pages.said import Count, Said, say, tell
from eligibility.pages.sentences import PASSED
from eligibility.pages.views import VERDICTS
from eligibility.pages.wording import missing, plain
from eligibility.policy.model import Gate, Group, Node, Points

TOLD_OF = ("eligible", "conditional", "qualified")


def shown(facts: Facts, iso3: str) -> bool:
    """Whether a country is one that a pilot may be offered to, or only just is not."""
    near = facts.status[iso3] in TOLD_OF or iso3 in facts.result.near_misses
    return bool(facts.criteria.mechanisms) and near


def decisive(facts: Facts, iso3: str, kind: Gate) -> Leaf | None:
    """The figure nearest to turning a kind that fits, or furthest from letting one fit that does not.

    Distance is in margins of error; of branches of which any will do the best one counts. Where it cannot be said, the
    first figure that is not held; None where the country's group decides.
    """
    verdict = facts.mechanism[iso3][kind.id]
    if kind.peer_group not in ("", facts.group[iso3]):
        return None
    if verdict == "unknown":
        return next(iter(reasons.deciding(kind.rule, facts.node[iso3])), None)
    return _furthest(facts, iso3, kind.rule, True)[1]


def _furthest(facts: Facts, iso3: str, node: Node, wanted: bool) -> tuple[float, Leaf]:
    """How far inside (below zero: outside) what is wanted, and the figure that says so."""
    if not isinstance(node, Group):
        (leaf,) = reasons.deciding(node, facts.node[iso3], wanted)
        return _distance(facts, iso3, leaf), leaf
    below = wanted != (node.join == "none")
    parts = sorted((_furthest(facts, iso3, part, below) for part in node.of), key=lambda part: part[0])
    if node.join == "at_least":
        return parts[-node.n if wanted else node.n - 1]
    every = (node.join in ("all", "none")) == wanted
    return parts[0] if every else parts[-1]


def _distance(facts: Facts, iso3: str, leaf: Leaf) -> float:
    """How far a figure is on the side wanted, in margins of error; without end where it has none."""
    node, way = leaf.node, {"pass": 1.0, "conditional": 1.0, "fail": -1.0}.get(leaf.word, 0.0)
    if not way or isinstance(node, Points):
        return way and math.copysign(math.inf, way)
    gap = reasons.margin(node, facts.measured[iso3][node.path], facts.needs[iso3][node.path], leaf.wanted)
    sd = facts.cells[iso3][node.quantity.indicator].sd
    if gap is None or node.quantity.measure != "level" or not sd > 0:
        return way * math.inf
    return way * abs(gap) / sd


def chance(facts: Facts, iso3: str, kind: Gate) -> Said:
    """In how many of the simulations it fits."""
    p = facts.p_mechanism[iso3].get(kind.id, math.nan)
    return say("chance.none") if missing(p) else say("bodies.chance", p=p)


def quotation(kind: Gate) -> Said | str:
    """What the document says of a kind, in its words; nothing where the criteria quote none."""
    quote = kind.cites.quote if kind.cites else None
    return say("bodies.quote", quote=plain(quote)) if quote else ""


def figure(facts: Facts, iso3: str, kind: Gate) -> Said:
    """The figure that settles it with what is needed."""
    leaf = decisive(facts, iso3, kind)
    return grid.told(facts, iso3, leaf) if leaf else say("bodies.group")


def title(facts: Facts, iso3: str) -> Said:
    """How many kinds fit."""
    fit = sum(word in PASSED for word in facts.mechanism[iso3].values())
    n, of = Count(fit, facts.at(iso3, "mechanisms_fit")), len(facts.criteria.mechanisms)
    return tell(f"bodies.title{'.all' if n == of else ''}", n=n, of=of)


def section(facts: Facts, iso3: str) -> Section:
    """A row a kind: whether it fits, its chance, the figure that settles it; and what is in no figure."""
    heads = ("kind", "fits", "chance", "figure")
    columns = tuple(Column(head := say(f"bodies.head.{x}"), x == "chance", head, f"body-{x}") for x in heads)
    rows = []
    for kind in facts.criteria.mechanisms:
        word = facts.mechanism[iso3][kind.id]
        named = Cell(say("label", text=plain(kind.title)), below=quotation(kind))
        fits = Cell(say(f"bodies.{word}"), below=VERDICTS[word].sign, tone=VERDICTS[word].tone)
        rows.append(Row((named, fits, Cell(chance(facts, iso3, kind)), Cell(figure(facts, iso3, kind)))))
    table = Table("bodies", say("bodies.label"), columns, tuple(rows), kind="bodies")
    return Section("bodies", title(facts, iso3), (table, Text((say("bodies.ready"),), note=True)))
