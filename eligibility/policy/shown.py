"""What is shown beside a result and is never part of it: axes and flags."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated

from pydantic import Field, model_validator

from eligibility.policy.words import ALWAYS, Cites, Countries, Day, Indicator, InForce, Said, Text, one_of
from eligibility.policy.written import UNWRITTEN, As, Written


@dataclass(frozen=True)
class Confirmed(Written):
    """How many of an axis's statuses must be found."""

    at_least: Annotated[int, Field(ge=1)]
    basis: Text


@dataclass(frozen=True)
class Axis(Written):
    # something shown beside the score and never in it
    id: str = field(metadata=UNWRITTEN)
    title: Text
    indicators: Annotated[tuple[str, ...], As(Annotated[list[Indicator], Field(min_length=1)], tuple)]
    confirmed: Confirmed | None = None
    cites: Cites | None = None
    note: Said = ""


@dataclass(frozen=True)
class Marked(Written):
    """One list of a flag, in force from the day it stands under."""

    opening = ("in_force", "of")

    countries: Countries  # (iso3, why)
    in_force: Annotated[
        InForce, As(Day | None, lambda day: InForce(until=day and date.fromisoformat(day)))
    ] = field(default=ALWAYS, metadata={"alias": "until"})
    # how many the whole list has, where not all of them are held; 0 where all are
    of: Annotated[int, As(Annotated[int, Field(ge=1)] | None, lambda n: n or 0)] = 0


def _by_date(table: dict[str, Marked] | None) -> tuple[Marked, ...]:
    """The lists of a table, each from its day."""
    begun = ((date.fromisoformat(day), each) for day, each in (table or {}).items())
    return tuple(replace(each, in_force=InForce(day, each.in_force.until)) for day, each in begun)


@dataclass(frozen=True)
class Flag(Written):
    """Countries marked by name, shown beside the result and never part of it."""

    id: str = field(metadata=UNWRITTEN)
    title: Text
    cites: Cites
    countries: Annotated[tuple[tuple[str, str], ...], As(Countries | None, lambda said: said or ())] = ()
    # lists that follow one another
    by_date: Annotated[
        tuple[Marked, ...], As(Annotated[dict[Day, Marked], Field(min_length=1)] | None, _by_date)
    ] = ()

    @model_validator(mode="after")
    def _one_kind(self) -> Flag:
        one_of(self, ("countries", "by_date"), "kind of list")
        return self

    @property
    def lists(self) -> tuple[Marked, ...]:
        """Its lists by date, or its one list, always in force."""
        return self.by_date or (Marked(self.countries),)

    def marked(self, day: date) -> Marked | None:
        """The list in force on a day; None where none is held for it."""
        return next((each for each in self.lists if each.in_force.holds(day)), None)
