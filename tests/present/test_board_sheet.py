"""The first sheet of ranking.xlsx: what a board prints says what the pages say, and no more than two pages of it."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from functools import cache

import made_up
import pytest
import worlds

from eligibility.method import run
from eligibility.pages import agenda, brief, reckoning
from eligibility.pages.facts import Facts
from eligibility.pages.phrases import PHRASES
from eligibility.pages.wording import capital, percent
from eligibility.present import report, spreadsheet, tables
from eligibility.present.spreadsheet import board, heads
from eligibility.present.workbook import Cell, Line, tall

openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed (make test installs it)")

EVERY = [*worlds.SHIPPED, "gates without a kind", "on paper since"]
STATUS = {  # WORDS: how a status is said
    "eligible": "Qualifies",
    "conditional": "Qualifies on condition",
    "qualified": "Meets the requirements, but is not of an ideal kind",
    "on-hold": "On hold",
    "excluded": "Does not qualify",
    "insufficient-data": "Cannot be judged",
}


@cache
def facts(name: str) -> Facts:
    if name == "gates without a kind":
        return Facts.of(run.run("mcc-hurdles", as_of=date(2024, 11, 1), draws=200))
    if name == "on paper since":
        return Facts.of(run.run("peacetime-pilots-full", as_of=date(2024, 11, 1), draws=200))
    return Facts.of(worlds.SHIPPED[name]())


def rows(own: Facts) -> list[dict]:
    """The rows of countries, by heading: those of the list, then the near misses."""
    sheet = board.sheet(own)
    names = [field.name for field in sheet.fields]
    return [dict(zip(names, row, strict=True)) for row in sheet.rows if not isinstance(row, Line)]


def lines(own: Facts) -> list[str]:
    sheet = board.sheet(own)
    return [row.text for row in (*sheet.above, *sheet.rows) if isinstance(row, Line)]


def split(own: Facts) -> tuple[list[dict], list[dict]]:
    """The list and the near misses."""
    told, near = rows(own), []
    if not own.criteria.index and own.error_known:
        n = min(len(own.result.near_misses), agenda.MOST) or len(agenda.nearest(own))
        told, near = told[: len(told) - n], told[len(told) - n :]
    return told, near


def shown(cell: object) -> str:
    """A chance as its cell shows it: a number, or a range in words."""
    if isinstance(cell, str):
        return cell
    assert isinstance(cell, Cell)
    if cell.kind == "nearly":
        return "<1%" if cell.value <= 0.005 else ">99%" if cell.value >= 0.995 else f"{100 * cell.value:.0f}%"
    word, decimals = cell.kind.split()
    assert word == "percent"
    return f"{100 * cell.value:.{decimals}f}%"


@pytest.mark.parametrize("name", EVERY)
def test_the_sheet_says_what_the_briefing_says(name):
    own = facts(name)
    said = lines(own)
    assert said[0] == brief.title(own).plain
    assert said[1] == " · ".join(s.plain for s in brief.page(own, frozenset(), "x").kicker)
    assert said[2] == " ".join(s.plain for s in brief.page(own, frozenset(), "x").lead)


@pytest.mark.parametrize("name", EVERY)
def test_every_ranked_country_has_its_row_or_is_counted(name):
    own = facts(name)
    told, near = split(own)
    if own.criteria.score:
        wanted = [own.names[c] for c in own.result.ranking.order if own.ranked(c)]
    else:
        inside = [c for c in own.pool if own.status[c] in ("eligible", "conditional")]
        wanted = sorted((own.names[c] for c in inside), key=str.casefold)
    got = [row["Country"] for row in told]
    assert got == wanted[: len(got)] and len(got) >= min(len(wanted), 8)
    left = len(wanted) - len(got) or len(own.result.near_misses) > agenda.MOST
    more = [line for line in lines(own) if "on the sheet “All candidates”" in line]
    assert bool(left) == any("more" in line.split("on the")[0] for line in more)
    close = own.result.near_misses[: agenda.MOST] or agenda.nearest(own)
    assert [row["Country"] for row in near] == [own.names[c] for c in close]


@pytest.mark.parametrize("name", EVERY)
def test_every_number_is_that_of_the_result(name):
    own = facts(name)
    by_name = {own.names[c]: c for c in own.pool}
    told, near = split(own)
    for row in (*told, *near):
        c = by_name[row["Country"]]
        if not own.criteria.index:
            assert row["Verdict"] == STATUS[own.status[c]]
        if "Chance it qualifies" in row:
            low, high = own.p_eligible[c], own.p_most[c]
            wide = f"{percent(low)} to {percent(high)}" if high - low >= 0.005 else percent(low)
            assert shown(row["Chance it qualifies"]) == wide
        for heading in row:
            if heading.startswith("Chance among"):
                assert shown(row[heading]) == percent(own.p_top[c])
    for row in told:
        c = by_name[row["Country"]]
        if own.criteria.score:
            assert (row["Place"], row["Score (0–1)"]) == (own.rank[c], own.score[c])
        if (said := row.get("Place, 90% range")) is not None:
            low, high = own.rank_low[c], own.rank_high[c]
            assert said.startswith(f"{low:.0f} to {high:.0f}" if low != high else f"{low:.0f}")
            rarely = not own.criteria.index and own.p_eligible[c] < 0.9
            assert ("ranked in" in said) == rarely
            assert not rarely or said.endswith(f"; ranked in {percent(own.p_eligible[c])}")
    for row in near:
        assert row.get("Place") is row.get("Score (0–1)") is None  # who does not qualify is never ranked


def test_because_and_but_are_those_of_the_briefing():
    own = facts("default newest")
    listed = own.result.ranking.shortlist
    told, near = split(own)
    pairs = reckoning.pairs(own, tuple(listed))
    for c, row in zip(listed, told, strict=False):
        because, but = pairs[c]
        assert because.plain == f"Because {row['Because'][0].lower()}{row['Because'][1:]}."
        assert but.plain.casefold() == f"But {row['But']}.".casefold()
    assert all(row["Because"] and row["But"] for row in told)
    missed = [agenda.missed(own, c).plain for c in own.result.near_misses[: len(near)]]
    assert [row["But"] for row in near] == missed
    assert any(row["Because"].startswith("Short by ") for row in near)


@pytest.mark.parametrize("name", EVERY)
def test_the_rows_fit_on_two_pages(name):
    sheet = board.sheet(facts(name))
    high = sum(tall(row, sheet.fields) for row in (*sheet.above, *sheet.rows))
    width = sum(field.width for field in sheet.fields)
    assert high <= board.ROOM * max(1, width / board.FULL) + 20  # the line that counts the rest
    assert 60 < width < 190  # legible where it is fitted to a page


def test_where_more_are_ranked_than_two_pages_hold_the_rest_is_counted():
    own = facts("index")
    ranked = sum(1 for c in own.pool if own.ranked(c))
    assert f"{ranked - len(rows(own))} more countries are on the sheet “All candidates”." in lines(own)


def test_every_status_there_is_has_its_words():
    assert {f"status.{word}" for word in tables.STATUS} <= set(PHRASES)
    assert all(PHRASES[f"status.{word}"] == said for word, said in STATUS.items())
    assert set(tables.STATUS) <= set(STATUS)


def test_what_the_board_recorded_stands_below(invented):
    result = made_up.make()
    assert not any("Recorded by the board" in line for line in lines(Facts.of(result)))
    own = Facts.of(worlds.decided(result))
    told = [line for line in lines(own) if line.startswith("Recorded by the board")]
    assert len(told) == 2 and all("The elections were put off." in line for line in told)
    assert rows(own) == rows(Facts.of(result))  # and changes no row


@pytest.mark.parametrize("name", EVERY)
def test_no_sheet_for_people_has_a_machine_name(name):
    own = facts(name)
    proof = report.reproduce(own.result, "eligibility report made-up")
    data = spreadsheet.book(own, tables.document(own.result), proof)
    ids = {*own.used, "p_eligible", "rank_low", "p_top", "p_pass", "peer_group", "insufficient-data"}
    for sheet in openpyxl.load_workbook(io.BytesIO(data)):
        if sheet.title.startswith("data") or sheet.title == "Notes":  # whose command and notes name files
            continue
        found = {str(c.value) for row in sheet.iter_rows() for c in row if c.value is not None}
        named = [said for said in found if ids & set(said.replace(",", " ").replace(";", " ").split())]
        assert not named, sheet.title


def test_several_facts_in_a_cell_have_a_line_each():
    assert heads.lines(["a", "b", "a"]) == "A\nB"
    assert heads.lines(list("abcd")) == "A\nB\nC\nD"
    assert heads.lines(list("abcdef")) == "A\nB\nC\nAnd 3 more"


def test_an_index_shows_the_parts_of_its_score():
    own = facts("index")
    (first, *_), titles = rows(own), [p.title for p in own.pillars]
    c = own.result.ranking.order[0]
    parts = [own.pillar[c][p.id] for p in own.pillars]
    assert [first[capital(t)] for t in titles[: board.PARTS]] == parts[: board.PARTS]


def test_a_list_of_one_and_no_list_at_all_are_called_what_they_are():
    own, one = facts("default newest"), facts("default newest").result.ranking.shortlist[:1]
    assert board._block(own, 0, tuple(one)).endswith(": the one with the highest score")
    assert board._block(own, 0, ()) == "" and board._block(own, 1, tuple(one)) == "Also ranked"


def test_a_set_without_a_shortlist_has_no_chance_among_the_best():
    result = facts("gates only").result
    plain = replace(result, criteria=replace(result.criteria, shortlist=0))
    assert not [f for f in board.sheet(Facts.of(plain)).fields if "among" in f.name]


@pytest.mark.parametrize("name", list(worlds.MADE))
def test_criteria_of_every_shape_have_a_workbook(name, invented):
    own = Facts.of(worlds.MADE[name]())
    proof = report.reproduce(own.result, "eligibility report made-up")
    made = openpyxl.load_workbook(io.BytesIO(spreadsheet.book(own, tables.document(own.result), proof)))
    assert made.sheetnames[0] == board.NAME and made.sheetnames[-2:] == ["data", "data columns"]
    assert len(made["All candidates"]["A"]) == 1 + len(own.pool)
    if own.criteria.score:
        ranked = [own.names[c] for c in own.result.ranking.order if own.ranked(c)]
        assert [row["Country"] for row in split(own)[0]] == ranked[: len(split(own)[0])]
