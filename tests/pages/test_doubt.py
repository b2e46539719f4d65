"""The sentences on what was drawn and what decides, at their edges."""

from __future__ import annotations

from dataclasses import replace

import made_up
import numpy as np

from eligibility.method import acceptability, run
from eligibility.pages.facts import Facts
from eligibility.policy.model import Choices, Score, Uncertainty, Weights


def facts(own: Choices, sd: float = 0.1, n: int = 6, shortlist: int = 2) -> Facts:
    """An index with a gate over some countries, their scores a tenth apart."""
    countries = made_up.COUNTRIES[:n]
    rows = {c: {"a.x": 0.3 + 0.1 * k, "a.y": 0.8 - 0.05 * k} for k, c in enumerate(countries)}
    sheets = [made_up.sheet("a.x", sd=sd), made_up.sheet("a.y", sd=sd)]
    spec = Score(1.0, tuple(made_up.pillar(s.id[2:], made_up.component(s.id)) for s in sheets), floor=0.01)
    gate = made_up.gate("g", made_up.atom("a.x", "at_least", 0.2))
    noise = Uncertainty(draws=400, seed=1, choices=own)
    policy = made_up.policy(made_up.everyone("a.x"), [gate], spec, uncertainty=noise, shortlist=shortlist)
    return Facts.of(run.judge(policy, made_up.snapshot(sheets, rows), made_up.AS_OF))


OPEN = Choices(Weights(simplex=True), (), ("stated", "minmax"))


def tied_with(made: Facts, apart: set[tuple[str, str]]) -> Facts:
    """The same facts with these pairs told apart, whatever the draws said."""
    sample = made.result.firmness.sample
    beyond = np.array([[(a, b) in apart for b in sample.point.index] for a in sample.point.index])
    told = acceptability.Sample(sample.point, sample.stated, sample.chosen, sample.place, sample.ways)
    told.__dict__["beyond"] = beyond
    firm = replace(made.result.firmness, sample=told)
    return Facts.of(replace(made.result, firmness=firm))
