"""What moved a country adds up, and a planted change is told as what it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

import made_up
import numpy as np
import pandas as pd
import pytest
from random_policies import SHEETS, random_case, random_world

from eligibility.analysis.compare import steps
from eligibility.analysis.compare.steps import OUTSIDE, STAGES, STEPS
from eligibility.data import panel
from eligibility.errors import UsageError
from eligibility.method import run
from eligibility.policy.model import Criteria, Dated, Reference, Scale, Score

AS_OF = made_up.AS_OF
LATER = date(2017, 7, 1)
PAIRS = 256


def figures(world: dict) -> panel.Panel:
    return made_up.panel((SHEETS[s] for s in world), world)


def random_round(seed: int, of: int | None = None) -> run.Result | None:
    """A round of a random policy on a random world; None where nobody can be judged.

    of   the seed of the round whose countries the world has
    """
    policy, world, as_of = random_case(seed)
    if of is not None:
        world = random_world(Random(seed), tuple(random_case(of)[1]["tie.tenths"]))
    try:
        return run.judge(policy, figures(world), as_of)
    except UsageError:
        return None


def same(stage: str, outcome: steps.Outcome, path: steps.Path) -> None:
    """A stage of the path says what the outcome does, and that nobody else is considered."""
    index = outcome.status.index
    assert list(path.status[stage][index]) == list(outcome.status)
    assert set(path.status[stage].drop(index)) <= {OUTSIDE}
    for part, told in (("score", outcome.score), ("rank", outcome.rank)):
        pd.testing.assert_series_equal(getattr(path, part)[stage][index], told, check_names=False)


@pytest.mark.parametrize("batch", range(8))
def test_the_parts_add_up_and_the_ends_are_the_rounds_themselves(batch):
    """Any two rounds: other policy, other world, other date."""
    told = 0
    for seed in range(batch, PAIRS, 8):
        before, after = random_round(seed), random_round(seed + 10_000, seed)
        if before is None or after is None:
            continue
        path = steps.path(before, after, before.panel)
        same("before", steps.of_result(before), path)
        same(STEPS[-1], steps.of_result(after), path)
        for moves, ends in ((path.gained, path.score), (path.places, -path.rank)):
            total = (ends[STEPS[-1]] - ends["before"]).round(12)
            pd.testing.assert_series_equal(moves["total"], total, check_names=False, check_exact=True)
            parts = moves[list(STEPS)].sum(axis=1, skipna=False).round(12)
            pd.testing.assert_series_equal(parts, total, check_names=False, check_exact=True)
            told += int(total.notna().sum())
    assert told > 5


@pytest.mark.parametrize("seed", range(16))
def test_nothing_moves_between_a_round_and_itself(seed):
    before = random_round(seed)
    if before is None:
        return
    path = steps.path(before, before, before.panel)
    assert not path.gained.fillna(0).to_numpy().any()
    assert not path.places.fillna(0).to_numpy().any()
    assert path.turns.empty
    for frame in (path.status, path.rank, path.score, path.listed):
        for stage in STAGES:
            assert frame[stage].equals(frame["before"].rename(stage)), stage


@pytest.mark.parametrize("seed", range(10))
def test_own_data_is_the_engines_own_answer_to_that_country_alone(seed):
    """The scenario of a country is the round of the engine on a world in which only that country has moved."""
    policy, world, _ = random_case(seed)
    world = random_world(Random(seed), made_up.COUNTRIES[:6], complete=seed % 2 == 0)
    late = {s: {c: dict(h) for c, h in of.items()} for s, of in world.items()}
    rng = Random(seed + 1)
    for series in ("tie.tenths", "raw.index", "log.income"):
        for iso3 in late[series]:
            if rng.random() < 0.7:
                late[series][iso3][2017] = late[series][rng.choice(list(late[series]))].get(2015, 1.0)
    pool = made_up.everyone("cls.class")
    policy = replace(policy, pool=pool, peers=(), max_age=4, own_ages=(), tracks=(), written=None)
    rounds = [run.judge(policy, figures(w), date(2018, 12, 1)) for w in (world, late)]
    path = steps.path(*rounds, rounds[0].panel)
    for iso3 in rounds[0].screening.status.index:
        alone = {s: {c: late[s][c] if c == iso3 else h for c, h in of.items()} for s, of in world.items()}
        again = run.judge(policy, figures(alone), date(2018, 12, 1))
        assert path.status.at[iso3, "own"] == again.screening.status[iso3]
        np.testing.assert_equal(path.rank.at[iso3, "own"], again.ranking.rank[iso3])
        if again.scores:
            np.testing.assert_equal(path.score.at[iso3, "own"], again.scores.score[iso3])


# Planted changes -------------------------------------------------------------------------------------------

VALUES = {"ALB": 0.9, "BEN": 0.7, "COL": 0.5, "DZA": 0.3, "ECU": 0.1}


def world(values: dict[str, float], year: int = 2015, **more: dict[int, float]) -> dict:
    """a.x of each country for ten years up to one; `more` adds years to a country."""
    history = {c: dict.fromkeys(range(year - 9, year + 1), v) | more.get(c, {}) for c, v in values.items()}
    return {"a.x": history, "a.pool": {c: dict.fromkeys(range(2000, 2018), 1.0) for c in values}}


def held(world: dict) -> panel.Panel:
    return made_up.panel([made_up.sheet("a.x", sd=0.05), made_up.sheet("a.pool")], world)


def criteria(threshold=0.4, **more) -> Criteria:
    """At least this much of a.x, ranked by it among the others."""
    score = policy_score("percentile")
    rule = made_up.atom("a.x", "at_least", threshold)
    return made_up.policy(made_up.everyone("a.pool"), [made_up.gate("g", rule)], score, shortlist=2, **more)


def policy_score(kind: str) -> Score:
    part = made_up.component("a.x", scale=Scale(**{kind: "pool"}))
    return Score(1.0, (made_up.pillar("p", part),))


def path_of(a: tuple[Criteria, dict, date], b: tuple[Criteria, dict, date]) -> steps.Path:
    before, after = (run.judge(policy, held(w), day) for policy, w, day in (a, b))
    return steps.path(before, after, before.panel)


def moved_by(path: steps.Path) -> set[str]:
    """The steps that moved anything of anybody."""
    moved = {s for s in STEPS if path.gained[s].fillna(0).any() or path.places[s].fillna(0).any()}
    status = {s for k, s in enumerate(STEPS) if (path.status[s] != path.status[STAGES[k]]).any()}
    return moved | status | set(path.turns.step)


def test_a_rule_is_told_as_rule():
    path = path_of((criteria(0.4), world(VALUES), AS_OF), (criteria(0.6), world(VALUES), AS_OF))
    assert moved_by(path) == {"rule"}
    assert path.turns.to_dict("records") == [
        {"iso3": "COL", "gate": "g", "step": "rule", "was": "pass", "is": "fail"}
    ]
    assert path.decisive("COL") == "rule"
    assert path.decisive("BEN") == ""


def test_a_pool_rule_is_told_as_rule():
    narrower = replace(criteria(), pool=made_up.atom("a.x", "at_least", 0.2, path="pool"))
    path = path_of((criteria(), world(VALUES), AS_OF), (narrower, world(VALUES), AS_OF))
    assert moved_by(path) == {"rule"}
    assert list(path.status.loc["ECU"]) == ["excluded", *[OUTSIDE] * 5]


def test_a_threshold_by_date_is_told_as_rule():
    dated = criteria(Dated(((date(2000, 1, 1), 0.4), (date(2016, 7, 2), 0.6))))
    path = path_of((dated, world(VALUES), AS_OF), (dated, world(VALUES), date(2016, 7, 2)))
    assert moved_by(path) == {"rule"}


def test_a_revision_is_told_as_revision():
    """The same years, the same date, another vintage."""
    other = {**VALUES, "COL": 0.39}
    path = path_of((criteria(), world(VALUES), AS_OF), (criteria(), world(other), AS_OF))
    assert moved_by(path) == {"revision"}
    assert path.decisive("COL") == "revision"


def test_a_year_withdrawn_or_filled_in_is_a_revision():
    gap = world(VALUES)
    gap["a.x"]["COL"] = dict.fromkeys(range(2006, 2014), 0.2)
    path = path_of((criteria(), world(VALUES), AS_OF), (criteria(), gap, AS_OF))
    assert moved_by(path) == {"revision"}
    path = path_of((criteria(), gap, AS_OF), (criteria(), world(VALUES), AS_OF))
    assert moved_by(path) == {"revision"}


def test_new_figures_are_own_for_the_country_and_peers_for_the_others():
    """Colombia overtakes all in the year that comes out between the dates; the others stand still."""
    late = world(VALUES, COL={2016: 0.95}, ALB={2016: 0.9}, BEN={2016: 0.7}, DZA={2016: 0.3}, ECU={2016: 0.1})
    path = path_of((criteria(), late, AS_OF), (criteria(), late, LATER))
    assert moved_by(path) == {"own", "peers"}
    assert path.places.loc["COL"].to_dict() == {
        "total": 2, "rule": 0, "revision": 0, "own": 2, "peers": 0, "pool": 0,
    }  # fmt: skip
    assert path.places.loc["ALB"].to_dict() == {
        "total": -1, "rule": 0, "revision": 0, "own": 0, "peers": -1, "pool": 0,
    }  # fmt: skip
    assert path.gained.at["ALB", "peers"] == -0.25
    assert path.gained.at["COL", "own"] == 0.5
    assert path.decisive("BEN", "listed") == "peers"
    assert path.decisive("COL", "listed") == "own"


def test_a_median_that_moves_is_peers():
    """Nothing of Colombia's changes; the median rises past it."""
    median = criteria(Reference("pool", 0.5))
    late = world(VALUES, DZA={2016: 0.6}, **{c: {2016: VALUES[c]} for c in ("ALB", "BEN", "COL", "ECU")})
    path = path_of((median, late, AS_OF), (median, late, LATER))
    assert path.decisive("COL") == "peers"
    assert path.decisive("DZA") == "own"


def test_a_figure_that_has_become_too_old_is_own_data():
    late = world(VALUES)
    strict = criteria(max_age=1)
    path = path_of((strict, late, AS_OF), (strict, late, LATER))
    assert set(path.status["own"]) == {"insufficient-data"}
    assert "revision" not in moved_by(path)


def test_who_is_considered_is_pool():
    """A country that leaves the pool by its own figures leaves in the last step, and moves those below it."""
    rule = made_up.atom("a.pool", "at_least", 1.0, path="pool")
    wide = replace(criteria(), pool=rule)
    later = world(VALUES)
    later["a.pool"]["ALB"][2016] = 0.0
    path = path_of((wide, later, AS_OF), (wide, later, LATER))
    assert moved_by(path) == {"pool"}
    assert path.status.at["ALB", "pool"] == OUTSIDE
    assert path.places.loc["BEN", "pool"] == 1
    assert path.places.loc["ALB"].isna().all()
    assert path.decisive("ALB") == "pool"


def test_a_number_that_is_gone_for_a_step_comes_back_with_the_whole_move():
    """Nothing is lost where a stage in between has no score: the step that brings it back has it all."""
    stages = pd.DataFrame(
        [[0.5, 0.5, np.nan, np.nan, 0.7, 0.6], [np.nan, 0.1, 0.2, 0.3, 0.4, 0.5]], columns=STAGES
    )
    moves = steps._moves(stages)
    assert moves.iloc[0].to_dict() == {
        "total": 0.1, "rule": 0, "revision": 0, "own": 0, "peers": 0.2, "pool": -0.1,
    }  # fmt: skip
    assert moves.iloc[1].isna().all()


@pytest.mark.parametrize("seed", range(12))
def test_the_same_figures_and_rules_are_a_shorter_way_to_the_same_steps(seed):
    """What is not worked out again, for both rounds share it, is what it would have been."""
    policy, world, day = random_case(seed)
    shared = figures(world)
    try:
        before, after = (run.judge(policy, shared, d) for d in (day, date(day.year + 2, 12, 31)))
    except UsageError:
        return
    copy = panel.Panel(shared.sheets, shared.held, dict(shared.values), shared.sds, dated=shared.dated)
    short, long = (steps.path(before, after, bridge) for bridge in (shared, copy))
    for part in ("status", "score", "rank", "listed", "gained", "places", "turns"):
        pd.testing.assert_frame_equal(getattr(short, part), getattr(long, part), check_exact=True)
