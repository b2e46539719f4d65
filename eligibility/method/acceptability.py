"""What the draws say of the ranked countries together: who beats whom, who is tied, which weights favour whom.

Stochastic multicriteria acceptability analysis (Lahdelma and Salminen 2001) and simultaneous confidence sets for
ranks (Mogstad, Romano, Shaikh and Wilhelm 2024). Kernels over draws x countries; ranks start at 1, 0 is not ranked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from eligibility.method.choices import Ways

MOST_KEPT = 4_000_000  # draws x countries kept; beyond, the sweep of a sub-national panel keeps none
LEVEL = 0.9  # of a simultaneous confidence set


def pairwise(scores: np.ndarray) -> np.ndarray:
    """P(i scores above j), countries x countries, ties counted half; 0 on the diagonal, NaN without a score.

    scores   draws x countries

    >>> pairwise(np.array([[0.2, 0.1], [0.2, 0.2]]))
    array([[0.  , 0.75],
           [0.25, 0.  ]])
    """
    n = scores.shape[1]
    out, columns = np.zeros((n, n)), np.ascontiguousarray(scores.T)
    for i in range(n):
        above = (columns[i] > columns).mean(axis=1) + (columns[i] == columns).mean(axis=1) / 2
        out[i] = np.where(np.isnan(columns).any(axis=1) | np.isnan(columns[i]).any(), np.nan, above)
    np.fill_diagonal(out, 0.0)
    return out


def rank_sets(point: np.ndarray, scores: np.ndarray, level: float = LEVEL) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest rank of each country that hold for all of them together with probability `level`.

    Country j is surely above i where their difference is larger than c standard errors; c is the quantile of the
    largest studentised error of any difference in the draws, so that all comparisons hold at once.

    point    countries: the published scores
    scores   draws x countries: the same under error
    """
    larger = differences(point, scores, level)
    return 1.0 + larger.sum(axis=0), len(point) - larger.sum(axis=1).astype(float)


def differences(point: np.ndarray, scores: np.ndarray, level: float = LEVEL) -> np.ndarray:
    """Whether country i is above j beyond error, all pairs at once, countries x countries."""
    n, columns = len(point), np.ascontiguousarray(scores.T)
    worst, error = np.zeros(scores.shape[0]), np.zeros((n, n))
    for i in range(n - 1):  # a row of pairs at a time: all at once would be draws x n x n
        apart = columns[i] - columns[i + 1 :]
        error[i, i + 1 :] = apart.std(axis=1)
        off = np.abs(apart - (point[i] - point[i + 1 :])[:, None])
        with np.errstate(divide="ignore", invalid="ignore"):
            worst = np.fmax(worst, np.nanmax(np.where(error[i, i + 1 :, None] > 0, off / error[i, i + 1 :, None], 0.0), axis=0))
    c = np.quantile(worst, level, method="higher")
    return point[:, None] - point[None, :] > c * (error + error.T)


def central_weights(place: np.ndarray, weights: np.ndarray, top: int = 1) -> np.ndarray:
    """The mean of the weights with which each country is among the `top`, countries x weights; NaN if never.

    place     draws x countries
    weights   draws x weights, each row adds up to 1
    """
    chosen = (place > 0) & (place <= top)
    often = chosen.sum(axis=0)
    total = np.stack([(chosen * w[:, None]).sum(axis=0) for w in weights.T], axis=1)
    return total / np.where(often > 0, often, np.nan)[:, None]


def entropy(acceptability: np.ndarray) -> np.ndarray:
    """How undecided the rank of each country is, in bits: 0 where it is always the same.

    acceptability   countries x ranks, each row adds up to 1

    >>> entropy(np.array([[0.5, 0.5], [1.0, 0.0]]))
    array([1., 0.])
    """
    p = np.where(acceptability > 0, acceptability, 1.0)
    return -(p * np.log2(p)).sum(axis=1) + 0.0


@dataclass(frozen=True)
class Sample:
    """The draws of the countries ranked now, kept for what looks at them together.

    countries   the columns, by ISO3
    stated      draws x countries: the score as stated, under measurement error
    chosen      the same with every choice drawn too
    place       draws x countries: rank of `chosen`, 0 where not ranked in that draw
    ways        the drawn choices; None where nothing is open
    """

    countries: tuple[str, ...]
    stated: np.ndarray
    chosen: np.ndarray
    place: np.ndarray
    ways: Ways | None = None

    @classmethod
    def empty(cls, countries: Sequence[str], draws: int) -> Sample:
        """Room for the draws, or for none where they would be too many to keep."""
        shape = (draws if draws * len(countries) <= MOST_KEPT else 0, len(countries))
        return cls(tuple(countries), np.empty(shape), np.empty(shape), np.empty(shape, dtype=np.int16))

    def put(self, rows: slice, stated: np.ndarray, chosen: np.ndarray, place: np.ndarray) -> None:
        """Keeps some of the draws."""
        if len(self.stated):
            self.stated[rows], self.chosen[rows], self.place[rows] = stated, chosen, place

    def having(self, ways: Ways | None) -> Sample | None:
        """The sample with the choices it was drawn under; None if nothing was kept."""
        return replace(self, ways=ways) if self.stated.size else None

    def winning(self) -> pd.DataFrame:
        """P(the row scores above the column) under everything drawn, iso3 x iso3."""
        return pd.DataFrame(pairwise(self.chosen), index=self.countries, columns=self.countries)

    def tied(self, point: pd.Series) -> dict[str, tuple[str, ...]]:
        """iso3 -> the countries whose score cannot be told from its own, all pairs at once, measurement error alone."""
        beyond = differences(point[list(self.countries)].to_numpy(), self.stated)
        apart = beyond | beyond.T
        return {
            c: tuple(d for j, d in enumerate(self.countries) if j != i and not apart[i, j])
            for i, c in enumerate(self.countries)
        }

    def sets(self, point: pd.Series) -> pd.DataFrame:
        """iso3 x (low, high): ranks among the countries ranked now that hold for all at once, measurement error alone."""
        low, high = rank_sets(point[list(self.countries)].to_numpy(), self.stated)
        return pd.DataFrame({"low": low, "high": high}, index=list(self.countries))

    def central(self, top: int) -> pd.DataFrame | None:
        """iso3 x pillar: mean weights of the draws with the country among the `top`; None where weights are stated."""
        if self.ways is None or len(self.ways.pillar) < 2:
            return None
        weights = central_weights(self.place, self.ways.shares, top)
        return pd.DataFrame(weights, index=self.countries, columns=list(self.ways.pillar))
