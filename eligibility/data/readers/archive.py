"""Workbooks opened only after their archive was found harmless.

An XLSX file is a ZIP archive of XML: a few kilobytes can unpack to gigabytes, or carry macros. Every entry is
counted, measured and unpacked once under a cap before the workbook reader sees the file.

    workbook     the workbook, opened
    sheet_rows   one of its sheets as text; a cell in error says so
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook

from eligibility.data.readers import packed
from eligibility.errors import DataError, Problem, quoted

LARGEST_FILE = 100 << 20  # bytes on disk
LARGEST_TOTAL = 200 << 20  # bytes unpacked
CHUNK = 1 << 20
MOST_CELLS = 20_000_000  # of the rectangle a sheet spans; the largest release here spans 4 million
EMPTIEST = 100  # times as many cells as are filled a sheet may span, once it spans more than MANY_CELLS
MANY_CELLS = 1_000_000
_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]*)([0-9]*)""")
_CELL = re.compile(  # neither part runs into the next cell, so that the search takes no longer than the text
    rb"<(?:\w+:)?c\b((?:[^<>/]|/(?!>))*)>((?:[^<]|<(?!/?(?:\w+:)?c\b))*)</(?:\w+:)?c\s*>"
)
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_ERROR = re.compile(rb"""\st\s*=\s*["']e["']""")
_SHOWN = re.compile(rb"<(?:\w+:)?v\s*>([^<]*)<")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
ZIP = b"PK\3\4"  # how an archive begins, and a workbook, which is one


def workbook(path: Path) -> CalamineWorkbook:
    """The workbook, opened for reading values."""
    inspect(path)
    try:
        with packed.contents(path, LARGEST_FILE) as content:
            return CalamineWorkbook.from_object(io.BytesIO(content.read(LARGEST_FILE + 1)))
    except (CalamineError, OSError, ValueError) as error:
        raise DataError(Problem(path.name, "file", "must be an XLSX workbook", got=str(error))) from None


def sheet_rows(path: Path, book: CalamineWorkbook, sheet: str) -> list[list[str]]:
    """A whole sheet as text, row 1 first.

    The workbook reader gives an error such as #REF!, and a formula never calculated, as empty; here they show.
    """
    try:
        cells = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise DataError(Problem(path.name, f"sheet '{sheet}'", "must be readable", got=str(error))) from None
    rows = [[cell_text(cell) for cell in row] for row in cells]
    for row, column, text in _without_value(path, sheet):
        if row <= len(rows) and column <= len(rows[row - 1]):
            rows[row - 1][column - 1] = text
    return rows


def inspect(path: Path) -> None:
    """Raise DataError unless the archive is small, plain, whole and without macros."""
    try:
        with packed.contents(path, LARGEST_FILE) as content, zipfile.ZipFile(content) as archive:
            entries = archive.infolist()
            if rule := _unfit(entries):
                raise DataError(Problem(path.name, "archive", rule))
            for entry in entries:
                if rule := _unsound(archive, entry):
                    raise DataError(Problem(path.name, f"archive entry '{quoted(entry.filename)}'", rule))
    except packed.UNREADABLE as error:
        raise DataError(Problem(path.name, "file", "must be a whole XLSX workbook", got=str(error))) from None


def cell_text(cell: object) -> str:
    """A cell as text: '' if empty, a whole number without '.0', a date in ISO form.

    >>> cell_text(1996.0), cell_text(-1.25), cell_text(".."), cell_text(None)
    ('1996', '-1.25', '..', '')
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, (datetime.date, datetime.time)) else str(cell)


def _unfit(entries: list[zipfile.ZipInfo]) -> str:
    """The rule the archive's own list of entries breaks, or ''."""
    if rule := packed.unfit(entries):
        return rule
    if sum(entry.file_size for entry in entries) > LARGEST_TOTAL:
        return f"at most {LARGEST_TOTAL} bytes when unpacked"
    if any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
        return "no macros"
    if any(entry.filename.lower().endswith(packed.ARCHIVES) for entry in entries):
        return "no archive inside the archive"
    return ""


def _unsound(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> str:
    """The rule this entry's content breaks, or ''; a false size or checksum raises BadZipFile on the way.

    Any entry may be named as a sheet, whatever its own name ends in.
    """
    width, height, filled = 1, 1, 0
    for piece in _pieces(archive, entry):
        # A DTD can define entities that grow without bound; no workbook needs one.
        if b"<!DOCTYPE" in piece:
            return "no document type definition"
        if piece.startswith(UTF_16) and entry.filename.lower().endswith((".xml", ".rels")):
            return "no text but UTF-8"
        # Two cells in opposite corners make a reader lay out every cell between them.
        places = _PLACE.findall(piece)
        filled += len(places)
        columns, rows = {letters for letters, _ in places}, {digits for _, digits in places}
        if any(len(letters) > 3 for letters in columns) or any(len(digits) > 7 for digits in rows):
            return f"no sheet may span more than {MOST_CELLS} cells"
        width = max(width, *map(_column, columns)) if columns else width
        height = max(height, *(int(digits or 0) for digits in rows)) if rows else height
        if width * height > MOST_CELLS:
            return f"no sheet may span more than {MOST_CELLS} cells"
    if width * height > max(MANY_CELLS, EMPTIEST * filled):
        return f"no sheet of more than {MANY_CELLS} cells may be nearly empty"
    return ""


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """An entry's content in pieces that end with a tag, so that none is cut in two."""
    with archive.open(entry) as content:
        open_tag: list[bytes] = []
        while chunk := content.read(CHUNK):
            end = chunk.rfind(b">") + 1
            if end:
                yield b"".join((*open_tag, chunk[:end]))
                open_tag = []
            open_tag.append(chunk[end:])
        yield b"".join(open_tag)


def _without_value(path: Path, sheet: str) -> Iterator[tuple[int, int, str]]:
    """Row, column and what shows (#REF!, #N/A) of each cell of a sheet in error or with a bare formula."""
    with packed.contents(path, LARGEST_FILE) as content, zipfile.ZipFile(content) as archive:
        part = _part(archive, sheet)
        if part is None:
            raise DataError(Problem(path.name, f"sheet '{sheet}'", "must be where the workbook says it is"))
        cells = archive.read(part)
    if not _ERROR.search(cells) and not _FORMULA.search(cells):
        return
    for attributes, inner in (match.groups() for match in _CELL.finditer(cells)):
        error, shown = _ERROR.search(attributes), _SHOWN.search(inner)
        if not error and (shown or not _FORMULA.search(inner)):
            continue
        place = _PLACE.search(attributes)
        text = shown[1].decode(errors="replace") if shown else "a formula without its value"
        if not place or not place[1] or not place[2]:
            raise DataError(Problem(path.name, f"sheet '{sheet}'", "every cell must have a value", got=text))
        yield int(place[2]), _column(place[1]), text


def _part(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The archive's entry that a sheet of this name is, None if the workbook points to none."""
    entries = {name.lower(): name for name in archive.namelist()}

    def elements(name: str, tag: str) -> list[dict[str, str]]:
        """The attributes, without their namespaces, of each element of this tag."""
        root = ElementTree.fromstring(archive.read(entries[name]))
        found = (element for element in root.iter() if element.tag.rpartition("}")[2] == tag)
        return [{key.rpartition("}")[2]: value for key, value in one.items()} for one in found]

    try:
        ids = {one.get("name"): one.get("id") for one in elements("xl/workbook.xml", "sheet")}
        targets = {one.get("Id"): one for one in elements("xl/_rels/workbook.xml.rels", "Relationship")}
        target = targets[ids[sheet]]["Target"].lstrip("/")
    except (LookupError, ValueError, ElementTree.ParseError):  # an unknown encoding is a LookupError
        return None
    return entries.get((target if target.lower().startswith("xl/") else f"xl/{target}").lower())


@cache
def _column(letters: bytes) -> int:
    """The number of a column: A is 1, XFD is 16384; 0 where a place names only its row."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - ord("A") + 1
    return number
