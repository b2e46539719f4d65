"""The card of one country, one sheet of paper: the verdict, every figure against what is needed, trends, what would change it."""

from __future__ import annotations

import math

from eligibility.pages import (
    bodies,
    dated_lists,
    dossier,
    footed,
    grid,
    imputed,
    names,
    sentences,
    sounding,
    sourcing,
    trendlines,
    turns,
)
from eligibility.pages.blocks import Bullets, Columns, Page, Pair, Pairs, Section, Text, Verdict
from eligibility.pages.facts import Facts
from eligibility.pages.said import Count, Located, Said, say, tell
from eligibility.pages.sentences import failing, few, fitting, none_of, obstacles, trackless
from eligibility.pages.views import STATUSES
from eligibility.pages.wording import missing, plain
from eligibility.policy.model import Axis

LIKELY = 0.9  # of the draws: a country ranked in fewer is said to be
LINE = 70  # letters of a line of a column
TOLD = 2  # figures named in one sentence


def page(facts: Facts, iso3: str, run: str, details: tuple[Section, ...] = (), alone: bool = False) -> Page:
    """The card of a country.

    run       the run's id
    details   what is folded behind the sheet
    alone     no other country is asked about, and there is room for whole addresses
    """
    own, day = facts.criteria, facts.result.as_of
    kicker = say("card.kicker"), say("name", name=plain(own.title)), *sourcing.read(facts)
    return Page(
        title=title(facts, iso3),
        kicker=kicker,
        running=say("running.card", name=facts.names[iso3], title=plain(own.id), day=day),
        lead=(),
        sections=tuple(_sections(facts, iso3, alone)),
        last=_last(facts, iso3, run),
        more=details,
    )


def _sections(facts: Facts, iso3: str, alone: bool):
    yield Section("verdict", None, (verdict(facts, iso3), grid.table(facts, iso3)))
    if drawn := trendlines.charts(facts, iso3):
        said, drawings = drawn
        yield Section("trends", said, (drawings,))
    if bodies.shown(facts, iso3):
        yield bodies.section(facts, iso3)
    why, would = turns.why_now(facts, iso3, alone), turns.would_change(facts, iso3)
    right: list[Section] = []
    left = list(footed.sections(facts, iso3)) if bodies.shown(facts, iso3) else []
    (right if left else left).append(Section("why", say("why.title"), (Text((why,)),)))
    if would:
        right.append(Section("change", say("change.title"), (Bullets(would),)))
    if happened := turns.happened(facts, iso3, alone):
        left.append(Section("events", say("events.title"), (Pairs(happened, "dates"),)))
    if alarm := sounding.section(facts, iso3):
        min(right, left, key=_long).append(alarm)
    yield Section("turns", None, (Columns(tuple(left), tuple(right)),))


def _long(sections: list[Section]) -> int:
    """How many lines a column takes, about; a heading takes two."""
    parts: list[str] = []
    for section in sections:
        for block in section.blocks:
            if isinstance(block, Text):
                parts.append(" ".join(said.plain for said in block.said))
            elif isinstance(block, Bullets):
                parts += [said.plain for said in block.items]
            elif isinstance(block, Pairs):
                parts += [f"{pair.label} {pair.words}" for pair in block.pairs]
    return sum(math.ceil(len(part) / LINE) for part in parts) + 2 * len(sections)


def title(facts: Facts, iso3: str) -> Said:
    """The finding as a sentence with a verb."""
    name, status = facts.names[iso3], facts.status[iso3]
    of, ranked = len(facts.in_order), facts.ranked(iso3)
    if facts.criteria.index:
        phrase = "title.index" if ranked else "title.index.none"
        return tell(phrase, name=name, rank=facts.rank[iso3], of=of)
    if status in ("eligible", "conditional"):
        kind = "qualifies" if status == "eligible" else "conditional"
        phrase = f"title.{kind}{'' if ranked else '.unranked'}"
        return tell(phrase, name=name, rank=facts.rank[iso3], of=of)
    if status == "qualified":
        return say("title.qualified", name=name)
    if status == "on-hold":
        return say("title.held", name=name, when=dated_lists.at(facts.result.hold[iso3].event.date))
    if status == "insufficient-data":
        what = turns.not_held(facts, iso3)
        if not what:
            return say("title.unknown.plain", name=name)
        return say("title.unknown", name=name, why=say("fact.missing", name=what[0]))
    failed = failing(facts, iso3)
    if not failed:
        return say("title.excluded.kind", name=name, none=none_of(facts))
    first = grid.missed(facts, iso3, failed[0])
    if len(failed) > 1 or len(first) != 1:
        n, of = Count(len(failed), facts.at(iso3, "missed")), len(facts.criteria.gates)
        phrase = f"title.excluded.{'all' if n == of else 'many'}"
        return tell(phrase, name=name, n=n, of=of, gates=gates(facts))
    return say("title.excluded", name=name, why=grid.told(facts, iso3, first[0]))


def kinds_of(facts: Facts, iso3: str) -> tuple[str, ...]:
    """The kinds a country is of; of one that is of an ideal kind only those, for any other says nothing more."""
    fits = fitting(facts, iso3)
    ideal = [t for t in fits if t.ideal] if facts.criteria.apart else []
    return tuple(turns.own(t.title) for t in ideal or fits)


def verdict(facts: Facts, iso3: str) -> Verdict:
    """The answer: word, sentences, chance, place among the best, rank with its range, figures held."""
    mark, word, told = STATUSES[facts.status[iso3]], sentences.status(facts, iso3), tuple(_said(facts, iso3))
    return Verdict(mark.sign, word, told, mark.tone, _figures(facts, iso3))


def gates(facts: Facts) -> Said:
    """All requirements, in words that suit their number."""
    n = len(facts.criteria.gates)
    return say("gates.one") if n == 1 else say("gates.both") if n == 2 else say("gates.all", n=n)


def _said(facts: Facts, iso3: str):
    """The sentences of the verdict."""
    status, own = facts.status[iso3], facts.criteria
    kinds = kinds_of(facts, iso3)
    if own.index:
        if facts.ranked(iso3):
            yield say("verdict.index", score=facts.score[iso3])
    elif status == "eligible":
        phrase = "verdict.kind" if not own.gates else f"verdict.qualifies{'' if kinds else '.plain'}"
        yield tell(phrase, gates=gates(facts), kinds=kinds)
    elif status == "conditional":
        yield from _conditional(facts, iso3)
    elif status == "qualified":
        yield _qualified(facts, iso3, kinds)
    elif status == "on-hold":
        yield _held(facts, iso3)
    elif status == "insufficient-data":
        what = turns.not_held(facts, iso3)
        judged = any(word != "unknown" for word in facts.gate[iso3].values())
        if own.gates:
            yield say("verdict.unknown") if judged else say("verdict.unknown.all", n=len(own.gates))
        if what:
            yield say("verdict.gone", what=few(what, turns.NAMED))
        yield from _unset(facts, iso3)
        supposed = facts.result.firmness.supposed
        if supposed is not None and not missing(p := supposed.p_eligible[iso3]):
            half = Count(imputed.points(supposed.half_eligible[iso3]), facts.at(iso3, "p_supposed_half"))
            yield say("verdict.supposed", p=Located(p, facts.at(iso3, "p_supposed")), half=half)
    else:
        yield from _excluded(facts, iso3)
    if sentences.ranges(facts, iso3) and (gone := turns.blind(facts, iso3)):
        yield say("verdict.range", what=few(gone, turns.NAMED))
    yield from turns.after_seizure(facts, iso3)
    if pilots := facts.result.pilots.of(iso3):
        yield dossier.marked(own, pilots)


def _unset(facts: Facts, iso3: str):
    """Requirements that cannot be judged because what they need is not known at the date, by the reason."""
    which: dict[str, list[str]] = {}
    for gate in (*facts.criteria.gates, *facts.criteria.tracks):
        if gate.id in facts.unset and facts.verdict[iso3][gate.id] == "unknown":
            which.setdefault(facts.unset[gate.id], []).append(turns.own(gate.title))
    for why, titles in which.items():
        yield say("verdict.unset", which=tuple(titles), why=plain(why))


def _qualified(facts: Facts, iso3: str, kinds: tuple[str, ...]) -> Said:
    on = tuple(turns.own(g.title) for g in facts.criteria.gates if facts.gate[iso3][g.id] == "conditional")
    ideal = tuple(turns.own(t.title) for t in facts.criteria.tracks if t.ideal)
    return tell(f"verdict.qualified{'.condition' if on else ''}", kinds=kinds, ideal=ideal, which=on)


def _held(facts: Facts, iso3: str) -> Said:
    held = facts.result.hold[iso3]
    given = dict(kind=dated_lists.words(held.event), when=dated_lists.at(held.event.date))
    if not (waits := held.waits(facts.result.as_of)):
        return say("verdict.held", **given, until=held.until)
    until = held.passed if waits == "over" else held.until
    return say(f"verdict.held.{waits}", **given, until=until, year=held.year, due=held.due)


def _conditional(facts: Facts, iso3: str):
    short = tuple(dict.fromkeys(grid.told(facts, iso3, leaf) for leaf in grid.short(facts, iso3)))
    which = tuple(turns.own(g.title) for g in sentences.on_condition(facts, iso3))
    kind = "" if facts.criteria.gates else ".kind"
    phrase = f"verdict.conditional{kind}{'' if short else '.plain'}"
    yield tell(phrase, gates=gates(facts), which=which, short=short[:TOLD])
    yield say("verdict.needs")
    if facts.result.pilots.text:
        yield dossier.review(facts, iso3)


def _excluded(facts: Facts, iso3: str):
    failed = failing(facts, iso3)
    if failed:
        which = tuple(turns.own(g.title) for g in failed)
        told = missed(facts, iso3)
        few = told and (len(told) <= TOLD or len(failed) == 1)
        yield tell(f"verdict.misses{'' if few else '.plain'}", which=which, told=told[:TOLD])
        if trackless(facts, iso3):
            yield say("verdict.also", none=none_of(facts))
    else:
        told = missed(facts, iso3)
        phrase = f"verdict.nokind{'' if told else '.plain'}" if facts.criteria.gates else "verdict.none"
        yield tell(phrase, gates=gates(facts), none=none_of(facts), told=told[:TOLD])
    p = facts.p_eligible[iso3]
    if not missing(p) and p > facts.criteria.uncertainty.near_miss and len(obstacles(facts, iso3)) == 1:
        yield say("verdict.only.just", p=p)


def missed(facts: Facts, iso3: str) -> tuple[Said, ...]:
    """The figures for which a country does not qualify, each with what is needed."""
    return tuple(dict.fromkeys(grid.told(facts, iso3, leaf) for leaf in grid.blamed(facts, iso3)))


def _found(facts: Facts, iso3: str, axis: Axis) -> Pair:
    """How many statuses of an axis are found, and whether so many confirm it."""
    n, of = len(facts.result.found[axis.id][iso3]), len(axis.indicators)
    word = "axis.confirmed" if axis.confirmed and n >= axis.confirmed.at_least else "axis.silent"
    at = facts.at(iso3, f"axes.{axis.id}")
    told = say(word, n=Count(n, f"{at}.found"), of=Count(of, f"{at}.of"))
    return Pair(say("label", text=plain(axis.title)), told)


def _top(facts: Facts, iso3: str, p: float) -> Said:
    """The chance to be among the best; how far it may be off, where imputed values are in it."""
    supposed = facts.result.firmness.supposed
    if supposed is None:
        return say("chance.number", p=p)
    half = Count(imputed.points(supposed.half_top[iso3]), facts.at(iso3, "p_top_half"))
    return say("chance.shared", p=p, half=half)


def _figures(facts: Facts, iso3: str) -> Pairs:
    """Chance to qualify, chance to be among the best, rank with its range, how many figures are held."""
    top = facts.p_top[iso3]
    held = sum(1 for i in facts.used if facts.held(iso3, i))
    pairs = []
    if not facts.criteria.index:
        pairs.append(Pair(say("chance.qualifies"), sentences.chance(facts, iso3)))
        if facts.criteria.apart and facts.status[iso3] in ("qualified", "on-hold"):
            whole = Located(facts.result.firmness.p_qualified[iso3], facts.at(iso3, "p_qualified"))
            meets = say("chance.none") if missing(whole) else say("chance.number", p=whole)
            pairs.append(Pair(say("chance.meets"), meets))
        size = facts.criteria.shortlist
        if size and not missing(top):
            pairs.append(Pair(say("chance.best", n=size), _top(facts, iso3, top)))
    if facts.pillars:
        place = rank(facts, iso3)
        ranged = "low" in place.facts or not facts.criteria.index
        label = "rank.range.apart" if facts.status[iso3] == "qualified" and ranged else "rank.range"
        pairs.append(Pair(say(label if ranged else "rank.plain"), place))
    n, of = Count(held, facts.at(iso3, "held")), Count(len(facts.used), "run counts.series")
    pairs.append(Pair(say("held"), say("count.of", n=n, of=of)))
    pairs += [_found(facts, iso3, axis) for axis in facts.criteria.axes if axis.confirmed]
    return Pairs(tuple(pairs), "figures")


def rank(facts: Facts, iso3: str) -> Said:
    """The rank with the range it has in 90 of 100 draws in which the country is ranked, and in how many it is."""
    if facts.status[iso3] == "qualified":
        own = Located(facts.result.ranking.apart[iso3], facts.at(iso3, "rank"))
        low, high = (
            Located(facts.result.firmness.place(end)[iso3], facts.at(iso3, f"rank_{end}"))
            for end in ("low", "high")
        )
        return say("rank.none") if missing(own) else sentences.placed(own, low, high)
    if not facts.ranked(iso3):
        return say("rank.none")
    place, p = sentences.place(facts, iso3), facts.p_eligible[iso3]
    rarely = not missing(p) and p < LIKELY and not facts.criteria.index and "low" in place.facts
    return say("rank.told.rarely", **place.facts, p=p) if rarely else place


def _last(facts: Facts, iso3: str, run: str) -> tuple[Said, ...]:
    """Whose figures, which are not held, and what the run is called."""
    held, panel = facts.result.panel.held, facts.result.panel
    by: dict[str, dict[str, None]] = {}
    for i in facts.used:
        if i in held and facts.held(iso3, i):
            by.setdefault(plain(held[i].publisher), {})[plain(held[i].id)] = None
    sources = tuple(say("last.source", publisher=publisher, ids=tuple(ids)) for publisher, ids in by.items())
    gone = tuple(names.of(i, panel.sheets).name for i in facts.used if not facts.held(iso3, i))
    out = [say("last.sources", sources=sources)] if sources else []
    out += [say("last.missing", names=gone)] if gone else []
    own = facts.criteria
    out.append(say("last.run", id=plain(own.id), version=plain(own.version), run=run))
    return tuple(out)
