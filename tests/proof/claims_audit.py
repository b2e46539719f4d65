"""What the audit page says: every finding told again from the table of the audit that it rests on."""

from __future__ import annotations

import math
import re

from prover import Page, claim, fixed
from reading import NUMBER, SHARE, is_among, is_count, is_number, is_share, listed, value
from truth import Truth

from eligibility.method.findings import LIMITS
from eligibility.pages import remarks
from eligibility.pages.facts import Facts
from eligibility.pages.glossary import explained
from eligibility.policy import walk

N = rf"(?P<n>{NUMBER})"
R = rf"(?P<r>{NUMBER})"

fixed("audit", "-", "The audit in numbers", tags="label")
fixed("audit", "-", "Countries", "Ranked", "Indicators scored", tags="dt")
fixed("audit", "-", "Board briefing", tags="p")
fixed("audit", "-", "Can the figures carry the score that is made of them, and what does the shortlist rest on? The tests are like those of audits of published indexes by the European Commission's Joint Research Centre, made on published values: of the ranked countries where they are enough, else of all considered.", tags="p")  # fmt: skip
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


@claim(
    "audit",
    "together",
    re.escape(explained("Alpha", "First component", "With the rest", "A tenth off")),
    tags="p",
)
def pillars_note(page: Page):
    assert all(LIMITS[f.limit].value in (0.6, 0.7) for f in page.truth.sound.findings if f.kind == "alpha")


@claim("audit", "together", r"(?P<title>.+)", tags="small")
def pillar_title(page: Page, title):
    assert title in {p.title for p in page.truth.pillars}


@claim("audit", "-", r"(?P<n>\d+)", tags="dd")
def count(page: Page, n, piece):
    t = page.truth
    own = {"Countries": len(t.pool), "Ranked": len(t.ranked), "Indicators scored": len(t.components)}
    assert int(n) == own[piece.row]


@claim("audit", "-", r"(?:Statistical audit: )?(?P<told>.+)", tags="h1 title")
def headline(page: Page, told):
    """The worst finding, or that there is none: it begins the first sentence of the table."""
    first = next((f for f in page.truth.sound.findings if f.level != "info"), None)
    if first is None:
        assert told == "Nothing in these figures speaks against the score"
        return
    said = remarks.sentence(Facts.of(page.truth.result), page.truth.sound, first)
    assert said.startswith(told) and len(told) > 10


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


ENDS = rf" \(90% interval (?P<low>{NUMBER}) to (?P<high>{NUMBER})\)"


def _between(r: float, n: int, low: str, high: str) -> bool:
    """Whether these are the ends of Fisher's interval of a correlation of n pairs."""
    middle, half = math.atanh(r), 1.6448536 / math.sqrt(n - 3)
    return is_number(low, math.tanh(middle - half)) and is_number(high, math.tanh(middle + half))


def _rest(t: Truth, path: str):
    """An indicator and the mean of the others of its pillar, by the weights of the file, of the countries with all."""
    mine = next(p for p, c in t.components if c.path == path)
    others = {c.path: c.weight for c in mine.components if c.path != path}
    x = t.result.scores.normalised.loc[t.sound.audit.base, [path, *others]].dropna()
    mean = sum(x[o] * w for o, w in others.items()) / sum(others.values())
    return x[path], mean


@finding(
    rf"“(?P<name>.+)” (?P<how>works against|has little to do with) the rest of its own pillar, “(?P<pillar>.+)”: correlation {R}{ENDS}\."
)
def own_pillar(page: Page, name, how, pillar, r, low, high):
    for f in _of(page.truth, "own-negative", "own-weak", subject=name, other=pillar):
        x, rest = _rest(page.truth, f.subject)
        found = x.corr(rest)
        if is_number(r, found) and _between(found, len(x), low, high):
            assert (how == "works against") == (f.high < 0) and f.high < 0.3
            return
    raise AssertionError


@finding(
    rf"“(?P<name>.+)” goes more with the pillar “(?P<pillar>.+)” \({R}\) than with the rest of its own \((?P<own>{NUMBER})\)\."
)
def other_pillar(page: Page, name, pillar, r, own):
    t = page.truth
    for f in _of(t, "other-pillar", subject=name, other=pillar):
        x, rest = _rest(t, f.subject)
        base = t.sound.audit.base
        there = t.result.scores.normalised.loc[base, f.subject].corr(
            t.result.scores.pillar.loc[base, f.other]
        )
        if is_number(r, there) and is_number(own, x.corr(rest)):
            assert there > x.corr(rest)
            return
    raise AssertionError


@finding(
    rf"“(?P<one>.+)” and “(?P<two>.+)” say nearly the same of countries: correlation {R}{ENDS}\. (?P<tail>Inside one pillar the one tells as much as the two|In two pillars, what the one tells is counted twice)\."
)
def redundant(page: Page, one, two, r, low, high, tail):
    t = page.truth
    for f in _of(t, "redundant", subject=one, other=two):
        x = t.result.scores.normalised.loc[t.sound.audit.base, [f.subject, f.other]].dropna()
        found = float(x.corr().iloc[0, 1])
        owners = {c.path: p.id for p, c in t.components}
        together = owners[f.subject] == owners[f.other]
        if is_number(r, found) and _between(abs(found), len(t.sound.audit.base), low, high):
            assert value(low) >= 0.92 and tail.startswith("Inside one" if together else "In two")
            return
    raise AssertionError


@finding(
    r"“(?P<part>.+)” is one of the figures that the publisher makes “(?P<whole>.+)” of: what it says is counted in both, however far the two go together\."
)
def built_from(page: Page, part, whole):
    t = page.truth
    scored = {called(t, c.path): c.quantity.indicator for _, c in t.components}
    assert scored[part] in t.sheets[scored[whole]].built_from


@finding(
    rf"(?P<share>{SHARE}) of the {N} countries it is judged for pass the test “(?P<test>.+)” of “(?P<owner>.+)”(?: \(of (?P<open>{NUMBER}) it is unknown\))?: it tells hardly anybody apart\."
)
def one_sided(page: Page, share, n, test, owner, open):
    """Counted again over those it is for: more than 95 or fewer than 5 in 100 of those judged."""
    t = page.truth
    for f in _of(t, "one-sided"):
        rule = next(g for g in (*t.criteria.gates, *t.criteria.tracks) if g.id == f.other)
        who = [c for c in t.pool if not rule.peer_group or t.group[c] == rule.peer_group]
        words = [t.result.screening.node.at[c, f.subject] for c in who]
        judged = [w for w in words if w != "unknown"]
        found = sum(w in ("pass", "conditional") for w in judged) / len(judged)
        label = t.sheets[
            next(x for x in walk.tests(rule.rule) if x.path == f.subject).quantity.indicator
        ].label
        if rule.title == owner and test.startswith(label) and int(n) == len(judged):
            assert is_share(share, found) and (found > 0.95 or found < 0.05)
            assert (int(open) if open else 0) == len(words) - len(judged)
            return
    raise AssertionError


@finding(
    rf"The pillar “(?P<name>.+)” (?P<how>works against|has little to do with) the rest of the score: correlation {R}{ENDS}\."
)
def pillar_score(page: Page, name, how, r, low, high):
    t = page.truth
    (f,) = _of(t, "pillar-negative", "pillar-weak", subject=name)
    others = {p.id: p.weight for p in t.pillars if p.id != f.subject}
    x = t.result.scores.pillar.loc[t.sound.audit.base].dropna()
    found = x[f.subject].corr(sum(x[p] * w for p, w in others.items()) / sum(others.values()))
    assert is_number(r, found) and _between(found, len(x), low, high)
    assert (how == "works against") == (f.high < 0)


def _off(one, whole) -> float:
    """The share of countries whose rank in one list lies a tenth of them or more from that in the other."""
    both = one.notna() & whole.notna()
    ranks = [x[both].round(12).rank(ascending=False, method="min") for x in (one, whole)]
    return float((abs(ranks[0] - ranks[1]) >= max(1.0, 0.1 * both.sum()) - 1e-9).mean())


@finding(
    rf"In “(?P<name>.+)” alone (?P<share>{SHARE}) of (?:the {N} ranked countries, and (?P<every>{SHARE}) of all (?P<all>{NUMBER}) considered,|(?P<alone>{NUMBER}) countries) stand a tenth of the list or more from where the whole score puts them\."
)
def moved(page: Page, name, share, n, every, all, alone):
    t = page.truth
    (f,) = _of(t, "moved", subject=name)
    one, whole = t.result.scores.pillar[f.subject], t.result.scores.score
    if alone:
        assert value(alone) == whole.notna().sum() and is_share(share, _off(one, whole))
        return
    assert int(n) == len(t.ranked) and value(all) == whole.notna().sum() and is_share(every, _off(one, whole))
    assert is_share(share, _off(one[t.ranked], whole[t.ranked]))


@finding(
    rf"Only (?P<few>\S+) (?P<verb>country is|countries are) ranked, too few for correlations and effects of their own: those told here are of all {N} countries considered, and need not hold of the ranked\."
)
def few_ranked(page: Page, few, verb, n):
    t = page.truth
    assert (
        is_count(few, len(t.ranked)) and (verb == "country is") == (len(t.ranked) == 1) and len(t.ranked) < 30
    )
    assert int(n) == len(t.sound.audit.base)


@finding(
    rf"Of what weighs (?P<how>least|most) in the score, the ranked and all countries considered disagree: among the {N} ranked it is “(?P<mine>.+)”, among all “(?P<theirs>.+)”\."
)
def sets_differ(page: Page, how, n, mine, theirs):
    t, own = page.truth, page.truth.sound.audit
    for ranked, every in ((own.by_pillar, own.pool_pillar), (own.by_indicator, own.pool_indicator)):
        pick = (lambda x: x.idxmin()) if how == "least" else (lambda x: x.idxmax())
        ends = [called(t, pick(made.table["share"])) for made in (ranked, every)]
        if ends == [mine, theirs]:
            assert mine != theirs and int(n) == ranked.n
            return
    raise AssertionError


@finding(
    rf"Ranked by how many others each country beats on the pillars, two at a time, the order agrees(?P<part> only in part)? with the score: rank correlation {R}\."
)
def copeland(page: Page, part, r):
    own = page.truth.sound.audit.agreement
    assert is_number(r, own) and bool(part) == (own < 0.9)


@finding(
    rf"The (?P<kind>indicator|pillar|source) on which the ranks rest most is “(?P<name>.+)”: without it ranks move by {R} places on average(?: and (?:(?P<kept>\S+) of (?P<size>\S+) (?P<verb>stays?) on|the one country on) the shortlist(?P<one> stays on it| leaves it)?)?\."
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


@finding(rf"(?:None of the {N} ranked countries has a|(?P<one>The one ranked country has no)|(?P<wide>.+? ranked (?:country|countries)) (?P<verb>has|have) a) 90% range of ranks wider than a third of the list, where it is ranked, drawn over (?P<kinds>.+?)\.(?: Do not read (?P<whose>its rank|their ranks, only who is near the top)\.)?")  # fmt: skip
def wide(page: Page, n, one, wide, verb, kinds, whose):
    t = page.truth
    many, all = sum(t.high[c] - t.low[c] > len(t.ranked) / 3 + 1e-9 for c in t.ranked), len(t.ranked)
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


@finding(r"No rank rests on any one (?P<kind>indicator|pillar|source)\.")
def rests_on_none(page: Page, kind):
    rows = page.truth.sound.audit.left_out
    assert not rows[(rows["kind"] == kind) & rows["scored"]]["shift"].any()


@claim("audit", "findings", r"Held against (?P<what>.+)\.", tags="small")
def held_against(page: Page, what):
    """A limit of the table with who says so; a number it begins with is the limit."""
    held = {remarks.against(f): LIMITS[f.limit] for f in page.truth.sound.findings}
    limit = held[what]
    assert limit.source in what or (limit.source == "ours" and what.endswith("(our limit)"))
    if found := re.match(rf"{NUMBER}(?= |,)", limit.said):
        assert is_number(found[0], limit.value) or is_number(found[0], 100 * limit.value)


@finding(
    "Nobody states a measurement error for these figures, so how firm a rank is cannot be said: no probability and no likely range is given."
)
def not_drawn(page: Page):
    assert not page.truth.drawn
