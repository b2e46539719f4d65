"""World Bank's list of economies, workbook CLASS: income class and lending category of one fiscal year.

The year is in the sheet "Notes": classes "set on 1 July 2022" are those of fiscal year 2023 and rest on income of
2021, under which they are stored as in OGHIST. The note's own "according to 2022 gross national income" is not
to be trusted: the ceilings beside it are those of fiscal year 2023. After a blank row the list names regional
aggregates; there it ends.
"""

from __future__ import annotations

import re
from pathlib import Path

from eligibility import countries
from eligibility.errors import DataError, Problem
from eligibility.readers import Head, strict
from eligibility.readers.rows import Row

LIST, NOTES = "List of economies", "Notes"
COLUMNS = ("Economy", "Code", "Region", "Income group", "Lending category")
CLASSES = {"Low income": 0, "Lower middle income": 1, "Upper middle income": 2, "High income": 3}
LENDING = {"IBRD": 0, "Blend": 1, "IDA": 2}
NONE = ""  # unclassified (Venezuela since FY22), or no borrower

_YEAR = re.compile(r"classifications set on 1 July (20[0-9]{2})")


def recognise(path: Path, head: Head) -> str | None:
    """class-fyNN, the fiscal year that starts on the day its notes name."""
    if not {LIST, NOTES} <= set(head.sheets):
        return None
    start = set_in(path)
    return f"class-fy{(start + 1) % 100:02d}" if start else ""


def set_in(path: Path) -> int | None:
    """The year on whose 1 July the classes were set; None where the notes do not say."""
    text = " ".join(cell for row in strict.xlsx_rows(path, NOTES) for cell in row)
    found = _YEAR.search(text)
    return int(found[1]) if found else None


def read(path: Path, vintage: str) -> tuple[list[Row], dict[str, int]]:
    """Income class (0 L to 3 H) and lending category (0 IBRD, 1 Blend, 2 IDA) of every economy listed."""
    sheet = strict.xlsx_rows(path, LIST)
    if not re.fullmatch("class-fy[0-9]{2}", vintage):
        raise DataError(Problem(path.name, "vintage", "must be a fiscal year such as class-fy23", vintage))
    year = 1998 + int(vintage.rpartition("fy")[2])
    if not sheet or tuple(sheet[0][: len(COLUMNS)]) != COLUMNS:
        got = ", ".join(sheet[0][: len(COLUMNS)]) if sheet else ""
        raise DataError(Problem(f"{path.name}:{LIST}:1", "columns", f"must be {', '.join(COLUMNS)}", got))
    end = next((line for line, row in enumerate(sheet) if not any(row)), len(sheet))
    rows, problems, seen = [], [], {}
    for line, (_, code, _, income, lending, *_) in enumerate(sheet[1:end], start=2):
        place = f"{path.name}:{LIST}:{line}"
        try:
            iso3 = countries.register().resolve(code, scheme="wb")
        except countries.UnknownCode as error:
            problems.append(
                Problem(place, "column 'Code'", "must be a code the register knows", code, error.hint)
            )
            continue
        if iso3 is None:
            problems.append(
                Problem(place, "column 'Code'", "must be a country's: groups follow a blank row", code)
            )
        elif seen.setdefault(iso3, line) != line:
            problems.append(
                Problem(place, "column 'Code'", f"must be there once; row {seen[iso3]} has it", code)
            )
        for column, label, classes in (
            ("Income group", income, CLASSES),
            ("Lending category", lending, LENDING),
        ):
            if label in classes:
                series = "income_class" if classes is CLASSES else "lending_category"
                rows.append((iso3, year, series, float(classes[label])))
            elif label != NONE:
                rule = f"must be {', '.join(classes)} or empty"
                problems.append(Problem(place, f"column '{column}'", rule, label))
    if problems:
        raise DataError(problems)
    return rows, {"regional aggregates": sum(any(row) for row in sheet[end:])}
