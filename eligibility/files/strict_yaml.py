"""A small, safe YAML: plain data with the line and column of everything in it.

Only what a person writes by hand is read: mappings with text keys, lists, text, true, false, null, decimal
whole numbers and finite decimals. The rest is refused with its place, before anything is built from it: tags,
anchors and merge keys can run code or explode; 1.1 spellings turn Norway's NO into false and 012 into 10.

Files are read as UTF-8, regular files only, and every limit below is checked while reading, never after.
"""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from eligibility.errors import CriteriaError, InputError, Problem
from eligibility.files import opened

MOST_BYTES = 256 * 1024
MOST_DEPTH = 20
MOST_NODES = 20_000
LONGEST_SCALAR = 4 * 1024

PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # both give the same events; a test holds them to it

Steps = tuple[str | int, ...]  # ("gates", "democracy", "any", 0)

_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,14})\Z")  # 15 digits: what a float holds exactly
_DECIMAL = re.compile(r"[-+]?((0|[1-9][0-9]*)(\.[0-9]+)?|\.[0-9]+)([eE][-+]?[0-9]{1,3})?\Z")
_TOO_LONG = re.compile(r"[-+]?[1-9][0-9]{15,}\Z")
_LOOKS_LIKE_A_NUMBER = re.compile(r"[-+]?[.\d][\d_.,:eExXoOaAnNiIfF+-]*%?\Z")
_YAML_1_1_WORDS = {"yes", "no", "on", "off", "y", "n", "true", "false"}
# Blanks that are no plain space: in front of a line's first word, or right behind a key's colon.
_ODD = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_ODD_BLANK = re.compile(rf"[ -]*{_ODD.pattern}|[ -]*[\w.]+:{_ODD.pattern}")
# Not printable, or able to make a line look different from what it is (bidirectional and zero-width marks).
_UNSEEN = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u200a\u2010-\u2027\u202f-\u205f\u2070-\ud7ff\ue000-\ufefe\uff00-\uffef\U00010000-\U0010ffff]"
)


class Place(NamedTuple):
    """Line and column, both counted from 1 as editors do."""

    line: int
    column: int


@dataclass(frozen=True)
class Document:
    """What a file says, and where it says it."""

    name: str
    data: Any
    text: str
    sha256: str
    keys: dict[Steps, Place] = field(default_factory=dict, repr=False)
    values: dict[Steps, Place] = field(default_factory=dict, repr=False)
    ends: dict[Steps, Place] = field(default_factory=dict, repr=False)  # the first place after each value
    unquoted: frozenset[Steps] = frozenset()  # scalars that were written without quotes
    origins: dict[Steps, str] = field(default_factory=dict)  # what did not come from the file: "--set a.b=1"

    def where(self, path: Steps = (), key: bool = False) -> str:
        """`file:line:column` of a value (or of its key), or of the nearest thing around it that exists."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.origins:
                return self.origins[path[:end]]
            places = self.keys if key and end == len(path) else self.values
            place = places.get(path[:end]) or self.values.get(path[:end])
            if place:
                return f"{self.name}:{place.line}:{place.column}"
        return f"{self.name}:1:1"

    def problem(self, path: Steps, rule: str, got: str = "", hint: str = "", key: bool = False) -> Problem:
        """What is wrong with a value (or with its key), in its place and by its path."""
        return Problem(self.where(path, key), shown(path) or "file", rule, got, hint)


def read(path: Path | str, name: str = "", refusal: type[InputError] = CriteriaError) -> Document:
    """The document in a file.

    path      a regular file of at most 256 KiB
    name      how messages call it; the path as given if empty
    refusal   the InputError to raise
    """
    name = name or str(path)
    return decoded(content(Path(path), name, refusal), name, refusal)


def decoded(raw: bytes, name: str, refusal: type[InputError] = CriteriaError) -> Document:
    """The document in the bytes of a file."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        where = f"{name}:{before.count(bytes([10])) + 1}:{column}"
        got = f"byte 0x{raw[error.start]:02x}"
        raise refusal(Problem(where, "text", "must be UTF-8", got, "save the file as UTF-8")) from None
    return parse(text, name, refusal)


def parse(
    text: str, name: str = "text", refusal: type[InputError] = CriteriaError, parser: type = PARSER
) -> Document:
    """The document in a text.

    >>> parse("a: [1, NO, 012]").data
    {'a': [1, 'NO', '012']}
    """
    body = text.removeprefix("\ufeff")
    if len(body.encode("utf-8", "replace")) > MOST_BYTES:
        raise refusal(Problem(f"{name}:1:1", "text", f"must be at most {MOST_BYTES:,} bytes"))
    unseen = _UNSEEN.search(body)
    if unseen:
        line, start = body.count("\n", 0, unseen.start()) + 1, body.rfind("\n", 0, unseen.start()) + 1
        where, got = f"{name}:{line}:{unseen.start() - start + 1}", f"U+{ord(unseen.group()):04X}"
        raise refusal(Problem(where, "text", "holds a character that cannot be seen", got, "delete it"))
    reading = _Reading(name, refusal)
    try:
        data = reading.document(_events(body, parser))
    except yaml.YAMLError as error:
        raise refusal(_syntax(error, name, body)) from None
    return Document(
        name,
        data,
        text,
        hashlib.sha256(text.encode()).hexdigest(),
        reading.keys,
        reading.values,
        reading.ends,
        frozenset(reading.unquoted),
    )


def scalar(text: str) -> str | int | float | bool | None:
    """What an unquoted scalar means: YAML 1.2's core, decimal and finite only; anything else is text.

    >>> [scalar(word) for word in ("true", "NO", "7", "007", "1e-3", "1e999", ".nan", "2016-07-01", "~")]
    [True, 'NO', 7, '007', 0.001, '1e999', '.nan', '2016-07-01', None]
    """
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if _WHOLE.match(text):
        return int(text)
    # A whole number too long for _WHOLE stays text: as a float it would not be the number written.
    if _DECIMAL.match(text) and not text.lstrip("+-").isdigit():
        value = float(text)
        return value if math.isfinite(value) else text
    return text


def spelling_hint(text: str) -> str:
    """How to write what was probably meant by a text found where a number or true/false belongs."""
    if text.lower() in _YAML_1_1_WORDS:
        return "write true or false; yes, no, on and off are text here"
    if _TOO_LONG.match(text):
        return "write at most 15 digits"
    if _LOOKS_LIKE_A_NUMBER.match(text):
        return "write a plain decimal number such as 0.5 or 1200, or quote it if text is meant"
    return ""


def content(path: Path, name: str, refusal: type[InputError]) -> bytes:
    """All bytes of a regular file, its size looked at first."""
    try:
        return opened.content(path, MOST_BYTES, name, refusal)
    except FileNotFoundError:
        raise refusal(Problem(name, "file", "must exist")) from None
    except (OSError, ValueError) as error:  # a name with a NUL byte is a ValueError
        got = getattr(error, "strerror", None) or str(error)
        raise refusal(Problem(name, "file", "cannot be opened", got)) from None


def _events(text: str, parser: type) -> Iterator[yaml.Event]:
    """YAML's events one at a time, so that a refusal stops the parsing too."""
    loader = parser(text)
    try:
        while loader.check_event():
            yield loader.get_event()
    finally:
        loader.dispose()


def _syntax(error: yaml.YAMLError, name: str, text: str) -> Problem:
    """A parser's complaint as a problem with a place; a blank that only looks like one is the likelier cause."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = (mark.line, mark.column) if mark else (0, 0)
    for number, row in enumerate(text.split("\n")[: line + 1], start=1):
        if odd := _ODD_BLANK.match(row):
            return _odd_blank(name, row[odd.end() - 1], number, odd.end())
    at = text.split("\n")[line][column : column + 1] if line <= text.count("\n") else ""
    hints = {"\t": "indent with spaces", "@": "quote it", "`": "quote it", "%": "quote it"}
    said = getattr(error, "problem", None) or "not YAML"
    return Problem(f"{name}:{line + 1}:{column + 1}", "text", "must be YAML", said, hints.get(at, ""))


def _odd_blank(name: str, blank: str, line: int, column: int) -> Problem:
    """A blank that is no plain one where the structure of the text is read from blanks."""
    kind = unicodedata.name(blank, "blank").lower()
    got = f"{'an' if kind[0] in 'aeiou' else 'a'} {kind} (U+{ord(blank):04X}) at {line}:{column}"
    hint = "replace it by a plain space; word processors and web pages put it there"
    return Problem(f"{name}:{line}:{column}", "text", "must be set out with plain spaces", got, hint)


def _place(mark: yaml.Mark) -> Place:
    return Place(mark.line + 1, mark.column + 1)


class _Reading:
    """One pass over the events. Recursion is safe: depth is refused before it is entered."""

    def __init__(self, name: str, refusal: type[InputError]):
        self.name, self.refusal, self.nodes = name, refusal, 0
        self.keys: dict[Steps, Place] = {}
        self.values: dict[Steps, Place] = {}
        self.ends: dict[Steps, Place] = {}
        self.unquoted: set[Steps] = set()

    def document(self, events: Iterator[yaml.Event]) -> Any:
        data, seen = None, False
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if seen:
                    raise self.refused(event, (), "must hold one document", "---", "remove the second ---")
                if event.version or event.tags:
                    raise self.refused(event, (), "directives are not allowed", "%", "remove the % line")
                data, seen = self.node(next(events), events, ()), True
        return data

    def node(self, event: yaml.Event, events: Iterator[yaml.Event], path: Steps) -> Any:
        self.allowed(event, path)
        self.values[path] = _place(event.start_mark)
        if isinstance(event, yaml.ScalarEvent):
            self.ended(event, path)
            if not event.style:
                self.unquoted.add(path)
                return scalar(event.value)
            return event.value
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Any] = []
            while not isinstance(item := next(events), yaml.SequenceEndEvent):
                items.append(self.node(item, events, (*path, len(items))))
            self.ended(item if event.flow_style else None, path, len(items) - 1)
            return items
        return self.mapping(events, path, bool(event.flow_style))

    def ended(self, event: yaml.Event | None, path: Steps, last: str | int = "") -> None:
        """Notes where a value ends; one in block style ends with its last entry, before any comment."""
        self.ends[path] = _place(event.end_mark) if event else self.ends.get((*path, last), self.values[path])

    def mapping(self, events: Iterator[yaml.Event], path: Steps, flow: bool) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            self.allowed(event, path)
            if not isinstance(event, yaml.ScalarEvent):
                raise self.refused(event, path, "a key must be text", "a list or a mapping")
            key = event.value
            if not event.style and key == "<<":
                raise self.refused(event, path, "merge keys are not allowed", "<<", "write the entries out")
            if not event.style and (odd := _ODD.match(key)):
                raise self.refusal(_odd_blank(self.name, odd[0], *_place(event.start_mark)))
            if not key.strip():
                raise self.refused(event, path, "a key must not be empty")
            inner = (*path, key)
            if key in entries:
                first = f"first on line {self.keys[inner].line}, again on line {event.start_mark.line + 1}"
                raise self.refused(event, path, "duplicate key", key, first)
            self.keys[inner] = _place(event.start_mark)
            entries[key] = self.node(next(events), events, inner)
        self.ended(event if flow else None, path, next(reversed(entries), ""))
        return entries

    def allowed(self, event: yaml.Event, path: Steps) -> None:
        """Refuses what this YAML leaves out, and what would grow too large."""
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            raise self.refused(
                event, path, "anchors and aliases are not allowed", f"{sign}{event.anchor}", "write it out"
            )
        if event.tag is not None:
            raise self.refused(
                event, path, "tags are not allowed", event.tag, "remove it; quote text if needed"
            )
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise self.refused(event, path, f"must hold at most {MOST_NODES:,} values and keys")
        if isinstance(event, yaml.ScalarEvent):
            if len(event.value.encode()) > LONGEST_SCALAR:
                raise self.refused(event, path, f"a text must be at most {LONGEST_SCALAR:,} bytes")
        elif len(path) >= MOST_DEPTH:
            raise self.refused(event, path, f"must be at most {MOST_DEPTH} levels deep")

    def refused(self, event: yaml.Event, path: Steps, rule: str, got: str = "", hint: str = "") -> InputError:
        line, column = _place(event.start_mark)
        return self.refusal(Problem(f"{self.name}:{line}:{column}", shown(path) or "text", rule, got, hint))


def shown(path: Steps) -> str:
    """A path as people write it; long ones are cut in the middle.

    >>> shown(("gates", "democracy", "any", 0))
    'gates.democracy.any[0]'
    """
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part[:80]}" for part in path).lstrip(".")
    return text if len(text) <= 240 else f"{text[:150]}...{text[-80:]}"
