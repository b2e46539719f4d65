"""Proves the tables of briefing, country's page and audit, cell by cell under its heading and in its row.

A table is proved against lines worked out again from the Result: heading -> what the cell under it must say. Lines stand
in their order, so that a row left out, added or moved is refused as well as a changed cell or two columns swapped.
"""

from __future__ import annotations

import cells_audit
import cells_briefing
import cells_country
from cells_said import Line, Table, holds, tables
from prose import Piece
from prover import Page

ELSEWHERE = {"amended-table"}  # claims_last.unamended


def shown(pages: list[tuple[Page, list[Piece]]]) -> list[tuple[Page, Table]]:
    """The tables of some pages."""
    return [(page, x) for page, texts in pages for x in tables(texts)]


def faults(pages: list[tuple[Page, list[Piece]]]) -> list[str]:
    """Every cell and column that is not proved."""
    drawn = [fault for page, _ in pages for fault in cells_country.histogram(page, page.html)]
    return [fault for page, x in shown(pages) for fault in wrong(page, x)] + drawn


def _lines(page: Page, shown: Table) -> list[Line] | None:
    for key, make in {**cells_briefing.TABLES, **cells_country.TABLES, **cells_audit.TABLES}.items():
        if shown.id == key or (key.endswith("-") and shown.id.startswith(key)):
            return make(page, shown)
    return None


def wrong(page: Page, shown: Table) -> list[str]:
    """What is wrong with a table: the cells that do not say what is so, lines too many or too few."""
    where = f"{page.kind} {page.iso3} {shown.id}"
    if shown.id in ELSEWHERE:
        return []
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
