"""One number of a page, as `explain` tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from eligibility.pages.wording import missing, number, percent

Read = tuple[str, int]  # series and year of a figure


@dataclass(frozen=True)
class Fact:
    """One number of a country.

    path    what to ask for
    value   the number as it was worked out; None where there is none
    shown   as a page prints it
    said    what it is, in words
    reads   the figures it was worked out from, of the country itself
    """

    path: str
    value: float | str | None
    shown: str
    said: str
    reads: tuple[Read, ...] = ()


def under(found: Mapping[str, Fact], path: str) -> list[Fact]:
    """The fact of a path, or all that lie under it, in their order."""
    if path in found:
        return [found[path]]
    return [fact for name, fact in found.items() if name.startswith((f"{path}.", f"{path}["))]


def numbered(path: str, value: float | None, decimals: int, said: str, reads: tuple[Read, ...] = ()) -> Fact:
    return Fact(path, None if missing(value) else float(value), number(value, decimals), said, reads)


def as_share(path: str, value: float | None, said: str) -> Fact:
    return Fact(path, None if missing(value) else float(value), percent(value), said)
