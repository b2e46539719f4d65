"""From when to when something holds, and where it is written: what every part of a policy can say."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from eligibility.policy.words import Date, Said, Text
from eligibility.policy.written import Written


@dataclass(frozen=True)
class InForce(Written):
    """From which day to which, both included; one end may stay open."""

    since: Date | None = field(default=None, metadata={"alias": "from"})
    until: Date | None = None
    basis: Said = ""

    @model_validator(mode="after")
    def _some_day(self) -> InForce:
        if not (self.since or self.until):
            raise PydanticCustomError("rule", "needs `from`, `until` or both")
        if self.since and self.until and self.since > self.until:
            raise PydanticCustomError("rule", "must go from the first day to the last")
        return self

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return (self.since or day) <= day <= (self.until or day)

    def nearest(self, day: date) -> date:
        """The day itself, or the nearest on which it is in force."""
        return min(max(day, self.since or day), self.until or date.max)

    def __str__(self) -> str:
        """The dates as messages say them: "in force 2011-10-01 to 2025-09-30"."""
        return "always in force" if self.always else f"in force {self.days}"

    @property
    def always(self) -> bool:
        """Whether neither end is closed."""
        return not (self.since or self.until)

    @property
    def days(self) -> str:
        """The first and the last day in words: "2011-10-01 to 2025-09-30", "from 2011-10-01"."""
        since, until = (day.isoformat() if day else "" for day in (self.since, self.until))
        if since and until:
            return f"{since} to {until}"
        return f"from {since}" if since else f"until {until}"


ALWAYS = InForce()


@dataclass(frozen=True)
class Cites(Written):
    """Where in which document something comes from."""

    where: Text  # a section
    quote: str = ""  # short and verbatim
