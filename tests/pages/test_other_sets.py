"""Sets of other shapes than the default: what they have not is not spoken of, and what pages say to type can be typed."""

from __future__ import annotations

import html
import re
import shlex
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from eligibility.analysis.compare import comparison
from eligibility.cli import commands as cli
from eligibility.method import run
from eligibility.method.result import Result
from eligibility.pages import reckoning
from eligibility.pages.facts import Facts
from eligibility.present import moves, report, tables, traced
from eligibility.present.spreadsheet import source_sheets
from eligibility.workbench import page as workbench

HEAD = """\
id: {id}
title: A set of our own
version: "1.0"
source: {{title: A memo}}
pool: {{wb.income_class: {{in: [L, LM, UM]}}}}
ages: {{max_age: 3, basis: As elsewhere}}
"""
GATE = """\
gates:
  one:
    title: One thing
    cites: {{where: page 1}}
    {test}
"""
SCORE = """\
score:
  aggregation: arithmetic
  weights: equal
  basis: A guess
  pillars:
    voice:
      title: Voice
      aggregation: arithmetic
      indicators:
        wgi.political_stability: {weight: 1, scale: {z: pool}}
"""
SHORT = "shortlist: {size: 3, basis: Three visits}\n"
SETS = {
    "one-gate": GATE.format(test="vdem.regime: {at_least: 2, basis: The line}"),
    "index": SCORE + SHORT,
    "nobody": GATE.format(test="vdem.polyarchy: {at_least: 0.999, basis: Too much}") + SCORE + SHORT,
}


def text(name: str) -> str:
    return HEAD.format(id=name) + SETS[name]


@cache
def result(name: str, folder: Path) -> Result:
    path = folder / f"{name}.yaml"
    path.write_text(text(name), encoding="utf-8")
    return run.run(path, as_of=date(2026, 3, 17), draws=200)


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sets")
    return cache(lambda name: Facts.of(result(name, folder)))


def plain(page: bytes) -> str:
    bare = re.sub(r"<(style|script|title)[^>]*>.*?</\1>", " ", page.decode(), flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", bare)).split())


@pytest.fixture(scope="module")
def pages(facts):
    """Name of a set -> its briefing and the card of Ghana, as text."""
    made = cache(lambda name: report.content(facts(name).result, ("GHA",)))
    return lambda name: tuple(plain(made(name)[path]) for path in ("briefing.html", "countries/GHA.html"))


def test_the_command_of_a_page_makes_the_run_again(facts, tmp_path, monkeypatch):
    """From the folder of the run, where the copy of the criteria lies: the id of a file of one's own names nothing."""
    own = facts("one-gate").result
    made = report.content(own, ("GHA",))
    (tmp_path / "criteria.yaml").write_bytes(made["criteria.yaml"])
    monkeypatch.chdir(tmp_path)
    command = re.search(r"eligibility report \S+ --as-of \S+", plain(made["briefing.html"]))
    assert command and command[0] in plain(made["countries/GHA.html"])
    words = shlex.split(command[0])[1:]
    with pytest.raises(SystemExit) as left:
        cli.main(["screen", *words[1:], "--draws", "20", "--out", "again.txt"])
    assert left.value.code == 0 and "one-gate 1.0" in (tmp_path / "again.txt").read_text(encoding="utf-8")


def test_the_workbench_names_a_file_of_ones_own_by_no_id_and_asks_for_no_rank_that_is_none(facts):
    text = plain(workbench.page(facts("one-gate").result))
    assert "eligibility explain COUNTRY status --criteria FILE --as-of 2026-03-17" in text
    assert "COUNTRY rank --criteria FILE" in plain(workbench.page(facts("nobody").result))


def test_a_set_without_a_score_has_no_rank_to_tell_of(facts, pages, tmp_path):
    own = facts("one-gate")
    _, ghana = pages("one-gate")
    assert "rank" not in ghana.lower() and "Chance it qualifies" in ghana
    assert "the score" not in ghana and "Every figure with its source" in ghana
    asked = traced.facts_of(own, "GHA")
    assert not {"rank", "rank_low", "score", "p_top"} & asked.keys() and "p_eligible" in asked
    assert {"rank", "rank_low", "score", "p_top"} <= traced.facts_of(facts("nobody"), "GHA").keys()
    path = tmp_path / "own.yaml"
    path.write_text(text("one-gate"), encoding="utf-8")
    same = comparison.compare(str(path), str(path), as_of=own.result.as_of, draws=2)
    assert "rank" not in moves.text(same)


def test_one_figure_alone_is_not_several_together(facts):
    """A class has an error of its own and is no figure with a margin; what may exclude by it is still one figure."""
    own = facts("one-gate")
    told = [
        reckoning.pairs(own, (c,))[c][1]
        for c in own.pool
        if 0 < own.p_eligible[c] < 0.95 and own.status[c] == "eligible"
    ]
    assert len(told) > 5 and not [said.plain for said in told if "several" in said.plain]
    assert {said.facts["what"].phrase for said in told} == {"but.gate.one"}


def test_the_next_steps_stand_in_the_order_of_their_days(pages):
    """Figures due on 1 April come after the review of 17 March."""
    briefing, _ = pages("one-gate")
    assert briefing.index("Yearly review") < briefing.index("figures that are due: V-Dem for 2026")


def test_where_nobody_is_ranked_no_table_speaks_of_an_order(pages):
    briefing, _ = pages("nobody")
    assert "Ranked candidates in order of score" not in briefing and "Annex A. All 130 candidates" in briefing


def test_an_index_has_chances_in_no_table(facts, pages):
    """Its figures have errors, and ranks their ranges; that a country qualifies is no question."""
    briefing, _ = pages("index")
    assert "chance" not in briefing.lower() and re.search(r"\( ?1 to", briefing)
    about = dict(source_sheets.notes(facts("index"), tables.document(facts("index").result), ()).rows)
    assert about["Ranked"] == "130" and not {"Qualifies", "On hold", "Does not qualify"} & about.keys()


def test_a_minus_in_a_unit_is_one(pages):
    """Of a figure without plain words for its ends the unit stands over its line."""
    _, ghana = pages("index")
    assert "about −2.5 to 2.5" in ghana and "-2.5" not in ghana
    assert "median of the candidates" in ghana and "peers" not in ghana
