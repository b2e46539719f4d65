"""How much a weight must change: worked examples, linear and integer programmes, and no nearer change found by chance."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import made_up
import numpy as np
import pytest

from eligibility.method import measures, rank, score, stability
from eligibility.policy.model import Score

W = np.array([0.4, 0.35, 0.25])
A, B = np.array([0.8, 0.3, 0.6]), np.array([0.5, 0.7, 0.4])


# The worked example (method paper, section 9)


@pytest.mark.parametrize("k, tie", [(0, 1 / 3), (1, 0.395349), (2, 0.117647)])
def test_one_weight_at_which_two_countries_tie(k, tie):
    found = stability.tie_of_one(W, A - B, k)
    assert found == pytest.approx(tie, abs=5e-7)
    new = W * (1 - found) / (1 - W[k])
    new[k] = found
    assert new.sum() == pytest.approx(1)
    assert (new * (A - B)).sum() == pytest.approx(0, abs=1e-12)


def test_all_weights_at_which_two_countries_tie():
    new, change = stability.nearest_tie(W, A - B)
    assert new == pytest.approx([0.357143, 0.392857, 0.25], abs=5e-7)
    assert change == pytest.approx(2 * 0.03 / 0.7)


def test_who_is_better_in_everything_is_never_overtaken():
    apart = np.array([0.1, 0.2, 0.3])
    assert np.isnan([stability.tie_of_one(W, apart, k) for k in range(3)]).all()
    assert np.isnan(stability.nearest_tie(W, apart)[1])


def test_a_single_part_has_no_other_weight():
    assert np.isnan(stability.tie_of_one(np.array([1.0]), np.array([-0.2]), 0))


# Against a solver


def programme(weights, apart):
    """The same question to a linear programme."""
    optimize = pytest.importorskip("scipy.optimize")
    n = len(weights)
    found = optimize.linprog(
        np.ones(2 * n),
        A_ub=np.concatenate([apart, -apart])[None, :],
        b_ub=[-(weights * apart).sum()],
        A_eq=np.concatenate([np.ones(n), -np.ones(n)])[None, :],
        b_eq=[0.0],
        bounds=[(0, None)] * n + [(0, w) for w in weights],
        method="highs",
    )
    return found.fun if found.status == 0 else np.nan


@pytest.mark.parametrize("seed", range(60))
def test_the_greedy_answer_is_the_linear_programme_s(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 9))
    weights, apart = rng.dirichlet(np.ones(n) * rng.choice([0.3, 1, 5])), rng.normal(0.3, 0.5, n)
    if (weights * apart).sum() < 0:
        apart = -apart
    new, change = stability.nearest_tie(weights, apart)
    assert change == pytest.approx(programme(weights, apart), abs=1e-7, nan_ok=True)
    if not np.isnan(change):
        assert new.sum() == pytest.approx(1)
        assert (new >= 0).all() and (new * apart).sum() <= 1e-12


@pytest.mark.parametrize("seed", range(12))
def test_no_weights_found_by_chance_turn_a_place_with_less(seed):
    rng = np.random.default_rng(seed)
    n, size = 9, 3
    f, weights = np.log(rng.uniform(0.1, 1, (n, 3))), np.array([0.5, 0.3, 0.2])

    def inside(w, i):
        s = w @ f.T
        return (s > s[..., [i]]).sum(axis=-1) < size

    many = rng.dirichlet(np.ones(3), 30_000)
    far = np.abs(many - weights).sum(axis=1)
    for i in range(n):
        new, change = stability.nearest_turn(weights, f, i, size)
        turned = inside(many, i) != inside(weights[None, :], i)[0]
        if np.isnan(change):
            assert not turned.any()
            continue
        assert inside(new[None, :], i)[0] != inside(weights[None, :], i)[0]
        assert change <= far[turned].min(initial=np.inf) + 1e-4


# Through the one scorer


def competition(power, inner=1.0, seed=1, n=14, missing=False):
    """A made-up score of three pillars, the measures of `n` countries, and who is admitted."""
    rng = Random(seed)
    series = [f"s.{k}" for k in range(5)]
    parts = [made_up.component(s, weight=1 + k % 2) for k, s in enumerate(series)]
    spec = Score(
        power,
        (
            made_up.pillar("a", *parts[:2], weight=2.0, power=inner),
            made_up.pillar("b", *parts[2:4], weight=1.0, power=inner),
            made_up.pillar("c", parts[4], weight=1.0, power=inner),
        ),
        floor=0.01,
        coverage=0.3,
    )
    names = tuple(sorted(rng.sample(made_up.MANY, n)))
    now = {s: np.array([[rng.uniform(0.05, 0.95) for _ in names]]) for s in series}
    if missing:
        now["s.0"][0, 2] = np.nan
    return spec, measures.Measures(names, now, {}), np.array([""] * n, object)


def listed(spec, values, peers, size):
    place = rank.ranks(score.build(spec, values, peers).score, np.ones((1, len(values.countries)), bool))[0]
    return place <= size


@pytest.mark.parametrize("power", [1.0, 0.0, -1.0, 0.5])
@pytest.mark.parametrize("seed", [1, 2])
def test_every_change_that_is_named_turns_the_place(power, seed):
    spec, values, peers = competition(power, inner=power, seed=seed)
    made = stability.stability(spec, values, peers, np.ones(14, bool), 4)
    before = listed(spec, values, peers, 4)
    at = values.countries.index
    assert len(made.one) > 5 and set(made.all["of"]) == {"pillars", "indicators"}
    assert set(made.all["how"]) == {"exact"}
    for row in made.one.to_dict("records"):
        k = list(made.pillars.index).index(row["weight"])
        new = made.pillars.to_numpy() * (1 - row["to"]) / (1 - row["from"])
        new[k] = row["to"]
        after = listed(stability.with_pillars(spec, new), values, peers, 4)
        assert after[at(row["iso3"])] == (row["becomes"] == "in") != before[at(row["iso3"])]
        assert row["change"] == pytest.approx(row["to"] - row["from"])
    for row in made.all.to_dict("records"):
        remake = stability.with_pillars if row["of"] == "pillars" else stability.with_indicators
        after = listed(remake(spec, np.array(row["to"])), values, peers, 4)
        assert after[at(row["iso3"])] == (row["becomes"] == "in") != before[at(row["iso3"])]
        assert sum(row["to"]) == pytest.approx(1)


@pytest.mark.parametrize("power", [1.0, 0.0])
def test_no_single_weight_nearer_than_the_one_named_does(power):
    spec, values, peers = competition(power, seed=5)
    made = stability.stability(spec, values, peers, np.ones(14, bool), 4)
    before, weights = listed(spec, values, peers, 4), made.pillars.to_numpy()
    for k, pillar in enumerate(made.pillars.index):
        for i, iso3 in enumerate(values.countries):
            row = made.one[(made.one.iso3 == iso3) & (made.one.weight == pillar)]
            reach = abs(row["change"].iloc[0]) - 2e-6 if len(row) else 1.0
            for step in np.linspace(-reach, reach, 31):
                to = weights[k] + step
                if 0 <= to <= 1:
                    new = weights * (1 - to) / (1 - weights[k])
                    new[k] = to
                    assert listed(stability.with_pillars(spec, new), values, peers, 4)[i] == before[i]


def test_a_mixed_tree_or_a_gap_gives_shifts_from_one_indicator_to_one_other():
    for spec, values, peers in (competition(0.0, inner=1.0), competition(1.0, missing=True)):
        made = stability.stability(spec, values, peers, np.ones(14, bool), 4)
        rows = made.all[made.all["of"] == "indicators"]
        assert len(rows) and set(rows["how"]) == {"shift"}
        before = listed(spec, values, peers, 4)
        for row in rows.to_dict("records"):
            moved = np.array(row["to"]) - made.indicators.to_numpy()
            assert (np.abs(moved) > 1e-9).sum() == 2
            after = listed(stability.with_indicators(spec, np.array(row["to"])), values, peers, 4)
            assert after[values.countries.index(row["iso3"])] != before[values.countries.index(row["iso3"])]


def test_a_shift_is_no_smaller_than_the_exact_change():
    spec, values, peers = competition(1.0)
    exact = stability.stability(spec, values, peers, np.ones(14, bool), 4).all
    exact = exact[exact["of"] == "indicators"].set_index("iso3")["change"]
    shifted = {}
    who = stability._Field(spec, values, peers, np.arange(14), 4)
    for iso3, _, change, *_ in stability._by_shift(who, stability.effective(spec).to_numpy()):
        shifted[iso3] = change
    assert shifted
    assert all(exact[iso3] <= change + 1e-4 for iso3, change in shifted.items())


def test_without_a_shortlist_or_with_room_for_all_nothing_turns():
    spec, values, peers = competition(0.0)
    for size in (0, 14, 20):
        made = stability.stability(spec, values, peers, np.ones(14, bool), size)
        assert made.one.empty and made.all.empty


def test_the_smallest_part_has_no_weights_to_change():
    spec, values, peers = competition(-np.inf)
    assert stability.stability(spec, values, peers, np.ones(14, bool), 4).one.empty


def test_effective_weights_are_the_product_down_the_tree():
    parts = [made_up.component(f"s.{k}") for k in range(8)]
    spec = Score(
        1.0, (made_up.pillar("a", *parts[:5], weight=1.0), made_up.pillar("b", *parts[5:], weight=1.0))
    )
    found = stability.effective(spec).tolist()
    assert found == pytest.approx([0.1] * 5 + [1 / 6] * 3, abs=1e-12)
    assert sum(found) == pytest.approx(1, abs=1e-12)
    assert stability.stated(spec).tolist() == [0.5, 0.5]


def test_weights_given_back_make_the_same_scores():
    spec, values, peers = competition(0.0)
    again = stability.with_indicators(spec, stability.effective(spec).to_numpy())
    built, rebuilt = (score.build(s, values, peers).score for s in (spec, again))
    assert rebuilt == pytest.approx(built, abs=1e-12)
    gone = stability.with_indicators(spec, np.array([0.0, 0.0, 1 / 3, 2 / 3, 0.0]))
    alone = score.build(replace(spec, pillars=spec.pillars[1:2]), values, peers).score
    assert score.build(gone, values, peers).score == pytest.approx(alone, abs=1e-12)


@pytest.mark.parametrize(
    "before, after, name",
    [
        ([0.5, 0.6, 0.4], [0.5, 0.45, 0.42], "BEN"),  # overtaken by Albania
        ([0.5, 0.4, 0.3], [0.5, 0.55, 0.3], "BEN"),  # overtakes it
        ([0.5, 0.4, 0.3], [0.5, 0.70, 0.6], "COL"),  # both do: the nearer one
        ([0.5, 0.4, 0.3], [0.9, 0.55, 0.3], ""),
    ],
)
def test_the_rival_is_the_nearest_of_those_whose_order_turned(before, after, name):
    field = stability._Field(
        None, measures.Measures(("ALB", "BEN", "COL"), {}, {}), np.array([]), np.arange(3), 1
    )
    assert field.rival(0, np.array(before), np.array(after)) == name
