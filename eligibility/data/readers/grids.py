"""What readers do alike with tables: find a sheet's header and columns, tell the newest year, take the figures out.

Sheet             a sheet whose header is not the first row or whose columns take more than a name to find
month             the month in a file's name
newest            the newest year in a column of a CSV file, by which an edition is known
figures, labels   the rows of our series in columns of numbers, or of classes
mixed             the same of a column in which each row says its series
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from eligibility.data.readers import strict
from eligibility.data.readers.release import Row
from eligibility.data.readers.strict import Years
from eligibility.errors import DataError, Problem

MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])(?![0-9])")
FIRST_ROWS = 30  # where a header is looked for; a legend may stand above it


class Sheet(NamedTuple):
    """The rows of a sheet, what messages call it, and the number of its header, counted from 1."""

    where: str
    rows: Sequence[Sequence[str]]
    top: int = 1

    @classmethod
    def under(cls, path: Path, name: str, *header: str) -> Sheet:
        """A sheet of a workbook under the first row that has all of these cells; DataError where none has."""
        where, rows = f"{path.name}, sheet '{name.strip()}'", strict.xlsx_rows(path, name)
        top = header_of(rows, header) if header else 1
        if not top:
            rule = f"must hold a header with {', '.join(header)}"
            raise DataError(Problem(where, f"first {FIRST_ROWS} rows", rule))
        return cls(where, rows, top)

    @property
    def titles(self) -> list[str]:
        """The cells of the header, without blanks around them."""
        return [cell.strip() for cell in self.rows[self.top - 1]] if self.rows else []

    def table(self, wanted: Iterable[str], names: Iterable[str] = ()) -> strict.Table:
        """The wanted columns as text, each row with its place; empty rows are passed over.

        names   what the columns are called, in their order, where it is not by their titles

        DataError where one is not there, or is there twice.
        """
        titles, wanted = list(names) or self.titles, tuple(wanted)
        problems = []
        for name in wanted:
            column = f"{self.where}:{self.top}", f"column '{name}'"
            if name not in titles:
                problems.append(Problem(*column, "must be there", hint=strict.near(name, titles)))
            elif titles.count(name) > 1:
                problems.append(Problem(*column, "must be there once"))
        if problems:
            raise DataError(problems)
        table, places = strict.Table(self.where, wanted), [titles.index(name) for name in wanted]
        for line, row in enumerate(self.rows[self.top :], start=self.top + 1):
            if any(row):
                table.line.append(line)
                for cells, place in zip(table.text.values(), places, strict=True):
                    cells.append(row[place])
        return table


def header_of(
    rows: Sequence[Sequence[str]], names: Iterable[str], called: Callable[[str], str] = str.strip
) -> int:
    """The number of the first row that has all of these cells, 0 where none has; blanks around them do not count."""
    wanted = set(names)
    first = enumerate(rows[:FIRST_ROWS], start=1)
    return next((number for number, row in first if wanted <= set(map(called, row))), 0)


def month(path: Path) -> str:
    """The month in a file's name, such as 2025-12; "" where there is none."""
    found = MONTH.search(path.name)
    return found[0] if found else ""


def newest(path: Path, column: str, decimal: bool = False, **how: Any) -> int:
    """The newest year in a column of a CSV file, 0 where it has no row; DataError for what is no year.

    how   as `strict.read_csv`
    """
    table = strict.read_csv(path, [column], **how)
    years = table.years(column, decimal=decimal)
    table.check()
    return int(max(years, default=0))


def figures(
    table: strict.Table,
    iso3s: Sequence[str | None],
    years: Years,
    columns: Mapping[str, str],
    sheets: Mapping[str, Mapping[str, Any]],
    missing: Iterable[str] = ("",),
) -> list[Row]:
    """Every figure of these columns (series -> column), inside its declared range, of the rows with a country.

    missing   the cells that are no figure; with none of them every cell must be one
    """
    found: list[Row] = []
    for name, column in columns.items():
        lo, hi = sheets[name]["range"]
        values = zip(iso3s, years, table.numbers(column, missing, lo, hi), strict=True)
        for row, (iso3, year, value) in enumerate(values):
            if iso3 is not None and not math.isnan(value):
                found.append((iso3, int(year), name, float(value), table.place(row, column)))
    return found


def mixed(
    table: strict.Table,
    iso3s: Sequence[str | None],
    years: Years,
    column: str,
    series: Sequence[str],
    sheets: Mapping[str, Mapping[str, Any]],
    missing: Iterable[str] = ("",),
) -> list[Row]:
    """The figures of one column whose rows are of several series, each inside its own declared range."""
    found: list[Row] = []
    for row, value in enumerate(table.numbers(column, missing)):
        name, iso3 = series[row], iso3s[row]
        if iso3 is None or math.isnan(value):
            continue
        lo, hi = sheets[name]["range"]
        if lo <= value <= hi:
            found.append((iso3, int(years[row]), name, float(value), table.place(row, column)))
        else:
            table.refuse(row, column, f"{name} must lie between {lo:g} and {hi:g}", value)
    return found


def labels(
    table: strict.Table,
    iso3s: Sequence[str | None],
    years: Years,
    column: str,
    name: str,
    known: Mapping[str, float | str],
    missing: Iterable[str] = ("",),
    also: str = "",
) -> list[Row]:
    """The class of each row with a country, by the label or number our sheet has for what the publisher writes.

    also   what else may stand there, for the message
    """
    found: list[Row] = []
    absent = frozenset(missing)
    for row, cell in enumerate(table.text[column]):
        if cell in absent:
            continue
        if cell not in known:
            table.refuse(row, column, f"must be one of {', '.join(known)}{also}", cell)
        elif (iso3 := iso3s[row]) is not None:
            found.append((iso3, int(years[row]), name, known[cell], table.place(row, column)))
    return found
