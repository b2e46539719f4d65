"""What a criteria file says: frozen values that know how a file writes them (`written`), no YAML, no data.

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

The parts stand in `gates`, `requirements`, `quantities`, `scoring`, `doubts`, `shown`, `limits`, `case_files`, `words`, and all of
them are named here. `criteria.load` makes these from YAML; `evaluate` reads them. Nothing here computes.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from eligibility.policy.case_files import CountryCase, Exemption, SeriesCase
from eligibility.policy.doubts import Choices, Imputation, OfValue, Uncertainty, Weights
from eligibility.policy.gates import Gate, Hold, Mechanism, PeerGroup, Track
from eligibility.policy.limits import Limits
from eligibility.policy.quantities import ONE_YEAR, Measure, Quantity
from eligibility.policy.requirements import (
    Dated,
    Extreme,
    Group,
    Join,
    Metric,
    Named,
    Node,
    Points,
    Reference,
    Test,
    Threshold,
)
from eligibility.policy.scoring import Component, Pillar, Scale, ScaleKind, Score
from eligibility.policy.shown import Axis, Flag, Marked
from eligibility.policy.words import ALWAYS, Cites, InForce, Missing

__all__ = [
    "ALWAYS", "ONE_YEAR", "Axis", "Choices", "Cites", "Component", "CountryCase", "Criteria", "Dated",
    "Exemption", "Extreme", "Flag", "Gate", "Group", "Hold", "Imputation", "InForce", "Join", "Limits",
    "Marked", "Measure", "Mechanism", "Metric", "Missing", "Named", "Node", "OfValue", "Parts", "PeerGroup",
    "Pillar", "Points", "Quantity", "Reference", "Scale", "ScaleKind", "Score", "SeriesCase", "Test",
    "Threshold", "Track", "Uncertainty", "Weights",
]  # fmt: skip


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

    def drawing(self, draws: int | None = None, seed: int | None = None) -> Criteria:
        """The same with so many draws from that seed, or as many and from where it says; 0 is the published values alone."""
        own = self.uncertainty
        draws, seed = own.draws if draws is None else draws, own.seed if seed is None else seed
        return replace(self, uncertainty=replace(own, draws=draws, seed=seed))

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
