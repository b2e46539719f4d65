"""What became of the countries that a criteria file would have chosen in past years.

A cohort a year: the criteria judged on 1 July, on what was published by then, and the five years after. Who is chosen
is read from the releases the run may read; what became of them always from the newest. No cohort counts before its five
years are over, and a figure that nobody could have had on the day ends the run instead of a better number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from eligibility.analysis import rechecked
from eligibility.analysis.rechecked import Pair
from eligibility.data import panel, sources
from eligibility.data.readers import expected
from eligibility.data.sources import SeriesSheet, Source
from eligibility.errors import DataError, Problem, UsageError
from eligibility.method import cohorts, run, vintages
from eligibility.method.cohorts import Row
from eligibility.method.evaluate import ADMITTED
from eligibility.method.resamples import Share
from eligibility.method.result import Result
from eligibility.method.rounds import Round, published
from eligibility.policy import walk
from eligibility.policy.model import Criteria

LEVEL = "vdem.polyarchy"  # the outcome: V-Dem's electoral democracy index
INCOME = "wb.income_class"  # by which the record is told in parts, where the criteria read it
MONTH, DAY = 7, 1  # of the day of a cohort: what describes the year before is out by then
NOBODY = ("excluded", "insufficient-data", "on-hold")  # every other status is a kind of candidate of its own
HALF = 0.5  # of those a rule is for: where it cannot judge as many, the cohort says nothing of the criteria
LAST = 5  # losses told by name


@dataclass(frozen=True)
class Cohort:
    """One year's choice. `year` is the one its level of democracy is of; rows are of the pool, by ISO3.

    status    iso3 -> status
    gates     iso3 -> whether it passes every gate
    listed    the shortlist; best: as many of the pool, the highest by the level alone
    income    iso3 -> the number of its class of income; NaN where the criteria do not read it
    reading   which years it was chosen on, and what was behind its publisher on the day
    """

    as_of: date
    year: int
    status: pd.Series
    gates: pd.Series
    listed: tuple[str, ...]
    best: tuple[str, ...]
    income: pd.Series
    reading: str = ""


@dataclass(frozen=True)
class Left:
    """A cohort that is left out, and why."""

    as_of: date
    why: str


@dataclass(frozen=True)
class Loss:
    """One country that was admitted and lost ground: the level then, and the lowest and its year."""

    iso3: str
    as_of: date
    year: int
    level: float
    lowest_year: int
    lowest: float


@dataclass(frozen=True)
class Beside:
    """One group beside another: how often each lost ground, and by how much more often the first did."""

    mine: Row
    others: Row
    apart: Share


@dataclass(frozen=True)
class Choice:
    """What of the cohorts is asked for: those from a year on, and countries that are counted nowhere."""

    first: int | None = None
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class Past:
    """The cohorts of a criteria file and what became of them.

    rows     group -> its shares: admitted, every further status that is a kind of candidate, and for each of these and for
             the shortlist the others at the same level ("others: ..."); gates-only; shortlist, lots, best
    apart    "group - other group" -> by how much more often the first lost ground, from the same countries drawn anew
    losses   the last, the newest first
    unfollowed   country-years admitted whose five years are not all known
    revised      whether releases that came out later were read to choose
    until        the last year of the outcome that is known
    """

    criteria: Criteria
    outcome: Source
    cohorts: tuple[Cohort, ...]
    left: tuple[Left, ...]
    rows: Mapping[str, Row]
    apart: Mapping[str, Share]
    losses: tuple[Loss, ...]
    unfollowed: int
    revised: bool
    until: int | None = None
    pairs: tuple[Pair, ...] = ()  # probabilities beside the next release (rechecked.py)
    wanted: tuple[str, ...] = ()  # of what choosing reads and nobody holds: where the files are to be had
    choice: Choice = Choice()
    # part of the cohorts -> who was admitted in it, beside others
    parts: Mapping[str, Beside] = field(default_factory=dict)

    @property
    def reading(self) -> tuple[str, ...]:
        """The first lines of every output: which years the first cohort and the last were chosen on."""
        return vintages.at_both_ends({cohort.as_of: cohort.reading for cohort in self.cohorts})

    @property
    def admitted(self) -> bool:
        """Whether any country-year was."""
        return bool(self.rows) and self.rows["admitted"].n > 0


def record(
    ref: str = "peacetime-pilots",
    reading: panel.Reading = panel.NEWEST,
    data: Path | None = None,
    settings: tuple[str, ...] = (),
    choice: Choice = Choice(),
) -> Past:
    """The record of a criteria file, from one reading of the figures.

    ref      the id of a shipped set or a path
    reading  which releases may be read to choose; what became of the chosen is read from the newest
    choice   which cohorts and countries count
    """
    policy, figures = run.ready(ref, settings, data, reading)
    past = of(policy, figures, panel.load([LEVEL], sources.shelf(data)), choice=choice, whole=True)
    lacking = set(figures.absent) & set(walk.indicators(policy, "gate", "track"))
    return replace(past, pairs=rechecked.pairs(policy, figures), wanted=expected.steps(lacking))


def known(result: Result) -> Past | None:
    """The record of a result's criteria as it stood on its day: of the cohorts whose five years were over and published by then.

    What became of the countries is read from the newest release of the level of democracy. None where the result reads
    none, and for an index, which lets nobody qualify.
    """
    held = (*result.panel.vintages.get(LEVEL, ()), *filter(None, [result.panel.beside.get(LEVEL)]))
    if result.criteria.index or not held:
        return None
    newest = max(held, key=lambda one: (one.source.released, one.source.id))
    outcomes = replace(
        result.panel,
        sheets={LEVEL: newest.sheet}, held={LEVEL: newest.source}, values={LEVEL: newest.values},
    )  # fmt: skip
    own = replace(result.criteria, axes=(), mechanisms=())  # which choose nobody
    used = {*walk.indicators(own), *([own.hold.events] if own.hold else [])}
    return of(own, result.panel.only(used).exact(), outcomes, result.as_of)


def of(
    policy: Criteria,
    figures: panel.Panel,
    outcomes: panel.Panel,
    day: date | None = None,
    choice: Choice = Choice(),
    whole: bool = False,
) -> Past:
    """The record of criteria on figures; `outcomes` holds the newest figures of what became of the countries.

    day     only what had become of them by the figures out then
    choice  which cohorts and countries count
    whole   in parts too
    """
    policy = policy.drawing(0)
    level, sheet = outcomes.values[LEVEL].dropna(how="all"), outcomes.sheets[LEVEL]
    level = level.loc[[day is None or sheet.known_from(int(year)) <= day for year in level.index]]
    if not len(level):
        return Past(policy, outcomes.held[LEVEL], (), (), {}, {}, (), 0, not figures.reading.as_known)
    made: list[Cohort] = []
    left: list[Left] = []
    for year in range(int(level.index[0]) + 1, int(level.index[-1]) + 2):
        if choice.first is not None and year < choice.first:
            left.append(Left(date(year, MONTH, DAY), "before the first year asked for"))
            continue
        found = _cohort(policy, figures, level, sheet, date(year, MONTH, DAY), choice.without)
        if isinstance(found, Cohort):
            made.append(found)
        else:
            left.append(found)
    return replace(_told(policy, figures, outcomes.held[LEVEL], level, made, left, whole), choice=choice)


def _cohort(
    policy: Criteria,
    figures: panel.Panel,
    level: pd.DataFrame,
    sheet: SeriesSheet,
    day: date,
    without: tuple[str, ...],
) -> Cohort | Left:
    """The choice of one day, made with every country and told without some; or why it is left out."""
    if not policy.in_force.holds(day):
        return Left(day, f"the criteria are {policy.in_force}")
    known = [int(year) for year in level.index if sheet.known_from(int(year)) <= day]
    if not known:
        return Left(day, "no level of democracy was out")
    if known[-1] + cohorts.YEARS > int(level.index[-1]):
        return Left(day, f"its {cohorts.YEARS} years are not over")
    try:
        result = published(policy, figures, day)
    except UsageError as error:
        return Left(day, error.problems[0].rule)
    guard(result)
    if blind := _blind(result):
        return Left(day, blind)
    status = result.screening.status.drop(list(without), errors="ignore")
    listed = tuple(c for c in result.ranking.shortlist if c in status.index)
    passed = result.screening.gate.loc[status.index].isin(["pass", "conditional"]).all(axis=1)
    levels = level.loc[known[-1]].reindex(status.index).dropna()
    best = sorted(levels.index, key=lambda c: (-levels[c], c))[: len(listed)]
    income = result.cells.value.reindex(columns=[INCOME])[INCOME].loc[status.index]
    return Cohort(day, known[-1], status, passed, listed, tuple(best), income, result.reading)


def guard(result: Round) -> None:
    """Nothing where every figure read could have been had on the day; a DataError that names the first that could not.

    A calendar that says a figure was out before the year it describes was over is not believed.
    """
    day, cells = result.as_of, result.cells
    for series in cells.year.columns:
        if series not in cells.panel.held or cells.panel.held[series].dated:
            continue
        out = cells.panel.sheets[series].known_from
        for year in sorted(set(cells.year[series].dropna().astype(int)), reverse=True):
            if year >= day.year or out(year) > day:
                rule = f"a figure for {year} is read that nobody could have had then"
                raise DataError(Problem(f"record: {day.isoformat()}", series, rule))


def _blind(result: Round) -> str:
    """The first rule that cannot judge half of those it is for; "" where each can."""
    groups = result.peers.to_numpy()
    for rule in (*result.criteria.gates, *result.criteria.tracks):
        words = (result.screening.gate if rule in result.criteria.gates else result.screening.track)[rule.id]
        # a track is for its peer group; who is in one that nobody knows may belong to it
        own = words[(groups == rule.peer_group) | (groups == "")] if rule.peer_group else words
        if len(own) and (own == "unknown").mean() >= HALF:
            return f"“{rule.title}” cannot judge half of those it is for"
    if (result.screening.status == "insufficient-data").mean() >= HALF:
        return "half of the candidates cannot be judged"
    return ""


class _Rows:
    """The country-years of all cohorts, side by side."""

    def __init__(self, made: Iterable[Cohort], level: pd.DataFrame):
        self.countries = list(level.columns)
        parts = [
            pd.DataFrame({"iso3": who, "status": c.status, "gates": c.gates, "income": c.income}).assign(
                as_of=c.as_of,
                year=c.year,
                listed=who.isin(c.listed),
                best=who.isin(c.best),
                size=len(c.listed),
            )
            for c in made
            for who in [c.status.index]
        ]
        whole = (
            pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["iso3", "year", "status"])
        )
        place = pd.Index(self.countries).get_indexer(whole["iso3"])
        inside = place >= 0
        self.followed, there = cohorts.follow(level, place[inside], whole["year"].to_numpy(dtype=int)[inside])
        self.table = whole[inside][there].reset_index(drop=True)
        self.unfollowed = int(whole["status"].isin(ADMITTED).sum() - self.admitted.sum())

    @cached_property
    def admitted(self) -> np.ndarray:
        return self.table["status"].isin(ADMITTED).to_numpy()

    @cached_property
    def others(self) -> np.ndarray:
        """Those that are no candidates of any kind; who cannot be judged could be one."""
        return (self.table["status"] == "excluded").to_numpy()


def _told(
    policy: Criteria,
    figures: panel.Panel,
    outcome: Source,
    level: pd.DataFrame,
    made: list[Cohort],
    left: list[Left],
    whole: bool,
) -> Past:
    """The shares of every group, from rows that could be followed; where whole, of parts of the cohorts too."""
    own = _Rows(made, level)
    rows, apart, parts = {}, {}, {}
    if len(own.table):
        record = cohorts.Record(own.followed, len(own.countries), policy.uncertainty.seed)
        status = own.table["status"]
        kinds = {"admitted": own.admitted}
        kinds |= {word: (status == word).to_numpy() for word in sorted(set(status) - {*ADMITTED, *NOBODY})}
        if listed := own.table["listed"].any():
            kinds["shortlist"] = own.table["listed"].to_numpy()
        for name, mine in kinds.items():
            rows[name] = record.of(mine.astype(float))
            if (paired := record.paired(mine, own.others)).any():
                shares = record.matched(mine, own.others)
                rows[f"others: {name}"] = record.told(paired, shares)
                apart[f"{name} - others"] = record.apart(paired.astype(float), shares, "lost")
        if policy.tracks:
            gates = (own.table["gates"].to_numpy() & own.others).astype(float)
            rows["gates-only"] = record.of(gates)
            apart["admitted - gates-only"] = record.apart(own.admitted.astype(float), gates, "lost")
        if listed:
            # as many as were listed, from all admitted that year, each as likely
            many = own.table.groupby("year")["status"].transform(lambda s: s.isin(ADMITTED).sum())
            weight = (own.admitted * own.table["size"] / many.where(many > 0, 1)).to_numpy(dtype=float)
            best = own.table["best"].to_numpy().astype(float)
            for name, theirs in (("lots", weight), ("best", best)):
                rows[name] = record.of(theirs)
                apart[f"shortlist - {name}"] = record.apart(kinds["shortlist"].astype(float), theirs, "lost")
        parts = _parts(own, record, figures.sheets) if whole else {}
    return Past(
        policy, outcome, tuple(made), tuple(left), rows, apart, _losses(own), own.unfollowed,
        revised=not figures.reading.as_known, until=int(level.index[-1]), parts=parts,
    )  # fmt: skip


def _parts(own: _Rows, record: cohorts.Record, sheets: Mapping[str, SeriesSheet]) -> dict[str, Beside]:
    """Who was admitted in each half of the years and each class of income, beside others of the same half or class."""
    year, income = own.table["as_of"].map(lambda day: day.year), own.table["income"]
    years = sorted(set(year))
    halves = [half for half in (years[: len(years) // 2], years[len(years) // 2 :]) if half]
    masks = {f"cohorts {h[0]} to {h[-1]}": year.isin(h).to_numpy() for h in halves}
    masks |= {sheets[INCOME].class_name(k): (income == k).to_numpy() for k in sorted(set(income.dropna()))}
    found = {}
    for name, mask in masks.items():
        mine, theirs = own.admitted & mask, own.others & mask
        if not mine.any():
            continue
        paired = record.paired(mine, theirs)
        shares, weight = record.matched(mine, theirs), paired.astype(float)
        found[name] = Beside(
            record.of(mine.astype(float)), record.told(paired, shares), record.apart(weight, shares, "lost")
        )
    return found


def _losses(own: _Rows) -> tuple[Loss, ...]:
    """The last countries admitted that lost ground, each once, of its last cohort; of one year those that lost most."""
    followed = own.followed
    found: dict[str, Loss] = {}
    lost = own.admitted & (followed.outcomes[0] > 0)
    deep = followed.start - followed.lowest
    for k in sorted(np.flatnonzero(lost), key=lambda k: (-followed.year[k], -deep[k], own.table["iso3"][k])):
        row = own.table.iloc[k]
        if row["iso3"] not in found and len(found) < LAST:
            found[row["iso3"]] = Loss(
                row["iso3"], row["as_of"], int(followed.year[k]), float(followed.start[k]),
                int(followed.lowest_year[k]), float(followed.lowest[k]),
            )  # fmt: skip
    return tuple(found.values())
