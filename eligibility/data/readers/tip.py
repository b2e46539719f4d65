"""Tiers of the United States' Trafficking in Persons Reports, from a table of all reports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eligibility.data.readers import Head, grids, strict
from eligibility.data.readers.release import Release, only, release

FAMILY = "tip"

_COLUMNS = ("countryname", "iso", "year", "ccode", "tier")
LAYOUTS = (_COLUMNS,)
_TIERS = {"Tier 1": "Tier 1", "Tier 2": "Tier 2", "Watchlist": "Tier 2 Watch List", "Tier 3": "Tier 3"}
_ABSENT = ("NA",)  # not in that year's report, or a special case without a tier


def recognise(path: Path, head: Head) -> str | None:
    """The year of the newest report."""
    if head.columns != _COLUMNS:
        return None
    return str(grids.newest(path, "year") or "")


def read(paths: Sequence[Path], vintage: str) -> Release:
    """The tier in each report; report N covers the twelve months to March of N and is stored under N - 1."""
    path = only(paths)
    table = strict.read_csv(path, ["countryname", "iso", "year", "tier"])
    reports, iso3s = table.years("year"), table.countries("iso", "tip", "countryname")
    table.once("iso", iso3s, reports.tolist())
    table.text["tier"] = [cell.rstrip() for cell in table.text["tier"]]  # 'Tier 2    '
    long = grids.labels(table, iso3s, reports - 1, "tier", "tier", _TIERS, _ABSENT)
    table.check()
    absent = sum(cell in _ABSENT for cell in table.text["tier"])
    return release(long, [path], {"country-years without a tier": absent})
