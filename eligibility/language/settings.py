"""`--set PATH=VALUE`: one value of a criteria document replaced before anything is checked.

The path is the one that messages print, `gates.civil-society.all[0].at_least`; the indicator of a test may be
written or left out. The value is read by the same strict YAML.
"""

from __future__ import annotations

import copy
import dataclasses
import operator
import re
from collections.abc import Iterable, Iterator
from functools import reduce
from typing import Any

from eligibility.errors import Problem, UsageError, quoted
from eligibility.files import strict_yaml
from eligibility.files.strict_yaml import Document, Steps, shown
from eligibility.language.shape import nearest, readable

_UNWEIGHED = "where the file says `weights: equal`, write a weight to each in a copy of it, as the workbench's Save does"
_INDEX = re.compile(r"\[(\d{1,5})\]")


def apply(document: Document, settings: Iterable[str]) -> Document:
    """The document with every setting applied; positions of what was set become `--set PATH=VALUE`."""
    data, origins, unquoted = copy.deepcopy(document.data), dict(document.origins), set(document.unquoted)
    for setting in settings:
        path, value = _read(setting, data)
        if path in origins:
            raise UsageError(Problem("--set", shown(path), "is set twice", setting))
        reduce(operator.getitem, path[:-1], data)[path[-1]] = value
        origins[path] = f"--set {quoted(setting)}"
        unquoted.add(path)
    return dataclasses.replace(document, data=data, origins=origins, unquoted=frozenset(unquoted))


def find(data: Any, text: str) -> Steps | None:
    """The path a text means in this data, or None.

    >>> find({"gates": {"a": {"all": [{"vdem.regime": {"at_least": 2}}]}}}, "gates.a.all[0].at_least")
    ('gates', 'a', 'all', 0, 'vdem.regime', 'at_least')
    """
    if not text:
        return ()
    if isinstance(data, list):
        index = _INDEX.match(text)
        if not index or int(index.group(1)) >= len(data):
            return None
        return _after(data, int(index.group(1)), text[index.end() :])
    if not isinstance(data, dict):
        return None
    rest = text.removeprefix(".")
    for key in sorted(data, key=len, reverse=True):
        if rest.startswith(key) and rest[len(key) : len(key) + 1] in ("", ".", "["):
            path = _after(data, key, rest[len(key) :])
            if path is not None:
                return path
    indicators = [key for key in data if "." in key]
    return _after(data, indicators[0], text) if len(indicators) == 1 else None


def _after(data: Any, step: str | int, text: str) -> Steps | None:
    rest = find(data[step], text)
    return None if rest is None else (step, *rest)


def _read(setting: str, data: Any) -> tuple[Steps, Any]:
    """The path and the value of one PATH=VALUE."""
    target, equals, value = setting.partition("=")
    target = target.strip()
    if not equals or not target:
        hint = "for example shortlist.size=5"
        raise UsageError(Problem("--set", "setting", "must be PATH=VALUE", setting, hint))
    path = find(data, target)
    if not path:
        known = {text for steps in _paths(data, ()) for text in (readable(steps), shown(steps))}
        holder, _, key = target.rpartition(".")
        hint = _UNWEIGHED if key == "weight" and find(data, holder) else nearest(target, known)
        raise UsageError(Problem("--set", quoted(target), "is not in the criteria file", hint=hint))
    return path, strict_yaml.parse(value, f"--set {quoted(target)}", UsageError).data


def _paths(data: Any, path: Steps) -> Iterator[Steps]:
    """Every path of the data."""
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, value in entries:
        yield (*path, step)
        yield from _paths(value, (*path, step))
