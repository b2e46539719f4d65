"""ranking.xlsx: the same rows as result.json, typed; every rule, indicator and source; nothing that runs."""

from __future__ import annotations

import io
import itertools
import json
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import date, datetime
from functools import cache

import made_up
import pytest
from places import ROOT

from eligibility.data import countries
from eligibility.language import overrides
from eligibility.method import run
from eligibility.method.result import Result
from eligibility.pages import clauses, names
from eligibility.pages.facts import Facts
from eligibility.pages.wording import capital
from eligibility.policy import walk
from eligibility.policy.model import Points, Reference, Uncertainty
from eligibility.present import report, spreadsheet, tables, workbook
from eligibility.present.spreadsheet import criteria_sheets, heads, programs

openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed (make test installs it)")

SHEETS = [
    "For the board",
    "All candidates",
    "Requirements",
    "Score",
    "Figures",
    "Criteria",
    "What is measured",
    "Sources",
    "Notes",
    "data",
    "data columns",
]


@pytest.fixture(autouse=True)
def made_up_names(request):
    if "real" not in request.fixturenames:
        request.getfixturevalue("invented")


@cache
def shipped(criteria: str = "peacetime-pilots") -> Result:
    return run.run(criteria, as_of=date(2016, 7, 1), draws=200)


@pytest.fixture
def real():
    """The shipped criteria and figures in the middle of 2016."""
    return shipped()


def made(result: Result) -> bytes:
    proof = report.reproduce(result, "eligibility report made-up")
    return spreadsheet.book(Facts.of(result), tables.document(result), proof)


def opened(result: Result):
    return openpyxl.load_workbook(io.BytesIO(made(result)))


def table(sheet) -> list[dict]:
    """A sheet as one dictionary a row, by heading; where headings stand over several columns by both."""
    top = int(re.search(r"\d+", sheet.freeze_panes).group()) - 1
    groups, *_ = [*sheet.iter_rows(top - 1, top - 1, values_only=True)] if sheet.merged_cells.ranges else [()]
    names, *rows = sheet.iter_rows(top, values_only=True)
    if groups and any(groups[2:]):
        over = list(itertools.accumulate(groups, lambda last, new: new or last))
        names = [f"{one} | {name}" if one else name for one, name in zip(over, names, strict=True)]
    assert len(set(names)) == len(names)
    return [dict(zip(names, row, strict=True)) for row in rows]


def stored(value):
    """A number as a workbook holds it: sixteen digits."""
    return float(f"{value:.16g}") if isinstance(value, float) else value


def assert_same_as_json(result: Result) -> None:
    """Every value of every country in result.json stands in its row, and nothing else does."""
    rows, told = table(opened(result)["data"]), json.loads(tables.json(result))["countries"]
    assert [row["iso3"] for row in rows] == [country["iso3"] for country in told]
    for row, country in zip(rows, told, strict=True):
        plain = "iso3 name status rank rank_low rank_high score p_eligible p_qualified p_eligible_most p_top borderline peer_group"
        wanted = {key: country[key] for key in plain.split()}
        wanted["tracks"] = ";".join(country["tracks"]) or None
        for gate in country["gates"]:
            wanted[f"gate {gate['id']}"] = gate["verdict"]
            wanted[f"p_pass {gate['id']}"] = gate["p_pass"]
            wanted[f"reason {gate['id']}"] = gate["reason"] or None
        pillars = result.criteria.score.pillars if result.criteria.score else ()
        wanted |= {f"pillar {p.id}": country["pillars"].get(p.id) for p in pillars}
        for indicator, value in country["values"].items():
            wanted[indicator] = value["value"]
            wanted |= {f"{indicator} {key}": value[key] for key in ("sd", "year", "filled")}
        if country["override"] or any(c["override"] for c in told):
            wanted |= {f"override {key}": (country["override"] or {}).get(key) for key in tables.OVERRIDE}
            if wanted["override date"]:
                wanted["override date"] = datetime.fromisoformat(wanted["override date"])
        assert row == {key: stored(value) for key, value in wanted.items()}


def test_the_sheets_and_what_stays_in_sight():
    book = opened(made_up.make())
    assert book.sheetnames == SHEETS
    in_sight = {sheet.title: sheet.freeze_panes for sheet in book}
    assert (
        in_sight["data"] == "C2" and in_sight["All candidates"] == "C2" and in_sight["For the board"] == "C5"
    )
    assert in_sight["Requirements"] == "C3" and in_sight["Score"] == "D4" and in_sight["Figures"] == "B4"
    for sheet in book:
        top = int(sheet.freeze_panes[1:]) - 1
        assert all(cell.font.bold for cell in sheet[top])
        if sheet.title != "For the board":  # which has two lists under one heading
            width = openpyxl.utils.get_column_letter(sheet.max_column)
            assert sheet.auto_filter.ref == f"A{top}:{width}{sheet.max_row}"


def test_every_sheet_prints_with_its_headings_and_every_row_has_a_height():
    for sheet in opened(made_up.make()):
        assert sheet.print_title_rows.endswith(f"${int(sheet.freeze_panes[1:]) - 1}")
        assert sheet.print_area and sheet.page_setup.orientation == "landscape"
        assert {n for n, row in sheet.row_dimensions.items() if row.height} >= set(
            range(1, sheet.max_row + 1)
        )
        fitted = sheet.sheet_properties.pageSetUpPr and sheet.sheet_properties.pageSetUpPr.fitToPage
        if fitted:
            assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) in ((1, 0), (None, 0))
        else:  # too wide for a page: the country is on each
            assert sheet.print_title_cols and sheet.col_breaks.brk


def test_the_values_are_those_of_the_json():
    assert_same_as_json(made_up.make())


def test_the_values_of_the_shipped_criteria_are_those_of_the_json(real):
    assert_same_as_json(real)


def test_an_index_without_gates_has_its_values_too():
    policy = replace(made_up.criteria(), gates=(), tracks=(), shortlist=0)
    assert_same_as_json(made_up.make(policy=policy))


def test_criteria_without_a_score_have_their_values_too():
    assert_same_as_json(made_up.make(policy=replace(made_up.criteria(), score=None, shortlist=0)))


def test_every_column_of_the_csv_is_in_the_workbook():
    result = decided(made_up.make())
    names = [cell.value for cell in opened(result)["data"][1]]
    assert {column.name for column in tables.columns(result)} <= set(names)


@pytest.mark.parametrize("criteria", ["peacetime-pilots", "hdi", "mcc-scorecard"])
def test_every_column_for_programs_is_explained(criteria, real):
    book = opened(shipped(criteria))
    rows = table(book["data columns"])
    assert [row["Column"] for row in rows] == [cell.value for cell in book["data"][1]]
    assert all(row["Holds"] for row in rows)
    assert all(row["Of"] for row in rows if " " in row["Column"] or "." in row["Column"])


def test_a_borderline_is_told_where_the_criteria_draw_it():
    own = made_up.criteria()
    doubt = replace(own.uncertainty, borderline=0.2)
    facts = Facts.of(made_up.make(policy=replace(own, uncertainty=doubt)))
    told = {name: says for name, says, _ in programs.columns(facts).rows}
    assert told["borderline"] == "Whether that chance lies between 20% and 80%"


def test_cells_have_the_type_of_what_they_hold():
    sheet = opened(made_up.make())["data"]
    kinds = {cell.value: {c[0].data_type for c in sheet.iter_rows(2, None, cell.column, cell.column) if c[0].value is not None} for cell in sheet[1]}  # fmt: skip
    for name in ("rank", "rank_low", "score", "p_eligible", "p_pass democracy", "made.law", "made.law sd"):
        assert kinds[name] == {"n"}, name
    assert kinds["borderline"] == {"b"}
    assert kinds["iso3"] == kinds["status"] == kinds["gate democracy"] == {"s"}
    years = [row["made.law year"] for row in table(sheet)]
    assert all(type(year) is int for year in years)
    formats = {cell.value: sheet.cell(2, cell.column).number_format for cell in sheet[1]}
    formats = {name: shown.replace("_)", "") for name, shown in formats.items()}  # the gap after a number
    assert formats["rank"] == formats["made.law year"] == "0"
    assert formats["p_eligible"] == "[=0]0%;[=1]100%;0.00%"
    assert formats["made.law"] == "#,##0.00" and formats["made.income"] == "#,##0"


def test_a_missing_figure_is_an_empty_cell_and_nothing_else():
    result = made_up.make()
    row = next(r for r in table(opened(result)["data"]) if r["iso3"] == "XAI")
    assert row["status"] == "insufficient-data"
    for name in ("rank", "rank_low", "p_top", "p_eligible", "made.association", "made.association year"):
        assert row[name] is None, name
    with zipfile.ZipFile(io.BytesIO(made(result))) as archive:
        sheet = archive.read(f"xl/worksheets/sheet{1 + SHEETS.index('data')}.xml").decode()
    assert not re.search(r"<c [^>]*/>", sheet)  # a cell is there with a value or not there


def entry(**more: str) -> overrides.Override:
    usual = dict(country="XAA", criteria="made-up", decision="defer", name="A. Example", date="2016-09-14")
    return overrides.Override(**{**usual, "reason": "=1+1", "source": "https://example.org/m", **more})


def decided(result: Result, **more: str) -> Result:
    return replace(result, register=overrides.Register((entry(**more),), "overrides: as read\n"))


def test_a_decision_of_the_board_stands_beside_the_verdict():
    result = made_up.make()
    names = [cell.value for cell in opened(decided(result))["data"][1]]
    assert names[2:8] == ["status", *(f"override {key}" for key in tables.OVERRIDE)]
    row = next(r for r in table(opened(decided(result))["data"]) if r["iso3"] == "XAA")
    assert (row["override reason"], row["override date"]) == ("=1+1", datetime(2016, 9, 14))
    assert_same_as_json(decided(result))
    assert not [c.value for c in opened(result)["data"][1] if c.value.startswith("override")]
    kept = [{k: v for k, v in r.items() if "override" not in k} for r in table(opened(decided(result))["data"])]  # fmt: skip
    assert kept == table(opened(result)["data"])


def notes(result: Result) -> list[tuple]:
    return [(row["About"], row["What is to be known"]) for row in table(opened(result)["Notes"])]


def test_the_notes_say_what_this_is_and_how_sure():
    result = made_up.make()
    facts, rows = Facts.of(result), notes(result)
    told = dict(rows)
    assert told["Title"].startswith(result.criteria.title) and told["Figures published by"] == "1 July 2016"
    assert told["How sure"] == clauses.covered(facts) and told["How sure"]
    assert told["Simulations"].startswith(f"{result.firmness.draws:,}. ")
    assert f"{100 * result.firmness.half_width:.1f} percentage points" in told["Simulations"]
    assert [which for what, which in rows if what == "Note"] == [
        result.reading,
        *result.differ(),
        *result.notes,
    ]
    assert told["Command"] == "eligibility report made-up"
    counts = tables.counts(result)
    assert told["Candidates"] == str(counts["pool"]) and told["Does not qualify"] == str(counts["excluded"])
    assert [which for what, which in rows if what.startswith("Figure: ")] == [
        result.panel.sheets[i].description for i in facts.used if result.panel.sheets[i].description
    ]


def test_where_no_error_is_known_no_probability_is_spoken_of():
    none = {s: replace(sheet, sd_kind="none", sd_formula="", follows="") for s, sheet in made_up.SHEETS.items()}  # fmt: skip
    policy = replace(made_up.criteria(), uncertainty=Uncertainty(draws=50))
    figures = replace(made_up.make().panel, sheets=none, sds={})
    result = run.judge(policy, figures, date(2016, 7, 1))
    assert not result.firmness.drawn
    told = dict(notes(result))
    assert "no probability" in told["How sure"] and "Simulations" not in told
    for name in ("For the board", "All candidates", "Requirements"):
        assert not [
            c.value for row in opened(result)[name] for c in row if "hance" in str(c.value).split(" no ")[0]
        ]
    assert_same_as_json(result)


def spoken(result: Result, quantity) -> str:
    high = Facts.of(result).high_is_better(quantity.indicator)
    return capital(names.quantity(quantity, result.panel.sheets, high))


def test_every_rule_is_there_with_its_numbers(real):
    rows, own = table(opened(real)["Criteria"]), real.criteria
    for rule in (own.pool, *(g.rule for g in (*own.gates, *own.tracks))):
        for test in walk.tests(rule):
            mine = [r for r in rows if r["Figure"] == spoken(real, test.quantity)]
            assert test.basis in {row["Why"] or "" for row in mine}
            if isinstance(test.threshold, float):
                assert test.threshold in {row["Needed"] for row in mine}
            elif isinstance(test.threshold, Reference) and test.threshold.among == "pool":
                needed = real.screening.needs[test.path].iloc[0]
                (row,) = [row for row in mine if row["Needed"] == needed and (row["Why"] or "") == test.basis]
                assert "percentile" in row["Which is"] or "median" in row["Which is"]
    for component in walk.components(own):
        assert component.weight in {
            r["Weight"] for r in rows if r["Figure"] == spoken(real, component.quantity)
        }
    for gate in (*own.gates, *own.tracks):
        said = [row for row in rows if row["Part"].endswith(f": {gate.title}")]
        assert said and gate.cites.quote in said[0]["Quoted from"]
    blocks = [block.title for block in clauses.rules(Facts.of(real))]
    assert {row["Part"] for row in rows} == {*blocks}
    assert {"Requirement: Democracy", "Score"} <= {row["Part"] for row in rows}
    assert not [row for row in rows if re.match("Gate|Track|Peer", row["Part"])]


def test_a_ceiling_that_changes_by_date_is_the_one_in_force(real):
    (row,) = [
        r
        for r in table(opened(real)["Criteria"])
        if r["Figure"] == "National income per person" and r["Needed"]
    ]
    assert (row["Needed"], row["Which is"]) == (1945, "as set from 2016")


@pytest.mark.parametrize("criteria", ["ogp-core", "mcc-scorecard", "peacetime-pilots-full", "hdi", "cpia"])
def test_every_shipped_set_has_its_rules_in_rows(criteria, real):
    result = shipped(criteria)
    rows = table(opened(result)["Criteria"])
    texts = []

    def walked(clause):
        texts.append(clause.text)
        for below in clause.below:
            walked(below)

    for block in clauses.rules(Facts.of(result)):
        if block.clause:
            walked(block.clause)
    words = [row["Rule"] for row in rows]
    assert [text for text in texts if text not in words] == []
    assert {"Most points" in rows[0]} == {any(isinstance(n, Points) for n in nodes(result))}
    assert_same_as_json(result)


def nodes(result: Result) -> list:
    return [n for g in (*result.criteria.gates, *result.criteria.tracks) for n in walk.nodes(g.rule)]


def test_every_indicator_and_every_source_is_described(real):
    book, facts = opened(real), Facts.of(real)
    rows = table(book["What is measured"])
    assert [row["Official name"] for row in rows] == [real.panel.sheets[i].label for i in facts.used]
    by_name = dict(zip(facts.used, rows, strict=True))
    assert "2 electoral democracy" in by_name["vdem.regime"]["Classes"]
    errors = {
        id_: by_name[id_]["Margin of error"] for id_ in ("undp.hdi", "wgi.rule_of_law", "vdem.polyarchy")
    }
    # assumed by the criteria, where the publisher states none; modelled where lent by the release before, which has intervals
    assert list(errors.values()) == ["assumed", "published", "modelled"], errors
    sources = {row["Name"]: row for row in table(book["Sources"])}
    assert {row["Source"] for row in rows} <= set(sources) | {"not held"}
    assert len(sources) == len(real.panel.sources)
    for source in real.panel.sources:
        row = sources[heads.release(source)]
        assert (row["Checksum (SHA-256) of the table held here"], row["How to cite it"]) == (source.sha256, source.citation)  # fmt: skip
        assert row["Published"].date() == source.released and row["Name in the other files"] == source.id
        assert row["After the date of this list"] == ("yes" if source.released > real.as_of and not source.dated else "no")  # fmt: skip
        assert row["Address"] == source.url
    assert not [c for row in book["Sources"].iter_rows() for c in row if c.hyperlink]


HOSTILE = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "<r><t>x</t></r>",
    "</t></si><script>",
    "مرحبا",
    "x" * 40_000,
    "a\x00b\u202ec",
    "https://example.org",
)


@pytest.mark.parametrize("payload", HOSTILE)
def test_whatever_a_name_a_title_or_a_note_says_is_only_text(payload, monkeypatch):
    names = made_up.register()
    monkeypatch.setattr(names, "name", lambda iso3: payload)
    monkeypatch.setattr(countries, "register", lambda: names)
    plain = made_up.make()
    own = plain.criteria
    gates = tuple(
        replace(g, title=payload, question=payload, cites=replace(g.cites, where=payload, quote=payload))
        for g in own.gates
    )
    policy = replace(own, title=payload, summary=payload, gates=gates)
    held = {s: replace(source, citation=payload, url=payload, notes=(payload,)) for s, source in plain.panel.held.items()}  # fmt: skip
    result = replace(plain, criteria=policy, notes=(payload,), panel=replace(plain.panel, held=held))
    data = made(decided(result, reason=payload))
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert {row["name"] for row in table(book["data"])} == {workbook.text(payload)}
    assert workbook.text(payload) in [row["How to cite it"] for row in table(book["Sources"])]
    assert workbook.text(payload) in [row["Country"] for row in table(book["All candidates"])]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        whole = "".join(archive.read(name).decode() for name in archive.namelist())
    assert not re.search(r"<(f|hyperlink|script|r)[ >/]", whole)
    assert all(c.data_type in "snbd" and not c.hyperlink for s in book for row in s.iter_rows() for c in row)


def test_no_cell_of_a_real_run_is_a_formula_or_a_link(real):
    with zipfile.ZipFile(io.BytesIO(made(real))) as archive:
        whole = "".join(archive.read(name).decode() for name in archive.namelist())
    assert not re.search(r"<(f|hyperlink)[ >/]", whole)


def test_only_a_report_loads_the_writer():
    code = (
        "import sys; from eligibility.cli import commands as cli; from eligibility.present import explain, moves, tables; from eligibility.method import run;"
        "print('xlsxwriter' in sys.modules)"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    assert done.stdout == "False\n"


def test_the_words_of_a_rule_and_its_nodes_keep_step():
    """A clause for which there is no node, or the other way round, is an error and no silent shift."""
    score = made_up.criteria().score
    (clause,) = [block.clause for block in clauses.rules(made_up.facts()) if block.title == "Score"]
    assert len(list(criteria_sheets._paired(score, clause))) == 1 + 3 + 6
    with pytest.raises(ValueError):
        list(criteria_sheets._paired(replace(score, pillars=score.pillars[:1]), clause))
