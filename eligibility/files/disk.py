"""Files that are whole or not there, whatever happens while they are written.

Locks, modes and the flushing of folders are wishes: some shares have none of them. Where one is refused because it is missing,
the work goes on and a `Wanting` warning says once what that means.
"""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # no such lock on this system
    fcntl = None  # type: ignore[assignment]

# what a file system answers that has no such thing, as against one that is full, broken or closed to us
_WANTING = {
    errno.ENOLCK,
    errno.ENOTSUP,
    errno.EOPNOTSUPP,
    errno.ENOSYS,
    errno.EPERM,
    errno.EINVAL,
    errno.ENOTTY,
}
_LOCK = "the folder has no locks: two commands that write into it at once would not wait for each other"
_MODE = "the folder has no file modes: who may read what is written is its own to say"
_FLUSH = "the folder cannot be flushed to the disk: what was written last may be lost if the power fails"


class Wanting(UserWarning):
    """A folder that cannot do what was wished of it."""


def wish(lacking: str, call: Callable[..., object], *args: object) -> bool:
    """Whether the call was done; told and passed over where the file system has no such thing. OSError as the call."""
    try:
        call(*args)
    except OSError as error:
        if error.errno not in _WANTING:
            raise
        warnings.warn(f"{lacking} ({error.strerror})", Wanting, stacklevel=1)  # here: each is told once
        return False
    return True


def put(path: Path, data: bytes) -> None:
    """A file on the disk, not only in memory; for a folder that is moved into its place when it is complete."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        wish(_FLUSH, os.fsync, file.fileno())


def replace(path: Path, data: bytes) -> None:
    """A file that takes its name when it is on the disk; what stood there stands until then. OSError as `open`.

    A folder, pipe or device that stands there is left alone: to take the place of /dev/null would harm the machine.
    """
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "is a folder, pipe or device; name a file", str(path))
    try:
        handle, fresh = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
        os.close(handle)
        try:
            put(Path(fresh), data)
            mode(Path(fresh), 0o644)
            os.replace(fresh, path)
        except BaseException:
            Path(fresh).unlink(missing_ok=True)
            raise
    except OSError as error:
        error.filename = str(path)  # the name that was asked for; a write that fails names none
        raise


def mode(path: Path, bits: int) -> None:
    """The file or folder with these permissions, where there are such."""
    wish(_MODE, os.chmod, path, bits)


def flush(folder: Path) -> None:
    """The entries of a folder on the disk, where the system can do it."""
    if os.name == "nt":  # folders cannot be opened there
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        wish(_FLUSH, os.fsync, handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """One writer a folder at a time, True; False where there is no lock, and so perhaps another.

    The lock goes with the process that held it.
    """
    if fcntl is None:
        yield False
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        yield wish(_LOCK, _locked, handle)
    finally:
        os.close(handle)


def _locked(handle: int) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
    except OSError as error:
        if (
            error.errno == errno.EBADF
        ):  # a share that makes of it a lock for writing, which a folder cannot have
            raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK)) from None
        raise
