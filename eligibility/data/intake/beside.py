"""How like a release is to another of its publisher, over the country-years both hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pandas as pd

from eligibility import likeness
from eligibility.data import sources
from eligibility.data.intake.case import FEWEST_CELLS, FEWEST_COUNTRIES, Case
from eligibility.data.intake.rules import Finding, cells_named, named


def found(case: Case) -> Iterator[Finding]:
    """How like each series is to its reference, over the country-years both hold."""
    for source, names in case.references():
        moved: dict[str, int] = defaultdict(int)
        judged = 0
        for name in names:
            new, old = likeness.meet(case.mine[name], case.table(source, name))
            if int(new.notna().to_numpy().sum()) < FEWEST_CELLS or new.shape[1] < FEWEST_COUNTRIES:
                continue
            judged += 1
            yield from _order_of(case, source, name, new, old)
            yield from _size(case, source, name, new, old)
            lands, flat = _moved(case, name, new, old), _stuck(new, old)
            for iso3 in {*lands, *flat}:
                moved[iso3] += 1
            if len(lands) > case.limit("countries-moved", name):
                said = (
                    f"'{name}' moved {len(lands)} of {new.shape[1]} countries by more than a quarter of all"
                )
                yield Finding("share-moved", f"{said} against {source.id}", named(lands))
            if traded := _traded(case, name, new, old):
                said = f"in '{name}' {len(traded)} countries have the figures others had in {source.id}"
                yield Finding("shifted", said, named(traded))
            if len(flat) > case.limit("countries-stuck", name):
                said = f"'{name}' does not move in {len(flat)} countries where {source.id} does"
                yield Finding("variance", said, named(flat))
            gone = new.notna().any() & (new.isna() | (new == 0)).all() & (old != 0).all()
            if gone.any():
                said = f"'{name}' is 0 in {gone.sum()} countries, never so in {source.id}"
                yield Finding("variance", said, named(gone.index[gone]))
        if judged >= 2 and (often := sorted(iso3 for iso3, n in moved.items() if n > judged / 2)):
            said = (
                f"{len(often)} countries stand elsewhere, or do not move, in most series beside {source.id}"
            )
            yield Finding("share-moved", said, named(often))


def _order_of(
    case: Case, source: sources.Source, name: str, new: pd.DataFrame, old: pd.DataFrame
) -> Iterator[Finding]:
    """Whether countries and years stand where they stood: order, shift, and whose figures they are."""
    x, y = new.to_numpy(), old.to_numpy()
    own = likeness.correlation(x.ravel(), y.ravel())
    years = likeness.by_year(new, old)
    low = case.limit("rank-correlation-year", name)
    bad = years[years < low]
    if own < case.limit("rank-correlation", name) or len(bad):
        worst = f", {years.min():.2f} in {years.idxmin()}" if len(bad) else ""
        said = f"'{name}' against {source.id}: {own:.2f}{worst}"
        yield Finding("rank-correlation", said, tuple(map(str, bad.index)))
        for by in (-1, 1):
            if likeness.correlation(np.roll(x, by, axis=1).ravel(), y.ravel()) > max(own, 0.9):
                yield Finding("shifted", f"'{name}' agrees with {source.id} when moved by one country")
    mine, theirs = case.mine[name], case.table(source, name)
    here = likeness.slide(mine, theirs, 0)
    for by in (-1, 1):
        there = likeness.slide(mine, theirs, by)
        if there > here and there > 0.5:
            said = f"the changes of '{name}' are those of {source.id} {'a year later' if by > 0 else 'a year earlier'}"
            yield Finding("shifted", f"{said} ({there:.2f}; {here:.2f} in their own year)")
    if own < 0.9995:
        # ranks of all cells, quick and nearly right
        near = case.ranks(source).corrwith(case.one.frame[name].rank())
        rivals = {
            t: likeness.correlation(
                *(z.to_numpy().ravel() for z in likeness.meet(mine, case.table(source, t)))
            )
            for t in source.series
            if t != name and near[t] > own - 0.02
        }
        rivals = {t: r for t, r in rivals.items() if r > own}
        if rivals:
            best = max(rivals, key=rivals.__getitem__)
            said = (
                f"'{name}' is like '{best}' of {source.id} ({rivals[best]:.3f}), less like itself ({own:.3f})"
            )
            yield Finding("mislabelled", said)


def _size(
    case: Case, source: sources.Source, name: str, new: pd.DataFrame, old: pd.DataFrame
) -> Iterator[Finding]:
    """Whether figures have the size they had: width, level, how many moved, and the same ones under the same name."""
    x, y = new.to_numpy(), old.to_numpy()
    known = ~np.isnan(x)
    wide, was = likeness.spread(x), likeness.spread(y)
    if was and not case.classes(name):
        room = case.limit("rescaled", name)
        level = (new - old).median(axis=1).abs() / was
        if not 1 / room <= wide / was <= room or level.max() > room - 1:
            said = f"'{name}' is {wide / was:.2f} times as wide as in {source.id}"
            yield Finding("rescaled", f"{said}, its median moved by up to {level.max():.0%} of its width")
    far = new != old if case.classes(name) else (likeness.places(new) - likeness.places(old)).abs() > 0.1
    share = float(far.to_numpy()[known].mean())
    if share > case.limit("share-moved", name):
        yield Finding("share-moved", f"{share:.0%} of the figures of '{name}' moved against {source.id}")
    if source.id == case.one.id:
        other = (new - old).abs() > 0.005 * (was or 1)  # more than a last digit
        if (count := int(other.to_numpy().sum())) > case.limit("revised", name):
            said = f"{count} of {int(known.sum())} figures of '{name}' are not those held of the same release, {source.id}"
            yield Finding("revised", said, cells_named(other))


def _moved(case: Case, name: str, new: pd.DataFrame, old: pd.DataFrame) -> list[str]:
    """Countries that stand elsewhere among all in most of the shared years."""
    if case.classes(name):
        other = (new != old).where(new.notna()).astype(float).mean()
        return sorted(other[other > 0.5].index)
    far = (likeness.places(new) - likeness.places(old)).abs().median()
    return sorted(far[far > 0.25].index)


def _traded(case: Case, name: str, new: pd.DataFrame, old: pd.DataFrame) -> list[str]:
    """Countries that left their own figures for those of another, round in a ring."""
    x, y = new.to_numpy(), old.to_numpy()
    wide = likeness.spread(y) or 1

    def apart(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """How far each column of b is from a column a, on average over the years both have."""
        off = np.ma.masked_invalid(a[:, None] - b)
        return ((off != 0) if case.classes(name) else abs(off) / wide).mean(axis=0).filled(np.inf)

    own = np.array([apart(x[:, c], y[:, [c]])[0] for c in range(x.shape[1])])
    left = np.flatnonzero(np.isfinite(own) & (own > 0.05))
    took = {}
    for c in left:
        far = apart(x[:, c], y[:, left])
        best = int(np.argmin(far))
        if far[best] < 0.03 and far[best] < 0.3 * own[c]:
            took[c] = int(left[best])
    ring = set(took)
    while ring != (closed := {c for c in ring if took[c] in ring and c in {took[d] for d in ring}}):
        ring = closed
    return [new.columns[c] for c in sorted(ring)]


def _stuck(new: pd.DataFrame, old: pd.DataFrame) -> list[str]:
    """Countries with one figure in every shared year, of at least five, where the other release moves, by a tenth of its
    width or more.
    """
    moved = old.max() - old.min()
    flat = (new.notna().sum() >= 5) & (new.max() == new.min())
    return list(new.columns[flat & (moved > 0) & (moved >= 0.1 * likeness.spread(old.to_numpy()))])
