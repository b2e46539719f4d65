"""What an audit found: typed values with the limit each number is held against, who says so, and how bad it is.

A flag needs evidence: where a correlation is held against a limit, its 90 % interval must lie on the far side of it, and of
fewer than 30 countries nothing of the kind is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from eligibility.data.sources import SeriesSheet
from eligibility.method.audit import FAR, Audit
from eligibility.method.firmness import Firmness
from eligibility.method.importance import LEAST
from eligibility.method.rank import Ranking
from eligibility.method.structure import interval
from eligibility.policy.model import Criteria, Score

Level = Literal["red", "missing", "amber", "info"]
LEVELS: tuple[Level, ...] = ("red", "missing", "amber", "info")

ORDER = (
    "absent coverage coverage-group coverage-pillar wide not-drawn own-negative pillar-negative redundant built-from one-sided "
    "sign own-weak other-pillar pillar-weak alpha few outlier unattainable few-ranked sets-differ gap moved left-out copeland thin"
).split()


class Limit(NamedTuple):
    """What a number is held against, and who says so: a document with its page, or "ours"."""

    value: float
    said: str
    source: str


OURS = "ours"
SCALES = "Nardo, Saisana, Saltelli and Tarantola 2005, EUR 21682, section 3.1.3, page 26"
TARGET = "Paruolo, Saisana and Saltelli 2013, JRSS-A 176(3), pages 609-634"

# Every limit of a finding. `said` is the sentence printed with it, "" where there is nothing to hold the number against.
LIMITS: Mapping[str, Limit] = {
    "coverage": Limit(0.65, "about two thirds", OURS),
    "thin": Limit(2 / 3, "two thirds", OURS),
    "skew": Limit(2.0, "a skew of 2 with an excess kurtosis of 3.5", OURS),
    "peak": Limit(3.5, "a skew of 2 with an excess kurtosis of 3.5", OURS),
    "alpha": Limit(0.7, "0.7, the usual mark for a scale", SCALES),
    "alpha-low": Limit(0.6, "0.6, below which a scale is usually not called one", SCALES),
    "sign": Limit(0.0, "loadings of one sign: parts of one thing point one way", OURS),
    "own": Limit(0.3, "0.3, with the whole of its interval", OURS),
    "negative": Limit(
        0.0, "0, with the whole of its interval: a part must not work against the rest of its whole", OURS
    ),
    "other": Limit(0.0, "its correlation with the rest of its own part, their intervals apart", OURS),
    "redundant": Limit(0.92, "0.92, with the whole of its interval", OURS),
    "enough": Limit(float(LEAST), "30 countries with every figure", OURS),
    "wide": Limit(
        1 / 3, "a third of the ranked: a wider range does not tell the top third from the bottom", OURS
    ),
    "passed": Limit(0.95, "95 in 100: what nearly all pass tells nobody apart", OURS),
    "failed": Limit(0.05, "5 in 100: what hardly anybody passes tells nobody apart", OURS),
    "needed": Limit(0.0, "0: a weight cannot be negative", OURS),
    "agrees": Limit(0.9, "", OURS),
    "gap": Limit(0.0, "", TARGET),
    "far": Limit(FAR, "", OURS),
    "nothing": Limit(0.0, "", OURS),
}


@dataclass(frozen=True)
class Finding:
    """One thing the audit found.

    kind      what was looked at: see `findings`
    subject   id of an indicator's path, pillar, indicator, peer group, path of a test, or "index"
    other     the second subject, where there are two
    value     the number; low, high: its 90 % interval, where it has one
    limit     a key of LIMITS: what it is held against and who says so
    level     red: against the sense of the score; missing: a figure that nobody holds; amber: look at it; info: know it
    n         countries it rests on
    """

    kind: str
    subject: str
    value: float
    limit: str
    level: Level
    n: int
    other: str = ""
    low: float = np.nan
    high: float = np.nan


def findings(
    made: Audit,
    criteria: Criteria,
    peers: pd.Series,
    ranking: Ranking,
    firmness: Firmness,
    sheets: Mapping[str, SeriesSheet],
) -> tuple[Finding, ...]:
    """Everything worth a sentence, the worst first, by kind:

    absent coverage coverage-group coverage-pillar thin     figures that are not there
    one-sided                                               tests that tell nobody apart
    outlier                                                 a few countries far from the rest
    few alpha sign own-negative own-weak other-pillar       whether a pillar is one thing
    redundant built-from pillar-negative pillar-weak moved  whether pillars are several and of one index
    few-ranked sets-differ                                  whether what is told of all holds of the ranked
    gap unattainable copeland left-out                      what the score rests on
    wide not-drawn                                          whether a rank can be read
    """
    found = [*_of_coverage(made, peers), *_of_tests(made), *_of_ranks(ranking, firmness)]
    if criteria.score and len(made.pillar):
        found += [
            *_of_shape(made),
            *_of_pillars(made, criteria.score),
            *_of_index(made, criteria.score),
            *_of_parts(criteria.score, sheets),
            *_of_weights(made),
            *_of_sets(made),
        ]
    return tuple(sorted(found, key=lambda f: (LEVELS.index(f.level), ORDER.index(f.kind))))


def _of_coverage(made: Audit, peers: pd.Series) -> Iterator[Finding]:
    limit, n = LIMITS["coverage"].value, len(peers)
    for indicator, row in made.coverage.iterrows():
        if row["known"] == 0:
            yield Finding("absent", indicator, 0.0, "coverage", "missing", n)
        elif row["share"] < limit:
            yield Finding("coverage", indicator, row["share"], "coverage", "amber", n)
        else:
            for group, share in made.by_group.loc[indicator].items():
                if share < limit:
                    size = int((peers == group).sum())
                    yield Finding("coverage-group", indicator, share, "coverage", "amber", size, group)
    for pillar, row in made.pillar.iterrows():
        if row["share"] < limit:
            yield Finding("coverage-pillar", pillar, row["share"], "coverage", "amber", n)
    if len(made.pillar):
        less = float((made.scored < LIMITS["thin"].value - 1e-9).sum())
        yield Finding("thin", "index", less, "thin", "info", n)


def _of_tests(made: Audit) -> Iterator[Finding]:
    """Tests that nearly all or hardly any of those judged pass."""
    for path, row in made.tests.iterrows():
        if row["judged"] < LEAST:
            continue
        share = row["passed"] / row["judged"]
        if share > LIMITS["passed"].value or share < LIMITS["failed"].value:
            mark = "passed" if share > LIMITS["passed"].value else "failed"
            yield Finding("one-sided", path, share, mark, "amber", int(row["judged"]), row["owner"])


def _of_shape(made: Audit) -> Iterator[Finding]:
    for path, row in made.shape.iterrows():
        if row["n"] < LEAST:
            yield Finding("few", path, row["n"], "enough", "amber", int(row["n"]))
        elif abs(row["skew"]) >= LIMITS["skew"].value and row["kurtosis"] >= LIMITS["peak"].value:
            yield Finding("outlier", path, row["skew"], "skew", "amber", int(row["n"]))


def _of_alpha(subject: str, alpha: float, n: int) -> Finding:
    low = alpha < LIMITS["alpha-low"].value
    return Finding("alpha", subject, alpha, "alpha-low" if low else "alpha", "amber" if low else "info", n)


def _against(
    kinds: tuple[str, str], subject: str, r: float, ends: tuple[float, float], n: int, other: str = ""
) -> Iterator[Finding]:
    """A part that works against the rest of its whole, or has little to do with it, with its whole interval."""
    marks: tuple[tuple[str, str, Level], ...] = ((kinds[0], "negative", "red"), (kinds[1], "own", "amber"))
    for kind, mark, level in marks:
        if ends[1] < LIMITS[mark].value:
            yield Finding(kind, subject, r, mark, level, n, other, *ends)
            return


def _of_pillars(made: Audit, score: Score) -> Iterator[Finding]:
    """Whether the indicators of each pillar are readings of one thing."""
    for pillar in score.pillars:
        paths, row = [c.path for c in pillar.components], made.pillar.loc[pillar.id]
        n = int(row["n"])
        if len(paths) == 1:
            continue
        if n < LEAST:
            yield Finding("few", pillar.id, n, "enough", "amber", n)
            continue
        if np.isnan(row["alpha"]):  # all values are alike: there is nothing to go together
            continue
        yield _of_alpha(pillar.id, row["alpha"], n)
        loadings = made.shape.loc[paths, "loading"]
        if loadings.min() < LIMITS["sign"].value < loadings.max():
            least = float(loadings.min())
            yield Finding("sign", pillar.id, least, "sign", "amber", n, str(loadings.idxmin()))
        for path in paths:
            own = made.rest.loc[path]
            ends, pairs = (own["low"], own["high"]), int(own["n"])
            yield from _against(("own-negative", "own-weak"), path, own["r"], ends, pairs, pillar.id)
            if own["other_low"] > own["high"]:
                yield Finding("other-pillar", path, own["other_r"], "other", "amber", pairs, own["other"])


def _of_index(made: Audit, score: Score) -> Iterator[Finding]:
    """Whether indicators are different and pillars parts of one whole."""
    n = len(made.base)
    if n < LEAST:
        return
    paths = list(made.correlation.columns)
    for i, one in enumerate(paths):
        for two in paths[i + 1 :]:
            r, pairs = made.correlation.at[one, two], int(made.pairs.at[one, two])
            ends = interval(r, pairs)
            if pairs >= LEAST and min(map(abs, ends)) > LIMITS["redundant"].value:
                yield Finding("redundant", one, r, "redundant", "amber", pairs, two, *ends)
    several = len(score.pillars) > 1
    for pillar, row in made.pillar.iterrows() if several else ():
        ends = (row["rest_low"], row["rest_high"])
        yield from _against(("pillar-negative", "pillar-weak"), pillar, row["rest"], ends, n)
        share = row["moved_ranked"] if made.ranked else row["moved"]
        yield Finding("moved", pillar, share, "far", "info", made.ranked or n)
    if several and not np.isnan(made.alpha):
        yield _of_alpha("index", made.alpha, n)


def _of_parts(score: Score, sheets: Mapping[str, SeriesSheet]) -> Iterator[Finding]:
    """Scored indicators of which one is made of another by its publisher, whatever their correlation."""
    paths = {c.quantity.indicator: c.path for p in score.pillars for c in p.components}
    for indicator, path in paths.items():
        for part in sheets[indicator].built_from if indicator in sheets else ():
            if part in paths:
                yield Finding("built-from", path, np.nan, "nothing", "amber", 0, paths[part])


def _of_weights(made: Audit) -> Iterator[Finding]:
    """Stated against real importance, another way to rank, and what one part decides."""
    for level, found in (("pillars", made.by_pillar), ("indicators", made.by_indicator)):
        if found is None or len(found.table) < 2 or np.isnan(found.gap):
            continue
        yield Finding("gap", level, found.gap, "gap", "info", found.n)
        if found.attainable is False:
            least = found.table["needed"]
            yield Finding("unattainable", level, least.min(), "needed", "amber", found.n, str(least.idxmin()))
    if not np.isnan(made.agreement) and len(made.base) >= LEAST:
        yield Finding("copeland", "index", made.agreement, "agrees", "info", int(made.copeland.notna().sum()))
    for kind in ("indicator", "pillar", "source"):
        rows = made.left_out[(made.left_out["kind"] == kind) & made.left_out["scored"]]
        if len(rows):
            worst = rows.loc[rows["shift"].idxmax()]
            scored = int(made.scored.gt(0).sum())
            yield Finding("left-out", worst["subject"], worst["shift"], "nothing", "info", scored, kind)


def _of_sets(made: Audit) -> Iterator[Finding]:
    """Whether the statistics of all countries considered hold of the ranked."""
    if 0 < made.ranked < LEAST <= len(made.base):
        yield Finding("few-ranked", "index", float(made.ranked), "enough", "info", len(made.base))
    for own, pool in (
        (made.by_pillar, made.pool_pillar),
        (made.by_indicator, made.pool_indicator),
    ):
        if own is None or pool is None or len(own.table) < 2:
            continue
        ends = [(t["share"].idxmin(), t["share"].idxmax()) for t in (own.table, pool.table)]
        for k, (mine, theirs) in enumerate(zip(*ends, strict=True)):
            if mine != theirs:
                yield Finding("sets-differ", str(mine), float(k), "nothing", "info", own.n, str(theirs))


def _of_ranks(ranking: Ranking, firmness: Firmness) -> Iterator[Finding]:
    """Whose rank should not be read."""
    ranked = ranking.rank.notna()
    n = int(ranked.sum())
    if not n:
        return
    if not firmness.drawn:
        yield Finding("not-drawn", "index", float(n), "nothing", "info", n)
        return
    wide = ranked & (firmness.places.high - firmness.places.low > LIMITS["wide"].value * n + 1e-9)
    level: Level = "amber" if wide.any() else "info"
    yield Finding("wide", "index", float(wide.sum()), "wide", level, n)
