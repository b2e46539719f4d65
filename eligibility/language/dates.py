"""What a criteria file says of days: from when to when something holds, tables by date, flags."""

from __future__ import annotations

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
    for (day, entry), following in zip(table.items(), successors(notes, path, table), strict=True):
        number, until = (entry.value, entry.until) if isinstance(entry, shapes.Entry) else (entry, None)
        at = (*path, day) if until is None else (*path, day, "value")
        in_span(notes, at, number, sheet, looked_at)
        entries.append((date.fromisoformat(day), float(number)))
        if until and (end := after(notes, (*path, day, "until"), day, until, following)):
            entries.append((end, None))
    return policy.Dated(tuple(entries), ending)


def successors(notes: Notes, path: Steps, table: dict[str, Any]) -> list[str | None]:
    """The day after each of a table's that comes next; a table out of order is noted."""
    days = list(table)
    if days != sorted(days):
        notes.add(path, "must list its dates in ascending order")
    return [*days[1:], None]


def after(notes: Notes, path: Steps, day: str, until: str, following: str | None) -> date | None:
    """The day after an entry's last, None where the next one begins then; an end outside its time is noted."""
    if until < day or (following and until >= following):
        rule_ = (
            f"must lie from {day} to the day before {following}"
            if following
            else f"must not lie before {day}"
        )
        notes.add(path, rule_, until)
        return None
    end = date.fromordinal(min(date.fromisoformat(until).toordinal() + 1, date.max.toordinal()))
    return None if following and end == date.fromisoformat(following) else end


def flag(notes: Notes, path: Steps, shape: shapes.Flag) -> policy.Flag:
    """Countries marked by name."""
    if shape.countries:
        lists: tuple[policy.Marked, ...] = (
            policy.Marked(listed_countries(notes, (*path, "countries"), shape.countries)),
        )
    else:
        table = shape.by_date or {}
        following = successors(notes, (*path, "by_date"), table)
        lists = tuple(
            marked(notes, (*path, "by_date", day), day, each, later)
            for (day, each), later in zip(table.items(), following, strict=True)
        )
    return policy.Flag(str(path[-1]), shape.title, lists, shape.cites)


def marked(notes: Notes, path: Steps, day: str, shape: shapes.Marked, following: str | None) -> policy.Marked:
    """One list of a flag, in force until its own last day or the day before the next list."""
    named = listed_countries(notes, (*path, "countries"), shape.countries)
    if shape.of and shape.of < len(named):
        notes.add((*path, "of"), f"is less than the {len(named)} listed", shape.of)
    last = date.fromisoformat(following) - timedelta(days=1) if following else None
    if shape.until:
        after(notes, (*path, "until"), day, shape.until, following)
        last = date.fromisoformat(shape.until)
    of = shape.of if shape.of and shape.of > len(named) else 0
    return policy.Marked(named, policy.InForce(date.fromisoformat(day), last), of)
