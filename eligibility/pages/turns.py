"""Why the verdict is what it is now, and what would change it, in a few sentences that carry their facts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from eligibility.analysis.compare import turning
from eligibility.analysis.compare.causes import TOGETHER
from eligibility.data.lists import DISPUTED
from eligibility.pages import counterfactuals, dated_lists, grid, names, reasons
from eligibility.pages.blocks import Pair
from eligibility.pages.facts import Facts
from eligibility.pages.said import Count, Figure, Said, say, tell
from eligibility.pages.sentences import (
    carrying,
    failing,
    few,
    fitting,
    none_of,
    obstacles,
    trackless,
    unknown,
)
from eligibility.pages.wording import inner, missing, plain
from eligibility.policy import walk
from eligibility.policy.model import Points, Test
from eligibility.policy.words import OUTSIDE

OUT = "fail"
NAMED = 4  # figures named in one sentence


def why_now(facts: Facts, iso3: str, alone: bool = False) -> Said:
    """Since when the verdict stands, what it was before and what turned it; or that it was no other.

    alone   nobody else is asked about, so that the days need not be followed for others
    """
    found = turning.turnings(facts.result, (iso3,) if alone else ())
    if iso3 not in found.of:
        always = "why.ranked" if facts.criteria.index and facts.ranked(iso3) else "why.always"
        return say(always, first=found.first) if found.first < facts.result.as_of else say("why.first")
    one = found.of[iso3]
    if one.kind == "pool" and one.was == OUTSIDE:
        return say("why.came", day=one.day, name=facts.names[iso3])
    was = say(f"said.{'index.' if facts.criteria.index else ''}{one.was}")
    return say("why.since", day=one.day, name=facts.names[iso3], was=was, cause=_cause(facts, iso3, one))


def after_seizure(facts: Facts, iso3: str) -> Iterator[Said]:
    """Of each fall from a peak that speaks for a country: how much of it came after power was seized in the years looked at."""
    tests = (
        leaf.node
        for track in fitting(facts, iso3)
        for leaf in grid.leaves(track.rule, facts.node[iso3])
        if isinstance(leaf.node, Test)
        and leaf.word == "pass"
        and leaf.node.quantity.measure == "change_from_peak"
    )
    for indicator, years in {test.quantity.indicator: test.quantity.years for test in tests}.items():
        cell, sheet = facts.cells[iso3][indicator], facts.sheets[indicator]
        first, last = date(int(cell.year) - years, 1, 1), date(int(cell.year), 12, 31)
        events = [
            event
            for listed in facts.result.panel.dated.values()
            for event in listed.within(iso3, first, min(last, facts.result.as_of))
            if dated_lists.holds(facts, event)
        ]
        if not events:
            continue
        event = max(events, key=lambda e: e.first)
        was = facts.history(indicator).get(iso3, {}).get(event.first.year - 1)
        if missing(was) or (was <= cell.value if sheet.better == "low" else was >= cell.value):
            continue
        yield say(
            "verdict.after",
            name=names.of(indicator, facts.sheets).name,
            was=Figure(was, sheet.decimals),
            first=event.first.year - 1,
            now=Figure(cell.value, sheet.decimals),
            kind=dated_lists.words(event),
            when=dated_lists.at(event.date),
        )


def _cause(facts: Facts, iso3: str, one: turning.Turning) -> Said:
    """What turned a verdict, as a clause."""
    if one.kind == "window":
        return _window(facts, one.look)
    if one.kind == TOGETHER:
        return say("cause.together", causes=tuple(say(f"cause.of.{step}") for step in one.by))
    if one.kind == "hold":
        return say("cause.hold.came" if facts.status[iso3] == "on-hold" else "cause.hold.ended")
    if one.group is not None:
        return say("cause.pool.group" if one.group else "cause.pool.placed")
    phrase = f"cause.{one.kind}{one.gap and f'.{one.gap}'}"
    named = tuple(dict.fromkeys(names.of(series, facts.sheets).name for series in one.series))
    if not named or len(named) > NAMED:
        return say(f"cause.{one.kind}.plain")
    return tell(phrase, names=named, n=len(named))


def _window(facts: Facts, look: turning.Look | None) -> Said:
    """What left the years that are looked back at."""
    if look is None:
        return say("cause.window.plain")
    name = names.of(look.quantity.indicator, facts.sheets).name
    if look.quantity.measure in turning.PEAKS:
        return say("cause.window.peak", name=name, left=look.left, years=look.quantity.years)
    return say("cause.window.change", name=name, was=look.was, now=look.now)


def would_change(facts: Facts, iso3: str) -> tuple[Said, ...]:
    """One sentence a kind of change: an error in one figure, another rule, newer figures, figures not held."""
    return tuple(filter(None, (of(facts, iso3) for of in (_error, _rule, _newer, _missing))))


def not_held(facts: Facts, iso3: str) -> tuple[str, ...]:
    """The figures without which what is unknown cannot be judged, by name."""
    open_ = [
        *unknown(facts, iso3),
        *(t for t in facts.criteria.tracks if facts.track[iso3][t.id] == "unknown"),
    ]
    found = (
        names.of(indicator, facts.sheets).name
        for gate in open_
        for leaf in reasons.deciding(gate.rule, facts.node[iso3])
        for indicator in _gone(facts, iso3, leaf.node)
    )
    return tuple(dict.fromkeys(found))


def _gone(facts: Facts, iso3: str, node: Test | Points) -> Iterator[str]:
    """The series that a test or the points of a rule look at, and of which no figure of the country is held."""
    if isinstance(node, Test):
        if missing(facts.measured[iso3].get(node.path)):
            yield node.quantity.indicator
        return
    for metric in walk.metrics(node):
        for asked in (metric.quantity, metric.test and metric.test.quantity):
            if asked and not facts.cells[iso3][asked.indicator].known:
                yield asked.indicator


def blind(facts: Facts, iso3: str) -> tuple[str, ...]:
    """The figures not held that leave a range of chances: those of what cannot be judged, else all that are looked at."""
    rules = (*facts.criteria.gates, *facts.open_tracks(iso3))
    tests = (x for rule in rules for x in reasons.leaves(rule.rule) if isinstance(x, Test))
    gone = (x.quantity.indicator for x in tests if missing(facts.measured[iso3].get(x.path)))
    return not_held(facts, iso3) or tuple(dict.fromkeys(names.of(i, facts.sheets).name for i in gone))


def nearest(facts: Facts, iso3: str) -> dict | None:
    """The smallest change of one figure that alone would turn the answer; None where none would."""
    if facts.status[iso3] == "excluded":
        rows = counterfactuals.rescues(facts, iso3)
    else:
        keep = {rule.id for rule in carrying(facts, iso3)}
        rows = [r for r in facts.flips[iso3] if r["gate"] in keep and r["becomes"] == OUT]
    return min(rows, key=counterfactuals.distance, default=None)


def _error(facts: Facts, iso3: str) -> Said | None:
    """The nearest change of one figure that would turn the answer, or that there is none."""
    name, excluded = facts.names[iso3], facts.status[iso3] == "excluded"
    if facts.criteria.index or facts.status[iso3] in ("insufficient-data", "on-hold"):
        return None
    row = nearest(facts, iso3)
    if row is None:
        if not excluded:
            return say("change.none.out", country=name)
        stand = Count(len(obstacles(facts, iso3)), facts.at(iso3, "obstacles"))
        return tell("change.several" if stand > 1 else "change.none.in", country=name, n=stand)
    at, now, decimals = counterfactuals.told(facts, row)
    given = dict(
        name=names.of(row["indicator"], facts.sheets).name,
        needed=Figure(row["needed"], name=at),
        now=Figure(row["now"], decimals, now),
        country=name,
    )
    what = _becomes(facts, iso3, row) if excluded else _loses(facts, iso3, row)
    return tell(
        "change.error.exact" if missing(row["in_sd"]) else "change.error", **given, what=what, sd=row["in_sd"]
    )


def _becomes(facts: Facts, iso3: str, row: dict) -> Said:
    """What an excluded country would be with the one figure that stands in its way."""
    titles = {g.id: plain(g.title) for g in (*facts.criteria.gates, *facts.criteria.tracks)}
    status = counterfactuals.would_be(facts, iso3, row)
    when = dated_lists.at(facts.result.hold[iso3].event.date) if status == "on-hold" else ""
    return tell(f"would.{status}", gate=titles[row["gate"]], when=when)


def _loses(facts: Facts, iso3: str, row: dict) -> Said:
    """What a country that is in would no longer be with another figure."""
    if facts.status[iso3] != "qualified":
        return say("would.loses")
    kind = row["gate"] in facts.track[iso3]
    return say("would.nokind", none=none_of(facts)) if kind else say("would.drops")


def _rule(facts: Facts, iso3: str) -> Said | None:
    """The nearest other threshold under which a requirement that decides would come out otherwise."""
    admitted = facts.status[iso3] in ("eligible", "conditional", "qualified")
    own = facts.criteria
    decide = {g.id for g in (carrying(facts, iso3) if admitted else failing(facts, iso3))}
    decide |= {t.id for t in own.tracks} if not admitted and trackless(facts, iso3) else set()
    tests = {
        leaf.path: (gate, leaf)
        for gate in (*own.gates, *own.tracks)
        for leaf in reasons.leaves(gate.rule)
        if gate.id in decide and isinstance(leaf, Test)
    }
    rows = [r for r in facts.thresholds[iso3] if r["test"] in tests and (r["becomes"] != OUT) != admitted]
    rows = [r for r in rows if not facts.sheets[r["indicator"]].classes]
    if not rows:
        return None
    width = lambda r: facts.sheets[r["indicator"]].hi - facts.sheets[r["indicator"]].lo  # noqa: E731
    row = min(rows, key=lambda r: abs(r["value"] - r["threshold"]) / width(r))
    gate, test = tests[row["test"]]
    decimals = counterfactuals.apart(row["value"], row["threshold"], facts.sheets[row["indicator"]].decimals)
    name = names.quantity(test.quantity, facts.sheets, facts.high_is_better(row["indicator"]))
    kind = "change.rule.out" if admitted else "change.rule.in"
    ends = row["value"], row["threshold"]
    to, now = (names.figure(x, test.quantity, decimals, beside=y) for x, y in (ends, ends[::-1]))
    wants = grid.wants(test)
    # at its own value a country meets "at least", and misses "above"
    way = (wants.edged if row["beyond"] else wants).said
    given = dict(name=name, country=facts.names[iso3], gate=plain(gate.title))
    return say(kind, way=way, to=to, was=wants.said, now=now, **given)


def _newer(facts: Facts, iso3: str) -> Said | None:
    """What figures for later years that are held say of the verdict."""
    word = facts.result.turned.get(iso3)
    return say("change.newer", country=facts.names[iso3], now=say(f"now.{word}")) if word else None


def _missing(facts: Facts, iso3: str) -> Said | None:
    """The figures that would settle the verdict of who cannot be judged."""
    what = not_held(facts, iso3) if facts.status[iso3] == "insufficient-data" else ()
    return say("change.data", what=few(what, NAMED)) if what else None


def happened(facts: Facts, iso3: str, whole: bool = False) -> tuple[Pair, ...]:
    """Dated events, notes of analysts and decisions of the board, oldest first; `whole` names sources in full."""
    result, out = facts.result, list[tuple[date, Pair]]()
    source = plain if whole else host

    def add(first: date, when: str, said: Said) -> None:
        out.append((first, Pair(say("event.at", day=dated_lists.when(when)), said)))

    for event in facts.events(iso3):
        what = plain(next(x.rule.said for x in result.panel.dated.values() if x.rule.kind == "event"))
        if event.event == DISPUTED:
            word = "event.disputed.holds" if dated_lists.holds(facts, event) else "event.disputed"
            said = say(word, what=inner(what), sources=", ".join(map(source, event.sources)))
        else:
            said = say("event.said", what=what, kind=dated_lists.words(event), source=source(event.source))
        add(event.first, event.date, said)
    for note in result.register.about(iso3):
        given = dict(who=plain(note.name), source=plain(note.source))
        add(date.fromisoformat(note.date), note.date, say("event.note", note=plain(note.note), **given))
    if entry := result.overrides.get(iso3):
        given = dict(decision=plain(entry.decision), reason=plain(entry.reason), who=plain(entry.name))
        said = say("event.board", **given, source=plain(entry.source))
        add(date.fromisoformat(entry.date), entry.date, said)
    return tuple(pair for _, pair in sorted(out, key=lambda x: x[0]))


PUBLISHERS = {  # whose an address is, where a reader may not know it by its name
    "abcnews.go.com": "ABC News", "africanews.com": "Africanews", "aljazeera.com": "Al Jazeera", "amp.newser.com": "Newser", "api.eiti.org": "EITI",
    "bbc.com": "BBC", "bostonglobe.com": "The Boston Globe", "channel4.com": "Channel 4 News", "data.eiti.org": "EITI", "eiti.org": "EITI",
    "en.wikinews.org": "Wikinews", "en.wikipedia.org": "Wikipedia", "france24.com": "France 24", "joinup.ec.europa.eu": "European Commission",
    "mcc.gov": "MCC", "opengovpartnership.org": "Open Government Partnership", "prod.iea.org": "International Energy Agency",
    "rferl.org": "Radio Free Europe/Radio Liberty", "the-uncensored-wiki.com": "Wikipedia, a copy of May 2015", "theguardian.com": "The Guardian",
    "thequint.com": "The Quint", "timor-leste.gov.tl": "Government of Timor-Leste", "uk.reuters.com": "Reuters", "wikiwand.com": "Wikipedia",
    "worldbank.org": "World Bank",
}  # fmt: skip


def host(source: str) -> str:
    """A source on a card: of an address whose it is; the whole of it stands in the details.

    >>> host("https://www.example.org/2023/a-page/"), host("Board minutes 14"), host("https://uk.reuters.com:8080/x")
    ('example.org', 'Board minutes 14', 'Reuters')
    """
    found = re.match(r"https?://(?:www\.)?([^/:]+)", source)
    return PUBLISHERS.get(found[1], plain(found[1])) if found else plain(source)


def own(text: str) -> str:
    """A title inside a sentence."""
    return inner(plain(text))
