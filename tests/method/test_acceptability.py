"""Rank acceptability, pairwise wins, central weights and confidence sets against closed forms and brute force."""

from __future__ import annotations

import made_up
import numpy as np
import pandas as pd
import pytest

from eligibility.method import acceptability, run
from eligibility.method.firmness import misclassified
from eligibility.method.result import Result
from eligibility.policy.model import Choices, Score, Uncertainty, Weights

DRAWS = 20_000


def smaa(a: tuple[float, float], b: tuple[float, float], top: float = 1.0) -> Result:
    """Two countries on two criteria, any weights, through the whole engine; errors too small to matter."""
    sheets = [made_up.sheet(f"a.{k}", sd=1e-9, lo=-10.0, hi=10.0) for k in "xy"]
    pillars = tuple(
        made_up.pillar(k, made_up.component(f"a.{k}", scale=made_up.goalposts(0, top))) for k in "xy"
    )
    noise = Uncertainty(draws=DRAWS, seed=11, choices=Choices(weights=Weights(simplex=True)))
    policy = made_up.policy(made_up.everyone("a.x"), (), Score(1.0, pillars), uncertainty=noise, shortlist=1)
    rows = {c: dict(zip(("a.x", "a.y"), x, strict=True)) for c, x in (("ALB", a), ("BEN", b))}
    return run.judge(policy, made_up.snapshot(sheets, rows), made_up.AS_OF)


@pytest.mark.parametrize("t, first, central", [(0.5, 2 / 3, 2 / 3), (3.0, 0.25, 0.875)])
def test_two_alternatives_have_their_closed_form(t, first, central):
    """a = (1, 0), b = (0, t): P(a first) = 1 / (1 + t); its central weight (t / (1 + t) + 1) / 2."""
    result = smaa((1.0, 0.0), (0.0, t), max(1.0, t))
    counts, off = result.firmness.places.counts, 4 * (first * (1 - first) / DRAWS) ** 0.5
    assert counts.at["ALB", 1] / DRAWS == pytest.approx(first, abs=off)
    assert counts.loc["ALB"].sum() == DRAWS
    assert result.firmness.sample.winning.at["ALB", "BEN"] == pytest.approx(first, abs=off)
    weights = result.firmness.sample.central(1)
    assert weights.at["ALB", "x"] == pytest.approx(central, abs=0.005)
    assert weights.sum(axis=1).tolist() == pytest.approx([1, 1])


def test_the_dominant_is_always_first_and_the_dominated_has_no_weights():
    result = smaa((0.9, 0.8), (0.5, 0.4))
    assert result.firmness.places.counts.at["ALB", 1] == DRAWS
    assert result.firmness.sample.central(1).loc["BEN"].isna().all()
    favoured = result.favoured
    assert favoured.at["ALB", "confidence"] == 1.0
    assert np.isnan(favoured.at["BEN", "confidence"])
    assert result.firmness.sample.tied == {"ALB": (), "BEN": ()}


def test_pairs_add_up_and_ties_count_half():
    rng = np.random.default_rng(1)
    scores = rng.integers(0, 4, size=(500, 6)) / 4
    won = acceptability.pairwise(scores)
    for i in range(6):
        assert won[i, i] == 0
        for j in range(6):
            if i != j:
                assert won[i, j] + won[j, i] == pytest.approx(1)
                x, y = scores[:, i], scores[:, j]
                assert won[i, j] == pytest.approx(np.mean((x > y) + (x == y) / 2))


def test_a_country_without_a_score_has_no_pairs():
    won = acceptability.pairwise(np.array([[0.1, np.nan, 0.3], [0.2, np.nan, 0.1]]))
    assert np.isnan(won[0, 1]) and np.isnan(won[1, 2]) and won[0, 2] == 0.5


def test_confidence_sets_hold_for_all_countries_at_once():
    """Truth is known: in nine tenths of repetitions every country's true rank lies in its set."""
    rng, held, n = np.random.default_rng(3), 0, 6
    truth = np.array([0.9, 0.7, 0.68, 0.5, 0.3, 0.29])
    true_rank = 1 + (truth[:, None] < truth[None, :]).sum(axis=1)
    sd = np.array([0.05, 0.1, 0.02, 0.08, 0.05, 0.03])
    for _ in range(400):
        seen = truth + sd * rng.standard_normal(n)
        draws = seen + sd * rng.standard_normal((400, n))
        above = acceptability.differences(seen, draws)
        low, high = 1 + above.sum(axis=0), n - above.sum(axis=1)
        held += bool(((low <= true_rank) & (true_rank <= high)).all())
    assert held / 400 >= 0.9 - 3 * (0.9 * 0.1 / 400) ** 0.5


def test_without_error_every_rank_is_certain():
    point = np.array([0.3, 0.1, 0.2])
    above = acceptability.differences(point, np.tile(point, (10, 1)))
    assert (1 + above.sum(axis=0)).tolist() == [1, 3, 2]
    assert (3 - above.sum(axis=1)).tolist() == [1, 3, 2]


def test_central_weights_are_means_of_the_draws_that_favour():
    place = np.array([[1, 2], [2, 1], [1, 0]])
    weights = np.array([[0.2, 0.8], [0.5, 0.5], [0.4, 0.6]])
    central = acceptability.central_weights(place, weights)
    assert central.round(12).tolist() == [[0.3, 0.7], [0.5, 0.5]]
    assert acceptability.central_weights(place, weights, 2).round(12).tolist()[1] == [0.35, 0.65]
    assert np.isnan(acceptability.central_weights(np.zeros((2, 1), int), weights[:2])).all()


def test_too_many_draws_are_not_kept():
    many = pd.Series(0.5, index=[f"U{k}" for k in range(1_000)])
    assert acceptability.Sample.empty(many, 10_000) is None
    assert acceptability.Sample.empty(many, 0) is None
    assert acceptability.Sample.empty(many, 4_000) is not None
    # a sub-national panel: each of fifty thousand with each would be twenty gigabytes, however few the draws
    assert acceptability.Sample.empty(pd.Series(0.5, index=range(50_000)), 16) is None


def test_expected_misclassification_counts_both_sides_and_leaves_out_the_unknown():
    passes = pd.DataFrame({"g": [True, False, None], "h": [True, True, False]}, dtype=object)
    p = pd.DataFrame({"g": [0.9, 0.3, np.nan], "h": [1.0, 0.5, 0.0]})
    assert misclassified(passes, p).to_dict() == {"g": pytest.approx(0.4), "h": 0.5}


def test_misclassification_of_one_threshold_is_what_normal_errors_say():
    """Twelve countries around one threshold: the sum of Phi(-distance)."""
    from statistics import NormalDist

    distances = [0.2 * k - 1.1 for k in range(12)]
    rows = {c: {"a.x": 0.5 + 0.1 * z} for c, z in zip(made_up.COUNTRIES, distances, strict=True)}
    gate = made_up.gate("g", made_up.atom("a.x", "at_least", 0.5, path="gates.g"))
    policy = made_up.policy(made_up.everyone("a.x"), [gate], uncertainty=Uncertainty(draws=DRAWS))
    sheet = made_up.sheet("a.x", sd=0.1, lo=-10.0, hi=10.0)
    result = run.judge(policy, made_up.snapshot([sheet], rows), made_up.AS_OF)
    expected = sum(NormalDist().cdf(-abs(z)) for z in distances)
    assert result.misclassified["g"] == pytest.approx(expected, abs=4 * (12 * 0.25 / DRAWS) ** 0.5)
    assert result.misclassified["gates.g"] == result.misclassified["g"]
