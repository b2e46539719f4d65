"""What a list may cost, against a slow calculation in plain Python, and against what can be worked out by hand."""

from __future__ import annotations

import itertools
import json
import random
import statistics
from dataclasses import replace
from datetime import date
from math import comb

import made_up
import numpy as np
import pytest

from eligibility.analysis import soundness
from eligibility.data import panel, sources
from eligibility.language import criteria
from eligibility.method import decision, run
from eligibility.method.result import Result
from eligibility.policy.model import Choices, Score, Uncertainty, Weights
from eligibility.present import audits, ranked, tables

NAMES = made_up.COUNTRIES


# A second time, slowly, from the meaning ------------------------------------------------------------------------


def worth(row: list[float], who) -> float:
    """The scores of those who are admitted; a country that is not has none."""
    return sum(row[i] for i in who)


def best_of(row: list[float], size: int) -> float:
    """The worth of the best list there is, by trying each."""
    return max(worth(row, who) for who in itertools.combinations(range(len(row)), min(size, len(row))))


def loss_of(draws: list[list[float]], who, size: int) -> list[float]:
    """What a list gives up in each draw, as a share of the best; nothing where no list is worth anything."""
    return [1 - worth(row, who) / best if (best := best_of(row, size)) else 0.0 for row in draws]


def mean(x) -> float:
    x = list(x)
    return sum(x) / len(x)


def by_lot(draws: list[list[float]], could, many: int, size: int) -> float:
    """The mean loss of every list of so many of them, each as likely."""
    lists = list(itertools.combinations(could, many))
    assert len(lists) == comb(len(could), many)
    return mean(mean(loss_of(draws, who, size)) for who in lists)


def among_best(row: list[float], i: int, size: int) -> bool:
    """Whether no `size` others are admitted with a higher score."""
    return row[i] > 0 and sum(x > row[i] for x in row) < size


def longest(order, holds, draws) -> int:
    """How many of the first can be said together in 95 of 100 draws."""
    many = 0
    while many < len(order) and mean(all(holds(row, i) for i in order[: many + 1]) for row in draws) >= 0.95:
        many += 1
    return many


def problem(seed: int):
    """A small world: scores of some countries, who is admitted in which draw, a list and who could be on it."""
    rng = random.Random(seed)
    n, size, count = rng.randint(2, 7), rng.randint(1, 4), rng.randint(5, 40)
    level, chance = [rng.random() for _ in range(n)], [rng.choice((1.0, 0.9, 0.5, 0.1)) for _ in range(n)]
    draws = [
        [
            min(1.0, max(0.01, level[i] + rng.gauss(0, 0.15))) if rng.random() < chance[i] else 0.0
            for i in range(n)
        ]
        for _ in range(count)
    ]
    could = sorted(rng.sample(range(n), rng.randint(1, n)))
    return draws, sorted(could, key=lambda i: -level[i])[:size], could, size


@pytest.mark.parametrize("seed", range(200))
def test_every_number_is_that_of_a_slow_calculation(seed):
    draws, mine, could, size = problem(seed)
    n, names = len(draws[0]), NAMES[: len(draws[0])]
    made = decision.decide(
        np.array(draws), {}, names, [names[i] for i in mine], [names[i] for i in could], names, size
    )
    loss = loss_of(draws, mine, size)
    close = lambda x: pytest.approx(x, abs=1e-9)  # noqa: E731
    assert made.expected_loss == close(mean(loss))
    assert made.loss_by_lot == close(by_lot(draws, could, len(mine), size))
    assert made.p_all_admitted == close(mean(all(row[i] > 0 for i in mine) for row in draws))
    for percent in (5, 10, 20):
        assert made.p_within[percent] == close(mean(x <= percent / 100 + 1e-12 for x in loss))
    spread = lambda xs: mean((x - mean(xs)) ** 2 for x in xs) ** 0.5 / len(xs) ** 0.5  # noqa: E731
    assert made.se["expected_loss"] == close(spread(loss))
    assert made.se["p_all_admitted"] == close(spread([all(row[i] > 0 for i in mine) for row in draws]))
    assert made.se["p_within"][5] == close(spread([x <= 5 / 100 + 1e-12 for x in loss]))
    filled = decision.decide(
        np.array(draws), {}, names, [names[i] for i in mine], [names[i] for i in could], names, size, 3
    )
    if len(draws) >= 3:  # draws 0, 3, 6, ... share a filling: three means are all there is to go by
        means = [mean(loss[k::3]) for k in range(3)]
        assert filled.se["expected_loss"] == close((statistics.variance(means) / 3) ** 0.5)
    assert replace(filled, se={}, swap=None) == replace(made, se={}, swap=None)
    swaps = {
        (out, into): mean(loss) - mean(loss_of(draws, [i for i in mine if i != out] + [into], size))
        for out in mine
        for into in could
        if into not in mine
    }
    most = max(swaps.values(), default=0.0)
    if most <= 1e-12:
        assert made.swap is None or made.swap.gain == close(0.0)
    else:
        assert made.swap.gain == close(most)
        assert swaps[names.index(made.swap.out), names.index(made.swap.in_)] == close(most)
    inside = [mean(among_best(row, i, size) for row in draws) for i in range(n)]
    order = sorted(range(n), key=lambda i: (-inside[i], names[i]))
    first = longest(order, lambda row, i: among_best(row, i, size), draws)
    last = longest(order[::-1], lambda row, i: not among_best(row, i, size), draws)
    assert made.surely_in == tuple(names[i] for i in order[:first])
    assert made.surely_out == tuple(names[i] for i in order[n - last :])
    assert set(made.open) == set(names) - set(made.surely_in) - set(made.surely_out)


@pytest.mark.parametrize("seed", range(40))
def test_what_a_figure_is_worth_is_that_of_a_slow_calculation(seed):
    """In each bin of the figure its country is taken or not, whichever is better there."""
    rng, size = random.Random(seed), 2
    n, count = rng.randint(3, 5), rng.choice((1_000, 1_330))
    names, level = NAMES[:n], [rng.uniform(0.3, 0.7) for _ in range(n)]
    x = [[rng.gauss(0, 1) for _ in range(count)] for _ in range(n)]
    draws = [[max(0.01, min(1, level[i] + 0.15 * x[i][d])) for i in range(n)] for d in range(count)]
    made = decision.decide(np.array(draws), {"a.x": np.array(x)}, names, names[:2], names, names, size)
    average = [mean(row[i] for row in draws) for i in range(n)]
    whole = mean(best_of(row, size) for row in draws) - sum(sorted(average)[-size:])
    bins = count // decision.PER_BIN
    for i in range(n):
        others = sorted((average[j] for j in range(n) if j != i), reverse=True)
        bar = others[size - 1]
        order = sorted(range(count), key=lambda d: x[i][d])
        cuts = [k * count // bins for k in range(bins + 1)]
        parts = [[draws[d][i] for d in order[a:b]] for a, b in itertools.pairwise(cuts)]
        gain = sum(len(p) / count * max(mean(p), bar) for p in parts) - max(average[i], bar)
        told = [f for f in made.find_out if f.iso3 == names[i]]
        if told:
            assert told[0].share * whole == pytest.approx(gain, abs=2e-4)  # 65,536 steps, not exact order
        else:
            assert gain < 0.02


def test_a_figure_that_says_nothing_is_not_worth_finding_out():
    """Of a hundred worlds with figures of pure noise hardly any tells one: not one figure in a hundred."""
    told = tried = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        value = np.where(rng.random((5_000, 4)) < 0.8, rng.uniform(0.4, 0.6, 4), 0.0)
        figures = {f"a.{k}": rng.standard_normal((4, 5_000)) for k in "xyz"}
        told += len(decision.decide(value, figures, NAMES[:4], NAMES[:2], NAMES[:4], NAMES[:4], 2).find_out)
        tried += 12
    assert told <= 0.02 * tried


def test_a_figure_that_says_all_of_the_only_doubt_is_worth_everything():
    """One country is admitted when its figure is above 0, as in half of the draws; the rest is known."""
    x = np.random.default_rng(1).standard_normal(10_000)
    value = np.stack([np.where(x > 0, 0.8, 0.0), np.full(10_000, 0.5)], axis=1)
    figures = {"a.x": np.stack([x, np.full(10_000, 0.1)]), "a.gap": np.full((2, 10_000), np.nan)}
    made = decision.decide(value, figures, NAMES[:2], NAMES[:1], NAMES[:2], NAMES[:2], 1)
    (only,) = made.find_out
    assert (only.iso3, only.indicator) == ("ALB", "a.x")
    assert only.share == pytest.approx(1.0, abs=0.04)  # the bin that holds 0 is mixed
    assert made.p_all_admitted == pytest.approx(0.5, abs=0.02)
    assert made.swap.in_ == "BEN" and made.swap.gain == pytest.approx(0.5 - 0.5 * 0.375, abs=0.02)


def test_a_figure_of_a_member_may_tell_when_to_leave_it_out():
    """A member of 0.8 is not admitted in the fifth of draws in which its figure is lowest; 0.5 would come instead.

    Known beforehand, that saves 0.5 in 2,000 of 10,000 draws and nothing in the others: 0.1 on average, which is all
    there is to save, with the standard error of such a mean, sqrt(0.2 * 0.8) * 0.5 / 100 = 0.002.
    """
    x = np.random.default_rng(2).permutation(10_000).astype(float)
    value = np.stack([np.where(x >= 2_000, 0.8, 0.0), np.full(10_000, 0.5)], axis=1)
    (only,) = decision.decide(
        value, {"a.x": np.stack([x, x])}, NAMES[:2], NAMES[:1], NAMES[:2], NAMES[:2], 1
    ).find_out
    assert (only.iso3, only.indicator) == ("ALB", "a.x")
    assert (only.share, only.se) == (pytest.approx(1.0, abs=1e-9), pytest.approx(0.02, abs=1e-9))


def test_two_bins_of_two_hundred_draws_are_the_least():
    x = np.arange(400.0)
    value = np.stack([np.where(x < 200, 0.0, 0.8), np.full(400, 0.5)], axis=1)

    def told(draws: int):
        figures = {"a.x": np.stack([x, x])[:, :draws]}
        return decision.find_out(value[:draws], figures, NAMES[:2], 1, 0.65)

    assert [one.iso3 for one in told(400)] == ["ALB"] and told(399) == ()
    figures = {"a.x": np.stack([x, x])}
    assert (
        decision.find_out(value, figures, NAMES[:2], 2, 1.15) == ()
    )  # all are on the list, whatever is found out


def test_a_loss_of_five_per_cent_is_within_five_per_cent():
    value = np.array([[0.95, 1.0], [0.94, 1.0]])
    made = decision.decide(value, {}, NAMES[:2], NAMES[:1], NAMES[:2], NAMES[:2], 1)
    assert made.p_within == {5: 0.5, 10: 1.0, 20: 1.0}


@pytest.mark.parametrize("apart, loss", [(0.0, 0.3989), (0.5, 0.1978), (1.0, 0.0833), (2.0, 0.0085)])
def test_what_noise_may_seem_worth_is_the_unit_normal_loss(apart, loss):
    """Bins without number: the published table of the loss function L(z). One bin: 2.326 standard deviations more."""
    z = np.linspace(-9, 9, 1_800_001)
    weight = np.exp(-z * z / 2) / np.exp(-z * z / 2).sum()
    over = np.maximum(z - apart, 0)
    mean = (weight * over).sum()
    spread = ((weight * over**2).sum() - mean**2) ** 0.5
    assert decision._noise(20.0, apart, 400.0, 10**14) == pytest.approx(loss, abs=6e-5)
    assert decision._noise(40.0, 2 * apart, 400.0, 1) == pytest.approx(
        2 * (mean + 2.32635 * spread), abs=1e-4
    )


def test_where_nobody_is_admitted_nothing_is_lost():
    made = decision.decide(np.zeros((10, 2)), {}, NAMES[:2], NAMES[:1], NAMES[:2], NAMES[:2], 1)
    assert made.expected_loss == made.loss_by_lot == 0 and made.p_all_admitted == 0
    assert made.swap is None and made.find_out == ()


def test_whom_figures_not_held_could_admit_is_never_surely_out():
    """In its draws it counts as a no, which nobody knows: ALB, in no draw admitted, and COL stay open; ECU is out."""
    value = np.tile([0.9, 0.0, 0.5], (20, 1))
    asked = ({}, ("BEN", "DZA", "COL"), ["BEN"], ["BEN", "COL"], ["BEN", "COL", "DZA", "ALB", "ECU"], 1)
    made = decision.decide(value, *asked, unknown={"ALB", "COL", "BEN"})
    assert (made.surely_in, made.open, made.surely_out) == (("BEN",), ("COL", "ALB"), ("DZA", "ECU"))
    assert decision.decide(value, *asked).surely_out == ("COL", "DZA", "ALB", "ECU")


def test_losses_hold_whatever_the_size_of_the_batches():
    """Countries that come and go between batches are 0 where they are away."""
    kept = decision.Kept()
    yes, no = np.array([[True], [True]]), {"a.x": np.arange(6.0).reshape(2, 3)}
    kept.put(np.array([True, False, False]), np.array([[0.5], [0.6]]), yes, no)
    kept.put(np.array([False, False, True]), np.array([[0.7], [np.nan]]), yes, no)
    assert kept.ever.tolist() == [0, 2]
    value, figures = kept.whole(kept.ever)
    assert value.tolist() == [[0.5, 0], [0.6, 0], [0, 0.7], [0, 0]]
    assert np.array_equal(figures["a.x"], [[0, 3, np.nan, np.nan], [np.nan, np.nan, 2, 5]], equal_nan=True)


def test_of_too_many_countries_nothing_is_kept():
    """A sub-national panel would take gigabytes; once it is too much, what was kept is let go."""
    kept = decision.Kept(room=5)
    batch = np.array([True, True]), np.full((2, 2), 0.5), np.ones((2, 2), bool), {"a.x": np.ones((2, 2))}
    kept.put(*batch)
    assert kept.ever.size == 2
    kept.put(*batch)
    kept.put(*batch)
    assert kept.ever.size == 0 and kept.values == kept.figures == []


# Through the engine -----------------------------------------------------------------------------------------------


def made(shortlist: int = 2, **doubt) -> Result:
    """Six countries, one gate at 0.5 and one score."""
    sheets = [made_up.sheet("a.x", sd=0.05), made_up.sheet("a.y", sd=0.1)]
    rows = {
        c: {"a.x": x, "a.y": y}
        for c, x, y in zip(
            NAMES, (0.9, 0.52, 0.8, 0.47, 0.7, 0.2), (0.7, 0.9, 0.6, 0.9, 0.5, 0.9), strict=False
        )
    }
    gate = made_up.gate("g", made_up.atom("a.x", "at_least", 0.5))
    score = Score(1.0, (made_up.pillar("p", made_up.component("a.y")),))
    policy = made_up.policy(
        made_up.everyone("a.x"),
        (gate,),
        score,
        shortlist=shortlist,
        uncertainty=Uncertainty(**{"draws": 4_000, **doubt}),
    )
    return run.judge(policy, made_up.snapshot(sheets, rows), made_up.AS_OF)


def test_the_decision_of_a_run_is_in_the_json_and_said():
    result = made()
    told = json.loads(tables.json(result))
    assert list(told).index("decision") == list(told).index("countries") + 1
    own = told["decision"]
    assert list(own) == ["expected_loss", "loss_by_lot", "p_all_admitted", "p_within", "swap", "surely_in", "open",
                         "surely_out", "find_out", "se"]  # fmt: skip
    assert result.ranking.shortlist == ("BEN", "ALB") and list(own["p_within"]) == ["5", "10", "20"]
    # BEN is 0.02 above the gate, whose error is 0.05: P = 0.655; DZA as far below: a near miss
    assert own["p_all_admitted"] == pytest.approx(0.655, abs=0.04)
    assert result.near_misses == ("DZA",)
    assert {f["indicator"] for f in own["find_out"]} == {"a.x", "a.y"}
    assert 0 < own["expected_loss"] < own["loss_by_lot"]
    assert {*own["surely_in"], *own["open"], *own["surely_out"]} == {"ALB", "BEN", "COL", "DZA", "ECU"}
    text = ranked.text(result)
    said = " ".join(text.split())
    assert f"this list of 2 is worth {100 * own['expected_loss']:.1f}%" in said
    assert "DZA" not in said and "Algeria (qualifies in" in said and "then ranked 1-" in said


def test_what_is_not_held_leaves_a_near_miss_open_and_a_list_of_all_is_no_lot():
    """BEN fails the one gate it has a figure for by less than its error, and nobody holds its figure for the other."""
    sheets = [made_up.sheet("a.x", sd=0.05), made_up.sheet("a.y", sd=0.1)]
    rows = {"ALB": {"a.x": 0.9, "a.y": 0.9}, "BEN": {"a.x": 0.48}}
    gates = tuple(made_up.gate(i[-1], made_up.atom(i, "at_least", 0.5)) for i in ("a.x", "a.y"))
    score = Score(1.0, (made_up.pillar("p", made_up.component("a.x")),))
    policy = made_up.policy(made_up.everyone("a.x"), gates, score, shortlist=2, uncertainty=Uncertainty(1000))
    result = run.judge(policy, made_up.snapshot(sheets, rows), made_up.AS_OF)
    made = result.decision
    assert result.near_misses == ("BEN",) and (made.open, made.surely_out) == (("BEN",), ())
    assert "this list of 1" in ranked.text(result) and "by lot" not in ranked.text(result)


def test_without_draws_or_a_shortlist_there_is_no_decision():
    for result in (made(draws=0), made(shortlist=0)):
        assert result.decision is None
        assert json.loads(tables.json(result))["decision"] is None


def test_who_is_a_near_miss_and_who_is_borderline_is_for_the_criteria_to_say():
    assert made(near_miss=0.5).near_misses == ()
    p = made().firmness.p_eligible["BEN"]
    for edge in (0.1, 0.45):
        told = json.loads(tables.json(made(borderline=edge)))
        (ben,) = (c for c in told["countries"] if c["iso3"] == "BEN")
        assert ben["borderline"] is bool(edge < p < 1 - edge)


def test_a_list_is_measured_under_whatever_choices_are_open():
    """With weights drawn, the best list of a draw is best by the weights of that draw."""
    noise = Uncertainty(draws=2_000, choices=Choices(weights=Weights(simplex=True)))
    sheets = [made_up.sheet(f"a.{k}", sd=1e-9) for k in "xy"]
    score = Score(1.0, tuple(made_up.pillar(k, made_up.component(f"a.{k}")) for k in "xy"))
    policy = made_up.policy(made_up.everyone("a.x"), (), score, shortlist=1, uncertainty=noise)
    rows = {"ALB": {"a.x": 0.9, "a.y": 0.3}, "BEN": {"a.x": 0.3, "a.y": 0.8}}
    result = run.judge(policy, made_up.snapshot(sheets, rows), made_up.AS_OF)
    weights = np.linspace(0, 1, 100_001)  # of the first, evenly
    own, other = 0.9 * weights + 0.3 * (1 - weights), 0.3 * weights + 0.8 * (1 - weights)
    assert result.decision.expected_loss == pytest.approx(np.mean(1 - own / np.maximum(own, other)), abs=0.02)
    still = replace(policy, uncertainty=replace(noise, choices=Choices()))
    assert run.judge(still, made_up.snapshot(sheets, rows), made_up.AS_OF).decision.expected_loss == 0


def test_ranks_when_ranked_are_those_of_the_draws_in_which_a_country_is_ranked():
    result = made()
    places = result.firmness.places
    for iso3, row in places.counts.iterrows():
        ranks = [rank for rank, times in row.items() for _ in range(times)]
        told = places.when_ranked(iso3)
        if not ranks:
            assert told is None
            continue
        ends = [ranks[max(int(np.ceil(q * len(ranks) - 1e-9)) - 1, 0)] for q in (0.05, 0.95)]
        assert list(told) == ends
    assert places.when_ranked("DZA") is not None and np.isnan(
        places.low["DZA"]
    )  # excluded, and ranked in some


def test_ranks_that_hold_for_all_at_once_are_in_the_audit_and_not_in_the_list():
    result = made()
    told = json.loads(audits.json(soundness.quick(result)))
    assert told["decision"] == json.loads(tables.json(result))["decision"]
    assert set(told["rank_sets"]) == set(result.ranking.rank.dropna().index)
    assert set(told["rank_sets"]["ALB"]) == {"low", "high", "tied_with"}
    assert not any("rank_set" in c or "tied_with" in c for c in json.loads(tables.json(result))["countries"])


@pytest.mark.parametrize("key, value", [("near_miss", 0.4), ("borderline", 0.2)])
def test_both_lines_are_read_from_the_file(key, value, tmp_path):
    text = criteria.find("peacetime-pilots").read_text(encoding="utf-8")
    own = tmp_path / "own.yaml"
    own.write_text(
        text.replace("  persistence: 0.95\n", f"  persistence: 0.95\n  {key}: {value}\n"), encoding="utf-8"
    )
    read = criteria.load(str(own), panel.catalogue(sources.shelf()))
    assert getattr(read.uncertainty, key) == value


@pytest.mark.slow
@pytest.mark.parametrize(
    "day, loss, lots, every, surely, first",
    [
        ("2025-03-31", 0.074, 0.34, 0.61, "MDA", ("TLS vdem.civil_society_participation", 0.18)),
        ("2016-07-01", 0.211, 0.37, 0.12, "TUN", ("SEN wgi.rule_of_law", 0.17)),
    ],
)
def test_the_decision_on_the_shipped_figures_is_that_of_an_independent_program(
    day, loss, lots, every, surely, first
):
    """A program written apart from this one, 20,000 draws, on V-Dem 14 and the report of 2023/24."""
    reading = panel.Reading(pins=("vdem-v14", "undp-hdr2023-24"))
    policy, figures = run.ready("peacetime-pilots-1", ("uncertainty.draws=4000",), reading=reading)
    made = run.judge(policy, figures, date.fromisoformat(day)).decision
    assert made.expected_loss == pytest.approx(loss, abs=0.015)
    assert made.loss_by_lot == pytest.approx(lots, abs=0.015)
    assert made.p_all_admitted == pytest.approx(every, abs=0.03)
    assert made.surely_in == (surely,)
    told = {f"{f.iso3} {f.indicator}": f.share for f in made.find_out}
    assert next(iter(told)) == first[0] and told[first[0]] == pytest.approx(first[1], abs=0.02)
