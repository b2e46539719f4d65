"""What a criteria file says, once it has been read: frozen values, no YAML, no data.

    Criteria ── pool       Node            who is considered
             ├─ peers      (PeerGroup)     whose medians and percentiles count
             ├─ gates      (Gate)          necessary conditions, never traded off
             ├─ tracks     (Gate)          kinds of candidate; at least one must hold
             ├─ hold       Hold            events after which a country must wait
             ├─ score      Score           pillars of weighted indicators on stated scales
             ├─ mechanisms (Gate)          kinds of body the conditions allow; several may fit, none is in the verdict
             ├─ axes       (Axis)          shown beside the score, never in it
             ├─ flags      (Flag)          countries marked by name, likewise
             ├─ shortlist, uncertainty, ages, cases

    Node = Test | Group | Points | Named   a tree; every node knows its `path` in the file
    Threshold = float | Reference | Extreme | Dated

`criteria.load` makes these from YAML; `evaluate` reads them. Nothing here computes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from eligibility.policy.doubts import Choices, Imputation, OfValue, Uncertainty, Weights
from eligibility.policy.expected import CountryCase, Exemption, SeriesCase
from eligibility.policy.limits import Limits
from eligibility.policy.operators import COMPARISONS, Comparison
from eligibility.policy.quantities import ONE_YEAR, Measure, Quantity
from eligibility.policy.scoring import Component, Pillar, Scale, ScaleKind, Score
from eligibility.policy.shown import Axis, Flag, Marked
from eligibility.policy.terms import ALWAYS, Cites, InForce
from eligibility.policy.words import Id, Indicator, Missing, Months, Text
from eligibility.policy.written import UNWRITTEN, As, Written

__all__ = [
    "ALWAYS",
    "ONE_YEAR",
    "Axis",
    "Choices",
    "Cites",
    "Component",
    "CountryCase",
    "Criteria",
    "Dated",
    "Exemption",
    "Extreme",
    "Flag",
    "Gate",
    "Group",
    "Hold",
    "Imputation",
    "InForce",
    "Join",
    "Limits",
    "Marked",
    "Measure",
    "Metric",
    "Missing",
    "Named",
    "Node",
    "OfValue",
    "Parts",
    "PeerGroup",
    "Pillar",
    "Points",
    "Quantity",
    "Reference",
    "Scale",
    "ScaleKind",
    "Score",
    "SeriesCase",
    "Test",
    "Threshold",
    "Uncertainty",
    "Weights",
]  # fmt: skip

Join = Literal["all", "any", "none", "at_least"]


@dataclass(frozen=True)
class Reference:
    """A threshold taken from other countries: a quantile of the peers or of the whole pool.

    `of` is the quantity whose quantile is taken; `None` means the quantity under test.
    """

    among: Literal["peers", "pool"]
    quantile: float  # 0.5 is the median
    of: Quantity | None = None


@dataclass(frozen=True)
class Extreme:
    """The smaller or the larger of several thresholds, as in MCC's immunisation rule."""

    pick: Literal["min_of", "max_of"]
    of: tuple[Threshold, ...]


@dataclass(frozen=True)
class Dated:
    """A threshold that changes by date: the entry with the latest start not after the as-of date.

    None instead of a number: the entry before has ended and from that day no threshold is in force.
    """

    since: tuple[tuple[date, float | None], ...]  # ascending
    ending: tuple[date, ...] = ()  # the starts of the entries written with an end

    def entry(self, as_of: date) -> tuple[date, float | None] | None:
        """The entry of a date; None before the first."""
        begun = [entry for entry in self.since if entry[0] <= as_of]
        return begun[-1] if begun else None


Threshold = float | Reference | Extreme | Dated


@dataclass(frozen=True)
class Test:
    """One comparison of one quantity with one threshold."""

    __test__ = False  # not a test of pytest's

    path: str
    quantity: Quantity
    operator: str  # a name of operators.COMPARISONS, or "in"
    threshold: Threshold | tuple[float, ...]  # a tuple of class numbers for `in`
    basis: str = ""
    missing: Missing = "unknown"  # already inherited from the gate or the set
    cites: Cites | None = None
    grants: Literal["pass", "conditional"] = "pass"
    labels: tuple[str, ...] = ()  # the class names as written, for `in`
    line: int = 0
    in_force: InForce = ALWAYS

    @property
    def compares(self) -> Comparison | None:
        """How its quantity is held against the threshold; None where it asks for classes."""
        return None if self.operator == "in" else COMPARISONS[self.operator]

    @property
    def limit(self) -> Threshold:
        """The threshold of a comparison."""
        assert not isinstance(self.threshold, tuple)
        return self.threshold

    @property
    def classes(self) -> tuple[float, ...]:
        """The numbers of the classes asked for."""
        assert isinstance(self.threshold, tuple)
        return self.threshold


@dataclass(frozen=True)
class Group:
    """Several nodes joined: all, any, none, or at least `n` of them."""

    path: str
    join: Join
    of: tuple[Node, ...]
    n: int = 0  # only for at_least
    basis: str = ""
    title: str = ""
    missing: Missing = "unknown"
    cites: Cites | None = None
    grants: Literal["pass", "conditional"] = "pass"
    line: int = 0
    in_force: InForce = ALWAYS


@dataclass(frozen=True)
class Metric:
    """Points from one source: `bands` and `map` look at a quantity, `sum` and `max_of` at other metrics.

    bands   ((7.5, 4.0), (5.0, 3.0), (-inf, 0.0)): points of the first edge the value is above
    map     ((class number, points), ...)
    flag    points if the test holds, else 0
    """

    path: str
    kind: Literal["bands", "map", "sum", "max_of", "flag"]
    title: str = ""
    quantity: Quantity | None = None
    steps: tuple[tuple[float, float], ...] = ()
    of: tuple[Metric, ...] = ()
    test: Test | None = None
    worth: float = 0.0  # the most it can give; its share of the denominator
    basis: str = ""


@dataclass(frozen=True)
class Points:
    """Enough points of those that apply: a metric without data leaves the denominator (OGP)."""

    path: str
    metrics: tuple[Metric, ...]
    share_at_least: float  # of the applicable points
    metrics_at_least: int  # fewer than this many with data: unknown
    basis: str = ""
    title: str = ""
    cites: Cites | None = None
    grants: Literal["pass", "conditional"] = "pass"
    line: int = 0
    in_force: InForce = ALWAYS


@dataclass(frozen=True)
class Named:
    """Countries by name, each with why: who belongs to no pool, or to which peer group, whatever its figures say."""

    path: str
    countries: tuple[tuple[str, str], ...]  # (iso3, why)
    basis: str = ""
    title: str = ""
    cites: Cites | None = None
    grants: Literal["pass", "conditional"] = "pass"
    line: int = 0
    in_force: InForce = ALWAYS


Node = Test | Group | Points | Named


@dataclass(frozen=True)
class PeerGroup:
    """A peer group; `rule` is None for the `otherwise` group, which comes last."""

    id: str
    title: str
    rule: Node | None


@dataclass(frozen=True)
class Gate:
    """A necessary condition, or one kind of candidate (in `Criteria.tracks`) or of body (in `Criteria.mechanisms`)."""

    id: str
    title: str
    rule: Node
    cites: Cites
    question: str = ""  # as a board member would ask it
    peer_group: str = ""  # tracks only: the group a country must belong to
    ideal: bool = True  # tracks only: whether it makes eligible; one that does not makes qualified
    line: int = 0
    in_force: InForce = ALWAYS

    @property
    def applies(self) -> InForce:
        """When it is in force by its own dates, or by those of its one test."""
        return self.rule.in_force if self.in_force.always else self.in_force


@dataclass(frozen=True)
class Hold(Written):
    """Events after which a country is on hold."""

    # neither admitted nor ranked until so many months have passed, and figures of the time after are there
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
    line: int = field(default=0, metadata=UNWRITTEN)


@dataclass(frozen=True)
class Parts:
    """The parts of a policy of which some may be in force at some dates only."""

    pool: Node
    peers: tuple[PeerGroup, ...]
    gates: tuple[Gate, ...]
    tracks: tuple[Gate, ...]
    mechanisms: tuple[Gate, ...] = ()


@dataclass(frozen=True)
class Criteria:
    """What a criteria file says: who is considered, what is required, what is scored.

    `eligibility.load_criteria` reads and checks it; `eligibility.screen` judges by it. The language is described in
    criteria/README.md.

    Attributes
    ----------
    id, title, version, sha256 : str
        Of the file; `sha256` is of its bytes.
    gates, tracks : tuple of Gate
        Necessary conditions; kinds of candidate of which one must fit.
    mechanisms : tuple of Gate
        Kinds of accountability body; any number may fit, and none of it is part of a verdict or a score.
    score : Score or None
        Pillars of weighted indicators.
    shortlist : int
        How many countries are shortlisted; 0 where nobody is.
    limits : Limits or None
        What a list of that many must keep to, where the file says so.

    Examples
    --------
    >>> import eligibility
    >>> eligibility.load_criteria("peacetime-pilots")
    <Criteria peacetime-pilots 2.0: 3 gates, 3 tracks, 3 pillars, shortlist of 8>
    """

    id: str
    title: str
    version: str
    sha256: str  # of the file's bytes, with any --set applied after
    source: tuple[tuple[str, str], ...]  # title, publisher, year, url as written
    pool: Node
    peers: tuple[PeerGroup, ...]
    gates: tuple[Gate, ...]
    tracks: tuple[Gate, ...]
    score: Score | None
    axes: tuple[Axis, ...]
    shortlist: int
    max_age: int  # a value more than this many years before the as-of year is missing
    uncertainty: Uncertainty = field(default_factory=Uncertainty)
    cases: tuple[CountryCase | SeriesCase, ...] = ()
    summary: str = ""
    shortlist_basis: str = ""
    max_age_basis: str = ""
    settings: tuple[str, ...] = ()  # --set PATH=VALUE as given
    flags: tuple[Flag, ...] = ()
    text: str = ""  # the YAML as read, for the sealed run
    in_force: InForce = ALWAYS
    own_ages: tuple[tuple[str, int], ...] = ()  # indicator -> its own max_age
    hold: Hold | None = None
    mechanisms: tuple[Gate, ...] = ()
    limits: Limits | None = None
    written: Parts | None = None  # where dates left something out: the parts as the file has them

    def __repr__(self) -> str:
        """Id, version and how many parts: one line, for the text of the file is among its fields."""
        parts = {"gate": self.gates, "track": self.tracks, "pillar": self.score.pillars if self.score else ()}
        told = [f"{len(of)} {word}{'s' * (len(of) != 1)}" for word, of in parts.items() if of]
        told += [f"shortlist of {self.shortlist}"] if self.shortlist else []
        return f"<Criteria {self.id} {self.version}: {', '.join(told)}>"

    @property
    def index(self) -> bool:
        """Whether it only ranks: no gate and no track says no to anybody."""
        return not self.gates and not self.tracks

    @property
    def apart(self) -> bool:
        """Whether a country can be qualified: some track is in force that is not of an ideal kind."""
        return any(not track.ideal for track in self.tracks)

    @property
    def changed(self) -> str:
        """What a reader must know of values set for one run, "" where the file stands as it is."""
        if not self.settings:
            return ""
        said = "; ".join(self.settings)
        return f"Changed for this run: {said}. It is not the result of {self.id} {self.version} as its file stands."
