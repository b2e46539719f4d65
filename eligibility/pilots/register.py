"""The register of running and planned pilots: kept by hand, read strictly, never counted.

    pilots:
      - country: MDA
        body: {kind: complementary-prosecutor, name: An invented body}   # kind: an id under `mechanisms`
        stage: talks                                        # talks | agreed | running | ended

Only these three are needed; what is left out is open, never false. The other keys are the fields of `Pilot`, written
as they stand here, `from_` as `from`. Whoever says something of a body says where it is written: `source`, an https
address. Nothing here knows what day it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field

from eligibility.contract_parts import VehicleKind
from eligibility.errors import InputError, Problem
from eligibility.files import strict_yaml
from eligibility.files.strict_yaml import Document, Steps, shown
from eligibility.language.notes import Country
from eligibility.language.shape import held, nearest, place
from eligibility.policy.words import Address, Date, Id, Model, Text

TOP = "pilots"
NOBODY = "nobody"


class PilotsError(InputError):
    """A register of pilots cannot be honoured."""


Names = Annotated[list[Text], Field(min_length=1)]

Stage = Literal["talks", "agreed", "running", "ended"]
ConsentForm = Literal["constitution", "law", "treaty", "agreement", "decree", "letter", "imposed"]
EventKind = Literal[
    "coup", "self-coup", "parliament-closed", "court-replaced", "head-barred",
    "mandate-cut", "files-refused", "money-stopped", "staff-charged",
]  # fmt: skip
# What the document asks of a body, in its order (lines 329-335, 341, 372 and 435).
Line = Literal[
    "money", "evidence", "mandate", "term", "renewal", "end-alone", "partners", "reform", "vehicle"
]
LINES: tuple[Line, ...] = get_args(Line)


class Body(Model):
    """Which kind of body, and what it is called."""

    kind: Id
    name: Text | None = None


class Consent(Model):
    """How the host agreed, who did, and when."""

    form: ConsentForm
    by: Text | None = None
    on: Date | None = None
    source: Address | None = None


class Ender(Model):
    """Who can end the body alone, and from which day; `nobody` where nobody can."""

    who: Text
    from_: Date | None = Field(None, alias="from")
    source: Address | None = None


class Renewal(Model):
    """By when and by whom renewal must be asked; `possible: false` where there is none."""

    possible: bool = True
    ask_by: Date | None = None
    by: Text | None = None
    source: Address | None = None


class Money(Model):
    """How much of its money the host pays, and until when money is secured."""

    host_percent: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] | None = None
    secured_until: Date | None = None
    from_: Names = Field(default_factory=list, alias="from")
    source: Address | None = None


class Evidence(Model):
    """Whether it may summon, and who may refuse it what it asks for; `nobody` where nobody may."""

    may_summon: bool | None = None
    may_be_refused_by: Text | None = None
    source: Address | None = None


class Mandate(Model):
    """Whether it is about networks rather than kinds of crime, and whether it is to reform too."""

    networks: bool | None = None
    reform: bool | None = None
    source: Address | None = None


class Partners(Model):
    """Who works with it."""

    agencies: Names = Field(default_factory=list)
    ngos: Names = Field(default_factory=list)
    prosecutors: Names = Field(default_factory=list)


class Vehicle(Model):
    """Which programme with reviews the pilot is tied to, and the day of the next one."""

    kind: VehicleKind
    name: Text | None = None
    review_on: Date | None = None
    source: Address | None = None


class Result(Model):
    """A figure of the body's own field from before its start, to hold later ones against: convictions, files answered."""

    what: Text
    before: Annotated[float, Field(allow_inf_nan=False)] | None = None
    unit: Text | None = None
    year: Annotated[int, Field(ge=1990, le=2100)] | None = None
    source: Address | None = None


class Happened(Model):
    """What happened to the body or its host, and on which day."""

    on: Date
    kind: EventKind
    source: Address
    note: Text | None = None


def _ender(value: Any) -> Any:
    return {"who": NOBODY} if value == NOBODY else value


class Pilot(Model):
    """One pilot of the register. None is "not said"; every day is a `datetime.date`."""

    country: Country
    body: Body
    stage: Stage
    begins: Date | None = None
    ends: Date | None = None
    consent: Consent | None = None
    can_end_alone: Annotated[Ender, BeforeValidator(_ender)] | None = None
    renewal: Renewal | None = None
    next_election: Date | None = None
    money: Money | None = None
    evidence: Evidence | None = None
    mandate: Mandate | None = None
    partners: Partners | None = None
    vehicle: Vehicle | None = None
    compare_with: Annotated[list[Country], Field(min_length=1)] = Field(default_factory=list)
    outcomes: Annotated[list[Result], Field(min_length=1)] = Field(default_factory=list)
    review_on: Date | None = None
    events: Annotated[list[Happened], Field(min_length=1)] = Field(default_factory=list)
    # why a line may stay as it is
    reasons: Annotated[dict[Line, Text], Field(min_length=1)] = Field(default_factory=dict)

    @property
    def id(self) -> str:
        """What it is called in results and file names: country, kind of body, year of its beginning if known."""
        year = (str(self.begins.year),) if self.begins else ()
        return "-".join((self.country, self.body.kind, *year))


class _File(Model):
    pilots: Annotated[list[Pilot], Field(min_length=1)]


@dataclass(frozen=True)
class Register:
    """The pilots of a file in its order, and the file as it was read."""

    pilots: tuple[Pilot, ...] = ()
    text: str = ""
    sha256: str = ""

    def of(self, iso3: str) -> tuple[Pilot, ...]:
        """The pilots of one country, in the order of the file."""
        return tuple(pilot for pilot in self.pilots if pilot.country == iso3)


EMPTY = Register()


def register(path: Path, kinds: Collection[str] = ()) -> Register:
    """The register in a file.

    kinds    the kinds of body there are; any if empty
    raises   PilotsError with every problem, `file:line:column: path: rule (got value); hint`
    """
    document = strict_yaml.read(path, refusal=PilotsError)
    return Register(of(document, kinds), document.text, document.sha256)


def of(document: Document, kinds: Collection[str] = ()) -> tuple[Pilot, ...]:
    """The pilots of a document, in its order; as `register`.

    >>> text = "pilots: [{country: MDA, body: {kind: reporting-body}, stage: running, begins: 2026-01-01}]"
    >>> [pilot.id for pilot in of(strict_yaml.parse(text))]
    ['MDA-reporting-body-2026']
    """
    file, problems, _ = held(document, _File, f"a mapping with the key `{TOP}`")
    pilots = tuple(file.pilots) if file else ()
    problems += _senseless(document, pilots, kinds)
    if problems:
        raise PilotsError(sorted(set(problems), key=place))
    return pilots


def _senseless(document: Document, pilots: Iterable[Pilot], kinds: Collection[str]) -> Iterator[Problem]:
    """What is well-formed and cannot be meant."""
    seen: dict[str, int] = {}
    for number, pilot in enumerate(pilots):
        at: Steps = (TOP, number)

        def no(*path: str | int, rule: str, got: object = "", hint: str = "", at: Steps = at) -> Problem:
            return document.problem((*at, *path), rule, str(got), hint)

        if kinds and pilot.body.kind not in kinds:
            hint = nearest(pilot.body.kind, kinds) or f"there are {', '.join(kinds)}"
            yield no(
                "body", "kind", rule="is no kind of body of the criteria", got=pilot.body.kind, hint=hint
            )
        if pilot.stage in ("running", "ended") and not pilot.begins:
            yield no("stage", rule="needs the key `begins`", got=pilot.stage)
        if pilot.stage == "ended" and not pilot.ends:
            yield no("stage", rule="needs the key `ends`", got=pilot.stage)
        if pilot.begins and pilot.ends and pilot.begins >= pilot.ends:
            yield no("ends", rule="must be after the day it begins", got=pilot.ends)
        if pilot.renewal and pilot.renewal.ask_by and pilot.ends and pilot.renewal.ask_by > pilot.ends:
            yield no("renewal", "ask_by", rule="must not be after the day it ends", got=pilot.renewal.ask_by)
        for position, each in enumerate(pilot.outcomes):
            if pilot.begins and each.year and each.year > pilot.begins.year:
                yield no(
                    "outcomes", position, "year", rule="must not be after the year it begins", got=each.year
                )
        for position, iso3 in enumerate(pilot.compare_with):
            path = ("compare_with", position)
            if iso3 == pilot.country:
                yield no(*path, rule="must be another country", got=iso3)
            elif iso3 in pilot.compare_with[:position]:
                yield no(*path, rule="is listed twice", got=iso3)
        if pilot.id in seen:
            hint = (
                f"first in {shown((TOP, seen[pilot.id]))}; pilots of one country differ in kind or first year"
            )
            yield no(rule="a second pilot", got=pilot.id, hint=hint)
        seen.setdefault(pilot.id, number)
