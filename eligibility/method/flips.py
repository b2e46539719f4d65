"""What would change a verdict: the smallest change of one indicator that flips one gate, or of one threshold.

A quantity is piecewise linear in the indicator, and so is a quantile the country takes part in. Where the two
cross, a test may change its mind. Every value found so, and those a step to either side, are put to the one
evaluator, one scenario a row, rounded as they will be reported: what is named does flip the gate.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from eligibility.data.cells import Cells
from eligibility.data.sources import SeriesSheet
from eligibility.method.evaluate import (
    CONDITIONAL,
    DROPPED,
    FAIL,
    PASS,
    UNKNOWN,
    WORDS,
    Judge,
    Trace,
    in_force,
    quantile,
)
from eligibility.method.measures import Measures
from eligibility.policy import walk
from eligibility.policy.model import (
    Criteria,
    Dated,
    Extreme,
    Gate,
    Points,
    Quantity,
    Reference,
    Test,
    Threshold,
)

FINENESS = 6  # a step is at most a millionth of the range: just over a threshold that must be exceeded
COLUMNS = ["iso3", "gate", "indicator", "now", "needed", "change", "in_sd", "becomes"]


def flips(criteria: Criteria, cells: Cells, centre: Measures, peers: pd.Series) -> pd.DataFrame:
    """One row a country, gate (or track) and indicator: the nearest value at which the verdict changes.

    Between passing (on condition or not) and failing; a gate that cannot be judged has no flips.

    needed   the value at which it changes, native units
    change   needed - now; in_sd   its size in standard deviations of the measurement error, NaN if exact
    becomes  the verdict then
    """
    rows: list[tuple[Any, ...]] = []
    for gate in (*criteria.gates, *criteria.tracks):
        for indicator in dict.fromkeys(quantity.indicator for quantity, _ in _looks(gate)):
            rows += _of_one(gate, indicator, cells, centre, peers)
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.sort_values(["iso3", "gate", "change"], key=_size, ignore_index=True)


THRESHOLDS = ["iso3", "gate", "test", "indicator", "value", "threshold", "beyond", "becomes"]


def thresholds(criteria: Criteria, centre: Measures, peers: pd.Series, as_of: date) -> pd.DataFrame:
    """One row a country, gate (or track) and test that alone decides it: the threshold at which the verdict changes.

    A test changes its mind where its threshold meets the country's own value; the gate is judged again with that
    one test turned round, and the row is kept if the gate turns too. Classes have no such threshold.

    value      what is compared, native units: the threshold at which the test turns
    threshold  the one in force now
    beyond     whether the threshold must lie beyond the value and not only meet it
    becomes    the gate's verdict then
    """
    rows: list[tuple[Any, ...]] = []
    for gate in (*criteria.gates, *criteria.tracks):
        trace = Trace()
        before = Judge(centre, peers.to_numpy(), as_of, trace).gate(gate)[0]
        for test in walk.tests(gate.rule):
            if test.compares is None or test.quantity.measure == "within_months":
                continue
            own, x, needs = (t[test.path][0] for t in (trace.verdict, trace.measured, trace.needs))
            known = (own != UNKNOWN) & (own != DROPPED)
            granted = CONDITIONAL if test.grants == "conditional" else PASS
            turned = np.where(known, np.where(own >= CONDITIONAL, FAIL, granted), own)[None, :]
            after = Judge(centre, peers.to_numpy(), as_of, forced={test.path: turned}).gate(gate)[0]
            flipped = known & (before != UNKNOWN) & (after != UNKNOWN)
            flipped &= (after >= CONDITIONAL) != (before >= CONDITIONAL)
            for i in np.flatnonzero(flipped & ~np.isnan(x + needs)):
                beyond = bool(own[i] >= CONDITIONAL) == test.compares.equal
                rows.append(
                    (
                        *(centre.countries[i], gate.id, test.path, test.quantity.indicator),
                        *(float(x[i]), float(needs[i]), beyond, WORDS[after[i]]),
                    )
                )
    return pd.DataFrame(rows, columns=THRESHOLDS).sort_values(["iso3", "gate", "test"], ignore_index=True)


def _size(column: pd.Series) -> pd.Series:
    return column.abs() if column.name == "change" else column


def _of_one(
    gate: Gate, indicator: str, cells: Cells, centre: Measures, peers: pd.Series
) -> Iterable[tuple[Any, ...]]:
    """The flips of one gate by one indicator, for every country that has both a value and one."""
    now, sheet = centre.now[indicator][0], cells.sheets[indicator]
    groups, as_of = peers.to_numpy(), cells.as_of
    tried = [
        (i, value)
        for i in np.flatnonzero(~np.isnan(now)).tolist()
        for value in sorted(_rounded(_turns(gate, indicator, i, centre, groups, as_of, sheet), sheet))
        if value != now[i]
    ]
    if not tried:
        return
    who, value = np.array([i for i, _ in tried]), np.array([v for _, v in tried])
    before = Judge(centre, groups, as_of).gate(gate)[0]
    scenario = np.repeat(centre.now[indicator], len(tried), axis=0)
    scenario[np.arange(len(tried)), who] = value
    verdict = Judge(centre.having(indicator, scenario), groups, as_of).gate(gate)
    after = np.broadcast_to(verdict, scenario.shape)[np.arange(len(tried)), who]
    passes = before[who] >= CONDITIONAL
    flipped = (after != UNKNOWN) & (before[who] != UNKNOWN) & ((after >= CONDITIONAL) != passes)
    for i in np.unique(who[flipped]):
        mine = np.flatnonzero(flipped & (who == i))
        best = mine[np.argmin(np.abs(value[mine] - now[i]))]
        needed, sd = float(value[best]), cells.sd[indicator].iat[i]
        change = float(np.round(needed - now[i], 12))
        in_sd = abs(change) / sd if sd > 0 else np.nan
        becomes = WORDS[after[best]]
        yield (centre.countries[i], gate.id, indicator, float(now[i]), needed, change, in_sd, becomes)


def _rounded(turns: Iterable[float], sheet: SeriesSheet) -> set[float]:
    """Each value and those a step to either side, as they will be reported, within the declared range.

    A step is the last of six decimals for a range of 1, and 1 for a range of a million.
    """
    if sheet.classes:
        return set(turns)
    digits = FINENESS - math.floor(math.log10(sheet.hi - sheet.lo))
    tried = [turn + k * 10.0**-digits for turn in turns if np.isfinite(turn) for k in (-1, 0, 1)]
    near = set(np.round(np.asarray(tried, dtype=float), digits).tolist())
    return {value for value in near if sheet.lo <= value <= sheet.hi}


def _looks(gate: Gate) -> Iterable[tuple[Quantity, Test | tuple[float, ...]]]:
    """Every quantity of a gate with what it is held against: a test, or the edges of points."""
    for node in walk.nodes(gate.rule):
        if isinstance(node, Test):
            yield node.quantity, node
        elif isinstance(node, Points):
            for metric in walk.metrics(node):
                if metric.quantity:
                    yield metric.quantity, tuple(edge for edge, _ in metric.steps)


def _turns(
    gate: Gate, indicator: str, i: int, centre: Measures, groups: np.ndarray, as_of: date, sheet: SeriesSheet
) -> set[float]:
    """Values of the indicator at which some part of the gate could change its mind about one country."""
    if sheet.classes:
        return {float(number) for number in sheet.classes}
    out: set[float] = set()
    for quantity, held_against in _looks(gate):
        if quantity.indicator != indicator:
            continue
        edges = _parts(held_against.threshold) if isinstance(held_against, Test) else held_against
        for edge in edges:
            if isinstance(edge, Reference):
                out |= _crossings(quantity, edge, i, centre, groups, sheet)
            else:
                number = in_force(edge, as_of) if isinstance(edge, Dated) else edge
                out.add(_level(quantity, number, i, centre))
    return out


def _parts(threshold: Threshold | tuple[float, ...]) -> Iterable[float | Reference | Dated]:
    """The numbers, tables and quantiles a threshold is made of."""
    if isinstance(threshold, Extreme):
        return [part for each in threshold.of for part in _parts(each)]
    return threshold if isinstance(threshold, tuple) else [threshold]


def _level(quantity: Quantity, edge: float, i: int, centre: Measures) -> float:
    """The value of the indicator at which the quantity is `edge`."""
    if quantity.measure in ("level", "peak_over", "within_months"):
        return edge
    then = centre.before[quantity][0, i]
    if quantity.measure == "relative_change_over":
        return then * (1.0 + edge)
    if quantity.measure == "gap_closed_over":
        return then + edge * (quantity.to - then)
    return edge + then


def _crossings(
    quantity: Quantity, threshold: Reference, i: int, centre: Measures, groups: np.ndarray, sheet: SeriesSheet
) -> set[float]:
    """Where the quantity meets a quantile that moves with the country's own value.

    Both are straight between the others next to the quantile and the country's own past, so that the places
    where their difference changes sign follow from its values there.
    """
    of = threshold.of or quantity
    others = centre.of(of)[0].copy()
    others[i] = np.nan
    if threshold.among == "peers":
        others[(groups != groups[i]) | (groups == "")] = np.nan
    others = np.sort(others[~np.isnan(others)])
    k = int(round(len(others) * threshold.quantile, 9))
    bends = [_level(of, other, i, centre) for other in others[max(k - 1, 0) : k + 2]]
    bends += [centre.before[q][0, i] for q in (quantity, of) if q.measure != "level"]
    x = np.unique([sheet.lo, sheet.hi, *(bend for bend in bends if sheet.lo < bend < sheet.hi)])
    mine = Measures(
        centre.countries[i : i + 1],
        {quantity.indicator: x[:, None]},
        {q: np.full((len(x), 1), centre.before[q][0, i]) for q in (quantity, of) if q.measure != "level"},
    )
    everyone = np.column_stack([np.tile(others, (len(x), 1)), mine.of(of)])
    apart = (mine.of(quantity) - quantile(everyone, threshold.quantile))[:, 0]
    left, right = apart[:-1], apart[1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        crossed = (x[:-1] + (x[1:] - x[:-1]) * left / (left - right))[left * right < 0]
    return {*x.tolist(), *crossed.tolist()}
