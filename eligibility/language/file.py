"""A criteria file as a whole, and how editors are told of it; its parts are the classes of the policy.

Everything is strict: an unknown key, a number written as text or an empty list is refused. The one liberty is that a
test is written `{vdem.polyarchy: {at_least: 0.5}}`: a key with a dot names an indicator.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from eligibility.policy.case_files import Case
from eligibility.policy.doubts import Uncertainty
from eligibility.policy.gates import Gate, Hold, Mechanism, Peers, Track, WrittenNode
from eligibility.policy.limits import Shortlist
from eligibility.policy.model import Axis, Flag, InForce
from eligibility.policy.scoring import Score
from eligibility.policy.words import INDICATOR_PATTERN, URL_PATTERN, Age, Id, Missing, Model, Text
from eligibility.policy.written import DOTTED


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
