"""UNODC intentional homicide, in the CSV that Our World in Data makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eligibility.data import countries
from eligibility.data.readers import SINCE, Head, grids, series_of, strict
from eligibility.data.readers.release import Release, only, release, why_left_out

FAMILY = "unodc"
COLUMNS = ("Entity", "Code", "Year")
RATE = "Homicide rate per 100,000 population"
LAYOUTS = ((*COLUMNS, RATE),)


def recognise(path: Path, head: Head) -> str | None:
    """The newest year in the file: it carries neither an edition nor a date."""
    if head.columns[:4] != (*COLUMNS, RATE):
        return None
    rows = list(head.records())[1:]
    years = [int(row[2]) for row in rows if len(row) > 2 and len(row[2]) == 4 and row[2].isdecimal()]
    return str(max(years)) if years else ""


def read(paths: Sequence[Path], vintage: str) -> Release:
    """Intentional homicides per 100,000 people, for each country and year with a figure."""
    path = only(paths)
    table = strict.read_csv(path, [*COLUMNS, RATE])
    years = [int(year) for year in table.years("Year")]
    iso3s = _entities(table)
    sheets, columns = series_of(FAMILY, vintage), {"homicide_rate": RATE}
    rows = grids.figures(table, iso3s, years, columns, sheets, missing=(), since=SINCE)
    table.once("Entity", table.text["Entity"], years)
    table.once("Code", iso3s, years)
    table.check()
    keys = [code or entity for entity, code in zip(table.text["Entity"], table.text["Code"], strict=True)]
    return release(rows, [path], why_left_out(keys, "owid"))


def _entities(table: strict.Table) -> list[str | None]:
    """Each row's country, None for a region or part of a country; without a code the name is looked up."""
    register, found = countries.register(), []
    for row, (entity, code) in enumerate(zip(table.text["Entity"], table.text["Code"], strict=True)):
        try:
            found.append(register.resolve(code or entity, scheme="owid"))
        except countries.UnknownCode as error:
            found.append(None)
            table.refuse(
                row,
                "Code" if code else "Entity",
                "must be one the register knows",
                code or entity,
                error.hint,
            )
    table.check_names("Code", "Entity", found)
    return found
