"""The review of a register of pilots on a day: what happened, what figures say, what they cannot, what comes next.

A colour comes from events and from the country's own figures alone. What a rule, a revision, a median or a group did to
its verdict is told beside it and never colours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

from eligibility.analysis.compare.comparison import between
from eligibility.analysis.compare.sides import Side
from eligibility.analysis.compare.since import Move, Since
from eligibility.analysis.reviews import lessons, past, trajectories
from eligibility.analysis.reviews.lessons import Compared, Spread
from eligibility.analysis.reviews.trajectories import Change
from eligibility.data import sources
from eligibility.data.panel import NEWEST, Panel, Reading
from eligibility.errors import UsageError
from eligibility.method import alarms, run, teaching
from eligibility.method.result import Result
from eligibility.pilots.register import EMPTY, Pilot, Register, register
from eligibility.policy.model import Criteria

# What is counted down to, in the order of a pilot's life; the first word is the one of result and calendar.
DATES = ("review", "vehicle-review", "election", "can-end-alone", "money-secured", "ask-renewal", "ends")


@dataclass(frozen=True)
class Event:
    """What happened: `on` as precisely as its source says, from the register or a dated list; whether it sounds."""

    on: str
    kind: str
    source: str
    note: str
    of: str
    sounds: bool


@dataclass(frozen=True)
class Ahead:
    """A day to come or gone by; None where the register does not name it."""

    what: str
    day: date | None
    left: int | None


@dataclass(frozen=True)
class Unseen:
    """A release and the last year it says anything of; the day by which the next is out."""

    source: str
    series: tuple[str, ...]
    last: int
    due: date


@dataclass(frozen=True)
class Seen:
    """What the kernel says of one pilot.

    colour    red, amber, clear or open; reasons of `alarms.REASONS`
    changes   the level first, then the indicators, those held; worse: the indicators that stand clearly below the start
    classes   labels of the highest class of regime since the start and of the newest; "" where not held
    """

    colour: str
    reasons: tuple[str, ...]
    events: tuple[Event, ...]
    changes: tuple[Change, ...]
    worse: tuple[str, ...]
    classes: tuple[str, str]


@dataclass(frozen=True)
class Reviewed(Seen):
    """One pilot, with what stands beside its colour.

    start     the year it is measured from; None where it has not begun
    moved     verdict and score on its first day and now, split by cause; `unmoved` says why there is none
    """

    pilot: Pilot
    start: int | None
    moved: Move | None = None
    unmoved: str = ""
    unseen: tuple[Unseen, ...] = ()
    dates: tuple[Ahead, ...] = ()
    compared: Compared | None = None


class Running(NamedTuple):
    """What the pilots that run could show: in how many countries, beside how many others, the effect on each outcome."""

    pilots: int
    others: int
    effects: tuple[float, ...]


@dataclass(frozen=True)
class Review:
    """The review of a day. `labels` are the series' names; `rates` the counts that ship, of `rates_of`."""

    on: date
    criteria: Criteria
    register: Register
    pilots: tuple[Reviewed, ...]
    rates_of: str
    rates: tuple[past.Row, ...]
    spreads: tuple[Spread, ...]
    own: Running | None  # None where none runs
    candidates: tuple[Compared, ...]
    sources: tuple[sources.Source, ...]
    labels: dict[str, str]
    lower_is_better: frozenset[str]
    lists_to: str  # how far the list of seizures of power goes, "" where none is held
    reading: str  # which years were read, and who is behind
    figures: Panel  # what reviews look at, every release

    @property
    def revised(self) -> bool:
        """Whether a release is read that came out after the day."""
        return any(source.released > self.on for source in self.sources if not source.dated)

    def having(self, colour: str) -> list[Reviewed]:
        """The pilots of a colour that a board can still do something about."""
        return [each for each in self.pilots if each.colour == colour and each.pilot.stage != "ended"]

    @property
    def alarmed(self) -> int:
        """How many pilots are red that have not ended."""
        return len(self.having("red"))


def review(
    path: Path | None,
    on: date,
    ref: str = "peacetime-pilots",
    data: Path | None = None,
    settings: tuple[str, ...] = (),
    reading: Reading = NEWEST,
) -> Review:
    """The review of a register; without one, what the candidates of the day could teach.

    ref   the criteria the pilots were chosen by: their pool, peers, errors and kinds of body
    """
    policy, figures = run.ready(ref, settings, data, reading)
    kinds = tuple(kind.id for kind in policy.mechanisms)
    known = register(path, kinds) if path else EMPTY
    return of(policy, figures, trajectories.figures(data, reading), known, on)


def of(policy: Criteria, figures: Panel, held: Panel, known: Register, on: date) -> Review:
    """The review of pilots on figures read before."""
    plain = policy.drawing(0)
    judged = Judged(plain, figures, frozenset(p.country for p in known.pilots))
    today = judged.made[on] = _today(plain, figures, on)
    alive = sorted({p.country for p in known.pilots if p.stage != "ended"})
    seen = standings(policy, held, known.pilots, on)
    pilots = tuple(
        reviewed(pilot, at, held, on, judged, alive) for pilot, at in zip(known.pilots, seen, strict=True)
    )
    spreads = lessons.spreads(held, on, today.peers.index, alive)
    listed = [c for c in today.ranking.shortlist if c not in alive]
    found = lessons.compared(today, held, listed, (*listed, *alive))
    rates_of, rates = past.shipped()
    shown = trajectories.taken(held, on, policy.max_age)
    labels = {s: held.sheets[s].label for s in trajectories.SERIES}
    return Review(
        on, policy, known, pilots, rates_of, rates, spreads, _own(pilots, spreads), tuple(found.values()),
        shown.sources, labels, frozenset(s for s in trajectories.INDICATORS if held.sheets[s].better == "low"),
        held.dated[trajectories.SEIZED].rule.as_of if trajectories.SEIZED in held.dated else "", today.reading, held,
    )  # fmt: skip


def _today(policy: Criteria, figures: Panel, on: date) -> Result:
    """The candidates of the day; a UsageError that names the option of a review where there are none."""
    try:
        return run.judge(policy, figures, on)
    except UsageError as error:
        raise UsageError(replace(problem, where="--on") for problem in error.problems) from None


class Judged:
    """Verdicts by day, each worked out once; a message where the criteria cannot judge a day. Moves are those of `who`."""

    def __init__(self, policy: Criteria, figures: Panel, who: frozenset[str]):
        self.policy, self.figures, self.who = policy, figures, who
        self.made: dict[date, Result | str] = {}
        self.moved: dict[tuple[date, date], dict[str, Move]] = {}

    def on(self, day: date) -> Result | str:
        if day not in self.made:
            try:
                self.made[day] = run.judge(self.policy, self.figures, day)
            except UsageError as error:
                self.made[day] = error.problems[0].rule
        return self.made[day]

    def moves(self, then: date, now: date) -> dict[str, Move] | str:
        """Each of `who` -> its move between two days; a message where one cannot be judged."""
        before, after = self.on(then), self.on(now)
        if isinstance(before, str):
            return before
        if isinstance(after, str):
            return after
        if (then, now) not in self.moved:
            a, b = (Side(end.as_of.isoformat(), end, end.panel.sources) for end in (before, after))
            moves = Since(as_of=then, told=between(a, b, self.who), before=before).moves
            self.moved[then, now] = {iso3: move for iso3, move in moves.items() if iso3 in self.who}
        return self.moved[then, now]


def standings(policy: Criteria, held: Panel, pilots: tuple[Pilot, ...], on: date) -> list[Seen]:
    """Every pilot through the kernel; one that has not begun is measured from nothing and has events alone."""
    if not pilots:
        return []
    events = [tuple(_events(held, pilot, on)) for pilot in pilots]
    begun = [begun_by(pilot, on) for pilot in pilots]
    starts = [trajectories.start_of(day) if day else on.year for day in begun]
    until = [_end(pilot, on).year for pilot in pilots]
    rings = [any(event.sounds for event in own) for own in events]
    known = trajectories.known(policy, held, on, [p.country for p in pilots], starts, rings, until)
    at = known.standing
    found = alarms.reasons(at)
    colours, names = alarms.colours(at, found), held.sheets[trajectories.CLASS]
    out = []
    for k in range(len(pilots)):
        changes = tuple(c for c in known.changes[k] if c.value == c.value and c.was == c.was)
        worse = tuple(
            s for s, far, error in zip(trajectories.INDICATORS, at.short[:, k], at.short_error[:, k], strict=True)
            if far > 0 and alarms.fell(far, error, 0.0, alarms.WORSE)
        )  # fmt: skip
        top, now = known.classes[k]
        labels = (names.class_name(top), names.class_name(now)) if now == now else ("", "")
        reasons = tuple(r for r in alarms.REASONS if found[r][k])
        out.append(Seen(str(colours[k]), reasons, events[k], changes, worse, labels))
    return out


def begun_by(pilot: Pilot, on: date) -> date | None:
    """The day it began; None where it has not."""
    return pilot.begins if pilot.begins and pilot.begins <= on else None


def _end(pilot: Pilot, on: date) -> date:
    """The last day that counts: of a pilot that has ended, its end."""
    return min(pilot.ends, on) if pilot.ends and pilot.stage == "ended" else on


def _events(held: Panel, pilot: Pilot, on: date) -> Iterator[Event]:
    """What happened since a pilot began, until it ended, by register and lists; oldest first."""
    end = _end(pilot, on)
    found = [
        (e.on, Event(e.on.isoformat(), e.kind, e.source, e.note or "", "register", True))
        for e in pilot.events
        if e.on <= end and (pilot.begins is None or e.on >= pilot.begins)
    ]
    if pilot.begins:
        found += [
            (e.last, Event(e.date, e.event, e.source, e.note, "list", e.event in trajectories.SOUNDING))
            for e in trajectories.events(held, pilot.country, pilot.begins, end)
        ]
    yield from (event for _, event in sorted(found, key=lambda each: (each[0], each[1].of, each[1].kind)))


def reviewed(pilot: Pilot, at: Seen, held: Panel, on: date, judged: Judged, alive: list[str]) -> Reviewed:
    """One pilot with all that stands beside its colour."""
    moved, why, first = None, "it has not begun", None
    begun = begun_by(pilot, on)
    if begun:
        first = judged.on(begun)
        moves = judged.moves(begun, _end(pilot, on))
        moved, why = (None, moves) if isinstance(moves, str) else (moves.get(pilot.country), "")
        why = why or ("" if moved else "it is not among the candidates on either day")
    basis = first if isinstance(first, Result) else judged.on(on)
    given = {pilot.country: tuple(sorted(pilot.compare_with))}
    compared = None
    if isinstance(basis, Result):
        compared = lessons.compared(basis, held, [pilot.country], alive, given)[pilot.country]
    start = trajectories.start_of(begun) if begun else None
    unseen = _unseen(trajectories.taken(held, on, judged.policy.max_age), on)
    return Reviewed(
        **vars(at), pilot=pilot, start=start, moved=moved, unmoved=why,
        unseen=tuple(unseen), dates=tuple(_dates(pilot, on)), compared=compared,
    )  # fmt: skip


def _unseen(held: Panel, on: date) -> Iterator[Unseen]:
    """The last year that each release says anything of, and when the next is out; the oldest first."""
    found: dict[tuple[int, str, date], list[str]] = {}
    for series in (trajectories.LEVEL, *trajectories.INDICATORS):
        if series in held.held:
            sheet, years = held.sheets[series], held.history(series, on).dropna(how="all").index
            if len(years):
                last = int(years[-1])
                key = (last, held.held[series].id, sheet.known_from(last + sheet.every))
                found.setdefault(key, []).append(series)
    for (last, source, due), names in sorted(found.items()):
        yield Unseen(source, tuple(names), last, due)


def _dates(pilot: Pilot, on: date) -> Iterator[Ahead]:
    """What comes when, the days that are known first and in order; then what the register does not name."""
    named = {
        "review": pilot.review_on,
        "vehicle-review": pilot.vehicle.review_on if pilot.vehicle else None,
        "election": pilot.next_election,
        "can-end-alone": pilot.can_end_alone.from_ if pilot.can_end_alone else None,
        "money-secured": pilot.money.secured_until if pilot.money else None,
        "ask-renewal": pilot.renewal.ask_by if pilot.renewal else None,
        "ends": pilot.ends,
    }
    known = sorted((day, DATES.index(what), what) for what, day in named.items() if day)
    yield from (Ahead(what, day, (day - on).days) for day, _, what in known)
    if pilot.stage != "ended":
        yield from (Ahead(what, None, None) for what in DATES if not named[what])


def _own(pilots: tuple[Reviewed, ...], spreads: tuple[Spread, ...]) -> Running | None:
    """How many pilots run, how many countries they are compared with, and the smallest effect of each outcome."""
    mine = [each for each in pilots if each.pilot.stage == "running"]
    others = {name for each in mine if each.compared for name in each.compared.names}
    if not mine:
        return None
    k = len({each.pilot.country for each in mine})
    return Running(k, len(others), tuple(teaching.smallest(s.sd, k, len(others)) for s in spreads))
