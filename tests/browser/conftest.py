"""One browser for a file of tests."""

from __future__ import annotations

import pytest

from browser.chromium import QUIET
from eligibility.pages import print_pdf


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = print_pdf.browser()
    if program is None:
        pytest.skip("no Chromium or Chrome on PATH")
    with playwright.sync_playwright() as p:
        opened = p.chromium.launch(executable_path=program, args=QUIET)
        yield opened
        opened.close()
