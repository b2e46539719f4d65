"""The audit as it is told: the terminal, JSON, the page; every kind of finding has a sentence."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import made_up
import numpy as np
import pandas as pd
import pytest

from eligibility.analysis import soundness
from eligibility.cli import commands as cli
from eligibility.data.panel import Reading
from eligibility.method import audit, importance, run, structure
from eligibility.pages import audit_tables, auditing, in_text, remarks
from eligibility.pages.blocks import Text
from eligibility.pages.facts import Facts
from eligibility.pages.glossary import GLOSSARY, explained
from eligibility.present import audits, report


@pytest.fixture(scope="module")
def real():
    policy, figures = run.ready("peacetime-pilots")
    policy = replace(policy, uncertainty=replace(policy.uncertainty, draws=100))
    return soundness.full(run.judge(policy, figures, date(2016, 7, 1)), "peacetime-pilots")


def test_every_finding_made_is_told_on_the_page_in_the_terminal_and_in_json(real):
    facts = Facts.of(real.result)
    found = section(auditing.page(facts, real, ()), "findings")
    table, text = found.blocks[0], " ".join(" ".join(in_text.lines((found,), 2000)).split())
    told = json.loads(audits.json(real))
    assert len(table.rows) == len(real.findings) == len(told["findings"]) > 10
    for one, row, entry in zip(real.findings, table.rows, told["findings"], strict=True):
        said = remarks.sentence(facts, real, one)
        assert said == row.cells[1].words and said.plain == entry["sentence"] and said.plain in text
        assert entry["level"] == one.level


def section(page, id):
    """A section of a page; None where it is not there."""
    return next((s for s in (*page.sections, *page.more) if s.id == id), None)


def test_the_terminal_keeps_to_its_width_and_leads_with_the_findings(real):
    lines = audits.text(real).splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0].startswith("Figures read: ")
    assert any(line.startswith("Audit of peacetime-pilots 2.0, as of 2016-07-01: 139") for line in lines[1:4])
    look, know = (
        next(k for k, x in enumerate(lines) if x.startswith(said)) for said in ("  ≈ Look at", "  · To know")
    )
    assert lines.index("Findings") < look < know < lines.index("Weights and importance")
    assert f"{real.curve.right[-1]:,} (" in audits.text(real)


def test_the_terminal_has_all_of_the_page_but_the_tables_behind_it(real):
    """Every sentence of its sections, word for word: what stands beside each other in columns is read cell by cell."""
    page, lines = auditing.page(Facts.of(real.result), real, ()), audits.text(real).splitlines()
    titles = [s.title.plain for s in page.sections if s.title]
    assert [line for line in lines if line in titles] == titles and len(titles) == 6
    flat = " ".join(audits.text(real).split())
    for said in (one for s in page.sections for b in s.blocks if isinstance(b, Text) for one in b.said):
        assert " ".join(said.plain.split()) in flat
    assert not any(s.title.plain in lines for s in page.more)


def test_what_figures_of_later_years_would_turn_is_on_the_page_and_in_the_terminal(real):
    """The terminal had it and the page had not."""
    late = run.run("peacetime-pilots", date(2016, 7, 1), draws=50, reading=Reading(as_known=True))
    turned = dict.fromkeys(late.screening.status.index[:10], "excluded")
    late.__dict__["turned"] = pd.Series(turned)
    sound = soundness.quick(late)
    (told,) = late.warned
    assert told.startswith("With figures for later years") and "and 2 more" in told
    assert told in report.audit(Facts.of(late), sound, ()).decode()
    assert told in " ".join(audits.text(sound).split())


def test_a_negative_correlation_is_marked_by_more_than_its_shade():
    own = audit_tables._shaded(-0.4, "x")
    assert (str(own.words), own.shade) == ("−0.40", "neg")
    assert audit_tables._shaded(0.93, "x").shade == "4" and audit_tables._shaded(0.1, "x").shade == "0"
    assert audit_tables._shaded(float("nan"), "x").words == "–"


def test_json_has_no_nan_and_the_same_bytes_twice(real):
    assert "NaN" not in audits.json(real) and "Infinity" not in audits.json(real)
    assert audits.json(real) == audits.json(real)
    told = json.loads(audits.json(real))
    assert told["importance"]["pillars"]["attainable"] is True
    assert len(told["stability"]["all_weights"]) == len(real.stability.all)
    assert told["curve"]["right"] == list(real.curve.right)


def test_the_report_has_the_page_and_the_briefing_leads_to_it(invented):
    files = report.content(made_up.make())
    assert 'href="audit.html"' in files["briefing.html"].decode()
    page = files["audit.html"].decode()
    assert 'href="briefing.html"' in page
    assert "eligibility audit criteria.yaml --as-of 2016-07-01 --page audit.html" in page


def test_a_set_without_a_score_has_a_page_too():
    policy, figures = run.ready("mcc-hurdles")
    policy = replace(policy, uncertainty=replace(policy.uncertainty, draws=20))
    sound = soundness.full(run.judge(policy, figures, date(2023, 11, 8)), "mcc-hurdles")
    assert not sound.alarmed and sound.curve is None and sound.stability is None
    page = auditing.page(Facts.of(sound.result), sound, ())
    assert [s.id for s in page.more] == ["coverage", "again"]
    assert page.title.plain == "No dataset holds “Political rights”"
    assert "  ? Not held  No dataset holds “Political rights”" in audits.text(sound)
    assert f">{page.title}</span></h1>" in report.audit(Facts.of(sound.result), sound, ()).decode()


def test_figures_nobody_holds_are_no_flag_and_the_command_writes_the_page(tmp_path, capfdbinary):
    target = tmp_path / "audit.html"
    with pytest.raises(SystemExit) as left:
        cli.main(
            [
                "audit",
                "mcc-hurdles",
                "--as-of",
                "2023-11-08",
                "--draws",
                "20",
                "--format",
                "json",
                "--page",
                str(target),
            ]
        )
    assert left.value.code == 0
    assert json.loads(capfdbinary.readouterr().out)["findings"][0]["level"] == "missing"
    assert target.read_bytes().startswith(b"<!doctype html>")
    assert [p.name for p in tmp_path.iterdir()] == ["audit.html"]


def test_a_page_that_cannot_be_written_is_said(tmp_path, capfd):
    with pytest.raises(SystemExit) as left:
        cli.main(["audit", "cpia", "--as-of", "2023-01-01", "--page", str(tmp_path / "no" / "audit.html")])
    assert left.value.code == 2
    assert "--page" in capfd.readouterr().err


# Each term with a case in which it cannot be otherwise


def _two(x, y, weights=(0.5, 0.5)):
    frame = pd.DataFrame({"x": x, "y": y}, index=[f"C{i:02}" for i in range(len(x))])
    return importance.importance(frame, frame.mean(axis=1), pd.Series(weights, ["x", "y"]), 1.0, 1, 20).table


def _moved(own, whole):
    names = [f"C{i:02}" for i in range(len(own))]
    return audit._moved(pd.Series(own, names), pd.Series(whole, names))


RNG = np.random.default_rng(2)
A = RNG.normal(size=60)
B = (lambda x: x - A * (x @ A) / (A @ A))((lambda x: x - x.mean())(RNG.normal(size=60)))
B = B * A.std() / B.std()  # nothing in common with A, and as wide
SURE = {
    "Correlation": lambda: (
        structure.correlation(A, 2 * A + 1)[0] == pytest.approx(1)
        and structure.correlation(A, -A)[0] == pytest.approx(-1)
        and structure.correlation(A, B)[0] == pytest.approx(0, abs=0.05)
    ),
    "Share": lambda: [*_two(A, A)["share"]] == pytest.approx([0.5, 0.5]),
    "Alone": lambda: [*_two(A, A)["effect"]] == pytest.approx([1, 1], abs=1e-6),
    "Unique": lambda: (
        [*_two(A, A)["unique"]] == pytest.approx([0, 0], abs=1e-9)
        and [*_two(A - A.mean(), B)["unique"]] == pytest.approx([0.5, 0.5], abs=0.01)
    ),
    "Needed": lambda: [*_two(A - A.mean(), B)["needed"]] == pytest.approx([0.5, 0.5], abs=0.01),
    "Alpha": lambda: (
        structure.alpha(np.column_stack([A, A])) == pytest.approx(1)
        and structure.alpha(np.column_stack([A - A.mean(), B])) == pytest.approx(0, abs=0.05)
    ),
    "First component": lambda: structure.principal(np.column_stack([A, A]))[0][0] == pytest.approx(1),
    "With the rest": lambda: (
        structure.correlation(structure.rest(np.column_stack([A, A]), np.ones(2))[:, 0], A)[0]
        == pytest.approx(1)
    ),
    "A tenth off": lambda: _moved(A, A) == 0 and _moved(np.arange(60.0), -np.arange(60.0)) > 0.85,
}


@pytest.mark.parametrize("term", GLOSSARY)
def test_a_term_of_the_glossary_is_what_it_says_where_it_cannot_be_otherwise(term):
    assert SURE[term]()


def test_what_a_part_alone_explains_is_no_longer_told_as_what_is_left(real):
    told = audits.text(real)
    assert "is left" not in told and explained("Alone") in " ".join(told.split())


def test_a_page_leads_with_the_worst_finding_and_counts_no_flags(real):
    page = auditing.page(Facts.of(real.result), real, ())
    first = remarks.sentence(Facts.of(real.result), real, real.findings[0])
    assert first.plain.startswith(page.title.plain) and "flag" not in page.title.plain
    (counts,) = section(page, "numbers").blocks
    assert [pair.label.plain for pair in counts.pairs] == ["Countries", "Ranked", "Figures in the score"]
