"""Where the publishers' files are required, their absence is a failure and never a skip."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest
from places import ROOT

SKIPS = """
import pytest
@pytest.mark.skipif(True, reason="no table: ../shared/rules is absent")
def test_marked(): pass
def test_within(): pytest.skip("the cases (../shared/cases) are not on this machine")
def test_other(): pytest.skip("no browser")
"""


@pytest.mark.parametrize(
    "required, shared, code, said",
    [
        ("", False, 0, "sss "),
        ("required", False, 1, "ELIGIBILITY_RELEASES=required and shared/ lacks releases"),
        ("", True, 0, "sss "),
        ("required", True, 1, "EFs "),
    ],
)
def test_what_is_lacking_fails_where_it_is_required(tmp_path, required, shared, code, said):
    tests = tmp_path / "project" / "tests"
    tests.mkdir(parents=True)
    (tests / "support").mkdir()
    shutil.copy(ROOT / "tests" / "conftest.py", tests)
    shutil.copy(ROOT / "tests" / "support" / "places.py", tests / "support")
    (tests.parent / "pyproject.toml").write_text(
        "[tool.pytest.ini_options]\npythonpath = ['tests/support']\n"
    )
    (tests / "test_it.py").write_text(SKIPS)
    for name in ("releases", "cases", "mission", "rules", "lists") if shared else ():
        (tmp_path / "shared" / name).mkdir(parents=True)
    env = os.environ | {"ELIGIBILITY_RELEASES": required, "PYTEST_ADDOPTS": ""}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", str(tests)]
    done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == code and said in done.stdout + done.stderr, done.stdout + done.stderr
