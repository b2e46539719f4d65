"""What a criteria file says of days: from when to when something holds, tables by date, flags."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from eligibility.files.strict_yaml import Steps
from eligibility.language import file as shapes
from eligibility.language.notes import Notes, in_span, listed_countries
from eligibility.policy import model as policy


def by_date(
    notes: Notes, path: Steps, table: dict[str, Any], sheet: Any, looked_at: policy.Quantity
) -> policy.Dated:
    """A table by date; from the day after an entry has ended to the next there is no threshold."""
    entries: list[tuple[date, float | None]] = []
    ending = tuple(date.fromisoformat(day) for day, entry in table.items() if isinstance(entry, shapes.Entry))
    begun = [date.fromisoformat(day) for day in table]
    for (day, entry), begins, following in zip(
        table.items(), begun, successors(notes, path, begun), strict=True
    ):
        number, until = (entry.value, entry.until) if isinstance(entry, shapes.Entry) else (entry, None)
        at = (*path, day) if until is None else (*path, day, "value")
        in_span(notes, at, number, sheet, looked_at)
        entries.append((begins, float(number)))
        if until and (end := after(notes, (*path, day, "until"), begins, until, following)):
            entries.append((end, None))
    return policy.Dated(tuple(entries), ending)


def successors(notes: Notes, path: Steps, days: list[date]) -> list[date | None]:
    """The day after each of a table's that comes next; a table out of order is noted."""
    if days != sorted(days):
        notes.add(path, "must list its dates in ascending order")
    return [*days[1:], None][: len(days)]


def after(notes: Notes, path: Steps, day: date, until: date, following: date | None) -> date | None:
    """The day after an entry's last, None where the next one begins then; an end outside its time is noted."""
    if until < day or (following and until >= following):
        rule_ = (
            f"must lie from {day} to the day before {following}"
            if following
            else f"must not lie before {day}"
        )
        notes.add(path, rule_, until.isoformat())
        return None
    end = date.fromordinal(min(until.toordinal() + 1, date.max.toordinal()))
    return None if end == following else end


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
