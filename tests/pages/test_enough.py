"""How the tests of a requirement combine is said in words that come to the same, and not at all where words would not."""

from __future__ import annotations

import random
from dataclasses import replace
from types import SimpleNamespace

import pytest
import sheet_truth

from eligibility import load_criteria
from eligibility.pages import enough
from eligibility.policy import walk
from eligibility.policy.model import Group, Test


@pytest.fixture(scope="module")
def shipped():
    """A test of the shipped policy to make others of."""
    rule = load_criteria("peacetime-pilots").gates[1].rule
    return next(x for x in walk.nodes(rule) if isinstance(x, Test))


def tree(join: str, *parts, at: str = "gates.made", test: Test) -> Group:
    """A rule of tests (0), tests on condition ("on") and rules within it."""
    made = []
    for k, part in enumerate(parts):
        path = f"{at}.{join}[{k}]"
        if isinstance(part, tuple):
            made.append(tree(*part, at=path, test=test))
        else:
            made.append(replace(test, path=path, grants="conditional" if part == "on" else "pass"))
    return Group(path=at, join=join, of=tuple(made))


def paths(rule: Group) -> list[str]:
    return [x.path for x in walk.nodes(rule) if isinstance(x, Test)]


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (("all", 0, 0, 0), None),
        (("any", 0, 0), "any one is enough"),
        (("none", 0, 0, 0), None),
        (("any", ("all", 0, 0), 0, 0, 0), "enough: the first two together or one of the last three"),
        (("all", 0, ("any", 0, 0)), "needed: the first and one of the last two"),
        (("all", 0, 0, ("any", 0, 0), 0), "needed: the first two together, one of the next two and the last"),
        (("any", 0, ("all", 0, 0), 0), "enough: the first, the next two together or the last"),
        (("any", 0, ("all", ("any", 0, 0), 0)), None),
        (("any", 0, "on"), "enough: the first or on condition the last"),
        (("all", 0, "on"), None),
        (("none", ("all", ("any", 0, 0), ("none", 0, 0), ("none", 0))),
         "enough: the first two together or one of the last three"),
    ],
)  # fmt: skip
def test_words_for_a_rule(parts, words, shipped):
    rule = tree(*parts, test=shipped)
    told = enough.told(rule, paths(rule))
    assert (told and told.plain) == words


def test_no_words_where_a_row_stands_elsewhere(shipped):
    """A figure that a requirement before has shown has no row here to be named by its place."""
    rule = tree("any", 0, ("all", 0, 0), test=shipped)
    assert enough.told(rule, paths(rule)[1:]) is None
    assert enough.told(rule, [*reversed(paths(rule))]) is None


def test_the_words_come_to_what_the_rule_comes_to(shipped):
    """Of rules made by chance, whichever tests hold."""
    chance, told = random.Random(7), 0
    for _ in range(400):
        rule = _made(chance, 3, "gates.made", shipped)
        said = enough.told(rule, paths(rule)) if len(paths(rule)) < 8 else None
        if said is None:
            continue
        told += 1
        if said.phrase == "enough.each":
            assert set(sheet_truth.combined(rule)[1:]) == {2}
            continue
        facts = SimpleNamespace(phrase=said.phrase, **said.facts)
        assert sheet_truth.combined(rule) == sheet_truth.said_to_combine(facts), said.plain
    assert told > 60


def _made(chance: random.Random, deep: int, at: str, test: Test) -> Group:
    join = chance.choice(("all", "any", "none"))
    of = []
    for k in range(chance.randint(1, 3)):
        path = f"{at}.{join}[{k}]"
        if deep > 1 and chance.random() < 0.5:
            of.append(_made(chance, deep - 1, path, test))
        else:
            on = join == "any" and chance.random() < 0.1
            of.append(replace(test, path=path, grants="conditional" if on else "pass"))
    return Group(path=at, join=join, of=tuple(of))
