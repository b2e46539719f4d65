"""Small values every page shares, ready to print: verdicts and statuses as marks, labels with their values."""

from __future__ import annotations

from dataclasses import dataclass

from eligibility.pages.phrases import PHRASES


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
    status: Mark(PHRASES[f"status.{status}"], sign, tone)
    for status, sign, tone in (
        ("eligible", "✓", "good"),
        ("conditional", "◐", "partly"),
        ("qualified", "○", "partly"),
        ("on-hold", "‖", "bad"),
        ("excluded", "✗", "bad"),
        ("insufficient-data", "?", "open"),
    )
}


@dataclass(frozen=True)
class Entry:
    """A label with its value."""

    label: str
    value: str
