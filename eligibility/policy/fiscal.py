"""The day a word means: a date, or a US fiscal year by the day on which MCC's scorecards of it came out."""

from __future__ import annotations

from datetime import date
from functools import cache

from eligibility.errors import Problem, UsageError
from eligibility.files import opened
from eligibility.resources import shipped


@cache
def days() -> dict[str, date]:
    """Fiscal year, written FY2024 -> the first day of its scorecards, of every year whose day is sourced."""
    rows = opened.rows(shipped("datasets") / "fiscal_years" / "mcc.csv")
    return {row["fiscal_year"]: date.fromisoformat(row["day"]) for row in rows}


def calendar(word: str, where: str) -> date:
    """The day written YYYY-MM-DD or, as a fiscal year, FY2024; UsageError for any other word.

    >>> calendar("2016-07-01", "--as-of")
    datetime.date(2016, 7, 1)
    """
    if word.startswith("FY"):
        known = days()
        if word in known:
            return known[word]
        rule = "must be a year whose scorecards' day is on file"
        hint = (
            f"on file are {', '.join(sorted(known))}; for another write a day of the November before it, such as "
            "2015-11-08 for FY2016"
        )
        raise UsageError(Problem(where, "fiscal year", rule, word, hint))
    try:
        found = date.fromisoformat(word)
    except ValueError:
        found = None
    # fromisoformat also reads 20160701 and 2016-W26-5
    if found is None or found.isoformat() != word:
        rule, hint = "a day of the calendar as YYYY-MM-DD", "write it as 2016-07-01"
        raise UsageError(Problem(where, "date", rule, word, hint))
    return found
