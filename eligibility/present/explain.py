"""One country, or one number of one country, in the terminal: the page's own words in 80 columns.

country     why it is in or out
indicator   the walk of one figure from the publisher's file to the score
fact        any number a page gives of it, by its path (traced.py), with the figures it rests on
asked       whichever of the last two a word means
run         any number a page gives of all candidates together, by its path (totals.py)
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

from eligibility.analysis.compare.since import Since, year_before
from eligibility.data import countries, origins
from eligibility.data.panel import Panel
from eligibility.data.readers.expected import absences
from eligibility.data.sources import SeriesSheet, Source
from eligibility.errors import Problem, UsageError
from eligibility.language import shape
from eligibility.method.result import Result
from eligibility.pages import (
    card,
    clauses,
    dated_lists,
    details,
    imputed,
    in_text,
    nearest,
    outside,
    reasons,
    sentences,
)
from eligibility.pages.facts import Facts, Value
from eligibility.pages.wording import counted, dated, number, paragraph, percent, plain, signed
from eligibility.policy.walk import Use, quantities, tests
from eligibility.present import totals, traced
from eligibility.present.fact import Fact, found, under
from eligibility.terminal import WIDTH, wrapped

FOLDED = ("tests", "score")  # details that are told too


def country(result: Result, iso3: str) -> str:
    """Why a country is in or out: its card in words, then the parts of its score, and what is to be known of the run."""
    facts, name = Facts.of(result), plain(countries.register().name(iso3))
    if inside := iso3 in result.screening.status.index:
        page = card.page(facts, iso3, "", alone=True)
        folded = (
            *nearest.sections(facts, iso3),
            *(s for s in details.sections(facts, iso3, frozenset(), ()) if s.id in FOLDED),
        )
    else:
        page, folded = outside.page(facts, iso3, ""), ()
    about = (
        f"{name} ({iso3}), as of {result.as_of.isoformat()}, {result.criteria.id} {result.criteria.version}"
    )
    lines = [*paragraph(result.reading), *paragraph(about), "", *paragraph(f"{page.title.plain}."), ""]
    lines += in_text.lines((*page.sections, *folded))
    for said in page.last:
        lines += ["", *paragraph(said.plain)] if said.phrase == "last.missing" else []
    for note in (*result.notes, *result.wanted) if inside else ():
        lines += ["", *paragraph(dated(note))]
    return "\n".join(lines) + "\n"


def indicator(result: Result, iso3: str, series: str) -> str:
    """The walk of one number: from the publisher's file to every test and the score it enters."""
    facts = Facts.of(_in_pool(result, iso3))
    if series not in facts.cells[iso3]:
        raise _unknown(facts, iso3, series, traced.facts_of(facts, iso3))
    sheet, cell = facts.sheets[series], facts.cells[iso3][series]
    if series in result.panel.absent:
        problem = absences([series])[0]
        told = f"{plain(sheet.label)} ({series}): {problem.rule}; {problem.hint}"
        return "\n".join([*paragraph(result.reading), *paragraph(told)]) + "\n"
    source = result.panel.held[series]
    lines = [
        *paragraph(result.reading),
        *paragraph(
            f"{plain(sheet.label)} ({series}) of {facts.names[iso3]}, as of {result.as_of.isoformat()}"
        ),
        *paragraph(f"{plain(sheet.description)} Unit: {plain(sheet.unit)}. Better: {sheet.better}."),
        "",
        *_step("publisher", f"{plain(source.publisher)}, {plain(source.title)}; {source.licence}"),
        *_stands(source, sheet, iso3, int(cell.year) if cell.known and not source.dated else None),
        *_step("compiled", f"{source.id}/{source.file}"),
        *_step("sha256", source.sha256),
    ]
    if status := dated_lists.status(facts, iso3, series):
        lines += _listed(facts, iso3, series, status)
    elif cell.known:
        lines += _value(sheet, cell)
    else:
        oldest = dict(result.criteria.own_ages).get(series, result.criteria.max_age)
        said = f"no data that was published by the date and is at most {counted(oldest, 'year')} old"
        lines += _step("value", said)
        if guess := imputed.figure(result, iso3, series):
            lines += _step("simulated", guess)
        lines += _passed_over(facts, iso3, series)
        return "\n".join(lines) + "\n"
    if how := _how(facts, iso3, series, cell):
        lines += _step("error", plain(how))
    lines += _passed_over(facts, iso3, series)
    uses = {use.path: use for use in quantities(result.criteria) if use.quantity.indicator == series}
    for use in uses.values():
        lines += _used(facts, iso3, use)
    if facts.ranked(iso3):
        lines += _step("rank", sentences.rank_words(facts, iso3))
    return "\n".join(lines) + "\n"


def asked(result: Result, iso3: str, word: str) -> str:
    """What is said of one number: the walk of an indicator, or a fact by its path."""
    return (indicator if word in result.cells.sheets else fact)(result, iso3, word)


def fact(result: Result, iso3: str, path: str) -> str:
    """One number of a page: how it is printed, what it is, and the file and row of each figure it rests on.

    Of a path with several numbers under it, such as gates.democracy, all of them, a line each.
    """
    facts = Facts.of(_in_pool(result, iso3))
    every = traced.facts_of(facts, iso3)
    if not (picked := under(every, path)):
        raise _unknown(facts, iso3, path, every)
    return of_result(result, f"{path} of {facts.names[iso3]} ({iso3})", picked, iso3)


def run(result: Result, path: str = "", since: Since | None = None) -> str:
    """One number that pages give of the run as a whole, what it is and over whom it was counted; without a path all of them.

    since   the last round; the same criteria one year before if none is given
    """
    rule = f"no page gives a number of this name of a run of {result.criteria.id}"
    # it takes another run
    last = since or year_before(result) if not path or path.startswith("since") else None
    picked = found(totals.facts_of(Facts.of(result, last)), path, rule, "eligibility explain run lists them")
    return of_result(result, f"{path or 'numbers'} of the run", picked)


def of_result(result: Result, what: str, picked: list[Fact], iso3: str = "") -> str:
    """One number of a result in full, or a line each."""
    about = f"{what}, as of {result.as_of.isoformat()}, {result.criteria.id} {result.criteria.version}"
    return told((result.reading, about), picked, result.panel, iso3)


def told(heads: Iterable[str], picked: list[Fact], panel: Panel, iso3: str = "") -> str:
    """One number in full, with the figures of a country that it rests on by their rows in the publisher's file; or a line each."""
    lines = [line for head in heads for line in paragraph(head)]
    if len(picked) > 1:
        lines.append("")
        for one in picked:
            lines += paragraph(f"{one.path}: {one.shown or 'none'}", "", "    ")
            lines += paragraph(one.said, "    ", "    ")
        said = (
            f"Ask for one of them to see {'the file and the row of its figures' if iso3 else 'it in full'}."
        )
        lines += ["", said]
        return "\n".join(lines) + "\n"
    (one,) = picked
    lines += ["", *_step("value", one.shown or "none"), *_step("is", one.said)]
    if isinstance(one.value, float) and one.value == one.value:
        lines += _step("in full", repr(round(one.value, 12) + 0.0))
    for series, year in one.reads:
        aside = panel.beside.get(series)
        source = aside.source if aside else panel.held[series]
        sheet = aside.sheet if aside else panel.sheets[series]
        value = float((aside.values if aside else panel.values[series]).at[year, iso3])
        lines += ["", *_step("figure", f"{series} of {iso3} for {year}: {value!r}")]
        lines += _step("publisher", f"{plain(source.publisher)}, {plain(source.title)}")
        lines += _stands(source, sheet, iso3, year)
    return "\n".join(lines) + "\n"


def _unknown(facts: Facts, iso3: str, word: str, every: Iterable[str]) -> UsageError:
    """That the criteria look at no such indicator, and that a page gives no such number."""
    hint = shape.nearest(word, [*facts.cells[iso3], *every]) or f"it looks at {', '.join(facts.cells[iso3])}"
    rule = f"{facts.criteria.id} does not look at it, and no page gives a number of this name"
    return UsageError(Problem("INDICATOR", "indicator or path", rule, word, hint))


def _stands(source: Source, sheet: SeriesSheet, iso3: str, year: int | None) -> Iterator[str]:
    """The publisher's file that holds a figure, its checksum, the row and column there, the day it came out.

    year   of the figure; None where there is none, or it follows from a list
    """
    kept = origins.read(source) if year is not None else None
    at = kept.of(sheet.name, iso3, year) if kept and year is not None else None
    for file in source.files:
        if at is None or file["name"] == at.file:
            yield from _step("file", plain(file["name"]))
            yield from _step("sha256", file["sha256"])
    if at:
        yield from _step("row", f"{plain(at)}, for {iso3} {year}")
    elif kept:
        yield from _step("row", "in no single cell of it: worked out here from other figures of the file")
    elif year is not None:
        yield from _step("row", "not on file: it was compiled before rows were kept; import the file again")
    yield from _step("released", source.released.isoformat())


def _passed_over(facts: Facts, iso3: str, series: str) -> Iterator[str]:
    """The newest figure of the country in each later release that is held and does not answer."""
    result, sheet = facts.result, facts.sheets[series]
    answers = result.panel.held[series]
    for other in result.panel.vintages.get(series, ()):
        if (other.source.released, other.source.id) <= (answers.released, answers.id):
            continue
        known: Any = other.values[iso3].dropna() if iso3 in other.values else []
        if len(known):
            year, id_ = int(known.index[-1]), other.source.id
            shown = number(float(known.iloc[-1]), sheet.decimals)
            yield from _step(
                "not read",
                f"{shown} for {year} in {id_}, released {other.source.released.isoformat()}, which does not answer "
                f"for all countries here; --vintage {series}={id_} reads it",
            )


def _how(facts: Facts, iso3: str, series: str, cell: Value) -> str:
    """Where the error of one figure comes from, which may be other than for most of its series."""
    panel, sheet = facts.result.panel, facts.sheets[series]
    if cell.sd_kind == "assumed":
        doubt = facts.criteria.uncertainty
        width = clauses.width(dict(doubt.assumed_sd)[series], sheet.decimals)
        return f"Assumed by the criteria (uncertainty.assumed_sd), {width}; the publisher gives none. Their basis: {doubt.basis}"
    if series in panel.lenders and cell.known:
        lent = panel.borrowed[series]
        year = int(cell.year)
        if year in lent.index and iso3 in lent.columns and lent.at[year, iso3] == lent.at[year, iso3]:
            return (
                f"Half of the 68 % interval that {panel.lenders[series].source.id} has for the same country and year, "
                "as wide on the probit scale; this release gives none."
            )
    return sheet.sd_how


def _value(sheet: SeriesSheet, cell: Value) -> list[str]:
    """A figure with its year, its age and its error."""
    shown = number(cell.value, sheet.decimals)
    label = f" ({plain(sheet.class_name(cell.value))})" if sheet.classes else ""
    error = (
        f"; standard error {number(cell.sd, sheet.decimals + 1)} ({cell.sd_kind})"
        if cell.sd_kind != "none" and cell.sd > 0
        else ""
    )
    return _step(
        "value",
        f"{shown}{label} for {int(cell.year)}, published by {sheet.known_from(int(cell.year)).isoformat()}, "
        f"{counted(int(cell.age), 'year')} old"
        + (f"; {cell.mark}: newer years are published for others" if cell.mark else "")
        + error,
    )


def _listed(facts: Facts, iso3: str, series: str, status: str) -> Iterator[str]:
    """A status with the event that made it so, where that was read, and how far the list goes."""
    rule, told = facts.result.panel.dated[series].rule, dated_lists.of(facts, iso3, series)
    yield from _step("value", status)
    if event := told.doubt or told.turned:
        note = f", {plain(event.note)}" if event.note else ""
        yield from _step(
            "event", f"{dated_lists.words(event)} {dated_lists.at(event.date)}{note}; {plain(event.source)}"
        )
        source = facts.result.panel.held[series]
        yield from _step("row", f"{source.id}/{source.file}, line {origins.line(source, event)}")
    whole = f"complete to {rule.complete_to}: after that" if rule.complete_to else "not complete:"
    yield from _step("list", f"goes to {rule.as_of}; {whole} a missing row is unknown")


def _used(facts: Facts, iso3: str, use: Use) -> Iterator[str]:
    """One use of the number: the test with its margin, or the points it brings to the score."""
    result = facts.result
    if use.role == "score":
        scores = result.scores
        assert scores is not None
        part = scores.contribution.at[iso3, use.path]
        scaled = scores.normalised.at[iso3, use.path]
        whole = "" if math.isnan(part) else f", brings {number(part, 3)} of {number(facts.score[iso3], 3)}"
        yield from _step("score", f"{use.path}: {number(scaled, 3)} on the scale from 0 to 1{whole}")
        return
    if use.path not in result.screening.measured.columns:
        yield from _step({"axis": "beside", "peers": "peer group"}.get(use.role, use.role), use.path)
        return
    own = facts.criteria
    owner = next(g for g in (*own.gates, *own.tracks, *own.mechanisms) if g.id == use.owner)
    test = next(test for test in tests(owner.rule) if test.path == use.path)
    measured, needed = facts.measured[iso3][use.path], facts.needs[iso3][use.path]
    margin = reasons.margin(test, measured, needed)
    told = f"{reasons.called(test.quantity, facts.sheets)} {reasons.shown(measured, test.quantity, facts.sheets)}, "
    words = {"pass": "holds", "conditional": "holds", "fail": "does not hold"}
    holds = words.get(facts.node[iso3][use.path], "unknown")
    told += f"tested for {reasons.needs(test, needed, facts.sheets)}: {holds}"
    decimals = facts.sheets[use.quantity.indicator].decimals
    if margin is not None:
        share = reasons.is_share(test.quantity)
        told += f", by {signed(100 * margin, 1)} points" if share else f", by {signed(margin, decimals)}"
    head = {"gate": "required", "track": "kind", "mechanism": "body"}.get(use.role, use.role)
    yield from _step(head, f"{use.path}: {told}")
    if owner.peer_group not in ("", facts.group[iso3]):
        yield from _step("", f"{use.owner} is open to the peer group {owner.peer_group} only")
        return
    of = {"gate": facts.p_gate, "track": facts.p_track, "mechanism": facts.p_mechanism}[use.role]
    chance = of[iso3].get(use.owner, math.nan)
    if not math.isnan(chance):
        said = f"{use.owner}: met in {percent(chance)} of {result.firmness.draws:,} simulations of measurement error"
        yield from _step("", said)


def _in_pool(result: Result, iso3: str) -> Result:
    """The result, if the country is one of those considered."""
    if iso3 not in result.screening.status.index:
        rule = f"not a candidate of {result.criteria.id} at {result.as_of.isoformat()}"
        raise UsageError(
            Problem("COUNTRY", iso3, rule, hint="; ".join(dict.fromkeys(outside.seen(result, iso3))))
        )
    return result


def _step(head: str, text: str) -> list[str]:
    return wrapped(text, WIDTH, f"{head:<11}", " " * 11)
