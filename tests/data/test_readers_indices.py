"""Indices on licensed files: rule of law, budgets, organized crime, press freedom, SDGs, immunization, trafficking tiers."""

from __future__ import annotations

from pathlib import Path

import pytest
from text_files import text
from workbooks import workbook_of

from eligibility.data.readers import Head, obs, oci, rsf, sdg, series_of, tip, wjp, wuenic
from eligibility.errors import DataError


def values(reader, path: Path) -> dict[tuple[str, int, str], object]:
    rows = reader.read([path], reader.recognise(path, Head(path))).values
    return dict(zip(zip(rows.iso3, rows.year, rows.series, strict=True), rows.value, strict=True))


def refused(reader, path: Path, vintage: str) -> str:
    with pytest.raises(DataError) as caught:
        reader.read([path], vintage)
    return str(caught.value)


# ── World Justice Project ────────────────────────────────────────────────────────────────────────────────────────

FACTORS = "Constraints,Absence of Corruption,Open Government ,Rights,Order,Enforcement,Civil,Criminal".split(
    ","
)
LAW = ["Country", "Year", "Country_year", "Country Code", "Region", "WJP Rule of Law Index: Overall Score"]
LAW += [f"Factor {number}: {name}" for number, name in enumerate(FACTORS, start=1)]
LAW += [
    f"{code}. A sub-factor " if code == "8.5" else f"{code} A sub-factor"
    for code in (sheet["publisher_code"] for sheet in series_of("wjp", "").values())
    if "." in code
]


def law(folder: Path, *rows: list) -> Path:
    sheets = {
        "Introduction": [["The WJP"]],
        "WJP ROL Index 2024 Scores": [["Country"]],
        "Historical Data": [LAW, *rows],
    }
    return workbook_of(folder / "wjp.xlsx", sheets)


def judged(code: str, edition: object, value: object = 0.5) -> list:
    return ["A country", edition, "", code, "A region", *[value] * (len(LAW) - 5)]


def test_a_double_edition_is_kept_under_its_second_year(tmp_path):
    path = law(
        tmp_path, judged("TUN", "2012-2013", 0.4), judged("TUN", "2017-2018"), judged("XKX", 2024, 0.6)
    )
    assert wjp.recognise(path, Head(path)) == "2024"
    got = values(wjp, path)
    assert {key[:2] for key in got} == {("TUN", 2013), ("TUN", 2018), ("XKX", 2024)}
    assert got["TUN", 2013, "rule_of_law"] == got["TUN", 2013, "clean_criminal_justice"] == 0.4


@pytest.mark.parametrize(
    "row, says",
    [
        (judged("TUN", 2024, 1.5), "column 'WJP Rule of Law Index': must lie between 0 and 1 (got 1.5)"),
        (judged("KSV", 2024), "column 'Country Code': must be a code the register knows"),
        (judged("TUN", "2023-24"), "column 'Year': must be a year"),
        (judged("CHL", 2024), "column 'Country Code': must be the only row for it; row 2 has it too"),
    ],
)
def test_a_wrong_row_of_the_rule_of_law_index_is_refused(tmp_path, row, says):
    assert f"wjp.xlsx, sheet 'Historical Data':3: {says}" in refused(
        wjp, law(tmp_path, judged("CHL", 2024), row), "2024"
    )


# ── Open Budget Survey ───────────────────────────────────────────────────────────────────────────────────────────

BUDGET = "country,ISO,Year,Region,OBI_unrounded,OBI_rounded,Legislative_Oversight,SAI_Oversight,Oversight_Overall,Public_Participation"


def test_a_round_is_stored_under_the_year_its_research_ended_in(tmp_path):
    rows = (
        "Chad,TCD,2015,SSA,4.5,5,40,50,,19",
        "Chad,TCD,2023,SSA,10.5,11,41,51,44.25,7.5",
        "Mali,MLI,2012,SSA,,,,,,",
    )
    path = text(tmp_path, "obs.csv", BUDGET, *rows)
    assert obs.recognise(path, Head(path)) == "2023"
    got = values(obs, path)
    assert got["TCD", 2022, "participation"] == 7.5 and ("TCD", 2014, "participation") not in got
    assert got["TCD", 2014, "open_budget_index"] == 4.5 and ("TCD", 2014, "oversight") not in got
    assert obs.read([path], "2023").skipped == {"participation score before the 2017 round": 1}


@pytest.mark.parametrize(
    "row, says",
    [
        (
            "Chad,TCD,2023,SSA,101,101,41,51,44,7",
            "column 'OBI_unrounded': must lie between 0 and 100 (got 101)",
        ),
        ("Chad,TD,2023,SSA,10,10,41,51,44,7", "column 'ISO'"),
        ("Chad,TCD,23,SSA,10,10,41,51,44,7", "column 'Year'"),
        ("Chad,TCD,2023,SSA,10,10,41,51,44", "row: must have 10 cells (got 9)"),
    ],
)
def test_a_wrong_row_of_the_budget_survey_is_refused(tmp_path, row, says):
    assert f"obs.csv:2: {says}" in refused(obs, text(tmp_path, "obs.csv", BUDGET, row), "2023")


# ── Global Organized Crime Index ─────────────────────────────────────────────────────────────────────────────────

CRIME = [sheet["publisher_code"] for sheet in series_of("oci", "").values()]
LATER = ("Financial crimes", "Extortion and protection racketeering", "Private sector actors")
AVERAGES = ("Criminality", "Criminal markets", "Criminal actors", "Resilience")


def crime(folder: Path, then: list[list], now: list[list]) -> Path:
    old = ["Continent", "Region", "Country", *(code for code in CRIME if code not in LATER)]
    new = [
        "Continent",
        "Region",
        "Country",
        *(f"{code} avg," if code in AVERAGES else code for code in CRIME),
    ]
    sheets = {"2023_Global_OC_Index": [["Title"]], "2023_dataset": [new, *now], "2021_dataset": [old, *then]}
    return workbook_of(folder / "global_oc_index.xlsx", sheets)


def test_the_sheets_of_two_editions_are_spelled_differently(tmp_path):
    then = [["Africa", "North Africa", "Tunisia", *[4] * (len(CRIME) - len(LATER))]]
    path = crime(tmp_path, then, [["Africa", "North Africa", "Tunisia", *[5.5] * len(CRIME)]])
    assert oci.recognise(path, Head(path)) == "2023"
    got = values(oci, path)
    assert got["TUN", 2023, "criminality"] == 5.5 and got["TUN", 2021, "criminality"] == 4
    assert got["TUN", 2023, "financial_crimes"] == 5.5 and ("TUN", 2021, "financial_crimes") not in got


def test_a_wrong_row_of_the_crime_index_is_refused(tmp_path):
    path = crime(
        tmp_path,
        [],
        [["Africa", "x", "Tunisia", *[0] * len(CRIME)], ["Africa", "x", "Tunesia", *[5] * len(CRIME)]],
    )
    said = refused(oci, path, "2023")
    assert (
        "global_oc_index.xlsx, sheet '2023_dataset':2: column 'Criminality': must lie between 1 and 10 (got 0)"
        in said
    )
    assert "sheet '2023_dataset':3: column 'Country'" in said
    path = workbook_of(tmp_path / "oci.xlsx", {"2023_dataset": [["Country", "Criminality"], ["Tunisia", 5]]})
    assert "column 'State-embedded actors': must be there" in refused(oci, path, "2023")


# ── Press freedom ────────────────────────────────────────────────────────────────────────────────────────────────

PRESS = "iso3,year,rank,score"
OWN = "ISO;Score;Rank;Political Context;Zone;Country_EN;Year (N);Rank N-1"


def test_each_method_is_a_series_and_early_editions_are_counted_out(tmp_path):
    rows = (
        "NAM,2008,23,3350.0",
        "NAM,2021,30,75.5",
        "NAM,2022,31,76.5",
        "XKO,2022,60,60.5",
        "CSS,2023,95,50.5",
        "USA_I,2005,130,40.5",
    )
    path = text(tmp_path, "rsf.csv", PRESS, *rows)
    assert rsf.recognise(path, Head(path)) == "2023"
    assert values(rsf, path) == {
        ("NAM", 2020, "rank"): 30,
        ("NAM", 2020, "score_2013_2021"): 75.5,
        ("NAM", 2021, "rank"): 31,
        ("NAM", 2021, "score"): 76.5,
        ("XKX", 2021, "rank"): 60,
        ("XKX", 2021, "score"): 60.5,
    }
    assert rsf.read([path], "2023").skipped == {
        "Organisation of Eastern Caribbean States, rated as one; not a state": 1,
        "row of an edition before 2013": 2,
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("title", ["Score", "Score 2025"])
def test_rsfs_own_file_has_decimal_commas_and_either_encoding(tmp_path, encoding, title):
    path = text(
        tmp_path,
        "2025.csv",
        OWN.replace("Score", title),
        "CIV;50,25;70;60,1;Afrique;Côte d'Ivoire;2025;53",
        encoding=encoding,
    )
    assert rsf.recognise(path, Head(path)) == "2025"
    assert values(rsf, path) == {("CIV", 2024, "score"): 50.25, ("CIV", 2024, "rank"): 70}


@pytest.mark.parametrize(
    "row, says",
    [
        ("NAM,2022,18,8150", "column 'score': must lie between 0 and 100 (got 8150)"),
        ("NAM,2022,18.5x,81.5", "column 'rank'"),
        ("ISR4,2003,146,49", "column 'iso3'"),
        ("TUN,2022,18,81.5", "column 'iso3': must be the only row for it; row 2 has it too"),
    ],
)
def test_a_wrong_row_of_the_press_freedom_index_is_refused(tmp_path, row, says):
    assert f"rsf.csv:3: {says}" in refused(
        rsf, text(tmp_path, "rsf.csv", PRESS, "TUN,2022,94,59.5", row), "2022"
    )


# ── SDG Index ────────────────────────────────────────────────────────────────────────────────────────────────────

GOALS = ",".join(
    ["country_code", "country", "year", *(f"goal_{goal}_score" for goal in range(1, 18)), "sdg_index_score"]
)


def test_a_zero_of_the_csv_file_may_mean_not_assessed(tmp_path):
    rows = (f"MLI,Mali,2022,{'50,' * 13}0,{'50,' * 3}51", f"_World,World,2022,{'60,' * 13}0,{'60,' * 3}61")
    path = text(tmp_path, "sdg.csv", GOALS, *rows, encoding="utf-8-sig")
    assert sdg.recognise(path, Head(path)) == "2023"
    got = values(sdg, path)
    assert (
        got["MLI", 2022, "index"] == 51
        and got["MLI", 2022, "goal_13"] == 50
        and ("MLI", 2022, "goal_14") not in got
    )
    assert sdg.read([path], "2023").skipped == {
        "SDSN regional group": 1,
        "score of 0, which may mean not assessed": 1,
    }


def test_the_reports_own_workbook_keeps_its_zeros(tmp_path):
    header = ["id", "Country", "year", "sdgi_s", *(f"goal{goal}" for goal in range(1, 18))]
    row = ["MLI", "Mali", 2022, 51, 0, *[50] * 12, None, *[50] * 3]
    path = workbook_of(
        tmp_path / "SDR2025-data.xlsx", {"SDR2025 Data": [["x"]], "Backdated SDG Index": [header, row]}
    )
    assert sdg.recognise(path, Head(path)) == "2025"
    got = values(sdg, path)
    assert got["MLI", 2022, "goal_1"] == 0 and ("MLI", 2022, "goal_14") not in got and len(got) == 17


def test_a_wrong_row_of_the_sdg_index_is_refused(tmp_path):
    path = text(
        tmp_path, "sdg.csv", GOALS, f"_Asia,Asia,2022,{'50,' * 17}51", f"MLI,Mali,2022,{'50,' * 16}500,51"
    )
    said = refused(sdg, path, "2023")
    assert "sdg.csv:2: column 'country_code'" in said and "sdg.csv:3: column 'goal_17_score'" in said


# ── Immunization ─────────────────────────────────────────────────────────────────────────────────────────────────

DOSES = ["unicef_region", "iso3", "country", "vaccine", 2023, 2022]


def doses(folder: Path, dpt3: list[list], mcv1: list[list]) -> Path:
    sheets = {"ReadMe": [], "DTP3": [DOSES, *dpt3], "MCV1": [DOSES, *mcv1], "regional_global": [["region"]]}
    return workbook_of(folder / "wuenic2023rev_web-update.xlsx", sheets)


def test_the_mean_is_made_where_both_vaccines_are_there(tmp_path):
    path = doses(
        tmp_path, [["ESAR", "NAM", "Namibia", "DTP3", 80, 81]], [["ESAR", "NAM", "Namibia", "MCV1", 85, None]]
    )
    assert wuenic.recognise(path, Head(path)) == "2023rev"
    got = values(wuenic, path)
    assert got["NAM", 2023, "immunization"] == 82.5 and ("NAM", 2022, "immunization") not in got
    assert got["NAM", 2022, "dpt3"] == 81


def test_a_wrong_row_of_the_immunization_workbook_is_refused(tmp_path):
    wrong = [["ESAR", "NAM", "Namibia", "DTP1", 80, 101], ["ESAR", "NA", "Namibia", "DTP3", 80, 81]]
    said = refused(wuenic, doses(tmp_path, wrong, []), "2023rev")
    for place in (
        "2: column 'vaccine': must be DTP3 (got DTP1)",
        "2: column '2022': must lie between",
        "3: column 'iso3'",
    ):
        assert f"wuenic2023rev_web-update.xlsx, sheet 'DTP3':{place}" in said


# ── Trafficking in persons ───────────────────────────────────────────────────────────────────────────────────────

TIERS = '"countryname","iso","year","ccode","tier"'


def test_a_report_is_stored_under_the_year_before_and_na_is_no_tier(tmp_path):
    rows = (
        '"Namibia","NAM",2015,565,"Tier 2    "',
        '"Kosovo","KOS",2015,347,"Watchlist    "',
        '"Somalia","SOM",2015,520,NA',
    )
    path = text(tmp_path, "tip.csv", TIERS, *rows)
    assert tip.recognise(path, Head(path)) == "2015"
    assert values(tip, path) == {("NAM", 2014, "tier"): "Tier 2", ("XKX", 2014, "tier"): "Tier 2 Watch List"}
    assert tip.read([path], "2015").skipped == {"country-years without a tier": 1}


@pytest.mark.parametrize(
    "row, says",
    [
        (
            '"Namibia","NAM",2015,565,"Tier 4"',
            "column 'tier': must be one of Tier 1, Tier 2, Watchlist, Tier 3 (got Tier 4)",
        ),
        (
            '"Namibia","ZWE",2015,565,"Tier 2"',
            "column 'countryname': must be the name of its code, ZWE, Zimbabwe (got Namibia)",
        ),
        ('"Namibia","NA",2015,565,"Tier 2"', "column 'iso'"),
        ('"Namibia","NAM","NA",565,"Tier 2"', "column 'year'"),
    ],
)
def test_a_wrong_row_of_the_tiers_is_refused(tmp_path, row, says):
    assert f"tip.csv:2: {says}" in refused(tip, text(tmp_path, "tip.csv", TIERS, row), "2015")


# ── The real files ───────────────────────────────────────────────────────────────────────────────────────────────

REAL = [
    (wjp, "wjp/2024_wjp_rule_of_law_index_HISTORICAL_DATA_FILE.xlsx", "2024", 2013, 2024, 142),
    (obs, "ibp/obs.csv", "2025", 2005, 2024, 128),
    (oci, "ocindex/global_oc_index.xlsx", "2023", 2021, 2023, 193),
    (rsf, "rsf/rsf_tidy_2002_2025_repaired.csv", "2025", 2012, 2024, 178),
    (sdg, "sdsn/sdg_index_2000-2022.csv", "2023", 2000, 2022, 166),
    (wuenic, "wuenic/wuenic2023rev_web-update.xlsx", "2023rev", 2000, 2023, 195),
    (tip, "tip/tip_tiers_orig.csv", "2015", 2000, 2014, 186),
]


@pytest.mark.parametrize(
    "reader, name, vintage, first, last, countries", REAL, ids=[row[0].FAMILY for row in REAL]
)
def test_the_real_file_holds_every_series(releases, reader, name, vintage, first, last, countries):
    path = releases / name
    if not path.is_file():
        pytest.skip(f"{name} is not on this machine")
    rows = reader.read([path], vintage).values
    assert (rows.year.min(), rows.year.max(), rows.iso3.nunique()) == (first, last, countries)
    assert set(rows.series) == set(series_of(reader.FAMILY, vintage))
