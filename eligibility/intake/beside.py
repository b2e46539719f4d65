"""How like a release is to another of its publisher, over the country-years both hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pandas as pd

from eligibility import likeness, sources
from eligibility.intake.case import FEWEST_CELLS, FEWEST_COUNTRIES, Case
from eligibility.intake.rules import Finding, named


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
            for iso3 in (lands := _moved(case, name, new, old)):
                moved[iso3] += 1
            if len(lands) > case.limit("countries-moved", name):
                said = (
                    f"'{name}' moved {len(lands)} of {new.shape[1]} countries by more than a quarter of all"
                )
                yield Finding("share-moved", f"{said} against {source.id}", named(lands))
            if len(flat := _stuck(new, old)) > case.limit("countries-stuck", name):
                said = f"'{name}' does not move in {len(flat)} countries where {source.id} does"
                yield Finding("variance", said, named(flat))
        if judged >= 4 and (often := sorted(iso3 for iso3, n in moved.items() if n > judged / 2)):
            said = f"{len(often)} countries stand elsewhere in most series than in {source.id}"
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
        rivals = {t: likeness.correlation(*(z.to_numpy().ravel() for z in likeness.meet(mine, case.table(source, t))))
                  for t in source.series if t != name}  # fmt: skip
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
    classes = bool(case.one.entries[name].get("classes"))
    if not classes and was:
        room = case.limit("rescaled", name)
        level = (new - old).median(axis=1).abs() / was
        if not 1 / room <= wide / was <= room or level.max() > room - 1:
            said = f"'{name}' is {wide / was:.2f} times as wide as in {source.id}"
            yield Finding("rescaled", f"{said}, its median moved by up to {level.max():.0%} of its width")
    far = (
        (new != old).to_numpy()
        if classes
        else ((likeness.places(new) - likeness.places(old)).abs() > 0.1).to_numpy()
    )
    share = float(far[known].mean())
    if share > case.limit("share-moved", name):
        yield Finding("share-moved", f"{share:.0%} of the figures of '{name}' moved against {source.id}")
    if source.id == case.one.id:
        other = float((np.abs(x - y)[known] > 0.005 * (was or 1)).mean())
        if other > case.limit("revised", name):
            said = (
                f"{other:.0%} of the figures of '{name}' are not those held of the same release, {source.id}"
            )
            yield Finding("revised", said)


def _moved(case: Case, name: str, new: pd.DataFrame, old: pd.DataFrame) -> list[str]:
    """Countries that stand elsewhere among all in most of the shared years."""
    if case.one.entries[name].get("classes"):
        other = (new != old).where(new.notna()).astype(float).mean()
        return sorted(other[other > 0.5].index)
    far = (likeness.places(new) - likeness.places(old)).abs().median()
    return sorted(far[far > 0.25].index)


def _stuck(new: pd.DataFrame, old: pd.DataFrame) -> list[str]:
    """Countries with one figure throughout where the other release moves by a tenth of its width or more."""
    reach = 0.1 * (likeness.spread(old.to_numpy()) or 0)
    return [iso3 for iso3 in likeness.stuck(new, old) if old[iso3].max() - old[iso3].min() >= reach]
