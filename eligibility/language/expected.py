"""What a criteria file expects to come out of it: the shape of its cases, which `eligibility test` runs."""

from __future__ import annotations

from typing import Annotated

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from eligibility.policy.words import (
    Day,
    Id,
    Ids,
    Indicator,
    Iso3,
    Model,
    Span,
    Statuses,
    Text,
    Verdicts,
)


class Expect(Model):
    """What a case expects; a list means any of these."""

    status: Statuses | None = None
    track: Ids | None = None
    not_track: Ids | None = None
    gates: Annotated[dict[Id, Verdicts], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _something(self) -> Expect:
        if all(getattr(self, name) is None for name in ("status", "track", "not_track", "gates")):
            raise PydanticCustomError("rule", "must expect something: status, track, not_track or gates")
        return self


class CountryCase(Model):
    """A test inside the criteria file, of one country at one date; its name is a sentence."""

    name: Text
    country: Iso3
    as_of: Day
    expect: Expect


class Exemption(Model):
    """Published values that are known not to be the score, and why."""

    country: Iso3
    years: Span
    basis: Text


class SeriesCase(Model):
    """A test inside the criteria file, of the score against every value of a published series."""

    name: Text
    series: Indicator
    years: Span
    decimals: Annotated[int, Field(ge=0, le=9)]
    except_: Annotated[list[Exemption], Field(min_length=1)] | None = Field(None, alias="except")


Case = Annotated[
    Annotated[CountryCase, Tag("<country>")] | Annotated[SeriesCase, Tag("<series>")],
    Discriminator(
        lambda value: (
            "<series>"
            if isinstance(value, SeriesCase) or (isinstance(value, dict) and "series" in value)
            else "<country>"
        )
    ),
]
