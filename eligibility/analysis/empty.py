"""Which indicators of the shipped criteria have no figure for any country: a build that would ship one fails."""

from __future__ import annotations

from collections.abc import Sequence

from eligibility.data import panel
from eligibility.data.readers import family_sheet
from eligibility.data.sources import Source
from eligibility.errors import Problem
from eligibility.language import criteria
from eligibility.method import rounds, vintages
from eligibility.policy import walk
from eligibility.resources import shipped

# of the scorecards of the Millennium Challenge Corporation: their publisher's files are not shipped, and pages say so
BROUGHT = frozenset({"wb.consumer_price_inflation", "wb.women_business_law"})


def problems(shelf: Sequence[Source]) -> list[Problem]:
    """A problem for each indicator that nobody in the pool has a figure for at the default date of a shipped set.

    An axis whose indicators all lack figures is found by each of them. What a licence keeps out of the shelf may be asked
    for: whoever wants it answered brings it.
    """
    empty: dict[str, list[str]] = {}
    for path in sorted(shipped("criteria").glob("*.yaml")):
        policy = criteria.load(path, panel.catalogue(shelf))
        every = walk.indicators(policy)
        asked = [i for i in every if i not in BROUGHT and family_sheet(i.partition(".")[0])["ship"]]
        figures = panel.load(every, shelf, absent="unknown")
        known, _, _ = rounds.placed(policy, figures, vintages.default_day(policy, figures))
        for indicator in asked:
            if indicator in figures.absent or not known.value[indicator].notna().any():
                empty.setdefault(indicator, []).append(policy.id)
    hint = "bring a release that holds it, or take it out of the criteria"
    rule = "must have a figure for some candidate at the default date"
    return [
        Problem(f"criteria: {', '.join(sets)}", indicator, rule, "none", hint)
        for indicator, sets in empty.items()
    ]
