"""What became of cohorts: who lost ground within five years, beside others at the same level in the same year.

Arrays over country-years. Every range is of countries drawn anew, each with all its years: the years of one country are
no independent cases. Nothing here says which country will lose ground.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from eligibility.method import resamples, streams
from eligibility.method.resamples import RESAMPLES, Share

YEARS = 5  # after the cohort's own
LOSS = 0.10  # of the scale: lower by this in any of these years
KEPT = 0.05  # at the end of them: not lower by more; and a gain is a rise by as much
NEAR = 0.05  # of the scale: the same level
AT_ONCE = 100  # resamples
SLACK = 1e-9  # of a sum of published decimals
KINDS = ("lost", "kept", "gained")


@dataclass(frozen=True)
class Followed:
    """Country-years followed up: arrays of one length, only of those whose whole five years are known.

    country   position of the country; year: the one that the start is of
    start, lowest, lowest_year, end   the level in it, the lowest of the five years after it and when, and the last
    """

    country: np.ndarray
    year: np.ndarray
    start: np.ndarray
    lowest: np.ndarray
    lowest_year: np.ndarray
    end: np.ndarray

    @property
    def outcomes(self) -> np.ndarray:
        """Lost, kept and gained, 3 x country-years of 0 and 1."""
        return np.stack(
            [
                self.start - self.lowest >= LOSS - SLACK,
                self.end >= self.start - KEPT - SLACK,
                self.end >= self.start + KEPT - SLACK,
            ]
        ).astype(float)


def follow(level: pd.DataFrame, country: np.ndarray, year: np.ndarray) -> tuple[Followed, np.ndarray]:
    """What became of each country-year, and which of them could be followed: the others are left out.

    level   year x country, NaN where unknown
    country, year   positions of columns and years; a year less than five before the last one held is not followed

    >>> level = pd.DataFrame({"TUN": [0.7, 0.7, 0.7, 0.55, 0.6, 0.71, 0.7]}, index=range(2015, 2022))
    >>> made, there = follow(level, np.array([0, 0]), np.array([2015, 2017]))
    >>> made.outcomes.ravel().tolist(), int(made.lowest_year[0]), there.tolist()
    ([1.0, 1.0, 0.0], 2018, [True, False])
    """
    table, first = level.to_numpy(), int(level.index[0])
    row = year - first
    there = (row >= 0) & (row + YEARS < len(table))
    after = np.stack([table[np.where(there, row + k, 0), country] for k in range(YEARS + 1)])
    there &= ~np.isnan(after).any(axis=0)
    after = after[:, there]
    low = after[1:].argmin(axis=0) if after.shape[1] else np.empty(0, dtype=int)
    lowest = after[1:].min(axis=0)
    return Followed(
        country[there], year[there], after[0], lowest, year[there] + 1 + low, after[-1]
    ), there  # fmt: skip


@dataclass(frozen=True)
class Row:
    """What became of one group.

    n, countries   country-years and countries, of those followed; for lots, of those drawn from
    shares         lost, kept, gained -> share of country-years
    """

    n: int
    countries: int
    shares: Mapping[str, Share]


class Record:
    """Shares of groups and differences between them, all from the same resamples of countries.

    >>> level = pd.DataFrame({c: [x] * 5 + [y] for c, x, y in (("A", 0.5, 0.3), ("B", 0.5, 0.5))}, index=range(2000, 2006))
    >>> made, _ = follow(level, np.array([0, 1]), np.array([2000, 2000]))
    >>> record = Record(made, 2, seed=1)
    >>> record.of(np.array([1.0, 1.0])).shares["lost"].value
    0.5
    >>> record.apart(np.array([1.0, 0.0]), record.matched(np.array([True, False]), np.array([False, True])), "lost").value
    1.0
    """

    def __init__(self, followed: Followed, countries: int, seed: int):
        self.followed, self.outcomes = followed, followed.outcomes
        stream = streams.generator(seed, "record")
        drawn = (
            stream.integers(countries, size=(RESAMPLES, countries))
            if countries
            else np.zeros((RESAMPLES, 0), int)
        )
        self.times = np.stack([np.bincount(each, minlength=countries) for each in drawn]).astype(float)

    def of(self, weight: np.ndarray) -> Row:
        """A group, of which each country-year counts as much as `weight` says."""
        own = weight > 0
        shares = self._weighted(weight)
        return self._row(own, shares)

    def matched(self, mine: np.ndarray, others: np.ndarray) -> np.ndarray:
        """Shares of those among `others` that stood at the same level in the same year, (1 + resamples) x 3.

        Each of `mine` is set beside the mean of its own; one without any counts nowhere. Handed to `apart` or `told`.
        """
        mine, theirs = self._paired(mine, others)
        if not mine.size:
            return np.full((1 + RESAMPLES, 3), np.nan)
        starts = np.flatnonzero(np.r_[True, mine[1:] != mine[:-1]])
        who, out = mine[starts], []
        for times in self._resamples():
            w = times[:, self.followed.country]
            theirs_w = w[:, theirs]
            weight = np.add.reduceat(theirs_w, starts, axis=1)
            there = w[:, who] * (weight > 0)
            total = there.sum(axis=1)
            for_each = []
            for y in self.outcomes:
                mean = np.add.reduceat(theirs_w * y[theirs], starts, axis=1) / np.where(
                    weight > 0, weight, 1.0
                )
                for_each.append((there * mean).sum(axis=1) / np.where(total > 0, total, np.nan))
            out.append(np.stack(for_each, axis=1))
        return np.concatenate(out)

    def paired(self, mine: np.ndarray, others: np.ndarray) -> np.ndarray:
        """Which of `mine` have one of `others` at the same level in the same year."""
        found = np.zeros(len(mine), dtype=bool)
        found[self._paired(mine, others)[0]] = True
        return found

    def told(self, others: np.ndarray, shares: np.ndarray) -> Row:
        """Shares of `matched` as a row, beside how many the others are."""
        return self._row(others, shares)

    def apart(self, weight: np.ndarray, other: np.ndarray, kind: str) -> Share:
        """By how much more often a group had an outcome than another, from the same resamples.

        other   what each country-year counts in it, or shares of `matched`
        """
        k, shares = KINDS.index(kind), self._weighted(other) if other.ndim == 1 else other
        apart = self._weighted(weight)[:, k] - shares[:, k]
        return resamples.share(apart[0], apart[1:])

    def _paired(self, mine: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Positions of each of `mine` and of each of `others` it is set beside, in order of the first."""
        year, start = self.followed.year, self.followed.start
        left, right = np.flatnonzero(mine), np.flatnonzero(others)
        near = (year[left, None] == year[right]) & (np.abs(start[left, None] - start[right]) <= NEAR + SLACK)
        near &= left[:, None] != right
        i, j = np.nonzero(near)
        return left[i], right[j]

    def _weighted(self, weight: np.ndarray) -> np.ndarray:
        """Shares of a group, (1 + resamples) x 3; the first is that of the countries as they are."""
        out = []
        for times in self._resamples():
            w = times[:, self.followed.country] * weight
            total = w.sum(axis=1)
            out.append(
                np.stack([(w * y).sum(axis=1) for y in self.outcomes], axis=1)
                / np.where(total > 0, total, np.nan)[:, None]
            )
        return np.concatenate(out)

    def _resamples(self) -> Iterator[np.ndarray]:
        """How often each country counts: once each, and then as drawn, some resamples at a time."""
        yield np.ones((1, self.times.shape[1]))
        for k in range(0, RESAMPLES, AT_ONCE):
            yield self.times[k : k + AT_ONCE]

    def _row(self, own: np.ndarray, shares: np.ndarray) -> Row:
        who = np.unique(self.followed.country[own])
        return Row(
            int(own.sum()),
            len(who),
            {kind: resamples.share(shares[0, k], shares[1:, k]) for k, kind in enumerate(KINDS)},
        )
