"""UNDP Human Development Report, composite indices over time: one row a country, one column a year."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from eligibility.data.readers import SINCE, Head, grids, series_of, strict
from eligibility.data.readers.release import Release, Row, only, release
from eligibility.errors import DataError, Problem, quoted

FAMILY = "undp"
LAYOUTS = (("iso3", "country", "hdicode"),)

_REPORT = re.compile(r"HDR(\d\d)(?:-(\d\d))?(?!\d)")


def recognise(path: Path, head: Head) -> str | None:
    """hdr2023-24, after the report in the file's name; the file itself names none."""
    if not {"iso3", "country", "hdicode"} <= set(head.columns):
        return None
    report = _REPORT.search(path.name)
    return f"hdr20{report[1]}" + (f"-{report[2]}" if report[2] else "") if report else ""


def read(paths: Sequence[Path], vintage: str) -> Release:
    """The Human Development Index and its four parts, a value for each country and year that has one."""
    path = only(paths)
    series = series_of(FAMILY, vintage)
    encoding = strict.encoding(path)  # Latin-1 as published, UTF-8 once a spreadsheet saved it
    header = strict.csv_header(path, encoding=encoding)
    columns = {
        f"{entry['publisher_code']}_{year}": (name, year)
        for name, entry in series.items()
        for year in _years(header, entry["publisher_code"], f"{path.name}:1")
    }
    _check_report(path, vintage, max((year for _, year in columns.values()), default=0))
    table = strict.read_csv(path, ["iso3", "country", *columns], encoding=encoding)
    iso3s = table.countries("iso3", FAMILY, "country")
    table.once("iso3", table.text["iso3"])
    _check_letters(table, encoding)
    rows: list[Row] = []
    for column, (name, year) in columns.items():
        rows += grids.figures(table, iso3s, [year] * len(table), {name: column}, series)
    table.check()
    return release(rows, [path], {"UNDP aggregate": iso3s.count(None)})


def _years(header: Sequence[str], code: str, place: str) -> list[int]:
    """The years of an indicator in the file: hdi_1990 is one of hdi, hdi_f_1990 and hdi_rank_2022 are not."""
    rest = [name.removeprefix(f"{code}_") for name in header if name.startswith(f"{code}_")]
    years = []
    for name in (name for name in rest if not re.fullmatch(r"[a-z_]+_[0-9]{4}", name)):
        try:
            years.append(strict.year(name))
        except ValueError as error:
            column = f"column '{quoted(f'{code}_{name}')}'"
            raise DataError(Problem(place, column, f"must end in {error}")) from None
    return [year for year in years if year >= SINCE]


def _check_report(path: Path, vintage: str, newest: int) -> None:
    """Refuse a report whose newest figures are not of the two years before it, or of its own: the name may be wrong."""
    named = re.fullmatch(r"hdr(20\d\d)(?:-\d\d)?", vintage)
    if named and not int(named[1]) - 2 <= newest <= int(named[1]):
        rule = f"must be a report with figures to {int(named[1]) - 2} at least and {named[1]} at most, by its name"
        raise DataError(Problem(path.name, "vintage", rule, got=f"{vintage}, figures to {newest}"))


def _check_letters(table: strict.Table, encoding: str) -> None:
    """Refuse a name that was written in another encoding and lost its letters on the way."""
    for row, name in enumerate(table.text["country"]):
        if "Ã" in name or "\ufffd" in name:
            table.refuse(row, "country", f"must be {encoding}", name, "it looks like UTF-8 read as Latin-1")
        elif not name.replace("\xa0", " ").isprintable():
            table.refuse(row, "country", f"must be {encoding}", name, "it looks like Windows-1252")
