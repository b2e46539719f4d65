"""The card of a country that is not considered: why, and the rule that says so or cannot tell."""

from __future__ import annotations

from collections.abc import Iterator

from eligibility.data import countries
from eligibility.data.cells import known_at
from eligibility.method import caveats
from eligibility.method.result import Result
from eligibility.pages import clauses, names, reasons, sourcing
from eligibility.pages.blocks import Page, Pairs, Section, Verdict
from eligibility.pages.facts import Facts
from eligibility.pages.said import say, tell
from eligibility.pages.wording import inner, missing, plain
from eligibility.policy import walk
from eligibility.policy.model import Named, Test


def of(facts: Facts) -> tuple[str, ...]:
    """The countries of a run of which nobody can tell whether they are candidates: these have a card among the pages."""
    result = facts.result
    return caveats.unplaced(result.criteria, result.cells, result.pool)


def seen(result: Result, iso3: str) -> Iterator[str]:
    """What the rule for candidates sees of a country that it leaves out."""
    world, sheets = _world(result), result.cells.sheets
    for leaf in reasons.leaves(result.criteria.pool):
        if isinstance(leaf, Named):
            yield from (f"the rule names it: {plain(why)}" for code, why in leaf.countries if code == iso3)
        elif isinstance(leaf, Test) and leaf.quantity.measure == "level":
            value = world[leaf.quantity.indicator].get(iso3)
            told = "not held" if missing(value) else reasons.shown(value, leaf.quantity, sheets)
            yield f"{inner(reasons.called(leaf.quantity, sheets))} is {told}"


def _world(result: Result):
    own = result.criteria
    return known_at(result.panel, result.as_of, own.max_age, own_ages=dict(own.own_ages)).value


def page(facts: Facts, iso3: str, run: str) -> Page:
    """The card; `run` is the run's id."""
    own, result, world = facts.criteria, facts.result, _world(facts.result)
    name = plain(countries.register().name(iso3))
    asked = walk.indicators(own, "pool")
    gone = tuple(names.of(i, facts.sheets).name for i in asked if missing(world[i].get(iso3)))
    left = () if gone else tuple(dict.fromkeys(seen(result, iso3)))
    considered = next(block for block in clauses.rules(facts) if block.clause)  # the first: who is considered
    rule = "" if gone else ".rule"
    said = tell(f"verdict.outside{rule}", what=gone)
    return Page(
        title=tell(f"title.outside{rule}", name=name, what=gone or left),
        kicker=(say("card.kicker"), say("name", name=plain(own.title)), *sourcing.read(facts)),
        running=say("running.card", name=name, title=plain(own.id), day=result.as_of),
        lead=(),
        sections=(
            Section("verdict", None, (Verdict("–", say("status.outside"), (said,), "open", Pairs(())),)),
            Section("criteria", say("outside.rule"), (clauses.outline(considered),)),
        ),
        last=(say("last.run", id=plain(own.id), version=plain(own.version), run=run),),
    )
