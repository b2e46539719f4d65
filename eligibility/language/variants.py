"""Other readings of a criteria set that somebody else might have written: choices, and what each could have been.

    for: peacetime-pilots
    choices:
      fall:
        title: How far corruption must have fallen since
        basis: Half of the number and half as much again
        options:
          "0.10": []                                   # the first is the set as written
          "0.05": ["tracks.t.all[1].at_most=-0.05"]    # settings of `--set PATH=VALUE`

A shipped set has its readings in `criteria/variants/`, another file beside it in a folder of that name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from eligibility.errors import CriteriaError, Problem
from eligibility.files import strict_yaml
from eligibility.files.strict_yaml import Document
from eligibility.language import criteria
from eligibility.language.shape import held
from eligibility.policy.words import Model, Stripped

FOLDER = "variants"


class _Choice(Model):
    title: Stripped
    basis: Stripped
    options: dict[str, list[str]] = Field(min_length=2)


class _File(Model):
    for_: str = Field(alias="for")
    choices: dict[str, _Choice] = Field(min_length=1)


@dataclass(frozen=True)
class Choice:
    """One number or clause that could have been another; `options` are names with their settings, as written first."""

    id: str
    title: str
    basis: str
    options: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Variants:
    """Every choice of a file, in its order."""

    choices: tuple[Choice, ...]
    name: str  # of the file, for messages


def beside(path_or_id: str | Path) -> Path | None:
    """The file of readings that belongs to a criteria file or a shipped set; None if there is none."""
    path = criteria.find(path_or_id)
    found = path.parent / FOLDER / f"{path.stem}.yaml"
    return found if found.is_file() else None


def read(path: Path, of: str) -> Variants:
    """The readings in a file of the set with the id `of`; CriteriaError with every problem of its shape."""
    document = strict_yaml.read(path, path.name)
    file, problems, _ = held(document, _File, "a mapping with the keys for, choices")
    if file:
        problems += _senseless(document, file, of)
    if file is None or problems:
        raise CriteriaError(problems)
    choices = (
        Choice(key, each.title, each.basis, tuple((name, tuple(s)) for name, s in each.options.items()))
        for key, each in file.choices.items()
    )
    return Variants(tuple(choices), document.name)


def _senseless(document: Document, file: _File, of: str) -> Iterator[Problem]:
    """What is well-formed and cannot be meant."""
    if file.for_ != of:
        rule = f"must be {of}, the id of the criteria"
        hint = "the file is named after the criteria it belongs to"
        yield document.problem(("for",), rule, file.for_, hint)
    for key, each in file.choices.items():
        for number, (name, settings) in enumerate(each.options.items()):
            if bool(settings) != bool(number):
                rule = "must change something" if number else "must be [], the set as it is written"
                hint = "the first option is the set as written"
                yield document.problem(("choices", key, "options", name), rule, hint=hint)
