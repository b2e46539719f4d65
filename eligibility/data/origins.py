"""Where a figure stands in its publisher's file: kept beside the table of a source, read only when somebody asks.

    made      the content of origins.csv and what the sheet says of it, from the rows a reader gave
    read      the origins of a source, after their checksum was found to hold
    line      where an event of a dated list stands in it
    gaps      figures of a table that no row is on file for

A file lists runs: `place,iso3,first,last,row,to` says that the figures of a country stand in row `row` for the year
`first`, in row `to` for `last`, and evenly between, so that a row a country and a row a year both take one line.
A place is one table of one file and the series that share its rows; the sheet (`origins.places`) names its columns,
`{year}` and `{yy+1}` standing for the year of the figure and for the last two digits of the year after it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import pandas as pd

from eligibility.data.described import YEARS
from eligibility.data.sources import EVENTS, Source, understood
from eligibility.files import opened

ORIGINS = "origins.csv"
# the columns in which a reader says where a figure stands; line 0: nowhere
PLACE = ("table", "line", "column")
_HEAD = "place,iso3,first,last,row,to"
# what stands for a year in the title of a column: the year itself, or the last two digits of one so far ahead
_MARKS = {"{year}": 0, "{yy+1}": 1, "{yy+2}": 2}
_WORKBOOKS = (".xlsx", ".xlsm")


@dataclass(frozen=True)
class Origin:
    """One cell of a publisher's file.

    file     the file as it was given, which the sheet of the source lists with its checksum
    table    the table in that archive, or the sheet of that workbook; "" where the file is the table
    row      counted from 1
    column   its title
    """

    file: str
    table: str
    row: int
    column: str

    def __str__(self) -> str:
        """The cell in words, without the file.

        >>> str(Origin("wgidataset.xlsx", "sheet 'va'", 16, "estimate"))
        "sheet 'va', row 16, column 'estimate'"
        """
        book = self.file.lower().endswith(_WORKBOOKS) or self.table.lower().endswith(_WORKBOOKS)
        where = f"{'row' if book else 'line'} {self.row}, column '{self.column}'"
        return f"{self.table}, {where}" if self.table else where


Keys = dict[tuple[str, int], int]  # (iso3, year) -> row


def made(long: pd.DataFrame, files: Mapping[str, str]) -> tuple[bytes, dict[str, Any]]:
    """The content of origins.csv, and its entry of the sheet; nothing where the rows do not say where they stand.

    long    iso3, year, series, and where each stands (PLACE)
    files   name of a table's file -> the file it was given in: the archive, of a table inside one
    """
    if not set(PLACE) <= set(long.columns):
        return b"", {}
    by_table = sorted(long[long["line"] > 0].groupby("table", sort=False), key=lambda pair: pair[0])
    groups = [(table, *group) for table, rows in by_table for group in _groups(rows)]
    lines, places = [_HEAD], []
    for table, keys, columns in groups:
        file, inside = _split(table, files)
        places.append({"file": file, **({"table": inside} if inside else {}), "columns": columns})
        elsewhere = (
            theirs.keys() for _, theirs, other in groups if other is not columns and other.keys() & columns
        )
        runs = _runs(keys, set().union(*elsewhere))
        lines += [",".join(map(str, (len(places), *run))) for run in runs]
    content = ("\n".join(lines) + "\n").encode()
    return content, {"sha256": hashlib.sha256(content).hexdigest(), "places": places}


def _groups(rows: pd.DataFrame) -> list[tuple[Keys, dict[str, Any]]]:
    """The series of one table by the rows they stand in: those whose figures of a country and year share a row."""
    found: list[tuple[Keys, dict[str, Any]]] = []
    for name, own in rows.groupby("series", sort=False):
        cells = zip(own["iso3"].tolist(), own["year"].tolist(), strict=True)
        keys = dict(zip(((iso3, int(year)) for iso3, year in cells), map(int, own["line"]), strict=True))
        column = _column(dict(zip(map(int, own["year"]), own["column"], strict=True)), own["column"])
        for theirs, columns in found:
            shared = keys.keys() & theirs.keys()
            if shared and all(keys[key] == theirs[key] for key in shared):
                theirs.update(keys)
                columns[name] = column
                break
        else:
            found.append((keys, {name: column}))
    return found


def _column(by_year: Mapping[int, str], every: Iterable[str]) -> str | dict[int, str]:
    """The title of a series' column: the one there is, with the year left open, or one a year.

    >>> _column({1990: "hdi_1990", 1991: "hdi_1991"}, ["hdi_1990", "hdi_1991"])
    'hdi_{year}'
    >>> _column({2023: "FY25", 2024: "FY26"}, ["FY25", "FY26"])
    'FY{yy+2}'
    """
    if len(set(every)) == 1:
        return next(iter(by_year.values()))
    for mark in _MARKS:
        open_ = {re.sub(rf"(?<!\d){_titled(mark, year)}(?!\d)", mark, of) for year, of in by_year.items()}
        if len(open_) == 1 and mark in min(open_):
            return min(open_)
    return dict(sorted(by_year.items()))


def _titled(column: str | Mapping[int, str], year: int) -> str:
    """The title of the column that holds a year."""
    if not isinstance(column, str):
        return str(column.get(year, ""))
    for mark, ahead in _MARKS.items():
        column = column.replace(mark, f"{(year + ahead) % 100:02d}" if ahead else str(year))
    return column


def _split(table: str, files: Mapping[str, str]) -> tuple[str, str]:
    """The file as it was given, and what of it: a sheet, a table of an archive, or ""."""
    name = max((name for name in files if table.startswith(name)), key=len, default=table)
    inside = table.removeprefix(name).removeprefix(", ")
    given = files.get(name, name)
    return given, ", ".join(part for part in (name if name != given else "", inside) if part)


def _runs(keys: Keys, elsewhere: Set[tuple[str, int]]) -> Iterator[tuple[str, int, int, int, int]]:
    """Country, first and last year, and the rows of both, for each stretch whose rows lie evenly between.

    elsewhere   what the same series have in other tables: no stretch may span it
    """
    cells = sorted((iso3, year, row) for (iso3, year), row in keys.items())
    begin = 0
    while begin < len(cells):
        iso3, first, row = cells[begin]
        end = begin
        while end + 1 < len(cells) and cells[end + 1][0] == iso3:
            _, year, at = cells[end + 1]
            _, last, to = cells[end]
            if end > begin and (at - row) * (last - first) != (to - row) * (year - first):
                break
            if any((iso3, between) in elsewhere for between in range(last + 1, year)):
                break
            end += 1
        yield iso3, first, cells[end][1], row, cells[end][2]
        begin = end + 1


@dataclass(frozen=True)
class Origins:
    """The runs of one source, by country."""

    places: Sequence[Mapping[str, Any]]
    runs: Mapping[str, Sequence[tuple[int, ...]]]  # iso3 -> place, first, last, row, to

    def of(self, series: str, iso3: str, year: int) -> Origin | None:
        """The cell of a figure, by the short name of its series; None where it stands in no single cell."""
        for number, first, last, row, to in self.runs.get(iso3, ()):
            place = self.places[number - 1]
            if not first <= year <= last or series not in place["columns"]:
                continue
            ahead, rest = divmod((to - row) * (year - first), max(last - first, 1))
            if rest == 0:
                title = _titled(place["columns"][series], year)
                return Origin(place["file"], place.get("table", ""), row + ahead, title)
        return None


def read(source: Source) -> Origins | None:
    """Where the figures of a source stand; None for one that was compiled before that was kept, and for a list.

    IntegrityError where the file is not the one the sheet was made for, DataError where it is none.
    """
    if not source.origins:
        return None
    places = source.origins["places"]
    return understood(source, ORIGINS, source.origins["sha256"], lambda content: _read(content, places))


def _read(content: bytes, places: Sequence[Mapping[str, Any]]) -> Origins:
    runs: dict[str, list[tuple[int, ...]]] = {}
    for line in content.decode().splitlines()[1:]:
        number, iso3, *rest = line.split(",")
        place, first, last, row, to = map(int, (number, *rest))
        if not (0 < place <= len(places) and first in YEARS and last in YEARS):
            raise ValueError(f"no such place or year: {line}")
        runs.setdefault(iso3, []).append((place, first, last, row, to))
    return Origins(places, runs)


def line(source: Source, event: Sequence[str]) -> int:
    """The line of a dated list on which an event stands, counted from 1; 0 where it is not there."""
    rows = csv.reader(io.StringIO(opened.text(source.path / EVENTS, opened.TABLE), newline=""))
    return next((rows.line_num for row in rows if tuple(row) == tuple(event)), 0)


def gaps(source: Source, table: pd.DataFrame) -> int:
    """How many figures of series that stand in a place have no row on file."""
    if (kept := read(source)) is None:
        return 0
    covered: list[set[tuple[str, int]]] = [set() for _ in kept.places]
    for iso3, runs in kept.runs.items():
        for number, first, last, row, to in runs:
            span = max(last - first, 1)
            years = (y for y in range(first, last + 1) if (to - row) * (y - first) % span == 0)
            covered[number - 1].update((iso3, year) for year in years)
    without = 0
    for name in source.series:
        if held := [
            keys for keys, place in zip(covered, kept.places, strict=True) if name in place["columns"]
        ]:
            without += len(set(table.index[table[name].notna()]) - set().union(*held))
    return without
