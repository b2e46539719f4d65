"""What a criteria file expects to come out of it: its cases, which `eligibility test` runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from eligibility.policy.words import Id, Ids, Indicator, Iso3, Span, Statuses, Text, Verdicts, When, several
from eligibility.policy.written import As, Written


@dataclass(frozen=True)
class Expect(Written):
    """What a case expects; a list means any of these."""

    status: Statuses | None = None
    track: Ids | None = None
    not_track: Ids | None = None
    gates: Annotated[dict[Id, Verdicts], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _something(self) -> Expect:
        if self == Expect():
            raise PydanticCustomError("rule", "must expect something: status, track, not_track or gates")
        return self

    def words(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """(status | track | not_track | gate:<id>, the words any of which will do)."""
        said = {"status": self.status, "track": self.track, "not_track": self.not_track}
        said |= {f"gate:{id_}": verdict for id_, verdict in (self.gates or {}).items()}
        return tuple((key, words) for key, words in said.items() if words)


@dataclass(frozen=True)
class CountryCase(Written):
    """A test inside the criteria file, of one country at one date; its name is a sentence."""

    name: Text
    country: Iso3
    as_of: When
    expect: Annotated[tuple[tuple[str, tuple[str, ...]], ...], As(Expect, Expect.words)]


@dataclass(frozen=True)
class Exemption(Written):
    """Published values that are known not to be the score, and why."""

    country: Iso3
    years: Span  # the first and the last
    basis: Text


@dataclass(frozen=True)
class SeriesCase(Written):
    """A test inside the criteria file, of the score against every value of a published series."""

    # A score of 0 stands for the low end of the series' declared range and 1 for its high end. Values are
    # equal if they differ by no more than half a unit of the last of `decimals`, as rounding may.
    name: Text
    series: Indicator
    years: Span
    decimals: Annotated[int, Field(ge=0, le=9)]
    exempt: Annotated[tuple[Exemption, ...], several(Exemption)] = field(
        default=(), metadata={"alias": "except"}
    )


def _sort(value: Any) -> str:
    series = isinstance(value, SeriesCase) or (isinstance(value, dict) and "series" in value)
    return "<series>" if series else "<country>"


Case = Annotated[
    Annotated[CountryCase, Tag("<country>")] | Annotated[SeriesCase, Tag("<series>")], Discriminator(_sort)
]
