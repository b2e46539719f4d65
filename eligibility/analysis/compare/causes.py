"""What moved each country between two rounds: what each cause did, in whichever order the causes are taken.

A cause's part of a move is the mean of what it adds over all orders of the causes (its Shapley value): at most 120
orders of the 32 rounds of steps.py. The parts add up to the move. An entry, an exit or another verdict is put down to
one cause only where that cause decides it in every order; else to those that decide it in some.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations, product
from math import factorial
from typing import Final

import numpy as np
import pandas as pd

from eligibility.analysis.compare.steps import STEPS, Outcome, Rounds
from eligibility.method.evaluate import ADMITTED
from eligibility.policy.words import OUTSIDE

SCORE, PLACES = 12, 1  # decimals of the parts of a score and of places on the list
TOGETHER: Final = "together"


@dataclass(frozen=True)
class Turn:
    """A gate or track whose verdict is another: its id, the words then and now, the causes that settle it in some order."""

    gate: str
    was: str
    now: str
    by: tuple[str, ...]


@dataclass(frozen=True)
class Causes:
    """What moved every country considered at either end; frames have an index of countries.

    status, score, rank   iso3 x (before, a cause alone for each of the five, after)
    gained   iso3 x (total, *STEPS): change of the score, to 12 decimals; a row adds up to its total
    places   the same of ranks gained (+) or lost (-), to a tenth
    turns    country considered at both ends -> its gates and tracks with another verdict at the end; of those with one
    admitted, listed   country -> the causes that decide in some order whether it is admitted, or on the shortlist; of
             those that came in or went out
    undone   country -> the causes that alone would have brought it in or out, of those that did neither
    """

    status: pd.DataFrame
    score: pd.DataFrame
    rank: pd.DataFrame
    gained: pd.DataFrame
    places: pd.DataFrame
    turns: Mapping[str, tuple[Turn, ...]]
    admitted: Mapping[str, tuple[str, ...]]
    listed: Mapping[str, tuple[str, ...]]
    undone: Mapping[str, tuple[str, ...]]


def cause(by: tuple[str, ...]) -> str:
    """The one that decides, "together" where it depends on the order, "" for none.

    >>> cause(("own",)), cause(("own", "peers")), cause(())
    ('own', 'together', '')
    """
    return TOGETHER if len(by) > 1 else by[0] if by else ""


def causes(rounds: Rounds) -> Causes:
    """What each cause did between the two results of these rounds."""
    playing, found = rounds.causes, outcomes(rounds)
    index = pd.Index(sorted(set().union(*(o.status.index for o in found))), name="iso3")
    absent = {"status": OUTSIDE, "score": np.nan, "rank": np.nan}
    told = {
        of: np.stack([getattr(o, of).reindex(index, fill_value=none).to_numpy() for o in found])
        for of, none in absent.items()
    }
    sizes = np.array([[o.shortlist] for o in found])
    inside = {"admitted": np.isin(told["status"], ADMITTED), "listed": told["rank"] <= sizes}
    by = {of: deciding(x, playing) for of, x in inside.items()}
    alone = {step: 1 << playing.index(step) if step in playing else 0 for step in STEPS}
    columns = {"before": 0, **alone, "after": -1}
    return Causes(
        **{of: pd.DataFrame({name: x[k] for name, k in columns.items()}, index) for of, x in told.items()},
        gained=_parts(told["score"], playing, index, SCORE, 1),
        places=_parts(-told["rank"], playing, index, 0, 10**PLACES),
        turns=_turns(found, playing),
        **{
            of: {c: by[of][k] for k, c in enumerate(index) if x[0, k] != x[-1, k]} for of, x in inside.items()
        },
        undone=dict(_undone(index, inside, playing)),
    )


def outcomes(rounds: Rounds) -> list[Outcome]:
    """What each set of the causes that differ says, the earlier round first and the later last: bit i of its number has cause i."""
    playing = rounds.causes
    masks = range(1 << len(playing))
    named = [tuple(step for i, step in enumerate(playing) if mask >> i & 1) for mask in masks]
    found = [rounds.having(some if len(some) < len(playing) else STEPS) for some in named]
    return found if playing else [rounds.having(()), *found]


def _orders(n: int) -> list[tuple[list[int], tuple[int, ...]]]:
    """Every order of n causes: the sets it passes through, and the causes as they come."""
    out = []
    for order in permutations(range(n)):
        passed = [0]
        for i in order:
            passed.append(passed[-1] | 1 << i)
        out.append((passed, order))
    return out


def shares(values: np.ndarray, units: int = 1) -> np.ndarray:
    """What each cause added on the mean over all orders, causes x countries, in whole units that add up to the move.

    values   sets of causes x countries, whole numbers, the set as in a binary number; NaN where a round has none. On its
             way an order has there what it had before: the cause that brings the number back has the whole
    units    parts of one that are still told: 10 for tenths

    >>> shares(np.array([[0.0], [3.0], [4.0], [12.0]]), 10).ravel().tolist()  # 3 or 8 and 4 or 9, by the order
    [55, 65]
    """
    n = (len(values) - 1).bit_length()
    known = ~np.isnan(values)
    whole = known[0] & known[-1]
    exact = np.where(known & whole, values, 0).astype(np.int64)
    summed = np.zeros((n, values.shape[1]), np.int64)
    for passed, order in _orders(n):
        here = exact[0]
        for to, i in zip(passed[1:], order, strict=True):
            there = np.where(known[to], exact[to], here)
            summed[i] += there - here
            here = there
    return _apportioned(summed * units, factorial(n))


def _apportioned(summed: np.ndarray, by: int) -> np.ndarray:
    """`summed` divided by a number into whole parts with the same sum: the largest remainders are rounded up, the first
    of equal ones first. What is read backwards has the same parts with the other sign.
    """
    total = summed.sum(axis=0)
    first = (
        np.take_along_axis(summed, np.argmax(summed != 0, axis=0)[None, :], axis=0)[0]
        if len(summed)
        else total
    )
    sign = np.where(np.where(total != 0, total, first) < 0, -1, 1)
    down, rest = np.divmod(summed * sign, by)
    more = rest.sum(axis=0) // by
    place = np.argsort(np.argsort(-rest, axis=0, kind="stable"), axis=0, kind="stable")
    return sign * (down + (place < more))


def _parts(
    values: np.ndarray, playing: tuple[str, ...], index: pd.Index, decimals: int, units: int
) -> pd.DataFrame:
    """The parts of each move with its total first; NaN where an end has no number.

    decimals, units   of the numbers, and into how many parts of their last decimal a part is told
    """
    scale = 10**decimals
    whole = np.where(np.isnan(values), np.nan, np.rint(values * scale))
    there = ~np.isnan(whole[0]) & ~np.isnan(whole[-1])
    part = shares(whole, units) if playing else np.zeros((0, len(index)), np.int64)
    digits = decimals or PLACES
    out = {"total": np.where(there, whole[-1] - whole[0], np.nan) / scale}
    for step in STEPS:
        mine = part[playing.index(step)] if step in playing else 0
        out[step] = np.where(there, mine, np.nan) / (scale * units)
    return pd.DataFrame({key: np.round(x, digits) + 0.0 for key, x in out.items()}, index=index)


def deciding(values: np.ndarray, playing: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Of each country the causes after which, in some order, what it ends as stays so; sets of causes x countries.

    >>> deciding(np.array([["out"], ["out"], ["out"], ["in"]]), ("own", "peers"))  # neither without the other
    [('own', 'peers')]
    """
    last = values[-1]
    found = np.zeros((len(playing), values.shape[1]), bool)
    for passed, order in _orders(len(playing)):
        other = values[passed] != last
        step = len(passed) - 1 - np.argmax(other[::-1], axis=0)  # the last set that is not yet as at the end
        moved = other.any(axis=0)
        if moved.any():
            found[np.array(order)[step[moved]], np.flatnonzero(moved)] = True
    return [tuple(s for s, of in zip(playing, column, strict=True) if of) for column in found.T]


def _turns(found: list[Outcome], playing: tuple[str, ...]) -> dict[str, tuple[Turn, ...]]:
    """Every gate and track with another verdict at the end."""
    both = sorted({*found[0].status.index} & {*found[-1].status.index})
    gates = list(dict.fromkeys(gate for o in found for gate in o.verdict.columns))
    words = np.stack(
        [o.verdict.reindex(both, columns=gates, fill_value="").to_numpy(dtype=object).ravel() for o in found]
    )
    by = deciding(words, playing)
    out: dict[str, tuple[Turn, ...]] = {}
    for (iso3, gate), was, now, causes in zip(product(both, gates), words[0], words[-1], by, strict=True):
        if was != now:
            out[iso3] = (*out.get(iso3, ()), Turn(gate, was, now, causes))
    return out


def _undone(
    index: pd.Index, inside: Mapping[str, np.ndarray], playing: tuple[str, ...]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Who stayed in or out although a cause alone would have turned that."""
    for k, iso3 in enumerate(index):
        alone = [
            step
            for i, step in enumerate(playing)
            if any(x[0, k] == x[-1, k] != x[1 << i, k] for x in inside.values())
        ]
        if alone:
            yield iso3, tuple(alone)
