"""The kernels of the method by themselves, on arrays small enough to be worked out by hand.

Each number here is a plain sum, mean or count; the longer tests of whole screenings stand elsewhere. These are the
first that `make mutants` asks.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import made_up
import numpy as np
import pandas as pd
import pytest

from eligibility.data.cells import known_at
from eligibility.method import choices, evaluate, measures, rank, scales, score, screen
from eligibility.method.evaluate import CONDITIONAL, DROPPED, FAIL, PASS, UNKNOWN
from eligibility.policy import walk
from eligibility.policy.model import (
    Dated,
    Extreme,
    Metric,
    Named,
    Points,
    Quantity,
    Reference,
    Scale,
    Score,
)

NAN = math.nan
F, U, C, P, D = FAIL, UNKNOWN, CONDITIONAL, PASS, DROPPED


def row(*values: float) -> np.ndarray:
    return np.array([values], dtype=float)


def same(got, wanted) -> None:
    np.testing.assert_array_equal(np.asarray(got), np.asarray(wanted))


def near(got, wanted) -> None:
    np.testing.assert_allclose(
        np.asarray(got, dtype=float), np.asarray(wanted, dtype=float), atol=1e-13, rtol=0
    )


# Scales -----------------------------------------------------------------------------------------------------


def test_goalposts_run_from_the_low_end_to_the_high_one_and_are_held_there():
    near(scales.goalposts(row(1, 2, 3, 6, 9), 2, 6), row(0, 0, 0.25, 1, 1))
    near(scales.goalposts(row(10, 100, 1000, 0), 10, 1000, log=True), row(0, 0.5, 1, 0))


def test_piecewise_is_level_outside_and_keeps_gaps():
    near(
        scales.piecewise(row(0, 50, 62.5, 75, 200, NAN), ((50, 1), (75, 0.8), (90, 0.5))),
        row(1, 1, 0.9, 0.8, 0.5, NAN),
    )


def test_percentile_counts_the_others_below_and_half_of_those_equal():
    x = row(4, 1, NAN, 1, 9, 4, 4)
    others = [[b for k, b in enumerate(x[0]) if k != i and b == b] for i in range(7)]
    wanted = [
        NAN if a != a else sum((b < a) + (b == a) / 2 for b in others[i]) / 5 for i, a in enumerate(x[0])
    ]
    near(scales.percentile(x), [wanted])
    near(scales.percentile(row(3, 1, 2)), row(1, 0, 0.5))
    near(scales.percentile(row(7, NAN)), row(0.5, NAN))
    near(scales.percentile(row(7, 8)), row(0, 1))
    near(scales.percentile(np.array([[1.0, 2.0, 2.0], [5.0, 5.0, 5.0]])), [[0, 0.75, 0.75], [0.5, 0.5, 0.5]])


def test_minmax_runs_between_the_ends_of_each_row():
    x = np.array([[2.0, 6.0, 3.0], [4.0, 4.0, 4.0]])
    near(scales.minmax(x), [[0, 1, 0.25], [0.5, 0.5, 0.5]])
    near(scales.minmax(row(2, NAN, 6, 3)), row(0, NAN, 1, 0.25))
    near(scales.minmax(row(5, NAN, 5)), row(0.5, NAN, 0.5))
    near(scales.minmax(np.array([[0.2, 0.4, 0.25], [4, 4, 4]])), [[0, 1, 0.25], [0.5, 0.5, 0.5]])
    same(scales.minmax(row(NAN, NAN)), row(NAN, NAN))
    left = row(2, 6)
    scales.minmax(left)
    same(left, row(2, 6))  # the figures themselves stay


def test_z_reaches_the_ends_at_three_standard_deviations():
    x = np.array([[1.0, 2.0, 3.0, NAN], [4.0, 4.0, 4.0, NAN]])
    step = 1 / math.sqrt(2 / 3) / 6
    near(scales.z(x), [[0.5 - step, 0.5, 0.5 + step, NAN], [0.5, 0.5, 0.5, NAN]])
    far = np.zeros((1, 30))
    far[0, 0] = 1.0  # more than five standard deviations off
    assert scales.z(far)[0, 0] == 1.0 and scales.z(-far)[0, 0] == 0.0
    same(scales.z(row(NAN)), row(NAN))
    near(scales.z(row(0.1, 0.1, 0.1)), row(0.5, 0.5, 0.5))  # whose mean misses them by a hair


@pytest.mark.parametrize(
    "scale, better, wanted",
    [
        (made_up.goalposts(0, 4), "high", [0.25, 0.5, 1.0, 0.0]),
        (made_up.goalposts(0, 4), "low", [0.75, 0.5, 0.0, 1.0]),
        (Scale(piecewise=((0.0, 1.0), (4.0, 0.0))), "low", [0.75, 0.5, 0.0, 1.0]),
        (Scale(minmax="pool"), "high", [0.25, 0.5, 1.0, 0.0]),
        (Scale(minmax="pool"), "low", [0.75, 0.5, 0.0, 1.0]),
        (Scale(minmax="peers"), "high", [0.0, 1.0, 0.5, NAN]),
        (Scale(percentile="pool"), "high", [1 / 3, 2 / 3, 1.0, 0.0]),
    ],
)
def test_values_on_a_stated_scale(scale, better, wanted):
    peers = np.array(["a", "a", "b", ""], dtype=object)
    near(scales.normalise(row(1, 2, 4, 0), scale, better, peers), [wanted])


def test_a_relative_scale_can_look_at_logarithms():
    scale = Scale(minmax="pool", log=True)
    near(scales.normalise(row(1, 10, 100), scale, "high", np.full(3, "")), row(0, 0.5, 1))
    apart = scales.normalise(row(0, 1, 10), scale, "high", np.full(3, ""))  # nought is held just above it
    tiny = math.log(np.finfo(float).tiny)
    near(apart, row(0, -tiny / (math.log(10) - tiny), 1))


# Ranks ------------------------------------------------------------------------------------------------------


def test_ranks_count_those_above():
    points = np.array([[0.5, 0.9, 0.5, 0.7, NAN], [0.1, 0.2, 0.3, 0.4, 0.5]])
    listed = np.array([[True, True, True, False, True], [True, True, False, True, True]])
    for s, who in ((points, listed), (points[:, :3], listed[:, :3] | True)):
        wanted = [
            [
                1 + sum(b > a for b, other in zip(r, t, strict=True) if other and b == b)
                if mine and a == a
                else 0
                for a, mine in zip(r, t, strict=True)
            ]
            for r, t in zip(s, who, strict=True)
        ]
        same(rank.ranks(s, who), wanted)
    same(rank.ranks(np.full((2, 2), NAN), np.zeros((2, 2), bool)), np.zeros((2, 2)))


def test_the_order_puts_the_ranked_first_then_those_apart_then_the_rest_by_code():
    index = pd.Index(["A", "B", "C", "D", "E", "G"], name="iso3")
    points = pd.Series([0.4, 0.9, 0.9, 0.8, 0.95, NAN], index)
    status = pd.Series(["eligible", "qualified", "conditional", "qualified", "excluded", "eligible"], index)
    found = rank.rank(points, status, 1)
    assert found.order == ("C", "A", "B", "D", "E", "G")
    assert found.shortlist == ("C",)
    same(found.rank, [2, NAN, 1, NAN, NAN, NAN])
    same(found.apart, [NAN, 1, NAN, 2, NAN, NAN])
    same(found.shown, [2, 1, 1, 2, NAN, NAN])
    assert rank.rank(points, status, 0).shortlist == () and rank.rank(points, status, 2).shortlist == (
        "C",
        "A",
    )


# Scores -----------------------------------------------------------------------------------------------------

PARTS = (0.25, 0.5, 1.0)
WEIGHTS = (1.0, 2.0, 3.0)


@pytest.mark.parametrize("power", [1.0, 0.0, -1.0, 2.0, 0.5, 1e-13, 0.005, -0.005, -math.inf])
def test_the_power_mean_is_the_textbook_s(power):
    if power == -math.inf:
        wanted = 0.25
    elif abs(power) < 1e-12:
        wanted = math.prod(x**w for x, w in zip(PARTS, WEIGHTS, strict=True)) ** (1 / 6)
    else:
        wanted = (sum(w * x**power for x, w in zip(PARTS, WEIGHTS, strict=True)) / 6) ** (1 / power)
    parts = [row(x) for x in PARTS]
    near(score.power_mean(parts, WEIGHTS, power), [[wanted]])
    more = [*parts, row(0.01)]
    near(score.power_mean(more, (*WEIGHTS, 0.0), power), [[wanted]])  # what weighs nothing does not count
    same(score.power_mean(parts, (0.0, 0.0, 0.0), power), [[NAN]])


def test_a_part_can_be_left_out_for_some_countries():
    weights = [row(1, 0), row(1, 1)]
    near(score.power_mean([row(0.2, 0.2), row(0.6, 0.6)], weights, 1.0), row(0.4, 0.6))
    near(score.power_mean([row(0.2, 0.2), row(0.6, 0.6)], weights, -math.inf), row(0.2, 0.6))
    near(score.power_mean([row(2), row(3), row(0.5)], (1.0, 1.0, 0.0), -math.inf), row(2))


@pytest.mark.parametrize("power", [1.0, 0.0, -1.0, 0.5])
def test_contributions_are_shares_of_what_is_lost(power):
    x, weights = np.array([[0.25, 1.0], [0.5, 1.0], [1.0, 1.0]]), np.array(WEIGHTS)
    whole = score.power_mean(list(x), WEIGHTS, power)

    def f(v: float) -> float:
        return math.log(v) if power == 0 else v**power

    for k in range(2):
        m, w = float(whole[k]), weights / 6
        lost = (f(1.0) - np.array([f(v) for v in x[:, k]])) * w
        share = lost / lost.sum() if lost.sum() else np.zeros(3)
        near(score.contributions(x, weights, power, whole)[:, k], w - share * (1 - m))
    near(score.contributions(x, weights, power, whole).sum(axis=0), whole)


def test_contributions_of_a_minimum_go_to_the_least():
    x, weights = np.array([[0.2, 0.3], [0.2, 0.9], [0.1, 0.5]]), np.array([1.0, 1.0, 0.0])
    near(score.contributions(x, weights, -math.inf, np.array([0.2, 0.3])), [[0.1, 0.3], [0.1, 0], [0, 0]])


def test_contributions_pass_over_what_is_missing():
    x, weights = np.array([[0.2, NAN], [0.6, NAN]]), np.array([1.0, 3.0])
    near(score.contributions(x, weights, 1.0, np.array([0.5, NAN])), [[0.05, NAN], [0.45, NAN]])
    one = np.array([[0.2], [NAN]])
    near(score.contributions(one, weights, 1.0, np.array([0.2])), [[0.2], [0.0]])
    near(score.contributions(np.zeros((2, 1)), weights, 0.0, np.zeros(1)).sum(axis=0), [0.0])


def test_contributions_stay_finite_at_nought():
    for power in (-2.0, -1.0, 0.0):
        made = score.contributions(np.array([[0.0], [1.0]]), np.ones(2), power, np.zeros(1))
        near(made.sum(axis=0), [0.0])
        near(made, [[-0.5], [0.5]])  # all of what is missing to 1 is missing in the first


def world(**values: list[float]) -> measures.Measures:
    """Measures of made-up series, one draw."""
    names = made_up.COUNTRIES[: len(next(iter(values.values())))]
    return measures.Measures(names, {f"a.{k}": row(*v) for k, v in values.items()}, {})


def spec(*pillars, power: float = 1.0, floor: float = 0.0, coverage: float = 0.5) -> Score:
    return Score(power, tuple(pillars), floor, coverage)


def test_a_score_is_the_mean_of_means_and_says_what_brought_it():
    figures = world(x=[0.2, 0.4, NAN], y=[0.6, NAN, 0.3], z=[1.0, 0.5, 0.5])
    own = spec(
        made_up.pillar("p", made_up.component("a.x", 1.0), made_up.component("a.y", 3.0), weight=1.0),
        made_up.pillar("q", made_up.component("a.z"), weight=3.0),
    )
    made = score.score(own, figures, np.full(3, "", dtype=object))
    near(made.pillar["p"], [0.5, NAN, 0.3])  # of B only a quarter of the weight is known
    near(made.coverage["p"], [1.0, 0.25, 0.75])
    near(made.coverage["q"], [1.0, 1.0, 1.0])
    near(made.score, [0.875, NAN, 0.45])
    near(made.normalised["p.score.a.x"], [0.2, 0.4, NAN])
    near(made.contribution["p.score.a.x"], [0.0125, NAN, 0.0])
    near(made.contribution["p.score.a.y"], [0.1125, NAN, 0.075])
    near(made.contribution["q.score.a.z"], [0.75, NAN, 0.375])
    assert made.score.name == "score" and made.pillar.index.name == "iso3"


def test_the_coverage_rule_holds_at_its_edge():
    figures = world(x=[0.2], y=[NAN])
    own = made_up.pillar("p", made_up.component("a.x", 1.0), made_up.component("a.y", 1.0))
    nobody = np.full(1, "", dtype=object)
    near(score.build(spec(own, coverage=0.5), figures, nobody).score, [[0.2]])
    same(score.build(spec(own, coverage=0.51), figures, nobody).score, [[NAN]])


def test_a_floor_lifts_every_indicator_alike():
    own = spec(made_up.pillar("p", made_up.component("a.x"), made_up.component("a.y")), floor=0.2)
    near(score.build(own, world(x=[0.0], y=[0.5]), np.full(1, "")).score, [[(0.2 + 0.6) / 2]])


def test_a_pillar_at_nought_brings_nothing_and_one_that_weighs_nothing_has_no_mean():
    figures = world(x=[0.0], y=[NAN], z=[0.5])
    nobody = np.full(1, "", dtype=object)
    own = spec(
        made_up.pillar("p", made_up.component("a.x"), made_up.component("a.y")),
        made_up.pillar("q", made_up.component("a.z")),
    )
    made = score.score(own, figures, nobody)
    near(made.contribution.iloc[0], [0.0, 0.0, 0.25])
    empty = spec(made_up.pillar("p", made_up.component("a.x", 0.0)), own.pillars[1])
    same(score.build(empty, figures, nobody).pillars[0], [[NAN]])


def test_each_draw_is_scored_in_its_own_way():
    """Scale, power of the pillars, weights and what is left out, draw by draw as one draw would be."""
    own = spec(
        made_up.pillar("p", made_up.component("a.x", 1.0), made_up.component("a.y", 3.0)),
        made_up.pillar("q", made_up.component("a.z", scale=Scale(piecewise=((0.0, 0.1), (1.0, 1.0))))),
        coverage=0.0,
    )
    figures, nobody = (
        world(x=[0.2, 0.4, 0.9], y=[0.6, 0.5, 0.3], z=[1.0, 0.5, 0.25]),
        np.full(3, "", dtype=object),
    )
    scale, power, gone = (
        np.array([0, 1, 1, 0, 1]),
        np.array([1.0, 1.0, 0.0, 0.0, 1.0]),
        np.array([2, 2, 2, 1, 0]),
    )
    weights = np.array([[1.0], [1.0], [2.0], [1.0], [1.0]])
    ways = choices.Ways(
        {"p": weights, "q": np.ones((5, 1))},
        {c.path: np.full((5, 1), c.weight) for p in own.pillars for c in p.components},
        power, scale, gone, ("stated", "minmax"), tuple(c.path for c in own.pillars[0].components),
    )  # fmt: skip
    got = score.build(own, figures, nobody, ways).score
    for k in range(5):
        name = ways.scales[scale[k]]
        parts = tuple(
            replace(c, weight=0.0 if gone[k] == n else c.weight, scale=choices.scale_of(c, name))
            for n, c in enumerate(own.pillars[0].components)
        )
        first = replace(own.pillars[0], components=parts, weight=float(weights[k, 0]))
        alone = replace(own, power=float(power[k]), pillars=(first, own.pillars[1]))
        near(got[k], score.build(alone, figures, nobody).score[0])
    drawn = measures.Measures(
        figures.countries, {i: np.repeat(x, 5, axis=0) for i, x in figures.now.items()}, {}
    )
    near(score.build(own, drawn, nobody, ways).score, got)
    few = ways.rows(np.array([0, 3]))  # of which none has the second scale
    near(score.build(own, figures, nobody, few).score, got[[0, 3]])


def test_the_power_alone_can_be_open():
    own = spec(made_up.pillar("p", made_up.component("a.x")), made_up.pillar("q", made_up.component("a.y")))
    figures, nobody = world(x=[0.2, 0.4], y=[0.8, 0.1]), np.full(2, "", dtype=object)
    got = score.build(
        own, figures, nobody, replace(choices.stated(own), power=np.array([1.0, 0.0, 1.0]))
    ).score
    near(got, [[0.5, 0.25], [0.4, 0.2], [0.5, 0.25]])


def test_scores_have_twelve_decimals():
    own = spec(made_up.pillar("p", *(made_up.component(f"a.{k}") for k in "xyz")))
    (got,) = score.build(own, world(x=[0.1], y=[0.2], z=[0.4]), np.full(1, "")).score[0]
    assert got == round(0.7 / 3, 12) != 0.7 / 3
    made = score.score(own, world(x=[0.1], y=[0.2], z=[0.4]), np.full(1, ""))
    assert made.pillar.iat[0, 0] == round(made.pillar.iat[0, 0], 12)
    assert made.contribution.iat[0, 0] == round(0.1 / 3, 13) != round(0.1 / 3, 12)


def test_only_the_countries_wanted_are_built_and_the_others_still_set_the_scale():
    own = spec(made_up.pillar("p", made_up.component("a.x", scale=Scale(minmax="pool"))))
    figures = world(x=[1.0, 2.0, 5.0])
    wanted = np.array([False, True, True])
    near(score.build(own, figures, np.full(3, ""), wanted=wanted).score, [[0.25, 1.0]])
    kept: dict = {}
    score.build(own, figures, np.full(3, ""), scaled=kept)
    assert len(kept) == 1
    near(score.build(own, world(x=[9.0, 9.0, 9.0]), np.full(3, ""), scaled=kept).score, [[0.0, 0.25, 1.0]])


# Measures ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "measure, more, wanted",
    [
        ("level", {}, [0.5, 0.2, NAN]),
        ("change_over", {}, [0.1, -0.3, NAN]),
        ("relative_change_over", {}, [0.25, -0.6, NAN]),
        ("gap_closed_over", {"to": 1.0}, [0.1 / 0.6, -0.6, NAN]),
        ("gap_closed_over", {"to": 0.1, "falling": True}, [-0.1 / 0.3, 0.75, NAN]),
        ("peak_over", {}, [0.5, 0.5, NAN]),
        ("change_from_peak", {}, [0.0, -0.3, NAN]),
        ("within_months", {}, [0.4, 0.5, 0.3]),
    ],
)
def test_a_quantity_from_now_and_before(measure, more, wanted):
    q = Quantity("a.x", measure, 5, **more)
    m = measures.Measures(made_up.COUNTRIES[:3], {"a.x": row(0.5, 0.2, NAN)}, {q: row(0.4, 0.5, 0.3)})
    near(m.of(q), [np.round(wanted, 12)])


def test_a_fall_of_a_tenth_is_a_tenth():
    q = Quantity("a.x", "change_over", 5)
    m = measures.Measures(("ALB",), {"a.x": row(0.783)}, {q: row(0.883)})
    assert m.of(q)[0, 0] == -0.1 != 0.783 - 0.883
    for measure, before, wanted in (("change_over", 0.4, 0.1), ("change_from_peak", 0.6, -0.1)):
        exact = Quantity("a.x", measure, 5)
        hair = replace(m, now={"a.x": row(0.5)}, before={exact: row(before + 3e-13)})
        assert hair.of(exact)[0, 0] == wanted  # a difference beyond twelve decimals is none
    near_one = Quantity("a.x", "relative_change_over", 5)
    assert replace(m, now={"a.x": row(1.0 + 3e-13)}, before={near_one: row(1.0)}).of(near_one)[0, 0] == 0.0
    peak = Quantity("a.x", "change_from_peak", 5)
    assert replace(m, before={peak: row(0.883)}).of(peak)[0, 0] == -0.1


def test_nothing_to_divide_by_is_as_large_as_can_be_and_not_unknown():
    q = Quantity("a.x", "relative_change_over", 5)
    drawn = measures.Measures(("ALB",), {"a.x": row(1.0)}, {q: row(0.0)})
    assert drawn.of(q)[0, 0] == pytest.approx(1e9)
    way = Quantity("a.x", "gap_closed_over", 5, 1.0)
    assert replace(drawn, before={way: row(1.0)}).of(way)[0, 0] == 0.0


def cells_of(world: dict):
    held = made_up.panel([made_up.sheet("a.x")], {"a.x": world})
    return known_at(held, made_up.AS_OF, max_age=3)


def test_what_lay_before_is_one_year_of_a_change_and_every_year_of_a_peak():
    years = {made_up.YEAR - k: v for k, v in enumerate([0.5, 0.6, 0.4, 0.9, 0.3, 0.8])}
    cells = cells_of({"ALB": years, "BEN": {made_up.YEAR: 0.2}})

    def before(measure: str, over: int, **more) -> list[float]:
        return measures.earlier(cells, Quantity("a.x", measure, over, **more)).tolist()

    same(before("change_over", 2), [0.4, NAN])
    same(before("peak_over", 2), [0.6, NAN])
    same(before("peak_over", 3), [0.9, NAN])
    same(before("change_from_peak", 5), [0.9, NAN])
    same(before("relative_change_over", 1), [0.6, NAN])
    same(before("gap_closed_over", 1, to=0.6), [NAN, NAN])  # the way had been gone
    same(before("gap_closed_over", 1, to=0.7), [0.6, NAN])
    same(before("within_months", 1), [NAN, NAN])  # no list is held


def test_a_peak_needs_half_of_its_years_and_a_change_its_own():
    three = {made_up.YEAR: 0.5, made_up.YEAR - 1: 0.6, made_up.YEAR - 3: 0.9}
    cells = cells_of({"ALB": three, "BEN": {made_up.YEAR - k: 0.1 for k in range(9)}})

    def before(measure: str, over: int) -> float:
        return measures.earlier(cells, Quantity("a.x", measure, over))[0]

    assert before("peak_over", 4) == 0.9  # two of four
    assert math.isnan(before("peak_over", 5))  # two of five
    assert math.isnan(before("change_over", 2)) and before("change_over", 3) == 0.9


def test_each_country_looks_back_from_its_own_newest_year():
    late = {made_up.YEAR: 0.5, made_up.YEAR - 1: 0.6, made_up.YEAR - 2: 0.7}
    early = {made_up.YEAR - 1: 0.1, made_up.YEAR - 2: 0.2}
    cells = cells_of({"ALB": late, "BEN": early})
    same(measures.earlier(cells, Quantity("a.x", "change_over", 1)), [0.6, 0.2])


def test_no_change_in_percent_from_nothing():
    cells = cells_of(
        {
            "ALB": {made_up.YEAR: 0.5, made_up.YEAR - 1: 0.0},
            "BEN": {made_up.YEAR: 0.5, made_up.YEAR - 1: 1e-12},
        }
    )
    same(measures.earlier(cells, Quantity("a.x", "relative_change_over", 1)), [NAN, 1e-12])


def test_the_published_values_are_one_draw():
    cells = cells_of({"ALB": {made_up.YEAR: 0.5, made_up.YEAR - 1: 0.6}, "BEN": {made_up.YEAR: 0.2}})
    q = Quantity("a.x", "change_over", 1)
    made = measures.point(cells, [Quantity("a.x"), q])
    same(made.now["a.x"], row(0.5, 0.2))
    assert list(made.before) == [q]
    same(made.before[q], row(0.6, NAN))
    other = made.having("a.x", row(0.1, 0.2))
    same(other.now["a.x"], row(0.1, 0.2))
    assert other.before is made.before and made.absent == frozenset()


@pytest.mark.parametrize("measure, wanted", [("change_over", [2013]), ("peak_over", [2013, 2014])])
def test_the_years_a_quantity_looks_back_at(measure, wanted):
    years = np.arange(2011, 2018)
    inside = measures.within(Quantity("a.x", measure, 2), years, np.asarray(2015.0))
    assert years[inside].tolist() == wanted


# Verdicts ---------------------------------------------------------------------------------------------------

AS_OF = date(2016, 7, 1)


def judge(
    peers: tuple[str, ...] = (), trace=None, absent: frozenset[str] = frozenset(), **values: list[float]
):
    figures = replace(world(**values), absent=absent)
    groups = np.array(peers or [""] * len(figures.countries), dtype=object)
    return evaluate.Judge(figures, groups, AS_OF, trace)


@pytest.mark.parametrize(
    "operator, wanted",
    [("at_least", [F, P, P, U]), ("at_most", [P, P, F, U]), ("above", [F, F, P, U]), ("below", [P, F, F, U])],
)
def test_a_value_against_a_number(operator, wanted):
    test = made_up.atom("a.x", operator, 0.5)
    same(judge(x=[0.4, 0.5, 0.6, NAN]).node(test), [wanted])


@pytest.mark.parametrize("missing, wanted", [("unknown", U), ("fail", F), ("drop", D)])
def test_what_is_missing_is_what_the_file_says(missing, wanted):
    test = made_up.atom("a.x", "at_least", 0.5, missing=missing)
    same(judge(x=[0.6, NAN]).node(test), [[P, wanted]])
    same(judge(x=[0.6, NAN], absent=frozenset({"a.x"})).node(test), [[P, U]])  # nobody's fault
    ended = replace(test, threshold=Dated(((date(2020, 1, 1), 0.5),)))
    same(judge(x=[0.6, NAN]).node(ended), [[U, U]])


def test_classes():
    test = replace(made_up.atom("a.x", "in", (1.0, 3.0)), labels=("one", "three"))
    trace = evaluate.Trace()
    same(judge(trace=trace, x=[1, 2, 3, NAN]).node(test), [[P, F, P, U]])
    same(trace.measured["t"], row(1, 2, 3, NAN))
    assert np.isnan(trace.needs["t"]).all() and list(trace.verdict) == ["t"]
    same(judge(x=[1, 2, 3, NAN]).node(replace(test, grants="conditional")), [[C, F, C, U]])


def test_thresholds_that_others_set():
    of = {"x": [0.1, 0.2, 0.4, 0.8, NAN], "peers": ("a", "a", "b", "b", "a")}

    def needs(threshold) -> list[float]:
        trace = evaluate.Trace()
        judge(trace=trace, **of).node(made_up.atom("a.x", "at_least", threshold))
        return trace.needs["t"][0].tolist()

    near(needs(Reference("pool", 0.5)), [0.3] * 5)
    near(needs(Reference("peers", 0.5)), [0.15, 0.15, 0.6, 0.6, 0.15])
    near(needs(Extreme("min_of", (0.3, Reference("peers", 0.5)))), [0.15, 0.15, 0.3, 0.3, 0.15])
    near(needs(Extreme("max_of", (0.3, Reference("peers", 0.5)))), [0.3, 0.3, 0.6, 0.6, 0.3])
    near(needs(Dated(((date(2010, 1, 1), 0.1), (AS_OF, 0.2), (date(2017, 1, 1), 0.3)))), [0.2] * 5)
    near(needs(Dated(((date(2010, 1, 1), 0.1), (date(2012, 1, 1), None)))), [NAN] * 5)
    near(needs(Reference("pool", 0.5, Quantity("a.x"))), [0.3] * 5)


def test_a_quantile_is_taken_once_for_each_question():
    here = judge(peers=("a", "a", "b"), x=[0.1, 0.2, 0.6])
    near(here.quantile(Quantity("a.x"), "pool", 0.5), [[0.2]])
    near(here.quantile(Quantity("a.x"), "peers", 0.5), row(0.15, 0.15, 0.6))
    near(here.quantile(Quantity("a.x"), "pool", 1.0), [[0.6]])
    assert here.quantile(Quantity("a.x"), "pool", 0.5) is here.quantile(Quantity("a.x"), "pool", 0.5)
    same(judge(peers=("a", ""), x=[0.1, 0.2]).quantile(Quantity("a.x"), "peers", 0.5), row(0.1, NAN))


@pytest.mark.parametrize(
    "values, q, wanted",
    [
        ((1, 2, 3, 4), 0.5, 2.5), ((4, 1, 3, 2), 0.25, 1.75), ((1, 2, NAN, 3), 1.0, 3), ((1, 2, 3), 0.0, 1), ((5,), 0.7, 5),
        ((NAN, NAN), 0.5, NAN), (tuple(range(21)), 0.55, 11), ((0.1, 0.1, 0.7), 0.25, 0.1),
    ],
)  # fmt: skip
def test_quantiles_are_linear_between_order_statistics(values, q, wanted):
    same(evaluate.quantile(row(*values), q), [[wanted]])


def test_a_quantile_between_two_has_twelve_decimals_and_one_on_a_value_is_that_value():
    assert evaluate.quantile(row(0.1, 0.2), 0.7)[0, 0] == 0.17 != 0.1 + 0.7 * (0.2 - 0.1)
    exact = 0.1 + 0.2  # 0.30000000000000004
    assert evaluate.quantile(row(0.0, exact, 1.0), 0.5)[0, 0] == exact
    assert evaluate.quantile(row(exact, exact), 0.5)[0, 0] == exact
    assert evaluate.quantile(row(0.0, 1e-12), 0.3)[0, 0] == 0.0  # 3e-13: a thirteenth would keep it


WORDS = (F, U, C, P)


def joined(join: str, parts: list[int], n: int = 0) -> int:
    nodes = tuple(made_up.atom("a.x", "at_least", 0.5, path=str(k)) for k in range(len(parts)))
    group = replace(made_up.group(join, *nodes), n=n)
    return int(evaluate.join(group, [np.array([[part]], dtype=np.int8) for part in parts])[0, 0])


@pytest.mark.parametrize("a", WORDS)
@pytest.mark.parametrize("b", WORDS)
@pytest.mark.parametrize("c", WORDS)
def test_groups_of_three(a, b, c):
    parts = [a, b, c]
    assert joined("all", parts) == min(parts)
    assert joined("any", parts) == max(parts)
    for n in (1, 2, 3):
        assert joined("at_least", parts, n) == sorted(parts)[-n]
    assert joined("none", parts) == {F: P, U: U}.get(max(parts), F)


def test_what_is_dropped_does_not_count():
    assert joined("all", [D, C]) == C and joined("any", [D, C]) == C and joined("at_least", [D, C, P], 2) == C
    assert joined("none", [D, F]) == P and joined("none", [D, P]) == F
    assert joined("at_least", [D, P], 2) == F
    for join in ("all", "any", "none"):
        assert joined(join, [D, D]) == D


def test_bands_and_classes_give_points():
    steps = ((7.5, 4.0), (5.0, 3.0), (-math.inf, 0.0))
    same(evaluate.bands(row(9, 7.5, 5.1, 5, -3, NAN), steps), row(4, 3, 3, 0, 0, NAN))
    same(evaluate.mapped(row(1, 2, 3, NAN), ((1.0, 4.0), (3.0, 0.0))), row(4, NAN, 0, NAN))


def metric(kind: str, worth: float = 4.0, **more) -> Metric:
    return Metric(kind, kind, quantity=Quantity("a.x"), worth=worth, **more)


MAPPED = metric("map", steps=((1.0, 4.0), (2.0, 2.0)))
FLAG = Metric("flag", "flag", test=made_up.atom("a.y", "at_least", 0.5, path="flag.t"), worth=2.0)


def points(*of: Metric, share: float = 0.5, least: int = 1) -> Points:
    return Points("p", of, share, least)


def test_points_had_of_those_that_apply():
    here = judge(x=[1, 2, NAN, NAN], y=[0.6, 0.4, 0.6, NAN])
    share, count = here._share(points(MAPPED, FLAG))
    near(share, row(1.0, 2 / 6, 1.0, NAN).round(12))
    same(count, [[2, 2, 1, 0]])
    same(here.node(points(MAPPED, FLAG)), [[P, F, P, U]])
    same(here.node(points(MAPPED, FLAG, least=2)), [[P, F, U, U]])
    same(here.node(points(MAPPED, FLAG, share=2 / 6)), [[P, P, P, U]])  # exactly enough
    same(here.node(points(replace(FLAG, worth=0.5))), [[P, F, P, U]])  # half a point is one to have


def test_points_of_a_flag_of_a_sum_and_of_the_best():
    here = judge(x=[1, 2, 9, NAN], y=[0.6, 0.4, NAN, 0.6])
    same(here.points_of(FLAG), row(2, 0, NAN, 2))
    same(here.points_of(replace(FLAG, test=replace(FLAG.test, grants="conditional"))), row(2, 0, NAN, 2))
    same(here.points_of(replace(FLAG, test=replace(FLAG.test, missing="drop"))), row(2, 0, NAN, 2))
    same(here.points_of(Metric("s", "sum", of=(MAPPED, FLAG), worth=6.0)), row(6, 2, NAN, NAN))
    same(here.points_of(Metric("m", "max_of", of=(MAPPED, FLAG), worth=4.0)), row(4, 2, NAN, 2))
    same(here.points_of(metric("bands", steps=((1.5, 4.0), (-math.inf, 1.0)))), row(1, 4, 4, NAN))


def test_points_of_a_series_nobody_holds_are_judged_where_all_and_none_come_to_the_same():
    gone = frozenset({"a.x"})
    here = judge(absent=gone, x=[NAN, NAN, NAN], y=[0.6, 0.4, NAN])
    same(here.points_of(MAPPED, 1.0), row(4, 4, 4))
    same(here.points_of(MAPPED, 0.0), row(0, 0, 0))
    same(here.points_of(Metric("s", "sum", of=(MAPPED, FLAG), worth=6.0), 1.0), row(6, 4, NAN))
    same(here.node(points(MAPPED, FLAG, share=0.3)), [[P, U, U]])
    same(here.node(points(MAPPED, FLAG, share=0.9)), [[U, F, U]])
    best = Metric("m", "max_of", of=(MAPPED, FLAG), worth=4.0)  # what nobody holds may stand inside another
    same(here.node(points(best, share=0.5)), [[P, U, U]])
    same(here.node(points(best, share=0.75)), [[U, U, U]])
    trace = evaluate.Trace()
    traced = judge(trace=trace, absent=gone, x=[NAN], y=[0.6])
    traced.node(points(MAPPED, FLAG, share=0.25))
    same(trace.measured["p"], [[NAN]])
    same(trace.needs["p"], [[0.25]])
    flag = replace(FLAG, test=replace(FLAG.test, quantity=Quantity("a.x")))
    traced.points_of(flag)
    same(trace.verdict["flag.t"], [[U]])
    held = evaluate.Trace()
    judge(trace=held, absent=frozenset({"a.z"}), x=[1], y=[0.6]).node(points(MAPPED, FLAG))
    near(held.measured["p"], [[1.0]])


def test_countries_by_name():
    node = Named("n", (("ALB", "why"),))
    same(judge(x=[0.1, 0.2]).node(node), [[P, F]])


def test_a_track_needs_its_peer_group_and_a_gate_drops_nothing():
    rule = made_up.atom("a.x", "at_least", 0.5, missing="drop")
    here = judge(peers=("a", "b", "", "a"), x=[0.6, 0.6, 0.6, NAN])
    same(here.gate(made_up.gate("g", rule)), [[P, P, P, U]])
    same(here.gate(made_up.gate("g", rule, peer_group="a")), [[P, F, U, U]])


def test_what_is_forced_is_not_judged():
    rule = made_up.atom("a.x", "at_least", 0.5)
    here = replace(judge(x=[0.6, 0.4]), forced={"t": np.array([[F, P]])})
    same(here.node(rule), [[F, P]])
    trace = evaluate.Trace()
    assert replace(here, trace=trace).on(world(x=[0.1, 0.2])).trace is None


def verdicts(whole, ideal, held=None) -> evaluate.Verdicts:
    return evaluate.Verdicts({}, {}, np.array([ideal]), np.array([whole]), held)


def test_status_by_what_every_requirement_says():
    made = verdicts([F, U, C, P, C, P, P], [F, U, C, P, F, F, U])
    words = [evaluate.STATUS[k] for k in made.status[0]]
    assert words == [
        "excluded",
        "insufficient-data",
        "conditional",
        "eligible",
        "qualified",
        "qualified",
        "qualified",
    ]
    same(made.admitted, [[False, False, True, True, False, False, False]])
    same(made.qualified, [[False, False, False, False, True, True, True]])
    held = verdicts([F, U, C, P, P], [F, U, C, P, F], np.array([[True, True, True, False, True]]))
    words = [evaluate.STATUS[k] for k in held.status[0]]
    assert words == ["excluded", "on-hold", "on-hold", "eligible", "on-hold"]
    same(held.admitted, [[False, False, False, True, False]])
    same(held.qualified, [[False] * 5])


def test_every_gate_and_one_track_together():
    rule = made_up.atom("a.x", "at_least", 0.5)
    own = made_up.policy(rule, [made_up.gate("g", rule)])
    own = replace(own, tracks=(made_up.gate("t", rule), made_up.gate("s", rule, ideal=False)))
    g, t, s = np.array([[P, P, P, F]]), np.array([[P, F, F, P]]), np.array([[F, C, F, P]])
    made = evaluate.together(own, {"g": g}, {"t": t, "s": s}, np.zeros((1, 4), bool))
    same(made.whole, [[P, C, F, F]])
    same(made.ideal, [[P, F, F, F]])
    alike = replace(own, tracks=tuple(replace(track, ideal=True) for track in own.tracks))
    made = evaluate.together(alike, {"g": g}, {"t": t, "s": s}, np.zeros((1, 4), bool))
    assert made.ideal is made.whole
    index = made_up.policy(rule)
    made = evaluate.together(index, {}, {}, np.array([[True, False]]))
    same(made.whole, [[P, U]])
    none = replace(own, tracks=own.tracks[1:])
    made = evaluate.together(none, {"g": g}, {"s": s}, np.zeros((1, 4), bool))
    same(made.ideal, [[F, F, F, F]])
    same(made.whole, [[F, C, F, F]])


def test_why_a_threshold_has_no_number():
    table = Dated(((date(2015, 1, 1), 0.5), (date(2018, 1, 1), None)))
    assert walk.unset(table, date(2014, 12, 31)) == "no threshold is in force before 2015-01-01"
    assert walk.unset(table, date(2015, 1, 1)) == "" == walk.unset(0.5, AS_OF) == walk.unset((1.0,), AS_OF)
    assert walk.unset(table, date(2018, 1, 1)) == "no threshold is in force from 2018-01-01 on"
    assert evaluate.in_force(table, date(2017, 1, 1)) == 0.5


# Screening --------------------------------------------------------------------------------------------------


def test_a_screening_says_every_node_in_words_and_counts_the_parts_of_a_count():
    parts = [
        replace(made_up.atom(f"a.{k}", "at_least", 0.5, path=k), grants="conditional" if k == "z" else "pass")
        for k in "xyz"
    ]
    rule = replace(made_up.group("at_least", *parts), n=2)
    own = made_up.policy(parts[0], [made_up.gate("g", rule)])
    own = replace(own, mechanisms=(made_up.gate("m", parts[1]),))
    figures = world(x=[0.6, 0.4, 0.6], y=[0.6, NAN, 0.4], z=[0.4, 0.4, 0.9])
    index = pd.Index(figures.countries, name="iso3")
    peers = pd.Series("", index)
    made = screen.screen(own, figures, peers, AS_OF, np.ones(3, bool))
    assert made.gate["g"].tolist() == ["pass", "fail", "conditional"]
    assert made.status.tolist() == ["eligible", "excluded", "conditional"]
    assert made.node["y"].tolist() == ["pass", "unknown", "fail"]
    assert made.mechanism["m"].tolist() == ["pass", "unknown", "fail"]
    assert made.kinds["ideal"].tolist() == made.kinds["whole"].tolist() == ["pass", "fail", "conditional"]
    counted = made.counted["g"]
    assert counted["pass"].tolist() == [2, 0, 2]
    assert counted["fail"].tolist() == [1, 2, 1]
    assert counted["unknown"].tolist() == [0, 1, 0]
    assert made.traced["ALB"].measured["x"] == 0.6 and made.traced["BEN"].node["g"] == "fail"
    assert made.needs["z"].tolist() == [0.5] * 3
    assert made.open("g") is None


def test_of_how_many_a_gate_is_unknown():
    rule = made_up.atom("a.x", "at_least", 0.5)
    own = made_up.policy(rule, [made_up.gate("g", rule)])
    own = replace(own, tracks=(made_up.gate("t", replace(rule, path="u", quantity=Quantity("a.y"))),))
    for values, said in (([0.6, NAN], " (of 1 of 2 countries)"), ([NAN, NAN], ""), ([0.6, 0.1], None)):
        figures = world(x=values, y=[NAN, NAN])
        peers = pd.Series("", pd.Index(figures.countries, name="iso3"))
        made = screen.screen(own, figures, peers, AS_OF, np.ones(2, bool))
        assert made.open("g") == said
        assert made.open("t") == ""


def test_a_dropped_node_is_told_as_unknown():
    kept, lost = (made_up.atom(f"a.{k}", "at_least", 0.5, path=k, missing="drop") for k in "xy")
    own = made_up.policy(kept, [made_up.gate("g", made_up.group("all", kept, lost))])
    figures = world(x=[0.6], y=[NAN])
    peers = pd.Series("", pd.Index(figures.countries, name="iso3"))
    made = screen.screen(own, figures, peers, AS_OF, np.ones(1, bool))
    assert made.node["y"].tolist() == ["unknown"] and made.gate["g"].tolist() == ["pass"]
