"""Where the repository lies, and beside it what researchers and publishers left (never on a user's machine)."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
RELEASES = SHARED / "releases"
CASES = SHARED / "cases"

# what a child that imports the tests' own modules has as its PYTHONPATH
PATHS = os.pathsep.join(str(ROOT / place) for place in (".", "tests", "tests/support", "tests/proof"))
