"""The words of `eligibility data`: what is held, and how to bring more."""

from __future__ import annotations

import sys
from contextlib import contextmanager

import click

from eligibility import interrupts
from eligibility.cli import arguments, ended


@click.group(cls=arguments.InOrder)
def data() -> None:
    """Sources and vintages: what is held, how to bring more.

    \b
    Example:
      eligibility data list
    """


@data.command("list")
@click.option(
    "--series",
    "word",
    is_flag=False,
    flag_value="",
    metavar="[WORD]",
    help="Every indicator, or those with this word.",
)
@arguments.options("data")
def list_(word, data) -> None:
    """Every source held, with its years and licence; or every indicator.

    \b
    Examples:
      eligibility data list
      eligibility data list --series corruption
      eligibility data list --data downloads
    """
    from eligibility.data import sources
    from eligibility.files import exchange

    if word is not None:
        from eligibility.data import catalogue

        for sheet, source, years, countries in catalogue.indicators(sources.shelf(data), word):
            mark = "" if source.shipped else ", yours"
            click.echo(f"{sheet.id}  {sheet.label}")
            click.echo(f"    {sheet.unit}; better: {sheet.better}; error: {sheet.sd_kind}")
            click.echo(f"    {years}, {countries} countries, from {source.id}{mark}")
        return
    for left in (left for folder in sources.folders(data) for left in exchange.leftovers(folder)):
        told = "left by a command that was stopped, or is at work; the next import clears it"
        click.echo(f"{left}  {told}", err=True)
    for source in sources.shelf(data):
        first, last = source.values["years"]
        click.echo(f"{source.id}  {source.publisher}: {source.title}")
        click.echo(f"    {first}-{last}, {source.values['countries']} countries, {len(source.series)} series")
        whose = "shipped" if source.shipped else "yours"
        click.echo(f"    released {source.released}, {whose}; {source.licence}")
        arguments.lines(f"    let in on request: {one['rule']}: {one['found']}" for one in source.accepted)


@data.command("import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=arguments.FILE_OR_FOLDER)
@click.option("--vintage", help="Which release it is, where the name of the file does not tell.")
@click.option(
    "--released",
    type=arguments.Day(),
    help="The day it came out, where neither file nor publisher's sheet tells.",
)
@arguments.options("accept")
@click.option(
    "--series", metavar="ID", help="Your own figures: the id to give them, such as embassy.assessment."
)
@click.option("--label", metavar="TEXT", help="What they are, in a few words.")
@click.option("--better", type=click.Choice(["high", "low"]), help="Which end of the scale is the good one.")
@click.option("--range", "bounds", type=float, nargs=2, metavar="LO HI", help="The ends of the scale.")
@click.option("--unit", default="", help="What they are measured in.")
@click.option("--sd-column", default="", metavar="NAME", help="The column of their standard errors.")
@arguments.options("to")
def import_(files, vintage, released, accept, to, **mine) -> None:
    """Read one release of a publisher into your own data folder.

    Files, a folder or a .zip, all of one release. What cannot be read strictly, or is not like what answers now, is
    refused with its rule, and nothing is written.

    \b
    Examples:
      eligibility data import All_data_FIW_2013-2025.xlsx
      eligibility data import V-Dem-CY-Core.csv --vintage v16
      eligibility data import my.csv --series embassy.assessment --label "Assessment" --better high --range 1 5
    """
    from eligibility.data import build, sources

    if any(mine.values()):
        _own(files, released, to, **mine)
        return
    with interrupts.telling(interrupts.changed(to or sources.user_folder(), "*/source.yaml")):
        made = build.import_release(files, to, vintage or "", accept, released)
    _imported(made, to)


def _imported(made, to) -> None:
    """Say what became of a release that was let in."""
    from eligibility.data import build, sources

    source = made.source
    first, last = source.values["years"]
    click.echo(f"{source.id}  {source.publisher}: {source.title}")
    click.echo(f"    vintage {source.vintage}, released {source.released}, imported {source.imported}")
    click.echo(f"    {first}-{last}, {source.values['countries']} countries, {len(source.series)} series:")
    width = max(len(sheet.id) for sheet in source.series.values())
    arguments.lines(f"      {sheet.id:{width}}  {sheet.label}" for sheet in source.series.values())
    arguments.lines(f"    {line}" for line in made.adds)
    arguments.lines(f"    let in on request: {one['rule']}: {one['found']}" for one in source.accepted)
    arguments.lines(f"    left out: {count} x {why}" for why, count in source.left_out.items())
    arguments.lines(f"    not used: {name}: {why}" for name, why in made.aside.items())
    if others := ", ".join(build.beside(source, sources.shelf(to))):
        click.echo(f"    beside {others}: of each series the newest that covers what a run asks answers")
    click.echo(f"    from {', '.join(file['name'] + ' sha256 ' + file['sha256'] for file in source.files)}")
    arguments.lines(f"    note: {note}" for note in source.notes)
    arguments.lines(f"    {name} is {what}" for name, what in made.known.items())
    click.echo(f"    in {source.path}")
    click.echo(f"    licence: {source.licence}")


def _own(files, released, to, series, label, better, bounds, unit, sd_column) -> None:
    """Import figures of the user's own, and say what became of them."""
    from eligibility.data import build, sources
    from eligibility.data.own import Meaning
    from eligibility.errors import Problem, UsageError

    given = {"--series": series, "--label": label, "--better": better, "--range": bounds}
    wrong = [
        Problem(option, "option", "is needed for figures of your own")
        for option in given
        if not given[option]
    ]
    if len(files) != 1 or not files[0].is_file():
        wrong.append(Problem("FILE", "file", "must be one file for figures of your own"))
    if wrong:
        raise UsageError(wrong)
    with interrupts.telling(interrupts.changed(to or sources.user_folder(), "*/source.yaml")):
        source = build.import_own(
            files[0], Meaning(series, label, better, bounds[0], bounds[1], unit, sd_column), to, released
        )
    first, last = source.values["years"]
    click.echo(f"{series}  {label}")
    click.echo(
        f"    {first}-{last}, {source.values['countries']} countries, yours, released {source.released}"
    )
    arguments.lines(f"    left out: {count} x {why}" for why, count in source.left_out.items())
    click.echo(f"    from {source.files[0]['name']} sha256 {source.files[0]['sha256']}")
    click.echo(f"    in {source.path}")


@data.command()
@click.option("--on", type=arguments.Day(), help="The day to ask for.  [default: today]")
@arguments.options("data")
def due(on, data) -> None:
    """What decides and is behind its publisher, and how to get it.

    By the calendar of the sheets, without the network. Its answer alone depends on the clock.

    \b
    Examples:
      eligibility data due
      eligibility data due --on 2026-06-30
    """
    from datetime import date

    from eligibility.analysis import due as dues

    day = on or date.today()
    arguments.lines(dues.lines(day, dues.due(day, data)))


@data.command()
@click.argument("named", metavar="[SOURCE]...", nargs=-1)
@arguments.options("to")
def fetch(named, to) -> None:
    """Download publishers' releases, check them, and import them.

    The only command that reaches a publisher. SOURCE is vdem, wgi, oghist, class, wdi, undp or ucdp, all of them without
    one; whatever else is to be had, `data due` tells how to get. A file that is not whole, or not the publisher's, leaves
    nothing; a release must pass the same checks as `data import`.

    \b
    Examples:
      eligibility data fetch
      eligibility data fetch oghist class
      eligibility data fetch wgi --to downloads
    """
    from eligibility.data import fetch as fetching
    from eligibility.data.readers import addresses
    from eligibility.errors import DataError, InputError, Interrupted, Problem

    problems: list[Problem] = []
    done: list[str] = []
    for offer in addresses.named(named):
        try:
            with _bar(offer.source) as progress:
                one = fetching.fetch(offer, to, progress)
        except InputError as error:
            click.echo(f"{offer.source}: nothing was imported")
            problems += error.problems
            continue
        except KeyboardInterrupt:
            before = f"; imported before: {', '.join(done)}" if done else ""
            raise Interrupted(f"stopped: {offer.source} was not imported{before}") from None
        arguments.lines(f"{offer.source}: {name}: {how}" for name, how in one.files.items())
        if one.made is None:
            click.echo(f"{offer.source}: {one.held} is made of this very file already; nothing to fetch")
            continue
        done.append(one.made.source.id)
        _imported(one.made, to)
    if problems:
        raise DataError(problems)


@contextmanager
def _bar(word):
    """What shows how far a download is, on a terminal; one line where the output is kept."""
    stream = sys.stderr
    if not stream.isatty():
        click.echo(f"{word}: fetching", err=True)
        yield lambda done, of: None
        return

    def progress(done, of):
        filled = 30 * done // max(of, done, 1) if of else 0
        of = f" of {of / 1e6:.1f}" if of else ""
        stream.write(f"\r{word}  [{'#' * filled:.<30}] {done / 1e6:.1f}{of} MB\x1b[K")
        stream.flush()

    try:
        yield progress
    finally:
        stream.write("\r\x1b[K")
        stream.flush()


@data.command("build")
@click.option(
    "--from", "origin", type=arguments.FOLDER, required=True, help="Folder of publishers' release files."
)
@click.option("--to", type=arguments.TARGET, help="Folder to compile into.  [default: the shipped datasets]")
@arguments.options("accept")
def build_(origin, to, accept) -> None:
    """Compile the shipped sources again from publishers' releases.

    The same releases give the same bytes. Nothing is written where a shipped criteria set would ask for an indicator that
    no country has a figure for.

    \b
    Example:
      eligibility data build --from releases
    """
    from eligibility import resources
    from eligibility.analysis import empty
    from eligibility.data import build

    target = to or resources.shipped("datasets")
    with interrupts.telling(interrupts.changed(target, "*/source.yaml")):
        built = build.build(origin, target, accept, empty.problems)
    arguments.lines(f"{source.id}  from {', '.join(built.found[source.id])}" for source in built.made)
    arguments.lines(f"{name}  not made: its files hold a small part of the release" for name in built.parts)
    absent = [name for name in built.missing if name not in built.parts]
    arguments.lines(f"{name}  not made: its files are not there" for name in absent)
    arguments.lines(f"{file}  not used: {why}" for file, why in built.unknown.items())


@data.command()
@click.argument("runs", metavar="[RUN]...", nargs=-1, type=arguments.FOLDER)
@click.option(
    "--digest",
    default="",
    metavar="HEX",
    help="The sha256 of the run's manifest.json, as you kept it elsewhere.",
)
@arguments.options("data")
def verify(runs, digest, data) -> None:
    """Hold all that is held, or sealed runs, against checksums.

    Without RUN: every table, sheet, register, ceiling and outline, shipped and yours. With RUN: its files, its seal, and
    its run id worked out again. Who can change a run can seal it anew; only --digest, with what `report` printed and you
    kept elsewhere, proves that nobody did. Exit code 1 when one differs.

    \b
    Examples:
      eligibility data verify
      eligibility data verify out/peacetime-pilots-2026-03-31
      eligibility data verify out/peacetime-pilots-2026-03-31 --digest 5f70bf18a086...
    """
    if digest and len(runs) != 1:
        from eligibility.errors import Problem, UsageError

        raise UsageError(Problem("--digest", "option", "is of one run", hint="name its folder"))
    if runs:
        from eligibility.files import seal

        differences = [line for run in runs for line in seal.differences(run, digest)]
        well = "every file is as it was sealed"
        well += ", and the seal is the one that was kept" if digest else ""
    else:
        from eligibility.data import build

        differences = list(build.verified(data))
        well = "every source, register and outline is as it was made"
        told = "no list of checksums: its table is held against its sheet, and its sheet against nothing"
        arguments.lines(f"{path}: {told}" for path in build.unlisted(data))
    arguments.lines(differences)
    ended.no_if(differences)
    click.echo(well)


@data.command()
@click.argument("old", metavar="OLD", type=arguments.REF)
@click.argument("new", metavar="NEW", type=arguments.REF)
@arguments.criteria_option()
@arguments.options("as_of")
@arguments.format_option("A table to read, or everything for another program.", "table", "json")
@arguments.options("draws", "data")
def diff(old, new, criteria, as_of, form, draws, data) -> None:
    """What a new vintage changes, and which verdicts flip under it.

    Cells, countries and years are compared. OLD and NEW are ids of datasets held, or folders with a source.yaml. Exit code 0 whether or not anything differs.

    \b
    Examples:
      eligibility data diff vdem-v14 vdem-v15
      eligibility data diff vdem-v14 downloads/vdem-v16 --criteria my-criteria.yaml --as-of 2024-07-01
    """
    from eligibility.analysis.compare import revisions
    from eligibility.present import revised

    told = revisions.revise(old, new, criteria, as_of, draws, data)
    arguments.put(revised.text(told) if form == "table" else revised.json(told), None, form)
