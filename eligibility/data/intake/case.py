"""A release at the gate, and what on the shelf it is held against."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pandas as pd

from eligibility import likeness
from eligibility.data import sources
from eligibility.data.compiled import Compiled
from eligibility.data.intake.rules import LIMITS
from eligibility.data.readers import family_sheet

FEWEST_CELLS, FEWEST_COUNTRIES = 40, 10  # shared cells and countries below which likeness proves nothing


class Case:
    """A release and what it is held against, each table read once."""

    def __init__(self, one: Compiled, shelf: Iterable[sources.Source]):
        self.one = one
        self.rules: dict[str, Any] = family_sheet(one.family).get("intake", {})
        self.mine = {name: likeness.table(one.frame[name]) for name in one.series}
        self.lands = one.frame.index.get_level_values("iso3").unique()
        family = [s for s in shelf if s.family == one.family]
        self.same = next((s for s in family if s.id == one.id), None)
        self.others = [s for s in family if s.id != one.id]
        self._made: dict[tuple[str, str], pd.DataFrame] = {}

    @property
    def extract(self) -> bool:
        """Whether it is a handful of countries of a release that is not held: it covers nothing, so it can hide nothing.

        Of a release older than one that is held it is no extract but a part: it brings nothing that is wanted.
        """
        older = any(self.alike(source) and not self.after(source) for source in self.others)
        return self.same is None and self.handful and not older

    @property
    def handful(self) -> bool:
        """Whether it has fewer than ten countries, an extract that was let in before among them."""
        return len(self.lands) < FEWEST_COUNTRIES

    def classes(self, name: str) -> bool:
        """Whether a series is one of classes, which have no width."""
        return bool(self.one.entries[name].get("classes"))

    def may(self, what: str) -> bool:
        """Whether this publisher's files may be so: same-year, constant."""
        return what in self.rules.get("may", ())

    def limit(self, rule: str, name: str = "") -> float:
        """The limit of a rule for this publisher, or for one of its series."""
        own = self.rules.get("series", {}).get(name, {})
        return own.get(rule, self.rules.get("limits", {}).get(rule, LIMITS[rule]))

    def said(self, key: str) -> Any:
        """What the sheet says of this vintage, of its kind, or of all."""
        told = self.rules.get(key, {})
        return told.get(self.one.vintage, told.get(kind(self.one.vintage), told.get("all")))

    def neighbour(self, name: str) -> sources.Source | None:
        """The release before this one that holds the series, else the one after; of the same kind where there is one."""
        having = [s for s in self.others if name in s.series]
        having = [s for s in having if self.alike(s)] or having
        before = [s for s in having if self.after(s)]
        if before:
            return max(before, key=lambda s: (order(s.vintage), s.released, s.id))
        return min(having, key=lambda s: (order(s.vintage), s.released, s.id), default=None)

    def after(self, other: sources.Source) -> bool:
        """Whether this release is the later one: by number for one kind of file, else by the day it came out."""
        if self.alike(other):
            return order(self.one.vintage) > order(other.vintage)
        return self.one.released > other.released

    @property
    def monthly(self) -> bool:
        """Whether the release is one of several in a year, such as "wdi-2025-12": it may bring no new year."""
        return bool(re.search(r"\d{4}-(0[1-9]|1[0-2])$", self.one.vintage))

    def alike(self, other: sources.Source) -> bool:
        """Whether both are the same kind of file, so that the later one must hold what the earlier held."""
        return kind(other.vintage) == kind(self.one.vintage)

    def frame(self, source: sources.Source) -> pd.DataFrame:
        """The whole table of a source held."""
        return self._once(source, "", lambda: sources.table(source))

    def ranks(self, source: sources.Source) -> pd.DataFrame:
        """The ranks of every column of a source held."""
        return self._once(source, " ranks", lambda: self.frame(source)[list(source.series)].rank())

    def table(self, source: sources.Source, name: str) -> pd.DataFrame:
        """One column of a source held, year x iso3."""
        return self._once(source, name, lambda: likeness.table(self.frame(source)[name]))

    def _once(self, source: sources.Source, what: str, made: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        if (source.id, what) not in self._made:
            self._made[source.id, what] = made()
        return self._made[source.id, what]

    def references(self) -> Iterator[tuple[sources.Source, list[str]]]:
        """Every source this release is held against, with the series it is the reference for."""
        found: dict[str, tuple[sources.Source, list[str]]] = {}
        for name in self.one.series:
            both = (self.same if self.same and name in self.same.series else None, self.neighbour(name))
            for source in (s for s in both if s):
                found.setdefault(source.id, (source, []))[1].append(name)
        yield from found.values()


def kind(vintage: str) -> str:
    """The kind of file in a vintage such as "oghist-fy25"; "" where a publisher has one kind.

    >>> kind("oghist-fy25"), kind("v14"), kind("hdr2023-24")
    ('oghist', '', '')
    """
    found = re.match(r"([a-z]+)-", vintage)
    return found[1] if found else ""


def order(vintage: str) -> list[int]:
    """The numbers of a vintage, by which those of one kind are sorted.

    >>> order("v14") < order("v16"), order("2025-12")
    (True, [2025, 12])
    """
    return [int(number) for number in re.findall(r"\d+", vintage)]
