"""The whole method on one screen: criteria and figures in, one `Result` out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from eligibility.data import countries, panel, sources
from eligibility.data.cells import Cells
from eligibility.data.readers import expected
from eligibility.errors import DataError, Problem, UsageError
from eligibility.language import criteria as language
from eligibility.language import overrides
from eligibility.method import (
    caveats,
    decides,
    decision,
    evaluate,
    firmness,
    flips,
    hold,
    impute,
    leaving,
    measurement_error,
    measures,
    peers,
    portfolio,
    provenance,
    rank,
    score,
    screen,
    vintages,
)
from eligibility.pilots import register as pilots_file
from eligibility.pilots import vehicle
from eligibility.policy import walk
from eligibility.policy.model import Criteria, Quantity

MOST = 8  # countries named in one sentence


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
    hold: dict[str, hold.Held] = field(
        default_factory=dict, kw_only=True
    )  # iso3 -> what holds it, whatever its figures say
    gaps: tuple[vintages.Gap, ...] = field(
        default=(), kw_only=True
    )  # newer releases that do not cover the question


@dataclass(frozen=True, eq=False)
class Result(Round):
    """A round with its draws: how firm it is, what a reader must know, what it rests on."""

    firmness: firmness.Firmness
    notes: tuple[str, ...]
    provenance: dict[str, Any]
    imputed: measures.Measures | None = None  # datasets x countries; what the draws have in gaps (impute.py)
    register: overrides.Register = overrides.NONE  # what the board decided by hand; nothing here reads it
    pilots: pilots_file.Register = pilots_file.EMPTY  # running and planned pilots; nothing here counts them

    def __repr__(self) -> str:
        """Criteria, date, counts: one line, for its frames are many."""
        status, own = self.screening.status.value_counts(), self.criteria
        told = ", ".join(f"{status[word]} {word}" for word in evaluate.STATUS[::-1] if word in status)
        return f"<Result {own.id} {own.version} as of {self.as_of}: {told} of {status.sum()} countries>"

    @property
    def overrides(self) -> dict[str, overrides.Override]:
        """iso3 -> the board's decision under these criteria: shown beside the verdict, never instead of it."""
        return self.register.under(self.criteria.id)

    @property
    def wanted(self) -> tuple[str, ...]:
        """Of the series without a figure, where the files nobody holds are to be had and which years the others have.

        For who runs this, not for a board.
        """
        asked = {use.quantity.indicator for use in caveats.absent(self.criteria, self.cells)}
        held = {i: self.panel.values[i].dropna(how="all").index for i in self.panel.held if i in asked}
        return (
            *expected.steps(asked - set(held)),
            *(
                f"{i}: {self.panel.held[i].id} holds {f'{y[0]} to {y[-1]}, but ' if len(y) else ''}no year that was "
                "published by then and is recent enough."
                for i, y in held.items()
            ),
        )

    @cached_property
    def read(self) -> vintages.Read:
        """Which years were read, and what that decides is behind its publisher."""
        return vintages.read(self.criteria, self.cells)

    @property
    def reading(self) -> str:
        """The first line of every output: `read` as a sentence."""
        return self.read.told

    @cached_property
    def turned(self) -> pd.Series:
        """iso3 -> its status with the figures of later years that are held; of those only whose status would be another.

        Nobody where the date lies further back than figures may be old: who asks for then asks what was known then.
        """
        own, index = self.criteria, self.screening.status.index
        held = {year for s in vintages.deciding(own) if (year := self.panel.newest(s)) is not None}
        if not held or max(held) - own.max_age > self.as_of.year:
            return pd.Series(dtype=object)
        try:
            now = published(own, self.panel.known_now(), self.as_of).screening.status
        except UsageError:  # nobody could be considered: then nothing can be said of anybody
            return pd.Series(dtype=object)
        now = now.reindex(index, fill_value="not considered")
        return now.loc[[c for c in self.ranking.order if now[c] != self.screening.status[c]]]

    @property
    def warned(self) -> tuple[str, ...]:
        """That verdicts would differ with figures that are held for later years, if any would; one sentence."""
        if self.turned.empty:
            return ()
        names = countries.register()
        who = [
            f"{names.name(c)} ({self.screening.status[c]}, would be {word})"
            for c, word in self.turned.items()
        ]
        rest = f" and {len(who) - MOST} more" if len(who) > MOST else ""
        would = "1 verdict" if len(who) == 1 else f"{len(who)} verdicts"
        return (
            f"With figures for later years that are held here, {would} would differ: {', '.join(who[:MOST])}{rest}.",
        )

    @cached_property
    def found(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """Axis that counts -> iso3 -> which of its statuses are found at the date; what is not is not confirmed, never a no."""
        axes = [axis for axis in self.criteria.axes if axis.confirmed]
        held = self.cells.value.gt(0).to_dict("index")
        return {
            axis.id: {iso3: tuple(i for i in axis.indicators if own[i]) for iso3, own in held.items()}
            for axis in axes
        }

    @cached_property
    def guesses(self) -> dict[str, dict[str, impute.Guess]]:
        """iso3 -> indicator -> what stands in its gap in the draws, and nowhere else; empty where nothing does."""
        return impute.guesses(self.imputed, self.panel.sheets) if self.imputed else {}

    @property
    def weighed(self) -> measures.Measures:
        """The published values of whatever measurement error is drawn for."""
        return _weighed(self.criteria, self.cells)

    @cached_property
    def decides(self) -> decides.Decides | None:
        """Which doubt decides ranks and shortlist (decides.py); None where nothing is scored or drawn."""
        if not (self.criteria.score and self.firmness.drawn and self.ranking.rank.notna().any()):
            return None
        now, imputed = self.ranking.rank, self.imputed is not None
        return decides.decides(self.criteria, self._errors, self.peers, self.as_of, now, imputed)

    @cached_property
    def decision(self) -> decision.Decision | None:
        """What the shortlist gives up if the figures are wrong (decision.py); None where there is none, or no draw."""
        kept, listed = self.firmness.kept, self.ranking.shortlist
        if kept is None or not listed or not (who := kept.ever).size:
            return None
        ranked = self.ranking.rank.dropna().index
        names, looked_at = self.screening.status.index[who], (*ranked, *self.near_misses)
        filled = self.criteria.uncertainty.imputation if self.imputed else None
        fillings = filled.datasets if filled else 0
        return decision.decide(
            *kept.whole(who), tuple(names), listed, ranked, looked_at, self.criteria.shortlist, fillings
        )

    @cached_property
    def portfolio(self) -> portfolio.Portfolio | None:
        """The list under the limits the criteria set for it (portfolio.py); None where they set none, or nobody is ranked."""
        if self.criteria.limits is None or self.scores is None:
            return None
        names = countries.register()
        regions = {iso3: names.region(iso3) for iso3 in self.screening.status.index}
        return portfolio.portfolio(
            self.criteria, self.ranking, self.scores, self.screening, regions, self.firmness.kept
        )

    @property
    def near_misses(self) -> tuple[str, ...]:
        """Who is excluded on the published values and still admitted in more draws than the criteria name, likeliest first."""
        p, status = self.firmness.p_eligible, self.screening.status
        near = p.index[(status == "excluded") & (p > self.criteria.uncertainty.near_miss)]
        return tuple(sorted(near, key=lambda c: (-p[c], c)))

    @cached_property
    def central(self) -> pd.DataFrame | None:
        """iso3 x pillar: the mean weights of the draws that have a ranked country on the shortlist, SMAA-2.

        NaN for who never is; None where no weights are drawn.
        """
        sample, size = self.firmness.sample, self.criteria.shortlist
        return sample.central(size) if sample is not None and size else None

    @cached_property
    def favoured(self) -> pd.DataFrame | None:
        """`central` with one more column, confidence: the probability of being on the shortlist with these weights."""
        if self.central is None:
            return None
        sure = decides.confidence(
            self.criteria, self._errors("favoured"), self.peers, self.as_of, self.central
        )
        return self.central.assign(confidence=sure)

    def _errors(self, sample: str, filling: str | None = None) -> measurement_error.ErrorModel:
        """Another sample of the draws, for what needs one that is independent of the run's own."""
        doubt = self.criteria.uncertainty
        return measurement_error.ErrorModel(self.cells, self.weighed, doubt, sample, self.imputed, filling)

    @cached_property
    def without(self) -> pd.DataFrame | None:
        """iso3 x (kind, subject): the rank with one indicator, pillar or source left out (leaving.py); None unscored."""
        if self.criteria.score is None:
            return None
        admitted = self.screening.status.isin(["eligible", "conditional"]).to_numpy()
        held = {indicator: source.id for indicator, source in self.panel.held.items()}
        return leaving.places(self.criteria.score, self.centre, self.peers.to_numpy(), admitted, held)

    @cached_property
    def misclassified(self) -> pd.Series:
        """Gate, track or path of a test -> how many countries measurement error is expected to have turned."""
        words = pd.concat([self.screening.gate, self.screening.track], axis=1)
        words = words.join(self.screening.node[list(self.firmness.p_test)])
        p = self.firmness.p_gate.join(self.firmness.p_track).join(self.firmness.p_test)
        return firmness.misclassified(words.isin(["pass", "conditional"]).where(words != "unknown"), p)

    @cached_property
    def flips(self) -> pd.DataFrame:
        """The smallest change of one indicator that flips each gate (flips.py); worked out when first read."""
        return flips.flips(self.criteria, self.cells, self.centre, self.peers)

    @cached_property
    def thresholds(self) -> pd.DataFrame:
        """The threshold at which each gate would turn for a country, where one test alone decides it (flips.py)."""
        return flips.thresholds(self.criteria, self.centre, self.peers, self.as_of)


def run(
    ref: str | Path | Criteria = "peacetime-pilots",
    as_of: date | None = None,
    draws: int | None = None,
    seed: int | None = None,
    settings: tuple[str, ...] = (),
    data: Path | None = None,
    register: Path | None = None,
    reading: panel.Reading = panel.NEWEST,
    figures: panel.Panel | None = None,
    pilots: Path | None = None,
) -> Result:
    """Reads a criteria file and the figures it asks for, and screens.

    ref    the id of a shipped set, a path, or criteria read before
    as_of  the information date; by default the latest release day among the releases read by what decides
    register   a file of the board's own decisions, shown beside the verdicts (overrides.py)
    reading    which releases may be read
    figures    a panel read before, instead of what is held
    pilots     the register of pilots, shown on pages of its own (pilots/register.py)
    """
    decided = overrides.read(register) if register else overrides.NONE
    policy, figures = ready(ref, settings, data, reading, figures)
    own: dict[str, Any] = {
        key: value for key, value in (("draws", draws), ("seed", seed)) if value is not None
    }
    policy = replace(policy, uncertainty=replace(policy.uncertainty, **own))
    day = as_of or vintages.default_day(policy, figures)
    kinds = tuple(kind.id for kind in policy.mechanisms)
    kept = pilots_file.register(pilots, kinds) if pilots else pilots_file.EMPTY
    return replace(judge(policy, figures, day), register=decided, pilots=kept)


def ready(
    ref: str | Path | Criteria,
    settings: tuple[str, ...] = (),
    data: Path | None = None,
    reading: panel.Reading = panel.NEWEST,
    figures: panel.Panel | None = None,
) -> tuple[Criteria, panel.Panel]:
    """The criteria and the figures they ask for, read and not yet judged; what nobody holds is left empty."""
    shelf = vintages.pinned(sources.shelf(data), reading.pins)
    policy = ref if isinstance(ref, Criteria) else criteria_of(ref, shelf, settings)
    if figures is None:
        return policy, held(policy, shelf, reading)
    if lacking := sorted(set(walk.indicators(policy)) - figures.sheets.keys()):
        hint = "load the panel for these criteria"
        raise UsageError(Problem("panel", s, "not among the series of the panel", hint=hint) for s in lacking)
    return policy, figures


def criteria_of(ref: str | Path, shelf: panel.Shelf, settings: tuple[str, ...] = ()) -> Criteria:
    """The criteria of a file or shipped set, held against the series that can be asked for."""
    return language.load(ref, panel.catalogue(shelf), settings)


def held(
    policy: Criteria,
    shelf: panel.Shelf,
    reading: panel.Reading = panel.NEWEST,
    only: tuple[str, ...] = (),
) -> panel.Panel:
    """The figures the criteria ask for, or `only` these of them; what no dataset of the shelf holds is empty, but for pool and peers."""
    beside = (
        (*vehicle.LISTS, vehicle.AID) if policy.mechanisms else ()
    )  # told with kinds of body, used for nothing
    figures = panel.load(only or walk.indicators(policy), shelf, "unknown", reading, () if only else beside)
    if nobody := set(figures.absent) & set(walk.indicators(policy, "pool", "peers")):
        raise DataError(expected.absences(nobody))  # without them nobody could be considered
    return figures


def judge(policy: Criteria, figures: panel.Panel, as_of: date) -> Result:
    """One screening round, from panel to ranking, with its draws. Every name below is a field of the Result.

    Refused at a date at which the criteria are not in force. With no draw in `policy.uncertainty` on published values alone: no probability is worked out.
    """
    made = published(policy, figures, as_of)
    policy, cells, doubt = made.criteria, made.cells, made.criteria.uncertainty
    weighed = _weighed(policy, cells)
    imputed = impute.impute(policy, cells, weighed) if doubt.draws and doubt.imputation else None
    errors = measurement_error.ErrorModel(cells, weighed, doubt, imputed=imputed)
    points = made.scores.score if made.scores else pd.Series(np.nan, index=made.peers.index)
    firm = firmness.stress(
        policy, errors, made.peers, as_of, points, made.ranking.rank, made.screening.kinds, made.ranking.apart
    )
    notes = caveats.notes(policy, cells, made.pool, made.screening, imputed, firm, made.gaps, made.hold)
    return Result(
        **vars(made),
        firmness=firm,
        notes=notes,
        provenance=provenance.provenance(policy, made.panel),
        imputed=imputed,
    )


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


def _weighed(policy: Criteria, cells: Cells) -> measures.Measures:
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
