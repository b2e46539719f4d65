"""What the pages say, ready to print: frozen values of sentences, rows, marks and coordinates.

    Country    a justification page (made by justification.py); the board briefing is in board_views.py

A template walks these values; it computes nothing and adds no number of its own. `fact` says which numbers a value
shows, as `eligibility explain` takes it: the country and the path (traced.py), or what a path begins with.
"""

from __future__ import annotations

from dataclasses import dataclass


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


@dataclass(frozen=True)
class Entry:
    """A label with its value, and the path of the number in it."""

    label: str
    value: str
    fact: str = ""
