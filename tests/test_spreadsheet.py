"""ranking.xlsx: the same rows as result.json, typed; every rule, indicator and source; nothing that runs."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path

import fake_result
import pytest

from eligibility import countries, overrides, report, run, spreadsheet, tables, walk, workbook
from eligibility.pages import annexes
from eligibility.pages.facts import Facts
from eligibility.policy import Group, Points, Reference, Uncertainty

openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed (make test installs it)")

SHEETS = ["read me", "results", "criteria", "indicators", "sources"]


@pytest.fixture(autouse=True)
def made_up_names(monkeypatch, request):
    if "real" not in request.fixturenames:
        register = fake_result.register()
        monkeypatch.setattr(countries, "register", lambda: register)


@cache
def shipped(criteria: str = "peacetime-pilots") -> run.Result:
    return run.run(criteria, as_of=date(2016, 7, 1), draws=200)


@pytest.fixture
def real():
    """The shipped criteria and figures in the middle of 2016."""
    return shipped()


def made(result: run.Result) -> bytes:
    proof = report.reproduce(result, "eligibility report made-up")
    return spreadsheet.book(Facts.of(result), tables.document(result), proof)


def opened(result: run.Result):
    return openpyxl.load_workbook(io.BytesIO(made(result)))


def table(sheet) -> list[dict]:
    """A sheet as one dictionary a row, by heading."""
    names, *rows = sheet.iter_rows(values_only=True)
    assert len(set(names)) == len(names)
    return [dict(zip(names, row, strict=True)) for row in rows]


def stored(value):
    """A number as a workbook holds it: sixteen digits."""
    return float(f"{value:.16g}") if isinstance(value, float) else value


def assert_same_as_json(result: run.Result) -> None:
    """Every value of every country in result.json stands in its row, and nothing else does."""
    rows, told = table(opened(result)["results"]), json.loads(tables.json(result))["countries"]
    assert [row["iso3"] for row in rows] == [country["iso3"] for country in told]
    for row, country in zip(rows, told, strict=True):
        plain = (
            "name",
            "status",
            "rank",
            "rank_low",
            "rank_high",
            "score",
            "p_eligible",
            "p_qualified",
            "p_top",
        )
        wanted = {key: country[key] for key in ("iso3", *plain, "borderline", "peer_group")}
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
    book = opened(fake_result.make())
    assert book.sheetnames == SHEETS
    assert book["results"].freeze_panes == "C2"
    for sheet in book:
        assert sheet.auto_filter.ref == sheet.dimensions
        assert all(cell.font.bold for cell in sheet[1])


def test_the_values_are_those_of_the_json():
    assert_same_as_json(fake_result.make())


def test_the_values_of_the_shipped_criteria_are_those_of_the_json(real):
    assert_same_as_json(real)


def test_an_index_without_gates_has_its_values_too():
    policy = replace(fake_result.criteria(), gates=(), tracks=(), shortlist=0)
    assert_same_as_json(fake_result.make(policy=policy))


def test_criteria_without_a_score_have_their_values_too():
    assert_same_as_json(fake_result.make(policy=replace(fake_result.criteria(), score=None, shortlist=0)))


def test_every_column_of_the_csv_is_in_the_workbook():
    result = decided(fake_result.make())
    names = [cell.value for cell in opened(result)["results"][1]]
    assert {column.name for column in tables.columns(result)} <= set(names)


def test_cells_have_the_type_of_what_they_hold():
    sheet = opened(fake_result.make())["results"]
    kinds = {cell.value: {c[0].data_type for c in sheet.iter_rows(2, None, cell.column, cell.column) if c[0].value is not None} for cell in sheet[1]}  # fmt: skip
    for name in ("rank", "rank_low", "score", "p_eligible", "p_pass democracy", "made.law", "made.law sd"):
        assert kinds[name] == {"n"}, name
    assert kinds["borderline"] == {"b"}
    assert kinds["iso3"] == kinds["status"] == kinds["gate democracy"] == {"s"}
    years = [row["made.law year"] for row in table(sheet)]
    assert all(type(year) is int for year in years)
    formats = {cell.value: sheet.cell(2, cell.column).number_format for cell in sheet[1]}
    assert formats["rank"] == formats["made.law year"] == "0"
    assert formats["p_eligible"] == "[=0]0%;[=1]100%;0.00%"
    assert formats["made.law"] == "#,##0.00" and formats["made.income"] == "#,##0"


def test_a_missing_figure_is_an_empty_cell_and_nothing_else():
    result = fake_result.make()
    row = next(r for r in table(opened(result)["results"]) if r["iso3"] == "XAI")
    assert row["status"] == "insufficient-data"
    for name in ("rank", "rank_low", "p_top", "p_eligible", "made.association", "made.association year"):
        assert row[name] is None, name
    sheet = zipfile.ZipFile(io.BytesIO(made(result))).read("xl/worksheets/sheet2.xml").decode()
    assert not re.search(r"<c [^>]*/>", sheet)  # a cell is there with a value or not there


def entry(**more: str) -> overrides.Override:
    usual = dict(country="XAA", criteria="made-up", decision="defer", name="A. Example", date="2016-09-14")
    return overrides.Override(**{**usual, "reason": "=1+1", "source": "https://example.org/m", **more})


def decided(result: run.Result, **more: str) -> run.Result:
    return replace(result, register=overrides.Register((entry(**more),), "overrides: as read\n"))


def test_a_decision_of_the_board_stands_beside_the_verdict():
    result = fake_result.make()
    names = [cell.value for cell in opened(decided(result))["results"][1]]
    assert names[2:8] == ["status", *(f"override {key}" for key in tables.OVERRIDE)]
    row = next(r for r in table(opened(decided(result))["results"]) if r["iso3"] == "XAA")
    assert (row["override reason"], row["override date"]) == ("=1+1", datetime(2016, 9, 14))
    assert_same_as_json(decided(result))
    assert not [c.value for c in opened(result)["results"][1] if c.value.startswith("override")]
    kept = [{k: v for k, v in r.items() if "override" not in k} for r in table(opened(decided(result))["results"])]  # fmt: skip
    assert kept == table(opened(result)["results"])


def test_the_first_sheet_says_what_this_is_and_how_sure():
    result = fake_result.make()
    facts = Facts.of(result)
    rows = [[c.value for c in row] for row in opened(result)["read me"].iter_rows(min_row=2)]
    assert len({what for what, _ in rows if what != "Note"}) == len(
        [what for what, _ in rows if what != "Note"]
    )
    told = dict(rows)
    assert (told["Title"], told["As known on"]) == (result.criteria.title, datetime(2016, 7, 1))
    assert told["How sure"] == annexes.cautions(facts)[0] and "measurement error" in told["How sure"]
    assert told["Re-runs under measurement error"] == result.firmness.draws
    assert told["Seed of the re-runs"] == result.firmness.seed
    assert told["Half-width of a probability (95%), at most"] == pytest.approx(result.firmness.half_width)
    assert [which for what, which in rows if what == "Note"] == [
        result.reading,
        *result.warned,
        *result.notes,
    ]
    assert told["Command"] == "eligibility report made-up"
    counts = tables.counts(result)
    assert (
        told["Countries considered"] == counts["pool"] and told["Countries: excluded"] == counts["excluded"]
    )


def test_where_no_error_is_known_no_probability_is_spoken_of():
    none = {s: replace(sheet, sd_kind="none", sd_formula="", follows="") for s, sheet in fake_result.SHEETS.items()}  # fmt: skip
    policy = replace(fake_result.criteria(), uncertainty=Uncertainty(draws=50))
    figures = replace(fake_result.make().panel, sheets=none, sds={})
    result = run.judge(policy, figures, date(2016, 7, 1))
    assert not result.firmness.drawn
    told = dict([c.value for c in row] for row in opened(result)["read me"].iter_rows(min_row=2))
    assert "no probability" in told["How sure"] and "Seed of the re-runs" not in told
    assert_same_as_json(result)


def test_every_rule_is_there_with_its_numbers(real):
    rows = table(opened(real)["criteria"])
    by_path = {row["path"]: row for row in rows if row["path"]}
    own = real.criteria
    for rule in (own.pool, *(g.rule for g in (*own.gates, *own.tracks))):
        for test in walk.tests(rule):
            row = by_path[test.path]
            assert (row["indicator"], row["operator"]) == (test.quantity.indicator, test.operator)
            assert row["measure"] == test.quantity.measure
            assert (row["why"] or "") == test.basis
            if isinstance(test.threshold, float):
                assert row["threshold"] == test.threshold
            elif isinstance(test.threshold, Reference) and test.threshold.among == "pool":
                assert row["threshold"] == real.screening.needs[test.path].iloc[0]
                assert "percentile" in row["threshold is"] or "median" in row["threshold is"]
    for component in walk.components(own):
        assert by_path[component.path]["indicator"] == component.quantity.indicator
        assert by_path[component.path]["weight"] == component.weight
    for gate in (*own.gates, *own.tracks):
        said = [row for row in rows if row["part"].endswith(f": {gate.title}")]
        assert said and gate.cites.quote in said[0]["cited"]
    assert {row["part"] for row in rows} == {block.title for block in annexes.rules(Facts.of(real))}


def test_a_ceiling_that_changes_by_date_is_the_one_in_force(real):
    (row,) = [r for r in table(opened(real)["criteria"]) if r["indicator"] == "wb.gni_per_capita"]
    assert (row["threshold"], row["threshold is"]) == (1945, "as set from 2016")


@pytest.mark.parametrize("criteria", ["ogp-core", "mcc-scorecard", "peacetime-pilots-full", "hdi", "cpia"])
def test_every_shipped_set_has_its_rules_in_rows(criteria, real):
    result = shipped(criteria)
    rows = table(opened(result)["criteria"])
    clauses = []

    def walked(clause):
        clauses.append(clause.text)
        for below in clause.below:
            walked(below)

    for block in annexes.rules(Facts.of(result)):
        if block.clause:
            walked(block.clause)
    words = [row["rule"] for row in rows]
    assert [text for text in clauses if text not in words] == []
    nodes = [n for g in (*result.criteria.gates, *result.criteria.tracks) for n in walk.nodes(g.rule)]
    told = {row["path"] for row in rows}
    for node in nodes:
        if isinstance(node, Points):
            assert {metric.path for metric in walk.metrics(node)} <= told
        elif not (isinstance(node, Group) and len(node.of) == 1):
            flags = {m.test.path for n in nodes if isinstance(n, Points) for m in walk.metrics(n) if m.test}
            assert node.path in told | flags
    assert_same_as_json(result)


def test_every_indicator_and_every_source_is_described(real):
    book = opened(real)
    rows = {row["indicator"]: row for row in table(book["indicators"])}
    assert list(rows) == list(walk.indicators(real.criteria))
    assert "2 electoral democracy" in rows["vdem.regime"]["classes"]
    assert rows["undp.hdi"]["error"] == "assumed"  # by the criteria, where the publisher states none
    assert rows["wgi.rule_of_law"]["error"] == "published"
    assert rows["vdem.polyarchy"]["error"] == "modelled"  # lent by the release before, which has intervals
    sources = {row["id"]: row for row in table(book["sources"])}
    assert {row["source"] for row in rows.values()} <= set(sources) | {"not held"}
    for source in real.panel.sources:
        row = sources[source.id]
        assert (row["sha256"], row["citation"]) == (source.sha256, source.citation)
        assert row["released"].date() == source.released
        assert row["after the date"] == (source.released > real.as_of and not source.dated)
        assert row["url"] == source.url and book["sources"]["J2"].hyperlink is None


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
    names = fake_result.register()
    monkeypatch.setattr(names, "name", lambda iso3: payload)
    monkeypatch.setattr(countries, "register", lambda: names)
    plain = fake_result.make()
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
    assert {row["name"] for row in table(book["results"])} == {workbook.text(payload)}
    assert workbook.text(payload) in [row["citation"] for row in table(book["sources"])]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        whole = "".join(archive.read(name).decode() for name in archive.namelist())
    assert not re.search(r"<(f|hyperlink|script|r)[ >/]", whole)
    assert all(c.data_type in "snbd" and not c.hyperlink for s in book for row in s.iter_rows() for c in row)


def test_no_cell_of_a_real_run_is_a_formula_or_a_link(real):
    with zipfile.ZipFile(io.BytesIO(made(real))) as archive:
        whole = "".join(archive.read(name).decode() for name in archive.namelist())
    assert not re.search(r"<(f|hyperlink)[ >/]", whole)


def test_the_same_result_gives_the_same_bytes():
    assert made(fake_result.make()) == made(fake_result.make())


def test_another_hash_seed_and_zone_give_the_same_bytes():
    code = (
        "import fake_result, hashlib; from eligibility import countries, report;"
        "register = fake_result.register(); countries.register = lambda: register;"
        "print(hashlib.sha256(report.content(fake_result.make(), ('XAA',))['ranking.xlsx']).hexdigest())"
    )
    here, seen = Path(__file__).resolve().parent, set()
    for seed, zone in (("0", "UTC"), ("99", "Pacific/Kiritimati")):
        path = os.pathsep.join([str(here), str(here.parent)])
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": path}
        seen.add(
            subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, check=True).stdout
        )
    assert len(seen) == 1


def test_only_a_report_loads_the_writer():
    code = (
        "import sys; from eligibility import cli, explain, moves, run, tables;"
        "print('xlsxwriter' in sys.modules)"
    )
    root = str(Path(__file__).resolve().parent.parent)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": root}
    )  # fmt: skip
    assert done.stdout == "False\n"


def test_the_words_of_a_rule_and_its_nodes_keep_step():
    """A clause for which there is no node, or the other way round, is an error and no silent shift."""
    score = fake_result.criteria().score
    (clause,) = [block.clause for block in annexes.rules(fake_result.facts()) if block.title == "Score"]
    assert len(list(spreadsheet._paired(score, clause))) == 1 + 3 + 6
    with pytest.raises(ValueError):
        list(spreadsheet._paired(replace(score, pillars=score.pillars[:1]), clause))
