"""The reviews of a past body made again, as a page: year by year, what happened, beside whom, with figures as known then or as held now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from eligibility.analysis.reviews import trajectories
from eligibility.analysis.reviews.replay import Again, Replay
from eligibility.data import lists
from eligibility.pages.blocks import Block, Bullets, Cell, Page, Pair, Pairs, Row, Section, Table, Text
from eligibility.pages.dated_lists import when
from eligibility.pages.phrases import PHRASES
from eligibility.pages.review_backing import columns, name, rule, series
from eligibility.pages.reviewing import CALLED, MARKS, compared, happened, not_own, reasons, times, worse
from eligibility.pages.said import Said, derived, located, placed, say, tell
from eligibility.pages.turns import host
from eligibility.pages.wording import dated, inner, plain


def page(told: Replay) -> Page:
    """The page of a past body."""
    told, body, own = _placed(told), told.body, told.criteria
    where = {"name": plain(body.short), "host": name(body.iso3)}
    return Page(
        title=title(told),
        kicker=(
            say("replay.kicker"),
            say("name", name=plain(body.name)),
            say("replay.kicker.again"),
            *(dated(plain(each)).removesuffix(".") for each in told.reading),
        ),
        running=say("replay.running", **where),
        lead=tuple(_lead(told)),
        sections=tuple(_sections(told)),
        last=(say("replay.last", id=plain(own.id), version=plain(own.version)),),
    )


def _at(told: Replay) -> str:
    """What `explain` takes for a body: in quotes, as a shell does."""
    return f'"{told.body.short} {told.body.iso3}"'


def _placed(told: Replay) -> Replay:
    """The reviews with a path for every number, that of their JSON."""
    at = _at(told)
    made = tuple(
        replace(one, each=placed(one.each, f"{at} reviews[{i}]", CALLED))
        for i, one in enumerate(told.reviews)
    )
    whole, beside = placed(told.whole, f"{at} last", CALLED), placed(told.beside, f"{at} beside", {})
    return replace(told, reviews=made, whole=whole, beside=beside)


def title(told: Replay) -> Said:
    """The finding as a sentence: when the first alarm came, and how long before the end."""
    where = {"name": plain(told.body.short), "host": name(told.body.iso3)}
    if told.sounded:
        if told.before_end is None:
            return say("replay.title.red.running", **where, day=told.sounded)
        return say(
            "replay.title.red", **where, years=located(told.before_end, f"{_at(told)} years_before_end")
        )
    amber = told.first("amber")
    return say("replay.title.amber", **where, day=amber.on) if amber else say("replay.title.clear", **where)


def _lead(told: Replay) -> Iterator[Said]:
    """How it ended, what sounded first, whether figures did, and which releases were read."""
    end, by_figures = told.whole.pilot.ends, told.figures_red
    yield say("replay.ended", end=_end(told)) if end else say("replay.running.now")
    if told.sounded and not (by_figures and by_figures.on == told.sounded):
        red = told.first("red")
        assert red is not None  # as it sounded
        event = next(e for e in red.each.events if e.sounds and lists.span(e.on)[1] == told.sounded)
        yield say("replay.by.event", kind=happened(event), day=when(event.on))
    elif by_figures:
        yield say("replay.by.figures", day=by_figures.on)
    if by_figures and by_figures.on != told.sounded:
        yield say("replay.figures.later", day=by_figures.on)
    if not by_figures:
        yield say("replay.figures.none")
        if end and told.after:
            years = located(told.after_end, f"{_at(told)} years_after_end")
            yield say("replay.after", day=told.after, years=years)
        elif end and told.until > end:
            yield say("replay.after.none", day=told.until)
    late = located(told.read_later, f"{_at(told)} reviews_of_later_figures")
    every = located(len(told.reviews), f"{_at(told)} reviews_made")
    yield say("replay.now", n=late, of=every) if late else say("replay.now.none")
    yield say("replay.one")


def _end(told: Replay) -> Said:
    """How it ended, as every page says it."""
    return say(f"past.{told.body.outcome}", when=when(told.body.ended))


def _sections(told: Replay) -> Iterator[Section]:
    beside, *_ = not_own(told.criteria, told.whole)
    notes = Bullets((*_read(told), _status(told), *_verdict(told), beside))
    yield Section("years", say("replay.years"), (_years(told), notes))
    events = tuple(_events(told))
    shown: Block = Pairs(events, "days") if events else Text((say("replay.events.none"),))
    yield Section("events", say("replay.events"), (shown,))
    yield Section("beside", say("replay.beside"), tuple(_beside(told)))
    yield Section("agreed", say("replay.agreed"), (Pairs(tuple(_agreed(told)), "days"),))


def _years(told: Replay) -> Table:
    """A row a review."""
    heads = ("day", "colour", "best", "newest", "errors", "read")
    across = columns(*((say(f"replay.head.{head}"), head in ("best", "newest", "errors")) for head in heads))
    rows = tuple(Row(tuple(_row(one))) for one in told.reviews)
    return Table("years", say("replay.years"), across, rows, say("replay.caption"))


def _row(one: Again) -> Iterator[Cell]:
    sign, tone = MARKS[one.each.colour]
    level = next((c for c in one.each.changes if c.series == trajectories.LEVEL), None)
    yield Cell(say("replay.day", day=one.on))
    colour, reasons = say(f"review.{one.each.colour}"), tuple(_reasons(one))
    said = say("replay.colour", colour=colour, reasons=reasons) if reasons else colour
    yield Cell(said, below=sign, tone=tone)
    if level is None:
        yield from (Cell(say("replay.none")),) * 3
    else:
        yield Cell(say("review.cell", x=level.was, year=str(level.then)))
        yield Cell(say("review.cell", x=level.value, year=str(level.now)))
        yield Cell(say("review.errors", times=times(level)))
    held = (
        "mixed" if one.then and one.later else "known" if one.then else "held" if one.later else "read.none"
    )
    yield Cell(say(f"replay.{held}"))


def _reasons(one: Again) -> Iterator[Said]:
    for reason in reasons(one.each):
        many = {"n": worse(one.each), "of": len(trajectories.INDICATORS)} if reason == "several" else {}
        yield say(f"replay.reason.{reason}", **many)


def _read(told: Replay) -> Iterator[Said]:
    """The releases that stand in for those of their time, and those of their time."""
    for phrase, parts in (
        ("replay.releases", [one.later for one in told.reviews]),
        ("replay.releases.then", [one.then for one in told.reviews]),
    ):
        if ids := sorted({source.id for part in parts for source in part}):
            yield say(phrase, ids=tuple(ids))


def _status(told: Replay) -> Said:
    """The verdict on the host, each time with the review from which it was so."""
    runs: list[tuple[str, date]] = []
    for one in told.reviews:
        if not runs or runs[-1][0] != one.status:
            runs.append((one.status, one.on))
    parts = (
        tell(f"replay.status.{'one' if word else 'none'}", word=word and inner(PHRASES[f"status.{word}"]), day=day)
        for word, day in runs
    )  # fmt: skip
    return say("replay.status", told=tuple(parts))


def _verdict(told: Replay) -> Iterator[Said]:
    """The releases of their own time that the verdict on the host read, and at which reviews."""
    days: dict[str, list[Said]] = {}
    for one in told.reviews:
        for source in one.verdict:
            days.setdefault(source.id, []).append(say("replay.day", day=one.on))
    parts = tuple(say("replay.verdict.one", id=id_, days=tuple(on)) for id_, on in sorted(days.items()))
    yield say("replay.verdict", told=parts) if parts else say("replay.verdict.none")


def _events(told: Replay) -> Iterator[Pair]:
    for event in told.whole.events:
        facts = {"kind": happened(event), "source": host(event.source), "note": plain(event.note)}
        what = tell(f"replay.event.{'what' if event.note else 'plain'}", **facts)
        yield Pair(say("event.at", day=when(event.on)), what)


def _agreed(told: Replay) -> Iterator[Pair]:
    body = told.body
    yield Pair(say("replay.first"), say("rule.text", text=when(body.agreed or body.began)))
    for key, text in (("consent", body.consent), ("why", body.why), ("source", body.source)):
        if key == "why" and body.ended:
            yield Pair(say("replay.end"), say("rule.text", text=_end(told)))
        if text:
            yield Pair(say(f"replay.{key}"), say("rule.text", text=plain(text)))


def _beside(told: Replay) -> Iterator[Block]:
    """Whom it was to be compared with on its first day, and what became of them."""
    found, said = told.whole.compared, [compared(told.whole)]
    if found and found.group:
        said.append(say("replay.group", group=plain(found.group), day=found.day))
    yield Text(tuple(said))
    if not told.beside:
        return
    heads = ("figure", "host", "others", "gap", "least")
    across = columns(*((say(f"replay.beside.head.{head}"), head != "figure") for head in heads))
    first = told.beside[0]
    then, now = map(str, first.years)
    caption = say("replay.beside.caption", then=then, now=now, n=first.n)
    yield Table("beside-others", say("replay.beside"), across, tuple(_rows(told)), caption)
    seen = tuple(series(told, one.series) for one in told.beside if abs(one.gap) >= one.least)
    yield Text((say("replay.beside.seen", names=seen) if seen else say("replay.beside.blind"),))
    yield Text(rule(told), note=True)


def _rows(told: Replay) -> Iterator[Row]:
    for one in told.beside:
        yield Row((
            Cell(say("label", text=series(told, one.series))),
            Cell(say("replay.beside.pair", was=one.host[0], now=one.host[1])),
            Cell(say("replay.beside.pair", was=one.others[0], now=one.others[1])),
            Cell(say("replay.beside.gap", x=derived(one.gap, one.least, "gap"))),
            Cell(say("replay.beside.least", x=one.least)),
        ))  # fmt: skip
