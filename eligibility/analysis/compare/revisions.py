"""What a new vintage of a dataset changes: cells, countries, years, and the verdicts that flip under it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from eligibility.analysis.compare import sides
from eligibility.analysis.compare.comparison import Comparison, between
from eligibility.data import panel, sources
from eligibility.data.sources import Source
from eligibility.errors import Problem, UsageError
from eligibility.language import criteria as language
from eligibility.method import vintages
from eligibility.policy import walk
from eligibility.resources import shipped

MATERIAL = 0.05  # of a series' range: from here on a revision is more than a last digit
FEWEST = 30  # countries; of fewer nothing is said of how far figures of one age move
MIDDLE = (0.15865525393145705, 0.8413447460685429)  # between which 68 % of a normal variable lies
DIGITS = 9


@dataclass(frozen=True)
class Moves:
    """How far the figures of one age moved from one release to the next.

    age      years before the last year of the older release: 0 is the newest figure it has
    n        countries with a figure of that year in both
    common   the middle move, which all share: it changes no country's place among the others
    usual    the middle of the absolute moves
    half     half the width of the middle 68 % of the moves: what a standard error stands for
    """

    age: int
    n: int
    common: float
    usual: float
    half: float


@dataclass(frozen=True)
class SeriesRevision:
    """One series in both vintages; a cell is a country and year.

    both       cells with a value in both; changed: of those, another value
    material   of those, moved by more than a twentieth of the declared range, or to another class
    largest    the cell that moved most: iso3, year, old, new; None where nothing moved
    appeared   cells of years the old vintage reaches that only the new one has; withdrawn: the reverse
    by_age     how far figures moved by their age, the newest first; empty for classes and for fewer than 30 countries
    decimals   with which the series is printed
    """

    name: str
    both: int
    changed: int
    material: int
    largest: tuple[str, int, float, float] | None
    appeared: int
    withdrawn: int
    by_age: tuple[Moves, ...] = ()
    decimals: int = 3

    @property
    def share(self) -> float:
        """The share of the cells in both that moved materially; 0 without any."""
        return self.material / self.both if self.both else 0.0


@dataclass(frozen=True)
class Revision:
    """Two vintages of one family, and the rounds of one policy under each."""

    old: Source
    new: Source
    series: tuple[SeriesRevision, ...]
    only_old: tuple[str, ...]  # series
    only_new: tuple[str, ...]
    countries_new: tuple[str, ...]
    countries_lost: tuple[str, ...]
    years_new: tuple[int, ...]
    years_lost: tuple[int, ...]
    verdicts: Comparison | None  # None where the criteria look at nothing that both hold

    @property
    def flipped(self) -> tuple[str, ...]:
        """The countries whose status is another under the new vintage."""
        told = self.verdicts
        return () if told is None else tuple(c for c in told.countries if len({*told.status(c)}) > 1)


def revise(
    old: str,
    new: str,
    ref: str = sides.DEFAULT_CRITERIA,
    as_of: date | None = None,
    draws: int | None = None,
    data: Path | None = None,
) -> Revision:
    """What `new` changes of `old`: ids of datasets held, or their folders."""
    shelf = sources.shelf(data)
    a, b = (_dataset(word, where, shelf) for word, where in ((old, "OLD"), (new, "NEW")))
    if a.family != b.family:
        rule = f"must be a vintage of '{a.family}', as OLD is"
        raise UsageError(Problem("NEW", "dataset", rule, b.id))
    if not a.series.keys() & b.series.keys():
        raise UsageError(Problem("NEW", "dataset", f"holds no series that {a.id} holds", b.id))
    return replace(changes(a, b), verdicts=_verdicts(a, b, shelf, ref, as_of, draws))


def changes(a: Source, b: Source) -> Revision:
    """Everything a Revision says of the cells, without verdicts."""
    was, now = sources.table(a), sources.table(b)
    shared = [name for name in b.series if name in a.series]
    series = tuple(_series(a.series[name], name, was[name].dropna(), now[name].dropna()) for name in shared)
    lands = [set(t.index.get_level_values("iso3")) for t in (was, now)]
    years = [set(map(int, t.index.get_level_values("year"))) for t in (was, now)]
    return Revision(
        a,
        b,
        series,
        tuple(name for name in a.series if name not in b.series),
        tuple(name for name in b.series if name not in a.series),
        tuple(sorted(lands[1] - lands[0])),
        tuple(sorted(lands[0] - lands[1])),
        tuple(sorted(years[1] - years[0])),
        tuple(sorted(years[0] - years[1])),
        None,
    )


def _series(sheet: sources.SeriesSheet, name: str, was: pd.Series, now: pd.Series) -> SeriesRevision:
    """What became of one series."""
    cells = was.index.intersection(now.index)
    old, new = was.loc[cells], now.loc[cells]
    moved = (new - old).abs()
    material = moved > (0 if sheet.classes else MATERIAL * (sheet.hi - sheet.lo) + 1e-12)
    top = moved.idxmax() if len(moved) and moved.max() > 0 else None
    last = [x.index.get_level_values("year") for x in (was, now)]
    reach = min((x.max() for x in last if len(x)), default=0)
    return SeriesRevision(
        name=name,
        both=len(cells),
        changed=int((moved > 0).sum()),
        material=int(material.sum()),
        largest=(top[0], int(top[1]), float(old[top]), float(new[top])) if top is not None else None,
        appeared=sum(1 for _, year in now.index.difference(was.index) if year <= reach),
        withdrawn=sum(1 for _, year in was.index.difference(now.index) if year <= reach),
        by_age=() if sheet.classes or sheet.standing else by_age(was, now),
        decimals=sheet.decimals,
    )


def by_age(was: pd.Series, now: pd.Series) -> tuple[Moves, ...]:
    """How far figures moved, the newest year of the older release first; series by (iso3, year).

    >>> index = pd.MultiIndex.from_product([[f"C{k:02}" for k in range(31)], [2020]], names=["iso3", "year"])
    >>> was, now = pd.Series(0.0, index), pd.Series([k / 100 for k in range(31)], index)
    >>> (newest,) = by_age(was, now)
    >>> newest.age, newest.n, newest.common, round(newest.half, 3)
    (0, 31, 0.15, 0.102)
    """
    moved = (now - was).dropna()
    years, found = moved.index.get_level_values("year"), []
    last = max(was.index.get_level_values("year"), default=0)
    for year in sorted(set(years), reverse=True):
        own = moved[years == year].to_numpy()
        if len(own) >= FEWEST:
            low, high = np.quantile(own, MIDDLE)
            numbers = (np.median(own), np.median(np.abs(own)), (high - low) / 2)
            found.append(Moves(int(last - year), len(own), *(round(float(x), DIGITS) for x in numbers)))
    return tuple(found)


def _dataset(word: str, where: str, shelf: tuple[Source, ...]) -> Source:
    """The dataset meant: an id held, `shipped:` and the id of one that a user's own stands in for, or a folder."""
    if word.startswith("shipped:"):
        shelf = tuple(sources.held(shipped("datasets")))
    for source in shelf:
        if source.id == word.removeprefix("shipped:"):
            return source
    if (Path(word) / sources.SHEET).is_file():
        return sources.sheet(Path(word).resolve())
    hint = "`eligibility data list` names those held"
    raise UsageError(
        Problem(where, "dataset", f"must be a dataset held or a folder with a {sources.SHEET}", word, hint)
    )


def _verdicts(
    a: Source, b: Source, shelf: tuple[Source, ...], ref: str, as_of: date | None, draws: int | None
) -> Comparison | None:
    """The rounds of the criteria at one date, each with one vintage answering for all it holds."""
    held = [
        vintages.pinned({s.id: s for s in (*shelf, *pair)}.values(), [pair[-1].id])
        for pair in ((b, a), (a, b))
    ]
    policies = [language.load(ref, panel.catalogue(mine)) for mine in held]
    used = {series.partition(".")[2] for series in walk.indicators(policies[0])
            if series.startswith(f"{a.family}.")}  # fmt: skip
    if not used & a.series.keys() & b.series.keys():
        return None
    when = as_of or min(sides.default_day(p, mine) for p, mine in zip(policies, held, strict=True))
    one, other = (
        sides.judged(source.id, policy.drawing(draws), mine, when)
        for source, policy, mine in zip((a, b), policies, held, strict=True)
    )
    return between(one, other)
