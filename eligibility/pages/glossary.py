"""What each statistic of the audit is, in one sentence; the same below a table of the page and in the terminal.

A test holds every term against a case in which it cannot be otherwise: parts that are one, parts that share nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

GLOSSARY: Mapping[str, str] = {
    "Correlation": "of two, 1 where they order the countries alike, 0 where they have nothing in common, −1 where the one turns the other round",
    "Share": "of all main effects on the score; its likely range holds 90% of drawing countries again",
    "Alone": "share of the score's variance that is explained once this part alone is known, less what chance would explain",
    "Unique": "share of it that the other parts together do not tell",
    "Needed": "the weight that would make the shares what the weights say, as Paruolo, Saisana and Saltelli (2013) aim at; "
    "who makes correlations equal gets others",
    "Alpha": "Cronbach's, of what is averaged together: 1 where all of it says the same, 0 where nothing is in common",
    "First component": "share of the variance of its figures in one common direction",
    "With the rest": "correlation with the mean of the other parts",
    "A tenth off": "share of countries whose rank in the part alone lies a tenth of them or more from their rank in the whole",
}


def explained(*terms: str) -> str:
    """These terms, each with its sentence.

    >>> explained("First component")
    'First component: share of the variance of its figures in one common direction.'
    """
    return " ".join(f"{term}: {GLOSSARY[term]}." for term in terms)
