"""What could as well have been chosen: each sampler has the spread it promises, and the stated way stays among them."""

from __future__ import annotations

from dataclasses import replace

import made_up
import numpy as np
import pytest

from eligibility.language import criteria
from eligibility.method import choices, run, score, streams
from eligibility.method.result import Result
from eligibility.policy.model import Choices, Score, Uncertainty, Weights

DRAWS = 20_000


def two_pillars(power: float = 1.0) -> Score:
    """Two pillars, the first of two indicators."""
    first = made_up.pillar("one", made_up.component("a.x"), made_up.component("a.y", weight=3.0))
    return Score(power, (first, made_up.pillar("two", made_up.component("a.z"), weight=2.0)), floor=0.01)


def drawn(own: Choices, draws: int = DRAWS, spec: Score | None = None) -> choices.Ways:
    return choices.draw(spec or two_pillars(), Uncertainty(seed=3, choices=own), draws)


# The streams ------------------------------------------------------------------------------------------------


def normals(seed: int, *keys: tuple[str, ...], pieces: tuple[int, ...]) -> np.ndarray:
    """keys x draws, served in these pieces."""
    drawn, parts = streams.Streams(seed, keys), []
    for piece in pieces:
        drawn.advance(piece)
        parts.append(drawn.normals(slice(None)))
    return np.concatenate(parts, axis=1)


def test_a_stream_of_normals_is_the_same_in_pieces_of_any_size():
    keys = ("x", "A"), ("x", "B")
    whole = normals(1, *keys, pieces=(100,))
    assert normals(1, *keys, pieces=(1, 7, 2, 4, 40, 3, 43)).tolist() == whole.tolist()
    assert normals(1, keys[1], pieces=(100,))[0].tolist() == whole[1].tolist()


def test_the_streams_side_by_side_are_those_of_the_generator():
    """Stepped together here, one by one by numpy's own SFC64: the same bits."""
    keys = [("x", "A"), ("vdem.polyarchy", "TUN"), ("choice", "", "scale")]
    own = [streams.bits(9, *key).random_raw(25).astype("<u8").view("<u2") for key in keys]
    assert normals(9, *keys, pieces=(100,)).tolist() == streams.table()[np.stack(own)].tolist()


def test_the_normals_are_normal():
    """Moments, tails and independence of neighbours, each within four standard errors."""
    from scipy import stats

    z = normals(5, ("z", "A"), pieces=(400_000,))[0]
    n = len(z)
    assert abs(z.mean()) < 4 / n**0.5
    assert abs(z.var() - 1) < 4 * (2 / n) ** 0.5
    assert abs((z**4).mean() - 3) < 4 * (96 / n) ** 0.5
    assert abs((z[1:] * z[:-1]).mean()) < 4 / n**0.5
    for c in (-3.0, -1.0, 0.0, 0.5, 2.5):
        p = stats.norm.cdf(c)
        assert abs((z <= c).mean() - p) < 4 * (p * (1 - p) / n) ** 0.5 + 2**-16


# The samplers -----------------------------------------------------------------------------------------------


def test_what_is_not_open_stays_as_stated():
    ways = drawn(Choices(), 5)
    assert {key: w.ravel().tolist() for key, w in ways.pillar.items()} == {"one": [1.0] * 5, "two": [2.0] * 5}
    assert ways.component["one.score.a.y"].ravel().tolist() == [3.0] * 5
    assert ways.power.tolist() == [1.0] * 5 and ways.scales == ("stated",)


def test_within_is_even_between_its_ends():
    w = drawn(Choices(weights=Weights(within=0.25))).component["one.score.a.y"][:, 0]
    assert (w.min(), w.max()) == (pytest.approx(0.5625, abs=0.003), pytest.approx(0.9375, abs=0.003))
    assert w.mean() == pytest.approx(0.75, abs=0.005)
    assert w.var() == pytest.approx(0.375**2 / 12, rel=0.03)


def test_dirichlet_has_its_mean_and_variance():
    """Dirichlet(c w): mean w, variance w (1 - w) / (c + 1)."""
    shares = drawn(Choices(weights=Weights(dirichlet=10.0))).shares
    p = 1 / 3  # of the stated weights 1 and 2
    assert shares[:, 0].mean() == pytest.approx(p, abs=0.01)
    assert shares[:, 0].var() == pytest.approx(p * (1 - p) / 11, rel=0.05)


def test_any_weights_are_even_on_the_simplex():
    """Of two shares each is uniform; of three the marginal is Beta(1, 2)."""
    shares = drawn(Choices(weights=Weights(simplex=True))).shares
    assert np.quantile(shares[:, 0], [0.1, 0.5, 0.9]) == pytest.approx([0.1, 0.5, 0.9], abs=0.015)
    three = choices.simplex(streams.generator(1, "t"), 3, DRAWS)
    assert three.sum(axis=1) == pytest.approx(1)
    assert np.quantile(three[:, 0], [0.25, 0.75]) == pytest.approx([1 - 0.75**0.5, 0.5], abs=0.015)


def test_limits_and_order_are_kept_and_the_spread_inside_is_even():
    low, high = np.array([0.2, 0.0, 0.0]), np.array([0.6, 1.0, 1.0])
    x = choices.between(streams.generator(1, "b"), low, high, [0, 1], DRAWS)
    assert x.sum(axis=1) == pytest.approx(1)
    assert ((x[:, 0] >= 0.2) & (x[:, 0] <= 0.6) & (x[:, 0] >= x[:, 1])).all()
    free = choices.simplex(streams.generator(2, "b"), 3, 200_000)
    kept = free[(free[:, 0] >= 0.2) & (free[:, 0] <= 0.6) & (free[:, 0] >= free[:, 1])]
    assert x.mean(axis=0) == pytest.approx(kept.mean(axis=0), abs=0.006)


def test_a_full_order_is_kept_by_sorting():
    x = choices.between(streams.generator(1, "o"), np.zeros(3), np.ones(3), [2, 0, 1], DRAWS)
    assert ((x[:, 2] >= x[:, 0]) & (x[:, 0] >= x[:, 1])).all()
    # the means of the ordered shares of three (David and Nagaraja 2003): 11/18, 5/18, 2/18
    assert x.mean(axis=0) == pytest.approx([5 / 18, 2 / 18, 11 / 18], abs=0.006)


def test_a_sliver_is_walked_where_rejection_finds_too_little():
    """A box of a ten-thousandth of the simplex: hit-and-run, with the mean of the box."""
    low = np.array([0.50, 0.30, 0.10, 0.0, 0.0])
    high = np.array([0.51, 0.31, 0.11, 0.09, 0.09])
    x = choices.between(streams.generator(1, "s"), low, high, [], 400)
    assert ((x >= low - 1e-12) & (x <= high + 1e-12)).all()
    assert x.sum(axis=1) == pytest.approx(1)
    rng = np.random.default_rng(1)
    heads = low[:3] + (high - low)[:3] * rng.random((400_000, 3))
    rest = 1 - heads.sum(axis=1)
    fourth = rest * rng.random(len(rest))
    # even on the slice: a point with `rest` left for two shares counts for the length of what they can be
    length = np.minimum(rest, 0.09) - np.maximum(rest - 0.09, 0)
    assert x[:, 0].mean() == pytest.approx((heads[:, 0] * length).sum() / length.sum(), abs=0.0012)
    assert fourth.size


def test_the_recipe_as_stated_has_half_of_the_draws_and_the_rest_leave_one_indicator_out():
    ways = drawn(Choices(leave_out=True))
    assert np.bincount(ways.gone) / DRAWS == pytest.approx([1 / 6] * 3 + [1 / 2], abs=0.015)
    spec = two_pillars()
    own, parts = ways.weights_in(spec.pillars[1])
    assert ((own == 0) == (parts[0] == 0)).all()  # a pillar of which nothing is left counts for nothing
    alone = Score(1.0, (made_up.pillar("p", made_up.component("a.x")),))
    assert choices.open_in(alone, Choices(leave_out=True)) == ()
    assert drawn(Choices(leave_out=True), 10, alone).paths == ()


def test_scales_and_powers_are_equally_likely():
    ways = drawn(Choices(powers=(1.0, 0.0, -1.0), scales=("stated", "minmax")))
    assert [np.mean(ways.power == p) for p in (1, 0, -1)] == pytest.approx([1 / 3] * 3, abs=0.015)
    assert np.mean(ways.scale == 0) == pytest.approx(0.5, abs=0.015)


# The scorer under them --------------------------------------------------------------------------------------


def world(rows: dict[str, dict[str, float]], spec: Score, own: Choices, sd: float = 1e-9, **more) -> Result:
    """A run of an index over three indicators."""
    sheets = [made_up.sheet(f"a.{k}", sd=sd, lo=-10.0, hi=10.0) for k in "xyz"]
    noise = Uncertainty(draws=more.pop("draws", 400), seed=2, choices=own)
    policy = made_up.policy(made_up.everyone("a.x"), (), spec, uncertainty=noise, **more)
    return run.judge(policy, made_up.snapshot(sheets, rows), made_up.AS_OF)


def some_rows(n: int = 8) -> dict[str, dict[str, float]]:
    rng = np.random.default_rng(4)
    return {c: {f"a.{k}": round(float(rng.random()), 3) for k in "xyz"} for c in made_up.COUNTRIES[:n]}


@pytest.mark.parametrize(
    "own",
    [
        Choices(weights=Weights(within=0.9)),
        Choices(powers=(1.0, 0.0, -1.0, float("-inf"))),
        Choices(scales=("stated", "minmax", "z", "percentile")),
        Choices(leave_out=True),
        Choices(Weights(simplex=True), (1.0, 0.5), ("stated", "minmax"), True),
    ],
)
def test_every_draw_is_the_score_of_the_same_policy_written_out(own):
    """Each drawn way, put into a criteria value of its own, gives the same score by the point estimate."""
    spec, rows = two_pillars(), some_rows()
    rows["FJI"].pop("a.y")  # a gap
    result = world(rows, spec, own)
    ways, groups = choices.draw(spec, Uncertainty(seed=9, choices=own), 40), result.peers.to_numpy()
    centre = result.centre
    wide = replace(centre, now={k: np.repeat(v, 40, axis=0) for k, v in centre.now.items()})
    built = score.build(spec, wide, groups, ways).score
    for t in range(40):
        one, pillars = ways.rows(slice(t, t + 1)), []
        for pillar in spec.pillars:
            share, parts = one.weights_in(pillar)
            name = ways.scales[int(one.scale[0])]
            parts = [
                replace(c, weight=float(w[0, 0]), scale=choices.scale_of(c, name))
                for c, w in zip(pillar.components, parts, strict=True)
            ]
            kept = tuple(c for c in parts if c.weight > 0)
            if kept:
                pillars.append(replace(pillar, weight=float(share[0, 0]), components=kept))
        written = replace(spec, power=float(one.power[0]), pillars=tuple(pillars))
        assert built[t].tolist() == pytest.approx(
            score.build(written, centre, groups).score[0].tolist(), abs=1e-12, nan_ok=True
        )


def test_the_columns_asked_for_are_those_of_the_whole():
    spec = two_pillars()
    result = world(some_rows(), spec, Choices())
    ways = choices.draw(spec, Uncertainty(choices=Choices(scales=("stated", "z"))), 6)
    wide = replace(result.centre, now={k: np.repeat(v, 6, axis=0) for k, v in result.centre.now.items()})
    groups, some = result.peers.to_numpy(), np.array([True, False] * 4)
    whole = score.build(spec, wide, groups, ways).score
    assert score.build(spec, wide, groups, ways, some).score.tolist() == whole[:, some].tolist()


@pytest.mark.parametrize("draws", [1, 2, 3])
def test_a_few_draws_may_leave_a_choice_untried(draws):
    own = Choices(Weights(simplex=True), (1.0, 0.0, -1.0), ("stated", "minmax", "z", "percentile"), True)
    firm = world(some_rows(), two_pillars(), own, draws=draws).firmness
    assert firm.places.counts.to_numpy().sum() == 8 * draws


def test_no_choice_touches_a_verdict_and_error_alone_is_given_beside():
    own = Choices(Weights(simplex=True), (1.0, 0.0), ("stated", "minmax"), True)
    spec, rows = two_pillars(), some_rows(12)
    gate = made_up.gate("g", made_up.atom("a.x", "at_least", 0.5))
    noise = {"sd": 0.1}
    plain, chosen = (
        run.judge(
            made_up.policy(
                made_up.everyone("a.x"), [gate], spec, uncertainty=Uncertainty(draws=2_000, choices=each)
            ),
            made_up.snapshot([made_up.sheet(f"a.{k}", **noise) for k in "xyz"], rows),
            made_up.AS_OF,
        ).firmness
        for each in (Choices(), own)
    )
    assert chosen.p_gate.equals(plain.p_gate) and chosen.p_eligible.equals(plain.p_eligible)
    assert chosen.stated.counts.equals(plain.places.counts)
    assert plain.stated.counts.equals(plain.places.counts)
    assert not chosen.places.counts.equals(plain.places.counts)
    assert plain.kinds == ("measurement error",)
    assert len(chosen.kinds) == 6


# The shipped policy -----------------------------------------------------------------------------------------


def test_the_choices_of_the_default_policy_hold_its_own_score():
    from eligibility.data import panel, sources

    policy = criteria.load("peacetime-pilots", panel.catalogue(sources.shelf()))
    own = policy.uncertainty.choices
    assert policy.score.power in own.powers and "stated" in own.scales
    assert choices.open_in(policy.score, own) == tuple(choices.OPEN)
    assert own.basis
