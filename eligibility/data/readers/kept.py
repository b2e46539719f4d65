"""Tables kept by hand: a CSV file in a layout of ours, for figures whose publisher has no file to download.

One row a country and year, one column a series under its short name, empty where there is no figure. Series
of classes hold the class by name.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from eligibility.data.readers import Head, family_sheet, series_of, strict
from eligibility.data.readers.release import Release
from eligibility.data.readers.rows import Row, Years, only, release


def recognise(path: Path, head: Head, family: str, year: str) -> str | None:
    """The year, month or day in the file's name, for a table whose columns are iso3, `year` and series of the family."""
    columns = head.columns
    if columns[:2] != ("iso3", year) or not set(columns[2:]) & set(family_sheet(family)["series"]):
        return None
    named = re.search(r"(?<!\d)20\d\d(-\d\d){0,2}(?!\d)", path.stem)
    return named[0] if named else ""


def read(paths: Sequence[Path], vintage: str, family: str, year: str, before: int = 0) -> Release:
    """Every figure of the table; `before` years lie between the year written and the year described."""
    path = only(paths)
    sheets = series_of(family, vintage)
    here = [name for name in strict.csv_header(path)[2:] if name]
    wanted = [name for name in here if name in sheets]
    table = strict.read_csv(path, ["iso3", year, *wanted])
    for name in here:
        if name not in sheets and len(table):
            table.refuse(0, name, f"must be a series of {family}", name, f"it has {', '.join(sheets)}")
    iso3s, years = table.countries("iso3", "iso3"), table.years(year) - before
    table.once("iso3", iso3s, years.tolist())
    rows: list[Row] = []
    for name in wanted:
        rows += _column(table, name, sheets[name], iso3s, years)
    table.check()
    return release(rows, [path])


def _column(
    table: strict.Table, name: str, sheet: dict[str, Any], iso3s: Sequence[str | None], years: Years
) -> list[Row]:
    """One series: numbers inside its range, or the names of its classes as written."""
    if classes := sheet.get("classes"):
        numbers = {label: number for number, label in classes.items()}
        values = np.full(len(table), math.nan)
        for row, cell in enumerate(table.text[name]):
            if cell and cell not in numbers:
                table.refuse(row, name, f"must be one of {', '.join(numbers)}, or empty", cell)
            values[row] = numbers.get(cell, math.nan)
    else:
        values = table.numbers(name, lo=sheet["range"][0], hi=sheet["range"][1])
    return [
        (iso3, int(year), name, float(value), table.place(row, name))
        for row, (iso3, year, value) in enumerate(zip(iso3s, years, values, strict=True))
        if iso3 is not None and not math.isnan(value)
    ]
