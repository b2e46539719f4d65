"""What the pages say: each kind of answer in plain words, agreeing in number, claiming no more than it may."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import fake_result
import numpy as np
import pytest

from eligibility import policy as rules
from eligibility.pages import (
    annexes,
    board,
    briefing,
    changes,
    exhibits,
    justification,
    reasons,
    sentences,
    sourcing,
)
from eligibility.policy import Citation, Gate, Group, Metric, Points, Quantity, Reference


@cache
def made(n: int = 12, places: int = 4):
    return fake_result.facts(n=n, places=places)


def page(iso3: str, facts=None):
    facts = facts or made()
    return justification.page(facts, iso3, frozenset(facts.pool), (), sourcing.source_rows(facts))


def board_page(facts):
    return briefing.page(facts, frozenset(facts.pool), (), sourcing.source_rows(facts))


def only(facts, **status):
    """The same facts with other statuses, for words that depend on nothing else."""
    screening = facts.result.screening
    words = screening.status.copy()
    for iso3, word in status.items():
        words[iso3] = word
    return replace(facts, result=replace(facts.result, screening=replace(screening, status=words)))


# ---- the verdict


def test_eligible_names_the_track():
    assert page("XAA").mark.word == "Eligible"
    assert page("XAA").verdict == "Passes all three gates and fits the track “Good faith, weak rule of law”."


def test_conditional_says_what_only_on_condition_and_carries_its_reservation():
    view = page("XAB")
    assert view.mark.word == "Conditional"
    assert view.verdict.endswith("but “Democratic freedoms” only on condition.")
    assert "regime type is electoral autocracy (needs electoral democracy or above)" in view.reservation
    assert "written reason" in view.reservation
    assert "review" in view.reservation


def test_excluded_by_a_gate_names_the_gate():
    assert page("XAH").verdict == "Fails one of three gates: “Open and active civil society”."
    assert page("XAC").verdict.startswith("Fails all three gates: ")


def test_excluded_for_want_of_a_track_does_not_claim_a_failed_gate():
    view = page("XAE")
    assert view.mark.word == "Excluded"
    assert view.verdict == "Passes all three gates, but fits neither track."
    assert "Fail" not in {g.mark.word for g in view.gates}


def test_too_little_data_names_what_cannot_be_judged_and_gives_no_probability():
    view = page("XAI")
    assert view.mark.word == "Not enough data"
    assert view.verdict.startswith("Too little data to judge two of three gates: ")
    assert view.firm == "No probability is given, because what is missing cannot be drawn."
    assert view.rank.chart is None
    assert "needs figures on" in " ".join(view.changes)


def test_only_a_conditional_page_carries_a_reservation():
    facts = made()
    for iso3 in facts.pool:
        assert bool(page(iso3).reservation) == (facts.status[iso3] == "conditional"), iso3


def test_flags_follow_the_stated_bounds():
    facts = made()
    for iso3 in facts.pool:
        p, words = facts.p_eligible[iso3], {f.word for f in page(iso3).flags}
        if facts.status[iso3] == "excluded" and 0.25 < p <= 0.5:
            assert words == {"Near miss"}, iso3
        elif 0.1 < p < 0.9:
            assert words == {"Borderline"}, iso3
        elif facts.status[iso3] != "excluded":
            assert words == set(), iso3


def test_every_probability_says_that_it_is_one_of_measurement_error():
    for iso3 in made().pool:
        view = page(iso3)
        if "re-runs" in view.firm:
            assert view.firm.startswith("Under measurement error")
        assert any("measurement error" in e.label for e in view.box)
        assert all("measurement error" in s for s in view.lead if "re-runs" in s)


@pytest.mark.parametrize("word", ["firm", "borderline"])
def test_nothing_is_called_firm_between_the_bounds(word):
    facts = made()
    for iso3 in facts.pool:
        p = facts.p_eligible[iso3]
        if 0.1 < p < 0.9:
            assert "is firm" not in page(iso3).firm
        elif not np.isnan(p):
            assert "borderline" not in page(iso3).firm


def test_without_any_stated_error_nothing_is_said_about_firmness():
    facts = made()
    cells = {
        c: {
            i: v if not v.known else type(v)(v.value, 0.0, "none", *[v.year, v.age, v.mark])
            for i, v in row.items()
        }
        for c, row in facts.cells.items()
    }
    bare = replace(facts)
    bare.__dict__["cells"] = cells
    assert "nothing can be said about how firm" in sentences.firm(bare, "XAA")


# ---- gates and tests


def test_failed_gates_and_failed_tests_come_first():
    order = ["Fail", "Unknown", "On condition", "Pass"]
    for iso3 in made().pool:
        view = page(iso3)
        marks = [order.index(g.mark.word) for g in view.gates]
        assert marks == sorted(marks)
        for gate in view.gates:
            if gate.mark.word != "On condition":
                words = [order.index(r.mark.word) for r in gate.rows]
                assert words == sorted(words), (iso3, gate.id)


def test_a_margin_is_positive_exactly_where_the_test_came_out_well():
    for iso3 in made().pool:
        for gate in (*page(iso3).gates, *page(iso3).tracks):
            for row in gate.rows:
                if row.margin and row.margin.strip("+−0.,"):
                    assert row.margin.startswith("+" if row.mark.word == "Pass" else "−"), (
                        iso3,
                        gate.id,
                        row,
                    )


def test_under_none_the_table_shows_what_is_needed_to_pass():
    rows = {r.name: r for g in page("XAE").gates if g.id == "not-captured" for r in g.rows}
    assert rows["Political corruption"].needs.startswith("< ")
    assert rows["Political corruption"].origin == "the pool’s 60th percentile"


def test_a_missing_figure_is_no_data_and_never_blank_or_zero():
    rows = [r for g in page("XAI").gates for r in g.rows if r.mark.word == "Unknown"]
    assert rows
    assert {r.value for r in rows} == {"no data"}
    assert {r.margin for r in rows} == {""}
    data = {d.name: d for d in page("XAI").data}
    assert data["Freedom of association"].value == "no data"
    assert "not filled: the test is unknown" in data["Freedom of association"].note


def test_an_older_figure_is_marked_where_it_is_used():
    view = page("XAE")
    row = next(d for d in view.data if d.name == "Judicial constraints")
    assert row.note.startswith("carried forward")
    assert row.year == "2013"
    assert row.age == "three years old"
    assert "one carried from an earlier year" in view.data_title


def test_a_track_of_another_peer_group_is_not_called_failed():
    tracks = {t.id: t for t in page("XAA").tracks}
    assert tracks["transition"].mark.word == "Not open to it"
    assert tracks["transition"].rows == ()
    assert "this country is in “Low income”" in tracks["transition"].aside


# ---- deciding: what settles a verdict


def leaf(path: str, threshold=0.5) -> rules.Test:
    return rules.Test(path, Quantity("made.polyarchy"), "at_least", threshold)


def group(path: str, join: str, *of, n: int = 0, grants: str = "pass") -> Group:
    return Group(path, join, of, n=n, grants=grants)


@pytest.mark.parametrize(
    "node, words, settled",
    [
        (group("g", "all", leaf("a"), leaf("b")), {"g": "fail", "a": "pass", "b": "fail"}, [("b", True, "fail")]),
        (group("g", "any", leaf("a"), leaf("b")), {"g": "pass", "a": "pass", "b": "fail"}, [("a", True, "pass")]),
        (group("g", "any", leaf("a"), leaf("b")), {"g": "fail", "a": "fail", "b": "fail"}, [("a", True, "fail"), ("b", True, "fail")]),
        (group("g", "none", leaf("a"), leaf("b")), {"g": "fail", "a": "pass", "b": "fail"}, [("a", False, "fail")]),
        (group("g", "none", leaf("a"), leaf("b")), {"g": "pass", "a": "fail", "b": "fail"}, [("a", False, "pass"), ("b", False, "pass")]),
        (
            group("g", "none", group("i", "all", leaf("a"), leaf("b"))),
            {"g": "pass", "i": "fail", "a": "pass", "b": "fail"},
            [("b", False, "pass")],
        ),
        (
            group("g", "none", group("i", "all", leaf("a"), group("n", "none", leaf("b")))),
            {"g": "fail", "i": "pass", "a": "pass", "n": "pass", "b": "fail"},
            [("a", False, "fail"), ("b", True, "fail")],
        ),
        (
            group("g", "at_least", leaf("a"), leaf("b"), leaf("c"), n=2),
            {"g": "fail", "a": "pass", "b": "fail", "c": "unknown"},
            [("b", True, "fail"), ("c", True, "unknown")],
        ),
        (group("g", "all", leaf("a"), leaf("b")), {"g": "unknown", "a": "unknown", "b": "pass"}, [("a", True, "unknown")]),
    ],
)  # fmt: skip
def test_what_settles_a_verdict(node, words, settled):
    assert [(x.node.path, x.wanted, x.word) for x in reasons.deciding(node, words)] == settled


def test_a_conditional_verdict_shows_what_the_full_branch_lacked():
    node = group("g", "any", leaf("a"), group("c", "all", leaf("b"), grants="conditional"))
    words = {"g": "conditional", "a": "fail", "c": "conditional", "b": "pass"}
    assert [x.node.path for x in reasons.full_branches(node, words)] == ["a"]
    assert [x.node.path for x in reasons.deciding(node, words)] == ["b"]


def test_a_rule_in_words():
    clause = reasons.words(fake_result.criteria().gates[0].rule, fake_result.SHEETS)
    assert clause.text == "At least one of these holds"
    assert clause.below[0].text == "Regime type is electoral democracy or above"
    assert clause.below[1].text == "All of these hold (admits on condition only)"
    points = Points("p", (Metric("p[0]", "bands", "Budget openness", worth=4.0),), 0.75, 3)
    assert reasons.words(points, {}).text.startswith("At least 75% of the points that apply")
    peers = rules.Test("t", Quantity("made.law"), "above", Reference("peers", 0.5), missing="fail")
    assert (
        reasons.words(peers, fake_result.SHEETS).text
        == "Rule of law above the peer group’s median; counts as failed if missing"
    )


# ---- what would change it


def test_what_would_change_says_how_far_in_standard_errors():
    view = page("XAH")
    assert view.changes_title == "One change would admit Hestria, within one standard error"
    assert view.changes[0].startswith(
        "Civil-society participation: at 0.50 or more instead of 0.47 (+0.03, 0.3 standard errors)"
    )


def test_two_obstacles_are_not_promised_away_by_one_change():
    view = page("XAC")
    assert view.changes_title == "No single change would admit Cestria: three things stand in the way"


def test_numbers_that_differ_never_look_alike():
    assert changes.apart(0.5, 0.5, 2) == 2
    assert changes.apart(0.501, 0.499, 2) == 3
    assert changes.apart(0.50001, 0.5, 2) <= 5


def test_a_change_for_the_worse_says_so():
    facts = made()
    row = dict(
        iso3="XAE",
        gate="good-faith",
        indicator="made.law",
        now=0.06,
        needed=0.0,
        change=-0.06,
        in_sd=0.4,
        becomes="pass",
    )
    assert "that is, worse" in changes.flip(facts, "XAE", row)


def test_re_runs_that_no_single_figure_explains_are_explained():
    facts = made()
    firm_lost = [
        c for c in facts.pool if facts.status[c] in ("eligible", "conditional") and facts.p_eligible[c] < 0.9
    ]
    for iso3 in firm_lost:
        view = page(iso3)
        if view.changes_title.startswith("No change"):
            assert "move together" in view.changes_lead


# ---- score, ranks, travel


def test_the_parts_of_a_score_add_up_as_printed():
    for iso3 in made().pool:
        score = page(iso3).score
        if score.total == "no data":
            continue
        parts = sum(float(r.part) for r in score.rows if not r.head)
        assert parts == pytest.approx(float(score.total), abs=0.0005 * len(score.rows))


def test_a_rank_never_stands_without_its_range():
    for iso3 in made().pool:
        rank = next(e.value for e in page(iso3).box if e.label == "Rank")
        assert rank == "Not ranked" or "(likely " in rank


def test_shared_ranks_name_with_whom():
    facts = made()
    ranks = facts.result.ranking.rank.copy()
    first, second = facts.result.ranking.order[:2]
    ranks[second] = ranks[first]
    tied = replace(facts, result=replace(facts.result, ranking=replace(facts.result.ranking, rank=ranks)))
    assert f"shared with {facts.names[second]}" in sentences.rank_words(tied, first)


def test_an_unranked_country_has_no_neighbours_and_its_score_decides_nothing():
    view = page("XAE")
    assert view.neighbours == ()
    assert "decides nothing" in view.score.note


def test_five_neighbours_at_either_end_of_the_ranking():
    facts = made(40)
    order = [c for c in facts.result.ranking.order if facts.ranked(c)]
    for iso3 in (order[0], order[1], order[len(order) // 2], order[-1]):
        rows = exhibits.neighbours(facts, iso3, frozenset())[1]
        assert len(rows) == 5
        assert sum(r.here for r in rows) == 1


def test_the_strip_chart_counts_what_it_shows():
    for iso3 in made().pool:
        for chart in page(iso3).strips:
            better = sum(1 for r in chart.rows if r.arrow == "▲")
            if better > 2:
                assert re.search(r"on all|on (three|four|five|six|seven|eight)", chart.title)
            assert all((r.value == "no data") == (r.strip.dot is None) for r in chart.rows)


# ---- the briefing


def test_one_place_and_no_place():
    assert "is the one country proposed" in board.headline(made(places=1))
    nobody = only(made(), **dict.fromkeys(made().pool, "excluded"))
    empty = replace(
        nobody,
        result=replace(
            nobody.result,
            ranking=replace(nobody.result.ranking, shortlist=(), rank=nobody.result.ranking.rank * np.nan),
        ),
    )
    assert board.headline(empty) == "No country passes every gate and fits a track"
    assert board.shortlist_title(empty) == "Nobody is proposed"


@pytest.mark.parametrize(
    "top, said",
    [
        ({}, "None of the four places on the shortlist is firm"),
        ({0: 0.95}, "One of four places on the shortlist is firm; three are not"),
        ({0: 0.95, 1: 0.9, 2: 1.0}, "Three of four places on the shortlist are firm; one is not"),
        ({0: 0.95, 1: 0.9, 2: 1.0, 3: 0.91}, "All four places on the shortlist are firm"),
    ],
)
def test_the_headline_counts_the_firm_places(top, said):
    facts = made()
    firmness = facts.result.firmness
    p = firmness.places.p_top.copy() * 0 + 0.5
    for k, share in top.items():
        p[facts.result.ranking.shortlist[k]] = share
    firmness = replace(firmness, places=replace(firmness.places, p_top=p))
    assert board.headline(replace(facts, result=replace(facts.result, firmness=firmness))) == said


def test_the_counts_of_the_box_are_all_the_candidates():
    facts = made()
    view = board_page(facts)
    counts = {e.label: int(e.value) for e in view.box if e.label != "Near misses"}
    assert sum(counts.values()) == len(facts.pool)
    assert len(view.ranked) + len(view.unranked) == len(facts.pool)


def test_decisions_ask_for_reasons_where_a_conditional_country_is_proposed():
    facts = made()
    conditional = [c for c in facts.result.ranking.shortlist if facts.status[c] == "conditional"]
    assert conditional
    assert any(
        facts.names[conditional[0]] in d and "written reason" in d for d in board_page(facts).decisions
    )


def test_cautions_speak_of_the_cases_only_where_there_are_some():
    facts = made()
    assert not any("weak evidence" in c for c in annexes.cautions(facts))
    case = rules.Case("Arvania is eligible", "XAA", facts.result.as_of, (("status", ("eligible",)),))
    told = replace(facts, result=replace(facts.result, criteria=replace(facts.criteria, cases=(case,))))
    assert any("weak evidence" in c for c in annexes.cautions(told))
    assert annexes.cases(told)[0] == "The one case written in the criteria for this date holds"


def test_the_method_fits_in_twelve_lines():
    assert len(annexes.method(made())) <= 12


# ---- other shapes of criteria


def test_criteria_without_score_and_without_tracks():
    policy = replace(fake_result.criteria(), score=None, tracks=())
    facts = fake_result.facts(policy=policy)
    view = board_page(facts)
    assert "pass every gate" in view.title and "proposed" not in view.box_title
    assert [row.name for row in view.passing] == sorted(row.name for row in view.passing) and view.passing
    for iso3 in facts.pool:
        assert page(iso3, facts).score is None
        assert page(iso3, facts).tracks == ()


def test_a_single_gate_is_not_counted_like_several():
    policy = replace(fake_result.criteria(), gates=fake_result.criteria().gates[1:2], tracks=())
    facts = fake_result.facts(policy=policy)
    assert sentences.verdict(facts, "XAA") == "Passes its one gate."
    assert sentences.verdict(facts, "XAH") == "Fails the one gate: “Open and active civil society”."


def test_a_gate_of_points_has_a_page():
    metric = Metric(
        "gates.points.points[0]",
        "bands",
        "Association",
        Quantity("made.association"),
        ((0.7, 4.0), (0.4, 2.0), (-np.inf, 0.0)),
        worth=4.0,
    )
    gate = Gate(
        "points",
        "Enough points",
        Points("gates.points.points", (metric,), 0.75, 1),
        Citation("A made-up report"),
    )
    facts = fake_result.facts(policy=replace(fake_result.criteria(), gates=(gate,), tracks=()))
    row = page("XAA", facts).gates[0].rows[0]
    assert (row.value, row.needs, row.mark.word) == ("100%", "≥ 75%", "Pass")


def test_nearly_all_figures_missing():
    def blank(values):
        for column in values.columns:
            if column != "made.income":  # so that the pool stays
                values.loc[values.index != "XAA", column] = np.nan

    facts = fake_result.facts(changed=blank)
    for iso3 in facts.pool[1:]:
        view = page(iso3, facts)
        assert view.mark.word in ("Not enough data", "Excluded")
        assert {r.value for chart in view.strips for r in chart.rows} == {"no data"}
        assert all(chart.title.endswith("no data") or "no peers" in chart.title for chart in view.strips)
        assert view.score.total == "no data"
    assert board_page(facts).title


def test_one_candidate():
    facts = fake_result.facts(n=1)
    assert len(facts.pool) == 1
    assert page("XAA", facts).neighbours == ()
    assert board_page(facts).candidates_title.startswith("One candidate")


def test_a_missing_figure_that_counts_as_failed_says_so():
    policy = fake_result.criteria()
    gate = policy.gates[1]
    strict = tuple(replace(t, missing="fail") for t in gate.rule.of)
    policy = replace(policy, gates=(replace(gate, rule=replace(gate.rule, of=strict)),))
    row = page("XAI", fake_result.facts(policy=policy)).gates[0].rows[0]
    assert (row.value, row.note, row.mark.word) == ("no data", "missing counts as failed", "Fail")


def test_the_criteria_in_words_end_in_full_stops_and_state_the_errors_assumed():
    policy = fake_result.criteria()
    policy = replace(policy, uncertainty=replace(policy.uncertainty, assumed_sd=(("made.income", 100.0),)))
    rules_ = {r.title: r for r in annexes.rules(fake_result.facts(policy=policy))}
    assert rules_["Shortlist"].note == "Four places. A limited number of pilots."
    assert rules_["Measurement error"].note == (
        "Standard errors assumed where no publisher gives one: national income a head ±100. Published errors."
    )


def test_a_trackless_country_that_passes_a_gate_on_condition_says_both():
    facts = made()
    gate = {c: dict(row) for c, row in facts.gate.items()}
    gate["XAE"]["democracy"] = "conditional"
    told = replace(facts)
    told.__dict__["gate"] = gate
    assert sentences.verdict(told, "XAE") == (
        "Passes all three gates (“Democratic freedoms” only on condition), but fits neither track."
    )


def test_candidates_without_a_rank_stand_in_the_order_of_the_alphabet_and_gates_in_quotes():
    facts = made()
    view = board_page(facts)
    names = [row.name for row in view.unranked]
    assert names == sorted(names, key=str.casefold) and len(names) > 2
    titles = [gate.title for gate in facts.criteria.gates]
    fails = [row.reason for row in view.unranked if row.reason.startswith("Fails")]
    assert fails
    for reason in fails:
        assert all(f"“{title}”" in reason for title in titles if title in reason), reason
