"""Countries by name, flags, and series nobody holds: what they do and what is refused."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from criteria_samples import KNOWN, changed, loaded, refused

from eligibility.method.evaluate import FAIL, PASS, UNKNOWN, Judge
from eligibility.method.measures import Measures
from eligibility.pages import reasons
from eligibility.policy import model as policy

AS_OF = date(2016, 7, 1)
NAMES = ("BEN", "PRK", "PSE", "TUN")


@pytest.fixture
def load(tmp_path):
    """The policy of a changed SMALL."""
    return lambda *changes: loaded(tmp_path, changed(*changes))


def judged(node, absent=frozenset(), **values) -> list[int]:
    """The verdict of each of NAMES."""
    now = {key.replace("__", "."): np.array([row], dtype=float) for key, row in values.items()}
    measures = Measures(NAMES, now, {}, absent)
    return Judge(measures, np.array([""] * len(NAMES), dtype=object), AS_OF).node(node)[0].tolist()


POOL = "pool: {wb.income_class: {in: [L, LM, UM]}}"
WITHOUT = """pool:
  all:
    - {wb.income_class: {in: [L, LM, UM]}}
    - {none: [{countries: {PSE: not an independent State}}]}"""
POOR = "  poor: {wb.gni_per_capita: {at_most: 1985, basis: published}}"
BY_HAND = """  poor:
    any:
      - {countries: {PRK: no income per head is published}}
      - {wb.gni_per_capita: {at_most: 1985, basis: published}}"""


def test_a_named_country_leaves_the_pool_whatever_its_figures_say(load):
    made = load((POOL, WITHOUT))
    assert judged(made.pool, wb__income_class=[0, 0, 1, 1]) == [PASS, PASS, FAIL, PASS]


def test_a_named_country_joins_a_group_without_the_figure_the_group_asks_for(load):
    made = load((POOR, BY_HAND))
    verdicts = judged(made.peers[0].rule, wb__gni_per_capita=[800, np.nan, np.nan, 4000])
    assert verdicts == [PASS, PASS, UNKNOWN, FAIL]


def test_the_rule_in_words_gives_every_name_and_why(load):
    clause = reasons.words(load((POOL, WITHOUT)).pool.of[1], KNOWN)
    assert clause.below[0].below[0].text == "Palestine: not an independent State"


@pytest.mark.parametrize(
    "old, new, told",
    [
        (POOL, "pool: {countries: {TUX: x}}", "pool.countries.TUX: unknown country"),
        (POOL, "pool: {countries: {tun: x}}", "must be a three-letter country code"),
        (POOL, "pool: {countries: {TUN: }}", "has no value"),
        (
            "      - vdem.polyarchy: {at_least: 0.5, basis: midpoint}",
            "      - countries: {TUN: our friend}",
            "gates.democracy.all[0].countries: is for pool and peers only",
        ),
        (
            "shortlist:",
            "flags: {b: {title: T, cites: {where: x}, countries: {TUX: y}}}\nshortlist:",
            "flags.b.countries.TUX: unknown country",
        ),
        (
            "shortlist:",
            "flags: {b: {title: T, cites: {where: x}, by_date: {2020-01-01: {until: 2019-01-01, countries: {TUN: y}}}}}\nshortlist:",
            "flags.b.by_date.2020-01-01.until: must not lie before 2020-01-01",
        ),
        (
            "shortlist:",
            "flags: {b: {title: T, cites: {where: x}, by_date: {2020-01-01: {of: 1, countries: {TUN: y, GHA: y}}}}}\nshortlist:",
            "flags.b.by_date.2020-01-01.of: is less than the 2 listed (got 1)",
        ),
    ],
)
def test_what_is_refused(tmp_path, old, new, told):
    assert told in "\n".join(refused(tmp_path, changed((old, new))))


def test_a_flag_is_read_and_touches_no_rule(load):
    lists = (
        "{2016-01-01: {of: 2, countries: {TUN: why}}, 2017-01-01: {until: 2017-12-31, countries: {GHA: why}}}"
    )
    flag = f"flags: {{barred: {{title: Barred, cites: {{where: a law}}, by_date: {lists}}}}}"
    made = load(("shortlist:", flag + "\nshortlist:"))
    assert made.flags[0] == policy.Flag(
        "barred", "Barred", policy.Cites("a law"),
        by_date=(
            policy.Marked((("TUN", "why"),), policy.InForce(date(2016, 1, 1), date(2016, 12, 31)), 2),
            policy.Marked((("GHA", "why"),), policy.InForce(date(2017, 1, 1), date(2017, 12, 31))),
        ),
    )  # fmt: skip
    days = (date(2015, 12, 31), date(2016, 12, 31), date(2017, 1, 1), date(2018, 1, 1))
    assert [bool(made.flags[0].marked(day)) for day in days] == [False, True, True, False]
    plain = load()
    assert (made.pool, made.peers, made.gates, made.tracks) == (
        plain.pool,
        plain.peers,
        plain.gates,
        plain.tracks,
    )


A, B = policy.Quantity("x.a"), policy.Quantity("x.b")


@pytest.mark.parametrize("missing", ["fail", "drop", "unknown"])
def test_a_series_nobody_holds_is_unknown_whatever_missing_says(missing):
    test = policy.Test("t", A, "above", 1.0, missing=missing)
    nobody = [np.nan] * 4
    assert judged(test, frozenset({"x.a"}), x__a=nobody) == [UNKNOWN] * 4
    own = {"fail": FAIL, "drop": -1, "unknown": UNKNOWN}[missing]
    assert judged(test, frozenset(), x__a=[2, np.nan, 0, np.nan]) == [PASS, own, FAIL, own]


def metric(id: str, quantity: policy.Quantity) -> policy.Metric:
    """Four points for a value above 0."""
    steps = ((0.0, 4.0), (-np.inf, 0.0))
    return policy.Metric(id, "bands", id, quantity, steps, worth=4.0)


def points(*metrics: policy.Metric, share=0.75, least=1) -> policy.Points:
    return policy.Points("p", metrics, share, least)


def test_points_over_a_series_nobody_holds_are_judged_only_where_it_cannot_matter():
    three = (metric("a", A), metric("b", B), metric("c", policy.Quantity("x.c")))
    values = {"x__a": [1, 1, 0, 0], "x__b": [1, 0, 0, 1], "x__c": [np.nan] * 4}
    # with c unheld: 8 of 12 or 12 of 12; 4 or 8; 0 or 4; 4 or 8
    absent = frozenset({"x.c"})
    assert judged(points(*three), absent, **values) == [UNKNOWN, FAIL, FAIL, FAIL]
    assert judged(points(*three, share=0.6), absent, **values) == [PASS, UNKNOWN, FAIL, UNKNOWN]
    assert judged(points(*three, share=0.6, least=3), absent, **values) == [UNKNOWN] * 4
    # held, and missing for a country: the denominator shrinks
    assert judged(points(*three), **values) == [PASS, FAIL, FAIL, FAIL]


def test_a_maximum_with_one_part_nobody_holds_keeps_what_the_other_part_gives():
    either = policy.Metric("m", "max_of", "m", of=(metric("a", A), metric("b", B)), worth=4.0)
    verdicts = judged(points(either), frozenset({"x.b"}), x__a=[1, 0, 1, 0], x__b=[np.nan] * 4)
    assert verdicts == [PASS, UNKNOWN, PASS, UNKNOWN]
