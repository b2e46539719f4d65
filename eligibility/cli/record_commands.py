"""The words of `eligibility record`: what became of past cohorts."""

from __future__ import annotations

import click

from eligibility.cli import arguments, ended
from eligibility.errors import Problem, UsageError


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
        arguments.exact(past.written(policy, past.rows(made)))
        for told in made.reading:  # a table of figures has no place for it
            arguments.tell(told)
    ended.no_if(not len(made.table))
