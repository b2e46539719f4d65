"""The words of `eligibility pilots`: the register of running and planned pilots, and past bodies."""

from __future__ import annotations

import click

from eligibility.cli.arguments import DEFAULT_CRITERIA, FILE, REF, InOrder, Land, ids, out_option, put

NO = 1
criteria_option = click.option(
    "--criteria",
    type=REF,
    default=DEFAULT_CRITERIA,
    show_default=True,
    help="Id of a shipped set, or a path: the one whose kinds of body are meant.",
    shell_complete=ids,
)


@click.group(cls=InOrder)
def pilots() -> None:
    """The register of pilots, and past bodies.

    \b
    Example:
      eligibility pilots check pilots.yaml
    """


@pilots.command()
@click.argument("file", metavar="FILE", type=FILE)
@criteria_option
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
    for line in told.lines:
        click.echo(line)
    if told.wanting:
        raise click.exceptions.Exit(NO)


@pilots.command()
@click.argument("country", type=Land())
@criteria_option
@out_option
def template(country, criteria, out) -> None:
    """A register of one pilot, to fill in.

    What is known of the country stands in it: kinds of body that fit, the programme found.

    \b
    Examples:
      eligibility pilots template MDA --out pilots.yaml
      eligibility pilots template "Sierra Leone"
    """
    from eligibility.present import dossiers

    put(dossiers.start(country, criteria), out)


@pilots.command()
@criteria_option
def history(criteria) -> None:
    """Past bodies: what the rules said, and how it ended.

    A table in Markdown: each past body on its own day, with the figures held now; takes a minute.

    \b
    Example:
      eligibility pilots history
    """
    from eligibility.present import dossiers

    click.echo(dossiers.history(criteria), nl=False)
