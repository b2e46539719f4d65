"""What pages say against a last round that somebody named is taken back to that round, as test_prose_is_true.py does.

The rounds are in `last_rounds.py`, the proofs in `claims_last.py`, `claims_since.py` and `claims_travel.py`.
"""

from __future__ import annotations

import random
from functools import cache

import last_rounds
import pytest
from claims_last import amendments, unamended
from prose import Piece
from prover import Page
from proving import faults, rendered, survivors

FEW = 2  # country pages proved of a world
Pages = list[tuple[Page, list[Piece]]]


def told(pages: Pages) -> Pages:
    """What speaks of the last round; the rest of a page does not know of it."""
    return [(page, [p for p in texts if _speaks(p)]) for page, texts in pages]


def _speaks(piece: Piece) -> bool:
    ends = piece.section in ("moved", "reproduce")
    return ends or "ast round" in piece.text or "Compared with" in piece.text


def wrong(pages: Pages) -> list[str]:
    (board,) = [page for page, _ in pages if page.kind == "briefing"]
    return faults(told(pages)) + unamended(board)


@cache
def real(name: str) -> Pages:
    result, last = last_rounds.REAL[name]()
    return rendered(result, FEW, last)


@pytest.mark.parametrize("name", last_rounds.REAL)
def test_what_moved_since_a_named_round_is_proved_on_shipped_criteria(name):
    assert wrong(real(name)) == []


@pytest.mark.parametrize("name", last_rounds.MADE)
def test_what_moved_since_a_named_round_is_proved_on_made_up_criteria(name, invented):
    result, last = last_rounds.MADE[name]()
    assert wrong(rendered(result, FEW, last)) == []


def test_where_no_round_is_wanted_no_page_speaks_of_one():
    texts = [piece.text for _, pieces in real("none") for piece in pieces if piece.section != "reproduce"]
    assert len(texts) > 1000
    assert not [x for x in texts if "last round" in x.lower() or "What moved" in x or "Compared with" in x]


@pytest.mark.parametrize("name", ["other criteria", "sealed run of other criteria", "an index"])
def test_a_changed_sentence_on_the_last_round_is_refused(name):
    tried, alive = survivors(told(real(name)), 60, seed=7)
    assert tried["number"] > 15
    assert alive == []


def test_a_changed_row_of_what_differs_in_the_criteria_is_refused():
    (board,) = [page for page, _ in real("other criteria") if page.kind == "briefing"]
    rows, rng = amendments(board).copy(), random.Random(8)
    assert len(rows) > 5
    try:
        for at in rng.sample(range(len(rows)), 2):
            part, was, now = rows[at]
            for row in ((part, now, was), (part, was, now + " more"), ("Score", was, now), None):
                board.truth.amended = rows[:at] + ([row] if row else []) + rows[at + 1 :]
                assert unamended(board), row
    finally:
        board.truth.amended = rows
