"""What other criteria sets say of the same countries at the same date: beside the verdict, and never in it."""

from __future__ import annotations

from collections.abc import Iterable

from eligibility.pages import sentences
from eligibility.pages.facts import Facts
from eligibility.pages.views import Entry, Mark, OtherRow
from eligibility.pages.wording import (
    among,
    capital,
    listed,
    missing,
    percent,
    plain,
    verb,
)

OUTSIDE = Mark("Not considered", "–", "open")
ADMITTED = ("eligible", "conditional")
JUDGED = (*ADMITTED, "excluded")


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
    """What each other set that admits or excludes says of the countries proposed."""
    listed_ = facts.result.ranking.shortlist
    for own in facts.others if listed_ else ():
        if own.criteria.index:
            continue
        said = {c: own.status.get(c, "") for c in listed_}
        inside = sum(word in ADMITTED for word in said.values())
        whose = f"“{plain(own.criteria.title)}” ({plain(own.criteria.id)} {plain(own.criteria.version)})"
        n = len(listed_)
        text = f"Under {whose}, {among(inside, n, 'country', 'countries')} proposed {verb(max(inside, 1), 'is', 'are')} admitted"
        if n == 1:
            text = f"Under {whose}, the one country proposed is {'' if inside else 'not '}admitted"
        rest = [
            f"{listed(names)} {verb(len(names), *words)}"
            for status, words in (
                ("excluded", ("is excluded", "are excluded")),
                ("insufficient-data", ("has too little data", "have too little data")),
                ("", ("is not considered", "are not considered")),
            )
            if (names := [facts.names[c] for c in listed_ if said[c] == status])
        ]
        yield f"{text}{': ' + '; '.join(rest) if rest and n > 1 else ''}."


def proof(facts: Facts) -> tuple[Entry, ...]:
    """The other sets by checksum, for the foot of a page."""
    return tuple(
        Entry(
            "Also judged by", f"{own.criteria.id} {plain(own.criteria.version)}, sha256 {own.criteria.sha256}"
        )
        for own in facts.others
    )
