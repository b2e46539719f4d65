"""What missing values could be: every gap filled many times over, as similar countries suggest (Rubin 1987).

Chained equations (van Buuren & Groothuis-Oudshoorn 2011): one column after the other is regressed on all others and
its gaps are drawn anew, coefficients, error and all. The first round goes from the fullest column to the emptiest and
uses only what is full by then, so that gaps that come together start from one joint draw.

What is hidden may be worse than what similar countries show: a stated shift makes every filled level worse by so many
standard deviations of the published ones (delta adjustment; van Buuren 2018, 3.8), after all gaps are filled.

The filled values serve the draws and nothing else: no verdict and no published score rests on one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eligibility.data import countries, normal
from eligibility.data.cells import Cells
from eligibility.data.sources import SeriesSheet
from eligibility.method import streams
from eligibility.method.measures import Measures
from eligibility.policy import walk
from eligibility.policy.model import Criteria, Quantity

ROUNDS = 5
LEAST = 20  # countries with a value: fewer teach nothing
PENALTIES = np.geomspace(0.1, 1000.0, 13)  # of ridge regression on standardised columns, all equally likely
DECIMALS = 6  # of a filled value on its scale: linear algebra differs between machines in the last of sixteen


def impute(criteria: Criteria, cells: Cells, centre: Measures) -> Measures | None:
    """The values filled in, datasets x countries, NaN where a value is known or none can be had; None without a gap.

    centre   the published values of what gates, tracks and score look at

    Filled is what `walk.imputable` allows, numbers only: there is no class 1.7. What helps is every indicator the
    criteria look at, older values of those with gaps, the region and the classes of each country: what was
    published by the date of the cells.
    """
    sheets, doubt = cells.sheets, criteria.uncertainty
    allowed = walk.imputable((*criteria.gates, *criteria.tracks), criteria.score)
    some = {q for q in allowed if not sheets[q.indicator].classes}
    wanted = sorted(some | {Quantity(q.indicator) for q in some}, key=_name)  # a change is one of a value
    table = _levels(criteria, cells) | _changes(centre, wanted)
    gaps = {q: gap for q in wanted if (gap := np.isnan(table[_name(q)])).any()}
    for q in gaps:
        if q.measure == "level":
            table[f"{q.indicator} older"] = _older(cells, q.indicator)
    table = {name: x for name, x in (table | _belongings(criteria, cells)).items() if _teaches(x)}
    gaps = {q: gap for q, gap in gaps.items() if _name(q) in table}
    if not gaps:
        return None
    names = sorted(table)
    columns = np.column_stack([table[name] for name in names])
    assert doubt.imputation is not None
    filled = fill(columns, names, cells.countries, doubt.imputation.datasets, doubt.seed)
    full = {name: filled[:, :, k] for k, name in enumerate(names)}
    now, before = {}, {}
    for q, gap in gaps.items():
        if q.measure == "level":
            z = full[_name(q)] + _worse(table[_name(q)], sheets[q.indicator], doubt.imputation.shift)
            now[q.indicator] = np.where(gap, native(z, sheets[q.indicator]), np.nan)
    for q, gap in gaps.items():
        if q.measure != "level":
            sheet, present = sheets[q.indicator], centre.now[q.indicator]
            present = np.where(np.isnan(present), now.get(q.indicator, np.nan), present)
            before[q] = np.where(gap, np.clip(present + full[_name(q)], sheet.lo, sheet.hi), np.nan)
    return Measures(cells.countries, now, before)


def fill(
    table: np.ndarray, names: Sequence[str], rows: Sequence[str], datasets: int, seed: int
) -> np.ndarray:
    """The table with its gaps (NaN) filled, datasets x rows x columns; rounded, so that it is the same everywhere.

    Every column has its own random stream, and every gap another, by the names of column and row.
    """
    from threadpoolctl import threadpool_limits  # only where something is imputed

    middle, width = np.nanmean(table, axis=0), np.nanstd(table, axis=0)
    known = (table - middle) / width
    gaps = np.isnan(known)
    order = sorted(np.flatnonzero(gaps.any(axis=0)).tolist(), key=lambda k: (gaps[:, k].sum(), names[k]))
    full = np.broadcast_to(np.where(gaps, 0.0, known), (datasets, *known.shape)).copy()
    draw = {k: streams.generator(seed, "imputation", names[k]) for k in order}
    alone = {
        k: streams.Streams(
            seed, [("imputation", names[k], rows[r]) for r in np.flatnonzero(gaps[:, k]).tolist()]
        )
        for k in order
    }
    ready = ~gaps.any(axis=0)
    with threadpool_limits(1, user_api="blas"):  # of small matrices more threads only wait for one another
        for k in order * ROUNDS:
            others, gap = ready.copy(), gaps[:, k]
            others[k] = False
            x, y = full[:, :, others], known[~gap, k]
            slopes, level, error = regression(x[:, ~gap], y, draw[k])
            guess = (x[:, gap] @ slopes[:, :, None])[:, :, 0] + level[:, None]
            alone[k].advance(datasets)
            full[:, gap, k] = guess + error[:, None] * alone[k].normals(slice(None)).T
            ready[k] = True
    return np.where(gaps, np.round(full, DECIMALS), known) * width + middle


def regression(
    x: np.ndarray, y: np.ndarray, stream: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One draw of slopes, level and standard error for each dataset from their posterior (ridge, Hoerl & Kennard 1970).

        y = level + x slopes + e      e ~ N(0, s^2)      slopes ~ N(0, s^2 / k)      log s, level: flat
    The penalty k is drawn from `PENALTIES` by its marginal likelihood, so that many columns and few rows do not
    overfit and few columns and many rows are hardly held back. Slopes are drawn by solving for y and prior with noise
    on both, which does not depend on the signs that a machine gives to eigenvectors.

    x   datasets x rows x columns
    y   rows, the same for all datasets
    """
    (datasets, n, p), every = x.shape, np.arange(len(x))
    middle, mean = x.mean(axis=1), y.mean()
    x, y = x - middle[:, None, :], y - mean
    turned = x.transpose(0, 2, 1)
    value, axes = np.linalg.eigh(turned @ x)
    along = axes.transpose(0, 2, 1) @ (turned @ y)[:, :, None]
    over = np.maximum(value, 0.0)[:, :, None] + PENALTIES
    left = (y**2).sum() - (along**2 / over).sum(axis=1)
    likelihood = (np.log(PENALTIES / over).sum(axis=1) - (n - 1) * np.log(left)) / 2
    chance = np.exp(likelihood - likelihood.max(axis=1, keepdims=True)).cumsum(axis=1)
    k = (chance < stream.random((datasets, 1)) * chance[:, -1:]).sum(axis=1)
    error = np.sqrt(left[every, k] / stream.chisquare(n - 1, datasets))
    noisy = y + error[:, None] * stream.standard_normal((datasets, n))
    prior = error[:, None] * np.sqrt(PENALTIES[k])[:, None] * stream.standard_normal((datasets, p))
    along = axes.transpose(0, 2, 1) @ (turned @ noisy[:, :, None] + prior[:, :, None])
    slopes = (axes @ (along / over[every, :, k][:, :, None]))[:, :, 0]
    level = mean + error * stream.standard_normal(datasets) / np.sqrt(n) - (middle * slopes).sum(axis=1)
    return slopes, level, error


def _worse(known: np.ndarray, sheet: SeriesSheet, shift: float) -> float:
    """By how much a filled value moves on the scale of the regression; nothing where neither end is the better one."""
    sign = {"high": -1.0, "low": 1.0}.get(sheet.better, 0.0)
    return round(float(sign * shift * np.nanstd(known)), DECIMALS)


def scaled(x: np.ndarray, sheet: SeriesSheet) -> np.ndarray:
    """Log odds of the place in the declared range; an end counts as half a unit of the last decimal from it."""
    edge = 0.5 * 10.0**-sheet.decimals / (sheet.hi - sheet.lo)
    place = np.clip((x - sheet.lo) / (sheet.hi - sheet.lo), edge, 1.0 - edge)
    return np.log(place / (1.0 - place))


def native(z: np.ndarray, sheet: SeriesSheet) -> np.ndarray:
    """The value with these log odds, within the declared range."""
    return sheet.lo + (sheet.hi - sheet.lo) * np.round(1.0 / (1.0 + np.exp(-z)), 12)


@dataclass(frozen=True)
class Guess:
    """What one missing value could be: the mean of its imputations, and where it lies with 90 % probability."""

    mean: float
    low: float
    high: float


def guesses(imputed: Measures, sheets: Mapping[str, SeriesSheet]) -> dict[str, dict[str, Guess]]:
    """iso3 -> indicator -> what could stand in the gap."""
    out: dict[str, dict[str, Guess]] = {}
    for indicator in sorted(imputed.now):
        x = imputed.now[indicator]
        gaps = np.flatnonzero(~np.isnan(x[0]))
        low, high = interval(x[:, gaps], sheets[indicator])
        for place, *found in zip(gaps, x[:, gaps].mean(axis=0), low, high, strict=True):
            out.setdefault(imputed.countries[place], {})[indicator] = Guess(*map(float, found))
    return out


def interval(x: np.ndarray, sheet: SeriesSheet) -> tuple[np.ndarray, np.ndarray]:
    """Where a missing value lies with 90 % probability, from its imputations, datasets x countries.

    Student's prediction interval for one more draw, on the scale of the regression: of twenty draws the second and the
    last but one would hold no more than 86 %.
    """
    z, m = scaled(x, sheet), len(x)
    middle, half = z.mean(axis=0), normal.student(0.95, m - 1) * z.std(axis=0, ddof=1) * np.sqrt(1 + 1 / m)
    return native(middle - half, sheet), native(middle + half, sheet)


def _teaches(x: np.ndarray) -> bool:
    """Whether enough countries have a value, and not all the same."""
    known = x[~np.isnan(x)]
    return len(known) >= LEAST and np.ptp(known) > 0


def _name(quantity: Quantity) -> str:
    """A column's name, by which its random numbers are drawn."""
    return f"{quantity.indicator} {quantity.measure} {quantity.years}"


def _levels(criteria: Criteria, cells: Cells) -> dict[str, np.ndarray]:
    """Every number the criteria look at, on its scale."""
    numbers = [i for i in walk.indicators(criteria) if not cells.sheets[i].classes]
    return {_name(Quantity(i)): scaled(cells.value[i].to_numpy(), cells.sheets[i]) for i in numbers}


def _changes(centre: Measures, wanted: Sequence[Quantity]) -> dict[str, np.ndarray]:
    """The earlier value or peak less the present value."""
    changes = [q for q in wanted if q.measure != "level"]
    return {_name(q): centre.before[q][0] - centre.now[q.indicator][0] for q in changes}


def _older(cells: Cells, indicator: str) -> np.ndarray:
    """The newest values too old to count, on their scale; nothing where no country with a gap has one."""
    sheet, history = cells.sheets[indicator], cells.panel.history(indicator, cells.as_of)
    anyone = history.index[history.notna().any(axis=1)]
    first = max(cells.oldest(indicator), anyone[-1] if len(anyone) and not sheet.carry else 0)
    past = history[history.index < first].ffill().reindex(columns=list(cells.countries))
    last = past.to_numpy()[-1] if len(past) else np.full(len(cells.countries), np.nan)
    helps = (np.isnan(cells.value[indicator].to_numpy()) & ~np.isnan(last)).any()
    return scaled(last, sheet) if helps else np.full(len(last), np.nan)


def _belongings(criteria: Criteria, cells: Cells) -> dict[str, np.ndarray]:
    """1 for the countries of a region, or of a class that is known of all, and 0 for the others."""
    states = countries.register()
    groups = {"region": [states.region(c) if c in states else "" for c in cells.countries]}
    for indicator in walk.indicators(criteria):
        if cells.sheets[indicator].classes and cells.value[indicator].notna().all():
            groups[indicator] = cells.value[indicator].to_list()
    return {
        f"{name} is {one}": np.array([1.0 if each == one else 0.0 for each in group])
        for name, group in groups.items()
        for one in sorted(set(group))[1:]  # who is in none of the others is in the first
    }
