"""The audit page is worked out again: each sentence fact by fact, each text and cell in its place (audit_truth.py)."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import made_up
import numpy as np
import page_texts
import pytest
import worlds
from audit_truth import faults, lines, made, rendered, rows_of, told_by, untrue
from audit_truth import said as truth_of
from page_texts import differences
from truth import Truth

from eligibility.analysis import soundness
from eligibility.data.panel import Reading
from eligibility.method import run, stability
from eligibility.method.result import Result
from eligibility.pages import charts
from eligibility.pages.audit_phrases import AUDIT
from eligibility.pages.blocks import Page, Section, Table, Text, sentences
from eligibility.pages.said import Figure, Said, places, say
from eligibility.policy.model import Reference

SCORED = "polyarchy liberties society participation corruption neopatrimonialism".split()


def by_lot(values):
    """Parts have nothing to do with each other."""
    for name in SCORED:
        values[f"made.{name}"] = np.random.default_rng(len(name)).permutation(40) / 41


def against(values):
    """Two indicators work against the rest of their own, a pillar against the rest of the score, two say the same."""
    values["made.participation"] = 1 - values["made.society"] + np.random.default_rng(3).normal(0, 0.02, 40)
    for name in ("corruption", "neopatrimonialism"):
        values[f"made.{name}"] = values["made.polyarchy"].fillna(0.5).clip(0.05, 0.95)


def alike(values):
    """All parts are one."""
    for name in SCORED:
        steps = np.arange(1, 41) / 41
        values[f"made.{name}"] = 1 - steps if name in made_up.LOW else steps


def holes(values):
    values.loc[values.index[:20], "made.society"] = np.nan
    values.loc[values["made.income"] < 1945, "made.corruption"] = np.nan


def far(values):
    values["made.liberties"] = np.linspace(0.4, 0.42, 40)
    values.loc[["XAA", "XAB"], "made.liberties"] = 0.99


def apart(values):
    """Most pass the one gate, and are not like the others."""
    lot, inside = np.random.default_rng(1), np.arange(40) < 33
    values["made.association"] = 0.9
    values.loc[values.index[-3:], "made.association"] = np.nan
    values["made.participation"] = np.where(inside, 0.6 + lot.random(40) * 0.3, 0.05)
    values["made.society"] = np.where(inside, 0.5 + lot.random(40) * 0.05, lot.random(40))


def _all(changed, **more) -> Result:
    return made_up.make(n=40, changed=changed, policy=worlds.index(**more))


def turned(result: Result) -> tuple[Truth, Page]:
    """With the changes of weights that turn the shortlist, of a result with a score."""
    own, admitted = result.criteria, result.screening.status.isin(["eligible", "conditional"]).to_numpy()
    turns = stability.stability(own.score, result.centre, result.peers.to_numpy(), admitted, own.shortlist)
    return made(result, replace(soundness.quick(result), stability=turns))


def assumed(result: Result) -> tuple[Truth, Page]:
    """With other errors, as of a file that has no other readings."""
    return made(result, soundness.full(result, Path("made-up.yaml")))


def full() -> tuple[Truth, Page]:
    """The page of `eligibility audit`: with other errors, weights and readings."""
    result = worlds.SHIPPED["default early"]()
    return made(result, soundness.full(result, "peacetime-pilots"))


def read(change) -> tuple[Truth, Page]:
    """The same with another curve of readings."""
    t, _ = page("full")
    return made(t.result, replace(t.sound, curve=replace(t.sound.curve, **change(t.sound.curve))))


BY_PEERS = made_up.gate(
    "lowest", made_up.atom("made.association", "at_least", Reference("peers", 0.0), "gates.lowest")
)
ONE_GATE = worlds.policy(gates=worlds.policy().gates[1:2], tracks=())
REAL: dict[str, Callable[[], tuple[Truth, Page]]] = {
    **{name: lambda make=make: made(make()) for name, make in worlds.SHIPPED.items()},
    "as known": lambda: made(run.run(as_of=worlds.EARLY, draws=worlds.DRAWS, reading=Reading(as_known=True))),
    "full": full,
    "some names do not match": lambda: read(lambda own: {"written": 5}),
    "most match": lambda: read(lambda own: {"right": (*[0] * len(own.names), own.readings), "patterns": 1, "chance": 0.6}),
    "one name": lambda: read(lambda own: {"names": own.names[:1], "right": (1, own.readings - 1), "written": 1}),
}  # fmt: skip
INVENTED: dict[str, Callable[[], tuple[Truth, Page]]] = {
    **{name: lambda make=make: made(make()) for name, make in worlds.MADE.items()},
    "by lot": lambda: turned(_all(by_lot)),
    "against": lambda: turned(_all(against)),
    "alike": lambda: turned(_all(alike)),
    "holes": lambda: turned(_all(holes)),
    "far": lambda: turned(_all(far, places=12)),
    "apart": lambda: turned(made_up.make(n=40, changed=apart, policy=ONE_GATE)),
    "other errors, nobody ranked": lambda: assumed(made_up.make(policy=worlds.policy(score=None, tracks=()))),
    "other errors, nothing required": lambda: assumed(made_up.make(policy=worlds.index(shortlist=0))),
    "needs by country": lambda: made(made_up.make(n=40, policy=worlds.policy(gates=(BY_PEERS,), tracks=()))),
    "one stays": lambda: turned(made_up.make(n=20, seed=0, policy=worlds.index(places=1))),
}


@cache
def page(name: str, invented: bool = False) -> tuple[Truth, Page]:
    return (INVENTED if invented else REAL)[name]()


@pytest.mark.parametrize("name", REAL)
def test_every_text_on_shipped_criteria_is_true(name):
    assert faults(*page(name)) == []


@pytest.mark.parametrize("name", INVENTED)
def test_every_text_on_made_up_criteria_is_true(name, invented):
    assert faults(*page(name, True)) == []


def test_every_phrase_of_the_audit_is_on_one_of_these_pages(request):
    """A phrase that is new fails here until a page says it, and then until its finding is worked out."""
    seen = {said.phrase for name in REAL for said in sentences(page(name)[1])}
    request.getfixturevalue("invented")
    seen |= {said.phrase for name in INVENTED for said in sentences(page(name, True)[1])}
    assert {x for x in AUDIT if x.startswith("audit.")} - seen == {"audit.contents"}  # over links
    assert page("gates only", True)[1].title == say("audit.well.unscored")


READ = {  # where two facts of one kind could change places
    "“A” weighs 25% and accounts for 40% of what parts do to the score (correlation 0.50, 3% of its variance told by it alone)":
        say("audit.gap.part", name="A", weight=25, share=40, what="parts", r=0.5, unique=Figure(3, 0)),
    "In “A” alone 10% of the 30 ranked countries, and 20% of all 40 considered, stand a tenth of the list or more from where the whole score puts them.":
        say("audit.moved.ranked", name="A", x=0.1, n=30, every=0.2, all=40),
    "“A” goes more with the part “B” (0.60) than with the rest of its own (0.40).": say("audit.other-pillar", name="A", other="B", x=0.6, own=0.4),
    "“A” works against the rest of its own part, “B”: correlation −0.40 (90% interval −0.60 to −0.10).":
        say("audit.own-negative", name="A", other="B", x=-0.4, low=-0.6, high=-0.1),
    "“B” is one of the figures that the publisher makes “A” of: what it says is counted in both, however far the two go together.":
        say("audit.built-from", name="A", other="B"),
    "Only two countries are ranked, too few for correlations and effects of their own: those told here are of all 40 countries considered, and need not hold of the ranked.":
        say("audit.few-ranked", ranked=2, n=40),
    "96% of the 50 countries it is judged for pass the test “A ≥ 0.50” of “B” (of 3 it is unknown): it tells hardly anybody apart.":
        say("audit.one-sided.open", x=0.96, n=50, name="A", needs="≥ 0.50", rule="B", open=3),
    "One of three countries has less than two thirds of the score's weight in figures.": say("audit.thin", who=(1, 3), x=1),
    " and none of eight stay on the shortlist": say("audit.kept", n=0, of=8),
    "Of 900 readings of the criteria, each a step from the one written in some of its numbers, 9 (1%) sort all of them so.":
        say("audit.readings", all=900, right=9, p=0.01, n=6, worst=Said("nothing", ())),
    "Under those 9 readings 3 to 5 countries qualify, in 7 different lists; on average 2.5 of the 8 shortlisted as written stay.":
        say("audit.those", right=9, low=3, high=5, lists=7, kept=say("audit.those.kept", x=2.5, of=8)),
    "20 other sets of six countries come out just so under the criteria as written; a rule that let as many of the 139 qualify by lot would match once in 1,000.":
        say("audit.lot", others=20, n=6, pool=139, odds=say("audit.lot.once", n=1000)),
}  # fmt: skip


@pytest.mark.parametrize("text", READ)
def test_each_fact_stands_in_its_place(text):
    assert READ[text].text == text


SENSE = {  # phrases of one kind, and the words by which one of them says what the others do not
    "alpha.low": "do not measure", "alpha.loose": "loosely", "copeland.part": "only in part", "own-negative": "works against",
    "own-weak": "has little to do", "pillar-negative": "works against", "pillar-weak": "has little to do", "thin": "less than",
    "thin.none": "at least", "few.pillar": "have} every figure", "few.none": "No country has a figure", "redundant": "Inside one", "redundant.apart": "In two",
    "sets-differ.least": "weighs least", "sets-differ.most": "weighs most", "gap": "are not", "gap.even": "Importance is", "wide.none": "None of",
    "left-out.none": "No rank", "kept.one": "stays on", "kept.gone": "leaves", "edge.in": "bring {name} in", "edge.out": "take {name} out",
    "edge.never": "brings anybody", "come": "{n:comes|come}", "little": "match them too", "little.known": "do not match", "unmatched": "no number",
}  # fmt: skip


@pytest.mark.parametrize("phrase", SENSE)
def test_a_phrase_says_what_those_of_its_kind_do_not(phrase):
    kind = re.split(r"[.-](?=\w+$)", phrase)[0]
    alike = [
        text for other, text in AUDIT.items() if other.startswith(f"audit.{kind}") and SENSE[phrase] in text
    ]
    assert alike == [AUDIT[f"audit.{phrase}"]]


def test_shades_and_drawings_are_of_the_numbers_beside_them():
    t, own = page("full")
    audit, curve = t.sound.audit, t.sound.curve
    heat = rows_of(own, "heat")
    for k, (row, (path, held)) in enumerate(zip(heat, audit.to_pillar.iterrows(), strict=True)):
        inside = [*audit.correlation.loc[path].iloc[:k], *held]
        shown = [cell.shade for cell in row.cells if cell.shade][:-1]
        assert shown == ["neg" if r < 0 else str(sum(r > x for x in (0.3, 0.6, 0.8, 0.92))) for r in inside]
    drawn = lambda *ids: [r.cells[1].drawing.values for id in ids for r in rows_of(own, id) if not r.heading]  # noqa: E731
    want = []
    for table in (audit.by_pillar.table, audit.by_indicator.table):
        most = table[["share_high", "weight"]].to_numpy().max()
        want += [
            charts.share(x.share, x.weight, most, (x.share_low, x.share_high)) for x in table.itertuples()
        ]
    assert drawn("shares-pillars", "shares-indicators") == want
    right, share = curve.by_option["right"], curve.right[-1] / curve.readings
    assert drawn("choices") == [charts.share(x, share, max(right.max(), share)) for x in right]


# ── That the proofs can fail ────────────────────────────────────────────────────────────────────────────────────


def another(fact: object) -> object:
    """Another fact of the same kind."""
    if isinstance(fact, Figure):
        return replace(fact, value=another(fact.value))
    if isinstance(fact, (int, float)):
        return fact + (1 if isinstance(fact, int) else 0.011 * max(1.0, abs(fact)))
    return fact[1:] if isinstance(fact, tuple) else date(2000, 1, 1) if isinstance(fact, date) else f"{fact}x"


def changes(said: Said) -> Iterator[tuple[str, Said]]:
    """What a fault must begin with, and the sentence with a fact or a phrase changed, or one in a sentence within it."""
    for other in AUDIT:
        if other != said.phrase and places(other) == said.facts.keys():
            yield f"{said.phrase}: expected", Said(other, said.given)
    for key, fact in said.given:
        inside = (
            changes(fact) if isinstance(fact, Said) else [(f"{said.phrase}: {key}: expected", another(fact))]
        )
        yield from (
            (told, Said(said.phrase, tuple({**said.facts, key: new}.items()))) for told, new in inside
        )


def test_a_changed_fact_or_phrase_is_named_with_what_was_expected():
    t, own = page("full")
    want, tried = truth_of(t), 0
    for key, told in told_by(own).items():
        for one, said in zip(want[key], told, strict=True):
            assert differences(one, said) == []
            for begins, changed in changes(said):
                (fault,) = differences(one, changed)
                assert fault.startswith(begins) and ", got " in fault
                tried += 1
    assert tried > 150
    row = rows_of(own, "findings")[0]
    first = row.cells[1].words
    cell = replace(row.cells[1], words=say(first.phrase, **first.facts | {"x": 1}))
    found = untrue(
        t, edited(own, "findings", lambda rows: (replace(row, cells=(row.cells[0], cell)), *rows[1:]))
    )
    assert found == [f"audit.wide: x: expected {first.facts['x']}, got 1"]
    assert untrue(t, edited(own, "findings", lambda rows: rows[1:]))
    assert untrue(t, replace(own, sections=tuple(s for s in own.sections if s.id != "edge")))
    assert untrue(t, replace(own, title=say("name", name="Six")))[0].startswith(
        "title: expected the beginning of"
    )


def edited(own: Page, id: str, change: Callable) -> Page:
    """The page with other rows in one table."""
    block = lambda b: replace(b, rows=change(b.rows)) if isinstance(b, Table) and b.id == id else b  # noqa: E731
    return replace(own, sections=tuple(replace(s, blocks=tuple(map(block, s.blocks))) for s in own.sections))


def test_a_section_nobody_proves_is_refused():
    t, own = page("full")
    more = Section("new", say("audit.weights"), (Text((say("audit.flat"),)),))
    for grown in (replace(own, sections=(*own.sections, more)), replace(own, more=(more, *own.more))):
        assert faults(t, grown)


MEASURES = {
    "coverage": "coverage, Type of regime, Share: expected '",
    "by_group": "coverage, Type of regime, Low-income (up to the historical ceiling for IDA): expected '",
    "correlation": "heat, 2 Liberal democracy, 1: expected '0.",
    "to_pillar": "heat, 1 Electoral democracy Democracy, Democracy: expected '0.",
    "pillar": "audit.moved.ranked: x: expected 0.",
    "left_out": "audit.left-out: x: expected 0.",
    "by_pillar": "audit.gap.part: weight: expected 33.3333333, got 35.3333333",
    "by_indicator": "audit.gap.part: weight: expected 11.1111111, got 13.1111111",
}


@pytest.mark.parametrize("measure", MEASURES)
def test_a_page_of_other_measures_is_refused(measure):
    """Each measure of the audit moved by a fiftieth, the truth as it was."""
    t, _ = page("full")
    held = getattr(t.sound.audit, measure)
    frame = held.table if measure.startswith("by_") and measure != "by_group" else held
    moved = frame.assign(**{c: frame[c] + 0.02 for c in frame.select_dtypes("number").columns})
    other = replace(held, table=moved) if frame is not held else moved
    _, own = made(t.result, replace(t.sound, audit=replace(t.sound.audit, **{measure: other})))
    assert faults(t, own)[0].startswith(MEASURES[measure])


def tampered(html: str, lot: random.Random) -> Iterator[str]:
    """The page with a digit changed, two cells of a row or two headings of a table exchanged, a row left out or twice."""
    head, body = html.split("<body>")
    digit = lot.choice(
        [m.start() for m in re.finditer(r"\d(?=[^<>]*</(?:td|th|p|title|dd|small|h1|h2|span|bdi)>)", body)]
    )
    yield (
        head + "<body>" + body[:digit] + str((int(body[digit]) + lot.randint(1, 9)) % 10) + body[digit + 1 :]
    )
    row = lot.choice(list(re.finditer(r"<tr.*?</tr>", body, re.S)))
    cells = re.findall(r"<t[dh].*?</t[dh]>", row[0], re.S)
    yield html.replace(row[0], "", 1)
    yield html.replace(row[0], row[0] * 2, 1)
    shown = [re.sub(r"<.*?>", "", cell) for cell in cells]
    one, two = lot.choice(
        [(i, j) for i in range(len(cells)) for j in range(i) if shown[i] != shown[j]] or [(0, 0)]
    )
    if one != two:
        swapped = [cells[{one: two, two: one}.get(k, k)] for k in range(len(cells))]
        yield html.replace(row[0], "".join(("<tr>", *swapped, "</tr>")), 1)


def test_a_tampered_page_is_refused():
    t, own = page("full")
    html, lot, tried = rendered(own), random.Random(5), 0
    want = list(lines(t, own.title.plain, truth_of(t)))
    for _ in range(60):
        for changed in tampered(html, lot):
            tried += 1
            assert page_texts.faults(want, changed) != [], changed
    assert tried > 200
