"""The shape of a criteria file, and a document held against it: what is sound of it, and every problem in plain words.

The parts of a file are the classes of the policy. Everything is strict: an unknown key, a number written as text or an
empty list is refused. The one liberty is that a test is written `{vdem.polyarchy: {at_least: 0.5}}`: a key with a dot
names an indicator.

A file with one slip still has the rest of it checked: what is broken is left out and the remainder is read
again, so that an analyst sees all problems at once.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterable
from difflib import get_close_matches
from functools import cache
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from eligibility.errors import Problem
from eligibility.files.strict_yaml import Document, Steps, shown, spelling_hint
from eligibility.policy.case_files import Case
from eligibility.policy.doubts import Uncertainty
from eligibility.policy.gates import Gate, Hold, Mechanism, Peers, Track, WrittenNode
from eligibility.policy.limits import Shortlist
from eligibility.policy.model import Axis, Flag, InForce
from eligibility.policy.scoring import Score
from eligibility.policy.words import INDICATOR_PATTERN, PATTERNS, Address, Age, Id, Missing, Model, Text
from eligibility.policy.written import DOTTED

# Containers whose entries are left out one by one; anything else broken takes its whole section with it.
_BY_ENTRY = {("gates",), ("tracks",), ("mechanisms",), ("axes",), ("flags",), ("score", "pillars")}
HINTED = 50  # problems that get a "did you mean": looking for one takes time
_KEYED_BY_INDICATOR = {"indicators", "assumed_sd", "bands", "map", "flag"}
Kept = TypeVar("Kept", bound=BaseModel)


class Ages(Model):
    max_age: Age
    basis: Text


class Source(Model):
    """The document the policy is taken from."""

    title: Text
    publisher: Text | None = None
    year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    url: Address | None = None


REQUIRED = ("id", "title", "version", "pool", "ages")


class CriteriaFile(Model):
    """One policy."""

    # the keys of `REQUIRED` are asked for by `shape`, so that the rest is checked where one is missing
    model_config = ConfigDict(
        title="Criteria file",
        json_schema_extra=lambda schema: schema.update(required=list(REQUIRED)),
    )

    id: Id | None = None
    title: Text | None = None
    version: Text | None = None
    summary: Text | None = None
    source: Source | None = None
    in_force: InForce | None = None
    missing: Missing = "unknown"
    pool: WrittenNode | None = None
    peers: Peers = ()
    gates: Annotated[dict[Id, Gate], Field(min_length=1)] | None = None
    tracks: Annotated[dict[Id, Track], Field(min_length=1)] | None = None
    hold: Hold | None = None
    mechanisms: Annotated[dict[Id, Mechanism], Field(min_length=1)] | None = None
    score: Score | None = None
    axes: Annotated[dict[Id, Axis], Field(min_length=1)] | None = None
    flags: Annotated[dict[Id, Flag], Field(min_length=1)] | None = None
    shortlist: Shortlist | None = None
    uncertainty: Uncertainty | None = None
    ages: Ages | None = None
    cases: Annotated[list[Case], Field(min_length=1)] | None = None


CriteriaFile.model_rebuild()


class Spelt(GenerateJsonSchema):
    """The JSON Schema of a file: what it may leave out has no value there, whatever the policy then holds."""

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        inner = self.generate_inner(schema["schema"])
        if {"type": "null"} in inner.get("anyOf", ()):
            return {**inner, "default": None}
        return super().default_schema(schema)

    def dataclass_schema(self, schema: core_schema.DataclassSchema) -> JsonSchemaValue:
        made = super().dataclass_schema(schema)
        if dotted := made.get("properties", {}).pop(DOTTED["alias"], None):
            made["patternProperties"] = {INDICATOR_PATTERN: dotted["additionalProperties"]}
        return made


def shape(document: Document) -> tuple[CriteriaFile, list[Problem]]:
    """What is sound of a document as models, and every problem of its shape."""
    file, problems, broken = held(document, CriteriaFile)
    if not isinstance(document.data, dict):
        return CriteriaFile(), problems
    absent = (key for key in REQUIRED if key not in document.data)
    problems += [document.problem((), f"needs the key `{key}`") for key in absent]
    return file or CriteriaFile.model_validate(_without(document.data, set(_left_out(broken)))), problems


def held(
    document: Document, model: type[Kept], whole: str = "a mapping of keys"
) -> tuple[Kept | None, list[Problem], list[Steps]]:
    """A document as a model, None where it cannot be; every problem of its shape in plain words; and where they are.

    whole   what the document must be
    """
    if not isinstance(document.data, dict):
        return None, [document.problem((), f"must be {whole}", kind(document.data))], []
    problems = list(empty(document, document.data))
    try:
        return model.model_validate(document.data), problems, []
    except ValidationError as error:
        details = error.errors(include_url=False)
    already = {problem.where for problem in problems}
    broken = [_steps(detail["loc"], document.data) for detail in details]
    for position, (detail, path) in enumerate(zip(details, broken, strict=True)):
        found = _problem(document, detail, path, _words(model) if position < HINTED else ())
        if found.where not in already or found.rule == "unknown key":
            problems.append(found)
    return None, problems, broken


def readable(path: Steps) -> str:
    """A path as messages and results write it, without the indicators of tests: they name nothing more.

    >>> readable(("gates", "democracy", "any", 0, "vdem.regime", "at_least"))
    'gates.democracy.any[0].at_least'
    >>> readable(("score", "pillars", "p", "indicators", "vdem.polyarchy", "weight"))
    'score.pillars.p.indicators.vdem.polyarchy.weight'
    """
    kept = [
        step
        for before, step in zip((None, *path), path, strict=False)
        if not (isinstance(step, str) and "." in step) or before in _KEYED_BY_INDICATOR
    ]
    return shown(tuple(kept))


def nearest(word: str, words: Iterable[str]) -> str:
    """A "did you mean" hint, or nothing. The word itself is no hint: it is known, and wrong only where it stands.

    >>> nearest("vdem.polyarky", ["vdem.polyarchy", "vdem.regime"]), nearest("of", ["of"])
    ("did you mean 'vdem.polyarchy'?", '')
    """
    close = get_close_matches(word[:100], [known for known in words if known != word], n=1, cutoff=0.6)
    return f"did you mean '{close[0]}'?" if close else ""


def kind(value: Any) -> str:
    """A value as a message shows it: scalars as written, the rest by name."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "nothing" if value is None else str(value)


def place(problem: Problem) -> tuple[str, int, int, str]:
    """What sorts problems in the order of the file, those of --set and of the whole file first."""
    name, *place = problem.where.rsplit(":", 2)
    line, column = (int(part) if part.isdigit() else 0 for part in (*place, "0", "0")[:2])
    return (name, line, column, problem.what)


def plain(number: float) -> str:
    """A number as people write it.

    >>> plain(1_000_000.0), plain(0.25)
    ('1,000,000', '0.25')
    """
    return f"{int(number):,}" if float(number).is_integer() else f"{number:,}"


def empty(document: Document, data: Any, path: Steps = ()) -> Iterable[Problem]:
    """The keys with nothing after them: never silently a default."""
    if data is None and path:
        yield Problem(document.where(path), readable(path), "has no value", hint="give one or remove the key")
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, value in entries:
        yield from empty(document, value, (*path, step))


def _steps(location: tuple[str | int, ...], data: Any) -> Steps:
    """A location of pydantic's as a path of the document: its own marks (tags, `[key]`) fall away."""
    path: list[str | int] = []
    for step in location:
        inside = range(len(data)) if isinstance(data, list) else data if isinstance(data, dict) else ()
        if step in inside:
            path.append(step)
            data = data[step]
    return tuple(path)


def _problem(document: Document, detail: Any, path: Steps, vocabulary: Collection[str]) -> Problem:
    """One complaint of pydantic's in plain words."""
    sort, last, limits = detail["type"], detail["loc"][-1], detail.get("ctx", {})
    about_key, got, hint = last == "[key]", "", ""
    if sort == "missing":
        rule = f"needs the key `{last}`"
    elif sort in ("extra_forbidden", "unexpected_keyword_argument"):
        about_key, rule, got = True, "unknown key", str(last)
        hint = "it is a key, but not in this place" if last in vocabulary else nearest(got, vocabulary)
    else:
        value = path[-1] if about_key else detail["input"]
        rule, hint = _rule(sort, limits, detail["msg"], value)
        got = kind(limits.get("said", value))
    return Problem(document.where(path, key=about_key), readable(path) or "file", rule, got, hint)


_MUST_BE = {
    **dict.fromkeys(("model_type", "dict_type", "dataclass_type"), "a mapping of keys"),
    **dict.fromkeys(("float_type", "finite_number"), "a number"),
    **dict.fromkeys(("int_type", "int_from_float"), "a whole number"),
    "bool_type": "true or false",
    "string_type": "text",
    "list_type": "a list",
    "greater_than_equal": "at least {ge}",
    "greater_than": "above {gt}",
    "less_than_equal": "at most {le}",
    "less_than": "below {lt}",
}


def _rule(sort: str, limits: dict[str, Any], message: str, value: Any) -> tuple[str, str]:
    """What is asked for, and a hint."""
    text = value if isinstance(value, str) else ""
    if sort == "literal_error":
        allowed = [word.strip(" '") for word in limits["expected"].replace(" or ", ", ").split(",")]
        instead = "or give each below it a `weight`, and leave this out" if allowed == ["equal"] else ""
        return "must be " + " or ".join(allowed), nearest(text, allowed) or instead
    if sort == "string_pattern_mismatch":
        return PATTERNS[limits["pattern"]], ""
    if sort in ("too_short", "string_too_short"):
        least = limits["min_length"]
        return "must not be empty" if least == 1 else f"needs {least} entries", ""
    if sort in ("too_long", "string_too_long"):
        return f"must have at most {limits['max_length']} {'characters' if text else 'entries'}", ""
    if sort not in _MUST_BE:
        return message, limits.get("hint", "")
    asked, hint = _MUST_BE[sort], ""
    if asked == "text" and not isinstance(value, dict | list):
        hint = "put it in quotes"
    elif asked == "a number" and text.startswith(("median", "mean", "percentile", "quantile")):
        hint = f"write {{peers: {text}}} or {{pool: {text}}}"
    elif asked in ("a number", "a whole number", "true or false"):
        hint = spelling_hint(text)
    bounds = {name: plain(limit) for name, limit in limits.items() if isinstance(limit, int | float)}
    return "must be " + asked.format(**bounds), hint


@cache
def _words(model: type[BaseModel]) -> set[str]:
    """Every key of a file and of its parts, for "did you mean"."""
    schema = model.model_json_schema(schema_generator=Spelt)
    keys = {key for part in (schema, *schema["$defs"].values()) for key in part.get("properties", ())}
    return keys - {"share"}  # of one place only, where a word like "where" is never meant


def _left_out(paths: Iterable[Steps]) -> Iterable[Steps]:
    """The smallest parts that hold the broken paths and can be missed."""
    for path in paths:
        for container in _BY_ENTRY:
            if path[: len(container)] == container and len(path) > len(container):
                yield path[: len(container) + 1]
                break
        else:
            yield path[:1]


def _without(data: dict[str, Any], broken: Iterable[Steps]) -> dict[str, Any]:
    """The data less the broken parts, and less containers this empties."""
    rest = copy.deepcopy(data)
    for path in broken:
        holder: dict[Any, Any] = rest
        for step in path[:-1]:
            holder = holder.get(step, {})
        holder.pop(path[-1], None)
    for name in ("gates", "tracks", "mechanisms", "axes", "flags"):
        if rest.get(name) == {}:
            del rest[name]
    if isinstance(rest.get("score"), dict) and rest["score"].get("pillars") == {}:
        del rest["score"]
    return rest
