"""Who is listed apart: the qualified in an order of their own, and who is on hold."""

from __future__ import annotations

import math
from collections.abc import Sequence

from eligibility.data import countries
from eligibility.method.result import Result
from eligibility.pages import dated_lists, wording

NEED = "need"  # the axis of a set that says who most needs it, which its score does not


def lines(result: Result, order: Sequence[str], top: int | None) -> list[str]:
    """For the terminal: both, of the countries of `order`; nothing where the criteria know neither."""
    return [*_qualified(result, order, top), *_on_hold(result, order)]


def others(result: Result, shown: Sequence[str]) -> list[str]:
    """For the terminal: whom a view shows that is on no list, by status; nothing where nobody is."""
    status, names = result.screening.status, countries.register()
    told = []
    for word, said in (("excluded", "not qualifying"), ("insufficient-data", "not to be judged")):
        if inside := [names.name(c) for c in shown if status[c] == word]:
            told += wording.paragraph(f"Also shown, {said}: {', '.join(inside)}")
    return ["", *told] if told else []


def named(result: Result, iso3: str, width: int) -> str:
    """The name in a row of a list, cut to a width; with a star where the country is in the register of pilots."""
    name = countries.register().name(iso3)
    return f"{name[: width - 2]} *" if result.pilots.of(iso3) else name[:width]


def hold(result: Result, iso3: str) -> dict | None:
    """What holds a country: the event with its day and source, and when that could end; None where nothing does.

    Told of a country that is excluded too, which is then not on hold but out.
    """
    if iso3 not in result.hold:
        return None
    held = result.hold[iso3]
    return {
        "event": held.event.event,
        "date": held.event.date,
        "source": held.event.source,
        "note": held.event.note,
        "until": held.until.isoformat(),
        "months_passed": held.passed.isoformat(),
        "figures_of": held.year,
        "figures_due": held.due.isoformat() if held.due else None,
    }


def _qualified(result: Result, order: Sequence[str], top: int | None) -> list[str]:
    """Who meets every requirement and is of no ideal kind, in an order of their own; nothing where nobody can be."""
    if not result.criteria.apart:
        return []
    firm = result.firmness
    every = [c for c in order if result.screening.status[c] == "qualified"]
    told = "Every requirement met, but of no ideal kind; ranked apart, not on the shortlist"
    if any(axis.id == NEED for axis in result.criteria.axes):
        told += ": who could be asked, not who most needs it"
    lines = ["", *wording.paragraph(told)]
    if not every:
        return [*lines, "      nobody"]
    lines.append(f"{'rank':>4}  {'90% range':<9}  {'country':<26} {'':<12} {'score':>6} {'meets':>8}")
    shown = every[: top or result.criteria.shortlist or 10]
    for c in shown:
        rank, low, high = (
            None if math.isnan(x) else int(x)
            for x in (result.ranking.shown[c], firm.place("low")[c], firm.place("high")[c])
        )
        likely = "-" if low is None or high is None else f"{low}-{high}"
        on = "on condition" if result.screening.kinds.at[c, "whole"] == "conditional" else ""
        points = result.scores.score[c] if result.scores else math.nan
        score = "-" if math.isnan(points) else f"{points:.3f}"
        lines.append(
            f"{'-' if rank is None else rank:>4}  {likely:<9}  {named(result, c, 26):<26} {on:<12} "
            f"{score:>6} {wording.share(firm.p_qualified[c]):>8}"
        )
    if len(shown) < len(every):
        lines.append(f"      and {len(every) - len(shown)} more (--top {len(every)} shows all)")
    return lines


def _on_hold(result: Result, order: Sequence[str]) -> list[str]:
    """Who is on hold, with the event, its source, and when the next figures are due."""
    held = [c for c in order if result.screening.status[c] == "on-hold"]
    if not held or result.criteria.hold is None:
        return []
    lines = [
        "",
        *wording.paragraph(f"{result.criteria.hold.title}: {len(held)}, without a verdict or a rank"),
    ]
    for c in held:
        lines += wording.paragraph(
            f"{countries.register().name(c)}: {dated_lists.held(result.hold[c], result.as_of)}", "  ", "    "
        )
    return lines
