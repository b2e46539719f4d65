"""What is said of imputed values: that they are none, how wide they may be off, what would follow from them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from eligibility.data import countries
from eligibility.method.result import Result
from eligibility.pages.wording import number, paragraph, percent

LIKE = "if what is missing is as in similar countries"


def document(result: Result, iso3: str) -> dict:
    """What the JSON says of one country's gaps; nothing where nothing is imputed.

    `imputed` lists the values that stand in gaps in the draws, `imputed_share` is their share of what gates, tracks
    and score look at, `if_imputed` holds the probabilities that rest on them: of no gate that can be judged without.
    How far each may be off, and the place on the shortlist, comes from how much the fillings differ.
    """
    if result.imputed is None:
        return {}
    supposed, own = result.firmness.supposed, result.guesses.get(iso3, {})
    share = lambda x: None if math.isnan(x) else round(float(x), 12)  # noqa: E731
    given = lambda frame: {i: share(p) for i, p in frame.loc[iso3].items() if not math.isnan(p)}  # noqa: E731
    return {
        "imputed": {i: {key: round(float(x), 12) for key, x in vars(g).items()} for i, g in own.items()},
        "imputed_share": round(len(own) / len(result.weighed.now), 12),
        "if_imputed": None
        if supposed is None
        else {
            "p_eligible": share(supposed.p_eligible[iso3]),
            "gates": given(supposed.p_gate),
            "tracks": given(supposed.p_track),
            "half_width": share(supposed.half_eligible[iso3]),
            "half_widths": given(supposed.half_gate) | given(supposed.half_track),
        },
        "p_top_half_width": None if supposed is None else share(supposed.half_top[iso3]),
    }


def points(half: float) -> int:
    """A half width in whole percentage points, rounded up.

    >>> points(0.031), points(0.0)
    (4, 1)
    """
    return math.ceil(round(100 * half, 9)) or 1


def figure(result: Result, iso3: str, indicator: str) -> str:
    """What stands in a gap in the draws: "≈ 0.41 (0.22 to 0.60) in the draws only"; "" where nothing does."""
    guess = result.guesses.get(iso3, {}).get(indicator)
    if guess is None:
        return ""
    decimals = result.panel.sheets[indicator].decimals
    mean, low, high = (number(x, decimals) for x in (guess.mean, guess.low, guess.high))
    return f"imputed, in the simulations only: ≈ {mean} (nine in ten between {low} and {high})"


def lines(result: Result, order: Sequence[str]) -> list[str]:
    """For the terminal: who of `order` could not be judged, and how often each would be admitted."""
    supposed, status = result.firmness.supposed, result.screening.status
    if supposed is None:
        return []
    p = supposed.p_eligible[(status == "insufficient-data") & status.index.isin(order)].dropna()
    if p.empty:
        return []
    head = f"Cannot be judged; chance to qualify, {LIKE} (imputed; decides nothing)"
    each = sorted(p.items(), key=lambda pair: (-pair[1], pair[0]))
    half = supposed.half_eligible
    told = ", ".join(f"{countries.register().name(c)} {percent(x)} (± {points(half[c])})" for c, x in each)
    return ["", *paragraph(head), *paragraph(told, "  ", "    ")]
