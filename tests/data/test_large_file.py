"""V-Dem's full file is imported in the memory of a plain machine; how long it takes is measured by `make bench`."""

from __future__ import annotations

import sys
from pathlib import Path

import large_files
import official_file
import pytest
from peak import told

from eligibility.data import countries

CHILD = """
import sys
from pathlib import Path
from eligibility.data import build, intake
print(build.import_release([Path(sys.argv[1])], Path(sys.argv[2]), accept=intake.RULES).source.values["rows"])
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
    rows, memory = told(CHILD, path, tmp_path / "to")
    assert int(rows) == official_file.COUNTRIES * 36  # 1990 to 2025
    assert memory < 1 << 30


MIB = 1 << 20

READ = """
import sys
from pathlib import Path
from eligibility.errors import DataError
from eligibility.data.readers.whose import whose
from eligibility.data.readers import readers
try:
    it = whose(Path(sys.argv[1]))
    release = readers()[it.family].read(it.paths, it.vintage or "v16")
    print(len(release.values), release.skipped["indicator not compiled"])
except DataError as error:
    print(error)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the memory of a process is not told there")
@pytest.mark.parametrize("same", [True, False])
def test_three_million_rows_are_refused_before_they_fill_the_memory(tmp_path: Path, same: bool):
    path = tmp_path / large_files.MANY
    large_files.many(path, same)
    assert path.stat().st_size > 60_000_000
    said, memory = told(READ, path)
    first = "V-Dem-CY-Core-v16.csv:3: column 'country_text_id': must be the only row for it; row 2 has it too"
    assert said.startswith(first)
    assert same or said.endswith("V-Dem-CY-Core-v16.csv:100002: file: must have at most 100,000 rows")
    assert memory < 512 * MIB


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the memory of a process is not told there")
def test_a_bulk_file_of_300_000_rows_is_read_in_half_a_gibibyte(tmp_path: Path):
    path = tmp_path / large_files.BULK
    economies = large_files.bulk(path)
    assert path.stat().st_size > 139_000_000
    said, memory = told(READ, path)
    held = sum(countries.register().resolve(iso3, "wb") is not None for iso3 in economies)
    years = sum(year >= 1990 for year in large_files.YEARS)
    assert said == f"{held * 2 * years} {held * (large_files.INDICATORS - 2)}"
    assert memory < 512 * MIB
