"""How a rule is written, and what asks for one: gates, tracks, kinds of body, peer groups; and events that hold."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Annotated, Literal, get_args

from pydantic import Field
from pydantic_core import PydanticCustomError

from eligibility.policy import requirements
from eligibility.policy.requirements import Group, InForceOrAlways, Named, Points, Test, of_indicator
from eligibility.policy.words import (
    ALWAYS,
    Cites,
    Countries,
    Id,
    Indicator,
    InForce,
    Missing,
    Months,
    Said,
    Text,
)
from eligibility.policy.written import DOTTED, TOLD_APART, UNWRITTEN, As, Written, spread

JOINS: tuple[requirements.Join, ...] = get_args(requirements.Join)


@dataclass(frozen=True)
class Rule(Written):
    """Exactly one of: a test of one indicator, a group, points, countries by name."""

    all: Annotated[list[WrittenNode], Field(min_length=1)] | None = None
    any: Annotated[list[WrittenNode], Field(min_length=1)] | None = None
    none: Annotated[list[WrittenNode], Field(min_length=1)] | None = None
    at_least: AtLeast | None = None
    points: Points | None = None
    countries: Countries | None = None
    tests: dict[str, Test] = field(default_factory=dict, metadata=DOTTED)

    def rule(self) -> requirements.Node:
        """The node of the tree; its place and what it takes from around it are not known yet."""
        names = (*JOINS, "points", "countries")
        given = [name for name in names if getattr(self, name) is not None] + list(self.tests)
        if len(given) != 1:
            raise PydanticCustomError(
                "one_of",
                "needs exactly one of: {shown}",
                {"shown": "an indicator, " + ", ".join(names), "said": ", ".join(given) or "none"},
            )
        for indicator, test in self.tests.items():
            return of_indicator(test, indicator)
        if self.points:
            return replace(self.points, path="")
        if self.countries:
            return Named("", self.countries)
        if self.at_least:
            return Group("", "at_least", tuple(self.at_least.of), self.at_least.n)
        join = next(name for name in JOINS if getattr(self, name))
        return Group("", join, tuple(getattr(self, join)))


@dataclass(frozen=True)
class AtLeast(Written):
    n: Annotated[int, Field(ge=1)]
    of: Annotated[list[WrittenNode], Field(min_length=1)]


@dataclass(frozen=True)
class Node(Rule):
    """A rule inside another."""

    title: Text | None = None
    basis: Text | None = None
    missing: Missing | None = None
    cites: Cites | None = None
    grants: Literal["conditional"] | None = None
    in_force: InForce | None = None

    def node(self) -> requirements.Node:
        """The rule, with what is said of it beside it; a test says it all itself."""
        made = self.rule()
        if not isinstance(made, Test):
            return replace(
                made,
                title=self.title or "",
                cites=self.cites,
                grants=self.grants or "pass",
                in_force=self.in_force or ALWAYS,
            )
        for name in ("basis", "missing", "cites", "grants", "in_force"):
            if getattr(self, name) is not None:
                message = "`{name}` of a single test goes inside it, beside its operator"
                raise PydanticCustomError("rule", message, {"name": name})
        return made


WrittenNode = Annotated[requirements.Node, As(Node, Node.node)]


@dataclass(frozen=True)
class WholeRule(Rule):
    """A rule that stands by itself, and what everything in it can rest on."""

    basis: Text | None = None
    missing: Missing | None = None

    def parts(self) -> dict[str, requirements.Node]:
        """The rule alone: what is said beside it goes to its parts, by their places."""
        return {"rule": self.rule()}


@dataclass(frozen=True)
class Gate(Written):
    """A necessary condition."""

    # or one kind of candidate (in `Criteria.tracks`) or of body (in `Criteria.mechanisms`)
    opening = (
        *(name for name, _ in Rule.written()),
        "title",
        "cites",
        "question",
        "basis",
        "missing",
        "in_force",
    )

    id: str = field(metadata=UNWRITTEN)
    title: Text
    rule: requirements.Node = field(metadata=spread(WholeRule))
    cites: Cites
    question: Said = ""  # as a board member would ask it
    # of tracks and bodies: whom a country must belong to
    peer_group: str = field(default="", metadata=UNWRITTEN)
    # of tracks: whether it makes eligible; one that does not makes qualified
    ideal: bool = field(default=True, metadata=UNWRITTEN)
    in_force: InForceOrAlways = ALWAYS

    @property
    def applies(self) -> InForce:
        """When it is in force by its own dates, or by those of its one test."""
        return self.rule.in_force if self.in_force.always else self.in_force


@dataclass(frozen=True)
class Track(Gate):
    """One kind of candidate."""

    peer_group: Annotated[str, As(Id | None, lambda said: said or "")] = ""
    ideal: Annotated[bool, As(bool | None, lambda said: said is not False)] = True


@dataclass(frozen=True)
class Mechanism(Gate):
    """One kind of accountability body."""

    peer_group: Annotated[str, As(Id | None, lambda said: said or "")] = ""


@dataclass(frozen=True)
class PeerGroup:
    """A peer group; `rule` is None for the `otherwise` group, which comes last."""

    id: str
    title: str
    rule: requirements.Node | None


def _group(said: Node | str) -> PeerGroup:
    """One group of a file, whose id is not known yet."""
    return PeerGroup("", "", None) if isinstance(said, str) else PeerGroup("", said.title or "", said.node())


_Peer = Annotated[PeerGroup, As(Annotated[Literal["otherwise"] | Node, TOLD_APART], _group)]
Peers = Annotated[
    tuple[PeerGroup, ...],
    As(
        Annotated[dict[Id, _Peer], Field(min_length=1)] | None,
        lambda said: tuple(
            replace(each, id=id_, title=each.title or id_.capitalize()) for id_, each in (said or {}).items()
        ),
    ),
]


@dataclass(frozen=True)
class Hold(Written):
    """Events after which a country is on hold."""

    # without a verdict or a rank until so many months have passed, and figures of the time after are there
    opening = ("title", "cites")

    title: Text
    events: Indicator  # the list of events
    kinds: Annotated[tuple[str, ...], As(Annotated[list[Id], Field(min_length=1)], tuple)]  # those that hold
    months: Months  # how many must have passed since the event
    # whether every gate must also read figures of the first full calendar year after it
    figures: Annotated[bool, As(Literal["next-full-year"] | None, bool)] = field(
        metadata={"alias": "until_figures_of"}
    )
    basis: Text
    cites: Cites
