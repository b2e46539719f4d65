"""World Bank's list of economies, workbook CLASS: income class and lending category of one fiscal year.

The fiscal year is that of the ceilings written in the workbook's notes ("low income, $1,145 or less"), held against
`datasets/thresholds`. The dates in the same notes are often left over from an earlier year ("set on 1 July 2022" still
stands in the workbooks of fiscal years 2024 and 2025): they only decide between two years of equal ceilings. Classes of
fiscal year nn rest on income of nn-2, under which they are stored as in OGHIST. Sheets are found by what is in them.
After a blank row the list names regional aggregates; there it ends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from eligibility.data import countries
from eligibility.data.readers import Head, grids, strict
from eligibility.data.readers.release import Row
from eligibility.errors import DataError, Problem
from eligibility.files import opened
from eligibility.resources import shipped

COLUMNS = ("Economy", "Code", "Region", "Income group", "Lending category")
KEYS = ("economy", "code", "income group")  # by these the list is known
# An empty cell is an economy without a class (Venezuela since FY22), or no borrower.
CLASSES = {"Low income": 0.0, "Lower middle income": 1.0, "Upper middle income": 2.0, "High income": 3.0}
LENDING = {"IBRD": 0.0, "Blend": 1.0, "IDA": 2.0}

_CEILINGS = re.compile(
    r"low income, \$([0-9,]+) or less; lower middle income,([^;]+); upper middle income,([^;]+); and high income",
    re.IGNORECASE,
)
_DOLLARS = re.compile(r"\$([0-9]{1,3}(?:,[0-9]{3})*)")
_SET_ON = re.compile(r"classifications set on (?:1 July|July 1),? (20[0-9]{2})", re.IGNORECASE)
_INCOME_OF = re.compile(r"according to (20[0-9]{2}) gross national income", re.IGNORECASE)


@dataclass(frozen=True)
class Notes:
    """What a workbook says of its year.

    ceilings   of low, lower middle and upper middle income, in US dollars; none where the notes give none
    years      the fiscal years of exactly these ceilings
    dated      the fiscal years that the dates in the notes speak of, each with its words
    """

    ceilings: tuple[int, ...]
    years: tuple[int, ...]
    dated: dict[str, int]

    @property
    def fiscal_year(self) -> int | None:
        """The year the figures and, where they leave a choice, the dates agree on; None where none is left."""
        if len(self.years) > 1:
            agreed = [year for year in self.years if year in self.dated.values()]
            return agreed[0] if len(agreed) == 1 else None
        return self.years[0] if self.years else None

    @property
    def newer(self) -> bool:
        """Whether the workbook may be of a fiscal year whose ceilings are not on file yet."""
        newest = max(max(years) for years in _years().values())
        return not self.years and max(self.dated.values(), default=0) > newest


def recognise(path: Path, head: Head) -> str | None:
    """class-fyNN, the fiscal year of the ceilings in its notes; DataError where they are no year's."""
    if not head.sheets or _list(path) is None:
        return None
    notes = _notes(path)
    if notes.ceilings and not notes.years and not notes.newer:
        got = ", ".join(f"{one:,}" for one in notes.ceilings)
        rule = "must be those of a fiscal year, as in the World Bank's thresholds (datasets/thresholds)"
        raise DataError(Problem(path.name, "ceilings in the notes", rule, got))
    return f"class-fy{notes.fiscal_year % 100:02d}" if notes.fiscal_year else ""


def read(path: Path, vintage: str) -> tuple[list[Row], dict[str, int]]:
    """Income class (0 L to 3 H) and lending category (0 IBRD, 1 Blend, 2 IDA) of every economy listed."""
    fiscal = _fiscal_year(path, vintage)
    listed = _list(path)
    if listed is None:
        raise DataError(Problem(path.name, "sheets", f"must hold one with {', '.join(COLUMNS)}"))
    (name, top), titles = listed, {_folded(column): column for column in COLUMNS}
    every = strict.xlsx_rows(path, name)
    end = next((line for line, row in enumerate(every) if line >= top and not any(row)), len(every))
    sheet = grids.Sheet(f"{path.name}, sheet '{name}'", every[:end], top)
    table = sheet.table(COLUMNS, [titles.get(_folded(title), title) for title in sheet.titles])
    iso3s = table.countries("Code", "wb", "Economy")
    for row, code in enumerate(table.text["Code"]):
        if countries.register().why_not(code, "wb"):
            table.refuse(row, "Code", "must be a country's: groups follow a blank row", code)
    table.once("Code", iso3s)
    years, rows = [fiscal - 2] * len(table), list[Row]()
    for column, series, classes in (
        ("Income group", "income_class", CLASSES),
        ("Lending category", "lending_category", LENDING),
    ):
        rows += grids.labels(table, iso3s, years, column, series, classes, also=", or empty")
    table.check()
    return rows, {"regional aggregates": sum(any(row) for row in every[end:])}


def remarks(path: Path, vintage: str) -> list[str]:
    """What the notes say that its figures do not bear out, one sentence each; nothing where all agree."""
    fiscal, notes = _fiscal_year(path, vintage), _notes(path)
    said = [
        f'The workbook\'s notes say "{words}", which would be fiscal year {year}; its ceilings are those of fiscal '
        f"year {fiscal}."
        for words, year in notes.dated.items()
        if year != fiscal and notes.years
    ]
    if notes.newer:
        said.append(
            f"The ceilings of fiscal year {fiscal} are not on file; the year rests on the dates in the notes."
        )
    return said


def example(path: Path) -> str:
    """The fiscal year a workbook may be of, by the dates in its notes."""
    dated = _notes(path).dated.values()
    return f"class-fy{max(dated, default=2026) % 100:02d}"


def _fiscal_year(path: Path, vintage: str) -> int:
    """The fiscal year of a vintage such as class-fy23, which the workbook must not contradict."""
    if not re.fullmatch("class-fy[0-9]{2}", vintage):
        raise DataError(Problem(path.name, "vintage", "must be a fiscal year such as class-fy23", vintage))
    fiscal, notes = 2000 + int(vintage.rpartition("fy")[2]), _notes(path)
    if notes.ceilings and fiscal not in notes.years and not (notes.newer and fiscal in notes.dated.values()):
        years = ", ".join(f"class-fy{year % 100:02d}" for year in notes.years) or "no year's on file"
        got = f"{vintage}; ceilings {', '.join(f'{one:,}' for one in notes.ceilings)} are {years}"
        raise DataError(Problem(path.name, "vintage", "must be the year of the ceilings in the notes", got))
    return fiscal


@cache
def _years() -> dict[tuple[int, ...], tuple[int, ...]]:
    """Ceilings of low, lower middle and upper middle income -> the fiscal years they were in force."""
    found: dict[tuple[int, ...], tuple[int, ...]] = {}
    for row in opened.rows(shipped("datasets") / "thresholds" / "world-bank.csv"):
        key = tuple(int(row[column]) for column in ("low_ceiling", "lm_ceiling", "um_ceiling"))
        found[key] = (*found.get(key, ()), int(row["data_year"]) + 2)
    return found


def _list(path: Path) -> tuple[str, int] | None:
    """The sheet that lists economies and the row of its header; None where no sheet does."""
    found = (
        (name, grids.header_of(strict.xlsx_rows(path, name), KEYS, called=_folded))
        for name in strict.sheets(path)
    )
    return next(((name, top) for name, top in found if top), None)


def _notes(path: Path) -> Notes:
    """What the notes say, whatever their sheet is called."""
    listed = _list(path)
    texts = [
        " ".join(" ".join(cell for row in strict.xlsx_rows(path, name) for cell in row).split())
        for name in strict.sheets(path)
        if listed is None or name != listed[0]
    ]
    text = next((text for text in texts if _CEILINGS.search(text)), " ".join(texts))
    dated = {match[0]: int(match[1]) + 1 for match in _SET_ON.finditer(text)}
    dated |= {match[0]: int(match[1]) + 2 for match in _INCOME_OF.finditer(text)}
    found = _CEILINGS.search(text)
    if not found:
        return Notes((), (), dated)
    tops = [found[1], *((_DOLLARS.findall(part) or ["0"])[-1] for part in found.groups()[1:])]
    ceilings = tuple(int(top.replace(",", "")) for top in tops)
    return Notes(ceilings, _years().get(ceilings, ()), dated)


def _folded(cell: str) -> str:
    return " ".join(cell.split()).casefold()
