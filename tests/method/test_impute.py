"""What is filled in lies where it should, says how wide it may be off, and decides nothing."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from dataclasses import replace

import deletion
import made_up
import numpy as np
import pandas as pd
import pytest

from eligibility.data import countries, normal
from eligibility.data.cells import known_at
from eligibility.method import fillings, impute, run, streams
from eligibility.method.result import Result
from eligibility.pages import card, imputed
from eligibility.pages.facts import Facts
from eligibility.policy.model import Imputation, Quantity, Uncertainty
from eligibility.present import ranked, tables

REGISTER = countries.register()
STATES = sorted(c for c in REGISTER.names() if REGISTER.exists(c, made_up.AS_OF.year) and REGISTER.region(c))[
    :60
]
TWENTY = Imputation(20)
GONE = STATES[::6]  # of whom the second indicator is missing
X, Y, HELP = "a.x", "a.y", "a.help"


# The kernels ------------------------------------------------------------------------------------------------


def test_slopes_have_the_posterior_of_a_regression():
    """Many rows, two columns: slopes are spread as least squares says, around what it finds."""
    n, error, truth = 400, 0.5, np.array([1.0, -2.0])
    stream = np.random.default_rng(1)
    x = stream.standard_normal((n, 2))
    y = 3.0 + x @ truth + error * stream.standard_normal(n)
    many = np.broadcast_to(x, (3_000, n, 2))
    slopes, level, s = impute.regression(many, y, streams.generator(1, "test"))
    design = np.column_stack([np.ones(n), x])
    found, left, *_ = np.linalg.lstsq(design, y, rcond=None)
    spread = np.sqrt(np.diag(np.linalg.inv(design.T @ design)) * left[0] / (n - 3))
    np.testing.assert_allclose(slopes.mean(axis=0), found[1:], atol=0.1 * spread[1])
    np.testing.assert_allclose(slopes.std(axis=0), spread[1:], rtol=0.05)
    assert (level.mean(), level.std()) == pytest.approx((found[0], spread[0]), rel=0.05)
    assert s.mean() == pytest.approx(np.sqrt(left[0] / n), rel=0.02)


def test_more_columns_than_rows_are_held_back():
    """Thirty rows of forty columns of noise: what is drawn is about as wide as y itself, neither zero nor huge."""
    stream = np.random.default_rng(2)
    x, y = stream.standard_normal((30, 40)), stream.standard_normal(30)
    slopes, _, s = impute.regression(np.broadcast_to(x, (100, 30, 40)), y, streams.generator(1, "test"))
    fresh = stream.standard_normal(40)
    drawn = slopes @ fresh + s * stream.standard_normal(100)
    assert 0.4 < drawn.std() < 2.0


def test_where_a_column_tells_nothing_every_penalty_is_equally_likely():
    """A slope then has mean 0 and variance error^2 / penalty, whichever penalty is drawn."""
    y = np.random.default_rng(6).standard_normal(30)
    slopes, _, error = impute.regression(np.zeros((20_000, 30, 1)), y, streams.generator(1, "test"))
    assert ((slopes[:, 0] / error) ** 2).mean() == pytest.approx((1 / impute.PENALTIES).mean(), rel=0.1)
    # and the square of the error is what is left over chi-squared of 29 degrees, whose inverse has the mean 1 / 27
    assert (error**2).mean() == pytest.approx(((y - y.mean()) ** 2).sum() / 27, rel=0.01)


def test_the_unit_of_what_is_filled_does_not_matter():
    """Nor how small a likelihood is: of y in units of a million millionth none is left on a computer."""
    stream = np.random.default_rng(6)
    x, y = stream.standard_normal((2, 30, 3)), stream.standard_normal(30)
    one, other = (impute.regression(x, y * unit, streams.generator(1, "test"))[0] for unit in (1.0, 1e12))
    assert other / 1e12 == pytest.approx(one, rel=1e-6)


def test_a_penalty_is_as_likely_as_it_makes_what_is_known():
    """y is normal with variance s^2 (1 + x x' / penalty), s and level flat: by determinants and inverses here."""
    stream, n = np.random.default_rng(6), 9
    x = stream.standard_normal((n, 2))
    y = x @ np.array([1.0, -0.5]) + 0.7 * stream.standard_normal(n)
    x, y = x - x.mean(axis=0), y - y.mean()
    likely, slopes = [], []
    for penalty in impute.PENALTIES:
        spread = np.eye(n) + x @ x.T / penalty
        likely.append(np.linalg.det(spread) ** -0.5 * (y @ np.linalg.solve(spread, y)) ** (-(n - 1) / 2))
        slopes.append(np.linalg.solve(x.T @ x + penalty * np.eye(2), x.T @ y))
    drawn, *_ = impute.regression(np.broadcast_to(x, (200_000, n, 2)), y, streams.generator(1, "test"))
    off = drawn.mean(axis=0) - np.average(slopes, axis=0, weights=likely)
    assert (np.abs(off) < 4 * drawn.std(axis=0) / 200_000**0.5).all()


def test_gaps_are_filled_around_the_regression_on_what_is_known():
    """Two normals of correlation 0.8: a gap has mean 0.8 times its neighbour and standard deviation 0.6.

    The gaps are where the neighbour is highest, so that the mean of what is known is not that of what is missing.
    """
    stream = np.random.default_rng(3)
    x = stream.standard_normal((600, 2)) @ np.array([[1.0, 0.8], [0.0, 0.6]])
    x = x[np.argsort(-x[:, 0])]
    holed = x.copy()
    holed[:200, 1] = np.nan
    full = impute.fill(holed, ["x", "y"], [str(i) for i in range(600)], 400, 1)
    np.testing.assert_allclose(full[:, ~np.isnan(holed)], np.tile(x[~np.isnan(holed)], (400, 1)), atol=1e-12)
    assert np.abs(full[:, :200, 1].mean(axis=0) - 0.8 * x[:200, 0]).mean() < 0.2
    assert full[:, :200, 1].std(axis=0).mean() == pytest.approx(0.6, rel=0.08)


def test_the_scale_goes_there_and_back_and_stays_in_the_range():
    sheet = made_up.sheet(X, lo=-2.5, hi=2.5)
    values = np.linspace(-2.4, 2.4, 9)
    np.testing.assert_allclose(impute.native(impute.scaled(values, sheet), sheet), values, atol=1e-9)
    ends = impute.native(np.array([-40.0, 40.0]), sheet)
    assert ends.min() >= -2.5 and ends.max() <= 2.5
    assert np.isfinite(impute.scaled(np.array([-2.5, 2.5]), sheet)).all()


def test_an_interval_by_hand():
    """Three fillings one apart on log odds: Student's t of two degrees at 95 %, 2.92, times the root of 4/3."""
    sheet = made_up.sheet(X)
    ends = impute.interval(impute.native(np.array([[-1.0], [0.0], [1.0]]), sheet), sheet)
    half = 2.919986 * math.sqrt(4 / 3)
    assert [float(impute.scaled(end, sheet)[0]) for end in ends] == pytest.approx([-half, half], abs=1e-5)


SCRIPT = """
import hashlib, numpy as np
from eligibility.method import impute
x = np.random.default_rng(5).standard_normal((120, 30)).cumsum(axis=1)
x[np.random.default_rng(7).random(x.shape) < 0.1] = np.nan
full = impute.fill(x, [f"c{k:02}" for k in range(30)], [str(i) for i in range(120)], 20, 1)
print(hashlib.sha256(full[:, np.isnan(x)].tobytes()).hexdigest())
"""


def test_the_same_bytes_whatever_the_threads_and_the_kernels():
    """One thread or two, an old processor's linear algebra or this one's."""
    settings = ({"OPENBLAS_NUM_THREADS": "1", "OPENBLAS_CORETYPE": "Prescott"}, {"OPENBLAS_NUM_THREADS": "2"})
    said = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, **own},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for own in settings
    }
    assert len(said) == 1


# What becomes of it -----------------------------------------------------------------------------------------


def figures(gone=GONE, **gates) -> dict[str, dict[str, float]]:
    """Sixty countries whose second indicator follows the first; some lack it."""
    stream, rows = np.random.default_rng(8), {}
    for place, iso3 in enumerate(STATES):
        x = 0.15 + 0.7 * place / len(STATES)
        y = x + 0.05 * stream.standard_normal()
        rows[iso3] = {X: x, HELP: x + 0.02 * stream.standard_normal(), Y: y}
        if iso3 in gone:
            del rows[iso3][Y]
    return rows


def judged(rows=None, imputation: Imputation | None = TWENTY, sheets=None, **more) -> Result:
    """One gate on each indicator, and a score of both."""
    parts = made_up.pillar("p", made_up.component(X), made_up.component(Y))
    gates = more.pop("gates", None) or [
        made_up.gate("x", made_up.atom(X, "at_least", 0.3, path="x.t")),
        made_up.gate(
            "y", made_up.atom(Y, "at_least", 0.5, path="y.t", missing=more.pop("missing", "unknown"))
        ),
    ]
    doubt = Uncertainty(draws=1_000, imputation=imputation, seed=more.pop("seed", 1))
    score = made_up.Score(1.0, (parts,), coverage=more.pop("coverage", 0.5))
    policy = made_up.policy(made_up.everyone(X), gates, score, uncertainty=doubt, **more)
    sheets = sheets or [made_up.sheet(X, sd=0.02), made_up.sheet(Y, sd=0.02), made_up.sheet(HELP)]
    return run.judge(policy, made_up.snapshot(sheets, rows or figures()), made_up.AS_OF)


def test_no_verdict_rests_on_an_imputed_value():
    """Who lacks the figure stays unknown, however surely similar countries pass; the chance is shown apart."""
    plain, result = judged(imputation=None), judged()
    assert (result.screening.gate == plain.screening.gate).all(axis=None)
    assert (result.screening.gate.loc[GONE, "y"] == "unknown").all()
    pd.testing.assert_frame_equal(result.firmness.p_gate, plain.firmness.p_gate)
    pd.testing.assert_series_equal(result.firmness.p_eligible, plain.firmness.p_eligible)
    assert result.firmness.p_gate.loc[GONE, "y"].isna().all()
    pd.testing.assert_series_equal(result.scores.score, plain.scores.score)
    pd.testing.assert_series_equal(result.ranking.rank, plain.ranking.rank)
    supposed = result.firmness.supposed.p_gate["y"]
    assert supposed[GONE[0]] < 0.05 and supposed[GONE[-1]] > 0.95
    assert supposed.drop(GONE).isna().all()
    assert result.firmness.supposed.p_gate["x"].isna().all()


def test_the_chances_are_those_of_what_is_gone():
    """Struck out and supposed: the mean chance of passing is the share that passes, in both halves of the chances."""
    chance, passed = [], []
    for first in range(6):
        gone = STATES[first::6]
        whole = judged(figures(gone=()), None)
        chance += list(judged(figures(gone)).firmness.supposed.p_gate["y"][gone])
        passed += list(whole.screening.gate["y"][gone] == "pass")
    chance, passed = np.array(chance), np.array(passed)
    for some in (chance < 0.5, chance >= 0.5):
        allowed = 3 * np.sqrt((chance[some] * (1 - chance[some])).sum()) / some.sum()
        assert abs(chance[some].mean() - passed[some].mean()) <= allowed


def test_the_half_width_is_what_other_fillings_would_move():
    """Over sixteen seeds: as far off as it says, where the draws alone would promise several times too much."""
    own, top = [], []
    for seed in range(16):
        result = judged(seed=seed, shortlist=20)
        own.append(
            (result.firmness.supposed.p_gate["y"][GONE], result.firmness.supposed.half_gate["y"][GONE])
        )
        top.append((result.firmness.places.p_top, result.firmness.supposed.half_top))
        assert result.firmness.half_width >= result.firmness.supposed.half_gate["y"].max()
    for found, drawn in ((own, 1.5), (top, 0.0)):
        p, half = (np.array([each[k] for each in found], dtype=float) for k in (0, 1))
        some = (p.mean(axis=0) > 0.1) & (p.mean(axis=0) < 0.9)
        assert some.sum() >= 2
        spread, said = p[:, some].std(axis=0, ddof=1), half[:, some].mean(axis=0) / 2.09
        assert 0.6 < np.sqrt((spread**2).mean() / (said**2).mean()) < 1.6
        by_draws = np.sqrt((p * (1 - p))[:, some].mean(axis=0) / 1_000)
        assert (spread**2).mean() > drawn * (by_draws**2).mean()


def test_a_half_width_by_hand():
    """Three fillings, 6, 4 and 2 of ten draws each: a tenth more or less is a standard deviation of a fifth."""
    each = fillings.Fillings(3, 1)
    held = np.array([[1, 1, 1, 1, 1, 1, 0, 0, 0, 0], [1] * 4 + [0] * 6, [1] * 2 + [0] * 8]).T.reshape(30, 1)
    for start in (0, 7, 19):
        each.add({"g": held[start : {0: 7, 7: 19, 19: 30}[start]]})
    assert each.draws.tolist() == [10, 10, 10]
    assert each.half("g")[0] == pytest.approx(normal.student(0.975, 2) * 0.2 / np.sqrt(3))
    assert np.isnan(fillings_of_one().half("g")).all()


def fillings_of_one() -> fillings.Fillings:
    each = fillings.Fillings(1, 2)
    each.add({"g": np.ones((4, 2), bool)})
    return each


def test_a_gap_in_a_covered_pillar_widens_the_rank():
    """Everybody passes; of some half the pillar is guessed, and their likely ranks say so."""
    gates = [made_up.gate("x", made_up.atom(X, "at_least", 0.0, path="x.t"))]
    plain, result = judged(imputation=None, gates=gates), judged(gates=gates)
    width = lambda r: (r.firmness.places.high - r.firmness.places.low)[GONE].mean()  # noqa: E731
    assert width(result) > 1.2 * width(plain)
    assert (result.scores.score == plain.scores.score).all()


def test_who_has_too_little_for_a_score_is_ranked_in_no_draw():
    gates = [made_up.gate("x", made_up.atom(X, "at_least", 0.0, path="x.t"))]
    result = judged(gates=gates, coverage=0.9)
    assert result.imputed is not None
    assert (result.firmness.places.counts.loc[GONE].sum(axis=1) == 0).all()


@pytest.mark.parametrize("missing", ["fail", "drop"])
def test_where_the_rule_says_what_a_gap_means_nothing_is_imputed(missing):
    assert judged(missing=missing).imputed is None


def test_classes_and_what_nobody_holds_are_not_imputed():
    """There is no class 1.7, and of a series without a figure nothing can be learnt."""
    sheets = [made_up.sheet(X, sd=0.02), made_up.sheet(Y, classes={0: "no", 1: "yes"})]
    rows = {
        c: {k: round(v) if k == Y else v for k, v in row.items() if k != HELP} for c, row in figures().items()
    }
    assert judged(rows, sheets=sheets).imputed is None
    nobody = {c: {X: row[X]} for c, row in figures().items()}
    assert judged(nobody).imputed is None


def test_no_gap_no_imputation_and_the_same_document():
    whole = figures(gone=())
    on, off = (tables.document(judged(whole, i)) for i in (Imputation(20), None))
    assert judged(whole).imputed is None
    assert on == off


def test_only_what_was_published_by_the_date_is_looked_at():
    """A figure that comes out later changes nothing."""
    sheets, rows = [made_up.sheet(s, sd=0.02) for s in (X, Y, HELP)], figures()
    world = {s: {c: {made_up.YEAR: row[s]} for c, row in rows.items() if s in row} for s in (X, Y, HELP)}
    later = {s: {c: {**h, made_up.YEAR + 1: 0.9} for c, h in world[s].items()} for s in world}
    later[Y] |= {c: {made_up.YEAR + 1: 0.9} for c in GONE}
    policy = judged().criteria
    first, second = (
        run.judge(policy, made_up.panel(sheets, w), made_up.AS_OF).imputed for w in (world, later)
    )
    np.testing.assert_array_equal(first.now[Y], second.now[Y])


@pytest.mark.parametrize(("back", "carry"), [(10, True), (1, False)])
def test_an_older_value_helps(back, carry):
    """Ten years old, or of the year before where only the newest year counts, and far from what the other indicator says."""
    sheets = [made_up.sheet(X, sd=0.02), made_up.sheet(Y, sd=0.02, carry=carry), made_up.sheet(HELP)]
    rows = figures(gone=())
    stream = np.random.default_rng(9)
    own = dict(zip(STATES, stream.uniform(0.2, 0.8, len(STATES)), strict=True))  # no other indicator knows it
    world = {s: {c: {made_up.YEAR: row[s]} for c, row in rows.items()} for s in (X, HELP)}
    now = {c: float(np.clip(own[c] + 0.02 * stream.standard_normal(), 0, 1)) for c in STATES}
    gaps = lambda c: {} if c in GONE else {made_up.YEAR: now[c]}  # noqa: E731
    far = {
        made_up.YEAR - back - 2: 0.5,
        made_up.YEAR - back - 1: 0.5,
    }  # older still, and nothing to learn from
    with_past = world | {Y: {c: {**far, made_up.YEAR - back: own[c], **gaps(c)} for c in STATES}}
    without = world | {Y: {c: gaps(c) for c in STATES}}
    policy, truth = judged().criteria, np.array([now[c] for c in GONE])
    off = []
    for each in (with_past, without):
        result = run.judge(policy, made_up.panel(sheets, each), made_up.AS_OF)
        guess = result.imputed.now[Y].mean(axis=0)[[result.imputed.countries.index(c) for c in GONE]]
        off.append(np.abs(guess - truth).mean())
    assert off[0] < 0.3 * off[1]


def test_a_change_without_a_past_is_filled_too():
    """The change of the last five years is unknown where the past is; it gets that of similar countries."""
    change = Quantity(Y, "change_over", 5)
    sheets, rows = [made_up.sheet(X, sd=0.02), made_up.sheet(Y, sd=0.02)], figures(gone=())
    past = lambda c: {} if c in GONE else {made_up.YEAR - 5: rows[c][Y] - 0.1}  # noqa: E731
    world = {X: {c: {made_up.YEAR: row[X]} for c, row in rows.items()}}
    noise = dict(zip(STATES, np.random.default_rng(4).normal(0, 0.01, len(STATES)), strict=True))
    world[Y] = {
        c: {made_up.YEAR: row[Y], **{y: v + noise[c] for y, v in past(c).items()}} for c, row in rows.items()
    }
    gates = [made_up.gate("up", made_up.atom(Y, "at_least", 0.0, quantity=change, path="up.t"))]
    policy = made_up.policy(
        made_up.everyone(X), gates, uncertainty=Uncertainty(draws=1_000, imputation=Imputation(20))
    )
    result = run.judge(policy, made_up.panel(sheets, world), made_up.AS_OF)
    assert (result.screening.gate.loc[GONE, "up"] == "unknown").all()
    assert (result.firmness.supposed.p_gate.loc[GONE, "up"] > 0.9).all()


def test_a_class_is_not_moved_by_an_index_that_is_imputed():
    """The class is published, the index it follows is not: in every draw it stays what it is."""
    sheets = [
        made_up.sheet(X, sd=0.02), made_up.sheet(Y, sd=0.02),
        made_up.sheet("a.class", classes={0: "low", 1: "high"}, follows=Y, cut=0.5, between=(0, 1)),
    ]  # fmt: skip
    rows = {
        c: {**{k: v for k, v in row.items() if k != HELP}, "a.class": 1.0} for c, row in figures().items()
    }
    gates = [
        made_up.gate("class", made_up.atom("a.class", "in", (1.0,), path="c.t")),
        made_up.gate("y", made_up.atom(Y, "at_least", 0.0, path="y.t")),
    ]
    result = judged(rows, sheets=sheets, gates=gates)
    assert (result.firmness.p_gate.loc[GONE, "class"] == 1.0).all()


def test_what_is_imputed_is_listed_and_marked():
    """JSON: apart from the values; sentences: as a supposition that decides nothing."""
    result = judged()
    rows = {c["iso3"]: c for c in tables.document(result)["countries"]}
    one, other = rows[GONE[-1]], rows[STATES[1]]
    assert one["values"][Y]["value"] is None and one["values"][Y]["filled"] is None
    assert list(one["imputed"]) == [Y]
    guess = one["imputed"][Y]
    assert 0 <= guess["low"] < guess["mean"] < guess["high"] <= 1
    assert one["imputed_share"] == 0.5 and other["imputed_share"] == 0.0
    assert one["if_imputed"]["gates"].keys() == {"y"} and other["if_imputed"]["gates"] == {}
    assert next(g for g in one["gates"] if g["id"] == "y")["p_pass"] is None
    facts = Facts.of(result)
    told = lambda c: {said.phrase for said in card._said(facts, c)}  # noqa: E731
    assert "verdict.supposed" in told(GONE[-1]) and "verdict.supposed" not in told(STATES[-1])
    assert "Cannot be judged; chance to qualify" in ranked.text(result)
    half = result.firmness.supposed.half_eligible[GONE[-1]]
    assert one["if_imputed"]["half_width"] == round(half, 12) and one["if_imputed"]["half_widths"].keys() == {
        "y"
    }
    assert f"(± {imputed.points(half)})" in ranked.text(result)
    assert tables.csv(result).splitlines()[0].endswith(",imputed")


# Deletion experiments on the shipped figures; docs/imputation.md has more of them ----------------------------


@pytest.mark.parametrize("how", deletion.HOW)
def test_struck_figures_lie_where_the_imputations_say(how):
    """Nine in ten inside, ranks too, no bias; and the pool's mean in each gap does worse."""
    found = [deletion.experiment(share, how, number) for share in deletion.SHARES for number in range(2)]
    mean = pd.DataFrame([vars(each) for each in found]).mean()
    assert 0.85 <= mean["held"] <= 0.95
    assert 0.85 <= mean["rank_held"] <= 0.96
    assert abs(mean["bias"]) < 0.02
    assert mean["error"] < 0.6 * mean["error_of_means"]
    assert mean["error"] < 0.6 * mean["error_of_rule"]
    assert mean["means_rank_held"] < 0.3


def test_where_the_worst_is_hidden_they_lean_in_a_countrys_favour_and_a_shift_leans_back():
    """No experiment at random shows it: fewer inside, the score too good; a fifth of a standard deviation worse mends some."""
    plain, shifted = (
        pd.DataFrame(
            [vars(deletion.experiment(0.2, deletion.HIDDEN, n, 20, 100, shift)) for n in range(3)]
        ).mean()
        for shift in (0.0, 0.2)
    )
    assert plain["held"] < 0.88 and plain["bias"] > 0.005
    assert abs(shifted["bias"]) < 0.7 * plain["bias"] and shifted["error"] < plain["error"]


@pytest.mark.parametrize(("better", "sign"), [("high", -1), ("low", 1), ("neither", 0)])
def test_a_shift_moves_what_is_filled_by_so_many_standard_deviations_on_log_odds(better, sign):
    """A second time by hand, figure by figure; what is published and every other gap stay."""
    sheets = [made_up.sheet(X, sd=0.02), made_up.sheet(Y, sd=0.02, better=better), made_up.sheet(HELP)]
    plain, moved = (judged(imputation=Imputation(20, shift=s), sheets=sheets) for s in (0.0, 0.75))
    known = [math.log(y / (1 - y)) for y in plain.cells.value[Y] if y == y]
    mean = sum(known) / len(known)
    by = sign * 0.75 * (sum((z - mean) ** 2 for z in known) / len(known)) ** 0.5
    for was, now in zip(plain.imputed.now[Y].T, moved.imputed.now[Y].T, strict=True):
        for a, b in zip(was, now, strict=True):
            assert (
                math.isnan(b)
                if math.isnan(a)
                else b == pytest.approx(1 / (1 + (1 / a - 1) * math.exp(-by)), abs=1e-5)
            )
    assert plain.scores.score.equals(moved.scores.score) and plain.ranking.rank.equals(moved.ranking.rank)
    word = "0.75 standard deviations worse than in similar countries"
    assert any(word in note for note in moved.notes) and not any(word in note for note in plain.notes)
    chance = [r.firmness.supposed.p_gate["y"][GONE].sum() for r in (plain, moved)]
    assert np.sign(round(chance[1] - chance[0], 3)) == (
        -1 if better == "high" else 1 if better == "low" else 0
    )


def test_without_helpers_the_intervals_are_wider_and_still_hold():
    """What knows less says so."""
    whole = deletion.complete()
    holey = deletion.struck(whole, 0.2, "whole countries", np.random.default_rng(1))
    widths = []
    for helpers in (deletion.HELPERS, ()):
        policy = deletion.policy(20, 20)
        policy = replace(policy, uncertainty=replace(policy.uncertainty, imputation=Imputation(20, helpers)))
        result = run.judge(policy, holey, deletion.AS_OF)
        widths.append(np.mean([g.high - g.low for own in result.guesses.values() for g in own.values()]))
    assert widths[1] > 1.2 * widths[0]


def test_the_shipped_panel_is_whole_before_it_is_struck():
    value = known_at(deletion.complete(), deletion.AS_OF, 3).value
    assert len(value) > 100 and value.notna().all(axis=None)
