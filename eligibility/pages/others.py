"""What other criteria sets say of the same countries at the same date: beside the verdict, and never in it."""

from __future__ import annotations

import math
from collections.abc import Iterable

from eligibility.compare.steps import ADMITTED
from eligibility.pages import sentences
from eligibility.pages.facts import Facts
from eligibility.pages.views import Entry, Mark, OtherRow
from eligibility.pages.wording import (
    among,
    capital,
    counted,
    listed,
    missing,
    percent,
    plain,
    verb,
)

OUTSIDE = Mark("Not considered", "–", "open")
JUDGED = (*ADMITTED, "qualified", "on-hold", "excluded")


def title(facts: Facts, iso3: str) -> str:
    """Under how many of the other sets that can judge a country it is admitted; "" where none has a gate or track."""
    asked = [own for own in facts.others if not own.criteria.index]
    words = [word for own in asked if (word := own.status.get(iso3)) in JUDGED]
    if not words:
        return "none of them can judge it" if asked else ""
    inside, n = sum(word in ADMITTED for word in words), len(words)
    if n == 1:
        one = "the one set" if len(asked) == 1 else "the one set that can judge it"
        return f"{'admitted' if inside else 'not admitted'} under {one}"
    return f"admitted under {among(inside, n, 'set')}{'' if n == len(asked) else ' that can judge it'}"


def rows(facts: Facts, iso3: str) -> tuple[OtherRow, ...]:
    """One line a set: what it says of a country, how sure, its rank, and why."""
    return tuple(_row(own, iso3) for own in facts.others)


def _row(own: Facts, iso3: str) -> OtherRow:
    name, version = plain(own.criteria.title), f"{plain(own.criteria.id)} {plain(own.criteria.version)}"
    if iso3 not in own.status:
        return OtherRow(name, version, OUTSIDE, "–", "–", "")
    p = own.p_eligible[iso3]
    share = "–" if missing(p) or own.criteria.index else percent(p)
    rank = capital(sentences.rank_words(own, iso3)) if own.criteria.score else "–"
    if own.ranked(iso3) and missing(own.rank_low[iso3]):
        rank += "; how firm is not known"
    return OtherRow(name, version, sentences.mark(own, iso3), share, rank, sentences.reason(own, iso3))


def shortlisted(facts: Facts) -> Iterable[str]:
    """What each other set that admits or excludes says of the countries proposed, each verdict with its share of re-runs."""
    proposed = facts.result.ranking.shortlist
    for own in facts.others if proposed else ():
        if own.criteria.index:
            continue
        groups = (
            (ADMITTED, "is admitted", "are admitted"),
            (("qualified",), "is qualified", "are qualified"),
            (("on-hold",), "is on hold", "are on hold"),
            (("excluded",), "is excluded", "are excluded"),
            (("insufficient-data",), "has too little data", "have too little data"),
            (("",), "is not considered", "are not considered"),
        )
        told = [
            f"{listed(_sure(facts, own, c) for c in mine)} {verb(len(mine), one, many)}"
            for words, one, many in groups
            if (mine := [c for c in proposed if own.status.get(c, "") in words])
        ]
        whose = f"“{plain(own.criteria.title)}” ({plain(own.criteria.id)} {plain(own.criteria.version)})"
        yield f"Under {whose}, of {counted(len(proposed), 'country', 'countries')} proposed: {'; '.join(told)}."


def _sure(facts: Facts, own: Facts, iso3: str) -> str:
    """A name with the share of the other set's re-runs that admit the country, where one is given."""
    p = own.p_eligible.get(iso3, math.nan)
    return facts.names[iso3] + ("" if missing(p) else f" (admitted in {percent(p)} of re-runs)")


def proof(facts: Facts) -> tuple[Entry, ...]:
    """The other sets by checksum, for the foot of a page."""
    return tuple(
        Entry(
            "Also judged by", f"{own.criteria.id} {plain(own.criteria.version)}, sha256 {own.criteria.sha256}"
        )
        for own in facts.others
    )
