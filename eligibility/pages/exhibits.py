"""The exhibits of a country page: strips, score, trends, ranks, neighbours, axes, data rows."""

from __future__ import annotations

import math

from eligibility.pages import charts, dated, doubt, reasons, sentences, sourcing
from eligibility.pages.facts import Facts
from eligibility.pages.views import (
    AxisBlock,
    Firm,
    NeighbourRow,
    Score,
    ShareRow,
    StripChart,
    StripRow,
    TrendChart,
)
from eligibility.pages.wording import (
    NO_DATA,
    among,
    capital,
    counted,
    inner,
    missing,
    number,
    percent,
    plain,
    spelled,
    unit,
    verb,
)
from eligibility.policy import Gate, Quantity

POWERS = {1.0: "arithmetic mean", 0.0: "geometric mean", -1.0: "harmonic mean", -math.inf: "smallest"}


def numeric(facts: Facts, indicator: str) -> bool:
    """Whether a series can be drawn on a scale: numbers, not classes."""
    return not facts.sheets[indicator].classes


def gate_value(facts: Facts, iso3: str, indicator: str) -> float | None:
    """The threshold on the level of an indicator in the gates, as it was for this country; the first where several."""
    for _, test in facts.gate_levels.get(indicator, ()):
        threshold = facts.needs[iso3].get(test.path)
        if not missing(threshold):
            return threshold
    return None


def strip_row(facts: Facts, iso3: str, indicator: str) -> StripRow:
    """One indicator of a country among its peers."""
    sheet, value = facts.sheets[indicator], facts.cells[iso3][indicator]
    peers = facts.peers_on(facts.group[iso3], indicator)
    gate = gate_value(facts, iso3, indicator)
    share = peers.better_than(value.value) if value.known else None
    shown = number(value.value, sheet.decimals)
    arrow = "" if share is None or peers.median is None else _side(value.value, peers)
    told = [shown] if value.known else [NO_DATA]
    if share is not None:
        told.append(f"better than {percent(share)} of the other peers")
    if peers.median is not None:
        told.append(f"peer median {number(peers.median, sheet.decimals)}")
    if gate is not None:
        told.append(f"gate at {number(gate, sheet.decimals)}")
    if value.known and value.sd > 0:
        told.append(f"standard error {number(value.sd, max(2, sheet.decimals))}")
    return StripRow(
        id=indicator.replace(".", "-"),
        label=plain(sheet.label),
        unit=unit(sheet.unit) + (", lower is better" if not facts.high_is_better(indicator) else ""),
        value=shown,
        standing="" if share is None else percent(share),
        arrow=arrow,
        alt=f"{plain(sheet.label)}: {'; '.join(told)}.",
        peers=peers,
        strip=charts.strip(peers, value.value, value.sd, gate),
        fact=f"{iso3} values.{indicator}",
    )


def _side(value: float, peers: charts.Peers) -> str:
    """Above, below or at the peers' median, better being above."""
    if peers.median is None or value == peers.median:
        return "="
    return "▲" if (value > peers.median) == peers.high_is_better else "▽"


def strips(facts: Facts, iso3: str) -> tuple[StripChart, ...]:
    """A chart a pillar, then one of the indicators that only gates and tracks look at."""
    out, seen = [], set()
    for pillar in facts.pillars:
        ids = [c.quantity.indicator for c in pillar.components if numeric(facts, c.quantity.indicator)]
        seen |= set(ids)
        if ids:
            out.append(_strip_chart(facts, iso3, f"pillar-{pillar.id}", plain(pillar.title), ids))
    asked = facts.looked_at(*(g.rule for g in (*facts.criteria.gates, *_tracks(facts, iso3))))
    only = [i for i in asked if i not in seen and numeric(facts, i)]
    if only:
        out.append(_strip_chart(facts, iso3, "gates-only", "Looked at by gates and tracks only", only))
    return tuple(out)


def _tracks(facts: Facts, iso3: str) -> list[Gate]:
    """The tracks open to a country's peer group."""
    return [t for t in facts.criteria.tracks if not t.peer_group or t.peer_group == facts.group[iso3]]


def _strip_chart(facts: Facts, iso3: str, key: str, title: str, indicators: list[str]) -> StripChart:
    rows = tuple(strip_row(facts, iso3, i) for i in indicators)
    known = [r for r in rows if r.arrow]
    above = sum(1 for r in known if r.arrow == "▲")
    gaps = len(rows) - sum(1 for r in rows if r.value != NO_DATA)
    if not known:
        finding = "no data" if gaps else "no peers to compare with"
    else:
        better = among(above, len(known), "indicator") if above else f"none of {spelled(len(known))}"
        finding = f"better than the peer median on {better}"
        if len(known) == 1:
            finding = {"▲": "better than", "▽": "worse than", "=": "at"}[known[0].arrow] + " the peer median"
        finding += f", no data on {spelled(gaps)}" if gaps else ""
    most, group = (
        max((len(r.peers.values) for r in rows), default=0),
        len(facts.members.get(facts.group[iso3], ())),
    )
    whose = (
        counted(group, "country", "countries")
        if most == group
        else f"{most} of {counted(group, 'country', 'countries')}"
    )
    whole = "of its peer group" if facts.criteria.peers else "considered"
    whose = f"all {whose}" if not facts.criteria.peers and most == group else f"{whose} {whole}"
    held = any(r.value != NO_DATA for r in rows)
    subtitle = (
        f"{facts.names[iso3]} among {whose}"
        if held
        else f"{capital(whose)}; {facts.names[iso3]} has no figure here"
    )
    subtitle += ". Right is always better."
    return StripChart(
        id=key,
        title=f"{title}: {finding}",
        subtitle=subtitle if most else f"No figure is held of any country {whole}.",
        rows=rows,
        sources=sourcing.sources_line(facts, indicators),
    )


def score(facts: Facts, iso3: str) -> Score | None:
    """Where the score comes from: weights, values, parts that add up; None without a score in the criteria."""
    spec = facts.criteria.score
    if spec is None:
        return None
    total = facts.score[iso3]
    weights = sum(p.weight for p in facts.pillars)
    rows = []
    for k, pillar in enumerate(facts.pillars):
        parts = [facts.contribution[iso3][c.path] for c in pillar.components]
        rows.append(
            ShareRow(
                plain(pillar.title),
                percent(pillar.weight / weights),
                "",
                number(facts.pillar[iso3][pillar.id], 3),
                number(_sum(parts), 3),
                (),
                True,
                f"{iso3} score.pillars.{pillar.id}",
            )
        )
        inside = sum(c.weight for c in pillar.components)
        for component, part in zip(pillar.components, parts, strict=True):
            value = facts.cells[iso3][component.quantity.indicator]
            shown = reasons.shown(measured(facts, iso3, component.quantity), component.quantity, facts.sheets)
            rows.append(
                ShareRow(
                    name=capital(reasons.called(component.quantity, facts.sheets)),
                    weight=percent(component.weight / inside * pillar.weight / weights),
                    value=shown + (" (carried)" if value.mark == "carried" else ""),
                    scaled=number(facts.normalised[iso3][component.path], 3),
                    part=number(part, 3),
                    bar=charts.bars([part], facts.largest_part, [k % 3]),
                    head=False,
                    fact=f"{iso3} {component.path}",
                )
            )
    how = POWERS.get(spec.power, f"power mean of power {number(spec.power, 1)}")
    note = f"The score is the {how} of {counted(len(facts.pillars), 'pillar')}, each scaled from 0 (worst) to 1 (best). "
    if math.isnan(total):
        note += f"It has none: a pillar has figures for less than {percent(spec.coverage)} of its weight."
    else:
        note += "The last column says how much each indicator brings; it adds up to the score."
        note += "" if facts.ranked(iso3) else " The country is not ranked, so its score decides nothing."
    best = [
        (facts.pillar[iso3][p.id], plain(p.title))
        for p in facts.pillars
        if not math.isnan(facts.pillar[iso3][p.id])
    ]
    title = "No score" if math.isnan(total) else f"Score {number(total, 3)}"
    if len(best) > 1 and min(best)[0] < max(best)[0]:
        title += f": highest on {inner(max(best)[1])}, lowest on {inner(min(best)[1])}"
    return Score(title, note, tuple(rows), number(total, 3))


def _sum(parts: list[float]) -> float:
    return math.fsum(parts) if not any(math.isnan(p) for p in parts) else math.nan


def measured(facts: Facts, iso3: str, quantity: Quantity) -> float:
    """The quantity of a component: its level, or what the centre of the run measured."""
    if quantity.measure == "level":
        return facts.cells[iso3][quantity.indicator].value
    centre = facts.result.centre
    return float(centre.of(quantity)[0, centre.countries.index(iso3)])


def trends(facts: Facts, iso3: str) -> tuple[str, tuple[TrendChart, ...]]:
    """A finding and one small chart an indicator of the gates and of the country's track; of an index, of its score."""
    first, last = facts.years
    group, out, moved = facts.group[iso3], [], []
    rules = [g.rule for g in (*facts.criteria.gates, *_tracks(facts, iso3))]
    scored = dict.fromkeys(c.quantity.indicator for _, c in facts.components)
    errs = False
    for indicator in scored if facts.criteria.index else facts.looked_at(*rules):
        if not numeric(facts, indicator):
            continue
        sheet, cell = facts.sheets[indicator], facts.cells[iso3][indicator]
        values = facts.history(indicator).get(iso3, {})
        known = {y: v for y, v in values.items() if not math.isnan(v)}
        scale = facts.peers_on(group, indicator).scale
        span = (scale.lo, scale.hi)
        told = NO_DATA
        if len(known) > 1:
            start, end = min(known), max(known)
            change = known[end] - known[start]
            large = abs(change) > cell.sd if cell.sd > 0 else change != 0
            errs |= cell.sd > 0
            moved.append((change > 0) == facts.high_is_better(indicator) if large else None)
            told = f"{number(known[start], sheet.decimals)} in {start}, {number(known[end], sheet.decimals)} in {end}"
        elif known:
            told = f"{number(next(iter(known.values())), sheet.decimals)} in {next(iter(known))}, no earlier year"
        out.append(
            TrendChart(
                id=indicator,
                title=plain(sheet.label),
                unit="higher is better" if facts.high_is_better(indicator) else "lower is better",
                alt=f"{plain(sheet.label)}: {told}.",
                first=str(first),
                last=str(last),
                value=told,
                trend=charts.trend(
                    charts.lines(values, span, facts.years),
                    facts.median_lines(group, indicator, span),
                    gate_value(facts, iso3, indicator),
                    span,
                ),
                fact=" ".join(
                    [
                        iso3,
                        *(
                            f"values.{indicator}.history.{y}"
                            for y in sorted({*list(known)[:1], *list(known)[-1:]})
                        ),
                    ]
                )
                if known
                else "",
            )
        )
    if not moved:
        which = "scored" if facts.criteria.index else "gate"
        return f"Too few years to say how the {which} indicators have moved since {first}", tuple(out)
    better, worse = moved.count(True), moved.count(False)
    total = counted(len(moved), "indicator")
    if not better and not worse:
        none = f"none of {total} has" if len(moved) > 1 else "the one indicator has not"
        return f"Since {first} {none} moved{' by more than one standard error' if errs else ''}", tuple(out)
    finding = f"Since {first}, of {total} {spelled(better) if better else 'none'} improved and {spelled(worse) if worse else 'none'} worsened"
    if len(moved) == 1:
        finding = f"Since {first}, the one indicator has {'improved' if better else 'worsened'}"
    finding += " by more than one standard error" if errs else ""
    return finding, tuple(out)


def trends_subtitle(facts: Facts, iso3: str) -> str:
    """What the lines of a trend are."""
    median = "median of its peers" if facts.criteria.peers else "median of all countries"
    gate = "" if facts.criteria.index else " Dotted: the gate."
    return f"Solid: {facts.names[iso3]}. Dashed: {median}.{gate} Up is more, whether or not more is better."


def firm(facts: Facts, iso3: str) -> Firm:
    """The rank histogram with its finding."""
    stress, places = facts.result.firmness, facts.criteria.shortlist
    title = sentences.firm_title(facts, iso3)
    if missing(facts.p_eligible[iso3]) or facts.result.scores is None:
        return Firm(title, (sentences.firm(facts, iso3),), None, (), "")
    counts = facts.rank_counts[iso3]
    chart = charts.histogram(counts, stress.draws, places)
    asked = [facts.cells[iso3][i] for i in facts.used if facts.cells[iso3][i].known]
    exact = sum(1 for v in asked if v.sd_kind == "none")
    text = doubt.method(facts, iso3)
    if exact:
        text.append(
            f"{capital(among(exact, len(asked), 'figure'))} {verb(exact, 'has', 'have')} no stated error and "
            f"{verb(exact, 'is', 'are')} taken as exact, so the true doubt is larger."
        )
    text.append(
        f"A probability counted from {stress.draws:,} re-runs is itself known to within {number(100 * stress.half_width, 1)} percentage points."
    )
    text += [*doubt.together(facts, iso3), *doubt.left_out(facts, iso3), *doubt.central(facts, iso3)]
    ranks = [c for c in chart.columns if c.kind != "out"]
    shown = [f"rank {c.label} in {percent(c.share)}" for c in ranks if c.share >= charts.LARGE]
    rest = any(0 < c.share < charts.LARGE for c in ranks)
    lost = next(c.share for c in chart.columns if c.kind == "out")
    if lost > 0:
        shown.append(f"without a rank in {percent(lost)}")
    columns = tuple((c, percent(c.share)) for c in chart.columns)
    return Firm(
        title,
        tuple(text),
        chart,
        columns,
        f"{capital(', '.join(shown))} of re-runs"
        + (f"; each other rank in less than {percent(charts.LARGE)}." if rest else ".")
        if shown
        else f"Every rank came out in less than {percent(charts.LARGE)} of re-runs."
        if rest
        else "No rank came out in a re-run.",
    )


def neighbours(facts: Facts, iso3: str, links: frozenset[str]) -> tuple[str, tuple[NeighbourRow, ...]]:
    """The five ranked around a country, itself among them; none where it is not ranked."""
    ranked = [c for c in facts.result.ranking.order if facts.ranked(c)]
    if iso3 not in ranked:
        return f"{facts.names[iso3]} is not ranked, so it has no neighbours in the ranking", ()
    if len(ranked) == 1:
        return f"{facts.names[iso3]} is the only ranked country", ()
    at = ranked.index(iso3)
    start = max(0, min(at - 2, len(ranked) - 5))
    around = ranked[start : start + 5]
    inside = sum(
        1 for c in around if c != iso3 and facts.rank_low[iso3] <= facts.rank[c] <= facts.rank_high[iso3]
    )
    title = f"{capital(among(inside, len(around) - 1, 'neighbour'))} {verb(inside, 'lies', 'lie')} within its likely range of ranks"
    if len(around) == 2:
        title = f"Its one neighbour {'lies' if inside else 'does not lie'} within its likely range of ranks"
    if not facts.error_known:
        title = f"The {spelled(len(around))} around rank {number(facts.rank[iso3], 0)}"
    rows = tuple(
        NeighbourRow(
            rank=number(facts.rank[c], 0),
            name=facts.names[c],
            link=f"{c}.html" if c in links and c != iso3 else "",
            likely=sentences.likely(facts, c),
            score=number(facts.score[c], 3),
            pillars=tuple((number(facts.pillar[c][p.id], 3), f"{c} pillars.{p.id}") for p in facts.pillars),
            here=c == iso3,
            fact=c,
        )
        for c in around
    )
    return title, rows


def axes(facts: Facts, iso3: str) -> tuple[AxisBlock, ...]:
    """What is shown beside the score and never in it."""
    out = []
    for axis in facts.criteria.axes:
        rows = []
        for indicator in axis.indicators:
            sheet, value = facts.sheets[indicator], facts.cells[iso3][indicator]
            median = (
                facts.peers_on(facts.group[iso3], indicator).median if numeric(facts, indicator) else None
            )
            level = Quantity(indicator)
            rows.append(
                (
                    plain(sheet.label),
                    unit(sheet.unit),
                    dated.status(facts, iso3, indicator)
                    or reasons.shown(value.value if value.known else None, level, facts.sheets),
                    "" if sheet.classes else number(median, sheet.decimals),
                    number(value.year, 0).replace(",", "") if value.known else "",
                    sourcing.source_name(facts, indicator),
                    f"{iso3} values.{indicator}",
                )
            )
        out.append(AxisBlock(plain(axis.title), plain(axis.note), reasons.cited(axis.cites), tuple(rows)))
    return tuple(out)
