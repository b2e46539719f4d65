"""What is required: thresholds, tests, groups of them, points, countries by name."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, make_dataclass, replace
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from eligibility.policy.operators import COMPARISONS, Comparison
from eligibility.policy.quantities import Measured, Quantity
from eligibility.policy.words import (
    ALWAYS,
    Cites,
    Date,
    Day,
    Indicator,
    InForce,
    Missing,
    Months,
    Number,
    Quantile,
    Said,
    Text,
    Weight,
    named,
    one_of,
)
from eligibility.policy.written import ASKED, TOLD_APART, UNWRITTEN, As, Written, spread

Asks = Literal["threshold", "classes", "status", "event"]
Join = Literal["all", "any", "none", "at_least"]
InForceOrAlways = Annotated[InForce, As(InForce | None, lambda said: said or ALWAYS)]
Inherited = Annotated[Missing, As(Missing | None, lambda said: said)]  # None until what stands around it says
Grants = Annotated[
    Literal["pass", "conditional"], As(Literal["conditional"] | None, lambda said: said or "pass")
]


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
class Entry(Written):
    """A number of a table by date that ends before the next begins."""

    value: Number
    until: Date


_DatedNumber = Annotated[Number | Entry, TOLD_APART]


def _dated(table: dict[str, float | Entry]) -> Dated:
    """A table by date; from the day after an entry has ended to the next there is no threshold."""
    begun = [date.fromisoformat(day) for day in table]
    since: list[tuple[date, float | None]] = []
    for day, following, entry in zip(begun, [*begun[1:], None], table.values(), strict=True):
        since.append((day, entry.value if isinstance(entry, Entry) else entry))
        if isinstance(entry, Entry) and entry.until < (following or date.max):
            end = entry.until + timedelta(days=1)
            since += [(end, None)] if end != following else []
    ending = tuple(day for day, entry in zip(begun, table.values(), strict=True) if isinstance(entry, Entry))
    return Dated(tuple(since), ending)


@dataclass(frozen=True)
class Compared(Written):
    """A threshold that is not a number: other countries, the smaller of several, a table by date."""

    peers: Quantile | None = None
    pool: Quantile | None = None
    of: Literal["level"] | None = None
    min_of: Annotated[list[WrittenThreshold], Field(min_length=2)] | None = None
    max_of: Annotated[list[WrittenThreshold], Field(min_length=2)] | None = None
    by_date: Annotated[dict[Day, _DatedNumber], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Compared:
        one_of(self, ("peers", "pool", "min_of", "max_of", "by_date"), "kind of threshold")
        if self.of and not (self.peers or self.pool):
            raise PydanticCustomError("rule", "`of: level` goes with peers or pool only")
        return self

    def threshold(self) -> Threshold:
        """What it means; of which indicator `of` is the level is not known yet."""
        if self.by_date:
            return _dated(self.by_date)
        if parts := self.min_of or self.max_of:
            return Extreme("min_of" if self.min_of else "max_of", tuple(map(_meant, parts)))
        text = self.peers or self.pool or ""
        word, _, number = text.partition(" ")
        share = 0.5 if not number else float(number) / (100 if word == "percentile" else 1)
        return Reference("peers" if self.peers else "pool", share, Quantity("") if self.of else None)


def _meant(said: Any) -> Any:
    return said.threshold() if isinstance(said, Compared) else said


WrittenThreshold = Annotated[Number | Compared, TOLD_APART]
_Comparisons = make_dataclass(
    "_Comparisons",
    [(name, Annotated[Any, As(WrittenThreshold | None, _meant)], None) for name in COMPARISONS],
    bases=(Written,),
    frozen=True,
)


@dataclass(frozen=True)
class Asked(_Comparisons):  # type: ignore[misc, valid-type]  # its fields are the rows of a table
    """What a test asks for: a threshold, classes, that a list has the country, or that something happened there."""

    in_: Annotated[list[Text], Field(min_length=1)] | None = field(
        default=None, metadata={"alias": "in", "asks": "classes"}
    )
    member: bool | None = field(default=None, metadata={"asks": "status"})
    within_months: Months | None = field(default=None, metadata={"asks": "event"})

    def parts(self) -> dict[str, Any]:
        """The operator and what it is asked with; labels, and of a list yes, no or months, until they are looked up."""
        said = {says.get("alias", name): getattr(self, name) for name, says in self.written()}
        one_of(self, tuple(name for name, _ in self.written()), "operator")
        operator, value = next((name, value) for name, value in said.items() if value is not None)
        return {"operator": operator, "threshold": tuple(value) if isinstance(value, list) else value}


def asks() -> dict[str, Asks]:
    """Every operator a test can have, in the order messages list them, and what it asks for.

    >>> ", ".join(asks())
    'at_least, at_most, above, below, in, member, within_months'
    """
    return {says.get("alias", name): says.get("asks", "threshold") for name, says in Asked.written()}


@dataclass(frozen=True)
class Test(Written):
    """One comparison of one indicator."""

    __test__ = False  # not a test of pytest's

    path: str = field(metadata=UNWRITTEN)
    quantity: Quantity = field(metadata=spread(Measured))
    operator: str = field(metadata=spread(Asked))  # a name of operators.COMPARISONS, or "in"
    threshold: Threshold | tuple[float, ...] = field(metadata=UNWRITTEN)  # class numbers for `in`
    basis: Said = ""
    missing: Inherited = "unknown"  # already that of the gate or the set where it has none
    cites: Cites | None = None
    grants: Grants = "pass"
    labels: tuple[str, ...] = field(default=(), metadata=UNWRITTEN)  # the class names as written, for `in`
    line: int = field(default=0, metadata=UNWRITTEN)
    in_force: InForceOrAlways = ALWAYS

    @model_validator(mode="after")
    def _of_events(self) -> Test:
        if self.operator == "within_months" and self.quantity.measure != "level":
            raise PydanticCustomError("rule", "`within_months` looks at events, not at what figures did")
        return self

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
    in_force: InForce = ALWAYS


@dataclass(frozen=True)
class Band(Written):
    above: Number | None = None
    otherwise: Weight | None = None
    points: Weight | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Band:
        if (self.above is None) == (self.otherwise is None) or (self.above is None) != (self.points is None):
            raise PydanticCustomError("rule", "must be `above: X, points: P` or `otherwise: P`")
        return self

    def step(self) -> tuple[float, float]:
        """(edge, points); what is above no edge gets `otherwise`."""
        return (-math.inf, self.otherwise or 0.0) if self.above is None else (self.above, self.points or 0.0)


@dataclass(frozen=True)
class Given(Written):
    """What gives the points of a metric."""

    bands: (
        Annotated[dict[Indicator, Annotated[list[Band], Field(min_length=1)]], Field(min_length=1)] | None
    ) = None
    map: (
        Annotated[dict[Indicator, Annotated[dict[str, Weight], Field(min_length=1)]], Field(min_length=1)]
        | None
    ) = None
    sum: Annotated[list[Metric], Field(min_length=1)] | None = None
    max_of: Annotated[list[Metric], Field(min_length=1)] | None = None
    flag: Annotated[dict[Indicator, Test], Field(min_length=1)] | None = None
    points: Weight | None = None

    def parts(self) -> dict[str, Any]:
        """The fields of the metric; of a map the labels stand for their numbers until these are looked up."""
        one_of(self, ("bands", "map", "sum", "max_of", "flag"), "kind of points")
        if (self.flag is None) != (self.points is None):
            raise PydanticCustomError("rule", "`points` goes with `flag`, and only with it")
        if any(table and len(table) > 1 for table in (self.bands, self.map, self.flag)):
            raise PydanticCustomError("rule", "must look at one indicator")
        made: dict[str, Any] = {"quantity": None, "steps": (), "of": (), "test": None}
        if of := self.sum or self.max_of:
            worths = [part.worth for part in of]
            kind, worth = ("sum", sum(worths)) if self.sum else ("max_of", max(worths))
            return {**made, "kind": kind, "of": tuple(of), "worth": worth}
        if self.flag:
            ((indicator, test),) = self.flag.items()
            return {**made, "kind": "flag", "test": of_indicator(test, indicator), "worth": self.points}
        ((indicator, said),) = (self.bands or self.map or {}).items()
        steps = tuple(said.items()) if isinstance(said, dict) else tuple(band.step() for band in said)
        kind, worth = "bands" if self.bands else "map", max(points for _, points in steps)
        return {**made, "kind": kind, "quantity": Quantity(indicator), "steps": steps, "worth": worth}


def of_indicator(test: Test, indicator: str) -> Test:
    """A test with the indicator it stands under."""
    return replace(test, path=indicator, quantity=replace(test.quantity, indicator=indicator))


@dataclass(frozen=True)
class Metric(Written):
    """Points from one source."""

    # bands and map look at a quantity, sum and max_of at other metrics; flag gives points if its test holds, else 0
    opening = ("title", "basis")

    path: str = field(metadata=UNWRITTEN)
    kind: Literal["bands", "map", "sum", "max_of", "flag"] = field(metadata=spread(Given))
    title: Said = ""
    quantity: Quantity | None = field(default=None, metadata=UNWRITTEN)
    # of bands (7.5, 4.0), (5.0, 3.0), (-inf, 0.0): points of the first edge the value is above; of map (class, points)
    steps: tuple[tuple[float, float], ...] = field(default=(), metadata=UNWRITTEN)
    of: tuple[Metric, ...] = field(default=(), metadata=UNWRITTEN)
    test: Test | None = field(default=None, metadata=UNWRITTEN)
    # the most it can give; its share of the denominator
    worth: float = field(default=0.0, metadata=UNWRITTEN)
    basis: Said = ""


@dataclass(frozen=True)
class Points(Written):
    # enough points of those that apply: a metric without data leaves the denominator (OGP)
    path: str = field(metadata=UNWRITTEN)
    metrics: Annotated[tuple[Metric, ...], named(Metric, "path")]
    share_at_least: Annotated[float, Field(gt=0, le=1)]  # of the applicable points
    metrics_at_least: Annotated[int, Field(ge=1)]  # fewer than this many with data: unknown
    basis: Text = field(default="", metadata=ASKED)
    title: str = field(default="", metadata=UNWRITTEN)
    cites: Cites | None = field(default=None, metadata=UNWRITTEN)
    grants: Literal["pass", "conditional"] = field(default="pass", metadata=UNWRITTEN)
    in_force: InForce = field(default=ALWAYS, metadata=UNWRITTEN)


@dataclass(frozen=True)
class Named:
    """Countries by name, each with why: who belongs to no pool, or to which peer group, whatever its figures say."""

    path: str
    countries: tuple[tuple[str, str], ...]  # (iso3, why)
    basis: str = ""
    title: str = ""
    cites: Cites | None = None
    grants: Literal["pass", "conditional"] = "pass"
    in_force: InForce = ALWAYS


Node = Test | Group | Points | Named
