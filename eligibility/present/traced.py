"""Every number a page gives of a country, by its path: what it is, how a page prints it, which figures it rests on.

A path is that of `screen --format json`, entries of a list by their id, and goes on where pages say more:

    status score rank rank_low rank_high p_eligible p_eligible_most p_qualified p_top       as in the JSON
    p_supposed p_supposed_half p_top_half                       where gaps are filled in the simulations
    pillars.ID  gates.ID.verdict|p_pass  tracks.ID.verdict|p_pass  mechanisms.ID.verdict|p_pass
    values.SERIES.value|sd|year                                 the figure used
    values.SERIES.median|better_than|history.YEAR               its peers, its earlier years
    PATH OF A TEST.value|needs|margin|errors|year               as the criteria name it: gates.democracy.any[0]
    score.pillars.ID.weight|scaled|brings                       and ...indicators.SERIES.weight|value|scaled|brings
    ranks.N  without.KIND.ID                                    the share of simulations at a rank; the rank with one thing left out
    flips.GATE.SERIES.needed|errors  PATH OF A TEST.turns_at    what would turn a verdict; counts: see counted.py

Numbers of the run as a whole: totals.py. Pages mark the same numbers with `data-fact="COUNTRY PATH"`.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from eligibility.method.measures import within
from eligibility.pages import counterfactuals, dated_lists, grid, imputed, reasons, sentences, sourcing
from eligibility.pages.facts import Facts
from eligibility.pages.wording import inner, missing, number, ordinal, percent, plain, runs, signed
from eligibility.policy.model import ONE_YEAR, Gate, Group, Node, Points, Quantity, Test
from eligibility.policy.walk import metrics, references
from eligibility.present import counted
from eligibility.present.fact import Fact, Read, as_share, numbered, valued


def facts_of(facts: Facts, iso3: str) -> dict[str, Fact]:
    """Path -> fact, for everything a page gives of a country of the pool, in the order of a page."""
    parts = (_verdict, _tests, _score, _values, _firm, counted.of)
    return {fact.path: fact for part in parts for fact in part(facts, iso3)}


def _verdict(facts: Facts, iso3: str) -> Iterator[Fact]:
    """Status, score, ranks and probabilities of the country, of its gates and tracks."""
    firm = facts.result.firmness
    drawn = f"share of {firm.draws:,} simulations under measurement error, seed {firm.seed}, in which it "
    yield Fact(
        "status", facts.status[iso3], sentences.status(facts, iso3).plain, "the verdict of the criteria"
    )
    if facts.pillars:
        yield from _placed(facts, iso3)
    yield as_share("p_eligible", facts.p_eligible[iso3], drawn + "qualifies, on condition or without")
    could = drawn + "qualifies, or could if the figures that are not held were as they must be"
    yield as_share("p_eligible_most", facts.p_most[iso3], could)
    if facts.criteria.shortlist:
        yield as_share("p_top", facts.p_top[iso3], drawn + "is on the shortlist")
    said = drawn + "meets every requirement and is of any kind"
    yield as_share("p_qualified", firm.p_qualified[iso3], said)
    if firm.supposed is not None:
        filled = "with its gaps filled as in countries like it, "
        said = filled + drawn + "qualifies, on condition or without"
        yield as_share("p_supposed", firm.supposed.p_eligible[iso3], said)
        off = "percentage points that {} may be off, 95 %, from how much the fillings of the gaps differ"
        for of, half in (("p_supposed", firm.supposed.half_eligible), ("p_top", firm.supposed.half_top)):
            if half[iso3] == half[iso3]:
                yield numbered(f"{of}_half", imputed.points(half[iso3]), 0, off.format(of))
    for pillar in facts.pillars:
        said = f"the part of the score {plain(pillar.title)}, from 0 to 1: see `score.pillars.{pillar.id}`"
        yield numbered(f"pillars.{pillar.id}", facts.pillar[iso3].get(pillar.id), 3, said)
    rules = (
        ("gates", facts.criteria.gates, facts.gate, facts.p_gate),
        ("tracks", facts.criteria.tracks, facts.track, facts.p_track),
        ("mechanisms", facts.criteria.mechanisms, facts.mechanism, facts.p_mechanism),
    )
    for kind, gates, words, p in rules:
        for gate in gates:
            said = f"whether it passes “{plain(gate.title)}”"
            yield Fact(f"{kind}.{gate.id}.verdict", words[iso3][gate.id], words[iso3][gate.id], said)
            said = drawn + f"passes “{plain(gate.title)}”"
            yield as_share(f"{kind}.{gate.id}.p_pass", p[iso3].get(gate.id), said)


def _placed(facts: Facts, iso3: str) -> Iterator[Fact]:
    """Score and rank."""
    yield numbered("score", facts.score[iso3], 3, "the score, from 0 to 1: see `score.pillars`")
    apart = facts.status[iso3] == "qualified"
    ranked = sum(facts.status[c] == "qualified" if apart else facts.ranked(c) for c in facts.pool)
    whose = "countries that qualify and are of no ideal kind" if apart else "ranked countries"
    rank, firm = facts.result.ranking.shown[iso3], facts.result.firmness
    yield numbered("rank", rank, 0, f"its place by score among the {ranked} {whose}")
    for end in ("low", "high"):
        value = firm.place(end)[iso3] if apart else getattr(facts, f"rank_{end}")[iso3]
        said = f"{'lower' if end == 'low' else 'upper'} end of nine tenths of its ranks in {firm.draws:,} simulations"
        yield numbered(f"rank_{end}", value, 0, said)


def _tests(facts: Facts, iso3: str) -> Iterator[Fact]:
    """The tests of gates, tracks and kinds of body: what was measured, what is needed, how far apart they lie."""
    for gate in (*facts.criteria.gates, *facts.criteria.tracks, *facts.criteria.mechanisms):
        for node, wanted in _leaves(gate.rule):
            if node.path in facts.measured[iso3]:
                if isinstance(node, Points):
                    yield from _points(facts, iso3, gate, node, wanted)
                elif isinstance(node, Test):
                    yield from _test(facts, iso3, gate, node, wanted)


def _leaves(node: Node, wanted: bool = True) -> Iterator[tuple[Node, bool]]:
    """Every test and count of points, and whether it is wanted to hold: not under `none`."""
    if not isinstance(node, Group):
        yield node, wanted
        return
    for child in node.of:
        yield from _leaves(child, wanted != (node.join == "none"))


def _test(facts: Facts, iso3: str, gate: Gate, node: Test, wanted: bool) -> Iterator[Fact]:
    quantity, sheet = node.quantity, facts.sheets[node.quantity.indicator]
    measured, needed = facts.measured[iso3][node.path], facts.needs[iso3][node.path]
    name, cell = inner(reasons.called(quantity, facts.sheets)), facts.cells[iso3][quantity.indicator]
    of = f"{name}, in “{plain(gate.title)}”"
    reads = _reads(facts, iso3, quantity) if not missing(measured) else ()
    shown = reasons.shown(measured, quantity, facts.sheets)
    yield valued(f"{node.path}.value", measured, shown, f"{of}: {_how(facts, iso3, quantity)}", reads)
    origin = "" if isinstance(node.threshold, tuple) else reasons.origin(node.threshold, facts.result.as_of)
    fixed = "a number of the criteria" + (f": {plain(node.basis)}" if node.basis else "")
    needs = reasons.needs(node, needed, facts.sheets, wanted)
    among = next((r.among for r in references(node.threshold)), "")
    asked = {
        "peers": f"; {len(facts.members.get(facts.group[iso3], ()))} peers",
        "pool": f"; {len(facts.pool)} candidates",
    }.get(among, "")
    said = f"what {of} needs: {origin or fixed}{asked}"
    yield valued(f"{node.path}.needs", needed, needs, said)
    classes = sheet.classes and quantity.measure == "level"
    gap = None if classes else reasons.margin(node, measured, needed, wanted)
    if gap is not None:
        share = reasons.is_share(quantity)
        far = 100 * gap if share else gap
        shown = signed(far, 1 if share else counterfactuals.apart(measured, needed, sheet.decimals))
        said = f"{'how many percentage points' if share else 'how far'} {of} lies on the right side of what it needs"
        yield Fact(f"{node.path}.margin", far, shown, said, reads)
        if quantity.measure == "level" and cell.sd > 0:
            said = f"the margin of {of} in standard errors of {number(cell.sd, sheet.decimals + 1)}"
            yield numbered(f"{node.path}.errors", abs(gap) / cell.sd, 1, said, reads)
    if not missing(measured):
        yield Fact(f"{node.path}.year", cell.year, str(int(cell.year)), f"the newest year of {of}", reads)


def _points(facts: Facts, iso3: str, gate: Gate, node: Points, wanted: bool) -> Iterator[Fact]:
    """A count of points: the share reached and the share needed."""
    measured, needed = facts.measured[iso3][node.path], facts.needs[iso3][node.path]
    of = f"the points that apply, in “{plain(gate.title)}”"
    seen = dict.fromkeys(m.quantity for m in metrics(node) if m.quantity)
    reads = tuple(read for quantity in seen for read in _reads(facts, iso3, quantity))
    yield valued(f"{node.path}.value", measured, percent(measured), f"share reached of {of}", reads)
    yield Fact(f"{node.path}.needs", float(needed), f"≥ {percent(needed)}", f"share needed of {of}")
    if not missing(measured):
        gap = 100 * (measured - needed)
        said = f"percentage points between {of} and what is needed"
        yield Fact(f"{node.path}.margin", gap, signed(gap, 0), said, reads)


def _reads(facts: Facts, iso3: str, quantity: Quantity) -> tuple[Read, ...]:
    """The figures of a country that a quantity is made of: the newest, and the earlier one or the peak's year."""
    indicator, cell = quantity.indicator, facts.cells[iso3][quantity.indicator]
    if not cell.known or indicator in facts.result.panel.statuses:
        return ()
    now = (indicator, int(cell.year))
    earlier = _earlier(facts, iso3, quantity)
    return (now, (indicator, earlier)) if earlier is not None else (now,)


def _earlier(facts: Facts, iso3: str, quantity: Quantity) -> int | None:
    """The year a change begins in, or the first year of the peak; None where it is the newest or there is none."""
    cell = facts.cells[iso3][quantity.indicator]
    history = facts.result.panel.history(quantity.indicator, facts.result.as_of)
    if quantity.measure == "level" or not cell.known or iso3 not in history.columns:
        return None
    before = history.loc[within(quantity, history.index.to_numpy(), np.asarray(cell.year)), iso3].dropna()
    if before.empty or (quantity.measure not in ONE_YEAR and before.max() <= cell.value):
        return None
    return int(before.idxmax())


def _how(facts: Facts, iso3: str, quantity: Quantity) -> str:
    """How a quantity comes of figures, in words with their values."""
    indicator, cell = quantity.indicator, facts.cells[iso3][quantity.indicator]
    if not cell.known:
        return "no figure that was published by the date and is recent enough"
    if quantity.measure == "level":
        return f"the figure for {int(cell.year)}"
    earlier, decimals = _earlier(facts, iso3, quantity), facts.sheets[indicator].decimals
    now = f"{number(cell.value, decimals)} in {int(cell.year)}"
    if earlier is None:
        none = f"too few figures of the {quantity.years} years before it"
        return f"{now}, and {none}" if quantity.measure in ONE_YEAR else f"{now}, which is the peak itself"
    history = facts.result.panel.history(indicator, facts.result.as_of)
    then = f"{number(history.at[earlier, iso3], decimals)} in {earlier}"
    if quantity.measure == "relative_change_over":
        return f"{now}, in percent more or less than {then}"
    if quantity.measure == "gap_closed_over":
        return f"{now}, of the way from {then} to {number(quantity.to, decimals)}"
    return f"{then}, the peak; {now}" if quantity.measure == "peak_over" else f"{now} less {then}"


def _score(facts: Facts, iso3: str) -> Iterator[Fact]:
    """Weights, scaled values and what each part brings to the score."""
    total = sum(p.weight for p in facts.pillars)
    for pillar in facts.pillars:
        path, title = f"score.pillars.{pillar.id}", f"the part of the score {plain(pillar.title)}"
        parts = [facts.contribution[iso3][c.path] for c in pillar.components]
        yield as_share(f"{path}.weight", pillar.weight / total, f"weight of {title} in the score")
        said = f"{title}, from 0 to 1: the mean of its indicators, scaled"
        yield numbered(f"{path}.scaled", facts.pillar[iso3][pillar.id], 3, said)
        whole = None if any(missing(p) for p in parts) else sum(parts)
        brought = f"brings of the score, {number(facts.score[iso3], 3)}"
        yield numbered(f"{path}.brings", whole, 3, f"what {title} {brought}")
        inside = sum(c.weight for c in pillar.components)
        for part, brings in zip(pillar.components, parts, strict=True):
            name = inner(reasons.called(part.quantity, facts.sheets))
            reads = _reads(facts, iso3, part.quantity)
            value = grid.measured(facts, iso3, part.quantity)
            told = reasons.shown(value, part.quantity, facts.sheets)
            weight = part.weight / inside * pillar.weight / total
            yield as_share(f"{part.path}.weight", weight, f"weight of {name} in the score")
            said = f"{name}: {_how(facts, iso3, part.quantity)}"
            yield valued(f"{part.path}.value", value, told, said, reads)
            said = f"{name} on the scale from 0 (worst) to 1 (best)"
            yield numbered(f"{part.path}.scaled", facts.normalised[iso3][part.path], 3, said, reads)
            yield numbered(f"{part.path}.brings", brings, 3, f"what {name} {brought}", reads)


def _values(facts: Facts, iso3: str) -> Iterator[Fact]:
    """Each figure used with its error and year, its peers' median, its standing among them, its earlier years."""
    group = facts.group[iso3]
    many = len(facts.members[group])
    whose = f"peer group of {many}" if facts.groups.get(group) else f"{many} countries considered"
    for indicator in facts.used:
        sheet, cell, path = facts.sheets[indicator], facts.cells[iso3][indicator], f"values.{indicator}"
        name, reads = inner(plain(sheet.label)), _reads(facts, iso3, Quantity(indicator))
        value, sd = (cell.value, cell.sd if cell.sd > 0 else None) if cell.known else (None, None)
        shown = reasons.shown(value, Quantity(indicator), facts.sheets)
        said = name + (f" for {int(cell.year)}" if cell.known else "")
        yield Fact(f"{path}.value", value, dated_lists.told(facts, iso3, indicator) or shown, said, reads)
        said = f"standard error of {name} ({cell.sd_kind})"
        yield Fact(f"{path}.sd", sd, sourcing.error(cell, facts, indicator), said, reads)
        if cell.known:
            yield Fact(f"{path}.year", cell.year, str(int(cell.year)), f"the year {name} describes", reads)
        if facts.sheets[indicator].classes:
            continue
        peers = facts.peers_on(group, indicator)
        held = f"{len(peers.values)} figures of the {whose}"
        yield numbered(f"{path}.median", peers.median, sheet.decimals, f"median of {name} over the {held}")
        if cell.known and (share := peers.better_than(cell.value)) is not None:
            said = f"share of the others among the {held} that it is better than on {name}"
            yield as_share(f"{path}.better_than", share, said)
        for year, value in sorted(facts.history(indicator).get(iso3, {}).items()):
            if not missing(value):
                at, read = f"{path}.history.{year}", ((indicator, year),)
                yield numbered(at, value, sheet.decimals, f"{name} for {year}", read)


def _firm(facts: Facts, iso3: str) -> Iterator[Fact]:
    """How often each rank came out; the rank with one thing left out."""
    draws = facts.result.firmness.draws
    # of many countries a column is a step of ranks, named by its last
    for rank, times in facts.result.firmness.places.counts.loc[iso3].items():
        if times:
            yield as_share(f"ranks.{rank}", times / draws, f"{ordinal(rank)} in {runs(times / draws, draws)}")
    without = facts.result.without
    if without is not None and facts.ranked(iso3):
        for (kind, subject), rank in without.loc[iso3].items():
            said = f"the rank of the published values without the {kind} {subject}"
            yield numbered(f"without.{kind}.{subject}", rank, 0, said)
