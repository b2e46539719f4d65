"""What the draws say of the ranked countries together: who beats whom, who is tied, which weights favour whom.

Stochastic multicriteria acceptability analysis (Lahdelma and Salminen 2001) and simultaneous confidence sets for
ranks (Mogstad, Romano, Shaikh and Wilhelm 2024). Kernels over draws x countries; ranks start at 1, 0 is not ranked.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from eligibility.method.choices import Ways

MOST_KEPT = 4_000_000  # draws x countries kept; of a sub-national panel none are
MOST_PAIRED = 1_000  # countries compared each with each
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


def differences(point: np.ndarray, scores: np.ndarray, level: float = LEVEL) -> np.ndarray:
    """Whether country i is above j beyond error, all pairs at once with probability `level`, countries x countries.

    It is where their difference is larger than c standard errors; c is the quantile of the largest studentised
    error of any difference in the draws, so that all comparisons hold together.

    point    countries: the published scores
    scores   draws x countries: the same under error
    """
    n, columns = len(point), np.ascontiguousarray(scores.T)
    worst, error = np.zeros(scores.shape[0]), np.zeros((n, n))
    for i in range(n - 1):  # a row of pairs at a time: all at once would be draws x n x n
        apart = columns[i] - columns[i + 1 :]
        error[i, i + 1 :] = apart.std(axis=1)
        off = np.abs(apart - (point[i] - point[i + 1 :])[:, None])
        with np.errstate(divide="ignore", invalid="ignore"):
            worst = np.fmax(
                worst,
                np.nanmax(np.where(error[i, i + 1 :, None] > 0, off / error[i, i + 1 :, None], 0.0), axis=0),
            )
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


@dataclass(frozen=True)
class Sample:
    """The draws of the countries ranked now, kept for what looks at them together.

    point    iso3 -> published score
    stated   draws x countries: the score as stated, under measurement error
    chosen   the same with every choice drawn too
    place    draws x countries: rank of `chosen`, 0 where not ranked in that draw
    ways     the drawn choices; None where nothing is open
    """

    point: pd.Series
    stated: np.ndarray
    chosen: np.ndarray
    place: np.ndarray
    ways: Ways | None = None

    @classmethod
    def empty(cls, point: pd.Series, draws: int, ways: Ways | None = None) -> Sample | None:
        """Room for the draws; None where they would be none, or too many to keep or to compare."""
        shape = (draws, len(point))
        if not 0 < draws * len(point) <= MOST_KEPT or len(point) > MOST_PAIRED:
            return None
        return cls(point, np.empty(shape), np.empty(shape), np.empty(shape, dtype=np.int32), ways)

    def put(self, rows: slice, stated: np.ndarray, chosen: np.ndarray, place: np.ndarray) -> None:
        """Keeps some of the draws."""
        self.stated[rows], self.chosen[rows], self.place[rows] = stated, chosen, place

    @cached_property
    def beyond(self) -> np.ndarray:
        """Whether the row is above the column beyond measurement error, all pairs at once, countries x countries."""
        return differences(self.point.to_numpy(), self.stated)

    @cached_property
    def sets(self) -> pd.DataFrame:
        """iso3 x (low, high): ranks among the countries ranked now that hold for all at once, measurement error alone."""
        above, below = self.beyond.sum(axis=0), self.beyond.sum(axis=1)
        return pd.DataFrame({"low": 1 + above, "high": len(self.point) - below}, index=self.point.index)

    @cached_property
    def tied(self) -> dict[str, tuple[str, ...]]:
        """iso3 -> the countries whose score cannot be told from its own, all pairs at once, measurement error alone."""
        names, apart = self.point.index, self.beyond | self.beyond.T
        return {c: tuple(names[~apart[i] & (names != c)]) for i, c in enumerate(names)}

    @cached_property
    def winning(self) -> pd.DataFrame:
        """P(the row scores above the column) under everything drawn, iso3 x iso3."""
        return pd.DataFrame(pairwise(self.chosen), index=self.point.index, columns=self.point.index)

    def central(self, top: int) -> pd.DataFrame | None:
        """iso3 x pillar: mean weights of the draws with the country among the `top`; None where weights are stated."""
        if self.ways is None or len(self.ways.pillar) < 2 or not np.ptp(self.ways.shares, axis=0).any():
            return None
        weights = central_weights(self.place, self.ways.shares, top)
        return pd.DataFrame(weights, index=self.point.index, columns=list(self.ways.pillar))
