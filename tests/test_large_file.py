"""V-Dem's full file is read in the memory and time of a plain machine."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from eligibility import countries

CHILD = """
import resource, sys, time
from pathlib import Path
from eligibility.readers import series_of, strict
from eligibility.readers.whose import whose

start = time.process_time()
(path,) = whose(Path(sys.argv[1])).paths
codes = [sheet["publisher_code"] for sheet in series_of("vdem", "v16").values()]
wanted = [code + end for code in codes for end in ("", "_sd", "_codelow", "_codehigh")]
table = strict.read_csv(path, ["country_text_id", "year"], optional=wanted)
print(len(table), time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the memory of a process is not told there")
def test_a_file_of_182_countries_in_the_official_layout_is_read_in_a_gibibyte(releases: Path, tmp_path: Path):
    """Made by repeating the one country's rows held of the official file, about 200 MB: 1,908 columns, 22,932 rows."""
    one = releases / "vdem" / "official-one-country" / "V-Dem-CY-Core-v16.csv"
    with one.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
        rows = file.read()
    assert header[:2] == ["country_name", "country_text_id"] and rows.startswith(
        ("Kenya,KEN,", '"Kenya","KEN",')
    )
    quote = '"' if rows.startswith('"') else ""
    names = countries.register().names()
    path = tmp_path / "V-Dem-CY-Core-v16.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow(header)
        for iso3 in sorted(names)[:182]:
            name = names[iso3].replace(",", "")
            file.write(
                rows.replace(
                    f"{quote}Kenya{quote},{quote}KEN{quote},", f"{quote}{name}{quote},{quote}{iso3}{quote},"
                )
            )
    assert path.stat().st_size > 190_000_000
    told = subprocess.run([sys.executable, "-c", CHILD, path], capture_output=True, text=True, check=True)
    read, seconds, memory = told.stdout.split()
    assert int(read) == 22_932 and float(seconds) < 60
    assert int(memory) * (1 if sys.platform == "darwin" else 1024) < 1 << 30
