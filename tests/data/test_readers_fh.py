"""Freedom House: three workbooks that overlap, editions a year ahead of what they describe, territories."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from workbooks import workbook_of

from eligibility.data import build, intake, panel, sources
from eligibility.data.readers import Head, fh
from eligibility.errors import DataError

AGGREGATE = (
    "Country/Territory,Region,C/T?,Edition,Status,PR Rating,CL Rating,A,B,C,Add Q,Add A,PR,D,E,F,G,CL,Total"
)
EARLY = "Country/Territory,C/T?,FIW03 PR,FIW04 PR,FIW05 PR,FIW03 CL ,FIW04 CL,FIW05 CL,FIW03 Total,FIW04 Total,FIW05 Total"
ALL = AGGREGATE.replace("C/T?", "C/T").replace("PR Rating,CL Rating", "PR rating,CL rating")


def scored(
    name: str, edition: int, rights: int = 10, liberties: int = 20, status: str = "PF", kind: str = "c"
):
    row = [name, "Africa", kind, edition, status, 5, 4, 4, 4, 2, 0, "N/A", rights, 5, 5, 5, 5, liberties]
    return [*row, rights + liberties]


def all_data(folder: Path, *rows: list, sheet: str = "FIW13-25") -> Path:
    sheets = {"Index": [["Key"]], sheet: [["Freedom in the World 2013-2025 Raw Data"], ALL.split(","), *rows]}
    return workbook_of(folder / "All_data_FIW_2013-2024.xlsx", sheets)


def scores(folder: Path, *rows: list, early: tuple = ()) -> Path:
    sheets = {
        "INDEX": [["Key"]],
        "FIW06-23": [AGGREGATE.split(","), *rows],
        "FIW03-05": [EARLY.split(","), *early],
    }
    return workbook_of(folder / "Aggregate_Category_and_Subcategory_Scores_FIW_2003-2023.xlsx", sheets)


def ratings(
    folder: Path, countries: list[list], territories: list[list], years=(1989, 1991, 1992, 2002)
) -> Path:
    """One edition a year; that of 1989 under its real heading."""
    editions, reviewed, columns = ["Survey Edition"], ["Year(s) Under Review"], [None]
    for year in years:
        editions += [year + 1, None, None]
        reviewed += ["Nov.1988-Dec.1989" if year == 1989 else year, None, None]
        columns += ["PR", "CL ", "Status"]
    top = [editions, reviewed, columns]
    sheets = {
        "INDEX": [["Key"]],
        "Country Ratings, Statuses ": [*top, *countries],
        "Territory Ratings, Statuses": [*top, *territories],
    }
    return workbook_of(folder / "Country_and_Territory_Ratings.xlsx", sheets)


def values(path: Path) -> dict[tuple[str, int, str], object]:
    vintage = fh.recognise(path, Head(path))
    rows = fh.read([path], vintage).values
    return dict(zip(zip(rows.iso3, rows.year, rows.series, strict=True), rows.value, strict=True))


def test_the_kind_and_the_newest_edition_are_in_the_sheets_not_in_the_files_name(tmp_path):
    for path, vintage in (
        (all_data(tmp_path, scored("Chad", 2025)), "all-2025"),
        (scores(tmp_path, scored("Chad", 2023)), "scores-2023"),
        (ratings(tmp_path, [["Chad", *[7, 6, "NF"] * 4]], []), "ratings-2003"),
    ):
        assert fh.recognise(path, Head(path)) == vintage
    other = workbook_of(tmp_path / "FIW.xlsx", {"Sheet1": [["Country/Territory", "Edition"]]})
    assert fh.recognise(other, Head(other)) is None


def test_an_edition_describes_the_year_before(tmp_path):
    got = values(all_data(tmp_path, scored("Malawi", 2016, 25, 35)))
    assert got["MWI", 2015, "political_rights"] == 25
    assert got["MWI", 2015, "total"] == 60
    assert got["MWI", 2015, "status"] == "PF"
    assert got["MWI", 2015, "functioning_of_government"] == 2
    assert not any(name.startswith("historical_") for *_, name in got)


def test_territories_stay_only_where_the_register_has_them(tmp_path):
    rows = [
        scored(name, 2020, kind="t") for name in ("Hong Kong", "Tibet", "Gaza Strip", "West Bank", "Crimea")
    ]
    release = fh.read([all_data(tmp_path, *rows)], "all-2025")
    assert set(release.values.iso3) == {"HKG", "PSG", "PSE"}
    assert release.skipped == {"territory that Freedom House rates apart from its state; not a candidate": 2}


def test_political_rights_may_fall_below_zero(tmp_path):
    assert values(all_data(tmp_path, scored("Syria", 2020, -3, 3)))["SYR", 2019, "political_rights"] == -3


def test_the_first_three_editions_have_totals_only(tmp_path):
    early = (
        ["Luxembourg", "c", 41, 40, 40, 60, 60, 60, 101, 100, 100],
        ["Yugoslavia", "c", 29, "-", "-", 40, "-", "-", 69, "-", "-"],
    )
    got = values(scores(tmp_path, scored("Chad", 2006), early=early))
    assert got["LUX", 2002, "political_rights"] == 41 and got["LUX", 2004, "total"] == 100
    assert got["SCG", 2002, "total"] == 69  # Freedom House's Yugoslavia of that year
    assert ("SCG", 2003, "total") not in got and ("LUX", 2002, "status") not in got
    assert got["TCD", 2005, "status"] == "PF"


def test_ratings_take_calendar_years_only_and_states_by_their_year(tmp_path):
    countries = [
        ["USSR", 6, 5, "NF", *["-"] * 9],
        ["Yugoslavia", 5, 4, "PF", 6, 5, "NF", 6, 5, "NF", 2, 2, "F"],
        ["Germany, W. ", 1, 1, "F", *["-"] * 9],  # with its blank, and only before 1990
    ]
    territories = [
        ["Kosovo", *["-"] * 9, 5, 4, "PF"],
        ["Chechnya", *["-"] * 9, 7, 7, "NF"],
        ["Puerto Rico", *[""] * 12],
    ]
    path = ratings(tmp_path, countries, territories)
    got = values(path)
    assert got["YUG", 1991, "historical_pr_rating"] == 6
    assert got["SCG", 1992, "historical_status"] == "NF" and got["SCG", 2002, "historical_cl_rating"] == 2
    assert got["XKX", 2002, "historical_status"] == "PF"
    assert {iso3 for iso3, *_ in got} == {"YUG", "SCG", "XKX"}
    assert fh.read([path], "ratings-2003").skipped == {
        "country-years before 1990": 3,
        "territory that Freedom House rates apart from its state; not a candidate": 1,
    }


@pytest.mark.parametrize(
    "change, says",
    [
        (
            {0: "Tchad"},
            "column 'country/territory': must be a name the register knows in scheme 'name' (got Tchad)",
        ),
        ({4: "Free"}, "column 'status': must be one of NF, PF, F (got Free)"),
        ({18: 31}, "column 'total': must be pr plus cl, 30 (got 31)"),
        ({12: 61, 18: 81}, "column 'pr': must lie between -4 and 44 (got 61)"),
        ({5: 0}, "column 'pr rating': must lie between 1 and 7 (got 0)"),
        ({3: 2026}, "column 'edition': must lie between 2013 and 2025, as its sheet says (got 2026)"),
        (
            {3: 2024},
            "column 'country/territory': must be the only row for it; row 4 has it too (got TCD 2023)",
        ),
        ({7: "n/a"}, "column 'a': must be a plain decimal number (got n/a)"),
        ({12: "x"}, "column 'pr': must be a plain decimal number (got x)"),  # looked at twice, told once
    ],
)
def test_a_wrong_cell_is_refused_with_its_place(tmp_path, change, says):
    wrong = scored("Chad", 2025)
    for place, value in change.items():
        wrong[place] = value
    path = all_data(tmp_path, scored("Mali", 2025), scored("Chad", 2024), wrong)
    with pytest.raises(DataError) as caught:
        fh.read([path], "all-2025")
    assert f"All_data_FIW_2013-2024.xlsx, sheet 'FIW13-25':5: {says}" in str(caught.value)
    assert len(set(caught.value.problems)) == len(caught.value.problems) and "nan" not in str(caught.value)


def test_a_missing_column_is_named(tmp_path):
    sheets = {"FIW13-25": [[name for name in ALL.split(",") if name != "G"], scored("Chad", 2020)[:-1]]}
    with pytest.raises(DataError, match="column 'g': must be there"):
        fh.read([workbook_of(tmp_path / "fh.xlsx", sheets)], "all-2025")


def test_one_after_the_other_loses_no_series(tmp_path, own_folder):
    countries = [["Chad", *[7, 6, "NF"] * 4]]
    for path in (
        all_data(tmp_path, scored("Chad", 2025)),
        scores(tmp_path, scored("Chad", 2023)),
        ratings(tmp_path, countries, []),
    ):
        build.import_release([path], accept=intake.RULES)
    known = {
        name: sheet for name, sheet in panel.catalogue(sources.shelf()).items() if name.startswith("fh.")
    }
    assert known["fh.political_rights"].source_id == "fh-all-2025"
    assert known["fh.historical_status"].source_id == "fh-ratings-2003"


@pytest.mark.parametrize("names", [("Namibia", "Namibia"), ("Namibia\u00a0", " Namibia")])
def test_a_unit_in_both_sheets_with_the_same_figures_is_one(tmp_path, names):
    same = [[name, 1, 2, "F", 1, 2, "F"] for name in names]
    path = ratings(tmp_path, [same[0]], [same[1]], (1991, 1992))
    release = fh.read([path], "ratings-1993")
    assert len(release.values) == 6
    assert release.skipped == {"country-year in both sheets with the same figures, taken once": 2}


def test_a_unit_in_both_sheets_with_two_figures_is_refused_with_both_places(tmp_path):
    path = ratings(
        tmp_path, [["Namibia", 1, 2, "F"]], [["Chad", 6, 5, "NF"], ["Namibia", 1, 3, "F"]], (1991,)
    )
    with pytest.raises(DataError) as caught:
        fh.read([path], "ratings-1992")
    (problem,) = caught.value.problems
    assert problem.where == f"{path.name}, sheet 'Territory Ratings, Statuses':5"
    assert problem.what == "historical_cl_rating, NAM 1991" and problem.got == "3.0"
    assert f"{path.name}, sheet 'Country Ratings, Statuses':4 has 2.0" in problem.rule


# ── The publisher's files ────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def real(releases: Path) -> dict[str, pd.DataFrame]:
    """Kind of workbook -> its values, by country, year and series."""
    found = {}
    for path in sorted((releases / "fh").glob("*.xlsx")):
        vintage = fh.recognise(path, Head(path))
        if vintage == "ratings-2022":  # its ratings of 2021 have slipped; see below
            continue
        rows = fh.read([path], vintage).values
        found[vintage] = rows.set_index(["iso3", "year", "series"]).value
    return found


def test_the_real_workbooks(real):
    spans = {kind: rows.index.get_level_values("year") for kind, rows in real.items()}
    assert {kind: (years.min(), years.max()) for kind, years in spans.items()} == {
        "all-2025": (2012, 2024),
        "scores-2023": (2002, 2022),
        "ratings-2023": (1990, 2022),
        "ratings-2024": (1990, 2023),
    }
    countries = {kind: rows.index.get_level_values("iso3") for kind, rows in real.items()}
    assert {kind: len(set(codes)) for kind, codes in countries.items()} == {
        "all-2025": 201,
        "scores-2023": 202,
        "ratings-2023": 206,
        "ratings-2024": 206,
    }
    assert {"SCG", "YUG", "SUN", "CSK", "PSE", "PSG", "HKG", "PRI"} <= set(countries["ratings-2023"])


def test_where_the_real_workbooks_overlap_they_agree(real):
    both = pd.concat([real["all-2025"], real["scores-2023"]], axis=1, keys=["all", "scores"]).dropna()
    assert len(both) > 25_000
    assert (both["all"] == both["scores"]).all()
    long = real["ratings-2023"].rename(lambda name: name.removeprefix("historical_"), level="series")
    both = pd.concat([real["scores-2023"], long], axis=1, keys=["scores", "ratings"]).dropna()
    assert len(both) > 10_000
    unlike = both[both["scores"] != both["ratings"]]
    assert sorted(unlike.index) == [("XKX", 2005, "status"), ("XKX", 2006, "status")]


def test_what_stands_in_both_sheets_of_the_real_ratings_is_counted(releases):
    said = "country-year in both sheets with the same figures, taken once"
    for edition, count in ((2023, None), (2024, 38)):
        name = f"Country_and_Territory_Ratings_and_Statuses_FIW_1973-{edition}.xlsx"
        assert fh.read([releases / "fh" / name], f"ratings-{edition}").skipped.get(said) == count


def test_the_editions_of_ratings_agree_where_they_overlap(real):
    both = pd.concat([real["ratings-2023"], real["ratings-2024"]], axis=1).dropna()
    assert len(both) > 19_000 and (both.nunique(axis=1) == 1).all()


def test_the_edition_whose_ratings_of_2021_slipped_is_refused(releases):
    """As held: New Zealand rated 7 and 5 and Free, North Korea 3 and 3 and Not Free; two later editions say otherwise."""
    name = "Country_and_Territory_Ratings_and_Statuses_FIW_1973-2022.xlsx"
    with pytest.raises(DataError, match="must be F, which follows from the mean of PR and CL") as caught:
        fh.read([releases / "fh" / name], "ratings-2022")
    said = {problem.got.partition(":")[0]: problem for problem in caught.value.problems}
    assert len(said) == 19 and {"New Zealand", "North Korea", "Nigeria"} <= set(said)
    assert {problem.what for problem in said.values()} == {"column 'Status 2021'"}
