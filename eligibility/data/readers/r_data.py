"""A data frame out of a file that R saved (.RData), as text by column; read with the package `rdata`, of the extra `fetch`.

R files are read whole: V-Dem's takes near 3 GB of memory for some seconds. Only the columns wanted are made text.
"""

from __future__ import annotations

import bz2
import gzip
import importlib.util
import lzma
import zlib
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

from eligibility.data.readers import packed
from eligibility.errors import DataError, Problem

LARGEST = 3 << 30  # bytes once unpacked; V-Dem's has near one thousand million
_PACKED: dict[bytes, Callable[[Any], Any]] = {
    b"\x1f\x8b": lambda f: gzip.GzipFile(fileobj=f),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ": lzma.LZMAFile,
}


def lacking() -> Problem | None:
    """What must be installed before an R file can be read; None where it is."""
    if importlib.util.find_spec("rdata"):
        return None
    hint = "install it with `pip install 'eligibility[fetch]'`, or download the CSV file by hand"
    return Problem("rdata", "package", "must be installed to read a file of R", hint=hint)


def frame(path: Path, keys: Collection[str], wanted: Collection[str]) -> dict[str, list[str]]:
    """The key columns and those wanted that are there, of the first data frame with all keys; '' stands for NA.

    Numbers are written so that they read back as the same float.
    """
    import rdata

    content = _content(path)
    try:
        whole = rdata.parser.parse_data(content).object
        del content
        for _, value in _pairs(whole):
            columns = dict(zip(_names(value), value.value, strict=True)) if _names(value) else {}
            if set(keys) <= columns.keys():
                names = [*keys, *(name for name in columns if name in wanted and name not in keys)]
                return {name: _text(columns[name]) for name in names}
    except Exception as error:  # of a damaged file the package raises whatever it stumbles over
        raise _no(path, "must be a file that R saved", repr(error)) from None
    raise _no(path, f"must hold a data frame with the columns {', '.join(keys)}")


def _content(path: Path) -> bytes:
    """The bytes of the file, unpacked, once they are found to be no more than they may be."""
    try:
        with packed.contents(path) as file:
            first = file.read(6)
            file.seek(0)
            unpacked = next((how(file) for mark, how in _PACKED.items() if first.startswith(mark)), file)
            content = unpacked.read(LARGEST + 1)
    except (OSError, EOFError, lzma.LZMAError, zlib.error) as error:
        raise _no(path, "must be a whole file", str(error)) from None
    if len(content) > LARGEST:
        raise _no(path, f"at most {LARGEST} bytes once unpacked")
    if not content.startswith((b"RDX2\n", b"RDX3\n")):
        raise _no(path, "must be a file that R saved", repr(content[:20]))
    return content


def _pairs(node: Any) -> Iterator[tuple[str, Any]]:
    """The names and values of one of R's pair lists: the objects of a file, the attributes of an object."""
    while node is not None and node.tag is not None:
        symbol = node.tag.referenced_object or node.tag
        value, node = node.value
        yield symbol.value.value.decode(), value


def _names(value: Any) -> list[str]:
    """The column names of a data frame; none of anything else."""
    attributes = dict(_pairs(value.attributes)) if isinstance(value.value, list) else {}
    return _text(attributes["names"]) if {"names", "row.names"} <= attributes.keys() else []


def _text(column: Any) -> list[str]:
    """The cells of a column: text, classes by name, or numbers."""
    if isinstance(column.value, list):
        return ["" if cell.value is None else _decoded(cell.value) for cell in column.value]
    cells = column.value.tolist()  # None for NA among whole numbers
    if levels := dict(_pairs(column.attributes)).get("levels"):
        levels = _text(levels)
        return ["" if cell is None else levels[cell - 1] for cell in cells]
    return ["" if cell is None or cell != cell else repr(cell) for cell in cells]


def _decoded(text: bytes) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return text.decode("latin-1")


def _no(path: Path, rule: str, got: str = "") -> DataError:
    return DataError(Problem(path.name, "file", rule, got, "fetch it again"))
