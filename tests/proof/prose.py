"""What a page says, taken out of its HTML: every piece of text with the place in which it stands.

A piece is the text of one element without that of the blocks inside it: a paragraph, a line of a list, a heading, the
finding beside a heading, a small line, a cell of a table, what a drawing says to who cannot see it.
"""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

BLOCKS = {
    "h1", "h2", "h3", "h4", "p", "li", "dt", "dd", "caption", "figcaption", "summary", "th", "td", "small",
    "title", "desc", "text", "button", "label",
}  # fmt: skip
VOID = {"meta", "br", "hr", "input", "col", "img", "link", "wbr"}
SILENT = {"style", "script"}
CELLS = {"th", "td"}
ROWED = {*CELLS, "dd", "small", "text", "title"}


@dataclass(frozen=True)
class Piece:
    """One text and where it stands.

    tag        of its element; "finding" for the line beside a heading, "label" for a name only read aloud
    section    id of the heading of the section it stands in; "" outside of all
    within     id of the nearest thing around it which has one: a gate, a table; else of the heading over it
    row, column   of a cell and what stands in it: the header of its row, its place in the row; of a value its label
    """

    text: str
    tag: str
    section: str
    within: str
    row: str = ""
    column: int = 0

    @property
    def cell(self) -> bool:
        return self.tag in CELLS


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self.open: list[dict] = []  # every open element: tag, key, section, within, parts of its text
        self.row, self.column, self.under = "", 0, ""

    def handle_starttag(self, tag: str, attrs: list) -> None:
        given = dict(attrs)
        up = self.open[-1] if self.open else {"section": "", "within": ""}
        key = "finding" if "finding" in (given.get("class") or "").split() else tag if tag in BLOCKS else ""
        section, within = given.get("aria-labelledby", "") if tag == "section" else "", given.get("id", "")
        if tag == "h3":
            self.under = given.get("id", "")
        if tag == "tr":
            self.row, self.column = "", 0
        if label := given.get("aria-label"):
            self.pieces.append(Piece(label, "label", up["section"], up["within"]))
        if tag in VOID:
            return
        self.open.append(
            {
                "tag": tag, "key": key, "section": section or up["section"], "parts": [],
                "within": within if within and tag in ("article", "div", "section", "figure", "title") else up["within"],
            }
        )  # fmt: skip

    def handle_startendtag(self, tag: str, attrs: list) -> None:
        pass  # shapes, which say nothing

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1]["tag"] != tag:
            return
        done = self.open.pop()
        text = " ".join("".join(done["parts"]).split())
        if done["key"] and text:
            if done["key"] == "dt":
                self.row = text
            self.pieces.append(
                Piece(
                    text,
                    done["key"],
                    done["section"],
                    done["within"] or self.under,
                    self.row if done["key"] in ROWED else "",
                    self.column,
                )
            )
            if done["key"] == "th" and not self.row:
                self.row = text
        if done["tag"] in CELLS:
            self.column += 1
        if done["tag"] in ("table", "dl"):
            self.row = ""

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1]["tag"] in SILENT:
            return
        for element in reversed(self.open):
            if element["key"]:
                element["parts"].append(data)
                return
        self.open[-1]["parts"].append(data)


def pieces(html: str) -> list[Piece]:
    """Every text of a page in its order.

    >>> [p.text for p in pieces('<section aria-labelledby="a"><h2>Gates<span class="finding">All pass</span></h2></section>')]
    ['All pass', 'Gates']
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.pieces
