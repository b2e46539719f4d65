"""The engine and a second implementation of it agree on random policies and random data.

`oracle.py` was written from the meaning of the criteria language alone. Here both judge the same made-up
worlds, full of ties, gaps and old values, and every answer is compared: pool, peers, the verdict of every
node, what each test saw and needed, statuses, normalised values, pillars, scores, ranks and the shortlist.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import made_up
import pandas as pd
import pytest
from oracle import STATUS, Oracle
from random_policies import SHEETS, random_case

from eligibility.errors import UsageError
from eligibility.method import run
from eligibility.policy import model as policy

pytestmark = pytest.mark.filterwarnings("error")

CASES = 500
BATCHES = 20  # the cases are spread over so many tests, so that a failure is one of a few


def number(value) -> float:
    """None and exact fractions as floats."""
    return math.nan if value is None else float(value)


def rows(frame: pd.DataFrame) -> dict[str, dict]:
    """iso3 -> {column: value}."""
    return {
        iso3: dict(zip(frame.columns, row, strict=True))
        for iso3, row in zip(frame.index, frame.to_numpy(), strict=True)
    }


def differences(policy_: policy.Criteria, world: dict, as_of: date) -> list[str]:
    """Every answer the engine and the oracle do not share, in words."""
    figures = made_up.panel((SHEETS[s] for s in world), world)
    expected = Oracle(policy_, world, SHEETS, as_of)
    nothing = policy_.written and not expected.gates and not expected.tracks
    if nothing or not expected.pool:
        told = "no gate or track is in force" if nothing else "no country can be judged"
        with pytest.raises(UsageError, match=told):
            run.judge(policy_, figures, as_of)
        return []
    result = run.judge(policy_, figures, as_of)
    found: list[str] = []

    def same(what: str, wanted, got) -> None:
        if wanted != got:
            found.append(f"{what}: expected {wanted}, got {got}")

    def near(what: str, wanted, got, within: float = 1e-12) -> None:
        wanted, got = number(wanted), number(got)
        if math.isnan(wanted) != math.isnan(got) or abs(wanted - got) > within:
            found.append(f"{what}: expected {wanted!r}, got {got!r}")

    same("pool", expected.pool, list(result.screening.status.index))
    if found:
        return found
    own = result.ranking
    groups, status, rank, apart = (
        dict(each) for each in (result.peers, result.screening.status, own.rank, own.apart)
    )
    shown = {
        name: rows(getattr(result.screening, name)) for name in ("node", "measured", "needs", "gate", "track")
    }
    for iso3 in expected.pool:
        same(f"{iso3} peers", expected.peers[iso3] or "", groups[iso3])
        same(f"{iso3} nodes", expected.node[iso3], shown["node"][iso3])
        for name, table in (("seen", "measured"), ("needs", "needs")):
            for path, value in getattr(expected, name)[iso3].items():
                near(f"{iso3} {path} {name}", value, shown[table][iso3][path], 1e-9)
        same(f"{iso3} gates", expected.gate[iso3], shown["gate"][iso3])
        same(f"{iso3} tracks", expected.track[iso3], shown["track"][iso3])
        same(f"{iso3} status", expected.status[iso3], status[iso3])
        near(f"{iso3} rank", expected.rank[iso3], rank[iso3], 0)
        near(f"{iso3} rank apart", expected.apart[iso3], apart[iso3], 0)
    if policy_.score:
        scores = dict(result.scores.score)
        parts = {
            n: rows(getattr(result.scores, n)) for n in ("pillar", "coverage", "normalised", "contribution")
        }
        for iso3 in expected.pool:
            brought = []
            for pillar in policy_.score.pillars:
                value, coverage = expected.pillar[iso3][pillar.id]
                near(f"{iso3} {pillar.id}", value, parts["pillar"][iso3][pillar.id])
                near(f"{iso3} {pillar.id} coverage", coverage, parts["coverage"][iso3][pillar.id])
                for part in pillar.components:
                    y = expected.normalised(part, iso3)
                    near(f"{iso3} {part.path} normalised", y, parts["normalised"][iso3][part.path])
                    brought += [parts["contribution"][iso3][part.path]] if y is not None else []
            near(f"{iso3} score", expected.score[iso3], scores[iso3])
            if expected.score[iso3] is not None:
                near(f"{iso3} contributions", expected.score[iso3], math.fsum(brought))
    same("order", expected.order, list(result.ranking.order))
    unplaced = sum(note.startswith("Not considered") for note in result.notes)
    same("note on the unplaced", int(bool(expected.unplaced)), unplaced)
    same("shortlist", expected.shortlist, list(result.ranking.shortlist))
    return found


@pytest.mark.parametrize("batch", range(BATCHES))
def test_engine_and_oracle_agree_on_random_policies_and_data(batch):
    """Verdicts, statuses and ranks are equal, scores to 1e-12."""
    apart = {}
    for case in range(batch, CASES, BATCHES):
        found = differences(*random_case(case))
        if found:
            apart[case] = found[:3]
    assert apart == {}


# By hand ---------------------------------------------------------------------------------------------------

HIGH = made_up.atom("a.x", "at_least", 0.5, path="high")  # Ghana has 0.8, so this passes
LOW = made_up.atom("a.x", "below", 0.5, path="low")  # ... and this fails
LENT = replace(HIGH, path="lent", grants="conditional")
GONE = made_up.atom("a.y", "at_least", 0.5, path="gone")  # nobody has a.y
LEFT = replace(GONE, path="left", missing="drop")
FAILED = replace(GONE, path="failed", missing="fail")


def flag(test: policy.Test, worth: float = 1.0) -> policy.Metric:
    """Points for passing a test."""
    return policy.Metric(f"flag {test.path}", "flag", test=test, worth=worth)


def points(share: float, *metrics: policy.Metric, enough: int = 1) -> policy.Points:
    return policy.Points("points", metrics, share, enough)


@pytest.mark.parametrize(
    "rule, expected",
    [
        (made_up.group("all", HIGH, LENT), "conditional"),
        (made_up.group("all", HIGH, GONE), "unknown"),
        (made_up.group("all", LOW, GONE), "fail"),
        (made_up.group("any", LOW, GONE), "unknown"),
        (made_up.group("any", HIGH, GONE), "pass"),
        (made_up.group("any", LENT, GONE), "conditional"),
        (made_up.group("none", LOW), "pass"),
        (made_up.group("none", GONE), "unknown"),
        (made_up.group("none", HIGH, GONE), "fail"),
        (made_up.group("none", LENT), "fail"),
        (made_up.group("at_least", HIGH, LOW, GONE, n=2), "unknown"),
        (made_up.group("at_least", HIGH, LENT, GONE, n=2), "conditional"),
        (made_up.group("at_least", LOW, LOW, GONE, n=2), "fail"),
        (made_up.group("all", HIGH, LEFT), "pass"),
        (made_up.group("any", LOW, LEFT), "fail"),
        (made_up.group("none", LEFT, LOW), "pass"),
        (made_up.group("at_least", HIGH, LEFT, n=2), "fail"),
        (made_up.group("all", LEFT, LEFT), "unknown"),
        (made_up.group("any", HIGH, made_up.group("all", LEFT, path="inner")), "pass"),
        (made_up.group("all", HIGH, FAILED), "fail"),
        (points(0.5, flag(HIGH), flag(LOW)), "pass"),
        (points(0.75, flag(HIGH), flag(LOW)), "fail"),
        (points(0.75, flag(HIGH), flag(GONE)), "pass"),
        (points(0.75, flag(HIGH), flag(LEFT)), "pass"),
        (points(0.75, flag(HIGH), flag(FAILED)), "fail"),
        (points(0.75, flag(HIGH), flag(GONE), enough=2), "unknown"),
        (points(0.75, flag(LENT)), "pass"),
        (points(1 / 3, flag(HIGH), flag(LOW), flag(replace(LOW, path="low too"))), "pass"),
    ],
)
def test_a_gate_says_what_its_parts_add_up_to(rule, expected):
    """What fails, what is unknown, what passes on condition and what is dropped, one combination a line."""
    sheets = {"a.x": made_up.sheet("a.x"), "a.y": made_up.sheet("a.y")}
    world = {"a.x": {"GHA": {2015: 0.8}}, "a.y": {"KEN": {2015: 0.5}}}
    criteria = made_up.policy(made_up.everyone("a.x"), [made_up.gate("g", rule)])
    assert Oracle(criteria, world, sheets, made_up.AS_OF).gate["GHA"]["g"] == expected
    result = run.judge(criteria, made_up.panel(sheets.values(), world), made_up.AS_OF)
    assert result.screening.gate.at["GHA", "g"] == expected
    assert result.screening.status["GHA"] == STATUS[expected]


@pytest.mark.parametrize("series, expected", [("a.x", "fail"), ("a.y", "unknown")])
def test_a_track_of_another_peer_group_fails_unless_the_group_is_unknown(series, expected):
    """Ghana is in the group `high`; where its group cannot be told, neither can the track. Its rule is dropped."""
    sheets = {"a.x": made_up.sheet("a.x"), "a.y": made_up.sheet("a.y")}
    world = {"a.x": {"GHA": {2015: 0.8}}, "a.y": {"KEN": {2015: 0.5}}}
    rule = made_up.atom(series, "below", 0.5, path="poor")
    criteria = made_up.policy(
        made_up.everyone("a.x"),
        [made_up.gate("g", HIGH)],
        peers=(policy.PeerGroup("poor", "", rule), made_up.otherwise("high")),
        tracks=(made_up.gate("t", LEFT, peer_group="poor"),),
    )
    assert Oracle(criteria, world, sheets, made_up.AS_OF).track["GHA"]["t"] == expected
    result = run.judge(criteria, made_up.panel(sheets.values(), world), made_up.AS_OF)
    assert result.screening.track.at["GHA", "t"] == expected


@pytest.mark.parametrize("quantile, expected", [(0.0, 1), (0.5, 2.5), (0.25, 1.75), (1.0, 4)])
def test_a_quantile_lies_in_a_straight_line_between_two_values(quantile, expected):
    """Of 1, 2, 3 and 4: the median is 2.5."""
    rule = made_up.atom("a.x", "at_least", policy.Reference("pool", quantile))
    figures = made_up.snapshot(
        [made_up.sheet("a.x", hi=9.0)],
        {c: {"a.x": float(x)} for c, x in zip(made_up.COUNTRIES[:4], (1, 2, 3, 4), strict=True)},
    )
    result = run.judge(
        made_up.policy(made_up.everyone("a.x"), [made_up.gate("g", rule)]), figures, made_up.AS_OF
    )
    assert set(result.screening.needs["t"]) == {expected}
