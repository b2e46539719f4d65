"""Words of the shell turned into calls; no arithmetic.

    screen  explain  report         the ranked list, one country's reasons, the pages
    workbench                       a page to try other weights and requirements on
    diff                            two rounds: who moved, and what moved them
    audit                           whether the figures can carry the score, and what it depends on
    check   test     schema         a criteria file: its problems, its cases, its language
    record                          what became of the countries past cohorts would have chosen
    review                          running pilots on a day: what alarms, what is not known yet
    pilots  check template history  the register of running and planned pilots, and past bodies
    sweep                           many criteria, dates and vintages in one table
    data    list import fetch due build verify diff

Every import of the engine happens inside a command: `eligibility --help` must answer at once, and pandas
alone takes half a second. Exit code 0 done, 1 the answer is no, 2 the input is wrong, 130 stopped by Ctrl-C or
SIGTERM.
"""

from __future__ import annotations

import functools
import gc
import os
import sys
import warnings
from pathlib import Path

import click

from eligibility import __version__, interrupts, terminal
from eligibility.cli import arguments, ended
from eligibility.cli.analysis_commands import audit, diff, record, review, sweep
from eligibility.cli.criteria_commands import check, schema, test
from eligibility.cli.data_commands import data
from eligibility.cli.pilots_commands import pilots
from eligibility.errors import Problem, UsageError

COLOUR = False if os.environ.get("NO_COLOR") else None  # None: only on a terminal


@click.group(
    cls=arguments.Shell,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100, "color": COLOUR},
    epilog="Start with:  eligibility screen   or   eligibility explain Tunisia",
)
@click.version_option(__version__, prog_name="eligibility")
def shell() -> None:
    """Which countries a pilot programme could start in, why, and how sure we are.

    Criteria are YAML files; CRITERIA is the id of a shipped one or a path. Exit code 0 done, 1 the answer
    is no, 2 the input is wrong. Only `data fetch` uses the network, and a sweep on your own cluster.
    """


@shell.command()
@arguments.criteria_argument
@arguments.options("as_of")
@click.option(
    "--top",
    type=click.IntRange(min=1),
    help="Rows of the table, instead of the shortlist and what follows it.",
)
@click.option(
    "--why-now",
    "why",
    is_flag=True,
    help="Also since when the verdict of each country stands, what it was before and what changed it.",
)
@arguments.format_option("A table to read, or every candidate for another program.", "table", "json", "csv")
@arguments.view_options()
@arguments.options("settings", "draws", "seed", "overrides", "kept", "data", "reading", "out")
def screen(
    criteria, as_of, top, why, form, asked, settings, draws, seed, overrides, kept, data, reading, out
) -> None:
    """The ranked list of candidate countries: the official result.

    Exit code 1 when no country passes.

    \b
    Examples:
      eligibility screen
      eligibility screen peacetime-pilots --as-of 2016-07-01 --top 10
      eligibility screen --set shortlist.size=5 --format json --out result.json
      eligibility screen my-criteria.yaml --draws 20000 --seed 7
      eligibility screen --region "Sub-Saharan Africa" --only low-income
      eligibility screen --pilots pilots.yaml
    """
    if top and form != "table":
        raise UsageError(Problem("--top", "option", "only for --format table", hint=f"{form} lists them all"))
    if why and form != "table":
        hint = "json has it under `since` of each country"
        raise UsageError(Problem("--why-now", "option", "only for --format table", form, hint))
    from eligibility.analysis.view import view
    from eligibility.method import run
    from eligibility.pages.wording import plain
    from eligibility.present import ranked, tables

    result = run.run(criteria, as_of, draws, seed, settings, data, overrides, reading=reading, pilots=kept)
    seen = view(result, asked)
    made = {
        "table": lambda: ranked.text(result, top, seen, why),
        "json": lambda: tables.json(result, seen=seen),
        "csv": lambda: tables.csv(result, seen=seen),
    }
    arguments.put(made[form](), out, form)
    if form == "csv":  # which has no place for what stands above a table
        for told in (plain(result.reading), *([seen.told] if seen else ()), *result.differ()):
            arguments.tell(told)
    ended.no_if(
        not any(status in ("eligible", "conditional", "qualified") for status in result.screening.status)
    )


@shell.command()
@click.argument("country", type=arguments.Subject())
@click.argument("indicator", required=False)
@arguments.criteria_option()
@arguments.options(
    "as_of", "settings", "draws", "seed", "overrides", "kept", "since", "data", "reading", "out"
)
def explain(
    country, indicator, criteria, as_of, settings, draws, seed, overrides, kept, since, data, reading, out
) -> None:
    """Why a country is in or out, and what would change it.

    With an INDICATOR: the walk of that number from the publisher's file, its row and column, to the score. In its
    place any other number a page gives, by its path as in `screen --format json`: rank, p_eligible, pillars.ID,
    gates.ID, score.pillars.ID, values.SERIES.median. Pages name the path of each number in its data-fact.
    COUNTRY is an ISO3 code or the name in full; or run, for numbers of all candidates together; or audit, or review,
    for those of `eligibility audit` and of `eligibility review --on` the day of --as-of, by their JSON; or a past body, for
    those of `eligibility pilots history`, by the criteria and data alone.

    \b
    Examples:
      eligibility explain TUN
      eligibility explain "Sierra Leone" --as-of 2016-07-01
      eligibility explain TUN vdem.polyarchy
      eligibility explain TUN gates.democracy
      eligibility explain TUN score.pillars.democracy.scaled --set shortlist.size=5
      eligibility explain run decision.expected_loss
      eligibility explain review base_rates.rows[0].shares.caught --as-of 2026-06-30
      eligibility explain "CICIG GTM" years_before_end
    """
    from eligibility.analysis.compare.since import named
    from eligibility.method import run
    from eligibility.present import explain as explained

    given = {"--as-of": as_of, "--set": settings or None, "--draws": draws, "--seed": seed}
    given |= {"--overrides": overrides, "--pilots": kept, "--since": since}
    given |= {"--as-known": reading.as_known or None, "--vintage": reading.pins or None}
    if country == arguments.REVIEW or not isinstance(country, str):
        from eligibility.analysis.reviews import replay, whole
        from eligibility.present import piloted

        if country != arguments.REVIEW:
            _refused("a past body, whose days and criteria are those of `pilots history`", given, *given)
            told = piloted.past_body(replay.replay(country, criteria, data), indicator or "")
        else:
            _refused("a review", given, "--draws", "--seed", "--overrides", "--since")
            if as_of is None:
                raise UsageError(Problem("--as-of", "option", "must name the day of the review"))
            told = piloted.review(
                whole.review(kept, as_of, criteria, data, settings, reading), indicator or ""
            )
        arguments.put(told, out)
        return
    if country != arguments.RUN:
        _refused("one country or the audit, which have no last round", given, "--since")
    result = run.run(criteria, as_of, draws, seed, settings, data, overrides, reading=reading, pilots=kept)
    if country == arguments.RUN:
        last = named(result, since, criteria, data) if since else None
        told = explained.run(result, indicator or "", last)
    elif country == arguments.AUDIT:
        from eligibility.analysis import soundness
        from eligibility.present import audited

        told = audited.told(soundness.full(result, criteria, data), indicator or "")
    else:
        told = (
            explained.asked(result, country, indicator) if indicator else explained.country(result, country)
        )
    arguments.put(told, out)


@shell.command()
@arguments.criteria_argument
@arguments.options("as_of")
@click.option(
    "--out",
    type=arguments.TARGET,
    help="Folder that holds runs; this one is CRITERIA-DATE in it.  [default: out]",
)
@arguments.view_options("--country")
@click.option(
    "--pdf",
    is_flag=True,
    help="Also print each page to PDF, with Chromium, Chrome, Edge or the browser that ELIGIBILITY_BROWSER names.",
)
@click.option("--paper", type=click.Choice(["a4", "letter"]), help="What --pdf prints on.  [default: a4]")
@click.option("--replace", is_flag=True, help="Put this run in the place of another that stands there.")
@arguments.options("since")
@click.option(
    "--also",
    type=arguments.REF,
    metavar="CRITERIA",
    multiple=True,
    help="Another criteria set, for what it says of the same countries on the same day: told beside the verdict. "
    "May be repeated.",
    shell_complete=arguments.ids,
)
@arguments.options("overrides", "kept", "reading")
def report(criteria, as_of, out, asked, pdf, paper, replace, since, also, overrides, kept, reading) -> None:
    """The board briefing, a page a country, and their tables.

    The tables are a workbook, CSV and JSON. The pages say what moved since the last round. The folder is sealed by a
    manifest of checksums and is whole or absent; another run of its name is replaced only with --replace. Exit code 1
    where --pdf could not print every page.

    \b
    Examples:
      eligibility report
      eligibility report --as-of 2016-07-01 --out briefings
      eligibility report --only TUN,UKR --pdf
      eligibility report --as-of 2016-07-01 --since 2014-07-01
      eligibility report --also mcc-scorecard --only Moldova
      eligibility report --pilots pilots.yaml
    """
    if paper and not pdf:
        raise UsageError(Problem("--paper", "option", "goes with --pdf", paper))
    from eligibility.analysis.compare.others import judged
    from eligibility.analysis.compare.since import named
    from eligibility.analysis.view import view
    from eligibility.data import countries
    from eligibility.method import run
    from eligibility.present import report as pages
    from eligibility.present import tables

    result = run.run(criteria, as_of, None, None, (), None, overrides, reading=reading, pilots=kept)
    seen = view(result, asked)
    with interrupts.telling(interrupts.changed(out or Path("out"), "*/manifest.json")):
        written = pages.write(
            result,
            out,
            seen.countries if seen else (),
            pdf,
            narrowed=seen.words if seen else (),
            paper=paper or "a4",
            since=named(result, since, criteria) if since else None,
            others=judged(result, also),
            replace=replace,
        )
    names = countries.register().names()
    click.echo(result.reading)
    click.echo(tables.found(result))
    if result.criteria.shortlist:
        click.echo(f"shortlist: {', '.join(names[iso3] for iso3 in result.ranking.shortlist) or 'nobody'}")
    arguments.lines((*written.lines, *([seen.told] if seen else ())))
    ended.no_if(written.unprinted)


def _refused(what, given, *options):
    """Options that change nothing of what is asked for are told, and not passed over in silence."""
    wrong = [option for option in options if given[option] is not None]
    if wrong:
        raise UsageError(Problem(option, "option", f"does not go with {what}") for option in wrong)


@shell.command()
@arguments.criteria_argument
@arguments.options("as_of")
@click.option(
    "--out", type=arguments.PAGE, help="The file to write.  [default: out/workbench-CRITERIA-DATE.html]"
)
def workbench(criteria, as_of, out) -> None:
    """A page to move weights and requirements on; the ranking follows.

    One file without a server: open it in a browser. What it shows is a preview; it saves a criteria file, and
    what `eligibility screen` prints for that file is the official result.

    \b
    Examples:
      eligibility workbench
      eligibility workbench my-criteria.yaml --as-of 2016-07-01 --out try.html
    """
    from eligibility.workbench import page

    watched = interrupts.changed(out) if out else interrupts.changed(Path("out"), "workbench-*.html")
    with interrupts.telling(watched):
        click.echo(str(page.write(criteria, as_of, out)))


for each in (diff, audit, record, review, pilots, check, test, schema, sweep, data):
    shell.add_command(each)


def main(args: list[str] | None = None) -> None:
    """Runs the command line and leaves with its exit code; no traceback for wrong input."""
    # what a command makes it mostly keeps: looking for cycles less saves a twentieth
    gc.set_threshold(50_000, 20, 20)
    warn = functools.cache(lambda words: arguments.tell(f"warning: {words}"))  # each once
    warnings.showwarning = lambda message, *_: None if interrupts.came() else warn(str(message))
    with terminal.speaking(), interrupts.heard():
        code = ended.ended(shell, args)
    sys.exit(code if isinstance(code, int) else 0)
