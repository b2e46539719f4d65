"""What a source on the shelf holds and the release does not: series, countries, years, figures."""

from __future__ import annotations

from collections.abc import Iterator

from eligibility import sources
from eligibility.intake.case import Case
from eligibility.intake.rules import Finding, cells_named, named

RECENT = 5  # years whose figures may not go missing: what criteria look at first


def found(case: Case) -> Iterator[Finding]:
    """Series, countries, years and figures that a source on the shelf holds and this release does not."""
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


def _span(case: Case, source: sources.Source, names: list[str]) -> tuple[set[int], set[int], set[str]]:
    """Years of the source, those of them this release should hold, and the countries it should hold in them."""
    held = case.frame(source)[names].dropna(how="all")
    years = set(held.index.get_level_values("year"))
    mine = [year for name in names for year in case.mine[name].index]
    first, last = min(mine), max(mine)
    if case.one.vintage in case.rules.get(
        "one-year", ()
    ):  # an edition that holds its own year and nothing else
        due = years & set(mine)
    elif case.alike(source) and (source.id == case.one.id or case.after(source)):
        due = years
    elif case.alike(source):  # an older release cannot hold what came later
        due = {year for year in years if year <= last}
    else:
        due = {year for year in years if first <= year <= last}
    recent = {year for year in due if year > max(due, default=0) - RECENT}
    there = held[held.index.get_level_values("year").isin(recent)]
    lacks = set(case.said("without") or ())  # countries and years
    return years, due - lacks, set(there.index.get_level_values("iso3")) - lacks


def _partial(case: Case, source: sources.Source, names: list[str]) -> Iterator[Finding]:
    """Countries and years of a source that this release leaves out."""
    years, due, lands = _span(case, source, names)
    mine = set().union(*(case.mine[name].columns for name in names))
    have = set().union(*(case.mine[name].index for name in names))
    gone, past = sorted(lands - mine), sorted(due - have)
    all_lands = set(case.frame(source)[names].dropna(how="all").index.get_level_values("iso3"))
    if gone:
        span = f", {len(years & have)} of {len(years)} years" if past else ""
        same = source.id == case.one.id
        would = f"it would hide {source.id} for" if same else f"{source.id} holds"
        lost = f"{would} {len(all_lands - mine) if same else len(gone)} countries" + (
            "" if same else " that it lacks"
        )
        said = f"{len(all_lands & mine)} of {len(all_lands)} countries{span}: {lost}"
        yield Finding("countries-lost", said, named(gone))
    if past:
        said = f"{len(years & have)} of {len(years)} years of {source.id}"
        yield Finding("years-lost", said, tuple(map(str, past)))


def _cells(case: Case, source: sources.Source, name: str) -> Iterator[Finding]:
    """Figures of a series that the source has for countries and years this release holds."""
    new, old = case.mine[name], case.table(source, name)
    years = [y for y in old.index if new.index[0] <= y <= new.index[-1] and y in new.index]
    lands = old.columns.intersection(new.columns)
    had = old.loc[years, lands].notna()
    lost = had & new.reindex(index=years, columns=lands).isna()
    recent = lost.loc[[y for y in years if y > old.index[-1] - RECENT]]
    same, later = source.id == case.one.id, case.after(source)
    if not (same or later or case.alike(source)):
        return  # an older table of another kind
    few, count, total = (int(cells.to_numpy().sum()) for cells in (recent, lost, had))
    share = 0 if same else case.limit("cells-lost" if later else "cells-lost-older", name)
    late = few > (0 if same else case.limit("recent-lost", name) if later else few)
    if late or (total and count / total > share):
        end = f", {few} of the last {RECENT} years" if late else ""
        said = f"'{name}' lacks {count} of {total} figures of {source.id}{end}"
        yield Finding("cells-lost", said, cells_named(recent if late else lost))
