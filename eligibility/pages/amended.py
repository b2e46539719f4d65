"""How the criteria differ from those of the last round: line by line, in the words of the annex of rules."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from eligibility.pages import clauses
from eligibility.pages.blocks import Block, Cell, Column, Row, Table, Text
from eligibility.pages.clauses import RuleBlock
from eligibility.pages.facts import Facts
from eligibility.pages.reasons import Clause
from eligibility.pages.said import Said, say
from eligibility.pages.wording import plain

Line = tuple[str, str, str]  # part of the criteria, what it said, what it says


def blocks(facts: Facts) -> tuple[Block, ...]:
    """How the criteria differ, in a sentence and a table; nothing where no round is compared."""
    if facts.since is None or facts.since.told is None:
        return ()
    found = lines(facts)
    said = Text((sentence(facts, len(found)),))
    heads = tuple(say(f"head.{h}") for h in ("part", "then", "is"))
    columns = tuple(Column(head, label=head if k else None) for k, head in enumerate(heads))
    rows = tuple(Row(tuple(Cell(say("name", name=text)) for text in line)) for line in found)
    return (said, Table("amended", say("since.amended"), columns, rows, kind="list")) if found else (said,)


def lines(facts: Facts) -> tuple[Line, ...]:
    """Every line of the criteria that is another, was added or is gone, in the order of the file.

    Each round's rules are told as they stood on its own date, so a limit set by date is among them.
    """
    since = facts.since
    if since is None or since.before is None:
        return ()
    sheets = {**since.before.panel.sheets, **facts.sheets}
    was, now = (
        {block.title: block for block in clauses.rules_of(r.criteria, sheets, r.as_of)}
        for r in (since.before, facts.result)
    )
    return tuple(
        row
        for title in dict.fromkeys([*now, *was])
        for row in _differing(title, was.get(title), now.get(title))
    )


def sentence(facts: Facts, n: int) -> Said:
    """How the criteria differ, by how many lines."""
    since = facts.last
    if since.same:
        return say("amended.dated", n=n) if n else say("amended.same")
    theirs = since.comparison.a.criteria
    given = dict(id=plain(theirs["id"]), version=plain(theirs["version"]))
    if since.before is None:
        return say("amended.lost", **given)
    return say("amended.lines", **given, n=n) if n else say("amended.none", **given)


def _differing(part: str, was: RuleBlock | None, now: RuleBlock | None) -> Iterator[Line]:
    """The lines in which one part differs, those that took another's place beside it."""
    old, new = list(_lines(was)), list(_lines(now))
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            for k in range(max(b - a, d - c)):
                yield part, old[a + k] if a + k < b else "", new[c + k] if c + k < d else ""


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
