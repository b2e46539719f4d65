"""Indexes: sets with a score and no gates; the published ones they give, and what is said of them."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from dataclasses import replace
from datetime import date

import made_up
import numpy as np
import pytest
import worlds

from eligibility.analysis import cases
from eligibility.data import countries, panel, sources
from eligibility.language import criteria
from eligibility.method import run, vintages
from eligibility.method.result import Result
from eligibility.pages.facts import Facts
from eligibility.policy.model import Exemption, SeriesCase
from eligibility.present import explain, ranked, report, tables
from eligibility.resources import shipped
from eligibility.terminal import WIDTH

HDI, CPIA = (shipped("criteria") / f"{name}.yaml" for name in ("hdi", "cpia"))


# The published indexes


def test_every_value_of_the_human_development_index_comes_out_of_one_file():
    (outcome,) = cases.cases(HDI)
    assert outcome.failures == ()
    assert outcome.found.startswith("5,940 of 5,940 published values equal to 3 decimals")


def test_the_report_before_comes_out_of_the_same_file():
    """5,808 values of the Human Development Report 2023/24."""
    shelf = vintages.pinned(sources.shelf(), ["undp-hdr2023-24"])
    policy = criteria.load(HDI, panel.catalogue(shelf))
    (case,) = policy.cases
    outcome = cases.compare(case, policy, run.held(policy, shelf), panel.load([case.series], shelf))
    assert outcome.failures == ()
    assert outcome.found.startswith("5,808 of 5,808 published values equal to 3 decimals")


def test_the_ida_resource_allocation_index_comes_out_but_for_ten_values_with_a_cause():
    outcomes = cases.cases(CPIA)
    assert [outcome.failures for outcome in outcomes] == [(), (), ()]
    counts = [re.match(r"([\d,]+) of ([\d,]+) ", outcome.found).groups() for outcome in outcomes]
    equal, published = (sum(int(pair[i].replace(",", "")) for pair in counts) for i in (0, 1))
    assert (equal, published) == (1_341, 1_351)


def test_another_goalpost_no_longer_gives_the_index(tmp_path):
    (tmp_path / "other.yaml").write_text(HDI.read_text(encoding="utf-8").replace("[20, 85]", "[20, 86]"))
    (outcome,) = cases.cases(tmp_path / "other.yaml")
    assert not outcome.holds
    assert len(outcome.failures) == cases.SHOWN + 1
    assert re.fullmatch(r"[A-Z]{3} 1990: published 0\.\d{3}, score 0\.\d{5}", outcome.failures[0])
    assert re.fullmatch(r"and [\d,]+ more", outcome.failures[-1])


# A series case, on figures made up


def world(published: dict[str, dict[int, float]], **more) -> cases.Outcome:
    """The outcome of holding the mean of two figures against a series from 1 to 6."""
    sheets = [made_up.sheet("a.x"), made_up.sheet("a.y", lag_months=15)]
    figures = made_up.panel(
        sheets,
        {
            "a.x": {"GHA": {2013: 0.2, 2014: 0.4}, "KEN": {2013: 0.6, 2014: 0.8}},
            "a.y": {"GHA": {2013: 0.4, 2014: 0.6}, "KEN": {2013: 0.6}},
        },
    )
    score = made_up.Score(
        1.0, (made_up.pillar("p", *(made_up.component(s.id) for s in sheets)),), coverage=1.0
    )
    index = made_up.policy(made_up.everyone("a.x"), score=score, shortlist=0)
    own = made_up.panel([made_up.sheet("a.index", lo=1.0, hi=6.0)], {"a.index": published})
    case = SeriesCase(**{"name": "n", "series": "a.index", "years": (2013, 2014), "decimals": 1, **more})
    return cases.compare(case, index, figures, own)


def test_a_score_is_held_against_the_range_of_the_series_year_by_year():
    outcome = world({"GHA": {2013: 2.5, 2014: 3.5}, "KEN": {2013: 4.0}})
    assert outcome == replace(outcome, failures=(), found="3 of 3 published values equal to 1 decimal")


def test_a_planted_difference_fails_and_is_told():
    outcome = world({"GHA": {2013: 2.5, 2014: 3.6}, "KEN": {2013: 4.0}})
    assert outcome.failures == ("GHA 2014: published 3.6, score 3.500",)
    assert outcome.found == "2 of 3 published values equal to 1 decimal"


def test_half_of_the_last_decimal_is_rounding_and_more_is_not():
    assert world({"GHA": {2013: 2.55, 2014: 3.45}}).holds
    assert not world({"GHA": {2013: 2.551, 2014: 3.5}}).holds


def test_no_figure_is_carried_into_a_year_without_one():
    outcome = world({"KEN": {2013: 4.0, 2014: 4.5}})
    assert outcome.failures == ("KEN 2014: published 4.5, no score",)
    assert outcome.found.endswith("; 2 scores have no published value")


def test_an_exception_excuses_a_difference_and_nothing_else():
    published = {"GHA": {2013: 2.5, 2014: 9.9}, "KEN": {2013: 4.0}}
    outcome = world(published, exempt=(Exemption("GHA", (2014, 2014), "a misprint"),))
    assert outcome.holds and outcome.found == "2 of 3 published values equal to 1 decimal, 1 exempt"
    stale = world(
        published, exempt=(Exemption("GHA", (2013, 2014), "m"), Exemption("KEN", (2014, 2014), "m"))
    )
    assert stale.failures == (
        "GHA 2013: is exempt and yet equal; remove the exception",
        "KEN 2014: is exempt and yet not published; remove the exception",
    )


def test_a_series_without_a_value_in_the_years_holds_nothing():
    assert world({"GHA": {2013: 2.5}}, years=(1990, 1995)).failures == (
        "a.index has no value from 1990 to 1995",
    )


# The result


def scored(sd: float, shortlist: int = 0, **rows: dict[str, float]) -> Result:
    """An index of two figures, both needed, on made-up values of a few countries."""
    sheets = [made_up.sheet("a.x", sd=sd), made_up.sheet("a.y")]
    rows = rows or {"GHA": {"a.x": 0.6, "a.y": 0.5}, "KEN": {"a.x": 0.5, "a.y": 0.5}, "MWI": {"a.x": 0.9}}
    parts = made_up.pillar("p", *(made_up.component(s.id) for s in sheets))
    index = made_up.policy(
        made_up.everyone("a.x"), score=made_up.Score(1.0, (parts,), coverage=1.0), shortlist=shortlist
    )
    index = replace(index, uncertainty=replace(index.uncertainty, draws=2_000))
    return run.judge(index, made_up.snapshot(sheets, rows), made_up.AS_OF)


def test_whoever_has_a_score_is_eligible_and_who_has_none_has_too_little_data():
    result = scored(sd=0.1)
    status = {"GHA": "eligible", "KEN": "eligible", "MWI": "insufficient-data"}
    assert result.screening.status.to_dict() == status
    assert result.ranking.rank.dropna().to_dict() == {"GHA": 1, "KEN": 2}
    firm = result.firmness
    assert firm.p_eligible.dropna().to_dict() == {"GHA": 1.0, "KEN": 1.0}
    assert (firm.places.low["GHA"], firm.places.high["GHA"]) == (1, 2)
    assert firm.places.p_top.isna().all()  # nobody is shortlisted
    # two figures 0.1 apart, each with an error of 0.1: the first stays first with probability Phi(0.1 / (0.1 * sqrt 2))
    short = scored(sd=0.1, shortlist=1).firmness.places.p_top
    assert short["GHA"] == pytest.approx(0.760, abs=0.03)


@pytest.mark.parametrize("gated", [False, True])
def test_without_any_known_error_no_probability_is_given(gated):
    result = scored(sd=0)
    if gated:
        half = made_up.gate("half", made_up.atom("a.x", "at_least", 0.55))
        result = run.judge(replace(result.criteria, gates=(half,), shortlist=1), result.panel, made_up.AS_OF)
        assert list(result.screening.status) == ["eligible", "excluded", "eligible"]
    firm = result.firmness
    assert not firm.drawn
    for each in (firm.p_eligible, firm.places.p_top, firm.places.low, firm.places.median, firm.places.high):
        assert each.isna().all()
    assert np.isnan(firm.p_gate.to_numpy()).all()
    row = tables.document(result)["countries"][0]
    assert (row["rank"], row["rank_low"], row["p_eligible"], row["borderline"]) == (1, None, None, False)
    assert "Nobody states a measurement error" in " ".join(ranked.text(result).split())
    files = report.content(result, ("GHA",))
    for path in ("briefing.html", "countries/GHA.html"):
        text = seen(files[path])
        assert "No margin of error is stated" in text
        assert not re.findall(
            r"(?i)\bnan\b|of 2,000 (re-runs|simulations)|\bfirm;|likely range of ranks", text
        ), path
    if gated:
        none = "No margin of error is stated for these figures, so no chance is given."
        assert none in seen(files["briefing.html"])


def test_a_carried_figure_does_not_make_errors_known():
    sheets = [made_up.sheet("a.x")]
    figures = made_up.panel(sheets, {"a.x": {"GHA": {2013: 0.2, 2014: 0.4}, "KEN": {2014: 0.5, 2015: 0.6}}})
    score = made_up.Score(1.0, (made_up.pillar("p", made_up.component("a.x")),))
    result = run.judge(made_up.policy(made_up.everyone("a.x"), score=score), figures, made_up.AS_OF)
    assert result.cells.sd_kind.at["GHA", "a.x"] == "modelled"  # by its age
    assert not result.firmness.drawn


def test_the_default_date_of_an_index_is_set_by_what_it_scores_too(tmp_path):
    """With a pool that looks at income class only, the release days of the score still count."""
    pool = "pool: {wb.income_class: {in: [L, LM, UM, H]}}\n\nscore:"
    text = re.sub(r"pool:\n.*?\nscore:", pool, HDI.read_text(), flags=re.S)
    (tmp_path / "hdi.yaml").write_text(text)
    result = run.run(tmp_path / "hdi.yaml", draws=1)
    assert "undp" in {source.family for source in result.panel.held.values()}
    assert result.as_of == max(source.released for source in result.panel.held.values())


# What is said


@pytest.fixture(scope="module")
def hdi() -> Result:
    """As the report of 2023/24 printed it: its own figures, not those of a later report for the same years."""
    return run.run(HDI, date(2024, 4, 1), reading=panel.Reading(pins=("undp-hdr2023-24",)))


def seen(page: bytes) -> str:
    """The words of a page, tags and styles away."""
    text = re.sub(r"<(style|title)[^>]*>.*?</\1>", " ", page.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_the_table_of_an_index_has_no_column_it_cannot_fill(hdi):
    lines = ranked.text(hdi).splitlines()
    first = lines[lines.index("rank  country                     score") + 1]
    assert first.split() == ["1", "Switzerland", "0.967"]
    assert "shortlist" not in ranked.text(hdi) and max(map(len, lines)) <= WIDTH
    row = next(csv.DictReader(io.StringIO(tables.csv(hdi))))
    assert (row["iso3"], row["rank"], row["rank_low"], row["status"]) == ("CHE", "1", "", "eligible")
    told = json.loads(tables.json(hdi))
    assert told["counts"] == {**dict.fromkeys(tables.STATUS, 0), "pool": 193, "eligible": 193}


def test_explain_says_the_rank_and_the_parts_of_the_score(hdi):
    told = explain.country(hdi, "TUN")
    assert "Tunisia ranks 101st of 193." in told and "✓ Ranked. Its score is 0.732 of 1." in told
    assert re.search(r"\n  Part +Weight +Value .* Contribution\n", told)
    assert re.search(r"\n    Life expectancy +33% +74\.3 +0\.835 +0\.\d{3}\n", told)
    assert not re.search(r"\b(gates?|tracks?|exclude|admit)", told)
    assert "brings 0.231 of 0.732" in explain.indicator(hdi, "TUN", "undp.gni_ppp")


def test_the_pages_of_an_index_say_nothing_of_gates_or_proposals(hdi):
    files = report.content(hdi, ("TUN",))
    for path in ("briefing.html", "countries/TUN.html"):
        text = seen(files[path])
        wrong = r"(?i)\b(near miss|on condition|admitted|proposed|every gate|zero gates|no gates|re-runs|peer group|nan)\b"
        assert not re.findall(
            wrong, text.replace("there are no gates", "").replace("There are no gates", "")
        ), path
    assert seen(files["briefing.html"]).count("Switzerland ranks first of 193") == 1
    assert "Tunisia ranks" in seen(files["countries/TUN.html"])


def test_an_index_with_errors_and_a_shortlist_keeps_ranges_and_proposals():
    result = scored(sd=0.1, shortlist=1)
    page = seen(report.content(result, ("GHA",))["briefing.html"])
    assert "The highest scores" in page and "90% range of their rank" in page and "on condition" not in page
    assert "✓ Ranked." in explain.country(result, "GHA")
    assert "? Cannot be judged." in explain.country(result, "MWI")


def test_nothing_scored_is_said_and_not_a_crash():
    result = scored(sd=0.1, GHA={"a.x": 0.5}, KEN={"a.x": 0.6}, LAO={"a.y": 0.5})
    assert "no country has a score" in ranked.text(result)
    assert "No country qualifies" in seen(report.content(result)["briefing.html"])
    assert math.isnan(Facts.of(result).score["GHA"])


def test_the_cases_of_a_shipped_index_name_countries_and_series_that_are_there():
    known = panel.catalogue(sources.shelf())
    for path in (HDI, CPIA):
        for case in criteria.load(path, known).cases:
            assert case.series in known
            assert all(each.country in countries.register() for each in case.exempt)


def told(result: Result) -> str:
    return " ".join(ranked.text(result).split())


def test_an_index_with_errors_is_told_without_requirements(invented):
    """Its chances are of places alone: nobody can fail to qualify, and no chance to is a hundred per cent of anything."""
    result = made_up.make(n=20, policy=worlds.index(places=3))
    text = ranked.text(result)
    assert "rank  90% range  country                     score  best 3" in text.splitlines()
    assert "qualif" not in text and "from those that have a score" in told(result)
    assert "Chances and ranges: " in text and "chance: " not in text
    bare = ranked.text(made_up.make(n=20, policy=worlds.index(shortlist=0)))
    assert "rank  90% range  country                     score" in bare.splitlines()
    assert " Ranges: " in " ".join(bare.split())


def test_criteria_without_a_score_have_chances_and_no_ranges(invented):
    one = made_up.make(policy=worlds.policy(score=None, shortlist=0, tracks=()))
    assert " Chances: " in told(one) and "; chance: that every requirement is met." in told(one)
    two = made_up.make(policy=worlds.policy(score=None, shortlist=0))
    assert "; chance: that every requirement is met and a kind of candidate fits." in told(two)
    three = made_up.make(policy=worlds.policy(gates=()))
    assert "; chance: that a kind of candidate fits; best 4" in told(three)


def test_who_has_neither_score_nor_errors_is_told_of_no_rank():
    nobody = ranked.text(run.run("ogp-core", as_of=date(2020, 1, 1)))
    assert "so no probability is given." in " ".join(nobody.split()) and "rank" not in nobody.lower()
