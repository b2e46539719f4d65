"""What annex B says of the criteria: every line of it told again from the policy, threshold by threshold."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from claims_exhibits import MEANS, is_mean
from claims_gates import said_threshold
from prover import Page, claim, fixed
from reading import NUMBER, WORDS, is_count, is_number, is_share, listed
from truth import SHARES, Truth
from verdicts import DAYS, asked_classes, is_days, left_out

from eligibility import countries
from eligibility.policy import Dated, Extreme, Group, Metric, Named, Points, Reference, Share, Test

SAID = {"at_least": "at least", "at_most": "at most", "above": "above", "below": "below"}
OPPOSED = {"at_least": "{} or above", "at_most": "{} or below", "above": "above {}", "below": "below {}"}
MISSED = {"fail": "; counts as failed if missing", "drop": "; is left out if missing", "unknown": ""}

fixed("briefing", "criteria", "Annex B. Criteria in words and numbers", tags="h2")


def flat(text: str) -> str:
    return " ".join(text.split())


def lines(t: Truth) -> set[str]:
    """Every line that annex B may hold; each is made from one node of the policy and nothing else."""
    return t.once("rules", _lines)


def _lines(t: Truth) -> set[str]:
    own = t.criteria
    rules = [own.pool, *(g.rule for g in own.peers if g.rule), *(g.rule for g in (*own.gates, *own.tracks))]
    found = {flat(line) for rule in rules for line in _node(t, rule)}
    return found | {flat(x) for x in _score(t)}


def _notes(node) -> str:
    cites = Truth.cited(getattr(node, "cites", None))
    return (f" ({node.basis})" if node.basis else "") + (f" [{cites}]" if cites else "")


def _node(t: Truth, node) -> Iterator[str]:
    grants = " (admits on condition only)" if node.grants == "conditional" else ""
    days = node.in_force.since, node.in_force.until
    if any(days):
        first, last = (day.isoformat() if day else "" for day in days)
        grants += f" (in force {f'{first} to {last}' if all(days) else f'from {first}' if first else f'until {last}'})"
    notes = _notes(node)
    if isinstance(node, Test):
        yield f"{_test(t, node)}{MISSED[node.missing]}{grants}{notes}"
    elif isinstance(node, Named):
        yield f"The country is one of these{notes}"
        yield from (f"{countries.register().name(c)}: {why}" for c, why in node.countries)
    elif isinstance(node, Points):
        yield (
            f"At least {node.share_at_least * 100:.0f}% of the points that apply; with data on fewer than "
            f"{word(node.metrics_at_least)} of {word(len(node.metrics))} it is unknown{grants}{notes}"
        )
        yield from (x for m in node.metrics for x in _metric(t, m))
    else:
        yield from _group(t, node, grants, notes)


def _group(t: Truth, node: Group, grants: str, notes: str) -> Iterator[str]:
    if (
        len(node.of) == 1 and node.join != "none"
    ):  # one branch alone stands for its group, with the notes of either
        basis = node.of[0].basis or node.basis
        cites = Truth.cited(getattr(node.of[0], "cites", None)) or Truth.cited(node.cites)
        first, *below = _node(t, node.of[0])
        first = first.removesuffix(_notes(node.of[0]))
        yield first + grants + (f" ({basis})" if basis else "") + (f" [{cites}]" if cites else "")
        yield from below
        return
    head = {
        "all": "All of these hold",
        "any": "At least one of these holds",
        "none": "None of these holds" if len(node.of) > 1 else "This does not hold",
        "at_least": f"At least {word(node.n)} of these {word(len(node.of))} hold",
    }[node.join]
    yield (f"{node.title}: {head[0].lower()}{head[1:]}" if node.title else head) + grants + notes
    yield from (x for branch in node.of for x in _node(t, branch))


def word(n: int) -> str:
    return WORDS[n] if n <= 10 else f"{n:,}"


def _test(t: Truth, test: Test) -> str:
    name, threshold = t.called(test.quantity), test.threshold
    if test.operator == "in":
        return f"{name} is {asked_classes(t, test)}"
    sheet = t.sheets.get(test.quantity.indicator)
    classes = sheet.classes if sheet else None
    if isinstance(threshold, (Reference, Extreme)):
        of = getattr(threshold, "of", None) if isinstance(threshold, Reference) else None
        more = f" of {t.called(of)[0].lower()}{t.called(of)[1:]}" if of not in (None, test.quantity) else ""
        return f"{name} {SAID[test.operator]} {said_threshold(t, threshold)}{more}"
    if isinstance(threshold, Dated):
        held = [x for since, x in threshold.since if since <= t.result.as_of]
        limit = f"{figure(t, test, held[-1] if held else math.nan)} ({said_threshold(t, threshold)})"
        return f"{name} {limit}" if classes else f"{name} {SAID[test.operator]} {limit}"
    if classes:
        if test.quantity.measure == "level":
            return f"{name} is {OPPOSED[test.operator].format(figure(t, test, threshold))}"
        sign = {"at_least": "≥", "at_most": "≤", "above": ">", "below": "<"}[test.operator]
        return f"{name} is {sign} {figure(t, test, threshold)}"
    return f"{name} {SAID[test.operator]} {figure(t, test, threshold)}"


def figure(t: Truth, test: Test, x: float) -> str:
    """A threshold with the decimals of its series, as `is_number` would have it; a class by its name."""
    sheet = t.sheets.get(test.quantity.indicator)
    if test.quantity.measure in SHARES and not math.isnan(x):
        return f"{'−' if x < 0 else ''}{abs(100 * x):.1f}%"
    if sheet and sheet.classes and test.quantity.measure == "level":
        return t.class_of(test.quantity.indicator, x)
    text = f"{abs(x):,.{sheet.decimals if sheet else 2}f}"
    text = f"−{text}" if x < 0 and text.strip("0.,") else text
    return "no data" if math.isnan(x) else text


def _metric(t: Truth, metric: Metric) -> Iterator[str]:
    title = metric.title or (t.called(metric.quantity) if metric.quantity else metric.kind.replace("_", " "))
    yield f"{title[0].upper()}{title[1:]}: up to {metric.worth:,.0f} points" + (
        f" ({metric.basis})" if metric.basis else ""
    )
    yield from (x for m in metric.of for x in _metric(t, m))


def _score(t: Truth) -> Iterator[str]:
    own = t.criteria.score
    if own is None:
        return
    how = MEANS.get(own.power, f"power mean of power {own.power:.1f}".replace("-", "−"))
    yield f"The {how} of {word(len(own.pillars))} pillar{'s' * (len(own.pillars) != 1)}" + (
        f" ({own.basis})" if own.basis else ""
    )


@claim("briefing", "criteria", r"(?P<line>.+)", tags="li")
def line(page: Page, line):
    assert line in lines(page.truth)


@claim(
    "briefing",
    "criteria",
    r"(?P<title>.+?), (?P<share>[^,]+%) of the weight: the (?P<how>.+?) of (?P<n>\S+) indicators?(?P<rest>(?: [(\[].+)?)",
    tags="li",
)
def pillar(page: Page, title, share, how, n, rest):
    t = page.truth
    (own,) = [p for p in t.pillars if p.title == title]
    assert is_share(share, own.weight / math.fsum(p.weight for p in t.pillars)) and is_mean(how, own.power)
    assert is_count(n, len(own.components)) and flat(rest) == flat(_notes(own))


SCALES = {
    "percentile": "its percentile",
    "z": "its standard score",
    "minmax": "its place between lowest and highest",
    "piecewise": "a stated curve",
}


@claim("briefing", "criteria", rf"(?P<name>.+?), (?P<share>[^,]+%) of the pillar, scaled (?:from (?P<low>{NUMBER}) to (?P<high>{NUMBER})(?P<log> on a logarithmic scale)?|by (?P<by>.+?)(?: among the (?P<among>peers|pool))?)(?P<turned>, turned round so that low is good)?(?P<basis> \(.+\))?", tags="li")  # fmt: skip
def component(page: Page, name, share, low, high, log, by, among, turned, basis):
    t = page.truth
    found = [(p, c) for p, c in t.components if t.called(c.quantity) == name]
    assert any(_is_component(p, c, share, low, high, log, by, among, turned, basis) for p, c in found)


def _is_component(p, c, share, low, high, log, by, among, turned, basis) -> bool:
    scale = c.scale
    if scale.kind == "goalposts":
        ((a, b),) = scale.points
        on = bool(low) and is_number(low, a) and is_number(high, b) and bool(log) == scale.log
    else:
        on = by == SCALES[scale.kind] and among == (None if scale.kind == "piecewise" else scale.among)
    weight = c.weight / math.fsum(x.weight for x in p.components)
    return (
        on
        and is_share(share, weight)
        and bool(turned) == (c.better == "low")
        and flat(basis or "") == flat(f"({c.basis})" if c.basis else "")
    )


@claim(
    "briefing",
    "criteria",
    "(?P<what>In force|Who is considered|Score|Shortlist|Oldest figure used|Measurement error|(?:Peer group|Gate|Track|Hold|Not applied|Beside the score): .+)",
    tags="h3",
)
def rule_title(page: Page, what):
    own = page.truth.criteria
    kind, _, title = what.partition(": ")
    groups = {"Peer group": own.peers, "Gate": own.gates, "Track": own.tracks, "Beside the score": own.axes}
    groups["Hold"] = [own.hold] if own.hold else []
    if kind == "Not applied":
        assert title in {g.title for g in left_out(own)}
    elif title:
        assert title in {g.title for g in groups[kind]}
    else:
        assert {"Score": own.score, "Shortlist": own.shortlist}.get(kind, True)


@claim("briefing", "criteria", rf"(?P<when>{DAYS})\.", tags="p")
def set_in_force(page: Page, when):
    assert is_days(when, page.truth.criteria.in_force)


@claim("briefing", "criteria", rf"In force (?P<when>{DAYS})\.", tags="p")
def gate_in_force(page: Page, when):
    own = page.truth.criteria
    assert any(is_days(when, g.in_force) for g in (*own.gates, *own.tracks))


@claim(
    "briefing",
    "criteria",
    rf"Not in force at this date, so it is not applied(?:: (?P<when>{DAYS}))?\.",
    tags="p",
)
def not_applied(page: Page, when):
    t = page.truth
    out = [g for g in left_out(t.criteria) if not when or any(is_days(when, x.in_force) for x in (g, g.rule))]
    assert out and not (
        when and all(g.in_force.holds(t.result.as_of) and g.rule.in_force.holds(t.result.as_of) for g in out)
    )


fixed("briefing", "criteria", "Every other country.", tags="p")


@claim(
    "briefing",
    "criteria",
    "(?:Orders every country that has it|Orders those admitted; never admits anyone)\\.",
    tags="p",
)
def orders(page: Page):
    assert page.truth.criteria.score


@claim("briefing", "criteria", r"For the peer group “(?P<title>[^”]+)”\.", tags="p")
def for_group(page: Page, title):
    own = page.truth.criteria
    assert title in {g.title for g in own.peers if g.id in {x.peer_group for x in own.tracks}}


@claim("briefing", "criteria", r"Not of an ideal kind: who fits no other track is qualified\.", tags="p")
def will_do(page: Page):
    assert any(not track.ideal for track in page.truth.criteria.tracks)


@claim("briefing", "criteria", r"Held for (?P<n>\S+) months? after an event of a kind that holds \((?P<kinds>[^)]+)\)(?P<until> and until every gate reads figures of the first full year after it)?\.", tags="p")  # fmt: skip
def holds_for(page: Page, n, kinds, until):
    rule = page.truth.criteria.hold
    assert is_count(n, rule.months) and bool(until) == rule.figures
    assert kinds == f"{', '.join(rule.kinds[:-1])} or {rule.kinds[-1]}" if rule.kinds[1:] else rule.kinds[0]


@claim("briefing", "criteria", r"From (?P<cite>.+)", tags="p")
def cite(page: Page, cite):
    own = page.truth.criteria
    nodes = [own.pool, own.score, own.hold, *own.gates, *own.tracks, *own.axes]
    assert cite in {Truth.cited(n.cites) for n in nodes if n is not None}


@claim(
    "briefing",
    "criteria",
    r"(?P<n>\S+) (?P<what>places?|years? before the date)(?:; (?P<ages>[^.]+))?\.",
    tags="p",
)
def how_many(page: Page, n, what, ages=None):
    own, sheets = page.truth.criteria, page.truth.sheets
    told = listed(
        f"{_small(sheets[i].label)} {word(age)} year{'s' * (age != 1)}"
        for i, age in own.own_ages
        if i in sheets
    )
    assert (ages or "") == ("" if what.startswith("place") else told)
    many = own.shortlist if what.startswith("place") else own.max_age
    assert is_count(n, many) and bool(re.match(r"\w+s\b", what)) == (many != 1)


@claim("briefing", "criteria", r"(?P<what>Variety counts for (?P<share>\S+)|At most (?P<most>\S+) of one region|At least (?P<least>\S+) of “(?P<title>.+?)”): (?P<why>.+?)\.", tags="p")  # fmt: skip
def limit_of_the_list(page: Page, what, why, share=None, most=None, least=None, title=None):
    t, own = page.truth, page.truth.criteria.limits
    titles = {kind.id: kind.title for kind in (*t.criteria.tracks, *t.criteria.mechanisms)}
    if share:
        assert is_share(share, own.variety) and why == own.variety_basis
    elif most:
        assert is_count(most, own.per_region) and why == own.per_region_basis
    else:
        assert any(is_count(least, x.n) and (title, why) == (titles[x.id], x.basis) for x in own.at_least)


@claim("briefing", "criteria", r"(?P<names>[A-Z][^.]+)\.", tags="p")
def axis_names(page: Page, names):
    t = page.truth
    lists = [listed(_small(t.sheets[i].label) for i in axis.indicators) for axis in t.criteria.axes]
    assert names in {x[0].upper() + x[1:] for x in lists}


def _small(label: str) -> str:
    return label[0].lower() + label[1:] if label.split(" ")[0][1:].islower() else label


@claim(
    "briefing",
    "criteria",
    r"Standard errors assumed where no publisher gives one: (?P<told>(?:[^.]|\.(?=\d))+)\.",
    tags="p",
)
def assumed(page: Page, told):
    t = page.truth
    own = [(t.sheets[i].label, sd) for i, sd in t.criteria.uncertainty.assumed_sd if i in t.sheets]
    parts = re.split(r"(?:(?<=\d)|(?<=% of the value))(?:, | and )", told)
    assert len(parts) == len(own)
    for part, (label, sd) in zip(parts, own, strict=True):
        name, _, number = part.rpartition(" ±")
        share, _, rest = number.partition("% of the value")
        assert name == _small(label) and not rest
        assert (
            is_number(share, 100 * sd.of)
            if isinstance(sd, Share)
            else share == number and is_number(number, sd)
        )


@claim("briefing", "data", r"(?P<text>.+)", tags="small")
def unit(page: Page, text):
    assert text in {s.unit.replace(" -", " −") for s in page.truth.sheets.values()}


@claim("country briefing", "data", r"(?P<publisher>.+); vintage (?P<vintage>.+)", tags="small")
def source(page: Page, publisher, vintage, piece):
    from eligibility.pages import outlines

    held = {s.id: (s.publisher, s.vintage) for s in page.truth.result.panel.sources}
    sheet = outlines.world().sheet
    assert (publisher, vintage) == (held | {sheet["id"]: (sheet["publisher"], sheet["vintage"])})[piece.row]


@claim("briefing", "data", r"(?P<text>.+)", tags="small")
def outline_note(page: Page, text):
    from eligibility.pages import outlines

    sheet = outlines.world().sheet
    assert text in {flat(str(x)) for x in (sheet["citation"], *sheet["notes"])}
