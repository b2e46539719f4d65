"""What the pages say of other criteria sets, worked out again from the Result of each."""

from __future__ import annotations

import math
import re

from cells_briefing import _why
from cells_said import Line, Table, share, word
from prover import Page, claim, fixed
from reading import is_among, listed
from truth import INSIDE, Truth
from verdicts import mark

JUDGED = (*INSIDE, "excluded")

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


@claim("briefing", "rests", r"Under “(?P<title>.+?)” \((?P<id>\S+) (?P<version>[^)]+)\), (?:the one country proposed is (?P<no>not )?admitted|(?P<n>.+? countries) proposed (?P<verb>is|are) admitted(?:: (?P<rest>.+))?)\.", tags="li")  # fmt: skip
def shortlisted(page: Page, title, id, version, no, n, verb, rest):
    t = page.truth
    (other,) = [x for x in _gated(t) if (x.criteria.id, x.criteria.title) == (id, title)]
    said = [other.status.get(c, "") for c in t.shortlist]
    inside = sum(w in INSIDE for w in said)
    assert other.criteria.version == version
    if n is None:
        assert len(said) == 1 and bool(no) == (not inside)
        return
    assert is_among(n, inside, len(said), "country", "countries") and (verb == "is") == (inside < 2)
    told = {"excluded": ("is excluded", "are excluded"), "": ("is not considered", "are not considered"),
            "insufficient-data": ("has too little data", "have too little data")}  # fmt: skip
    groups = [
        f"{listed(names)} {told[status][len(names) > 1]}"
        for status in ("excluded", "insufficient-data", "")
        if (names := [t.name[c] for c, w in zip(t.shortlist, said, strict=True) if w == status])
    ]
    assert (rest or "") == "; ".join(groups)


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
