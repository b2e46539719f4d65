"""What a criteria file says of its own doubts: errors that are assumed, and choices that could have been others."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from eligibility.policy.scoring import Aggregation, power_of
from eligibility.policy.words import MOST_DRAWS, Id, Indicator, Text, one_of, several
from eligibility.policy.written import ASKED, TOLD_APART, As, Written

_Share = Annotated[float, Field(ge=0, le=1)]
_Between = Annotated[
    dict[Id, Annotated[list[_Share], Field(min_length=2, max_length=2)]], Field(min_length=1)
]


@dataclass(frozen=True)
class Weights(Written):
    """Which weights could as well have been stated."""

    # of the pillars, and of the indicators of each
    within: Annotated[float, Field(gt=0, le=1)] | None = None  # 1 - this to 1 + this times, then rescaled
    dirichlet: Annotated[float, Field(ge=1, le=1e6)] | None = None  # around them, the closer the larger
    simplex: Literal[True] | None = None  # any whatever, all equally likely; a stated 0 stays 0
    # of the pillars only: shares between limits, each (pillar, lowest, highest), in descending order, evenly
    between: Annotated[
        tuple[tuple[str, float, float], ...],
        As(_Between | None, lambda said: tuple((id_, *ends) for id_, ends in (said or {}).items())),
    ] = ()
    order: Annotated[tuple[str, ...], several(Id, 2)] = ()  # pillar ids, the heaviest first

    @model_validator(mode="after")
    def _one_kind(self) -> Weights:
        if not self.order:
            one_of(self, ("within", "dirichlet", "simplex", "between"), "kind of weights")
        elif self.kind != "between":
            raise PydanticCustomError("rule", "`order` goes with between, or alone")
        return self

    @property
    def kind(self) -> Literal["within", "dirichlet", "simplex", "between"]:
        """Which of them is said."""
        if self.within is not None:
            return "within"
        return "dirichlet" if self.dirichlet is not None else "simplex" if self.simplex else "between"


@dataclass(frozen=True)
class Choices(Written):
    """What else could have been chosen in making the score."""

    # every draw of measurement error draws these too
    opening = ("basis",)

    weights: Weights | None = None
    powers: Annotated[
        tuple[float, ...],
        As(
            Annotated[list[Aggregation], Field(min_length=2)] | None,
            lambda said: tuple(power_of(each) for each in said or ()),
        ),
    ] = field(default=(), metadata={"alias": "aggregation"})  # of the mean of the pillars, equally likely
    # equally likely
    scales: Annotated[tuple[str, ...], several(Literal["stated", "percentile", "minmax", "z"], 2)] = ()
    # in half of the draws one indicator, each equally likely; in the other half none
    leave_out: Annotated[bool, As(Literal["one-indicator"] | None, bool)] = False
    basis: Text = field(default="", metadata=ASKED)


@dataclass(frozen=True)
class Imputation(Written):
    """How often missing values are filled in, for the draws only, and what else helps to fill them."""

    datasets: Annotated[int, Field(ge=20, le=1_000)] = 100  # draw t uses filling t modulo this
    helpers: Annotated[tuple[str, ...], several(Indicator)] = ()  # indicators that count nowhere else
    basis: Text = field(default="", metadata=ASKED)
    shift: Annotated[float, Field(ge=-3, le=3)] = 0.0  # standard deviations a filled value is worse by


@dataclass(frozen=True)
class OfValue(Written):
    """A part of the value, as of figures that lie far apart."""

    share: Annotated[float, Field(gt=0, le=1)]


_Deviation = Annotated[Annotated[float, Field(gt=0, le=1e15)] | OfValue, TOLD_APART]


@dataclass(frozen=True)
class Uncertainty(Written):
    draws: Annotated[int, Field(ge=1, le=MOST_DRAWS)] = 10_000
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] = 1
    correlation: _Share = 0.5  # between the errors of one country's indicators
    persistence: _Share = 0.95  # between the errors of one indicator in one year and the next
    assumed_sd: Annotated[
        tuple[tuple[str, float | OfValue], ...],
        As(
            Annotated[dict[Indicator, _Deviation], Field(min_length=1)] | None,
            lambda said: tuple((said or {}).items()),
        ),
    ] = ()  # indicator -> sd where no publisher gives one
    choices: Annotated[Choices, As(Choices | None, lambda said: said or Choices())] = Choices()
    imputation: Imputation | None = None
    # of P(admitted): more than this and less than 1 minus this leaves the answer open
    borderline: Annotated[float, Field(ge=0, lt=0.5)] = 0.1
    # of P(admitted) of an excluded country: more than this is told beside those admitted
    near_miss: Annotated[float, Field(gt=0, lt=1)] = 0.25
    basis: Text = field(default="", metadata=ASKED)
