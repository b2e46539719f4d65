"""What a run holds, as a value: its files in words, and every candidate by status in the order of the alphabet."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from eligibility.data import countries
from eligibility.pages import details, outside, sentences, sourcing
from eligibility.pages.blocks import Cell, Names, Page, Row, Section, Table
from eligibility.pages.facts import Facts
from eligibility.pages.said import Count, Said, say
from eligibility.pages.views import STATUSES, Entry
from eligibility.pages.wording import alphabetical, missing, plain

FILES = {
    "briefing.html": ("Board briefing", "what is proposed, how sure it is, and what the board must decide"),
    "audit.html": ("Statistical audit", "whether the figures can carry what is made of them"),
    "workbench.html": ("Workbench", "other weights and requirements, tried out"),
    "ranking.xlsx": (
        "Workbook",
        "a sheet for the board to print; behind it every candidate, figure, rule and source",
    ),
    "ranking.csv": ("Table", "the ranked list for a spreadsheet or a program"),
    "result.json": ("Result", "every number of the run, for a program"),
    "criteria.yaml": ("Criteria", "the rules as they were read"),
    "overrides.yaml": ("The board's own decisions, and analysts' notes", "as they were given"),
    "pilots.yaml": ("Register of pilots", "running and planned ones, as it was given"),
    "manifest.json": ("Seal", "the checksum of every file and of what went in"),
    "manifest.sha256": ("Digest of the seal", "keep it elsewhere: it shows whether the seal was replaced"),
}
PILOT = ("Pilot dossier", "what the document asks, beside what the register says")
OTHER = ("Other criteria asked", "the rules as they were read")


def page(
    facts: Facts, title: Said, held: Collection[str], links: Collection[str], proof: tuple[Entry, ...]
) -> Page:
    """The index of a run that holds these files and a page for each country of `links`; `proof` are the lines that make it again."""
    own, groups = facts.criteria, tuple(_groups(facts, held, links))
    lead = [say("index.shown", n=len(links), of=len(facts.pool))] if len(links) < len(facts.pool) else []
    if any(_share(facts, c) for c in facts.pool):
        lead.append(say("index.shares.ideal" if own.apart else "index.shares"))
    return Page(
        title=title,
        kicker=(say("index.kicker"), say("name", name=plain(own.title)), *sourcing.read(facts)),
        running=say(
            "running.card", name=say("index.kicker"), title=plain(own.id), day=facts.result.as_of
        ),
        lead=tuple(lead),
        sections=(_files(facts, held), *groups, details.again(proof)),
    )  # fmt: skip


def _files(facts: Facts, held: Collection[str]) -> Section:
    """What lies in the folder, a row a file."""
    asked = sorted(name for name in held if name.startswith("also/"))
    files = {name: FILES.get(name, OTHER) for name in (*FILES, *asked) if name in held}
    for name in sorted(name for name in held if name.startswith("pilots/")):
        files[name] = f"{PILOT[0]}: {_host(facts, name)}", PILOT[1]
    label = say("index.files")
    return Section("files", label, (table(files, label),))


def table(files: Mapping[str, tuple[str, str]], label: Said, caption: Said | None = None) -> Table:
    """A row a file: its name in words and in the folder, and what it holds."""
    rows = tuple(Row((Cell(called, below=at, link=at), Cell(what))) for at, (called, what) in files.items())
    return Table("files", label, details.heads("file", "what"), rows, caption, kind="list")


def _groups(facts: Facts, held: Collection[str], links: Collection[str]) -> Iterator[Section]:
    """Every candidate under its status, then who is not considered and has a page; no verdict stands without how sure it is."""
    for status in STATUSES:
        inside = sorted(
            (c for c in facts.pool if facts.status[c] == status), key=lambda c: alphabetical(facts.names[c])
        )
        if inside:
            names = tuple(
                Cell(facts.names[c], _share(facts, c), f"countries/{c}.html" if c in links else "")
                for c in inside
            )
            yield _group(status, STATUSES[status].sign, sentences.status(facts, inside[0]), names)
    apart = ((plain(countries.register().name(c)), f"countries/{c}.html") for c in outside.of(facts))
    if names := tuple(Cell(name, link=link) for name, link in sorted(apart) if link in held):
        yield _group("outside", "–", say("status.outside"), names)


def _group(key: str, sign: str, word: Said, names: tuple[Cell, ...]) -> Section:
    count = say("index.count", n=Count(len(names), f"run counts.{key}"))
    return Section(key, say("index.group", sign=sign, word=word, count=count), (Names(names),))


def _host(facts: Facts, name: str) -> str:
    """The country of a dossier by the name of its file, which is that of a pilot."""
    pilot = next(p for p in facts.result.pilots.pilots if name == f"pilots/{p.id}.html")
    return plain(countries.register().name(pilot.country))


def _share(facts: Facts, iso3: str) -> Said | str:
    """How often a candidate is admitted; nothing for an index, which admits everybody, and where nothing was drawn."""
    p = facts.p_eligible[iso3]
    return "" if facts.criteria.index or missing(p) else sentences.chance(facts, iso3)
