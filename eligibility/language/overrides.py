"""The register of what people add to the model: the board's decisions, analysts' notes. Read strictly, never counted.

    overrides:
      - country: TUN
        criteria: peacetime-pilots
        decision: defer            # admit | exclude | defer
        name: A. Example, chair of the board
        date: 2016-09-14
        reason: The municipal elections were put off.
        source: https://example.org/minutes/2016-09
    notes:
      - country: TUN
        name: B. Example, analyst
        date: 2016-06-20
        note: Half of the ministries have published their accounts.
        source: https://example.org/visit/2016-06

One decision a country and policy is in force; older ones live in the history of the file. Notes are of a country,
under whatever policy, and as many as there are. Nothing here knows what day it is: a date must be a day of the
calendar, no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ConfigDict, Field

from eligibility.contract_parts import Decision
from eligibility.errors import InputError, Problem
from eligibility.files import strict_yaml
from eligibility.files.strict_yaml import Document, shown
from eligibility.language.notes import Country
from eligibility.language.shape import held
from eligibility.policy.words import Address, Day, Id, Model, Stripped

TOP = "overrides"
WHOLE = "a mapping with the key `overrides`, the key `notes` or both"


class OverridesError(InputError):
    """A register of overrides cannot be honoured."""


@dataclass(frozen=True)
class Override:
    """One decision of the board on one country under one policy, signed, dated and sourced."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    country: Country
    criteria: Id
    decision: Decision
    name: Stripped
    date: Day
    reason: Stripped
    source: Address


@dataclass(frozen=True)
class Note:
    """What an analyst says of one country, signed, dated and sourced."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    country: Country
    name: Stripped
    date: Day
    note: Stripped
    source: Address


class _File(Model):
    overrides: list[Override] = Field(default_factory=list, min_length=1)
    notes: list[Note] = Field(default_factory=list, min_length=1)


@dataclass(frozen=True)
class Register:
    """Every decision and note of a file, and the file as it was read."""

    entries: tuple[Override, ...] = ()
    text: str = ""
    notes: tuple[Note, ...] = ()

    def under(self, criteria: str) -> dict[str, Override]:
        """iso3 -> the decision in force under one policy, by ISO3."""
        mine = [entry for entry in self.entries if entry.criteria == criteria]
        return {entry.country: entry for entry in sorted(mine, key=lambda entry: entry.country)}

    def about(self, iso3: str) -> tuple[Note, ...]:
        """The notes on one country, oldest first."""
        mine = [note for note in self.notes if note.country == iso3]
        return tuple(sorted(mine, key=lambda note: note.date))


NONE = Register()


def read(path: Path) -> Register:
    """The register in a file; OverridesError with every problem, `file:line:column: path: rule`."""
    document = strict_yaml.read(path, refusal=OverridesError)
    file, problems, _ = held(document, _File, WHOLE)
    if document.data == {}:
        problems.append(document.problem((), f"must be {WHOLE}", "a mapping"))
    problems += _second_decisions(document, file.overrides if file else ())
    if file is None or problems:
        raise OverridesError(problems)
    return Register(tuple(file.overrides), document.text, tuple(file.notes))


def _second_decisions(document: Document, entries: Iterable[Override]) -> Iterator[Problem]:
    """Every decision on a country and policy that already has one."""
    seen: dict[tuple[str, str], int] = {}
    for number, entry in enumerate(entries):
        whose = (entry.country, entry.criteria)
        if seen.setdefault(whose, number) < number:
            hint = f"first in {shown((TOP, seen[whose]))}; keep the decision in force"
            yield document.problem((TOP, number), "a second decision on", " under ".join(whose), hint)
