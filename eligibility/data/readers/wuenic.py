"""WHO and UNICEF's estimates of national immunization coverage: one sheet a vaccine, one column a year."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eligibility.data.readers import Head, grids, series_of, strict
from eligibility.data.readers.release import Release, Row, only, release
from eligibility.errors import DataError, Problem

FAMILY = "wuenic"

_KEYS = ("iso3", "country", "vaccine")
LAYOUTS = (_KEYS,)
_MEAN = "immunization"  # made here of the two others


def recognise(path: Path, head: Head) -> str | None:
    """The revision, by the newest year in the sheet of a vaccine: 2023rev."""
    if not {"DTP3", "MCV1"} <= set(head.sheets):
        return None
    row = strict.xlsx_rows(path, "DTP3")[:1]
    years = [cell for cell in (row[0] if row else []) if re.fullmatch(r"(19|20)\d\d", cell)]
    return f"{max(years)}rev" if years and set(_KEYS) <= set(row[0]) else None


def read(paths: Sequence[Path], vintage: str) -> Release:
    """Coverage of the third dose against diphtheria, tetanus and pertussis, of the first against measles, and their mean."""
    path, sheets = only(paths), series_of(FAMILY, vintage)
    long: list[Row] = []
    for name, sheet in sheets.items():
        if name != _MEAN:
            long += _vaccine(path, sheet["publisher_code"], name, sheets)
    by_place = {row[:3]: row[3] for row in long}
    for iso3, year, name, value, _ in tuple(long):
        other = by_place.get((iso3, year, "mcv1"))
        if name == "dpt3" and isinstance(value, float) and isinstance(other, float):
            long.append((iso3, year, _MEAN, (value + other) / 2, (path.name, 0, "")))
    return release(long, [path])


def _vaccine(path: Path, vaccine: str, name: str, sheets: dict[str, dict[str, Any]]) -> list[Row]:
    """One sheet's figures; a row of another vaccine in it is refused."""
    sheet = grids.Sheet.under(path, vaccine, *_KEYS)
    years = [title for title in sheet.titles if re.fullmatch(r"(19|20)\d\d", title)]
    if not years:
        raise DataError(Problem(f"{sheet.where}:{sheet.top}", "columns", "must hold years"))
    table = sheet.table((*_KEYS, *years))
    for row, cell in enumerate(table.text["vaccine"]):
        if cell != vaccine:
            table.refuse(row, "vaccine", f"must be {vaccine}", cell)
    iso3s = table.countries("iso3", "iso3", "country")
    table.once("iso3", iso3s)
    long: list[Row] = []
    for year in years:
        long += grids.figures(table, iso3s, [int(year)] * len(table), {name: year}, sheets)
    table.check()
    return long
