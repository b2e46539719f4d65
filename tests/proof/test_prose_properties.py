"""What holds of every text, whatever the numbers: no doubt rounded away, no firmness claimed, numbers agreeing with their nouns."""

from __future__ import annotations

import re

import made_up
import prover
import pytest
import reading
from hypothesis import given
from hypothesis import strategies as st
from proving import PROOFS

from eligibility.data import countries
from eligibility.errors import UsageError
from eligibility.pages import counterfactuals, wording

SHARES = (
    st.floats(0, 1)
    | st.integers(0, 10_000).map(lambda k: k / 10_000)
    | st.integers(0, 400).map(lambda k: k / 400)
)
EDGES = (
    0.0,
    0.0025,
    0.005,
    0.05,
    0.0999,
    0.1,
    0.1001,
    0.4996,
    0.5,
    0.5025,
    0.8975,
    0.8999,
    0.9,
    0.95,
    0.995,
    0.9999,
    1.0,
)


@given(SHARES)
def test_no_percentage_rounds_a_doubt_away(p):
    assert reading.is_share(wording.percent(p), p)
    assert reading.is_runs(wording.runs(p, 400), p, 400)
    assert (wording.percent(p) in ("0%", "100%")) == (p in (0, 1))


@given(st.floats(-1e9, 1e9) | st.floats(-0.02, 0.02), st.integers(0, 4))
def test_no_number_has_a_sign_that_it_does_not_show(x, decimals):
    plain, signed = wording.number(x, decimals), wording.signed(x, decimals)
    assert not re.fullmatch(r"[−-]0(\.0+)?", plain) and "-" not in plain
    assert reading.is_number(plain, x)
    assert reading.is_signed(signed, x)


@pytest.mark.parametrize("n, total", [(n, t) for t in range(1, 13) for n in range(t + 1)])
def test_counts_agree_with_their_nouns(n, total):
    text = wording.among(n, total, "country", "countries")
    if n or total != 1:  # "not the one country" is never made into a sentence
        assert reading.is_among(text, n, total, "country", "countries"), text
    assert ("both" in text) == (n == total == 2) and ("all" in text.split()) == (
        n == total not in (1, 2) and n > 0
    )
    assert not re.search(r"\b(1|one) countries|\b(?!one )\w+ of one countries|all (one|1)\b", text)
    counted = wording.counted(n, "country", "countries")
    assert reading.is_count(counted.split()[0], n) and counted.endswith("country") == (n == 1)


@given(st.floats(0, 1), st.floats(-1e-4, 1e-4), st.integers(0, 3))
def test_a_value_short_of_its_threshold_does_not_look_like_it(threshold, gap, decimals):
    threshold = round(threshold, decimals)
    value = threshold + gap
    shown = counterfactuals.apart(value, threshold, decimals)
    alike = wording.number(value, shown) == wording.number(threshold, shown)
    assert not alike or value == threshold or abs(value - threshold) < 10.0 ** -(shown + 2)


def test_with_no_candidate_the_run_is_refused_and_says_why(invented):
    def rich(values):
        values["made.income"] = 99_999.0

    with pytest.raises(UsageError, match="no country can be judged at this date"):
        made_up.make(changed=rich)


def test_the_proofs_know_the_sentences_of_every_page():
    """Patterns, each with a check but for a few that claim nothing."""
    checked = [c for c in prover.REGISTER.claims if c.check]
    assert len(PROOFS) == 4 and len(checked) >= 60 and countries.register()
