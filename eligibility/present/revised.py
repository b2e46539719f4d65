"""What a new vintage of a dataset changes, in the terminal and as JSON: cells, years, how far figures moved, verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict

from eligibility.analysis.compare.revisions import Revision
from eligibility.pages import last_round
from eligibility.pages.wording import counted, paragraph, some
from eligibility.present import moves
from eligibility.present.as_json import written
from eligibility.present.moves import MOST
from eligibility.terminal import WIDTH

AGES = (0, 1, 2, 3, 5, 10)  # years before the newest figure of a release
NONE = "-"
OTHER = "Another vintage held answers for a series that one of them has not."


def text(told: Revision) -> str:
    """What a new vintage changes, for a terminal."""
    wide = max(6, *(len(s.name) for s in told.series))
    lines = [
        *(moves.read(told.verdicts, (told.old.id, told.new.id)) if told.verdicts else ()),
        *paragraph(
            " -> ".join(f"{one.id} (released {one.released.isoformat()})" for one in (told.old, told.new))
        ),
        *_set("countries", told.countries_new, told.countries_lost),
        *_set("years", map(str, told.years_new), map(str, told.years_lost)),
        *_set("series", told.only_new, told.only_old),
        *paragraph(OTHER if told.only_old or told.only_new else ""),
        "",
        f"{'series':<{wide}} {'cells':>6} {'changed':>7} {'moved':>6} {'new':>4} {'gone':>4}  largest",
    ]
    for s in told.series:
        row = f"{s.name:<{wide}} {s.both:>6} {s.changed:>7} {100 * s.share:>5.1f}% {s.appeared:>4} {s.withdrawn:>4}"
        largest = "" if s.largest is None else "{} {} {:g} -> {:g}".format(*s.largest)
        fits = len(row) + 2 + len(largest) <= WIDTH
        lines += [f"{row}  {largest}".rstrip()] if fits else [row, f"{largest:>{WIDTH}}"]
    lines += [
        *paragraph(
            "Cells: country-years in both. Moved: by more than a twentieth of the range, or to another class. "
            "New, gone: cells of years that both reach."
        ),
        *_by_age(told, wide),
        "",
        *_alarm(told),
    ]
    return "\n".join(lines) + "\n"


def _by_age(told: Revision, wide: int) -> Iterator[str]:
    """How far figures of each age moved."""
    if not any(s.by_age for s in told.series):
        return
    yield ""
    yield f"{'moved, by age':<{wide}}{''.join(f'{age:>8}' for age in AGES)}"
    for s in told.series:
        own = {m.age: f"{m.half:,.{s.decimals}f}" for m in s.by_age}
        if own:
            yield f"{s.name:<{wide}}{''.join(f'{own.get(age, NONE):>8}' for age in AGES)}".rstrip()
    yield from paragraph(
        f"Half the width of the middle 68% of moves, by age: years before the newest figure of {told.old.id}. What all countries "
        "share is left out. Where a publisher gives no standard error, an assumed one should not be below the first column."
    )


def _set(what: str, came: Iterable[str], went: Iterable[str]) -> Iterator[str]:
    """What is new and what is lost of one kind of thing."""
    for word, items in (("new", list(came)), ("lost", list(went))):
        if items:
            yield from paragraph(f"{word} {what}: {some(items, MOST)}", "", "  ")


def _alarm(told: Revision) -> Iterator[str]:
    """The verdicts that flip under the new vintage."""
    if told.verdicts is None:
        yield from paragraph("The criteria look at no series that both hold; no verdict can flip.")
        return
    own = told.verdicts.b
    where = f"{own.criteria['id']} {own.criteria['version']}, as of {own.as_of}"
    if not told.flipped:
        yield from paragraph(f"No verdict of {where} flips under {told.new.id}.")
    else:
        n = len(told.flipped)
        decisions = counted(n, "decision flips", "decisions flip")
        yield from paragraph(f"Revision alarm: {decisions} under {told.new.id} ({where}).")
        turns = told.verdicts.causes.turns if told.verdicts.causes else {}
        for iso3 in told.flipped:
            gates = [f"{t.gate} {moves.verdicts(t.was, t.now)}" for t in turns.get(iso3, ())]
            was, now = (moves.chance_of(end, iso3) for end in (told.verdicts.a, own))
            chance = [] if own.index else [f"chance it qualifies {was} -> {now}"]
            said = [f"  {last_round.called(iso3)}: {moves.statuses(told.verdicts, iso3)}", *gates, *chance]
            yield from paragraph("; ".join(said), "", "      ")
    for note in told.verdicts.notes:
        yield from paragraph(note)


def json(told: Revision) -> str:
    """The cells a vintage changed and the verdicts it flips."""
    series = [
        {"id": s.name, "cells": s.both, "changed": s.changed, "moved": s.material, "share_moved": round(s.share, 12),
         "appeared": s.appeared, "withdrawn": s.withdrawn, "by_age": [asdict(m) for m in s.by_age],
         "largest": s.largest and dict(zip(("iso3", "year", "old", "new"), s.largest, strict=True))}
        for s in told.series
    ]  # fmt: skip
    return written({
        "old": {"id": told.old.id, "sha256": told.old.sha256},
        "new": {"id": told.new.id, "sha256": told.new.sha256},
        "series": series,
        "series_new": list(told.only_new), "series_lost": list(told.only_old),
        "countries_new": list(told.countries_new), "countries_lost": list(told.countries_lost),
        "years_new": list(told.years_new), "years_lost": list(told.years_lost),
        "flipped": list(told.flipped),
        "verdicts": None if told.verdicts is None else moves.document(told.verdicts),
    })  # fmt: skip
