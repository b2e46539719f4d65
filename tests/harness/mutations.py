"""Releases with one thing wrong, tried at the intake gate: none may change a verdict or the shortlist in silence.

    python tests/harness/mutations.py [--each N | --sample N] [--only WORD] [--list]     # or `make mutations`

Each release is mutated after its strict reading (partial, shifted, rotated, zeroed, rescaled, mislabelled) or, where the
mutation is one of rows, bytes or headers, as a file that goes through its reader. It is tried beside the same release
held before, and beside only the one before it, where two are at hand. What is let in is judged: criteria sets that read
the publisher, at fixed dates, without draws, against the judgement with the true release in its place.

Publishers' files are taken from ../shared/releases; on a machine without them the shipped sources stand for them.
Seeded: the same releases give the same table.
"""

from __future__ import annotations

import argparse
import csv
import random
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from places import RELEASES
from workbooks import workbook_of

from eligibility.data import build, intake, panel, sources
from eligibility.data.compiled import compile_release
from eligibility.data.readers import readers, strict
from eligibility.data.readers.release import Release
from eligibility.data.readers.whose import whose
from eligibility.errors import EligibilityError, InputError
from eligibility.language import criteria
from eligibility.method import run
from eligibility.policy import walk
from eligibility.resources import shipped

DATES = (date(2016, 7, 1), date(2025, 6, 30), date(2026, 11, 29))
SETS = (
    "peacetime-pilots",
    "peacetime-pilots-full",
    "mcc-hurdles",
    "mcc-scorecard",
    "ogp-core",
    "hdi",
    "cpia",
)

# releases of which a later one is tried with only the earlier held: (earlier, later)
PAIRS = (
    ("vdem/V-Dem-CY-v14-selection.csv", "vdem/V-Dem-CY-v15-high-level-with-bounds.csv"),
    ("vdem/V-Dem-CY-v14-selection.csv", "vdem/V-Dem-CY-v15-selection-1990on.csv"),
    ("vdem/V-Dem-CY-v15-high-level-with-bounds.csv", "vdem/V-Dem-CY-v16-selection-without-bounds.csv"),
    ("wgi/update-2023/wgidataset.xlsx", "wgi/wgidataset.xlsx"),
    ("undp/HDR23-24_Composite_indices_complete_time_series.csv",
     "undp/HDR25_Composite_indices_complete_time_series.csv"),
    ("worldbank/OGHIST_FY25.xlsx", "worldbank/OGHIST_2025_10_07.xlsx"),
    ("worldbank/API_NY.GNP.PCAP.CD_DS2_en_csv_v2_5995153.csv",
     "worldbank/gapminder-gni-per-capita-atlas-2026-03.csv"),
    ("fh/Aggregate_Category_and_Subcategory_Scores_FIW_2003-2023.xlsx", "fh/All_data_FIW_2013-2024.xlsx"),
    ("fh/Country_and_Territory_Ratings_and_Statuses_FIW_1973-2023.xlsx",
     "fh/Country_and_Territory_Ratings_and_Statuses_FIW_1973-2024.xlsx"),
    ("cpi/CPI2022_GlobalResultsTrends.xlsx", "cpi/CPI2025_Results.xlsx"),
    ("bti/BTI_2006-2016_Scores.xlsx", "bti/bti-2024-long.csv"),
)  # fmt: skip
# releases tried with the very same held before
ALONE = (
    "wgi/wgidataset.xlsx", "undp/HDR23-24_Composite_indices_complete_time_series.csv", "ucdp/organizedviolencecy_v25_1.csv", "unodc/homicide-rate-unodc.csv", "unhcr/population-by-origin-2025-12.csv", "worldbank/OGHIST_FY25.xlsx", "worldbank/WDICSV-selection-2025-12.csv", "worldbank/gapminder-gni-per-capita-atlas-2026-03.csv", "worldbank/CPIAData.csv", "worldbank/CLASS.xlsx", "fh/All_data_FIW_2013-2024.xlsx", "cpi/CPI2025_Results.xlsx", "bti/bti-2024-long.csv", "wjp/2024_wjp_rule_of_law_index_HISTORICAL_DATA_FILE.xlsx", "ibp/obs.csv", "ocindex/global_oc_index.xlsx", "rsf/rsf_tidy_2002_2025_repaired.csv", "sdsn/sdg_index_2000-2022.csv", "tip/tip_tiers_orig.csv", "wuenic/wuenic2023rev_web-update.xlsx", "vdem/V-Dem-CY-v14-selection.csv", "vdem/V-Dem-CY-v15-high-level-with-bounds.csv",
)  # fmt: skip
SHIPPED = ("vdem-v15", "wgi-2024", "undp-hdr2023-24", "wb-oghist-fy25", "unodc-2024")
SHIPPED_PAIRS = (
    ("vdem-v14", "vdem-v16"),
    ("undp-hdr2023-24", "undp-hdr2025"),
    ("wb-wdi-2023-10", "wb-gapminder-2026-03"),
)
# once let in, with a verdict changed: tried whatever is drawn
FOUND = (
    "years_dropped last",
    "a_column_by_a_row 1",
    "a_column_inside_countries 1",
    "countries_of_a_column_dropped 0.5",
    "file: last column by a row",
    "file: every second row",
    "another_vintage earlier",
)


@dataclass(frozen=True)
class Origin:
    """A true release, and what lies on the shelf when a mutation of it arrives."""

    name: str
    family: str
    vintage: str
    release: Release
    held: tuple[sources.Source, ...]
    path: Path | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of one mutation: refused by a reader or by rules, or let in, with the sets and countries it changes."""

    origin: str
    kind: str
    what: str
    rules: tuple[str, ...]
    effect: tuple[str, ...] = ()

    @property
    def refused(self) -> bool:
        return bool(self.rules)


# ── Mutations of what was read: (values, sds, rng) -> (values, sds) ──────────────────────────────────────────────
# Both frames are (iso3, year) x series, sorted.

Frames = tuple[pd.DataFrame, pd.DataFrame]
Mutate = Callable[[pd.DataFrame, pd.DataFrame, random.Random], Frames]
MUTATIONS: dict[str, tuple[str, Mutate]] = {}


def mutation(kind: str, *whats: object):
    """Registers a mutation, once for each parameter."""

    def keep(function):
        for what in whats or (None,):
            name = function.__name__.strip("_") + (f" {what}" if what is not None else "")
            MUTATIONS[name] = kind, (lambda v, s, rng, f=function, w=what: f(v, s, rng, w))
        return function

    return keep


def lands(v: pd.DataFrame) -> list[str]:
    return sorted(v.index.get_level_values("iso3").unique())


def years(v: pd.DataFrame) -> list[int]:
    return sorted(v.index.get_level_values("year").unique())


@mutation("partial", 1, 4, 0.3, 0.5, "first half")
def countries_dropped(v, s, rng, what):
    every = lands(v)
    if what == "first half":
        gone = set(every[len(every) // 2 :])
    else:
        gone = set(rng.sample(every, what if what >= 1 else int(what * len(every))))
    kept = ~v.index.get_level_values("iso3").isin(gone)
    return v[kept], s[kept]


@mutation("partial", 0.5)
def countries_of_a_column_dropped(v, s, rng, what):
    """As every second row does in a file of a row a country and series."""
    name, gone = rng.choice(list(v)), rng.sample(lands(v), int(what * len(lands(v))))
    return v.assign(**{name: v[name].mask(v.index.get_level_values("iso3").isin(gone))}), s


@mutation("partial", 0.02, 0.1, 0.5)
def cells_dropped(v, s, rng, what):
    chance = np.random.default_rng(rng.randrange(1 << 30)).random(v.shape)
    gone = chance < what
    return v.mask(gone), s.mask(gone)


@mutation("partial", "first five", "last", "one in the middle", "every second", "all but the last")
def years_dropped(v, s, rng, what):
    every = years(v)
    gone = {
        "first five": every[:5],
        "last": every[-1:],
        "one in the middle": every[len(every) // 2 : len(every) // 2 + 1],
        "every second": every[::2],
        "all but the last": every[:-1],
    }[what]
    kept = ~v.index.get_level_values("year").isin(gone)
    return v[kept], s[kept]


@mutation("truncated", 0.5, 0.8, 0.97)
def rows_cut(v, s, rng, what):
    return v.iloc[: int(len(v) * what)], s.iloc[: int(len(v) * what)]


@mutation("shifted", -1, 1)
def codes_by_a_row(v, s, rng, what):
    index = v.index.to_frame(index=False)
    index["iso3"] = index["iso3"].shift(what)
    good = index["iso3"].notna() & ~index.duplicated()
    return _with(v, index, good), _with(s, index, good)


def _with(frame, index, good):
    out = frame[good.to_numpy()].copy()
    out.index = pd.MultiIndex.from_frame(index[good])
    return out.sort_index()


@mutation("shifted", -1, 1)
def codes_by_a_country(v, s, rng, what):
    every = lands(v)
    moved = dict(zip(every, np.roll(every, what), strict=True))
    return tuple(frame.rename(index=moved, level="iso3").sort_index() for frame in (v, s))


@mutation("shifted", -1, 1)
def years_by_one(v, s, rng, what):
    return tuple(frame.rename(index={y: y + what for y in years(v)}, level="year") for frame in (v, s))


@mutation("shifted", -1, 1)
def a_column_by_a_row(v, s, rng, what):
    name = rng.choice(list(v))
    return v.assign(**{name: v[name].shift(what)}), s


@mutation("shifted", -1, 1)
def a_column_inside_countries(v, s, rng, what):
    """As a row's shift looks in a file that begins long before the years kept: nothing spills between countries."""
    name = rng.choice(list(v))
    return v.assign(**{name: v[name].groupby(level="iso3").shift(what).fillna(v[name])}), s


@mutation("rotated", 0, 1, 2)
def columns_swapped(v, s, rng, what):
    if v.shape[1] < 2:
        return v.assign(**{v.columns[0]: v[v.columns[0]].to_numpy()[::-1]}), s
    a, b = rng.sample(list(v), 2)
    return v.assign(**{a: v[b], b: v[a]}), s


@mutation("rotated")
def values_reversed(v, s, rng, what):
    return pd.DataFrame(v.to_numpy()[::-1], v.index, v.columns), s


@mutation("rotated", "all", "half", "two")
def countries_permuted(v, s, rng, what):
    every = lands(v)
    some = rng.sample(every, {"all": len(every), "half": len(every) // 2, "two": 2}[what])
    moved = dict(zip(some, some[1:] + some[:1], strict=True))
    return tuple(frame.rename(index=moved, level="iso3").sort_index() for frame in (v, s))


@mutation("rotated")
def last_year_permuted(v, s, rng, what):
    rows = np.flatnonzero(v.index.get_level_values("year") == years(v)[-1])
    order = list(rows)
    rng.shuffle(order)
    out = v.copy()
    out.iloc[rows] = v.iloc[order].to_numpy()
    return out, s


@mutation("zeroed")
def a_column_zeroed(v, s, rng, what):
    return v.assign(**{rng.choice(list(v)): 0.0}), s


@mutation("zeroed")
def every_column_at_its_least(v, s, rng, what):
    return v.where(v.isna(), v.min(), axis=1), s


@mutation("zeroed", "last", "middle")
def a_year_zeroed(v, s, rng, what):
    year = years(v)[-1 if what == "last" else len(years(v)) // 2]
    out = v.copy()
    out.loc[v.index.get_level_values("year") == year] *= 0
    return out, s


@mutation("zeroed", 1, 5)
def countries_zeroed(v, s, rng, what):
    out = v.copy()
    out.loc[v.index.get_level_values("iso3").isin(rng.sample(lands(v), what))] *= 0
    return out, s


@mutation("zeroed")
def last_year_copied(v, s, rng, what):
    every = years(v)
    if len(every) < 2:
        return v * 0, s
    out = v.copy()
    before = v.xs(every[-2], level="year")
    for iso3 in before.index:
        if (iso3, every[-1]) in out.index:
            out.loc[(iso3, every[-1])] = before.loc[iso3]
    return out, s


@mutation("rescaled", 100, 10, 1.5, 0.5, 0.1, -1)
def times(v, s, rng, what):
    return v * what, s * abs(what)


@mutation("rescaled")
def turned_round(v, s, rng, what):
    return v.max() + v.min() - v, s


@mutation("rescaled", 0.5, 0.1)
def a_column_times(v, s, rng, what):
    name = rng.choice(list(v))
    return v.assign(**{name: v[name] * what}), s


@mutation("rescaled", 0.5)
def last_year_times(v, s, rng, what):
    out = v.copy()
    out.loc[v.index.get_level_values("year") == years(v)[-1]] *= what
    return out, s


@mutation("rescaled", "tenfold", "zero")
def errors(v, s, rng, what):
    return v, s * (10 if what == "tenfold" else 0)


@mutation("mislabelled", "later", "earlier")
def another_vintage(v, s, rng, what):
    return v, s  # the name alone: see `Bench.try_`


# ── Mutations of files: rows as text in, rows as text out ────────────────────────────────────────────────────────

Rows = list[list[str]]
FILES: dict[str, tuple[str, Callable[[Rows, int, random.Random], Rows]]] = {
    "file: half the rows": ("partial", lambda rows, top, rng: rows[: top + 1 + (len(rows) - top - 1) // 2]),
    "file: every second row": ("partial", lambda rows, top, rng: rows[: top + 1] + rows[top + 1 :: 2]),
    "file: last tenth missing": ("truncated", lambda rows, top, rng: rows[: int(len(rows) * 0.9)]),
    "file: first column by a row": ("shifted", lambda rows, top, rng: _column(rows, top, 0, 1)),
    "file: second column by a row": ("shifted", lambda rows, top, rng: _column(rows, top, 1, 1)),
    "file: third column by a row": ("shifted", lambda rows, top, rng: _column(rows, top, 2, -1)),
    "file: last column by a row": (
        "shifted",
        lambda rows, top, rng: _column(rows, top, len(rows[top]) - 1, 1),
    ),
    "file: header by a column": ("mislabelled", lambda rows, top, rng: _header(rows, top, 1)),
    "file: two headers swapped": ("mislabelled", lambda rows, top, rng: _header(rows, top, rng)),
    "file: rows reversed under the keys": ("rotated", lambda rows, top, rng: _reversed(rows, top)),
}


def _column(rows: Rows, top: int, column: int, by: int) -> Rows:
    body = [row[:] for row in rows[top + 1 :] if len(row) > column]
    cells = [row[column] for row in body]
    for row, cell in zip(body, cells[-by:] + cells[:-by], strict=True):
        row[column] = cell
    return rows[: top + 1] + body


def _header(rows: Rows, top: int, how) -> Rows:
    names = rows[top][:]
    if how == 1:
        names = names[:3] + names[4:] + names[3:4]
    else:
        a, b = how.sample(range(min(3, len(names) - 2), len(names)), 2)
        names[a], names[b] = names[b], names[a]
    return [*rows[:top], names, *rows[top + 1 :]]


def _reversed(rows: Rows, top: int) -> Rows:
    body = [row for row in rows[top + 1 :] if any(row)]
    return rows[: top + 1] + [row[:4] + other[4:] for row, other in zip(body, body[::-1], strict=True)]


def rewritten(path: Path, change, rng: random.Random, folder: Path) -> Path:
    """The same file with its rows changed, under its own name."""
    new = folder / path.name
    if path.suffix == ".xlsx":
        sheets = {name: strict.xlsx_rows(path, name) for name in strict.sheets(path)}
        largest = max(
            sheets, key=lambda name: len(sheets[name]) * len(sheets[name][0]) if sheets[name] else 0
        )
        rows = sheets[largest]
        top = next(i for i, row in enumerate(rows) if sum(map(bool, row)) >= len(row) / 2)
        sheets[largest] = change(rows, top, rng)
        return workbook_of(
            new, {name: [[cell or None for cell in row] for row in rows] for name, rows in sheets.items()}
        )
    for encoding in ("utf-8-sig", "latin-1"):
        try:
            with path.open(encoding=encoding, newline="") as file:
                rows = list(csv.reader(file))
            break
        except UnicodeDecodeError:
            continue
    top = next(i for i, row in enumerate(rows) if len(row) > 2)
    with new.open("w", encoding="utf-8" if encoding == "utf-8-sig" else encoding, newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(change(rows, top, rng))
    return new


# ── Trying ───────────────────────────────────────────────────────────────────────────────────────────────────────


def wide(release: Release, entries: dict) -> Frames:
    """Values and errors of a release as (iso3, year) x series, classes as their number."""
    long = release.values
    numbers = {
        name: {label: number for number, label in (entry.get("classes") or {}).items()}
        for name, entry in entries.items()
    }
    value = [
        numbers.get(name, {}).get(given, given)
        for name, given in zip(long["series"], long["value"], strict=True)
    ]
    long = long.assign(value=pd.array(value, dtype=float)).set_index(["iso3", "year", "series"])
    v, s = long["value"].unstack("series").sort_index(), long["sd"].unstack("series").sort_index()
    return v, s.reindex(index=v.index, columns=v.columns)


def release_of(v: pd.DataFrame, s: pd.DataFrame) -> Release:
    """The same, as a reader gives it."""
    s = s.reindex(index=v.index, columns=v.columns)
    parts = [
        pd.DataFrame({"series": name, "value": v[name], "sd": s[name]}).reset_index().dropna(subset=["value"])
        for name in v
    ]
    return Release(pd.concat(parts, ignore_index=True)[["iso3", "year", "series", "value", "sd"]], (), {})


class Bench:
    """Everything one origin's mutations share: frames, the judgement with the true release, a folder."""

    def __init__(self, origin: Origin, folder: Path, days: tuple[date, ...] = DATES):
        from eligibility.data.readers import series_of

        self.origin, self.folder, self.days = origin, folder, days
        self.v, self.s = wide(origin.release, series_of(origin.family, origin.vintage))
        true = compile_release(release_of(self.v, self.s), origin.family, origin.vintage)
        self.true, self.frame = placed(true, folder / "true"), true.frame
        self.shelf = shelf_of(origin.held)
        self.broken = [f.rule for f in intake.findings(true, self.shelf)]  # the true release must pass
        self._base: dict | None = None

    def base(self) -> dict:
        if self._base is None:
            self._base = verdicts(self.with_(self.true), self.origin.family, self.days)
        return self._base

    def with_(self, source: sources.Source) -> tuple[sources.Source, ...]:
        return (*(s for s in self.shelf if s.id != source.id), source)

    def try_(self, name: str, seed: int) -> Outcome | None:
        """What becomes of one mutation; None where it changes nothing."""
        kind, change = {**MUTATIONS, **FILES}[name]
        rng = random.Random(f"{seed} {self.origin.name} {name}")
        origin, vintage = self.origin, self.origin.vintage
        outcome = Outcome(origin.name, kind, name, ())
        try:
            if name in FILES:
                with tempfile.TemporaryDirectory(dir=self.folder) as folder:
                    it = whose(rewritten(origin.path, change, rng, Path(folder)))
                    vintage = it.vintage or vintage
                    release = readers()[it.family].read(list(it.paths), vintage)
                    one = compile_release(release, it.family, vintage)
            else:
                if name.startswith("another_vintage"):
                    vintage = other_vintage(vintage, 1 if name.endswith("later") else -1)
                v, s = change(self.v, self.s, rng)
                if v.equals(self.v) and s.equals(self.s) and vintage == origin.vintage:
                    return None  # such as errors where there are none
                one = compile_release(release_of(v, s), origin.family, vintage)
        except InputError as error:
            return replace(outcome, rules=(f"reading: {_short(error)}",))
        if vintage == origin.vintage and one.frame.equals(self.frame):
            return None  # such as a column that no reader takes
        if found := intake.findings(one, self.shelf):
            return replace(outcome, rules=tuple(finding.rule for finding in found))
        source = placed(one, self.folder / "tried")
        return replace(
            outcome,
            effect=tuple(changes(self.base(), verdicts(self.with_(source), origin.family, self.days))),
        )


def _short(error: InputError) -> str:
    return re.sub(r"\d+", "#", error.problems[0].rule)[:60]


def other_vintage(vintage: str, by: int) -> str:
    """The name of the next or the last vintage."""
    head, number, tail = re.fullmatch(r"(.*?)(\d+)(\D*)", vintage).groups()
    return f"{head}{int(number) + by:0{len(number)}}{tail}"


def placed(one, folder: Path) -> sources.Source:
    folder.mkdir(parents=True, exist_ok=True)
    return sources.sheet(build._place(one, folder))


def shelf_of(held: tuple[sources.Source, ...]) -> tuple[sources.Source, ...]:
    """The shipped sources but those of the held one's family and kind, and these."""
    from eligibility.data.intake.case import kind

    mine = {(source.family, kind(source.vintage)) for source in held}
    ours = [s for s in sources.held(shipped("datasets")) if (s.family, kind(s.vintage)) not in mine]
    return (*ours, *held)


@cache
def families(ref: str) -> frozenset[str]:
    return frozenset(i.partition(".")[0] for i in walk.indicators(policy(ref)))


@cache
def policy(ref: str):
    found = criteria.load(ref, panel.catalogue(sources.held(shipped("datasets"))))
    return replace(found, uncertainty=replace(found.uncertainty, draws=0))


def verdicts(shelf: tuple[sources.Source, ...], family: str, days: tuple[date, ...] = DATES) -> dict:
    """(set, date) -> status of every country, and the shortlist."""
    told = {}
    for ref in SETS:
        if family not in families(ref):
            continue
        try:
            figures = run.held(policy(ref), shelf)
        except EligibilityError as error:
            told[ref, None] = str(error)
            continue
        for day in days:
            try:
                result = run.judge(policy(ref), figures, day)
            except EligibilityError as error:
                told[ref, day] = str(error)
                continue
            ranks = result.ranking.rank
            short = ranks[ranks <= result.criteria.shortlist].index if result.criteria.shortlist else []
            told[ref, day] = {**result.screening.status.to_dict(), "shortlist": tuple(sorted(short))}
    return told


def changes(was: dict, now: dict) -> Iterator[str]:
    """Where verdicts or the shortlist differ."""
    for key in was:
        if was[key] != now.get(key):
            a, b = was[key], now.get(key)
            if not (isinstance(a, dict) and isinstance(b, dict)):
                yield f"{key[0]}: {str(b)[:80]}"
                continue
            other = [iso3 for iso3 in {**a, **b} if a.get(iso3) != b.get(iso3)]
            yield f"{key[0]} {key[1]}: {len(other)} differ ({', '.join(sorted(other)[:5])})"


# ── What is tried ────────────────────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=8)
def read(path: Path) -> tuple[str, str, Release]:
    """A publisher's file, strictly read."""
    it = whose(path)
    return it.family, it.vintage, readers()[it.family].read(list(it.paths), it.vintage)


def origins(folder: Path, only: str = "") -> Iterator[Origin]:
    """Every release with what is held when it arrives; from the publishers' files, or else from what ships."""
    if not RELEASES.is_dir():
        yield from from_shipped(folder, only)
        return
    for first, second in (*PAIRS, *((name, name) for name in ALONE)):
        name = f"{second} beside {'itself' if first == second else first}"
        if only not in name:
            continue
        try:
            earlier, later = read(RELEASES / first), read(RELEASES / second)
            held = placed(
                compile_release(earlier[2], *earlier[:2]), folder / "held" / re.sub(r"\W+", "-", name)
            )
        except (InputError, OSError) as error:
            print(f"not tried: {name}: {str(error).splitlines()[0][:120]}", file=sys.stderr)
            continue
        yield Origin(name, later[0], later[1], later[2], (held,), RELEASES / second)


def from_shipped(folder: Path, only: str = "") -> Iterator[Origin]:
    """The shipped sources, each beside itself, and some beside the one before."""
    ours = {source.id: source for source in sources.held(shipped("datasets"))}
    for first, second in (*((name, name) for name in SHIPPED), *SHIPPED_PAIRS):
        name = f"{second} beside {'itself' if first == second else first}"
        if only not in name:
            continue
        source = ours[second]
        release = release_of(*frames_of(source))
        yield Origin(name, source.family, source.vintage, release, (ours[first],))


def frames_of(source: sources.Source) -> Frames:
    """Values and errors of a source held."""
    frame = sources.table(source)
    v = frame[list(source.series)]
    return v, pd.DataFrame({n: frame.get(f"{n}_sd", np.nan) for n in v}, v.index)


def tries(origin: Origin, seed: int, most: int = 0) -> list[str]:
    """The mutations of one origin: all, or `most` of them drawn by the seed and those once found."""
    every = [*MUTATIONS, *(FILES if origin.path else ())]
    some = random.Random(f"{seed} {origin.name}").sample(every, most) if 0 < most < len(every) else every
    return [name for name in every if name in some or name in FOUND]


def trial(
    folder: Path, sample: int = 0, only: str = "", seed: int = 10, shipped_only: bool = False, each: int = 0
) -> Iterator[Outcome]:
    """One outcome a mutation; `each` of every release, or a sample of all, where asked."""
    found = from_shipped(folder, only) if shipped_only else origins(folder, only)
    if sample:
        every = list(found)
        pairs = [(origin, name) for origin in every for name in tries(origin, seed)]
        chosen: dict[str, list[str]] = defaultdict(list)
        drawn = random.Random(seed).sample(pairs, min(sample, len(pairs)))
        for origin, name in pairs:
            if (origin, name) in drawn or (name in FOUND and not origin.name.endswith("itself")):
                chosen[origin.name].append(name)
        found = (origin for origin in every if origin.name in chosen)
    for number, origin in enumerate(found):
        bench = Bench(origin, folder / str(number), DATES[1:2] if sample else DATES)
        if bench.broken:
            yield Outcome(origin.name, "the true release", "refused", (), tuple(bench.broken))
        for name in chosen[origin.name] if sample else tries(origin, seed, each):
            if outcome := bench.try_(name, seed):
                yield outcome


def table(outcomes: list[Outcome]) -> str:
    """The outcomes counted by kind, the rules that refused, and every silent effect."""
    lines = [f"{'kind':18}{'tried':>7}{'refused':>9}{'no effect':>11}{'effect':>8}"]
    kinds = list(dict.fromkeys(outcome.kind for outcome in outcomes))
    for kind in (*kinds, "all"):
        mine = [o for o in outcomes if kind in (o.kind, "all")]
        refused, effect = sum(o.refused for o in mine), sum(bool(o.effect) for o in mine)
        lines.append(f"{kind:18}{len(mine):7}{refused:9}{len(mine) - refused - effect:11}{effect:8}")
    rules = Counter(rule.partition(":")[0] for o in outcomes for rule in o.rules)
    lines += ["", "refused by:", *(f"    {rule:20}{count:6}" for rule, count in rules.most_common())]
    silent = [o for o in outcomes if o.effect]
    if silent:
        lines += ["", "let in, and a verdict or the shortlist is another:"]
        lines += [f"    {o.origin}: {o.kind}: {o.what}: {'; '.join(o.effect[:3])}" for o in silent]
    return "\n".join(lines)


def main() -> None:
    """Tries, prints the table, and exits 1 where anything was let in that changes a verdict in silence."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--sample", type=int, default=0, metavar="N")
    words.add_argument(
        "--each", type=int, default=20, metavar="N", help="mutations of every release; 0 for all"
    )
    words.add_argument("--only", default="", metavar="WORD")
    words.add_argument("--list", action="store_true", help="every outcome on a line of its own")
    asked = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcomes = []
        for outcome in trial(Path(folder), asked.sample, asked.only, each=asked.each):
            outcomes.append(outcome)
            if asked.list:
                said = ", ".join(outcome.rules) or (
                    "EFFECT " + "; ".join(outcome.effect) if outcome.effect else "no effect"
                )
                print(f"{outcome.origin}: {outcome.what}: {said}", flush=True)
    print(table(outcomes))
    raise SystemExit(any(outcome.effect for outcome in outcomes))


if __name__ == "__main__":
    main()
