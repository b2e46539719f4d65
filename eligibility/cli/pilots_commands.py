"""The words of `eligibility pilots`: the register of running and planned pilots, and past bodies."""

from __future__ import annotations

import click

from eligibility.cli import arguments, ended
from eligibility.errors import Problem, UsageError

kinds_option = arguments.criteria_option(
    "Id of a shipped set, or a path: the one whose kinds of body are meant."
)


@click.group(cls=arguments.InOrder)
def pilots() -> None:
    """The register of pilots, and past bodies.

    \b
    Example:
      eligibility pilots check pilots.yaml
    """


@pilots.command()
@click.argument("file", metavar="FILE", type=arguments.FILE)
@kinds_option
def check(file, criteria) -> None:
    """A register's problems; its pilots beside the document.

    A line is met, open or against the document; nothing is counted. Exit code 1 where a line stands against it without a
    reason, 2 where the file is wrong.

    \b
    Examples:
      eligibility pilots check pilots.yaml
      eligibility pilots check pilots.yaml --criteria my-criteria.yaml
    """
    from eligibility.present import dossiers

    told = dossiers.checked(file, criteria)
    arguments.lines(told.lines)
    ended.no_if(told.wanting)


@pilots.command()
@click.argument("country", type=arguments.Land())
@kinds_option
@arguments.options("out")
def template(country, criteria, out) -> None:
    """A register of one pilot, to fill in.

    What is known of the country stands in it: kinds of body that fit, the programme found.

    \b
    Examples:
      eligibility pilots template MDA --out pilots.yaml
      eligibility pilots template "Sierra Leone"
    """
    from eligibility.present import dossiers

    arguments.put(dossiers.start(country, criteria), out)


@pilots.command()
@click.argument("body", required=False)
@kinds_option
@arguments.format_option(
    "Of a BODY: sentences and tables, every number for another program, or a page.", "text", "json", "html"
)
@arguments.options("data", "out")
def history(body, criteria, form, data, out) -> None:
    """Past bodies: what the rules said, and how it ended.

    A table in Markdown: each past body on its own day, with the figures held now; takes a minute. With a BODY, by its name
    or host: its reviews made again, year by year, each with the releases that were out by its day where they are held, else
    as held now, which is told.

    \b
    Examples:
      eligibility pilots history
      eligibility pilots history CICIG
      eligibility pilots history "GIEI BOL" --format html --out giei.html
    """
    if body is None:
        if form != "text":
            raise UsageError(Problem("--format", "option", "only of a BODY", form))
        from eligibility.present import dossiers

        arguments.put(dossiers.history(criteria, data), out)
        return
    from eligibility.analysis.reviews import replay
    from eligibility.pilots import precedents
    from eligibility.present import reviewed

    told = replay.replay(precedents.named(body), criteria, data)
    arguments.put(reviewed.past_body(told, form), out, form)
