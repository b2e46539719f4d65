"""The whole method on one screen: criteria and figures in, one `Result` out."""

from __future__ import annotations

import platform
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import pydantic
import yaml

from eligibility import __version__, countries, panel, sources, walk
from eligibility import criteria as language
from eligibility.errors import Problem, UsageError
from eligibility.method import firmness, flips, measures, peers, rank, score, screen
from eligibility.policy import Criteria

DECIDING = (
    "pool",
    "peers",
    "gate",
    "track",
)  # what decides who is eligible; the rest ranks or is shown beside
DRAWN = ("gate", "track", "score")  # what measurement error is drawn for


@dataclass(frozen=True)
class Result:
    """One screening round, every step kept. Frames share the index iso3: the pool, sorted."""

    criteria: Criteria
    as_of: date
    panel: panel.Panel
    cells: panel.Cells
    peers: pd.Series
    centre: measures.Measures
    screening: screen.Screening
    scores: score.Scores | None
    ranking: rank.Ranking
    firmness: firmness.Firmness
    notes: tuple[str, ...]
    provenance: dict

    @cached_property
    def flips(self) -> pd.DataFrame:
        """The smallest change of one indicator that flips each gate (flips.py); worked out when first read."""
        return flips.flips(self.criteria, self.cells, self.centre, self.peers, self.screening)


def run(
    ref: str = "peacetime-pilots",
    as_of: date | None = None,
    draws: int | None = None,
    seed: int | None = None,
    settings: tuple[str, ...] = (),
    data: Path | None = None,
) -> Result:
    """Reads a criteria file and the figures it asks for, and screens.

    ref    the id of a shipped set or a path
    as_of  the information date; by default the last day on which the figures held are the newest published
    """
    shelf = sources.shelf(data)
    policy = language.load(ref, panel.catalogue(shelf), settings)
    own = {key: value for key, value in (("draws", draws), ("seed", seed)) if value is not None}
    policy = replace(policy, uncertainty=replace(policy.uncertainty, **own))
    figures = panel.load(walk.indicators(policy), shelf)
    return judge(policy, figures, as_of or figures.current_until(walk.indicators(policy, *DECIDING)))


def judge(policy: Criteria, figures: panel.Panel, as_of: date) -> Result:
    """One screening round, from panel to ranking. Every name below is a field of the Result."""
    asked = tuple(dict.fromkeys(use.quantity for use in walk.quantities(policy)))
    states = countries.register()
    world = panel.cells(figures, as_of, policy.max_age, dict(policy.uncertainty.assumed_sd))
    world = world.only(
        iso3 for iso3 in world.countries if iso3 not in states or states.exists(iso3, as_of.year)
    )
    pool = peers.pool(world, policy.pool, asked)
    if not pool.members:
        raise UsageError(_nobody(policy, figures, as_of))
    cells = world.only(pool.members)
    groups = peers.peer_groups(cells, policy.peers, asked)
    centre = measures.point(cells, asked)
    screening = screen.screen(policy, centre, groups, as_of)
    scores = score.score(policy.score, centre, groups.to_numpy()) if policy.score else None
    points = scores.score if scores else pd.Series(np.nan, index=groups.index)
    ranking = rank.rank(points, screening.status, policy.shortlist)
    weighed = tuple(dict.fromkeys(use.quantity for use in walk.quantities(policy) if use.role in DRAWN))
    errors = measures.ErrorModel(cells, measures.point(cells, weighed), policy.uncertainty)
    known = screening.status != "insufficient-data"
    firm = firmness.stress(policy, errors, groups, as_of, ranking.rank, known)
    return Result(
        policy, as_of, figures, cells, groups, centre, screening, scores, ranking, firm,
        _notes(policy, cells, pool), _provenance(policy, figures),
    )  # fmt: skip


def _nobody(policy: Criteria, figures: panel.Panel, as_of: date) -> Problem:
    """That the pool is empty, and at which dates it could have been judged."""
    days = figures.answerable(walk.indicators(policy, "pool"), policy.max_age)
    if days is None:
        hint = "at no date are the figures of its indicators all published and recent enough"
    elif days[0] <= as_of <= days[1]:
        hint = "its figures are held for this date; no country meets the rule"
    else:
        hint = f"the figures held can answer for {days[0].isoformat()} to {days[1].isoformat()}"
    return Problem("--as-of", "pool", "no country can be judged at this date", as_of.isoformat(), hint)


def _notes(policy: Criteria, cells: panel.Cells, pool: peers.Pool) -> tuple[str, ...]:
    """What a reader must know before the first number."""
    when, notes = cells.as_of.isoformat(), []
    if later := [f"{s.id} ({s.released.isoformat()})" for s in cells.revised]:
        notes.append(
            f"Revised data: these releases came out after {when}; their values for the years published by then "
            f"are used, as revised since: {', '.join(later)}."
        )
    if overdue := cells.panel.overdue(walk.indicators(policy), cells.as_of):
        ends = [
            f"{s.id} ends in {year} (the next year was due by {due.isoformat()})" for s, year, due in overdue
        ]
        notes.append(f"Newer figures than those held here had been published by {when}: {', '.join(ends)}.")
    covered = {iso3 for i in walk.indicators(policy, "pool") for iso3 in cells.panel.values[i].columns}
    if names := [countries.register().name(iso3) for iso3 in pool.unplaced if iso3 in covered]:
        shown = ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
        notes.append(f"Not considered, for want of the figures the pool rule asks for: {shown}.")
    return tuple(notes)


def _provenance(policy: Criteria, figures: panel.Panel) -> dict:
    """What is needed to run this again: inputs by checksum, versions, seed. No time, path or user."""
    return {
        "criteria": {
            "id": policy.id,
            "version": policy.version,
            "sha256": policy.sha256,
            "settings": list(policy.settings),
        },
        "sources": [{"id": s.id, "sha256": s.sha256} for s in figures.sources],
        "engine": {
            "version": __version__,
            "seed": policy.uncertainty.seed,
            "draws": policy.uncertainty.draws,
        },
        "libraries": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "pandas": pd.__version__,
            "pydantic": pydantic.VERSION,
            "pyyaml": yaml.__version__,
        },
    }
