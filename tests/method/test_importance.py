"""Weights are not importance: published numbers, closed forms, and what a resample may change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from eligibility.data import panel
from eligibility.method import importance, run, structure
from eligibility.method.stability import stated


@pytest.fixture(scope="module")
def hdi():
    """The three dimensions of the Human Development Index and its published values, 2022."""
    policy, figures = run.ready("hdi", reading=panel.Reading(pins=("undp-hdr2023-24",)))
    policy = replace(policy, uncertainty=replace(policy.uncertainty, draws=1))
    return run.judge(policy, figures, date(2024, 6, 1))


def main_effects(covariance: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The main effects of the parts of a weighted sum: (Cw)_i^2 / (C_ii w'Cw), all linear."""
    pull = covariance @ weights
    return pull**2 / (np.diag(covariance) * float(weights @ pull))


# Published and recomputed numbers (method paper, section 5)


def test_the_main_effects_of_the_human_development_index(hdi):
    x, y = hdi.scores.pillar.to_numpy(), hdi.scores.score.to_numpy()
    straight = [float(structure.correlation(column, y)[0] ** 2) for column in x.T]
    cubic = [float(importance.spline_effect(column, y, penalties=[np.inf])[0]) for column in x.T]
    assert straight == pytest.approx([0.8069, 0.9048, 0.9314], abs=2e-4)
    assert cubic == pytest.approx([0.8125, 0.9059, 0.9322], abs=2e-4)
    assert structure.alpha(x) == pytest.approx(0.92165, abs=5e-6)


@pytest.fixture(scope="module")
def asem():
    """The covariance of the two halves of the ASEM sustainable connectivity index up to a factor, from the published
    correlations .9397805 and .8382873 of each with their plain mean.

    With standard deviations 1 and s and correlation r: (1 + r s) / d and (s + r) / d, d^2 = 1 + s^2 + 2 r s.
    """
    optimize = pytest.importorskip("scipy.optimize")

    def off(unknown):
        s, r = unknown
        d = np.sqrt(1 + s * s + 2 * r * s)
        return (1 + r * s) / d - 0.9397805, (s + r) / d - 0.8382873

    s, r = optimize.fsolve(off, [0.7, 0.6])
    return np.array([[1.0, r * s], [r * s, s * s]])


def test_the_weights_that_would_make_importance_equal(asem):
    assert main_effects(asem, np.array([0.5, 0.5])) == pytest.approx([0.8832, 0.7027], abs=5e-5)
    found = importance.weights_for(asem, np.array([0.5, 0.5]))
    assert found == pytest.approx([0.3853, 0.6147], abs=5e-5)
    assert np.sqrt(main_effects(asem, found)) == pytest.approx([0.8948, 0.8948], abs=5e-5)
    # where a search is said to have stopped: not equal, and so not the answer
    stopped = np.sqrt(main_effects(asem, np.array([0.3902, 0.6098])))
    assert stopped == pytest.approx([0.8971, 0.8925], abs=5e-5)


# Closed forms


@pytest.mark.parametrize("seed", range(20))
def test_the_closed_form_is_the_squared_correlation_of_a_weighted_sum(seed):
    rng = np.random.default_rng(seed)
    x, w = rng.normal(size=(60, 4)) @ rng.normal(size=(4, 4)), rng.dirichlet(np.ones(4))
    direct = [float(structure.correlation(column, x @ w)[0] ** 2) for column in x.T]
    assert main_effects(np.cov(x, rowvar=False), w) == pytest.approx(direct, abs=1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_the_weights_found_have_the_importance_asked_for(seed):
    rng = np.random.default_rng(seed)
    x, wanted = rng.normal(size=(80, 3)) + rng.normal(size=(80, 1)), rng.dirichlet(np.ones(3) * 5)
    c = np.cov(x, rowvar=False)
    found = importance.weights_for(c, wanted)
    effects = main_effects(c, found)
    assert effects / effects.sum() == pytest.approx(wanted, abs=1e-9)
    assert found.sum() == pytest.approx(1)


def test_an_importance_no_weights_can_give_is_said():
    c = np.array([[1.0, 0.9, 0.1], [0.9, 1.0, 0.5], [0.1, 0.5, 1.0]])
    found = importance.weights_for(c, np.ones(3) / 3)
    assert (found < 0).any()
    x = np.random.default_rng(2).multivariate_normal(np.zeros(3), c, 300)
    frame = pd.DataFrame(x, index=[f"C{i:03}" for i in range(300)], columns=list("abc"))
    made = importance.importance(frame, frame.mean(axis=1), pd.Series(1 / 3, list("abc")), 1.0, 1, 50)
    assert made.attainable is False


def test_parts_that_are_one_have_no_such_weights():
    assert np.isnan(importance.weights_for(np.ones((2, 2)), np.ones(2) / 2)).all()


# The curve


def test_what_is_not_straight_is_seen_by_the_curve_alone():
    x = np.linspace(-1, 1, 101)
    assert structure.correlation(x, x**2)[0] ** 2 == pytest.approx(0, abs=1e-9)
    assert importance.spline_effect(x, x**2)[0] == pytest.approx(1, abs=1e-6)
    assert importance.spline_effect(x, np.abs(x))[0] > 0.99


def test_noise_is_not_taken_for_an_effect():
    rng = np.random.default_rng(4)
    effects = [float(importance.spline_effect(rng.random(150), rng.random(150))[0]) for _ in range(40)]
    assert np.mean(effects) < 0.05


@pytest.mark.parametrize("n, raw", [(30, 0.1), (120, 0.02)])
def test_what_a_curve_explains_of_pure_noise_is_taken_off(n, raw):
    rng = np.random.default_rng(9)
    pairs = [rng.random((2, n)) for _ in range(120)]
    bent, fair = (
        np.mean([importance.spline_effect(x, y, corrected=c)[0] for x, y in pairs]) for c in (False, True)
    )
    assert bent > raw and fair < bent / 2
    x = rng.random(n)
    assert importance.spline_effect(x, 2 * x, corrected=True)[0] == pytest.approx(1, abs=1e-9)


def test_a_part_of_three_values_has_the_effect_of_its_group_means():
    rng = np.random.default_rng(5)
    x = rng.integers(0, 3, 90).astype(float)
    y = np.array([0.0, 5.0, 1.0])[x.astype(int)] + rng.normal(size=90)
    means = np.array([y[x == value].mean() for value in (0, 1, 2)])[x.astype(int)]
    share = means.var() / y.var()
    assert importance.spline_effect(x, y)[0] == pytest.approx(share, abs=1e-6)
    # two bends are taken off, whatever the penalty: the knots add nothing to three means
    fair = importance.spline_effect(x, y, corrected=True)[0]
    assert fair == pytest.approx(1 - (1 - share) * 89 / 87, abs=1e-9)


def test_a_part_that_is_another_but_for_its_last_digits_tells_nothing_more():
    """Even where the last digits are what the line through the other leaves over."""
    rng = np.random.default_rng(8)
    x, off = rng.random((2, 40))
    assert importance.unique(np.column_stack([x, x + 1e-12 * off]), x + off) == pytest.approx(0, abs=1e-9)


def test_the_range_of_one_resample_is_from_the_effect_to_it():
    rng, names = np.random.default_rng(8), [f"C{i:03}" for i in range(40)]
    x = pd.DataFrame(rng.random((40, 2)), names, ["a", "b"])
    y, half = x["a"] + x["b"] ** 2, pd.Series(0.5, ["a", "b"])
    found = importance.importance(x, y, half, 1.0, seed=3, n=1)
    counts = np.vstack([np.ones((1, 40)), importance.resamples(names, 3, 1)])
    effects = np.stack(
        [importance.spline_effect(x[part].to_numpy(), y.to_numpy(), counts, corrected=True) for part in x]
    )
    for name, of in (("", effects), ("share_", effects / effects.sum(axis=0))):
        assert found.table[f"{name}low"].to_numpy() == pytest.approx(of.min(axis=1), abs=1e-9)
        assert found.table[f"{name}high"].to_numpy() == pytest.approx(of.max(axis=1), abs=1e-9)
    assert (
        found.gap_low
        == found.gap_high
        == pytest.approx(importance.discrepancy(half.to_numpy(), effects[:, 1]))
    )


def test_what_does_not_vary_has_no_effect_and_nothing_else_breaks():
    with np.errstate(all="raise", divide="ignore", invalid="ignore"):
        assert np.isnan(structure.correlation(np.ones(12), np.arange(12.0))[0])
        assert importance.spline_effect(np.ones(12), np.arange(12.0))[0] == pytest.approx(0, abs=1e-9)
        assert np.isnan(importance.spline_effect(np.arange(12.0), np.ones(12)))[0]


def test_a_polynomial_fit_is_what_numpy_says():
    rng = np.random.default_rng(6)
    x, y = rng.random(70), rng.random(70)
    fit = np.polyval(np.polyfit(x, y, 3), x)
    assert importance.spline_effect(x, y, penalties=[np.inf])[0] == pytest.approx(
        fit.var() / y.var(), abs=1e-9
    )


def test_of_a_cubic_three_bends_are_taken_off():
    """Ezekiel's correction: what is left over 70 - 4 instead of 70 - 1."""
    rng = np.random.default_rng(6)
    x = rng.random(70)
    y = x + rng.random(70)
    left = (y - np.polyval(np.polyfit(x, y, 3), x)).var() / y.var()
    found = importance.spline_effect(x, y, penalties=[np.inf], corrected=True)[0]
    assert found == pytest.approx(1 - left * 69 / 66, abs=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_the_bend_of_the_curve_is_chosen_as_an_account_by_hat_matrices_chooses_it(seed):
    """Five knots at sixths, their cubes held back by the penalty with the least residual over (n - used)^2."""
    rng = np.random.default_rng(seed)
    x = rng.random(60)
    y = np.sin(7 * x) + rng.normal(0, 0.5, 60)
    z = (x - x.min()) / (x.max() - x.min())
    bent = np.maximum(z[:, None] - np.quantile(z, [k / 6 for k in range(1, 6)]), 0.0) ** 3
    design = np.column_stack([z**0, z, z**2, z**3, bent / bent.max(axis=0)])
    found = []
    for penalty in 10.0 ** np.arange(-6.0, 5.0):
        held = np.diag([0.0] * 4 + [penalty] * 5)
        hat = design @ np.linalg.solve(design.T @ design + held, design.T)
        fit = hat @ y
        found.append((((y - fit) ** 2).sum() / (60 - np.trace(hat)) ** 2, fit.var() / y.var()))
    assert importance.spline_effect(x, y)[0] == pytest.approx(min(found)[1], abs=1e-6)


def test_counting_a_country_twice_is_having_it_twice():
    rng = np.random.default_rng(7)
    x, y = rng.random(30), rng.random(30)
    counts = rng.integers(1, 4, 30)
    once = importance.spline_effect(x, y, counts[None, :].astype(float), penalties=[np.inf])
    twice = importance.spline_effect(np.repeat(x, counts), np.repeat(y, counts), penalties=[np.inf])
    assert once[0] == pytest.approx(twice[0], abs=1e-9)


# The interval


def test_another_country_changes_no_other_country_s_resamples():
    few, more = (
        importance.resamples(["BEN", "TUN"], 1, 20),
        importance.resamples(["BEN", "GHA", "TUN"], 1, 20),
    )
    assert (few == more[:, [0, 2]]).all()
    assert (importance.resamples(["BEN"], 2, 20) != few[:, :1]).all()


def test_the_interval_holds_the_effect_and_narrows_with_countries():
    rng = np.random.default_rng(8)

    def made(n):
        x = pd.DataFrame(rng.random((n, 2)), index=[f"C{i:03}" for i in range(n)], columns=["a", "b"])
        return importance.importance(x, x.mean(axis=1), pd.Series([0.5, 0.5], ["a", "b"]), 1.0, 1)

    few, many = made(30).table, made(400).table
    for table in (few, many):
        assert (table["low"] <= table["effect"]).all() and (table["effect"] <= table["high"]).all()
    assert (many["high"] - many["low"]).max() < (few["high"] - few["low"]).min()
    assert made(9) is None


def test_whoever_lacks_a_part_or_the_score_is_left_out():
    rng = np.random.default_rng(8)
    x = pd.DataFrame(rng.random((32, 2)), [f"C{i:03}" for i in range(32)], ["a", "b"])
    score = x.mean(axis=1).mask(x.index == "C031")
    x.iloc[30, 0] = np.nan
    most, whole = (
        importance.importance(*some, pd.Series([0.5, 0.5], ["a", "b"]), 1.0, 1, 50)
        for some in ((x, score), (x[:30], score[:30]))
    )
    assert most.n == whole.n == 30 and most.table.equals(whole.table)


def test_the_interval_covers_the_true_effect_about_as_often_as_it_says():
    hits, trials = 0, 60
    for trial in range(trials):
        rng = np.random.default_rng(trial)
        x = pd.DataFrame(
            rng.normal(size=(120, 2)), index=[f"C{i:03}" for i in range(120)], columns=["a", "b"]
        )
        row = importance.importance(
            x, x.sum(axis=1), pd.Series([0.5, 0.5], ["a", "b"]), 1.0, trial
        ).table.loc["a"]
        hits += row["low"] <= 0.5 <= row["high"]
    assert 0.78 <= hits / trials <= 1.0


def test_the_gap_is_nought_where_importance_is_as_stated():
    assert importance.discrepancy(np.array([0.5, 0.25, 0.25]), np.array([0.8, 0.4, 0.4])) == 0
    assert importance.discrepancy(np.array([0.5, 0.5]), np.array([0.8832, 0.7027])) == pytest.approx(
        0.2044, abs=1e-4
    )


def test_the_weights_for_a_geometric_mean_are_of_logarithms(hdi):
    made = importance.importance(hdi.scores.pillar, hdi.scores.score, stated(hdi.criteria.score), 0.0, 1, 50)
    assert made.logged and made.attainable
    logs = np.log(hdi.scores.pillar.to_numpy())
    effects = main_effects(np.cov(logs, rowvar=False), made.table["needed"].to_numpy())
    assert effects == pytest.approx(effects.mean(), abs=1e-6)
    assert (
        importance.importance(
            hdi.scores.pillar, hdi.scores.score, stated(hdi.criteria.score), None, 1, 50
        ).attainable
        is None
    )
    zero = hdi.scores.pillar.copy()
    zero.iloc[0, 0] = 0.0  # of which there is no logarithm
    none = importance.importance(zero, hdi.scores.score, stated(hdi.criteria.score), 0.0, 1, 50)
    assert none.logged and none.attainable is None
