"""The audit page is worked out again: each sentence fact by fact, each text and cell in its place (audit_truth.py)."""

from __future__ import annotations

import warnings
from functools import cache
from itertools import zip_longest

import audit_truth
import page_texts
import pytest
import worlds
from page_texts import differences
from truth import Truth

from eligibility.analysis import soundness
from eligibility.method import run
from eligibility.pages import auditing
from eligibility.pages.audit_phrases import AUDIT
from eligibility.pages.auditing import AuditPage
from eligibility.pages.blocks import sentences
from eligibility.pages.facts import Facts
from eligibility.present import report


def made(result, sound=None) -> tuple[Truth, AuditPage]:
    """The truth of a result and its audit page."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sound = sound or soundness.quick(result)
    proof = report.reproduce(result, report._command(result))
    return Truth(result, sound), auditing.page(Facts.of(result), sound, proof, "briefing.html")


@cache
def shipped(name: str) -> tuple[Truth, AuditPage]:
    return made(worlds.SHIPPED[name]())


@cache
def full() -> tuple[Truth, AuditPage]:
    """The page of `eligibility audit`: with other errors, weights and readings."""
    result = run.run(as_of=worlds.EARLY, draws=worlds.DRAWS)
    return made(result, soundness.full(result, "peacetime-pilots"))


def faults(t: Truth, page: AuditPage, html: bytes | None = None) -> list[str]:
    """What is not true of an audit page: of its sentences by phrase and fact, then of its texts by place."""
    told = audit_truth.said(t)
    got = {key: getattr(page, key) for key in told} | {"findings": [row.text for row in page.findings]}
    untrue = [x for key in told for pair in zip_longest(told[key], got[key]) for x in differences(*pair)]
    first = next(
        (s.plain for f, s in zip(t.sound.findings, told["findings"], strict=True) if f.level != "info"), ""
    )
    if first:  # its beginning, up to a stop
        whole = len(page.title) > 10 and first.startswith(page.title) and first[len(page.title)] in ".:,"
    else:
        whole = page.title == AUDIT["audit.well"]
    untrue += [] if whole else [f"title: expected the beginning of {first!r}, got {page.title!r}"]
    html = html or report.render("audit.html.j2", page=page)
    return untrue + page_texts.faults(audit_truth.lines(t, page.title, told), html.decode())


@pytest.mark.parametrize("name", worlds.SHIPPED)
def test_every_text_on_shipped_criteria_is_true(name):
    assert faults(*shipped(name)) == []


@pytest.mark.parametrize("name", worlds.MADE)
def test_every_text_on_made_up_criteria_is_true(name, invented):
    assert faults(*made(worlds.MADE[name]())) == []


def test_every_text_with_other_errors_weights_and_readings_is_true():
    t, page = full()
    assert faults(t, page) == []
    assert page.assumed and page.flat and page.turns and page.right and page.choices
