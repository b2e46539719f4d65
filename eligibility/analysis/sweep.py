"""Many rounds at once: every criteria set at every date on every vintage, one table, the same bytes wherever it is run.

A cell is one `run.judge`. Where the work is done decides nothing: figures are read here and go to the worker with the
criteria, every draw has its keyed stream, and the table is put together in the order of the plan. Each finished cell
lies in a folder beside the table until all are there, whole or not at all, under the checksum of all it was made from;
so a sweep that was interrupted, or lost a worker, goes on where it stopped, and never with a stale cell.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from eligibility import __version__, interrupts
from eligibility.data import panel, sources
from eligibility.errors import InputError, IntegrityError, Problem, UsageError
from eligibility.files import disk, opened
from eligibility.language import criteria as language
from eligibility.method import provenance, run, vintages
from eligibility.policy.model import Criteria

COLUMNS = (
    "criteria", "as_of", "vintage", "iso3", "status", "p_eligible", "score", "rank", "rank_low", "rank_high", "p_top",
)  # fmt: skip
MOST = 8  # sets of which is told what they read
TRIES = 3  # workers may die; what they had in hand is given out again


@dataclass(frozen=True)
class Cell:
    """One round to be judged; `vintage` is as it was asked for, "" for the newest."""

    policy: Criteria
    figures: panel.Panel
    as_of: date
    vintage: str

    @property
    def key(self) -> str:
        """The checksum of everything the answer depends on."""
        made_from = {
            "decided": provenance.provenance(self.policy, self.figures),
            "cell": [self.as_of.isoformat(), self.vintage],
            "columns": ("years read", *COLUMNS),
        }
        return hashlib.sha256(json.dumps(made_from).encode()).hexdigest()

    @property
    def name(self) -> str:
        """As a message calls it."""
        return " ".join(filter(None, (self.policy.id, self.as_of.isoformat(), self.vintage)))


@dataclass(frozen=True)
class Plan:
    """What is to be judged: each of the sets, at each date, on each vintage.

    dates      () asks each set at its own default date
    vintages   pins joined by commas: ids of datasets, each for every series it holds, or SERIES=ID
    as_known   whether only releases out by the date may be read
    """

    policies: tuple[Criteria, ...]
    dates: tuple[date, ...]
    vintages: tuple[str, ...]
    shelf: tuple[sources.Source, ...]
    as_known: bool = False

    def __len__(self) -> int:
        return len(self.policies) * (len(self.dates) or 1) * (len(self.vintages) or 1)

    def __iter__(self) -> Iterator[Cell]:
        """The cells in the order of the table; figures are read when their turn comes."""
        for policy in self.policies:
            for vintage in self.vintages or ("",):
                pins = tuple(vintage.split(",")) if vintage else ()
                shelf = vintages.pinned(self.shelf, pins)
                figures = run.held(policy, shelf, panel.Reading(self.as_known, pins))
                for day in self.dates or (vintages.default_day(policy, figures),):
                    yield Cell(policy, figures, day, vintage)


@dataclass
class Progress:
    """Where a sweep stands.

    refused   the cells that cannot be judged, each with its reason; they have no rows
    read      at its end: which years were read at the first and the last date of each set
    """

    cells: int
    done: int = 0
    kept: int = 0  # of them, from an earlier attempt
    refused: list[str] = field(default_factory=list)
    read: tuple[str, ...] = ()


def plan(
    refs: Iterable[str],
    dates: Iterable[date] = (),
    pins: Iterable[str] = (),
    draws: int | None = None,
    seed: int | None = None,
    settings: tuple[str, ...] = (),
    data: Path | None = None,
    as_known: bool = False,
) -> Plan:
    """The plan, its criteria read and its vintages found; UsageError where a table could not tell two cells apart."""
    shelf = sources.shelf(data)
    policies = [language.load(ref, panel.catalogue(shelf), settings).drawing(draws, seed) for ref in refs]
    dates, vintages_ = tuple(dict.fromkeys(dates)), tuple(dict.fromkeys(pins))
    problems, ids = [], [policy.id for policy in policies]
    if twice := sorted({id_ for id_ in ids if ids.count(id_) > 1}):
        hint = "the table names each by its id"
        problems.append(Problem("CRITERIA", "id", "each set must have its own", ", ".join(twice), hint))
    known = {source.id: source.family for source in shelf}
    for vintage in vintages_:
        try:
            vintages.pinned(shelf, vintage.split(","))
        except UsageError as error:
            problems += error.problems
            continue
        families = [known[pin] for pin in vintage.split(",") if "=" not in pin]
        if len(set(families)) < len(families):
            problems.append(Problem("--vintage", "datasets", "one of each family", vintage))
    if problems:
        raise UsageError(problems)
    return Plan(tuple(policies), dates, vintages_, shelf, as_known)


def versions() -> dict[str, str]:
    """What the last digit of an answer may depend on; every worker must have the same."""
    return {
        "engine": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "pandas": pd.__version__,
    }


def rows(cell: Cell) -> str:
    """The answer of a cell: a line on which years were read, then its rows as CSV without their header, ranked ones first."""
    result = run.judge(cell.policy, cell.figures, cell.as_of)
    firm, order = result.firmness, list(result.ranking.order)
    whole = lambda ranks: ranks.loc[order].astype("Int64")  # noqa: E731 - NaN becomes an empty cell
    table = pd.DataFrame(
        {
            "criteria": cell.policy.id,
            "as_of": cell.as_of.isoformat(),
            "vintage": cell.vintage,
            "iso3": order,
            "status": result.screening.status.loc[order],
            "p_eligible": firm.p_eligible.loc[order].round(12),
            "score": result.points.loc[order].round(12),
            "rank": whole(result.ranking.shown),
            "rank_low": whole(firm.place("low")),
            "rank_high": whole(firm.place("high")),
            "p_top": firm.places.p_top.loc[order].round(12),
        },
        index=order,
        columns=COLUMNS,
    )
    own = table.to_csv(header=False, index=False, lineterminator="\n")
    return f"{' '.join(result.reading.split())}\n{own}"


def _judged(number: int, key: str, cell: Cell) -> tuple[int, str, str, str]:
    """What a worker sends back: the place in the plan, the key, the rows, and why there are none."""
    try:
        return number, key, rows(cell), ""
    except InputError as error:
        return number, key, "", f"{cell.name}: {error}"


def sweep(
    asked: Plan, out: Path | None, jobs: int = -1, backend: str = "loky", scheduler: str = ""
) -> Iterator[Progress | str]:
    """Judges every cell, saying after each how far it is; the last thing said is the table, as CSV.

    out         where the table goes; finished cells are kept beside it until then. None keeps nothing
    jobs        workers, -1 for as many as there are cores; never more than there are cells
    scheduler   the address of a Dask cluster, for that backend
    """
    progress = Progress(len(asked))
    found: dict[Any, Any] = {}
    named: dict[int, tuple[str, str, date]] = {}
    folder = _Kept(out)
    with _workers(backend, jobs, len(asked), scheduler) as parallel:
        for attempt in range(1, TRIES + 1):
            try:
                with interrupts.held_back():  # workers start here
                    begun = parallel(_waiting(asked, found, named, folder, progress))
                with closing(begun) as answers:
                    for number, key, text, why in answers:
                        found[number] = text if not why else None
                        progress.done += 1
                        if why:
                            progress.refused.append(why)
                        else:
                            folder.put(key, text)
                        yield progress
                break
            except Exception as error:
                if not _lost(error):
                    raise
                if attempt == TRIES:
                    raise IntegrityError(
                        f"sweep: workers: {TRIES} times a worker ended before its cell was done; "
                        f"{progress.done} of {progress.cells} cells are finished"
                        + (" and kept: the same command goes on with the rest" if out else "")
                    ) from error
    answers = {named[k]: text.partition("\n") for k in range(len(asked)) if (text := found[k])}
    progress.read = tuple(_read({cell: first for cell, (first, _, _) in answers.items()}))
    yield progress
    table = ",".join(COLUMNS) + "\n" + "".join(own for _, _, own in answers.values())
    folder.finish(table)
    yield table


def _read(first: Mapping[tuple[str, str, date], str]) -> Iterator[str]:
    """Which years were read at the first and the last date of each set on each vintage, those alike once."""
    told: dict[str, dict[date, str]] = {}
    for (id_, vintage, day), line in first.items():
        told.setdefault(" ".join(filter(None, (id_, vintage))), {})[day] = line
    for name, readings in list(told.items())[:MOST]:
        yield from (f"{name}, {line}" for line in vintages.at_both_ends(readings))
    if len(told) > MOST:
        yield f"and {len(told) - MOST} more sets"


def _waiting(asked: Plan, found: dict, named: dict, folder: _Kept, progress: Progress) -> Iterator:
    """The cells that are neither answered nor kept, to be given out; those kept are taken on the way."""
    from joblib import delayed

    for number, cell in enumerate(asked):
        named[number] = cell.policy.id, cell.vintage, cell.as_of
        if number in found:
            continue
        key = cell.key
        if (text := folder.get(key)) is not None:
            found[number] = text
            progress.done, progress.kept = progress.done + 1, progress.kept + 1
        else:
            yield delayed(_judged)(number, key, cell)


@contextmanager
def _workers(backend: str, jobs: int, cells: int, scheduler: str) -> Iterator:
    """A joblib Parallel that hands back answers as they come."""
    from joblib import Parallel, cpu_count, parallel_config

    if (backend == "dask") != bool(scheduler):
        rule = "goes with --backend dask, and --backend dask with it"
        raise UsageError(Problem("--scheduler", "option", rule, scheduler))
    if backend != "dask":
        if backend == "loky" and os.name != "nt":
            from multiprocessing import resource_tracker

            from joblib.externals.loky.backend import resource_tracker as lokys

            for tracker in (
                resource_tracker,
                lokys,
            ):  # started with the workers they would let signals through to them
                tracker.ensure_running()
        with parallel_config(backend, n_jobs=min(jobs if jobs > 0 else cpu_count(), cells)):
            yield Parallel(return_as="generator_unordered")
        return
    with _cluster(scheduler), parallel_config("dask"):
        yield Parallel(return_as="generator_unordered")


@contextmanager
def _cluster(scheduler: str) -> Iterator:
    """A client of a running Dask cluster whose workers have the same versions as we."""
    try:
        from distributed import Client
    except ImportError:
        hint = "pip install 'eligibility[dask]'"
        raise UsageError(Problem("--backend", "dask", "is not installed", hint=hint)) from None
    try:
        client = Client(scheduler, timeout="10s", set_as_default=True)
    except (OSError, ValueError, TimeoutError) as error:
        raise UsageError(Problem("--scheduler", "address", "no Dask scheduler answers", scheduler)) from error
    with client:
        others = {name: v for name, v in client.run(versions).items() if v != versions()}
        if others:
            name, theirs = next(iter(others.items()))
            raise UsageError(
                Problem(
                    "--scheduler", f"worker {name}", f"must have {_said(versions())}", _said(theirs),
                    "other versions may give another last digit",
                )
            )  # fmt: skip
        yield client


def _said(libraries: dict[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in libraries.items())


def _lost(error: Exception) -> bool:
    """Whether a worker ended before its work was done, as when it is killed or has no memory left."""
    from joblib.externals.loky.process_executor import BrokenProcessPool

    return isinstance(error, BrokenProcessPool) or type(error).__name__ == "KilledWorker"


def left(out: Path | None, cells: int) -> str:
    """What a sweep that was stopped leaves beside its table, in words; nothing where there is nothing."""
    folder = _Kept(out).folder
    kept = len(list(folder.glob("*.csv"))) if folder and folder.is_dir() else 0
    if not kept:
        return ""
    return f"{out} was not written; {kept} of {cells} cells are kept in {folder}: the same command goes on with the rest"


class _Kept:
    """The finished cells of a table that is not complete yet, a file each in a folder beside it."""

    def __init__(self, out: Path | None):
        self.out = out
        self.folder = out.with_name(f"{out.name}.parts") if out else None

    def get(self, key: str) -> str | None:
        """The rows of a cell finished before, or None."""
        if self.folder is None:
            return None
        try:
            return opened.text(self.folder / f"{key}.csv", opened.TABLE)
        except FileNotFoundError:
            return None

    def put(self, key: str, text: str) -> None:
        """Keeps the rows of a cell, whole or not at all."""
        if self.folder is not None:
            self.folder.mkdir(exist_ok=True)
            disk.replace(self.folder / f"{key}.csv", text.encode("utf-8"))

    def finish(self, table: str) -> None:
        """Writes the table, then removes the folder and the cells in it, and nothing else."""
        if self.folder is None or self.out is None:
            return
        disk.replace(self.out, table.encode("utf-8"))
        if self.folder.is_dir():
            for path in self.folder.iterdir():
                if path.suffix in (".csv", ".new") and not path.is_dir():
                    path.unlink()
            if not any(self.folder.iterdir()):
                self.folder.rmdir()
