"""Faults that stumble when a page is read aloud: one test a kind, over the pages of shipped criteria."""

from __future__ import annotations

import re
from functools import cache

import pytest
import test_sheets_are_true as true
import worlds

from eligibility.analysis import soundness
from eligibility.pages import auditing, brief, contents
from eligibility.pages.blocks import Table, sentences
from eligibility.pages.said import say
from eligibility.pages.turns import PUBLISHERS, host

NAMES = ("default newest", "gates only", "index")


@cache
def sheets(name: str):
    return true.made(worlds.SHIPPED[name](), everybody=True)


def said(name: str) -> list[str]:
    return [one.plain for page in sheets(name)[1].values() for one in sentences(page)]


@pytest.mark.parametrize("name", NAMES)
def test_nobody_says_three_of_three(name):
    """All are all: "three of three requirements" and "193 of 193 countries" are none (in a table of figures held they may be)."""
    again = re.compile(r"\b(\w+) of (?:these )?\1 (?!met\b)[a-z]")
    assert [text for text in said(name) if again.search(text)] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_distance_is_told_as_nought(name):
    assert [text for text in said(name) if re.search(r"\b0\.0 margins?\b|^0\.0$", text)] == []
    assert say("near.errors", sd=0.02).plain == "<0.1"


def test_the_candidates_of_the_lead_add_up():
    """Eligible, on condition, of no ideal kind, excluded, not judged, on hold: all of them and nobody twice."""
    truth, pages = sheets("default newest")
    facts = {k: v for one in pages[""].lead for k, v in one.facts.items() if isinstance(v, int)}
    apart = next(one.facts["n"] for one in pages[""].lead if one.phrase.startswith("brief.apart"))
    held = next((one.facts["n"] for one in pages[""].lead if one.phrase == "brief.held"), 0)
    parts = [facts[k] for k in ("eligible", "conditional", "excluded", "open")]
    assert sum(parts) + apart + held == facts["pool"] == len(truth.pool)


@pytest.mark.parametrize("name", NAMES)
def test_shapes_have_a_key(name):
    """Under a table with strips stands what their shapes are, with how many peers; under one without, nothing."""
    tables = [b for page in sheets(name)[1].values() for b in true._blocks(page) if isinstance(b, Table)]
    for table in (t for t in tables if t.kind == "grid" and t.id == "grid"):
        drawn = any(cell.drawing for row in table.rows for cell in row.cells)
        assert bool(table.key) == drawn


def test_a_source_is_called_by_whose_it_is():
    assert host("http://the-uncensored-wiki.com:20151/2015/A/Page.html") == "Wikipedia, a copy of May 2015"
    assert host("https://api.example.org:8443/x") == "api.example.org"
    assert not any(":" in address or address.startswith("www.") for address in PUBLISHERS)


def test_each_kind_of_page_names_its_criteria_at_the_foot():
    truth, _ = sheets("default newest")
    facts = true.Facts.of(truth.result)
    index = contents.page(facts, brief.title(facts), set(), set(), ())
    assert index.running.plain.startswith("Contents · peacetime-pilots · ")
    audit = auditing.page(facts, soundness.quick(truth.result), ())
    assert audit.running.plain.startswith("Statistical audit · peacetime-pilots · ")


def test_counts_agree_with_their_words():
    assert say("decide.blind", n=1).plain == "1 country that lacks figures"
    assert say("decide.near.options", n=1).plain.endswith("leave it out.")
    assert say("decide.near.options", n=2).plain.endswith("leave them out.")
