"""docs/elements.yaml: every element of the source document, where each is answered, and the table of docs/elements.md."""

from __future__ import annotations

import importlib
import re
from typing import get_args

import click
import yaml
from places import ROOT
from pydantic import BaseModel

from eligibility.cli.commands import shell
from eligibility.files import strict_yaml
from eligibility.pages.phrases import PHRASES

COUNTS = {"A": 12, "B": 7, "C": 13, "D": 6, "E": 4, "F": 4}
IDS = [f"{letter}{number}" for letter, n in COUNTS.items() for number in range(1, n + 1)]
GROUPS = {"A": "Who may be considered", "B": "Need", "C": "Which body", "D": "The aid programme",
          "E": "What may stand in the way", "F": "What pilots show"}  # fmt: skip


def read() -> dict[str, dict]:
    """The entries, by id; a key twice is refused by the strict reader."""
    path = ROOT / "docs" / "elements.yaml"
    return strict_yaml.read(path, path.name).data


def _criteria(path: str) -> bool:
    """Whether a path leads somewhere in the default set; the indicator of a test may be left out."""
    at = yaml.safe_load((ROOT / "criteria" / "peacetime-pilots.yaml").read_text(encoding="utf-8"))
    for step in re.findall(r"[^.\[\]]+", path):
        if isinstance(at, list):
            if int(step) >= len(at):
                return False
            at = at[int(step)]
        elif isinstance(at, dict) and step in at:
            at = at[step]
        else:
            return False
    return True


def _models(kind: object) -> list[type[BaseModel]]:
    """The models inside a type, whatever it is wrapped in."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [kind]
    return [model for each in get_args(kind) for model in _models(each)]


def _pilots(path: str) -> bool:
    """Whether the register of pilots has a field; False without a register."""
    try:
        models = [importlib.import_module("eligibility.pilots.register").Pilot]
    except ModuleNotFoundError:
        return False
    for step in path.split("."):
        fields = {
            field.alias or name: field for model in models for name, field in model.model_fields.items()
        }
        if step not in fields:
            return False
        models = _models(fields[step].annotation)
    return True


def _command(words: str) -> bool:
    """Whether the command line has it."""
    node: click.Command = shell
    for name in words.split()[1:]:
        if not isinstance(node, click.Group) or name not in node.commands:
            return False
        node = node.commands[name]
    return words.startswith("eligibility ")


RESOLVED = {"criteria": _criteria, "phrase": PHRASES.__contains__, "pilots": _pilots, "command": _command}


def table() -> str:
    """The tables of docs/elements.md."""
    entries, out = read(), []
    for letter, title in GROUPS.items():
        out += [f"## {title}", "", "| | lines | the document says | where it is answered |", "|--|--|--|--|"]
        for id_ in (id_ for id_ in IDS if id_[0] == letter):
            each = entries[id_]
            out.append(f"| {id_} | {each['lines']} | {each['says']} | {_where(each)} |")
        out.append("")
    return "\n".join(out)


def _where(each: dict) -> str:
    if "left_out" in each:
        return f"**Left out.** {each['left_out']}."
    ((kind, place),) = each["at"].items()
    said = {
        "criteria": f"criteria: `{place}`",
        "phrase": f"{each.get('page')}: `{place}`",
        "pilots": f"register of pilots: `{place}`",
        "command": f"`{place}`",
    }[kind]
    return f"{said}{'. ' + each['note'] if 'note' in each else ''}"
