"""UNODC homicide by way of Our World in Data: regions without codes, parts of countries, late reports."""

from __future__ import annotations

from pathlib import Path

import pytest
from text_files import text

from eligibility.data import sources
from eligibility.data.readers import Head, unodc
from eligibility.errors import DataError
from eligibility.resources import shipped

HEADER = 'Entity,Code,Year,"Homicide rate per 100,000 population",World region according to OWID'


def made(folder: Path, *rows: str) -> Path:
    return text(folder, "homicide-rate-unodc.csv", HEADER, *rows)


def test_regions_and_parts_are_left_out_by_name_and_counted(tmp_path):
    path = made(
        tmp_path,
        "Namibia,NAM,2015,17.1,Africa",
        "Kosovo,OWID_KOS,2015,1.6,Europe",
        "Asia (UN),UN_ASI,2015,2.5,",
        "Western Asia (UN),,2015,2.5,",
        "Scotland,,2015,1.1,",
    )
    assert unodc.recognise(path, Head(path)) == "2015"
    release = unodc.read([path], "2015")
    assert release.values[["iso3", "value"]].values.tolist() == [["NAM", 17.1], ["XKX", 1.6]]
    assert release.skipped == {"UN region": 2, "part of the United Kingdom, which is a row of its own": 1}


def test_the_newest_year_is_that_of_the_whole_file(tmp_path):
    long = [f"Namibia,NAM,{year},17.1," + "x" * 100_000 for year in (2013, 2014, 2015)]
    path = made(tmp_path, *long, "Zambia,ZMB,2016,5.0,Africa")
    assert unodc.recognise(path, Head(path)) == "2016"


def test_an_entity_without_a_code_is_one_that_is_left_out(tmp_path):
    with pytest.raises(DataError, match="column 'Code': must be a code the register knows.*got Atlantis"):
        unodc.read([made(tmp_path, "Tunisia,TUN,2015,3.0,", "Atlantis,,2015,3.1,")], "2015")


def test_the_real_file(releases):
    path = releases / "unodc" / "homicide-rate-unodc.csv"
    release = unodc.read([path], unodc.recognise(path, Head(path)))
    assert (len(release.values), release.values.iso3.nunique(), sum(release.skipped.values())) == (
        4220,
        201,
        665,
    )


def test_known_figures():
    rate = sources.table(sources.sheet(shipped("datasets") / "unodc-2024"))["homicide_rate"]
    assert 100 < rate["SLV", 2015] < 112  # among the highest of the world that year
    assert rate.xs(2024, level="year").size == 10  # late reports: the newest year is nearly empty
