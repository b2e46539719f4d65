"""Charts of Our World in Data: the CSV file of one chart, for the charts the sheet names.

A chart's file has Code, Year and one column under the chart's title, Entity before them and the region after them
unless the reader chose otherwise. It gives the best estimate alone and says no edition, so a vintage is the chart and
the newest year in it, and its series never stand in for those of the publisher behind the chart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from eligibility.data import countries
from eligibility.data.readers import Head, family_sheet, grids, series_of, strict
from eligibility.data.readers.release import Release, only, release, why_left_out

FAMILY = "owid"
ENTITY, CODE, YEAR = "Entity", "Code", "Year"
LAYOUTS = tuple((ENTITY, CODE, YEAR, sheet["publisher_code"]) for sheet in series_of(FAMILY, "").values())
_NO_CODE = "row without a code, a group of countries"


def recognise(path: Path, head: Head) -> str | None:
    """political-regime-2025: the chart by its title, and the newest year in the file."""
    named = _charts(series_of(FAMILY, "")).get(_title(head.columns))
    if named is None or not {CODE, YEAR} <= set(head.columns):
        return None
    year = grids.newest(path, YEAR)
    return f"{named[0]}-{year}" if year else ""


def read(paths: Sequence[Path], vintage: str) -> Release:
    """The chart's figures by country and year; groups of countries are left out and counted."""
    path = only(paths)
    title = _title(strict.csv_header(path))
    _, name, sheet = _charts(series_of(FAMILY, vintage))[title]
    table = strict.read_csv(path, [CODE, YEAR, title], optional=[ENTITY])
    years = table.years(YEAR)
    iso3s, left = _places(table)
    table.once(CODE, iso3s, years.tolist())
    rows = grids.figures(table, iso3s, years, {name: title}, {name: sheet})
    table.check()
    return release(rows, [path], left)


def _title(columns: Sequence[str]) -> str:
    """The column of figures: the one after Year."""
    names = list(columns)
    at = names.index(YEAR) + 1 if YEAR in names else len(names)
    return names[at] if at < len(names) else ""


def _charts(sheets: Mapping[str, dict[str, Any]]) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Title of a chart -> its name in addresses, our series and its sheet."""
    slugs = family_sheet(FAMILY)["slugs"]
    return {sheet["publisher_code"]: (slugs[name], name, sheet) for name, sheet in sheets.items()}


def _places(table: strict.Table) -> tuple[list[str | None], dict[str, int]]:
    """Each row's country, None for a group; a row without a code is a country only if its name is one."""
    codes, register = table.text[CODE], countries.register()
    bare = [row for row, code in enumerate(codes) if not code]
    found = table.countries(CODE, FAMILY, rows=[row for row, code in enumerate(codes) if code])
    if ENTITY in table.text:
        for row in bare:
            found[row] = register.means(table.text[ENTITY][row])
        table.check_names(CODE, ENTITY, found)
    return found, {**why_left_out(codes, FAMILY), _NO_CODE: sum(found[row] is None for row in bare)}
