"""What a file says of the days from or until which sets, gates, rules and thresholds hold, and of the age of single figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from criteria_samples import changed, loaded, refused

from eligibility.language import criteria
from eligibility.policy import model as policy
from eligibility.policy import walk
from eligibility.policy.model import InForce

TEST = "      - vdem.polyarchy: {at_least: 0.5, basis: midpoint}"
DATED = (
    ("    title: Democracy\n    cites", "    in_force: {from: 2012-01-01}\n    title: Democracy\n    cites"),
    (TEST, TEST + "\n      - vdem.regime: {in: [electoral democracy], in_force: {until: 2015-06-30}}"),
)


@pytest.fixture
def load(tmp_path):
    """The policy of a changed SMALL."""
    return lambda *changes: loaded(tmp_path, changed(*changes))


def days(*ends: str) -> InForce:
    return InForce(*(date.fromisoformat(end) if end else None for end in ends))


def test_sets_gates_and_rules_say_when_they_are_in_force(load):
    made = load(
        ("pool: {wb", "in_force: {from: 2010-01-01, until: 2020-12-31, basis: why}\npool: {wb"), *DATED
    )
    assert made.in_force == replace(days("2010-01-01", "2020-12-31"), basis="why")
    assert made.gates[0].in_force == days("2012-01-01")
    assert [test.in_force for test in walk.tests(made.gates[0].rule)] == [
        policy.ALWAYS,
        days("", "2015-06-30"),
    ]
    assert str(made.in_force) == "in force 2010-01-01 to 2020-12-31"


def test_at_a_date_only_what_is_in_force_is_left_and_nothing_is_forgotten(load):
    made = load(*DATED)
    early, middle, late = (walk.at(made, date(year, 7, 1)) for year in (2011, 2014, 2016))
    assert (early.gates, [g.id for g in walk.left_out(early)]) == ((), ["democracy"])
    assert [len(x.gates[0].rule.of) for x in (middle, late)] == [2, 1]
    assert middle.written is None  # all of it is in force
    assert walk.at(walk.at(early, date(2016, 7, 1)), date(2014, 7, 1)) == middle == made


@pytest.mark.parametrize(
    "old, new, told",
    [
        ("pool: {wb", "in_force: {}\npool: {wb", "c.yaml:4:11: in_force: needs `from`, `until` or both"),
        ("pool: {wb", "in_force: {from: 2020-01-01, until: 2019-01-01}\npool: {wb", "must go from the first day to the last"),
        ("pool: {wb", "in_force: {since: 2020-01-01}\npool: {wb", "in_force.since: unknown key (got since)"),
        ("in: [L, LM, UM]}}", "in: [L, LM, UM], in_force: {from: 2020-01-01}}}", "pool.in_force: is for gates, tracks"),
        ("basis: published}}", "basis: published, in_force: {from: 2020-01-01}}}", "peers.poor.in_force: is for gates"),
        ("pool: {wb", "in_force: {from: 2017-01-01}\npool: {wb", "cases[0].as_of: the set is in force from 2017-01-01 only (got 2016-07-01)"),
        ("    title: Democracy\n    cites", "    in_force: {from: 2017-01-01}\n    title: Democracy\n    cites",
         "cases[0].expect.gates.democracy: the gate is in force from 2017-01-01 only"),
        ("    title: Progress\n", "    title: Progress\n    in_force: {until: 2015-01-01}\n",
         "cases[0].expect.track: the track is in force until 2015-01-01 only"),
        (TEST, "      - in_force: {from: 2012-01-01}\n        vdem.polyarchy: {at_least: 0.5, basis: b}",
         "`in_force` of a single test goes inside it"),
        ("at_least: 0.5,", "at_least: {by_date: {2015-07-01: {value: 0.5, until: 2015-06-30}}},",
         "by_date.2015-07-01.until: must not lie before 2015-07-01 (got 2015-06-30)"),
        ("at_least: 0.5,", "at_least: {by_date: {2015-07-01: {value: 0.5, until: 2016-07-01}, 2016-07-01: 0.6}},",
         "until: must lie from 2015-07-01 to the day before 2016-07-01"),
        ("at_least: 0.5,", "at_least: {by_date: {2015-07-01: {value: 7, until: 2016-07-01}}},",
         "by_date.2015-07-01.value: is outside the range"),
        ("at_least: 0.5,", "at_least: {by_date: {2015-07-01: {value: 0.5}}},", "needs the key `until`"),
        ("at_least: 0.5,", "max_age: -1, at_least: 0.5,", "max_age: must be at least 0 (got -1)"),
        ("at_least: 0.5,", "max_age: 7, at_least: 0.5,", "must be 7, as elsewhere in this set (got none); max_age of vdem.polyarchy"),
    ],
)  # fmt: skip
def test_what_is_refused(tmp_path, old, new, told):
    assert told in "\n".join(refused(tmp_path, changed((old, new))))


def test_an_indicator_has_an_age_of_its_own_wherever_it_is_looked_at(load):
    made = load(
        ("at_least: 0.5,", "max_age: 7, at_least: 0.5,"),
        ("polyarchy: {weight", "polyarchy: {max_age: 7, weight"),
    )
    assert made.own_ages == (("vdem.polyarchy", 7),)
    assert load(("basis: typical", "basis: typical, max_age: 3")).own_ages == ()  # that of the set


def test_an_entry_that_ends_leaves_no_threshold_until_the_next(load):
    table = "{by_date: {2015-07-01: {value: 0.4, until: 2015-12-31}, 2016-07-01: {value: 0.5, until: 2017-06-30}, 2017-07-01: 0.6}}"
    threshold = next(walk.tests(load(("at_least: 0.5", f"at_least: {table}")).gates[0].rule)).threshold
    told = [
        walk.unset(threshold, day)
        for day in (date(2015, 6, 30), date(2015, 12, 31), date(2016, 1, 1), date(2017, 7, 1))
    ]
    assert told == [
        "no threshold is in force before 2015-07-01",
        "",
        "no threshold is in force from 2016-01-01 on",
        "",
    ]
    assert threshold.ending == (date(2015, 7, 1), date(2016, 7, 1))


def test_the_schema_knows_the_new_keys():
    shapes = criteria.json_schema()
    assert "in_force" in shapes["properties"]
    assert set(shapes["$defs"]["InForce"]["properties"]) == {"from", "until", "basis"}
    for name in ("Gate", "Track", "Test", "Node"):
        assert "in_force" in shapes["$defs"][name]["properties"], name
    assert all("max_age" in shapes["$defs"][name]["properties"] for name in ("Test", "Component"))
