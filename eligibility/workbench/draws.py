"""The first draws of the measurement error, as `screen` makes them, small enough to travel with a page.

A value that is uncertain is written as one of 256 steps from its lowest to its highest draw: it is rounded by a
hundredth of its standard error or so. One that is certain is not written at all.
"""

from __future__ import annotations

import base64
from dataclasses import replace

import numpy as np

from eligibility.data.cells import Cells
from eligibility.method.measurement_error import ErrorModel
from eligibility.method.measures import point
from eligibility.policy.model import Criteria
from eligibility.workbench.payload import numbers, quantities

DRAWS = 400  # a probability counted in them is known to five hundredths
STEPS = 255


def draws(criteria: Criteria, cells: Cells) -> dict | None:
    """The draws for JSON, None where nobody knows an error of any figure looked at.

    now      by indicator, before by position of the quantity: low and width by country, and the steps in base64,
             a byte each, draw after draw; None where nothing is uncertain
    """
    looked_at = quantities(criteria)
    errors = ErrorModel(cells, point(cells, looked_at), replace(criteria.uncertainty, draws=DRAWS))
    if not errors.known:
        return None
    drawn = errors.draw(DRAWS)
    return {
        "count": DRAWS,
        "seed": criteria.uncertainty.seed,
        "now": {indicator: packed(values) for indicator, values in drawn.now.items()},
        "before": [packed(drawn.before[each]) if each in drawn.before else None for each in looked_at],
    }


def packed(values: np.ndarray) -> dict | None:
    """Draws x countries as low, width and steps; None where every draw is the same."""
    low, high = values.min(axis=0), values.max(axis=0)
    width = high - low
    varies = np.flatnonzero(width > 0)
    if not varies.size:
        return None
    steps = np.rint((values[:, varies] - low[varies]) / width[varies] * STEPS).astype(np.uint8)
    return {
        "who": varies.tolist(),
        "low": numbers(low[varies]),
        "width": numbers(width[varies]),
        "steps": base64.b64encode(steps.tobytes()).decode(),
    }
