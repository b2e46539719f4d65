"""How a country stands to the rules: what it misses, what fits it, what is in its way, its status as a mark."""

from __future__ import annotations

from collections.abc import Sequence

from eligibility.pages.facts import Facts
from eligibility.pages.said import Said, say
from eligibility.pages.wording import missing, number, plain, some
from eligibility.policy.model import Gate

PASSED = ("pass", "conditional")
POINT = 0.01  # a percentage point


def failing(facts: Facts, iso3: str) -> list[Gate]:
    return [g for g in facts.criteria.gates if facts.gate[iso3][g.id] == "fail"]


def unknown(facts: Facts, iso3: str) -> list[Gate]:
    return [g for g in facts.criteria.gates if facts.gate[iso3][g.id] == "unknown"]


def fitting(facts: Facts, iso3: str) -> list[Gate]:
    return [t for t in facts.criteria.tracks if facts.track[iso3][t.id] in PASSED]


def carrying(facts: Facts, iso3: str) -> list[Gate]:
    """What a country would lose its verdict with: every requirement, and its kind of candidate where it has no other.

    Who qualifies does so by an ideal kind, where some are; one that is not ideal would not keep it there.
    """
    fits = fitting(facts, iso3)
    if facts.criteria.apart and facts.status[iso3] != "qualified":
        fits = [t for t in fits if t.ideal]
    return [*facts.criteria.gates, *(fits if len(fits) == 1 else ())]


def on_condition(facts: Facts, iso3: str) -> list[Gate]:
    """The requirements and kinds that a country meets on condition only."""
    rules = (*facts.criteria.gates, *facts.criteria.tracks)
    return [g for g in rules if facts.verdict[iso3][g.id] == "conditional"]


def trackless(facts: Facts, iso3: str) -> bool:
    """Whether every track is ruled out."""
    return bool(facts.criteria.tracks) and all(
        facts.track[iso3][t.id] == "fail" for t in facts.criteria.tracks
    )


def obstacles(facts: Facts, iso3: str) -> list[str]:
    """What stands in the way of a country: the requirements it misses, then that it is of no kind, or of no ideal one."""
    found = [f"“{plain(g.title)}”" for g in failing(facts, iso3)]
    if trackless(facts, iso3):
        return [*found, "it is of no kind"]
    ideal = not facts.criteria.apart or any(t.ideal for t in fitting(facts, iso3))
    return found if ideal else [*found, "it is of no ideal kind"]


def none_of(facts: Facts) -> Said:
    """That a country is of none of the kinds looked for, in words that suit their number."""
    n = len(facts.criteria.tracks)
    return say("none.of.one") if n == 1 else say("none.of.two") if n == 2 else say("none.of.kinds", n=n)


def few(named: Sequence[str], most: int) -> tuple[str, ...]:
    """Names for one sentence: of more than `most` the others are counted, never left out."""
    rest = len(named) - most + 1
    return tuple(named) if rest < 2 else (*named[: most - 1], say("some.more", n=rest).text)


def ranges(facts: Facts, iso3: str) -> bool:
    """Whether figures that are not held leave a range of chances of half a percentage point or more."""
    p, most = facts.p_eligible[iso3], facts.p_most[iso3]
    return not missing(p) and most - p >= POINT / 2


def chance(facts: Facts, iso3: str) -> Said:
    """The chance to qualify, or the range that figures not held leave of it; or what it is at most, or that nobody knows."""
    p, most = facts.p_eligible[iso3], facts.p_most[iso3]
    if ranges(facts, iso3):
        return say("chance.between", p=p, most=most)
    if not missing(p):
        return say("chance.number", p=p)
    return say("chance.none") if missing(most) or most == 1 else say("chance.most", most=most)


def status(facts: Facts, iso3: str) -> Said:
    """The status as a word; an index has no gates to be eligible by, so its countries are ranked."""
    ranked = facts.criteria.index and facts.status[iso3] == "eligible"
    return say(f"status.{'ranked' if ranked else facts.status[iso3]}")


def placed(rank: float, low: float, high: float) -> Said:
    """A rank with its range, where it has one."""
    return say("rank.number", rank=rank) if missing(low) else say("rank.told", rank=rank, low=low, high=high)


def place(facts: Facts, iso3: str) -> Said:
    """The rank of who has one."""
    return placed(facts.rank[iso3], facts.rank_low[iso3], facts.rank_high[iso3])


def rank_words(facts: Facts, iso3: str) -> str:
    """Rank with its likely range, or that it is not ranked."""
    if not facts.ranked(iso3):
        return "not ranked"
    total = len(facts.in_order)
    low, high = facts.rank_low[iso3], facts.rank_high[iso3]
    same = [c for c in facts.pool if facts.rank[c] == facts.rank[iso3] and c != iso3]
    shared = f", shared with {some([facts.names[c] for c in same], 2)}" if same else ""
    range_ = number(low, 0) if low == high else f"{number(low, 0)} to {number(high, 0)}"
    likely = "" if missing(low) or missing(high) else f" (likely {range_})"
    return f"{number(facts.rank[iso3], 0)} of {total}{shared}{likely}"
