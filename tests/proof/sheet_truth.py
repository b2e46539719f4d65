"""What makes each sentence of the short pages true: phrase -> a check of its facts against the result.

A check is given the truth, the country (or "" on a briefing) and the facts; it computes them from the frames of the
result and never asks the pages. `TOLD` names the phrases whose facts are names and words only, or which a sentence
around them or a table proves (test_sheets_are_true.py).
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import combinations, permutations, product
from operator import ge, gt, le, lt
from statistics import NormalDist
from types import SimpleNamespace
from typing import get_args

import numpy as np
from truth import INSIDE, PASSED, Truth

from eligibility.analysis import record
from eligibility.analysis.compare import turning
from eligibility.analysis.compare.steps import STEPS, Rounds
from eligibility.analysis.reviews import trajectories
from eligibility.data import countries
from eligibility.data.lists import span
from eligibility.errors import EligibilityError
from eligibility.method import alarms, run, vintages
from eligibility.pages import amended, wording
from eligibility.pages.facts import Facts
from eligibility.pages.names import PLAIN, Name, extreme
from eligibility.pages.phrases import PHRASES
from eligibility.pages.said import Figure
from eligibility.pages.turns import PUBLISHERS
from eligibility.pages.wording import percent
from eligibility.pilots import lines, register
from eligibility.policy import walk
from eligibility.policy.model import Group, Points, Reference, Test
from eligibility.policy.words import OUTSIDE
from eligibility.resources import shipped

PROOFS: dict[str, Callable] = {}
VERDICTS = ("fail", "unknown", "conditional", "pass")  # the worse first
# of a mean score: lists nearer than that are equal, for the engine counts in hundred-thousandths
EXACT = 0.0001
POINT, FIRM, RIVAL = 0.01, 0.9, 0.25

TOLD = (
    set(
        """nothing name label chance.number rank.number kicker.home none.of.two none.of.one gates.both gates.one
    verdict.needs fact.missing chance.qualifies chance.none held rank.none grid.caption.exact grid.caption.index.exact grid.head.part rank.plain grid.gate grid.kind
    grid.kind.shut grid.shut grid.score grid.unknown grid.nochance meets misses partly notknown trend.ends way.up
    way.down why.title change.title events.title event.at event.said event.note event.board last.source
    portfolio.title card.kicker brief.kicker most.low most.high rec.title rec.title.index rec.place rec.why
    sure.title sure.gives sure.everyone.one find.title find.share where.title inset.region map.source decide.title decide.head
    decide.who decide.options decide.follows decide.number decide.list decide.list.plain decide.many
    steps.title steps.by steps.what
    steps.now steps.yearly wrong.title near.missed near.short near.many near.unstated who.blind sure.gives.all rests.title rests.title.nobody brief.recommend.none
    brief.recommend.nobody who.title who.missing who.region grid.errors grid.window grid.bounds grid.bounds.all grid.unknown.chance grid.met grid.fits
    grid.condition near.errors row.first row.next row.last rows.first rows.next rows.last rows.one rows.all rows.on
    strip.key.peers strip.key.pool strip.key.class.peers strip.key.class.pool strip.key.middle strip.key.needed strip.key.better strip.alt.class strip.alt strip.alt.peers strip.alt.none trend.alt trend.alt.needed because but
    kicker.years wrong.would wrong.more running.card running.brief
    rank.told rank.told.rarely count.of chance.meets grid.kind.ideal chance.best rank.range rank.range.apart""".split()
    )
    | {
        f"{kind}.{word}"
        for kind, words in {
            "status": "eligible conditional qualified on-hold excluded insufficient-data ranked",
            "said": "eligible conditional qualified on-hold excluded insufficient-data not-considered",
            "said.index": "eligible insufficient-data not-considered",
            "now": "eligible conditional qualified on-hold excluded insufficient-data",
            "word": "pass conditional fail unknown",
            "cause": "own.plain window.plain peers.plain pool.plain rule.plain revision.plain hold.came hold.ended of.rule of.revision of.own of.peers of.pool",
            "grid.head": "name value needed margin year result",
            "bodies.head": "kind fits chance figure",
            "vehicle.kind": "mcc-compact mcc-selected imf eu other ogp",
            "past": "title rule",
        }.items()
        for word in words.split()
    }
    | {"now.not-considered"}
    | {phrase for phrase in PHRASES if phrase.startswith("pilot.")}  # test_pilots.py
    | set(
        """annex.title annex.named annex.label.candidates annex.candidates.caption annex.criteria annex.data annex.label.series
    annex.label.sources annex.series annex.sources annex.source annex.after annex.recorded annex.decided annex.signed
    details.title details.open details.open.unscored details.print rule.text rule.why rule.from rule.cited tests.title figures.title
    figures.caption figures.used score.title score.caption around.title without.source without.pillar
    noted.title noted.caption noted.decided others.title others.caption others.version outside.rule status.outside again.title
    head.country head.place head.score head.verdict head.chance head.why head.what head.signed head.source head.date
    head.day head.criteria head.figure head.value head.error head.year head.median head.median.pool head.used head.part
    head.weight head.scaled head.brings head.official head.years head.held head.name head.origin head.published
    head.licence head.then head.now head.decided head.is since.title.none since.label since.compared
    since.criteria.same since.index.now since.index.then since.revised since.exact since.listed
    since.step.rule since.step.revision since.step.own since.step.peers since.step.pool since.amended
    amended.same files.title head.file record.nobody record.admitted.who record.shortlist.who nearest.title releases.title""".split()
    )
)


def proof(*phrases: str):
    """Registers a check for phrases."""

    def register(check: Callable) -> Callable:
        for phrase in phrases:
            assert phrase not in PROOFS, phrase
            PROOFS[phrase] = check
        return check

    return register


def close(a: float, b: float) -> bool:
    """Whether two numbers are one, up to the last digits of a float."""
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)


def plain_name(t: Truth, indicator: str) -> str:
    """What pages call a series."""
    if indicator in PLAIN:
        return PLAIN[indicator].name
    label = t.sheets[indicator].label
    return label[0].lower() + label[1:] if label.split(" ")[0][1:].islower() else label


def named(t: Truth, name: str) -> list[str]:
    """The series that a plain name, or the name of a change or peak of it, may stand for."""
    return [i for i in t.used if plain_name(t, i) in name]


def inside(t: Truth) -> list[str]:
    return t.having(*INSIDE)


def lower(title: str) -> str:
    return title[0].lower() + title[1:] if title.split(" ")[0][1:].islower() else title


def least(t: Truth, c: str, *words: str):
    return [lower(g.title) for g in t.gates(c, *words)]


# ── titles and verdict ──────────────────────────────────────────────────────────────────────────────────────────


@proof("title.qualifies", "title.conditional", "title.index")
def _(t, c, f):
    status = {"title.qualifies": "eligible", "title.conditional": "conditional"}
    return (
        f.name == t.name[c]
        and f.rank == t.rank[c]
        and f.of == len(t.ranked)
        and (t.criteria.index or t.status[c] == status[f.phrase])
    )


@proof("title.qualifies.unranked", "title.conditional.unranked", "title.index.none")
def _(t, c, f):
    return f.name == t.name[c] and math.isnan(t.rank[c])


@proof("title.excluded")
def _(t, c, f):
    return f.name == t.name[c] and t.status[c] == "excluded" and len(t.gates(c, "fail")) == 1


@proof("title.excluded.many")
def _(t, c, f):
    missed = len(t.gates(c, "fail"))
    return t.status[c] == "excluded" and f.n == missed < f.of == len(t.criteria.gates)


@proof("title.excluded.all", "why.all")
def _(t, c, f):
    """Every requirement is missed; which are named is what the titles are."""
    if f.phrase == "why.all":
        return set(f.which) == {lower(g.title) for g in t.criteria.gates}
    return t.status[c] == "excluded" and len(t.gates(c, "fail")) == len(t.criteria.gates)


@proof("title.excluded.kind")
def _(t, c, f):
    return t.status[c] == "excluded" and not t.gates(c, "fail") and f.name == t.name[c]


@proof("title.unknown", "title.unknown.plain")
def _(t, c, f):
    return t.status[c] == "insufficient-data" and f.name == t.name[c]


@proof("title.outside", "verdict.outside")
def _(t, c, f):
    """By the panel alone: no figure of the last years is there, though some country has one."""
    panel, own, year = t.result.panel, t.criteria, t.result.as_of.year
    asked = [use.quantity.indicator for use in walk.quantities(own) if use.role == "pool"]
    gone = [i for i in dict.fromkeys(asked) if panel.history(i, t.result.as_of).get(c) is None
            or panel.history(i, t.result.as_of)[c].dropna().loc[year - 1 - dict(own.own_ages).get(i, own.max_age):].empty]  # fmt: skip
    return list(f.what) == [plain_name(t, i) for i in gone] != [] and c not in t.pool


@proof("title.outside.rule", "verdict.outside.rule")
def _(t, c, f):
    """The pool is who the rule lets in; what is told are the figures it asks for."""
    asked = {
        plain_name(t, use.quantity.indicator) for use in walk.quantities(t.criteria) if use.role == "pool"
    }
    told = {what.partition(" is ")[0] for what in f.facts.get("what", ())}
    return c not in t.pool and told <= asked


@proof("title.qualified")
def _(t, c, f):
    return t.status[c] == "qualified" and f.name == t.name[c]


def awaited(t, c):
    """What is waited for of who is on hold, from the event, the months and the years that the gates read."""
    held, rule, today = t.result.hold[c], t.criteria.hold, t.result.as_of
    months = held.event.first.month - 1 + rule.months
    over = (held.event.first.year + months // 12, months % 12 + 1, held.event.first.day) <= (today.year, today.month, today.day)  # fmt: skip
    year, years = held.event.first.year + 1, t.result.cells.year.loc[c]
    asked = [[i for i in {q.indicator for q in walk.quantities_of(g.rule)} if i in t.sheets and not t.sheets[i].standing]
             for g in t.criteria.gates]  # fmt: skip
    read = all(years[own].min() >= year for own in asked if own)
    due = max(t.sheets[i].known_from(year) for own in asked for i in own)
    wait = "" if read or not rule.figures else "figures" if today < due else "over" if over else "late"
    return wait, year, due


@proof("title.held", "verdict.held", "verdict.held.figures", "verdict.held.late", "verdict.held.over")
def _(t, c, f):
    held, given = t.result.hold[c], f.facts
    wait, year, due = awaited(t, c)
    told = f.phrase in ("title.held", ".".join(filter(None, ("verdict.held", wait))))
    same = given.get("year", year) == year and given.get("due", due) == due
    late = max(held.passed, due) if wait == "figures" else held.passed
    return t.status[c] == "on-hold" and told and same and given.get("until", late) == late and str(held.event.first.year) in f.when  # fmt: skip


@proof("verdict.after")
def _(t, c, f):
    """A test of a fall from a peak that some kind of the country rests on, and the last event that holds in its years."""
    asked = {x.quantity.indicator: x.quantity.years for r in t.tracks(c, *PASSED) for x in walk.nodes(r.rule)
             if isinstance(x, Test) and x.quantity.measure == "change_from_peak" and t.node[c][x.path] == "pass"}  # fmt: skip
    (indicator,) = [i for i in asked if plain_name(t, i) == f.name]
    year, years = int(t.result.cells.year.at[c, indicator]), _years(t, c, indicator)
    events = [e for e in t.result.panel.dated[t.criteria.hold.events].events if e.iso3 == c and e.event in t.criteria.hold.kinds
              and year - asked[indicator] <= e.first.year <= year and e.last <= t.result.as_of]  # fmt: skip
    last = max(e.first for e in events)
    same = close(years[f.first], f.was.value) and close(t.values[indicator][c], f.now.value)
    worse = f.was.value > f.now.value if t.sheets[indicator].better == "low" else f.was.value < f.now.value
    return same and worse and f.first == last.year - 1 and str(last.year) in f.when


@proof("brief.need")
def _(t, c, f):
    return bool(t.having("qualified")) and "need" in [axis.id for axis in t.criteria.axes]


@proof("verdict.qualified", "verdict.qualified.condition")
def _(t, c, f):
    kinds = [lower(x.title) for x in t.tracks(c, *PASSED)]
    ideal = [lower(x.title) for x in t.criteria.tracks if x.ideal]
    on = list(f.facts.get("which", ()))
    same = (list(f.kinds), list(f.ideal)) == (kinds, ideal)
    return t.status[c] == "qualified" and same and on == least(t, c, "conditional")


@proof("brief.apart", "brief.apart.few")
def _(t, c, f):
    order = sorted(t.having("qualified"), key=lambda x: (t.result.ranking.apart[x], x))
    return f.n == len(order) and list(f.names) == [t.name[x] for x in order[:3]]


@proof("brief.rule.ideal")
def _(t, c, f):
    ideal = [lower(x.title) for x in t.criteria.tracks if x.ideal]
    other = [lower(x.title) for x in t.criteria.tracks if not x.ideal]
    return list(f.kinds) == ideal and list(f.other) == other


@proof("wrong.held")
def _(t, c, f):
    return sorted(e.facts["name"] for e in f.events) == sorted(t.name[x] for x in t.having("on-hold"))


@proof("wrong.hold", "wrong.hold.figures", "wrong.hold.late")
def _(t, c, f):
    who = t.iso3[f.name]
    (wait, year, due), held, given = awaited(t, who), t.result.hold[who], f.facts
    told = f.phrase == {"": "wrong.hold", "figures": "wrong.hold.figures"}.get(wait, "wrong.hold.late")
    same = given.get("year", year) == year and given.get("due", due) == due and given.get("until", held.passed) == held.passed  # fmt: skip
    # a source is told by its host, or by the publisher's name where one is known
    source = f.source in held.event.source or f.source[0].isupper()
    return told and same and source and str(held.event.first.year) in f.when


@proof("none.of.kinds", "gates.all")
def _(t, c, f):
    return f.n == len(t.criteria.gates if f.phrase == "gates.all" else t.criteria.tracks)


@proof("verdict.qualifies", "verdict.kind")
def _(t, c, f):
    fits = t.tracks(c, *PASSED)
    kinds = [x for x in fits if x.ideal] if any(not x.ideal for x in t.criteria.tracks) else fits
    return t.status[c] == "eligible" and list(f.kinds) == [lower(x.title) for x in kinds]


@proof("verdict.qualifies.plain")
def _(t, c, f):
    return t.status[c] == "eligible" and not t.tracks(c, *PASSED)


@proof(*(f"verdict.conditional{what}{how}" for what in ("", ".kind") for how in ("", ".plain")))
def _(t, c, f):
    on = least(t, c, "conditional") + [lower(x.title) for x in t.tracks(c, "conditional")]
    asked = bool(t.criteria.gates) != (".kind" in f.phrase)  # of no requirements none is said to be met
    return t.status[c] == "conditional" and list(f.which) == on and asked


def _blames(t, c, told) -> bool:
    """Each figure is told once, and were its test met, a rule with it would be nearer to being met: it decides something."""
    names, whole = [x.facts["name"] for x in told if "name" in x.facts], 0
    rules = t.gates(c, "fail") or t.open_tracks(c)
    for name in names:
        mine = [(r, x) for r in rules for x in t.tests(r) if plain_name(t, x.quantity.indicator) in name]
        whole += any(_bears(t, c, rule.rule, test.path) for rule, test in mine)
    return len(set(names)) == len(names) == whole


def _bears(t, c, node, path: str) -> bool:
    """Whether no part with this test in it is met already, on the way down to the test."""
    if node.path == path:
        return True
    inside = [
        part for part in getattr(node, "of", ()) if path == part.path or path.startswith(f"{part.path}.")
    ]
    if not inside:
        return False
    met = t.node[c][inside[0].path] in PASSED if t.wanted(path) else t.node[c][inside[0].path] == "fail"
    return (inside[0].path == path or not met) and _bears(t, c, inside[0], path)


@proof("verdict.misses", "verdict.misses.plain")
def _(t, c, f):
    return list(f.which) == least(t, c, "fail") and _blames(t, c, f.facts.get("told", ()))


@proof("verdict.nokind", "verdict.nokind.plain", "verdict.none")
def _(t, c, f):
    asked = bool(t.criteria.gates) != (
        f.phrase == "verdict.none"
    )  # of no requirements none is said to be met
    right = t.status[c] == "excluded" and not t.gates(c, "fail") and asked
    return right and _blames(t, c, f.facts.get("told", ()))


@proof("verdict.also")
def _(t, c, f):
    return t.trackless(c) and bool(t.gates(c, "fail"))


@proof("verdict.unknown")
def _(t, c, f):
    """Some requirement can be judged; in an annex, where it stands in a row, nothing more is said of the country."""
    return t.status[c] == "insufficient-data" and (len(t.gates(c, "unknown")) < len(t.criteria.gates))


@proof("verdict.unknown.all")
def _(t, c, f):
    every = len(t.criteria.gates)
    return t.status[c] == "insufficient-data" and f.n == len(t.gates(c, "unknown")) == every > 0


def _whole(t, c, told) -> bool:
    """The figures told are not held, and those that are only counted are the others without which nothing is judged."""
    names = [x for x in told if not x.endswith(" more")]
    rules = (*t.gates(c, "unknown"), *t.tracks(c, "unknown"))
    gone = {plain_name(t, i) for rule in rules for i in _open(t, c, rule.rule)}
    more = {"": 0} | {f"{wording.spelled(n)} more": n for n in range(2, 40)}
    rest = more["" if len(names) == len(told) else told[-1]]
    return set(names) <= gone and len(names) + rest == len(gone)


def _open(t, c, node):
    """The series not held that are looked at below a node that is unknown, by way of nodes that are."""
    if t.node[c][node.path] != "unknown":
        return
    if isinstance(node, Group):
        for part in node.of:
            yield from _open(t, c, part)
    elif isinstance(node, Points):
        yield from (q.indicator for q in walk.quantities_of(node) if math.isnan(t.values[q.indicator][c]))
    elif math.isnan(t.measured[c].get(node.path, math.nan)):
        yield node.quantity.indicator


@proof("verdict.gone")
def _(t, c, f):
    return t.status[c] == "insufficient-data" and _whole(t, c, f.what)


@proof("verdict.only.just")
def _(t, c, f):
    return t.status[c] == "excluded" and close(f.p, t.p[c]) and f.p > t.criteria.uncertainty.near_miss


@proof("verdict.index")
def _(t, c, f):
    return close(f.score, t.score[c])


def _tests(t: Truth, c: str) -> list[Test]:
    rules = [*t.criteria.gates, *t.open_tracks(c), *t.criteria.mechanisms]
    return [node for g in rules for node in walk.nodes(g.rule) if isinstance(node, Test)]


@proof("fact.needed", "fact.class")
def _(t, c, f):
    """Some test of a series of that name has this value, and needs the number that is told."""
    countries = [c] if c else t.pool
    for one in countries:
        for test in _tests(t, one):
            measured = t.measured[one].get(test.path, math.nan)
            if plain_name(t, test.quantity.indicator) in f.name and close(measured, f.x.value):
                needs = t.needs[one].get(test.path, math.nan)
                sheet = t.sheets[test.quantity.indicator]
                if isinstance(f.needed, Figure) and not close(f.needed.value, needs):
                    continue
                if test.operator == "in" or (sheet.classes and test.quantity.measure == "level"):
                    return True
                asked = str(f.needed)
                percent = 100 if asked.endswith("%") else 1
                told = float(asked.split(" ")[-1].rstrip("%").replace("−", "-").replace(",", "")) / percent
                digits = len(asked.rstrip("%").partition(".")[2]) + 2 * (percent == 100)
                if abs(told - needs) <= 0.5 * 10.0**-digits + 1e-9:  # two rules may ask for two numbers
                    return True
    return False


@proof("fact.points")
def _(t, c, f):
    own = [x for g in t.criteria.gates for x in walk.nodes(g.rule) if isinstance(x, Points)]
    return any(close(f.p, t.measured[c][x.path]) and close(f.needed, t.needs[c][x.path]) for x in own)


@proof("rec.caption.exact", "strip.key.own.exact", "strip.key.own")
def _(t, c, f):
    return t.drawn != f.phrase.endswith(".exact")


@proof("trend.median.peers", "trend.median.pool")
def _(t, c, f):
    return bool(t.criteria.peers) == (f.phrase == "trend.median.peers")


@proof("rec.caption.index")
def _(t, c, f):
    """Its table has no chance, though figures have errors."""
    return t.drawn and t.criteria.index


@proof("since.values", "since.values.index")
def _(t, c, f):
    """Of chances only where there are some."""
    return (f.phrase == "since.values") == (t.drawn and not t.criteria.index)


@proof("grid.caption", "grid.caption.index", "rec.caption", "rec.caption.errors")
def _(t, c, f):
    size = t.criteria.shortlist or len(t.ranked[:20])
    shown = t.criteria.index == (f.phrase == "grid.caption.index")  # an index has no chance to tell of
    return shown and f.draws == t.draws and t.drawn and f.facts.get("size", size) == size


@proof("rec.best")
def _(t, c, f):
    """The chance counts the places of the list, though fewer countries be ranked."""
    return f.n == t.criteria.shortlist


@proof("grid.head.strip", "grid.head.strip.pool")
def _(t, c, f):
    return f.n == len(t.members(c))


@proof("enough.each", "enough.any", "enough.all")
def _(t, c, f):
    """Some rule of the country comes out as the words say, whichever of its tests hold."""
    rules = [g.rule for g in (*t.criteria.gates, *t.open_tracks(c))]
    if f.phrase == "enough.each":
        return any(set(combined(rule)[1:]) == {2} and len(combined(rule)) > 2 for rule in rules)
    return any(combined(rule) == said_to_combine(f) for rule in rules)


def combined(rule) -> list[int]:
    """What a rule comes to for each choice of tests that hold: 2 met, 1 on condition, 0 missed."""

    def met(node, holds) -> int:
        if not isinstance(node, Group):
            return 2 * holds.get(node.path, False)  # of points no words are told
        below = [min(met(x, holds), 1 if x.grants == "conditional" else 2) for x in node.of]
        if node.join == "at_least":
            return 2 * (sum(x > 0 for x in below) >= node.n)
        return {"all": min, "any": max, "none": lambda parts: 2 * (max(parts) == 0)}[node.join](below)

    # of a test under `none` a row is met where the test is not
    tests = [x for x in walk.nodes(rule) if isinstance(x, Test)]
    denied = [x.path.count(".none[") % 2 for x in tests]
    choices = product((False, True), repeat=len(tests))
    return [met(rule, {x.path: x_holds != no for x, x_holds, no in zip(tests, holds, denied, strict=True)}) for holds in choices]  # fmt: skip


def said_to_combine(f) -> list[int]:
    """The same from the words of a page."""
    runs = [*map(_run, f.parts)]
    n = sum(size for size, _, _ in runs)
    told = []
    for holds in product((False, True), repeat=n):
        at, parts = 0, []
        for size, one, on in runs:
            rows = holds[at : at + size]
            at += size
            parts.append((any(rows) if one else all(rows)) * (1 if on else 2))
        told.append((max if f.phrase == "enough.any" else min)(parts))
    return told


def _run(part) -> tuple[int, bool, bool]:
    """How many rows a part of the words names, whether one of them is enough, and whether on condition only."""
    if part.phrase in ("rows.one", "rows.all", "rows.on"):
        size, one, on = _run(part.facts["rows"])
        return size, one or part.phrase == "rows.one", on or part.phrase == "rows.on"
    return part.facts.get("n", 1), False, False


@proof("strip.alt.classes")
def _(t, c, f):
    """The peers with a class of some series, each counted once and in its class."""
    for i in named(t, f.name):
        sheet, values = t.sheets[i], [t.values[i][peer] for peer in t.members(c)]
        if sheet.classes:
            counted = [(sum(v == n for v in values), sheet.class_name(n)) for n in sheet.classes]
            return counted == [(part.facts["n"], part.facts["name"]) for part in f.counts]
    return False


@proof("sounding.title", "sounding.events", "sounding.figures", "sounding.figures.unheld", "sounding.class")
def _(t, c, f):
    """For whoever a pilot may be offered to; the limits are those that make a review red, at the limit and no lower."""
    if not (t.status[c] in INSIDE and t.criteria.mechanisms):
        return False
    if f.phrase == "sounding.events":
        named = {x.phrase.removeprefix("review.kind.") for x in f.kinds}
        return named == {*get_args(register.EventKind), *trajectories.SOUNDING}
    if f.phrase in ("sounding.title", "sounding.class"):
        return f.phrase == "sounding.title" or _reddens(f.drop, f.amber, True)
    at = t.values["vdem.polyarchy"][c] if "vdem.polyarchy" in t.used else math.nan
    told = math.isnan(at)
    if f.phrase == "sounding.figures":
        told = close(f.x.value, at) and f.year == f"{t.result.cells.year['vdem.polyarchy'][c]:.0f}"
    return told and _reddens(f.fall, f.red, False)


def _reddens(fall: float, times: float, lower: bool) -> bool:
    """Whether a fall so large and of so many errors turns a pilot red, and one a little smaller or less sure does not."""
    less, more = 1 - 1e-6, 1 + 1e-6
    near = _colour(fall * less, fall / times * less, lower), _colour(fall, fall / times * more, lower)
    return _colour(fall, fall / times, lower) == "red" and "red" not in near


def _colour(fall: float, error: float, lower: bool) -> str:
    """What a review says of one pilot whose democracy fell so far, with that error of the change."""
    one = {name: np.array([x]) for name, x in (("fall", fall), ("fall_error", error), ("lower", lower))}
    still = {"short": np.array([[0.0]]), "short_error": np.array([[1.0]]), "happened": np.array([False])}
    standing = alarms.Standing(**one, **still)
    return str(alarms.colours(standing, alarms.reasons(standing))[0])


@proof("more.rows")
def _(t, c, f):
    return f.n > 0


# ── kinds of body ───────────────────────────────────────────────────────────────────────────────────────────────


def told_of_bodies(t: Truth, c: str) -> bool:
    """Whether kinds of body are told of a country: a pilot may be offered to it, or it only just may not."""
    near = t.status[c] == "excluded" and t.most[c] > t.criteria.uncertainty.near_miss
    return bool(t.criteria.mechanisms) and (t.status[c] in (*INSIDE, "qualified") or near)


@proof("bodies.title", "bodies.title.all")
def _(t, c, f):
    words = t.result.screening.mechanism.loc[c]
    fits = sum(words[kind.id] in PASSED for kind in t.criteria.mechanisms)
    of = f.facts.get("of", f.n)  # all of them where nothing else is said
    return told_of_bodies(t, c) and (f.n, of) == (fits, len(t.criteria.mechanisms))


@proof("bodies.ready", "bodies.label")
def _(t, c, f):
    return told_of_bodies(t, c)


@proof("bodies.quote")
def _(t, c, f):
    return told_of_bodies(t, c) and f.quote in {kind.cites.quote for kind in t.criteria.mechanisms}


@proof("bodies.chance")
def _(t, c, f):
    return any(close(f.p, p) for p in t.result.firmness.p_mechanism.loc[c])


@proof("bodies.pass", "bodies.conditional", "bodies.fail", "bodies.unknown")
def _(t, c, f):
    return f.phrase.partition(".")[2] in set(t.result.screening.mechanism.loc[c])


@proof("bodies.group")
def _(t, c, f):
    return any(kind.peer_group not in ("", t.group[c]) for kind in t.criteria.mechanisms)


@proof("agree.title")
def _(t, c, f):
    return bool(t.criteria.mechanisms) and bool(t.result.ranking.shortlist)


@proof("agree.line")
def _(t, c, f):
    """Word for word in the register's own list of what the document asks."""
    key = f.line.phrase.removeprefix("pilot.line.")
    return (f.quote, f.lines) == tuple(lines.ASKED[key])


@proof("agree.past")
def _(t, c, f):
    """Counted again from the file; a day given as a month or a year is its last."""
    day, over = t.result.as_of.isoformat(), []
    for row in csv.DictReader(
        io.StringIO((shipped("datasets") / "bodies" / "bodies.csv").read_text("utf-8"))
    ):
        idle = row["outcome"] in ("never-began", "not-begun", "running")
        first, last = row["agreed"] or row["began"], row["ended"]
        if not idle and max((first + "-99-99")[:10], (last + "-99-99")[:10]) <= day:
            over.append(row["outcome"])
    return (f.n, f.done) == (len(over), over.count("completed"))


# ── the programme it could be tied to, past bodies ──────────────────────────────────────────────────────────────


def began(t: Truth, c: str, series: str) -> list:
    """The rows of a list on a country that had happened for sure, as they stand in its file."""
    listed = t.result.panel.dated.get(series)
    day = t.result.as_of
    rows = [e for e in listed.events if e.iso3 == c and e.last <= day] if listed else []
    return sorted(rows, key=lambda e: e.last)


def months(t: Truth, event) -> float:
    """How many months ago it was at the latest."""
    day = t.result.as_of
    return (day.year - event.last.year) * 12 + day.month - event.last.month - (day.day < event.last.day)


def on_mcc(t: Truth, c: str) -> list[tuple[str, object]]:
    """Stages that rows of the MCC list give, best first."""
    rows, out = began(t, c, "lists.mcc_compact"), []
    for n in ("compact_regional", "compact2", "compact1"):
        mine = {e.event.removeprefix(f"{n}_"): e for e in rows if e.event.startswith(f"{n}_")}
        if not mine.keys() & {"completed", "terminated", "suspended", "paused"}:
            out += [
                (word.replace("_", "-"), e)
                for word, e in mine.items()
                if word in ("in_force", "signed") and months(t, e) < 60
            ]
    out.sort(key=lambda pair: pair[0] != "in-force")
    chosen = [e for e in rows if e.event in ("compact_selected", "threshold_selected")][-1:]
    cut = max((e.last for e in fates(rows) if e.event.endswith("terminated")), default=date.min)
    chosen = [e for e in chosen if e.last >= cut]
    return out + [(e.event.replace("_", "-"), e) for e in chosen if months(t, e) < 12]


FATES = {"spared": "programme_spared_in_wind_down", "kept": "programme_kept_after_review"}


def fates(rows: list) -> list:
    """The rows that tell what became of a programme of MCC."""
    ends = ("completed", "terminated")
    return [e for e in rows if e.event in FATES.values()
            or (e.event.endswith(ends) and "partly" not in e.event)]  # fmt: skip


def fate(t: Truth, c: str) -> object:
    """The newest of them, unless five years old."""
    newest = next(reversed(fates(began(t, c, "lists.mcc_compact"))), None)
    return newest if newest and months(t, newest) < 60 else None


def on_ogp(t: Truth, c: str) -> list[tuple[str, object]]:
    """That it is a member and was not left inactive."""
    rows = began(t, c, "lists.ogp_member")
    turns = [e for e in rows if e.event in ("joined", "withdrawn")]
    lively = [e for e in rows if e.event in ("active", "inactive")]
    doubt = [e for e in t.result.panel.dated["lists.ogp_member"].events
             if e.iso3 == c and e.first <= t.result.as_of < e.last and e.event in ("joined", "withdrawn")]  # fmt: skip
    member = turns and turns[-1].event == "joined" and not doubt
    return [("member", turns[-1])] if member and (not lively or lively[-1].event == "active") else []


def programme(t: Truth, c: str) -> tuple[str, object]:
    return next(iter([*on_mcc(t, c), *on_ogp(t, c)]), ("none", None))


@proof(
    *(
        f"vehicle.{stage}"
        for stage in "in-force signed compact-selected threshold-selected member none perhaps".split()
    )
)
def _(t, c, f):
    """The stage found; it is not said that none was found where one was said to go on."""
    stage, event = programme(t, c)[0], fate(t, c)
    if event and event.event == FATES["spared"] and stage not in ("in-force", "signed"):
        stage = "perhaps"
    return told_of_bodies(t, c) and f.phrase == f"vehicle.{stage}"


@proof("vehicle.registered", "vehicle.review")
def _(t, c, f):
    return any(pilot.vehicle for pilot in t.result.pilots.of(c))


@proof("vehicle.since")
def _(t, c, f):
    event = programme(t, c)[1]
    hosts = {address for address, name in PUBLISHERS.items() if name == f.source} or {f.source}
    return event.date[:4] in f.since and any(h in event.source for h in hosts) and len(f.reach) == 1


@proof("vehicle.lists", "vehicle.lists.none")
def _(t, c, f):
    days = f.facts.get("reach", ())
    lists = [s for s in ("lists.mcc_compact", "lists.ogp_member") if s in t.result.panel.dated]
    return (
        programme(t, c)[0] == "none" and len(set(days)) == len(days) <= len(lists) and any(lists) == any(days)
    )


@proof("vehicle.review.none")
def _(t, c, f):
    return programme(t, c)[0] != "none"


@proof("vehicle.spared", "vehicle.kept", "vehicle.ended")
def _(t, c, f):
    event, word = fate(t, c), f.phrase.removeprefix("vehicle.")
    if word == "ended":
        right = event.event not in FATES.values() and programme(t, c)[0] not in ("in-force", "signed")
    else:
        right = event.event == FATES[word]
    hosts = {address for address, name in PUBLISHERS.items() if name == f.source} or {f.source}
    return right and event.date[:4] in f.day and any(host in event.source for host in hosts)


@proof("vehicle.unsure")
def _(t, c, f):
    """A compact, told, older than the day on which programmes were cut, of which no row says that it was spared."""
    stage, event = programme(t, c)
    row = max((r for r in table("programmes/programmes.csv") if r["state"] == "cut"), key=lambda r: r["date"])
    told = fate(t, c)
    silent = told is None or told.event not in FATES.values()
    return (
        stage in ("in-force", "signed")
        and silent
        and event.date < row["date"] <= str(t.result.as_of)
        and row["date"][:4] in f.day
    )


@proof("vehicle.aid", "vehicle.aid.back", "vehicle.aid.none")
def _(t, c, f):
    """The newest figure of the file that was out by the day, and of the years that count."""
    day, sheet = t.result.as_of, t.result.panel.beside["wb.aid_received"].sheet
    rows = [r for r in table("wb-wdi-2025-12/values.csv") if r["iso3"] == c and r["aid_received"]]
    out = {int(r["year"]): float(r["aid_received"]) for r in rows}
    out = {y: x for y, x in out.items() if sheet.known_from(y) <= day and y >= day.year - t.criteria.max_age}
    if f.phrase.endswith("none"):
        return not out
    x = out[max(out)]
    return close(f.x, abs(x)) and f.phrase.endswith("back") == (x < 0) and f.year == str(max(out))


@proof("vehicle.today.mcc")
def _(t, c, f):
    rows = [row for row in table("programmes/programmes.csv") if span(row["date"])[1] <= t.result.as_of]
    return f.what == max(rows, key=lambda row: span(row["date"])[1])["what"]


@cache
def table(name: str) -> list[dict]:
    with open(shipped("datasets") / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@proof("past.body")
def _(t, c, f):
    """It is one of the three of the table that the rule puts first; worked out again from frames and table."""
    register = countries.register()

    def alike(row) -> float:
        kind = next((k for k in t.criteria.mechanisms if k.id == row["kind"]), None)
        year, parts = span(row["agreed"] or row["began"])[1].year - 1, []
        for series in {test.quantity.indicator for test in walk.tests(kind.rule)} if kind else ():
            then = t.result.panel.history(series, t.result.as_of)
            if row["iso3"] not in then.columns:
                continue
            then = then[row["iso3"]].loc[year - t.criteria.max_age : year].dropna()
            if len(then) and not math.isnan(t.values[series][c]):
                sheet = t.sheets[series]
                parts.append(abs(then.iloc[-1] - t.values[series][c]) / (sheet.hi - sheet.lo))
        return round(sum(parts) / len(parts), 12) if parts else math.inf

    def place(row) -> tuple:
        same = row["iso3"] == c
        near = register.region(row["iso3"]) == register.region(c)
        fits = t.result.screening.mechanism.loc[c].get(row["kind"]) in PASSED
        first = span(row["agreed"] or row["began"])[1]
        return not fits, 0 if same else 1 if near else 2, alike(row), first, row["body"]

    rows = [r for r in table("bodies/bodies.csv") if span(r["agreed"] or r["began"])[1] <= t.result.as_of]
    best = sorted(rows, key=place)[:3]
    mine = [r for r in best if r["short"] == f.name and (r["agreed"] or r["began"])[:4] == f.year]
    over = [span(r["ended"])[1] <= t.result.as_of if r["ended"] else True for r in mine]
    ends = {f"past.{r['outcome'] if done else 'running'}" for r, done in zip(mine, over, strict=True)}
    return f.end.phrase in ends and f.host == register.name(mine[0]["iso3"])


@proof(
    *(
        f"past.{how}"
        for how in "completed ended-by-host not-renewed expelled suspended withdrew never-began not-begun running".split()
    )
)
def _(t, c, f):
    ends = [r for r in table("bodies/bodies.csv") if f.phrase in ("past.running", f"past.{r['outcome']}")]
    return any("when" not in f.facts or r["ended"][:4] in f.when for r in ends)


def body_figures(t: Truth, c: str, kind) -> list[float]:
    """The values that may be told of a kind: of the tests as near to turning it, in margins of error, as any.

    A test that holds lies that far inside, one that does not that far outside; of alternatives the best one counts, and
    of what is needed together the worst.
    """
    seen: dict[float, list[float]] = {}

    def inside(node) -> float:
        if not isinstance(node, Test):
            return (max if node.join == "any" else min)(inside(part) for part in node.of)
        gap = abs(t.measured[c][node.path] - t.needs[c][node.path])
        sd = t.sds[node.quantity.indicator][c]
        far = gap / sd if sd > 0 else math.inf
        at = far if t.node[c][node.path] == "pass" else -far
        seen.setdefault(at, []).append(t.measured[c][node.path])
        return at

    return seen[inside(kind.rule)]


# ── trends, why now, what would change it ───────────────────────────────────────────────────────────────────────


def _years(t: Truth, c: str, indicator: str) -> dict[int, float]:
    frame = t.result.panel.history(indicator, t.result.as_of)
    return {int(y): v for y, v in frame[c].items() if v == v} if c in frame else {}


def _start(t: Truth) -> int:
    """Ten years before the newest year of any figure."""
    lists = t.result.panel.statuses
    years = [t.result.cells.year[i].max() for i in t.result.cells.year.columns if i not in lists]
    return int(max(y for y in years if y == y)) - 10


@proof("trends.moved")
def _(t, c, f):
    (indicator,) = [i for i in t.used if plain_name(t, i) == f.name]
    years = _years(t, c, indicator)
    up = f.now.value > f.was.value
    sd = t.sds[indicator][c]
    beyond = abs(f.now.value - f.was.value) > (sd if sd > 0 else 0)  # of some no error is stated
    return (
        close(years[f.first], f.was.value)
        and close(years[f.last], f.now.value)
        and f.last == max(years)
        and f.first == min(y for y in years if y >= _start(t))
        and beyond
        and f.way.phrase == ("way.up" if up else "way.down")
    )


@proof("trends.still")
def _(t, c, f):
    """And a margin of error is stated for some figure of the country, else nothing is known of it."""
    return f.first == _start(t) and any(t.sds[i][c] > 0 for i in t.used if i in t.sds)


@proof("trends.same")
def _(t, c, f):
    return f.first == _start(t) and not all(t.sds[i][c] > 0 for i in t.used if i in t.sds)


@cache
def judged_on(result, day: date):
    """The whole round of another day on published values; None where it cannot be judged."""
    own = result.criteria
    try:
        return run.judge(
            replace(own, uncertainty=replace(own.uncertainty, draws=0, imputation=None)), result.panel, day
        )
    except EligibilityError:
        return None


def _around(t: Truth, c: str):
    """The rounds of the day before the verdict turned and of that day."""
    day = turning.turnings(t.result).of[c].day
    return judged_on(t.result, day - timedelta(days=1)), judged_on(t.result, day)


@proof("why.since")
def _(t, c, f):
    then, now = judged_on(t.result, f.day - timedelta(days=1)), judged_on(t.result, f.day)
    was = then.screening.status.get(c, "not-considered")
    said = "said.index." if t.criteria.index else "said."
    return (
        f.name == t.name[c]
        and f.was.phrase == said + was
        and was != t.status[c] == now.screening.status[c]
        and f.day <= t.result.as_of
    )


@proof("why.always", "why.ranked")
def _(t, c, f):
    """The same on that day and on five more between it and the date; test_turning.py tries every day."""
    end, sixth = t.result.as_of, (t.result.as_of - f.first) / 6
    rounds = [judged_on(t.result, f.first + k * sixth) for k in range(6)]
    return f.first < end and all(r.screening.status.get(c) == t.status[c] for r in rounds)


@proof("why.first")
def _(t, c, f):
    return c not in turning.turnings(t.result).of


def _read(result, c: str, indicator: str) -> tuple[float, float]:
    return result.cells.value.at[c, indicator], result.cells.year.at[c, indicator]


@proof("cause.own", "cause.own.came", "cause.own.lost", "cause.revision")
def _(t, c, f):
    then, now = _around(t, c)
    sides = {"cause.own.came": 0, "cause.own.lost": 1}
    for name in f.names:
        mine = [x for x in _tests(t, c) if plain_name(t, x.quantity.indicator) == name]
        words = [[r.screening.node.at[c, x.path] for r in (then, now)] for x in mine]
        moved = any(_read(then, c, x.quantity.indicator) != _read(now, c, x.quantity.indicator) for x in mine)
        gone = f.phrase not in sides or any(w[sides[f.phrase]] == "unknown" for w in words)
        if not (moved and gone and any(a != b for a, b in words)):
            return False
    return f.n == len(f.names)


@proof("cause.together")
def _(t, c, f):
    """Order by order: the cause after which the verdict is and stays what it is."""
    then, now = _around(t, c)
    rounds = Rounds(then, now, then.panel, now.panel)
    said = lambda some: rounds.having(some).status.get(c, OUTSIDE)  # noqa: E731
    last = set()
    for order in permutations(rounds.causes):
        words = [said(order[:k]) for k in range(len(order))] + [now.screening.status[c]]
        last.add(order[max(k for k, word in enumerate(words) if word != words[-1])])
    return len(last) > 1 and [one.phrase for one in f.causes] == [f"cause.of.{x}" for x in STEPS if x in last]


@proof("cause.peers", "cause.pool", "cause.rule")
def _(t, c, f):
    then, now = _around(t, c)
    needs = lambda r, x: r.screening.needs.at[c, x.path]  # noqa: E731
    return all(
        any(
            plain_name(t, x.quantity.indicator) == name and needs(then, x) != needs(now, x)
            for x in _tests(t, c)
        )
        for name in f.names
    )


@proof("cause.window.peak", "cause.window.change")
def _(t, c, f):
    then, now = _around(t, c)
    for q in (x.quantity for x in _tests(t, c)):
        if plain_name(t, q.indicator) != f.name or q.measure == "level":
            continue
        was, is_ = (int(r.cells.year.at[c, q.indicator]) - q.years for r in (then, now))
        if q.measure == "change_over":
            if f.phrase == "cause.window.change" and (f.was, f.now) == (was, is_):
                return True
        elif f.phrase == "cause.window.peak" and f.years == q.years and was <= f.left < is_:
            gone = now.panel.values[q.indicator][c].loc[was : is_ - 1]
            if gone[f.left] == gone.max():
                return True
    return False


@proof("why.came")
def _(t, c, f):
    then, now = _around(t, c)
    return (
        f.name == t.name[c]
        and f.day == turning.turnings(t.result).of[c].day
        and c not in then.peers.index
        and now.screening.status[c] == t.status[c]
    )


@proof("cause.pool.group", "cause.pool.placed")
def _(t, c, f):
    then, now = (r.peers[c] for r in _around(t, c))
    return then != now and (then == "") == (f.phrase == "cause.pool.placed")


@proof("change.error", "change.error.exact")
def _(t, c, f):
    """With this value of the figure, put into the panel and judged anew, the country is what the sentence says."""
    rows = [
        r
        for r in t.flips.get(c, [])
        if plain_name(t, r["indicator"]) == f.name and close(r["needed"], f.needed.value)
    ]
    sd = f.facts.get("sd", math.nan)
    rows = [r for r in rows if close(r["in_sd"], sd) or (math.isnan(sd) and math.isnan(r["in_sd"]))]
    return f.country == t.name[c] and any(
        close(r["now"], f.now.value) and _with(t, c, r) in WOULD[f.what.phrase] for r in rows
    )


WOULD = {
    "would.eligible": ["eligible"], "would.conditional": ["conditional"], "would.on-hold": ["on-hold"],
    "would.insufficient-data": ["insufficient-data"],
    "would.loses": ["excluded", "qualified", "on-hold"], "would.drops": ["excluded"], "would.nokind": ["excluded"],
}  # fmt: skip


def _with(t, c, row) -> str:
    """The status of a country whose one figure is another, from a round of its own."""
    own, name, year = t.result, row["indicator"], int(t.result.cells.year.at[c, row["indicator"]])
    values = own.panel.values[name].copy()
    values.loc[year, c] = row["needed"]
    changed = replace(own.panel, values={**own.panel.values, name: values})
    return run.judge(own.criteria.drawing(0), changed, own.as_of).screening.status[c]


@proof("would.eligible", "would.conditional", "would.loses")
def _(t, c, f):
    return (t.status[c] in INSIDE) == f.phrase.endswith("loses")


@proof("would.on-hold", "would.insufficient-data")
def _(t, c, f):
    """The rule is one that it misses, and what is told of the hold is so."""
    rule, hold = t.titled(f.gate).id, t.result.hold.get(c)
    at = f.facts.get("when", "")
    return {**t.gate[c], **t.track[c]}[rule] == "fail" and (not at or (hold and hold.event.date[:4] in at))


@proof("would.drops", "would.nokind")
def _(t, c, f):
    return t.status[c] == "qualified"


@proof("nearest.change", "nearest.exact")
def _(t, c, f):
    rows = [
        r for r in t.flips[c] if r["gate"] == t.titled(f.gate).id and plain_name(t, r["indicator"]) == f.name
    ]
    sd = f.facts.get("sd", math.nan)
    return any(
        close(r["now"], f.now.value)
        and f.becomes.phrase == f"word.{r['becomes']}"
        and (close(r["in_sd"], sd) or (math.isnan(sd) and math.isnan(r["in_sd"])))
        for r in rows
    )


@proof("releases.row")
def _(t, c, f):
    held = t.result.panel.held
    mine = [plain_name(t, i) for i in t.used if i in held and held[i].id == f.id and t.holds(i, c)]
    return list(f.names) == mine and f.publisher in {s.publisher for s in held.values() if s.id == f.id}


@proof("change.none.out")
def _(t, c, f):
    keep = {g.id for g in t.carrying(c)}
    return not [r for r in t.flips.get(c, []) if r["gate"] in keep and r["becomes"] == "fail"]


@proof("change.none.in")
def _(t, c, f):
    return t.status[c] == "excluded"


@proof("change.several")
def _(t, c, f):
    ideal = any(x.ideal for x in t.tracks(c, *PASSED))
    none = t.trackless(c) or (any(not x.ideal for x in t.criteria.tracks) and not ideal)
    return f.n == len(t.gates(c, "fail")) + none > 1


@proof("change.rule.in", "change.rule.out")
def _(t, c, f):
    rows = [
        r for r in t.thresholds[c] if close(r["value"], f.to.value) and close(r["threshold"], f.now.value)
    ]
    gate = t.titled(f.gate)
    out = f.phrase == "change.rule.out"
    rows = [r for r in rows if r["gate"] == gate.id and (r["becomes"] == "fail") == out]
    if out and gate in t.criteria.tracks:  # without this kind the verdict would be another
        kinds = [k for k in t.criteria.tracks if t.track[c][k.id] in PASSED]
        ideal = [k for k in kinds if k.ideal or t.status[c] == "qualified" or not t.criteria.apart]
        if ideal != [gate]:
            return False
    # what the sentence says would be asked, asked of the country's own value: missed, or met
    asked = {"at least": ge, "above": gt, "at most": le, "below": lt}
    edge = {"at least": "above", "above": "at least", "at most": "below", "below": "at most"}
    if f.way not in (f.was, edge[f.was]) or any(out == asked[f.way](r["value"], f.to.value) for r in rows):
        return False
    return any(f.was == _way(t, x) for x in _tests(t, c) if x.path in {r["test"] for r in rows})


def _way(t, test):
    """On which side of its threshold a test wants a figure, in words."""
    way = ("at least", "above") if t.wanted(test.path) else ("below", "at most")
    low = ("at most", "below") if t.wanted(test.path) else ("above", "at least")
    return dict(zip(("at_least", "above", "at_most", "below"), (*way, *low), strict=True))[test.operator]


@proof("change.newer")
def _(t, c, f):
    return f.now.phrase == f"now.{t.result.turned[c]}"


@proof("change.data")
def _(t, c, f):
    return t.status[c] == "insufficient-data" and _whole(t, c, f.what)


@proof("last.sources")
def _(t, c, f):
    held = t.result.panel.held
    due = {held[i].id for i in t.used if i in held and t.holds(i, c)}
    return {x for s in f.sources for x in s.facts["ids"]} == due


@proof("last.missing")
def _(t, c, f):
    return list(f.names) == [plain_name(t, i) for i in t.used if not t.holds(i, c)]


@proof("last.run")
def _(t, c, f):
    return f.id == t.criteria.id and f.version == t.criteria.version


# ── the briefing ────────────────────────────────────────────────────────────────────────────────────────────────


@proof("kicker.figures")
def _(t, c, f):
    return f.day == t.result.as_of


@proof("kicker.behind")
def _(t, c, f):
    return list(f.names) == list(dict.fromkeys(name for name, *_ in t.result.read.behind)) != []


@proof("brief.title")
def _(t, c, f):
    return f.n == len(t.shortlist) > 1 and f.first == t.name[t.shortlist[0]]


@proof("brief.title.one")
def _(t, c, f):
    return [f.first] == [t.name[x] for x in t.shortlist]


@proof("brief.title.none")
def _(t, c, f):
    return not inside(t)


@proof("brief.title.open")
def _(t, c, f):
    return not inside(t) and f.n == len(t.having("insufficient-data")) > 0


@proof("brief.title.unranked")
def _(t, c, f):
    return f.n == len(inside(t)) and not t.shortlist


@proof("brief.title.index")
def _(t, c, f):
    return f.of == len(t.ranked) and t.rank[t.iso3[f.first]] == 1


@proof("brief.lead", "brief.lead.plain", "brief.kinds", "brief.kinds.condition")
def _(t, c, f):
    """Of whom no number is told there is nobody."""
    told, due = (
        {word: of(word) for word in INSIDE}
        for of in (lambda w: f.facts.get(w, 0), lambda w: len(t.having(w)))
    )
    return (
        told == due and f.pool == len(t.pool) and (f.phrase != "brief.kinds.condition" or f.conditional > 0)
    )


@proof("brief.rest", "brief.rest.open", "brief.open")
def _(t, c, f):
    blind = f.facts.get("open", 0)
    return (f.facts.get("excluded", 0), blind) == (
        len(t.having("excluded")),
        len(t.having("insufficient-data")),
    )


@proof("brief.held")
def _(t, c, f):
    return f.n == len(t.having("on-hold")) > 0


@proof("brief.recommend.all")
def _(t, c, f):
    """Nobody who qualifies is off the list."""
    return f.n == len(t.shortlist) == len(t.having("eligible")) + len(t.having("conditional"))


@proof("brief.recommend")
def _(t, c, f):
    return f.n == len(t.shortlist) and all(t.status[x] == "eligible" for x in t.shortlist)


@proof("brief.recommend.conditional")
def _(t, c, f):
    on = [t.name[x] for x in t.shortlist if t.status[x] == "conditional"]
    return f.n == len(t.shortlist) and list(f.names) == on and f.k == len(on)


@proof("brief.lead.index", "brief.lead.index.all")
def _(t, c, f):
    return (f.facts.get("ranked", f.pool), f.pool) == (len(t.ranked), len(t.pool))


@proof("brief.rule")
def _(t, c, f):
    return not t.criteria.tracks


@proof("brief.rule.kinds", "brief.rule.kind")
def _(t, c, f):
    titles = [lower(x.title) for x in t.criteria.tracks]
    return list(f.kinds) == titles and f.facts.get("n", 1) == len(titles)


@proof("rule.gates")
def _(t, c, f):
    return list(f.titles) == [lower(g.title) for g in t.criteria.gates] and f.n == len(f.titles)


@proof("who.more")
def _(t, c, f):
    rest = f.n == len(inside(t)) - 40 if inside(t) else 0 < f.n < len(t.having("insufficient-data"))
    return rest or f.n == len(_near(t)) - 8


@proof("who.open")
def _(t, c, f):
    return not inside(t) and bool(t.having("insufficient-data"))


@proof("who.which")
def _(t, c, f):
    """Countries that cannot be judged: as many as are told, each named once."""
    return all(t.status[t.iso3[x]] == "insufficient-data" for x in f.names) and len(set(f.names)) == f.n


@proof("who.names")
def _(t, c, f):
    """Every figure told is one that a gate or track asks for and that some country that cannot be judged has not."""
    asked = {
        plain_name(t, q.indicator)
        for g in (*t.criteria.gates, *t.criteria.tracks)
        for _, q in walk.node_quantities(g.rule)
    }
    told = {x for x in f.names if not x.endswith(" more")}
    return told <= asked and all(
        any(not t.holds(i, x) for i in named(t, name) for x in t.having("insufficient-data")) for name in told
    )


@proof("sure.expect.one", "sure.expect.alone")
def _(t, c, f):
    """Of a list of one its chance is told (chance.number), for about one of one would say that it is sure."""
    whole = len(t.shortlist) == 1 and (len(t.ranked) == 1) == f.phrase.endswith("alone")
    return whole and f.facts.get("best", f.facts.get("of")) in (t.criteria.shortlist, len(t.ranked))


@proof("sure.expect.all")
def _(t, c, f):
    """Nobody else is ranked, so a list drawn by lot would be the same; the best are as many as the list has places."""
    whole = len(t.ranked) == len(t.shortlist) == f.n > 1 and f.best == t.criteria.shortlist
    return whole and close(f.x, math.fsum(t.top[x] for x in t.shortlist))


@proof("sure.about", "sure.expect")
def _(t, c, f):
    n = len(t.shortlist)
    good = close(f.x, math.fsum(t.top[x] for x in t.shortlist)) and f.n == n > 1
    return good and (
        f.phrase == "sure.about" or (n < f.of == len(t.ranked) and close(f.lot, n * n / len(t.ranked)))
    )


def _firm(t: Truth) -> list[str]:
    return [x for x in t.shortlist if t.top[x] >= FIRM]


@proof("sure.firm", "sure.firm.none", "sure.firm.one", "sure.firm.who", "sure.all")
def _(t, c, f):
    firm, given = _firm(t), f.facts
    if f.p != FIRM:
        return False
    if f.phrase == "sure.all":
        return f.of == len(t.shortlist) == len(firm)
    if f.phrase == "sure.firm.one":
        return len(t.shortlist) == 1 and not firm
    if f.phrase == "sure.firm.none":
        return f.of == len(t.shortlist) > 1 and not firm
    if f.phrase == "sure.firm":
        return (f.n, f.of) == (len(firm), len(t.shortlist)) and bool(firm)
    named = list(given["names"]) == [t.name[x] for x in firm] and f.n == len(firm)
    return named and f.rest == len(t.shortlist) - len(firm)


def _loss(t: Truth):
    return t.result.decision


@proof("sure.loss", "sure.loss.all")
def _(t, c, f):
    every = len(t.ranked) == len(t.shortlist)
    beside = every if f.phrase == "sure.loss.all" else close(f.q, _loss(t).loss_by_lot)
    return beside and close(f.p, _loss(t).expected_loss)


def _gains(t: Truth, f) -> bool:
    """What the list gives up now and after its best exchange: two numbers as written, or one where they would look alike."""
    loss, gain = _loss(t).expected_loss, _loss(t).swap.gain
    if f.phrase.endswith(".even"):
        return close(f.p, loss) and 0 < gain < POINT
    return close(f.p, loss) and close(f.after, loss - gain) and percent(f.p) != percent(f.after)


@proof("sure.everyone")
def _(t, c, f):
    return close(f.p, _loss(t).p_all_admitted)


@proof("sure.everyone.told")
def _(t, c, f):
    return f.n == len(t.shortlist) > 1


@proof("sure.swap", "sure.swap.even")
def _(t, c, f):
    swap = _loss(t).swap
    return (f.into, f.out) == (t.name[swap.in_], t.name[swap.out]) and _gains(t, f)


# ── the list under its limits, by trying every list ──


def _kept(t: Truth, lists: np.ndarray, *without: str) -> np.ndarray:
    """Which lists keep to the limits of the criteria, but for some; a list is a row of places in order of rank."""
    own, ok = t.criteria.limits, np.ones(len(lists), bool)
    regions = np.array([countries.register().region(x) for x in t.ranked])
    if own.per_region and "region" not in without:
        for region in set(regions):
            ok &= (regions == region)[lists].sum(axis=1) <= own.per_region
    for asked in own.at_least:
        screening = t.result.screening
        words = screening.track if asked.id in screening.track else screening.mechanism
        fits = np.array([asked.id in words and words.at[x, asked.id] in PASSED for x in t.ranked])
        if asked.id not in without:
            ok &= fits[lists].sum(axis=1) >= asked.n
    return ok


def _pairs(t: Truth) -> np.ndarray:
    """How far each who meets the requirements is from each who is ranked."""
    pillar, weight = t.result.scores.pillar, math.fsum(p.weight for p in t.pillars)
    met = [x for x in t.pool if t.status[x] in (*INSIDE, "qualified") and not math.isnan(t.score[x])]
    apart = [
        [
            math.fsum(p.weight * abs(pillar.at[x, p.id] - pillar.at[y, p.id]) for p in t.pillars) / weight
            for y in t.ranked
        ]
        for x in met
    ]
    return np.array(apart)


def _mean(t: Truth, who) -> float:
    return math.fsum(t.score[x] for x in who) / len(who)


def _places(t: Truth, who) -> np.ndarray:
    """One list, as lists are written here."""
    return np.array([[j for j, x in enumerate(t.ranked) if x in who]])


def _far(t: Truth, lists: np.ndarray) -> np.ndarray:
    rows = t.once("pairs", _pairs)
    return sum(row[lists].min(axis=1) for row in rows) / len(rows)


def _aims(t: Truth, lists: np.ndarray, variety: float | None) -> np.ndarray:
    v, score = variety or 0.0, np.array([t.score[x] for x in t.ranked])
    return (1 - v) * score[lists].mean(axis=1) - (v * _far(t, lists) if v else 0.0)


def _lists(t: Truth, variety: float | None, *without: str) -> list[tuple[float, tuple[str, ...]]]:
    """The best twenty lists that keep to the limits but some, with what each is worth."""

    def every(t: Truth):
        size = min(t.criteria.shortlist, len(t.ranked))
        lists = np.array([*combinations(range(len(t.ranked)), size)])
        lists = lists[_kept(t, lists, *without)]
        aims = _aims(t, lists, variety)
        best = np.argsort(-aims, kind="stable")[:20]
        return [(aims[i], tuple(t.ranked[j] for j in lists[i])) for i in best]

    return t.once(f"lists {variety} {without}", every)


def _codes(t: Truth, names) -> set[str]:
    return {t.iso3[name] for name in names}


def _as_good(t: Truth, who, variety: float | None, *without: str) -> bool:
    """Whether no list is better."""
    mine = _places(t, who)
    best = _lists(t, variety, *without)[0][0]
    return bool(_kept(t, mine, *without)) and abs(_aims(t, mine, variety)[0] - best) < EXACT


def _own(t: Truth) -> set[str]:
    """The list under its limits, as told: checked to be as good as any."""
    return set(t.result.portfolio.own.members)


def _first(t: Truth) -> list[str]:
    return t.ranked[: t.criteria.shortlist]


@proof("limit.variety", "limit.region", "limit.kind")
def _(t, c, f):
    own = t.criteria.limits
    titles = {kind.title: kind.id for kind in (*t.criteria.tracks, *t.criteria.mechanisms)}
    if f.phrase == "limit.kind":
        return (titles[f.title], f.n) in {(x.id, x.n) for x in own.at_least}
    return f.p == own.variety if f.phrase == "limit.variety" else f.n == own.per_region


@proof("portfolio.same", "portfolio.other", "portfolio.members")
def _(t, c, f):
    first, own = set(_first(t)), t.criteria.limits
    if f.phrase == "portfolio.members":
        return _codes(t, f.names) == _own(t)
    if len(f.limits) != bool(own.variety) + bool(own.per_region) + len(own.at_least):
        return False
    into, out = (_codes(t, f.into), _codes(t, f.out)) if f.phrase == "portfolio.other" else (set(), set())
    new = first - out | into
    return out <= first and not into & first and new == _own(t) and _as_good(t, new, own.variety)


@proof("portfolio.score")
def _(t, c, f):
    return close(f.x, _mean(t, _own(t))) and close(f.y, _mean(t, _first(t)))


@proof("portfolio.distance")
def _(t, c, f):
    mine, first = (_far(t, _places(t, who))[0] for who in (_own(t), _first(t)))
    return abs(f.x - mine) < EXACT and abs(f.y - first) < EXACT


@proof("portfolio.prices")
def _(t, c, f):
    return [x.facts["v"] for x in f.prices] == [0.25, 0.5, 1.0]


@proof("portfolio.price")
def _(t, c, f):
    bare = _lists(t, 0.0)[0][0]
    best = _lists(t, f.v)
    return any(abs(1 - _mean(t, who) / bare - f.p) < EXACT for aim, who in best if best[0][0] - aim < EXACT)


@proof("portfolio.always", "portfolio.never")
def _(t, c, f):
    named = _codes(t, f.facts.get("names", ()))
    best = _lists(t, t.criteria.limits.variety)
    last = best[f.n - 1][0]  # what is equal to it may be among the best or not
    surely, perhaps = ([set(who) for aim, who in best if aim > last + by] for by in (EXACT, -EXACT))
    within = set.intersection(*perhaps) <= named <= set.intersection(*surely, _own(t))
    return f.n == min(5, len(best)) and within and bool(named) == (f.phrase == "portfolio.always")


@proof("portfolio.all")
def _(t, c, f):
    kept, index = t.result.firmness.kept, list(t.result.screening.status.index)
    value, _ = kept.whole(kept.ever)
    at = [list(kept.ever).index(index.index(x)) for x in _own(t)]
    return f.n == len(at) and close(f.p, (value[:, at] > 0).all(axis=1).mean())


@proof("portfolio.binds")
def _(t, c, f):
    own, into, out = t.criteria.limits, _codes(t, f.into), _codes(t, f.out)
    titles = {kind.title: kind.id for kind in (*t.criteria.tracks, *t.criteria.mechanisms)}
    lifted = f.limit.phrase
    name = "region" if lifted == "limit.region" else titles.get(f.limit.facts.get("title", ""), "")
    variety = None if lifted == "limit.variety" else own.variety
    new = _own(t) - out | into
    same = out <= _own(t) and into and close(f.x, _mean(t, new) - _mean(t, _own(t)))
    return same and _as_good(t, new, variety, *([name] if name else []))


@proof("portfolio.loose")
def _(t, c, f):
    own, mine = t.criteria.limits, _own(t)
    names = [*(["region"] if own.per_region else []), *(x.id for x in own.at_least)]
    return all(_as_good(t, mine, own.variety, name) for name in names) and (
        not own.variety or _as_good(t, mine, None)
    )


@proof("portfolio.none")
def _(t, c, f):
    return f.of == len(t.ranked) and f.n == len(_first(t)) and not _lists(t, None) and len(f.limits) >= 1


@proof("find.of")
def _(t, c, f):
    told = [(plain_name(t, x.indicator), t.name[x.iso3]) for x in _loss(t).find_out[:5]]
    deaths = {"deaths of under-fives": " per 1,000 births", "deaths of mothers": " per 100,000 births"}
    return (f.name, f.country) in told and f.unit == deaths.get(f.name, "")


@proof("decide.list.best")
def _(t, c, f):
    return t.result.decision.swap is None and bool(t.shortlist)


def _rivals(t: Truth) -> list[str]:
    off = [x for x in t.pool if x not in t.shortlist and t.top[x] > RIVAL]
    return sorted(off, key=lambda x: (-t.top[x], x))


@proof("sure.next")
def _(t, c, f):
    return [x.facts["name"] for x in f.names] == [t.name[x] for x in _rivals(t)] and f.p == RIVAL


@proof("sure.next.none")
def _(t, c, f):
    return not _rivals(t) and f.p == RIVAL


@proof("next.name", *(f"next.{kind}" for kind in ("conditional", "qualified", "excluded")))
def _(t, c, f):
    x, kind = t.iso3[f.name], f.phrase.removeprefix("next.")
    told = t.status[x] if t.status[x] in ("conditional", "qualified", "excluded") else "name"
    return kind == told and (close(f.p, t.top[x]) or close(f.p, t.p[x]))


@proof("inset.alt")
def _(t, c, f):
    return all(t.shortlist.index(t.iso3[m.facts["name"]]) + 1 == m.facts["n"] for m in f.marks)


@proof("inset.mark")
def _(t, c, f):
    return t.shortlist[f.n - 1] == t.iso3[f.name]


@proof("decide.list.options", "decide.list.follows", "decide.list.follows.even")
def _(t, c, f):
    swap = _loss(t).swap
    same = f.n == len(t.shortlist) and (f.last, f.next) == (t.name[swap.out], t.name[swap.in_])
    if f.phrase == "decide.list.options":
        return same
    return same and _gains(t, f) and close(f.out, t.top[swap.out]) and close(f.into, t.top[swap.in_])


@proof("decide.list.alone")
def _(t, c, f):
    return f.n == len(t.shortlist)


@proof("decide.many.options")
def _(t, c, f):
    firm = _firm(t) or sorted(t.shortlist, key=lambda x: (-t.top[x], x))[:3]
    return list(f.names) == [t.name[x] for x in firm] and f.n == len(t.shortlist)


@proof("decide.many.follows", "decide.many.follows.one")
def _(t, c, f):
    firm = _firm(t) or sorted(t.shortlist, key=lambda x: (-t.top[x], x))[:3]
    one = (len(firm) == 1) == f.phrase.endswith(".one")
    return close(f.p, min(t.top[x] for x in firm)) and f.n == len(t.shortlist) and one


@proof("decide.condition.follows")
def _(t, c, f):
    return any(t.status[x] == "conditional" for x in t.shortlist)


@proof("short.rules")
def _(t, c, f):
    """The requirements of some country that it meets on condition only."""
    on = [
        least(t, x, "conditional") + [lower(k.title) for k in t.tracks(x, "conditional")]
        for x in t.having("conditional")
    ]
    return list(f.which) in on


def _near(t: Truth) -> list[str]:
    near = [x for x in t.having("excluded") if t.most[x] > t.criteria.uncertainty.near_miss]
    return sorted(near, key=lambda x: (-t.p[x], -t.most[x], x))


@proof("decide.near.follows")
def _(t, c, f):
    due = _near(t)
    told = [(x.facts["name"], x.facts["p"].facts["p"]) for x in f.chances]
    return (f.n, told) == (len(due), [(t.name[x], t.p[x]) for x in due])


@proof("next.near", "chance.between", "chance.most")
def _(t, c, f):
    """Of the country itself, or on a page of all of the one that is named, or of some."""
    if f.phrase == "next.near":
        own = f.p.facts
        return close(own["p"], t.p[t.iso3[f.name]]) and close(
            own.get("most", own["p"]), t.most[t.iso3[f.name]]
        )
    own = [c] if c else t.pool
    if f.phrase == "chance.most":
        return any(math.isnan(t.p[x]) and close(f.most, t.most[x]) and f.most < 1 for x in own)
    return any(close(f.p, t.p[x]) and close(f.most, t.most[x]) and f.p < f.most for x in own)


@proof("verdict.range")
def _(t, c, f):
    """It has a range, and a test of the rules for its group has no figure of each series named."""
    rules = (*t.criteria.gates, *t.open_tracks(c))
    tests = [x for rule in rules for x in walk.nodes(rule.rule) if isinstance(x, Test)]
    gone = {
        plain_name(t, x.quantity.indicator) for x in tests if math.isnan(t.measured[c].get(x.path, math.nan))
    }
    return t.p[c] < t.most[c] and bool(f.what) and {x for x in f.what if not x.endswith(" more")} <= gone


@proof("decide.blind", "some.more")
def _(t, c, f):
    return f.n == len(t.having("insufficient-data"))


@proof("decide.blind.follows")
def _(t, c, f):
    told = [x for x in f.names if not x.endswith(" more")]
    return all(t.status[t.iso3[x]] == "insufficient-data" for x in told)


@proof("decide.condition.options", "decide.near.options", "decide.blind.options")
def _(t, c, f):
    on = [x for x in t.shortlist if t.status[x] == "conditional"]
    who = {"condition": on, "near": _near(t), "blind": t.having("insufficient-data")}
    return f.n == len(who[f.phrase.split(".")[1]])


@proof("steps.due", "steps.late")
def _(t, c, f):
    """Each figure stands once, and no other day has one."""
    return len(f.figures) == len(set(f.figures)) > 0


@proof("steps.figure", "steps.out")
def _(t, c, f):
    panel, found = t.result.panel, []
    for series in vintages.deciding(t.criteria):
        if series in panel.held and not panel.held[series].dated and panel.held[series].name == f.name:
            known_from = panel.sheets[series].known_from
            rows = panel.values[series].dropna(how="all").index
            held = [year for year in rows if known_from(int(year)) <= t.result.as_of]
            if not held:
                continue
            last = int(held[-1])
            year = last + panel.sheets[series].every
            found.append((year, panel.sheets[series].known_from(year)))
    due = [day for year, day in found if year == f.year]
    if f.phrase == "steps.figure":
        return bool(due) and any(day > t.result.as_of for day in due)
    return f.day in due and f.day <= t.result.as_of


@proof("wrong.old", "wrong.behind")
def _(t, c, f):
    late = {name for name, *_ in t.result.read.behind}
    return len(f.years) == len(t.result.read.years) and sorted(f.facts.get("names", ())) == sorted(late)


@proof("wrong.newer")
def _(t, c, f):
    """Who is named would be what is said, and who is only counted are the others that are in now."""
    turned, named_ = t.result.turned, [x for x in f.names if x.phrase != "wrong.more"]
    more = sum(x.facts["n"] for x in f.names if x.phrase == "wrong.more")
    return len(named_) + more == sum(t.status.get(x) in INSIDE for x in turned.index) and all(
        turned[t.iso3[x.facts["name"]]] in x.facts["now"].phrase for x in named_
    )


def _events(t: Truth, c: str) -> list:
    today = t.result.as_of
    first = date(today.year - 10, today.month, min(today.day, 28))
    return list(t.result.panel.events(c, first, today))


@proof("wrong.seized", "wrong.disputed")
def _(t, c, f):
    """All of them and no others: what is disputed is not told as a seizure."""
    disputed = f.phrase.endswith("disputed")
    due = [t.name[x] for x in t.shortlist for e in _events(t, x) if (e.event == "disputed") == disputed]
    return sorted(e.facts["name"] for e in f.events) == sorted(due)


@proof("wrong.event")
def _(t, c, f):
    return bool(_events(t, t.iso3[f.name]))


@proof("event.disputed", "event.disputed.holds")
def _(t, c, f):
    """Every source of it is named, and whether it holds is what the criteria say of its kind."""
    sides = [e.source.split("; ") for e in _events(t, c) if e.event == "disputed"]
    hosts = [[re.sub(r"^https?://(?:www[.])?([^/:]+).*", r"\1", x) for x in own] for own in sides]
    hosts = [[PUBLISHERS.get(x, x) for x in own] for own in hosts]
    holds = t.criteria.hold is not None and "disputed" in t.criteria.hold.kinds
    return f.sources in [", ".join(x) for x in hosts] and f.phrase.endswith("holds") == holds


@proof("wrong.none.seized")
def _(t, c, f):
    return (
        f.n == len(t.shortlist) and not any(_events(t, x) for x in t.shortlist) and f.last <= t.result.as_of
    )


@proof("wrong.shared", "wrong.shared.all")
def _(t, c, f):
    held, gates = t.result.panel.held, t.criteria.gates
    mine = {i for i in t.used if i in held and held[i].name == f.name}
    n = sum(1 for g in gates if mine & {q.indicator for _, q in walk.node_quantities(g.rule)})
    weight = sum(p.weight for p in t.pillars)
    share = math.fsum(
        p.weight / weight * x.weight / sum(y.weight for y in p.components)
        for p, x in t.components
        if x.quantity.indicator in mine
    )
    return n == len(gates) and close(f.facts.get("p", 1.0), share)


@proof("wrong.verdicts")
def _(t, c, f):
    return close(f.n, sum(t.result.misclassified[g.id] for g in t.criteria.gates))


@proof("near.title")
def _(t, c, f):
    return f.n == len(_near(t)) and f.p == t.criteria.uncertainty.near_miss


@proof("near.title.none", "near.title.nearest")
def _(t, c, f):
    nobody = not t.having("eligible", "conditional", "qualified") and bool(t.having("excluded"))
    return not _near(t) and f.p == t.criteria.uncertainty.near_miss and (nobody or f.phrase.endswith("none"))


@proof("rests.gate", "rests.gate.only")
def _(t, c, f):
    fails = {g.title: [x for x in t.pool if t.gate[x][g.id] == "fail"] for g in t.criteria.gates}
    mine = fails[f.gate]
    only = [x for x in mine if len(t.gates(x, "fail")) == 1]
    found = (f.n, f.of, f.facts.get("only", f.n)) == (len(mine), len(t.pool), len(only))
    return found and len(mine) == max(map(len, fails.values()))


@proof("rests.kinds")
def _(t, c, f):
    return f.n == sum(1 for x in t.having("excluded") if not t.gates(x, "fail"))


@proof("brief.cards")
def _(t, c, f):
    return 0 < f.n < f.of == len(t.pool)


@proof("brief.annexes")
def _(t, c, f):
    return [x.facts["letter"] for x in f.titles] == list("ABCDEFGH"[: len(f.titles)])


# ── the record: shares worked out again, country by country, from the cohorts ────────────────────────────────────


past = cache(record.known)


@cache
def cases(result) -> list[SimpleNamespace]:
    """Every country-year that can be followed by the day: its year, status, place on the list, level and what became of it."""
    panel = result.panel
    newest = max(panel.vintages[record.LEVEL], key=lambda one: one.source.released)
    out = [year for year in newest.values.index if newest.sheet.known_from(int(year)) <= result.as_of]
    level, found = newest.values.loc[out], []
    for cohort in past(result).cohorts:
        assert cohort.year + 5 <= out[-1] and cohort.as_of.year == cohort.year + 1
        for iso3, status in cohort.status.items():
            line = level[iso3].loc[cohort.year : cohort.year + 5] if iso3 in level else []
            if len(line) == 6 and not line.isna().any():
                lost = line.iloc[0] - line.iloc[1:].min() >= 0.1 - 1e-9
                listed = iso3 in cohort.listed
                found.append(
                    SimpleNamespace(
                        iso3=iso3, year=cohort.year, status=status, listed=listed, line=line, lost=lost
                    )
                )
    return found


@cache
def shares(result) -> dict[str, float]:
    """Shares of those that lost ground; of others the mean of those beside each, of whom some stood at its level that year."""
    every = cases(result)
    own = [x for x in every if x.status in INSIDE]
    beside = []
    for x in own:
        near = [
            y.lost
            for y in every
            if y.status == "excluded"
            and y.year == x.year
            and abs(y.line.iloc[0] - x.line.iloc[0]) <= 0.05 + 1e-9
        ]
        beside += [math.fsum(near) / len(near)] if near else []
    groups = {
        "admitted": [x.lost for x in own],
        "others": beside,
        "listed": [x.lost for x in every if x.listed],
        "qualified": [x.lost for x in every if x.status == "qualified"],
    }
    return {name: math.fsum(of) / len(of) for name, of in groups.items() if of}


@proof("record.title", "record.qualified")
def _(t, c, f):
    row = past(t.result).rows["qualified"].shares["lost"] if f.phrase == "record.qualified" else None
    ends = row is None or (close(f.low, row.low) and close(f.high, row.high) and f.low <= f.p <= f.high)
    return ends and close(f.p, shares(t.result)["qualified" if row else "admitted"])


@proof("record.share")
def _(t, c, f):
    return any(close(f.p, share) for name, share in shares(t.result).items() if name != "qualified")


@proof("record.admitted", "record.others", "record.listed")
def _(t, c, f):
    """The ends lie around the share of the group; test_record.py works ranges out again."""
    name, given = f.phrase.rpartition(".")[2], f.facts
    rows = past(t.result).rows
    row = rows[{"others": "others: admitted", "listed": "shortlist"}.get(name, name)].shares["lost"]
    own = [x for x in cases(t.result) if x.status in INSIDE]
    years = [str(min(x.year for x in own) + 1), str(max(x.year for x in own) + 1)]
    same = [given.get("first", years[0]), given.get("last", years[1])] == years and given.get("years", 5) == 5
    counted = (
        given.get("n", len(own)) == len(own)
        and given.get("size", t.criteria.shortlist) == t.criteria.shortlist
    )
    return (
        same
        and counted
        and close(f.low, row.low)
        and close(f.high, row.high)
        and f.low <= row.value <= f.high
    )


@proof("record.lost")
def _(t, c, f):
    return f.loss == 0.1


@proof("record.more", "record.less", "record.chance")
def _(t, c, f):
    share = past(t.result).apart["admitted - others"]
    ends = close(f.low, 100 * share.low) and close(f.high, 100 * share.high) and f.low <= f.high
    sure = "chance" if f.low <= 0 <= f.high else "more" if f.low > 0 else "less"
    return (
        ends
        and (f.phrase, f.who.phrase) == (f"record.{sure}", "record.admitted.who")
        and close(f.facts.get("x", 100 * abs(share.value)), 100 * abs(share.value))
    )


@proof("record.last")
def _(t, c, f):
    """Each once, of its last cohort, the newest cohorts first."""
    lost = {
        x.iso3: x.year for x in sorted(cases(t.result), key=lambda x: x.year) if x.status in INSIDE and x.lost
    }
    newest = sorted(lost.values(), reverse=True)[: len(f.losses)]
    named = [x.facts["name"] for x in f.losses]
    register = countries.register()
    return (
        0 < len(set(named)) == len(f.losses) <= 3
        and sorted((lost[i] for i in lost if register.name(i) in named), reverse=True) == newest
    )


@proof("record.loss")
def _(t, c, f):
    register = countries.register()
    return any(
        register.name(x.iso3) == f.name
        and str(x.year) == f.year
        and close(x.line.iloc[0], f.level)
        and close(x.line.iloc[1:].min(), f.lowest)
        and str(x.line.iloc[1:].idxmin()) == f.later
        for x in cases(t.result)
        if x.status in INSIDE and x.lost
    )


@proof("record.revised")
def _(t, c, f):
    return not t.result.panel.reading.as_known


# ── because and but: the country is that of the row ─────────────────────────────────────────────────────────────


@proof("because.fell")
def _(t, c, f):
    (indicator,) = [i for i in t.used if plain_name(t, i) == f.name]
    years = _years(t, c, indicator)
    return (
        close(years[f.first], f.was.value)
        and close(t.values[indicator][c], f.now.value)
        and f.was.value == max(v for y, v in years.items() if y >= max(years) - 10)
    )


@proof("because.change", "because.closed")
def _(t, c, f):
    """A change of some test, by how much and which way; a gap that closed did not widen."""
    closed = f.phrase == "because.closed"
    for x in _tests(t, c):
        measured, q = t.measured[c].get(x.path, math.nan), x.quantity
        up = f.facts["way"].phrase == "way.up" if not closed else True
        same = close(abs(measured), f.by.value) and measured != 0 and (measured > 0) == up
        if (
            same
            and (q.measure == "gap_closed_over") == closed
            and (q.years, plain_name(t, q.indicator)) == (f.years, f.name)
            and _held_against(f.beside) == _median(x)
            and _against(t.needs[c][x.path], measured, f.beside.facts["x"])
        ):
            return True
    return False


def _held_against(said) -> str:
    return said.phrase.removeprefix("because.")


def _median(test: Test) -> str:
    """Whether a test asks for a median, and of whom."""
    median = isinstance(test.threshold, Reference) and test.threshold.quantile == 0.5
    return f"typical{'.group' if test.threshold.among == 'peers' else ''}" if median else "needed"


def _against(needs: float, measured: float, told: Figure) -> bool:
    """What is needed as told: a number without a sign goes the way of the change, one that goes the other has its own."""
    sign = "" if needs * measured >= 0 else "+" if needs > 0 else "−"
    return close(told.value, needs if sign else abs(needs)) and told.text.startswith(
        sign or tuple("0123456789")
    )


@proof("because.needed", "because.typical", "because.typical.group")
def _(t, c, f):
    """Of some test of a change; which one, the sentence around it says."""
    tests = [x for x in _tests(t, c) if f.phrase == f"because.{_median(x)}"]
    return any(close(abs(t.needs[c].get(x.path, math.nan)), abs(f.x.value)) for x in tests)


@proof("because.first")
def _(t, c, f):
    """The words are those of one scored figure and one end, and nobody on the list has more of it, or less."""
    high, words = f.most.phrase == "most.high", f.most.facts["words"]
    for series in (x.quantity.indicator for _, x in t.components):
        if words == extreme(PLAIN.get(series, Name(plain_name(t, series))), high):
            values = {i: t.values[series][i] for i in t.shortlist}
            best = (max if high else min)(values.values())
            return f.n == len(t.shortlist) and values[c] == best and close(f.x.value, best)
    return False


@proof("because.chance")
def _(t, c, f):
    return close(f.p, t.p[c])


@proof("because.score", "but.part")
def _(t, c, f):
    parts = {lower(p.title): t.result.scores.pillar.at[c, p.id] for p in t.pillars}
    pick = max if f.phrase == "because.score" else min
    return close(f.x.value, parts[f.part]) and close(f.x.value, pick(v for v in parts.values() if v == v))


def near(t: Truth, c: str, rule) -> list[tuple[str, float, float, float, float]]:
    """The figures that alone would turn a rule: name, what it is, what is needed, margins of error, size of the change."""
    out = [
        (plain_name(t, r["indicator"]), r["now"], r["needed"], r["in_sd"], abs(r["change"]))
        for r in t.flips.get(c, [])
        if r["gate"] == rule.id and r["becomes"] == "fail" and not t.sheets[r["indicator"]].classes
    ]
    peaks = {x.path for x in t.tests(rule) if x.quantity.measure == "peak_over"}
    for r in t.thresholds.get(c, []):
        if r["test"] in peaks and r["becomes"] == "fail":
            gap, sd = abs(r["value"] - r["threshold"]), t.sds[r["indicator"]][c]
            far = gap / sd if sd > 0 else math.nan
            out.append((f"worst {plain_name(t, r['indicator'])}", r["value"], r["threshold"], far, gap))
    return out


def alone(t: Truth, rule) -> bool:
    """Whether a rule looks at one figure, at however many of its years."""
    return len({x.quantity.indicator for x in t.tests(rule)}) == 1 and not any(
        isinstance(node, Points) for node in walk.nodes(rule.rule)
    )


def tail(margins: float) -> float:
    """How often an error is larger than so many margins of it, on one side."""
    return NormalDist().cdf(-margins)


@proof("but.likely", "but.kind", "but.gate", "but.kind.one", "but.gate.one", "but.margin", "but.exact")
def _(t, c, f):
    """The requirement that costs most, or one within a point of it; of it a figure that makes a quarter of that, or none does."""
    rules = t.carrying(c)
    costs = {g.id: 1 - t.p_of(c, g) for g in rules if not math.isnan(t.p_of(c, g))}
    most = max(costs.values(), default=0.0)
    shown = lambda x: (  # noqa: E731
        f.name in (x[0], f"its {x[0]} in ten years")
        and close(x[1], f.x.value)
        and abs(x[2] - f.needed.value) < 0.8 * 10.0**-f.x.decimals
    )
    if f.phrase in ("but.margin", "but.exact"):
        rows = [x for g in rules for x in near(t, c, g)]
        known = [x[3] for x in rows if not math.isnan(x[3])]
        if f.phrase == "but.exact":
            return not known and any(shown(x) and close(x[4], min(y[4] for y in rows)) for x in rows)
        good = any(shown(x) and close(x[3], f.sd) for x in rows)
        return most < POINT and good and f.sd <= min(known) + 0.5
    dear = [g for g in rules if costs.get(g.id, 0.0) >= max(POINT, most - POINT) - 1e-12]
    if f.phrase == "but.likely":
        rows = [(x, costs[g.id]) for g in dear for x in near(t, c, g)]
        return any(shown(x) and tail(x[3]) >= cost / 4 for x, cost in rows)
    mine = [
        g
        for g in dear
        if close(1 - costs[g.id], f.p)
        and f.phrase == f"but.{'kind' if g in t.criteria.tracks else 'gate'}{'.one' if alone(t, g) else ''}"
    ]
    mine = [g for g in mine if f.facts.get("gate", g.title) == g.title]
    return any(not [x for x in near(t, c, g) if tail(x[3]) >= costs[g.id] / 4] for g in mine)


@proof("but.condition")
def _(t, c, f):
    return t.status[c] == "conditional"


# ── annexes and details ─────────────────────────────────────────────────────────────────────────────────────────


@proof("annex.candidates")
def _(t, c, f):
    return f.n == len(t.pool)


@proof("why.kinds")
def _(t, c, f):
    return set(f.kinds) <= {lower(g.title) for g in t.criteria.tracks}


@proof("why.held", "why.held.over")
def _(t, c, f):
    over = f.phrase.endswith(".over")
    return any(
        (awaited(t, c)[0] == "over") == over and (h.year == f.year if over else h.until == f.until)
        for c, h in t.result.hold.items()
    )


@proof("why.open")
def _(t, c, f):
    """Of its own criteria, or of others that are told beside them."""
    sets = (one for one in (t, *t.others) if one.status.get(c) == "insufficient-data")
    return any(_whole(one, c, f.what) for one in sets)


@proof("why.many")
def _(t, c, f):
    titles = {lower(g.title) for g in t.criteria.gates}
    return (
        f.of == len(titles) > f.n and f.n == len(f.which) == len(set(f.which)) > 1 and set(f.which) <= titles
    )


@proof("verdict.supposed")
def _(t, c, f):
    own = t.result.firmness.supposed
    half = 100 * own.half_eligible[c]
    rounded = half - 1e-6 <= f.half < max(half, 1) + 1
    return close(f.p, own.p_eligible[c]) and rounded and t.status[c] == "insufficient-data"


@proof("axis.confirmed", "axis.silent")
def _(t, c, f):
    """Counted from the cells: one of the axes that count has so many, and so many are enough or not."""
    told = [
        (
            sum(t.result.cells.value.at[c, i] == 1 for i in a.indicators),
            len(a.indicators),
            a.confirmed.at_least,
        )
        for a in t.criteria.axes
        if a.confirmed
    ]
    return any(
        (n, of) == (f.n, f.of) and (n >= need) == (f.phrase == "axis.confirmed") for n, of, need in told
    )


@proof("chance.shared")
def _(t, c, f):
    half = 100 * t.result.firmness.supposed.half_top[c]
    return close(f.p, t.result.firmness.places.p_top[c]) and half - 1e-6 <= f.half < max(half, 1) + 1


@proof("verdict.unset")
def _(t, c, f):
    return set(f.which) <= set(least(t, c, "unknown")) | {
        lower(g.title) for g in t.criteria.tracks if t.word(c, g) == "unknown"
    }


@proof("figures.guess")
def _(t, c, f):
    guesses = t.result.guesses[c].values()
    return any(
        close(f.mean.value, g.mean) and close(f.low.value, g.low) and close(f.high.value, g.high)
        for g in guesses
    )


@proof("without.same", "without.range")
def _(t, c, f):
    held = t.result.without.loc[c].dropna()
    low, high = (f.rank, f.rank) if f.phrase == "without.same" else (f.low, f.high)
    return (low, high) == (held.min(), held.max())


@proof("others.verdict")
def _(t, c, f):
    return f.word.phrase.startswith("status.") and any(
        close(f.p.facts["p"], p) for other in t.others for p in other.result.firmness.p_eligible.dropna()
    )


@proof("again.line")
def _(t, c, f):
    return True  # the command, the run and its checksums: test_report.py makes the run again by them


# ── what moved since the last round ─────────────────────────────────────────────────────────────────────────────


def moved(t: Truth) -> dict[str, set[str]]:
    """Who came onto the list and left it, who is admitted anew and no longer, from the two rounds as they are."""
    told = t.since.told
    inside = [
        {x for x, word in end.status.items() if word in INSIDE}
        if not end.index
        else {x for x, s in end.score.items() if s == s}
        for end in (told.a, told.b)
    ]
    lists = [set(end.listed) for end in (told.a, told.b)]
    apart = told.a.index != told.b.index
    return {
        "n": lists[1] - lists[0], "gone": lists[0] - lists[1],
        "came": set() if apart else inside[1] - inside[0], "lost": set() if apart else inside[0] - inside[1],
    }  # fmt: skip


@proof(*(f"since.title.{kind}" for kind in ("qualify", "qualify.plain", "ranked", "ranked.plain", "list")))
def _(t, c, f):
    found = moved(t)
    return all(getattr(f, key) == len(found[key]) for key in vars(f) if key in found)


@proof("since.date")
def _(t, c, f):
    return f.day == t.since.as_of < t.result.as_of


@proof("since.day")
def _(t, c, f):
    return t.since.as_of == t.result.as_of


@proof("since.run")
def _(t, c, f):
    return f.run == t.since.run


@proof("since.pins")
def _(t, c, f):
    return f.ids == tuple(t.since.pins)


@proof(
    *(f"since.criteria.{kind}" for kind in ("other", "set", "file", "unset")),
    "amended.lost",
    "amended.none",
    "amended.lines",
)
def _(t, c, f):
    theirs = t.since.told.a.criteria
    return (f.id, f.version) == (theirs["id"], theirs["version"]) and not t.since.same


@proof("since.lent")
def _(t, c, f):
    return f.names == tuple(t.sheets[i].label if i in t.sheets else i for i in t.since.told.lent)


@proof("since.unjudged", "since.sealed")
def _(t, c, f):
    return f.why == t.since.why


@proof("since.step.together")
def _(t, c, f):
    by = tuple(cause.phrase.removeprefix("since.step.") for cause in f.causes)
    turns = [{step for turn in m.turned for step in turn.by} for m in t.since.moves.values()]
    return len(by) > 1 and (
        any(by in (m.admitted, m.listed) for m in t.since.moves.values()) or any(set(by) <= x for x in turns)
    )


@proof("since.more")
def _(t, c, f):
    return f.n == len(set().union(*moved(t).values()) | otherwise(t)) - 40


def otherwise(t: Truth) -> set[str]:
    """Who has another verdict than in the last round, and was or is more than excluded or not judged."""
    then, now = t.since.told.a, t.since.told.b
    ends = {c: {then.status.get(c, OUTSIDE), now.status.get(c, OUTSIDE)} for c in t.since.told.countries}
    return {c for c, own in ends.items() if len(own) > 1 and own & {*INSIDE, "qualified", "on-hold"}}


@proof("amended.dated")
def _(t, c, f):  # the lines themselves are those of the table below it: test_since.py
    return t.since.same and f.n == len(amended.lines(Facts.of(t.result, t.since)))


def holds(t: Truth, c: str, said) -> bool:
    """Whether a sentence is true; KeyError where no proof knows its phrase."""
    if said.phrase in TOLD or said.phrase.startswith("review.kind."):  # whose sentence proves them
        return True
    facts = said.facts
    return bool(PROOFS[said.phrase](t, c, SimpleNamespace(phrase=said.phrase, facts=facts, **facts)))
