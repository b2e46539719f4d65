"""UN files: treaty tables that end on an unstated day, and two indicators of the SDG database."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from text_files import text

from eligibility.data import sources
from eligibility.data.compiled import compile_release
from eligibility.data.lists import Listed
from eligibility.data.readers import Head, un
from eligibility.errors import DataError

TREATY = 'Participant,Signature,"Ratification, Acceptance(A), Approval(AA), Accession(a), Succession(d)"'
LAW = "geo_area,nature,units,year,sg_inf_accss"
HOMICIDE = "geo_area,nature,sex,units,year,vc_ihr_psrc"


def listed(path: Path) -> Listed:
    """The list the file compiles to."""
    vintage = un.recognise(path, Head(path))
    made = compile_release(un.read([path], vintage), "un", vintage)
    folder = path.parent / made.id
    folder.mkdir(exist_ok=True)
    for name, content in made.content.items():
        (folder / name).write_bytes(content)
    return sources.listed(sources.sheet(folder))


# Treaties


def test_after_the_newest_deed_nothing_is_known(tmp_path):
    path = text(
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
        listed(path)
    path.write_text(path.read_text(encoding="utf-8").replace("Chad,,\n", ""), encoding="utf-8")
    assert un.recognise(path, Head(path)) == "uncac-2014"
    table = listed(path)

    def party(iso3: str, *day: int) -> float | None:
        value = table.status(iso3, date(*day)).value
        return None if value != value else value

    assert [party("MMR", 2012, 12, day) for day in (19, 20)] == [0, 1] and party("MMR", 2026, 1, 1) == 1
    assert party("OMN", 2014, 1, 8) == 0 and party("OMN", 2014, 1, 9) == 1
    # Chad is no participant: a no to the day of the newest deed, unknown after it.
    assert party("TCD", 2014, 1, 9) == 0 and party("TCD", 2014, 1, 10) is None
    assert party("TWN", 2010, 1, 1) is None and party("SSD", 2010, 1, 1) is None
    assert party("SSD", 2011, 12, 31) == 0 and party("TUN", 2003, 10, 30) is None


def test_a_participant_that_is_misspelled_is_refused(tmp_path):
    path = text(tmp_path, "18-14.csv", TREATY, "Malavi,21 Sep 2004,4 Dec 2007")
    with pytest.raises(DataError, match="nearest is Malawi"):
        un.read([path], "uncac-2007")


@pytest.mark.parametrize(
    "name, vintage, parties, newest",
    [
        ("18-10", "rome-2013", 122, "2013-02-15"),
        ("18-12", "untoc-2013", 178, "2013-10-17"),
        ("18-14", "uncac-2014", 170, "2014-04-02"),
    ],
)
def test_real_status_tables(releases, name, vintage, parties, newest):
    own = un.read([releases / "un" / f"{name}.csv"], vintage).dated
    assert len(own.events) == parties and own.as_of == newest == own.complete_to.isoformat()


# SDG database


def test_a_law_holds_from_its_year_and_others_stay_blank(tmp_path):
    rows = ("1,e,number,2020,127", "62,e,number,2020,12", "788,e,number,2020,2011", "752,e,number,2020,1766")
    path = text(tmp_path, "rti-law-year-sdg-2020.csv", LAW, *rows)
    assert un.recognise(path, Head(path)) == "law-2020"
    law = listed(path)
    values = [law.status("TUN", date(year, 7, 1)).value for year in (2010, 2011, 2012, 2026)]
    assert values[0] == 0 and values[1] != values[1] and values[2:] == [1, 1]  # unknown in the year itself
    assert law.status("SWE", date(1990, 1, 1)).value == 1
    assert {event.iso3 for event in law.events} == {"TUN", "SWE"}
    assert law.status("DZA", date(2015, 1, 1)).value != 0  # not listed is not a no


def test_homicide_of_women_only(tmp_path):
    rows = (
        "516,c,female,per_100000_pop,2015,6.5",
        "516,c,female,per_100000_pop,1989,6.5",
        "516,c,male,per_100000_pop,2015,29",
        "15,e,female,per_100000_pop,2015,2",
    )
    path = text(tmp_path, "homicide-by-sex-sdg-2020.csv", HOMICIDE, *rows)
    release = un.read([path], "sdg-2020")
    assert release.values[["iso3", "value"]].values.tolist() == [["NAM", 6.5]]
    left = {"UN region or group": 1, "country-years before 1990": 1, "men's rate": 1}
    assert release.skipped == left
    for bad in (
        "516,c,both,per_100000_pop,2016,1",
        "516,c,female,percent,2016,1",
        "999,c,female,per_100000_pop,2016,1",
    ):
        with pytest.raises(DataError):
            un.read([text(tmp_path, "homicide-by-sex-sdg-2020.csv", HOMICIDE, *rows, bad)], "sdg-2020")


def test_the_real_database_files(releases):
    law, homicide = (
        releases / "un" / name for name in ("rti-law-year-sdg-2020.csv", "homicide-by-sex-sdg-2020.csv")
    )
    assert len(un.read([law], "law-2020").dated.events) == 127
    assert un.read([homicide], "sdg-2020").values.iso3.nunique() == 145
    with pytest.raises(DataError, match="must be an edition such as sdg-2020"):
        un.read([law], "sdg-2020")
