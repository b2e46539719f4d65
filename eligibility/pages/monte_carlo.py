"""What was drawn to find out how firm the list is, by name, and a share of it within its bounds."""

from __future__ import annotations

import numpy as np

from eligibility.method.choices import OPEN
from eligibility.method.decides import ERROR, IMPUTED

WORDS = {ERROR: "measurement error", IMPUTED: "what stands in the gaps", **OPEN}


def bounded(share: float) -> float:
    """A share estimated from draws, which chance may put a little outside 0 to 1."""
    return float(np.clip(share, 0.0, 1.0))
