"""What moved since the last round: who came and went, what decided it, and no more than the comparison says."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html import unescape
from pathlib import Path
from random import Random

import made_up
import pytest
from random_policies import SHEETS, random_case, random_world

from eligibility import report, run
from eligibility.compare import since as compared
from eligibility.compare.sides import Side
from eligibility.compare.steps import OUTSIDE
from eligibility.errors import UsageError
from eligibility.pages import amended, since, travel
from eligibility.pages.facts import Facts
from eligibility.policy import Component, Criteria, Dated, Score, Uncertainty

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
    view = since.moved(facts)
    return " | ".join([view.title, view.lead, *view.lines, *view.notes])


def page(facts: Facts, iso3: str) -> str:
    title, lines = travel.moved(facts, iso3)
    return f"{title} | {' '.join(lines)}"


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
    assert compared._earlier(date(2024, 2, 29)) == date(2023, 2, 28)


# The briefing ----------------------------------------------------------------------------------------------


def test_who_enters_and_leaves_is_named_with_what_decided_it():
    facts = facts_of(criteria(), world(COL=0.95))
    view = since.moved(facts)
    assert (
        view.title
        == "Colombia enters the shortlist and Benin leaves it; the same countries are admitted as in the last round"
    )
    assert view.lines == (
        "Onto the shortlist: Colombia, decided by its own figures.",
        "Off the shortlist: Benin, decided by the figures of others.",
    )
    assert view.lead == "Compared with the same criteria on 1 July 2016, for no other round was named."
    assert "how firm it was is not worked out, so no rank of it is given" in view.notes[0]
    assert "Both rounds read the same releases of the data." in view.notes[1]


def test_a_change_that_the_re_runs_leave_open_may_be_noise_and_a_firm_one_is_not_called_so():
    loose = facts_of(criteria(), world(COL=0.71))
    p = loose.p_top["COL"], loose.p_top["BEN"]
    assert all(0.1 < x < 0.9 for x in p)
    said = (
        f"For Colombia (on the shortlist in {round(100 * p[0])}% of re-runs) and Benin ({round(100 * p[1])}%) "
        "the re-runs of this round leave the place open, so these changes may be noise."
    )
    assert said in since.moved(loose).lines
    assert "may be noise" in page(loose, "COL") and "may be noise" in page(loose, "BEN")
    firm = facts_of(criteria(), world(COL=0.95), sd=0.001)
    assert firm.p_top["COL"] == 1
    assert "noise" not in board(firm) + page(firm, "COL")


def test_one_newly_admitted_and_one_no_longer():
    facts = facts_of(criteria(), world(BEN=0.2, DZA=0.41))
    assert since.moved(facts).title == (
        "Colombia enters the shortlist and Benin leaves it; one country is newly admitted and one no longer is"
    )
    text = board(facts)
    assert "Newly admitted: Algeria, decided by its own figures." in text
    assert "No longer admitted: Benin, decided by its own figures." in text
    assert f"For Algeria (admitted in {round(100 * facts.p_eligible['DZA'])}% of re-runs) the re-runs" in text
    assert "so this change may be noise" in text
    assert page(facts, "DZA").startswith("excluded then, eligible now, a higher score | ")
    assert "Turned: the gate “g” from fail to pass (its own figures)." in page(facts, "DZA")


def test_many_are_counted_and_not_listed():
    values = dict.fromkeys(made_up.MANY[:20], 0.3) | {"TUN": 0.9}
    facts = facts_of(criteria(), world(values, **dict.fromkeys(made_up.MANY[:20], 0.8)))
    text = board(facts)
    assert "20 countries are newly admitted" in text
    assert "Newly admitted: 20 countries, decided by their own figures." in text
    assert "Albania" not in text


def test_where_nothing_moved_it_says_so():
    facts = facts_of(criteria(), world())
    view = since.moved(facts)
    assert view.title == "The shortlist and the countries admitted are those of the last round"
    assert view.lines == ("No status, gate or score of any country is another.",)
    assert page(facts, "ALB").startswith("eligible then and now, the same score | ")
    assert "It was eligible and still is. No gate turned. Its score is 0.900, as then." in page(facts, "ALB")


def test_a_score_that_moves_alone_is_not_nothing():
    view = since.moved(facts_of(criteria(), world(ALB=0.95)))
    assert view.title == "The shortlist and the countries admitted are those of the last round"
    assert view.lines == ()


def test_one_candidate_and_nobody_admitted():
    one = facts_of(criteria(), world({"COL": 0.3}, COL=0.8))
    assert since.moved(one).title == "Colombia enters the shortlist; one country is newly admitted"
    assert "the figures of others" not in board(one)
    none = facts_of(criteria(), world({"COL": 0.3}))
    assert since.moved(none).title == "Nobody is admitted, as in the last round"
    gone = facts_of(criteria(), world({"COL": 0.8}, COL=0.3))
    assert since.moved(gone).title == "Colombia leaves the shortlist; one country is no longer admitted"


def test_criteria_without_a_score_or_without_gates():
    gates = facts_of(criteria(score=None, places=0), world(DZA=0.8))
    assert since.moved(gates).title == "One country is newly admitted"
    assert "score" not in page(gates, "DZA")
    index = facts_of(replace(criteria(places=0), gates=()), world(DZA=0.8, ALB=0.2))
    assert since.moved(index).title == "The same countries are ranked as in the last round"
    assert (
        "Of five countries with a score in both rounds one has a higher one now and one a lower one."
        in board(index)
    )
    assert page(index, "DZA").startswith(
        "a higher score | Compared with the same criteria on 1 July 2016. Its score"
    )


def test_without_a_known_error_any_change_may_be_noise():
    assert "Nor can it be said how firm this round is, so any change may be noise." in board(
        facts_of(criteria(), world(COL=0.95), sd=0)
    )


# One country -----------------------------------------------------------------------------------------------


def test_a_country_new_to_the_pool_and_one_that_left_it():
    late = world(ECU=0.95)
    late["a.pool"]["ECU"] = {2016: 1.0}
    late["a.pool"]["ALB"][2016] = 0.0
    facts = facts_of(criteria(), late)
    assert facts.since.moves["ECU"].status == (OUTSIDE, "eligible")
    assert page(facts, "ECU") == (
        "not considered then, eligible now | Compared with the same criteria on 1 July 2016. It was not considered in "
        "the last round, and is eligible in this one, decided by who is considered and who is compared with whom. "
        "It enters the shortlist, decided by who is considered and who is compared with whom."
    )
    assert (
        "No longer admitted: Albania, decided by who is considered and who is compared with whom."
        in board(facts)
    )
    assert "ALB" not in facts.names


def test_an_excluded_country_has_its_move_too():
    text = page(facts_of(criteria(), world(ECU=0.2)), "ECU")
    assert (
        "It was excluded and still is. No gate turned. Its score was 0.100 and is 0.200: +0.100, all by its own"
        in text
    )
    assert "It is not ranked, so its score decides nothing." in text


def test_a_score_that_comes_or_goes_is_told_without_a_change():
    late = world()
    late["a.x"]["ALB"] = {2016: 0.9}
    late["a.x"]["BEN"] = dict.fromkeys(range(2006, 2014), 0.7)
    facts = facts_of(criteria(max_age=3), late)
    assert "It had no score then and has 0.900 now, so no change is told." in page(facts, "ALB")
    assert "Its score was 0.700; now it has none, so no change is told." in page(facts, "BEN")
    assert page(facts, "BEN").startswith("eligible then, not judged because data are not held now | ")


SUM = re.compile(
    r"Its score was (\d\.\d+) and is (\d\.\d+): ([+−]\d\.\d+)(?:, made of (.*?))?(?:, all by [^.]*)?\. (?:It is|These|What)"
)


def adds_up(text: str) -> int:
    """How many parts a page prints, which must add up to the change, and that to the scores, digit by digit."""
    told = SUM.search(text)
    if told is None:
        assert "Its score was" not in text or "no change is told" in text, text
        return 0
    then, now, change = (Decimal(x.replace("−", "-")) for x in told.groups()[:3])
    assert now - then == change != 0, text
    if told[4] is None:
        return 1
    parts = [Decimal(x.replace("−", "-")) for x in re.findall(r"[+−]\d\.\d+", told[4])]
    assert len(parts) > 1 and sum(parts) == change, text
    return len(parts)


def test_what_is_printed_adds_up_on_random_rounds():
    found = []
    for seed in range(60):
        policy, of, day = random_case(seed)
        other, _, _ = random_case(seed + 10_000)
        figures = made_up.panel(SHEETS.values(), random_world(Random(seed), tuple(of["tie.tenths"])))
        try:
            a, b = (
                run.judge(p, figures, d) for p, d in ((other, day), (policy, day.replace(year=day.year + 1)))
            )
        except UsageError:
            continue
        told = compared._compared(compared.Since("other", day), Side("", a, ()), Side("", b, ()))
        facts = Facts.of(b, told)
        found += [adds_up(page(facts, c)) for c in facts.pool]
        assert since.moved(facts).title
        assert not re.search(r"\bnan\b|None|  |\.\.", board(facts))
    assert found.count(1) > 10 and sum(n > 1 for n in found) > 20


# A round that cannot be judged, other criteria -------------------------------------------------------------


def test_a_year_before_that_cannot_be_judged_is_said_and_the_run_goes_on():
    late = world()
    late["a.pool"] = {c: {2016: 1.0} for c in VALUES}
    facts = facts_of(criteria(), late)
    assert facts.since.told is None
    assert since.moved(facts).title == "What moved cannot be said"
    assert since.moved(facts).lead.startswith(
        "No earlier round was named, and the same criteria on 1 July 2016 cannot be judged, so nothing is said of "
        "what moved. No country can be judged at this date; "
    )
    assert page(facts, "ALB").startswith("what moved cannot be said | No earlier round was named")
    files = report.content(facts.result)
    seal = json.loads(files["manifest.json"])["since"]
    assert (seal["as_of"], seal["judged"]) == ("2016-07-01", False)
    assert b"What moved cannot be said" in files["briefing.html"]
    assert amended.sentence(facts, ()) == ""


def test_criteria_that_differ_are_told_line_by_line():
    before = replace(criteria(0.6), sha256="1" * 64, version="2")
    facts = against(before, criteria(0.4), world())
    rows = amended.rows(facts)
    assert [(r.part, r.was, r.now) for r in rows] == [
        ("Gate: g", "A.x at least 0.60", "A.x at least 0.40")
    ] or [(r.part, r.was, r.now) for r in rows] == [("Gate: g", "a.x at least 0.60", "a.x at least 0.40")]
    assert amended.sentence(facts, rows) == (
        "The criteria are not those of the last round (“made-up” version 2). They differ in one line:"
    )
    assert "Compared with the criteria “made-up” version 2 on the same day." in board(facts)
    assert "Newly admitted: Colombia, decided by the criteria." in board(facts)


def test_gates_that_came_or_went_are_told():
    more = replace(
        criteria(),
        sha256="1" * 64,
        gates=(*criteria().gates, made_up.gate("h", made_up.atom("a.x", "at_most", 0.8))),
    )
    rows = amended.rows(against(more, criteria(), world()))
    assert [(r.part, bool(r.was), r.now) for r in rows] == [("Gate: h", True, "")]
    facts = against(criteria(), more, world())
    assert [(r.part, r.was, bool(r.now)) for r in amended.rows(facts)] == [("Gate: h", "", True)]
    assert "Turned: the gate “h” from not asked to fail (the criteria)." in page(facts, "ALB")


def test_the_same_criteria_are_said_to_be_so_but_for_limits_set_by_date():
    same = facts_of(criteria(), world())
    assert amended.sentence(same, amended.rows(same)) == "The criteria are those of the last round."
    dated = facts_of(criteria(Dated(((date(2000, 1, 1), 0.4), (date(2017, 1, 1), 0.6)))), world())
    rows = amended.rows(dated)
    assert [(r.part, "0.40" in r.was, "0.60" in r.now) for r in rows] == [("Gate: g", True, True)]
    assert amended.sentence(dated, rows) == (
        "The criteria are those of the last round. By date they set other limits now, in one line:"
    )


def test_another_file_that_says_the_same():
    facts = against(replace(criteria(), sha256="1" * 64), criteria(), world())
    assert amended.sentence(facts, amended.rows(facts)) == (
        "The criteria are not those of the last round (“made-up” version 1), but no rule printed below differs."
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
def later() -> run.Result:
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
        "The last round is told as it was sealed, for it cannot be judged again here (no longer held: "
        in text
    )
    assert "decided by" not in text and str(tmp_path) not in text
    shared = [c for c, m in facts.since.moves.items() if not any(x != x for x in m.score)]
    assert len(shared) > 100
    for iso3 in facts.pool:
        assert adds_up(page(facts, iso3)) <= 1
        assert "What moved it cannot be told" in page(facts, iso3)


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
    text = (Path(__file__).parent.parent / "criteria" / f"{POLICY}.yaml").read_text(encoding="utf-8")
    mine.write_text(text.replace("at_least: 0.5\n", "at_least: 0.6\n"), encoding="utf-8")
    files = report.content(later, ("TUN",), since=compared.named(later, str(mine), POLICY))
    briefing = text_of(files["briefing.html"])
    assert "decided by the criteria" in briefing
    assert "What differs in the criteria: annex B" in briefing
    assert re.search(r"at least 0\.60 [^|]*? at least 0\.50", briefing)
    assert "--since mine.yaml" in briefing and str(tmp_path) not in briefing
    pinned = Facts.of(later, compared.named(later, "vdem-v14", POLICY))
    assert "Compared with the same criteria on the same day, with the figures of vdem-v14." in board(pinned)


def test_every_country_of_a_shipped_round_has_its_move_and_it_adds_up(later):
    facts = Facts.of(later, compared.year_before(later))
    told = facts.since.told
    assert sum(adds_up(page(facts, c)) > 0 for c in facts.pool) > 80
    text = board(facts)
    for names, head in ((facts.since.entered, "Onto"), (facts.since.left, "Off")):
        assert (f"{head} the shortlist: " in text) == bool(names)
        assert all(since.called(facts, c) in text for c in names)
    assert set(facts.since.newly) == set(told.b.admitted) - set(told.a.admitted)
    assert max(len(travel.moved(facts, c)[1]) for c in facts.pool) < 12


def test_screening_does_not_read_the_comparison():
    code = (
        "import sys; from eligibility.cli import main\n"
        "try: main(['screen', '--draws', '2'])\n"
        "except SystemExit: pass\n"
        "print([m for m in sys.modules if m.startswith('eligibility.compare')], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    told = (
        done.stderr.strip()
    )  # why a verdict is what it is now is told by two of them, and of no other round
    assert told == str([f"eligibility.compare{of}" for of in ("", ".steps", ".turning")])
