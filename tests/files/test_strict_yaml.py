"""The strict YAML: what it reads, what it refuses, and where it says the trouble is."""

from __future__ import annotations

import os

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from little_work import little_work

from eligibility.errors import CriteriaError, DataError
from eligibility.files import strict_yaml

PARSERS = [yaml.SafeLoader] + ([yaml.CSafeLoader] if hasattr(yaml, "CSafeLoader") else [])

# scalar as written, what it is
SCALARS = [
    ("true", True), ("false", False), ("True", "True"), ("TRUE", "TRUE"), ("yes", "yes"), ("no", "no"),
    ("NO", "NO"), ("on", "on"), ("off", "off"), ("y", "y"), ("n", "n"), ("null", None), ("~", None),
    ("Null", "Null"), ("0", 0), ("7", 7), ("-7", -7), ("+7", 7), ("-0", 0), ("007", "007"), ("012", "012"),
    ("0o12", "0o12"), ("0x1F", "0x1F"), ("0b11", "0b11"), ("1_000", "1_000"), ("1,000", "1,000"),
    ("12:30:45", "12:30:45"), ("190:20", "190:20"), ("0.5", 0.5), ("-0.10", -0.1), (".5", 0.5), ("1.", "1."),
    ("1e3", 1000.0), ("1E-3", 0.001), ("1e-3", 0.001), ("1.5e+3", 1500.0), ("1e999", "1e999"),
    ("-1e999", "-1e999"), ("1e9999", "1e9999"), (".nan", ".nan"), (".NaN", ".NaN"), ("nan", "nan"),
    (".inf", ".inf"), ("-.inf", "-.inf"), ("inf", "inf"), ("2016-07-01", "2016-07-01"),
    ("2016-07-01T00:00:00Z", "2016-07-01T00:00:00Z"), ("999999999999999", 999999999999999),
    ("1000000000000000", "1000000000000000"), ("9" * 400, "9" * 400), ("00.5", "00.5"), ("1e", "1e"),
    ("e1", "e1"), (".", "."), ("+", "+"), ("5%", "5%"), ("0.5.1", "0.5.1"), ("=", "="), ("\u0663", "\u0663"),
    ("\uff11", "\uff11"), ("1\u00a0000", "1\u00a0000"), ("TUN", "TUN"),
]  # fmt: skip


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("text, meaning", SCALARS)
def test_a_scalar_means_what_yaml_1_2_says_or_stays_text(text, meaning, parser):
    value = strict_yaml.parse(f"key: {text}", parser=parser).data["key"]
    assert value == meaning
    assert type(value) is type(meaning)


def test_a_quoted_or_block_scalar_is_always_text():
    data = strict_yaml.parse("a: '1'\nb: \"true\"\nc: |\n  2\nd: >-\n  null\n").data
    assert data == {"a": "1", "b": "true", "c": "2\n", "d": "null"}


def test_keys_are_text_as_written():
    assert strict_yaml.parse("{NO: 1, 012: 2, 2016-07-01: 3, true: 4}").data == {
        "NO": 1,
        "012": 2,
        "2016-07-01": 3,
        "true": 4,
    }


def test_every_value_knows_its_line_and_column():
    document = strict_yaml.parse("gates:\n  a:\n    all: [1, {b: 2}]\n", name="c.yaml")
    assert document.where(("gates", "a", "all", 1, "b")) == "c.yaml:3:18"
    assert document.where(("gates", "a", "all", 1, "b"), key=True) == "c.yaml:3:15"
    assert document.where(("gates", "a", "nothing")) == "c.yaml:3:5"


REFUSED = [
    ("a: 1\na: 2", "c.yaml:2:1", "duplicate key (got a); first on line 1, again on line 2"),
    ("x: {a: 1, 'a': 2}", "c.yaml:1:11", "duplicate key"),
    ("a: &one 1", "c.yaml:1:4", "anchors and aliases are not allowed (got &one)"),
    ("a: *one", "c.yaml:1:4", "anchors and aliases are not allowed (got *one)"),
    ("a: &x [*x]", "c.yaml:1:4", "anchors and aliases"),
    ("<<: {a: 1}", "c.yaml:1:1", "merge keys are not allowed"),
    ("a: !!int 1", "c.yaml:1:4", "tags are not allowed"),
    ("a: !!python/object/apply:os.system [ls]", "c.yaml:1:4", "tags are not allowed"),
    ("a: ! 1", "c.yaml:1:4", "tags are not allowed"),
    ("!!map {a: 1}", "c.yaml:1:1", "tags are not allowed"),
    ("a: 1\n---\nb: 2", "c.yaml:2:1", "must hold one document"),
    ("%YAML 1.1\n---\na: 1", "c.yaml:1:1", "directives are not allowed"),
    ("? [a]\n: 1", "c.yaml:1:3", "a key must be text"),
    ("? {a: b}\n: 1", "c.yaml:1:3", "a key must be text"),
    ("x: {? : 1}", "c.yaml:1:", "a key must not be empty"),
    ("a: [1,", "c.yaml:", "must be YAML"),
    ("a:\n \u00a0b: 1\n  c: 2", "c.yaml:2:2", "a no-break space (U+00A0) at 2:2"),
    ("a:\n\u00a0 b: 1", "c.yaml:2:1", "a no-break space (U+00A0) at 2:1"),
    ("\u202fa: 1", "c.yaml:1:1", "a narrow no-break space (U+202F) at 1:1"),
    ("a: 1\nb:\u00a02\nc: 3", "c.yaml:2:3", "a no-break space (U+00A0) at 2:3"),
    ("a:\n  - 1\n\u3000- 2", "c.yaml:3:1", "an ideographic space (U+3000) at 3:1"),
    ("\ta: 1", "c.yaml:1:1", "indent with spaces"),
    ("a: @x", "c.yaml:1:4", "quote it"),
    ("a: b: c", "c.yaml:1:5", "must be YAML"),
    ("a: 'b", "c.yaml:1:", "must be YAML"),
    ("a: \x07", "c.yaml:1:4", "cannot be seen (got U+0007)"),
    ("a: \u202ab", "c.yaml:1:4", "cannot be seen (got U+202A)"),
    ("a: 1\nb\u200b: 2", "c.yaml:2:2", "cannot be seen (got U+200B)"),
    ("a: \x85", "c.yaml:1:4", "cannot be seen"),
    ("a: " + "x" * 5000, "c.yaml:1:4", "a text must be at most 4,096 bytes"),
    ("[" * 21 + "]" * 21, "c.yaml:1:21", "must be at most 20 levels deep"),
    ("[" + "a," * 20_001 + "]", "c.yaml:1:", "must hold at most 20,000 values and keys"),
]


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("text, where, why", REFUSED)
def test_what_is_refused_says_where_and_why(text, where, why, parser):
    with pytest.raises(CriteriaError) as caught:
        strict_yaml.parse(text, name="c.yaml", parser=parser)
    assert str(caught.value).startswith(where)
    assert why in str(caught.value)


def test_twenty_levels_are_allowed():
    assert strict_yaml.parse("[" * 20 + "]" * 20).data


@pytest.mark.parametrize("depth", [21, 100, 1_000, 10_000, 100_000])
@pytest.mark.parametrize("opening", ["[", "- ", "{a: ", "? ", "[{a: ", "- a: "])
def test_depth_is_refused_at_once(opening, depth):
    with little_work(), pytest.raises(CriteriaError):
        strict_yaml.parse((opening * depth)[: strict_yaml.MOST_BYTES])


@pytest.mark.parametrize("width", [2, 5, 10, 20])
@pytest.mark.parametrize("depth", [2, 9, 30])
def test_an_alias_bomb_is_refused_at_its_first_anchor(width, depth):
    lines = ["a0: &a0 [x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * width)}]" for i in range(1, depth)]
    with little_work(), pytest.raises(CriteriaError, match="1:5: a0: anchors and aliases"):
        strict_yaml.parse("\n".join(lines))


# Anything the two parsers could disagree about
TEXTS = [
    "a: 1\nb: [x, 'y', \"z\\n\"]\n",
    "a:\n  - b: |\n      text\n      more\n    c: >-\n      folded\n      text\n",
    "# comment\n'quoted key': {a: , b: ~}\n",
    'a: "\\u00e9\\t"\n',
    "\ufeffa: é\nb: 国\n",
    "a:\r\n  b: 1\r\n",
    "- - - a\n    - b\n",
    "{a: [1, 2.5, -3e2], b: {c: null}}",
    "",
    "# nothing\n",
    "plain",
    "a: multi\n  line plain\n",
]


@pytest.mark.skipif(len(PARSERS) < 2, reason="PyYAML without libyaml")
@pytest.mark.parametrize("text", TEXTS + [text for text, _, _ in REFUSED])
def test_both_parsers_read_the_same(text):
    assert _outcome(text, yaml.SafeLoader) == _outcome(text, yaml.CSafeLoader)


@pytest.mark.skipif(len(PARSERS) < 2, reason="PyYAML without libyaml")
@settings(max_examples=400, deadline=None)
@given(st.text(alphabet="ab01.:-[]{},'\"#&*!|>\n ~?%@é", max_size=60))
def test_both_parsers_agree_on_what_is_read(text):
    pure, fast = (_outcome(text, parser) for parser in (yaml.SafeLoader, yaml.CSafeLoader))
    if isinstance(pure, tuple) and isinstance(fast, tuple) and pure[0] == fast[0] == "read":
        assert pure == fast


def _outcome(text, parser):
    """What was read and where, or that it was refused (the two word their complaints differently)."""
    try:
        document = strict_yaml.parse(text, parser=parser)
    except CriteriaError as error:
        return ("refused", error.problems[0].rule)
    # Where nothing stands, the two place it differently; nothing of ours depends on it.
    places = {path: place for path, place in document.values.items() if _at(document.data, path) is not None}
    return ("read", document.data, document.keys, places, document.unquoted)


def _at(data, path):
    for step in path:
        data = data[step]
    return data


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=300) | st.text(alphabet="ab01.:-[]{},'\"#&*!|>\n ~?%@\t", max_size=300))
def test_any_text_is_read_or_refused_with_a_place(text):
    places = ["c.yaml:"]
    try:
        strict_yaml.parse(text, name="c.yaml")
    except CriteriaError as error:
        places = [problem.where for problem in error.problems]
    assert all(place.startswith("c.yaml:") for place in places)


def test_only_utf_8_is_read(tmp_path):
    path = tmp_path / "c.yaml"
    path.write_bytes("a: 1\nb: Côte".encode("cp1252"))
    with pytest.raises(CriteriaError, match=r"c\.yaml:2:5: text: must be UTF-8 \(got byte 0xf4\)"):
        strict_yaml.read(path, "c.yaml")


def test_a_byte_order_mark_is_no_matter(tmp_path):
    path = tmp_path / "c.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert strict_yaml.read(path).data == {"a": 1}


@pytest.mark.parametrize("size", [strict_yaml.MOST_BYTES + 1, 1 << 20, 1 << 30])
def test_a_large_file_is_refused_without_reading_it(tmp_path, size):
    path = tmp_path / "c.yaml"
    with open(path, "wb") as stream:
        stream.truncate(size)
    with little_work(), pytest.raises(CriteriaError, match="must be at most 262,144 bytes"):
        strict_yaml.read(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_pipes_folders_and_devices_are_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, "/dev/null", "/dev/zero"):
        with pytest.raises(CriteriaError, match="must be a regular file"):
            strict_yaml.read(path)


def test_a_missing_file_and_an_impossible_name_are_refused(tmp_path):
    for name in ("none.yaml", "a\0b.yaml", "x" * 5000):
        with pytest.raises(CriteriaError):
            strict_yaml.read(tmp_path / name)


def test_the_caller_chooses_the_refusal():
    with pytest.raises(DataError):
        strict_yaml.parse("a: !x 1", refusal=DataError)
