"""Pilots of the register beside the document: each line, the dossier, the commands, the seal. All of them invented."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date
from functools import cache

import pytest
from click.testing import CliRunner
from places import SHARED
from pydantic import TypeAdapter
from test_pilots_register import INVENTED

from eligibility import contract
from eligibility.analysis.compare.since import NOTHING
from eligibility.cli import commands as cli
from eligibility.files import seal, strict_yaml
from eligibility.method import run
from eligibility.pages import card, dossier, print_pdf
from eligibility.pages.blocks import sentences
from eligibility.pages.facts import Facts
from eligibility.pages.phrases import PHRASES
from eligibility.pilots import register
from eligibility.pilots.lines import ASKED, held
from eligibility.present import ranked, report, tables

DAY = date(2026, 3, 31)
needs_browser = pytest.mark.skipif(
    print_pdf.browser() is None, reason="no browser to print with is on this machine"
)
HEAD = (
    "pilots:\n  - country: TZA\n    body: {kind: vetting-panel}\n    stage: running\n    begins: 2026-01-01\n"
)


def pilot(more: str = "", text: str = HEAD) -> register.Pilot:
    (one,) = register.of(strict_yaml.parse(text + more))
    return one


def answer(line: str, more: str) -> str:
    return {one.line: one.answer for one in held(pilot(more))}[line]


@pytest.mark.parametrize(
    "line, more, due",
    [
        ("money", "", "open"),
        ("money", "    money: {from: [EU]}", "open"),
        ("money", "    money: {host_percent: 0}", "met"),
        ("money", "    money: {host_percent: 0.5}", "against"),
        ("evidence", "    evidence: {may_summon: true}", "open"),
        ("evidence", "    evidence: {may_summon: true, may_be_refused_by: nobody}", "met"),
        ("evidence", "    evidence: {may_summon: true, may_be_refused_by: the army}", "against"),
        ("evidence", "    evidence: {may_summon: false}", "against"),
        ("evidence", "    evidence: {may_be_refused_by: nobody}", "open"),
        ("mandate", "    mandate: {reform: true}", "open"),
        ("mandate", "    mandate: {networks: true}", "met"),
        ("mandate", "    mandate: {networks: false}", "against"),
        ("reform", "    mandate: {reform: false}", "against"),
        ("term", "", "open"),
        ("term", "    ends: 2030-12-31", "against"),
        ("term", "    ends: 2031-01-01", "met"),
        ("renewal", "", "open"),
        ("renewal", "    renewal: {by: parliament}", "met"),
        ("renewal", "    renewal: {possible: false}", "against"),
        ("end-alone", "", "open"),
        ("end-alone", "    can_end_alone: nobody", "met"),
        ("end-alone", "    can_end_alone: {who: president}", "against"),
        ("end-alone", "    can_end_alone: {who: president, from: 2028-01-01}", "open"),
        (
            "end-alone",
            "    ends: 2031-01-01\n    can_end_alone: {who: president, from: 2028-01-01}",
            "against",
        ),
        ("end-alone", "    ends: 2031-01-01\n    can_end_alone: {who: president, from: 2031-01-01}", "met"),
        ("partners", "    partners: {ngos: [An invented one]}", "open"),
        ("partners", "    partners: {agencies: [An invented one]}", "met"),
        ("vehicle", "    vehicle: {kind: none}", "against"),
        ("vehicle", "    vehicle: {kind: eu}", "open"),
        ("vehicle", "    vehicle: {kind: eu, review_on: 2026-11-01}", "met"),
    ],
)
def test_each_line_is_met_open_or_against(line, more, due):
    assert answer(line, more) == due


def test_every_line_has_words_of_the_document_and_a_phrase():
    assert set(ASKED) == set(register.LINES)
    assert all(f"pilot.line.{line}" in PHRASES for line in register.LINES)
    assert all(len(asked.quote.split()) < 15 for asked in ASKED.values())


def test_the_quotations_stand_on_the_lines_they_name(mission):
    """As in the file itself: line breaks, with their hyphens, fall away."""
    for asked in ASKED.values():
        first, _, last = asked.lines.split(" ")[1].partition("-")
        text = " ".join(line.strip() for line in mission[int(first) - 1 : int(last or first)]).replace(
            "- ", ""
        )
        assert asked.quote in text, asked


@pytest.fixture
def mission():
    path = SHARED / "mission" / "violence-and-peace.txt"
    if not path.is_file():
        pytest.skip("the document (../shared/mission) is not on this machine")
    return path.read_text(encoding="utf-8").split("\n")


def test_a_line_against_the_document_wants_a_reason():
    short = "    ends: 2027-01-01\n"
    (line,) = (one for one in held(pilot(short)) if one.line == "term")
    assert line.wanting
    (line,) = (one for one in held(pilot(short + "    reasons: {term: A first step.}")) if one.line == "term")
    assert line.answer == "against" and not line.wanting and line.reason == "A first step."


@cache
def plain_run():
    return run.run("peacetime-pilots", DAY, draws=50)


@pytest.fixture
def told(tmp_path):
    """A run with a register: an invented body in Moldova, another in Tanzania, which qualifies on condition."""
    path = tmp_path / "pilots.yaml"
    path.write_text(INVENTED + HEAD.partition("\n")[2], encoding="utf-8")
    return run.run("peacetime-pilots", DAY, draws=50, pilots=path), path


def test_no_number_hears_of_the_register(told):
    """The document of a run with it and without: the same but for the vehicle of its countries."""
    result, _ = told
    with_, without = json.loads(tables.json(result)), json.loads(tables.json(plain_run()))
    assert list(with_) == [
        key for key in contract.Result.__annotations__ if key not in ("shown", "portfolio")
    ]
    TypeAdapter(contract.Result).validate_python(with_)
    for mine, theirs in zip(with_["countries"], without["countries"], strict=True):
        if mine["iso3"] == "MDA":
            aid = {key: theirs["vehicle"][key] for key in ("aid", "aid_year")}
            assert mine.pop("vehicle") == aid | {
                "kind": "eu", "stage": "registered", "since": None, "review_on": "2026-11-01", "looked_up": [],
                "source": "https://example.org/eu", "spared_on": None, "kept_on": None, "ended_on": None, "unsure_since": None,
            }  # fmt: skip
            assert theirs.pop("vehicle")["kind"] == "ogp"
    assert with_ == without


def test_the_dossier_says_each_line_and_counts_the_days(told):
    result, _ = told
    facts = Facts.of(result, NOTHING)
    mine = result.pilots.of("MDA")[0]
    page = dossier.page(facts, mine, "0123456789ab")
    (table,) = (
        block for section in page.sections for block in section.blocks if getattr(block, "id", "") == "pilot"
    )
    answers = [row.cells[2].words.phrase for row in table.rows]
    assert answers == [f"pilot.{line.answer}" for line in held(mine)]
    days = {pair.label.phrase: pair.words for section in page.sections for block in section.blocks
            for pair in getattr(block, "pairs", ())}  # fmt: skip
    review, ends = days["pilot.date.review"], days["pilot.date.ends"]
    assert (review.phrase, review.facts["n"]) == ("pilot.in", (date(2026, 7, 1) - DAY).days)
    assert ends.facts["day"] == date(2031, 1, 1)
    assert page.title.facts["lines"][0].phrase == "pilot.line.end-alone"
    named = [row.cells[0].words.facts["line"].phrase for row in table.rows]
    assert named == [f"pilot.line.{line.line}" for line in held(mine)]  # the title names a row a reader finds
    coming = [words.facts["day"] for words in days.values() if "day" in words.facts]
    assert coming == sorted(coming) and len(coming) > 5
    assert not any({"p", "score", "rank", "of"} & said.facts.keys() for said in sentences(page))


@pytest.mark.parametrize(
    "more, phrase",
    [
        ("", "pilot.title.open.all"),
        ("    money: {host_percent: 0.5}\n", "pilot.title.wanting"),
        ("    money: {host_percent: 0.5}\n    reasons: {money: A first step.}\n", "pilot.title.open"),
    ],
)
def test_a_dossier_that_says_little_is_not_praised(more, phrase):
    mine = pilot(more)
    title = dossier.page(Facts.of(plain_run(), NOTHING), mine, "0123456789ab").title
    assert title.phrase == phrase
    if phrase.startswith("pilot.title.open"):
        assert title.facts["n"] == sum(line.answer == "open" for line in held(mine))


@needs_browser
def test_a_dossier_tells_no_event_that_came_after_the_day_of_its_run(told):
    result, _ = told
    mine = result.pilots.of("MDA")[0]
    (event,) = mine.events
    assert event.on > DAY
    page = dossier.page(Facts.of(result, NOTHING), mine, "")
    assert not any(said.phrase in ("pilot.event", "events.title") for said in sentences(page))
    assert [pair.words.phrase for pair in dossier._events(mine, event.on)] == ["pilot.event"]


def test_a_dossier_is_one_sheet(told, tmp_path):
    result, _ = told
    written = report.write(result, tmp_path / "out", countries=("MDA",), since=NOTHING)
    assert print_pdf.pages(written.path, ["pilots/MDA-vetting-panel-2026.html"]).whole
    pdf = (written.path / "pilots" / "MDA-vetting-panel-2026.pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1


def test_a_candidate_on_condition_counts_down_or_says_that_the_day_is_missing(told):
    result, path = told
    assert result.screening.status["TZA"] == "conditional"
    facts = Facts.of(result, NOTHING)
    assert dossier.review(facts, "TZA").phrase == "pilot.review.missing"
    said = [s.phrase for s in sentences(card.page(facts, "TZA", "0123456789ab"))]
    assert "pilot.review.missing" in said
    bare = card.page(Facts.of(plain_run(), NOTHING), "TZA", "0123456789ab")
    assert not any(s.phrase.startswith("pilot.") for s in sentences(bare))
    path.write_text(path.read_text(encoding="utf-8") + "    review_on: 2026-04-30\n", encoding="utf-8")
    again = run.run("peacetime-pilots", DAY, draws=50, pilots=path)
    when = dossier.review(Facts.of(again, NOTHING), "TZA").facts["when"]
    assert (when.phrase, when.facts["n"]) == ("pilot.in", 30)
    assert (
        dossier.until(date(2026, 3, 30), DAY, "").facts["n"] == 1
        and dossier.until(DAY, DAY, "").phrase == "pilot.same"
    )


def test_the_countries_of_the_register_are_marked_in_screen_and_explain_and_nowhere_else(told):
    result, path = told
    text, bare = ranked.text(result), ranked.text(plain_run())
    starred = [line for line in text.splitlines() if " * " in line]
    assert [line[17:43].strip() for line in starred] == [
        "Moldova *"
    ] and "Tanzania (qualifies on condition): " in text
    assert "In the register of pilots" not in bare and " * " not in bare
    without = [line.replace("Moldova *", "Moldova  ") for line in text.splitlines()]
    assert [line for line in bare.splitlines() if line not in without] == []  # the same list beside the marks
    for iso3 in ("MDA", "TZA"):
        (said,) = [
            s for s in sentences(card.page(Facts.of(result, NOTHING), iso3, "")) if s.phrase == "pilot.marked"
        ]
        stages = [one.facts["stage"].phrase for one in said.facts["pilots"]]
        assert stages == [f"pilot.stage.{pilot.stage}" for pilot in result.pilots.of(iso3)]
    other = card.page(Facts.of(result, NOTHING), "ZMB", "")
    assert not any(s.phrase == "pilot.marked" for s in sentences(other))
    out = typed("explain", "MDA", "--pilots", str(path), "--draws", "50", "--as-of", DAY.isoformat())
    assert out.exit_code == 0 and "In the register of pilots: " in out.output
    out = typed("screen", "--pilots", str(path), "--draws", "50", "--as-of", DAY.isoformat(), "--only", "MDA")
    assert out.exit_code == 0 and "Moldova *" in out.output and "Tanzania (" not in out.output


def test_the_register_is_sealed_with_the_run_and_decides_its_id(told, tmp_path):
    result, path = told
    written = report.write(result, tmp_path / "out", countries=("MDA",), since=NOTHING)
    assert seal.differences(written.path) == ()
    manifest = json.loads((written.path / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["pilots.yaml"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert set(manifest["files"]) >= {
        "pilots.yaml",
        "pilots/MDA-vetting-panel-2026.html",
        "pilots/TZA-vetting-panel-2026.html",
    }
    assert "--pilots pilots.yaml" in manifest["command"]
    assert manifest["run"] == report.run_id(result) != report.run_id(plain_run())
    index = (written.path / "index.html").read_text(encoding="utf-8")
    assert 'href="pilots/MDA-vetting-panel-2026.html"><bdi>Pilot dossier: Moldova</bdi></a>' in index
    (written.path / "pilots.yaml").write_text("pilots: []\n", encoding="utf-8")
    assert any("pilots.yaml" in line for line in seal.differences(written.path))
    assert "pilots.yaml" not in json.loads(
        report.content(plain_run(), ("MDA",), since=NOTHING)["manifest.json"]
    )


def typed(*words: str):
    return CliRunner().invoke(cli.shell, words, catch_exceptions=False)


def test_check_says_each_line_and_whether_a_reason_is_wanting(tmp_path):
    path = tmp_path / "pilots.yaml"
    path.write_text(INVENTED, encoding="utf-8")
    out = typed("pilots", "check", str(path))
    assert out.exit_code == 1 and "  against: who can end it alone" in out.output
    path.write_text(INVENTED + "    reasons: {end-alone: The law is older.}\n", encoding="utf-8")
    assert typed("pilots", "check", str(path)).exit_code == 0
    path.write_text(INVENTED.replace("vetting-panel", "vetting-pannel"), encoding="utf-8")
    with pytest.raises(register.PilotsError, match=r"3:18: .*did you mean 'vetting-panel'"):
        typed("pilots", "check", str(path))


def test_a_start_is_a_register(tmp_path):
    for iso3 in ("MDA", "SEN"):
        path = tmp_path / f"{iso3}.yaml"
        assert typed("pilots", "template", iso3, "--out", str(path)).exit_code == 0
        (one,) = register.register(path).pilots
        assert path.read_text(encoding="utf-8").startswith("# Figures read: ")
        assert one.country == iso3 and {line.answer for line in held(one)} == {"open"}
