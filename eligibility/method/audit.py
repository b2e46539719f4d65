"""The statistical audit of a criteria set: whether its figures can carry the score made of them.

The tests are those of audits of published indexes by the European Commission's Joint Research Centre: coverage, outliers,
consistency within pillars, correlation within and across them, real against stated importance, what one part decides; and
which tests of gates and tracks tell nobody apart. A part is held against the rest of its whole, never against a whole that
contains it. What the list is made of is the ranked: statistics of the score are of them where they are enough, else of all
countries considered, and what differs between the two is told. Everything is taken from the point estimate. What of it is
worth a sentence is said by findings.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from eligibility.data.cells import Cells
from eligibility.method import importance, structure
from eligibility.method.evaluate import ADMITTED
from eligibility.method.importance import LEAST, Importance
from eligibility.method.leaving import leave_out
from eligibility.method.measures import Measures
from eligibility.method.rank import ranks
from eligibility.method.score import Scores
from eligibility.method.screen import Screening
from eligibility.method.stability import effective, stated, uniform
from eligibility.policy import walk
from eligibility.policy.model import Criteria, Score

ROLES: tuple[walk.Role, ...] = ("gate", "track", "score")
FAR = 0.1  # of the countries ranked together: a rank this far from another is another message


@dataclass(frozen=True)
class Audit:
    """The whole audit. Frames by path are of the scored indicators in file order; without a score they are empty.

    coverage      indicator (of gates, tracks and score) x known, share, carried; by_group: x peer group, share known
    scored        iso3 -> share of the score's whole weight that is known
    tests         path of a test of gates and tracks x owner, judged, passed, unknown: countries of those it is for
    base          the countries that statistics of the score are of: the ranked if there are 30, else all considered
    ranked        how many are ranked
    pillar        pillar id x known, share, n (complete rows), alpha, first (share of the first component), moved and
                  moved_ranked (share of all, and of the ranked among themselves, whose rank in it lies a tenth of them or more
                  from their rank in the whole), rest, rest_low, rest_high (correlation with the mean of the other pillars)
    shape         path x n, skew, kurtosis, loading (on the first component of its pillar)
    rest          path x r, low, high, n (correlation with the rest of its own pillar, 90 %), other (the pillar it goes most
                  with among the others), other_r, other_low
    correlation   path x path; pairs: of how many countries each; to_pillar: path x pillar id; to_index: pillar id (and "index") x the same
    alpha         of the pillars as parts of the whole
    by_pillar, by_indicator   stated weights and main effects of `base`; None below 30 countries; pool_pillar, pool_indicator
                  of all considered, None where that is `base`
    copeland      iso3 -> wins less losses of the ranking by pairs; agreement: its rank correlation with the score
    left_out      see leaving.py
    """

    coverage: pd.DataFrame
    by_group: pd.DataFrame
    scored: pd.Series
    tests: pd.DataFrame
    base: pd.Index
    ranked: int
    copeland: pd.Series
    pillar: pd.DataFrame = field(default_factory=pd.DataFrame)
    shape: pd.DataFrame = field(default_factory=pd.DataFrame)
    rest: pd.DataFrame = field(default_factory=pd.DataFrame)
    correlation: pd.DataFrame = field(default_factory=pd.DataFrame)
    pairs: pd.DataFrame = field(default_factory=pd.DataFrame)
    to_pillar: pd.DataFrame = field(default_factory=pd.DataFrame)
    to_index: pd.DataFrame = field(default_factory=pd.DataFrame)
    alpha: float = np.nan
    by_pillar: Importance | None = None
    by_indicator: Importance | None = None
    pool_pillar: Importance | None = None
    pool_indicator: Importance | None = None
    agreement: float = np.nan
    left_out: pd.DataFrame = field(default_factory=pd.DataFrame)


def audit(
    criteria: Criteria,
    cells: Cells,
    centre: Measures,
    peers: pd.Series,
    scores: Scores | None,
    screening: Screening,
) -> Audit:
    """The audit of one result's published values; the arguments are its fields."""
    coverage, by_group = _coverage(criteria, cells), _by_group(criteria, cells, peers)
    tests = _tests(criteria, screening, peers)
    if scores is None or criteria.score is None:
        nobody = pd.Series(np.nan, index=peers.index)
        return Audit(coverage, by_group, nobody, tests, peers.index[:0], ranked=0, copeland=nobody)
    spec, weights, seed = criteria.score, effective(criteria.score), criteria.uncertainty.seed
    admitted = screening.status.isin(ADMITTED).to_numpy()
    ranked = scores.score.index[admitted & scores.score.notna().to_numpy()]
    base = ranked if len(ranked) >= LEAST else scores.score.index
    whole, x, pillars = (each.loc[base] for each in (scores.score, scores.normalised, scores.pillar))
    together = pillars.assign(index=whole)
    held = {indicator: source.id for indicator, source in cells.panel.held.items()}
    copeland, there = _copeland(pillars, stated(spec)), x.notna().astype(int)

    def frame(values: np.ndarray, rows: pd.Index, columns: pd.Index) -> pd.DataFrame:
        return pd.DataFrame(np.round(values, 9), rows, columns)

    def important(who: pd.Index) -> tuple[Importance | None, Importance | None]:
        score, power = scores.score.loc[who], spec.power if uniform(spec) else None
        return (
            importance.importance(scores.pillar.loc[who], score, stated(spec), spec.power, seed),
            importance.importance(scores.normalised.loc[who], score, weights, power, seed),
        )

    of_base = important(base)
    of_all = (None, None) if len(base) == len(scores.score) else important(scores.score.index)
    return Audit(
        coverage=coverage,
        by_group=by_group,
        scored=_known_weight(scores.normalised, weights),
        tests=tests,
        base=base,
        ranked=len(ranked),
        pillar=_pillars(spec, scores, base, ranked),
        shape=_shape(spec, x),
        rest=_rest(spec, x, pillars),
        correlation=frame(structure.correlations(x.to_numpy(), x.to_numpy()), x.columns, x.columns),
        pairs=there.T @ there,
        to_pillar=frame(structure.correlations(x.to_numpy(), pillars.to_numpy()), x.columns, pillars.columns),
        to_index=frame(
            structure.correlations(together.to_numpy(), together.to_numpy()),
            together.columns,
            together.columns,
        ),
        alpha=round(structure.alpha(pillars.to_numpy()), 9),
        by_pillar=of_base[0],
        by_indicator=of_base[1],
        pool_pillar=of_all[0],
        pool_indicator=of_all[1],
        copeland=copeland,
        agreement=round(structure.rank_correlation(copeland.to_numpy(), whole.to_numpy()), 9),
        left_out=leave_out(spec, centre, peers.to_numpy(), admitted, criteria.shortlist, held),
    )


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


def _tests(criteria: Criteria, screening: Screening, peers: pd.Series) -> pd.DataFrame:
    """Of how many of those it is for each test of gates and tracks is judged, passes, is unknown."""
    rows, node = {}, screening.node
    for rule in (*criteria.gates, *criteria.tracks):
        own = (peers == rule.peer_group).to_numpy() if rule.peer_group else np.ones(len(node), dtype=bool)
        for test in walk.tests(rule.rule):
            if test.path in node:
                words = node.loc[own, test.path]
                judged = int((words != "unknown").sum())
                passed = int(words.isin(["pass", "conditional"]).sum())
                rows[test.path] = (rule.id, judged, passed, len(words) - judged)
    return pd.DataFrame.from_dict(rows, orient="index", columns=["owner", "judged", "passed", "unknown"])


def _pillars(spec: Score, scores: Scores, base: pd.Index, ranked: pd.Index) -> pd.DataFrame:
    """Coverage and consistency, pillar by pillar."""
    rows, weights = {}, stated(spec)
    others = structure.rest(scores.pillar.loc[base].to_numpy(), weights.to_numpy())
    for k, pillar in enumerate(spec.pillars):
        own = scores.pillar[pillar.id]
        x = scores.normalised.loc[base, [c.path for c in pillar.components]].to_numpy()
        n = len(structure.complete(x))
        many = n >= LEAST and x.shape[1] > 1
        r, pairs = structure.correlation(own.loc[base].to_numpy(), others[:, k])
        low, high = structure.interval(r, pairs)
        rows[pillar.id] = {
            "known": int(own.notna().sum()),
            "share": float(own.notna().mean()),
            "n": n,
            "alpha": round(structure.alpha(x), 9) if many else np.nan,
            "first": float(structure.principal(x)[0][0]) if many else np.nan,
            "moved": _moved(own, scores.score),
            "moved_ranked": _moved(own.loc[ranked], scores.score.loc[ranked]),
            "rest": round(r, 9),
            "rest_low": low,
            "rest_high": high,
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def _moved(own: pd.Series, whole: pd.Series) -> float:
    """Share of the countries whose rank in a part lies a tenth of them or more from their rank in the whole."""
    apart = np.abs(_places(own.where(whole.notna())) - _places(whole))
    apart = apart[~np.isnan(apart)]
    return float((apart >= max(1.0, FAR * len(apart)) - 1e-9).mean()) if len(apart) else np.nan


def _rest(spec: Score, x: pd.DataFrame, pillars: pd.DataFrame) -> pd.DataFrame:
    """What each indicator has to do with the rest of its own pillar, and with the other pillars."""
    rows = {}
    for pillar in spec.pillars:
        paths = [c.path for c in pillar.components]
        mine = x[paths].to_numpy()
        others = structure.rest(mine, np.array([c.weight for c in pillar.components]))
        for k, path in enumerate(paths):
            r, n = structure.correlation(mine[:, k], others[:, k])
            low, high = structure.interval(r, n)
            far = {
                p: structure.correlation(mine[:, k], pillars[p].to_numpy()) for p in pillars if p != pillar.id
            }
            most = max(far, key=lambda p: (np.nan_to_num(far[p][0], nan=-2.0), p), default="")
            other = far.get(most, (np.nan, 0))
            rows[path] = {
                "r": round(r, 9),
                "low": low,
                "high": high,
                "n": n,
                "other": most,
                "other_r": round(other[0], 9),
                "other_low": structure.interval(*other)[0],
            }
    return pd.DataFrame.from_dict(rows, orient="index")


def _places(score: pd.Series) -> np.ndarray:
    """Rank of every country with a score, NaN for the others; what is equal to 12 decimals shares a rank."""
    place = ranks(score.to_numpy()[None, :].round(12), score.notna().to_numpy()[None, :])[0].astype(float)
    return np.where(place > 0, place, np.nan)


def _shape(spec: Score, x: pd.DataFrame) -> pd.DataFrame:
    """Skew, kurtosis and first loading of every scored indicator; NaN from fewer than 30 countries."""
    rows = {}
    for pillar in spec.pillars:
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
