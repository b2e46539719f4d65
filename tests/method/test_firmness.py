"""The probabilities are those of the textbook: closed forms, calibration, and streams that stay put."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random
from statistics import NormalDist

import made_up
import numpy as np
import pytest

from eligibility.method import firmness, measurement_error, measures, run
from eligibility.method.result import Result
from eligibility.policy import model as policy
from eligibility.policy.model import Quantity, Reference, Uncertainty

DRAWS = 20_000
NORMAL = NormalDist()
WIDE = {"lo": -100.0, "hi": 100.0}  # a range that no draw is held to


def three_errors(p: float, draws: int = DRAWS) -> float:
    """Three standard errors of a share that is counted in so many draws."""
    return 3 * math.sqrt(p * (1 - p) / draws)


def noisy(sheets, figures, gates, peers=(), score=None, **uncertainty) -> Result:
    """A run of a policy with these gates on figures of one year."""
    noise = Uncertainty(**{"draws": DRAWS, "seed": 7, **uncertainty})
    criteria = made_up.policy(made_up.everyone(sheets[0].id), gates, score, peers=peers, uncertainty=noise)
    return run.judge(criteria, made_up.snapshot(sheets, figures), made_up.AS_OF)


def drawn(result: Result, draws: int = DRAWS) -> measures.Measures:
    """The first joint draws of everything a run's policy looks at."""
    return measurement_error.ErrorModel(result.cells, result.centre, result.criteria.uncertainty).draw(draws)


# Closed forms -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("operator, side", [("at_least", 1), ("above", 1), ("at_most", -1), ("below", -1)])
def test_one_comparison_passes_with_the_normal_probability(operator, side):
    """P(x >= c) = Phi((x - c) / sd): twelve countries from two standard deviations below to two above."""
    sd, threshold = 0.1, 0.5
    distances = [i / 11 * 4 - 2 for i in range(12)]
    figures = {c: {"a.x": threshold + z * sd} for c, z in zip(made_up.COUNTRIES, distances, strict=True)}
    gate = made_up.gate("g", made_up.atom("a.x", operator, threshold))
    shares = noisy([made_up.sheet("a.x", sd=sd, **WIDE)], figures, [gate]).firmness.p_gate["g"]
    for iso3, z in zip(made_up.COUNTRIES, distances, strict=True):
        expected = NORMAL.cdf(side * z)
        assert abs(shares[iso3] - expected) < three_errors(expected), iso3


@pytest.mark.parametrize("correlation, both", [(0.0, 0.4781), (0.5, 0.5462), (0.8, 0.6015)])
def test_two_comparisons_pass_together_as_two_correlated_normals_do(correlation, both):
    """Each is half a standard deviation above its threshold; the product of the two would be right only at 0."""
    sheets = [made_up.sheet("a.x", sd=0.1, **WIDE), made_up.sheet("a.y", sd=0.2, **WIDE)]
    figures = {c: {"a.x": 0.55, "a.y": 0.6} for c in made_up.COUNTRIES}
    x, y = (made_up.atom(s.id, "at_least", 0.5, path=s.id) for s in sheets)
    result = noisy(sheets, figures, [made_up.gate("g", made_up.group("all", x, y))], correlation=correlation)
    shares = result.firmness.p_gate["g"]
    assert (abs(shares - both) < three_errors(both) + 5e-5).all()  # the figures are printed at four decimals
    assert abs(shares.mean() - both) < three_errors(both, DRAWS * len(shares)) + 5e-5


def test_an_indicator_that_is_better_low_errs_the_other_way():
    """What is shared is how favourable the sources are: both indicators look good, or both bad."""
    sheets = [made_up.sheet("a.x", sd=0.1, **WIDE), made_up.sheet("a.y", sd=0.1, better="low", **WIDE)]
    x, y = made_up.atom("a.x", "at_least", 0.5, path="x"), made_up.atom("a.y", "at_most", 0.5, path="y")
    figures = {c: {"a.x": 0.55, "a.y": 0.45} for c in made_up.COUNTRIES}
    shares = noisy(
        sheets, figures, [made_up.gate("g", made_up.group("all", x, y))], correlation=0.8
    ).firmness.p_gate["g"]
    assert abs(shares.mean() - 0.6015) < three_errors(0.6015, DRAWS * len(shares)) + 5e-5


@pytest.mark.parametrize("persistence", [0.0, 0.7, 0.95])
def test_a_change_has_the_variance_of_two_correlated_errors(persistence):
    """Var(now - then) = 2 sd^2 (1 - persistence^years)."""
    sd, change = 0.1, Quantity("a.x", "change_over", 5)
    world = {"a.x": {c: {2010: 0.4, 2015: 0.5} for c in made_up.COUNTRIES}}
    gate = made_up.gate("g", made_up.atom("a.x", "at_least", 0.1, quantity=change))
    noise = Uncertainty(draws=2, persistence=persistence)
    criteria = made_up.policy(made_up.everyone("a.x"), [gate], uncertainty=noise)
    result = run.judge(criteria, made_up.panel([made_up.sheet("a.x", sd=sd, **WIDE)], world), made_up.AS_OF)
    changes = drawn(result).of(change)
    expected = 2 * sd**2 * (1 - persistence**5)
    assert changes.var() == pytest.approx(expected, rel=3 * math.sqrt(2 / changes.size))
    assert changes.mean() == pytest.approx(0.1, abs=3 * math.sqrt(expected / changes.size))


def test_correlations_between_indicators_and_countries_are_the_stated_ones():
    """0.5 within a country, none between countries."""
    sheets = [made_up.sheet("a.x", sd=1.0, **WIDE), made_up.sheet("a.y", sd=1.0, **WIDE)]
    figures = {c: {"a.x": 0.0, "a.y": 0.0} for c in ("GHA", "KEN")}
    both = made_up.group("all", *(made_up.atom(s.id, "at_least", 0.0, path=s.id) for s in sheets))
    now = drawn(noisy(sheets, figures, [made_up.gate("g", both)], correlation=0.5, draws=2)).now
    # x of Ghana, x of Kenya, y of Ghana, y of Kenya
    table = np.corrcoef(np.vstack([now["a.x"].T, now["a.y"].T]))
    expected = [[1, 0, 0.5, 0], [0, 1, 0, 0.5], [0.5, 0, 1, 0], [0, 0.5, 0, 1]]
    np.testing.assert_allclose(table, expected, atol=3 / math.sqrt(DRAWS))


def test_draws_stay_within_the_declared_range():
    """An index from 0 to 1 is never drawn at 1.1: the mass beyond an end lies on it."""
    sheet = made_up.sheet("a.x", sd=0.1)
    gate = made_up.gate("g", made_up.atom("a.x", "at_least", 1.0))
    result = noisy([sheet], {"GHA": {"a.x": 0.95}}, [gate])
    values = drawn(result).now["a.x"]
    assert (values.min(), values.max()) >= (0, 1)
    assert values.max() == 1.0
    assert result.firmness.p_gate.at["GHA", "g"] == pytest.approx(NORMAL.cdf(-0.5), abs=three_errors(0.31))


# Thresholds that are others' medians ------------------------------------------------------------------------


def test_a_median_moves_with_every_draw():
    """Of three countries that are alike and a median of their own, each is at or above it in two draws of three."""
    figures = {c: {"a.x": 0.5} for c in ("GHA", "KEN", "MWI")}
    gate = made_up.gate("g", made_up.atom("a.x", "at_least", Reference("peers", 0.5)))
    shares = noisy(
        [made_up.sheet("a.x", sd=0.1, **WIDE)], figures, [gate], [made_up.otherwise()]
    ).firmness.p_gate["g"]
    assert (abs(shares - 2 / 3) < three_errors(2 / 3)).all()


def test_who_has_only_itself_as_a_peer_is_always_at_the_median():
    """No rounding may put a figure below itself."""
    gate = made_up.gate("g", made_up.atom("a.x", "at_least", Reference("peers", 0.5)))
    sheet = made_up.sheet("a.x", sd=0.1, **WIDE)
    result = noisy([sheet], {"GHA": {"a.x": 1 / 3}}, [gate], [made_up.otherwise()])
    assert result.screening.gate.at["GHA", "g"] == "pass"
    assert result.firmness.p_gate.at["GHA", "g"] == 1.0


def test_a_median_that_moves_is_less_certain_than_one_that_stands():
    """Against two others of the same error, the distance to their middle errs by more than one's own error."""
    sd = 0.1
    figures = {"GHA": {"a.x": 0.6}, "KEN": {"a.x": 0.5}, "MWI": {"a.x": 0.4}}
    median = made_up.gate("moves", made_up.atom("a.x", "at_least", Reference("peers", 0.5), path="m"))
    number = made_up.gate("stands", made_up.atom("a.x", "at_least", 0.5, path="n"))
    shares = noisy(
        [made_up.sheet("a.x", sd=sd, **WIDE)], figures, [median, number], [made_up.otherwise()]
    ).firmness.p_gate.loc["GHA"]  # fmt: skip
    assert shares["stands"] == pytest.approx(NORMAL.cdf(1), abs=three_errors(0.84))
    # Ghana is at the median of three or above unless both others are above it
    rng = np.random.default_rng(1)
    others = rng.normal([[0.6], [0.5], [0.4]], sd, (3, 400_000))
    assert shares["moves"] == pytest.approx(
        1 - (others[1:] > others[0]).all(axis=0).mean(), abs=three_errors(0.9) + 0.001
    )


# Calibration ------------------------------------------------------------------------------------------------


def test_a_probability_of_seven_in_ten_comes_true_seven_times_in_ten():
    """Truth drawn evenly over a range much wider than the error, and observed with it.

    In every tenth of the probabilities their mean and the share of truths that pass differ by less than 0.02.
    """
    sd, threshold, n = 0.1, 0.5, 100_000
    rng = np.random.default_rng(2016)
    truth = rng.uniform(threshold - 5 * sd, threshold + 5 * sd, n)
    observed = truth + rng.normal(0, sd, n)
    edge = np.abs(observed - threshold) < 4 * sd  # away from the ends, where the prior is not flat
    grid = np.round(np.clip((observed - threshold) / sd, -4, 4) * 50).astype(int)  # fiftieths of an sd
    steps = np.unique(grid[edge])
    p = dict(
        zip(steps.tolist(), engine_probabilities(steps / 50 * sd + threshold, sd, threshold), strict=True)
    )
    said = np.array([p[step] for step in grid[edge]])
    came_true = truth[edge] >= threshold
    for tenth in range(10):
        inside = (said >= tenth / 10) & (said < (tenth + 1) / 10 + (tenth == 9))
        assert inside.sum() > 1_000
        assert abs(said[inside].mean() - came_true[inside].mean()) < 0.02, tenth


def engine_probabilities(values: np.ndarray, sd: float, threshold: float) -> list[float]:
    """The engine's chance of being at or above the threshold for each observed value, a country each."""
    codes = [f"Q{i:03}" for i in range(len(values))]
    figures = {code: {"a.x": float(value)} for code, value in zip(codes, values, strict=True)}
    gate = made_up.gate("g", made_up.atom("a.x", "at_least", threshold))
    result = noisy([made_up.sheet("a.x", sd=sd, **WIDE)], figures, [gate], draws=4_000)
    return [result.firmness.p_gate.at[code, "g"] for code in codes]


# Ranks ------------------------------------------------------------------------------------------------------


def test_two_alike_countries_share_the_first_place_evenly():
    """Of two equal scores each is first in half of the draws; a third far below never is."""
    sheets = [made_up.sheet("a.x", sd=0.05)]
    figures = {"GHA": {"a.x": 0.6}, "KEN": {"a.x": 0.6}, "MWI": {"a.x": 0.1}}
    gate = made_up.gate("g", made_up.atom("a.x", "at_least", 0.0))
    score = policy.Score(1.0, (made_up.pillar("p", made_up.component("a.x")),))
    firm = noisy(sheets, figures, [gate], score=score).firmness
    counts = firm.places.counts
    assert counts.sum(axis=1).tolist() == [DRAWS] * 3
    assert abs(counts.at["GHA", 1] / DRAWS - 0.5) < three_errors(0.5)
    assert counts.loc["MWI"].tolist() == [0, 0, DRAWS]
    assert (firm.places.low["GHA"], firm.places.high["GHA"], firm.places.median["MWI"]) == (1, 2, 3)


def test_the_ends_of_a_rank_interval_are_the_twentieths_of_the_draws():
    """rank_low is the smallest rank that at least 5 % of the ranked draws do not exceed; rank_high that of 95 %."""
    sheets = [made_up.sheet("a.x", sd=0.1, **WIDE)]
    rng = Random(3)
    figures = {c: {"a.x": round(rng.random(), 2)} for c in made_up.COUNTRIES}
    gate = made_up.gate("g", made_up.atom("a.x", "at_least", 0.3))
    score = policy.Score(1.0, (made_up.pillar("p", made_up.component("a.x")),))
    result = noisy(sheets, figures, [gate], score=score)
    firm = result.firmness
    for iso3, now in result.ranking.rank.dropna().items():
        places = [rank for rank, times in firm.places.counts.loc[iso3].items() for _ in range(times)]
        low, high = places[math.ceil(0.05 * len(places)) - 1], places[math.ceil(0.95 * len(places)) - 1]
        assert (firm.places.low[iso3], firm.places.high[iso3]) == (min(low, now), max(high, now))
        assert firm.places.p_top[iso3] == sum(place <= result.criteria.shortlist for place in places) / DRAWS
        assert firm.p_eligible[iso3] == len(places) / DRAWS
    assert firm.places.low[result.ranking.rank.isna()].isna().all()


def test_each_test_and_each_verdict_has_its_share_on_condition_or_not():
    """0.6 is one error above 0.5: P = 0.841; a pass on condition counts as one, for the gate and for who qualifies."""
    test = made_up.atom("a.x", "at_least", 0.5, path="half", grants="conditional")
    sure = made_up.atom("a.x", "at_least", -50.0, path="sure")
    gate = made_up.gate("g", made_up.group("all", test, sure))
    firm = noisy([made_up.sheet("a.x", sd=0.1, **WIDE)], {"GHA": {"a.x": 0.6}}, [gate]).firmness
    assert firm.p_test.loc["GHA"].to_dict() == {"half": firm.p_gate.at["GHA", "g"], "sure": 1.0}
    assert firm.p_qualified["GHA"] == firm.p_eligible["GHA"] == firm.p_test.at["GHA", "half"]
    assert firm.p_eligible["GHA"] == pytest.approx(NORMAL.cdf(1), abs=three_errors(0.84))


def test_draws_are_kept_for_a_list_of_those_scored_and_for_nothing_else():
    gate = made_up.gate("g", made_up.atom("a.x", "at_least", 0.5))
    score = policy.Score(1.0, (made_up.pillar("p", made_up.component("a.x")),))
    figures = made_up.snapshot([made_up.sheet("a.x", sd=0.1)], {"GHA": {"a.x": 0.8}})
    for size, own in ((0, score), (3, None), (3, score)):
        criteria = made_up.policy(made_up.everyone("a.x"), [gate], own, shortlist=size)
        kept = run.judge(criteria, figures, made_up.AS_OF).firmness.kept
        assert (kept is not None) == bool(size and own)


def test_percentiles_of_thousands_are_those_of_each_alone():
    """More than a thousand rows are taken in pieces."""
    counts = np.random.default_rng(4).integers(0, 3, (2_500, 6))
    each = np.concatenate([firmness._percentile(row[None, :], 0.5) for row in counts])
    assert np.array_equal(firmness._percentile(counts, 0.5), each, equal_nan=True)


# Streams ----------------------------------------------------------------------------------------------------


def busy(seed: int = 7, draws: int = 2_500) -> policy.Criteria:
    """A policy with levels, changes and peaks of two uncertain indicators, and a class that follows one."""
    change, peak = Quantity("a.x", "change_over", 5), Quantity("a.x", "change_from_peak", 10)
    gates = [
        made_up.gate("level", made_up.atom("a.x", "at_least", Reference("pool", 0.5), path="level")),
        made_up.gate("class", made_up.atom("a.class", "at_least", 1.0, path="class")),
        made_up.gate("change", made_up.atom("a.x", "at_most", 0.05, path="change", quantity=change)),
        made_up.gate("peak", made_up.atom("a.x", "at_most", -0.01, path="peak", quantity=peak)),
        made_up.gate("other", made_up.atom("a.y", "below", 0.6, path="other")),
    ]
    score = policy.Score(
        0.0, (made_up.pillar("p", made_up.component("a.x"), made_up.component("a.y", better="low")),), 0.01
    )
    noise = Uncertainty(draws=draws, seed=seed)
    return made_up.policy(made_up.everyone("a.x"), gates, score, max_age=20, uncertainty=noise)


def busy_panel():
    """Random histories of twelve countries for `busy`."""
    rng = Random(11)
    sheets = [
        made_up.sheet("a.x", sd=0.05), made_up.sheet("a.y", sd=0.1, better="low"),
        made_up.sheet("a.class", hi=3.0, classes={0: "no", 1: "yes"}, follows="a.x", cut=0.5, between=(0, 1)),
    ]  # fmt: skip
    world = {
        s.id: {c: {y: round(rng.random(), 3) for y in range(2003, 2016)} for c in made_up.COUNTRIES}
        for s in sheets
    }
    world["a.class"] = {c: {2015: float(world["a.x"][c][2015] > 0.5)} for c in made_up.COUNTRIES}
    return made_up.panel(sheets, world)


def bits(firm: firmness.Firmness) -> list:
    """Every number of a Firmness."""
    places = ("low", "median", "high", "p_top", "counts")
    frames = [getattr(firm, name) for name in ("p_gate", "p_track", "p_test", "p_eligible")]
    frames += [getattr(each, name) for each in (firm.places, firm.stated) for name in places]
    return [frame.to_numpy().tolist().__repr__() for frame in frames]


@pytest.mark.parametrize("batch", [1, 7, 999, 2_500])
def test_the_size_of_batches_changes_nothing(monkeypatch, batch):
    """Streams go on where the last batch ended, for every indicator, its past and what countries share."""
    usual = bits(run.judge(busy(), busy_panel(), made_up.AS_OF).firmness)
    draws = 2_500 if batch > 1 else 40
    monkeypatch.setattr(firmness, "BATCH", 1_000)
    whole = bits(run.judge(busy(draws=draws), busy_panel(), made_up.AS_OF).firmness) if batch == 1 else usual
    monkeypatch.setattr(firmness, "BATCH", batch)
    assert bits(run.judge(busy(draws=draws), busy_panel(), made_up.AS_OF).firmness) == whole


def test_ten_thousand_draws_are_the_same_in_one_go(monkeypatch):
    """As many batches as it takes, or one."""
    usual = bits(run.judge(busy(draws=10_000), busy_panel(), made_up.AS_OF).firmness)
    monkeypatch.setattr(firmness, "BATCH", 10_000)
    assert bits(run.judge(busy(draws=10_000), busy_panel(), made_up.AS_OF).firmness) == usual


def test_the_seed_and_nothing_else_decides_the_draws():
    """The same seed gives the same numbers, another seed others."""
    one, again, other = (
        bits(run.judge(busy(seed), busy_panel(), made_up.AS_OF).firmness) for seed in (7, 7, 8)
    )
    assert one == again
    assert one != other


def test_a_class_changes_where_the_index_it_follows_crosses_its_cut():
    """The regime of a country whose index stands at the cut is either in half of the draws, never in between."""
    sheets = [
        made_up.sheet("a.x", sd=0.1, **WIDE),
        made_up.sheet(
            "a.class", hi=3.0, classes={0: "no", 1: "yes", 2: "more"}, follows="a.x", cut=0.5, between=(0, 1)
        ),
    ]
    figures = {
        "GHA": {"a.x": 0.6, "a.class": 1.0},  # falls where x is drawn at 0.5 or below
        "KEN": {"a.x": 0.4, "a.class": 0.0},  # rises where it is drawn above
        "MWI": {"a.x": 0.9, "a.class": 0.0},  # something else than the index decided: stays
    }
    in_class = made_up.atom("a.class", "at_least", 1.0, path="c")
    above = made_up.atom("a.x", "above", 0.5, path="x")
    result = noisy(sheets, figures, [made_up.gate("class", in_class), made_up.gate("index", above)])
    shares = result.firmness.p_gate
    assert shares.loc["GHA", "class"] == shares.loc["GHA", "index"] == pytest.approx(NORMAL.cdf(1), abs=0.01)
    assert shares.loc["KEN", "class"] == shares.loc["KEN", "index"] == pytest.approx(NORMAL.cdf(-1), abs=0.01)
    assert shares.loc["MWI", "class"] == 0.0
    assert set(np.unique(drawn(result).now["a.class"])) == {0.0, 1.0}


def test_a_class_carried_from_an_earlier_year_stays_a_class():
    """Ghana's class is a year old: it passes in every draw as it does on the published figures."""
    classes = {0: "L", 1: "LM", 2: "UM"}
    sheets = [made_up.sheet("a.class", hi=3.0, classes=classes, sd_kind="published")]
    sheets = [replace(sheets[0], sd_factor=0.0)]  # known without error
    world = {"a.class": {"GHA": {2013: 0.0, 2014: 1.0}, "KEN": {2014: 0.0, 2015: 1.0}}}
    gate = made_up.gate("g", made_up.atom("a.class", "in", (0.0, 1.0)))
    result = run.judge(
        made_up.policy(made_up.everyone("a.class"), [gate]), made_up.panel(sheets, world), made_up.AS_OF
    )
    assert result.cells.mark.at["GHA", "a.class"] == "carried"
    assert result.firmness.p_gate["g"].to_dict() == {"GHA": 1.0, "KEN": 1.0}


def test_a_figure_carried_from_earlier_years_errs_more():
    """sqrt(sd^2 + h * sd_1y^2): two years old or one, with yearly changes of 0.03."""
    sheet = made_up.sheet("a.x", sd=0.05, lag_months=6)
    world = {"a.x": {"GHA": {2013: 0.5}, "KEN": {2013: 0.4, 2014: 0.43, 2015: 0.4}, "MWI": {2014: 0.6}}}
    gate = made_up.gate("g", made_up.atom("a.x", "at_least", 0.0))
    result = run.judge(
        made_up.policy(made_up.everyone("a.x"), [gate]), made_up.panel([sheet], world), made_up.AS_OF
    )
    assert result.cells.sd["a.x"].to_dict() == {
        "GHA": pytest.approx(math.sqrt(0.05**2 + 2 * 0.03**2)),
        "KEN": 0.05,
        "MWI": pytest.approx(math.sqrt(0.05**2 + 0.03**2)),
    }


def test_an_exact_figure_carried_on_is_no_longer_exact():
    """Its error is the usual change of a year, and it is said to be modelled."""
    world = {"a.x": {"GHA": {2014: 0.5}, "KEN": {2014: 0.4, 2015: 0.43}}}
    gate = made_up.gate("g", made_up.atom("a.x", "at_least", 0.0))
    figures = made_up.panel([made_up.sheet("a.x")], world)
    cells = run.judge(made_up.policy(made_up.everyone("a.x"), [gate]), figures, made_up.AS_OF).cells
    assert cells.sd["a.x"].to_dict() == {"GHA": pytest.approx(0.03), "KEN": 0.0}
    assert cells.sd_kind["a.x"].to_dict() == {"GHA": "modelled", "KEN": "none"}
    assert cells.age["a.x"].to_dict() == {"GHA": 2, "KEN": 1}


def test_the_half_width_of_a_printed_probability_is_that_of_the_draws():
    """At most 0.98 over the root of their number: 0.0098 for ten thousand."""
    gate = made_up.gate("g", made_up.atom("a.x", "at_least", 0.5))
    firm = noisy([made_up.sheet("a.x")], {"GHA": {"a.x": 0.8}}, [gate], draws=10_000).firmness
    assert firm.half_width == pytest.approx(0.0098)


def test_what_cannot_be_judged_has_no_probability():
    """A gate whose figure is missing, and the status of a country that depends on it."""
    sheets = [made_up.sheet("a.x", sd=0.1), made_up.sheet("a.y", sd=0.1)]
    figures = {"GHA": {"a.x": 0.5}, "KEN": {"a.x": 0.5, "a.y": 0.9}}
    gates = [made_up.gate("g", made_up.atom("a.y", "at_least", 0.1))]
    firm = noisy(sheets, figures, gates).firmness
    assert math.isnan(firm.p_gate.at["GHA", "g"])
    assert math.isnan(firm.p_eligible["GHA"])
    assert firm.p_eligible["KEN"] == 1.0


def test_what_is_not_held_leaves_a_range_of_chances_to_whoever_only_just_fails():
    """Short by one error: the figure passes in a sixth of the draws, and what is not held decides these."""
    sheets = [made_up.sheet("a.x", sd=0.1), made_up.sheet("a.y", sd=0.1)]
    figures = {"GHA": {"a.x": 0.4}, "KEN": {"a.x": 0.4, "a.y": 0.9}, "MLI": {"a.x": 0.6}}
    gates = [
        made_up.gate("g", made_up.atom("a.x", "at_least", 0.5)),
        made_up.gate("h", made_up.atom("a.y", "at_least", 0.1)),
    ]
    result = noisy(sheets, figures, gates)
    firm, sixth = result.firmness, pytest.approx(0.1587, abs=0.02)
    assert (firm.p_eligible["GHA"], firm.p_most["GHA"]) == (0.0, sixth)
    assert firm.p_eligible["KEN"] == firm.p_most["KEN"] == sixth
    assert math.isnan(firm.p_eligible["MLI"]) and firm.p_most["MLI"] == pytest.approx(0.8413, abs=0.02)
    doubt = replace(result.criteria.uncertainty, near_miss=0.1)
    assert set(replace(result, criteria=replace(result.criteria, uncertainty=doubt)).near_misses) == {
        "GHA",
        "KEN",
    }


def test_an_assumed_error_in_the_policy_stands_before_the_publishers():
    """`uncertainty.assumed_sd` names an indicator and its standard deviation."""
    gate = made_up.gate("g", made_up.atom("a.x", "at_least", 0.5))
    criteria = made_up.policy(made_up.everyone("a.x"), [gate], uncertainty=Uncertainty(draws=DRAWS))
    figures = made_up.snapshot([made_up.sheet("a.x", sd=0.01, **WIDE)], {"GHA": {"a.x": 0.6}})
    assumed = replace(criteria, uncertainty=replace(criteria.uncertainty, assumed_sd=(("a.x", 0.2),)))
    shares = [
        run.judge(c, figures, made_up.AS_OF).firmness.p_gate.at["GHA", "g"] for c in (criteria, assumed)
    ]
    assert shares == [1.0, pytest.approx(NORMAL.cdf(0.5), abs=three_errors(0.7))]
