"""Weights and aggregation up the pillar tree, and contributions that add up to the score."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import pandas as pd

from eligibility.framed import Framed
from eligibility.method.choices import Ways, scale_of, stated
from eligibility.method.measures import Measures
from eligibility.method.scales import RELATIVE, normalise
from eligibility.policy.model import Component, Score

Scaled = dict[tuple[str, str | bytes], np.ndarray]  # path and how it is scaled -> the values so scaled


def power_mean(
    parts: Sequence[np.ndarray], weights: Sequence[np.ndarray | float], power: float
) -> np.ndarray:
    """Weighted power mean of parts of one shape: M_p = (sum w x^p / sum w)^(1/p).

    parts    values of 0 or more; what stands where the weight is 0 does not count
    weights  one a part, or one a part and country to leave a part out for some; not negative
    power    1 arithmetic, 0 geometric, -1 harmonic, -inf the smallest (Hardy, Littlewood, Polya 1934)

    >>> float(power_mean(np.array([1.0, 2.0, 3.0]), np.ones(3), 0).round(10))
    1.8171205928
    """
    total = _added(weights)
    total = np.where(total > 0, total, np.nan)
    absent = np.inf if power == -np.inf else 1.0
    if not np.all(reduce(np.minimum, weights) > 0):
        parts = [np.where(w > 0, x, absent) for x, w in zip(parts, weights, strict=True)]
    if power == -np.inf:
        return np.where(np.isnan(total), np.nan, reduce(np.minimum, parts))
    with np.errstate(divide="ignore"):
        if abs(power) < 1e-12:
            return np.exp(_added(w * np.log(x) for x, w in zip(parts, weights, strict=True)) / total)
        if abs(power) < 0.01:  # x**power is so near 1 that its last digits would be all there is to it
            grown = _added(w * np.expm1(power * np.log(x)) for x, w in zip(parts, weights, strict=True))
            return np.exp(np.log1p(grown / total) / power)
        raised = parts if power == 1 else [x**power for x in parts]
        mean = _weighed(raised, weights)
        mean /= total
        return mean if power == 1 else mean ** (1.0 / power)


def _weighed(parts: Sequence[np.ndarray], weights: Sequence[np.ndarray | float]) -> np.ndarray:
    """The sum of weight times part in the given order, in two arrays however many parts there are."""
    shape = np.broadcast_shapes(*map(np.shape, (*parts, *weights)))
    # a country's draws lie side by side in memory, as the streams give them
    out, product = np.empty(shape[::-1]).T, np.empty(shape[::-1]).T
    np.multiply(weights[0], parts[0], out=out)
    for w, x in zip(weights[1:], parts[1:], strict=True):
        np.multiply(w, x, out=product)
        out += product
    return out


def _added(parts: Iterable[np.ndarray | float]) -> np.ndarray:
    """The sum in the given order, so that it is the same everywhere."""
    return reduce(np.add, parts)  # type: ignore[arg-type]  # one of them at least is an array


def contributions(x: np.ndarray, weights: np.ndarray, power: float, whole: np.ndarray) -> np.ndarray:
    """How much of the mean each part brings; the parts sum to it.

    A part's share is its weight less its share of what is missing to 1:
        c_i = w_i - w_i * (1 - f(x_i)) / (1 - f(M)) * (1 - M),   f(x) = x^p, or ln x for p = 0
    For p = 1 that is w_i * x_i; for p = 0 the logarithmic mean Divisia split (Ang 2004).
    """
    weights = weights.reshape(-1, *[1] * (x.ndim - 1))
    known = ~np.isnan(x) & (weights > 0)
    w = weights * known
    total = _added(w)
    w = w / np.where(total > 0, total, np.nan)
    tiny = np.finfo(float).tiny ** (1.0 / max(1.0, -power))  # the smallest x whose f(x) is finite
    if power == -np.inf:
        least = (x == np.where(known, x, np.inf).min(axis=0)) & known
        return np.where(least, 1.0, 0.0) / np.maximum(least.sum(axis=0), 1) * whole
    with np.errstate(divide="ignore", invalid="ignore"):
        lost = -np.log(np.maximum(x, tiny)) if power == 0 else 1.0 - np.maximum(x, tiny) ** power
        lost = np.where(known, lost, 0.0)
        all_lost = _added(w * lost)
        share = np.where(all_lost == 0, 0.0, w * lost / np.where(all_lost == 0, 1.0, all_lost))
        return np.where(np.isnan(whole), np.nan, w - share * (1.0 - whole))


@dataclass(frozen=True)
class Built:
    """A score and its parts, each draws x countries, in file order."""

    score: np.ndarray
    pillars: list[np.ndarray]
    components: list[list[np.ndarray]]  # a list a pillar, normalised
    coverage: list[np.ndarray]  # share of the pillar's weight observed


def build(
    score: Score,
    measures: Measures,
    peers: np.ndarray,
    ways: Ways | None = None,
    wanted: np.ndarray | slice = slice(None),
    scaled: Scaled | None = None,
) -> Built:
    """The score of every country in every draw, rounded to 12 decimals; NaN below the coverage rule.

    ways    how it is built in each draw (choices.py); by default as the criteria file states
    wanted  the columns to build; the others still count in what a scale takes from the pool or the peers
    scaled  what earlier calls that differ in their ways alone have put on a scale; added to, so that it is done once
    """
    ways, scaled = ways or stated(score), {} if scaled is None else scaled
    pillars, shares, components, coverage = [], [], [], []
    for pillar in score.pillars:
        parts = [_normalised(c, measures, peers, ways, wanted, scaled) for c in pillar.components]
        parts = [score.floor + (1.0 - score.floor) * x for x in parts] if score.floor else parts
        share, weights = ways.weights_in(pillar)
        total = _added(weights)
        missing = np.isnan([x[0] for x in parts])  # in the first draw and so in every one
        if missing.any():
            weights = [w * ~gone if gone.any() else w for w, gone in zip(weights, missing, strict=True)]
        observed = _added(weights) / np.where(total > 0, total, np.nan)
        mean = power_mean(parts, weights, pillar.power)
        enough = observed >= score.coverage - 1e-12
        pillars.append(mean if enough.all() else np.where(enough, mean, np.nan))
        shares.append(share)
        components.append(parts)
        coverage.append(np.broadcast_to(observed, (len(observed), mean.shape[1])))
    whole = _of_powers(pillars, shares, ways.power)
    return Built(np.round(whole, 12), pillars, components, coverage)


def _normalised(
    component: Component,
    measures: Measures,
    peers: np.ndarray,
    ways: Ways,
    wanted: np.ndarray | slice,
    scaled: Scaled,
) -> np.ndarray:
    """One indicator on the scale of each draw, draws x countries wanted."""
    fixed = len(ways.scales) == 1 or component.scale.kind == "piecewise"
    key = component.path, ways.scales[0] if fixed else ways.scale.tobytes()
    if key in scaled:
        return scaled[key]
    x = measures.of(component.quantity)

    def on(x: np.ndarray, name: str) -> np.ndarray:
        scale = scale_of(component, name)
        if scale.kind in RELATIVE:
            return _of(normalise(x, scale, component.better, peers), wanted)
        return normalise(_of(x, wanted), scale, component.better, peers)

    if fixed:
        scaled[key] = on(x, ways.scales[0])
        return scaled[key]
    draws, out = max(len(x), len(ways.scale)), np.empty((0, 0))
    columns = np.broadcast_to(x, (draws, x.shape[1])).T  # a country's draws lie side by side
    for number, name in enumerate(ways.scales):
        mine = np.flatnonzero(ways.scale == number)
        if not mine.size:  # of a few draws none may have this scale
            continue
        some = on(columns[:, mine].T, name)
        out = out if out.size else np.empty((some.shape[1], draws))
        out[:, mine] = some.T
    scaled[key] = out.T
    return scaled[key]


def _of(x: np.ndarray, wanted: np.ndarray | slice) -> np.ndarray:
    """The columns wanted, each still in one piece of memory."""
    return x if isinstance(wanted, slice) or wanted.all() else x.T[wanted].T


def _of_powers(parts: Sequence[np.ndarray], weights: Sequence[np.ndarray], power: np.ndarray) -> np.ndarray:
    """The power mean with the power of each draw."""
    powers = np.unique(power)
    if len(powers) == 1:
        return power_mean(parts, weights, float(powers[0]))
    out = np.empty_like(parts[0], shape=(len(power), parts[0].shape[1]))
    for each in powers:
        mine = power == each
        some = [x[mine] if len(x) > 1 else x for x in parts]
        out[mine] = power_mean(some, [w[mine] if len(w) > 1 else w for w in weights], float(each))
    return out


@dataclass(frozen=True, repr=False)
class Scores(Framed):
    """The point estimate's score and where it comes from, to 12 decimals (contributions 13); frames share the index iso3.

    score         Series, 0..1 or NaN where a pillar has too little data
    pillar        iso3 x pillar id
    normalised    iso3 x component path, 0..1, 1 better
    contribution  iso3 x component path; a row sums to the score
    coverage      iso3 x pillar id, share of the pillar's weight observed
    """

    score: pd.Series
    pillar: pd.DataFrame
    normalised: pd.DataFrame
    contribution: pd.DataFrame
    coverage: pd.DataFrame


def score(spec: Score, measures: Measures, peers: np.ndarray) -> Scores:
    """The scores of the published values (one draw), with contributions down to the indicators."""
    built = build(spec, measures, peers)
    index = pd.Index(measures.countries, name="iso3")
    pillars = np.stack([p[0] for p in built.pillars])
    by_pillar = contributions(pillars, np.array([p.weight for p in spec.pillars]), spec.power, built.score[0])
    normalised, contribution = {}, {}
    for pillar, x, whole, mean in zip(spec.pillars, built.components, by_pillar, pillars, strict=True):
        parts = np.stack([part[0] for part in x])
        weights = np.array([c.weight for c in pillar.components])
        inner = contributions(parts, weights, pillar.power, mean)
        with np.errstate(divide="ignore", invalid="ignore"):
            observed = weights[:, None] * ~np.isnan(parts)
            share = np.where(mean > 0, inner / mean, observed / _added(observed))
            share = np.where(observed > 0, share, 0.0)
        for component, y, part in zip(pillar.components, parts, share, strict=True):
            normalised[component.path] = y
            contribution[component.path] = part * whole

    # further digits depend on the logarithms of the processor; parts to one more, so that they add up to the score
    def frame(columns: dict[str, np.ndarray], to: int = 12) -> pd.DataFrame:
        return pd.DataFrame(columns, index=index).round(to)

    return Scores(
        pd.Series(built.score[0], index=index, name="score"),
        frame({p.id: row for p, row in zip(spec.pillars, pillars, strict=True)}),
        frame(normalised),
        frame(contribution, 13),
        frame({p.id: row[0] for p, row in zip(spec.pillars, built.coverage, strict=True)}),
    )
