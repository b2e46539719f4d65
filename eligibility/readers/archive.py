"""Workbooks opened only after their archive was found harmless.

An XLSX file is a ZIP archive of XML: a few kilobytes can unpack to gigabytes, or carry macros. Every entry is
counted, measured and unpacked once under a cap before the workbook reader sees the file.
"""

from __future__ import annotations

import datetime
import re
import zipfile
import zlib
from functools import cache
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from eligibility.errors import DataError, Problem

LARGEST_FILE = 100 << 20  # bytes on disk
LARGEST_TOTAL = 200 << 20  # bytes unpacked
MOST_ENTRIES = 2_000
STEEPEST = 100  # times an entry may grow when unpacked, once it is larger than SMALL
SMALL = 1 << 20
CHUNK = 1 << 20
MOST_CELLS = 20_000_000  # of the rectangle a sheet spans; the largest release here spans 4 million
_PLACE = re.compile(rb"""\sr=["']([A-Z]{0,3})([0-9]{1,7})["']""")
ARCHIVES = (".zip", ".xlsx", ".xlsm", ".gz", ".7z", ".rar", ".jar")


def workbook(path: Path) -> CalamineWorkbook:
    """The workbook, opened for reading values."""
    inspect(path)
    try:
        return CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError, ValueError) as error:
        raise DataError(Problem(path.name, "file", "must be an XLSX workbook", got=str(error))) from None


def inspect(path: Path) -> None:
    """Raise DataError unless the archive is small, plain, whole and without macros."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if rule := _unfit(entries):
                raise DataError(Problem(path.name, "archive", rule))
            for entry in entries:
                if rule := _unsound(archive, entry):
                    raise DataError(Problem(path.name, f"archive entry '{entry.filename}'", rule))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
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
    if len(entries) > MOST_ENTRIES:
        return f"at most {MOST_ENTRIES} entries"
    if sum(entry.file_size for entry in entries) > LARGEST_TOTAL:
        return f"at most {LARGEST_TOTAL} bytes when unpacked"
    if any(entry.file_size > SMALL and entry.file_size > STEEPEST * entry.compress_size for entry in entries):
        return f"no entry may grow more than {STEEPEST} times when unpacked"
    if any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
        return "no macros"
    if any(entry.filename.lower().endswith(ARCHIVES) for entry in entries):
        return "no archive inside the archive"
    if any(entry.flag_bits & 1 for entry in entries):
        return "no encryption"
    return ""


def _unsound(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> str:
    """The rule this entry's content breaks, or ''; a false size or checksum raises BadZipFile on the way."""
    markup = entry.filename.lower().endswith((".xml", ".rels"))
    width, height = 1, 1
    with archive.open(entry) as content:
        before = b""
        while chunk := content.read(CHUNK):
            piece = before + chunk
            # A DTD can define entities that grow without bound; no workbook needs one.
            if markup and b"<!DOCTYPE" in piece:
                return "no document type definition"
            # Two cells in opposite corners make a reader lay out every cell between them.
            for letters, row in _PLACE.findall(piece) if markup else ():
                width, height = max(width, _column(letters)), max(height, int(row))
            if width * height > MOST_CELLS:
                return f"no sheet may span more than {MOST_CELLS} cells"
            before = piece[-32:]
    return ""


@cache
def _column(letters: bytes) -> int:
    """The number of a column: A is 1, XFD is 16384; 0 where a place names only its row."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number
