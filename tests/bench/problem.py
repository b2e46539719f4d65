"""The problem every contender is given: 195 units, 30 indicators in three pillars, each with a standard error.

The figures have a common factor, so that ranks mean something; nothing in them is of any country. Weights are open:
any weights of the pillars and, inside each, of its indicators, all equally likely (Dirichlet with parameter 1).
"""

from __future__ import annotations

import made_up
import numpy as np
import pandas as pd

from eligibility.data import panel
from eligibility.policy.model import Choices, Criteria, Scale, Score, Uncertainty, Weights

UNITS, PILLARS, EACH = 195, 3, 10
DRAWS = 10_000
INDICATORS = PILLARS * EACH


def figures(units: int = UNITS, year: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Values, units x indicators (about 50, sd 10), and the standard error of each indicator (0.6 to 2.4)."""
    rng = np.random.default_rng([7, units, year])
    common = rng.standard_normal((units, 1))
    values = 50 + 10 * (0.6 * common + 0.8 * rng.standard_normal((units, INDICATORS)))
    return values, np.linspace(0.6, 2.4, INDICATORS)


def names(units: int = UNITS) -> list[str]:
    """A code a unit, in the order of the rows."""
    return [f"U{number:05}" for number in range(units)]


def world(units: int = UNITS, year: int = 0) -> panel.Panel:
    """The same figures as a panel of made-up series."""
    values, sds = figures(units, year)
    sheets = {
        f"made.i{k:02}": made_up.sheet(f"made.i{k:02}", sd=float(sd), lo=-1e3, hi=1e3, lag_months=0)
        for k, sd in enumerate(sds)
    }
    index, columns = pd.Index([made_up.YEAR], name="year"), pd.Index(names(units), name="iso3")
    table = {
        s: pd.DataFrame(x[None, :], index=index, columns=columns)
        for s, x in zip(sheets, values.T, strict=True)
    }
    errors = {s: frame * 0 + sheets[s].sd_factor for s, frame in table.items()}
    return panel.Panel(sheets, dict.fromkeys(sheets, made_up.source()), table, errors)


def criteria(draws: int = DRAWS, choices: Choices | None = None, kind: str = "minmax") -> Criteria:
    """An index of the thirty, arithmetic means, with any weights."""
    scale = Scale(**{kind: "pool"})
    pillars = [
        made_up.pillar(
            f"p{number}",
            *(made_up.component(f"made.i{number * EACH + k:02}", scale=scale) for k in range(EACH)),
        )
        for number in range(PILLARS)
    ]
    choices = choices or Choices(Weights(simplex=True))
    doubt = Uncertainty(draws=draws, correlation=0.0, choices=choices)
    return made_up.policy(
        made_up.everyone("made.i00"), score=Score(1.0, tuple(pillars)), shortlist=20, uncertainty=doubt
    )


def placed(units: int = UNITS, year: int = 0, **more):
    """The criteria, and the cells and groups they are judged on."""
    from eligibility.method import rounds

    policy = criteria(**more)
    cells, groups, _ = rounds.placed(policy, world(units, year), made_up.AS_OF)
    return policy, cells, groups
