"""The shipped sets give what was published, or docs/published-checks.md says why not."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import published
import published_causes as causes
import pytest
from standing import percentile, standing

from eligibility.analysis import cases
from eligibility.data import build, panel, sources
from eligibility.language import criteria
from eligibility.method import run

SETS = criteria.shipped()


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A data folder with the licensed releases in it, where they are to be had."""
    if not published.RELEASES.is_dir():
        pytest.skip("the publishers' releases (../shared/releases) are not on this machine")
    own = tmp_path_factory.mktemp("licensed")
    published.bring(own)
    return own


@pytest.fixture(scope="module")
def found(folder) -> list[published.Check]:
    return published.checks(folder)


def facts() -> list[dict[str, str]]:
    with published.FACTS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_number_of_scorecards_comes_out(found):
    cards = [check for check in found if check.what.endswith("all: scorecards")]
    assert len(cards) == 9
    assert [check.what for check in cards if not check.agrees] == []


def test_the_groups_of_fy2024_are_the_only_split_that_fits_the_published_percentiles(found):
    split = [
        c.obtained
        for c in found
        if c.what.startswith("FY2024") and c.what.endswith("group: scorecards (inferred)")
    ]
    assert split == ["47", "33"]


def test_the_percentiles_of_fy2024_agree_but_for_a_rank_or_two_of_revision(found):
    rows = [
        c for c in found if "percentile" in c.what and c.what.startswith("FY2024") and c.set == "mcc-hurdles"
    ]
    assert len(rows) == 17
    assert sum(check.agrees for check in rows) >= 13
    assert all(abs(int(check.published) - int(check.obtained)) <= 4 for check in rows)


def test_every_disagreement_and_nothing_else_has_a_cause_with_a_grade(found):
    assert [c.what for c in found if c.agrees != (c.cause is None)] == []
    assert {c.cause.grade for c in found if c.cause} <= {"found", "bounded", "open"}


def test_with_the_update_the_card_read_every_published_percentile_of_corruption_comes_out(folder):
    card = published.card(2024, folder)
    then = causes.again(card, causes.update(2023, 2022))
    assert set(card.peers.index) <= set(causes.OLDER["update_2023_year_2022"].dropna().index)
    rows = [row for row in facts() if row["fy"] == "2024" and row["field"] == causes.COC]
    assert len(rows) == 14
    assert {row["iso3"]: published._answer(row, then, folder) for row in rows} == {
        row["iso3"]: row["value"] for row in rows
    }


def test_with_the_update_the_card_read_mongolia_fails_and_kosovo_and_liberia_stay(folder):
    then = causes.again(published.card(2017, folder), causes.update(2016, 2015))
    rows = [row for row in facts() if row["fy"] == "2017" and row["kind"] in ("pass_fail", "overall")]
    assert [(row["iso3"], published._answer(row, then, folder)) for row in rows] == [
        ("XKX", "fail"),
        ("MNG", "fail"),
        ("LBR", "pass"),
    ]


def test_with_the_update_and_the_incomes_of_then_all_of_fy2018_comes_out_and_with_one_alone_not(folder):
    card = published.card(2018, folder)
    rows = [row for row in facts() if row["fy"] == "2018"]
    told = [row["value"] for row in rows]
    assert set(card.peers.index) <= set(causes.OLDER["update_2017_year_2016"].dropna().index)
    assert set(card.peers.index) <= set(causes.OLDER_INCOME.index)

    def answers(inputs):
        then = causes.again(card, inputs)
        return then, [published._answer(row, then, folder) for row in rows]

    then, got = answers(causes.THEN_2018)
    assert got == told
    assert (then.peers == "low-income").sum() == 50
    # "failed the corruption indicator by 0.01", as the article about the next year's card has it
    assert round(causes.distances(then)["SLE"], 2) == -0.01
    for half in (causes.update(2017, 2016), causes.incomes(2017, 2018)):
        assert answers(half)[1] != told


def test_each_older_column_is_nearest_to_the_year_it_says(folder):
    held = panel.load([causes.COC], sources.shelf(folder)).values[causes.COC]
    for edition, year in causes.KEPT:
        column = causes.OLDER[f"update_{edition}_year_{year}"].dropna()
        near = held.loc[[year - 1, year, year + 1], column.index]
        assert ((near - column) ** 2).mean(axis=1).idxmin() == year
        assert near.corrwith(column, axis=1).idxmax() == year


def test_an_income_an_older_edition_lacked_is_lacking_in_the_trial(folder):
    then = causes.again(published.card(2018, folder), causes.incomes(2017, 2018))
    income = then.cells.value[causes.INCOME]
    assert income[["DJI", "SYR"]].isna().all()
    assert income["CIV"] == 1520
    assert (
        then.peers[["CIV", "DJI"]].eq("low-income").all()
    )  # MCC: Côte d'Ivoire left the lower group in FY2021
    assert then.peers["SYR"] == "lower-middle-income"


def test_with_incomes_of_those_years_kosovo_passes_in_fy2016_and_fy2021_has_one_of_the_two_divisions_that_fit(
    folder,
):
    for fy, inputs, groups in (
        (2016, causes.incomes(2017, 2016), (53, 28)),
        (2021, causes.incomes(2020, 2021), (49, 29)),
    ):
        card = published.card(fy, folder)
        assert set(card.peers.index) <= set(causes.OLDER_INCOME.index)
        then = causes.again(card, inputs)
        assert tuple(then.peers.value_counts()[["low-income", "lower-middle-income"]]) == groups
        if fy == 2016:
            assert round(causes.distances(card)["XKX"], 2) == -0.01
            assert round(causes.distances(then)["XKX"], 2) == 0.06
            assert then.screening.status["XKX"] == "eligible"


def test_with_figures_out_before_the_card_liberias_three_other_places_of_fy2024_come_out(folder):
    card = published.whole(2024, folder)
    assert set(card.peers.index[card.peers == "low-income"]) == set(causes.OLDER_CARD.index)
    rows = [row for row in facts() if (int(row["fy"]), row["field"]) in causes.STATED]
    assert [row["value"] for row in rows] == ["54", "62", "24"]
    behind = []
    for row in rows:
        then = causes.again(card, causes.STATED[2024, row["field"]][0])
        assert published._answer(row, then, folder) == row["value"] != published._answer(row, card, folder)
        place = published._standing(row["field"], then, folder).loc["LBR"]
        behind.append((place.n - place["rank"], place.n - 1))
    assert behind == [(25, 46), (26, 42), (9, 38)]  # nobody has Liberia's figure
    later = standing(causes.OLDER_CARD.education_next, card.peers[causes.OLDER_CARD.index])
    assert (later.percentile["LBR"], later.n["LBR"]) == (33, 40)


def test_each_column_of_coverage_is_nearest_to_the_year_it_says(folder):
    held = panel.load(["wuenic.dpt3", "wuenic.mcv1", "wb.health_spending"], sources.shelf(folder)).values
    for column, series, year in (
        ("dpt3_2022", "wuenic.dpt3", 2022),
        ("mcv1_2022", "wuenic.mcv1", 2022),
        ("health_2020", "wb.health_spending", 2020),
    ):
        then = causes.OLDER_CARD[column].dropna().drop("PRK", errors="ignore")  # put from 0 to 67 since
        near = held[series].loc[[year - 1, year, year + 1], then.index]
        assert (near - then).abs().mean(axis=1).idxmin() == year, column


def test_one_lower_group_fits_the_four_places_of_fy2019_and_it_has_cote_divoire(folder):
    card = published.card(2019, folder)
    rows = [row for row in facts() if row["fy"] == "2019" and row["kind"] == "percentile"]
    assert len(rows) == 4
    income = card.cells.value[causes.INCOME][card.peers == "lower-middle-income"].sort_values()
    fits = []
    for near in (None, *income.index[:9]):
        peers = card.peers.copy()
        if near:
            peers[near] = "low-income"
        places = [
            standing(published._values(row["field"], card, folder).reindex(peers.index), peers).percentile
            for row in rows
        ]
        if all(place[row["iso3"]] == int(row["value"]) for place, row in zip(places, rows, strict=True)):
            fits.append(near)
    assert fits == ["CIV"]


def test_the_groups_of_fy2013_come_out_with_djibouti_in_the_lower_one(folder):
    groups = published.card(2013, folder).peers
    assert groups.value_counts().to_dict() == {"low-income": 56, "lower-middle-income": 33}
    assert groups["DJI"] == "low-income"
    assert published.card(2018, folder).peers["DJI"] == "lower-middle-income"  # its income is known by then


def test_a_cause_is_not_found_where_the_trial_gives_something_else(folder):
    row = next(row for row in facts() if row["fy"] == "2024" and row["iso3"] == "GIN")
    card = published.card(2024, folder)

    def answer(row, result):
        return published._answer(row, result, folder)

    assert causes.cause(row, card, None, answer, None).grade == "found"
    assert causes.cause(row | {"value": "99"}, card, None, answer, None).grade == "open"


def test_a_revision_nobody_saw_leaves_the_cause_open():
    moved = causes.pd.Series([0.01] * 19 + [0.05])
    assert causes.bounded(0.05, moved, "then").grade == "bounded"  # one in twenty
    assert causes.bounded(0.06, moved, "then").grade == "open"


def test_other_figures_change_the_run_and_not_the_panel(folder):
    card = published.card(2024, folder)
    before = card.panel.values[causes.COC].copy()
    then = causes.again(card, [causes.Input(causes.COC, "GIN", 2022, 2.0)])
    assert then.screening.gate.at["GIN", "control-of-corruption"] == "pass"
    assert card.panel.values[causes.COC].equals(before)


def test_the_named_countries_pass_and_fail_as_the_document_says(folder):
    status = published.at("peacetime-pilots-full", published.MID_2016, folder).screening.status
    assert dict(status[["TUN", "UKR", "MWI", "MMR", "UZB", "ZWE"]]) == {
        "TUN": "eligible",
        "UKR": "eligible",
        "MWI": "eligible",
        "MMR": "conditional",
        "UZB": "excluded",
        "ZWE": "excluded",
    }


def test_the_page_is_what_the_runs_give(folder):
    shown = published.PAGE.read_text(encoding="utf-8")
    assert shown == published.page(folder), "run tests/support/published.py and look at what changed"


@pytest.mark.parametrize("ref", SETS)
def test_every_case_holds_with_the_licensed_data(ref, folder):
    outcomes = cases.cases(ref, folder)
    assert [(o.case.name, o.failures) for o in outcomes if o.failures] == []
    if ref != "ogp-core":
        assert [(o.case.name, o.lacking) for o in outcomes if o.lacking] == []


def test_there_are_many_cases_over_many_country_years():
    loaded = [criteria.load(ref, panel.catalogue()) for ref in SETS]
    told = [(c.country, c.as_of.year) for policy in loaded for c in policy.cases if hasattr(c, "country")]
    assert len(set(told)) >= 25
    assert all(" " in case.name for policy in loaded for case in policy.cases)


# ── Without the licensed data ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("edition", "fy", "revised"),
    [(2017, 2016, {"ARM", "GEO", "SEN"}), (2017, 2018, set()), (2020, 2021, set())],
)
def test_every_older_income_gives_the_class_the_world_bank_set_on_it(edition, fy, revised):
    # the classes of a fiscal year were set on the incomes of that July; the copy read for FY2016 is two years younger
    incomes = causes.OLDER_INCOME[f"edition_{edition}_card_{fy}"].dropna()
    [held] = [s for s in sources.shelf(None) if s.id == "wb-oghist-fy26"]
    classes = panel.load(["wb.income_class"], [held]).values["wb.income_class"].loc[fy - 2, incomes.index]
    with (published.ROOT / "datasets/thresholds/world-bank.csv").open(encoding="utf-8") as file:
        [row] = [row for row in csv.DictReader(file) if row["fy"] == f"FY{fy % 100}"]
    ceilings = [int(row["low_ceiling"]), int(row["lm_ceiling"])]
    by_income = incomes.map(lambda income: sum(income > ceiling for ceiling in ceilings))
    assert len(incomes) >= 73
    assert set(incomes.index[by_income != classes]) == revised


@pytest.mark.parametrize("ref", SETS)
def test_every_set_runs_on_the_shipped_data_and_fails_nobody_for_want_of_a_file(ref):
    result = run.run(ref, draws=1)
    lacking = result.cells.absent
    for gate in result.criteria.gates:
        asked = {q.indicator for q in panel_quantities(gate)}
        if asked and asked <= lacking:
            assert set(result.screening.gate[gate.id]) == {"unknown"}, gate.id
    if lacking & {
        use.quantity.indicator for use in run.walk.quantities(result.criteria) if use.role == "gate"
    }:
        told = " ".join((*result.notes, *result.wanted))
        assert "not held here" in told.lower() and "eligibility data import" in told and "https://" in told


def panel_quantities(gate):
    return run.walk.quantities_of(gate.rule)


@pytest.mark.parametrize("ref", SETS)
def test_the_cases_of_a_set_hold_or_wait_without_the_licensed_data(ref):
    outcomes = cases.cases(ref)
    assert [(o.case.name, o.failures) for o in outcomes if o.failures] == []


def test_ten_of_twenty_is_never_pretended():
    gate = run.run("mcc-scorecard", date(2023, 11, 8), draws=1).screening.gate
    assert set(gate["half-of-the-indicators"]) == {"unknown"}
    assert {"pass", "fail"} == set(gate["control-of-corruption"])


# ── OGP, from components put in by hand ──────────────────────────────────────────────────────────────────────────

# Civil liberties are any figure of the band that the published total implies, not the publisher's own.
COMPONENTS = """\
iso3,year,budget_proposal_published,audit_report_published,access_to_information,asset_disclosure,civil_liberties,cso_entry_exit,cso_repression,member
GEO,2014,yes,yes,law,law with public access,6,,,yes
PNG,2015,yes,no,constitution,law without public access,8,3.2,2,no
TUN,2015,yes,no,law,law without public access,6,,,yes
AAA,2015,,,,,,,,
BTN,2015,,,law,law with public access,4,2,2.9,no
BWA,2015,no,no,none,none,,,,no
"""


@pytest.fixture
def ogp(tmp_path, own_folder) -> Path:
    path = tmp_path / "ogp-components-2015.csv"
    path.write_text("\n".join(row for row in COMPONENTS.splitlines() if not row.startswith("AAA")) + "\n")
    build.import_release([path])
    return path


def test_ogp_totals_come_out(ogp):
    at = {year: run.run("ogp-core", date(year + 1, 5, 1), draws=1).screening for year in (2014, 2015)}
    share = {y: s.measured["gates.core"] for y, s in at.items()}
    assert round(share[2014]["GEO"] * 16, 9) == 15
    assert round(share[2015]["PNG"] * 16, 9) == 11
    assert round(share[2015]["TUN"], 4) == 0.6875
    gate = at[2015].gate
    assert list(gate.loc[["PNG", "TUN"], "core"]) == ["fail", "fail"]
    assert at[2014].gate.at["GEO", "core"] == "pass"


def test_ogp_without_one_source_counts_twelve_and_without_two_says_nothing(ogp):
    screening = run.run("ogp-core", date(2016, 5, 1), draws=1).screening
    assert round(screening.measured.at["BTN", "gates.core"] * 12, 9) == 10
    assert screening.gate.at["BTN", "core"] == "pass"  # 10 of 12; sixteen would make it 10 of 16
    assert screening.gate.at["KEN", "core"] == "unknown"


def test_ogp_values_check_is_for_those_who_have_not_joined(ogp):
    """It is in force from 2017 on; before, nobody was held to it."""
    assert "values-check" not in run.run("ogp-core", date(2016, 5, 1), draws=1).screening.gate
    gate = run.run("ogp-core", date(2017, 5, 1), draws=1).screening.gate["values-check"]
    assert dict(gate[["PNG", "TUN", "BTN"]]) == {"PNG": "pass", "TUN": "pass", "BTN": "fail"}


def test_ogp_cases_hold_where_the_components_are_there(ogp):
    assert [o.case.name for o in cases.cases("ogp-core") if not o.holds] == []


# ── Tables kept by hand ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_table_of_scorecards_is_kept_two_years_before_its_fiscal_year(tmp_path, own_folder):
    path = tmp_path / "mcc-scorecards-2024.csv"
    path.write_text("iso3,fiscal_year,trade_policy,child_health\nLBR,2024,58.5,\nGHA,2024,61,70\n")
    source = build.import_release([path]).source
    assert (source.id, source.values["years"], sorted(source.series)) == (
        "mcc-2024",
        [2022, 2022],
        ["child_health", "trade_policy"],
    )
    assert source.series["trade_policy"].known_from(2022) == date(2023, 11, 1)


@pytest.mark.parametrize(
    "text, told",
    [
        ("iso3,fiscal_year,trade_policy\nLBX,2024,1\n", "must be a code the register knows"),
        ("iso3,fiscal_year,trade_policy\nLBR,24,1\n", "in four digits"),
        ("iso3,fiscal_year,trade_policy,tradepolicy\nLBR,2024,1,2\n", "must be a series of mcc"),
        ("iso3,fiscal_year,trade_policy\nLBR,2024,n/a\n", "must be a plain decimal number"),
        ("iso3,fiscal_year,trade_policy\nLBR,2024,1\nLBR,2024,1\n", "must be the only row for it"),
        ("iso3,year,member\nLBR,2015,maybe\n", "must be one of no, yes"),
    ],
)
def test_a_wrong_table_is_refused(tmp_path, text, told):
    path = tmp_path / "kept-2024.csv"
    path.write_text(text)
    with pytest.raises(build.DataError, match=told):
        build.import_release([path])


def test_the_percentile_is_mccs():
    # LIC of FY2024, n = 47, and the two published halves that are rounded up
    assert [percentile(k, 47) for k in (22, 23, 26, 27, 35)] == [48, 50, 57, 59, 76]
    assert [percentile(5, 9), percentile(3, 9)] == [63, 38]
