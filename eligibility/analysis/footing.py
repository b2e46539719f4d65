"""What a pilot in a country could rest on: the programme it could be tied to, and the past bodies most like it.

Found and told beside the result; no verdict, score or rank hears of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from eligibility import contract
from eligibility.method.result import Result
from eligibility.pilots import precedents, vehicle
from eligibility.pilots.precedents import Body
from eligibility.policy import walk

FITS = ("pass", "conditional")


@dataclass
class Footing:
    """The footing of every country of a result; what bodies share is worked out once."""

    result: Result
    _then: dict[tuple[str, str], float] = field(default_factory=dict, repr=False)

    def vehicle(self, iso3: str) -> vehicle.Vehicle:
        """The programme with reviews that was found."""
        result = self.result
        return vehicle.found(result.panel.dated, result.pilots.of(iso3), iso3, result.as_of)

    def precedents(self, iso3: str) -> tuple[Body, ...]:
        """The three nearest past bodies, as precedents.py orders them."""
        words = self.result.screening.mechanism.loc[iso3]
        fits = [kind for kind, word in words.items() if word in FITS]
        return precedents.nearest(iso3, fits, self.result.as_of, lambda body: self._apart(iso3, body))

    def document(self, iso3: str) -> dict[str, Any]:
        """Both as the contract has them; nothing where the criteria name no kinds of body."""
        if not self.result.criteria.mechanisms:
            return {}
        told, day, aid = self.vehicle(iso3), self.result.as_of, self.aid(iso3)
        found: contract.Vehicle = {
            "kind": told.kind,
            "stage": told.stage,
            "since": told.since or None,
            "review_on": told.review_on.isoformat() if told.review_on else None,
            "looked_up": list(told.looked_up),
            "source": told.source or None,
            "aid": aid and aid[0],
            "aid_year": aid and aid[1],
            "spared_on": told.spared and told.spared.date,
            "kept_on": told.kept and told.kept.date,
            "ended_on": told.ended and told.ended.date,
            "unsure_since": told.unsure or None,
        }
        bodies: list[contract.Precedent] = [
            {
                "body": body.name,
                "iso3": body.iso3,
                "kind": body.kind,
                "first": body.agreed or body.began,
                "ended": body.ended or None if body.by(day) == body.outcome else None,
                "outcome": body.by(day),
                "source": body.source,
            }
            for body in self.precedents(iso3)
        ]
        return {"vehicle": found, "precedents": bodies}

    @property
    def programmes(self) -> dict[str, Any]:
        """What last became of the programmes themselves, as the contract has it; likewise."""
        if not self.result.criteria.mechanisms:
            return {}
        known = (vehicle.today(name, self.result.as_of) for name in vehicle.PROGRAMMES)
        return {"programmes": [row._asdict() for row in known if row]}

    def aid(self, iso3: str) -> tuple[float, int] | None:
        """Aid received in per cent of income and its year, the newest out by the day and not too old; None where none is."""
        held, result = self.result.panel.beside.get(vehicle.AID), self.result
        if held is None or iso3 not in held.values.columns:
            return None
        day, oldest = result.as_of, result.as_of.year - result.criteria.max_age
        for year, value in held.values[iso3].dropna()[::-1].items():
            if int(year) >= oldest and held.sheet.known_from(int(year)) <= day:
                return round(float(value), 12), int(year)
        return None

    @cached_property
    def _now(self) -> dict[str, dict[str, float]]:
        return self.result.cells.value.to_dict("index")

    @cached_property
    def _asked(self) -> dict[str, tuple[str, ...]]:
        """Kind of body -> the series whose level its rule asks for."""
        return {
            kind.id: tuple(
                dict.fromkeys(
                    test.quantity.indicator
                    for test in walk.tests(kind.rule)
                    if test.quantity.measure == "level"
                )
            )
            for kind in self.result.criteria.mechanisms
        }

    def _apart(self, iso3: str, body: Body) -> float:
        """How unlike the host of a body, in the year before it, and the country now are."""
        sheets, now = self.result.panel.sheets, self._now[iso3]
        asked = self._asked.get(body.kind, ())
        return precedents.distance(
            [(self._past(body, s), now[s], sheets[s].hi - sheets[s].lo) for s in asked]
        )

    def _past(self, body: Body, series: str) -> float:
        """The host's figure of the year before the body, or of one of those before it that is not too old."""
        key = body.name, series
        if key not in self._then:
            frame, last = self.result.panel.history(series, self.result.as_of), body.first.year - 1
            oldest = last - self.result.criteria.max_age
            rows = frame.loc[(frame.index >= oldest) & (frame.index <= last)]
            known = rows[body.iso3].dropna() if body.iso3 in rows.columns else rows.iloc[:0]
            self._then[key] = float(known.iloc[-1]) if len(known) else math.nan
        return self._then[key]
