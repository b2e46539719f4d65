"""The Bertelsmann Transformation Index: indices named twice, renamed indices, footnotes in names, a period of its own."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from text_files import text
from workbooks import workbook_of

from eligibility.data.readers import Head, bti, series_of
from eligibility.errors import DataError

CODES = [sheet["publisher_code"] for sheet in series_of("bti", "").values()]
THEN = {"G": "M", "GII": "MII"}
TOP = ["Regions:\n1 | East-Central and Southeast Europe", "  Region", "  Ranking Status Index"]
TOP += [f"  {THEN.get(code, code)} | Name of {code}" for code in CODES]
TOP += [None, "  S | Status Index", "  Category", "  M | Management Index", "  Category"]

# The Bertelsmann Stiftung has since scored the steering of autocracies anew, back to 2006.
REVISED = {
    "prioritization",
    "implementation",
    "steering_capability",
    "governance_performance",
    "governance_index",
}


def scored(name: str, value: object = 5, **other: object) -> list[object]:
    scores = [other.get(code.replace(".", "_"), value) for code in CODES]
    return [name, 1, 33, *scores, None, 9.9, "Limited", 9.9, "Weak"]


def workbook(folder: Path, sheets: dict[str, list]) -> Path:
    return workbook_of(folder / "BTI_Scores.xlsx", {name: [TOP, *rows] for name, rows in sheets.items()})


def long_file(folder: Path, *rows: str) -> Path:
    header = [
        "bti_country",
        "year",
        "report_year",
        "S_Status_Index",
        *(f"{code}_x" for code in CODES if code != "S"),
    ]
    return text(folder, "bti.csv", ",".join(header), *rows)


def long_row(name: str, edition: int, value: str = "5.0") -> str:
    return ",".join([name, f"{edition - 2}.0", f"{edition}.0", *[value] * len(CODES)])


def values(path: Path) -> dict[tuple[str, int, str], float]:
    rows = bti.read([path], bti.recognise(path, Head(path))).values
    return dict(zip(zip(rows.iso3, rows.year, rows.series, strict=True), rows.value, strict=True))


def test_an_edition_is_stored_under_the_year_its_period_ends_in(tmp_path):
    path = workbook(
        tmp_path, {"BTI 2016": [scored("Tunisia", 6, Q1_1=7)], "BTI 2014": [scored("Tunisia", 4)]}
    )
    assert bti.recognise(path, Head(path)) == "2016"
    got = values(path)
    assert got["TUN", 2015, "monopoly_on_force"] == 7 and got["TUN", 2013, "democracy_status"] == 4
    assert got["TUN", 2015, "status_index"] == 6  # not the 9.9 of the table of categories beside it
    assert got["TUN", 2015, "governance_index"] == got["TUN", 2015, "governance_performance"] == 6


def test_dashes_are_missing_and_a_footnote_names_the_country(tmp_path):
    rows = [
        scored("Serbia*", 7),
        scored("Qatar", "-"),
        scored("Chad", 3, Q16_1="n/a"),
        [" "],
        ["*Serbia and Montenegro"],
    ]
    rows[3] = [None]
    got = values(workbook(tmp_path, {"BTI 2006": rows}))
    assert {iso3 for iso3, *_ in got} == {"SCG", "TCD"}
    assert ("TCD", 2005, "consensus_on_goals") not in got and got["TCD", 2005, "prioritization"] == 3


def test_the_long_file_says_years_as_decimals(tmp_path):
    path = long_file(
        tmp_path, long_row("Chad", 2022), long_row("Chad", 2024, "3.5"), long_row("Mali", 2024, "")
    )
    assert bti.recognise(path, Head(path)) == "2024"
    got = values(path)
    assert {key[:2] for key in got} == {("TCD", 2021), ("TCD", 2023)}
    assert got["TCD", 2023, "anti_corruption_policy"] == 3.5


def test_other_files_are_not_the_index(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("bti_country,year\n", encoding="utf-8")
    assert bti.recognise(path, Head(path)) is None


@pytest.mark.parametrize(
    "wrong, says",
    [
        (scored("Tschad"), "column 'country': must be a name the register knows"),
        (scored("Mali"), "column 'country': must be the only row for it; row 2 has it too (got MLI)"),
        (scored("Chad", Q15_3=11), "column 'Q15.3': must lie between 1 and 10 (got 11)"),
        (scored("Chad", Q15_3="?"), "column 'Q15.3': must be a plain decimal number (got ?)"),
        (scored("Chad", Q1_1=0), "column 'Q1.1': must lie between 1 and 10 (got 0)"),
    ],
)
def test_a_wrong_row_is_refused_with_its_place(tmp_path, wrong, says):
    with pytest.raises(DataError) as caught:
        bti.read([workbook(tmp_path, {"BTI 2016": [scored("Mali"), wrong]})], "2016")
    assert f"BTI_Scores.xlsx, sheet 'BTI 2016':3: {says}" in str(caught.value)


@pytest.mark.parametrize(
    "row, says",
    [
        (
            long_row("Chad", 2024).replace("2022.0", "2023.0"),
            "column 'year': must be two before report_year, 2022",
        ),
        (long_row("Chad", 2024).replace("2024.0", "2024.5"), "column 'report_year'"),
        (long_row("Tschad", 2024), "column 'bti_country'"),
    ],
)
def test_a_wrong_row_of_the_long_file_is_refused(tmp_path, row, says):
    with pytest.raises(DataError) as caught:
        bti.read([long_file(tmp_path, row)], "2024")
    assert f"bti.csv:2: {says}" in str(caught.value)


def test_a_sheet_without_an_index_is_refused(tmp_path):
    path = workbook_of(tmp_path / "bti.xlsx", {"BTI 2016": [TOP[:8], scored("Mali")[:8]]})
    with pytest.raises(DataError, match="column 'Q2': must be there"):
        bti.read([path], "2016")


# ── The real files ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_real_files_and_where_they_overlap(releases):
    found = {}
    for name, vintage in (("BTI_2006-2016_Scores.xlsx", "2016"), ("bti-2024-long.csv", "2024")):
        path = releases / "bti" / name
        found[vintage] = bti.read([path], vintage).values.set_index(["iso3", "year", "series"]).value
    years = {vintage: sorted(set(rows.index.get_level_values("year"))) for vintage, rows in found.items()}
    assert years == {"2016": list(range(2005, 2016, 2)), "2024": list(range(2005, 2024, 2))}
    assert {v: len(set(rows.index.get_level_values("iso3"))) for v, rows in found.items()} == {
        "2016": 130,
        "2024": 137,
    }
    footnoted = ("SCG", 2005, "democracy_status")  # the CSV file says Serbia
    assert footnoted in found["2016"].index and footnoted not in found["2024"].index
    both = pd.concat(found, axis=1).dropna()
    assert len(both) > 23_000
    unlike = both[(both["2016"] - both["2024"]).abs() > 1e-9]
    assert set(unlike.index.get_level_values("series")) == REVISED
