"""UNHCR population figures summed by country of origin."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eligibility.data.readers import Head, grids, series_of, strict
from eligibility.data.readers.release import Release, only, release, why_left_out
from eligibility.errors import DataError, Problem

FAMILY = "unhcr"
KEY, YEAR = "coo_iso", "year"
LAYOUTS = ((KEY, "coo_name", YEAR, "refugees", "asylum_seekers"),)


def recognise(path: Path, head: Head) -> str | None:
    """The month in the file's name, 2025-12."""
    if not {KEY, "coo_name", YEAR, "refugees", "asylum_seekers"} <= set(head.columns):
        return None
    return grids.month(path)


def read(paths: Sequence[Path], vintage: str) -> Release:
    """People who fled, by country of origin and year, at the end of the year.

    The year in which the file was made has mid-year figures only and is left out.
    """
    path = only(paths)
    if not grids.MONTH.fullmatch(vintage):
        raise DataError(Problem(path.name, "vintage", "must be a year and month such as 2025-12", vintage))
    series = series_of(FAMILY, vintage)
    columns = {name: entry["publisher_code"] for name, entry in series.items()}
    table = strict.read_csv(path, [KEY, YEAR, *columns.values()], optional=["coo_name"])
    years = [int(year) for year in table.years(YEAR, decimal=True)]
    iso3s = table.countries(KEY, FAMILY, "coo_name")
    table.once(KEY, table.text[KEY], years)
    unfinished = int(vintage[:4])
    for row, year in enumerate(years):
        if year > unfinished:
            table.refuse(row, YEAR, f"must not lie after {vintage}, when the file was made", year)
    over = [iso3 if year < unfinished else None for iso3, year in zip(iso3s, years, strict=True)]
    rows = grids.figures(table, over, years, columns, series, missing=())
    table.check()
    left = {
        f"mid-year figure of {unfinished}": sum(
            iso3 is not None and year >= unfinished for iso3, year in zip(iso3s, years, strict=True)
        )
    }
    return release(rows, [path], left, why_left_out(table.text[KEY], FAMILY))
