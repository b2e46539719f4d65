"""Times the engine and the commands against their budgets: `make bench`, or `python -m bench` with tests/ on the path.

    --rounds N     each is run so often, in turn, on one core; medians count (5)
    --peers DIR    also time other packages, installed in this folder
    --write        write the table into README.md

Machines differ and are shared, so CPU time is taken and ratios of one run are held to budgets. Exit code 1 when
one is broken.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from places import PATHS, ROOT

from bench import commands as own_commands
from bench import peers, problem
from bench.commands import BUDGETS, PANDAS
from bench.workloads import PAGES, WORKLOADS, YEARS

BLOCK = re.compile(r"(<!-- bench -->\n).*?(<!-- /bench -->)", re.S)
ALONE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


@dataclass(frozen=True)
class Once:
    """One run as a child of its own: CPU seconds of all of it, peak MiB, and what it says of itself."""

    cpu: float
    peak: float
    says: Mapping[str, float]


def once(command: list[str], speaks: bool = False) -> Once:
    """Runs it; one that `speaks` prints what it measured as JSON."""
    with tempfile.TemporaryFile() as out:
        child = subprocess.Popen(
            [str(word) for word in command], stdout=out, cwd=ROOT, env=os.environ | ALONE | _path()
        )
        _, status, usage = os.wait4(child.pid, 0)
        if os.waitstatus_to_exitcode(status):
            raise SystemExit(f"{' '.join(map(str, command))} ended with {os.waitstatus_to_exitcode(status)}")
        out.seek(0)
        said = out.read()
    unit = 1024 if sys.platform != "darwin" else 1024**2
    return Once(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit, json.loads(said) if speaks else {})


def _path() -> dict[str, str]:
    return {"PYTHONPATH": os.pathsep.join(filter(None, (PATHS, os.environ.get("PYTHONPATH", ""))))}


@dataclass(frozen=True)
class Row:
    """A line of the table: what, CPU in words, what it is compared with and how, the budget, peak MiB."""

    what: str
    cpu: str
    ratio: str
    budget: str
    peak: float | None
    holds: bool = True


def measured(runs: list[dict[str, Once]], page: float) -> list[Row]:
    """The table, medians over the rounds; ratios are taken within each round.

    page   KiB of the largest page of the report that was written
    """

    def median(name: str, per: str = "") -> float:
        own = [r[name].says.get("cpu", r[name].cpu) for r in runs]
        of = [r[per].says.get("cpu", r[per].cpu) if per else 1.0 for r in runs]
        return statistics.median(a / b for a, b in zip(own, of, strict=True))

    def peak(name: str) -> float:
        return max(r[name].peak for r in runs)

    ratio = median("index", "reference_index")
    rows = [
        Row(
            "one index, 195 × 30, with ranks (fastest of 300)",
            f"{median('index') * 1e3:.2f} ms",
            f"{ratio:.1f} × bare numpy ({median('reference_index') * 1e3:.2f} ms)",
            "15 ×",
            peak("index"),
            ratio <= 15,
        )
    ]
    ratio = median("joint", "reference_joint")
    says = f"{ratio:.2f} × a tight numpy loop ({median('reference_joint'):.2f} s)"
    rows.append(
        Row(
            "10,000 joint draws × 195 × 30",
            f"{median('joint'):.2f} s",
            says,
            "2 ×",
            peak("joint"),
            ratio <= 2,
        )
    )
    for name, least in (("pysensmcda", 5), ("pymcdm", 20)):
        if name in runs[0]:
            draws = runs[0][name].says["draws"]
            whole = problem.DRAWS / draws
            ratio = statistics.median(r[name].says["cpu"] * whole / r["joint"].says["cpu"] for r in runs)
            rows.append(
                Row(
                    f"… by {name} ({draws:,.0f} draws, scaled up)", f"{median(name) * whole:.1f} s",
                    f"ours is {ratio:.0f} times as fast", f"{least} times", peak(name), ratio >= least,
                )
            )  # fmt: skip
    rows.append(
        Row(
            f"{YEARS} years of that",
            f"{median('years'):.1f} s",
            "",
            "1,024 MiB",
            peak("years"),
            peak("years") < 1024,
        )
    )
    rows.append(
        Row(
            f"{runs[0]['sobol'].says['runs']:,.0f} runs: which doubt decides, for each unit",
            f"{median('sobol'):.2f} s", "", "2 s", peak("sobol"), median("sobol") < 2,
        )
    )  # fmt: skip
    if "cpu" in runs[0]["official"].says:
        took = median("official")
        rows.append(
            Row("import of V-Dem's official file (200 MB)", f"{took:.1f} s", "", "60 s, 1,024 MiB", peak("official"),
                took < 60 and peak("official") < 1024)
        )  # fmt: skip
    for name, what, most in (
        ("bulk", "reading of a bulk file (300,000 rows, 140 MB)", 20),
        ("refused", "refusal of three million rows", 5),
    ):
        took = median(name)
        rows.append(
            Row(what, f"{took:.1f} s", "", f"{most} s, 512 MiB", peak(name), took < most and peak(name) < 512)
        )
    rows.append(
        Row(
            f"{PAGES} country pages, made up", f"{median('pages'):.2f} s", f"a real report's largest is {page:.0f} KiB",
            "5 s, 150 KiB", peak("pages"), median("pages") < 5 and page < 150,
        )
    )  # fmt: skip
    for name, (_, most, memory) in BUDGETS.items():
        ratio = median(name, "import pandas")
        holds = ratio <= most and peak(name) <= memory
        says = f"{ratio:.2f} × `import pandas` ({median('import pandas'):.2f} s)"
        rows.append(
            Row(f"`{name}`", f"{median(name):.2f} s", says, f"{most:g} ×, {memory} MiB", peak(name), holds)
        )
    return rows


def table(rows: list[Row], rounds: int) -> str:
    """The table in Markdown, with the machine it was measured on."""
    lines = ["| what | CPU | compared | budget | peak MiB |", "|--|--:|--|--|--:|"]
    lines += [
        f"| {r.what} | {r.cpu} | {r.ratio} | {r.budget}{'' if r.holds else ' **broken**'} | {r.peak:,.0f} |"
        for r in rows
    ]
    told = f"medians of {rounds} rounds taken in turn" if rounds > 1 else "one round"
    machine = f"{platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}"
    return "\n".join(
        [
            *lines,
            "",
            f"One core of {machine}, shared with other work: ratios count, seconds do not. CPU time, {told}.",
            "",
        ]
    )


def main() -> int:
    """0 when every budget holds."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--peers", type=Path, metavar="DIR")
    options.add_argument("--write", action="store_true")
    asked = options.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})  # children inherit it
    with tempfile.TemporaryDirectory() as folder:
        commands = {name: [sys.executable, "-m", "bench.workloads", name] for name in WORKLOADS}
        values, sds = problem.figures()
        np.savez(Path(folder) / "figures.npz", values=values, sds=sds)
        for name, (_, draws) in peers.PEERS.items() if asked.peers else ():
            python, why = peers.ready(name, asked.peers.absolute())
            if python:
                commands[name] = [python, peers.__file__, name, Path(folder) / "figures.npz", draws]
            else:
                print(f"{name} is left out: {why}", file=sys.stderr)
        speak = set(commands)
        out = Path(folder)
        own_commands.own(out / "own.csv")
        commands |= {"import pandas": PANDAS} | {name: own_commands.words(name, out) for name in BUDGETS}
        once(PANDAS)  # the file cache
        runs = [
            {name: once(words, name in speak) for name, words in commands.items()}
            for _ in range(asked.rounds)
        ]
        page = own_commands.largest_page(out)
    widths = [runs[0][name].says["interval"] for name in ("joint", "reference_joint")]
    rows = measured(runs, page)
    text = table(rows, asked.rounds)
    print(text)
    print(f"mean width of the 90 % rank interval: {widths[0]:.1f} ours, {widths[1]:.1f} the numpy loop's")
    if asked.write:
        readme = ROOT / "README.md"
        old = readme.read_text(encoding="utf-8")
        new, found = BLOCK.subn(lambda m: f"{m[1]}{text}{m[2]}", old)
        if not found:
            raise SystemExit("README.md has no block between <!-- bench --> and <!-- /bench -->")
        readme.write_text(new, encoding="utf-8")
    return int(not all(row.holds for row in rows))


if __name__ == "__main__":
    raise SystemExit(main())
