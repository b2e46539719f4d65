"""Whether probabilities mean what they say: each test's P under one release, beside what the next release said.

The day is the last on which the older release was the newest. Both are judged on that day, for the years known on it, so
that what differs is what the publisher revised. Everything that the two do not share is held fixed: a whole verdict is
told as one with the rest held fixed, and no more. A release is no truth: it moves less than all that may be wrong with
a figure, so that tests should turn less often than P says; where they turn more often, P is too sure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd

from eligibility.data.panel import Panel, Vintage
from eligibility.errors import UsageError
from eligibility.method import run, vintages
from eligibility.method.result import Result
from eligibility.policy import walk
from eligibility.policy.model import Criteria

DRAWS = 2_000  # of each older release, at most
EDGES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)  # between which probabilities are put together
PASSED = ("pass", "conditional")


@dataclass(frozen=True)
class Pair:
    """Two releases that follow one another, and what became of what the older gave a probability.

    tests      a row a test and country: path, iso3, p, then whether it held on the older (was) and the newer release (held)
    verdicts   a row a country: iso3, p, whether admitted then (was) and on the newer (held)
    """

    older: str
    newer: str
    as_of: date
    series: tuple[str, ...]
    tests: pd.DataFrame
    verdicts: pd.DataFrame


def pairs(policy: Criteria, figures: Panel) -> tuple[Pair, ...]:
    """Every two releases that follow one another in a series that gates or tracks test, the oldest first."""
    policy = policy.drawing(min(policy.uncertainty.draws, DRAWS))
    shared: dict[tuple[date, str, str], dict[str, tuple[Vintage, Vintage]]] = {}
    for series in walk.indicators(policy, "gate", "track"):
        found = [v for v in figures.vintages.get(series, ()) if not v.source.dated]
        for older, newer in pairwise(found):
            key = newer.source.released, older.source.id, newer.source.id
            shared.setdefault(key, {})[series] = older, newer
    made = (_pair(policy, figures, *key, shared[key]) for key in sorted(shared))
    return tuple(pair for pair in made if pair is not None and len(pair.tests))


def _pair(
    policy: Criteria,
    figures: Panel,
    released: date,
    older: str,
    newer: str,
    of: Mapping[str, tuple[Vintage, Vintage]],
) -> Pair | None:
    """One pair; None where the criteria say nothing on its day."""
    day = released - timedelta(days=1)
    if not policy.in_force.holds(day):
        return None
    try:
        rest = vintages.chosen(policy, figures, day).figures
        then = run.judge(policy, _with(rest, {s: a for s, (a, _) in of.items()}), day)
        after = run.judge(policy.drawing(0), _with(rest, {s: b for s, (_, b) in of.items()}), day)
    except UsageError:  # nobody could be considered
        return None
    both = then.screening.status.index.intersection(after.screening.status.index)
    asked = (test for owner, test in walk.judging(then.criteria) if owner and test.quantity.indicator in of)
    was, now, p = then.screening.node, after.screening.node, then.firmness.p_test
    paths = dict.fromkeys(test.path for test in asked)
    rows = [_rows(path, p[path], was[path], now[path], both) for path in paths]

    def status(result: Result) -> pd.Series:
        words = {"eligible": "pass", "insufficient-data": "unknown", "excluded": "fail"}
        return result.screening.status.replace(words)

    verdicts = _rows("", then.firmness.p_eligible, status(then), status(after), both)
    tests = pd.concat(rows, ignore_index=True) if rows else verdicts[:0]
    return Pair(older, newer, day, tuple(sorted(of)), tests, verdicts)


def _with(figures: Panel, picks: Mapping[str, Vintage]) -> Panel:
    """The figures with these releases, and every other series kept to the release it is read from."""
    figures = figures.taking(picks)

    def back(vintage: Vintage, series: str) -> Vintage:
        source = vintage.source
        name = {vintage.sheet.name}
        held = source.id == figures.held[series].id
        stands = source.stands_back - name if held else source.stands_back | name
        return replace(vintage, source=replace(source, stands_back=frozenset(stands)))

    return replace(
        figures, vintages={s: tuple(back(v, s) for v in found) for s, found in figures.vintages.items()}
    )


def _rows(path: str, p: pd.Series, was: pd.Series, held: pd.Series, both: pd.Index) -> pd.DataFrame:
    """The countries of which there is a probability and an answer on both."""
    table = pd.DataFrame({"path": path, "iso3": both, "p": p[both].to_numpy()})
    table["was"], table["held"] = was[both].isin(PASSED).to_numpy(), held[both].isin(PASSED).to_numpy()
    known = ~((was[both] == "unknown") | (held[both] == "unknown")).to_numpy()
    return table[known & table["p"].notna().to_numpy()].reset_index(drop=True)


def binned(tests: pd.DataFrame) -> pd.DataFrame:
    """Probabilities put together: from, to, n, their mean, and the share that held; no row where there is none.

    >>> made = binned(pd.DataFrame({"p": [0.1, 0.2, 0.99], "held": [False, True, True]}))
    >>> made[["n", "held"]].values.tolist()
    [[2.0, 0.5], [1.0, 1.0]]
    """
    rows = [
        (EDGES[k], EDGES[k + 1], len(mine), mine["p"].mean(), mine["held"].mean())
        for k, mine in tests.groupby(np.digitize(tests["p"], EDGES[1:-1]))
    ]
    return pd.DataFrame(rows, columns=["from", "to", "n", "p", "held"])


def turned(rows: pd.DataFrame) -> tuple[int, float]:
    """How many answers another release turned, and how many it would turn if it were the truth that P speaks of.

    >>> turned(pd.DataFrame({"p": [0.75, 0.25], "was": [True, False], "held": [True, True]}))
    (1, 0.5)
    """
    p, was = rows["p"].to_numpy(dtype=float), rows["was"].to_numpy(dtype=bool)
    return int((was != rows["held"].to_numpy(dtype=bool)).sum()), float(np.where(was, 1 - p, p).sum())
