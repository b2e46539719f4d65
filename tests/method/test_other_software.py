"""The same scores as other software on the same problems.

tests/method/pymcdm_scores.json: forty random decision matrices, weights and directions with the scores that pymcdm 1.4.0
(Kizielewicz, Shekhovtsov, Salabun 2023; MIT licence) gives them by min-max normalisation and the weighted sum model.
"""

from __future__ import annotations

import json
from pathlib import Path

import made_up
import pytest

from eligibility.method import run
from eligibility.policy.model import Scale, Score

PROBLEMS = json.loads((Path(__file__).parent / "pymcdm_scores.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("number", range(len(PROBLEMS)))
def test_a_weighted_sum_of_min_max_values_is_pymcdms(number):
    problem = PROBLEMS[number]
    units = made_up.MANY[: len(problem["values"])]
    series = [f"a.c{k}" for k in range(len(problem["weights"]))]
    better = ["high" if t > 0 else "low" for t in problem["types"]]
    sheets = [made_up.sheet(s, lo=-1e3, hi=1e3, better=b) for s, b in zip(series, better, strict=True)]
    rows = {c: dict(zip(series, x, strict=True)) for c, x in zip(units, problem["values"], strict=True)}
    parts = [
        made_up.component(s, w, Scale(minmax="pool"), b)
        for s, w, b in zip(series, problem["weights"], better, strict=True)
    ]
    policy = made_up.policy(made_up.everyone(series[0]), (), Score(1.0, (made_up.pillar("all", *parts),)))
    result = run.judge(policy, made_up.snapshot(sheets, rows), made_up.AS_OF)
    theirs = dict(zip(units, problem["scores"], strict=True))
    assert result.scores.score.to_dict() == pytest.approx(theirs, abs=1e-9)
    for one in units:
        ahead = sum(theirs[other] > theirs[one] + 1e-9 for other in units)
        assert result.ranking.rank[one] == 1 + ahead
