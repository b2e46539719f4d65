"""Which doubt decides: how much of the movement of ranks and shortlist each thing that is drawn accounts for.

Variance-based indices of groups of inputs (Sobol 1993; estimators of Saltelli et al. 2010 and Jansen 1999). One group
is the measurement error of all figures, which moves verdicts, medians and scores together; what stands in the gaps,
where values are imputed, is another, and each open choice. Two independent samples A and B are drawn; AB takes one
group from B and the rest from A. A group of which nothing is open leaves A as it is, so that its indices are exactly 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from eligibility.method import choices, streams
from eligibility.method import score as scoring
from eligibility.method.evaluate import Judge
from eligibility.method.measurement_error import ErrorModel
from eligibility.method.measures import Measures
from eligibility.method.rank import ranks
from eligibility.policy.model import Criteria, Score

BASE = 1_024  # rows of each sample
RESAMPLES = 100  # of the rows, for the intervals
AT_ONCE = 200_000  # rows x countries judged at once: a sub-national panel takes fewer rows at a time
COLUMNS = 2_000  # countries whose indices are resampled at once
ERROR = "error"  # the group of measurement error
IMPUTED = "imputed"  # the group of imputed values; all others are the keys of choices.OPEN


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

    def mean(x: np.ndarray) -> np.ndarray:
        if times is None:
            return x.mean(axis=0)
        return np.einsum("sr,ro->so", times, x, optimize=False) / len(x)  # rows in their order, without BLAS

    variance = mean((a**2 + b**2) / 2)
    variance = np.where(variance > 0, variance, np.nan)
    return np.stack([mean(b * (ab - a)) / variance, mean((a - ab) ** 2) / (2 * variance)])


Errors = Callable[[str, str], ErrorModel]  # name of a sample, and of the one whose imputed values it takes


class Judged(NamedTuple):
    """The draws of one sample: the figures that are scored, who is admitted, and what is on a scale already."""

    measures: Measures
    inside: np.ndarray
    scaled: dict[tuple[str, str | bytes], np.ndarray]


def decides(
    criteria: Criteria, errors: Errors, peers: pd.Series, as_of: date, now: pd.Series, imputed: bool = False
) -> Decides:
    """The indices of every group for the mean shift of ranks and for each country's place on the shortlist.

    errors    two independent samples of the measurement error, "A" and "B", each with the imputed values of either
    now       the published ranks, NaN where not ranked
    imputed   whether anything is
    """
    score, doubt = criteria.score, criteria.uncertainty
    assert score is not None
    ways = {name: choices.draw(score, doubt, BASE, name) for name in "AB"}
    mixed = {key: ways["A"].taking(key, ways["B"]) for key in choices.open_in(score, doubt.choices)}
    # group -> the samples it takes errors, imputed values and ways from; with nothing imputed B's draws serve twice
    plan = {"A": "AAA", "B": "BBB", ERROR: "BAA" if imputed else "BBA", **dict.fromkeys(mixed, "AAA")}
    plan |= {IMPUTED: "ABA"} if imputed else {}
    models = {pair: errors(*pair) for pair in sorted({samples[:2] for samples in plan.values()})}
    shift = {key: np.empty(BASE) for key in plan}
    listed: dict[str, list[np.ndarray]] = {key: [] for key in plan}
    batch = max(1, min(BASE, AT_ONCE // len(now)))
    for start in range(0, BASE, batch):
        rows = slice(start, min(start + batch, BASE))
        drawn = {p: _judged(criteria, m.draw(rows.stop - start), peers, as_of) for p, m in models.items()}
        inside = [each.inside.any(axis=0) for each in drawn.values()]
        wanted = np.logical_or.reduce([now.notna().to_numpy(), *inside])
        for key, samples in plan.items():
            own = mixed.get(key, ways[samples[2]]).rows(rows)
            place = _places(score, drawn[samples[:2]], own, peers.to_numpy(), wanted)
            shift[key][rows] = mean_shift(place, now.to_numpy())
            # few of many: a panel may have 50,000
            at = np.argwhere((place > 0) & (place <= criteria.shortlist))
            at[:, 0] += start
            listed[key].append(at)
    return _told(criteria, shift, listed, peers.index)


def _places(
    score: Score, drawn: Judged, ways: choices.Ways, peers: np.ndarray, wanted: np.ndarray
) -> np.ndarray:
    """The rank of every country in each row, 0 where it is not ranked."""
    built = scoring.build(score, drawn.measures, peers, ways, wanted, drawn.scaled)
    place = np.zeros(drawn.inside.shape, dtype=np.int64)
    place[:, wanted] = ranks(built.score, drawn.inside[:, wanted])
    return place


def mean_shift(place: np.ndarray, now: np.ndarray) -> np.ndarray:
    """By how many places the countries ranked now move in each row, on average.

    place   rows x countries: ranks, 0 for not ranked, which counts as the place behind the last
    now     countries: the published ranks, NaN where not ranked

    >>> mean_shift(np.array([[1, 2, 0], [0, 1, 2]]), np.array([1.0, 2.0, np.nan])).tolist()
    [0.0, 1.5]
    """
    behind, ranked = place.max(axis=1, keepdims=True) + 1, ~np.isnan(now)
    return np.abs(np.where(place > 0, place, behind)[:, ranked] - now[ranked]).mean(axis=1)


def _told(
    criteria: Criteria, shift: dict[str, np.ndarray], listed: dict[str, list[np.ndarray]], index: pd.Index
) -> Decides:
    """The indices of the groups from their runs and those of A and B: the shift of each row, and who was listed."""
    stream = streams.generator(criteria.uncertainty.seed, "decides")
    rows = stream.integers(BASE, size=(RESAMPLES, BASE))
    times = np.stack([np.bincount(each, minlength=BASE) for each in rows]).astype(float)
    groups = [key for key in shift if key not in ("A", "B")]
    of_shift = _bounded({key: x[:, None] for key, x in shift.items()}, groups, times)
    found = {key: np.concatenate(pieces) for key, pieces in listed.items()}
    ever = np.unique(np.concatenate([at[:, 1] for at in found.values()]))
    of_place = {end: np.full((len(groups), 2, len(index)), np.nan) for end in of_shift}
    for k in range(0, len(ever), COLUMNS):
        some = ever[k : k + COLUMNS]
        inside = {key: np.zeros((BASE, len(some))) for key in found}
        for key, at in found.items():
            at = at[np.isin(at[:, 1], some)]
            inside[key][at[:, 0], np.searchsorted(some, at[:, 1])] = 1.0
        for end, each in _bounded(inside, groups, times).items():
            of_place[end][:, :, some] = each

    def by_country(end: str, which: int) -> pd.DataFrame:
        return pd.DataFrame(of_place[end][:, which], groups, index)

    columns = {f"{name}{end}": of_shift[end][:, which, 0] for which, name in enumerate(("first", "total"))
               for end in of_shift}  # fmt: skip
    return Decides(
        shift=pd.DataFrame(columns, index=groups),
        first=by_country("", 0),
        total=by_country("", 1),
        total_low=by_country("_low", 1),
        total_high=by_country("_high", 1),
        mean_shift=float(shift["A"].mean()),
        runs=BASE * len(shift),
    )


def _bounded(runs: dict[str, np.ndarray], groups: list[str], times: np.ndarray) -> dict[str, np.ndarray]:
    """Indices of some outputs, groups x (first, total) x outputs, and their 90 % bounds; NaN of what never changes."""
    least = np.minimum(*(runs[key].min(axis=0) for key in "AB"))
    moves = least < np.maximum(*(runs[key].max(axis=0) for key in "AB"))
    a, b = (runs[key][:, moves] for key in "AB")
    out = {end: np.full((len(groups), 2, len(moves)), np.nan) for end in ("", "_low", "_high")}
    for row, key in enumerate(groups):
        ab = runs[key][:, moves]
        out[""][row][:, moves] = indices(a, b, ab)
        out["_low"][row][:, moves], out["_high"][row][:, moves] = _bounds(indices(a, b, ab, times))
    return out


def confidence(
    criteria: Criteria, errors: ErrorModel, peers: pd.Series, as_of: date, central: pd.DataFrame
) -> pd.Series:
    """iso3 -> P(on the shortlist) with the weights that favour it, under measurement error (SMAA-2's confidence factor).

    Lahdelma and Salminen 2001, for the shortlist instead of the first place.

    central   iso3 x pillar id, NaN for a country that is never on the shortlist
    """
    score = criteria.score
    assert score is not None
    stated, out = choices.stated(score), pd.Series(np.nan, index=central.index)
    drawn = _judged(criteria, errors.draw(BASE), peers, as_of)
    wanted = np.asarray(drawn.inside.any(axis=0))
    column = {iso3: k for k, iso3 in enumerate(peers.index[wanted])}
    for iso3, row in central.dropna().iterrows():
        ways = replace(stated, pillar={p.id: np.full((1, 1), row[p.id]) for p in score.pillars})
        built = scoring.build(score, drawn.measures, peers.to_numpy(), ways, wanted, drawn.scaled)
        place = ranks(built.score, drawn.inside[:, wanted])
        mine = place[:, column[iso3]] if iso3 in column else np.zeros(BASE)
        out[iso3] = ((mine > 0) & (mine <= criteria.shortlist)).mean()
    return out


def _judged(criteria: Criteria, measures: Measures, peers: pd.Series, as_of: date) -> Judged:
    """Who is admitted in each draw, and what is scored: imputed values are in scores and admit nobody."""
    scored = np.zeros(len(peers), bool)
    # an index says no to nobody: whoever has a score is admitted
    if criteria.score and (criteria.index or measures.filled):
        scored = ~np.isnan(scoring.build(criteria.score, measures, peers.to_numpy()).score)
    inside = Judge(measures, peers.to_numpy(), as_of).verdicts(criteria, scored).admitted
    return Judged(measures.filled or measures, inside & scored if measures.filled else inside, {})


def _bounds(resampled: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """5th and 95th percentile over the resamples (the second axis); NaN where any resample has no variance."""
    ordered, n = np.sort(resampled, axis=1), resampled.shape[1]
    undefined = np.isnan(resampled).any(axis=1)
    low, high = ordered[:, int(0.05 * n)], ordered[:, min(int(0.95 * n), n - 1)]
    return np.where(undefined, np.nan, low), np.where(undefined, np.nan, high)
