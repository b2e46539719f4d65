"""The sheets on what lies behind the list: the sources, and the notes a reader must know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from eligibility.pages import clauses
from eligibility.pages.facts import Facts
from eligibility.pages.said import Said, say
from eligibility.pages.views import Entry
from eligibility.pages.wording import day, noted, plain
from eligibility.policy.model import Criteria
from eligibility.present.spreadsheet import heads
from eligibility.present.workbook import Field, Sheet

_SOURCES = (
    Field("Name", "prose", 15),
    Field("Publisher", "prose", 22),
    Field("Title", "prose", 32),
    Field("Edition", "prose", 11),
    Field("Published", "day", 11),
    Field("After the date of this list", "prose", 10),
    Field("Licence", "prose", 15),
    Field("How to cite it", "prose", 48),
    Field("Address", "prose", 30),
    Field("Address of the licence", "prose", 30),
    Field("Checksum (SHA-256) of the table held here", "prose", 36),
    Field("Name in the other files", "text", 18),
)
PRINTED = 9  # of its columns


def sources(facts: Facts) -> Sheet:
    """Every source in use; "yes" marks those that hold figures as revised since the date."""
    revised = {source.id for source in facts.result.cells.revised}
    rows = [
        (heads.release(s), s.publisher, s.title, s.vintage, s.released, "yes" if s.id in revised else "no",
         s.licence, s.citation, s.url, s.licence_url, s.sha256, s.id)
        for s in facts.result.panel.sources
    ]  # fmt: skip
    return Sheet("Sources", _SOURCES, rows, 1, printed=PRINTED)


def _counted(own: Criteria, counts: Mapping[str, int]) -> Iterator[tuple[Said, int]]:
    """How many have each verdict: of an index, whether there is a score."""
    if own.index:
        yield say("status.ranked"), counts["eligible"]
        yield say("status.insufficient-data"), counts["insufficient-data"]
        return
    yield from ((say(f"status.{word}"), n) for word, n in counts.items() if word != "pool")


def notes(facts: Facts, told: Mapping[str, Any], proof: Sequence[Entry]) -> Sheet:
    """What a reader must know of the list, as pairs of what it is about and what is to be known."""
    own, result = facts.criteria, facts.result
    firm, counts = result.firmness, told["counts"]
    rows: list[tuple[str, str]] = [
        ("Title", f"{plain(own.title)}. {plain(own.summary)}"),
        ("Figures published by", day(result.as_of)),
        ("Read from", "; ".join(plain(value) for _, value in own.source)),
        ("Candidates", f"{counts['pool']:,}"),
        *((said.plain, f"{n:,}") for said, n in _counted(own, counts)),
        ("How sure", clauses.covered(facts)),
    ]
    if firm.drawn:
        sure = f"Each chance of this workbook is within {100 * firm.half_width:.1f} percentage points of what more simulations would give, with a probability of 95%."
        rows.append(("Simulations", f"{firm.draws:,}. {sure}"))
    rows += [
        ("Note", plain(said)) for said in (result.reading, *result.differ(), *result.notes, *result.wanted)
    ]
    rows += [(facts.names[c], noted(note)) for c in facts.pool for note in result.register.about(c)]
    rows += [(heads.release(s), plain(note)) for s in result.panel.sources for note in s.notes]
    rows += [(f"Figure: {heads.figure(facts, i)}", plain(facts.sheets[i].description)) for i in facts.used]
    rows += [(entry.label, entry.value) for entry in (*proof, *clauses.glossary(facts))]
    fields = (Field("About", "label", 34), Field("What is to be known", "prose", 108))
    return Sheet("Notes", fields, [row for row in rows if row[1]], 1)
