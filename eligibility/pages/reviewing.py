"""The review of pilots as a page: what alarms, what does not, what no figure says yet, and how far an alarm can be trusted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from eligibility.analysis.compare.causes import cause as cause_of
from eligibility.analysis.reviews import trajectories
from eligibility.analysis.reviews.trajectories import Change
from eligibility.analysis.reviews.whole import Ahead, Event, Review, Reviewed, Unseen
from eligibility.method import alarms
from eligibility.pages.blocks import (
    Block,
    Bullets,
    Cell,
    Page,
    Pair,
    Pairs,
    Row,
    Section,
    Table,
    Text,
    Verdict,
)
from eligibility.pages.dated_lists import when
from eligibility.pages.dossier import called, collected
from eligibility.pages.phrases import PHRASES
from eligibility.pages.review_backing import columns, name, rates, series, taught
from eligibility.pages.said import Said, derived, located, placed, say, tell, unsigned
from eligibility.pages.wording import dated, inner, plain
from eligibility.policy.model import Criteria

MARKS = {"red": ("▲", "bad"), "amber": ("●", "partly"), "clear": ("✓", "good"), "open": ("?", "open")}
NOT_OWN = ("rule", "revision", "peers", "pool", "together")
SIGNS = 12  # of a checksum
CALLED = {  # in the JSON of a review, where a field has another name
    "pilot": "", "start": "measured_from", "then": "from", "now": "to", "value": "is", "error": "error_of_change",
    "left": "days", "moved": "not_its_doing", "parts": "score_gained", "unseen": "not_seen", "sd": "sd_of_five_years",
    "n": "changes", "smallest": "smallest_effect",
}  # fmt: skip


def page(review: Review) -> Page:
    """The page of a review."""
    review, own = _placed(review), review.criteria
    return Page(
        title=title(review),
        kicker=(
            say("review.kicker"),
            say("name", name=plain(own.title)),
            say("kicker.figures", day=review.on),
            dated(plain(review.reading)),
        ),
        running=say("review.running", title=plain(own.id), day=review.on),
        lead=(say("review.lead"), say("review.define"), *([say("review.revised")] if review.revised else [])),
        sections=tuple(_sections(review)),
        last=(_last(review),),
    )


def _placed(review: Review) -> Review:
    """The review with a path for every number, as `explain review` takes it: that of its JSON."""
    parts = {
        "pilots": "pilots",
        "rates": "base_rates.rows",
        "spreads": "teach.outcomes",
        "own": "teach.running",
    }
    made = {k: placed(getattr(review, k), f"review {at}", CALLED) for k, at in parts.items()}
    return replace(review, **made)


def title(review: Review) -> Said:
    """The finding as a sentence with a verb."""
    if not review.pilots:
        return say("review.title.none")
    red, amber = (_named(review, colour) for colour in ("red", "amber"))
    if red:
        return say("review.title.red", names=red, n=located(review.alarmed, "review alarmed"))
    return say("review.title.amber", names=amber) if amber else say("review.title.clear")


def _named(review: Review, colour: str) -> tuple[str, ...]:
    """The countries whose pilots have a colour, each once, in the order of the register."""
    return tuple(dict.fromkeys(name(each.pilot.country) for each in review.having(colour)))


def _sections(review: Review) -> Iterator[Section]:
    if review.pilots:
        yield Section("glance", say("review.glance"), (_glance(review), Text(_limits(), note=True)))
    for each in review.pilots:
        yield _pilot(review, each)
    yield rates(review.rates_of, review.rates)
    yield taught(review)


def _limits() -> tuple[Said, ...]:
    """What makes a pilot red or amber."""
    drop = {"drop": alarms.DROP, "amber": alarms.AMBER}
    return (
        say("review.limit.red", fall=alarms.FALL, red=alarms.RED, **drop),
        say("review.limit.amber", **drop, many=alarms.MANY, worse=alarms.WORSE),
    )


def _glance(review: Review) -> Table:
    """A row a pilot."""
    heads = ("pilot", "colour", "why", "next")
    rows = []
    for each in review.pilots:
        sign, tone = MARKS[each.colour]
        rows.append(
            Row((
                Cell(say("review.glance.name", name=name(each.pilot.country), kind=called(review.criteria, each.pilot))),
                Cell(say(f"review.{each.colour}"), below=sign, tone=tone),
                Cell(tuple(_why(each))),
                Cell(_next(each)),
            ))
        )  # fmt: skip
    across = columns(*((say(f"review.glance.{head}"), False) for head in heads))
    return Table("glance", say("review.glance"), across, tuple(rows))


def reasons(each: Reviewed) -> tuple[str, ...]:
    """The reasons that are told, the heaviest first; a plain drop says nothing beside a fall of the same level."""
    return tuple(r for r in each.reasons if r != "drop" or "fall" not in each.reasons)


def _state(each: Reviewed) -> str:
    return "unbegun" if each.start is None else each.colour


def _why(each: Reviewed) -> Iterator[Said]:
    """The reasons of a colour in a few words."""
    told = reasons(each)
    for reason in told:
        if reason == "event":
            first = _sounding(each)
            yield say("review.why.event", kind=happened(first), day=when(first.on))
        elif reason == "several":
            yield say("review.why.several", n=worse(each), of=len(trajectories.INDICATORS))
        else:
            yield say(f"review.why.{reason}")
    if not told:
        yield say(f"review.why.{_state(each)}")


def worse(each: Reviewed) -> float:
    """How many indicators stand clearly below the start."""
    return derived(len(each.worse), each.start or 0, "indicators_worse")


def happened(event: Event) -> Said:
    return say(f"review.kind.{event.kind}")


def _sounding(each: Reviewed) -> Event:
    return next(event for event in each.events if event.sounds)


def _next(each: Reviewed) -> Said:
    """The next day to come."""
    coming = [ahead for ahead in each.dates if ahead.day and ahead.left is not None and ahead.left >= 0]
    if each.pilot.stage == "ended" and each.pilot.ends:
        return say("review.glance.ended", day=each.pilot.ends)
    if not coming:
        return say("review.glance.noday")
    return say("review.glance.day", what=say(f"review.date.{coming[0].what}"), day=coming[0].day)


def _pilot(review: Review, each: Reviewed) -> Section:
    """One pilot: the answer, its figures, what is not its doing, what is not seen, whom it is compared with."""
    sign, tone = MARKS[each.colour]
    answer = Verdict(sign, say("label", text=say(f"review.{each.colour}")), (_body(review, each), *_answers(each)), tone,
                     Pairs(tuple(_date(ahead) for ahead in each.dates if ahead.day), "figures"))  # fmt: skip
    blocks: list[Block] = [answer, Text((_events(each),))]
    if each.changes:
        blocks.append(_figures(review, each))
    blocks.append(Bullets(tuple(_beside(review, each))))
    heading = say("review.pilot", name=name(each.pilot.country), colour=say(f"review.{each.colour}"))
    return Section(each.pilot.id, heading, tuple(blocks))


def _body(review: Review, each: Reviewed) -> Said:
    pilot, facts = (
        each.pilot,
        {"kind": called(review.criteria, each.pilot), "stage": say(f"pilot.stage.{each.pilot.stage}")},
    )
    begins, ends = (day and say("head.day", day=day) for day in (pilot.begins, pilot.ends))
    phrase = "review.body" if begins and ends else "review.body.begins" if begins else "review.body.plain"
    return tell(phrase, **facts, begins=begins, ends=ends)


def _answers(each: Reviewed) -> Iterator[Said]:
    """Every reason in full; of what rests on the level also how many margins of error it is."""
    level = next((c for c in each.changes if c.series == trajectories.LEVEL), None)
    for reason in reasons(each):
        if reason == "event":
            event = _sounding(each)
            yield say("review.answer.event", kind=happened(event), day=when(event.on))
        elif reason == "class":
            yield say("review.answer.class", top=each.classes[0], class_=each.classes[1])
        elif reason == "several":
            n, of = worse(each), len(trajectories.INDICATORS)
            yield say("review.answer.several", n=n, of=of, times=alarms.WORSE)
        else:
            assert level is not None  # as it fell
            then, now = str(level.then), str(level.now)
            yield say("review.answer.fall", was=level.was, then=then, value=level.value, now=now)
            yield say("review.answer.errors", times=times(level))
    if not each.reasons:
        yield say(f"review.answer.{_state(each)}")


def times(change: Change) -> float:
    """How many margins of error a change is; nought where it is the same estimate."""
    return derived(change.errors, change.value, "errors")


def _events(each: Reviewed) -> Said:
    if not each.events:
        return say("review.events.none")
    told = tuple(
        say(
            "review.event" if e.sounds else "review.event.quiet",
            kind=happened(e),
            day=when(e.on),
            of=say(f"review.of.{e.of}"),
        )
        for e in each.events
    )
    return say("review.events", events=told)


def _figures(review: Review, each: Reviewed) -> Table:
    """A row a figure: at the start, now, margins of error, and which way."""
    rows = []
    for change in each.changes:
        result, tone = _result(review, each, change)
        rows.append(
            Row((
                Cell(say("label", text=series(review, change.series))),
                Cell(say("review.cell", x=change.was, year=str(change.then))),
                Cell(say("review.cell", x=change.value, year=str(change.now))),
                Cell(say("review.errors", times=times(change))),
                Cell(say(f"review.{result}"), below=tone[0], tone=tone[1]),
            ))
        )  # fmt: skip
    heads = (("figure", False), ("was", True), ("value", True), ("errors", True), ("result", False))
    across = columns(*((say(f"review.head.{head}"), number) for head, number in heads))
    label = say("review.table", name=name(each.pilot.country))
    return Table(f"figures-{each.pilot.id}", label, across, tuple(rows), say("review.table.caption"))


def _result(review: Review, each: Reviewed, change: Change) -> tuple[str, tuple[str, str]]:
    """Which way a figure went, and its mark; better is told by the same number of errors as worse."""
    far = change.value - change.was
    if change.error == 0:
        return "same", ("–", "open")
    mine = "drop" in each.reasons if change.series == trajectories.LEVEL else change.series in each.worse
    if mine:
        return "worse", ("▼", "bad")
    good = far < 0 if change.series in review.lower_is_better else far > 0
    if good and times(change) >= alarms.WORSE:
        return "better", ("▲", "good")
    return "within", ("–", "open")


def _beside(review: Review, each: Reviewed) -> Iterator[Said]:
    """What never colours."""
    yield from not_own(review.criteria, each)
    if each.pilot.stage != "ended":
        told = tuple(_unseen(review, one) for one in each.unseen)
        yield say("review.unseen", told=told) if told else say("review.unseen.none")
        if review.lists_to:
            yield say("review.unseen.list", day=when(review.lists_to))
    if gone := tuple(say(f"review.date.{ahead.what}") for ahead in each.dates if not ahead.day):
        yield say("review.missing", days=gone)
    yield compared(each)
    own = tuple(say("review.outcome", what=plain(x.what), value=collected(x)) for x in each.pilot.outcomes)
    yield say("review.outcomes", told=own) if own else say("review.outcomes.none")


def compared(each: Reviewed) -> Said:
    """Whom it is compared with, fixed on its first day."""
    found = each.compared
    if found is None or not found.names:
        return say("review.compare.none")
    by = say("review.by.register") if found.given else say("review.by.rule", day=found.day)
    return say("review.compare", names=tuple(map(name, found.names)), by=by, sha=found.sha256[:SIGNS])


def not_own(own: Criteria, each: Reviewed) -> Iterator[Said]:
    """What a rule, a revision, peers or the group did, and what became of the verdict."""
    if each.moved is None:
        yield say("review.other.not", why=plain(each.unmoved))
        return
    titles = {rule.id: rule.title for rule in (*own.gates, *own.tracks)}
    moved, told = each.moved, []
    for step in NOT_OWN:
        cause = say(f"review.part.{step}")
        if round(x := moved.parts.get(step, 0.0), 3):
            told.append(say("review.part.score", cause=cause, x=x))
        told += [
            say(
                "review.part.turn",
                cause=cause,
                rule=plain(titles.get(turn.gate, turn.gate)),
                was=_word(turn.was),
                now=_word(turn.now),
            )
            for turn in moved.turned
            if cause_of(turn.by) == step
        ]
    yield say("review.other", told=tuple(told)) if told else say("review.other.none")
    was, now = (status(word) for word in moved.status)
    yield tell(f"review.own{'.same' if was == now else ''}", then=each.pilot.begins, was=was, now=now)


def _word(word: str) -> str:
    """A verdict of one requirement in words."""
    return {"pass": "met", "conditional": "met on condition", "fail": "missed", "unknown": "not held"}.get(
        word, word or "not asked"
    )


def status(word: str) -> str:
    """A status inside a sentence."""
    told = PHRASES.get(f"status.{word}")
    return f"“{inner(told)}”" if told else "“not a candidate”"


def _unseen(review: Review, one: Unseen) -> Said:
    """Which figures end when, and when the next are due."""
    phrase = "review.unseen.late" if one.due <= review.on else "review.unseen.one"
    told = tuple(series(review, each) for each in one.series)
    return say(phrase, names=told, last=str(one.last), year=str(one.last + 1), due=one.due)


def _date(ahead: Ahead) -> Pair:
    """A day with how far off it is."""
    label = say(f"review.date.{ahead.what}")
    assert ahead.day is not None  # those that are not in the register are told in a sentence
    if not ahead.left:
        return Pair(label, say("review.today", day=ahead.day))
    phrase = "review.in" if ahead.left > 0 else "review.ago"
    return Pair(label, say(phrase, day=ahead.day, n=unsigned(ahead.left)))


def _last(review: Review) -> Said:
    own = review.criteria
    facts = {
        "id": plain(own.id),
        "version": plain(own.version),
        "sources": tuple(s.id for s in review.sources),
    }
    sha = review.register.sha256[:SIGNS]
    return tell("review.last" if sha else "review.last.none", **facts, sha=sha)
