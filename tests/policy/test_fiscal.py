"""The day a word means: a date, or a US fiscal year by the day its scorecards came out."""

from __future__ import annotations

from datetime import date

import pytest

from eligibility.errors import UsageError
from eligibility.policy import fiscal


def test_a_fiscal_year_is_the_day_its_scorecards_came_out():
    assert fiscal.calendar("FY2024", "--as-of") == date(2023, 11, 7)
    for year, day in fiscal.days().items():
        assert date(int(year[2:]) - 1, 10, 1) <= day < date(int(year[2:]), 1, 1)


def test_a_fiscal_year_without_a_sourced_day_is_refused_and_those_known_are_named():
    with pytest.raises(
        UsageError,
        match=r"--as-of: fiscal year: .*\(got FY1999\); on file are FY2008, .*FY2024.*; for another write a day",
    ):
        fiscal.calendar("FY1999", "--as-of")
