"""What is declared is what is used: dependencies, locks, the version, the public names."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from places import ROOT

import eligibility

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKS = ("requirements.lock", "requirements-test.lock")
# import name -> what to depend on; pydantic and jinja2 each bring a part of themselves
DISTRIBUTION = {
    "pydantic_core": "pydantic",
    "typing_extensions": "pydantic",
    "markupsafe": "jinja2",
    "importlinter": "import-linter",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
    "python_calamine": "python-calamine",
}


def names(requirements: list[str]) -> set[str]:
    """The bare names of requirements such as `numpy>=2.0`."""
    return {re.match(r"[A-Za-z0-9._-]+", line)[0].lower() for line in requirements}


def pins(lock: str) -> dict[str, str]:
    """Name to version, as pinned in a lock."""
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", (ROOT / lock).read_text(encoding="utf-8"), re.M))


def imported(folder: Path) -> dict[str, set[str]]:
    """Top-level names imported anywhere in a folder's Python files, and by which files."""
    found: dict[str, set[str]] = {}
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                modules = [node.module]
            else:
                continue
            for module in modules:
                found.setdefault(module.split(".")[0], set()).add(file.name)
    return found


def test_every_import_is_a_declared_dependency():
    used = {name for name in imported(ROOT / "eligibility") if name not in sys.stdlib_module_names}
    used = {DISTRIBUTION.get(name, name) for name in used - {"eligibility"}}
    optional = [one for extra in ("dask", "fetch") for one in PROJECT["optional-dependencies"][extra]]
    assert used - names(PROJECT["dependencies"] + optional) == set()


def test_every_import_of_the_tests_is_declared_too():
    own = {file.stem for file in (ROOT / "tests").rglob("*.py")} | {
        "eligibility",
        "tests",
        "bench",
        "browser",
    }
    own |= {"pymcdm", "pysensmcda"}  # the bench installs these peers in environments of their own
    used = {name for name in imported(ROOT / "tests") if name not in sys.stdlib_module_names} - own
    used = {DISTRIBUTION.get(name, name) for name in used}
    extras = [one for extra in ("test", "docs") for one in PROJECT["optional-dependencies"][extra]]
    assert used - names(PROJECT["dependencies"] + extras) == set()


def test_scikit_learn_is_never_imported_at_the_top_of_a_module():
    for file in (ROOT / "eligibility").rglob("*.py"):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                assert "sklearn" not in ast.unparse(node), f"{file.name}: {ast.unparse(node)}"


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_and_hashes_everything_and_names_no_host(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    requirements = re.split(r"\n(?=[a-z])", text.split("\n", 2)[2].strip())
    assert len(requirements) > 15
    for requirement in requirements:
        assert re.match(
            r"[a-z0-9._-]+==\S+( ; [^\\]+)? \\\n( +--hash=sha256:[0-9a-f]{64}( \\\n)?)+$", requirement
        )
    assert "://" not in text
    assert not re.search(r"^\s*--(?!hash)", text, re.M)
    assert not re.search(r"(^|\s)/\w", text)


def test_the_locks_cover_what_is_declared_and_agree():
    runtime, test = map(pins, LOCKS)
    assert names(PROJECT["dependencies"] + PROJECT["optional-dependencies"]["build"]) <= set(runtime)
    assert names(
        [one for extra in ("test", "docs") for one in PROJECT["optional-dependencies"][extra]]
    ) <= set(test)
    assert runtime.items() <= test.items()


def test_the_version_is_written_once():
    assert PROJECT["dynamic"] == ["version"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", eligibility.__version__)
    assert f"## {eligibility.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_citation_has_what_its_format_asks_for():
    """https://citation-file-format.github.io: version 1.2.0 asks for these four; the rest must not say otherwise."""
    told = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= told.keys() and told["cff-version"] == "1.2.0"
    assert all(author.keys() & {"name", "family-names"} for author in told["authors"])
    assert (
        told["license"] == PROJECT["license"]
        and told.get("version", eligibility.__version__) == eligibility.__version__
    )


def test_public_names_are_few_and_each_is_there():
    assert len(eligibility.__all__) <= 11
    assert set(eligibility.__all__) <= set(dir(eligibility))
    for name in eligibility.__all__:
        assert getattr(eligibility, name) is not None


def test_a_name_that_is_not_there_says_so():
    with pytest.raises(AttributeError, match="no attribute 'ranke'"):
        eligibility.ranke  # noqa: B018


def test_importing_the_package_loads_nothing_heavy():
    heavy = {"pandas", "numpy", "pydantic", "click", "sklearn"}
    code = f"import eligibility, sys; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert done.stdout == "set()\n", done.stderr
