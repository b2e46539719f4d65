"""US fiscal years: the day on which MCC's scorecards of each came out, from a dated table with sources."""

from __future__ import annotations

import csv
import io
from datetime import date
from functools import cache

from eligibility import opened
from eligibility.errors import Problem, UsageError
from eligibility.resources import shipped


@cache
def days() -> dict[str, date]:
    """Fiscal year, written FY2024 -> the first day of its scorecards, of every year whose day is sourced."""
    text = opened.text(shipped("datasets") / "fiscal_years" / "mcc.csv")
    return {row["fiscal_year"]: date.fromisoformat(row["day"]) for row in csv.DictReader(io.StringIO(text))}


def day(word: str, where: str) -> date:
    """The day a fiscal year stands for; UsageError where it is not one whose scorecards' day is on file."""
    known = days()
    if word not in known:
        rule = "a year whose scorecards' day is on file"
        raise UsageError(Problem(where, "fiscal year", rule, word, f"known are {', '.join(sorted(known))}"))
    return known[word]
