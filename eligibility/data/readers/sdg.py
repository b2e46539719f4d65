"""The SDG Index of the Sustainable Development Report: the workbook's backdated sheet, or the same table as a CSV file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from eligibility.data.readers import Head, grids, series_of, strict
from eligibility.data.readers.release import Release, only, release, why_left_out

FAMILY = "sdg"

_SHEET = "Backdated SDG Index"
_CSV = ("country_code", "country", "year", "goal_1_score")
LAYOUTS = (_CSV,)
_REPORT = re.compile(r"SDR(20\d\d)")


def recognise(path: Path, head: Head) -> str | None:
    """The year of the report: a workbook's sheet names it; a CSV file ends the year before."""
    if _SHEET in head.sheets:
        years = [match[1] for name in head.sheets if (match := _REPORT.match(name))]
        return max(years, default="")
    if head.columns[:4] != _CSV:
        return None
    described = grids.newest(path, "year")
    return str(described + 1) if described else ""


def read(paths: Sequence[Path], vintage: str) -> Release:
    """The index and its goals from 0 to 100."""
    path, sheets = only(paths), series_of(FAMILY, vintage)
    codes = {series: sheet["publisher_code"] for series, sheet in sheets.items()}
    zeros = 0
    if path.suffix.lower() == ".csv":
        key, name, year = "country_code", "country", "year"
        codes = {
            series: "sdg_index_score" if code == "sdgi_s" else f"goal_{code.removeprefix('goal')}_score"
            for series, code in codes.items()
        }
        table = strict.read_csv(path, [key, year, *codes.values()], optional=["country"])
        # The CSV file writes 0 where a goal was not assessed (40 countries have no coast, hence no goal 14)
        # and where the score is 0; which it is cannot be told.
        for code in codes.values():
            cells = zip(table.text[key], table.text[code], strict=True)
            zeros += sum(cell == "0" and not group.startswith("_") for group, cell in cells)
            table.text[code] = ["" if cell == "0" else cell for cell in table.text[code]]
    else:
        key, name, year = "id", "Country", "year"
        sheet = grids.Sheet.under(path, _SHEET, key, year, "sdgi_s", name)
        table = sheet.table((key, name, year, *codes.values()))
    years, iso3s = table.years(year), table.countries(key, "sdg", name)
    table.once(key, iso3s, years.tolist())
    long = grids.figures(table, iso3s, years, codes, sheets)
    table.check()
    left = why_left_out(table.text[key], "sdg") | {"score of 0, which may mean not assessed": zeros}
    return release(long, [path], left)
