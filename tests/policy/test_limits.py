"""What a list must keep to: each limit is read with its basis, and what cannot be honoured is refused."""

from __future__ import annotations

import json

import jsonschema
import pytest
import yaml
from criteria_samples import SMALL, loaded

from eligibility.errors import CriteriaError
from eligibility.language import criteria
from eligibility.policy.limits import Limits, OfKind


def load(tmp_path, settings=(), **shortlist):
    data = yaml.safe_load(SMALL)
    data["shortlist"] |= shortlist
    return loaded(tmp_path, json.dumps(data, default=str), settings)


WRITTEN = {
    "variety": {"weight": 0.25, "basis": "a quarter"},
    "per_region": {"at_most": 2, "basis": "two"},
    "at_least": {"progress": {"n": 1, "basis": "one"}},
}


def test_each_limit_is_read_with_its_basis_and_can_be_set(tmp_path):
    assert load(tmp_path).limits is None
    assert load(tmp_path, **WRITTEN).limits == Limits(
        0.25, "a quarter", 2, "two", (OfKind("progress", 1, "one"),)
    )
    set_ = load(tmp_path, ["shortlist.variety.weight=1", "shortlist.at_least.progress.n=3"], **WRITTEN).limits
    assert (set_.variety, set_.at_least[0].n) == (1.0, 3)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("variety", 0.25, "shortlist.variety: must be a mapping of keys"),
        ("variety", {"weight": 0.25}, "shortlist.variety: needs the key `basis`"),
        ("variety", {"weight": 0, "basis": "none"}, "shortlist.variety.weight: must be above 0"),
        ("variety", {"weight": 1.5, "basis": "more"}, "shortlist.variety.weight: must be at most 1"),
        ("per_region", {"at_most": 0, "basis": "none"}, "shortlist.per_region.at_most: must be at least 1"),
        ("per_region", {"at_most": 1}, "shortlist.per_region: needs the key `basis`"),
        ("at_least", {"progres": {"n": 1, "basis": "one"}}, "must be the id of a track or a mechanism .*did you mean 'progress'"),
        ("at_least", {"democracy": {"n": 1, "basis": "one"}}, "must be the id of a track or a mechanism"),
        ("at_least", {"progress": {"n": 4, "basis": "four"}}, "must be at most the size of the list, 3"),
        ("at_least", {"progress": 1}, "shortlist.at_least.progress: must be a mapping of keys"),
        ("at_least", {}, "shortlist.at_least: must not be empty"),
        ("varied", 1, "shortlist.varied: unknown key"),
    ],
)  # fmt: skip
def test_what_cannot_be_honoured_is_refused(tmp_path, key, value, said):
    with pytest.raises(CriteriaError, match=said):
        load(tmp_path, **{key: value})


def test_editors_know_the_keys():
    schema = criteria.json_schema()
    data = yaml.safe_load(SMALL) | {"shortlist": {"size": 3, "basis": "three", **WRITTEN}}
    data["cases"] = [case | {"as_of": str(case["as_of"])} for case in data["cases"]]
    jsonschema.validate(data, schema)
    del data["shortlist"]["per_region"]["basis"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, schema)
