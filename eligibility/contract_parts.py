"""What both contracts are made of: the kinds of values, the closed object, the schema made from one."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter
from typing_extensions import TypedDict  # that of Python 3.12: pydantic reads no older one

from eligibility.policy.words import DAY_PATTERN, ISO3_PATTERN

SHA256_PATTERN = "^[0-9a-f]{64}$"

Chance = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]
Place = Annotated[int, Field(ge=1)]
Day = Annotated[str, Field(pattern=DAY_PATTERN)]
Iso3 = Annotated[str, Field(pattern=ISO3_PATTERN)]
Sha256 = Annotated[str, Field(pattern=SHA256_PATTERN)]

Decision = Literal["admit", "exclude", "defer"]
Cause = Literal["rule", "revision", "own", "peers", "pool"]
Turn = Literal["own", "window", "peers", "pool", "rule", "revision", "hold", "together"]
VehicleKind = Literal["mcc-compact", "mcc-selected", "imf", "eu", "other", "ogp", "none"]
VehicleStage = Literal["in-force", "signed", "compact-selected", "threshold-selected", "member", "registered"]
Outcome = Literal[
    "completed",
    "ended-by-host",
    "not-renewed",
    "expelled",
    "suspended",
    "withdrew",
    "never-began",
    "not-begun",
    "running",
]
SdKind = Literal["published", "modelled", "assumed", "none"]


def means(description: str) -> Any:
    """What a key means, for the schema and the field reference."""
    return Field(description=description)


class Closed(TypedDict):
    """An object that has the keys named here and no other."""


def closed(of: Any, description: str) -> None:
    """Makes of a TypedDict, some of whose keys no class can name, such an object, and says what it is."""
    of.__doc__ = description
    of.__pydantic_config__ = ConfigDict(extra="forbid")  # how a TypedDict tells pydantic


closed(Closed, Closed.__doc__ or "")


class Criteria(Closed):
    """The criteria file that was judged by."""

    id: Annotated[str, means("the name of a shipped set, or what the file calls itself")]
    title: Annotated[str, means("what it is for, in words")]
    version: Annotated[str, means("as the file says it")]
    sha256: Annotated[Sha256, means("of the file's bytes")]
    settings: Annotated[list[str], means("each `PATH=VALUE` changed for this run (`--set`), in order")]


def schema(of: Any, title: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of an object; it refuses every key that is not named."""
    made = TypeAdapter(of).json_schema()
    told = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title}
    return told | {key: value for key, value in made.items() if key != "title"}
