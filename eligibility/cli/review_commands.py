"""The words of `eligibility review`: the running pilots on a day."""

from __future__ import annotations

from pathlib import Path

import click

from eligibility import interrupts
from eligibility.cli.arguments import (
    FILE,
    Beside,
    Day,
    criteria_option,
    data_option,
    format_option,
    out_option,
    put,
    reading_options,
    settings_option,
)

NO = 1


@click.command()
@click.argument("pilots", required=False, metavar="[PILOTS.yaml]", type=FILE)
@click.option("--on", type=Day(), required=True, metavar="DAY", help="The day of the review: YYYY-MM-DD.")
@criteria_option("The criteria the pilots were chosen by: their candidates, peers, errors and kinds of body.")
@format_option(
    "Sentences and tables to read, every number for another program, or a page.", "text", "json", "html"
)
@click.option(
    "--ics",
    type=Beside(),
    metavar="FILE",
    help="Also write the days of the pilots as a calendar to this file.",
)
@settings_option
@data_option
@reading_options
@out_option
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
    put(made[form](), out, "table" if form == "text" else form)
    if told.alarmed:
        raise click.exceptions.Exit(NO)
