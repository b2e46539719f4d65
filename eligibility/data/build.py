"""Publishers' files in, `<family>-<vintage>/` folders out: whole, checked, and the same bytes each time.

build(from_dir, to_dir)      every source whose files lie under a folder
import_release(paths, ...)   one release a user brings, into their own folder
verified(extra), verify(shelf)
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd

from eligibility.data import found, intake, origins, own, sources
from eligibility.data.compiled import Compiled, compile_release, source_name
from eligibility.data.readers import family_sheet, packed, readers, said_of
from eligibility.data.readers.release import Release
from eligibility.data.readers.whose import whose
from eligibility.errors import DataError, EligibilityError, InputError, Problem, UsageError, quoted
from eligibility.files import checksums, disk, exchange, opened
from eligibility.resources import shipped


@dataclass(frozen=True)
class Built:
    """What a build found and made.

    made      the sources now in the folder, in order of id
    found     source id -> names of the publisher's files it was compiled from
    missing   sources the sheets know of whose files were not there
    parts     sources not made because every file of theirs holds a small part only
    unknown   file -> why it was passed over
    """

    made: tuple[sources.Source, ...]
    found: dict[str, tuple[str, ...]]
    missing: tuple[str, ...]
    parts: tuple[str, ...]
    unknown: dict[str, str]


Check = Callable[[Sequence[sources.Source]], list[Problem]]  # what is wrong with a folder as it would be


def build(
    from_dir: Path, to_dir: Path, accept: Collection[str] = (), check: Check = lambda shelf: []
) -> Built:
    """Every source whose files lie anywhere under `from_dir`, compiled into `to_dir`.

    Nothing is written unless every file that was recognised could be read and every source passed the intake gate,
    beside what `to_dir` holds and the other sources made. A source whose bytes would not change is left as it is.

    check   what the shipped folder must answer to as well
    """
    from_dir, to_dir = Path(from_dir), Path(to_dir)
    if not from_dir.is_dir():
        raise UsageError(Problem("--from", str(from_dir), "must be a folder"))
    before = sources.held(to_dir)
    every, unknown = found.groups(found.files(from_dir), from_dir)
    groups, aside = found.whole(every, before)
    parts = tuple(sorted(source_name(*key) for key in every.keys() - groups.keys()))
    unknown |= {quoted(path.relative_to(from_dir).as_posix()): why for path, why in aside.items()}
    public = to_dir.resolve() == shipped("datasets").resolve()
    if public:
        older = {key: by for key in groups if (by := said_of(*key).get("superseded_by"))}
        for key, by in older.items():
            name = groups.pop(key).paths[0].relative_to(from_dir).as_posix()
            unknown[quoted(name)] = f"superseded by {by}, which holds its rows and more"
    withheld = {key for key in groups if public and not family_sheet(key[0])["ship"]}
    compiled: list[tuple[Compiled, Release]] = []
    problems: list[Problem] = []
    for (family, vintage), files in sorted(groups.items()):
        if (family, vintage) in withheld:
            continue
        try:
            release = readers()[family].read(list(files.paths), vintage).beside(files.beside)
            compiled.append((compile_release(release, family, vintage), release))
        except InputError as error:
            problems.extend(error.problems)
    if not problems:
        compiled, problems = _let_in(compiled, before, accept, check if public else lambda shelf: [])
    if problems:
        raise DataError(problems)
    made = tuple(sources.sheet(_place(one, to_dir)) for one, _ in compiled)
    if to_dir.is_dir() and (whole := checksums.of(to_dir)) != _read(to_dir / checksums.LIST):
        disk.replace(to_dir / checksums.LIST, whole)
    return Built(
        made,
        {one.id: tuple(path.name for path in release.files) for one, release in compiled},
        tuple(
            sorted(_expected() - {one.id for one, _ in compiled} - {source_name(*key) for key in withheld})
        ),
        parts,
        unknown,
    )


def _let_in(
    compiled: list[tuple[Compiled, Release]],
    before: list[sources.Source],
    accept: Collection[str],
    check: Check,
) -> tuple[list[tuple[Compiled, Release]], list[Problem]]:
    """The sources as they passed the gate, each beside those held and the others of this build; or every refusal."""
    passed: list[tuple[Compiled, Release]] = []
    problems: list[Problem] = []
    with tempfile.TemporaryDirectory() as folder:
        fresh = [sources.sheet(_place(one, Path(folder))) for one, _ in compiled]
        for one, release in compiled:
            if release.dated:  # the rows of a list are checked one by one, and its years follow from them
                passed.append((one, release))
                continue
            shelf = {source.id: source for source in (*before, *fresh) if source.id != one.id}
            shelf |= {source.id: source for source in before if source.id == one.id}
            try:
                where = ", ".join(sorted(path.name for path in release.files))
                passed.append((intake.admitted(one, shelf.values(), accept, where), release))
            except InputError as error:
                problems.extend(error.problems)
        if not problems:
            made = {one.id for one in fresh}
            problems = check([*fresh, *(source for source in before if source.id not in made)])
    return passed, problems


@dataclass(frozen=True)
class Imported:
    """A source brought by a user.

    adds     what it holds that the release before it did not, one line each
    known    for each file, whether it is byte for byte one that is known
    aside    file -> why it was not read
    """

    source: sources.Source
    adds: tuple[str, ...]
    known: dict[str, str]
    aside: dict[str, str]


def import_release(
    paths: Sequence[Path],
    folder: Path | None = None,
    vintage: str = "",
    accept: Collection[str] = (),
    released: date | None = None,
    fetched: Sequence[Mapping[str, str]] = (),
) -> Imported:
    """One release of files, folders or archives, placed in the user's folder (or `folder`) once the gate let it in.

    vintage    which release it is where the names cannot say ("v16")
    accept     rules of the intake gate that it may break
    released   the day it came out, where neither the file nor the publisher's sheet says
    fetched    {"address", "sha256"} of what came over the network, for the sheet
    """
    _check_day(released)
    (family, vintage), files, aside = _one_release([Path(path) for path in paths], vintage)
    release = readers()[family].read(list(files.paths), vintage).beside(files.beside)
    one = compile_release(release, family, vintage, released=released, today=date.today())
    where = ", ".join(sorted({packed.given(path).name for path in files.paths}))
    if problem := _wrong_day(one, released, where):
        raise UsageError(problem)
    shelf = sources.shelf(folder)
    one = intake.admitted(one, shelf, accept, where)
    mine = Path(folder) if folder else sources.user_folder()
    adds = tuple(intake.adds(one, shelf))
    if fetched:
        said = f"fetched: {json.dumps([dict(entry) for entry in fetched], ensure_ascii=False)}\n"
        one = replace(one, content={**one.content, sources.SHEET: one.content[sources.SHEET] + said.encode()})
    source = sources.sheet(_place(_dated(one, mine / one.id), mine))
    return Imported(source, adds, intake.known(source), aside)


def import_own(
    path: Path, meaning: own.Meaning, folder: Path | None = None, released: date | None = None
) -> sources.Source:
    """The user's own series of one table, placed in their folder (or `folder`)."""
    _check_day(released)
    mine = Path(folder) if folder else sources.user_folder()
    one = own.compiled(Path(path), meaning, released or date.today())
    if released is None and (first := _day_of(mine / one.id)):  # the same figures keep the day they came in
        earlier = own.compiled(Path(path), meaning, first)
        one = earlier if _same(mine / one.id, _dated(earlier, mine / one.id).content) else one
    return sources.sheet(_place(_dated(one, mine / one.id), mine))


def _check_day(released: date | None) -> None:
    """Refuse a day of release that is still to come."""
    if released and released > date.today():
        raise UsageError(Problem("--released", "date", "must not lie after today", released.isoformat()))


def _one_release(paths: Sequence[Path], vintage: str) -> tuple[found.Key, found.Found, dict[str, str]]:
    """Family and vintage of files that are one release, what its reader reads, and what was passed over in folders."""
    searched = [path for path in paths if os.path.isdir(path)]  # of a name that is too long it says no
    named = [path for path in paths if path not in searched]
    groups: dict[found.Key, found.Found] = {}
    aside: dict[str, str] = {}
    for path in named:
        it = whose(path)
        if not (vintage or it.vintage):
            rule = f"cannot be told from this {it.family} file's name"
            raise UsageError(Problem(path.name, "vintage", rule, hint=it.hint()))
        key = it.family, vintage or it.vintage
        groups[key] = groups.get(key, found.Found()).also(it)
    for path in searched:
        inside, unknown = found.groups(found.files(path), path)
        aside |= unknown
        for (family, told), files in inside.items():
            key = family, vintage or told
            groups[key] = groups.get(key, found.Found()).also(files)
    if not groups:
        got = "; ".join(f"{name}: {why}" for name, why in list(aside.items())[:3])
        where = ", ".join(quoted(path.name) for path in searched)
        raise UsageError(Problem(where, "folder", "must hold a release that a reader knows", got))
    if len(groups) > 1:
        got = ", ".join(sorted(source_name(*key) for key in groups))
        hint = "import one release at a time, or all of a folder with `data build --from DIR --to DIR`"
        raise UsageError(Problem("FILE", "release", "must be one release", got, hint))
    ((key, files),) = groups.items()
    if len(files.paths) > 1:
        left, parts = found.whole({key: files}, ())
        aside |= {path.name: why for path, why in parts.items()}
        files = left.get(key, files)
    return key, files, aside


def _wrong_day(one: Compiled, released: date | None, where: str) -> Problem | None:
    """What is wrong with the day of release a user names, if anything is."""
    if released is None:
        return None
    day, last = released.isoformat(), int(one.frame.index.get_level_values("year").max())
    if one.released != released:
        return Problem(
            "--released", "date", f"the release of {one.id} is on file, {one.released.isoformat()}", day
        )
    if released.year < last:
        return Problem("--released", "date", f"must not lie before {last}, the last year of {where}", day)
    return None


def beside(source: sources.Source, shelf: Iterable[sources.Source]) -> tuple[str, ...]:
    """The ids of others on the shelf that hold series of the source too, oldest first; which answers, each run says."""
    others = (one for one in shelf if one.family == source.family and one.id != source.id)
    shared = [one for one in others if one.series.keys() & source.series.keys()]
    return tuple(one.id for one in sorted(shared, key=lambda one: (one.released, one.id)))


def verified(extra: Path | None = None) -> tuple[str, ...]:
    """Every way in which what is held is not as it was compiled, in all folders; nothing if all is well.

    What lies there is held against the lists of checksums, then each table against its sheet.
    """
    found: list[str] = []
    for folder in sources.folders(extra):
        found += checksums.differences(folder)
        broken: list[DataError] = []
        held = sources.held(folder, broken.append)
        found += [*(str(problem) for error in broken for problem in error.problems), *verify(held)]
    return tuple(found)


def unlisted(extra: Path | None = None) -> tuple[str, ...]:
    """The sources whose sheet no list of checksums covers: made by hand, or imported before there were lists."""
    return tuple(
        str(path.parent)
        for folder in sources.folders(extra)
        for path in sorted(folder.glob(f"*/{sources.SHEET}"))
        if not any((where / checksums.LIST).is_file() for where in (path.parent, folder))
    )


def verify(shelf: Iterable[sources.Source]) -> tuple[str, ...]:
    """Every way in which a source's table is not what its sheet says; nothing if all is well."""
    differences: list[str] = []
    for source in shelf:
        try:
            frame = sources.table(source)
        except EligibilityError as error:
            differences.append(str(error))
            continue
        where = f"{source.id}/{source.file}"
        years = frame.index.get_level_values("year")
        seen = {"rows": len(frame), "countries": frame.index.get_level_values("iso3").nunique()}
        seen["years"] = [int(years.min()), int(years.max())] if len(frame) else []
        for key, value in seen.items():
            if source.values[key] != value:
                differences.append(f"{where}: {key}: must be {source.values[key]} (got {value})")
        if not frame.index.is_monotonic_increasing or frame.index.has_duplicates:
            differences.append(f"{where}: rows: must be sorted by iso3 and year, each once")
        differences += _unplaced(source, frame)
        for name, sheet in source.series.items():
            if outside := int((~frame[name].dropna().between(sheet.lo, sheet.hi)).sum()):
                rule = f"must lie between {sheet.lo:g} and {sheet.hi:g}"
                differences.append(f"{where}: column '{name}': {rule} (got {outside} values outside)")
    return tuple(differences)


def _unplaced(source: sources.Source, frame: pd.DataFrame) -> list[str]:
    """What is wrong with where the figures of a source are said to stand."""
    try:
        without = origins.gaps(source, frame)
    except EligibilityError as error:
        return [str(error)]
    return (
        [f"{source.id}/{origins.ORIGINS}: rows: must hold every figure (got {without} without)"]
        if without
        else []
    )


def _expected() -> set[str]:
    """The id of every vintage named in a publisher's sheet."""
    return {
        source_name(family, vintage)
        for family in readers()
        for vintage, said in family_sheet(family).get("vintages", {}).items()
        if "superseded_by" not in said
    }


def _dated(one: Compiled, target: Path) -> Compiled:
    """The source with the day of import on its sheet and its checksums: today, or the first day if it is held already."""
    sheet = one.content[sources.SHEET]
    for day in (_day_of(target), date.today()):
        content = {**one.content, sources.SHEET: sheet + f"imported: {day}\n".encode()}
        content[checksums.LIST] = checksums.listed(content)
        if day and _same(target, content, checksums.LIST):
            break
    return replace(one, content=content)


def _day_of(target: Path) -> date | None:
    """The day an earlier import of this source was made, if there is one that can be read."""
    try:
        return sources.sheet(target).imported
    except EligibilityError:
        return None


def _place(one: Compiled, folder: Path) -> Path:
    """The source's folder, holding exactly these bytes: written beside it first, then moved into place."""
    target = folder / one.id
    folder.mkdir(parents=True, exist_ok=True)
    with exchange.held(folder):
        if _same(target, one.content):
            return target
        with exchange.beside(folder, one.id) as fresh:
            for name, content in one.content.items():
                disk.put(fresh / name, content)
            exchange.swap(fresh, target)
    return target


def _read(path: Path) -> bytes:
    """The bytes of a file, none where there is none."""
    return opened.content(path, opened.REGISTER) if path.is_file() else b""


def _same(target: Path, content: dict[str, bytes], but: str = "") -> bool:
    """Whether the folder already holds exactly these files, or all but one."""
    try:
        there = {path.name: opened.content(path, opened.TABLE) for path in target.iterdir() if path.is_file()}
    except (OSError, DataError):
        return False
    return {**there, but: b""} == {**content, but: b""}
