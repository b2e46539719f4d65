"""What moved since the last round: who came in and who went out, what decided it, and with what this round is compared.

Every name and number comes from the comparison (compare/since.py). The last round is judged on published values
alone, so no rank and no chance of it is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from eligibility.analysis.compare.causes import Turn
from eligibility.analysis.compare.comparison import End
from eligibility.analysis.compare.since import Move
from eligibility.analysis.compare.steps import STEPS
from eligibility.data import countries
from eligibility.pages import amended
from eligibility.pages.blocks import Cell, Column, Row, Section, Table, Text
from eligibility.pages.facts import Facts
from eligibility.pages.said import Said, say, tell
from eligibility.pages.views import Entry
from eligibility.pages.wording import alphabetical, missing, plain
from eligibility.policy.words import OUTSIDE

MOST = 40  # countries in the table
# another verdict of which is told, whoever comes in or goes out
TOLD = {"eligible", "conditional", "qualified", "on-hold"}


def compared(facts: Facts) -> Said:
    """What the last round is: "the same criteria on 31 March 2024"."""
    since = facts.last
    what = say("since.criteria.same")
    if since.told is not None and not since.same:
        own, theirs = since.told.b.criteria, since.told.a.criteria
        called = dict(id=plain(theirs["id"]), version=plain(theirs["version"]))
        kind = "other"
        if since.settings and since.settings != facts.criteria.settings:
            kind = "set"
        elif (own["id"], own["version"]) == (theirs["id"], theirs["version"]):
            kind = "file" if own["sha256"] != theirs["sha256"] else "unset"
        what = say(f"since.criteria.{kind}", **called)
    pins = (say("since.pins", ids=tuple(map(plain, since.pins))),) if since.pins else ()
    run = (say("since.run", run=since.run),) if since.run else ()
    if since.as_of == facts.result.as_of:
        return say("since.day", what=what, more=(*pins, *run))
    return say("since.date", what=what, day=since.as_of, more=(*pins, *run))


def proof(facts: Facts) -> tuple[Entry, ...]:
    """The line at the foot of a page that says what it compares with."""
    since = facts.since
    if since is None or since.told is None:
        return ()
    theirs = since.told.a.criteria
    told = f"{say('label', text=compared(facts)).text}: {plain(theirs['id'])} {plain(theirs['version'])}, sha256 {plain(theirs['sha256'])}"
    return (Entry("Compared with", f"{told}; its figures by checksum are in manifest.json"),)


def section(facts: Facts, links: frozenset[str]) -> Section | None:
    """What moved, for the board; None where nothing is compared. `links` are the countries with a card."""
    since = facts.since
    if since is None or since.as_of is None:
        return None
    if since.told is None:
        unjudged = say("since.unjudged", what=compared(facts), why=plain(since.why))
        return Section("since", say("since.title.none"), (Text((unjudged,)),))
    table = _table(facts, links)
    blocks = (Text(tuple(_lead(facts))), *((table,) if table else ()))
    return Section("since", _title(facts), (*blocks, *amended.blocks(facts)))


def _title(facts: Facts) -> Said:
    """How many came onto the list and left it, how many qualify anew and no longer."""
    since = facts.last
    listed = dict(n=len(since.entered), gone=len(since.left))
    admitted = dict(came=len(since.newly), lost=len(since.no_longer))
    if not since.comparable:
        return say("since.title.list", **listed)
    word = "ranked" if facts.criteria.index else "qualify"
    if since.comparison.a.listed or since.comparison.b.listed:
        return say(f"since.title.{word}", **listed, **admitted)
    return say(f"since.title.{word}.plain", **admitted)


def _lead(facts: Facts) -> Iterator[Said]:
    """What this round is held against, and what a reader must know before believing the causes."""
    since = facts.last
    yield say("since.compared", what=compared(facts))
    sealed = since.comparison.causes is None
    plainly = "since.values" if _chances(facts) else "since.values.index"
    yield tell("since.sealed" if sealed else plainly, why=plain(since.why))
    if not since.comparable:
        yield say("since.index.now" if facts.criteria.index else "since.index.then")
    if since.comparison.one_vintage:
        yield say("since.revised")
    if since.comparison.lent:
        held = (facts.sheets[i].label if i in facts.sheets else i for i in since.comparison.lent)
        yield say("since.lent", names=tuple(map(plain, held)))
    if not facts.error_known:
        yield say("since.exact")


def _chances(facts: Facts) -> bool:
    """Whether a verdict of now has a chance."""
    return facts.error_known and not facts.criteria.index


def _table(facts: Facts, links: frozenset[str]) -> Table | None:
    """Who moved: the verdict then and now, what decided it, and the chance of the verdict now."""
    since = facts.last
    by_name = lambda c: alphabetical(called(c))  # noqa: E731
    groups = (since.entered, since.left, since.newly, since.no_longer, _otherwise(facts))
    order = tuple(dict.fromkeys(c for group in groups for c in sorted(group, key=by_name)))
    if not order:
        return None
    caused = since.comparison.causes is not None
    heads = ("country", "then", "now", *["decided"] * caused, *["chance"] * _chances(facts))
    said = {h: say(f"head.{h}") for h in heads}
    columns = tuple(Column(said[h], h == "chance", said[h] if h != "country" else None) for h in heads)
    rows = []
    for c in order[:MOST]:
        move = since.moves[c]
        cells = [
            Cell(called(c), link=f"countries/{c}.html" if c in links else ""),
            *(Cell(_listed(end, c)) for end in (since.comparison.a, since.comparison.b)),
        ]
        by = by_hold(move.status) or decided(move.admitted or move.listed) or _turned(facts, move)
        cells += [Cell(by)] if caused else []
        if _chances(facts):
            p = facts.p_eligible.get(c)
            cells.append(Cell("" if missing(p) else say("chance.number", p=p)))
        rows.append(Row(tuple(cells)))
    if len(order) > MOST:
        rows.append(Row((Cell(say("since.more", n=len(order) - MOST), span=len(heads)),)))
    return Table("since", say("since.label"), columns, tuple(rows), kind="list")


def _otherwise(facts: Facts) -> list[str]:
    """Who has another verdict, met every requirement or was on hold at an end, and neither came in nor went out."""
    moves = facts.last.moves if facts.last.comparable else {}
    return [c for c, move in moves.items() if len({*move.status}) > 1 and {*move.status} & TOLD]


def _turned(facts: Facts, move: Move) -> Said | str:
    """What turned a verdict of who was in, or is, at both ends or at none: by its requirements, else its kinds."""
    gates = {gate.id for gate in facts.criteria.gates}
    return decided(settled([t for t in move.turned if t.gate in gates] or move.turned))


def settled(turns: Iterable[Turn]) -> tuple[str, ...]:
    """The causes that settle some of these verdicts."""
    return tuple(step for step in STEPS if any(step in turn.by for turn in turns))


def by_hold(status: tuple[str, str]) -> Said | None:
    """That an event or the end of a hold moved who met every requirement before and after; None where figures did."""
    if not {*status} <= TOLD or (status[0] == "on-hold") == (status[1] == "on-hold"):
        return None
    return say("cause.hold.came" if status[1] == "on-hold" else "cause.hold.ended")


def decided(by: tuple[str, ...]) -> Said | str:
    """The cause that decides in every order, or those that do together; "" for none."""
    causes = tuple(say(f"since.step.{step}") for step in by)
    return say("since.step.together", causes=causes) if len(by) > 1 else causes[0] if by else ""


def _listed(end: End, iso3: str) -> Said:
    """A verdict, with whether it was on the list."""
    said = state(end, iso3)
    return say("since.listed", word=said) if iso3 in end.listed else said


def state(end: End, iso3: str) -> Said:
    """A verdict; of an index, which lets nobody qualify, that it ranks a country."""
    status = end.status.get(iso3, OUTSIDE)
    word = "ranked" if end.index and status == "eligible" else "outside" if status == OUTSIDE else status
    return say(f"status.{word}")


def called(iso3: str) -> str:
    """The name of a country; of a sealed run its code, where the register does not have it."""
    register = countries.register()
    return plain(register.name(iso3) if iso3 in register else iso3)
