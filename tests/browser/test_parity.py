"""The page's scorer and the engine agree: no verdict, score or rank of any setting differs.

Random policies on made-up worlds full of ties, gaps and classes are handed to the scorer in a real browser and to the
engine. The shipped sets are changed at random on the page's side, saved as YAML there, and that text is what the engine
reads: so the same tests hold the saving to the language, and the numbers written to the numbers shown.
"""

from __future__ import annotations

import math
from functools import cache
from random import Random

import made_up
import numpy as np
import pytest
from random_policies import SHEETS, random_case

from browser.chromium import PATIENT
from eligibility import resources
from eligibility.data import panel, sources
from eligibility.errors import UsageError
from eligibility.language import criteria
from eligibility.method import evaluate, hold, rank, rounds, run, score, screen
from eligibility.policy import walk
from eligibility.workbench import page as pages
from eligibility.workbench import payload as models

RANDOM, BATCH = 320, 40
PER_SET = 25
SHIPPED = criteria.shipped()
ASK = """cases => cases.map(({model, file, values}) => {
    const own = values ?? State.saved(model).values;
    const r = Scorer.judged(model, own, Scorer.measures(model));
    const shares = model.countries.map((_, c) => Scorer.shares(model, own, r, c).reduce((a, b) => a + b, 0));
    const plain = x => [...x].map(v => Number.isNaN(v) ? null : v);
    return {gates: r.gates.map(plain), tracks: r.tracks.map(plain), status: plain(r.status), score: plain(r.score),
            rank: plain(r.rank), apart: plain(r.apart), shares: plain(shares), text: file ? Save.yaml(model, file, own) : ""};
})"""


@pytest.fixture(scope="module")
def scorer(browser):
    """The page's scripts that have no DOM, in a browser: cases in, results out."""
    page = browser.new_page()
    page.set_default_timeout(PATIENT)
    for name in ("scorer.js", "state.js", "save.js"):
        page.add_script_tag(path=resources.shipped("reports/static") / name)
    return lambda cases: page.evaluate(ASK, cases)


def numbers(values) -> list[float]:
    return [math.nan if v is None else float(v) for v in values]


def differences(got: dict, policy, centre, groups, as_of, name: str) -> list[str]:
    """What the page says and the engine does not, in words."""
    scores = score.score(policy.score, centre, groups.to_numpy()) if policy.score else None
    points = scores.score if scores else groups.map(lambda _: math.nan).astype(float)
    said = screen.screen(policy, centre, groups, as_of, points.notna().to_numpy())
    ranking = rank.rank(points, said.status, policy.shortlist)
    found = []

    def same(what, wanted, seen) -> None:
        wrong = [c for c, w, s in zip(groups.index, wanted, seen, strict=True) if w != s]
        found.extend(f"{name} {what} {c}" for c in wrong)

    for which, table in (("gates", said.gate), ("tracks", said.track)):
        for id_, verdicts in zip(table.columns, got[which], strict=True):
            same(
                f"{which} {id_}",
                table[id_],
                [("fail", "unknown", "conditional", "pass")[int(v)] for v in verdicts],
            )
    same("status", said.status, [evaluate.STATUS[int(v)] for v in got["status"]])
    same("rank", ranking.rank.fillna(0), got["rank"])
    same("apart", ranking.apart.fillna(0), got["apart"])
    wanted, seen = points.to_numpy(), np.array(numbers(got["score"]))
    near = np.isclose(wanted, seen, rtol=0, atol=1.5e-12, equal_nan=True)  # one step of the last decimal
    found.extend(f"{name} score {c}" for c in groups.index[~near])
    if scores:
        shares = np.array(numbers(got["shares"]))
        near = np.isnan(wanted) | np.isclose(wanted, shares, rtol=0, atol=1e-9)
        found.extend(f"{name} shares {c}" for c in groups.index[~near])
    return found


@pytest.mark.parametrize("batch", range(RANDOM // BATCH))
def test_random_policies(scorer, batch):
    settings, cases = [], []
    for number in range(batch * BATCH, (batch + 1) * BATCH):
        policy, world, as_of = random_case(number)
        figures = made_up.panel((SHEETS[s] for s in world), world)
        try:
            cells, groups, pool = rounds.placed(policy, figures, as_of)
        except UsageError:
            continue
        if not pool.members:
            continue
        centre = hold.point(policy, cells, rounds.asked(policy))
        cases.append({"model": models.model(policy, centre, groups.tolist(), as_of, cells.sheets)})
        settings.append((policy, centre, groups, as_of, f"policy {number}"))
    got = scorer(cases)
    assert len(got) > 0.7 * BATCH
    assert [d for said, setting in zip(got, settings, strict=True) for d in differences(said, *setting)] == []


@cache
def shipped(ref: str) -> tuple:
    result = run.run(ref, draws=1)
    return result, pages.content(result)


def moved(rng: Random, parameter: dict):
    """Another value that the language takes for this parameter."""
    kind, low, high = parameter["kind"], parameter["low"], parameter["high"]
    if kind == "scale":
        return rng.choice(parameter["options"])
    if kind == "power":
        return rng.choice((1, 0, -1, "minimum", 0.5, -2.5, 3, 0.004, 2))
    if kind == "weight":
        return rng.choice((0, 0.35, 1, 1, 2, 3.05))
    if kind == "quantile":
        return rng.choice((0.5, 0.25, 0.75, round(rng.random(), 2), 0, 1))
    if kind == "count":
        return rng.randint(low, min(high, 30))
    if parameter.get("classes"):
        return rng.choice(parameter["classes"])
    first, last = parameter["slide"]
    value = round(rng.uniform(first, last), rng.choice((1, 2, 6)))
    return min(max(value, first if low is None else low), last if high is None else high)


def changed(rng: Random, model: dict) -> list:
    """The values of a model with one to eight of them moved; goalposts stay in order, some weight is left."""
    values = [p["value"] for p in model["parameters"]]
    for at in rng.sample(range(len(values)), min(len(values), rng.choice((1, 1, 2, 4, 8)))):
        values[at] = moved(rng, model["parameters"][at])
    for pillar in (model["score"] or {"pillars": []})["pillars"]:
        if not any(values[part["weight"]] for part in pillar["parts"]):
            values[pillar["parts"][0]["weight"]] = 0.35
        for scale in (part["scale"] for part in pillar["parts"] if "low" in part["scale"]):
            if not values[scale["low"]] < values[scale["high"]] or (
                scale["log"] and values[scale["low"]] <= 0
            ):
                for end in ("low", "high"):
                    values[scale[end]] = model["parameters"][scale[end]]["value"]
    pillars = (model["score"] or {"pillars": []})["pillars"]
    if pillars and not any(values[pillar["weight"]] for pillar in pillars):
        values[pillars[0]["weight"]] = 1
    if model["open"]:  # means of power 0 or less are left open: a floor of 0 does not go with them
        values[model["score"]["floor"]] = values[model["score"]["floor"]] or 0.02
    return values


@pytest.mark.parametrize("ref", SHIPPED)
def test_shipped_sets_changed_on_the_page_and_saved_there(scorer, ref, tmp_path):
    rng, (result, content), known = Random(ref), shipped(ref), panel.catalogue(sources.shelf())
    drawn = [changed(rng, content["model"]) for _ in range(PER_SET)]
    got = scorer([{"model": content["model"], "file": content["file"], "values": values} for values in drawn])
    found = []
    for number, said in enumerate(got):
        file = tmp_path / f"{number}.yaml"
        file.write_bytes(said["text"].encode())
        policy = walk.at(criteria.load(file, known), result.as_of)
        found += differences(said, policy, result.centre, result.peers, result.as_of, f"setting {number}")
    assert found == []


def test_the_scorer_would_be_caught(scorer):
    """The comparison is awake: a weight that is not the file's moves ranks."""
    result, content = shipped("peacetime-pilots")
    at = next(
        i
        for i, p in enumerate(content["model"]["parameters"])
        if p["path"] == "score.pillars.democracy.weight"
    )
    values = [p["value"] for p in content["model"]["parameters"]]
    values[at] = 3
    (said,) = scorer([{"model": content["model"], "file": None, "values": values}])
    assert differences(said, result.criteria, result.centre, result.peers, result.as_of, "") != []
