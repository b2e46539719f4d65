"""What a run holds, as a value: its files in words, and every candidate by status in the order of the alphabet."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from eligibility.data import countries
from eligibility.pages import outside, sentences, sourcing
from eligibility.pages.facts import Facts
from eligibility.pages.said import Count, Said, say
from eligibility.pages.views import STATUSES, Entry, Mark
from eligibility.pages.wording import alphabetical, missing, plain

FILES = {
    "briefing.html": ("Board briefing", "what is proposed, how sure it is, and what the board must decide"),
    "audit.html": ("Statistical audit", "whether the figures can carry the score"),
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


@dataclass(frozen=True)
class File:
    """One file of the run."""

    name: str
    title: str
    what: str


@dataclass(frozen=True)
class Name:
    """One candidate, with its page if it has one, and how sure its status is: no verdict stands without that."""

    name: str
    link: str
    share: Said | None  # of simulations in which it qualifies, where that is given


@dataclass(frozen=True)
class Group:
    """The candidates of one status."""

    key: str
    mark: Mark
    count: Said
    names: tuple[Name, ...]


@dataclass(frozen=True)
class Contents:
    """The index page of a run."""

    title: Said
    kicker: str
    running: Said  # at the foot of each sheet of paper
    shown: Said | None  # how many pages are here, where not all are
    files: tuple[File, ...]
    groups: tuple[Group, ...]
    shares: Said | None  # what the shares after the names are, where there are some
    reproduce: tuple[Entry, ...]


def page(
    facts: Facts, title: Said, held: Collection[str], links: Collection[str], reproduce: tuple[Entry, ...]
) -> Contents:
    """The index of a run that holds these files and a page for each country of `links`."""
    groups = []
    for status in STATUSES:
        inside = sorted(
            (c for c in facts.pool if facts.status[c] == status), key=lambda c: alphabetical(facts.names[c])
        )
        names = tuple(
            Name(facts.names[c], f"countries/{c}.html" if c in links else "", _share(facts, c))
            for c in inside
        )
        if inside:
            groups.append(
                Group(
                    status,
                    sentences.mark(facts, inside[0]),
                    say("index.count", n=Count(len(inside), f"run counts.{status}")),
                    names,
                )
            )
    apart = sorted(
        (plain(countries.register().name(c)), c) for c in outside.of(facts) if f"countries/{c}.html" in held
    )
    if apart:
        names = tuple(Name(name, f"countries/{c}.html", None) for name, c in apart)
        mark = Mark(say("status.outside").plain, "–", "open")
        groups.append(
            Group("outside", mark, say("index.count", n=Count(len(apart), "run counts.outside")), names)
        )
    asked = sorted(name for name in held if name.startswith("also/"))
    pilots = sorted(name for name in held if name.startswith("pilots/"))
    return Contents(
        title=title,
        kicker=sourcing.kicker(facts),
        running=say("running.card", name="Contents", title=plain(facts.criteria.id), day=facts.result.as_of),
        shown=say("index.shown", n=len(links), of=len(facts.pool)) if len(links) < len(facts.pool) else None,
        files=(
            *(File(name, *FILES.get(name, OTHER)) for name in (*FILES, *asked) if name in held),
            *(File(name, f"{PILOT[0]}: {_host(facts, name)}", PILOT[1]) for name in pilots),
        ),
        groups=tuple(groups),
        shares=say("index.shares.ideal" if facts.criteria.apart else "index.shares")
        if any(x.share for group in groups for x in group.names)
        else None,
        reproduce=reproduce,
    )


def _host(facts: Facts, name: str) -> str:
    """The country of a dossier by the name of its file, which is that of a pilot."""
    pilot = next(p for p in facts.result.pilots.pilots if name == f"pilots/{p.id}.html")
    return plain(countries.register().name(pilot.country))


def _share(facts: Facts, iso3: str) -> Said | None:
    """How often a candidate is admitted; nothing for an index, which admits everybody, and where nothing was drawn."""
    p = facts.p_eligible[iso3]
    return None if facts.criteria.index or missing(p) else sentences.chance(facts, iso3)
