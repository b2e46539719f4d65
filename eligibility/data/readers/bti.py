"""The Bertelsmann Transformation Index: the scores workbook, one sheet an edition, or a long CSV file of all editions.

Edition N assesses the two years to 31 January of N - 1 and is stored under N - 1, the year in which that period ends.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from eligibility.data.readers import Head, grids, series_of, strict
from eligibility.data.readers.release import Release, Row, only, release
from eligibility.errors import DataError, Problem

FAMILY = "bti"

_SHEET = re.compile(r"BTI (20\d\d)")
_CODE = re.compile(r"(S|SI|SII|G|GII|M|MII|Q\d+(?:\.\d+)?) \|")
_THEN = {"M": "G", "MII": "GII"}  # the Governance Index was the Management Index up to BTI 2016
_ABSENT = ("-", "n/a", "")  # not assessed
_LONG = ("bti_country", "year", "report_year", "S_Status_Index")
LAYOUTS = (_LONG,)


def recognise(path: Path, head: Head) -> str | None:
    """The newest edition in the file."""
    if editions := [match[1] for name in head.sheets if (match := _SHEET.match(name))]:
        return max(editions)
    if not set(_LONG) <= set(head.columns):
        return None
    return str(grids.newest(path, "report_year", decimal=True) or "")


def read(paths: Sequence[Path], vintage: str) -> Release:
    """Scores from 1 to 10 of every edition in the file."""
    path = only(paths)
    if path.suffix.lower() == ".csv":
        return _long(path, vintage)
    rows: list[Row] = []
    for name in strict.sheets(path):
        if match := _SHEET.match(name):
            rows += _edition(path, name, int(match[1]), series_of(FAMILY, vintage))
    return release(rows, [path])


def _edition(path: Path, name: str, edition: int, sheets: Mapping[str, dict[str, Any]]) -> list[Row]:
    """One sheet: a row a country, the indices named twice, of which the first is the score itself."""
    sheet = grids.Sheet.under(path, name)
    if not sheet.rows or not sheet.rows[0][0].startswith("Regions:"):
        raise DataError(Problem(f"{sheet.where}:1", "first cell", "must explain the regions"))
    names = ["country"]
    for title in sheet.titles[1:]:
        match = _CODE.match(title)
        code = _THEN.get(match[1], match[1]) if match else ""
        names.append("" if code in names else code)
    codes = {series: entry["publisher_code"] for series, entry in sheets.items()}
    table = sheet.table(("country", *codes.values()), names)
    _resolve_footnotes(table)
    years = [edition - 1] * len(table)
    iso3s = table.countries("country", "name", years=years)
    table.once("country", iso3s)
    long = grids.figures(table, iso3s, years, codes, sheets, _ABSENT)
    table.check()
    return long


def _resolve_footnotes(table: strict.Table) -> None:
    """Let go of footnotes ('*Serbia and Montenegro'), and write their text for the names they are on ('Serbia*')."""
    names = table.text["country"]
    notes = [name.removeprefix("*") for name in names if name.startswith("*")]
    empty = [
        all(cells[row] == "" for code, cells in table.text.items() if code != "country")
        for row in range(len(names))
    ]
    if len(notes) == 1:
        table.text["country"] = [notes[0] if name.endswith("*") else name for name in names]
    table.keep(
        [
            not (blank and (name == "" or name.startswith("*")))
            for name, blank in zip(names, empty, strict=True)
        ]
    )


def _long(path: Path, vintage: str) -> Release:
    """A row a country and edition; years are written 2024.0, and `year` is two before `report_year`."""
    sheets = series_of(FAMILY, vintage)
    given = {name.partition("_")[0]: name for name in reversed(strict.csv_header(path)) if "_" in name}
    codes = {
        series: given.get(sheet["publisher_code"], sheet["publisher_code"])
        for series, sheet in sheets.items()
    }
    table = strict.read_csv(path, ["bti_country", "year", "report_year", *codes.values()])
    editions, described = table.years("report_year", decimal=True), table.years("year", decimal=True)
    for row, (edition, year) in enumerate(zip(editions, described, strict=True)):
        if edition and year and edition - year != 2:
            table.refuse(row, "year", f"must be two before report_year, {edition - 2}", year)
    years = editions - 1
    iso3s = table.countries("bti_country", "name", years=years)
    table.once("bti_country", iso3s, years.tolist())
    long = grids.figures(table, iso3s, years, codes, sheets)
    table.check()
    return release(long, [path])
