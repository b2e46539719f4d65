"""Who of the candidates is shown: words a user types, turned into countries. Who sets the medians never changes.

--only TUN,Kenya      countries, by code or name
--only low-income     a peer group of the criteria
--region "South Asia" a region of the World Bank, as the country register has it

It is no part of what decides a result: a view changes no verdict, rank or run id.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from eligibility.data import countries
from eligibility.errors import Problem, UsageError
from eligibility.method.result import Result


@dataclass(frozen=True)
class Asked:
    """The words of --only and --region as they were typed; nothing is asked for without any."""

    only: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()


@dataclass(frozen=True)
class View:
    """The countries shown, in the order of the result, and the words that make the same view again."""

    countries: tuple[str, ...]
    of: int
    words: tuple[str, ...]

    def __contains__(self, iso3: object) -> bool:
        return iso3 in self.countries

    @property
    def told(self) -> str:
        """How many are shown, for a line of any output.

        >>> View(("TUN",), 140, ("--only", "TUN")).told
        'shown: 1 of 140 countries considered; ranks, medians and counts are those of all 140'
        """
        return (
            f"shown: {len(self.countries)} of {self.of} countries considered; "
            f"ranks, medians and counts are those of all {self.of}"
        )


def view(result: Result, asked: Asked) -> View | None:
    """Who is shown of a result: the countries of `only` that lie in one of the `regions`; None where all are.

    UsageError for a word that names no country, group or region, for a country that is no candidate, and where
    nobody would be shown.
    """
    if not (asked.only or asked.regions):
        return None
    pool = tuple(result.ranking.order)
    problems: list[Problem] = []
    only, regions = set(), set()
    for word in (each for typed in asked.only for each in _words(typed)):
        try:
            only |= _meant(result, word)
        except UsageError as error:
            problems += error.problems
    for word in asked.regions:
        try:
            regions |= _region(word)
        except UsageError as error:
            problems += error.problems
    if problems:
        raise UsageError(problems)
    shown = tuple(c for c in pool if (not asked.only or c in only) and (not asked.regions or c in regions))
    words = (
        *(part for typed in asked.only for part in ("--only", typed)),
        *(part for region in asked.regions for part in ("--region", region)),
    )
    if not shown:
        rule = "no country considered is there"
        raise UsageError(Problem(words[0], "countries", rule, ", ".join(words[1::2]), "nothing to show"))
    return View(shown, len(pool), words)


def _words(typed: str) -> list[str]:
    """The names in one value: a name that has a comma of its own is one.

    >>> _words("TUN, Kenya"), _words("Bonaire, Sint Eustatius and Saba")
    (['TUN', 'Kenya'], ['Bonaire, Sint Eustatius and Saba'])
    """
    if countries.register().means(typed):
        return [typed]
    return [word for part in typed.split(",") if (word := part.strip())] or [typed]


def _meant(result: Result, word: str) -> set[str]:
    """The candidates a word of --only means."""
    groups = {countries.fold(group.id): group.id for group in result.criteria.peers}
    if (folded := countries.fold(word)) in groups:
        return set(result.peers.index[result.peers == groups[folded]])
    try:
        iso3 = countries.named(word, "--only")
    except UsageError as error:
        problem = error.problems[0]
        rule = "an ISO3 code or the name of a country" + (
            f", or a group of the criteria: {', '.join(groups.values())}" if groups else ""
        )
        near = difflib.get_close_matches(folded, groups, n=1)
        hint = f"did you mean {groups[near[0]]}?" if near else problem.hint
        raise UsageError(Problem("--only", "country", rule, word, hint)) from None
    if iso3 not in result.screening.status.index:
        hint = "only candidates are judged, whom the rule `pool` lets in"
        raise UsageError(Problem("--only", iso3, "not a candidate", hint=hint))
    return {iso3}


def _region(word: str) -> set[str]:
    """Every country of a region."""
    known = countries.register()
    names = sorted({known.region(c) for c in known} - {""})
    by_name = {countries.fold(name): name for name in names}
    if (name := by_name.get(countries.fold(word))) is None:
        near = difflib.get_close_matches(countries.fold(word), by_name, n=1, cutoff=0.4)
        hint = f"did you mean {by_name[near[0]]}?" if near else ""
        raise UsageError(Problem("--region", "region", f"one of {', '.join(names)}", word, hint))
    return {c for c in known if known.region(c) == name}
