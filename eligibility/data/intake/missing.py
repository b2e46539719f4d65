"""What a source on the shelf holds and the release does not: series, countries, years, figures."""

from __future__ import annotations

from collections.abc import Iterator

from eligibility.data import sources
from eligibility.data.intake.case import Case, kind
from eligibility.data.intake.rules import Finding, cells_named, named

RECENT = 5  # years whose figures may not go missing: what criteria look at first


def found(case: Case) -> Iterator[Finding]:
    """Everything a source on the shelf holds and this release does not."""
    if case.extract:
        return
    one = case.one
    if case.same and (lost := [name for name in case.same.series if name not in one.series]):
        said = (
            f"must hold every series of {case.same.id}, which it would stand in for; lacks {', '.join(lost)}"
        )
        yield Finding("series-lost", said)
    for source, names in case.references():
        yield from _partial(case, source, names)
        for name in names:
            yield from _cells(case, source, name)


def _due(case: Case, source: sources.Source, years: set[int], mine: set[int]) -> set[int]:
    """Of the years a source has, those this release should have."""
    lacks = set(case.said("without") or ())  # countries and years
    # an edition of its own year and nothing else
    if {case.one.vintage, kind(case.one.vintage)} & set(case.rules.get("one-year", ())):
        return years & mine
    if not case.alike(source):
        return {year for year in years if min(mine) <= year <= max(mine)}
    if source.id == case.one.id or case.after(source):
        return years - lacks
    # an older release cannot hold what came later
    return {year for year in years if year <= max(mine)} - lacks


def _partial(case: Case, source: sources.Source, names: list[str]) -> Iterator[Finding]:
    """Countries and years of a source that this release leaves out."""
    held = case.frame(source)[names].dropna(how="all").index
    years, all_lands = set(held.get_level_values("year")), set(held.get_level_values("iso3"))
    mine = set().union(*(case.mine[name].columns for name in names))
    have = set().union(*(case.mine[name].index for name in names))
    due = _due(case, source, years, have)
    recent = held[held.get_level_values("year").isin([y for y in due if y > max(due) - RECENT])]
    same = source.id == case.one.id  # it may not lose a country that has ended, either
    lands = all_lands if same else set(recent.get_level_values("iso3"))
    lands = lands - set(case.said("without") or ())
    gone, past = sorted(lands - mine), sorted(due - have)
    older = not same and not case.after(source)  # what came later it need not know
    if len(gone) > (case.limit("countries-lost-older") * len(lands) if older else 0):
        span = f", {len(years & have)} of {len(years)} years" if past else ""
        lost = f"{source.id} holds {len(gone)} countries that it lacks"
        if same:
            lost = f"it would hide {source.id} for {len(all_lands - mine)} countries"
        said = f"{len(all_lands & mine)} of {len(all_lands)} countries{span}: {lost}"
        yield Finding("countries-lost", said, named(gone))
    if past:
        said = f"{len(years & have)} of {len(years)} years of {source.id}"
        yield Finding("years-lost", said, tuple(map(str, past)))
    if case.alike(source) and case.after(source) and not case.monthly and max(have) <= max(years):
        said = (
            f"a later release than {source.id} must bring a year after {max(years)}; it ends in {max(have)}"
        )
        yield Finding("years-lost", said)
    for name in names:
        series = set(case.table(source, name).index)
        if (
            case.alike(source)
            and max(series) == max(years)
            and case.mine[name].index[-1] < max(have) >= max(years)
        ):
            said = f"'{name}' ends in {case.mine[name].index[-1]}, others in {max(have)}"
            yield Finding("years-lost", said)
        if short := sorted(_due(case, source, series, have) - set(case.mine[name].index) - set(past)):
            said = f"'{name}' lacks {len(short)} of {len(series)} years of {source.id}"
            yield Finding("years-lost", said, tuple(map(str, short)))


def _cells(case: Case, source: sources.Source, name: str) -> Iterator[Finding]:
    """Figures of a series that the source has for countries and years this release holds."""
    new, old = case.mine[name], case.table(source, name)
    years = [y for y in old.index if y in new.index]
    # countries of the release, among them those of which this series alone has nothing
    lands = old.columns.intersection(case.lands)
    had = old.loc[years, lands].notna()
    lost = had & new.reindex(index=years, columns=lands).isna()
    recent = lost.loc[[y for y in years if y > old.index[-1] - RECENT]]
    same, later = source.id == case.one.id, case.after(source)
    if not (same or later or case.alike(source)):
        return  # an older table of another kind
    few, count, total = (int(cells.to_numpy().sum()) for cells in (recent, lost, had))
    alike = case.alike(source)
    rule = "cells-lost-across" if not alike else "cells-lost" if later else "cells-lost-older"
    share = 0 if same else case.limit(rule, name)
    late = few > (0 if same else case.limit("recent-lost", name) if later and alike else few)
    if late or (total and count / total > share):
        end = f", {few} of the last {RECENT} years" if late else ""
        said = f"'{name}' lacks {count} of {total} figures of {source.id}{end}"
        yield Finding("cells-lost", said, cells_named(recent if late else lost))
