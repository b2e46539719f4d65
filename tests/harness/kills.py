"""Writers killed at every step and at odd moments: `make kills` (MORE="--kills 1000" for more).

A child writes an import or a report over and over, one content after the other, and is killed: at the nth call that
changes the disk, or after a few milliseconds. Then what stands there must be one content or the other whole, or nothing
where the old one stands aside whole; and the next writer must leave one folder and no leftovers.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from eligibility.data import build
from eligibility.files import exchange, seal
from eligibility.present import report

NAME = "made-up-2016-07-01"
STEPS = ("fsync", "rename", "chmod", "mkdir", "open", "close", "unlink", "rmdir")


def contents(what: str) -> list[dict[str, bytes]]:
    """Two contents of one name, that differ in every file and in which files they have."""
    if what == "source":
        return [
            {"source.yaml": s * 900, "values.csv": s * 40_000, f"{s[:1].decode()}.csv": s}
            for s in (b"a", b"b")
        ]
    made = []
    for s in (b"a", b"b"):
        pages = {f"countries/{s.decode()}{k}.html": s * 9_000 for k in range(12)}
        made.append({"briefing.html": s * 50_000, **pages})
    return made


def source(folder: Path, files: dict[str, bytes]) -> None:
    """As an import places a source."""
    build._place(SimpleNamespace(id=NAME, content=files), folder)


def run(folder: Path, files: dict[str, bytes]) -> None:
    """As a report writes a run whose pages are made already."""
    sealed = {"files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}}
    whole = seal.digest(sealed)
    told = report._written({**sealed, "digest": whole, "run": whole[:12]})
    criteria = SimpleNamespace(id="made-up", sha256="")
    result = SimpleNamespace(
        criteria=criteria,
        as_of=date(2016, 7, 1),
        screening=SimpleNamespace(status=SimpleNamespace(index=())),
    )
    with mock.patch.object(report, "content", return_value={**files, seal.MANIFEST: told}):
        report.write(result, folder, replace=True)


WRITERS: dict[str, Callable[[Path, dict[str, bytes]], None]] = {"source": source, "run": run}


def seen(folder: Path) -> dict[str, bytes]:
    """What stands there but the seal."""
    held = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    return {name: data for name, data in held.items() if not name.startswith("manifest.")}


def killed(folder: Path, what: str, nth: int | None, wait: float) -> None:
    """A child that writes until it is killed, by its own hand at the nth step or from here after a while."""
    child = os.fork()
    if child == 0:
        try:
            if nth is not None:
                _die_at(nth)
            while True:
                for files in reversed(contents(what)):
                    WRITERS[what](folder, files)
        finally:
            os._exit(1)
    if nth is None:
        time.sleep(wait)
        os.kill(child, signal.SIGKILL)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL, "the writer ended by itself"


def _die_at(nth: int) -> None:
    count = 0

    def deadly(real):
        def call(*args, **more):
            nonlocal count
            count += 1
            if count == nth:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **more)

        return call

    for name in STEPS:
        setattr(os, name, deadly(getattr(os, name)))


def rounds(place: Path, what: str, steps: Iterable[int], times: int, seed: int = 0) -> int:
    """Kills at these steps and at so many odd moments, each judged; how many there were."""
    chance, pair = random.Random(seed), contents(what)
    moments = [(nth, 0.0) for nth in steps] + [(None, chance.uniform(0, 0.05)) for _ in range(times)]
    for number, (nth, wait) in enumerate(moments):
        folder = place / f"{what}-{number}"
        folder.mkdir()
        WRITERS[what](folder, pair[0])
        killed(folder, what, nth, wait)
        where, target = f"{what}, step {nth}, {wait:.3f} s", folder / NAME
        if not target.exists():
            aside = [left / NAME for left in exchange.leftovers(folder) if (left / NAME).is_dir()]
            assert [seen(one) in pair for one in aside] == [True], where
        exchange.recover(folder)
        assert seen(target) in pair, where
        if what == "run":
            assert seal.differences(target) == (), where
        WRITERS[what](folder, pair[1])
        assert seen(target) == pair[1] and [p.name for p in folder.iterdir()] == [NAME], where
        shutil.rmtree(folder)
    return len(moments)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--kills", type=int, default=300)
    options.add_argument("--seed", type=int, default=0)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        each = asked.kills // (2 * len(WRITERS))
        done = {
            what: rounds(
                Path(place), what, range(1, each + 1), asked.kills // len(WRITERS) - each, asked.seed
            )
            for what in WRITERS
        }
    print(
        f"{sum(done.values())} kills ({', '.join(f'{n} of a {what}' for what, n in done.items())}): nothing lost, nothing half"
    )


if __name__ == "__main__":
    sys.exit(main())
