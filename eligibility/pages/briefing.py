"""The board briefing, as a value: what is proposed, how firm it is, who nearly made it, what the board must decide."""

from __future__ import annotations

import math

from eligibility import walk
from eligibility.pages import (
    amended,
    annexes,
    board,
    changes,
    charts,
    passing,
    ranking,
    reasons,
    sentences,
    since,
    sourcing,
    world,
)
from eligibility.pages.board_views import Briefing, CandidateRow, OpenRow, PlaceRow
from eligibility.pages.facts import Facts
from eligibility.pages.outlines import World
from eligibility.pages.views import BORDERLINE, NEAR_MISS, Entry, Mark, SourceRow
from eligibility.pages.wording import (
    alphabetical,
    capital,
    inner,
    listed,
    missing,
    number,
    percent,
    plain,
    runs,
)


def page(
    facts: Facts,
    links: frozenset[str],
    reproduce: tuple[Entry, ...],
    sources: tuple[SourceRow, ...],
    drawn: World | None = None,
) -> Briefing:
    """The briefing of a run.

    links   the countries that have a page of their own
    drawn   the outlines of the world, for the map; none without
    """
    near = [c for c in facts.pool if changes.near_miss(facts, c)]
    near.sort(key=lambda c: -facts.p_eligible[c])
    conditional = [c for c in facts.result.ranking.order if facts.status[c] == "conditional"]
    cases_title, cases = annexes.cases(facts)
    amendments = amended.rows(facts)
    seen = world.picture(facts, drawn) if drawn else None
    made = Briefing(
        title=board.headline(facts),
        kicker=sourcing.kicker(facts),
        opening=board.opening(facts),
        box_title=board.box_title(facts),
        box=board.box(facts, len(near)),
        notes=sourcing.notes(facts),
        shortlist_title=board.shortlist_title(facts),
        shortlist_subtitle=board.shortlist_subtitle(facts),
        shortlist=places(facts, links),
        pillars=tuple(plain(p.title) for p in facts.pillars),
        ranks=f"1 to {_last(facts)}",
        moved=since.moved(facts),
        world=seen,
        index=facts.criteria.index,
        scored=True,
        passing=(),
        drawn=facts.error_known,
        sources_line=sourcing.sources_line(
            facts, walk.indicators(facts.criteria, "pool", "peers", "gate", "track", "score")
        ),
        near_title=board.near_title(near),
        near=tuple(near_row(facts, c, links) for c in near),
        conditional_title=board.conditional_title(facts, conditional),
        conditional_lead=common(facts, conditional),
        conditional_differ=len({shortfall(facts, c) for c in conditional}) > 1,
        conditional=tuple(conditional_row(facts, c, links) for c in conditional),
        rests=board.rests(facts),
        decisions=board.decisions(facts, near, conditional),
        recorded=tuple(
            entry
            for c in facts.result.overrides
            if (entry := sourcing.recorded(facts, c, link(c, links) if c in facts.names else ""))
        ),
        cautions=annexes.cautions(facts),
        candidates_title=board.candidates_title(facts),
        ranked=tuple(candidate(facts, c, links) for c in facts.result.ranking.order if facts.ranked(c)),
        unranked=tuple(
            candidate(facts, c, links)
            for c in sorted(facts.pool, key=lambda c: alphabetical(facts.names[c]))
            if not facts.ranked(c)
        ),
        rules=annexes.rules(facts),
        amended=amended.sentence(facts, amendments),
        amendments=amendments,
        series=annexes.series(facts),
        sources=sources + ((world.source_row(drawn),) if seen and drawn else ()),
        cases_title=cases_title,
        cases=cases,
        method=annexes.method(facts),
        glossary=annexes.glossary(facts),
        reproduce=reproduce,
    )
    if facts.criteria.score is None:
        return passing.briefing(facts, made)
    return ranking.briefing(facts, made) if facts.criteria.index else made


def link(iso3: str, links: frozenset[str]) -> str:
    """Where a country's page lies from the briefing; "" if it has none."""
    return f"countries/{iso3}.html" if iso3 in links else ""


def _shown(facts: Facts) -> list[str]:
    """Who stands in the first table: the shortlist and the next few; of an index without one the first few."""
    ranked = [c for c in facts.result.ranking.order if facts.ranked(c)]
    many = len(facts.result.ranking.shortlist) + board.NEXT if facts.criteria.shortlist else ranking.SHOWN
    return ranked[:many]


def _last(facts: Facts) -> int:
    """The last rank a strip must show."""
    shown = _shown(facts)
    highs = [facts.rank_high[c] for c in shown if not missing(facts.rank_high[c])]
    return int(max([*highs, len(shown), 2]))


def places(facts: Facts, links: frozenset[str]) -> tuple[PlaceRow, ...]:
    """The shortlist, then the next few below the cut."""
    shortlist = set(facts.result.ranking.shortlist)
    last, draws = _last(facts), facts.result.firmness.draws
    out = []
    for c in _shown(facts):
        share = facts.p_top[c]
        parts = [math.fsum(facts.contribution[c][x.path] for x in p.components) for p in facts.pillars]
        likely = sentences.likely(facts, c)
        out.append(
            PlaceRow(
                rank=number(facts.rank[c], 0),
                name=facts.names[c],
                link=link(c, links),
                mark=sentences.mark(facts, c),
                score=number(facts.score[c], 3),
                bar=charts.bars(parts, 1.0),
                strip=charts.rank_strip(
                    facts.rank[c], facts.rank_low[c], facts.rank_high[c], last, facts.criteria.shortlist
                ),
                likely=likely,
                share="–" if missing(share) else percent(share),
                firm=c in shortlist and share >= board.FIRM,
                proposed=c in shortlist or not facts.criteria.shortlist,
                alt=f"{facts.names[c]}: rank {number(facts.rank[c], 0)}"
                + (f", likely {likely}" if likely else "")
                + ("." if missing(share) else f"; on the shortlist in {runs(share, draws)}."),
                recorded=decided(facts, c),
                fact=c,
            )
        )
    return tuple(out)


def near_row(facts: Facts, iso3: str, links: frozenset[str]) -> OpenRow:
    """What stands in the way of a near miss and how far it is."""
    rows = changes.rescues(facts, iso3)
    if rows and (rows[0]["in_sd"] <= 1 or missing(rows[0]["in_sd"])):
        row = rows[0]
        sheet = facts.sheets[row["indicator"]]
        decimals = changes.apart(row["needed"], row["now"], sheet.decimals)
        far = f"{plain(sheet.label)} {number(row['now'], decimals)} → {changes.turning(row, sheet, decimals)[0]}"
        if sheet.classes:
            far = f"{plain(sheet.label)}: one class"
        if not missing(row["in_sd"]):
            worse = (row["change"] > 0) != facts.high_is_better(row["indicator"])
            far += f" ({number(row['in_sd'], 1)} s.e.{'; that is, worse' if worse else ''})"
    else:
        tracks = [t for t in facts.criteria.tracks if not t.peer_group or t.peer_group == facts.group[iso3]]
        rules = [*sentences.failing(facts, iso3), *(tracks if sentences.trackless(facts, iso3) else [])]
        far = capital(
            "; ".join(
                dict.fromkeys(
                    sentences.said(facts, iso3, x)
                    for g in rules
                    for x in reasons.deciding(g.rule, facts.node[iso3])
                )
            )
        )
    what = sentences.obstacles(facts, iso3)
    stands = "Fits no track" if what == ["the want of a track"] else capital(listed(what))
    return OpenRow(
        facts.names[iso3], link(iso3, links), stands, far, "", percent(facts.p_eligible[iso3]), iso3
    )


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
    return OpenRow(
        facts.names[iso3],
        link(iso3, links),
        shortfall(facts, iso3),
        hangs,
        rank,
        percent(facts.p_eligible[iso3]),
        iso3,
    )


def candidate(facts: Facts, iso3: str, links: frozenset[str]) -> CandidateRow:
    """One line of the table of all candidates."""
    near = changes.near_miss(facts, iso3)
    flags: tuple[Mark, ...] = (NEAR_MISS,) if near else (BORDERLINE,) if facts.borderline(iso3) else ()
    p = facts.p_eligible[iso3]
    return CandidateRow(
        name=facts.names[iso3],
        link=link(iso3, links),
        mark=sentences.mark(facts, iso3),
        flags=flags,
        rank=number(facts.rank[iso3], 0) if facts.ranked(iso3) else "–",
        likely=sentences.likely(facts, iso3) if facts.ranked(iso3) else "",
        score=number(facts.score[iso3], 3) if facts.ranked(iso3) else "–",
        share="–" if missing(p) else percent(p),
        reason=sentences.reason(facts, iso3),
        recorded=decided(facts, iso3),
        fact=iso3,
    )


def decided(facts: Facts, iso3: str) -> str:
    """The board's own decision on a country in a word; "" where none is recorded."""
    entry = facts.result.overrides.get(iso3)
    return plain(entry.decision) if entry else ""
