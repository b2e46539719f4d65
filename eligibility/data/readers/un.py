"""United Nations: lists of who is bound by what, and two indicators of the SDG database in its flat layout."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from eligibility.data.lists import Event
from eligibility.data.readers import SINCE, Head, kept, series_of, strict, treaties
from eligibility.data.readers.release import Dated, Release, Row, only, release, why_left_out
from eligibility.data.sources import EVENTS
from eligibility.errors import DataError, Problem

FAMILY = "un"
_LISTS = kept.List(FAMILY)
LAW, HOMICIDE = "sg_inf_accss", "vc_ihr_psrc"
LAYOUTS = (
    ("Participant", "Signature"),
    ("geo_area", "nature", "units", "year", LAW),
    ("geo_area", "nature", "sex", "units", "year", HOMICIDE),
)
OLDEST_LAW = 1766  # Sweden's freedom of the press act


def recognise(path: Path, head: Head) -> str | None:
    """uncac-2014 and the like for a list; sdg-2020 and law-2020 for the database, after the year in the file's name."""
    for found in (_LISTS.recognise(path, head), treaties.recognise(path, head)):
        if found is not None:
            return found
    if head.columns[:1] != ("geo_area",) or head.columns[-1] not in (LAW, HOMICIDE):
        return None
    year = path.stem.rpartition("-")[2]
    kind = "law" if head.columns[-1] == LAW else "sdg"
    return f"{kind}-{year}" if len(year) == 4 and year.isdecimal() else ""


def read(paths: Sequence[Path], vintage: str) -> Release:
    """The file of one edition: a list, or an indicator of one edition of the SDG database."""
    path = only(paths)
    if path.name == EVENTS:
        return _LISTS.read(paths, vintage)
    kind, _, edition = vintage.partition("-")
    if kind not in ("law", "sdg"):
        return treaties.read(path, vintage)
    if not re.fullmatch(r"[0-9]{4}", edition) or (kind == "law") != (LAW in strict.csv_header(path)):
        rule = "must be an edition such as sdg-2020, or law-2020 for the years of laws"
        raise DataError(Problem(path.name, "vintage", rule, vintage))
    if kind == "law":
        return _law(path, int(edition))
    rows, left = _homicide_female(path, vintage)
    return release(rows, paths, left)


def _law(path: Path, edition: int) -> Release:
    """The year of each country's law on access to information.

    Only countries with a law are listed. Any other may have none or may not have answered.
    """
    table = strict.read_csv(path, ["geo_area", LAW])
    iso3s = table.countries("geo_area", "m49")
    events = []
    for row, (iso3, cell) in enumerate(zip(iso3s, table.text[LAW], strict=True)):
        if iso3 is None:
            continue
        if not (cell.isdecimal() and cell.isascii() and OLDEST_LAW <= int(cell) <= edition):
            table.refuse(row, LAW, f"must be the year of the law, {OLDEST_LAW} to {edition}", cell)
            continue
        events.append(
            Event(iso3, cell, "law_adopted", f"SDG database, {LAW.upper()}, edition of {edition}", "")
        )
    table.once("geo_area", iso3s)
    table.check()
    left = why_left_out(table.text["geo_area"], "m49")
    return release([], [path], left, dated=Dated("ati_law", tuple(events), str(edition), None))


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
    rows: list[Row] = [
        (iso3, year, "homicide_female", float(rate), table.place(row, HOMICIDE))
        for row, (iso3, year, rate, sex) in enumerate(every)
        if iso3 is not None and sex == "female" and year >= SINCE
    ]
    men = sum(iso3 is not None and sex == "male" for iso3, _, _, sex in every)
    return rows, {**why_left_out(table.text["geo_area"], "m49"), "men's rate": men}
