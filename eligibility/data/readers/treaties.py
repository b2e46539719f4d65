"""United Nations Treaty Collection status tables: who became a party, and when, as far as the file knows.

A status table has no date. Its newest deed shows how far it reaches at least: to that day it is taken as complete,
and after it nothing is known; not being a party in the table is then no longer a "no".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from eligibility.data.lists import Event
from eligibility.data.readers import Head, strict
from eligibility.data.readers.release import Dated, Release, release
from eligibility.errors import DataError, Problem

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
    """uncac-2014: the treaty by its number in the file's name, and the year of its newest deed."""
    if head.columns[:2] != ("Participant", "Signature") or path.stem not in TREATIES:
        return None
    years = [int(year) for year in re.findall(r"\b[0-9]{1,2} [A-Z][a-z]{2} ([0-9]{4})\b", head.text)]
    return f"{TREATIES[path.stem].name}-{max(years)}" if years else ""


def read(path: Path, vintage: str) -> Release:
    """The day on which each participant became a party."""
    treaty = TREATIES.get(path.stem)
    if treaty is None or treaty.name != vintage.partition("-")[0]:
        raise DataError(Problem(path.name, "vintage", "must be the treaty of the file's name", got=vintage))
    deeds, newest, skipped = _status(path, treaty.opened)
    source = f"United Nations Treaty Collection, status of {path.stem.replace('18-', 'XVIII-')}"
    events = (Event(iso3, day.isoformat(), "party", source, "") for iso3, day in deeds.items() if day)
    listed = Dated(treaty.series, tuple(events), newest.isoformat(), newest)
    return release([], [path], skipped, dated=listed)


def _status(path: Path, opened: int) -> tuple[dict[str, date | None], date, dict[str, int]]:
    """Participant -> date it became bound (None: signed only); the newest deed of any kind; rows left out."""
    bound = next((name for name in strict.csv_header(path) if "Accession(a)" in name), "Accession(a)")
    table = strict.read_csv(path, ["Participant", "Signature", bound])
    iso3s = table.countries("Participant", "name")
    table.once("Participant", iso3s)
    signed, became = (_dates(table, column, opened) for column in ("Signature", bound))
    for row, dates in enumerate(zip(signed, became, strict=True)):
        if dates == (None, None):
            table.refuse(row, bound, "a participant must have signed or become bound")
    if not len(table):
        raise DataError(Problem(path.name, "file", "must have a participant"))
    table.check()
    newest = max(day for day in (*signed, *became) if day)
    deeds = {iso3: day for iso3, day in zip(iso3s, became, strict=True) if iso3}
    return deeds, newest, {"organisation": iso3s.count(None)}


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
