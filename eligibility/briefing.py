"""The board briefing, as a value: what is proposed, how firm it is, who nearly made it, what the board must decide."""

from __future__ import annotations

import math

from eligibility import annexes, charts, exhibits, reasons, sentences, walk
from eligibility.facts import Facts
from eligibility.views import BORDERLINE, NEAR_MISS, STATUSES, Briefing, CandidateRow, Entry, Mark, OpenRow, PlaceRow, SourceRow
from eligibility.wording import among, capital, counted, inner, listed, missing, number, percent, plain, runs, some, spelled

FIRM = 0.9  # of p_top: a place is called firm from here on
NEXT = 5  # ranked countries shown below the cut


def page(facts: Facts, links: frozenset[str], reproduce: tuple[Entry, ...], sources: tuple[SourceRow, ...]) -> Briefing:
    """The briefing of a run; `links` are the countries that have a page of their own."""
    near = [c for c in facts.pool if sentences.near_miss(facts, c)]
    near.sort(key=lambda c: -facts.p_eligible[c])
    conditional = [c for c in facts.result.ranking.order if facts.status[c] == "conditional"]
    cases_title, cases = annexes.cases(facts)
    return Briefing(
        title=headline(facts),
        kicker=exhibits.kicker(facts),
        opening=opening(facts),
        box_title=box_title(facts),
        box=box(facts, len(near)),
        notes=exhibits.notes(facts),
        shortlist_title=shortlist_title(facts),
        shortlist_subtitle=shortlist_subtitle(facts),
        shortlist=places(facts, links),
        pillars=tuple(plain(p.title) for p in facts.pillars),
        ranks=f"1 to {_last(facts)}",
        sources_line=exhibits.sources_line(facts, walk.indicators(facts.criteria, "pool", "peers", "gate", "track", "score")),
        near_title=_near_title(near),
        near=tuple(near_row(facts, c, links) for c in near),
        conditional_title=_conditional_title(facts, conditional),
        conditional_lead=common(facts, conditional),
        conditional_differ=len({shortfall(facts, c) for c in conditional}) > 1,
        conditional=tuple(conditional_row(facts, c, links) for c in conditional),
        rests=rests(facts),
        decisions=decisions(facts, near, conditional),
        cautions=annexes.cautions(facts),
        candidates_title=_candidates_title(facts),
        ranked=tuple(candidate(facts, c, links) for c in facts.result.ranking.order if facts.ranked(c)),
        unranked=tuple(candidate(facts, c, links) for c in facts.result.ranking.order if not facts.ranked(c)),
        rules=annexes.rules(facts),
        series=annexes.series(facts),
        sources=sources,
        cases_title=cases_title,
        cases=cases,
        method=annexes.method(facts),
        glossary=annexes.glossary(facts),
        reproduce=reproduce,
    )


def link(iso3: str, links: frozenset[str]) -> str:
    """Where a country's page lies from the briefing; "" if it has none."""
    return f"countries/{iso3}.html" if iso3 in links else ""


def _count(facts: Facts, status: str) -> int:
    return sum(1 for s in facts.status.values() if s == status)


def headline(facts: Facts) -> str:
    """The finding of the page: how many places are firm."""
    shortlist, admitted = facts.result.ranking.shortlist, _count(facts, "eligible") + _count(facts, "conditional")
    if not facts.pool:
        return "No country is in the pool"
    if not admitted:
        return "No country passes every gate and fits a track" if facts.criteria.tracks else "No country passes every gate"
    if not shortlist:
        return f"{capital(counted(admitted, 'country is', 'countries are'))} admitted; none can be ranked"
    n, firm = len(shortlist), sum(1 for c in shortlist if facts.p_top[c] >= FIRM)
    if n == 1:
        return f"{facts.names[shortlist[0]]} is the one country proposed, and its place is {'' if firm else 'not '}firm"
    if firm == n:
        return f"All {counted(n, 'place')} on the shortlist are firm"
    if not firm:
        return f"None of the {counted(n, 'place')} on the shortlist is firm"
    rest = n - firm
    return f"{capital(spelled(firm))} of {counted(n, 'place')} on the shortlist {'is' if firm == 1 else 'are'} firm; {spelled(rest)} {'is' if rest == 1 else 'are'} not"


def opening(facts: Facts) -> str:
    """What firm means here, and what the list is for."""
    return (
        f"A place is called firm if the country stays on the shortlist in at least {percent(FIRM)} of "
        f"{facts.result.firmness.draws:,} re-runs in which every uncertain figure is drawn anew within its measurement error. "
        "The list names candidates for a conversation with their governments and societies; it is not a verdict on a country."
    )


def box_title(facts: Facts) -> str:
    """The sentence in the box."""
    pool, eligible, conditional = len(facts.pool), _count(facts, "eligible"), _count(facts, "conditional")
    text = f"of {counted(pool, 'candidate country', 'candidate countries')} {'passes' if eligible == 1 else 'pass'} every gate outright"
    text += " and fit a track" if facts.criteria.tracks and eligible != 1 else " and fits a track" if facts.criteria.tracks else ""
    if conditional:
        text += f"; {spelled(conditional)} more {'does' if conditional == 1 else 'do'} so on condition"
    n = len(facts.result.ranking.shortlist)
    return f"{text}. {capital(spelled(n))} {'is' if n == 1 else 'are'} proposed."


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
    low = min(shortlist, key=lambda c: facts.p_top[c])
    if len(shortlist) == 1:
        return f"{facts.names[low]} keeps its place in {runs(facts.p_top[low], facts.result.firmness.draws)}"
    if facts.p_top[low] >= FIRM:
        return f"Every country keeps its place in at least {percent(facts.p_top[low])} of {facts.result.firmness.draws:,} re-runs"
    return f"The least firm place is that of {facts.names[low]}, kept in {runs(facts.p_top[low], facts.result.firmness.draws)}"


def shortlist_subtitle(facts: Facts) -> str:
    """What the table shows."""
    n, ranked = len(facts.result.ranking.shortlist), sum(1 for c in facts.pool if facts.ranked(c))
    after = min(NEXT, ranked - n)
    text = f"The {counted(n, 'country', 'countries')} proposed of {ranked} ranked" if n != 1 else f"The one country proposed of {ranked} ranked"
    text += f", and below the line the next {spelled(after)}" if after > 1 else ", and below the line the next one" if after else ""
    places = facts.criteria.shortlist
    if n > places:
        text += f"; equal scores share a rank, so {counted(n, 'country', 'countries')} hold {counted(places, 'place')}"
    return f"{text}. The likely range holds nine tenths of the ranks that came out under measurement error."


def _last(facts: Facts) -> int:
    """The last rank a strip must show."""
    ranked = [c for c in facts.result.ranking.order if facts.ranked(c)]
    shown = ranked[: len(facts.result.ranking.shortlist) + NEXT]
    highs = [facts.rank_high[c] for c in shown if not missing(facts.rank_high[c])]
    return int(max([*highs, len(shown), 2]))


def places(facts: Facts, links: frozenset[str]) -> tuple[PlaceRow, ...]:
    """The shortlist, then the next few below the cut."""
    shortlist = set(facts.result.ranking.shortlist)
    ranked = [c for c in facts.result.ranking.order if facts.ranked(c)]
    last, draws = _last(facts), facts.result.firmness.draws
    out = []
    for c in ranked[: len(shortlist) + NEXT]:
        share = facts.p_top[c]
        parts = [math.fsum(facts.contribution[c][x.path] for x in p.components) for p in facts.pillars]
        likely = sentences.likely(facts, c)
        out.append(
            PlaceRow(
                rank=number(facts.rank[c], 0),
                name=facts.names[c],
                link=link(c, links),
                mark=STATUSES[facts.status[c]],
                score=number(facts.score[c], 3),
                bar=charts.bars(parts, 1.0),
                strip=charts.rank_strip(facts.rank[c], facts.rank_low[c], facts.rank_high[c], last, facts.criteria.shortlist),
                likely=likely,
                share=percent(share),
                firm=share >= FIRM,
                proposed=c in shortlist,
                alt=f"{facts.names[c]}: rank {number(facts.rank[c], 0)}, likely {likely}; on the shortlist in {runs(share, draws)}.",
            )
        )
    return tuple(out)


def near_row(facts: Facts, iso3: str, links: frozenset[str]) -> OpenRow:
    """What stands in the way of a near miss and how far it is."""
    rows = sentences.rescues(facts, iso3)
    if rows and (rows[0]["in_sd"] <= 1 or missing(rows[0]["in_sd"])):
        row = rows[0]
        sheet = facts.sheets[row["indicator"]]
        decimals = sentences.apart(row["needed"], row["now"], sheet.decimals)
        far = f"{plain(sheet.label)} {number(row['now'], decimals)} → {number(row['needed'], decimals)}"
        if sheet.classes:
            far = f"{plain(sheet.label)}: one class"
        if not missing(row["in_sd"]):
            worse = (row["change"] > 0) != facts.high_is_better(row["indicator"])
            far += f" ({number(row['in_sd'], 1)} s.e.{'; that is, worse' if worse else ''})"
    else:
        tracks = [t for t in facts.criteria.tracks if not t.peer_group or t.peer_group == facts.group[iso3]]
        rules = [*sentences.failing(facts, iso3), *(tracks if sentences.trackless(facts, iso3) else [])]
        far = capital("; ".join(dict.fromkeys(sentences.said(facts, iso3, x) for g in rules for x in reasons.deciding(g.rule, facts.node[iso3]))))
    what = sentences.obstacles(facts, iso3)
    stands = "Fits no track" if what == ["the want of a track"] else capital(listed(what))
    return OpenRow(facts.names[iso3], link(iso3, links), stands, far, "", percent(facts.p_eligible[iso3]))


def shortfall(facts: Facts, iso3: str) -> str:
    """What a conditional country falls short of, as a phrase."""
    on = [g for g in facts.criteria.gates if facts.gate[iso3][g.id] == "conditional"]
    on += [t for t in facts.criteria.tracks if facts.track[iso3][t.id] == "conditional"]
    short = [x for g in on for x in reasons.full_branches(g.rule, facts.node[iso3])]
    return capital("; ".join(dict.fromkeys(sentences.said(facts, iso3, x) for x in short)))


def common(facts: Facts, conditional: list[str]) -> str:
    """One sentence on what conditional countries fall short of and need."""
    short = {shortfall(facts, c) for c in conditional}
    if not conditional:
        return ""
    same = ""
    if len(short) == 1 and min(short):
        same = f"{'All fall' if len(conditional) > 1 else 'It falls'} short of {'the same part of ' if len(conditional) > 1 else ''}the full rule: {inner(min(short))}. "
    each = "Each" if len(conditional) > 1 else "It"
    return f"{same}{each} needs a written reason and an agreed date of review before it is proposed."


def conditional_row(facts: Facts, iso3: str, links: frozenset[str]) -> OpenRow:
    """What a conditional country falls short of, and what else it hangs on."""
    rank = number(facts.rank[iso3], 0) if facts.ranked(iso3) else "–"
    weakest = sentences.least(facts, iso3)
    hangs = f"{plain(weakest[1].title)} ({percent(weakest[0])})" if weakest else ""
    return OpenRow(facts.names[iso3], link(iso3, links), shortfall(facts, iso3), hangs, rank, percent(facts.p_eligible[iso3]))


def _near_title(near: list[str]) -> str:
    if not near:
        return "No country is excluded so narrowly that measurement error could account for it"
    n = len(near)
    return f"{capital(counted(n, 'country is', 'countries are'))} excluded so narrowly that measurement error could account for it"


def _candidates_title(facts: Facts) -> str:
    words = {"eligible": "eligible", "conditional": "conditional", "excluded": "excluded", "insufficient-data": "with too little data"}
    parts = [f"{spelled(n)} {word}" for status, word in words.items() if (n := _count(facts, status))]
    return f"{capital(counted(len(facts.pool), 'candidate'))}: {listed(parts)}" if parts else "No candidates"


def _conditional_title(facts: Facts, conditional: list[str]) -> str:
    inside = [c for c in conditional if c in facts.result.ranking.shortlist]
    if not conditional:
        return "No country is admitted on condition"
    verb = "is" if len(conditional) == 1 else "are"
    text = f"{capital(counted(len(conditional), 'country', 'countries'))} {verb} admitted on condition"
    return f"{text}, {spelled(len(inside)) if inside else 'none'} of them on the shortlist" if len(conditional) > 1 else (
        f"{text} and {'stands' if inside else 'does not stand'} on the shortlist"
    )


def rests(facts: Facts) -> tuple[str, ...]:
    """What the shortlist rests on: gates, tracks, sources, the thinnest place."""
    out, total = [], len(facts.pool)
    fails = {g.id: [c for c in facts.pool if facts.gate[c][g.id] == "fail"] for g in facts.criteria.gates}
    if fails and any(fails.values()):
        worst = max(facts.criteria.gates, key=lambda g: len(fails[g.id]))
        only = sum(1 for c in fails[worst.id] if len(sentences.failing(facts, c)) == 1)
        n = len(fails[worst.id])
        out.append(
            f"The gate {sentences.quoted(worst)} excludes the most: {spelled(n)} of {total} candidates {'fails' if n == 1 else 'fail'} it, "
            f"and {spelled(only)} of those {'fails' if only == 1 else 'fail'} no other gate."
        )
    trackless = [c for c in facts.pool if facts.status[c] == "excluded" and not sentences.failing(facts, c)]
    if facts.criteria.tracks and trackless:
        n = len(trackless)
        out.append(f"{capital(counted(n, 'candidate'))} {'fails' if n == 1 else 'fail'} no gate but {sentences.no_track(facts) if n == 1 else _fit_no(facts)}.")
    out += _sources_carry(facts)
    out += _contender(facts)
    return tuple(out)


def _fit_no(facts: Facts) -> str:
    return {1: "do not fit the one track", 2: "fit neither track"}.get(len(facts.criteria.tracks), "fit no track")


def _sources_carry(facts: Facts) -> list[str]:
    """Which publisher carries how many gates and how much of the score."""
    held, out = facts.result.panel.held, []
    weight = sum(p.weight for p in facts.pillars)
    publishers: dict[str, list[str]] = {}
    for source in facts.result.panel.sources:
        publishers.setdefault(plain(source.publisher), []).append(source.id)
    for publisher, ids in publishers.items():
        gates = [g for g in facts.criteria.gates if any(held[i].id in ids for i in facts.looked_at(g.rule))]
        share = math.fsum(
            p.weight / weight * c.weight / sum(x.weight for x in p.components)
            for p, c in facts.components
            if held[c.quantity.indicator].id in ids
        )
        if not gates and not share:
            continue
        whole = len(gates) == len(facts.criteria.gates) and (share > 1 - 1e-9 or not facts.pillars)
        text = f"{publisher} ({listed(ids)}) carries {among(len(gates), len(facts.criteria.gates), 'gate')}"
        text += f" and {'all' if share > 1 - 1e-9 else percent(share)} of the weight of the score" if facts.pillars else ""
        out.append(f"{text}{'; an error its coders share would move the whole list' if whole else ''}.")
    return out


def _contender(facts: Facts) -> list[str]:
    """The strongest country outside the shortlist."""
    shortlist = set(facts.result.ranking.shortlist)
    outside = [c for c in facts.pool if c not in shortlist and not missing(facts.p_top[c]) and facts.p_top[c] > 0]
    if not shortlist or not outside:
        return []
    c = max(outside, key=lambda c: facts.p_top[c])
    word = {"excluded": "now excluded", "conditional": "conditional", "eligible": "eligible"}[facts.status[c]]
    rank = f", rank {number(facts.rank[c], 0)}" if facts.ranked(c) else ""
    return [f"The strongest contender outside is {facts.names[c]} ({word}{rank}), on the shortlist in {runs(facts.p_top[c], facts.result.firmness.draws)}."]


def decisions(facts: Facts, near: list[str], conditional: list[str]) -> tuple[str, ...]:
    """What the board is asked to decide."""
    shortlist, names = facts.result.ranking.shortlist, facts.names
    out = []
    if shortlist:
        out.append(f"Approve, amend or send back the shortlist: {listed(names[c] for c in shortlist)}.")
    inside = [c for c in conditional if c in shortlist]
    if inside:
        out.append(f"For {listed(names[c] for c in inside)}, admitted on condition: a written reason and a date of review, or leave out.")
    loose = [c for c in shortlist if facts.p_eligible[c] < 0.5]
    if loose:
        out.append(f"Whether to propose {listed(names[c] for c in loose)} at all, admitted in fewer than half of the re-runs.")
    if near:
        out.append(f"Whether any near miss ({some((names[c] for c in near), 8)}) deserves an exception, with a name, a date and a reason.")
    blind = [c for c in facts.pool if facts.status[c] == "insufficient-data"]
    if blind:
        out.append(f"Whether to gather evidence on {some((names[c] for c in blind), 8)}, which the data cannot judge.")
    return tuple(out)


def candidate(facts: Facts, iso3: str, links: frozenset[str]) -> CandidateRow:
    """One line of the table of all candidates."""
    near = sentences.near_miss(facts, iso3)
    flags: tuple[Mark, ...] = (NEAR_MISS,) if near else (BORDERLINE,) if facts.borderline(iso3) else ()
    p = facts.p_eligible[iso3]
    return CandidateRow(
        name=facts.names[iso3],
        link=link(iso3, links),
        mark=STATUSES[facts.status[iso3]],
        flags=flags,
        rank=number(facts.rank[iso3], 0) if facts.ranked(iso3) else "–",
        likely=sentences.likely(facts, iso3) if facts.ranked(iso3) else "",
        score=number(facts.score[iso3], 3) if facts.ranked(iso3) else "–",
        share="–" if missing(p) else percent(p),
        reason=reason(facts, iso3),
    )


def reason(facts: Facts, iso3: str) -> str:
    """Why, in a few words."""
    if facts.status[iso3] == "excluded":
        failed = [plain(g.title) for g in sentences.failing(facts, iso3)]
        text = f"Fails {listed(failed)}" if failed else ""
        if sentences.trackless(facts, iso3):
            text = f"{text}; {sentences.no_track(facts)}" if text else capital(sentences.no_track(facts))
        return text
    if facts.status[iso3] == "insufficient-data":
        open_gates = [plain(g.title) for g in sentences.unknown(facts, iso3)]
        return f"Cannot be judged: {listed(open_gates) if open_gates else 'tracks'}"
    tracks = listed(plain(t.title) for t in sentences.fitting(facts, iso3))
    on = [plain(g.title) for g in facts.criteria.gates if facts.gate[iso3][g.id] == "conditional"]
    return "; ".join(x for x in (tracks, f"on condition: {listed(on)}" if on else "") if x)
