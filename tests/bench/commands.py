"""What whole commands cost, cold, as a user runs them: CPU as a multiple of `import pandas`, and peak memory."""

from __future__ import annotations

import sys

ME = [sys.executable, "-m", "eligibility"]
PANDAS = [sys.executable, "-c", "import pandas"]
# what runs, the multiple of `import pandas` it may cost, and the MiB it may take
BUDGETS = {
    # a run reads every release of its series and draws paths of eleven years
    "eligibility screen": ([*ME, "screen", "--format", "json"], 9.0, 500),
    "eligibility report": ([*ME, "report", "--out", "{out}"], 20.0, 500),
    "eligibility --help": ([*ME, "--help"], 1.0, 100),
}
