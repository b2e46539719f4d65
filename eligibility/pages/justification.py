"""The justification page of one country, as a value: why in, why out, how sure, what would change it."""

from __future__ import annotations

from dataclasses import replace

from eligibility.method.standing import standing
from eligibility.pages import (
    changes,
    doubt,
    exhibits,
    imputed,
    others,
    ranking,
    reasons,
    sentences,
    sourcing,
    travel,
)
from eligibility.pages.facts import Facts, Value
from eligibility.pages.views import (
    BORDERLINE,
    NEAR_MISS,
    VERDICTS,
    Country,
    Entry,
    Finding,
    GateBlock,
    Mark,
    SourceRow,
)
from eligibility.pages.wording import capital, counted, listed, missing, number, percent, plain, signed, span
from eligibility.policy import Gate, Points, Test
from eligibility.walk import left_out, references


def finding(facts: Facts, iso3: str, leaf: reasons.Leaf) -> Finding:
    """A deciding test as a row of a table."""
    node = leaf.node
    measured, threshold = facts.measured[iso3].get(node.path), facts.needs[iso3].get(node.path)
    mark = VERDICTS[leaf.word]
    if isinstance(node, Points):
        short = "" if missing(measured) or missing(threshold) else signed(100 * (measured - threshold), 0)
        name = plain(node.title) or "Points of those that apply"
        return Finding(
            name,
            percent(measured),
            f"≥ {percent(threshold)}",
            "",
            short,
            "",
            "",
            _points_sources(facts, node),
            "",
            mark,
            f"{iso3} {node.path}",
        )
    quantity, value = node.quantity, facts.cells[iso3][node.quantity.indicator]
    sheet = facts.sheets[quantity.indicator]
    gap = (
        None
        if sheet.classes and quantity.measure == "level"
        else reasons.margin(node, measured, threshold, leaf.wanted)
    )
    near = (
        ""
        if gap is None or quantity.measure != "level" or not value.sd > 0
        else f"{number(abs(gap) / value.sd, 1)} s.e."
    )
    return Finding(
        name=capital(reasons.called(quantity, facts.sheets)),
        value=reasons.shown(measured, quantity, facts.sheets),
        needs=reasons.needs(node, threshold, facts.sheets, leaf.wanted),
        origin=reasons.origin(node.threshold, facts.result.as_of)
        if not isinstance(node.threshold, tuple)
        else "",
        margin=""
        if gap is None or missing(measured) or missing(threshold)
        else f"{signed(100 * gap, 1)} points"
        if reasons.is_share(quantity)
        else signed(gap, changes.apart(measured, threshold, sheet.decimals)),
        distance=near,
        year=number(value.year, 0).replace(",", "") if not missing(measured) else "",
        source=sourcing.source_name(facts, quantity.indicator),
        note="; ".join(
            x for x in (_note(facts, node, value, measured), rank_among_peers(facts, iso3, node)) if x
        ),
        mark=mark,
        fact=f"{iso3} {node.path}",
    )


def _note(facts: Facts, node: Test, value: Value, measured: float | None) -> str:
    """What to know about a figure: carried from an earlier year, or what its absence counts as."""
    if node.quantity.indicator in facts.result.cells.absent:
        return "no figure held for any country"
    if missing(measured):
        return {"fail": "missing counts as failed", "drop": "left out: missing"}.get(node.missing, "")
    return sourcing.carried(value)


def rank_among_peers(facts: Facts, iso3: str, test: Test) -> str:
    """A country's place where its peers set the mark: "rank 26 of 47 peers", which a bare percentile hides."""
    if test.quantity.measure != "level" or not any(r.among == "peers" for r in references(test.threshold)):
        return ""
    indicator = test.quantity.indicator
    values, better = facts.result.cells.value[indicator], facts.sheets[indicator].better
    place = standing(values, facts.result.peers, better).loc[iso3]
    return (
        "" if missing(place["rank"]) else f"rank {number(place['rank'], 0)} of {number(place['n'], 0)} peers"
    )


def _points_sources(facts: Facts, node: Points) -> str:
    return "; ".join(dict.fromkeys(sourcing.source_name(facts, i) for i in facts.looked_at(node)))


def _rows(facts: Facts, iso3: str, gate: Gate, word: str) -> tuple[Finding, ...]:
    """The deciding tests, failed first; of one passed on condition first what it falls short of."""
    order = {"fail": 0, "unknown": 1, "conditional": 2, "pass": 3}
    leaves = {leaf.node.path: leaf for leaf in reasons.deciding(gate.rule, facts.node[iso3], counted=True)}
    rows = [finding(facts, iso3, leaf) for leaf in sorted(leaves.values(), key=lambda leaf: order[leaf.word])]
    if word == "conditional":
        full = {leaf.node.path: leaf for leaf in reasons.full_branches(gate.rule, facts.node[iso3])}
        rows = [
            replace(finding(facts, iso3, leaf), origin="for the full rule") for leaf in full.values()
        ] + rows
    return tuple(rows)


def gate_block(facts: Facts, iso3: str, gate: Gate, track: bool = False) -> GateBlock:
    """A gate or track with its deciding tests, failed first, and what would pass it."""
    word = (facts.track if track else facts.gate)[iso3][gate.id]
    other = track and facts.group[iso3] != gate.peer_group and bool(gate.peer_group)
    rows = _rows(facts, iso3, gate, word)
    would: tuple[str, ...] = ()
    would_lead = ""
    if word == "fail" and not other:
        flips = [r for r in facts.flips[iso3] if r["gate"] == gate.id and r["becomes"] in sentences.PASSED]
        would = tuple(changes.flip(facts, iso3, r) for r in sorted(flips, key=changes.distance))
        would_lead = "What would pass it:" if would else "No change of a single figure would pass it."
    aside = ""
    if other:
        theirs, own = (
            facts.groups.get(gate.peer_group, gate.peer_group),
            facts.groups.get(facts.group[iso3], ""),
        )
        aside = f"Open to the peer group “{theirs}” only; " + (
            f"this country is in “{own}”." if own else "its peer group is unknown."
        )
    return GateBlock(
        id=gate.id,
        title=plain(gate.title),
        question=plain(gate.question) if not other else "",
        mark=VERDICTS[word] if not other else Mark("Not open to it", "–", "open"),
        chance=sentences.gate_chance(facts, iso3, gate) if not other else "",
        counts=() if other else sentences.counts(facts, iso3, gate),
        rows=() if other else rows,
        would_lead=would_lead,
        would=would,
        cites=reasons.cited(gate.cites) if not other else "",
        aside=aside,
        fact="" if other else f"{iso3} {'tracks' if track else 'gates'}.{gate.id}",
    )


def whole(facts: Facts) -> str:
    """What a probability of being admitted is of, where there are tracks beside the gates."""
    own = facts.criteria
    return "" if not own.tracks else ", every gate and a track" if own.gates else ", a track"


def idle_block(gate: Gate) -> GateBlock:
    """A gate or track that is not in force at the date: only that it is not."""
    when = f" It is in force {span(gate.applies)}." if not gate.applies.always else ""
    return GateBlock(
        id=gate.id,
        title=plain(gate.title),
        question="",
        mark=Mark("Not in force", "–", "open"),
        chance="",
        counts=(),
        rows=(),
        would_lead="",
        would=(),
        cites="",
        aside=f"Not in force at this date, so it is not applied.{when}",
    )


def box(facts: Facts, iso3: str) -> tuple[Entry, ...]:
    """The facts under the verdict."""
    p = facts.p_eligible[iso3]
    asked = facts.used
    have = sum(1 for i in asked if facts.cells[iso3][i].known)
    entries = [Entry("Rank", capital(sentences.rank_words(facts, iso3)), f"{iso3} rank")]
    if facts.ranked(iso3):
        entries.insert(0, Entry("Score", f"{number(facts.score[iso3], 3)} of 1", f"{iso3} score"))
    if not facts.criteria.index:
        entries.append(
            Entry(
                "Admitted under measurement error",
                "not given" if missing(p) else f"{percent(p)} of re-runs{whole(facts)}",
                f"{iso3} p_eligible",
            )
        )
    entries.append(Entry("Figures held", f"{have} of {len(asked)}{imputed.held(facts.result, iso3)}"))
    return tuple(entries)


def page(
    facts: Facts,
    iso3: str,
    links: frozenset[str],
    reproduce: tuple[Entry, ...],
    sources: tuple[SourceRow, ...],
) -> Country:
    """The page of one country; `links` are the countries that have a page of their own."""
    own = facts.criteria
    flags = (
        (NEAR_MISS,) if changes.near_miss(facts, iso3) else (BORDERLINE,) if facts.borderline(iso3) else ()
    )
    gates = sorted(
        own.gates, key=lambda g: ("fail", "unknown", "conditional", "pass").index(facts.gate[iso3][g.id])
    )
    tracks = sorted(own.tracks, key=lambda t: bool(t.peer_group) and t.peer_group != facts.group[iso3])
    idle = {word: tuple(map(idle_block, left_out(own, word))) for word in ("gates", "tracks")}
    group = facts.groups.get(facts.group[iso3], "")
    peers = (
        f"peer group: {group}, {counted(len(facts.members[facts.group[iso3]]), 'country', 'countries')}"
        if group
        else "peer group unknown"
        if own.peers
        else ""
    )
    change_title, change_lead, change_lines = changes.changes(facts, iso3)
    trends_title, trends = exhibits.trends(facts, iso3)
    moved_title, moved = travel.moved(facts, iso3)
    fits = sentences.fitting(facts, iso3)
    tracks_title = (
        f"Fits {listed(map(sentences.quoted, fits))}" if fits else capital(sentences.no_track(facts))
    )
    if not fits and any(w == "unknown" for w in facts.track[iso3].values()):
        tracks_title = "Whether it fits a track cannot be judged"
    neighbours = exhibits.neighbours(facts, iso3, links)
    page = Country(
        iso3=iso3,
        name=facts.names[iso3],
        kicker=sourcing.kicker(facts),
        where="; ".join(x for x in (facts.regions[iso3], peers) if x),
        mark=sentences.mark(facts, iso3),
        flags=flags,
        verdict=sentences.verdict(facts, iso3),
        firm=sentences.firm(facts, iso3),
        reservation=sentences.reservation(facts, iso3),
        box=box(facts, iso3),
        recorded=sourcing.recorded(facts, iso3),
        noted=sourcing.noted(facts, iso3),
        lead=sentences.lead(facts, iso3),
        notes=sourcing.read(facts)
        + sourcing.turned(facts, iso3)
        + sourcing.revised(facts)
        + sourcing.gaps(facts),
        gates_title=sentences.gate_summary(facts, iso3),
        gates=(*(gate_block(facts, iso3, g) for g in gates), *idle["gates"]),
        tracks_title=tracks_title,
        tracks=(*(gate_block(facts, iso3, t, track=True) for t in tracks), *idle["tracks"]),
        strips=exhibits.strips(facts, iso3),
        score=exhibits.score(facts, iso3),
        trends_title=trends_title,
        trends_subtitle=exhibits.trends_subtitle(facts, iso3),
        trends=trends,
        trends_span=f"From {facts.years[0]} to {facts.years[1]}; a gap is a year without a figure.",
        trends_sources=sourcing.sources_line(facts, [t.id for t in trends]),
        moved_title=moved_title,
        moved=moved,
        rank=exhibits.firm(facts, iso3),
        left_out=doubt.left_rows(facts, iso3),
        others_title=others.title(facts, iso3),
        others=others.rows(facts, iso3),
        changes_title=change_title,
        changes_lead=change_lead,
        changes=change_lines,
        rules=changes.rules(facts, iso3),
        neighbours_title=neighbours[0],
        neighbours=neighbours[1],
        pillars=tuple(plain(p.title) for p in facts.pillars),
        axes=exhibits.axes(facts, iso3),
        data_title=sourcing.data_title(facts, iso3),
        data=sourcing.data(facts, iso3),
        sources=sources,
        reproduce=reproduce,
    )
    return ranking.country(facts, iso3, page) if own.index else page
