"""What Python is given: a day, a number, a path, words; each refused clearly when it is not one.

The shell's twin is `arguments`. Every error reads `argument: what: rule (got value); hint`.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, SupportsIndex, cast

from eligibility.data.panel import Reading
from eligibility.errors import Problem, UsageError
from eligibility.policy import fiscal
from eligibility.policy.model import Criteria


def _wrong(where: str, rule: str, got: object, hint: str = "") -> UsageError:
    return UsageError(Problem(where, "argument", rule, str(got) or repr(got), hint))


def kind(value: object, where: str, kind: type | tuple[type, ...], rule: str) -> Any:
    if not isinstance(value, kind):
        raise _wrong(where, f"must be {rule}", type(value).__name__)
    return value


def text(value: object, where: str) -> str:
    return kind(value, where, str, "text")


def path(value: object, where: str) -> Path:
    return Path(kind(value, where, (str, Path), "a path"))


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
    """Several texts; one alone would be taken letter by letter."""
    if (
        isinstance(value, str)
        or not isinstance(value, Sequence)
        or not all(isinstance(v, str) for v in value)
    ):
        raise _wrong(where, "must be a sequence of words", value, f'write ["{example}"]')
    return tuple(value)


def folder(value: object) -> Path | None:
    if value is None:
        return None
    folder = path(value, "data")
    if not folder.is_dir():
        raise _wrong("data", "must be a folder that is there", folder)
    return folder


def reading(as_known: object, vintages: object) -> Reading:
    return Reading(
        kind(as_known, "as_known", bool, "True or False"), words(vintages, "vintages", "vdem.regime=vdem-v14")
    )
