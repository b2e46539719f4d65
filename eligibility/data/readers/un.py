"""United Nations: lists of who is bound by what, and two indicators of the SDG database in its flat layout.

A status table of the Treaty Collection has no date. Its newest deed shows how far it reaches at least: to that day it is
taken as complete, and after it nothing is known; not being a party in the table is then no longer a "no".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from eligibility.data.lists import Event
from eligibility.data.readers import Head, kept, series_of, strict
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
_DEED = re.compile(r"([0-9]{1,2} [A-Z][a-z]{2} [0-9]{4})(?: (?:a|A|AA|c|d))?")


@dataclass(frozen=True)
class Treaty:
    """One treaty: its short name here, its series, and the year it was opened for signature."""

    name: str
    series: str
    opened: int


TREATIES = {
    "18-10": Treaty("rome", "rome_statute_party", 1998),
    "18-12": Treaty("untoc", "untoc_party", 2000),
    "18-14": Treaty("uncac", "uncac_party", 2003),
}


def recognise(path: Path, head: Head) -> str | None:
    """uncac-2014 and the like for a list; sdg-2020 and law-2020 for the database, after the year in the file's name."""
    for found in (_LISTS.recognise(path, head), _recognise_treaty(path, head)):
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
        return _treaty(path, vintage)
    if not re.fullmatch(r"[0-9]{4}", edition) or (kind == "law") != (LAW in strict.csv_header(path)):
        rule = "must be an edition such as sdg-2020, or law-2020 for the years of laws"
        raise DataError(Problem(path.name, "vintage", rule, vintage))
    if kind == "law":
        return _law(path, int(edition))
    return _homicide_female(path, vintage)


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


def _homicide_female(path: Path, vintage: str) -> Release:
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
        if iso3 is not None and sex == "female"
    ]
    men = sum(iso3 is not None and sex == "male" for iso3, _, _, sex in every)
    return release(rows, [path], why_left_out(table.text["geo_area"], "m49"), {"men's rate": men})


def _recognise_treaty(path: Path, head: Head) -> str | None:
    """uncac-2014: the treaty by its number in the file's name, and the year of its newest deed."""
    if head.columns[:2] != ("Participant", "Signature") or path.stem not in TREATIES:
        return None
    years = [int(year) for year in re.findall(r"\b[0-9]{1,2} [A-Z][a-z]{2} ([0-9]{4})\b", head.text)]
    return f"{TREATIES[path.stem].name}-{max(years)}" if years else ""


def _treaty(path: Path, vintage: str) -> Release:
    """The day on which each participant became a party; the list goes to the newest deed of any kind."""
    treaty = TREATIES.get(path.stem)
    if treaty is None or treaty.name != vintage.partition("-")[0]:
        raise DataError(Problem(path.name, "vintage", "must be the treaty of the file's name", got=vintage))
    bound = next((name for name in strict.csv_header(path) if "Accession(a)" in name), "Accession(a)")
    table = strict.read_csv(path, ["Participant", "Signature", bound])
    iso3s = table.countries("Participant", "name")
    table.once("Participant", iso3s)
    signed, became = (_dates(table, column, treaty.opened) for column in ("Signature", bound))
    for row, dates in enumerate(zip(signed, became, strict=True)):
        if dates == (None, None):
            table.refuse(row, bound, "a participant must have signed or become bound")
    if not len(table):
        raise DataError(Problem(path.name, "file", "must have a participant"))
    table.check()
    newest = max(day for day in (*signed, *became) if day)
    source = f"United Nations Treaty Collection, status of {path.stem.replace('18-', 'XVIII-')}"
    parties = ((iso3, day) for iso3, day in zip(iso3s, became, strict=True) if iso3 and day)
    events = tuple(Event(iso3, day.isoformat(), "party", source, "") for iso3, day in parties)
    listed = Dated(treaty.series, events, newest.isoformat(), newest)
    return release([], [path], {"organisation": iso3s.count(None)}, dated=listed)


def _dates(table: strict.Table, column: str, opened: int) -> list[date | None]:
    """The column's dates, written "4 Mar 2004 a" with the kind of deed behind; None where empty.

    None may lie before the year in which the treaty was opened.
    """
    found: list[date | None] = []
    for row, cell in enumerate(table.text[column]):
        deed = _DEED.fullmatch(cell)
        try:
            found.append(datetime.strptime(deed[1], "%d %b %Y").date() if deed else None)
        except ValueError:
            deed = None
            found.append(None)
        if cell and not deed:
            table.refuse(row, column, "must be a date such as '4 Mar 2004 a'", cell)
        elif deed and not opened <= int(deed[1][-4:]) <= strict.LAST_YEAR:
            table.refuse(row, column, f"must be a date from {opened} to {strict.LAST_YEAR}", cell)
    return found
