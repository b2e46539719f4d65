"""World Bank releases: income classes and lending categories, WDI in four layouts, CPIA, and GNI per capita by way of Gapminder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from eligibility.data.readers import Head, economies, grids, oghist, series_of, strict, wdi
from eligibility.data.readers.release import Release, Row, release
from eligibility.errors import DataError, Problem

FAMILY = "wb"
GAPMINDER = ("geo", "time", "gnipercapita_atlasmethod_current_us")
LAYOUTS = (wdi.LAYOUT, wdi.DATABANK, economies.COLUMNS, GAPMINDER)


def recognise(path: Path, head: Head) -> str | None:
    """The format and edition: oghist-fy25, class-fy23, wdi-2023-10, cpia-2022, gapminder-2026-03."""
    if head.columns == GAPMINDER:
        month = grids.month(path)
        return f"gapminder-{month}" if month else ""
    layouts = (layout.recognise(path, head) for layout in (wdi, oghist, economies))
    return next((found for found in layouts if found is not None), None)


def example(path: Path) -> str:
    """A vintage as it may be written for a file of this layout."""
    head = Head(path)
    if head.sheets:
        return economies.example(path)
    return "gapminder-2026-03" if head.columns == GAPMINDER else "wdi-2025-12"


def read(paths: Sequence[Path], vintage: str) -> Release:
    """All files of one edition. Series never mix editions: each edition is a dataset of its own."""
    readers = {
        "class": economies.read,
        "cpia": wdi.read,
        "gapminder": _gapminder,
        "oghist": oghist.read,
        "wdi": wdi.read,
    }
    rows: list[Row] = []
    skipped, days, notes = [], [], []
    if (kind := vintage.partition("-")[0]) not in readers:
        rule = f"must begin with {', '.join(readers)}, such as wdi-2025-12"
        raise DataError(Problem(paths[0].name, "vintage", rule, got=vintage))
    for path in paths:
        found, left = readers[kind](path, vintage)
        rows += found
        skipped.append(left)
        if kind == "wdi" and (day := wdi.updated(path)):
            days.append(day)
        if kind == "class":
            notes += economies.remarks(path, vintage)
    return replace(release(rows, paths, *skipped), released=max(days, default=None), notes=tuple(notes))


def _gapminder(path: Path, vintage: str) -> tuple[list[Row], dict[str, int]]:
    """GNI per capita as Gapminder lays the World Bank's series out: long, codes in lower case."""
    table = strict.read_csv(path, GAPMINDER)
    table.text["geo"] = [code.upper() for code in table.text["geo"]]
    iso3s = table.countries("geo", "gapminder")
    years = table.years("time")
    sheets, columns = series_of(FAMILY, vintage), {"gni_per_capita": GAPMINDER[2]}
    rows = grids.figures(table, iso3s, years, columns, sheets, missing=())
    table.once("geo", iso3s, [int(year) for year in years])
    table.check()
    return rows, {}
