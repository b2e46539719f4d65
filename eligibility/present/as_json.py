"""Values as JSON holds them: the same document gives the same bytes."""

from __future__ import annotations

import json
from typing import Any

from eligibility.pages.wording import missing


def exact(value: float | None) -> float | None:
    """A number to twelve decimals, -0.0 as 0.0; None where there is none."""
    return None if missing(value) else round(float(value), 12) + 0.0


def integer(value: float | None) -> int | None:
    """A whole number; None where there is none."""
    return None if missing(value) else int(value)


def written(document: Any) -> str:
    """The text of a document; ValueError for a NaN in it."""
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
