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
from eligibility.pages.facts import Facts
from eligibility.pages.said import say
from eligibility.pages.wording import alphabetical, counted, percent
from eligibility.present import report

WORDS = {
    "eligible": "✓ Qualifies", "conditional": "◐ Qualifies on condition", "on-hold": "‖ On hold",
    "qualified": "○ Meets the requirements, but is not of an ideal kind", "excluded": "✗ Does not qualify",
    "insufficient-data": "? Cannot be judged",
}  # fmt: skip
HELD = {*contents.FILES, "also/1-other.yaml"} - {"workbench.html", "overrides.yaml"}


def made(result, links: int = 0) -> tuple[Truth, contents.Contents]:
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
    yield from ([("shown", shown)] if shown else []) + [("files", "Files")]
    named = {**contents.FILES, "also/1-other.yaml": contents.OTHER}
    for file, (name, what) in named.items():  # a table of names and words, nothing worked out
        if file in HELD:
            yield f"files, {file}", f"{name}: {what} ({file})"
    yield "countries", "Countries by status"
    shares = not index and any(not math.isnan(p) for p in t.p.values())
    kind = ", for which it must be of an ideal kind" if any(not x.ideal for x in t.criteria.tracks) else ""
    if shares:
        yield (
            "countries",
            f"After each name: the chance that it qualifies{kind}.",
        )
    for status in contents.STATUSES:
        who = sorted(t.having(status), key=lambda c: alphabetical(t.name[c]))
        if who:
            mark = "✓ Ranked" if index and status == "eligible" else WORDS[status]
            yield status, f"{mark} {counted(len(who), 'country', 'countries')}"
        for c in who:
            share = f" {percent(t.p[c])}" if not index and not math.isnan(t.p[c]) else ""
            share += f" to {percent(t.most[c])}" if share and t.most[c] - t.p[c] >= 0.005 else ""
            yield f"{status}, {t.name[c]}", f"{t.name[c]}{share}"
    gone = sorted(countries.register().name(c) for c in outside.of(Facts.of(t.result)))
    if gone:  # who they are: title.outside in sheet_truth.py
        yield "outside", f"– Not considered {counted(len(gone), 'country', 'countries')}"
        yield from (("outside", name) for name in gone)
    yield from page_texts.reproduce(t)


def faults(t: Truth, page: contents.Contents, html: bytes | None = None) -> list[str]:
    """What is not true of an index: of its finding, then of its texts."""
    html = html or report.render("index.html.j2", page=page)
    untrue = [] if sheet_truth.holds(t, "", page.title) else [f"{page.title.phrase}: {page.title.facts}"]
    return untrue + page_texts.faults(
        lines(t, page.title.plain, page.shown.plain if page.shown else ""), html.decode()
    )


@pytest.mark.parametrize("name", worlds.SHIPPED)
def test_every_text_on_shipped_criteria_is_true(name):
    t, page = made(worlds.SHIPPED[name]())
    assert faults(t, page) == []
    assert sum(len(group.names) for group in page.groups if group.key != "outside") == len(t.pool)


@pytest.mark.parametrize("name", worlds.MADE)
def test_every_text_on_made_up_criteria_is_true(name, invented):
    assert faults(*made(worlds.MADE[name]())) == []


def test_an_index_of_some_pages_says_so(invented):
    t, page = made(worlds.MADE["plain"](), links=11)
    assert page.shown.plain == "Shown: pages of 11 of 12 candidates." and made(t.result)[1].shown is None
    assert page.title == brief.title(Facts.of(t.result))  # the finding, not the title of the criteria


CHANGES = {
    "eligible: expected '✓ Qualifies three countries', got": lambda p: replace(p, groups=()),
    "eligible: expected '✓ Qualifies three countries', got '✓ Qualifies two": lambda p: replace(
        p, groups=(replace(p.groups[0], count=say("index.count", n=2)), *p.groups[1:])
    ),
    "brief.title: {'n': 9": lambda p: replace(p, title=say("brief.title", n=9, first="Arvania")),
    "kicker: expected": lambda p: replace(p, kicker=f"{p.kicker}."),
    "files, also/1-other.yaml: expected": lambda p: replace(p, files=p.files[:-1]),
    "foot: expected 'Command', got 'Run'": lambda p: replace(p, reproduce=p.reproduce[1:]),
}


@pytest.mark.parametrize("says", CHANGES)
def test_a_changed_index_is_refused(says, invented):
    t, page = made(worlds.MADE["plain"]())
    assert faults(t, CHANGES[says](page))[0].startswith(says)
