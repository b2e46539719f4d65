"""The most memory a process took, as code for a child to run.

What the system tells of resources used is no good here: it passes from a parent to the program it starts, so that a child of a
large test worker seems as large as the worker. Linux tells the peak of the program alone.
"""

from __future__ import annotations

import subprocess
import sys

PEAK = """
def peak():
    import resource, sys
    if sys.platform == "linux":
        with open("/proc/self/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmHWM:")) << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << (0 if sys.platform == "darwin" else 10)
"""  # bytes


def told(code: str, *words: object, env: dict[str, str] | None = None) -> tuple[str, int]:
    """What a program printed, and the bytes of memory it took at most."""
    command = [sys.executable, "-c", f"{PEAK}\n{code}\nprint(peak())", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, env=env)
    assert done.returncode == 0, done.stderr
    said, _, memory = done.stdout.rstrip().rpartition("\n")
    return said, int(memory)
