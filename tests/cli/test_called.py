"""`eligibility.cli.main` called from Python: a notebook, a test runner, a colleague's script."""

from __future__ import annotations

import io
import os
import subprocess
import sys

import pytest
from places import CASES

from eligibility.cli import main


def test_it_leaves_with_the_exit_code_and_hears_ctrl_c_again_after(monkeypatch):
    import signal

    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    with pytest.raises(SystemExit) as left:
        main(["data", "list"])
    assert left.value.code == 0 and "vdem-v16" in sys.stdout.getvalue()
    assert signal.getsignal(signal.SIGINT) is before  # the program that called goes on


@pytest.mark.parametrize(
    ("case", "written"), [("stdout-object", False), ("share-no-lock", True)], ids=lambda value: str(value)
)
def test_the_scripts_of_the_cases_that_call_it(case, written, tmp_path):
    script = CASES / case / "case.sh"
    if not script.is_file():
        pytest.skip("the cases are not on this machine")
    env = os.environ | {"PY": sys.executable, "E": "eligibility"}
    done = subprocess.run(["bash", script], cwd=tmp_path, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert ("lock" in done.stderr, (tmp_path / "o").is_dir()) == (written, written)


@pytest.mark.parametrize(
    ("words", "refused"),
    [
        (("TUN", "--since", "2016-07-01"), ["--since"]),
        (("audit", "--since", "none"), ["--since"]),
        (("review", "--as-of", "2026-06-30", "--draws", "5", "--seed", "0"), ["--draws", "--seed"]),
        (("CICIG GTM", "--as-of", "2016-07-01", "--as-known", "--vintage", "vdem-v14"), ["--as-of", "--as-known", "--vintage"]),
    ],
)  # fmt: skip
def test_an_option_that_changes_nothing_of_what_is_asked_for_is_refused(words, refused, capsys):
    with pytest.raises(SystemExit) as left:
        main(["explain", *words])
    told = capsys.readouterr().err.splitlines()
    assert left.value.code == 2
    assert [line.partition(":")[0] for line in told] == refused
    assert all("does not go with" in line for line in told)


def test_a_name_of_several_past_bodies_is_told_as_that(capsys):
    with pytest.raises(SystemExit):
        main(["explain", "GIEI"])
    told = capsys.readouterr().err
    assert told.startswith("BODY: name: more than one body is called so (got GIEI); ") and "GIEI BOL" in told
