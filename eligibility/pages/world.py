"""The map of a briefing: where the eligible countries are, said first, then drawn by status."""

from __future__ import annotations

from collections import Counter

from eligibility.pages import board, outlines
from eligibility.pages.facts import Facts
from eligibility.pages.outlines import Land, Layer, Map, World
from eligibility.pages.views import STATUSES, SourceRow
from eligibility.pages.wording import among, capital, counted, day, inner, listed, plain, spelled, verb

NOWHERE = "–"  # the sign of a land that is no candidate


def picture(facts: Facts, drawn: World) -> Map | None:
    """The map by status; None where nobody is judged or no candidate can be drawn."""
    shown = [c for c in facts.pool if c in drawn.paths or c in drawn.places]
    if facts.criteria.index or not shown:
        return None
    circles = outlines.apart({c: drawn.places[c] for c in shown if c in drawn.places})
    layers = []
    for status, mark in STATUSES.items():
        inside = [c for c in facts.pool if facts.status[c] == status]
        lands = tuple(
            Land(c, f"{facts.names[c]}: {inner(mark.word)}", circles.get(c)) for c in inside if c in shown
        )
        if inside:
            layers.append(Layer(mark.tone, mark.sign, mark.word, spelled(len(inside)), lands))
    rest = tuple(Land(c, "", None) for c in drawn.paths if c not in facts.pool)
    absent = [facts.names[c] for c in facts.pool if c not in shown]
    return Map(
        title=title(facts),
        subtitle=subtitle(facts, len(circles)),
        alt=f"Map of the world by status on {day(facts.result.as_of)}",
        desc=f"{board.candidates_title(facts)}. The tables of annex A list the same.",
        layers=tuple(layers),
        rest=Layer("rest", NOWHERE, "Not considered", "", rest),
        boundaries=f"Boundaries imply no judgement on the legal status of any territory. {drawn.sheet['boundaries']}"
        + (f" Not on the map: {listed(absent)}." if absent else ""),
        source=f"Outlines: {drawn.sheet['publisher']}, {drawn.sheet['licence'].lower()}; Equal Earth projection.",
    )


def title(facts: Facts) -> str:
    """Where the eligible countries are, by region; where there is none, those admitted on condition."""
    regions = {facts.regions[c] for c in facts.pool if facts.regions[c]}
    for status in ("eligible", "conditional"):
        found = [c for c in facts.pool if facts.status[c] == status and facts.regions[c]]
        n, which = len(found), f"{status} countries"
        if not found:
            continue
        if n == 1:
            return f"{facts.names[found[0]]}, in {facts.regions[found[0]]}, is the only {status} country"
        (first, most), *others = Counter(facts.regions[c] for c in found).most_common()
        if not others:
            return f"{f'Both {which}' if n == 2 else f'All {spelled(n)} {which}'} lie in {first}"
        spread = among(1 + len(others), len(regions), "region")
        text = f"The {spelled(n)} {which} lie in {spread} with candidates"
        return text if most == others[0][1] else f"{text}, {spelled(most)} of them in {first}"
    return "No country is eligible"


def subtitle(facts: Facts, circles: int) -> str:
    """What is drawn."""
    text = f"Each candidate by its status on {day(facts.result.as_of)}."
    if not circles:
        return text
    small, form = capital(counted(circles, "candidate")), verb(circles, "is a circle", "are circles")
    return f"{text} {small} too small to see {form}, moved apart where two would overlap."


def source_row(drawn: World) -> SourceRow:
    """The outlines among the sources of the briefing."""
    sheet = drawn.sheet
    return SourceRow(
        sheet["id"],
        plain(sheet["title"]),
        plain(sheet["publisher"]),
        plain(sheet["vintage"]),
        day(sheet["released"]),
        plain(sheet["licence"]),
        sheet["url"],
        sheet["licence_url"],
        plain(sheet["citation"]),
        tuple(plain(note) for note in sheet["notes"]),
        False,
    )
