"""Small values every page shares, ready to print: verdicts and statuses as marks, labels with their values."""

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
    """A label with its value."""

    label: str
    value: str
