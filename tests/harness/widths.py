"""How wide an error is where a release gives none: how the table `datasets/vdem-widths/widths.csv` is made, which modelled.py reads.

    python tests/harness/widths.py DIR    the table again, from V-Dem's own files anywhere below DIR

V-Dem gives bounds for every index in its official files and many copies leave them out. Over the years of one index
and version the half of a 68 % interval is close to s * density(quantile(p)), p the value: one number s. Products of
indices are skewed otherwise; for them c * p^a * (1 - p)^b is fitted to all countries. Years before 1992 are left out:
the ratings of the end of the Cold War are fewer.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from eligibility.data import normal
from eligibility.data.readers import Head, family_sheet, strict, vdem
from eligibility.data.readers.modelled import FIRST
from eligibility.files import disk
from eligibility.resources import shipped

COLUMNS = ("version", "code", "formula", "factor", "a", "b", "low", "high", "country_years", "countries")
FEWEST = 20  # country-years; of fewer no width is taken
MANY = 100  # countries; of fewer no power is fitted
SPREAD = (0.05, 0.95)
ROUNDS = 60


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
