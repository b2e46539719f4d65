"""Every publisher's file held, and every small case handed to us: what it is read as, or why it is refused.

Files of few countries are for the intake gate to refuse and have no row here.
"""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import mutations
import pytest
from places import SHARED
from workbooks import workbook_of

from eligibility.data import build, compiled, intake, panel
from eligibility.data.readers import family_sheet, readers
from eligibility.data.readers.whose import whose
from eligibility.errors import CriteriaError, DataError, InputError
from eligibility.files import strict_yaml
from eligibility.method import run
from eligibility.present import explain

RELEASES, CASES = SHARED / "releases", SHARED / "cases"
TODAY = date(2026, 11, 29)

READ = {
    "bti/BTI_2006-2016_Scores.xlsx": "bti-2016",
    "bti/bti-2024-long.csv": "bti-2024",
    "cpi/CPI 2015_data.xlsx": "cpi-2015",
    "cpi/CPI2016_FullDataSetWithRegionalTables.xlsx": "cpi-2016",
    "cpi/CPI2022_GlobalResultsTrends.xlsx": "cpi-2022",
    "cpi/CPI2025_Results.xlsx": "cpi-2025",
    "fh/Aggregate_Category_and_Subcategory_Scores_FIW_2003-2023.xlsx": "fh-scores-2023",
    "fh/All_data_FIW_2013-2024.xlsx": "fh-all-2025",
    "fh/Country_and_Territory_Ratings_and_Statuses_FIW_1973-2023.xlsx": "fh-ratings-2023",
    "fh/Country_and_Territory_Ratings_and_Statuses_FIW_1973-2024.xlsx": "fh-ratings-2024",
    "ibp/obs.csv": "obs-2025",
    "ocindex/global_oc_index.xlsx": "oci-2023",
    "owid/electoral-democracy-index.csv": "owid-electoral-democracy-index-2025",
    "owid/political-corruption-index.csv": "owid-political-corruption-index-2025",
    "owid/political-regime.csv": "owid-political-regime-2025",
    "rsf/rsf_tidy_2002_2025_repaired.csv": "rsf-2025",
    "sdsn/sdg_index_2000-2022.csv": "sdg-2023",
    "tip/tip_tiers_orig.csv": "tip-2015",
    "ucdp/organizedviolencecy_v25_1.csv": "ucdp-v25.1",
    "un/18-10.csv": "un-rome-2013",
    "un/18-12.csv": "un-untoc-2013",
    "un/18-14.csv": "un-uncac-2014",
    "un/homicide-by-sex-sdg-2020.csv": "un-sdg-2020",
    "un/rti-law-year-sdg-2020.csv": "un-law-2020",
    "undp/HDR23-24_Composite_indices_complete_time_series.csv": "undp-hdr2023-24",
    "undp/HDR25_Composite_indices_complete_time_series.csv": "undp-hdr2025",
    "unhcr/population-by-origin-2025-12.csv": "unhcr-2025-12",
    "unodc/homicide-rate-unodc.csv": "unodc-2024",
    "vdem/ERT-v15-1970on.csv": "vdem-v15",
    "vdem/V-Dem-CY-v14-selection.csv": "vdem-v14",
    "vdem/V-Dem-CY-v15-high-level-with-bounds.csv": "vdem-v15",
    "vdem/V-Dem-CY-v15-selection-1990on.csv": "vdem-v15",
    "vdem/V-Dem-CY-v16-selection-without-bounds.csv": "vdem-v16",
    "wgi/update-2015/wgidataset.xlsx": "wgi-2015",
    "wgi/update-2019/wgidataset.xlsx": "wgi-2019",
    "wgi/update-2020/wgidataset.xlsx": "wgi-2020",
    "wgi/update-2023/wgidataset.xlsx": "wgi-2023",
    "wgi/wgidataset.xlsx": "wgi-2024",
    "wjp/2024_wjp_rule_of_law_index_HISTORICAL_DATA_FILE.xlsx": "wjp-2024",
    "worldbank/API_NY.GNP.PCAP.CD_DS2_en_csv_v2_5995153.csv": "wb-wdi-2023-10",
    "worldbank/API_SP.POP.TOTL_DS2_en_csv_v2_6011311.csv": "wb-wdi-2023-10",
    "worldbank/CLASS.xlsx": "wb-class-fy23",
    "worldbank/CLASS_2025_10_07.xlsx": "wb-class-fy26",
    "worldbank/CPIAData.csv": "wb-cpia-2022",
    "worldbank/OGHIST_2025_10_07.xlsx": "wb-oghist-fy26",
    "worldbank/OGHIST_FY25.xlsx": "wb-oghist-fy25",
    "worldbank/WDICSV-selection-2025-12.csv": "wb-wdi-2025-12",
    "worldbank/class-fy24/CLASS.xlsx": "wb-class-fy24",
    "worldbank/class-fy25/CLASS.xlsx": "wb-class-fy25",
    "worldbank/gapminder-gni-per-capita-atlas-2026-03.csv": "wb-gapminder-2026-03",
    "wuenic/wuenic2023rev_web-update.xlsx": "wuenic-2023rev",
}
REFUSED = {
    # The ratings of 2021 stand against the wrong names; test_readers_fh.py says which.
    "fh/Country_and_Territory_Ratings_and_Statuses_FIW_1973-2022.xlsx": "which follows from the mean of PR and CL",
    # No reader: a register of areas, an indicator no criteria use, ceilings with a source we do not ship, this list.
    "un/geo-area-m49.csv": "must be a publisher's release that a reader knows",
    "un/unsentenced-detainees-sdg-2020.csv": "the nearest is United Nations (un); of its columns it lacks 'sg_inf_accss'",
    "worldbank/thresholds-fy26-fy27.csv": "must be a publisher's release that a reader knows",
    "SOURCES.md": "must be a publisher's release that a reader knows",
}
PARTIAL = {
    "vdem/official-one-country/V-Dem-CY-Core-v12.csv",
    "vdem/official-one-country/V-Dem-CY-Core-v14.csv",
    "vdem/official-one-country/V-Dem-CY-Core-v15.csv",
    "vdem/official-one-country/V-Dem-CY-Core-v16.csv",
    "vdem/v15-v2x_jucon-2024-only.csv",
    "vdem/v16-38-countries-20-variables.csv",
    "vdem/v16-v2xnp_client-2025-only.csv",
}
ELSEWHERE = ("vdem/", "wgi/")  # read whole by other tests; here only what they are


def read(path: Path, vintage: str = "") -> compiled.Compiled:
    """The source a file makes on the day of import."""
    it = whose(path)
    vintage = vintage or it.vintage
    return compiled.compile_release(
        readers()[it.family].read(it.paths, vintage), it.family, vintage, today=TODAY
    )


def test_every_file_held_has_a_row(releases: Path):
    held = {path.relative_to(releases).as_posix() for path in releases.rglob("*") if path.is_file()}
    assert held == set(READ) | set(REFUSED) | PARTIAL


@pytest.mark.parametrize("file", READ)
def test_a_file_is_read_as_what_it_is(releases: Path, file: str):
    it = whose(releases / file)
    assert compiled.source_name(it.family, it.vintage) == READ[file]
    if not file.startswith(ELSEWHERE):
        one = read(releases / file)
        assert one.id == READ[file] and intake.findings(one, ()) == []


@pytest.mark.parametrize("file", REFUSED)
def test_a_file_is_refused_for_the_right_reason(releases: Path, file: str):
    with pytest.raises(DataError) as caught:
        read(releases / file)
    assert REFUSED[file] in str(caught.value)


@pytest.mark.parametrize(
    "file",
    [
        "bti/bti-2024-long.csv", "cpi/CPI2022_GlobalResultsTrends.xlsx", "fh/All_data_FIW_2013-2024.xlsx", "ibp/obs.csv",
        "ocindex/global_oc_index.xlsx", "owid/political-corruption-index.csv", "rsf/rsf_tidy_2002_2025_repaired.csv",
        "sdsn/sdg_index_2000-2022.csv", "tip/tip_tiers_orig.csv", "wjp/2024_wjp_rule_of_law_index_HISTORICAL_DATA_FILE.xlsx",
    ],
)  # fmt: skip
def test_half_of_a_file_is_refused_though_no_release_of_its_publisher_is_held(releases, tmp_path, file):
    """Each is brought by users, so its first import has nothing to be held against but what its sheet says of it."""
    half, kind = mutations.FILES["file: half the rows"][1], random.Random(0)
    path = mutations.rewritten(releases / file, half, kind, tmp_path)
    one = read(path)
    broken = {finding.rule for finding in intake.findings(one, ())}
    assert broken & {"countries-lost", "years-lost", "partial-year"}
    assert intake.findings(read(releases / file), ()) == []


def test_every_publisher_whose_files_users_bring_says_how_many_countries_they_have():
    brought = [family for family in readers() if not family_sheet(family).get("ship", True)]
    assert {"bti", "cpi", "fh", "owid", "wjp"} <= set(brought)
    without = {family for family in brought if not family_sheet(family).get("intake", {}).get("fewest")}
    assert without == {"mcc", "ogp"}  # tables kept by hand have as many as their keeper wrote


# ── The small cases ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def cases() -> Path:
    if not CASES.is_dir():
        pytest.skip("the small cases (../shared/cases) are not on this machine")
    return CASES


def the_file(folder: Path) -> Path:
    return next(path for path in folder.iterdir() if path.name != "README")


def sheet(made: compiled.Compiled) -> str:
    return made.content["source.yaml"].decode()


@pytest.mark.parametrize(
    ("case", "id", "said"),
    [
        ("k1-class-year-fy23-true", "wb-class-fy23", "its ceilings are those of fiscal year 2023"),
        ("k1-class-year-fy25-stale-note", "wb-class-fy25", "its ceilings are those of fiscal year 2025"),
        ("k1-class-year-us-date", "wb-class-fy25", "released: 2024-07-01"),
        ("k2-release-date-api-2026-09", "wb-wdi-2026-09", "released: 2026-09-24"),
        ("k2-release-date-bulk-2026-03-future", "wb-wdi-2026-03", "released: 2026-03-31"),
        (
            "k4-both-sheets-same-values",
            "fh-ratings-2022",
            "in both sheets with the same figures, taken once: 2",
        ),
        ("k5-no-hint-databank", "wb-wdi-2025-12", "released: 2025-12-18"),
        ("k5-no-hint-wgi-2025-layout", "wgi-2025", "not comparable"),
        ("k5-no-hint-zip", "vdem-v14", "V-Dem-CY-Core-v14_csv.zip"),
        ("k8-hdr-utf8-bom", "undp-hdr2025", "released: 2025-05-06"),
    ],
)
def test_a_case_is_read(cases: Path, case: str, id: str, said: str):
    made = read(the_file(cases / case))
    assert made.id == id and said in " ".join(sheet(made).split())


@pytest.mark.parametrize(
    ("case", "id"),
    [
        ("k2-release-date-api-2026-09", "wb-wdi-2026-09"),
        ("k2-release-date-bulk-2026-03-future", "wb-wdi-2026-03"),
        ("k4-both-sheets-same-values", "fh-ratings-2022"),
        ("k5-no-hint-wgi-2025-layout", "wgi-2025"),
    ],
)
def test_an_extract_of_a_release_that_is_not_held_is_let_in_and_said_to_be_one(cases, tmp_path, case, id):
    made = build.import_release([the_file(cases / case)], tmp_path)
    assert made.source.id == id and not made.source.accepted
    assert made.adds[0].startswith("an extract: of the release's countries only ")


@pytest.mark.parametrize(
    "case",
    [
        "k1-class-year-fy23-true",
        "k1-class-year-fy25-stale-note",
        "k1-class-year-us-date",
        "k3-partial-vdem-v14-4-countries",
        "k3-partial-wgi-2-countries-mcc",
        "k5-no-hint-databank",
        "k5-no-hint-zip",
        "k8-hdr-utf8-bom",
    ],
)
def test_an_extract_of_a_release_that_is_held_would_hide_it_and_is_refused(cases, tmp_path, case):
    with pytest.raises(intake.NotLetIn, match=r"read as .*; not let in") as caught:
        build.import_release([the_file(cases / case)], tmp_path)
    assert "countries-lost" in str(caught.value) and not list(tmp_path.iterdir())


@pytest.mark.parametrize("version", ["v12", "v14", "v15", "v16"])
def test_an_official_file_of_one_country_is_refused_for_being_partial_and_for_nothing_else(
    releases, tmp_path, version
):
    """Of whichever version, a later one than all that are held apart; accepted it is let in."""
    file = releases / "vdem" / "official-one-country" / f"V-Dem-CY-Core-{version}.csv"
    with pytest.raises(intake.NotLetIn) as caught:
        build.import_release([file], tmp_path)
    assert {problem.what for problem in caught.value.problems} == {"countries-lost"}
    made = build.import_release([file], tmp_path, accept=("countries-lost",))
    assert [told["rule"] for told in made.source.accepted] == ["countries-lost"]


def test_the_figure_of_an_extract_is_shown_as_not_read_and_is_read_when_pinned(cases, tmp_path):
    build.import_release([the_file(cases / "k2-release-date-api-2026-09")], tmp_path)
    plain = run.run("peacetime-pilots", draws=0)
    told = run.run("peacetime-pilots", draws=0, data=tmp_path)
    assert told.as_of == plain.as_of and told.screening.status.equals(plain.screening.status)
    shown = " ".join(explain.indicator(told, "ZMB", "wb.gni_per_capita").split())
    assert "not read 9,999 for 2024 in wb-wdi-2026-09, released 2026-09-24" in shown
    pin = panel.Reading(pins=("wb.gni_per_capita=wb-wdi-2026-09",))
    pinned = run.run("peacetime-pilots", draws=0, data=tmp_path, reading=pin)
    assert pinned.cells.value.at["ZMB", "wb.gni_per_capita"] == 9999


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (
            "k4-both-sheets-differ",
            (
                "'Territory Ratings, Statuses':5",
                "'Country Ratings, Statuses':5 has 4",
                "historical_pr_rating, XKX 2020",
            ),
        ),
        (
            "k5-no-hint-semicolon-decimal-comma",
            ("must be separated by commas", "semicolons with decimal commas", "save it as CSV with commas"),
        ),
        ("k6-missing-mark-NA", ("(got NA)", "an empty cell is a missing figure; export with na=''")),
        ("k6-missing-mark-_N_A", ("(got #N/A)", "an empty cell is a missing figure; export with na=''")),
    ],
)
def test_a_case_is_refused_and_told_why(cases: Path, case: str, said: tuple[str, ...]):
    with pytest.raises(InputError) as caught:
        read(the_file(cases / case))
    assert all(words in str(caught.value) for words in said), caught.value


def test_the_case_of_a_name_with_blanks(cases: Path, tmp_path: Path):
    """The case gives the names; the workbook around them is made here in the layout of Freedom House's ratings."""
    text = (cases / "k9-blank-oghist-like-name" / "p.txt").read_text(encoding="utf-8")
    names = text.split('"')[1::2]
    assert len(names) == 2 and any(name != name.strip() or "\u00a0" in name for name in names)
    top = [["Survey Edition", 2022], ["Year(s) Under Review", 2021], [None, "PR", "CL", "Status"]]
    rows = [[names[0], 3, 3, "PF"], [names[1].replace(" ", "\u00a0"), 3, 4, "PF"]]
    book = {
        "Country Ratings, Statuses ": [*top, *rows],
        "Territory Ratings, Statuses": [*top, ["Kosovo", 4, 4, "PF"]],
    }
    made = read(workbook_of(tmp_path / "FIW.xlsx", book))
    assert {line[:3] for line in made.content["values.csv"].decode().splitlines()[1:]} == {
        "UKR",
        "SLE",
        "XKX",
    }


def test_the_case_of_a_pasted_no_break_space(cases: Path):
    with pytest.raises(CriteriaError, match=r"a no-break space \(U\+00A0\) at 8:1"):
        strict_yaml.read(cases / "k11-word-paste-nbsp" / "p.yaml")
