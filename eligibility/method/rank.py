"""Order, ties, shortlist; who is ranked at all."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from eligibility.framed import Framed


def ranks(score: np.ndarray, ranked: np.ndarray) -> np.ndarray:
    """1 + how many ranked countries score higher, draws x countries; 0 where not ranked.

    Equal scores share the better rank; scores come rounded to 12 decimals.

    >>> ranks(np.array([[0.5, 0.9, 0.5, 0.7]]), np.array([[True, True, True, False]]))
    array([[2, 1, 2, 0]])
    """
    ever = ranked.any(axis=0)
    if ever.all():
        return _ranks(np.where(ranked & ~np.isnan(score), -score, np.inf))
    out = np.zeros(score.shape, dtype=np.int64)
    out[:, ever] = ranks(score[:, ever], ranked[:, ever])  # most countries are ranked in no draw at all
    return out


def _ranks(key: np.ndarray) -> np.ndarray:
    """Place of each key in its row, the smallest first, equal keys sharing the better; 0 for infinity."""
    order = np.argsort(key, axis=1)
    ordered = np.take_along_axis(key, order, axis=1)
    place = np.broadcast_to(np.arange(1, key.shape[1] + 1), key.shape)
    same = ordered[:, 1:] == ordered[:, :-1]
    tied = same & (ordered[:, 1:] < np.inf)
    if tied.any():  # few draws have ties: looking for them is quicker than sharing
        new = np.concatenate([np.ones((len(key), 1), bool), ~same], axis=1)
        place = np.maximum.accumulate(np.where(new, place, 0), axis=1)
    out = np.empty(key.shape, dtype=np.int64)
    np.put_along_axis(out, order, place, axis=1)
    return np.where(np.isinf(key), 0, out)


@dataclass(frozen=True, repr=False)
class Ranking(Framed):
    """Who comes where.

    rank       among who is eligible or conditional, NaN for all others
    apart      among who is qualified, NaN for all others
    order      ranked first (ties by ISO3), then who is ranked apart, then the rest by ISO3
    shortlist  those whose rank is within the stated size
    """

    rank: pd.Series
    order: tuple[str, ...]
    shortlist: tuple[str, ...]
    apart: pd.Series = field(default_factory=lambda: pd.Series(dtype=float))

    @property
    def shown(self) -> pd.Series:
        """The rank in the list a country is in, NaN for who is in none."""
        return self.rank.where(self.rank.notna(), self.apart.reindex(self.rank.index))


def rank(score: pd.Series, status: pd.Series, size: int) -> Ranking:
    """The ranking of the countries that have a score: of who is eligible or conditional, and apart of who is qualified."""

    def place(*words: str) -> pd.Series:
        found = ranks(score.to_numpy()[None, :], status.isin(words).to_numpy()[None, :])[0]
        return pd.Series(np.where(found > 0, found, np.nan), index=score.index, name="rank")

    own, apart, names = place("eligible", "conditional"), place("qualified"), score.index.tolist()
    first, then = (np.nan_to_num(of.to_numpy(), nan=np.inf).tolist() for of in (own, apart))
    order = sorted(range(len(names)), key=lambda k: (first[k], then[k], names[k]))
    return Ranking(
        own, tuple(names[k] for k in order), tuple(names[k] for k in order if first[k] <= size), apart
    )
