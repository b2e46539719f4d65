"""The series that some reader knows how to make, held here or not, and where their files come from."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from eligibility.data import sources
from eligibility.data.readers import families, family_sheet, series_of
from eligibility.data.readers.addresses import serving
from eligibility.errors import Problem


@cache
def expected() -> dict[str, sources.SeriesSheet]:
    """Every series of every reader's sheet, by id, as its publisher's sheet alone has it."""
    every = ((family, series_of(family, "").items()) for family in families())
    sheets = (sources.series_sheet(family, family, *named) for family, entries in every for named in entries)
    return {sheet.id: sheet for sheet in sheets}


def absences(series: Iterable[str]) -> list[Problem]:
    """What to say of series that no dataset holds: one problem a publisher, with its file, place and the next step."""
    known, problems = expected(), []
    found: dict[str, list[str]] = {}
    for name in sorted(series):
        if name in known:
            found.setdefault(name.partition(".")[0], []).append(name)
        else:
            hint = "`eligibility data list` names the sources held"
            problems.append(Problem("data", name, "no dataset holds this series", hint=hint))
    for family, names in found.items():
        whole = family_sheet(family)
        what = f"{whole.get('file') or 'its newest release'} "
        words = " ".join(dict.fromkeys(one.source for name in names for one in serving(name)[:1]))
        fetch = f"run `eligibility data fetch {words}`, or " if words else ""
        hint = (
            f"{fetch}download {what}from {whole['url']}, then run `eligibility data import FILE`. "
            f"Publisher: {whole['publisher']}. Licence: {whole['licence']}"
        )
        problems.append(Problem("data", ", ".join(names), "not held here", hint=hint))
    return problems


def steps(series: Iterable[str]) -> tuple[str, ...]:
    """The same as sentences, for who runs this: which file of which publisher, and what to do with it."""
    return tuple(f"{problem.what}: {problem.hint}." for problem in absences(series))
