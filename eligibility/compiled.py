"""A publisher's release as the two files of a source, once every value was found to be allowed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import yaml

from eligibility.errors import DataError, Problem
from eligibility.readers import BEFORE, SINCE, family_sheet, packed, series_of
from eligibility.readers.release import Release
from eligibility.sources import SHEET, VALUES, month_end

DIGITS = 10  # significant digits of a stored figure; publishers give three to seven
FEWEST_FOR_SIGN = 100  # shared country-years below which a correlation proves no direction
MOST_PROBLEMS = 500

_TOP = ("publisher", "title", "citation", "url", "licence", "licence_url", "ship")
_ENTRY = (
    "label",
    "description",
    "publisher_code",
    "unit",
    "better",
    "range",
    "decimals",
    "lag_months",
    "classes",
    "class_names",
    "carry",
    "every",
)


@dataclass(frozen=True)
class Compiled:
    """One source ready to be written: its figures, its sheet, and the bytes of its two files."""

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


def compile_release(release: Release, family: str, vintage: str, released: date | None = None) -> Compiled:
    """The source a release makes; DataError with every value that its sheet does not allow.

    released   the day it came out, where neither the file nor the sheet says

    Checked: known series, one value a country, year and series, no year after the one in which the release came out
    (where its day is on file), values inside the declared range or among the declared classes, no negative standard
    error, and the sign each series must have against its reference.
    """
    source_id = source_name(family, vintage)
    where = ", ".join(sorted(path.name for path in release.files)) or source_id
    sheets = series_of(family, vintage)
    long, left_out = _tidy(release, where, sheets)
    released = _day(release, family, vintage) or released
    problems = [*_doubles(long, where), *_to_come(long, where, released), *_outside(long, where, sheets)]
    if problems:
        raise DataError(problems)
    there = set(long["series"].unique())
    names = [name for name in sheets if name in there]
    frame = _wide(long, names)
    if problems := list(_wrong_way(frame, where, sheets)):
        raise DataError(problems)
    table = values_text(frame).encode()
    sheet = _sheet(release, family, vintage, frame, table, left_out, released)
    text = "# Compiled by `eligibility data build`; edits are lost.\n" + yaml.dump(
        sheet, Dumper=yaml.SafeDumper, sort_keys=False, allow_unicode=True, width=110
    )
    return Compiled(
        source_id, family, vintage, sheet["ship"], tuple(names), sheet["released"], released is not None,
        frame, sheet["series"], {VALUES: table, SHEET: text.encode()},
    )  # fmt: skip


def _day(release: Release, family: str, vintage: str) -> date | None:
    """The day a release came out, by the file itself or the publisher's sheet."""
    known = family_sheet(family).get("vintages", {}).get(vintage, {})
    return getattr(release, "released", None) or known.get("released")


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


def _tidy(
    release: Release, where: str, sheets: dict[str, dict[str, Any]]
) -> tuple[pd.DataFrame, dict[str, int]]:
    """The release's long rows with class labels as numbers, from 1990 on, and what was left out."""
    long = release.values
    if unknown := sorted(set(long["series"].unique()) - set(sheets)):
        raise DataError(Problem(where, "series", "must be in the publisher's sheet", got=", ".join(unknown)))
    early = long["year"] < SINCE
    left_out = dict(release.skipped)
    if early.any():
        rows = int(long.loc[early, ["iso3", "year"]].drop_duplicates().shape[0])
        left_out[BEFORE] = left_out.get(BEFORE, 0) + rows
    long = long[~early & long["value"].notna()].reset_index(drop=True)
    if long.empty:
        raise DataError(Problem(where, "file", f"must hold figures from {SINCE} on"))
    parts = [
        rows.assign(value=_numbers(rows["value"], where, name, sheets[name].get("classes")))
        for name, rows in long.groupby("series", sort=False)
    ]
    return pd.concat(parts, ignore_index=True).sort_values(["iso3", "year"], kind="stable"), left_out


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
            allowed, rule = (
                rows["value"].isin(list(classes)),
                f"must be one of {', '.join(map(str, classes))}",
            )
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


def _sheet(
    release: Release,
    family: str,
    vintage: str,
    frame: pd.DataFrame,
    table: bytes,
    left_out: dict[str, int],
    released: date | None,
) -> dict[str, Any]:
    """The content of source.yaml."""
    whole = family_sheet(family)
    known = whole.get("vintages", {}).get(vintage, {})
    said = {**whole, **{key: value for key, value in known.items() if key != "series"}}
    number = "".join(re.findall(r"[0-9.]+", vintage)[:1])
    filled = {key: said[key] for key in _TOP}
    for key in ("title", "citation"):
        filled[key] = filled[key].replace("{vintage}", vintage).replace("{number}", number)
    years = frame.index.get_level_values("year")
    notes = list(said.get("notes", []))
    entries = {name: entry for name, entry in series_of(family, vintage).items() if name in frame}
    if released is None:
        released = month_end(int(years.max()), max(entry["lag_months"] for entry in entries.values()))
        notes.append(
            "The date of release is not on file; it is reckoned from the usual month of publication."
        )
    return {
        "id": source_name(family, vintage),
        "family": family,
        "vintage": vintage,
        **filled,
        "released": released,
        "notes": notes,
        "files": [
            {"name": path.name, "sha256": sha256_of(path)}
            for path in sorted({packed.given(path) for path in release.files})
        ],
        "values": {
            "rows": len(frame),
            "sha256": hashlib.sha256(table).hexdigest(),
            "years": [int(years.min()), int(years.max())],
            "countries": int(frame.index.get_level_values("iso3").nunique()),
        },
        "left_out": left_out,
        "series": {name: _entry(name, entry, frame) for name, entry in entries.items()},
    }


def _entry(name: str, entry: dict[str, Any], frame: pd.DataFrame) -> dict[str, Any]:
    """One series of the sheet, with the uncertainty that this release really supports."""
    doubt = dict(entry["uncertainty"])
    if f"{name}_sd" in frame:
        doubt = {"kind": "published", "how": entry.get("published", doubt)["how"]}
    elif doubt["kind"] == "published":
        doubt = {"kind": "none", "how": "This release gives no standard error."}
    elif doubt.get("follows") and doubt["follows"] not in frame:
        doubt = {
            "kind": "none",
            "how": f"It would follow '{doubt['follows']}', which this release does not hold.",
        }
    # Copies, so that YAML writes each entry out instead of pointing from one to another.
    kept = {key: entry[key] for key in _ENTRY if key in entry}
    kept["range"] = list(kept["range"])
    doubt.update({"between": list(doubt["between"])} if "between" in doubt else {})
    return {**kept, "uncertainty": doubt}


def sha256_of(path: Any) -> str:
    """The SHA-256, in hexadecimal, of the file as it was given: of the archive, for a table inside one."""
    with open(packed.given(path), "rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
