"""Because and but of a list: chosen by rule, so that a board can tell its countries apart."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cache

import pytest

from eligibility.method import run
from eligibility.pages import reckoning, turns
from eligibility.pages.facts import Facts
from eligibility.pages.reckoning import Option, _apart
from eligibility.pages.said import say


@cache
def facts(day: date | None = None) -> Facts:
    return Facts.of(run.run(as_of=day, draws=400))


DAYS = [None, date(2016, 7, 1)]


def option(of: str, weight: float) -> Option:
    return Option(of, weight, say("name", name=of))


def told(options) -> dict[str, str]:
    return {c: said.facts["name"] for c, said in _apart(options).items()}


def test_of_what_weighs_alike_the_rarest_is_told_then_the_weightiest_then_the_first_by_name():
    assert told({"A": [option("x", 3), option("y", 1)], "B": [option("x", 2)]}) == {"A": "y", "B": "x"}
    assert told({"A": [option("x", 1), option("y", 2)], "B": [option("z", 1)]}) == {"A": "y", "B": "z"}
    assert told({"A": [option("y", 1), option("x", 1)]}) == {"A": "x"}
    assert told({"A": [], "B": [option("x", 1)]}) == {"B": "x"}


@pytest.mark.parametrize("day", DAYS)
def test_no_but_is_told_of_more_than_two_of_the_eight(day):
    own = facts(day)
    shown = tuple(own.result.ranking.shortlist)
    pairs = reckoning.pairs(own, shown)
    of = Counter(str(but.facts["what"].facts.get("name", but.plain)) for _, but in pairs.values())
    assert len(shown) == 8 and max(of.values()) <= 2
    assert len({(because.plain, but.plain) for because, but in pairs.values()}) == 8


@pytest.mark.parametrize("day", DAYS)
def test_a_but_is_of_what_makes_most_of_the_doubt(day):
    """Whose chance is under nine in ten is never told a margin of error of some other figure as if nothing were in doubt."""
    own = facts(day)
    pairs = reckoning.pairs(own, tuple(own.result.ranking.shortlist))
    doubted = [c for c in pairs if own.p_eligible[c] < 0.9 and own.status[c] == "eligible"]
    assert len(doubted) >= 3
    assert {pairs[c][1].facts["what"].phrase for c in doubted} <= {"but.likely", "but.kind", "but.gate"}


def test_who_fits_an_ideal_kind_and_another_is_excluded_by_what_turns_the_ideal_one():
    """Lesotho is of an ideal kind, and of the one that would do; only the first lets it qualify."""
    own = facts()
    row = turns.nearest(own, "LSO")
    assert (row["gate"], row["indicator"]) == ("low-income-good-faith", "undp.hdi")
    nearer = [r for r in own.flips["LSO"] if r["in_sd"] < row["in_sd"] and r["becomes"] == "fail"]
    assert {r["gate"] for r in nearer} <= {"problem-of-impunity"}
