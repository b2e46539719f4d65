"""What is on the shelf: each source, its sheet and its table, checked against its checksum.

A source is a folder `<family>-<vintage>/` with its files:

    source.yaml   who published it, when, under which licence; label, unit, direction, range, uncertainty a series
    values.csv    iso3, year, one column a series, `<series>_sd` where the publisher gives a standard error;
                  a dated list has events.csv in its place, from which its figures follow (lists.py)
    origins.csv   where each figure stands in the publisher's file (origins.py); not of a list

Shipped sources lie in `datasets/`; licensed or newer ones in the user's folder. A source in the user's
folder stands in for a shipped one of the same id.
"""

from __future__ import annotations

import csv
import datetime
import errno
import functools
import hashlib
import io
import os
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from eligibility.data import described, lists
from eligibility.errors import DataError, EligibilityError, IntegrityError, Problem, quoted
from eligibility.files import exchange, opened, seal, strict_yaml
from eligibility.resources import shipped

if TYPE_CHECKING:
    import pandas as pd

_T = TypeVar("_T")
OWN = "yours"  # the publisher of figures of the user's own
SHEET, VALUES, EVENTS = "source.yaml", "values.csv", "events.csv"


@dataclass(frozen=True)
class SeriesSheet:
    """What one series means: its words, direction, range, delay and uncertainty."""

    id: str  # "vdem.polyarchy"
    source_id: str  # "vdem-v14"
    label: str
    description: str
    publisher_code: str
    unit: str
    better: str  # high | low | neither
    lo: float  # declared range; a value outside is refused when the source is compiled
    hi: float
    decimals: int
    lag_months: int
    classes: dict[int, str] | None  # the label of each number, for series of classes
    sd_kind: str  # published | modelled | assumed | none
    sd_how: str
    sd_formula: str = ""  # how wide an error is where none is published: "probit" or "power" (panel.modelled)
    sd_factor: float | None = None
    sd_powers: tuple[float, float] | None = None  # of "power"
    shape: str = "normal"  # of errors: "normal" on the series' scale, "probit" for an index from 0 to 1
    parts: float = 1.0  # how many indices whose errors its publisher takes as independent are averaged in it
    built_from: tuple[str, ...] = ()  # ids of series of its family it is made of, among others
    follows: str = ""  # a class series: the id of the index whose error moves it
    cut: float | None = None  # ... across this value of that index
    between: tuple[int, int] | None = None  # ... between these two classes
    carry: bool = True  # whether an older value may stand where newer ones are published for others
    every: int = 1  # years from one figure to the next; the BTI comes out every second year
    class_names: dict[str, str] = field(default_factory=dict)  # label of a class -> in words, if it is a code
    standing: lists.Standing | None = None  # of a dated list: what its events mean and how far it goes
    published_on: dict[int, datetime.date] = field(default_factory=dict)  # year -> day of its first release

    def class_name(self, number: float) -> str:
        """The class with this number as a page names it; "" for none."""
        label = (self.classes or {}).get(int(number), "")
        return self.class_names.get(label, label)

    @property
    def name(self) -> str:
        """The series' column in values.csv."""
        return self.id.partition(".")[2]

    def known_from(self, year: int) -> datetime.date:
        """The first day the figure for `year` may be used: that of its first release, where it is on file.

        Else the day after the month `lag_months` after its December: some time in that month it is published; a World
        Bank class of 2015 (6 months) holds from 1 July 2016.
        """
        return self.published_on.get(year) or _month_after(year, self.lag_months)

    def out_after(self, last: int, on: datetime.date) -> int | None:
        """The newest year after `last` whose figure was out by a day; None where there is none."""
        years = range(last + self.every, on.year + 1, self.every)
        return max((year for year in years if self.known_from(year) <= on), default=None)


@dataclass(frozen=True)
class Source:
    """One publisher's release as compiled here."""

    id: str
    family: str
    vintage: str
    publisher: str
    title: str
    citation: str
    url: str
    licence: str
    licence_url: str
    ship: bool
    released: datetime.date
    notes: tuple[str, ...]
    files: tuple[dict[str, str], ...]  # {"name", "sha256"} of the publisher's files
    values: dict[str, Any]  # {"rows", "sha256", "years": [first, last], "countries"}
    series: dict[str, SeriesSheet]  # by short name, in column order
    path: Path
    left_out: dict[str, int] = field(default_factory=dict)  # the publisher's rows not compiled, by reason
    accepted: tuple[dict[str, str], ...] = ()  # {"rule", "found"} of the gate's rules it was let in against
    imported: datetime.date | None = None  # the day a user brought it, for sources in their own folder
    # {"address", "sha256"} of what `data fetch` brought, of a source made of it
    fetched: tuple[dict[str, str], ...] = ()
    called: str = ""  # what a sentence calls the publisher's figures: "V-Dem"
    sheet_sha256: str = ""  # of source.yaml as it was read
    stands_back: frozenset[str] = frozenset()  # names it holds and must not answer for (vintages.py)
    origins: dict[str, Any] = field(default_factory=dict)  # {"sha256", "places"} of origins.csv (origins.py)

    @property
    def name(self) -> str:
        """What a sentence calls these figures."""
        return self.called or self.publisher.partition(",")[0].partition(" (")[0]

    @property
    def shipped(self) -> bool:
        """Whether it lies in the shipped folder; any other is the user's."""
        return self.path.resolve().parent == shipped("datasets").resolve()

    @property
    def own(self) -> bool:
        """Whether a user made it of figures of their own, for which nobody keeps a calendar."""
        return self.publisher == OWN

    @property
    def sha256(self) -> str:
        """The checksum of its table, which is what a run records."""
        return str(self.values["sha256"])

    @property
    def dated(self) -> bool:
        """Whether it is a dated list: facts with their day, which no later release revises."""
        return any(sheet.standing for sheet in self.series.values())

    @property
    def file(self) -> str:
        """The name of its table."""
        return EVENTS if self.dated else VALUES


def month_end(year: int, lag_months: int) -> datetime.date:
    """The last day of the month `lag_months` after December of the year.

    >>> month_end(2015, 3)
    datetime.date(2016, 3, 31)
    """
    return _month_after(year, lag_months) - datetime.timedelta(days=1)


@functools.cache
def _month_after(year: int, lag_months: int) -> datetime.date:
    return lists.months_later(datetime.date(year, 12, 1), lag_months + 1)


def user_folder() -> Path:
    """Where a user's own releases go: $ELIGIBILITY_DATA, else `eligibility` in the XDG data folder."""
    if named := os.environ.get("ELIGIBILITY_DATA"):
        return Path(os.path.expanduser(named))
    home = os.environ.get("XDG_DATA_HOME")
    return (Path(home) if home else Path.home() / ".local" / "share") / "eligibility"


def folders(extra: Path | None = None) -> tuple[Path, ...]:
    """Where sources lie: shipped, the user's, and `extra`."""
    return (shipped("datasets"), user_folder(), *([Path(extra)] if extra else []))


def shelf(extra: Path | None = None) -> tuple[Source, ...]:
    """Every source, families in order of name and vintages from oldest to newest.

    Shipped first, then the user's folder, then `extra`; a later one stands in for an earlier one of its id.
    """
    found: dict[str, Source] = {}
    for folder in folders(extra):
        # One broken source of a user's is named and set aside: policies that do not need it run without it.
        aside = _refused if folder == shipped("datasets") else set_aside
        found |= {source.id: source for source in held(folder, aside)}
    return tuple(sorted(found.values(), key=lambda source: (source.family, source.released, source.id)))


def hidden(source: Source) -> Source | None:
    """The shipped source that a source of the user's stands in for by its id; None where it hides none."""
    ours = shipped("datasets").resolve() / source.id
    return sheet(ours) if not source.shipped and (ours / SHEET).is_file() else None


class SetAside(UserWarning):
    """A source in a user's folder that cannot be used."""


def set_aside(error: EligibilityError) -> None:
    """Tells the user of a broken source, and goes on."""
    warnings.warn(f"set aside: {str(error).partition(chr(10))[0]}", SetAside, stacklevel=3)


def _refused(error: DataError) -> None:
    raise error


def held(folder: Path, broken: Callable[[DataError], None] = _refused) -> list[Source]:
    """The sources of one folder, or none where there is no such folder; DataError where it cannot be looked into.

    broken   told of each source that cannot be read, which is then left out; without it the first is raised
    """
    found = []
    try:
        exchange.recover(folder)
    except OSError as error:  # a folder that is not ours to write: what lies aside stays there, and is told
        rule = f"what a stopped command left aside cannot be put back: {error.strerror}"
        broken(DataError(Problem(str(folder), "folder", rule)))
    try:
        names = sorted(os.listdir(folder))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise DataError(Problem(str(folder), "folder", f"cannot be looked into: {error.strerror}")) from None
    for path in (folder / name for name in names if not name.startswith(".")):
        if os.path.isdir(path) and not _lacking(path / SHEET):
            try:
                found.append(sheet(path))
            except DataError as error:
                broken(error)
    return found


def _lacking(path: Path) -> bool:
    """Whether there is no such file; one in a folder that is closed to us may be there."""
    try:
        path.stat()
    except OSError as error:
        return error.errno in (errno.ENOENT, errno.ENOTDIR)
    return False


def sheet(folder: Path) -> Source:
    """The source whose folder this is; every problem of the sheet at once if it has any."""
    where = f"{folder.name}/{SHEET}"
    return _sheet(folder, where, strict_yaml.content(folder / SHEET, where, DataError))


@functools.lru_cache(maxsize=256)
def _sheet(folder: Path, where: str, content: bytes) -> Source:
    # every round looks at all that are shipped: their bytes are read each time, and understood once
    raw, seen = described.read(content, where)
    problems = []
    named = {"the folder's name": folder.name, "its family and vintage": f"{raw['family']}-{raw['vintage']}"}
    for what, due in named.items():
        if raw["id"] != due:
            problems.append(Problem(where, "id", f"must be {what}, '{due}'", got=raw["id"]))
    series = {}
    for name, entry in raw["series"].items():
        try:
            series[name] = series_sheet(raw["id"], raw["family"], name, entry)
        except ValueError as error:
            problems.append(Problem(where, f"series.{name}", str(error)))
    if len(series) > 1 and any(one.standing for one in series.values()):
        problems.append(Problem(where, "series", "a dated list has one series", got=", ".join(series)))
    for one in series.values():
        if one.follows and one.follows.partition(".")[2] not in series:
            rule = "must follow a series of its own source"
            problems.append(Problem(where, f"series.{one.name}.uncertainty", rule, got=one.follows))
    if problems:
        raise DataError(problems)
    rows = {name: tuple(raw.get(name, ())) for name in ("notes", "files", "accepted", "fetched")}
    return Source(**{**raw, **rows, "series": series, "path": folder, "sheet_sha256": seen})


def table(source: Source, columns: Iterable[str] | None = None) -> pd.DataFrame:
    """The source's values, (iso3, year) × columns of values.csv, after its checksum was found to hold.

    columns   only these series (and their standard deviations), which is quicker; all by default
    """
    if source.dated:
        return listed(source).by_year(*source.series)
    names = tuple(source.series if columns is None else columns)
    return understood(source, VALUES, source.sha256, lambda content: _read(content, names).astype(float))


@functools.lru_cache(maxsize=32)
def _read(content: bytes, names: tuple[str, ...]) -> pd.DataFrame:
    """These columns of a table and their standard deviations; a sweep and a comparison ask for the same ones again."""
    import pandas as pd  # as long to import as every sheet takes to read, and who lists the sources reads no table

    wanted = {"iso3", "year", *names, *(f"{name}_sd" for name in names)}
    # Figures must come back as the floats they were; pandas does so by itself from 3.1 on.
    older = tuple(map(int, pd.__version__.split(".")[:2])) < (3, 1)
    exact: dict[str, Any] = {"float_precision": "round_trip"} if older else {}
    # Only an empty cell is missing: pandas' own list would lose codes and names such as NA.
    frame = pd.read_csv(
        io.BytesIO(content),
        index_col=["iso3", "year"],
        usecols=lambda column: column in wanted,
        keep_default_na=False,
        na_values=[""],
        **exact,
    )
    if absent := [name for name in names if name not in frame]:
        raise ValueError(f"no column {', '.join(absent)}")
    lands, years = (frame.index.get_level_values(level) for level in ("iso3", "year"))
    if lands.hasnans or not years.isin(described.YEARS).all() or frame.index.has_duplicates:
        raise ValueError("a row without a country or a year, or two of the same")
    return frame


def listed(source: Source) -> lists.Listed:
    """The events of a dated list, after its checksum was found to hold."""
    (sheet,) = source.series.values()
    assert sheet.standing is not None  # as every dated list has
    return understood(source, EVENTS, source.sha256, functools.partial(_events, sheet.standing))


@functools.lru_cache(maxsize=32)
def _events(standing: lists.Standing, content: bytes) -> lists.Listed:
    return lists.Listed(standing, lists.parse(content))


def understood(source: Source, file: str, due: str, read: Callable[[bytes], _T]) -> _T:
    """What a table of the source is read as, after the checksum that is `due` was found to hold.

    DataError where it is none all the same, as one made by hand may be.
    """
    where = f"{source.id}/{file}"
    try:
        content = opened.content(source.path / file, opened.TABLE, where)
    except OSError as error:
        raise IntegrityError(f"{where}: file: cannot be read ({error.strerror})") from None
    seen = hashlib.sha256(content).hexdigest()
    if seen != due:
        cut = "the file was changed after it was compiled, or the compilation was cut short"
        why = seal.line_ends(content, due) or cut
        raise IntegrityError(f"{where}: checksum: must be the one in {SHEET}, {due} (got {seen}); {why}")
    try:
        return read(content)
    except (ValueError, TypeError, csv.Error) as error:
        raise DataError(Problem(where, "rows", "must be those of a compiled table", quoted(error))) from None


def series_sheet(source_id: str, family: str, name: str, entry: dict[str, Any]) -> SeriesSheet:
    """One series of a sheet of the right shape (described.py); ValueError where what it says cannot hold."""
    doubt = entry["uncertainty"]
    lo, hi = (float(bound) for bound in entry["range"])
    if not lo < hi:
        raise ValueError("range: the lower end comes first")
    needed = {"probit": ["factor"], "power": ["factor", "powers"]}.get(doubt.get("formula"), [])
    needed += ["cut", "between"] if doubt.get("follows") else []
    if absent := [key for key in needed if key not in doubt]:
        raise ValueError(f"uncertainty: also needs {', '.join(absent)}")
    if doubt.get("shape") == "probit" and (lo, hi) != (0.0, 1.0):
        raise ValueError("errors of the shape probit belong to an index from 0 to 1")
    classes, days = entry.get("classes"), entry.get("published_on", {})
    if any(day.year < year for year, day in days.items()):
        raise ValueError("published_on gives each year a day after it began")
    if [day for _, day in sorted(days.items())] != sorted(days.values()):
        raise ValueError("published_on must not have a later year come out earlier")
    return SeriesSheet(
        id=f"{family}.{name}",
        source_id=source_id,
        publisher_code=str(entry["publisher_code"]),
        lo=lo,
        hi=hi,
        **{key: entry[key] for key in ("label", "description", "unit", "better", "decimals", "lag_months")},
        **{key: entry[key] for key in ("published_on", "carry", "every", "class_names") if key in entry},
        classes={int(number): str(label) for number, label in classes.items()} if classes else None,
        sd_kind=doubt["kind"],
        sd_how=doubt["how"],
        sd_formula=doubt.get("formula", ""),
        sd_factor=float(doubt["factor"]) if "factor" in doubt else None,
        sd_powers=(float(doubt["powers"][0]), float(doubt["powers"][1])) if "powers" in doubt else None,
        shape=doubt.get("shape", "normal"),
        parts=float(doubt.get("parts", 1)),
        built_from=tuple(f"{family}.{part}" for part in entry.get("built_from", ())),
        follows=f"{family}.{doubt['follows']}" if doubt.get("follows") else "",
        cut=float(doubt["cut"]) if "cut" in doubt else None,
        between=(int(doubt["between"][0]), int(doubt["between"][1])) if "between" in doubt else None,
        standing=lists.standing(entry["standing"]) if "standing" in entry else None,
    )
