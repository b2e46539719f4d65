"""V-Dem and the Worldwide Governance Indicators, on small made files and on the publishers' own."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest
from peak import told
from places import ROOT
from workbooks import workbook

from eligibility.data.readers import Head, series_of, vdem, wgi
from eligibility.errors import DataError

WGI_COLUMNS = "codeindyr code countryname year indicator estimate stddev nsource pctrank".split()


def cell(values: pd.DataFrame, iso3: str, year: int, series: str) -> tuple[float, float]:
    """One value and its standard deviation."""
    row = values[(values["iso3"] == iso3) & (values["year"] == year) & (values["series"] == series)]
    assert len(row) == 1
    return float(row["value"].iloc[0]), float(row["sd"].iloc[0])


def vdem_file(folder: Path, lines: str, name: str = "V-Dem-CY-Core-v16.csv") -> Path:
    path = folder / name
    path.write_text(lines, encoding="utf-8")
    return path


# ── V-Dem, made files ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "vintage"),
    [
        ("V-Dem-CY-Full+Others-v14.csv", "v14"),
        ("V-Dem-CY-Core-v11.1.csv", "v11.1"),
        ("ERT-v15-1970on.csv", "v15"),
        ("vdem.csv", ""),
        ("V-Dem-CY-2024.csv", ""),
    ],
)
def test_the_version_is_in_the_name(tmp_path: Path, name: str, vintage: str):
    path = vdem_file(tmp_path, "country_text_id,year,v2x_polyarchy\n", name)
    assert vdem.recognise(path, Head(path)) == vintage


def test_other_files_are_not_v_dems(tmp_path: Path):
    for columns in ("iso3,year,value", "country_text_id,year,x", "v2x_polyarchy,year"):
        path = vdem_file(tmp_path, f"{columns}\n", "made-v14.csv")
        assert vdem.recognise(path, Head(path)) is None


def test_half_the_width_of_the_bounds_is_the_error_and_what_is_called_sd_is_not_read_beside_them(
    tmp_path: Path,
):
    path = vdem_file(
        tmp_path,
        "country_text_id,year,v2x_polyarchy,v2x_polyarchy_codelow,v2x_polyarchy_codehigh,v2x_polyarchy_sd,v2x_corr\n"
        "NAM,2000,0.6,0.5,0.7,0.9,0.3\n"
        "NAM,2001,0.6,,,0.04,\n",
    )
    values = vdem.read([path], "v16").values
    assert cell(values, "NAM", 2000, "polyarchy") == pytest.approx((0.6, 0.1))
    assert math.isnan(cell(values, "NAM", 2001, "polyarchy")[1])
    assert math.isnan(cell(values, "NAM", 2000, "political_corruption")[1])
    assert len(values) == 3


@pytest.mark.parametrize(("sd", "read"), [("0.04", True), ("0.22", True), ("0.23", False), ("0.9", False)])
def test_without_bounds_an_sd_is_believed_only_on_the_scale_of_the_index(tmp_path: Path, sd: str, read: bool):
    """At 0.5 the limit of .45 sqrt(p (1 - p)) lies at .225; a latent deviation is far above it."""
    path = vdem_file(tmp_path, f"country_text_id,year,v2x_polyarchy,v2x_polyarchy_sd\nNAM,2000,0.5,{sd}\n")
    got = cell(vdem.read([path], "v16").values, "NAM", 2000, "polyarchy")[1]
    assert got == float(sd) if read else math.isnan(got)


def test_an_sd_of_the_interval_scale_is_read_as_it_stands(tmp_path: Path):
    path = vdem_file(tmp_path, "country_text_id,year,v2cseeorgs,v2cseeorgs_sd\nNAM,2000,1.5,0.6\n")
    assert cell(vdem.read([path], "v16").values, "NAM", 2000, "cso_entry_exit") == (1.5, 0.6)


def test_years_with_a_point_early_years_and_states_long_gone(tmp_path: Path):
    path = vdem_file(
        tmp_path,
        "country_text_id,year,v2x_polyarchy\nBAV,1789.0,0.1\nMEX,1989.0,0.3\nMEX,1990.0,0.4\nXKX,2010.0,0.4\n",
    )
    release = vdem.read([path], "v16")
    assert sorted(release.values["iso3"]) == ["MEX", "XKX"]
    assert release.skipped == {"country-years before 1990": 2}


def test_v_dems_own_units_keep_their_codes(tmp_path: Path):
    rows = "".join(f"{code},2010,0.4\n" for code in ("PSG", "PSE", "SML", "ZZB", "XKX", "SSD", "HKG", "TWN"))
    path = vdem_file(tmp_path, f"country_text_id,year,v2x_polyarchy\n{rows}")
    assert len(set(vdem.read([path], "v16").values["iso3"])) == 8


def test_crossed_bounds_are_refused(tmp_path: Path):
    columns = "country_text_id,year,v2x_polyarchy,v2x_polyarchy_codelow,v2x_polyarchy_codehigh"
    path = vdem_file(tmp_path, f"{columns}\nMEX,1999,0.4,0.5,0.3\n")
    with pytest.raises(DataError, match="must not lie above v2x_polyarchy_codehigh"):
        vdem.read([path], "v16")


def test_bounds_that_are_turned_all_through_a_column_are_turned_back(tmp_path: Path):
    """As version 8 has executive and public corruption; a single cell of them is a slip."""
    columns = "country_text_id,year,v2x_execorr,v2x_execorr_codelow,v2x_execorr_codehigh"
    rows = [f"MEX,{year},0.4,0.5,0.3" for year in range(1995, 2020)]
    path = vdem_file(tmp_path, "\n".join([columns, *rows]) + "\n")
    values = vdem.read([path], "v8").values
    assert cell(values, "MEX", 2000, "executive_corruption") == pytest.approx((0.4, 0.1))
    path = vdem_file(tmp_path, "\n".join([columns, *rows, "MEX,2020,0.4,0.3,0.5"]) + "\n")
    with pytest.raises(DataError, match="must not lie above v2x_execorr_codehigh"):
        vdem.read([path], "v8")


def test_a_series_in_two_files_comes_from_the_fuller_one(tmp_path: Path):
    few = vdem_file(
        tmp_path, "country_text_id,year,v2x_regime,v2x_polyarchy\nMEX,2000,2,0.1\n", "ERT-v16.csv"
    )
    many = vdem_file(
        tmp_path, "country_text_id,year,v2x_polyarchy,v2x_polyarchy_sd,v2x_corr\nMEX,2000,0.6,0.05,0.7\n"
    )
    for paths in ([few, many], [many, few]):
        release = vdem.read(paths, "v16")
        assert cell(release.values, "MEX", 2000, "polyarchy") == (0.6, 0.05)
        assert cell(release.values, "MEX", 2000, "regime")[0] == 2
        assert set(release.files) == {few, many}


def test_a_file_with_bounds_goes_before_one_with_more_series(tmp_path: Path):
    bounds = vdem_file(
        tmp_path,
        "country_text_id,year,v2x_polyarchy,v2x_polyarchy_codelow,v2x_polyarchy_codehigh\nMEX,2000,0.6,0.5,0.7\n",
        "bounds-v16.csv",
    )
    many = vdem_file(
        tmp_path, "country_text_id,year,v2x_polyarchy,v2x_corr,v2x_libdem\nMEX,2000,0.6,0.7,0.3\n"
    )
    for paths in ([bounds, many], [many, bounds]):
        values = vdem.read(paths, "v16").values
        assert cell(values, "MEX", 2000, "polyarchy") == pytest.approx((0.6, 0.1))
        assert cell(values, "MEX", 2000, "political_corruption")[0] == 0.7


WIDE = """
import resource, sys
from pathlib import Path
from eligibility.data.readers import vdem
limit = 1 << 30
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
print(len(vdem.read([Path(sys.argv[1])], "v16").values))
"""


def test_a_file_of_four_thousand_columns_is_read_in_under_a_gibibyte(tmp_path: Path):
    path = tmp_path / "V-Dem-CY-Full+Others-v16.csv"
    filler = ",".join(["-1.234", "", "0.5", "text here"] * 1_000)
    names = ",".join(f"v2other{number}" for number in range(4_000))
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"country_text_id,{names},year,v2x_polyarchy,v2x_polyarchy_sd\n")
        for code in ("MEX", "NAM", "TUN", "UKR", "MWI"):
            file.writelines(f"{code},{filler},{year},0.5,0.05\n" for year in range(1789, 2026))
    # Threads of a linear algebra library would each reserve memory that is never used.
    single = {
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(ROOT),
    }
    said, memory = told(WIDE, path, env=single)
    assert said == str(5 * 36)
    assert memory < 1 << 30


# ── V-Dem, the publisher's files ─────────────────────────────────────────────────────────────────────────────────


def test_the_real_v14_file_holds_every_series(releases: Path):
    release = vdem.read([releases / "vdem" / "V-Dem-CY-v14-selection.csv"], "v14")
    assert set(release.values["series"]) == set(series_of("vdem", "v14"))
    assert cell(release.values, "UKR", 2015, "regime")[0] == 1
    assert cell(release.values, "UKR", 2015, "political_civil_liberties")[0] == pytest.approx(0.66, abs=0.01)
    assert cell(release.values, "ZWE", 2015, "political_civil_liberties")[0] == pytest.approx(0.41, abs=0.01)
    assert release.values["sd"].isna().all()


def test_the_real_v15_files_are_read_together(releases: Path):
    files = [
        releases / "vdem" / f"{name}.csv"
        for name in ("V-Dem-CY-v15-high-level-with-bounds", "ERT-v15-1970on")
    ]
    release = vdem.read(files, "v15")
    value, sd = cell(release.values, "MEX", 2024, "polyarchy")
    assert 0 < sd < 0.1 < value
    assert cell(release.values, "MEX", 2024, "regime")[0] in (1, 2)
    assert release.values["year"].max() == 2024


# ── WGI ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def wgi_rows(
    code: str, year: int, estimate: object = -0.5, error: object = 0.2, sources: object = 7
) -> list[list[object]]:
    return [
        [f"{code}{name}{year}", code, "A country", year, name, estimate, error, sources, 50]
        for name in ("va", "pv", "ge", "rq", "rl", "cc")
    ]


def wgi_file(folder: Path, rows: list[list[object]]) -> Path:
    return workbook(folder / "wgidataset.xlsx", [WGI_COLUMNS, *rows])


def test_old_codes_become_iso3_and_two_dots_are_missing(tmp_path: Path):
    old = {"ROM": "ROU", "ZAR": "COD", "TMP": "TLS", "KSV": "XKX", "WBG": "PSE", "ADO": "AND", "NAM": "NAM"}
    rows = [row for code in old for row in wgi_rows(code, 2020)] + wgi_rows("ASM", 2020, "..", "..", "..")
    release = wgi.read([wgi_file(tmp_path, rows)], "2021")
    assert set(release.values["iso3"]) == set(old.values())
    assert cell(release.values, "COD", 2020, "control_of_corruption") == (-0.5, 0.2)
    assert cell(release.values, "COD", 2020, "control_of_corruption_sources")[0] == 7


def test_the_update_is_the_year_after_its_newest(tmp_path: Path):
    path = wgi_file(tmp_path, wgi_rows("NAM", 2019) + wgi_rows("NAM", 2020))
    assert wgi.recognise(path, Head(path)) == "2021"
    assert wgi.recognise(path, Head(workbook(tmp_path / "other.xlsx", [["code", "year"]]))) is None


def test_the_real_workbook(releases: Path):
    path = releases / "wgi" / "wgidataset.xlsx"
    values = wgi.read([path], "2024").values
    assert set(values["series"]) == set(series_of("wgi", "2024"))
    assert cell(values, "AFG", 1996, "control_of_corruption") == pytest.approx((-1.2917, 0.3405), abs=1e-4)
    assert {"ROU", "COD", "TLS", "XKX", "PSE", "AND"} <= set(values["iso3"])
    assert not {1997, 1999, 2001} & set(values["year"])
