"""What stands folded behind a card, and in the annexes: parts that add up, nothing left blank, every rule whole."""

from __future__ import annotations

import re
from functools import cache

import made_up
import pytest

from eligibility.pages import annexes, clauses, details
from eligibility.pages.blocks import Outline
from eligibility.pages.said import Figure
from eligibility.policy.model import Group
from eligibility.policy.model import Test as Leaf


@cache
def made(n: int = 12, places: int = 4):
    return made_up.facts(n=n, places=places)


def tables(facts, iso3: str) -> dict:
    """The tables of a card's details by their ids."""
    blocks = (b for s in details.sections(facts, iso3, frozenset(facts.pool), ()) for b in s.blocks)
    return {b.id: b for b in blocks if hasattr(b, "rows")}


def test_the_parts_of_a_score_add_up_as_printed():
    facts, seen = made(), 0
    for iso3 in facts.pool:
        *rows, total = tables(facts, iso3)["score"].rows
        if not isinstance(total.cells[-1].words, Figure):
            continue
        for heads in (True, False):
            parts = [float(r.cells[-1].words.text) for r in rows if r.heading == heads]
            assert sum(parts) == pytest.approx(facts.score[iso3], abs=0.0006 * len(parts))
        seen += 1
    assert seen > 5


def test_five_stand_around_a_country_and_nobody_around_one_that_is_not_ranked():
    facts = made(40)
    order = [c for c in facts.result.ranking.order if facts.ranked(c)]
    for iso3 in (order[0], order[1], order[len(order) // 2], order[-1]):
        names = [row.cells[0].words for row in tables(facts, iso3)["around"].rows]
        assert len(names) == 5 and names.count(facts.names[iso3]) == 1
        assert names == [facts.names[c] for c in order if facts.names[c] in names]
    assert "around" not in tables(facts, next(c for c in facts.pool if not facts.ranked(c)))


def test_a_figure_that_is_not_held_is_said_and_never_blank_or_zero():
    facts, gone = made(), 0
    for iso3 in facts.pool:
        for i, row in zip(facts.used, tables(facts, iso3)["figures"].rows, strict=True):
            value = row.cells[1].words
            assert str(value)
            if not facts.cells[iso3][i].known:
                assert str(value) == "not held" or str(value).startswith("unknown")
                gone += 1
    assert gone > 3


def test_every_candidate_stands_in_the_annex_once_those_ranked_first():
    facts = made(40)
    (table,) = annexes.sections(facts, frozenset(), ()).__next__().blocks
    names = [row.cells[0].words for row in table.rows]
    assert sorted(names) == sorted(facts.names[c] for c in facts.pool)
    ranked = [facts.names[c] for c in facts.result.ranking.order if facts.ranked(c)]
    assert names[: len(ranked)] == ranked
    for c, row in zip((*facts.result.ranking.order, ""), table.rows, strict=False):
        if facts.ranked(c):
            assert row.cells[1].words.facts["rank"] == facts.rank[c]


NUMBER = re.compile(r"[−-]?\d[\d,]*(?:\.\d+)?")


def test_every_test_of_a_rule_stands_in_its_annex_with_its_number():
    """Node by node: as many lines below a group as it has parts, and of a test with a fixed threshold that number."""
    facts = made()
    own = facts.criteria
    blocks = {b.title: b for b in clauses.rules(facts)}
    seen = 0
    for gate in (*own.gates, *own.tracks):
        (block,) = [b for title, b in blocks.items() if title.endswith(f": {gate.title}")]
        seen += _same(gate.rule, block.clause, facts)
    assert seen > 8


def _same(node, clause, facts) -> int:
    if isinstance(node, Group) and len(node.of) == 1 and node.join != "none":
        return _same(node.of[0], clause, facts)
    if isinstance(node, Group):
        assert len(clause.below) == len(node.of)
        return sum(_same(part, below, facts) for part, below in zip(node.of, clause.below, strict=True))
    if isinstance(node, Leaf) and isinstance(node.threshold, float):
        sheet = facts.sheets[node.quantity.indicator]
        if sheet.classes:
            assert sheet.class_name(node.threshold) in clause.text
        else:
            found = [float(x.replace(",", "").replace("−", "-")) for x in NUMBER.findall(clause.text)]
            assert any(abs(x - scale * node.threshold) < 1e-9 for x in found for scale in (1, 100)), (
                clause.text
            )
    return 1


def test_the_annex_of_rules_prints_every_line_of_them():
    facts = made()
    (section,) = [s for s in annexes.sections(facts, frozenset(), ()) if s.id == "criteria"]
    told = [block.title.text for block in section.blocks if isinstance(block, Outline)]
    assert told == [block.title for block in clauses.rules(facts)]
    lines = lambda item: 1 + sum(map(lines, item.below))  # noqa: E731
    for outline, block in zip(section.blocks, clauses.rules(facts), strict=True):
        assert sum(map(lines, outline.items)) == (lines(block.clause) if block.clause else 0)
