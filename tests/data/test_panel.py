"""The figures as known at a date: what is out, what is too old, what is carried, how sure each is."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import pytest
from made_up import atom, everyone, gate, panel, policy, sheet, source

from eligibility.data import panel as panels
from eligibility.data import sources
from eligibility.data.cells import known_at
from eligibility.errors import DataError
from eligibility.method.run import judge
from eligibility.method.vintages import default_day

X = "made.x"
WORLD = {
    X: {
        "ALB": {2012: 0.2, 2013: 0.3, 2014: 0.4, 2015: 0.5},
        "BEN": {2013: 0.6, 2014: 0.7},
        "COL": {2011: 0.9},
    }
}


def known(as_of: date, max_age: int = 3, **how):
    """The cells of the made-up world at a date."""
    return known_at(panel([sheet(X, **how)], WORLD), as_of, max_age)


def test_a_year_counts_from_the_day_after_its_month_of_publication():
    assert known(date(2016, 6, 30)).year.at["ALB", X] == 2014
    assert known(date(2016, 7, 1)).year.at["ALB", X] == 2015


def test_a_value_older_than_the_policy_allows_is_missing():
    assert math.isnan(known(date(2016, 7, 1), max_age=3).value.at["COL", X])
    assert known(date(2016, 7, 1), max_age=5).value.at["COL", X] == 0.9


def test_age_is_counted_in_calendar_years():
    assert known(date(2016, 7, 1)).age.at["ALB", X] == 1
    assert known(date(2016, 7, 1)).age.at["BEN", X] == 2


def test_a_value_older_than_the_newest_of_others_is_marked_and_less_sure():
    cells = known(date(2016, 7, 1), sd=0.05)
    assert cells.mark[X].to_dict() == {"ALB": "", "BEN": "carried", "COL": ""}  # COL has none that counts
    # the usual one-year change of the made-up world is 0.1: sqrt(0.05^2 + 1 * 0.1^2)
    assert cells.sd.at["BEN", X] == pytest.approx(math.sqrt(0.05**2 + 0.1**2))
    assert cells.sd.at["ALB", X] == 0.05


def test_an_exact_figure_of_the_newest_year_stays_exact_and_one_carried_on_does_not():
    cells = known(date(2016, 7, 1))
    assert (cells.sd_kind.at["ALB", X], cells.sd_kind.at["BEN", X]) == ("none", "modelled")
    assert (cells.sd.at["ALB", X], cells.sd.at["BEN", X]) == (0.0, pytest.approx(0.1))


def test_a_series_is_absent_where_nobody_at_all_has_a_figure_that_counts():
    """COL, which is not looked at, has one of 2011: it still counts where ages go to five years, and not where to four."""
    world = panel(
        [sheet(X), sheet("made.y")], {**WORLD, "made.y": {"COL": {2011: 0.9}, "ALB": {2015: math.nan}}}
    )
    absent = [known_at(world, date(2016, 7, 1), age).only(["ALB", "BEN"]).absent for age in (5, 4)]
    assert absent == [frozenset(), {"made.y"}]
    own = known_at(world, date(2016, 7, 1), 4, own_ages={"made.y": 5}).only(["ALB"])
    assert own.absent == frozenset()


def test_a_status_is_of_any_age_of_its_list_but_where_the_series_has_an_age_of_its_own():
    world, late, series = panels.load(["un.uncac_party"], sources.shelf()), date(2040, 1, 1), "un.uncac_party"
    assert set(world.dated) == {
        series,
        "lists.power_seized",
    }  # what is asked for, and events, told in any case
    told = known_at(world, late, 3)
    assert told.value.at["ALB", series] == 1 and told.mark.at["ALB", series].startswith("list to")
    age = int(told.age.at["ALB", series])
    assert known_at(world, late, 3, own_ages={series: age}).value.at["ALB", series] == 1
    gone = known_at(world, late, 3, own_ages={series: age - 1})
    assert gone.value[series].isna().all() and not gone.mark[series].any()


def test_a_fact_that_may_have_changed_is_not_carried():
    assert math.isnan(known(date(2016, 7, 1), carry=False).value.at["BEN", X])


def test_a_modelled_error_follows_its_formula_at_the_value():
    """The normal curve is 0.3989 high at its middle, where the value 0.5 lies."""
    cells = known(date(2016, 7, 1), sd_kind="modelled", sd_formula="probit", sd_factor=0.3)
    assert cells.sd.at["ALB", X] == pytest.approx(0.3 * 0.398942, abs=1e-6)
    assert cells.sd_kind.at["ALB", X] == "modelled"
    powers = known(
        date(2016, 7, 1), sd_kind="modelled", sd_formula="power", sd_factor=0.3, sd_powers=(1.0, 2.0)
    )
    assert powers.sd.at["ALB", X] == pytest.approx(0.3 * 0.5**3)


def test_an_assumed_error_is_called_so():
    cells = known_at(panel([sheet(X)], WORLD), date(2016, 7, 1), 3, {X: 0.02})
    assert (cells.sd.at["ALB", X], cells.sd_kind.at["ALB", X]) == (0.02, "assumed")


def test_figures_that_were_due_and_are_not_held_are_named():
    figures = panel([sheet(X)], WORLD)
    assert figures.overdue([X], date(2017, 6, 30)) == []
    [(_, last, due)] = figures.overdue([X], date(2017, 7, 1))
    assert (last, due) == (2015, date(2017, 7, 1))


def test_a_series_without_any_value_has_no_newest_year_and_decides_no_date():
    """Its column is there and empty, as a user's own folder may have it."""
    y = "made.y"
    figures = panel([sheet(X), sheet(y)], {**WORLD, y: {}})
    assert (figures.newest(X), figures.newest(y)) == (2015, None)
    assert [s.id for s, _, _ in figures.overdue([X, y], date(2017, 7, 1))] == ["made-up-1"]
    assert figures.overdue([y], date(2090, 1, 1)) == []
    assert figures.answerable([X, y], 3) is None
    assert default_day(policy(everyone(X), [gate("y", atom(y, "at_least", 0.5))]), figures) == date(
        2000, 1, 1
    )
    with pytest.raises(DataError, match="no default date; name a day with --as-of"):
        default_day(policy(everyone(y)), figures)


def test_criteria_can_be_judged_with_a_series_that_has_no_value():
    y = "made.y"
    figures = panel([sheet(X, sd=0.05), sheet(y)], {**WORLD, y: {}})
    rules = [
        gate("x", atom(X, "at_least", 0.5, path="gates.x")),
        gate("y", atom(y, "at_least", 0.5, path="gates.y")),
    ]
    result = judge(policy(everyone(X), rules), figures, date(2016, 7, 1))
    assert result.screening.gate.loc["ALB"].to_dict() == {"x": "pass", "y": "unknown"}
    assert any("Figures not held here" in note for note in result.notes)


def test_a_later_release_stands_in_whole_and_is_named_revised():
    old, new = source(id="made-1"), source(id="made-2", released=date(2020, 1, 1))
    old, new = (replace(s, series={"x": sheet(X, source_id=s.id)}) for s in (old, new))
    assert panels.catalogue([new, old])[X].source_id == "made-2"
    figures = panel([sheet(X)], WORLD)
    cells = known_at(replace(figures, held={X: new}), date(2016, 7, 1), 3)
    assert [s.id for s in cells.revised] == ["made-2"]


def test_a_release_that_is_taken_brings_its_own_errors_or_none():
    figures, other = panel([sheet(X, sd=0.05)], WORLD), panel([sheet(X, sd=0.1)], WORLD)
    for sds in (other.sds[X], None):
        release = panels.Vintage(source(id="made-2"), sheet(X), other.values[X], sds)
        assert figures.taking({X: release}).sds.get(X) is sds


def test_a_question_can_be_asked_from_the_first_figure_to_the_last_that_is_not_too_old():
    """Figures of 2012 to 2015, six months late; with another that begins in 2014; and with one that had ended by then."""
    world = {"a.x": {"ALB": {2012: 0.2, 2015: 0.5}}, "a.y": {"ALB": {2014: 0.2}}, "a.z": {"ALB": {2010: 0.2}}}
    figures = panel([sheet(s) for s in world], world)
    assert figures.answerable(["a.x"], 3) == (date(2013, 7, 1), date(2018, 12, 31))
    assert figures.answerable(["a.x", "a.y"], 3) == (date(2015, 7, 1), date(2017, 12, 31))
    assert figures.answerable(["a.y", "a.z"], 3) is None
    assert figures.answerable([], 3) is None


def test_every_series_that_nobody_holds_is_named_at_once():
    with pytest.raises(DataError) as refused:
        panels.load(["made.y", "made.x"], [])
    assert [p.what for p in refused.value.problems] == ["made.x", "made.y"]


def test_no_figure_published_after_the_date_can_be_read():
    """Look-ahead: changing everything that came out later changes nothing."""
    as_of = date(2015, 7, 1)
    later = {X: {c: {y: (v if y <= 2014 else 0.99) for y, v in h.items()} for c, h in WORLD[X].items()}}
    now, then = (known_at(panel([sheet(X, sd=0.05)], w), as_of, 3) for w in (WORLD, later))
    assert now.value.equals(then.value) and now.sd.equals(then.sd) and now.mark.equals(then.mark)
