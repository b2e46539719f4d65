"""The shape of a shortlist: how many, and what the list must keep to."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from eligibility.policy.words import Id, Model, Text


class Variety(Model):
    """How much it counts that the list has countries of every sort."""

    weight: Annotated[float, Field(gt=0, le=1)]
    basis: Text


class PerRegion(Model):
    at_most: Annotated[int, Field(ge=1, le=300)]
    basis: Text


class OfKind(Model):
    """Members that fit a track or a kind of body."""

    n: Annotated[int, Field(ge=1, le=300)]
    basis: Text


class Shortlist(Model):
    size: Annotated[int, Field(ge=1, le=300)]
    of: Annotated[list[Literal["eligible", "conditional"]], Field(min_length=2, max_length=2)] | None = None
    variety: Variety | None = None
    per_region: PerRegion | None = None
    at_least: Annotated[dict[Id, OfKind], Field(min_length=1)] | None = None
    basis: Text
