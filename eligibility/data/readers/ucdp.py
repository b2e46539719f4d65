"""UCDP country-year dataset on organized violence: deaths inside a country's borders, by kind of violence.

Up to version 25.1 each column ends in `_cy` and the file's name gives the version (`..._v25_1.csv`); since 26.1 they do
not, and the column of the version is `Version`. Columns are known by their names without that ending.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from eligibility.data.readers import Head, grids, series_of, strict
from eligibility.data.readers.release import Release, only, release
from eligibility.errors import DataError, Problem

FAMILY = "ucdp"
KEY, NAME, YEAR, VERSION, BEST = "country_id", "country", "year", "version", "sb_total_deaths_best"
LAYOUTS = ((KEY, NAME, YEAR, BEST), (f"{KEY}_cy", f"{NAME}_cy", f"{YEAR}_cy", f"{BEST}_cy"))

_NAMED = re.compile(r"(?<![0-9])v?(\d{2})_(\d)(?![0-9])")


def recognise(path: Path, head: Head) -> str | None:
    """v25.1, by the column of the version in the first row, else by the file's name; reading holds every row to it."""
    given = _plain(head.columns)
    if not {KEY, YEAR, BEST} <= set(given):
        return None
    if VERSION in given:
        place = head.columns.index(given[VERSION])
        for row in itertools.islice(head.records(), 1, 2):
            if len(row) > place and re.fullmatch(r"[0-9]{2}\.[0-9]", row[place]):
                return f"v{row[place]}"
    named = _NAMED.search(path.stem)
    return f"v{named[1]}.{named[2]}" if named else ""


def read(paths: Sequence[Path], vintage: str) -> Release:
    """Deaths by country and year: state-based, non-state and one-sided, each with UCDP's low and high."""
    path = only(paths)
    series = series_of(FAMILY, vintage)
    given = _plain(strict.csv_header(path))
    key, name, year, version = (given.get(column, column) for column in (KEY, NAME, YEAR, VERSION))
    bare = {short: _bare(entry["publisher_code"]) for short, entry in series.items()}
    codes = {short: given.get(code, code) for short, code in bare.items()}
    table = strict.read_csv(path, [key, name, year, version, *codes.values()])
    years = [int(one) for one in table.years(year)]
    iso3s = table.countries(key, "gw", name, years)  # one number runs through a change of state (345, 365)
    table.once(key, table.text[key], years)
    _check_version(table, version, vintage.removeprefix("v"), path)
    rows = grids.figures(table, iso3s, years, codes, series, missing=())
    table.check()
    return release(rows, [path])


def _plain(columns: Iterable[str]) -> dict[str, str]:
    """Each column by its name without the ending."""
    return {_bare(column): column for column in columns}


def _bare(column: str) -> str:
    return VERSION if column == "Version" else column.removesuffix("_cy")


def _check_version(table: strict.Table, column: str, wanted: str, path: Path) -> None:
    """Refuse rows of another version, and a file whose name says another."""
    for row, said in enumerate(table.text[column]):
        if said != wanted:
            table.refuse(row, column, f"must be {wanted} in every row", said)
    named = _NAMED.search(path.stem)
    if named and ".".join(named.groups()) != wanted:
        rule = f"must not contradict the version in its rows, {wanted}"
        raise DataError(Problem(path.name, "name of the file", rule, got=".".join(named.groups())))
