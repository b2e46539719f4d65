"""How wide an error is where a release gives none, as the table `datasets/vdem-widths/widths.csv` has it (tests/harness/widths.py makes it)."""

from __future__ import annotations

from functools import cache
from typing import Any

from eligibility.files import opened
from eligibility.resources import shipped

FIRST = 1992  # year of the cells the widths are fitted to


def widths_of(folder: str, vintage: str) -> dict[str, dict[str, Any]]:
    """Publisher's code -> formula, factor (powers) and `how`, of the version nearest to `vintage`, the newer of two as near."""
    found: dict[str, dict[str, Any]] = {}
    for row in sorted(_rows(folder), key=lambda row: _distance(row["version"], vintage), reverse=True):
        model = f"{row['factor']} * density(quantile(p))"
        doubt = {"formula": row["formula"], "factor": float(row["factor"])}
        if row["formula"] == "power":
            model = f"{row['factor']} * p^{row['a']} * (1 - p)^{row['b']}"
            doubt["powers"] = [float(row["a"]), float(row["b"])]
        countries = "one country" if row["countries"] == "1" else f"{row['countries']} countries"
        doubt["how"] = (
            f"Half of a 68 % interval is {model}, p the value: fitted to the bounds of this index in V-Dem {row['version']}, "
            f"{row['country_years']} country-years since {FIRST} of {countries}; a model, for cells whose own "
            f"interval is not held. Nine in ten of those intervals are {row['low']} to {row['high']} times as wide."
        )
        found[row["code"]] = doubt
    return found


def _distance(version: str, vintage: str) -> tuple[float, float]:
    """Sorts the nearest version first, the newer of two as near; "" is near the newest."""
    here = float(version.removeprefix("v"))
    try:
        return abs(here - float(vintage.removeprefix("v"))), -here
    except ValueError:
        return 0.0, -here


@cache
def _rows(folder: str) -> tuple[dict[str, str], ...]:
    return tuple(opened.rows(shipped("datasets") / folder / "widths.csv"))
