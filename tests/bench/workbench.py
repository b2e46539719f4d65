"""How long the workbench takes from a key press to the painted page: 195 countries, 30 indicators, made up.

An arrow key moves a weight, as an analyst's would; what counts is the time from the key's own time stamp to the first
task after the next frame. Machines differ and are shared, so nothing is asserted here.

    python -m bench.workbench [--presses N]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from datetime import date
from pathlib import Path
from random import Random

import made_up
from browser.chromium import QUIET

from eligibility.data import countries
from eligibility.language import criteria
from eligibility.method import run
from eligibility.pages import print_pdf
from eligibility.workbench import page as pages

COUNTRIES, INDICATORS, PILLARS, GATES = 195, 30, 6, 8
WATCH = """() => {
  window.times = [];
  addEventListener('keydown', event => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => times.push(performance.now() - event.timeStamp);
    requestAnimationFrame(() => channel.port2.postMessage(0));
  }, true);
}"""


def policy() -> str:
    """A criteria file of six pillars of five indicators and eight gates of two tests, half against the pool."""
    ids = [f"made.i{n:02}" for n in range(INDICATORS)]
    lines = [
        "id: made-up",
        "title: Made up",
        'version: "1"',
        f"pool: {{{ids[0]}: {{at_least: 0, basis: all}}}}",
        "gates:",
    ]
    for g in range(GATES):
        lines += [f"  gate-{g}:", f"    title: Gate {g}", "    cites: {where: here}", "    any:"]
        lines += [f"      - {ids[g]}: {{at_least: {{pool: quantile 0.2}}, basis: b}}"]
        lines += [f"      - {ids[g + GATES]}: {{above: 0.9, basis: b}}"]
    lines += [
        "score:",
        "  aggregation: geometric",
        "  floor: 0.01",
        "  weights: equal",
        "  basis: b",
        "  pillars:",
    ]
    for p in range(PILLARS):
        lines += [
            f"    pillar-{p}:",
            f"      title: Pillar {p}",
            "      aggregation: arithmetic",
            "      weights: equal",
            "      indicators:",
        ]
        lines += [f"        {i}: {{scale: {{percentile: pool}}}}" for i in ids[p::PILLARS]]
    return "\n".join([*lines, "shortlist: {size: 10, basis: b}", "ages: {max_age: 3, basis: b}", ""])


def made(folder: Path) -> Path:
    """The page on disk."""
    rng, sheets = Random(1), [made_up.sheet(f"made.i{n:02}", sd=0.05) for n in range(INDICATORS)]
    register = countries.register()
    codes = [iso3 for iso3 in sorted(register.names()) if register.exists(iso3, 2016)][:COUNTRIES]
    figures = made_up.snapshot(sheets, {c: {s.id: rng.random() for s in sheets} for c in codes})
    (folder / "made-up.yaml").write_text(policy(), encoding="utf-8")
    judged = criteria.load(folder / "made-up.yaml", figures.sheets)
    path = folder / "made-up.html"
    path.write_bytes(pages.page(run.judge(judged, figures, date(2016, 7, 1))))
    return path


def empty(browser) -> list[float]:
    """The same times where there is nothing to do: what this machine takes now."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_content("<input type=range min=0 max=100>")
    page.evaluate(WATCH)
    page.locator("input").focus()
    for _ in range(60):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(30)
    return page.evaluate("times")


def main() -> int:
    """Prints the median and the 95th percentile in milliseconds."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--presses", type=int, default=120)
    options.add_argument("--keep", type=Path, help="folder in which the page is left")
    presses, keep = (parsed := options.parse_args()).presses, parsed.keep
    if print_pdf.browser() is None:
        print("no Chromium or Chrome on PATH: the workbench is not timed")
        return 0
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as p:
        path = made(keep or Path(folder))
        browser = p.chromium.launch(executable_path=print_pdf.browser(), args=QUIET)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(path.as_uri())
        page.wait_for_function(
            "() => document.getElementById('live').textContent && !document.querySelector('.stale')"
        )
        page.evaluate(WATCH)
        for pillar in range(2):
            page.get_by_label("Weight of the part: slider").nth(pillar).focus()
            for press in range(presses // 2):
                page.keyboard.press("ArrowRight" if press % 40 < 20 else "ArrowLeft")
                # a run of presses, then a pause in which shares are counted
                page.wait_for_timeout(30 if press % 4 else 200)
        times = sorted(page.evaluate("times"))
        bare = sorted(empty(browser))
        rows = page.locator(".ranking tbody tr").count()
        whole = page.evaluate(
            """async () => { const at = performance.now(); const slider = document.querySelectorAll('input[type=range]')[0];
                slider.value = 12; slider.dispatchEvent(new Event('input'));
                await new Promise(done => { const look = () => document.querySelector('.stale') ? setTimeout(look, 5) : done(); setTimeout(look, 130); });
                return performance.now() - at; }"""
        )
        browser.close()
        size = path.stat().st_size
    print(
        f"{rows} countries, {INDICATORS} indicators, page of {size / 1024:,.0f} KiB, {len(times)} key presses"
    )
    print(
        f"key press to painted: median {statistics.median(times):.0f} ms, 95th percentile {times[int(0.95 * len(times))]:.0f} ms"
    )
    print(
        f"the same on a page with one slider and no script: median {statistics.median(bare):.0f} ms, 95th percentile {bare[int(0.95 * len(bare))]:.0f} ms"
    )
    print(f"shares that stay on the shortlist, counted {whole:.0f} ms after the last move")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
