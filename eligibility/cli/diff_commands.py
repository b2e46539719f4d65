"""The words of `eligibility diff`: two rounds, who moved, and what moved them."""

from __future__ import annotations

import click

from eligibility.cli import arguments
from eligibility.errors import Problem, UsageError


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
