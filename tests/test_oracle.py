"""The engine and a second implementation of it agree on random policies and random data.

`oracle.py` was written from the meaning of the criteria language alone. Here both judge the same made-up
worlds, full of ties, gaps and old values, and every answer is compared: pool, peers, the verdict of every
node, what each test saw and needed, statuses, normalised values, pillars, scores, ranks and the shortlist.
"""

from __future__ import annotations

import math
from datetime import date

import made_up
import pandas as pd
import pytest
from oracle import Oracle
from random_policies import SHEETS, random_case

from eligibility import policy, run
from eligibility.errors import UsageError

pytestmark = pytest.mark.filterwarnings("error")

CASES = 500
BATCHES = 20  # the cases are spread over so many tests, so that a failure is one of a few


def number(value) -> float:
    """None and exact fractions as floats."""
    return math.nan if value is None else float(value)


def rows(frame: pd.DataFrame) -> dict[str, dict]:
    """iso3 -> {column: value}."""
    return {
        iso3: dict(zip(frame.columns, row, strict=True))
        for iso3, row in zip(frame.index, frame.to_numpy(), strict=True)
    }


def differences(policy_: policy.Criteria, world: dict, as_of: date) -> list[str]:
    """Every answer the engine and the oracle do not share, in words."""
    figures = made_up.panel((SHEETS[s] for s in world), world)
    expected = Oracle(policy_, world, SHEETS, as_of)
    if not expected.pool:
        with pytest.raises(UsageError, match="no country can be judged"):
            run.judge(policy_, figures, as_of)
        return []
    result = run.judge(policy_, figures, as_of)
    found: list[str] = []

    def same(what: str, wanted, got) -> None:
        if wanted != got:
            found.append(f"{what}: expected {wanted}, got {got}")

    def near(what: str, wanted, got, within: float = 1e-12) -> None:
        wanted, got = number(wanted), number(got)
        if math.isnan(wanted) != math.isnan(got) or abs(wanted - got) > within:
            found.append(f"{what}: expected {wanted!r}, got {got!r}")

    same("pool", expected.pool, list(result.screening.status.index))
    if found:
        return found
    groups, status, rank = (
        dict(each) for each in (result.peers, result.screening.status, result.ranking.rank)
    )
    shown = {
        name: rows(getattr(result.screening, name)) for name in ("node", "measured", "needs", "gate", "track")
    }
    for iso3 in expected.pool:
        same(f"{iso3} peers", expected.peers[iso3] or "", groups[iso3])
        same(f"{iso3} nodes", expected.node[iso3], shown["node"][iso3])
        for name, table in (("seen", "measured"), ("needs", "needs")):
            for path, value in getattr(expected, name)[iso3].items():
                near(f"{iso3} {path} {name}", value, shown[table][iso3][path], 1e-9)
        same(f"{iso3} gates", expected.gate[iso3], shown["gate"][iso3])
        same(f"{iso3} tracks", expected.track[iso3], shown["track"][iso3])
        same(f"{iso3} status", expected.status[iso3], status[iso3])
        near(f"{iso3} rank", expected.rank[iso3], rank[iso3], 0)
    if policy_.score:
        scores = dict(result.scores.score)
        parts = {
            n: rows(getattr(result.scores, n)) for n in ("pillar", "coverage", "normalised", "contribution")
        }
        for iso3 in expected.pool:
            brought = []
            for pillar in policy_.score.pillars:
                value, coverage = expected.pillar[iso3][pillar.id]
                near(f"{iso3} {pillar.id}", value, parts["pillar"][iso3][pillar.id])
                near(f"{iso3} {pillar.id} coverage", coverage, parts["coverage"][iso3][pillar.id])
                for part in pillar.components:
                    y = expected.normalised(part, iso3)
                    near(f"{iso3} {part.path} normalised", y, parts["normalised"][iso3][part.path])
                    brought += [parts["contribution"][iso3][part.path]] if y is not None else []
            near(f"{iso3} score", expected.score[iso3], scores[iso3])
            if expected.score[iso3] is not None:
                near(f"{iso3} contributions", expected.score[iso3], math.fsum(brought))
    same("order", expected.order, list(result.ranking.order))
    unplaced = sum(note.startswith("Not considered") for note in result.notes)
    same("note on the unplaced", int(bool(expected.unplaced)), unplaced)
    same("shortlist", expected.shortlist, list(result.ranking.shortlist))
    return found


@pytest.mark.parametrize("batch", range(BATCHES))
def test_engine_and_oracle_agree_on_random_policies_and_data(batch):
    """Verdicts, statuses and ranks are equal, scores to 1e-12."""
    apart = {}
    for case in range(batch, CASES, BATCHES):
        found = differences(*random_case(case))
        if found:
            apart[case] = found[:3]
    assert apart == {}
