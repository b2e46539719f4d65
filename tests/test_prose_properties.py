"""What holds of every text, whatever the numbers: no doubt rounded away, no firmness claimed, numbers agreeing with their nouns."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import fake_result
import numpy as np
import prover
import pytest
import reading
from hypothesis import given
from hypothesis import strategies as st
from prose import pieces
from proving import PROOFS
from truth import Truth

from eligibility import countries, report, soundness
from eligibility.errors import UsageError
from eligibility.pages import changes, wording
from eligibility.pages.facts import Facts

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
    shown = changes.apart(value, threshold, decimals)
    alike = wording.number(value, shown) == wording.number(threshold, shown)
    assert not alike or value == threshold or abs(value - threshold) < 10.0 ** -(shown + 2)


def drawn(result, field: str, values):
    """The same result with other probabilities."""
    firm = result.firmness
    if field == "p_top":
        top = firm.places.p_top.copy()
        top[:] = values
        return replace(result, firmness=replace(firm, places=replace(firm.places, p_top=top)))
    p = firm.p_eligible.copy()
    p[:] = np.where(p.isna(), np.nan, values)
    return replace(result, firmness=replace(firm, p_eligible=p))


def judged(result, iso3: str = "", sections: tuple[str, ...] = ("", "shortlist"), sound=None) -> list[str]:
    """Faults of one page in the sections that probabilities speak in."""
    truth = Truth(result, sound or soundness.quick(result))
    facts = Facts.of(result)
    if iso3:
        from eligibility.pages import justification, sourcing

        view = justification.page(facts, iso3, frozenset(), (), sourcing.source_rows(facts))
        html = report.country_html(facts, iso3, view).decode()
        page = prover.Page("country", truth, iso3)
    else:
        from eligibility.pages import briefing, sourcing

        view = briefing.page(facts, frozenset(), (), sourcing.source_rows(facts))
        html = report.briefing_html(facts, view, frozenset(), None).decode()
        page = prover.Page("briefing", truth)
    return [
        told for p in pieces(html) if not p.cell and p.section in sections and (told := prover.fault(page, p))
    ]


@pytest.mark.parametrize("places", [1, 2, 3, 12])
def test_a_place_is_called_firm_from_nine_tenths_on_and_not_before(places, invented):
    rng, base = random.Random(places), fake_result.make(places=places)
    for k in range(6):
        values = [rng.choice(EDGES) for _ in base.firmness.p_eligible]
        if k < 4:
            values = [EDGES[-1 - 2 * k]] * len(values)  # all alike, ties among them
        assert judged(drawn(base, "p_top", values), sections=("", "shortlist", "decisions")) == []


def test_a_verdict_is_called_firm_or_borderline_as_its_probability_says(invented):
    base = fake_result.make()
    sound = soundness.quick(base)
    inside = [(p, "XAA") for p in EDGES[::2]] + [(p, "XAH") for p in EDGES[1::2]] + [(1.0, "XAH")]
    for p, iso3 in inside:
        assert judged(drawn(base, "p_eligible", p), iso3, ("",), sound) == [], (p, iso3)


def test_with_no_candidate_the_run_is_refused_and_says_why(invented):
    def rich(values):
        values["made.income"] = 99_999.0

    with pytest.raises(UsageError, match="no country can be judged at this date"):
        fake_result.make(changed=rich)


def test_the_proofs_know_the_sentences_of_every_page():
    """At least two hundred and fifty patterns, each with a check but for a few that claim nothing."""
    checked = [c for c in prover.REGISTER.claims if c.check]
    assert len(PROOFS) > 8 and len(checked) >= 250 and countries.register()
