"""What would sound an alarm at once in a pilot here: the events and falls a review looks for, on the card of a candidate."""

from __future__ import annotations

from typing import get_args

from eligibility.analysis.reviews import trajectories
from eligibility.method import alarms
from eligibility.pages.blocks import Section, Text
from eligibility.pages.facts import Facts
from eligibility.pages.said import Figure, say
from eligibility.pilots.register import EventKind

OFFERED = ("eligible", "conditional")


def section(facts: Facts, iso3: str) -> Section | None:
    """The limits of a review; None for who is not on the list to choose from, or where kinds of body are not told of."""
    if facts.status[iso3] not in OFFERED or not facts.criteria.mechanisms:
        return None
    falls = {"fall": alarms.FALL, "red": alarms.RED}
    cell = facts.cells[iso3].get(trajectories.LEVEL)
    if cell is not None and cell.known:
        fall = say("sounding.figures", x=Figure(cell.value, 2), year=f"{cell.year:.0f}", **falls)
    else:
        fall = say("sounding.figures.unheld", **falls)
    lower = say("sounding.class", drop=alarms.DROP, amber=alarms.AMBER)
    sound = dict.fromkeys((*trajectories.SOUNDING, *get_args(EventKind)))
    kinds = tuple(say(f"review.kind.{kind}") for kind in sound)
    events = say("sounding.events", kinds=kinds)
    return Section("sounding", say("sounding.title"), (Text((events, fall, lower)),))
