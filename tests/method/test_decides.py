"""Variance-based indices: published values of a test function, exact zeros, and the engine's own sums."""

from __future__ import annotations

import made_up
import numpy as np
import pytest

from eligibility.data import countries
from eligibility.method import run
from eligibility.method.decides import indices
from eligibility.method.result import Result
from eligibility.policy.model import Choices, Imputation, Score, Uncertainty, Weights


def sobol(model, d: int, n: int) -> tuple[list[float], list[float]]:
    """First and total indices of a model of d uniform inputs, by the estimator under test."""
    from scipy.stats import qmc

    points = qmc.Sobol(2 * d, scramble=True, seed=1).random(n)
    a, b = points[:, :d], points[:, d:]
    first, total = [], []
    for k in range(d):
        ab = a.copy()
        ab[:, k] = b[:, k]
        s, t = indices(*(model(x)[:, None] for x in (a, b, ab)))
        first.append(float(s[0]))
        total.append(float(t[0]))
    return first, total


def test_the_ishigami_function_has_its_published_indices():
    """a = 7, b = 0.1 (Ishigami and Homma 1990): S .3139 .4424 0, T .5576 .4424 .2437."""

    def ishigami(u: np.ndarray) -> np.ndarray:
        x = np.pi * (2 * u - 1)
        return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])

    first, total = sobol(ishigami, 3, 2**14)
    assert first == pytest.approx([0.3139, 0.4424, 0.0], abs=0.01)
    assert total == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.01)


def test_an_input_that_is_not_used_has_indices_of_exactly_zero():
    first, total = sobol(lambda x: x[:, 0] + 10 * x[:, 1], 3, 2**10)
    assert (first[2], total[2]) == (0.0, 0.0)
    assert sum(first) == pytest.approx(1, abs=0.02)
    assert first[:2] == pytest.approx([1 / 101, 100 / 101], abs=0.02)


def test_what_never_changes_has_no_indices():
    same = np.ones((8, 1))
    assert np.isnan(indices(same, same, same)).all()


def test_resampling_every_row_once_is_the_estimate_itself():
    rng = np.random.default_rng(2)
    a, b, ab = (rng.random((64, 3)) for _ in range(3))
    again = indices(a, b, ab, np.ones((2, 64)))
    assert again[:, 0] == pytest.approx(indices(a, b, ab))
    assert again.shape == (2, 2, 3)


def result(own: Choices, sd: float = 0.05) -> Result:
    """An index of two pillars over twelve countries."""
    rng = np.random.default_rng(5)
    sheets = [made_up.sheet(f"a.{k}", sd=sd) for k in "xyz"]
    rows = {
        c: {f"a.{k}": round(0.2 + 0.6 * float(rng.random()), 3) for k in "xyz"} for c in made_up.COUNTRIES
    }
    one = made_up.pillar("one", made_up.component("a.x"), made_up.component("a.y"))
    spec = Score(1.0, (one, made_up.pillar("two", made_up.component("a.z"))), floor=0.01)
    noise = Uncertainty(draws=500, seed=4, choices=own)
    policy = made_up.policy(made_up.everyone("a.x"), (), spec, uncertainty=noise)
    return run.judge(policy, made_up.snapshot(sheets, rows), made_up.AS_OF)


def test_where_only_error_is_drawn_it_decides_everything():
    found = result(Choices()).decides
    assert found.shift.index.tolist() == ["error"]
    assert found.shift.loc["error", ["first", "total"]].tolist() == pytest.approx([1, 1], abs=0.12)


def test_a_choice_with_one_option_has_indices_of_exactly_zero():
    """Scales that come to the same: drawn, and without any effect."""
    found = result(Choices(powers=(1.0, 1.0 + 1e-15), leave_out=False), sd=0.05).decides
    assert found.shift.loc["power", ["first", "total"]].tolist() == [0.0, 0.0]
    assert (found.total.loc["power"].dropna() == 0).all()


def test_without_error_to_speak_of_the_choices_decide():
    own = Choices(Weights(within=0.5), (1.0, -1.0), (), True)
    found = result(own, sd=1e-9).decides
    assert found.shift.index.tolist() == ["error", "pillar", "component", "power", "gone"]
    assert found.shift.at["error", "total"] == pytest.approx(0, abs=1e-9)
    assert found.shift["first"].sum() <= 1 + 0.3
    assert found.shift.at["gone", "total"] > 0.3
    assert (found.shift["first_low"] <= found.shift["first_high"]).all()
    assert found.runs == 1024 * 7
    moving = found.total.columns[found.total.notna().any()]
    assert 0 < len(moving) < len(made_up.COUNTRIES)  # some are always on the list, or never
    assert (found.total_low[moving] <= found.total[moving] + 1e-12).all().all()


def test_the_same_seed_gives_the_same_indices():
    own = Choices(Weights(simplex=True))
    one, again = result(own).decides, result(own).decides
    assert one.shift.equals(again.shift) and one.total.equals(again.total)


def test_nothing_is_said_without_a_score_or_an_error():
    gate = made_up.gate("g", made_up.atom("a.x", "at_least", 0.5))
    policy = made_up.policy(made_up.everyone("a.x"), [gate])
    rows = {c: {"a.x": 0.6} for c in made_up.COUNTRIES}
    assert (
        run.judge(policy, made_up.snapshot([made_up.sheet("a.x", sd=0.1)], rows), made_up.AS_OF).decides
        is None
    )
    assert result(Choices(), sd=0.0).decides is None


def gappy(sd: float, missing: bool = True) -> Result:
    """Sixty countries, of every sixth of which the heavier of two indicators is imputed."""
    register, rng = countries.register(), np.random.default_rng(6)
    states = [c for c in sorted(register.names()) if register.exists(c, made_up.AS_OF.year)][:60]
    level = {c: 0.3 + 0.4 * float(rng.random()) for c in states}
    rows = {
        c: {"a.x": v, "a.y": min(max(v + 0.15 * float(rng.standard_normal()), 0), 1)}
        for c, v in level.items()
    }
    if missing:
        for c in states[::6]:
            del rows[c]["a.y"]
    sheets = [made_up.sheet("a.x", sd=sd), made_up.sheet("a.y", sd=sd)]
    one = made_up.pillar("one", made_up.component("a.x"), made_up.component("a.y", weight=0.5))
    spec = Score(1.0, (one,), coverage=0.6, floor=0.01)
    noise = Uncertainty(draws=500, seed=4, imputation=Imputation(20))
    policy = made_up.policy(made_up.everyone("a.x"), (), spec, uncertainty=noise)
    return run.judge(policy, made_up.snapshot(sheets, rows), made_up.AS_OF)


def test_imputed_values_are_a_group_of_their_own():
    """Where figures are all but exact what stands in the gaps decides; where nothing is missing there is no group."""
    exact, doubtful = gappy(1e-9).decides, gappy(0.1).decides
    assert exact.shift.index.tolist() == ["error", "imputed"] and exact.runs == 1024 * 4
    assert exact.shift.at["error", "total"] == pytest.approx(0, abs=1e-6)
    assert exact.shift.loc["imputed", ["first", "total"]].tolist() == pytest.approx([1, 1], abs=0.12)
    assert 0 < doubtful.shift.at["imputed", "total"] < 0.5 < doubtful.shift.at["error", "total"]
    whole = gappy(0.1, missing=False)
    assert whole.imputed is None and whole.decides.shift.index.tolist() == ["error"]


@pytest.mark.parametrize(
    "one", [lambda: gappy(0.05), lambda: result(Choices(Weights(simplex=True), scales=("stated", "z")))]
)
def test_few_rows_at_a_time_give_the_same_indices(monkeypatch, one):
    """As a sub-national panel of 50,000 units has to be done."""
    whole = one().decides
    monkeypatch.setattr("eligibility.method.decides.AT_ONCE", 60 * 100)
    monkeypatch.setattr("eligibility.method.decides.COLUMNS", 7)
    pieces = one().decides
    for frame in ("shift", "first", "total", "total_low", "total_high"):
        assert getattr(whole, frame).equals(getattr(pieces, frame)), frame
