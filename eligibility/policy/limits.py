"""What a list must keep to beside the order of its scores: plain values, nothing computed (method/portfolio.py does)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class OfKind:
    """At least so many members that fit a track or a kind of body."""

    id: str
    n: int
    basis: str


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
