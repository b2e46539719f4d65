"""Since when each verdict stands and what turned it: held against rounds judged whole, day by day."""

from __future__ import annotations

import json
import math
import random
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import made_up
import pytest
from click.testing import CliRunner

from eligibility.analysis.compare import turning
from eligibility.cli.commands import shell
from eligibility.data import countries, panel
from eligibility.data.panel import Vintage
from eligibility.method import run
from eligibility.method.result import Result
from eligibility.policy.model import Criteria, Dated, InForce, PeerGroup, Quantity, Reference, Uncertainty
from eligibility.policy.words import OUTSIDE
from eligibility.present import explain, ranked, tables

NOW = date(2016, 7, 1)
DAY = timedelta(days=1)
YEARS = range(1996, 2016)
PLAIN = dict.fromkeys(("ALB", "BEN", "COL"), 0.7)


def policy(rule, pool=None, **more) -> Criteria:
    """One gate; everybody is considered who has a figure of a.pool."""
    pool = pool or made_up.atom("a.pool", "at_least", 1.0, path="pool")
    return made_up.policy(pool, [made_up.gate("g", rule)], **{"uncertainty": Uncertainty(draws=0), **more})


def judged(own: Criteria, day: date = NOW, panel_of=None, **history) -> Result:
    """A round on a.x of each country: its usual figure in every year, but for those named."""
    x = {c: dict.fromkeys(YEARS, v) | history.get(c, {}) for c, v in PLAIN.items()}
    world = {"a.x": x, "a.pool": {c: dict.fromkeys(YEARS, 1.0) for c in PLAIN}}
    figures = made_up.panel([made_up.sheet("a.x"), made_up.sheet("a.pool")], world)
    return run.judge(own, panel_of(figures) if panel_of else figures, day)


def found(result: Result, iso3: str = "BEN") -> turning.Turning | None:
    return turning.turnings(result).of.get(iso3)


@cache
def again(result: Result, day: date) -> dict[str, str]:
    """Every status of another day, by the whole engine on the whole panel."""
    own = result.criteria
    bare = replace(own, uncertainty=replace(own.uncertainty, draws=0, imputation=None))
    return run.judge(bare, result.panel, day).screening.status.to_dict()


# On the figures that ship ----------------------------------------------------------------------------------


@cache
def shipped(ref: str, day: date | None) -> Result:
    return run.run(ref, day, draws=0)


@pytest.mark.parametrize(
    "ref, day", [("peacetime-pilots", None), ("peacetime-pilots", NOW), ("peacetime-pilots-1", None)]
)
def test_the_verdict_was_another_the_day_before_and_is_the_same_ever_since(ref, day):
    result, rng = shipped(ref, day), random.Random(5)
    told, now = turning.turnings(result), result.screening.status.to_dict()
    assert len(told.of) > 40 and len(told.of) < len(now)
    for iso3 in rng.sample(sorted(told.of), 4):
        one = told.of[iso3]
        assert again(result, one.day)[iso3] == now[iso3]
        assert again(result, one.day - DAY).get(iso3, OUTSIDE) == one.was != now[iso3]
    span = (result.as_of - told.first).days
    for when in (told.first, *(told.first + rng.randrange(span) * DAY for _ in range(8))):
        status = again(result, when)
        stood = [c for c in now if c not in told.of or told.of[c].day <= when]
        assert {c: status.get(c, OUTSIDE) for c in stood} == {c: now[c] for c in stood}


def test_tunisia_left_because_a_year_left_the_ten_years_and_not_for_what_happened_in_2021():
    """By version 1 of the criteria the year of its peak, 2010, left when figures for 2021 came out: kept, it would have stayed."""
    one = turning.turnings(shipped("peacetime-pilots-1", None)).of["TUN"]
    assert (one.day, one.was, one.kind) == (date(2022, 4, 1), "eligible", "window")
    assert one.rules == ("middle-income-transition",) and one.series[0] == "vdem.political_corruption"
    assert (one.look.left, one.look.quantity.years) == (2010, 10)
    longer = ["all[0].peak_over=11", "all[1].any[0].change_from_peak=11", "all[1].any[1].change_from_peak=11"]
    settings = tuple(f"tracks.middle-income-transition.{each}" for each in longer)
    on = lambda *more: run.run("peacetime-pilots-1", one.day, draws=0, settings=more).screening  # noqa: E731
    assert on().status["TUN"] == "excluded"
    assert on(*settings).status["TUN"] == "eligible"  # eleven years still have 2010
    assert set(on().gate.loc["TUN"]) == {"pass"}  # the democracy of that year was no reason


def test_tunisia_by_the_present_criteria():
    result = shipped("peacetime-pilots", None)
    one, now = turning.turnings(result).of["TUN"], result.screening.status["TUN"]
    assert (now, one.day, one.was) == ("excluded", date(2025, 3, 13), "qualified")
    assert (one.kind, one.rules, one.series) == (
        "own",
        ("civil-society",),
        ("vdem.civil_society_participation",),
    )


def test_the_date_of_the_document_has_its_own_answer():
    one = turning.turnings(shipped("peacetime-pilots-1", NOW)).of["TUN"]
    assert (one.day, one.was, one.kind, one.rules) == (date(2013, 4, 1), "conditional", "own", ("democracy",))


def test_a_hold_that_begins_and_one_that_ends():
    """Burkina Faso after the uprising of October 2014, Honduras two years after the coup of June 2009."""
    told = turning.turnings(shipped("peacetime-pilots", NOW)).of
    assert (told["BFA"].day, told["BFA"].kind) == (date(2014, 10, 31), "hold")
    assert (told["HND"].day, told["HND"].was, told["HND"].kind) == (date(2011, 6, 28), "on-hold", "hold")


# What turned it --------------------------------------------------------------------------------------------


def test_a_figure_of_its_own():
    result = judged(policy(made_up.atom("a.x", "at_least", 0.5)), BEN={2013: 0.2, 2014: 0.2, 2015: 0.6})
    one = found(result)
    assert (one.day, one.was, one.kind, one.rules) == (date(2016, 7, 1), "excluded", "own", ("g",))
    assert (one.series, one.gap, one.look) == (("a.x",), "", None)
    assert found(result, "ALB") is None


def test_a_year_that_left_the_peak_and_nothing_else():
    peak = made_up.atom("a.x", "at_least", 0.9, quantity=Quantity("a.x", "peak_over", 10))
    one = found(judged(policy(peak), BEN={2001: 0.92, 2003: 0.95}))
    assert (one.day, one.was, one.kind) == (date(2015, 7, 1), "eligible", "window")
    assert one.look == turning.Look(peak.quantity, 2003, 2004, 2003)


def test_a_year_that_is_no_longer_the_start_of_a_change():
    grown = made_up.atom("a.x", "at_least", 0.1, quantity=Quantity("a.x", "change_over", 5))
    one = found(judged(policy(grown), BEN={2009: 0.5}))
    assert (one.day, one.was, one.kind) == (NOW, "eligible", "window")
    assert (one.look.was, one.look.now, one.look.left) == (2009, 2010, 2009)


def test_a_new_figure_that_would_have_turned_it_by_itself_is_its_own_although_a_year_left_too():
    grown = made_up.atom("a.x", "at_least", 0.1, quantity=Quantity("a.x", "change_over", 5))
    one = found(judged(policy(grown), BEN={2009: 0.5, 2010: 0.5, 2014: 0.7, 2015: 0.52}))
    assert (one.day, one.kind) == (NOW, "own")


def test_figures_of_others():
    median = Reference("pool", 0.5)
    rule = made_up.atom("a.x", "at_least", median)
    one = found(judged(policy(rule), ALB={2015: 0.9}, COL={2015: 0.8}))
    assert (one.day, one.was, one.kind, one.series) == (NOW, "eligible", "peers", ("a.x",))


def test_its_own_figure_and_those_of_others_where_either_would_have_done():
    """On one day its figure fell and the median rose: whichever is taken first turns it, so neither is named alone."""
    rule = made_up.atom("a.x", "at_least", Reference("pool", 0.5))
    result = judged(policy(rule), ALB={2015: 0.9}, BEN={2015: 0.65}, COL={2015: 0.8})
    one = found(result)
    assert (one.day, one.was, one.kind, one.by) == (NOW, "eligible", "together", ("own", "peers"))
    assert (one.rules, one.series) == (("g",), ("a.x",))
    told = " ".join(explain.country(result, "BEN").split())
    assert "its own figures and the figures of other countries did it together." in told


def test_a_rule_by_date_and_a_gate_in_force_from_a_day():
    dated = Dated(((date(2000, 1, 1), 0.5), (date(2016, 2, 3), 0.8)))
    one = found(judged(policy(made_up.atom("a.x", "at_least", dated))))
    assert (one.day, one.was, one.kind, one.series) == (date(2016, 2, 3), "eligible", "rule", ("a.x",))
    own = policy(made_up.atom("a.x", "at_least", 0.5))
    late = made_up.gate(
        "late", made_up.atom("a.x", "at_least", 0.8, path="l"), in_force=InForce(date(2016, 3, 4))
    )
    one = found(judged(replace(own, gates=(*own.gates, late))))
    assert (one.day, one.was, one.kind, one.rules) == (date(2016, 3, 4), "eligible", "rule", ("late",))


def test_who_joins_and_who_moves_to_another_group():
    own = policy(made_up.atom("a.x", "at_least", 0.5), pool=made_up.atom("a.x", "at_most", 0.8, path="pool"))
    one = found(judged(own, BEN=dict.fromkeys(range(1996, 2014), 0.9)))
    assert (one.day, one.was, one.kind, one.group) == (date(2015, 7, 1), OUTSIDE, "pool", None)
    groups = (
        PeerGroup("low", "Low", made_up.atom("a.x", "at_most", 0.6, path="p")),
        PeerGroup("high", "High", None),
    )
    track = made_up.gate("t", made_up.atom("a.pool", "at_least", 1.0, path="t"), peer_group="high")
    own = replace(policy(made_up.atom("a.pool", "at_least", 1.0)), peers=groups, tracks=(track,))
    one = found(judged(own, BEN={2014: 0.5}))
    assert (one.day, one.was, one.kind, one.group) == (NOW, "excluded", "pool", "low")


def test_another_release_that_answers_from_a_day_on():
    """The newer release begins in 2010: it answers where no earlier year is read, three years after."""

    def two(figures: panel.Panel) -> panel.Panel:
        sheet, old = figures.sheets["a.x"], figures.values["a.x"]
        newer = made_up.source(id="made-up-2", released=date(2016, 1, 1))
        revised = old.loc[2010:].assign(BEN=0.4)
        held = (Vintage(figures.held["a.x"], sheet, old, None), Vintage(newer, sheet, revised, None))
        return replace(figures, vintages={"a.x": held})

    own = policy(made_up.atom("a.x", "at_least", 0.5), max_age=3)
    one = found(judged(own, panel_of=two))
    assert (one.day, one.was, one.kind) == (date(2013, 1, 1), "eligible", "revision")


def test_figures_that_come_and_figures_that_grow_too_old():
    own = policy(made_up.atom("a.x", "at_least", 0.5), max_age=3)
    gone = dict.fromkeys(range(2012, 2016), math.nan)
    one = found(judged(own, BEN=gone))
    assert (one.day, one.was, one.kind, one.gap) == (date(2015, 1, 1), "eligible", "own", "lost")
    one = found(judged(own, BEN=dict.fromkeys(range(1996, 2013), math.nan)))
    assert (one.day, one.was, one.kind, one.gap) == (date(2014, 7, 1), "insufficient-data", "own", "came")


# How far back ----------------------------------------------------------------------------------------------


def test_nothing_is_told_of_days_that_cannot_be_judged():
    own = policy(made_up.atom("a.x", "at_least", 0.5))
    begun = dict.fromkeys(range(1996, 2010), math.nan)
    first = turning.turnings(judged(own, ALB=begun, BEN=begun, COL=begun)).first
    assert first == date(2011, 7, 1)  # on which the first figure of anybody, that of 2010, came out
    dated = policy(made_up.atom("a.x", "at_least", Dated(((date(2014, 5, 6), 0.5),))))
    told = turning.turnings(judged(dated))
    assert (told.first, dict(told.of)) == (date(2014, 5, 6), {})
    told = turning.turnings(judged(replace(own, in_force=InForce(date(2015, 2, 3)))))
    assert told.first >= date(2015, 2, 3) and not told.of


def test_no_further_back_than_twenty_years():
    result = judged(policy(made_up.atom("a.x", "at_least", 0.5)))
    days = turning.days(result.criteria, result.panel, NOW)
    assert days[0] == NOW and days == sorted(days, reverse=True) and days[-1] >= date(1996, 1, 1)


@pytest.mark.parametrize("seed", range(2))
def test_between_the_days_nothing_changes(seed):
    """Random worlds of three series that come out in different months: judged every third week for four years."""
    rng = random.Random(seed)
    sheets = [made_up.sheet(f"a.{k}", lag_months=lag) for k, lag in (("x", 3), ("y", 6), ("z", 9))]
    world = {s.id: {c: {y: round(rng.random(), 2) for y in range(2000, 2016) if rng.random() < 0.9}
                    for c in made_up.COUNTRIES} for s in sheets}  # fmt: skip
    rules = made_up.group(
        "any",
        made_up.atom("a.x", "at_least", Reference("pool", 0.6), path="1"),
        made_up.atom("a.y", "at_least", 0.75, path="2", quantity=Quantity("a.y", "peak_over", 3)),
    )
    own = policy(rules, pool=made_up.atom("a.z", "at_least", 0.1, path="pool"), max_age=2)
    result = run.judge(own, made_up.panel(sheets, world), date(2016, 5, 5))
    told, now = turning.turnings(result), result.screening.status.to_dict()
    assert told.of
    for k in range(70):
        day = result.as_of - k * 21 * DAY
        if day < told.first:
            break
        status = again(result, day)
        for c in now:
            if c not in told.of or told.of[c].day <= day:
                assert status.get(c, OUTSIDE) == now[c], (c, day)
    for c, one in told.of.items():
        assert again(result, one.day - DAY).get(c, OUTSIDE) == one.was
        assert again(result, one.day)[c] == now[c]


def test_a_few_are_told_as_among_all():
    result = shipped("peacetime-pilots", NOW)
    few = turning.turnings(replace(result), ["TUN", "GEO"]).of
    whole = turning.turnings(result).of
    assert few == {c: whole[c] for c in ("GEO", "TUN")}


# Where it is shown -----------------------------------------------------------------------------------------


def test_the_json_has_it_behind_the_axes_and_a_table_does_not_ask(monkeypatch):
    result = shipped("peacetime-pilots-1", None)
    rows = {c["iso3"]: c for c in json.loads(tables.json(result))["countries"]}
    keys = list(rows["TUN"])
    assert keys.index("since") > keys.index("axes") and rows["BRA"]["since"] is None
    assert rows["TUN"]["since"] == {
        "date": "2022-04-01",
        "was": "eligible",
        "turned_by": {
            "kind": "window",
            "by": ["own"],
            "rules": ["middle-income-transition"],
            "indicators": ["vdem.political_corruption", "vdem.executive_corruption"],
            "left": 2010,
        },
    }
    monkeypatch.setattr(turning, "turnings", None)  # whoever asks now fails
    assert tables.csv(result) and ranked.text(result)


def test_explain_says_it_in_one_sentence():
    told = " ".join(explain.country(shipped("peacetime-pilots-1", None), "TUN").split())
    assert (
        "Why now The verdict has stood since 1 April 2022; before that, Tunisia qualified: the year 2010 left the ten "
        "years in which the peak of political corruption is looked for; its own figures alone would not have done it."
    ) in told


def test_the_terminal_says_it_of_every_country_where_asked():
    result = shipped("peacetime-pilots-1", None)
    text = ranked.text(result, why=True)
    told = " ".join(text.partition("Why now: since when each verdict stands")[2].split())
    names = countries.register()
    assert all(names.name(c) in told for c in result.ranking.order)
    assert (
        "Tunisia: The verdict has stood since 1 April 2022; before that, Tunisia qualified: the year 2010"
        in told
    )
    changed = turning.turnings(result).of
    assert told.count("The verdict has stood since") == len(changed)
    assert told.count("The verdict was the same at every release") == 1  # those that never changed, together
    assert max(map(len, text.splitlines())) <= 80 and "Why now" not in ranked.text(result)
    wrong = CliRunner().invoke(shell, ["screen", "--why-now", "--format", "json"])
    assert wrong.exit_code == 2 or "only for --format table" in str(wrong.exception)
