"""How a value of the policy stands in a file: one class says both.

A policy is made of frozen dataclasses, which cost Python code no more than any other. The same classes are what pydantic
holds a criteria file against: `Written` tells it which fields a file writes, `As` how a field stands there that the
policy holds otherwise. What a value says of itself alone is refused then and there; what needs the rest of the file, the
indicators or the place comes after, in `eligibility.language`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Annotated, Any, ClassVar, get_args

from pydantic import ConfigDict, Discriminator, GetCoreSchemaHandler, Tag
from pydantic_core import CoreSchema, core_schema

UNWRITTEN = {"written": False}  # of a field: no file writes it, it says where or beside what the value stands
DOTTED = {"alias": "<indicator>"}  # of a field: in a file its entries stand among the keys, those with a dot
ASKED = {"asked": True}  # of a field: a file must write it, whatever Python code may leave out


def spread(form: type[Written]) -> dict[str, Any]:
    """Of a field: in a file the keys of a `form` stand among the others; its `parts` are the field, and others, by name."""
    return {"form": form}


class Written:
    """A frozen dataclass that can be read from a file; its docstring is what editors say of it."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)
    # the first keys of a file, by field, where they are not the class's
    opening: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def written(cls) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """(field, what it says of itself) of all that a file can write, those spread among them in their place."""
        for each in fields(cls):  # type: ignore[arg-type]  # every subclass is one
            if "form" in each.metadata:
                yield from each.metadata["form"].written()
            elif each.metadata.get("written", True):
                yield each.name, each.metadata

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        made = handler(source)
        try:
            node, args = _inside(handler, made)
        except LookupError:  # it is a part of itself, and being made further out
            return made
        if "strict" in node:  # it has been here before
            return made
        node["strict"] = False  # or only an instance would do, never a mapping
        spreads = {f.name: f.metadata for f in fields(cls) if "form" in f.metadata}  # type: ignore[arg-type]
        said = {each["name"]: each for each in args["fields"]}
        for says in spreads.values():
            form = _inside(handler, handler.generate_schema(says["form"]))[1]
            said |= {each["name"]: each for each in form["fields"]}
        asked = dict(cls.written())
        args["fields"] = [
            {**said[name], "schema": _may_be_absent(said[name]["schema"], asked[name].get("asked", False))}
            for name in (*cls.opening, *(name for name in asked if name not in cls.opening))
        ]
        plain: Any = dict(node)
        ref = plain.pop("ref", None)
        if any(says == DOTTED for says in asked.values()):
            plain = core_schema.no_info_before_validator_function(_undotted, plain)
        if spreads:
            plain = core_schema.no_info_after_validator_function(_gathering(spreads), plain)
        node.clear()
        node |= {**plain, "ref": ref} if ref else plain
        return made


def _inside(handler: GetCoreSchemaHandler, schema: CoreSchema) -> tuple[Any, Any]:
    """The schema of a dataclass and that of its fields, within whatever stands around them."""
    node: Any = handler.resolve_ref_schema(schema)
    while node["type"] != "dataclass":
        node = node["schema"]
    return node, node["schema"]


def _gathering(spreads: Mapping[str, Mapping[str, Any]]) -> Callable[[Any], Any]:
    """What makes fields of each set of keys that was spread among others."""

    def gather(made: Any) -> Any:
        own = made.__dict__
        for says in spreads.values():
            form = says["form"](**{key: own.pop(key) for key, _ in says["form"].written()})
            own.update(form.parts())
        return made

    return gather


def _undotted(data: Any) -> Any:
    """The keys with a dot under one of their own, which no file can write."""
    if not isinstance(data, dict):
        return data
    key = DOTTED["alias"]
    if key in data:
        return {**data, f"{key}?": None}
    plain = {name: value for name, value in data.items() if "." not in name}
    return plain | {key: {name: value for name, value in data.items() if "." in name}}


def _may_be_absent(schema: Any, asked: bool) -> Any:
    """A key that may have no value need not stand there, which is the same; one that is asked for must."""
    inner = schema["schema"] if schema["type"] == "default" else schema
    if asked:
        return inner
    return (
        core_schema.with_default_schema(inner, default=None, validate_default=True)
        if _nullable(inner)
        else schema
    )


def _nullable(schema: Any) -> bool:
    return schema["type"] == "nullable" or (
        schema["type"] == "function-after" and _nullable(schema["schema"])
    )


class _ToldApart:
    """Of a plain value or a table, by what stands there: only the rules of what is meant are held against it."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        plain, table = get_args(source)
        either: Any = Annotated[plain, Tag("<plain>")] | Annotated[table, Tag("<table>")]
        told = Discriminator(lambda value: "<table>" if isinstance(value, dict | table) else "<plain>")
        return handler.generate_schema(Annotated[either, told])


TOLD_APART = _ToldApart()


@dataclass(frozen=True)
class As:
    """In a file this stands as a `form`, of which `made` makes what the policy holds."""

    form: Any
    made: Callable[[Any], Any]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        form, as_made = handler.generate_schema(self.form), core_schema.simple_ser_schema("any")
        return core_schema.no_info_after_validator_function(self.made, form, serialization=as_made)
