"""A table inside the .zip its publisher gives, named as a path: WDI_CSV.zip/WDICSV.csv.

    given      the file on disk: the archive of such a path, any other path itself
    contents   the bytes of either, as a stream
    regular    the same path, once it is a regular file and not too large
    entries    what an archive holds, once its own list was found harmless

Nothing is unpacked to disk. An entry is read as a stream and never beyond the size the archive states for it.
"""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from eligibility.errors import DataError, Problem

LARGEST_FILE = 1 << 30  # bytes on disk; V-Dem's is near 40 MB, the World Bank's near 280 MB
MOST_ENTRIES = 2_000
STEEPEST = 100  # times an entry may grow when unpacked, once it is larger than SMALL
SMALL = 1 << 20
ARCHIVES = (".zip", ".xlsx", ".xlsm", ".gz", ".7z", ".rar", ".jar")
UNREADABLE = (  # what damage makes zipfile raise
    zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, struct.error
)  # fmt: skip


def given(path: Path) -> Path:
    """The file on disk that a path leads to: the archive, where the path goes on inside it.

    >>> given(Path("no-such-folder/V-Dem.csv")).name
    'V-Dem.csv'
    """
    inside = (parent for parent in path.parents if parent.suffix.lower() == ".zip")
    return next((parent for parent in inside if parent.is_file()), path)


def contents(path: Path) -> BinaryIO:
    """The bytes of a file, or of an archive's table, as a stream; the caller closes it."""
    outer = given(path)
    if outer == path:
        return open(path, "rb")
    entry = entries(outer).get(path)
    if entry is None:
        raise DataError(Problem(outer.name, "archive", "must hold the table", path.name))
    try:
        with zipfile.ZipFile(outer) as archive:  # it closes with its last stream
            return io.BufferedReader(archive.open(entry), SMALL)
    except UNREADABLE as error:
        raise broken(path, error) from None


def regular(path: Path, largest: int) -> Path:
    """The same path, once it is a regular file of at most `largest` bytes: no pipe, device or folder."""
    outer = given(path)
    try:
        found = os.stat(outer)
    except OSError as error:
        raise DataError(Problem(path.name, "file", "must be readable", got=error.strerror or "")) from None
    if not stat.S_ISREG(found.st_mode):
        raise DataError(Problem(path.name, "file", "must be a regular file"))
    size = found.st_size if outer == path else entries(outer)[path].file_size
    if size > largest:
        raise DataError(Problem(path.name, "file", f"at most {largest} bytes", got=str(size)))
    return path


def broken(path: Path, error: Exception) -> DataError:
    """What to raise where an archive turns out to be damaged."""
    hint = "download it again"
    return DataError(Problem(given(path).name, "file", "must be a whole .zip archive", str(error), hint))


def entries(path: Path) -> dict[Path, zipfile.ZipInfo]:
    """The files of an archive as paths, folders and the leavings of a Mac passed over; DataError if it is not plain."""
    try:
        with zipfile.ZipFile(path) as archive:
            every = archive.infolist()
    except UNREADABLE as error:
        raise broken(path, error) from None
    if rule := unfit(every):
        raise DataError(Problem(path.name, "archive", rule))
    return {
        path / entry.filename: entry
        for entry in every
        if not entry.is_dir()
        and not any(part.startswith((".", "__MACOSX")) for part in Path(entry.filename).parts)
    }


def unfit(every: Sequence[zipfile.ZipInfo]) -> str:
    """The rule that an archive's own list of entries breaks, or ''."""
    if len(every) > MOST_ENTRIES:
        return f"at most {MOST_ENTRIES} entries"
    if any(entry.file_size > max(SMALL, STEEPEST * entry.compress_size) for entry in every):
        return f"no entry may grow more than {STEEPEST} times when unpacked"
    if any(entry.flag_bits & 1 for entry in every):
        return "no encryption"
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in every):
        return "no compression but deflate"
    if len({entry.filename.lower() for entry in every}) < len(every):
        return "no two entries of one name"
    if any(entry.filename.startswith("/") or ".." in Path(entry.filename).parts for entry in every):
        return "no entry may lie outside the archive"
    return ""
