"""When a review of a pilot sounds: falls and their errors in, colours out; and how often past alarms were right.

    red     an event; or a fall of electoral democracy from its best year since the start of at least FALL and RED
            standard errors; or a class of regime lost with a fall of at least DROP and AMBER standard errors
    amber   a fall of at least DROP and AMBER standard errors; or MANY indicators that stand WORSE standard errors or
            more below the start
    clear   neither, which is no proof that all is well
    open    no figure is out of a year after the start

Arrays over pilots. Looks at change and never at a level: a country far above a requirement can fall without missing it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from eligibility.data import normal
from eligibility.method import resamples, streams
from eligibility.method.error_paths import of_change, powers
from eligibility.method.resamples import RESAMPLES, Share

FALL, RED = 0.10, 2.33  # of the scale; standard errors of the change: one in a hundred by noise alone
DROP, AMBER = 0.05, 1.64  # one in twenty
MANY, WORSE = 2, 1.28  # indicators; one in ten each
SLACK = 1e-9  # of a difference of published decimals
REASONS = ("event", "fall", "class", "drop", "several")
REDS = ("event", "fall", "class")


@dataclass(frozen=True)
class Standing:
    """What is known of pilots at a review: arrays of one length, `short` and its error of indicators x pilots.

    fall         how far the level is below its best year since the start, NaN where no later year is out
    lower        whether the class of regime is below the highest since the start
    short        how far each indicator is on the worse side of where it stood at the start, NaN where not known
    happened     whether an event has happened since the pilot began
    *_error      standard deviation of the error of each change
    """

    fall: np.ndarray
    fall_error: np.ndarray
    lower: np.ndarray
    short: np.ndarray
    short_error: np.ndarray
    happened: np.ndarray


def reasons(at: Standing) -> dict[str, np.ndarray]:
    """Reason -> which pilots have it, of `REASONS`.

    >>> one = lambda x: np.array([x])
    >>> at = Standing(one(0.12), one(0.04), one(False), np.array([[0.1]]), np.array([[0.05]]), one(False))
    >>> [reason for reason, has in reasons(at).items() if has[0]]
    ['fall', 'drop']
    """
    drop = fell(at.fall, at.fall_error, DROP, AMBER)
    return {
        "event": at.happened,
        "fall": fell(at.fall, at.fall_error, FALL, RED),
        "class": drop & at.lower,
        "drop": drop,
        "several": _several(at.short, at.short_error),
    }


def _several(short: np.ndarray, error: np.ndarray) -> np.ndarray:
    """Whether enough indicators, the first axis, stand so many standard errors on the worse side; a level one never does."""
    with np.errstate(invalid="ignore"):
        return ((short > 0) & (short >= WORSE * error - SLACK)).sum(axis=0) >= MANY


def fell(fall: np.ndarray, error: np.ndarray | float, by: float, times: float) -> np.ndarray:
    """Whether a fall is as large as `by` and as so many times its standard error; not where it is not known."""
    with np.errstate(invalid="ignore"):
        return (fall >= by - SLACK) & (fall >= times * error - SLACK)


def colours(at: Standing, found: Mapping[str, np.ndarray]) -> np.ndarray:
    """The colour of each pilot, from its reasons: red, amber, clear or open.

    >>> one = lambda x: np.array([x])
    >>> at = Standing(one(np.nan), one(np.nan), one(False), np.array([[np.nan]]), np.array([[np.nan]]), one(True))
    >>> colours(at, reasons(at)).tolist()
    ['red']
    """
    red = np.any([found[reason] for reason in REDS], axis=0)
    amber = found["drop"] | found["several"]
    known = ~np.isnan(at.fall) | (~np.isnan(at.short)).any(axis=0)
    return np.select([red, amber, known], ["red", "amber", "clear"], "open")


@dataclass(frozen=True)
class Noise:
    """How often figures sound in a country in which nothing changes: share of simulations, of all pilots."""

    red: float
    amber: float
    naive: float


def noise(
    level: tuple[np.ndarray, np.ndarray],
    others: tuple[np.ndarray, np.ndarray],
    worse: np.ndarray,
    democracy: np.ndarray,
    cut: float,
    model: tuple[float, float],
    years: int,
    draws: int,
    seed: int,
) -> Noise:
    """The noise of reviews in each of `years` after the start.

    level       place and error at the start on the probit scale, one a pilot
    others      the same of the other indicators, indicators x pilots, NaN where not held
    worse       indicators: 1 where more is worse, else 0
    democracy   whether a pilot's class falls when its level crosses `cut`
    model       persistence and correlation of errors
    """
    persistence, correlation = model
    z = _paths(1 + len(worse), years + 1, draws, persistence, correlation, np.r_[0, worse], seed)
    fades, sums = powers(persistence, years), np.zeros(3)
    for k in range(len(democracy)):
        x, half = _read(level[0][k], level[1][k], z[0])
        read = [
            _read(m, s, z[1 + i])
            for i, (m, s) in enumerate(zip(others[0][:, k], others[1][:, k], strict=True))
        ]
        best, wide, when = x[0], half[0], np.zeros(draws, dtype=int)
        red, amber, naive = np.zeros((3, draws), dtype=bool)
        for t in range(1, years + 1):
            up = x[t] > best
            best, wide, when = np.where(up, x[t], best), np.where(up, half[t], wide), np.where(up, t, when)
            fall, error = best - x[t], of_change(wide, half[t], fades[t - when])
            drop = fell(fall, error, DROP, AMBER)
            red |= fell(fall, error, FALL, RED) | (drop & democracy[k] & (x[t] <= cut))
            naive |= fell(fall, 0.0, DROP, 0.0)
            short = np.array(
                [y[t] - y[0] if w else y[0] - y[t] for w, (y, _) in zip(worse, read, strict=True)]
            )
            amber |= drop | _several(short, np.array([of_change(h[0], h[t], fades[t]) for _, h in read]))
        sums += [red.mean(), (red | amber).mean(), naive.mean()]
    return Noise(*(float(round(x, 3)) for x in sums / max(len(democracy), 1)))


def _paths(
    series: int, years: int, draws: int, a: float, r: float, worse: np.ndarray, seed: int
) -> np.ndarray:
    """Errors of mean 0 and variance 1, series x years x draws, as the error model has them: an own part and a shared one."""

    def fading(name: str) -> np.ndarray:
        drawn = streams.Streams(seed, [("reviews", name, str(t)) for t in range(years)])
        drawn.advance(draws)
        out = drawn.normals(slice(0, years)).copy()
        for t in range(1, years):
            out[t] = a * out[t - 1] + np.sqrt(1.0 - a**2) * out[t]
        return out

    shared = fading("country")
    sign = np.where(worse, -1.0, 1.0)
    return np.stack(
        [np.sqrt(r) * sign[i] * shared + np.sqrt(1.0 - r) * fading(str(i)) for i in range(series)]
    )


def _read(m: float, s: float, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Values read with these errors, and how wide the error of each is read to be, native units."""
    at = m + s * z
    return normal.cdf(at.copy()), s * np.exp(-0.5 * at**2) / np.sqrt(2.0 * np.pi)


def share(country: np.ndarray, part: np.ndarray, of: np.ndarray, seed: int) -> Share:
    """Which share of `of` is in `part`, runs of True and False; the range from countries drawn anew with all their runs.

    >>> share(np.array([0, 0, 1, 1]), np.array([1, 0, 1, 0]) > 0, np.ones(4) > 0, 1).value
    0.5
    """
    n = int(country.max(initial=-1)) + 1
    top, all_ = (np.bincount(country, x, minlength=n) for x in ((part & of).astype(float), of.astype(float)))
    drawn = streams.generator(seed, "reviews").integers(max(n, 1), size=(RESAMPLES, n))
    up, down = top[drawn].sum(axis=1), all_[drawn].sum(axis=1)
    with np.errstate(invalid="ignore"):
        return resamples.share(top.sum() / all_.sum(), up / down)
