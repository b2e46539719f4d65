"""One screening round on the published values alone: criteria and figures in, a `Round` out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from eligibility.data import panel
from eligibility.data.cells import Cells
from eligibility.errors import Problem, UsageError
from eligibility.method import caveats, hold, measures, peers, rank, score, screen, vintages
from eligibility.policy import walk
from eligibility.policy.model import Criteria, Quantity


@dataclass(frozen=True, eq=False)  # frames have no one answer to ==
class Round:
    """One screening round on the published values alone, every step kept. Frames share the index iso3: the pool, sorted."""

    criteria: Criteria
    as_of: date
    panel: panel.Panel
    cells: Cells
    peers: pd.Series
    centre: measures.Measures
    screening: screen.Screening
    scores: score.Scores | None
    ranking: rank.Ranking
    pool: peers.Pool = field(default=peers.Pool((), ()), kw_only=True)
    # iso3 -> what holds it, whatever its figures say
    hold: dict[str, hold.Held] = field(default_factory=dict, kw_only=True)
    # newer releases that do not cover the question
    gaps: tuple[vintages.Gap, ...] = field(default=(), kw_only=True)

    @property
    def points(self) -> pd.Series:
        """iso3 -> its score; NaN for all where the criteria have none."""
        return self.scores.score if self.scores else pd.Series(np.nan, index=self.peers.index)

    @cached_property
    def read(self) -> vintages.Read:
        """Which years were read, and what that decides is behind its publisher."""
        return vintages.read(self.criteria, self.cells)

    @property
    def reading(self) -> str:
        """The first line of every output: `read` as a sentence."""
        return self.read.told


def published(policy: Criteria, figures: panel.Panel, as_of: date) -> Round:
    """What the published values say at a date: nothing is drawn and nothing said. Every name below is a field of the Round.

    Refused at a date at which the criteria are not in force.
    """
    if not policy.in_force.holds(as_of):
        hint = f"name a day with --as-of: {policy.in_force.days}"
        rule = f"not in force at {as_of.isoformat()} ({policy.in_force})"
        raise UsageError(Problem("--as-of", policy.id, rule, hint=hint))
    policy = walk.at(policy, as_of)
    if policy.written and policy.index and (left := walk.left_out(policy)):
        hint = "; ".join(f"{gate.id} is {when}" for gate in left[:8] if not (when := gate.applies).always)
        raise UsageError(
            Problem("--as-of", policy.id, "no gate or track is in force", as_of.isoformat(), hint)
        )
    choice = vintages.chosen(policy, figures, as_of)
    figures = choice.figures
    cells, groups, pool = placed(policy, figures, as_of)
    if not pool.members:
        raise UsageError(_nobody(policy, figures, as_of))
    held = hold.held(policy, cells)
    centre = hold.point(policy, cells, asked(policy), held)
    scores = score.score(policy.score, centre, groups.to_numpy()) if policy.score else None
    points = scores.score if scores else pd.Series(np.nan, index=groups.index)
    screening = screen.screen(policy, centre, groups, as_of, points.notna().to_numpy())
    ranking = rank.rank(points, screening.status, policy.shortlist)
    return Round(
        policy, as_of, figures, cells, groups, centre, screening, scores, ranking,
        pool=pool, hold=held, gaps=choice.gaps,
    )  # fmt: skip


def asked(policy: Criteria, *roles: str) -> tuple[Quantity, ...]:
    """Every quantity the criteria look at, each once; or those of some roles (walk.py)."""
    uses = (use for use in walk.quantities(policy) if not roles or use.role in roles)
    return tuple(dict.fromkeys(use.quantity for use in uses))


def deciding(policy: Criteria, cells: Cells) -> measures.Measures:
    """The published values of what decides verdicts, scores and ranks."""
    return hold.point(policy, cells, asked(policy, *caveats.DRAWN))


def placed(policy: Criteria, figures: panel.Panel, as_of: date) -> tuple[Cells, pd.Series, peers.Pool]:
    """Who is considered: the figures of the pool, the peer group of each, and the pool."""
    world, pool = vintages.pool(policy, figures, as_of)
    cells = world.only(pool.members)
    return cells, peers.peer_groups(cells, policy.peers, asked(policy, "peers")), pool


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
