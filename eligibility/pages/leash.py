"""Runs a program in a process group of its own, and ends the whole group when whoever asked for it is gone.

    python leash.py PROGRAM [WORD ...]      standard input held open for as long as the program may run

A browser is many processes: a signal to the first leaves the others, and Ctrl-C ends some of them halfway. The end of
standard input is noticed however the asker ended, killed or not. Run as a script, so it imports nothing of ours.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading


def run(command: list[str]) -> int:
    """The exit code of the program; -9 or the like where it was ended."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):  # the end of standard input says it, and in good order
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: None)
    try:
        program = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", file=sys.stderr)  # noqa: T201 - the words of a program that cannot start
        return 127

    def wait() -> None:
        while os.read(0, 1024):
            pass
        end(program)

    threading.Thread(target=wait, daemon=True).start()
    code = program.wait()
    end(program)  # what it left behind
    return code


def end(program: subprocess.Popen) -> None:
    """Ends a program and all it started."""
    if os.name == "nt":
        subprocess.run(["taskkill", "/T", "/F", "/PID", str(program.pid)], capture_output=True)
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(program.pid, signal.SIGKILL)


if __name__ == "__main__":
    ended = run(sys.argv[1:])
    sys.stderr.flush()
    os._exit(ended if 0 <= ended < 256 else 1)
