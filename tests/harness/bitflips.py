"""One bit turned, a thousand times: `make bitflips` (MORE="--flips 200 --seed 7" for others).

Each time one bit of one file is turned in a copy of datasets/, in a user's folder as an import leaves it, or in a sealed
run. It must be noticed: by `data verify`, and where the next `screen` that uses the file refuses it, by that too.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from eligibility.data import build, sources
from eligibility.data.own import Meaning
from eligibility.errors import EligibilityError
from eligibility.files import checksums, seal
from eligibility.resources import shipped

TABLE = "iso3,year,value\nTUN,2014,3.5\nUKR,2014,2.5\nKEN,2014,4\n"


@dataclass(frozen=True)
class Flip:
    """One bit turned, and who noticed."""

    where: str
    kind: str
    by: str  # "screen and verify", "verify" or "nobody"


def user_folder(place: Path) -> Path:
    """A user's folder with one series of their own."""
    table = place / "embassy.csv"
    table.write_text(TABLE, encoding="utf-8")
    folder = place / "user"
    build.import_own(table, Meaning("embassy.assessment", "Assessment", "high", 1, 5), folder)
    return folder


def noticed_in_sources(folder: Path, path: Path) -> tuple[bool, bool]:
    """Whether a screen that uses the file refuses it, and whether verify names it."""
    return _refused(path), bool(checksums.differences(folder))


def noticed_in_a_run(folder: Path, _: Path) -> tuple[bool, bool]:
    """No screen reads a run; verify, and diff before it reads one, do."""
    try:
        return False, bool(seal.differences(folder))
    except EligibilityError:
        return False, True


def _refused(path: Path) -> bool:
    if path.name not in (sources.SHEET, sources.VALUES, sources.EVENTS):
        return False
    try:
        sources.table(sources.sheet(path.parent))
    except EligibilityError:
        return True
    return False


def kind(path: Path) -> str:
    """What a file is, in a word."""
    words = {
        sources.SHEET: "sheet",
        checksums.LIST: "list of checksums",
        seal.MANIFEST: "seal",
        seal.DIGEST: "seal",
    }
    tables = {sources.VALUES: "table of figures", sources.EVENTS: "table of figures"}
    register = "register, ceilings or outlines" if (path.parent.name in _REGISTERS) else "file of a run"
    return (words | tables).get(path.name, register)


_REGISTERS = ("countries", "thresholds", "fiscal_years", "reviews", "vdem-widths", "world")


def turn(
    folder: Path, noticed: Callable[[Path, Path], tuple[bool, bool]], count: int, chance: random.Random
) -> list[Flip]:
    """So many bits turned one after the other in a folder, each turned back; every kind of file has its share."""
    kinds: dict[str, list[Path]] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".md":
            kinds.setdefault(kind(path), []).append(path)
    flips = []
    for number in range(count):
        path = chance.choice(kinds[sorted(kinds)[number % len(kinds)]])
        whole = path.read_bytes()
        at, bit = chance.randrange(len(whole)), chance.randrange(8)
        turned = bytearray(whole)
        turned[at] ^= 1 << bit
        path.write_bytes(turned)
        screen, verify = noticed(folder, path)
        path.write_bytes(whole)
        by = (
            "screen and verify"
            if screen and verify
            else "verify"
            if verify
            else "screen"
            if screen
            else "nobody"
        )
        flips.append(Flip(f"{path.relative_to(folder)}, byte {at}, bit {bit}", kind(path), by))
    return flips


def flips(place: Path, run: Path, count: int, seed: int = 0) -> list[Flip]:
    """So many in datasets/, and half as many each in a user's folder and in a sealed run."""
    chance = random.Random(seed)
    copy = Path(shutil.copytree(shipped("datasets"), place / "datasets"))
    return [
        *turn(copy, noticed_in_sources, count - 2 * (count // 4), chance),
        *turn(user_folder(place), noticed_in_sources, count // 4, chance),
        *turn(run, noticed_in_a_run, count // 4, chance),
    ]


def main() -> int:
    import made_up

    from eligibility.present import report

    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--flips", type=int, default=1000)
    options.add_argument("--seed", type=int, default=0)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        with made_up.named():
            run = report.write(made_up.make(), Path(place) / "out").path
        done = flips(Path(place), run, asked.flips, asked.seed)
    for (what, by), number in sorted(Counter((flip.kind, flip.by) for flip in done).items()):
        print(f"{number:5}  {what}: noticed by {by}")
    missed = [flip.where for flip in done if flip.by in ("nobody", "screen")]
    print(f"{len(done)} bits turned, {len(missed)} not noticed by verify", *missed, sep="\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
