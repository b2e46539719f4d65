"""Every sentence of every page is taken back to the result: what no proof knows fails, and so does what is not so.

The proofs are in `claims_*.py`, each beside the pattern of its sentence; `prover.py` says how they are put together.
"""

from __future__ import annotations

import random
import re
import warnings
from functools import cache

import claims_audit
import claims_briefing
import claims_changes
import claims_country
import claims_decisions
import claims_exhibits
import claims_gates
import claims_method
import claims_ranks
import claims_rules
import claims_shared
import fake_result
import prover
import pytest
import worlds
from prose import Piece, pieces
from prover import Page
from reading import WORDS
from truth import Truth

from eligibility import countries, report, run, soundness
from eligibility.pages.facts import Facts

PROOFS = (claims_audit, claims_briefing, claims_changes, claims_country, claims_decisions, claims_exhibits,
          claims_gates, claims_method, claims_ranks, claims_rules, claims_shared)  # fmt: skip
EACH = 30  # country pages proved of a shipped set; of a made-up one all are


@pytest.fixture
def invented(monkeypatch):
    """Names of the invented countries."""
    register = fake_result.register(40)
    monkeypatch.setattr(countries, "register", lambda: register)


def some_of(result: run.Result, most: int) -> tuple[str, ...]:
    """Countries of every kind: by status, by what fails, by how firm, ranked or not, then any."""
    p, gate = result.firmness.p_eligible, result.screening.gate
    kinds: dict[tuple, str] = {}
    for c in result.screening.status.index:
        close = "none" if p[c] != p[c] else int(10 * p[c])
        kinds.setdefault((result.screening.status[c], close, *gate.loc[c]), c)
    rest = [c for c in result.screening.status.index if c not in kinds.values()]
    return tuple(sorted([*kinds.values(), *rest][:most]))


def rendered(result: run.Result, most: int) -> list[tuple[Page, list[Piece]]]:
    """Every text of every page of a result, some of the countries only where there are many."""
    shown = some_of(result, most)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        files, truth = report.content(result, shown), Truth(result, soundness.quick(result))
    out = []
    for path, data in files.items():
        if path.endswith(".html"):
            kind, iso3 = ("country", path[10:13]) if path.startswith("countries/") else (path[:-5], "")
            out.append((Page(kind, truth, iso3), [p for p in pieces(data.decode()) if not p.cell or p.row == ""]))
    return out


@cache
def shipped(name: str) -> list[tuple[Page, list[Piece]]]:
    return rendered(worlds.SHIPPED[name](), EACH)


def faults(pages) -> list[str]:
    return [told for page, texts in pages for piece in texts if not piece.cell and (told := prover.fault(page, piece))]


@pytest.mark.parametrize("name", worlds.SHIPPED)
def test_every_sentence_on_shipped_criteria_is_proved(name):
    pages = shipped(name)
    assert {page.kind for page, _ in pages} == set(prover.KINDS)
    assert sum(len(texts) for _, texts in pages) > 1000
    assert faults(pages) == []


@pytest.mark.parametrize("name", worlds.MADE)
def test_every_sentence_on_made_up_criteria_is_proved(name, invented):
    assert faults(rendered(worlds.MADE[name](), 40)) == []
