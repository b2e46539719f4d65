"""What the board briefing says: what is proposed, how firm it is, what it rests on, what to decide, how it was made."""

from __future__ import annotations

import math

from claims_ranks import drawn_text, error_text
from prover import Page, claim, fixed
from reading import (
    NUMBER,
    RUNS,
    is_among,
    is_count,
    is_number,
    is_runs,
    listed,
    some,
)
from truth import INSIDE, Truth
from verdicts import near_miss

PLAIN = {
    "eligible": "eligible",
    "conditional": "conditional",
    "qualified": "qualified",
    "on-hold": "on hold",
    "excluded": "excluded",
    "insufficient-data": "with too little data",
}
TITLE = r"(?:Board briefing: )?"


def names(t: Truth, codes) -> list[str]:
    return [t.name[c] for c in codes]


def admitted(t: Truth) -> list[str]:
    return t.having(*INSIDE)


def firm(t: Truth) -> list[str]:
    """A place is firm where the country stays in at least nine tenths of the re-runs."""
    return [c for c in t.shortlist if t.top[c] >= 0.9]


# Headline -------------------------------------------------------------------------------------------------


@claim("briefing index", "-", TITLE + r"(?P<which>None of the .+ places|.+ of \S+ places|All \S+ places) on the shortlist (?P<verb>is|are) firm(?:; (?P<rest>\S+) (?P<not>is|are) not)?\.?", tags="h1 title p")  # fmt: skip
def headline(page: Page, which, verb, rest, **more):
    t = page.truth
    n, sure = len(t.shortlist), len(firm(t))
    assert t.drawn and n > 1
    if which.startswith("None"):
        assert (
            not sure
            and which == f"None of the {which.split()[3]} places"
            and is_count(which.split()[3], n)
            and verb == "is"
            and not rest
        )
    elif which.startswith("All"):
        assert sure == n and is_count(which.split()[1], n) and verb == "are" and not rest
    else:
        assert is_among(which, sure, n, "place") and 0 < sure < n and (verb == "is") == (sure == 1)
        assert is_count(rest, n - sure) and (more["not"] == "is") == (n - sure == 1)


@claim(
    "briefing index",
    "-",
    TITLE + r"(?P<name>.+) is the one country proposed, and its place is (?P<not>not )?firm\.?",
    tags="h1 title p",
)
def headline_one(page: Page, name, **more):
    t = page.truth
    assert names(t, t.shortlist) == [name] and t.drawn and bool(more["not"]) != bool(firm(t))


@claim("briefing index", "-", TITLE + r"(?P<n>\S+) (?P<what>country is|countries are) (?:(?P<not>proposed; how firm that is cannot be said)|admitted; none can be ranked)\.?", tags="h1 title p")  # fmt: skip
def headline_unfirm(page: Page, n, what, **more):
    t = page.truth
    many = len(t.shortlist) if more["not"] else len(admitted(t))
    assert is_count(n, many) and (what == "country is") == (many == 1)
    assert not t.drawn if more["not"] else not t.shortlist


@claim(
    "briefing index",
    "-",
    TITLE + r"No country passes every gate(?P<track> and fits a track)?\.?",
    tags="h1 title p",
)
def headline_nobody(page: Page, track):
    t = page.truth
    assert not admitted(t) and bool(track) == bool(t.criteria.tracks)


@claim("briefing index", "-", TITLE + r"(?P<n>\S+) of (?P<pool>\S+ countr(?:y|ies)) (?P<verb>pass|passes) every gate(?P<track> and (?:fit|fits) a track)?(?:; for (?P<open>\S+) of them the answer is borderline|; the answer is (?P<not>not )?borderline)?\.?", tags="h1 title p")  # fmt: skip
def headline_passing(page: Page, n, pool, verb, track, open, **more):
    t = page.truth
    many, wide = len(admitted(t)), sum(0.1 < t.p[c] < 0.9 for c in admitted(t))
    assert is_count(n, many) and is_count(pool.split()[0], len(t.pool)) and (verb == "passes") == (many == 1)
    assert (
        t.criteria.score is None
        and bool(track) == bool(t.criteria.tracks)
        and (pool.endswith("country")) == (len(t.pool) == 1)
    )
    if open:
        assert is_count(open, wide) and many > 1 and t.drawn
    elif t.drawn:
        assert many == 1 and bool(more["not"]) == (not wide)


@claim(
    "briefing index",
    "-",
    TITLE + r"(?P<who>.+) (?P<verb>has|have) the highest score of (?P<n>\S+) (?P<noun>country|countries)\.?",
    tags="h1 title p",
)
def leader(page: Page, who, verb, n, noun):
    t = page.truth
    first = [c for c in t.ranked if t.score[c] == max(t.score[x] for x in t.ranked)]
    first = (
        [c for c in t.ranked if t.rank[c] == 1]
        if len(first) < sum(t.rank[c] == 1 for c in t.ranked)
        else first
    )
    assert (
        who == listed(names(t, first)) and (verb == "has") == (len(first) == 1) and is_count(n, len(t.ranked))
    )
    assert (noun == "country") == (len(t.ranked) == 1) and t.criteria.index


@claim("briefing index", "-", TITLE + r"No country has a score\.?", tags="h1 title p")
@claim("briefing", "shortlist", "No country has a score", tags="finding")
def nobody_scored(page: Page):
    assert not page.truth.ranked


# The box --------------------------------------------------------------------------------------------------

fixed("briefing", "-", "The answer in numbers", tags="label")


def _box(t: Truth) -> dict[str, int]:
    near = sum(near_miss(t, c) for c in t.pool)
    failed = [c for c in t.pool if t.gates(c, "fail")]
    return {
        "eligible": len(t.having("eligible")), "Conditional": len(t.having("conditional")), "Fail a gate": len(failed),
        "Fail no gate, fit no track": len([c for c in t.having("excluded") if c not in failed]),
        "Qualified, listed apart": len(t.having("qualified")), "On hold": len(t.having("on-hold")),
        "Too little data": len(t.pool) - len(t.ranked) if t.criteria.index else len(t.having("insufficient-data")),
        "Near misses": near, "ranked": len(t.ranked), "Pillars": len(t.pillars), "Indicators": len(t.components),
    }  # fmt: skip


@claim("briefing", "-", r"(?P<n>[\d,]+) (?P<what>eligible|ranked)", tags="p")
def box_word(page: Page, n, what):
    assert is_number(n, _box(page.truth)[what])


fixed(
    "briefing",
    "-",
    "Conditional",
    "Fail a gate",
    "Fail no gate, fit no track",
    "Qualified, listed apart",
    "On hold",
    "Too little data",
    "Near misses",
    "Pillars",
    "Indicators",
    tags="dt",
)


@claim("briefing", "-", r"(?P<n>[\d,]+)", tags="dd")
def box_count(page: Page, n, piece):
    assert is_number(n, _box(page.truth)[piece.row])  # its label is the row


@claim("briefing", "-", r"of (?P<n>\S+) candidate (?P<noun>country|countries) (?P<verb>passes|pass) every gate outright(?P<fits> and fits? an? (?:ideal )?track)?(?:; (?P<more>\S+) more (?P<do>does|do) so on condition)?\.(?: (?P<placed>\S+) (?P<be>is|are) proposed\.)?", tags="p")  # fmt: skip
def box_title(page: Page, n, noun, verb, fits, more, do, placed, be):
    t = page.truth
    kind = "a track" if all(x.ideal for x in t.criteria.tracks) else "an ideal track"
    some_, on = len(t.having("eligible")), len(t.having("conditional"))
    assert (
        is_count(n, len(t.pool))
        and (noun == "country") == (len(t.pool) == 1)
        and (verb == "passes") == (some_ == 1)
    )
    assert (fits or "") == ("" if not t.criteria.tracks else f" and {'fits' if some_ == 1 else 'fit'} {kind}")
    assert (is_count(more, on) and (do == "does") == (on == 1)) if more else not on
    assert bool(placed) == (t.criteria.score is not None)
    if placed:
        size = len(t.shortlist)
        assert (
            (placed == "None" and be == "is")
            if not size
            else is_count(placed, size) and (be == "is") == (size == 1)
        )


@claim(
    "briefing",
    "-",
    r"of (?P<n>\S+) (?P<noun>country|countries); nobody is excluded, for there are no gates\.",
    tags="p",
)
def box_index(page: Page, n, noun):
    t = page.truth
    assert (
        t.criteria.index
        and is_count(n, len(t.pool))
        and (noun == "country") == (len(t.pool) == 1)
        and not t.having("excluded")
    )


@claim("briefing", "-", r"A place is called firm if the country stays on the shortlist in at least 90% of (?P<draws>[\d,]+) re-runs in which (?P<drawn>every .+?)\. The list names candidates for a conversation with their governments and societies; it is not a verdict on a country\.", tags="p")  # fmt: skip
def opening(page: Page, draws, drawn):
    t = page.truth
    assert is_number(draws, t.draws) and drawn == drawn_text(t) and t.drawn


fixed(
    "briefing",
    "-",
    "The list names candidates for a conversation; it is not a verdict on a country.",
    tags="p",
)


@claim(
    "briefing",
    "-",
    "These criteria have gates and no score: countries are named, and none is ranked or proposed.",
    tags="p",
)
def opening_gates(page: Page):
    assert page.truth.criteria.gates and page.truth.criteria.score is None and not page.truth.ranked


@claim("briefing", "-", r"“Admitted in” is the share of (?P<draws>[\d,]+) re-runs in which every uncertain figure is drawn anew within its measurement error; between one and nine tenths the answer is borderline\.", tags="p")  # fmt: skip
def opening_share(page: Page, draws):
    assert is_number(draws, page.truth.draws) and not page.truth.kinds and page.truth.drawn


@claim(
    "briefing",
    "-",
    "An index ranks the countries that have its figures; it excludes and proposes nobody.",
    tags="p",
)
def opening_index(page: Page):
    assert page.truth.criteria.index and not page.truth.shortlist


@claim("briefing", "- shortlist", r"The likely range holds nine tenths of the ranks that came out under (?P<error>measurement error(?: and imputation)?)(?P<all> and all that the criteria leave open in making the score)?\.", tags="p")  # fmt: skip
def likely(page: Page, error, all):
    assert error == error_text(page.truth) and bool(all) == bool(page.truth.kinds) and page.truth.drawn


# The shortlist --------------------------------------------------------------------------------------------

fixed(
    "briefing", "shortlist", "Proposed shortlist", "Who passes", "The highest scores", tags="h2 label caption"
)
fixed("briefing", "shortlist", "Proposed shortlist and the next in order", tags="caption")
fixed("briefing", "shortlist", "The bars are made of", tags="label")
fixed(
    "briefing",
    "shortlist",
    "The same table for a spreadsheet: ranking.xlsx, ranking.csv. Whether the figures can carry it: statistical audit.",
    tags="p",
)


@claim("briefing", "shortlist", r"(?P<title>.+)", tags="li")
def bar(page: Page, title):
    assert title in {p.title for p in page.truth.pillars}


@claim("briefing", "shortlist", rf"(?:Every country keeps its place in (?P<every>all|at least .+? of|more than .+? of) (?P<draws>[\d,]+) re-runs|(?P<name>.+) keeps its place in (?P<one>{RUNS})|The least firm places? (?:is that|are those) of (?P<least>.+), kept in (?P<runs>{RUNS}))", tags="finding")  # fmt: skip
def kept(page: Page, name, one, every, draws, least, runs):
    t = page.truth
    low = min(t.top[c] for c in t.shortlist)
    worst = names(t, [c for c in t.shortlist if t.top[c] == low])
    if name:
        assert [name] == names(t, t.shortlist) and is_runs(one, low, t.draws)
    elif every:
        said = f"{every.removeprefix('at least ')} {draws} re-runs"
        assert len(t.shortlist) > 1 and low >= 0.9 and is_runs(said, low, t.draws)
    else:
        assert len(t.shortlist) > 1 and low < 0.9 and least == some(worst, 4) and is_runs(runs, low, t.draws)


@claim("briefing", "shortlist", "Nobody is proposed", tags="finding")
def nobody(page: Page):
    assert not page.truth.shortlist


@claim("briefing", "shortlist", r"(?:(?P<first>The first) (?P<k>\S+) (?P<noun>country|countries)|(?P<n>\S+) (?P<many>country|countries) by name|(?P<who>.+))", tags="finding")  # fmt: skip
def by_name(page: Page, first, k, noun, n, many, who):
    t = page.truth
    if first:
        assert (
            t.criteria.index
            and is_count(k, min(10, len(t.ranked)))
            and (noun == "country") == (len(t.ranked) == 1)
        )
    elif n:
        assert t.criteria.score is None and is_count(n, len(admitted(t)))
        assert (many == "country") == (len(admitted(t)) == 1)
    else:
        assert not t.drawn and who == listed(names(t, t.shortlist))


@claim("briefing", "shortlist", r"The (?:(?P<n>\S+) countries|one country) proposed of (?P<ranked>\d+) ranked(?:, and below the line the next (?P<next>\S+?))?(?:; equal scores share a rank, so (?P<held>\S+) (?:country|countries) hold (?P<places>\S+) (?P<noun>places?))?\.", tags="p")  # fmt: skip
def subtitle(page: Page, n, ranked, next, held, places, noun):
    t = page.truth
    size, after = len(t.shortlist), min(5, len(t.ranked) - len(t.shortlist))
    assert (is_count(n, size) and size > 1) if n else size == 1
    assert int(ranked) == len(t.ranked) and (is_count(next, after) if next else not after)
    shared = size > t.criteria.shortlist
    assert bool(held) == shared and (
        not held
        or (
            is_count(held, size)
            and is_count(places, t.criteria.shortlist)
            and (noun == "place") == (t.criteria.shortlist == 1)
        )
    )


@claim("briefing", "shortlist", r"(?P<low>\d+)(?:–(?P<high>\d+))?", tags="small")
def likely_small(page: Page, low, high, piece):
    t = page.truth
    c = t.iso3[piece.row]
    assert is_number(low, t.low[c]) and is_number(high or low, t.high[c]) and low != high


@claim("briefing", "shortlist", "(?P<word>not proposed|firm)", tags="small")
def small_word(page: Page, word, piece):
    t = page.truth
    assert t.iso3[piece.row] in firm(t) if word == "firm" else len(t.ranked) > len(t.shortlist)


@claim("briefing", "shortlist", rf"(?P<name>.+): rank (?P<rank>{NUMBER})(?:, likely (?P<low>\d+)(?:–(?P<high>\d+))?)?(?:; on the shortlist in (?P<runs>{RUNS}))?\.", tags="title")  # fmt: skip
def place_alt(page: Page, name, rank, low, high, runs):
    t = page.truth
    c = t.iso3[name]
    assert (
        is_number(rank, t.rank[c])
        and bool(low) == t.drawn
        and (not low or (is_number(low, t.low[c]) and is_number(high or low, t.high[c])))
    )
    assert is_runs(runs, t.top[c], t.draws) if runs else math.isnan(t.top[c])
