"""Every sentence of every page is taken back to the result: what no proof knows fails, and so does what is not so.

The proofs are in `claims_*.py`, each beside the pattern of its sentence; `prover.py` says how they are put together.
"""

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
import claims_map
import claims_method
import claims_ranks
import claims_readings
import claims_rules
import claims_shared
import claims_since
import claims_travel
import fake_result
import prover
import pytest
import worlds
from prose import Piece, pieces
from prover import Page
from reading import WORDS
from truth import Truth

from eligibility import countries, report, run, soundness
from eligibility.pages import outlines
from eligibility.pages.facts import Facts

PROOFS = (claims_audit, claims_briefing, claims_changes, claims_country, claims_decisions, claims_exhibits, claims_gates,
          claims_map, claims_method, claims_ranks, claims_readings, claims_rules, claims_shared, claims_since, claims_travel)  # fmt: skip
EACH = 12  # country pages proved of a shipped set
FEW = 6  # and of a made-up one


@pytest.fixture
def invented(monkeypatch):
    """Names of the invented countries."""
    register = fake_result.register(40)
    monkeypatch.setattr(countries, "register", lambda: register)


def some_of(result: run.Result, most: int) -> tuple[str, ...]:
    """Countries of every kind: by status, by what fails, by how firm, ranked or not, then any."""
    p, gate = result.firmness.p_eligible, result.screening.gate
    kinds: dict[tuple, str] = {}
    for c in result.screening.status.index:
        close = "none" if p[c] != p[c] else int(10 * p[c])
        kinds.setdefault((result.screening.status[c], close, *gate.loc[c]), c)
    rest = [c for c in result.screening.status.index if c not in kinds.values()]
    return tuple(sorted([*kinds.values(), *rest][:most]))


def rendered(result: run.Result, most: int) -> list[tuple[Page, list[Piece]]]:
    """Every text of every page of a result, some of the countries only where there are many."""
    shown, sound = some_of(result, most), soundness.quick(result)
    none = lambda *_: b""  # noqa: E731 - the files beside the pages say nothing in sentences
    with warnings.catch_warnings(), patch.multiple(report.spreadsheet, book=none):
        warnings.simplefilter("ignore")
        with patch.multiple(report.soundness, quick=lambda _: sound):
            files, truth = report.content(result, shown), Truth(result, sound)
    out = []
    for path, data in files.items():
        if path.endswith(".html"):
            kind, iso3 = ("country", path[10:13]) if path.startswith("countries/") else (path[:-5], "")
            out.append(
                (Page(kind, truth, iso3), [p for p in pieces(data.decode()) if not p.cell or p.row == ""])
            )
    return out


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


@pytest.mark.parametrize("name", worlds.SHIPPED)
def test_every_sentence_on_shipped_criteria_is_proved(name):
    pages = shipped(name)
    assert {page.kind for page, _ in pages} == set(prover.KINDS)
    assert sum(len(texts) for _, texts in pages) > 1000
    assert faults(pages) == []


@pytest.mark.parametrize("name", worlds.MADE)
def test_every_sentence_on_made_up_criteria_is_proved(name, invented):
    assert faults(rendered(worlds.MADE[name](), FEW)) == []


@pytest.mark.parametrize("name", ["default early", "index", "gates only"])
def test_the_lists_of_a_page_are_whole(name):
    """Each candidate is on the index once, under its status, and on the map once."""
    by_kind = {page.kind: (page, texts) for page, texts in shipped(name)}
    page, texts = by_kind["index"]
    truth = page.truth
    listed = [
        (p.within, re.sub(r" \S+%$", "", p.text)) for p in texts if p.section == "countries" and p.tag == "li"
    ]
    assert sorted(listed) == sorted((truth.status[c], truth.name[c]) for c in truth.pool)
    _, texts = by_kind["briefing"]
    lands = [p.text for p in texts if p.section == "map" and p.tag == "title" and ": " in p.text]
    drawn = outlines.world()
    shown = [truth.name[c] for c in truth.pool if c in drawn.paths or c in drawn.places]
    assert truth.criteria.index or {land.split(": ")[0] for land in lands} == set(shown)


def test_every_sentence_of_the_audit_with_other_weights_and_readings_is_proved():
    result = run.run(as_of=worlds.EARLY, draws=worlds.DRAWS)
    sound = soundness.full(result, "peacetime-pilots")
    html = report.audit(
        Facts.of(result),
        sound,
        report.reproduce(result, "eligibility audit peacetime-pilots --as-of 2016-07-01 --page audit.html"),
    )
    page = Page("audit", Truth(result, sound))
    texts = pieces(html.decode())
    assert {"edge", "readings"} <= {p.section for p in texts}
    assert faults([(page, texts)]) == []
    tried, alive = survivors([(page, [p for p in texts if p.section in ("edge", "readings")])], 60, seed=6)
    assert tried["number"] > 40
    assert alive == []


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


@pytest.mark.parametrize("name", ["default early", "index", "gates only"])
def test_a_changed_sentence_is_refused(name):
    tried, alive = survivors(shipped(name), 150, seed=5)
    assert tried["number"] == 150
    assert tried["name"] >= 10
    assert alive == []
