"""What is found wrong with a criteria file while it is read, the indicators it may name, and what several parts ask of them."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from eligibility.data import countries
from eligibility.errors import Problem
from eligibility.files.strict_yaml import Document, Steps
from eligibility.language.shape import HINTED, kind, nearest, plain, readable
from eligibility.policy import model as policy

Item = TypeVar("Item")


def _country(iso3: str) -> str:
    """The code, if it is that of a country."""
    known = countries.register()
    if iso3 not in known:
        raise PydanticCustomError(
            "rule", "must be the ISO3 code of a country", {"hint": nearest(iso3, known)}
        )
    return iso3


Country = Annotated[str, AfterValidator(_country)]


@dataclass
class Notes:
    """The document, the indicators there are, and the problems found so far."""

    document: Document
    known: Mapping[str, Any]  # indicator id -> label, better, lo, hi, classes
    peer_groups: tuple[str, ...] | None = None  # None: not readable, so nothing is said about them
    problems: list[Problem] = field(default_factory=list)
    # indicator -> place -> its max_age
    ages: dict[str, dict[Steps, int | None]] = field(default_factory=dict)

    def add(self, path: Steps, rule: str, got: Any = "", hint: str = "", key: bool = False) -> None:
        got = "" if got == "" else kind(got)
        self.problems.append(
            Problem(self.document.where(path, key), readable(path) or "file", rule, got, hint)
        )

    def sheet(self, path: Steps, indicator: str) -> Any:
        """What is known of an indicator, or None after noting that it is unknown."""
        if indicator in self.known:
            return self.known[indicator]
        hint = self.nearest(indicator, self.known)
        for name, sheet in self.known.items():
            if getattr(sheet, "publisher_code", None) == indicator.partition(".")[2]:
                hint = f"did you mean '{name}'?"
        self.add(path, "unknown indicator", indicator, hint, key=True)
        return None

    def once(self, path: Steps, items: Iterable[str]) -> None:
        """Notes every item of a list that came before in it."""
        for position, item in repeated(items):
            self.add((*path, position), "is listed twice", item)

    def nearest(self, word: str, words_: Iterable[str]) -> str:
        """A "did you mean", for the first problems only: looking for one takes time."""
        return nearest(word, words_) if len(self.problems) < HINTED else ""

    def line(self, path: Steps) -> int:
        """The line in which a key stands or, of what has no key, its value; 0 of neither."""
        place = self.document.keys.get(path) or self.document.values.get(path)
        return place.line if place else 0

    def given(self, path: Steps) -> Any:
        """What the document says at a path, None where it says nothing."""
        data = self.document.data
        for step in path:
            if isinstance(data, dict) and step not in data:
                return None
            data = data[step]
        return data

    def written(self, path: Steps) -> str:
        """What the document says at a path, in one spelling whatever the order of its keys."""
        return json.dumps(self.given(path), sort_keys=True)

    def own_ages(self, usual: int | None) -> tuple[tuple[str, int], ...]:
        """The indicators with a max_age of their own, which must be the same wherever a test or a scale has them."""
        found = {}
        for indicator, said in self.ages.items():
            first = next((age for age in said.values() if age is not None), None)
            for path, age in said.items():
                if age != first:
                    rule, got = f"must be {first}, as elsewhere in this set", "none" if age is None else age
                    self.add(
                        (*path, "max_age") if age is not None else path, rule, got, f"max_age of {indicator}"
                    )
            if first not in (None, usual):
                found[indicator] = first
        return tuple(sorted(found.items()))


def repeated(items: Iterable[Item]) -> list[tuple[int, Item]]:
    """(position, item) of every item that came before."""
    first: dict[Item, int] = {}
    return [
        (position, item) for position, item in enumerate(items) if first.setdefault(item, position) < position
    ]


def span(sheet: Any, looked_at: policy.Quantity) -> tuple[float, float]:
    """The smallest and largest value a quantity can have, as far as its source says.

    A change is at most as wide as the indicator's range; a fall from a peak is never positive.
    """
    classes = list(sheet.classes or ())
    low = min(classes) if sheet.lo is None and classes else -math.inf if sheet.lo is None else sheet.lo
    high = max(classes) if sheet.hi is None and classes else math.inf if sheet.hi is None else sheet.hi
    if looked_at.measure == "change_over":
        return low - high, high - low
    if looked_at.measure == "relative_change_over":
        return -1.0, math.inf
    if looked_at.measure == "gap_closed_over":
        return -math.inf, 1.0 if looked_at.to in (low, high) else math.inf
    return (low - high, 0.0) if looked_at.measure == "change_from_peak" else (low, high)


def limits(low: float, high: float) -> str:
    """A range in words."""
    upper = plain(high) if math.isfinite(high) else "any number"
    return f"{plain(low) if math.isfinite(low) else 'any number'} to {upper}"


def in_span(notes: Notes, path: Steps, number: float, sheet: Any, looked_at: policy.Quantity) -> None:
    """Notes a number that the quantity can never reach."""
    low, high = span(sheet, looked_at)
    if not low <= number <= high:
        what = "" if looked_at.measure == "level" else f"a {looked_at.measure} of "
        rule = f"is outside the range of {what}{looked_at.indicator}, {limits(low, high)}"
        hint = "a fall is written as a negative number" if looked_at.measure == "change_from_peak" else ""
        notes.add(path, rule, plain(number), hint)
    elif sheet.classes and looked_at.measure == "level" and number not in sheet.classes:
        notes.add(path, f"is between two classes of {looked_at.indicator}", plain(number))


def listed_countries(notes: Notes, path: Steps, said: Iterable[tuple[str, str]]) -> None:
    """Notes a country that the register does not know."""
    register = countries.register()
    for iso3, _ in said:
        if iso3 not in register:
            notes.add((*path, iso3), "unknown country", iso3, notes.nearest(iso3, register.names()), key=True)


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
