"""The documentation's commands, run, and what they print written below them: `make readme`.

A fenced block marked `console` is a session: each line starting with `$ ` is a command, the lines after it
are what it prints. The sessions of one document run in order in one empty folder in which criteria/ and
datasets/ are this checkout's. After `console` may stand

    lines=12    show the first 12 lines of each output, then `...`
    exit=1      the exit code that is right; 0 without it

Between `<!-- fields -->` and `<!-- /fields -->` stands every key of a result, from its JSON Schema, between those of `review` every key of a
review; between those of `worked` a score worked
out by hand (worked.py), between those of `elements` every element of the source document (elements.py). A notebook has the outputs that its
cells give (notebooks.py).

tests/project/test_docs.py does the same and compares, so no output in the documentation is typed by hand.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import elements
import notebooks
import worked
from places import ROOT

from eligibility import contract, contract_parts, review_contract
from eligibility.policy.words import DAY_PATTERN, ISO3_PATTERN

SESSION = re.compile(r"^```console(?P<marks>[^\n]*)\n(?P<body>.*?)^```$", re.M | re.S)
FIELDS = re.compile(r"(?<=^<!-- fields -->\n).*?(?=^<!-- /fields -->$)", re.M | re.S)
REVIEW = re.compile(FIELDS.pattern.replace("fields", "review"), re.M | re.S)
WORKED = re.compile(r"(?<=^<!-- worked -->\n).*?(?=^<!-- /worked -->$)", re.M | re.S)
ELEMENTS = re.compile(FIELDS.pattern.replace("fields", "elements"), re.M | re.S)
COMMAND = re.compile(r"^\$ (?P<command>.+)$", re.M)
WIDTH = 100
OURS = re.compile(r"eligibility( [^|<>$`;&]+)?")  # a command that needs no shell
# Imports take a second: they are done once a document, and each command has a process of its own from there on.
EACH = """
import json, os, sys
from eligibility.cli import commands; from eligibility.method import run; from eligibility.present import explain, ranked
for line in sys.stdin:
    words, said = json.loads(line)
    child = os.fork()
    if not child:
        os.dup2(os.open(said, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), 1)
        os.dup2(1, 2)
        commands.main(words)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
Typed = Callable[[list[str]], tuple[int, str]]
# what `make` does once .venv is there; test_docs holds this against the Makefile
STANDS_FOR = {"make": "eligibility report --replace"}


class WrongExit(Exception):
    """A documented command ended with another exit code than the document says."""


def documents() -> list[Path]:
    """README.md, every notebook, and every page of docs/ of which a part is made here."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    told = {page: page.read_text(encoding="utf-8") for page in pages}
    parts = (SESSION, FIELDS, REVIEW, WORKED, ELEMENTS)
    made = [page for page, text in told.items() if any(part.search(text) for part in parts)]
    return [*made, *notebooks.NOTEBOOKS]


def commands(text: str) -> list[str]:
    """Every command of every session in a document."""
    return [c["command"] for session in SESSION.finditer(text) for c in COMMAND.finditer(session["body"])]


def refreshed(text: str) -> str:
    """The document with what its commands or cells print now, and what else is made by a program."""
    if text.startswith("{"):  # a notebook
        return notebooks.executed(text)
    text = WORKED.sub(lambda _: worked.page(), text)
    text = FIELDS.sub(lambda _: fields("Result", contract.schema()), text)
    text = REVIEW.sub(lambda _: fields("Review", review_contract.schema()), text)
    text = ELEMENTS.sub(lambda _: elements.table(), text)
    with tempfile.TemporaryDirectory() as folder:
        for shared in ("criteria", "datasets"):
            (Path(folder) / shared).symlink_to(ROOT / shared)
        if not SESSION.search(text):
            return text
        with _typed(Path(folder)) as typed:
            return SESSION.sub(lambda session: _session(session, Path(folder), typed), text)


def fields(first: str, schema: dict) -> str:
    """Every key of a JSON Schema: a table for each object, each after the first that has it."""
    defs = {first: schema, **schema["$defs"]}
    names = [first]
    for name in names:  # grows while it is walked
        found = re.findall(r"#/\$defs/(\w+)", str(defs[name]["properties"]))
        names += [each for each in dict.fromkeys(found) if each not in names]
    return "\n".join(_table(name, defs[name], defs) for name in names)


def _table(name: str, what: dict, defs: dict) -> str:
    """The keys of one object, what each holds and means; where the schema has no word, what that object is."""
    rows = []
    for key, value in what["properties"].items():
        found = re.findall(r"#/\$defs/(\w+)", str(value))
        means = value.get("description") or (defs[found[0]]["description"].rstrip(".") if found else "")
        absent = "" if key in what["required"] else "; may be absent"
        rows.append(f"| `{key}` | {_kind(value)}{absent} | {means} |")
    head = f"## {name.lower()}\n\n{what['description']}\n\n| key | holds | meaning |\n|--|--|--|\n"
    return head + "\n".join(rows) + "\n"


def _kind(value: dict) -> str:
    """What a value is, in words."""
    if "anyOf" in value:
        return " or ".join(_kind(each) for each in value["anyOf"])
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2].lower()
        return f"[{name}](#{name})"
    if words := value.get("enum") or ([value["const"]] if "const" in value else []):
        return ", ".join(f"`{word}`" for word in words)
    if value["type"] == "array":
        return f"list of {_kind(value['items'])}"
    if value["type"] == "object":
        return f"id → {_kind(value['additionalProperties'])}"
    special = {DAY_PATTERN: "date", ISO3_PATTERN: "ISO3 code", contract_parts.SHA256_PATTERN: "SHA-256"}
    plain = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
    share = "0 to 1" if value.get("maximum") == 1 else ""
    return share or special.get(value.get("pattern")) or plain.get(value["type"], value["type"])


def _session(session: re.Match, folder: Path, typed: Typed) -> str:
    marks = dict(mark.split("=") for mark in session["marks"].split())
    shown = [
        f"$ {command}\n"
        + _cut(_printed(command, folder, typed, int(marks.get("exit", 0))), int(marks.get("lines", 0)))
        for command in COMMAND.findall(session["body"])
    ]
    return f"```console{session['marks']}\n{''.join(shown)}```"


def _environment(folder: Path) -> dict[str, str]:
    """What a command is told by those around it: nothing of this machine but where programs lie."""
    return {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "HOME": str(folder / "home"),
        "COLUMNS": str(WIDTH),
        "LC_ALL": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(ROOT),
    }


@contextmanager
def _typed(folder: Path) -> Iterator[Typed]:
    """What answers the words of a command of ours with its exit code and what it prints."""
    how = {"cwd": folder, "env": _environment(folder), "encoding": "utf-8"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with (
        tempfile.TemporaryDirectory() as beside,
        subprocess.Popen([sys.executable, "-c", EACH], **how, **pipes) as process,
    ):
        said = Path(beside) / "said"

        def typed(words: list[str]) -> tuple[int, str]:
            print(json.dumps((words, str(said))), file=process.stdin, flush=True)
            return int(process.stdout.readline()), said.read_text(encoding="utf-8")

        yield typed


def _printed(command: str, folder: Path, typed: Typed, wanted: int) -> str:
    """What a command prints, errors too, each line without trailing blanks."""
    command = STANDS_FOR.get(command, command)
    if OURS.fullmatch(command):
        code, said = typed(shlex.split(command)[1:])
    else:
        # this checkout's own package, whichever is installed beside this Python
        ours = f'eligibility() {{ {shlex.quote(sys.executable)} -m eligibility "$@"; }}'
        done = subprocess.run(
            ["sh", "-c", f"{ours}\n{command}"],
            cwd=folder,
            env=_environment(folder),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=300,
        )
        code, said = done.returncode, done.stdout
    if code != wanted:
        raise WrongExit(f"`{command}` ended with exit code {code}, not {wanted}:\n{said}")
    return "".join(f"{line.rstrip()}\n" for line in said.splitlines())


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
