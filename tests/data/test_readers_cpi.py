"""The Corruption Perceptions Index: strict OOXML, a time series beside single years as first published."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from workbooks import workbook, workbook_of

from eligibility.data import build, panel, sources
from eligibility.data.readers import Head, cpi
from eligibility.errors import DataError

THEN = (
    "Rank,CPI2015,Country,Region,wbcode,World Bank CPIA,CPI2015(2),Number of Sources,Std Deviation of Sources,Standard Error"
).split(",")
LATER = (
    "Country,CPI2016,Rank,Region,WB Code,World Bank CPIA,CPI2016 (2),Number of Sources,Std Error 2016,Lower CI"
).split(",")


def series(folder: Path, *rows: list, last: int = 2025) -> Path:
    """A results workbook; the header of the older years is spelled in its own way."""
    title = [["Corruption Perceptions Index"], ["EMBARGOED UNTIL 10.02.2026"], []]
    header = ["Country / Territory", "ISO3", "Region", "CPI score 2025", "Rank 2025", "Sources 2025"]
    header += ["Standard error 2025", "CPI Score 2013", "Sources 2013", "Standard error 2013"]
    sheets = {
        "CPI2025": [*title, ["Country / Territory"]],
        f"CPI Timeseries 2012 - {last}": [*title, header, *rows],
    }
    return workbook_of(folder / "CPI2025_Results.xlsx", sheets)


def then(folder: Path, *rows: list) -> Path:
    return workbook(folder / "CPI 2015_data.xlsx", [[], THEN, *rows], "CPI 2015")


def cell(path: Path, iso3: str, year: int, name: str = "score") -> tuple[float, float]:
    rows = cpi.read([path], cpi.recognise(path, Head(path))).values
    row = rows[(rows.iso3 == iso3) & (rows.year == year) & (rows.series == name)]
    assert len(row) == 1
    return float(row.value.iloc[0]), float(row.sd.iloc[0])


def test_a_time_series_keeps_the_errors_of_every_year(tmp_path):
    path = series(
        tmp_path,
        ["Tunisia", "TUN", "MENA", 40, 80, 7, 2.5, 41, 7, 3.5],
        ["Chad", "TCD", "SSA", 20, 150, 5, 1.5],
    )
    assert cpi.recognise(path, Head(path)) == "2025"
    assert cell(path, "TUN", 2025) == (40, 2.5)
    assert cell(path, "TUN", 2013) == (41, 3.5)
    assert cell(path, "TUN", 2013, "sources")[0] == 7
    assert len(cpi.read([path], "2025").values) == 6


def test_a_year_as_first_published_has_its_own_layout_and_old_codes(tmp_path):
    rows = [
        [1, 30, name, "R", code, None, 30, 5, 4.0, 2.0]
        for name, code in (
            ("Serbia", "SCG"),
            ("Montenegro", "MON"),
            ("Romania", "ROM"),
            ("Kosovo", "LWI"),
            ("South Sudan", None),
        )
    ]
    path = then(tmp_path, *rows)
    assert cpi.recognise(path, Head(path)) == "2015"
    assert set(cpi.read([path], "2015").values.iso3) == {"SRB", "MNE", "ROU", "XKX", "SSD"}
    assert cell(path, "SSD", 2015) == (30, 2.0)
    later = workbook(tmp_path / "CPI2016.xlsx", [LATER, ["Mali", 30, 1, "SSA", "MLI", None, 30, 6, 3.25, 20]])
    assert cpi.recognise(later, Head(later)) == "2016"
    assert cell(later, "MLI", 2016) == (30, 3.25)


def test_other_workbooks_are_not_the_index(tmp_path):
    path = workbook(tmp_path / "other.xlsx", [["Country", "CPI", "WB Code"]])
    assert cpi.recognise(path, Head(path)) is None


@pytest.mark.parametrize(
    "change, says",
    [
        ({3: 101}, "column 'score 2025': must lie between 0 and 100 (got 101)"),
        ({6: -1}, "column 'error 2025': must lie between 0 and 50 (got -1)"),
        ({6: None}, "column 'score 2025': must be there together with its error and number of sources"),
        ({1: "TUX"}, "column 'ISO3': must be a code the register knows in scheme 'cpi' (got TUX)"),
        ({1: "TCD"}, "column 'ISO3': must be the only row for it; row 5 has it too (got TCD)"),
        ({3: "forty"}, "column 'score 2025': must be a plain decimal number (got forty)"),
    ],
)
def test_a_wrong_cell_is_refused_with_its_place(tmp_path, change, says):
    wrong = ["Tunisia", "TUN", "MENA", 40, 80, 7, 2.5]
    for place, value in change.items():
        wrong[place] = value
    path = series(tmp_path, ["Chad", "TCD", "SSA", 20, 150, 5, 1.5], wrong)
    with pytest.raises(DataError) as caught:
        cpi.read([path], "2025")
    assert f"CPI2025_Results.xlsx, sheet 'CPI Timeseries 2012 - 2025':6: {says}" in str(caught.value)


def test_a_country_without_code_or_known_name_is_refused(tmp_path):
    with pytest.raises(DataError, match="column 'Country'"):
        cpi.read([then(tmp_path, [1, 30, "Nowhere", "R", None, None, 30, 5, 4.0, 2.0])], "2015")


def test_vintages_stand_side_by_side_and_the_newest_is_used(tmp_path, own_folder):
    build.import_release([series(tmp_path, ["Chad", "TCD", "SSA", 20, 150, 5, 1.5, 19, 5, 2.5])])
    older = then(tmp_path, [1, 30, "Chad", "SSA", "TCD", None, 30, 5, 4.0, 2.0])
    first = build.import_release([older], accept=["countries-lost"]).source
    assert first.id == "cpi-2015" and not first.ship
    assert {source.id for source in sources.held(own_folder)} == {"cpi-2025", "cpi-2015"}
    assert panel.catalogue(sources.shelf())["cpi.score"].source_id == "cpi-2025"


# ── The publisher's files ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "name, vintage, years, countries",
    [
        ("CPI2025_Results.xlsx", "2025", (2012, 2025), 182),
        ("CPI 2015_data.xlsx", "2015", (2015, 2015), 168),
        ("CPI2016_FullDataSetWithRegionalTables.xlsx", "2016", (2016, 2016), 176),
    ],
)
def test_the_real_workbooks(releases, name, vintage, years, countries):
    rows = cpi.read([releases / "cpi" / name], vintage).values
    assert (rows.year.min(), rows.year.max()) == years
    assert rows.iso3.nunique() == countries
    scores = rows[rows.series == "score"]
    assert scores.sd.notna().all() and (scores.sd < 20).all()


def test_the_real_results_are_strict_ooxml_and_their_history_says_the_same(releases):
    from eligibility.data.readers import strict

    path = releases / "cpi" / "CPI2025_Results.xlsx"
    with zipfile.ZipFile(path) as archive:
        assert b"purl.oclc.org/ooxml" in archive.read("xl/workbook.xml")
    rows = cpi.read([path], "2025").values
    read = {(r.iso3, r.year): r.value for r in rows[rows.series == "score"].itertuples()}
    history = strict.xlsx_rows(path, "CPI Historical")
    own = {"KSV": "XKX"}
    told = {(own.get(row[1], row[1]), int(row[2])): float(row[4]) for row in history[4:]}
    assert read == {
        key: score for key, score in told.items() if key[0] != "PRI"
    }  # which the series leaves out
