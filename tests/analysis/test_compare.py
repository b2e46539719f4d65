"""What moved a country adds up, and a planted change is told as what it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import combinations, permutations
from math import factorial
from random import Random

import made_up
import numpy as np
import pandas as pd
import pytest
from random_policies import SHEETS, random_case, random_world

from eligibility.analysis.compare import causes as told_by
from eligibility.analysis.compare import steps
from eligibility.analysis.compare.causes import Causes, Turn, causes
from eligibility.analysis.compare.steps import STEPS, Rounds
from eligibility.data import panel
from eligibility.errors import UsageError
from eligibility.method import run
from eligibility.method.evaluate import ADMITTED
from eligibility.method.result import Result
from eligibility.policy.model import Criteria, Dated, Reference, Scale, Score
from eligibility.policy.words import OUTSIDE

AS_OF = made_up.AS_OF
LATER = date(2017, 7, 1)
PAIRS, BATCHES = 160, 5


def figures(world: dict) -> panel.Panel:
    return made_up.panel((SHEETS[s] for s in world), world)


def random_round(seed: int, of: int | None = None) -> Result | None:
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


def between(before: Result, after: Result) -> Causes:
    """What moved between two rounds that hold the same series."""
    return causes(Rounds(before, after, before.panel, after.panel))


def same(stage: str, outcome: steps.Outcome, told: Causes) -> None:
    """A column says what the outcome does, and that nobody else is considered."""
    index = outcome.status.index
    assert list(told.status[stage][index]) == list(outcome.status)
    assert set(told.status[stage].drop(index)) <= {OUTSIDE}
    for part, own in (("score", outcome.score), ("rank", outcome.rank)):
        pd.testing.assert_series_equal(getattr(told, part)[stage][index], own, check_names=False)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_the_parts_add_up_and_the_ends_are_the_rounds_themselves(batch):
    """Any two rounds: other policy, other world, other date."""
    told = 0
    for seed in range(batch, PAIRS, BATCHES):
        before, after = random_round(seed), random_round(seed + 10_000, seed)
        if before is None or after is None:
            continue
        found = between(before, after)
        same("before", steps.of_result(before), found)
        same("after", steps.of_result(after), found)
        for moves, ends in ((found.gained, found.score), (found.places, -found.rank)):
            total = (ends["after"] - ends["before"]).round(12)
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
    found = between(before, before)
    assert not found.gained.fillna(0).to_numpy().any()
    assert not found.places.fillna(0).to_numpy().any()
    assert not (found.turns or found.admitted or found.listed or found.undone)
    for frame in (found.status, found.rank, found.score):
        for stage in frame:
            assert frame[stage].equals(frame["before"].rename(stage)), stage


@pytest.mark.parametrize("seed", range(24))
def test_read_backwards_the_same_rounds_lie_between(seed):
    """What the earlier round has of a change, the later has not, and the other way round."""
    before, after = random_round(seed), random_round(seed + 10_000, seed)
    if before is None or after is None:
        return
    there = Rounds(before, after, before.panel, after.panel)
    back = Rounds(after, before, after.panel, before.panel)
    for n in range(len(STEPS) + 1):
        for some in combinations(STEPS, n):
            one, other = there.having(some), back.having(tuple(s for s in STEPS if s not in some))
            assert list(one.status.index) == list(other.status.index)
            assert one.status.equals(other.status), some
            np.testing.assert_array_equal(one.score, other.score)
            np.testing.assert_array_equal(one.rank, other.rank)


ENGINE = ("revision", "own", "peers")


def _moved_worlds(seed: int):
    """A policy for everybody, its world, and the same with some years before 2017 revised and with 2017 besides."""
    policy, _, _ = random_case(seed)
    world = random_world(Random(seed), made_up.COUNTRIES[:5], complete=seed % 2 == 0)
    for history in world["cls.class"].values():
        history.setdefault(2012, 1.0)
    rng, late = Random(seed + 1), {s: {c: dict(h) for c, h in of.items()} for s, of in world.items()}
    for series, of in late.items():
        for history in (h for h in of.values() if h):
            for year in [y for y in history if y > 2012 and rng.random() < 0.3]:
                history[year] = rng.choice(list(history.values()))
            if (
                series != "one.constant" and rng.random() < 0.7
            ):  # that one lets nobody stay in an earlier year
                history[2017] = rng.choice(list(history.values()))
    return policy, world, late


def _figures_of(world: dict, late: dict, iso3: str, some: tuple[str, ...]) -> dict:
    """The world of one country in a made-up round, put together by hand: its own news and those of the others."""

    def history(series: str, c: str) -> dict[int, float]:
        news = ("own" if c == iso3 else "peers") in some
        years = world[series][c].keys() | ({2017} if news else set())
        now = late[series][c] if "revision" in some else {**late[series][c], **world[series][c]}
        return {y: v for y, v in now.items() if y in years}

    return {s: {c: history(s, c) for c in of} for s, of in late.items()}


@pytest.mark.parametrize("seed", range(20))
def test_parts_are_those_of_all_orders_by_hand_and_by_the_engine_alone(seed):
    """The mean over every order of the causes, of rounds the engine judges on worlds put together by hand."""
    policy, world, late = _moved_worlds(seed)
    pool = made_up.everyone("cls.class")
    policy = replace(policy, pool=pool, peers=(), written=None, max_age=20, own_ages=())
    day = date(2018, 12, 31)
    before, after = (run.judge(policy, figures(w), day) for w in (world, late))
    found = between(before, after)
    for iso3 in found.score.index:
        judged = {}
        for n in range(len(ENGINE) + 1):
            for some in combinations(ENGINE, n):
                made = _figures_of(world, late, iso3, some)
                again = run.judge(policy, figures(made), day)
                score = again.scores.score[iso3] if again.scores else np.nan
                judged[frozenset(some)] = (again.screening.status[iso3], score, again.ranking.rank[iso3])
        by_hand = {of: dict.fromkeys(ENGINE, Fraction(0)) for of in ("gained", "places")}
        deciding = set()
        for order in permutations(ENGINE):
            some, last, settled = frozenset(), judged[frozenset()], None
            have = {"gained": last[1], "places": last[2]}
            for step in order:
                some |= {step}
                now = judged[some]
                for of, value, scale in (("gained", now[1], 10**12), ("places", now[2], -1)):
                    if value == value and have[of] == have[of]:
                        by_hand[of][step] += round(value * scale) - round(have[of] * scale)
                        have[of] = value
                admitted = [word in ("eligible", "conditional") for word in (last[0], now[0])]
                end = judged[frozenset(ENGINE)][0] in ("eligible", "conditional")
                settled = step if admitted[0] != end and admitted[1] == end else settled
                last = now
            deciding |= {settled} if settled else set()
        ends = [judged[frozenset(x)] for x in ((), ENGINE)]
        for of, k, unit in (("gained", 1, 10**12), ("places", 2, 10)):
            got = getattr(found, of).loc[iso3]
            if ends[0][k] != ends[0][k] or ends[1][k] != ends[1][k]:
                assert got.isna().all()
                continue
            for step in ENGINE:
                exact = by_hand[of][step] / 6 * (unit if of == "places" else 1)
                assert abs(round(got[step] * unit) - exact) < 1, (iso3, of, step)
            assert not got[["rule", "pool"]].any()
        if iso3 in found.admitted:
            assert set(found.admitted[iso3]) == deciding
        else:
            assert (ends[0][0] in ADMITTED) == (ends[1][0] in ADMITTED)


@pytest.mark.parametrize("n", range(1, 6))
def test_shares_are_the_mean_over_all_orders_to_the_last_unit(n):
    """By the formula of Shapley, in fractions; whole parts that add up, and the other sign when read backwards."""
    rng = Random(n)
    for _ in range(40):
        values = np.array([[float(rng.randrange(-50, 50))] for _ in range(2**n)])
        got = told_by.shares(values, 10).ravel().tolist()
        assert sum(got) == 10 * (values[-1, 0] - values[0, 0])
        assert told_by.shares(values[::-1], 10).ravel().tolist() == [-x for x in got]
        for i in range(n):
            exact = Fraction(0)
            for mask in (m for m in range(2**n) if not m >> i & 1):
                k = mask.bit_count()
                weight = Fraction(factorial(k) * factorial(n - k - 1), factorial(n))
                exact += weight * int(values[mask | 1 << i, 0] - values[mask, 0])
            assert abs(got[i] - 10 * exact) < 1


def test_a_number_that_is_gone_on_the_way_comes_back_with_the_cause_that_brings_it():
    """Without the first cause there is no number where the second is: that order gives it all to the first."""
    values = np.array([[10.0], [16.0], [np.nan], [20.0]])
    assert told_by.shares(values).ravel().tolist() == [8, 2]  # (6, 4) and (10, 0)
    values[0] = np.nan
    assert told_by.shares(values).ravel().tolist() == [0, 0]


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


def path_of(a: tuple[Criteria, dict, date], b: tuple[Criteria, dict, date]) -> Causes:
    return between(*(run.judge(policy, held(w), day) for policy, w, day in (a, b)))


def moved_by(told: Causes) -> set[str]:
    """The causes that moved anything of anybody, be it alone or with others."""
    moved = {s for s in STEPS if told.gained[s].fillna(0).any() or told.places[s].fillna(0).any()}
    status = {s for s in STEPS if (told.status[s] != told.status["before"]).any()}
    turns = (turn.by for own in told.turns.values() for turn in own)
    by = [*turns, *told.admitted.values(), *told.listed.values()]
    return moved | status | {step for each in by for step in each}


def test_a_rule_is_told_as_rule():
    path = path_of((criteria(0.4), world(VALUES), AS_OF), (criteria(0.6), world(VALUES), AS_OF))
    assert moved_by(path) == {"rule"}
    assert path.turns == {"COL": (Turn("g", "pass", "fail", ("rule",)),)}
    assert path.admitted["COL"] == ("rule",)
    assert "BEN" not in path.admitted


def test_a_pool_rule_is_told_as_rule():
    narrower = replace(criteria(), pool=made_up.atom("a.x", "at_least", 0.2, path="pool"))
    path = path_of((criteria(), world(VALUES), AS_OF), (narrower, world(VALUES), AS_OF))
    assert moved_by(path) == {"rule"}
    told = path.status.loc["ECU"]
    assert told["before"] == "excluded" and told["rule"] == told["after"] == OUTSIDE


def test_a_threshold_by_date_is_told_as_rule():
    dated = criteria(Dated(((date(2000, 1, 1), 0.4), (date(2016, 7, 2), 0.6))))
    path = path_of((dated, world(VALUES), AS_OF), (dated, world(VALUES), date(2016, 7, 2)))
    assert moved_by(path) == {"rule"}


def test_a_revision_is_told_as_revision():
    """The same years, the same date, another vintage."""
    other = {**VALUES, "COL": 0.39}
    path = path_of((criteria(), world(VALUES), AS_OF), (criteria(), world(other), AS_OF))
    assert moved_by(path) == {"revision"}
    assert path.admitted["COL"] == ("revision",)


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
    assert path.listed["BEN"] == ("peers",)
    assert path.listed["COL"] == ("own",)


def test_a_median_that_moves_is_peers():
    """Nothing of Colombia's changes; the median rises past it."""
    median = criteria(Reference("pool", 0.5))
    late = world(VALUES, DZA={2016: 0.6}, **{c: {2016: VALUES[c]} for c in ("ALB", "BEN", "COL", "ECU")})
    path = path_of((median, late, AS_OF), (median, late, LATER))
    assert path.admitted["COL"] == ("peers",)
    assert path.admitted["DZA"] == ("own",)


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
    assert path.admitted["ALB"] == ("pool",)


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
    short, long = (causes(Rounds(before, after, bridge, bridge)) for bridge in (shared, copy))
    for part in ("status", "score", "rank", "gained", "places"):
        pd.testing.assert_frame_equal(getattr(short, part), getattr(long, part), check_exact=True)
    assert (short.turns, short.admitted, short.listed) == (long.turns, long.admitted, long.listed)
