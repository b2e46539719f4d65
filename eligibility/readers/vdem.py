"""V-Dem Country-Year files: any version, the full file of thousands of columns or a selection of them.

Also the Episodes of Regime Transformation file, which carries the regime class of its V-Dem version. Only the
columns the sheet names are kept, each with `_sd`, or `_codelow` and `_codehigh`, where the file has them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from eligibility.errors import DataError, Problem
from eligibility.readers import BEFORE, SINCE, Head, series_of, strict
from eligibility.readers.release import Release

FAMILY = "vdem"
LAYOUTS = (("country_name", "country_text_id", "year", "v2x_polyarchy"),)

_COUNTRY, _YEAR = "country_text_id", "year"
_START = 1789  # V-Dem's first year
_VERSION = re.compile(r"(?<![A-Za-z0-9])v([0-9]{1,2}(?:\.[0-9]+)?)(?![0-9])", re.IGNORECASE)
_BOUNDS = ("_sd", "_codelow", "_codehigh")


def recognise(path: Path, head: Head) -> str | None:
    """The version a V-Dem file's name gives, such as "v14"; "" when its columns are V-Dem's and its name is silent."""
    if not {_COUNTRY, _YEAR} <= set(head.columns) or not any(name.startswith("v2x") for name in head.columns):
        return None
    named = _VERSION.search(path.stem)
    return f"v{named[1]}" if named else ""


def read(paths: Sequence[Path], vintage: str) -> Release:
    """The selected series of one version; where two files hold a series, the file with more of them gives it."""
    sheets = series_of(FAMILY, vintage)
    codes = {name: sheet["publisher_code"] for name, sheet in sheets.items()}
    headers = {path: set(strict.csv_header(path)) for path in paths}
    ranked = sorted(paths, key=lambda path: (-len(headers[path] & _columns(codes.values())), path.name))
    values, used, skipped, left = [], [], {}, dict(codes)
    for path in ranked:
        mine = {name: code for name, code in left.items() if code in headers[path]}
        if not mine:
            continue
        part, aside = _read_one(path, mine, sheets)
        values.append(part)
        used.append(path)
        skipped.update({why: max(count, skipped.get(why, 0)) for why, count in aside.items()})
        left = {name: code for name, code in left.items() if name not in mine}
    if not values:
        rule = f"must have a column of a variable such as {', '.join(list(codes.values())[:3])}"
        raise DataError(Problem(f"{ranked[0].name}:1", "columns", rule))
    return Release(pd.concat(values, ignore_index=True), tuple(sorted(used)), skipped)


def _columns(codes: Sequence[str]) -> set[str]:
    """Every column that may be wanted: the codes and their bounds."""
    return {code + suffix for code in codes for suffix in ("", *_BOUNDS)}


def _read_one(
    path: Path, codes: dict[str, str], sheets: dict[str, dict]
) -> tuple[pd.DataFrame, dict[str, int]]:
    """One file's long rows for these series, and what was left aside."""
    table = strict.read_csv(
        path, [_COUNTRY, _YEAR], optional=["country_name", *sorted(_columns(codes.values()))]
    )
    # Version 15's file of bounds writes years as 1970.0.
    years = table.years(_YEAR, decimal=True, first=_START)
    table.check()
    # States that ended before then (Bavaria, Hanover) are V-Dem's business, not the register's.
    recent = years >= SINCE
    table.keep(recent)
    years, early = years[recent], int((~recent).sum())
    places = table.countries(_COUNTRY, "vdem", "country_name")
    table.once(_COUNTRY, places, years.tolist())
    columns = {name: _series(table, code, *sheets[name]["range"]) for name, code in codes.items()}
    table.check()
    here = np.array([place is not None for place in places], dtype=bool)
    long = [
        pd.DataFrame({"iso3": places, "year": years, "series": name, "value": value, "sd": sd})[
            here & ~np.isnan(value)
        ]
        for name, (value, sd) in columns.items()
    ]
    aside = {BEFORE: early, "not a country": int((~here).sum())}
    return pd.concat(long, ignore_index=True), {why: count for why, count in aside.items() if count}


def _series(table: strict.Table, code: str, lo: float, hi: float) -> tuple[np.ndarray, np.ndarray]:
    """One variable's values and standard deviations, NaN where V-Dem gives none."""
    value = table.numbers(code, lo=lo, hi=hi)
    widest = (hi - lo) / 2  # the sd of a figure that is one bound or the other
    sd = (
        table.numbers(f"{code}_sd", lo=0, hi=widest)
        if f"{code}_sd" in table.text
        else np.full(len(table), np.nan)
    )
    if f"{code}_codelow" in table.text and f"{code}_codehigh" in table.text:
        low, high = (table.numbers(f"{code}{bound}", lo=lo, hi=hi) for bound in ("_codelow", "_codehigh"))
        for row in np.flatnonzero(low > high):
            table.refuse(row, f"{code}_codelow", f"must not lie above {code}_codehigh", low[row])
        sd = np.where(np.isnan(sd), (high - low) / 2, sd)
    return value, sd
