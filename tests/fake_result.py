"""A small Result made up for tests: invented countries, invented numbers, the shape of the real one.

Nothing here describes any country. `make()` gives twelve countries with one of each kind of answer; `make(145)` gives
as many as the world has, for measuring. `REGISTER` stands in for the register of countries.
"""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd

from eligibility.policy import (
    Axis,
    Citation,
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

DRAWS = 80
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
NORMAL = np.array([0.0, 1.0])


class Register:
    """The names of the invented countries."""

    def __init__(self, names: dict[str, str]):
        self._names = names

    def name(self, iso3: str) -> str:
        return self._names[iso3]

    def region(self, iso3: str) -> str:
        return "Made-up Region"


def codes(n: int) -> list[str]:
    """As many three-letter codes as wanted, none of a real country."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return [f"X{letters[i // 26]}{letters[i % 26]}" for i in range(n)]


def register(n: int = 12) -> Register:
    return Register({c: NAMES[i] if i < len(NAMES) else f"Country {i + 1}" for i, c in enumerate(codes(n))})


def sheet(short: str, label: str, **more) -> SimpleNamespace:
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
        sd_how="0.2 * sqrt(p * (1 - p))",
        follows=None,
        cut=None,
        between=None,
        source_id="made-1",
    )
    return SimpleNamespace(**{**values, **more})


SHEETS = {f"made.{k}": sheet(k, v) for k, v in INDICES.items()} | {
    "made.regime": sheet(
        "regime",
        "Regime type",
        unit="class",
        lo=0.0,
        hi=3.0,
        decimals=0,
        classes={0: "closed autocracy", 1: "electoral autocracy", 2: "electoral democracy", 3: "liberal democracy"},
    ),
    "made.law": sheet("law", "Rule of law", unit="about −2.5 to 2.5", lo=-2.5, hi=2.5, sd_kind="published", source_id="made-2"),
    "made.income": sheet(
        "income", "National income a head", unit="dollars", lo=0, hi=200_000, decimals=0, sd_kind="none", better="high", source_id="made-2"
    ),
    "made.deaths": sheet(
        "deaths", "Battle deaths", unit="deaths", lo=0, hi=1e6, decimals=0, sd_kind="none", better="low", source_id="made-2"
    ),
}


def source(id: str, **more) -> SimpleNamespace:
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
        notes=["Every number is invented."],
        files=(),
        values={"sha256": "0" * 64},
        series={},
        path=None,
    )
    return SimpleNamespace(**{**values, **more})


def _test(path: str, short: str, operator: str, threshold, measure: str = "level", years: int = 0, **more) -> Test:
    return Test(path, Quantity(f"made.{short}", measure, years), operator, threshold, basis=more.pop("basis", "midpoint of the scale"), **more)


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
        c, "all", (_test(f"{c}.all[0]", "association", "at_least", 0.5), _test(f"{c}.all[1]", "participation", "at_least", 0.5))
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

    def cite(quote: str) -> Citation:
        return Citation("A made-up report, page 1", quote)

    gates = (
        Gate("democracy", "Democratic freedoms", democracy, cite("should be democracies"), "Do its people choose who governs?"),
        Gate("civil-society", "Open and active civil society", society, cite("open and active"), "Can citizens organise, and do they?"),
        Gate("not-captured", "Not fully captured", captured, cite("fully captured"), "Is anyone left, inside or outside, who resists?"),
    )
    tracks = (
        Gate(
            "transition",
            "Transition from kleptocracy",
            Group(
                transition,
                "all",
                (
                    _test(f"{transition}.all[0]", "corruption", "at_least", Reference("pool", 0.4), "peak_over", 10),
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
        return Component(path, Quantity(f"made.{short}"), 1.0, Scale("goalposts", ((0.0, 1.0),)), better, "published range")

    pillars = tuple(
        Pillar(id, title, 1.0, "equal by default", 1.0, tuple(component(id, i, s) for i, s in enumerate(shorts)))
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


ORDER = {"fail": 0, "unknown": 1, "conditional": 2, "pass": 3}


class Judge:
    """Verdicts of one country, in plain Python: enough of an engine to make a fake Result hang together."""

    def __init__(self, value: dict, past: dict, pool: dict):
        self.value, self.past, self.pool = value, past, pool
        self.word: dict[str, str] = {}
        self.measured: dict[str, float] = {}
        self.needs: dict[str, float] = {}

    def judge(self, node) -> str:
        self.word[node.path] = word = self._test(node) if isinstance(node, Test) else self._group(node)
        return word

    def _group(self, node: Group) -> str:
        words = [self.judge(branch) for branch in node.of]
        if node.join == "none":
            words = [{"pass": "fail", "fail": "pass"}.get(w, w) for w in words]
        word = (max if node.join == "any" else min)(words, key=ORDER.get)
        return "conditional" if node.grants == "conditional" and word == "pass" else word

    def _test(self, node: Test) -> str:
        short = node.quantity.indicator
        now = self.value[short]
        peak = max([now, *(v for v in self.past[short] if v == v)]) if now == now else now
        value = {"level": now, "peak_over": peak, "change_from_peak": now - peak}.get(node.quantity.measure, now)
        reference = isinstance(node.threshold, Reference)
        limit = float(np.nanquantile(self.pool[short], node.threshold.quantile)) if reference else node.threshold
        self.measured[node.path], self.needs[node.path] = value, limit
        if value != value:
            return "unknown"
        held = {"at_least": value >= limit, "at_most": value <= limit, "above": value > limit, "below": value < limit}[node.operator]
        return "pass" if held else "fail"


def _status(gates: list[str], tracks: list[str]) -> str:
    words = [*gates, max(tracks, key=ORDER.get)]
    worst = min(words, key=ORDER.get)
    return {"fail": "excluded", "unknown": "insufficient-data", "conditional": "conditional", "pass": "eligible"}[worst]


def _values(n: int, rng: np.random.Generator) -> pd.DataFrame:
    """Invented levels: twelve chosen so that every kind of answer occurs, the rest drawn."""
    base = rng.beta(4, 3, n)
    frame = pd.DataFrame(index=codes(n))
    for short in INDICES:
        v = np.clip(base + rng.normal(0, 0.12, n), 0.02, 0.98)
        frame[f"made.{short}"] = 1 - v if short in LOW else v
    frame["made.law"] = np.clip(2 * base - 1.4 + rng.normal(0, 0.3, n), -2.5, 2.5)
    frame["made.income"] = np.where(np.arange(n) % 3 == 0, 900.0 + 10 * np.arange(n), 3000.0 + 40 * np.arange(n))
    frame["made.deaths"] = np.where(np.arange(n) % 4 == 0, 120.0 * np.arange(n), 0.0)
    given = {
        "XAA": dict(polyarchy=0.78, liberties=0.86, association=0.84, participation=0.8, society=0.9, corruption=0.3, law=-0.2),
        "XAB": dict(liberties=0.63, polyarchy=0.42, corruption=0.72, neopatrimonialism=0.6, legislature=0.45, judiciary=0.3, society=0.8, association=0.8, participation=0.87),
        "XAC": dict(association=0.15, participation=0.2, liberties=0.1, polyarchy=0.16, society=0.1, corruption=0.9, judiciary=0.1),
        "XAE": dict(corruption=0.1, polyarchy=0.9, liberties=0.92, association=0.9, participation=0.9),
        "XAD": dict(liberties=0.59, polyarchy=0.37, association=0.53, participation=0.55, corruption=0.4, law=-1.2, society=0.5),
        "XAG": dict(participation=0.505, association=0.7, liberties=0.74, polyarchy=0.6, law=-0.4, corruption=0.5),
        "XAH": dict(participation=0.47, association=0.66, liberties=0.7, polyarchy=0.58, corruption=0.5),
        "XAI": dict(association=np.nan, liberties=np.nan, polyarchy=np.nan, participation=0.7, society=0.7, corruption=0.4),
        "XAK": dict(participation=0.8, association=0.8, liberties=0.8, polyarchy=0.7, society=0.75, corruption=0.42),
        "XAL": dict(polyarchy=0.8, liberties=0.8, association=0.8, participation=0.75, society=0.8, corruption=0.45),
    }
    for iso3, values in given.items():
        for short, value in values.items():
            if iso3 in frame.index:
                frame.loc[iso3, f"made.{short}"] = value
    autocracy = frame["made.polyarchy"] < 0.3
    frame["made.regime"] = np.select([autocracy & (frame["made.liberties"] < 0.2), frame["made.polyarchy"] < 0.5], [0.0, 1.0], 2.0)
    frame.loc[frame["made.polyarchy"] > 0.75, "made.regime"] = 3.0
    frame.loc[frame["made.polyarchy"].isna(), "made.regime"] = np.nan
    return frame


def make(n: int = 12, places: int = 4, seed: int = 7) -> SimpleNamespace:
    """A Result with `n` invented countries."""
    rng = np.random.default_rng(seed)
    policy = criteria(places)
    value = _values(n, rng)
    history = {s: pd.DataFrame(index=list(YEARS), columns=value.index, dtype=float) for s in value.columns}
    falls = {"XAA": 0.5, "XAB": 0.14, "XAH": 0.2, "XAE": 0.02, "XAL": 0.25, "XAI": 0.3, "XAK": 0.16}
    for s, frame in history.items():
        for iso3 in value.index:
            drift = falls.get(iso3, 0.12) if s == "made.corruption" else -0.1
            if s.startswith(("made.income", "made.deaths")):
                drift = 0.0
            shape = np.linspace(drift, 0, len(YEARS)) + rng.normal(0, 0.01, len(YEARS))
            frame[iso3] = value.loc[iso3, s] + np.where(np.arange(len(YEARS)) == len(YEARS) - 1, 0, shape)
    history["made.judiciary"].loc[2007:2009] = np.nan
    sd = pd.DataFrame({s: 0.2 * np.sqrt(np.clip(value[s] * (1 - value[s]), 0, None)) if s[5:] in INDICES else 0.0 for s in value})
    sd["made.law"] = 0.15
    year = value.notna().astype(float) * 2015
    year.loc["XAE", "made.judiciary"] = 2013
    mark = pd.DataFrame("", index=value.index, columns=value.columns)
    mark.loc["XAE", "made.judiciary"] = "carried"
    peers = pd.Series(np.where(value["made.income"] <= 1945, "low-income", "middle-income"), index=value.index)

    def judged(values: pd.DataFrame) -> dict[str, Judge]:
        pool = {s: values[s].to_numpy() for s in values}
        out = {}
        for iso3, row in values.to_dict("index").items():
            past = {s: history[s][iso3].tolist() for s in ("made.corruption",)} | {s: [] for s in values if s != "made.corruption"}
            out[iso3] = judge = Judge(row, past, pool)
            for gate in (*policy.gates, *policy.tracks):
                judge.judge(gate.rule)
            for track in policy.tracks:
                if peers[iso3] != track.peer_group:
                    judge.word[track.rule.path] = "fail"
        return out

    def scored(values: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
        normal = {}
        for pillar in policy.score.pillars:
            for c in pillar.components:
                v = values[c.quantity.indicator]
                normal[c.path] = 1 - v if c.better == "low" else v
        normal = pd.DataFrame(normal)
        pillars = pd.DataFrame({p.id: normal[[c.path for c in p.components]].mean(axis=1) for p in policy.score.pillars})
        score = np.exp(np.log(pillars.clip(lower=1e-6)).mean(axis=1, skipna=False))
        return normal, pillars, score

    def table(which: tuple, judges: dict) -> pd.DataFrame:
        return pd.DataFrame({g.id: {c: j.word[g.rule.path] for c, j in judges.items()} for g in which})

    judges = judged(value)
    gate, track = table(policy.gates, judges), table(policy.tracks, judges)
    status = pd.Series({c: _status([*gate.loc[c]], [*track.loc[c]]) for c in value.index})
    normal, pillar, score = scored(value)
    ranked = score.where(status.isin(["eligible", "conditional"])).dropna().sort_values(ascending=False)
    rank = pd.Series(np.nan, index=value.index)
    rank[ranked.index] = np.arange(1, len(ranked) + 1)
    order = (*ranked.index, *(c for c in value.index if c not in ranked.index))

    draws = DRAWS if n <= 20 else 12
    p_gate, p_track, p_eligible, p_top = gate == "x", track == "x", status == "x", status == "x"
    p_gate, p_track, p_eligible, p_top = (x.astype(float) for x in (p_gate, p_track, p_eligible, p_top))
    counts = pd.DataFrame(0, index=value.index, columns=range(1, n + 1))
    for _ in range(draws):
        drawn = value + sd * rng.normal(size=value.shape)
        for s in value:
            drawn[s] = drawn[s].clip(SHEETS[s].lo, SHEETS[s].hi)
        drawn["made.regime"] = value["made.regime"]
        js = judged(drawn)
        g, t = table(policy.gates, js), table(policy.tracks, js)
        p_gate += g.isin(["pass", "conditional"]) / draws
        p_track += t.isin(["pass", "conditional"]) / draws
        ok = [c for c in value.index if _status([*g.loc[c]], [*t.loc[c]]) in ("eligible", "conditional")]
        p_eligible[ok] += 1 / draws
        for place, c in enumerate(scored(drawn)[2][ok].dropna().sort_values(ascending=False).index, start=1):
            counts.loc[c, place] += 1
            if place <= places:
                p_top[c] += 1 / draws
    spread = {c: np.repeat(counts.columns, counts.loc[c]) for c in value.index}

    def percentile(q: float) -> pd.Series:
        return pd.Series({c: float(np.quantile(x, q, method="inverted_cdf")) if len(x) else np.nan for c, x in spread.items()})

    weights = normal.rename(columns=lambda path: path)
    contribution = weights.div(weights.sum(axis=1), axis=0).mul(score, axis=0)
    flips = [
        dict(iso3=c, gate=g.id, indicator=t.quantity.indicator, now=j.measured[t.path], needed=j.needs[t.path])
        for c, j in judges.items()
        for g in policy.gates[:2]
        for t in (leaf for leaf in _tests(g.rule))
        if t.quantity.indicator in ("made.liberties", "made.participation", "made.association") and j.word[t.path] == "fail"
    ]
    frame = pd.DataFrame(flips, columns=["iso3", "gate", "indicator", "now", "needed"])
    frame["change"] = frame.needed - frame.now
    frame["in_sd"] = [abs(r.change) / sd.loc[r.iso3, r.indicator] for r in frame.itertuples()]
    frame["becomes"] = ["conditional" if g == "democracy" else "pass" for g in frame.gate]
    sources = (source("made-1"), source("made-2", vintage="2015", released=date(2015, 9, 25)))
    return SimpleNamespace(
        criteria=policy,
        as_of=date(2016, 7, 1),
        panel=SimpleNamespace(series=SHEETS, sources=sources, history=lambda s: history[s]),
        cells=SimpleNamespace(
            as_of=date(2016, 7, 1),
            value=value,
            sd=sd,
            year=year.where(value.notna()),
            age=(2016 - year).where(value.notna()),
            mark=mark,
            sheets=SHEETS,
            revised=("made-1",),
        ),
        peers=peers,
        screening=SimpleNamespace(
            status=status,
            gate=gate,
            track=track,
            node=pd.DataFrame({c: j.word for c, j in judges.items()}).T,
            measured=pd.DataFrame({c: j.measured for c, j in judges.items()}).T,
            needs=pd.DataFrame({c: j.needs for c, j in judges.items()}).T,
        ),
        scores=SimpleNamespace(
            score=score, pillar=pillar, normalised=normal, contribution=contribution, coverage=pillar.notna().astype(float)
        ),
        ranking=SimpleNamespace(rank=rank, order=order, shortlist=tuple(ranked.index[:places])),
        firmness=SimpleNamespace(
            p_gate=p_gate.clip(0, 1),
            p_track=p_track.clip(0, 1),
            p_eligible=p_eligible.clip(0, 1),
            rank_low=percentile(0.05),
            rank_median=percentile(0.5),
            rank_high=percentile(0.95),
            p_top=p_top.clip(0, 1),
            rank_counts=counts,
            draws=draws,
            seed=1,
            half_width=0.05,
        ),
        flips=frame,
        notes=("Values of made-1 come from a vintage published after 1 July 2016.",),
        provenance={
            "engine": "0.1.0",
            "seed": 1,
            "draws": draws,
            "libraries": {"numpy": "2.4.6", "pandas": "3.1.1"},
            "inputs": {"datasets/made-1/values.csv": "0" * 64, "criteria/made-up.yaml": "a" * 64},
        },
    )


def _tests(node):
    return [node] if isinstance(node, Test) else [t for branch in node.of for t in _tests(branch)]
