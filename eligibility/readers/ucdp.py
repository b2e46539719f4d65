"""UCDP country-year dataset on organized violence: deaths inside a country's borders, by kind of violence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from eligibility import countries
from eligibility.readers import BEFORE, SINCE, Head, series_of, strict
from eligibility.readers.release import Release
from eligibility.readers.rows import only, release

FAMILY = "ucdp"
KEY, NAME, YEAR, VERSION = "country_id_cy", "country_cy", "year_cy", "version"
LAYOUTS = ((KEY, YEAR, "sb_total_deaths_best_cy"),)

_VERSION = re.compile(r"v(\d{2})_(\d)")


def recognise(path: Path, head: Head) -> str | None:
    """v25.1, after the version in the file's name; the column `version` must then agree."""
    if not {KEY, YEAR, "sb_total_deaths_best_cy"} <= set(head.columns):
        return None
    version = _VERSION.search(path.name)
    return f"v{version[1]}.{version[2]}" if version else ""


def read(paths: Sequence[Path], vintage: str) -> Release:
    """Deaths by country and year: state-based, non-state and one-sided, each with UCDP's low and high."""
    path = only(paths)
    series = series_of(FAMILY, vintage)
    codes = {entry["publisher_code"]: name for name, entry in series.items()}
    table = strict.read_csv(path, [KEY, NAME, YEAR, VERSION, *codes])
    years = [int(year) for year in table.years(YEAR)]
    iso3s = _units(table, years)
    table.once(KEY, table.text[KEY], years)
    for row, version in enumerate(table.text[VERSION]):
        if version != vintage.removeprefix("v"):
            table.refuse(row, VERSION, f"must be {vintage.removeprefix('v')}, as in the file's name", version)
    rows = []
    for code, name in codes.items():
        lo, hi = series[name]["range"]
        deaths = table.numbers(code, missing=(), lo=lo, hi=hi)
        for iso3, year, value in zip(iso3s, years, deaths, strict=True):
            if iso3 is not None and year >= SINCE:
                rows.append((iso3, year, name, float(value)))
    table.check()
    return release(rows, [path], {BEFORE: sum(year < SINCE for year in years)})


def _units(table: strict.Table, years: Sequence[int]) -> list[str | None]:
    """Each row's country; the year decides where one number runs through a change of state (345, 365)."""
    register, found = countries.register(), []
    for row, (code, year) in enumerate(zip(table.text[KEY], years, strict=True)):
        try:
            found.append(register.resolve(code, scheme="gw", year=year or None))
        except countries.UnknownCode as error:
            found.append(None)
            table.refuse(
                row,
                KEY,
                f"must be a Gleditsch-Ward number the register knows; {error.rule}",
                code,
                error.hint,
            )
    table.check_names(KEY, NAME, found)
    return found
