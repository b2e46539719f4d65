"""The sentences on what was drawn and what decides, at their edges."""

from __future__ import annotations

import math
from dataclasses import replace

import made_up
import numpy as np
import pytest

from eligibility import run
from eligibility.method import acceptability
from eligibility.pages import doubt
from eligibility.pages.facts import Facts
from eligibility.policy import Choices, Score, Uncertainty, Weights


def facts(own: Choices, sd: float = 0.1, n: int = 6, shortlist: int = 2) -> Facts:
    """An index with a gate over some countries, their scores a tenth apart."""
    countries = made_up.COUNTRIES[:n]
    rows = {c: {"a.x": 0.3 + 0.1 * k, "a.y": 0.8 - 0.05 * k} for k, c in enumerate(countries)}
    sheets = [made_up.sheet("a.x", sd=sd), made_up.sheet("a.y", sd=sd)]
    spec = Score(1.0, tuple(made_up.pillar(s.id[2:], made_up.component(s.id)) for s in sheets), floor=0.01)
    gate = made_up.gate("g", made_up.atom("a.x", "at_least", 0.2))
    noise = Uncertainty(draws=400, seed=1, choices=own)
    policy = made_up.policy(made_up.everyone("a.x"), [gate], spec, uncertainty=noise, shortlist=shortlist)
    return Facts.of(run.judge(policy, made_up.snapshot(sheets, rows), made_up.AS_OF))


OPEN = Choices(Weights("simplex"), (), ("stated", "minmax"))


def tied_with(made: Facts, apart: set[tuple[str, str]]) -> Facts:
    """The same facts with these pairs told apart, whatever the draws said."""
    sample = made.result.firmness.sample
    beyond = np.array([[(a, b) in apart for b in sample.point.index] for a in sample.point.index])
    told = acceptability.Sample(sample.point, sample.stated, sample.chosen, sample.place, sample.ways)
    told.__dict__["beyond"] = beyond
    firm = replace(made.result.firmness, sample=told)
    return Facts.of(replace(made.result, firmness=firm))


def test_error_alone_says_so_and_names_no_choice():
    made = facts(Choices())
    (text,) = doubt.method(made, made.result.ranking.order[0])
    assert text.endswith("this is measurement error only.")
    assert "leave open" not in doubt.likely(made) + doubt.drawn(made)
    assert doubt.decides(made) == ()


def test_what_is_open_is_named_everywhere():
    made = facts(OPEN)
    text = " ".join(doubt.method(made, made.result.ranking.order[0]))
    for words in ("weights of the pillars", "scales"):
        assert words in text and words in doubt.drawn(made)
    assert "the mean of the pillars" not in text  # it is not open
    assert "By measurement error alone" in text
    assert "measurement error" in " ".join(doubt.decides(made))


@pytest.mark.parametrize(
    "shortlist, apart, said",
    [
        (2, "none", "cannot be told from that of any of the two countries on the shortlist"),
        (2, "one", "cannot be told from that of one of the two countries on the shortlist"),
        (2, "all", "lies beyond measurement error below that of every one of the two countries"),
        (1, "none", "cannot be told from that of the one country on the shortlist"),
        (6, "none", None),
    ],
)
def test_ties_of_the_shortlist_with_the_first_left_out(shortlist, apart, said):
    made = facts(Choices(), shortlist=shortlist)
    order = made.result.ranking.order
    first = order[shortlist] if shortlist < len(order) else ""
    pairs = {"none": set(), "one": {(order[0], first)}, "all": {(c, first) for c in order[:shortlist]}}
    told = doubt.ties(tied_with(made, pairs[apart]))
    assert told == [] if said is None else said in told[0]


def test_one_ranked_country_has_nobody_to_be_told_from():
    made = facts(OPEN, n=1, shortlist=1)
    (only,) = made.result.ranking.order
    assert doubt.together(made, only) == [] and doubt.ties(made) == []


def test_a_country_told_from_all_holds_one_rank():
    made = facts(Choices())
    order = made.result.ranking.order
    apart = {(a, b) for i, a in enumerate(order) for b in order[i + 1 :]}
    (text,) = doubt.together(tied_with(made, apart), order[0])
    assert "differs from that of every other" in text and "rank 1 among" in text


def test_nothing_is_said_of_decisions_where_nothing_moves():
    made = facts(OPEN, sd=1e-12, n=1, shortlist=1)
    assert doubt.decides(made) == ()


def test_misjudged_leaves_out_gates_that_cannot_be_judged():
    made = facts(Choices())
    assert "“g”" in doubt.misjudged(made)[0].lower()
    firm = made.result.firmness
    unknown = replace(made.result, firmness=replace(firm, p_gate=firm.p_gate * math.nan))
    assert doubt.misjudged(Facts.of(unknown)) == []
