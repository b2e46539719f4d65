"""World Bank formats: income classes and thresholds, WDI in two layouts, CPIA, Gapminder's layout."""

from __future__ import annotations

import datetime
from pathlib import Path

import ceilings
import pandas as pd
import pytest
import workbooks

from eligibility.data import sources
from eligibility.data.readers import Head, oghist, worldbank
from eligibility.errors import DataError
from eligibility.resources import shipped

YEARS = ("FY89", "FY16", "FY17")
HISTORY = [
    ["", "World Bank Analytical Classifications", "", "", ""],
    ["", "Bank's fiscal year:", *YEARS],
    ["", "Data for calendar year :", 1987, 2014, 2015],
    ["", "", "", "", ""],
    ["NAM", "Namibia", "..", "UM", "UM"],
    ["TUN", "Tunisia", "LM", "UM", "LM"],
    ["VEN", "Venezuela, RB", "UM", "H", ""],
    ["YEM", "Yemen, Rep.", "LM*", "LM", "LM"],
    ["", "* At this time, there were two Yemens.", "", "", ""],
    ["YUG", "Serbia and Montenegro (former)", "..", "", ""],
]
CEILINGS = [
    ["Bank's fiscal year:", "FY88", *YEARS],
    ["Data for calendar year :", 1986, 1987, 2014, 2015],
    ["II. IDA Eligibility /2  /7", "<= 835", "<= 940", "<= 1,985", "<= 1,945"],
    ["V. IBRD Graduation /5  /7", "", "> 3,385", "> 7,175", "> 7,025"],
    ["Low income", "", "<= 480", "<= 1,045", "<= 1,025"],
    ["Lower middle income", "", "481-1,940", "1,046-4,125", "1,026 - 4,035"],
    ["Upper middle income", "", "1,941- 6,000", "4,126-12,735", "4,036-12,475"],
]
BULK = "Country Name,Country Code,Indicator Name,Indicator Code,1989,1990,2015\n"


def made_history(folder: Path, rows=HISTORY) -> Path:
    return workbooks.workbook(folder / "OGHIST.xlsx", rows, "Country Analytical History")


def made_thresholds(folder: Path, rows=CEILINGS) -> Path:
    return workbooks.workbook(folder / "OGHIST.xlsx", rows, "Thresholds")


def made(folder: Path, text: str, name: str = "WDICSV-2025-12.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def read(path: Path) -> pd.DataFrame:
    return worldbank.read([path], worldbank.recognise(path, Head(path))).values


def value(values: pd.DataFrame, iso3: str, year: int, series: str) -> float:
    row = values[(values.iso3 == iso3) & (values.year == year) & (values.series == series)]
    return float(row["value"].iloc[0])


# Income classes


def test_classes_are_stored_under_the_data_year(tmp_path):
    path = made_history(tmp_path)
    assert worldbank.recognise(path, Head(path)) == "oghist-fy17"
    values = read(path)
    assert value(values, "TUN", 2014, "income_class") == 2 and value(values, "TUN", 2015, "income_class") == 1
    assert value(values, "NAM", 2015, "income_class") == 2
    assert set(values.iso3) == {"NAM", "TUN", "VEN", "YEM"}  # SCG was rated in no year here
    assert values.year.min() == 2014  # FY89 is before our first year
    assert not ((values.iso3 == "VEN") & (values.year == 2015)).any()


def test_only_the_year_of_two_yemens_has_its_mark(tmp_path):
    history = [*HISTORY[:7], ["YEM", "Yemen, Rep.", "LM", "LM*", "LM"], *HISTORY[8:]]
    with pytest.raises(DataError, match="must be one of L, LM, UM, H, '..' or empty"):
        oghist.read(made_history(tmp_path, history), "oghist-fy17")


def test_thresholds_of_a_made_sheet(tmp_path):
    found = ceilings.thresholds(made_thresholds(tmp_path))
    assert found[-1] == ceilings.Ceilings(2017, 2015, 1945, 1025, 4035, 12475, 7025)
    assert [one.fiscal_year for one in found] == [1989, 2016, 2017]


@pytest.mark.parametrize("cell", ["1.945", "<= 19,45", "> 1,945", "", "about 1,945"])
def test_a_threshold_that_is_no_amount_is_refused(tmp_path, cell):
    sheet = [*CEILINGS[:2], [CEILINGS[2][0], "", "<= 940", "<= 1,985", cell], *CEILINGS[3:]]
    with pytest.raises(DataError, match="FY17: must be"):
        ceilings.thresholds(made_thresholds(tmp_path, sheet))


def test_the_shipped_thresholds_are_the_banks(releases):
    text = (shipped("datasets") / "thresholds" / "world-bank.csv").read_text(encoding="utf-8")
    older = ceilings.text(releases / "worldbank" / "OGHIST_FY25.xlsx")
    assert text.startswith(older)  # ceilings are not revised
    assert text == ceilings.text(releases / "worldbank" / "OGHIST_2025_10_07.xlsx")


def test_shipped_thresholds_rise_within_each_year():
    table = pd.read_csv(shipped("datasets") / "thresholds" / "world-bank.csv").set_index("fy")
    assert (table.low_ceiling < table.ida_ceiling).all() and (table.lm_ceiling < table.um_ceiling).all()
    assert list(table.loc["FY16"]) == [2014, 1985, 1045, 4125, 12735, 7175]
    assert list(table.loc["FY17"]) == [2015, 1945, 1025, 4035, 12475, 7025]
    assert list(table.loc["FY26"]) == [2024, 2155, 1135, 4495, 13935, 7855]
    assert list(table.loc["FY18", ["ida_ceiling", "lm_ceiling"]]) == [1905, 3955]
    assert len(table) == 38


def test_tunisia_became_lower_middle_income_on_1_july_2016():
    source = sources.sheet(shipped("datasets") / "wb-oghist-fy25")
    sheet, table = source.series["income_class"], sources.table(source)["income_class"]
    known = [y for y in range(1990, 2024) if sheet.known_from(y) <= datetime.date(2016, 7, 1)]
    assert max(known) == 2015 and sheet.known_from(2015) == datetime.date(2016, 7, 1)
    assert sheet.classes[int(table["TUN", 2015])] == "LM" and sheet.classes[int(table["TUN", 2014])] == "UM"
    assert sheet.classes[int(table["MMR", 2014])] == "LM" and sheet.classes[int(table["MMR", 2013])] == "L"


def test_classes_agree_with_the_thresholds_they_rest_on():
    """GNI per capita was revised since, so a few economies near a ceiling differ; many would be a slip of a year."""
    folder = shipped("datasets")
    gni = sources.table(sources.sheet(folder / "wb-wdi-2023-10"))["gni_per_capita"].dropna()
    classes = sources.table(sources.sheet(folder / "wb-oghist-fy25"))["income_class"].dropna()
    ceilings = pd.read_csv(folder / "thresholds" / "world-bank.csv").set_index("data_year")
    both = pd.concat([gni, classes], axis=1, join="inner")
    limits = ceilings.loc[both.index.get_level_values("year"), ["low_ceiling", "lm_ceiling", "um_ceiling"]]
    implied = (both["gni_per_capita"].to_numpy()[:, None] > limits.to_numpy()).sum(axis=1)
    agree = pd.Series(implied == both["income_class"], index=both.index)
    assert agree[agree.index.get_level_values("year") >= 2010].mean() > 0.93


# Indicators


def test_bulk_layout(tmp_path):
    text = BULK + (
        "Namibia,NAM,U5,SH.DYN.MORT,70,69.5,45\n"
        "World,WLD,U5,SH.DYN.MORT,90,93,42\n"
        "Namibia,NAM,Other,XX.YY,1,2,3\n"
        "Côte d'Ivoire,CIV,U5,SH.DYN.MORT,,,\n"
    )
    path = made(tmp_path, text)
    release = worldbank.read([path], "wdi-2025-12")
    assert release.values[["iso3", "year", "value"]].values.tolist() == [
        ["NAM", 1990, 69.5],
        ["NAM", 2015, 45.0],
    ]
    assert release.skipped == {"World Bank aggregate": 1, "indicator not compiled": 1}


def test_a_figure_outside_is_refused_with_its_series_and_its_place(tmp_path):
    path = made(tmp_path, BULK + "Tunisia,TUN,U5,SH.DYN.MORT,1,2,1001\n")
    with pytest.raises(
        DataError, match="WDICSV-2025-12.csv:2: column '2015': under5_mortality must lie between"
    ):
        worldbank.read([path], "wdi-2025-12")


def test_api_layout_tells_its_own_date(tmp_path):
    text = (
        '\ufeff"Data Source","World Development Indicators",\r\n\r\n"Last Updated Date","2023-10-26",\r\n\r\n'
        '"Country Name","Country Code","Indicator Name","Indicator Code","1990","2022",\r\n'
        '"Namibia","NAM","GNI","NY.GNP.PCAP.CD","1920","4880",\r\n'
        '"Not classified","INX","GNI","NY.GNP.PCAP.CD","","",\r\n'
    )
    path = tmp_path / "API_NY.GNP.PCAP.CD_DS2_en_csv_v2_1.csv"
    path.write_bytes(text.encode())
    assert worldbank.recognise(path, Head(path)) == "wdi-2023-10"
    assert value(read(path), "NAM", 2022, "gni_per_capita") == 4880


def test_the_bulk_file_needs_its_month_in_its_name(tmp_path):
    for name, vintage in (
        ("WDICSV.csv", ""),
        ("WDICSV-2026-13.csv", ""),
        ("WDICSV_2026-01.csv", "wdi-2026-01"),
    ):
        path = made(tmp_path, BULK + "Tunisia,TUN,U5,SH.DYN.MORT,1,2,3\n", name)
        assert worldbank.recognise(path, Head(path)) == vintage
    path = made(tmp_path, BULK + "Tunisia,TUN,CPIA,IQ.CPA.IRAI.XQ,,3,4\n", "CPIAData.csv")
    assert worldbank.recognise(path, Head(path)) == "cpia-2015"


def test_gapminder_layout(tmp_path):
    head = "geo,time,gnipercapita_atlasmethod_current_us\n"
    path = made(tmp_path, head + "kos,2015,3930\nnam,2015,6000\nnam,1989,1500\n", "gnp-2026-03.csv")
    values = read(path)
    assert sorted(values.iso3) == ["NAM", "XKX"]
    for row in ("nam,2015,6100", "nam,2015.0,6100", "nam,2016,", "NA,2016,100", "nam,2016,-5"):
        with pytest.raises(DataError):
            read(made(tmp_path, head + "nam,2015,6000\n" + row + "\n", "gnp-2026-03.csv"))


# The real files


@pytest.mark.parametrize(
    "name, vintage, rows, countries",
    [
        ("OGHIST_FY25.xlsx", "oghist-fy25", 7158, 224),
        ("API_NY.GNP.PCAP.CD_DS2_en_csv_v2_5995153.csv", "wdi-2023-10", 6071, 207),
        ("API_SP.POP.TOTL_DS2_en_csv_v2_6011311.csv", "wdi-2023-10", 7161, 217),
        ("WDICSV-selection-2025-12.csv", "wdi-2025-12", 71932, 215),
        ("CPIAData.csv", "cpia-2022", 8103, 83),
        ("gapminder-gni-per-capita-atlas-2026-03.csv", "gapminder-2026-03", 6747, 206),
    ],
)
def test_real_files(releases, name, vintage, rows, countries):
    values = worldbank.read([releases / "worldbank" / name], vintage).values
    assert (len(values), values.iso3.nunique()) == (rows, countries)


def test_known_figures_of_the_shipped_sets():
    folder = shipped("datasets")
    gni = sources.table(sources.sheet(folder / "wb-wdi-2023-10"))["gni_per_capita"]
    # Income in the year that FY16 rests on, as the mission's six countries had it.
    found = {iso3: gni[iso3, 2014] for iso3 in ("TUN", "UKR", "MWI", "MMR", "UZB", "ZWE")}
    assert found == {"TUN": 4250, "UKR": 3560, "MWI": 520, "MMR": 1240, "UZB": 2600, "ZWE": 1210}
    newer = sources.table(sources.sheet(folder / "wb-gapminder-2026-03"))["gni_per_capita"]
    assert newer["TUN", 2014] == 4310 and newer["NAM", 2024] > 0


def test_the_list_of_economies_gives_class_and_lending_category_of_its_year(releases):
    path = releases / "worldbank" / "CLASS.xlsx"
    values = worldbank.read([path], "class-fy23").values.set_index(["iso3", "series"]).value
    assert values["ZWE", "income_class"] == 1.0 and values["ZWE", "lending_category"] == 1.0
    assert values["ETH", "lending_category"] == 2.0 and ("DEU", "lending_category") not in values
    assert ("VEN", "income_class") not in values and values["VEN", "lending_category"] == 0.0


def test_the_list_of_economies_agrees_with_the_history_of_classes(releases):
    listed = worldbank.read([releases / "worldbank" / "CLASS.xlsx"], "class-fy23").values
    history = worldbank.read([releases / "worldbank" / "OGHIST_FY25.xlsx"], "oghist-fy25").values
    now, then = (
        v[(v.series == "income_class") & (v.year == 2021)].set_index("iso3").value for v in (listed, history)
    )
    assert len(now) > 210 and (then.reindex(now.index) == now).all()


# The year of a list of economies: its ceilings decide

PROSE = (
    "economies are divided according to {income} gross national income (GNI) per capita. The groups are: low income, "
    "${low:,} or less; lower middle income, ${above:,}  to ${lm:,}; upper middle income, to ${um:,}; and high income, more."
)
LISTED = [
    ["Economy", "Code", "Region", "Income group", "Lending category"],
    ["Namibia", "NAM", "x", "Upper middle income", "IBRD"],
]
BY_YEAR = {
    13: (1025, 4035, 12475),
    17: (1025, 4035, 12475),
    24: (1135, 4465, 13845),
    25: (1145, 4515, 14005),
    26: (1135, 4495, 13935),
}


def listed(
    folder: Path,
    fiscal: int = 26,
    income: int = 2022,
    set_on: str = "set on 1 July 2022",
    rows=LISTED,
    sheets=("List of economies", "Notes"),
    ceilings=None,
) -> Path:
    low, lm, um = ceilings or BY_YEAR[fiscal]
    prose = PROSE.format(income=income, low=low, above=low + 1, lm=lm, um=um)
    notes = [["Notes"], [prose], [f"Income classifications {set_on} remain in effect."]]
    book = {sheets[0]: rows, "compositions": [["a"]], sheets[1]: notes}
    return workbooks.workbook_of(folder / "CLASS.xlsx", book)


@pytest.mark.parametrize(
    ("fiscal", "income", "set_on", "remarks"),
    [
        (24, 2022, "set on 1 July 2022", 1),  # the note of the year before, as published
        (25, 2023, "set on 1 July 2022", 1),
        (25, 2023, "set on July 1, 2024", 0),
        (26, 2024, "set on July 1, 2025,", 0),
        (26, 1999, "", 0),
        (17, 2015, "set on 1 July 2016", 0),  # two years had these ceilings: the dates choose
        (13, 2011, "", 0),
    ],
)
def test_the_ceilings_tell_the_fiscal_year_and_a_note_left_over_is_said(
    tmp_path, fiscal, income, set_on, remarks
):
    path = listed(tmp_path, fiscal, income, set_on)
    vintage = worldbank.recognise(path, Head(path))
    assert vintage == f"class-fy{fiscal}"
    release = worldbank.read([path], vintage)
    assert set(release.values.year) == {1998 + fiscal} and len(release.notes) == remarks
    assert all("its ceilings are those of fiscal year" in note for note in release.notes)


def test_a_list_whose_ceilings_two_years_had_needs_a_date(tmp_path):
    path = listed(tmp_path, 17, 1999, "")
    assert worldbank.recognise(path, Head(path)) == ""


def test_a_list_whose_ceilings_are_no_years_is_refused(tmp_path):
    path = listed(tmp_path, ceilings=(1145, 4515, 13845))
    with pytest.raises(DataError, match="must be those of a fiscal year"):
        worldbank.recognise(path, Head(path))


def test_a_vintage_against_the_ceilings_is_refused(tmp_path):
    with pytest.raises(DataError, match="must be the year of the ceilings.*class-fy25"):
        worldbank.read([listed(tmp_path, 25, 2023)], "class-fy24")


def test_a_list_newer_than_the_ceilings_on_file_needs_its_year_said_and_not_contradicted(tmp_path):
    path = listed(tmp_path, ceilings=(1275, 4835, 15375), income=2035, set_on="set on July 1, 2036")
    assert worldbank.recognise(path, Head(path)) == "" and worldbank.example(path) == "class-fy37"
    assert "not on file" in worldbank.read([path], "class-fy37").notes[0]
    with pytest.raises(DataError, match="must be the year of the ceilings"):
        worldbank.read([path], "class-fy36")


def test_sheets_are_found_by_what_is_in_them_whatever_their_names(tmp_path):
    titles = ["ECONOMY", "code ", "Region", "Income Group", "Lending Category"]
    rows = [["World Bank list of economies"], titles, LISTED[1]]
    path = listed(tmp_path, 26, 2024, "set on July 1, 2025", rows, ("Sheet1", "notes"))
    assert value(read(path), "NAM", 2024, "income_class") == 2


def test_the_message_names_the_part_of_the_list_that_failed(tmp_path):
    rows = [LISTED[0][:4], LISTED[1][:4]]
    with pytest.raises(
        DataError, match="sheet 'List of economies':1: column 'Lending category': must be there"
    ):
        read(listed(tmp_path, 26, 2024, rows=rows))
    rows = [LISTED[0], ["Namibia", "TUN", *LISTED[1][2:]]]
    with pytest.raises(DataError, match="column 'Economy': must be the name of its code, TUN"):
        read(listed(tmp_path, 26, 2024, rows=rows))
    rows = [LISTED[0], ["World", "WLD", *LISTED[1][2:]]]
    with pytest.raises(DataError, match="must be a country's: groups follow a blank row .got WLD"):
        read(listed(tmp_path, 26, 2024, rows=rows))
    with pytest.raises(DataError, match="sheets: must hold one with Economy, Code"):
        worldbank.read([made_history(tmp_path)], "class-fy26")


@pytest.mark.parametrize(
    "file, fiscal",
    [("class-fy24/CLASS.xlsx", 24), ("class-fy25/CLASS.xlsx", 25), ("CLASS_2025_10_07.xlsx", 26)],
)
def test_the_lists_of_three_years_agree_with_the_history_of_classes(releases, file, fiscal):
    now = worldbank.read([releases / "worldbank" / file], f"class-fy{fiscal}").values
    then = worldbank.read([releases / "worldbank" / "OGHIST_2025_10_07.xlsx"], "oghist-fy26").values
    now, then = (
        v[(v.series == "income_class") & (v.year == fiscal + 1998)].set_index("iso3").value
        for v in (now, then)
    )
    # The list of fiscal year 2025 still classifies Venezuela, which the history of classes does not.
    assert len(now) > 210
    assert list(now.index[then.reindex(now.index) != now]) == (["VEN"] if fiscal == 25 else [])
    assert sorted(set(then.index) - set(now.index)) == (["ETH"] if fiscal == 26 else [])


# Release days

API = (
    '"Data Source","World Development Indicators",\n\n"Last Updated Date","{day}",\n\n'
    '"Country Name","Country Code","Indicator Name","Indicator Code","2023",\n'
    '"Zambia","ZMB","x","NY.GNP.PCAP.CD","9999",\n'
)


def test_the_release_day_of_an_api_file_is_the_one_it_gives(tmp_path):
    path = made(tmp_path, API.format(day="2026-09-24"), "API_NY.GNP.PCAP.CD_DS2_en_csv_v2_77.csv")
    assert worldbank.recognise(path, Head(path)) == "wdi-2026-09"
    assert worldbank.read([path], "wdi-2026-09").released == datetime.date(2026, 9, 24)
    with pytest.raises(
        DataError, match="must be wdi-2026-09: the file says it was last updated on 2026-09-24"
    ):
        worldbank.read([path], "wdi-2025-09")
    wrong = made(tmp_path, API.format(day="2026-02-30"), "API_x.csv")
    with pytest.raises(DataError, match="must be a day of the calendar"):
        worldbank.recognise(wrong, Head(wrong))


DATABANK = (
    "Country Name,Country Code,Series Name,Series Code,2014 [YR2014],2015 [YR2015]\n"
    "Tunisia,TUN,GNI,NY.GNP.PCAP.CD,4210,..\nNamibia,NAM,GNI,NY.GNP.PCAP.CD,5800,6000\n,,,,,\n,,,,,\n"
    "Data from database: World Development Indicators,,,,,\nLast Updated: 12/18/2025,,,,,\n"
)


def test_an_export_of_databank_is_read(tmp_path):
    path = made(tmp_path, DATABANK, "Data_Extract.csv")
    assert worldbank.recognise(path, Head(path)) == "wdi-2025-12"
    release = worldbank.read([path], "wdi-2025-12")
    assert release.released == datetime.date(2025, 12, 18) and len(release.values) == 3
    assert value(release.values, "TUN", 2014, "gni_per_capita") == 4210


def test_an_export_of_another_database_is_not_taken_for_it(tmp_path):
    path = made(tmp_path, DATABANK.replace("World Development", "Worldwide Governance"), "Data_Extract.csv")
    assert worldbank.recognise(path, Head(path)) is None
    wrong = made(tmp_path, DATABANK.replace("[YR2015]", "[YR2016]"), "Data_Extract.csv")
    with pytest.raises(DataError, match="must be a year"):
        worldbank.read([wrong], "wdi-2025-12")


@pytest.mark.parametrize(
    "code, series",
    [
        ("FP.CPI.TOTL.ZG", "consumer_price_inflation"),
        ("SE.PRM.CMPT.FE.ZS", "girls_primary_completion"),
        ("SE.SEC.CMPT.LO.FE.ZS", "girls_lower_secondary_completion"),
        ("SG.LAW.INDX", "women_business_law"),
        ("NY.GDP.DEFL.KD.ZG", "inflation"),
    ],
)
def test_what_a_card_looks_at_is_read_from_the_indicators_by_its_own_code(tmp_path, code, series):
    """Consumer prices and the deflator of output are two series, whatever both are called."""
    head = '"Data Source","World Development Indicators",\n\n"Last Updated Date","2026-09-24",\n\n'
    rows = f'"Country Name","Country Code","Indicator Name","Indicator Code","2022","2023",\n"Ghana","GHA","{code}","{code}","31.3","39.2",\n'
    path = tmp_path / f"API_{code}_DS2_en_csv_v2_1.csv"
    path.write_text(head + rows, encoding="utf-8")
    vintage = worldbank.recognise(path, Head(path))
    values = worldbank.read([path], vintage).values
    rows = values[["iso3", "year", "series", "value"]].to_numpy().tolist()
    assert rows == [["GHA", 2022, series, 31.3], ["GHA", 2023, series, 39.2]]
