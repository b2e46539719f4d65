"""How often past reviews would have sounded, and how often they were right: every country admitted since 2006, five years each.

A run is one country of one yearly cohort of the record: it begins on the day of the cohort and is reviewed each time
a year of V-Dem comes out, five times. What became of it is read from the newest figures.

The truth is V-Dem's, and so are the figures that sound: on figures as revised since, this is the best that such reviews
could have done. Freedom House, where somebody holds it, judges beside it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from eligibility import resources
from eligibility.analysis import record
from eligibility.analysis.reviews import trajectories
from eligibility.analysis.reviews.trajectories import CLASS, INDICATORS, LEVEL
from eligibility.data import panel, sources
from eligibility.data.lists import months_later
from eligibility.errors import DataError
from eligibility.files import opened
from eligibility.method import alarms, cohorts, run, vintages
from eligibility.method.error_paths import latent
from eligibility.method.evaluate import ADMITTED
from eligibility.policy.model import Criteria

SINCE = 2006
YEAR = timedelta(days=365)  # an alarm a year ahead
FH_TOTAL, FH_STATUS, FH_LOSS = "fh.total", "fh.status", 6.0
DRAWS = 2_000  # of the noise
TABLE = "reviews/alarms.csv"
SIGNALS = ("red", "red by figures", "red or amber", "fell by 0.05", "an event alone")
NAIVE = "fell by 0.05"
PARTS = ("sounded", "caught", "ahead", "false", "right")  # what shares there are
ENDS = ("low", "high")  # of a range


@dataclass(frozen=True)
class Runs:
    """One row a run: `country` and `as_of`, when each signal first sounded, when a loss was first in the figures.

    NaT where it never was. `fh` is whether Freedom House saw a loss, NaN where it is not held. `reading` says which years the
    first cohort and the last were chosen on.
    """

    table: pd.DataFrame
    noise: alarms.Noise
    unfollowed: int
    reading: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """Counts of one signal against one truth; n of `runs`, `noise` a share of simulations in which nothing changes.

    lead     of those caught, the median of years from the alarm to the day the loss was in the figures; below 0: after it
    ranges   both ends of the 90 % range of each share, by its name in PARTS; those of no case are NaN
    """

    truth: str
    signal: str
    runs: int
    countries: int
    first: int
    last: int
    lost: int
    sounded: int
    caught: int
    ahead: int
    false: int
    noise: float | None = None
    lead: float | None = None
    ranges: dict[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def shares(self) -> dict[str, tuple[int, int]]:
        """What a share is of, with both counts: of pilots, of losses, of pilots that lost nothing, of alarms.

        Of a truth that is not V-Dem's nobody knows the day, and no share is ahead of it.
        """
        kept, dated = self.runs - self.lost, self.lost if self.truth == "V-Dem" else 0
        return {"sounded": (self.sounded, self.runs), "caught": (self.caught, self.lost), "ahead": (self.ahead, dated),
                "false": (self.false, kept), "right": (self.caught, self.sounded)}  # fmt: skip


def runs(policy: Criteria, figures: panel.Panel, data: Path | None = None) -> Runs:
    """Every run of criteria since 2006 whose five years are over; `figures` are those the criteria choose by."""
    outcomes = panel.load([LEVEL], sources.shelf(data))
    made = [c for c in record.of(policy, figures, outcomes).cohorts if c.as_of.year >= SINCE]
    rows = [(iso3, c.as_of, c.year) for c in made for iso3 in c.status.index[c.status.isin(ADMITTED)]]
    held, reading = trajectories.figures(data), figures.reading
    table = pd.DataFrame(rows, columns=["country", "as_of", "start"])
    level = held.values[LEVEL]
    there = np.array([_whole(level, iso3, start) for iso3, _, start in rows], dtype=bool)
    table = table[there].reset_index(drop=True)
    table["lost"], table["fh"] = _losses(held, table), _freedom_house(table, data)
    read = trajectories.figures(data, reading)
    for signal, days in _sounded(policy, read, table).items():
        table[signal] = days
    chosen_on = vintages.at_both_ends({c.as_of: c.reading for c in made})
    return Runs(table, _noise(policy, held, table), int((~there).sum()), chosen_on)


def _whole(level: pd.DataFrame, iso3: str, start: int) -> bool:
    """Whether the start and all five years after it are held."""
    if iso3 not in level.columns:
        return False
    return level[iso3].reindex(range(start, start + cohorts.YEARS + 1)).notna().all()


def _losses(held: panel.Panel, table: pd.DataFrame) -> list[pd.Timestamp]:
    """The day on which a loss of each run was first in the figures; NaT where there was none."""
    level, classes, out = held.values[LEVEL], held.values[CLASS], held.sheets[LEVEL].known_from
    found = []
    for row in table.itertuples():
        years = range(row.start + 1, row.start + cohorts.YEARS + 1)
        line, class_ = level[row.country], classes[row.country].reindex(range(row.start, years[-1] + 1))
        lost = [
            y for y in years
            if line[row.start] - line[y] >= cohorts.LOSS - cohorts.SLACK or class_[y] < class_[row.start]
        ]  # fmt: skip
        found.append(pd.Timestamp(out(lost[0])) if lost else pd.NaT)
    return found


def _freedom_house(table: pd.DataFrame, data: Path | None) -> list[float]:
    """Whether the total fell by FH_LOSS or the status fell within the five years; NaN where that is not held.

    Each run is judged whole by the newest release that holds all its years.
    """
    try:
        held = panel.load((FH_TOTAL, FH_STATUS), sources.shelf(data), "unknown")
    except DataError:
        return [float("nan")] * len(table)
    found = []
    for row in table.itertuples():
        years, lost = range(row.start, row.start + cohorts.YEARS + 1), []
        for series, by in ((FH_TOTAL, FH_LOSS), (FH_STATUS, 1.0)):
            frames = (v.values for v in reversed(held.vintages.get(series, ())))
            lines = (f[row.country].reindex(years) for f in frames if row.country in f.columns)
            if (line := next((x for x in lines if not x.isna().any()), None)) is not None:
                lost.append(float((line.iloc[0] - line.iloc[1:] >= by - cohorts.SLACK).any()))
        found.append(max(lost) if lost else float("nan"))
    return found


def _sounded(policy: Criteria, held: panel.Panel, table: pd.DataFrame) -> dict[str, list[pd.Timestamp]]:
    """Signal -> the first day it sounded in each run, of the five years after it began."""
    ends = [months_later(day, 12 * cohorts.YEARS) for day in table["as_of"]]
    listed = [
        trajectories.events(held, *run) for run in zip(table["country"], table["as_of"], ends, strict=True)
    ]
    seized = [_first(*(e.last for e in own if e.event in trajectories.SOUNDING)) for own in listed]
    by: dict[str, list[date | None]] = {signal: [None] * len(table) for signal in SIGNALS}
    starts = table["start"].to_numpy(dtype=int)
    for year in range(int(starts.min(initial=9999)) + 1, int(starts.max(initial=0)) + cohorts.YEARS + 1):
        mine = np.flatnonzero((starts < year) & (year <= starts + cohorts.YEARS))
        day, nobody = held.sheets[LEVEL].known_from(year), np.zeros(len(mine), dtype=bool)
        at = trajectories.known(
            policy, held, day, table["country"].iloc[mine].tolist(), starts[mine], nobody
        ).standing
        found = alarms.reasons(at)
        red = found["fall"] | found["class"]
        now = {
            "red by figures": red,
            "red or amber": red | found["drop"] | found["several"],
            NAIVE: alarms.fell(at.fall, 0.0, alarms.DROP, 0.0),
        }
        for signal, rings in now.items():
            for k in mine[rings]:
                by[signal][k] = by[signal][k] or day
    by["an event alone"] = seized
    by["red"] = [_first(a, b) for a, b in zip(by["red by figures"], seized, strict=True)]
    by["red or amber"] = [_first(a, b) for a, b in zip(by["red or amber"], seized, strict=True)]
    return {signal: [pd.NaT if d is None else pd.Timestamp(d) for d in days] for signal, days in by.items()}


def _first(*days: date | None) -> date | None:
    return min((day for day in days if day is not None), default=None)


def _noise(policy: Criteria, held: panel.Panel, table: pd.DataFrame) -> alarms.Noise:
    """How often figures would sound if nothing had changed in any of the runs."""

    def at(series: str) -> tuple[np.ndarray, np.ndarray]:
        frame, sheet = held.values[series], held.sheets[series]
        value = np.array([frame[c].get(y, np.nan) if c in frame.columns else np.nan
                          for c, y in zip(table["country"], table["start"], strict=True)], dtype=float)  # fmt: skip
        assumed, sd = dict(policy.uncertainty.assumed_sd), np.full(len(value), np.nan)
        for year in sorted(set(table["start"])):
            k = np.flatnonzero(table["start"] == year)
            who = pd.Index(table["country"].iloc[k])
            sd[k] = held.sd_of(series, value[k], np.full(len(k), float(year)), who, assumed)[0]
        scaled = latent(sheet, value, sd)
        return scaled.m[:, 0], scaled.s[:, 0]

    own, classes, regime = policy.uncertainty, held.values[CLASS], held.sheets[CLASS]
    between, cut = regime.between, regime.cut
    assert between is not None and cut is not None  # as whatever follows another has
    places, errors = (np.array(part) for part in zip(*(at(s) for s in INDICATORS), strict=True))
    democracy = np.array([classes[c].get(y, 0) >= between[1]
                          for c, y in zip(table["country"], table["start"], strict=True)], dtype=bool)  # fmt: skip
    return alarms.noise(
        at(LEVEL), (places, errors),
        np.array([held.sheets[s].better == "low" for s in INDICATORS], dtype=int), democracy, cut,
        (own.persistence, own.correlation), cohorts.YEARS, DRAWS, own.seed,
    )  # fmt: skip


def rows(made: Runs, seed: int) -> tuple[Row, ...]:
    """The counts of every signal against V-Dem and, where it is held, against Freedom House; ranges as `seed` draws them."""
    table, out = made.table, []
    noise = {"red by figures": made.noise.red, "red or amber": made.noise.amber, NAIVE: made.noise.naive}
    for truth, lost, judged in (
        ("V-Dem", table["lost"].notna(), np.ones(len(table), dtype=bool)),
        ("Freedom House", table["fh"] == 1.0, table["fh"].notna().to_numpy()),
    ):
        own, lost = table[judged], lost[judged]
        if not len(own):
            continue
        years, country = [day.year for day in own["as_of"]], np.unique(own["country"], return_inverse=True)[1]
        for signal in SIGNALS:
            rang = own[signal].notna()
            early = rang & (own["lost"] - own[signal] >= YEAR) if truth == "V-Dem" else rang & False
            every = pd.Series(True, own.index)
            parts = ((rang, every), (rang, lost), (early, lost), (rang, ~lost), (lost, rang))
            drawn = (alarms.share(country, part.to_numpy(), whole.to_numpy(), seed) for part, whole in parts)
            out.append(
                Row(truth, signal, len(own), own["country"].nunique(), min(years), max(years), int(lost.sum()),
                    int(rang.sum()), int((rang & lost).sum()), int((early & lost).sum()), int((rang & ~lost).sum()),
                    noise.get(signal) if truth == "V-Dem" else None,
                    _lead(own["lost"] - own[signal]) if truth == "V-Dem" else None,
                    {name: (round(one.low, 6), round(one.high, 6)) for name, one in zip(PARTS, drawn, strict=True)})
            )  # fmt: skip
    return tuple(out)


def _lead(early: pd.Series) -> float | None:
    """The median of some spans in years, NaT left out; None of none."""
    days = early.dropna().dt.days
    return round(float(days.median()) / YEAR.days, 2) + 0.0 if len(days) else None


def of(
    ref: str, reading: panel.Reading = panel.NEWEST, data: Path | None = None, settings: tuple[str, ...] = ()
) -> tuple[Criteria, Runs]:
    """The runs of a criteria file and the policy they were chosen by."""
    policy, figures = run.ready(ref, settings, data, reading)
    return policy, runs(policy, figures, data)


COLUMNS = tuple(f.name for f in fields(Row) if f.name != "ranges")


def written(policy: Criteria, told: tuple[Row, ...]) -> str:
    """The counts as a table, the same bytes for the same figures."""
    rows = [
        {"criteria": policy.id, "version": policy.version}
        | {column: getattr(row, column) for column in COLUMNS}
        | {f"{part}_{end}": x for part, ends in row.ranges.items() for end, x in zip(ENDS, ends, strict=True)}
        for row in told
    ]  # fmt: skip
    columns = ["criteria", "version", *COLUMNS, *(f"{part}_{end}" for part in PARTS for end in ENDS)]
    return pd.DataFrame(rows, columns=columns).to_csv(index=False, lineterminator="\n")


def shipped() -> tuple[str, tuple[Row, ...]]:
    """The criteria and the counts of the table that ships."""
    text = opened.text(resources.shipped("datasets") / TABLE)
    lines = list(csv.DictReader(io.StringIO(text, newline="")))
    read: dict[str, Callable[[str], Any]] = {
        "str": str, "int": int, "float | None": lambda text: float(text) if text else None
    }  # fmt: skip
    kinds = [(name, read[str(Row.__annotations__[name])]) for name in COLUMNS]
    rows = (
        Row(**{name: kind(line[name]) for name, kind in kinds}, ranges={part: _ends(line, part) for part in PARTS})
        for line in lines
    )  # fmt: skip
    return f"{lines[0]['criteria']} {lines[0]['version']}", tuple(rows)


def _ends(line: dict[str, str], part: str) -> tuple[float, float]:
    low, high = (float(line[f"{part}_{end}"] or "nan") for end in ENDS)
    return low, high
