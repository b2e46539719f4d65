r"""The one way a file is opened for reading: a regular file, never waited for, never past its cap.

    stream    the file, open, for what is too large to hold
    content   all of its bytes
    text      the same as UTF-8, each line ending in \n
    rows      of a table of ours, each row by the names of its columns

A link is followed, and what it leads to is held to the same rules; sealed runs refuse links (seal.py). What is read
is the file that was looked at: its kind and size are asked of the open file, not of its name.
"""

from __future__ import annotations

import csv
import io
import os
import stat
from pathlib import Path

from eligibility.errors import DataError, InputError, Problem

REGISTER = 4 << 20  # bytes of a table of ours: countries, thresholds, the map; the largest has 400 KiB
TABLE = 32 << 20  # of a source's values.csv; the largest shipped has 1.4 MiB
SEALED = 256 << 20  # of a file of a run
# O_NONBLOCK: opening a pipe nobody writes to must not wait for ever. O_NOCTTY: nor may a terminal take hold.
_HOW = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_NOCTTY", "O_BINARY", "O_CLOEXEC"))


def stream(path: Path, most: int, name: str = "", refusal: type[InputError] = DataError) -> io.BufferedReader:
    """The file, open for reading bytes; the caller closes it.

    most      bytes it may have
    name      how a refusal calls it; its own name if empty
    refusal   raised where it is no regular file or too large; OSError where it cannot be opened

    """
    where = name or path.name
    handle = os.open(path, _HOW)
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise refusal(
                Problem(where, "file", "must be a regular file", hint="not a folder, pipe or device")
            )
        if found.st_size > most:
            raise refusal(too_large(where, most, found.st_size))
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def content(path: Path, most: int, name: str = "", refusal: type[InputError] = DataError) -> bytes:
    """All bytes of the file; refused as by `stream`, and where it grows past `most` while it is read.

    >>> content(Path(__file__), REGISTER)[4:7]
    b'The'
    """
    with stream(path, most, name, refusal) as file:
        read = file.read(most + 1)
    if len(read) > most:
        raise refusal(too_large(name or path.name, most))
    return read


def text(path: Path, most: int = REGISTER, name: str = "", refusal: type[InputError] = DataError) -> str:
    """The file as UTF-8 text; UnicodeDecodeError where it is none."""
    return content(path, most, name, refusal).decode("utf-8").replace("\r\n", "\n")


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a table of ours: a CSV file of at most 4 MiB, each row by the names of its columns."""
    return list(csv.DictReader(io.StringIO(text(path)), strict=True))


def too_large(where: str, most: int, size: int | None = None) -> Problem:
    """What to say of a file with more than `most` bytes."""
    return Problem(where, "file", f"must be at most {most:,} bytes", "" if size is None else f"{size:,}")
