"""What holds of every printed number: no doubt rounded away, no sign of nothing, counts that agree with their nouns."""

from __future__ import annotations

import re

import made_up
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility.errors import UsageError
from eligibility.pages import counterfactuals, wording

SHARES = (
    st.floats(0, 1)
    | st.integers(0, 10_000).map(lambda k: k / 10_000)
    | st.integers(0, 400).map(lambda k: k / 400)
)
WORDS = "no one two three four five six seven eight nine ten".split()


def is_number(text: str, x: float) -> bool:
    """Whether figures are `x` rounded to as many decimals as they show; a minus only before what is not zero."""
    decimals = len(text.partition(".")[2])
    rounded = {f"{y:,.{decimals}f}".replace("-", "−") for y in (x, round(x, 12))}  # of a half either way
    return text in {y if y.strip("−0.,") else y.lstrip("−") for y in rounded}


def is_share(text: str, p: float) -> bool:
    """Whether a percentage says `p`, hides no doubt and stands on the right side of 10, 50 and 90 per cent."""
    if text in ("<1%", ">99%"):
        return 0 < p <= 0.005 if text == "<1%" else 0.995 <= p < 1
    shown = float(text.rstrip("%"))
    sure = (shown != 0 or p == 0) and (shown != 100 or p == 1)
    beside = any(shown == limit and abs(100 * p - limit) > 1e-3 for limit in (10, 50, 90))
    return sure and not beside and is_number(text.rstrip("%"), 100 * p)


def is_count(text: str, n: int) -> bool:
    """Whether a text says `n`: as a word up to ten, in figures above."""
    return text == (WORDS[n] if n <= 10 else f"{n:,}") or (text == "none" and n == 0)


def is_among(text: str, n: int, total: int) -> bool:
    """Whether "two of three countries", "both countries", "the one country" say so many of so many."""
    if text in ("the one country", "both countries"):
        return n == total == (1 if text[0] == "t" else 2)
    if found := re.fullmatch(r"all (\S+) countries", text):
        return n == total > 2 and is_count(found[1], total)
    found = re.fullmatch(r"(\S+) of (\S+) (country|countries)", text)
    said = found and found[1] != "no" and is_count(found[1], n) and is_count(found[2], total)
    return bool(said) and n < total and (found[3] == "country") == (total == 1)


@given(SHARES)
def test_no_percentage_rounds_a_doubt_away(p):
    assert is_share(wording.percent(p), p)
    assert (wording.percent(p) in ("0%", "100%")) == (p in (0, 1))
    share = wording.runs(p, 400).removesuffix(" 400 simulations").removesuffix(" of")
    said = share.replace("more than ", ">").replace("less than ", "<")
    assert p == (said == "all") if said in ("all", "none") else is_share(said, p)


@given(st.floats(-1e9, 1e9) | st.floats(-0.02, 0.02), st.integers(0, 4))
def test_no_number_has_a_sign_that_it_does_not_show(x, decimals):
    plain, signed = wording.number(x, decimals), wording.signed(x, decimals)
    assert not re.fullmatch(r"[−-]0(\.0+)?", plain) and "-" not in plain
    assert is_number(plain, x) and is_number(signed.lstrip("+"), x)
    assert (signed[0] == "+") == (float(plain.replace(",", "").replace("−", "-")) > 0)


@pytest.mark.parametrize("n, total", [(n, t) for t in range(1, 13) for n in range(t + 1)])
def test_counts_agree_with_their_nouns(n, total):
    text = wording.among(n, total, "country", "countries")
    if n or total != 1:  # "not the one country" is never made into a sentence
        assert is_among(text, n, total), text
    assert not re.search(r"\b(1|one) countries|\b(?!one )\w+ of one countries|all (one|1)\b", text)
    counted = wording.counted(n, "country", "countries")
    assert is_count(counted.split()[0], n) and counted.endswith("country") == (n == 1)


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
