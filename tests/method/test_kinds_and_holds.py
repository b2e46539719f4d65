"""Kinds that are ideal and kinds that will do, holds after dated events, and what figures did from where they started."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import date

import made_up
import numpy as np
import pytest
from made_up import AS_OF, CITES, atom, component, everyone, gate, panel, pillar, policy, sheet

from eligibility.data.cells import known_at
from eligibility.data.lists import Event, Listed, Standing, months_later
from eligibility.method import hold, measures, run
from eligibility.policy.model import Hold, Quantity, Reference, Score, Uncertainty
from eligibility.present import explain, ranked, tables

A, B, EV = "made.a", "made.b", "made.events"
KINDS = ("coup", "court", "disputed")
RULE = Standing("event", ("coup",), (), ("court", "disputed"), True, None, "2016", None, "Power was seized")
WHO = ("ALB", "BEN", "COL", "DZA", "ECU", "FJI")


def event(iso3: str, when: str, kind: str = "coup") -> Event:
    return Event(iso3, when, kind, "https://example.org/read", "")


def figures(world: dict, events: tuple[Event, ...] = (), rule: Standing = RULE, **sheets):
    """A panel with a list of events, whose yearly counts do not matter here."""
    made = [sheets.get(s) or sheet(s) for s in world if s != EV]
    held = panel([*made, sheet(EV, lag_months=0)], {**world, EV: {"ALB": {2015: 1}}})
    sheets = {**held.sheets, EV: replace(held.sheets[EV], standing=rule)}
    return replace(held, sheets=sheets, dated={EV: Listed(rule, events)})


def held_by(events: tuple[Event, ...], as_of: date, months: int = 24, until: bool = True, years=(2014, 2015)):
    world = {A: {c: dict.fromkeys(years, 0.7) for c in WHO}}
    rules = policy(everyone(A), [gate("g", atom(A, "at_least", 0.5))], hold=_hold(months, until))
    return hold.held(rules, known_at(figures(world, events), as_of, 3))


def _hold(months: int = 24, until: bool = True, kinds=("coup", "court")) -> Hold:
    return Hold("On hold", EV, kinds, months, until, "a test", CITES)


# What holds, and how long -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "when, day, holds",
    [
        ("2014-07-01", date(2016, 6, 30), True),
        ("2014-07-01", date(2016, 7, 1), False),  # 24 months have passed on the day
        ("2014-07-01", date(2014, 7, 1), True),
        ("2014-07-01", date(2014, 6, 30), False),
        ("2014-02", date(2016, 1, 31), True),  # a month counts from its first day
        ("2014-02", date(2016, 2, 1), False),
        ("2014", date(2014, 1, 1), True),  # a year likewise, though it may not have happened yet
    ],
)
def test_a_hold_lasts_until_its_months_have_passed(when, day, holds):
    assert ("BEN" in held_by((event("BEN", when),), day, until=False)) == holds


def test_a_hold_waits_for_the_figures_of_the_first_full_year():
    """The coup is of November 2014: figures of 2015 are out on 1 July 2016, and the months pass in December 2015."""
    coup = (event("BEN", "2014-11-20"),)
    assert held_by(coup, date(2015, 12, 1), months=12)["BEN"].until == date(2016, 7, 1)
    assert "BEN" in held_by(coup, date(2016, 6, 30), months=12)
    assert "BEN" not in held_by(coup, date(2016, 7, 1), months=12)
    (found,) = held_by(coup, date(2016, 6, 30), months=12).values()
    assert (found.passed, found.year, found.due) == (date(2015, 11, 20), 2015, date(2016, 7, 1))


def test_what_a_hold_waits_for_is_told_apart():
    """Figures read, still to come, or due and not held, with the months over or not."""
    waits = lambda **k: hold.Held(event("BEN", "2014-11-20"), date(2016, 11, 20), 2015, **k).waits(AS_OF)  # noqa: E731
    assert waits(due=date(2016, 3, 1), read=True) == ""
    assert waits(due=date(2016, 8, 1)) == "figures"
    assert waits(due=AS_OF) == "late"  # due on the day itself
    assert waits(due=date(2016, 3, 1)) == "late"
    assert (
        hold.Held(event("BEN", "2013-01-01"), date(2015, 1, 1), 2014, date(2015, 3, 1)).waits(AS_OF) == "over"
    )
    assert hold.Held(event("BEN", "2014-07-01"), AS_OF, 2015, date(2016, 3, 1)).waits(AS_OF) == "over"
    (found,) = held_by((event("BEN", "2015-01-10"),), AS_OF, months=24).values()
    assert not found.read and found.until == max(found.passed, found.due)


def test_a_gate_without_any_figure_of_the_country_reads_none():
    assert "BEN" in held_by((event("BEN", "2010-01-01"),), date(2020, 1, 1))  # too old to be read by then
    assert "BEN" not in held_by((event("BEN", "2010-01-01"),), date(2020, 1, 1), until=False)


def test_a_gate_that_asks_a_dated_list_too_waits_for_its_figures_alone():
    """The list is asked for the day itself; what it says of a year is no figure that is new enough, or too old."""
    lately = atom(EV, "at_least", 1.0, quantity=Quantity(EV, "within_months", 24), path="n")
    rules = policy(
        everyone(A),
        [gate("g", made_up.group("any", atom(A, "at_least", 0.5), lately)), gate("only", lately)],
        hold=_hold(12),
    )
    for newest, holds in ((2015, False), (2014, True)):
        world = {A: {c: dict.fromkeys((2013, newest), 0.7) for c in WHO}}
        cells = known_at(figures(world, (event("BEN", "2014-11-20"),)), AS_OF, 3)
        assert ("BEN" in hold.held(rules, cells)) == holds


def test_an_event_of_another_kind_holds_nobody():
    """A list may show what others dispute: it is told and holds nobody."""
    day = date(2016, 7, 1)
    assert held_by((event("BEN", "2016-06-01", "disputed"),), day) == {}
    assert set(held_by((event("BEN", "2016-06-01", "court"),), day)) == {"BEN"}


def test_of_two_events_that_hold_the_one_that_holds_longest_is_named():
    found = held_by((event("BEN", "2015-01-10"), event("BEN", "2016-05-10")), AS_OF)
    assert found["BEN"].event.date == "2016-05-10"


def test_months_later_keeps_to_the_month():
    assert months_later(date(2016, 1, 31), 1) == date(2016, 2, 29)
    assert months_later(date(2016, 2, 29), 12) == date(2017, 2, 28)
    assert months_later(date(9999, 6, 1), 24) == date.max


# Statuses ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def result():
    """Ideal is B above 0.5, what will do is A above 0.6; ALB and BEN ideal, COL qualified, DZA unknown kind, ECU out."""
    a = {"ALB": 0.9, "BEN": 0.8, "COL": 0.7, "DZA": 0.65, "ECU": 0.2, "FJI": 0.9}
    b = {"ALB": 0.9, "BEN": 0.8, "COL": 0.2, "ECU": 0.9, "FJI": 0.9}
    world = {
        A: {c: {2014: x, 2015: x} for c, x in a.items()},
        B: {c: {2014: x, 2015: x} for c, x in b.items()},
    }
    rules = policy(
        everyone(A),
        [gate("g", atom(A, "at_least", 0.5))],
        Score(1.0, (pillar("p", component(A)),)),
        tracks=(
            gate("best", atom(B, "above", 0.5, path="tracks.best")),
            gate("other", atom(A, "above", 0.6, path="tracks.other"), ideal=False),
        ),
        hold=_hold(),
        uncertainty=Uncertainty(draws=500, seed=3),
    )
    held = figures(world, (event("FJI", "2015-06-01"), event("ECU", "2015-06-01")), **{A: sheet(A, sd=0.05)})
    return run.judge(rules, held, AS_OF)


def test_every_status_comes_out_and_excluded_comes_before_on_hold(result):
    assert dict(result.screening.status) == {
        "ALB": "eligible", "BEN": "eligible", "COL": "qualified", "DZA": "qualified", "ECU": "excluded", "FJI": "on-hold",
    }  # fmt: skip
    assert set(result.hold) == {"ECU", "FJI"}


def test_who_is_qualified_is_ranked_apart_and_who_is_held_not_at_all(result):
    rows = {c["iso3"]: c for c in tables.document(result)["countries"]}
    assert {c: rows[c]["rank"] for c in rows} == {
        "ALB": 1,
        "BEN": 2,
        "COL": 1,
        "DZA": 2,
        "ECU": None,
        "FJI": None,
    }
    assert list(rows)[:4] == ["ALB", "BEN", "COL", "DZA"]
    assert result.ranking.shortlist == ("ALB", "BEN")
    assert rows["COL"]["rank_low"] == 1 and rows["COL"]["rank_high"] >= 1
    assert rows["FJI"]["rank_low"] is None and rows["FJI"]["p_top"] == 0.0


def test_probabilities_of_each_kind(result):
    firm = result.firmness
    assert firm.p_eligible["FJI"] == 0.0 and firm.p_qualified["FJI"] == 1.0  # as if it were not held
    assert firm.p_eligible["COL"] == 0.0 and firm.p_qualified["COL"] > 0.9
    assert (
        math.isnan(firm.p_eligible["DZA"]) and 0.5 < firm.p_qualified["DZA"] < 1
    )  # its ideal kind is unknown
    for end in (
        "low",
        "median",
        "high",
        "p_top",
        "counts",
    ):  # no choice is left open: the score as stated is the score
        assert getattr(firm.apart_stated, end).equals(getattr(firm.apart, end))
    known = firm.p_eligible.notna()
    assert (firm.p_qualified[known] >= firm.p_eligible[known]).all()


def test_json_names_the_hold_and_counts_every_status(result):
    told = json.loads(tables.json(result))
    assert told["counts"] == {
        "pool": 6, "eligible": 2, "qualified": 2, "conditional": 0, "on-hold": 1, "excluded": 1, "insufficient-data": 0,
    }  # fmt: skip
    rows = {c["iso3"]: c for c in told["countries"]}
    assert rows["FJI"]["hold"] == {
        "event": "coup", "date": "2015-06-01", "source": "https://example.org/read", "note": "", "until": "2017-07-01",
        "months_passed": "2017-06-01", "figures_of": 2016, "figures_due": "2017-07-01",
    }  # fmt: skip
    assert rows["ECU"]["hold"] is not None and rows["ALB"]["hold"] is None
    assert rows["DZA"]["borderline"] == (0.1 < rows["DZA"]["p_qualified"] < 0.9)
    assert any(note.startswith("On hold: Fiji (coup, 2015-06-01)") for note in told["notes"])


def test_the_terminal_lists_both(result):
    text = ranked.text(result)
    assert "2 meet every requirement but are of no ideal kind, 1 on hold, 1 does not qualify" in " ".join(
        text.split()
    )
    assert "Fiji: coup on 1 June 2015 (source: https://example.org/read); at least until" in " ".join(
        text.split()
    )
    assert "‖ On hold." in explain.country(result, "FJI")
    assert "○ Meets the requirements" in explain.country(result, "COL")


def test_without_a_mark_and_without_a_hold_nothing_changes(result):
    plain = replace(result.criteria, hold=None, tracks=result.criteria.tracks[:1])
    again = run.judge(plain, result.panel, AS_OF)
    assert dict(again.screening.status)["FJI"] == "eligible" and not plain.apart
    assert (again.firmness.p_eligible.fillna(-1) == again.firmness.p_qualified.fillna(-1)).all()
    assert tables.counts(again)["qualified"] == 0


def test_on_condition_is_said_of_who_is_qualified(result):
    own = result.criteria
    loose = replace(own.gates[0], rule=replace(own.gates[0].rule, grants="conditional"))
    again = run.judge(replace(own, gates=(loose,)), result.panel, AS_OF)
    rows = {c["iso3"]: c for c in tables.document(again)["countries"]}
    assert (rows["COL"]["status"], rows["COL"]["on_condition"]) == ("qualified", True)
    assert (rows["ALB"]["status"], rows["ALB"]["on_condition"]) == ("conditional", True)
    assert rows["ECU"]["on_condition"] is False


# What figures did -------------------------------------------------------------------------------------------


def measured(quantity: Quantity, then: float | None, now: float, **more) -> float:
    history = {2015: now} if then is None else {2005: then, 2015: now}
    held = panel([sheet(A, **more)], {A: {"ALB": history}})
    return float(measures.point(known_at(held, AS_OF, 3), [quantity]).of(quantity)[0, 0])


def test_a_change_in_percent_is_of_where_it_started():
    fall = Quantity(A, "relative_change_over", 10)
    assert measured(fall, 90, 60, lo=0, hi=500) == pytest.approx(-1 / 3, abs=1e-12)
    assert math.isnan(measured(fall, 0, 60, lo=0, hi=500)) and math.isnan(
        measured(fall, None, 60, lo=0, hi=500)
    )


def test_a_share_of_the_way_to_either_end():
    up, down = Quantity(A, "gap_closed_over", 10, 1.0), Quantity(A, "gap_closed_over", 10, 0.0, True)
    assert measured(up, 0.4, 0.55) == 0.25 and measured(up, 0.4, 0.34) == -0.1
    assert measured(down, 80, 60, lo=0, hi=500, better="low") == 0.25
    to_twenty = Quantity(A, "gap_closed_over", 10, 20.0, True)
    assert measured(to_twenty, 80, 65, lo=0, hi=500, better="low") == 0.25
    assert math.isnan(measured(up, 1.0, 0.9))  # nothing was left to go


def test_the_median_of_the_group_is_of_those_with_both_values():
    quantity = Quantity(A, "relative_change_over", 10)
    world = {
        A: {c: {2005: 100.0, 2015: 100.0 - 10 * i} for i, c in enumerate(WHO[:5])} | {"FJI": {2015: 1.0}}
    }
    rule = atom(A, "at_most", Reference("peers", 0.5), quantity=quantity)
    rules = policy(everyone(A), [gate("g", rule)], peers=(made_up.otherwise(),))
    judged = run.judge(rules, panel([sheet(A, lo=0, hi=500)], world), AS_OF)
    assert judged.screening.needs["t"].iloc[0] == -0.2
    assert judged.screening.gate.at["FJI", "g"] == "unknown"


def test_in_no_draw_is_a_ratio_missing_or_without_end():
    """A figure drawn at the end of its range leaves nothing to divide by: the change is then large, not unknown."""
    quantity = Quantity(A, "gap_closed_over", 10, 1.0)
    world = {A: {c: {2005: 0.99, 2015: 0.995} for c in WHO}}
    rules = policy(
        everyone(A), [gate("g", atom(A, "above", 0.1, quantity=quantity))], uncertainty=Uncertainty(draws=400)
    )
    judged = run.judge(rules, panel([sheet(A, sd=0.05)], world), AS_OF)
    assert judged.firmness.p_gate["g"].between(0, 1).all()
    drawn = np.array([[0.5, 0.5]]), np.array([[1.0, 0.5]])
    made = measures.Measures(("ALB", "BEN"), {A: drawn[0]}, {quantity: drawn[1]})
    assert np.isfinite(made.of(quantity)).all()


LATELY = Quantity(EV, "within_months", 24)


def test_an_event_within_months_is_yes_no_or_unknown():
    known = Listed(replace(RULE, found=False, complete_to=date(2016, 12, 31)), (event("BEN", "2015-01-10"),))
    found = Listed(RULE, (event("BEN", "2015-01-10"), event("COL", "2014")))
    day = date(2016, 7, 1)
    assert known.lately("BEN", day, 24) == 1 and known.lately("ALB", day, 24) == 0
    assert known.lately("BEN", date(2017, 1, 9), 24) == 1
    assert math.isnan(known.lately("BEN", date(2017, 1, 10), 24))  # 24 months gone, and the list ends before
    assert found.lately("BEN", day, 24) == 1 and math.isnan(found.lately("ALB", day, 24))
    assert math.isnan(
        found.lately("COL", date(2015, 6, 1), 12)
    )  # some day of 2014: within twelve months or not


def test_a_list_that_says_only_yes_excludes_nobody_by_silence():
    world = {A: {c: {2015: 0.7} for c in WHO}}
    lately = atom(EV, "at_least", 1.0, quantity=LATELY, path="n", missing="fail")
    rules = policy(everyone(A), [gate("g", made_up.group("none", replace(lately, missing="unknown")))])
    words = run.judge(rules, figures(world, (event("BEN", "2016-01-10"),)), AS_OF).screening.gate["g"]
    assert words["BEN"] == "fail" and set(words.drop("BEN")) == {"unknown"}
