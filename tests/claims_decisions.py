"""What the board briefing says of doubt and decisions: on condition, near misses, what the shortlist rests on, cautions, method."""

from __future__ import annotations

import math
import re

import pandas as pd
from claims_briefing import names
from claims_ranks import apart
from prover import Page, claim, fixed
from reading import (
    NUMBER,
    RUNS,
    SHARE,
    is_among,
    is_count,
    is_day,
    is_number,
    is_runs,
    is_share,
    listed,
    some,
)
from truth import Truth
from verdicts import falls_short, near_miss

from eligibility import walk
from eligibility.method.choices import OPEN
from eligibility.method.decides import ERROR, IMPUTED

# On condition, near misses --------------------------------------------------------------------------------

fixed("briefing", "conditional", "Admitted on condition", tags="h2 label caption")
fixed(
    "briefing",
    "conditional",
    "“Admitted in” and the share after a gate or track: of re-runs under measurement error.",
    tags="p",
)
fixed("briefing", "near", "Near misses", tags="h2 label caption")
fixed("briefing", "near", "“Admitted in”: share of re-runs under measurement error in which the country is eligible or conditional. s.e.: standard errors.", tags="p")  # fmt: skip


@claim("briefing", "conditional", r"(?P<n>\S+) (?P<noun>country|countries) (?P<verb>is|are) admitted on condition(?:, (?P<inside>\S+) of them on the shortlist| and (?P<one>stands|does not stand) on the shortlist)?", tags="finding")  # fmt: skip
def conditional(page: Page, n, noun, verb, inside, one):
    t = page.truth
    on = t.having("conditional")
    listed_ = sum(c in t.shortlist for c in on)
    assert is_count(n, len(on)) and (verb == "is") == (noun == "country") == (len(on) == 1)
    if t.criteria.score is None:
        assert not inside and not one
    elif len(on) > 1:
        assert is_count(inside, listed_) and inside != "no"
    else:
        assert (one == "stands") == bool(listed_)


@claim("briefing", "conditional", "No country is admitted on condition", tags="finding")
def no_conditional(page: Page):
    assert not page.truth.having("conditional")


@claim("briefing", "conditional", r"(?:(?P<all>All fall short of the same part of|It falls short of) the full rule: (?P<short>.+?)\. )?(?P<each>Each|It) needs a written reason and an agreed date of review before it is proposed\.", tags="p")  # fmt: skip
def same_part(page: Page, all, short, each):
    t = page.truth
    on = t.having("conditional")
    assert on and (each == "It") == (len(on) == 1)
    if short:
        assert (all == "It falls short of") == (len(on) == 1) and all_short(t, on, short)


def all_short(t: Truth, codes: list[str], text: str) -> bool:
    return all(falls_short(t, c, text) for c in codes)


@claim(
    "briefing",
    "near",
    r"(?P<n>\S+) (?P<noun>country is|countries are) excluded so narrowly that measurement error could account for it",
    tags="finding",
)
def near(page: Page, n, noun):
    close = sum(near_miss(page.truth, c) for c in page.truth.pool)
    assert is_count(n, close) and (noun == "country is") == (close == 1)


# What the shortlist rests on ------------------------------------------------------------------------------


@claim("briefing", "rests", r"What the (?P<what>ranking|shortlist|answer) rests on", tags="h2")
def rests(page: Page, what):
    own = page.truth.criteria
    assert what == ("ranking" if own.index else "answer" if own.score is None else "shortlist")


@claim("briefing", "rests", r"The gates? (?P<titles>“.+?”) (?P<verb>excludes?) the most: (?P<n>\S+) of (?P<total>\d+) candidates? (?P<fail>fails?) (?P<it>it|each), and (?P<only>\S+) of those (?:fails?) no other gate\.", tags="li")  # fmt: skip
def excludes_most(page: Page, titles, verb, n, total, fail, it, only):
    t = page.truth
    failed = {g.title: [c for c in t.pool if t.gate[c][g.id] == "fail"] for g in t.criteria.gates}
    most = max(map(len, failed.values()))
    worst = [title for title, who in failed.items() if len(who) == most]
    assert (
        re.findall("“([^”]*)”", titles) == worst
        and most
        and (verb == "excludes") == (it == "it") == (len(worst) == 1)
    )
    assert is_count(n, most) and int(total) == len(t.pool) and (fail == "fails") == (most == 1)
    alone = sum(len(t.gates(c, "fail")) == 1 for c in {c for w in worst for c in failed[w]})
    assert is_count(only, alone) and only != "no"


@claim(
    "briefing",
    "rests",
    r"(?P<n>\S+) (?P<noun>candidates?) (?P<verb>fails?) no gate but (?P<fit>.+)\.",
    tags="li",
)
def trackless(page: Page, n, noun, verb, fit):
    t = page.truth
    who = [c for c in t.having("excluded") if not t.gates(c, "fail")]
    one = len(who) == 1
    words = {
        1: ("does not fit the one track", "do not fit the one track"),
        2: ("fits neither track", "fit neither track"),
    }
    assert is_count(n, len(who)) and (noun == "candidate") == (verb == "fails") == one
    assert fit == words.get(len(t.criteria.tracks), ("fits no track", "fit no track"))[not one]


@claim(
    "briefing",
    "rests",
    r"(?P<publisher>.+?) \((?P<ids>[^()]+)\) carries (?P<what>[^;]+?)(?P<whole>; an error its figures share would move the whole list)?\.",
    tags="li",
)
def carries(page: Page, publisher, ids, what, whole):
    t = page.truth
    held = t.result.panel.held
    own = {s.id for s in t.result.panel.sources if s.publisher == publisher}
    assert set(ids.replace(" and ", ", ").split(", ")) == own
    from_ = lambda i: i in held and held[i].id in own  # noqa: E731
    gates = sum(any(from_(q.indicator) for _, q in walk.node_quantities(g.rule)) for g in t.criteria.gates)
    total = sum(p.weight for p in t.pillars)
    share = math.fsum(
        p.weight / total * c.weight / sum(x.weight for x in p.components)
        for p, c in t.components
        if from_(c.quantity.indicator)
    )
    parts = dict(_carried(what))
    assert ("gates" in parts) == bool(t.criteria.gates and gates) or parts.get("gates", "").startswith("none")
    if "gates" in parts:
        assert is_among(parts["gates"], gates, len(t.criteria.gates), "gate")
    if "score" in parts:
        assert parts["score"] == "all" if share > 1 - 1e-9 else is_share(parts["score"], share)
    else:
        assert not t.pillars
    complete = gates == len(t.criteria.gates) and (share > 1 - 1e-9 or not t.pillars)
    assert bool(whole) == complete


def _carried(text: str):
    found = re.fullmatch(
        rf"(?:(?P<gates>.+? gates?|both gates))?(?: and )?(?:(?P<score>all|{SHARE}) of the weight of the score)?",
        text,
    )
    return [(k, v) for k, v in found.groupdict().items() if v]


@claim("briefing", "rests", rf"The strongest contenders? outside (?:is|are) (?P<who>.+?)(?: \((?P<word>now excluded|now qualified|on-hold|conditional|eligible)(?:, rank (?P<rank>{NUMBER}))?\))?, on the shortlist in (?P<runs>{RUNS})\.", tags="li")  # fmt: skip
def contender(page: Page, who, word, rank, runs):
    t = page.truth
    outside = {c: t.top[c] for c in t.pool if c not in t.shortlist and t.top[c] > 0}
    best = max(outside.values())
    first = [c for c in outside if outside[c] == best]
    assert who == some(names(t, first), 4) and is_runs(runs, best, t.draws) and t.shortlist
    assert bool(word) == (len(first) == 1)
    if word:
        assert t.status[first[0]] == word.removeprefix("now ") and (
            is_number(rank, t.rank[first[0]]) if rank else first[0] not in t.ranked
        )


@claim("briefing", "rests", r"The score of (?P<name>.+), the first left out, (?:cannot be told from that of (?P<who>.+?) on the shortlist|lies beyond measurement error below that of every one of the (?P<every>\S+ countr(?:y|ies)) on the shortlist), all pairs taken at once\.", tags="li")  # fmt: skip
def left_out(page: Page, name, who, every):
    t = page.truth
    first = next(c for c in t.ranked if c not in t.shortlist)
    codes, beyond = t.once("apart", apart)
    i, n = codes.index(first), len(t.shortlist)
    tied = sum(not (beyond[codes.index(c), i] or beyond[i, codes.index(c)]) for c in t.shortlist)
    assert name == t.name[first]
    if every:
        assert not tied and is_count(every.split()[0], n) and (every.endswith("country")) == (n == 1)
    elif who == "the one country":
        assert n == tied == 1
    else:
        some_, _, rest = who.partition(" of the ")
        assert (some_ == "any") == (tied == n) and (some_ == "any" or is_count(some_, tied)) and tied
        assert is_count(rest.split()[0], n) and n > 1


WORDS = {ERROR: "measurement error", IMPUTED: "what stands in the gaps", **OPEN}


@claim("briefing", "rests", rf"Of all that moves the ranks in re-runs \(by (?P<mean>{NUMBER}) places on average\), (?P<first>.+?) has a hand in (?P<share>{SHARE}) \(likely (?P<low>{SHARE}) to (?P<high>{SHARE})\)(?:; (?P<rest>.+?)\. Shares overlap where two act together)?\.", tags="li")  # fmt: skip
def moves(page: Page, mean, first, share, low, high, rest):
    own = page.truth.result.decides
    total = own.shift["total"].clip(0, 1).sort_values(ascending=False, kind="stable")
    assert is_number(mean, own.mean_shift) and own.shift["total"].idxmax() == _key(first)
    row = own.shift.loc[_key(first)].clip(0, 1)
    assert (
        is_share(share, row["total"])
        and is_share(low, row["total_low"])
        and is_share(high, row["total_high"])
    )
    told = re.findall(rf"(?:^|, | and )(.+?) in ({SHARE})", rest or "")
    assert len(told) == len(total) - 1 and all(is_share(p, total[_key(word)]) for word, p in told)


def _key(words: str) -> str:
    (key,) = [k for k in WORDS if WORDS[k] == words]
    return key


@claim(
    "briefing",
    "rests",
    r"No country's place on the shortlist hangs more on (?P<what>.+?) than on measurement error\.",
    tags="li",
)
def no_choice(page: Page, what):
    assert not _chosen(page.truth) and what == _open(page.truth)


def _open(t: Truth) -> str:
    """What is drawn beside measurement error."""
    gaps = IMPUTED in t.result.decides.total.index
    return " or ".join(["a choice in making the score"] * bool(t.kinds) + ["what stands in a gap"] * gaps)


@claim(
    "briefing",
    "rests",
    r"More on (?P<what>.+?) than on measurement error hangs the place of (?P<who>.+)\.",
    tags="li",
)
def chosen(page: Page, what, who):
    t = page.truth
    assert what == _open(t)
    own = [f"{t.name[c]} ({WORDS[k]})" for c, k in _chosen(t).items()]
    assert own and who == some(own, 6)


def _chosen(t: Truth) -> dict[str, str]:
    total: pd.DataFrame = t.result.decides.total
    picks = total.drop(index=ERROR)
    return {
        c: picks[c].idxmax()
        for c in t.pool
        if c in total and t.top[c] >= 0.05 and picks[c].max() > total.at[ERROR, c]
    }


@claim("briefing", "rests", r"Of (?P<n>[\d,]+) candidates?(?P<judged> that can be judged)?, measurement error is expected to have put on the wrong side of a gate: (?P<gates>.+)\.", tags="li")  # fmt: skip
def misjudged(page: Page, n, judged, gates):
    t = page.truth
    own = t.result.firmness.p_gate
    told = re.findall(rf"(?:^|, | and )({NUMBER}) at “([^”]*)”", gates)
    assert [title for _, title in told] == [g.title for g in t.criteria.gates if own[g.id].notna().any()]
    for x, title in told:
        gate = t.titled(title)
        wrong = [
            1 - p if t.gate[c][gate.id] in ("pass", "conditional") else p
            for c, p in own[gate.id].dropna().items()
            if t.gate[c][gate.id] != "unknown"
        ]
        assert is_number(x, math.fsum(wrong))
    seen = sum(own.loc[c].notna().any() for c in t.pool)
    assert is_number(n, seen) and bool(judged) == (seen < len(t.pool))


# Decisions ------------------------------------------------------------------------------------------------

fixed("briefing", "decisions", "Decisions asked of the board", tags="h2")
fixed("briefing", "decisions", "Recorded by the board", tags="label")
fixed(
    "briefing",
    "decisions",
    "Recorded by the board; no status, score or rank is changed by it",
    tags="caption",
)


@claim("briefing", "decisions", "Decisions recorded by the board: none recorded.", tags="p")
def none_recorded(page: Page):
    assert not page.truth.result.overrides


@claim("briefing", "decisions", r"(?P<day>\d+ \w+ \d{4})|(?P<source>\S+)", tags="small")
def recorded(page: Page, day, source):
    entries = page.truth.result.overrides.values()
    assert any(
        e.source == source or (day and is_day(day, type(page.truth.result.as_of).fromisoformat(e.date)))
        for e in entries
    )


@claim("briefing", "decisions", r"Approve, amend or send back the shortlist: (?P<who>.+)\.", tags="li")
def approve(page: Page, who):
    t = page.truth
    assert who == listed(names(t, t.shortlist)) != ""


@claim(
    "briefing",
    "decisions",
    r"For (?P<who>.+), admitted on condition: a written reason and a date of review, or leave out\.",
    tags="li",
)
def with_reason(page: Page, who):
    t = page.truth
    assert who == listed(
        names(t, [c for c in t.result.ranking.order if c in t.shortlist and t.status[c] == "conditional"])
    )


@claim(
    "briefing",
    "decisions",
    r"Whether to propose (?P<who>.+) at all, admitted in fewer than half of the re-runs\.",
    tags="li",
)
def at_all(page: Page, who):
    t = page.truth
    assert who == listed(names(t, [c for c in t.shortlist if t.p[c] < 0.5])) != ""


@claim(
    "briefing",
    "decisions",
    r"Whether any near miss \((?P<who>.+)\) deserves an exception, with a name, a date and a reason\.",
    tags="li",
)
def exception(page: Page, who):
    t = page.truth
    close = sorted((c for c in t.pool if near_miss(t, c)), key=lambda c: -t.p[c])
    assert who == some(names(t, close), 8)


@claim(
    "briefing",
    "decisions",
    r"Whether to gather evidence on (?P<who>.+), which the data cannot judge\.",
    tags="li",
)
def gather(page: Page, who):
    t = page.truth
    assert who == some(sorted(names(t, t.having("insufficient-data"))), 8)
