"""The review of pilots as a page and as text: every sentence is held against the register, the figures and the table that ships."""

from __future__ import annotations

import csv
import hashlib
import io
import math
import re
from datetime import date
from functools import cache
from types import SimpleNamespace

import html5lib
import pytest
from test_reviews import ON, REGISTER, held

from eligibility import resources
from eligibility.analysis.reviews import past, whole
from eligibility.analysis.reviews.trajectories import INDICATORS, LEVEL
from eligibility.data import countries
from eligibility.files.strict_yaml import parse
from eligibility.pages import reviewing
from eligibility.pages.blocks import Bullets, Table, Text, Verdict, sentences
from eligibility.pages.dated_lists import when
from eligibility.pages.names import PLAIN
from eligibility.pages.review_phrases import REVIEW
from eligibility.pilots.register import of
from eligibility.present import reviewed

MORE = """  - country: BEN
    body: {kind: reporting-body}
    stage: running
    begins: 2024-01-01
    review_on: 2026-11-30
  - country: ZMB
    body: {kind: full-mechanism}
    stage: running
    begins: 2026-02-01
  - country: KOR
    body: {kind: reporting-body}
    stage: running
    begins: 2024-01-01
"""


def review(text: str, on: date = ON):
    policy, figures, shown = held()
    pilots = of(parse(text)) if text else ()
    known = SimpleNamespace(
        pilots=pilots, sha256=hashlib.sha256(text.encode()).hexdigest() if text else "", text=text
    )
    return whole.of(policy, figures, shown, known, on)


@cache
def worlds():
    """Reviews that between them say what a review can say."""
    clear = "pilots: [{country: BEN, body: {kind: reporting-body}, stage: running, begins: 2024-01-01}]"
    amber = "pilots: [{country: HND, body: {kind: reporting-body}, stage: running, begins: 2015-01-01}]"
    return (
        review(REGISTER + MORE),
        review(""),
        review(clear, date(2026, 6, 1)),
        review(amber, date(2019, 6, 1)),
        review(amber, date(2003, 6, 1)),
    )


NAMES = lambda iso3s: tuple(countries.register().name(c) for c in iso3s)  # noqa: E731
PROOFS = {}
WORDS = {  # names and words only, or a sentence around them is proved; `house` is the record's, see test_reviews.py
    *(f"review.{x}" for x in ("kicker lead define glance table table.caption red amber clear open events rates.circle "
                              "rates.table house house.unheld house.nobody teach.how teach.so teach.table rule.not by.register same worse better "
                              "within share.none candidate teach.effect").split()),
    *(p for p in REVIEW if re.match(r"review\.(glance\.(pilot|colour|why|next|noday)|why\.(fall|class|drop|clear|open|unbegun)|"
                                    r"stage\.|kind\.|head\.|of\.|part\.(rule|revision|peers|pool|together)$|date\.|signal\.|"
                                    r"rates\.head|teach\.head|answer\.(clear|open|unbegun))", p)),
}  # fmt: skip


def proof(*phrases: str):
    def register(check):
        PROOFS.update(dict.fromkeys(phrases, check))
        return check

    return register


def frame(series: str):
    return held()[2].values[series]


def rates() -> dict[str, dict[str, str]]:
    text = (resources.shipped("datasets") / "reviews" / "alarms.csv").read_text(encoding="utf-8")
    return {row["signal"]: row for row in csv.DictReader(io.StringIO(text))}


def share(signal: str, part: str, of: str) -> float:
    row = {k: int(v) for k, v in rates()[signal].items() if v.isdigit()}
    return row[part] / (row["runs"] - row["lost"] if of == "kept" else row[of])


@proof("review.running")
def _(r, each, f):
    return f == {"title": r.criteria.id, "day": r.on}


@proof("review.title.red", "review.title.amber", "review.title.clear", "review.title.none")
def _(r, each, f):
    alive = [p for p in r.pilots if p.pilot.stage != "ended"]
    mine = [p.pilot.country for p in alive if p.colour == ("red" if "n" in f else "amber")]
    if not f:
        return not r.pilots or not any(p.colour in ("red", "amber") for p in alive)
    return f["names"] == NAMES(dict.fromkeys(mine)) and f.get("n", len(mine)) == len(mine)


@proof("review.revised")
def _(r, each, f):
    return any(held()[2].held[s].released > r.on for s in (LEVEL, *INDICATORS))


@proof("review.glance.name")
def _(r, each, f):
    return f["name"] in NAMES(p.pilot.country for p in r.pilots)


@proof("review.glance.day")
def _(r, each, f):
    days = [d for p in r.pilots for d in (p.pilot.review_on, p.pilot.next_election, p.pilot.ends,
            p.pilot.can_end_alone and p.pilot.can_end_alone.from_) if d]  # fmt: skip
    return f["day"] in days and f["day"] >= r.on


@proof("review.pilot")
def _(r, each, f):
    return f["name"] == NAMES([each.pilot.country])[0] and f["colour"].phrase == f"review.{each.colour}"


@proof("review.body", "review.body.begins", "review.body.plain")
def _(r, each, f):
    days = [d for d in (each.pilot.begins, each.pilot.ends) if d]
    return [f[k].facts["day"] for k in ("begins", "ends") if k in f] == days


@proof("review.why.event", "review.answer.event", "review.event", "review.event.quiet")
def _(r, each, f):
    mine = [e for p in r.pilots for e in p.events if not each or p is each]
    return any(f["kind"].phrase == f"review.kind.{e.kind}" and f["day"] == when(e.on) for e in mine)


@proof("review.events.none")
def _(r, each, f):
    return not each.events


@proof("review.why.several", "review.answer.several")
def _(r, each, f):
    if not each:  # a row of the first table, which the pilot's own section repeats
        return f["n"] in [len(p.worse) for p in r.pilots] and f["of"] == 7
    worse = 0
    for c in each.changes:
        if c.series in INDICATORS:
            line = frame(c.series)[each.pilot.country]
            gap = (line[c.now] - line[each.start]) * (1 if c.series == "vdem.political_corruption" else -1)
            worse += gap > 0 and gap >= 1.28 * c.error - 1e-9
    return f == {"n": worse, "of": 7, "times": 1.28}


@proof("review.limit.red", "review.limit.amber")
def _(r, each, f):
    known = {"fall": 0.10, "red": 2.33, "drop": 0.05, "amber": 1.64, "many": 2, "worse": 1.28}
    return all(x == known[key] for key, x in f.items())


@proof("review.answer.fall")
def _(r, each, f):
    line = frame(LEVEL)[each.pilot.country].loc[each.start : int(f["now"])]
    return (
        f["was"] == line.max() == line[int(f["then"])] and f["value"] == line[int(f["now"])] == line.iloc[-1]
    )


@proof("review.answer.errors")
def _(r, each, f):
    (c,) = [c for c in each.changes if c.series == LEVEL]
    line = frame(LEVEL)[each.pilot.country]
    return math.isclose(f["times"], abs(line[c.now] - line[c.then]) / c.error)


@proof("review.answer.class")
def _(r, each, f):
    line = frame("vdem.regime")[each.pilot.country].loc[each.start :].dropna()
    name = held()[2].sheets["vdem.regime"].class_name
    return f == {"top": name(line.max()), "class_": name(line.iloc[-1])} and line.max() > line.iloc[-1]


@proof("review.cell", "review.errors")
def _(r, each, f):
    if "times" in f:
        return any(
            math.isclose(f["times"], abs(c.value - c.was) / c.error if c.error else 0.0) for c in each.changes
        )
    return any(
        f["x"] == frame(c.series)[each.pilot.country][int(f["year"])]
        for c in each.changes
        if int(f["year"]) in (c.then, c.now)
    )


@proof("review.other", "review.other.none", "review.other.not", "review.part.score", "review.part.turn")
def _(r, each, f):
    m = each.moved
    if "why" in f:
        return m is None and f["why"] == each.unmoved
    others = [s for s in ("rule", "revision", "peers", "pool") if round(m.parts.get(s, 0.0), 3)]
    turned = [t for t in m.turned if t.by != ("own",)]
    if "told" in f:
        return len(f["told"]) == len(others) + len(turned)
    if "x" in f:
        return f["x"] == m.parts[f["cause"].phrase.removeprefix("review.part.")]
    return bool(f) or not (others or turned)


@proof("review.own", "review.own.same")
def _(r, each, f):
    words = [reviewing.status(word) for word in each.moved.status]
    return f["then"] == each.pilot.begins and f["now"] == words[1] and f.get("was", words[1]) == words[0]


@proof("review.unseen", "review.unseen.none", "review.unseen.one", "review.unseen.late")
def _(r, each, f):
    shown = held()[2]
    if "last" not in f:
        return True
    series = [
        s
        for s in (LEVEL, *INDICATORS)
        if PLAIN.get(s, SimpleNamespace(name=None)).name in f["names"] or r.labels[s].lower() in f["names"]
    ]
    late = f["due"] <= r.on
    return bool(series) and all(
        shown.history(s, r.on).dropna(how="all").index[-1] == int(f["last"])
        and shown.sheets[s].known_from(int(f["year"])) == f["due"]
        for s in series
    ) and late == (f["due"] <= r.on) and int(f["year"]) == int(f["last"]) + 1  # fmt: skip


@proof("review.unseen.list")
def _(r, each, f):
    return f["day"] == when(held()[2].dated["lists.power_seized"].rule.as_of)


@proof("review.outcomes", "review.outcome", "review.outcomes.none")
def _(r, each, f):
    own = each.pilot.outcomes
    if "what" in f:
        (one,) = [x for x in own if x.what == f["what"]]
        parts = f["value"].facts.get("parts", ())
        told = (
            [s.facts["x"] for s in parts if "x" in s.facts],
            [s.facts["year"] for s in parts if "year" in s.facts],
        )
        known = lambda x: [] if x is None else [x]  # noqa: E731
        return told == (known(one.before), [str(year) for year in known(one.year)])
    return len(f["told"]) == len(own) if "told" in f else not own


@proof("review.compare", "review.compare.none", "review.by.rule")
def _(r, each, f):
    if "day" in f:
        return f["day"] == each.compared.day
    names = each.compared.names if each.compared else ()
    return (f["names"] == NAMES(names) and f["sha"] == each.compared.sha256[:12]) if f else not names


@proof("review.in", "review.ago", "review.today")
def _(r, each, f):
    return abs((f["day"] - r.on).days) == f.get("n", 0)


@proof("review.rates", "review.rates.runs", "review.rates.lost")
def _(r, each, f):
    red = rates()["red"]
    known = {"n": red["sounded"], "right": red["caught"], "by": "0.1", "criteria": f"{red['criteria']} {red['version']}",
             **{k: red[k] for k in ("runs", "first", "countries", "lost")}}  # fmt: skip
    return all(str(x) == known[k] for k, x in f.items())


@proof("review.rates.red", "review.rates.ahead", "review.rates.naive", "review.rates.noise")
def _(r, each, f):
    naive, all_ = "noise" in f, rates()
    known = {
        "sounded": share("red", "sounded", "runs"), "caught": share("red", "caught", "lost"), "ahead": share("red", "ahead", "lost"),
        "false": share("fell by 0.05" if naive else "red", "false", "kept"),
        "noise": float(all_["fell by 0.05"]["noise"]), "red": float(all_["red by figures"]["noise"]),
        "amber": float(all_["red or amber"]["noise"]),
    }  # fmt: skip
    return all(math.isclose(x, known[k]) for k, x in f.items())


@proof("review.missing")
def _(r, each, f):
    """The days of a pilot that its register does not name, whatever their order."""
    p = each.pilot
    days = {
        "review": p.review_on, "vehicle-review": p.vehicle and p.vehicle.review_on, "election": p.next_election,
        "can-end-alone": p.can_end_alone and p.can_end_alone.from_, "ends": p.ends,
        "money-secured": p.money and p.money.secured_until, "ask-renewal": p.renewal and p.renewal.ask_by,
    }  # fmt: skip
    told = {said.phrase.removeprefix("review.date.") for said in f["days"]}
    return p.stage != "ended" and told == {what for what, day in days.items() if not day}


@proof("review.glance.ended")
def _(r, each, f):
    return f["day"] in [p.pilot.ends for p in r.pilots if p.pilot.stage == "ended"]


@proof("review.teach.pilots")
def _(r, each, f):
    return f["k"] in (1, 2, 4, 6, 8)


@proof("review.rates.lead.same")
def _(r, each, f):
    leads = {signal: float(row["lead"]) for signal, row in rates().items()}
    return leads["red"] < 0.05 and f == {"amber": leads["red or amber"]}


@proof("review.rates.lead", "review.lead.years")
def _(r, each, f):
    leads = {signal: float(row["lead"]) for signal, row in rates().items()}
    return (
        f["x"] in leads.values() if "x" in f else f == {"red": leads["red"], "amber": leads["red or amber"]}
    )


@proof("review.share", "review.share.of")
def _(r, each, f):
    return True  # test_the_rates_are_those_of_the_table


@proof(
    "review.teach",
    "review.teach.formula",
    "review.teach.spread",
    "review.teach.sd",
    "review.teach.count",
    "review.teach.least",
)
def _(r, each, f):
    sds = {s.series: s.sd for s in r.spreads}
    least = lambda sd, k, n: 2.8016 * sd * math.sqrt(1 / k + 1 / n)  # noqa: E731
    if "effect" in f:
        return math.isclose(f["effect"], least(sds["vdem.political_corruption"], f["k"], 5 * f["k"]))
    if "sd" in f:
        return f["sd"] in sds.values()
    if "x" in f:
        return any(math.isclose(f["x"], least(sd, k, 5 * k)) for sd in sds.values() for k in (1, 2, 4, 6, 8))
    return f.get("since", "2000") == "2000"


@proof("review.teach.none")
def _(r, each, f):
    return r.on.year < 2006  # five years after the first that counts, and a few months


@proof("review.teach.own")
def _(r, each, f):
    mine = [p for p in r.pilots if p.pilot.stage == "running"]
    others = {n for p in mine for n in p.compared.names}
    k, n = len({p.pilot.country for p in mine}), len(others)
    effects = [2.8016 * s.sd * math.sqrt(1 / k + 1 / n) for s in r.spreads]
    return (f["k"], f["n"]) == (k, n) and all(
        math.isclose(said.facts["x"], x) for said, x in zip(f["effects"], effects, strict=True)
    )


@proof("review.rule", "review.candidates", "review.candidates.none")
def _(r, each, f):
    if "told" in f:
        near = {NAMES([c.iso3])[0]: NAMES(c.names) for c in r.candidates if c.names}
        return {s.facts["name"]: s.facts["names"] for s in f["told"]} == near
    if "d" in f:
        return (f["n"], f["d"]) == (5, 0.5)
    return f["names"] == NAMES(c.iso3 for c in r.candidates if not c.names)


@proof("review.last", "review.last.none")
def _(r, each, f):
    own = (r.criteria.id, r.criteria.version, r.register.sha256[:12])
    return (f["id"], f["version"], f.get("sha", "")) == own and f["sources"] == tuple(s.id for s in r.sources)


def every(page, r):
    """Every sentence with the pilot it is about; of the page's own and of the first table nobody's."""
    mine = {each.pilot.id: each for each in r.pilots}
    for part in (page.title, page.kicker, page.running, page.lead, page.last):
        yield from ((None, said) for said in sentences(part))
    for section in page.sections:
        yield from ((mine.get(section.id), said) for said in sentences(section))


def faults(r) -> list[str]:
    return [
        f"{said.phrase}: {said.facts}"
        for each, said in every(reviewing.page(r), r)
        if said.phrase in REVIEW and said.phrase not in WORDS and not PROOFS[said.phrase](r, each, said.facts)
    ]


@pytest.mark.parametrize("k", range(5))
def test_every_sentence_is_true(k):
    assert faults(worlds()[k]) == []


def test_every_phrase_has_a_proof_or_holds_words_only():
    assert set(REVIEW) == set(PROOFS) | WORDS
    assert not set(PROOFS) & WORDS


def test_what_can_be_said_is_said_somewhere():
    """All but what these figures cannot bring about: a pilot of criteria without any figure, a revision, an early world."""
    said = {s.phrase for r in worlds() for _, s in every(reviewing.page(r), r)}
    rare = {p for p in REVIEW if p.startswith(("review.kind.", "review.part.", "review.date."))}
    unsaid = set(REVIEW) - said - rare
    assert unsaid <= {
        "review.stage.agreed", "review.share.none", "review.rates.lead", "review.unseen.none", "review.other", "review.same",
        *(p for p in REVIEW if p.startswith("review.house")),
    }, unsaid  # fmt: skip


def test_a_wrong_fact_is_found():
    """The proofs can fail: each number of a page moved by a little is seen, but for those that stand for many."""
    r, blind = worlds()[0], set()
    for each, said in every(reviewing.page(r), r):
        if said.phrase not in PROOFS or said.phrase in (
            "review.share",
            "review.share.of",
            "review.teach.count",
            "review.body",
        ):
            continue
        for key, x in said.facts.items():
            if isinstance(x, int | float) and PROOFS[said.phrase](r, each, {**said.facts, key: x + 0.37}):
                blind.add((said.phrase, key))
    assert not blind


def test_the_rates_are_those_of_the_table():
    page = reviewing.page(worlds()[1])
    (table,) = [b for s in page.sections for b in s.blocks if isinstance(b, Table) and b.id == "rates"]
    assert len(table.rows) == len(rates())
    for row, signal in zip(table.rows, rates(), strict=True):
        told = [cell.words.facts["p"] for cell in row.cells[1:-1]]
        ends = [cell.words.facts[end] for cell in row.cells[1:-1] for end in ("low", "high")]
        assert ends == [
            float(rates()[signal][f"{part}_{end}"]) for part in past.PARTS for end in ("low", "high")
        ]
        parts = (
            ("sounded", "runs"),
            ("caught", "lost"),
            ("ahead", "lost"),
            ("false", "kept"),
            ("caught", "sounded"),
        )
        assert told == pytest.approx([share(signal, part, of) for part, of in parts])
        assert float(rates()[signal]["lead"]) == row.cells[-1].words.facts["x"]
        assert [cell.below.facts["n"] for cell in row.cells[1:-1]] == [
            int(rates()[signal][part]) for part, _ in parts
        ]


def test_no_colour_stands_by_colour_alone():
    page = reviewing.page(worlds()[0])
    verdicts = [b for s in page.sections for b in s.blocks if isinstance(b, Verdict)]
    assert {(v.sign, v.tone) for v in verdicts} >= {("▲", "bad"), ("✓", "good"), ("?", "open")}
    for table in (b for s in page.sections for b in s.blocks if isinstance(b, Table)):
        assert all(cell.below and cell.words for row in table.rows for cell in row.cells if cell.tone)


@pytest.mark.parametrize("k", range(5))
def test_the_text_says_what_the_page_says(k):
    r = worlds()[k]
    text = reviewed.text(r)
    assert all(len(line) <= 80 for line in text.splitlines())
    flat, page = re.sub(r"\s+", " ", text), reviewing.page(r)
    for section in page.sections:
        for block in section.blocks:
            said = (
                block.said
                if isinstance(block, Text | Verdict)
                else block.items
                if isinstance(block, Bullets)
                else ()
            )
            assert all(re.sub(r"\s+", " ", s.plain) in flat for s in said)


def test_the_page_is_one_file_without_requests_and_the_same_twice():
    r = worlds()[0]
    raw = reviewed.html(r)
    assert raw == reviewed.html(review(REGISTER + MORE))
    assert b"<script" not in raw
    assert not re.findall(rb'(?:src|href)="(?!#)[^"]*"', raw)
    parser = html5lib.HTMLParser(strict=True)
    tree = parser.parse(raw.decode())
    ids = re.findall(r' id="([^"]+)"', raw.decode())
    assert len(ids) == len(set(ids))
    assert tree is not None


def test_names_of_a_register_are_escaped():
    text = REGISTER.replace("An invented panel", '"<script>alert(1)</script>"')
    raw = reviewed.html(review(text))
    assert b"<script>" not in raw
    assert b"&lt;script&gt;" in raw
    assert "<script>alert(1)</script>" in reviewed.text(review(text))


def test_the_line_of_what_was_read_has_its_days_in_words():
    """The last of the kicker: as the result says it, but for days as a calendar writes them."""
    r = worlds()[0]
    told = reviewing.page(r).kicker[-1]
    iso = re.findall(r"\d{4}-\d\d-\d\d", r.reading)
    assert iso and not re.search(r"\d{4}-\d\d-\d\d", told)
    assert len(re.findall(r"\d{1,2} [A-Z][a-z]+ \d{4}", told)) == len(iso)
