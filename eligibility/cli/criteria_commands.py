"""The words of `eligibility check`, `test` and `schema`: a criteria file, its problems, its cases, its language."""

from __future__ import annotations

import click

from eligibility.cli import arguments, ended
from eligibility.errors import Problem, UsageError


@click.command()
@arguments.files_argument
def check(files) -> None:
    """Every problem of criteria files, with its place and a hint.

    \b
    Examples:
      eligibility check my-criteria.yaml
      eligibility check criteria/*.yaml
    """
    from eligibility.data.catalogue import catalogue
    from eligibility.language import criteria
    from eligibility.method import warned

    problems = criteria.check(files, catalogue())
    arguments.lines(problems)
    if problems:
        raise click.exceptions.Exit(ended.WRONG)
    for file in files:
        arguments.lines(warned.warnings(file))
        arguments.lines([f"{file}: no problem found"])


@click.command()
@arguments.files_argument
def test(files) -> None:
    """The cases written inside criteria files, run.

    A case says what should come out for one country at one date, or that the score is a published index.
    Exit code 1 when one does not hold; one whose figures are still to be imported waits.

    \b
    Examples:
      eligibility test peacetime-pilots
      eligibility test my-criteria.yaml
    """
    from eligibility.analysis import cases
    from eligibility.pages.wording import plain

    found = [cases.cases(file) for file in files]
    outcomes = [outcome for own in found for outcome in own]
    for own in found:
        arguments.lines(cases.readings(own))
        for outcome in own:
            word = "holds" if outcome.holds else "waits" if outcome.lacking else "FAILS"
            click.echo(f"{word}  {plain(outcome.case.name)}")
            waits_for = f"no dataset holds {', '.join(outcome.lacking)}" if outcome.lacking else ""
            arguments.lines(
                f"       {line}" for line in (outcome.found, waits_for, *outcome.failures) if line
            )
    failed = [outcome for outcome in outcomes if outcome.failures]
    waiting = sum(bool(outcome.lacking) for outcome in outcomes)
    click.echo(
        f"{len(outcomes)} cases, {len(failed)} failed" + (f", {waiting} wait for data" if waiting else "")
    )
    ended.no_if(failed)


@click.command()
@click.option(
    "--result", is_flag=True, help="Of what `screen --format json` prints and a run's result.json holds."
)
@click.option("--review", is_flag=True, help="Of what `review --format json` prints.")
def schema(result, review) -> None:
    """The JSON Schema of criteria, of a result or of a review.

    Of criteria it names every indicator that they may use, your own too.

    \b
    Examples:
      eligibility schema > criteria.schema.json
      eligibility schema --result > result.schema.json
      eligibility schema --review > review.schema.json
    """
    if result and review:
        raise UsageError(Problem("--review", "option", "not with --result", hint="one schema at a time"))
    import json

    from eligibility import contract, review_contract
    from eligibility.data.catalogue import catalogue
    from eligibility.language import criteria

    if result or review:
        told = contract.schema() if result else review_contract.schema()
    else:
        told = criteria.json_schema(catalogue())
    arguments.exact(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
