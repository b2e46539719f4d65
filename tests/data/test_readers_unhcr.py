"""UNHCR's totals by origin: years written as decimals, a mid-year tail, rows that are no country."""

from __future__ import annotations

from pathlib import Path

from text_files import text

from eligibility.data import sources
from eligibility.data.readers import Head, unhcr
from eligibility.resources import shipped

HEADER = "coo_iso,coo_name,year,refugees,asylum_seekers,idps,oip"


def made(folder: Path, *rows: str) -> Path:
    return text(folder, "population-by-origin-2025-12.csv", HEADER, *rows)


def test_the_unfinished_year_and_the_stateless_are_left_out(tmp_path):
    path = made(
        tmp_path,
        "NAM,Namibia,2024.0,1100.0,20.0,0.0,0.0",
        "NAM,Namibia,2025.0,1150.0,25.0,0.0,0.0",
        "XXA,Stateless,2024.0,5.0,5.0,0.0,0.0",
        "TIB,Tibetan,2024.0,5.0,5.0,0.0,0.0",
    )
    assert unhcr.recognise(path, Head(path)) == "2025-12"
    release = unhcr.read([path], "2025-12")
    assert dict(zip(release.values.series, release.values.value, strict=True)) == {
        "refugees": 1100,
        "asylum_seekers": 20,
        "displaced": 0,
        "others_in_need": 0,
    }
    assert sum(release.skipped.values()) == 3 and release.skipped["mid-year figure of 2025"] == 1


def test_the_real_file(releases):
    path = releases / "unhcr" / "population-by-origin-2025-12.csv"
    release = unhcr.read([path], unhcr.recognise(path, Head(path)))
    assert (len(release.values), release.values.iso3.nunique()) == (4 * 6188, 212)
    assert release.skipped["mid-year figure of 2025"] == 206


def test_known_figures():
    table = sources.table(sources.sheet(shipped("datasets") / "unhcr-2025-12"))
    assert table.loc[("SYR", 2015), "refugees"] > 4_800_000
    assert table.loc[("VEN", 2022), "others_in_need"] > 5_000_000
    assert table.index.get_level_values("year").max() == 2024
