"""The words a criteria file is made of: ids, numbers, days, quantiles, one of a few words."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from eligibility.policy.written import As

MOST_DRAWS = 1_000_000

# pattern -> what a text that does not match is told to be
PATTERNS = {
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "must be lower-case letters and digits joined by hyphens",
    r"^[a-z0-9]+\.[a-z0-9_]+$": "must be an indicator such as vdem.polyarchy",
    r"^[A-Z]{3}$": "must be a three-letter country code such as TUN",
    r"^\d{4}-\d{2}-\d{2}$": "must be a date such as 2016-07-01",
    r"^https://[^\s<>\"']+$": "must be an https:// address",
    r"^(median|percentile \d+(\.\d+)?|quantile [01](\.\d+)?)$": (
        "must be `median`, `percentile P` (0 to 100) or `quantile Q` (0 to 1)"
    ),
}
ID_PATTERN, INDICATOR_PATTERN, ISO3_PATTERN, DAY_PATTERN, URL_PATTERN, QUANTILE_PATTERN = PATTERNS


def _calendar(text: str) -> str:
    """The text, if it is a day that exists."""
    try:
        date.fromisoformat(text)
    except ValueError:
        raise PydanticCustomError("rule", "must be a day that exists") from None
    return text


def _in_order(span: list[int]) -> list[int]:
    """The first and last year, if that is what they are."""
    if span[0] > span[1]:
        raise PydanticCustomError("rule", "must go from the first year to the last")
    return span


Text = Annotated[str, Field(min_length=1)]
Id = Annotated[str, Field(pattern=ID_PATTERN, max_length=64)]
Indicator = Annotated[str, Field(pattern=INDICATOR_PATTERN, max_length=100)]
Number = Annotated[float, Field(allow_inf_nan=False, ge=-1e15, le=1e15)]
Weight = Annotated[float, Field(allow_inf_nan=False, ge=0, le=1e6)]
Years = Annotated[int, Field(ge=1, le=50)]
Age = Annotated[int, Field(ge=0, le=50)]
Months = Annotated[int, Field(ge=1, le=600)]
Span = Annotated[
    list[Annotated[int, Field(ge=1900, le=2100)]],
    Field(min_length=2, max_length=2),
    AfterValidator(_in_order),
]
Iso3 = Annotated[str, Field(pattern=ISO3_PATTERN)]
Day = Annotated[str, Field(pattern=DAY_PATTERN), AfterValidator(_calendar)]
Date = Annotated[date, As(Day, date.fromisoformat)]
Said = Annotated[str, As(Text | None, lambda text: text or "")]  # "" where a file says nothing
Quantile = Annotated[str, Field(pattern=QUANTILE_PATTERN)]
Missing = Literal["fail", "drop", "unknown"]
Among = Literal["peers", "pool"]
Verdict = Literal["pass", "conditional", "fail", "unknown"]
Status = Literal["eligible", "qualified", "conditional", "on-hold", "excluded", "insufficient-data"]
# A word or a list of words. Tags stand in angle brackets, which no key of a file does.
_word_or_list = Discriminator(lambda value: "<list>" if isinstance(value, list) else "<word>")
Verdicts = Annotated[
    Annotated[Verdict, Tag("<word>")] | Annotated[list[Verdict], Field(min_length=1), Tag("<list>")],
    _word_or_list,
]
Statuses = Annotated[
    Annotated[Status, Tag("<word>")] | Annotated[list[Status], Field(min_length=1), Tag("<list>")],
    _word_or_list,
]
Ids = Annotated[
    Annotated[Id, Tag("<word>")] | Annotated[list[Id], Field(min_length=1), Tag("<list>")], _word_or_list
]

Measure = Literal[
    "level",
    "change_over",
    "relative_change_over",
    "gap_closed_over",
    "change_from_peak",
    "peak_over",
    "within_months",
]
MEASURES: tuple[Measure, ...] = (
    "change_over",
    "relative_change_over",
    "gap_closed_over",
    "change_from_peak",
    "peak_over",
)
JOINS = ("all", "any", "none", "at_least", "points", "countries")


def one_of(model: BaseModel, names: tuple[str, ...], what: str, optional: bool = False) -> None:
    """Refuses a model that has several of these fields, or none where one is needed."""
    given = [name for name in names if getattr(model, name) is not None]
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
