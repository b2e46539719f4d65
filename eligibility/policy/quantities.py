"""What a test or a scale looks at: an indicator, or what it did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

from eligibility.policy.words import Age, Number, Years, one_of
from eligibility.policy.written import TOLD_APART, Written

Measure = Literal[
    "level",
    "change_over",
    "relative_change_over",
    "gap_closed_over",
    "change_from_peak",
    "peak_over",
    "within_months",
]
MEASURES: tuple[Measure, ...] = get_args(Measure)[1:-1]  # those that a test or a scale asks for by name
# hold the newest against one earlier value
ONE_YEAR = ("change_over", "relative_change_over", "gap_closed_over")


@dataclass(frozen=True)
class Quantity:
    """One indicator, or what it did over the last `years`: the thing a test or a scale looks at.

    level                  the newest value known
    change_over            that value minus the one `years` before it
    relative_change_over   that value over the one `years` before it, less 1
    gap_closed_over        the change over what then was still to go to `to`
    peak_over              the largest value of the last `years` and now
    change_from_peak       the newest value minus that peak (never positive)
    within_months          1 if an event of the list fell in the last `years` months, 0 if for sure none did
    """

    indicator: str  # "vdem.polyarchy"
    measure: Measure = "level"
    years: int = 0
    to: float | None = None  # of gap_closed_over only: the end that is made for
    falling: bool = False  # of gap_closed_over only: whether that end is the low one

    def gap(self, then: Any) -> Any:
        """How far a value was from the end made for; not above 0 where there is nothing left to close."""
        return then - self.to if self.falling else self.to - then


@dataclass(frozen=True)
class Gap(Written):
    """A share of the way to an end that the file names itself."""

    years: Years
    to: Number


GapClosed = Annotated[Years | Gap, TOLD_APART]


@dataclass(frozen=True)
class Measured(Written):
    """What is looked at: the newest value, unless one of these says otherwise."""

    max_age: Age | None = None
    change_over: Years | None = None
    relative_change_over: Years | None = None
    gap_closed_over: GapClosed | None = None
    change_from_peak: Years | None = None
    peak_over: Years | None = None

    def parts(self) -> dict[str, Quantity]:
        """The quantity, of an indicator that is not known yet; of the end of a gap only what the file says."""
        one_of(self, MEASURES, "measure", optional=True)
        for measure in MEASURES:
            said = getattr(self, measure)
            if isinstance(said, Gap):
                return {"quantity": Quantity("", measure, said.years, said.to)}
            if said is not None:
                return {"quantity": Quantity("", measure, said)}
        return {"quantity": Quantity("")}
