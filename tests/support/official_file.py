"""A file of 182 countries in V-Dem's official layout, made from the one country's rows that are held."""

from __future__ import annotations

import csv
from pathlib import Path

from places import RELEASES

from eligibility.data import countries

ONE = RELEASES / "vdem" / "official-one-country" / "V-Dem-CY-Core-v16.csv"
COUNTRIES = 182


def write(path: Path) -> int:
    """Writes it, about 200 MB of 1,908 columns, and says how many rows it has; every country has the figures of the one."""
    with ONE.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
        rows = list(csv.reader(file))
    assert header[:2] == ["country_name", "country_text_id"]
    names = countries.register().names()
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        for iso3 in sorted(names)[:COUNTRIES]:
            out.writerows([names[iso3], iso3, *row[2:]] for row in rows)
    return COUNTRIES * len(rows)
