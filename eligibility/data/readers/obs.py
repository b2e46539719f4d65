"""The Open Budget Survey: one row a country and round."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eligibility.data.readers import Head, grids, series_of, strict
from eligibility.data.readers.release import Release, only, release

FAMILY = "obs"

_KEYS = ("ISO", "Year", "OBI_unrounded")
LAYOUTS = ((*_KEYS, "Public_Participation"),)
_REDESIGNED = 2017  # the questions on participation before this round cannot be compared with those since
_PARTICIPATION = "participation"


def recognise(path: Path, head: Head) -> str | None:
    """The newest round in the file."""
    if not {*_KEYS, "Public_Participation"} <= set(head.columns):
        return None
    return str(grids.newest(path, "Year") or "")


def read(paths: Sequence[Path], vintage: str) -> Release:
    """Scores from 0 to 100; a round is stored under the year before it, at whose end its research stopped."""
    path, sheets = only(paths), series_of(FAMILY, vintage)
    codes = {series: sheet["publisher_code"] for series, sheet in sheets.items()}
    table = strict.read_csv(path, ["ISO", "Year", *codes.values()], optional=["country"])
    rounds, iso3s = table.years("Year"), table.countries("ISO", "iso3", "country")
    table.once("ISO", iso3s, rounds.tolist())
    long = grids.figures(table, iso3s, rounds - 1, codes, sheets)
    table.check()
    kept = [row for row in long if row[2] != _PARTICIPATION or row[1] + 1 >= _REDESIGNED]
    return release(
        kept, [path], {f"participation score before the {_REDESIGNED} round": len(long) - len(kept)}
    )
