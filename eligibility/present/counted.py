"""What pages count of a country, and what would turn its verdict.

missed obstacles held peers mechanisms_fit aid            how many requirements it misses, and so on
PATH OF A GROUP THAT COUNTS.held|failed|open|most|needed|of    how many of its parts hold, or may
PATH OF A GROUP THAT COUNTS.p_least|p_most                in what share of the simulations it is met, if what is not held were missed or met
flips.GATE.SERIES.needed|errors                           where a figure would turn a verdict, and how far that is
PATH OF A TEST.turns_at|turns_errors                      which other threshold would turn it, and how far that is
"""

from __future__ import annotations

from collections.abc import Iterator

from eligibility.pages import counterfactuals
from eligibility.pages.facts import Facts
from eligibility.pages.sentences import PASSED, failing, obstacles
from eligibility.pages.wording import inner, listed, missing, number, plain
from eligibility.pilots import vehicle
from eligibility.policy.model import Group
from eligibility.policy.walk import nodes
from eligibility.present.fact import Fact, as_share, numbered, valued


def of(facts: Facts, iso3: str) -> Iterator[Fact]:
    """The facts of one country, in the order above."""
    yield from _counts(facts, iso3)
    yield from _groups(facts, iso3)
    yield from _turns(facts, iso3)


def _counts(facts: Facts, iso3: str) -> Iterator[Fact]:
    named = lambda rules: f": {listed(f'“{plain(g.title)}”' for g in rules)}" if rules else ""  # noqa: E731
    failed, ways = failing(facts, iso3), obstacles(facts, iso3)
    yield numbered("missed", len(failed), 0, f"how many requirements it misses{named(failed)}")
    yield numbered("obstacles", len(ways), 0, "how many things stand between it and a place on the list")
    held = [i for i in facts.used if facts.held(iso3, i)]
    said = f"figures held of the {len(facts.used)} the criteria look at: {', '.join(held)}"
    yield numbered("held", len(held), 0, said)
    peers = sorted(facts.members.get(facts.group[iso3], ()))
    yield numbered("peers", len(peers), 0, f"countries of its group, itself among them: {', '.join(peers)}")
    for axis in (axis for axis in facts.criteria.axes if axis.confirmed):
        own, what = facts.result.found[axis.id][iso3], f"statuses of “{plain(axis.title)}”"
        yield numbered(f"axes.{axis.id}.found", len(own), 0, f"{what} found: {', '.join(own) or 'none'}")
        yield numbered(f"axes.{axis.id}.of", len(axis.indicators), 0, f"{what} looked for")
    if facts.criteria.mechanisms:
        fit = [m for m in facts.criteria.mechanisms if facts.mechanism[iso3][m.id] in PASSED]
        yield numbered("mechanisms_fit", len(fit), 0, f"kinds of body whose conditions are there{named(fit)}")
    if aid := facts.footing.aid(iso3):
        value, year = aid
        said = f"aid received in per cent of income, {year}"
        yield numbered("aid", value, 1, said, ((vehicle.AID, year),))


def _groups(facts: Facts, iso3: str) -> Iterator[Fact]:
    """Of a rule that counts its parts, how many hold."""
    own = facts.criteria
    for gate in (*own.gates, *own.tracks, *own.mechanisms):
        for node in nodes(gate.rule):
            if not isinstance(node, Group) or node.path not in facts.counted:
                continue
            bounds, of = facts.counted[node.path][iso3], f"parts in “{plain(gate.title)}”"
            words = {"pass": ("held", "met"), "fail": ("failed", "missed"), "unknown": ("open", "not held")}
            for word, (end, said) in words.items():
                yield numbered(f"{node.path}.{end}", bounds[word], 0, f"{of} that are {said}")
            yield numbered(
                f"{node.path}.most", bounds["pass"] + bounds["unknown"], 0, f"{of} that may be met"
            )
            for end, p in facts.bounds.get(node.path, {}).get(iso3, {}).items():
                said = "missed" if end == "least" else "met"
                what = f"share of simulations with enough {of} if those not held were {said}"
                yield as_share(f"{node.path}.p_{end}", p, what)
            yield numbered(f"{node.path}.needed", node.n, 0, f"{of} that are needed")
            yield numbered(f"{node.path}.of", sum(bounds[word] for word in words), 0, of)


def _turns(facts: Facts, iso3: str) -> Iterator[Fact]:
    """The nearest value of each figure at which a verdict turns; the nearest other threshold of each test."""
    own = facts.criteria
    titles = {g.id: plain(g.title) for g in (*own.gates, *own.tracks, *own.mechanisms)}
    for row in facts.flips[iso3]:
        sheet, cell = facts.sheets[row["indicator"]], facts.cells[iso3][row["indicator"]]
        path = f"flips.{row['gate']}.{row['indicator']}"
        # a status of a list stands in no publisher's row
        dated = cell.known and row["indicator"] not in facts.result.panel.statuses
        reads = ((row["indicator"], int(cell.year)),) if dated else ()
        at, now, _ = counterfactuals.told(facts, row)
        name = f"{inner(plain(sheet.label))} in place of {now}"
        turned = f"“{titles.get(row['gate'], row['gate'])}” would be {row['becomes']}"
        yield valued(f"{path}.needed", row["needed"], at, f"the nearest {name} with which {turned}", reads)
        if not missing(row["in_sd"]):
            said = f"how many standard errors ({number(cell.sd, sheet.decimals + 1)} each) off that is: {name}, {turned}"
            yield numbered(f"{path}.errors", row["in_sd"], 1, said, reads)
    for row in facts.thresholds[iso3]:
        sheet = facts.sheets[row["indicator"]]
        decimals = counterfactuals.apart(row["value"], row["threshold"], sheet.decimals)
        said = f"the nearest limit in place of {number(row['threshold'], decimals)} with which “{titles.get(row['gate'], row['gate'])}” would be {row['becomes']}"
        yield numbered(f"{row['test']}.turns_at", row["value"], decimals, said)
        if (sd := facts.cells[iso3][row["indicator"]].sd) > 0:
            far = f"standard errors of {number(sd, sheet.decimals + 1)} between the two: {said}"
            yield numbered(f"{row['test']}.turns_errors", abs(row["value"] - row["threshold"]) / sd, 1, far)
