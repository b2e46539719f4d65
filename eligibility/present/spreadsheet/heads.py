"""What several sheets say in the same words: headings, verdicts, chances, requirements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from eligibility.data.sources import Source
from eligibility.pages import card, names, sentences
from eligibility.pages.facts import Facts
from eligibility.pages.said import say
from eligibility.pages.wording import alphabetical, capital, missing, percent, plain
from eligibility.present.workbook import Cell

PLACE, COUNTRY, SCORE, DECIDED = "Place", "Country", "Score (0–1)", "Recorded by the board"


def verdict(facts: Facts, iso3: str) -> str:
    """A status in the words of the pages."""
    status = facts.status[iso3]
    return say(f"status.{'ranked' if facts.criteria.index and facts.ranked(iso3) else status}").plain


def kinds(facts: Facts, iso3: str) -> str:
    """The kinds of candidate a country is."""
    return capital("; ".join(card.kinds_of(facts, iso3)))


T = TypeVar("T")


def qualifies(facts: Facts, iso3: str) -> Cell | str | None:
    """The chance to qualify as `chance`; in words where figures not held leave a range of it."""
    if sentences.ranges(facts, iso3):
        return sentences.chance(facts, iso3).plain
    return chance(facts.p_eligible[iso3])


def chance(p: float | None) -> Cell | None:
    """A chance as a number, in the whole per cent of the pages; None where there is none."""
    if missing(p):
        return None
    shown = percent(p)
    if shown[0] in "<>":
        return Cell(p, "nearly")
    return Cell(p, f"percent {len(shown.partition('.')[2].rstrip('%'))}")


def known(value: T | None) -> T | None:
    """A number, or None where there is none."""
    return None if missing(value) else value


def by_name(facts: Facts) -> list[str]:
    """The candidates in the order of the alphabet."""
    return sorted(facts.pool, key=lambda c: alphabetical(facts.names[c]))


def figure(facts: Facts, indicator: str) -> str:
    """What a figure is called, with what the ends of its scale mean, or its unit."""
    named, sheet = names.of(indicator, facts.sheets), facts.sheets[indicator]
    ends = named.ends or ("" if sheet.classes else plain(sheet.unit))
    return capital(named.name) + (f" ({ends})" if ends else "")


def release(source: Source) -> str:
    """What a release is called: whose figures, and which edition."""
    return plain(f"{source.name} {source.vintage}")


def source(facts: Facts, indicator: str) -> str:
    """The release a figure comes from."""
    held = facts.result.panel.held
    return release(held[indicator]) if indicator in held else "not held"


def lines(said: Sequence[str], most: int = 3) -> str:
    """Several facts in one cell, a line each."""
    said = list(dict.fromkeys(said))
    rest = len(said) - most
    shown = said if rest <= 1 else [*said[:most], f"and {rest} more"]
    return "\n".join(map(capital, shown))
