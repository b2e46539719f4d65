"""A series of the user's own: a small table of figures, kept like a publisher's release and marked as theirs.

Long (country, year, value) or wide (country, then one column a year); countries by ISO3 code or by name, or by both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from eligibility.data import origins
from eligibility.data.compiled import Compiled, measured, sha256_of, values_text, whole
from eligibility.data.readers import readers, strict
from eligibility.data.sources import OWN, VALUES
from eligibility.errors import DataError, Problem, UsageError

SCHEMES = {"iso3": "iso3", "code": "iso3", "country": "name", "name": "name"}  # first column -> scheme
_ID = re.compile(r"[a-z][a-z0-9]*\.[a-z][a-z0-9_]*")
LONG = ("year", "value")
TAKEN = ("iso3", "year", "place")  # columns of a table of ours, which no series may be called
LONGEST = 200  # letters of a label or a unit


@dataclass(frozen=True)
class Meaning:
    """What a user says of their series."""

    series: str  # "embassy.assessment"
    label: str
    better: str  # high | low
    lo: float
    hi: float
    unit: str = ""
    sd_column: str = ""


def compiled(path: Path, meaning: Meaning, released: date) -> Compiled:
    """The source one table makes; every problem of the table or of what was said of it at once."""
    family, _, name = meaning.series.partition(".")
    if problems := _wrong(meaning, family):
        raise UsageError(problems)
    frame, lost, stands = _frame(path, meaning, name)
    last = frame.index.get_level_values("year").max()
    if last > released.year:
        rule = f"must not lie after {released.isoformat()}, the day it came out"
        raise DataError(Problem(path.name, "year", rule, str(last)))
    vintage = name.replace("_", "-")
    table = values_text(frame).encode()
    rows, said = origins.made(stands, {path.name: path.name})
    sd = f"{name}_sd" in frame
    how = f"As given in the column '{meaning.sd_column}'." if sd else "None is given."
    entry = {
        "label": meaning.label,
        "description": f"{meaning.label}: figures of your own.",
        "publisher_code": name,
        "unit": meaning.unit or f"{meaning.lo:g} to {meaning.hi:g}",
        "better": meaning.better,
        "range": [meaning.lo, meaning.hi],
        "decimals": 2,
        "lag_months": 0,
        "uncertainty": {"kind": "published" if sd else "none", "how": how},
    }
    sheet: dict[str, Any] = {
        "id": f"{family}-{vintage}",
        "family": family,
        "vintage": vintage,
        "publisher": OWN,
        "title": meaning.label,
        "citation": f"{meaning.label}. Figures of your own, {path.name}.",
        "url": "",
        "licence": "your own",
        "licence_url": "",
        "ship": False,
        "released": released,
        "notes": ["Figures of your own; nobody else publishes them."],
        "files": [{"name": path.name, "sha256": sha256_of(path)}],
        "values": measured(frame, table),
        "left_out": {"row that is no country": lost} if lost else {},
        "series": {name: entry},
        "origins": said,
    }
    return whole(
        sheet,
        {VALUES: table, origins.ORIGINS: rows},
        frame,
        made="Made by `eligibility data import --series`",
    )


def _wrong(meaning: Meaning, family: str) -> list[Problem]:
    """What is wrong with what the user says of the series."""
    problems = []
    if not _ID.fullmatch(meaning.series) or len(meaning.series) > 60:
        rule = "two words in small letters with a point between, such as embassy.assessment"
        problems.append(Problem("--series", "id", rule, meaning.series))
    elif family in readers():
        hint = "begin with a word of your own, such as embassy"
        problems.append(Problem("--series", "id", f"'{family}' is a publisher's", meaning.series, hint))
    elif (name := meaning.series.partition(".")[2]) in TAKEN:
        rule = f"'{name}' is a column that every table has; choose another word"
        problems.append(Problem("--series", "id", rule, meaning.series))
    for option, text in (("--label", meaning.label), ("--unit", meaning.unit)):
        if not text.isprintable() or len(text) > LONGEST:
            rule = f"at most {LONGEST} letters that can be seen"
            problems.append(Problem(option, "text", rule, text))
    if not meaning.label.strip():
        problems.append(Problem("--label", "text", "must say what the figures are"))
    if not meaning.lo < meaning.hi or not np.isfinite([meaning.lo, meaning.hi]).all():
        problems.append(
            Problem(
                "--range", "LO HI", "must be two numbers, the lower first", f"{meaning.lo:g} {meaning.hi:g}"
            )
        )
    return problems


def _frame(path: Path, meaning: Meaning, name: str) -> tuple[pd.DataFrame, int, pd.DataFrame]:
    """The figures, (iso3, year) x series and its error; how many rows are of no country; where each stands in the file."""
    header = strict.csv_header(path)
    first = header[0].strip().lower() if header else ""
    if first not in SCHEMES:
        rule = f"the first column must be {', '.join(SCHEMES)}"
        raise DataError(Problem(f"{path.name}:1", "columns", rule, ", ".join(header[:5])))
    keys = {SCHEMES[c.strip().lower()]: c for c in reversed(header) if c.strip().lower() in SCHEMES}
    scheme = "iso3" if "iso3" in keys else "name"
    # a column of names beside one of codes, which are held against each other
    key, names = keys[scheme], keys["name"] if len(keys) > 1 else ""
    errors = [meaning.sd_column] if meaning.sd_column else []
    if meaning.sd_column in (*keys.values(), *LONG):
        rule = "must be one of its own, not that of country, year or value"
        raise UsageError(Problem("--sd-column", "column", rule, meaning.sd_column))
    if set(LONG) <= set(header):
        table = strict.read_csv(path, [*keys.values(), *LONG, *errors], once=[key, "year"])
        places, years = table.countries(key, scheme, names), table.years("year")
        values = table.numbers("value", lo=meaning.lo, hi=meaning.hi)
        sds = table.numbers(errors[0], lo=0) if errors else np.full(len(table), np.nan)
        table.once(key, places, years.tolist())
        table.check()
        stand = [table.place(row, "value") for row in range(len(table))]
        rows = list(zip(places, years.tolist(), values, sds, stand, strict=True))
    else:
        titles = [column for column in header if column and column not in keys.values()]
        if errors or not titles or not all(map(_is_year, titles)):
            rule = "must be year and value, or one column a year"
            rule += ", and errors need the first" if errors else ""
            raise DataError(Problem(f"{path.name}:1", "columns", rule, ", ".join(header[:5])))
        table = strict.read_csv(path, [*keys.values(), *titles])
        places = table.countries(key, scheme, names)
        table.once(key, places)
        columns = {year: table.numbers(year, lo=meaning.lo, hi=meaning.hi) for year in titles}
        table.check()
        rows = [
            (place, int(year), value, np.nan, table.place(row, year))
            for year, values in columns.items()
            for row, (place, value) in enumerate(zip(places, values, strict=True))
        ]
    frame = pd.DataFrame(rows, columns=["iso3", "year", name, f"{name}_sd", "place"])
    frame = frame.dropna(subset=["iso3", name]).astype({"year": int})
    if frame.empty:
        raise DataError(Problem(path.name, "file", "must hold a figure"))
    stands = frame[["iso3", "year"]].assign(series=name)
    for at, part in enumerate(origins.PLACE):
        stands[part] = [place[at] for place in frame["place"]]
    frame = frame.drop(columns="place").set_index(["iso3", "year"]).sort_index()
    return frame.dropna(axis=1, how="all"), sum(place is None for place in places), stands


def _is_year(name: str) -> bool:
    try:
        return strict.year(name) > 0
    except ValueError:
        return False
