"""Random worlds and policies, full of ties, gaps, old values, peers, tracks and scales; each from a seed."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from random import Random

import made_up
from occurrences import KINDS

from eligibility.data.lists import Standing
from eligibility.policy import model as policy
from eligibility.policy import walk
from eligibility.policy.model import Dated, Extreme, Metric, PeerGroup, Points, Quantity, Reference, Scale

EVENTS = Standing("event", ("coup",), (), ("court", "failed"), False, None, "2016", date(2016, 3, 31), "")
SHEETS = {
    sheet.id: sheet
    for sheet in (
        made_up.sheet("tie.tenths", lag_months=3),
        made_up.sheet("raw.index", lag_months=6, sd=0.05),
        made_up.sheet("low.burden", lag_months=9, better="low", lo=-2.5, hi=2.5, sd=0.2),
        made_up.sheet("log.income", lag_months=18, lo=0.0, hi=1e6),
        made_up.sheet("cls.class", lag_months=0, lo=0.0, hi=3.0, classes={0: "L", 1: "LM", 2: "UM", 3: "H"}),
        made_up.sheet("one.constant", lag_months=12, lo=0.0, hi=10.0, carry=False),
        made_up.sheet("ev.events", lag_months=0, lo=0.0, hi=9999.0, standing=EVENTS),
    )
}
FIGURES = tuple(s for s in SHEETS if s != "ev.events")


def draw(rng: Random, series: str) -> float:
    """One figure as its publisher might print it."""
    return {
        "tie.tenths": lambda: rng.randrange(11) / 10,
        "raw.index": lambda: round(rng.random(), 3),
        "low.burden": lambda: round(rng.uniform(-2.5, 2.5), 2),
        "log.income": lambda: float(round(10 ** rng.uniform(2, 5))),
        "cls.class": lambda: float(rng.randrange(4)),
        "ev.events": lambda: float(rng.randrange(3024)),
        "one.constant": lambda: 7.0 if rng.random() < 0.97 else 3.5,
    }[series]()


def random_world(rng: Random, countries: tuple[str, ...] = (), complete: bool = False) -> dict:
    """Every series from 2001 to 2016 for up to twelve countries: holes, late joiners, early leavers.

    A complete one has every figure, so that nobody's is carried on from an earlier year.
    """
    world = {}
    most = len(made_up.COUNTRIES)
    countries = countries or rng.sample(made_up.COUNTRIES, rng.choice((1, 2, 5, 8, 10, most)))
    for series in SHEETS:
        holes = 0 if complete else rng.choice((0, 0, 0, 0.1, 0.3, 0.6))
        holes = 0.7 if series == "ev.events" else holes
        world[series] = {}
        for iso3 in countries:
            first, last = (
                (2001, 2016)
                if complete or rng.random() < 0.85
                else sorted(rng.choices(range(2001, 2017), k=2))
            )
            years = [year for year in range(first, last + 1) if rng.random() >= holes]
            world[series][iso3] = {year: draw(rng, series) for year in years}
    for series in SHEETS:  # a series that nobody has a figure of is not on the shelf
        world[series][countries[0]].setdefault(2013, draw(rng, series))
    return world


class Maker:
    """Random parts of a policy; every node gets a path of its own."""

    def __init__(self, rng: Random, world: dict, groups: tuple[str, ...] = (), series: tuple[str, ...] = ()):
        self.rng, self.world, self.groups = rng, world, groups
        self.series = series or FIGURES
        self.lists = False  # whether some tests are of dated lists, which change by the day
        self.dated = False  # whether rules come into force and end, and tables by date have gaps
        self.count = 0

    def path(self) -> str:
        self.count += 1
        return f"n{self.count}"

    def grants(self) -> str:
        return self.rng.choice(("pass", "pass", "pass", "conditional"))

    def quantity(self, series: str | None = None) -> Quantity:
        series = series or self.rng.choice(self.series)
        if self.rng.random() < 0.6 or series == "cls.class":
            return Quantity(series)
        measure = self.rng.choice(("change_over", "change_from_peak", "peak_over"))
        years = self.rng.choice((1, 2, 3, 5, 10))
        if self.rng.random() < 0.4 and series in ("raw.index", "log.income"):
            return Quantity(series, "relative_change_over", years)
        if self.rng.random() < 0.4 and series in ("raw.index", "low.burden"):
            falling = SHEETS[series].better == "low"
            end = SHEETS[series].lo if falling else SHEETS[series].hi
            return Quantity(series, "gap_closed_over", years, self.rng.choice((end, end, 0.5)), falling)
        return Quantity(series, measure, years)

    def number(self, quantity: Quantity) -> float:
        """A threshold, often one that some country meets exactly."""
        printed = [v for history in self.world[quantity.indicator].values() for v in history.values()]

        def pick() -> float:
            return self.rng.choice(printed) if printed else 0.5

        if quantity.measure in ("relative_change_over", "gap_closed_over"):
            return round(self.rng.uniform(-0.9, 0.9), 2)
        if quantity.measure in ("level", "peak_over"):
            return pick() if self.rng.random() < 0.7 else draw(self.rng, quantity.indicator)
        change = round(pick() - pick(), 6)
        return -abs(change) if quantity.measure == "change_from_peak" else change

    def threshold(self, quantity: Quantity, among: tuple[str, ...], depth: int = 0):
        kind = self.rng.random()
        if among and kind < 0.35:
            share = self.rng.choice((0.5, 0.5, 0.25, 0.6, 0.0, 1.0, 0.9))
            of = (
                Quantity(quantity.indicator)
                if quantity.measure != "level" and self.rng.random() < 0.3
                else None
            )
            return Reference(self.rng.choice(among), share, of)
        if depth == 0 and kind < 0.5:
            parts = tuple(self.threshold(quantity, among, 1) for _ in range(self.rng.choice((2, 2, 3))))
            return Extreme(self.rng.choice(("min_of", "max_of")), parts)
        if kind < 0.6:
            days = sorted({date(self.rng.randint(2008, 2018), self.rng.randint(1, 9), 1) for _ in range(3)})
            if not self.dated or self.rng.random() < 0.8:
                days = [date(2000, 1, 1), *days]
            ends = [self.dated and self.rng.random() < 0.1 for _ in days[1:]]
            numbers = [None if end else self.number(quantity) for end in ends]
            return Dated(tuple(zip(days, (self.number(quantity), *numbers), strict=True)))
        return self.number(quantity)

    def in_force(self) -> policy.InForce:
        """Mostly always; else from a day, until one, or both."""
        if not self.dated or self.rng.random() < 0.85:
            return policy.ALWAYS
        first, last = sorted(
            date(self.rng.randint(2013, 2018), self.rng.choice((1, 4, 7)), 1) for _ in range(2)
        )
        kind = self.rng.randrange(3)
        return policy.InForce(first if kind != 1 else None, last if kind else None)

    def test(self, among: tuple[str, ...], in_force: policy.InForce = policy.ALWAYS) -> policy.Test:
        missing = self.rng.choice(("fail", "drop", "unknown"))
        more = {"path": self.path(), "missing": missing, "grants": self.grants(), "in_force": in_force}
        if self.rng.random() < 0.15:
            classes = tuple(float(c) for c in sorted(self.rng.sample(range(4), self.rng.randint(1, 3))))
            return made_up.atom("cls.class", "in", classes, **more)
        if self.lists and self.rng.random() < 0.08:
            lately = Quantity("ev.events", "within_months", self.rng.choice((1, 6, 24, 60)))
            return made_up.atom("ev.events", "at_least", 1.0, quantity=lately, **more)
        quantity = self.quantity()
        operator = self.rng.choice(("at_least", "at_most", "above", "below"))
        threshold = self.threshold(quantity, among)
        return made_up.atom(quantity.indicator, operator, threshold, quantity=quantity, **more)

    def metric(self, depth: int = 0) -> Metric:
        kind = self.rng.choice(
            ("bands", "map", "flag") if depth else ("bands", "map", "flag", "sum", "max_of")
        )
        path, worth = self.path(), self.rng.choice((1.0, 2.0, 3.0, 4.0, 0.3))
        if kind == "flag":
            return Metric(path, kind, test=self.test(()), worth=worth)
        if kind == "map":
            steps = tuple((float(c), self.rng.choice((0.0, worth / 2, worth))) for c in range(4))
            return Metric(path, kind, quantity=Quantity("cls.class"), steps=steps, worth=worth)
        if kind == "bands":
            quantity = self.quantity()
            edges = sorted({self.number(quantity) for _ in range(self.rng.randint(1, 3))}, reverse=True)
            got = sorted((round(worth * self.rng.random(), 1) for _ in edges[1:]), reverse=True)
            steps = (*zip(edges, (worth, *got), strict=True), (-math.inf, 0.0))
            return Metric(path, kind, quantity=quantity, steps=steps, worth=worth)
        of = tuple(self.metric(1) for _ in range(self.rng.randint(1, 3)))
        return Metric(path, kind, of=of, worth=(sum if kind == "sum" else max)(part.worth for part in of))

    def points(self) -> Points:
        metrics = tuple(self.metric() for _ in range(self.rng.randint(1, 4)))
        share = self.rng.choice((0.75, 0.5, 1.0, 0.7, 0.6, 1 / 3))
        return Points(self.path(), metrics, share, self.rng.randint(1, len(metrics)), grants=self.grants())

    def node(self, among: tuple[str, ...] = ("pool",), depth: int = 0):
        kind = self.rng.random()
        if depth < 3 and kind < (0.8, 0.5, 0.25)[depth]:
            join = self.rng.choice(
                ("all", "any", "any", "none", "at_least")
                if depth
                else ("any", "any", "at_least", "all", "none")
            )
            of = tuple(self.node(among, depth + 1) for _ in range(self.rng.randint(1, 4)))
            n = min(self.rng.randint(1, len(of)) for _ in range(2)) if join == "at_least" else 0
            when = self.in_force() if depth else policy.ALWAYS
            return made_up.group(join, *of, path=self.path(), n=n, grants=self.grants(), in_force=when)
        if kind > 0.93:
            return self.points()
        return self.test(among, self.in_force() if depth else policy.ALWAYS)

    def pool(self):
        """Usually nearly everyone; sometimes a random rule that compares with no other country."""
        kind = self.rng.random()
        if kind < 0.7:
            return made_up.atom(
                "tie.tenths", "at_least", -1.0, path=self.path(), missing=self.rng.choice(("fail", "unknown"))
            )
        if kind < 0.85:
            return made_up.atom("cls.class", "in", (0.0, 1.0, 2.0), path=self.path(), missing="unknown")
        return self.node(among=())

    def peers(self) -> tuple[PeerGroup, ...]:
        rules = [PeerGroup(f"p{i}", "", self.node(depth=2)) for i in range(self.rng.randint(0, 2))]
        return (*rules, *([made_up.otherwise("rest")] if self.rng.random() < 0.7 else []))

    def scale(self, quantity: Quantity) -> Scale:
        kind = self.rng.choice(("goalposts", "goalposts", "piecewise", "percentile", "z", "minmax"))
        among = self.rng.choice(("pool", "peers") if self.groups else ("pool",))
        if kind == "goalposts":
            if quantity == Quantity("log.income"):
                return made_up.goalposts(100, 75_000, log=self.rng.random() < 0.7)
            low = self.number(quantity)
            return made_up.goalposts(low, low + self.rng.choice((0.5, 1, 3)))
        if kind == "piecewise":
            xs = sorted({self.number(quantity) for _ in range(4)} | {0.25, 0.75})
            return Scale(piecewise=tuple((x, round(self.rng.random(), 2)) for x in xs))
        return Scale(**{kind: among})

    def hold(self) -> policy.Hold:
        """One after some kinds of events, mostly until their figures are read too."""
        kinds = tuple(self.rng.sample(KINDS, self.rng.choice((1, 2))))
        months, figures = self.rng.choice((1, 12, 24, 30)), self.rng.random() < 0.7
        return policy.Hold("On hold", "ev.events", kinds, months, figures, "a test", made_up.CITES)

    def score(self) -> policy.Score | None:
        if self.rng.random() < 0.05:
            return None
        powers = (1.0, 1.0, 0.0, 0.0, -1.0, -math.inf, 0.5, 2.0, -3.0)
        pillars = []
        for i in range(self.rng.randint(1, 3)):
            parts = [self.component() for _ in range(self.rng.randint(1, 4))]
            parts[0] = replace(parts[0], weight=1.5)  # weights of zero sum are refused by the language
            pillars.append(
                made_up.pillar(f"pillar{i}", *parts, power=self.rng.choice(powers), weight=self.weight())
            )
        pillars[0] = replace(pillars[0], weight=0.7)
        floor = self.rng.choice((0.0, 0.0, 0.01, 0.25))
        coverage = self.rng.choice((2 / 3, 2 / 3, 0.5, 1.0, 0.01))
        return policy.Score(self.rng.choice(powers), tuple(pillars), floor, coverage)

    def weight(self) -> float:
        return self.rng.choice((1.0, 1.0, 1.0, 2.0, 0.5, 0.1, 0.0))

    def component(self):
        quantity = self.quantity()
        made = made_up.component(
            quantity.indicator,
            self.weight(),
            self.scale(quantity),
            self.rng.choice(("high", "low")),
            quantity=quantity,
        )
        return replace(made, path=self.path())


def random_case(number: int):
    """A policy as it stands at a date (and as it was written), a world and the date."""
    rng = Random(number)
    world = random_world(rng)
    maker = Maker(rng, world)
    maker.dated, maker.lists = rng.random() < 0.6, True
    pool, peers = maker.pool(), maker.peers()
    maker.groups = tuple(group.id for group in peers)
    among = ("pool", "peers") if maker.groups else ("pool",)
    gates = [
        made_up.gate(f"g{i}", maker.node(among), in_force=maker.in_force() if i else policy.ALWAYS)
        for i in range(rng.choice((1, 1, 2, 3)))
    ]
    tracks = tuple(
        made_up.gate(
            f"t{i}", maker.node(among), peer_group=rng.choice(("", *maker.groups)), ideal=rng.random() < 0.75
        )
        for i in range(rng.randint(0, 2))
    )
    as_of = date(rng.choice((2015, 2016, 2016, 2017)), rng.choice((1, 4, 7, 9, 12)), rng.choice((1, 15, 30)))
    more = {
        "peers": peers,
        "tracks": tracks,
        "max_age": rng.choice((1, 2, 3, 5, 14)),
        "shortlist": rng.randint(1, 5),
        "own_ages": tuple((s, rng.choice((0, 1, 4, 9))) for s in FIGURES if rng.random() < 0.15),
        "hold": maker.hold() if rng.random() < 0.3 else None,
    }
    return walk.at(made_up.policy(pool, gates, maker.score(), **more), as_of), world, as_of
