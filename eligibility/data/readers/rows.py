"""Figures as a reader gathers them, one tuple each, and the `Release` they become."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from eligibility.data import countries
from eligibility.data.origins import PLACE
from eligibility.data.readers.release import Release
from eligibility.errors import DataError, Problem

Place = tuple[str, int, str]  # file and sheet, row of it, column (strict.Table.place); the row is 0 for none
Row = tuple[str, int, str, float | str, Place]  # iso3, year, series, value or class, where it stands
Years = Sequence[int] | np.ndarray  # one a row


def release(rows: Iterable[Row], paths: Sequence[Path], *skipped: Mapping[str, int]) -> Release:
    """The rows of publishers that give no standard error, with the counts of what was left out added up."""
    every = list(rows)
    values = pd.DataFrame([row[:4] for row in every], columns=["iso3", "year", "series", "value"])
    for at, name in enumerate(PLACE):
        values[name] = [row[4][at] for row in every]
    total: Counter[str] = Counter()
    for counts in skipped:
        total.update(counts)
    left = {reason: count for reason, count in sorted(total.items()) if count}
    return Release(values.assign(sd=float("nan")), tuple(paths), left)


def only(paths: Sequence[Path]) -> Path:
    """The one file of a release that comes as one file; two would be two copies, or two releases."""
    if len(paths) != 1:
        names = ", ".join(sorted(path.name for path in paths))
        raise DataError(Problem(paths[0].name, "file", "must be the only file of its release", names))
    return paths[0]


def why_left_out(codes: Iterable[str], scheme: str) -> dict[str, int]:
    """How many of these codes are listed as no country, by the general part of the reason.

    >>> why_left_out(["WLD", "TUN", "ARB"], "wb")
    {'World Bank aggregate': 2}
    """
    register = countries.register()
    found: Counter[str] = Counter()
    for code in codes:
        if (why := register.why_not(code, scheme)) is not None:
            found[why.partition(":")[0]] += 1
    return dict(found)
