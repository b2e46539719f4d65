"""Typed cells in, the bytes of an xlsx workbook out: no formula, no link, no clock.

Text is only ever written as text, so what looks like a formula, a link or a number stays what it was. What is
missing has no cell. Every row is as high as its wrapped text needs, so that none lies over the next: spreadsheets
do not all work that out themselves. Every sheet prints with its headings on each page. The same sheets give the
same bytes.
"""

from __future__ import annotations

import io
import math
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from functools import cache, lru_cache
from typing import Any, NamedTuple

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from eligibility.pages.wording import plain

LONGEST = 32_767  # UTF-16 units that a cell may hold
CUT = " … (cut here: a cell holds no more; result.json and criteria.yaml have the whole)"
FIRST_DAY = date(1900, 3, 1)  # before it spreadsheets disagree on what day a number is
A4 = 9  # as spreadsheets number paper
# no font of a theme, which could be another
FONT = {"font_name": "Arial", "font_size": 10, "font_scheme": "none"}
LINE, EDGE, HIGHEST = (
    13.0,
    3.0,
    409.0,
)  # points: a line of that font, what a row adds, the most a row may have
LINES = int((HIGHEST - EDGE) / LINE)
# columns of the width of a digit that a landscape A4 page holds at SCALE, in the widest usual font
PAPER = 128.0
SCALE = 80  # per cent, of sheets too wide for one page
_OPTIONS = {
    "in_memory": True,  # else files lie about on disk, and their times in the archive
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_WRAPPED = {"text_wrap": True}
# keeps a number apart from the text of the next column; an indent is lost on paper by LibreOffice
_GAP = "_)_)"
_HEAD = {"bold": True, **_WRAPPED, "bottom": 1, "bg_color": "#EDEDED"}
_FORMATS: dict[str, dict[str, Any]] = {
    "head": _HEAD,
    "number-head": {**_HEAD, "align": "center"},
    "group": {"bold": True, **_WRAPPED, "bg_color": "#EDEDED", "left": 1, "left_color": "#999999"},
    "title": {"bold": True, "font_size": 16, **_WRAPPED},
    "block": {"bold": True, "font_size": 11, **_WRAPPED, "top": 1, "bg_color": "#F6F6F6"},
    "label": {"bold": True, **_WRAPPED},
    "text": {},
    "prose": _WRAPPED,
    "quiet": {**_WRAPPED, "font_color": "#444444"},
    "truth": {"align": "left"},
    "whole": {"num_format": f"0{_GAP}"},
    "score": {"num_format": f"0.000{_GAP}"},
    "number": {"num_format": f"General{_GAP}"},  # with as many decimals as it has
    "share": {"num_format": f"[=0]0%{_GAP};[=1]100%{_GAP};0.00%{_GAP}"},  # never is told from almost never
    # likewise, in whole per cent
    "nearly": {"num_format": f'[<=0.005]"<1%"{_GAP};[>=0.995]">99%"{_GAP};0%{_GAP}'},
    "day": {"num_format": "yyyy-mm-dd", "align": "left"},
}
_BREADTHS = {"ijlI.,;:'!|‘’ ": 0.5, "frt()[]-/": 0.66, "cksvxyz": 0.92, "w": 1.3, "mM%": 1.6, "W@—…&": 1.85}
# than plain letters
_LARGER = {"title": 1.7, "block": 1.2, "head": 1.08, "number-head": 1.2, "group": 1.08, "label": 1.08}


class Field(NamedTuple):
    """A column of a sheet: its heading, what kind of value it holds, its width in characters.

    kind   text | prose (wrapped) | label | quiet | truth | whole | number | score | share (0 to 1, shown in per cent)
           | nearly (0 to 1, "<1%" and ">99%" at the ends) | percent N (0 to 1, N decimals) | day
           | figure N (N decimals) | indent N (prose, N steps in) | title | block | head
    """

    name: str
    kind: str
    width: int


class Cell(NamedTuple):
    """A value whose kind is not that of its column."""

    value: object
    kind: str


class Line(NamedTuple):
    """A row that is one text, across the whole sheet."""

    text: str
    kind: str


class Sheet(NamedTuple):
    """A table under its headings, which stay in sight with the first `frozen` columns and are on every printed page.

    above     lines over the headings
    groups    a heading over several columns each, after the frozen ones: text and how many. Such a sheet is printed a
              page of groups beside the other, the frozen columns on each; any other is fitted to the width of a page
    printed   how many columns are printed, 0 for all
    filters   whether the headings offer to sort and filter
    """

    name: str
    fields: Sequence[Field]
    rows: Iterable[Sequence[object] | Line]
    frozen: int = 0
    above: Sequence[Line] = ()
    groups: Sequence[tuple[str, int]] = ()
    printed: int = 0
    filters: bool = True


Styled = Callable[[str], Format]  # kind of value -> the format of its cells


def book(title: str, day: date, sheets: Iterable[Sheet]) -> bytes:
    """A workbook of these sheets; `day` stands where a program would write the time at which it was made."""
    out = io.BytesIO()
    usual = {"default_format_properties": dict(FONT)}  # a copy: the library adds to what it is given
    with xlsxwriter.Workbook(out, {**_OPTIONS, **usual}) as made:
        made.set_properties({"title": text(title)[:255], "created": datetime.combine(day, time())})
        styled = cache(lambda kind: made.add_format({**FONT, **_format(kind), "valign": "top"}))
        for sheet in sheets:
            _write(made.add_worksheet(sheet.name), sheet, styled, title)
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


def _format(kind: str) -> dict[str, Any]:
    """What the cells of a kind look like."""
    word, _, number = kind.partition(" ")
    if word == "figure":
        return {"num_format": f"#,##0.{'0' * int(number)}".rstrip(".") + _GAP}
    if word == "percent":
        return {"num_format": f"0.{'0' * int(number)}".rstrip(".") + f"%{_GAP}"}
    return {**_WRAPPED, "align": "left", "indent": int(number)} if word == "indent" else _FORMATS[word]


def _write(target: Worksheet, sheet: Sheet, styled: Styled, title: str) -> None:
    """Fills a worksheet."""
    for column, field in enumerate(sheet.fields):
        target.set_column(column, column, field.width)
    row, page = 0, sheet.fields[: next(iter(_breaks(sheet)), None)]
    for row, line in enumerate(sheet.above, start=1):
        _across(target, row - 1, line, styled, page)
    first = row  # of the headings
    if sheet.groups:
        _groups(target, row, sheet, styled)
        row += 1
    _cells(target, row, headings(sheet.fields), sheet.fields, styled)
    top = row
    for row, values in enumerate(sheet.rows, start=top + 1):
        if isinstance(values, Line):
            _across(target, row, values, styled, sheet.fields)
        else:
            _cells(target, row, values, sheet.fields, styled)
    target.freeze_panes(top + 1, sheet.frozen)
    if sheet.filters:
        target.autofilter(top, 0, row, len(sheet.fields) - 1)
    _paper(target, sheet, first, top, row, title)


def _paper(target: Worksheet, sheet: Sheet, first: int, top: int, last: int, title: str) -> None:
    """How a worksheet is printed."""
    target.set_landscape()
    target.set_paper(A4)
    target.set_margins(left=0.4, right=0.4, top=0.45, bottom=0.6)
    target.repeat_rows(first, top)
    named, what = (text(said)[:90].replace("&", "&&") for said in (sheet.name, title))
    target.set_footer(f"&L&8{named} · {what}&R&8Page &P")
    shown = sheet.printed or len(sheet.fields)
    target.print_area(0, 0, last, shown - 1)
    if not sheet.groups:
        target.fit_to_pages(1, 0)
        return
    target.set_print_scale(SCALE)
    target.repeat_columns(0, sheet.frozen - 1)
    target.set_v_pagebreaks(_breaks(sheet))


def _breaks(sheet: Sheet) -> list[int]:
    """The columns at which a new page begins beside the last: as many whole groups as it holds."""
    kept = sum(field.width for field in sheet.fields[: sheet.frozen])
    breaks, column, used = [], sheet.frozen, kept
    for _, span in sheet.groups:
        width = sum(field.width for field in sheet.fields[column : column + span])
        if used + width > PAPER and used > kept:
            breaks.append(column)
            used = kept
        used, column = used + width, column + span
    return breaks


def _groups(target: Worksheet, row: int, sheet: Sheet, styled: Styled) -> None:
    """The headings over several columns each."""
    column, lines = sheet.frozen, 1
    for said, span in sheet.groups:
        wide = sum(field.width for field in sheet.fields[column : column + span])
        if span > 1:
            target.merge_range(row, column, row, column + span - 1, "", styled("group"))
        target.write_string(row, column, text(said), styled("group"))
        lines, column = max(lines, wrapped(text(said), wide / _LARGER["group"])), column + span
    target.set_row(row, height(lines))


def _across(target: Worksheet, row: int, line: Line, styled: Styled, fields: Sequence[Field]) -> None:
    """A row that is one text."""
    target.merge_range(row, 0, row, len(fields) - 1, "", styled(line.kind))
    target.write_string(row, 0, text(line.text), styled(line.kind))
    target.set_row(row, tall(line, fields))


def _cells(
    target: Worksheet, row: int, values: Sequence[object], fields: Sequence[Field], styled: Styled
) -> None:
    """A row of cells."""
    for column, (value, field) in enumerate(zip(values, fields, strict=True)):
        value, kind = value if isinstance(value, Cell) else (value, field.kind)
        if value is not None and value != "":
            _put(target, row, column, value, styled(kind))
    target.set_row(row, tall(values, fields))


def headings(fields: Sequence[Field]) -> list[Cell]:
    """The row of headings, over numbers at their side."""
    numbers = [str(_format(field.kind).get("num_format", "")).endswith(_GAP) for field in fields]
    return [Cell(f.name, "number-head" if n else "head") for f, n in zip(fields, numbers, strict=True)]


def tall(values: Sequence[object] | Line, fields: Sequence[Field]) -> float:
    """How many points high a row is: as high as the longest text that is wrapped in it."""
    if isinstance(values, Line):
        larger = _LARGER.get(values.kind, 1.0)
        lines = wrapped(text(values.text), sum(field.width for field in fields) / larger)
        return min(HIGHEST, height(lines) * larger)
    lines = 1
    for value, field in zip(values, fields, strict=True):
        value, kind = value if isinstance(value, Cell) else (value, field.kind)
        word, _, steps = kind.partition(" ")
        if isinstance(value, str) and "text_wrap" in _format(kind):
            inside = 2 * int(steps) if word == "indent" else 0
            lines = max(lines, wrapped(text(value), field.width / _LARGER.get(word, 1.0) - inside))
    return height(lines)


def height(lines: int) -> float:
    """How many points high a row of so many lines is."""
    return EDGE + LINE * min(lines, LINES)


@lru_cache(maxsize=65536)
def wrapped(said: str, width: float) -> int:
    """On how many lines a text comes to stand in a column, told for the widest of the usual fonts.

    >>> wrapped("one line", 20), wrapped("one line or two", 10), wrapped("x" * 35, 10), wrapped("a\\nb", 10)
    (1, 2, 4, 2)
    """
    room, lines = max(width - 0.7, 1.0), 0
    for paragraph in said.split("\n"):
        lines, used = lines + 1, 0.0
        for word in paragraph.split(" "):
            wide = sum(map(_breadth, word))
            if used and used + 0.5 + wide > room:
                lines, used = lines + 1, 0.0
            if wide > room:  # a word longer than the column is broken
                lines += math.ceil(wide / room) - 1
                wide %= room
            used += wide + (0.5 if used else 0.0)
    return lines


@lru_cache(maxsize=4096)
def _breadth(sign: str) -> float:
    """How wide a sign is, in digits; the widest it has in Arial, Calibri and DejaVu Sans."""
    if unicodedata.combining(sign):
        return 0.0
    if unicodedata.east_asian_width(sign) in "WF":
        return 2.0
    for signs, wide in _BREADTHS.items():
        if sign in signs:
            return wide
    return 1.25 if sign.isupper() else 1.0


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
