"""Pictures of every kind of page at two dates, for eyes before a release: `make gallery`, or `python tests/harness/gallery.py`.

    out/gallery/index.html   thumbnails of everything below
    out/gallery/<run>/       the reports, and the workbench beside them
    out/gallery/pictures/    each page at 1000 px light and dark, at 360 px, as it prints, and the printed PDF

Needs playwright (the test extra) and a Chromium or Chrome on PATH; says so where one is missing.
"""

from __future__ import annotations

import html
import shutil
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from places import ROOT

OUT = ROOT / "out" / "gallery"
DATES = (date(2016, 7, 1), None)  # None: the newest at which all can be judged
KINDS = ("eligible", "conditional", "excluded", "insufficient-data")
VIEWS = {
    "light": dict(width=1000, scheme="light", media="screen"),
    "dark": dict(width=1000, scheme="dark", media="screen"),
    "phone": dict(width=360, scheme="light", media="screen"),
    "print": dict(width=680, scheme="dark", media="print"),  # A4 between its margins, from a dark screen
}


def pages(result, folder: Path) -> dict[str, Path]:
    """What to take pictures of: a name for each page, one country of each status, the first in order."""
    order, status = result.ranking.order, result.screening.status
    found = {name: folder / f"{name}.html" for name in ("index", "briefing", "audit")}
    for kind in KINDS:
        if (iso3 := next((c for c in order if status[c] == kind), None)) is not None:
            found[f"{kind}-{iso3}"] = folder / "countries" / f"{iso3}.html"
    return found


def reports() -> Iterator[tuple[str, dict[str, Path]]]:
    """Each run written, by its name, with its pages."""
    from eligibility.method import run
    from eligibility.present import report
    from eligibility.workbench import page

    for day in DATES:
        result = run.run(as_of=day)
        written = report.write(result, OUT, replace=True)
        name = written.path.name
        bench = page.write(result.criteria.id, result.as_of, OUT / f"workbench-{name}.html")
        yield name, {**pages(result, written.path), "workbench": bench}


def picture(browser, page: Path, name: str) -> list[Path]:
    """The pictures of one page, and its PDF."""
    made = []
    for view, how in VIEWS.items():
        context = browser.new_context(
            viewport={"width": how["width"], "height": 900}, color_scheme=how["scheme"]
        )
        tab = context.new_page()
        tab.emulate_media(media=how["media"], color_scheme=how["scheme"])
        tab.goto(page.as_uri())
        if "workbench" in name:  # the shares come some time after the ranking
            # a locator, for the page's own policy lets no string become script
            tab.locator("#ranking td.stays", has_text="%").first.wait_for(state="attached")
        made.append(OUT / "pictures" / f"{name}-{view}.png")
        tab.screenshot(path=made[-1], full_page=True)
        if view == "print":
            made.append(made[-1].with_suffix(".pdf"))
            tab.pdf(path=made[-1], prefer_css_page_size=True)
        context.close()
    return made


def index(made: dict[str, dict[str, list[Path]]]) -> str:
    """A page of thumbnails."""
    rows = []
    for run, by_page in made.items():
        rows.append(f"<h2>{html.escape(run)}</h2>")
        for name, files in by_page.items():
            links = []
            for file in files:
                path = html.escape(file.relative_to(OUT).as_posix())
                shown = f'<img src="{path}" alt="" loading="lazy">' if file.suffix == ".png" else "PDF"
                links.append(f'<a href="{path}">{shown}</a>')
            rows.append(f"<h3>{html.escape(name)}</h3><p>{' '.join(links)}</p>")
    style = "body{font:1rem sans-serif;margin:1rem}img{height:20rem;width:12rem;object-fit:cover;object-position:top;border:1px solid #888}"
    return f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Gallery</title><style>{style}</style><h1>Gallery</h1>{"".join(rows)}</html>\n'


def main() -> int:
    """Writes the gallery; what is missing is said in a sentence and the exit code is 2."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        print("playwright is not installed: make test, or pip install 'eligibility[test]'", file=sys.stderr)
        return 2
    from eligibility.pages import print_pdf

    if (program := print_pdf.browser()) is None:
        print("no Chromium or Chrome is on PATH, so no picture can be taken", file=sys.stderr)
        return 2
    shutil.rmtree(OUT, ignore_errors=True)
    (OUT / "pictures").mkdir(parents=True)
    made: dict[str, dict[str, list[Path]]] = {}
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=program, args=["--no-sandbox", *print_pdf.QUIET])
        for run, found in reports():
            made[run] = {name: picture(browser, page, f"{run}-{name}") for name, page in found.items()}
        browser.close()
    (OUT / "index.html").write_text(index(made), encoding="utf-8")
    print(
        f"{sum(len(files) for by in made.values() for files in by.values())} pictures: {OUT / 'index.html'}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
