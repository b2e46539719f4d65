"""What a country's page says first: the answer, how firm it is, strengths, what would change it."""

from __future__ import annotations

import math
from datetime import date

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
from truth import INSIDE, PASSED, Truth
from verdicts import falls_short, lapsed, mark, near_miss, no_track, passed_with

from eligibility import walk

# The answer -----------------------------------------------------------------------------------------------


@claim("country audit briefing index", "-", r"(?:(?P<kind>Statistical audit|Board briefing|Contents) · )?(?P<title>.+?) · criteria “(?P<id>.+?)” version (?P<version>.+?) · as known on (?P<day>\d+ \w+ \d{4})", tags="p")  # fmt: skip
def kicker(page: Page, kind, title, id, version, day):
    own = page.truth.criteria
    assert (title, id, version) == (own.title, own.id, own.version) and is_day(day, page.truth.result.as_of)
    assert {"Statistical audit": "audit", "Board briefing": "briefing", "Contents": "index", None: "country"}[
        kind
    ] == page.kind


@claim("country", "-", r"(?P<name>.+)", tags="h1")
def heading(page: Page, name):
    assert name == page.truth.name[page.iso3]


@claim("country", "-", r"(?P<name>.+): (?P<word>[^:]+)", tags="title")
def title(page: Page, name, word):
    assert name == page.truth.name[page.iso3] and word == mark(page.truth, page.iso3)[2:]


@claim("country", "-", r"(?P<region>[^;]*?)(?:; )?(?:peer group: (?P<group>.+), (?P<n>\S+) (?P<noun>country|countries)|(?P<none>peer group unknown))?", tags="p")  # fmt: skip
def where(page: Page, region, group, n, noun, none):
    t = page.truth
    assert region == t.region[page.iso3]
    groups = {g.id: g.title for g in t.criteria.peers}
    own = t.group[page.iso3]
    assert bool(group) == (own in groups) and bool(none) == (bool(groups) and own not in groups)
    if group:
        many = len(t.members(page.iso3))
        assert group == groups[own] and is_count(n, many) and (noun == "country") == (many == 1)


@claim("country", "-", r"(?P<word>[✓◐✗?○‖] [A-Z][a-z ]+)(?P<flag>≈ (?:Near miss|Borderline))?", tags="p")
def word(page: Page, word, flag):
    t, c = page.truth, page.iso3
    assert word == mark(t, c)
    if near_miss(t, c) and not t.criteria.index:
        assert flag == "≈ Near miss"
    else:
        p = t.result.firmness.p_qualified[c] if t.status[c] == "qualified" else t.p[c]
        assert (flag == "≈ Borderline") == (0.1 < p < 0.9 and not t.criteria.index)
        assert flag in (None, "≈ Borderline")


@claim("country", "-", r"Passes (?P<passes>.+?)(?: and fits the track (?P<tracks>“.+”))?(?:, which (?P<none>is|are) of no ideal kind)?(?:, but (?P<on>“.+”) only on condition)?\.", tags="p")  # fmt: skip
def inside(page: Page, passes, tracks, none, on):
    t, c = page.truth, page.iso3
    own = t.criteria.gates
    assert bool(none) == (t.status[c] == "qualified")
    if none:
        fits = t.tracks(c, *PASSED)
        assert (none == "is") == (len(fits) == 1) and not any(x.ideal for x in fits)
    assert t.status[c] in (*INSIDE, "qualified") and len(t.gates(c, *PASSED)) == len(own)
    assert passes == "its one gate" if len(own) == 1 else _all_gates(passes, len(own))
    assert (tracks or "") == listed(f"“{g.title}”" for g in t.tracks(c, *PASSED))
    assert (on or "") == listed(f"“{g.title}”" for g in t.gates(c, "conditional"))


def _all_gates(text: str, n: int) -> bool:
    return text.startswith("all ") and text.endswith(" gates") and is_count(text[4:-6], n) and n > 1


@claim("country", "-", r"Fits the track (?P<tracks>“.+”)\.", tags="p")
def only_tracks(page: Page, tracks):
    t, c = page.truth, page.iso3
    assert not t.criteria.gates and t.status[c] in INSIDE
    assert tracks == listed(f"“{g.title}”" for g in t.tracks(c, *PASSED))


@claim("country", "-", r"Passes (?P<passes>[^“(]+?)(?: \((?P<on>“.+”) only on condition\))?, but (?P<none>fits neither track|fits no track|does not fit the one track)\.", tags="p")  # fmt: skip
def without_track(page: Page, passes, on, none):
    t, c = page.truth, page.iso3
    own = t.criteria.gates
    assert t.status[c] == "excluded" and t.trackless(c) and len(t.gates(c, *PASSED)) == len(own)
    assert passes == "its gate" if len(own) == 1 else _all_gates(passes, len(own))
    assert (on or "") == listed(f"“{g.title}”" for g in t.gates(c, "conditional")) and none == no_track(t)


@claim("country", "-", r"(?P<none>Fits neither track|Fits no track|Does not fit the one track)\.", tags="p")
def only_tracks_none(page: Page, none):
    t = page.truth
    assert not t.criteria.gates and t.trackless(page.iso3) and none.lower() == no_track(t)


@claim("country", "-", r"Fails (?P<of>all \S+ gates|the one gate|\S+ of \S+ gates): (?P<failed>“[^.]+”)(?:; (?P<open>“[^.]+”) could not be judged)?\.(?: It also (?P<none>[^.]+)\.)?", tags="p")  # fmt: skip
def outside(page: Page, of, failed, open, none):
    t, c = page.truth, page.iso3
    n, total = len(t.gates(c, "fail")), len(t.criteria.gates)
    assert t.status[c] == "excluded" and n
    if of.startswith("all "):
        assert n == total and _all_gates(of, n)
    elif of != "the one gate":
        assert n < total and is_among(of, n, total, "gate")
    else:
        assert n == total == 1
    assert failed == listed(f"“{g.title}”" for g in t.gates(c, "fail"))
    assert (open or "") == listed(f"“{g.title}”" for g in t.gates(c, "unknown"))
    assert (none or "") == (no_track(t) if t.trackless(c) else "")


@claim("country", "-", r"Excluded because it (?P<none>[^;]+); (?P<open>“.+”) could not be judged\.", tags="p")
def blind_without_track(page: Page, none, open):
    t, c = page.truth, page.iso3
    assert t.status[c] == "excluded" and t.trackless(c) and not t.gates(c, "fail") and none == no_track(t)
    assert open == listed(f"“{g.title}”" for g in t.gates(c, "unknown")) != ""


@claim("country", "-", r"Too little data to judge (?P<which>.+?): (?P<open>“[^.]+”)\.", tags="p")
def blind(page: Page, which, open):
    t, c = page.truth, page.iso3
    assert t.status[c] == "insufficient-data"
    lacking = [g for g in t.gates(c, "unknown") if not lapsed(t, g)]
    assert is_among(which, len(lacking), len(t.criteria.gates), "gate")
    assert open == listed(f"“{g.title}”" for g in lacking)


@claim(
    "country",
    "- changes",
    r"(?P<open>“[^.]+”) cannot be judged: no threshold is in force (?P<when>.+?)\.",
    tags="p li",
)
def without_threshold(page: Page, open, when):
    t, c = page.truth, page.iso3
    gates = [g for g in (*t.gates(c, "unknown"), *t.tracks(c, "unknown")) if lapsed(t, g) == when]
    assert open == listed(f"“{g.title}”" for g in gates) or open in {f"“{g.title}”" for g in gates}


@claim(
    "country",
    "-",
    "No gate is failed, but there is too little data to say whether it fits a track.",
    tags="p",
)
def blind_track(page: Page):
    t, c = page.truth, page.iso3
    assert t.status[c] == "insufficient-data" and not t.gates(c, "fail", "unknown")


@claim("country", "-", rf"Rank (?P<rank>{NUMBER}) of (?P<n>\S+) (?P<noun>country|countries), with a score of (?P<score>{NUMBER}) of 1; (?P<below>\S+) (?P<verb>ranks?) below it\.", tags="p")  # fmt: skip
def ranked(page: Page, rank, n, noun, score, below, verb):
    t, c = page.truth, page.iso3
    under = sum(t.rank[x] > t.rank[c] for x in t.ranked)
    assert (
        t.criteria.index
        and is_number(rank, t.rank[c])
        and is_count(n, len(t.ranked))
        and is_number(score, t.score[c])
    )
    assert (
        is_count(below, under)
        and (verb == "ranks") == (under == 1)
        and (noun == "country") == (len(t.ranked) == 1)
    )


@claim(
    "country",
    "-",
    "It has no score, because figures are not held; nothing else keeps a country out of this index.",
    tags="p",
)
def unscored(page: Page):
    assert page.truth.criteria.index and math.isnan(page.truth.score[page.iso3])


# How firm -------------------------------------------------------------------------------------------------

OPEN = "-  firm"  # the sentence of firmness stands in the answer, or where no ranks can be drawn


@claim(
    "country",
    "- firm",
    rf"Under measurement error it is admitted in (?P<runs>{RUNS}): (?P<so>[^.]+)\.",
    tags="p",
)
def firm(page: Page, runs, so):
    t, c = page.truth, page.iso3
    p, admitted = t.p[c], t.status[c] in INSIDE
    assert is_runs(runs, p, t.draws) and t.drawn and not page.truth.criteria.index
    if admitted and p >= 0.9:
        assert so == "the verdict is firm in that sense"
    elif not admitted and p <= 0.1:
        assert so == "the exclusion is firm in that sense"
    elif 0.1 < p < 0.9:
        assert so in (
            "the verdict is borderline",
            "it falls out more often than not, so the verdict is borderline",
        )
        assert ("falls out" in so) == (admitted and p < 0.5)
    else:  # figures and verdict are at odds, and neither firm nor borderline is a word for it
        assert (
            so
            == f"it {'falls out' if admitted else 'is admitted'} more often than not, so the verdict is not firm"
        )


@claim("country", "- firm", rf"Under measurement error it meets every requirement in (?P<met>{RUNS}); (?:it is of an ideal kind as well in (?P<runs>{RUNS})|(?P<open>whether it is of an ideal kind as well cannot be judged))\.", tags="p")  # fmt: skip
def firm_apart(page: Page, met, runs, open):
    t, c = page.truth, page.iso3
    assert t.status[c] == "qualified" and is_runs(met, t.result.firmness.p_qualified[c], t.draws)
    assert math.isnan(t.p[c]) if open else is_runs(runs, t.p[c], t.draws)


@claim("country", "-", r"(?P<title>[^:]+): (?P<event>[a-z -]+) (?:on|in) (?P<when>[^(]+) \(source: (?P<source>\S+)\); at least until (?P<until>\d+ \w+ \d{4})(?:, and until every gate reads figures of (?P<year>\d{4}) or later, due on (?P<due>\d+ \w+ \d{4}))?\.", tags="p")  # fmt: skip
def on_hold(page: Page, title, event, when, source, until, year, due):
    """The event is in the list, of a kind that holds; the days are reckoned again from it."""
    t, c = page.truth, page.iso3
    rule = t.criteria.hold
    (row,) = [
        e
        for e in t.result.panel.dated[rule.events].events
        if e.iso3 == c and e.source == source and e.event == event
    ]
    assert t.status[c] == "on-hold" and title == rule.title and row.event in rule.kinds
    first = row.first
    assert str(first.year) in when
    months = first.month - 1 + rule.months
    passed = date(first.year + months // 12, months % 12 + 1, min(first.day, 28))
    out = passed
    if rule.figures:
        assert int(year) == first.year + 1
        ids = {i for g in t.criteria.gates for i in walk_indicators(g)}
        out = max(t.sheets[i].known_from(int(year)) for i in ids)
        assert is_day(due, out)
    else:
        assert not year
    assert is_day(until, max(passed, out)) or first.day > 28


def walk_indicators(gate) -> set[str]:
    return {q.indicator for _, q in walk.node_quantities(gate.rule)}


@claim("country", "- firm", "A hold rests on days that are known: no measurement error moves it.", tags="p")
def firm_hold(page: Page):
    assert page.truth.status[page.iso3] == "on-hold"


@claim("country", "- firm", "No probability is given, because what is missing cannot be drawn.", tags="p")
def not_given(page: Page):
    assert math.isnan(page.truth.p[page.iso3]) and page.truth.drawn


@claim("country", "- firm", rf"What is missing leaves the answer open; if what is missing is as in similar countries, it is admitted in (?P<runs>{RUNS})\. That rests on imputed values and decides nothing\.", tags="p")  # fmt: skip
def supposed(page: Page, runs):
    t = page.truth
    assert is_runs(runs, t.result.firmness.supposed.p_eligible[page.iso3], t.draws) and math.isnan(
        t.p[page.iso3]
    )


@claim("country", "- firm", "No measurement error is known for its data, so nothing can be said about how firm this is.", tags="p")  # fmt: skip
def exact(page: Page):
    assert not any(sd[page.iso3] > 0 for sd in page.truth.sds.values())


@claim("country briefing audit", "- firm cautions method findings words", "Nobody states a measurement error for these figures, so how firm a rank is cannot be said: no probability and no likely range is given.")  # fmt: skip
def not_drawn(page: Page):
    own = page.truth.result.firmness
    assert not own.drawn and own.p_eligible.isna().all() and own.places.low.isna().all()


# Reservation, strengths -----------------------------------------------------------------------------------


@claim("country", "-", r"Admitted on condition\.(?: It falls short of the full rule: (?P<short>.+)\.)? Proposing it needs a written reason and an agreed date of review; without both it should be treated as not admitted\.", tags="p")  # fmt: skip
def reservation(page: Page, short):
    t, c = page.truth, page.iso3
    assert t.status[c] == "conditional"
    assert falls_short(t, c, short or "")


def _standings(t: Truth, iso3: str) -> dict[str, float]:
    found = {
        t.called(c.quantity): t.better_than(iso3, c.quantity.indicator)
        for _, c in t.components
        if c.quantity.measure == "level"
    }
    return {name: share for name, share in found.items() if not math.isnan(share)}


def _portion(text: str, share: float) -> bool:
    amount = text.partition(" of ")[0]
    return (
        {"all": 1.0, "none": 0.0}[amount] == share
        if amount in ("all", "none")
        else 0 < share < 1 and is_share(amount, share)
    )


@claim("country", "-", r"Against its peers it is strongest on (?P<best>.+?) \(better than (?P<high>[^)]+ of them)\)\. It is weakest on (?P<worst>.+?) \(better than (?P<low>[^)]+ of them)\)\.", tags="p")  # fmt: skip
def strengths(page: Page, best, high, worst, low):
    own = {k[0].lower() + k[1:]: v for k, v in _standings(page.truth, page.iso3).items()}
    own |= _standings(page.truth, page.iso3)
    assert own[best] == max(own.values()) > own[worst] == min(own.values())
    assert _portion(high, own[best]) and _portion(low, own[worst])


@claim(
    "country", "-", r"On every scored indicator it is better than (?P<share>[^.]+ of its peers)\.", tags="p"
)
def evenly(page: Page, share):
    own = set(_standings(page.truth, page.iso3).values())
    assert len(own) == 1 and _portion(share, own.pop())


@claim("country", "-", rf"The least certain of what it passes is the (?P<kind>gate|track) “(?P<title>[^”]+)”, which holds in (?P<runs>{RUNS}) under measurement error\.", tags="p")  # fmt: skip
def thinnest(page: Page, kind, title, runs):
    t, own = page.truth, passed_with(page.truth, page.iso3)
    assert own[title] == min(own.values()) and is_runs(runs, own[title], t.draws) and own[title] <= 0.99
    assert (kind == "gate") == (t.titled(title) in t.criteria.gates)


@claim("country", "-", r"Nothing it passes is thin: each holds in (?P<share>all|at least 99% of) (?P<draws>[\d,]+) re-runs under measurement error\.", tags="p")  # fmt: skip
def nothing_thin(page: Page, share, draws):
    least = min(passed_with(page.truth, page.iso3).values())
    assert least == 1 if share == "all" else 0.99 < least < 1
    assert is_number(draws, page.truth.draws) and page.truth.drawn


# The box --------------------------------------------------------------------------------------------------


@claim("country", "-", rf"(?P<score>{NUMBER}) of 1", tags="dd")
def box_score(page: Page, score):
    assert is_number(score, page.truth.score[page.iso3]) and page.iso3 in page.truth.ranked


@claim("country", "-", rf"(?P<rank>{NUMBER}) of (?P<n>{NUMBER})(?:, shared with (?P<same>.+?))?(?: \(likely (?P<low>\d[\d,]*)(?: to (?P<high>\d[\d,]*))?\))?", tags="dd")  # fmt: skip
def box_rank(page: Page, rank, n, same, low, high):
    t, c = page.truth, page.iso3
    assert is_number(rank, t.rank[c]) and is_number(n, len(t.ranked))
    others = [t.name[x] for x in t.pool if t.rank[x] == t.rank[c] and x != c]
    assert (same or "") == some(others, 2)
    assert bool(low) == t.drawn
    if low:
        assert is_number(low, t.low[c]) and is_number(high or low, t.high[c]) and low != high


@claim("country", "-", "Not ranked", tags="dd")
def box_unranked(page: Page):
    assert page.iso3 not in page.truth.ranked


@claim(
    "country",
    "-",
    rf"(?:(?P<share>{SHARE}) of re-runs(?P<of>, every gate and a track|, a track)?|(?P<none>not given))",
    tags="dd",
)
def box_share(page: Page, share, none, of=None):
    p, own = page.truth.p[page.iso3], page.truth.criteria
    assert math.isnan(p) if none else is_share(share, p)
    whole = {(True, True): ", every gate and a track", (False, True): ", a track"}
    assert none or (of or "") == whole.get((bool(own.gates), bool(own.tracks)), "")


@claim(
    "country", "-", r"(?P<have>\d+) of (?P<n>\d+)(?:; (?P<more>\S+) others? imputed in the draws)?", tags="dd"
)
def box_held(page: Page, have, n, more):
    t = page.truth
    known = sum(not math.isnan(t.values[i][page.iso3]) for i in t.used)
    assert int(have) == known and int(n) == len(t.used)
    filled = len(t.result.guesses.get(page.iso3, {}))
    assert is_count(more, filled) if more else not filled


fixed("country", "-", "Score", "Rank", "Admitted under measurement error", "Figures held", tags="dt")
fixed("country", "-", "The answer", tags="label")
