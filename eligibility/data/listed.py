"""Every source held, or every indicator, one line each: what `eligibility data list` says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from eligibility.data import sources
from eligibility.errors import EligibilityError
from eligibility.resources import shipped


@dataclass(frozen=True)
class Held:
    """One line of `eligibility data list`."""

    id: str
    publisher: str
    title: str
    released: str
    years: str
    countries: int
    series: int
    licence: str
    place: str  # "shipped" or "yours"
    accepted: tuple[str, ...] = ()  # rules of the intake gate it was let in against


@dataclass(frozen=True)
class Indicator:
    """One line of `eligibility data list --series`."""

    id: str
    label: str
    unit: str
    better: str
    years: str
    countries: int
    error: str  # published, modelled, assumed or none
    source: str
    yours: bool


def held(shelf: Iterable[sources.Source]) -> tuple[Held, ...]:
    """One line a source."""
    ours = shipped("datasets").resolve()
    return tuple(
        Held(
            source.id,
            source.publisher,
            source.title,
            source.released.isoformat(),
            "{}-{}".format(*source.values["years"]),
            source.values["countries"],
            len(source.series),
            source.licence,
            "shipped" if source.path.resolve().parent == ours else "yours",
            tuple(f"{one['rule']}: {one['found']}" for one in source.accepted),
        )
        for source in shelf
    )


def indicators(shelf: Iterable[sources.Source], word: str = "") -> tuple[Indicator, ...]:
    """Every indicator held, each as the newest source has it; of `word` those whose id or label has it.

    A user's source whose table cannot be read is named and left out.
    """
    newest: dict[str, sources.Source] = {}
    for source in sorted(shelf, key=lambda s: (s.released, s.id)):
        newest.update({sheet.id: source for sheet in source.series.values()})
    ours, tables, lines = shipped("datasets").resolve(), {}, []
    for name, source in sorted(newest.items()):
        sheet = source.series[name.partition(".")[2]]
        if word.casefold() not in f"{name} {sheet.label}".casefold():
            continue
        yours = source.path.resolve().parent != ours
        if source.id not in tables:
            try:
                tables[source.id] = sources.table(source)
            except EligibilityError as error:
                if not yours:
                    raise
                sources.set_aside(error)
                tables[source.id] = None
        if tables[source.id] is None:
            continue
        index = tables[source.id][sheet.name].dropna().index
        years = index.get_level_values("year")
        lines.append(
            Indicator(
                name,
                sheet.label,
                sheet.unit,
                sheet.better,
                f"{years.min()}-{years.max()}" if len(years) else "none",
                index.get_level_values("iso3").nunique(),
                sheet.sd_kind,
                source.id,
                yours,
            )
        )
    return tuple(lines)
