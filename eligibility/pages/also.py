"""What other criteria sets say of the same countries at the same date: beside the verdict, and never in it."""

from __future__ import annotations

from eligibility.pages import agenda, card, sentences
from eligibility.pages.blocks import Cell, Column, Row, Table
from eligibility.pages.facts import Facts
from eligibility.pages.said import Said, say
from eligibility.pages.views import STATUSES, Entry
from eligibility.pages.wording import missing, plain


def of_country(facts: Facts, iso3: str) -> Table:
    """A line a set: what it says of one country, the chance, its rank, and why."""
    heads = tuple(say(f"head.{x}") for x in ("criteria", "verdict", "chance", "place", "why"))
    columns = tuple(Column(head, k in (2, 3), head if k > 1 else None) for k, head in enumerate(heads))
    rows = []
    for own in facts.others:
        title = Cell(say("name", name=plain(own.criteria.title)), below=_version(own))
        if iso3 not in own.status:
            rows.append(Row((title, Cell(say("status.outside"), span=4))))
            continue
        rank = card.rank(own, iso3) if own.criteria.score else ""
        rows.append(
            Row((title, verdict(own, iso3), Cell(chance(own, iso3)), Cell(rank), Cell(agenda.why(own, iso3))))
        )
    return Table("others", say("others.title"), columns, tuple(rows), say("others.caption"), kind="list")


def of_list(facts: Facts) -> Table:
    """A line a recommended country: what each other set says of it, with the chance there."""
    names = tuple(say("name", name=plain(own.criteria.title)) for own in facts.others)
    columns = (Column(say("head.country")), *(Column(name, label=name) for name in names))
    rows = []
    for c in facts.result.ranking.shortlist:
        told = (
            verdict(own, c, chance(own, c)) if c in own.status else Cell(say("status.outside"))
            for own in facts.others
        )
        rows.append(Row((Cell(facts.names[c]), *told)))
    return Table("others", say("others.title"), columns, tuple(rows), say("others.caption"), kind="list")


def _version(own: Facts) -> Said:
    return say("others.version", id=plain(own.criteria.id), version=plain(own.criteria.version))


def verdict(facts: Facts, iso3: str, p: Said | str = "") -> Cell:
    """A status as sign and word, with its chance where it is given here."""
    mark, said = STATUSES[facts.status[iso3]], sentences.status(facts, iso3)
    return Cell(say("others.verdict", word=said, p=p) if p else said, below=mark.sign, tone=mark.tone)


def chance(facts: Facts, iso3: str) -> Said | str:
    """The chance to qualify; "" where none is known or nobody is excluded."""
    p = facts.p_eligible[iso3]
    return "" if missing(p) or facts.criteria.index else sentences.chance(facts, iso3)


def proof(facts: Facts) -> tuple[Entry, ...]:
    """The other sets by checksum, for the foot of a page."""
    return tuple(
        Entry(
            "Also judged by", f"{own.criteria.id} {plain(own.criteria.version)}, sha256 {own.criteria.sha256}"
        )
        for own in facts.others
    )
