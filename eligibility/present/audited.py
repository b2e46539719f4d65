"""Every number of an audit by its path, which is that of `eligibility audit --format json`: findings[0].value, pillars.ID.alpha.

The page of the audit marks its numbers with `data-fact="audit PATH"`; `eligibility explain audit PATH` tells one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from eligibility.analysis.soundness import Soundness
from eligibility.present import audits, explain
from eligibility.present.fact import Fact, flat, found, shown

WHAT: Mapping[str, str] = {
    "countries": "countries considered",
    "ranked": "countries with a rank",
    "scored": "indicators that the score is made of",
    "coverage": "of how many countries considered a figure is known, and how many values are carried on",
    "coverage_by_group": "share of a group of peers of which a figure is known",
    "tests": "of how many countries a test is judged, and how many pass",
    "pillars": "how the figures of a part go together",
    "indicators": "the shape of an indicator's values",
    "rest_of_pillar": "correlation of a figure with the rest of its part and with another, and 90% intervals",
    "correlation": "correlation of two indicators on their scales, over the countries that have both",
    "correlation_with_pillars": "correlation of a figure with a part of the score",
    "correlation_with_score": "correlation of a part with the score and with another",
    "indicators_with_score": "correlation of an indicator with the score",
    "alpha_of_pillars": "Cronbach's alpha of the parts of the score",
    "copeland": "how many others a country beats on the parts of the score, two at a time",
    "importance": "weight of a part beside what it does to the score",
    "left_out": "the ranking made again without one part",
    "decides": "share of the variance of ranks that a choice accounts for",
    "acceptability": "share of all simulations in which a country holds a rank",
    "rank_sets": "ranks that hold for all ranked at once",
    "misclassified": "verdicts on a requirement that are wrong in a simulation, on average",
    "stability": "the smallest changes of weights that alter the shortlist",
    "assumptions": "the outcome under other assumptions on measurement error",
    "decision": "what the shortlist may cost",
    "curve": "other readings of the criteria",
}


def facts_of(sound: Soundness) -> dict[str, Fact]:
    """Path -> fact, in the order of the JSON."""
    whole = json.loads(audits.json(sound))
    return {fact.path: fact for fact in _facts(whole, whole["findings"])}


def told(sound: Soundness, path: str = "") -> str:
    """One number of an audit and what it is; without a path all of them. Each figure below it: `explain COUNTRY SERIES`."""
    rule, hint = "the audit gives no number of this name", "eligibility explain audit lists them"
    picked = found(facts_of(sound), path, rule, hint)
    return explain.of_result(sound.result, f"{path or 'numbers'} of the audit", picked)


def _facts(whole: dict, findings: list[dict]) -> Iterator[Fact]:
    for path, value, _ in flat(whole):
        head = path.partition(".")[0].partition("[")[0]
        if head == "findings":
            yield Fact(path, value, shown(value), findings[int(path.split("[")[1].split("]")[0])]["sentence"])
        elif head in WHAT:
            yield Fact(path, value, shown(value), WHAT[head])
