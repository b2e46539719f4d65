"""The shape of a criteria file, key by key, as pydantic models; what it means is in `criteria_meaning`.

Everything here is strict: an unknown key, a number written as text or an empty list is refused. The one
liberty is that a test is written `{vdem.polyarchy: {at_least: 0.5}}`: a key with a dot names an indicator.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Discriminator, Field, Tag, create_model, model_validator
from pydantic_core import PydanticCustomError

from eligibility.language.shortlist import Shortlist
from eligibility.policy.doubts import Choices, Imputation, Uncertainty, Weights
from eligibility.policy.expected import Case, CountryCase, Exemption, Expect, SeriesCase
from eligibility.policy.model import Axis, Cites, Flag, Hold, InForce, Marked
from eligibility.policy.operators import COMPARISONS, asks
from eligibility.policy.quantities import MEASURES, Gap, GapClosed
from eligibility.policy.scoring import Component, Pillar, Power, Scale, Score
from eligibility.policy.words import (
    INDICATOR_PATTERN,
    JOINS,
    URL_PATTERN,
    Age,
    Countries,
    Date,
    Day,
    Id,
    Indicator,
    Missing,
    Model,
    Months,
    Number,
    Quantile,
    Text,
    Weight,
    Years,
    one_of,
)

__all__ = [
    "Choices", "Component", "CountryCase", "CriteriaFile", "Exemption", "Expect", "Gap", "Imputation", "Marked",
    "Pillar", "Power", "Scale", "SeriesCase", "Uncertainty", "Weights",
]  # fmt: skip

INDICATOR_KEY: Final = "<indicator>"  # holds the dotted keys of a rule; never written by anybody


class Entry(Model):
    """A number of a table by date that ends before the next begins."""

    value: Number
    until: Date


DatedNumber = Annotated[
    Annotated[Number, Tag("<number>")] | Annotated[Entry, Tag("<table>")],
    Discriminator(lambda value: "<table>" if isinstance(value, dict | Entry) else "<number>"),
]


class Compared(Model):
    """A threshold that is not a number: other countries, the smaller of several, a table by date."""

    peers: Quantile | None = None
    pool: Quantile | None = None
    of: Literal["level"] | None = None
    min_of: Annotated[list[Threshold], Field(min_length=2)] | None = None
    max_of: Annotated[list[Threshold], Field(min_length=2)] | None = None
    by_date: Annotated[dict[Day, DatedNumber], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Compared:
        one_of(self, ("peers", "pool", "min_of", "max_of", "by_date"), "kind of threshold")
        if self.of and not (self.peers or self.pool):
            raise PydanticCustomError("rule", "`of: level` goes with peers or pool only")
        return self


Threshold = Annotated[
    Annotated[Number, Tag("<number>")] | Annotated[Compared, Tag("<table>")],
    Discriminator(lambda value: "<table>" if isinstance(value, dict | Compared) else "<number>"),
]


class _Measured(Model):
    max_age: Age | None = None
    change_over: Years | None = None
    relative_change_over: Years | None = None
    gap_closed_over: GapClosed | None = None
    change_from_peak: Years | None = None
    peak_over: Years | None = None

    @model_validator(mode="after")
    def _one_measure(self) -> _Measured:
        one_of(self, MEASURES, "measure", optional=True)
        return self


def attribute(operator: str) -> str:
    """The field of a test that holds what an operator asks for."""
    return "in_" if operator == "in" else operator


_FIELDS: dict[str, Any] = dict.fromkeys(COMPARISONS, (Threshold | None, None))
_Compared = create_model("_Compared", __base__=_Measured, **_FIELDS)


class Test(_Compared):  # type: ignore[misc, valid-type]  # its fields are the rows of a table
    """One comparison of one indicator."""

    __test__ = False  # not a test of pytest's

    in_: Annotated[list[Text], Field(min_length=1)] | None = Field(None, alias="in")
    member: bool | None = None
    within_months: Months | None = None
    basis: Text | None = None
    missing: Missing | None = None
    cites: Cites | None = None
    grants: Literal["conditional"] | None = None
    in_force: InForce | None = None

    @model_validator(mode="after")
    def _one_operator(self) -> Test:
        one_of(self, tuple(attribute(name) for name in asks()), "operator")
        if self.within_months and any(getattr(self, measure) is not None for measure in MEASURES):
            raise PydanticCustomError("rule", "`within_months` looks at events, not at what figures did")
        return self


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
