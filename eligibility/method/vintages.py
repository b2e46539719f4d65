"""Which release answers for each series at a date: the newest that covers the question, or the one that is pinned.

A newer release covers where, in every year the criteria read at the date, it holds at least `ENOUGH` of the countries of
the pool that the release it would replace holds. Else the older one answers for all countries: no series is ever spliced.
The pool is itself read from series, so those are chosen first, by all the countries the replaced release holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from eligibility.data import countries
from eligibility.data.cells import Cells, known_at
from eligibility.data.panel import Panel, Vintage
from eligibility.data.sources import SeriesSheet, Source
from eligibility.errors import DataError, Problem, UsageError
from eligibility.language.shape import nearest
from eligibility.method import peers
from eligibility.policy import walk
from eligibility.policy.model import Criteria

# what decides who is eligible; the rest ranks or is shown beside
DECIDING: tuple[walk.Role, ...] = ("pool", "peers", "gate", "track")
ENOUGH = 0.95
MOST = 6  # series named in one sentence
READING = "Figures read: "  # how the first line of every output begins


@dataclass(frozen=True)
class Gap:
    """A newer release that does not cover a series: of the countries that `answers` holds for `year`, it has so few."""

    series: str
    newer: str
    answers: str
    year: int
    has: int
    of: int


@dataclass(frozen=True)
class Choice:
    """The figures as read at a date, and the newer releases that do not cover."""

    figures: Panel
    gaps: tuple[Gap, ...] = ()


def deciding(policy: Criteria) -> tuple[str, ...]:
    """The indicators that decide who is eligible; for an index, which admits everybody, those it scores."""
    return walk.indicators(policy, *DECIDING, *(("score",) if policy.index else ()))


def chosen(policy: Criteria, figures: Panel, as_of: date) -> Choice:
    """The figures with every series from the release that answers for it at the date; the same ones if it does now."""
    if all(len(found) < 2 for found in figures.vintages.values()):
        return Choice(figures)
    back = _back(policy, figures)
    first = set(walk.indicators(policy, "pool"))
    picked, gaps = _answering(figures, {s: n for s, n in back.items() if s in first}, as_of)
    figures = figures.taking(picked)
    rest = {s: n for s, n in back.items() if s not in first and len(figures.vintages.get(s, ())) > 1}
    if rest:
        members = frozenset(pool(policy, figures.only(first).exact(), as_of)[1].members)
        picked, more = _answering(figures, rest, as_of, members)
        figures, gaps = figures.taking(picked), [*gaps, *more]
    return Choice(figures, tuple(gaps))


def taken(figures: Panel, back: Mapping[str, int], as_of: date) -> Panel:
    """The figures with each series from the release that answers for it at a date, for a reader without criteria.

    back   series -> how many years before the date are looked at
    """
    asked = {s: n for s, n in back.items() if len(figures.vintages.get(s, ())) > 1}
    return figures.taking(_answering(figures, asked, as_of)[0])


def default_day(policy: Criteria, figures: Panel) -> date:
    """The latest release day among the releases read by what decides, kept to the days the criteria are in force.

    DataError where no figure of what decides is held.

    Which are read depends on the day, and the day on what is read: the latest day that agrees with itself. A day on which
    the figures held of something that decides would all be too old gives way to an earlier one.
    """
    held = [s for s in deciding(policy) if s in figures.held and not figures.held[s].dated]
    series = [s for s in held if figures.newest(s) is not None]
    if not series:
        rule = "no figure of any of these is held, so there is no default date"
        what = ", ".join(sorted(deciding(policy)))
        raise DataError(Problem("data", what, rule, hint="name a day with --as-of"))
    released = {figures.held[s].released for s in series}
    released |= {v.source.released for s in series for v in figures.vintages.get(s, ()) if _may(v)}
    days = sorted(released, reverse=True)
    for day in days:
        read = chosen(policy, figures, day).figures
        if day in {read.held[s].released for s in series} and _considered(policy, read, day):
            return policy.in_force.nearest(day)
    return policy.in_force.nearest(days[0])


def _considered(policy: Criteria, figures: Panel, day: date) -> bool:
    """Whether each series held of those that decide has figures that are out and not too old."""
    ages = dict(policy.own_ages)
    for series in (s for s in deciding(policy) if s in figures.held and not figures.held[s].dated):
        years = figures.history(series, day).dropna(how="all").index
        oldest = day.year - ages.get(series, policy.max_age)
        if figures.newest(series) is not None and not (years >= oldest).any():
            return False
    return True


def pool(policy: Criteria, figures: Panel, as_of: date) -> tuple[Cells, peers.Pool]:
    """The figures of every state there is at the date, and who of them is considered."""
    states = countries.register()
    sds, ages = dict(policy.uncertainty.assumed_sd), dict(policy.own_ages)
    world = known_at(figures, as_of, policy.max_age, sds, ages)
    world = world.only(
        iso3 for iso3 in world.countries if iso3 not in states or states.exists(iso3, as_of.year)
    )
    asked = dict.fromkeys(use.quantity for use in walk.quantities(policy) if use.role == "pool")
    return world, peers.pool(world, policy.pool, asked)


def pinned(shelf: Iterable[Source], pins: Iterable[str]) -> tuple[Source, ...]:
    """The shelf on which only the pinned releases answer for what they are pinned to; the others stand back.

    pins   each `SERIES=ID`, or `ID` for every series that release holds; a later pin counts over an earlier one
    """
    shelf, problems = tuple(shelf), []
    taken: dict[str, str] = {}
    held = {source.id: source for source in shelf}
    for pin in pins:
        series, named, id_ = pin.rpartition("=")
        source, (family, _, name) = held.get(id_), series.partition(".")
        if source is None:
            hint = nearest(id_, held) or "`eligibility data list` names those held"
            problems.append(Problem("--vintage", "dataset", "must be the id of a dataset held", id_, hint))
        elif not named:
            taken |= {f"{source.family}.{own}": id_ for own in source.series}
        elif family != source.family or name not in source.series:
            having = [s.id for s in shelf if s.family == family and name in s.series]
            hint = f"{', '.join(having)} do" if len(having) > 1 else f"{having[0]} does" if having else ""
            hint = hint or nearest(series, [f"{source.family}.{own}" for own in source.series])
            problems.append(Problem("--vintage", series, f"{id_} does not hold this series", pin, hint))
        else:
            taken[series] = id_
    if problems:
        raise UsageError(problems)
    return tuple(replace(s, stands_back=_standing_back(s, taken)) for s in shelf)


def _standing_back(source: Source, taken: Mapping[str, str]) -> frozenset[str]:
    """What a release must not answer for, once these series are pinned."""
    mine = {name: taken.get(f"{source.family}.{name}") for name in source.series}
    back = {name for name, id_ in mine.items() if id_ not in (None, source.id)}
    return (source.stands_back | back) - {name for name, id_ in mine.items() if id_ == source.id}


def _may(vintage: Vintage) -> bool:
    return vintage.sheet.name not in vintage.source.stands_back


def _back(policy: Criteria, figures: Panel) -> dict[str, int]:
    """Series -> how many years before the date the criteria look at; of an index that is followed, as far."""
    ages = dict(policy.own_ages)
    back = {series: ages.get(series, policy.max_age) for series in figures.vintages}
    for use in walk.quantities(policy):
        if (series := use.quantity.indicator) in back:
            back[series] = max(back[series], ages.get(series, policy.max_age) + use.quantity.years)
    for series in tuple(back):
        if (followed := figures.sheets[series].follows) in back:
            back[followed] = max(back[followed], back[series])
    return back


def _answering(
    figures: Panel, back: Mapping[str, int], as_of: date, members: frozenset[str] | None = None
) -> tuple[dict[str, Vintage], list[Gap]]:
    """The release of each series that answers at the date, and the newer ones that do not cover it."""
    picked, gaps = {}, []
    for series in sorted(back):
        found = [v for v in figures.vintages[series] if _may(v)]
        years = {year for v in found for year in v.years if year >= as_of.year - back[series]}
        read = [year for year in sorted(years) if found[0].sheet.known_from(year) <= as_of]
        if figures.reading.as_known:
            # one that ends before the newest year out by then is not what a reader of that day had before them
            whole = [v for v in found if read and read[-1] in v.years] or found
            found = [v for v in whole if v.source.released <= as_of] or whole[:1]
        picked[series], passed = found[0], []
        for newer in found[1:]:
            if gap := _gap(newer, picked[series], read, members):
                passed.append(gap)
            else:
                picked[series], passed = newer, []
        gaps += passed
    return picked, gaps


def _gap(newer: Vintage, older: Vintage, read: Iterable[int], members: frozenset[str] | None) -> Gap | None:
    """The newest year read in which a release does not cover an older one; None if it covers."""
    for year in sorted(set(read) & set(older.years), reverse=True):
        had = older.having[year] if members is None else older.having[year] & members
        # of a release of one year, as the World Bank's list of classes, the year itself is no history that could be lost
        late = [y for y in newer.years if y > year and y in read] if len(older.years) == 1 else []
        of = late[-1] if late else year
        has = had & newer.having.get(of, frozenset())
        if len(has) < ENOUGH * len(had):
            return Gap(newer.sheet.id, newer.source.id, older.source.id, year, len(has), len(had))
    return None


@dataclass(frozen=True)
class Read:
    """Which years were read, and which figures that decide were behind their publisher at the date.

    years    what a sentence calls the figures -> the newest year of each of their series, newest first
    behind   what it calls them, the last year held, the day by which the next was out
    """

    years: Mapping[str, tuple[int, ...]]
    behind: tuple[tuple[str, int, date], ...]

    @property
    def told(self) -> str:
        """As the first line of every output says it."""
        years = [
            f"{name} {' and '.join(filter(None, (', '.join(map(str, of[:-1])), str(of[-1]))))}"
            for name, of in self.years.items()
        ]
        each: dict[str, list[str]] = {}
        for name, last, due in self.behind:
            part = (
                ", held in part" if self.years.get(name, (last,))[0] > last else ""
            )  # others of its series have it
            each.setdefault(name, []).append(f"for {last + 1} (due by {due.isoformat()}{part})")
        late = ", ".join(f"{name} {' and '.join(found)}" for name, found in each.items())
        return f"{READING}{', '.join(years)}; {f'newer figures are out: {late}' if late else 'nothing newer that decides was due'}."


def read(policy: Criteria, cells: Cells) -> Read:
    """The years of the figures read for the pool, the peers, gates, tracks and score."""
    late: dict[tuple[str, int], date] = {}
    for series in deciding(policy):
        for source, last, due in cells.panel.overdue([series], cells.as_of):
            late[source.name, last] = min(due, late.get((source.name, last), due))
    return Read(years_read(policy, cells, "name"), tuple((*key, late[key]) for key in sorted(late)))


def years_read(policy: Criteria, cells: Cells, of: str) -> dict[str, tuple[int, ...]]:
    """An attribute of the sources read -> the newest year of each of their series, newest first; a list has no year."""
    found: dict[str, set[int]] = {}
    for series in walk.indicators(policy, *DECIDING, "score"):
        year = cells.year[series].max()
        if series in cells.panel.held and not cells.panel.held[series].dated and year == year:
            found.setdefault(getattr(cells.panel.held[series], of), set()).add(int(year))
    return {name: tuple(sorted(years, reverse=True)) for name, years in found.items()}


def at_both_ends(readings: Mapping[date, str]) -> tuple[str, ...]:
    """The first lines of an output of several dates: what was read at the first of them and at the last.

    readings   date -> the first line of an output of that date alone

    >>> for line in at_both_ends({date(2021, 7, 1): "Figures read: A 2020.", date(2002, 7, 1): "Figures read: A 2001."}):
    ...     print(line)
    2002-07-01: Figures read: A 2001.
    2021-07-01: Figures read: A 2020.
    """
    ends = sorted({min(readings), max(readings)} if readings else ())
    return tuple(f"{day.isoformat()}: {readings[day]}" for day in ends)


def told(gaps: Iterable[Gap], sheets: Mapping[str, SeriesSheet]) -> list[str]:
    """A sentence for each newer release that does not cover what is asked of it."""
    pairs: dict[tuple[str, str], list[Gap]] = {}
    for gap in gaps:
        pairs.setdefault((gap.newer, gap.answers), []).append(gap)
    out = []
    for (newer, answers), own in sorted(pairs.items()):
        each = [
            f"{_inner(sheets[g.series].label)} ({g.has} of {g.of} countries in {g.year})" for g in own[:MOST]
        ]
        each += [f"and {len(own) - MOST} more"] if len(own) > MOST else []
        told = f"{newer} is newer and does not cover what is asked of it here, so {answers} answers for"
        out.append(f"{told} {'; '.join(each)}.")
    return out


def _inner(label: str) -> str:
    """A label inside a sentence: its capital goes, unless it is that of an abbreviation or a name such as V-Dem."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label
