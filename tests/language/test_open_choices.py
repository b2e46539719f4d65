"""What a file may leave open in making its score."""

from __future__ import annotations

import pytest
from criteria_samples import SMALL, refused

from eligibility.language import parts
from eligibility.policy.model import Weights


@pytest.mark.parametrize(
    "text, said",
    [
        ("{basis: b}", "must leave something open"),
        ("{basis: b, weights: {}}", "exactly one kind of weights"),
        ("{basis: b, weights: {within: 0.2, simplex: true}}", "exactly one kind of weights"),
        ("{basis: b, weights: {within: -0.2}}", "must be above 0"),
        ("{basis: b, weights: {within: 2}}", "must be at most 1"),
        ("{basis: b, weights: {simplex: false}}", "must be True"),
        ("{weights: {within: 0.2}}", "needs the key `basis`"),
        ("{basis: b, weights: {between: {demokracy: [0, 1]}}}", "unknown pillar"),
        ("{basis: b, weights: {between: {democracy: [0.8, 0.2]}}}", "must go from low to high"),
        ("{basis: b, weights: {between: {democracy: [0, 0.5]}}}", "no weights that add up to 1"),
        ("{basis: b, weights: {between: {democracy: [0, 2]}}}", "must be at most 1"),
        ("{basis: b, weights: {between: {democracy: [0, 0.5, 1]}}}", "weights.between.democracy"),
        ("{basis: b, weights: {between: {democracy: [0.5]}}}", "weights.between.democracy"),
        (
            "{basis: b, weights: {within: 0.2, order: [democracy, other]}}",
            "`order` goes with between, or alone",
        ),
        ("{basis: b, weights: {order: [democracy, democracy]}}", "is listed twice"),
        ("{basis: b, weights: {order: [democracy, nothing]}}", "unknown pillar"),
        ("{basis: b, weights: {order: [democracy], within: 0.1}}", "needs 2 entries"),
        ("{basis: b, aggregation: [arithmetic]}", "needs 2 entries"),
        ("{basis: b, aggregation: [arithmetic, arithmetic]}", "is listed twice"),
        ("{basis: b, scales: [minmax, z]}", "must hold `stated`"),
        ("{basis: b, scales: [stated, borda]}", "must be"),
        ("{basis: b, leave_out: two}", "must be one-indicator"),
        ("{basis: b, leave_out: one-indicator, weigths: {within: 0.2}}", "unknown key"),
    ],
)
def test_what_cannot_be_honoured_is_refused(tmp_path, text, said):
    text = f"{SMALL}\nuncertainty:\n  basis: a test\n  choices: {text}\n"
    assert said in "\n".join(refused(tmp_path, text))


@pytest.mark.parametrize(
    "between, possible",
    [
        ((), True),
        ((("b", 0.2, 0.3),), True),
        ((("a", 0.0, 0.3),), False),  # nobody behind it may have more: 0.9 at most
        ((("b", 0.6, 1.0),), False),  # nor anybody before it less: 1.2 at least
        ((("a", 0.0, 0.35), ("b", 0.4, 0.5)), False),  # each alone could be, and not in this order
    ],
)
def test_weights_are_possible_that_keep_to_limits_and_order(between, possible):
    assert parts.possible(Weights(between=between, order=("a", "b", "c")), ["a", "b", "c"]) == possible
