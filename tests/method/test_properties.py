"""What must hold whatever the data and the policy: a thousand random cases each.

    order of countries, gates and indicators    changes nothing
    one more country                            changes no other's goalpost score and no other's draws
    a better figure                             never lowers a score or the chance of passing
    scaled weights, a weight of zero            change nothing, is as good as absent
    no measurement error                        every probability is 0 or 1
    a later date without new figures            changes no status until figures grow too old
    power means                                 the textbook inequalities

The figures at the end are published ones: COINr's and rsmaa's tests, and every value of the HDI.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from random import Random

import made_up
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_policies import SHEETS, Maker, random_world

from eligibility.data import sources
from eligibility.method import measurement_error, measures, run, scales
from eligibility.method.evaluate import Judge
from eligibility.method.result import Result
from eligibility.method.score import build, power_mean, score
from eligibility.policy import model as policy
from eligibility.policy import walk
from eligibility.policy.model import Quantity, Scale
from eligibility.resources import shipped

CASES = 1_000
AS_OF = date(2016, 10, 1)
WORLDS = 28  # of 36 countries each: more than a thousand countries

thorough = settings(max_examples=CASES, deadline=None, derandomize=True, database=None)


# Whole runs on random worlds --------------------------------------------------------------------------------


def random_round(seed: int, draws: int = 3, complete: bool = False):
    """A random world of 36 countries, and a policy with gates, tracks, peers and a score."""
    rng = Random(seed)
    world = random_world(rng, made_up.MANY, complete)
    maker = Maker(rng, world)
    peers = (*maker.peers()[:1], made_up.otherwise("rest"))
    peers = peers if peers[0].rule else peers[1:]
    maker.groups = tuple(group.id for group in peers)
    gates = [made_up.gate(f"g{i}", maker.node(("pool", "peers"))) for i in range(2)]
    tracks = tuple(made_up.gate(f"t{i}", maker.node(), peer_group=rng.choice(("", "rest"))) for i in range(2))
    spec = maker.score() or maker.score()
    noise = policy.Uncertainty(draws=draws, seed=seed)
    pool = made_up.atom("tie.tenths", "at_least", -1.0, path="pool", missing="fail")
    return made_up.policy(pool, gates, spec, peers=peers, tracks=tracks, max_age=14, uncertainty=noise), world


def judged(criteria: policy.Criteria, world: dict, as_of: date = AS_OF) -> Result:
    return run.judge(criteria, made_up.panel((SHEETS[s] for s in world), world), as_of)


def answers(result: Result) -> dict[str, pd.DataFrame | pd.Series]:
    """Every table of a result by name, its columns in alphabetical order."""
    firm, scores, shown = result.firmness, result.scores, result.screening
    series = [shown.status, scores.score, result.ranking.rank, firm.p_eligible, firm.places.p_top]
    series += [firm.places.low, firm.places.median, firm.places.high]
    frames = [
        shown.gate,
        shown.track,
        shown.node,
        shown.measured,
        shown.needs,
        scores.pillar,
        scores.coverage,
    ]
    frames += [scores.normalised, scores.contribution, firm.p_gate, firm.p_track]
    return dict(enumerate([*series, *(frame.sort_index(axis=1) for frame in frames)]))


def same_bits(first: Result, second: Result) -> None:
    """Asserts that two results say the same, to the last bit."""
    one, other = answers(first), answers(second)
    for key, table in one.items():
        assert table.equals(other[key]), (key, table, other[key])
    assert first.ranking.order == second.ranking.order
    assert first.ranking.shortlist == second.ranking.shortlist


def test_the_order_of_countries_gates_and_tracks_changes_nothing():
    """To the last bit: what is matched is matched by name."""
    for seed in range(WORLDS):
        criteria, world = random_round(seed)
        rng = Random(f"shuffle {seed}")
        mixed = {s: dict(shuffled(rng, world[s].items())) for s in shuffled(rng, world)}
        figures = made_up.panel((SHEETS[s] for s in mixed), mixed)
        columns = shuffled(rng, made_up.MANY)
        values = {series: frame[columns] for series, frame in figures.values.items()}
        turned = replace(criteria, gates=criteria.gates[::-1], tracks=criteria.tracks[::-1])
        same_bits(judged(criteria, world), run.judge(turned, replace(figures, values=values), AS_OF))


def shuffled(rng: Random, things) -> list:
    things = list(things)
    return rng.sample(things, len(things))


def test_the_order_of_pillars_and_indicators_changes_no_score():
    """Sums of floats depend on their order in the 16th digit; scores are rounded at the 12th."""
    for seed in range(WORLDS):
        criteria, world = random_round(seed)
        pillars = [replace(p, components=p.components[::-1]) for p in criteria.score.pillars[::-1]]
        turned = replace(criteria, score=replace(criteria.score, pillars=tuple(pillars)))
        one, other = judged(criteria, world), judged(turned, world)
        pd.testing.assert_series_equal(one.scores.score, other.scores.score, rtol=0, atol=1e-12)
        assert one.ranking.order == other.ranking.order


def test_one_more_country_changes_no_goalpost_score_and_no_draw_of_another():
    """Every stream of draws has its own key.

    In complete worlds: the error of a figure carried on grows by the usual change of all countries' figures.
    """
    for seed in range(WORLDS):
        criteria, world = random_round(seed, complete=True)
        fixed = tuple(with_goalposts(pillar) for pillar in criteria.score.pillars)
        criteria = replace(criteria, score=replace(criteria.score, pillars=fixed))
        newcomer = Random(seed).choice(made_up.MANY)
        without = {s: {c: h for c, h in of.items() if c != newcomer} for s, of in world.items()}
        fewer, more = judged(criteria, without), judged(criteria, world)
        old = fewer.scores.score.index
        assert fewer.scores.score.equals(more.scores.score.loc[old])
        assert fewer.scores.contribution.equals(more.scores.contribution.loc[old])
        where = [more.centre.countries.index(iso3) for iso3 in old]
        for before, after in zip(draws_of(fewer), draws_of(more), strict=True):
            np.testing.assert_array_equal(before, after[:, where])


def with_goalposts(pillar: policy.Pillar) -> policy.Pillar:
    """The pillar with every relative scale replaced by stated goalposts."""
    fixed = {"percentile", "z", "minmax"}
    parts = [
        replace(c, scale=made_up.goalposts(-3, 3)) if c.scale.kind in fixed else c for c in pillar.components
    ]
    return replace(pillar, components=tuple(parts))


def draws_of(result: Result) -> list[np.ndarray]:
    """Five draws of everything the policy looks at, in order of name."""
    drawn = measurement_error.ErrorModel(result.cells, result.centre, result.criteria.uncertainty).draw(5)
    then = [drawn.before[q] for q in sorted(drawn.before, key=str)]
    return [drawn.now[i] for i in sorted(drawn.now)] + then


def test_one_more_indicator_changes_no_draw_of_another():
    for seed in range(WORLDS):
        criteria, world = random_round(seed)
        one = judged(criteria, world)
        extra = made_up.gate("extra", made_up.atom("raw.index", "at_least", 0.5, path="extra"))
        past = made_up.gate("past", made_up.atom("low.burden", "below", 0.0, path="p", quantity=CHANGE))
        other = judged(replace(criteria, gates=(extra, past, *criteria.gates)), world)
        drawn = [
            measurement_error.ErrorModel(r.cells, r.centre, r.criteria.uncertainty).draw(5)
            for r in (one, other)
        ]
        for kind in ("now", "before"):
            few, many = (getattr(d, kind) for d in drawn)
            for key in few:
                np.testing.assert_array_equal(few[key], many[key])


CHANGE = Quantity("low.burden", "change_over", 4)


def test_without_measurement_error_every_probability_is_0_or_1():
    """As it is where the error is far smaller than any distance to a threshold."""
    for seed in range(WORLDS):
        criteria, world = random_round(seed, draws=4, complete=True)
        exact = [replace(SHEETS[s], sd_kind="published", sd_factor=0.0) for s in world]
        result = run.judge(criteria, made_up.panel(exact, world), AS_OF)
        for words, shares in (
            (result.screening.gate, result.firmness.p_gate),
            (result.screening.track, result.firmness.p_track),
        ):
            for name in words:
                wanted = words[name].map({"pass": 1.0, "conditional": 1.0, "fail": 0.0, "unknown": math.nan})
                assert wanted.astype(float).equals(shares[name])
        ranked = result.ranking.rank.dropna()
        assert (result.firmness.places.low[ranked.index] == ranked).all()
        assert (result.firmness.places.high[ranked.index] == ranked).all()


def test_a_vanishing_error_decides_as_no_error_does():
    """Thresholds lie between the hundredths that figures are printed at, so nothing is within 1e-9 of one."""
    sheets = [made_up.sheet("a.x", sd=1e-9), made_up.sheet("a.y", sd=1e-9, better="low")]
    for seed in range(WORLDS):
        rng = Random(seed)
        figures = {iso3: {s.id: rng.randrange(101) / 100 for s in sheets} for iso3 in made_up.MANY}
        x = made_up.atom("a.x", "at_least", rng.randrange(100) / 100 + 0.005, path="x")
        y = made_up.atom("a.y", "below", rng.randrange(100) / 100 + 0.005, path="y")
        gates = [
            made_up.gate("both", made_up.group("all", x, y)),
            made_up.gate("one", made_up.group("any", x, y)),
        ]
        result = run.judge(
            made_up.policy(made_up.everyone("a.x"), gates), made_up.snapshot(sheets, figures), made_up.AS_OF
        )
        assert (result.firmness.p_gate == (result.screening.gate == "pass").astype(float)).all(axis=None)


def test_a_later_date_without_new_figures_changes_no_status():
    """Within one calendar year and between two publication days, nothing moves, not even a draw.

    Figures that take nine months or less are out by 1 October, those that take twelve on 1 January.
    """
    for seed in range(WORLDS):
        criteria, world = random_round(seed)
        same_bits(judged(criteria, world, date(2016, 10, 1)), judged(criteria, world, date(2016, 12, 31)))


def test_a_figure_expires_when_the_year_turns():
    """A figure of 2012 is three calendar years old through 2015 and too old on 1 January 2016."""
    world = {"a.x": {"GHA": {2012: 0.7}, "KEN": {2014: 0.7}}}
    criteria = made_up.policy(
        made_up.atom("a.x", "at_least", 0.0, path="pool", missing="fail"),
        [made_up.gate("g", made_up.atom("a.x", "at_least", 0.5, path="g"))],
        max_age=3,
    )
    figures = made_up.panel([made_up.sheet("a.x")], world)
    assert list(run.judge(criteria, figures, date(2015, 12, 31)).screening.status.index) == ["GHA", "KEN"]
    assert list(run.judge(criteria, figures, date(2016, 1, 1)).screening.status.index) == ["KEN"]


# Better figures ---------------------------------------------------------------------------------------------


def positive_node(rng: Random, depth: int = 0):
    """A random tree in which a better figure can only help: no `none`, no test against the better side."""
    if depth < 2 and rng.random() < 0.6:
        of = tuple(positive_node(rng, depth + 1) for _ in range(rng.randint(1, 3)))
        join = rng.choice(("all", "any", "at_least"))
        return made_up.group(join, *of, path=str(rng.random()), n=rng.randint(1, len(of)))
    series = rng.choice(("good.a", "good.b", "bad.c"))
    operator = rng.choice(("at_most", "below") if series == "bad.c" else ("at_least", "above"))
    measure = rng.choice(("level", "level", "change_over"))
    threshold = rng.choice((0.3, 0.5, policy.Reference("pool", 0.5), policy.Reference("peers", 0.25)))
    if measure == "change_over" and threshold in (0.3, 0.5):
        threshold = 0.0
    quantity = Quantity(series, measure, 5 if measure != "level" else 0)
    return made_up.atom(series, operator, threshold, path=str(rng.random()), quantity=quantity)


def positive_score(rng: Random) -> policy.Score:
    """A random score of the same three indicators, each better in its own direction."""
    kinds = (
        made_up.goalposts(0.1, 0.9),
        Scale(percentile="pool"),
        Scale(z="pool"),
        Scale(minmax="pool"),
        Scale(percentile="peers"),
    )
    parts = [
        made_up.component(
            series, rng.choice((0.5, 1.0, 2.0)), rng.choice(kinds), "low" if series == "bad.c" else "high"
        )
        for series in ("good.a", "good.b", "bad.c")
    ]
    powers = (1.0, 0.0, -1.0, 0.5, -math.inf)
    pillars = (made_up.pillar("one", *parts[:2], power=rng.choice(powers)), made_up.pillar("two", parts[2]))
    return policy.Score(rng.choice(powers), pillars, floor=rng.choice((0.0, 0.01)))


def test_a_better_figure_never_lowers_a_score_or_a_verdict():
    """With thresholds that are numbers or the median of others, on scales that are fixed or relative."""
    n = 8
    groups = np.array(["p", "q"] * (n // 2))
    for seed in range(CASES):
        rng = Random(seed)
        node, spec = positive_node(rng), positive_score(rng)
        now = {
            s: np.array([[rng.randrange(21) / 20 for _ in range(n)]]) for s in ("good.a", "good.b", "bad.c")
        }
        changes = {test.quantity for test in walk.tests(node)} - {Quantity(s) for s in now}
        before = {q: np.array([[rng.randrange(21) / 20 for _ in range(n)]]) for q in sorted(changes, key=str)}
        first = measures.Measures(made_up.COUNTRIES[:n], now, before)
        series, who = rng.choice(list(now)), rng.randrange(n)
        better = now[series].copy()
        better[0, who] += (-1 if series == "bad.c" else 1) * rng.randrange(1, 10) / 20
        second = first.having(series, better)
        words = [Judge(m, groups, AS_OF).node(node)[0, who] for m in (first, second)]
        assert words[0] <= words[1]
        scores = [build(spec, m, groups).score[0, who] for m in (first, second)]
        assert scores[0] <= scores[1] + 1e-12


def test_a_better_figure_never_lowers_the_chance_of_passing():
    """Draw by draw: the same errors are added to the better figure."""
    sheets = [made_up.sheet(s, sd=0.1) for s in ("good.a", "good.b")] + [
        made_up.sheet("bad.c", sd=0.1, better="low")
    ]
    for seed in range(WORLDS):
        rng = Random(seed)
        world = {s.id: {c: {2010: rng.random(), 2015: rng.random()} for c in made_up.MANY} for s in sheets}
        series = rng.choice(list(world))
        step = -0.2 if series == "bad.c" else 0.2
        lifted = {
            c: {**h, 2015: min(max(h[2015] + step * rng.random(), 0), 1)} for c, h in world[series].items()
        }
        criteria = made_up.policy(
            made_up.everyone("good.a"), [made_up.gate("g", without_references(positive_node(rng)))],
            uncertainty=policy.Uncertainty(draws=50, seed=seed), max_age=5,
        )  # fmt: skip
        shares = [
            run.judge(criteria, made_up.panel(sheets, w), made_up.AS_OF).firmness.p_gate["g"]
            for w in (world, {**world, series: lifted})
        ]
        assert (shares[0] <= shares[1]).all()


def without_references(node):
    """The tree with the quantiles of others replaced by 0.4: here everyone's figures move at once."""
    if isinstance(node, policy.Test):
        return replace(node, threshold=0.4) if isinstance(node.threshold, policy.Reference) else node
    return replace(node, of=tuple(without_references(part) for part in node.of))


# Weights ----------------------------------------------------------------------------------------------------


def scored(spec: policy.Score, now: dict[str, np.ndarray]) -> np.ndarray:
    """The score of each country from the present figures alone."""
    countries = made_up.COUNTRIES[: next(iter(now.values())).shape[1]]
    return build(spec, measures.Measures(countries, now, {}), np.full(len(countries), "all"))


def weighted(rng: Random) -> tuple[policy.Score, dict[str, np.ndarray]]:
    """A random score on goalposts, and figures of eight countries with some missing."""
    series = [f"x.s{i}" for i in range(6)]
    now = {
        s: np.array([[rng.choice((rng.random(), rng.random(), math.nan)) for _ in range(8)]]) for s in series
    }
    parts = [made_up.component(s, rng.choice((0.3, 1.0, 2.5))) for s in series]
    powers = (1.0, 0.0, -1.0, 0.5, 3.0, -math.inf)
    pillars = [
        made_up.pillar(name, *parts[i : i + 2], weight=rng.choice((0.7, 1.0)), power=rng.choice(powers))
        for name, i in (("p", 0), ("q", 2), ("r", 4))
    ]
    return policy.Score(rng.choice(powers), tuple(pillars), 0.01, rng.choice((0.3, 2 / 3))), now


def test_scaling_all_weights_changes_no_score():
    """Not a bit where the factor is a power of two; at most the last of twelve decimals where it is not."""
    for seed in range(CASES):
        rng = Random(seed)
        spec, now = weighted(rng)
        factor, inner = rng.choice((0.25, 2.0, 3.0, 0.1, 100.0)), rng.choice((0.5, 7.0))
        pillars = [
            replace(
                p,
                weight=p.weight * factor,
                components=tuple(replace(c, weight=c.weight * inner) for c in p.components),
            )
            for p in spec.pillars
        ]
        one, other = scored(spec, now), scored(replace(spec, pillars=tuple(pillars)), now)
        assert np.array_equal(np.isnan(one.score), np.isnan(other.score))
        if factor in (0.25, 2.0) and inner == 0.5:
            assert np.array_equal(one.score, other.score, equal_nan=True)
        np.testing.assert_allclose(other.score, one.score, rtol=0, atol=1.1e-12)


def test_a_weight_of_zero_is_as_good_as_absent():
    """Of an indicator and of a pillar: the same score and coverage, with figures or without."""
    for seed in range(CASES):
        rng = Random(seed)
        spec, now = weighted(rng)
        first, *others = spec.pillars
        idle = replace(first, components=(first.components[0], replace(first.components[1], weight=0.0)))
        alone = replace(first, components=first.components[:1])
        one, other = (scored(replace(spec, pillars=(p, *others)), now) for p in (idle, alone))
        assert np.array_equal(one.score, other.score, equal_nan=True)
        assert np.array_equal(one.coverage, other.coverage)
        unweighted = replace(first, weight=0.0)
        one, other = (scored(replace(spec, pillars=p), now) for p in ((unweighted, *others), tuple(others)))
        assert np.array_equal(one.score, other.score, equal_nan=True)


def test_an_indicator_of_no_weight_brings_nothing():
    """Not even where it is the lowest of a minimum: its contribution is 0."""
    parts = (made_up.component("x.low", 0.0), made_up.component("x.high", 1.0))
    spec = policy.Score(1.0, (made_up.pillar("p", *parts, power=-math.inf),))
    now = {"x.low": np.array([[0.2]]), "x.high": np.array([[0.6]])}
    result = score(spec, measures.Measures(("GHA",), now, {}), np.array([""]))
    assert result.score["GHA"] == 0.6
    assert dict(result.contribution.loc["GHA"]) == {"p.score.x.low": 0.0, "p.score.x.high": 0.6}


# Power means ------------------------------------------------------------------------------------------------

POWERS = st.one_of(st.sampled_from([1.0, 0.0, -1.0, -math.inf, 0.5, 2.0]), st.floats(-8, 8))
PARTS = st.lists(st.tuples(st.floats(0.01, 1), st.floats(0.05, 5)), min_size=1, max_size=6)


def mean(parts, power: float) -> float:
    """The engine's power mean of (value, weight) pairs."""
    values, weights = zip(*parts, strict=True)
    return float(power_mean([np.array(x) for x in values], weights, power))


@thorough
@given(PARTS, POWERS, st.integers(0, 5), st.floats(0, 0.5))
def test_power_means_are_monotone(parts, power, which, step):
    """Raising one value never lowers the mean."""
    i = which % len(parts)
    raised = [(x + step, w) if j == i else (x, w) for j, (x, w) in enumerate(parts)]
    assert mean(parts, power) <= mean(raised, power) + 1e-12


@thorough
@given(st.floats(0.01, 1), st.lists(st.floats(0.05, 5), min_size=1, max_size=6), POWERS)
def test_power_means_are_idempotent(value, weights, power):
    """The mean of equal values is that value."""
    assert mean([(value, w) for w in weights], power) == pytest.approx(value, rel=1e-9)


@thorough
@given(PARTS, POWERS)
def test_power_means_lie_between_the_lowest_and_the_highest(parts, power):
    values = [x for x, _ in parts]
    assert min(values) - 1e-9 <= mean(parts, power) <= max(values) + 1e-9


@thorough
@given(PARTS, POWERS, POWERS)
def test_power_means_grow_with_the_power(parts, one, other):
    low, high = sorted((one, other))
    assert mean(parts, low) <= mean(parts, high) + 1e-9


@thorough
@given(PARTS, POWERS, st.floats(0.01, 10))
def test_power_means_are_homogeneous(parts, power, factor):
    """Values in other units give the mean in those units."""
    scaled_parts = [(x * factor, w) for x, w in parts]
    assert mean(scaled_parts, power) == pytest.approx(factor * mean(parts, power), rel=1e-9)


@thorough
@given(PARTS, st.sampled_from([1e-9, -1e-9, 1e-7, -1e-12]))
def test_power_means_approach_the_geometric_mean(parts, power):
    """There is no jump at power 0: the difference is of the order of the power."""
    assert abs(mean(parts, power) - mean(parts, 0.0)) < max(1e-8, 10 * abs(power))


@thorough
@given(PARTS, POWERS, st.randoms(use_true_random=False))
def test_power_means_do_not_depend_on_the_order(parts, power, random):
    mixed = parts[:]
    random.shuffle(mixed)
    assert mean(mixed, power) == pytest.approx(mean(parts, power), rel=1e-12)


# Published figures ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [0.1, 0.3, 0.7, 7.0])
@pytest.mark.parametrize("n", range(2, 13))
def test_equal_values_stand_in_the_middle_of_a_standard_score(value, n):
    """The mean of 0.1, 0.1 and 0.1 is not 0.1 in floating point; their standard score is still none."""
    assert scales.z(np.full((2, n), value)).tolist() == [[0.5] * n] * 2


@pytest.mark.parametrize("x, expected", [(1, 0.1), (11, 1.0), (-1, 0.0)])
def test_goalposts_are_those_of_coinr(x, expected):
    """COINr's own tests: goalposts 0 and 10, held at both ends; turned round for an indicator better low."""
    values, peers = np.array([[float(x)]]), np.array([""])
    assert scales.normalise(values, made_up.goalposts(0, 10), "high", peers)[0, 0] == pytest.approx(expected)
    assert scales.normalise(values, made_up.goalposts(0, 10), "low", peers)[0, 0] == pytest.approx(
        1 - expected
    )


@pytest.mark.parametrize(
    "values, weights, power, expected",
    [
        ((1, 2, 3), (1, 1, 1), 0.0, 6 ** (1 / 3)),
        ((1, 2, 3), (1, 1, 2), 0.0, 18 ** (1 / 4)),
        ((1, 2, 3), (2, 1, 1), -1.0, 4 / (2 + 1 / 2 + 1 / 3)),
        ((1, 2, 3), (1, 1, 1), 1.0, 2.0),
    ],
)
def test_means_are_those_of_coinr(values, weights, power, expected):
    """COINr's a_gmean, a_hmean and a_genmean."""
    assert mean(list(zip(map(float, values), map(float, weights), strict=True)), power) == pytest.approx(
        expected, abs=1e-15
    )


@pytest.mark.parametrize(
    "points, x, expected",
    [
        (((50, 1), (75, 0.8), (90, 0.5), (100, 0)), (60, 75, 10, 40, 101, 120), (0.92, 0.8, 1, 1, 0, 0)),
        (((-0.15, 0), (0, 0.1), (0.25, 0.9), (0.35, 1)), (0.1,), (0.42,)),
    ],
)
def test_piecewise_scales_are_those_of_rsmaa(points, x, expected):
    """rsmaa's partial value functions, held level outside their ends."""
    scale = Scale(piecewise=tuple((float(a), float(b)) for a, b in points))
    got = scales.normalise(np.array([x], dtype=float), scale, "high", np.full(len(x), ""))
    np.testing.assert_allclose(got[0], expected, atol=1e-12)


@pytest.mark.parametrize(
    "ends, x, better, expected",
    [((0, 10), (0, 5, 11), "high", (0, 0.5, 1)), ((0, 10), (-1, 1, 10), "low", (1, 0.9, 0))],
)
def test_goalposts_at_nothing_and_a_target_are_its_capped_distance(ends, x, better, expected):
    """COINr's n_dist2targ with its cap; beyond the target is no better than at it (decision 030)."""
    got = scales.normalise(
        np.array([x], dtype=float), Scale(goalposts=tuple(map(float, ends))), better, np.full(3, "")
    )
    np.testing.assert_allclose(got[0], expected, atol=1e-12)


def test_relative_scales_are_those_their_names_say():
    """Of 0, 1, 1, 2 and nothing: shares of the others below, with ties half; share of the way; standard scores."""
    x, peers = np.array([[0.0, 1.0, 1.0, 2.0, math.nan]]), np.full(5, "all")
    got = {
        kind: scales.normalise(x, Scale(**{kind: "pool"}), "high", peers)[0]
        for kind in ("percentile", "minmax", "z")
    }
    np.testing.assert_allclose(got["percentile"], [0, 0.5, 0.5, 1, math.nan], atol=1e-12)
    np.testing.assert_allclose(got["minmax"], [0, 0.5, 0.5, 1, math.nan], atol=1e-12)
    one = math.sqrt(2) / 6  # two standard deviations of 1 / sqrt(2) lie between 0 and 2
    np.testing.assert_allclose(got["z"], [0.5 - one, 0.5, 0.5, 0.5 + one, math.nan], atol=1e-12)


def test_a_standard_score_beyond_three_is_held_at_the_end():
    """One country against 35 alike stands at 5.9 standard deviations."""
    x, peers = np.array([[1.0] + 35 * [0.0]]), np.full(36, "all")
    assert scales.normalise(x, Scale(z="pool"), "high", peers)[0, 0] == 1.0
    assert scales.normalise(x, Scale(z="pool"), "low", peers)[0, 0] == 0.0


HDI = policy.Score(
    0.0,
    (
        made_up.pillar("health", made_up.component("undp.life_expectancy", scale=made_up.goalposts(20, 85))),
        made_up.pillar(
            "education",
            made_up.component("undp.expected_schooling", scale=made_up.goalposts(0, 18)),
            made_up.component("undp.mean_schooling", scale=made_up.goalposts(0, 15)),
        ),
        made_up.pillar(
            "income", made_up.component("undp.gni_ppp", scale=made_up.goalposts(100, 75_000, log=True))
        ),
    ),
    coverage=1.0,
)


def test_every_published_value_of_the_human_development_index_is_reproduced():
    """5,808 values from 1990 to 2022 at the three decimals UNDP prints, all through the engine's score.

    Life expectancy from 20 to 85, expected schooling to 18 years and mean schooling to 15, income per head
    from 100 to 75,000 dollars in logarithms; the three dimensions' geometric mean.
    """
    table = sources.table(sources.sheet(shipped("datasets") / "undp-hdr2023-24"))
    figures = {f"undp.{name}": table[name].unstack("year") for name in table if name != "hdi"}
    published = table["hdi"].unstack("year")
    now = {series: frame.to_numpy().T for series, frame in figures.items()}
    compared = 0
    for row, year in enumerate(published.columns):
        own = {series: values[row : row + 1] for series, values in now.items()}
        countries = tuple(published.index)
        result = build(HDI, measures.Measures(countries, own, {}), np.full(len(countries), "all")).score[0]
        both = published[year].notna().to_numpy() & ~np.isnan(result)
        assert list(np.round(result[both], 3)) == list(published[year][both]), year
        compared += both.sum()
    assert compared == 5_808
