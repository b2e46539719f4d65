"""Writes a run: briefing, one page a country, tables, the criteria, sealed by a manifest.

    out/<criteria>-<as-of>/  index.html  briefing.html  countries/<ISO3>.html  audit.html
                             ranking.csv  ranking.xlsx  result.json  criteria.yaml  manifest.json
                             overrides.yaml where the board's register was given, also/ where other sets were

Everything goes to a temporary sibling first, which takes the run's name when it is complete: whole or absent.
The same result and command give the same bytes; no time, path, user or host is written.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shlex
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2
import xlsxwriter
from markupsafe import Markup

from eligibility import disk, soundness, spreadsheet, tables
from eligibility.compare.others import record
from eligibility.compare.since import Since, year_before
from eligibility.errors import Problem, UsageError
from eligibility.pages import (
    auditing,
    brief,
    briefing,
    card,
    contents,
    justification,
    outlines,
    print_pdf,
    sourcing,
)
from eligibility.pages import others as beside
from eligibility.pages import since as moved
from eligibility.pages.facts import Facts
from eligibility.pages.rendering import environment, render
from eligibility.pages.views import Country, Entry
from eligibility.pages.wording import counted, plain
from eligibility.run import Result

try:
    import fcntl
except (
    ImportError
):  # no such lock on this system: two runs at once into one folder are then the user's business
    fcntl = None

MANIFEST = "manifest.json"
OVERRIDES = "overrides.yaml"  # a copy of the board's register, where one was given


@dataclass(frozen=True)
class Written:
    """What a run left behind: its folder, the briefing, how many country pages, lines for the terminal."""

    path: Path
    briefing: Path
    pages: int
    lines: tuple[str, ...]


def write(
    result: Result,
    out: Path | None = None,
    countries: tuple[str, ...] = (),
    pdf: bool = False,
    command: str = "",
    since: Since | None = None,
    others: Sequence[Result] = (),
) -> Written:
    """The run on disk, replacing an older one of the same name whole.

    out         the folder that holds runs, by default `out` here
    countries   ISO3 of the pages wanted; all candidates if empty
    command     the words that make this run again; made from the criteria if empty
    since       the last round, with which the pages compare; the same criteria one year before if none is given
    others      other criteria sets judged at the same date, told beside the verdicts
    """
    absent = sorted(set(countries) - set(result.screening.status.index))
    if absent:
        hint = "a page is made for candidates only: those the pool rule admits"
        raise UsageError(Problem("--country", iso3, "not in the pool", hint=hint) for iso3 in absent)
    folder = Path(out) if out is not None else Path("out")
    name = f"{result.criteria.id}-{result.as_of.isoformat()}"
    files = content(result, countries, command, since, others)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            gone = _replaced(folder / name, result, files)
            lines = _replace(folder, name, files, pdf) + gone
    except OSError as error:
        raise UsageError(
            Problem("--out", str(error.filename or folder), f"cannot be written: {error.strerror or error}")
        ) from None
    pages = sum(1 for path in files if path.startswith("countries/"))
    path = folder / name
    told = (
        f"{path / 'briefing.html'}",
        f"{counted(pages, 'country page')} in {path / 'countries'}",
        f"{path / 'ranking.xlsx'}",
        *lines,
    )
    return Written(path, path / "briefing.html", pages, told)


def content(
    result: Result,
    countries: tuple[str, ...] = (),
    command: str = "",
    since: Since | None = None,
    others: Sequence[Result] = (),
) -> dict[str, bytes]:
    """Every file of a run but the manifest's seal on PDFs: relative path -> bytes."""
    since = year_before(result) if since is None else since
    facts = Facts.of(result, since, others)
    wanted = tuple(c for c in facts.pool if not countries or c in countries)
    links, command = frozenset(wanted), command or _command(result, since=since.word, others=others)
    sources, proof = sourcing.source_rows(facts), reproduce(result, command)
    drawn, told = outlines.world(), proof + moved.proof(facts) + beside.proof(facts)
    board = briefing.page(facts, links, told + checksums(result), sources, drawn)
    sheet = brief.page(facts, links, run_id(result), drawn)
    files = {"briefing.html": render("briefing.html.j2", page=board, drawn=drawn, sheet=sheet)}
    for iso3 in wanted:
        page = justification.page(facts, iso3, links, told, sources)
        sheet = card.page(facts, iso3, run_id(result))
        files[f"countries/{iso3}.html"] = render(
            "country.html.j2", page=page, shared=shared(facts, page), sheet=sheet
        )
    files["audit.html"] = audit(facts, soundness.quick(result), proof, "briefing.html")
    document = tables.document(result)
    files["ranking.csv"] = tables.csv(result, document).encode()
    files["ranking.xlsx"] = spreadsheet.book(facts, document, proof)
    files["result.json"] = tables.json(result, document).encode()
    files["criteria.yaml"] = result.criteria.text.encode()
    if result.register.text:
        files[OVERRIDES] = result.register.text.encode()
    files |= {path: other.criteria.text.encode() for path, other in kept(others).items()}
    contained = contents.page(facts, board, {*files, MANIFEST}, links, proof)
    files["index.html"] = render("index.html.j2", page=contained)
    files[MANIFEST] = manifest(result, command, files, since, others)
    return files


def audit(
    facts: Facts, sound: soundness.Soundness, reproduce: tuple[Entry, ...], briefing: str = ""
) -> bytes:
    """The audit page; `briefing` is where the briefing lies, if beside it."""
    return render("audit.html.j2", page=auditing.page(facts, sound, reproduce, briefing))


def audit_alone(sound: soundness.Soundness, path: Path) -> None:
    """The audit page as a file of its own, written whole or not at all."""
    facts = Facts.of(sound.result)
    command = _command(sound.result, "audit") + " --page audit.html"
    data = audit(facts, sound, reproduce(sound.result, command) + checksums(sound.result))
    try:
        disk.replace(path, data)
    except OSError as error:
        rule = f"cannot be written: {error.strerror or error}"
        raise UsageError(Problem("--page", str(path), rule)) from None


def manifest(
    result: Result, command: str, files: dict[str, bytes], since: Since, others: Sequence[Result] = ()
) -> bytes:
    """The seal: checksum of every file and input, versions, seed, command, the round and sets compared with."""
    seal = {
        "run": run_id(result),
        "as_of": result.as_of.isoformat(),
        **result.provenance,
        "libraries": {
            **result.provenance["libraries"],
            "jinja2": jinja2.__version__,
            "xlsxwriter": xlsxwriter.__version__,
        },
        "command": command,
        "since": since.record,
        "also": [record(other) for other in others],
        "files": {
            path: hashlib.sha256(data).hexdigest() for path, data in sorted(files.items()) if path != MANIFEST
        },
    }
    return (json.dumps(seal, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def run_id(result: Result) -> str:
    """Twelve signs that name what went in: the same inputs, date, seed and engine give the same."""
    told = json.dumps([result.as_of.isoformat(), result.provenance], sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def reproduce(result: Result, command: str) -> tuple[Entry, ...]:
    """The lines at the foot of every page."""
    engine, own = result.provenance["engine"], result.criteria
    return (
        Entry("Command", command),
        Entry(
            "Run",
            f"{run_id(result)} (names criteria, figures, date, seed and engine together; "
            "manifest.json lists the checksums)",
        ),
        Entry(
            "Engine",
            f"eligibility {engine['version']}"
            + (f"; seed {engine['seed']}; {engine['draws']:,} re-runs" if result.firmness.drawn else ""),
        ),
        Entry("Criteria", f"{own.id} {plain(own.version)}, sha256 {own.sha256}"),
    )


def checksums(result: Result) -> tuple[Entry, ...]:
    """The inputs by checksum, for the briefing."""
    return tuple(
        Entry(f"Figures {s.id}, released {s.released.isoformat()}", f"sha256 {s.sha256}")
        for s in result.panel.sources
    )


def _command(result: Result, verb: str = "report", since: str = "", others: Sequence[Result] = ()) -> str:
    """The shortest command that makes this run again."""
    own = result.criteria
    return " ".join(
        [
            f"eligibility {verb} {own.id} --as-of {result.as_of.isoformat()}",
            *(f"--set {s}" for s in own.settings),
            *result.panel.reading.words,
            *([f"--overrides {OVERRIDES}"] if result.register.text else []),
            *([f"--since {shlex.quote(plain(since))}"] if since else []),
            *(f"--also {path}" for path in kept(others)),
        ]
    )


def kept(others: Sequence[Result]) -> dict[str, Result]:
    """Where a run keeps a copy of each other set that was asked for: relative path -> what it says."""
    return {f"also/{n}-{other.criteria.id}.yaml": other for n, other in enumerate(others, 1)}


def shared(facts: Facts, page: Country) -> dict[str, Markup]:
    """What the strips of a page share with those of its peers, drawn once a run: strip id -> markup."""
    draw = environment().get_template("charts.svg.j2").module.peers
    for chart in page.strips:
        for row in chart.rows:
            key = id(row.peers)
            if key not in facts.drawn:
                facts.drawn[key] = draw(row.peers)
    return {row.id: facts.drawn[id(row.peers)] for chart in page.strips for row in chart.rows}


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One writer a folder at a time; the lock goes with the process that held it."""
    if fcntl is None:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _replaced(target: Path, result: Result, files: dict[str, bytes]) -> tuple[str, ...]:
    """What to say of the run that stood there, where this one does not hold all that it held."""
    try:
        old = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
        own, pages = old["criteria"], sum(path.startswith("countries/") for path in old["files"])
        told = f"replaced the run {plain(str(old['run']))} of {plain(str(own['id']))} {plain(str(own['version']))}"
        other = own["sha256"] != result.criteria.sha256
    except (
        OSError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        RecursionError,
    ):  # none that can be read
        return ()
    if other:
        return (f"{told}, whose file was another: to keep both, give a changed file an id of its own",)
    if pages > sum(path.startswith("countries/") for path in files):
        return (f"{told}, which had {counted(pages, 'country page')}",)
    return ()


def _replace(folder: Path, name: str, files: dict[str, bytes], pdf: bool) -> tuple[str, ...]:
    """Writes a run beside its place and moves it there; clears what a killed run left."""
    target = folder / name
    if (
        target.exists()
        and not target.is_symlink()
        and not (target / MANIFEST).is_file()
        and any(target.iterdir() if target.is_dir() else [1])
    ):
        raise UsageError(
            Problem(
                "--out", str(target), "exists and is not a run", hint="move it away or name another folder"
            )
        )
    for left in folder.glob(f".{name}.*"):
        if left.name.startswith((f".{name}.new-", f".{name}.old-")):
            shutil.rmtree(left, ignore_errors=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{name}.new-", dir=folder))
    try:
        fresh.chmod(0o755)
        for path, data in files.items():
            _put(fresh / path, data)
        # not the index: on paper its links lead nowhere
        printed = sorted(p for p in files if p.endswith(".html") and p != "index.html")
        lines = print_pdf.pages(fresh, printed) if pdf else ()
        if pdf:
            _seal_pdfs(fresh)
        _sync(fresh)
        if target.is_symlink():
            target.unlink()
        if target.exists():
            old = Path(tempfile.mkdtemp(prefix=f".{name}.old-", dir=folder))
            os.rename(target, old / name)
            os.rename(fresh, target)
            shutil.rmtree(old, ignore_errors=True)
        else:
            os.rename(fresh, target)
        _sync(folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return lines


def _seal_pdfs(folder: Path) -> None:
    """Adds the printed pages to the manifest."""
    seal = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    for path in sorted(folder.rglob("*.pdf")):
        seal["files"][path.relative_to(folder).as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    _put(folder / MANIFEST, (json.dumps(seal, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode())


def _put(path: Path, data: bytes) -> None:
    """A file of a run, in its folder."""
    path.parent.mkdir(exist_ok=True)
    disk.put(path, data)


def _sync(folder: Path) -> None:
    """The entries of a folder on the disk, where the system can do it."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
