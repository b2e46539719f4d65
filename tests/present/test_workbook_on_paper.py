"""ranking.xlsx as LibreOffice prints it: the board's sheet on at most two pages, headings on each, no text over another."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import worlds

from eligibility.method.result import Result
from eligibility.pages.facts import Facts
from eligibility.present import report, spreadsheet, tables
from eligibility.present.workbook import FONT, Field, Line, Sheet, book, tall

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
FAMILIES = (FONT["font_name"], "DejaVu Sans")  # its own, or what stands in for it; and the widest usual one
WORLDS = ("default early", "default newest", "index", "gates only", "nobody can be judged")
BY_COUNTRY = ("All candidates", "Requirements", "Score", "Figures")
_PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', re.S)
_WORD = re.compile(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>')

pytestmark = [
    pytest.mark.skipif(OFFICE is None, reason="no LibreOffice to print with is on this machine"),
    pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext (poppler) is on this machine"),
]


@cache
def made(name: str) -> tuple[Result, bytes]:
    result = worlds.SHIPPED[name]()
    proof = report.reproduce(result, "eligibility report made-up")
    return result, spreadsheet.book(Facts.of(result), tables.document(result), proof)


def lettered(data: bytes, family: str) -> bytes:
    """The same workbook in another family of letters."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/styles.xml":
                assert FONT["font_name"].encode() in part
                part = part.replace(FONT["font_name"].encode(), family.encode())
            new.writestr(name, part)
    return out.getvalue()


class Page:
    """A printed page: whose it is, its size, its words, and where each stands."""

    def __init__(self, wide: str, high: str, inside: str):
        self.size = float(wide), float(high)
        found = _WORD.findall(inside)
        self.words = [word for *_, word in found]
        self.boxes = np.array([[float(x) for x in box] for *box, _ in found]).reshape(-1, 4)
        low = self.boxes[:, 1] > self.size[1] - 45  # the footer
        foot = " ".join(word for word, here in zip(self.words, low, strict=True) if here)
        self.sheet = foot.partition(" · ")[0]

    def over(self) -> list[tuple[str, str]]:
        """Pairs of words of which one lies over the other."""
        x0, y0, x1, y1 = self.boxes.T
        wide = np.minimum.outer(x1, x1) - np.maximum.outer(x0, x0)
        high = np.minimum.outer(y1, y1) - np.maximum.outer(y0, y0)
        least = np.minimum.outer(y1 - y0, y1 - y0)
        pairs = np.argwhere(np.triu((wide > 1) & (high > 0.4 * least), 1))
        return [(self.words[a], self.words[b]) for a, b in pairs]


def printed(folder: Path, data: bytes) -> list[Page]:
    """The pages of a workbook, as LibreOffice prints it whole."""
    (folder / "ranking.xlsx").write_bytes(data)
    # one of its own: several may run at a time
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    words = [OFFICE, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(folder / "ranking.xlsx")]  # fmt: skip
    subprocess.run(words, check=True, capture_output=True, timeout=300)
    words = ["pdftotext", "-bbox", str(folder / "ranking.pdf"), "-"]
    told = subprocess.run(words, check=True, capture_output=True, timeout=120).stdout.decode()
    return [Page(*page) for page in _PAGE.findall(told)]


@pytest.fixture(scope="module")
def paper(tmp_path_factory):
    """The printed pages of a workbook in a family of letters, printed once."""

    @cache
    def pages(name: str, family: str) -> list[Page]:
        return printed(tmp_path_factory.mktemp("paper"), lettered(made(name)[1], family))

    return pages


every = pytest.mark.parametrize("family", FAMILIES)
each = pytest.mark.parametrize(
    ("name", "family"),
    [*((name, FAMILIES[0]) for name in WORLDS), ("default newest", FAMILIES[1]), ("index", FAMILIES[1])],
)


@each
def test_the_sheet_of_the_board_is_one_or_two_pages(paper, name, family):
    pages = paper(name, family)
    own = [page for page in pages if page.sheet == "For the board"]
    assert pages[: len(own)] == own and 1 <= len(own) <= 2
    assert all(page.size[0] > page.size[1] for page in pages)


@each
def test_no_text_lies_over_another(paper, name, family):
    found = [(n, page.sheet, pair) for n, page in enumerate(paper(name, family), 1) for pair in page.over()]
    assert found == []


@each
def test_every_page_has_its_headings_and_names_its_countries(paper, name, family):
    names = set(" ".join(Facts.of(made(name)[0]).names.values()).split())
    for page in paper(name, family):
        if page.sheet in BY_COUNTRY:
            assert "Country" in page.words and names & set(page.words), page.sheet
    told = {page.sheet for page in paper(name, family)}
    assert {"For the board", "All candidates", "Figures", "Criteria", "Sources", "Notes", "data"} <= told


LONG = "the quick brown fox WEARS a Very WIDE hat, 0.123 of 4,567 (more or less); and so on " * 5


@every
@pytest.mark.parametrize("width", [9, 20, 60])
def test_a_row_is_as_high_as_its_text_and_not_twice_that(tmp_path, family, width):
    texts = [LONG[: 23 * n] for n in range(1, 18)]
    fields = (Field("Text", "prose", width), Field("Next", "whole", 8))
    data = book("x", made("index")[0].as_of, [Sheet("x", fields, [(said, 7) for said in texts])])
    pages = printed(tmp_path, lettered(data, family))
    assert [page.over() for page in pages if page.over()] == []
    lines = sum(len({round(box[1]) for box in page.boxes}) for page in pages)
    assert sum(tall((said, 7), fields) for said in texts) < 2 * 12 * lines


def test_text_that_is_too_low_is_noticed(tmp_path, monkeypatch):
    """The measure of this file: without heights for wrapped text its words are found over others."""
    from eligibility.present import workbook

    monkeypatch.setattr(workbook, "tall", lambda values, fields: 15.0)
    fields = (Field("Text", "prose", 20),)
    data = book("x", made("index")[0].as_of, [Sheet("x", fields, [(LONG,), (LONG,)])])
    assert any(page.over() for page in printed(tmp_path, data))


@every
def test_a_line_across_the_sheet_is_as_high_as_its_text(tmp_path, family):
    fields = (Field("A", "text", 20), Field("B", "text", 20))
    above = [Line(LONG, kind) for kind in ("title", "quiet", "prose", "block")]
    data = book("x", made("index")[0].as_of, [Sheet("x", fields, [("a", "b")], above=above)])
    assert not any(page.over() for page in printed(tmp_path, lettered(data, family)))
