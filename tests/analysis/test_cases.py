"""The tests written inside a criteria file: what holds, and what is said where it does not."""

from __future__ import annotations

import pytest
from made_up import AS_OF, COUNTRIES, atom, everyone, gate, policy, sheet, snapshot

from eligibility.analysis.cases import judge as hold
from eligibility.method.run import judge
from eligibility.policy.model import CountryCase

A = "made.a"


@pytest.fixture(scope="module")
def result():
    rows = {iso3: {A: i / 11} for i, iso3 in enumerate(COUNTRIES)}
    rules = policy(
        everyone(A),
        [gate("half", atom(A, "at_least", 0.5, path="gates.half"))],
        tracks=(gate("high", atom(A, "above", 0.7, path="tracks.high")), gate("any", atom(A, "above", 0.1, path="tracks.any"))),
    )  # fmt: skip
    return judge(rules, snapshot([sheet(A)], rows), AS_OF)


def told(result, country: str, **expect) -> tuple[str, ...]:
    """The failures of one case."""
    wanted = tuple(
        (key.replace("gate_", "gate:"), (v,) if isinstance(v, str) else v) for key, v in expect.items()
    )
    return hold(CountryCase("a case", country, AS_OF, wanted), result).failures


def test_a_case_holds_where_everything_expected_came_out(result):
    assert told(result, "LAO", status="eligible", track=("high", "any"), gate_half="pass") == ()
    assert told(result, "ALB", status=("excluded", "conditional"), not_track="high") == ()


def test_a_failure_says_what_was_expected_and_what_came(result):
    assert told(result, "ALB", status="eligible") == ("status: expected eligible, got excluded",)
    assert told(result, "ALB", track="high") == ("track: expected high, got none",)
    assert told(result, "LAO", not_track="high") == ("not_track: expected not high, got high, any",)
    assert told(result, "ALB", gate_half=("pass", "conditional")) == (
        "gate:half: expected pass or conditional, got fail",
    )


def test_a_country_outside_the_pool_fails_its_case(result):
    assert told(result, "DEU", status="excluded") == (f"DEU is not a candidate at {AS_OF}",)
