"""What an audit found: typed values with the limit each number is held against, who says so, and how bad it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from eligibility.method.audit import FAR, Audit
from eligibility.method.firmness import Firmness
from eligibility.method.importance import LEAST
from eligibility.method.rank import Ranking
from eligibility.policy import Criteria, Score

Level = Literal["red", "amber", "info"]
LEVELS: tuple[Level, ...] = ("red", "amber", "info")

ORDER = (
    "absent coverage coverage-group coverage-pillar wide not-drawn own-negative pillar-negative redundant sign own-weak "
    "other-pillar pillar-weak alpha few outlier unattainable gap moved left-out copeland thin"
).split()

# what each finding is held against, and who says so
AUDITS = "the Joint Research Centre's audits of indexes"
COVERED = (0.65, f"about two thirds, as in {AUDITS}")
SKEWED = (2.0, f"skew of 2 with excess kurtosis of 3.5, as in {AUDITS}")
PEAKED = 3.5
CONSISTENT = (0.7, "0.7, the usual mark for a scale")
INCONSISTENT = (0.6, "0.6, below which a scale is usually not called one")
SIGNS = (0.0, "loadings of one sign: parts of one thing point one way")
OWN = (0.3, f"0.3, as in {AUDITS}")
NEGATIVE = (0.0, "0: a part must not work against its own whole")
REDUNDANT = (0.92, f"0.92, as in {AUDITS}")
ADDED = (0.0, "no limit: many different ranks say that the parts tell more than the whole")
ENOUGH = (float(LEAST), "ten countries with every figure, our limit")
WIDE = (float(FAR), f"ten places, as in {AUDITS}")
NOTHING = (0.0, "no limit: there is nothing to hold it against")
GAP = (0.0, "no limit: 0 if stated and real importance agree (Paruolo, Saisana and Saltelli 2013)")
ATTAINED = (0.0, "0: a weight cannot be negative")
OTHER = (1.0, "no limit: 1 if the order does not hang on letting strengths pay for weaknesses")
LEFT = (0.0, "no limit: 0 if nothing hangs on it")


@dataclass(frozen=True)
class Finding:
    """One thing the audit found.

    kind      what was looked at: see `findings`
    subject   id of an indicator's path, pillar, indicator, peer group, or "index"
    other     the second subject, where there are two
    value     the number; limit and source: what it is held against and who says so
    level     red: against the sense of the score; amber: look at it; info: know it
    n         countries it rests on
    """

    kind: str
    subject: str
    value: float
    limit: float
    source: str
    level: Level
    n: int
    other: str = ""


def findings(
    made: Audit, criteria: Criteria, peers: pd.Series, ranking: Ranking, firmness: Firmness
) -> tuple[Finding, ...]:
    """Everything worth a sentence, the worst first, by kind:

    absent coverage coverage-group coverage-pillar thin     figures that are not there
    outlier                                                 a few countries far from the rest
    few alpha sign own-negative own-weak other-pillar       whether a pillar is one thing
    redundant pillar-negative pillar-weak moved             whether pillars are several and of one index
    gap unattainable copeland left-out                      what the score rests on
    wide not-drawn                                          whether a rank can be read
    """
    found = [*_of_coverage(made, peers), *_of_ranks(ranking, firmness)]
    if criteria.score is not None and len(made.pillar):
        found += [
            *_of_shape(made),
            *_of_pillars(made, criteria.score),
            *_of_index(made, criteria.score),
            *_of_weights(made),
        ]
    return tuple(sorted(found, key=lambda f: (LEVELS.index(f.level), ORDER.index(f.kind))))


def _of_coverage(made: Audit, peers: pd.Series) -> Iterator[Finding]:
    limit, source = COVERED
    n = len(peers)
    for indicator, row in made.coverage.iterrows():
        if row["known"] == 0:
            yield Finding("absent", indicator, 0.0, limit, source, "red", n)
        elif row["share"] < limit:
            yield Finding("coverage", indicator, row["share"], limit, source, "amber", n)
        else:
            for group, share in made.by_group.loc[indicator].items():
                if share < limit:
                    size = int((peers == group).sum())
                    yield Finding("coverage-group", indicator, share, limit, source, "amber", size, group)
    for pillar, row in made.pillar.iterrows():
        if row["share"] < limit:
            yield Finding("coverage-pillar", pillar, row["share"], limit, source, "amber", n)
    if len(made.pillar):
        yield Finding("thin", "index", float((made.scored < 2 / 3 - 1e-9).sum()), 2 / 3, source, "info", n)


def _of_shape(made: Audit) -> Iterator[Finding]:
    for path, row in made.shape.iterrows():
        if row["n"] < LEAST:
            yield Finding("few", path, row["n"], *ENOUGH, "amber", int(row["n"]))
        elif abs(row["skew"]) >= SKEWED[0] and row["kurtosis"] >= PEAKED:
            yield Finding("outlier", path, row["skew"], *SKEWED, "amber", int(row["n"]))


def _of_pillars(made: Audit, score: Score) -> Iterator[Finding]:
    """Whether the indicators of each pillar are readings of one thing."""
    for pillar in score.pillars:
        paths, row = [c.path for c in pillar.components], made.pillar.loc[pillar.id]
        n = int(row["n"])
        if len(paths) == 1:
            continue
        if n < LEAST:
            yield Finding("few", pillar.id, n, *ENOUGH, "amber", n)
            continue
        if np.isnan(row["alpha"]):  # all values are alike: there is nothing to go together
            continue
        low = row["alpha"] < INCONSISTENT[0]
        mark = INCONSISTENT if low else CONSISTENT
        yield Finding("alpha", pillar.id, row["alpha"], *mark, "amber" if low else "info", n)
        loadings = made.shape.loc[paths, "loading"]
        if loadings.min() < SIGNS[0] < loadings.max():
            yield Finding(
                "sign", pillar.id, float(loadings.min()), *SIGNS, "amber", n, str(loadings.idxmin())
            )
        for path in paths:
            own, elsewhere = made.to_pillar.at[path, pillar.id], made.to_pillar.loc[path].drop(pillar.id)
            if own < NEGATIVE[0]:
                yield Finding("own-negative", path, own, *NEGATIVE, "red", n, pillar.id)
            elif own < OWN[0]:
                yield Finding("own-weak", path, own, *OWN, "amber", n, pillar.id)
            if len(elsewhere) and elsewhere.max() > own:
                more = f"{own:.2f}, its correlation with its own pillar, as in {AUDITS}"
                yield Finding(
                    "other-pillar",
                    path,
                    float(elsewhere.max()),
                    own,
                    more,
                    "amber",
                    n,
                    str(elsewhere.idxmax()),
                )


def _of_index(made: Audit, score: Score) -> Iterator[Finding]:
    """Whether indicators are different and pillars parts of one whole."""
    n = int((made.scored > 0).sum())
    if n < LEAST:
        return
    paths = list(made.correlation.columns)
    for i, one in enumerate(paths):
        for two in paths[i + 1 :]:
            if abs(made.correlation.at[one, two]) > REDUNDANT[0]:
                yield Finding("redundant", one, made.correlation.at[one, two], *REDUNDANT, "amber", n, two)
    several = len(score.pillars) > 1
    for pillar in made.pillar.index if several else ():
        r = made.to_index.at[pillar, "index"]
        if r < NEGATIVE[0]:
            yield Finding("pillar-negative", pillar, r, *NEGATIVE, "red", n)
        elif r <= OWN[0]:
            yield Finding("pillar-weak", pillar, r, *OWN, "amber", n)
        yield Finding("moved", pillar, made.pillar.at[pillar, "moved"], *ADDED, "info", n)
    if several and not np.isnan(made.alpha):
        low = made.alpha < INCONSISTENT[0]
        mark = INCONSISTENT if low else CONSISTENT
        yield Finding("alpha", "index", made.alpha, *mark, "amber" if low else "info", n)


def _of_weights(made: Audit) -> Iterator[Finding]:
    """Stated against real importance, another way to rank, and what one part decides."""
    for level, found in (("pillars", made.by_pillar), ("indicators", made.by_indicator)):
        if found is None or len(found.table) < 2 or np.isnan(found.gap):
            continue
        yield Finding("gap", level, found.gap, *GAP, "info", found.n)
        if found.attainable is False:
            least = found.table["needed"]
            yield Finding(
                "unattainable", level, least.min(), *ATTAINED, "amber", found.n, str(least.idxmin())
            )
    if not np.isnan(made.agreement):
        n = int(made.copeland.notna().sum())
        yield Finding("copeland", "index", made.agreement, *OTHER, "info", n)
    for kind in ("indicator", "pillar", "source"):
        rows = made.left_out[(made.left_out["kind"] == kind) & made.left_out["scored"]]
        if len(rows):
            worst = rows.loc[rows["shift"].idxmax()]
            yield Finding(
                "left-out",
                worst["subject"],
                worst["shift"],
                *LEFT,
                "info",
                int(made.scored.gt(0).sum()),
                kind,
            )


def _of_ranks(ranking: Ranking, firmness: Firmness) -> Iterator[Finding]:
    """Whose rank should not be read."""
    ranked = ranking.rank.notna()
    n = int(ranked.sum())
    if not n:
        return
    if not firmness.drawn:
        yield Finding("not-drawn", "index", float(n), *NOTHING, "info", n)
        return
    wide = ranked & (firmness.places.high - firmness.places.low > FAR)
    level: Level = "amber" if wide.any() else "info"
    yield Finding("wide", "index", float(wide.sum()), *WIDE, level, n)
