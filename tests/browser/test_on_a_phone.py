"""On a phone no page scrolls sideways, and no table but the matrix of the audit: 320 and 390 px, details open, two families."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import worlds
from click.testing import CliRunner

from browser.chromium import PATIENT
from eligibility.cli.commands import shell
from eligibility.method import run
from eligibility.pages import print_pdf
from eligibility.present import report

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.skipif(print_pdf.browser() is None, reason="no browser is on this machine")
FAMILIES = ("Liberation Sans", "DejaVu Sans")
WIDE = """() => [
    document.documentElement.scrollWidth - innerWidth,
    ...[...document.querySelectorAll('.wide')].filter(e => e.scrollWidth > e.clientWidth && !e.querySelector('.heat'))
        .map(e => e.getAttribute('aria-label'))
]"""


@pytest.fixture(scope="module")
def tab():
    with playwright.sync_playwright() as p:
        browser = p.chromium.launch(
            executable_path=print_pdf.browser(), args=["--no-sandbox", *print_pdf.QUIET]
        )
        page = browser.new_page()
        page.set_default_timeout(PATIENT)
        yield page
        browser.close()


def wide(tab, page: Path, widths: tuple[int, ...] = (320, 390)) -> list:
    """What is too wide of a page: how, and what."""
    found = []
    tab.goto(page.as_uri())
    tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    for family in FAMILIES:
        tab.evaluate(f"document.body.style.fontFamily = '{family}'")
        for width in widths:
            tab.set_viewport_size({"width": width, "height": 800})
            over, *tables = tab.evaluate(WIDE)
            if over > 0 or tables:
                found.append((page.name, family, width, over, tables))
    return found


@pytest.mark.parametrize(
    "name, day", [("peacetime-pilots", None), ("peacetime-pilots", worlds.EARLY), ("mcc-hurdles", None), ("hdi", None)]
)  # fmt: skip
def test_nothing_scrolls_sideways(tab, tmp_path, name, day: date | None):
    result = run.run(name, as_of=day, draws=200)
    status = result.screening.status
    some = tuple({word: c for c, word in status.items()}.values())  # one country a status
    written = report.write(result, tmp_path, some).path
    pages = sorted(written.rglob("*.html"))
    assert len(pages) == 3 + len(some)
    assert [told for page in pages for told in wide(tab, page)] == []


@pytest.mark.parametrize(
    "pilot", ["", "pilots: [{country: MDA, body: {kind: vetting-panel}, stage: running, begins: 2024-02-01}]"]
)
def test_a_review_scrolls_sideways_nowhere(tab, tmp_path, pilot):
    """Its table of shares has seven columns, and is a table from 769 pixels on."""
    page, register = tmp_path / "review.html", tmp_path / "pilots.yaml"
    register.write_text(pilot, encoding="utf-8")
    asked = [
        "review",
        *([str(register)] if pilot else []),
        "--on",
        "2026-06-30",
        "--format",
        "html",
        "--out",
        str(page),
    ]
    CliRunner().invoke(shell, asked)  # which ends with 1 where the pilot is red
    assert wide(tab, page, (320, 390, 769, 1000)) == []
