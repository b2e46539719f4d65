"""RSF's World Press Freedom Index: its own CSV of one edition (from 2022), or a tidy table of all editions.

Edition N describes the year N - 1. The method changed in 2013 and in 2022, so scores are two series and never one.
Editions before 2013 are left out: another scale, another season, and in the tidy table figures without their decimal point.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from eligibility.data.readers import Head, grids, series_of, strict
from eligibility.data.readers.release import Release, only, release, why_left_out

FAMILY = "rsf"

_TIDY = ("iso3", "year", "rank", "score")
LAYOUTS = (_TIDY,)
_FIRST, _METHOD = 2013, 2022  # the first edition kept; the first of the method in force
_OWN_SCORE = re.compile(r"Score(?: 20\d\d)?")


def recognise(path: Path, head: Head) -> str | None:
    """The newest edition in the file."""
    if head.columns == _TIDY:
        return str(grids.newest(path, "year") or "")
    if _own(head):
        encoding = strict.encoding(path)
        return str(grids.newest(path, "Year (N)", encoding=encoding, delimiter=";") or "")
    return None


def read(paths: Sequence[Path], vintage: str) -> Release:
    """Rank and score of each edition, the score under the name of its method."""
    path, sheets = only(paths), series_of(FAMILY, vintage)
    if ";" in Head(path).text.partition("\n")[0]:
        encoding = strict.encoding(path)
        header = strict.csv_header(path, encoding=encoding, delimiter=";")
        score = next(name for name in header if _OWN_SCORE.fullmatch(name))
        code, name, year, rank = "ISO", "Country_EN", "Year (N)", "Rank"
        table = strict.read_csv(
            path, [code, year, rank, score], optional=[name], encoding=encoding, delimiter=";"
        )
        # RSF writes 84,86; a file with both marks would not be RSF's.
        table.text[score] = [re.sub(r"^([0-9]+),([0-9]+)$", r"\1.\2", cell) for cell in table.text[score]]
    else:
        (code, year, rank, score), name = _TIDY, ""
        table = strict.read_csv(path, _TIDY)
    editions, iso3s = table.years(year), table.countries(code, "rsf", name)
    table.once(code, iso3s, editions.tolist())
    table.check()
    early = editions < _FIRST
    left = {f"row of an edition before {_FIRST}": int(early.sum())} | why_left_out(
        [entry for entry, old in zip(table.text[code], early, strict=True) if not old], "rsf"
    )
    table.keep(~early)
    kept = np.flatnonzero(~early)
    editions, iso3s = editions[kept], [iso3s[row] for row in kept]
    long = grids.figures(table, iso3s, editions - 1, {"rank": rank}, sheets)
    for row in grids.figures(table, iso3s, editions - 1, {"score": score}, sheets):
        iso3, described, name, value, place = row
        long.append((iso3, described, name if described + 1 >= _METHOD else "score_2013_2021", value, place))
    table.check()
    return release(long, [path], left)


def _own(head: Head) -> bool:
    """Whether the columns are those of RSF's own file: ISO;Score;Rank;... with Year (N) among them."""
    names = set(head.text.partition("\n")[0].strip().split(";"))
    return {"ISO", "Rank", "Year (N)"} <= names and any(_OWN_SCORE.fullmatch(name) for name in names)
