"""How a value of the policy stands in a file: one class says both.

A policy is made of frozen dataclasses, which cost Python code no more than any other. The same classes are what pydantic
holds a criteria file against: `Written` tells it which fields a file writes, `As` how a field stands there that the
policy holds otherwise. What a value says of itself alone is refused then and there; what needs the rest of the file, the
indicators or the place comes after, in `eligibility.language`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from pydantic import ConfigDict, GetCoreSchemaHandler
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

UNWRITTEN = {"written": False}  # of a field: no file writes it, it says where or beside what the value stands
ASKED = {"asked": True}  # of a field: a file must write it, whatever Python code may leave out


class Written:
    """A frozen dataclass that can be read from a file; its docstring is what editors say of it."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)
    first: ClassVar[tuple[str, ...]] = ()  # the fields that a file has before the others

    @classmethod
    def keys(cls) -> Iterator[str]:
        """The keys a file can write."""
        return (f.metadata.get("alias", f.name) for f in fields(cls) if f.metadata.get("written", True))  # type: ignore[arg-type]  # every subclass is one

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        made = handler(source)
        node: Any = handler.resolve_ref_schema(made)
        while node["type"] != "dataclass-args":
            if node["type"] == "dataclass":
                node["strict"] = False  # or only an instance would do, never a mapping
            node = node["schema"]
        own = {f.name: f.metadata for f in fields(cls)}  # type: ignore[arg-type]
        kept = [each for each in node["fields"] if own[each["name"]].get("written", True)]
        for each in kept:
            if own[each["name"]].get("asked"):
                each["schema"] = each["schema"]["schema"]  # without the default around it
            elif _nullable(each["schema"]):
                each["schema"] = core_schema.with_default_schema(
                    each["schema"], default=None, validate_default=True
                )
        node["fields"] = sorted(kept, key=lambda each: each["name"] not in cls.first)
        return made


def _nullable(schema: Any) -> bool:
    """Whether a key may have no value, so that it need not stand there at all."""
    return schema["type"] == "nullable" or (
        schema["type"] == "function-after" and _nullable(schema["schema"])
    )


@dataclass(frozen=True)
class As:
    """In a file this stands as a `form`, of which `made` makes what the policy holds."""

    form: Any
    made: Callable[[Any], Any]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.made, handler.generate_schema(self.form))


class Spelt(GenerateJsonSchema):
    """The JSON Schema of a file: what it may leave out has no value there, whatever the policy then holds."""

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        inner = self.generate_inner(schema["schema"])
        if {"type": "null"} in inner.get("anyOf", ()):
            return {**inner, "default": None}
        return super().default_schema(schema)
