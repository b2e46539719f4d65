"""The sentences of the board briefing: headline, counts, what the shortlist rests on, what to decide."""

from __future__ import annotations

import math

from eligibility.pages import doubt, others, sentences
from eligibility.pages.facts import Facts
from eligibility.pages.views import Entry
from eligibility.pages.wording import (
    NOT_DRAWN,
    among,
    capital,
    counted,
    listed,
    missing,
    number,
    percent,
    plain,
    runs,
    some,
    spelled,
    verb,
)

FIRM = 0.9  # of p_top: a place is called firm from here on
NEXT = 5  # ranked countries shown below the cut


def _count(facts: Facts, status: str) -> int:
    return sum(1 for s in facts.status.values() if s == status)


def headline(facts: Facts) -> str:
    """The finding of the page: how many places are firm."""
    shortlist, admitted = (
        facts.result.ranking.shortlist,
        _count(facts, "eligible") + _count(facts, "conditional"),
    )
    if not facts.pool:
        return "No country is in the pool"
    if not admitted:
        return (
            "No country passes every gate and fits a track"
            if facts.criteria.tracks
            else "No country passes every gate"
        )
    if not shortlist:
        return f"{capital(counted(admitted, 'country is', 'countries are'))} admitted; none can be ranked"
    n, firm = len(shortlist), sum(1 for c in shortlist if facts.p_top[c] >= FIRM)
    if not facts.error_known:
        return (
            f"{capital(counted(n, 'country is', 'countries are'))} proposed; how firm that is cannot be said"
        )
    if n == 1:
        only = facts.names[shortlist[0]]
        return f"{only} is the one country proposed, and its place is {'' if firm else 'not '}firm"
    if firm == n:
        return f"All {counted(n, 'place')} on the shortlist are firm"
    if not firm:
        return f"None of the {counted(n, 'place')} on the shortlist is firm"
    rest = f"{spelled(n - firm)} {verb(n - firm, 'is', 'are')} not"
    some_firm = f"{capital(spelled(firm))} of {counted(n, 'place')} on the shortlist"
    return f"{some_firm} {verb(firm, 'is', 'are')} firm; {rest}"


def opening(facts: Facts) -> str:
    """What firm means here, and what the list is for."""
    if not facts.error_known:
        return f"{NOT_DRAWN} The list names candidates for a conversation; it is not a verdict on a country."
    return (
        f"A place is called firm if the country stays on the shortlist in at least {percent(FIRM)} of "
        f"{facts.result.firmness.draws:,} re-runs in which {doubt.drawn(facts)}. "
        "The list names candidates for a conversation with their governments and "
        "societies; it is not a verdict on a country."
    )


def box_title(facts: Facts) -> str:
    """The sentence in the box."""
    pool, eligible, conditional = len(facts.pool), _count(facts, "eligible"), _count(facts, "conditional")
    candidates = counted(pool, "candidate country", "candidate countries")
    text = f"of {candidates} {verb(eligible, 'passes', 'pass')} every gate outright"
    kind = "an ideal track" if facts.criteria.apart else "a track"
    text += f" and {verb(eligible, 'fits', 'fit')} {kind}" if facts.criteria.tracks else ""
    if conditional:
        text += f"; {spelled(conditional)} more {verb(conditional, 'does', 'do')} so on condition"
    n = len(facts.result.ranking.shortlist)
    return f"{text}. {capital(spelled(n)) if n else 'None'} {verb(max(n, 1), 'is', 'are')} proposed."


def box(facts: Facts, near: int) -> tuple[Entry, ...]:
    """The counts: eligible first, which the page prints large."""
    failed = sum(1 for c in facts.pool if sentences.failing(facts, c))
    none = sum(1 for c in facts.pool if facts.status[c] == "excluded" and not sentences.failing(facts, c))
    entries = [
        Entry("eligible", number(_count(facts, "eligible"), 0)),
        Entry("Conditional", number(_count(facts, "conditional"), 0)),
        Entry("Fail a gate", number(failed, 0)),
    ]
    if facts.criteria.tracks:
        entries.append(Entry("Fail no gate, fit no track", number(none, 0)))
    if facts.criteria.apart:
        entries.append(Entry("Qualified, listed apart", number(_count(facts, "qualified"), 0)))
    if facts.criteria.hold:
        entries.append(Entry("On hold", number(_count(facts, "on-hold"), 0)))
    return (
        *entries,
        Entry("Too little data", number(_count(facts, "insufficient-data"), 0)),
        Entry("Near misses", number(near, 0)),
    )


def shortlist_title(facts: Facts) -> str:
    """The finding over the shortlist."""
    shortlist = facts.result.ranking.shortlist
    if not shortlist:
        return "Nobody is proposed"
    if not facts.error_known:
        return listed(facts.names[c] for c in shortlist)
    low = min(shortlist, key=lambda c: facts.p_top[c])
    least = [facts.names[c] for c in shortlist if facts.p_top[c] == facts.p_top[low]]
    kept = runs(facts.p_top[low], facts.result.firmness.draws)
    if len(shortlist) == 1:
        return f"{facts.names[low]} keeps its place in {kept}"
    if facts.p_top[low] >= FIRM:
        return f"Every country keeps its place in {kept if kept.startswith(('all', 'more')) else f'at least {kept}'}"
    place = "place is that" if len(least) == 1 else "places are those"
    return f"The least firm {place} of {some(least, 4)}, kept in {kept}"


def shortlist_subtitle(facts: Facts) -> str:
    """What the table shows."""
    n, ranked = len(facts.result.ranking.shortlist), sum(1 for c in facts.pool if facts.ranked(c))
    if not n:
        return ""
    after = min(NEXT, ranked - n)
    text = (
        f"The {counted(n, 'country', 'countries')} proposed of {ranked} ranked"
        if n > 1
        else f"The one country proposed of {ranked} ranked"
    )
    text += (
        f", and below the line the next {spelled(after)}"
        if after > 1
        else ", and below the line the next one"
        if after
        else ""
    )
    places = facts.criteria.shortlist
    if n > places:
        held = f"{counted(n, 'country', 'countries')} hold {counted(places, 'place')}"
        text += f"; equal scores share a rank, so {held}"
    return f"{text}. {doubt.likely(facts)}" if facts.error_known else f"{text}."


def rests(facts: Facts) -> tuple[str, ...]:
    """What the shortlist rests on: gates, tracks, sources, the thinnest place."""
    out, total = [], len(facts.pool)
    fails = {g.id: [c for c in facts.pool if facts.gate[c][g.id] == "fail"] for g in facts.criteria.gates}
    if fails and any(fails.values()):
        n = max(map(len, fails.values()))
        worst = [g for g in facts.criteria.gates if len(fails[g.id]) == n]
        only = sum(
            1
            for c in facts.pool
            if len(sentences.failing(facts, c)) == 1 and sentences.failing(facts, c)[0] in worst
        )
        gates, one = listed(map(sentences.quoted, worst)), len(worst) == 1
        out.append(
            f"The {'gate' if one else 'gates'} {gates} {'excludes' if one else 'exclude'} the most: "
            f"{spelled(n)} of {total} candidates {verb(n, 'fails', 'fail')} {'it' if one else 'each'}, "
            f"and {spelled(only) if only else 'none'} of those {verb(only, 'fails', 'fail')} no other gate."
        )
    trackless = [c for c in facts.pool if facts.status[c] == "excluded" and not sentences.failing(facts, c)]
    if facts.criteria.tracks and trackless:
        n = len(trackless)
        fit = sentences.no_track(facts) if n == 1 else _fit_no(facts)
        out.append(f"{capital(counted(n, 'candidate'))} {verb(n, 'fails', 'fail')} no gate but {fit}.")
    out += _sources_carry(facts)
    out += _contender(facts)
    out += [*doubt.ties(facts), *doubt.decides(facts), *doubt.misjudged(facts), *others.shortlisted(facts)]
    return tuple(out)


def _fit_no(facts: Facts) -> str:
    return {1: "do not fit the one track", 2: "fit neither track"}.get(
        len(facts.criteria.tracks), "fit no track"
    )


def _sources_carry(facts: Facts) -> list[str]:
    """Which publisher carries how many gates and how much of the score."""
    held, out = facts.result.panel.held, []
    weight = sum(p.weight for p in facts.pillars)
    publishers: dict[str, list[str]] = {}
    for source in facts.result.panel.sources:
        publishers.setdefault(plain(source.publisher), []).append(source.id)
    for publisher, ids in publishers.items():
        gates = [
            g
            for g in facts.criteria.gates
            if any(i in held and held[i].id in ids for i in facts.looked_at(g.rule))
        ]
        share = math.fsum(
            p.weight / weight * c.weight / sum(x.weight for x in p.components)
            for p, c in facts.components
            if c.quantity.indicator in held and held[c.quantity.indicator].id in ids
        )
        if not gates and not share:
            continue
        whole = len(gates) == len(facts.criteria.gates) and (share > 1 - 1e-9 or not facts.pillars)
        carries = [among(len(gates), len(facts.criteria.gates), "gate")] if gates else []
        if facts.pillars:
            carries.append(f"{'all' if share > 1 - 1e-9 else percent(share)} of the weight of the score")
        text = f"{publisher} ({listed(ids)}) carries {listed(carries)}"
        out.append(f"{text}{'; an error its figures share would move the whole list' if whole else ''}.")
    return out


def _contender(facts: Facts) -> list[str]:
    """The strongest country outside the shortlist."""
    shortlist = set(facts.result.ranking.shortlist)
    outside = [
        c for c in facts.pool if c not in shortlist and not missing(facts.p_top[c]) and facts.p_top[c] > 0
    ]
    if not shortlist or not outside:
        return []
    c = max(outside, key=lambda c: facts.p_top[c])
    same, kept = (
        [facts.names[x] for x in outside if facts.p_top[x] == facts.p_top[c]],
        runs(facts.p_top[c], facts.result.firmness.draws),
    )
    if len(same) > 1:
        return [f"The strongest contenders outside are {some(same, 4)}, on the shortlist in {kept}."]
    word = {"excluded": "now excluded", "qualified": "now qualified"}.get(facts.status[c], facts.status[c])
    rank = f", rank {number(facts.rank[c], 0)}" if facts.ranked(c) else ""
    return [
        f"The strongest contender outside is {facts.names[c]} ({word}{rank}), on the shortlist in {kept}."
    ]


def decisions(facts: Facts, near: list[str], conditional: list[str]) -> tuple[str, ...]:
    """What the board is asked to decide."""
    shortlist, names = facts.result.ranking.shortlist, facts.names
    out = []
    if shortlist:
        out.append(f"Approve, amend or send back the shortlist: {listed(names[c] for c in shortlist)}.")
    inside = [c for c in conditional if c in shortlist]
    if inside:
        out.append(
            f"For {listed(names[c] for c in inside)}, admitted on condition: a written reason and "
            "a date of review, or leave out."
        )
    loose = [c for c in shortlist if facts.p_eligible[c] < 0.5]
    if loose:
        out.append(
            f"Whether to propose {listed(names[c] for c in loose)} at all, "
            "admitted in fewer than half of the re-runs."
        )
    if near:
        out.append(
            f"Whether any near miss ({some((names[c] for c in near), 8)}) deserves an exception, "
            "with a name, a date and a reason."
        )
    blind = [names[c] for c in facts.pool if facts.status[c] == "insufficient-data"]
    if blind:
        out.append(f"Whether to gather evidence on {some(sorted(blind), 8)}, which the data cannot judge.")
    return tuple(out)


def near_title(near: list[str]) -> str:
    if not near:
        return "No country is excluded so narrowly that measurement error could account for it"
    n = len(near)
    subject = capital(counted(n, "country is", "countries are"))
    return f"{subject} excluded so narrowly that measurement error could account for it"


def candidates_title(facts: Facts) -> str:
    words = {
        "eligible": "eligible",
        "conditional": "conditional",
        "qualified": "qualified",
        "on-hold": "on hold",
        "excluded": "excluded",
        "insufficient-data": "with too little data",
    }
    parts = [f"{spelled(n)} {word}" for status, word in words.items() if (n := _count(facts, status))]
    return f"{capital(counted(len(facts.pool), 'candidate'))}: {listed(parts)}" if parts else "No candidates"


def conditional_title(facts: Facts, conditional: list[str]) -> str:
    inside = [c for c in conditional if c in facts.result.ranking.shortlist]
    if not conditional:
        return "No country is admitted on condition"
    verb = "is" if len(conditional) == 1 else "are"
    text = f"{capital(counted(len(conditional), 'country', 'countries'))} {verb} admitted on condition"
    if facts.criteria.score is None:  # there is no shortlist to be on
        return text
    return (
        f"{text}, {spelled(len(inside)) if inside else 'none'} of them on the shortlist"
        if len(conditional) > 1
        else (f"{text} and {'stands' if inside else 'does not stand'} on the shortlist")
    )
