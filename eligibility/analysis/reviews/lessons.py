"""What pilots can teach: how large an effect would have to be, and whom each pilot is to be compared with.

The countries are found by a rule on the figures of the pilot's first day, and their names are hashed: who writes the
hash down on that day can show later that nobody was chosen knowing the outcome.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np

from eligibility.analysis.reviews import trajectories
from eligibility.data.cells import known_at
from eligibility.data.panel import Panel
from eligibility.method import teaching
from eligibility.method.result import Result
from eligibility.policy.model import Criteria

OUTCOMES = ("vdem.political_corruption", "vdem.rule_of_law")  # what a body against impunity is to move
LIKE = (trajectories.LEVEL, *OUTCOMES)  # their levels, and how they had moved
YEARS, SINCE = 5, 2000
NUMBERS = (1, 2, 4, 6, 8)
RULE = (
    f"same peer group of the criteria; root mean square difference of level and {YEARS}-year change before of "
    f"{', '.join(LIKE)}, each in standard deviations of the candidates, at most {teaching.ALIKE}; the nearest "
    f"{teaching.NEAREST}; neither a pilot nor on hold"
)


class Effect(NamedTuple):
    """The smallest effect that so many pilots would show beside so many other countries."""

    pilots: int
    others: int
    effect: float


@dataclass(frozen=True)
class Spread:
    """How much an outcome normally moves in five years between candidates, and the smallest effect k pilots would show."""

    series: str
    label: str
    sd: float
    n: int
    smallest: tuple[Effect, ...]


@dataclass(frozen=True)
class Compared:
    """Whom one country is to be compared with.

    day       of the figures it rests on; nearest: iso3 and distance, nearest first
    given     those the register fixes, () where it fixes none; these count, the others stand beside
    sha256    of what is fixed: country and names; where the rule found these, criteria, day and rule too
    group     its peer group on that day, "" where it has none or nobody knows it: who is in an unknown one is near nobody
    """

    iso3: str
    day: date
    nearest: tuple[tuple[str, float], ...]
    given: tuple[str, ...]
    sha256: str
    group: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Those that count, by ISO3."""
        return self.given or tuple(sorted(iso3 for iso3, _ in self.nearest))


def spreads(held: Panel, day: date, pool: Iterable[str], pilots: Iterable[str]) -> tuple[Spread, ...]:
    """The normal spread of each outcome, among candidates that are no pilots, in windows of five years since SINCE."""
    who, out = sorted(set(pool) - set(pilots)), []
    held = trajectories.taken(held, day, max(day.year - SINCE, 0))
    for series in OUTCOMES:
        frame = held.history(series, day)
        value = frame[frame.index >= SINCE].reindex(columns=who).to_numpy(dtype=float)
        sd, n = teaching.spread(value, YEARS)
        told = [Effect(k, m, teaching.smallest(sd, k, m)) for k in NUMBERS for m in [k * teaching.NEAREST]]
        out.append(Spread(series, held.sheets[series].label, sd, n, tuple(told)))
    return tuple(out)


def compared(
    judged: Result,
    held: Panel,
    countries: Iterable[str],
    barred: Iterable[str],
    given: dict[str, tuple[str, ...]] | None = None,
) -> dict[str, Compared]:
    """iso3 -> whom it is to be compared with, on the figures of the day of `judged`."""
    day, groups = judged.as_of, judged.peers
    held = trajectories.taken(held, day, YEARS + judged.criteria.max_age)
    names, cells = list(groups.index), known_at(held, judged.as_of, judged.criteria.max_age)
    columns = []
    for series in LIKE:
        frame = held.history(series, day).reindex(columns=names)
        now = cells.value[series].reindex(names).to_numpy(dtype=float)
        year = cells.year[series].reindex(names).to_numpy(dtype=float)
        then = [
            frame[c].get(y - YEARS, np.nan) if y == y else np.nan for c, y in zip(names, year, strict=True)
        ]
        columns += [now, now - np.array(then, dtype=float)]
    status = judged.screening.status
    barred = {*barred, *status.index[status == "on-hold"]}
    out = [c in barred for c in names]
    features, kind = np.column_stack(columns), groups.tolist()
    found = {}
    for iso3 in countries:
        group = groups.get(iso3, "")
        placed = iso3 in names and (group or not judged.criteria.peers)
        near = teaching.nearest(features, kind, names, names.index(iso3), out) if placed else ()
        fixed = (given or {}).get(iso3, ())
        sha256 = _sealed(judged.criteria, iso3, day, near, fixed)
        found[iso3] = Compared(iso3, day, near, fixed, sha256, group)
    return found


def _sealed(
    policy: Criteria, iso3: str, day: date, near: tuple[tuple[str, float], ...], fixed: tuple[str, ...]
) -> str:
    """The checksum of what is fixed."""
    told = {"country": iso3, "names": list(fixed) or sorted(name for name, _ in near)}
    if not fixed:
        told |= {"criteria": policy.id, "version": policy.version, "day": day.isoformat(), "rule": RULE}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
