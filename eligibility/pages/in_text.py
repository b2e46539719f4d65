"""A page in a terminal: its blocks as lines of words, drawings left out.

A table stands in columns where they have room; else a row is a line: what it is about, then what each column says, by its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import singledispatch
from itertools import zip_longest

from eligibility.pages.blocks import (
    Block,
    Boxes,
    Bullets,
    Cell,
    Column,
    Columns,
    Item,
    Names,
    Outline,
    Page,
    Pairs,
    Row,
    Section,
    Table,
    Text,
    Verdict,
    Words,
)
from eligibility.pages.said import Said
from eligibility.pages.wording import inner, plain
from eligibility.terminal import WIDTH, columns, fitted, wrapped

GAP = 2  # blanks between columns, and before them
LEAST = 20  # columns that a text needs to be read on several lines


def page(told: Page, width: int = WIDTH) -> str:
    """A whole page, without what stands behind its sheets."""
    out = [
        *wrapped(" · ".join(map(text, told.kicker)), width),
        *wrapped(text(told.title), width),
        *wrapped(text(told.lead), width),
        *lines(told.sections, width),
    ]
    return "\n".join([*out, *(["", *wrapped(text(told.last), width)] if told.last else [])]) + "\n"


def lines(sections: tuple[Section, ...], width: int = WIDTH) -> Iterator[str]:
    """Sections as lines no wider than `width`, an empty one before each that has a title and beside what stands in columns."""
    for section in sections:
        if section.title:
            yield ""
            yield from wrapped(text(section.title), width)
        gap, begun = False, not section.title
        for line in (line for block in section.blocks for line in _block(block, width)):
            if line:
                yield from [""] * (gap and begun)
                yield line
            gap, begun = not line, begun or bool(line)


def text(words: Words | tuple[Words, ...]) -> str:
    """Words without marks."""
    if isinstance(words, tuple):
        return " ".join(filter(None, map(text, words)))
    return plain(words)


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
def _(block: Names, width: int) -> Iterator[str]:
    told = (
        f"{text(cell.words)} ({text(cell.below)})" if cell.below else text(cell.words) for cell in block.names
    )
    return iter(wrapped(", ".join(told), width, "  ", "  "))


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
    yield from wrapped(f"{block.sign} {text(block.word)}. {text(block.said)}", width, "  ", "  ")
    yield from _block(block.figures, width)


@_block.register
def _(block: Columns, width: int) -> Iterator[str]:
    yield from lines((*block.left, *block.right), width)


@_block.register
def _(block: Table, width: int) -> Iterator[str]:
    ways: tuple[dict[str, bool], ...] = ({}, {"spare": False}, {"spare": False, "below": False})
    aligned = next(filter(None, (_aligned(block, width, **way) for way in ways)), [])
    yield from ["", *aligned, ""] if aligned else _labelled(block, width)


def _aligned(table: Table, width: int, spare: bool = True, below: bool = True) -> list[str]:
    """Rows in columns under their headings; nothing where they have no room, or where a cell spans several.

    spare, below   whether with the columns that can be spared, and with the smaller words of cells
    """
    if any(len(row.cells) != len(table.columns) for row in table.rows):
        return []
    grouped = any(row.heading for row in table.rows)
    rows = [[text(column.head or "") for column in table.columns]]
    for row in table.rows:
        told = [_cell(cell, column, below) for cell, column in zip(row.cells, table.columns, strict=True)]
        rows.append([" " * GAP + told[0], *told[1:]] if grouped and not row.heading else told)
    said = [k for k in range(len(table.columns)) if any(row[k].strip() for row in rows[1:])]
    kept = [k for k in said if spare or not table.columns[k].spare]
    rows, numbers = [[row[k] for k in kept] for row in rows], [table.columns[k].number for k in kept]
    wide = _widths(list(zip(*rows, strict=True)), numbers, width - GAP * len(kept))
    return [line for row in rows for line in _across(row, wide, numbers)] if wide else []


def _widths(across: list[tuple[str, ...]], numbers: list[bool], room: int) -> list[int]:
    """How wide each column is; if need be headings of numbers and the widest column of words take several lines."""
    wide = [max(map(columns, column)) for column in across]
    if sum(wide) <= room:
        return wide
    for k, (head, *cells) in enumerate(across):
        if numbers[k]:
            wide[k] = max(map(columns, (*head.split(), *cells)))
    k = max(range(len(wide)), key=lambda k: (not numbers[k], wide[k]))
    left = room - sum(wide) + wide[k]
    if left < min(LEAST, wide[k]):
        return []
    wide[k] = min(wide[k], left)
    return wide


def _across(row: list[str], wide: list[int], numbers: list[bool]) -> Iterator[str]:
    """The lines of a row, its cells beside each other."""
    indents = [cell[: len(cell) - len(cell.lstrip())] for cell in row]
    cells = [
        wrapped(cell.strip(), size, indent, indent)
        for cell, size, indent in zip(row, wide, indents, strict=True)
    ]
    for parts in zip_longest(*cells, fillvalue=""):
        put = [
            " " * (size - columns(part)) + part if number else fitted(part, size)
            for part, size, number in zip(parts, wide, numbers, strict=True)
        ]
        yield (" " * GAP + (" " * GAP).join(put)).rstrip()


def _labelled(block: Table, width: int) -> Iterator[str]:
    """Each row as a line."""
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
    said = ("; " if any(", " in one for one in told) else ", ").join(told)
    return f"{first}: {said}" if told and first else first or said


def _cell(cell: Cell, column: Column, whole: bool = True) -> str:
    """The words of a cell; a verdict after its sign, a link to elsewhere with its address."""
    words = ", ".join(map(text, cell.words)) if isinstance(cell.words, tuple) else text(cell.words)
    below = text(cell.below)
    if cell.tone:
        return f"{below} {words}".strip()
    if cell.link.startswith("https:"):
        return f"{words} <{cell.link}>"
    # the ends of a scale are for who sees the page
    beside = whole and (column.number or isinstance(cell.below, Said))
    if not (below and beside and words):
        return words
    return f"{words} {below}" if below.startswith("(") else f"{words} ({below})"
