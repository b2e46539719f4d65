"""The list under its limits: equal to trying every set, whatever ties, and named where no set will do."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import combinations, pairwise

import jsonschema
import numpy as np
import pytest
import test_sheets_are_true as sheets
from places import ROOT

from eligibility import contract, workbench
from eligibility.analysis.compare import comparison, sides, turning
from eligibility.cli import commands as cli
from eligibility.data import countries
from eligibility.errors import UsageError
from eligibility.language import criteria
from eligibility.method import portfolio, run
from eligibility.method.portfolio import NEAR, SETTINGS, Choice, Row
from eligibility.method.result import Result
from eligibility.policy.limits import Limits, OfKind
from eligibility.present import moves, ranked, tables
from eligibility.workbench import page

CASES = 200
EARLY = date(2016, 7, 1)
SEVERAL = Limits(
    0.5, "Half", 2, "Two", (OfKind("low-income-good-faith", 2, "Both"), OfKind("hybrid-tribunal", 3, "Three"))
)


def drawn(seed: int) -> Choice:
    """A small choice drawn by lot: every other one of few different numbers, so that sets are often equal."""
    rng = np.random.default_rng(seed)
    n, size = int(rng.integers(3, 11)), 0
    size = int(rng.integers(1, min(n, 5) + 1))
    top = 4 if seed % 2 else 100_000
    worth = tuple(sorted((int(x) for x in rng.integers(0, top, n)), reverse=True))
    m = int(rng.integers(n, n + 6)) if seed % 3 else 0
    far = tuple(tuple(int(x) for x in row) for row in rng.integers(0, top, (m, n)))
    limits = {}
    if rng.random() < 0.7:
        regions = rng.integers(0, 3, n)
        most = int(rng.integers(1, 4))
        rows = tuple(Row(frozenset(np.flatnonzero(regions == r).tolist()), most=most) for r in range(3))
        limits["region"] = tuple(row for row in rows if row.who)
    for name in ("one", "other"):
        if rng.random() < 0.5:
            who = frozenset(np.flatnonzero(rng.random(n) < 0.4).tolist())
            limits[name] = (Row(who, least=int(rng.integers(1, 3))),)
    return Choice(worth, far, size, limits)


def keeps(choice: Choice, who: tuple[int, ...]) -> bool:
    rows = [row for asked in choice.limits.values() for row in asked]
    counts = [
        (len(row.who & set(who)), row.least, math.inf if row.most is None else row.most) for row in rows
    ]
    return all(least <= n <= most for n, least, most in counts)


def tried(choice: Choice) -> list[tuple[int, ...]]:
    """Every set that keeps to the limits, best first, those that are equal in order of rank."""
    every = [who for who in combinations(range(len(choice.worth)), choice.size) if keeps(choice, who)]

    def worth(who):
        return sum(choice.worth[j] for j in who) - sum(min(row[j] for j in who) for row in choice.far)

    return sorted(every, key=lambda who: (-worth(who), who))


def test_it_is_what_trying_every_set_finds():
    infeasible = tied = 0
    for seed in range(CASES):
        choice = drawn(seed)
        every = tried(choice)
        assert choice.near() == tuple(every[:NEAR]), seed
        assert choice.best == (every[0] if every else None)
        infeasible += not every
        tied += len(every) > 1 and choice.of(every[0]) == choice.of(every[1])
    assert infeasible > 10 and tied > 20  # what the numbers were drawn for


def test_what_cannot_be_kept_together_is_named_and_nothing_more():
    seen = set()
    for seed in range(CASES):
        choice = drawn(seed)
        if tried(choice):
            assert choice.conflict() == ()
            continue
        named = choice.conflict()
        others = [name for name in choice.limits if name not in named]
        assert named and not tried(choice.without(*others)), seed
        assert all(tried(choice.without(*others, name)) for name in named), seed
        seen.add(len(named))
    assert seen >= {1, 2}


def test_many_more_candidates_than_one_programme_orders():
    """Forty that are all alike: the first in order of rank; and the first of each of two regions."""
    alike = Choice((7,) * 40, (), 3, {})
    assert alike.near() == ((0, 1, 2), (0, 1, 3), (0, 1, 4), (0, 1, 5), (0, 1, 6))
    late = replace(alike, limits={"late": (Row(frozenset(range(30, 40)), least=2),)})
    assert late.best == (0, 30, 31)


# On the shipped criteria ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def plain():
    return run.run("peacetime-pilots", as_of=EARLY, draws=300)


def under(result: Result, limits: Limits | None, **more) -> Result:
    """The same result under limits, as if they stood in the file; since when its verdicts stand is as it was."""
    made = replace(result, criteria=replace(result.criteria, limits=limits, **more))
    turning._KNOWN[made] = turning.turnings(result)
    return made


@pytest.fixture(scope="module")
def varied(plain):
    return under(plain, SEVERAL)


def told(result) -> dict:
    return json.loads(tables.json(result))


def test_without_limits_nothing_is_solved_and_nothing_is_said(plain, monkeypatch):
    monkeypatch.setattr(Choice, "_solved", lambda *a, **k: pytest.fail("solved"))
    assert plain.portfolio is None and "portfolio" not in told(plain)
    assert "limits" not in ranked.text(plain)
    assert all(
        criteria.load(id_, run.panel.catalogue(run.sources.shelf())).limits is None
        for id_ in criteria.shipped()
    )


def test_limits_move_no_status_score_rank_or_chance(plain, varied):
    judged = run.judge(varied.criteria, plain.panel, EARLY)
    whole, rest = told(judged), told(plain)
    assert whole.pop("portfolio")["own"]["members"]
    assert whole == rest


def test_the_document_keeps_to_its_schema_and_is_the_same_twice(plain, varied):
    schema = contract.schema()
    first, kept, refused = (tables.json(each) for each in (plain, varied, under(plain, Limits(per_region=1))))
    for text in (first, kept, refused):
        jsonschema.validate(json.loads(text), schema)
    assert kept == tables.json(under(plain, SEVERAL))
    found = json.loads(refused)["portfolio"]
    assert found["own"] is None and found["conflict"] == ["shortlist.per_region"] and not found["prices"]


def test_every_sentence_of_the_briefing_is_true_with_real_regions(plain, varied):
    for result in (varied, under(plain, Limits(per_region=2)), under(plain, Limits(variety=1.0))):
        truth, pages = sheets.made(result, each=0)
        said = [s for _, s in sheets.told(truth, "", pages[""]) if s.phrase.startswith("portfolio.")]
        assert len(said) > 5
        assert sheets.faults(truth, {"": pages[""]}) == []


def test_a_sentence_that_is_not_true_is_found(varied):
    """The proofs of the block can fail: each with a fact of it changed."""
    truth, pages = sheets.made(varied, each=0)
    for phrase, fact, other in (
        ("portfolio.other", "into", ("Senegal",)),
        ("portfolio.members", "names", ("Tunisia",)),
        ("portfolio.score", "x", 0.7),
        ("portfolio.distance", "y", 0.5),
        ("portfolio.price", "p", 0.5),
        ("portfolio.always", "names", ("Ukraine",)),
        ("portfolio.all", "p", 0.9),
        ("portfolio.binds", "x", 0.5),
    ):
        said = next(s for _, s in sheets.told(truth, "", pages[""]) if s.phrase == phrase)
        assert sheets.sheet_truth.holds(truth, "", said)
        given = tuple((key, other if key == fact else value) for key, value in said.given)
        assert not sheets.sheet_truth.holds(truth, "", replace(said, given=given)), phrase


def test_a_list_that_keeps_to_its_limits_is_the_shortlist(plain):
    made = under(
        plain, Limits(per_region=300, at_least=(OfKind("middle-income-transition", 1, "One"),))
    ).portfolio
    assert made.own.members == plain.ranking.shortlist and not made.enters and not made.leaves
    # what is nearly as good gives up the last of the list first
    assert made.near == 5 and 0 < len(made.always) < 8
    assert made.always == plain.ranking.shortlist[: len(made.always)]
    assert made.p_all_admitted == plain.decision.p_all_admitted
    assert math.isclose(made.se, plain.decision.se["p_all_admitted"], abs_tol=1e-12)
    assert not any(each.enters or each.gain for each in made.lifted)


def test_the_price_of_variety_never_falls_and_nothing_is_nearer_for_less(varied):
    prices = varied.portfolio.prices
    assert [each.variety for each in prices] == list(SETTINGS)
    assert all(
        a.gives_up <= b.gives_up and a.best.mean_distance >= b.best.mean_distance for a, b in pairwise(prices)
    )


def test_the_price_of_variety_is_the_share_of_the_mean_score_that_is_given_up(plain, varied):
    bare = under(plain, replace(SEVERAL, variety=None)).portfolio
    assert bare.own.mean_score > 0.5
    for each in varied.portfolio.prices:
        assert each.gives_up == pytest.approx(1 - each.best.mean_score / bare.own.mean_score, abs=1e-9)
    assert varied.portfolio.prices[-1].gives_up > 0


def test_where_nobody_scores_anything_variety_gives_nothing_up(plain):
    scores = replace(plain.scores, score=0 * plain.scores.score)
    prices = replace(under(plain, Limits(variety=0.5)), scores=scores).portfolio.prices
    assert [each.gives_up for each in prices] == [0.0, 0.0, 0.0]


def test_a_kind_that_is_not_in_force_fits_nobody(plain):
    gone = under(plain, Limits(at_least=(OfKind("gone", 1, "One"),)))
    assert gone.portfolio.conflict == ("shortlist.at_least.gone",)
    assert "at least one of “gone”" in " ".join(ranked.text(gone).split())


def test_the_example_of_the_documents_shows_every_limit_and_what_cannot_be_kept(tmp_path):
    """docs/portfolio.md as it is written: its own command makes the file, of which each limit, the price and the rest are told."""
    docs = (ROOT / "docs" / "portfolio.md").read_text(encoding="utf-8")
    (written,) = re.findall(r"/\^  size: 8/a\\(.+?)' criteria/peacetime-pilots\.yaml", docs)
    text = (ROOT / "criteria" / "peacetime-pilots.yaml").read_text(encoding="utf-8")
    path = tmp_path / "varied.yaml"
    path.write_text(
        text.replace("\n  size: 8", "\n  size: 8\n" + written.replace("\\n", "\n"), 1), encoding="utf-8"
    )
    result = run.run(str(path), draws=100)
    words, portfolio = re.sub(r"\s+", " ", ranked.text(result)), told(result)["portfolio"]
    assert "Under them" in words and "at least four of" in words
    assert [limit["path"] for limit in portfolio["limits"]] == [
        "shortlist.variety", "shortlist.per_region", "shortlist.at_least.middle-income-transition",
    ]  # fmt: skip
    assert (
        portfolio["own"]
        and len(portfolio["prices"]) == 3
        and portfolio["always"]
        and portfolio["p_all_admitted"] is not None
    )
    region = countries.register().region
    own = portfolio["own"]["members"]
    assert max(Counter(map(region, own)).values()) <= 2 and len(own) == 8
    for change, names in (
        (
            "shortlist.at_least.middle-income-transition.n=8",
            ["shortlist.per_region", "shortlist.at_least.middle-income-transition"],
        ),
        ("shortlist.per_region.at_most=1", ["shortlist.per_region"]),
    ):
        result = run.run(str(path), draws=100, settings=(change,))
        found = told(result)["portfolio"]
        assert found["own"] is None and found["conflict"] == names
        assert "ranked countries keep to this: " in ranked.text(result).replace("\n", " ")


def test_without_draws_no_chance_is_given(plain):
    exact = replace(
        plain.criteria, limits=Limits(per_region=2), uncertainty=replace(plain.criteria.uncertainty, draws=0)
    )
    result = run.judge(exact, plain.panel, EARLY)
    assert result.portfolio.own and result.portfolio.p_all_admitted is None
    assert told(result)["portfolio"]["p_all_admitted"] is None
    assert "truly qualify" not in ranked.text(result)


def test_variety_among_very_many_is_refused_and_a_region_is_not(plain, monkeypatch):
    monkeypatch.setattr(portfolio, "MOST_PAIRS", 100)
    pairs = plain.ranking.rank.notna().sum() * plain.ranking.shown.notna().sum()
    with pytest.raises(UsageError, match=rf"shortlist.variety: is for at most 100 pairs .*\(got {pairs:,}\)"):
        under(plain, Limits(variety=0.25)).portfolio  # noqa: B018
    made = under(plain, Limits(per_region=2)).portfolio
    assert made.own and made.prices == ()


# Where they are not solved ----------------------------------------------------------------------------------

FILE = """
  variety: {weight: 0.5, basis: Half}
  per_region: {at_most: 2, basis: Two}
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """The shipped criteria with limits, as a file of one's own."""
    path = tmp_path_factory.mktemp("limits") / "varied.yaml"
    text = criteria.find("peacetime-pilots").read_text(encoding="utf-8")
    text = text.replace("id: peacetime-pilots\n", "id: varied\n", 1)
    path.write_text(text.replace("  size: 8\n", f"  size: 8{FILE}", 1), encoding="utf-8")
    return path


def test_the_commands_know_the_keys(file, capsys):
    def typed(*words):
        with pytest.raises(SystemExit) as left:
            cli.main([*words])
        said = capsys.readouterr()
        return left.value.code, " ".join(said.out.split()), said.err

    assert typed("check", str(file))[0] == 0
    asked = ["screen", str(file), "--as-of", "2016-07-01", "--draws", "200"]
    code, out, _ = typed(*asked)
    assert code == 0 and "variety counts for 50%; at most two of one region." in out
    code, out, _ = typed(*asked, "--set", "shortlist.per_region.at_most=1")
    assert code == 0 and "No eight of the 17 ranked countries keep to this: at most one of one region." in out
    code, _, err = typed(*asked, "--set", "shortlist.variety.weight=2")
    assert code == 2 and "shortlist.variety.weight: must be at most 1 (got 2)" in err


def test_the_workbench_says_that_it_does_not_solve_them(file, plain):
    own = run.run(str(file), as_of=EARLY, draws=1)
    assert page.NOT_SOLVED in workbench.page.page(own).decode().replace("&#39;", "'")
    assert page.NOT_SOLVED not in workbench.page.page(plain).decode()
    assert FILE in page.content(own)["file"]["text"]


def test_the_workbench_saves_no_list_smaller_than_a_kind_asks_for(varied):
    sizes = [p for p in page.content(varied)["model"]["parameters"] if p["path"] == "shortlist.size"]
    assert [(p["low"], p["slide"][0]) for p in sizes] == [(3, 3)]


def test_a_comparison_solves_them_at_each_end(file):
    shelf = run.sources.shelf()
    ends = [
        sides.judged(name, run.criteria_of(ref, shelf).drawing(50), shelf, EARLY)
        for name, ref in (("peacetime-pilots", "peacetime-pilots"), ("varied", str(file)))
    ]
    one, other = comparison.between(*ends), comparison.between(ends[1], ends[1])
    members = tuple(ends[1].result.portfolio.own.members)
    assert "Under its limits the list of B: Tunisia, " in moves.text(one)
    assert moves.document(one)["portfolio"] == {"a": None, "b": members}
    assert "Under its limits, solved at each end: the same, Tunisia, " in moves.text(other)
    assert "portfolio" not in moves.document(comparison.between(ends[0], ends[0]))
