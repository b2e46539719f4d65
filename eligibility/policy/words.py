"""The words a criteria file is made of: ids, numbers, days, quantiles, one of a few words; and what every part of it can say, from when to when it holds and where it is written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    model_validator,
)
from pydantic_core import PydanticCustomError

from eligibility.policy import fiscal
from eligibility.policy.written import As, Written

MOST_DRAWS = 1_000_000

# pattern -> what a text that does not match is told to be
PATTERNS = {
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "must be lower-case letters and digits joined by hyphens",
    r"^[a-z0-9]+\.[a-z0-9_]+$": "must be an indicator such as vdem.polyarchy",
    r"^[A-Z]{3}$": "must be a three-letter country code such as TUN",
    r"^\d{4}-\d{2}-\d{2}$": "must be a date such as 2016-07-01",
    r"^(\d{4}-\d{2}-\d{2}|FY\d{4})$": "must be a date such as 2016-07-01, or a fiscal year such as FY2024",
    r"^https://[^\s<>\"']+$": "must be an https:// address",
    r"^(median|percentile \d+(\.\d+)?|quantile [01](\.\d+)?)$": (
        "must be `median`, `percentile P` (0 to 100) or `quantile Q` (0 to 1)"
    ),
}
ID_PATTERN, INDICATOR_PATTERN, ISO3_PATTERN, DAY_PATTERN, WHEN_PATTERN, URL_PATTERN, QUANTILE_PATTERN = (
    PATTERNS
)


def no_day(text: object) -> str:
    """What is wrong with a text as a day, "" where it is one.

    >>> no_day("2016-07-01"), no_day("2016-02-30")
    ('', 'must be a day that exists')
    """
    if not isinstance(text, str) or not re.search(DAY_PATTERN.replace("$", r"\Z"), text):
        return PATTERNS[DAY_PATTERN]
    try:
        date.fromisoformat(text)
    except ValueError:
        return "must be a day that exists"
    return ""


def _calendar(text: str) -> str:
    """The text, if it is a day that exists."""
    if rule := no_day(text):
        raise PydanticCustomError("rule", rule)
    return text


def _sourced(text: str) -> str:
    """The text, if it is a day that exists or a fiscal year whose scorecards' day is on file."""
    if not text.startswith("FY"):
        return _calendar(text)
    if text not in fiscal.days():
        rule = f"must be a fiscal year whose scorecards' day is on file: {', '.join(sorted(fiscal.days()))}"
        raise PydanticCustomError("rule", rule)
    return text


def _in_order(span: list[int]) -> tuple[int, ...]:
    """The first and last year, if that is what they are."""
    if span[0] > span[1]:
        raise PydanticCustomError("rule", "must go from the first year to the last")
    return tuple(span)


def _word_or_list(word: Any) -> Any:
    """A word or a list of them. Tags stand in angle brackets, which no key of a file does."""
    one, several = Annotated[word, Tag("<word>")], Annotated[list[word], Field(min_length=1), Tag("<list>")]
    return Annotated[
        one | several, Discriminator(lambda value: "<list>" if isinstance(value, list) else "<word>")
    ]


def several(word: Any, least: int = 1) -> As:
    """In a file a list of so many words or more, or nothing; in the policy a tuple."""
    return As(Annotated[list[word], Field(min_length=least)] | None, lambda said: tuple(said or ()))


def named(each: Any, name: str, optional: bool = False) -> As:
    """In a file a mapping by id, not empty, or nothing if `optional`; in the policy a tuple of its values, each with its id as `name`."""
    table = Annotated[dict[Id, each], Field(min_length=1)]
    return As(
        table | None if optional else table,
        lambda said: tuple(replace(one, **{name: word}) for word, one in (said or {}).items()),
    )


def _any_of(said: str | list[str]) -> tuple[str, ...]:
    """The words of a list, or the one word."""
    return (said,) if isinstance(said, str) else tuple(said)


Text = Annotated[str, Field(min_length=1)]
Stripped = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Id = Annotated[str, Field(pattern=ID_PATTERN, max_length=64)]
Indicator = Annotated[str, Field(pattern=INDICATOR_PATTERN, max_length=100)]
Number = Annotated[float, Field(allow_inf_nan=False, ge=-1e15, le=1e15)]
Weight = Annotated[float, Field(allow_inf_nan=False, ge=0, le=1e6)]
Years = Annotated[int, Field(ge=1, le=50)]
Age = Annotated[int, Field(ge=0, le=50)]
Months = Annotated[int, Field(ge=1, le=600)]
Span = Annotated[
    tuple[int, int],
    As(
        Annotated[list[Annotated[int, Field(ge=1900, le=2100)]], Field(min_length=2, max_length=2)], _in_order
    ),
]
Iso3 = Annotated[str, Field(pattern=ISO3_PATTERN)]
# country, and why it is listed
Countries = Annotated[
    tuple[tuple[str, str], ...],
    As(Annotated[dict[Iso3, Text], Field(min_length=1)], lambda said: tuple(said.items())),
]
Address = Annotated[str, Field(pattern=URL_PATTERN)]
Day = Annotated[str, Field(pattern=DAY_PATTERN), AfterValidator(_calendar)]
Date = Annotated[date, As(Day, date.fromisoformat)]
# a day, or the fiscal year whose scorecards came out on it
When = Annotated[
    date,
    As(
        Annotated[str, Field(pattern=WHEN_PATTERN), AfterValidator(_sourced)],
        lambda text: fiscal.calendar(text, "as_of"),
    ),
]
Said = Annotated[str, As(Text | None, lambda text: text or "")]  # "" where a file says nothing
Quantile = Annotated[str, Field(pattern=QUANTILE_PATTERN)]
Missing = Literal["fail", "drop", "unknown"]
Among = Literal["peers", "pool"]
Verdict = Literal["pass", "conditional", "fail", "unknown"]
Status = Literal["eligible", "qualified", "conditional", "on-hold", "excluded", "insufficient-data"]
OUTSIDE = "not-considered"  # in the place of a status, of a country that is not in the pool
STATUS_SAID = {
    "eligible": "qualifies",
    "conditional": "qualifies on condition",
    "qualified": "meets the requirements, but is not of an ideal kind",
    "on-hold": "is on hold",
    "excluded": "does not qualify",
    "insufficient-data": "cannot be judged",
    OUTSIDE: "is not considered",
}
Verdicts = Annotated[tuple[str, ...], As(_word_or_list(Verdict), _any_of)]
Statuses = Annotated[tuple[str, ...], As(_word_or_list(Status), _any_of)]
Ids = Annotated[tuple[str, ...], As(_word_or_list(Id), _any_of)]


def one_of(model: object, names: tuple[str, ...], what: str, optional: bool = False) -> None:
    """Refuses a model that has several of these fields, or none where one is needed."""
    given = [name for name in names if getattr(model, name) not in (None, ())]
    if len(given) > 1 or (not given and not optional):
        shown = ", ".join(name.rstrip("_") for name in names)
        count = "at most" if optional else "exactly"
        got = ", ".join(name.rstrip("_") for name in given) or "none"
        raise PydanticCustomError(
            "one_of",
            "needs {count} one {what} of: {shown}",
            {"count": count, "what": what, "shown": shown, "said": got},
        )


class Model(BaseModel):
    # Built once, when CriteriaFile is, not each as it is defined.
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)


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
