"""Proves the tables of the audit, cell by cell under its heading and in its row.

A table is proved against lines worked out again from the Result: heading -> what the cell under it must say. Lines stand
in their order, so that a row left out, added or moved is refused as well as a changed cell or two columns swapped.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import replace

import cells_audit
from cells_said import Line, Table, holds, tables
from prose import Piece
from prover import Page


def shown(pages: list[tuple[Page, list[Piece]]]) -> list[tuple[Page, Table]]:
    """The tables of some pages."""
    return [(page, x) for page, texts in pages for x in tables(texts)]


def faults(pages: list[tuple[Page, list[Piece]]]) -> list[str]:
    """Every cell and column that is not proved."""
    return [fault for page, x in shown(pages) for fault in wrong(page, x)]


def _lines(page: Page, shown: Table) -> list[Line] | None:
    for key, make in cells_audit.TABLES.items():
        if shown.id == key or (key.endswith("-") and shown.id.startswith(key)):
            return make(page, shown)
    return None


def wrong(page: Page, shown: Table) -> list[str]:
    """What is wrong with a table: the cells that do not say what is so, lines too many or too few."""
    where = f"{page.kind} {page.iso3} {shown.id}"
    try:
        lines = _lines(page, shown)
    except (AssertionError, KeyError, IndexError) as fault:
        return [f"{where}: {fault!r}"]
    if lines is None:
        return [f"{where}: a table without a proof"]
    out = (
        [f"{where}: {len(shown.lines)} lines, {len(lines)} expected"]
        if len(shown.lines) != len(lines)
        else []
    )
    for text, says in zip(shown.lines, lines, strict=False):
        for head, told in text.items():
            if head not in says or not holds(says[head], told):
                out.append(f"{where}: {head}: {told!r} in {text}")
    return out


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
    """Findings of one kind stand in any order."""
    alike = sorted(map(str, old.lines)) == sorted(map(str, new.lines))
    return alike and old.id == "findings-table"


def survivors(pages: list[tuple[Page, list[Piece]]], most: int, seed: int) -> tuple[Counter, list]:
    """How many changed tables were tried by kind of change, and those that were not refused."""
    rng, tried, alive = random.Random(seed), Counter(), []
    seen = [(page, x) for page, x in shown(pages) if x.lines]
    for page, table in rng.sample(seen, min(most, len(seen))):
        for kind, new in tampered(table, rng).items():
            if not still_true(kind, table, new):
                tried[kind] += 1
                if not wrong(page, new):
                    alive.append((kind, page.kind, page.iso3, table, new))
    return tried, alive
