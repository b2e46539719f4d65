"""How firm the answer is: the method run again under measurement error, draw by draw.

Where the criteria say what else could have been chosen in making the score (weights, the mean, scales, an indicator
left out), every draw of the figures draws these too: the rank interval and the place on the shortlist hold for both
kinds of doubt, and are given once more for measurement error alone. Gates and tracks know no such choices.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from eligibility.framed import Framed
from eligibility.method import choices
from eligibility.method import score as scoring
from eligibility.method.acceptability import Sample
from eligibility.method.decision import Kept
from eligibility.method.evaluate import CONDITIONAL, UNKNOWN, Judge, Trace, Verdicts
from eligibility.method.fillings import OVERALL, WHOLE, Supposed, Supposing
from eligibility.method.measurement_error import ErrorModel
from eligibility.method.rank import ranks
from eligibility.policy import walk
from eligibility.policy.model import Criteria

BATCH = 1_000  # draws held at once: every array stays near the processor
AT_ONCE = 400_000  # draws x countries held at once: a sub-national panel takes fewer draws at a time
FIGURES = 8_000_000  # draws x countries x measures held at once: hundreds of indicators take fewer likewise
MOST_RANKS = 1_000  # counted one by one; of more units, this many steps of equally many ranks
TAIL = 0.05  # each side of the 90 % interval
IMPUTED = "imputed values"  # drawn for the score, and so for ranks
ERROR = "measurement error"  # the kind of doubt that every probability here holds for


@dataclass(frozen=True)
class Places:
    """Where each country comes in the draws; series share the index iso3.

    low/median/high   5th, 50th and 95th percentile of the rank in the draws in which the country is
                      ranked, widened where needed to hold the published rank; NaN if it is not ranked now
    p_top             share of all draws in which it is on the shortlist; NaN where none is asked for
    counts            iso3 x 1..n: draws at each rank, the rank acceptabilities once divided by the draws; of more
                      than 1,000 units, at each step of ranks named by its last, and the interval is of whole steps
    """

    low: pd.Series
    median: pd.Series
    high: pd.Series
    p_top: pd.Series
    counts: pd.DataFrame

    def when_ranked(self, iso3: str) -> tuple[int, int] | None:
        """90 % of the ranks of any country in the draws in which it is ranked; None where it is in none."""
        row, last = self.counts.loc[[iso3]].to_numpy(), self.counts.columns
        low, high = (_percentile(row, q)[0] for q in (TAIL, 1 - TAIL))
        if np.isnan(low):
            return None
        return int(last[int(low) - 2]) + 1 if low > 1 else 1, int(last[int(high) - 1])


@dataclass(frozen=True, repr=False)
class Firmness(Framed):
    """Probabilities by simulation; frames and series share the index iso3.

    Where nobody knows a measurement error of any figure judged or scored, or no draw is asked for, nothing is `drawn`
    and all is NaN.

    p_gate, p_track   share of draws in which it passes or passes on condition; NaN where it cannot be judged
    p_mechanism       the same of each kind of body
    p_test            iso3 x path of a test: share of draws in which it holds; NaN where it cannot be judged
    p_eligible        share of draws in which every gate and a track of an ideal kind do, 0 for who is on hold; NaN
                      where that cannot be judged
    p_qualified       share of draws in which every gate and any track do, whoever is on hold; NaN likewise
    p_most            share of draws in which figures that are not held could still admit it, those of p_eligible among
                      them: the same number where they leave nothing open, and known too where p_eligible is NaN
    apart             where who is qualified now comes among those who are; None where nobody can be
    apart_stated      the same, the score as stated
    bounds            path of a group that counts -> iso3 x the least and the most share of draws in which it is met,
                      as every unknown part fails or passes
    places            under measurement error and whatever choices the criteria leave open
    stated            under measurement error alone (and imputed values, if any), the score as stated
    kinds             what was drawn, in words
    supposed          the same with imputed values in the gaps; None where nothing is imputed
    sample            the draws themselves of the countries ranked now; None where there is none
    kept              the draws of all who are admitted in some, for what a list may cost; None without a shortlist
    """

    p_gate: pd.DataFrame
    p_track: pd.DataFrame
    p_test: pd.DataFrame
    p_eligible: pd.Series
    p_most: pd.Series
    places: Places
    stated: Places
    draws: int
    seed: int
    kinds: tuple[str, ...] = (ERROR,)
    sample: Sample | None = None
    kept: Kept | None = None
    supposed: Supposed | None = None
    bounds: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    p_qualified: pd.Series = field(default_factory=lambda: pd.Series(dtype=float))
    apart: Places | None = None
    apart_stated: Places | None = None
    p_mechanism: pd.DataFrame = field(default_factory=pd.DataFrame)
    drawn: bool = True  # False: no figure has a known measurement error, or no draw was asked for

    def place(self, end: str, stated: bool = False) -> pd.Series:
        """low, median or high of each country in the list it is in: of who is qualified, apart from the others.

        stated   of the score as stated, without what else could have been chosen
        """
        main, apart = (self.stated, self.apart_stated) if stated else (self.places, self.apart)
        own = getattr(main, end)
        return own if apart is None else own.where(own.notna(), getattr(apart, end))

    @property
    def half_width(self) -> float:
        """95 % half-width of a printed probability, at most: of counting draws, and of sharing fillings of the gaps."""
        shared = 0.0 if self.supposed is None else float(np.nan_to_num(self.supposed.widest))
        return max(0.98 / self.draws**0.5, shared)


def stress(
    criteria: Criteria,
    errors: ErrorModel,
    peers: pd.Series,
    as_of: date,
    points: pd.Series,
    now: pd.Series,
    kinds: pd.DataFrame,
    apart: pd.Series | None = None,
) -> Firmness:
    """Runs the one evaluator over `criteria.uncertainty.draws` joint draws.

    points   the published score of each country
    now      its published rank (NaN if not ranked)
    kinds    what every requirement says with a track of an ideal kind and with any (screen.py); where that is unknown,
             no probability is given
    apart    the published rank among who is qualified (NaN for all others); None where nobody can be

    Imputed values, where there are any, are in the score of who has one. Nobody is admitted or ranked by them.
    """
    doubt, index = criteria.uncertainty, peers.index
    draws, groups, n = doubt.draws, peers.to_numpy(), len(index)
    scored, size = criteria.score is not None, criteria.shortlist
    if not draws or not errors.known:
        return _unknown(criteria, index)
    left_open = choices.open_in(criteria.score, doubt.choices) if criteria.score else ()
    ways = choices.draw(criteria.score, doubt, draws) if criteria.score and left_open else None
    tally, admitted = _Tally(n, tuple(group.path for group in walk.counting(criteria))), np.zeros(n)
    possible, qualified = np.zeros(n), np.zeros(n)
    beside = _Count(n, 0, draws) if scored and criteria.apart else None
    beside_stated = _Count(n, 0, draws) if beside and ways else beside
    plain, supposed = _Count(n, size, draws), Supposing(errors.fillings, n)
    joint = _Count(n, size, draws) if ways else plain
    ranked, has_score = now.notna().to_numpy(), points.notna().to_numpy()
    listed = apart.notna().to_numpy() if beside and apart is not None else np.zeros(n, bool)
    sample = Sample.empty(points[ranked], draws, ways) if scored else None
    kept = Kept() if scored and size else None
    measured = max(1, len(errors.centre.now) + len(errors.centre.before))
    batch = max(1, min(BATCH, AT_ONCE // n, FIGURES // (n * measured)))
    for start in range(0, draws, batch):
        rows, trace = slice(start, min(start + batch, draws)), Trace()
        measures = errors.draw(rows.stop - rows.start)
        judge = Judge(measures, groups, as_of, trace)
        has_one = np.broadcast_to(has_score, (rows.stop - rows.start, n))  # in every draw, or in none
        verdicts = judge.verdicts(criteria, has_one)
        fits = judge.on(measures).mechanisms(criteria)  # off the trace: its tests are none of a verdict
        tally.add(_by_id(verdicts) | fits, trace)
        inside, other = verdicts.admitted, verdicts.qualified if beside else np.zeros((1, n), bool)
        admitted += inside.sum(axis=0)
        possible += verdicts.possible.sum(axis=0)
        qualified += (verdicts.whole >= CONDITIONAL).sum(axis=0)
        if measures.filled:
            filled = judge.on(measures.filled).verdicts(criteria, has_one)
            supposed.add(_by_id(verdicts), _by_id(filled), measures.held)
            measures, inside = measures.filled, inside & has_score
        if criteria.score:
            wanted = ranked | inside.any(axis=0)  # most countries are ranked in no draw at all
            if beside:
                wanted = wanted | listed | other.any(axis=0)
            build = partial(scoring.build, criteria.score, measures, groups, wanted=wanted, scaled={})
            as_stated = build().score
            chosen, place = as_stated, ranks(as_stated, inside[:, wanted])
            plain.add(place, wanted)
            if ways:
                chosen = build(ways.rows(rows)).score
                place = ranks(chosen, inside[:, wanted])
                joint.add(place, wanted)
            if errors.imputed and size:
                supposed.place(place, wanted, size)
            if kept:
                kept.put(wanted, chosen, inside[:, wanted], errors.own(measures))
            if beside:
                beside.add(ranks(chosen, other[:, wanted]), wanted)
                if ways and beside_stated:
                    beside_stated.add(ranks(as_stated, other[:, wanted]), wanted)
            if sample:
                sample.put(rows, *(array[:, ranked[wanted]] for array in (as_stated, chosen, place)))
    whole = (kinds["whole"] != "unknown").to_numpy()
    ideal = whole & (kinds["ideal"] != "unknown").to_numpy()
    if (held := errors.centre.held) is not None:
        ideal = ideal | held  # whatever else is unknown: who is on hold is not admitted
    p_top_known, no = ideal & (size > 0), np.zeros(n, bool)
    gate_ids, track_ids = [gate.id for gate in criteria.gates], [track.id for track in criteria.tracks]
    return Firmness(
        p_gate=tally.shares(gate_ids, index, draws),
        p_track=tally.shares(track_ids, index, draws),
        p_mechanism=tally.shares([kind.id for kind in criteria.mechanisms], index, draws),
        p_test=tally.shares(_tests(criteria), index, draws),
        p_eligible=pd.Series(np.where(ideal, admitted / draws, np.nan), index=index),
        p_qualified=pd.Series(np.where(whole, qualified / draws, np.nan), index=index),
        p_most=pd.Series(possible / draws, index=index),
        apart=beside.places(apart, no, draws) if beside else None,
        apart_stated=beside_stated.places(apart, no, draws) if beside_stated else None,
        places=joint.places(now, p_top_known, draws),
        stated=plain.places(now, p_top_known, draws),
        draws=draws,
        seed=doubt.seed,
        kinds=(
            ERROR,
            *([IMPUTED] if errors.imputed and scored else []),
            *(choices.OPEN[key] for key in left_open),
        ),
        sample=sample,
        kept=kept,
        supposed=supposed.shares(gate_ids, track_ids, index, draws) if errors.imputed else None,
        bounds=tally.bounds(index, draws),
    )


def _by_id(verdicts: Verdicts) -> dict[str, np.ndarray]:
    """Id of each gate and track, `OVERALL` and `WHOLE` -> verdict, draws x countries."""
    return {**verdicts.gates, **verdicts.tracks, OVERALL: verdicts.ideal, WHOLE: verdicts.whole}


def _tests(criteria: Criteria) -> list[str]:
    """The paths of every single test of the gates and tracks."""
    return [test.path for rule in (*criteria.gates, *criteria.tracks) for test in walk.tests(rule.rule)]


class _Tally:
    """How often each gate, track and test held, and whether it could ever be judged."""

    def __init__(self, n: int, counting: tuple[str, ...]):
        self.n = n
        self.held: dict[str, np.ndarray] = {}
        self.judged: dict[str, np.ndarray] = {}
        self.met = {path: np.zeros((2, n)) for path in counting}  # whatever is unknown: surely, and possibly

    def add(self, rules: dict[str, np.ndarray], trace: Trace) -> None:
        """Counts one batch of verdicts, draws x countries each."""
        tests = {path: trace.verdict[path] for path in trace.measured if path in trace.verdict}
        for key, verdict in (rules | tests).items():
            self.held[key] = self.held.get(key, 0) + (verdict >= CONDITIONAL).sum(axis=0)
            # what a single test lacks it lacks in every draw
            seen = verdict[:1] if key in tests else verdict
            self.judged[key] = self.judged.get(key, np.False_) | ((seen != UNKNOWN) & (seen >= 0)).any(axis=0)
        for path, met in self.met.items():
            # a count is met whatever is unknown, or by all that is unknown: the n-th best part says which
            met += [(trace.verdict[path] >= word).sum(axis=0) for word in (CONDITIONAL, UNKNOWN)]

    def bounds(self, index: pd.Index, draws: int) -> dict[str, pd.DataFrame]:
        """Path of a group that counts -> iso3 x the least and the most share of draws in which it is met."""
        return {
            path: pd.DataFrame(met.T / draws, index=index, columns=["least", "most"])
            for path, met in self.met.items()
        }

    def shares(self, keys: list[str], index: pd.Index, draws: int) -> pd.DataFrame:
        """iso3 x key: the share of draws in which it held; NaN where it could never be judged."""
        nothing = np.zeros(self.n)
        share = {
            key: np.where(self.judged.get(key, nothing), self.held.get(key, nothing) / draws, np.nan)
            for key in keys
        }
        return pd.DataFrame(share, index=index, columns=keys)


class _Count:
    """How often each country came at each rank."""

    def __init__(self, n: int, size: int, draws: int):
        self.n, self.size, self.step = n, size, -(-n // MOST_RANKS)
        self.top, self.counts = np.zeros(n), np.zeros((n, -(-n // self.step) + 1), np.min_scalar_type(draws))

    def add(self, place: np.ndarray, columns: np.ndarray) -> None:
        """place   draws x the countries of `columns`, 0 where not ranked."""
        self.top[columns] += ((place > 0) & (place <= self.size)).sum(axis=0)
        step = place if self.step == 1 else (place + self.step - 1) // self.step
        n, width = place.shape[1], self.counts.shape[1]
        if place.size < n * width // 8:  # few draws of many units: most of a whole table would be zeros
            np.add.at(self.counts, (np.flatnonzero(columns), step), 1)
            return
        flat = np.bincount((step + np.arange(n) * width).ravel(), minlength=n * width)
        self.counts[columns] += flat.reshape(n, width).astype(self.counts.dtype)

    def places(self, now: pd.Series, p_top_known: pd.Series, draws: int) -> Places:
        """The counts as shares and percentiles."""

        def first(b: np.ndarray) -> np.ndarray:
            return (b - 1) * self.step + 1

        def last(b: np.ndarray) -> np.ndarray:
            return np.minimum(b * self.step, self.n)

        def series(values: np.ndarray, where: np.ndarray | pd.Series) -> pd.Series:
            return pd.Series(np.where(where, values, np.nan), index=now.index)

        low, median, high = (_percentile(self.counts[:, 1:], q) for q in (TAIL, 0.5, 1 - TAIL))
        ranked, place = now.notna(), now.to_numpy()
        counts = self.counts[:, 1:].astype(int if self.step == 1 else self.counts.dtype, copy=False)
        return Places(
            low=series(np.fmin(first(low), place), ranked),
            median=series((first(median) + last(median)) // 2, ranked),
            high=series(np.fmax(last(high), place), ranked),
            p_top=series(self.top / draws, p_top_known),
            counts=pd.DataFrame(counts, index=now.index, columns=last(np.arange(1, counts.shape[1] + 1))),
        )


def _unknown(criteria: Criteria, index: pd.Index) -> Firmness:
    """The firmness of a result for which nothing is drawn."""
    nothing = pd.Series(np.nan, index=index)

    def empty(keys: list[str]) -> pd.DataFrame:
        return pd.DataFrame(np.nan, index=index, columns=keys)

    counts = pd.DataFrame(0, index=index, columns=range(1, len(index) + 1))
    places = Places(nothing, nothing, nothing, nothing, counts)
    return Firmness(
        p_gate=empty([gate.id for gate in criteria.gates]),
        p_track=empty([track.id for track in criteria.tracks]),
        p_mechanism=empty([kind.id for kind in criteria.mechanisms]),
        p_test=empty(_tests(criteria)),
        p_eligible=nothing,
        p_qualified=nothing,
        p_most=nothing,
        apart=places if criteria.apart and criteria.score else None,
        apart_stated=places if criteria.apart and criteria.score else None,
        places=places,
        stated=places,
        draws=criteria.uncertainty.draws,
        seed=criteria.uncertainty.seed,
        kinds=(),
        drawn=False,
    )


def misclassified(passes: pd.DataFrame, p: pd.DataFrame) -> pd.Series:
    """How many countries each rule is expected to have on the wrong side, for each column.

    Where it passes, the chance that it should not; where it fails, the chance that it should. Unknown: not counted.

    passes   iso3 x rule: True, False or missing
    p        iso3 x rule: probability of passing

    >>> yes = pd.DataFrame({"g": [True, False]}); p = pd.DataFrame({"g": [0.75, 0.25]})
    >>> float(misclassified(yes, p)["g"])
    0.5
    """
    wrong = p.where(passes == False, (1.0 - p).where(passes == True))  # noqa: E712 - a missing verdict is neither
    return wrong.sum()


def _percentile(counts: np.ndarray, q: float) -> np.ndarray:
    """The smallest rank that at least a share `q` of the ranked draws do not exceed; NaN without any."""
    if len(counts) > MOST_RANKS:  # what is added up takes twice the memory of the counts
        return np.concatenate(
            [_percentile(counts[k : k + MOST_RANKS], q) for k in range(0, len(counts), MOST_RANKS)]
        )
    total = counts.sum(axis=1)
    reached = counts.cumsum(axis=1) >= q * total[:, None] - 1e-9
    return np.where(total > 0, reached.argmax(axis=1) + 1, np.nan)
