"""Results held against a last round that somebody named: a day, other criteria, pinned datasets, a run on disk, or none.

Each world gives a result and the `Last` that its report is told of. The last round in it is judged here, by the engine on
its own criteria, figures and day, and not read out of what is under test.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from unittest.mock import patch

import fake_result
import worlds
from truth import Last

from eligibility import criteria, panel, report, run, sources
from eligibility.compare import sides
from eligibility.compare import since as rounds
from eligibility.compare.sides import Side
from eligibility.policy import Criteria

World = tuple[run.Result, Last]
POLICY, EARLIER, DRAWS = "peacetime-pilots", date(2014, 7, 1), 60


@cache
def now(ref: str = POLICY, settings: tuple[str, ...] = ()) -> run.Result:
    return run.run(ref, worlds.EARLY, draws=DRAWS, settings=settings)


def then(ref: str = POLICY, day: date = worlds.EARLY, settings: tuple[str, ...] = ()) -> run.Result:
    return run.run(ref, day, draws=0, settings=settings)


def named(result: run.Result, word: str, before: run.Result | None, ref: str = POLICY, **more) -> World:
    """The round that a word names."""
    return result, Last(rounds.named(result, word, ref), before, word=word, **more)


def sealed(result: run.Result, before: run.Result, ref: str = POLICY, judged: bool = True) -> World:
    """The round as a run on disk, written here and named by its folder."""
    with tempfile.TemporaryDirectory() as folder:
        nothing = lambda *_: b""  # noqa: E731 - of such a run only manifest, criteria and result are read again
        sheet, sound = (
            patch.multiple(report.spreadsheet, book=nothing),
            patch.multiple(report.soundness, quick=nothing),
        )
        with sheet, sound, patch.multiple(report, audit=nothing):
            one = tuple(before.screening.status.index[:1])
            path = report.write(before, Path(folder), one, since=rounds.NOTHING).path
        since = rounds.named(result, str(path), ref)
    word = f"{before.criteria.id}-{before.as_of.isoformat()}"
    return result, Last(since, before, word=word, run=report.run_id(before), judged=judged)


def pinned(*ids: str) -> World:
    shelf = sides.pinned(sources.shelf(), ids)
    policy = criteria.load(POLICY, panel.catalogue(shelf), ())
    before = run.judge(sides.drawing(policy, 0), run.held(policy, shelf), worlds.EARLY)
    return named(now(), ",".join(ids), before, pins=ids)


REAL: dict[str, Callable[[], World]] = {
    "none": lambda: named(now(), "none", None),
    "a named day": lambda: named(now(), EARLIER.isoformat(), then(day=EARLIER)),
    "other criteria": lambda: named(now(), "peacetime-pilots-full", then("peacetime-pilots-full")),
    "an index": lambda: named(now(), "hdi", then("hdi")),
    "gates only": lambda: named(now("mcc-scorecard"), "mcc-hurdles", then("mcc-hurdles"), "mcc-scorecard"),
    "pinned figures": lambda: pinned("vdem-v14"),
    "sealed run of another day": lambda: sealed(now(), then(day=EARLIER, settings=("shortlist.size=5",))),
    "sealed run of other criteria": lambda: sealed(now(), then("mcc-scorecard", EARLIER)),
}  # fmt: skip


# Made up ---------------------------------------------------------------------------------------------------


@cache
def plain() -> run.Result:
    """The made-up criteria; those who call it need the invented names (`invented`) before the first call."""
    return fake_result.make()


def against(before: Criteria, after: Criteria | None = None, **more) -> World:
    """Made-up criteria held against others on the same figures."""
    return on(fake_result.make(policy=after) if after else plain(), before, **more)


def on(result: run.Result, before: Criteria, day: date = worlds.EARLY, id: str = "") -> World:
    """The same; `id` is that of a run on disk."""
    other = run.judge(replace(before, uncertainty=replace(before.uncertainty, draws=0)), result.panel, day)
    word = f"{before.id}-{day.isoformat()}" if id else before.id
    told = rounds.Since(word, day, settings=before.settings, run=id)
    since = rounds._compared(told, Side(word, other, ()), Side("", result, ()))
    return result, Last(since, other, word=word, run=id)


def other(id: str = "made-up", version: str = "2", sha: str = "1" * 64, **more) -> Criteria:
    """The made-up criteria as another file has them."""
    return replace(worlds.policy(**more), id=id, version=version, sha256=sha)


def limit(x: float, **more) -> Criteria:
    """The civil-society gate with another limit."""
    gates = []
    for gate in worlds.policy().gates:
        if gate.id == "civil-society":
            tests = tuple(replace(t, threshold=x) for t in gate.rule.of)
            gate = replace(gate, rule=replace(gate.rule, of=tests))
        gates.append(gate)
    return other(gates=tuple(gates), **more)


def pool(income: float) -> Criteria:
    return other(pool=replace(worlds.policy().pool, threshold=income))


def lost(**more) -> World:
    """A made-up run on disk, whose figures nobody holds: told as it was sealed."""
    before = fake_result.make(policy=replace(limit(0.75, **more), text="id: made-up\nshortlist: {size: 4}\n"))
    return sealed(plain(), before, judged=False)


def reworded() -> Criteria:
    """Another source given for the same rules."""
    gates = tuple(replace(g, cites=replace(g.cites, where="Another report")) for g in worlds.policy().gates)
    return other(gates=gates)


RUN = "0123456789ab"
MADE: dict[str, Callable[[], World]] = {
    "other limits": lambda: against(limit(0.75, id="older")),
    "another version": lambda: against(limit(0.75)),
    "another file of the same version": lambda: against(limit(0.75, version="1")),
    "another file that says the same": lambda: against(other(version="1")),
    "another source given": lambda: against(reworded()),
    "changed by --set then": lambda: against(replace(limit(0.3, version="1", sha="0" * 64), settings=("gates.x=0.3",))),
    "changed by --set now": lambda: against(worlds.policy(), replace(limit(0.3, version="1", sha="0" * 64), settings=("gates.x=0.3",))),
    "a gate and a track fewer then": lambda: against(other(gates=worlds.policy().gates[:2], tracks=worlds.policy().tracks[:1])),
    "a gate and a track fewer now": lambda: against(other(), worlds.policy(gates=worlds.policy().gates[:2], tracks=worlds.policy().tracks[:1])),
    "another score": lambda: against(other(score=replace(worlds.policy().score, power=1.0, pillars=worlds.policy().score.pillars[:1]))),
    "no score then": lambda: against(other(score=None)),
    "no score now": lambda: against(other(), worlds.policy(score=None)),
    "gates alone then": lambda: against(other(score=None, tracks=()), worlds.policy(tracks=())),
    "an index then": lambda: against(other(gates=(), tracks=())),
    "an index now": lambda: against(other(), worlds.index(shortlist=0)),
    "an index with places now": lambda: against(other(), worlds.index()),
    "two indexes": lambda: against(other(gates=(), tracks=(), shortlist=3), worlds.index()),
    "another pool then": lambda: against(pool(2000.0)),
    "fewer places then": lambda: against(other(shortlist=1)),
    "no places then": lambda: against(other(shortlist=0)),
    "no places now": lambda: against(other(), worlds.policy(shortlist=0)),
    "points then": lambda: against(other(gates=(worlds.points(),), tracks=())),
    "other criteria on another day": lambda: against(limit(0.7, id="older"), day=EARLIER),
    "sealed, another day": lambda: against(worlds.policy(), day=EARLIER, id=RUN),
    "sealed, other criteria of another day": lambda: against(limit(0.75), day=EARLIER, id=RUN),
    "sealed and lost": lost,
    "decided by the board since": lambda: on(worlds.decided(fake_result.make()), limit(0.75)),
    "nobody drawn": lambda: against(limit(0.75), worlds.doubting(draws=0)),
    "forty by lot": lambda: on(fake_result.make(n=40, seed=4, places=4), limit(0.62)),
}  # fmt: skip
