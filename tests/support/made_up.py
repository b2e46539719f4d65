"""Made-up series, panels and policies, as small as a test needs them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
from occurrences import happened

from eligibility.data.lists import Event, Listed
from eligibility.data.panel import Panel
from eligibility.data.sources import SeriesSheet, Source
from eligibility.policy.model import (
    Cites,
    Component,
    Criteria,
    Gate,
    Group,
    Node,
    PeerGroup,
    Pillar,
    Quantity,
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
