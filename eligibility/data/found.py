"""Which releases lie in files and folders: whose each file is, and which of them hold a whole release.

groups(paths, root)      files by (family, vintage), and why the others were passed over
whole(groups, shelf)     the same without the files that hold a small part of what another file or source holds
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from eligibility.data import sources
from eligibility.data.compiled import sha256_of
from eligibility.data.intake.case import kind
from eligibility.data.readers import family_sheet, readers
from eligibility.data.readers.release import Release
from eligibility.data.readers.whose import Whose, whose
from eligibility.errors import InputError, Problem, UsageError, quoted

MOST_FILES = 10_000  # looked at in one build
PART = 0.5  # of the countries or years of the widest file: a file with less is a part

Key = tuple[str, str]  # family, vintage
Reach = dict[str, tuple[int, frozenset[int]]]  # series -> how many countries, which years


@dataclass(frozen=True)
class Found:
    """The files of one release.

    paths    what its reader reads
    beside   what lay in an archive with them and no reader knows
    """

    paths: tuple[Path, ...] = ()
    beside: tuple[str, ...] = ()

    def also(self, other: Found | Whose) -> Found:
        """These and others of the same release."""
        return Found((*self.paths, *other.paths), (*self.beside, *other.beside))


def groups(paths: Iterable[Path], root: Path) -> tuple[dict[Key, Found], dict[str, str]]:
    """Files by (family, vintage), one of each content; and why the others were passed over."""
    found: dict[Key, Found] = {}
    unknown: dict[str, str] = {}
    seen: set[str] = set()
    for path in paths:
        name = quoted(path.relative_to(root).as_posix())
        try:
            it = whose(path)
        except InputError as error:
            first = error.problems[0]
            unknown[name] = f"{first.what} {first.rule}" + (f" (got {first.got})" if first.got else "")
            continue
        checksum = sha256_of(path)
        if not it.vintage:
            unknown[name] = f"a {it.family} file whose name does not tell its vintage"
        elif checksum in seen:
            unknown[name] = "the same content as another file"
        else:
            seen.add(checksum)
            key = it.family, it.vintage
            found[key] = found.get(key, Found()).also(it)
    return found, unknown


def files(folder: Path) -> list[Path]:
    """Every regular file under the folder, in order of path; hidden ones and linked folders are not entered."""
    found: list[Path] = []
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        paths = (Path(root) / name for name in sorted(names) if not name.startswith("."))
        found.extend(path for path in paths if path.is_file())
        if len(found) > MOST_FILES:
            raise UsageError(Problem("--from", str(folder), f"must hold at most {MOST_FILES} files"))
    return found


def whole(
    found: Mapping[Key, Found], shelf: Iterable[sources.Source]
) -> tuple[dict[Key, Found], dict[Path, str]]:
    """The files that hold a whole release, by (family, vintage), and why each other one was set aside.

    A file is a part where every series it shares with a file or source of its kind has there more than twice as many
    countries, or years up to the file's own last. A group of parts alone is left out. What cannot be read is kept:
    whoever reads it says why.
    """
    reach = {key: {path: _reach(key, path) for path in one.paths} for key, one in found.items()}
    widest: dict[tuple[str, str], list[Reach]] = defaultdict(list)
    for (family, vintage), files in reach.items():
        widest[family, kind(vintage)].extend(files.values())
    for source in shelf:
        rivals = widest.get((source.family, kind(source.vintage)))
        if rivals and (source.family, source.vintage) not in found:
            frame = sources.table(source)
            rivals.append({name: _extent(frame[name].dropna().index) for name in source.series})
    kept, aside = {}, {}
    for (family, vintage), files in reach.items():
        one_year = set(family_sheet(family).get("intake", {}).get("one-year", ()))
        years = not one_year & {vintage, kind(vintage)}
        for path, mine in files.items():
            if why := _part(mine, widest[family, kind(vintage)], years):
                aside[path] = why
        if left := tuple(path for path in files if path not in aside):
            kept[family, vintage] = Found(left, found[family, vintage].beside)
    return kept, aside


def _reach(key: Key, path: Path) -> Reach:
    """What one file holds; nothing where it cannot be read by itself."""
    family, vintage = key
    try:
        release: Release = readers()[family].read([path], vintage)
    except InputError:
        return {}
    named = release.values.set_index(["iso3", "year"])["series"]
    return {name: _extent(rows.index) for name, rows in named.groupby(named, sort=False)}


def _extent(index: pd.MultiIndex) -> tuple[int, frozenset[int]]:
    """How many countries and which years an (iso3, year) index has."""
    years = frozenset(int(year) for year in index.get_level_values("year").unique())
    return index.get_level_values("iso3").nunique(), years


def _part(mine: Reach, others: Iterable[Reach], by_year: bool) -> str:
    """Why a file is only a part, or "" where it is not: "partial: 1 of 177 countries"."""
    why = ""
    others = [other for other in others if other is not mine]
    for name, (countries, years) in mine.items():
        rivals = [other[name] for other in others if name in other]
        if not rivals:
            continue
        most = max(count for count, _ in rivals)
        due = {year for _, theirs in rivals for year in theirs if year <= max(years, default=0)}
        if countries < PART * most:
            why = f"partial: {countries} of {most} countries"
        elif by_year and len(years) < PART * len(due):
            why = f"partial: {len(years)} of {len(due)} years"
        else:
            return ""
    return why
