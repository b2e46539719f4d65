"""Results of every shape, for the proofs of what pages say: shipped criteria at two dates, and made-up ones at the edges."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import made_up
import numpy as np
import yaml

from eligibility.data import sources
from eligibility.language import overrides
from eligibility.method import run
from eligibility.method.result import Result
from eligibility.policy.limits import Limits, OfKind
from eligibility.policy.model import (
    Choices,
    Cites,
    Dated,
    Gate,
    Group,
    Imputation,
    InForce,
    Metric,
    Points,
    Quantity,
    Weights,
)

DRAWS = 400
EARLY = date(2016, 7, 1)


def not_covering() -> Result:
    """A newer release of two V-Dem series on the shelf that holds some countries only, and of one of them not all years."""
    held = next(s for s in sources.shelf() if s.id == "vdem-v14")
    names = ["political_corruption", "judicial_constraints"]
    table = sources.table(held, names)[names]
    some = table[table.index.get_level_values("iso3") < "M"].copy()
    some.loc[some.index.get_level_values("year") < 2015, names[1]] = np.nan
    rows = some.to_csv(lineterminator="\n").encode()
    sheet = yaml.safe_load((held.path / sources.SHEET).read_text(encoding="utf-8"))
    sheet |= {"id": "vdem-some", "vintage": "some", "released": date(2024, 9, 1)}
    sheet |= {"series": {name: sheet["series"][name] for name in names}}
    sheet["values"]["sha256"] = hashlib.sha256(rows).hexdigest()
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder) / "vdem-some"
        own.mkdir()
        (own / sources.VALUES).write_bytes(rows)
        (own / sources.SHEET).write_text(yaml.safe_dump(sheet, sort_keys=False), encoding="utf-8")
        return run.run(as_of=EARLY, draws=DRAWS, data=Path(folder))


SHIPPED: dict[str, Callable[[], Result]] = {
    "default early": lambda: run.run(as_of=EARLY, draws=DRAWS),
    "default newest": lambda: run.run(draws=DRAWS),
    "later figures held": lambda: run.run(as_of=date(2024, 5, 1), draws=DRAWS),
    "a newer release does not cover": not_covering,
    "index": lambda: run.run("hdi", as_of=EARLY, draws=DRAWS),
    "gates only": lambda: run.run("mcc-scorecard", as_of=EARLY, draws=DRAWS),
    "most cannot be judged": lambda: run.run("peacetime-pilots-full", draws=DRAWS),
    "nobody can be judged": lambda: run.run("ogp-core", as_of=date(2020, 1, 1), draws=DRAWS),
}


def policy(**more):
    """The made-up criteria with other parts."""
    return replace(made_up.criteria(more.pop("places", 4)), **more)


def doubting(**more):
    """The made-up criteria with other doubt."""
    own = policy()
    return replace(own, uncertainty=replace(own.uncertainty, **more))


def open_choices():
    weights = Weights(within=0.25)
    return Choices(weights=weights, powers=(0.0, 1.0), scales=("stated", "minmax"), leave_out=True)


def kinds(**more):
    """The second track is not ideal: who fits it alone is qualified."""
    own = doubting(**more)
    first, *others = own.tracks
    return replace(own, tracks=(first, *(replace(track, ideal=False) for track in others)))


def index(**more):
    return policy(gates=(), tracks=(), **more)


def decided(result: Result) -> Result:
    """The board has decided on the first and the last, and analysts have noted something on the first."""
    entry = dict(criteria=result.criteria.id, decision="defer", name="A. Example, chair", date="2016-09-14",
                 reason="The elections were put off.", source="https://example.org/minutes")  # fmt: skip
    who = result.ranking.shortlist[0], result.ranking.order[-1]
    entries = tuple(overrides.Override(country=c, **entry) for c in who)
    notes = tuple(
        overrides.Note(
            who[0], "B. Example, analyst", day, "Half of the accounts are published.", entry["source"]
        )
        for day in ("2016-06-20", "2016-05-02")
    )
    return replace(result, register=overrides.Register(entries, "overrides: as read\n", notes))


def same(*codes: str):
    """Values edited so that these countries are as the first of them."""

    def change(values):
        for c in codes[1:]:
            values.loc[c] = values.loc[codes[0]]

    return change


def blank(values):
    values.loc[:, [c for c in values.columns if c != "made.income"]] = np.nan


def at_the_limit(values):
    """Values on their thresholds and a hair beside them."""
    values.loc["XAA", "made.participation"] = 0.5
    values.loc["XAB", "made.participation"] = 0.4999999
    values.loc["XAD", "made.participation"] = 0.5000001
    values.loc["XAG", "made.law"] = 0.0
    values.loc["XAH", "made.law"] = -0.0000001


def points():
    steps = ((0.7, 4.0), (0.4, 2.0), (-np.inf, 0.0))
    metric = Metric(
        "gates.p.points[0]", "bands", "Association", Quantity("made.association"), steps, worth=4.0
    )
    return Gate("p", "Enough points", Points("gates.p.points", (metric,), 0.75, 1), Cites("A made-up report"))


def missing(word: str):
    """The civil-society gate with another rule for what is missing."""
    gates = []
    for gate in policy().gates:
        if gate.id == "civil-society":
            tests = tuple(replace(t, missing=word) for t in gate.rule.of)
            gate = replace(gate, rule=replace(gate.rule, of=tests))
        gates.append(gate)
    return policy(gates=tuple(gates))


def dated(late: bool):
    """Gates that count, that are not in force yet, or whose threshold is not; the set itself from 2010 on."""
    society = next(g for g in policy().gates if g.id == "civil-society")
    more = [replace(t, path=f"gates.count.at_least.of[{i}]") for i, t in enumerate(society.rule.of)]
    more.append(
        replace(
            more[0],
            path="gates.count.at_least.of[2]",
            quantity=Quantity("made.society"),
            in_force=InForce(date(2011, 1, 1)),
        )
    )
    count = replace(society, id="count", title="Two of three", in_force=InForce(date(2011, 1, 1), basis="A reason"),
                    rule=Group("gates.count", "at_least", tuple(more), n=2, title="Civil society"))  # fmt: skip
    later = replace(
        society, id="later", title="Not yet", in_force=InForce(date(2030, 1, 1), date(2031, 1, 1))
    )
    table = Dated(((date(2030, 1, 1), 0.5),))
    unset = replace(
        society, id="unset", title="No number", rule=replace(more[1], path="gates.unset", threshold=table)
    )
    gates = (society, count, later, *([unset] if late else ()))
    return policy(
        gates=gates, in_force=InForce(date(2010, 1, 1), basis="A reason"), own_ages=(("made.law", 7),)
    )


def one_group():
    (_, rest) = policy().peers
    return policy(peers=(rest,), tracks=policy().tracks[:1])


def limited(places: int = 4, **more):
    """The list has limits."""
    return policy(places=places, limits=Limits(**more))


def made(**more) -> Callable[[], Result]:
    return lambda: made_up.make(**more)


MADE: dict[str, Callable[[], Result]] = {
    "plain": made(),
    "kinds that will do": made(policy=kinds()),
    "one kind will do, with doubt": made(policy=kinds(choices=open_choices(), imputation=Imputation(3))),
    "open choices": made(policy=doubting(choices=open_choices())),
    "imputation": made(policy=doubting(imputation=Imputation(5))),
    "imputation and choices": made(policy=doubting(imputation=Imputation(3), choices=open_choices())),
    "decided by the board": lambda: decided(made_up.make()),
    "index": made(policy=index(shortlist=0)),
    "index with a shortlist": made(policy=index()),
    "index of one": made(n=1, policy=index(shortlist=0)),
    "gates only": made(policy=policy(score=None, tracks=())),
    "gates and tracks, no score": made(policy=policy(score=None)),
    "one gate": made(policy=policy(gates=policy().gates[:1], tracks=())),
    "one gate, one track, no peers": made(policy=policy(gates=policy().gates[1:2], tracks=(replace(policy().tracks[1], peer_group=""),), peers=())),
    "tracks only": made(policy=policy(gates=())),
    "two tracks for all": made(policy=policy(tracks=tuple(replace(x, peer_group="") for x in policy().tracks))),
    "one peer group": made(policy=one_group()),
    "one place": made(places=1),
    "more places than countries": made(places=30),
    "one candidate": made(n=1),
    "two candidates": made(n=2),
    "three candidates": made(n=3),
    "ties": made(changed=same("XAA", "XAB", "XAD", "XAG", "XAL", "XAK")),
    "all alike": made(changed=same(*made_up.codes(12))),
    "at the limit": made(changed=at_the_limit),
    "all data missing": made(changed=blank),
    "points": made(policy=policy(gates=(points(), *policy().gates[:1]), tracks=())),
    "dated": made(policy=dated(late=False)),
    "dated, without a threshold": made(policy=dated(late=True)),
    "limits": made(n=40, seed=2, policy=limited(variety=0.5, variety_basis="A reason", at_least=(OfKind("good-faith", 2, "A reason"),))),
    "limits kept by the list": made(policy=limited(places=2, per_region=3, per_region_basis="A reason")),
    "limits nobody keeps": made(policy=limited(per_region=1, per_region_basis="A reason")),
    "missing counts as failed": made(policy=missing("fail")),
    "missing is left out": made(policy=missing("drop")),
    **{f"forty drawn by lot, {seed}": made(n=40, seed=seed, places=seed) for seed in (2, 3)},
}  # fmt: skip
