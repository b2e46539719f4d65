"""V-Dem's full file is imported in the memory of a plain machine; how long it takes is measured by `make bench`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import official_file
import pytest

CHILD = """
import resource, sys
from pathlib import Path
from eligibility import build, intake
source = build.import_file(Path(sys.argv[1]), Path(sys.argv[2]), accept=intake.RULES)
print(source.values["rows"], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the memory of a process is not told there")
def test_a_file_of_182_countries_in_the_official_layout_is_imported_in_a_gibibyte(
    releases: Path, tmp_path: Path
):
    """Every country has one country's figures, which no gate would let in unasked."""
    path = tmp_path / "V-Dem-CY-Core-v16.csv"
    official_file.write(path)
    assert path.stat().st_size > 190_000_000
    words = [sys.executable, "-c", CHILD, path, tmp_path / "to"]
    told = subprocess.run(words, capture_output=True, text=True, check=True)
    rows, memory = told.stdout.split()
    assert int(rows) == official_file.COUNTRIES * 36  # 1990 to 2025
    assert int(memory) * (1 if sys.platform == "darwin" else 1024) < 1 << 30
