"""The rows of a CSV file as text, none longer than a publisher's, the last one whole."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from eligibility.data.readers import archive, packed
from eligibility.errors import DataError, Problem

LONGEST_LINE = 4 << 20  # characters; V-Dem's rows are near 50,000
MOST_ENDS = 1_000  # different last cells by which an unfinished last row is judged
NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")


def csv_rows(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(line number, cells) of each row; DataError where bytes or quotes are wrong."""
    with packed.contents(path) as content:
        if content.read(4) == archive.ZIP:
            rule = "must be CSV, as the publisher's own file is"
            hint = "save its sheet as 'CSV UTF-8 (comma delimited)'"
            raise DataError(Problem(path.name, "file", rule, "a workbook", hint))
    wanted = "utf-8-sig" if encoding == "utf-8" else encoding
    with io.TextIOWrapper(packed.contents(path), encoding=wanted, errors="strict", newline="") as content:
        ends = _Ends()
        reader = csv.reader(_lines(content, path.name, ends), delimiter=delimiter, strict=True)
        read = 0
        try:
            for row in reader:
                read = reader.line_num
                if row:
                    ends.see(row[-1])
                yield read, row
            if not ends.whole():
                rule = "must end in a line break: its last cell may have been cut off"
                hint = "download it again; if it is whole, put a line break at its end"
                raise DataError(Problem(f"{path.name}:{read}", "row", rule, ends.last, hint))
        except csv.Error as error:
            # where the row begins: an open quote is noticed only at the end of the file
            place = f"{path.name}:{read + 1}"
            raise DataError(Problem(place, "row", "must be well-formed CSV", got=str(error))) from None
        except UnicodeDecodeError:
            raise DataError(_wrong_encoding(path, encoding)) from None
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise packed.broken(path, error) from None


class _Ends:
    """How the rows of a file end, to tell whether its last one is whole where no line break ends it.

    It is where a quote closes it, where each row's last cell is as long as it, or where it is a word that other rows
    end in and none ends in a longer one. A number may always have had another digit.
    """

    def __init__(self) -> None:
        self.line = "\n"  # the last one read
        self.last = ""  # the last cell of the last row
        self.rows = -1  # before it, the first not counted: it names the columns
        self.lengths: set[int] = set()
        self.words: set[str] = set()

    def see(self, cell: str) -> None:
        """Notes the last cell of the next row."""
        if self.rows > 0:
            self.lengths.add(len(self.last))
            if len(self.words) < MOST_ENDS:
                self.words.add(self.last)
        self.rows, self.last = self.rows + 1, cell

    def whole(self) -> bool:
        """Whether the last row is known to be all there."""
        if self.rows <= 0 or self.line.endswith(("\n", "\r", '"')) or self.lengths == {len(self.last)}:
            return True
        if not self.last or NUMBER.fullmatch(self.last) or len(self.words) == MOST_ENDS:
            return False
        return [word for word in self.words if word.startswith(self.last)] == [self.last]


def _lines(content: TextIO, file: str, ends: _Ends) -> Iterator[str]:
    """The lines of a file, none so long that reading it could exhaust the machine."""
    number = 0
    while line := content.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE:
            raise DataError(Problem(f"{file}:{number}", "row", f"at most {LONGEST_LINE} characters"))
        if "\0" in line:
            raise DataError(Problem(f"{file}:{number}", "row", "no NUL bytes"))
        ends.line = line
        yield line


def _wrong_encoding(path: Path, encoding: str) -> Problem:
    """The first line that is not in the encoding, and what the file probably is."""
    with packed.contents(path) as lines:
        start = lines.read(2)
        if start in archive.UTF_16:
            return Problem(
                path.name, "file", f"must be {encoding}", hint="it looks like UTF-16; save it as UTF-8"
            )
        lines.seek(0)
        for line, content in enumerate(iter(lambda: lines.readline(LONGEST_LINE), b""), start=1):
            try:
                content.decode(encoding)
            except UnicodeDecodeError as error:
                got = content[max(error.start - 10, 0) : error.end + 10].decode("cp1252", errors="replace")
                hint = "it looks like Windows-1252 or Latin-1; save it as UTF-8"
                return Problem(f"{path.name}:{line}", "row", f"must be {encoding}", got=got, hint=hint)
    return Problem(path.name, "file", f"must be {encoding}")
