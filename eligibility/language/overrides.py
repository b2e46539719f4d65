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

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, get_args

from eligibility import contract_parts
from eligibility.data import countries
from eligibility.errors import InputError, Problem
from eligibility.files import strict_yaml
from eligibility.files.strict_yaml import Document, Steps, shown
from eligibility.language.shape import kind, nearest
from eligibility.policy.words import ID_PATTERN, PATTERNS, URL_PATTERN, no_day

TOP, NOTES = "overrides", "notes"
DECISIONS = get_args(contract_parts.Decision)


class OverridesError(InputError):
    """A register of overrides cannot be honoured."""


@dataclass(frozen=True)
class Override:
    """One decision of the board on one country under one policy, signed, dated and sourced."""

    country: str
    criteria: str
    decision: str  # one of DECISIONS
    name: str
    date: str
    reason: str
    source: str


@dataclass(frozen=True)
class Note:
    """What an analyst says of one country, signed, dated and sourced."""

    country: str
    name: str
    date: str
    note: str
    source: str


KEYS = tuple(field.name for field in fields(Override))
NOTE_KEYS = tuple(field.name for field in fields(Note))


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
    problems = list(_problems(document))
    if problems:
        raise OverridesError(problems)
    stripped = {
        top: [{key: text.strip() for key, text in entry.items()} for entry in document.data.get(top, ())]
        for top in (TOP, NOTES)
    }
    entries = tuple(Override(**entry) for entry in stripped[TOP])
    return Register(entries, document.text, tuple(Note(**note) for note in stripped[NOTES]))


def _problems(document: Document) -> Iterator[Problem]:
    """Everything wrong with a register, in the order of the file."""
    data = document.data
    if not isinstance(data, dict) or not data:
        rule = f"must be a mapping with the key `{TOP}`, the key `{NOTES}` or both"
        yield document.problem((), rule, kind(data))
        return
    for key in data:
        if key not in (TOP, NOTES):
            yield _unknown(document, (key,), (TOP, NOTES))
    for top, keys, what in ((TOP, KEYS, "decisions"), (NOTES, NOTE_KEYS, "notes")):
        if top in data:
            yield from _of_list(document, top, keys, what)
    if isinstance(data.get(TOP), list):
        yield from _second_decisions(document, data[TOP])


def _of_list(document: Document, top: str, keys: tuple[str, ...], what: str) -> Iterator[Problem]:
    """What is wrong with the decisions, or with the notes, one by one."""
    entries = document.data[top]
    if not isinstance(entries, list) or not entries:
        rule, hint = f"must be a list of {what}", "leave the key out where there are none"
        yield document.problem((top,), rule, kind(entries), hint)
        return
    for number, entry in enumerate(entries):
        path: Steps = (top, number)
        if isinstance(entry, dict):
            yield from _of_entry(document, path, entry, keys)
        else:
            yield document.problem(path, "must be a mapping of keys", kind(entry))


def _second_decisions(document: Document, entries: list[Any]) -> Iterator[Problem]:
    """Every decision on a country and policy that already has one."""
    seen: dict[tuple[str, str], int] = {}
    for number, entry in enumerate(entries):
        if not isinstance(entry, dict):
            continue
        path: Steps = (TOP, number)
        whose = (str(entry.get("country")), str(entry.get("criteria")))
        if whose in seen:
            hint = f"first in {shown((TOP, seen[whose]))}; keep the decision in force"
            yield document.problem(path, "a second decision on", " under ".join(whose), hint)
        seen.setdefault(whose, number)


def _of_entry(
    document: Document, path: Steps, entry: Mapping[str, Any], keys: tuple[str, ...]
) -> Iterator[Problem]:
    """What is wrong with one decision or note."""
    for key in entry:
        if key not in keys:
            yield _unknown(document, (*path, key), keys)
    for key in keys:
        if key not in entry:
            yield document.problem(path, f"needs the key `{key}`")
            continue
        rule, hint = _rule(key, entry[key])
        if rule:
            yield document.problem((*path, key), rule, kind(entry[key]), hint)


def _rule(key: str, value: Any) -> tuple[str, str]:
    """What a value must be and is not, with a hint; empty where it is right."""
    if not isinstance(value, str):
        return "must be text", "" if isinstance(value, dict | list) else "put it in quotes"
    if not value.strip():
        return "must not be empty", ""
    if key == "country" and value not in countries.register():
        return "must be the ISO3 code of a country", nearest(value, countries.register())
    if key == "decision" and value not in DECISIONS:
        return f"must be one of {', '.join(DECISIONS)}", nearest(value, DECISIONS)
    if key == "date":
        return no_day(value), ""
    for name, pattern in (("criteria", ID_PATTERN), ("source", URL_PATTERN)):
        if key == name and not re.search(pattern.replace("$", r"\Z"), value):
            return PATTERNS[pattern], ""
    return "", ""


def _unknown(document: Document, path: Steps, known: tuple[str, ...]) -> Problem:
    word = str(path[-1])
    return document.problem(path, "unknown key", word, nearest(word, known), key=True)
