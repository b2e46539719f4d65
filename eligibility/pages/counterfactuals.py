"""The smallest changes of one figure that would change an answer.

rescues    the changes that alone would admit an excluded country, or would if no hold or figure not held stood in the way
turning    the value at which an answer turns, as it is printed; told: beside the present one
"""

from __future__ import annotations

import math

from eligibility.data.sources import SeriesSheet
from eligibility.method.flips import FINENESS
from eligibility.pages.facts import Facts
from eligibility.pages.sentences import PASSED, failing, obstacles
from eligibility.pages.wording import missing, number, plain

OUTSIDE = ("excluded", "qualified")  # of who is not admitted, whatever else may be known or over


def rescues(facts: Facts, iso3: str) -> list[dict]:
    """The flips that alone would admit an excluded country, nearest first; none if two things block it."""
    failed = failing(facts, iso3)
    if len(obstacles(facts, iso3)) != 1:
        return []
    open_ids = {g.id for g in failed} or {t.id for t in facts.criteria.tracks if t.ideal}
    rows = [r for r in facts.flips[iso3] if r["gate"] in open_ids and r["becomes"] in PASSED]
    return sorted((r for r in rows if would_be(facts, iso3, r) not in OUTSIDE), key=distance)


def would_be(facts: Facts, iso3: str, row: dict) -> str:
    """The status of a country with the value of a flip: what one figure mends of a rule it may spoil of another."""
    return facts.result.would_be(iso3, row["indicator"], row["needed"])


def distance(row: dict) -> tuple[float, float]:
    return (math.inf if missing(row["in_sd"]) else row["in_sd"], abs(row["change"]))


def apart(a: float, b: float, decimals: int) -> int:
    """Enough decimals for two different numbers not to look alike, at most three more."""
    while number(a, decimals) == number(b, decimals) and a != b and decimals < 9:
        if abs(a - b) < 0.5 * 10.0 ** -(decimals + 3):
            break
        decimals += 1
    return decimals


def told(facts: Facts, row: dict) -> tuple[str, str, int]:
    """Of a flip: the value at which the answer turns and the present one as they are printed, and their decimals."""
    sheet = facts.sheets[row["indicator"]]
    decimals = apart(row["needed"], row["now"], sheet.decimals)
    if sheet.classes:
        return plain(sheet.class_name(row["needed"])), plain(sheet.class_name(row["now"])), decimals
    return turning(row, sheet, decimals)[0], number(row["now"], decimals), decimals


def turning(row: dict, sheet: SeriesSheet, decimals: int) -> tuple[str, float]:
    """The value at which a gate turns, as printed, and the way there from the present value.

    "0.50 or more", or "above 0.50" where at 0.50 it has not turned yet; rounded away from the present value, so that
    the number as printed does turn it.
    """
    needed, up, scale = row["needed"], row["change"] > 0, 10**decimals
    step = 2 * (sheet.hi - sheet.lo) * 10.0**-FINENESS  # what the search goes beyond a limit
    limit = round(needed * scale) / scale
    if 0 < (needed - limit if up else limit - needed) <= step:
        return f"{'above' if up else 'below'} {number(limit, decimals)}", limit - row["now"]
    away = (math.ceil if up else math.floor)(round(needed * scale, 6)) / scale
    return f"{number(away, decimals)} or {'more' if up else 'less'}", row["change"]
