"""Freedom House, Freedom in the World: three workbooks that overlap, each a vintage of its own.

    scores    Aggregate_Category_and_Subcategory_Scores: totals from the 2003 edition, everything from the 2006 one
    all       All_data: the same columns and the 25 questions, from the 2013 edition
    ratings   Country_and_Territory_Ratings_and_Statuses: ratings from 1 to 7 and status, from the first survey

Edition N describes the year N - 1. The first two give the same series, whole, from whichever is newer; the third
gives the `historical_` series, so that importing one workbook never takes a series of another away.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from eligibility.data.readers import BEFORE, SINCE, Head, grids, series_of, strict
from eligibility.data.readers.release import Place, Release, Row, only, release, why_left_out
from eligibility.errors import DataError, Problem

FAMILY = "fh"

_SHEET = re.compile(r"FIW(\d\d)-(\d\d)")
_RATINGS = ("Country Ratings, Statuses", "Territory Ratings, Statuses")
_TOTALS = {"political_rights": "PR", "civil_liberties": "CL", "total": "Total"}
_FOLLOWS = 2003  # since the ratings of that year the status follows from them alone
_STATUS = {"NF": "NF", "PF": "PF", "F": "F"}
_ABSENT = ("-", "")  # not rated in that edition
_SLIPPED = "the ratings may have slipped by a row; another edition of the workbook gives the same year"
LAYOUTS = (("Country/Territory", "Edition", "Status", "PR", "CL", "Total"),)


def recognise(path: Path, head: Head) -> str | None:
    """The kind of workbook and its newest edition by its content: All_data_FIW_2013-2024 holds edition 2025."""
    if any(name.strip() == _RATINGS[0] for name in head.sheets):
        top = strict.xlsx_rows(path, _full(path, _RATINGS[0]))[:1]
        editions = [cell for row in top for cell in row if re.fullmatch(r"[0-9]{4}", cell)]
        return f"ratings-{editions[-1]}" if editions else ""
    spans = [match.groups() for name in head.sheets if (match := _SHEET.fullmatch(name.strip()))]
    if not spans:
        return None
    kind = "scores" if any(first == "06" for first, _ in spans) else "all"
    return f"{kind}-20{max(last for _, last in spans)}"


def read(paths: Sequence[Path], vintage: str) -> Release:
    """The scores, ratings and status of one workbook."""
    path = only(paths)
    if vintage.startswith("ratings"):
        return _ratings(path)
    rows, names = [], []
    for name in strict.sheets(path):
        if _SHEET.fullmatch(name.strip()):
            reader = _three_editions if name.strip() == "FIW03-05" else _editions
            found, left = reader(path, name, vintage)
            rows += found
            names += left
    return release(rows, [path], why_left_out(names, "name"))


def _full(path: Path, name: str) -> str:
    """The name of a sheet with the blanks that follow it."""
    return next((full for full in strict.sheets(path) if full.strip() == name), name)


def _editions(path: Path, name: str, vintage: str) -> tuple[list[Row], list[str]]:
    """One row a country and edition."""
    sheet = grids.Sheet.under(path, name, "Country/Territory", "Edition", "Total")
    sheets = series_of(FAMILY, vintage)
    codes = {
        series: entry["publisher_code"].lower()
        for series, entry in sheets.items()
        if not series.startswith("historical_")
    }
    # The two workbooks write 'C/T?' and 'C/T', 'PR Rating' and 'PR rating'.
    titles = map(str.lower, sheet.titles)
    table = sheet.table(("country/territory", "edition", *codes.values()), titles)
    match = _SHEET.fullmatch(name.strip())
    assert match  # as `read` chose it by this pattern
    first, last = (int(f"20{digits}") for digits in match.groups())
    years = table.years("edition") - 1
    for row, year in enumerate(years):
        if year >= 0 and not first <= year + 1 <= last:
            table.refuse(row, "edition", f"must lie between {first} and {last}, as its sheet says", year + 1)
    iso3s = table.countries("country/territory", "name", years=years)
    table.once("country/territory", iso3s, years.tolist())
    _check_sums(table, "pr", "cl", "total")
    status = codes.pop("status")
    long = grids.figures(table, iso3s, years, codes, sheets)
    long += grids.labels(table, iso3s, years, status, "status", _STATUS, missing=())
    table.check()
    return long, table.text["country/territory"]


def _three_editions(path: Path, name: str, vintage: str) -> tuple[list[Row], list[str]]:
    """One row a country, three totals for each of the editions 2003 to 2005; '-' where it was not rated."""
    sheet = grids.Sheet.under(path, name, "Country/Territory", "FIW03 PR", "FIW05 Total")
    columns = {
        year: {s: f"FIW0{year - 1999} {code}" for s, code in _TOTALS.items()} for year in range(2002, 2005)
    }
    wanted = ("Country/Territory", *(column for three in columns.values() for column in three.values()))
    table = sheet.table(wanted)
    sheets = series_of(FAMILY, vintage)
    long: list[Row] = []
    for year, three in columns.items():
        rated = [row for row, cell in enumerate(table.text[three["total"]]) if cell not in _ABSENT]
        years = [year] * len(table)
        iso3s = table.countries("Country/Territory", "name", years=years, rows=rated)
        table.once("Country/Territory", iso3s, years)
        _check_sums(table, *three.values())
        long += grids.figures(table, iso3s, years, three, sheets, _ABSENT)
    table.check()
    return long, table.text["Country/Territory"]


def _check_sums(table: strict.Table, rights: str, liberties: str, total: str) -> None:
    """Refuse a row whose total is not the sum of its two halves: a column has slipped."""
    halves = table.numbers(rights, _ABSENT) + table.numbers(liberties, _ABSENT)
    for row, (made, given) in enumerate(zip(halves, table.numbers(total, _ABSENT), strict=True)):
        if made != given and not (made != made and given != given):  # both missing is well
            rule = f"must be {rights} plus {liberties}" + (f", {made:g}" if made == made else "")
            table.refuse(row, total, rule, table.text[total][row])


def _check_status(table: strict.Table, year: int, rated: Sequence[int]) -> None:
    """Refuse a row whose status is not that of its two ratings: columns have slipped against one another."""
    halves = [table.numbers(f"{half} {year}", _ABSENT) for half in ("PR", "CL")]
    mean = (halves[0] + halves[1]) / 2
    for row in rated:
        status = table.text[f"Status {year}"][row]
        follows = "F" if mean[row] <= 2.5 else "PF" if mean[row] <= 5 else "NF"
        if mean[row] == mean[row] and status in _STATUS and status != follows:
            rule = f"must be {follows}, which follows from the mean of PR and CL"
            got = f"{table.text['Country'][row]}: {status}, {halves[0][row]:g}, {halves[1][row]:g}"
            table.refuse(row, f"Status {year}", rule, got, _SLIPPED)


def _ratings(path: Path) -> Release:
    """One row a country or territory, three columns an edition, from the year SINCE on.

    Some editions list a unit in both sheets (Kosovo, Hong Kong): the same figures twice are one figure.
    """
    rows: dict[tuple[str, int, str], tuple[float | str, Place]] = {}
    names: list[str] = []
    early, twice, problems = 0, set(), []
    for name in _RATINGS:
        found, rated, before = _ratings_sheet(path, name)
        names, early = names + rated, early + before
        for iso3, year, series, value, here in found:
            first, place = rows.setdefault((iso3, year, series), (value, here))
            if place == here:
                continue
            if first == value:
                twice.add((iso3, year))
            else:
                rule = f"must be the same in both sheets; {place[0]}:{place[1]} has {first}"
                problems.append(
                    Problem(f"{here[0]}:{here[1]}", f"{series}, {iso3} {year}", rule, got=str(value))
                )
    if problems:
        raise DataError(problems)
    kept = [(*key, *figure) for key, figure in rows.items()]
    left = {BEFORE: early, "country-year in both sheets with the same figures, taken once": len(twice)}
    return release(kept, [path], why_left_out(names, "name"), left)


def _ratings_sheet(path: Path, name: str) -> tuple[list[Row], list[str], int]:
    """One sheet's figures, the names that were rated and the figures before SINCE."""
    sheets = series_of(FAMILY, "")
    sheet = grids.Sheet.under(path, _full(path, name), "PR", "CL", "Status")
    # Surveys up to the year 1989 describe other spans than calendar years and are not kept.
    over = sheet.rows[sheet.top - 2] if sheet.top > 1 else []
    starts = {int(y): at for at, y in enumerate(over) if re.fullmatch(r"[0-9]{4}", y) and int(y) >= SINCE}
    names = ["Country", *sheet.titles[1:]]
    for year, at in starts.items():
        names[at : at + 3] = [f"{title} {year}" for title in names[at : at + 3]]
    wanted = ["Country", *(f"{what} {year}" for year in starts for what in ("PR", "CL", "Status"))]
    table = sheet.table(wanted, names)
    rows: list[Row] = []
    kept: list[str] = []
    for year in starts:
        rated = [row for row, cell in enumerate(table.text[f"Status {year}"]) if cell not in _ABSENT]
        years = [year] * len(table)
        iso3s = table.countries("Country", "name", years=years, rows=rated)
        table.once("Country", iso3s, years)
        codes = {f"historical_{half}_rating": f"{half.upper()} {year}" for half in ("pr", "cl")}
        rows += grids.figures(table, iso3s, years, codes, sheets, _ABSENT)
        rows += grids.labels(
            table, iso3s, years, f"Status {year}", "historical_status", _STATUS, missing=_ABSENT
        )
        if year >= _FOLLOWS:
            _check_status(table, year, rated)
        kept += [table.text["Country"][row] for row in rated]
    table.check()
    first = min(starts.values(), default=1)
    return rows, kept, sum(cell in _STATUS for row in sheet.rows[sheet.top :] for cell in row[1:first])
