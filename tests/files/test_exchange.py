"""Folders take their place whole: a fault or a kill at any step leaves the old one, the new one, or the old one aside."""

from __future__ import annotations

import errno
import os
import stat
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import kills
import pytest

from eligibility.errors import UsageError
from eligibility.files import disk, exchange

OLD, NEW = {"a.csv": b"old", "sub/b": b"1"}, {"a.csv": b"new", "c": b"2"}
NO_POSIX = pytest.mark.skipif(os.name == "nt", reason="no such locks, modes or kills there")


def fill(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        disk.put(folder / name, data)


def place(folder: Path, files: dict[str, bytes]) -> None:
    with exchange.held(folder), exchange.beside(folder, "run") as fresh:
        fill(fresh, files)
        exchange.swap(fresh, folder / "run")


def held(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


STEPS = ("fsync", "rename", "chmod", "mkdir", "open")


def faults(
    monkeypatch, before: Callable, act: Callable, lasting: bool = False, steps: tuple[str, ...] = STEPS
) -> Iterator[tuple[int, Exception | None]]:
    """How `act` ends with a fault at its first step, at its second and so on, until it has no more; each time after `before`."""
    reached = nth = 0
    while reached >= nth:
        nth, error = nth + 1, None
        before(nth)
        with monkeypatch.context() as patch:
            seen = faulty(patch, nth, lasting, steps)
            try:
                act(nth)
            except (OSError, UsageError) as met:
                error = met
            reached = seen["n"]
        yield nth, error


def faulty(monkeypatch, nth: int, lasting: bool, steps: tuple[str, ...]) -> dict[str, int]:
    """Every call that changes the disk is counted, and the nth fails, or the nth and all after it."""
    seen = {"n": 0}

    def failing(real):
        def call(*args, **more):
            seen["n"] += 1
            if seen["n"] == nth or (lasting and seen["n"] > nth):
                raise OSError(errno.EIO, "Input/output error", "somewhere")
            return real(*args, **more)

        return call

    class File:
        """A file whose writes are counted too."""

        def __init__(self, file):
            self.file, self.fileno = file, file.fileno
            self.write, self.flush = failing(file.write), failing(file.flush)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self.file.close()

    real = Path.open

    def opened(path, mode="r", *args, **more):
        return File(failing(real)(path, mode)) if mode == "wb" else real(path, mode, *args, **more)

    monkeypatch.setattr(Path, "open", opened)
    for name in steps:
        monkeypatch.setattr(os, name, failing(getattr(os, name)))
    return seen


@pytest.mark.parametrize("lasting", [False, True], ids=["one fault", "a disk that is gone"])
@pytest.mark.parametrize("before", [OLD, None], ids=["over another", "new"])
def test_a_fault_at_any_step_loses_nothing(tmp_path, monkeypatch, before, lasting):
    def begin(nth: int) -> None:
        (tmp_path / str(nth)).mkdir()
        if before:
            place(tmp_path / str(nth), before)

    for nth, error in faults(monkeypatch, begin, lambda nth: place(tmp_path / str(nth), NEW), lasting):
        folder = tmp_path / str(nth)
        exchange.recover(folder)
        stands = held(folder / "run")
        # whose disk is gone cannot undo its last step
        undone = [before or {}, NEW] if lasting else [before or {}]
        assert stands in undone if error else stands == NEW, nth
        place(folder, NEW)
        assert [p.name for p in folder.iterdir()] == ["run"] and held(folder / "run") == NEW
    assert nth > 16


@pytest.mark.parametrize("what", ["source", "run"])
def test_a_fault_at_any_step_of_an_import_or_a_report_leaves_the_old_one(tmp_path, monkeypatch, what):
    old, new = ({"briefing.html": s, "countries/TUN.html": s * 9} for s in (b"a", b"b"))
    if what == "source":
        old, new = ({"source.yaml": s, "values.csv": s * 9} for s in (b"a", b"b"))
    write = kills.WRITERS[what]
    for nth, error in faults(monkeypatch, lambda _: write(tmp_path, old), lambda _: write(tmp_path, new)):
        assert not error or "Input/output error" in str(error), nth
        due = old if error else new  # a fault may be none: a folder that cannot be made because it is there
        assert kills.seen(tmp_path / kills.NAME) == due, nth
    assert due == new and nth > 16 and [p.name for p in tmp_path.iterdir()] == [kills.NAME]


@NO_POSIX
@pytest.mark.parametrize("what", ["source", "run"])
def test_a_kill_at_any_step_or_time_loses_nothing(tmp_path, what):
    assert kills.rounds(tmp_path, what, steps=range(1, 60, 7), times=3) >= 8


@pytest.mark.parametrize("left", [".run.old-abcd1234", ".replaced-run-abcd1234"])
def test_what_stands_aside_without_its_place_taken_is_put_back_by_a_reader(tmp_path, left):
    (tmp_path / left / "run").mkdir(parents=True)
    (tmp_path / left / "run" / "a").write_bytes(b"1")
    exchange.recover(tmp_path)
    assert held(tmp_path / "run") == {"a": b"1"}
    with exchange.held(tmp_path):
        assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_what_was_replaced_never_comes_back(tmp_path, monkeypatch):
    """The old copy is renamed before it is deleted: of a deletion that was stopped nothing is put back."""
    place(tmp_path, OLD)
    with monkeypatch.context() as patch:
        patch.setattr(exchange.shutil, "rmtree", lambda *_, **__: None)
        place(tmp_path, NEW)
        assert len(exchange.leftovers(tmp_path)) == 1
    exchange.shutil.rmtree(tmp_path / "run")
    exchange.recover(tmp_path)
    assert not (tmp_path / "run").exists()


def test_only_folders_of_the_names_that_are_ours_are_cleared(tmp_path):
    ours = [".a.new-abcd1234", ".a.old-abcd1234", ".building-vdem-v16-abcd1234", ".replaced-x-abcd1234"]
    theirs = [".a.new-x", ".git", "a.new-abcd1234", ".new-abcd1234"]
    for name in ours + theirs:
        (tmp_path / name).mkdir()
    (tmp_path / ".b.new-abcd1234").write_bytes(b"a file")
    assert [p.name for p in exchange.leftovers(tmp_path)] == sorted(ours)
    with exchange.held(tmp_path):
        assert {p.name for p in tmp_path.iterdir()} == {*theirs, ".b.new-abcd1234"}
    assert exchange.leftovers(tmp_path / "none") == ()


@NO_POSIX
@pytest.mark.parametrize("code", [errno.ENOLCK, errno.ENOTSUP, errno.EPERM, errno.EBADF])
def test_a_folder_without_locks_modes_and_flushing_is_written_with_a_word(tmp_path, monkeypatch, code):
    def none(*_):
        raise OSError(code, os.strerror(code))

    (tmp_path / ".x.new-abcd1234").mkdir()
    monkeypatch.setattr(disk.fcntl, "flock", none)
    if code != errno.EBADF:
        monkeypatch.setattr(os, "fsync", none)
        monkeypatch.setattr(os, "chmod", none)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("default")
        place(tmp_path, NEW)
    assert held(tmp_path / "run") == NEW
    words = sorted(str(one.message).split(":")[0] for one in told)
    lock = "the folder has no locks"
    flush, mode = "the folder cannot be flushed to the disk", "the folder has no file modes"
    assert words == ([lock] if code == errno.EBADF else [flush, mode, lock])
    assert (tmp_path / ".x.new-abcd1234").is_dir()  # without a lock it may be another's work


def test_a_disk_that_fails_is_no_share_without_locks(tmp_path, monkeypatch):
    def broken(*_):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="Input/output"):
        place(tmp_path, NEW)


@NO_POSIX
@pytest.mark.parametrize("kind", ["pipe", "device", "link to a device", "folder"])
def test_a_file_never_takes_the_place_of_a_pipe_or_a_device(tmp_path, kind):
    """As root `--out /dev/null` would leave the machine without it."""
    path = tmp_path / "x"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "device" and os.geteuid() == 0:
        os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(1, 3))
    else:
        path.symlink_to(os.devnull)
    before = os.lstat(path)
    with pytest.raises(OSError, match="is a folder, pipe or device; name a file") as refused:
        disk.replace(path, b"new")
    assert refused.value.filename == str(path)
    after = os.lstat(path)
    assert (after.st_ino, after.st_mode) == (before.st_ino, before.st_mode) and len(os.listdir(tmp_path)) == 1


@pytest.mark.parametrize("lasting", [False, True], ids=["one fault", "a disk that is gone"])
def test_a_fault_at_any_step_of_one_file_leaves_the_old_one_and_names_it(tmp_path, monkeypatch, lasting):
    """As --out, --page, --ics, workbench and the cells of a sweep write; `os.replace` is a step too."""
    path = tmp_path / "x.txt"
    old, new = (lambda _, data=data: disk.replace(path, data) for data in (b"old", b"new"))
    for nth, error in faults(monkeypatch, old, new, lasting, ("fsync", "replace", "chmod", "open")):
        assert not error or error.filename == str(path), nth
        due = b"old" if error else b"new"
        assert path.read_bytes() == due and os.listdir(tmp_path) == ["x.txt"], nth
    assert due == b"new" and nth > 6
