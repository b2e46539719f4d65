"""The Worldwide Governance Indicators in the layouts before and after the update of 2024, and the scale of errors."""

from __future__ import annotations

import csv
import zipfile
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from workbooks import workbook_of

from eligibility.data import build, compiled, intake
from eligibility.data.readers import Head, family_sheet, readers, series_of, wgi
from eligibility.data.readers.release import Release
from eligibility.data.readers.whose import whose
from eligibility.errors import DataError

TITLES = {
    "VoiceandAccountability": "Voice and Accountability",
    "Political StabilityNoViolence": "Political Stability and Absence of Violence/Terrorism",
    "GovernmentEffectiveness": "Government Effectiveness",
    "RegulatoryQuality": "Regulatory Quality",
    "RuleofLaw": "Rule of Law",
    "ControlofCorruption": "Control of Corruption",
}
CODES = ("va", "pv", "ge", "rq", "rl", "cc")
NEW = list(wgi._SHEETS.values())


def wide(folder: Path, rows: dict | None = None, code: str = "Code", front: int = 0, drop: str = "") -> Path:
    """A workbook as up to the update of 2023: years over the columns of each, `front` columns before the names."""
    rows = rows or {("ROMANIA", "ROM"): (0.1, 0.2, 5, 0.3, 0.2, 6), ("Aruba", "ABW"): ("#N/A",) * 6}
    sheets = {"Introduction": [["The Worldwide Governance Indicators, 2015 Update"]]}
    lead = [None] * front
    for name, title in TITLES.items():
        if name != drop:
            over = [*lead, None, None, *[2013] * 3, *[2014] * 3]
            titles = [*lead, "Country/Territory", code, *["Estimate", "StdErr", "NumSrc"] * 2]
            body = [[*lead, *names, *cells] for names, cells in rows.items()]
            sheets[name] = [[*lead, title], [*lead, "Legend"], [], over, titles, *body]
    sheets["Sheet2"] = [[None, None, 2014], ["Country/Territory", "Code", "Estimate"], ["Chad", "TCD", 1.0]]
    return workbook_of(folder / "wgidataset.xlsx", sheets)


def since_2025(folder: Path, rows: list[list], sheets: tuple[str, ...] = CODES) -> Path:
    book = {"Introduction": [["WGI"]], **{name: [NEW, *rows] for name in sheets}}
    return workbook_of(folder / "wgidataset_with_sourcedata-2025.xlsx", book)


@cache
def real(path: Path, family: str = "wgi", vintage: str = "2024") -> Release:
    """A publisher's own file, read once: the workbooks of this one take seconds."""
    return readers()[family].read([path], vintage)


def value(release: Release, iso3: str, year: int, series: str) -> tuple[float, float]:
    one = release.values.set_index(["iso3", "year", "series"]).loc[(iso3, year, series)]
    return float(one.value), float(one.sd)


@pytest.mark.parametrize(("code", "front"), [("Code", 0), ("WBCode", 0), ("Code", 2)])
def test_the_layout_before_2024(tmp_path, code, front):
    path = wide(tmp_path, code=code, front=front)
    assert wgi.recognise(path, Head(path)) == "2015"
    release = wgi.read([path], "2015")
    assert value(release, "ROU", 2014, "rule_of_law") == (0.3, 0.2)
    assert value(release, "ROU", 2013, "voice_accountability_sources")[0] == 5
    assert set(release.values.iso3) == {"ROU"} and len(release.values) == 24


@pytest.mark.parametrize(
    ("rows", "rule"),
    [
        ({("CHAD", "ROM"): (0.1, 0.2, 5) * 2}, "column 'name': must be the name of its code, ROM, Romania"),
        ({("Chad", "XXX"): (0.1, 0.2, 5) * 2}, "must be a code the register knows"),
        ({("Chad", "TCD"): (0.1, -0.2, 5) * 2}, "column 'stddev 2013': must lie between 0 and"),
        ({("Chad", "TCD"): (9.1, 0.2, 5) * 2}, "column 'estimate 2013': must lie between"),
        ({("Chad", "TCD"): ("x", 0.2, 5) * 2}, "sheet 'VoiceandAccountability':6: column 'estimate 2013'"),
    ],
)
def test_wrong_rows_of_the_layout_before_2024_are_refused(tmp_path, rows, rule):
    with pytest.raises(DataError, match=rule):
        wgi.read([wide(tmp_path, rows)], "2015")


def test_a_workbook_without_one_of_the_six_sheets_is_refused(tmp_path):
    with pytest.raises(DataError, match="must hold one sheet for each.*got va, pv, ge, rq, cc"):
        wgi.read([wide(tmp_path, drop="RuleofLaw")], "2015")
    with pytest.raises(DataError, match="must hold one sheet for each.*got va, cc"):
        wgi.read([since_2025(tmp_path, [], ("va", "cc"))], "2025")


def test_the_layout_since_2025(tmp_path):
    rows = [["Tunisia", "TUN", 2024, 0.2, 0.21, 8], ["Romania", "ROU", 2023, "..", "..", ".."]]
    path = since_2025(tmp_path, rows)
    assert wgi.recognise(path, Head(path)) == "2025"
    release = wgi.read([path], "2025")
    assert value(release, "TUN", 2024, "control_of_corruption") == (0.2, 0.21)
    assert len(release.values) == 12
    sheet = build.import_release([path], accept=intake.RULES).source
    assert sheet.id == "wgi-2025" and any("not comparable" in note for note in sheet.notes)


REAL = {"2015": (215, 2014), "2019": (214, 2018), "2020": (214, 2019), "2023": (214, 2022)}


@pytest.mark.parametrize("update", REAL)
def test_the_real_updates(releases, update):
    path = releases / "wgi" / f"update-{update}" / "wgidataset.xlsx"
    values = real(path, vintage=update).values
    assert (values.iso3.nunique(), values.year.max()) == REAL[update]
    assert len(set(values.series)) == 12
    # Estimates are standardised each year; an update is a re-estimate, not another measure.
    newest = real(releases / "wgi" / "wgidataset.xlsx").values
    both = pd.concat(
        [frame.set_index(["iso3", "year", "series"]).value for frame in (values, newest)],
        axis=1,
        join="inner",
    )
    for name in (name for name in set(values.series) if not name.endswith("_sources")):
        assert np.corrcoef(both.xs(name, level="series").to_numpy().T)[0, 1] > 0.97, name


def test_databanks_bulk_archive(releases, tmp_path):
    """Made of the workbook of 2024, since no WGI_CSV.zip is held; the codes are those of DataBank, with side files."""
    values = real(releases / "wgi" / "wgidataset.xlsx").values
    values = values[values.iso3.isin(["TUN", "ROU", "NAM"])]
    short = {sheet["publisher_code"]: name for name, sheet in series_of("wgi", "2024").items()}
    kinds = {}
    for code, name in short.items():
        letters, _, count = code.partition(" ")
        kinds[name] = [(f"GOV_WGI_{letters.upper()}.{'NO.SRC' if count else 'EST'}", "value")]
        kinds[name] += [] if count else [(f"GOV_WGI_{letters.upper()}.STD.ERR", "sd")]
    years = sorted(set(values.year))
    rows = [["Country Name", "Country Code", "Indicator Name", "Indicator Code", *years]]
    names = {"TUN": "Tunisia", "ROU": "Romania", "NAM": "Namibia"}
    for (iso3, name), part in values.groupby(["iso3", "series"]):
        for code, column in kinds[name]:
            by_year = part.set_index("year")[column]
            rows.append([names[iso3], iso3, "x", code, *(by_year.get(year, "") for year in years)])
    with (tmp_path / "WGICSV.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    bulk = tmp_path / "WGI_CSV.zip"
    with zipfile.ZipFile(bulk, "w", zipfile.ZIP_DEFLATED) as made:
        made.write(tmp_path / "WGICSV.csv", "WGICSV.csv")
        made.writestr("WGICountry.csv", "Country Code,Short Name\nTUN,Tunisia\n")
        made.writestr("WGISeries.csv", "Series Code,Topic\nx,y\n")
    found = whose(bulk)
    assert (found.family, found.vintage, found.beside) == ("wgi", "2024", ("WGICountry.csv", "WGISeries.csv"))
    keys = ["iso3", "year", "series"]
    read, given = (
        frame.set_index(keys).sort_index() for frame in (wgi.read(found.paths, "2024").values, values)
    )
    pd.testing.assert_frame_equal(read[["value", "sd"]], given[["value", "sd"]])


def test_a_figure_of_the_bulk_file_outside_its_range_is_refused_with_its_line(tmp_path):
    path = tmp_path / "WGICSV.csv"
    header = "Country Name,Country Code,Indicator Name,Indicator Code,2023\n"
    path.write_text(f"{header}Tunisia,TUN,x,CC.EST,0.1\nTunisia,TUN,x,RL.EST,9\n", encoding="utf-8")
    with pytest.raises(DataError, match="WGICSV.csv:3: column '2023': rl estimate must lie between -3.5 and"):
        wgi.read([path], "2024")


# ── The scale of errors ──────────────────────────────────────────────────────────────────────────────────────────

WRONG = {
    "variance": lambda sd: sd**2,
    "half of a 90 % interval": lambda sd: 1.645 * sd,
    "a 90 % interval": lambda sd: 3.29 * sd,
    "half the error": lambda sd: sd / 2,
    "points of 0 to 100": lambda sd: sd * 20,
}


def test_every_series_with_a_published_error_states_its_scale():
    for family in set(readers()) - {"vdem"}:
        for name, sheet in series_of(family, "").items():
            if "published" in sheet:
                lo, hi = sheet["scale"]["share_of_spread"]
                assert 0 < lo < hi < 1, (family, name)
                assert "one standard deviation" in sheet["published"]["how"], (family, name)
    assert "published" in family_sheet("wgi")["defaults"]


@pytest.mark.parametrize("wrong", ["", *WRONG])
@pytest.mark.parametrize(
    ("file", "family", "vintage"),
    [
        ("wgi/wgidataset.xlsx", "wgi", "2024"),
        ("wgi/update-2015/wgidataset.xlsx", "wgi", "2015"),
        ("cpi/CPI2025_Results.xlsx", "cpi", "2025"),
        ("cpi/CPI 2015_data.xlsx", "cpi", "2015"),
    ],
)
def test_errors_on_another_scale_are_refused(releases, file, family, vintage, wrong):
    release = real(releases / file, family, vintage)
    if not wrong:
        assert compiled.compile_release(release, family, vintage).series
        return
    values = release.values.assign(sd=WRONG[wrong](release.values.sd))
    with pytest.raises(DataError) as caught:
        compiled.compile_release(Release(values, release.files), family, vintage)
    refused = {problem.what for problem in caught.value.problems}
    assert len(refused) == (6 if family == "wgi" else 1)
    assert "the errors are on another scale" in str(caught.value)
