"""The card of a country that is not considered, for nobody can tell whether it is a candidate: why, and the rule that cannot tell."""

from __future__ import annotations

from eligibility.data import countries
from eligibility.data.cells import known_at
from eligibility.method import caveats
from eligibility.pages import clauses, names, sourcing
from eligibility.pages.blocks import Page, Pairs, Section, Verdict
from eligibility.pages.facts import Facts
from eligibility.pages.said import say
from eligibility.pages.wording import missing, plain
from eligibility.policy import walk


def of(facts: Facts) -> tuple[str, ...]:
    """The countries of a run that have such a card."""
    result = facts.result
    return caveats.unplaced(result.criteria, result.cells, result.pool)


def page(facts: Facts, iso3: str, run: str) -> Page:
    """The card; `run` is the run's id."""
    own, result = facts.criteria, facts.result
    name = plain(countries.register().name(iso3))
    world = known_at(result.panel, result.as_of, own.max_age, own_ages=dict(own.own_ages)).value
    asked = walk.indicators(own, "pool")
    gone = tuple(names.of(i, facts.sheets).name for i in asked if missing(world[i].get(iso3)))
    said = (say("verdict.outside", what=gone),)
    considered = next(block for block in clauses.rules(facts) if block.clause)  # the first: who is considered
    return Page(
        title=say("title.outside", name=name, what=gone),
        kicker=(say("card.kicker"), say("name", name=plain(own.title)), *sourcing.read(facts)),
        running=say("running.card", name=name, title=plain(own.id), day=result.as_of),
        lead=(),
        sections=(
            Section("verdict", None, (Verdict("–", say("status.outside"), said, "open", Pairs(())),)),
            Section("criteria", say("outside.rule"), (clauses.outline(considered),)),
        ),
        last=(say("last.run", id=plain(own.id), version=plain(own.version), run=run),),
    )
