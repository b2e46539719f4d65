"""One because and one but for each recommended country, chosen by rule so that a board can tell them apart.

because   a figure that the rule rewards: the change its kind of candidate rests on, and what it is best at of the list
but       the figure whose error costs most of its chance to qualify; where that is under a point, its thinnest margin

Of facts that weigh about alike the one is told that fewest others of the list could be told (docs/decisions/114).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from eligibility.pages import counterfactuals, grid, names
from eligibility.pages.facts import Facts
from eligibility.pages.reasons import leaves
from eligibility.pages.said import Figure, Located, Said, say, tell, unsigned
from eligibility.pages.sentences import carrying, fitting
from eligibility.pages.wording import inner, missing, number, plain
from eligibility.policy import walk
from eligibility.policy.model import Gate, Reference, Test

POINT = 0.01  # of probability: less is not worth naming a figure for, and what differs by less weighs alike
PART = 0.25  # of what a requirement costs: a figure that alone makes less of it does not stand for it
EVEN = 0.5  # margins of error within which two margins are alike
AHEAD = 0.1  # of the peers: two changes ahead of about as many of them are alike
FAIL = "fail"


@dataclass(frozen=True)
class Option:
    """A fact that could be told of a country: what it is of, how much it weighs, and the sentence."""

    of: str
    weight: float
    said: Said


def pairs(facts: Facts, among: tuple[str, ...]) -> dict[str, tuple[Said, Said]]:
    """iso3 -> because and but, for each country of the list `among`."""
    changed = _apart({c: _changes(facts, c) for c in among})
    against = _apart({c: _against(facts, c) for c in among})
    return {
        c: (
            _because(facts, c, among, changed.get(c)),
            say("but", what=against.get(c) or _weak(facts, c, among)),
        )
        for c in among
    }


def _apart(options: Mapping[str, list[Option]]) -> dict[str, Said]:
    """Of what weighs alike the fact that fewest others have; of those the weightiest."""
    shared = Counter(of for own in options.values() for of in {one.of for one in own})
    return {
        c: min(own, key=lambda one: (shared[one.of], -one.weight, one.of)).said
        for c, own in options.items()
        if own
    }


def _alike(options: Iterable[Option], within: float) -> list[Option]:
    """Those that weigh about as much as the weightiest."""
    found = list(options)
    most = max((one.weight for one in found), default=0.0)
    return [one for one in found if one.weight >= most - within]


def _because(facts: Facts, iso3: str, among: tuple[str, ...], changed: Said | None) -> Said:
    """What speaks for a country: at most two facts."""
    what = tuple(said for said in (changed, _first(facts, iso3, among, best=True)) if said)
    if not what and facts.pillars:
        what = (_part(facts, iso3, "because.score", max),)
    return say("because", what=what)


def _changes(facts: Facts, iso3: str) -> list[Option]:
    """The changes its kind of candidate rests on, those on which it is ahead of most of its peers."""
    found = []
    for track in fitting(facts, iso3):
        for leaf in grid.leaves(track.rule, facts.node[iso3]):
            test = leaf.node
            if (
                not isinstance(test, Test)
                or leaf.word != "pass"
                or test.quantity.measure not in ("change_over", "change_from_peak", *names.PARTS)
                or missing(facts.measured[iso3].get(test.path))
                or missing(facts.needs[iso3].get(test.path))
            ):
                continue
            if said := _change(facts, iso3, test):
                of = f"{test.quantity.indicator} {test.quantity.measure}"
                found.append(Option(of, _ahead(facts, iso3, test), said))
    return _alike(found, AHEAD)


def _change(facts: Facts, iso3: str, test: Test) -> Said | None:
    """One change in words; none where nothing moved, a gap did not close, or a peak is not in the years shown."""
    q, measured, needed = test.quantity, facts.measured[iso3][test.path], facts.needs[iso3][test.path]
    closed = q.measure == "gap_closed_over"
    if measured == 0 or (closed and measured < 0):
        return None
    indicator, sheet = q.indicator, facts.sheets[q.indicator]
    name, cell = names.of(indicator, facts.sheets).name, facts.cells[iso3][indicator]
    way = say("way.up" if measured > 0 else "way.down")
    if q.measure == "change_from_peak":
        series = {int(y): v for y, v in facts.history(indicator).get(iso3, {}).items() if not math.isnan(v)}
        peak = max((y for y in series if y <= cell.year), key=lambda y: (series[y], y), default=None)
        if peak is None:
            return None
        was, now = Figure(series[peak], sheet.decimals), Figure(cell.value, sheet.decimals)
        return say("because.fell", name=name, way=way, was=was, first=peak, now=now)
    by = names.figure(unsigned(measured), q, sheet.decimals)
    given = dict(name=name, by=by, years=q.years, beside=_beside(test, measured, needed, sheet.decimals))
    unit = "" if q.measure in names.PARTS else names.per(indicator)
    return tell("because.closed" if closed else "because.change", **given, way=way, unit=unit)


def _beside(test: Test, measured: float, needed: float, decimals: int) -> Said:
    """What a change is held against: without its sign where both go one way, which the words before it tell."""
    kind, limit = "needed", test.threshold
    if isinstance(limit, Reference) and limit.quantile == 0.5:
        kind = "typical.group" if limit.among == "peers" else "typical"
    against = names.figure(unsigned(needed), test.quantity, decimals)
    if needed * measured < 0:
        against = replace(against, value=needed, name=f"{'+' if needed > 0 else '−'}{against.text}")
    return say(f"because.{kind}", x=against)


def _ahead(facts: Facts, iso3: str, test: Test) -> float:
    """The share of the country's peers that a change is larger than, in the direction the test asks for."""
    sign = 1 if test.compares and test.compares.up else -1
    mine = facts.measured[iso3][test.path] * sign
    others = (facts.measured[c].get(test.path) for c in facts.members.get(facts.group[iso3], ()) if c != iso3)
    known = [x * sign for x in others if not missing(x)]
    return sum(x < mine for x in known) / len(known) if known else 0.0


def _first(facts: Facts, iso3: str, among: tuple[str, ...], best: bool) -> Said | None:
    """A scored figure on which it is the best, or the worst, of the list; the one furthest from the second."""
    found: list[tuple[float, Said]] = []
    for _, component in facts.components:
        indicator, sheet = component.quantity.indicator, facts.sheets[component.quantity.indicator]
        if component.quantity.measure != "level" or sheet.classes:
            continue
        high = (component.better == "high") == best
        values = {c: facts.cells[c][indicator].value for c in among if facts.cells[c][indicator].known}
        if len(values) < 2 or iso3 not in values:
            continue
        order = sorted(values.values(), reverse=high)
        if values[iso3] != order[0] or order[0] == order[1]:
            continue
        gap = abs(order[0] - order[1]) / (sheet.hi - sheet.lo)
        words = names.extreme(names.of(indicator, facts.sheets), high)
        most, x = say("most.high" if high else "most.low", words=words), Figure(order[0], sheet.decimals)
        found.append((gap, say("because.first", most=most, n=len(among), x=x)))
    return max(found, key=lambda each: each[0])[1] if found else None


def _part(facts: Facts, iso3: str, phrase: str, pick) -> Said:
    """Its strongest or weakest part of the score."""
    scores = facts.pillar[iso3]
    value, title = pick((scores[p.id], plain(p.title)) for p in facts.pillars if not missing(scores[p.id]))
    return say(phrase, part=inner(title), x=Figure(value, 2))


def _weak(facts: Facts, iso3: str, among: tuple[str, ...]) -> Said:
    """What is told where no figure could exclude it: what it is worst at of the list, else its weakest part, else its chance."""
    part = _part(facts, iso3, "but.part", min) if facts.pillars else None
    return _first(facts, iso3, among, best=False) or part or say("because.chance", p=facts.p_eligible[iso3])


def _against(facts: Facts, iso3: str) -> list[Option]:
    """What could exclude a country, by what it costs; where nothing costs a point, the thinnest margins."""
    if facts.status[iso3] == "conditional" and (short := grid.short(facts, iso3)):
        return [Option(short[0].node.path, 1.0, say("but.condition", short=grid.told(facts, iso3, short[0])))]
    rules = carrying(facts, iso3)
    p = facts.p_rule[iso3]
    costs = {r.id: 1 - p[r.id] for r in rules if not missing(p.get(r.id)) and 1 - p[r.id] >= POINT}
    found = [one for rule in rules if rule.id in costs for one in _costly(facts, iso3, rule, costs[rule.id])]
    if found:
        return _alike(found, POINT)
    near = [one for rule in rules for one in _near(facts, iso3, rule)]
    known = [one for one in near if not missing(one.far)]
    if known:
        return _alike((Option(x.of, -x.far, say("but.margin", **x.told, sd=x.far)) for x in known), EVEN)
    return [Option(x.of, -x.gap, say("but.exact", **x.told)) for x in sorted(near, key=lambda x: x.gap)[:1]]


def _costly(facts: Facts, iso3: str, rule: Gate, cost: float) -> Iterator[Option]:
    """The nearest figures of a rule, where they alone make a good part of what it costs; else the rule itself."""
    near = [x for x in _near(facts, iso3, rule) if not missing(x.far)]
    least = min((x.far for x in near), default=math.inf)
    alone = [x for x in near if x.far <= least + EVEN and math.erfc(x.far / math.sqrt(2)) / 2 >= PART * cost]
    for x in alone:
        yield Option(x.of, cost, say("but.likely", **x.told))
    if not alone:
        kind = rule in facts.criteria.tracks
        one = len({looked.indicator for looked in walk.quantities_of(rule.rule)}) == 1
        phrase = f"but.{'kind' if kind else 'gate'}{'.one' if one else ''}"
        p = Located(1 - cost, facts.at(iso3, f"{'tracks' if kind else 'gates'}.{rule.id}.p_pass"))
        yield Option(rule.id, cost, tell(phrase, p=p, gate=plain(rule.title)))


@dataclass(frozen=True)
class Near:
    """A figure that alone would turn a rule: how far it is from that in margins of error and in its unit, and in words."""

    of: str
    far: float
    gap: float
    told: dict


def _near(facts: Facts, iso3: str, rule: Gate) -> Iterator[Near]:
    """The figures that alone would turn a rule: present ones, and the worst of past years, which none of today changes."""
    for row in facts.flips[iso3]:
        if row["gate"] == rule.id and row["becomes"] == FAIL and not facts.sheets[row["indicator"]].classes:
            yield Near(row["indicator"], row["in_sd"], abs(row["change"]), _row(facts, row))
    tests = {leaf.path: leaf for leaf in leaves(rule.rule) if isinstance(leaf, Test)}
    for row in facts.thresholds[iso3]:
        test = tests.get(row["test"])
        if test is None or row["becomes"] != FAIL or test.quantity.measure != "peak_over":
            continue
        sheet, sd = facts.sheets[row["indicator"]], facts.cells[iso3][row["indicator"]].sd
        decimals = counterfactuals.apart(row["value"], row["threshold"], sheet.decimals)
        limit = Figure(row["threshold"], decimals, f"{grid.way(test)} {number(row['threshold'], decimals)}")
        name = names.quantity(test.quantity, facts.sheets, facts.high_is_better(row["indicator"]))
        gap = abs(row["value"] - row["threshold"])
        told = dict(name=f"its {name}", x=Figure(row["value"], decimals), needed=limit)
        far = Located(gap / sd if sd > 0 else math.nan, facts.at(iso3, f"{row['test']}.turns_errors"))
        yield Near(f"{row['indicator']} worst", far, gap, told)


def _row(facts: Facts, row: dict) -> dict:
    """A nearest change as the facts of a sentence: the figure, and what is needed."""
    sheet = facts.sheets[row["indicator"]]
    decimals = counterfactuals.apart(row["needed"], row["now"], sheet.decimals)
    limit = round(row["needed"], decimals)
    turns = counterfactuals.turning(row, sheet, decimals)[0]
    holds = not turns.endswith(("more", "less"))  # at the limit itself nothing has turned yet
    way = ("at most" if holds else "below") if row["change"] > 0 else ("at least" if holds else "above")
    return dict(
        name=names.of(row["indicator"], facts.sheets).name,
        x=Figure(row["now"], decimals),
        needed=Figure(row["needed"], decimals, f"{way} {number(limit, decimals)}"),
    )
