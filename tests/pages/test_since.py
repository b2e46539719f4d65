"""What moved since the last round: who came and went, what decided it, and no more than the comparison says."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path
from random import Random

import made_up
import pytest
from places import ROOT
from random_policies import SHEETS, random_case, random_world

from eligibility.analysis.compare import since as compared
from eligibility.analysis.compare.sides import Side
from eligibility.errors import UsageError
from eligibility.method import run
from eligibility.method.result import Result
from eligibility.pages import amended, in_text, last_round
from eligibility.pages.facts import Facts
from eligibility.policy.model import Component, Criteria, Dated, Score, Uncertainty
from eligibility.policy.words import OUTSIDE
from eligibility.present import moves, report

THEN, NOW = made_up.AS_OF, date(2017, 7, 1)
VALUES = {"ALB": 0.9, "BEN": 0.7, "COL": 0.5, "DZA": 0.3, "ECU": 0.1}
POLICY = "peacetime-pilots"


def world(values: dict[str, float] = VALUES, **new: float) -> dict:
    """a.x of each country up to 2016, the year that comes out between the rounds; `new` is that year's value."""
    history = {c: dict.fromkeys(range(2006, 2016), v) | {2016: new.get(c, v)} for c, v in values.items()}
    return {"a.x": history, "a.pool": {c: dict.fromkeys(range(2000, 2018), 1.0) for c in values}}


def held(world: dict, sd: float = 0.05):
    return made_up.panel([made_up.sheet("a.x", sd=sd), made_up.sheet("a.pool")], world)


def criteria(threshold=0.4, places: int = 2, component: Component | None = None, **more) -> Criteria:
    """At least this much of a.x, ranked by it; nobody whose a.pool is under 1 is considered."""
    rule = made_up.atom("a.x", "at_least", threshold)
    part = component or made_up.component("a.x")
    usual = {
        "score": Score(1.0, (made_up.pillar("p", part),)),
        "shortlist": places,
        "uncertainty": Uncertainty(draws=400),
    }
    return made_up.policy(
        made_up.atom("a.pool", "at_least", 1.0, path="pool"), [made_up.gate("g", rule)], **{**usual, **more}
    )


def facts_of(policy: Criteria, world: dict, day: date = NOW, sd: float = 0.05) -> Facts:
    """The facts of a round held against the round of a year before."""
    result = run.judge(policy, held(world, sd), day)
    return Facts.of(result, compared.year_before(result))


def against(before: Criteria, after: Criteria, world: dict, then: date = NOW) -> Facts:
    """The facts of a round held against that of other criteria on the same figures."""
    figures = held(world)
    a, b = (
        run.judge(replace(before, uncertainty=Uncertainty(draws=0)), figures, then),
        run.judge(after, figures, NOW),
    )
    told = compared._compared(compared.Since("other", then), Side("", a, ()), Side("", b, ()))
    return Facts.of(b, told)


def board(facts: Facts) -> str:
    """What the briefing says of what moved, as one line of words."""
    made = last_round.section(facts, frozenset())
    return " ".join(" ".join(in_text.lines((made,), 2000)).split()) if made else ""


def row(facts: Facts, name: str) -> list[str]:
    """The cells of a country's row: then, now, because of, chance."""
    tables = [b for b in last_round.section(facts, frozenset()).blocks if getattr(b, "id", "") == "since"]
    (found,) = [r for t in tables for r in t.rows if r.cells[0].words == name]
    return [str(cell.words) for cell in found.cells[1:]]


# The last round itself -------------------------------------------------------------------------------------


def test_without_draws_the_engine_gives_the_same_answer_and_no_probability():
    policy, figures = criteria(), held(world(COL=0.95))
    bare = replace(policy, uncertainty=replace(policy.uncertainty, draws=0))
    whole, points = run.judge(policy, figures, NOW), run.judge(bare, figures, NOW)
    assert whole.firmness.drawn and not points.firmness.drawn
    assert points.firmness.p_eligible.isna().all()
    assert points.screening.status.equals(whole.screening.status)
    assert points.scores.score.equals(whole.scores.score)
    assert points.ranking.rank.equals(whole.ranking.rank)


def test_the_round_of_a_year_before_is_the_last_where_none_is_named():
    told = facts_of(criteria(), world()).since
    assert (told.as_of, told.word, told.same) == (THEN, "", True)
    assert told.told.a.draws == 0


# The briefing ----------------------------------------------------------------------------------------------


def test_who_enters_and_leaves_is_named_with_what_decided_it():
    facts = facts_of(criteria(), world(COL=0.95))
    text = board(facts)
    assert text.startswith(
        "Since the last round: one came onto the list, one left it; none newly qualify, none no longer do"
    )
    assert row(facts, "Colombia")[:3] == ["Qualifies", "Qualifies, on the list", "its own figures"]
    assert row(facts, "Benin")[:3] == ["Qualifies, on the list", "Qualifies", "the figures of others"]
    assert "Compared with the same criteria on 1 July 2016." in text
    assert "no chance of it is given" in text and "Both rounds read the same releases" in text


def test_one_newly_admitted_and_one_no_longer():
    facts = facts_of(criteria(), world(BEN=0.2, DZA=0.41))
    assert "one newly qualifies, one no longer does" in board(facts)
    then, now, why, p = row(facts, "Algeria")
    assert (then, now, why) == ("Does not qualify", "Qualifies", "its own figures")
    assert p == f"{round(100 * facts.p_eligible['DZA'])}%"
    assert row(facts, "Benin")[:2] == ["Qualifies, on the list", "Does not qualify"]


def test_who_qualifies_on_condition_now_or_is_on_hold_is_told_though_nobody_came_in_or_went_out():
    """Of the default set Zambia, on the list at both ends, qualified in March 2025 and does on condition a year later."""
    facts = Facts.of(result := run.run("peacetime-pilots", draws=20), compared.year_before(result))
    own = "its own figures"
    assert row(facts, "Zambia")[:3] == ["Qualifies, on the list", "Qualifies on condition, on the list", own]
    assert row(facts, "Gabon")[:3] == ["Does not qualify", "On hold", own]
    told = " ".join(" ".join(moves._came_and_went(facts.since.told)).split())
    assert f"~ Zambia: qualifies -> qualifies on condition; because of {own}; democracy met -> met on" in told


def test_a_seizure_of_power_is_not_told_as_figures_that_changed():
    """Tunisia, second in October 2020, was on hold a year later on the same figures."""
    told = run.run("peacetime-pilots", date(2021, 10, 1), draws=20)
    facts = Facts.of(told, compared.year_before(told))
    assert row(facts, "Tunisia")[:3] == ["Qualifies, on the list", "On hold", "an event put it on hold"]
    assert "Tunisia: qualifies -> on hold; an event put it on hold" in "\n".join(
        moves._came_and_went(facts.since.told)
    )
    over = ("on-hold", "qualified")
    assert str(last_round.by_hold(over)) == "the time for which an event held it was over"
    assert last_round.by_hold(("excluded", "on-hold")) is None


def test_many_are_counted_after_forty(monkeypatch):
    monkeypatch.setattr(last_round, "MOST", 20)
    values = dict.fromkeys(made_up.MANY[:60], 0.3) | {"TUN": 0.9}
    facts = facts_of(criteria(), world(values, **dict.fromkeys(made_up.MANY[:60], 0.8)))
    n = len([c for c in made_up.MANY[:60] if c != "TUN"])
    text = board(facts)
    assert f"{n} newly qualify" in text and f"{n - last_round.MOST} more." in text


def test_where_nothing_moved_no_table_stands():
    facts = facts_of(criteria(), world(ALB=0.95))
    assert "none came onto the list, none left it; none newly qualify, none no longer do" in board(facts)
    assert not [b for b in last_round.section(facts, frozenset()).blocks if getattr(b, "id", "") == "since"]


def test_criteria_without_a_score_or_without_gates():
    gates = facts_of(criteria(score=None, places=0), world(DZA=0.8))
    assert board(gates).startswith("Since the last round: one newly qualifies, none no longer do Compared")
    index = facts_of(replace(criteria(places=0), gates=()), world(DZA=0.8, ALB=0.2))
    assert board(index).startswith("Since the last round: none newly ranked, none no longer ranked Compared")
    mixed = moves.text(against(criteria(), replace(criteria(places=0), gates=()), world()).since.told)
    assert "B is an index, which ranks countries and lets none qualify." in mixed
    assert "Those that qualify" not in mixed and "5 considered, 5 ranked" in mixed


def test_without_a_known_error_any_change_may_be_noise():
    facts = facts_of(criteria(), world(COL=0.95), sd=0)
    assert "so any change may be measurement error." in board(facts)
    # nor a column that none could fill
    assert len(row(facts, "Colombia")) == 3 and "chance" not in board(facts)


def test_a_country_new_to_the_pool_and_one_that_left_it():
    late = world(ECU=0.95)
    late["a.pool"]["ECU"] = {2016: 1.0}
    late["a.pool"]["ALB"][2016] = 0.0
    facts = facts_of(criteria(), late)
    assert facts.since.moves["ECU"].status == (OUTSIDE, "eligible")
    who = "who is considered and compared with whom"
    together = f"its own figures and {who} together"  # without either it would be out
    assert row(facts, "Ecuador")[:3] == ["Not considered", "Qualifies, on the list", together]
    assert row(facts, "Albania")[:3] == ["Qualifies, on the list", "Not considered", who]
    assert "ALB" not in facts.names


def test_every_country_that_moved_stands_in_the_table_once_on_random_rounds():
    seen = 0
    for seed in range(40):
        policy, of, day = random_case(seed)
        other, _, _ = random_case(seed + 10_000)
        figures = made_up.panel(SHEETS.values(), random_world(Random(seed), tuple(of["tie.tenths"])))
        try:
            a, b = (
                run.judge(p, figures, d) for p, d in ((other, day), (policy, day.replace(year=day.year + 1)))
            )
        except UsageError:
            continue
        facts = Facts.of(
            b, compared._compared(compared.Since("other", day), Side("", a, ()), Side("", b, ()))
        )
        moved = {*facts.since.entered, *facts.since.left, *facts.since.newly, *facts.since.no_longer}
        ends = {c: {*move.status} for c, move in facts.since.moves.items() if facts.since.comparable}
        moved |= {
            c for c, own in ends.items() if len(own) > 1 and own - {"excluded", "insufficient-data", OUTSIDE}
        }
        tables = [x for x in last_round.section(facts, frozenset()).blocks if getattr(x, "id", "") == "since"]
        names = [r.cells[0].words for x in tables for r in x.rows]
        assert sorted(names) == sorted(map(last_round.called, moved))
        seen += len(names)
        assert not re.search(r"\bnan\b|\.\.", board(facts))
    assert seen > 20


# A round that cannot be judged, other criteria -------------------------------------------------------------


def test_a_year_before_that_cannot_be_judged_is_said_and_the_run_goes_on():
    late = world()
    late["a.pool"] = {c: {2016: 1.0} for c in VALUES}
    facts = facts_of(criteria(), late)
    assert facts.since.told is None
    assert board(facts).startswith(
        "What moved since the last round cannot be said No earlier round was named, and the same criteria on 1 July "
        "2016 cannot be judged. No country can be judged at this date; "
    )
    files = report.content(facts.result)
    seal = json.loads(files["manifest.json"])["since"]
    assert (seal["as_of"], seal["judged"]) == ("2016-07-01", False)
    assert b"What moved since the last round cannot be said" in files["briefing.html"]
    assert amended.blocks(facts) == ()


def test_criteria_that_differ_are_told_line_by_line():
    before = replace(criteria(0.6), sha256="1" * 64, version="2")
    facts = against(before, criteria(0.4), world())
    rows = amended.lines(facts)
    assert list(rows) == [("Requirement: g", "A.x at least 0.60", "A.x at least 0.40")] or list(rows) == [
        ("Requirement: g", "a.x at least 0.60", "a.x at least 0.40")
    ]
    assert amended.sentence(facts, len(rows)).text == (
        "The criteria are not those of the last round (“made-up” version 2). They differ in 1 line:"
    )
    assert "Compared with the criteria “made-up” version 2 on the same day." in board(facts)
    assert row(facts, "Colombia")[:3] == ["Does not qualify", "Qualifies", "the criteria"]


def test_gates_that_came_or_went_are_told():
    more = replace(
        criteria(),
        sha256="1" * 64,
        gates=(*criteria().gates, made_up.gate("h", made_up.atom("a.x", "at_most", 0.8))),
    )
    rows = amended.lines(against(more, criteria(), world()))
    assert [(part, bool(was), now) for part, was, now in rows] == [("Requirement: h", True, "")]
    facts = against(criteria(), more, world())
    assert [(part, was, bool(now)) for part, was, now in amended.lines(facts)] == [
        ("Requirement: h", "", True)
    ]


def test_the_same_criteria_are_said_to_be_so_but_for_limits_set_by_date():
    same = facts_of(criteria(), world())
    assert (
        amended.sentence(same, len(amended.lines(same))).text == "The criteria are those of the last round."
    )
    dated = facts_of(criteria(Dated(((date(2000, 1, 1), 0.4), (date(2017, 1, 1), 0.6)))), world())
    rows = amended.lines(dated)
    assert [(part, "0.40" in was, "0.60" in now) for part, was, now in rows] == [
        ("Requirement: g", True, True)
    ]
    assert amended.sentence(dated, len(rows)).text == (
        "The criteria are those of the last round. By date they set other limits now, in 1 line:"
    )


def test_another_file_that_says_the_same():
    facts = against(replace(criteria(), sha256="1" * 64), criteria(), world())
    assert amended.sentence(facts, len(amended.lines(facts))).text == (
        "The criteria are not those of the last round (“made-up” version 1), but nothing they ask for differs."
    )
    assert (
        "Compared with the criteria “made-up” version 1 as another file has them on the same day."
        in board(facts)
    )


# In a report -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sealed(tmp_path_factory) -> Path:
    """A run on disk of 2016-07-01."""
    return report.write(run.run(POLICY, THEN, draws=20), tmp_path_factory.mktemp("out"), ("TUN",)).path


@pytest.fixture(scope="module")
def later() -> Result:
    return run.run(POLICY, NOW, draws=50)


def text_of(data: bytes) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", data.decode())).split())


def test_a_sealed_run_gives_the_same_bytes_from_any_folder_and_is_named_by_its_id(sealed, later, tmp_path):
    other = shutil.copytree(sealed, tmp_path / "elsewhere" / "of another name")
    first, second = (
        report.content(later, ("TUN", "ZMB"), since=compared.named(later, str(folder), POLICY))
        for folder in (sealed, other)
    )
    assert first == second
    pages = b"".join(first[f] for f in first if f.endswith((".html", ".json"))).decode()
    assert str(sealed.parent) not in pages and str(tmp_path) not in pages
    seal, theirs = json.loads(first["manifest.json"]), json.loads((sealed / "manifest.json").read_text())
    assert seal["command"].endswith(f" --since {POLICY}-2016-07-01")
    assert (seal["since"]["run"], seal["since"]["as_of"]) == (theirs["run"], "2016-07-01")
    assert seal["since"]["sources"] == [
        {key: source[key] for key in ("id", "sha256")} for source in theirs["sources"]
    ]
    assert seal["since"]["criteria"] == theirs["criteria"]
    briefing = text_of(first["briefing.html"])
    assert f"Compared with the same criteria on 1 July 2016, run {theirs['run']}." in briefing
    assert f"--since {POLICY}-2016-07-01" in briefing


def test_a_sealed_run_that_cannot_be_judged_again_is_told_as_it_was(sealed, later, tmp_path):
    from test_compare_sides import resealed

    def lose(manifest, result):
        manifest["sources"][0]["sha256"] = "f" * 64

    folder = resealed(sealed, tmp_path / "lost", lose)
    facts = Facts.of(later, compared.named(later, str(folder), POLICY))
    assert facts.since.before is None
    text = board(facts)
    assert (
        "The last round is given as it was sealed, for it cannot be judged again here (no longer held: "
        in text
    )
    assert "because of" not in text and str(tmp_path) not in text


def test_a_manifest_that_names_no_run_is_refused(sealed, later, tmp_path):
    from test_compare_sides import resealed

    for k, word in enumerate(("", "../../etc", "x" * 12, None, 7)):

        def rename(manifest, result, word=word):
            manifest.update(run=word)
            del manifest["digest"]  # as a run from before there were digests

        folder = resealed(sealed, tmp_path / str(k), rename)
        with pytest.raises(UsageError, match="must name the run and its criteria"):
            compared.named(later, str(folder), POLICY)


def test_nothing_is_compared_where_that_is_asked_for(later):
    files = report.content(later, ("TUN",), since=compared.named(later, "none", POLICY))
    assert json.loads(files["manifest.json"])["since"] is None
    assert json.loads(files["manifest.json"])["command"].endswith(" --since none")
    for name in ("briefing.html", "countries/TUN.html"):
        assert b"ince the last round" not in files[name]
        assert b"Compared with" not in files[name]


def test_the_tables_do_not_know_of_the_last_round(later):
    plain, bare = (report.content(later, ("TUN",), since=s) for s in (None, compared.NOTHING))
    for name in ("ranking.csv", "result.json"):
        assert plain[name] == bare[name]
    assert json.loads(plain["manifest.json"])["run"] == json.loads(bare["manifest.json"])["run"]


@pytest.mark.parametrize(
    "word, rule",
    [
        ("2017-07-01", "must be before the date of the round, 2017-07-01"),
        ("2030-01-01", "must be before the date of the round"),
        ("2016-02-30", "a day of the calendar"),
        ("1950-01-01", "no country can be judged at this date"),
        ("nonsense", "must be a criteria file, a date"),
    ],
)
def test_a_named_round_that_is_wrong_is_refused(later, word, rule):
    with pytest.raises(UsageError, match=f"^--since: .*{re.escape(rule)}") as refused:
        compared.named(later, word, POLICY)
    assert refused.value.exit_code == 2


def test_a_run_of_a_later_day_is_no_last_round(sealed):
    early = run.run(POLICY, date(2015, 7, 1), draws=2)
    with pytest.raises(UsageError, match="must be no later than the round, 2015-07-01"):
        compared.named(early, str(sealed), POLICY)


def test_criteria_and_datasets_as_the_last_round(later, tmp_path):
    mine = tmp_path / "mine.yaml"
    text = (ROOT / "criteria" / f"{POLICY}.yaml").read_text(encoding="utf-8")
    mine.write_text(text.replace("at_least: 0.5\n", "at_least: 0.6\n"), encoding="utf-8")
    files = report.content(later, ("TUN",), since=compared.named(later, str(mine), POLICY))
    briefing = text_of(files["briefing.html"])
    assert "the criteria" in briefing
    assert re.search(r"at least 0\.60 .{0,40}at least 0\.50", briefing)
    assert "--since mine.yaml" in briefing and str(tmp_path) not in briefing
    pinned = Facts.of(later, compared.named(later, "vdem-v14", POLICY))
    assert "Compared with the same criteria on the same day, with the figures of vdem-v14." in board(pinned)


def test_screening_does_not_read_the_comparison():
    code = (
        "import sys; from eligibility.cli import main\n"
        "try: main(['screen', '--draws', '2'])\n"
        "except SystemExit: pass\n"
        "print(sorted(m for m in sys.modules if m.startswith('eligibility.analysis.compare')), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    # why a verdict is what it is now is told by three of them, and of no other round
    told = done.stderr.strip()
    assert told == str([f"eligibility.analysis.compare{of}" for of in ("", ".causes", ".steps", ".turning")])
