"""How the criteria differ from those of the last round: line by line, in the words of annex B."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from eligibility.pages import annexes
from eligibility.pages.board_views import Amendment, RuleBlock
from eligibility.pages.facts import Facts
from eligibility.pages.reasons import Clause
from eligibility.pages.wording import counted, plain


def rows(facts: Facts) -> tuple[Amendment, ...]:
    """Every line of the criteria that is another, was added or is gone, in the order of the file.

    Each round's rules are told as they stood on its own date, so a limit set by date is among them.
    """
    since = facts.since
    if since is None or since.before is None:
        return ()
    sheets = {**since.before.panel.sheets, **facts.sheets}
    was, now = (
        {block.title: block for block in annexes.rules_of(r.criteria, sheets, r.as_of)}
        for r in (since.before, facts.result)
    )
    return tuple(
        row
        for title in dict.fromkeys([*now, *was])
        for row in _differing(title, was.get(title), now.get(title))
    )


def sentence(facts: Facts, found: tuple[Amendment, ...]) -> str:
    """How the criteria differ, in a sentence; "" where nothing is compared."""
    since = facts.since
    if since is None or since.told is None:
        return ""
    lines = counted(len(found), "line")
    if since.same:
        if not found:
            return "The criteria are those of the last round."
        return f"The criteria are those of the last round. By date they set other limits now, in {lines}:"
    theirs = since.told.a.criteria
    other = f"The criteria are not those of the last round (“{plain(theirs['id'])}” version {plain(theirs['version'])})"
    if since.before is None:
        return f"{other}, which cannot be read again here."
    if not found:
        return f"{other}, but nothing printed below differs."
    return f"{other}. They differ in {lines}:"


def _differing(part: str, was: RuleBlock | None, now: RuleBlock | None) -> Iterator[Amendment]:
    """The lines in which one part differs, those that took another's place beside it."""
    old, new = list(_lines(was)), list(_lines(now))
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            for k in range(max(b - a, d - c)):
                yield Amendment(
                    part, *(x[i + k] if i + k < end else "" for x, i, end in ((old, a, b), (new, c, d)))
                )


def _lines(block: RuleBlock | None) -> Iterator[str]:
    """What a part of the criteria says, a line each: its note, then its rule from the top down."""
    if block is not None:
        if block.note:
            yield block.note
        yield from _said(block.clause) if block.clause else ()


def _said(clause: Clause) -> Iterator[str]:
    yield clause.text
    for below in clause.below:
        yield from _said(below)
