"""The pages as HTML: one request, no script, everything escaped, every number from the view."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import re
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise

import made_up
import pytest

from eligibility.pages import contents, names, sourcing
from eligibility.pages.blocks import Names, Page
from eligibility.pages.wording import plain
from eligibility.policy.model import Quantity
from eligibility.present import report
from eligibility.resources import shipped

VOID = {"meta", "link", "br", "hr", "img", "input", "area", "base", "col", "embed", "source", "track", "wbr"}
SHAPES = {"path", "rect", "circle"}  # may close themselves


class Reader(HTMLParser):
    """A page taken apart: elements with attributes, text outside style, and whether every tag is closed in order."""

    def __init__(self, html: str):
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.faults: list[str] = []
        self.feed(html)
        self.close()
        if self.open:
            self.faults.append(f"left open: {self.open}")

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if len(attrs) != len(dict(attrs)):
            self.faults.append(f"attribute twice in {self.get_starttag_text()}")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in SHAPES | VOID:
            self.faults.append(f"{tag} closes itself")

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data):
        if "style" not in self.open:
            self.text.append(data)

    def of(self, *tags: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.elements if tag in tags]

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())


@cache
def pages(n: int = 12) -> dict[str, tuple[object, str]]:
    """Every page of a made-up run with the view it was made from."""
    return rendered(made_up.facts(n=n))


def rendered(facts) -> dict[str, tuple[object, str]]:
    links, proof = frozenset(facts.pool), report.reproduce(facts.result, "eligibility report made-up")
    view = report.briefing_page(facts, links, proof, made_up.world(len(facts.pool)))
    out = {"briefing": (view, report.render("briefing.html.j2", page=view).decode())}
    held = {*contents.FILES} - {"workbench.html"}
    index = contents.page(facts, view.title, held, links, proof)
    out["index"] = (index, report.render("index.html.j2", page=index).decode())
    for iso3 in facts.pool:
        view = report.country_page(facts, iso3, links, proof)
        out[iso3] = (view, report.render("country.html.j2", page=view).decode())
    return out


NAMES = ["index", "briefing", *made_up.codes(12)]


@pytest.mark.parametrize("name", NAMES)
def test_every_tag_is_closed_in_order(name):
    assert Reader(pages()[name][1]).faults == []


@pytest.mark.parametrize("name", NAMES)
def test_nothing_runs_and_nothing_is_fetched(name):
    read = Reader(pages()[name][1])
    assert not read.of("script", "iframe", "object", "embed", "img", "link", "form", "base", "audio", "video")
    for tag, attrs in read.elements:
        assert not [a for a in attrs if a.startswith("on") or a in ("style", "src", "srcset")], (tag, attrs)
        href = attrs.get("href") or ""
        assert tag == "a" or not href
        assert re.match(
            r"(#|https://|(\.\./)?briefing\.html|audit\.html|countries/[A-Z]{3}\.html|[A-Z]{3}\.html|ranking\.(csv|xlsx)|(\.\./)?briefing\.html#source-[a-z0-9-]+|(result|manifest)\.json|manifest\.sha256|(criteria|overrides|pilots)\.yaml|$)",
            href,
        ), href
    policy = next(a["content"] for a in read.of("meta") if a.get("http-equiv"))
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert not re.search(r"url\((?!#)", pages()[name][1])  # only a pattern of the page itself
    assert "@import" not in pages()[name][1]


@pytest.mark.parametrize("name", NAMES)
def test_one_heading_landmarks_and_a_way_past_the_header(name):
    read = Reader(pages()[name][1])
    assert len(read.of("h1")) == 1
    assert len(read.of("main")) == 1
    assert read.of("html")[0]["lang"] == "en"
    assert next(a for a in read.of("a"))["href"] == "#main"
    levels = [int(tag[1]) for tag, _ in read.elements if re.fullmatch("h[1-6]", tag)]
    assert all(b - a <= 1 for a, b in pairwise(levels)), levels


@pytest.mark.parametrize("name", NAMES)
def test_ids_are_unique_and_every_reference_has_its_target(name):
    read = Reader(pages()[name][1])
    ids = [attrs["id"] for _, attrs in read.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    for _, attrs in read.elements:
        assert set((attrs.get("aria-labelledby") or "").split()) <= set(ids)
        if (attrs.get("href") or "").startswith("#"):
            assert attrs["href"][1:] in ids, attrs["href"]


@pytest.mark.parametrize("name", NAMES)
def test_tables_have_captions_or_labels_and_headers_have_a_scope(name):
    read = Reader(pages()[name][1])
    assert all("scope" in attrs for attrs in read.of("th"))
    labelled = [t for t in read.of("table") if "aria-labelledby" in t]
    assert len(read.of("table")) == len(read.of("caption")) + len(labelled)


@pytest.mark.parametrize("name", NAMES)
def test_every_drawing_says_what_it_shows_or_is_hidden(name):
    read = Reader(pages()[name][1])
    drawings = read.of("svg")
    assert drawings or name == "index"
    for svg in drawings:
        assert svg.get("aria-hidden") == "true" or (
            svg.get("role") == "img" and (svg.get("aria-labelledby") or svg.get("aria-label"))
        )


@pytest.mark.parametrize("name", NAMES)
def test_what_scrolls_sideways_can_be_reached_by_keyboard_and_has_a_name(name):
    scrolls = [a for a in Reader(pages()[name][1]).of("div") if a.get("class") in ("scroll", "wide")]
    assert scrolls
    assert all(a["tabindex"] == "0" and a["role"] == "region" and a["aria-label"] for a in scrolls)
    assert len({a["aria-label"] for a in scrolls}) == len(scrolls)


def test_the_index_says_what_the_briefing_finds():
    (board, _), (index, page) = pages()["briefing"], pages()["index"]
    assert index.title == board.title
    assert f"{board.title.plain}</h1>" in re.sub("</?span[^>]*>", "", page)


@pytest.mark.parametrize("name", ["briefing", "XAB"])
def test_each_sheet_of_paper_names_itself_at_its_foot(name):
    view, page = pages()[name]
    style = re.findall(r"<style>(.*?)</style>", page, re.S)[1]
    signs = re.search(r'content: "([^"]*)"', style)[1]
    assert "".join(chr(int(sign, 16)) for sign in signs.split("\\")[1:]) == view.running.plain
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in next(a["content"] for a in Reader(page).of("meta") if a.get("http-equiv"))


def test_templates_hold_no_number_but_layout():
    """Outside of tags and braces a template of a report has words only; the workbench explains its scale of 0 to 100."""
    for path in shipped("reports/templates").glob("*.html.j2"):
        text = re.sub(
            r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", " ", path.read_text(encoding="utf-8"), flags=re.S
        )
        assert path.name == "workbench.html.j2" or not re.search(r"\d", text), path.name


PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></style></svg><b>",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    "a\u202eb\u200bc\u0007",
    "&lt;b&gt; &amp; <!--",
)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_whatever_a_name_a_title_or_a_note_says_is_only_text(payload):
    clean = {name: Reader(html) for name, (_, html) in pages().items()}
    facts = made_up.facts()
    policy = facts.criteria
    gates = tuple(
        dataclasses.replace(
            g,
            title=payload,
            question=payload,
            cites=dataclasses.replace(g.cites, where=payload, quote=payload),
        )
        for g in policy.gates
    )
    tracks = tuple(dataclasses.replace(t, title=payload) for t in policy.tracks)
    score = dataclasses.replace(
        policy.score,
        basis=payload,
        pillars=tuple(dataclasses.replace(p, title=payload, basis=payload) for p in policy.score.pillars),
    )
    policy = dataclasses.replace(
        policy, title=payload, gates=gates, tracks=tracks, score=score, shortlist_basis=payload,
        axes=tuple(dataclasses.replace(a, title=payload + str(k), note=payload) for k, a in enumerate(policy.axes)),
    )  # fmt: skip
    panel = facts.result.panel
    held = {
        s: dataclasses.replace(x, title=payload, publisher=payload, citation=payload, url=payload, licence=payload, licence_url=payload, notes=(payload,))
        for s, x in panel.held.items()
    }  # fmt: skip
    sheets = {
        s: dataclasses.replace(
            x, label=payload, unit=payload, classes=dict.fromkeys(x.classes, payload) if x.classes else None
        )
        for s, x in panel.sheets.items()
    }
    panel = dataclasses.replace(panel, held=held, sheets=sheets)
    cells = dataclasses.replace(facts.result.cells, panel=panel)
    result = dataclasses.replace(facts.result, criteria=policy, panel=panel, cells=cells, notes=(payload,))
    hostile = dataclasses.replace(
        facts,
        result=result,
        names=dict.fromkeys(facts.pool, plain(payload)),  # as Facts.of takes them from the register
        regions=dict.fromkeys(facts.pool, plain(payload)),
    )
    for name, (_, html) in rendered(hostile).items():
        read = Reader(html)
        assert read.faults == []
        allowed = {"a", "small", "p", "cite", "li", "ul"}  # a link or a line may go where its text is refused
        assert {t for t, _ in read.elements} == {t for t, _ in clean[name].elements} | (
            {t for t, _ in read.elements} & allowed
        )
        assert {a for _, attrs in read.elements for a in attrs} <= {
            a for _, attrs in clean[name].elements for a in attrs
        }
        assert not any(
            (attrs.get("href") or "").startswith(("javascript", "data")) for _, attrs in read.elements
        )
        assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\u0007]", html)


def test_only_plain_https_addresses_become_links():
    for url in (
        "http://a.example",
        "javascript:alert(1)",
        "https://a b",
        "https://a.example/\u202e",
        "//a.example",
        None,
    ):
        assert sourcing.https(url) == ""
    assert sourcing.https("https://a.example/x") == "https://a.example/x"


def test_the_longest_name_is_printed_whole():
    long = made_up.NAMES[-1]
    assert long in Reader(pages()["XAL"][1]).words
    assert long in Reader(pages()["briefing"][1]).words


def test_every_candidate_has_a_page_linked_from_the_briefing():
    read = Reader(pages()["briefing"][1])
    linked = {a["href"] for a in read.of("a") if a["href"].startswith("countries/")}
    assert linked == {f"countries/{c}.html" for c in made_up.codes(12)}


def test_the_same_result_gives_the_same_pages():
    assert {n: html for n, (_, html) in rendered(made_up.facts()).items()} == {
        n: html for n, (_, html) in pages().items()
    }


def test_a_page_stays_small():
    assert max(len(html.encode()) for _, html in pages(145).values() if isinstance(_, Page)) < 150 * 1024


def test_no_page_holds_a_double_space_before_a_stop_or_an_empty_bracket():
    for name, (_, html) in pages().items():
        words = Reader(html).words
        assert not re.search(r"\(\s*\)|\(,|“”|\.\.(?!\.)|,,|\bnan\b|\bNone\b(?! of)", words), (
            name,
            re.search(r".{40}(\(\s*\)|\(,|“”|\.\.(?!\.)|,,|\bnan\b|\bNone\b(?! of)).{20}", words),
        )


def test_no_status_of_the_index_stands_without_its_probability():
    view, page = pages()["index"]
    firm = made_up.facts(n=12).p_eligible
    groups = [(s.id, b) for s in view.sections for b in s.blocks if isinstance(b, Names)]
    given = [name for key, group in groups for name in group.names if key != "insufficient-data"]
    assert given and all(name.below for name in given)
    assert len(given) <= sum(p == p for p in firm.values())
    assert "the chance that it qualifies" in view.lead[-1].text and view.lead[-1].text in page


def test_the_distance_between_two_shares_is_told_in_points():
    closed, level = Quantity("undp.hdi", "gap_closed_over", 10), Quantity("undp.hdi")
    assert names.figure(0.052, closed, 3).text == "5.2%"
    assert names.figure(0.052 - 0.071, closed, 3, sign=True).text == "−1.9 points"
    assert names.figure(-0.019, level, 3, sign=True).text == "−0.019"
