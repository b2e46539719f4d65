"""Typed cells in, a workbook out: every type comes back, text stays text, the same bytes twice."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from datetime import date, datetime
from xml.etree import ElementTree

import pytest

from eligibility.present.workbook import (
    CUT,
    HIGHEST,
    LONGEST,
    Cell,
    Field,
    Line,
    Sheet,
    _format,
    book,
    text,
    wrapped,
)

openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed (make test installs it)")

DAY = date(2016, 7, 1)
RUN = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    "-2+3",
    "{=1+1}",
    '=HYPERLINK("https://example.org","x")',
    "https://example.org",
    "mailto:a@example.org",
    "1e5",
    "007",
    "TRUE",
    "#N/A",
    "2016-07-01",
)
MARKUP = (
    "<script>alert(1)</script>",
    "</t></si><si><t>x",
    "<r><t>one</t></r>",
    "<r></r></si><si><r></r>",
    "&lt;b&gt; &amp; ]]>",
    "_x0041_",
    "<r>_x003C_</r>",
)
SEEN = (
    "مرحبا بالعالم",
    "Côte d’Ivoire",
    "  both ends  ",
    "two\nlines\tand a tab",
    "'quoted",
    "😀",
    "−0.3 ≥ ½",
)
UNSEEN = ("a\x00b\x07c", "a\rb", "\u202egnp.exe", "a\u200bb", "\ud800", "\ufeff=1+1", "\x1b[31m")


def column(*values: object, kind: str = "text") -> bytes:
    """A workbook of one column."""
    return book("Made up", DAY, [Sheet("one", (Field("value", kind, 10),), [(value,) for value in values])])


def read(data: bytes, sheet: str = "one") -> list:
    """The cells of the first column under its heading."""
    return [row[0] for row in openpyxl.load_workbook(io.BytesIO(data))[sheet].iter_rows(min_row=2)]


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def tags(tree: ElementTree.Element) -> set[str]:
    """The names of its elements."""
    return {element.tag.rpartition("}")[2] for element in tree.iter()}


def test_every_type_comes_back_as_it_was():
    values = ("text", 3, 0.25, -1e-7, 0, True, False, Cell(DAY, "day"), 2_000_000)
    cells = read(column(*values))
    assert [c.value for c in cells] == [*values[:7], datetime(2016, 7, 1), 2_000_000]
    assert [c.data_type for c in cells] == ["s", "n", "n", "n", "n", "b", "b", "d", "n"]


def test_what_is_missing_has_no_cell_at_all():
    sheet = parts(column(None, "", 0, "x"))["xl/worksheets/sheet1.xml"]
    assert re.findall(r'<c r="(\w+)"', sheet) == ["A1", "A4", "A5"]


@pytest.mark.parametrize("said", [*RUN, *MARKUP, *SEEN])
def test_text_stays_the_text_it_was(said):
    (cell,) = read(column(said))
    assert cell.data_type == "s"
    assert cell.value == (said + " " if said.startswith("<r>") and said.endswith("</r>") else said)
    assert cell.hyperlink is None


@pytest.mark.parametrize("said", UNSEEN)
def test_what_cannot_be_seen_is_shown(said):
    (cell,) = read(column(said))
    assert re.search(r"U\+[0-9A-F]{4}", cell.value) and cell.value == text(said)
    assert cell.value.isprintable()


def units(said: str) -> int:
    return len(said.encode("utf-16-le")) // 2


@pytest.mark.parametrize("letter", ["x", "é", "<", "😀"])
@pytest.mark.parametrize("more", [-1, 0, 1, 2, 50_000])
def test_what_no_cell_can_hold_is_cut_and_says_so(letter, more):
    said = letter * ((LONGEST + more) // units(letter))
    (cell,) = read(column(said))
    if units(said) <= LONGEST:
        assert cell.value == said
    else:
        assert cell.value.endswith(CUT) and units(cell.value) >= LONGEST - 1
        assert set(cell.value.removesuffix(CUT)) == {letter}
    assert units(cell.value) <= LONGEST


def test_markup_as_long_as_a_cell_is_no_markup_either():
    for more in range(-3, 4):
        said = "<r>" + "x" * (LONGEST - 7 + more) + "</r>"
        strings = parts(column(said))["xl/sharedStrings.xml"]
        assert tags(ElementTree.fromstring(strings)) == {"sst", "si", "t"}


def test_no_text_becomes_an_element_a_formula_or_a_link():
    data = column(*RUN, *MARKUP, *SEEN, *UNSEEN, "\uffff", "\ufffe")
    found = parts(data)
    trees = {name: ElementTree.fromstring(content) for name, content in found.items()}
    every = set().union(*map(tags, trees.values()))
    assert not every & {"f", "hyperlink", "hyperlinks", "r", "externalReference", "dde", "oleLink"}
    assert tags(trees["xl/sharedStrings.xml"]) == {"sst", "si", "t"}
    assert not [name for name in found if "external" in name.lower() or name.endswith(".bin")]
    assert 'TargetMode="External"' not in "".join(found.values())


@pytest.mark.parametrize("said", [*RUN, *MARKUP, *SEEN, *UNSEEN])
def test_a_title_and_a_heading_are_only_text_too(said):
    data = book(said, DAY, [Sheet("one", (Field(said, "text", 10),), [("x",)])])
    opened = openpyxl.load_workbook(io.BytesIO(data))
    assert opened["one"]["A1"].value == text(said) and opened["one"]["A1"].data_type == "s"
    title = parts(data)["docProps/core.xml"]
    assert tags(ElementTree.fromstring(title)) >= {"title", "created"}
    assert opened.properties.title.replace("_x005F", "").strip() == text(said).strip()


def test_the_kind_of_a_column_is_the_format_of_its_cells():
    kinds = ("whole", "share", "score", "figure 0", "figure 2", "day")
    rows = [(7, 0.5, 0.5, 1234.0, 1234.5, DAY), (Cell(0.5, "score"), None, None, None, None, None)]
    sheet = opened(Sheet("one", [Field(k, k, 9) for k in kinds], rows))["one"]
    formats = [cell.number_format.replace("_)", "") for cell in sheet[2]]  # the gap after a number
    assert formats == ["0", "[=0]0%;[=1]100%;0.00%", "0.000", "#,##0", "#,##0.00", "yyyy-mm-dd"]
    assert sheet["A3"].number_format == "0.000_)_)"


def test_the_headings_stay_in_sight_and_filter():
    rows = [(i, i) for i in range(5)]
    fields = (Field("a", "whole", 9), Field("b", "whole", 31))
    sheet = opened(Sheet("one", fields, rows, frozen=1))["one"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", "A1:B6")
    assert sheet.column_dimensions["B"].width == pytest.approx(31, abs=1)


def test_a_row_of_another_length_is_refused():
    with pytest.raises(ValueError):
        book("t", DAY, [Sheet("one", (Field("a", "whole", 9),), [(1, 2)])])


def test_a_day_that_no_spreadsheet_knows_is_text():
    first, known = read(column(date(1899, 12, 31), date(1900, 3, 1), kind="day"))
    assert first.value == "1899-12-31" and known.value == datetime(1900, 3, 1)


def test_the_bytes_depend_on_no_clock_system_or_compressor():
    data = column(*RUN, 1, DAY)
    assert data == column(*RUN, 1, DAY)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        for part in archive.infolist():
            assert part.date_time == (1980, 1, 1, 0, 0, 0)
            assert (part.create_system, part.compress_type) == (0, zipfile.ZIP_STORED)
    core = parts(data)["docProps/core.xml"]
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2016-07-01T00:00:00Z"}


def opened(*sheets: Sheet):
    return openpyxl.load_workbook(io.BytesIO(book("Made & up", DAY, sheets)))


def test_a_row_has_the_height_of_its_longest_text_and_never_more_than_a_row_may_have():
    fields = (Field("a", "prose", 10), Field("b", "text", 10), Field("c", "whole", 8))
    rows = [
        ("one", "x" * 200, 1),
        ("several words that do not fit", "x", 1),
        ("y" * 9000, "x", 1),
        (None, None, 1),
    ]
    sheet = opened(Sheet("one", fields, rows))["one"]
    heights = [sheet.row_dimensions[n].height for n in range(1, 6)]
    # text that is not wrapped is one line
    assert heights[0] == heights[1] == heights[4] < heights[2] < heights[3] <= HIGHEST
    assert wrapped("several words that do not fit", 10) == 3 and wrapped("two\nlines", 30) == 2
    assert wrapped("word", 30) == 1 and wrapped("", 5) == 1 and wrapped("宽" * 10, 11.0) == 2


def test_lines_and_groups_stand_over_the_headings_and_are_only_text():
    fields = [Field(f"f{n}", "figure 1", 40) for n in range(9)]
    groups = [("=1+1", 2), ("two", 2), ("three", 4)]
    sheet = opened(Sheet("one", fields, [list(range(9))], 1, [Line("@SUM(A1)", "title")], groups))["one"]
    assert [sheet["A1"].value, sheet["B2"].value, sheet["D2"].value, sheet["F2"].value] == ["@SUM(A1)", "=1+1", "two", "three"]  # fmt: skip
    assert {str(r) for r in sheet.merged_cells.ranges} == {"A1:C1", "B2:C2", "D2:E2", "F2:I2"}
    assert all(cell.data_type == "s" for cell in (sheet["A1"], sheet["B2"]))
    assert (sheet.freeze_panes, sheet.print_title_rows, sheet.print_title_cols) == ("B4", "$2:$3", "$A:$A")
    assert [b.id for b in sheet.col_breaks.brk] == [3, 5]  # a page holds one such group, and none is torn


def test_a_sheet_is_fitted_to_the_width_of_a_page_and_its_foot_names_it():
    sheet = opened(
        Sheet("A & B", (Field("a", "prose", 90), Field("b", "prose", 90)), [("x", "y")], printed=1)
    )["A & B"]
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0
    assert sheet.print_area == "'A & B'!$A$1:$A$2" and sheet.page_setup.paperSize == 9
    assert "A && B · Made && up" in str(sheet.oddFooter.left.text)


def test_a_chance_shows_whole_per_cent_and_never_rounds_a_doubt_away():
    nearly, whole, finer = (
        _format(kind)["num_format"].replace("_)", "") for kind in ("nearly", "percent 0", "percent 1")
    )
    assert (nearly, whole, finer) == ('[<=0.005]"<1%";[>=0.995]">99%";0%', "0%", "0.0%")


def test_nothing_of_one_workbook_gets_into_the_next():
    code = (
        "from datetime import date; from eligibility.present.workbook import Field, Sheet, book;"
        "made = [book('t', date(2016, 7, 1), [Sheet('one', [Field('a', 'prose', 9)], [('x',)])]) for _ in range(3)];"
        "print(len(set(made)), b'<scheme' in made[0], b'\"Arial\"' in made[0])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "False", "True"]
