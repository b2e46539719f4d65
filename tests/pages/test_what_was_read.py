"""The first lines of every page and of every command that prints verdicts say which years were read, and who is behind."""

from __future__ import annotations

import html
import re
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from eligibility.analysis import cases, record
from eligibility.cli import commands as cli
from eligibility.method import run, vintages
from eligibility.method.result import Result
from eligibility.pilots import precedents
from eligibility.present import dossiers

DAY = date(2025, 12, 1)  # V-Dem's figures for 2024 are read, and the WGI for 2024 is out and not held
PILOT = "pilots:\n  - country: TZA\n    body: {kind: vetting-panel}\n    stage: talks\n"


@pytest.fixture(scope="module")
def result() -> Result:
    return run.run("peacetime-pilots", DAY, draws=0)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> dict[str, str]:
    """File name -> the words of each page that a run and the workbench write."""
    folder = tmp_path_factory.mktemp("run")
    (folder / "pilots.yaml").write_text(PILOT, encoding="utf-8")
    day, shell = DAY.isoformat(), CliRunner()
    asked = ["--as-of", day, "--only", "TZA", "--pilots", str(folder / "pilots.yaml"), "--out", str(folder)]
    assert shell.invoke(cli.shell, ["report", *asked]).exit_code == 0
    out = str(folder / "workbench.html")
    assert shell.invoke(cli.shell, ["workbench", "--as-of", day, "--out", out]).exit_code == 0
    return {path.stem: words(path) for path in folder.rglob("*.html")}


def words(path: Path) -> str:
    """What stands on a page, from its top."""
    body = path.read_text(encoding="utf-8").partition("<body")[2].partition(">")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


PAGES = ["index", "briefing", "audit", "TZA", "TZA-vetting-panel", "workbench"]


@pytest.mark.parametrize("name", PAGES)
def test_the_first_lines_of_a_page_say_what_was_read(made, result, name):
    assert sorted(made) == sorted(PAGES)
    top = made[name][:600]
    assert len(result.read.years) == 4 and result.read.behind
    for source, years in result.read.years.items():
        assert re.search(rf"\b{source} {', '.join(map(str, years[:-1]))}( and )?{years[-1]}\b", top), top
    late = list(dict.fromkeys(source for source, *_ in result.read.behind))
    assert len(late) == 2 < len(result.read.years)
    assert (
        result.reading if name == "workbench" else f"newer figures of {' and '.join(late)} are out"
    ) in top


def test_an_output_of_several_dates_says_what_was_read_at_both_ends():
    days = {date(2000 + y, 7, 1): f"{vintages.READING}{y}." for y in (3, 1, 2)}
    assert vintages.at_both_ends(days) == (
        f"2001-07-01: {vintages.READING}1.", f"2003-07-01: {vintages.READING}3."
    )  # fmt: skip
    assert vintages.at_both_ends({DAY: "a"}) == (f"{DAY}: a",)
    assert vintages.at_both_ends({}) == ()


def test_cases_say_what_was_read_for_them():
    found = cases.cases("mcc-scorecard-2008")
    (day,) = {outcome.case.as_of for outcome in found}
    assert cases.readings(found) == (f"{day}: {run.run('mcc-scorecard-2008', day, draws=0).reading}",)
    assert cases.readings(cases.cases("hdi")) == (f"{vintages.READING}HDI 1990 to 2023.",)


def test_past_bodies_begin_with_what_was_read(monkeypatch):
    some = [body for body in precedents.bodies() if body.short in ("CICIG", "Special Panels", "MACCIH")]
    monkeypatch.setattr(precedents, "bodies", lambda: some)
    days = sorted(body.first for body in some)
    first, last = (run.run("peacetime-pilots", day, draws=0).reading for day in (days[0], days[-1]))
    told = dossiers.history("peacetime-pilots")
    assert told.startswith(f"{days[0]}: {first}\n\n{days[-1]}: {last}\n\n| Body |")
    assert "Conditions that were there: one body." in dossiers._summary([(some[0], "pass")])


def test_each_cohort_knows_what_it_was_chosen_on():
    """Also where the whole record is of a result's day."""
    past = record.known(run.run("peacetime-pilots", date(2010, 7, 1), draws=0))
    ends = (past.cohorts[0], past.cohorts[-1])
    assert past.reading == tuple(f"{cohort.as_of}: {cohort.reading}" for cohort in ends)
    assert all(f"V-Dem {cohort.year}" in cohort.reading for cohort in past.cohorts)
