"""The Worldwide Governance Indicators, in each of the layouts in which the World Bank has given them.

    long     update of 2024: one sheet, a row a country, year and indicator
    sheets   since the update of 2025: one sheet an indicator, a row a country and year, new titles
    wide     up to 2023: one sheet an indicator, a row a country, years over the columns of each
    bulk     WGICSV.csv of DataBank: a row a country and indicator, one column a year

The update is told by the figures: it is the year after the newest they hold.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from eligibility.data.readers import Head, grids, series_of, strict, wdi
from eligibility.data.readers.release import Release, Row, only
from eligibility.data.readers.strict import Years
from eligibility.errors import DataError, Problem

FAMILY = "wgi"

_COLUMNS = ("code", "year", "indicator", "estimate", "stddev", "nsource")
_SHEETS = {
    "name": "Economy (name)",
    "code": "Economy (code)",
    "year": "Year",
    "estimate": "Governance estimate (approx. -2.5 to +2.5)",
    "stddev": "Standard error (estimate)",
    "nsource": "Number of sources",
}
_KEYS = {"Country/Territory": "name", "Code": "code", "WBCode": "code"}
_WIDE = {"Estimate": "estimate", "StdErr": "stddev", "NumSrc": "nsource"}
_TITLES = {
    "voice and accountability": "va",
    "political stability": "pv",
    "government effectiveness": "ge",
    "regulatory quality": "rq",
    "rule of law": "rl",
    "control of corruption": "cc",
}
_BULK = {"EST": "estimate", "STD.ERR": "stddev", "NO.SRC": "nsource"}
LAYOUTS = (("codeindyr", *_COLUMNS), tuple(_SHEETS.values()))
_ABSENT = {"long": ("..", ""), "sheets": ("..", ""), "wide": ("#N/A", "")}

Ranges = Mapping[str, tuple[float, float]]  # kind of figure -> the least and the largest it may be


def recognise(path: Path, head: Head) -> str | None:
    """The year of the update, one more than the newest year it covers."""
    if not head.sheets:
        codes = [row[3] for row in itertools.islice(head.records(), 1, 50) if len(row) > 3]
        if head.columns[:4] != wdi.LAYOUT or not codes or not all(map(wdi.GOVERNANCE.fullmatch, codes)):
            return None
        years = [name for name in head.columns[4:] if name]
    elif {"codeindyr", *_COLUMNS} <= set(head.columns):
        place = head.columns.index("year")
        years = [row[place] for row in head.rows[1:]]
    elif found := _sheets(path, head.sheets):
        _, sheet = found[0]
        years = list(sheet.rows[sheet.top - 2])
        if "Year" in sheet.titles:
            years = [row[sheet.titles.index("Year")] for row in sheet.rows[sheet.top :]]
    else:
        return None
    covered = [int(cell) for cell in years if re.fullmatch(r"[0-9]{4}", cell)]
    return str(max(covered) + 1) if covered else ""


def read(paths: Sequence[Path], vintage: str) -> Release:
    """The six estimates with their standard errors, and the number of sources of each."""
    path, sheets = only(paths), series_of(FAMILY, vintage)
    named = {sheet["publisher_code"]: name for name, sheet in sheets.items()}
    lo, hi = sheets["control_of_corruption"]["range"]
    ranges = {"estimate": (lo, hi), "stddev": (0, (hi - lo) / 2), "nsource": (1, np.inf)}
    every = pd.concat(list(_parts(path, ranges)), ignore_index=True)
    keys = {"iso3": every["iso3"], "year": every["year"]}
    indicators, counted = every["indicator"], every["indicator"] + " nsource"
    estimates = {"series": indicators.map(named), "value": every["estimate"], "sd": every["stddev"]}
    counts = {"series": counted.map(named), "value": every["nsource"], "sd": np.nan}
    for part, what in ((estimates, "estimate"), (counts, "nsource")):
        part.update(table=every["table"], line=every[f"{what} line"], column=every[f"{what} column"])
    long = pd.concat([pd.DataFrame({**keys, **part}) for part in (estimates, counts)], ignore_index=True)
    long = long[long["iso3"].notna() & long["value"].notna()].reset_index(drop=True)
    lost = int(every["iso3"].isna().sum())
    return Release(long, (path,), {"not a country": lost} if lost else {})


def _parts(path: Path, ranges: Ranges) -> Iterator[pd.DataFrame]:
    """What a file of any layout is made of, as rows of iso3, year, indicator, estimate, stddev and nsource."""
    head = Head(path)
    if not head.sheets:
        yield _bulk(path, ranges)
    elif {"codeindyr", *_COLUMNS} <= set(head.columns):
        yield _long(path, ranges)
    else:
        found = _sheets(path, head.sheets)
        here = [indicator for indicator, _ in found]
        if sorted(here) != sorted(_TITLES.values()):
            rule = "must hold one sheet for each of va, pv, ge, rq, rl, cc"
            raise DataError(Problem(path.name, "sheets", rule, got=", ".join(here) or "none"))
        for indicator, sheet in found:
            read_sheet = _sheet if _SHEETS["code"] in sheet.titles else _wide
            yield from read_sheet(sheet, indicator, ranges)


def _figures(
    table: strict.Table,
    places: Sequence[str | None],
    years: Years | int,
    indicators: Sequence[str] | str,
    columns: Mapping[str, str],
    ranges: Ranges,
    absent: Sequence[str],
) -> pd.DataFrame:
    """The rows of a table with these columns (kind of figure -> column)."""
    figures = {what: table.numbers(column, absent, *ranges[what]) for what, column in columns.items()}
    table.check()
    there = {"table": table.file} | {f"{what} line": table.line for what in columns}
    there |= {f"{what} column": column for what, column in columns.items()}
    return pd.DataFrame({"iso3": places, "year": years, "indicator": indicators, **figures, **there})


def _long(path: Path, ranges: Ranges) -> pd.DataFrame:
    """The one sheet of the update of 2024."""
    sheet = grids.Sheet(path.name, strict.xlsx_rows(path))
    table = sheet.table((*_COLUMNS, *{"countryname"}.intersection(sheet.titles)))
    years, places = table.years("year"), table.countries("code", "wgi", "countryname")
    indicators = table.text["indicator"]
    table.once("code", places, years.tolist(), indicators)
    for row, indicator in enumerate(indicators):
        if indicator not in _TITLES.values():
            table.refuse(row, "indicator", "must be one of va, pv, ge, rq, rl, cc", indicator)
    columns = {what: what for what in ranges}
    return _figures(table, places, years, indicators, columns, ranges, _ABSENT["long"])


def _sheet(sheet: grids.Sheet, indicator: str, ranges: Ranges) -> Iterator[pd.DataFrame]:
    """One indicator's sheet since the update of 2025."""
    table, columns = sheet.table(_SHEETS.values()), {what: _SHEETS[what] for what in ranges}
    years, places = table.years("Year"), table.countries(_SHEETS["code"], "wgi", _SHEETS["name"])
    table.once(_SHEETS["code"], places, years.tolist())
    yield _figures(table, places, years, indicator, columns, ranges, _ABSENT["sheets"])


def _wide(sheet: grids.Sheet, indicator: str, ranges: Ranges) -> Iterator[pd.DataFrame]:
    """One indicator's sheet up to the update of 2023; the years stand in the row above the header."""
    names, over, years = sheet.titles, sheet.rows[sheet.top - 2], []
    for place, title in enumerate(names):
        names[place] = _KEYS.get(title, title)
        if title in _WIDE and re.fullmatch(r"[0-9]{4}", over[place]):
            names[place] = f"{_WIDE[title]} {over[place]}"
            years.append(int(over[place]))
    years = sorted(set(years))
    wanted = ["name", "code", *(f"{what} {year}" for year in years for what in ranges)]
    table = sheet.table(wanted, names)
    places = table.countries("code", "wgi", "name")
    table.once("code", places)
    for year in years:
        columns = {what: f"{what} {year}" for what in ranges}
        yield _figures(table, places, year, indicator, columns, ranges, _ABSENT["wide"])


def _bulk(path: Path, ranges: Ranges) -> pd.DataFrame:
    """DataBank's bulk file: a row a country and code such as CC.EST, one column a year."""
    years = wdi.years_of(strict.csv_header(path), wdi.LAYOUT, f"{path.name}:1")
    table = strict.read_csv(path, [wdi.NAME, wdi.CODE, wdi.INDICATOR, *years])
    iso3s = table.countries(wdi.CODE, "wb", wdi.NAME)
    table.once(wdi.CODE, iso3s, table.text[wdi.INDICATOR])
    codes = [wdi.GOVERNANCE.fullmatch(code) for code in table.text[wdi.INDICATOR]]
    named = [f"{code[1].lower()} {_BULK[code[2]]}" if code and code[2] in _BULK else "" for code in codes]
    kept = [bool(name) and iso3 is not None for name, iso3 in zip(named, iso3s, strict=True)]
    table.keep(kept)
    iso3s, named = list(itertools.compress(iso3s, kept)), list(itertools.compress(named, kept))
    sheets = {name: {"range": ranges[name.partition(" ")[2]]} for name in named}
    rows: list[Row] = []
    for column, year in years.items():
        rows += grids.mixed(table, iso3s, [year] * len(table), column, named, sheets)
    table.check()
    long = pd.DataFrame(
        [(iso3, year, *name.split(" "), value, *place[1:]) for iso3, year, name, value, place in rows],
        columns=["iso3", "year", "indicator", "kind", "value", "line", "column"],
    )
    keys, parts = ["iso3", "year", "indicator"], []
    for what in ("value", "line", "column"):
        wide = long.pivot(index=keys, columns="kind", values=what).reindex(columns=list(ranges))
        parts.append(wide if what == "value" else wide.add_suffix(f" {what}"))
    return pd.concat(parts, axis=1).reset_index().assign(table=table.file)


def _sheets(path: Path, names: Sequence[str]) -> list[tuple[str, grids.Sheet]]:
    """The indicator of each sheet that is one's, with its header: those in the layout since 2025, then those up to 2023.

    Up to 2023 the indicator stands above the header (one has columns in front).
    """
    new, old = [], []
    for name in names:
        where, rows = f"{path.name}, sheet '{name}'", strict.xlsx_rows(path, name)
        indicator = name.strip().lower()
        top = grids.header_of(rows, (_SHEETS["code"], _SHEETS["estimate"]))
        if top and indicator in _TITLES.values():
            new.append((indicator, grids.Sheet(where, rows, top)))
        top = grids.header_of(rows, ("Country/Territory", *_WIDE))
        above = [cell.strip().lower() for row in rows[: max(top - 1, 0)] for cell in row if cell]
        said = [short for title, short in _TITLES.items() if any(cell.startswith(title) for cell in above)]
        if top > 1 and len(said) == 1:
            old.append((said[0], grids.Sheet(where, rows, top)))
    return [*new, *old]
