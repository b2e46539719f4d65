"""What is in force from or until a day: sets, gates, rules, thresholds and lists; ages of single indicators; counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import made_up
import numpy as np
import pytest
from criteria_samples import changed, loaded

from eligibility.data.readers.expected import expected
from eligibility.errors import UsageError
from eligibility.method import run, warned
from eligibility.method.evaluate import FAIL, PASS, UNKNOWN, Judge
from eligibility.method.measures import Measures
from eligibility.pages.wording import percent
from eligibility.policy import model as policy
from eligibility.policy import walk
from eligibility.policy.model import InForce
from eligibility.present import explain, ranked, tables

TEST = "      - vdem.polyarchy: {at_least: 0.5, basis: midpoint}"
FY2024 = date(2023, 11, 8)


@pytest.fixture
def load(tmp_path):
    """The policy of a changed SMALL."""
    return lambda *changes: loaded(tmp_path, changed(*changes))


def days(*ends: str) -> InForce:
    return InForce(*(date.fromisoformat(end) if end else None for end in ends))


# Verdicts --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["fail", "drop", "unknown"])
def test_without_a_threshold_in_force_nobody_is_judged_whatever_missing_says(missing):
    table = policy.Dated(((date(2016, 7, 1), 0.5),))
    test = made_up.atom("a.x", "at_least", table, missing=missing)
    measures = Measures(("BEN", "TUN"), {"a.x": np.array([[0.4, 0.6]])}, {})
    said = [
        Judge(measures, np.array(["", ""]), day).node(test)[0].tolist()
        for day in (date(2016, 6, 30), date(2016, 7, 1))
    ]
    assert said == [[UNKNOWN, UNKNOWN], [FAIL, PASS]]


def test_a_gate_that_is_not_in_force_excludes_nobody():
    high, low = (made_up.atom("a.x", op, 0.5, path=op) for op in ("at_least", "below"))
    gates = (made_up.gate("high", high), made_up.gate("low", low, in_force=InForce(date(2017, 1, 1))))
    own = made_up.policy(made_up.everyone("a.x"), gates)
    figures = made_up.snapshot([made_up.sheet("a.x")], {"GHA": {"a.x": 0.8}, "BEN": {"a.x": 0.2}})
    before, after = (run.judge(own, figures, day) for day in (date(2016, 12, 31), date(2017, 1, 1)))
    assert before.screening.status.to_dict() == {"BEN": "excluded", "GHA": "eligible"}
    assert after.screening.status.to_dict() == {"BEN": "excluded", "GHA": "excluded"}
    assert "low: not in force at 2016-12-31 (in force from 2017-01-01), so it is not applied." in before.notes
    assert list(before.screening.gate) == ["high"]
    with pytest.raises(
        UsageError, match=r"no gate or track is in force \(got 2016-12-31\); low is in force from 2017-01-01"
    ):
        run.judge(replace(own, gates=gates[1:]), figures, date(2016, 12, 31))


def test_older_figures_count_for_the_indicator_that_says_so():
    own = made_up.policy(
        made_up.everyone("a.y"), [made_up.gate("g", made_up.atom("a.x", "at_least", 0.5))], max_age=2
    )
    world = {"a.x": {"GHA": {2010: 0.8}}, "a.y": {"GHA": {2015: 1.0, 2010: 1.0}}}
    figures = made_up.panel([made_up.sheet("a.x"), made_up.sheet("a.y")], world)
    plain, older = (
        run.judge(x, figures, date(2016, 12, 31)) for x in (own, replace(own, own_ages=(("a.x", 6),)))
    )
    assert [r.screening.gate.at["GHA", "g"] for r in (plain, older)] == ["unknown", "pass"]
    assert "a.x" in plain.cells.absent and "a.x" not in older.cells.absent
    assert "at most two years old" in explain.indicator(plain, "GHA", "a.x")


# Shipped sets ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ref, day, told",
    [
        ("mcc-scorecard", date(2025, 11, 19), "2025-11-19 (in force 2011-10-01 to 2025-09-30); name a day with --as-of: 2011-10-01 to"),
        ("mcc-hurdles", date(2010, 11, 19), "2010-11-19 (in force from 2011-10-01)"),
        ("mcc-scorecard-2008", date(2016, 7, 1), "2016-07-01 (in force 2007-10-01 to 2012-09-30)"),
        ("ogp-core", date(2013, 5, 1), "2013-05-01 (in force from 2014-01-01)"),
    ],
)  # fmt: skip
def test_a_set_is_refused_at_a_date_it_does_not_hold_for(ref, day, told):
    with pytest.raises(UsageError) as error:
        run.run(ref, day, draws=0)
    assert f"--as-of: {ref}: not in force at {told}" in str(error.value)


def test_the_default_date_is_one_at_which_the_set_is_in_force():
    assert run.run("mcc-scorecard-2008", draws=0).as_of == date(2012, 9, 30)


def test_ogp_considers_members_of_the_united_nations_and_checks_values_from_2017():
    early, late = (run.run("ogp-core", day, draws=0) for day in (date(2016, 12, 31), date(2017, 1, 1)))
    assert [list(r.screening.gate) for r in (early, late)] == [["core"], ["core", "values-check"]]
    assert not {"XKX", "PSE", "TWN", "HKG"} & set(late.screening.status.index)
    assert len(late.screening.status) <= 193


def test_the_pool_of_the_hurdles_reaches_further_from_fy2026():
    before, after = (run.run("mcc-hurdles", day, draws=0) for day in (date(2025, 9, 30), date(2025, 10, 1)))
    assert not before.peers.eq("upper-middle-income").any() and after.peers.eq("upper-middle-income").any()
    income = after.cells.value["wb.gni_per_capita"][after.peers.eq("upper-middle-income")]
    assert income.max() <= 7855
    assert list(after.screening.gate) == ["control-of-corruption", "personal-freedom"]
    assert set(after.screening.gate["personal-freedom"]) == {"unknown"}


CARD = {  # leaf -> the publisher's own code or name of what MCC's card looks at
    "fh.political_rights": "PR", "fh.civil_liberties": "CL", "wgi.control_of_corruption": "cc",
    "wgi.government_effectiveness": "ge", "wgi.rule_of_law": "rl", "wgi.regulatory_quality": "rq",
    "wgi.voice_accountability": "va", "wuenic.immunization": "(DTP3 + MCV1) / 2",
    "wb.health_spending": "SH.XPD.GHED.GD.ZS", "wb.education_spending": "SE.XPD.TOTL.GD.ZS",
    "wb.consumer_price_inflation": "FP.CPI.TOTL.ZG", "wb.women_business_law": "SG.LAW.INDX",
    "mcc.freedom_of_information_percentile": "Freedom of Information, percentile",
    "mcc.health_expenditures": "Health Expenditures", "mcc.education_expenditures": "Primary Education Expenditures",
    "mcc.girls_education": "Girls' Primary Completion Rate", "mcc.child_health": "Child Health",
    "mcc.natural_resource_protection": "Natural Resource Protection",
    "mcc.natural_resource_management": "Natural Resource Management", "mcc.fiscal_policy": "Fiscal Policy",
    "mcc.trade_policy": "Trade Policy", "mcc.gender_in_the_economy": "Gender in the Economy",
    "mcc.land_rights_and_access": "Land Rights and Access", "mcc.access_to_credit": "Access to Credit",
    "mcc.business_start_up": "Business Start-Up", "mcc.employment_opportunity": "Employment Opportunity",
}  # fmt: skip


@pytest.mark.parametrize("ref", ["mcc-scorecard", "mcc-scorecard-2008"])
def test_every_leaf_of_a_card_reads_what_its_publisher_calls_so(ref):
    own, _ = run.ready(ref)
    leaves = {test.quantity.indicator for gate in own.gates for test in walk.tests(gate.rule)}
    assert leaves <= set(CARD)
    assert {leaf: expected()[leaf].publisher_code for leaf in leaves} == {leaf: CARD[leaf] for leaf in leaves}


@pytest.mark.parametrize("year", range(2012, 2026))
def test_a_card_has_twenty_indicators_in_every_fiscal_year_and_every_category_has_its_own(year):
    own = walk.at(run.ready("mcc-scorecard")[0], date(year - 1, 11, 8))
    (half,) = (gate.rule for gate in own.gates if gate.id == "half-of-the-indicators")
    (each,) = (gate.rule for gate in own.gates if gate.id == "each-category")
    listed = [test.quantity.indicator for test in walk.tests(half)]
    assert len(listed) == len(set(listed)) == 20 and half.n == 10
    assert [test.quantity.indicator for test in walk.tests(each)] == listed
    assert [len(category.of) for category in each.of] == [6, 6, 8]


PUBLISHED = {"wgi.regulatory_quality": "fail", "wgi.government_effectiveness": "fail", "wb.education_spending": "fail",
             "wgi.control_of_corruption": "pass", "wgi.rule_of_law": "pass", "wb.health_spending": "pass"}  # fmt: skip


def test_liberia_in_fy2024_has_its_published_fourteen_between_at_least_and_at_most():
    """Its published card: 14 of 20; what is held of it comes out as printed there."""
    result = run.run("mcc-scorecard", FY2024, draws=100)
    gate = next(g for g in result.criteria.gates if g.id == "half-of-the-indicators")
    said = {
        test.quantity.indicator: result.screening.node.at["LBR", test.path] for test in walk.tests(gate.rule)
    }
    assert {i: word for i, word in said.items() if word != "unknown"} == {
        i: word for i, word in PUBLISHED.items() if i in result.panel.held
    }
    (count,) = next(g["counts"] for c in tables.document(result)["countries"] if c["iso3"] == "LBR"
                    for g in c["gates"] if g["id"] == gate.id)  # fmt: skip
    assert count["least"] <= 14 <= count["most"] and count["of"] == 20 and count["needed"] == 10
    assert 0 <= count["p_least"] <= count["p_most"] <= 1
    page = " ".join(explain.country(result, "LBR").split())
    held, failed, open_ = count["pass"], count["fail"], count["unknown"]
    between = f"between {count['least']} and {count['most']} of 20; 10 needed"
    chances = f"met in {percent(count['p_least'])} to {percent(count['p_most'])} of simulations"
    counted = f"{held} met, {failed} missed, {open_} not held: {between}"
    assert f"Ten of the twenty indicators ({counted}): ? cannot be judged; {chances}" in page


def test_the_bounds_of_a_count_decide_where_they_can():
    """Two of three: decided by two, open with one unknown between, and its bounds hold the probability."""
    tests = [made_up.atom(f"a.{x}", "at_least", 0.5, path=f"g.of[{i}]") for i, x in enumerate("xyz")]
    own = made_up.policy(
        made_up.everyone("a.x"), [made_up.gate("g", made_up.group("at_least", *tests, n=2))],
        uncertainty=policy.Uncertainty(draws=400),
    )  # fmt: skip
    rows = {
        "GHA": (0.8, 0.8, None),
        "BEN": (0.2, 0.2, None),
        "TUN": (0.8, 0.2, None),
        "KEN": (0.5, 0.2, None),
    }
    sheets = [made_up.sheet(f"a.{x}", sd=0.1) for x in "xyz"]
    filled = {
        c: {f"a.{x}": v for x, v in zip("xyz", row, strict=True) if v is not None} for c, row in rows.items()
    }
    filled["DZA"] = dict.fromkeys(("a.x", "a.y", "a.z"), 0.9)  # so that somebody has a figure
    result = run.judge(own, made_up.snapshot(sheets, filled), date(2016, 12, 31))
    assert result.screening.gate["g"].to_dict() == {
        "GHA": "pass", "BEN": "fail", "TUN": "unknown", "KEN": "unknown", "DZA": "pass",
    }  # fmt: skip
    counted = result.screening.counted["g"]
    assert counted.loc["TUN"].to_dict() == {"pass": 1, "fail": 1, "unknown": 1}
    least, most = (result.firmness.bounds["g"][end] for end in ("least", "most"))
    assert (least <= most).all() and least["DZA"] == most["DZA"] > 0.9
    assert least["TUN"] < 0.1 and most["TUN"] > 0.9 and 0.3 < most["KEN"] < 0.7


# Thresholds by date ----------------------------------------------------------------------------------------

LATER = """\
id: later
title: Later
version: "1"
pool: {wb.income_class: {in: [L, LM, UM]}}
gates:
  democracy:
    title: Democracy
    cites: {where: x}
    vdem.polyarchy: {at_least: {by_date: {2026-07-01: 0.5, 2027-07-01: 0.6}}, basis: x}
ages: {max_age: 3, basis: x}
"""


def test_a_threshold_that_is_not_in_force_yet_is_said_and_not_taken_for_missing_data(tmp_path):
    file = tmp_path / "p.yaml"
    file.write_text(LATER, encoding="utf-8")
    day = date(2025, 3, 31)
    result = run.run(str(file), day, draws=0)
    why = "no threshold is in force before 2026-07-01"
    assert set(result.screening.gate["democracy"]) == {"unknown"}
    listed = " ".join(ranked.text(result).split())
    assert "N" + why[1:] in listed and "with too little data" not in listed
    told = " ".join(explain.country(result, "TUN").split())
    assert f"Cannot be judged: democracy. N{why[1:]}." in told
    # the default date moves with the data; where it lies before the first entry `check` warns
    told = [str(problem) for problem in warned.warnings(str(file))]
    default = run.run(str(file), draws=0).as_of
    assert bool(told) == (default < date(2026, 7, 1) or default > date(2028, 7, 1))
    assert not told or told[0].startswith(f"{file}:9: gates.democracy: ")


def test_a_table_whose_last_entry_is_more_than_a_year_old_is_said_to_be(tmp_path):
    file = tmp_path / "p.yaml"
    file.write_text(LATER.replace("2026-07-01: 0.5, 2027-07-01: 0.6", "2014-07-01: 0.5, 2015-07-01: 0.6"))
    notes = [run.run(str(file), day, draws=0).notes for day in (date(2016, 7, 1), date(2016, 7, 2))]
    said = [any("is the last of its table, set from 2015-07-01" in note for note in each) for each in notes]
    assert said == [False, True]
    assert "the last of its table" in str(warned.warnings(str(file))[0])


def test_a_flag_says_when_no_list_is_held_and_how_much_of_one_is():
    held, none = (run.run("mcc-hurdles", day, draws=0).notes for day in (date(2019, 11, 8), FY2024))
    title = "Barred by law from United States assistance"
    (told,) = (note for note in held if note.startswith(title))
    assert "6 of 14 are held here" in told and "Bolivia (counternarcotics)" in told
    assert f"{title}: no list is held here for 2023-11-08, so nobody is marked." in none
