"""What `explain COUNTRY` adds under the card: every nearest change of one figure, and the release each figure is from."""

from __future__ import annotations

from collections.abc import Iterator

from eligibility.pages import counterfactuals, names
from eligibility.pages.blocks import Bullets, Section
from eligibility.pages.facts import Facts
from eligibility.pages.said import Figure, Said, say, tell
from eligibility.pages.wording import missing, plain


def sections(facts: Facts, iso3: str) -> Iterator[Section]:
    """Both, the changes nearest first."""
    rows = sorted(facts.flips[iso3], key=counterfactuals.distance)
    if rows:
        told = tuple(_change(facts, row) for row in rows)
        yield Section("nearest", say("nearest.title"), (Bullets(told),))
    if sources := tuple(_sources(facts, iso3)):
        yield Section("releases", say("releases.title"), (Bullets(sources),))


def _change(facts: Facts, row: dict) -> Said:
    """One figure of another size, and the requirement or kind that would come out otherwise."""
    own, (at, now, decimals) = facts.criteria, counterfactuals.told(facts, row)
    title = next(plain(g.title) for g in (*own.gates, *own.tracks) if g.id == row["gate"])
    given = dict(
        name=names.of(row["indicator"], facts.sheets).name,
        needed=at,
        now=Figure(row["now"], decimals, now),
        gate=title,
        becomes=say(f"word.{row['becomes']}"),
    )
    return tell(f"nearest.{'exact' if missing(row['in_sd']) else 'change'}", **given, sd=row["in_sd"])


def _sources(facts: Facts, iso3: str) -> Iterator[Said]:
    """Each release, and the figures of the country that are from it."""
    held = facts.result.panel.held
    by: dict[str, list[str]] = {}
    for i in facts.used:
        if i in held and facts.held(iso3, i):
            by.setdefault(held[i].id, []).append(i)
    for id_, series in by.items():
        told = tuple(names.of(i, facts.sheets).name for i in series)
        yield say("releases.row", id=plain(id_), publisher=plain(held[series[0]].publisher), names=told)
