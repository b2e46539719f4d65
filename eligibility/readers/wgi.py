"""The Worldwide Governance Indicators workbook: one row a country, year and indicator, '..' where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from eligibility.errors import DataError, Problem
from eligibility.readers import Head, series_of, strict
from eligibility.readers.release import Release

FAMILY = "wgi"

_COLUMNS = ("code", "year", "indicator", "estimate", "stddev", "nsource")
_ABSENT = ("..", "")
LAYOUTS = (("codeindyr", *_COLUMNS),)


def recognise(path: Path, head: Head) -> str | None:
    """The year of the update, one more than the newest year it covers."""
    if not head.sheets or not {"codeindyr", *_COLUMNS} <= set(head.columns):
        return None
    place = head.columns.index("year")
    years = [row[place] for row in head.rows[1:] if row[place].isdecimal()]
    return str(int(max(years)) + 1) if years else ""


def read(paths: Sequence[Path], vintage: str) -> Release:
    """The six estimates with their standard errors, and the number of sources of each."""
    if len(paths) > 1:
        names = ", ".join(sorted(path.name for path in paths))
        raise DataError(
            Problem(paths[0].name, "file", f"only one file may hold the {vintage} update", got=names)
        )
    table = strict.read_xlsx(paths[0], _COLUMNS, optional=["countryname"])
    sheets = series_of(FAMILY, vintage)
    named = {sheet["publisher_code"]: name for name, sheet in sheets.items()}
    years = table.years("year")
    places = table.countries("code", "wgi", "countryname")
    indicators = table.text["indicator"]
    table.once("code", places, years.tolist(), indicators)
    for row, indicator in enumerate(indicators):
        if indicator not in named:
            table.refuse(row, "indicator", "must be one of va, pv, ge, rq, rl, cc", indicator)
    lo, hi = sheets["control_of_corruption"]["range"]
    estimate = table.numbers("estimate", _ABSENT, lo, hi)
    error = table.numbers("stddev", _ABSENT, lo=0, hi=(hi - lo) / 2)
    count = table.numbers("nsource", _ABSENT, lo=1)
    table.check()
    keys = {"iso3": places, "year": years}
    long = pd.concat(
        [
            pd.DataFrame({**keys, "series": [named[i] for i in indicators], "value": estimate, "sd": error}),
            pd.DataFrame(
                {**keys, "series": [named[f"{i} nsource"] for i in indicators], "value": count, "sd": np.nan}
            ),
        ],
        ignore_index=True,
    )
    lost = sum(place is None for place in places)
    long = long[long["iso3"].notna() & long["value"].notna()].reset_index(drop=True)
    return Release(long, tuple(paths), {"not a country": lost} if lost else {})
