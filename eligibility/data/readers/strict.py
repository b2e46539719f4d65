"""Strict reading: a file is read exactly as its publisher writes it, or refused with file, row, column and rule.

    read_csv            the wanted columns of a CSV file as a `Table` of text, each row with its place
    csv_header          its column names
    xlsx_rows, sheets   a whole sheet of a workbook as text, of which grids.Sheet makes a `Table`
    number, year        the two grammars; nothing is coerced

A `Table` turns text into numbers, years and countries, collects every problem, and `check` raises them at once.
"""

from __future__ import annotations

import codecs
import difflib
import itertools
import math
import os
import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import SupportsIndex

import numpy as np
from python_calamine import CalamineWorkbook

from eligibility.data import countries
from eligibility.data.readers import archive, packed
from eligibility.data.readers.csv_rows import NUMBER, csv_rows
from eligibility.errors import DataError, Problem, quoted

Years = Sequence[int] | np.ndarray  # one a row

FIRST_YEAR, LAST_YEAR = 1900, 2100
MOST_PROBLEMS = 500  # a file with more is not that publisher's file; reading stops there
MOST_ROWS = 100_000  # of a CSV file; V-Dem's longest has 28,000
MOST_CELLS = 4_000_000  # kept of one; of V-Dem's 2 million are wanted
MOST_TEXT = 64 << 20  # characters in them; of the World Bank's bulk file 30 million are wanted

_NO_FIGURE = frozenset(
    {"na", "n/a", "#n/a", "nan", "..", ".", "...", "-", "null", "none", "missing", "#n/d", "nd"}
)
_YEAR = re.compile(r"[0-9]{4}")
_YEAR_AS_DECIMAL = re.compile(r"([0-9]{4})(\.0+)?")


def number(text: str) -> float:
    """The finite number a plain decimal spells; ValueError with the rule otherwise.

    >>> number("-1.48e0")
    -1.48
    >>> number("1,234")
    Traceback (most recent call last):
    ValueError: a plain decimal number
    """
    if not NUMBER.fullmatch(text):
        raise ValueError("a plain decimal number")
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("a finite number")
    return value


def year(text: str, decimal: bool = False, first: int = FIRST_YEAR) -> int:
    """The year four digits spell, `first` to 2100; `decimal` also takes "1970.0", for files that write years so.

    >>> year("1970.0", decimal=True)
    1970
    """
    matched = (_YEAR_AS_DECIMAL if decimal else _YEAR).fullmatch(text)
    if not matched or not first <= int(text[:4]) <= LAST_YEAR:
        raise ValueError(f"a year from {first} to {LAST_YEAR}, in four digits")
    return int(text[:4])


class Table:
    """The wanted columns of one file as text, row by row, and every problem found in them so far.

    text   column name -> the cells of that column, as written
    line   the row of the file each came from, counted from 1
    rest   the rows that `read_csv` was told not to keep, with few columns; their problems are told with these
    """

    rest: Table

    def __init__(self, file: str, columns: Sequence[str]):
        self.file = file
        self.text: dict[str, list[str]] = {name: [] for name in columns}
        self.line: list[int] = []
        self.problems: list[Problem] = []

    def __len__(self) -> int:
        return len(self.line)

    def place(self, row: SupportsIndex, column: str) -> tuple[str, int, str]:
        """Where a cell stands: the file (and sheet), the row of it, the column."""
        return self.file, self.line[row], column

    def refuse(self, row: SupportsIndex, column: str, rule: str, got: object = "", hint: str = "") -> None:
        """Note one problem of the row at this position."""
        _note(self.problems, f"{self.file}:{self.line[row]}", f"column '{column}'", rule, got, hint)

    def check(self) -> None:
        """Raise what was noted, if anything was."""
        if self.problems:
            raise DataError(self.problems)

    def keep(self, rows: Iterable[bool]) -> None:
        """Let go of the rows where the mask is False; what the caller counts as left out."""
        self.line = list(itertools.compress(self.line, rows))
        self.text = {name: list(itertools.compress(cells, rows)) for name, cells in self.text.items()}

    def numbers(
        self, column: str, missing: Iterable[str] = ("",), lo: float = -math.inf, hi: float = math.inf
    ) -> np.ndarray:
        """The column as floats inside [lo, hi], NaN where the cell is one of `missing`."""
        absent = frozenset(missing)
        values = np.full(len(self), np.nan)
        for row, cell in enumerate(self.text[column]):
            if cell in absent:
                continue
            try:
                values[row] = value = number(cell)
            except ValueError as error:
                self.refuse(row, column, f"must be {error}", cell, _why_no_number(cell))
                continue
            if not lo <= value <= hi:
                self.refuse(row, column, f"must lie between {lo:g} and {hi:g}", cell)
        return values

    def years(self, column: str, decimal: bool = False, first: int = FIRST_YEAR) -> np.ndarray:
        """The column as integer years from `first` to 2100; 0 stands where a year was refused."""
        values = np.zeros(len(self), dtype=int)
        for row, cell in enumerate(self.text[column]):
            try:
                values[row] = year(cell, decimal, first)
            except ValueError as error:
                self.refuse(row, column, f"must be {error}", cell)
        return values

    def countries(
        self,
        column: str,
        scheme: str,
        names: str = "",
        years: Years | None = None,
        rows: Iterable[int] | None = None,
    ) -> list[str | None]:
        """Each row's ISO3 code; None for what the register lists as no country (an aggregate, a lost state).

        names   the column of names, where the table has one: a name that means another country is refused
        years   one a row, where a code or name is another state's in another year (Yugoslavia after 1991)
        rows    only these are looked up, by default all
        """
        register = countries.register()
        known: dict[tuple[str, int | None], str | None] = {}
        found: list[str | None] = [None] * len(self)
        for row in range(len(self)) if rows is None else rows:
            key = code, then = self.text[column][row], None if years is None else int(years[row])
            if key not in known:
                try:
                    known[key] = register.resolve(code, scheme, then)
                except countries.UnknownCode as error:
                    known[key] = None
                    what = "name" if scheme == "name" else "code"
                    rule = f"must be a {what} the register knows in scheme '{scheme}'"
                    self.refuse(row, column, rule, code, error.hint)
            found[row] = known[key]
        if names in self.text:
            self.check_names(column, names, found)
        return found

    def check_names(self, column: str, names: str, found: Sequence[str | None]) -> None:
        """Refuse each row whose name means another country than `found`, what its code was found to be.

        A spelling the register does not know is no reason to refuse: the key is the code.
        """
        register = countries.register()
        meant: dict[str, str | None] = {}
        for row, (code, name, iso3) in enumerate(
            zip(self.text[column], self.text[names], found, strict=True)
        ):
            if name not in meant:
                meant[name] = register.means(name)
            if meant[name] is None or meant[name] == iso3:
                continue
            whose = f"{code}, {register.name(iso3)}" if iso3 else f"{code}, and no country's"
            self.refuse(row, names, f"must be the name of its code, {whose}", name, "rows may have slipped")

    def once(self, column: str, *keys: Sequence[object]) -> None:
        """Refuse a row whose keys an earlier row already has; a row with None among its keys is passed over."""
        first: dict[tuple[object, ...], int] = {}
        for row, key in enumerate(zip(*keys, strict=True)):
            if None in key:
                continue
            earlier = first.setdefault(key, row)
            if earlier != row:
                said = " ".join(str(part) for part in key)
                self.refuse(
                    row, column, f"must be the only row for it; row {self.line[earlier]} has it too", said
                )


def read_csv(
    path: Path,
    wanted: Sequence[str],
    *,
    optional: Sequence[str] = (),
    encoding: str = "utf-8",
    header: int = 1,
    delimiter: str = ",",
    once: Sequence[str] = (),
    only: tuple[str, Callable[[str], bool]] | None = None,
    rest: Sequence[str] = (),
    most: int = MOST_ROWS,
) -> Table:
    """The wanted columns, and those of `optional` that the file has, read row by row.

    once   columns whose cells together no two rows share; a second one is told as it is read, and not kept
    only   a column, and which of its cells mark a row that is kept; of any other, the columns `rest` go to `Table.rest`
    most   rows the file may have

    Rows must have as many cells as the header; empty lines may only end the file, and the last row must be whole. Only
    the wanted cells are kept, so thousands of columns cost time and no memory.
    """
    rows = csv_rows(path, encoding, delimiter)
    names = next((row for line, row in rows if line >= header), [])
    table, places = _table(path.name, header, names, wanted, optional)
    keep = list(zip(table.text.values(), places, strict=True))
    key = [names.index(name) for name in once]
    seen: dict[tuple[str, ...], int] = {}
    mark, kept = (names.index(only[0]), only[1]) if only else (0, None)
    table.rest = Table(path.name, rest)
    table.rest.problems = table.problems
    others = [(cells, names.index(name)) for name, cells in table.rest.text.items()]
    same: dict[str, str] = {}  # rows not kept say the same few words again and again
    read, length, room, blank = 0, 0, MOST_CELLS // max(len(keep), 1), 0
    for line, row in rows:
        if not row:
            blank = blank or line
            continue
        if blank:
            _note(table.problems, f"{path.name}:{blank}", "row", "must not be empty before the last row")
            blank = 0
        if len(row) != len(names):
            _note(table.problems, f"{path.name}:{line}", "row", f"must have {len(names)} cells", len(row))
            continue
        read += 1
        if read > most or len(table.line) >= room:
            said = (
                f"at most {most:,} rows" if read > most else f"at most {room:,} rows of {len(keep)} columns"
            )
            raise DataError([*table.problems, Problem(f"{path.name}:{line}", "file", f"must have {said}")])
        if key:
            same_key = tuple(row[place] for place in key)
            if (earlier := seen.setdefault(same_key, line)) != line:
                rule = f"must be the only row for it; row {earlier} has it too"
                _note(table.problems, f"{path.name}:{line}", f"column '{once[0]}'", rule, " ".join(same_key))
                continue
        if kept is None or kept(row[mark]):
            table.line.append(line)
            for cells, place in keep:
                cells.append(row[place])
                length += len(row[place])
        else:
            table.rest.line.append(line)
            for cells, place in others:
                cells.append(same.setdefault(row[place], row[place]))
                length += len(row[place])
        if length > MOST_TEXT:
            rule = f"must have at most {MOST_TEXT:,} characters in the columns that are read"
            raise DataError([*table.problems, Problem(f"{path.name}:{line}", "file", rule)])
    return table


def csv_header(
    path: Path, *, encoding: str = "utf-8", header: int = 1, delimiter: str = ","
) -> tuple[str, ...]:
    """The column names of a CSV file."""
    return tuple(next((row for line, row in csv_rows(path, encoding, delimiter) if line >= header), []))


def sheets(path: Path) -> tuple[str, ...]:
    """The names of a workbook's sheets, in order."""
    return tuple(_opened(path)[0].sheet_names)


def xlsx_rows(path: Path, sheet: str | None = None) -> list[list[str]]:
    """A whole sheet as text, row 1 first; a whole number is written without '.0', a date as 2024-03-07."""
    book, rows = _opened(path)
    if not book.sheet_names:
        raise DataError(Problem(path.name, "file", "must be a workbook with a sheet"))
    name = sheet if sheet is not None else book.sheet_names[0]
    if name not in book.sheet_names:
        raise DataError(
            Problem(path.name, f"sheet '{name}'", "must be there", hint=near(name, book.sheet_names))
        )
    if name not in rows:
        rows[name] = archive.sheet_rows(path, book, name)
    return rows[name]


def _opened(path: Path) -> tuple[CalamineWorkbook, dict[str, list[list[str]]]]:
    """A workbook and those of its sheets that were read so far."""
    with packed.whole(path) as content:
        found = os.fstat(content.fileno())
    return _workbook(path, found.st_ino, found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=1)  # a file that was recognised is read right after
def _workbook(path: Path, *_: int) -> tuple[CalamineWorkbook, dict[str, list[list[str]]]]:
    return archive.workbook(path), {}


def encoding(path: Path) -> str:
    """UTF-8 where the whole file is that, with or without its mark, else Latin-1, in which every byte is a letter."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with packed.contents(path) as content:
        try:
            while piece := content.read(archive.CHUNK):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "latin-1"
    return "utf-8"


def _table(
    file: str, header: int, names: Sequence[str], wanted: Sequence[str], optional: Sequence[str]
) -> tuple[Table, list[int]]:
    """An empty table and the position of each of its columns; DataError if the header cannot serve."""
    place = f"{file}:{header}"
    problems: list[Problem] = []
    seen: set[str] = set()
    for name in names:
        if name and name in seen:
            _note(problems, place, f"column '{quoted(name)}'", "must be there once")
        seen.add(name)
    for name in wanted:
        if name not in seen:
            _note(problems, place, f"column '{name}'", "must be there", hint=near(name, names))
    if problems:
        raise DataError(problems)
    columns = [*wanted, *(name for name in optional if name in seen)]
    return Table(file, columns), [names.index(name) for name in columns]


def _note(
    problems: list[Problem], where: str, what: str, rule: str, got: object = "", hint: str = ""
) -> None:
    """Keep one more problem, each once; stop reading when there are too many to be useful."""
    if (problem := Problem(where, what, rule, got=str(got), hint=hint)) not in problems:
        problems.append(problem)
    if len(problems) >= MOST_PROBLEMS:
        raise DataError(problems)


def _why_no_number(cell: str) -> str:
    """What a cell that is no number probably is, and what to do about it; '' where that cannot be told."""
    if cell.strip().casefold() in _NO_FIGURE:
        return "an empty cell is a missing figure; export with na=''"
    if cell.strip() != cell:
        return "blanks stand around it"
    if re.fullmatch(r"[+-]?[0-9]+,[0-9]+", cell):
        return "numbers are written with a decimal point and nothing between thousands"
    return ""


def near(name: str, names: Sequence[str]) -> str:
    """A hint with the closest of the names that are there."""
    close = difflib.get_close_matches(name, [other for other in names if other], n=1)
    return f"did you mean '{quoted(close[0])}'?" if close else ""
