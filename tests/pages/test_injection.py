"""Whatever a name, a title, a note, a rule, a source or a decision says is only text, on every kind of page.

A thousand payloads, each in every place that takes a text from outside: no new element, no new attribute, and the text
itself is there to be read. Pages are compared with the same pages holding harmless words.
"""

from __future__ import annotations

import dataclasses
import json
import random
import re
import unicodedata
from collections import Counter
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from itertools import count, product

import html5lib
import made_up
import pandas as pd
import pytest
import worlds

from eligibility.analysis import soundness
from eligibility.analysis.curve import Curve
from eligibility.data import countries
from eligibility.language import overrides
from eligibility.method import stability
from eligibility.method.result import Result
from eligibility.method.stability import Stability
from eligibility.pages.wording import plain
from eligibility.policy.model import CountryCase, Criteria, Flag, Marked
from eligibility.present import report
from eligibility.workbench import page as workbench

BEFORE = (
    "", '"', "'", ">", '">', "'>", "-->", "]]>", "</title>", "</style>", "</script>", "</svg>", "</p>", "</td></tr></table>",
    "</bdi>", "&", "&#60;", "\\", "`", "{{", "</", "\u202e", "\u2066", "\u200b", "\ufeff",
)  # fmt: skip
CORE = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<iframe src=javascript:alert(1)>",
    " onmouseover=alert(1) x=", ' autofocus onfocus="alert(1)" ', "javascript:alert(1)", "data:text/html,<script>alert(1)</script>",
    "<!--", "<![CDATA[<b>", "<?php echo 1 ?>", "<a href='javascript:alert(1)'>x</a>", "<style>*{display:none}</style>", "<base href=//e.example>",
    "<meta http-equiv=refresh content=0>", "<form action=//e.example>", "<input autofocus onfocus=alert(1)>", "<object data=x>", "<math><mi//xlink:href=x>",
    "<template><b>", "<noscript><p title=</noscript><img src=x>", "{{ 7 * 7 }}", "{% raw %}", "{# x #}", "${7*7}", "<%= 7 %>",
    "&lt;b&gt;", "&amp;lt;", "<b", "<b>bold</b>", "<plaintext>", "<xmp>", "<textarea>", "<select><option>", "<table><tr><td>", "<h1>Eligible</h1>",
    "<ScRiPt>alert(1)</sCrIpT>", "<scr\tipt>", "<x/onclick=alert(1)>", "\u061cabc\u200f",
)  # fmt: skip
PAYLOADS = [f"{a}{b}" for a, b in product(BEFORE, CORE)]
ROUNDS = 10
TEXTS = {
    "title", "question", "basis", "where", "quote", "note", "summary", "shortlist_basis", "max_age_basis", "label", "unit",
    "description", "publisher", "citation", "licence", "licence_url", "url", "vintage", "version",
}  # fmt: skip


def filled(value, text):
    """The same policy, sheet or source with every text in it given by `text()`; ids, numbers and rules as they are."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        new = {}
        for field in dataclasses.fields(value):
            own = getattr(value, field.name)
            if field.name in TEXTS and isinstance(own, str):
                new[field.name] = text()
            elif field.name == "notes":
                new[field.name] = (text(), text())
            elif isinstance(own, tuple) or dataclasses.is_dataclass(own):
                new[field.name] = filled(own, text)
        return replace(value, **new)
    return tuple(filled(v, text) for v in value) if isinstance(value, tuple) else value


@dataclasses.dataclass(frozen=True)
class World:
    """A result, the names of its countries, and other readings of its criteria."""

    result: Result
    names: made_up.Register
    curve: Curve


def holding(text) -> World:
    """A world every text of which comes from `text()`; judged on the harmless one."""
    result = decided()
    own = filled(result.criteria, text)
    cases = (CountryCase(text(), "XAA", result.as_of, (("status", ("excluded",)),)),)
    flags = (Flag("marked", text(), own.gates[0].cites, by_date=(Marked((("XAA", text()),)),)),)
    own: Criteria = replace(own, cases=cases, flags=flags, text=f"id: made-up\ntitle: {json.dumps(text())}\n")
    panel = result.panel
    sheets = {}
    for i, sheet in panel.sheets.items():
        classes = {k: text() for k in sheet.classes} if sheet.classes else None
        sheets[i] = replace(filled(sheet, text), classes=classes)
    held = {s.id: filled(s, text) for s in panel.sources}
    panel = replace(panel, sheets=sheets, held={i: held[s.id] for i, s in panel.held.items()})
    entries = tuple(
        replace(e, name=text(), reason=text(), source=text(), decision=text())
        for e in result.register.entries
    )
    notes = tuple(replace(n, name=text(), note=text(), source=text()) for n in result.register.notes)
    register = overrides.Register(entries, "overrides: as read\n", notes)
    hostile = replace(
        result, criteria=own, panel=panel, cells=replace(result.cells, panel=panel), notes=(text(), text()), register=register
    )  # fmt: skip
    names = made_up.register()
    names.names = {c: text() for c in made_up.codes(12)}
    region = text()
    names.region = lambda iso3: region
    return World(hostile, names, readings(result, text))


def readings(result: Result, text) -> Curve:
    """A made-up specification curve: two countries that a source names, two choices of two options."""
    cases = tuple(
        CountryCase(text(), c, result.as_of, (("status", (result.screening.status[c],)),))
        for c in ("XAA", "XAB")
    )
    options = pd.DataFrame(
        [(choice, text(), right, 2.5) for choice in ("one", "two") for right in (0.25, 0.75)],
        columns=["choice", "option", "right", "admitted"],
    )
    return Curve(
        as_of=result.as_of, names=cases, readings=4, right=(1, 1, 2), by_name=pd.Series({"XAA": 0.5, "XAB": 0.75}),
        titles={"one": text(), "two": text()}, by_option=options, pool=6, admitted=(3, 2, 3, 4), written=2, patterns=2,
        others=3, chance=0.2, listed=pd.Series({"XAA": 1.0, "XAB": 0.5}), kept=1.5, shortlist=2,
    )  # fmt: skip


@cache
def turns() -> Stability:
    """What changes of weights turn the shortlist of the harmless result."""
    own = decided()
    admitted = own.screening.status.isin(["eligible", "conditional"]).to_numpy()
    return stability.stability(own.criteria.score, own.centre, own.peers.to_numpy(), admitted, 1)


@cache
def decided() -> Result:
    return worlds.decided(made_up.make(n=6))


def pages(world: World, monkeypatch) -> dict[str, str]:
    """One page of every kind, the audit with other weights and other readings."""
    result, quick = world.result, soundness.quick
    monkeypatch.setattr(countries, "register", lambda: world.names)
    whole = lambda r: replace(quick(r), stability=turns(), curve=world.curve)  # noqa: E731
    top = result.ranking.shortlist[0]
    # test_spreadsheet.py has its own payloads
    monkeypatch.setattr(report.spreadsheet, "book", lambda *_: b"")
    with monkeypatch.context() as patched:
        patched.setattr(report.soundness, "quick", whole)
        files = report.content(result, (top,))
    out = {n: files[n].decode() for n in ("briefing.html", "index.html", "audit.html")}
    out |= {"country": files[f"countries/{top}.html"].decode()}
    return out | {"workbench": workbench.page(result).decode()}


class Shape(HTMLParser):
    """The elements of a page with the names of their attributes, what those that matter hold, and all of its text."""

    def __init__(self, html: str):
        super().__init__(convert_charrefs=True)
        self.elements, self.words = [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        held = dict(attrs)
        self.elements.append((tag, tuple(a for a, _ in attrs), held.get("class"), held.get("role")))
        assert not (held.get("href") or "").lower().startswith(("javascript", "data", "//"))
        self.words += [held["aria-label"]] if "aria-label" in held else []

    handle_startendtag = handle_starttag

    def handle_data(self, data):
        self.words.append(data)

    handle_comment = handle_decl = handle_pi = unknown_decl = lambda self, data: self.elements.append(
        ("odd", data)
    )


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def harmless(monkeypatch) -> dict[str, list]:
    """The shapes of the pages with words that mean nothing to a browser, as many as the payloads."""
    world = holding(lambda: "harmless words")
    return {name: Shape(html).elements for name, html in pages(world, monkeypatch).items()}


def test_a_thousand_payloads_in_every_text_are_only_text(harmless, monkeypatch):
    assert len(set(PAYLOADS)) >= 1000
    for batch in range(ROUNDS):
        some = PAYLOADS[batch::ROUNDS]
        joined = " ¦ ".join(some)
        seen = pages(holding(lambda joined=joined: joined), monkeypatch)
        for name, html in seen.items():
            shape = Shape(html)
            assert shape.elements == harmless[name], (name, batch)
            words = flat(" ".join(shape.words))
            assert flat(plain(joined)) in words, name
            if name != "workbench":  # whose data, untouched, is for its own script
                bad = [
                    i
                    for i, c in enumerate(html)
                    if unicodedata.category(c) in ("Cc", "Cf") and c not in "\n\t"
                ]
                assert not bad, (name, html[max(0, bad[0] - 200) : bad[0] + 40])


def test_a_browser_builds_the_same_tree_of_every_page(monkeypatch):
    """As HTML5 parses it, each text of a page another payload; names move lines, so elements are counted."""

    def trees(text) -> dict[str, Counter]:
        made = {
            name: html5lib.parse(html, namespaceHTMLElements=False)
            for name, html in pages(holding(text), monkeypatch).items()
        }
        return {
            n: Counter((e.tag, *sorted(e.attrib)) for e in t.iter() if isinstance(e.tag, str))
            for n, t in made.items()
        }

    numbers = count()
    clean = trees(lambda: f"harmless words {next(numbers)}")
    order = PAYLOADS.copy()
    random.Random(1).shuffle(order)
    queue = iter(order * 3)
    for _ in range(3):
        assert trees(lambda: next(queue)) == clean


def test_names_written_from_right_to_left_keep_their_order_and_their_place(monkeypatch):
    """Arabic and Hebrew names are shown as they are, each isolated by its own element."""
    world = holding(lambda: "words")
    for iso3, name in {"XAA": "المملكة المغربية", "XAB": "ישראל", "XAC": "Côte d’Ivoire (ساحل)"}.items():
        world.names.names[iso3] = name
    seen = pages(world, monkeypatch)
    assert "<bdi>ישראל</bdi>" in seen["briefing.html"]
    for name in ("briefing.html", "index.html"):
        for found in re.finditer("<[^<]*>(?=[^<]*(?:المملكة|ישראל))", seen[name]):
            assert found[0].startswith(
                ("<bdi", "<title", "<p", "<li", "<span", "</span", "<h1", "<th", "<td", "<small")
            ), found[0]


def test_the_longest_name_of_the_register_is_printed_whole_everywhere(monkeypatch):
    longest = max((countries.register().name(c) for c in countries.register()), key=len)
    world = holding(lambda: "words")
    world.names.names = {c: f"{longest} {i}" for i, c in enumerate(world.names.names)}
    seen = pages(world, monkeypatch)
    assert all(longest in html for html in seen.values())


def test_other_readings_of_the_criteria_are_only_text(monkeypatch):
    """Titles of choices, options and names of countries stand in the readings of the audit, each to be read."""
    numbers = count()
    payloads = random.Random(2).sample(PAYLOADS, 60)
    world = holding(lambda: f"{payloads[next(numbers) % 60]} {next(numbers)}")
    html = pages(world, monkeypatch)["audit.html"]
    section = flat(" ".join(Shape(html[html.index('aria-labelledby="s-readings"') :]).words))
    told = [
        *world.curve.titles.values(),
        *world.curve.by_option["option"],
        *map(world.names.name, ("XAA", "XAB")),
    ]
    assert len(told) == 8
    assert all(flat(plain(text)) in section for text in told)
    assert "s-edge" in re.findall(r'aria-labelledby="([\w-]+)"', html)
