"""From ranks to a decision: what the list gives up if the figures are wrong, and which figure to find out first.

A list is worth the sum of the scores of those of its members that are truly admitted; in each draw it is measured by
the best list that could be had there. Every share below is of that best list, so that losses of lists add up over their
members: a country brings its score, where it is admitted, divided by what the best list is worth.

What knowing one figure is worth: the draws are put into bins of that figure, and in each bin the list is taken that is
best there (expected value of partial perfect information; Strong, Oakley and Brennan 2014). Bins of pure noise seem worth
something too: what they could seem worth is worked out, and nothing is told that does not exceed it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import NormalDist
from typing import Any

import numpy as np

MOST_KEPT = 10_000_000  # draws x countries; of more, as of a sub-national panel, none are kept
MOST_FIGURES = 20_000_000  # draws x countries x figures: of very many draws the first only
WITHIN = (5, 10, 20)  # per cent of the best list
SURE = 0.95  # of draws in which all that are surely in are in, and the same of those surely out
BINS, PER_BIN = 25, 200  # of a figure's draws, at most, and draws of each at least
LEAST = 0.01  # of what knowing everything would save: what would save less is not told
NOISE = NormalDist().inv_cdf(0.99)  # standard errors that an average of pure noise exceeds 1 time in 100
STEPS = 2**16 - 1  # steps into which the range of a figure is cut to be put in order


@dataclass
class Kept:
    """The draws of everybody who is admitted in some draw, batch after batch; of too many countries, nothing."""

    columns: list[np.ndarray] = field(default_factory=list)
    values: list[np.ndarray] = field(default_factory=list)
    figures: list[dict[str, np.ndarray]] = field(default_factory=list)
    room: int = MOST_KEPT
    room_for_figures: int = MOST_FIGURES

    def put(
        self, columns: np.ndarray, score: np.ndarray, inside: np.ndarray, figures: Mapping[str, np.ndarray]
    ) -> None:
        """Keeps one batch.

        columns   which countries of the pool the arrays are of
        score     draws x countries; inside: whether each is admitted
        figures   indicator -> draws x the whole pool
        """
        many = len(score) * int(columns.sum())
        self.room -= many
        if self.room < 0:
            self.columns, self.values, self.figures = [], [], []
            return
        self.columns.append(np.flatnonzero(columns))
        self.values.append(np.where(inside & ~np.isnan(score), score, 0.0))
        self.room_for_figures -= many * len(figures)
        if self.room_for_figures >= 0:
            # a country's draws lie side by side in memory
            self.figures.append({key: x.T[columns].astype(np.float32) for key, x in figures.items()})

    def together(self, who: Collection[int]) -> np.ndarray | None:
        """In which draws all of these, positions in the pool, are admitted; None where no draws are kept."""
        if not self.columns:
            return None
        return np.concatenate(
            [
                np.isin(list(who), own).all() & (value[:, np.isin(own, list(who))] > 0).all(axis=1)
                for own, value in zip(self.columns, self.values, strict=True)
            ]
        )

    @property
    def ever(self) -> np.ndarray:
        """Positions of the countries admitted in some draw."""
        found = [own[(value > 0).any(axis=0)] for own, value in zip(self.columns, self.values, strict=True)]
        return np.unique(np.concatenate(found)) if found else np.empty(0, dtype=int)

    def whole(self, who: np.ndarray) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """Values, draws x these countries, 0 where not admitted, and figures, countries x the first draws."""
        values = [
            _spread(value.T, own, who, 0.0) for own, value in zip(self.columns, self.values, strict=True)
        ]
        figures = {}
        for key in self.figures[0] if self.figures else ():
            parts = zip(self.columns, self.figures, strict=False)
            figures[key] = np.concatenate([_spread(x[key], own, who, np.nan) for own, x in parts], axis=1)
        return np.concatenate(values, axis=1).T, figures


def _spread(rows: np.ndarray, own: np.ndarray, who: np.ndarray, empty: float) -> np.ndarray:
    """Rows of some countries as rows of others; `empty` where there is none."""
    out = np.full((len(who), rows.shape[1]), empty, dtype=rows.dtype)
    place = np.minimum(np.searchsorted(who, own), len(who) - 1)
    there = who[place] == own
    out[place[there]] = rows[there]
    return out


@dataclass(frozen=True)
class Swap:
    """One member for one other country that is ranked, and by how much of the best list that lowers the loss."""

    out: str
    in_: str
    gain: float
    se: float


@dataclass(frozen=True)
class Learned:
    """What knowing one figure of one country would save, as a share of what knowing everything would."""

    iso3: str
    indicator: str
    share: float
    se: float


@dataclass(frozen=True)
class Decision:
    """What the official list may cost. Losses are shares of the best list of each draw, on average over draws.

    expected_loss, loss_by_lot   of the list, and of as many drawn by lot from all who are ranked
    p_all_admitted               share of draws in which every member is admitted
    p_within                     per cent -> share of draws in which the list is worth no less than the best by more
    swap                         the one exchange with another ranked country that lowers the loss most; None where none does
    surely_in, surely_out        those who are all among the best in 95 of 100 draws, and those of whom none is; who could be admitted
                                 by figures that are not held is never surely out
    find_out                     the figures worth finding out, the worthiest first
    se                           Monte Carlo standard error of what carries none of its own; p_within: per cent -> the same
    """

    expected_loss: float
    loss_by_lot: float
    p_all_admitted: float
    p_within: Mapping[int, float]
    swap: Swap | None
    surely_in: tuple[str, ...]
    open: tuple[str, ...]
    surely_out: tuple[str, ...]
    find_out: tuple[Learned, ...]
    se: Mapping[str, Any]

    def __post_init__(self) -> None:
        """Every number to twelve decimals: further ones depend on the order in which a processor adds."""
        for name, value in vars(self).items():
            object.__setattr__(self, name, _rounded(value))


def _rounded(value: Any) -> Any:
    """Numbers to twelve decimals, in whatever they stand."""
    if isinstance(value, float):
        return round(value, 12)
    if isinstance(value, Mapping):
        return {key: _rounded(one) for key, one in value.items()}
    if isinstance(value, Swap | Learned):
        return replace(value, **{key: _rounded(one) for key, one in vars(value).items()})
    return tuple(map(_rounded, value)) if isinstance(value, tuple) else value


def decide(
    value: np.ndarray,
    figures: Mapping[str, np.ndarray],
    countries: Sequence[str],
    listed: Collection[str],
    ranked: Collection[str],
    looked_at: Collection[str],
    size: int,
    fillings: int = 0,
    unknown: Collection[str] = (),
) -> Decision:
    """The decision of one official list.

    value      draws x countries: the score, 0 where not admitted in that draw
    figures    indicator -> countries x (the first) draws
    listed     the official list, of at most `size`; ranked: all who could be on it, the list among them
    looked_at  of whom it is told whether they are surely in or out
    fillings   how many fillings of the gaps the draws take in turn; 0 where nothing is imputed
    unknown    whom figures that are not held could admit in draws that count as a no

    >>> value = np.array([[0.8, 0.6, 0.5], [0.0, 0.6, 0.5], [0.8, 0.6, 0.5], [0.0, 0.6, 0.5]])
    >>> made = decide(value, {}, ("ALB", "BEN", "COL"), ["ALB"], ["ALB", "BEN"], ["ALB", "BEN", "COL"], 1)
    >>> made.expected_loss, made.p_all_admitted, made.swap.in_, round(made.swap.gain, 3), made.surely_out
    (0.5, 0.5, 'BEN', 0.375, ('COL',))
    """
    at = {iso3: k for k, iso3 in enumerate(countries)}
    mine, could = [at[c] for c in listed if c in at], [at[c] for c in ranked if c in at]
    own, inside, best = _measured(value, size)
    brings, shared = own.mean(axis=0), _shared(len(value), fillings)
    rest = np.where(best > 0, 1.0, 0.0)  # where nobody is admitted no list is worth anything, and none loses
    loss = np.round(rest - own[:, mine].sum(axis=1), 12)
    lots = rest - own[:, could].sum(axis=1) * (len(listed) / max(len(ranked), 1))
    everyone = np.asarray((value[:, mine] > 0).all(axis=1)) & (len(mine) == len(listed))
    within = {percent: loss <= percent / 100 for percent in WITHIN}
    order = sorted((at[c] for c in looked_at if c in at), key=lambda i: (-inside[:, i].mean(), countries[i]))
    never = sorted(c for c in looked_at if c not in at)  # admitted in no draw at all
    worst = [i for i in order[::-1] if countries[i] not in unknown]
    first, last = _joint(inside[:, order]), _joint(~inside[:, worst])
    names = [*(countries[i] for i in order), *never]
    sure = names[:first]
    out = {*(countries[i] for i in worst[:last]), *never} - {*sure, *unknown}
    return Decision(
        expected_loss=float(loss.mean()),
        loss_by_lot=float(lots.mean()),
        p_all_admitted=float(everyone.mean()),
        p_within={percent: float(held.mean()) for percent, held in within.items()},
        swap=_swap(own, brings, countries, mine, could, shared),
        surely_in=tuple(sure),
        open=tuple(c for c in names[first:] if c not in out),
        surely_out=tuple(c for c in names if c in out),
        find_out=find_out(value, figures, countries, size, float(best.mean()), fillings),
        se={
            "expected_loss": _se(loss, shared),
            "loss_by_lot": _se(lots, shared),
            "p_all_admitted": _se(everyone, shared),
            "p_within": {percent: _se(held, shared) for percent, held in within.items()},
        },
    )


def _shared(draws: int, fillings: int) -> np.ndarray:
    """Which filling each draw has; empty where there are fewer than two."""
    return np.arange(draws) % fillings if 1 < fillings <= draws else np.empty(0, dtype=int)


def _measured(value: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What each country brings, as a share of the best list; whether it is on that list; what the list is worth."""
    n = value.shape[1]
    ordered = np.partition(value, n - size, axis=1)[:, n - size :] if n > size else value
    best = ordered.sum(axis=1)
    edge = ordered.min(axis=1) if n > size else np.zeros(len(value))
    own = value / np.where(best > 0, best, 1.0)[:, None]
    return own, (value >= edge[:, None]) & (value > 0), best


def _se(x: np.ndarray, shared: np.ndarray) -> float:
    """The standard error of a mean over draws; `shared` says which of them have a filling of the gaps in common, if any."""
    if len(shared):  # draws of one filling err together, so that the fillings are what is counted
        many = np.bincount(shared)
        x = np.bincount(shared, x.astype(float)) / many
        return float(x.std(ddof=1) / len(x) ** 0.5)
    return float(x.std() / len(x) ** 0.5)


def _joint(holds: np.ndarray) -> int:
    """How many of the first columns hold together in enough draws."""
    together = np.logical_and.accumulate(holds, axis=1).mean(axis=0)
    return int((together >= SURE).sum())  # never rises from one column to the next


def _swap(
    own: np.ndarray,
    brings: np.ndarray,
    countries: Sequence[str],
    mine: Sequence[int],
    could: Sequence[int],
    shared: np.ndarray,
) -> Swap | None:
    """Losses add up over members, so the best exchange is the least of the list for the most of the others."""
    others = [i for i in could if i not in mine]
    if not mine or not others:
        return None
    out = min(mine, key=lambda i: (brings[i], countries[i]))
    into = min(others, key=lambda i: (-brings[i], countries[i]))
    gain = own[:, into] - own[:, out]
    if gain.mean() <= 0:
        return None
    return Swap(countries[out], countries[into], float(gain.mean()), _se(gain, shared))


def find_out(
    value: np.ndarray,
    figures: Mapping[str, np.ndarray],
    countries: Sequence[str],
    size: int,
    best: float,
    fillings: int = 0,
) -> tuple[Learned, ...]:
    """The figures that are worth finding out beyond what noise could seem worth, two standard errors and a hundredth, the worthiest first.

    A figure tells of its own country: the others are taken as they are on average. So values are not measured by the best
    list here, which depends on all of them.

    value   draws x countries
    best    what the best list of each draw is worth, on average
    fillings   as for `decide`
    """
    draws = min([len(value), *(x.shape[1] for x in figures.values())])
    bins = min(BINS, draws // PER_BIN)
    if bins < 2 or len(countries) <= size:
        return ()
    edges = np.arange(bins + 1) * draws // bins
    width = np.diff(edges)
    average, found = value.mean(axis=0), []
    order = np.sort(average)[::-1]
    whole = best - float(order[:size].sum())  # what knowing everything would save
    for i, iso3 in enumerate(countries):
        mine = value[:draws, i]
        bar = order[size] if average[i] >= order[size - 1] else order[size - 1]  # whom it competes with
        now = max(float(mine.mean()), bar)
        floor = max(
            _noise(float(mine.std()), abs(float(mine.mean()) - bar), draws / bins, bins), LEAST * whole
        )
        if np.maximum(mine, bar).mean() - now <= floor:  # not even all there is to know of the country
            continue
        for indicator, x in figures.items():
            place = _in_order(x[i, :draws])
            if place is None:
                continue
            means = np.add.reduceat(mine[place], edges[:-1]) / width
            worth = float((width * np.maximum(means, bar)).sum() / draws - now)
            if worth <= floor:
                continue
            taken = np.repeat(means > bar, width).astype(float) - (mine.mean() > bar)
            mixed = place % fillings if len(_shared(draws, fillings)) else np.empty(0, dtype=int)
            se = _se((mine[place] - bar) * taken, mixed)  # where it is taken that was not, or no longer
            if worth > 2 * se:
                found.append(Learned(iso3, indicator, worth / whole, se / whole))
    return tuple(sorted(found, key=lambda each: (-each.share, each.iso3, each.indicator)))


def _in_order(x: np.ndarray) -> np.ndarray | None:
    """The draws from a figure's smallest value to its largest; None where it is missing or has no error."""
    low, high = x.min(), x.max()
    if not high > low:  # nor where it is NaN
        return None
    return np.argsort(((x - low) * (STEPS / (high - low))).astype(np.uint16), kind="stable")


def _noise(sd: float, apart: float, per_bin: float, bins: int) -> float:
    """What bins that tell nothing may seem worth, at most 1 time in 100: the loss function of a normal bin mean.

    >>> round(_noise(0.5, 0.0, 400.0, 25), 4), _noise(0.0, 0.1, 400.0, 25)
    (0.0168, 0.0)
    """
    error = sd / per_bin**0.5
    if error == 0:
        return 0.0
    d, normal = apart / error, NormalDist()
    beyond, density = 1 - normal.cdf(d), normal.pdf(d)
    mean = density - d * beyond
    spread = max((1 + d * d) * beyond - d * density - mean**2, 0.0) ** 0.5
    return error * (mean + NOISE * spread / bins**0.5)
