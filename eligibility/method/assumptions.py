"""What cannot be known of measurement error, and what depends on it: the run again under other assumptions.

    persistence   how much of an error one year shares with the next
    correlation   how much the errors of a country's indicators share: revisions of related indices correlate by about a
                  half, of unrelated ones by a tenth
    composites    V-Dem's interval of an average of n indices takes their errors as independent; where they share r of
                  them the standard deviation is sqrt(1 + (n - 1) r) times as large

Beside them, for every test of a fall or a peak, how often error alone lets a country pass that did not move at all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from eligibility.data.cells import Cells
from eligibility.method import firmness, streams
from eligibility.method.error_paths import latent
from eligibility.method.measurement_error import ErrorModel
from eligibility.method.measures import Measures
from eligibility.policy import walk
from eligibility.policy.model import Criteria, Test, Uncertainty

DRAWS = 2_000
FLAT_DRAWS = 20_000
PERSISTENCE, CORRELATION = (0.7, 0.9, 0.98), (0.0, 0.3, 0.8)
STATED, COMPOSITES = "as stated", "composites"
FIRM = 0.9


@dataclass(frozen=True)
class Assumptions:
    """The outcome under each assumption.

    table   one row an assumption: kind, value; firm and borderline (ranked countries, without a score the admitted ones,
            whose chance of being admitted is at least 0.9, or below), sure (countries with at least 0.9 of being on the shortlist under measurement error
            alone), width (mean width of the 90 % range of ranks), moved and most (the country whose chance of being
            admitted moves most, and by how much)
    flat    one row a test of a change by a stated number, or of a peak: path, chance
    """

    table: pd.DataFrame
    flat: pd.DataFrame


def assumptions(
    criteria: Criteria,
    cells: Cells,
    centre: Measures,
    peers: pd.Series,
    as_of: date,
    points: pd.Series,
    now: pd.Series,
    kinds: pd.DataFrame,
    apart: pd.Series | None = None,
    admitted: pd.Series | None = None,
) -> Assumptions:
    """The run again under each assumption, `DRAWS` draws each with the same random numbers; arguments as of `stress`.

    admitted   who is, where nobody is ranked
    """
    inside = now.notna() if admitted is None else admitted
    own = replace(criteria.uncertainty, draws=DRAWS, imputation=None)
    parts = {i: sheet.parts for i, sheet in cells.sheets.items() if sheet.parts > 1 and i in centre.now}
    stretch = {i: (1 + (n - 1) * own.correlation) ** 0.5 for i, n in parts.items()}
    tried: list[tuple[str, float, Uncertainty, dict[str, float]]] = [
        (STATED, float("nan"), own, {}),
        *(("persistence", a, replace(own, persistence=a), {}) for a in PERSISTENCE),
        *(("correlation", r, replace(own, correlation=r), {}) for r in CORRELATION),
        *([(COMPOSITES, own.correlation, own, stretch)] if parts and own.correlation else []),
    ]
    rows, usual = [], None
    for kind, value, doubt, wider in tried:
        errors = ErrorModel(cells, centre, doubt, stretch=wider)
        firm = firmness.stress(
            replace(criteria, uncertainty=doubt), errors, peers, as_of, points, now, kinds, apart
        )
        usual = firm.p_eligible if usual is None else usual
        rows.append({"kind": kind, "value": value, **_outcome(firm, inside, usual)})
    return Assumptions(pd.DataFrame(rows), flat(criteria, cells))


def _outcome(firm: firmness.Firmness, inside: pd.Series, usual: pd.Series) -> dict[str, Any]:
    p, places = firm.p_eligible[inside], firm.places
    shift = (firm.p_eligible - usual).abs()
    most = shift.idxmax() if shift.notna().any() and shift.max() > 0 else ""
    return {
        "firm": int((p >= FIRM).sum()),
        "borderline": int((p < FIRM).sum()),
        "sure": int((firm.stated.p_top >= FIRM).sum()),
        "width": float((places.high - places.low + 1)[inside].mean()),
        "moved": most,
        "most": float(shift[most]) if most else 0.0,
    }


def flat(criteria: Criteria, cells: Cells) -> pd.DataFrame:
    """Path and chance for each test of a change by a stated number, and of a peak.

    The country imagined was rated anew every year and did not move: each year has an error of its own, of the pool's
    middle size. For a change it has had the middle value of the pool; for a peak it has stood one standard error short
    of the threshold. A figure that was published unchanged never shows a change.
    """
    rows = []
    rules = (gate.rule for gate in (*criteria.gates, *criteria.tracks))
    for node in (test for rule in rules for test in walk.tests(rule)):
        q = node.quantity
        if q.measure == "peak_over" and node.compares and node.compares.up:
            rows.append({"path": node.path, "chance": _peak(node, criteria.uncertainty)})
            continue
        if q.measure not in ("change_from_peak", "change_over") or not isinstance(node.threshold, float):
            continue
        if _holds(node, np.zeros(1))[0]:
            continue  # no change passes by right
        rows.append({"path": node.path, "chance": _chance(node, criteria.uncertainty, cells)})
    return pd.DataFrame(rows, columns=["path", "chance"])


def _chance(test: Test, doubt: Uncertainty, cells: Cells) -> float:
    """How often the error of a path lets a flat figure pass the test."""
    q, sheet = test.quantity, cells.sheets[test.quantity.indicator]
    value, sd = cells.value[q.indicator].median(), cells.sd[q.indicator].median()
    if not sd > 0:
        return 0.0
    centre = latent(sheet, np.array([value]), np.array([sd]))
    z = _errors(test, doubt)
    x = centre.back(centre.m + centre.s * z.ravel()[None, :])[0].reshape(z.shape)
    fall = x[0] - (x[-1] if q.measure == "change_over" else x.max(axis=0))
    return float(_holds(test, fall).mean())


def _peak(test: Test, doubt: Uncertainty) -> float:
    """How often the worst of the years reaches a threshold one standard error above where the figure has stood."""
    return float((_errors(test, doubt).max(axis=0) >= 1.0).mean())


def _errors(test: Test, doubt: Uncertainty) -> np.ndarray:
    """Errors of now and of each year before, years x draws, each sharing its part with the next."""
    stream, a = streams.generator(doubt.seed, "flat", test.path), doubt.persistence
    z = stream.standard_normal((test.quantity.years + 1, FLAT_DRAWS))
    for year in range(1, len(z)):
        z[year] = a * z[year - 1] + np.sqrt(1 - a * a) * z[year]
    return z


def _holds(test: Test, x: np.ndarray) -> np.ndarray:
    assert test.compares is not None  # as its threshold is one number
    return test.compares.holds(x, test.limit)
