"""What Python is given: a day, a number, a path, words; each refused clearly when it is not one.

The shell's twin is `arguments`. Every error reads `argument: what: rule (got value); hint`.
"""

from __future__ import annotations

import operator
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, SupportsIndex, cast

import numpy as np
import pandas as pd

from eligibility.data.panel import Panel, Reading
from eligibility.errors import InputError, Problem, UsageError
from eligibility.policy import fiscal
from eligibility.policy.model import Criteria

_SHOWN = (str, Path, int, float, date, np.generic)  # what an error quotes; of all else it names the type
# what the shell's argument or option is called here
_HERE = {
    "CRITERIA": "criteria",
    "--as-of": "as_of",
    "--out": "out",
    "--replace": "replace=True",
    "--set": "settings",
    "--vintage": "vintages",
}
_SHELL = re.compile(rf"(?<![\w/.-])({'|'.join(_HERE)})(?![\w/.-])")


@contextmanager
def by_name() -> Iterator[None]:
    """What is refused within, deeper than here, names arguments of Python where it names those of the shell."""
    try:
        yield
    except InputError as error:
        told = [replace(p, where=_here(p.where), hint=_here(p.hint)) for p in error.problems]
        InputError.__init__(error, told)
        raise


def _here(text: str) -> str:
    return _SHELL.sub(lambda found: _HERE[found[0]], text)


def _wrong(where: str, rule: str, got: object, hint: str = "") -> UsageError:
    shown = (str(got) or repr(got)) if isinstance(got, _SHOWN) else type(got).__name__
    return UsageError(Problem(where, "argument", rule, shown, hint))


def kind(value: object, where: str, kind: type | tuple[type, ...], rule: str) -> Any:
    if not isinstance(value, kind):
        raise _wrong(where, f"must be {rule}", type(value).__name__)
    return value


def text(value: object, where: str) -> str:
    return kind(value, where, str, "text")


def truth(value: object, where: str) -> bool:
    """Whether it is True, NumPy's too; no other value is taken for one of the two."""
    return bool(kind(value, where, (bool, np.bool_), "True or False"))


def path(value: object, where: str) -> Path:
    """A path that a disk can have."""
    text = str(kind(value, where, (str, Path), "a path"))
    if not text:
        raise _wrong(where, "must not be empty", text)
    try:
        named = os.fsencode(text)
    except UnicodeEncodeError:
        named = b"\0"
    if b"\0" in named:
        raise _wrong(where, "must be a path a disk can have", text)
    return Path(text)


def criteria(value: object, settings: Sequence[str] = ()) -> str | Path | Criteria:
    """The id, path or criteria given; a path as its text, which messages then quote."""
    ref = kind(value, "criteria", (str, Path, Criteria), "the id of a shipped set, a path or criteria")
    if isinstance(value, Criteria) and settings:
        hint = "give them to load_criteria"
        raise _wrong("settings", "can be set only while a file is read", ", ".join(settings), hint)
    return ref


def day(value: object) -> date | None:
    """The day given; a moment is none, for it has a time of day."""
    if isinstance(value, datetime):
        raise _wrong("as_of", "must be a day without a time", value, "end it with .date()")
    if value is None or isinstance(value, date):
        return value
    return fiscal.calendar(kind(value, "as_of", str, 'a date or text such as "2016-07-01"'), "as_of")


def whole(value: object, where: str, least: int, most: int | None = None) -> int | None:
    """A whole number between two ends, NumPy's too."""
    if value is None:
        return None
    rule = f"must be a whole number {f'from {least} to {most:,}' if most else f'of {least} or more'}"
    try:
        number = operator.index(cast(SupportsIndex, value))
    except TypeError:
        raise _wrong(where, rule, value) from None
    if isinstance(value, bool) or number < least or (most is not None and number > most):
        raise _wrong(where, rule, value)
    return number


def words(value: object, where: str, example: str) -> tuple[str, ...]:
    """Several texts in an order, an index of pandas too; one alone would be taken letter by letter."""
    many = isinstance(value, Sequence | pd.Index | pd.Series | np.ndarray) and not isinstance(value, str)
    listed = list(cast(Sequence[object], value)) if many and getattr(value, "ndim", 1) == 1 else None
    if other := [v for v in listed or () if not isinstance(v, str)]:
        raise _wrong(where, "must be a sequence of words", other[0], f'write ["{example}"]')
    if listed is None:
        raise _wrong(where, "must be a sequence of words", value, f'write ["{example}"]')
    return tuple(map(str, listed))


def panel(value: object) -> Panel:
    """The panel as it was read: what was put into it by hand would be passed over for what its releases hold."""
    figures: Panel = kind(value, "panel", Panel, "what load_panel returned")
    for series in figures.sheets:
        frame, releases = figures.values.get(series), figures.vintages.get(series, ())
        if frame is None or (releases and not any(frame is one.values for one in releases)):
            hint = "bring figures of your own with `eligibility data import` and `data`"
            raise _wrong("panel", f"must have the figures of {series} as load_panel read them", frame, hint)
    return figures


def folder(value: object) -> Path | None:
    if value is None:
        return None
    folder = path(value, "data")
    if not os.path.isdir(folder):  # of a path that is too long Path.is_dir raises
        raise _wrong("data", "must be a folder that is there", folder)
    return folder


def reading(as_known: object, vintages: object) -> Reading:
    return Reading(truth(as_known, "as_known"), words(vintages, "vintages", "vdem.regime=vdem-v14"))
