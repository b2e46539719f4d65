"""What the briefing says otherwise where criteria have gates and no score: who passes, by name, nobody ranked."""

from __future__ import annotations

from dataclasses import replace

from eligibility.pages.board_views import Briefing
from eligibility.pages.facts import Facts
from eligibility.pages.wording import NOT_DRAWN, capital, counted, spelled


def briefing(facts: Facts, page: Briefing) -> Briefing:
    """The briefing of a set without a score: the countries that pass, each with its probability."""
    admitted = [c for c in facts.pool if facts.status[c] in ("eligible", "conditional")]
    rows = {row.name: row for row in page.unranked}
    return replace(
        page,
        title=headline(facts, admitted),
        opening=opening(facts),
        box_title=_without_proposal(page.box_title),
        scored=False,
        passing=tuple(rows[facts.names[c]] for c in sorted(admitted, key=lambda c: facts.names[c])),
        shortlist_title=f"{capital(counted(len(admitted), 'country', 'countries'))} by name",
        shortlist_subtitle="",
    )


def headline(facts: Facts, admitted: list[str]) -> str:
    """How many pass, and for how many of them the answer is borderline."""
    tracks = bool(facts.criteria.tracks)
    if not admitted:
        return f"No country passes every gate{' and fits a track' if tracks else ''}"
    pool = counted(len(facts.pool), "country", "countries")
    one = len(admitted) == 1
    first = f"{capital(spelled(len(admitted)))} of {pool} {'passes' if one else 'pass'} every gate"
    first += f" and {'fits' if one else 'fit'} a track" if tracks else ""
    if not facts.error_known:
        return first
    open_ = sum(1 for c in admitted if facts.borderline(c))
    if one:
        return f"{first}; the answer is {'' if open_ else 'not '}borderline"
    return f"{first}; for {spelled(open_) if open_ else 'none'} of them the answer is borderline"


def opening(facts: Facts) -> str:
    """What a list without ranks is for."""
    what = "These criteria have gates and no score: countries are named, and none is ranked or proposed."
    if not facts.error_known:
        return f"{what} {NOT_DRAWN}"
    return (
        f"{what} “Admitted in” is the share of {facts.result.firmness.draws:,} re-runs in which every uncertain "
        "figure is drawn anew within its measurement error; between one and nine tenths the answer is borderline."
    )


def _without_proposal(sentence: str) -> str:
    return sentence.rpartition(". ")[0] + "."
