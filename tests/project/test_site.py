"""The documentation as pages: built without a warning, from every page there is, and loading nothing from elsewhere."""

from __future__ import annotations

import json
import os
import re
import struct
from html.parser import HTMLParser
from pathlib import Path

import build_docs
import notebooks
import pytest
import refresh_docs
import worked
from places import ROOT

import eligibility

PICTURES = ROOT / "docs" / "pictures"


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The whole site, built once."""
    pytest.importorskip("sphinx", reason="the extra `docs` is not installed; the lock of the tests has it")
    out = tmp_path_factory.mktemp("site") / "docs"
    assert build_docs.build(out) == 0
    return out


class Links(HTMLParser):
    """The addresses and the ids of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.to, self.ids = [], set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.ids.add(given.get("id"))
        if tag == "a" and given.get("href"):
            self.to.append(given["href"])


def test_every_page_is_there_and_in_the_contents(site):
    index = Links((site / "index.html").read_text(encoding="utf-8"))
    for name in build_docs.pages().values():
        page = name.replace(".md", ".html")
        assert (site / page).is_file(), page
        if not name.startswith("decisions/"):
            assert page in index.to or page == "index.html", page
    decisions = Links((site / "decisions" / "index.html").read_text(encoding="utf-8")).to
    numbered = {path.stem for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md")}
    assert {link.removesuffix(".html") for link in decisions} >= numbered


def test_nothing_is_loaded_from_elsewhere(site):
    assert build_docs.outside(site) == []


@pytest.mark.parametrize(
    "name, text",
    [
        ("a.html", '<script src="https://example.org/x.js"></script>'),
        ("a.html", '<link rel="preconnect stylesheet" href="//example.org/x.css">'),
        ("a.html", '<p style="background: url(http://example.org/x.png)">'),
        ("a.css", "@import 'https://example.org/x.css';"),
        ("a.css", "@font-face { src: url(https://example.org/x.woff2) }"),
    ],
)
def test_what_would_be_loaded_from_elsewhere_is_found(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "b.html").write_text('<a href="https://example.org">x</a><img src="x.png">', encoding="utf-8")
    (found,) = build_docs.outside(tmp_path)
    assert found.startswith(f"{name}: ") and "example.org" in found


def test_every_link_inside_the_site_leads_somewhere(site):
    read = {p.resolve(): Links(p.read_text(encoding="utf-8")) for p in site.rglob("*.html")}
    for page, links in read.items():
        for link in links.to:
            if re.match(r"\w+:", link):
                continue
            path, _, anchor = link.partition("#")
            target = Path(os.path.normpath(page.parent / path)) if path else page
            assert target in read or target.is_file(), f"{page.name}: {link}"
            assert not anchor or anchor in read[target].ids, f"{page.name}: {link}"


def test_what_the_theme_leaves_wrong_for_screen_readers_is_mended(site):
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert [was for was in build_docs.MENDED if was in text] == []
        unnamed = re.findall(r"<aside class=\"([\w -]+)\">", text)
        assert set(unnamed) <= {"toc-drawer no-toc"}, page  # which is empty and not shown


def test_no_path_of_this_machine_is_in_the_site(site):
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert str(ROOT) not in text and str(site) not in text, page


def test_the_reference_has_every_public_name_with_its_own_words(site):
    text = (site / "api.html").read_text(encoding="utf-8")
    for name in set(eligibility.__all__) - {"__version__"}:
        assert f'id="eligibility.{name}"' in text, name
    assert "The ranked countries, best first" in text


def test_a_warning_is_an_error(tmp_path, monkeypatch, site):
    whole = build_docs.lay_out

    def broken(folder: Path) -> None:
        whole(folder)
        for page in folder.rglob("*.md"):
            if page.name not in ("index.md", "faq.md"):
                page.unlink()
        (folder / "index.md").write_text("# One\n\n```{toctree}\nfaq\n```\n", encoding="utf-8")
        (folder / "faq.md").write_text("# Two\n\n[gone](nowhere.md)\n", encoding="utf-8")

    monkeypatch.setattr(build_docs, "lay_out", broken)
    assert build_docs.build(tmp_path / "out") == 1


def test_links_are_those_of_the_site_and_code_is_left_alone():
    names = {
        "README.md": "readme.md",
        "docs/data.md": "data.md",
        "docs/decisions/index.md": "decisions/index.md",
    }
    say = lambda text, path: build_docs.linked(text, path, names)  # noqa: E731
    assert say("[a](docs/data.md#x) [b](LICENSE)", "README.md") == "[a](data.md#x) b"
    assert say("[a](../README.md)", "docs/data.md") == "[a](readme.md)"
    assert say("[a](decisions) `[b](gone.md)`", "docs/data.md") == "[a](decisions/index.md) `[b](gone.md)`"
    assert say("[a](../data.md)", "docs/decisions/index.md") == "[a](../data.md)"
    assert say("![p](docs/pictures/x.png)", "README.md") == "![p](pictures/x.png)"
    assert say("[w](https://example.org)", "README.md") == "[w](https://example.org)"


def test_the_notebook_is_one_jupyter_opens_and_says_what_its_cells_say_now():
    for path in notebooks.NOTEBOOKS:
        text = path.read_text(encoding="utf-8")
        book = json.loads(text)
        assert (book["nbformat"], book["metadata"]["kernelspec"]["name"]) == (4, "python3")
        assert len({cell["id"] for cell in book["cells"]}) == len(book["cells"])
        assert all(cell["outputs"] for cell in book["cells"] if cell["cell_type"] == "code")
    assert set(notebooks.NOTEBOOKS) <= set(refresh_docs.documents())  # which test_docs runs and compares


def test_what_a_cell_raises_goes_on_and_what_it_shows_is_kept():
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": None, "outputs": []}
    run = lambda source: json.loads(notebooks.executed(json.dumps({"cells": [{**cell, "source": [source]}]})))  # noqa: E731
    (out,) = run("print('x')")["cells"][0]["outputs"]
    assert out == {"name": "stdout", "output_type": "stream", "text": ["x\n"]}
    (out,) = run("1 + 1")["cells"][0]["outputs"]
    assert out["data"] == {"text/plain": ["2"]}
    with pytest.raises(ZeroDivisionError):
        run("1 / 0")


def test_a_score_that_is_not_the_engines_is_refused(monkeypatch):
    monkeypatch.setattr(worked, "prod", lambda parts: 0.9)
    with pytest.raises(AssertionError):
        worked.page()


def test_pictures_are_small_shown_and_told_to_who_cannot_see_them():
    shown = "".join(
        p.read_text(encoding="utf-8") for p in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    )
    pictures = sorted(PICTURES.glob("*"))
    assert [p.name for p in pictures] == ["briefing.png", "country.png", "workbench.png"]
    for picture in pictures:
        data = picture.read_bytes()
        assert data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) < 150_000
        assert min(struct.unpack(">II", data[16:24])) >= 700
        assert re.search(rf"!\[[^\]]{{30,}}\]\((docs/)?pictures/{picture.name}\)", shown), picture.name
    first = "\n".join((ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:12])
    assert "docs/pictures/briefing.png" in first and "`make`" in first and "`make test`" in first
