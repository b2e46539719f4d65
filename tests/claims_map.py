"""What the board briefing says in its notes and on its map, and of all candidates."""

from __future__ import annotations

import math
import re
from collections import Counter

from claims_briefing import admitted, names
from prover import Page, claim, fixed
from reading import (
    is_among,
    is_count,
    is_day,
    listed,
    some,
)
from truth import Truth
from verdicts import WORDS

from eligibility import walk
from eligibility.pages import outlines  # which lands are drawn: no words of theirs

PLAIN = {
    "eligible": "eligible",
    "conditional": "conditional",
    "qualified": "qualified",
    "on-hold": "on hold",
    "excluded": "excluded",
    "insufficient-data": "with too little data",
}

# Notes of the run ------------------------------------------------------------------------------------------


@claim(
    "briefing",
    "shortlist",
    r"Newer figures than those held here had been published by (?P<day>\d+ \w+ \d{4})\. (?P<ends>.+)\.",
    tags="p",
)
def overdue(page: Page, day, ends):
    t = page.truth
    own = t.result.panel.overdue(walk.indicators(t.criteria), t.result.as_of)
    told = [
        re.fullmatch(r"(.+) ends in (\d{4}), and the next year was due by (.+)", x) for x in ends.split("; ")
    ]
    assert is_day(day, t.result.as_of) and len(told) == len(own) > 0
    for found, (source, year, due) in zip(told, own, strict=True):
        assert found[1] == source.title and int(found[2]) == year and is_day(found[3], due)


@claim(
    "briefing",
    "shortlist",
    r"Not considered, because figures the pool rule asks for are not held: (?P<who>.+)\.",
    tags="p",
)
def unplaced(page: Page, who):
    from eligibility import countries

    register = countries.register()
    everybody = {register.name(c) for c in register} - set(page.truth.name.values())
    shown, _, more = who.partition(" and ") if who.endswith(" more") else (who, "", "")
    assert all(name in everybody for name in shown.split(", ")) and (not more or int(more.split()[0]) > 0)


@claim(
    "briefing",
    "shortlist",
    r"For this date no figures are held here on (?P<what>.+), of any country\.(?: What rests on them is unknown, not failed: (?P<rests>.+)\.)?",
    tags="p",
)
def lacking(page: Page, what, rests):
    t = page.truth
    absent = t.result.cells.absent
    own = []
    for g in (*t.criteria.gates, *t.criteria.tracks):
        blind = sum(t.word(c, g) == "unknown" for c in t.pool)
        if blind and absent & {q.indicator for _, q in walk.node_quantities(g.rule)}:
            part = "" if blind == len(t.pool) else f" (of {blind} of {len(t.pool)} countries)"
            own.append(f"“{g.title}”{part}")
    blank = [i for i in t.used if all(math.isnan(x) for x in t.values[i].values())]
    labels = [t.sheets[i].label for i in t.used if i in absent]
    small = [x[0].lower() + x[1:] if x.split(" ")[0][1:].islower() else x for x in labels]
    assert what == some(small, 8) and (rests or "") == listed(own) and absent & set(t.used) <= set(blank)


@claim("briefing", "shortlist", r"Imputed: (?P<n>\d+) missing figures of (?P<who>\d+) countries, (?P<times>\d+) times, as similar countries suggest\. They are in the draws only; no verdict and no score shown rests on them, and probabilities that do are marked\.", tags="p")  # fmt: skip
def imputed(page: Page, n, who, times):
    t = page.truth
    gaps = {c: g for c, g in t.result.guesses.items() if g}
    assert (
        int(who) == len(gaps)
        and int(n) == sum(map(len, gaps.values()))
        and int(times) == t.criteria.uncertainty.imputation.datasets
    )


@claim("briefing", "shortlist", r"(?P<text>.+)", tags="p")
def other_note(page: Page, text):
    """A note on a flag, which the Result holds ready; its numbers are names and addresses."""
    ready = [
        n
        for n in page.truth.result.notes
        if not n.startswith(("Revised", "Newer", "Not considered", "Imputed", "Figures not held"))
    ]
    assert text in ready


# Map ------------------------------------------------------------------------------------------------------

fixed("briefing", "map", "Map", tags="h2")
fixed("briefing", "map", "On the map", tags="label")
fixed("briefing", "map", "The same as a table: all candidates.", tags="p")


@claim("briefing", "map", r"The (?P<n>\S+) (?P<status>eligible|conditional) countries lie in (?P<regions>.+? regions?) with candidates(?:, (?P<most>\S+) of them in (?P<first>.+))?", tags="finding")  # fmt: skip
@claim(
    "briefing",
    "map",
    r"(?P<all>Both|All \S+) (?P<status>eligible|conditional) countries lie in (?P<first>.+)",
    tags="finding",
)
@claim(
    "briefing",
    "map",
    r"(?P<name>.+), in (?P<first>.+), is the only (?P<status>eligible|conditional) country",
    tags="finding",
)
def map_title(page: Page, status, n="", regions="", most="", first="", all="", name=""):
    t = page.truth
    shown = "eligible" if any(t.region[c] for c in t.having("eligible")) else "conditional"
    found = [c for c in t.having(shown) if t.region[c]]
    where = Counter(t.region[c] for c in found)
    assert status == shown
    if name:
        assert names(t, found) == [name] and t.region[found[0]] == first
    elif all:
        assert set(where) == {first} and (
            len(found) == 2 if all == "Both" else is_count(all.split()[1], len(found)) and len(found) > 2
        )
    else:
        total = len({t.region[c] for c in t.pool if t.region[c]})
        top = sorted(where.values(), reverse=True)
        assert is_count(n, len(found)) and is_among(regions, len(where), total, "region") and len(where) > 1
        assert bool(first) == (top[0] > top[1]) and (
            not first or (is_count(most, top[0]) and where[first] == top[0])
        )


@claim("briefing", "map", "No country is eligible", tags="finding")
def map_none(page: Page):
    assert not any(page.truth.region[c] for c in admitted(page.truth))


def _circles(t: Truth) -> int:
    return sum(c in outlines.world().places for c in t.pool)


@claim("briefing", "map", r"Each candidate by its status on (?P<day>\d+ \w+ \d{4})\.(?: (?P<n>\S+) (?P<noun>candidate|candidates) too small to see (?P<be>is a circle|are circles), moved apart where two would overlap\.)?", tags="p")  # fmt: skip
def map_subtitle(page: Page, day, n, noun, be):
    t = page.truth
    small = _circles(t)
    assert is_day(day, t.result.as_of) and (is_count(n, small) if n else not small)
    assert not n or (noun == "candidate") == (be == "is a circle") == (small == 1)


@claim("briefing", "map", r"(?P<mark>\S [A-Z][a-z ]+?)(?: \((?P<n>\S+)\))?", tags="li")
def map_key(page: Page, mark, n):
    t = page.truth
    if mark == "– Not considered":
        assert not n
    else:
        (status,) = [s for s, w in WORDS.items() if w == mark]
        assert is_count(n, len(t.having(status)))


@claim(
    "briefing",
    "map",
    r"(?P<name>.+): (?P<word>eligible|conditional|qualified|on hold|excluded|not enough data)",
    tags="title",
)
def land(page: Page, name, word):
    t = page.truth
    assert WORDS[t.status[t.iso3[name]]][2:].lower() == word


@claim("briefing", "map", r"Map of the world by status on (?P<day>.+)", tags="title")
def map_alt(page: Page, day):
    assert is_day(day, page.truth.result.as_of)


@claim("briefing", "map", r"Outlines: (?P<publisher>[^,]+), (?P<licence>[^;]+); Equal Earth projection\. Boundaries imply no judgement on the legal status of any territory\. (?P<boundaries>.+?)(?: Not on the map: (?P<absent>.+)\.)?$", tags="p")  # fmt: skip
def map_source(page: Page, publisher, licence, boundaries, absent):
    t, drawn = page.truth, outlines.world()
    assert (publisher, licence, boundaries) == (
        drawn.sheet["publisher"],
        drawn.sheet["licence"].lower(),
        drawn.sheet["boundaries"],
    )
    assert (absent or "") == listed(
        names(t, [c for c in t.pool if c not in drawn.paths and c not in drawn.places])
    )


@claim(
    "briefing",
    "map candidates",
    r"(?P<n>\S+) (?P<noun>candidates?): (?P<parts>.+?)(?P<end>\. The tables of annex A list the same\.)?$",
    tags="desc finding",
)
def all_candidates(page: Page, n, noun, parts, end):
    t = page.truth
    assert is_count(n, len(t.pool)) and (noun == "candidate") == (len(t.pool) == 1)
    told = parts.replace(" and ", ", ").split(", ")
    own = [(s, len(t.having(s))) for s in PLAIN if t.having(s)]
    assert len(told) == len(own)
    for part, (status, many) in zip(told, own, strict=True):
        count, _, word = part.partition(" ")
        assert is_count(count, many) and word == PLAIN[status]


@claim(
    "briefing",
    "candidates",
    r"(?P<n>\S+) (?P<noun>country|countries) ranked(?:, (?P<blind>\S+) with too little data)?",
    tags="finding",
)
def all_ranked(page: Page, n, noun, blind):
    t = page.truth
    left = len(t.pool) - len(t.ranked)
    assert t.criteria.index and is_count(n, len(t.ranked)) and (is_count(blind, left) if blind else not left)
    assert (noun == "country") == (len(t.ranked) == 1)


fixed("briefing", "candidates", "Annex A. All candidates", "Annex A. All countries", tags="h2")
fixed("briefing", "candidates", "Ranked", "Not ranked", tags="caption")
fixed("briefing", "candidates", "Ranked candidates", "Candidates without a rank", tags="label")
