"""How firm the answer is: the method run again under measurement error, draw by draw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from eligibility.method import score as scoring
from eligibility.method.evaluate import CONDITIONAL, Judge, overall
from eligibility.method.measures import ErrorModel
from eligibility.method.rank import ranks
from eligibility.policy import Criteria

BATCH = 1_000  # draws held at once: every array stays near the processor
TAIL = 0.05  # each side of the 90 % interval


@dataclass(frozen=True)
class Firmness:
    """Probabilities under measurement error, by simulation; frames and series share the index iso3.

    Where nobody knows a measurement error of any figure judged or scored, nothing is `drawn` and all is NaN.

    p_gate, p_track   share of draws in which it passes or passes on condition; NaN where it cannot be judged
    p_eligible        share of draws in which every gate and a track do
    rank_low/median/high   5th, 50th and 95th percentile of the rank in the draws in which the country is
                      ranked, widened where needed to hold the published rank; NaN if it is not ranked now
    p_top             share of all draws in which it is on the shortlist; NaN where none is asked for
    rank_counts       iso3 x 1..n: draws at each rank
    half_width        95 % half-width of a printed probability that comes from counting draws, at most
    """

    p_gate: pd.DataFrame
    p_track: pd.DataFrame
    p_eligible: pd.Series
    rank_low: pd.Series
    rank_median: pd.Series
    rank_high: pd.Series
    p_top: pd.Series
    rank_counts: pd.DataFrame
    draws: int
    seed: int
    drawn: bool = True  # False: no figure has a known measurement error, so there was nothing to draw

    @property
    def half_width(self) -> float:
        return 0.98 / self.draws**0.5


def stress(
    criteria: Criteria, errors: ErrorModel, peers: pd.Series, as_of: date, now: pd.Series, known: pd.Series
) -> Firmness:
    """Runs the one evaluator over `criteria.uncertainty.draws` joint draws of the measurement errors.

    now      the published rank of each country (NaN if not ranked)
    known    whether each country's status can be judged; where not, no probability is given
    """
    draws, index = criteria.uncertainty.draws, peers.index
    groups, n = peers.to_numpy(), len(index)
    if not errors.known:
        return _unknown(criteria, index)
    passed = {gate.id: np.zeros(n) for gate in (*criteria.gates, *criteria.tracks)}
    judged = {key: np.zeros(n) for key in passed}
    admitted, top, counts = np.zeros(n), np.zeros(n), np.zeros((n, n + 1))
    for start in range(0, draws, BATCH):
        measures = errors.draw(min(BATCH, draws - start))
        judge = Judge(measures, groups, as_of)
        gates = {gate.id: judge.gate(gate) for gate in criteria.gates}
        tracks = {track.id: judge.gate(track) for track in criteria.tracks}
        for key, verdict in {**gates, **tracks}.items():
            passed[key] += (verdict >= CONDITIONAL).sum(axis=0)
            judged[key] += (verdict != 1).sum(axis=0)
        points = scoring.build(criteria.score, measures, groups).score if criteria.score else None
        inside = overall(gates, tracks, ~np.isnan(points) if points is not None else np.zeros(n, bool))
        inside = inside >= CONDITIONAL
        admitted += inside.sum(axis=0)
        if points is not None:
            place = ranks(points, inside)
            top += ((place > 0) & (place <= criteria.shortlist)).sum(axis=0)
            flat = np.bincount((place + np.arange(n) * (n + 1)).ravel(), minlength=n * (n + 1))
            counts += flat.reshape(n, n + 1)
    share = {
        key: pd.Series(np.where(judged[key] > 0, passed[key] / draws, np.nan), index=index) for key in passed
    }
    low, median, high = (_percentile(counts[:, 1:], q) for q in (TAIL, 0.5, 1 - TAIL))
    ranked = now.notna().to_numpy()
    place = now.to_numpy()
    series = lambda values, where: pd.Series(np.where(where, values, np.nan), index=index)  # noqa: E731
    return Firmness(
        p_gate=pd.DataFrame({gate.id: share[gate.id] for gate in criteria.gates}, index=index),
        p_track=pd.DataFrame({track.id: share[track.id] for track in criteria.tracks}, index=index),
        p_eligible=series(admitted / draws, known),
        rank_low=series(np.fmin(low, place), ranked),
        rank_median=series(median, ranked),
        rank_high=series(np.fmax(high, place), ranked),
        p_top=series(top / draws, known & (criteria.shortlist > 0)),
        rank_counts=pd.DataFrame(counts[:, 1:].astype(int), index=index, columns=range(1, n + 1)),
        draws=draws,
        seed=criteria.uncertainty.seed,
    )


def _unknown(criteria: Criteria, index: pd.Index) -> Firmness:
    """The firmness of a result none of whose figures has a known measurement error."""
    nothing = pd.Series(np.nan, index=index)
    ids = lambda rules: [rule.id for rule in rules]  # noqa: E731
    return Firmness(
        p_gate=pd.DataFrame(np.nan, index=index, columns=ids(criteria.gates)),
        p_track=pd.DataFrame(np.nan, index=index, columns=ids(criteria.tracks)),
        p_eligible=nothing,
        rank_low=nothing,
        rank_median=nothing,
        rank_high=nothing,
        p_top=nothing,
        rank_counts=pd.DataFrame(0, index=index, columns=range(1, len(index) + 1)),
        draws=criteria.uncertainty.draws,
        seed=criteria.uncertainty.seed,
        drawn=False,
    )


def _percentile(counts: np.ndarray, q: float) -> np.ndarray:
    """The smallest rank that at least a share `q` of the ranked draws do not exceed; NaN without any."""
    total = counts.sum(axis=1)
    reached = counts.cumsum(axis=1) >= q * total[:, None] - 1e-9
    return np.where(total > 0, reached.argmax(axis=1) + 1, np.nan)
