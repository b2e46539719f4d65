"""The Global Organized Crime Index: one workbook, one sheet an edition, headers that differ between them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from eligibility.data.readers import Head, grids, series_of, strict
from eligibility.data.readers.release import Release, Row, only, release

FAMILY = "oci"

_SHEET = re.compile(r"(20\d\d)_dataset")
_ALWAYS = ("Criminality", "Criminal markets", "Criminal actors", "State-embedded actors", "Resilience")
LAYOUTS = (("Country", *_ALWAYS),)


def recognise(path: Path, head: Head) -> str | None:
    """The newest edition in the workbook."""
    editions = [match[1] for name in head.sheets if (match := _SHEET.fullmatch(name.strip()))]
    return max(editions, default=None)


def read(paths: Sequence[Path], vintage: str) -> Release:
    """Scores from 1 to 10 of every edition in the workbook; five markets and one actor were added in 2023."""
    path, sheets = only(paths), series_of(FAMILY, vintage)
    long: list[Row] = []
    for name in strict.sheets(path):
        if not (match := _SHEET.fullmatch(name.strip())):
            continue
        sheet = grids.Sheet.under(path, name, "Country")
        # 'Criminality avg,' in 2023 is 'Criminality' in 2021.
        titles = [title.removesuffix(" avg,") for title in sheet.titles]
        codes = {series: entry["publisher_code"] for series, entry in sheets.items()}
        here = {series: code for series, code in codes.items() if code in (*titles, *_ALWAYS)}
        table = sheet.table(("Country", *here.values()), titles)
        iso3s = table.countries("Country", "name")
        table.once("Country", iso3s)
        long += grids.figures(table, iso3s, [int(match[1])] * len(table), here, sheets)
        table.check()
    return release(long, [path])
