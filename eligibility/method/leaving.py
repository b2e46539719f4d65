"""What the ranking would be without one indicator, one pillar or one source: the one scorer run again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from eligibility.method.measures import Measures
from eligibility.method.rank import ranks
from eligibility.method.score import build
from eligibility.method.structure import rank_correlation
from eligibility.policy.model import Component, Pillar, Score

COLUMNS = [
    "kind", "subject", "shift", "most", "most_of", "correlation", "kept", "enters", "leaves", "lost", "scored"
]  # fmt: skip


def without(score: Score, of: Callable[[Pillar, Component], str | None], subject: str) -> Score | None:
    """The score without the indicators that are `of` the subject; a pillar without any goes too. None where nothing is left."""
    pillars = []
    for pillar in score.pillars:
        kept = tuple(component for component in pillar.components if of(pillar, component) != subject)
        if kept:
            pillars.append(replace(pillar, components=kept))
    return replace(score, pillars=tuple(pillars)) if pillars else None


def leave_out(
    score: Score,
    measures: Measures,
    peers: np.ndarray,
    admitted: np.ndarray,
    size: int,
    sources: Mapping[str, str],
) -> pd.DataFrame:
    """One row a thing left out, what the ranking loses without it.

    kind, subject   indicator (its path in the criteria), pillar (its id) or source (its id)
    shift           mean absolute change of rank of those ranked both ways; most, most_of: the largest and whose
    correlation     Spearman's, between the two scores of the same countries
    kept            how many of the shortlist stay on it; enters, leaves: ISO3 codes
    lost            countries that have a rank only with it; `scored` False and the rest NaN if nothing would be left

    admitted   whether each country is eligible or conditional
    sources    indicator -> the dataset it comes from
    """
    now, rows = build(score, measures, peers).score, []
    for kind, subject, then in _scores(score, measures, peers, sources):
        rows.append((kind, subject, *_apart(now, then, admitted, size, measures.countries)))
    return pd.DataFrame(rows, columns=COLUMNS)


def places(
    score: Score, measures: Measures, peers: np.ndarray, admitted: np.ndarray, sources: Mapping[str, str]
) -> pd.DataFrame:
    """iso3 x (kind, subject): the rank with one thing left out, NaN where it has none; what leaves nothing is not there.

    The arguments are those of `leave_out`.
    """
    made = {}
    for kind, subject, then in _scores(score, measures, peers, sources):
        place = ranks(then, (admitted & ~np.isnan(then[0]))[None, :])[0]
        if place.any():
            made[kind, subject] = np.where(place > 0, place, np.nan)
    return pd.DataFrame(made, index=pd.Index(measures.countries, name="iso3"))


def _scores(
    score: Score, measures: Measures, peers: np.ndarray, sources: Mapping[str, str]
) -> Iterator[tuple[str, str, np.ndarray]]:
    """Kind and subject of each thing that can be left out, and the scores without it, 1 x countries."""
    parts, nothing = (
        [(p, c) for p in score.pillars for c in p.components],
        np.full((1, len(measures.countries)), np.nan),
    )
    kinds: dict[str, Callable[[Pillar, Component], str | None]] = {
        "indicator": lambda _, component: component.path,
        "pillar": lambda pillar, _: pillar.id,
        "source": lambda _, component: sources.get(component.quantity.indicator),
    }
    for kind, of in kinds.items():
        for subject in dict.fromkeys(name for part in parts if (name := of(*part)) is not None):
            made = without(score, of, subject)
            yield kind, subject, build(made, measures, peers).score if made else nothing


def _apart(
    now: np.ndarray, then: np.ndarray, admitted: np.ndarray, size: int, names: tuple[str, ...]
) -> tuple[Any, ...]:
    """What lies between two scores of the same countries."""
    before, after = (ranks(points, (admitted & ~np.isnan(points[0]))[None, :])[0] for points in (now, then))
    if not after.any():
        return np.nan, np.nan, "", np.nan, np.nan, (), (), (), False
    both = (before > 0) & (after > 0)
    moved = np.where(both, np.abs(after - before), 0)
    most = int(np.argmax(moved))
    listed, then_listed = ((place > 0) & (place <= size) for place in (before, after))

    def named(where: np.ndarray) -> tuple[str, ...]:
        return tuple(names[i] for i in np.flatnonzero(where))

    return (
        float(np.round(moved[both].mean(), 9)) if both.any() else np.nan,
        float(moved[most]),
        names[most] if moved[most] else "",
        float(np.round(rank_correlation(now[0, both], then[0, both]), 9)),
        float((listed & then_listed).sum()) if size else np.nan,
        named(then_listed & ~listed),
        named(listed & ~then_listed),
        named((before > 0) & (after == 0)),
        True,
    )
