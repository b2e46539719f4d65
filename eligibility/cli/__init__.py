"""The command line: `main` is what `eligibility` and `python -m eligibility` run."""

import signal
import sys


def main(args: list[str] | None = None) -> None:
    """Leaves with the exit code of the command; quiet on Ctrl-C from its first import to its end.

    `args`: the words after `eligibility`; None: those of the shell.
    """
    try:
        from eligibility.cli.commands import main as run
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; nothing was written\n")
        sys.exit(130)
    try:
        run(args)
    finally:
        if args is None:  # all is said and done; what is left is the interpreter's tidying
            signal.signal(signal.SIGINT, signal.SIG_IGN)
