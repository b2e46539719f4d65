"""The direction of imports holds, and the check that says so is awake."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from places import ROOT

pytest.importorskip("importlinter", reason="import-linter is not installed (make test installs it)")

LINT = "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command as go; go()"


def lint(folder: Path) -> subprocess.CompletedProcess:
    """What import-linter says of the package in a folder."""
    command = [sys.executable, "-c", LINT, "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)


@pytest.fixture
def copy(tmp_path) -> Path:
    """The package and its contracts, to be spoiled."""
    shutil.copytree(
        ROOT / "eligibility", tmp_path / "eligibility", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_imports_go_down_only():
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "module, line, contract",
    [
        ("resources", "from eligibility.policy import model as policy", "Layers"),
        ("policy/model", "def later():\n    from eligibility.cli import commands as cli", "Layers"),
        ("policy/model", "import socket", "Nothing opens a socket but fetch"),
        ("data/build", "import urllib.request", "Nothing opens a socket but fetch"),
        ("policy/model", "import click", "Only the command line knows click"),
        ("cli/data_commands", "from eligibility.cli import analysis_commands", "The command line"),
        ("cli/arguments", "def later():\n    from eligibility.cli import commands", "The command line"),
        ("cli/commands", "import pandas", "The command line computes nothing"),
    ],
)
def test_a_forbidden_import_is_caught(copy, module, line, contract):
    with (copy / "eligibility" / f"{module}.py").open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    done = lint(copy)
    assert done.returncode == 1
    assert f"{contract} BROKEN" in done.stdout


def test_a_module_without_a_layer_is_caught(copy):
    (copy / "eligibility" / "homeless.py").write_text("", encoding="utf-8")
    done = lint(copy)
    assert done.returncode == 1
    assert "homeless" in done.stdout


def test_no_file_name_stands_twice():
    """A name that can be searched for is found once."""
    names = [path.name for path in (ROOT / "eligibility").rglob("*.py") if path.name != "__init__.py"]
    assert sorted(names) == sorted(set(names))


def test_no_module_is_much_longer_than_a_screen_of_its_own():
    """About 400 lines."""
    long = {
        path.name: n
        for path in (ROOT / "eligibility").rglob("*.py")
        if (n := path.read_text(encoding="utf-8").count("\n")) > 420
    }
    assert not long, long
