"""The pages in a real browser: accessible, one request, no sideways scroll, printable."""

from __future__ import annotations

import re
import shutil

import made_up
import pytest

from browser.chromium import PATIENT, axe, faults
from eligibility.pages import outlines
from eligibility.present import report

KINDS = [
    "index",
    "briefing",
    "audit",
    "countries/XAA",
    "countries/XAB",
    "countries/XAE",
    "countries/XAH",
    "countries/XAI",
    "countries/XAL",
]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A made-up run of twelve countries on disk."""
    with made_up.named(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(outlines, "world", made_up.world)
        return report.write(made_up.make(), tmp_path_factory.mktemp("out")).path


def opened(browser, run, kind, width=1000, scheme="light", **more):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **more)
    page = context.new_page()
    page.set_default_timeout(PATIENT)
    page.goto((run / f"{kind}.html").as_uri())
    return page


@pytest.mark.parametrize(
    ("width", "scheme"), [(1000, "light"), (360, "dark")]
)  # no colour depends on a width
@pytest.mark.parametrize("kind", KINDS)
def test_no_accessibility_fault(browser, run, kind, width, scheme):
    if not axe():
        pytest.skip("axe-core is not on this machine (AXE_PATH, node_modules, axe-playwright-python)")
    page = opened(browser, run, kind, width, scheme, bypass_csp=True)
    found = faults(page)
    page.context.close()
    assert found == []


CUT = """() => [...document.querySelectorAll('svg')].flatMap(svg => {
    const box = svg.getBoundingClientRect();
    return [...svg.querySelectorAll('text')].filter(t => {
        const b = t.getBoundingClientRect();
        return b.left < box.left - 1 || b.right > box.right + 1 || b.top < box.top - 1 || b.bottom > box.bottom + 1;
    }).map(t => t.textContent);
})"""
CLASH = """() => [...document.querySelectorAll('svg')].flatMap(svg => {
    const boxes = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()]);
    return boxes.flatMap(([a, p], i) => boxes.slice(i + 1).filter(([b, q]) =>
        p.left < q.right - 1 && q.left < p.right - 1 && p.top < q.bottom - 2 && q.top < p.bottom - 2
    ).map(([b]) => a + ' / ' + b));
})"""
WIDE = """() => (document.querySelectorAll('details').forEach(d => d.open = true),
    [...document.querySelectorAll('.wide:has(> .list, > .heat)')]
    .filter(r => r.scrollWidth > r.clientWidth).map(r => r.getAttribute('aria-label')))"""
UNLABELLED = """() => [...document.querySelectorAll('.list td.n')]
    .filter(td => !td.dataset.l && td.textContent && td.colSpan == 1).length"""


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_asks_for_nothing_and_fits_every_screen(browser, run, kind):
    """One request and nothing refused, no text of a drawing cut off or on another, no sideways scroll, on a phone tables as cards."""
    path = run / f"{kind}.html"
    page = browser.new_page(viewport={"width": 1000, "height": 900})
    page.set_default_timeout(PATIENT)
    requests, said = [], []
    page.on("request", lambda r: requests.append(r.url))
    page.on("console", lambda m: said.append(m.text))
    page.on("pageerror", lambda e: said.append(str(e)))
    page.goto(path.as_uri())
    assert (page.evaluate(CUT), page.evaluate(CLASH)) == ([], [])
    over = {}
    for width in (1280, 768, 360, 320):
        page.set_viewport_size({"width": width, "height": 900})
        over[width] = page.evaluate("document.documentElement.scrollWidth") - width
    assert max(over.values()) <= 0, over
    for width in (320, 360):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(WIDE) == (
            ["Correlations, table"] if kind == "audit" else []
        )  # a matrix is no list
        assert page.evaluate(UNLABELLED) == 0
    page.close()
    assert requests == [path.as_uri()]
    assert said == []  # the style sheet keeps to its own policy


def test_the_way_past_the_header_and_the_scroll_regions_take_the_focus(browser, run):
    page = opened(browser, run, "countries/XAB", 360)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    regions = page.evaluate(
        "document.querySelectorAll('details').forEach(d => d.open = true);"
        "[...document.querySelectorAll('.wide')].every(r => (r.focus(), document.activeElement === r))"
    )
    page.context.close()
    assert regions


@pytest.mark.parametrize("kind, least, most", [("countries/XAB", 1, 1), ("briefing", 3, 7), ("audit", 2, 6)])
def test_it_prints_on_a_few_light_pages(browser, run, kind, least, most):
    page = opened(browser, run, kind, scheme="dark")
    pdf = page.pdf(prefer_css_page_size=True)
    page.emulate_media(media="print")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.context.close()
    pages = len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))
    assert least <= pages <= most
    assert paper == "rgb(255, 255, 255)"


def test_a_hostile_name_opens_no_dialog(browser, run, tmp_path):
    copy = tmp_path / "XAA.html"
    shutil.copy(run / "countries" / "XAA.html", copy)
    text = copy.read_text(encoding="utf-8").replace(
        "</main>", "<img src=x onerror=alert(1)><script>alert(1)</script></main>"
    )
    copy.write_text(text, encoding="utf-8")
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(PATIENT)
    dialogs = []
    page.on("dialog", lambda d: (dialogs.append(d.message), d.dismiss()))
    page.goto(copy.as_uri())
    page.wait_for_timeout(200)
    context.close()
    assert dialogs == []  # even if markup got in, the page's own policy runs nothing


def test_what_scrolls_sideways_shows_that_there_is_more(browser, run):
    page = opened(browser, run, "audit", 360)
    plain = page.evaluate(
        """() => [...document.querySelectorAll('.wide')].filter(r => r.scrollWidth > r.clientWidth)
            .filter(r => !getComputedStyle(r).backgroundImage.includes('gradient')).map(r => r.getAttribute('aria-label'))"""
    )
    some = page.evaluate("[...document.querySelectorAll('.wide')].some(r => r.scrollWidth > r.clientWidth)")
    page.context.close()
    assert some and plain == []
