"""The words of `eligibility data`: what is held, and how to bring more."""

from __future__ import annotations

import click

from eligibility.arguments import (
    DEFAULT_CRITERIA,
    FILE,
    FOLDER,
    TARGET,
    Day,
    InOrder,
    as_of_option,
    data_option,
    draws_option,
    ids,
    lines,
)


@click.group(cls=InOrder)
def data() -> None:
    """Sources and vintages: what is held, how to bring more.

    \b
    Example:
      eligibility data list
    """


@data.command("list")
@data_option
def list_(data) -> None:
    """Every source held, with its years and licence.

    \b
    Examples:
      eligibility data list
      eligibility data list --data downloads
    """
    from eligibility import build, sources

    for row in build.listing(sources.shelf(data)):
        click.echo(f"{row.id}  {row.publisher}: {row.title}")
        click.echo(f"    {row.years}, {row.countries} countries, {row.series} series")
        click.echo(f"    released {row.released}, {row.place}; {row.licence}")


@data.command("import")
@click.argument("file", type=FILE)
@click.option("--vintage", help="Which release it is, where the name of the file does not tell.")
@click.option(
    "--to", type=TARGET, help="Folder to put it in.  [default: your data folder, $ELIGIBILITY_DATA]"
)
def import_(file, vintage, to) -> None:
    """Read a publisher's release file into your own data folder.

    What cannot be read strictly is refused with its row and column, and nothing is written.

    \b
    Examples:
      eligibility data import All_data_FIW_2013-2025.xlsx
      eligibility data import V-Dem-CY-Core.csv --vintage v16
    """
    from eligibility import build, sources

    source = build.import_file(file, to, vintage or "")
    first, last = source.values["years"]
    click.echo(f"{source.id}  {source.publisher}: {source.title}")
    click.echo(f"    vintage {source.vintage}, released {source.released}, imported {source.imported}")
    click.echo(f"    {first}-{last}, {source.values['countries']} countries, {len(source.series)} series:")
    width = max(len(sheet.id) for sheet in source.series.values())
    for sheet in source.series.values():
        click.echo(f"      {sheet.id:{width}}  {sheet.label}")
    for why, count in source.left_out.items():
        click.echo(f"    left out: {count} x {why}")
    for line in build.beside(source, sources.shelf(to)):
        click.echo(f"    {line}")
    click.echo(f"    from {', '.join(made['name'] + ' sha256 ' + made['sha256'] for made in source.files)}")
    click.echo(f"    in {source.path}")
    click.echo(f"    licence: {source.licence}")


@data.command()
@click.option("--on", type=Day(), help="The day to ask for.  [default: today]")
@data_option
def due(on, data) -> None:
    """What decides and is behind its publisher, and how to get it.

    By the calendar of the sheets, without the network. Its answer alone depends on the clock.

    \b
    Examples:
      eligibility data due
      eligibility data due --on 2026-06-30
    """
    from datetime import date

    from eligibility import due as dues

    day = on or date.today()
    lines(dues.lines(day, dues.due(day, data)))


@data.command("build")
@click.option("--from", "origin", type=FOLDER, required=True, help="Folder of publishers' release files.")
@click.option(
    "--to",
    type=TARGET,
    help="Folder to compile into.  [default: the shipped datasets]",
)
def build_(origin, to) -> None:
    """Compile the shipped sources again from publishers' releases.

    The same releases give the same bytes.

    \b
    Example:
      eligibility data build --from releases
    """
    from eligibility import build, resources

    built = build.build(origin, to or resources.shipped("datasets"))
    for source in built.made:
        click.echo(f"{source.id}  from {', '.join(built.found[source.id])}")
    for name in built.missing:
        click.echo(f"{name}  not made: its files are not there")
    for file, why in built.unknown.items():
        click.echo(f"{file}  not used: {why}")


@data.command()
@click.argument("runs", metavar="[RUN]...", nargs=-1, type=FOLDER)
@data_option
def verify(runs, data) -> None:
    """Hold every source, or sealed runs, against their checksums.

    Exit code 1 when one differs.

    \b
    Examples:
      eligibility data verify
      eligibility data verify out/peacetime-pilots-2026-03-31
    """
    if runs:
        from eligibility import seal

        differences = [line for run in runs for line in seal.differences(run)]
    else:
        from eligibility import build, sources

        differences = build.verify(sources.shelf(data))
    for difference in differences:
        click.echo(difference)
    if differences:
        raise click.exceptions.Exit(1)
    click.echo("every file is as it was sealed" if runs else "every source matches its checksum")


@data.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "--criteria",
    default=DEFAULT_CRITERIA,
    show_default=True,
    help="Id of a shipped set, or a path.",
    shell_complete=ids,
)
@as_of_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="A table to read, or everything for another program.",
)
@draws_option
@data_option
def diff(old, new, criteria, as_of, form, draws, data) -> None:
    """What a new vintage changes, and which verdicts flip under it.

    Cells, countries and years are compared. OLD and NEW are ids of datasets held, or folders with a source.yaml. Exit code 0 whether or not anything differs.

    \b
    Examples:
      eligibility data diff vdem-v14 vdem-v15
      eligibility data diff vdem-v14 downloads/vdem-v16 --criteria my-criteria.yaml --as-of 2024-07-01
    """
    from eligibility import moves
    from eligibility.compare import revisions

    told = revisions.revise(old, new, criteria, as_of, draws, data)
    if form == "table":
        click.echo(moves.revision(told), nl=False)
    else:
        click.echo(moves.revision_json(told).encode("utf-8"), nl=False)
