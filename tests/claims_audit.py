"""What the audit page says: every finding told again from the table of the audit that it rests on."""

from __future__ import annotations

import math
import re

from prover import Page, claim, fixed
from reading import NUMBER, SHARE, is_among, is_count, is_number, is_share, listed, value
from truth import Truth

N = rf"(?P<n>{NUMBER})"
R = rf"(?P<r>{NUMBER})"

fixed("audit", "-", "The audit in numbers", tags="label")
fixed("audit", "-", "Red flags", "To look at", "To know", "Countries", "Indicators scored", tags="dt")
fixed("audit", "-", "Board briefing", tags="p")
fixed("audit", "-", "Can the figures carry the score that is made of them, and what does the shortlist hang on? The tests are those of audits of published indexes by the European Commission's Joint Research Centre, made on the published values of all countries considered.", tags="p")  # fmt: skip
fixed("audit", "findings", "Findings", tags="h2")
fixed("audit", "findings", "Table of findings", tags="label")
fixed("audit", "findings", "Findings, the worst first", tags="caption")
fixed("audit", "findings", "Nothing to tell.", tags="p")
fixed("audit", "weights", "Weights and importance", tags="h2")
fixed(
    "audit", "weights", "A weight says what a part should count; the share says what it does.", tags="finding"
)
fixed("audit", "weights", "share of all effects, and its likely range", "weight", tags="li")
fixed("audit", "weights", "Pillars", "Indicators", tags="caption")
fixed(
    "audit", "weights", "Pillars, weights and importance", "Indicators, weights and importance", tags="label"
)
fixed("audit", "together", "What goes together", tags="h2")
fixed(
    "audit",
    "together",
    "An indicator should go with its own pillar more than with another, and none should say what another says.",
    tags="finding",
)
fixed("audit", "together", "Correlations", "Pillars, how they hang together", tags="label")
fixed(
    "audit",
    "together",
    "Correlations of the indicators on their scales, over the countries that have both",
    "Pillars",
    tags="caption",
)
fixed("audit", "left-out", "Without one part", tags="h2 caption")
fixed("audit", "left-out", "Table without one part", tags="label")
fixed(
    "audit", "left-out", "The ranking made again without each indicator, pillar and source.", tags="finding"
)
fixed("audit", "coverage", "Coverage", tags="h2 caption")
fixed("audit", "coverage", "Table of coverage", tags="label")
fixed(
    "audit",
    "coverage",
    "Of how many of the countries considered each figure that decides or scores is known.",
    tags="finding",
)
fixed(
    "audit",
    "coverage",
    "Carried on: values of an earlier year that stand in for one that is not there.",
    tags="p",
)


@claim(
    "audit",
    "together",
    r"Shaded from 0\.3, 0\.6, 0\.8 and 0\.92; above 0\.92 two indicators are one\. A correlation below nought has a minus and a border\.",
    tags="p",
)
def shades(page: Page):
    assert all(abs(f.value) > 0.92 for f in page.truth.sound.findings if f.kind == "redundant")


@claim("audit", "together", r"Alpha: Cronbach's, 0\.7 is usual\. First component: the share of the indicators' variance in one common direction\. Ten places off: share of countries whose rank in the pillar alone lies ten or more from their rank in the whole\.", tags="p")  # fmt: skip
def pillars_note(page: Page):
    assert all(f.limit in (0.6, 0.7) for f in page.truth.sound.findings if f.kind == "alpha")


@claim("audit", "together", r"(?P<title>.+)", tags="small")
def pillar_title(page: Page, title):
    assert title in {p.title for p in page.truth.pillars}


@claim("audit", "-", r"(?P<n>\d+)", tags="dd")
def count(page: Page, n, piece):
    t = page.truth
    own = {"Red flags": _level(t, "red"), "To look at": _level(t, "amber"), "To know": _level(t, "info"),
           "Countries": len(t.pool), "Indicators scored": len(t.components)}  # fmt: skip
    assert int(n) == own[piece.row]


def _level(t: Truth, level: str) -> int:
    return sum(f.level == level for f in t.sound.findings)


@claim(
    "audit",
    "-",
    r"(?:Statistical audit: )?(?P<red>\S+) red flags?(?:, (?:and )?(?P<amber>\S+) (?:other )?points? to look at| and (?P<nothing>nothing) to look at)?",
    tags="h1 title",
)
def headline(page: Page, red, amber, nothing):
    t = page.truth
    assert is_count(red, _level(t, "red"))
    assert is_count(amber, _level(t, "amber")) if amber else not _level(t, "amber")


@claim(
    "audit",
    "weights",
    rf"(?P<name>.+): weighs (?P<weight>{NUMBER})%, accounts for (?P<share>{NUMBER})% \((?P<low>{NUMBER})–(?P<high>{NUMBER})%\)\.",
    tags="title",
)
def share(page: Page, name, weight, share, low, high):
    rows = [
        row
        for made in (page.truth.sound.audit.by_pillar, page.truth.sound.audit.by_indicator)
        if made is not None
        for key, row in made.table.iterrows()
        if called(page.truth, key) == name
    ]
    keys = ("weight", "share", "share_low", "share_high")
    assert any(
        all(is_number(text, 100 * row[k]) for text, k in zip((weight, share, low, high), keys, strict=True))
        for row in rows
    )


def called(t: Truth, subject: str) -> str:
    named = {c.path: t.sheets[c.quantity.indicator].label for _, c in t.components} | {
        p.id: p.title for p in t.pillars
    }
    groups = {g.id: g.title for g in t.criteria.peers}
    return named.get(subject) or (
        t.sheets[subject].label if subject in t.sheets else groups.get(subject, subject)
    )


def finding(*patterns: str):
    """A sentence of the table of findings, its header cells."""
    return claim("audit", "findings", *patterns, tags="th")


def _of(t: Truth, *kinds: str, subject: str = "", other: str = ""):
    """The findings of these kinds about what is named so."""
    return [
        f
        for f in t.sound.findings
        if f.kind in kinds
        and (not subject or called(t, f.subject) == subject)
        and (not other or called(t, f.other) == other)
    ]


@finding(r"No dataset holds “(?P<name>.+)”: what rests on it cannot be judged\.")
def absent(page: Page, name):
    assert any(
        not page.truth.result.cells.value[f.subject].notna().any()
        for f in _of(page.truth, "absent", subject=name)
    )


@finding(rf"“(?P<name>.+?)” is known of (?P<share>{SHARE}) of the {N} countries considered\.")
def coverage(page: Page, name, share, n):
    t = page.truth
    assert int(n) == len(t.pool)
    assert any(
        is_share(share, t.result.cells.value[f.subject].notna().mean())
        for f in _of(t, "coverage", subject=name)
    )


@finding(
    rf"“(?P<name>.+?)” is known of (?P<share>{SHARE}) of the {N} countries of the group “(?P<group>.+)”\."
)
def coverage_group(page: Page, name, share, n, group):
    t = page.truth
    for f in _of(t, "coverage-group", subject=name, other=group):
        inside = t.result.peers == f.other
        if int(n) == inside.sum() and is_share(share, t.result.cells.value[f.subject][inside].notna().mean()):
            return
    raise AssertionError


@finding(rf"The pillar “(?P<name>.+)” can be made for (?P<share>{SHARE}) of the {N} countries\.")
def coverage_pillar(page: Page, name, share, n):
    t = page.truth
    (f,) = _of(t, "coverage-pillar", subject=name)
    assert int(n) == len(t.pool) and is_share(share, t.result.scores.pillar[f.subject].notna().mean())


@finding(
    r"(?P<who>.+?(?:country|countries)) (?P<verb>has|have) (?P<much>at least|less than) two thirds of the score's weight in figures\."
)
def thin(page: Page, who, verb, much):
    t = page.truth
    less, n = int((t.sound.audit.scored < 2 / 3 - 1e-9).sum()), len(t.pool)
    many = less if much == "less than" else n
    assert (less > 0) == (much == "less than") and is_among(who, many, n, "country", "countries")
    assert (verb == "has") == (many == 1)


@finding(rf"A few countries lie far from all others on “(?P<name>.+)”: skew {R}\.")
def outlier(page: Page, name, r):
    assert any(
        is_number(r, page.truth.sound.audit.shape.at[f.subject, "skew"])
        for f in _of(page.truth, "outlier", subject=name)
    )


@finding(
    r"(?:Only (?P<n>\S+) (?P<have>country has|countries have)|No country has) (?P<what>every|a) figure of “(?P<name>.+)”: too few to say (?:whether it hangs together|whether some lie far from all others)\."
)
def few(page: Page, n, have, what, name):
    t = page.truth
    paths = {c.path: [c.path] for _, c in t.components} if what == "a" else {}
    paths |= {p.id: [c.path for c in p.components] for p in t.pillars} if what == "every" else {}
    for f in _of(t, "few", subject=name):
        whole = f.subject in paths and t.result.scores.normalised[paths[f.subject]].notna().all(axis=1).sum()
        told = is_count(n, whole) and (have == "country has") == (whole == 1) if n else whole == 0
        if f.subject in paths and told:
            return
    raise AssertionError


@finding(
    rf"The (?:pillars|indicators of “(?P<name>.+)”) (?P<how>do not measure one thing|hang together loosely|hang together): Cronbach's alpha {R}\."
)
def alpha(page: Page, name, how, r):
    t = page.truth
    own = (
        t.sound.audit.alpha
        if name is None
        else t.sound.audit.pillar.at[next(p.id for p in t.pillars if p.title == name), "alpha"]
    )
    assert is_number(r, own)
    assert how == (
        "do not measure one thing" if own < 0.6 else "hang together loosely" if own < 0.7 else "hang together"
    )


@finding(
    r"The indicators of “(?P<name>.+)” do not all point one way: “(?P<other>.+)” pulls against the rest\."
)
def sign(page: Page, name, other):
    (f,) = _of(page.truth, "sign", subject=name, other=other)
    assert page.truth.sound.audit.shape.at[f.other, "loading"] < 0


@finding(
    rf"“(?P<name>.+)” (?P<how>works against|has little to do with) its own pillar, “(?P<pillar>.+)”: correlation {R}\."
)
def own_pillar(page: Page, name, how, pillar, r):
    for f in _of(page.truth, "own-negative", "own-weak", subject=name, other=pillar):
        x = page.truth.sound.audit.to_pillar.at[f.subject, f.other]
        if is_number(r, x) and (how == "works against") == (x < 0):
            return
    raise AssertionError


@finding(
    rf"“(?P<name>.+)” goes more with the pillar “(?P<pillar>.+)” \({R}\) than with its own \((?P<own>{NUMBER})\)\."
)
def other_pillar(page: Page, name, pillar, r, own):
    t = page.truth
    for f in _of(t, "other-pillar", subject=name, other=pillar):
        row = t.sound.audit.to_pillar.loc[f.subject]
        mine = next(p.id for p, c in t.components if c.path == f.subject)
        if is_number(r, row[f.other]) and is_number(own, row[mine]) and row[f.other] > row[mine]:
            return
    raise AssertionError


@finding(
    rf"“(?P<one>.+)” and “(?P<two>.+)” say nearly the same of countries: correlation {R}\. Counted as two, that one thing weighs twice\."
)
def redundant(page: Page, one, two, r):
    t = page.truth
    assert any(
        is_number(r, t.sound.audit.correlation.at[f.subject, f.other])
        for f in _of(t, "redundant", subject=one, other=two)
    )


@finding(
    rf"The pillar “(?P<name>.+)” (?P<how>works against|has little to do with) the score: correlation {R}\."
)
def pillar_score(page: Page, name, how, r):
    (f,) = _of(page.truth, "pillar-negative", "pillar-weak", subject=name)
    x = page.truth.sound.audit.to_index.at[f.subject, "index"]
    assert is_number(r, x) and (how == "works against") == (x < 0)


@finding(
    rf"In “(?P<name>.+)” alone (?P<share>{SHARE}) of countries stand ten or more places from where the whole score puts them\."
)
def moved(page: Page, name, share):
    (f,) = _of(page.truth, "moved", subject=name)
    t = page.truth
    one = t.result.scores.pillar[f.subject]
    both = one.notna() & t.result.scores.score.notna()
    ranks = [x[both].round(12).rank(ascending=False, method="min") for x in (one, t.result.scores.score)]
    assert is_share(share, (abs(ranks[0] - ranks[1]) >= 10).mean())


@finding(
    rf"A ranking by wins and losses, in which no strength pays for a weakness, agrees(?P<part> only in part)? with the score: rank correlation {R}\."
)
def copeland(page: Page, part, r):
    own = page.truth.sound.audit.agreement
    assert is_number(r, own) and bool(part) == (own < 0.9)


@finding(
    rf"The (?P<kind>indicator|pillar|source) that most hangs on is “(?P<name>.+)”: without it ranks move by {R} places on average(?: and (?:(?P<kept>\S+) of (?P<size>\S+) (?P<verb>stays?) on|the one country on) the shortlist(?P<one> stays on it| leaves it)?)?\."
)
def left_out(page: Page, kind, name, r, kept, size, verb, one):
    t = page.truth
    rows = t.sound.audit.left_out
    assert value(r) or rows[rows["kind"] == kind]["shift"].max() > 0
    row = (
        rows[(rows["kind"] == kind) & rows["scored"]]
        .sort_values("shift", ascending=False, kind="stable")
        .iloc[0]
    )
    assert (
        called(t, row["subject"]) == name
        and is_number(r, row["shift"])
        and bool(kept or one) == (not math.isnan(row["kept"]))
    )
    if one:
        assert len(t.shortlist) == 1 and (one == " stays on it") == (row["kept"] == 1) and not kept
    elif kept:
        assert is_count(kept, int(row["kept"])) and is_count(size, len(t.shortlist)) and kept != "no"
        assert (verb == "stays") == (row["kept"] == 1) and len(t.shortlist) > 1


@finding(rf"(?:None of the {N} ranked countries has a|(?P<one>The one ranked country has no)|(?P<wide>.+? ranked (?:country|countries)) (?P<verb>has|have) a) 90% range of ranks wider than ten places, drawn over (?P<kinds>.+?)\.(?: Do not read (?P<whose>its rank|their ranks, only who is near the top)\.)?")  # fmt: skip
def wide(page: Page, n, one, wide, verb, kinds, whose):
    t = page.truth
    many, all = sum(t.high[c] - t.low[c] > 10 for c in t.ranked), len(t.ranked)
    assert (
        kinds == listed(t.result.firmness.kinds) and (not n or int(n) == all != 1) and (not one or all == 1)
    )
    assert (
        (
            is_among(wide, many, all, "ranked country", "ranked countries")
            and (verb == "has") == (whose == "its rank") == (many == 1)
        )
        if wide
        else not many and not whose
    )


@finding(r"No rank hangs on any one (?P<kind>indicator|pillar|source)\.")
def hangs_on_none(page: Page, kind):
    rows = page.truth.sound.audit.left_out
    assert not rows[(rows["kind"] == kind) & rows["scored"]]["shift"].any()


@claim("audit", "findings", r"Held against (?P<what>.+)\.", tags="small")
def held_against(page: Page, what):
    sources = {f.source for f in page.truth.sound.findings}
    assert what in sources
    limits = [f.limit for f in page.truth.sound.findings if f.source == what]
    if found := re.match(rf"{NUMBER}", what):
        assert all(is_number(found[0], x) for x in limits)
    elif what.startswith("about two thirds"):
        assert all(abs(x - 2 / 3) < 0.02 for x in limits)
    elif what.startswith("ten "):
        assert set(limits) == {10}


@finding(
    "Nobody states a measurement error for these figures, so how firm a rank is cannot be said: no probability and no likely range is given."
)
def not_drawn(page: Page):
    assert not page.truth.drawn
