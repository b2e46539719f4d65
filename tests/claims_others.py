"""What the pages say of other criteria sets, worked out again from the Result of each."""

from __future__ import annotations

import math
import re

from cells_briefing import _why
from cells_said import Line, Table, share, word
from prover import Page, claim, fixed
from reading import is_among, is_count, is_share, listed
from truth import INSIDE, Truth
from verdicts import mark

JUDGED = (*INSIDE, "qualified", "on-hold", "excluded")

fixed("country", "firm", "Under other criteria", tags="h3 label")
fixed("country", "firm", "What other criteria sets say", tags="caption")
fixed("country", "firm", "With one thing left out of the score", tags="caption label")
fixed(
    "country",
    "firm",
    "These are ranks of the published values; how firm each of them is, is not worked out.",
    tags="p",
)
fixed("country", "firm", "Each judged on the same day, on the figures and with the errors its own file asks for; its own report has its sources.", tags="p")  # fmt: skip


def _gated(t: Truth) -> list[Truth]:
    """The other sets that admit and exclude."""
    return [other for other in t.others if other.criteria.gates or other.criteria.tracks]


@claim("country", "firm", r"Under other criteria: (?:(?P<none>none of them can judge it)|(?P<no>not )?admitted under (?:the one set|(?P<n>(?:none|\S+) of \S+ sets|both sets|all \S+ sets))(?P<some> that can judge it)?)", tags="h3")  # fmt: skip
def title(page: Page, none, no, n, some):
    asked = _gated(page.truth)
    words = [w for other in asked if (w := other.status.get(page.iso3)) in JUDGED]
    inside = sum(w in INSIDE for w in words)
    assert asked and bool(none) == (not words) and bool(some) == (0 < len(words) < len(asked))
    assert none or (
        is_among(n, inside, len(words), "set") if n else len(words) == 1 and bool(no) == (not inside)
    )


@claim("briefing", "rests", r"Under “(?P<title>.+?)” \((?P<id>\S+) (?P<version>[^)]+)\), of (?P<n>\S+) (?P<noun>country|countries) proposed: (?P<told>.+)\.", tags="li")  # fmt: skip
def shortlisted(page: Page, title, id, version, n, noun, told):
    t = page.truth
    (other,) = [x for x in _gated(t) if (x.criteria.id, x.criteria.title) == (id, title)]
    assert other.criteria.version == version
    assert is_count(n, len(t.shortlist)) and (noun == "country") == (len(t.shortlist) == 1)
    said = {c: "in" if other.status.get(c) in INSIDE else other.status.get(c, "") for c in t.shortlist}
    words = {"in": ("is admitted", "are admitted"), "qualified": ("is qualified", "are qualified"),
             "on-hold": ("is on hold", "are on hold"), "excluded": ("is excluded", "are excluded"),
             "insufficient-data": ("has too little data", "have too little data"), "": ("is not considered", "are not considered")}  # fmt: skip
    groups = [
        f"{listed(t.name[c] for c in codes)} {words[status][len(codes) > 1]}"
        for status in words
        if (codes := [c for c, w in said.items() if w == status])
    ]
    assert re.sub(r" \(admitted in [^)]+ of re-runs\)", "", told) == "; ".join(groups)
    sure = [
        (c, p)
        for w in words
        for c in t.shortlist
        if said[c] == w and not math.isnan(p := other.p.get(c, math.nan))
    ]
    shares = re.findall(r"(?:^|[;,] | and )([^;,]*?) \(admitted in ([^)]+) of re-runs\)", told)
    assert [name for name, _ in shares] == [t.name[c] for c, _ in sure]
    assert all(is_share(x, p) for (_, x), (_, p) in zip(shares, sure, strict=True))


@claim(
    "country briefing", "reproduce", r"(?P<id>\S+) (?P<version>.+?), sha256 (?P<sha>[0-9a-z]{64})", tags="dd"
)
def proof(page: Page, id, version, sha):
    assert (id, version, sha) in [
        (o.criteria.id, o.criteria.version, o.criteria.sha256) for o in page.truth.others
    ]


fixed("country briefing", "reproduce", "Also judged by", tags="dt")


@claim("country", "firm", r"(?P<id>\S+) (?P<version>.+)", tags="small")
def version(page: Page, id, version):
    assert (id, version) in [(o.criteria.id, o.criteria.version) for o in page.truth.others]


def table(page: Page, shown: Table) -> list[Line]:
    """What each set says of a country."""
    return [_line(other, page.iso3) for other in page.truth.others]


def _line(t: Truth, c: str) -> Line:
    own = t.criteria
    line = {
        "Criteria": word(own.title),
        "Status": word("– Not considered"),
        "Admitted in": word("–"),
        "Rank": word("–"),
        "Why": word(""),
    }
    if c not in t.status:
        return line
    index = not (own.gates or own.tracks)
    return line | {
        "Status": word(mark(t, c)),
        "Admitted in": word("–") if index else share(t.p[c]),
        "Rank": (lambda s: _is_rank(t, c, s)) if own.score else word("–"),
        "Why": word(_why(t, c)),
    }


def _is_rank(t: Truth, c: str, text: str) -> bool:
    """Rank, of how many, with whom, and between which ranks it likely lies."""
    if c not in t.ranked:
        return text == "Not ranked"
    found = re.fullmatch(
        r"(\d+) of (\d+)(?:, shared with .+?)?(?: \(likely (\d+)(?: to (\d+))?\)|(; how firm is not known))",
        text,
    )
    if not found or (int(found[1]), int(found[2])) != (t.rank[c], len(t.ranked)):
        return False
    if math.isnan(t.low[c]):
        return bool(found[5])
    return (int(found[3]), int(found[4] or found[3])) == (t.low[c], t.high[c])
