"""World Bank income classes and thresholds by fiscal year, from the workbook OGHIST.

    recognise, read   sheet "Country Analytical History": one class a country and fiscal year
    thresholds        sheet "Thresholds": the ceilings those classes and IDA eligibility rest on

Classes of fiscal year FYnn are set on 1 July of nn-1 from GNI per capita of calendar year nn-2, and are kept
as published: the Bank does not revise them. They are stored under the calendar year, nn-2.

The sheet "Country_cat" found in some copies is not the Bank's and "Parameters" there is older than the rest;
neither is read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eligibility.data import countries
from eligibility.data.readers import SINCE, Head, strict
from eligibility.data.readers.rows import Row, why_left_out
from eligibility.errors import DataError, Problem

HISTORY, CEILINGS = "Country Analytical History", "Thresholds"
CLASSES = {"L": 0, "LM": 1, "UM": 2, "H": 3}
# ".." economy not classified, "" not rated (Venezuela since FY22, states that ended).
MISSING = ("..", "")
# Two Yemens of different class; only in FY89 and FY90, before our first year.
SPLIT = "LM*"

_FISCAL = re.compile(r"FY([0-9]{2})")


@dataclass(frozen=True)
class Ceilings:
    """What one fiscal year's classes and IDA eligibility rest on, US dollars of GNI per capita (Atlas)."""

    fiscal_year: int
    data_year: int
    ida: int  # historical ceiling, row "II. IDA Eligibility"; MCC's low-income cut
    low: int
    lower_middle: int
    upper_middle: int
    graduation: (
        int  # above it a country is to graduate from the IBRD; MCC's upper bound of candidates since FY26
    )


def recognise(path: Path, head: Head) -> str | None:
    """oghist-fyNN, after the newest fiscal year of the history sheet."""
    if HISTORY not in head.sheets:
        return None
    years = _fiscal_years(strict.xlsx_rows(path, HISTORY), path.name)
    return f"oghist-fy{max(years.values()) % 100:02d}"


def read(path: Path, vintage: str) -> tuple[list[Row], dict[str, int]]:
    """The income class of every economy since data year 1990 as 0 L, 1 LM, 2 UM, 3 H."""
    sheet = strict.xlsx_rows(path, HISTORY)
    years = _fiscal_years(sheet, path.name)
    _check_data_years(sheet, years, path.name)
    register, problems, groups = countries.register(), [], []
    rows: list[Row] = []
    seen: dict[str, int] = {}
    for line, cells in enumerate(sheet, start=1):
        code = cells[0].strip()
        if not code:
            continue
        place = f"{path.name}:{HISTORY}:{line}"
        try:
            iso3 = register.resolve(code, scheme="wb")
        except countries.UnknownCode as error:
            problems.append(Problem(place, "column 1", "must be a code the register knows", code, error.hint))
            continue
        if (meant := register.means(cells[1])) not in (None, iso3):
            rule = f"must be the name of its code, {code}"
            problems.append(Problem(place, "column 2", rule, cells[1], f"it means {meant}"))
        if iso3 is None:
            groups.append(code)
        elif seen.setdefault(iso3, line) != line:
            problems.append(
                Problem(place, "column 1", f"must be the only row for it; row {seen[iso3]} has it", code)
            )
        for column, fiscal in years.items():
            label = cells[column]
            if iso3 is not None and label in CLASSES and fiscal - 2 >= SINCE:
                stands = (f"{path.name}, sheet '{HISTORY}'", line, f"FY{fiscal % 100:02d}")
                rows.append((iso3, fiscal - 2, "income_class", float(CLASSES[label]), stands))
            elif label not in CLASSES and label not in MISSING and not (label == SPLIT and fiscal <= 1990):
                problems.append(
                    Problem(place, f"FY{fiscal % 100:02d}", "must be L, LM, UM, H, '..' or empty", label)
                )
    if problems:
        raise DataError(problems)
    return rows, why_left_out(groups, "wb")


def thresholds(path: Path) -> list[Ceilings]:
    """The ceilings of every fiscal year since FY89, oldest first."""
    sheet = strict.xlsx_rows(path, CEILINGS)
    years = {c: y for c, y in _fiscal_years(sheet, path.name).items() if y >= 1989}
    _check_data_years(sheet, years, path.name)
    wanted = ("II. IDA Eligibility", "Low income", "Lower middle income", "Upper middle income")
    lines = [_line(sheet, label, path.name) for label in wanted]
    above, where = _line(sheet, "V. IBRD Graduation", path.name), f"{path.name}:{CEILINGS}"
    found = []
    for column, year in years.items():
        first, *rest = above[column].partition(">")
        if first or not rest[0]:
            rule = "must be '> n' in US dollars"
            raise DataError(Problem(where, f"FY{year % 100:02d}", rule, above[column]))
        figures = (*(row[column] for row in lines), f"<= {rest[1]}")
        found.append(Ceilings(year, year - 2, *(_ceiling(cell, where, year) for cell in figures)))
    return found


def thresholds_text(path: Path) -> str:
    """The text of datasets/thresholds/world-bank.csv, compiled from the workbook."""
    lines = ["fy,data_year,ida_ceiling,low_ceiling,lm_ceiling,um_ceiling,ibrd_graduation"]
    for one in thresholds(path):
        figures = (one.data_year, one.ida, one.low, one.lower_middle, one.upper_middle, one.graduation)
        lines.append(",".join([f"FY{one.fiscal_year % 100:02d}", *map(str, figures)]))
    return "\n".join(lines) + "\n"


def _fiscal_years(sheet: Sequence[Sequence[str]], file: str) -> dict[int, int]:
    """Column position -> fiscal year, from the row that carries "Bank's fiscal year:"."""
    row = _line(sheet, "Bank's fiscal year:", file)
    found = {}
    for column, cell in enumerate(row):
        if matched := _FISCAL.fullmatch(cell.strip()):
            short = int(matched[1])
            found[column] = 1900 + short if short >= 70 else 2000 + short
    years = list(found.values())
    if not years or years != sorted(set(years)):
        raise DataError(
            Problem(file, 'row "Bank\'s fiscal year:"', "must rise from column to column", str(years))
        )
    return found


def _check_data_years(sheet: Sequence[Sequence[str]], years: dict[int, int], file: str) -> None:
    """Refuse a sheet whose classes do not rest on the calendar year two before the fiscal year."""
    row = _line(sheet, "Data for calendar year :", file)
    for column, fiscal in years.items():
        if row[column] != str(fiscal - 2):
            rule = f"must be {fiscal - 2} under FY{fiscal % 100:02d}"
            raise DataError(Problem(file, 'row "Data for calendar year :"', rule, row[column]))


def _line(sheet: Sequence[Sequence[str]], label: str, file: str) -> Sequence[str]:
    """The one row with a cell that starts with this label, in the first two columns."""
    found = [row for row in sheet if any(cell.startswith(label) for cell in row[:2])]
    if len(found) != 1:
        raise DataError(Problem(file, f"row '{label}'", "must be there once", str(len(found))))
    return found[0]


def _ceiling(cell: str, file: str, fiscal: int) -> int:
    """The upper end of "<= 1,985" or "1,046-4,125".

    >>> _ceiling("3,126- 9,655", "OGHIST.xlsx", 1999)
    9655
    """
    last = re.split(r"<=|-", cell)[-1].strip()
    if not re.fullmatch(r"[0-9]{1,2},[0-9]{3}|[0-9]{3}", last):
        raise DataError(Problem(file, f"FY{fiscal % 100:02d}", "must be '<= n' or 'n-n' in US dollars", cell))
    return int(last.replace(",", ""))
