"""result.json is what its schema says: every shipped policy, every object closed, every key told."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import get_args

import jsonschema
import pytest
from click.testing import CliRunner

from eligibility import contract, review_contract
from eligibility.analysis.view import Asked, view
from eligibility.cli.commands import shell
from eligibility.data import panel, sources
from eligibility.language import criteria, overrides
from eligibility.method import run, screen
from eligibility.method.result import Result
from eligibility.policy.limits import Limits
from eligibility.policy.model import Imputation
from eligibility.present import tables

SCHEMA = contract.schema()
CHECK = jsonschema.Draft202012Validator(SCHEMA)
# what each version promises (`promised`): where a key changes, the version moves, and what is promised is written anew
PROMISED = {
    "result 1.0": "9db49e1355b522cf",
    "result 1.1": "1611a66281f832f7",
    "result 1.2": "b3091737ce147ff9",
    "review 1.0": "5caab6cf3b02656d",
    "review 1.1": "4d037ceb51f7c56f",
}
BOTH = {"name": "A. Example", "date": "2016-09-14", "source": "https://example.org/minutes"}


EACH = pytest.mark.parametrize("schema", [SCHEMA, review_contract.schema()], ids=["result", "review"])


def wrong(document: dict, check: jsonschema.Draft202012Validator = CHECK) -> list[str]:
    """What a schema says is wrong with a document."""
    return [f"{error.json_path}: {error.message}" for error in check.iter_errors(document)]


def parts(schema: dict) -> list[dict]:
    """A schema and that of every object in it."""
    return [schema, *schema["$defs"].values()]


def keys(schema: dict, documents: Iterable[dict]) -> tuple[set, set]:
    """The keys that documents have, and those of the schema, each with its object."""
    found = (pair for document in documents for pair in objects(schema, document, schema))
    seen = {(own["title"], key) for own, value in found for key in value}
    return seen, {(own["title"], key) for own in parts(schema) for key in own["properties"]}


def put(holder: dict | list, path: tuple, value: object) -> None:
    """Puts a value where a path leads."""
    *way, last = path
    for step in way:
        holder = holder[step]
    holder[last] = value


def objects(schema: dict, value: object, whole: dict = SCHEMA) -> Iterator[tuple[dict, dict]]:
    """Every object with fixed keys inside a value, each with its part of the schema."""
    for each in schema.get("anyOf", [schema]):
        own = whole["$defs"][each["$ref"].rpartition("/")[2]] if "$ref" in each else each
        if isinstance(value, list) and own.get("type") == "array":
            for item in value:
                yield from objects(own["items"], item, whole)
        elif isinstance(value, dict) and own.get("type") == "object":
            if "properties" in own:
                yield own, value
            for key, inside in value.items():
                part = own["properties"][key] if "properties" in own else own["additionalProperties"]
                yield from objects(part, inside, whole)


@pytest.fixture(scope="module")
def results() -> dict[str, Result]:
    """Every shipped policy, judged; and one with an entry in every register, values imputed and limits to its list."""
    made = {id_: run.run(id_, draws=20) for id_ in criteria.shipped()}
    policy, figures = run.ready("peacetime-pilots")
    doubt = replace(policy.uncertainty, draws=2000, imputation=Imputation(20))
    limits = Limits(variety=0.5, per_region=2)
    rich = run.judge(replace(policy, uncertainty=doubt, limits=limits), figures, date(2016, 7, 1))
    decision = overrides.Override(
        country="TUN", criteria=rich.criteria.id, decision="defer", reason="So.", **BOTH
    )
    note = overrides.Note(country="TUN", note="Seen.", **BOTH)
    return {**made, "rich": replace(rich, register=overrides.Register((decision,), "", (note,)))}


@pytest.fixture(scope="module")
def documents(results) -> dict[str, dict]:
    """The same as other programs read them."""
    whole = {id_: tables.json(result) for id_, result in results.items()}
    narrowed = tables.json(results["hdi"], seen=view(results["hdi"], Asked(("TUN",))))
    return {id_: json.loads(text) for id_, text in {**whole, "narrowed": narrowed}.items()}


@EACH
def test_the_schema_is_one_of_draft_2020_12(schema):
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("id_", [*criteria.shipped(), "rich", "narrowed"])
def test_every_shipped_policy_gives_what_the_schema_says(documents, id_):
    assert wrong(documents[id_]) == []


def test_the_version_comes_first(documents):
    for document in documents.values():
        assert next(iter(document.items())) == ("schema_version", contract.VERSION)


def promised(schema: object) -> object:
    """What a program that reads by a schema rests on: all of it but the words."""
    if isinstance(schema, dict):
        words = "title", "description", "$schema"
        return {k: promised(v) for k, v in schema.items() if k not in words or not isinstance(v, str)}
    return [promised(one) for one in schema] if isinstance(schema, list) else schema


def test_what_a_version_promises_does_not_change_without_it():
    for module, name in ((contract, "result"), (review_contract, "review")):
        text = json.dumps(promised(module.schema()), sort_keys=True)
        # or the sum to write would be another once the version moved
        text = text.replace(f'"{module.VERSION}"', '""')
        found = hashlib.sha256(text.encode()).hexdigest()[:16]
        version = f"{name} {module.VERSION}"
        what = f"{version}: a key changed; move its version, say so, and write {found}"
        assert found == PROMISED.get(version), what


def test_keys_come_in_the_order_of_the_contract(documents):
    for document in documents.values():
        for schema, value in objects(SCHEMA, document):
            assert list(value) == [key for key in schema["properties"] if key in value], schema["title"]


def test_the_documents_tried_have_every_object_and_key_there_is(documents):
    seen, told = keys(SCHEMA, documents.values())
    assert seen == told


def test_an_unannounced_key_fails_wherever_it_stands(documents):
    tried = set()
    for id_ in documents:
        every = documents[id_]["countries"]
        some = [*(c for c in every if c["hold"] or c.get("imputed")), *every][:40]
        document = {**documents[id_], "countries": some}
        for schema, value in objects(SCHEMA, document):
            if schema["title"] in tried:
                continue
            tried.add(schema["title"])
            value["unannounced"] = None
            assert "unannounced" in " ".join(wrong(document)), schema["title"]
            del value["unannounced"]
        assert wrong(document) == []
    assert tried >= {own["title"] for own in parts(SCHEMA)}


@EACH
def test_every_object_is_closed_and_every_map_says_what_it_holds(schema):
    def walk(schema):
        if isinstance(schema, dict):
            if schema.get("type") == "object":
                rest = schema["additionalProperties"]
                assert rest is False if "properties" in schema else rest, schema
            for each in schema.values():
                walk(each)
        elif isinstance(schema, list):
            for each in schema:
                walk(each)

    walk(schema)


@pytest.mark.parametrize("key", ["countries", "notes", "counts", "years_read"])
def test_a_missing_key_fails(documents, key):
    document = copy.copy(documents["peacetime-pilots"])
    del document[key]
    assert wrong(document) == [f"$: {key!r} is a required property"]


@pytest.mark.parametrize(
    "path, value",
    [
        (("status",), "maybe"),
        (("p_eligible",), 1.01),
        (("rank",), 0),
        (("rank",), 1.5),
        (("iso3",), "Tunisia"),
        (("gates", 0, "verdict"), "passes"),
        (("score",), "0.7"),
    ],
)
def test_a_wrong_value_fails(documents, path, value):
    whole = documents["peacetime-pilots"]
    document = {**whole, "countries": copy.deepcopy(whole["countries"][:1])}
    put(document["countries"][0], path, value)
    assert len(wrong(document)) == 1


def test_statuses_are_the_same_words_everywhere():
    words = get_args(contract.Status)
    assert SCHEMA["$defs"]["Country"]["properties"]["status"]["enum"] == list(words) == list(tables.STATUS)
    assert set(screen.STATUS) == set(words)
    assert list(SCHEMA["$defs"]["Counts"]["properties"]) == ["pool", *words]


@EACH
def test_every_key_says_what_it_means(schema):
    for own in parts(schema):
        assert own["description"], own["title"]
        for key, value in own["properties"].items():
            refers = "$ref" in str({k: v for k, v in value.items() if k != "description"})
            assert value.get("description") or refers, f"{own['title']}.{key}"


def test_the_command_prints_it_and_the_language_without_the_option():
    printed = CliRunner().invoke(shell, ["schema", "--result"])
    assert printed.exit_code == 0 and json.loads(printed.stdout) == SCHEMA
    known = panel.catalogue(sources.shelf())
    assert json.loads(CliRunner().invoke(shell, ["schema"]).stdout) == criteria.json_schema(known)
