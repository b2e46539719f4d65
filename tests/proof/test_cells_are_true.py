"""Every cell of every table of the audit is worked out again from the result (cells.py).

Those of made-up criteria are proved with their sentences, in test_prose_is_true.py. That a changed cell, a swapped
column, a row moved or left out is refused is tried on samples.
"""

from __future__ import annotations

import pytest
import worlds
from cells import faults, shown, survivors
from proving import shipped


@pytest.mark.parametrize("name", worlds.SHIPPED)
def test_every_cell_on_shipped_criteria_is_proved(name):
    seen = shown(shipped(name))
    least = {"nobody can be judged": 48, "gates only": 150, "index": 200}.get(name, 400)
    assert sum(len(line) for _, x in seen for line in x.lines) >= least
    assert faults(shipped(name)) == []


# That the proofs can fail ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["default early", "gates only", "index"])
def test_a_changed_table_is_refused(name):
    tried, alive = survivors(shipped(name) * 9, 60, seed=9)
    kinds = ("cell", "columns", "row") if name == "gates only" else ("cell", "columns", "row", "moved")
    assert (
        min(tried[kind] for kind in kinds) > 15
    )  # without a score no table of the audit has rows to change about
    assert alive == []
