"""The statistical audit of a criteria set: whether its figures can carry the score made of them.

The tests are those of audits of published indexes by the European Commission's Joint Research Centre: coverage, outliers,
consistency within pillars, correlation within and across them, real against stated importance, what one part decides.
Everything is taken from the point estimate. What of it is worth a sentence is said by findings.py.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from eligibility import walk
from eligibility.method import importance, structure
from eligibility.method.importance import LEAST, Importance
from eligibility.method.leaving import leave_out
from eligibility.method.measures import Measures
from eligibility.method.rank import ranks
from eligibility.method.score import Scores
from eligibility.method.stability import effective, stated
from eligibility.panel import Cells
from eligibility.policy import Criteria, Score

ROLES: tuple[walk.Role, ...] = ("gate", "track", "score")
FAR = 10  # places: a rank this far from another is another message


@dataclass(frozen=True)
class Audit:
    """The whole audit. Frames by path are of the scored indicators in file order; without a score they are empty.

    coverage      indicator (of gates, tracks and score) x known, share, carried; by_group: x peer group, share known
    scored        iso3 -> share of the score's whole weight that is known
    pillar        pillar id x known, share, n (complete rows), alpha, first (share of the first component), moved (share of
                  countries whose rank in it lies ten or more from their rank in the whole)
    shape         path x n, skew, kurtosis, loading (on the first component of its pillar)
    correlation   path x path; to_pillar: path x pillar id; to_index: pillar id (and "index") x the same
    alpha         of the pillars as parts of the whole
    by_pillar, by_indicator   stated weights and main effects; None below ten countries
    copeland      iso3 -> wins less losses of the non-compensatory ranking; agreement: its rank correlation with the score
    left_out      see leaving.py
    """

    coverage: pd.DataFrame
    by_group: pd.DataFrame
    scored: pd.Series
    pillar: pd.DataFrame
    shape: pd.DataFrame
    correlation: pd.DataFrame
    to_pillar: pd.DataFrame
    to_index: pd.DataFrame
    alpha: float
    by_pillar: Importance | None
    by_indicator: Importance | None
    copeland: pd.Series
    agreement: float
    left_out: pd.DataFrame


def audit(
    criteria: Criteria,
    cells: Cells,
    centre: Measures,
    peers: pd.Series,
    scores: Scores | None,
    status: pd.Series,
) -> Audit:
    """The audit of one result's published values; the arguments are its fields."""
    coverage, by_group = _coverage(criteria, cells), _by_group(criteria, cells, peers)
    if scores is None or criteria.score is None:
        nothing, empty = pd.DataFrame(), pd.Series(np.nan, index=peers.index)
        return Audit(
            coverage,
            by_group,
            empty,
            nothing,
            nothing,
            nothing,
            nothing,
            nothing,
            np.nan,
            None,
            None,
            empty,
            np.nan,
            nothing,
        )
    spec, whole = criteria.score, scores.score
    x, pillars, seed = scores.normalised, scores.pillar, criteria.uncertainty.seed
    weights = effective(spec)

    def frame(values: np.ndarray, rows: pd.Index, columns: pd.Index) -> pd.DataFrame:
        return pd.DataFrame(np.round(values, 9), rows, columns)

    together = pillars.assign(index=whole)
    admitted = status.isin(["eligible", "conditional"]).to_numpy()
    held = {indicator: source.id for indicator, source in cells.panel.held.items()}
    copeland = _copeland(pillars, stated(spec))
    return Audit(
        coverage=coverage,
        by_group=by_group,
        scored=_known_weight(x, weights),
        pillar=_pillars(spec, scores),
        shape=_shape(spec, x),
        correlation=frame(structure.correlations(x.to_numpy(), x.to_numpy()), x.columns, x.columns),
        to_pillar=frame(structure.correlations(x.to_numpy(), pillars.to_numpy()), x.columns, pillars.columns),
        to_index=frame(
            structure.correlations(together.to_numpy(), together.to_numpy()),
            together.columns,
            together.columns,
        ),
        alpha=round(structure.alpha(pillars.to_numpy()), 9),
        by_pillar=importance.importance(pillars, whole, stated(spec), spec.power, seed),
        by_indicator=importance.importance(x, whole, weights, _one_power(spec), seed),
        copeland=copeland,
        agreement=round(structure.rank_correlation(copeland.to_numpy(), whole.to_numpy()), 9),
        left_out=leave_out(spec, centre, peers.to_numpy(), admitted, criteria.shortlist, held),
    )


def _one_power(score: Score) -> float | None:
    """The power of the whole tree, None where its levels differ."""
    power = score.power
    return power if all(len(p.components) == 1 or p.power == power for p in score.pillars) else None


# What is measured ------------------------------------------------------------------------------------------


def _coverage(criteria: Criteria, cells: Cells) -> pd.DataFrame:
    """Of how many countries each indicator that decides or scores is known, and is carried from an earlier year."""
    ids = list(walk.indicators(criteria, *ROLES))
    known = cells.value[ids].notna()
    carried = [int((known[i] & (cells.mark[i] == "carried")).sum()) for i in ids]
    return pd.DataFrame(
        {"known": known.sum().astype(int), "share": known.mean(), "carried": carried}, index=ids
    )


def _by_group(criteria: Criteria, cells: Cells, peers: pd.Series) -> pd.DataFrame:
    """Of which share of each peer group that has members each indicator is known."""
    known = cells.value[list(walk.indicators(criteria, *ROLES))].notna()
    groups = [group.id for group in criteria.peers if (peers == group.id).any()]
    return pd.DataFrame({g: known[(peers == g).to_numpy()].mean() for g in groups}, index=known.columns)


def _known_weight(x: pd.DataFrame, weights: pd.Series) -> pd.Series:
    """Share of the score's whole weight that is known of each country."""
    known = np.zeros(len(x))
    for path in x.columns:
        known = known + x[path].notna().to_numpy() * weights[path]
    return pd.Series(np.round(known, 12), index=x.index)


def _pillars(score: Score, scores: Scores) -> pd.DataFrame:
    """Coverage and consistency, pillar by pillar."""
    rows, whole = {}, scores.score
    place = _places(whole)
    for pillar in score.pillars:
        own = scores.pillar[pillar.id]
        x = scores.normalised[[c.path for c in pillar.components]].to_numpy()
        n = len(structure.complete(x))
        many = n >= LEAST and x.shape[1] > 1
        apart = np.abs(_places(own.where(whole.notna())) - place)
        rows[pillar.id] = {
            "known": int(own.notna().sum()),
            "share": float(own.notna().mean()),
            "n": n,
            "alpha": round(structure.alpha(x), 9) if many else np.nan,
            "first": float(structure.principal(x)[0][0]) if many else np.nan,
            "moved": float((apart[~np.isnan(apart)] >= FAR).mean()) if (~np.isnan(apart)).any() else np.nan,
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def _places(score: pd.Series) -> np.ndarray:
    """Rank of every country with a score, NaN for the others; what is equal to 12 decimals shares a rank."""
    place = ranks(score.to_numpy()[None, :].round(12), score.notna().to_numpy()[None, :])[0].astype(float)
    return np.where(place > 0, place, np.nan)


def _shape(score: Score, x: pd.DataFrame) -> pd.DataFrame:
    """Skew, kurtosis and first loading of every scored indicator; NaN from fewer than ten countries."""
    rows = {}
    for pillar in score.pillars:
        mine = x[[c.path for c in pillar.components]]
        enough = len(structure.complete(mine.to_numpy())) >= LEAST and len(mine.columns) > 1
        loadings = (
            structure.principal(mine.to_numpy())[1][:, 0] if enough else np.full(len(mine.columns), np.nan)
        )
        for path, loading in zip(mine.columns, loadings, strict=True):
            values = mine[path].dropna().to_numpy()
            some = len(values) >= LEAST
            rows[path] = {
                "n": len(values),
                "skew": round(structure.skewness(values), 9) if some else np.nan,
                "kurtosis": round(structure.kurtosis(values), 9) if some else np.nan,
                "loading": float(loading),
            }
    return pd.DataFrame.from_dict(rows, orient="index")


def _copeland(pillars: pd.DataFrame, weights: pd.Series) -> pd.Series:
    """Wins less losses of the countries with every pillar; NaN for the others."""
    whole = pillars.notna().all(axis=1).to_numpy()
    wins = structure.copeland(structure.outranking(pillars[whole].to_numpy(), weights.to_numpy()))
    return pd.Series(wins.astype(float), index=pillars.index[whole]).reindex(pillars.index)
