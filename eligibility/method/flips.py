"""What would change a verdict: the smallest change of one indicator that flips one gate.

Every candidate value is put to the one evaluator, one scenario a row, so that thresholds taken
from the pool move with the country's own value exactly as they would.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
import pandas as pd

from eligibility.method.evaluate import CONDITIONAL, UNKNOWN, WORDS, Judge
from eligibility.method.measures import Measures
from eligibility.method.screen import Screening
from eligibility.panel import Cells
from eligibility.policy import Criteria, Gate, Reference, Test
from eligibility.walk import tests

STEP = 1e-9  # as a share of the range: just over a threshold that must be exceeded
COLUMNS = ["iso3", "gate", "indicator", "now", "needed", "change", "in_sd", "becomes"]


def flips(
    criteria: Criteria, cells: Cells, centre: Measures, peers: pd.Series, screening: Screening
) -> pd.DataFrame:
    """One row a country, gate (or track) and indicator: the nearest value at which the verdict changes.

    needed   the value at which it changes, native units
    change   needed - now; in_sd   its size in standard deviations of the measurement error, NaN if exact
    becomes  the verdict then
    """
    rows: list[tuple] = []
    for gate in (*criteria.gates, *criteria.tracks):
        for indicator in dict.fromkeys(t.quantity.indicator for t in tests(gate.rule)):
            rows += _of_one(gate, indicator, cells, centre, peers, screening, cells.as_of)
    return pd.DataFrame(rows, columns=COLUMNS).sort_values(
        ["iso3", "gate", "change"], key=_size, ignore_index=True
    )


def _size(column: pd.Series) -> pd.Series:
    return column.abs() if column.name == "change" else column


def _of_one(
    gate: Gate,
    indicator: str,
    cells: Cells,
    centre: Measures,
    peers: pd.Series,
    screening: Screening,
    as_of: date,
) -> Iterable[tuple]:
    """The flips of one gate by one indicator, for every country that has both a value and one."""
    now, sheet = centre.now[indicator][0], cells.sheets[indicator]
    tried = [
        (i, value)
        for i in np.flatnonzero(~np.isnan(now))
        for value in sorted(_candidates(gate, indicator, i, centre, peers, screening, sheet))
        if value != now[i]
    ]
    if not tried:
        return
    who, value = np.array([i for i, _ in tried]), np.array([v for _, v in tried])
    groups = peers.to_numpy()
    before = Judge(centre, groups, as_of).gate(gate)[0]
    scenario = np.repeat(centre.now[indicator], len(tried), axis=0)
    scenario[np.arange(len(tried)), who] = value
    judge = Judge(_stretched(centre, len(tried)).having(indicator, scenario), groups, as_of)
    after = judge.gate(gate)[np.arange(len(tried)), who]
    passes = before[who] >= CONDITIONAL
    flipped = (after != UNKNOWN) & (before[who] != UNKNOWN) & ((after >= CONDITIONAL) != passes)
    for i in np.unique(who[flipped]):
        mine = np.flatnonzero(flipped & (who == i))
        best = mine[np.argmin(np.abs(value[mine] - now[i]))]
        needed, sd = float(np.round(value[best], 6)), cells.sd[indicator].iat[i]
        change = float(np.round(needed - now[i], 6))
        in_sd = abs(change) / sd if sd > 0 else np.nan
        yield (
            centre.countries[i],
            gate.id,
            indicator,
            float(now[i]),
            needed,
            change,
            in_sd,
            WORDS[after[best]],
        )


def _candidates(
    gate: Gate, indicator: str, i: int, centre: Measures, peers: pd.Series, screening: Screening, sheet
) -> set[float]:
    """Values of the indicator at which some test of the gate could change its mind."""
    out: set[float] = set()
    step = STEP * (sheet.hi - sheet.lo)
    for test in tests(gate.rule):
        if test.quantity.indicator != indicator:
            continue
        if test.operator == "in" or sheet.classes:
            out |= {float(number) for number in sheet.classes or test.threshold}
            continue
        for edge in _edges(test, i, centre, peers, screening):
            if test.quantity.measure in ("change_over", "change_from_peak"):
                edge = edge + centre.before[test.quantity][0, i]
            out |= {edge, edge - step, edge + step}
    return {v for v in out if np.isfinite(v) and sheet.lo <= v <= sheet.hi}


def _edges(test: Test, i: int, centre: Measures, peers: pd.Series, screening: Screening) -> list[float]:
    """The threshold as it stands and, where it is a quantile the country takes part in, the values of the
    others next to it: with the country's own value moving, the threshold comes to rest on one of them.
    """
    edge = float(screening.needs[test.path].iat[i])
    if not isinstance(test.threshold, Reference) or np.isnan(edge):
        return [edge]
    others = centre.of(test.threshold.of or test.quantity)[0].copy()
    others[i] = np.nan
    if test.threshold.among == "peers":
        others[(peers != peers.iat[i]).to_numpy()] = np.nan
    others = np.sort(others[~np.isnan(others)])
    k = np.searchsorted(others, edge)
    return [edge, *others[max(k - 2, 0) : k + 2].tolist()]


def _stretched(centre: Measures, rows: int) -> Measures:
    """The point estimate as `rows` identical scenarios."""
    wide = lambda arrays: {key: np.broadcast_to(a, (rows, a.shape[1])) for key, a in arrays.items()}  # noqa: E731
    return Measures(centre.countries, wide(centre.now), wide(centre.before))
