"""Which doubt decides: how much of the movement of ranks and shortlist each thing that is drawn accounts for.

Variance-based indices of groups of inputs (Sobol 1993; estimators of Saltelli et al. 2010 and Jansen 1999). One group
is the measurement error of all figures, which moves verdicts, medians and scores together; each open choice is
another. Two independent samples A and B are drawn; AB takes one group from B and the rest from A. A group of which
nothing is open leaves A as it is, so that its indices are exactly 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from eligibility.method import choices, streams
from eligibility.method import score as scoring
from eligibility.method.evaluate import CONDITIONAL, Judge
from eligibility.method.measures import ErrorModel, Measures
from eligibility.method.rank import ranks
from eligibility.policy import Criteria

BASE = 1_024  # rows of each sample
RESAMPLES = 100  # of the rows, for the intervals
ERROR = "error"  # the group of measurement error; the others are the keys of choices.OPEN


@dataclass(frozen=True)
class Decides:
    """What the movement comes from; every frame has a row a group.

    shift       columns first, total and their 90 % bounds: of the mean shift of the ranks of all countries ranked now
    first       groups x iso3: share of the variance of a country's place on the shortlist due to the group alone
    total       groups x iso3: due to the group and all it combines with; NaN where its place never changes
    total_low, total_high   90 % bounds of `total`
    mean_shift  places by which a ranked country moves on average
    runs        evaluations made
    """

    shift: pd.DataFrame
    first: pd.DataFrame
    total: pd.DataFrame
    total_low: pd.DataFrame
    total_high: pd.DataFrame
    mean_shift: float
    runs: int


def indices(a: np.ndarray, b: np.ndarray, ab: np.ndarray, times: np.ndarray | None = None) -> np.ndarray:
    """First-order and total index of one group, 2 x outputs; NaN where the output never changes.

        S = mean(b (ab - a)) / V      T = mean((a - ab)^2) / (2 V)      V the variance of a and b together

    a, b, ab    rows x outputs: the model on A, on B, and on A with the group from B
    times       resamples x rows: how often each row counts; then the result is 2 x resamples x outputs

    >>> a, b = np.array([[0.0], [1.0], [0.0], [1.0]]), np.array([[0.0], [0.0], [1.0], [1.0]])
    >>> indices(a, b, b).ravel().tolist(), indices(a, b, a).ravel().tolist()
    ([1.0, 1.0], [0.0, 0.0])
    """
    centre = (a.mean(axis=0) + b.mean(axis=0)) / 2  # indices do not depend on the level; their error does
    a, b, ab = a - centre, b - centre, ab - centre
    mean = lambda x: x.mean(axis=0) if times is None else _mean_of(times, x)  # noqa: E731
    variance = mean((a**2 + b**2) / 2)
    variance = np.where(variance > 0, variance, np.nan)
    return np.stack([mean(b * (ab - a)) / variance, mean((a - ab) ** 2) / (2 * variance)])


def _mean_of(times: np.ndarray, x: np.ndarray) -> np.ndarray:
    """The mean of each resample, resamples x outputs: rows added in their order, without BLAS."""
    return np.einsum("sr,ro->so", times, x, optimize=False) / len(x)


def decides(
    criteria: Criteria, errors: Mapping[str, ErrorModel], peers: pd.Series, as_of: date, now: pd.Series
) -> Decides:
    """The indices of every group for the mean shift of ranks and for each country's place on the shortlist.

    errors   two independent samples of the measurement error, "A" and "B"
    now      the published ranks, NaN where not ranked
    """
    score, groups, ranked = criteria.score, peers.to_numpy(), now.notna().to_numpy()
    ways = {name: choices.draw(score, criteria.uncertainty, BASE, name) for name in "AB"}
    drawn = {name: errors[name].draw(BASE) for name in "AB"}
    inside = {name: _inside(criteria, measures, groups, as_of) for name, measures in drawn.items()}

    wanted = ranked | inside["A"].any(axis=0) | inside["B"].any(axis=0)
    scaled = {"A": {}, "B": {}}

    def outputs(error: str, way: choices.Ways) -> np.ndarray:
        """rows x (1 + countries): the mean shift of ranks, and who is on the shortlist."""
        built = scoring.build(score, drawn[error], groups, way, wanted, scaled[error])
        place = np.zeros((BASE, len(now)), dtype=np.int64)
        place[:, wanted] = ranks(built.score, inside[error][:, wanted])
        last = place.max(axis=1, keepdims=True) + 1  # who is not admitted stands behind the last
        shift = np.abs(np.where(place > 0, place, last)[:, ranked] - now.to_numpy()[ranked]).mean(axis=1)
        return np.column_stack([shift, (place > 0) & (place <= criteria.shortlist)])

    a, b = outputs("A", ways["A"]), outputs("B", ways["B"])
    mixed = {ERROR: outputs("B", ways["A"])}
    for key in choices.open_in(score, criteria.uncertainty.choices):
        mixed[key] = outputs("A", ways["A"].taking(key, ways["B"]))
    stream = streams.generator(criteria.uncertainty.seed, "decides")
    rows = stream.integers(BASE, size=(RESAMPLES, BASE))
    times = np.stack([np.bincount(each, minlength=BASE) for each in rows]).astype(float)
    moves = np.ptp(np.concatenate([a, b]), axis=0) > 0
    found, low, high = {}, {}, {}
    for key, ab in mixed.items():
        found[key], low[key], high[key] = (np.full((2, a.shape[1]), np.nan) for _ in range(3))
        found[key][:, moves] = indices(a[:, moves], b[:, moves], ab[:, moves])
        again = indices(a[:, moves], b[:, moves], ab[:, moves], times)
        low[key][:, moves], high[key][:, moves] = _bounds(again)

    def by_country(kept: dict[str, np.ndarray], which: int) -> pd.DataFrame:
        return pd.DataFrame({key: kept[key][which, 1:] for key in mixed}, index=peers.index).T

    columns = {"first": 0, "total": 1}
    shift = {f"{name}{end}": {key: kept[key][which, 0] for key in mixed} for name, which in columns.items()
             for end, kept in (("", found), ("_low", low), ("_high", high))}  # fmt: skip
    return Decides(
        shift=pd.DataFrame(shift, index=list(mixed)),
        first=by_country(found, 0),
        total=by_country(found, 1),
        total_low=by_country(low, 1),
        total_high=by_country(high, 1),
        mean_shift=float(a[:, 0].mean()),
        runs=BASE * (2 + len(mixed)),
    )


def confidence(
    criteria: Criteria, errors: ErrorModel, peers: pd.Series, as_of: date, central: pd.DataFrame
) -> pd.Series:
    """iso3 -> P(on the shortlist) with the weights that favour it, under measurement error (SMAA-2's confidence factor).

    Lahdelma and Salminen 2001, for the shortlist instead of the first place.

    central   iso3 x pillar id, NaN for a country that is never on the shortlist
    """
    groups, measures, stated = peers.to_numpy(), errors.draw(BASE), choices.stated(criteria.score)
    inside, out = _inside(criteria, measures, groups, as_of), pd.Series(np.nan, index=central.index)
    wanted, scaled = inside.any(axis=0), {}
    column = {iso3: k for k, iso3 in enumerate(peers.index[wanted])}
    for iso3, row in central.dropna().iterrows():
        ways = replace(stated, pillar={p.id: np.full((1, 1), row[p.id]) for p in criteria.score.pillars})
        built = scoring.build(criteria.score, measures, groups, ways, wanted, scaled)
        place = ranks(built.score, inside[:, wanted])
        mine = place[:, column[iso3]] if iso3 in column else np.zeros(BASE)
        out[iso3] = ((mine > 0) & (mine <= criteria.shortlist)).mean()
    return out


def _inside(criteria: Criteria, measures: Measures, groups: np.ndarray, as_of: date) -> np.ndarray:
    """Who is admitted in each draw."""
    scored = np.zeros(len(groups), bool)
    if criteria.index:  # nobody says no: whoever has a score is admitted
        scored = ~np.isnan(scoring.build(criteria.score, measures, groups).score)
    return Judge(measures, groups, as_of).verdicts(criteria, scored).overall >= CONDITIONAL


def _bounds(resampled: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """5th and 95th percentile over the resamples (the second axis); NaN where any resample has no variance."""
    ordered, n = np.sort(resampled, axis=1), resampled.shape[1]
    undefined = np.isnan(resampled).any(axis=1)
    return tuple(
        np.where(undefined, np.nan, ordered[:, k]) for k in (int(0.05 * n), min(int(0.95 * n), n - 1))
    )
