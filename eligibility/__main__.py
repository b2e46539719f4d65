"""What `eligibility` and `python -m eligibility` run: the command line, quiet on Ctrl-C from its first import to its end."""

import signal
import sys


def main() -> None:
    """Leaves with the exit code of the command."""
    try:
        from eligibility.cli.commands import main as run
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; nothing was written\n")
        sys.exit(130)
    try:
        run()
    finally:
        signal.signal(
            signal.SIGINT, signal.SIG_IGN
        )  # all is said and done; what is left is the interpreter's tidying


if __name__ == "__main__":
    main()
