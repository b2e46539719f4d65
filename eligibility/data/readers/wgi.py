"""The Worldwide Governance Indicators, in each of the layouts in which the World Bank has given them.

    long     update of 2024: one sheet, a row a country, year and indicator
    sheets   since the update of 2025: one sheet an indicator, a row a country and year, new titles
    wide     up to 2023: one sheet an indicator, a row a country, years over the columns of each
    bulk     WGICSV.csv of DataBank: a row a country and indicator, one column a year

The update is told by the figures: it is the year after the newest they hold.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from eligibility.data.readers import Head, grids, series_of, strict, wdi
from eligibility.data.readers.release import Release, Row, only, release
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
_KINDS = ("estimate", "stddev", "nsource")
_DOTS = ("..", "")  # no figure, since the update of 2024

Limits = Mapping[str, Mapping[str, tuple[float, float]]]  # "cc stddev" -> its range
Part = tuple[list[Row], int]  # figures by such names; how many rows were left out, which are of no country


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
    lo, hi = sheets["control_of_corruption"]["range"]
    ranges = {"estimate": (lo, hi), "stddev": (0, (hi - lo) / 2), "nsource": (1, math.inf)}
    limits = {f"{one} {kind}": {"range": both} for one in _TITLES.values() for kind, both in ranges.items()}
    rows, lost = list[Row](), 0
    for found, count in _parts(path, limits):
        rows, lost = rows + found, lost + count
    codes = {sheet["publisher_code"]: name for name, sheet in sheets.items()}  # of "cc" and "cc nsource"
    named = {code if " " in code else f"{code} estimate": name for code, name in codes.items()}
    errors = {
        (iso3, year, named[name.replace("stddev", "estimate")]): float(value)
        for iso3, year, name, value, _ in rows
        if name.endswith("stddev")
    }
    rows.sort(key=lambda row: row[2].endswith("nsource"))
    kept = ((iso3, year, named[name], value, at) for iso3, year, name, value, at in rows if name in named)
    return release(kept, [path], {"not a country": lost}, errors=errors)


def _parts(path: Path, limits: Limits) -> Iterator[Part]:
    """What a file of any layout is made of."""
    head = Head(path)
    if not head.sheets:
        yield _bulk(path, limits)
    elif {"codeindyr", *_COLUMNS} <= set(head.columns):
        yield _long(path, limits)
    else:
        found = _sheets(path, head.sheets)
        here = [indicator for indicator, _ in found]
        if sorted(here) != sorted(_TITLES.values()):
            rule = "must hold one sheet for each of va, pv, ge, rq, rl, cc"
            raise DataError(Problem(path.name, "sheets", rule, got=", ".join(here) or "none"))
        for indicator, sheet in found:
            read_sheet = _sheet if _SHEETS["code"] in sheet.titles else _wide
            yield read_sheet(sheet, indicator, limits)


def _long(path: Path, limits: Limits) -> Part:
    """The one sheet of the update of 2024."""
    sheet = grids.Sheet(path.name, strict.xlsx_rows(path))
    table = sheet.table((*_COLUMNS, *{"countryname"}.intersection(sheet.titles)))
    years, iso3s = table.years("year"), table.countries("code", "wgi", "countryname")
    indicators = table.text["indicator"]
    table.once("code", iso3s, years.tolist(), indicators)
    lost, rows = iso3s.count(None), list[Row]()
    for row, indicator in enumerate(indicators):
        if indicator not in _TITLES.values():
            table.refuse(row, "indicator", "must be one of va, pv, ge, rq, rl, cc", indicator)
            iso3s[row] = None
    for kind in _KINDS:
        named = [f"{indicator} {kind}" for indicator in indicators]
        rows += grids.mixed(table, iso3s, years, kind, named, limits, _DOTS)
    table.check()
    return rows, lost


def _sheet(sheet: grids.Sheet, indicator: str, limits: Limits) -> Part:
    """One indicator's sheet since the update of 2025."""
    table = sheet.table(_SHEETS.values())
    years, iso3s = table.years("Year"), table.countries(_SHEETS["code"], "wgi", _SHEETS["name"])
    table.once(_SHEETS["code"], iso3s, years.tolist())
    columns = {f"{indicator} {kind}": _SHEETS[kind] for kind in _KINDS}
    rows = grids.figures(table, iso3s, years, columns, limits, _DOTS)
    table.check()
    return rows, iso3s.count(None)


def _wide(sheet: grids.Sheet, indicator: str, limits: Limits) -> Part:
    """One indicator's sheet up to the update of 2023; the years stand in the row above the header."""
    names, over, years = sheet.titles, sheet.rows[sheet.top - 2], set[int]()
    for place, title in enumerate(names):
        names[place] = _KEYS.get(title, title)
        if title in _WIDE and re.fullmatch(r"[0-9]{4}", over[place]):
            names[place] = f"{_WIDE[title]} {over[place]}"
            years.add(int(over[place]))
    table = sheet.table(["name", "code", *(f"{k} {year}" for year in sorted(years) for k in _KINDS)], names)
    iso3s, rows = table.countries("code", "wgi", "name"), list[Row]()
    table.once("code", iso3s)
    for year in sorted(years):
        columns = {f"{indicator} {kind}": f"{kind} {year}" for kind in _KINDS}
        rows += grids.figures(table, iso3s, [year] * len(table), columns, limits, ("#N/A", ""))
    table.check()
    return rows, iso3s.count(None)


def _bulk(path: Path, limits: Limits) -> Part:
    """DataBank's bulk file: a row a country and code such as CC.EST, one column a year; other codes are not read."""
    years = wdi.years_of(strict.csv_header(path), wdi.LAYOUT, f"{path.name}:1")
    table = strict.read_csv(path, [wdi.NAME, wdi.CODE, wdi.INDICATOR, *years])
    iso3s = table.countries(wdi.CODE, "wb", wdi.NAME)
    table.once(wdi.CODE, iso3s, table.text[wdi.INDICATOR])
    codes = [wdi.GOVERNANCE.fullmatch(code) for code in table.text[wdi.INDICATOR]]
    named = [f"{code[1].lower()} {_BULK[code[2]]}" if code and code[2] in _BULK else "" for code in codes]
    kept = [bool(name) and iso3 is not None for name, iso3 in zip(named, iso3s, strict=True)]
    table.keep(kept)
    lost, rows = iso3s.count(None), list[Row]()
    iso3s, named = list(itertools.compress(iso3s, kept)), list(itertools.compress(named, kept))
    for column, year in years.items():
        rows += grids.mixed(table, iso3s, [year] * len(table), column, named, limits)
    table.check()
    return rows, lost


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
