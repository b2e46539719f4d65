"""Numbers of pages, traced: each that a page marks is what `explain` says of it, down to the publisher's row."""

from __future__ import annotations

import random
import re
from html.parser import HTMLParser

import pytest

from eligibility import explain, origins, report, run, traced
from eligibility.errors import UsageError
from eligibility.pages import justification, sourcing
from eligibility.pages.facts import Facts

MANY = 200
COUNTRIES = ("TUN", "GHA", "IND", "MWI", "UKR", "AFG", "BOL", "LBR")
KINDS = {  # every kind of number a page marks, by the end of its path
    "value": 1, "sd": 1, "year": 1, "median": 1, "better_than": 1, "needs": 1, "margin": 1, "errors": 1,
    "weight": 1, "scaled": 1, "brings": 1, "score": 1, "rank": 1, "rank_low": 1, "p_eligible": 1, "p_pass": 1, "p_top": 1,
    "pillars": 1, "history": 1, "without": 1,
}  # fmt: skip
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
        self.open.append(
            self.found[-1]
            if of
            else None
            if tag in ("small", "svg")
            else self.open[-1]
            if self.open
            else None
        )

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
    held: dict = {}
    return lambda iso3: held.setdefault(iso3, traced.facts_of(facts, iso3))


@pytest.fixture(scope="module")
def marked(facts):
    """What the pages of some countries and the briefing mark, with its text."""
    links, proof = frozenset(COUNTRIES), report.reproduce(facts.result, "eligibility report")
    sources, found = sourcing.source_rows(facts), []
    for iso3 in COUNTRIES:
        page = justification.page(facts, iso3, links, proof, sources)
        html = report.country_html(facts, iso3, page).decode()
        found += Marked(html).found
    board = report.briefing.page(facts, links, proof, sources)
    return found + Marked(report.briefing_html(facts, board, links, None).decode()).found


def agrees(text: str, shown: list[str]) -> bool:
    """Whether an element shows exactly these numbers: the first as its first word or words, all of them in their order."""
    text = " ".join(text.split()).replace("more than ", ">").replace("less than ", "<")
    text = re.sub(r"\ball (?=[\d,]+ re-runs)", "100% of ", text).replace("none of", "0% of")
    if all(word in ("no data", "", "not stated") for word in shown):
        return text in (
            "–",
            "",
            "no data",
            "no rank",
            "not stated",
            "Not ranked",
            "not given",
            "unknown",
            "Cannot be judged",
        )
    at = 0
    for word in shown:
        found = re.compile(rf"(?<![\d.,+−><]){re.escape(word)}(?![\d%]|[.,]\d)").search(text, at)
        if not found or (at == 0 and found.start() and not text.startswith("Passed in ")):
            return False
        at = found.end()
    return True


def test_numbers_of_pages_are_what_explain_says_of_them(marked, every):
    """Two hundred by chance, and then all of some countries: text of the page beside the fact by its path."""
    picked = random.Random(11).sample(marked, MANY)
    wrong = []
    for of, text in [*picked, *(one for one in marked if one[0].startswith(COUNTRIES))]:
        iso3, *paths = of.split(" ")
        shown = [every(iso3)[path].shown for path in paths]
        if not agrees(text, list(dict.fromkeys(shown))):
            wrong.append((of, text, shown))
    assert not wrong, wrong[:20]
    assert len(marked) > 1_000


def test_every_kind_of_number_is_marked(marked):
    seen = set()
    for of, _ in marked:
        for path in of.split(" ")[1:]:
            head, *_ = path.split(".")
            seen |= {head, path.rpartition(".")[2], *(["history"] if ".history." in path else [])}
    assert seen >= KINDS.keys()


def test_another_number_would_be_noticed(marked, every):
    """The comparison can fail: a page that printed the next number would not pass for this one."""
    told = [(of, text) for of, text in marked if len(of.split(" ")) == 2 and re.search(r"\d", text)]
    for of, text in random.Random(5).sample(told, 100):
        iso3, path = of.split(" ")
        changed = re.sub(r"\d(?=\D*$)", lambda m: str((int(m[0]) + 1) % 10), every(iso3)[path].shown, count=1)
        assert not agrees(text, [changed]), (of, text, changed)


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


def test_what_lies_under_a_path_is_listed_and_what_is_not_there_refused(facts):
    text = explain.fact(facts.result, "TUN", "score.pillars.democracy")
    assert "score.pillars.democracy.scaled: " in text and "indicators.vdem.polyarchy.brings: " in text
    assert "Open and active civil society: Fail" in explain.fact(facts.result, "TUN", "gates.civil-society")
    with pytest.raises(UsageError, match=r"did you mean 'gates\.democracy\.p_pass'"):
        explain.fact(facts.result, "TUN", "gates.democracy.p_pas")
