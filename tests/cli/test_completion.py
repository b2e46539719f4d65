"""The shell completes commands, ids of criteria and codes of countries, at once; and every command shows an example."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import click
import pytest
from places import ROOT
from test_words import IDIOMS, TERMS, faults

from eligibility.cli import commands as cli
from eligibility.resources import shipped


def said(words: str = "", **env: str) -> str:
    """What the completion protocol prints; `words` is the line so far, the last of them being completed."""
    env = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"} | env
    if words:
        env |= {"COMP_WORDS": words, "COMP_CWORD": str(len(words.split(" ")) - 1)}
    command = [sys.executable, "-X", "importtime", "-m", "eligibility"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, encoding="utf-8", timeout=60)
    assert not set(re.findall(r"\b(numpy|pandas|pydantic|jinja2)\b", done.stderr)), (
        "a key press must not take long"
    )
    return done.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_for_each_shell_calls_us_back(shell):
    script = said(_ELIGIBILITY_COMPLETE=f"{shell}_source")
    assert f"_ELIGIBILITY_COMPLETE={shell}_complete" in script
    assert "eligibility" in script


@pytest.mark.parametrize(
    "line", ["screen ", "report ", "check ", "explain TUN --criteria ", "diff ", "sweep "]
)
def test_criteria_are_completed_by_their_ids(line):
    offered = said(f"eligibility {line}", _ELIGIBILITY_COMPLETE="bash_complete").split()
    assert offered == [
        f"plain,{name}" for name in sorted(path.stem for path in shipped("criteria").glob("*.yaml"))
    ]


def test_what_begins_like_no_id_is_a_file():
    complete = {"_ELIGIBILITY_COMPLETE": "bash_complete"}
    assert said("eligibility screen mcc-s", **complete).split() == [
        "plain,mcc-scorecard",
        "plain,mcc-scorecard-2008",
    ]
    assert said("eligibility screen ./my", **complete).split() == ["file,./my"]


def test_commands_and_countries_are_completed():
    complete = {"_ELIGIBILITY_COMPLETE": "bash_complete"}
    assert said("eligibility expl", **complete).split() == ["plain,explain"]
    assert said("eligibility explain tu", **complete).split() == [
        "plain,TUN",
        "plain,TUR",
        "plain,TUV",
    ]


def commands(group: click.Group = cli.shell, path: str = "eligibility") -> list[tuple[str, click.Command]]:
    """Every command with its words."""
    out = []
    for name, command in group.commands.items():
        out.append((f"{path} {name}", command))
        if isinstance(command, click.Group):
            out += commands(command, f"{path} {name}")
    return out


@pytest.mark.parametrize("words, command", commands(), ids=lambda x: x if isinstance(x, str) else "")
def test_help_keeps_to_the_words(words, command):
    """What a command is for and what its options do; examples and what one types, as names of options, are left out."""
    told = [command.help.split("Example")[0], *(getattr(p, "help", "") or "" for p in command.params)]
    told = [re.sub(r"`[^`]*`|--[\w-]+|\w+(?:\.\w+)+|\b[A-Z]+\b", "X", text) for text in told]
    assert [fault for text in told for fault in faults(text, TERMS | IDIOMS)] == []


@pytest.mark.parametrize("words, command", commands(), ids=lambda x: x if isinstance(x, str) else "")
def test_every_command_shows_an_example_of_itself(words, command):
    assert re.search(r"Examples?:\n", command.help), words
    examples = [line.strip() for line in command.help.split("Example", 1)[1].splitlines()[1:] if line.strip()]
    assert examples
    assert all(line.startswith(words) for line in examples), examples
