"""`report --also`: what other criteria sets say of the same countries, beside the verdict and never in it."""

from __future__ import annotations

import json
import math
import random
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import cells
import fake_result
import pytest
from prover import fault
from proving import faults, mutants, rendered
from reading import is_share

from eligibility import countries, report, run
from eligibility.compare import others as asking
from eligibility.compare import since
from eligibility.errors import UsageError
from eligibility.pages import others
from eligibility.pages.facts import Facts

INSIDE = ("eligible", "conditional")


@pytest.fixture
def invented(monkeypatch):
    register = fake_result.register()
    monkeypatch.setattr(countries, "register", lambda: register)


def judged(own: run.Result, name: str, **parts) -> run.Result:
    """Another set on the same figures."""
    policy = replace(own.criteria, id=name, title=f"Set {name}", sha256=name[0] * 64, **parts)
    return run.judge(policy, own.panel, own.as_of)


@pytest.fixture
def own(invented) -> run.Result:
    return fake_result.make()


@pytest.fixture
def sets(own) -> tuple[run.Result, ...]:
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
        for other, row in zip(sets, others.rows(facts, iso3), strict=True):
            status = other.screening.status.get(iso3)
            seen.add(status)
            words = {"eligible": "Ranked" if other.criteria.index else "Eligible", "conditional": "Conditional",
                     "excluded": "Excluded", "insufficient-data": "Not enough data", None: "Not considered"}  # fmt: skip
            assert (row.title, row.version) == (other.criteria.title, f"{other.criteria.id} 0.1")
            assert row.mark.word == words[status]
            p = other.firmness.p_eligible.get(iso3, math.nan)
            told = not other.criteria.index and not math.isnan(p)
            assert is_share(row.share, p) if told else row.share == "–"
            rank = other.ranking.rank.get(iso3, math.nan) if other.scores else math.nan
            low, high = (getattr(other.firmness.places, end).get(iso3, math.nan) for end in ("low", "high"))
            if math.isnan(rank):
                assert row.rank in ("–", "Not ranked")
            else:
                likely = f"{low:.0f}" if low == high else f"{low:.0f} to {high:.0f}"
                assert re.fullmatch(rf"{rank:.0f} of \d+(, shared with .+)? \(likely {likely}\)", row.rank)
    assert seen >= {"eligible", "excluded", "insufficient-data", None}


def test_the_title_counts_the_sets_that_can_judge_and_no_index(own, sets):
    facts, said = Facts.of(own, others=sets), set()
    numbers = {"none of": 0, "one of": 1, "two of": 2, "both": 2, "all": 3}
    for iso3 in facts.pool:
        words = [s.screening.status.get(iso3) for s in sets if not s.criteria.index]
        known = [w for w in words if w not in (None, "insufficient-data")]
        inside, title = sum(w in INSIDE for w in known), others.title(facts, iso3)
        said.add(title)
        if not known:
            assert title == "none of them can judge it"
        elif len(known) == 1:
            assert title == f"{'admitted' if inside else 'not admitted'} under the one set that can judge it"
        else:
            found = re.fullmatch(
                r"admitted under (none of|one of|two of|both|all) ?(two|three)? sets( that can judge it)?",
                title,
            )
            assert found and numbers[found[1]] == inside and bool(found[3]) == (len(known) < 3)
    assert len(said) > 3
    assert others.title(Facts.of(own, others=sets[2:3]), facts.pool[0]) == ""
    assert (
        others.title(Facts.of(own, others=sets[:1]), own.ranking.shortlist[0]) == "admitted under the one set"
    )


def test_a_set_whose_errors_nobody_knows_gives_a_rank_and_says_that_its_range_is_not_known(own):
    still = replace(own.criteria.uncertainty, draws=0)
    facts = Facts.of(own, others=(judged(own, "exact", uncertainty=still),))
    (row,) = others.rows(facts, own.ranking.shortlist[0])
    assert row.rank.endswith("; how firm is not known") and row.share == "–"


def test_the_board_reads_what_each_set_says_of_the_countries_proposed(own, sets):
    facts = Facts.of(own, others=sets)
    lines = list(others.shortlisted(facts))
    assert len(lines) == 3 and not any("zindex" in line for line in lines)
    ends = {"excluded": ("is excluded", "are excluded"), None: ("is not considered", "are not considered"),
            "insufficient-data": ("has too little data", "have too little data")}  # fmt: skip
    for line, other in zip(lines, [s for s in sets if not s.criteria.index], strict=True):
        head, told = line.split(" proposed: ")
        assert head == f"Under “{other.criteria.title}” ({other.criteria.id} 0.1), of four countries"
        parts = told.removesuffix(".").split("; ")
        for c in own.ranking.shortlist:
            word = other.screening.status.get(c)
            (part,) = [x for x in parts if facts.names[c] in x]
            assert part.endswith(("is admitted", "are admitted") if word in INSIDE else ends[word])
            p = other.firmness.p_eligible.get(c, math.nan)
            assert (f"{facts.names[c]} (admitted in " in part) == (not math.isnan(p))
    for other, end in ((sets[0], "is admitted"), (sets[1], "is not considered")):
        alone = fake_result.make(places=1)
        if other is sets[1] and alone.ranking.shortlist[0] in other.screening.status.index:
            continue
        (line,) = others.shortlisted(Facts.of(alone, others=(other,)))
        assert ", of one country proposed: " in line and line.endswith(f"{end}.")


def test_a_report_shows_them_seals_them_and_changes_nothing_else(own, sets):
    bare, told = report.content(own), report.content(own, others=sets)
    top = own.ranking.shortlist[0]
    page = told[f"countries/{top}.html"].decode()
    assert 'id="others">Under other criteria: admitted under ' in page and "Set poorer" in page
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


def test_the_table_is_not_drawn_for_an_index_alone_as_if_it_admitted_anybody(own, sets):
    page = report.content(own, others=sets[2:3])[f"countries/{own.ranking.shortlist[0]}.html"].decode()
    assert re.search(r'id="others">Under other criteria</h3>', page)


def test_every_sentence_and_cell_on_them_is_proved(own, sets):
    pages = rendered(own, 12, others=sets)
    assert sum(x.id == "others-table" for _, x in cells.shown(pages)) == len(own.screening.status.index)
    assert faults(pages) == [] and cells.faults(pages) == []
    told = [(page, [p for p in texts if p.section in ("rests", "firm")]) for page, texts in pages]
    tables = [(page, x) for page, x in cells.shown(pages) if x.id == "others-table"]
    rng = random.Random(11)
    for page, table in tables:
        for kind, new in cells.tampered(table, rng).items():
            assert cells.still_true(kind, table, new) or cells.wrong(page, new), (kind, new)
    said = [(page, p) for page, texts in told for p in texts if p.text.startswith("Under ") and not p.cell]
    assert len(said) > 12
    for page, piece in said:
        for _, text in mutants(piece.text, list(page.truth.name.values()), rng):
            assert text == piece.text or fault(page, replace(piece, text=text)), text


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
