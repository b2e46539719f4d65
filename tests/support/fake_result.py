"""A Result of the real engine on figures made up for tests: invented countries, invented numbers.

Nothing here describes any country. `make()` gives twelve countries with every kind of answer among them; `make(145)`
gives as many as the world has, for measuring. `register()` stands in for the register of countries.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from eligibility.analysis.compare.since import year_before
from eligibility.data.panel import Panel
from eligibility.data.sources import SeriesSheet, Source
from eligibility.method import run
from eligibility.pages import outlines
from eligibility.pages.facts import Facts
from eligibility.policy.model import (
    Axis,
    Cites,
    Component,
    Criteria,
    Gate,
    Group,
    PeerGroup,
    Pillar,
    Quantity,
    Reference,
    Scale,
    Score,
    Test,
    Uncertainty,
)

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


class Register:
    """The names of the invented countries."""

    def __init__(self, names: dict[str, str]):
        self._names = names

    def name(self, iso3: str) -> str:
        return self._names[iso3]

    def region(self, iso3: str) -> str:
        return "Made-up Region"

    def exists(self, iso3: str, year: int) -> bool:
        return True

    def __contains__(self, iso3: object) -> bool:
        return iso3 in self._names


def codes(n: int) -> list[str]:
    """As many three-letter codes as wanted, none of a real country."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return [f"X{letters[i // 26]}{letters[i % 26]}" for i in range(n)]


def register(n: int = 12) -> Register:
    return Register({c: NAMES[i] if i < len(NAMES) else f"Country {i + 1}" for i, c in enumerate(codes(n))})


def world(n: int = 12) -> outlines.World:
    """An invented map: a square a country, every third too small and a circle, one square that is no candidate."""
    squares = {c: f"M{100 + 400 * i} 500l300 0 0 300-300 0z" for i, c in enumerate([*codes(n), "XZZ"])}
    about = {
        "id": "made-world", "title": "Invented outlines", "publisher": "Nobody", "vintage": "1", "released": date(2015, 1, 1),
        "licence": "Public domain", "licence_url": "https://a.example/terms", "url": "https://a.example/", "citation": "Nobody.",
        "notes": ["Invented for tests."], "boundaries": "Nothing is disputed here.", "drawing": {"width": 7200, "height": 1200},
    }  # fmt: skip
    places = {c: (250.0 + 400 * i, 650.0) for i, c in enumerate(codes(n)) if i % 3 == 0}
    return outlines.World(squares, places, ("M0 0l50 0 0 50z",), about)


def sheet(short: str, label: str, **more) -> SeriesSheet:
    """A series sheet as the sources give it."""
    values = dict(
        id=f"made.{short}",
        label=label,
        description=f"{label}, invented for tests.",
        publisher_code=short,
        unit="index, 0 to 1",
        better="low" if short in LOW else "high",
        lo=0.0,
        hi=1.0,
        decimals=2,
        lag_months=3,
        classes=None,
        sd_kind="modelled",
        sd_how="0.25 * density(quantile(p))",
        sd_formula="probit",
        sd_factor=0.25,
        source_id="made-1",
    )
    return SeriesSheet(**{**values, **more})


SHEETS = {f"made.{k}": sheet(k, v) for k, v in INDICES.items()} | {
    "made.regime": sheet(
        "regime",
        "Regime type",
        unit="class",
        lo=0.0,
        hi=3.0,
        decimals=0,
        classes={
            0: "closed autocracy",
            1: "electoral autocracy",
            2: "electoral democracy",
            3: "liberal democracy",
        },
        sd_formula="",
        follows="made.polyarchy",
        cut=0.5,
        between=(1, 2),
    ),
    "made.law": sheet(
        "law",
        "Rule of law",
        unit="about −2.5 to 2.5",
        lo=-2.5,
        hi=2.5,
        sd_kind="published",
        sd_formula="",
        source_id="made-2",
    ),
    "made.income": sheet(
        "income",
        "National income a head",
        unit="dollars",
        lo=0,
        hi=200_000,
        decimals=0,
        sd_kind="none",
        sd_formula="",
        better="high",
        source_id="made-2",
    ),
    "made.deaths": sheet(
        "deaths",
        "Battle deaths",
        unit="deaths",
        lo=0,
        hi=1e6,
        decimals=0,
        sd_kind="none",
        sd_formula="",
        better="low",
        source_id="made-2",
    ),
}


def source(id: str, **more) -> Source:
    """A source sheet."""
    values = dict(
        id=id,
        family="made",
        vintage="v1",
        publisher="Nobody",
        title=f"Invented numbers {id[-1]}",
        citation="Made for tests; describes no country.",
        url="https://example.org/",
        licence="CC0",
        licence_url="https://example.org/licence",
        ship=True,
        released=date(2024, 3, 7),
        notes=("Every number is invented.",),
        files=(),
        values={"sha256": "0" * 64},
        series={},
        path=Path(id),
    )
    return Source(**{**values, **more})


def _test(
    path: str, short: str, operator: str, threshold, measure: str = "level", years: int = 0, **more
) -> Test:
    return Test(
        path,
        Quantity(f"made.{short}", measure, years),
        operator,
        threshold,
        basis=more.pop("basis", "midpoint of the scale"),
        **more,
    )


def criteria(places: int = 4) -> Criteria:
    """A policy in the shape of the shipped one."""
    q60 = Reference("pool", 0.6)
    d, c, n = "gates.democracy", "gates.civil-society", "gates.not-captured"
    transition, faith = "tracks.transition", "tracks.good-faith"
    democracy = Group(
        d,
        "any",
        (
            Group(f"{d}.any[0]", "all", (_test(f"{d}.any[0].all[0]", "regime", "at_least", 2.0),)),
            Group(
                f"{d}.any[1]",
                "all",
                (
                    _test(f"{d}.any[1].all[0]", "regime", "at_least", 1.0),
                    _test(f"{d}.any[1].all[1]", "liberties", "at_least", 0.5),
                ),
                grants="conditional",
            ),
        ),
    )
    society = Group(
        c,
        "all",
        (
            _test(f"{c}.all[0]", "association", "at_least", 0.5),
            _test(f"{c}.all[1]", "participation", "at_least", 0.5),
        ),
    )
    p = f"{n}.none[0]"
    captured = Group(
        n,
        "none",
        (
            Group(
                p,
                "all",
                (
                    Group(
                        f"{p}.all[0]",
                        "any",
                        (
                            _test(f"{p}.all[0].any[0]", "corruption", "at_least", q60),
                            _test(f"{p}.all[0].any[1]", "neopatrimonialism", "at_least", q60),
                        ),
                    ),
                    Group(
                        f"{p}.all[1]",
                        "none",
                        (
                            _test(f"{p}.all[1].none[0]", "legislature", "at_least", 0.5),
                            _test(f"{p}.all[1].none[1]", "judiciary", "at_least", 0.5),
                        ),
                    ),
                    Group(f"{p}.all[2]", "none", (_test(f"{p}.all[2].none[0]", "society", "at_least", 0.5),)),
                ),
            ),
        ),
    )

    def cite(quote: str) -> Cites:
        return Cites("A made-up report, page 1", quote)

    gates = (
        Gate(
            "democracy",
            "Democratic freedoms",
            democracy,
            cite("should be democracies"),
            "Do its people choose who governs?",
        ),
        Gate(
            "civil-society",
            "Open and active civil society",
            society,
            cite("open and active"),
            "Can citizens organise, and do they?",
        ),
        Gate(
            "not-captured",
            "Not fully captured",
            captured,
            cite("fully captured"),
            "Is anyone left, inside or outside, who resists?",
        ),
    )
    tracks = (
        Gate(
            "transition",
            "Transition from kleptocracy",
            Group(
                transition,
                "all",
                (
                    _test(
                        f"{transition}.all[0]",
                        "corruption",
                        "at_least",
                        Reference("pool", 0.4),
                        "peak_over",
                        10,
                    ),
                    _test(f"{transition}.all[1]", "corruption", "at_most", -0.1, "change_from_peak", 10),
                ),
            ),
            cite("transitioning away"),
            peer_group="middle-income",
        ),
        Gate(
            "good-faith",
            "Good faith, weak rule of law",
            Group(faith, "all", (_test(f"{faith}.all[0]", "law", "below", 0.0),)),
            cite("good-faith progress"),
            peer_group="low-income",
        ),
    )

    def component(pillar: str, i: int, short: str) -> Component:
        better = "low" if short in LOW else "high"
        path = f"score.pillars.{pillar}[{i}]"
        return Component(
            path, Quantity(f"made.{short}"), 1.0, Scale(goalposts=(0.0, 1.0)), better, "published range"
        )

    pillars = tuple(
        Pillar(
            id, title, 1.0, "equal by default", 1.0, tuple(component(id, i, s) for i, s in enumerate(shorts))
        )
        for id, title, shorts in (
            ("democracy", "Democracy", ("polyarchy", "liberties")),
            ("civil-society", "Civil society", ("society", "participation")),
            ("freedom-from-capture", "Freedom from capture", ("corruption", "neopatrimonialism")),
        )
    )
    return Criteria(
        id="made-up",
        title="Invented criteria for tests",
        version="0.1",
        sha256="a" * 64,
        source=(("title", "A made-up report"), ("publisher", "Nobody"), ("year", "2016")),
        pool=_test("pool", "income", "at_most", 12_475.0),
        peers=(
            PeerGroup("low-income", "Low income", _test("peers.low-income", "income", "at_most", 1945.0)),
            PeerGroup("middle-income", "Middle income", None),
        ),
        gates=gates,
        tracks=tracks,
        score=Score(0.0, pillars, basis="no pillar makes up for another"),
        axes=(
            Axis("need", "Need", ("made.law",), note="Shown, not scored."),
            Axis("conflict", "Conflict", ("made.deaths",)),
        ),
        shortlist=places,
        max_age=5,
        uncertainty=Uncertainty(draws=DRAWS, seed=1, basis="published errors"),
        summary="Invented criteria in the shape of the shipped ones.",
        shortlist_basis="a limited number of pilots",
        text="id: made-up\n",
    )


def _values(n: int, rng: np.random.Generator) -> pd.DataFrame:
    """Invented levels: twelve chosen so that every kind of answer occurs, the rest drawn."""
    base = rng.beta(4, 3, n)
    frame = pd.DataFrame(index=codes(n))
    for short in INDICES:
        v = np.clip(base + rng.normal(0, 0.12, n), 0.02, 0.98)
        frame[f"made.{short}"] = 1 - v if short in LOW else v
    frame["made.law"] = np.clip(2 * base - 1.4 + rng.normal(0, 0.3, n), -2.5, 2.5)
    frame["made.income"] = np.where(
        np.arange(n) % 3 == 0, 900.0 + 10 * np.arange(n), 3000.0 + 40 * np.arange(n)
    )
    frame["made.deaths"] = np.where(np.arange(n) % 4 == 0, 120.0 * np.arange(n), 0.0)
    given = {
        "XAA": dict(
            polyarchy=0.78,
            liberties=0.86,
            association=0.84,
            participation=0.8,
            society=0.9,
            corruption=0.3,
            law=-0.2,
        ),
        "XAB": dict(
            liberties=0.63,
            polyarchy=0.42,
            corruption=0.72,
            neopatrimonialism=0.6,
            legislature=0.45,
            judiciary=0.3,
            society=0.8,
            association=0.8,
            participation=0.87,
        ),
        "XAC": dict(
            association=0.15,
            participation=0.2,
            liberties=0.1,
            polyarchy=0.16,
            society=0.1,
            corruption=0.9,
            judiciary=0.1,
        ),
        "XAE": dict(corruption=0.1, polyarchy=0.9, liberties=0.92, association=0.9, participation=0.9),
        "XAD": dict(
            liberties=0.59,
            polyarchy=0.37,
            association=0.53,
            participation=0.55,
            corruption=0.4,
            law=-1.2,
            society=0.5,
        ),
        "XAG": dict(
            participation=0.505, association=0.7, liberties=0.74, polyarchy=0.6, law=-0.4, corruption=0.5
        ),
        "XAH": dict(participation=0.47, association=0.66, liberties=0.7, polyarchy=0.58, corruption=0.5),
        "XAI": dict(
            association=np.nan,
            liberties=np.nan,
            polyarchy=np.nan,
            participation=0.7,
            society=0.7,
            corruption=0.4,
        ),
        "XAK": dict(
            participation=0.8, association=0.8, liberties=0.8, polyarchy=0.7, society=0.75, corruption=0.42
        ),
        "XAL": dict(
            polyarchy=0.8, liberties=0.8, association=0.8, participation=0.75, society=0.8, corruption=0.45
        ),
    }
    for iso3, values in given.items():
        for short, value in values.items():
            if iso3 in frame.index:
                frame.loc[iso3, f"made.{short}"] = value
    autocracy = frame["made.polyarchy"] < 0.3
    frame["made.regime"] = np.select(
        [autocracy & (frame["made.liberties"] < 0.2), frame["made.polyarchy"] < 0.5], [0.0, 1.0], 2.0
    )
    frame.loc[frame["made.polyarchy"] > 0.75, "made.regime"] = 3.0
    frame.loc[frame["made.polyarchy"].isna(), "made.regime"] = np.nan
    return frame


def make(
    n: int = 12, places: int = 4, seed: int = 7, changed=None, policy: Criteria | None = None
) -> run.Result:
    """A Result with `n` invented countries; `changed` may edit the newest values before the engine sees them."""
    rng = np.random.default_rng(seed)
    value = _values(n, rng)
    if changed:
        changed(value)
    falls = {"XAA": 0.5, "XAB": 0.14, "XAH": 0.2, "XAE": 0.02, "XAL": 0.25, "XAI": 0.3, "XAK": 0.16}
    history = {}
    for s in value.columns:
        frame = {}
        for iso3 in value.index:
            drift = falls.get(iso3, 0.12) if s == "made.corruption" else -0.1
            steady = s.startswith(("made.income", "made.deaths", "made.regime"))
            noise = rng.normal(0, 0.01, len(YEARS))
            shape = (
                np.zeros(len(YEARS))
                if steady
                else np.linspace(drift, 0, len(YEARS)) + noise * (np.arange(len(YEARS)) < 11)
            )
            frame[iso3] = np.clip(value.loc[iso3, s] + shape, SHEETS[s].lo, SHEETS[s].hi)
        history[s] = pd.DataFrame(frame, index=pd.Index(YEARS, name="year"))
    history["made.judiciary"].loc[2007:2009] = np.nan
    history["made.judiciary"].loc[2014:, "XAE"] = np.nan
    sources = {
        "made-1": source("made-1"),
        "made-2": source("made-2", vintage="2015", released=date(2015, 9, 25)),
    }
    sds = {"made.law": history["made.law"] * 0 + 0.15}
    figures = Panel(SHEETS, {s: sources[SHEETS[s].source_id] for s in SHEETS}, history, sds)
    return run.judge(policy or criteria(places), figures, date(2016, 7, 1))


def facts(result: run.Result | None = None, **more) -> Facts:
    """The facts of a made-up result, with made-up names."""
    result = result or make(**more)
    names = register(max(12, len(result.peers)))
    pool = list(result.screening.status.index)
    regions = dict.fromkeys(pool, "Made-up Region")
    return Facts(result, {c: names.name(c) for c in pool}, regions, year_before(result))
