"""UNDP's composite indices: Latin-1, one column a year, aggregates at the end."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from text_files import text

from eligibility.data import sources
from eligibility.data.readers import Head, undp
from eligibility.errors import DataError
from eligibility.resources import shipped

PARTS = ("hdi", "le", "eys", "mys", "gnipc")
HEADER = "iso3,country,hdicode,region,hdi_rank_2022,hdi_f_2022," + ",".join(f"{part}_2022" for part in PARTS)


def made(folder: Path, *rows: str, encoding: str = "latin-1") -> Path:
    name = "HDR23-24_Composite_indices_complete_time_series.csv"
    return text(folder, name, HEADER, *rows, encoding=encoding)


def row(iso3: str, country: str, figures: str = "0.6,60,11,7,4000") -> str:
    return f"{iso3},{country},Medium,SSA,140,0.9,{figures}"


def test_parts_get_our_names_and_aggregates_are_counted(tmp_path):
    path = made(
        tmp_path, row("CIV", "Côte d'Ivoire"), row("NAM", "Namibia", ",,,,"), row("ZZK.WORLD", "World")
    )
    assert undp.recognise(path, Head(path)) == "hdr2023-24"
    release = undp.read([path], "hdr2023-24")
    assert dict(zip(release.values.series, release.values.value, strict=True)) == {
        "hdi": 0.6,
        "life_expectancy": 60,
        "expected_schooling": 11,
        "mean_schooling": 7,
        "gni_ppp": 4000,
    }
    assert set(release.values.iso3) == {"CIV"} and release.skipped == {"UNDP aggregate": 1}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_the_report_is_read_in_any_of_its_encodings(tmp_path, encoding):
    path = made(tmp_path, row("CIV", "Côte d'Ivoire"), encoding=encoding)
    assert undp.recognise(path, Head(path)) == "hdr2023-24"
    assert set(undp.read([path], "hdr2023-24").values["iso3"]) == {"CIV"}


def test_utf8_read_as_latin1_and_saved_again_is_noticed(tmp_path):
    path = made(tmp_path, row("CIV", "CÃ´te d'Ivoire"), encoding="utf-8")
    with pytest.raises(DataError, match="it looks like UTF-8 read as Latin-1"):
        undp.read([path], "hdr2023-24")


def test_a_report_whose_name_does_not_fit_its_figures_is_refused(tmp_path):
    path = made(tmp_path, row("TUN", "Tunisia"))
    with pytest.raises(
        DataError, match="with figures to 2023 at least and 2025 at most.*got hdr2025, figures to 2022"
    ):
        undp.read([path], "hdr2025")


def test_two_files_of_one_report_are_refused(tmp_path):
    path = made(tmp_path, row("TUN", "Tunisia"))
    with pytest.raises(DataError, match="must be the only file of its release"):
        undp.read([path, path], "hdr2023-24")


def test_a_file_without_the_report_in_its_name(tmp_path):
    path = made(tmp_path, row("TUN", "Tunisia")).rename(tmp_path / "composite.csv")
    assert undp.recognise(path, Head(path)) == ""
    later = path.rename(tmp_path / "HDR25_Composite_indices_complete_time_series.csv")
    assert undp.recognise(later, Head(later)) == "hdr2025"


def test_the_real_file(releases):
    path = releases / "undp" / "HDR23-24_Composite_indices_complete_time_series.csv"
    release = undp.read([path], undp.recognise(path, Head(path)))
    hdi = release.values[release.values.series == "hdi"]
    assert (len(hdi), hdi.iso3.nunique(), hdi.year.max()) == (5808, 193, 2022)
    assert release.skipped == {"UNDP aggregate": 11}


def test_the_index_is_the_geometric_mean_of_its_parts():
    """The report's own formula: a slip of a column or a year would not pass."""
    source = sources.sheet(shipped("datasets") / "undp-hdr2023-24")
    table = sources.table(source).dropna()
    health = (table.life_expectancy.clip(20, 85) - 20) / 65
    school = ((table.expected_schooling / 18).clip(0, 1) + (table.mean_schooling / 15).clip(0, 1)) / 2
    income = np.log(table.gni_ppp.clip(100, 75000) / 100) / np.log(750)
    assert ((health * school * income) ** (1 / 3) - table.hdi).abs().max() < 0.001
