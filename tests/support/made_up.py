"""Invented series, panels, policies and whole results: the one builder of them. Nothing here describes any country.

Parts, as small as a test needs them: `sheet`, `panel`, `atom`, `gate`, `component`, `policy` and the like.
A whole: `make()` gives twelve invented countries with every kind of answer among them, judged by the real engine under
`criteria()`; `make(145)` gives as many as the world has. `named()` has the engine know their names while it lasts.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from occurrences import happened

from eligibility.data import countries
from eligibility.data.lists import Event, Listed
from eligibility.data.panel import Panel
from eligibility.data.sources import SeriesSheet, Source
from eligibility.policy.model import (
    Axis,
    Cites,
    Component,
    Criteria,
    Gate,
    Group,
    Node,
    PeerGroup,
    Pillar,
    Quantity,
    Reference,
    Scale,
    Score,
    Test,
    Uncertainty,
)

AS_OF = date(2016, 7, 1)
YEAR = 2015  # the newest year that is out on AS_OF for a series that takes six months
COUNTRIES = ("ALB", "BEN", "COL", "DZA", "ECU", "FJI", "GHA", "HND", "IDN", "JOR", "KEN", "LAO")
MANY = (
    *COUNTRIES,
    "MAR", "MEX", "MLI", "MMR", "MNG", "MOZ", "MUS", "MWI", "NAM", "NER", "NGA", "NIC",
    "NPL", "PAK", "PER", "PHL", "PRY", "RWA", "SEN", "SLE", "TUN", "TZA", "UGA", "UKR",
)  # fmt: skip
CITES = Cites("section 1")


def sheet(series: str, sd: float = 0.0, **more) -> SeriesSheet:
    """What a made-up series means: from 0 to 1, high is better, out after six months, with this standard error."""
    usual = {
        "source_id": "made-up-1", "label": series, "description": "", "publisher_code": series, "unit": "",
        "better": "high", "lo": 0.0, "hi": 1.0, "decimals": 2, "lag_months": 6, "classes": None,
        "sd_kind": "published" if sd else "none", "sd_how": "", "sd_factor": sd or None,
    }  # fmt: skip
    return SeriesSheet(id=series, **{**usual, **more})


def source(**more) -> Source:
    """The publisher's release that every made-up series comes from."""
    usual = {
        "id": "made-up-1", "family": "made", "vintage": "1", "publisher": "Nobody", "title": "",
        "citation": "", "url": "", "licence": "CC0-1.0", "licence_url": "", "ship": True,
        "released": date(2000, 1, 1), "notes": (), "files": (), "values": {"sha256": "0" * 64}, "series": {},
        "path": Path(),
    }  # fmt: skip
    return Source(**{**usual, **more})


def panel(sheets: Iterable[SeriesSheet], world: Mapping[str, Mapping[str, Mapping[int, float]]]) -> Panel:
    """The panel of {series: {iso3: {year: value}}}; every series covers the whole world."""
    sheets = {s.id: s for s in sheets}
    countries = sorted({iso3 for series in world.values() for iso3 in series})
    years = sorted({year for series in world.values() for history in series.values() for year in history})
    whole = range(years[0], years[-1] + 1)
    values = {
        series: pd.DataFrame(
            {
                iso3: [float(world[series].get(iso3, {}).get(year, math.nan)) for year in whole]
                for iso3 in countries
            },
            index=pd.Index(whole, name="year"),
            columns=pd.Index(countries, name="iso3"),
        )
        for series in sheets
    }
    sds = {s.id: values[s.id].notna() * s.sd_factor for s in sheets.values() if s.sd_kind == "published"}
    dated = {
        s.id: Listed(s.standing, tuple(Event(*row, "a page", "") for row in happened(world[s.id])))
        for s in sheets.values()
        if s.standing
    }
    return Panel(sheets, dict.fromkeys(sheets, source()), values, sds, dated=dated)


def snapshot(sheets: Iterable[SeriesSheet], rows: Mapping[str, Mapping[str, float]]) -> Panel:
    """The panel of {iso3: {series: value}}, all of the newest year."""
    sheets = tuple(sheets)
    world = {s.id: {c: {YEAR: row[s.id]} for c, row in rows.items() if s.id in row} for s in sheets}
    return panel(sheets, world)


def atom(series: str, operator: str, threshold, path: str = "t", **more) -> Test:
    """One comparison; `quantity` says otherwise than the newest value."""
    return Test(path, more.pop("quantity", Quantity(series)), operator, threshold, **more)


def group(join: str, *of: Node, path: str = "g", **more) -> Group:
    """Nodes joined, their paths as they are."""
    return Group(path, join, of, **more)


def gate(id: str, rule: Node, **more) -> Gate:
    return Gate(id, id, rule, CITES, **more)


def component(
    series: str, weight: float = 1.0, scale: Scale | None = None, better: str = "high", **more
) -> Component:
    """One scored indicator, by default between goalposts 0 and 1."""
    scale = scale or goalposts(0, 1)
    return Component(
        f"score.{series}", more.pop("quantity", Quantity(series)), weight, scale, better, "a test", **more
    )


def goalposts(low: float, high: float, log: bool = False) -> Scale:
    """From 0 at `low` to 1 at `high`."""
    return Scale(goalposts=(float(low), float(high)), log=log)


def pillar(id: str, *components: Component, weight: float = 1.0, power: float = 1.0) -> Pillar:
    """Indicators under one title."""
    return Pillar(
        id, id, weight, "a test", power, tuple(replace(c, path=f"{id}.{c.path}") for c in components)
    )


def policy(pool: Node, gates: Iterable[Gate] = (), score: Score | None = None, **more) -> Criteria:
    """A policy around these parts: nobody's peers, no tracks, two draws, a shortlist of three."""
    usual = {
        "id": "made-up", "title": "Made up", "version": "1", "sha256": "0" * 64, "source": (), "peers": (),
        "tracks": (), "axes": (), "shortlist": 3, "max_age": 3, "uncertainty": Uncertainty(draws=2),
    }  # fmt: skip
    return Criteria(pool=pool, gates=tuple(gates), score=score, **{**usual, **more})


def everyone(series: str) -> Test:
    """A pool rule that every country with a value holds."""
    return atom(series, "at_least", -1e9, path="pool")


def otherwise(id: str = "all") -> PeerGroup:
    """One peer group for everybody."""
    return PeerGroup(id, id, None)


# A whole result ----------------------------------------------------------------------------------------------------

DRAWS = 400
YEARS = range(2004, 2016)
NAMES = (
    "Arvania Belmora Cestria Dorvane Elvaria Fenland Galdia Hestria Ivonia Jarvik Kaldora "
    "Saint Orlando and the Very Long Southern Archipelago Islands"
).split(" ", 11)
INDICES = {
    "polyarchy": "Electoral democracy",
    "liberties": "Political civil liberties",
    "association": "Freedom of association",
    "participation": "Civil-society participation",
    "society": "Core civil society",
    "corruption": "Political corruption",
    "neopatrimonialism": "Neopatrimonialism",
    "legislature": "Legislative constraints",
    "judiciary": "Judicial constraints",
}
LOW = {"corruption", "neopatrimonialism"}


def _index(short: str, label: str, **more) -> SeriesSheet:
    """The sheet of an invented index of experts; `more` says what is otherwise."""
    usual = {
        "label": label, "description": f"{label}, invented for tests.", "publisher_code": short,
        "unit": "index, 0 to 1", "better": "low" if short in LOW else "high", "lag_months": 3, "source_id": "made-1",
        "sd_kind": "modelled", "sd_how": "0.25 * density(quantile(p))", "sd_formula": "probit", "sd_factor": 0.25,
    }  # fmt: skip
    return sheet(f"made.{short}", **{**usual, **more})


CLASSES = {0: "closed autocracy", 1: "electoral autocracy", 2: "electoral democracy", 3: "liberal democracy"}
EXACT = {"lo": 0.0, "decimals": 0, "sd_kind": "none", "sd_formula": "", "source_id": "made-2"}
SHEETS = {
    own.id: own
    for own in (
        *(_index(short, label) for short, label in INDICES.items()),
        _index("regime", "Regime type", unit="class", hi=3.0, decimals=0, classes=CLASSES, sd_formula="",
               follows="made.polyarchy", cut=0.5, between=(1, 2)),
        _index("law", "Rule of law", unit="about −2.5 to 2.5", lo=-2.5, hi=2.5, sd_kind="published", sd_formula="",
               source_id="made-2"),
        _index("income", "National income a head", unit="dollars", hi=200_000, **EXACT),
        _index("deaths", "Battle deaths", unit="deaths", hi=1e6, better="low", **EXACT),
    )
}  # fmt: skip
# What decides, for ten of the twelve; a dot is drawn by lot like all figures of the others.
CHOSEN = """
     polyarchy liberties association participation society corruption neopatrimonialism legislature judiciary  law
XAA       0.78      0.86        0.84           0.8     0.9        0.3                 .           .         . -0.2
XAB       0.42      0.63         0.8          0.87     0.8       0.72               0.6        0.45       0.3    .
XAC       0.16       0.1        0.15           0.2     0.1        0.9                 .           .       0.1    .
XAD       0.37      0.59        0.53          0.55     0.5        0.4                 .           .         . -1.2
XAE        0.9      0.92         0.9           0.9       .        0.1                 .           .         .    .
XAG        0.6      0.74         0.7         0.505       .        0.5                 .           .         . -0.4
XAH       0.58       0.7        0.66          0.47       .        0.5                 .           .         .    .
XAI        nan       nan         nan           0.7     0.7        0.4                 .           .         .    .
XAK        0.7       0.8         0.8           0.8    0.75       0.42                 .           .         .    .
XAL        0.8       0.8         0.8          0.75     0.8       0.45                 .           .         .    .
"""
# How much higher the corruption of some was at first.
FALLS = {"XAA": 0.5, "XAB": 0.14, "XAH": 0.2, "XAE": 0.02, "XAL": 0.25, "XAI": 0.3, "XAK": 0.16}


@dataclass
class Register:
    """The names of the invented countries; stands in for the register of countries."""

    names: dict[str, str]

    def name(self, iso3: str) -> str:
        return self.names[iso3]

    def region(self, iso3: str) -> str:
        return "Made-up Region"

    def exists(self, iso3: str, year: int) -> bool:
        return True

    def __contains__(self, iso3: object) -> bool:
        return iso3 in self.names


def codes(n: int) -> list[str]:
    """As many three-letter codes as wanted, none of a real country."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return [f"X{letters[i // 26]}{letters[i % 26]}" for i in range(n)]


def register() -> Register:
    return Register({c: NAMES[i] if i < len(NAMES) else f"Country {i + 1}" for i, c in enumerate(codes(676))})


@contextmanager
def named() -> Iterator[Register]:
    """The engine knows the invented countries, and no other, while it lasts."""
    real, ours = countries.register, register()
    countries.register = lambda: ours
    try:
        yield ours
    finally:
        countries.register = real


def world(n: int = 12):
    """An invented map: a square a country, every third too small and a circle, one square that is no candidate."""
    from eligibility.pages.outlines import World

    squares = {c: f"M{100 + 400 * i} 500l300 0 0 300-300 0z" for i, c in enumerate([*codes(n), "XZZ"])}
    about = {
        "id": "made-world", "title": "Invented outlines", "publisher": "Nobody", "vintage": "1", "released": date(2015, 1, 1),
        "licence": "Public domain", "licence_url": "https://a.example/terms", "url": "https://a.example/", "citation": "Nobody.",
        "notes": ["Invented for tests."], "boundaries": "Nothing is disputed here.", "drawing": {"width": 7200, "height": 1200},
    }  # fmt: skip
    places = {c: (250.0 + 400 * i, 650.0) for i, c in enumerate(codes(n)) if i % 3 == 0}
    return World(squares, places, ("M0 0l50 0 0 50z",), about)


def at_path(path: str, node: Node) -> Node:
    """The rule with the paths a file would give its parts."""
    if not isinstance(node, Group):
        return replace(node, path=path)
    parts = tuple(at_path(f"{path}.{node.join}[{i}]", part) for i, part in enumerate(node.of))
    return replace(node, path=path, of=parts)


def criteria(places: int = 4) -> Criteria:
    """A policy in the shape of the shipped one, for the invented series."""

    def test(short: str, operator: str, threshold, measure: str = "level", years: int = 0) -> Test:
        own = Quantity(f"made.{short}", measure, years)
        return atom(own.indicator, operator, threshold, quantity=own, basis="midpoint of the scale")

    def least(*shorts: str, threshold=0.5) -> list[Test]:
        return [test(short, "at_least", threshold) for short in shorts]

    def rule(kind: str, id: str, title: str, quote: str, node: Node, **more) -> Gate:
        return Gate(
            id, title, at_path(f"{kind}.{id}", node), Cites("A made-up report, page 1", quote), **more
        )

    def scored(id: str, title: str, *shorts: str) -> Pillar:
        parts = (
            Component(
                f"score.pillars.{id}[{i}]", Quantity(f"made.{short}"), 1.0, goalposts(0, 1),
                "low" if short in LOW else "high", "published range",
            )
            for i, short in enumerate(shorts)
        )  # fmt: skip
        return Pillar(id, title, 1.0, "equal by default", 1.0, tuple(parts))

    freedoms = group(
        "any",
        group("all", *least("regime", threshold=2.0)),
        group("all", *least("regime", threshold=1.0), *least("liberties"), grants="conditional"),
    )
    resisted = group(
        "none",
        group(
            "all",
            group("any", *least("corruption", "neopatrimonialism", threshold=Reference("pool", 0.6))),
            group("none", *least("legislature", "judiciary")),
            group("none", *least("society")),
        ),
    )
    turning = group(
        "all",
        test("corruption", "at_least", Reference("pool", 0.4), "peak_over", 10),
        test("corruption", "at_most", -0.1, "change_from_peak", 10),
    )
    return policy(
        at_path("pool", test("income", "at_most", 12_475.0)),
        (
            rule("gates", "democracy", "Democratic freedoms", "should be democracies", freedoms,
                 question="Do its people choose who governs?"),
            rule("gates", "civil-society", "Open and active civil society", "open and active",
                 group("all", *least("association", "participation")), question="Can citizens organise, and do they?"),
            rule("gates", "not-captured", "Not fully captured", "fully captured", resisted,
                 question="Is anyone left, inside or outside, who resists?"),
        ),
        Score(
            0.0,
            (
                scored("democracy", "Democracy", "polyarchy", "liberties"),
                scored("civil-society", "Civil society", "society", "participation"),
                scored("freedom-from-capture", "Freedom from capture", "corruption", "neopatrimonialism"),
            ),
            basis="no pillar makes up for another",
        ),
        tracks=(
            rule("tracks", "transition", "Transition from kleptocracy", "transitioning away", turning,
                 peer_group="middle-income"),
            rule("tracks", "good-faith", "Good faith, weak rule of law", "good-faith progress",
                 group("all", test("law", "below", 0.0)), peer_group="low-income"),
        ),
        title="Invented criteria for tests", version="0.1", sha256="a" * 64, text="id: made-up\n",
        source=(("title", "A made-up report"), ("publisher", "Nobody"), ("year", "2016")),
        peers=(
            PeerGroup("low-income", "Low income", at_path("peers.low-income", test("income", "at_most", 1945.0))),
            PeerGroup("middle-income", "Middle income", None),
        ),
        axes=(
            Axis("need", "Need", ("made.law",), note="Shown, not scored."),
            Axis("conflict", "Conflict", ("made.deaths",)),
        ),
        shortlist=places, shortlist_basis="a limited number of pilots", max_age=5,
        uncertainty=Uncertainty(draws=DRAWS, seed=1, basis="published errors"),
        summary="Invented criteria in the shape of the shipped ones.",
    )  # fmt: skip


def _newest(n: int, rng: np.random.Generator) -> pd.DataFrame:
    """Invented levels: the chosen ones so that every kind of answer occurs, the rest drawn."""
    base = rng.beta(4, 3, n)
    frame = pd.DataFrame(index=codes(n))
    for short in INDICES:
        v = np.clip(base + rng.normal(0, 0.12, n), 0.02, 0.98)
        frame[f"made.{short}"] = 1 - v if short in LOW else v
    count = np.arange(n)
    frame["made.law"] = np.clip(2 * base - 1.4 + rng.normal(0, 0.3, n), -2.5, 2.5)
    frame["made.income"] = np.where(count % 3 == 0, 900.0 + 10 * count, 3000.0 + 40 * count)
    frame["made.deaths"] = np.where(count % 4 == 0, 120.0 * count, 0.0)
    shorts, *rows = (line.split() for line in CHOSEN.strip().splitlines())
    for iso3, *cells in rows:
        for short, cell in zip(shorts, cells, strict=True):
            if iso3 in frame.index and cell != ".":
                frame.loc[iso3, f"made.{short}"] = float(cell)
    level, free = frame["made.polyarchy"], frame["made.liberties"]
    frame["made.regime"] = np.select(
        [(level < 0.3) & (free < 0.2), level < 0.5, level > 0.75], [0.0, 1.0, 3.0], 2.0
    )
    frame.loc[level.isna(), "made.regime"] = np.nan
    return frame


def make(n: int = 12, places: int = 4, seed: int = 7, changed=None, policy: Criteria | None = None):
    """A Result with `n` invented countries; `changed` may edit the newest values before the engine sees them."""
    from eligibility.method import run  # here, for the bench measures what other tests import of this module

    rng = np.random.default_rng(seed)
    value = _newest(n, rng)
    if changed:
        changed(value)
    history = {}
    for s in value.columns:
        frame = {}
        for iso3 in value.index:
            drift = FALLS.get(iso3, 0.12) if s == "made.corruption" else -0.1
            noise = rng.normal(0, 0.01, len(YEARS))
            moves = np.linspace(drift, 0, len(YEARS)) + noise * (np.arange(len(YEARS)) < 11)
            steady = s in ("made.income", "made.deaths", "made.regime")
            frame[iso3] = np.clip(value.loc[iso3, s] + (0 if steady else moves), SHEETS[s].lo, SHEETS[s].hi)
        history[s] = pd.DataFrame(frame, index=pd.Index(YEARS, name="year"))
    history["made.judiciary"].loc[2007:2009] = np.nan
    history["made.judiciary"].loc[2014:, "XAE"] = np.nan
    told = {
        "vintage": "v1", "citation": "Made for tests; describes no country.", "url": "https://example.org/", "licence": "CC0",
        "licence_url": "https://example.org/licence", "released": date(2024, 3, 7), "notes": ("Every number is invented.",),
    }  # fmt: skip
    held = {
        id: source(id=id, title=f"Invented numbers {id[-1]}", path=Path(id), **told)
        for id in ("made-1", "made-2")
    }
    held["made-2"] = replace(held["made-2"], vintage="2015", released=date(2015, 9, 25))
    sds = {"made.law": history["made.law"] * 0 + 0.15}
    figures = Panel(SHEETS, {s: held[own.source_id] for s, own in SHEETS.items()}, history, sds)
    return run.judge(policy or criteria(places), figures, AS_OF)


def facts(result=None, **more):
    """The facts of a made-up result, with made-up names."""
    from eligibility.analysis.compare.since import year_before
    from eligibility.pages.facts import Facts

    result = result or make(**more)
    since = year_before(result)
    with named():
        return Facts.of(result, since)
