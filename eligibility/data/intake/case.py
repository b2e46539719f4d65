"""A release at the gate, and what on the shelf it is held against."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from eligibility import likeness
from eligibility.data import sources
from eligibility.data.compiled import Compiled
from eligibility.data.intake.rules import LIMITS
from eligibility.data.readers import family_sheet

FEWEST_CELLS, FEWEST_COUNTRIES = 40, 10  # shared cells and countries below which likeness proves nothing


@dataclass
class Case:
    """A release and what it is held against, each table read once."""

    one: Compiled
    shelf: tuple[sources.Source, ...]
    rules: dict[str, Any] = field(init=False)
    mine: dict[str, pd.DataFrame] = field(init=False)
    _tables: dict[str, dict[str, pd.DataFrame]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rules = family_sheet(self.one.family).get("intake", {})
        self.mine = {name: likeness.table(self.one.frame[name]) for name in self.one.series}
        family = [s for s in self.shelf if s.family == self.one.family]
        self.same = next((s for s in family if s.id == self.one.id), None)
        self.others = [s for s in family if s.id != self.one.id]

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
        return self.one.frame.index.get_level_values("iso3").nunique() < FEWEST_COUNTRIES

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
        having = [s for s in having if kind(s.vintage) == kind(self.one.vintage)] or having
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
        if source.id not in self._tables:
            self._tables[source.id] = {"": sources.table(source)}
        return self._tables[source.id][""]

    def ranks(self, source: sources.Source) -> pd.DataFrame:
        """The ranks of every column of a source held."""
        frame = self.frame(source)
        tables = self._tables[source.id]
        if " ranks" not in tables:
            tables[" ranks"] = frame[list(source.series)].rank()
        return tables[" ranks"]

    def table(self, source: sources.Source, name: str) -> pd.DataFrame:
        """One column of a source held, year x iso3."""
        frame = self.frame(source)
        tables = self._tables[source.id]
        if name not in tables:
            tables[name] = likeness.table(frame[name])
        return tables[name]

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
