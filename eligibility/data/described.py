"""What a source.yaml may say, key by key, and its text.

    read      a sheet as plain data of the right types; every problem at once, each with its line
    written   the text of a sheet, which `read` takes back

A sheet may come from a colleague: it is read by the strict reader, and nothing in it is taken on trust.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

import yaml

from eligibility.errors import DataError, Problem, quoted
from eligibility.files import strict_yaml
from eligibility.files.strict_yaml import Document, Steps

MOST_PROBLEMS = 100


class Kind(NamedTuple):
    """One sort of value: what it must be, and the value made of what was read; ValueError where it is not that."""

    rule: str
    of: Callable[[Any], Any]


class List(NamedTuple):
    """A list of values of one sort, of `size` of them where that is set."""

    each: Any
    size: int = 0


class Map(NamedTuple):
    """A mapping whose keys are data: years, classes, names of series."""

    key: Kind
    value: Any


class Either(NamedTuple):
    """One value for all, or a mapping that tells them apart."""

    one: Kind
    each: Map


class Record(NamedTuple):
    """A mapping with these keys: all of `needed`, any of `may`."""

    needed: Mapping[str, Any]
    may: Mapping[str, Any]


def read(content: bytes, where: str) -> tuple[dict[str, Any], str]:
    """The sheet in the bytes of a file and their sha256, called `where` in messages; DataError with every problem of its shape.

    Days are dates, classes and years whole numbers.
    """
    document = strict_yaml.decoded(content, where, DataError)
    problems: list[Problem] = []
    found = _shaped(document, document.data, SOURCE, (), problems)
    if problems:
        raise DataError(problems)
    return found, document.sha256


def written(sheet: Mapping[str, Any]) -> str:
    """The sheet as YAML that `read` gives back as it was; DataError where it holds what no sheet may.

    >>> written({"title": "1e5", "released": date(2024, 3, 7)})
    "title: '1e5'\\nreleased: 2024-03-07\\n"
    """
    text = yaml.dump(dict(sheet), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    strict_yaml.parse(text, "source.yaml", DataError)
    return text


class _Dumper(yaml.SafeDumper):  # type: ignore[misc]  # which has no types
    """Plain YAML: every entry written out, and text quoted that this project's reader would take for a number."""

    def ignore_aliases(self, data: Any) -> bool:
        """True: nothing is written by pointing to it."""
        return True


def _text_node(dumper: _Dumper, text: str) -> yaml.Node:
    plain = isinstance(strict_yaml.scalar(text), str)
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if plain else "'")


_Dumper.add_representer(str, _text_node)


def _shaped(document: Document, data: Any, shape: Any, path: Steps, problems: list[Problem]) -> Any:
    """The data as this shape has it; what is wrong with it goes to `problems`."""

    def wrong(rule: str, got: object = "", at: Steps = path, key: bool = False) -> None:
        if len(problems) < MOST_PROBLEMS:
            what = strict_yaml.shown(at) or "sheet"
            problems.append(Problem(document.where(at, key), what, rule, quoted(got) if got != "" else ""))

    if isinstance(shape, Either):
        shape = shape.each if isinstance(data, dict) else shape.one
    if isinstance(shape, Kind):
        try:
            return shape.of(data)
        except ValueError:
            return wrong(f"must be {shape.rule}", _said(data))
    if isinstance(shape, List):
        if not isinstance(data, list):
            return wrong("must be a list", _said(data))
        if shape.size and len(data) != shape.size:
            return wrong(f"must have {shape.size} entries", len(data))
        return [_shaped(document, one, shape.each, (*path, i), problems) for i, one in enumerate(data)]
    if not isinstance(data, dict):
        return wrong("must be a mapping", _said(data))
    found = {}
    if isinstance(shape, Map):
        for key, value in data.items():
            try:
                name = shape.key.of(strict_yaml.scalar(key) if shape.key in (YEAR, WHOLE) else key)
            except ValueError:
                wrong(f"must be {shape.key.rule}", key, (*path, key), key=True)
                continue
            found[name] = _shaped(document, value, shape.value, (*path, key), problems)
        return found
    for key, value in data.items():
        of = shape.needed.get(key) or shape.may.get(key)
        if of is None:
            wrong("unknown key", "", (*path, key), key=True)
        else:
            found[key] = _shaped(document, value, of, (*path, key), problems)
    for key in shape.needed:
        if key not in data:
            wrong("missing", "", (*path, key))
    return found


def _said(data: Any) -> str:
    """What stands there, for a message."""
    if isinstance(data, dict | list):
        return "a mapping" if isinstance(data, dict) else "a list"
    if data is None or data == "":
        return "nothing"
    return str(data).lower() if isinstance(data, bool) else str(data)


def _kind(rule: str, fits: Callable[[Any], bool], make: Callable[[Any], Any] = lambda value: value) -> Kind:
    def of(value: Any) -> Any:
        if not fits(value):
            raise ValueError(rule)
        return make(value)

    return Kind(rule, of)


def _number(value: Any) -> bool:
    return type(value) in (int, float)


def _whole(lo: int, hi: int) -> Kind:
    return _kind(
        f"a whole number from {lo} to {hi:,}", lambda value: type(value) is int and lo <= value <= hi
    )


def _words(*known: str) -> Kind:
    return _kind(f"one of {', '.join(known)}", lambda value: isinstance(value, str) and value in known)


def _matching(rule: str, pattern: str, make: Callable[[Any], Any] = str) -> Kind:
    return _kind(
        rule, lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None, make
    )


TEXT = _kind("text", lambda value: isinstance(value, str) and value.strip() != "")
MAYBE = _kind("text", lambda value: isinstance(value, str))
FLAG = _kind("true or false", lambda value: isinstance(value, bool))
NUMBER = _kind("a number", _number)
ABOVE_ZERO = _kind("a number above 0", lambda value: _number(value) and value > 0)
WHOLE = _kind("a whole number", lambda value: type(value) is int)
COUNT = _whole(0, 1_000_000_000)
YEARS = range(1900, 2101)
YEAR = _whole(YEARS[0], YEARS[-1])
NAME = _matching("small letters, digits and _", r"[a-z][a-z0-9_]{0,63}")
LINK = _matching("an address that begins with https:// or http://, or ''", r"(https?://\S+)?")
SHA256 = _matching("64 hexadecimal digits", r"[0-9a-f]{64}")
DAY = _matching("a date such as 2024-03-07", r"[0-9]{4}-[0-9]{2}-[0-9]{2}", date.fromisoformat)
MAYBE_DAY = Kind(f"{DAY.rule}, or null", lambda value: None if value is None else DAY.of(value))

UNCERTAINTY = Record(
    {"kind": _words("published", "modelled", "assumed", "none"), "how": TEXT},
    {
        "formula": _words("probit", "power"),
        "shape": _words("normal", "probit"),
        "factor": ABOVE_ZERO,
        "powers": List(NUMBER, 2),
        "parts": ABOVE_ZERO,
        "follows": NAME,
        "cut": NUMBER,
        "between": List(WHOLE, 2),
    },
)
STANDING = Record(
    {"kind": _words("status", "event")},
    {
        "list": TEXT,
        "begins": List(TEXT),
        "ends": List(TEXT),
        "also": List(TEXT),
        "found": FLAG,
        "said": MAYBE,
        "since": MAYBE_DAY,
        "as_of": TEXT,
        "complete_to": MAYBE_DAY,
    },
)
SERIES = Record(
    {
        "label": TEXT,
        "description": TEXT,
        "publisher_code": TEXT,
        "unit": TEXT,
        "better": _words("high", "low", "neither"),
        "range": List(NUMBER, 2),
        "decimals": _whole(0, 10),
        "lag_months": _whole(0, 240),
        "uncertainty": UNCERTAINTY,
    },
    {
        "published_on": Map(YEAR, DAY),
        "classes": Map(WHOLE, TEXT),
        "class_names": Map(TEXT, TEXT),
        "carry": FLAG,
        "every": _whole(1, 20),
        "built_from": List(NAME),
        "standing": STANDING,
    },
)
ORIGINS = Record(
    {
        "sha256": SHA256,
        "places": List(
            Record({"file": TEXT, "columns": Map(NAME, Either(TEXT, Map(YEAR, TEXT)))}, {"table": TEXT})
        ),
    },
    {},
)
SOURCE = Record(
    {
        "id": TEXT,
        "family": _matching("small letters and digits", r"[a-z][a-z0-9]{0,63}"),
        "vintage": TEXT,
        "publisher": TEXT,
        "title": TEXT,
        "citation": TEXT,
        "url": LINK,
        "licence": TEXT,
        "licence_url": LINK,
        "ship": FLAG,
        "released": DAY,
        "notes": List(TEXT),
        "files": List(Record({"name": TEXT, "sha256": SHA256}, {})),
        "values": Record({"rows": COUNT, "sha256": SHA256, "years": List(YEAR, 2), "countries": COUNT}, {}),
        "series": Map(NAME, SERIES),
    },
    {
        "left_out": Map(TEXT, COUNT),
        "accepted": List(Record({"rule": TEXT, "found": TEXT}, {})),
        "fetched": List(Record({"address": TEXT, "sha256": TEXT}, {})),
        "imported": DAY,
        "called": TEXT,
        "origins": ORIGINS,
    },
)
