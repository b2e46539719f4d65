"""The words of `eligibility review`: the running pilots on a day."""

from __future__ import annotations

from pathlib import Path

import click

from eligibility import interrupts
from eligibility.cli import arguments, ended


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
    arguments.put(made[form](), out, "table" if form == "text" else form)
    ended.no_if(told.alarmed)
