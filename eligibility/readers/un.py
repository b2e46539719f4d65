"""United Nations: treaty status tables, and two indicators of the SDG database in its flat layout."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from eligibility import countries
from eligibility.errors import DataError, Problem
from eligibility.readers import SINCE, Head, series_of, strict, treaties
from eligibility.readers.release import Release
from eligibility.readers.rows import Row, release, why_left_out

FAMILY = "un"
LAYOUTS = (("Participant", "Signature"),)
LAW, HOMICIDE = "sg_inf_accss", "vc_ihr_psrc"
OLDEST_LAW = 1766  # Sweden's freedom of the press act


def recognise(path: Path, head: Head) -> str | None:
    """uncac-2014 and the like for a treaty; sdg-2020 for the database, after the year in the file's name."""
    if (found := treaties.recognise(path, head)) is not None:
        return found
    if head.columns[:1] != ("geo_area",) or head.columns[-1] not in (LAW, HOMICIDE):
        return None
    year = path.stem.rpartition("-")[2]
    return f"sdg-{year}" if len(year) == 4 and year.isdecimal() else ""


def read(paths: Sequence[Path], vintage: str) -> Release:
    """The files of one edition: one treaty, or the indicators of one edition of the SDG database."""
    rows: list[Row] = []
    skipped = []
    for path in paths:
        if not vintage.startswith("sdg-"):
            found, left = treaties.read(path, vintage)
        elif not re.fullmatch(r"sdg-[0-9]{4}", vintage):
            raise DataError(Problem(path.name, "vintage", "must be an edition such as sdg-2020", vintage))
        elif LAW in strict.csv_header(path):
            found, left = _law(path, int(vintage[4:]))
        else:
            found, left = _homicide_female(path, vintage)
        rows += found
        skipped.append(left)
    return release(rows, paths, *skipped)


def _law(path: Path, edition: int) -> tuple[list[Row], dict[str, int]]:
    """Whether a law on access to information was in place at the end of each year before the edition's.

    Only countries with a law are listed. Any other may have none or may not have answered: it stays blank.
    """
    table = strict.read_csv(path, ["geo_area", LAW])
    iso3s = table.countries("geo_area", "m49")
    register = countries.register()
    rows: list[Row] = []
    for row, (iso3, cell) in enumerate(zip(iso3s, table.text[LAW], strict=True)):
        if iso3 is None:
            continue
        if not (cell.isdecimal() and cell.isascii() and OLDEST_LAW <= int(cell) <= edition):
            table.refuse(row, LAW, f"must be the year of the law, {OLDEST_LAW} to {edition}", cell)
            continue
        for year in range(SINCE, edition):
            if register.exists(iso3, year):
                rows.append((iso3, year, "ati_law", float(year >= int(cell))))
    table.once("geo_area", iso3s)
    table.check()
    return rows, why_left_out(table.text["geo_area"], "m49")


def _homicide_female(path: Path, vintage: str) -> tuple[list[Row], dict[str, int]]:
    """Women killed per 100,000 women, countries' own figures."""
    table = strict.read_csv(path, ["geo_area", "nature", "sex", "units", "year", HOMICIDE])
    lo, hi = series_of(FAMILY, vintage)["homicide_female"]["range"]
    years = [int(year) for year in table.years("year")]
    rates = table.numbers(HOMICIDE, missing=(), lo=lo, hi=hi)
    for column, allowed in (("sex", ("female", "male")), ("units", ("per_100000_pop",))):
        for row, cell in enumerate(table.text[column]):
            if cell not in allowed:
                table.refuse(row, column, f"must be one of {', '.join(allowed)}", cell)
    iso3s = table.countries("geo_area", "m49")
    table.once("geo_area", iso3s, years, table.text["sex"])
    table.check()
    every = list(zip(iso3s, years, rates, table.text["sex"], strict=True))
    rows = [
        (iso3, year, "homicide_female", float(rate))
        for iso3, year, rate, sex in every
        if iso3 is not None and sex == "female" and year >= SINCE
    ]
    men = sum(iso3 is not None and sex == "male" for iso3, _, _, sex in every)
    return rows, {**why_left_out(table.text["geo_area"], "m49"), "men's rate": men}
