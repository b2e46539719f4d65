"""What eyes found wrong once: colours that a palette of the system took away, columns too narrow for names, labels cut or drawn over."""

from __future__ import annotations

import made_up
import pytest

from browser.chromium import PATIENT
from eligibility.pages import outlines, trendlines
from eligibility.present import report


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A made-up run of twelve countries on disk."""
    with made_up.named(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(outlines, "world", made_up.world)
        return report.write(made_up.make(), tmp_path_factory.mktemp("out")).path


def opened(browser, page, width=1000, **more):
    tab = browser.new_context(viewport={"width": width, "height": 900}, **more).new_page()
    tab.set_default_timeout(PATIENT)
    tab.goto(page.as_uri())
    return tab


def colours(tab, selector: str) -> list[str]:
    return tab.evaluate(
        "s => [...document.querySelectorAll(s)].map(e => getComputedStyle(e).backgroundColor)", selector
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_only_a_colour_tells_keeps_it_under_a_palette_of_the_system(browser, run, scheme):
    how = {"forced_colors": "active", "color_scheme": scheme}
    tab = opened(browser, run / "briefing.html", **how)
    key = colours(tab, ".key i")
    assert len(key) == len(set(key)) == 3
    tab = opened(browser, run / "audit.html", **how)
    shades = {shade: set(colours(tab, f".heat .h-{shade}")) for shade in (1, 2, 3, 4)}
    told = [tuple(found) for found in shades.values() if found]
    assert len(told) > 1 and len(set(told)) == len(told)  # one colour a shade, none the same


def test_the_name_of_a_figure_has_room(browser, run):
    for card in sorted((run / "countries").glob("*.html")):
        tab = opened(browser, card)
        name, table = tab.evaluate(
            """() => ['.grid thead .name', '.grid'].map(s => document.querySelector(s).getBoundingClientRect().width)"""
        )
        assert name > 0.24 * table, card.name
        tab.context.close()


def test_the_caption_of_a_wide_table_fits_a_phone(browser, run):
    tab = opened(browser, run / "audit.html", 390)
    right = tab.evaluate("document.querySelector('.heat caption').getBoundingClientRect().right")
    assert right <= 390


def test_what_belongs_together_stays_on_one_sheet(browser, run):
    tab = opened(browser, run / "countries" / "XAB.html")
    tab.emulate_media(media="print")
    kept = "s => [...document.querySelectorAll(s)].map(e => getComputedStyle(e).breakInside)"
    assert set(tab.evaluate(kept, ".verdict, .wide:not(:has(.list))")) == {"avoid"}
    tab = opened(browser, run / "briefing.html")
    tab.emulate_media(media="print")
    assert tab.evaluate(kept, "section[aria-labelledby='s-again']") == ["avoid"]
    assert set(tab.evaluate(kept, ".rule li:has(ul)")) == {"auto"}  # a rule may be longer than a sheet


def test_charts_of_a_row_stand_on_one_line(browser, run):
    """Though one of them has a title of two lines."""
    tab = opened(browser, run / "countries" / "XAB.html")
    bottoms = "() => [...document.querySelectorAll('.trs svg')].map(e => e.getBoundingClientRect().bottom)"
    low = tab.evaluate(bottoms)
    assert len(low) > 1 and max(low) - min(low) < 1


def test_a_marker_shows_on_the_land_of_its_own_country(browser, run):
    tab = opened(browser, run / "briefing.html")
    drawn = "() => { const s = getComputedStyle(document.querySelector('circle.num')); return [s.fill, s.stroke]; }"
    fill, edge = tab.evaluate(drawn)
    assert edge not in (fill, "none")


def test_the_longest_status_fits_a_phone(browser, run):
    tab = opened(browser, run / "index.html", 390)
    longest = "Meets the requirements, but is not of an ideal kind"
    wide = """words => { document.querySelector('#s-eligible').textContent = words;
                          return document.documentElement.scrollWidth; }"""
    assert tab.evaluate(wide, longest) <= 390


@pytest.mark.parametrize("high", [70_000, 1_000_000, 90, 1])
def test_no_label_of_an_axis_is_cut(high):
    drawn = trendlines.line({2014: high / 2, 2024: high}, {}, (2014, 2024), (0.0, float(high)), None, 0)
    longest = max(len(label) for _, label in drawn.grid)
    assert (
        drawn.left - 4 >= 4.7 * longest
    )  # a digit at 8.6 px is 4.7 wide, in the widest family of letters 5.5


def test_what_is_needed_is_written_beside_the_lines():
    """Where both lines run along what is needed on the left, the words stand elsewhere."""
    own = {year: 0.52 if year < 2019 else 0.9 for year in range(2014, 2025)}
    drawn = trendlines.line(own, own, (2014, 2024), (0.0, 1.0), 0.5, 2)
    x, y, anchor = drawn.needed_at
    wide = trendlines.LETTER * len("0.50 needed")
    first = x - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
    points = [point for run in (*drawn.own, *drawn.peers) for point in run]
    assert not any(first <= px <= first + wide and y - 7 <= py <= y + 2 for px, py in points)
