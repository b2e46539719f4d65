"""Tables and dated lists kept by hand in a layout of ours: a family of them is a sheet and no module of its own.

Table   one row a country and year, for a sheet with `kept: {year: COLUMN, before: YEARS}`: a CSV file of iso3, that
column and one column a series under its short name, empty where there is no figure; classes by name
List    one row an event, for any other sheet: `events.csv` in a folder named after the source, such as
un-uncac-2024-08, each with the page it was read on; what it compiles to is the same file in the same folder
and its sheet. What its events mean stands in the publisher's sheet, under `standing`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eligibility.data import lists
from eligibility.data.readers import Head, family_sheet, grids, series_of, strict
from eligibility.data.readers.release import Dated, Release, Row, only, release
from eligibility.data.sources import EVENTS

RECOLLECTION = "recollection"  # what a compiler remembers and has not read: never a source


def reader(family: str) -> Table | List:
    """The reader of a family without a module of its own."""
    said = family_sheet(family).get("kept")
    return Table(family, **said) if said else List(family)


@dataclass(frozen=True)
class Table:
    """The reader of a family of tables; `before` years lie between the year written and the year described."""

    FAMILY: str
    year: str
    before: int = 0

    def recognise(self, path: Path, head: Head) -> str | None:
        """The year, month or day in the file's name, for a table of iso3, the year and series of the family."""
        columns = head.columns
        if columns[:2] != ("iso3", self.year) or not set(columns[2:]) & set(
            family_sheet(self.FAMILY)["series"]
        ):
            return None
        named = re.search(r"(?<!\d)20\d\d(-\d\d){0,2}(?!\d)", path.stem)
        return named[0] if named else ""

    def read(self, paths: Sequence[Path], vintage: str) -> Release:
        """Every figure of the table."""
        path, sheets = only(paths), series_of(self.FAMILY, vintage)
        here = [name for name in strict.csv_header(path)[2:] if name]
        wanted = [name for name in here if name in sheets]
        table = strict.read_csv(path, ["iso3", self.year, *wanted])
        for name in here:
            if name not in sheets and len(table):
                rule = f"must be a series of {self.FAMILY}"
                table.refuse(0, name, rule, name, f"it has {', '.join(sheets)}")
        iso3s, years = table.countries("iso3", "iso3"), table.years(self.year) - self.before
        table.once("iso3", iso3s, years.tolist())
        rows: list[Row] = []
        for name in wanted:
            if classes := sheets[name].get("classes"):
                known = {label: float(number) for number, label in classes.items()}
                rows += grids.labels(table, iso3s, years, name, name, known, also=", or empty")
            else:
                rows += grids.figures(table, iso3s, years, {name: name}, sheets)
        table.check()
        return release(rows, [path])


@dataclass(frozen=True)
class List:
    """The reader of a family of dated lists."""

    FAMILY: str

    def recognise(self, path: Path, head: Head) -> str | None:
        """uncac-2024-08: the list and the day it goes to, from the folder of an events.csv of this family."""
        if path.name != EVENTS or head.columns != lists.COLUMNS:
            return None
        vintage = path.absolute().parent.name.removeprefix(f"{self.FAMILY}-")
        return vintage if self._series(vintage) else None

    def read(self, paths: Sequence[Path], vintage: str) -> Release:
        """The events of one list."""
        path, series = only(paths), self._series(vintage)
        rule = lists.standing(series_of(self.FAMILY, vintage)[series]["standing"])
        table = strict.read_csv(path, lists.COLUMNS)
        iso3s = table.countries("iso3", "iso3")
        events = [lists.Event(*row) for row in zip(*(table.text[c] for c in lists.COLUMNS), strict=True)]
        for row, event in enumerate(events):
            _check(table, row, event, (*rule.begins, *rule.ends, *rule.also))
        table.once("date", iso3s, table.text["date"], table.text["event"])
        table.check()
        known = family_sheet(self.FAMILY).get("vintages", {}).get(vintage, {})
        as_of = str(known.get("as_of", _told(vintage)[1]))
        return release([], [path], dated=Dated(series, tuple(events), as_of, known.get("complete_to")))

    def _series(self, vintage: str) -> str:
        """The series of the family that this list holds; "" for none."""
        name, series = _told(vintage)[0], series_of(self.FAMILY, "")
        found = (s for s, entry in series.items() if name and entry.get("standing", {}).get("list") == name)
        return next(found, "")


def _check(table: strict.Table, row: int, event: lists.Event, allowed: Sequence[str]) -> None:
    """Refuse a row without a day, a kind of event that is known, or the page it was read on."""
    try:
        last = event.last
    except ValueError as error:
        table.refuse(row, "date", f"must be {error}", event.date)
    else:
        if last.year > strict.LAST_YEAR:
            table.refuse(row, "date", f"must not lie after {strict.LAST_YEAR}", event.date)
    if event.event not in allowed:
        table.refuse(row, "event", f"must be one of {', '.join(allowed)}", event.event)
    if not event.source or RECOLLECTION in event.source.casefold():
        table.refuse(row, "source", "must be the page it was read on", event.source)
    elif event.event == lists.DISPUTED and len(event.sources) < 2:
        rule = "must name both sides of what is disputed, after each other with '; '"
        table.refuse(row, "source", rule, event.source)


def _told(vintage: str) -> tuple[str, str]:
    """The list and the day in a vintage: uncac-2024-08 is uncac, 2024-08; two empty strings where it is neither."""
    matched = re.fullmatch(r"([a-z]+)-([0-9]{4}(?:-[0-9]{2}){0,2})", vintage)
    return (matched[1], matched[2]) if matched else ("", "")
