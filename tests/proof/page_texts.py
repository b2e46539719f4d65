"""What stands on a page as text, held against what ought to stand there; and two sentences, fact by fact."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import zip_longest

import html5lib

from eligibility import __version__, resources
from eligibility.pages.said import Figure, Said
from eligibility.present import report

BLOCKS = set("title h1 h2 h3 p li dt dd caption small th td".split())
Line = tuple[str, str]  # where a text stands, the text


def parsed(html: str):
    """The elements of a page."""
    return html5lib.parse(html, namespaceHTMLElements=False)


def texts(element) -> list[str]:
    """Every text of a page in its order, names that are only read aloud among them; empty cells are kept."""
    return list(_texts(element))


def _block(element) -> bool:
    return element.tag.rpartition("}")[2] in BLOCKS


def _texts(element) -> Iterator[str]:
    if label := element.get("aria-label"):
        yield label
    if _block(element) and ((own := " ".join(_own(element).split())) or element.tag == "td"):
        yield own
    for child in element:
        yield from _texts(child)


def _own(element) -> str:
    """The text of an element without that of the blocks in it."""
    return (element.text or "") + "".join(
        ("" if _block(child) else _own(child)) + (child.tail or "") for child in element
    )


def faults(lines: Iterable[Line], html: str) -> list[str]:
    """The first places where a page does not say what it ought to: where, what was expected, what stands there."""
    page = parsed(html)
    pairs = zip_longest(lines, texts(page), fillvalue="")
    wrong = (
        (*(line or ("the end of the page", "nothing")), got)
        for line, got in pairs
        if not line or line[1] != got
    )
    return [f"{where}: expected {want!r}, got {got!r}" for where, want, got in wrong][:3] + mislabelled(page)


def mislabelled(page) -> list[str]:
    """Cells whose label, printed where there is no room for headings, is not the heading of their column."""
    wrong = []
    for table in page.iter("table"):
        heads, *rows = ([(" ".join(_own(cell).split()), cell) for cell in row] for row in table.iter("tr"))
        for row in rows:
            pairs = [
                (head, cell.get("data-l", head)) for (head, _), (_, cell) in zip(heads, row, strict=False)
            ]
            wrong += [f"label: expected {head!r}, got {label!r}" for head, label in pairs if label != head]
    return wrong


def differences(want: Said | None, got: Said | None) -> list[str]:
    """What of a sentence is not as it ought to be: phrase, fact, expected and got."""
    if want is None or got is None or want.phrase != got.phrase:
        phrase, other = (said.phrase if said else "no sentence" for said in (want, got))
        return (
            []
            if want is got
            else [f"{phrase}: expected {want and want.facts}, got {other}: {got and got.facts}"]
        )
    keys = {**want.facts, **got.facts}
    pairs = [(k, want.facts.get(k), got.facts.get(k)) for k in keys]
    return [
        told
        for key, one, other in pairs
        for told in (
            differences(one, other)
            if isinstance(one, Said) and isinstance(other, Said)
            else []
            if same(one, other)
            else [f"{want.phrase}: {key}: expected {_shown(one)}, got {_shown(other)}"]
        )
    ]


def _shown(fact: object) -> str:
    return repr(fact.item() if hasattr(fact, "item") else fact)


def same(one: object, other: object) -> bool:
    """Whether two facts are one: numbers up to the last digits of a float."""
    if isinstance(one, Figure) and isinstance(other, Figure):
        return same(one.value, other.value) and one.text == other.text
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return math.isclose(one, other, rel_tol=1e-8, abs_tol=1e-8)
    return one == other


# ── what every long page says ───────────────────────────────────────────────────────────────────────────────────


def kicker(t, kind: str) -> Line:
    """The line over the title: what was read, and of whom newer figures are out."""
    day = t.result.as_of
    parts = [kind, t.criteria.title, f"figures published by {day.day} {day:%B %Y}"]
    for name, years in t.result.read.years.items():
        parts.append(f"{name} {' and '.join(', '.join(map(str, years)).rsplit(', ', 1))}")
    if late := list(dict.fromkeys(name for name, *_ in t.result.read.behind)):
        parts.append(f"newer figures of {' and '.join(', '.join(late).rsplit(', ', 1))} are out")
    return "kicker", " · ".join(parts)


def command(t, verb: str = "report") -> str:
    """The command that makes a run again."""
    own, read = t.criteria, t.result.provenance["reading"]
    shipped = resources.shipped("criteria") / f"{own.id}.yaml"  # else by the copy that lies beside the page
    words = [
        "eligibility",
        verb,
        own.id if shipped.is_file() else "criteria.yaml",
        "--as-of",
        t.result.as_of.isoformat(),
    ]
    words += [x for one in own.settings for x in ("--set", one)] + ["--as-known"] * read["as_known"]
    words += [x for pin in read["vintages"] for x in ("--vintage", pin)]
    return " ".join(words)


def reproduce(t) -> Iterator[Line]:
    """How to get the page again."""
    own, board = t.criteria, " --overrides overrides.yaml" if t.result.register.text else ""
    what = "names criteria, figures with their sheets, registers, options and engine together"
    run = f"{report.run_id(t.result)} ({what}; manifest.json lists the checksums)"  # a checksum has no second way
    drawn = f"; seed {own.uncertainty.seed}; {own.uncertainty.draws:,} simulations" if t.drawn else ""
    yield "foot", "To get this page again"
    for label, text in {
        "Command": command(t) + board, "Run": run, "Engine": f"eligibility {__version__}{drawn}",
        "Criteria": f"{own.id} {own.version}, sha256 {own.sha256}",
    }.items():  # fmt: skip
        yield from (("foot", label), (f"foot, {label}", text))
