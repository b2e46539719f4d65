"""The programme a pilot could be tied to and the past bodies most like one here: found, and no part of the result.

sections   both, for a card
title      which programme, in a heading
told       what is known of it
past       the bodies and how they ended
"""

from __future__ import annotations

from collections.abc import Iterator

from eligibility.data import countries
from eligibility.pages import dated_lists
from eligibility.pages.blocks import Bullets, Section, Text
from eligibility.pages.facts import Facts
from eligibility.pages.said import Located, Said, say, unsigned
from eligibility.pages.turns import host
from eligibility.pages.wording import plain
from eligibility.pilots import vehicle
from eligibility.pilots.precedents import Body


def title(facts: Facts, iso3: str) -> Said:
    """The programme that was found."""
    found = facts.footing.vehicle(iso3)
    if found.stage == "registered":
        return say("vehicle.registered", what=say(f"vehicle.kind.{found.kind}"))
    if found.spared and found.stage not in vehicle.OWN:
        return say("vehicle.perhaps")
    return say(f"vehicle.{found.stage or 'none'}")


def told(facts: Facts, iso3: str, whole: bool = True) -> Iterator[Said]:
    """Since when, when it is reviewed next, how far the lists go; how much aid weighs; if whole, what became of MCC."""
    found, result = facts.footing.vehicle(iso3), facts.result
    reach = tuple(dict.fromkeys(dated_lists.when(day) for day in found.looked_up))
    if found.kind == "none":
        yield say("vehicle.lists", reach=reach) if reach else say("vehicle.lists.none")
    elif found.stage != "registered":
        yield say(
            "vehicle.since", since=dated_lists.when(found.since), reach=reach, source=host(found.source)
        )
    if found.review_on:
        yield say("vehicle.review", day=found.review_on)
    elif found.kind != "none":
        yield say("vehicle.review.none")
    for word in ("spared", "kept", "ended"):
        if event := getattr(found, word):
            yield say(f"vehicle.{word}", day=dated_lists.at(event.date), source=host(event.source))
    if found.unsure:
        yield say("vehicle.unsure", day=dated_lists.when(found.unsure))
    if aid := facts.footing.aid(iso3):
        x = unsigned(Located(aid[0], facts.at(iso3, "aid")))
        yield say("vehicle.aid.back" if aid[0] < 0 else "vehicle.aid", x=x, year=str(aid[1]))
    else:
        yield say("vehicle.aid.none")
    for name in vehicle.PROGRAMMES if whole else ():
        if row := vehicle.today(name, result.as_of):
            yield say(f"vehicle.today.{name}", day=dated_lists.when(row.date), what=plain(row.what))


def past(facts: Facts, iso3: str) -> tuple[Said, ...]:
    """The nearest past bodies, a sentence each."""
    return tuple(_body(facts, body) for body in facts.footing.precedents(iso3))


def _body(facts: Facts, body: Body) -> Said:
    outcome = body.by(facts.result.as_of)
    whose = plain(countries.register().name(body.iso3))
    over = {"when": dated_lists.when(body.ended)} if body.ended and outcome == body.outcome else {}
    end = say(f"past.{outcome}", **over)
    return say("past.body", name=plain(body.short), host=whose, year=str(body.first.year), end=end)


def sections(facts: Facts, iso3: str) -> Iterator[Section]:
    """The programme; past bodies, where one was agreed on by the day."""
    close = facts.footing.vehicle(iso3)
    of_mcc = close.kind.startswith("mcc") or close.spared or close.ended
    short = tuple(told(facts, iso3, whole=bool(of_mcc)))
    yield Section("vehicle", title(facts, iso3), (Text(short),))
    if bodies := past(facts, iso3):
        yield Section("past", say("past.title"), (Bullets(bodies), Text((say("past.rule"),), note=True)))
