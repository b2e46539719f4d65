"""The documentation is true: its commands run, what it shows is what they print, nothing is left out."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import tomllib

import click
import pytest
import yaml
from refresh_docs import ROOT, STANDS_FOR, commands, documents, refreshed

from eligibility import __all__ as public
from eligibility.cli.commands import shell

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the documented sessions are those of a POSIX shell")


HARNESSES = ("readme", "docs", "mutations", "gallery", "calibration", "kills", "bitflips", "pictures", "mutants", "matrix", "bench")  # fmt: skip


def words(group: click.Group = shell, before: str = "eligibility") -> list[str]:
    """Every command as typed: `eligibility data list`."""
    found = [before]
    for name, command in group.commands.items():
        full = f"{before} {name}"
        found += words(command, full) if isinstance(command, click.Group) else [full]
    return found


@pytest.mark.parametrize("page", documents(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_a_page_shows_is_what_its_commands_print(page):
    text = page.read_text(encoding="utf-8")
    assert refreshed(text) == text, "run `make readme` and look at what changed"


@pytest.mark.parametrize("command", words())
def test_every_command_and_so_every_option_is_in_the_reference(command):
    assert f"{command} --help" in commands((ROOT / "docs" / "cli.md").read_text(encoding="utf-8"))


def test_every_command_has_help_for_itself_and_each_option():
    for command in words():
        node = shell
        for name in command.split()[1:]:
            node = node.commands[name]
        assert node.help, command
        assert all(p.help for p in node.params if isinstance(p, click.Option)), command


def test_make_stands_for_what_the_makefile_does():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^\.DEFAULT_GOAL := report$", makefile, re.M)
    assert re.search(rf"^report: \S+\n\t@\$\(BIN\)/{STANDS_FOR['make']}$", makefile, re.M)
    assert len(makefile.splitlines()) <= 84


def test_the_readme_opens_with_the_commands():
    first_screen = "\n".join((ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:40])
    assert commands(first_screen + "\n```")[0] == "make"
    assert "make test" in first_screen


def test_every_link_to_a_file_leads_somewhere():
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_every_public_name_is_in_the_readme_or_the_docs():
    text = "".join(
        page.read_text(encoding="utf-8") for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    )
    assert [name for name in public if name != "__version__" and name not in text] == []


def test_every_make_target_is_explained():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.search(r"^\.PHONY: (.+)$", makefile, re.M)[1].split()
    explained = re.findall(r"^# make ?(\w*)", makefile, re.M)
    assert set(targets) - {"report"} <= set(explained)


def test_every_long_harness_finds_the_modules_it_imports():
    """`make matrix` once ended before its first line: its own modules lay in no folder that make names."""
    done = subprocess.run(["make", "-n", *HARNESSES], cwd=ROOT, capture_output=True, text=True, check=True)
    lines = re.findall(r"^(?:PYTHONPATH=(\S+) )?\S+ (tests/harness/\w+\.py|-m bench\b)", done.stdout, re.M)
    ours = {path.stem: path for path in (ROOT / "tests").rglob("*.py")}
    for places, script in lines:
        path = ROOT / ("tests/bench/__main__.py" if script == "-m bench" else script)
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        wanted = {n.module for n in nodes if isinstance(n, ast.ImportFrom) and not n.level} & ours.keys()
        found = {ROOT / place for place in [*places.split(":"), path.parent.relative_to(ROOT)]}
        assert {name for name in wanted if ours[name].parent not in found} == set(), script
    assert len(lines) >= len(HARNESSES)


@pytest.mark.parametrize(
    "name", ["CONTRIBUTING.md", ".pre-commit-config.yaml", ".github/workflows/ci.yml", "docs/release.md"]
)
def test_papers_for_those_who_take_part_name_what_there_is(name):
    """Targets of make, files and modules; what is YAML can be read."""
    if not (ROOT / name).is_file():
        pytest.skip("not in the archive of sources")
    text = (ROOT / name).read_text(encoding="utf-8")
    targets = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)[1].split()
    assert set(re.findall(r"(?:`|run: |^)make (\w+)", text, re.M)) <= set(targets)
    files = re.findall(r"\b(?:tests|eligibility|docs|\.github)/[\w/-]+\.\w+", text)
    assert [f for f in files if not (ROOT / f).exists()] == []
    assert {"ruff", "lint-imports", "mypy"} >= set(re.findall(r"\.venv/bin/([\w-]+)", text)) - {"python"}
    assert not name.endswith("yml") or yaml.safe_load(text)["jobs"]


def test_the_notice_names_every_shipped_publisher_and_licence():
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    sheets = sorted((ROOT / "datasets").glob("*/source.yaml"))
    assert sheets
    for path in sheets:
        sheet = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert re.split(r"[(,]", sheet["publisher"])[0].strip() in notice, path
        open_licence = re.search(r"CC BY(-SA)? [\d.]+( IGO)?", sheet["licence"])
        assert (open_licence[0] if open_licence else "UN terms of use") in notice, path


def test_the_python_floor_is_said_the_same_everywhere():
    floor = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    assert floor == ">=3.11"
    for name in ("README.md", "Makefile"):
        assert "Python 3.11" in (ROOT / name).read_text(encoding="utf-8"), name
