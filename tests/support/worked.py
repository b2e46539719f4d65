"""One score worked out by hand: plain arithmetic on the published values of a run, held against what the engine says.

Nothing of the engine's own arithmetic is used here, only its inputs and its answers. `refresh_docs` writes the page's part.
"""

from __future__ import annotations

from datetime import date
from math import isclose, prod
from statistics import NormalDist

from eligibility.data.countries import register
from eligibility.method import run
from eligibility.method.result import Result
from eligibility.pages.names import PLAIN
from eligibility.pages.wording import percent

COUNTRY, DAY = "TUN", date(2016, 7, 1)
LAW = "wgi.rule_of_law"  # a figure with a published error, needed to be below 0 by one kind of candidate
KIND = "problem-of-impunity"


def page() -> str:
    """The score of one country step by step, then one chance; AssertionError where hand and engine differ."""
    result = run.run(as_of=DAY)
    told, parts, floor = [], {}, result.criteria.score.floor
    for pillar in result.criteria.score.pillars:
        lines, scaled = [], []
        for one in pillar.components:
            indicator = one.quantity.indicator
            ((low, high),) = one.scale.points
            value = float(result.cells.value.at[COUNTRY, indicator])
            year = int(result.cells.year.at[COUNTRY, indicator])
            share = (value - low) / (high - low)
            scaled.append(share if one.better == "high" else 1 - share)
            turn = "as it is" if one.better == "high" else f"less is better: 1 − {value:.3f}"
            lines.append(
                f"| {PLAIN[indicator].name} (`{indicator}`) | {value:.3f} | {year} | {turn} | {scaled[-1]:.3f} |"
            )
        mean = sum(scaled) / len(scaled)
        parts[pillar.id] = floor + (1 - floor) * mean
        _same(parts[pillar.id], result.scores.pillar.at[COUNTRY, pillar.id])
        added = " + ".join(f"{x:.3f}" for x in scaled)
        told += [
            f"**{pillar.title}**",
            "",
            "| figure | value | year | turned | from 0 to 1 |",
            "|--|--:|--:|--|--:|",
            *lines,
            "",
            f"Mean: ({added}) ÷ {len(scaled)} = {mean:.4f}; above the floor of {floor:g}: "
            f"{floor:g} + {1 - floor:g} × {mean:.4f} = **{parts[pillar.id]:.4f}**",
            "",
        ]
    score = prod(parts.values()) ** (1 / len(parts))
    _same(score, result.scores.score[COUNTRY])
    ranked = result.scores.score[result.ranking.rank.dropna().index].round(12).sort_values(ascending=False)
    place = 1 + list(ranked.index).index(COUNTRY)
    _same(place, result.ranking.rank[COUNTRY])
    low, high = (int(end[COUNTRY]) for end in (result.firmness.places.low, result.firmness.places.high))
    by = " × ".join(f"{x:.4f}" for x in parts.values())
    told += [
        f"**The score** is the geometric mean of the {len(parts)} parts, which lets none buy out another:",
        "",
        f"({by})^(1/{len(parts)}) = **{score:.3f}**",
        "",
        f"Of the {len(ranked)} countries that are ranked, that is place **{place}**; in nine of ten simulations in which it is ranked its place lies "
        f"from {low} to {high}.",
        "",
        *_chance(result),
    ]
    return "\n".join(told) + "\n"


def _chance(result: Result) -> list[str]:
    """The chance of one test whose figure has a normal error: a formula, beside what the simulations counted."""
    value, sd = (float(frame.at[COUNTRY, LAW]) for frame in (result.cells.value, result.cells.sd))
    chance = NormalDist(value, sd).cdf(0.0)
    counted = float(result.firmness.p_track.at[COUNTRY, KIND])
    assert abs(chance - counted) < 4 * (chance * (1 - chance) / result.firmness.draws) ** 0.5, (
        chance,
        counted,
    )
    return [
        "**One chance.** "
        f"The kind *{next(t.title for t in result.criteria.tracks if t.id == KIND)}* needs rule of law below 0, the average of the world. "
        f"{register().name(COUNTRY)} has {_signed(value)}, with a margin of error of {sd:.2f} as its publisher states it:",
        "",
        f"Φ((0 − ({_signed(value)})) ÷ {sd:.2f}) = **{percent(chance)}**",
        "",
        f"Counted in {result.firmness.draws:,} simulations it is {percent(counted)}. Where several figures decide together, or a middle value of others moves "
        "with them, there is no formula, and counting is the only way.",
    ]


def _signed(x: float) -> str:
    return f"{x:.2f}".replace("-", "−")


def _same(mine: float, theirs: float) -> None:
    """What was worked out by hand is what the engine says."""
    assert isclose(mine, theirs, abs_tol=1e-9), (mine, theirs)
