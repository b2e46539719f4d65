"""Typed cells in, the bytes of an xlsx workbook out: no formula, no link, no clock.

Text is only ever written as text, so what looks like a formula, a link or a number stays what it was. What is
missing has no cell. The same sheets give the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import NamedTuple

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from eligibility.pages.wording import plain

LONGEST = 32_767  # UTF-16 units that a cell may hold
CUT = " … (cut here: a cell holds no more; result.json and criteria.yaml have the whole)"
FIRST_DAY = date(1900, 3, 1)  # before it spreadsheets disagree on what day a number is
A4 = 9  # as spreadsheets number paper
_OPTIONS = {
    "in_memory": True,  # else files lie about on disk, and their times in the archive
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_FORMATS = {
    "head": {"bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#EDEDED"},
    "label": {"bold": True, "text_wrap": True},
    "text": {},
    "prose": {"text_wrap": True},
    "truth": {"align": "left"},
    "whole": {"num_format": "0"},
    "score": {"num_format": "0.000"},
    "number": {},  # with as many decimals as it has
    "share": {"num_format": "[=0]0%;[=1]100%;0.00%"},  # never is told from almost never, always likewise
    "day": {"num_format": "yyyy-mm-dd", "align": "left"},
}


class Field(NamedTuple):
    """A column of a sheet: its heading, what kind of value it holds, its width in characters.

    kind   text | prose (wrapped) | label | truth | whole | number | score | share (0 to 1, shown in per cent) | day
           | figure N (N decimals) | indent N (prose, N steps in)
    """

    name: str
    kind: str
    width: int


class Cell(NamedTuple):
    """A value whose kind is not that of its column."""

    value: object
    kind: str


class Sheet(NamedTuple):
    """A table under one heading row, which stays in sight with the first `frozen` columns."""

    name: str
    fields: Sequence[Field]
    rows: Iterable[Sequence[object]]
    frozen: int = 0


def book(title: str, day: date, sheets: Iterable[Sheet]) -> bytes:
    """A workbook of these sheets; `day` stands where a program would write the time at which it was made."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as made:
        made.set_properties({"title": text(title)[:255], "created": datetime.combine(day, time())})
        styles = _Styles(made)
        for sheet in sheets:
            _write(made.add_worksheet(sheet.name), sheet, styles)
    return _stored(out)


def _stored(packed: io.BytesIO) -> bytes:
    """The same archive uncompressed: its bytes depend on no version of zlib and on no operating system."""
    out = io.BytesIO()
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part.create_system = 0
            new.writestr(part, old.read(name))
    return out.getvalue()


def text(value: object) -> str:
    """Text as a cell holds it: what cannot be seen made visible, cut with a word where a cell holds no more.

    >>> text("=1+1"), text("a\\u202eb"), text("<r>bold</r>")
    ('=1+1', 'aU+202Eb', '<r>bold</r> ')
    """
    said = plain(value)
    if said.startswith("<r>") and said.endswith("</r>"):
        said += " "  # xlsxwriter takes text of this shape for markup of its own making and does not escape it
    if len(said) > LONGEST // 2 and len(units := said.encode("utf-16-le")) > 2 * LONGEST:
        said = units[: 2 * (LONGEST - len(CUT))].decode("utf-16-le", errors="ignore") + CUT
    return said


class _Styles(dict):
    """Kind of value -> the format of its cells, made when first asked for."""

    def __init__(self, made: xlsxwriter.Workbook):
        super().__init__()
        self.made = made

    def __missing__(self, kind: str) -> Format:
        word, _, number = kind.partition(" ")
        if word == "figure":
            own = {"num_format": f"#,##0.{'0' * int(number)}".rstrip(".")}
        elif word == "indent":
            own = {**_FORMATS["prose"], "indent": int(number)}
        else:
            own = _FORMATS[word]
        self[kind] = self.made.add_format({**own, "valign": "top"})
        return self[kind]


def _write(target: Worksheet, sheet: Sheet, styles: _Styles) -> None:
    """Fills a worksheet."""
    for column, field in enumerate(sheet.fields):
        target.write_string(0, column, text(field.name), styles["head"])
        target.set_column(column, column, field.width)
    usual, last = [styles[field.kind] for field in sheet.fields], 0
    for last, values in enumerate(sheet.rows, start=1):
        for column, (value, style) in enumerate(zip(values, usual, strict=True)):
            if isinstance(value, Cell):
                value, style = value.value, styles[value.kind]
            if value is not None and value != "":
                _put(target, last, column, value, style)
    target.freeze_panes(1, sheet.frozen)
    target.autofilter(0, 0, last, len(usual) - 1)
    target.set_landscape()
    target.set_paper(A4)
    target.repeat_rows(0)


def _put(target: Worksheet, row: int, column: int, value: object, style: Format) -> None:
    """Writes one cell by the type of its value."""
    if isinstance(value, bool):
        target.write_boolean(row, column, value, style)
    elif isinstance(value, float | int):
        target.write_number(row, column, value, style)
    elif isinstance(value, date) and value >= FIRST_DAY:
        target.write_datetime(row, column, value, style)
    else:
        target.write_string(row, column, text(value), style)
