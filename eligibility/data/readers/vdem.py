"""V-Dem Country-Year files: any version, the full file of thousands of columns or a selection of them.

Also the Episodes of Regime Transformation file, which carries the regime class of its V-Dem version. Only the
columns the sheet names are kept, each with half the width of its interval where the file gives one.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from eligibility.data.readers import BEFORE, SINCE, Head, r_data, series_of, strict
from eligibility.data.readers.release import Release
from eligibility.errors import DataError, Problem
from eligibility.files import disk

FAMILY = "vdem"
LAYOUTS = (("country_name", "country_text_id", "year", "v2x_polyarchy"),)

_COUNTRY, _YEAR = "country_text_id", "year"
_START = 1789  # V-Dem's first year
_VERSION = re.compile(r"(?<![A-Za-z0-9])v([0-9]{1,2}(?:\.[0-9]+)?)(?![0-9])", re.IGNORECASE)
BOUNDS = ("_codelow", "_codehigh")
WIDEST_SD = 0.45
FEWEST_TURNED = 20  # cells that are all turned: fewer could be a slip


def recognise(path: Path, head: Head) -> str | None:
    """The version a V-Dem file's name gives, such as "v14"; "" when its columns are V-Dem's and its name is silent."""
    if not {_COUNTRY, _YEAR} <= set(head.columns) or not any(name.startswith("v2x") for name in head.columns):
        return None
    named = _VERSION.search(path.stem)
    return f"v{named[1]}" if named else ""


def read(paths: Sequence[Path], vintage: str) -> Release:
    """The selected series of one version.

    Where two files hold a series, the one with its bounds gives it, then the one with more of the series wanted.
    """
    sheets = series_of(FAMILY, vintage)
    headers = {path: set(strict.csv_header(path)) for path in paths}
    wanted = _columns(sheet["publisher_code"] for sheet in sheets.values())
    ranked = sorted(paths, key=lambda path: (-len(headers[path] & wanted), path.name))
    chosen: dict[Path, dict[str, str]] = {}
    for name, code in ((name, sheet["publisher_code"]) for name, sheet in sheets.items()):
        if holders := [path for path in ranked if code in headers[path]]:
            bounded = [path for path in holders if {code + bound for bound in BOUNDS} <= headers[path]]
            chosen.setdefault((bounded or holders)[0], {})[name] = code
    values = []
    skipped: dict[str, int] = {}
    for path in ranked:
        if path in chosen:
            part, aside = _read_one(path, chosen[path], sheets)
            values.append(part)
            skipped.update({why: max(count, skipped.get(why, 0)) for why, count in aside.items()})
    if not values:
        codes = [sheet["publisher_code"] for sheet in sheets.values()]
        rule = f"must have a column of a variable such as {', '.join(codes[:3])}"
        raise DataError(Problem(f"{ranked[0].name}:1", "columns", rule))
    return Release(pd.concat(values, ignore_index=True), tuple(sorted(chosen)), skipped)


def ready() -> Problem | None:
    """What `unpack` lacks; None where it can be done."""
    return r_data.lacking()


def unpack(path: Path, target: Path) -> None:
    """The CSV file of the columns read here, made of the institute's file for R."""
    keys = (_COUNTRY, _YEAR)
    codes = [sheet["publisher_code"] for sheet in series_of(FAMILY, "").values()]
    columns = r_data.frame(path, keys, {"country_name", *_columns(codes)})
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(columns)
    lines.writerows(zip(*columns.values(), strict=True))
    disk.put(target, text.getvalue().encode())


def _columns(codes: Iterable[str]) -> set[str]:
    """Every column that may be wanted: the codes, their bounds and what is called their standard deviation."""
    return {code + suffix for code in codes for suffix in ("", "_sd", *BOUNDS)}


def _read_one(
    path: Path, codes: dict[str, str], sheets: dict[str, dict[str, Any]]
) -> tuple[pd.DataFrame, dict[str, int]]:
    """One file's long rows for these series, and what was left aside."""
    # States that ended before then (Bavaria, Hanover) are V-Dem's business, not the register's.
    table = strict.read_csv(
        path, [_COUNTRY, _YEAR], optional=["country_name", *sorted(_columns(codes.values()))],
        once=[_COUNTRY, _YEAR], only=(_YEAR, lambda cell: cell[:4] >= str(SINCE)), rest=[_YEAR],
    )  # fmt: skip
    # Version 15's file of bounds writes years as 1970.0.
    years = table.years(_YEAR, decimal=True, first=_START)
    early = len(table.rest.years(_YEAR, decimal=True, first=_START))
    table.check()
    places = table.countries(_COUNTRY, "vdem", "country_name")
    table.once(_COUNTRY, places, years.tolist())
    columns = {name: _series(table, code, *sheets[name]["range"]) for name, code in codes.items()}
    table.check()
    here = np.array([place is not None for place in places], dtype=bool)
    long = [
        pd.DataFrame(
            {"iso3": places, "year": years, "series": name, "value": value, "sd": sd}
            | {"table": table.file, "line": table.line, "column": codes[name]}
        )[here & ~np.isnan(value)]
        for name, (value, sd) in columns.items()
    ]
    aside = {BEFORE: early, "not a country": int((~here).sum())}
    return pd.concat(long, ignore_index=True), {why: count for why, count in aside.items() if count}


def _series(table: strict.Table, code: str, lo: float, hi: float) -> tuple[np.ndarray, np.ndarray]:
    """One variable's values and half the width of their 68 % intervals, NaN where V-Dem gives none that can be believed.

    Bounds come first. `_sd` is a deviation on a latent scale for most indices, 4 to 25 times as wide as the interval,
    and on the scale of the index for some: of an index from 0 to 1 it is believed only without bounds, and where the
    middle figure of `_sd` / sqrt(p (1 - p)) is at most `WIDEST_SD`. Over all indices of versions 5 to 16 that ratio
    leaves .365 to .573 empty. Of a variable on the interval scale it is right in every version.
    """
    value = table.numbers(code, lo=lo, hi=hi)
    if all(f"{code}{bound}" in table.text for bound in BOUNDS):
        return value, _half(table, code, lo, hi)
    sd = np.full(len(table), np.nan)
    if f"{code}_sd" in table.text:
        sd = table.numbers(f"{code}_sd", lo=0)
        if (lo, hi) == (0, 1) and not believed(value, sd):
            sd[:] = np.nan
        widest = (hi - lo) / 2  # the sd of a figure that is one end or the other
        for row in np.flatnonzero(sd > widest):
            table.refuse(row, f"{code}_sd", f"must not lie above {widest:g}", sd[row])
    return value, sd


def believed(value: np.ndarray, sd: np.ndarray) -> bool:
    """Whether a column `_sd` of an index from 0 to 1 is on the scale of the index, and not on a latent one.

    >>> believed(np.array([0.5, 0.6]), np.array([0.05, 0.06])), believed(np.array([0.5, 0.6]), np.array([0.9, 0.8]))
    (True, False)
    """
    inside = (value > 0) & (value < 1) & ~np.isnan(sd)
    p = value[inside]
    return bool(p.size) and float(np.median(sd[inside] / np.sqrt(p * (1 - p)))) <= WIDEST_SD


def _half(table: strict.Table, code: str, lo: float, hi: float) -> np.ndarray:
    """Half the distance of the bounds; a whole column of bounds the wrong way round is turned, a single cell refused.

    Version 8 gives two indices of corruption so, which were turned when they were made.
    """
    low, high = (table.numbers(f"{code}{bound}", lo=lo, hi=hi) for bound in BOUNDS)
    turned, apart = low > high, ~np.isnan(low) & ~np.isnan(high) & (low != high)
    if turned.sum() >= FEWEST_TURNED and (turned == apart).all():
        low, high = high, low
    for row in np.flatnonzero(low > high):
        table.refuse(row, f"{code}{BOUNDS[0]}", f"must not lie above {code}{BOUNDS[1]}", low[row])
    return np.where(low > high, np.nan, (high - low) / 2)


def intervals(path: Path, code: str, first: int) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Country, value and half-width of every cell of one variable with bounds, since the year `first`."""
    table = strict.read_csv(path, [_COUNTRY, _YEAR, *(code + suffix for suffix in ("", *BOUNDS))])
    years = table.years(_YEAR, decimal=True, first=_START)
    table.check()
    table.keep(years >= first)
    value, half = table.numbers(code), _half(table, code, -np.inf, np.inf)
    table.check()
    there = ~np.isnan(value) & ~np.isnan(half)
    return list(itertools.compress(table.text[_COUNTRY], there)), value[there], half[there]
