"""The reviews of a past body made again, year by year, each with what could be known on its day.

A review is made on each day on which a year of V-Dem came out while the body worked, and on its last day. Each reads the
releases that were out by then where one is held; else the oldest held, which is told beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from eligibility.analysis.reviews import lessons, trajectories, whole
from eligibility.analysis.reviews.trajectories import LEVEL
from eligibility.analysis.reviews.whole import Reviewed
from eligibility.data import lists
from eligibility.data.panel import Panel, Reading
from eligibility.data.sources import Source
from eligibility.method import run, teaching, vintages
from eligibility.pilots.precedents import Body
from eligibility.pilots.register import Pilot
from eligibility.policy.model import Criteria

YEAR = 365.25
FIGURES = ("fall", "class")  # the reasons of red that are no event


@dataclass(frozen=True)
class Again:
    """One review made again.

    status   of the host on that day by the criteria, "" where it was no candidate
    then     releases read that were out by the day; later: those that came out after it
    verdict  releases that the status rests on and that were out by the day
    """

    on: date
    each: Reviewed
    status: str
    then: tuple[Source, ...]
    later: tuple[Source, ...]
    verdict: tuple[Source, ...]


@dataclass(frozen=True)
class Beside:
    """How a figure moved in the host and, on average, in the countries it is compared with, between two years.

    least   the smallest difference that would be seen, by what changes over so many years normally differ; NaN: not known
    """

    series: str
    years: tuple[int, int]
    host: tuple[float, float]
    others: tuple[float, float]
    n: int
    least: float

    @property
    def gap(self) -> float:
        """How much more the host's figure rose than those of the others."""
        return (self.host[1] - self.host[0]) - (self.others[1] - self.others[0])


@dataclass(frozen=True)
class Replay:
    """All reviews of one past body, oldest first.

    whole   the last of them, with what is not the host's doing and whom it is compared with since its first day
    reading which years the host was judged on at the first review and at the last
    beside  what the host's figures did beside those of the countries it was to be compared with
    after   the first day after its end on which figures would have been red, None where none was; looked at until `until`
    """

    body: Body
    criteria: Criteria
    reviews: tuple[Again, ...]
    whole: Reviewed
    after: date | None
    until: date
    beside: tuple[Beside, ...]
    labels: dict[str, str]
    reading: tuple[str, ...]
    figures: Panel  # what reviews look at, every release

    def first(self, colour: str) -> Again | None:
        """The first review of this colour."""
        return next((one for one in self.reviews if one.each.colour == colour), None)

    @property
    def figures_red(self) -> Again | None:
        """The first review that was red by figures."""
        return next((one for one in self.reviews if set(FIGURES) & set(one.each.reasons)), None)

    @property
    def before_end(self) -> float | None:
        """How many years before its end the first alarm came; None where none did or it has not ended."""
        return _years(self.sounded, self.whole.pilot.ends)

    @property
    def after_end(self) -> float | None:
        """How many years after its end figures would have been red."""
        return _years(self.whole.pilot.ends, self.after)

    @property
    def read_later(self) -> int:
        """How many reviews read a release that came out after their day."""
        return sum(1 for one in self.reviews if one.later)

    @property
    def sounded(self) -> date | None:
        """The day of the first red: that of an event, or of the review that saw the figures."""
        red = self.first("red")
        if red is None:
            return None
        by_event = [lists.span(event.on)[1] for event in red.each.events if event.sounds]
        return min([red.on, *by_event])


def replay(body: Body, ref: str = "peacetime-pilots", data: Path | None = None) -> Replay:
    """The reviews of a past body by a criteria set; UsageError for one that never worked."""
    reading = Reading(as_known=True)
    policy, figures = run.ready(ref, (), data, reading)
    return of(body, policy, figures, trajectories.figures(data, reading))


def of(body: Body, policy: Criteria, figures: Panel, held: Panel) -> Replay:
    """The same on figures read before."""
    pilot = body.pilot
    assert pilot.begins is not None  # as a body has a first day
    plain = policy.drawing(0)
    judged = whole.Judged(plain, figures, frozenset([pilot.country]))
    start = trajectories.start_of(pilot.begins)
    out = _days(held, start)
    last = pilot.ends or out[-1]
    days = [*(day for day in out if pilot.begins < day < last), last]
    made = tuple(_again(policy, held, pilot, start, day, judged) for day in days)
    (at,) = whole.standings(policy, held, (pilot,), last)
    later = [day for day in out if day > last]
    labels = {s: held.sheets[s].label for s in trajectories.SERIES}
    seen = whole.reviewed(pilot, at, held, last, judged, [pilot.country])
    beside = tuple(_beside(held, seen, start, last, judged))
    after, found = _after(policy, held, pilot, later), {day: judged.on(day) for day in days}
    read = vintages.at_both_ends({day: one.reading for day, one in found.items() if not isinstance(one, str)})
    return Replay(body, policy, made, seen, after, out[-1], beside, labels, read, held)


def _days(held: Panel, start: int) -> list[date]:
    """The days on which each year of V-Dem after a start came out, as far as any is held."""
    sheet = held.sheets[LEVEL]
    newest = max(year for vintage in held.vintages[LEVEL] for year in vintage.years)
    return [sheet.known_from(year) for year in range(start + 1, newest + 1)]


def _again(policy: Criteria, held: Panel, pilot: Pilot, start: int, day: date, judged: whole.Judged) -> Again:
    (at,) = whole.standings(policy, held, (pilot,), day)
    result = judged.on(day)
    status = "" if isinstance(result, str) else str(result.screening.status.get(pilot.country, ""))
    read = trajectories.read(held, day, start, policy.max_age)
    used = {read.held[s].id: read.held[s] for s in (LEVEL, *trajectories.INDICATORS) if s in read.held}
    sources = [used[id_] for id_ in sorted(used)]
    then = tuple(source for source in sources if source.released <= day)
    rests = {} if isinstance(result, str) else {one.id: one for one in result.panel.held.values()}
    out = tuple(rests[id_] for id_ in sorted(rests) if rests[id_].released <= day)
    later = tuple(source for source in sources if source not in then)
    return Again(day, Reviewed(**vars(at), pilot=pilot, start=start), status, then, later, out)


def _beside(held: Panel, seen: Reviewed, start: int, last: date, judged: whole.Judged) -> Iterator[Beside]:
    """Each figure the countries were chosen by, at the start and in the newest year out by the end."""
    result, host = judged.on(last), seen.pilot.country
    if seen.compared is None or not seen.compared.names or isinstance(result, str):
        return
    read = trajectories.read(held, last, start, judged.policy.max_age)
    pool = sorted(set(result.peers.index) - {host})
    for series in lessons.LIKE:
        frame = read.history(series, last)
        names = [name for name in seen.compared.names if name in frame.columns]
        years = frame.dropna(how="all").index
        if host not in frame.columns or not names or start not in years or years[-1] <= start:
            continue
        now, rows = int(years[-1]), frame.loc[[start, int(years[-1])]]
        others = rows[names].dropna(axis="columns")
        since = frame[frame.index >= lessons.SINCE].reindex(columns=pool)
        sd, _ = teaching.spread(since.to_numpy(dtype=float), now - start)
        n = len(others.columns)
        yield Beside(
            series, (start, now), _pair(rows[host]), _pair(others.mean(axis="columns")), n, teaching.smallest(sd, 1, n)
        )  # fmt: skip


def _years(a: date | None, b: date | None) -> float | None:
    return (b - a).days / YEAR if a and b else None


def _pair(line: pd.Series) -> tuple[float, float]:
    return float(line.iloc[0]), float(line.iloc[1])


def _after(policy: Criteria, held: Panel, pilot: Pilot, days: list[date]) -> date | None:
    """The first of some days on which figures would have been red, had the body gone on."""
    on = pilot.model_copy(update={"stage": "running", "ends": None, "events": []})
    seen = ((day, whole.standings(policy, held, (on,), day)[0]) for day in days)
    return next((day for day, at in seen if set(FIGURES) & set(at.reasons)), None)
