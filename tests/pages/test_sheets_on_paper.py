"""Printed, a briefing is two sheets, one where nobody qualifies, and a card one, in two families of letters; the next page begins the annexes."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
import test_sheets_are_true as true
import worlds

from eligibility.pages import print_pdf
from eligibility.pages.rendering import environment, static

FAMILIES = ("Liberation Sans", "DejaVu Sans")
CARDS = ("default early", "default newest", "index", "gates only")
PRINT = (
    '{% import "_sheet.html.j2" as sheets %}'
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>x</title><style>{{ style }}'
    " body { font-family: '{{ family }}' !important; } .sheet + .sheet { break-before: page; }</style></head>"
    "<body>{% for p in pages %}{{ sheets.page(p, '') }}{% endfor %}</body></html>"
)
_PAGE = re.compile(rb"/Type\s*/Page\b")


@pytest.fixture(autouse=True)
def untagged(monkeypatch):
    """Tags for screen readers take no room on paper and a fifth of the time."""
    monkeypatch.setattr(print_pdf, "QUIET", (*print_pdf.QUIET, "--disable-pdf-tagging"))


def printed(folder: Path, pages, family: str) -> int:
    """On how many sheets of paper pages come out, one after the other."""
    style, _ = static("report.css")
    html = environment().from_string(PRINT).render(pages=pages, family=family, style=style)
    (folder / "page.html").write_text(html, encoding="utf-8")
    assert print_pdf.pages(folder, ["page.html"]).whole
    return len(_PAGE.findall((folder / "page.pdf").read_bytes()))


@cache
def sheets(name: str):
    return true.made(worlds.SHIPPED[name](), everybody=name in CARDS)


needs_browser = pytest.mark.skipif(
    print_pdf.browser() is None, reason="no browser to print with is on this machine"
)


@needs_browser
@pytest.mark.parametrize(
    ("name", "family"), [*((name, FAMILIES[1]) for name in CARDS), ("default newest", FAMILIES[0])]
)  # the wider letters with all, the usual ones with those that ship
def test_a_card_is_one_sheet(name, family, tmp_path):
    _, pages = sheets(name)
    cards = [page for c, page in pages.items() if c]
    assert len(cards) > 50
    assert printed(tmp_path, cards, family) == len(cards)


@needs_browser
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("default early", 2),
        ("default newest", 2),
        ("index", 1),
        ("gates only", 1),
        ("nobody can be judged", 1),
    ],
)
def test_a_briefing_is_two_sheets(name, most, family, tmp_path):
    _, pages = sheets(name)
    assert printed(tmp_path, [pages[""]], family) == most
