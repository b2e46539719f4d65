"""What the document asks before any agreement with a host, and how past bodies ended: for criteria that name kinds of body."""

from __future__ import annotations

from eligibility.pages.blocks import Bullets, Section
from eligibility.pages.facts import Facts
from eligibility.pages.said import say
from eligibility.pilots.lines import ASKED
from eligibility.pilots.precedents import IDLE, Body, bodies
from eligibility.pilots.register import Line

# settled on the day of signing
FIRST: tuple[Line, ...] = ("money", "evidence", "term", "end-alone", "vehicle")


def ended(facts: Facts) -> tuple[Body, ...]:
    """The past bodies that worked and had ended by the day of the run."""
    day = facts.result.as_of
    return tuple(b for b in bodies() if b.first <= day and b.by(day) not in (*IDLE, "running"))


def section(facts: Facts) -> Section | None:
    """A line of the document each, then how many past bodies ran their course; None without kinds of body or a list."""
    if not facts.criteria.mechanisms or not facts.result.ranking.shortlist:
        return None
    said = [
        say("agree.line", line=say(f"pilot.line.{line}"), quote=ASKED[line].quote, lines=ASKED[line].lines)
        for line in FIRST
    ]
    if past := ended(facts):
        done = sum(body.outcome == "completed" for body in past)
        said.append(say("agree.past", n=len(past), done=done))
    return Section("agreement", say("agree.title"), (Bullets(tuple(said)),))
