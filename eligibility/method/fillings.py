"""Chances that rest on imputed values, and how far they may be off: draws that share a filling of the gaps err together.

Ten thousand draws of a hundred fillings are a hundred looks at what may stand in the gaps, and no ten thousand. The
half width therefore comes from how much the share differs from filling to filling (the between-imputation variance of
Rubin 1987, for the mean of so many clusters), not from the number of draws.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from eligibility.data import normal
from eligibility.method.evaluate import CONDITIONAL, UNKNOWN

OVERALL = ""  # among the ids of gates and tracks: every gate and a track of an ideal kind taken together
WHOLE = "any kind"  # likewise, with any track: no id has a blank
TOP = "on the shortlist"


class Fillings:
    """Counts by filling: `add` the draws batch after batch, then ask for the `half` width of a share."""

    def __init__(self, number: int, countries: int):
        self.shape = number, countries
        self.draws = np.zeros(number, int)
        self.held: dict[str, np.ndarray] = {}

    def add(self, holds: Mapping[str, np.ndarray]) -> None:
        """Counts one batch: key -> whether it held, draws x countries. Draws take the fillings in turn, from the first."""
        many = len(next(iter(holds.values())))
        which = np.arange(self.draws.sum(), self.draws.sum() + many) % self.shape[0]
        for key, held in holds.items():
            np.add.at(self.held.setdefault(key, np.zeros(self.shape, int)), which, held)
        self.draws += np.bincount(which, minlength=self.shape[0])

    def half(self, key: str) -> np.ndarray:
        """95 % half width of the share of all draws in which something held, one a country; NaN of a single filling.

        >>> each = Fillings(4, 1)
        >>> each.add({"g": np.array([[1], [0], [1], [1], [1], [0], [1], [0]])})  # 1, 0, 1 and a half of the draws
        >>> each.half("g").round(2).tolist()
        [0.76]
        """
        used = self.draws > 0
        share = self.held[key][used] / self.draws[used, None]
        number = len(share)
        if number < 2:
            return np.full(self.shape[1], np.nan)
        return normal.student(0.975, number - 1) * share.std(axis=0, ddof=1) / np.sqrt(number)


@dataclass(frozen=True)
class Supposed:
    """Probabilities if what is missing is like what similar countries have; frames and series share the index iso3.

    They are of measurement error and of what a gap may hold, both. NaN where no gap ever leaves the answer open, for
    then nothing is supposed, and where one does that nothing fills.

    p_gate, p_track, p_eligible, p_qualified   as in `Firmness` (firmness.py)
    half_gate, half_track, half_eligible       95 % half widths of them, from how much fillings differ
    half_top                                   the same of the place on the shortlist, of anybody's: ranks rest on the
                                               imputed values of all who are scored with one; NaN where there is no list
    """

    p_gate: pd.DataFrame
    p_track: pd.DataFrame
    p_eligible: pd.Series
    p_qualified: pd.Series
    half_gate: pd.DataFrame
    half_track: pd.DataFrame
    half_eligible: pd.Series
    half_top: pd.Series

    @property
    def widest(self) -> float:
        """The largest of the half widths; NaN where nothing rests on an imputed value."""
        every = (self.half_gate, self.half_track, self.half_eligible, self.half_top)
        known = (x for each in every for x in each.to_numpy(dtype=float).ravel().tolist() if x == x)
        return max(known, default=np.nan)


class Supposing:
    """How often each gate and track held with imputed values in the gaps, and for whom these mattered."""

    def __init__(self, fillings: int, n: int) -> None:
        self.shared, self.listed = Fillings(fillings, n), Fillings(fillings, n)
        self.was_open: dict[str, np.ndarray] = {}
        self.stays_open: dict[str, np.ndarray] = {}

    def add(
        self, plain: dict[str, np.ndarray], filled: dict[str, np.ndarray], held: np.ndarray | None
    ) -> None:
        """Counts one batch of verdicts without and with imputed values, draws x countries each."""
        inside = {key: verdict >= CONDITIONAL for key, verdict in filled.items()}
        if held is not None:
            inside[OVERALL] = inside[OVERALL] & ~held
        self.shared.add(inside)
        for key, verdict in filled.items():
            for counts, open_ in ((self.was_open, plain[key]), (self.stays_open, verdict)):
                counts[key] = counts.get(key, 0) + (open_ == UNKNOWN).sum(axis=0)

    def place(self, place: np.ndarray, columns: np.ndarray, size: int) -> None:
        """Counts who is on the shortlist; place: draws x the countries of `columns`, 0 where not ranked."""
        top = np.zeros((len(place), len(columns)), bool)
        top[:, columns] = (place > 0) & (place <= size)
        self.listed.add({TOP: top})

    def shares(self, gates: list[str], tracks: list[str], index: pd.Index, draws: int) -> Supposed:
        """The share of draws in which each held, and how far it may be off."""

        def share(key: str, of: np.ndarray) -> pd.Series:
            matters = (self.was_open[key] > 0) & (self.stays_open[key] == 0)
            return pd.Series(np.where(matters, of, np.nan), index=index)

        def frame(keys: list[str], of: Callable[[str], np.ndarray]) -> pd.DataFrame:
            return pd.DataFrame({key: share(key, of(key)) for key in keys}, index=index, columns=keys)

        def mean(key: str) -> np.ndarray:
            return self.shared.held[key].sum(axis=0) / draws

        half = self.shared.half
        top = self.listed.half(TOP) if TOP in self.listed.held else np.full(len(index), np.nan)
        return Supposed(
            p_gate=frame(gates, mean),
            p_track=frame(tracks, mean),
            p_eligible=share(OVERALL, mean(OVERALL)),
            p_qualified=share(WHOLE, mean(WHOLE)),
            half_gate=frame(gates, half),
            half_track=frame(tracks, half),
            half_eligible=share(OVERALL, half(OVERALL)),
            half_top=pd.Series(top, index=index),
        )
