"""Every cell of every table on briefing, country's page and audit is worked out again from the result (cells.py).

Those of made-up criteria are proved with their sentences, in test_prose_is_true.py. That a changed cell, a swapped
column, a row moved or left out is refused is tried on samples.
"""

from __future__ import annotations

import random
import re

import pytest
import worlds
from cells import faults, shown, survivors
from cells_country import histogram
from proving import shipped


@pytest.mark.parametrize("name", worlds.SHIPPED)
def test_every_cell_on_shipped_criteria_is_proved(name):
    seen = shown(shipped(name))
    assert sum(len(line) for _, x in seen for line in x.lines) > 1500
    assert faults(shipped(name)) == []


# That the proofs can fail ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["default early", "gates only", "index"])
def test_a_changed_table_is_refused(name):
    tried, alive = survivors(shipped(name), 60, seed=9)
    assert min(tried[kind] for kind in ("cell", "columns", "row", "moved")) > 15
    assert alive == []


def test_a_changed_column_of_the_histogram_is_refused():
    rng, tried = random.Random(10), 0
    for page, _ in shipped("default early"):
        found = re.search(r'<figure class="histogram">(.*?)</figure>', page.html, re.S)
        for part in re.finditer(
            r'class="(?:in|past|out)"|height="[\d.]+"/>(?=<text x="[^4])|>\d[\d.]*%?<',
            found[1] if found else "",
        ):
            if rng.random() < 0.3:
                old, at = part[0], found.start(1) + part.start()
                new = {
                    'class="in"': 'class="past"',
                    'class="past"': 'class="in"',
                    'class="out"': 'class="in"',
                }.get(old) or re.sub(r"[1-9]", lambda m: str(int(m[0]) % 9 + 1), old, count=1)
                tried += 1
                assert histogram(page, page.html[:at] + new + page.html[at + len(old) :]), (
                    page.iso3,
                    old,
                    new,
                )
    assert tried > 40
