"""Both ends of a comparison with their probabilities, who entered, who left, and what moved whom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from eligibility.analysis.compare import sides, steps
from eligibility.analysis.compare.causes import Causes, causes
from eligibility.analysis.compare.steps import Outcome, Rounds
from eligibility.data import panel
from eligibility.data.panel import NEWEST, Panel, Reading
from eligibility.errors import Problem, UsageError
from eligibility.files import strict_yaml
from eligibility.language import settings
from eligibility.language.criteria import kept_as
from eligibility.method import vintages
from eligibility.method.evaluate import ADMITTED
from eligibility.method.result import Result
from eligibility.method.vintages import READING
from eligibility.policy import walk
from eligibility.policy.words import OUTSIDE


@dataclass(frozen=True)
class End(Outcome):
    """One end as both a fresh run and a sealed one can tell it; of a sealed run told as it was the verdicts are of gates only."""

    name: str
    criteria: dict[str, str]  # id, version, sha256
    as_of: str
    sources: tuple[tuple[str, str], ...]  # id, sha256
    draws: int
    p_eligible: pd.Series
    p_top: pd.Series
    index: bool = False  # whether the criteria rank countries and admit none
    # the list under the limits of the criteria; None where they set none
    limited: tuple[str, ...] | None = None
    reading: str = ""  # which years were read, as the first line of every output says it

    @cached_property
    def admitted(self) -> tuple[str, ...]:
        return tuple(self.status.index[self.status.isin(ADMITTED)])

    @cached_property
    def listed(self) -> tuple[str, ...]:
        """The shortlist, best first."""
        return tuple(self.rank[self.rank <= self.shortlist].sort_values(kind="stable").index)


@dataclass(frozen=True)
class Comparison:
    """Two ends and what moved each country; `causes` is None where an end could not be run again."""

    a: End
    b: End
    causes: Causes | None
    notes: tuple[str, ...]
    lent: tuple[str, ...] = ()  # series the earlier side has not, taken from the later one

    @property
    def countries(self) -> tuple[str, ...]:
        """Everybody considered at either end, by ISO3."""
        return tuple(sorted({*self.a.status.index, *self.b.status.index}))

    def changed(self, of: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Who is in a list of B (listed, admitted, limited) and not in that of A, in its order; and the reverse."""
        a, b = getattr(self.a, of) or (), getattr(self.b, of) or ()
        return tuple(c for c in b if c not in a), tuple(c for c in a if c not in b)

    @property
    def one_vintage(self) -> bool:
        """Whether two dates are judged on the same datasets, so that no move can be a revision."""
        return self.a.as_of != self.b.as_of and self.a.sources == self.b.sources

    def status(self, iso3: str) -> tuple[str, str]:
        return self.a.status.get(iso3, OUTSIDE), self.b.status.get(iso3, OUTSIDE)


def compare(
    a: str,
    b: str,
    ref: str | None = None,
    as_of: date | None = None,
    draws: int | None = None,
    data: Path | None = None,
    reading: Reading = NEWEST,
) -> Comparison:
    """What differs between A and B, and what moved each country (see sides.py for what A and B may be)."""
    before, after = sides.sides(a, b, ref, as_of, draws, data, reading)
    return between(before, after)


def between(before: sides.Side, after: sides.Side, who: frozenset[str] | None = None) -> Comparison:
    """The comparison of two sides; where only some are asked about (`who`), nothing is to be read of the causes of others."""
    notes = [f"{side.name} is told as it was sealed: {side.why}." for side in (before, after) if side.why]
    ends = _end(before), _end(after)
    notes += [
        f"{end.name} was judged by {own['id']} {own['version']}, which is kept as {kept}."
        for end in ends
        if (kept := kept_as((own := end.criteria)["id"], own["version"]))
    ]
    if before.result is None or after.result is None:
        notes.append("What moved the countries cannot be told without running both ends again.")
        return Comparison(*ends, None, tuple(notes))
    bridge, lent = bridged(before, after)
    back = bridged(after, before)[0]
    told = Comparison(*ends, causes(Rounds(before.result, after.result, bridge, back, who)), (), lent)
    if lent:
        notes.append(
            f"Not held on the side of {before.name} and taken from {after.name}, as part of the rule: {', '.join(lent)}."
        )
    if told.one_vintage:
        notes.append(
            "One vintage of each source is held for both dates, so no part of a move is told as a revision."
        )
    return replace(told, notes=tuple(notes))


def bridged(before: sides.Side, after: sides.Side) -> tuple[Panel, tuple[str, ...]]:
    """What the criteria of `after` look at, from the datasets of `before`; and the series these do not hold."""
    old, new = before.result, after.result
    assert old is not None and new is not None  # both were judged again
    if old.panel is new.panel:
        return new.panel, ()
    wanted = set(walk.indicators(new.criteria))
    held, theirs = (
        {f"{s.family}.{name}" for s in shelf for name in s.series} | result.panel.held.keys()
        for shelf, result in ((before.shelf, old), (after.shelf, new))
    )
    lent, own = sorted((wanted - held) & theirs), old.panel
    more = wanted & held - own.sheets.keys()  # what the earlier criteria did not look at
    parts = [new.panel.only(wanted - held), own.only(wanted & held & own.sheets.keys())]
    merged: dict[str, dict[str, Any]] = {key: {} for key in ("sheets", "held", "values", "sds", "dated")}
    read = panel.load(more, before.shelf, "unknown", own.reading) if more else None
    for part in filter(None, (*parts, read)):
        for key, have in merged.items():
            have.update(getattr(part, key))
    bridge = Panel(**merged, vintages=read.vintages if read else {}, reading=own.reading, hiding=own.hiding)
    return vintages.chosen(new.criteria, bridge, old.as_of).figures, tuple(lent)


def _end(side: sides.Side) -> End:
    if side.result is not None:
        return _fresh(side.name, side.result)
    assert side.sealed is not None  # or it was judged
    try:
        return _as_sealed(side.name, side.sealed)
    except (KeyError, TypeError, ValueError, AttributeError):
        where = str(side.sealed.folder / "result.json")
        raise UsageError(Problem(where, "file", "must be the result of a run")) from None


def _fresh(name: str, result: Result) -> End:
    """An end that was judged now."""
    own = result.criteria
    return End(
        **vars(steps.of_result(result)),
        name=name,
        criteria={"id": own.id, "version": own.version, "sha256": own.sha256},
        as_of=result.as_of.isoformat(),
        sources=tuple((s.id, s.sha256) for s in result.panel.sources),
        draws=result.firmness.draws,
        p_eligible=result.firmness.p_eligible,
        p_top=result.firmness.places.p_top,
        index=own.index,
        limited=None if (made := result.portfolio) is None else made.own.members if made.own else (),
        reading=result.reading,
    )


def _as_sealed(name: str, sealed: sides.Sealed) -> End:
    """An end as its result.json tells it."""
    found, rows = sealed.found, {c["iso3"]: c for c in sealed.found["countries"]}
    places, is_index = _applied(sealed)
    index = pd.Index(sorted(rows), name="iso3")

    def column(key: str) -> pd.Series:
        return pd.Series([rows[c].get(key) for c in index], index, dtype=float)

    status = pd.Series([rows[c]["status"] for c in index], index)
    verdicts = {c: {g["id"]: g["verdict"] for g in rows[c]["gates"]} for c in index}
    return End(
        name=name,
        criteria={key: str(found["criteria"][key]) for key in ("id", "version", "sha256")},
        as_of=found["as_of"],
        sources=tuple((s["id"], s["sha256"]) for s in found["sources"]),
        draws=found["engine"]["draws"],
        status=status,
        verdict=pd.DataFrame.from_dict(verdicts, orient="index").reindex(index),
        score=column("score"),
        rank=column("rank").where(status.isin(ADMITTED)),  # who is qualified is ranked apart
        p_eligible=column("p_eligible"),
        p_top=column("p_top"),
        shortlist=places,
        index=is_index,
        limited=None
        if (made := found.get("portfolio")) is None
        else tuple((made["own"] or {}).get("members", ())),
        reading=next((str(note) for note in found.get("notes", ()) if str(note).startswith(READING)), ""),
    )


def _applied(sealed: sides.Sealed) -> tuple[int, bool]:
    """How many places the shortlist of a sealed run has and whether it is an index, read without judging."""
    document = strict_yaml.read(sealed.folder / "criteria.yaml")
    applied = settings.apply(document, sealed.settings)
    own = applied.data if isinstance(applied.data, dict) else {}
    shortlist = own.get("shortlist")
    size = shortlist.get("size") if isinstance(shortlist, dict) else None
    ranks_all = "score" in own and not (own.get("gates") or own.get("tracks"))
    return size if type(size) is int else 0, ranks_all
