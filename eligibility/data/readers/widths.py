"""How wide an error is where a release gives none: the table `datasets/vdem-widths/widths.csv`, and how it is made.

    python -m eligibility.data.readers.widths DIR    the table again, from V-Dem's own files anywhere below DIR

V-Dem gives bounds for every index in its official files and many copies leave them out. Over the years of one index
and version the half of a 68 % interval is close to s * density(quantile(p)), p the value: one number s. Products of
indices are skewed otherwise; for them c * p^a * (1 - p)^b is fitted to all countries. Years before 1992 are left out:
the ratings of the end of the Cold War are fewer.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from eligibility.data import normal
from eligibility.data.readers import Head, family_sheet, strict, vdem
from eligibility.files import disk, opened
from eligibility.resources import shipped

COLUMNS = ("version", "code", "formula", "factor", "a", "b", "low", "high", "country_years", "countries")
FIRST = 1992
FEWEST = 20  # country-years; of fewer no width is taken
MANY = 100  # countries; of fewer no power is fitted
SPREAD = (0.05, 0.95)
ROUNDS = 60


def widths_of(folder: str, vintage: str) -> dict[str, dict[str, Any]]:
    """Publisher's code -> formula, factor (powers) and `how`, of the version nearest to `vintage`, the newer of two as near."""
    found: dict[str, dict[str, Any]] = {}
    for row in sorted(_rows(folder), key=lambda row: _distance(row["version"], vintage), reverse=True):
        model = f"{row['factor']} * density(quantile(p))"
        doubt = {"formula": row["formula"], "factor": float(row["factor"])}
        if row["formula"] == "power":
            model = f"{row['factor']} * p^{row['a']} * (1 - p)^{row['b']}"
            doubt["powers"] = [float(row["a"]), float(row["b"])]
        doubt["how"] = (
            f"Half of a 68 % interval is {model}, p the value: fitted to the bounds of this index in V-Dem {row['version']}, "
            f"{row['country_years']} country-years since {FIRST} of {_countries(row['countries'])}; a model, for cells whose own "
            f"interval is not held. Nine in ten of those intervals are {row['low']} to {row['high']} times as wide."
        )
        found[row["code"]] = doubt
    return found


def _countries(number: str) -> str:
    return "one country" if number == "1" else f"{number} countries"


def _distance(version: str, vintage: str) -> tuple[float, float]:
    """Sorts the nearest version first, the newer of two as near; "" is near the newest."""
    here = float(version.removeprefix("v"))
    try:
        return abs(here - float(vintage.removeprefix("v"))), -here
    except ValueError:
        return 0.0, -here


@cache
def _rows(folder: str) -> tuple[dict[str, str], ...]:
    text = opened.text(shipped("datasets") / folder / "widths.csv")
    return tuple(csv.DictReader(io.StringIO(text)))


def derive(paths: Iterable[Path]) -> list[dict[str, str]]:
    """The rows of the table, by version and code, from the files among these that give bounds.

    Of two files with the bounds of an index of one version, the one with more countries gives its row.
    """
    kinds = {
        entry["publisher_code"]: entry.get("uncertainty", {}).get("formula", "probit")
        for entry in family_sheet(vdem.FAMILY)["series"].values()
        if entry.get("uncertainty", {}).get("kind", "modelled") == "modelled"
        and "follows" not in entry.get("uncertainty", {})
    }
    best: dict[tuple[float, str], dict[str, str]] = {}
    for path in sorted(paths):
        version = vdem.recognise(path, Head(path))
        if not version:
            continue
        for code, formula in kinds.items():
            if (row := _row(path, version, code, formula)) is None:
                continue
            key = (float(version.removeprefix("v")), code)
            if key not in best or int(row["countries"]) > int(best[key]["countries"]):
                best[key] = row
    return [best[key] for key in sorted(best)]


def _row(path: Path, version: str, code: str, formula: str) -> dict[str, str] | None:
    """One row of the table; None where the file gives no bounds of this index, or too few."""
    if not {code, f"{code}_codelow", f"{code}_codehigh"} <= set(strict.csv_header(path)):
        return None
    country, p, half = vdem.intervals(path, code, FIRST)
    countries = len(set(country))
    if len(p) < FEWEST or (formula == "power" and countries < MANY):
        return None
    row = {"version": version, "code": code, "formula": formula, "a": "", "b": ""}
    if formula == "power":
        inside = (p > normal.LEAST) & (p < 1 - normal.LEAST) & (half > 0)
        p, half = p[inside], half[inside]
        terms = np.column_stack([np.ones(len(p)), np.log(p), np.log(1 - p)])
        level, a, b = _middle_fit(terms, np.log(half))
        model = np.exp(level) * p**a * (1 - p) ** b
        row |= {"factor": f"{np.exp(level):.3f}", "a": f"{a:.2f}", "b": f"{b:.2f}"}
    else:
        unit = normal.density(normal.quantile(p))
        s = float(np.median(half / unit))
        model = s * unit
        row["factor"] = f"{s:.3f}"
    low, high = np.quantile(half / model, SPREAD)
    return row | {
        "low": f"{low:.2f}",
        "high": f"{high:.2f}",
        "country_years": str(len(p)),
        "countries": str(countries),
    }


def _middle_fit(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The coefficients with the least sum of absolute errors, by weighted least squares (Schlossmacher 1973).

    As the median of the other widths does, it follows most cells and not the few at the ends of the scale.
    """
    weight = np.ones(len(y))
    for _ in range(ROUNDS):
        slopes = np.linalg.lstsq(x * weight[:, None], y * weight, rcond=None)[0]
        weight = 1.0 / np.sqrt(np.maximum(np.abs(y - x @ slopes), 1e-3))
    return slopes


def text(rows: Iterable[Mapping[str, str]]) -> str:
    """The table as CSV."""
    return "\n".join([",".join(COLUMNS), *(",".join(row[name] for name in COLUMNS) for row in rows)]) + "\n"


if __name__ == "__main__":
    found = derive(path for path in Path(sys.argv[1]).rglob("*.csv"))
    disk.put(shipped("datasets") / "vdem-widths" / "widths.csv", text(found).encode())
    sys.stdout.write(f"{len(found)} widths\n")
