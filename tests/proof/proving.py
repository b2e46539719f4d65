"""The pages of a result with every proof of what they say, and changed sentences that the proofs must refuse."""

from __future__ import annotations

import random
import re
import warnings
from functools import cache

import claims_audit
import claims_readings
import claims_shared
import claims_weights
import prover
import worlds
from prose import Piece, pieces
from prover import Page
from reading import WORDS
from truth import Truth

from eligibility.analysis import soundness
from eligibility.method import run
from eligibility.pages.facts import Facts
from eligibility.present import report

PROOFS = (claims_audit, claims_readings, claims_shared, claims_weights)


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


def rendered(result: run.Result) -> list[tuple[Page, list[Piece]]]:
    """Every text of the pages that are made of sentences: the audit of a run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sound, facts = soundness.quick(result), Facts.of(result)
        truth = Truth(result, sound)
        proof = report.reproduce(result, report._command(result))
        audit = report.audit(facts, sound, proof, "briefing.html")
    made = {"audit": audit}
    return [(Page(kind, truth, "", data.decode()), pieces(data.decode())) for kind, data in made.items()]


@cache
def shipped(name: str) -> list[tuple[Page, list[Piece]]]:
    return rendered(worlds.SHIPPED[name]())


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
            if tried[kind] < most:
                tried[kind] += 1
                if not prover.fault(
                    page, Piece(text, piece.tag, piece.section, piece.within, piece.row, piece.column)
                ):
                    alive.append(
                        f"{kind}: {piece.text!r} -> {text!r} ({page.kind} {page.iso3} #{piece.section})"
                    )
    return tried, alive
