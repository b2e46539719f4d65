"""Every cell of every table on the briefing and on countries' pages is worked out again from the result (cells.py).

Those of made-up criteria are proved with their sentences, in test_prose_is_true.py. That a changed cell, a swapped column, a row moved or left out is refused is tried on samples.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import replace

import pytest
import worlds
from cells import faults, shown, wrong
from cells_country import histogram
from cells_said import Table
from proving import shipped


@pytest.mark.parametrize("name", worlds.SHIPPED)
def test_every_cell_on_shipped_criteria_is_proved(name):
    seen = shown(shipped(name))
    assert sum(len(line) for _, x in seen for line in x.lines) > 1500
    assert faults(shipped(name)) == []


# That the proofs can fail ----------------------------------------------------------------------------------


def changed(text: str, rng: random.Random) -> str:
    """The same cell with one digit or the sign of a mark changed, or a word where there was none."""
    if digits := list(re.finditer(r"\d", text)):
        at = rng.choice(digits).start()
        return text[:at] + str((int(text[at]) + rng.randint(1, 9)) % 10) + text[at + 1 :]
    swapped = {"✓ Pass": "✗ Fail", "✗ Fail": "✓ Pass", "✓ Eligible": "✗ Excluded", "▲": "▽"}
    return swapped.get(text, f"{text} more" if text else "0")


def tampered(table: Table, rng: random.Random) -> dict[str, Table]:
    """One table with a cell changed, two columns swapped, a row left out, two rows' cells swapped."""
    lines, at = list(table.lines), rng.randrange(len(table.lines))
    head = rng.choice(table.head)
    cell = [*lines[:at], {**lines[at], head: changed(lines[at][head], rng)}, *lines[at + 1 :]]
    one, two = rng.sample(table.head, 2)
    swapped = [{**line, one: line[two], two: line[one]} for line in lines]
    out = {"cell": cell, "columns": swapped, "row": lines[:at] + lines[at + 1 :]}
    if len(lines) > 1:
        i, j = rng.sample(range(len(lines)), 2)
        moved = lines.copy()
        moved[i], moved[j] = {**lines[i], head: lines[j][head]}, {**lines[j], head: lines[i][head]}
        out["moved"] = moved
    return {kind: replace(table, lines=tuple(new)) for kind, new in out.items() if new != lines}


def still_true(kind: str, old: Table, new: Table) -> bool:
    """Of what settles a gate fewer lines may do, in any order."""
    alike = sorted(map(str, old.lines)) == sorted(map(str, new.lines))
    return old.id.startswith("tests-") and (kind == "row" or alike)


@pytest.mark.parametrize("name", ["default early", "gates only", "index"])
def test_a_changed_table_is_refused(name):
    rng, tried, alive = random.Random(9), Counter(), []
    seen = [(page, x) for page, x in shown(shipped(name)) if x.lines and x.id != "amended-table"]
    for page, table in rng.sample(seen, min(60, len(seen))):
        for kind, new in tampered(table, rng).items():
            if not still_true(kind, table, new):
                tried[kind] += 1
                if not wrong(page, new):
                    alive.append((kind, page.iso3, table, new))
    assert min(tried[kind] for kind in ("cell", "columns", "row", "moved")) > 20
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
