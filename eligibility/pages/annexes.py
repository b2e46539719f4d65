"""The annexes of a briefing: all candidates, the rule in words, what moved, other criteria, the figures and their sources."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from eligibility.data import countries
from eligibility.pages import agenda, also, clauses, contents, details, last_round, sentences, sourcing, turns
from eligibility.pages.blocks import Bullets, Cell, Row, Section, Table
from eligibility.pages.facts import Facts
from eligibility.pages.said import Count, Figure, say
from eligibility.pages.views import Entry
from eligibility.pages.wording import alphabetical, capital, dated, plain


def sections(facts: Facts, links: frozenset[str], proof: tuple[Entry, ...]) -> Iterator[Section]:
    """The annexes, lettered; `links` are the countries with a card, `proof` the lines that make the page again."""
    drawn = [
        Section("candidates", say("annex.candidates", n=len(facts.pool)), (_candidates(facts, links),)),
        _recorded(facts, links),
        last_round.section(facts, links),
        _others(facts),
        Section("criteria", say("annex.criteria"), tuple(map(clauses.outline, clauses.rules(facts)))),
        Section("data", say("annex.data"), tuple(_data(facts))),
        details.again(proof, _files()),
    ]
    for k, one in enumerate(x for x in drawn if x):
        title = say("annex.title", letter=chr(ord("A") + k), title=one.title)
        yield Section(one.id, title, one.blocks, new_page=k == 0)


def _files() -> Table:
    """What lies beside the briefing."""
    files = {name: contents.FILES[name] for name in ("ranking.xlsx", "ranking.csv", "audit.html")}
    return contents.table(files, say("files.title"), say("files.title"))


def _candidates(facts: Facts, links: frozenset[str]) -> Table:
    """Every candidate: those ranked in their order, then the others by name."""
    index, drawn = facts.criteria.index, facts.error_known
    ranked = facts.in_order
    kinds = ["country", "place", "score"] if ranked else ["country"]
    kinds += [] if index else ["verdict", *(["chance"] if drawn else []), "why"]
    rest = sorted((c for c in facts.pool if not facts.ranked(c)), key=lambda c: alphabetical(facts.names[c]))
    rows = []
    for c in (*ranked, *rest):
        entry = facts.result.overrides.get(c)
        decided = say("annex.decided", decision=plain(entry.decision)) if entry else ""
        cells = {
            "country": Cell(facts.names[c], below=decided, link=f"countries/{c}.html" if c in links else ""),
            "place": Cell(sentences.place(facts, c) if facts.ranked(c) else ""),
            "score": Cell(Figure(facts.score[c], 3) if facts.ranked(c) else ""),
            "verdict": also.verdict(facts, c),
            "chance": Cell(sentences.chance(facts, c) if drawn else ""),
            "why": Cell(agenda.why(facts, c)),
        }
        rows.append(Row(tuple(cells[kind] for kind in kinds)))
    columns = details.heads(*kinds)
    caption = say("annex.candidates.caption") if drawn and ranked else None
    return Table("candidates", say("annex.label.candidates"), columns, tuple(rows), caption, kind="list")


def _recorded(facts: Facts, links: frozenset[str]) -> Section | None:
    """What the board decided on countries under these criteria; None where nothing is on record."""
    rows = []
    for c, entry in facts.result.overrides.items():
        name = facts.names.get(c) or plain(countries.register().name(c))
        cells = (
            Cell(name, link=f"countries/{c}.html" if c in links else ""),
            Cell(say("noted.decided", decision=plain(entry.decision), reason=plain(entry.reason))),
            Cell(say("annex.signed", name=plain(entry.name), day=date.fromisoformat(entry.date))),
            Cell(capital(turns.host(entry.source)), link=sourcing.https(entry.source)),
        )
        rows.append(Row(cells))
    if not rows:
        return None
    columns = details.heads("country", "what", "signed", "source")
    table = Table("recorded", say("annex.recorded"), columns, tuple(rows), say("noted.caption"), kind="list")
    return Section("recorded", say("annex.recorded"), (table,))


def _others(facts: Facts) -> Section | None:
    """What other criteria sets say of the countries recommended; None where none was asked or none is recommended."""
    if not facts.others or not facts.result.ranking.shortlist:
        return None
    return Section("others", say("others.title"), (also.of_list(facts),))


def _data(facts: Facts) -> Iterator[Table | Bullets]:
    """The figures as held for the candidates, their sources, and what is to be known of both."""
    yield _series(facts)
    yield _sources(facts)
    result = facts.result
    notes = (*result.differ(), *result.notes, *result.wanted)
    yield Bullets(tuple(say("rule.text", text=dated(plain(note))) for note in dict.fromkeys(notes)))


def _series(facts: Facts) -> Table:
    """A line a figure: its official name, source, years, for how many it is held, its kind of error, its use."""
    rows = []
    for one in clauses.series(facts):
        held = one.source != "not held"
        known = Count(one.known, f"run values.{one.series}.held")
        cells = (
            Cell(say("name", name=one.name), below=say("name", name=one.unit)),
            Cell(one.source, link=f"#source-{one.source}" if held else ""),
            Cell(one.years),
            Cell(say("count.of", n=known, of=Count(len(facts.pool), "run counts.pool"))),
            Cell(one.error),
            Cell(say("figures.used", roles=one.roles)),
        )
        rows.append(Row(cells))
    columns = details.heads("official", "source", "years", "held", "error", "used", words=("error",))
    return Table("series", say("annex.label.series"), columns, tuple(rows), say("annex.series"), kind="list")


def _sources(facts: Facts) -> Table:
    """Every source in use, by its name here: who published what, when, under which licence, how to cite it."""
    revised, rows = {s.id for s in facts.result.cells.revised}, []
    for s in facts.result.panel.sources:
        told = say("annex.source", publisher=plain(s.publisher), title=plain(s.title))
        day = say("annex.after" if s.id in revised else "head.day", day=s.released)
        cells = (
            Cell(plain(s.id), id=f"source-{plain(s.id)}"),
            Cell(told, below=say("rule.text", text=plain(s.citation)), link=sourcing.https(s.url)),
            Cell(day),
            Cell(plain(s.licence), link=sourcing.https(s.licence_url)),
        )
        rows.append(Row(cells))
    columns = details.heads("name", "origin", "published", "licence")
    return Table(
        "sources", say("annex.label.sources"), columns, tuple(rows), say("annex.sources"), kind="list"
    )
