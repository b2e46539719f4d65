"""World Development Indicators and CPIA, in the World Bank's CSV layouts, as rows of our series.

    bulk      WDICSV.csv, CPIAData.csv: header in row 1, one row a country and indicator, one column a year
    api       API_<indicator>_DS2_en_csv_v2_<n>.csv: the same below four lines that give the date of the data
    databank  what DataBank exports: "2014 [YR2014]" for 2014, ".." for no figure, the date of the data at the end
    service   pages of JSON, read by wdi_json.py

A reader of one family may know several formats: `worldbank.py` asks this module, `oghist.py` and `economies.py`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from eligibility.data.readers import SINCE, Head, grids, series_of, strict, wdi_json
from eligibility.data.readers.release import Row, why_left_out
from eligibility.errors import DataError, Problem, quoted

NAME, CODE, INDICATOR = "Country Name", "Country Code", "Indicator Code"
Layout = tuple[str, str, str, str]
LAYOUT: Layout = (NAME, CODE, "Indicator Name", INDICATOR)
DATABANK: Layout = (NAME, CODE, "Series Name", "Series Code")
DATABASE = "Data from database: World Development Indicators"
API_HEADER = 5
MOST_ROWS = 1_000_000  # the bulk file has some 400,000

_UPDATED = re.compile(
    r'^"?Data Source"?,"?World Development Indicators"?,?\s+"?Last Updated Date"?,"?(\d{4}-\d\d-\d\d)'
)
_UPDATED_DATABANK = re.compile(r"Last Updated: (\d\d/\d\d/\d{4})")
_YEAR = re.compile(r"([0-9]{4})(?: \[YR\1\])?")
GOVERNANCE = re.compile(r"(?:GOV_WGI_)?(VA|PV|GE|RQ|RL|CC)\.([A-Z]+(?:\.[A-Z0-9]+)?)")  # read by wgi.py
_ABSENT = {LAYOUT: ("",), DATABANK: ("..", "")}


def recognise(path: Path, head: Head) -> str | None:
    """wdi-YYYY-MM or cpia-YYYY; the bulk WDI file says no date, so the month must stand in its name."""
    if wdi_json.page(head):
        return f"wdi-{updated(path):%Y-%m}"
    layout = _layout(head)
    if layout is None or (layout == DATABANK and DATABASE not in _footers(path)):
        return None
    if day := updated(path):
        return f"wdi-{day:%Y-%m}"
    codes = {row[3] for row in itertools.islice(head.records(), 1, 50) if len(row) > 3}
    if codes and all(map(GOVERNANCE.fullmatch, codes)):
        return None
    years = [name for name in head.columns if re.fullmatch(r"[0-9]{4}", name)]
    if years and codes and all(code.startswith("IQ.CPA.") for code in codes):
        return f"cpia-{max(years)}"
    month = grids.month(path)
    return f"wdi-{month}" if month else ""


def updated(path: Path) -> date | None:
    """The day the file itself says its data were last updated; None where it says none."""
    head = Head(path)
    if wdi_json.page(head):
        return wdi_json.updated(path)
    if said := _UPDATED.match(head.text):
        return _day(path, said[1], "%Y-%m-%d")
    if _layout(head) == DATABANK:
        for line in _footers(path):
            if said := _UPDATED_DATABANK.fullmatch(line):
                return _day(path, said[1], "%m/%d/%Y")
    return None


def read(path: Path, vintage: str) -> tuple[list[Row], dict[str, int]]:
    """Every figure since 1990 of the indicators our sheet names, and what was left out by reason."""
    day = updated(path)
    if day and vintage.startswith("wdi-") and not vintage.startswith(f"wdi-{day:%Y-%m}"):
        rule = f"must be wdi-{day:%Y-%m}: the file says it was last updated on {day}"
        raise DataError(Problem(path.name, "vintage", rule, got=vintage))
    head = Head(path)
    if wdi_json.page(head):
        return wdi_json.read(path, vintage)
    layout = _layout(head) or LAYOUT
    header = API_HEADER if head.columns[:1] == ("Data Source",) else 1
    years = years_of(strict.csv_header(path, header=header), layout, f"{path.name}:{header}")
    key = layout[3]
    years = {column: year for column, year in years.items() if year >= SINCE}
    sheets = series_of("wb", vintage)
    wanted = {entry["publisher_code"]: name for name, entry in sheets.items()}
    # of a bulk file's 1,500 indicators some thirty are kept
    table = strict.read_csv(
        path, [NAME, CODE, key, *years], header=header, most=MOST_ROWS,
        only=(key, wanted.__contains__), rest=[NAME, CODE, key],
    )  # fmt: skip
    rest = table.rest
    if layout == DATABANK:  # its last lines say where it comes from
        rest.keep([bool(code) for code in rest.text[CODE]])
    iso3s = table.countries(CODE, "wb", NAME)
    others = sum(iso3 is not None for iso3 in rest.countries(CODE, "wb", NAME))
    table.once(CODE, table.text[CODE], table.text[key])
    rest.once(CODE, rest.text[CODE], rest.text[key])
    named = [wanted[code] for code in table.text[key]]
    rows: list[Row] = []
    for column, year in years.items():
        rows += grids.mixed(table, iso3s, [year] * len(table), column, named, sheets, _ABSENT[layout])
    table.check()
    left = why_left_out([*table.text[CODE], *rest.text[CODE]], "wb")
    return rows, {**left, "indicator not compiled": others}


def _layout(head: Head) -> Layout | None:
    """Which of the layouts a file is in."""
    if _UPDATED.match(head.text) or head.columns[:4] == LAYOUT:
        return LAYOUT
    named = set(DATABANK) <= set(head.columns)
    return DATABANK if named and any("[YR" in name for name in head.columns) else None


def _footers(path: Path) -> list[str]:
    """The lines at the end of DataBank's export, which belong to no country."""
    table = strict.read_csv(path, [NAME, CODE])
    return [name.strip() for name, code in zip(table.text[NAME], table.text[CODE], strict=True) if not code]


def _day(path: Path, text: str, form: str) -> date:
    try:
        return datetime.strptime(text, form).date()
    except ValueError:
        raise DataError(Problem(path.name, "Last Updated", "must be a day of the calendar", text)) from None


def years_of(columns: Sequence[str], layout: Sequence[str], place: str) -> dict[str, int]:
    """The columns that are a year: all but those of the layout and the nameless one some rows end with."""
    years, problems = {}, []
    for name in (name for name in columns if name and name not in layout):
        try:
            spelled = _YEAR.fullmatch(name)
            years[name] = strict.year(spelled[1] if spelled else name)
        except ValueError as error:
            problems.append(Problem(place, f"column '{quoted(name)}'", f"must be {error}"))
    if problems or not years:
        raise DataError(problems or Problem(place, "columns", "must be years beside the layout's four"))
    return years
