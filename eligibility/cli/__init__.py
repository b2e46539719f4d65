"""The command line: `main` is what `eligibility` and `python -m eligibility` run."""

import signal
import sys


def main(args: list[str] | None = None) -> None:
    """Leaves with the exit code of the command; quiet on Ctrl-C from its first import to its end.

    `args`: the words after `eligibility`; None: those of the shell.
    """
    try:
        from eligibility import interrupts

        with interrupts.heard():
            from eligibility.cli.commands import main as run
    except KeyboardInterrupt:
        _settled()
        sys.stderr.write("interrupted; nothing was written\n")
        sys.exit(130)
    try:
        run(args)
    finally:
        if args is None:
            _settled()


def _settled() -> None:
    """All is said and done; what is left is the interpreter's tidying, which no signal may turn into another exit code."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    # CPython keeps in mind that Ctrl-C came while it ran a text, as dataclasses and named tuples have it do, and would
    # end by that signal; running another text makes it forget.
    exec("")  # noqa: S102
