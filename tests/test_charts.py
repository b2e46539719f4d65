"""Coordinates of the drawings: where things lie, what is left open, what is held to the edge."""

from __future__ import annotations

import math
from itertools import pairwise

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


def test_a_missing_year_breaks_the_line_and_a_lone_year_is_a_dot():
    years = {2001: 0.1, 2002: 0.2, 2003: NAN, 2004: 0.4, 2006: 0.5, 2007: 0.5}
    line = charts.trend(charts.lines(years, (0, 1), (2001, 2007)), (), None, (0, 1))
    assert [len(run) for run in line.runs] == [2, 2]
    assert len(line.dots) == 1
    assert line.end == line.runs[-1][-1]


def test_more_is_higher_on_a_trend_and_later_is_further_right():
    ((first, second),) = charts.lines({2001: 0.1, 2002: 0.9}, (0, 1), (2001, 2002))
    assert second[0] > first[0]
    assert second[1] < first[1]


def test_a_series_without_any_year_is_an_empty_drawing():
    none = charts.lines({2001: NAN}, (0, 1), (2001, 2007))
    assert charts.trend(none, none, NAN, (0, 1)) == charts.Trend((), (), (), None, None)


def test_bars_lie_end_to_end_and_what_is_missing_takes_no_room():
    segments = charts.bars([0.2, NAN, -0.1, 0.3], 1.0)
    assert [s.fill for s in segments] == [0, 3]
    assert segments[1].x == segments[0].x + segments[0].width


def test_the_range_of_a_rank_holds_its_dot_and_the_cut_lies_between_two_ranks():
    strip = charts.rank_strip(3, 2, 6, 10, 4)
    assert strip.low <= strip.dot <= strip.high
    step = charts.rank_strip(5, 5, 5, 10, 4).dot - charts.rank_strip(4, 4, 4, 10, 4).dot
    assert strip.cut == pytest.approx(charts.rank_strip(4, 4, 4, 10, 4).dot + step / 2, abs=0.1)
    assert charts.rank_strip(1, 1, 1, 3, 8).cut is None  # everyone ranked is on the shortlist


def test_an_unknown_range_is_the_rank_itself():
    strip = charts.rank_strip(3, NAN, NAN, 10, 4)
    assert strip.low == strip.dot == strip.high


def test_the_shares_of_a_histogram_are_all_the_draws():
    chart = charts.histogram([5, 3, 0, 1] + [0] * 40 + [1], 20, 2)
    assert math.fsum(c.share for c in chart.columns) == pytest.approx(1.0)
    assert chart.columns[-1].kind == "out"
    assert [c.kind for c in chart.columns[:3]] == ["in", "in", "past"]


def test_ranks_past_the_last_column_are_shown_together():
    chart = charts.histogram([1] * 60, 60, 3)
    assert chart.columns[-2].label == f"{charts.LAST_BARS + 1}–60"
    assert chart.columns[-2].share == pytest.approx(36 / 60)


def test_labels_of_a_histogram_do_not_run_into_one_another():
    for n in (1, 5, 12, 24, 60):
        named = [c for c in charts.histogram([1.0] * n, 2 * n, 4).columns if c.named]
        for left, right in pairwise(named):
            room = 4.0 * (len(left.label) + len(right.label)) / 2 + 4
            assert right.middle - left.middle >= room, (n, left.label, right.label)


@pytest.mark.parametrize("n", [1, 3, 12, 24, 60])
def test_what_is_written_over_a_column_stays_inside_the_drawing(n):
    for tall in (0, n - 1):
        counts = [1.0] * n
        counts[tall] = 100.0
        for c in charts.histogram(counts, 1000, 4).columns:
            if c.large:
                assert 10 <= c.middle <= charts.HISTOGRAM[0] - 10  # half of "49%"


def test_the_likeliest_rank_has_its_share_written_even_beside_a_taller_column_of_draws_without_one():
    columns = charts.histogram([26, 16, 10] + [1] * 20, 100, 8).columns
    assert [c.label for c in columns if c.large] == ["1", "out"]


def test_a_histogram_without_draws_has_no_height():
    assert all(c.height == 0 for c in charts.histogram([0, 0], 0, 1).columns)


@pytest.mark.parametrize(
    "values, lo, hi, drawn",
    [
        ([0.4, 0.6], 0, 1, (0.0, 1.0)),  # an index keeps its whole range
        ([300.0, 9000.0], 0, 200_000, (300.0, 9000.0)),  # money does not
        ([5.0], None, None, (5.0, 5.0)),
        ([], None, None, (0.0, 1.0)),
        ([], -math.inf, math.inf, (0.0, 1.0)),
    ],
)
def test_the_range_drawn(values, lo, hi, drawn):
    assert charts.extent(values, lo, hi) == drawn
