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
from typing import Any

from eligibility.errors import CriteriaError, Problem
from eligibility.files import strict_yaml
from eligibility.files.strict_yaml import Document, Steps
from eligibility.language import criteria
from eligibility.language.shape import kind, nearest

FOLDER = "variants"
KEYS, OF_CHOICE = ("for", "choices"), ("title", "basis", "options")


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
    if problems := list(_problems(document, of)):
        raise CriteriaError(problems)
    choices = tuple(
        Choice(
            key,
            each["title"],
            each["basis"],
            tuple((str(name), tuple(s)) for name, s in each["options"].items()),
        )
        for key, each in document.data["choices"].items()
    )
    return Variants(choices, document.name)


def _problems(document: Document, of: str) -> Iterator[Problem]:
    """Everything wrong with the shape of a file, in its order."""
    data = document.data
    if not isinstance(data, dict):
        yield document.problem((), "must be a mapping with the keys for, choices", kind(data))
        return
    yield from _keys(document, data, (), KEYS)
    if data.get("for") not in (of, None):
        rule = f"must be {of}, the id of the criteria"
        hint = "the file is named after the criteria it belongs to"
        yield document.problem(("for",), rule, str(data["for"]), hint)
    choices = data.get("choices")
    if not isinstance(choices, dict) or not choices:
        yield document.problem(("choices",), "must be a mapping of choices", kind(choices))
        return
    for key, each in choices.items():
        yield from _of_choice(document, ("choices", key), each)


def _keys(document: Document, data: dict[str, Any], path: Steps, known: tuple[str, ...]) -> Iterator[Problem]:
    """Keys that are unknown, and those that are not there."""
    for key in data:
        if key not in known:
            yield document.problem((*path, key), "unknown key", hint=nearest(str(key), known), key=True)
    for key in known:
        if key not in data:
            yield document.problem(path, f"needs the key `{key}`")


def _of_choice(document: Document, path: Steps, each: Any) -> Iterator[Problem]:
    """What is wrong with one choice."""
    if not isinstance(each, dict):
        yield document.problem(path, "must be a mapping of keys", kind(each))
        return
    yield from _keys(document, each, path, OF_CHOICE)
    for key in ("title", "basis"):
        if key in each and (not isinstance(each[key], str) or not each[key].strip()):
            yield document.problem((*path, key), "must be text", kind(each[key]))
    options, at = each.get("options"), (*path, "options")
    if "options" not in each:
        return
    if not isinstance(options, dict) or len(options) < 2:
        yield document.problem(at, "must be two options or more", kind(options))
        return
    for number, (name, settings) in enumerate(options.items()):
        here = (*at, name)
        if not isinstance(settings, list) or not all(isinstance(s, str) for s in settings):
            yield document.problem(here, "must be a list of PATH=VALUE", kind(settings))
        elif bool(settings) != bool(number):
            rule = "must change something" if number else "must be [], the set as it is written"
            yield document.problem(here, rule, hint="the first option is the set as written")
