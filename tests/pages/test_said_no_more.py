"""What a card says is no more than its figures allow: rare countries of the default set, each with the sentence that went too far."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from eligibility.method import run
from eligibility.pages import (
    agenda,
    annexes,
    card,
    dated_lists,
    deciding,
    footed,
    grid,
    review_backing,
    trendlines,
    turns,
)
from eligibility.pages.facts import Facts
from eligibility.pages.said import say

EARLY, NEWEST = date(2016, 7, 1), date(2026, 3, 31)


@cache
def facts(day: date) -> Facts:
    return Facts.of(run.run("peacetime-pilots", day, draws=200))


@pytest.mark.parametrize(
    "day, iso3, end",
    [
        (
            NEWEST,
            "GNB",
            "but would be on hold: power was seized on 26 November 2025",
        ),  # a coup after its figures
        (NEWEST, "BFA", "would qualify on condition"),  # an electoral autocracy, whose time on hold is over
        (
            NEWEST,
            "BRA",
            "would be none of the three kinds of candidate we look for",
        ),  # it would miss no requirement
        (EARLY, "GHA", "would qualify"),
    ],
)
def test_one_figure_makes_of_a_country_what_the_engine_says(day, iso3, end):
    said = str(turns.would_change(facts(day), iso3)[0])
    assert f"{end}. " in said and "Data error:" in said


def test_a_figure_missed_within_a_part_that_is_met_is_no_reason():
    """Ghana had two of the three ways forward that are needed; the third decided nothing."""
    told = " ".join(map(str, card._said(facts(EARLY), "GHA")))
    assert "(rule of law 0.06; below 0.00 needed)" in told and "deaths of mothers" not in told


def test_a_figure_is_told_once_with_the_limit_that_would_be_enough():
    told = " ".join(map(str, card._said(facts(NEWEST), "GNB")))
    assert "(type of regime is closed autocracy; electoral autocracy or above needed)" in told


def test_of_whom_nothing_can_be_judged_it_is_not_said_that_it_misses_nothing():
    told = " ".join(map(str, card._said(facts(NEWEST), "TUV")))
    assert told.startswith("None of its requirements can be judged. Not held: type of regime,")
    assert told.endswith(" more.")


def test_a_trend_that_is_none_is_said_of_the_figures_drawn():
    """Deaths of under-fives fell by a third in Cameroon, beside four charts in which nothing moved."""
    said, _ = trendlines.charts(facts(NEWEST), "CMR")
    assert said.phrase == "trends.still" and "no figure shown moved" in said.plain


def test_unlike_shares_do_not_look_alike():
    """Lesotho missed what is needed by half a point, and was printed as -27% where at most -27% was needed."""
    rows = [[str(cell.words) for cell in row.cells] for row in grid.table(facts(NEWEST), "LSO").rows]
    (row,) = [r for r in rows if r[0].startswith("Deaths of under-fives")]
    assert row[1].startswith("−26.") and row[2].startswith("at most −27.")


@pytest.mark.parametrize(
    "iso3, indicator, told",
    [
        (
            "CMR",
            "lists.eiti_member",
            "member on the list of 4 November 2022",
        ),  # since when that list does not say
        (
            "GMB",
            "un.ati_law",
            "law in place since 25 August 2021 (list to 25 August 2021)",
        ),  # the others go to 2020
        ("ARM", "lists.eiti_member", "member since 9 March 2017 (list to 4 November 2022)"),
    ],
)
def test_a_list_says_since_when_only_where_it_knows(iso3, indicator, told):
    assert dated_lists.status(facts(NEWEST), iso3, indicator) == told


def test_who_joined_the_candidates_is_said_once():
    said = str(turns.why_now(facts(NEWEST), "TUV", alone=True))
    assert said == "The verdict has stood since 1 July 2010, when Tuvalu joined the candidates."


def test_little_aid_is_not_none_and_more_paid_back_than_received_is_no_aid():
    aid = lambda day, c: [str(s) for s in footed.told(facts(day), c) if s.phrase.startswith("vehicle.aid")]  # noqa: E731
    assert aid(NEWEST, "BRA") == ["Aid received: <0.1% of income (2023)."]
    assert aid(EARLY, "PAN") == ["More aid was paid back than received, by 0.4% of income (2014)."]


def test_a_rival_that_is_of_no_ideal_kind_is_said_to_be():
    assert "not of an ideal kind now" in str(agenda.rival(facts(NEWEST), "KEN"))


def test_whether_power_was_seized_is_not_told_as_a_seizure_where_it_is_disputed():
    said = [str(s) for s in agenda._wrong(facts(NEWEST))]
    assert any(s.startswith("Disputed: whether power was seized in Armenia (23 April 2018)") for s in said)
    assert not any(s.startswith("Power seized") for s in said)


def test_an_exchange_that_gains_next_to_nothing_is_told_in_the_terminal_as_in_the_briefing():
    result = facts(NEWEST).result
    little = replace(result.decision, swap=replace(result.decision.swap, gain=0.0004))
    told = " ".join(deciding.sentences(result, little))
    assert "the gain is under one percentage point." in told and "0.0%" not in told


def test_no_candidate_has_a_blank_for_a_chance():
    """Of whom nobody can judge it is not known, or what it is at most."""
    table = annexes._candidates(facts(NEWEST), frozenset())
    told = {str(row.cells[0].words): str(row.cells[4].words) for row in table.rows}
    assert all(told.values()) and told["Tuvalu"] == "not known" and told["Palestine"].startswith("at most ")


def test_what_reviews_count_and_compare_is_called_what_it_is():
    """Amber alarms are not counted among those that were right, and electoral democracy is held against its best year."""
    assert say("review.rates", n=118, right=104).plain == "Of 118 past red alarms, 104 were right"
    assert say("review.head.was").plain == "Held against"
    spared = [str(column.head).lower() for column in review_backing._columns() if column.spare]
    assert len(spared) == 2 and not any(head in str(say("review.rates.table")).lower() for head in spared)


def test_the_heading_of_the_aid_programme_is_not_at_odds_with_its_text():
    """A programme that was said to go on was found; of a member of OGP no list here says that it is active."""
    assert str(footed.title(facts(NEWEST), "CIV")) == "Aid programme: one of MCC was said to go on for a time"
    assert str(footed.title(facts(NEWEST), "MDA")) == "No aid programme found; a member of OGP"


def test_who_misses_only_just_is_whom_the_criteria_call_a_near_miss():
    of, said = facts(NEWEST), "verdict.only.just"
    doubt = replace(of.criteria.uncertainty, near_miss=0.9)
    stricter = Facts.of(replace(of.result, criteria=replace(of.criteria, uncertainty=doubt)))
    assert said in {x.phrase for x in card._said(of, "TGO")}
    assert said not in {x.phrase for x in card._said(stricter, "TGO")}
