"""Deletion experiments: published figures are struck out, filled in again, and held against what was published.

The figures are those of V-Dem and the Worldwide Governance Indicators for the low- and middle-income countries that
have all of them at one date. Gaps are made in the scored indicators only. No measurement error is drawn (one of a
billionth of the range stands in), so that an interval is one of imputation alone.

    python tests/harness/deletion.py            writes the table of docs/imputation.md
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import made_up
import numpy as np
import pandas as pd
from places import ROOT

from eligibility.data import panel, sources
from eligibility.data.cells import known_at
from eligibility.method import firmness, impute, measurement_error, measures, run, score
from eligibility.method.result import Result
from eligibility.policy.model import Criteria, Imputation, Score, Uncertainty

AS_OF = date(2016, 7, 1)
SCORED = (
    "vdem.polyarchy", "vdem.liberal_democracy", "vdem.core_civil_society", "vdem.civil_society_participation",
    "vdem.political_corruption", "vdem.neopatrimonialism", "vdem.clientelism",
)  # fmt: skip
HELPERS = (
    "wgi.voice_accountability", "wgi.political_stability", "wgi.government_effectiveness",
    "wgi.regulatory_quality", "wgi.rule_of_law", "wgi.control_of_corruption",
)  # fmt: skip
CLASS = "wb.income_class"
LEFT = 0.05  # on each side of a 90 % interval
PAGE = ROOT / "docs" / "imputation.md"


def policy(datasets: int, draws: int, seed: int = 1, shift: float = 0.0) -> Criteria:
    """Everybody of the pool ranked by the mean of the scored indicators."""
    shelf = panel.catalogue(sources.shelf(None))
    parts = (made_up.component(i, better=shelf[i].better) for i in SCORED)
    mean = Score(1.0, (made_up.pillar("all", *parts),), coverage=0.01)
    doubt = Uncertainty(
        draws=draws, seed=seed, assumed_sd=tuple((i, 1e-9) for i in SCORED),
        imputation=Imputation(datasets, HELPERS, shift=shift),
    )  # fmt: skip
    pool = made_up.atom(CLASS, "in", (0.0, 1.0, 2.0), path="pool")
    return made_up.policy(pool, score=mean, shortlist=10, uncertainty=doubt)


@cache
def complete() -> panel.Panel:
    """The figures of the countries that lack none."""
    figures = panel.load((*SCORED, *HELPERS, CLASS), sources.shelf(None))
    value = known_at(figures, AS_OF, 3).value
    whole = value.index[value.notna().all(axis=1)]
    cut = lambda frames: {s: frame.reindex(columns=whole) for s, frame in frames.items()}  # noqa: E731
    return replace(figures, values=cut(figures.values), sds=cut(figures.sds))


def struck(figures: panel.Panel, share: float, how: str, stream: np.random.Generator) -> panel.Panel:
    """The figures without a share of the scored ones, all years of each.

    how   "at random": each figure alike; "where it is worse": three times as likely in the half of the countries with
          the less effective government; "whole countries": everything scored of a share of the countries, but one;
          "the worst hidden": three times the share of the worst third of each indicator, and nothing else
    """
    values, names = dict(figures.values), figures.values[SCORED[0]].columns
    rating = figures.values["wgi.government_effectiveness"].loc[AS_OF.year - 1, names]
    chance = np.full(len(names), share)
    if how == "where it is worse":
        chance = np.where(rating <= rating.median(), 1.5 * share, 0.5 * share)
    keep = stream.integers(len(SCORED), size=len(names))  # so that everybody still has a score
    together = stream.random(len(names)) < share
    for place, series in enumerate(SCORED):
        if how == "the worst hidden":
            own = figures.values[series].loc[AS_OF.year - 1, names]
            bad = (-own if figures.sheets[series].better == "high" else own).rank(
                method="first", ascending=False
            )
            chance = np.where(bad <= len(names) / 3, 3 * share, 0.0)
        gone = together if how == "whole countries" else stream.random(len(names)) < chance
        values[series] = values[series].mask(np.tile(gone & (keep != place), (len(values[series]), 1)))
    return replace(figures, values=values)


@dataclass(frozen=True)
class Found:
    """What one experiment found, over the figures and countries with gaps."""

    figures: int
    held: float  # share of the struck figures inside the 90 % interval of what was filled in
    # share of countries with gaps whose rank on complete figures is inside the interval of theirs
    rank_held: float
    bias: float  # mean of the drawn score less the score on complete figures
    error: float  # root mean square of the same
    error_of_means: float  # with every gap filled by the pool's mean, as the ablation
    error_of_rule: float  # with the rest of the pillar carrying the weight, as the published score does
    # the rank interval when each gap is filled by a value drawn around the pool's mean
    means_rank_held: float


def experiment(
    share: float, how: str, number: int, datasets: int = 100, draws: int = 200, shift: float = 0.0
) -> Found:
    """Strikes out, fills in, compares; the same number gives the same gaps."""
    criteria, whole = policy(datasets, draws, shift=shift), complete()
    truth = run.judge(replace(criteria, uncertainty=Uncertainty(draws=2)), whole, AS_OF)
    holey = struck(whole, share, how, np.random.default_rng([number, int(100 * share), len(how)]))
    result = run.judge(criteria, holey, AS_OF)
    gaps = {i: ~np.isnan(x[0]) for i, x in result.imputed.now.items()}
    inside, some = [], np.any(list(gaps.values()), axis=0)
    for i, gap in gaps.items():
        low, high = impute.interval(result.imputed.now[i][:, gap], result.cells.sheets[i])
        true = truth.cells.value[i].to_numpy()[gap]
        inside += list((low <= true) & (true <= high))
    rank, told = truth.ranking.rank.to_numpy()[some], truth.scores.score.to_numpy()[some]
    drawn = result.firmness.sample.stated[:, some].mean(axis=0) - told
    means = {i: result.cells.value[i].fillna(result.cells.value[i].mean()) for i in SCORED}
    flat = measures.Measures(result.cells.countries, {i: x.to_numpy()[None] for i, x in means.items()}, {})
    of_means = score.score(criteria.score, flat, result.peers.to_numpy()).score.to_numpy()[some] - told
    of_rule = result.scores.score.to_numpy()[some] - told
    size = lambda x: float(np.sqrt(np.mean(x**2)))  # noqa: E731
    return Found(
        len(inside), float(np.mean(inside)), _held(result.firmness.places.counts, some, rank), float(drawn.mean()),
        size(drawn), size(of_means), size(of_rule), _held(_around_means(criteria, result), some, rank),
    )  # fmt: skip


def _held(counts: pd.DataFrame, some: np.ndarray, rank: np.ndarray) -> float:
    """How often the rank lies between the 5th and 95th percentile of the drawn ones, not widened by the published."""
    reached = counts.to_numpy()[some].cumsum(axis=1) / counts.to_numpy()[some].sum(axis=1, keepdims=True)
    low, high = ((reached >= q - 1e-9).argmax(axis=1) + 1 for q in (LEFT, 1 - LEFT))
    return float(np.mean((low <= rank) & (rank <= high)))


def _around_means(criteria: Criteria, result: Result) -> pd.DataFrame:
    """Counts of ranks when each gap has the pool's mean in every draw."""
    flat = {i: result.cells.value[i].mean() for i in result.imputed.now}
    now = {i: np.where(np.isnan(x), np.nan, flat[i]) for i, x in result.imputed.now.items()}
    errors = measurement_error.ErrorModel(
        result.cells, result.weighed, criteria.uncertainty, imputed=replace(result.imputed, now=now)
    )
    firm = firmness.stress(
        criteria,
        errors,
        result.peers,
        AS_OF,
        result.scores.score,
        result.ranking.rank,
        result.screening.kinds,
    )
    return firm.places.counts


HOW = ("at random", "where it is worse", "whole countries")
HIDDEN = "the worst hidden"
SHARES = (0.1, 0.2, 0.3)


def table(times: int, datasets: int) -> Iterator[str]:
    """The lines of the table in docs/imputation.md."""
    yield "| gaps | share | figures struck | inside 90 % | rank inside 90 % | bias of score | error | pool's means | rest of the pillar | rank inside, pool's means |"
    yield "|--|--|--|--|--|--|--|--|--|--|"
    for how in (*HOW, HIDDEN):
        for share in SHARES:
            all_ = [experiment(share, how, number, datasets) for number in range(times)]
            mean = pd.DataFrame([vars(each) for each in all_]).mean()
            yield (
                f"| {how} | {share:.0%} | {sum(f.figures for f in all_):,} | {mean['held']:.2f} | {mean['rank_held']:.2f} | "
                f"{mean['bias']:+.3f} | {mean['error']:.3f} | {mean['error_of_means']:.3f} | {mean['error_of_rule']:.3f} | "
                f"{mean['means_rank_held']:.2f} |"
            )


def main() -> None:
    """Writes the table into the page."""
    text = PAGE.read_text(encoding="utf-8")
    new = "\n".join(table(20, 100))
    PAGE.write_text(
        re.sub(r"(?s)(?<=<!-- table -->\n).*?(?=\n<!-- end -->)", lambda _: new, text), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
