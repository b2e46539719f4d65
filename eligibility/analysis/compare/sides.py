"""What the two ends of a comparison are: a criteria file, a date, pinned vintages or a sealed run.

A side says what it says and takes the rest from the options, then from the other side, then the usual:
two criteria at one date, two dates of one policy, two vintages under one policy at one date.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from operator import itemgetter
from pathlib import Path
from typing import Any

from eligibility.data import panel, sources
from eligibility.data.panel import NEWEST, Reading
from eligibility.data.sources import Source
from eligibility.errors import CriteriaError, InputError, IntegrityError, Problem, UsageError
from eligibility.files import opened, seal
from eligibility.language import criteria as language
from eligibility.language.shape import nearest
from eligibility.method import run, vintages
from eligibility.method.result import Result
from eligibility.method.vintages import pinned
from eligibility.policy import fiscal, walk
from eligibility.policy.model import Criteria

DEFAULT_CRITERIA = "peacetime-pilots"
MOST = 8  # countries named in one sentence
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2}|FY\d{4})\Z")
_DATELIKE = re.compile(r"[\d./-]+\Z")
_FORMS = "a criteria file, a date such as 2016-07-01, ids of datasets held, or the folder of a run"


@dataclass(frozen=True)
class Said:
    """One argument as understood; what it leaves open is None."""

    name: str
    ref: str | Path | None = None
    as_of: date | None = None
    pins: tuple[str, ...] = ()
    sealed: Sealed | None = None


@dataclass(frozen=True)
class Sealed:
    """A run on disk, as it was sealed: its folder, its manifest and its result."""

    folder: Path
    manifest: dict[str, Any]
    found: dict[str, Any]

    @property
    def as_of(self) -> date:
        return date.fromisoformat(self.manifest["as_of"])

    @property
    def settings(self) -> tuple[str, ...]:
        return tuple(map(str, self.manifest["criteria"]["settings"]))


@dataclass(frozen=True)
class Side:
    """One end, ready to be judged.

    result   the round, run again; None where it cannot be
    shelf    the datasets it may use
    sealed   the run on disk it comes from, if any
    why      why it cannot be run again, "" where it was
    """

    name: str
    result: Result | None
    shelf: tuple[Source, ...]
    sealed: Sealed | None = None
    why: str = ""


def sides(
    a: str,
    b: str,
    ref: str | None = None,
    as_of: date | None = None,
    draws: int | None = None,
    data: Path | None = None,
    reading: Reading = NEWEST,
) -> tuple[Side, Side]:
    """Both ends, judged.

    ref, as_of   the criteria and the date of the sides that do not say their own
    reading      which releases both may read; those a side names count over it
    """
    shelf = pinned(sources.shelf(data), reading.pins)
    told = tuple(understood(word, where, shelf) for word, where in ((a, "A"), (b, "B")))
    if ref is not None and all(t.ref or t.sealed for t in told):
        raise UsageError(Problem("--criteria", "option", "A and B both say their criteria"))
    if as_of is not None and all(t.as_of or t.sealed for t in told):
        raise UsageError(Problem("--as-of", "option", "A and B both say their date"))
    ready = [_policy(t, told[1 - k], ref, draws, shelf) if not t.sealed else None for k, t in enumerate(told)]
    days = [t.sealed.as_of if t.sealed else t.as_of for t in told]
    common = as_of or next((day for day in days if day), None)
    common = common or min(default_day(policy, mine, reading) for policy, mine in filter(None, ready))
    made = [
        judged(t.name, *mine, day or common, reading.also(t.pins)) if mine else again(t, draws, shelf)
        for t, mine, day in zip(told, ready, days, strict=True)
    ]
    return made[0], made[1]


def understood(word: str, where: str, shelf: Iterable[Source]) -> Said:
    """What one argument means; nothing is guessed."""
    if _DAY.match(word):
        return Said(word, as_of=fiscal.calendar(word, where))
    held = {source.id: source for source in shelf}
    pins = tuple(word.split(","))
    if all(pin in held for pin in pins):
        families = [held[pin].family for pin in pins]
        if twice := sorted({f for f in families if families.count(f) > 1}):
            raise UsageError(Problem(where, "datasets", "one of each family", ", ".join(twice)))
        return Said(word, pins=pins)
    path = Path(word)
    if path.is_dir() and word not in language.shipped():  # an id means its set, whatever lies here
        return Said(word, sealed=_opened(path))
    if "," in word and not path.exists():
        absent = ", ".join(pin for pin in pins if pin not in held)
        hint = "`eligibility data list` names those held"
        raise UsageError(Problem(where, "datasets", "must be ids of datasets held", absent, hint))
    try:
        language.find(word)
    except UsageError as error:
        hint = nearest(word, held) or error.problems[0].hint
        if _DATELIKE.match(word):
            hint = "write a date as 2016-07-01"
        raise UsageError(Problem(where, "argument", f"must be {_FORMS}", word, hint)) from None
    return Said(word, ref=word)


def _policy(
    said: Said, other: Said, ref: str | None, draws: int | None, shelf: tuple[Source, ...]
) -> tuple[Criteria, tuple[Source, ...]]:
    """The criteria of a side that is not a run, and the datasets it may use."""
    mine = pinned(shelf, said.pins)
    settings: tuple[str, ...] = ()
    wanted = said.ref or ref or other.ref or DEFAULT_CRITERIA
    if not (said.ref or ref) and other.sealed:
        wanted, settings = other.sealed.folder / "criteria.yaml", other.sealed.settings
    policy = language.load(wanted, panel.catalogue(mine), settings)
    return policy.drawing(draws), mine


def default_day(policy: Criteria, shelf: Iterable[Source], reading: Reading = NEWEST) -> date:
    """The latest release day among the releases of a shelf that are read by what decides."""
    return vintages.default_day(policy, panel.load(walk.indicators(policy), shelf, "unknown", reading))


def judged(
    name: str, policy: Criteria, shelf: tuple[Source, ...], as_of: date, reading: Reading = NEWEST
) -> Side:
    """A side judged now."""
    return Side(name, run.judge(policy, run.held(policy, shelf, reading), as_of), shelf)


# Sealed runs -----------------------------------------------------------------------------------------------


def _opened(folder: Path) -> Sealed:
    """A run that is as it was sealed; IntegrityError names what is not."""
    if changed := seal.differences(folder):
        raise IntegrityError("\n".join(changed))
    manifest, where = seal.manifest(folder), str(folder / seal.MANIFEST)
    try:
        date.fromisoformat(manifest["as_of"])
        list(map(itemgetter("id", "sha256"), manifest["sources"]))
        whole = [type(number) is int for number in itemgetter("seed", "draws")(manifest["engine"])]
        sound = isinstance(manifest["criteria"]["settings"], list) and all(whole)
    except (KeyError, TypeError, ValueError):
        sound = False
    if not sound:
        raise UsageError(Problem(where, "manifest", "must name date, criteria, sources and engine of a run"))
    try:
        found = json.loads(opened.text(folder / "result.json", opened.SEALED))
        list(map(itemgetter("iso3", "status", "score", "rank"), found["countries"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        where = str(folder / "result.json")
        raise UsageError(Problem(where, "file", "must be the result of a run")) from None
    return Sealed(folder, manifest, found)


def _as_read(shelf: Iterable[Source], sealed: Sealed) -> tuple[Source, ...]:
    """The datasets of a run, each to answer for the series it answered for then; older seals do not say which."""
    shelf, said = tuple(shelf), _told(sealed, "series", dict)
    named = {id_: of for id_, of in said.items() if isinstance(of, list)}
    pins = [f"{s.family}.{name}={s.id}" for s in shelf for name in s.series if name in named.get(s.id, ())]
    return pinned(shelf, pins)


def _reading(sealed: Sealed) -> Reading:
    """Which releases the run was told to read; `_as_read` holds it to those it did."""
    pins = map(str, _told(sealed, "vintages", list))
    return Reading(_told(sealed, "as_known", bool), tuple(pins))


def _told(sealed: Sealed, key: str, kind: type) -> Any:
    """What a manifest says of the releases read; empty where it says nothing of this kind."""
    said = sealed.manifest.get("reading")
    found = said.get(key) if isinstance(said, dict) else None
    return found if isinstance(found, kind) else kind()


def again(said: Said, draws: int | None, shelf: tuple[Source, ...]) -> Side:
    """A sealed run, run again on the datasets it was sealed with; or why that cannot be."""
    sealed = said.sealed
    assert sealed is not None
    held = {(s.id, s.sha256): s for s in shelf}
    wanted = [(s["id"], s["sha256"]) for s in sealed.manifest["sources"]]
    if lost := [f"{name} (sha256 {sha[:12]}…)" for name, sha in wanted if (name, sha) not in held]:
        return Side(said.name, None, (), sealed, f"no longer held: {', '.join(lost)}")
    mine = _as_read((held[key] for key in wanted), sealed)
    engine = sealed.manifest["engine"]
    try:
        policy = _own_policy(sealed, mine)
        side = judged(
            said.name,
            policy.drawing(engine["draws"] if draws is None else draws, engine["seed"]),
            mine,
            sealed.as_of,
            _reading(sealed),
        )
    except InputError as error:
        problem = str(error.problems[0]).replace(f"{sealed.folder}{os.sep}", "")  # the same wherever it lies
        return Side(said.name, None, (), sealed, f"its criteria no longer hold: {problem}")
    assert side.result is not None  # as `judged` gives it
    if others := _differing(side.result, sealed.found):
        version = engine.get("version", "?")
        shown = ", ".join(others[:MOST]) + (f" and {len(others) - MOST} more" if len(others) > MOST else "")
        why = f"sealed by engine {version}; this one gives another answer for {shown}"
        return Side(said.name, None, mine, sealed, why)
    return replace(side, sealed=sealed)


def _own_policy(sealed: Sealed, shelf: Iterable[Source]) -> Criteria:
    """The criteria a run was sealed with; where the language no longer takes them, the set that keeps that version."""
    known = panel.catalogue(shelf)
    try:
        return language.load(sealed.folder / "criteria.yaml", known, sealed.settings)
    except CriteriaError:
        own = sealed.manifest["criteria"]
        kept = language.kept_as(str(own.get("id")), str(own.get("version")))
        if not kept:
            raise
        return language.load(kept, known, sealed.settings)


def _differing(result: Result, found: dict[str, Any]) -> list[str]:
    """The countries whose status, score or rank is not the sealed one."""
    sealed = {c["iso3"]: (c["status"], _number(c["score"]), _number(c["rank"])) for c in found["countries"]}
    status, scores, shown = result.screening.status, result.points, result.ranking.shown
    now = {c: (status[c], _number(scores[c]), _number(shown[c])) for c in status.index}
    return sorted(c for c in sealed.keys() | now.keys() if sealed.get(c) != now.get(c))


def _number(value: float | None) -> float | None:
    """A number as results print it, None for none."""
    return None if value is None or value != value else round(float(value), 12)
