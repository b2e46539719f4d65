"""The record: a slow second calculation, no look ahead, no cohort before its years are over, whatever statuses there are."""

from __future__ import annotations

import json
import random
import re
from dataclasses import replace
from datetime import date

import made_up
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from eligibility.analysis import rechecked, record
from eligibility.cli import commands as cli
from eligibility.errors import DataError
from eligibility.method import cohorts, run
from eligibility.policy.model import InForce, PeerGroup, Score, Uncertainty
from eligibility.present import records

NAMES = made_up.COUNTRIES
LEVEL = record.LEVEL


# A second time, slowly ------------------------------------------------------------------------------------------


def fates(level: pd.DataFrame, iso3: str, year: int):
    """Lost, kept, gained; None where not all of the five years are known."""
    values = [level[iso3].get(y, np.nan) for y in range(year, year + 6)]
    if any(x != x for x in values):
        return None
    start, after = values[0], values[1:]
    return [
        any(round(start - x, 9) >= 0.1 for x in after),
        round(after[-1] - start, 9) >= -0.05,
        round(after[-1] - start, 9) >= 0.05,
    ]


def share(rows, times, k):
    """Of rows (country, weight, fates), each as often as its country was drawn."""
    whole = sum(times[c] * w for c, w, _ in rows)
    return sum(times[c] * w * f[k] for c, w, f in rows) / whole if whole else None


def matched(mine, others, times, k):
    """The mean, over mine, of the mean of those beside each."""
    up = down = 0.0
    for country, year, start, _ in mine:
        near = [o for o in others if o[1] == year and abs(round(o[2] - start, 9)) <= 0.05]
        weight = sum(times[o[0]] for o in near)
        if weight:
            up += times[country] * sum(times[o[0]] * o[3][k] for o in near) / weight
            down += times[country]
    return up / down if down else None


def world(seed: int, first: int = 2000, years: int = 9) -> pd.DataFrame:
    rng = random.Random(seed)
    level = {}
    for iso3 in NAMES[: rng.randint(4, 8)]:
        x = rng.uniform(0.3, 0.8)
        level[iso3] = [round(min(1, max(0, x := x + rng.gauss(0, 0.05))), 3) for _ in range(years)]
    frame = pd.DataFrame(level, index=pd.Index(range(first, first + years), name="year"))
    if rng.random() < 0.3:
        frame.iloc[rng.randrange(years), 0] = np.nan
    return frame


@pytest.mark.parametrize("seed", range(60))
def test_shares_and_ranges_are_those_of_a_slow_calculation(seed):
    rng, level = random.Random(1_000 + seed), world(seed)
    pairs = [(c, y) for y in (2000, 2001, 2002, 2003, 2004) for c in range(level.shape[1])]
    country, year = (np.array(x) for x in zip(*pairs, strict=True))
    followed, there = cohorts.follow(level, country, year)
    told = [fates(level, level.columns[c], y) for c, y in pairs]
    assert there.tolist() == [fate is not None for fate in told]
    kept = [(c, y, level.iloc[y - 2000, c], f) for (c, y), f in zip(pairs, told, strict=True) if f]
    assert followed.outcomes.T.tolist() == [list(map(float, f)) for *_, f in kept]
    mine = np.array([rng.random() < 0.4 for _ in kept])
    others = ~mine & np.array([rng.random() < 0.8 for _ in kept])
    weight = np.where(mine, np.array([rng.choice((1.0, 0.5)) for _ in kept]), 0.0)
    made = cohorts.Record(followed, level.shape[1], seed)
    some = [made.times[k] for k in range(0, cohorts.RESAMPLES, 97)]
    of, beside = made._weighted(weight), made.matched(mine, others)
    rows = [(c, w, f) for (c, _, _, f), w in zip(kept, weight, strict=True) if w]
    us, them = ([r for r, is_one in zip(kept, flags, strict=True) if is_one] for flags in (mine, others))
    for at, times in [(0, np.ones(level.shape[1])), *((1 + 97 * k, t) for k, t in enumerate(some))]:
        for k in range(3):
            for slow, fast in (
                (share(rows, times, k), of[at, k]),
                (matched(us, them, times, k), beside[at, k]),
            ):
                assert (slow is None and np.isnan(fast)) or fast == pytest.approx(slow, abs=1e-9)
    # the range is that of the resamples, and the difference is taken in each of them
    if len(rows) and not np.isnan(beside).any() and not np.isnan(of).any():
        apart = made.apart(weight, beside, "lost")
        each = sorted(of[1:, 0] - beside[1:, 0])
        assert (apart.low, apart.high) == (each[int(0.05 * 999)], each[int(0.95 * 999)])
        assert apart.value == pytest.approx(of[0, 0] - beside[0, 0])
        row = made.of(weight)
        assert row.n == len(rows) and row.countries == len({c for c, *_ in rows})
        assert row.shares["kept"].low <= row.shares["kept"].high


def test_the_range_is_of_countries_and_not_of_country_years():
    """Ten years of one country are one case: with two countries, one of which always falls, the share may be 0 or 1."""
    level = pd.DataFrame(
        {"ALB": np.linspace(0.9, 0.2, 15), "BEN": np.full(15, 0.5)},
        index=pd.Index(range(2000, 2015), name="year"),
    )
    country, year = (
        np.array(x) for x in zip(*[(c, y) for c in (0, 1) for y in range(2000, 2010)], strict=True)
    )
    followed, _ = cohorts.follow(level, country, year)
    made = cohorts.Record(followed, 2, 1).of(np.ones(20))
    assert made.shares["lost"] == cohorts.Share(0.5, 0.0, 1.0) and (made.n, made.countries) == (20, 2)


# Through the engine -----------------------------------------------------------------------------------------------

FIRST, LAST = 2000, 2014


def figures(seed: int = 1, **sheet):
    """The panel criteria read, and the one outcomes are read from: the gate looks at the level itself."""
    rng = random.Random(seed)
    level, score = {}, {}
    for iso3 in NAMES:
        x = rng.uniform(0.35, 0.75)
        level[iso3] = {
            y: round(min(1, max(0, x := x + rng.gauss(0, 0.04))), 3) for y in range(FIRST, LAST + 1)
        }
        score[iso3] = {y: round(rng.random(), 3) for y in range(FIRST, LAST + 1)}
    sheets = [made_up.sheet(LEVEL, lag_months=3), made_up.sheet("a.y", **sheet)]
    return made_up.panel(sheets, {LEVEL: level, "a.y": score})


def criteria(**more):
    """A level of at least one half; ranked by a score."""
    gate = made_up.gate("g", made_up.atom(LEVEL, "at_least", 0.5))
    score = Score(1.0, (made_up.pillar("p", made_up.component("a.y")),))
    return made_up.policy(made_up.everyone(LEVEL), (gate,), score, uncertainty=Uncertainty(draws=50), **more)


def chosen(past: record.Past) -> list:
    return [(c.as_of, c.year, c.listed, tuple(c.status)) for c in past.cohorts]


def test_a_cohort_counts_when_its_years_are_over_and_not_before():
    panel = figures()
    past = record.of(criteria(), panel, panel)
    assert [c.as_of for c in past.cohorts] == [date(y, 7, 1) for y in range(2001, 2011)]
    assert [c.year for c in past.cohorts] == list(range(2000, 2010))  # 2009 + 5 = 2014, the last year held
    assert {(each.as_of.year, each.why) for each in past.left} == {
        (y, "its 5 years are not over") for y in range(2011, 2016)
    }
    shorter = replace(panel, values={**panel.values, LEVEL: panel.values[LEVEL].loc[:2012]})
    assert chosen(record.of(criteria(), panel, shorter)) == chosen(past)[:-2]


def test_what_came_out_later_changes_no_choice():
    """Every figure of the running year and later is turned upside down, cohort by cohort."""
    panel, own = figures(), criteria()
    whole = record.of(own, panel, panel)
    for cohort in whole.cohorts:
        later = {s: v.copy() for s, v in panel.values.items()}
        for values in later.values():
            values.loc[cohort.as_of.year :] = 1 - values.loc[cohort.as_of.year :]
        planted = record.of(own, replace(panel, values=later), panel)
        (same,) = (c for c in planted.cohorts if c.as_of == cohort.as_of)
        assert chosen(replace(planted, cohorts=(same,))) == chosen(replace(whole, cohorts=(cohort,)))
    assert len({c.listed for c in whole.cohorts}) > 5  # the choice does move with the figures


def test_a_planted_leak_is_caught_by_the_guard():
    """The next year's score, given out as this year's knowledge: the calendar says that it was out by then."""
    panel = figures()
    for series in (LEVEL, "a.y"):
        early = replace(panel.sheets[series], lag_months=-12)
        leaky = replace(panel, sheets={**panel.sheets, series: early})
        with pytest.raises(
            DataError, match=rf"{series}: a figure for 20\d\d is read that nobody could have had"
        ):
            record.of(criteria(), leaky, panel)
    with pytest.raises(DataError, match="nobody could have had then"):
        record.of(criteria(), panel.known_now(), panel)


def test_a_leak_would_have_paid():
    """Chosen by what they will be, nobody loses: what the guard keeps out is worth a lie."""
    panel = figures()
    ahead = panel.values[LEVEL].shift(-5)
    peeking = replace(panel, values={**panel.values, "a.y": ahead})
    honest, leak = (
        record.of(criteria(), p, panel).rows["shortlist"].shares["lost"].value for p in (panel, peeking)
    )
    assert leak < honest / 2


def test_groups_are_what_they_say():
    panel = figures()
    past = record.of(criteria(), panel, panel)
    assert list(past.rows) == [
        "admitted",
        "others: admitted",
        "shortlist",
        "others: shortlist",
        "lots",
        "best",
    ]
    level = panel.values[LEVEL]
    admitted = [
        (c, cohort.year) for cohort in past.cohorts for c in cohort.status.index[cohort.status == "eligible"]
    ]
    assert all(level.at[y, c] >= 0.5 for c, y in admitted) and past.rows["admitted"].n == len(admitted)
    lost = [fates(level, c, y)[0] for c, y in admitted]
    assert past.rows["admitted"].shares["lost"].value == pytest.approx(np.mean(lost))
    # lots: as many as were listed, from those admitted that year; exactly, without drawing any
    of = {y: [fates(level, c, y)[0] for c, year in admitted if year == y] for _, y in admitted}
    size = {c.year: len(c.listed) for c in past.cohorts}
    lots = sum(size[y] * np.mean(x) for y, x in of.items()) / sum(size[y] for y in of)
    assert past.rows["lots"].shares["lost"].value == pytest.approx(lots)
    for cohort in past.cohorts:
        assert set(cohort.best) == set(level.loc[cohort.year].nlargest(len(cohort.listed)).index)
    deep = past.losses
    assert deep and all(
        x.level - x.lowest >= 0.1 - 1e-9 and x.year < x.lowest_year <= x.year + 5 for x in deep
    )
    assert len({x.iso3 for x in deep}) == len(deep) and [x.year for x in deep] == sorted(
        (x.year for x in deep), reverse=True
    )


def in_classes(seed: int = 1):
    """The same figures with a class of income of each country, which the pool reads."""
    panel = figures(seed)
    income = made_up.sheet(
        record.INCOME, classes={0: "L", 1: "LM"}, class_names={"L": "low income"}, lag_months=6
    )
    made = {c: dict.fromkeys(range(FIRST - 2, LAST + 1), float(k % 2)) for k, c in enumerate(NAMES)}
    worlds = {s: {c: panel.values[s][c].dropna().to_dict() for c in NAMES} for s in (LEVEL, "a.y")}
    sheets = [panel.sheets[LEVEL], panel.sheets["a.y"], income]
    return made_up.panel(sheets, {**worlds, record.INCOME: made})


@pytest.mark.parametrize("seed, found", [(10, 4), (17, 3)])
def test_parts_are_those_who_qualified_in_them_beside_others_of_the_same_part(seed, found):
    panel, own = in_classes(seed), criteria()
    own = replace(own, pool=made_up.everyone(record.INCOME))
    past = record.of(own, panel, panel, whole=True)
    assert list(past.parts) == ["cohorts 2001 to 2005", "cohorts 2006 to 2010", "low income", "LM"]
    level, plain = panel.values[LEVEL], record.of(own, panel, panel)
    assert plain.parts == {} and plain.rows == past.rows
    of = {
        "cohorts 2001 to 2005": lambda c, y: y <= 2004,
        "cohorts 2006 to 2010": lambda c, y: y > 2004,
        "low income": lambda c, y: NAMES.index(c) % 2 == 0,
        "LM": lambda c, y: NAMES.index(c) % 2 == 1,
    }
    told = 0
    for part, inside in of.items():
        mine, others = (
            [
                (c, cohort.year, level.at[cohort.year, c], fates(level, c, cohort.year))
                for cohort in past.cohorts
                for c in cohort.status.index[cohort.status == status]
                if inside(c, cohort.year)
            ]
            for status in ("eligible", "excluded")
        )
        made, once = past.parts[part], dict.fromkeys(NAMES, 1)
        assert made.mine.n == len(mine)
        assert made.mine.shares["lost"].value == pytest.approx(np.mean([f[0] for *_, f in mine]))
        beside = matched(mine, others, once, 0)
        if beside is None:  # nobody stood beside them: a row all the same
            assert np.isnan(made.others.shares["lost"].value) and np.isnan(made.apart.value)
            continue
        assert made.others.shares["lost"].value == pytest.approx(beside)
        near = [m for m in mine if any(m[1] == o[1] and abs(round(m[2] - o[2], 9)) <= 0.05 for o in others)]
        mean = np.mean([f[0] for *_, f in near])
        assert made.apart.value == pytest.approx(mean - beside)
        told += 1
    assert told == found
    text = records.text(past)
    assert "\nLow income " in text and "\nCohorts 2006 to 2010 " in text


def test_only_cohorts_from_a_year_on_count_and_countries_may_be_left_uncounted():
    panel, own = figures(), criteria()
    whole = record.of(own, panel, panel)
    some = record.of(own, panel, panel, choice=record.Choice(2004, NAMES[:3]))
    assert [c.as_of.year for c in some.cohorts] == list(range(2004, 2011))
    assert {x.as_of.year for x in some.left if "first year" in x.why} == {2001, 2002, 2003}
    of = {c.as_of: c for c in whole.cohorts}
    for cohort in some.cohorts:  # chosen as before, from all; only counted without
        before = of[cohort.as_of]
        assert cohort.status.equals(before.status.drop(list(NAMES[:3])))
        assert cohort.listed == tuple(c for c in before.listed if c not in NAMES[:3])
        assert not set(cohort.best) & set(NAMES[:3]) and len(cohort.best) == len(cohort.listed)
    alone = records.text(replace(some, cohorts=some.cohorts[:1]))
    assert "\nOne yearly cohort, 2004-07-01, chosen" in alone
    assert "Counted without" in records.text(some) and json.loads(records.json(some))["from"] == 2004


def test_records_side_by_side_say_what_each_says_alone():
    panel, own = figures(), criteria()
    other = replace(own, id="other", gates=(made_up.gate("g", made_up.atom(LEVEL, "at_least", 0.45)),))
    pasts = [record.of(each, panel, panel, whole=True) for each in (own, other)]
    text = records.side_by_side(pasts)
    assert max(map(len, text.splitlines())) <= 80
    for past in pasts:
        for made in (
            past.rows["admitted"],
            past.rows["shortlist"],
            *(part.mine for part in past.parts.values()),
        ):
            name = f"  {past.criteria.id} {past.criteria.version}"
            assert f"{name:<27} {made.n:>5} {records.ranged(made.shares['lost']):>14}" in text
        assert f"Left out of {past.criteria.id}" in text
    assert re.search(r" −\d", text) and not re.search(r"[ (]-\d", text)  # a true minus, as pages have it
    told = json.loads(records.json(*pasts))
    assert told["beside"] == [{k: v for k, v in json.loads(records.json(pasts[1])).items() if k != "beside"}]


def test_every_status_that_is_a_kind_of_candidate_is_a_group_of_its_own(monkeypatch):
    """Statuses that this version of the engine does not know yet are followed like the admitted."""
    panel, published = figures(), record.published

    def judged(*args):
        result = published(*args)
        status = result.screening.status.copy()
        status[status.index[:3]], status[status.index[3]] = "qualified", "on-hold"
        return replace(result, screening=replace(result.screening, status=status))

    monkeypatch.setattr(record, "published", judged)
    past = record.of(criteria(), panel, panel)
    assert [name for name in past.rows if "others" not in name][:3] == ["admitted", "qualified", "shortlist"]
    assert past.rows["qualified"].n == 3 * len(past.cohorts)
    assert "Requirements met, no ideal kind " in records.text(past) and "On-hold" not in records.text(past)


@pytest.mark.parametrize("by", ["figures", "group"])
def test_a_cohort_that_a_rule_cannot_judge_for_half_is_left_out_and_named(by):
    """The rule looks at what half have no figure of; or is for a group of which nobody knows whether they are in it."""
    panel = figures()
    gone = panel.values["a.y"].copy()
    gone.loc[:2004, list(NAMES[:6])] = np.nan  # with an age of three years: six of twelve until mid-2005
    blind = replace(panel, values={**panel.values, "a.y": gone})
    known, own = made_up.atom("a.y", "at_least", 0.0), criteria()
    if by == "figures":
        own = replace(own, gates=(*own.gates, made_up.gate("h", known)))
    else:
        track = made_up.gate("h", made_up.atom(LEVEL, "at_least", 0.0, path="h"), peer_group="low")
        own = replace(own, peers=(PeerGroup("low", "Low", known),), tracks=(track,))
    past = record.of(own, blind, panel)
    named = [each for each in past.left if "cannot judge" in each.why]
    assert [each.as_of.year for each in named] == list(range(2001, 2006))
    assert {each.why for each in named} == {"“h” cannot judge half of those it is for"}
    assert "2001-07-01 to 2005-07-01: “h” cannot judge half" in records.text(past)


def test_days_outside_the_criteria_are_left_out_and_named():
    panel = figures()
    past = record.of(criteria(in_force=InForce(since=date(2005, 1, 1))), panel, panel)
    assert past.cohorts[0].as_of == date(2005, 7, 1)
    assert past.left[0].why == "the criteria are in force from 2005-01-01"


def test_where_nobody_was_ever_admitted_the_record_says_so():
    panel = figures()
    own = criteria()
    none = replace(own, gates=(made_up.gate("g", made_up.atom(LEVEL, "at_least", 2.0)),))
    past = record.of(none, panel, panel)
    assert not past.admitted and past.losses == ()
    assert (
        "Those that qualified " in records.text(past)
        and "nan" not in records.text(past)
        and json.loads(records.json(past))
    )


# Probabilities and the next release -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped() -> record.Past:
    """The record of the set as it was in the independent program, on the figures that ship."""
    return record.record("peacetime-pilots-1")


@pytest.mark.slow
def test_the_shipped_set_is_followed_as_far_back_as_it_can_be_judged(shipped):
    """An independent program counted 534 admitted in 2001-2019, of whom 24.3 % lost ground; 59 countries."""
    first, last = shipped.cohorts[0], shipped.cohorts[-1]
    assert (first.year, last.year) == (2001, 2020)
    row = shipped.rows["admitted"]
    assert 540 <= row.n <= 575 and row.countries == pytest.approx(59, abs=3)
    lost = row.shares["lost"]
    assert lost.value == pytest.approx(0.245, abs=0.02) and lost.low < 0.2 < 0.3 < lost.high
    assert shipped.rows["gates-only"].shares["lost"].value == pytest.approx(0.098, abs=0.015)
    assert shipped.apart["admitted - gates-only"].low > 0


@pytest.mark.slow
def test_each_pair_of_releases_is_judged_on_the_same_years(shipped):
    found = {(p.older, p.newer): p for p in shipped.pairs}
    assert {("vdem-v14", "vdem-v15"), ("undp-hdr2023-24", "undp-hdr2025")} <= set(found)
    pair = found["vdem-v14", "vdem-v15"]
    assert pair.as_of == date(2025, 3, 12) and "vdem.political_corruption" in pair.series
    assert pair.tests["p"].between(0, 1).all() and set(pair.tests["path"])
    turned, could = rechecked.turned(pair.tests)
    assert 0 < turned < could  # errors that all versions share never show


@pytest.mark.slow
def test_the_record_in_the_shell_is_the_same_bytes_and_fits_a_terminal(shipped):
    text = records.text(shipped)
    assert max(map(len, text.splitlines())) <= 80
    told = CliRunner().invoke(cli.shell, ["record", "peacetime-pilots-1", "--format", "json"])
    assert told.exit_code == 0 and told.output == records.json(shipped)
    own = json.loads(told.output)
    assert own["groups"]["admitted"]["lost"]["low"] < own["groups"]["admitted"]["lost"]["value"]
    first, last = (f"{c.as_of}: {c.reading}" for c in (shipped.cohorts[0], shipped.cohorts[-1]))
    assert own["reading"] == [first, last] and own["outcome"]["to"] == shipped.until == 2025
    assert " ".join(text.split()).startswith(f"{first} {last} What became of")
    assert "No figure tells which country" in " ".join(text.split())


def test_a_release_that_the_errors_foresee_turns_about_as_many_as_they_say():
    """A truth drawn from the errors of the older release, given out as the newer: expected and found agree."""
    rng = np.random.default_rng(5)
    value = rng.uniform(0.3, 0.7, 400)
    sheet, names = made_up.sheet("a.x", sd=0.1), [f"X{k:03}" for k in range(400)]
    gate = made_up.gate("g", made_up.atom("a.x", "at_least", 0.5))
    own = made_up.policy(made_up.everyone("a.x"), (gate,), uncertainty=Uncertainty(draws=2_000))
    then = run.judge(
        own,
        made_up.snapshot([sheet], {c: {"a.x": x} for c, x in zip(names, value, strict=True)}),
        made_up.AS_OF,
    )
    truth = value + 0.1 * rng.standard_normal(400)
    rows = pd.DataFrame(
        {"p": then.firmness.p_test["t"].to_numpy(), "was": value >= 0.5, "held": truth >= 0.5}
    )
    turned, could = rechecked.turned(rows)
    assert turned == pytest.approx(could, abs=3 * (could * 0.7) ** 0.5)
    assert rechecked.binned(rows)["held"].is_monotonic_increasing


def test_what_choosing_reads_and_nobody_holds_is_named_with_where_to_get_it():
    past = record.record("mcc-hurdles")
    assert not past.cohorts and any("cannot judge half" in left.why for left in past.left)
    assert [told.partition(":")[0] for told in past.wanted] == [
        "fh.civil_liberties, fh.political_rights",
        "mcc.personal_freedom",
    ]
    said = " ".join(records.text(past).split())
    assert all(" ".join(told.split()) in said for told in past.wanted)
