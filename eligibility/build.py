"""Publishers' files in, `<family>-<vintage>/` folders out: whole, checked, and the same bytes each time.

build(from_dir, to_dir)      every source whose files lie under a folder
import_file(path, folder)    one file a user brings, into their own folder
verify(shelf), listing(shelf)
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from eligibility import disk, sources
from eligibility.compiled import Compiled, compile_release, sha256_of, source_name
from eligibility.errors import DataError, EligibilityError, InputError, Problem, UsageError, quoted
from eligibility.readers import family_sheet, readers
from eligibility.readers.whose import whose
from eligibility.resources import shipped

MOST_FILES = 10_000  # looked at in one build


@dataclass(frozen=True)
class Built:
    """What a build found and made.

    made      the sources now in the folder, in order of id
    found     source id -> names of the publisher's files it was compiled from
    withheld  sources compiled but not written: their licence keeps them out of the shipped folder
    missing   sources the sheets know of whose files were not there
    unknown   file -> why it was passed over
    """

    made: tuple[sources.Source, ...]
    found: dict[str, tuple[str, ...]]
    withheld: tuple[str, ...]
    missing: tuple[str, ...]
    unknown: dict[str, str]


@dataclass(frozen=True)
class Listed:
    """One line of `eligibility data list`."""

    id: str
    publisher: str
    title: str
    released: str
    years: str
    countries: int
    series: int
    licence: str
    place: str  # "shipped" or "yours"


def build(from_dir: Path, to_dir: Path) -> Built:
    """Every source whose files lie anywhere under `from_dir`, compiled into `to_dir`.

    Nothing is written unless every file that was recognised could be read. A source whose bytes would not change
    is left as it is.
    """
    from_dir, to_dir = Path(from_dir), Path(to_dir)
    if not from_dir.is_dir():
        raise UsageError(Problem("--from", str(from_dir), "must be a folder"))
    groups, unknown = _recognised(from_dir)
    compiled, problems = [], []
    for (family, vintage), paths in sorted(groups.items()):
        try:
            release = readers()[family].read(paths, vintage)
            compiled.append((compile_release(release, family, vintage), release))
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise DataError(problems)
    public = to_dir.resolve() == shipped("datasets").resolve()
    kept = [(one, release) for one, release in compiled if one.ship or not public]
    made = tuple(sources.sheet(_place(one, to_dir)) for one, _ in kept)
    return Built(
        made,
        {one.id: tuple(path.name for path in release.files) for one, release in kept},
        tuple(one.id for one, _ in compiled if public and not one.ship),
        tuple(sorted(_expected() - {one.id for one, _ in compiled})),
        unknown,
    )


def import_file(path: Path, folder: Path | None = None, vintage: str = "") -> sources.Source:
    """The source made of one publisher's file, placed in the user's folder (or `folder`).

    `vintage` says which release it is where the name cannot ("v16"). A file that holds fewer series than a
    source of the same id already on the shelf is refused: it would hide the others.
    """
    path = Path(path)
    it = whose(path)
    family, vintage = it.family, vintage or it.vintage
    if not vintage:
        raise UsageError(
            Problem(path.name, "vintage", f"cannot be told from this {family} file's name", hint=it.hint())
        )
    release = readers()[family].read(it.paths, vintage).beside(it.beside)
    one = compile_release(release, family, vintage)
    for source in sources.shelf(folder):
        lost = [name for name in source.series if name not in one.series]
        if source.id == one.id and lost:
            rule = f"must hold every series of {source.id}, which it would stand in for"
            hint = "put all files of the release in one folder and use `data build --from`"
            raise UsageError(Problem(path.name, "series", rule, got=f"lacks {', '.join(lost)}", hint=hint))
    own = Path(folder) if folder else sources.user_folder()
    return sources.sheet(_place(_dated(one, own / one.id), own))


def beside(source: sources.Source, shelf: Iterable[sources.Source]) -> tuple[str, ...]:
    """What the source does to others of its family on the shelf, one line each; nothing where they share no series.

    A series is used whole from the newest source that holds it, so a newer source with fewer years hides older years.
    """
    lines = []
    for other in shelf:
        if other.family != source.family or other.id == source.id:
            continue
        if shared := [name for name in source.series if name in other.series]:
            newer, older = sorted((source, other), key=lambda one: (one.released, one.id), reverse=True)
            years = "{}-{}".format(*older.values["years"])
            lines.append(
                f"{len(shared)} series are used from {newer.id}, the newer, not from {older.id} ({years})"
            )
    return tuple(lines)


def verify(shelf: Iterable[sources.Source]) -> tuple[str, ...]:
    """Every way in which a source's table is not what its sheet says; nothing if all is well."""
    differences: list[str] = []
    for source in shelf:
        try:
            frame = sources.table(source)
        except EligibilityError as error:
            differences.append(str(error))
            continue
        where = f"{source.id}/{sources.VALUES}"
        years = frame.index.get_level_values("year")
        seen = {"rows": len(frame), "countries": frame.index.get_level_values("iso3").nunique()}
        seen["years"] = [int(years.min()), int(years.max())] if len(frame) else []
        for key, value in seen.items():
            if source.values[key] != value:
                differences.append(f"{where}: {key}: must be {source.values[key]} (got {value})")
        if not frame.index.is_monotonic_increasing or frame.index.has_duplicates:
            differences.append(f"{where}: rows: must be sorted by iso3 and year, each once")
        for name, sheet in source.series.items():
            if outside := int((~frame[name].dropna().between(sheet.lo, sheet.hi)).sum()):
                rule = f"must lie between {sheet.lo:g} and {sheet.hi:g}"
                differences.append(f"{where}: column '{name}': {rule} (got {outside} values outside)")
    return tuple(differences)


def listing(shelf: Iterable[sources.Source]) -> tuple[Listed, ...]:
    """One line a source."""
    ours = shipped("datasets").resolve()
    return tuple(
        Listed(
            source.id,
            source.publisher,
            source.title,
            source.released.isoformat(),
            "{}-{}".format(*source.values["years"]),
            source.values["countries"],
            len(source.series),
            source.licence,
            "shipped" if source.path.resolve().parent == ours else "yours",
        )
        for source in shelf
    )


def _recognised(folder: Path) -> tuple[dict[tuple[str, str], list[Path]], dict[str, str]]:
    """Files by (family, vintage), one of each content; and why the others were passed over."""
    groups: dict[tuple[str, str], list[Path]] = {}
    unknown: dict[str, str] = {}
    seen: set[str] = set()
    for path in _files(folder):
        name = quoted(path.relative_to(folder).as_posix())
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
            groups.setdefault((it.family, it.vintage), []).extend(it.paths)
    return groups, unknown


def _files(folder: Path) -> list[Path]:
    """Every regular file under the folder, in order of path; hidden ones and linked folders are not entered."""
    found: list[Path] = []
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        paths = (Path(root) / name for name in sorted(names) if not name.startswith("."))
        found.extend(path for path in paths if path.is_file())
        if len(found) > MOST_FILES:
            raise UsageError(Problem("--from", str(folder), f"must hold at most {MOST_FILES} files"))
    return found


def _expected() -> set[str]:
    """The id of every vintage named in a publisher's sheet."""
    return {
        source_name(family, vintage)
        for family in readers()
        for vintage in family_sheet(family).get("vintages", {})
    }


def _dated(one: Compiled, target: Path) -> Compiled:
    """The source with the day of import on its sheet: today, or the first day if the folder holds the same already."""
    sheet = one.content[sources.SHEET]
    for day in (_day_of(target), date.today()):
        dated = replace(one, content={**one.content, sources.SHEET: sheet + f"imported: {day}\n".encode()})
        if day and _same(target, dated.content):
            break
    return dated


def _day_of(target: Path) -> date | None:
    """The day an earlier import of this source was made, if there is one that can be read."""
    try:
        return sources.sheet(target).imported
    except EligibilityError:
        return None


def _place(one: Compiled, folder: Path) -> Path:
    """The source's folder, holding exactly these bytes: written beside it first, then moved into place."""
    target = folder / one.id
    if _same(target, one.content):
        return target
    folder.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".building-{one.id}-", dir=folder))
    try:
        for name, content in one.content.items():
            disk.put(fresh / name, content)
        fresh.chmod(0o755)
        if target.exists():
            # A folder cannot be replaced in one step: the old one steps aside, so that none is ever half new.
            aside = Path(tempfile.mkdtemp(prefix=f".replaced-{one.id}-", dir=folder))
            target.rename(aside / one.id)
            try:
                fresh.rename(target)
            except OSError:
                (aside / one.id).rename(target)
                raise
            finally:
                shutil.rmtree(aside, ignore_errors=True)
        else:
            fresh.rename(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return target


def _same(target: Path, content: dict[str, bytes]) -> bool:
    """Whether the folder already holds exactly these files."""
    try:
        there = {path.name: path.read_bytes() for path in target.iterdir() if path.is_file()}
    except OSError:
        return False
    return there == content
