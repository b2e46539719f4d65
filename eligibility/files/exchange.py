"""Folders that take their place whole: written beside it, the old one aside, the new one in.

    with exchange.held(folder) as free, exchange.beside(folder, "vdem-v16") as fresh:
        ...                                    # files into `fresh`
        exchange.swap(fresh, folder / "vdem-v16")

Two folders cannot change places in one step everywhere, so for a moment neither may stand there. Whoever is stopped in
that moment leaves the old one aside, as `.NAME.old-xxxxxxxx/NAME`, and the next to come puts it back.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from eligibility.errors import DataError
from eligibility.files import disk, opened

# the second form is that of sources before 0.1.0
_LEFT = re.compile(r"\.(?:(?P<name>.+)\.(?:new|old)|(?:building|replaced)-(?P<source>.+))-[a-z0-9_]{8}")


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """The folder for one writer at a time, without what stopped writers left in it."""
    with disk.alone(folder) as sure:
        put_back(folder)
        if sure:  # else it may be another's work
            for left in leftovers(folder):
                if not _orphan(left):
                    shutil.rmtree(left, ignore_errors=True)
        yield


def leftovers(folder: Path) -> tuple[Path, ...]:
    """The hidden folders of writers that were stopped, or are at work, sorted; none where there is no such folder."""
    try:
        with os.scandir(folder) as found:
            names = [
                one.name for one in found if _LEFT.fullmatch(one.name) and one.is_dir(follow_symlinks=False)
            ]
    except OSError:
        return ()
    return tuple(Path(folder) / name for name in sorted(names))


def recover(folder: Path) -> None:
    """Puts back what stands aside without its place being taken, once no writer is at work; for who only reads.

    Nothing is done, and nothing locked, where there is no such thing; OSError where it cannot be put back.
    """
    if any(_orphan(left) for left in leftovers(folder)):
        with disk.alone(folder):
            put_back(folder)


def put_back(folder: Path) -> None:
    """`recover` for who holds the folder already."""
    for left in leftovers(folder):
        if old := _orphan(left):
            os.rename(old, folder / old.name)


@contextlib.contextmanager
def beside(folder: Path, name: str) -> Iterator[Path]:
    """An empty folder beside the place of that name; gone at the end unless it was swapped in."""
    fresh = Path(tempfile.mkdtemp(prefix=f".{name}.new-", dir=folder))
    try:
        disk.mode(fresh, 0o755)
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def swap(fresh: Path, target: Path) -> None:
    """The fresh folder in its place, on the disk; on any failure what stood there stands there still.

    A link that stands there is moved, never followed.
    """
    for folder, _, _ in os.walk(fresh):
        disk.flush(Path(folder))
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}.old-", dir=target.parent))
    old = aside / target.name
    try:
        if os.path.lexists(target):
            os.rename(target, old)
        os.rename(fresh, target)
        disk.flush(target.parent)
    except BaseException:
        if not os.path.lexists(fresh):
            os.rename(target, fresh)
        if os.path.lexists(old):
            os.rename(old, target)
        with contextlib.suppress(OSError):
            aside.rmdir()
        raise
    _discard(old)


def same(one: Path, other: Path) -> bool:
    """Whether two folders hold the same files with the same bytes; a link is no file."""
    try:
        ours, theirs = _tree(one), _tree(other)
        return ours == theirs and all(
            opened.content(one / name, opened.SEALED) == opened.content(other / name, opened.SEALED)
            for name in ours
        )
    except (OSError, DataError):
        return False


def _tree(folder: Path) -> dict[str, int]:
    """Every file below a folder and its size; -1 for what is none."""
    if folder.is_symlink():
        return {"": -1}
    return {
        path.relative_to(folder).as_posix(): path.stat().st_size
        if path.is_file() and not path.is_symlink()
        else -1
        for path in folder.rglob("*")
        if path.is_symlink() or not path.is_dir()
    }


def _discard(old: Path) -> None:
    """Away with what was replaced: first under a name from which nothing is put back, for a half of it is worth nothing."""
    with contextlib.suppress(OSError):
        if os.path.lexists(old):
            gone = old.with_name(".gone")
            os.rename(old, gone)
            if gone.is_symlink():
                gone.unlink()
        shutil.rmtree(old.parent)


def _orphan(left: Path) -> Path | None:
    """What stands aside in a leftover while nothing stands in its place."""
    match = _LEFT.fullmatch(left.name)
    assert match  # leftovers are found by this pattern
    name = match["name"] or match["source"]
    old = left / name
    return old if os.path.lexists(old) and not os.path.lexists(left.parent / name) else None
