"""The dossier of one pilot of the register: each line of the document held against it, its dates counted down, what happened.

page     the sheet
lines    a row a line: what the document asks, what the register says, met, open or against
marked   that a country is in the register, for whatever else speaks of it
review   for a country that qualifies on condition: how long until its review, or that no day is set
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from eligibility.data import countries
from eligibility.pages import sourcing
from eligibility.pages.blocks import Cell, Column, Page, Pair, Pairs, Row, Section, Table, Text
from eligibility.pages.facts import Facts
from eligibility.pages.said import Count, Said, located, placed, say, tell
from eligibility.pages.turns import host
from eligibility.pages.wording import plain
from eligibility.pilots.lines import ASKED, Held, held
from eligibility.pilots.register import NOBODY, Pilot, Result
from eligibility.policy.model import Criteria

SIGNS = {"met": ("✓", "good"), "open": ("?", "open"), "against": ("✗", "bad")}


def page(facts: Facts, pilot: Pilot, run: str) -> Page:
    """The dossier; `run` is the run's id."""
    pilot = placed(pilot, f"run pilots.{pilot.id}", {})
    own, day = facts.criteria, facts.result.as_of
    where = plain(countries.register().name(pilot.country))
    return Page(
        title=_title(pilot, where),
        kicker=(say("pilot.kicker"), called(own, pilot), say(f"pilot.stage.{pilot.stage}"), *sourcing.read(facts)),
        running=say("running.card", name=where, title=plain(own.id), day=day),
        lead=(),
        sections=tuple(_sections(facts, pilot)),
        last=(say("pilot.file", sha=facts.result.pilots.sha256), say("last.run", id=plain(own.id), version=plain(own.version), run=run)),
    )  # fmt: skip


def _title(pilot: Pilot, where: str) -> Said:
    """What stands against the document without a reason; else how much of it is open."""
    every = held(pilot)
    if wanting := tuple(say(f"pilot.line.{line.line}") for line in every if line.wanting):
        return say("pilot.title.wanting", name=where, lines=wanting)
    if open_ := sum(line.answer == "open" for line in every):
        at, whole = f"run pilots.{pilot.id}.conditions", open_ == len(every)
        of = located(len(every), f"{at}.of")
        phrase = f"pilot.title.open{'.all' if whole else ''}"
        return tell(phrase, name=where, n=located(open_, f"{at}.open"), of=of)
    return say("pilot.title", name=where)


def called(own: Criteria, pilot: Pilot) -> str:
    """What the body is called, or which kind it is."""
    titles = {kind.id: kind.title for kind in own.mechanisms}
    return plain(pilot.body.name or titles.get(pilot.body.kind, pilot.body.kind))


def _sections(facts: Facts, pilot: Pilot) -> Iterator[Section]:
    yield Section("lines", say("pilot.lines"), (lines(pilot), Text((say("pilot.nocount"),), note=True)))
    day = facts.result.as_of
    blocks: list = [
        Pairs(tuple(sorted(_dates(pilot, day), key=_soonest)), "days"),
        Text((say("pilot.counted", day=day),), note=True),
    ]
    if facts.status.get(pilot.country) == "conditional":
        blocks.insert(0, Text((review(facts, pilot.country),)))
    yield Section("dates", say("pilot.dates"), tuple(blocks))
    yield Section("agreed", say("pilot.agreed"), (Pairs(tuple(_agreed(pilot)), "days"),))
    own = tuple(_outcomes(pilot))
    shown = Pairs(own, "days") if own else Text((say("pilot.outcomes.none"),))
    yield Section("outcomes", say("pilot.outcomes"), (shown,))
    if happened := tuple(_events(pilot, day)):
        yield Section("events", say("events.title"), (Pairs(happened, "days"),))


def lines(pilot: Pilot) -> Table:
    """A row a line."""
    heads = ("asks", "says", "answer")
    columns = tuple(Column(head := say(f"pilot.head.{x}"), False, head, f"pilot-{x}") for x in heads)
    rows = tuple(_row(pilot, line) for line in held(pilot))
    return Table("pilot", say("pilot.lines"), columns, rows, kind="pilot")


def _row(pilot: Pilot, line: Held) -> Row:
    asked, (sign, tone) = ASKED[line.line], SIGNS[line.answer]
    why = say("pilot.reason", why=plain(line.reason)) if line.reason else say("pilot.reason.none")
    said = (registered(pilot, line.line), why) if line.answer == "against" else registered(pilot, line.line)
    quote = say("pilot.quote", line=say(f"pilot.line.{line.line}"), quote=asked.quote, lines=asked.lines)
    return Row((Cell(quote), Cell(said), Cell(say(f"pilot.{line.answer}"), below=sign, tone=tone)))


def registered(pilot: Pilot, line: str) -> Said:
    """What the register says of one line."""
    parts = tuple(_REGISTERED[line](pilot))
    return say("pilot.says", parts=parts) if parts else say("pilot.unsaid")


def _money(pilot: Pilot) -> Iterator[Said]:
    if pilot.money and pilot.money.host_percent is not None:
        yield say("pilot.money", x=pilot.money.host_percent)


def _evidence(pilot: Pilot) -> Iterator[Said]:
    if pilot.evidence and pilot.evidence.may_summon is not None:
        yield say("pilot.summon.yes" if pilot.evidence.may_summon else "pilot.summon.no")
    if pilot.evidence and (who := pilot.evidence.may_be_refused_by):
        yield say("pilot.refused.nobody") if who == NOBODY else say("pilot.refused", who=plain(who))


def _networks(pilot: Pilot) -> Iterator[Said]:
    if pilot.mandate and pilot.mandate.networks is not None:
        yield say("pilot.networks.yes" if pilot.mandate.networks else "pilot.networks.no")


def _reform(pilot: Pilot) -> Iterator[Said]:
    if pilot.mandate and pilot.mandate.reform is not None:
        yield say("pilot.reform.yes" if pilot.mandate.reform else "pilot.reform.no")


def _term(pilot: Pilot) -> Iterator[Said]:
    if pilot.begins:
        yield say("pilot.begins", day=pilot.begins)
    if pilot.ends:
        yield say("pilot.ends", day=pilot.ends)


def _renewal(pilot: Pilot) -> Iterator[Said]:
    if pilot.renewal:
        yield say("pilot.renewal.yes" if pilot.renewal.possible else "pilot.renewal.no")
        if pilot.renewal.by:
            yield say("pilot.renewal.by", who=plain(pilot.renewal.by))


def _end_alone(pilot: Pilot) -> Iterator[Said]:
    if said := pilot.can_end_alone:
        yield say("pilot.end.nobody") if said.who == NOBODY else say("pilot.end", who=plain(said.who))
        if said.from_:
            yield say("pilot.end.from", day=said.from_)


def _partners(pilot: Pilot) -> Iterator[Said]:
    for kind in ("agencies", "ngos", "prosecutors"):
        if pilot.partners and (names := getattr(pilot.partners, kind)):
            yield say(f"pilot.{kind}", names=tuple(plain(name) for name in names))


def _vehicle(pilot: Pilot) -> Iterator[Said]:
    if said := pilot.vehicle:
        yield say("pilot.vehicle.none") if said.kind == "none" else say(f"vehicle.kind.{said.kind}")
        if said.review_on:
            yield say("pilot.reviewed", day=said.review_on)


_REGISTERED = {
    "money": _money, "evidence": _evidence, "mandate": _networks, "term": _term, "renewal": _renewal,
    "end-alone": _end_alone, "partners": _partners, "reform": _reform, "vehicle": _vehicle,
}  # fmt: skip


def _dates(pilot: Pilot, today: date) -> Iterator[Pair]:
    """The days that matter, each counted from the day of the run."""
    for name, day in days(pilot).items():
        told = until(day, today, f"run pilots.{pilot.id}.days.{name}") if day else say("pilot.date.missing")
        yield Pair(say(f"pilot.date.{name}"), told)


def days(pilot: Pilot) -> dict[str, date | None]:
    """What comes when, by the register; None where it does not say."""
    return {
        "review": pilot.review_on,
        "vehicle": pilot.vehicle.review_on if pilot.vehicle else None,
        "renewal": pilot.renewal.ask_by if pilot.renewal else None,
        "election": pilot.next_election,
        "money": pilot.money.secured_until if pilot.money else None,
        "alone": pilot.can_end_alone.from_ if pilot.can_end_alone else None,
        "ends": pilot.ends,
    }


def _soonest(pair: Pair) -> date:
    """What days are put in order by: those not in the register come last."""
    day = pair.words.facts.get("day") if isinstance(pair.words, Said) else None
    return day or date.max


def until(day: date, today: date, at: str) -> Said:
    """A day, counted from another; `at` is the path of their number."""
    if day == today:
        return say("pilot.same", day=day)
    n = Count(abs((day - today).days), at)
    return say("pilot.in" if day > today else "pilot.ago", day=day, n=n)


def _agreed(pilot: Pilot) -> Iterator[Pair]:
    """How the host agreed, who works with it, whom it is compared with."""
    told = say("pilot.unsaid")
    if said := pilot.consent:
        parts = [say(f"pilot.consent.{said.form}")]
        parts += [say("pilot.by", who=plain(said.by))] if said.by else []
        parts += [say("pilot.on", day=said.on)] if said.on else []
        parts += [say("pilot.source", source=host(said.source))] if said.source else []
        told = say("pilot.says", parts=tuple(parts))
    yield Pair(say("pilot.consent"), told)
    names = tuple(plain(countries.register().name(iso3)) for iso3 in pilot.compare_with)
    yield Pair(say("pilot.compare"), say("pilot.compared", names=names) if names else say("pilot.unsaid"))


def _outcomes(pilot: Pilot) -> Iterator[Pair]:
    """What was collected of the body's own field before its start."""
    for each in pilot.outcomes:
        yield Pair(say("label", text=plain(each.what)), collected(each))


def collected(one: Result) -> Said:
    """The figure with its year and source, or that it is still to be collected."""
    parts = []
    if one.before is not None:
        phrase = f"pilot.outcome.{'value' if one.unit else 'plain'}"
        parts.append(tell(phrase, x=one.before, unit=plain(one.unit)))
    parts += [say("pilot.outcome.year", year=str(one.year))] if one.year else []
    parts += [say("pilot.source", source=host(one.source))] if one.source else []
    return say("pilot.outcome", parts=tuple(parts)) if parts else say("pilot.outcome.open")


def _events(pilot: Pilot, day: date) -> Iterator[Pair]:
    """What had happened by the day of the run."""
    for event in sorted((event for event in pilot.events if event.on <= day), key=lambda event: event.on):
        what = say("pilot.event", kind=say(f"review.kind.{event.kind}"), source=host(event.source))
        yield Pair(say("event.at", day=f"{event.on.day} {event.on:%B %Y}"), what)


def marked(own: Criteria, pilots: Sequence[Pilot]) -> Said:
    """That a country has these pilots in the register, each with its stage."""
    told = tuple(say("pilot.one", body=called(own, p), stage=say(f"pilot.stage.{p.stage}")) for p in pilots)
    return say("pilot.marked", pilots=told)


def review(facts: Facts, iso3: str) -> Said:
    """How long until a country is to be reviewed by the register, the soonest day; or that none is set."""
    mine = ((p.review_on, p.id) for p in facts.result.pilots.of(iso3) if p.review_on and p.stage != "ended")
    day, id_ = min(mine, default=(None, ""))
    if day is None:
        return say("pilot.review.missing")
    return say("pilot.review", when=until(day, facts.result.as_of, f"run pilots.{id_}.days.review"))
