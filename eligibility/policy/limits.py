"""What a list must keep to beside the order of its scores; nothing computed (method/portfolio.py does)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field

from eligibility.policy.words import Text, named
from eligibility.policy.written import UNWRITTEN, Written


@dataclass(frozen=True)
class Variety(Written):
    """How much it counts that the list has countries of every sort."""

    weight: Annotated[float, Field(gt=0, le=1)]
    basis: Text


@dataclass(frozen=True)
class PerRegion(Written):
    at_most: Annotated[int, Field(ge=1, le=300)]
    basis: Text


@dataclass(frozen=True)
class OfKind(Written):
    """Members that fit a track or a kind of body."""

    id: str = field(metadata=UNWRITTEN)
    n: Annotated[int, Field(ge=1, le=300)]  # at least so many
    basis: Text


@dataclass(frozen=True)
class Limits:
    """The limits of a shortlist; what is not asked for is None or empty.

    variety      weight of how near the others come to a member, of 1; the rest is the weight of the score
    per_region   at most so many members of one region
    at_least     in the order of the file
    """

    variety: float | None = None
    variety_basis: str = ""
    per_region: int | None = None
    per_region_basis: str = ""
    at_least: tuple[OfKind, ...] = ()


@dataclass(frozen=True)
class Shortlist(Written):
    # how many, and what the list must keep to
    size: Annotated[int, Field(ge=1, le=300)]
    of: Annotated[list[Literal["eligible", "conditional"]], Field(min_length=2, max_length=2)] | None = None
    variety: Variety | None = None
    per_region: PerRegion | None = None
    at_least: Annotated[tuple[OfKind, ...], named(OfKind, "id", optional=True)] = ()
    basis: Text = field(kw_only=True)

    @property
    def limits(self) -> Limits | None:
        """What the list must keep to; None where the file says nothing of it."""
        made = Limits(
            self.variety.weight if self.variety else None,
            self.variety.basis if self.variety else "",
            self.per_region.at_most if self.per_region else None,
            self.per_region.basis if self.per_region else "",
            self.at_least,
        )
        return None if made == Limits() else made
