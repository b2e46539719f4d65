"""What `review --format json` prints is what its schema says: every object closed, every key told, the words those of the code."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from functools import cache
from typing import get_args

import jsonschema
import pytest
from click.testing import CliRunner
from test_contract import keys, objects, parts, put, wrong
from test_review_page import worlds

from eligibility import review_contract
from eligibility.analysis.compare import steps
from eligibility.analysis.compare.causes import Turn
from eligibility.analysis.reviews import past, whole
from eligibility.cli.commands import shell
from eligibility.errors import UsageError
from eligibility.method import alarms
from eligibility.pages import reviewing
from eligibility.pilots import register
from eligibility.present import reviewed

SCHEMA = review_contract.schema()
CHECK = jsonschema.Draft202012Validator(SCHEMA)


@cache
def documents() -> tuple[dict, ...]:
    """The reviews of test_review_page.py, and one with a verdict that turned by a change of the rule."""
    rich = worlds()[0]
    turned = [
        replace(each, moved=replace(each.moved, turned=(Turn("democracy", "pass", "fail", ("rule", "own")),)))
        if each.moved
        else each
        for each in rich.pilots
    ]
    told = (*worlds(), replace(rich, pilots=tuple(turned)))
    return tuple(json.loads(reviewed.json(review)) for review in told)


@pytest.mark.parametrize("k", range(6))
def test_every_review_is_what_the_schema_says_with_its_keys_in_order(k):
    document = documents()[k]
    assert wrong(document, CHECK) == []
    assert next(iter(document.items())) == ("schema_version", review_contract.VERSION)
    for schema, value in objects(SCHEMA, document, SCHEMA):
        assert list(value) == list(schema["properties"]), schema["title"]


def test_the_reviews_tried_have_every_object_and_key_there_is():
    seen, told = keys(SCHEMA, documents())
    assert seen == told


def test_an_unannounced_key_fails_wherever_it_stands():
    tried = set()
    for document in copy.deepcopy(documents()):
        for schema, value in objects(SCHEMA, document, SCHEMA):
            if schema["title"] not in tried:
                tried.add(schema["title"])
                value["unannounced"] = None
                assert "unannounced" in " ".join(wrong(document, CHECK)), schema["title"]
                del value["unannounced"]
    assert tried == {own["title"] for own in parts(SCHEMA)}


@pytest.mark.parametrize("key", list(SCHEMA["properties"]))
def test_a_missing_key_fails(key):
    document = {k: v for k, v in documents()[0].items() if k != key}
    assert len(wrong(document, CHECK)) == 1


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("pilots", 0, "colour"), "green"),
        (("pilots", 0, "iso3"), "Moldova"),
        (("pilots", 0, "changes", 0, "worse"), "no"),
        (("pilots", 0, "dates", 0, "what"), "birthday"),
        (("on",), "30 November 2026"),
        (("register",), "none"),
        (("base_rates", "rows", 0, "noise"), 1.5),
    ],
)
def test_a_wrong_value_fails(path, value):
    document = copy.deepcopy(documents()[0])
    put(document, path, value)
    assert len(wrong(document, CHECK)) == 1


def test_the_words_are_those_of_the_code():
    assert set(get_args(review_contract.Colour)) == set(reviewing.MARKS)
    assert get_args(review_contract.Reason) == alarms.REASONS
    assert get_args(review_contract.Stage) == get_args(register.Stage)
    assert get_args(review_contract.Coming) == whole.DATES
    assert get_args(review_contract.Cause) == steps.STEPS
    assert list(SCHEMA["$defs"]["Rate"]["properties"]) == [*past.COLUMNS, "shares"]


def test_the_command_prints_it():
    printed = CliRunner().invoke(shell, ["schema", "--review"])
    assert printed.exit_code == 0 and json.loads(printed.stdout) == SCHEMA
    with pytest.raises(UsageError, match="not with --result"):
        CliRunner().invoke(shell, ["schema", "--review", "--result"], catch_exceptions=False)
