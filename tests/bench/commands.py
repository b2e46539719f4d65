"""What whole commands cost, cold, as a user runs them: CPU as a multiple of `import pandas`, and peak memory."""

from __future__ import annotations

import sys
from pathlib import Path

ME = [sys.executable, "-m", "eligibility"]
PANDAS = [sys.executable, "-c", "import pandas"]
ROUNDS = ["--as-of", "2015-07-01", "--as-of", "2016-07-01"]
MEANT = ["--series", "bench.own", "--label", "Made up", "--better", "high", "--range", "0", "100"]
# what runs, the multiple of `import pandas` it may cost, and the MiB it may take, of which a child has 70
# from its parent before it starts; {out} is a folder of the bench
BUDGETS = {
    "eligibility --help": (["--help"], 0.5, 100),
    "eligibility data list": (["data", "list"], 0.8, 100),
    "eligibility check": (["check", "peacetime-pilots"], 2.0, 200),
    # reads every release of its series and draws paths of eleven years
    "eligibility screen": (["screen"], 9.0, 500),
    # also says of each verdict since when it stands: some ninety rounds of twenty years
    "eligibility screen --format json": (["screen", "--format", "json"], 16.0, 500),
    "eligibility explain TUN": (["explain", "TUN"], 10.0, 500),
    # two screens, and rounds with every set of the causes that differ
    "eligibility diff (two dates)": (["diff", "2016-07-01", "2025-03-31"], 17.0, 500),
    "eligibility sweep (two sets, two dates)": (
        ["sweep", "peacetime-pilots", "peacetime-pilots-1", *ROUNDS, "--jobs", "1", "--out", "{out}/sweep.csv"], 20.0, 500,
    ),
    "eligibility workbench": (["workbench", "--out", "{out}/workbench.html"], 5.0, 300),
    "eligibility record": (["record"], 20.0, 500),
    "eligibility audit": (["audit"], 25.0, 800),
    "eligibility report": (["report", "--out", "{out}/report", "--replace"], 32.0, 500),
    "eligibility data import (a table of 2,000 figures)": (
        ["data", "import", "{out}/own.csv", *MEANT, "--to", "{out}/held"], 4.0, 200,
    ),
}  # fmt: skip


def words(name: str, out: Path) -> list[str]:
    """The words of one command, its files in the folder of the bench."""
    return [*ME, *(word.format(out=out) for word in BUDGETS[name][0])]


def own(path: Path) -> None:
    """Writes the table that is imported."""
    from eligibility.data import countries

    rows = (f"{iso3},{year},{(k * 7 + year) % 100}"
            for k, iso3 in enumerate(sorted(countries.register().names())[:100]) for year in range(2000, 2020))  # fmt: skip
    path.write_text("\n".join(["iso3,year,value", *rows, ""]), encoding="utf-8")


def largest_page(out: Path) -> float:
    """KiB of the largest page of a country in the report that was written."""
    return max(page.stat().st_size for page in (out / "report").glob("*/countries/*.html")) / 1024
