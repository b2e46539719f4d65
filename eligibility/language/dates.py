"""What a criteria file says of days: from when to when something holds, tables by date, flags."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from eligibility.files.strict_yaml import Steps
from eligibility.language.notes import Notes, in_span, listed_countries
from eligibility.policy import model as policy


def by_date(notes: Notes, path: Steps, sheet: Any, looked_at: policy.Quantity) -> None:
    """Notes what is wrong with the entries of a table by date."""
    table = notes.given(path)
    begun = [date.fromisoformat(day) for day in table]
    for (day, entry), begins, following in zip(
        table.items(), begun, successors(notes, path, begun), strict=True
    ):
        number, until = (entry["value"], entry["until"]) if isinstance(entry, dict) else (entry, None)
        in_span(notes, (*path, day, "value") if until else (*path, day), number, sheet, looked_at)
        if until:
            after(notes, (*path, day, "until"), begins, date.fromisoformat(until), following)


def successors(notes: Notes, path: Steps, days: list[date]) -> list[date | None]:
    """The day after each of a table's that comes next; a table out of order is noted."""
    if days != sorted(days):
        notes.add(path, "must list its dates in ascending order")
    return [*days[1:], None][: len(days)]


def after(notes: Notes, path: Steps, day: date, until: date, following: date | None) -> None:
    """Notes an end that does not lie between its own beginning and the next."""
    if until < day or (following and until >= following):
        rule_ = (
            f"must lie from {day} to the day before {following}"
            if following
            else f"must not lie before {day}"
        )
        notes.add(path, rule_, until.isoformat())


def flag(notes: Notes, id_: str, flag: policy.Flag) -> policy.Flag:
    """Countries marked by name."""
    path: Steps = ("flags", id_)
    listed_countries(notes, (*path, "countries"), flag.countries)
    begun = [each.in_force.since or date.min for each in flag.by_date]
    lists = tuple(
        marked(notes, (*path, "by_date", day.isoformat()), day, each, following)
        for day, each, following in zip(
            begun, flag.by_date, successors(notes, (*path, "by_date"), begun), strict=True
        )
    )
    return replace(flag, id=id_, by_date=lists)


def marked(
    notes: Notes, path: Steps, day: date, made: policy.Marked, following: date | None
) -> policy.Marked:
    """One list of a flag, in force until its own last day or the day before the next list."""
    listed_countries(notes, (*path, "countries"), made.countries)
    if made.of and made.of < len(made.countries):
        notes.add((*path, "of"), f"is less than the {len(made.countries)} listed", made.of)
    until = made.in_force.until
    if until:
        after(notes, (*path, "until"), day, until, following)
    last = until or (following and following - timedelta(days=1))
    return replace(
        made, in_force=policy.InForce(day, last), of=made.of if made.of > len(made.countries) else 0
    )
