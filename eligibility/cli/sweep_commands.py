"""The words of `eligibility sweep`: many criteria, dates and vintages in one table."""

from __future__ import annotations

import sys

import click

from eligibility import interrupts
from eligibility.cli import arguments, ended

MOST_JOBS = 256  # processes of a few hundred megabytes each; Windows takes 61


@click.command()
@arguments.files_argument
@click.option(
    "--as-of",
    "dates",
    type=arguments.Day(),
    multiple=True,
    help="A date to judge at. May be repeated.  [default: of each set, its own default date]",
)
@click.option(
    "--vintage",
    "vintages",
    multiple=True,
    metavar="PINS",
    help="Ids of datasets, each to answer for all it holds, or SERIES=ID, joined by commas. May be repeated: each is judged.  "
    "[default: the newest that covers]",
)
@click.option(
    "--as-known", is_flag=True, help="Read only releases that were out by each date, where one is held."
)
@arguments.options("settings", "draws", "seed", "data")
@click.option(
    "--out",
    type=arguments.Beside(),
    metavar="FILE",
    help="File for the table.  [default: standard output]",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, MOST_JOBS),
    help="Workers, at most one a cell.  [default: as many as there are cores]",
)
@click.option(
    "--backend",
    type=click.Choice(["loky", "threading", "dask"]),
    default="loky",
    show_default=True,
    help="Processes here, threads here, or the workers of a Dask cluster that is running.",
)
@click.option("--scheduler", default="", help="Address of the cluster, for --backend dask.")
def sweep(
    files, dates, vintages, as_known, settings, draws, seed, data, out, jobs, backend, scheduler
) -> None:
    """Many criteria at many dates, in one table.

    A row a country and cell, and the same bytes however many workers there are and wherever they run. With --out,
    finished cells are kept beside the file until all are there: after an interruption the same command goes on with
    the rest. Exit code 1 when a cell could not be judged; it has no rows and is named.

    \b
    Examples:
      eligibility sweep peacetime-pilots --as-of 2015-07-01 --as-of 2016-07-01 --out rounds.csv
      eligibility sweep mine.yaml theirs.yaml --vintage vdem-v14 --vintage vdem-v15 --jobs 4
      eligibility sweep *.yaml --backend dask --scheduler tcp://10.0.0.5:8786 --out rounds.csv
    """
    from eligibility.analysis import sweep as sweeps

    asked = sweeps.plan(files, dates, vintages, draws, seed, settings, data, as_known)
    steps = sweeps.sweep(asked, out, jobs or -1, backend, scheduler)
    written = interrupts.changed(out) if out else interrupts.nothing
    with interrupts.telling(lambda: sweeps.left(out, len(asked)) or written()):
        progress, table = _watched(steps, len(asked))
    if not out:
        arguments.exact(table)
    elif progress.kept:
        arguments.tell(f"{progress.kept} of {progress.cells} cells were finished before")
    for line in progress.read:  # a table of figures has no place for it
        arguments.tell(line)
    for why in sorted(progress.refused):
        arguments.tell(f"not judged: {why}")
    ended.no_if(progress.refused)


def _watched(steps, cells: int):
    """The last of the progress and the table, with a bar where somebody looks at a terminal."""
    progress = None
    with click.progressbar(
        length=cells, label="cells", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        for step in steps:
            if isinstance(step, str):
                return progress, step
            progress = step
            bar.update(step.done - bar.pos)
    raise AssertionError("a sweep ends with its table")
