"""UNODC intentional homicide, in the CSV that Our World in Data makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eligibility.data.readers import Head, grids, series_of, strict
from eligibility.data.readers.release import Release, only, release, why_left_out

FAMILY = "unodc"
COLUMNS = ("Entity", "Code", "Year")
RATE = "Homicide rate per 100,000 population"
LAYOUTS = ((*COLUMNS, RATE),)


def recognise(path: Path, head: Head) -> str | None:
    """The newest year in the file: it carries neither an edition nor a date."""
    if head.columns[:4] != (*COLUMNS, RATE):
        return None
    return str(grids.newest(path, "Year") or "")


def read(paths: Sequence[Path], vintage: str) -> Release:
    """Intentional homicides per 100,000 people, for each country and year with a figure."""
    path = only(paths)
    table = strict.read_csv(path, [*COLUMNS, RATE])
    years = table.years("Year").tolist()
    entities, codes = table.text["Entity"], table.text["Code"]
    # Regions and parts of countries have no code: they go by their names.
    table.text["Code"] = [code or entity for code, entity in zip(codes, entities, strict=True)]
    iso3s = table.countries("Code", "owid", "Entity")
    sheets, columns = series_of(FAMILY, vintage), {"homicide_rate": RATE}
    rows = grids.figures(table, iso3s, years, columns, sheets, missing=())
    table.once("Entity", entities, years)
    table.once("Code", iso3s, years)
    table.check()
    return release(rows, [path], why_left_out(table.text["Code"], "owid"))
