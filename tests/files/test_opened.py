"""Every file is opened in one place: regular files only, never waited for, never past a cap."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from peak import PEAK

import eligibility
from eligibility.errors import DataError, UsageError
from eligibility.files import opened
from eligibility.resources import shipped

PACKAGE = Path(eligibility.__file__).parent
VDEM = shipped("datasets") / "vdem-v15"

# ── Nothing else opens a file ────────────────────────────────────────────────────────────────────────────────────

READS = {
    "open",
    "read_text",
    "read_bytes",
    "read_csv",
    "read_excel",
    "read_json",
    "read_table",
    "load_workbook",
}
READS |= {"fromfile", "genfromtxt", "loadtxt", "memmap", "from_path", "from_object", "ZipFile"}
# of those names: one goes through the opener, the other opens no file
OURS = {"strict.read_csv", "judged.open"}
# module -> how the calls begin that it may make: on bytes in memory, on a file already open, to write, on folders
ALLOWED = {
    "files/opened": ("os.open(path, _HOW)",),
    "data/fetch": ("target.open('wb')",),
    "files/disk": ("path.open('wb')", "os.open(folder, os.O_RDONLY)"),
    "pages/print_pdf": ("said.open('wb+')",),
    "cli/arguments": ("os.open(os.devnull, os.O_WRONLY)",),
    "data/sources": ("pd.read_csv(io.BytesIO(content)",),
    "present/workbook": ("zipfile.ZipFile(packed)", "zipfile.ZipFile(out, 'w'"),
    "data/readers/packed": ("zipfile.ZipFile(stream)", "zipfile.ZipFile(archive)"),
    "data/readers/archive": (
        "zipfile.ZipFile(content)",
        "archive.open(entry)",
        "CalamineWorkbook.from_object(io.BytesIO(",
    ),
}


def reads(source: str) -> Iterator[str]:
    """The calls of a module that may open a file, as written."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if name.rpartition(".")[2] in READS and name not in OURS:
                yield ast.unparse(node)


def test_no_module_opens_a_file_by_itself():
    found = {
        (module, call)
        for path in PACKAGE.rglob("*.py")
        if (module := path.relative_to(PACKAGE).with_suffix("").as_posix())
        for call in reads(path.read_text(encoding="utf-8"))
        if not call.startswith(ALLOWED.get(module, ()))
    }
    assert found == set(), "use eligibility.files.opened"


def test_what_is_allowed_is_still_done():
    for module, beginnings in ALLOWED.items():
        calls = list(reads((PACKAGE / f"{module}.py").read_text(encoding="utf-8")))
        for begins in beginnings:
            assert any(call.startswith(begins) for call in calls), f"{module}: {begins}"


@pytest.mark.parametrize(
    "line",
    [
        "open(path)", "path.read_text()", "Path('a').read_bytes()", "path.open('rb')", "io.open(path)", "os.open(path, 0)",
        "pd.read_csv(path)", "zipfile.ZipFile(path)", "pd.read_excel(path)", "np.loadtxt(path)", "codecs.open(path)",
    ],
)  # fmt: skip
def test_the_check_is_awake(line: str):
    assert list(reads(f"def f():\n    return [{line}]")) == [line]


# ── What the opener refuses ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def odd(tmp_path: Path) -> dict[str, Path]:
    """Paths that are no plain small file."""
    found = {"folder": tmp_path, "sparse": tmp_path / "sparse", "null": Path(os.devnull)}
    with found["sparse"].open("wb") as file:
        file.truncate(6 << 30)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        found["pipe"] = tmp_path / "pipe"
        found["zero"] = Path("/dev/zero")
        for name in ("pipe", "sparse", "zero"):
            (tmp_path / f"to-{name}").symlink_to(found[name])
            found[f"to-{name}"] = tmp_path / f"to-{name}"
    return found


KINDS = ("folder", "sparse", "null", "pipe", "zero", "to-pipe", "to-sparse", "to-zero")


@pytest.mark.skipif(sys.platform == "win32", reason="has no pipes among its files")
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_regular_small_file_is_refused_at_once(odd: dict[str, Path], kind: str):
    for read in (opened.content, opened.text, opened.stream):
        with pytest.raises(UsageError) as caught:
            read(odd[kind], 1000, "it", UsageError)
        says = (
            "must be at most 1,000 bytes (got 6,442,450,944)"
            if "sparse" in kind
            else "must be a regular file"
        )
        assert str(caught.value).startswith(f"it: file: {says}")


def test_a_link_to_a_file_is_that_file(tmp_path: Path):
    (tmp_path / "a").write_bytes(b"x\r\ny\n")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert opened.content(tmp_path / "b", 10) == b"x\r\ny\n"
    assert opened.text(tmp_path / "b") == "x\ny\n"


def test_a_file_that_is_not_there_is_an_os_error(tmp_path: Path):
    with pytest.raises(FileNotFoundError):
        opened.content(tmp_path / "none", 10)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="has no files that say they are empty")
def test_a_file_longer_than_it_says_is_refused_too():
    assert os.stat("/proc/self/status").st_size == 0
    with pytest.raises(DataError, match="status: file: must be at most 10 bytes"):
        opened.content(Path("/proc/self/status"), 10)


# ── A colleague's data folder ────────────────────────────────────────────────────────────────────────────────────

CHILD = """
import atexit, sys
from pathlib import Path
from eligibility.cli import main
told, sys.argv = Path(sys.argv[1]), ["eligibility", *sys.argv[2:]]
atexit.register(lambda: told.write_text(str(peak())))
main()
"""
MIB = 1 << 20


def asked(*words: object) -> tuple[subprocess.CompletedProcess, int]:
    """What a command said, and the bytes of memory it took at most."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "most"
        command = [sys.executable, "-c", PEAK + CHILD, str(told), *map(str, words)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        return done, int(told.read_text())


def hostile(folder: Path, name: str, kind: str) -> None:
    """A copy of a shipped source of which one file is something else."""
    own = Path(shutil.copytree(VDEM, folder / "vdem-v15"))
    path = own / name
    path.unlink()
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "zero":
        path.symlink_to("/dev/zero")
    elif kind == "sparse":
        with path.open("wb") as file:
            file.truncate(6 << 30)
    else:
        path.write_text("[" * 60_000, encoding="utf-8")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the memory of a process is not told there")
@pytest.mark.parametrize("kind", ["pipe", "zero", "sparse", "nested"])
@pytest.mark.parametrize("name", ["source.yaml", "values.csv"])
def test_a_hostile_data_folder_costs_neither_time_nor_memory(tmp_path: Path, name: str, kind: str):
    hostile(tmp_path, name, kind)
    done, memory = asked("screen", "--draws", 50, "--top", 1, "--data", tmp_path)
    assert memory < 512 * MIB
    if name == "source.yaml":  # set aside: the shipped source of its id answers
        assert done.returncode == 0, done.stderr
        assert done.stderr.count("set aside: vdem-v15/source.yaml") == 1, done.stderr
    else:
        assert done.returncode in (1, 2), done.stdout
        assert "vdem-v15/values.csv: " in done.stderr
        assert "Traceback" not in done.stderr
