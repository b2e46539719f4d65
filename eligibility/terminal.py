"""What a terminal, a file or a pipe can show: words for signs it has not, and the columns a sign takes.

Streams that are not UTF-8 (a Western code page, ASCII) lack ✓, ✗ and ≥; a "?" for each would make a pass of a fail.
"""

from __future__ import annotations

import codecs
import re
import sys
import textwrap
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from encodings import ascii as _ascii

WIDTH = 80  # columns of a terminal
STAND_INS = {
    "✓": "[yes]", "✗": "[no]", "◐": "[partly]", "≥": ">=", "≤": "<=", "≠": "not", "≈": "~", "−": "-", "–": "-", "—": "-",
    "→": "->", "←": "<-", "↑": "up", "↓": "down", "…": "...", "·": "-", "•": "-", "×": "x", "±": "+/-", "÷": "/",
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": ",", "′": "'", "″": '"', "√": "sqrt",
    "°": " degrees", "§": "section ", "€": "EUR", "£": "GBP", "½": "1/2", "¼": "1/4", "¾": "3/4", "²": "2", "³": "3",
    "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ł": "l", "Ł": "L",
    "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i", "©": "(c)", "\u00a0": " ", "\u202f": " ", "\u2011": "-",
}  # fmt: skip
_ERRORS, _PLAIN = "eligibility-stand-ins", "eligibility-ascii"


def stand_in(sign: str) -> str:
    """ASCII that says what a sign says; "?" where nothing does.

    >>> "".join(map(stand_in, "≥ô✓"))
    '>=o[yes]'
    """
    if sign in STAND_INS:
        return STAND_INS[sign]
    return unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode() or "?"


def _handle(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(stand_in, error.object[error.start : error.end])), error.end


def _plain(name: str) -> codecs.CodecInfo | None:
    """ASCII under a name of its own: click takes a stream of that name for a misconfigured one, and writes UTF-8 to it."""
    if name.replace("_", "-") != _PLAIN:
        return None
    own = _ascii.getregentry()
    return codecs.CodecInfo(
        own.encode, own.decode, own.streamreader, own.streamwriter, own.incrementalencoder, own.incrementaldecoder, _PLAIN
    )  # fmt: skip


@contextmanager
def speaking() -> Iterator[None]:
    """Standard output and error, each saying what it cannot write in words it can.

    A stream that is no file (a notebook's, a test runner's) is left alone; a closed one is as if there were none.
    """
    codecs.register_error(_ERRORS, _handle)
    codecs.register(_plain)
    before = sys.stdout, sys.stderr
    for name, stream in zip(("stdout", "stderr"), before, strict=True):
        if getattr(stream, "closed", False):
            setattr(sys, name, None)
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=_ERRORS)
            if codecs.lookup(stream.encoding).name == "ascii":
                stream.reconfigure(encoding=_PLAIN, errors=_ERRORS)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def columns(text: str) -> int:
    """How many columns of a terminal a text takes: two for an East Asian sign, none for one that goes on another.

    >>> columns("Tunisia"), columns("日本"), columns("e\\u0301")
    (7, 4, 1)
    """
    return sum(map(_columns, text))


def _columns(sign: str) -> int:
    if sign < "\u0300":
        return 1
    if unicodedata.combining(sign) or unicodedata.category(sign) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def fitted(text: str, width: int) -> str:
    """The text cut or filled to so many columns.

    >>> fitted("日本国", 5), fitted("ab", 4)
    ('日本 ', 'ab  ')
    """
    while columns(text) > width:
        text = text[:-1]
    return text + " " * (width - columns(text))


def wrapped(text: str, width: int = WIDTH, first: str = "", rest: str = "") -> list[str]:
    """A paragraph in lines of so many columns. A word stays in one piece; between East Asian signs a line may end.

    >>> wrapped("ab 日本国", 6)
    ['ab 日', '本国']
    """
    if columns(text) == len(text):
        return textwrap.wrap(
            text,
            width,
            initial_indent=first,
            subsequent_indent=rest,
            break_on_hyphens=False,
            break_long_words=False,
        )
    lines, line, empty = [], first, True
    for gap, piece in _pieces(text):
        if not empty and columns(line) + len(gap) + columns(piece) > width:
            lines.append(line)
            line, empty = rest, True
        line += piece if empty else gap + piece
        empty = False
    return [*lines, line] if not empty else lines


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """What a line may end before, each with the space that stands before it."""
    for gap, word in re.findall(r"([ \t\n\v\f\r]*)([^ \t\n\v\f\r]+)", text):
        start = 0
        for at in range(1, len(word) + 1):
            if at == len(word) or (_columns(word[at]) and 2 in (_columns(word[at]), _columns(word[at - 1]))):
                yield (" " * len(gap) if not start else ""), word[start:at]
                start = at
