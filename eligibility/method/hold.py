"""Who is on hold: dated events after which a country must wait until time has passed and its figures describe what is now.

A hold rests on days and on which years are read. No measurement error moves it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import NamedTuple

import numpy as np

from eligibility.data import lists
from eligibility.data.cells import Cells
from eligibility.method import measures
from eligibility.policy import walk
from eligibility.policy.model import Criteria, Gate, Hold, Quantity


class Held(NamedTuple):
    """What holds a country, and until when at the earliest.

    event    the one that holds longest
    passed   the day on which enough months have passed
    year     the first full calendar year after it; None where its figures are not waited for
    due      the day from which every gate can read figures of that year; None where they are not waited for
    read     whether every gate reads figures of that year or later already
    """

    event: lists.Event
    passed: date
    year: int | None
    due: date | None
    read: bool = False

    @property
    def until(self) -> date:
        """The first day on which it could end; a later one, where figures come late."""
        return self.passed if self.read else max(self.passed, self.due or self.passed)

    def waits(self, day: date) -> str:
        """What of its figures is waited for: "" nothing; "figures" still to come; "late", "over": due by now and not held, the months not over or over."""
        if self.read or self.due is None:
            return ""
        return "figures" if day < self.due else "late" if day < self.passed else "over"


def held(criteria: Criteria, cells: Cells) -> dict[str, Held]:
    """iso3 -> what holds it on the day of the figures. A date of less than a day counts from its first day."""
    rule, day = criteria.hold, cells.as_of
    if rule is None or rule.events not in cells.panel.dated:
        return {}
    listed, out = cells.panel.dated[rule.events], {}
    gates = [names for gate in criteria.gates if (names := _yearly(gate, cells))]
    looked_at = {i for names in gates for i in names}
    # the oldest year that any gate reads; a gate that reads no figure at all reads none that is new enough
    years, place = cells.year.to_numpy(), {name: k for k, name in enumerate(cells.year.columns.tolist())}
    oldest = [np.fmin.reduce(years[:, [place[name] for name in names]], axis=1) for names in gates]
    reads = np.minimum.reduce([np.nan_to_num(own, nan=-1.0) for own in oldest]) if oldest else None
    for k, iso3 in enumerate(cells.countries):
        after = [_after(rule, cells, event, looked_at) for event in listed.happened(iso3, day, rule.kinds)]
        found = [h._replace(read=not h.year or reads is None or bool(reads[k] >= h.year)) for h in after]
        holding = [h for h in found if day < h.passed or not h.read]
        if holding:
            out[iso3] = max(holding, key=lambda h: (h.until, h.event.first))
    return out


def _after(rule: Hold, cells: Cells, event: lists.Event, looked_at: Iterable[str]) -> Held:
    """How long an event holds, where the gates look at these indicators by year."""
    passed = lists.months_later(event.first, rule.months)
    if not rule.figures:
        return Held(event, passed, None, None)
    year = event.first.year + 1
    return Held(
        event, passed, year, max((cells.sheets[i].known_from(year) for i in looked_at), default=passed)
    )


def _yearly(gate: Gate, cells: Cells) -> tuple[str, ...]:
    """The indicators of a gate that have a figure a year; a dated list is asked for the day itself."""
    asked = dict.fromkeys(quantity.indicator for quantity in walk.quantities_of(gate.rule))
    return tuple(i for i in asked if i in cells.sheets and not cells.sheets[i].standing)


def point(
    criteria: Criteria, cells: Cells, quantities: Iterable[Quantity], who: Mapping[str, Held] | None = None
) -> measures.Measures:
    """The measures of the published values, with who is on hold; `who` where that is known already."""
    made = measures.point(cells, quantities)
    if criteria.hold is None:
        return made
    who = held(criteria, cells) if who is None else who
    return replace(made, held=np.array([iso3 in who for iso3 in cells.countries], dtype=bool))
