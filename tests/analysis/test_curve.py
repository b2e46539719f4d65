"""The specification curve: every reading judged part by part comes to what judging each in full comes to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product
from math import comb

import numpy as np
import pytest

from eligibility.analysis import cases, curve
from eligibility.data import sources
from eligibility.errors import CriteriaError, UsageError
from eligibility.language import criteria, variants
from eligibility.language.variants import Choice, Variants
from eligibility.method import run
from eligibility.method.evaluate import STATUS

SETS = Variants(
    (
        Choice(
            "freedoms", "Freedoms", "a test",
            (("0.5", ()), ("0.6", ("gates.democracy.any[1].all[1].at_least=0.6",))),
        ),
        Choice(
            "corruption", "Corruption", "touches a gate and a track at once",
            (
                ("as written", ()),
                (
                    "half", (
                        "gates.not-fully-captured.none[0].all[0].any[0].at_least={pool: quantile 0.5}",
                        "tracks.middle-income-transition.all[0].at_least={pool: quantile 0.7, of: level}",
                    ),
                ),
            ),
        ),
        Choice(
            "progress", "Progress", "a test",
            (("two", ()), ("one", ("tracks.low-income-good-faith.all[0].at_least.n=1",))),
        ),
        Choice("mean", "Mean", "a test", (("geometric", ()), ("arithmetic", ("score.aggregation=arithmetic",)))),
    ),
    "sets.yaml",
)  # fmt: skip


@pytest.fixture(scope="module")
def usual():
    """The criteria and figures of the shipped set."""
    return run.ready("peacetime-pilots")


@pytest.fixture(scope="module")
def made(usual):
    return curve.curve("peacetime-pilots", usual[0], SETS, sources.shelf())


@pytest.fixture(scope="module")
def in_full():
    """Every reading by the whole method: settings, admitted, shortlist, and which names hold."""
    out = []
    for chosen in product(*(choice.options for choice in SETS.choices)):
        settings = tuple(s for _, each in chosen for s in each)
        policy, figures = run.ready("peacetime-pilots", settings)
        result = run.judge(policy.drawing(1), figures, date(2016, 7, 1))
        admitted = result.screening.status.isin(["eligible", "conditional"]).to_numpy()
        holds = [not cases.judge(case, result).failures for case in curve.named(policy)]
        out.append((tuple(name for name, _ in chosen), admitted, set(result.ranking.shortlist), holds))
    return out


def test_readings_combined_are_readings_judged_in_full(made, in_full):
    deciding = [row for row in in_full if row[0][-1] == "geometric"]
    assert made.readings == len(deciding) == 8
    holds = np.array([row[3] for row in deciding])
    assert made.right == tuple(np.bincount(holds.sum(axis=1), minlength=7).tolist())
    assert made.by_name.tolist() == pytest.approx(holds.mean(axis=0).tolist())
    assert made.written == holds[0].sum()
    every = [row for row in deciding if all(row[3])]
    sizes = [int(row[1].sum()) for row in every]
    assert made.admitted == (int(deciding[0][1].sum()), min(sizes), int(np.median(sizes)), max(sizes))
    assert made.patterns == len({row[1].tobytes() for row in every})
    for row in made.by_option.to_dict("records"):
        k = [choice.id for choice in SETS.choices].index(row["choice"])
        mine = [r for r in deciding if r[0][k] == row["option"]]
        assert row["right"] == pytest.approx(np.mean([all(r[3]) for r in mine]))
        assert row["admitted"] == pytest.approx(np.mean([r[1].sum() for r in mine]))
    # a mean decides nobody's status
    assert set(made.by_option["choice"]) == {"freedoms", "corruption", "progress"}


def test_shortlists_are_those_of_every_matching_reading_with_every_mean(made, in_full):
    every = [row for row in in_full if all(row[3])]
    for iso3, share in made.listed.items():
        assert share == pytest.approx(np.mean([iso3 in row[2] for row in every]))
    assert made.kept == pytest.approx(np.mean([len(row[2] & in_full[0][2]) for row in every]))


def test_other_sets_of_names_are_counted(made, usual):
    inside, (policy, figures) = made.admitted[0], usual
    result = run.judge(policy.drawing(1), figures, made.as_of)
    outside = int((result.screening.status == "excluded").sum())
    assert made.others == comb(inside, 4) * comb(outside, 2) - 1
    n = made.pool
    assert made.chance == pytest.approx(comb(inside, 4) * comb(outside, 2) / (comb(n, 4) * comb(n - 4, 2)))


def test_a_rule_that_passes_75_of_119_matches_six_names_as_often_as_published(usual):
    """Four in and two out of 119: .022 for 75 admitted, .019 for 65, .005 for 40 (mission paper, section 3)."""
    names = curve.named(usual[0])
    for admitted, chance in ((75, 0.022), (65, 0.019), (40, 0.005)):
        status = np.array([STATUS.index("eligible")] * admitted + [0] * (119 - admitted))
        assert curve._others(names, status)[1] == pytest.approx(chance, abs=6e-4)


def test_the_names_are_those_with_an_expected_status(made, usual):
    assert [case.country for case in made.names] == ["TUN", "UKR", "MWI", "MMR", "UZB", "ZWE"]
    assert curve.named(replace(usual[0], cases=())) == ()


def test_a_set_without_named_countries_has_no_curve():
    policy, _ = run.ready("hdi")
    assert curve.curve("hdi", policy, SETS, sources.shelf()) is None


def test_another_hold_and_other_ideal_kinds_are_tried_with_every_reading_and_counted_beside_them(made, usual):
    kinds = Choice(
        "ideal", "Ideal", "a test", (("two", ()), ("all", ("tracks.problem-of-impunity.ideal=true",)))
    )
    months = Choice("hold", "Hold", "a test", (("24", ()), ("12", ("hold.months=12",))))
    more = Variants((*SETS.choices, kinds, months), "sets.yaml")
    both = curve.curve("peacetime-pilots", usual[0], more, sources.shelf())
    assert both.readings == 8 and both.right == made.right
    told = both.by_option.set_index(["choice", "option"])
    deciding = [choice for choice in SETS.choices if choice.id != "mean"]
    for choice in (kinds, months):
        for name, own in choice.options:
            many, right = [], []
            for chosen in product(*(each.options for each in deciding)):
                settings = (*(s for _, each in chosen for s in each), *own)
                policy, figures = run.ready("peacetime-pilots", settings)
                result = run.judge(policy.drawing(0), figures, date(2016, 7, 1))
                many.append(result.screening.status.isin(["eligible", "conditional"]).sum())
                right.append(not any(cases.judge(case, result).failures for case in curve.named(policy)))
            assert told.at[(choice.id, name), "admitted"] == pytest.approx(np.mean(many))
            assert told.at[(choice.id, name), "right"] == pytest.approx(np.mean(right))
    assert told.at[("ideal", "all"), "admitted"] > 2 * told.at[("ideal", "two"), "admitted"]
    assert told.at[("hold", "12"), "admitted"] >= told.at[("hold", "24"), "admitted"]


def test_a_choice_of_a_hold_and_of_a_rule_at_once_is_refused(usual):
    both = ("hold.months=12", "tracks.low-income-good-faith.all[0].at_least.n=1")
    wrong = Variants((Choice("x", "X", "a test", (("a", ()), ("b", both))),), "sets.yaml")
    with pytest.raises(CriteriaError, match="must change a hold or which kinds are ideal, or else"):
        curve.curve("peacetime-pilots", usual[0], wrong, sources.shelf())


@pytest.mark.parametrize(
    "setting, told",
    [
        ("pool={wb.income_class: {in: [L]}}", "may change gates, tracks, score and hold only"),
        ("ages.max_age=2", "may change gates, tracks, score and hold only"),
        ("shortlist.size=4", "may change gates, tracks, score and hold only"),
    ],
)
def test_an_option_that_changes_who_is_considered_is_refused(setting, told, usual):
    wrong = Variants((Choice("x", "X", "a test", (("a", ()), ("b", (setting,)))),), "sets.yaml")
    with pytest.raises(CriteriaError, match=told):
        curve.curve("peacetime-pilots", usual[0], wrong, sources.shelf())


def test_an_option_that_fits_nothing_is_refused(usual):
    wrong = Variants((Choice("x", "X", "a test", (("a", ()), ("b", ("gates.nobody=1",)))),), "sets.yaml")
    with pytest.raises(UsageError, match="is not in the criteria file"):
        curve.curve("peacetime-pilots", usual[0], wrong, sources.shelf())


# The file


def test_the_shipped_readings_belong_to_a_shipped_set_and_can_all_be_honoured(usual):
    folder = criteria.find("hdi").parent / "variants"
    files = sorted(folder.glob("*.yaml"))
    assert sorted(f.stem for f in files) == ["peacetime-pilots", "peacetime-pilots-1"]
    assert {f.stem for f in files} <= set(criteria.shipped())
    assert set(criteria.shipped()).isdisjoint({"variants"})
    every = variants.read(variants.beside("peacetime-pilots"), usual[0].id)
    made = curve.curve("peacetime-pilots", usual[0], every, sources.shelf())
    assert made.readings == 157_464 and sum(made.right) == made.readings
    assert made.written == 6  # as the cases of the file say
    assert 0 < made.share < 1
