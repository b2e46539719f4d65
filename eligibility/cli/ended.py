"""How a command ends: its exit code, and a line or a few for whatever it refuses."""

from __future__ import annotations

import errno
import os
import sys

import click

from eligibility import interrupts
from eligibility.cli.arguments import let_go, tell, told
from eligibility.errors import EligibilityError, Interrupted, one_line
from eligibility.files import checksums
from eligibility.resources import shipped

NO, WRONG = 1, 2
# what writing to a terminal, a file or a pipe can end in
UNWRITTEN = (
    errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF, errno.EPIPE, errno.EAGAIN, errno.ENXIO, errno.EINVAL
)  # fmt: skip


def no_if(so: object) -> None:
    """Leaves with the exit code of a no, where that is the answer."""
    if so:
        raise click.exceptions.Exit(NO)


def ended(shell: click.Group, args: list[str] | None) -> object:
    """The exit code of a command; what it refuses is told."""
    try:
        return shell.main(args, prog_name="eligibility", standalone_mode=False)
    except EligibilityError as error:
        tell(error)
        return error.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return WRONG
    except click.ClickException as error:
        tell(told(error))
        return WRONG
    except (KeyboardInterrupt, click.Abort):
        tell(f"interrupted; {interrupts.nothing()}")
        return Interrupted.exit_code
    except OSError as error:
        if error.filename is None and error.errno not in UNWRITTEN:
            raise
        tell(f"{one_line(os.fsdecode(error.filename or 'standard output'))}: file: {error.strerror}")
        let_go(sys.stdout)
        return WRONG
    except Exception:  # a table of ours that was damaged may end in anything
        if not (changed := checksums.differences(shipped("datasets"))):
            raise
        for line in changed:
            tell(line)
        return NO
