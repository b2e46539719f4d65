"""The pages of a result with every proof of what they say, and changed sentences that the proofs must refuse."""

from __future__ import annotations

import random
import re
import warnings
from functools import cache
from unittest.mock import patch

import claims_audit
import claims_briefing
import claims_changes
import claims_country
import claims_decisions
import claims_exhibits
import claims_gates
import claims_last
import claims_map
import claims_method
import claims_others
import claims_ranks
import claims_readings
import claims_rules
import claims_shared
import claims_since
import claims_travel
import claims_weights
import prover
import worlds
from prose import Piece, pieces
from prover import Page
from reading import WORDS
from truth import Last, Truth

from eligibility import report, run, soundness

PROOFS = (claims_audit, claims_briefing, claims_changes, claims_country, claims_decisions, claims_exhibits, claims_gates,
          claims_last, claims_map, claims_method, claims_others, claims_ranks, claims_readings, claims_rules, claims_shared, claims_since, claims_travel, claims_weights)  # fmt: skip
EACH = 12  # country pages proved of a shipped set


def some_of(result: run.Result, most: int, before: run.Result | None = None) -> tuple[str, ...]:
    """Countries of every kind: by status then and now, by what fails, by how firm, ranked or not, then any."""
    p, gate = result.firmness.p_eligible, result.screening.gate
    then = before.screening.status if before is not None else {}
    kinds: dict[tuple, str] = {}
    for c in result.screening.status.index:
        close = "none" if p[c] != p[c] else int(10 * p[c])
        kinds.setdefault((then.get(c, ""), result.screening.status[c], close, *gate.loc[c]), c)
    rest = [c for c in result.screening.status.index if c not in kinds.values()]
    moved = [c for key, c in kinds.items() if then.get(c) and key[0] != key[1]]
    return tuple(sorted(list(dict.fromkeys([*moved, *kinds.values(), *rest]))[:most]))


def rendered(
    result: run.Result, most: int, last: Last | None = None, others: tuple[run.Result, ...] = ()
) -> list[tuple[Page, list[Piece]]]:
    """Every text of every page of a result, some of the countries only where there are many.

    last     the round it is held against; the audit, which knows of no other round, is then left out
    others   other criteria sets asked beside
    """
    shown, sound = some_of(result, most, last and last.before), None if last else soundness.quick(result)
    nothing, words = (lambda *_: b""), (lambda *_: "")  # the files beside the pages say nothing in sentences
    with (
        warnings.catch_warnings(),
        patch.multiple(report.spreadsheet, book=nothing),
        patch.multiple(report.tables, document=words, csv=words, json=words),
        patch.multiple(report.soundness, quick=lambda _: sound),
        patch.object(report, "audit", nothing if last else report.audit),
    ):
        warnings.simplefilter("ignore")
        files = report.content(result, shown, since=last and last.since, others=others)
    truth = Truth(result, sound, last=last, others=others)
    out = []
    for path, data in files.items():
        if path.endswith(".html") and data:
            kind, iso3 = ("country", path[10:13]) if path.startswith("countries/") else (path[:-5], "")
            out.append((Page(kind, truth, iso3, data.decode()), pieces(data.decode())))
            truth.amended += _amended(out[-1][1]) if kind == "briefing" else []
    return out


def _amended(texts: list[Piece]) -> list[tuple[str, str, str]]:
    """The rows of the table of how the criteria differ."""
    cells = [p.text for p in texts if p.within == "amended-table" and p.cell][3:]
    return list(zip(cells[::3], cells[1::3], cells[2::3], strict=True))


@cache
def shipped(name: str) -> list[tuple[Page, list[Piece]]]:
    return rendered(worlds.SHIPPED[name](), EACH)


def faults(pages) -> list[str]:
    return [
        told
        for page, texts in pages
        for piece in texts
        if not piece.cell and (told := prover.fault(page, piece))
    ]


# That the proofs can fail ----------------------------------------------------------------------------------

SWAPS = [
    ("passes", "fails"), ("pass", "fail"), ("Passes", "Fails"), ("more", "less"), ("strongest", "weakest"), ("gate", "track"),
    ("firm", "borderline"), ("eligible", "excluded"), ("at or below", "at or above"), ("better than", "worse than"),
    ("improved", "worsened"), ("admit", "exclude"), ("highest", "lowest"), ("geometric", "arithmetic"), ("pool", "peers"),
    ("at least", "at most"), ("None", "All"), ("none", "all"), ("both", "none of two"), ("country", "countries"),
]  # fmt: skip
LOOSE = {"text"}  # labels drawn beside columns say a rank or a share, of which column only the drawing says
LISTS = {
    ("index", "countries", "li"),
    ("briefing", "map", "title"),
}  # one name for another: see the test of whole lists


def mutants(text: str, names: list[str], rng: random.Random) -> list[tuple[str, str]]:
    """The same text with one number, count, name or word changed: kind, text."""
    out = []
    for found in re.finditer(r"\d", text):
        digit = str((int(found[0]) + rng.randint(1, 9)) % 10)
        out.append(("number", text[: found.start()] + digit + text[found.end() :]))
    for found in re.finditer(rf"\b({'|'.join(WORDS[1:])})\b", text, re.I):
        other = rng.choice([w for w in WORDS[1:] if w != found[0].lower()])
        other = other.capitalize() if found[0][0].isupper() else other
        out.append(("number", text[: found.start()] + other + text[found.end() :]))
    for name in names:
        if len(name) > 4 and name in text:
            out.append(("name", text.replace(name, rng.choice([n for n in names if n != name]), 1)))
    for one, two in SWAPS:
        for a, b in ((one, two), (two, one)):
            if found := re.search(rf"\b{a}\b", text):
                out.append(("word", text[: found.start()] + b + text[found.end() :]))
    return [(kind, changed) for kind, changed in out if changed != text]


def survivors(pages, most: int, seed: int) -> tuple[dict[str, int], list[str]]:
    """How many changed sentences were tried by kind, and those that were not refused."""
    rng, tried, alive = random.Random(seed), {"number": 0, "name": 0, "word": 0}, []
    pool = [
        (page, piece) for page, texts in pages for piece in texts if not piece.cell and piece.tag not in LOOSE
    ]
    rng.shuffle(pool)
    for page, piece in pool:
        some = mutants(piece.text, list(page.truth.name.values()), rng)
        for kind, text in rng.sample(some, min(2, len(some))):
            if kind == "name" and (page.kind, piece.section, piece.tag) in LISTS:
                continue
            if tried[kind] < most:
                tried[kind] += 1
                if not prover.fault(
                    page, Piece(text, piece.tag, piece.section, piece.within, piece.row, piece.column)
                ):
                    alive.append(
                        f"{kind}: {piece.text!r} -> {text!r} ({page.kind} {page.iso3} #{piece.section})"
                    )
    return tried, alive
