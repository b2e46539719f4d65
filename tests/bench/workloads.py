"""The engine on the problem, through its own path and no other; and the yardstick. `python -m bench.workloads NAME`.

Each prints its CPU seconds as JSON: of the work alone, not of starting Python or of making up the figures.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

import numpy as np

from bench import problem, reference
from eligibility.policy.model import Choices, Weights

TOP, YEARS, REPEATS, PAGES = 20, 30, 300, 200


def timed(work: Callable[[], object]) -> tuple[float, object]:
    """CPU seconds of the work, and what came out."""
    start = time.process_time()
    out = work()
    return time.process_time() - start, out


def index() -> dict:
    """W1, one index: every indicator on its scale, the means, the ranks; the fastest of many, as timeit has it."""
    from eligibility.method import measures, rank, score
    from eligibility.method.rounds import asked

    policy, cells, groups = problem.placed()
    centre, peers = measures.point(cells, asked(policy)), groups.to_numpy()

    def once() -> np.ndarray:
        built = score.build(policy.score, centre, peers).score
        return rank.ranks(built, ~np.isnan(built))

    return {"cpu": min(timed(once)[0] for _ in range(REPEATS))}


def reference_index() -> dict:
    """W1 by the yardstick."""
    values, _ = problem.figures()
    once = lambda: reference.ranks(reference.index(values))  # noqa: E731
    return {"cpu": min(timed(once)[0] for _ in range(REPEATS))}


def _stress(policy, cells, groups) -> object:
    """Everything `run.judge` does on figures already placed, but for the screening of gates there are none of."""
    from eligibility.method import firmness, measurement_error, measures, rank, rounds, score

    centre = measures.point(cells, rounds.asked(policy))
    points = score.score(policy.score, centre, groups.to_numpy()).score
    known = points.notna()
    now = rank.rank(points, known.map({True: "eligible", False: "insufficient-data"}), policy.shortlist).rank
    errors = measurement_error.ErrorModel(cells, centre, policy.uncertainty)
    words = known.map({True: "pass", False: "unknown"})
    kinds = words.to_frame("ideal").assign(whole=words)
    return firmness.stress(policy, errors, groups, cells.as_of, points, now, kinds)


def joint() -> dict:
    """W2, ten thousand joint draws of weights and errors, and those of errors alone: ranks, intervals, shortlist."""
    placed = problem.placed()
    seconds, firm = timed(lambda: _stress(*placed))
    width = float((firm.places.high - firm.places.low).mean())
    return {"cpu": seconds, "interval": width}


def reference_joint() -> dict:
    """W2 by the yardstick: weights and errors together only."""
    values, sds = problem.figures()
    seconds, (counts, _) = timed(lambda: reference.joint(values, sds, problem.DRAWS, TOP))
    share = counts.cumsum(axis=1) / problem.DRAWS
    width = ((share >= 0.95).argmax(axis=1) - (share >= 0.05).argmax(axis=1)).mean()
    return {"cpu": seconds, "interval": float(width)}


def years() -> dict:
    """W3, thirty years of W2 one after another."""
    seconds = 0.0
    for year in range(YEARS):
        placed = problem.placed(year=year)
        seconds += timed(lambda: _stress(*placed))[0]  # noqa: B023 - it is called at once
    return {"cpu": seconds}


def sobol() -> dict:
    """W4, variance-based indices of five groups for the shift of ranks and for every unit, with their intervals."""
    from eligibility.method import decides, measurement_error, measures
    from eligibility.method.rounds import asked

    open_ = Choices(Weights(), powers=(1.0, 0.0), scales=("stated", "z", "percentile"), leave_out=True)
    policy, cells, groups = problem.placed(choices=open_)
    centre = measures.point(cells, asked(policy))
    now = _stress(problem.criteria(draws=1), cells, groups).places.low  # any published order serves

    def work():
        def errors(sample, filling):
            return measurement_error.ErrorModel(cells, centre, policy.uncertainty, sample)

        return decides.decides(policy, errors, groups, cells.as_of, now)

    seconds, found = timed(work)
    return {"cpu": seconds, "runs": found.runs}


def pages() -> dict:
    """Two hundred country pages of the made-up run the tests use, its sums and draws done before."""
    import made_up

    from eligibility.pages.facts import Facts
    from eligibility.present import report

    facts = made_up.facts(n=PAGES)
    result, links = facts.result, frozenset(facts.pool)
    assert len(result.flips) and len(result.thresholds)  # made when first read, and not the pages' work

    def work() -> int:
        fresh = Facts(result, facts.names, facts.regions)
        proof = report.reproduce(result, "eligibility report made-up")
        return sum(
            len(report.render("country.html.j2", page=report.country_page(fresh, iso3, links, proof)))
            for iso3 in fresh.pool
        )

    return {"cpu": timed(work)[0]}


def official() -> dict:
    """The import of a file of 182 countries in V-Dem's official layout, once; nothing where that is not held."""
    import tempfile
    from pathlib import Path

    import official_file

    if not official_file.ONE.is_file():
        return {}
    from eligibility.data import build, intake

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "V-Dem-CY-Core-v16.csv"
        official_file.write(path)
        begun = time.process_time()
        build.import_release([path], Path(folder) / "to", accept=intake.RULES)
        return {"cpu": time.process_time() - begun}


def bulk() -> dict:
    """The reading of 300,000 rows in the layout of the World Bank's bulk file."""
    import large_files

    return _read(large_files.BULK, large_files.bulk)


def refused() -> dict:
    """The refusal of three million rows under V-Dem's header, none of them the same."""
    import large_files

    return _read(large_files.MANY, lambda path: large_files.many(path, same=False))


def _read(name: str, write: Callable) -> dict:
    """CPU seconds from the path of a file to its rows, or to the refusal of it."""
    import contextlib
    import tempfile
    from pathlib import Path

    from eligibility.data.readers import readers
    from eligibility.data.readers.whose import whose
    from eligibility.errors import DataError

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        write(path)
        begun = time.process_time()
        with contextlib.suppress(DataError):
            it = whose(path)
            readers()[it.family].read(it.paths, it.vintage or "v16")
        return {"cpu": time.process_time() - begun}


WORKLOADS = {
    f.__name__: f
    for f in (index, reference_index, joint, reference_joint, years, sobol, pages, official, bulk, refused)
}

if __name__ == "__main__":
    print(json.dumps(WORKLOADS[sys.argv[1]]()))
