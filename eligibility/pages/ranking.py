"""What the pages of an index say otherwise: a set without gates and tracks, which ranks and excludes nobody."""

from __future__ import annotations

from dataclasses import replace

from eligibility.pages.board_views import Briefing
from eligibility.pages.doubt import likely
from eligibility.pages.facts import Facts
from eligibility.pages.views import Country, Entry
from eligibility.pages.wording import NOT_DRAWN, capital, counted, listed, number, spelled, verb

SHOWN = 10  # countries at the top of the briefing where nobody is proposed
UNUSED = ("Admitted", "Borderline", "Conditional", "Excluded", "Gate", "Near miss")
DRAWN = ("Likely range", "Re-run", "Standard error (s.e.)")


def briefing(facts: Facts, page: Briefing) -> Briefing:
    """The briefing of an index: who leads, how many are ranked; a shortlist only where one is asked for."""
    ranked = [c for c in facts.result.ranking.order if facts.ranked(c)]
    blind = len(facts.pool) - len(ranked)
    unused = {*UNUSED, *(() if facts.error_known else DRAWN), *(() if facts.criteria.peers else ("Peers",))}
    own = replace(
        page,
        box_title=_counts(facts),
        box=(
            Entry("ranked", number(len(ranked), 0)),
            Entry("Too little data", number(blind, 0)),
            Entry("Pillars", number(len(facts.pillars), 0)),
            Entry("Indicators", number(len(facts.components), 0)),
        ),
        rests=tuple(s for s in page.rests if facts.criteria.shortlist or "contender" not in s),
        candidates_title=f"{capital(counted(len(ranked), 'country', 'countries'))} ranked"
        + (f", {spelled(blind)} with too little data" if blind else ""),
        glossary=tuple(e for e in page.glossary if e.label not in unused),
    )
    if facts.criteria.shortlist:
        return own
    shown = counted(min(SHOWN, len(ranked)), "country", "countries")
    return replace(
        own,
        title=leader(facts, ranked),
        opening=_opening(facts),
        shortlist_title=f"The first {shown}" if ranked else "No country has a score",
        shortlist_subtitle=likely(facts) if facts.error_known else "",
        decisions=(),
    )


def leader(facts: Facts, ranked: list[str]) -> str:
    """Who has the highest score, as the finding of the page."""
    if not ranked:
        return "No country has a score"
    first = [facts.names[c] for c in ranked if facts.rank[c] == 1]
    total = counted(len(ranked), "country", "countries")
    return f"{listed(first)} {verb(len(first), 'has', 'have')} the highest score of {total}"


def _counts(facts: Facts) -> str:
    """How many of the pool are ranked, after their number."""
    pool = counted(len(facts.pool), "country", "countries")
    return f"of {pool}; nobody is excluded, for there are no gates."


def _opening(facts: Facts) -> str:
    """What an index is for, and what is known of its firmness."""
    what = "An index ranks the countries that have its figures; it excludes and proposes nobody."
    if facts.error_known:
        return f"{what} {likely(facts)}"
    return f"{what} {NOT_DRAWN}"


def country(facts: Facts, iso3: str, page: Country) -> Country:
    """A country's page of an index: rank and score, and nothing about gates."""
    return replace(
        page,
        index=True,
        flags=(),
        gates_title="",
        tracks_title="",
        changes_title="",
        changes_lead="",
        changes=(),
        rules=(),
    )
