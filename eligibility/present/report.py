"""Writes a run: briefing, one page a country, tables, the criteria, sealed by a manifest.

    out/<criteria>-<as-of>/  index.html  briefing.html  countries/<ISO3>.html  audit.html
                             ranking.csv  ranking.xlsx  result.json  criteria.yaml  manifest.json  manifest.sha256
                             overrides.yaml where the board's register was given, also/ where other sets were,
                             pilots.yaml and pilots/<id>.html where the register of pilots was

Everything goes to a temporary sibling first, which takes the run's name when it is complete: whole or absent.
The same result and command give the same bytes; no time, path, user or host is written.
"""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2
import xlsxwriter

from eligibility.analysis import soundness
from eligibility.analysis.compare.others import record
from eligibility.analysis.compare.since import Since, year_before
from eligibility.errors import InputError, Problem, UsageError
from eligibility.files import disk, exchange, opened, seal
from eligibility.files.seal import DIGEST, MANIFEST
from eligibility.language.criteria import word
from eligibility.method.result import Result
from eligibility.pages import also as others_sets
from eligibility.pages import (
    annexes,
    auditing,
    brief,
    card,
    contents,
    details,
    dossier,
    outlines,
    outside,
    print_pdf,
)
from eligibility.pages import last_round as since_round
from eligibility.pages.blocks import Page
from eligibility.pages.facts import Facts
from eligibility.pages.rendering import render
from eligibility.pages.views import Entry
from eligibility.pages.wording import counted, plain
from eligibility.present import spreadsheet, tables

COPY = "criteria.yaml"  # of the criteria, in every run
OVERRIDES = "overrides.yaml"  # a copy of the board's register, where one was given
PILOTS = "pilots.yaml"  # likewise of the register of pilots


@dataclass(frozen=True)
class Written:
    """What a run left behind: its folder, the briefing, how many country pages, lines for the terminal."""

    path: Path
    briefing: Path
    pages: int
    lines: tuple[str, ...]
    unprinted: bool = False  # a PDF was asked for and not printed


def write(
    result: Result,
    out: Path | None = None,
    countries: tuple[str, ...] = (),
    pdf: bool = False,
    command: str = "",
    since: Since | None = None,
    others: Sequence[Result] = (),
    replace: bool = False,
    paper: str = "a4",
    narrowed: Sequence[str] = (),
) -> Written:
    """The run on disk. UsageError where another one of its name stands there and is not to be replaced.

    out         the folder that holds runs, by default `out` here
    countries   ISO3 of the pages wanted; all candidates if empty
    command     the words that make this run again; made from the criteria if empty
    since       the last round, with which the pages compare; the same criteria one year before if none is given
    others      other criteria sets judged at the same date, told beside the verdicts
    replace     whether another run of its name gives way to it
    paper       what a PDF is printed on: a4 or letter
    narrowed    the words that chose `countries`, for the command; made from them if empty
    """
    absent = sorted(set(countries) - set(result.screening.status.index))
    if absent:
        hint = "a page is made for candidates only, whom the rule `pool` lets in"
        raise UsageError(Problem("countries", iso3, "not a candidate", hint=hint) for iso3 in absent)
    folder = Path(out) if out is not None else Path("out")
    path = folder / f"{result.criteria.id}-{result.as_of.isoformat()}"
    files = content(result, countries, command, since, others, narrowed)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with exchange.held(folder), exchange.beside(folder, path.name) as fresh:
            if path.exists() and not path.is_symlink() and _foreign(path):
                hint = "move it away or name another folder"
                raise UsageError(Problem("--out", str(path), "exists and is not a run", hint=hint))
            printed = _fill(fresh, files, paper if pdf else "")
            digest, gone = seal.digest_of(fresh), tuple[str, ...]()
            if not exchange.same(fresh, path):
                gone = _replaced(path, result, files, replace)
                exchange.swap(fresh, path)
    except OSError as error:
        raise UsageError(
            Problem("--out", str(error.filename or folder), f"cannot be written: {error.strerror or error}")
        ) from None
    pages = sum(1 for name in files if name.startswith("countries/"))
    told = (
        f"{path / 'briefing.html'}",
        f"{counted(pages, 'country page')} in {path / 'countries'}",
        f"{path / 'ranking.xlsx'}",
        f"sha256 of {path / MANIFEST}: {digest}",
        *printed.lines,
        *gone,
    )
    return Written(path, path / "briefing.html", pages, told, not printed.whole)


def content(
    result: Result,
    countries: tuple[str, ...] = (),
    command: str = "",
    since: Since | None = None,
    others: Sequence[Result] = (),
    narrowed: Sequence[str] = (),
) -> dict[str, bytes]:
    """Every file of a run but its PDFs and the digest of the seal, which covers them: relative path -> bytes."""
    since = year_before(result) if since is None else since
    facts = Facts.of(result, since, others)
    wanted = tuple(c for c in facts.pool if not countries or c in countries)
    narrowed = narrowed or (("--only", ",".join(wanted)) if countries else ())
    links = frozenset(wanted)
    command = command or _command(result, since=since.word, others=others, narrowed=narrowed)
    proof = reproduce(result, command)
    told = proof + since_round.proof(facts) + others_sets.proof(facts)
    board = briefing_page(facts, links, told, outlines.world())
    files = {"briefing.html": render("briefing.html.j2", page=board)}
    for iso3 in wanted:
        files[f"countries/{iso3}.html"] = render(
            "country.html.j2", page=country_page(facts, iso3, links, told)
        )
    for iso3 in outside.of(facts) if len(wanted) == len(facts.pool) else ():
        files[f"countries/{iso3}.html"] = render(
            "country.html.j2", page=outside.page(facts, iso3, run_id(result))
        )
    files["audit.html"] = audit(facts, soundness.quick(result), proof, "briefing.html")
    document = tables.document(result)
    # a mark for spreadsheets, which take a CSV without one for the desktop's code page; --format csv is for programs
    files["ranking.csv"] = tables.csv(result, document).encode("utf-8-sig")
    files["ranking.xlsx"] = spreadsheet.book(facts, document, proof)
    files["result.json"] = tables.json(result, document).encode()
    files[COPY] = result.criteria.text.encode()
    if result.register.text:
        files[OVERRIDES] = result.register.text.encode()
    if result.pilots.text:
        files[PILOTS] = result.pilots.text.encode()
    for pilot in result.pilots.pilots:
        sheet = dossier.page(facts, pilot, run_id(result))
        files[f"pilots/{pilot.id}.html"] = render("pilot.html.j2", sheet=sheet, again=details.again(proof))
    files |= {path: other.criteria.text.encode() for path, other in kept(others).items()}
    contained = contents.page(facts, board.title, {*files, MANIFEST, DIGEST}, links, proof)
    files["index.html"] = render("index.html.j2", page=contained)
    files[MANIFEST] = manifest(result, command, files, since, others)
    return files


def briefing_page(
    facts: Facts, links: frozenset[str], proof: tuple[Entry, ...], drawn: outlines.World | None
) -> Page:
    """The briefing: its two sheets, then the annexes."""
    return brief.page(facts, links, run_id(facts.result), drawn, tuple(annexes.sections(facts, links, proof)))


def country_page(facts: Facts, iso3: str, links: frozenset[str], proof: tuple[Entry, ...]) -> Page:
    """The page of a country: its card, then the details, folded."""
    return card.page(facts, iso3, run_id(facts.result), tuple(details.sections(facts, iso3, links, proof)))


def audit(
    facts: Facts, sound: soundness.Soundness, reproduce: tuple[Entry, ...], briefing: str = ""
) -> bytes:
    """The audit page; `briefing` is where the briefing lies, if beside it."""
    return render("audit.html.j2", page=auditing.page(facts, sound, reproduce), briefing=briefing)


def audit_alone(sound: soundness.Soundness, path: Path) -> None:
    """The audit page as a file of its own, written whole or not at all."""
    facts = Facts.of(sound.result)
    command = _command(sound.result, "audit", copy="FILE") + " --page audit.html"
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
    sealed = {
        "run": run_id(result),
        "digest": digest(result),
        **_decided(result),
        "command": command,
        "since": since.record,
        "also": [record(other) for other in others],
        "files": {
            path: hashlib.sha256(data).hexdigest() for path, data in sorted(files.items()) if path != MANIFEST
        },
    }
    return _written(sealed)


def _decided(result: Result) -> dict:
    """What decides a run, for its seal."""
    pages = {"jinja2": jinja2.__version__, "xlsxwriter": xlsxwriter.__version__}
    told, board = result.provenance, result.register.text
    return {
        "as_of": result.as_of.isoformat(),
        **told,
        "libraries": {**told["libraries"], **pages},
        OVERRIDES: hashlib.sha256(board.encode()).hexdigest() if board else None,
        **({PILOTS: result.pilots.sha256} if result.pilots.text else {}),  # runs without one keep their id
    }


def _written(sealed: dict) -> bytes:
    return (json.dumps(sealed, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def digest(result: Result) -> str:
    """One checksum over all that decides: criteria, figures, sheets, registers, options, the board's register, engine."""
    return seal.digest(_decided(result))


def run_id(result: Result) -> str:
    """Twelve signs that name what went in: the first of the digest."""
    return seal.run_id(_decided(result))


def reproduce(result: Result, command: str) -> tuple[Entry, ...]:
    """The lines at the foot of every page."""
    engine, own = result.provenance["engine"], result.criteria
    return (
        Entry("Command", command),
        Entry(
            "Run",
            f"{run_id(result)} (names criteria, figures with their sheets, registers, options and engine together; "
            "manifest.json lists the checksums)",
        ),
        Entry(
            "Engine",
            f"eligibility {engine['version']}"
            + (f"; seed {engine['seed']}; {engine['draws']:,} simulations" if result.firmness.drawn else ""),
        ),
        Entry("Criteria", f"{own.id} {plain(own.version)}, sha256 {own.sha256}"),
    )


def checksums(result: Result) -> tuple[Entry, ...]:
    """The inputs by checksum, for the briefing."""
    return tuple(
        Entry(f"Figures {s.id}, released {s.released.isoformat()}", f"sha256 {s.sha256}")
        for s in result.panel.sources
    )


def _command(
    result: Result,
    verb: str = "report",
    since: str = "",
    others: Sequence[Result] = (),
    narrowed: Sequence[str] = (),
    copy: str = COPY,
) -> str:
    """The shortest command that makes this run again; `copy` is where a file that is not shipped lies."""
    own = result.criteria
    return " ".join(
        [
            f"eligibility {verb} {word(own, copy)} --as-of {result.as_of.isoformat()}",
            *(f"--set {s}" for s in own.settings),
            *result.panel.reading.words,
            *(shlex.quote(plain(one)) for one in narrowed),
            *([f"--overrides {OVERRIDES}"] if result.register.text else []),
            *([f"--pilots {PILOTS}"] if result.pilots.text else []),
            *([f"--since {shlex.quote(plain(since))}"] if since else []),
            *(f"--also {path}" for path in kept(others)),
        ]
    )


def kept(others: Sequence[Result]) -> dict[str, Result]:
    """Where a run keeps a copy of each other set that was asked for: relative path -> what it says."""
    return {f"also/{n}-{other.criteria.id}.yaml": other for n, other in enumerate(others, 1)}


def _foreign(target: Path) -> bool:
    """Whether something stands there that is neither a run nor an empty folder."""
    return not (target / MANIFEST).is_file() and any(target.iterdir() if target.is_dir() else [1])


def _replaced(target: Path, result: Result, files: dict[str, bytes], replace: bool) -> tuple[str, ...]:
    """What to say of the other run that stood there, where this one does not hold all that it held.

    UsageError where it is not to be replaced.
    """
    if not (target / MANIFEST).is_file():
        return ()
    try:
        old = json.loads(opened.text(target / MANIFEST))
        own, pages = old["criteria"], sum(path.startswith("countries/") for path in old["files"])
        told = f"the run {plain(str(old['run']))} of {plain(str(own['id']))} {plain(str(own['version']))}"
        told += "" if replace or not seal.differences(target) else ", changed since it was sealed"
        other = own["sha256"] != result.criteria.sha256
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, InputError):
        told, other, pages = "a run that cannot be read", False, 0
    if not replace:
        rule = "another run stands there, and none is replaced unasked"
        hint = "add --replace to put this one in its place, or name another folder"
        raise UsageError(Problem("--out", str(target), rule, told, hint))
    if other:
        return (
            f"replaced {told}, whose file was another: to keep both, give a changed file an id of its own",
        )
    if pages > sum(path.startswith("countries/") for path in files):
        return (f"replaced {told}, which had {counted(pages, 'country page')}",)
    return ()


def _fill(fresh: Path, files: dict[str, bytes], paper: str) -> print_pdf.Printed:
    """Writes a run into an empty folder, prints it if on some paper, and seals it."""
    for path, data in files.items():
        (fresh / path).parent.mkdir(exist_ok=True)
        disk.put(fresh / path, data)
    told = print_pdf.Printed((), True)
    if paper:
        # not the index: on paper its links lead nowhere
        pages = sorted(p for p in files if p.endswith(".html") and p != "index.html")
        told = print_pdf.pages(fresh, pages, paper)
        sealed = seal.manifest(fresh)
        for printed in sorted(fresh.rglob("*.pdf")):
            sealed["files"][printed.relative_to(fresh).as_posix()] = hashlib.sha256(
                opened.content(printed, opened.SEALED)
            ).hexdigest()
        disk.put(fresh / MANIFEST, _written(sealed))
    disk.put(fresh / DIGEST, f"{seal.digest_of(fresh)}  {MANIFEST}\n".encode())
    return told
