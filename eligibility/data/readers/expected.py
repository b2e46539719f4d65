"""The series that some reader knows how to make, held here or not, and where their files come from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from eligibility.data import sources
from eligibility.data.readers import families, family_sheet, series_of
from eligibility.data.readers.addresses import serving
from eligibility.errors import Problem


@dataclass(frozen=True)
class Expected:
    """One series by its publisher's sheet alone; `file` is what the publisher calls the file, '' for shipped sources."""

    family: str
    publisher: str
    url: str
    licence: str
    file: str
    sheet: sources.SeriesSheet


@cache
def expected() -> dict[str, Expected]:
    """Every series of every reader's sheet, by id."""
    found = {}
    for family in families():
        whole = family_sheet(family)
        publisher, url, licence, file = (
            str(whole.get(key, "")) for key in ("publisher", "url", "licence", "file")
        )
        for name, entry in series_of(family, "").items():
            sheet = sources.series_sheet(family, family, name, entry)
            found[sheet.id] = Expected(family, publisher, url, licence, file, sheet)
    return found


def absences(series: Iterable[str]) -> list[Problem]:
    """What to say of series that no dataset holds: one problem a publisher, with its file, place and the next step."""
    known, problems = expected(), []
    families: dict[str, list[str]] = {}
    for name in sorted(series):
        if name in known:
            families.setdefault(known[name].family, []).append(name)
        else:
            hint = "`eligibility data list` names the sources held"
            problems.append(Problem("data", name, "no dataset holds this series", hint=hint))
    for names in families.values():
        one = known[names[0]]
        what = f"{one.file} " if one.file else "its newest release "
        words = " ".join(dict.fromkeys(one.source for name in names for one in serving(name)[:1]))
        fetch = f"run `eligibility data fetch {words}`, or " if words else ""
        hint = (
            f"{fetch}download {what}from {one.url}, then run `eligibility data import FILE`. "
            f"Publisher: {one.publisher}. Licence: {one.licence}"
        )
        problems.append(Problem("data", ", ".join(names), "not held here", hint=hint))
    return problems


def steps(series: Iterable[str]) -> tuple[str, ...]:
    """The same as sentences, for who runs this: which file of which publisher, and what to do with it."""
    return tuple(f"{problem.what}: {problem.hint}." for problem in absences(series))
