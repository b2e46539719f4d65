"""What commands are given: a day, a country, a file; each refused clearly when it is not one."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Iterable
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from eligibility import interrupts
from eligibility.errors import Problem, UsageError


class InOrder(click.Group):
    """A group that lists its commands in the order they are written: what a newcomer needs comes first."""

    def list_commands(self, ctx) -> list[str]:
        """Names as declared."""
        return list(self.commands)


class Shell(InOrder):
    """The top of the commands; leaves quietly when its reader does."""

    def make_context(self, info_name, args, parent=None, **extra):
        """The words understood; `--help` and `--version` are answered on the way."""
        with _reader():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx):
        """What the command returns; nothing more where the reader (head, less) has all it wanted."""
        with _reader():
            return super().invoke(ctx)


def let_go(stream) -> None:
    """Drops what a stream still holds: the interpreter would flush it on its way out, and complain."""
    with suppress(AttributeError, OSError, ValueError):  # no stream, or one that is no file
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def tell(told: object) -> None:
    """A line on standard error, where anybody listens there."""
    try:
        click.echo(str(told), err=True)
    except (OSError, ValueError):
        let_go(sys.stderr)


@contextmanager
def _reader():
    """Ends the command where nobody reads on: that is no fault, and the answer is not no."""
    try:
        with interrupts.telling(interrupts.nothing):
            yield
    except BrokenPipeError:
        let_go(sys.stdout)
        raise click.exceptions.Exit(0) from None


class Day(click.ParamType):
    """A calendar day, written YYYY-MM-DD, or the fiscal year whose scorecards came out on it, written FY2024."""

    name = "date"

    def convert(self, value, param, ctx) -> date:
        """The day, or a UsageError that shows one."""
        from eligibility.policy import fiscal

        return fiscal.calendar(value, param.opts[0] if param else "--as-of")


class Land(click.ParamType):
    """A country: its ISO3 code in any case, or its name in full. Nothing is guessed."""

    name = "country"

    def convert(self, value, param, ctx) -> str:
        """The ISO3 code, or a UsageError with the nearest names."""
        from eligibility.data import countries

        return countries.named(value, called(param))

    def shell_complete(self, ctx, param, incomplete):
        """ISO3 codes, with the name beside where the shell can show it."""
        from eligibility.data import countries

        names = countries.register().names()
        return [CompletionItem(c, help=names[c]) for c in sorted(names) if c.startswith(incomplete.upper())]


RUN, AUDIT, REVIEW = "run", "audit", "review"


class Subject(Land):
    """A country, `run` for all of them together, `audit`, `review`, or a past body."""

    def convert(self, value, param, ctx):
        """The ISO3 code, the word, or the body."""
        from eligibility.pilots import precedents

        word = value.strip().lower()
        if word in (RUN, AUDIT, REVIEW):
            return word
        try:
            return super().convert(value, param, ctx)
        except UsageError:
            if precedents.called(value):
                return precedents.named(value)
            raise


class Who(Land):
    """Countries or groups of them in one word; `view` says which are meant, for groups are the criteria's."""

    name = "who"

    def convert(self, value, param, ctx) -> str:
        """The same word."""
        return value


def ids(ctx, param, incomplete: str) -> list[CompletionItem]:
    """What the shell offers for criteria: ids of shipped sets, files where no id begins so."""
    from eligibility.resources import shipped  # and not criteria, which would take half a second a key press

    found = sorted(path.stem for path in shipped("criteria").glob("*.yaml"))
    found = [name for name in found if name.startswith(incomplete)]
    return [CompletionItem(name) for name in found] or [CompletionItem(incomplete, type="file")]


class Criteria(click.ParamType):
    """A set of criteria: the id of a shipped one, or a file that is there."""

    name = "criteria"

    def convert(self, value, param, ctx) -> str:
        """The same word; a UsageError or click's own where nothing is meant by it."""
        from eligibility.language import criteria

        value = from_home(value, param)
        FILE.convert(str(criteria.find(value)), param, ctx)
        return value

    def shell_complete(self, ctx, param, incomplete):
        """Ids, then files."""
        return ids(ctx, param, incomplete)


def told(error: click.ClickException) -> Problem:
    """What click found wrong with the words typed, written as every other message is.

    >>> str(told(click.NoSuchOption("--tpo", possibilities=["--top"])))
    "--tpo: option: there is none of this name; did you mean '--top'?"
    """
    context, param = getattr(error, "ctx", None), getattr(error, "param", None)
    where = context.command_path if context else "eligibility"
    hint = f"`{where} --help` says how it is used" if context else ""
    if near := getattr(error, "possibilities", None):
        hint = f"did you mean {' or '.join(repr(name) for name in near)}?"
    if param is not None:
        rule = "must be given" if isinstance(error, click.MissingParameter) else _sentence(error.message)
        return Problem(called(param), param.param_type_name, rule, hint=hint)
    for kind, attribute in (("option", "option_name"), ("command", "command_name")):
        if name := getattr(error, attribute, None):
            misused = isinstance(error, click.BadOptionUsage)
            rule = (
                error.message.removeprefix(f"Option {name!r} ") if misused else "there is none of this name."
            )
            return Problem(name, kind, _sentence(rule), hint=hint)
    return Problem(where, "words", _sentence(error.message), hint=hint)


def _sentence(said: str) -> str:
    """A sentence of click's as part of one of ours."""
    said = said.removesuffix(".")
    return said[:1].lower() + said[1:]


def called(param: click.Parameter | None) -> str:
    """What one types of an option, or what help calls an argument."""
    if isinstance(param, click.Argument):
        return param.human_readable_name.removesuffix("...").strip("[]")
    return param.opts[0] if param else "path"


def from_home(value, param):
    """A path with its `~` spelled out: a shell leaves that of --out=~/x as it is. UsageError where there is no such home.

    >>> from_home("runs/~x", None)
    'runs/~x'
    """
    if not value:
        raise UsageError(Problem(called(param), "path", "must not be empty"))
    spelled = os.path.expanduser(value)
    if os.fspath(spelled).startswith("~"):
        hint = f"a name that begins so is written ./{spelled}"
        rule = "there is no such home folder"
        raise UsageError(Problem(called(param), "path", rule, os.fspath(value), hint))
    return spelled


class Place(click.Path):
    """A path; `~` is the home folder."""

    def convert(self, value, param, ctx):
        """The path spelled out, and click's own checks of it."""
        return super().convert(from_home(value, param), param, ctx)


class Beside(Place):
    """A file to write into a folder that is there."""

    def __init__(self):
        super().__init__(dir_okay=False, path_type=Path)

    def convert(self, value, param, ctx):
        """The path, or a UsageError before any work is done."""
        path = super().convert(value, param, ctx)
        if not path.parent.is_dir():
            raise UsageError(Problem(param.opts[0], "folder", "must be there", str(path.parent)))
        return path


class Ref(click.ParamType):
    """What may be a path or something else: an id, a date."""

    name = "text"

    def convert(self, value, param, ctx) -> str:
        """The same word, `~` spelled out."""
        return from_home(value, param)


FILE = Place(exists=True, dir_okay=False, path_type=Path)
FILE_OR_FOLDER = Place(exists=True, path_type=Path)
FOLDER = Place(exists=True, file_okay=False, path_type=Path)
PAGE = Place(dir_okay=False, path_type=Path)
TARGET = Place(file_okay=False, path_type=Path)
REF = Ref()

DEFAULT_CRITERIA = "peacetime-pilots"
MOST_DRAWS = 1_000_000

criteria_argument = click.argument("criteria", default=DEFAULT_CRITERIA, type=REF, shell_complete=ids)
files_argument = click.argument("files", metavar="CRITERIA...", nargs=-1, required=True, type=Criteria())


def reading_options(command):
    """The command with --as-known and --vintage, which it is given as one `reading`."""

    @functools.wraps(command)
    def read(*args, as_known, pins, **more):
        from eligibility.data.panel import Reading

        return command(*args, reading=Reading(as_known, pins), **more)

    known = (
        "Read only releases that were out by the date, where one is held; else the oldest held, with a note."
    )
    answers = "The dataset that answers for a series; ID alone: for all it holds. May be repeated."
    read = click.option("--vintage", "pins", metavar="SERIES=ID", multiple=True, help=answers)(read)
    return click.option("--as-known", is_flag=True, help=known)(read)


# What several commands take, each written once; a command names those that are its own.
_OPTIONS = {
    "as_of": click.option(
        "--as-of",
        type=Day(),
        help="Use only what was published by this day: YYYY-MM-DD, or FY2024 for the day MCC's cards of that fiscal year "
        "came out. Without it: the latest release day among the releases read by what decides.",
    ),
    "settings": click.option(
        "--set",
        "settings",
        metavar="PATH=VALUE",
        multiple=True,
        help="Change one value of the criteria for this run. May be repeated.",
    ),
    "draws": click.option(
        "--draws",
        type=click.IntRange(1, MOST_DRAWS),
        help="How often every uncertain figure is simulated, instead of the number in the criteria.",
    ),
    "seed": click.option("--seed", type=click.IntRange(min=0), help="Start of the random numbers, likewise."),
    "overrides": click.option(
        "--overrides",
        type=FILE,
        help="The register of the board's own decisions and of analysts' notes, shown beside the verdicts and never counted.",
    ),
    "kept": click.option(
        "--pilots",
        "kept",
        type=FILE,
        help="The register of running and planned pilots: its countries are marked, `report` adds a dossier a pilot; never counted.",
    ),
    "since": click.option(
        "--since",
        type=REF,
        metavar="A",
        help="The last round, for what moved: a date, the folder of a sealed run, a criteria file or ids of datasets, "
        "as in diff; none for no comparison.  [default: the same criteria one year before]",
        shell_complete=ids,
    ),
    "data": click.option(
        "--data",
        type=FOLDER,
        help="Also look for data sources in this folder; they stand in for shipped ones.",
    ),
    "reading": reading_options,
    "to": click.option(
        "--to", type=TARGET, help="Folder to put it in.  [default: your data folder, $ELIGIBILITY_DATA]"
    ),
    "accept": click.option(
        "--accept",
        multiple=True,
        metavar="RULE",
        help="Let in what breaks this rule of intake; recorded, and shown on pages. May be repeated.",
    ),
    "out": click.option(
        "--out", type=Beside(), metavar="FILE", help="Write it to this file, as UTF-8, instead of the screen."
    ),
}


def options(*names: str):
    """A decorator that gives a command these of the options that several take, in this order of its help."""

    def taking(command):
        return functools.reduce(lambda made, name: _OPTIONS[name](made), names[::-1], command)

    return taking


def criteria_option(help: str = "Id of a shipped set, or a path."):
    """The set that is meant, for a command whose first word is something else."""
    return click.option(
        "--criteria", type=REF, default=DEFAULT_CRITERIA, show_default=True, help=help, shell_complete=ids
    )


def format_option(help: str, *forms: str):
    """In which form a command answers, handed to it as `form`; the first of them unless it is told."""
    choice = click.Choice(forms)
    return click.option("--format", "form", type=choice, default=forms[0], show_default=True, help=help)


def view_options(*also: str):
    """A decorator that gives a command --only (and its other names) and --region, handed to it as one `asked`."""

    def with_view(command):
        @functools.wraps(command)
        def seen(*args, only, regions, **more):
            from eligibility.analysis.view import Asked

            return command(*args, asked=Asked(only, regions), **more)

        whom = "Show these only: codes or names of countries or of peer groups, with commas; ranks stay. Repeatable."
        where = "Show this region of the World Bank only, such as 'South Asia'; likewise."
        seen = click.option("--region", "regions", metavar="NAME", multiple=True, help=where)(seen)
        only = click.option("--only", *also, "only", metavar="WHO,...", multiple=True, type=Who(), help=whom)
        return only(seen)

    return with_view


def lines(things: Iterable[object]) -> None:
    """Each thing on a line of its own."""
    for thing in things:
        click.echo(str(thing))


def exact(text: str) -> None:
    """Text for another program: the same bytes on every machine, whatever the terminal speaks."""
    takes_bytes = sys.stdout is None or hasattr(sys.stdout, "buffer")  # a notebook's stream takes text alone
    click.echo(text.encode("utf-8") if takes_bytes else text, nl=False)


def put(text: str, out: Path | None, form: str = "table") -> None:
    """The answer of a command: on the screen, exactly where it is for a program, or as UTF-8 in the file of --out."""
    if out is None:
        click.echo(text, nl=False) if form in ("table", "text") else exact(text)
        return
    from eligibility.files import disk

    with interrupts.telling(interrupts.changed(out)):
        disk.replace(out, click.unstyle(text).encode("utf-8"))
    click.echo(str(out))
