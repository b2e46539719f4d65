"""A page as blocks of sentences, tables and drawings: what is said, in which order, and nothing of how it looks.

    Page ── Section ── Text | Bullets | Outline | Names | Table | Boxes | Pairs | Verdict | Drawings, two Columns side by side

Every word a reader sees is a `Said`, a `Figure` or a name; `sentences` walks them all, for whoever proves a page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass

from eligibility.pages.said import Figure, Said

Words = Said | Figure | str


@dataclass(frozen=True)
class Text:
    """A paragraph of sentences; a note is printed smaller."""

    said: tuple[Said, ...]
    note: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list, numbered or not."""

    items: tuple[Said, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Item:
    """A line with those below it."""

    said: Said
    below: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Outline:
    """A list in a list, under a heading with its notes: a rule in words."""

    title: Said
    notes: tuple[Said, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Cell:
    """One cell of a table: words, then smaller words below; or a drawing in its place."""

    words: Words | tuple[Words, ...] = ""
    below: Words = ""
    link: str = ""
    drawing: object = None
    tone: str = ""  # good | partly | bad | open, for a verdict; never by colour alone
    span: int = 1
    id: str = ""  # where links to it lead
    at: str = ""  # the path of what it says as a whole, where its numbers have none of their own
    shade: str = ""  # of a matrix: 0 to 4, or "neg"


@dataclass(frozen=True)
class Names:
    """Names in columns, each with its page and a few words after it."""

    names: tuple[Cell, ...]


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, whether it holds numbers, the label of its cells where there is no room."""

    head: Said | None
    number: bool = False
    label: Said | None = None
    kind: str = ""  # how wide, a word of the style sheet
    spare: bool = False  # left out of a terminal where it would take the others their room


@dataclass(frozen=True)
class Row:
    """A row; a heading row names the group of those after it."""

    cells: tuple[Cell, ...]
    heading: bool = False


@dataclass(frozen=True)
class Sign:
    """A sign of a drawing, by its name in the templates, and what it stands for."""

    name: str
    said: Said


@dataclass(frozen=True)
class Table:
    """A table with its caption; `head` is which cell of a row names it."""

    id: str
    label: Said
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: Said | None = None
    head: int = 0
    kind: str = ""
    key: tuple[Sign, ...] = ()  # of its drawings, below it


@dataclass(frozen=True)
class Box:
    """A large figure with what it says."""

    large: Said
    said: Said


@dataclass(frozen=True)
class Boxes:
    """Large figures side by side."""

    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Pair:
    """A label and what stands behind it."""

    label: Words
    words: Words


@dataclass(frozen=True)
class Pairs:
    """Labels and what stands behind them: dates, or the figures of a verdict."""

    pairs: tuple[Pair, ...]
    kind: str = ""


@dataclass(frozen=True)
class Verdict:
    """The answer in a box: sign and word, the sentence, the figures."""

    sign: str
    word: Said
    said: tuple[Said, ...]
    tone: str
    figures: Pairs


@dataclass(frozen=True)
class Drawing:
    """A chart: the name of its drawing in the templates, its values, the words for who cannot see it."""

    name: str
    values: object
    alt: Said
    title: Said | None = None
    note: Said | None = None


@dataclass(frozen=True)
class Drawings:
    """Charts side by side, with their key."""

    drawings: tuple[Drawing, ...]
    key: str = ""  # the name of the key in the templates
    facts: dict = field(default_factory=dict)  # what the key names


@dataclass(frozen=True)
class Columns:
    """Two columns of sections."""

    left: tuple[Section, ...]
    right: tuple[Section, ...]


Block = Text | Bullets | Outline | Names | Table | Boxes | Pairs | Verdict | Drawing | Drawings | Columns


@dataclass(frozen=True)
class Section:
    """A heading and its blocks; without a heading what stands before the first."""

    id: str
    title: Said | None
    blocks: tuple[Block, ...]
    new_page: bool = False


@dataclass(frozen=True)
class Page:
    """A page: line over the title, title, what follows it at once, sections, the last line."""

    title: Said
    kicker: tuple[Words, ...]
    running: Said  # at the foot of each sheet of paper
    lead: tuple[Said, ...]
    sections: tuple[Section, ...]
    last: tuple[Said, ...] = ()
    more: tuple[Section, ...] = ()  # behind the sheets: annexes of a briefing, folded details of a card


def sentences(block: object) -> Iterator[Said]:
    """Every sentence of a page or block, in the order of reading, those within others after them."""
    if isinstance(block, Said):
        yield from block.within()
    elif isinstance(block, tuple):
        for part in block:
            yield from sentences(part)
    elif is_dataclass(block):
        for each in fields(block):
            if each.name not in ("values", "drawing"):
                yield from sentences(getattr(block, each.name))
        if isinstance(block, Cell) and isinstance(block.drawing, Drawing):
            yield from sentences(block.drawing)
