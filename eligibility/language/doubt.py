"""What a criteria file says of its own doubts: errors that are assumed, and choices that could have been others."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from eligibility.policy.words import MOST_DRAWS, Id, Indicator, Model, Text, one_of

Share = Annotated[float, Field(ge=0, le=1)]


class Power(Model):
    power: Annotated[float, Field(allow_inf_nan=False, ge=-50, le=50)]


Aggregation = Annotated[
    Annotated[Literal["arithmetic", "geometric", "harmonic", "minimum"], Tag("<word>")]
    | Annotated[Power, Tag("<table>")],
    Discriminator(lambda value: "<table>" if isinstance(value, dict | Power) else "<word>"),
]


class Weights(Model):
    """Which weights could as well have been stated."""

    within: Annotated[float, Field(gt=0, le=1)] | None = None
    dirichlet: Annotated[float, Field(ge=1, le=1e6)] | None = None
    simplex: Literal[True] | None = None
    between: (
        Annotated[dict[Id, Annotated[list[Share], Field(min_length=2, max_length=2)]], Field(min_length=1)]
        | None
    ) = None
    order: Annotated[list[Id], Field(min_length=2)] | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Weights:
        kinds = ("within", "dirichlet", "simplex", "between")
        if self.order is None:
            one_of(self, kinds, "kind of weights")
        elif any(getattr(self, kind) is not None for kind in kinds[:3]):
            raise PydanticCustomError("rule", "`order` goes with between, or alone")
        return self


class Choices(Model):
    """What else could have been chosen in making the score."""

    basis: Text
    weights: Weights | None = None
    aggregation: Annotated[list[Aggregation], Field(min_length=2)] | None = None
    scales: Annotated[list[Literal["stated", "percentile", "minmax", "z"]], Field(min_length=2)] | None = None
    leave_out: Literal["one-indicator"] | None = None


class Imputation(Model):
    """How often missing values are filled in, for the draws only, and what else helps to fill them."""

    datasets: Annotated[int, Field(ge=20, le=1_000)] = 100
    helpers: Annotated[list[Indicator], Field(min_length=1)] | None = None
    basis: Text


class OfValue(Model):
    """A part of the value, as of figures that lie far apart."""

    share: Annotated[float, Field(gt=0, le=1)]


Deviation = Annotated[
    Annotated[float, Field(gt=0, le=1e15), Tag("<number>")] | Annotated[OfValue, Tag("<table>")],
    Discriminator(lambda value: "<table>" if isinstance(value, dict | OfValue) else "<number>"),
]


class Uncertainty(Model):
    draws: Annotated[int, Field(ge=1, le=MOST_DRAWS)] = 10_000
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] = 1
    correlation: Annotated[float, Field(ge=0, le=1)] = 0.5
    persistence: Annotated[float, Field(ge=0, le=1)] = 0.95
    assumed_sd: Annotated[dict[Indicator, Deviation], Field(min_length=1)] | None = None
    choices: Choices | None = None
    imputation: Imputation | None = None
    borderline: Annotated[float, Field(ge=0, lt=0.5)] = 0.1
    near_miss: Annotated[float, Field(gt=0, lt=1)] = 0.25
    basis: Text
