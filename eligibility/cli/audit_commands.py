"""The words of `eligibility audit`: whether figures carry the score, and what it depends on."""

from __future__ import annotations

import click

from eligibility import interrupts
from eligibility.cli import arguments, ended


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
