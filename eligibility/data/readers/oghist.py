"""World Bank income classes by fiscal year, from the workbook OGHIST.

Its sheet "Country Analytical History" has one class a country and fiscal year; tests/harness/ceilings.py reads the sheet
"Thresholds", of the ceilings those classes and IDA eligibility rest on.

Classes of fiscal year FYnn are set on 1 July of nn-1 from GNI per capita of calendar year nn-2, and are kept
as published: the Bank does not revise them. They are stored under the calendar year, nn-2.

The sheet "Country_cat" found in some copies is not the Bank's and "Parameters" there is older than the rest;
neither is read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from eligibility.data.readers import SINCE, Head, grids, strict
from eligibility.data.readers.release import Row, why_left_out
from eligibility.errors import DataError, Problem

HISTORY = "Country Analytical History"
CLASSES = {"L": 0.0, "LM": 1.0, "UM": 2.0, "H": 3.0}
# ".." economy not classified, "" not rated (Venezuela since FY22, states that ended).
MISSING = ("..", "")
# Two Yemens of different class; only in FY89 and FY90, before our first year.
SPLIT = "LM*"

_FISCAL = re.compile(r"FY([0-9]{2})")


def recognise(path: Path, head: Head) -> str | None:
    """oghist-fyNN, after the newest fiscal year of the history sheet."""
    if HISTORY not in head.sheets:
        return None
    years = fiscal_years(strict.xlsx_rows(path, HISTORY), path.name)
    return f"oghist-fy{max(years.values()) % 100:02d}"


def read(path: Path, vintage: str) -> tuple[list[Row], dict[str, int]]:
    """The income class of every economy since data year 1990 as 0 L, 1 LM, 2 UM, 3 H."""
    sheet = strict.xlsx_rows(path, HISTORY)
    years = fiscal_years(sheet, path.name)
    check_data_years(sheet, years, path.name)
    titles = {column: f"FY{fiscal % 100:02d}" for column, fiscal in years.items()}
    names = ["1", "2", *(titles.get(column, "") for column in range(2, len(sheet[0])))]
    table = grids.Sheet(f"{path.name}, sheet '{HISTORY}'", sheet, 0).table(
        ["1", "2", *titles.values()], names
    )
    table.text["1"] = [code.strip() for code in table.text["1"]]
    table.keep([bool(code) for code in table.text["1"]])
    iso3s = table.countries("1", "wb", "2")
    table.once("1", iso3s)
    rows: list[Row] = []
    for column, fiscal in years.items():
        missing = (*MISSING, SPLIT) if fiscal <= 1990 else MISSING
        also, data = ", '..' or empty", [fiscal - 2] * len(table)
        rows += grids.labels(table, iso3s, data, titles[column], "income_class", CLASSES, missing, also)
    table.check()
    return [row for row in rows if row[1] >= SINCE], why_left_out(table.text["1"], "wb")


def fiscal_years(sheet: Sequence[Sequence[str]], file: str) -> dict[int, int]:
    """Column position -> fiscal year, from the row that carries "Bank's fiscal year:"."""
    row = row_of(sheet, "Bank's fiscal year:", file)
    found = {}
    for column, cell in enumerate(row):
        if matched := _FISCAL.fullmatch(cell.strip()):
            short = int(matched[1])
            found[column] = 1900 + short if short >= 70 else 2000 + short
    years = list(found.values())
    if not years or years != sorted(set(years)):
        raise DataError(
            Problem(file, 'row "Bank\'s fiscal year:"', "must rise from column to column", str(years))
        )
    return found


def check_data_years(sheet: Sequence[Sequence[str]], years: dict[int, int], file: str) -> None:
    """Refuse a sheet whose classes do not rest on the calendar year two before the fiscal year."""
    row = row_of(sheet, "Data for calendar year :", file)
    for column, fiscal in years.items():
        if row[column] != str(fiscal - 2):
            rule = f"must be {fiscal - 2} under FY{fiscal % 100:02d}"
            raise DataError(Problem(file, 'row "Data for calendar year :"', rule, row[column]))


def row_of(sheet: Sequence[Sequence[str]], label: str, file: str) -> Sequence[str]:
    """The one row with a cell that starts with this label, in the first two columns."""
    found = [row for row in sheet if any(cell.startswith(label) for cell in row[:2])]
    if len(found) != 1:
        raise DataError(Problem(file, f"row '{label}'", "must be there once", str(len(found))))
    return found[0]
