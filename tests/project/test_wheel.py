"""The wheel holds what is needed and nothing else, and works far from the checkout."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest
from places import ROOT

pytest.importorskip("build", reason="build is not installed (make test installs it)")
pytest.importorskip("hatchling", reason="hatchling is not installed (make test installs it)")

PARTS = ("eligibility", "criteria", "datasets", "reports", "tests", "docs")
FILES = ("pyproject.toml", "README.md", "LICENSE", "NOTICE", "CHANGELOG.md", "Makefile", ".gitignore")
LOCKS = ("requirements.lock", "requirements-test.lock")
STRAY = ("reports/out/KEN.html", "out/KEN.html", "eligibility/__pycache__/stray.pyc", "secret.txt")
SHIPPED = ("criteria", "datasets", "reports/templates", "reports/static")


def run(*command: object, cwd: Path, **env: str) -> subprocess.CompletedProcess:
    """What a command did, in a folder of its own and without this checkout on the path."""
    own = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "ELIGIBILITY"))}
    text = [str(word) for word in command]
    return subprocess.run(text, cwd=cwd, env=own | env, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Path:
    """A copy of the checkout with files lying about that must not be shipped."""
    copy = tmp_path_factory.mktemp("checkout")
    for part in PARTS:
        shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__", "out"))
    for name in (*FILES, *LOCKS, "conftest.py"):
        shutil.copy(ROOT / name, copy)
    for name in STRAY:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_text("stray", encoding="utf-8")
    return copy


@pytest.fixture(scope="module")
def dist(source) -> Path:
    """The folder with the source archive and the wheel built from that archive."""
    done = run(sys.executable, "-m", "build", "--no-isolation", "--outdir", source / "dist", cwd=source)
    assert done.returncode == 0, done.stdout + done.stderr
    return source / "dist"


@pytest.fixture(scope="module")
def wheel(dist) -> Path:
    """The one wheel."""
    (found,) = dist.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def bin_(wheel, tmp_path_factory) -> Path:
    """The programs of a fresh environment with the wheel in it. Its dependencies are those of this one."""
    home = tmp_path_factory.mktemp("venv")
    venv.create(home, with_pip=False, symlinks=os.name != "nt")
    bin_ = home / ("Scripts" if os.name == "nt" else "bin")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        bin_ / "python",
        "install",
        "-qq",
        "--no-deps",
        "--no-index",
    ]
    done = run(*pip, wheel, cwd=home)
    assert done.returncode == 0, done.stdout + done.stderr
    # a plain path line: the .pth files over there, this checkout's among them, are not read through it
    site = run(bin_ / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=home)
    borrowed = dict.fromkeys(sysconfig.get_path(kind) for kind in ("purelib", "platlib"))
    (Path(site.stdout.strip()) / "borrowed.pth").write_text("\n".join(borrowed), encoding="utf-8")
    return bin_


def test_the_wheel_holds_every_shipped_file_and_no_stray_one(source, wheel):
    held = {name for name in zipfile.ZipFile(wheel).namelist() if "dist-info" not in name}
    wanted = {
        f"eligibility/_share/{file.relative_to(source).as_posix()}"
        for folder in SHIPPED
        for file in (source / folder).rglob("*")
        if file.is_file()
    }
    code = {
        file.relative_to(source).as_posix()
        for file in (source / "eligibility").rglob("*")
        if file.is_file() and file.parent.name != "__pycache__"
    }
    assert held == wanted | code
    assert not any(name.endswith("__init__.py") for name in wanted), "it would shadow an editable install"


def test_each_dataset_in_the_wheel_comes_with_its_sheet(wheel):
    held = set(zipfile.ZipFile(wheel).namelist())
    tables = [name for name in held if name.endswith("/values.csv")]
    assert tables
    assert all(name.replace("values.csv", "source.yaml") in held for name in tables)


def test_the_licence_goes_with_the_wheel(wheel):
    held = {name.split("dist-info/")[1] for name in zipfile.ZipFile(wheel).namelist() if "dist-info/" in name}
    assert {"licenses/LICENSE", "licenses/NOTICE"} <= held


def test_the_source_archive_holds_no_stray_file(dist):
    (archive,) = dist.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        held = {name.split("/", 1)[1] for name in opened.getnames()}
    assert not held & set(STRAY)
    assert {"LICENSE", "NOTICE", "Makefile", *LOCKS} <= held


def test_help_works_far_from_the_checkout(bin_, tmp_path):
    done = run(bin_ / "eligibility", "--help", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "screen" in done.stdout


def test_report_works_far_from_the_checkout(bin_, tmp_path):
    code = "import eligibility; print(eligibility.__file__)"
    assert str(bin_.parent) in run(bin_ / "python", "-c", code, cwd=tmp_path).stdout
    done = run(bin_ / "eligibility", "report", "--out", "pages", cwd=tmp_path, HOME=str(tmp_path / "home"))
    assert done.returncode == 0, done.stderr
    (run_folder,) = (tmp_path / "pages").iterdir()
    assert f"pages/{run_folder.name}/briefing.html" in done.stdout.replace("\\", "/")
    sealed = json.loads((run_folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    held = {file.relative_to(run_folder).as_posix(): file for file in run_folder.rglob("*") if file.is_file()}
    assert sealed.keys() == held.keys() - {"manifest.json", "manifest.sha256"}
    assert {
        "briefing.html",
        "countries/TUN.html",
        "ranking.csv",
        "ranking.xlsx",
        "result.json",
    } <= held.keys()
    assert [name for name, file in held.items() if str(ROOT).encode() in file.read_bytes()] == []
