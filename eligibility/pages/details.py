"""What stands folded behind a country's card: every figure, the parts of its score, the countries ranked around it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from eligibility.data.lists import Event
from eligibility.language.overrides import Note, Override
from eligibility.pages import also, dated_lists, grid, names, sourcing, turns
from eligibility.pages.blocks import Block, Cell, Column, Pair, Pairs, Row, Section, Table, Text
from eligibility.pages.facts import Facts
from eligibility.pages.said import Figure, Located, Said, say
from eligibility.pages.sentences import place
from eligibility.pages.views import Entry
from eligibility.pages.wording import capital, missing, plain, unit

AROUND = 5  # countries in the table of those ranked around
# what a column holds by its heading: numbers, and the words that need their heading on a phone
NUMBERS = ("value", "error", "year", "median", "median.pool", "weight", "scaled", "brings", "place", "score", "chance", "years", "held")  # fmt: skip
LABELLED = ("source", "used", "signed", "why", "published", "licence")
LONG = 20  # signs of a label that needs a wide column


def sections(facts: Facts, iso3: str, links: frozenset[str], proof: tuple[Entry, ...]) -> Iterator[Section]:
    """The folded part of a card; `links` are the countries with a card, `proof` the lines that make the page again."""
    if rest := grid.rest(facts, iso3):
        yield Section("tests", say("tests.title"), (rest,))
    yield Section("figures", say("figures.title"), (_figures(facts, iso3),))
    if facts.pillars:
        without = _without(facts, iso3)
        yield Section("score", say("score.title"), (_score(facts, iso3), *([without] if without else [])))
    if around := _around(facts, iso3, links):
        yield Section("around", say("around.title"), (around,))
    if facts.others:
        yield Section("others", say("others.title"), (also.of_country(facts, iso3),))
    if noted := _noted(facts, iso3):
        yield Section("noted", say("noted.title"), (noted,))
    yield again(proof)


def again(proof: tuple[Entry, ...], *beside: Block) -> Section:
    """The lines that make a page again, and what is told beside them."""
    pairs = tuple(Pair(say("label", text=e.label), say("again.line", text=e.value)) for e in proof)
    kind = "days" if any(len(e.label) > LONG for e in proof) else "dates"
    return Section("again", say("again.title"), (Pairs(pairs, kind), *beside))


def heads(*kinds: str, words: tuple[str, ...] = ()) -> tuple[Column, ...]:
    """Columns by the names of their headings; `words` are those that elsewhere hold numbers."""
    columns = []
    for kind in kinds:
        head, number = say(f"head.{kind}"), kind in NUMBERS and kind not in words
        label = head if kind in (*NUMBERS, *LABELLED) else None
        columns.append(Column(head, number, label, f"c-{kind}"))
    return tuple(columns)


def _figures(facts: Facts, iso3: str) -> Table:
    """Every figure the criteria look at: value, margin of error, year, median of its peers, source, use."""
    drawn = "median" if facts.criteria.peers else "median.pool"
    columns = heads("figure", "value", "error", "year", drawn, "source", "used")
    rows, told = [], facts.result.panel.statuses | facts.listed
    for i in facts.used:
        sheet, cell = facts.sheets[i], facts.cells[iso3][i]
        numeric = not sheet.classes and i not in told
        median = facts.peers_on(facts.group[iso3], i).median if numeric else None
        source, held = sourcing.source_name(facts, i), i in facts.result.panel.held
        year = Figure(cell.year, 0, f"{cell.year:.0f}") if cell.known else ""
        cells = (
            Cell(say("label", text=names.of(i, facts.sheets).name), below=_below(facts, iso3, i)),
            Cell(_value(facts, iso3, i)),
            Cell(Figure(cell.sd, name=sourcing.error(cell, facts, i)) if cell.known else ""),
            Cell(year, below=sourcing.carried(cell)),
            Cell(
                "" if median is None else Figure(Located(median, f"{iso3} values.{i}.median"), sheet.decimals)
            ),
            Cell(source, link=f"../briefing.html#source-{source}" if held else ""),
            Cell(say("figures.used", roles=facts.roles.get(i, ()))),
        )
        rows.append(Row(cells))
    return Table("figures", say("figures.title"), columns, tuple(rows), say("figures.caption"), kind="list")


def _below(facts: Facts, iso3: str, indicator: str) -> Said:
    """What to know of a figure: what its scale means, what stands in its gap in the simulations."""
    guess = facts.result.guesses.get(iso3, {}).get(indicator)
    if guess is not None:
        decimals = facts.sheets[indicator].decimals
        mean, low, high = (Figure(x, decimals) for x in (guess.mean, guess.low, guess.high))
        return say("figures.guess", mean=mean, low=low, high=high)
    ends = names.of(indicator, facts.sheets).ends or unit(facts.sheets[indicator].unit)
    return say("name", name=ends)


def _value(facts: Facts, iso3: str, indicator: str) -> Said | Figure:
    sheet, cell = facts.sheets[indicator], facts.cells[iso3][indicator]
    if status := dated_lists.told(facts, iso3, indicator):
        return Figure(cell.value, 0, status)
    if not cell.known:
        return say("notknown")
    return Figure(cell.value, sheet.decimals, plain(sheet.class_name(cell.value)) if sheet.classes else "")


def _score(facts: Facts, iso3: str) -> Table:
    """The parts of the score: weight, value, value on the scale from 0 to 1, contribution; they add up."""
    columns = heads("part", "weight", "value", "scaled", "brings")
    total, rows = sum(p.weight for p in facts.pillars), []
    for pillar in facts.pillars:
        path = f"{iso3} score.pillars.{pillar.id}"
        parts = [facts.contribution[iso3][c.path] for c in pillar.components]
        whole = math.nan if any(map(missing, parts)) else math.fsum(parts)
        cells = (
            Cell(say("label", text=plain(pillar.title))),
            Cell(_share(pillar.weight / total, f"{path}.weight")),
            Cell(),
            Cell(_number(facts.pillar[iso3][pillar.id])),
            Cell(_number(Located(whole, f"{path}.brings"))),
        )
        rows.append(Row(cells, heading=True))
        inside = sum(c.weight for c in pillar.components)
        for part, brings in zip(pillar.components, parts, strict=True):
            q, decimals = part.quantity, facts.sheets[part.quantity.indicator].decimals
            measured = grid.measured(facts, iso3, q)
            x = names.figure(Located(measured, f"{iso3} {part.path}.value"), q, decimals)
            cells = (
                Cell(say("label", text=names.quantity(q, facts.sheets, part.better == "high"))),
                Cell(_share(part.weight / inside * pillar.weight / total, f"{iso3} {part.path}.weight")),
                Cell(say("notknown") if missing(measured) else x),
                Cell(_number(facts.normalised[iso3][part.path])),
                Cell(_number(brings)),
            )
            rows.append(Row(cells))
    empty = (Cell(), Cell(), Cell())
    rows.append(Row((Cell(say("head.score")), *empty, Cell(_number(facts.score[iso3]))), heading=True))
    return Table("score", say("score.title"), columns, tuple(rows), say("score.caption"), kind="list grid")


def _share(x: float, at: str) -> Said:
    return say("chance.number", p=Located(x, at))


def _number(x: float) -> Figure | str:
    return "" if missing(x) else Figure(x, 3)


def _around(facts: Facts, iso3: str, links: frozenset[str]) -> Table | None:
    """The five ranked around a country, itself among them; None where it is not ranked or alone."""
    ranked = facts.in_order
    if iso3 not in ranked or len(ranked) == 1:
        return None
    start = max(0, min(ranked.index(iso3) - AROUND // 2, len(ranked) - AROUND))
    rows = []
    for c in ranked[start : start + AROUND]:
        link = f"{c}.html" if c in links and c != iso3 else ""
        parts = (Cell(_number(facts.pillar[c][p.id])) for p in facts.pillars)
        rows.append(
            Row(
                (
                    Cell(facts.names[c], link=link),
                    Cell(place(facts, c)),
                    Cell(_number(facts.score[c])),
                    *parts,
                )
            )
        )
    titles = (say("label", text=plain(p.title)) for p in facts.pillars)
    columns = (
        *heads("country", "place", "score"),
        *(Column(t, True, t) for t in titles),
    )
    return Table("around", say("around.title"), columns, tuple(rows), kind="list")


def _without(facts: Facts, iso3: str) -> Text | None:
    """Between which ranks it stands with one figure, part or source left out of the score; None where not known."""
    table = facts.result.without
    if table is None or not facts.ranked(iso3) or table.shape[1] < 2 or table.loc[iso3].isna().all():
        return None
    held = table.loc[iso3].dropna()
    ends = [Located(held[key], f"{iso3} without.{key[0]}.{key[1]}") for key in (held.idxmin(), held.idxmax())]
    if ends[0] == ends[1]:
        return Text((say("without.same", rank=ends[0]),))
    return Text((say("without.range", low=ends[0], high=ends[1], name=_left(facts, *held.idxmax())),))


def _left(facts: Facts, kind: str, subject: str) -> Said:
    """What is left out, by name."""
    if kind == "source":
        return say("without.source", name=plain(subject))
    if kind == "pillar":
        return say("without.pillar", name=plain(next(p.title for p in facts.pillars if p.id == subject)))
    part = next(c for _, c in facts.components if c.path == subject)
    return say("name", name=names.quantity(part.quantity, facts.sheets, part.better == "high"))


def _noted(facts: Facts, iso3: str) -> Table | None:
    """Events, the notes of analysts and the board's decision, each with its source in full and who signed it."""
    entries: list[tuple[str, str | Said, Event | Note | Override]] = [
        (e.date, dated_lists.words(e), e) for e in facts.events(iso3)
    ]
    entries += [(n.date, n.note, n) for n in facts.result.register.about(iso3)]
    if decided := facts.result.overrides.get(iso3):
        said = say("noted.decided", decision=plain(decided.decision), reason=plain(decided.reason))
        entries.append((decided.date, said, decided))
    if not entries:
        return None
    rows = []
    for day, what, entry in sorted(entries, key=lambda e: e[0]):
        told = what if isinstance(what, Said) else say("name", name=plain(what))
        cells = (
            Cell(say("event.at", day=dated_lists.when(day))),
            Cell(told),
            Cell(plain(getattr(entry, "name", ""))),
            Cell(capital(turns.host(entry.source)), link=sourcing.https(entry.source)),
        )
        rows.append(Row(cells))
    columns = heads("date", "what", "signed", "source")
    return Table("noted", say("noted.title"), columns, tuple(rows), say("noted.caption"), kind="list")
