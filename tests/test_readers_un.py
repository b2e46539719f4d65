"""UN sources: treaty tables that end on an unstated day, and two indicators of the SDG database."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from eligibility import sources
from eligibility.errors import DataError
from eligibility.readers import Head, un
from eligibility.resources import shipped

TREATY = 'Participant,Signature,"Ratification, Acceptance(A), Approval(AA), Accession(a), Succession(d)"'
LAW = "geo_area,nature,units,year,sg_inf_accss"
HOMICIDE = "geo_area,nature,sex,units,year,vc_ihr_psrc"


def made(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def known(path: Path) -> dict[tuple[str, int], float]:
    values = un.read([path], un.recognise(path, Head(path))).values
    return {(row.iso3, row.year): row.value for row in values.itertuples()}


# Treaties


def test_after_the_newest_deed_nothing_is_known(tmp_path):
    path = made(
        tmp_path,
        "18-14.csv",
        TREATY,
        "Myanmar,2 Dec 2005,20 Dec 2012",
        "Tunisia,30 Mar 2004,23 Sep 2008",
        "Chad,,",
        "Oman,,9 Jan 2014 a",
        "European Union,15 Sep 2005,12 Nov 2008 AA",
    )
    with pytest.raises(DataError, match="must have signed or become bound"):
        known(path)
    path.write_text(path.read_text(encoding="utf-8").replace("Chad,,\n", ""), encoding="utf-8")
    assert un.recognise(path, Head(path)) == "uncac-2014"
    party = known(path)
    assert [party["MMR", year] for year in (2011, 2012, 2013, 2014)] == [0, 1, 1, 1]
    assert party["OMN", 2013] == 0 and party["OMN", 2014] == 1
    # Chad is no participant: a no while the table is complete, unknown in its last year, nothing later.
    assert party["TCD", 2013] == 0 and ("TCD", 2014) not in party and ("MMR", 2015) not in party
    assert ("TWN", 2010) not in party and ("SSD", 2010) not in party and party["SSD", 2011] == 0


@pytest.mark.parametrize(
    "bad, rule",
    [
        ("Malawi,21 Sep 2004,4 Dez 2007", "must be a date such as"),
        ("Malawi,21 Sep 2004,31 Feb 2007", "must be a date such as"),
        ("Malawi,2004-09-21,4 Dec 2007", "must be a date such as"),
        ("Malawi,21 Sep 2004,4 Dec 2007 x", "must be a date such as"),
        ("Malavi,21 Sep 2004,4 Dec 2007", "nearest is Malawi"),
        ("Tunisia,21 Sep 2004,4 Dec 2007", "must be the only row for it"),
        ("Malawi,21 Sep 2004", "must have 3 cells"),
    ],
)
def test_wrong_participants_are_refused(tmp_path, bad, rule):
    path = made(tmp_path, "18-14.csv", TREATY, "Tunisia,30 Mar 2004,23 Sep 2008", bad)
    with pytest.raises(DataError, match=rule):
        un.read([path], "uncac-2008")


@pytest.mark.parametrize(
    "name, vintage, parties",
    [("18-10", "rome-2013", 122), ("18-12", "untoc-2013", 178), ("18-14", "uncac-2014", 170)],
)
def test_real_status_tables(releases, name, vintage, parties):
    path = releases / "un" / f"{name}.csv"
    assert un.recognise(path, Head(path)) == vintage
    party = known(path)
    last = max(year for _, year in party)
    assert sum(value for (_, year), value in party.items() if year == last) == parties


def test_known_deeds():
    def party(folder: str, series: str):
        return sources.table(sources.sheet(shipped("datasets") / folder))[series]

    uncac, rome = party("un-uncac-2014", "uncac_party"), party("un-rome-2013", "rome_statute_party")
    assert uncac["MMR", 2011] == 0 and uncac["MMR", 2012] == 1
    assert uncac["TUN", 2008] == 1 and uncac["ZWE", 2007] == 1 and uncac["UZB", 2008] == 1
    assert (
        rome["TUN", 2010] == 0
        and rome["TUN", 2011] == 1
        and rome["MWI", 2002] == 1
        and rome["USA", 2012] == 0
    )


def test_a_deed_is_known_within_a_month():
    sheet = sources.sheet(shipped("datasets") / "un-uncac-2014").series["uncac_party"]
    assert sheet.known_from(2012) == datetime.date(2013, 2, 1)


# SDG database


def test_a_law_holds_from_its_year_and_others_stay_blank(tmp_path):
    rows = ("1,e,number,2020,127", "62,e,number,2020,12", "788,e,number,2020,2011", "752,e,number,2020,1766")
    path = made(tmp_path, "rti-law-year-sdg-2020.csv", LAW, *rows)
    law = known(path)
    assert law["TUN", 2010] == 0 and law["TUN", 2011] == 1 and law["TUN", 2019] == 1
    assert ("TUN", 2020) not in law and law["SWE", 1990] == 1
    assert {iso3 for iso3, _ in law} == {"TUN", "SWE"}


@pytest.mark.parametrize("cell", ["12", "2021", "2011.0", "", "n/a", "٢٠١١"])
def test_a_year_that_no_law_can_have_is_refused(tmp_path, cell):
    path = made(tmp_path, "rti-law-year-sdg-2020.csv", LAW, f"788,e,number,2020,{cell}")
    with pytest.raises(DataError, match="must be the year of the law"):
        un.read([path], "sdg-2020")


def test_homicide_of_women_only(tmp_path):
    rows = (
        "516,c,female,per_100000_pop,2015,6.5",
        "516,c,male,per_100000_pop,2015,29",
        "15,e,female,per_100000_pop,2015,2",
    )
    path = made(tmp_path, "homicide-by-sex-sdg-2020.csv", HOMICIDE, *rows)
    release = un.read([path], "sdg-2020")
    assert release.values[["iso3", "value"]].values.tolist() == [["NAM", 6.5]]
    assert release.skipped == {"UN region or group": 1, "men's rate": 1}
    for bad in (
        "516,c,both,per_100000_pop,2016,1",
        "516,c,female,percent,2016,1",
        "999,c,female,per_100000_pop,2016,1",
    ):
        with pytest.raises(DataError):
            un.read([made(tmp_path, "homicide-by-sex-sdg-2020.csv", HOMICIDE, *rows, bad)], "sdg-2020")


def test_the_real_database_files(releases):
    paths = [releases / "un" / name for name in ("rti-law-year-sdg-2020.csv", "homicide-by-sex-sdg-2020.csv")]
    assert {un.recognise(path, Head(path)) for path in paths} == {"sdg-2020"}
    values = un.read(paths, "sdg-2020").values
    assert values.groupby("series").iso3.nunique().to_dict() == {"ati_law": 127, "homicide_female": 145}
