"""Dated lists: a status holds from one event until another, nothing is a no that the list cannot know."""

from __future__ import annotations

import csv
import math
import re
import shutil
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import audit_truth
import pytest

from eligibility.data import build, countries, panel, sources
from eligibility.data import lists as dated
from eligibility.data.lists import Event, Listed, standing
from eligibility.errors import DataError, IntegrityError
from eligibility.method import run
from eligibility.pages import turns
from eligibility.pages.dated_lists import status as told
from eligibility.pages.facts import Facts
from eligibility.policy.model import Uncertainty
from eligibility.present import explain, tables
from eligibility.resources import shipped

DATASETS = shipped("datasets")
NEW = [source for source in sources.held(DATASETS) if source.dated]
STATUSES = ("un.uncac_party", "un.untoc_party", "un.rome_statute_party", "un.ati_law")
FOUND = ("lists.ogp_member", "lists.eiti_member", "lists.mcc_compact")


def made(*rows: tuple[str, str, str], **rule: object) -> Listed:
    """A list of these (iso3, date, event) that goes to 2020 and is complete to mid-2015, unless it says otherwise."""
    block = {
        "kind": "status",
        "begins": ["in"],
        "ends": ["out"],
        "since": date(2000, 1, 1),
        "as_of": "2020-06-30",
    }
    return Listed(
        standing({**block, "complete_to": date(2015, 6, 30), **rule}),
        tuple(Event(*row, "a page", "") for row in rows),
    )


def values(listed: Listed, iso3: str, *days: date) -> str:
    """y, n or ? for each day."""
    return "".join({1.0: "y", 0.0: "n"}.get(listed.status(iso3, day).value, "?") for day in days)


def real(series: str) -> Listed:
    return panel.load([series], sources.shelf()).dated[series]


def members(series: str, day: date) -> list[str]:
    listed = real(series)
    return sorted(iso3 for iso3 in listed.of if listed.status(iso3, day).value == 1)


# What a list says on a day


def test_a_status_holds_from_the_day_it_began_until_the_day_it_ended_however_old_the_list():
    listed = made(("TUN", "2010-03-05", "in"), ("BDI", "2004-09-21", "in"), ("BDI", "2017-10-27", "out"))
    assert (
        values(listed, "TUN", date(2010, 3, 4), date(2010, 3, 5), date(2020, 1, 1), date(2060, 1, 1))
        == "nyyy"
    )
    assert values(listed, "BDI", date(2017, 10, 26), date(2017, 10, 27), date(2026, 1, 1)) == "ynn"
    old = listed.status("TUN", date(2026, 11, 29))
    assert old.reach == date(2020, 6, 30) and old.turned.date == "2010-03-05"
    value, year, mark = listed.at(date(2026, 11, 29), ["TUN", "CHL"])
    assert (value[0], year[0], mark[0]) == (1, 2020, "list to 2020-06-30")
    assert math.isnan(value[1]) and math.isnan(year[1]) and mark[1] == ""
    assert listed.at(date(2016, 7, 1), ["TUN"])[1:] == ([2016], [""])


def test_a_missing_row_is_a_no_only_where_the_list_is_complete():
    listed = made(("TUN", "2010-03-05", "in"))
    days = date(1999, 12, 31), date(2015, 6, 30), date(2015, 7, 1), date(2026, 1, 1)
    assert values(listed, "CHL", *days) == "?n??"
    assert values(listed, "XKX", *days) == "????"  # no member of the United Nations
    assert values(listed, "SSD", date(2010, 12, 31), date(2011, 12, 31)) == "?n"
    assert values(made(("TUN", "2010-03-05", "in"), complete_to=None), "CHL", *days) == "????"


def test_a_day_that_is_not_known_is_no_guess():
    listed = made(
        ("TUN", "2010", "in"), ("CHL", "2010-02", "in"), ("BDI", "2001", "in"), ("BDI", "2010", "out")
    )
    days = date(2009, 12, 31), date(2010, 7, 1), date(2010, 12, 31), date(2011, 1, 1)
    assert values(listed, "TUN", *days) == "n?yy" and values(listed, "BDI", *days) == "y?nn"
    assert values(listed, "CHL", date(2010, 1, 31), date(2010, 2, 1), date(2010, 2, 28)) == "n?y"
    assert listed.status("TUN", days[1]).doubt.date == "2010"


def test_who_is_said_to_be_in_twice_is_in_since_the_first_time_and_may_come_back():
    rows = [
        ("TUN", day, event) for day, event in (("2005", "in"), ("2008-01-01", "in"), ("2010-01-01", "out"))
    ]
    listed = made(*rows, ("TUN", "2012-01-01", "in"), ("TUN", "2013-01-01", "noted"), also=["noted"])
    assert listed.status("TUN", date(2009, 1, 1)).turned.date == "2005"
    assert values(listed, "TUN", date(2008, 6, 1), date(2011, 1, 1), date(2012, 1, 1)) == "yny"
    assert listed.status("TUN", date(2015, 1, 1)).turned.date == "2012-01-01"


def test_a_list_of_what_was_found_never_says_no():
    rows = ("TUN", "2010-03-05", "in"), ("BDI", "2004-09-21", "in"), ("BDI", "2017-10-27", "out")
    listed = made(*rows, found=True)
    every = [date(2000, 1, 1) + timedelta(days=97 * k) for k in range(120)]
    for iso3 in countries.register():
        assert "n" not in values(listed, iso3, *every)
    assert values(listed, "BDI", date(2010, 1, 1), date(2018, 1, 1)) == "y?"
    assert (listed.by_year("x")["x"] == 1).all()


def test_a_year_is_what_holds_on_its_last_day_as_far_as_the_list_goes():
    listed = made(("TUN", "2010-03-05", "in"), ("CHL", "2021-02-03", "in"), ("BDI", "2012", "in"))
    table = listed.by_year("x")["x"]
    assert (table["TUN", 2009], table["TUN", 2010], table["TUN", 2019]) == (0, 1, 1)
    assert ("TUN", 2020) not in table and table["CHL", 2020] == 0 and ("CHL", 2021) not in table
    assert table["BDI", 2011] == 0 and table["BDI", 2012] == 1
    assert table["DZA", 2014] == 0 and ("DZA", 2015) not in table and table.index.is_monotonic_increasing


def test_an_event_is_asked_for_between_days_and_counts_in_its_year():
    rows = (
        ("MLI", "2020-08-18", "coup"),
        ("MLI", "2021-05-24", "coup"),
        ("MLI", "1997-07", "coup"),
        ("MLI", "2021-01-01", "try"),
    )
    listed = made(*rows, kind="event", begins=["coup"], ends=[], also=["try"])
    dates = lambda first, last: [event.date for event in listed.within("MLI", first, last)]  # noqa: E731
    assert dates(date(2020, 8, 18), date(2021, 5, 24)) == ["2020-08-18", "2021-05-24"]
    assert dates(date(1997, 7, 2), date(2020, 8, 17)) == []  # July 1997 may have been before the second
    assert listed.by_year("n")["n"].to_dict() == {("MLI", 1997): 1, ("MLI", 2020): 1, ("MLI", 2021): 1}


@pytest.mark.parametrize("text", ["2016-13", "2016-02-30", "16", "2016-1-1", "", "2016-01-01T00", "٢٠١٦"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError):
        dated.span(text)


# From a table kept by hand to a dataset


def copy(tmp_path, name="un-uncac-2024-08"):
    shutil.copytree(DATASETS / name, tmp_path / "lists" / name)
    return tmp_path / "lists" / name / "events.csv"


@pytest.mark.parametrize("source", NEW, ids=lambda source: source.id)
def test_each_list_is_what_its_own_table_compiles_to(source, tmp_path):
    copy(tmp_path, source.id)
    (one,) = build.build(tmp_path / "lists", tmp_path / "out").made
    for name in ("source.yaml", "events.csv"):
        assert (one.path / name).read_bytes() == (source.path / name).read_bytes()
    assert build.verify([one]) == () and sources.table(one).equals(sources.table(source))


@pytest.mark.parametrize(
    "row, rule",
    [
        ("TUN,2008-13,party,a page,", "column .date.: must be"),
        ("TUN,2150,party,a page,", "must not lie after 2100"),
        ("TUN,2009-01-01,prty,a page,", "must be one of party, left"),
        ("TUN,2009-01-01,party,,", "must be the page it was read on"),
        ("TUN,2009-01-01,party,Recollection,", "must be the page it was read on"),
        ("TUX,2009-01-01,party,a page,", "must be a code the register knows"),
        ("TUN,2008-09-23,party,a page,", "must be the only row for it"),
        ("TUN,2009-01-01,party,a page", "must have 5 cells"),
    ],
)
def test_a_wrong_row_is_refused(tmp_path, row, rule):
    path = copy(tmp_path)
    path.write_text(path.read_text(encoding="utf-8") + row + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=rule):
        build.build(tmp_path / "lists", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_row_changed_after_compiling_is_found(tmp_path):
    path = copy(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("TUN,2008", "TUN,2007"), encoding="utf-8")
    source = sources.sheet(path.parent)
    assert build.verify([source])[0].startswith("un-uncac-2024-08/events.csv: checksum: ")
    with pytest.raises(IntegrityError):
        sources.listed(source)


# What ships


def test_every_row_names_a_page_and_no_row_rests_on_memory_or_on_a_list_of_coups_alone():
    for source in NEW:
        for event in sources.listed(source).events:
            where = f"{source.id}: {event}"
            if event.event == dated.DISPUTED:  # the data set that calls it a coup is one of the two sides
                assert any(re.match("https?://", each) for each in event.sources), where
                continue
            assert re.match(
                "https?://|United Nations Treaty Collection, |United Nations SDG database, ", event.source
            ), where
            assert not re.search(
                "recollect|shared/|not named|powell|cline|colpus|coup data", str(event).casefold()
            ), where
        assert source.licence.startswith("Facts of public record")


def test_the_rome_statute_has_125_parties_on_2_october_2026_and_two_have_left():
    assert len(members("un.rome_statute_party", date(2026, 10, 2))) == 125
    listed = real("un.rome_statute_party")
    left = {iso3 for iso3 in listed.of if listed.status(iso3, date(2026, 10, 2)).value == 0}
    assert left == {"BDI", "PHL"}
    # As counted when they joined: Kiribati was the 123rd, with two gone; Ukraine the 125th.
    assert len(members("un.rome_statute_party", date(2019, 11, 26))) == 123
    assert len(members("un.rome_statute_party", date(2024, 10, 25))) == 125
    assert len(members("un.rome_statute_party", date(2016, 12, 31))) == 124
    assert values(listed, "USA", date(2026, 10, 2), date(2026, 10, 3)) == "n?"


@pytest.mark.parametrize(
    "day, published, unread",
    [
        (date(2015, 12, 31), 178, 1), (date(2016, 11, 14), 180, 1),
        (date(2017, 7, 31), 182, 1), (date(2018, 8, 31), 186, 3), (date(2020, 2, 29), 187, 3),
        (date(2024, 4, 20), 190, 4), (date(2024, 8, 31), 191, 4),
    ],
)  # fmt: skip
def test_the_convention_against_corruption_falls_short_of_the_published_counts_by_the_deeds_nobody_read(
    day, published, unread
):
    """Published counts take in the European Union, a party and no country. The rows that would close the gap (Tuvalu,
    Niue, Equatorial Guinea, Suriname) are known from memory alone and do not ship: whoever has no row is unknown."""
    listed = real("un.uncac_party")
    own = [*members("un.uncac_party", day), "European Union"]
    open_now = [iso3 for iso3 in listed.of if listed.status(iso3, day).doubt]
    assert len(own) + len(open_now) + unread == published
    assert not any(listed.status(i, day).value == 0 for i in listed.states - set(listed.of))


def test_the_convention_against_organised_crime_is_unknown_after_2013():
    listed = real("un.untoc_party")
    assert len(members("un.untoc_party", date(2013, 10, 17))) == 178
    after = Counter(values(listed, iso3, date(2013, 10, 18)) for iso3 in listed.states)
    assert (
        after["n"] == 3 and after["?"] > 10
    )  # Bhutan, Barbados and Japan have later rows; nobody else is a no
    assert (
        members("un.untoc_party", date(2026, 1, 1))
        and values(listed, "JPN", date(2017, 7, 10), date(2026, 1, 1)) == "ny"
    )


def test_laws_are_those_of_the_edition_of_2020_and_later_ones():
    assert len(members("un.ati_law", date(2020, 12, 31))) == 127
    assert len(members("un.ati_law", date(2026, 1, 1))) == 129
    assert values(real("un.ati_law"), "GMB", date(2021, 8, 24), date(2021, 8, 25)) == "ny"
    assert values(real("un.ati_law"), "DZA", date(2015, 1, 1)) == "?"


@pytest.mark.parametrize("series, day, n", [("lists.ogp_member", date(2026, 1, 31), 67), ("lists.eiti_member", date(2022, 11, 4), 57)])  # fmt: skip
def test_members_found(series, day, n):
    assert len(members(series, day)) == n


@pytest.mark.parametrize("series", FOUND)
def test_what_was_found_may_make_a_test_true_and_never_false(series):
    listed = real(series)
    assert listed.rule.found
    days = [date(year, month, 1) for year in range(2003, 2028) for month in (1, 7)]
    said = "".join(values(listed, iso3, *days) for iso3 in countries.register())
    assert "y" in said and "n" not in said


def test_seizures_of_power_by_day():
    held = panel.load(["un.ati_law"], sources.shelf())  # lists of events are there whatever is asked for
    (niger,) = held.events("NER", date(2016, 11, 29), date(2026, 11, 29))
    assert (niger.date, niger.event) == ("2023-07-26", "coup")
    assert held.events("NER", date(2016, 1, 1), date(2023, 7, 25)) == ()
    assert held.events("KOR", date(2020, 1, 1), date(2026, 1, 1)) == ()  # the attempt of 2024 failed


# In a run, on a page


@pytest.fixture(scope="module")
def now():
    return run.run(as_of=date(2026, 11, 29), draws=0)


def test_a_status_is_told_at_the_day_and_ages_with_its_list(now):
    own = now.cells
    assert set(STATUSES[:1]) | {"un.ati_law", "lists.ogp_member", "lists.eiti_member"} == now.panel.statuses
    assert own.value.at["TUN", "un.uncac_party"] == 1
    assert (own.year.at["TUN", "un.uncac_party"], own.age.at["TUN", "un.uncac_party"]) == (2024, 2)
    assert own.mark.at["TUN", "un.uncac_party"] == "list to 2024-08-31"
    assert (own.value["un.uncac_party"] == 1).sum() > 110 and (own.value["un.ati_law"] == 1).sum() > 70
    assert not (own.value[list(now.panel.statuses)] == 0).to_numpy().any()
    assert not own.absent & now.panel.statuses and not {s.id for s in own.revised} & {s.id for s in NEW}
    assert not any("un-uncac" in note or "un-laws" in note for note in now.notes)


def test_what_a_page_says_of_a_status(now):
    facts, then = Facts.of(now), Facts.of(run.run(as_of=date(2013, 7, 1), draws=0))
    assert told(facts, "TUN", "un.uncac_party") == "party since 23 September 2008 (list to August 2024)"
    assert told(facts, "BTN", "un.uncac_party") == "party since 21 September 2016 (list to August 2024)"
    assert told(facts, "SUR", "un.uncac_party") == "unknown: the list ends in August 2024"
    assert told(facts, "MWI", "un.ati_law") == "law in place since 2017 (list to 2020)"
    assert told(facts, "DZA", "un.ati_law") == "unknown: the list ends in 2020"
    assert told(facts, "TUN", "vdem.polyarchy") is None
    assert told(then, "TUN", "un.uncac_party") == "party since 23 September 2008"
    assert told(then, "TCD", "un.uncac_party") == "not a party on 1 July 2013"
    assert told(then, "DZA", "un.ati_law") == "unknown: the list is not complete"
    assert told(then, "RWA", "un.ati_law") == "unknown: law adopted in 2013, on a day not known"
    for iso3 in now.screening.status.index:
        for series in now.panel.statuses:
            assert not told(facts, iso3, series).startswith("no data")


def test_explain_shows_the_event_its_source_and_the_reach_of_the_list(now):
    text = " ".join(explain.indicator(now, "BTN", "un.uncac_party").split())
    for words in (
        "value party since 21 September 2016 (list to August 2024)",
        "event party on 21 September 2016, ratification; https://dorjikhandu.com/",
        "list goes to 2024-08; complete to 2014-04-02: after that a missing row is unknown",
        "compiled un-uncac-2024-08/events.csv sha256 ",
        "row un-uncac-2024-08/events.csv, line ",
    ):
        assert words in text
    unknown = " ".join(explain.indicator(now, "SUR", "un.uncac_party").split())
    assert "value unknown: the list ends in August 2024" in unknown and " event " not in unknown


def test_explain_tells_what_happened_in_the_ten_years_before(now):
    assert "26 July 2023: Power was seized (coup). Source: http" in " ".join(
        explain.country(now, "NER").split()
    )
    early = run.run(as_of=date(2016, 7, 1), draws=0)
    assert "Power was seized" not in explain.country(early, "TUN")
    assert "26 July 2023" not in " ".join(explain.country(early, "NER").split())


DISPUTED = [
    ("UKR", date(2014, 3, 22), "22 February 2014"),
    ("ARM", date(2018, 5, 23), "23 April 2018"),
    ("MDV", date(2012, 3, 7), "7 February 2012"),
    ("PHL", date(2001, 2, 20), "20 January 2001"),
]


def test_the_disputed_events_are_those_tested_here():
    rows = [e for e in real("lists.power_seized").events if e.event == dated.DISPUTED]
    assert sorted(e.iso3 for e in rows) == sorted(iso3 for iso3, _, _ in DISPUTED)
    assert all(len(e.sources) > 1 and "(a coup)" in e.sources[0] for e in rows)


@pytest.mark.parametrize("iso3, day, when", DISPUTED)
def test_a_disputed_event_is_shown_with_both_sides_and_holds_nobody(iso3, day, when):
    """A month later it is told with every source, it is no seizure, and the country's status is that of its figures."""
    result = run.run(as_of=day, draws=2)
    (event,) = (e for e in real("lists.power_seized").events if (e.iso3, e.event) == (iso3, dated.DISPUTED))
    text = " ".join(explain.country(result, iso3).split())
    assert f"{when}: Whether power was seized is disputed." in text
    assert all(" ".join(source.split()) in text for source in event.sources)
    assert "It puts nobody on hold." in text
    assert iso3 not in result.hold and result.screening.status[iso3] != "on-hold"
    assert not any(countries.register().name(iso3) in note for note in result.notes if "hold" in note.lower())
    pairs = (str(pair.words) for pair in turns.happened(Facts.of(result), iso3))
    (card,) = (pair for pair in pairs if "disputed" in pair)
    assert all(turns.host(source) in card for source in event.sources) and "nobody on hold" in card


def test_criteria_that_name_the_kind_hold_by_it_and_say_so():
    policy, figures = run.ready("peacetime-pilots")
    kinds = (*policy.hold.kinds, dated.DISPUTED)
    policy = replace(policy, hold=replace(policy.hold, kinds=kinds), uncertainty=Uncertainty(draws=0))
    result = run.judge(policy, figures, date(2014, 3, 22))
    assert result.hold["UKR"].event.event == dated.DISPUTED
    text = " ".join(explain.country(result, "UKR").split())
    assert "It puts nobody on hold." not in text and "is disputed" in text


def test_a_disputed_row_names_more_than_one_source(tmp_path):
    folder = tmp_path / "lists-power-2026-02"
    folder.mkdir()
    row = "UKR,2014-02-22,disputed,https://example.org/one,"
    (folder / "events.csv").write_text(f"iso3,date,event,source,note\n{row}\n", encoding="utf-8")
    with pytest.raises(DataError, match="must name both sides of what is disputed"):
        build.import_release([folder / "events.csv"], tmp_path / "to")


def test_json_says_how_old_the_list_is(now):
    (tunisia,) = (c for c in tables.document(now)["countries"] if c["iso3"] == "TUN")
    cell = tunisia["axes"]["commitments"]["un.uncac_party"]
    assert cell == {
        "value": 1.0, "sd": None, "sd_kind": "none", "year": 2024, "age": 2,
        "source": "un-uncac-2024-08", "filled": "list to 2024-08-31",
    }  # fmt: skip


def test_commitments_are_counted_a_second_time_from_the_rows_of_the_lists(now):
    """Found is whose newest row by the day begins the status; two of four confirm, and silence is never a no."""
    (axis,) = (a for a in now.criteria.axes if a.confirmed)
    rows = {c["iso3"]: c for c in tables.document(now)["countries"]}
    by_number = set()
    for iso3, row in rows.items():
        told, found = row["confirmed"][axis.id], []
        for indicator in axis.indicators:
            listed = now.panel.dated[indicator]
            own = [e for e in listed.events if e.iso3 == iso3 and e.last <= now.as_of]
            own = [
                e.event
                for e in sorted(own, key=lambda e: e.last)
                if e.event in listed.rule.begins + listed.rule.ends
            ]
            if own and own[-1] in listed.rule.begins:
                found.append(indicator)
        assert told == {"found": found, "at_least": 2, "confirmed": len(found) >= 2}, iso3
        by_number.add(len(found))
    assert by_number == {0, 1, 2, 3, 4}
    assert "confirmed" not in tables.document(run.run("hdi", draws=1))["countries"][0]


BOUND = """gates:
  bound:
    title: Bound by treaties
    question: Is it bound?
    cites: {where: Choosing partners, quote: political leaders committed}
    all:
      - un.uncac_party: {in: [party], basis: Made up}
      - any:
          - un.rome_statute_party: {at_least: 1, basis: Made up}
          - lists.ogp_member: {at_least: 1, basis: Made up}
"""


def test_statuses_judge_and_their_pages_are_proved(tmp_path):
    own = (shipped("criteria") / "peacetime-pilots.yaml").read_text(encoding="utf-8")
    own = (
        own[: own.index("\ncases:") + 1]
        .replace("gates:\n", BOUND, 1)
        .replace("id: peacetime-pilots\n", "id: bound\n", 1)
    )
    own = own.replace(
        "[un.uncac_party, un.ati_law]", "[un.uncac_party, un.ati_law, lists.mcc_compact, un.untoc_party]"
    )
    path = tmp_path / "bound.yaml"
    path.write_text(own, encoding="utf-8")
    result = run.run(str(path), as_of=date(2025, 3, 31), draws=100)
    words = result.screening.gate["bound"]
    assert words["TUN"] == "pass" and words["AGO"] == "unknown"  # no row on either of two is no no
    assert "fail" not in set(words)  # at this date neither list can say no, and the third never does
    assert audit_truth.faults(*audit_truth.made(result)) == []


def test_the_tables_of_events_are_read_by_anybody():
    for source in NEW:
        with (source.path / "events.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert tuple(rows[0]) == dated.COLUMNS and rows == sorted(rows, key=lambda row: row["iso3"])
