"""What moved each country between two rounds: one change at a time, in a fixed order, each judged in full.

    before ── rule ── revision ── own ── peers ── pool = after

    rule      the criteria of the later round on the figures, pool date and years of the earlier one
    revision  years that both rounds know, as the later vintage has them
    own       all that is new of the country itself, its rivals as before; one scenario a country
    peers     all that is new of everybody: medians, quantiles, who outranks whom
    pool      who is considered and who is whose peer, as in the later round

Each step is judged by the evaluator, the score and the ranking of the engine, so the differences between
neighbouring steps add up to the whole move. The order is a choice; decision note 016 says why this one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import TypeVar

import numpy as np
import pandas as pd

from eligibility.data import panel as panels
from eligibility.data.panel import Panel
from eligibility.method import hold, run
from eligibility.method import score as scoring
from eligibility.method.evaluate import STATUS, WORDS, Judge
from eligibility.method.measures import Measures
from eligibility.method.rank import ranks
from eligibility.policy.model import Criteria, Quantity

K = TypeVar("K")
STEPS = ("rule", "revision", "own", "peers", "pool")
STAGES = ("before", *STEPS)
ADMITTED = ("eligible", "conditional")
OUTSIDE = "not-considered"  # the status of a country that is not in the pool


@dataclass(frozen=True)
class Outcome:
    """What one stage says of each country; frames share an index of countries."""

    status: pd.Series
    verdict: pd.DataFrame  # iso3 x gate or track id, words
    score: pd.Series
    rank: pd.Series
    shortlist: int


@dataclass(frozen=True)
class Path:
    """Every stage of every country; frames are iso3 x STAGES, the moves iso3 x (total, *STEPS).

    gained   change of the score, to 12 decimals; a row adds up to its total
    places   ranks gained (+) or lost (-); a row adds up to its total
    turns    one row a country, gate and step at which its verdict changed: iso3, gate, step, was, is
    """

    status: pd.DataFrame
    score: pd.DataFrame
    rank: pd.DataFrame
    listed: pd.DataFrame  # whether on the shortlist
    gained: pd.DataFrame
    places: pd.DataFrame
    turns: pd.DataFrame

    def decisive(self, iso3: str, of: str = "status") -> str:
        """The step after which the country stays in or out (`listed`: on or off the shortlist); "" if none."""
        row = getattr(self, of).loc[iso3]
        inside = row.isin(ADMITTED).to_numpy() if of == "status" else row.to_numpy()
        if inside[0] == inside[-1]:
            return ""
        return STAGES[int(np.flatnonzero(inside != inside[-1])[-1]) + 1]


def path(before: run.Round, after: run.Round, bridge: Panel) -> Path:
    """The stages between two results.

    bridge   what the criteria of `after` look at, as held for `before`
    """
    return _joined(list(stages(before, after, bridge).values()))


def stages(
    before: run.Round, after: run.Round, bridge: Panel, who: Collection[str] | None = None
) -> dict[str, Outcome]:
    """What each stage says, in order.

    who   the countries whose step `own` is tried, and in two: first, as the stage `figures`, with their new figures
          while nothing leaves the years they look back at, then with all that is theirs; None tries everybody's in one
    """
    criteria, when = after.criteria, after.as_of
    cells, groups = _placed(criteria, before, bridge)
    asked, ages = (
        run.asked(criteria),
        (criteria.max_age, dict(criteria.uncertainty.assumed_sd), dict(criteria.own_ages)),
    )
    renewed = panels.cells(_covering(after.panel, cells.countries), when, *ages)
    old, new = (hold.point(criteria, c, asked) for c in (cells, renewed.only(cells.countries)))
    past = old
    if bridge is not after.panel:  # where both rounds read the same figures, none is revised
        revised = panels.cells(_revised(bridge, after.panel, before.as_of, when), before.as_of, *ages)
        past = hold.point(criteria, revised.only(cells.countries), asked)
    peers = groups.to_numpy()
    ruled = _of(criteria, old, peers, when)
    at = np.flatnonzero([who is None or iso3 in who for iso3 in past.countries])
    own = {"own": _own(criteria, past, new, peers, when, at)}
    if who is not None:
        own = {"figures": _own(criteria, past, _looking_back(past, new), peers, when, at)} | own
    return {
        "before": of_result(before),
        "rule": ruled,
        "revision": ruled if past is old else _of(criteria, past, peers, when),
        **own,
        "peers": _of(criteria, new, peers, when),
        "pool": of_result(after),
    }


def _placed(criteria: Criteria, before: run.Round, bridge: Panel) -> tuple[panels.Cells, pd.Series]:
    """The figures and peer groups of whom the later criteria consider at the earlier date."""
    unchanged = replace(before.criteria, uncertainty=criteria.uncertainty) == criteria
    if unchanged and bridge is before.panel:
        return before.cells, before.peers
    return run.placed(criteria, bridge, before.as_of)[:2]


def of_result(result: run.Round) -> Outcome:
    """What a result says, as a stage."""
    screening, index = result.screening, result.screening.status.index
    scores = result.scores.score if result.scores else pd.Series(np.nan, index=index)
    verdict = pd.concat([screening.gate, screening.track], axis=1)
    return Outcome(screening.status, verdict, scores, result.ranking.rank, result.criteria.shortlist)


def having(result: run.Round, path: str, words: pd.Series) -> Outcome:
    """What a result says where the test at a path comes out by these words, whatever its figures; a what-if."""
    codes = words.reindex(result.peers.index, fill_value="unknown").map(WORDS.index).to_numpy(dtype=np.int8)
    forced = {path: codes[None, :]}
    return _of(result.criteria, result.centre, result.peers.to_numpy(), result.as_of, forced)


def _of(
    criteria: Criteria,
    centre: Measures,
    peers: np.ndarray,
    as_of: date,
    forced: Mapping[str, np.ndarray] = MappingProxyType({}),
) -> Outcome:
    """One stage with the same figures for everybody."""
    return _outcome(criteria, centre.countries, _judged(criteria, centre, peers, as_of, forced))


def _own(
    criteria: Criteria, past: Measures, new: Measures, peers: np.ndarray, as_of: date, at: np.ndarray
) -> Outcome:
    """Each country `at` a column with its own new figures among the others' old ones: a scenario a country, and of
    it that country's column.

    The evaluator takes what is missing in one draw for missing in all, so a country that gains or loses a
    figure is a scenario by itself.
    """
    pairs = [(x, new.now[k]) for k, x in past.now.items()] + [
        (x, new.before[k]) for k, x in past.before.items()
    ]
    there = [np.isnan(x[0]) == np.isnan(y[0]) for x, y in pairs]
    alike = np.logical_and.reduce(there) if there else np.ones(len(past.countries), bool)
    batches = [at[alike[at]], *(np.array([i]) for i in at[~alike[at]])]
    parts: list[dict[str, np.ndarray]] = []
    for who in (batch for batch in batches if batch.size):
        judged = _judged(criteria, _with_own(past, new, who), peers, as_of)
        parts.append({key: x[np.arange(len(who)), who] for key, x in judged.items()})
    order = np.argsort(np.concatenate([batch for batch in batches if batch.size] or [np.arange(0)]))
    keys = parts[0] if parts else _judged(criteria, past, peers, as_of)
    whole = {key: np.concatenate([part[key] for part in parts] or [np.zeros(0)])[order] for key in keys}
    countries = tuple(past.countries[i] for i in at)
    return _outcome(criteria, countries, {key: x[None, :] for key, x in whole.items()})


def _looking_back(past: Measures, new: Measures) -> Measures:
    """The new figures, with what has left the years they look back at still among them."""

    def kept(quantity: Quantity) -> np.ndarray:
        old, late = past.before[quantity], new.before[quantity]
        if quantity.measure in ("peak_over", "change_from_peak"):
            return np.fmax(old, late)
        return late if quantity.measure == "within_months" else np.where(np.isnan(old), late, old)

    return replace(new, before={quantity: kept(quantity) for quantity in new.before})


def _with_own(past: Measures, new: Measures, who: np.ndarray) -> Measures:
    """One row for each of `who`: everybody's old figures but for its own."""

    def mixed(old: Mapping[K, np.ndarray], late: Mapping[K, np.ndarray]) -> dict[K, np.ndarray]:
        out = {key: np.repeat(x, len(who), axis=0) for key, x in old.items()}
        for key, x in out.items():
            x[np.arange(len(who)), who] = late[key][0, who]
        return out

    absent = past.absent & new.absent  # what somebody has before or after is the country's own to have
    held = None
    if past.held is not None and new.held is not None:
        held = np.repeat(past.held[None, :], len(who), axis=0)
        held[np.arange(len(who)), who] = new.held[who]
    return Measures(
        past.countries, mixed(past.now, new.now), mixed(past.before, new.before), absent, held=held
    )


def _judged(
    criteria: Criteria,
    drawn: Measures,
    peers: np.ndarray,
    as_of: date,
    forced: Mapping[str, np.ndarray] = MappingProxyType({}),
) -> dict[str, np.ndarray]:
    """Verdicts by gate and track id, `status`, `score` and `rank` (0 if none), each draws x countries."""
    shape = len(next(iter(drawn.now.values()))), len(drawn.countries)
    score, place = np.full(shape, np.nan), np.zeros(shape, int)
    if criteria.score is not None and score.size:
        score = scoring.build(criteria.score, drawn, peers).score
    found = Judge(drawn, peers, as_of, forced=forced).verdicts(criteria, ~np.isnan(score))
    if score.size:
        place = ranks(score, found.admitted)
    return {**{f"verdict {key}": v for key, v in {**found.gates, **found.tracks}.items()},
            "status": found.status, "score": score, "rank": place}  # fmt: skip


def _outcome(criteria: Criteria, countries: tuple[str, ...], judged: Mapping[str, np.ndarray]) -> Outcome:
    """The first row of what was judged, in words."""
    index = pd.Index(countries, name="iso3")
    words = {
        key.removeprefix("verdict "): np.array(WORDS, dtype=object)[x[0].astype(int)]
        for key, x in judged.items()
        if key.startswith("verdict ")
    }
    place = judged["rank"][0].astype(float)
    return Outcome(
        pd.Series(np.array(STATUS, dtype=object)[judged["status"][0].astype(int)], index=index),
        pd.DataFrame(words, index=index),
        pd.Series(judged["score"][0], index=index, dtype=float),
        pd.Series(np.where(place > 0, place, np.nan), index=index),
        criteria.shortlist,
    )


def _revised(bridge: Panel, after: Panel, then: date, now: date) -> Panel:
    """The earlier panel with the years both dates know taken from the later one."""
    values = dict(bridge.values)
    for series in values.keys() & after.values.keys():
        late = after.history(series, now)
        years = bridge.history(series, then).index.intersection(late.index)
        frame = bridge.values[series]
        frame = frame.reindex(columns=frame.columns.union(late.columns))
        frame.loc[years] = late.reindex(index=years, columns=frame.columns)
        values[series] = frame
    return replace(bridge, values=values, dated={**bridge.dated, **after.dated})


def _covering(panel: Panel, countries: Iterable[str]) -> Panel:
    """The same panel with a column, if an empty one, for each of these countries."""
    countries = set(countries)
    values = {
        s: f if countries <= set(f.columns.tolist()) else f.reindex(columns=f.columns.union(countries))
        for s, f in panel.values.items()
    }
    return replace(panel, values=values)


def _joined(outcomes: list[Outcome]) -> Path:
    """The stages side by side, and what each step moved."""
    index = pd.Index(sorted(set().union(*(o.status.index for o in outcomes))), name="iso3")

    def side_by_side(of: str, absent: object) -> pd.DataFrame:
        columns = [getattr(o, of).reindex(index, fill_value=absent) for o in outcomes]
        return pd.DataFrame(dict(zip(STAGES, columns, strict=True)), index=index)

    status, score, rank = (
        side_by_side("status", OUTSIDE), side_by_side("score", np.nan), side_by_side("rank", np.nan)
    )  # fmt: skip
    score = score.where(status != OUTSIDE)
    listed = rank.le(pd.Series([o.shortlist for o in outcomes], index=rank.columns), axis=1)
    turns = pd.DataFrame(_turns(index, outcomes), columns=["iso3", "gate", "step", "was", "is"])
    return Path(status, score, rank, listed, _moves(score), -_moves(rank) + 0.0, turns)


def _moves(stages: pd.DataFrame) -> pd.DataFrame:
    """What each step added, with the total first; NaN where an end has no number.

    A stage without a number in between moves nothing: the step that brings the number back has the whole.
    """
    whole = stages["before"].notna() & stages[STAGES[-1]].notna()
    filled = stages.ffill(axis=1).where(whole)
    steps = filled.diff(axis=1)[list(STEPS)].round(12) + 0.0
    total = (filled[STAGES[-1]] - filled["before"]).round(12) + 0.0
    return pd.concat([total.rename("total"), steps], axis=1)


def _turns(index: pd.Index, outcomes: list[Outcome]) -> Iterator[tuple[str, str, str, str, str]]:
    """Every verdict that changed, country by country, of those considered on both sides of the step."""
    gates = list(dict.fromkeys(gate for o in outcomes for gate in o.verdict.columns))
    words = [o.verdict.reindex(index=index, columns=gates).to_dict("index") for o in outcomes]
    inside = [set(o.status.index) for o in outcomes]
    for iso3 in index:
        for k, step in enumerate(STEPS):
            if iso3 not in inside[k] or iso3 not in inside[k + 1]:
                continue
            for gate in gates:
                was, now = words[k][iso3][gate], words[k + 1][iso3][gate]
                was, now = (word if isinstance(word, str) else "" for word in (was, now))
                if was != now:
                    yield iso3, gate, step, was, now
