"""`report --also`: what other criteria sets say of the same countries, beside the verdict and never in it."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import date
from pathlib import Path

import made_up
import pytest
import test_sheets_are_true as sheets

from eligibility.analysis.compare import others as asking
from eligibility.analysis.compare import since
from eligibility.analysis.compare.since import NOTHING
from eligibility.errors import UsageError
from eligibility.method import run
from eligibility.method.result import Result
from eligibility.pages import also
from eligibility.pages.blocks import sentences
from eligibility.pages.facts import Facts
from eligibility.present import report

INSIDE = ("eligible", "conditional")


def judged(own: Result, name: str, **parts) -> Result:
    """Another set on the same figures."""
    policy = replace(own.criteria, id=name, title=f"Set {name}", sha256=name[0] * 64, **parts)
    return run.judge(policy, own.panel, own.as_of)


@pytest.fixture
def own(invented) -> Result:
    return made_up.make()


@pytest.fixture
def sets(own) -> tuple[Result, ...]:
    """A looser set, a set of other candidates, an index, and a set without a score."""
    gates, poorer = own.criteria.gates, replace(own.criteria.pool, threshold=1945.0)
    return (
        judged(own, "looser", gates=gates[:1], tracks=()),
        judged(own, "poorer", pool=poorer),
        judged(own, "zindex", gates=(), tracks=(), shortlist=0),
        judged(own, "unscored", score=None),
    )


def test_each_row_says_what_that_set_says(own, sets):
    facts = Facts.of(own, others=sets)
    seen = set()
    for iso3 in facts.pool:
        for other, row in zip(sets, also.of_country(facts, iso3).rows, strict=True):
            status = other.screening.status.get(iso3)
            seen.add(status)
            title, mark, *rest = row.cells
            assert str(title.words) == other.criteria.title and str(title.below) == f"{other.criteria.id} 0.1"
            if status is None:
                assert mark.words.phrase == "status.outside" and not rest
                continue
            word = "ranked" if other.criteria.index and status == "eligible" else status
            assert mark.words.phrase == f"status.{word}"
            p = other.firmness.p_eligible.get(iso3, math.nan)
            told = not other.criteria.index and not math.isnan(p)
            assert (rest[0].words.facts["p"] == p) if told else rest[0].words == ""
            rank = other.ranking.rank.get(iso3, math.nan) if other.scores else math.nan
            assert math.isnan(rank) or rest[1].words.facts["rank"] == rank
    assert seen >= {"eligible", "excluded", "insufficient-data", None}


def test_the_board_reads_what_each_set_says_of_the_countries_recommended(own, sets):
    facts = Facts.of(own, others=sets)
    table = also.of_list(facts)
    assert [str(c.head) for c in table.columns[1:]] == [s.criteria.title for s in sets]
    for c, row in zip(own.ranking.shortlist, table.rows, strict=True):
        assert row.cells[0].words == facts.names[c]
        for other, cell in zip(sets, row.cells[1:], strict=True):
            status, p = other.screening.status.get(c), other.firmness.p_eligible.get(c, math.nan)
            said = cell.words
            if said.phrase == "others.verdict":
                assert said.facts["p"].facts["p"] == p
                said = said.facts["word"]
            word = "ranked" if other.criteria.index and status == "eligible" else status
            assert said.phrase == ("status.outside" if status is None else f"status.{word}")


def test_numbers_of_other_sets_are_asked_for_with_their_criteria(own, sets):
    facts = Facts.of(own, others=sets)
    for x in (facts.others[0].p_eligible, facts.others[0].rank):
        assert all(value.at.endswith(f" --criteria {sets[0].criteria.id}") for value in x.values())


def test_a_report_shows_them_seals_them_and_changes_nothing_else(own, sets):
    bare, told = report.content(own), report.content(own, others=sets)
    top = own.ranking.shortlist[0]
    page = told[f"countries/{top}.html"].decode()
    assert "Under other criteria" in page and "Set poorer" in page
    assert b"Under other criteria" not in bare[f"countries/{top}.html"]
    seal = json.loads(told["manifest.json"])
    assert [s["criteria"]["id"] for s in seal["also"]] == ["looser", "poorer", "zindex", "unscored"]
    assert seal["also"][0]["sources"] and seal["command"].endswith(
        "--also also/1-looser.yaml --also also/2-poorer.yaml --also also/3-zindex.yaml --also also/4-unscored.yaml"
    )
    assert (
        told["also/2-poorer.yaml"] == sets[1].criteria.text.encode() and "also/2-poorer.yaml" in seal["files"]
    )
    assert b'href="also/2-poorer.yaml"' in told["index.html"]
    assert json.loads(bare["manifest.json"])["also"] == []
    for same in ("result.json", "ranking.csv", "criteria.yaml"):
        assert bare[same] == told[same]
    assert "Also judged by" in told["briefing.html"].decode()


def test_every_sentence_on_them_is_proved(own, sets):
    truth, pages = sheets.made(own, everybody=True, since=NOTHING, others=sets)
    assert sheets.faults(truth, pages) == []
    said = {said.phrase for page in pages.values() for said in sentences(page.more)}
    assert {"others.verdict", "others.version", "status.outside"} <= said


def test_names_of_other_sets_are_text(own):
    hostile = judged(own, "hostile")
    hostile = replace(
        hostile, criteria=replace(hostile.criteria, title="<b>x</b>{{ 7 * 7 }}", version="<i>1</i>")
    )
    told = report.content(own, others=(hostile,))
    for name in ("briefing.html", f"countries/{own.ranking.shortlist[0]}.html"):
        assert b"&lt;b&gt;x&lt;/b&gt;{{ 7 * 7 }}" in told[name] and b"<b>x" not in told[name]


# As a user names them, on shipped figures -----------------------------------------------------------------


@pytest.fixture(scope="module")
def result():
    return run.run(as_of=date(2016, 7, 1), draws=2)


def test_a_set_is_judged_on_the_day_of_the_run(result):
    (other,) = asking.judged(result, ["mcc-hurdles"])
    assert other.as_of == result.as_of and other.criteria.id == "mcc-hurdles"


@pytest.mark.parametrize(
    "refs, message",
    [
        (["nothing"], "--also nothing: criteria: must be a shipped id or a .yaml file (got nothing)"),
        (["peacetime-pilots"], "--also: criteria: must be another set than the run's own and the rest (got peacetime-pilots)"),
        (["hdi", "hdi"], "--also: criteria: must be another set than the run's own and the rest (got hdi)"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(result, refs, message):
    with pytest.raises(UsageError) as refused:
        asking.judged(result, refs)
    assert message in str(refused.value)


def test_a_set_that_cannot_be_judged_on_that_day_is_named(result):
    with pytest.raises(UsageError) as refused:
        asking.judged(replace(result, as_of=date(2025, 3, 31)), ["cpia"])
    assert str(refused.value).startswith("--also cpia: pool: no country can be judged at this date")


def test_the_command_on_the_page_makes_the_run_again_where_its_files_lie(result, tmp_path, monkeypatch):
    first = report.write(
        result, tmp_path / "a", ("TUN",), since=since.NOTHING, others=asking.judged(result, ["mcc-hurdles"])
    )
    monkeypatch.chdir(first.path)
    again = report.write(
        result,
        tmp_path / "b",
        ("TUN",),
        since=since.NOTHING,
        others=asking.judged(result, ["also/1-mcc-hurdles.yaml"]),
    )
    files = sorted(p.relative_to(first.path) for p in first.path.rglob("*") if p.is_file())
    assert Path("also/1-mcc-hurdles.yaml") in files
    assert all((first.path / p).read_bytes() == (again.path / p).read_bytes() for p in files)
