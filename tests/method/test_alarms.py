"""When a review sounds: limits at their edges, an independent reading of the rule, errors of changes beside the model's own draws."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pytest

from eligibility.data import panel, sources
from eligibility.data.cells import known_at
from eligibility.method import alarms, changes, resamples, run, teaching
from eligibility.method.alarms import Standing
from eligibility.method.measurement_error import ErrorModel
from eligibility.method.measures import point
from eligibility.policy.model import Quantity

NAN = float("nan")


def one(fall=0.0, error=0.02, lower=False, short=(), happened=False) -> Standing:
    gaps = np.array([[x] for x, _ in short] or [[0.0]])
    errors = np.array([[e] for _, e in short] or [[0.02]])
    wrap = lambda x: np.array([x])  # noqa: E731
    return Standing(wrap(fall), wrap(error), wrap(lower), gaps, errors, wrap(happened))


def colour(*args, **more) -> str:
    at = one(*args, **more)
    return str(alarms.colours(at, alarms.reasons(at))[0])


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (dict(fall=0.10, error=0.0429), "red"),  # 2.331 errors
        (dict(fall=0.10, error=0.0430), "amber"),  # 2.326 errors
        (dict(fall=0.099, error=0.01), "amber"),
        (dict(fall=0.05, error=0.0304), "amber"),  # 1.645 errors
        (dict(fall=0.05, error=0.0306), "clear"),  # 1.634 errors
        (dict(fall=0.049, error=0.001), "clear"),
        (dict(fall=0.05, error=0.0304, lower=True), "red"),
        (dict(fall=0.049, error=0.001, lower=True), "clear"),  # a class lost by a hair is no alarm
        (dict(short=[(0.0257, 0.02), (0.0257, 0.02)]), "amber"),  # 1.285 errors, twice
        (dict(short=[(0.0257, 0.02), (0.0255, 0.02)]), "clear"),
        (dict(short=[(0.0, 0.0), (0.0, 0.0)]), "clear"),  # the same estimate: no change and no error
        (dict(short=[(0.5, NAN), (NAN, 0.1)]), "clear"),
        (dict(happened=True), "red"),
        (dict(fall=NAN, error=NAN, happened=True), "red"),
        (dict(fall=NAN, error=NAN, short=[(NAN, NAN)]), "open"),
        (dict(fall=NAN, error=NAN, short=[(0.1, 0.02), (0.1, 0.02)]), "amber"),
    ],
)  # fmt: skip
def test_each_limit_at_its_edge(at, said):
    assert colour(**at) == said


def plainly(fall, error, lower, short, happened) -> str:
    """The rule once more, in words of its own."""
    known = not math.isnan(fall)
    slip = 1e-9
    if happened:
        return "red"
    if known and fall + slip >= max(0.10, 2.33 * error):
        return "red"
    small = known and fall + slip >= 0.05 and fall + slip >= 1.64 * error
    if small and lower:
        return "red"
    worse = [gap for gap, e in short if gap > 0 and gap + slip >= 1.28 * e]
    if small or len(worse) >= 2:
        return "amber"
    return "clear" if known or any(not math.isnan(gap) for gap, _ in short) else "open"


def test_many_pilots_at_once_are_coloured_as_one_by_one():
    draw = random.Random(7)

    def figure(wide: float) -> float:
        return NAN if draw.random() < 0.2 else round(draw.uniform(-0.2, wide), 3)

    cases = []
    for _ in range(3_000):
        gone = draw.random() < 0.1  # of some nothing is known
        short = [(NAN if gone else figure(0.2), round(draw.uniform(0, 0.12), 3)) for _ in range(7)]
        cases.append((max(figure(0.3), 0.0), draw.choice([0.0, 0.02, 0.05, 0.1]), draw.random() < 0.3, short, draw.random() < 0.1))  # fmt: skip
    cases = [(NAN if draw.random() < 0.2 else f, e, lower, s, h) for f, e, lower, s, h in cases]
    at = Standing(
        *(np.array([case[k] for case in cases]) for k in (0, 1, 2)),
        np.array([[gap for gap, _ in case[3]] for case in cases]).T,
        np.array([[e for _, e in case[3]] for case in cases]).T,
        np.array([case[4] for case in cases]),
    )
    told = alarms.colours(at, alarms.reasons(at)).tolist()
    assert told == [plainly(*case) for case in cases]
    assert {*told} == {"red", "amber", "clear", "open"}


# Errors of changes ------------------------------------------------------------------------------------------


@cache
def figures(series: str = "vdem.polyarchy"):
    policy, _ = run.ready("peacetime-pilots")
    held = panel.load([series], sources.shelf())
    return policy.uncertainty, known_at(held, date(2026, 4, 1), 3)


@pytest.mark.parametrize("series", ["vdem.polyarchy", "vdem.rule_of_law", "vdem.political_corruption"])
@pytest.mark.parametrize("years", [1, 5])
def test_the_error_of_a_change_is_that_of_the_models_own_draws(series, years):
    """The closed form beside 20,000 draws along the same path: no second model."""
    doubt, cells = figures(series)
    cells = cells.only(["ALB", "GTM", "KEN", "MDA", "TUN", "UKR", "NPL", "ZMB"])
    asked = (Quantity(series), Quantity(series, "change_over", years))
    drawn = ErrorModel(cells, point(cells, asked), doubt).draw(20_000).of(asked[1]).std(axis=0)
    line = changes.track(cells, series, doubt, years + 1)
    who = np.arange(len(cells.countries))
    told = line.error(line.newest - years, line.newest, who)
    assert np.allclose(told, drawn, rtol=0.08, atol=0.001)
    assert (drawn > 0.005).sum() >= 6


def test_a_year_with_the_same_value_is_the_same_estimate():
    doubt, cells = figures()
    line = changes.track(cells, "vdem.polyarchy", doubt, 10)
    seen = 0
    for k in range(len(cells.countries)):
        row = line.newest[k] - line.years[0]
        if row > 0 and round(line.value[row, k], 3) == round(line.value[row - 1, k], 3):
            year = np.array([line.newest[k]])
            assert line.error(year - 1, year, np.array([k]))[0] < 1e-12
            seen += 1
    assert seen > 5


def test_a_change_from_a_year_that_is_not_held_has_no_error():
    doubt, cells = figures()
    line = changes.track(cells, "vdem.polyarchy", doubt, 3)
    k = np.array([cells.countries.index("KEN")])
    assert np.isnan(line.error(np.array([1900]), line.newest[k], k))
    assert np.isnan(line.at(line.value, np.array([2100]), k))


def test_the_values_of_a_track_are_the_published_ones():
    doubt, cells = figures()
    line, frame = changes.track(cells, "vdem.polyarchy", doubt, 6), cells.panel.values["vdem.polyarchy"]
    for k, iso3 in enumerate(cells.countries):
        for row, year in enumerate(line.years):
            if not math.isnan(line.value[row, k]):
                assert line.value[row, k] == frame.loc[year, iso3]


# Noise ------------------------------------------------------------------------------------------------------


def noise(**more):
    given = dict(
        level=(np.array([0.0]), np.array([0.1])), others=(np.zeros((7, 1)), np.full((7, 1), 0.2)),
        worse=np.array([0, 0, 0, 0, 0, 0, 1]), democracy=np.array([True]), cut=0.5, model=(0.95, 0.5), years=5,
        draws=4_000, seed=1,
    )  # fmt: skip
    return alarms.noise(**(given | more))


def test_noise_of_figures_without_error_is_nought():
    calm = noise(level=(np.array([0.3]), np.array([0.0])), others=(np.zeros((7, 1)), np.zeros((7, 1))))
    assert (calm.red, calm.amber, calm.naive) == (0.0, 0.0, 0.0)


def test_noise_of_one_review_is_what_the_limits_say():
    """A wide error at the middle of the scale, one year on: a fall of 1.64 errors comes by noise one time in twenty."""
    lone = noise(level=(np.array([0.0]), np.array([0.35])), others=(np.full((7, 1), NAN), np.full((7, 1), NAN)),
                 democracy=np.array([False]), years=1, draws=40_000)  # fmt: skip
    assert lone.amber == pytest.approx(0.0505, abs=0.006)
    assert lone.red == pytest.approx(0.0099, abs=0.003)


def test_noise_grows_with_years_and_shrinks_with_persistence():
    assert noise(years=1).naive < noise(years=5).naive
    assert noise(model=(0.999, 0.5)).naive < noise(model=(0.5, 0.5)).naive


def test_noise_of_two_alike_is_that_of_one():
    twice = noise(level=(np.zeros(2), np.full(2, 0.1)), others=(np.zeros((7, 2)), np.full((7, 2), 0.2)),
                  democracy=np.array([True, True]))  # fmt: skip
    assert twice == noise() and noise().amber > 0.01


def test_errors_along_a_path_are_those_of_the_model():
    """Variance 1, so much of it kept from year to year, so much shared with another figure: against it where more is worse."""
    z = alarms._paths(3, 3, 60_000, 0.9, 0.3, np.array([0, 0, 1]), 1)
    assert np.allclose(z.mean(axis=2), 0, atol=0.02) and np.allclose(z.var(axis=2), 1, atol=0.03)
    assert np.corrcoef(z[0, 0], z[0, 1])[0, 1] == pytest.approx(0.9, abs=0.01)
    assert np.corrcoef(z[0, 2], z[1, 2])[0, 1] == pytest.approx(0.3, abs=0.02)
    assert np.corrcoef(z[0, 2], z[2, 2])[0, 1] == pytest.approx(-0.3, abs=0.02)


# What pilots can teach ----------------------------------------------------------------------------------------


def test_the_smallest_effect_is_seen_four_times_in_five():
    """The formula by trial: pilots with that effect beside others without, told apart by a two-sided test at 5 %."""
    draw, sd, pilots, others = np.random.default_rng(3), 0.09, 8, 40
    effect = teaching.smallest(sd, pilots, others)
    a = draw.normal(effect, sd, (20_000, pilots)).mean(axis=1)
    b = draw.normal(0.0, sd, (20_000, others)).mean(axis=1)
    seen = np.abs(a - b) > 1.96 * sd * math.sqrt(1 / pilots + 1 / others)
    assert seen.mean() == pytest.approx(0.80, abs=0.01)
    assert math.isnan(teaching.smallest(sd, 0, 5))


def test_the_spread_leaves_out_what_all_did():
    draw = np.random.default_rng(5)
    value = np.cumsum(draw.normal(0, 0.02, (30, 40)), axis=0)
    tide = np.linspace(0, 3, 30)[:, None]
    assert teaching.spread(value, 5)[0] == pytest.approx(teaching.spread(value + tide, 5)[0])
    gaps = value.copy()
    gaps[:, 0] = NAN
    assert teaching.spread(gaps, 5) == teaching.spread(value[:, 1:], 5)


def test_the_nearest_are_the_nearest_whatever_the_order():
    draw = np.random.default_rng(9)
    features, names = draw.normal(size=(40, 3)), [f"C{k:02}" for k in range(40)]
    group, barred = ["a"] * 30 + ["b"] * 10, [k % 7 == 3 for k in range(40)]
    found = teaching.nearest(features, group, names, 4, barred)
    turn = draw.permutation(40)
    again = teaching.nearest(
        features[turn], [group[k] for k in turn], [names[k] for k in turn], int(np.flatnonzero(turn == 4)[0]),
        [barred[k] for k in turn],
    )  # fmt: skip
    assert found == again
    sd = features.std(axis=0)
    away = {n: math.sqrt((((features[k] - features[4]) / sd) ** 2).mean()) for k, n in enumerate(names)}
    brute = sorted((n for k, n in enumerate(names) if k != 4 and not barred[k] and group[k] == "a" and away[n] <= 0.5),
                   key=lambda n: (round(away[n], 6), n))[:5]  # fmt: skip
    assert [n for n, _ in found] == brute


def test_a_country_without_a_figure_is_near_to_nobody():
    features = np.array([[0.0], [0.1], [NAN]])
    assert teaching.nearest(features, "aaa", list("ABC"), 2, [False] * 3) == ()
    assert [n for n, _ in teaching.nearest(features, "aaa", list("ABC"), 0, [False] * 3)] == []


def test_the_range_of_a_share_leaves_a_twentieth_out_at_either_end():
    drawn = np.random.default_rng(6).permutation(np.arange(101.0)) / 100
    found = resamples.share(0.4, np.append(drawn, NAN))
    assert (found.value, found.low, found.high) == (0.4, 0.05, 0.95)
    for value, of in ((NAN, drawn), (0.4, np.array([NAN])), (0.4, np.array([]))):
        nothing = resamples.share(value, of)
        assert np.isnan([nothing.value, nothing.low, nothing.high]).all()


def test_a_share_has_a_range_of_countries():
    country = np.repeat(np.arange(40), 5)
    part = np.repeat(np.random.default_rng(2).random(40) < 0.3, 5)
    every = np.ones(200, dtype=bool)
    wide, narrow = alarms.share(country, part, every, 1), alarms.share(np.arange(200), part, every, 1)
    assert wide.value == narrow.value == part.mean()
    assert wide.low <= wide.value <= wide.high
    assert wide.high - wide.low > 1.5 * (
        narrow.high - narrow.low
    )  # five years of one country are not five cases
    assert math.isnan(alarms.share(country, part, ~every, 1).value)


def test_the_error_follows_the_persistence_of_the_criteria():
    doubt, cells = figures()
    k = np.array([cells.countries.index("UKR")])
    errors = []
    for lasts in (0.5, 0.95, 0.999):
        line = changes.track(cells, "vdem.polyarchy", replace(doubt, persistence=lasts), 6)
        errors.append(float(line.error(line.newest[k] - 5, line.newest[k], k)[0]))
    assert errors[0] > errors[1] > errors[2]
