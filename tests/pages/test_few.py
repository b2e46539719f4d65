"""What is said of lists of one, of sets without requirements, of rules whose ids begin alike, of changes that go the other way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import made_up
import pytest
import worlds

from eligibility.pages import brief, card, grid, names, reasons, reckoning
from eligibility.pages.facts import Facts
from eligibility.pages.said import say
from eligibility.policy.model import Metric, Quantity, Reference

DAY = date(2016, 7, 1)


def facts(**more) -> Facts:
    return Facts.of(made_up.make(**more))


@cache
def sure(places: int, n: int) -> tuple[str, ...]:
    """What a briefing says of how sure a list is, its boxes first."""
    boxes, text = brief._sure(facts(places=places, n=n))
    return *(f"{box.large}: {box.said}" for box in boxes.boxes), *map(str, text.said)


def test_of_a_list_of_one_its_chance_is_told_and_not_one_of_one(invented):
    chance, *_, secure, _ = sure(1, 12)
    assert chance == "53%: Chance that it is the true best; 5 are ranked."
    assert secure == "Its place is not secure: it stays on the list in fewer than 90% of simulations."
    assert sure(4, 1)[0] == "88%: Chance that it is among the true best four. No other country is ranked."
    assert sure(4, 12)[0].startswith("3 of 4: We expect about three of these four")
    assert say("sure.all", of=1, p=0.9).plain.startswith("It stays on the list in at least")
    assert str(say("brief.recommend", n=1)) == "We recommend the one with the highest score."


@pytest.mark.parametrize(
    "phrase, given, says",
    [
        ("sure.expect", {"x": 2.6, "n": 8, "of": 200, "lot": 0.32}, "by lot would get about none."),
        ("wrong.none.seized", {"n": 1, "first": DAY, "last": DAY}, "Power seized. It has no such event in the lists"),
        ("wrong.none.seized", {"n": 4, "first": DAY, "last": DAY}, "None of the four has such an event in the lists"),
        ("wrong.verdicts", {"n": 1.4}, "About 1 verdict on a single requirement is probably wrong"),
        ("wrong.verdicts", {"n": 1.6}, "About 2 verdicts on single requirements are probably wrong"),
        ("decide.blind.follows", {"names": ("Ivonia",)}, "Leaving it out says nothing about it."),
        ("record.more", {"who": "those", "x": 1.2, "low": 0.4, "high": 2.0}, "by 1 point ("),
        ("portfolio.none", {"n": 1, "of": 9, "limits": ()}, "No one of the 9 ranked countries keeps to this"),
    ],
)  # fmt: skip
def test_what_is_said_of_one_is_said_of_one(phrase, given, says):
    assert says in say(phrase, **given).plain


def test_of_a_set_without_requirements_none_is_said_to_be_met(invented):
    own = facts(policy=replace(made_up.criteria(), gates=()))
    assert str(next(iter(card._said(own, "XAE")))) == "It is neither kind of candidate we look for."
    blank = facts(policy=replace(made_up.criteria(), gates=()), changed=worlds.blank)
    assert own.status["XAE"] == "excluded" and set(blank.status.values()) == {"insufficient-data"}
    assert str(next(iter(card._said(blank, "XAA")))).startswith("Not held: ")


def test_rules_that_count_may_have_ids_that_begin_alike(invented):
    """Of each the sentence of its own count, and no other's."""
    (count,) = [g for g in worlds.dated(late=False).gates if g.id == "count"]
    longer = replace(count, id="count-all", rule=made_up.at_path("gates.count-all", replace(count.rule, n=3)))
    own = facts(policy=replace(made_up.criteria(), gates=(count, longer), tracks=()))
    told = [[str(x) for x in grid._counted(own, "XAA", gate)] for gate in (count, longer)]
    assert [len(each) for each in told] == [1, 1] and told[0] != told[1]


def change(measure: str, threshold) -> object:
    quantity = Quantity("made.polyarchy", measure, 5)
    return made_up.atom("made.polyarchy", "at_least", threshold, quantity=quantity)


PEERS, POOL = Reference("peers", 0.5), Reference("pool", 0.5)


@pytest.mark.parametrize(
    "measure, threshold, measured, needed, told",
    [
        ("change_over", PEERS, 0.02, 0.01, "0.01 is typical of its group"),
        ("change_over", PEERS, 0.02, -0.03, "−0.03 is typical of its group"),  # the others fell
        ("change_over", POOL, -0.02, -0.03, "0.03 is typical"),
        ("change_over", 0.01, 0.02, 0.01, "0.01 needed"),
        ("relative_change_over", 0.1, 0.3, 0.1, "10.0% needed"),  # of no group
        ("relative_change_over", PEERS, -0.05, 0.3, "+30% is typical of its group"),
    ],
)
def test_what_a_change_is_held_against_has_its_sign_where_it_goes_the_other_way(
    measure, threshold, measured, needed, told
):
    assert str(reckoning._beside(change(measure, threshold), measured, needed, 2)) == told


def test_one_year_and_one_point_are_one():
    year, worth = (
        Quantity("made.polyarchy", "change_over", 1),
        lambda x: Metric("p[0]", "bands", "Budget", worth=x),
    )
    assert reasons.called(year, made_up.SHEETS) == "Electoral democracy, change over 1 year"
    assert names.quantity(year, made_up.SHEETS, True) == "electoral democracy, change over one year"
    told = [reasons._metric_words(worth(x), {}).text for x in (1.0, 2.5, 4.0)]
    assert told == ["Budget: up to 1 point", "Budget: up to 2.5 points", "Budget: up to 4 points"]


def test_a_gap_that_widened_speaks_for_nobody(invented):
    own = facts()
    test = change("gap_closed_over", PEERS)
    own.needs["XAA"][test.path] = -0.2
    for measured, said in ((-0.1, None), (0.0, None), (0.1, "because.closed")):
        own.measured["XAA"][test.path] = measured
        found = reckoning._change(own, "XAA", test)
        assert (found and found.phrase) == said
