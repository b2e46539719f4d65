"""World Development Indicators as the World Bank's service answers: a page of JSON, one row a country and year.

    [{"page": 1, "pages": 1, "per_page": 20000, "total": 17556, "lastupdated": "2026-09-24"},
     [{"indicator": {"id": "SP.POP.TOTL"}, "country": {"id": "TN", "value": "Tunisia"}, "countryiso3code": "TUN",
       "date": "2024", "value": 12277109}, ...]]

`wdi.py` asks this module. Figures keep the digits they were written with.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from eligibility.data import countries
from eligibility.data.readers import Head, grids, packed, series_of, strict
from eligibility.data.readers.release import Row, why_left_out
from eligibility.errors import DataError, Problem

LARGEST = 64 << 20  # bytes; one indicator is near 4 MB
_MARK = '"lastupdated"'
_CODE, _NAME, _YEAR, _VALUE, _INDICATOR = "countryiso3code", "country", "date", "value", "indicator"
_GROUP = "World Bank aggregate"


def page(head: Head) -> bool:
    """Whether a file is such a page, by its first words."""
    first = head.text[:1000].lstrip()
    return first.startswith("[") and _MARK in first


def updated(path: Path) -> date:
    """The day the page says its data were last updated."""
    return _whole(path)[0]


def read(path: Path, vintage: str) -> tuple[list[Row], dict[str, int]]:
    """Every figure of the indicators our sheet names, and what was left out by reason."""
    _, rows = _whole(path)
    sheets = series_of("wb", vintage)
    wanted = {entry["publisher_code"]: name for name, entry in sheets.items()}
    table = _table(path, rows)
    left = Counter({_GROUP: _without_code(table)}) + Counter(why_left_out(table.text[_CODE], "wb"))
    years, iso3s, codes = table.years(_YEAR), table.countries(_CODE, "wb", _NAME), table.text[_INDICATOR]
    table.once(_CODE, iso3s, years.tolist(), codes)
    named = [wanted.get(code, "") for code in codes]
    for row, (iso3, name) in enumerate(zip(iso3s, named, strict=True)):
        left["indicator not compiled"] += iso3 is not None and not name
        iso3s[row] = iso3 if name else None
    found = grids.mixed(table, iso3s, years, _VALUE, named, sheets)
    table.check()
    if not any(named):
        got = ", ".join(sorted(set(codes))[:3]) or "none"
        rule = "must be an indicator that is read"
        raise DataError(Problem(path.name, _INDICATOR, rule, got, f"one of {', '.join(wanted)}"))
    return found, dict(left)


def _whole(path: Path) -> tuple[date, list[dict[str, Any]]]:
    """The day and the rows of a page that holds all of its answer; numbers are the text they were written as."""
    with packed.contents(path) as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise DataError(Problem(path.name, "file", f"at most {LARGEST} bytes", "more"))
    try:
        said = json.loads(content.decode("utf-8"), parse_float=str, parse_int=str)
        head, rows = said
        pages, total, day = head["pages"], head["total"], date.fromisoformat(head["lastupdated"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        rule = "must be a page of the World Bank's service: what it is of, then its rows"
        raise DataError(Problem(path.name, "JSON", rule, got=str(error))) from None
    rows = rows if isinstance(rows, list) else []
    if pages != "1" or total != str(len(rows)):
        got = f"page {head.get('page')} of {pages}, {len(rows)} of {total} rows"
        raise DataError(Problem(path.name, "JSON", "must hold every row", got, "ask with per_page=20000"))
    return day, rows


def _table(path: Path, rows: list[dict[str, Any]]) -> strict.Table:
    """The rows as text, each with its number."""
    table = strict.Table(path.name, [_CODE, _NAME, _YEAR, _VALUE, _INDICATOR])
    for number, row in enumerate(rows, start=1):
        try:
            found = (row[_CODE], row[_NAME]["value"], row[_YEAR], row[_VALUE], row[_INDICATOR]["id"])
        except (TypeError, KeyError):
            found = (None, None, None, None, None)
        cells = ["" if cell is None and place == 3 else cell for place, cell in enumerate(found)]
        table.line.append(number)
        for column, cell in zip(table.text, cells, strict=True):
            table.text[column].append(cell if isinstance(cell, str) else "")
        if not all(isinstance(cell, str) for cell in cells):
            table.refuse(len(table) - 1, "row", "must give country, date, value and indicator", str(row))
            table.check()  # the rest would be noise
    return table


def _without_code(table: strict.Table) -> int:
    """How many rows have no code, once they are let go of: groups of countries; a country without one is refused."""
    register, coded = countries.register(), np.array([bool(code) for code in table.text[_CODE]], dtype=bool)
    for row in np.flatnonzero(~coded):
        if iso3 := register.means(table.text[_NAME][row]):
            table.refuse(row, _CODE, f"must be given for a country, {iso3}", table.text[_NAME][row])
    table.check()
    table.keep(coded)
    return int((~coded).sum())
