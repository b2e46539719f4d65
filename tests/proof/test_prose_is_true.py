"""Every sentence of the audit is taken back to the result: what no proof knows fails, and so does what is not so.

The proofs are in `claims_*.py`, each beside the pattern of its sentence; `prover.py` says how they are put together.
"""

from __future__ import annotations

import cells
import prover
import pytest
import worlds
from prose import pieces
from prover import Page
from proving import faults, rendered, shipped, survivors
from truth import Truth

from eligibility.analysis import soundness
from eligibility.method import run
from eligibility.pages.facts import Facts
from eligibility.present import report


@pytest.mark.parametrize("name", worlds.SHIPPED)
def test_every_sentence_on_shipped_criteria_is_proved(name):
    pages = shipped(name)
    assert {page.kind for page, _ in pages} == set(prover.KINDS)
    assert sum(len(texts) for _, texts in pages) > 20
    assert faults(pages) == []


@pytest.mark.parametrize("name", worlds.MADE)
def test_every_sentence_and_cell_on_made_up_criteria_is_proved(name, invented):
    pages = rendered(worlds.MADE[name]())
    assert faults(pages) == []
    assert cells.faults(pages) == []


def test_every_sentence_of_the_audit_with_other_weights_and_readings_is_proved():
    result = run.run(as_of=worlds.EARLY, draws=worlds.DRAWS)
    sound = soundness.full(result, "peacetime-pilots")
    html = report.audit(
        Facts.of(result),
        sound,
        report.reproduce(result, "eligibility audit peacetime-pilots --as-of 2016-07-01 --page audit.html"),
    )
    page = Page("audit", Truth(result, sound))
    texts = pieces(html.decode())
    assert {"edge", "readings"} <= {p.section for p in texts}
    assert faults([(page, texts)]) == []
    tried, alive = survivors([(page, [p for p in texts if p.section in ("edge", "readings")])], 60, seed=6)
    assert tried["number"] > 40
    assert alive == []
    assert cells.faults([(page, texts)]) == []
    assert {"turns-table", "right-table", "choices-table"} <= {x.id for _, x in cells.shown([(page, texts)])}
    tried, alive = cells.survivors([(page, texts)] * 3, 60, seed=6)
    assert min(tried[kind] for kind in ("cell", "columns", "row", "moved")) > 15
    assert alive == []


@pytest.mark.parametrize("name", ["default early", "index", "gates only"])
def test_a_changed_sentence_is_refused(name):
    tried, alive = survivors(shipped(name), 150, seed=5)
    assert tried["number"] >= 25
    assert alive == []
