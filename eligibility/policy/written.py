"""How a value of the policy stands in a file: one class says both.

A policy is made of frozen dataclasses, which cost Python code no more than any other. The same classes are what pydantic
holds a criteria file against: `Written` tells it which fields a file writes, `As` how a field stands there that the
policy holds otherwise. What a value says of itself alone is refused then and there; what needs the rest of the file, the
indicators or the place comes after, in `eligibility.language`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from pydantic import ConfigDict, GetCoreSchemaHandler
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

UNWRITTEN = {"written": False}  # of a field: no file writes it, it says where or beside what the value stands
ASKED = {"asked": True}  # of a field: a file must write it, whatever Python code may leave out


def spread(form: type[Written], made: Callable[[Any], Any]) -> dict[str, Any]:
    """Of a field: in a file it stands as the keys of a `form`, among the others, of which `made` makes the value."""
    return {"form": form, "made": made}


class Written:
    """A frozen dataclass that can be read from a file; its docstring is what editors say of it."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)
    opening: ClassVar[
        tuple[str, ...]
    ] = ()  # the first keys of a file, by field, where they are not the class's

    @classmethod
    def written(cls) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """(field, what it says of itself) of all that a file can write, those spread among them in their place."""
        for each in fields(cls):  # type: ignore[arg-type]  # every subclass is one
            if "form" in each.metadata:
                yield from each.metadata["form"].written()
            elif each.metadata.get("written", True):
                yield each.name, each.metadata

    @classmethod
    def keys(cls) -> set[str]:
        """The keys a file can write."""
        return {says.get("alias", name) for name, says in cls.written()}

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        made = handler(source)
        node, args = _inside(handler, made)
        node["strict"] = False  # or only an instance would do, never a mapping
        spreads = {f.name: f.metadata for f in fields(cls) if "form" in f.metadata}  # type: ignore[arg-type]
        said = {each["name"]: each for each in args["fields"]}
        for says in spreads.values():
            form = _inside(handler, handler.generate_schema(says["form"]))[1]
            said |= {each["name"]: each for each in form["fields"]}
        asked = dict(cls.written())
        for name in asked:
            if asked[name].get("asked"):
                said[name] = said[name] | {"schema": said[name]["schema"]["schema"]}  # without its default
            elif _nullable(said[name]["schema"]):
                optional = core_schema.with_default_schema(
                    said[name]["schema"], default=None, validate_default=True
                )
                said[name] = said[name] | {"schema": optional}
        args["fields"] = [said[name] for name in (*cls.opening, *(n for n in asked if n not in cls.opening))]
        if spreads:
            plain = dict(node)
            ref = plain.pop("ref", None)
            node.clear()
            node |= core_schema.no_info_after_validator_function(_gathering(spreads), plain, ref=ref)
        return made


def _inside(handler: GetCoreSchemaHandler, schema: CoreSchema) -> tuple[Any, Any]:
    """The schema of a dataclass and that of its fields, within whatever stands around them."""
    node: Any = handler.resolve_ref_schema(schema)
    while node["type"] != "dataclass":
        node = node["schema"]
    return node, node["schema"]


def _gathering(spreads: Mapping[str, Mapping[str, Any]]) -> Callable[[Any], Any]:
    """What makes one value of each set of keys that was spread among others."""

    def gather(made: Any) -> Any:
        own = made.__dict__
        for name, says in spreads.items():
            form = says["form"](**{key: own.pop(key) for key, _ in says["form"].written()})
            own[name] = says["made"](form)
        return made

    return gather


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
