"""Every sentence and cell of the short pages is held against the result, by its facts and not by its English."""

from __future__ import annotations

import math
import random
import re
from dataclasses import fields, is_dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

import elements
import pytest
import sheet_truth
import worlds
from sheet_truth import PROOFS, TOLD, close, holds
from truth import Truth

from eligibility.analysis.compare.since import year_before
from eligibility.method import run
from eligibility.pages import agenda, card, nearest, outlines, outside
from eligibility.pages.audit_phrases import AUDIT
from eligibility.pages.blocks import Section, Table, Verdict, sentences
from eligibility.pages.facts import Facts
from eligibility.pages.phrases import PHRASES
from eligibility.pages.replay_phrases import REPLAY
from eligibility.pages.review_phrases import REVIEW
from eligibility.pages.said import Figure, Located, Said, say
from eligibility.present import report

EACH = 12
EVENTS = "lists.power_seized"


def some_of(result, most: int) -> tuple[str, ...]:
    """Countries of every kind: by status, by what fails, by how firm, ranked or not, then any."""
    p, status, kinds = result.firmness.p_eligible, result.screening.status, {}
    for c in status.index:
        close = "none" if p[c] != p[c] else int(10 * p[c])
        kinds.setdefault((status[c], close, *result.screening.gate.loc[c]), c)
    return tuple(sorted(list(dict.fromkeys([*kinds.values(), *status.index]))[:most]))


@cache
def sheets(name: str):
    """The truth of a world, its briefing ("") and the cards of some countries."""
    return made(worlds.SHIPPED[name]())


def made(result, everybody: bool = False, since=None, others=(), each: int = EACH):
    """The same of a result, with the cards of some countries (`each` of a kind) or of all; held against the year before or another round."""
    since = since or year_before(result)
    facts = Facts.of(result, since, others)
    links, proof = frozenset(facts.pool), report.reproduce(result, "eligibility report made-up")
    pages = {"": report.briefing_page(facts, links, proof, outlines.world())}
    pages |= {
        c: report.country_page(facts, c, links, proof)
        for c in some_of(result, len(facts.pool) if everybody else each)
    }
    return Truth(result, None, since=since, others=others), pages


ROWED = (
    "recommendation",
    "near",
    "who",
    "candidates",
    "recorded",
    "since",
    "around",
)  # a row is about the country it names


def told(truth: Truth, c: str, page):
    """Every sentence with the country it is about: that of its row, else that of the page."""
    for block in _blocks(page):
        if isinstance(block, Table) and (block.id in ROWED or (block.id == "others" and not c)):
            yield from (
                (c, said) for said in sentences((block.caption or (), *(col.head for col in block.columns)))
            )
            for row in block.rows:
                mine = truth.iso3.get(row.cells[block.head].words, c)
                yield from ((mine, said) for cell in row.cells for said in sentences(cell))
        else:
            yield from ((c, said) for said in sentences(block))


def _blocks(page):
    yield (page.title, page.kicker, page.running, page.lead, page.last)
    for section in (*page.sections, *page.more):
        yield section.title or ()
        yield from _inside(section)


def _inside(section: Section):
    for block in section.blocks:
        if hasattr(block, "left"):
            for inner in (*block.left, *block.right):
                yield inner.title or ()
                yield from _inside(inner)
        else:
            yield block


def faults(truth: Truth, pages) -> list[str]:
    return [
        f"{c or 'briefing'}: {said.phrase}: {said.facts}"
        for c, page in pages.items()
        for mine, said in told(truth, c, page)
        if not holds(truth, mine, said)
    ]


def test_what_a_card_is_to_answer_of_the_document_is_said_on_a_card():
    cards = [e for e in elements.read().values() if e.get("page") == "country card"]
    asked = {place for each in cards for place in each["at"].values()}
    truth, pages = made(worlds.SHIPPED["default newest"](), everybody=True)
    said = {s.phrase for c, p in pages.items() if c for _, s in told(truth, c, p)}
    assert len(asked) > 4 and asked <= said, asked - said


def test_each_kind_of_body_has_the_words_of_the_document_beside_it():
    truth, pages = sheets("default newest")
    tables = [
        b
        for page in pages.values()
        for s in page.sections
        for b in s.blocks
        if getattr(b, "kind", "") == "bodies"
    ]
    assert len(tables) >= 3 and all(kind.cites and kind.cites.quote for kind in truth.criteria.mechanisms)
    for table in tables:
        said = [(row.cells[0].words.facts["text"], row.cells[0].below.facts["quote"]) for row in table.rows]
        assert said == [(kind.title, kind.cites.quote) for kind in truth.criteria.mechanisms]


@pytest.mark.parametrize("name", worlds.SHIPPED)
def test_every_sentence_on_shipped_criteria_is_true(name):
    assert faults(*sheets(name)) == []


@pytest.mark.parametrize("name", worlds.MADE)
def test_every_sentence_on_made_up_criteria_is_true(name, invented):
    assert faults(*made(worlds.MADE[name]())) == []


@pytest.mark.parametrize("name", ["default early", "index", "nobody can be judged"])
def test_the_card_of_a_country_that_is_not_considered_says_why(name):
    truth, _ = sheets(name)
    facts = Facts.of(truth.result)
    pages = {c: outside.page(facts, c, "") for c in outside.of(facts)}
    assert pages and not set(pages) & set(truth.pool)
    assert [f"{c}: {x}" for c, page in pages.items() for x in sentences(page) if not holds(truth, c, x)] == []


@pytest.mark.parametrize(
    "day, who, waits",
    [
        (date(2016, 7, 1), "BFA", "verdict.held"),  # coup of October 2014, figures of 2015 are read
        (date(2023, 9, 30), "GAB", "verdict.held.figures"),  # of 2024 are still to come
        (date(2025, 6, 30), "NER", "verdict.held.late"),  # due in March 2025, not all are held
        (date(2026, 3, 31), "GAB", "verdict.held.over"),  # the months are over too
    ],
)
def test_what_a_hold_waits_for_is_true_on_the_card_and_in_the_briefing(day, who, waits):
    policy, figures = run.ready("peacetime-pilots", ("uncertainty.draws=20",))
    if day == date(2025, 6, 30):  # a country that these figures do not exclude before that
        figures = replace(figures, dated={**figures.dated, EVENTS: later(figures.dated[EVENTS], "KEN", who)})
        who = "KEN"
    result = run.judge(policy, figures, day)
    truth, facts = Truth(result, None), Facts.of(result)
    assert result.screening.status[who] == "on-hold"
    said = [*card.verdict(facts, who).said]
    assert waits in [x.phrase for x in said]
    assert [x for x in said if not holds(truth, who, x)] == []
    (line,) = [x for x in agenda._wrong(facts) if x.phrase == "wrong.held"]
    assert [x for x in line.within() if not holds(truth, "", x)] == []
    if who == "GAB" and day.year == 2026:
        (after,) = [x for x in said if x.phrase == "verdict.after"]
        assert after.plain.startswith(
            "After power was seized (coup) on 30 August 2023, its political corruption went from"
        )


def later(listed, iso3: str, like: str):
    """The list with another event: that of one country, as if it had been in another."""
    mine = [e._replace(iso3=iso3) for e in listed.events if e.iso3 == like][-1:]
    return replace(listed, events=(*listed.events, *mine))


def test_two_are_both_and_three_are_all_three():
    assert say("sure.all", of=2, p=0.9).plain.startswith("Both stay on the list")
    assert say("sure.all", of=3, p=0.9).plain.startswith("All three stay on the list")
    assert say("sure.everyone.told", n=2).plain == "Chance that both truly qualify."


def test_what_explain_adds_to_a_card_is_true_and_whole():
    """Every nearest change that the result has, and every figure held of the country with its release."""
    truth, _ = sheets("default newest")
    facts, tried = Facts.of(truth.result), 0
    for c in some_of(truth.result, EACH):
        made = {s.id: [*sentences(s)] for s in nearest.sections(facts, c)}
        assert [x for of in made.values() for x in of if not holds(truth, c, x)] == []
        told = [x for x in made.get("nearest", ()) if x.phrase.startswith("nearest.")]
        assert len(told) - 1 * bool(told) == len(truth.flips.get(c, ()))
        named = [name for x in made["releases"] if x.phrase == "releases.row" for name in x.facts["names"]]
        assert sorted(named) == sorted(
            sheet_truth.plain_name(truth, i) for i in truth.used if truth.holds(i, c)
        )
        tried += len(told)
    assert tried > 40


def test_every_phrase_has_a_proof_or_holds_words_only():
    assert (
        set(PHRASES) - set(AUDIT) - set(REVIEW) - set(REPLAY) == set(PROOFS) | TOLD
    )  # those: test_audit_is_true.py, test_review_page.py, test_replay.py
    assert not set(PROOFS) & TOLD


# test_review_page.py, test_replay.py, test_audit_is_true.py, test_index_is_true.py, test_pilots.py
PROVED_ELSEWHERE = (
    "reviewing", "review_backing", "replaying", "auditing", "audit_tables", "contents", "dossier",
)  # fmt: skip
PROVED = {
    # every section there can be: of the briefing, of a card, of either's annexes or details
    "recommendation", "portfolio", "sure", "where", "who", "decisions", "two", "steps", "wrong", "agreement", "record", "near", "last", "find", "rests",
    "verdict", "trends", "bodies", "vehicle", "past", "turns", "why", "change", "sounding", "events",
    "candidates", "recorded", "since", "others", "criteria", "data", "figures", "again", "tests", "score", "around", "noted",
    "nearest", "releases",
}  # fmt: skip


def test_every_section_of_the_pages_is_one_whose_sentences_are_proved():
    """A section that is new fails here in seconds: it has to stand on a page that `faults` walks, and then in this list."""
    made = set()
    for path in Path("eligibility/pages").glob("*.py"):
        if path.stem not in PROVED_ELSEWHERE:
            made |= set(re.findall(r'\bSection\(\s*"(\w+)"', path.read_text(encoding="utf-8")))
    assert made == PROVED


def test_every_phrase_is_said_somewhere():
    """None stands in the catalogue that no module says, by its name or by the part that it is put together from."""
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in Path("eligibility").rglob("*.py")
        if not path.stem.endswith("phrases")
    )
    code += "".join(path.read_text(encoding="utf-8") for path in Path("reports/templates").glob("*.j2"))
    made = set(re.findall(r'f"([a-z.-]+)\{', code))
    dead = [
        x
        for x in PHRASES
        if f'"{x.removesuffix(".exact")}"' not in code and not any(x.startswith(start) for start in made)
    ]
    assert dead == []


def test_every_number_with_a_path_is_the_number_of_that_path():
    """And the path is that of the country whose page or row it stands in."""
    seen = set()
    for name in ("default newest", "index", "gates only"):
        truth, pages = sheets(name)
        for c, page in pages.items():
            for mine, x in located(truth, c, page):
                iso3, _, path = x.at.partition(" ")
                assert iso3 in (mine or iso3, "run"), (c, x.at)
                told = resolved(truth, iso3, path)
                assert close(float(x), told) or x != x or (turned(truth, path) and close(float(x), -told)), (
                    x.at
                )
                seen.add(re.sub(r"^(\w+)\..*\.", r"\1.", path))
    assert {
        "score",
        "rank",
        "gates.value",
        "tracks.p_pass",
        "values.sd",
        "values.median",
        "score.brings",
    } <= seen


def located(truth: Truth, c: str, page):
    """Every number of a page that has a path, with the country of its row, else of its card."""
    for block in _blocks(page):
        rows = block.rows if isinstance(block, Table) else (block,)
        for row in rows:
            mine = c
            if isinstance(block, Table) and (block.id in ROWED or block.id == "others"):
                mine = truth.iso3.get(row.cells[block.head].words, "")
            elif isinstance(block, Table) and block.id == "find":
                mine = truth.iso3[row.cells[0].words.facts["country"]]
            yield from ((mine, x) for x in _numbers(row))


def _numbers(part):
    if isinstance(part, Located):
        yield part
    elif isinstance(part, Said):
        yield from _numbers(tuple(fact for _, fact in part.given))
    elif isinstance(part, tuple):
        for one in part:
            yield from _numbers(one)
    elif is_dataclass(part):
        for each in fields(part):
            if each.name not in ("values", "facts"):
                yield from _numbers(getattr(part, each.name))


def turned(t: Truth, path: str) -> bool:
    """Whether a path is that of a change, of which a sentence may say in words which way it went."""
    test = next((x for c in t.pool for x in sheet_truth._tests(t, c) if path.startswith(f"{x.path}.")), None)
    return test is not None and test.quantity.measure in (
        "change_over",
        "relative_change_over",
        "gap_closed_over",
    )


def derived(t: Truth, c: str, path: str) -> float | None:
    """What follows from a verdict, or is of the run: None for any other path."""
    kind, _, rest = path.partition(".")
    if path.startswith("decision.find_out."):
        return next(
            x.share
            for x in t.result.decision.find_out
            if path == f"decision.find_out.{x.iso3}.{x.indicator}.share"
        )
    if kind == "record":
        return followed(t, rest)
    if path == "aid":
        held = t.result.panel.beside["wb.aid_received"].values[c]
        return held[held.index <= t.result.as_of.year].dropna().iloc[-1]
    if path == "p_qualified":
        return t.result.firmness.p_qualified[c]
    if path.startswith("axes.") and path.endswith((".found", ".of")):
        own = next(a for a in t.criteria.axes if path.startswith(f"axes.{a.id}."))
        return sum(path.endswith(".of") or t.result.cells.value.at[c, i] == 1 for i in own.indicators)
    if path in ("p_supposed_half", "p_top_half"):
        own = t.result.firmness.supposed
        return math.ceil(round(100 * (own.half_top if "top" in path else own.half_eligible)[c], 9)) or 1
    if path == "p_supposed":
        return t.result.firmness.supposed.p_eligible[c]
    if kind == "flips":
        rows = t.result.flips
        gate, _, indicator = rest.rpartition(".")[0].partition(".")
        rows = rows[(rows["iso3"] == c) & (rows["gate"] == gate) & (rows["indicator"] == indicator)]
        return rows["in_sd" if path.endswith(".errors") else "needed"].item()
    if path.endswith(".turns_at"):
        rows = t.result.thresholds
        return rows.loc[
            (rows["iso3"] == c) & (rows["test"] == path.removesuffix(".turns_at")), "value"
        ].item()
    if path.startswith("rank") and t.status[c] == "qualified":
        firm = t.result.firmness
        return t.result.ranking.apart[c] if path == "rank" else firm.place(path.removeprefix("rank_"))[c]
    return None


def followed(t: Truth, path: str) -> float:
    """A number of the record: shares and figures from the cohorts, country by country; ends of ranges from its own rows."""
    past, (group, _, end) = sheet_truth.past(t.result), path.partition(".")
    if group == "losses":
        iso3, _, end = end.partition(".")
        own = [
            x
            for x in sheet_truth.cases(t.result)
            if x.iso3 == iso3 and x.lost and x.status in sheet_truth.INSIDE
        ]
        line = max(own, key=lambda x: x.year).line
        return line.iloc[0] if end == "level" else line.iloc[1:].min()
    if group == "difference":
        apart = past.apart["admitted - others"]
        return 100 * (abs(apart.value) if end == "points" else getattr(apart, end))
    if end == "lost":
        return sheet_truth.shares(t.result)[group]
    row = past.rows[{"others": "others: admitted", "listed": "shortlist"}.get(group, group)]
    return row.n if end == "n" else getattr(row.shares["lost"], end)


def resolved(t: Truth, c: str, path: str) -> float:
    """The number of a path, from the frames of the result."""
    if (told := derived(t, c, path)) is not None:
        return told
    firm, cells, scores, screening = t.result.firmness, t.result.cells, t.result.scores, t.result.screening
    plain = {
        "score": t.score,
        "rank": t.rank,
        "rank_low": t.low,
        "rank_high": t.high,
        "p_eligible": t.p,
        "p_eligible_most": t.most,
        "p_top": t.top,
    }
    if path in plain:
        return plain[path][c]
    kind, _, rest = path.partition(".")
    name, _, end = rest.rpartition(".")
    if kind == "pillars":
        return scores.pillar.at[c, rest]
    if kind == "values" and ".history." in path:
        i, year = rest.split(".history.")
        return t.result.panel.history(i, t.result.as_of).at[int(year), c]
    if kind == "values" and end == "median":
        return t.peers(c, name).median()
    if kind == "values":
        return getattr(cells, end)[name][c]
    if kind == "without":
        source, _, subject = rest.partition(".")
        return t.result.without.loc[c, (source, subject)]
    if end == "p_pass":
        return getattr(firm, f"p_{kind[:-1]}").at[c, name]
    whole = f"{kind}.{name}"
    if end in ("p_least", "p_most"):
        return firm.bounds[whole].at[c, end.removeprefix("p_")]
    if kind == "score":
        pillar = next(p for p in t.pillars if whole.startswith(f"score.pillars.{p.id}"))
        mine = {x.path: x.weight for x in pillar.components}
        share = pillar.weight / sum(p.weight for p in t.pillars)
        if whole not in mine:
            return share if end == "weight" else sum(scores.contribution.at[c, x] for x in mine)
        if end == "value":
            (q,) = [x.quantity for x in pillar.components if x.path == whole]
            level = q.measure == "level"
            return (
                t.values[q.indicator][c]
                if level
                else t.result.centre.of(q)[0, t.result.centre.countries.index(c)]
            )
        if end == "weight":
            return mine[whole] / sum(mine.values()) * share
        return {"scaled": scores.normalised, "brings": scores.contribution}[end].at[c, whole]
    measured, needs = (frame.at[c, whole] for frame in (screening.measured, screening.needs))
    if end in ("margin", "errors"):
        test = next(x for x in sheet_truth._tests(t, c) if x.path == whole)
        gap = measured - needs
        holds = t.node[c][whole] == "pass"
        right = {"at_least": gap, "above": gap, "at_most": -gap, "below": -gap}[test.operator]
        assert holds == (right >= 0) or close(right, 0)
        sd = t.sds[test.quantity.indicator][c]
        return abs(gap) / sd if end == "errors" else right * (1 if t.wanted(whole) else -1)
    return {"value": measured, "needs": needs}[end]


def test_the_figures_of_a_verdict_are_those_of_the_result():
    truth, pages = sheets("default newest")
    for c, page in pages.items():
        for block in (b for b in _blocks(page) if isinstance(b, Verdict)):
            shown = {p.label.phrase: p.words.facts for p in block.figures.pairs}
            assert math.isnan(truth.p[c]) or close(shown["chance.qualifies"]["p"], truth.p[c])
            assert math.isnan(truth.top[c]) or close(shown["chance.best"]["p"], truth.top[c])
            if not math.isnan(truth.rank[c]):
                rank = shown["rank.range"]
                assert (rank["rank"], rank["low"], rank["high"]) == (
                    truth.rank[c],
                    truth.low[c],
                    truth.high[c],
                )
                assert ("p" in rank) == (truth.p[c] < 0.9)
            held = sum(1 for i in truth.used if truth.holds(i, c))
            assert shown["held"] == {"n": held, "of": len(truth.used)}


def test_a_list_of_events_that_is_held_is_never_called_not_held():
    """Of a country with an event and of one without: the list is held, and what it says of either stands on its page."""
    truth, _ = sheets("default newest")
    facts, links = Facts.of(truth.result), frozenset()
    lists = {i for i in truth.used if (one := truth.result.panel.dated.get(i)) and one.rule.kind == "event"}
    assert lists
    for c in ("GMB", "TUN", "KEN"):
        page = report.country_page(facts, c, links, ())
        (missing,) = [x for x in page.last if x.phrase == "last.missing"] or [None]
        assert missing is None or not lists & {
            i for i in truth.used if sheet_truth.plain_name(truth, i) in missing.facts["names"]
        }
        (figures,) = [b for b in _blocks(page) if isinstance(b, Table) and b.id == "figures"]
        told = [str(r.cells[1].words) for i, r in zip(truth.used, figures.rows, strict=True) if i in lists]
        happened = [s for s in sentences(page.sections) if s.phrase == "event.said"]
        assert all(x.startswith("none listed since ") != bool(happened) for x in told)


def test_the_rows_of_a_card_are_the_tests_of_the_rules():
    """Each row has the value of a test, its distance from what is needed, its verdict; each heading its chance."""
    truth, pages = sheets("default newest")
    seen = 0
    for c, page in pages.items():
        (table,) = [b for b in _blocks(page) if isinstance(b, Table) and b.id == "grid"] or [None]
        if table is None:
            continue
        tests = sheet_truth._tests(truth, c)
        for row in table.rows:
            if row.heading:
                chance = row.cells[1].words
                gates = {g.title: g for g in (*truth.criteria.gates, *truth.criteria.tracks)}
                gate = next(
                    g
                    for title, g in gates.items()
                    if sheet_truth.lower(title) == sheet_truth.lower(row.cells[0].words.facts["title"])
                )
                if "p" in chance.facts:
                    assert close(chance.facts["p"], truth.p_of(c, gate))
                    assert (chance.phrase == "grid.condition") == (truth.word(c, gate) == "conditional")
                continue
            if len(row.cells) < 7 or not isinstance(row.cells[1].words, Figure):
                continue
            shown, margin = row.cells[1].words, row.cells[3].words
            mine = [x for x in tests if close(truth.measured[c].get(x.path, math.nan), shown.value)]
            assert mine, (c, row)
            if isinstance(margin, Figure):
                gaps = [abs(truth.measured[c][x.path] - truth.needs[c][x.path]) for x in mine]
                assert any(close(abs(margin.value), gap) for gap in gaps)
                met = row.cells[5].words.phrase == "meets"
                assert met == (margin.value >= 0) or close(margin.value, 0)
            seen += 1
    assert seen > 80


@pytest.mark.parametrize("name", ["default newest", "default early"])
def test_the_rows_of_bodies_are_the_kinds_of_the_result(name):
    """One row a kind in the order of the file: its verdict, its chance, and the figure that settles it."""
    truth, pages = sheets(name)
    kinds, screening, firm = truth.criteria.mechanisms, truth.result.screening, truth.result.firmness
    told = set()
    for c, page in pages.items():
        tables = [b for b in _blocks(page) if isinstance(b, Table) and b.id == "bodies"]
        assert len(tables) == (c != "" and sheet_truth.told_of_bodies(truth, c))
        for kind, row in zip(kinds if tables else (), tables[0].rows if tables else (), strict=True):
            title, fits, chance, figure = (cell.words for cell in row.cells)
            word, p = screening.mechanism.at[c, kind.id], firm.p_mechanism.at[c, kind.id]
            assert title.facts["text"] == kind.title
            assert fits.phrase == f"bodies.{word}"
            assert chance.phrase == "chance.none" if math.isnan(p) else close(chance.facts["p"], p)
            if word == "unknown":
                assert figure.phrase == "fact.missing"
            else:
                assert figure.facts["x"].value in sheet_truth.body_figures(truth, c, kind), (c, kind.id)
            told.add(word)
    assert {"pass", "fail"} <= told


def test_the_tables_of_a_briefing_are_the_lists_of_the_result():
    truth, pages = sheets("default newest")
    tables = {b.id: b for b in _blocks(pages[""]) if isinstance(b, Table)}
    rows = tables["recommendation"].rows
    for at, (row, c) in enumerate(zip(rows, truth.shortlist, strict=True), 1):
        place, name, _, score, chance, best = row.cells
        assert (place.words.facts["rank"], name.words) == (at, truth.name[c])
        assert close(score.words.value, truth.score[c])
        assert close(chance.words.facts["p"], truth.p[c]) and close(best.words.facts["p"], truth.top[c])
        assert close(best.drawing.values, round(59.0 * truth.top[c], 1))
    near = [
        x
        for x in truth.pool
        if truth.status[x] == "excluded" and truth.p[x] > truth.criteria.uncertainty.near_miss
    ]
    assert {row.cells[0].words for row in tables["near"].rows} == {truth.name[x] for x in near}
    figures = truth.result.decision.find_out[:5]
    for row, one in zip(tables["find"].rows, figures, strict=True):
        assert close(row.cells[1].words.value, truth.values[one.indicator][one.iso3])
        assert close(row.cells[2].words.facts["p"], one.share)
    for row in tables["near"].rows:
        c = truth.iso3[row.cells[0].words]
        assert close(row.cells[3].words.facts["p"], truth.p[c])
        if row.cells[2].words.phrase == "near.errors":
            assert any(close(row.cells[2].words.facts["sd"], r["in_sd"]) for r in truth.flips[c])


# ── That the proofs can fail ────────────────────────────────────────────────────────────────────────────────────


def _changed(fact, rng: random.Random):
    """Another fact of the same kind; None where it is words only."""
    if isinstance(fact, bool) or fact is None:
        return None
    if isinstance(fact, int):
        return fact + rng.choice([1, 2])
    if isinstance(fact, float):
        return fact + rng.choice([-0.011, 0.011]) * max(1.0, abs(fact))
    if isinstance(fact, Figure):
        return replace(fact, value=fact.value + rng.choice([-0.011, 0.011]) * max(1.0, abs(fact.value)))
    return None


@pytest.mark.parametrize("name", ["default early", "default newest", "index"])
def test_a_changed_number_is_refused(name):
    truth, pages = sheets(name)
    rng, tried, alive = random.Random(7), 0, []
    free = {
        "why.same",
        "more.rows",
        "last.run",
        "some.more",
        "steps.figure",
    }  # words, a bound, one of several
    for c, page in pages.items():
        for mine, said in told(truth, c, page):
            if said.phrase in TOLD or said.phrase in free:
                continue
            for key, fact in said.given:
                if (key, said.phrase) in {("needed", "fact.needed")}:
                    continue
                other = _changed(fact, rng)
                if other is None:
                    continue
                tried += 1
                changed = Said(said.phrase, tuple((k, other if k == key else v) for k, v in said.given))
                try:
                    if holds(truth, mine, changed):
                        alive.append((said.phrase, key, fact, other))
                except (KeyError, IndexError, ValueError):
                    pass
    assert tried > (20 if name == "index" else 60)
    assert alive == []


def test_a_phrase_asks_for_all_its_facts_and_no_others():
    with pytest.raises(KeyError, match="places"):
        say("sure.places")
    with pytest.raises(KeyError, match="no phrase"):
        say("sure.thing")


def test_sentences_finds_what_stands_anywhere_in_a_page():
    _, pages = sheets("default newest")
    found = {said.phrase for said in sentences(pages[""])}
    assert {
        "brief.title",
        "because",
        "but",
        "sure.expect",
        "decide.list.options",
        "near.title",
        "last.run",
    } <= found
    assert all(
        is_dataclass(said) and [f.name for f in fields(said)] == ["phrase", "given"]
        for said in sentences(pages[""])
    )
