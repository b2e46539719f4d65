"""Past accountability bodies, and which of them are nearest to a country.

The rule: a body of a kind that fits the country comes before others; then one of the same country, then of the same region; then
the one whose host was most like the country today, on the figures its kind asks for, in the year before it was agreed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from datetime import date
from functools import cache
from typing import Any, NamedTuple, cast

from eligibility.contract_parts import Outcome
from eligibility.data import countries, lists
from eligibility.errors import Problem, UsageError
from eligibility.files import opened
from eligibility.language.shape import nearest as close
from eligibility.pilots.register import Pilot
from eligibility.resources import shipped

NEAREST = 3
IDLE = ("never-began", "not-begun")


class Body(NamedTuple):
    """One past body. Dates are as precise as they were read, "" where they were not.

    short     what pages call it
    kind      an id under `mechanisms`, or one for which no rule is written
    agreed    when host and others agreed on it
    began     when it began to work
    ended     when it ended
    outcome   one of Outcome
    consent   in which form the host agreed
    why       what is known of why it ended so
    source    the pages this was read on
    read      "page" where whole pages were; "excerpt" where only excerpts were; "" where that was not noted
    """

    name: str
    short: str
    iso3: str
    kind: str
    agreed: str
    began: str
    ended: str
    outcome: Outcome
    consent: str
    why: str
    source: str
    read: str

    @property
    def names(self) -> tuple[str, ...]:
        """What one may call it."""
        return self.short, self.name, self.iso3, f"{self.short} {self.iso3}"

    @property
    def first(self) -> date:
        """The first day: when it was agreed on, or else began; the last that the date may mean."""
        return lists.span(self.agreed or self.began)[1]

    def by(self, day: date) -> Outcome:
        """Its outcome as it was known on a day: who had not ended by then was at work."""
        return "running" if self.ended and lists.span(self.ended)[1] > day else self.outcome

    @property
    def pilot(self) -> Pilot:
        """The body as a pilot of a register: from its first day to its last, with what happened to it.

        UsageError for a body that never worked, which nobody could have reviewed.
        """
        if self.outcome in IDLE:
            rule = "never worked, so there is nothing to review"
            raise UsageError(Problem("BODY", self.short, rule, self.outcome))
        given: dict[str, Any] = {
            "country": self.iso3,
            "body": {"kind": self.kind, "name": self.short},
            "stage": "ended" if self.ended else "running",
            "begins": self.first.isoformat(),
            "events": list(_events().get(self.name, ())) or None,
            "ends": lists.span(self.ended)[1].isoformat() if self.ended else None,
        }
        return Pilot.model_validate({key: value for key, value in given.items() if value is not None})


@cache
def bodies() -> tuple[Body, ...]:
    """Every row of datasets/bodies, in the order of the file."""
    rows = opened.rows(shipped("datasets") / "bodies" / "bodies.csv")
    return tuple(Body(name=row.pop("body"), outcome=cast(Outcome, row.pop("outcome")), **row) for row in rows)


@cache
def _events() -> dict[str, tuple[dict[str, str], ...]]:
    """Body -> what happened to it, each a row as a register of pilots has it."""
    found: dict[str, tuple[dict[str, str], ...]] = {}
    for row in opened.rows(shipped("datasets") / "bodies" / "events.csv"):
        event = {key: row[key] for key in ("on", "kind", "source", "note")}
        found[row["body"]] = (*found.get(row["body"], ()), event)
    return found


def called(word: str) -> list[Body]:
    """The bodies of that name: their short or whole one or their host, or short name and host."""
    asked = word.strip().casefold()
    return [body for body in bodies() if asked in {name.casefold() for name in body.names}]


def named(word: str) -> Body:
    """The one body of that name; UsageError where there is none or more than one.

    >>> named("cicig").iso3, named("GIEI BOL").first.year
    ('GTM', 2019)
    """
    mine = called(word)
    if len(mine) == 1:
        return mine[0]
    hint = ", ".join(f"{body.short} {body.iso3}" for body in mine) or close(
        word, {name for body in bodies() for name in body.names}
    )
    rule = "more than one body is called so" if mine else "must be the name of a past body or its host"
    raise UsageError(Problem("BODY", "name", rule, word, hint))


def nearest(iso3: str, kinds: Collection[str], day: date, apart: Callable[[Body], float]) -> tuple[Body, ...]:
    """The three bodies nearest to a country, of those agreed on by a day; the rule stands above.

    kinds   those that fit the country
    apart   how unlike the host at that time and the country today are; infinite where no figure tells
    """
    region = countries.register().region

    def order(body: Body) -> tuple[bool, int, float, date, str]:
        place = 0 if body.iso3 == iso3 else 1 if region(body.iso3) == region(iso3) else 2
        return body.kind not in kinds, place, apart(body), body.first, body.name

    return tuple(sorted((body for body in bodies() if body.first <= day), key=order)[:NEAREST])


def distance(pairs: Collection[tuple[float, float, float]]) -> float:
    """The mean of |a - b| over the length of the scale, over pairs (a, b, length) whose figures are held; else infinite.

    >>> distance([(0.5, 0.7, 1.0), (1.0, -1.0, 5.0), (math.nan, 1.0, 1.0)])
    0.3
    """
    parts = [abs(a - b) / length for a, b, length in pairs if not math.isnan(a) and not math.isnan(b)]
    return round(sum(parts) / len(parts), 12) if parts else math.inf
