"""What the commands cost: CPU as a multiple of `import pandas` in the same run, and peak memory.

Machines differ and are shared, so only ratios are held to a budget. Each command runs as a user
runs it, cold; the median of the rounds counts. Exit code 1 when a budget is broken.

    python tests/bench.py [--rounds N]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ME = [sys.executable, "-m", "eligibility"]
ROOT = Path(__file__).resolve().parent.parent
# what runs, the multiple of `import pandas` it may cost, and the memory it may take (issue: measured at the end)
BUDGETS = {
    "screen": ([*ME, "screen", "--format", "json"], 4.0, 500),
    "report": ([*ME, "report", "--out", "{out}"], 10.0, 500),
    "--help": ([*ME, "--help"], 1.0, 100),
}


def cost(command: list[str]) -> tuple[float, float]:
    """CPU seconds (user and system) and peak memory in MiB of one run as a child of its own."""
    with open(os.devnull, "wb") as nowhere:
        child = subprocess.Popen(command, stdout=nowhere, cwd=ROOT)
        _, status, usage = os.wait4(child.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)


def main() -> int:
    """0 when every budget holds."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--rounds", type=int, default=5)
    rounds = options.parse_args().rounds
    base, runs = [], {name: [] for name in BUDGETS}
    with tempfile.TemporaryDirectory() as out:
        for number in range(rounds + 1):  # the first warms the file cache and does not count
            once = cost([sys.executable, "-c", "import pandas"])
            each = {n: cost([a.format(out=out) for a in command]) for n, (command, _, _) in BUDGETS.items()}
            if number:
                base.append(once[0])
                for name, got in each.items():
                    runs[name].append((got[0] / once[0], got[1]))
    print(f"import pandas: {statistics.median(base):.2f} s CPU, median of {rounds} rounds")
    print(f"{'command':<10} {'x import pandas':>16} {'budget':>7} {'peak MiB':>9} {'budget':>7}")
    broken = False
    for name, (_, most, memory) in BUDGETS.items():
        ratio, peak = statistics.median(r for r, _ in runs[name]), max(m for _, m in runs[name])
        broken |= ratio > most or peak > memory
        print(f"{name:<10} {ratio:>16.2f} {most:>7.1f} {peak:>9.0f} {memory:>7.0f}")
    return int(broken)


if __name__ == "__main__":
    raise SystemExit(main())
