"""Dated lists kept by hand: one row an event, in a layout of ours, each with the page it was read on.

The file is `events.csv` in a folder named after the source, such as `un-uncac-2024-08`; what it compiles to is the
same file in the same folder and its sheet. What its events mean stands in the publisher's sheet, under `standing`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from eligibility.data import lists
from eligibility.data.readers import Head, family_sheet, series_of, strict
from eligibility.data.readers.release import Dated, Release
from eligibility.data.readers.rows import only, release
from eligibility.data.sources import EVENTS

RECOLLECTION = "recollection"  # what a compiler remembers and has not read: never a source


def recognise(path: Path, head: Head, family: str) -> str | None:
    """uncac-2024-08: the list and the day it goes to, from the folder of an events.csv of this family."""
    if path.name != EVENTS or head.columns != lists.COLUMNS:
        return None
    vintage = path.absolute().parent.name.removeprefix(f"{family}-")
    return vintage if _series(family, vintage) else None


def read(paths: Sequence[Path], vintage: str, family: str) -> Release:
    """The events of one list."""
    path = only(paths)
    series = _series(family, vintage)
    rule = lists.standing(series_of(family, vintage)[series]["standing"])
    table = strict.read_csv(path, lists.COLUMNS)
    iso3s = table.countries("iso3", "iso3")
    allowed = (*rule.begins, *rule.ends, *rule.also)
    for row in range(len(table)):
        cells = {column: table.text[column][row] for column in lists.COLUMNS}
        try:
            last = lists.span(cells["date"])[1]
        except ValueError as error:
            table.refuse(row, "date", f"must be {error}", cells["date"])
        else:
            if last.year > strict.LAST_YEAR:
                table.refuse(row, "date", f"must not lie after {strict.LAST_YEAR}", cells["date"])
        if cells["event"] not in allowed:
            table.refuse(row, "event", f"must be one of {', '.join(allowed)}", cells["event"])
        if not cells["source"] or RECOLLECTION in cells["source"].casefold():
            table.refuse(row, "source", "must be the page it was read on", cells["source"])
        elif cells["event"] == lists.DISPUTED and "; " not in cells["source"]:
            table.refuse(
                row,
                "source",
                "must name both sides of what is disputed, after each other with '; '",
                cells["source"],
            )
    table.once("date", iso3s, table.text["date"], table.text["event"])
    table.check()
    events = tuple(lists.Event(*row) for row in zip(*(table.text[c] for c in lists.COLUMNS), strict=True))
    known = family_sheet(family).get("vintages", {}).get(vintage, {})
    as_of = str(known.get("as_of", _told(vintage)[1]))
    return listed(path, Dated(series, events, as_of, known.get("complete_to")))


def listed(path: Path, dated: Dated, skipped: dict[str, int] | None = None) -> Release:
    """The release that a list makes."""
    made = release([], [path], skipped or {})
    return Release(made.values, made.files, made.skipped, dated=dated)


def _told(vintage: str) -> tuple[str, str]:
    """The list and the day in a vintage: uncac-2024-08 is uncac, 2024-08; two empty strings where it is neither."""
    matched = re.fullmatch(r"([a-z]+)-([0-9]{4}(?:-[0-9]{2}){0,2})", vintage)
    return (matched[1], matched[2]) if matched else ("", "")


def _series(family: str, vintage: str) -> str:
    """The series of the family that this list holds; "" for none."""
    name = _told(vintage)[0]
    found = (
        s
        for s, entry in series_of(family, "").items()
        if name and entry.get("standing", {}).get("list") == name
    )
    return next(found, "")
