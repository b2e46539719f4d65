"""The words of what is asked of results: `eligibility audit`, `diff`, `record`, `review` and `sweep`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from eligibility import interrupts
from eligibility.cli import arguments, ended
from eligibility.errors import Problem, UsageError

MOST_JOBS = 256  # processes of a few hundred megabytes each; Windows takes 61


@click.command()
@arguments.criteria_argument
@arguments.options("as_of")
@arguments.format_option(
    "Sentences and tables to read, or every number for another program.", "table", "json"
)
@click.option(
    "--page",
    type=arguments.PAGE,
    metavar="FILE",
    help="Also write it as a page, as `report` does, to this file.",
)
@arguments.options("settings", "draws", "data", "reading", "out")
def audit(criteria, as_of, form, page, settings, draws, data, reading, out) -> None:
    """Whether figures carry the score, and what the list depends on.

    Coverage, outliers, whether its parts hold together, weights beside real importance, what is lost without an
    indicator, the smallest change of weights that alters the shortlist; and, where other readings of the criteria are
    written, how many of them sort the countries a source names as it does. Exit code 1 where something works against
    the sense of the criteria.

    \b
    Examples:
      eligibility audit
      eligibility audit peacetime-pilots --as-of 2016-07-01
      eligibility audit hdi --format json --out audit.json
      eligibility audit --page audit.html
    """
    from eligibility.analysis import soundness
    from eligibility.method import run
    from eligibility.present import audits

    result = run.run(criteria, as_of, draws, None, settings, data, reading=reading)
    sound = soundness.full(result, criteria, data)
    if page:
        from eligibility.present import report

        with interrupts.telling(interrupts.changed(page)):
            report.audit_alone(sound, page)
    arguments.put(audits.text(sound) if form == "table" else audits.json(sound), out, form)
    ended.no_if(sound.alarmed)


@click.command()
@click.argument("a", metavar="A", type=arguments.REF, shell_complete=arguments.ids)
@click.argument("b", metavar="B", type=arguments.REF, shell_complete=arguments.ids)
@click.option(
    "--criteria",
    type=arguments.REF,
    help="Id or path, for a side that does not say its own.  [default: peacetime-pilots]",
    shell_complete=arguments.ids,
)
@click.option(
    "--as-of",
    type=arguments.Day(),
    help="The date of a side that does not say its own. Without it: the earlier of the two default dates.",
)
@click.option("--top", type=click.IntRange(min=1), help="Rows of the table, instead of both shortlists.")
@arguments.format_option(
    "A table to read, or every country with every cause for another program.", "table", "json"
)
@arguments.options("draws", "data", "reading", "out")
def diff(a, b, criteria, as_of, top, form, draws, data, reading, out) -> None:
    """Two rounds: who entered, left or moved, and what moved them.

    A and B are each a criteria file or the id of a shipped one, a date, ids of datasets joined by commas (each
    answers for all the series it holds), or the folder of a sealed run. Every move is split into rule, revision of the
    past, own data, data of others, and who is considered; the parts add up. Exit code 0 whether or not anything differs.

    \b
    Examples:
      eligibility diff 2016-07-01 2025-03-31
      eligibility diff peacetime-pilots my-criteria.yaml --as-of 2016-07-01
      eligibility diff vdem-v14 vdem-v15
      eligibility diff out/peacetime-pilots-2016-07-01 2016-07-01
    """
    if top and form != "table":
        raise UsageError(Problem("--top", "option", "only for --format table", hint=f"{form} lists them all"))
    from eligibility.analysis.compare import comparison
    from eligibility.present import moves

    told = comparison.compare(a, b, criteria, as_of, draws, data, reading=reading)
    arguments.put(moves.text(told, top) if form == "table" else moves.json(told), out, form)


@click.command()
@arguments.criteria_argument
@arguments.format_option(
    "Tables and sentences to read, every cohort and number for another program, or, of --reviews, the counts as they ship.",
    "table",
    "json",
    "csv",
)
@click.option(
    "--reviews",
    is_flag=True,
    help="Instead: how often reviews of those chosen would have sounded, and how often they would have been right.",
)
@click.option(
    "--beside",
    multiple=True,
    type=arguments.REF,
    metavar="CRITERIA",
    help="Also these criteria, in one table: how often those they would have chosen lost ground. May be repeated.",
)
@click.option("--from", "first", type=int, metavar="YEAR", help="Only the cohorts of this year and later.")
@click.option(
    "--without",
    multiple=True,
    type=arguments.Land(),
    help="Count this country nowhere; it is still chosen from. May be repeated.",
)
@arguments.options("settings", "data", "reading")
def record(criteria, form, reviews, beside, first, without, settings, data, reading) -> None:
    """What became of the countries these criteria would have chosen.

    A cohort a year, as far back as the figures go, judged on what was published by 1 July, and the five years after: who
    lost ground in democracy, beside others at the same level in the same year, lots, and the most democratic. Then each
    test's probability beside the next release. Exit code 1 where no cohort has a country.

    \b
    Examples:
      eligibility record
      eligibility record --beside peacetime-pilots-1
      eligibility record --from 2008 --without "Burkina Faso" --without MLI
      eligibility record mcc-hurdles --as-known
      eligibility record my-criteria.yaml --format json > record.json
      eligibility record --reviews
    """
    if reviews:
        if beside or first is not None or without:
            rule = "not with --beside, --from or --without"
            raise UsageError(
                Problem("--reviews", "option", rule, hint="reviews are of every cohort and country")
            )
        _reviews(criteria, form, settings, data, reading)
        return
    if form == "csv":
        raise UsageError(Problem("--format", "option", "csv goes with --reviews", form))
    from eligibility.analysis import record as past
    from eligibility.present import records

    choice = past.Choice(first, tuple(sorted(set(without))))
    made = past.record(criteria, reading, data, settings, choice)
    others = [past.record(other, reading, data, (), choice) for other in beside]
    if form == "json":
        told = records.json(made, *others)
    else:
        told = records.side_by_side((made, *others)) if others else records.text(made)
    arguments.put(told, None, form)
    ended.no_if(not made.admitted)


def _reviews(criteria, form, settings, data, reading) -> None:
    """The counts of past reviews."""
    from eligibility.analysis.reviews import past
    from eligibility.present import reviewed

    policy, made = past.of(criteria, reading, data, settings)
    if form == "table":
        click.echo(reviewed.past_text(policy, made), nl=False)
    elif form == "json":
        arguments.exact(reviewed.past_json(policy, made))
    else:
        arguments.exact(past.written(policy, past.rows(made, policy.uncertainty.seed)))
        for told in made.reading:  # a table of figures has no place for it
            arguments.tell(told)
    ended.no_if(not len(made.table))


@click.command()
@click.argument("pilots", required=False, metavar="[PILOTS.yaml]", type=arguments.FILE)
@click.option(
    "--on", type=arguments.Day(), required=True, metavar="DAY", help="The day of the review: YYYY-MM-DD."
)
@arguments.criteria_option(
    "The criteria the pilots were chosen by: their candidates, peers, errors and kinds of body."
)
@arguments.format_option(
    "Sentences and tables to read, every number for another program, or a page.", "text", "json", "html"
)
@click.option(
    "--ics",
    type=arguments.Beside(),
    metavar="FILE",
    help="Also write the days of the pilots as a calendar to this file.",
)
@arguments.options("settings", "data", "reading", "out")
def review(pilots, on, criteria, form, ics, settings, data, reading, out) -> None:
    """Running pilots on a day: what alarms, what is not known.

    Red for an event or a clear fall since a pilot began, amber for less. Beside it, and never in a colour: what a rule, a
    revision, peers or a group did; which years no figure describes yet; days to come; how often such alarms were right; how
    large an effect pilots could show. Without PILOTS.yaml only the last two. Exit code 1 where a pilot is red that has not ended.

    \b
    Examples:
      eligibility review --on 2026-06-30
      eligibility review pilots.yaml --on 2026-06-30 --ics pilots.ics
      eligibility review pilots.yaml --on 2026-06-30 --format html --out review.html
    """
    from eligibility.analysis.reviews import whole
    from eligibility.files import disk
    from eligibility.present import reviewed

    told = whole.review(pilots, on, criteria, data, settings, reading)
    if ics:
        with interrupts.telling(interrupts.changed(Path(ics))):
            disk.replace(ics, reviewed.ics(told))
    made = {
        "text": lambda: reviewed.text(told),
        "json": lambda: reviewed.json(told),
        "html": lambda: reviewed.html(told).decode(),
    }
    arguments.put(made[form](), out, form)
    ended.no_if(told.alarmed)


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
    "--out", type=arguments.Beside(), metavar="FILE", help="File for the table.  [default: standard output]"
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
