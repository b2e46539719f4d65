"""One country's move since the last round, in sentences: status, shortlist, gates, and a score whose parts add up.

A change that the doubt of this round could account for is called what it may be; no rank of the last round is told.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from eligibility.compare.since import Move, Turn
from eligibility.compare.steps import ADMITTED, OUTSIDE
from eligibility.pages import sentences, since
from eligibility.pages.changes import apart
from eligibility.pages.facts import Facts
from eligibility.pages.views import VERDICTS
from eligibility.pages.wording import listed, missing, number, plain, runs, signed


def moved(facts: Facts, iso3: str) -> tuple[str, tuple[str, ...]]:
    """The finding on one country's move and its sentences; ("", ()) where nothing is compared."""
    last = facts.since
    if last is None or last.as_of is None:
        return "", ()
    if last.told is None:
        return "what moved cannot be said", (since.unjudged(facts),)
    move = last.moves[iso3]
    lines = [
        f"Compared with {since.compared(facts)}.",
        *_status(facts, iso3, move),
        *_place(facts, iso3, move),
    ]
    lines += _turned(facts, move)
    lines += _score(facts, move)
    if last.told.path is None:
        lines.append("What moved it cannot be told, for the last round cannot be judged again here.")
    return _finding(facts, move), tuple(lines)


def _finding(facts: Facts, move: Move) -> str:
    """The move in a few words."""
    index, (a, b) = facts.criteria.index, _called(facts, move)
    first = "" if index else f"{a} then, {b} now" if a != b else f"{b} then and now"
    then, now = move.score
    if missing(then) or missing(now):
        second = "no change of score to tell" if index else ""
    else:
        second = "the same score" if then == now else "a higher score" if then < now else "a lower score"
    return ", ".join(x for x in (first, second) if x)


def _called(facts: Facts, move: Move) -> tuple[str, str]:
    """What its status then and now is called."""
    was, now = move.status
    return since.status(facts, was, then=True), since.status(facts, now)


def _status(facts: Facts, iso3: str, move: Move) -> Iterable[str]:
    """Its status then and now, what decided the change, and whether that may be noise."""
    was, now = _called(facts, move)
    if move.status[0] == OUTSIDE:
        yield "It was not considered in the last round" + (
            "." if facts.criteria.index else f", and is {now} in this one{since.decided(move.admitted)}."
        )
    elif facts.criteria.index:
        return
    elif was == now:
        yield (
            f"It was {was} and still is."
            if now != since.STATUS["insufficient-data"]
            else f"It was {was}, and is so still."
        )
    else:
        yield f"It was {was} and is {now}{since.decided(move.admitted)}."
    p, inside = facts.p_eligible[iso3], move.status[1] in ADMITTED
    crossed = iso3 in (since.last(facts).newly if inside else since.last(facts).no_longer)
    if crossed and not facts.criteria.index and since.is_open(facts, p, inside):
        yield (
            f"Under measurement error it is admitted in {runs(p, facts.result.firmness.draws)} of this round, "
            "so the change may be noise."
        )


def _place(facts: Facts, iso3: str, move: Move) -> Iterable[str]:
    """That it came onto the shortlist or left it."""
    entered, left = iso3 in since.last(facts).entered, iso3 in since.last(facts).left
    if entered or left:
        yield f"It {'enters' if entered else 'leaves'} the shortlist{since.decided(move.listed)}."
        p = facts.p_top[iso3]
        if since.is_open(facts, p, entered):
            yield (
                f"In {runs(p, facts.result.firmness.draws)} of this round it is on the shortlist, "
                "so the change may be noise."
            )


def _turned(facts: Facts, move: Move) -> Iterable[str]:
    """The gates and tracks with another verdict."""
    own = facts.criteria
    if own.index or OUTSIDE in move.status:
        return
    tracks = (
        bool(own.tracks) and since.last(facts).comparison.path is not None
    )  # a sealed run tells its gates alone
    if not move.turned:
        if own.gates or tracks:
            yield f"No {'gate and no track' if tracks and own.gates else 'gate' if own.gates else 'track'} turned."
        return
    yield f"Turned: {'; '.join(_turn(facts, turn) for turn in move.turned)}."


def _turn(facts: Facts, turn: Turn) -> str:
    """One gate or track: the title, the words then and now, and why."""
    words = [
        VERDICTS[word].word.lower() if word in VERDICTS else "not asked" for word in (turn.was, turn.now)
    ]
    return f"{_rule(facts, turn.gate)} from {words[0]} to {words[1]}" + (
        f" ({since.cause(turn.step)})" if turn.step else ""
    )


def _rule(facts: Facts, key: str) -> str:
    """A gate or track of either round by its title."""
    before = since.last(facts).before
    policies = [facts.criteria, *([before.criteria] if before else [])]
    for policy in policies:
        for kind, rules in (("gate", policy.gates), ("track", policy.tracks)):
            for rule in rules:
                if rule.id == key:
                    return f"the {kind} {sentences.quoted(rule)}"
    return f"the gate “{plain(key)}”"


def _score(facts: Facts, move: Move) -> Iterable[str]:
    """Its score then and now and the parts of the change, which add up as they are printed."""
    then, now = move.score
    if facts.criteria.score is None or move.status[0] == OUTSIDE:
        return
    if missing(then) or missing(now):
        yield (
            "It has a score in neither round."
            if missing(then) and missing(now)
            else f"It had no score then and has {number(now, 3)} now, so no change is told."
            if missing(then)
            else f"Its score was {number(then, 3)}; now it has none, so no change is told."
        )
        return
    places = apart(then, now, 3)
    total = _printed(now, places) - _printed(then, places)
    parts = [
        (step, units / 10**places) for step, units in apportioned(move.parts, total, places).items() if units
    ]
    if not total:
        told = f"Its score is {number(now, places)}, as then"
        told += f": {_parts(parts, places)}" if parts else ""
    else:
        told = f"Its score was {number(then, places)} and is {number(now, places)}: {signed(total / 10**places, places)}"
        if len(parts) == 1:
            told += f", all by {since.cause(parts[0][0])}"
        elif parts:
            told += f", made of {_parts(parts, places)}"
    yield f"{told}."
    if move.status[1] not in ADMITTED:
        yield "It is not ranked, so its score decides nothing."
    if total or parts:
        yield "These are published values; how much of a change is measurement error is not worked out."


def _parts(parts: list[tuple[str, float]], places: int) -> str:
    return listed(f"{signed(value, places)} by {since.cause(step)}" for step, value in parts)


def apportioned(parts: Mapping[str, float], total: int, places: int) -> dict[str, int]:
    """The parts of a change in units of the last decimal printed, so rounded that they add up to the change as printed.

    By largest remainder (Hamilton's method): none is off by a whole unit.

    >>> apportioned({"own": 0.0156, "peers": 0.0046}, 21, 3)
    {'own': 16, 'peers': 5}
    """
    exact = {step: round(value * 10**places, 6) for step, value in parts.items()}
    down = {step: math.floor(value) for step, value in exact.items()}
    left = total - sum(down.values())
    up = sorted(exact, key=lambda step: down[step] - exact[step])[:left]
    return {step: units + (step in up) for step, units in down.items()}


def _printed(value: float, places: int) -> int:
    """A number as it is printed with so many decimals, in units of the last."""
    return int(f"{value:.{places}f}".replace(".", ""))
