"""The shape of a criteria file, key by key, as pydantic models; what it means is in `criteria_meaning`.

Everything here is strict: an unknown key, a number written as text or an empty list is refused. The one
liberty is that a test is written `{vdem.polyarchy: {at_least: 0.5}}`: a key with a dot names an indicator.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from eligibility.language.shortlist import Shortlist
from eligibility.policy.doubts import Choices, Imputation, Uncertainty, Weights
from eligibility.policy.expected import Case, CountryCase, Exemption, Expect, SeriesCase
from eligibility.policy.model import Axis, Cites, Flag, Hold, InForce, Marked
from eligibility.policy.quantities import Gap
from eligibility.policy.rules import Asked, Compared, Entry, Test
from eligibility.policy.scoring import Component, Pillar, Power, Scale, Score
from eligibility.policy.words import (
    INDICATOR_PATTERN,
    JOINS,
    URL_PATTERN,
    Age,
    Countries,
    Id,
    Indicator,
    Missing,
    Model,
    Number,
    Text,
    Weight,
    one_of,
)

__all__ = [
    "Asked", "Choices", "Compared", "Component", "CountryCase", "CriteriaFile", "Entry", "Exemption", "Expect", "Gap", "Imputation", "Marked",
    "Pillar", "Power", "Scale", "SeriesCase", "Uncertainty", "Weights",
]  # fmt: skip

INDICATOR_KEY: Final = "<indicator>"  # holds the dotted keys of a rule; never written by anybody


def _dotted_keys(schema: dict[str, Any]) -> None:
    """Shows editors the dotted keys as they are written."""
    tests = schema.get("properties", {}).pop(INDICATOR_KEY, None)
    if tests:
        schema["patternProperties"] = {INDICATOR_PATTERN: tests["additionalProperties"]}


class Rule(Model):
    """Exactly one of: a test of one indicator, a group, points, countries by name."""

    model_config = ConfigDict(json_schema_extra=_dotted_keys)

    all: Annotated[list[Node], Field(min_length=1)] | None = None
    any: Annotated[list[Node], Field(min_length=1)] | None = None
    none: Annotated[list[Node], Field(min_length=1)] | None = None
    at_least: AtLeast | None = None
    points: Points | None = None
    countries: Countries | None = None
    tests: dict[str, Test] = Field(default_factory=dict, alias=INDICATOR_KEY)

    @model_validator(mode="before")
    @classmethod
    def _gather_tests(cls, data: Any) -> Any:
        if not isinstance(data, dict) or INDICATOR_KEY in data:
            return data if not isinstance(data, dict) else {**data, f"{INDICATOR_KEY}?": None}
        plain = {key: value for key, value in data.items() if "." not in key}
        return plain | {INDICATOR_KEY: {key: value for key, value in data.items() if "." in key}}

    @model_validator(mode="after")
    def _one_rule(self) -> Rule:
        given = [name for name in JOINS if getattr(self, name) is not None] + list(self.tests)
        if len(given) != 1:
            shown = "an indicator, " + ", ".join(JOINS)
            raise PydanticCustomError(
                "one_of",
                "needs exactly one of: {shown}",
                {"shown": shown, "said": ", ".join(given) or "none"},
            )
        return self


class Node(Rule):
    """A rule inside another."""

    title: Text | None = None
    basis: Text | None = None
    missing: Missing | None = None
    cites: Cites | None = None
    grants: Literal["conditional"] | None = None
    in_force: InForce | None = None

    @model_validator(mode="after")
    def _inside(self) -> Node:
        if self.tests:
            for name in ("basis", "missing", "cites", "grants", "in_force"):
                if getattr(self, name) is not None:
                    message = "`{name}` of a single test goes inside it, beside its operator"
                    raise PydanticCustomError("rule", message, {"name": name})
        return self


class AtLeast(Model):
    n: Annotated[int, Field(ge=1)]
    of: Annotated[list[Node], Field(min_length=1)]


class Band(Model):
    above: Number | None = None
    otherwise: Weight | None = None
    points: Weight | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Band:
        if (self.above is None) == (self.otherwise is None) or (self.above is None) != (self.points is None):
            raise PydanticCustomError("rule", "must be `above: X, points: P` or `otherwise: P`")
        return self


class Metric(Model):
    """Points from one source."""

    title: Text | None = None
    basis: Text | None = None
    bands: (
        Annotated[dict[Indicator, Annotated[list[Band], Field(min_length=1)]], Field(min_length=1)] | None
    ) = None
    map: (
        Annotated[dict[Indicator, Annotated[dict[str, Weight], Field(min_length=1)]], Field(min_length=1)]
        | None
    ) = None
    sum: Annotated[list[Metric], Field(min_length=1)] | None = None
    max_of: Annotated[list[Metric], Field(min_length=1)] | None = None
    flag: Annotated[dict[Indicator, Test], Field(min_length=1)] | None = None
    points: Weight | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Metric:
        one_of(self, ("bands", "map", "sum", "max_of", "flag"), "kind of points")
        if (self.flag is None) != (self.points is None):
            raise PydanticCustomError("rule", "`points` goes with `flag`, and only with it")
        for table in (self.bands, self.map, self.flag):
            if table and len(table) > 1:
                raise PydanticCustomError("rule", "must look at one indicator")
        return self


class Points(Model):
    metrics: Annotated[dict[Id, Metric], Field(min_length=1)]
    share_at_least: Annotated[float, Field(gt=0, le=1)]
    metrics_at_least: Annotated[int, Field(ge=1)]
    basis: Text


class Gate(Rule):
    """A necessary condition."""

    title: Text
    cites: Cites
    question: Text | None = None
    basis: Text | None = None
    missing: Missing | None = None
    in_force: InForce | None = None


class Track(Gate):
    """One kind of candidate."""

    peer_group: Id | None = None
    ideal: bool | None = None


class Mechanism(Gate):
    """One kind of accountability body."""

    peer_group: Id | None = None


PeerGroup = Annotated[
    Annotated[Literal["otherwise"], Tag("<word>")] | Annotated[Node, Tag("<rule>")],
    Discriminator(lambda value: "<rule>" if isinstance(value, dict | Node) else "<word>"),
]


class Ages(Model):
    max_age: Age
    basis: Text


class Source(Model):
    """The document the policy is taken from."""

    title: Text
    publisher: Text | None = None
    year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    url: Annotated[str, Field(pattern=URL_PATTERN)] | None = None


REQUIRED = ("id", "title", "version", "pool", "ages")


class CriteriaFile(Model):
    """One policy. `criteria_shape` asks for the keys of `REQUIRED`, so the rest is checked without one."""

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
    pool: Node | None = None
    peers: Annotated[dict[Id, PeerGroup], Field(min_length=1)] | None = None
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
