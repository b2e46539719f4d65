"""The main job under every Python >= 3.11 of this machine, with the oldest and the newest dependencies declared.

    python tests/harness/matrix.py [--tests] [--python PROGRAM ...]      # make matrix MATRIX="--tests"

Each gets an environment of its own in out/matrix, made from wheels, and writes the report of two dates; every page,
table and number must be the same bytes everywhere, but for the id of the run, which names the libraries. With --tests
the whole suite runs in each as well, which takes ten minutes a time. It is a command and not in the gate: it needs an
index of packages. Ends with 1 where something that could be installed differs or fails.
"""

from __future__ import annotations

import argparse
import functools
import glob
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from places import ROOT

PLACE = ROOT / "out" / "matrix"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DATES = ("2016-07-01", "2026-03-31")
VERSION = "import sys; print('%d.%d.%d' % sys.version_info[:3])"


def pythons(named: list[str]) -> dict[str, str]:
    """Version -> program, of those named or of those found here, one a minor version and the newest of each."""
    found: dict[tuple[int, ...], str] = {}
    places = os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))
    usual = [f"python3.{minor}" for minor in range(11, 20)] + glob.glob(f"{places}/versions/*/bin/python")
    for program in named or [sys.executable, *usual]:
        try:
            said = subprocess.run([program, "-c", VERSION], capture_output=True, text=True, timeout=60)
        except OSError:
            continue
        if re.fullmatch(r"3\.\d+\.\d+\n", said.stdout):
            found.setdefault(tuple(map(int, said.stdout.split("."))), program)
    newest = {version[:2]: version for version in sorted(found)}
    return {".".join(map(str, v)): found[v] for v in newest.values() if v >= (3, 11)}


@functools.cache
def resolver() -> Path:
    """uv, which alone can ask for the lowest versions that a Python has wheels for."""
    home = PLACE / "tools"
    subprocess.run([sys.executable, "-m", "venv", home], check=True)
    subprocess.run(
        [program_of(home), "-m", "pip", "install", "-q", "--disable-pip-version-check", "uv"], check=True
    )
    return program_of(home)


def program_of(home: Path) -> Path:
    """The Python of an environment."""
    return home / ("Scripts" if os.name == "nt" else "bin") / "python"


def made(version: str, program: str, kind: str, tests: bool) -> tuple[Path, str]:
    """An environment's Python, and why there is none."""
    home = PLACE / f"{version}-{kind}"
    shutil.rmtree(home, ignore_errors=True)
    subprocess.run([program, "-m", "venv", home], check=True)
    pip = [
        resolver(),
        "-m",
        "uv",
        "pip",
        "install",
        "-q",
        "--python",
        program_of(home),
        "--only-binary",
        ":all:",
    ]
    wanted = PROJECT["dependencies"] + PROJECT["optional-dependencies"]["build"]
    wanted = wanted + PROJECT["optional-dependencies"]["test"] if tests else wanted
    which = "lowest-direct" if kind == "oldest" else "highest"
    done = subprocess.run([*pip, "--resolution", which, *wanted], capture_output=True, text=True)
    if done.returncode == 0:
        own = ["--no-deps", "--no-build-isolation", "--no-binary", "eligibility", "-e", ROOT]
        done = subprocess.run([*pip, *own], capture_output=True, text=True)
    why = " / ".join(line.strip() for line in done.stderr.splitlines()[:3])
    return program_of(home), "" if done.returncode == 0 else why or "uv failed"


def written(python: Path, home: Path) -> dict[str, str]:
    """Checksum of each file of the reports, the id of the run in it made neutral."""
    out, seen = home / "runs", {}
    shutil.rmtree(out, ignore_errors=True)
    env = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | {
        "ELIGIBILITY_DATA": str(home / "none")
    }
    for day in DATES:
        command = [
            python,
            "-m",
            "eligibility",
            "report",
            "--as-of",
            day,
            "--country",
            "TUN",
            "--country",
            "MDA",
        ]
        done = subprocess.run([*command, "--out", out], env=env, cwd=home, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"report --as-of {day} ended with {done.returncode}: {done.stderr[-600:]}")
    for run in sorted(out.iterdir()):
        own = json.loads((run / "manifest.json").read_text(encoding="utf-8"))["run"].encode()
        for path in sorted(run.rglob("*")):
            # the workbook is made by a library whose version it carries; the manifest lists them all and has a digest
            if path.is_file() and path.name not in ("manifest.json", "manifest.sha256", "ranking.xlsx"):
                data = path.read_bytes().replace(own, b"RUN")
                seen[path.relative_to(out).as_posix()] = hashlib.sha256(data).hexdigest()
    return seen


def main() -> int:
    """Runs the matrix, saying of each environment what came of it; 1 where one differs or fails."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--tests", action="store_true", help="run the whole suite in each environment as well"
    )
    parser.add_argument(
        "--python", action="append", default=[], help="a Python to try, instead of those found"
    )
    asked = parser.parse_args()
    PLACE.mkdir(parents=True, exist_ok=True)
    first, wrong, ran = None, 0, 0
    for version, program in pythons(asked.python).items():
        for kind in ("oldest", "newest"):
            name = f"Python {version}, {kind} dependencies"
            python, why = made(version, program, kind, asked.tests)
            if why:
                print(f"{name}: not installed: {why}", flush=True)
                continue
            ran += 1
            try:
                seen = written(python, python.parents[1])
            except RuntimeError as error:
                print(f"{name}: FAILS: {error}", flush=True)
                wrong += 1
                continue
            first = first or seen
            other = sorted(path for path in first.keys() | seen.keys() if first.get(path) != seen.get(path))
            listed = subprocess.run([python, "-m", "pip", "freeze"], capture_output=True, text=True).stdout
            core = ", ".join(
                re.findall(r"(?m)^(?:numpy|pandas|scipy|scikit-learn|pydantic|click)==\S+", listed)
            )
            says = f"DIFFERS in {', '.join(other)}" if other else f"{len(seen)} files, the same bytes"
            print(f"{name}: {says} ({core})", flush=True)
            wrong += bool(other)
            if asked.tests:
                env = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
                code = subprocess.run(
                    [python, "-m", "pytest", "-n", "auto", "--dist", "loadfile"], cwd=ROOT, env=env
                ).returncode
                print(f"{name}: tests {'pass' if code == 0 else 'FAIL'}", flush=True)
                wrong += bool(code)
    if not ran:
        print("nothing could be installed", flush=True)
    return 1 if wrong or not ran else 0


if __name__ == "__main__":
    sys.exit(main())
