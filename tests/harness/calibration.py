"""Whether a stated chance comes true: worlds whose truth is known, on the real pool, under both readings of an error.

    python tests/harness/calibration.py [WORLDS]     writes the table into docs/measurement-error.md

A published figure and its interval can be read in two ways, and the figures cannot tell which is right.

    published reading   the truth lies around the published value: what the engine's draws take for granted
    classical reading   the published value lies around a truth, with the same width

In each world the truth of every value is drawn with the engine's own model and the real published values; the verdicts
of the truth are then held against the chances the engine states: in the first reading for the real figures, in the
second for figures that were published of that truth, drawn once more.
"""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
from places import ROOT

from eligibility.method import measurement_error, run
from eligibility.method.evaluate import Judge
from eligibility.method.result import Result

DAY = date(2025, 3, 31)
BINS = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
DRAWS = 400
PAGE = ROOT / "docs" / "measurement-error.md"


def admitted(result: Result, measures) -> np.ndarray:
    """Draws x countries: whether every gate and a track hold."""
    scored = result.scores.score.notna().to_numpy()
    judge = Judge(measures, result.peers.to_numpy(), result.as_of)
    return judge.verdicts(result.criteria, scored).admitted


def published(result: Result, worlds: int) -> tuple[np.ndarray, np.ndarray]:
    """Stated chances and what came of them in as many worlds, a pair a country and world."""
    p = result.firmness.p_eligible.to_numpy()
    errors = measurement_error.ErrorModel(
        result.cells, result.weighed, result.criteria.uncertainty, sample="calibration"
    )
    true = admitted(result, errors.draw(worlds))
    known = ~np.isnan(p)
    return np.broadcast_to(p[known], (worlds, known.sum())).ravel(), true[:, known].ravel()


def classical(result: Result, worlds: int) -> tuple[np.ndarray, np.ndarray]:
    """The same where each world's published figures are drawn around a truth, the real figures being that truth.

    What is published is drawn for the newest values; what the years before say of change and peak goes with it.
    """
    true = admitted(result, result.weighed)[0]
    doubt = replace(result.criteria.uncertainty, draws=DRAWS)
    seen = measurement_error.ErrorModel(result.cells, result.weighed, doubt, sample="published").draw(worlds)
    known = result.screening.status.ne("insufficient-data").to_numpy()
    stated, came = [], []
    for world in range(worlds):
        value = result.cells.value.copy()
        for indicator, drawn in seen.now.items():
            value[indicator] = np.where(value[indicator].isna(), np.nan, drawn[world])
        cells = replace(result.cells, value=value)
        before = {q: x[world : world + 1] for q, x in seen.before.items()}
        now = {i: x[world : world + 1] for i, x in seen.now.items()}
        centre = replace(result.weighed, now=now, before=before)
        errors = measurement_error.ErrorModel(cells, centre, doubt, sample=f"calibration {world}")
        p = admitted(result, errors.draw(DRAWS)).mean(axis=0)
        stated.append(p[known])
        came.append(true[known])
    return np.concatenate(stated), np.concatenate(came)


def table(stated: np.ndarray, came: np.ndarray) -> pd.DataFrame:
    """By range of the stated chance: cases, mean chance stated, share that came true."""
    group = np.clip(np.searchsorted(BINS, stated, side="right") - 1, 0, len(BINS) - 2)
    rows = [
        {"from": BINS[g], "to": BINS[g + 1], "cases": int((group == g).sum()),
         "stated": stated[group == g].mean(), "came": came[group == g].mean()}
        for g in range(len(BINS) - 1) if (group == g).any()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def text(worlds: int) -> str:
    """The two tables in Markdown."""
    result = run.run(as_of=DAY)
    out = [
        f"{worlds} worlds, {result.criteria.id} {result.criteria.version} as of {DAY}, {len(result.peers)} countries.",
        "",
    ]
    for name, make in (("published", published), ("classical", classical)):
        stated, came = make(result, worlds)
        score = float(np.mean((stated - came) ** 2))
        out += [f"**{name.capitalize()} reading** (mean squared distance {score:.4f})", "",
                "| stated chance | cases | stated, mean | came true |", "|--|--:|--:|--:|"]  # fmt: skip
        for row in table(stated, came).to_dict("records"):
            out.append(
                f"| {row['from']:g} to {row['to']:g} | {row['cases']:,} | {row['stated']:.3f} | {row['came']:.3f} |"
            )
        out.append("")
    return "\n".join(out)


if __name__ == "__main__":
    made = text(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
    page = PAGE.read_text(encoding="utf-8")
    marks = r"(<!-- calibration -->\n).*?(<!-- /calibration -->)"
    PAGE.write_text(re.sub(marks, lambda m: f"{m[1]}{made}{m[2]}", page, flags=re.S), encoding="utf-8")
    sys.stdout.write(made)
