"""What a file says by itself, and its newest years beside those before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd

from eligibility import likeness
from eligibility.data import sources
from eligibility.data.compiled import begins
from eligibility.data.intake.case import FEWEST_CELLS, Case, order
from eligibility.data.intake.rules import Finding

FEWEST_BESIDE = 60  # countries of a file below which its columns follow each other by chance
BETTER = 0.1  # by how much more a column must follow others a row off than in its own row


def found(case: Case) -> Iterator[Finding]:
    """What can be told without another release, or from the years that only this one holds."""
    yield from _days(case)
    edition = list(_edition(case))
    yield from edition
    # An extract hides nothing, and of a handful that replaces another that one says what is missing.
    if not case.handful or (case.same is None and not case.extract):
        yield from _short(case)
    if not (edition or case.handful):
        yield from _behind(case)
    yield from _neighbours(case)
    for name, new in case.mine.items():
        source = case.same if case.same and name in case.same.series else case.neighbour(name)
        yield from _new_years(case, name, new, case.table(source, name) if source else None)
        yield from _seams(case, name, new)
        yield from _errors(case, name, source)


def _edition(case: Case) -> Iterator[Finding]:
    """A file that ends in another year than the edition it is named after."""
    off = case.said("ends")
    if off is None:
        return
    last, year = max(table.index[-1] for table in case.mine.values()), order(case.one.vintage)
    if not year:
        yield Finding("last-year", f"it ends in {last}; the edition {case.one.vintage} names no year")
        return
    due = year[0] + off
    said = f"it ends in {last}; the edition {case.one.vintage} ends in {due}"
    if last > due:
        yield Finding("last-year", said, (str(last),))
    elif last < due and not case.handful:
        yield Finding("years-lost", said, tuple(str(year) for year in range(last + 1, due + 1)))


def _behind(case: Case) -> Iterator[Finding]:
    """Series that end before the newest year that, by their calendar, was out when the release came out."""
    one = case.one
    # where the day is only reckoned, one that is no later than it was
    day = one.released if one.dated else begins(one.vintage)
    if day is None:
        return
    late: dict[tuple[int, int, date], list[str]] = {}
    for name, table in case.mine.items():
        sheet = sources.series_sheet(one.id, one.family, name, one.entries[name])
        last = int(table.index[-1])
        due = None if sheet.standing else sheet.out_after(last, day)
        if due is not None and due - last > case.limit("behind", name):
            late.setdefault((last, due, sheet.known_from(due)), []).append(name)
    for (last, due, since), names in late.items():
        of = f"'{names[0]}' ends" if len(names) == 1 else f"'{names[0]}' and {len(names) - 1} more end"
        said = f"{of} in {last}; by {day.isoformat()} {due} was out, since {since.isoformat()}"
        yield Finding("years-lost", said, (str(due),))


def _neighbours(case: Case) -> Iterator[Finding]:
    """Columns whose changes are those of the others in the file, a row off."""
    if len(case.lands) < FEWEST_BESIDE:
        return
    for name, by, there, here in likeness.neighbours(case.mine):
        if there > max(case.limit("neighbours", name), here + BETTER):
            said = f"the changes of '{name}' are those of other series of the file a row {'later' if by > 0 else 'earlier'}"
            yield Finding("shifted", f"{said} ({there:.2f}; {here:.2f} in their own row)")


def _seams(case: Case, name: str, table: pd.DataFrame) -> Iterator[Finding]:
    """A series in which countries begin, or end, with a figure that is another country's."""
    if case.one.entries[name].get("standing"):
        return  # who is a party stays one: the first years tell nothing of the later ones
    for place, less in zip(("first", "last"), likeness.seams(table), strict=True):
        if less > case.limit("seam", name):
            said = (
                f"the {place} figures of '{name}' are not those of the countries they stand with: their order"
            )
            yield Finding("shifted", f"{said} agrees by {less:.2f} less with the next than later figures do")


def _short(case: Case) -> Iterator[Finding]:
    """A file that begins late, or has fewer countries than its publisher's."""
    start, fewest = case.said("begins"), case.said("fewest")
    first = min(table.index[0] for table in case.mine.values())
    if start and first > start:
        said = f"it begins in {first}; the publisher's file begins in {start}"
        yield Finding("years-lost", said, tuple(str(year) for year in range(start, first)))
    if fewest and len(case.lands) < fewest:
        yield Finding(
            "countries-lost", f"{len(case.lands)} countries; the publisher's file has at least {fewest}"
        )


def _days(case: Case) -> Iterator[Finding]:
    """Years that had not ended, or not begun, on the day the release came out."""
    one = case.one
    day = one.released if one.dated else date.today()
    last = max(table.index[-1] for table in case.mine.values())
    many = len(case.lands) >= likeness.FEWEST
    if last > day.year or (last == day.year and many and not case.may("same-year")):
        word = "came out on" if one.dated else "cannot be younger than"
        yield Finding("last-year", f"it holds {last}, and {word} {day.isoformat()}", (str(last),))


def _new_years(case: Case, name: str, new: pd.DataFrame, old: pd.DataFrame | None) -> Iterator[Finding]:
    """Years that no release before holds, beside the year before each; and the emptiness of the whole."""
    before = likeness.gaps(old) if old is not None else None
    empty = likeness.gaps(new) if new.shape[1] >= likeness.FEWEST else 0.0
    most = case.limit("empty-alone", name) if before is None else before + case.limit("empty-cells", name)
    if empty > most:
        beside = "" if before is None else f" ({before:.1%} before)"
        yield Finding("empty-cells", f"'{name}': {empty:.1%} of the cells are empty{beside}")
    fresh = [year for year in new.index if year > old.index[-1]] if old is not None else list(new.index[-1:])
    if fresh:
        now = likeness.steps(new)
        known = likeness.steps(old) if old is not None else now.without(fresh)
        whole = old is None or new.shape[1] > old.shape[1] / 2  # a part of the countries has its own order
        for year in (year for year in fresh if year in now.order.index):
            yield from _new_year(case, name, year, now, known, old is None, whole)
    varied = False  # series that begin with nobody, such as a treaty's parties, are all alike at first
    for year in new.index:
        figures, was = (
            new.loc[year].dropna(),
            old.loc[year] if old is not None and year in old.index else None,
        )
        varied = varied if was is None else was.nunique() > 1
        if len(figures) >= likeness.FEWEST and figures.nunique() == 1 and varied and not case.may("constant"):
            yield Finding("variance", f"'{name}' is {figures.max():g} everywhere in {year}")
        varied = figures.nunique() > 1 or (varied and was is None)
    figures = new.to_numpy()[new.notna().to_numpy()]
    flat = len(np.unique(figures)) == 1
    if flat and len(figures) >= FEWEST_CELLS and (old is None or len(np.unique(old.to_numpy())) > 2):
        yield Finding("variance", f"'{name}' is {figures.max():g} everywhere")


def _new_year(
    case: Case, name: str, year: int, now: likeness.Steps, known: likeness.Steps, alone: bool, whole: bool
) -> Iterator[Finding]:
    """One year beside the year before, by what its publisher's years have been beside theirs."""
    least = min([0.9 if alone else 1.0, *known.count])
    if now.count[year] < least - case.limit("partial-year", name):
        yield Finding(
            "partial-year",
            f"'{name}' has in {year} {now.count[year]:.0%} of the countries of the year before",
        )
    if not known.order.notna().any() or not whole:
        return
    if now.order[year] < known.order.min() - case.limit("new-year-order", name):
        said = f"'{name}' puts countries in {year} in another order than the year before ({now.order[year]:.2f}; "
        yield Finding("rank-correlation", f"{said}never below {known.order.min():.2f})")
    most = known.same.max()
    if now.same[year] >= max(case.limit("repeat", name), most + (1 - most) / 2) and now.same[year] > most:
        yield Finding(
            "variance", f"'{name}' repeats in {year} the year before for {now.same[year]:.0%} of countries"
        )
    room = case.limit("rescaled", name)
    low, high = known.width.min() / room, known.width.max() * room
    if not case.classes(name) and (
        now.width[year] < low or now.width[year] > high or now.level[year] > known.level.max() + room - 1
    ):
        said = f"'{name}' is in {year} {now.width[year]:.2f} times as wide as the year before"
        yield Finding("rescaled", f"{said}, its median moved by {now.level[year]:.0%} of its width")


def _errors(case: Case, name: str, source: sources.Source | None) -> Iterator[Finding]:
    """Whether standard errors are of the size of those before, and smaller than what they are errors of."""
    column = f"{name}_sd"
    if column not in case.one.frame:
        return
    mine = case.one.frame[column].dropna()
    wide = likeness.spread(case.one.frame[name].to_numpy())
    middle = float(mine.median())
    if len(mine) >= FEWEST_CELLS and (middle == 0 or middle > wide / 2):
        yield Finding("error-scale", f"'{name}' has a middling error of {middle:g} on a width of {wide:g}")
    if source is None or column not in case.frame(source):
        return
    both = pd.concat([mine, case.frame(source)[column].dropna()], axis=1, join="inner")
    both = both[(both > 0).all(axis=1)]
    if len(both) < FEWEST_CELLS:
        return
    times = float((both.iloc[:, 0] / both.iloc[:, 1]).median())
    most = case.limit("error-scale", name)
    if not 1 / most <= times <= most:
        yield Finding("error-scale", f"'{name}' has errors {times:.2f} times those of {source.id}")
