"""What would change a verdict really would, nothing nearer does, and where nothing is named nothing does."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import date
from random import Random

import made_up
import numpy as np
import pytest
from random_policies import FIGURES, SHEETS, Maker, random_world

from eligibility.data import panel
from eligibility.method import measures, run
from eligibility.method.evaluate import CONDITIONAL, UNKNOWN, WORDS, Judge
from eligibility.method.result import Result
from eligibility.pages import counterfactuals
from eligibility.policy import model as policy
from eligibility.policy import walk

AS_OF = made_up.AS_OF
PROBLEMS = 40
GRID = 200
# A flip is named at the first of the values a step apart that is beyond the threshold.
TWO_STEPS = 2e-6
HOLDS = {"pass": True, "conditional": True, "fail": False}


def random_problem(seed: int) -> tuple[policy.Criteria, panel.Panel]:
    """Six countries, two gates and a track; peers are told by a series that no gate looks at."""
    rng = Random(seed)
    world = random_world(rng, made_up.COUNTRIES[:6])
    world["one.constant"] = {
        c: {y: rng.choice((3.5, 7.0)) for y in range(2010, 2017)} for c in made_up.COUNTRIES[:6]
    }
    maker = Maker(rng, world, ("low", "high"), tuple(s for s in FIGURES if s != "one.constant"))
    rule = made_up.atom("one.constant", "below", 5.0, path="low")
    peers = (policy.PeerGroup("low", "", rule), made_up.otherwise("high"))
    gates = [made_up.gate(f"g{i}", maker.node(("pool", "peers"), depth=1)) for i in range(2)]
    track = made_up.gate("t", maker.node(("pool", "peers"), depth=2), peer_group="low")
    pool = made_up.everyone("one.constant")
    criteria = made_up.policy(pool, gates, None, peers=peers, tracks=(track,), max_age=14)
    return criteria, made_up.panel((SHEETS[s] for s in world), world)


def with_value(figures: panel.Panel, series: str, iso3: str, year: int, value: float) -> panel.Panel:
    """The same panel but for one figure."""
    frame = figures.values[series].copy()
    frame.at[year, iso3] = value
    return replace(figures, values={**figures.values, series: frame})


def verdict(result: Result, gate: str, iso3: str) -> str:
    table = result.screening.gate if gate in result.screening.gate else result.screening.track
    return table.at[iso3, gate]


def steps(result: Result, series: str) -> np.ndarray:
    """The values to try: every class, or two hundred from one end of the declared range to the other.

    To nine decimals, as figures come: a change is rounded to twelve, and a level of more would miss a tie with it.
    """
    sheet = result.panel.sheets[series]
    return (
        np.array(sorted(sheet.classes), dtype=float)
        if sheet.classes
        else np.linspace(sheet.lo, sheet.hi, GRID).round(9)
    )


def flipping(result: Result, gate: policy.Gate, series: str) -> dict[str, np.ndarray]:
    """By country, those of the values to try that turn a pass into a fail or a fail into a pass."""
    values, centre = steps(result, series), result.centre
    countries = [c for c in centre.countries if verdict(result, gate.id, c) != "unknown"]
    where = np.repeat([centre.countries.index(c) for c in countries], len(values))
    rows = np.arange(len(where))
    scenario = np.repeat(centre.now[series], len(rows), axis=0)
    scenario[rows, where] = np.tile(values, len(countries))
    now = {s: np.broadcast_to(x, scenario.shape) for s, x in centre.now.items()}
    before = {q: np.broadcast_to(x, scenario.shape) for q, x in centre.before.items()}
    what_if = measures.Measures(centre.countries, {**now, series: scenario}, before)
    after = Judge(what_if, result.peers.to_numpy(), AS_OF).gate(gate)[rows, where].reshape(-1, len(values))
    return {
        iso3: values[(words != UNKNOWN) & ((words >= CONDITIONAL) != HOLDS[verdict(result, gate.id, iso3)])]
        for iso3, words in zip(countries, after, strict=True)
    }


@pytest.mark.parametrize("batch", range(10))
def test_every_flip_flips_and_none_is_nearer(batch):
    """On random small problems, each flip in a fresh run of the engine on the changed data."""
    for seed in range(batch, PROBLEMS, 10):
        criteria, figures = random_problem(seed)
        result = run.judge(criteria, figures, AS_OF)
        named = result.flips.set_index(["gate", "indicator", "iso3"])
        assert named.index.is_unique
        for (gate, series, iso3), flip in named.iterrows():
            where = (seed, gate, series, iso3)
            year = int(result.cells.year.at[iso3, series])
            again = run.judge(criteria, with_value(figures, series, iso3, year, flip.needed), AS_OF)
            assert verdict(again, gate, iso3) == flip.becomes, where
            assert HOLDS[flip.becomes] != HOLDS[verdict(result, gate, iso3)], where
            assert flip.change == pytest.approx(flip.needed - flip.now, abs=1e-6), where
        for gate in (*criteria.gates, *criteria.tracks):
            for series in {
                use.quantity.indicator
                for use in walk.quantities(criteria)
                if use.owner == gate.id and use.quantity.measure != "within_months"
            }:
                near = TWO_STEPS * (SHEETS[series].hi - SHEETS[series].lo)
                now = result.cells.value[series].dropna()
                for iso3, values in flipping(result, gate, series).items():
                    if iso3 not in now:
                        continue
                    key = (gate.id, series, iso3)
                    reported = abs(named.at[key, "change"]) if key in named.index else np.inf
                    nearer = values[np.abs(values - now[iso3]) < reported - near]
                    assert not nearer.size, (seed, *key, reported, nearer[:3])


# By hand ---------------------------------------------------------------------------------------------------


def flips_of(rule: policy.Node, figures: dict, sheets=None, **more) -> dict:
    """iso3 -> needed, for the flips of one gate by a.x."""
    sheets = sheets or [made_up.sheet("a.x", sd=0.1)]
    criteria = made_up.policy(made_up.everyone("a.x"), [made_up.gate("g", rule)], **more)
    table = run.judge(criteria, made_up.snapshot(sheets, figures), AS_OF).flips
    return dict(zip(table.iso3, table.needed, strict=True))


def test_a_threshold_is_reached_at_it_and_left_just_below():
    """At least 0.5: Ghana rises to it, Kenya falls a millionth under it."""
    figures = {"GHA": {"a.x": 0.3}, "KEN": {"a.x": 0.7}}
    assert flips_of(made_up.atom("a.x", "at_least", 0.5), figures) == {"GHA": 0.5, "KEN": 0.499999}


def test_a_threshold_that_must_be_exceeded_is_exceeded():
    """Above 0.5 is not 0.5."""
    assert flips_of(made_up.atom("a.x", "above", 0.5), {"GHA": {"a.x": 0.3}}) == {"GHA": 0.500001}


def test_a_median_that_the_country_moves_itself_is_met_where_the_others_stand():
    """Ghana, lowest of five, is at the median as soon as it passes the second of the others."""
    others = {"KEN": 0.2, "MWI": 0.4, "TZA": 0.6, "UGA": 0.8}
    figures = {"GHA": {"a.x": 0.1}, **{c: {"a.x": x} for c, x in others.items()}}
    found = flips_of(made_up.atom("a.x", "at_least", policy.Reference("pool", 0.5)), figures)
    assert found["GHA"] == 0.4


def test_a_rise_is_held_against_a_median_that_the_country_moves_half_as_fast():
    """Ghana rose from 0.1; the median of its level x and Kenya's 0.2 is (x + 0.2) / 2: x - 0.1 meets that at 0.4."""
    rise, level = policy.Quantity("a.x", "change_over", 10), policy.Quantity("a.x")
    rule = made_up.atom("a.x", "at_least", policy.Reference("pool", 0.5, level), quantity=rise)
    criteria = made_up.policy(made_up.everyone("a.x"), [made_up.gate("g", rule)])
    history = {"GHA": {2005: 0.1, 2015: 0.15}, "KEN": {2005: 0.2, 2015: 0.2}}
    table = run.judge(criteria, made_up.panel([made_up.sheet("a.x")], {"a.x": history}), AS_OF).flips
    assert dict(zip(table.iso3, table.needed, strict=True))["GHA"] == pytest.approx(0.4, abs=2e-6)


def test_the_larger_of_a_median_and_a_number_moves_too():
    """min_of and max_of hold what they are made of: here the number is the harder one."""
    others = {"KEN": 0.2, "MWI": 0.4, "TZA": 0.6, "UGA": 0.8}
    figures = {"GHA": {"a.x": 0.1}, **{c: {"a.x": x} for c, x in others.items()}}
    harder = policy.Extreme("max_of", (policy.Reference("pool", 0.5), 0.7))
    easier = policy.Extreme("min_of", (policy.Reference("pool", 0.5), 0.7))
    assert flips_of(made_up.atom("a.x", "at_least", harder), figures)["GHA"] == 0.7
    assert flips_of(made_up.atom("a.x", "at_least", easier), figures)["GHA"] == 0.4


def test_points_have_edges_too():
    """A gate of points flips where the figure leaves a band."""
    bands = policy.Metric(
        "m", "bands", quantity=policy.Quantity("a.x"), steps=((0.6, 4.0), (-math.inf, 0.0)), worth=4.0
    )
    rule = policy.Points("p", (bands,), 0.75, 1)
    assert flips_of(rule, {"GHA": {"a.x": 0.2}, "KEN": {"a.x": 0.9}}) == {"GHA": 0.600001, "KEN": 0.6}


def test_the_size_of_a_flip_is_told_in_standard_errors():
    """0.2 is two of 0.1; an exact figure has no such size."""
    sheets = [made_up.sheet("a.x", sd=0.1), made_up.sheet("a.y")]
    rule = made_up.group("all", *(made_up.atom(s.id, "at_least", 0.5, path=s.id) for s in sheets))
    criteria = made_up.policy(made_up.everyone("a.x"), [made_up.gate("g", rule)])
    figures = made_up.snapshot(sheets, {"GHA": {"a.x": 0.3, "a.y": 0.9}, "KEN": {"a.x": 0.9, "a.y": 0.3}})
    table = run.judge(criteria, figures, AS_OF).flips
    assert table.to_dict("records")[0] == {
        "iso3": "GHA", "gate": "g", "indicator": "a.x", "now": 0.3, "needed": 0.5, "change": pytest.approx(0.2),
        "in_sd": pytest.approx(2.0), "becomes": "pass",
    }  # fmt: skip
    assert math.isnan(table.in_sd[1])
    assert list(table.indicator) == ["a.x", "a.y"]


def test_what_cannot_be_judged_has_no_flips():
    """Without Ghana's other figure nothing is known of its gate, whatever this one is."""
    sheets = [made_up.sheet("a.x"), made_up.sheet("a.y")]
    rule = made_up.group("all", *(made_up.atom(s.id, "at_least", 0.5, path=s.id) for s in sheets))
    assert flips_of(rule, {"GHA": {"a.x": 0.9}, "KEN": {"a.x": 0.9, "a.y": 0.9}}, sheets).keys() == {"KEN"}


def test_what_rests_on_a_series_that_nobody_holds_turns_nothing():
    """Whatever the rule says of a gap: nobody has the other figure, so that without this one Ghana is unknown and not failed."""
    sheets, asked = [made_up.sheet("a.x"), made_up.sheet("a.y")], {"a.x": "unknown", "a.y": "fail"}
    rule = made_up.group(
        "any", *(made_up.atom(s, "at_least", 0.5, path=s, missing=what) for s, what in asked.items())
    )
    assert flips_of(rule, {"GHA": {"a.x": 0.9}}, sheets) == {}


# Thresholds ---------------------------------------------------------------------------------------------------


def moved(node: policy.Node, path: str, threshold: float) -> policy.Node:
    """The same tree with one test's threshold a number."""
    if isinstance(node, policy.Test):
        return replace(node, threshold=threshold) if node.path == path else node
    if isinstance(node, policy.Group):
        return replace(node, of=tuple(moved(child, path, threshold) for child in node.of))
    if isinstance(node, policy.Points):
        return replace(node, metrics=tuple(moved_in(m, path, threshold) for m in node.metrics))
    return node


def moved_in(metric: policy.Metric, path: str, threshold: float) -> policy.Metric:
    """The same points with one flag's threshold a number."""
    test = moved(metric.test, path, threshold) if metric.test else None
    return replace(metric, test=test, of=tuple(moved_in(m, path, threshold) for m in metric.of))


@pytest.mark.parametrize("seed", range(40))
def test_a_threshold_so_named_does_turn_the_gate_and_the_others_do_not(seed):
    """Each test's threshold is put at, just below and just above every country's value, and everything judged again."""
    criteria, figures = random_problem(seed)
    result = run.judge(criteria, figures, made_up.AS_OF)
    assert list(result.flips.index) == list(range(len(result.flips)))
    named = {(r.iso3, r.gate, r.test): r for r in result.thresholds.itertuples()}
    for kind, words in (("gates", result.screening.gate), ("tracks", result.screening.track)):
        for gate in getattr(criteria, kind):
            for test in (
                n
                for n in walk.nodes(gate.rule)
                if isinstance(n, policy.Test) and n.operator != "in" and n.quantity.measure != "within_months"
            ):
                for iso3 in words.index:
                    x, now = result.screening.measured.at[iso3, test.path], words.at[iso3, gate.id]
                    if (
                        np.isnan(x)
                        or now == "unknown"
                        or np.isnan(result.screening.needs.at[iso3, test.path])
                    ):
                        assert (iso3, gate.id, test.path) not in named
                        continue
                    became = {
                        step: judged_again(
                            result,
                            replace(gate, rule=moved(gate.rule, test.path, x + step * max(1.0, abs(x)))),
                            iso3,
                        )
                        for step in (-1e-9, 0.0, 1e-9)
                    }
                    turns = {s for s, word in became.items() if (word in PASSES) != (now in PASSES)}
                    row = named.get((iso3, gate.id, test.path))
                    if row is None:
                        assert not turns - {s for s, word in became.items() if word == "unknown"}
                        continue
                    assert turns and row.becomes in {became[s] for s in turns}
                    assert (0.0 not in turns) == row.beyond


PASSES = ("pass", "conditional")


def judged_again(result: Result, gate: policy.Gate, iso3: str) -> str:
    """The verdict of one country at a gate with another rule."""
    judge = Judge(result.centre, result.peers.to_numpy(), result.as_of)
    return WORDS[judge.gate(gate)[0][list(result.peers.index).index(iso3)]]


# As pages print it ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("as_of", ["2016-07-01", "2025-03-31"])
def test_the_value_as_printed_turns_the_gate(as_of):
    """ "0.50 or less" turns it at 0.50; "below 0.50" does not, and does a step further."""
    result = run.run(as_of=date.fromisoformat(as_of), draws=100)
    rows = [r for r in result.flips.to_dict("records") if not result.panel.sheets[r["indicator"]].classes]
    strict = 0
    for row in rows:
        sheet, up = result.panel.sheets[row["indicator"]], row["change"] > 0
        said, _ = counterfactuals.turning(
            row, sheet, counterfactuals.apart(row["needed"], row["now"], sheet.decimals)
        )
        beyond, number = re.fullmatch(r"(?:(above|below) )?([−\d.,]+)(?: or (?:more|less))?", said).groups()
        value = float(number.replace("−", "-").replace(",", ""))
        step = (1 if up else -1) * (sheet.hi - sheet.lo) * TWO_STEPS
        assert turned(result, row, value + step) == row["becomes"], (row, said)
        assert (turned(result, row, value) == row["becomes"]) == (beyond is None), (row, said)
        strict += beyond is not None
    assert 0 < strict < len(rows) and len(rows) > 300


def turned(result: Result, row: dict, value: float) -> str:
    """The verdict of a gate for a country that had another figure."""
    own = result.criteria
    gate = next(g for g in (*own.gates, *own.tracks) if g.id == row["gate"])
    place = result.centre.countries.index(row["iso3"])
    figures = result.centre.now[row["indicator"]].copy()
    figures[0, place] = value
    judge = Judge(result.centre.having(row["indicator"], figures), result.peers.to_numpy(), result.as_of)
    return WORDS[judge.gate(gate)[0, place]]


def test_no_threshold_decides_what_another_test_leaves_open():
    """Either will do, and the second is missing: turned round, the first makes unknown of yes, and yes of unknown."""
    either = made_up.group("any", *(made_up.atom(s, "at_least", 0.5, path=s) for s in ("a.x", "a.y")))
    rows = {"BEN": {"a.x": 0.8}, "GHA": {"a.x": 0.2}, "TUN": {"a.x": 0.8, "a.y": 0.2}}
    figures = made_up.snapshot([made_up.sheet("a.x"), made_up.sheet("a.y")], rows)
    rules = made_up.policy(made_up.everyone("a.x"), [made_up.gate("g", either)])
    found = run.judge(rules, figures, made_up.AS_OF).thresholds
    assert found[["iso3", "test"]].to_numpy().tolist() == [["TUN", "a.x"]]
