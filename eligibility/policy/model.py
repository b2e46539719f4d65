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
from typing import Annotated, Any, Literal

from pydantic import Field

from eligibility.policy.expected import CountryCase, Exemption, SeriesCase
from eligibility.policy.limits import Limits
from eligibility.policy.operators import COMPARISONS, Comparison
from eligibility.policy.shown import Axis, Flag, Marked
from eligibility.policy.terms import ALWAYS, Cites, InForce
from eligibility.policy.words import Id, Indicator, Measure, Missing, Months, Text
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
    "Share",
    "Test",
    "Threshold",
    "Uncertainty",
    "Weights",
]  # fmt: skip

ONE_YEAR = (
    "change_over",
    "relative_change_over",
    "gap_closed_over",
)  # hold the newest against one earlier value
ScaleKind = Literal["goalposts", "piecewise", "percentile", "z", "minmax"]
Join = Literal["all", "any", "none", "at_least"]


@dataclass(frozen=True)
class Quantity:
    """One indicator, or what it did over the last `years`: the thing a test or a scale looks at.

    level                  the newest value known
    change_over            that value minus the one `years` before it
    relative_change_over   that value over the one `years` before it, less 1
    gap_closed_over        the change over what then was still to go to `to`
    peak_over              the largest value of the last `years` and now
    change_from_peak       the newest value minus that peak (never positive)
    within_months          1 if an event of the list fell in the last `years` months, 0 if for sure none did
    """

    indicator: str  # "vdem.polyarchy"
    measure: Measure = "level"
    years: int = 0
    to: float | None = None  # of gap_closed_over only: the end that is made for
    falling: bool = False  # of gap_closed_over only: whether that end is the low one

    def gap(self, then: Any) -> Any:
        """How far a value was from the end made for; not above 0 where there is nothing left to close."""
        return then - self.to if self.falling else self.to - then


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
    first = ("title", "cites")

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
class Scale:
    """Native units to 0..1 where 1 is always better.

    goalposts   ((low, high),), optionally `log`; clipped at both ends
    piecewise   ((x, y), ...)
    percentile | z | minmax   relative to `among`
    """

    kind: ScaleKind
    points: tuple[tuple[float, float], ...] = ()
    log: bool = False
    among: Literal["peers", "pool"] = "pool"


@dataclass(frozen=True)
class Component:
    """One indicator of a pillar."""

    path: str
    quantity: Quantity
    weight: float
    scale: Scale
    better: Literal["high", "low"]
    basis: str


@dataclass(frozen=True)
class Pillar:
    id: str
    title: str
    weight: float
    basis: str
    power: float  # aggregation inside the pillar: 1 arithmetic, 0 geometric, -1 harmonic, -inf minimum
    components: tuple[Component, ...]
    cites: Cites | None = None


@dataclass(frozen=True)
class Score:
    power: float  # aggregation of the pillars
    pillars: tuple[Pillar, ...]
    floor: float = 0.0  # a normalised value y becomes floor + (1 - floor) * y, so that 0 does not annihilate
    coverage: float = 2 / 3  # share of each pillar's weight that must be observed
    basis: str = ""
    cites: Cites | None = None


@dataclass(frozen=True)
class Weights:
    """Which weights could as well have been stated, for pillars and for the indicators of each.

    within      each from (1 - spread) to (1 + spread) times the stated one, evenly, then rescaled
    dirichlet   around the stated ones, the closer the larger `concentration`
    simplex     any weights whatever, all equally likely; a stated weight of 0 stays 0
    between     of the pillars only: shares between `limits` and in descending `order`, evenly
    """

    kind: Literal["within", "dirichlet", "simplex", "between"]
    spread: float = 0.0
    concentration: float = 0.0
    limits: tuple[tuple[str, float, float], ...] = ()  # pillar id, lowest and highest share
    order: tuple[str, ...] = ()  # pillar ids, the heaviest first


@dataclass(frozen=True)
class Choices:
    """What else could have been chosen in making the score; every draw of measurement error draws these too."""

    weights: Weights | None = None
    powers: tuple[float, ...] = ()  # of the mean of the pillars, equally likely
    scales: tuple[str, ...] = ()  # "stated" | "percentile" | "minmax" | "z", equally likely
    leave_out: bool = False  # in half of the draws one indicator, each equally likely; in the other half none
    basis: str = ""


@dataclass(frozen=True)
class Imputation:
    """That missing values are filled in the draws, and only there."""

    datasets: int  # how many times the gaps are filled; draw t uses filling t modulo this
    helpers: tuple[str, ...] = ()  # indicators that help to fill and count nowhere else
    basis: str = ""


@dataclass(frozen=True)
class Share:
    """A standard deviation that is this part of the value it belongs to."""

    of: float


@dataclass(frozen=True)
class Uncertainty:
    draws: int = 10_000
    seed: int = 1
    correlation: float = 0.5  # between the errors of one country's indicators
    persistence: float = 0.95  # between the errors of one indicator in one year and the next
    assumed_sd: tuple[tuple[str, float | Share], ...] = ()  # indicator -> sd where no publisher gives one
    choices: Choices = Choices()
    imputation: Imputation | None = None
    basis: str = ""
    borderline: float = (
        0.1  # of P(admitted): more than this and less than 1 minus this leaves the answer open
    )
    near_miss: float = (
        0.25  # of P(admitted) of an excluded country: more than this is told beside those admitted
    )


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
