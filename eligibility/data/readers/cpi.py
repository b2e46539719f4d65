"""Transparency International's Corruption Perceptions Index: the time series of a results workbook, or one year as published.

2025         the results workbook of that year, which repeats every year since 2012 as revised by then
2015, 2016   the workbook that came out with that year's index: the figures as first published, one year
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from eligibility.data.readers import Head, grids, series_of, strict
from eligibility.data.readers.release import Release, Row, only, release
from eligibility.errors import DataError, Problem

FAMILY = "cpi"

_SERIES = re.compile(r"CPI Timeseries 2012 - (20\d\d)")
_SCORE_THEN = re.compile(r"CPI ?(20\d\d)")
_CODE_THEN = ("wbcode", "WB Code")
_NAME = "Country / Territory"
LAYOUTS = ((_NAME, "ISO3", "Region"),)
# "CPI score 2025" and, in the same header, "CPI Score 2013"; "Std Error 2016", "Standard Error", "Standard error 2025".
_COLUMN = re.compile(r"(cpi score|sources|standard error) (20\d\d)")
_KINDS = {"cpi score": "score", "standard error": "error", "sources": "sources"}
_COLUMNS_THEN = {"number of sources": "sources", "standard error": "error", "std error": "error"}


def recognise(path: Path, head: Head) -> str | None:
    """The year of the index: of the time series, or of the only year as first published."""
    if found := [match[1] for name in head.sheets if (match := _SERIES.fullmatch(name.strip()))]:
        return found[0]
    if head.sheets and (then := _first_published(head.rows)):
        return then[1]
    return None


def read(paths: Sequence[Path], vintage: str) -> Release:
    """Scores with their standard errors, and the number of sources behind each."""
    path = only(paths)
    name = next((name for name in strict.sheets(path) if _SERIES.fullmatch(name.strip())), "")
    if name:
        table, iso3s, columns = _time_series(path, name)
    else:
        table, iso3s, columns = _one_year(path)
    table.once("ISO3", iso3s)
    sheets, rows = series_of(FAMILY, vintage), list[Row]()
    errors: dict[tuple[str, int, str], float] = {}
    lo, hi = sheets["score"]["range"]
    for year, column in sorted(columns.items()):
        found = {series: column[series] for series in ("score", "sources")}
        rows += grids.figures(table, iso3s, [year] * len(table), found, sheets)
        sds = table.numbers(column["error"], lo=0, hi=(hi - lo) / 2)
        errors |= {(iso3, year, "score"): float(sd) for iso3, sd in zip(iso3s, sds, strict=True) if iso3}
        _check_together(table, column)
    table.check()
    return release(rows, [path], errors=errors)


def _time_series(path: Path, name: str) -> tuple[strict.Table, list[str | None], dict[int, dict[str, str]]]:
    """One row a country; score, sources and standard error of each year."""
    sheet = grids.Sheet.under(path, name, "ISO3", _NAME)
    names, columns = sheet.titles, dict[int, dict[str, str]]()
    for place, title in enumerate(names):
        if match := _COLUMN.fullmatch(title.lower()):
            names[place] = f"{_KINDS[match[1]]} {match[2]}"
            columns[int(match[2])] = {what: f"{what} {match[2]}" for what in _KINDS.values()}
    if not columns:
        rule = "must hold a score such as 'CPI score 2025'"
        raise DataError(Problem(f"{sheet.where}:{sheet.top}", "columns", rule))
    wanted = ["ISO3", _NAME, *(column for three in columns.values() for column in three.values())]
    table = sheet.table(wanted, names)
    return table, table.countries("ISO3", "cpi", _NAME), columns


def _one_year(path: Path) -> tuple[strict.Table, list[str | None], dict[int, dict[str, str]]]:
    """The index as first published; a country without a code (South Sudan in 2015) goes by its name."""
    rows = strict.xlsx_rows(path)
    first = _first_published(rows)
    assert first is not None  # or it would have been read as a time series
    top, year = first
    sheet = grids.Sheet(path.name, rows, top)
    wanted = ("ISO3", "Country", "score", "error", "sources")
    table = sheet.table(wanted, map(_called_then, sheet.titles))
    named = [row for row, code in enumerate(table.text["ISO3"]) if not code]
    by_name = table.countries("Country", "name", years=[int(year)] * len(table), rows=named)
    table.text["ISO3"] = [code or by_name[row] or "" for row, code in enumerate(table.text["ISO3"])]
    return table, table.countries("ISO3", "cpi", "Country"), {int(year): {what: what for what in wanted[2:]}}


def _first_published(rows: Sequence[Sequence[str]]) -> tuple[int, str] | None:
    """The header row and the year of a workbook that came out with one year's index."""
    for number, row in enumerate(rows[:5], start=1):
        years = [match[1] for cell in row if (match := _SCORE_THEN.fullmatch(cell.strip()))]
        if years and any(cell.strip() in _CODE_THEN for cell in row):
            return number, years[0]
    return None


def _called_then(title: str) -> str:
    """What a column of that workbook holds; "" for what is not read."""
    if _SCORE_THEN.fullmatch(title):
        return "score"
    if title in _CODE_THEN:
        return "ISO3"
    return "Country" if title == "Country" else _COLUMNS_THEN.get(re.sub(r" 20\d\d$", "", title.lower()), "")


def _check_together(table: strict.Table, column: Mapping[str, str]) -> None:
    """Refuse a row that has a score without its sources or error, or these without a score."""
    for row, three in enumerate(zip(*(table.text[name] for name in column.values()), strict=True)):
        if 0 < three.count("") < len(three):
            table.refuse(row, column["score"], "must be there together with its error and number of sources")
