"""What each statistic of the audit is, in one sentence; the same below a table of the page and in the terminal.

A test holds every term against a case in which it cannot be otherwise: parts that are one, parts that share nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

GLOSSARY: Mapping[str, str] = {
    "Share": "of all main effects on the score; its likely range holds 90% of drawing countries again",
    "Alone": "share of the score's variance that is explained once this part alone is known, less what chance would explain",
    "Unique": "share of it that the other parts together do not tell",
    "Needed": "the weight that would make the shares what the weights say, as Paruolo, Saisana and Saltelli (2013) aim at; "
    "who makes correlations equal gets others",
    "Alpha": "Cronbach's: 1 where parts say the same, 0 where they have nothing in common",
    "First component": "share of the indicators' variance in one common direction",
    "With the rest": "correlation with the mean of the other pillars",
    "A tenth off": "share of countries whose rank in the pillar alone lies a tenth of them or more from their rank in the whole",
}


def explained(*terms: str) -> str:
    """These terms, each with its sentence.

    >>> explained("First component")
    "First component: share of the indicators' variance in one common direction."
    """
    return " ".join(f"{term}: {GLOSSARY[term]}." for term in terms)
