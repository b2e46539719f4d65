"""What settles a verdict, and a rule in words."""

from __future__ import annotations

import made_up
import pytest

from eligibility.pages import counterfactuals, reasons
from eligibility.policy import model as rules
from eligibility.policy.model import Group, Metric, Points, Quantity, Reference


def leaf(path: str, threshold=0.5) -> rules.Test:
    return rules.Test(path, Quantity("made.polyarchy"), "at_least", threshold)


def group(path: str, join: str, *of, n: int = 0, grants: str = "pass") -> Group:
    return Group(path, join, of, n=n, grants=grants)


@pytest.mark.parametrize(
    "node, words, settled",
    [
        (group("g", "all", leaf("a"), leaf("b")), {"g": "fail", "a": "pass", "b": "fail"}, [("b", True, "fail")]),
        (group("g", "any", leaf("a"), leaf("b")), {"g": "pass", "a": "pass", "b": "fail"}, [("a", True, "pass")]),
        (group("g", "any", leaf("a"), leaf("b")), {"g": "fail", "a": "fail", "b": "fail"}, [("a", True, "fail"), ("b", True, "fail")]),
        (group("g", "none", leaf("a"), leaf("b")), {"g": "fail", "a": "pass", "b": "fail"}, [("a", False, "fail")]),
        (group("g", "none", leaf("a"), leaf("b")), {"g": "pass", "a": "fail", "b": "fail"}, [("a", False, "pass"), ("b", False, "pass")]),
        (
            group("g", "none", group("i", "all", leaf("a"), leaf("b"))),
            {"g": "pass", "i": "fail", "a": "pass", "b": "fail"},
            [("b", False, "pass")],
        ),
        (
            group("g", "none", group("i", "all", leaf("a"), group("n", "none", leaf("b")))),
            {"g": "fail", "i": "pass", "a": "pass", "n": "pass", "b": "fail"},
            [("a", False, "fail"), ("b", True, "fail")],
        ),
        (
            group("g", "at_least", leaf("a"), leaf("b"), leaf("c"), n=2),
            {"g": "fail", "a": "pass", "b": "fail", "c": "unknown"},
            [("b", True, "fail"), ("c", True, "unknown")],
        ),
        (group("g", "all", leaf("a"), leaf("b")), {"g": "unknown", "a": "unknown", "b": "pass"}, [("a", True, "unknown")]),
    ],
)  # fmt: skip
def test_what_settles_a_verdict(node, words, settled):
    assert [(x.node.path, x.wanted, x.word) for x in reasons.deciding(node, words)] == settled


def test_a_conditional_verdict_shows_what_the_full_branch_lacked():
    node = group("g", "any", leaf("a"), group("c", "all", leaf("b"), grants="conditional"))
    words = {"g": "conditional", "a": "fail", "c": "conditional", "b": "pass"}
    assert [x.node.path for x in reasons.full_branches(node, words)] == ["a"]
    assert [x.node.path for x in reasons.deciding(node, words)] == ["b"]


def test_a_rule_in_words():
    clause = reasons.words(made_up.criteria().gates[0].rule, made_up.SHEETS)
    assert clause.text == "At least one of these holds"
    assert clause.below[0].text == "Regime type is electoral democracy or above"
    assert clause.below[1].text == "All of these hold (enough on condition only)"
    points = Points("p", (Metric("p[0]", "bands", "Budget openness", worth=4.0),), 0.75, 3)
    assert reasons.words(points, {}).text.startswith("At least 75% of the points that apply")
    peers = rules.Test("t", Quantity("made.law"), "above", Reference("peers", 0.5), missing="fail")
    assert (
        reasons.words(peers, made_up.SHEETS).text
        == "Rule of law above the peers’ median; counts as failed if missing"
    )


def test_numbers_that_differ_never_look_alike():
    assert counterfactuals.apart(0.5, 0.5, 2) == 2
    assert counterfactuals.apart(0.501, 0.499, 2) == 3
    assert counterfactuals.apart(0.50001, 0.5, 2) <= 5
