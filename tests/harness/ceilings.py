"""datasets/thresholds/world-bank.csv again, from the sheet "Thresholds" of the World Bank's workbook OGHIST.

python tests/harness/ceilings.py OGHIST.xlsx
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from eligibility.data.readers import oghist, strict
from eligibility.errors import DataError, Problem
from eligibility.files import disk
from eligibility.resources import shipped

CEILINGS = "Thresholds"


@dataclass(frozen=True)
class Ceilings:
    """What one fiscal year's classes and IDA eligibility rest on, US dollars of GNI per capita (Atlas)."""

    fiscal_year: int
    data_year: int
    ida: int  # historical ceiling, row "II. IDA Eligibility"; MCC's low-income cut
    low: int
    lower_middle: int
    upper_middle: int
    # above it a country is to graduate from the IBRD; MCC's upper bound of candidates since FY26
    graduation: int


def thresholds(path: Path) -> list[Ceilings]:
    """The ceilings of every fiscal year since FY89, oldest first."""
    sheet = strict.xlsx_rows(path, CEILINGS)
    years = {c: y for c, y in oghist.fiscal_years(sheet, path.name).items() if y >= 1989}
    oghist.check_data_years(sheet, years, path.name)
    wanted = ("II. IDA Eligibility", "Low income", "Lower middle income", "Upper middle income")
    lines = [oghist.row_of(sheet, label, path.name) for label in wanted]
    above, where = oghist.row_of(sheet, "V. IBRD Graduation", path.name), f"{path.name}:{CEILINGS}"
    found = []
    for column, year in years.items():
        first, *rest = above[column].partition(">")
        if first or not rest[0]:
            rule = "must be '> n' in US dollars"
            raise DataError(Problem(where, f"FY{year % 100:02d}", rule, above[column]))
        figures = (*(row[column] for row in lines), f"<= {rest[1]}")
        found.append(Ceilings(year, year - 2, *(_ceiling(cell, where, year) for cell in figures)))
    return found


def text(path: Path) -> str:
    """The text of datasets/thresholds/world-bank.csv, compiled from the workbook."""
    lines = ["fy,data_year,ida_ceiling,low_ceiling,lm_ceiling,um_ceiling,ibrd_graduation"]
    for one in thresholds(path):
        figures = (one.data_year, one.ida, one.low, one.lower_middle, one.upper_middle, one.graduation)
        lines.append(",".join([f"FY{one.fiscal_year % 100:02d}", *map(str, figures)]))
    return "\n".join(lines) + "\n"


def _ceiling(cell: str, file: str, fiscal: int) -> int:
    """The upper end of "<= 1,985" or "1,046-4,125".

    >>> _ceiling("3,126- 9,655", "OGHIST.xlsx", 1999)
    9655
    """
    last = re.split(r"<=|-", cell)[-1].strip()
    if not re.fullmatch(r"[0-9]{1,2},[0-9]{3}|[0-9]{3}", last):
        raise DataError(Problem(file, f"FY{fiscal % 100:02d}", "must be '<= n' or 'n-n' in US dollars", cell))
    return int(last.replace(",", ""))


if __name__ == "__main__":
    disk.put(shipped("datasets") / "thresholds" / "world-bank.csv", text(Path(sys.argv[1])).encode())
