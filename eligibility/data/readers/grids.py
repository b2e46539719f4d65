"""Sheets whose header is not the first row or whose columns take more than a name to find, as strict tables."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from eligibility.data import countries
from eligibility.data.readers import strict
from eligibility.data.readers.rows import Row, Years
from eligibility.errors import DataError, Problem

FIRST_ROWS = 10  # where a header is looked for


def header(where: str, rows: Sequence[Sequence[str]], *names: str) -> int:
    """The number of the first row, counted from 1, that has all of these cells; blanks around them do not count."""
    for number, row in enumerate(rows[:FIRST_ROWS], start=1):
        if set(names) <= {cell.strip() for cell in row}:
            return number
    raise DataError(Problem(where, f"first {FIRST_ROWS} rows", f"must hold a header with {', '.join(names)}"))


def grid(where: str, rows: Sequence[Sequence[str]], top: int, places: Mapping[str, int]) -> strict.Table:
    """The columns at these positions of the rows under row `top`, each row with its place; empty rows are passed over."""
    table = strict.Table(where, list(places))
    for line, row in enumerate(rows[top:], start=top + 1):
        if any(row):
            table.line.append(line)
            for name, position in places.items():
                table.text[name].append(row[position])
    return table


def places(where: str, top: int, found: Iterable[tuple[str, int]], wanted: Iterable[str]) -> dict[str, int]:
    """The position of each wanted column; DataError where one is not there, or is there twice."""
    positions: dict[str, list[int]] = {}
    for name, position in found:
        positions.setdefault(name, []).append(position)
    problems = [
        Problem(
            f"{where}:{top}", f"column '{name}'", "must be there" + (" once" if name in positions else "")
        )
        for name in wanted
        if len(positions.get(name, ())) != 1
    ]
    if problems:
        raise DataError(problems)
    return {name: positions[name][0] for name in wanted}


def countries_then(
    table: strict.Table, column: str, scheme: str, years: Years, rows: Iterable[int] | None = None
) -> list[str | None]:
    """Each row's ISO3 code as of its year (Yugoslavia is another state after 1991); None as in `Table.countries`.

    rows   only these are looked up, by default all
    """
    register = countries.register()
    found: list[str | None] = [None] * len(table)
    for row in range(len(table)) if rows is None else rows:
        name = table.text[column][row]
        try:
            found[row] = register.resolve(name, scheme=scheme, year=int(years[row]))
        except countries.UnknownCode as error:
            rule = f"must be known to the register in scheme '{scheme}'"
            table.refuse(row, column, rule, name, f"{error.rule}; {error.hint}".rstrip("; "))
    return found


def figures(
    table: strict.Table,
    iso3s: Sequence[str | None],
    years: Years,
    columns: Mapping[str, str],
    sheets: Mapping[str, Mapping[str, Any]],
    missing: Iterable[str] = ("",),
) -> list[Row]:
    """Every figure of these columns (series -> column), inside its declared range, of the rows with a country."""
    found: list[Row] = []
    for name, column in columns.items():
        lo, hi = sheets[name]["range"]
        figures = zip(iso3s, years, table.numbers(column, missing, lo, hi), strict=True)
        for row, (iso3, year, value) in enumerate(figures):
            if iso3 is not None and not math.isnan(value):
                found.append((iso3, int(year), name, float(value), table.place(row, column)))
    return found


def labels(
    table: strict.Table,
    iso3s: Sequence[str | None],
    years: Years,
    column: str,
    name: str,
    known: Mapping[str, str],
    missing: Iterable[str] = ("",),
) -> list[Row]:
    """The class of each row with a country, by the label our sheet has for what the publisher writes."""
    found: list[Row] = []
    absent = frozenset(missing)
    for row, cell in enumerate(table.text[column]):
        if cell in absent:
            continue
        if cell not in known:
            table.refuse(row, column, f"must be one of {', '.join(known)}", cell)
        elif (iso3 := iso3s[row]) is not None:
            found.append((iso3, int(years[row]), name, known[cell], table.place(row, column)))
    return found
