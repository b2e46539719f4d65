"""Ways through a policy: one small policy with a part of every kind, and what each way finds in it."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import made_up
import pytest
from made_up import atom, component, gate, group, pillar

from eligibility.policy import walk
from eligibility.policy.doubts import Imputation, Uncertainty
from eligibility.policy.model import (
    Axis,
    Dated,
    Extreme,
    Hold,
    InForce,
    Metric,
    Points,
    Quantity,
    Reference,
    Scale,
    Score,
)

LATER = InForce(since=date(2020, 1, 1))
LEVEL = Quantity("a.level")
SET = Dated(((date(2010, 1, 1), 0.2), (date(2012, 7, 1), 0.3)))
BANDS = Metric("p.bands", "bands", quantity=Quantity("p.bands"), steps=((0.5, 1.0), (-math.inf, 0.0)))
FLAG = Metric("p.flag", "flag", test=atom("p.flag", "at_least", 0.5, path="p.flag"), worth=1.0)
POINTS = Points("p", (Metric("p.sum", "sum", of=(BANDS, FLAG), worth=2.0),), 0.5, 1)

CHANGE = atom(
    "g.change", "above", Extreme("max_of", (0.1, Reference("peers", 0.5, LEVEL))), path="g1.0",
    quantity=Quantity("g.change", "change_over", 5),
)  # fmt: skip
DATED = atom("g.dated", "at_least", SET, path="g1.1", missing="fail")
EVENT = atom("g.event", "at_least", 1.0, path="g1.2", quantity=Quantity("g.event", "within_months", 24))
TWO = group("at_least", CHANGE, DATED, EVENT, path="g1", n=2)

WHOLE = made_up.policy(
    atom("w.pool", "at_least", 0.0, path="pool"),
    (gate("first", TWO), gate("second", POINTS), gate("later", atom("g.later", "at_least", 0.5, path="g3"), in_force=LATER)),
    Score(1.0, (pillar("only", component("s.one"), component("s.two")),)),
    peers=(made_up.PeerGroup("low", "Low", atom("w.low", "below", 0.5, path="peers.low")), made_up.otherwise()),
    tracks=(gate("kind", atom("t.kind", "at_least", 0.5, path="t1")),),
    hold=Hold("Hold", "h.events", ("coup",), 12, False, "a basis", made_up.CITES),
    mechanisms=(gate("body", atom("m.body", "at_least", 0.5, path="m1")),),
    axes=(Axis("axis", "Axis", ("x.one", "x.two")),),
    uncertainty=Uncertainty(draws=2, imputation=Imputation(20, ("i.helper",))),
)  # fmt: skip


def test_every_use_of_every_figure_in_the_order_of_the_file():
    assert [(u.role, u.owner, u.path, u.quantity.indicator) for u in walk.quantities(WHOLE)] == [
        ("pool", "", "pool", "w.pool"),
        ("peers", "low", "peers.low", "w.low"),
        ("gate", "first", "g1.0", "g.change"),
        ("gate", "first", "g1.0", "a.level"),  # whose median of the peers it must exceed
        ("gate", "first", "g1.1", "g.dated"),
        ("gate", "first", "g1.2", "g.event"),
        ("gate", "second", "p.bands", "p.bands"),
        ("gate", "second", "p.flag", "p.flag"),
        ("gate", "later", "g3", "g.later"),
        ("track", "kind", "t1", "t.kind"),
        ("hold", "", "hold.events", "h.events"),
        ("mechanism", "body", "m1", "m.body"),
        ("score", "only", "only.score.s.one", "s.one"),
        ("score", "only", "only.score.s.two", "s.two"),
        ("axis", "axis", "axes.axis.indicators[0]", "x.one"),
        ("axis", "axis", "axes.axis.indicators[1]", "x.two"),
        ("helper", "", "uncertainty.imputation.helpers[0]", "i.helper"),
    ]
    assert walk.indicators(WHOLE, "track", "axis") == ("t.kind", "x.one", "x.two")
    assert walk.indicators(WHOLE)[:3] == ("w.pool", "w.low", "g.change") and len(walk.indicators(WHOLE)) == 17
    assert {u.quantity.years for u in walk.quantities(WHOLE) if u.quantity.measure == "level"} == {0}
    bare = made_up.policy(WHOLE.pool)
    assert walk.indicators(bare) == ("w.pool",)


def test_a_figure_that_is_its_own_reference_is_used_once():
    own = atom("a.level", "at_least", Reference("pool", 0.5, LEVEL), path="t")
    assert list(walk.node_quantities(own)) == [("t", LEVEL)]
    plain = atom("a.level", "at_least", Reference("pool", 0.5), path="t")
    assert list(walk.node_quantities(plain)) == [("t", LEVEL)]
    assert walk.quantities_of(group("all", own, plain)) == (LEVEL,)


def test_nodes_come_before_what_is_in_them_and_flags_are_tests():
    assert [node.path for node in walk.nodes(TWO)] == ["g1", "g1.0", "g1.1", "g1.2"]
    assert [node.path for node in walk.nodes(POINTS)] == ["p", "p.flag"]
    assert [metric.path for metric in walk.metrics(POINTS)] == ["p.sum", "p.bands", "p.flag"]
    assert [test.path for test in walk.tests(POINTS)] == ["p.flag"]
    assert [(owner, test.path) for owner, test in walk.judging(WHOLE)] == [
        ("", "pool"), ("", "peers.low"), ("first", "g1.0"), ("first", "g1.1"), ("first", "g1.2"), ("second", "p.flag"),
        ("later", "g3"), ("kind", "t1"),
    ]  # fmt: skip


def test_groups_that_count_are_those_of_gates_and_tracks():
    other = group("any", group("at_least", DATED, n=1, path="inner"), EVENT)
    assert walk.counting(replace(WHOLE, tracks=(gate("kind", other),))) == (TWO, other.of[0])
    assert walk.counting(replace(WHOLE, gates=())) == ()


def test_a_policy_is_relative_where_other_countries_figures_count():
    plain = replace(WHOLE, gates=WHOLE.gates[1:])
    assert walk.relative(WHOLE) and not walk.relative(plain)
    compared = gate("k", atom("a.level", "at_least", Reference("pool", 0.5)))
    for where in ("gates", "tracks", "mechanisms"):
        assert walk.relative(replace(plain, **{where: (compared,)}))
    for kind in ("percentile", "z", "minmax"):
        scored = Score(1.0, (pillar("only", component("s.one", scale=Scale(**{kind: "pool"}))),))
        assert walk.relative(replace(plain, score=scored))
    assert not walk.relative(replace(plain, score=None))


def test_what_is_not_in_force_is_left_out_and_kept_for_another_day():
    early = walk.at(WHOLE, date(2019, 12, 31))
    assert [each.id for each in early.gates] == ["first", "second"]
    assert [each.id for each in walk.left_out(early)] == ["later"] and walk.left_out(WHOLE) == ()
    assert early.written is not None and early.peers == WHOLE.peers
    assert walk.at(early, date(2020, 1, 1)) == WHOLE and WHOLE.written is None
    nested = gate(
        "g", group("all", replace(DATED, in_force=LATER), group("any", replace(EVENT, in_force=LATER)))
    )
    assert walk.at(replace(WHOLE, gates=(nested,)), date(2016, 7, 1)).gates == ()
    (kept,) = walk.at(replace(WHOLE, gates=(gate("g", group("all", DATED, replace(EVENT, in_force=LATER))),)), date(2016, 7, 1)).gates  # fmt: skip
    assert kept.rule.of == (DATED,)
    group_of = replace(WHOLE.peers[0], rule=replace(WHOLE.peers[0].rule, in_force=LATER))
    gone = walk.at(replace(WHOLE, peers=(group_of, WHOLE.peers[1])), date(2016, 7, 1))
    assert gone.peers == WHOLE.peers[1:]
    nobody = walk.at(replace(WHOLE, pool=replace(WHOLE.pool, in_force=LATER)), date(2016, 7, 1)).pool
    assert nobody.countries == () and nobody.path == "pool"


@pytest.mark.parametrize(
    "day, said",
    [
        (date(2013, 7, 1), False),  # a year to the day
        (date(2013, 7, 2), True),
        (date(2013, 6, 30), False),
        (date(2014, 1, 1), True),
    ],
)
def test_a_table_whose_last_entry_is_more_than_a_year_old_may_lack_one(day, said):
    assert bool(walk.aged(DATED, day)) == said
    ended = replace(DATED, threshold=Dated(((date(2010, 1, 1), 0.2), (date(2012, 7, 1), None))))
    assert walk.aged(ended, day) == "" == walk.aged(CHANGE, day)
    inside = replace(DATED, threshold=Extreme("min_of", (0.1, SET)))
    assert bool(walk.aged(inside, day)) == said


def test_what_may_be_imputed_is_what_no_rule_answers_for_itself():
    """Of the first gate the change; DATED says that missing fails, EVENT is of a list, points leave out what is missing."""
    found = walk.imputable((*WHOLE.gates, *WHOLE.tracks), WHOLE.score)
    assert [q.indicator for q in found] == ["g.change", "g.later", "t.kind", "s.one", "s.two"]
    assert found[0] == CHANGE.quantity
    again = (gate("a", CHANGE), gate("b", replace(CHANGE, path="b", missing="pass")))
    assert walk.imputable(again, None) == ()
