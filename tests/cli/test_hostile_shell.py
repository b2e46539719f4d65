"""Hostile files as a user meets them: exit code 2, a message with its place, no traceback, nothing written."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
import test_hostile_data as data
import test_hostile_yaml as yaml
from little_work import little_work
from places import ROOT

from eligibility.cli import commands as cli
from eligibility.language import criteria

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be split here")
PATIENCE = 300  # seconds for all of them; alone they take a dozen


# Importing pandas takes a second: it is done once, and each command then has a process of its own from there on.
EACH = """
import os, sys
from eligibility.data import build; from eligibility.analysis import cases; from eligibility.cli import commands as cli; from eligibility.method import run; from eligibility.present import tables
for number, line in enumerate(sys.stdin):
    child = os.fork()
    if not child:
        for stream, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(f"said/{number}.{name}", os.O_CREAT | os.O_WRONLY, 0o600), stream)
        cli.main(line.rstrip().split("\\t"))
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Done(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


def process(folder: Path, *words: str, typed: str = "") -> subprocess.CompletedProcess:
    """Python in a process of its own, in a folder."""
    mine = {"PYTHONPATH": str(ROOT), "ELIGIBILITY_DATA": str(folder / "mine"), "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        (sys.executable, *words),
        cwd=folder,
        env={**os.environ, **mine},
        input=typed,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def each(commands: Sequence[Sequence[str]], folder: Path) -> list[Done]:
    """The commands as they ended; the first is typed whole, `python -m eligibility ...`."""
    said = folder / "said"
    said.mkdir()
    first = process(folder, "-m", "eligibility", *commands[0])
    lines = "".join("\t".join(words) + "\n" for words in commands[1:])
    codes = process(folder, "-c", EACH, typed=lines).stdout.split()
    read = lambda number, name: (said / f"{number}.{name}").read_text(encoding="utf-8")  # noqa: E731
    done = [Done(int(code), read(n, "out"), read(n, "err")) for n, code in enumerate(codes)]
    shutil.rmtree(said)
    return [Done(first.returncode, first.stdout, first.stderr), *done]


def test_there_are_three_hundred_hostile_inputs():
    of_criteria, of_data = len(yaml.PAYLOADS) * len(yaml.SLOTS), len(data.CASES)
    assert of_criteria >= 200
    assert of_data >= 200
    assert of_criteria + of_data >= 300


# Data

TYPED = [
    "vdem-number-nan", "vdem-year-9999", "wdi-outside-1000.1", "wdi-api-row-short", "undp-mojibake",
    "ucdp-country-99999", "unodc-outside-500.1", "unhcr-year-to-come", "treaty-date-31 Feb 2007", "women-utf-16",
    "xlsx-cell-error-#REF!", "xlsx-bomb", "xlsx-torn-5", "vdem-reversed-v2x_corr",
    "pipe-.csv",
]  # fmt: skip


def test_data_import_refuses_as_it_should(tmp_path):
    cases = {case.id: case for case in data.CASES}
    commands = []
    for number, id in enumerate(TYPED):
        (tmp_path / str(number)).mkdir()
        commands.append(("data", "import", str(cases[id].put(tmp_path / str(number)))))
    for id, done in zip(TYPED, each(commands, tmp_path), strict=True):
        assert (done.code, done.out) == (2, ""), (id, done.err)
        assert all(words in done.err for words in cases[id].says), (id, done.err)
        assert "Traceback" not in done.err
    assert not (tmp_path / "mine").exists()


# Criteria


def spoilt() -> dict[str, bytes]:
    """The shipped file, spoilt in fifteen ways."""
    text = criteria.find("peacetime-pilots").read_text(encoding="utf-8")
    number = re.search(r"at_least: ([0-9.]+)", text)
    title = re.search(r"^title: .*$", text, re.M)
    deep = "{all: [" * 5_000 + "]}" * 5_000
    bomb = "b0: &b0 [x]\n" + "".join(f"b{i}: &b{i} [*b{i - 1}, *b{i - 1}]\n" for i in range(1, 40))

    def at(found: re.Match, new: str) -> str:
        return text[: found.start()] + new + text[found.end() :]

    made = {
        "code": at(title, "title: !!python/object/apply:os.system [echo]"),
        "alias": at(title, "title: &t [*t]"),
        "twice": at(title, f"{title[0]}\n{title[0]}"),
        "escape": at(title, "title: \x1b[31mred"),
        "reversed": at(title, "title: \u202ered"),
        "quote": at(title, "title: 'never ends"),
        "not-a-number": at(number, "at_least: .nan"),
        "endless": at(number, "at_least: .inf"),
        "word": at(number, "at_least: half"),
        "octal": at(number, "at_least: 0o17"),
        "out-of-range": at(number, "at_least: 1e9"),
        "deep": at(number, f"at_least: {deep}"),
        "bomb": bomb + text,
        "empty": "",
    }
    return {name: content.encode() for name, content in made.items()} | {"utf-16": text.encode("utf-16")}


SPOILT = spoilt()


@pytest.mark.parametrize("name", SPOILT)
def test_check_refuses_quickly(tmp_path, capfd, name):
    file = tmp_path / "my.yaml"
    file.write_bytes(SPOILT[name])
    with little_work(), pytest.raises(SystemExit) as end:
        cli.main(["check", str(file)])
    out, err = capfd.readouterr()
    assert (end.value.code, err) == (2, "")
    assert re.match(rf"{re.escape(str(file))}:\d+:\d+: ", out)


def test_check_screen_and_test_refuse_as_they_should(tmp_path):
    for name, content in SPOILT.items():
        (tmp_path / f"{name}.yaml").write_bytes(content)
    commands = [(("screen", "test")[n % 2], f"{name}.yaml") for n, name in enumerate(SPOILT)]  # in turn
    commands.append(("check", "code.yaml"))  # the others above
    for (word, file), done in zip(commands, each(commands, tmp_path), strict=True):
        said, other = (done.out, done.err) if word == "check" else (done.err, done.out)
        assert (done.code, other) == (2, ""), (word, file, done.err)
        assert re.match(rf"{re.escape(file)}:\d+:\d+: ", said), (word, said)
        assert "Traceback" not in said
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".yaml"] * len(SPOILT)
