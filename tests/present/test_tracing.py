"""Numbers of pages, traced: each that a page marks is what `explain` says of it, down to the publisher's row; none lacks a path."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from html.parser import HTMLParser

import pytest

from eligibility.data import origins
from eligibility.errors import UsageError
from eligibility.method import run
from eligibility.pages.blocks import Cell, Drawing
from eligibility.pages.facts import Facts
from eligibility.pages.phrases import PHRASES
from eligibility.pages.places import PLACES
from eligibility.pages.said import Figure, Said, places
from eligibility.pages.wording import spelled
from eligibility.present import explain, report, totals, traced

MANY = 200
COUNTRIES = ("TUN", "GHA", "IND", "MWI", "UKR", "AFG", "BOL", "LBR")
KINDS = {  # every kind of number a page marks, by the end of its path
    "value", "sd", "year", "median", "needs", "margin", "errors", "weight", "scaled", "brings", "score", "rank",
    "rank_low", "rank_high", "p_eligible", "p_pass", "p_top", "pillars", "history", "without",
    "p_qualified", "missed", "held", "peers", "mechanisms_fit", "aid", "flips", "turns_at", "counts", "decision",
    "shortlist", "gates", "find_out", "share", "draws", "misclassified",
}  # fmt: skip
NO_PATH = {  # places of phrases whose numbers are none of the run's
    "decide.number.n": "which decision it is",
    "cause.own.n": "chooses between is and are", "cause.own.came.n": "chooses between is and are",
    "decide.near.follows.n": "chooses between Near miss and Near misses",
    "brief.recommend.conditional.k": "chooses between qualifies and qualify", "brief.recommend.all.n": "chooses between it and them",
    **{f"decide.{what}.options.n": "chooses between it and them" for what in ("condition", "near", "blind")},
    "because.change.years": "the years the rule looks back", "because.closed.years": "the same", "cause.window.peak.years": "the same",
    "sure.firm.p": "from where on a place is called firm", "sure.firm.none.p": "the same", "sure.firm.who.p": "the same", "sure.all.p": "the same",
    "sure.next.p": "from where on a country is named", "sure.next.none.p": "the same",
    "record.admitted.years": "the years a cohort is followed", "record.lost.loss": "what is called a loss",
    "near.title.none.p": "what is called a near miss", "near.title.p": "the same", "near.title.nearest.p": "the same",
    **{f"review.limit.{at}": "a limit of the rule" for at in ("red.fall", "red.red", "red.drop", "red.amber", "amber.drop",
                                                              "amber.amber", "amber.many", "amber.worse")},
    **{f"sounding.{at}": "a limit of the rule" for at in ("figures.fall", "figures.red", "figures.unheld.fall", "figures.unheld.red", "class.drop", "class.amber")},
    **{f"rows.{place}.n": "rows named by their place" for place in ("first", "next", "last")},
    "review.answer.several.times": "the same", "review.rates.lost.by": "what is called a loss",
    **{f"{at}.of": "how many indicators there are" for at in ("review.why.several", "review.answer.several", "replay.reason.several")},
    "review.rule.n": "the rule of comparison", "review.rule.d": "the same", "index.shown.n": "how many pages were asked for", "brief.cards.n": "the same",
    "record.listed.size": "the size of a list", "more.rows.n": "rows that stand in the details", "who.more.n": "rows that stand in an annex",
    "who.which.n": "the names stand beside it",
    "audit.assumed.draws": "how the table is made", "audit.assumed.firm.p": "the same", "audit.assumed.firm.unscored.p": "the same", "audit.assumed.sure.p": "the same", "audit.heat.note.shades": "the same", "audit.heat.note.top": "the same",
    "audit.right.k": "what the row counts", "audit.right.n": "the same", "audit.readings.n": "chooses between it and all of them",
    "rec.best.n": "the places of the list by the rule", "rec.caption.size": "the same", "sure.expect.all.best": "the same",
}  # fmt: skip
YEARS = {  # the year names a figure, which carries its own path beside it
    "because.fell.first", "cause.window.change.was", "cause.window.change.now", "cause.window.peak.left", "steps.figure.year",
    "steps.out.year", "why.held.over.year", "trends.moved.first", "trends.moved.last", "trends.still.first", "trends.same.first", "verdict.held.figures.year",
    "verdict.after.first", "verdict.held.late.year", "verdict.held.over.year", "wrong.hold.figures.year", "wrong.hold.late.year",
}  # fmt: skip
# the words of a drawing, for who cannot see it: said in the table too
DRAWN = ("strip.alt", "trend.alt", "inset.alt")
SILENT = {
    "values",
    "numbered",
    "span",
    "note",
    "number",
    "head",
    "new_page",
    "facts",
}  # fields that are not printed
VOID = {"meta", "link", "br", "hr", "img", "path", "rect", "circle"}


class Marked(HTMLParser):
    """Each element with data-fact, and its own text; what stands in a <small> of its own is not its text."""

    def __init__(self, html: str):
        super().__init__(convert_charrefs=True)
        self.found: list[list[str]] = []
        self.open: list[list[str] | None] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag in VOID:
            return
        of = dict(attrs).get("data-fact")
        if of:
            self.found.append([of, ""])
        inside = self.open[-1] if self.open and tag not in ("small", "svg") else None
        self.open.append(self.found[-1] if of else inside)

    def handle_endtag(self, tag):
        if tag not in VOID:
            self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] is not None:
            self.open[-1][1] += data


@pytest.fixture(scope="module")
def facts():
    return Facts.of(run.run("peacetime-pilots", draws=400))


@pytest.fixture(scope="module")
def every(facts):
    """Country -> path -> fact, worked out once a country."""
    held: dict = {"run": totals.facts_of(facts)}
    return lambda iso3: held[iso3] if iso3 in held else held.setdefault(iso3, traced.facts_of(facts, iso3))


@pytest.fixture(scope="module")
def marked(facts):
    """What the pages of some countries and the briefing mark, with its text."""
    links, proof = frozenset(COUNTRIES), report.reproduce(facts.result, "eligibility report")
    made = [("briefing.html.j2", report.briefing_page(facts, links, proof, None))]
    made += [("country.html.j2", report.country_page(facts, c, links, proof)) for c in COUNTRIES]
    return [one for name, page in made for one in Marked(report.render(name, page=page).decode()).found]


NUMBER = re.compile(r"([+−]?\d[\d,]*(?:\.(\d+))?)(%?)")


def agrees(text: str, fact: traced.Fact) -> bool:
    """Whether a text shows a fact: as `explain` writes it, or as its number with the decimals that are printed."""
    text = " ".join(text.split())
    if fact.shown.lstrip("-").isdigit() and abs(int(fact.shown)) <= 10 and not re.search(r"\d", text):
        said = text.lower().split(" ")[0]
        return said in (spelled(abs(int(fact.shown))), *(("none",) if fact.shown == "0" else ()))
    if fact.path.endswith(".year") and "," in text:  # a year is no count
        return False
    if text == fact.shown or (fact.value is None and text in ("", "not stated", "not held", "unknown")):
        return True
    if text.strip("(×)") == "<0.1":
        return 0 < fact.value < 0.05
    if isinstance(fact.value, float) and text == spelled(round(fact.value)):  # about so many
        return True
    found = NUMBER.search(text)
    if not found or not isinstance(fact.value, float):
        return text[:1].isalpha() and fact.shown.removeprefix("≥ ").startswith(text.split(" or ")[0])
    x = float(found[1].replace(",", "").replace("−", "-"))
    half = 0.5000001 * 10.0 ** -len(found[2] or "")
    ways = (fact.value, abs(fact.value)) if found[1][0].isdigit() and _told_by_words(fact) else (fact.value,)
    return any(abs(x - scale * way) <= half for way in ways for scale in _scales(fact, found[3]))


def _scales(fact: traced.Fact, sign: str) -> tuple[int, ...]:
    """By what a fact is multiplied where it is printed: a share in per cent, percentage points as they are."""
    return (1,) if not sign else (100, 1) if "points" in fact.said else (100,)


def _told_by_words(fact: traced.Fact) -> bool:
    """Whether a page may say in a word which way it went: of a change, and of what one needs to be."""
    return "change" in fact.said or "gone by" in fact.said or "in percent more or less" in fact.said


def test_numbers_of_pages_are_what_explain_says_of_them(marked, every):
    """Two hundred by chance, and then all of some countries: text of the page beside the fact by its path."""
    picked = random.Random(11).sample(marked, MANY)
    wrong = []
    for of, text in [*picked, *(one for one in marked if one[0].startswith((*COUNTRIES, "run ")))]:
        iso3, path = of.split(" ")
        if not agrees(text, every(iso3)[path]):
            wrong.append((of, text, every(iso3)[path].shown))
    assert not wrong, wrong[:20]
    assert len(marked) > 1_000


def test_every_kind_of_number_is_marked_and_traced(marked, every):
    """One by chance of every kind, derived ones as well as figures."""
    kinds: dict[str, list] = {}
    for of, text in marked:
        for path in of.split(" ")[1:]:
            words = path.split(".")
            for kind in {*words[:2], words[-1], *(["history"] if "history" in words else [])}:
                kinds.setdefault(kind, []).append((of, text))
    assert kinds.keys() >= KINDS, KINDS - kinds.keys()
    for kind in sorted(KINDS):
        of, text = random.Random(kind).choice(kinds[kind])
        iso3, path = of.split(" ")
        assert agrees(text, every(iso3)[path]), (kind, of, text)


def numbers(block: object, within: str = "") -> Iterator[tuple[str, object]]:
    """Where every number of a page stands, and the number: phrase and place, or the table it is in."""
    if isinstance(block, Said):
        for place, fact in block.given:
            yield from numbers(fact, f"{block.phrase}.{place}")
    elif isinstance(block, Figure):
        yield f"{within} figure", block
    elif isinstance(block, tuple):
        for part in block:
            yield from numbers(part, within)
    elif isinstance(block, (int, float)) and not isinstance(block, bool):
        yield within, block
    elif isinstance(block, Cell) and block.at:  # has a path as a whole
        yield from numbers(block.below, within)
    elif is_dataclass(block):
        where = getattr(block, "id", "") or within
        for each in fields(block):
            part = getattr(block, each.name)
            if each.name not in SILENT and (each.name != "drawing" or isinstance(part, Drawing)):
                yield from numbers(part, where if isinstance(block, Cell) else f"{where} {each.name}".strip())


def lacking(page: object) -> set[str]:
    """Where a number of a page has no path."""
    return {
        where
        for where, x in numbers(page)
        if not getattr(x, "at", "")
        and where.rpartition(".")[2] not in PLACES.get(where.rpartition(".")[0], {})
        and where not in NO_PATH
        and where not in YEARS
        and not where.startswith(DRAWN)
    }


@pytest.mark.parametrize("criteria", ["peacetime-pilots", "mcc-scorecard", "hdi", "ogp-core"])
def test_no_number_of_a_sentence_lacks_a_path(criteria):
    facts = Facts.of(run.run(criteria, draws=200))
    links, proof = frozenset(facts.pool), report.reproduce(facts.result, "eligibility report")
    pages = [report.briefing_page(facts, links, proof, None)]
    pages += [report.country_page(facts, c, links, proof) for c in facts.pool[::6]]
    assert sum(1 for page in pages for _ in numbers(page)) > 300
    assert not set().union(*map(lacking, pages))


def test_a_number_without_a_path_would_be_noticed(facts):
    page = report.country_page(facts, "TUN", frozenset(), ())
    assert not lacking(page)
    bare = Said("near.errors", (("sd", 0.5),))
    assert lacking((page, bare)) == {"near.errors.sd"}


def test_places_are_places_of_phrases():
    assert all(where.keys() <= places(phrase) for phrase, where in PLACES.items())
    for where in (*NO_PATH, *YEARS):
        phrase, _, place = where.rpartition(".")
        assert place in places(phrase), where
    assert all(any(name.startswith(drawn) for name in PHRASES) for drawn in DRAWN)


def test_another_number_would_be_noticed(marked, every):
    """The comparison can fail: a page that printed the next number would not pass for this one."""
    told = [(of, text) for of, text in marked if re.search(r"\d", text)]
    for of, text in random.Random(5).sample(told, 100):
        iso3, path = of.split(" ")
        changed = re.sub(r"\d(?=\D*$)", lambda m: str((int(m[0]) + 5) % 10), text, count=1)
        assert not agrees(changed, every(iso3)[path]), (of, text, changed)


def test_figures_of_facts_lead_to_rows(facts, every):
    """Every figure a fact rests on is in the panel; of 200 by chance the row on file is named in full."""
    reads = [(iso3, *read) for iso3 in COUNTRIES for fact in every(iso3).values() for read in fact.reads]
    for iso3, series, year in random.Random(2).sample(reads, MANY):
        value, source = facts.result.panel.values[series].at[year, iso3], facts.result.panel.held[series]
        assert value == value
        at = _kept(source).of(series.partition(".")[2], iso3, year)
        assert at.row > 0 and at.column and at.file in {file["name"] for file in source.files}


_read: dict = {}


def _kept(source):
    return _read.setdefault(source.id, origins.read(source))


def test_a_value_is_what_its_figures_make_it(facts, every):
    """A change is the difference of the two figures named, or their ratio, a peak the larger of them."""
    looked, shares = 0, 0
    for iso3 in COUNTRIES:
        for fact in every(iso3).values():
            if not fact.path.endswith(".value") or not fact.path.startswith("tracks.") or fact.value is None:
                continue
            figures = [facts.result.panel.values[s].at[year, iso3] for s, year in fact.reads]
            if "in percent more or less than" in fact.said:
                shares += 1
                assert fact.value == pytest.approx(figures[0] / figures[1] - 1, abs=1e-9), fact
            elif "of the way from" in fact.said:  # to 1, the best of the index of human development
                shares += 1
                assert fact.value == pytest.approx((figures[0] - figures[1]) / (1 - figures[1]), abs=1e-9)
            elif "change" in fact.said:
                assert fact.value == pytest.approx(figures[0] - figures[-1], abs=1e-9), fact
            elif "peak" in fact.said:
                assert fact.value == max(figures), fact
            looked += 1
    assert looked > 20 and shares > 10


def test_explain_names_the_one_file_in_full(facts):
    """V-Dem 15 is compiled of three files: only the one with the number is named, with all of its checksum."""
    source = facts.result.panel.held["vdem.civil_society_participation"]
    assert len(source.files) == 3
    text = explain.indicator(facts.result, "TUN", "vdem.civil_society_participation")
    named = [file for file in source.files if file["name"] in text]
    assert [file["name"] for file in named] == ["V-Dem-CY-v15-selection-1990on.csv"]
    assert named[0]["sha256"] in text and source.sha256 in text
    assert "line " in text and "column 'v2x_cspart', for TUN 2024" in text
    assert f"released   {source.released.isoformat()}" in text


def test_explain_of_a_change_names_both_figures(facts):
    text = explain.fact(facts.result, "TUN", "tracks.middle-income-transition.all[0].value")
    assert text.count("figure ") == 2 and text.count("sha256 ") == 2 and "the peak" in text


def test_explain_of_a_status_names_the_row_of_its_event(facts):
    text = explain.indicator(facts.result, "TUN", "un.uncac_party")
    line = int(re.search(r"events.csv, line (\d+)", text)[1])
    source = facts.result.panel.held["un.uncac_party"]
    assert (source.path / "events.csv").read_text(encoding="utf-8").splitlines()[line - 1].startswith("TUN,")


def test_explain_run_names_who_was_counted(facts):
    text = explain.run(facts.result, "counts.shortlist")
    assert all(facts.names[c] in " ".join(text.split()) for c in facts.result.ranking.shortlist)
    assert "decision.expected_loss: " in explain.run(facts.result)
    with pytest.raises(UsageError, match=r"did you mean 'counts\.pool'"):
        explain.run(facts.result, "counts.pol")


def test_what_lies_under_a_path_is_listed_and_what_is_not_there_refused(facts):
    text = explain.fact(facts.result, "TUN", "score.pillars.democracy")
    assert "score.pillars.democracy.scaled: " in text and "indicators.vdem.polyarchy.brings: " in text
    assert "gates.civil-society.verdict: fail" in explain.fact(facts.result, "TUN", "gates.civil-society")
    with pytest.raises(UsageError, match=r"did you mean 'gates\.democracy\.p_pass'"):
        explain.fact(facts.result, "TUN", "gates.democracy.p_pas")
