"""Which programme with periodic reviews a pilot could be tied to: found in lists and in the register, never scored.

    MCC compact in force > MCC: signed or selected > another programme with dated reviews > OGP, active > none found

The lists tell what was found, so that "none" means none found. Another programme is an analyst's row: the `vehicle` of a pilot
in the register, with the day of its next review.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import NamedTuple

from eligibility.contract_parts import VehicleKind, VehicleStage
from eligibility.data import lists
from eligibility.data.lists import Event, Listed
from eligibility.files import opened
from eligibility.pilots.register import Pilot
from eligibility.resources import shipped

ORDER = ("mcc-compact", "mcc-selected", "imf", "eu", "other", "ogp")  # the three in the middle are alike
PROGRAMMES = ("mcc",)  # whose own fate is on file
OWN: tuple[VehicleStage, ...] = ("in-force", "signed")  # stages of a compact that the list of MCC tells
LISTS = ("lists.mcc_compact", "lists.ogp_member")
AID = "wb.aid_received"  # as a share of income: how much a programme weighs
TERM = 60  # months: a compact is limited to five years (CRS report RL32427)
CHOSEN = 12  # months: who has not signed is chosen anew each fiscal year (mcc.gov, Suspension or Termination)
SELECTED: dict[str, VehicleStage] = {
    "compact_selected": "compact-selected",
    "threshold_selected": "threshold-selected",
}
SPARED = "programme_spared_in_wind_down"
KEPT = "programme_kept_after_review"

_ENDED = re.compile(r"(?:compact(?:[0-9]+|_regional)|threshold[0-9]*)_(completed|terminated)")
_COMPACT = re.compile(r"(compact(?:[0-9]+|_regional))_([a-z_]+)")
_OVER = ("completed", "terminated", "suspended", "paused")


class Vehicle(NamedTuple):
    """What was found for one country.

    kind        one of ORDER, or "none"
    stage       in-force | signed | compact-selected | threshold-selected | member | registered; None for none
    since       day, month or year from which it is so; "" where not known
    review_on   the day of its next review; None where none is on file
    looked_up   how far the list goes that tells it; of none, how far the lists go that were looked at
    source      the page it was read on
    spared      an event that tells of a programme of MCC without telling whether it goes on
    kept        an event that tells that a review of aid kept it
    ended       an event that ended one, within the term of a compact; one of the three at most, the newest
    unsure      the day MCC's programmes were cut, where the one found is older and no page read says that it was spared
    """

    kind: VehicleKind
    stage: VehicleStage | None
    since: str
    review_on: date | None
    looked_up: tuple[str, ...]
    source: str
    spared: Event | None = None
    kept: Event | None = None
    ended: Event | None = None
    unsure: str = ""


def found(dated: Mapping[str, Listed], pilots: Iterable[Pilot], iso3: str, day: date) -> Vehicle:
    """The first in order of what lists and register tell of a country on a day; an analyst's row before the list's.

    dated    series -> list, of those in LISTS that are held
    pilots   the pilots of the country
    """
    every = [*_registered(pilots), *_of_mcc(dated, iso3, day), *_of_ogp(dated, iso3, day)]
    reach = tuple(_reach(dated[name], day) for name in LISTS if name in dated)
    first = min(every, key=_place, default=Vehicle("none", None, "", None, reach, ""))
    fate = _fate(dated, iso3, day)
    what = fate.event if fate else ""
    first = first._replace(
        spared=fate if what == SPARED else None,
        kept=fate if what == KEPT else None,
        ended=fate if _ENDED.fullmatch(what) and first.stage not in OWN else None,
    )
    return first._replace(unsure=_unsure(first, day))


def _reach(listed: Listed, day: date) -> str:
    """How far a list was looked through: to its end, or to the day asked for where that is earlier."""
    return listed.rule.as_of if listed.rule.reach < day else day.isoformat()


def _place(one: Vehicle) -> int:
    """Where it stands in the order; what is equal keeps the order in which it was found."""
    return min(ORDER.index(one.kind), ORDER.index("imf") if one.kind in ("eu", "other") else len(ORDER))


def _registered(pilots: Iterable[Pilot]) -> Iterator[Vehicle]:
    """What the register says of pilots that have not ended; a programme other than MCC and OGP needs a day of review."""
    for pilot in pilots:
        row = pilot.vehicle
        if row is None or row.kind == "none" or pilot.stage == "ended":
            continue
        if row.review_on or row.kind in ("mcc-compact", "mcc-selected", "ogp"):
            yield Vehicle(row.kind, "registered", "", row.review_on, (), row.source or "")


def _of_mcc(dated: Mapping[str, Listed], iso3: str, day: date) -> Iterator[Vehicle]:
    listed = dated.get(LISTS[0])
    if listed is None:
        return
    happened = [
        e for e in listed.happened(iso3, day, (*listed.rule.begins, *listed.rule.also)) if e.last <= day
    ]
    compacts: dict[str, dict[str, Event]] = {}
    chosen: Event | None = None
    for event in happened:
        if match := _COMPACT.fullmatch(event.event):
            compacts.setdefault(match[1], {})[match[2]] = event
        elif event.event in SELECTED:
            chosen = event

    def told(kind: VehicleKind, stage: VehicleStage, event: Event) -> Vehicle:
        return Vehicle(kind, stage, event.date, None, (_reach(listed, day),), event.source)

    for _, own in sorted(compacts.items(), reverse=True):  # the later compact first
        if any(word in own for word in _OVER):
            continue
        if "in_force" in own and day < lists.months_later(own["in_force"].last, TERM):
            yield told("mcc-compact", "in-force", own["in_force"])
        elif "signed" in own and day < lists.months_later(own["signed"].last, TERM):
            yield told("mcc-selected", "signed", own["signed"])
    over = [e.last for e in happened if e.event.endswith("_terminated") and _ENDED.fullmatch(e.event)]
    if (
        chosen
        and day < lists.months_later(chosen.last, CHOSEN)
        and max(over, default=date.min) <= chosen.last
    ):
        yield told("mcc-selected", SELECTED[chosen.event], chosen)


def _fate(dated: Mapping[str, Listed], iso3: str, day: date) -> Event | None:
    """The newest event, in the term of a compact, that tells what became of a programme of MCC: spared, kept or ended."""
    listed = dated.get(LISTS[0])
    if listed is None:
        return None
    named = (
        e for e in (*listed.rule.begins, *listed.rule.also) if e in (SPARED, KEPT) or _ENDED.fullmatch(e)
    )
    known = [e for e in listed.happened(iso3, day, tuple(named)) if e.last <= day]
    return known[-1] if known and day < lists.months_later(known[-1].last, TERM) else None


def _unsure(told: Vehicle, day: date) -> str:
    """The day MCC's programmes were cut, of a compact older than that of which no page read says that it was spared."""
    if told.stage not in OWN or told.spared or told.kept:
        return ""
    cuts = [row.date for row in programmes() if row.state == "cut" and lists.span(row.date)[1] <= day]
    return cuts[-1] if cuts and lists.span(told.since)[1] < lists.span(cuts[-1])[0] else ""


def _of_ogp(dated: Mapping[str, Listed], iso3: str, day: date) -> Iterator[Vehicle]:
    """Membership, unless the country was inactive at last."""
    listed = dated.get(LISTS[1])
    status = listed.status(iso3, day) if listed else None
    if listed is None or status is None or status.value != 1 or status.turned is None:
        return
    activity = [e for e in listed.happened(iso3, day, ("active", "inactive")) if e.last <= day]
    if not activity or activity[-1].event == "active":
        yield Vehicle("ogp", "member", status.turned.date, None, (_reach(listed, day),), status.turned.source)


class Programme(NamedTuple):
    """What happened to a programme itself, by day: it `changed`, was `cut` or `closed`."""

    programme: str
    date: str
    state: str
    what: str
    source: str


@cache
def programmes() -> tuple[Programme, ...]:
    """Every row of datasets/programmes, oldest first."""
    rows = opened.rows(shipped("datasets") / "programmes" / "programmes.csv")
    return tuple(sorted((Programme(**row) for row in rows), key=lambda row: (lists.span(row.date)[1], row)))


def today(programme: str, day: date) -> Programme | None:
    """What is last known by a day of what became of a programme; None where nothing is on file.

    >>> today("mcc", date(2025, 9, 1)).state, today("mcc", date(2016, 7, 1))
    ('cut', None)
    """
    known = [row for row in programmes() if row.programme == programme and lists.span(row.date)[1] <= day]
    return known[-1] if known else None
