"""The criteria language: what a file means, and what is said of a file that means nothing."""

from __future__ import annotations

import math
import subprocess
import sys
from dataclasses import replace
from datetime import date
from functools import partial

import criteria_samples
import jsonschema
import pytest
from criteria_samples import KNOWN, SMALL, Sheet
from little_work import little_work

from eligibility.data import panel
from eligibility.errors import UsageError
from eligibility.files import strict_yaml
from eligibility.language import criteria, meaning
from eligibility.policy import walk
from eligibility.policy.model import (
    Cites,
    Dated,
    Extreme,
    Group,
    Imputation,
    Quantity,
    Reference,
    Scale,
    Score,
)
from eligibility.policy.requirements import asks


@pytest.fixture
def load(tmp_path):
    return partial(criteria_samples.loaded, tmp_path)


@pytest.fixture
def refused(tmp_path):
    return partial(criteria_samples.refused, tmp_path)


def rule(text, path="all"):
    """The small policy with another rule as its gate."""
    return SMALL.replace("      - vdem.polyarchy: {at_least: 0.5, basis: midpoint}\n", f"      - {text}\n")


# What a file means


def test_a_case_may_be_dated_by_a_fiscal_year_as_a_run_may(load):
    (case,) = load(SMALL.replace("as_of: 2016-07-01", "as_of: FY2024")).cases
    assert case.as_of == date(2023, 11, 7)


def test_the_small_policy_is_read_whole(load):
    policy = load(SMALL)
    assert (policy.id, policy.version, policy.shortlist, policy.max_age) == ("small", "1.0", 3, 3)
    assert policy.pool.quantity == Quantity("wb.income_class")
    assert (policy.pool.quantity.measure, policy.pool.quantity.years) == ("level", 0)
    assert (policy.pool.threshold, policy.pool.labels) == ((0.0, 1.0, 2.0), ("L", "LM", "UM"))
    assert [(group.id, group.title, group.rule is None) for group in policy.peers] == [
        ("poor", "Poor", False),
        ("other", "Other", True),
    ]
    (gate,) = policy.gates
    assert gate.cites == Cites("Part 1", "some words")
    test = gate.rule.of[0]
    assert (test.path, test.operator, test.threshold, test.basis, test.line) == (
        "gates.democracy.all[0]",
        "at_least",
        0.5,
        "midpoint",
        13,
    )
    (track,) = policy.tracks
    assert track.peer_group == "poor"
    assert [member.quantity for member in track.rule.of] == [
        Quantity("undp.hdi", "change_over", 10),
        Quantity("vdem.political_corruption", "change_from_peak", 10),
    ]
    assert policy.score.power == 0
    (pillar,) = policy.score.pillars
    assert [part.scale for part in pillar.components] == [
        Scale(goalposts=(0.0, 1.0)),
        Scale(goalposts=(100.0, 75000.0), log=True),
    ]
    assert [part.better for part in pillar.components] == ["high", "low"]
    (case,) = policy.cases
    assert case.as_of == date(2016, 7, 1)
    assert case.expect == (
        ("status", ("eligible",)),
        ("track", ("progress",)),
        ("gate:democracy", ("pass", "conditional")),
    )


def test_the_text_and_its_sum_are_kept(load, tmp_path):
    policy = load(SMALL)
    assert policy.text == SMALL
    assert len(policy.sha256) == 64
    assert replace(load(SMALL + "# more\n"), text="", sha256="") == replace(policy, text="", sha256="")


@pytest.mark.parametrize(
    "written, meant",
    [
        ("0.5", 0.5),
        ("1", 1.0),
        ("{peers: median}", Reference("peers", 0.5)),
        ("{peers: percentile 40}", Reference("peers", 0.4)),
        ("{pool: quantile 0.6}", Reference("pool", 0.6)),
        ("{min_of: [{peers: median}, 0.9]}", Extreme("min_of", (Reference("peers", 0.5), 0.9))),
        ("{max_of: [0.1, {pool: median}]}", Extreme("max_of", (0.1, Reference("pool", 0.5)))),
        (
            "{by_date: {2015-07-01: 0.4, 2016-07-01: 0.5}}",
            Dated(((date(2015, 7, 1), 0.4), (date(2016, 7, 1), 0.5))),
        ),
    ],
)
def test_a_threshold_is_a_number_or_stands_for_one(load, written, meant):
    policy = load(rule(f"vdem.polyarchy: {{at_least: {written}, basis: b}}"))
    assert policy.gates[0].rule.of[0].threshold == meant


@pytest.mark.parametrize(
    "until, since",
    [
        ("2016-06-30", ((date(2015, 7, 1), 0.4), (date(2016, 7, 1), 0.5))),  # the next begins the day after
        ("2016-06-29", ((date(2015, 7, 1), 0.4), (date(2016, 6, 30), None), (date(2016, 7, 1), 0.5))),
    ],
)
def test_between_an_entry_that_has_ended_and_the_next_there_is_no_threshold(load, until, since):
    table = f"{{by_date: {{2015-07-01: {{value: 0.4, until: {until}}}, 2016-07-01: 0.5}}}}"
    threshold = load(rule(f"vdem.polyarchy: {{at_least: {table}, basis: b}}")).gates[0].rule.of[0].threshold
    assert threshold.since == since and threshold.ending == (date(2015, 7, 1),)
    last = "{by_date: {2015-07-01: {value: 0.4, until: 2016-06-30}}}"
    threshold = load(rule(f"vdem.polyarchy: {{at_least: {last}, basis: b}}")).gates[0].rule.of[0].threshold
    assert threshold.since == ((date(2015, 7, 1), 0.4), (date(2016, 7, 1), None))
    ever = load(rule(f"vdem.polyarchy: {{at_least: {last.replace('2016-06-30', '9999-12-31')}, basis: b}}"))
    assert ever.gates[0].rule.of[0].threshold.since == ((date(2015, 7, 1), 0.4),)


def test_a_quantile_can_be_of_the_level_while_the_test_looks_at_a_peak(load, refused):
    written = "vdem.polyarchy: {at_least: {pool: quantile 0.6, of: level}, peak_over: 10, basis: b}"
    test = load(rule(written)).gates[0].rule.of[0]
    assert test.quantity == Quantity("vdem.polyarchy", "peak_over", 10)
    assert test.threshold == Reference("pool", 0.6, Quantity("vdem.polyarchy"))
    assert any("says nothing" in problem for problem in refused(rule(written.replace("peak_over: 10, ", ""))))


@pytest.mark.parametrize(
    "written, power",
    [("arithmetic", 1), ("geometric", 0), ("harmonic", -1), ("minimum", -math.inf), ("{power: 0.5}", 0.5)],
)
def test_an_aggregation_is_a_power(load, written, power):
    assert load(SMALL.replace("aggregation: geometric", f"aggregation: {written}")).score.power == power


@pytest.mark.parametrize(
    "written, meant",
    [
        ("{percentile: peers}", Scale(percentile="peers")),
        ("{z: pool}", Scale(z="pool")),
        ("{minmax: pool}", Scale(minmax="pool")),
        ("{piecewise: [[0, 0], [0.5, 0.8], [1, 1]]}", Scale(piecewise=((0, 0), (0.5, 0.8), (1, 1)))),
    ],
)
def test_a_scale_is_one_of_five(load, written, meant):
    policy = load(SMALL.replace("scale: {goalposts: [0, 1]}", f"scale: {written}"))
    assert policy.score.pillars[0].components[0].scale == meant


def test_a_score_made_in_python_leaves_out_the_same_as_one_of_a_file(load):
    """Two thirds of a pillar's weight must be observed, and a value of 0 stays 0."""
    small = SMALL.replace("aggregation: geometric\n  floor: 0.01\n", "aggregation: arithmetic\n")
    assert load(small).score.coverage == Score(1.0, ()).coverage == 2 / 3
    assert load(small).score.floor == Score(1.0, ()).floor == 0.0


def test_missing_is_inherited_from_the_nearest_word(load):
    text = SMALL.replace("pool:", "missing: fail\npool:", 1).replace(
        "      - vdem.polyarchy: {at_least: 0.5, basis: midpoint}\n",
        "      - {missing: drop, any: [{vdem.polyarchy: {at_least: 0.5, basis: b}},\n"
        "          {vdem.regime: {at_least: 2, basis: b, missing: unknown}}]}\n"
        "      - vdem.regime: {at_least: 1, basis: b}\n",
    )
    gate = load(text).gates[0]
    assert [test.missing for test in walk.tests(gate.rule)] == ["drop", "unknown", "fail"]


def test_what_is_said_beside_a_group_is_of_the_group(load):
    said = "{title: Either, cites: {where: x}, grants: conditional, in_force: {from: 2016-01-01}, any: [%s]}"
    gate = load(rule(said % "{vdem.polyarchy: {at_least: 0.5, basis: b}}")).gates[0]
    group, plain = (
        gate.rule.of[0],
        load(rule("any: [{vdem.regime: {at_least: 2, basis: b}}]")).gates[0].rule.of[0],
    )
    assert (group.title, group.cites.where, group.grants) == ("Either", "x", "conditional")
    assert group.in_force.since == date(2016, 1, 1) and not group.in_force.until
    assert (plain.title, plain.cites, plain.grants, plain.in_force.always) == ("", None, "pass", True)


def test_equal_weights_share_the_basis_above_them(load):
    text = SMALL.replace("      weight: 1\n      aggregation", "      aggregation")
    text = text.replace("  basis: equal\n", "  basis: equal\n  weights: equal\n")
    text = text.replace(
        "      indicators:\n", "      weights: equal\n      basis: alike\n      indicators:\n"
    )
    text = text.replace("{weight: 1, ", "{")
    pillar = load(text).score.pillars[0]
    assert pillar.weight == 1
    assert [(part.weight, part.basis) for part in pillar.components] == [(1, "alike"), (1, "alike")]


def test_the_rules_of_mcc_can_be_written(load):
    names = [f"mcc.indicator_{number}" for number in range(1, 21)]
    known = KNOWN | {name: Sheet(name, "high", 0, 100) for name in names}
    listed = "\n".join(f"          - {name}: {{above: {{peers: median}}, basis: MCC}}" for name in names)
    text = f"""\
id: mcc
title: Scorecard
version: "1"
missing: fail
pool: {{wb.income_class: {{in: [L, LM]}}}}
peers:
  low: {{wb.gni_per_capita: {{at_most: {{by_date: {{2014-07-01: 1985, 2016-07-01: 1945}}}}, basis: IDA}}}}
  lower-middle: otherwise
gates:
  half:
    title: Ten of twenty
    cites: {{where: Report}}
    basis: statute
    at_least:
      n: 10
      of:
{listed}
  hurdles:
    title: Hurdles
    cites: {{where: Report}}
    all:
      - mcc.indicator_1: {{above: {{peers: median}}, basis: corruption}}
      - any:
          - mcc.indicator_2: {{above: 17, basis: political rights}}
          - mcc.indicator_3: {{above: 25, basis: civil liberties}}
      - mcc.indicator_4: {{above: {{min_of: [{{peers: median}}, 90]}}, basis: immunisation}}
ages: {{max_age: 6, basis: look-back}}
"""
    policy = load(text, known=known)
    assert policy.gates[0].rule.n == 10
    assert len(list(walk.tests(policy.gates[0].rule))) == 20
    assert {test.missing for test in walk.tests(policy.gates[1].rule)} == {"fail"}
    assert policy.score is None
    assert policy.shortlist == 0


OGP = """\
id: ogp
title: Core eligibility
version: "1"
pool: {wb.population: {above: 0, basis: everyone}}
gates:
  core:
    title: Three quarters of the points
    cites: {where: Eligibility criteria}
    points:
      share_at_least: 0.75
      metrics_at_least: 3
      basis: published rule
      metrics:
        fiscal:
          sum:
            - {flag: {ogp.budget: {at_least: 1}}, points: 2}
            - {flag: {ogp.audit: {at_least: 1}}, points: 2}
        information:
          max_of:
            - {flag: {ogp.law: {at_least: 1}}, points: 4}
            - {flag: {ogp.constitution: {at_least: 1}}, points: 3}
        assets:
          map: {ogp.assets: {none: 0, closed: 2, public: 4}}
        citizens:
          bands:
            ogp.liberties: [{above: 7.5, points: 4}, {above: 5, points: 3}, {above: 2.5, points: 2}, {otherwise: 0}]
ages: {max_age: 3, basis: yearly}
"""
OGP_KNOWN = KNOWN | {
    "ogp.budget": Sheet("", "high", 0, 1, {0: "no", 1: "yes"}),
    "ogp.audit": Sheet("", "high", 0, 1, {0: "no", 1: "yes"}),
    "ogp.law": Sheet("", "high", 0, 1, {0: "no", 1: "yes"}),
    "ogp.constitution": Sheet("", "high", 0, 1, {0: "no", 1: "yes"}),
    "ogp.assets": Sheet("", "high", None, None, {0: "none", 1: "closed", 2: "public"}),
    "ogp.liberties": Sheet("", "high", 0, 10),
}


def test_the_points_of_ogp_can_be_written(load):
    points = load(OGP, known=OGP_KNOWN).gates[0].rule
    assert (points.share_at_least, points.metrics_at_least, points.path) == (0.75, 3, "gates.core")
    assert [(metric.kind, metric.worth) for metric in points.metrics] == [
        ("sum", 4),
        ("max_of", 4),
        ("map", 4),
        ("bands", 4),
    ]
    assert points.metrics[2].steps == ((0, 0), (1, 2), (2, 4))
    assert points.metrics[3].steps == ((7.5, 4), (5, 3), (2.5, 2), (-math.inf, 0))
    assert points.metrics[0].of[0].test.quantity == Quantity("ogp.budget")
    assert points.metrics[0].of[0].path == "gates.core.points.metrics.fiscal.sum[0]"


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("metrics_at_least: 3", "metrics_at_least: 5", "is more than the 4 listed (got 5)"),
        ("share_at_least: 0.75", "share_at_least: 75", "must be at most 1 (got 75)"),
        ("public: 4", "publc: 4", "is not a class of ogp.assets (got publc); did you mean 'public'?"),
        (", public: 4", "", "has no points for the class 'public' of ogp.assets"),
        ("{otherwise: 0}", "{above: 1, points: 0}", "must go down from the highest edge"),
        ("above: 7.5", "above: 4", "must go down from the highest edge"),
        ("above: 7.5", "above: 75", "is outside the range of ogp.liberties, 0 to 10 (got 75)"),
        ("above: 7.5, points: 4", "above: 7.5", "`otherwise: P`"),
        (", points: 3}\n        assets", "}\n        assets", "`points` goes with `flag`"),
        ("ogp.audit", "ogp.audits", "unknown indicator (got ogp.audits); did you mean 'ogp.audit'?"),
        (
            "{at_least: 1}}, points: 2}",
            "{at_least: 1, in_force: {from: 2020-01-01}}}, points: 2}",
            "in_force: cannot stand in points",
        ),
        (
            "{none: 0, closed: 2, public: 4}",
            "{none: 0, closed: 0, public: 0}",
            "metrics.assets: can never give a point",
        ),
        ("          map: {", "          sums: {", "unknown key (got sums); did you mean 'sum'?"),
    ],
)
def test_a_slip_in_points_is_refused(refused, old, new, said):
    assert old in OGP
    assert any(said in problem for problem in refused(OGP.replace(old, new, 1), known=OGP_KNOWN))


# What is refused. (what stands in SMALL, what is put there, how a problem starts, what it says)
SLIPS = [
    ("title: A small policy", "titel: A small policy", "c.yaml:2:1", "titel"),
    ("title: A small policy", "vdem.regime: 1\ntitle: A small policy", "c.yaml:2:1: file", "unknown key (got vdem.regime)"),
    ("title: A small policy", "titel: A small policy", "c.yaml:1:1: file", "needs the key `title`"),
    ("title: A small policy", "title: 7", "c.yaml:2:8: title", "must be text (got 7); put it in quotes"),
    ("title: A small policy", "title:", "c.yaml:2:", "has no value"),
    ("id: small", "id: Small set", "c.yaml:1:5: id", "must be lower-case letters and digits joined by hyphens"),
    ('version: "1.0"', "version: 1.0", "c.yaml:3:10: version", "must be text (got 1.0); put it in quotes"),
    ("in: [L, LM, UM]", "in: [L, LN]", "c.yaml:4:34: pool.in[1]", "is not a class of wb.income_class (got LN)"),
    ("in: [L, LM, UM]", "in: [L, L]", "c.yaml:4:34: pool.in[1]", "is listed twice (got L)"),
    ("in: [L, LM, UM]", "in: []", "c.yaml:4:30: pool.in", "must not be empty"),
    ("in: [L, LM, UM]", "in: L", "c.yaml:4:30: pool.in", "must be a list (got L)"),
    ("in: [L, LM, UM]", "on: [L]", "c.yaml:4:26: pool.on", "unknown key (got on)"),
    ("wb.income_class: {in: [L, LM, UM]}", "wb.gni_per_capita: {in: [L]}", "c.yaml:4:32: pool.in", "have classes"),
    ("{wb.income_class: {in: [L, LM, UM]}}", "everyone", "c.yaml:4:7: pool", "must be a mapping of keys"),
    ("{wb.income_class: {in: [L, LM, UM]}}", "{wb.gni_per_capita: {at_most: {pool: median}, basis: b}}",
     "c.yaml:4:44: pool.at_most.pool", "cannot be used to say who the pool are"),
    ("at_most: 1985", "at_most: {peers: median}", "c.yaml:6:47: peers.poor.at_most.peers", "who the peers are"),
    ("other: otherwise", "other: othrwise", "c.yaml:7:10: peers.other", "must be otherwise"),
    ("  other: otherwise\n", "", "c.yaml:6:3: peers", "must end with one group that is `otherwise`"),
    ("  other: otherwise", "  other: otherwise\n  third: otherwise", "c.yaml:6:3: peers", "must end with one group"),
    ("at_least: 0.5, basis: midpoint", "at_least: 0.5", "c.yaml:13:36: gates.democracy.all[0].at_least",
     "has no basis (got 0.5); add basis: why this number"),
    ("at_least: 0.5, b", "at_least: 5, b", "c.yaml:13:36: gates.democracy.all[0].at_least",
     "is outside the range of vdem.polyarchy, 0 to 1 (got 5)"),
    ("at_least: 0.5, b", "at_leest: 0.5, b", "c.yaml:13:26: gates.democracy.all[0].at_leest",
     "unknown key (got at_leest); did you mean 'at_least'?"),
    ("at_least: 0.5, b", "at_least: 0.5, at_most: 0.7, b", "c.yaml:13:25: gates.democracy.all[0]",
     f"needs exactly one operator of: {', '.join(asks())} (got at_least, at_most)"),
    ("at_least: 0.5, b", "b", "c.yaml:13:25: gates.democracy.all[0]", "needs exactly one operator"),
    ("at_least: 0.5, b", "weights: equal, at_least: 0.5, b", "c.yaml:13:26: gates.democracy.all[0].weights",
     "unknown key (got weights); it is a key, but not in this place"),
    ("at_least: 0.5, b", "at_least: 1234567890123456, b", "c.yaml:13:36",
     "must be a number (got 1234567890123456); write at most 15 digits"),
    ("at_least: 0.5, b", "at_least: 1_0, b", "c.yaml:13:36", "must be a number (got 1_0); write a plain decimal"),
    ("at_least: 0.5, b", "at_least: 0.5.1, b", "c.yaml:13:36", "must be a number (got 0.5.1)"),
    ("at_least: 0.5, b", "at_least: .nan, b", "c.yaml:13:36", "must be a number (got .nan)"),
    ("at_least: 0.5, b", "at_least: '0.5', b", "c.yaml:13:36", "must be a number (got 0.5)"),
    ("at_least: 0.5, b", "at_least: yes, b", "c.yaml:13:36", "must be a number (got yes)"),
    ("at_least: 0.5, b", "at_least: true, b", "c.yaml:13:36", "must be a number (got true)"),
    ("at_least: 0.5, b", "at_least: , b", "c.yaml:13:", "has no value"),
    ("at_least: 0.5, b", "at_least: median, b", "c.yaml:13:36", "write {peers: median} or {pool: median}"),
    ("at_least: 0.5, b", "at_least: {peers: mean}, b", "c.yaml:13:44", "must be `median`, `percentile P`"),
    ("at_least: 0.5, b", "at_least: {peers: percentile 140}, b", "c.yaml:13:44", "a percentile goes from 0 to 100"),
    ("at_least: 0.5, b", "at_least: {peers: percentile 0.4}, b", "c.yaml:13:44", "quantile 0.4?"),
    ("at_least: 0.5, b", "at_least: {pool: quantile 1.4}, b", "c.yaml:13:43", "a quantile goes from 0 to 1"),
    ("at_least: 0.5, b", "at_least: {pool: median, peers: median}, b", "c.yaml:13:36", "one kind of threshold"),
    ("at_least: 0.5, b", "at_least: {}, b", "c.yaml:13:36", "one kind of threshold"),
    ("at_least: 0.5, b", "at_least: {min_of: [0.5]}, b", "c.yaml:13:45", "needs 2 entries"),
    ("at_least: 0.5, b", "at_least: {min_of: [0.5, 7]}, b", "c.yaml:13:51", "is outside the range"),
    ("at_least: 0.5, b", "at_least: {min_of: [0.5, 0.6], of: level}, b", "c.yaml:13:36", "goes with peers or pool"),
    ("at_least: 0.5, b", "at_least: {by_date: {}}, b", "c.yaml:13:46", "must not be empty"),
    ("at_least: 0.5, b", "at_least: {by_date: {2015: 0.5}}, b", "c.yaml:13:47", "must be a date such as 2016-07-01"),
    ("at_least: 0.5, b", "at_least: {by_date: {2015-02-30: 0.5}}, b", "c.yaml:13:47", "must be a day that exists"),
    ("at_least: 0.5, b", "at_least: {by_date: {2015-07-01: 7}}, b", "c.yaml:13:59", "is outside the range"),
    ("at_least: 0.5, b", "at_least: {by_date: {2016-01-01: 0.5, 2015-01-01: 0.4}}, b", "c.yaml:13:46",
     "must list its dates in ascending order"),
    ("at_least: 0.5, b", "change_over: 5, peak_over: 5, at_least: 0.5, b", "c.yaml:13:25",
     "needs at most one measure"),
    ("  progress:", "  democracy:", "c.yaml:15:3", "is the id of a gate too (got democracy)"),
    ("at_least: 0.5, b", "change_over: 0, at_least: 0.5, b", "c.yaml:13:39", "must be at least 1 (got 0)"),
    ("at_least: 0.5, b", "change_over: 2.5, at_least: 0.5, b", "c.yaml:13:39", "must be a whole number (got 2.5)"),
    ("at_least: 0.5, b", "grants: pass, at_least: 0.5, b", "c.yaml:13:34", "must be conditional (got pass)"),
    ("at_least: 0.5, b", "missing: ignore, at_least: 0.5, b", "c.yaml:13:35", "must be fail or drop or unknown"),
    ("vdem.polyarchy: {at_least: 0.5", "vdem.polyarky: {at_least: 0.5", "c.yaml:13:9: gates.democracy.all[0]",
     "unknown indicator (got vdem.polyarky); did you mean 'vdem.polyarchy'?"),
    ("vdem.polyarchy: {at_least: 0.5", "vdem.v2x_regime: {at_least: 1", "c.yaml:13:9",
     "did you mean 'vdem.regime'?"),
    ("vdem.polyarchy: {at_least: 0.5", "vdem.regime: {at_least: 1.5", "c.yaml:13:33", "is between two classes"),
    ("    all:\n", "    al:\n", "c.yaml:12:5: gates.democracy.al", "unknown key (got al); did you mean 'all'?"),
    ("    all:\n", "    vdem.regime: {at_least: 2, basis: b}\n    all:\n", "c.yaml:10:5: gates.democracy",
     "needs exactly one of: an indicator, all, any, none, at_least, points, countries (got all, vdem.regime)"),
    ("    cites: {where: Part 1, quote: some words}\n", "", "c.yaml:10:5: gates.democracy", "needs the key `cites`"),
    ("{where: Part 1, quote: some words}", "{quote: some words}", "c.yaml:11:12", "needs the key `where`"),
    ("    cites: {where: Part 2}\n", "", "c.yaml:16:5: tracks.progress", "needs the key `cites`"),
    ("  democracy:\n    title: Democracy\n    cites", "  Demo:\n    title: Democracy\n    cites", "c.yaml:9:3: gates.Demo",
     "must be lower-case letters and digits joined by hyphens"),
    ("peer_group: poor", "peer_group: por", "c.yaml:18:17: tracks.progress.peer_group",
     "unknown peer group (got por); did you mean 'poor'?"),
    ("at_most: -0.1", "at_most: 0.1", "c.yaml:21:68", "a fall is written as a negative number"),
    ("at_least: {pool: median}, basis: typical", "at_least: 1.5, basis: b", "c.yaml:20:47", "-1 to 1"),
    ("aggregation: geometric", "aggregation: geometrical", "c.yaml:23:16: score.aggregation", "did you mean 'geometric'?"),
    ("aggregation: geometric", "aggregation: {power: .inf}", "c.yaml:23:24: score.aggregation.power", "must be a number"),
    ("  floor: 0.01\n", "", "c.yaml:23:3: score", "needs the key `floor`"),
    ("  floor: 0.01\n", "  floor: 1\n", "c.yaml:24:10: score.floor", "must be below 1 (got 1)"),
    ("  basis: equal\n", "", "c.yaml:23:3: score", "needs the key `basis`"),
    ("  basis: equal\n", "  basis: equal\n  coverage: 66\n", "c.yaml:26:13: score.coverage", "must be at most 1"),
    ("  basis: equal\n", "  basis: equal\n  weights: {democracy: 2}\n", "c.yaml:26:12: score.weights",
     "must be equal (got a mapping); or give each below it a `weight`, and leave this out"),
    ("      weight: 1\n", "", "c.yaml:28:7: score.pillars.democracy", "needs the key `weight`"),
    ("      weight: 1\n", "      weight: 0\n", "c.yaml:27:5: score.pillars", "add up to more than zero"),
    ("      weight: 1\n", "      weight: -1\n", "c.yaml:29:15: score.pillars.democracy.weight", "must be at least 0"),
    ("      weight: 1\n", "      weight: 1\n      weights: equal\n      basis: b\n", "c.yaml:34:34",
     "cannot be given where weights are equal (got 1)"),
    ("      weight: 1\n", "      wieght: 1\n", "c.yaml:29:7: score.pillars.democracy.wieght",
     "unknown key (got wieght); did you mean 'weight'?"),
    ("{weight: 1, scale: {goalposts: [0, 1]}}", "{weight: -2, scale: {goalposts: [0, 1]}}",
     "c.yaml:32:34: score.pillars.democracy.indicators.vdem.polyarchy.weight", "must be at least 0 (got -2)"),
    ("scale: {goalposts: [0, 1]}", "weights: equal, scale: {goalposts: [0, 1]}", "c.yaml:32:37", "unknown key"),
    ("scale: {goalposts: [0, 1]}", "better: low, scale: {goalposts: [0, 1]}", "c.yaml:32:45",
     "contradicts the source, for which high is better (got low)"),
    ("better: low, ", "", "c.yaml:33:28", "needs the key `better`"),
    ("goalposts: [0, 1]", "goalposts: [1, 1]", "c.yaml:32:56", "must differ (got 1"),
    ("goalposts: [0, 1]", "goalposts: [1, 0]", "c.yaml:32:56", "must go from low to high"),
    ("goalposts: [0, 1]", "goalposts: [0, 10]", "c.yaml:32:60", "is outside the range"),
    ("goalposts: [0, 1]", "goalposts: [0]", "c.yaml:32:56", "needs 2 entries"),
    ("goalposts: [0, 1]", "goalposts: [0, 0.5, 1]", "c.yaml:32:56", "must have at most 2 entries"),
    ("goalposts: [0, 1]", "piecewise: [[0, 0], [0, 1]]", "c.yaml:32:56", "must have x ascending"),
    ("goalposts: [0, 1]", "piecewise: [[0, 0], [1, 2]]", "c.yaml:32:69", "must be from 0 to 1"),
    ("goalposts: [0, 1]", "percentile: region", "c.yaml:32:57", "must be peers or pool"),
    ("goalposts: [0, 1]", "z: pool, log: true", "c.yaml:32:44", "`log` goes with goalposts only"),
    ("[100, 75000]", "[0, 75000]", "c.yaml:33:72", "must be above zero for a log scale"),
    ("log: true", "log: yes", "c.yaml:33:91", "write true or false; yes, no, on and off are text here"),
    ("indicators: [unodc.homicide_rate]", "indicators: []", "c.yaml:35:35: axes.need.indicators", "must not be empty"),
    ("indicators: [unodc.homicide_rate]", "indicators: [unodc.homicide]", "c.yaml:35:36", "unknown indicator"),
    ("indicators: [unodc.homicide_rate]", "confirmed: {at_least: 1, basis: b}, indicators: [unodc.homicide_rate]",
     "c.yaml:35", "is a number and no status that could be found"),
    ("indicators: [unodc.homicide_rate]", "confirmed: {at_least: 3, basis: b}, indicators: [un.uncac_party, un.ati_law]",
     "c.yaml:35:45: axes.need.confirmed.at_least", "must be at most 2, as many as there are indicators (got 3)"),
    ("indicators: [unodc.homicide_rate]", "confirmed: {at_least: 1}, indicators: [un.uncac_party]", "c.yaml:35", "needs the key `basis`"),
    ("indicators: [unodc.homicide_rate]", "indicators: [undp.hdi, undp.hdi]", "c.yaml:35:46", "is listed twice"),
    ("{size: 3, basis: three}", "{size: 0, basis: three}", "c.yaml:36:19: shortlist.size", "must be at least 1 (got 0)"),
    ("{size: 3, basis: three}", "{size: 3, of: [eligible, eligible], basis: three}", "c.yaml:36:26: shortlist.of",
     "must be eligible and conditional"),
    ("{size: 3, basis: three}", "{size: 3}", "c.yaml:36:12: shortlist", "needs the key `basis`"),
    ("shortlist: {size: 3, basis: three}\n", "", "c.yaml:1:1: file", "needs the key `shortlist`"),
    ("ages: {max_age: 3", "ages: {max_age: -1", "c.yaml:37:17: ages.max_age", "must be at least 0"),
    ("cases:", "uncertainty: {draws: 1000001, basis: b}\ncases:", "c.yaml:38:22: uncertainty.draws",
     "must be at most 1,000,000 (got 1000001)"),
    ("cases:", "uncertainty: {correlation: 1.5, basis: b}\ncases:", "c.yaml:38:28", "must be at most 1"),
    ("cases:", "uncertainty: {assumed_sd: {undp.hdi: 0}, basis: b}\ncases:", "c.yaml:38:38", "must be above 0"),
    ("cases:", "uncertainty: {assumed_sd: {undp.hdi: 2}, basis: b}\ncases:", "c.yaml:38:38", "is wider than the range"),
    ("cases:", "uncertainty: {imputation: {datasets: 5, basis: b}, basis: b}\ncases:", "c.yaml:38:38",
     "must be at least 20 (got 5)"),
    ("cases:", "uncertainty: {imputation: {datasets: 20}, basis: b}\ncases:", "c.yaml:38:27", "needs the key `basis`"),
    ("cases:", "uncertainty: {imputation: {helpers: [wgi.rule_of_lawn], basis: b}, basis: b}\ncases:", "c.yaml:38:38",
     "unknown indicator"),
    ("cases:", "uncertainty: {imputation: {helpers: [undp.hdi, undp.hdi], basis: b}, basis: b}\ncases:", "c.yaml:38:48",
     "is listed twice"),
    ("cases:", "uncertainty: {imputation: {helpers: [], basis: b}, basis: b}\ncases:", "c.yaml:38:37", "must not be empty"),
    ("cases:", "uncertainty: {imputation: {shift: 4, basis: b}, basis: b}\ncases:", "c.yaml:38:35", "must be at most 3"),
    ("cases:", "uncertainty: {imputation: true, basis: b}\ncases:", "c.yaml:38:27", "must be"),
    ("cases:\n", "cases:\n  - {name: Tunisia is eligible, country: TUN, as_of: 2016-07-01, expect: {status: eligible}}\n",
     "c.yaml:40:11: cases[1].name", "is the name of another case too"),
    ("score:\n  aggregation: geometric\n  floor: 0.01\n", "uncertainty: {choices: {aggregation: [arithmetic, harmonic],"
     " basis: b}, basis: b}\nscore:\n  aggregation: arithmetic\n", "c.yaml:22:38: uncertainty.choices.aggregation",
     "needs the key `floor` in the score"),
    ("country: TUN", "country: Tunisia", "c.yaml:40:14: cases[0].country", "must be a three-letter country code"),
    ("as_of: 2016-07-01", "as_of: 1 July 2016", "c.yaml:41:12: cases[0].as_of", "must be a date such as 2016-07-01"),
    ("as_of: 2016-07-01", "as_of: 2016", "c.yaml:41:12: cases[0].as_of", "must be text"),
    ("as_of: 2016-07-01", "as_of: 2016-02-30", "c.yaml:41:12: cases[0].as_of", "must be a day that exists"),
    ("as_of: 2016-07-01", "as_of: FY2016", "c.yaml:41:12: cases[0].as_of", "day is on file: FY2008, FY2013,"),
    ("as_of: 2016-07-01", "as_of: FY24", "c.yaml:41:12: cases[0].as_of", "or a fiscal year such as FY2024 (got FY24)"),
    ("status: eligible", "status: eligble", "c.yaml:42:22", "did you mean 'eligible'?"),
    ("track: progress", "track: progres", "c.yaml:42:39", "unknown track (got progres); did you mean 'progress'?"),
    ("gates: {democracy", "gates: {democrasy", "c.yaml:42:57", "unknown gate (got democrasy); did you mean 'democracy'?"),
    ("[pass, conditional]", "[passes]", "c.yaml:42:69", "did you mean 'pass'?"),
    ("{status: eligible, track: progress, gates: {democracy: [pass, conditional]}}", "{}", "c.yaml:42:13",
     "must expect something"),
]  # fmt: skip


@pytest.mark.parametrize("old, new, start, said", SLIPS)
def test_a_slip_is_refused_with_its_place_and_a_hint(refused, old, new, start, said):
    assert old in SMALL
    problems = refused(SMALL.replace(old, new, 1))
    assert any(problem.startswith(start) and said in problem for problem in problems), "\n".join(problems)


def test_all_problems_are_said_at_once_in_the_order_of_the_file(refused):
    text = SMALL.replace("at_least: 0.5, b", "at_leest: 0.5, b").replace("size: 3", "size: 0")
    text = text.replace("at_most: -0.1", "at_most: 0.1").replace("undp.hdi: {ch", "undp.hdo: {ch")
    text = text.replace("goalposts: [0, 1]", "goalposts: [0, 9]").replace("track: progress", "track: none")
    problems = refused(text)
    lines = [int(problem.split(":")[1]) for problem in problems]
    assert lines == sorted(lines)
    assert {13, 20, 21, 32, 36} <= set(lines)
    assert len(problems) == 6


def test_two_tests_made_of_one_must_not_share_its_path(load, monkeypatch):
    """Thresholds and verdicts are kept by path: an operator that stood for two would be told wrongly, and silently."""
    as_read = meaning.comparison

    def both_ways(notes, path, test, scope):
        made = as_read(notes, path, test, scope)
        return Group(path=made.path, join="all", of=(made, replace(made, operator="at_most")))

    monkeypatch.setattr(meaning, "comparison", both_ways)
    with pytest.raises(AssertionError, match=r"two nodes of a rule have the path"):
        load(SMALL)


def test_a_condition_inside_none_cannot_grant(refused):
    for text in (
        "none: [{vdem.regime: {at_least: 1, basis: b, grants: conditional}}]",
        "none: [{all: [{vdem.regime: {at_least: 1, basis: b}}], grants: conditional}]",
        "none: [{any: [{all: [{vdem.regime: {at_least: 1, basis: b}}], grants: conditional}]}]",
    ):
        assert any("inside `none`" in problem for problem in refused(rule(text)))


def test_who_is_considered_or_a_peer_is_no_matter_of_conditions(refused):
    for old, new, said in (
        (
            "{wb.income_class: {in: [L, LM, UM]}}",
            "{wb.income_class: {in: [L], grants: conditional}}",
            "cannot stand in pool",
        ),
        ("at_most: 1985", "grants: conditional, at_most: 1985", "cannot stand in peers"),
    ):
        assert old in SMALL and any(said in problem for problem in refused(SMALL.replace(old, new, 1)))
    group = "{any: [{any: [{wb.income_class: {in: [L]}}], grants: conditional}]}"
    assert any(
        "is for gates and tracks only" in p
        for p in refused(SMALL.replace("{wb.income_class: {in: [L, LM, UM]}}", group, 1))
    )


def test_at_least_n_needs_n_items_and_a_basis(refused):
    text = rule("at_least: {n: 3, of: [{vdem.regime: {at_least: 1, basis: b}}]}")
    problems = refused(text)
    assert any("is more than the 1 listed (got 3)" in problem for problem in problems)
    assert any("say beside at_least why this many" in problem for problem in problems)


def test_the_basis_of_a_group_covers_the_numbers_below_it_but_that_of_at_least_its_n_only(load, refused):
    policy = load(rule("{basis: midpoint, any: [{vdem.polyarchy: {at_least: 0.5}}]}"))
    assert next(walk.tests(policy.gates[0].rule)).basis == "midpoint"
    below = "{basis: two, at_least: {n: 1, of: [{vdem.polyarchy: {at_least: 0.5}}]}}"
    assert any("has no basis (got 0.5)" in problem for problem in refused(rule(below)))


def test_the_same_condition_twice_is_refused(refused):
    twice = "any: [{vdem.regime: {at_least: 1, basis: b}}, {vdem.regime: {basis: b, at_least: 1}}]"
    assert any("says the same as item [0]" in problem for problem in refused(rule(twice)))


def test_two_indicators_in_one_item_are_refused(refused):
    text = "{vdem.regime: {at_least: 1, basis: b}, vdem.polyarchy: {at_least: 0.5, basis: b}}"
    assert any("needs exactly one of" in problem for problem in refused(rule(text)))


def test_a_gate_of_more_than_200_nodes_is_refused(refused, load):
    def listed(count):
        tests = ", ".join(
            f"{{vdem.polyarchy: {{at_least: 0.{n:04d}, basis: b}}}}" for n in range(1, count + 1)
        )
        return rule(f"any: [{tests}]")

    load(listed(198))
    assert any("must have at most 200 tests and groups (got 201)" in p for p in refused(listed(199)))


def test_peers_cannot_be_used_without_peer_groups(refused):
    text = SMALL.replace(SMALL[SMALL.index("peers:") : SMALL.index("gates:")], "")
    text = text.replace("    peer_group: poor\n", "").replace(
        "at_least: 0.5, b", "at_least: {peers: median}, b"
    )
    assert any("needs peer groups" in problem for problem in refused(text))


def test_a_key_named_like_the_inner_one_is_refused(refused):
    problems = refused(rule("{<indicator>: {vdem.regime: {at_least: 1, basis: b}}}"))
    assert any("<indicator>" in problem for problem in problems)


@pytest.mark.parametrize(
    "text, problems", [("", 1), ("~", 1), ("[]", 1), ("plain text", 1), ("7", 1), ("a: 1", 7)]
)
def test_what_is_no_policy_at_all_is_refused(refused, text, problems):
    assert len(refused(text)) == problems


def test_a_score_that_is_broken_is_there_all_the_same(refused):
    choices = "uncertainty: {choices: {weights: {within: 0.2}, basis: b}, basis: b}\ncases:"
    (told,) = refused(SMALL.replace("cases:", choices).replace("floor: 0.01", "floor: low"))
    assert "score.floor: must be a number (got low)" in told


def test_many_problems_take_no_time(refused):
    lines = "\n".join(f"    kay-{number}: 1" for number in range(9_000))
    with little_work():
        assert (
            len(refused(SMALL.replace("    title: Democracy\n", f"    title: Democracy\n{lines}\n", 1)))
            > 8_000
        )


# --set


@pytest.mark.parametrize(
    "setting, read",
    [
        ("gates.democracy.all[0].at_least=0.6", lambda policy: policy.gates[0].rule.of[0].threshold == 0.6),
        ("gates.democracy.all[0].vdem.polyarchy.at_least=0.6", lambda p: p.gates[0].rule.of[0].threshold == 0.6),
        ("gates.democracy.all[0].at_least={pool: median}",
         lambda policy: policy.gates[0].rule.of[0].threshold == Reference("pool", 0.5)),
        ("score.pillars.democracy.weight=2", lambda policy: policy.score.pillars[0].weight == 2),
        ("score.pillars.democracy.indicators.vdem.polyarchy.weight=3",
         lambda policy: policy.score.pillars[0].components[0].weight == 3),
        ("shortlist.size=5", lambda policy: policy.shortlist == 5),
        ("peers.poor.at_most=1000", lambda policy: policy.peers[0].rule.threshold == 1000),
        ("pool.in=[L]", lambda policy: policy.pool.labels == ("L",)),
    ],
)  # fmt: skip
def test_a_setting_replaces_one_value(load, setting, read):
    policy = load(SMALL, [setting])
    assert read(policy)
    assert policy.settings == (setting,)
    assert policy.sha256 == load(SMALL).sha256


@pytest.mark.parametrize(
    "setting, said",
    [
        ("shortlist.sise=5", "shortlist.sise: is not in the criteria file; did you mean 'shortlist.size'?"),
        ("id.small=5", "id.small: is not in the criteria file"),
        ("gates.democracy.all[1].at_least=1", "did you mean 'gates.democracy.all[0].at_least'?"),
        ("shortlist.size", "must be PATH=VALUE"),
        ("=5", "must be PATH=VALUE"),
        ("shortlist.size=!!int 5", "tags are not allowed"),
        ("shortlist.size=&a 5", "anchors and aliases are not allowed"),
        ("shortlist.size=[", "must be YAML"),
    ],
)
def test_a_setting_that_fits_nothing_is_refused(load, setting, said):
    with pytest.raises(UsageError) as caught:
        load(SMALL, [setting])
    assert said in str(caught.value)


def test_a_value_cannot_be_set_twice(load):
    with pytest.raises(UsageError, match="is set twice"):
        load(SMALL, ["shortlist.size=5", "shortlist.size=6"])


def test_a_bad_value_is_refused_under_the_name_of_its_setting(refused):
    assert refused(SMALL, ["shortlist.size=012"]) == [
        "--set shortlist.size=012: shortlist.size: must be a whole number (got 012); "
        "write a plain decimal number such as 0.5 or 1200, or quote it if text is meant"
    ]


# Around the language


def test_a_shipped_set_is_found_by_its_id_and_a_file_by_its_path(tmp_path):
    assert criteria.find("peacetime-pilots").name == "peacetime-pilots.yaml"
    assert criteria.find("some/where.yaml").as_posix() == "some/where.yaml"
    with pytest.raises(UsageError, match="did you mean 'peacetime-pilots'"):
        criteria.find("peacetime-pilot")
    with pytest.raises(UsageError, match="must be a shipped id"):
        criteria.find("x" * 5000)


def test_check_gathers_the_problems_of_several_files(tmp_path):
    (tmp_path / "a.yaml").write_text(SMALL.replace("size: 3", "size: 0"))
    (tmp_path / "b.yaml").write_text(SMALL)
    (tmp_path / "c.yaml").write_text("a: !x 1")
    problems = criteria.check([tmp_path / name for name in ("a.yaml", "b.yaml", "c.yaml", "d.yaml")], KNOWN)
    assert [problem.rule for problem in problems] == [
        "must be at least 1",
        "tags are not allowed",
        "must exist",
    ]


def test_every_quantity_is_walked_in_file_order_with_its_role(load):
    uses = walk.quantities(load(SMALL))
    assert [(use.role, use.owner, use.quantity.indicator) for use in uses] == [
        ("pool", "", "wb.income_class"),
        ("peers", "poor", "wb.gni_per_capita"),
        ("gate", "democracy", "vdem.polyarchy"),
        ("track", "progress", "undp.hdi"),
        ("track", "progress", "vdem.political_corruption"),
        ("score", "democracy", "vdem.polyarchy"),
        ("score", "democracy", "wb.gni_per_capita"),
        ("axis", "need", "unodc.homicide_rate"),
    ]
    assert walk.indicators(load(SMALL), "gate", "track") == (
        "vdem.polyarchy",
        "undp.hdi",
        "vdem.political_corruption",
    )


def test_what_a_file_does_not_say_of_its_doubts_is_what_the_documents_say(load):
    """10,000 draws, an answer open from 10 to 90 %, a near miss from a quarter of the draws: README of criteria, docs/method.md."""
    doubt = load(SMALL).uncertainty
    assert (doubt.draws, doubt.seed, doubt.borderline, doubt.near_miss) == (10_000, 1, 0.1, 0.25)
    assert (doubt.correlation, doubt.persistence, doubt.assumed_sd, doubt.imputation) == (0.5, 0.95, (), None)


def test_an_imputation_is_read_and_its_helpers_are_walked(load):
    asked = "uncertainty: {imputation: {helpers: [wgi.rule_of_law], basis: b}, basis: b}\ncases:"
    policy = load(SMALL.replace("cases:", asked, 1))
    assert policy.uncertainty.imputation == Imputation(100, ("wgi.rule_of_law",), "b")
    assert walk.indicators(policy, "helper") == ("wgi.rule_of_law",)
    assert load(SMALL).uncertainty.imputation is None
    shifted = load(SMALL.replace("cases:", asked.replace("helpers", "shift: -0.5, helpers"), 1))
    assert shifted.uncertainty.imputation == Imputation(100, ("wgi.rule_of_law",), "b", -0.5)


@pytest.mark.parametrize(
    "shift, told", [("", ": has nothing to impute"), ("shift: 1, ", ".shift: moves nothing")]
)
def test_an_imputation_of_nothing_is_refused(refused, shift, told):
    """No score, and every test says itself what a missing value means: there is nothing left to fill."""
    small = SMALL[: SMALL.index("score:")] + SMALL[SMALL.index("ages:") : SMALL.index("cases:")]
    asked = f"missing: fail\nuncertainty: {{imputation: {{{shift}basis: b}}, basis: b}}\n"
    assert any(f"uncertainty.imputation{told}" in p for p in refused(small + asked))


def test_what_ranks_or_holds_needs_something_to_rank_or_hold_by(refused):
    parts = {key: SMALL[SMALL.index(f"{key}:") :] for key in ("gates", "score", "axes")}
    (told,) = refused(SMALL.replace(parts["score"], parts["axes"]))
    assert "shortlist: needs a score to rank by" in told
    held = "hold: {title: H, cites: {where: x}, events: lists.power_seized, kinds: [coup], months: 1, basis: b}\n"
    index = SMALL.replace(parts["gates"], parts["score"][: parts["score"].index("cases:")])
    assert any("hold: needs gates or tracks" in problem for problem in refused(index + held))


def test_a_share_of_the_way_needs_an_end_to_go_to(refused):
    known = KNOWN | {"vdem.polyarchy": replace(KNOWN["vdem.polyarchy"], hi=None)}
    problems = refused(rule("vdem.polyarchy: {gap_closed_over: 5, at_least: 0.1, basis: b}"), known=known)
    assert any("needs an end to go to: the range of vdem.polyarchy has none" in p for p in problems)


def test_the_schema_describes_every_key(load):
    schema = criteria.json_schema()
    assert {"id", "title", "version", "pool", "ages"} == set(schema["required"])
    assert schema["description"] == "One policy."
    assert "<indicator>" not in str(schema)
    assert schema["$defs"]["Node"]["additionalProperties"] is False
    assert list(schema["$defs"]["Node"]["patternProperties"].values()) == [{"$ref": "#/$defs/Test"}]
    assert "in" in schema["$defs"]["Test"]["properties"]


@pytest.mark.parametrize("name", ["vdem.polyarchy", "unodc.homicide_rate"])
def test_the_schema_of_known_figures_takes_no_other(name):
    """Whether the name is a key or one of a list."""
    check = jsonschema.Draft202012Validator(criteria.json_schema(KNOWN))
    assert check.is_valid(strict_yaml.parse(SMALL, "c.yaml").data)
    assert not check.is_valid(strict_yaml.parse(SMALL.replace(name, "vdem.unheld"), "c.yaml").data)


def test_loading_brings_in_neither_pandas_nor_scikit_learn():
    code = (
        "import sys; from eligibility.language import criteria; "
        "sys.exit(any(name in sys.modules for name in ('pandas', 'numpy', 'sklearn')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_order_of_keys_and_the_style_of_writing_change_nothing(load):
    flow = SMALL.replace("ages: {max_age: 3, basis: three}", "ages:\n  basis: three\n  max_age: 3")
    head, tail = flow.split("axes:\n")
    moved = "axes:\n" + tail + head
    assert _said(load(moved)) == _said(load(SMALL))


def _said(policy):
    """A policy without where its parts stand in the file."""
    text = repr(replace(policy, text="", sha256=""))
    return [part for part in text.replace(")", ",").split(", ") if not part.startswith("line=")]


def test_a_command_names_a_shipped_set_by_its_id_and_any_other_file_by_where_it_lies(tmp_path):
    """A file of one's own has an id that names nothing, or the shipped file of another version."""
    known = panel.catalogue()
    assert criteria.word(criteria.load("hdi", known), "criteria.yaml") == "hdi"
    text = criteria.find("hdi").read_text(encoding="utf-8")
    for old, new in (('version: "1.0"', 'version: "9.0"'), ("id: hdi", "id: my-index")):
        assert text.count(old) == 1
        path = tmp_path / "own.yaml"
        path.write_text(text.replace(old, new), encoding="utf-8")
        assert criteria.word(criteria.load(path, known), "criteria.yaml") == "criteria.yaml"
