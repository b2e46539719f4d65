"""The documentation's commands, run, and what they print written below them: `make readme`.

A fenced block marked `console` is a session: each line starting with `$ ` is a command, the lines after it
are what it prints. The sessions of one document run in order in one empty folder in which criteria/ and
datasets/ are this checkout's. After `console` may stand

    lines=12    show the first 12 lines of each output, then `...`
    exit=1      the exit code that is right; 0 without it

tests/test_docs.py does the same and compares, so no output in the documentation is typed by hand.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SESSION = re.compile(r"^```console(?P<marks>[^\n]*)\n(?P<body>.*?)^```$", re.M | re.S)
COMMAND = re.compile(r"^\$ (?P<command>.+)$", re.M)
WIDTH = 100
# what `make` does once .venv is there; test_docs holds this against the Makefile
STANDS_FOR = {"make": "eligibility report --replace"}


class WrongExit(Exception):
    """A documented command ended with another exit code than the document says."""


def documents() -> list[Path]:
    """README.md and every page of docs/ that shows a session."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [page for page in pages if SESSION.search(page.read_text(encoding="utf-8"))]


def commands(text: str) -> list[str]:
    """Every command of every session in a document."""
    return [c["command"] for session in SESSION.finditer(text) for c in COMMAND.finditer(session["body"])]


def refreshed(text: str) -> str:
    """The document with what its commands print now."""
    with tempfile.TemporaryDirectory() as folder:
        for shared in ("criteria", "datasets"):
            (Path(folder) / shared).symlink_to(ROOT / shared)
        return SESSION.sub(lambda session: _session(session, Path(folder)), text)


def _session(session: re.Match, folder: Path) -> str:
    marks = dict(mark.split("=") for mark in session["marks"].split())
    shown = [
        f"$ {command}\n"
        + _cut(_printed(command, folder, int(marks.get("exit", 0))), int(marks.get("lines", 0)))
        for command in COMMAND.findall(session["body"])
    ]
    return f"```console{session['marks']}\n{''.join(shown)}```"


def _printed(command: str, folder: Path, wanted: int) -> str:
    """What a command prints, errors too, each line without trailing blanks."""
    env = {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "HOME": str(folder / "home"),
        "COLUMNS": str(WIDTH),
        "LC_ALL": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        ["sh", "-c", STANDS_FOR.get(command, command)],
        cwd=folder,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=300,
    )
    if done.returncode != wanted:
        raise WrongExit(f"`{command}` ended with exit code {done.returncode}, not {wanted}:\n{done.stdout}")
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())


def _cut(output: str, most: int) -> str:
    """The first lines of an output, and `...` where there was more."""
    lines = output.splitlines(keepends=True)
    return "".join(lines[:most]) + "...\n" if 0 < most < len(lines) else output


def main() -> int:
    """1 when a command of some document fails; that document is left as it was, the others are refreshed."""
    failed = 0
    for page in documents():
        old, name = page.read_text(encoding="utf-8"), page.relative_to(ROOT)
        try:
            new = refreshed(old)
        except WrongExit as error:
            print(f"{name}: {error}", file=sys.stderr)
            failed = 1
            continue
        page.write_text(new, encoding="utf-8")
        print(f"{name}: {'unchanged' if new == old else 'refreshed'}")
    return failed


if __name__ == "__main__":
    sys.exit(main())
