"""The tests written inside a criteria file, run: what should come out for a country, or for a whole series."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd

from eligibility.data import panel, sources
from eligibility.data.cells import known_at
from eligibility.method import measures, peers, rounds, run, score, vintages
from eligibility.method.result import Result
from eligibility.policy import walk
from eligibility.policy.model import CountryCase, Criteria, SeriesCase

SHOWN = 5  # differences told one by one


@dataclass(frozen=True)
class Outcome:
    """What one case asked for and got.

    failures   empty when it holds
    found      what was counted
    lacking    the series it waits for
    reading    which years were read for it
    """

    case: CountryCase | SeriesCase
    failures: tuple[str, ...]
    found: str = ""
    lacking: tuple[str, ...] = ()
    reading: str = ""

    @property
    def holds(self) -> bool:
        return not self.failures and not self.lacking


def cases(ref: str, data: Path | None = None) -> list[Outcome]:
    """The outcome of every case of a criteria file, in its order; one run a date for those of countries."""
    policy, figures = run.ready(ref, data=data)
    policy = policy.drawing(1)
    runs: dict[date, Result] = {}
    outcomes = []
    for case in policy.cases:
        if isinstance(case, SeriesCase):
            newest = vintages.chosen(policy, figures, vintages.default_day(policy, figures)).figures
            outcomes.append(compare(case, policy, newest, panel.load([case.series], sources.shelf(data))))
            continue
        if case.as_of not in runs:
            runs[case.as_of] = run.judge(policy, figures, case.as_of)
        result = runs[case.as_of]
        outcomes.append(replace(judge(case, result), reading=result.reading))
    return outcomes


def readings(outcomes: Iterable[Outcome]) -> tuple[str, ...]:
    """The first lines of every output: what was read at the first and last date of cases, and for whole series."""
    dated = {each.case.as_of: each.reading for each in outcomes if isinstance(each.case, CountryCase)}
    whole = (each.reading for each in outcomes if isinstance(each.case, SeriesCase))
    return (*vintages.at_both_ends(dated), *dict.fromkeys(whole))


def judge(case: CountryCase, result: Result) -> Outcome:
    """Holds one case against a result of its date."""
    if case.country not in result.screening.status.index:
        return Outcome(case, (f"{case.country} is not a candidate at {case.as_of}",))
    failures = []
    for key, wanted in case.expect:
        got = _got(key, case.country, result)
        shared, told = set(wanted) & set(got), ", ".join(got) or "none"
        if key == "track" and shared != set(wanted):
            failures.append(f"track: expected {', '.join(wanted)}, got {told}")
        elif key == "not_track" and shared:
            failures.append(f"not_track: expected not {', '.join(wanted)}, got {told}")
        elif key not in ("track", "not_track") and not shared:
            failures.append(f"{key}: expected {' or '.join(wanted)}, got {told}")
    lacking = _lacking(case, result) if failures else ()
    return Outcome(case, () if lacking else tuple(failures), lacking=lacking)


def _lacking(case: CountryCase, result: Result) -> tuple[str, ...]:
    """The series that no dataset holds and without which what the case asks for is unknown."""
    absent, criteria = result.cells.absent, result.criteria
    words = {key: _got(key, case.country, result) for key, _ in case.expect if key.startswith("gate:")}
    unknown = {key.removeprefix("gate:") for key, got in words.items() if got == ("unknown",)}
    if result.screening.status[case.country] == "insufficient-data":
        asked = {key for key, _ in case.expect}
        unknown |= {g.id for g in (*criteria.gates, *criteria.tracks)} if asked - set(words) else set()
    uses = (
        use for use in walk.quantities(criteria) if use.role in ("gate", "track") and use.owner in unknown
    )
    return tuple(dict.fromkeys(use.quantity.indicator for use in uses if use.quantity.indicator in absent))


def _got(key: str, iso3: str, result: Result) -> tuple[str, ...]:
    screening = result.screening
    if key == "status":
        return (screening.status[iso3],)
    if key in ("track", "not_track"):
        return tuple(t for t, word in screening.track.loc[iso3].items() if word in ("pass", "conditional"))
    return (screening.gate.at[iso3, key.removeprefix("gate:")],)


def compare(case: SeriesCase, policy: Criteria, figures: panel.Panel, published: panel.Panel) -> Outcome:
    """Holds the score of every country and year against the series a publisher gives for them.

    Each year is scored on its own figures, with the rules in force once they are all out; nothing older
    is carried into it. Countries are those the series has, also for years before they were states.
    """
    first, last = case.years
    known = published.values[case.series].loc[first:last].stack().dropna()
    sheet = published.sheets[case.series]
    years = sorted(int(year) for year in known.index.unique("year"))
    if not years:
        return Outcome(case, (f"{case.series} has no value from {first} to {last}",))
    scores = pd.concat([year_scores(policy, figures, year) for year in years])
    scores = sheet.lo + (sheet.hi - sheet.lo) * scores
    got = scores.reindex(known.index)
    equal = (got - known).abs() <= 0.5 * 10.0**-case.decimals + 1e-9
    exempt = {
        (year, each.country) for each in case.exempt for year in range(each.years[0], each.years[1] + 1)
    }
    differ = [cell for cell in known.index[~equal] if cell not in exempt]
    failures = [_difference(cell, known[cell], got[cell], case.decimals) for cell in differ[:SHOWN]]
    if len(differ) > SHOWN:
        failures.append(f"and {len(differ) - SHOWN:,} more")
    for year, iso3 in sorted(exempt):
        if (year, iso3) not in known.index or equal[year, iso3]:
            why = "equal" if (year, iso3) in known.index else "not published"
            failures.append(f"{iso3} {year}: is exempt and yet {why}; remove the exception")
    names = dict.fromkeys(figures.held[i].name for i in walk.indicators(policy) if i in figures.held)
    span = " to ".join(dict.fromkeys((str(years[0]), str(years[-1]))))
    reading = f"{vintages.READING}{', '.join(names)} {span}."
    found = f"{int(equal.sum()):,} of {len(known):,} published values equal to {case.decimals} decimal"
    found += "" if case.decimals == 1 else "s"
    if excused := len(known) - int(equal.sum()) - len(differ):
        found += f", {excused:,} exempt"
    if unpublished := len(scores.index.difference(known.index)):
        found += f"; {unpublished:,} scores have no published value"
    return Outcome(case, tuple(failures), found, reading=reading)


def year_scores(policy: Criteria, figures: panel.Panel, year: int) -> pd.Series:
    """(year, iso3) -> score from the figures of that year and before, NaN left out."""
    asked = rounds.asked(policy)
    then = replace(
        figures,
        values={series: frame.loc[:year] for series, frame in figures.values.items()},
        sds={series: frame.loc[:year] for series, frame in figures.sds.items()},
    )
    out = max(sheet.known_from(year) for sheet in figures.sheets.values())
    world = known_at(then, out, max_age=out.year - year)
    cells = world.only(peers.pool(world, policy.pool, asked).members)
    groups = peers.peer_groups(cells, policy.peers, asked)
    assert policy.score is not None  # as whoever asks for the scores has
    scores = score.build(policy.score, measures.point(cells, asked), groups.to_numpy()).score[0]
    index = pd.MultiIndex.from_product([[year], cells.countries], names=["year", "iso3"])
    return pd.Series(scores, index=index).dropna()


def _difference(cell: tuple[int, str], published: float, got: float, decimals: int) -> str:
    year, iso3 = cell
    score = "no score" if pd.isna(got) else f"score {got:.{decimals + 2}f}"
    return f"{iso3} {year}: published {published:.{decimals}f}, {score}"
