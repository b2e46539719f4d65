"""Each line of the document held against a pilot of the register: met, open or against it.

No line is counted, weighed or added up: a complete form is not a working body. A line against the document needs a reason.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from eligibility.pilots.register import LINES, NOBODY, Line, Pilot

Answer = Literal["met", "open", "against"]
TERM = 5  # years below which a term is short: what past commissions needed to bring a case to its end; our cut-off


class Held(NamedTuple):
    """One line held against one pilot; `reason` is what the register says of a line that stands against it."""

    line: Line
    answer: Answer
    reason: str

    @property
    def wanting(self) -> bool:
        """Whether it stands against the document without a reason."""
        return self.answer == "against" and not self.reason


class Asked(NamedTuple):
    """What the document asks: its words, and the lines of it where they stand."""

    quote: str
    lines: str


ASKED: dict[Line, Asked] = {
    "money": Asked("should not be dependent on the host government for financing", "lines 329-330"),
    "evidence": Asked("operate autonomously, particularly with respect to accessing evidence", "lines 330-331"),
    "mandate": Asked("a flexible mandate focused on criminal-political networks", "line 332"),
    "term": Asked("an adequate timeframe to achieve their missions", "lines 333-334"),
    "renewal": Asked("with the possibility of renewal", "line 334"),
    "end-alone": Asked("to avoid the inevitable stonewalling from hostile factions", "lines 334-335"),
    "partners": Asked("strategic alignment and intelligence exchange with domestic and international agencies", "lines 341-342"),
    "reform": Asked("as well as the punitive and reformist", "lines 372-373"),
    "vehicle": Asked("condition eligibility on periodic performance reviews", "lines 435-436"),
}  # fmt: skip


def held(pilot: Pilot) -> tuple[Held, ...]:
    """Every line in the order of the document."""
    answers = {
        "money": _money(pilot),
        "evidence": _evidence(pilot),
        "mandate": _yes(pilot.mandate and pilot.mandate.networks),
        "term": _term(pilot),
        "renewal": _yes(pilot.renewal and pilot.renewal.possible),
        "end-alone": _end_alone(pilot),
        "partners": "met" if pilot.partners and pilot.partners.agencies else "open",
        "reform": _yes(pilot.mandate and pilot.mandate.reform),
        "vehicle": _vehicle(pilot),
    }
    return tuple(Held(line, answers[line], pilot.reasons.get(line, "")) for line in LINES)


def _yes(said: object) -> Answer:
    """Of what must be so."""
    return "open" if said is None else "met" if said else "against"


def _money(pilot: Pilot) -> Answer:
    share = pilot.money.host_percent if pilot.money else None
    return "open" if share is None else "met" if share == 0 else "against"


def _evidence(pilot: Pilot) -> Answer:
    """Against where it may not summon, or somebody may refuse it; met only where both are said."""
    said = pilot.evidence
    if said is None:
        return "open"
    if said.may_summon is False or said.may_be_refused_by not in (None, NOBODY):
        return "against"
    return "met" if said.may_summon and said.may_be_refused_by == NOBODY else "open"


def _term(pilot: Pilot) -> Answer:
    if not pilot.begins or not pilot.ends:
        return "open"
    begins, ends = pilot.begins, pilot.ends
    return _yes((ends.year - TERM, ends.month, ends.day) >= (begins.year, begins.month, begins.day))


def _end_alone(pilot: Pilot) -> Answer:
    """Against where somebody can end it alone before its term; who can from a day without a term known leaves it open."""
    said = pilot.can_end_alone
    if said is None:
        return "open"
    if said.who == NOBODY:
        return "met"
    if said.from_ is None:
        return "against"
    return "open" if pilot.ends is None else _yes(said.from_ >= pilot.ends)


def _vehicle(pilot: Pilot) -> Answer:
    """Against where it is tied to no programme; met where the next review has a day."""
    if pilot.vehicle is None:
        return "open"
    if pilot.vehicle.kind == "none":
        return "against"
    return "met" if pilot.vehicle.review_on else "open"
