"""Other packages on the same problem, each in an environment of its own, made once and kept in a folder.

This file is also what runs there (`PYTHON peers.py NAME FIGURES DRAWS`), so above `main` it imports nothing of ours.
Both score by min-max and a weighted sum. A draw is linear in cost, so a few hundred or thousand stand for ten thousand.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

# what is installed, and how many draws are run; pysensmcda cannot be imported with pandas 3
PEERS = {
    "pysensmcda": (("pysensmcda==2.0.0", "pandas<3"), 2_000),
    "pymcdm": (("pymcdm==1.4.0",), 300),
}


def pysensmcda(values, sds, draws: int) -> float:
    """Its joint run of SMAA with weights and matrices drawn, and the rank acceptabilities; CPU seconds."""
    import numpy as np
    from pymcdm.methods import WSM
    from pymcdm.normalizations import minmax_normalization
    from pysensmcda.sampling import dirichlet_weights
    from pysensmcda.smaa import simulate

    rng, start = np.random.default_rng(1), time.process_time()
    weights = dirichlet_weights(values.shape[1], draws, seed=1)
    matrices = rng.standard_normal((draws, *values.shape))
    matrices *= sds
    matrices += values
    found = simulate(
        WSM(minmax_normalization),
        values,
        np.ones(values.shape[1]),
        weights,
        matrix_samples=matrices,
        store="accumulate",
    )
    found.rank_acceptability()
    return time.process_time() - start


def pymcdm(values, sds, draws: int) -> float:
    """It scores one matrix at a time: the loop its user writes; CPU seconds."""
    import numpy as np
    from pymcdm.helpers import rankdata
    from pymcdm.methods import WSM
    from pymcdm.normalizations import minmax_normalization

    score, types = WSM(minmax_normalization), np.ones(values.shape[1])
    rng, counts = np.random.default_rng(1), np.zeros((len(values), len(values)))
    start = time.process_time()
    for _ in range(draws):
        drawn = values + rng.standard_normal(values.shape) * sds
        place = rankdata(score(drawn, rng.dirichlet(types), types), reverse=True).astype(int)
        counts[np.arange(len(values)), place - 1] += 1
    return time.process_time() - start


def ready(name: str, folder: Path) -> tuple[Path | None, str]:
    """The Python of a peer's environment, made where it is not there yet; or None and the reason."""
    python = folder / name / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    wanted, _ = PEERS[name]
    try:
        if not python.exists():
            print(f"installing {name} in {folder}", file=sys.stderr)
            _do(sys.executable, "-m", "venv", str(folder / name))
        if subprocess.run([python, "-c", f"import {name}"], capture_output=True).returncode:
            _do(str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check", *wanted)
            _do(str(python), "-c", f"import {name}")
    except (subprocess.CalledProcessError, OSError) as error:
        said = (getattr(error, "stderr", "") or str(error)).strip().splitlines() or [str(error)]
        return None, said[-1]
    return python, ""


def _do(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)


def main() -> None:
    """Prints the CPU seconds, and the draws they are for."""
    import numpy as np

    name, figures, draws = sys.argv[1], np.load(sys.argv[2]), int(sys.argv[3])
    seconds = {"pysensmcda": pysensmcda, "pymcdm": pymcdm}[name](figures["values"], figures["sds"], draws)
    print(json.dumps({"cpu": seconds, "draws": draws}))


if __name__ == "__main__":
    main()
