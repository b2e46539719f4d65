"""Criteria files made to harm or to slip through: each is refused quickly, and with a place."""

from __future__ import annotations

import json
import random
import re
from dataclasses import replace

import pytest
from criteria_samples import KNOWN, SMALL
from little_work import little_work

from eligibility.errors import CriteriaError
from eligibility.files import strict_yaml
from eligibility.language import criteria
from eligibility.language.notes import Notes
from eligibility.policy import walk

PLACE = re.compile(r"c\.yaml:\d+:\d+: ")


@pytest.fixture
def load(tmp_path, monkeypatch):
    """Loads bytes or text as c.yaml."""
    monkeypatch.chdir(tmp_path)

    def loaded(text):
        (tmp_path / "c.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
        return criteria.load("c.yaml", KNOWN)

    return loaded


def refused_quickly(load, text):
    """Asserts that a text is refused as it should be."""
    with little_work(), pytest.raises(CriteriaError) as caught:
        load(text)
    assert len(str(caught.value)) < 12_000
    assert all(PLACE.match(str(problem)) for problem in caught.value.problems), str(caught.value)


# Every hostile value stands where the title, a threshold, a list or a whole gate would.

PAYLOADS = [
    "!!python/object/apply:os.system [echo]",
    "!!python/object/new:os.system [echo]",
    "!!python/name:os.system",
    "!!python/module:os",
    "!!python/object:__main__.X {}",
    "!!python/tuple [1, 2]",
    "!!binary aGVsbG8=",
    "!!set {a: , b: }",
    "!!omap [a: 1]",
    "!!pairs [a: 1]",
    "!!timestamp 2016-07-01",
    "!!float 1",
    "!!int '1'",
    "!!bool yes",
    "!!null ''",
    "!!str 1",
    "!!seq [1]",
    "!!map {a: 1}",
    "!local {a: 1}",
    "!<tag:example.org,2000:x> 1",
    "! 1",
    "!e!x 1",
    "&a 1",
    "&a [*a]",
    "*missing",
    "{<<: {at_least: 0.5}}",
    "{<<: [{a: 1}]}",
    "{a: 1, a: 1}",
    "{a: 1, 'a': 2}",
    '{a: 1, "a": 2}',
    "{a: {b: 1, b: 2}}",
    "{? {a: b} : 1}",
    "{? [a] : 1}",
    "{? : 1}",
    "[",
    "{",
    "'",
    '"\\x"',
    "@x",
    "`x`",
    "%x",
    "|9x",
    "- a",
    "a: b: c",
    "[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]",
    "\x00",
    "\x1b[31m",
    "\u202eesrever",
    "a\u200bb",
    "\ufffe",
    "x" * 5_000,
    "[" + "1, " * 20_000 + "1]",
]
SLOTS = {
    "title": ("title: A small policy", "title: "),
    "threshold": ("at_least: 0.5", "at_least: "),
    "list": ("in: [L, LM, UM]", "in: "),
    "gate": ("    all:\n      - vdem.polyarchy: {at_least: 0.5, basis: midpoint}\n", "    all: "),
}


@pytest.mark.parametrize("slot", SLOTS)
@pytest.mark.parametrize(
    "payload", PAYLOADS, ids=lambda payload: payload[:20].encode("unicode_escape").decode()
)
def test_a_payload_is_refused_wherever_it_stands(load, payload, slot):
    old, new = SLOTS[slot]
    assert old in SMALL
    end = "\n" if old.endswith("\n") else ""
    refused_quickly(load, SMALL.replace(old, new + payload + end, 1))


# What YAML 1.1 would have made a number, and what is no number at all

NOT_NUMBERS = [
    "NO", "yes", "on", "true", "012", "0o12", "0x10", "0b1", "1_0", "1,5", "12:30:45", "1:30", ".nan",
    ".NaN", "nan", ".inf", "-.inf", "inf", "1e999", "-1e999", "1e", "0.5.", "0..5", "5%", "\u0665",
    "\uff10", "0.5 ", "2016-07-01", "'0.5'", '"0.5"', "half", "median", "[0.5]", "{}", "{a: 1}", "~",
    "null", "", "1/2", "0.5f", "NaN", "None", "1e1_0", "9" * 400, "-" + "9" * 20, "+-1", "1 000", "$5",
    "=1+1", "0.5;", "(0.5)",
]  # fmt: skip


@pytest.mark.parametrize("written", [text for text in NOT_NUMBERS if text != "0.5 "])
@pytest.mark.parametrize("slot", ["at_least: 0.5, ", "size: 3, ", "max_age: 3, "])
def test_what_is_no_number_is_refused_where_one_is_asked_for(load, written, slot):
    assert slot in SMALL
    key = slot.split(":")[0]
    refused_quickly(load, SMALL.replace(slot, f"{key}: {written}, ", 1))


@pytest.mark.parametrize(
    "number", ["-0.0001", "1.0001", "1e300", "-1e300", "1e15", "1e16", "999999999999999"]
)
def test_a_number_out_of_range_is_refused(load, number):
    refused_quickly(load, SMALL.replace("at_least: 0.5", f"at_least: {number}"))


@pytest.mark.parametrize("key", ["draws", "seed", "correlation", "persistence"])
@pytest.mark.parametrize("number", ["-1", "1000000000000", "1e12", "0.5.5"])
def test_a_setting_that_would_take_for_ever_is_refused(load, key, number):
    refused_quickly(load, SMALL + f"uncertainty: {{{key}: {number}, basis: b}}\n")


@pytest.mark.parametrize("width, depth", [(2, 9), (2, 30), (10, 9), (20, 5), (1, 1000)])
@pytest.mark.parametrize("style", ["list", "mapping", "merge"])
def test_a_bomb_is_refused(load, width, depth, style):
    join = {
        "list": lambda inner: f"[{', '.join([inner] * width)}]",
        "mapping": lambda inner: f"{{{', '.join(f'k{i}: {inner}' for i in range(width))}}}",
        "merge": lambda inner: f"{{<<: [{', '.join([inner] * width)}]}}",
    }[style]
    lines = ["b0: &b0 {x: 1}"] + [f"b{i}: &b{i} {join(f'*b{i - 1}')}" for i in range(1, depth)]
    refused_quickly(load, "\n".join(lines) + "\n" + SMALL)


@pytest.mark.parametrize("depth", [5, 8, 12, 100, 5_000, 9_000])
@pytest.mark.parametrize("word", ["all", "any", "none"])
def test_a_deep_tree_is_read_or_refused(load, word, depth):
    inner = "{vdem.polyarchy: {at_least: 0.5, basis: b}}"
    text = SMALL.replace(
        "      - vdem.polyarchy: {at_least: 0.5, basis: midpoint}",
        "      - " + f"{{{word}: [" * depth + inner + "]}" * depth,
    )
    if depth > 5:
        refused_quickly(load, text)
    else:
        assert len(list(walk.nodes(load(text).gates[0].rule))) == depth + 2


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "cp1252", "latin-1", "cp037"])
def test_another_encoding_is_refused(load, encoding):
    refused_quickly(load, SMALL.replace("A small policy", "Petite règle").encode(encoding))


@pytest.mark.parametrize("seed", range(60))
def test_a_file_with_a_flipped_byte_is_read_or_refused(load, seed):
    """Whatever one wrong byte makes of the shipped file, nothing but a refusal comes out."""
    raw = bytearray(criteria.find("peacetime-pilots").read_bytes())
    chance = random.Random(seed)
    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    try:
        load(bytes(raw))
    except CriteriaError as error:
        assert all(PLACE.match(str(problem)) for problem in error.problems)


@pytest.mark.parametrize("seed", range(60))
def test_a_torn_file_is_read_or_refused(load, seed):
    raw = criteria.find("peacetime-pilots").read_bytes()
    end = random.Random(seed).randrange(raw.index(b"\nages:"))  # what follows is short or may be missing
    refused_quickly(load, raw[:end])


@pytest.mark.parametrize("line", range(0, 280, 4))
def test_a_line_written_twice_is_refused_or_a_comment(load, line):
    """Doubling a line makes a duplicate key, a duplicate condition, or a longer text."""
    lines = criteria.find("peacetime-pilots").read_text(encoding="utf-8").splitlines(keepends=True)
    text = lines[line].strip()
    doubled = "".join([*lines[: line + 1], lines[line], *lines[line + 1 :]])
    if re.match(r"- |['a-z0-9_.-]+:( |$)", text):
        refused_quickly(load, doubled)
    else:
        load(doubled)  # a comment, an empty line, or one line of a longer text


# Mutants of the shipped file: one thing in it changed, then written out again.


@pytest.fixture(scope="module")
def shipped():
    return strict_yaml.read(criteria.find("peacetime-pilots")).data


def leaves(data, path=()):
    """(path, value) of every mapping, list and scalar, parents first."""
    yield path, data
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, value in entries:
        yield from leaves(value, (*path, step))


def changed(data, path, change):
    """The data with what stands at a path put through `change`."""
    if not path:
        return change(data)
    step, *rest = path
    if isinstance(data, list):
        return [changed(v, rest, change) if i == step else v for i, v in enumerate(data)]
    return {key: changed(v, rest, change) if key == step else v for key, v in data.items()}


def written(data):
    """The data as a file."""
    return json.dumps(data, indent=1, ensure_ascii=False)


def renamed(key, new):
    return lambda mapping: {new if name == key else name: value for name, value in mapping.items()}


def without(key):
    return lambda mapping: {name: value for name, value in mapping.items() if name != key}


NAMED_BY_THE_AUTHOR = {("gates",), ("tracks",), ("mechanisms",), ("peers",), ("axes",), ("score", "pillars")}
# Without one of these a file is another policy or says less about the same: no slip that can be seen.
OPTIONAL = {
    *("summary", "source", "missing", "peers", "tracks", "axes", "uncertainty", "cases"),
    *("question", "title", "cites", "quote", "publisher", "year", "note"),
    *("grants", "peer_group", "of", "change_over", "draws", "seed", "correlation", "persistence"),
    *("assumed_sd", "coverage", "status", "track", "gates", "choices"),
    *("hold", "mechanisms", "until_figures_of", "relative_change_over", "gap_closed_over"),
}
SAMPLE = 120  # mutants of each kind that are tried


def misspelt(data):
    """A letter lost from each key of the language and each indicator: all are caught."""
    for path, value in leaves(data):
        if isinstance(value, dict) and path not in NAMED_BY_THE_AUTHOR and path[-1:] != ("by_date",):
            for key in value:
                if path[-2:] == ("expect", "gates"):
                    continue
                yield (*path, key), changed(data, path, renamed(key, key[:-1]))


def mistyped(data):
    """Every scalar made a list, a mapping, nothing, or of another type: all are caught."""
    for path, value in leaves(data):
        # In a case one word and a list of it mean the same; see the equal mutants below.
        if not isinstance(value, dict | list) and "expect" not in path:
            number = isinstance(value, int | float)
            for other in ([value], {"x": value}, None, str(value) if number else 7, True):
                yield path, changed(data, path, lambda _, other=other: other)


def emptied(data):
    """Every list and mapping emptied, or made a word: all are caught."""
    for path, value in leaves(data):
        if isinstance(value, dict | list) and path:
            yield path, changed(data, path, lambda old: type(old)())
            yield path, changed(data, path, lambda _: "word")


def lost(data):
    """Every key lost that the language needs: all are caught."""
    for path, value in leaves(data):
        if isinstance(value, dict) and path not in NAMED_BY_THE_AUTHOR and path[-1:] != ("by_date",):
            for key in value:
                one_of_several = "." in key and path[-1] in ("indicators", "assumed_sd")
                basis_above = key == "basis" and path[:2] == ("score", "pillars")
                left_open = path[-1:] == ("choices",) and key != "basis"  # any of them may be missing
                other = "expect" in path and len(value) > 1  # a case that expects the rest
                several = one_of_several or basis_above or left_open or other
                if key not in OPTIONAL and not several:
                    yield (*path, key), changed(data, path, without(key))


def beyond(data):
    """Every threshold and goalpost moved far out of its indicator's range: all are caught."""
    for path, value in leaves(data):
        if (
            isinstance(value, int | float)
            and set(path) & {"gates", "tracks", "mechanisms", "goalposts"}
            and path[-1] != "n"
        ):
            for number in (1e9, -1e9):
                yield path, changed(data, path, lambda _, number=number: number)


MUTATIONS = {"misspelt": misspelt, "mistyped": mistyped, "emptied": emptied, "lost": lost, "beyond": beyond}


@pytest.mark.parametrize("name", MUTATIONS)
def test_every_mutant_of_the_shipped_file_is_caught(shipped, name):
    """All are caught: none of these changes leaves a file that means the same or another policy."""
    mutants = list(MUTATIONS[name](shipped))
    assert len(mutants) >= 20
    mutants = random.Random(name).sample(mutants, min(SAMPLE, len(mutants)))
    survivors = [path for path, mutant in mutants if not _problems(written(mutant))]
    assert survivors == []


def test_there_are_enough_mutants(shipped):
    assert sum(min(SAMPLE, len(list(mutation(shipped)))) for mutation in MUTATIONS.values()) >= 150


def _problems(text):
    """The problems of a text, without a file."""
    try:
        _, problems = criteria._read(strict_yaml.parse(text, "c.yaml"), KNOWN, ())
    except CriteriaError as error:
        problems = error.problems
    assert all(PLACE.match(str(problem)) for problem in problems)
    return problems


def test_mutants_that_mean_the_same_make_the_same_policy(shipped):
    """Semantically equal: the order of keys, the style of writing, comments."""
    text = criteria.find("peacetime-pilots").read_text(encoding="utf-8")
    original = _meaning(text)
    chance = random.Random(1)
    listed = changed(shipped, ("cases", 4, "expect", "status"), lambda word: [word])
    equal = [
        written(shipped),
        written(listed),
        text + "# more\n",
        text.replace("\n", "\r\n"),
        "\ufeff" + text,
        "---\n" + text,
    ]
    equal += [written(_shuffled(shipped, chance)) for _ in range(20)]
    for mutant in equal:
        assert _meaning(mutant) == original


def _shuffled(data, chance, path=()):
    """The data with the keys of its mappings in another order, where order says nothing."""
    if isinstance(data, list):
        return [_shuffled(value, chance, (*path, i)) for i, value in enumerate(data)]
    if not isinstance(data, dict):
        return data
    entries = [(key, _shuffled(value, chance, (*path, key))) for key, value in data.items()]
    ordered = path[-1:] in {("peers",), ("by_date",), ("gates",), ("tracks",), ("pillars",), ("indicators",)}
    ordered = ordered or path[-1:] in {("axes",), ("assumed_sd",), ("source",)}
    if not ordered:
        chance.shuffle(entries)
    return dict(entries)


def _meaning(text):
    policy, problems = criteria._read(strict_yaml.parse(text, "c.yaml"), KNOWN, ())
    assert problems == ()
    return re.sub(r"line=\d+", "", repr(replace(policy, text="", sha256="")))


def test_hints_stop_before_they_cost_anything():
    notes = Notes(strict_yaml.parse("a: 1"), KNOWN)
    with little_work():
        for number in range(5_000):
            notes.sheet(("a",), f"vdem.nothing_{number}")
