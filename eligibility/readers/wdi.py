"""World Development Indicators and CPIA, in the World Bank's two CSV layouts, as rows of our series.

    bulk   WDICSV.csv, CPIAData.csv: header in row 1, one row a country and indicator, one column a year
    api    API_<indicator>_DS2_en_csv_v2_<n>.csv: the same below four lines that give the date of the data

A reader of one family may know several formats: `worldbank.py` asks this module and `oghist.py`.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from eligibility.errors import DataError, Problem, quoted
from eligibility.readers import SINCE, Head, series_of, strict
from eligibility.readers.rows import Row, why_left_out

LAYOUT = ("Country Name", "Country Code", "Indicator Name", "Indicator Code")
API_HEADER = 5

_UPDATED = re.compile(
    r'^"?Data Source"?,"?World Development Indicators"?,?\s+"?Last Updated Date"?,"?(\d{4}-\d\d)-\d\d'
)
_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")


def recognise(path: Path, head: Head) -> str | None:
    """wdi-YYYY-MM or cpia-YYYY; the bulk WDI file says no date, so the month must stand in its name."""
    if updated := _UPDATED.match(head.text):
        return f"wdi-{updated[1]}"
    if head.columns[:4] != LAYOUT:
        return None
    codes = {row[3] for row in itertools.islice(head.records(), 1, 50) if len(row) > 3}
    years = [name for name in head.columns if re.fullmatch(r"[0-9]{4}", name)]
    if years and codes and all(code.startswith("IQ.CPA.") for code in codes):
        return f"cpia-{max(years)}"
    month = _MONTH.search(path.name)
    return f"wdi-{month[0]}" if month else ""


def read(path: Path, vintage: str) -> tuple[list[Row], dict[str, int]]:
    """Every figure since 1990 of the indicators our sheet names, and what was left out by reason."""
    header = API_HEADER if Head(path).columns[:1] == ("Data Source",) else 1
    names = strict.csv_header(path, header=header)
    table = strict.read_csv(
        path, ["Country Name", *LAYOUT[1::2], *_years(names, f"{path.name}:{header}")], header=header
    )
    wanted = {entry["publisher_code"]: name for name, entry in series_of("wb", vintage).items()}
    ranges = {name: entry["range"] for name, entry in series_of("wb", vintage).items()}
    codes = table.text["Indicator Code"]
    iso3s = table.countries("Country Code", "wb", "Country Name")
    table.once("Country Code", table.text["Country Code"], codes)
    rows = list(_figures(table, iso3s, wanted, ranges))
    table.check()
    others = sum(code not in wanted and iso3 is not None for code, iso3 in zip(codes, iso3s, strict=True))
    return rows, {**why_left_out(table.text["Country Code"], "wb"), "indicator not compiled": others}


def _figures(
    table: strict.Table,
    iso3s: Sequence[str | None],
    wanted: Mapping[str, str],
    ranges: Mapping[str, Sequence[float]],
) -> Iterator[Row]:
    """The figures of countries and wanted indicators, each inside its own indicator's range."""
    named = [wanted.get(code) for code in table.text["Indicator Code"]]
    for column in (name for name in table.text if name not in LAYOUT and int(name) >= SINCE):
        for row, value in enumerate(table.numbers(column)):
            series, iso3 = named[row], iso3s[row]
            if series is None or iso3 is None or math.isnan(value):
                continue
            lo, hi = ranges[series]
            if lo <= value <= hi:
                yield iso3, int(column), series, float(value)
            else:
                table.refuse(row, column, f"{series} must lie between {lo:g} and {hi:g}", value)


def _years(columns: Sequence[str], place: str) -> list[str]:
    """The columns that are a year: all but those of the layout and the nameless one some rows end with."""
    years, problems = [name for name in columns if name and name not in LAYOUT], []
    for name in years:
        try:
            strict.year(name)
        except ValueError as error:
            problems.append(Problem(place, f"column '{quoted(name)}'", f"must be {error}"))
    if problems or not years:
        raise DataError(problems or Problem(place, "columns", "must be years beside the layout's four"))
    return years
