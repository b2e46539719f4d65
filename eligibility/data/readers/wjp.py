"""The World Justice Project Rule of Law Index: the workbook of all editions, one row a country and edition."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from eligibility.data.readers import Head, grids, series_of
from eligibility.data.readers.release import Release, only, release

FAMILY = "wjp"

_SHEET = "Historical Data"
LAYOUTS = (("Country", "Year", "Country Code", "WJP Rule of Law Index: Overall Score"),)
_EDITION = re.compile(r"WJP ROL Index (?:20\d\d-)?(20\d\d) Scores")
# 'Factor 3: Open Government ', '3.1. Publicized laws', '3.2 Right to information'.
_CODE = re.compile(r"(Factor \d):|(\d\.\d)\.? |(WJP Rule of Law Index): Overall Score")


def recognise(path: Path, head: Head) -> str | None:
    """The newest edition with a sheet of its own."""
    editions = [match[1] for name in head.sheets if (match := _EDITION.fullmatch(name.strip()))]
    return max(editions) if editions and _SHEET in head.sheets else None


def read(paths: Sequence[Path], vintage: str) -> Release:
    """The overall score, the eight factors and the sub-factors the sheet names, from 0 to 1."""
    path, sheets = only(paths), series_of(FAMILY, vintage)
    sheet = grids.Sheet.under(path, _SHEET, "Country Code", "Year")
    matches = [(_CODE.match(title), title) for title in sheet.titles]
    titles = [next(filter(None, match.groups())) if match else title for match, title in matches]
    codes = {series: entry["publisher_code"] for series, entry in sheets.items()}
    table = sheet.table(("Country", "Country Code", "Year", *codes.values()), titles)
    # The double editions 2012-2013 and 2017-2018 are kept under the second year.
    table.text["Year"] = [re.sub(r"^(20\d\d)-(?=20\d\d$)", "", text) for text in table.text["Year"]]
    years, iso3s = table.years("Year"), table.countries("Country Code", "iso3", "Country")
    table.once("Country Code", iso3s, years.tolist())
    long = grids.figures(table, iso3s, years, codes, sheets)
    table.check()
    return release(long, [path])
