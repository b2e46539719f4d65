"""The index of a run is worked out again from the result: its files, every candidate under its status, how sure that is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import page_texts
import pytest
import sheet_truth
import worlds
from page_texts import Line
from truth import Truth

from eligibility.data import countries
from eligibility.pages import brief, contents, outside
from eligibility.pages.blocks import Names, Page, Pairs
from eligibility.pages.facts import Facts
from eligibility.pages.said import say
from eligibility.pages.views import STATUSES
from eligibility.pages.wording import alphabetical, counted, percent
from eligibility.present import report

WORDS = {
    "eligible": "✓ Qualifies", "conditional": "◐ Qualifies on condition", "on-hold": "‖ On hold",
    "qualified": "○ Meets the requirements, but is not of an ideal kind", "excluded": "✗ Does not qualify",
    "insufficient-data": "? Cannot be judged",
}  # fmt: skip
HELD = {*contents.FILES, "also/1-other.yaml"} - {"workbench.html", "overrides.yaml"}


def made(result, links: int = 0) -> tuple[Truth, Page]:
    """The truth of a result and its index, with pages of so many countries, of all by default."""
    facts = Facts.of(result)
    proof = report.reproduce(result, report._command(result))
    shown = facts.pool[: links or None]
    return Truth(result, None), contents.page(
        facts, brief.title(facts), HELD | {f"countries/{c}.html" for c in outside.of(facts)}, shown, proof
    )


def lines(t: Truth, title: str, shown: str) -> Iterator[Line]:
    """Every text of the index."""
    index = bool(t.criteria.index)
    yield from (("title", f"Contents: {title}"), page_texts.kicker(t, "Contents"), ("title", title))
    yield from [("shown", shown)] if shown else []
    kind = ", for which it must be of an ideal kind" if any(not x.ideal for x in t.criteria.tracks) else ""
    if not index and any(not math.isnan(p) for p in t.p.values()):
        yield "shares", f"After each name: the chance that it qualifies{kind}."
    yield from (("files", text) for text in ("Files", "Files, table", "Files", "File", "What"))
    named = {**contents.FILES, "also/1-other.yaml": contents.OTHER}
    for file, (name, what) in named.items():  # a table of names and words, nothing worked out
        if file in HELD:
            yield from ((f"files, {file}", f"{name} {file}"), (f"files, {file}", what))
    for status in STATUSES:
        who = sorted(t.having(status), key=lambda c: alphabetical(t.name[c]))
        if who:
            mark = "✓ Ranked" if index and status == "eligible" else WORDS[status]
            yield status, f"{mark}: {counted(len(who), 'country', 'countries')}"
        for c in who:
            share = f" {percent(t.p[c])}" if not index and not math.isnan(t.p[c]) else ""
            share += f" to {percent(t.most[c])}" if share and t.most[c] - t.p[c] >= 0.005 else ""
            yield f"{status}, {t.name[c]}", f"{t.name[c]}{share}"
    gone = sorted(countries.register().name(c) for c in outside.of(Facts.of(t.result)))
    if gone:  # who they are: title.outside in sheet_truth.py
        yield "outside", f"– Not considered: {counted(len(gone), 'country', 'countries')}"
        yield from (("outside", name) for name in gone)
    yield from page_texts.reproduce(t)


def faults(t: Truth, page: Page) -> list[str]:
    """What is not true of an index: of its finding, then of its texts."""
    untrue = [] if sheet_truth.holds(t, "", page.title) else [f"{page.title.phrase}: {page.title.facts}"]
    shown = next((one.plain for one in page.lead if one.phrase == "index.shown"), "")
    html = report.render("index.html.j2", page=page).decode()
    return untrue + page_texts.faults(lines(t, page.title.plain, shown), html)


@pytest.mark.parametrize("name", worlds.SHIPPED)
def test_every_text_on_shipped_criteria_is_true(name):
    t, page = made(worlds.SHIPPED[name]())
    assert faults(t, page) == []
    assert sum(
        len(one.names)
        for s in page.sections
        if s.id != "outside"
        for one in s.blocks
        if isinstance(one, Names)
    ) == len(t.pool)


@pytest.mark.parametrize("name", worlds.MADE)
def test_every_text_on_made_up_criteria_is_true(name, invented):
    assert faults(*made(worlds.MADE[name]())) == []


def test_an_index_of_some_pages_says_so(invented):
    t, page = made(worlds.MADE["plain"](), links=11)
    told = "Shown: pages of 11 of 12 candidates."
    assert page.lead[0].plain == told and told not in [one.plain for one in made(t.result)[1].lead]
    assert page.title == brief.title(Facts.of(t.result))  # the finding, not the title of the criteria


def edited(p: Page, id: str, *blocks) -> Page:
    """The index with other blocks in one section, without it if there are none."""
    sections = (replace(s, blocks=blocks) if s.id == id else s for s in p.sections if blocks or s.id != id)
    return replace(p, sections=tuple(sections))


def counted_two(p: Page) -> Page:
    title = say("index.group", sign="✓", word="Qualifies", count=say("index.count", n=2))
    return replace(
        p, sections=tuple(replace(s, title=title) if s.id == "eligible" else s for s in p.sections)
    )


def fewer_files(p: Page) -> Page:
    (table,) = p.sections[0].blocks
    return edited(p, "files", replace(table, rows=table.rows[:-1]))


CHANGES = {
    "eligible: expected '✓ Qualifies: three countries', got": lambda p: edited(p, "eligible"),
    "eligible: expected '✓ Qualifies: three countries', got '✓ Qualifies: two": counted_two,
    "brief.title: {'n': 9": lambda p: replace(p, title=say("brief.title", n=9, first="Arvania")),
    "kicker: expected": lambda p: replace(p, kicker=p.kicker[:-1]),
    "files, also/1-other.yaml: expected": fewer_files,
    "foot: expected 'Command', got ''": lambda p: edited(p, "again", Pairs(())),
}


@pytest.mark.parametrize("says", CHANGES)
def test_a_changed_index_is_refused(says, invented):
    t, page = made(worlds.MADE["plain"]())
    assert faults(t, CHANGES[says](page))[0].startswith(says)
