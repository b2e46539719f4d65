"""A page in a terminal: its blocks as lines of words, drawings left out.

A row of a table is a line: what it is about, then what its columns say, each under the name of its column.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import singledispatch

from eligibility.pages.blocks import (
    Block,
    Boxes,
    Bullets,
    Cell,
    Column,
    Columns,
    Item,
    Outline,
    Pairs,
    Row,
    Section,
    Table,
    Text,
    Verdict,
    Words,
)
from eligibility.pages.said import Said
from eligibility.pages.wording import inner
from eligibility.terminal import WIDTH, wrapped


def lines(sections: tuple[Section, ...], width: int = WIDTH) -> Iterator[str]:
    """Sections as lines no wider than `width`, an empty one before each that has a title."""
    for section in sections:
        if section.title:
            yield ""
            yield from wrapped(text(section.title), width)
        for block in section.blocks:
            yield from _block(block, width)


def text(words: Words | tuple[Words, ...]) -> str:
    """Words without marks."""
    if isinstance(words, tuple):
        return " ".join(filter(None, map(text, words)))
    return words.plain if isinstance(words, Said) else str(words)


@singledispatch
def _block(block: Block, width: int) -> Iterator[str]:
    """Nothing, of a block that is only seen."""
    return iter(())


@_block.register
def _(block: Text, width: int) -> Iterator[str]:
    return iter(wrapped(text(block.said), width, "  ", "  "))


@_block.register
def _(block: Bullets, width: int) -> Iterator[str]:
    for said in block.items:
        yield from wrapped(text(said), width, "  - ", "    ")


@_block.register
def _(block: Outline, width: int) -> Iterator[str]:
    yield from wrapped(text(block.title), width, "  ", "  ")
    yield from _items(block.items, width, "  ")


def _items(items: tuple[Item, ...], width: int, indent: str) -> Iterator[str]:
    for item in items:
        yield from wrapped(text(item.said), width, f"{indent}- ", f"{indent}  ")
        yield from _items(item.below, width, f"{indent}  ")


@_block.register
def _(block: Boxes, width: int) -> Iterator[str]:
    for box in block.boxes:
        yield from wrapped(text((box.large, box.said)), width, "  ", "  ")


@_block.register
def _(block: Pairs, width: int) -> Iterator[str]:
    for pair in block.pairs:
        yield from wrapped(f"{text(pair.label)}: {text(pair.words)}", width, "  ", "    ")


@_block.register
def _(block: Verdict, width: int) -> Iterator[str]:
    yield from wrapped(text(block.word).upper(), width)
    yield from wrapped(text(block.said), width)
    yield from _block(block.figures, width)


@_block.register
def _(block: Columns, width: int) -> Iterator[str]:
    yield from lines((*block.left, *block.right), width)


@_block.register
def _(block: Table, width: int) -> Iterator[str]:
    for row in block.rows:
        indent = "  " if row.heading or not any(r.heading for r in block.rows) else "    "
        yield from wrapped(_row(block, row), width, indent, indent + "  ")


def _row(table: Table, row: Row) -> str:
    """What a row is about, then each other cell under the name of its column."""
    at, told = 0, []
    first = ""
    for k, cell in enumerate(row.cells):
        said = _cell(cell, table.columns[at])
        if (k == table.head and not row.heading) or (row.heading and k == 0):
            first = said
        elif said:
            label = table.columns[at].label
            told.append(
                f"{inner(text(label))} {said}" if label and cell.span == 1 and not cell.tone else said
            )
        at += cell.span
    return f"{first}: {', '.join(told)}" if told and first else first or ", ".join(told)


def _cell(cell: Cell, column: Column) -> str:
    """The words of a cell; a verdict after its sign, a link to elsewhere with its address."""
    words, below = text(cell.words), text(cell.below)
    if cell.tone:
        return f"{below} {words}".strip()
    if cell.link.startswith("https:"):
        return f"{words} <{cell.link}>"
    beside = column.number or isinstance(cell.below, Said)  # the ends of a scale are for who sees the page
    return f"{words} ({below.strip('()')})" if below and beside and words else words
