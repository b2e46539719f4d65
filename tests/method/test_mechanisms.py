"""Kinds of accountability body: what each kind says of a country, how often, and that no verdict hears of it."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import date

import pytest
import yaml
from criteria_samples import SMALL, loaded
from pandas.testing import assert_frame_equal, assert_series_equal

from eligibility.errors import CriteriaError
from eligibility.language import criteria
from eligibility.method import run
from eligibility.policy import walk
from eligibility.present import explain, tables
from eligibility.resources import shipped

KINDS = ("reporting-body", "vetting-panel", "complementary-prosecutor", "hybrid-tribunal", "full-mechanism")
WITHOUT = ("peacetime-pilots-1", "peacetime-pilots-full", "mcc-scorecard", "hdi")


@pytest.fixture(scope="module")
def pilots():
    return run.run("peacetime-pilots", draws=300)


def told(result) -> dict:
    """The result's JSON as it is printed."""
    return json.loads(tables.json(result))


def test_no_verdict_score_rank_or_chance_hears_of_them(pilots):
    """The same criteria without the kinds: the same document, but for the key itself and those told beside it."""
    bare = run.judge(replace(pilots.criteria, mechanisms=()), pilots.panel, pilots.as_of)
    whole, rest = told(pilots), told(bare)
    said = [country.pop("mechanisms") for country in whole["countries"]]
    assert whole.pop("programmes") and all(
        c.pop("vehicle") and c.pop("precedents") for c in whole["countries"]
    )
    assert whole == rest and all([kind["id"] for kind in each] == list(KINDS) for each in said)
    assert not any("mechanisms" in country for country in rest["countries"])
    assert_frame_equal(pilots.firmness.p_test, bare.firmness.p_test)
    assert_series_equal(pilots.misclassified, bare.misclassified)
    assert_frame_equal(pilots.flips, bare.flips)


def _least(*words):
    return min(words, key=("fail", "unknown", "pass").index)


def _most(*words):
    return max(words, key=("fail", "unknown", "pass").index)


def test_each_kind_says_what_its_rule_says(pilots):
    """The five rules again, in plain Python, for every country of the pool."""
    value = pilots.cells.value
    for c in pilots.screening.status.index:

        def holds(indicator, test, c=c):
            x = value.at[c, indicator]
            return "unknown" if math.isnan(x) else "pass" if test(x) else "fail"

        agrees = holds("vdem.regime", lambda x: x >= 1)
        civil, free = "vdem.core_civil_society", "vdem.political_civil_liberties"
        courts, law = "vdem.judicial_constraints", "wgi.rule_of_law"
        weak, open_ = holds(law, lambda x: x < 0), holds(free, lambda x: x >= 0.5)
        expected = {
            "reporting-body": _least(
                agrees, holds(civil, lambda x: x >= 0.35), holds(free, lambda x: x >= 0.35)
            ),
            "vetting-panel": _least(
                holds("vdem.regime", lambda x: x >= 2),
                holds("vdem.legislative_constraints", lambda x: x >= 0.5),
                weak,
            ),
            "complementary-prosecutor": _least(
                agrees, holds(courts, lambda x: x >= 0.5), open_, holds(civil, lambda x: x >= 0.5), weak
            ),
            "hybrid-tribunal": _least(agrees, holds(courts, lambda x: 0.3 <= x <= 0.7), open_, weak),
            "full-mechanism": _least(
                agrees, _most(holds(courts, lambda x: x < 0.3), holds(law, lambda x: x <= -1)), open_
            ),
        }
        assert pilots.screening.mechanism.loc[c].to_dict() == expected, c


def test_its_chance_is_that_of_the_same_rule_as_a_track(pilots):
    own = pilots.criteria
    tracks = (*own.tracks, *(replace(kind, ideal=False) for kind in own.mechanisms))
    turned = run.judge(replace(own, tracks=tracks, mechanisms=()), pilots.panel, pilots.as_of)
    assert_frame_equal(turned.firmness.p_track[list(KINDS)], pilots.firmness.p_mechanism)
    assert_frame_equal(turned.screening.track[list(KINDS)], pilots.screening.mechanism)
    assert ((pilots.firmness.p_mechanism > 0.05) & (pilots.firmness.p_mechanism < 0.95)).any().all()


def test_guatemala_before_its_commission_had_what_one_needs():
    result = run.run("peacetime-pilots", date(2006, 12, 12), draws=0)
    assert result.screening.mechanism.at["GTM", "complementary-prosecutor"] == "pass"


@pytest.mark.parametrize("id_", WITHOUT)
def test_sets_without_the_key_say_nothing_of_it(id_):
    assert criteria.load(id_, run.panel.catalogue(run.sources.shelf(None))).mechanisms == ()


def test_explain_gives_a_line_a_kind_and_what_no_figure_says(pilots):
    said = " ".join(explain.country(pilots, "GTM").split())
    for kind in pilots.criteria.mechanisms:
        word = {"pass": "fits", "fail": "does not fit"}[pilots.screening.mechanism.at["GTM", kind.id]]
        sign = {"fits": "✓", "does not fit": "✗"}[word]
        assert f"{kind.title} (“{kind.cites.quote}”): {sign} {word}" in said
    assert "No figure says whether the government is ready." in said
    assert "mechanisms.hybrid-tribunal.all[1]" in explain.indicator(
        pilots, "GTM", "vdem.judicial_constraints"
    )


def _loaded(tmp_path, change):
    data = yaml.safe_load(SMALL)
    change(data)
    return loaded(tmp_path, json.dumps(data, default=str))


def _kind(data, **more):
    gate = next(iter(data["gates"].values()))
    return {key: value for key, value in gate.items() if key != "in_force"} | more


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda d: d.update(mechanisms={next(iter(d["gates"])): _kind(d)}), "is the id of a gate or track too"),
        (lambda d: d.update(mechanisms={"k": _kind(d, ideal=True)}), "unknown key"),
        (lambda d: d.update(mechanisms={}), "must not be empty"),
        (lambda d: d.update(mechanisms={"k": {k: v for k, v in _kind(d).items() if k != "cites"}}), "needs the key"),
    ],
)  # fmt: skip
def test_what_cannot_be_honoured_is_refused(tmp_path, change, what):
    with pytest.raises(CriteriaError, match=what):
        _loaded(tmp_path, change)


def test_a_kind_out_of_force_is_left_out(tmp_path):
    made = _loaded(
        tmp_path,
        lambda d: d.update(mechanisms={"k": _kind(d, in_force={"from": "2017-01-01"}), "l": _kind(d)}),
    )
    assert [kind.id for kind in walk.at(made, date(2016, 12, 31)).mechanisms] == ["l"]
    assert [kind.id for kind in walk.at(made, date(2017, 1, 1)).mechanisms] == ["k", "l"]
    assert "mechanism" in {use.role for use in walk.quantities(made)}


def test_every_number_of_the_shipped_kinds_has_a_reason():
    text = yaml.safe_load((shipped("criteria") / "peacetime-pilots.yaml").read_text(encoding="utf-8"))
    assert tuple(text["mechanisms"]) == KINDS
    assert all(kind["question"] and kind["cites"]["quote"] for kind in text["mechanisms"].values())
