"""What the pages say, ready to print: frozen values of sentences, rows, marks and coordinates.

    Country    a justification page (made by justification.py); the board briefing is in board_views.py

A template walks these values; it computes nothing and adds no number of its own. `fact` says which numbers a value
shows, as `eligibility explain` takes it: the country and the path (traced.py), or what a path begins with.
"""

from __future__ import annotations

from dataclasses import dataclass

from eligibility.pages import charts


@dataclass(frozen=True)
class Mark:
    """A verdict as word, sign and tone: never by colour alone."""

    word: str
    sign: str
    tone: str  # good | partly | bad | open


VERDICTS = {
    "pass": Mark("Pass", "✓", "good"),
    "conditional": Mark("On condition", "◐", "partly"),
    "fail": Mark("Fail", "✗", "bad"),
    "unknown": Mark("Unknown", "?", "open"),
}
STATUSES = {
    "eligible": Mark("Eligible", "✓", "good"),
    "conditional": Mark("Conditional", "◐", "partly"),
    "qualified": Mark("Qualified", "○", "partly"),
    "on-hold": Mark("On hold", "‖", "bad"),
    "excluded": Mark("Excluded", "✗", "bad"),
    "insufficient-data": Mark("Not enough data", "?", "open"),
}
RANKED = Mark("Ranked", "✓", "good")  # what "eligible" is called where there is no gate
NEAR_MISS = Mark("Near miss", "≈", "partly")
BORDERLINE = Mark("Borderline", "≈", "partly")


@dataclass(frozen=True)
class Entry:
    """A label with its value, and the path of the number in it."""

    label: str
    value: str
    fact: str = ""


@dataclass(frozen=True)
class Recorded:
    """A decision the board recorded by hand, beside the verdict."""

    name: str
    link: str
    decision: str
    signed: str
    day: str
    reason: str
    source: str
    url: str  # the source where it is plain https; "" otherwise


@dataclass(frozen=True)
class Noted:
    """What an analyst noted on a country, beside the verdict."""

    note: str
    signed: str
    day: str
    source: str
    url: str  # the source where it is plain https; "" otherwise


@dataclass(frozen=True)
class Finding:
    """One deciding test of a gate or track."""

    name: str
    value: str
    needs: str
    origin: str
    margin: str
    distance: str
    year: str
    source: str
    note: str
    mark: Mark
    fact: str


@dataclass(frozen=True)
class GateBlock:
    """A gate or track with what settled it."""

    id: str
    title: str
    question: str
    mark: Mark
    chance: str
    counts: tuple[str, ...]  # a sentence for each group that counts: how many pass, fail, are not held
    rows: tuple[Finding, ...]
    would_lead: str
    would: tuple[str, ...]
    cites: str
    aside: str  # why the tests below do not matter here, "" where they do
    fact: str = ""


@dataclass(frozen=True)
class StripRow:
    """One indicator among the peers."""

    id: str
    label: str
    unit: str
    value: str
    standing: str
    arrow: str
    alt: str
    peers: charts.Peers
    strip: charts.Strip
    fact: str


@dataclass(frozen=True)
class StripChart:
    """The indicators of one pillar, or those that only gates look at."""

    id: str
    title: str
    subtitle: str
    rows: tuple[StripRow, ...]
    sources: str


@dataclass(frozen=True)
class ShareRow:
    """One line of the score: a pillar (`head`) or an indicator."""

    name: str
    weight: str
    value: str
    scaled: str
    part: str
    bar: tuple[charts.Segment, ...]
    head: bool
    fact: str = ""


@dataclass(frozen=True)
class TrendChart:
    """One indicator over the years."""

    id: str
    title: str
    unit: str
    alt: str
    first: str
    last: str
    value: str
    trend: charts.Trend
    fact: str


@dataclass(frozen=True)
class NeighbourRow:
    rank: str
    name: str
    link: str
    likely: str
    score: str
    pillars: tuple[tuple[str, str], ...]  # with the path of each
    here: bool
    fact: str


@dataclass(frozen=True)
class AxisBlock:
    title: str
    note: str
    cites: str
    rows: tuple[
        tuple[str, str, str, str, str, str, str], ...
    ]  # indicator, unit, value, peer median, year, source, fact


@dataclass(frozen=True)
class DataRow:
    """One figure with where it comes from and what it is used in."""

    name: str
    unit: str
    value: str
    error: str
    year: str
    age: str
    source: str
    uses: str
    note: str
    fact: str


@dataclass(frozen=True)
class SourceRow:
    """One source in use."""

    id: str
    title: str
    publisher: str
    vintage: str
    released: str
    licence: str
    url: str
    licence_url: str
    citation: str
    notes: tuple[str, ...]
    revised: bool


@dataclass(frozen=True)
class Score:
    """Where the score comes from."""

    title: str
    note: str
    rows: tuple[ShareRow, ...]
    total: str


@dataclass(frozen=True)
class Firm:
    """How often each rank came out."""

    title: str
    sentences: tuple[str, ...]
    chart: charts.Histogram | None
    columns: tuple[tuple[charts.Column, str], ...]  # with the share as it is written
    alt: str


@dataclass(frozen=True)
class LeftRow:
    """Where a country stands with one indicator, pillar or source left out of the score."""

    name: str
    kind: str
    rank: str
    place: str  # "on it" or "off it", the shortlist; "" where there is none
    fact: str


@dataclass(frozen=True)
class OtherRow:
    """What another criteria set says of a country."""

    title: str
    version: str
    mark: Mark
    share: str
    rank: str
    reason: str


@dataclass(frozen=True)
class Country:
    """One country page."""

    iso3: str
    name: str
    kicker: str
    where: str
    mark: Mark
    flags: tuple[Mark, ...]
    verdict: str
    firm: str
    reservation: str
    box: tuple[Entry, ...]
    recorded: Recorded | None
    noted: tuple[Noted, ...]
    lead: tuple[str, ...]
    notes: tuple[str, ...]
    gates_title: str
    gates: tuple[GateBlock, ...]
    tracks_title: str
    tracks: tuple[GateBlock, ...]
    strips: tuple[StripChart, ...]
    score: Score | None
    trends_title: str
    trends_subtitle: str
    trends: tuple[TrendChart, ...]
    trends_span: str
    trends_sources: str
    moved_title: str
    moved: tuple[str, ...]  # since the last round
    rank: Firm
    left_out: tuple[LeftRow, ...]
    others_title: str
    others: tuple[OtherRow, ...]
    changes_title: str
    changes_lead: str
    changes: tuple[str, ...]
    rules: tuple[str, ...]  # other thresholds under which the answer would turn
    neighbours_title: str
    neighbours: tuple[NeighbourRow, ...]
    pillars: tuple[str, ...]
    axes: tuple[AxisBlock, ...]
    data_title: str
    data: tuple[DataRow, ...]
    sources: tuple[SourceRow, ...]
    reproduce: tuple[Entry, ...]
    index: bool = False  # whether it is ranked only, without gates and tracks
