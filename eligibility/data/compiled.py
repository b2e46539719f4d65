"""A publisher's release as the files of a source, once every value was found to be allowed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from eligibility.data import described, lists, origins
from eligibility.data.readers import SINCE, family_sheet, packed, said_of, series_of
from eligibility.data.readers.release import Release
from eligibility.data.sources import EVENTS, SHEET, VALUES, month_end
from eligibility.errors import DataError, Problem

DIGITS = 10  # significant digits of a stored figure; publishers give three to seven
FEWEST_FOR_SIGN = 100  # shared country-years below which a correlation proves no direction
FEWEST_FOR_SCALE = 100  # countries below which the spread of values is no measure of their errors
MOST_PROBLEMS = 500

_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])(?![0-9])")
_FROM_FILE = "The day of release is the one the publisher's file gives."
_FROM_MONTH = "The day of release is not on file; the last day of its month stands for it."
_RECKONED = "The date of release is not on file; it is reckoned from the usual month of publication."

_TOP = ("publisher", "title", "citation", "url", "licence", "licence_url", "ship")
_ENTRY = tuple(key for key in (*described.SERIES.needed, *described.SERIES.may) if key != "uncertainty")


@dataclass(frozen=True)
class Compiled:
    """One source ready to be written: its figures, its sheet, and the bytes of its files."""

    id: str
    family: str
    vintage: str
    ship: bool
    series: tuple[str, ...]
    released: date
    dated: bool  # whether that day is on file, or only reckoned
    frame: pd.DataFrame  # (iso3, year) x columns of values.csv
    entries: dict[str, Any]  # the sheet's series
    content: dict[str, bytes]  # file name -> bytes


def compile_release(
    release: Release,
    family: str,
    vintage: str,
    *,
    released: date | None = None,
    today: date | None = None,
) -> Compiled:
    """The source a release makes; DataError with every value that its sheet does not allow.

    released   the day it came out, where neither the file nor the sheet says
    today      the day of import: nothing came out after it. A build knows no day, so that it makes the same bytes.

    Checked: known series, one value a country, year and series, no year after the one in which the release came out
    (where its day is on file), values inside the declared range or among the declared classes, no negative standard
    error, the scale of the errors, and the sign each series must have against its reference.
    """
    if release.dated:
        return _list(release, family, vintage)
    source_id = source_name(family, vintage)
    where = ", ".join(sorted(path.name for path in release.files)) or source_id
    sheets = series_of(family, vintage)
    long = _tidy(release, where, sheets)
    released, how = release_day(release, family, vintage, long, today, released)
    problems = [
        *_doubles(long, where),
        *_to_come(long, where, released if how != _RECKONED else None),
        *_outside(long, where, sheets),
    ]
    if problems:
        raise DataError(problems)
    there = set(long["series"].unique())
    names = [name for name in sheets if name in there]
    frame = _wide(long, names)
    if problems := [*_wrong_way(frame, where, sheets), *_wrong_scale(frame, where, sheets)]:
        raise DataError(problems)
    table = values_text(frame).encode()
    notes = [*release.notes, *([how] if how else [])]
    sheet = _sheet(release, family, vintage, frame, table, released, notes)
    stands, said = origins.made(long, {path.name: packed.given(path).name for path in release.files})
    sheet |= {"origins": said} if said else {}
    content = {VALUES: table} | ({origins.ORIGINS: stands} if said else {})
    return whole(sheet, content, frame, dated=how not in (_RECKONED, _FROM_MONTH))


def whole(
    sheet: dict[str, Any],
    content: dict[str, bytes],
    frame: pd.DataFrame,
    dated: bool = True,
    made: str = "Compiled by `eligibility data build`",
) -> Compiled:
    """The source ready to be written: these files, and its sheet."""
    text = f"# {made}; edits are lost.\n{described.written(sheet)}"
    return Compiled(
        sheet["id"], sheet["family"], sheet["vintage"], sheet["ship"], tuple(sheet["series"]), sheet["released"],
        dated, frame, sheet["series"], {**content, SHEET: text.encode()},
    )  # fmt: skip


def measured(frame: pd.DataFrame, table: bytes) -> dict[str, Any]:
    """What a sheet says of its table under `values`."""
    years = frame.index.get_level_values("year")
    return {
        "rows": len(frame),
        "sha256": hashlib.sha256(table).hexdigest(),
        "years": [int(years.min()), int(years.max())],
        "countries": int(frame.index.get_level_values("iso3").nunique()),
    }


def _list(release: Release, family: str, vintage: str) -> Compiled:
    """The source that a dated list makes; its figures follow from its events and are not stored."""
    own = release.dated
    assert own is not None
    entry = series_of(family, vintage)[own.series]
    block = {**entry["standing"], "as_of": own.as_of, "complete_to": own.complete_to}
    if not own.events:
        where = ", ".join(sorted(path.name for path in release.files))
        raise DataError(Problem(where, "rows", "must hold an event of a country"))
    listed = lists.Listed(lists.standing(block), own.events)
    table, frame = lists.text(own.events).encode(), listed.by_year(own.series)
    released = said_of(family, vintage).get("released", listed.rule.reach)
    sheet = _sheet(release, family, vintage, frame, table, released)
    sheet["series"][own.series]["standing"] = block
    return whole(sheet, {EVENTS: table}, frame)


def release_day(
    release: Release,
    family: str,
    vintage: str,
    long: pd.DataFrame,
    today: date | None = None,
    told: date | None = None,
) -> tuple[date, str]:
    """The day a release came out, and a note on how it is known, '' where the sheet lists it.

    What the file says of itself holds first, then the sheet, then what the user says (`told`), then the last day of
    the month a vintage is named after, then the usual month of publication: not before the edition begins, and on import never after today.
    """
    listed = said_of(family, vintage).get("released")
    start = begins(vintage)
    if today and start and start > today:
        where = ", ".join(sorted(path.name for path in release.files)) or family
        raise DataError(Problem(where, "vintage", f"must not lie after today, {today}", got=vintage))
    month = _MONTH.search(vintage)
    day: date
    if known := release.released or listed:
        day, how = known, "" if listed else _FROM_FILE
    elif told:
        day, how = told, ""
    elif month:
        day, how = month_end(int(month[1]) - 1, int(month[2])), _FROM_MONTH
    else:
        here = set(long["series"])
        lags = (entry["lag_months"] for name, entry in series_of(family, vintage).items() if name in here)
        day, how = month_end(int(long["year"].max()), max(lags)), _RECKONED
        day = max(day, start) if start else day
    return min(day, today) if today else day, how


def begins(vintage: str) -> date | None:
    """The first day of the edition, month or fiscal year a vintage is named after; None where it names none.

    >>> begins("class-fy26"), begins("hdr2023-24"), begins("v16")
    (datetime.date(2025, 7, 1), datetime.date(2023, 1, 1), None)
    """
    if month := _MONTH.search(vintage):
        return date(int(month[1]), int(month[2]), 1)
    if fiscal := re.search(r"fy([0-9]{2})$", vintage):
        return date(1999 + int(fiscal[1]), 7, 1)
    year = re.search(r"(?<![0-9])20[0-9]{2}(?![0-9])", vintage)
    return date(int(year[0]), 1, 1) if year else None


def source_name(family: str, vintage: str) -> str:
    """The id of a source, which is its folder's name.

    >>> source_name("vdem", "v14")
    'vdem-v14'
    """
    name = f"{family}-{vintage}"
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9.]*[a-z0-9])+", name) or len(name) > 64:
        rule = "small letters, digits, '.' and '-' only, such as 'v14' or '2024'"
        raise DataError(Problem(family, "vintage", rule, got=vintage))
    return name


def values_text(frame: pd.DataFrame) -> str:
    """The text of values.csv: sorted rows, shortest exact figures, empty for missing."""
    lines = [",".join(["iso3", "year", *frame.columns])]
    for (iso3, year), row in zip(frame.index, frame.to_numpy(dtype=float), strict=True):
        lines.append(",".join([iso3, str(year), *map(_figure, row)]))
    return "\n".join(lines) + "\n"


def _figure(value: float) -> str:
    """A float as stored: ten significant digits, a whole number without '.0'."""
    if np.isnan(value):
        return ""
    rounded = float(f"{value:.{DIGITS}g}")
    return str(int(rounded)) if rounded.is_integer() else repr(rounded)


def _tidy(release: Release, where: str, sheets: dict[str, dict[str, Any]]) -> pd.DataFrame:
    """The release's long rows with class labels as numbers."""
    long = release.values
    if unknown := sorted(set(long["series"].unique()) - set(sheets)):
        raise DataError(Problem(where, "series", "must be in the publisher's sheet", got=", ".join(unknown)))
    long = long[long["value"].notna()].reset_index(drop=True)
    if long.empty:
        raise DataError(Problem(where, "file", f"must hold figures from {SINCE} on"))
    parts = [
        rows.assign(value=_numbers(rows["value"], where, name, sheets[name].get("classes")))
        for name, rows in long.groupby("series", sort=False)
    ]
    return pd.concat(parts, ignore_index=True).sort_values(["iso3", "year"], kind="stable")


def _numbers(values: pd.Series, where: str, name: str, classes: dict[int, str] | None) -> pd.Series:
    """Values as floats; a class label becomes the number of its class."""
    by_label = {str(label): number for number, label in (classes or {}).items()}
    given = values.map(lambda value: by_label.get(value, value) if isinstance(value, str) else value)
    if strange := sorted({value for value in given if isinstance(value, str)}):
        raise DataError(
            Problem(where, f"series '{name}'", "must be a declared class", got=", ".join(strange))
        )
    return given.astype(float)


def _doubles(long: pd.DataFrame, where: str) -> list[Problem]:
    """Second values for one country, year and series."""
    twice = long[long.duplicated(["iso3", "year", "series"])].head(MOST_PROBLEMS)
    return [Problem(where, _cell(row), "must be given once") for row in twice.itertuples()]


def _to_come(long: pd.DataFrame, where: str, released: date | None) -> Iterable[Problem]:
    """Figures of a year after the one the release came out in; none where that day is not on file."""
    if released is None:
        return
    rule = f"must not lie after the release, which came out on {released.isoformat()}"
    for row in long[long["year"] > released.year].head(MOST_PROBLEMS).itertuples():
        yield Problem(where, _cell(row), rule, got=str(row.year))


def _outside(long: pd.DataFrame, where: str, sheets: dict[str, dict[str, Any]]) -> Iterable[Problem]:
    """Values outside the declared range or classes, and standard errors below zero."""
    for name, rows in long.groupby("series", sort=False):
        lo, hi = sheets[name]["range"]
        allowed = rows["value"].between(lo, hi)
        rule = f"must lie between {lo:g} and {hi:g}"
        if classes := sheets[name].get("classes"):
            allowed = rows["value"].isin(list(classes))
            rule = f"must be one of {', '.join(map(str, classes))}"
        for row in rows[~allowed].head(MOST_PROBLEMS).itertuples():
            yield Problem(where, _cell(row), rule, got=f"{row.value:g}")
        for row in rows[rows["sd"] < 0].head(MOST_PROBLEMS).itertuples():
            yield Problem(where, _cell(row), "standard error must not be negative", got=f"{row.sd:g}")


def _cell(row: Any) -> str:
    return f"series '{row.series}', {row.iso3} {row.year}"


def _wide(long: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """(iso3, year) × series, then `<series>_sd` for each series with a published standard error."""
    keyed = long.set_index(["iso3", "year", "series"])
    value, sd = keyed["value"].unstack("series")[names], keyed["sd"].unstack("series")[names]
    sd = sd.loc[:, sd.notna().any()].add_suffix("_sd")
    return pd.concat([value, sd], axis=1).sort_index()


def _wrong_way(frame: pd.DataFrame, where: str, sheets: dict[str, dict[str, Any]]) -> Iterable[Problem]:
    """Series whose correlation with their reference has not the declared sign."""
    for name, sheet in sheets.items():
        check = sheet.get("check_sign")
        if not check or name not in frame or check["against"] not in frame:
            continue
        both = frame[[name, check["against"]]].dropna()
        if len(both) < FEWEST_FOR_SIGN or (both.std() == 0).any():
            continue
        correlation = float(np.corrcoef(both.to_numpy().T)[0, 1])
        if correlation * (1 if check["sign"] == "+" else -1) <= 0:
            rule = f"its correlation with '{check['against']}' must have the sign {check['sign']}"
            hint = "the scale may run the other way in this file"
            yield Problem(where, f"series '{name}'", rule, got=f"{correlation:.2f}", hint=hint)


def _wrong_scale(frame: pd.DataFrame, where: str, sheets: dict[str, dict[str, Any]]) -> Iterable[Problem]:
    """Series whose errors are on another scale than the sheet says: a variance, or half of a 90 % interval.

    The median error over the standard deviation of the values it belongs to must lie in the declared share. A file of
    few countries has no spread to hold it against.
    """
    for name, sheet in sheets.items():
        if "scale" not in sheet or f"{name}_sd" not in frame:
            continue
        both = frame[[name, f"{name}_sd"]].dropna()
        if both.index.get_level_values("iso3").nunique() < FEWEST_FOR_SCALE or both[name].std() == 0:
            continue
        lo, hi = sheet["scale"]["share_of_spread"]
        share = float(both[f"{name}_sd"].median() / both[name].std())
        if not lo <= share <= hi:
            rule = (
                f"its median standard error must be {lo:g} to {hi:g} of the standard deviation of its values"
            )
            hint = "the errors are on another scale: a variance, a bound or a wider interval"
            yield Problem(where, f"series '{name}'", rule, got=f"{share:.3f}", hint=hint)


def _sheet(
    release: Release,
    family: str,
    vintage: str,
    frame: pd.DataFrame,
    table: bytes,
    released: date,
    own_notes: Iterable[str] = (),
) -> dict[str, Any]:
    """The content of source.yaml."""
    known = said_of(family, vintage)
    said = {**family_sheet(family), **{key: value for key, value in known.items() if key != "series"}}
    number = "".join(re.findall(r"[0-9.]+", vintage)[:1])
    filled = {key: said[key] for key in _TOP}
    for key in ("title", "citation"):
        filled[key] = filled[key].replace("{vintage}", vintage).replace("{number}", number)
    entries = {name: entry for name, entry in series_of(family, vintage).items() if name in frame}
    return {
        "id": source_name(family, vintage),
        "family": family,
        "vintage": vintage,
        **filled,
        **({"called": str(said["called"])} if "called" in said else {}),
        "released": released,
        "notes": [*said.get("notes", []), *own_notes],
        "files": [
            {"name": path.name, "sha256": sha256_of(path)}
            for path in sorted({packed.given(path) for path in release.files})
        ],
        "values": measured(frame, table),
        "left_out": release.skipped,
        "series": {name: _entry(name, entry, frame) for name, entry in entries.items()},
    }


def _entry(name: str, entry: dict[str, Any], frame: pd.DataFrame) -> dict[str, Any]:
    """One series of the sheet, with the uncertainty that this release really supports."""
    doubt = dict(entry["uncertainty"])
    if f"{name}_sd" in frame:
        # what the publisher gives goes first; the model stays for the cells for which it gives nothing
        model = {key: value for key, value in doubt.items() if key not in ("kind", "how")}
        how = entry.get("published", doubt)["how"]
        how += f" Where it gives none: {doubt['how']}" if "formula" in model else ""
        doubt = {"kind": "published", "how": how, **model}
    elif doubt["kind"] == "published":
        doubt = {"kind": "none", "how": "This release gives no standard error."}
    elif doubt.get("follows") and doubt["follows"] not in frame:
        doubt = {
            "kind": "none",
            "how": f"It would follow '{doubt['follows']}', which this release does not hold.",
        }
    kept = {key: entry[key] for key in _ENTRY if key in entry}
    return {**kept, "uncertainty": doubt}


def sha256_of(path: Any) -> str:
    """The SHA-256, in hexadecimal, of the file as it was given: of the archive, for a table inside one."""
    with packed.whole(path) as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
