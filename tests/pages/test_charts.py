"""Coordinates of the drawings: where things lie, what is left open, what is held to the edge."""

from __future__ import annotations

import math

import pytest

from eligibility.pages import charts

NAN = math.nan


def test_right_is_better_whichever_way_the_series_runs():
    up = charts.peers([0.1, 0.5, 0.9], 0, 1, True)
    down = charts.peers([0.1, 0.5, 0.9], 0, 1, False)
    assert up.scale(0.9) > up.scale(0.1)
    assert down.scale(0.9) < down.scale(0.1)
    assert up.scale(0.9) == pytest.approx(charts.STRIP[0] - down.scale(0.9))


def test_a_value_outside_the_range_is_drawn_at_the_edge():
    among = charts.peers([0.2, 0.8], 0, 1, True)
    assert among.scale(7.0) == charts.STRIP[0] - charts.EDGE
    assert among.scale(-7.0) == charts.EDGE


def test_every_coordinate_is_a_tenth_of_a_pixel():
    among = charts.peers([k / 7 for k in range(8)], 0, 1, True)
    mine = charts.strip(among, 1 / 3, 0.0123, 2 / 3)
    values = [*among.ticks, *among.band, among.median_x, mine.dot, *mine.whisker, mine.gate]
    assert all(round(v, 1) == v for v in values)


def test_peers_without_a_figure_leave_no_tick_and_no_median():
    none = charts.peers([NAN, NAN], 0, 1, True)
    assert none.ticks == ()
    assert none.median is None
    assert none.band is None
    assert none.better_than(0.5) is None or none.values == ()


def test_a_country_without_a_figure_has_no_dot_but_the_gate_stays():
    among = charts.peers([0.2, 0.8], 0, 1, True)
    mine = charts.strip(among, NAN, 0.1, 0.5)
    assert mine.dot is None
    assert mine.whisker is None
    assert mine.gate == among.scale(0.5)


def test_an_exact_figure_has_no_whisker():
    assert charts.strip(charts.peers([0.2, 0.8], 0, 1, True), 0.5, 0.0, None).whisker is None


@pytest.mark.parametrize(
    "values, value, high, share",
    [
        ([1, 2, 3], 3, True, 1.0),
        ([1, 2, 3], 1, True, 0.0),
        ([1, 2, 3], 1, False, 1.0),
        ([1, 2, 2, 3], 2, True, 0.5),  # of three others one is worse and one is equal
        ([2, 2, 2], 2, True, 0.5),
        ([5], 5, True, None),  # nobody to compare with
    ],
)
def test_better_than_counts_the_others_and_ties_half(values, value, high, share):
    assert charts.peers(values, 0, 10, high).better_than(value) == share


@pytest.mark.parametrize(
    "values, lo, hi, drawn",
    [
        ([0.4, 0.6], 0, 1, (0.0, 1.0)),  # an index keeps its whole range
        ([300.0, 9000.0], 0, 200_000, (300.0, 9000.0)),  # money does not
        ([5.0], 0.0, math.inf, (5.0, 5.0)),
        ([], 0.0, math.inf, (0.0, 1.0)),
        ([], -math.inf, math.inf, (0.0, 1.0)),
    ],
)
def test_the_range_drawn(values, lo, hi, drawn):
    assert charts.extent(values, lo, hi) == drawn
