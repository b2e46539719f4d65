"""UCDP's country-year file: Gleditsch-Ward numbers, states that share one, versions."""

from __future__ import annotations

from pathlib import Path

import pytest
from text_files import text

from eligibility.data import sources
from eligibility.data.readers import Head, series_of, ucdp
from eligibility.errors import DataError
from eligibility.resources import shipped

CODES = [entry["publisher_code"] for entry in series_of("ucdp", "v25.1").values()]
HEADER = ",".join(["country_id_cy", "country_cy", "year_cy", *CODES, "version"])


def made(folder: Path, *rows: str) -> Path:
    return text(folder, "organizedviolencecy_v25_1.csv", HEADER, *rows)


def row(number: str, year: str, deaths: str = "5", version: str = "25.1") -> str:
    return ",".join([number, "x", year, deaths, *["0"] * (len(CODES) - 1), version])


def test_the_year_says_which_state(tmp_path):
    path = made(
        tmp_path, *(row("345", year) for year in ("1989", "1991", "1995", "2015")), row("565", "1990")
    )
    assert ucdp.recognise(path, Head(path)) == "v25.1"
    release = ucdp.read([path], "v25.1")
    deaths = release.values[release.values.series == "battle_deaths"]
    assert list(zip(deaths.iso3, deaths.year, strict=True)) == [
        ("YUG", 1991),
        ("SCG", 1995),
        ("SRB", 2015),
        ("NAM", 1990),
    ]
    assert release.skipped == {"country-years before 1990": 1}


def test_the_real_file(releases):
    path = releases / "ucdp" / "organizedviolencecy_v25_1.csv"
    release = ucdp.read([path], ucdp.recognise(path, Head(path)))
    assert (len(release.values), release.values.iso3.nunique()) == (9 * 6764, 202)


@pytest.mark.parametrize(
    "name", ["organizedviolencecy-261.csv", "OrganizedViolence_26_1.csv", "download.csv"]
)
def test_the_layout_since_version_26_1(releases, tmp_path, name):
    """Made of the file of 25.1, since none of 26.1 is held: no ending `_cy`, `Version`, a name that need not say it."""
    text = (releases / "ucdp" / "organizedviolencecy_v25_1.csv").read_text(encoding="utf-8")
    header, _, rows = text.partition("\n")
    path = tmp_path / name
    columns = header.replace("_cy", "").replace(",version", ",Version")
    path.write_text(f"{columns}\n{rows.replace(',25.1', ',26.1')}", encoding="utf-8")
    assert ucdp.recognise(path, Head(path)) == "v26.1"
    old = ucdp.read([releases / "ucdp" / "organizedviolencecy_v25_1.csv"], "v25.1")
    where = ["table", "column"]
    assert ucdp.read([path], "v26.1").values.drop(columns=where).equals(old.values.drop(columns=where))


def test_a_name_that_says_another_version_than_the_rows_is_refused(tmp_path):
    path = made(tmp_path, row("616", "2015", version="24.1"))
    assert ucdp.recognise(path, Head(path)) == "v24.1"
    with pytest.raises(DataError, match="must not contradict the version in its rows, 24.1 .got 25.1"):
        ucdp.read([path], "v24.1")


def test_known_figures():
    table = sources.table(sources.sheet(shipped("datasets") / "ucdp-v25.1"))
    assert table.loc[("RWA", 1994), "one_sided_deaths"] == 770581
    assert table.loc[("UKR", 2014), "battle_deaths"] > 1000  # a state at war, and named as a pilot
    assert table.loc[("MWI", 2015), "battle_deaths"] == 0
    names = ("battle_deaths", "nonstate_deaths", "one_sided_deaths")
    crossed = sum(
        int(((table[f"{n}_low"] > table[n]) | (table[n] > table[f"{n}_high"])).sum()) for n in names
    )
    assert crossed == 9  # as published; the sheet says so
