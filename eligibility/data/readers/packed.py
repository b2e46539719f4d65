"""A table inside the .zip its publisher gives, named as a path: WDI_CSV.zip/WDICSV.csv.

    given      the file on disk: the archive of such a path, any other path itself
    whole      the bytes of that file, as a stream
    contents   the bytes of the table itself, as a stream
    entries    what an archive holds, once its own list was found harmless

Nothing is unpacked to disk. An entry is read as a stream and never beyond the size the archive states for it.
"""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import IO, BinaryIO, cast

from eligibility.errors import DataError, Problem
from eligibility.files import opened

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


def whole(path: Path) -> io.BufferedReader:
    """The bytes of the file on disk that a path leads to, as a stream; the caller closes it."""
    outer = given(path)
    try:
        return opened.stream(outer, LARGEST_FILE)
    except OSError as error:
        raise DataError(Problem(outer.name, "file", "must be readable", got=error.strerror or "")) from None


def contents(path: Path, largest: int = LARGEST_FILE) -> io.BufferedReader:
    """The bytes of a file, or of an archive's table, as a stream that the caller closes; DataError beyond `largest`."""
    outer = given(path)
    if outer == path:
        stream = whole(path)
        if (size := os.fstat(stream.fileno()).st_size) > largest:
            stream.close()
            raise DataError(opened.too_large(path.name, largest, size))
        return stream
    entry = entries(outer).get(path)
    if entry is None:
        raise DataError(Problem(outer.name, "archive", "must hold the table", path.name))
    if entry.file_size > largest:
        raise DataError(opened.too_large(path.name, largest, entry.file_size))
    try:
        archive = whole(outer)
        return _Entry(zipfile.ZipFile(archive).open(entry), archive)
    except UNREADABLE as error:
        raise broken(path, error) from None


class _Entry(io.BufferedReader):
    """The bytes of an entry; closed, it lets go of its archive too."""

    def __init__(self, entry: IO[bytes], archive: BinaryIO):
        super().__init__(cast(io.RawIOBase, entry), SMALL)  # it reads into a buffer as one does
        self.archive = archive

    def close(self) -> None:
        """Closes both."""
        super().close()
        self.archive.close()


def broken(path: Path, error: Exception) -> DataError:
    """What to raise where an archive turns out to be damaged."""
    hint = "download it again"
    return DataError(Problem(given(path).name, "file", "must be a whole .zip archive", str(error), hint))


def entries(path: Path) -> dict[Path, zipfile.ZipInfo]:
    """The files of an archive as paths, folders and the leavings of a Mac passed over; DataError if it is not plain."""
    try:
        with whole(path) as stream, zipfile.ZipFile(stream) as archive:
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
