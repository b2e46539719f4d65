"""Ctrl-C, SIGTERM and a closed terminal, all heard alike; and what a command that was stopped had written by then."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from eligibility.errors import Interrupted

_USUAL = (signal.SIG_DFL, signal.default_int_handler)
_came = False


def came() -> bool:
    """Whether somebody asked to stop: an import that is cut short says ImportError, or anything."""
    return _came


def _stop(*_: object) -> None:
    global _came
    _came = True
    raise KeyboardInterrupt


@contextmanager
def heard() -> Iterator[None]:
    """SIGTERM and SIGHUP end what runs within as Ctrl-C does.

    Handlers of somebody else's (a notebook's) and signals that are ignored (under nohup) stay as they are.
    """
    global _came
    _came, before, told = False, {}, threading.excepthook
    # a library's thread may fall over its own tidying up, and later than the command has said that it was stopped
    threading.excepthook = lambda about: None if _came else told(about)
    if threading.current_thread() is threading.main_thread():
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) in _USUAL:
                before[number] = signal.signal(number, _stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if not _came:
            threading.excepthook = told


@contextmanager
def telling(told: Callable[[], str]) -> Iterator[None]:
    """Turns what stops the command within into one line: what was and was not written."""
    try:
        yield
    except Interrupted:
        raise
    except BaseException as error:
        if not (came() or isinstance(error, KeyboardInterrupt)):
            raise
        raise Interrupted(f"interrupted; {told()}") from None


def nothing() -> str:
    """For a command that writes no file."""
    return "nothing was written"


def changed(place: Path, pattern: str = "") -> Callable[[], str]:
    """Says, when asked, whether the file has been written since now; or which of those in the folder that match."""

    def seen() -> dict[Path, tuple[int, int]]:
        found = {}
        for path in place.glob(pattern) if pattern else (place,):
            try:
                stat = path.stat()
            except OSError:
                continue
            found[path] = (stat.st_ino, stat.st_mtime_ns)
        return found

    before = seen()

    def told() -> str:
        new = sorted(str(path) for path, stat in seen().items() if before.get(path) != stat)
        return f"written: {', '.join(new)}" if new else nothing()

    return told


@contextmanager
def held_back() -> Iterator[None]:
    """Processes started within never see Ctrl-C: who started them ends them, and they have nothing to say of it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
