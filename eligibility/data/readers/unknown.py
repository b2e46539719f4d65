"""What to say of a file that no reader knows: what its first bytes show it to be, and what to do about it.

foreign   a problem where the file can be no table of any publisher: a page, a picture, an old workbook
nearest   the problem of a table that no reader takes: whose it is, how it is separated, or whose layout comes nearest

Each says what the file is and what to do; neither guesses at figures.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from eligibility.data.readers import Head, archive, family_sheet, strict, wdi_json
from eligibility.errors import Problem

AS_CSV = "open it in a spreadsheet and save it as 'CSV UTF-8 (comma delimited)'"
AGAIN = "download the data file itself again"
_OLE = b"\xd0\xcf\x11\xe0"
_BYTES = (  # first bytes, what they are, what to do
    (_OLE, "an old Excel workbook (.xls), or one locked with a password", "open it and save it as .xlsx"),
    (b"%PDF", "a PDF document", "download the publisher's data file, not its report"),
    (b"\x1f\x8b", "a file packed with gzip", "unpack it first; from R, write it with write.csv(..., na='')"),
    (b"7z\xbc\xaf", "a 7-Zip archive", "unpack it first"),
    (b"Rar!", "a RAR archive", "unpack it first"),
    (b"RDX", "an R data file", "write it from R with write.csv(..., na='')"),
    (b"<stata_dta>", "a Stata file", "download the publisher's CSV"),
    (b"$FL2", "an SPSS file", "download the publisher's CSV"),
    (b"PAR1", "a Parquet file", "download the publisher's CSV"),
)
_MESSAGE = re.compile(r'"message".*?"value"\s*:\s*"([^"]{1,200})"')  # how the World Bank's service says no
_DECIMAL_COMMA = re.compile(r"-?[0-9]+,[0-9]+")
_DATABANK = re.compile(r"[0-9]{4} \[YR[0-9]{4}\]")
# column names, folded, or the beginning of a file's name -> whose file that no reader reads, and which columns of a table of scorecards it fills
_UNREAD = (
    (("weosubjectcode",), "World Economic Outlook of the International Monetary Fund", "fiscal_policy"),
    (
        ("tradefreedom", "investmentfreedom"),
        "Index of Economic Freedom of the Heritage Foundation",
        "trade_policy",
    ),
    (("dbyear",), "Doing Business archive of the World Bank", "access_to_credit or business_start_up"),
    (("nrpi-chi",), "workbook of CIESIN, Columbia University", "natural_resource_protection or child_health"),
)
MOST_SHEETS, MOST_ROWS = 20, 20  # looked at for columns
LONG = 8  # letters of a publisher's code that nobody else's column happens to have


def foreign(path: Path, head: Head) -> Problem | None:
    """What a file of no table is and what to do; None where it may be one."""
    start = head.start
    for first, what, hint in _BYTES:
        if start.startswith(first):
            return _is(path, what, hint)
    if start.startswith(archive.UTF_16):
        return _unread(path, [start.decode("utf-16", "ignore")]) or _is(path, "text in UTF-16", AS_CSV)
    if start.startswith(archive.ZIP):
        if path.suffix.lower() == ".xlsx":
            return None
        if b"[Content_Types].xml" in start or b"xl/workbook.xml" in start:
            return _is(path, "an Excel workbook under another name", "give it a name that ends in .xlsx")
        if b"mimetypeapplication/vnd.oasis" in start:
            return _is(path, "an OpenDocument spreadsheet", "open it and save it as .xlsx")
        if path.suffix.lower() == ".zip":
            return None
        return _is(path, "a .zip archive under another name", "give it a name that ends in .zip")
    text = start.removeprefix(codecs.BOM_UTF8).lstrip()[:512].lower()
    if not text.strip():
        return _is(path, "empty", AGAIN)
    if text.startswith((b"<!doctype html", b"<html")) or b"<html" in text:
        return _is(path, "a web page (HTML)", f"the address gave a page and no data: {AGAIN}")
    if text.startswith(b"<?xml"):
        return _is(path, "XML", "download the publisher's CSV or .xlsx")
    if text.startswith((b"{", b"[")) and not wdi_json.page(head):
        said = _MESSAGE.search(head.text[:2000])
        got = f"JSON that says {said[1]!r}" if said else "JSON"
        return _is(path, got, "download the publisher's CSV or .xlsx")
    if path.suffix.lower() == ".xlsx":
        return _is(path, "no workbook but text", "give it a name that ends in .csv")
    return None


def nearest(path: Path, head: Head, readers: Mapping[str, Any]) -> Problem:
    """Why no reader takes this table: how it is separated, a layout that is known but not read, or who comes nearest."""
    rows = map("".join, _rows(path, head)) if head.sheets else head.text.splitlines()[:MOST_ROWS]
    whose = _unread(path, rows)
    return whose or _separated(path, head) or _layout(path, head) or _publisher(path, head, readers)


def _unread(path: Path, rows: Iterable[str]) -> Problem | None:
    """Whose file it is where MCC's cards rest on it and no reader reads it, and how its figures come in nonetheless."""
    told = [path.name.casefold(), *map(_folded, rows)]
    for marks, whose, columns in _UNREAD:
        if any(all(mark in row for mark in marks) for row in told):
            hint = (
                "put the figures you need into a table of your own (iso3, year, value) and import it with --series, or as "
                f"{columns} into a table mcc-scorecards-YYYY.csv, as mcc-scorecard reads them"
            )
            return Problem(
                path.name, "file", "must be a publisher's release that a reader knows", f"the {whose}", hint
            )
    return None


def _is(path: Path, what: str, hint: str) -> Problem:
    return Problem(path.name, "file", "must be a publisher's table, as .csv or .xlsx", what, hint)


def _separated(path: Path, head: Head) -> Problem | None:
    """What separates the cells where it is no comma."""
    if head.sheets:
        return None
    lines = [line for line in head.text.splitlines()[:MOST_ROWS] if line.strip()]
    first = lines[0] if lines else ""
    if first.lower().startswith("sep="):
        rule = "must begin with its column names"
        return Problem(
            f"{path.name}:1", "first line", rule, first, "delete the line 'sep=...' that Excel wants"
        )
    mark, named = max(
        ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")), key=lambda one: first.count(one[0])
    )
    if first.count(mark) <= first.count(","):
        return None
    cells = {cell.strip() for line in lines[1:] for cell in line.split(mark)}
    commas = " with decimal commas" if any(_DECIMAL_COMMA.fullmatch(cell) for cell in cells) else ""
    points = " and decimal points" if commas else ""
    hint = f"save it as CSV with commas between cells{points}, or download the publisher's own file"
    return Problem(path.name, "cells", "must be separated by commas", f"{named}{commas}", hint)


def _layout(path: Path, head: Head) -> Problem | None:
    """A layout that publishers offer beside the one that is read."""
    columns = head.columns
    if "Series Code" in columns or "Time Code" in columns or any(_DATABANK.fullmatch(c) for c in columns):
        rule = "must be an export of World Development Indicators with countries and series in rows, years in columns"
        hint = (
            "this is DataBank's export in another layout or of another database: set Layout to time in columns, "
            "or download the bulk file (WDI_CSV.zip, WGI_CSV.zip)"
        )
        return Problem(path.name, "file", rule, hint=hint)
    return None


def _publisher(path: Path, head: Head, readers: Mapping[str, Any]) -> Problem:
    """Whose layout shares most columns with the file, which it lacks, and what stands above them in a CSV file."""
    best: tuple[bool, float, int] = (False, 0.0, 0)
    family, top, lacks = "", 0, list[str]()
    for place, row in enumerate(_rows(path, head)):
        here = {_folded(cell) for cell in row if cell}
        for one, layout, figures in _layouts(readers):
            shared = sum(_folded(name) in here for name in layout)
            likeness = (not figures.isdisjoint(here), shared / len(layout), shared)
            if shared and likeness > best:
                best, family = likeness, one
                lacks = [name for name in layout if _folded(name) not in here]
                top = 0 if head.sheets else place
    shared = best[2]
    got = f"sheets {', '.join(head.sheets)}" if head.sheets else f"columns {', '.join(head.columns)}"
    hint = ""
    if family and (shared > 1 or len(lacks) <= 1):
        lacking = ", ".join(repr(name) for name in lacks)
        own = "import the publisher's own file as it was downloaded"
        said = f"; of its columns it lacks {lacking}" if lacks else f", laid out in another way: {own}"
        hint = f"the nearest is {family_sheet(family)['publisher']} ({family}){said}"
        if top:
            hint += f", or delete {f'the {top} rows' if top > 1 else 'the row'} above its column names"
    return Problem(path.name, "file", "must be a publisher's release that a reader knows", got, hint)


def _rows(path: Path, head: Head) -> Iterator[Iterable[str]]:
    """The rows that may be a header: the first few of a CSV file, or of each sheet."""
    if not head.sheets:
        yield from islice(head.records(), MOST_ROWS)
        return
    for sheet in head.sheets[:MOST_SHEETS]:
        yield from strict.xlsx_rows(path, sheet)[:MOST_ROWS]


def _layouts(readers: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...], set[str]]]:
    """Each reader's layouts: the columns by which it knows its files, and the columns that no other publisher has."""
    for family, reader in readers.items():
        codes = {_folded(entry["publisher_code"]) for entry in family_sheet(family)["series"].values()}
        for layout in getattr(reader, "LAYOUTS", ()):
            yield family, tuple(layout), {code for code in codes if len(code) >= LONG}


def _folded(name: str) -> str:
    return "".join(name.split()).replace("_", "").casefold()
