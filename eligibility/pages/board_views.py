"""What the board briefing says, ready to print: frozen values of rows and sentences (made by briefing.py)."""

from __future__ import annotations

from dataclasses import dataclass

from eligibility.pages import charts
from eligibility.pages.outlines import Map
from eligibility.pages.reasons import Clause
from eligibility.pages.views import Entry, Mark, Recorded, SourceRow


@dataclass(frozen=True)
class PlaceRow:
    """One ranked country of the shortlist or next after it."""

    rank: str
    name: str
    link: str
    mark: Mark
    score: str
    bar: tuple[charts.Segment, ...]
    strip: charts.RankStrip
    likely: str
    share: str
    firm: bool
    proposed: bool
    alt: str
    recorded: str  # the board's own decision in a word, "" where none
    fact: str


@dataclass(frozen=True)
class OpenRow:
    """A near miss or a conditional country: what is in the way or short, how far, how often admitted."""

    name: str
    link: str
    what: str
    distance: str
    place: str
    share: str
    fact: str


@dataclass(frozen=True)
class CandidateRow:
    """One candidate of the pool."""

    name: str
    link: str
    mark: Mark
    flags: tuple[Mark, ...]
    rank: str
    likely: str
    score: str
    share: str
    reason: str
    recorded: str
    fact: str


@dataclass(frozen=True)
class RuleBlock:
    """A part of the criteria in words."""

    title: str
    note: str
    cites: str
    clause: Clause | None


@dataclass(frozen=True)
class SeriesRow:
    """One indicator as the run holds it for the pool."""

    name: str
    unit: str
    source: str
    years: str
    coverage: str
    error: str
    uses: str


@dataclass(frozen=True)
class CaseRow:
    """A case of the criteria file at this date and what came of it."""

    name: str
    mark: Mark
    outcome: str


@dataclass(frozen=True)
class Moved:
    """What moved since the last round, for the board."""

    title: str
    lead: str
    lines: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Amendment:
    """One line of the criteria that is another than in the last round; "" where there was or is none."""

    part: str
    was: str
    now: str


@dataclass(frozen=True)
class Briefing:
    """The board briefing."""

    title: str
    kicker: str
    opening: str
    box_title: str
    box: tuple[Entry, ...]
    notes: tuple[str, ...]
    shortlist_title: str
    shortlist_subtitle: str
    shortlist: tuple[PlaceRow, ...]
    pillars: tuple[str, ...]
    ranks: str
    moved: Moved | None
    world: Map | None
    index: bool  # whether it only ranks, without gates and tracks
    scored: bool  # whether there is a score to rank by
    passing: tuple[CandidateRow, ...]  # who passes, where nobody is ranked
    drawn: bool  # whether anything is known of measurement error
    sources_line: str
    near_title: str
    near: tuple[OpenRow, ...]
    conditional_title: str
    conditional_lead: str
    conditional_differ: bool  # whether what they fall short of differs
    conditional: tuple[OpenRow, ...]
    rests: tuple[str, ...]
    decisions: tuple[str, ...]
    recorded: tuple[Recorded, ...]
    cautions: tuple[str, ...]
    candidates_title: str
    ranked: tuple[CandidateRow, ...]
    unranked: tuple[CandidateRow, ...]
    rules: tuple[RuleBlock, ...]
    amended: str  # how the criteria differ from those of the last round
    amendments: tuple[Amendment, ...]
    series: tuple[SeriesRow, ...]
    sources: tuple[SourceRow, ...]
    cases_title: str
    cases: tuple[CaseRow, ...]
    method: tuple[str, ...]
    glossary: tuple[Entry, ...]
    reproduce: tuple[Entry, ...]
