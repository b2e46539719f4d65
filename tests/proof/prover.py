"""Proves what a page says: each sentence is known, and each number and claim in it is worked out again from the Result.

A claim is a pattern with named groups and a check, which takes every group back to frames of the Result. A text is
proved when it is, from its first sign to its last, one claim after another, each true. What no pattern knows is
"unproven", so no sentence can be added to a page without a proof; what a check refuses is "untrue". Nothing here calls
the code that makes the sentences: it reads words and digits, and compares what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from prose import Piece, pieces
from truth import Truth

KINDS = ("audit",)


@dataclass(frozen=True)
class Page:
    """Which page a text stands on; `html` is all of it, where a drawing is proved too."""

    kind: str
    truth: Truth
    iso3: str = ""
    html: str = field(default="", repr=False)


@dataclass(frozen=True)
class Claim:
    """A kind of sentence: where it may stand, how it reads, and what makes it true (None: it claims nothing)."""

    kinds: tuple[str, ...]
    sections: tuple[str, ...]
    pattern: re.Pattern
    check: Callable | None
    tags: tuple[str, ...] = ()

    def fits(self, kind: str, piece: Piece) -> bool:
        return (
            kind in self.kinds
            and (not self.sections or piece.section in self.sections)
            and (not self.tags or piece.tag in self.tags)
        )


@dataclass
class Register:
    """Every claim, and how often each was proved."""

    claims: list[Claim] = field(default_factory=list)
    proved: dict[str, int] = field(default_factory=dict)


REGISTER = Register()


def _tuple(value: str | Iterable[str]) -> tuple[str, ...]:
    return tuple(value.split()) if isinstance(value, str) else tuple(value)


def claim(kinds: str, sections: str, *patterns: str, tags: str = ""):
    """Registers a check for sentences of these patterns; it is called as check(page, **groups) and asserts.

    sections   ids of headings apart by spaces, "" for everywhere, "-" for outside of every section
    """

    def register(check: Callable) -> Callable:
        where = tuple("" if s == "-" else s for s in _tuple(sections))
        for pattern in patterns:
            REGISTER.claims.append(Claim(_tuple(kinds), where, re.compile(pattern), check, _tuple(tags)))
        return check

    return register


def fixed(kinds: str, sections: str, *texts: str, tags: str = "") -> None:
    """Registers sentences that are always the same and say nothing of any figure."""
    where = tuple("" if s == "-" else s for s in _tuple(sections))
    for text in texts:
        assert not re.search(r"\d", text), f"a fixed sentence with a number: {text}"
        REGISTER.claims.append(Claim(_tuple(kinds), where, re.compile(re.escape(text)), None, _tuple(tags)))


@lru_cache(maxsize=4096)
def _possible(kind: str, section: str, tag: str) -> tuple[Claim, ...]:
    piece = Piece("", tag, section, "")
    return tuple(c for c in REGISTER.claims if c.fits(kind, piece))


def fault(page: Page, piece: Piece) -> str:
    """Why a text is not proved; "" where it is."""
    claims, text, refused = _possible(page.kind, piece.section, piece.tag), piece.text, []

    def ends(at: int) -> bool:
        return at == len(text) or text[at] == " "

    def proved(at: int) -> bool:
        if at >= len(text):
            return True
        for quote in page.truth.quotes(text[at : at + 4]):
            if text.startswith(quote, at) and ends(at + len(quote)) and proved(at + len(quote) + 1):
                return True
        for one in claims:
            for found in _readings(one.pattern, text, at):
                if not ends(found.end()):
                    continue
                if not _holds(one, page, piece, found):
                    refused.append(found[0])
                elif proved(found.end() + 1):
                    key = one.pattern.pattern
                    REGISTER.proved[key] = REGISTER.proved.get(key, 0) + 1
                    return True
        return False

    if proved(0):
        return ""
    kind = f"untrue ({refused[-1]!r})" if refused else "unproven sentence"
    where = f"{page.kind} {page.iso3} #{piece.section} <{piece.tag}>"
    return f"{kind}: {where}: {text}"


def _readings(pattern: re.Pattern, text: str, at: int) -> Iterable[re.Match]:
    found = pattern.match(text, at)
    if found:
        yield found
    whole = pattern.fullmatch(text, at)
    if whole and (not found or whole.end() != found.end()):
        yield whole


def _holds(one: Claim, page: Page, piece: Piece, found: re.Match) -> bool:
    if one.check is None:
        return True
    try:
        groups = found.groupdict()
        if "piece" in one.check.__code__.co_varnames[: one.check.__code__.co_argcount]:
            groups["piece"] = piece
        one.check(page, **groups)
    except (AssertionError, KeyError, ValueError, IndexError, TypeError, StopIteration, AttributeError):
        return False
    return True


def faults(page: Page, html: str) -> list[str]:
    """Every text of a page that is not proved; cells of tables aside."""
    return [told for piece in pieces(html) if not piece.cell and (told := fault(page, piece))]
