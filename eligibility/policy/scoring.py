"""What a score is made of: pillars of weighted indicators on stated scales."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from eligibility.policy.quantities import Measured, Quantity
from eligibility.policy.words import Among, Cites, Indicator, Number, Said, Text, Weight, named, one_of
from eligibility.policy.written import ASKED, TOLD_APART, UNWRITTEN, As, Written, spread

ScaleKind = Literal["goalposts", "piecewise", "percentile", "z", "minmax"]
KINDS: tuple[ScaleKind, ...] = get_args(ScaleKind)
POWERS = {"arithmetic": 1.0, "geometric": 0.0, "harmonic": -1.0, "minimum": -math.inf}


@dataclass(frozen=True)
class Power(Written):
    power: Annotated[float, Field(allow_inf_nan=False, ge=-50, le=50)]


Aggregation = Annotated[Literal["arithmetic", "geometric", "harmonic", "minimum"] | Power, TOLD_APART]


def power_of(said: str | Power) -> float:
    """The power of a mean named by a word or a number: 1 arithmetic, 0 geometric, -1 harmonic, -inf minimum."""
    return POWERS[said] if isinstance(said, str) else said.power


_Pair = Annotated[list[Number], Field(min_length=2, max_length=2)]
_Weight = Annotated[float, As(Weight | None, lambda said: 1.0 if said is None else said)]


@dataclass(frozen=True)
class Scale(Written):
    """Native units to 0..1 where 1 is always better."""

    goalposts: Annotated[tuple[float, float] | None, As(_Pair | None, lambda said: said and tuple(said))] = (
        None  # from low to high, clipped at both ends
    )
    piecewise: Annotated[
        tuple[tuple[float, float], ...],
        As(
            Annotated[list[_Pair], Field(min_length=2)] | None,
            lambda said: tuple((x, y) for x, y in said or ()),
        ),
    ] = ()
    percentile: Among | None = None
    z: Among | None = None
    minmax: Among | None = None
    log: Annotated[bool, As(bool | None, bool)] = False  # of goalposts only

    @model_validator(mode="wrap")
    @classmethod
    def _one_kind(cls, data: Any, handler: Any) -> Scale:
        made: Scale = handler(data)
        one_of(made, KINDS, "kind of scale")
        if isinstance(data, dict) and data.get("log") is not None and made.goalposts is None:
            raise PydanticCustomError("rule", "`log` goes with goalposts only")
        return made

    @property
    def kind(self) -> ScaleKind:
        """Which of them it is."""
        return next(kind for kind in KINDS if getattr(self, kind))

    @property
    def points(self) -> tuple[tuple[float, float], ...]:
        """(low, high) of goalposts, (x, y) of each corner of a piecewise scale."""
        return (self.goalposts,) if self.goalposts else self.piecewise

    @property
    def among(self) -> Literal["peers", "pool"]:
        """Whom it is relative to."""
        return self.percentile or self.z or self.minmax or "pool"


@dataclass(frozen=True)
class Component(Written):
    # one indicator of a pillar
    path: str = field(metadata=UNWRITTEN)
    quantity: Quantity = field(metadata=spread(Measured))
    weight: _Weight
    scale: Scale
    better: Annotated[Literal["high", "low"], As(Literal["high", "low"] | None, lambda said: said)]
    basis: Said


def _each(table: dict[str, Component]) -> tuple[Component, ...]:
    return tuple(
        replace(each, path=key, quantity=replace(each.quantity, indicator=key)) for key, each in table.items()
    )


@dataclass(frozen=True)
class Pillar(Written):
    opening = ("title", "weight", "weights", "power", "basis", "cites")

    id: str = field(metadata=UNWRITTEN)
    title: Text
    weight: _Weight
    basis: Said
    # of the mean of the indicators: 1 arithmetic, 0 geometric, -1 harmonic, -inf minimum
    power: Annotated[float, As(Aggregation, power_of)] = field(metadata={"alias": "aggregation"})
    components: Annotated[
        tuple[Component, ...],
        As(Annotated[dict[Indicator, Component], Field(min_length=1)], _each),
    ] = field(metadata={"alias": "indicators"})
    cites: Cites | None = None
    weights: Literal["equal"] | None = None  # of the indicators


@dataclass(frozen=True)
class Score(Written):
    opening = ("power", "floor", "coverage", "basis", "weights", "cites")

    # of pillars
    power: Annotated[float, As(Aggregation, power_of)] = field(metadata={"alias": "aggregation"})
    pillars: Annotated[tuple[Pillar, ...], named(Pillar, "id")]
    # a normalised value y becomes floor + (1 - floor) * y, so that 0 does not annihilate
    floor: Annotated[float, As(Annotated[float, Field(ge=0, lt=1)] | None, lambda said: said or 0.0)] = 0.0
    # share of each pillar's weight that must be observed
    coverage: Annotated[
        float, As(Annotated[float, Field(gt=0, le=1)] | None, lambda said: 2 / 3 if said is None else said)
    ] = 2 / 3
    basis: Text = field(default="", metadata=ASKED)
    cites: Cites | None = None
    weights: Literal["equal"] | None = None  # of the pillars
