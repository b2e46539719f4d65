"""What a round says with its draws; what takes long is worked out when it is first read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from eligibility.data import countries
from eligibility.data.readers import expected
from eligibility.errors import UsageError
from eligibility.language import overrides
from eligibility.method import (
    caveats,
    decides,
    decision,
    evaluate,
    firmness,
    flips,
    impute,
    leaving,
    measurement_error,
    measures,
    portfolio,
    vintages,
)
from eligibility.method.evaluate import ADMITTED
from eligibility.method.rounds import Round, deciding, published
from eligibility.pilots import register as pilots_file
from eligibility.policy.words import OUTSIDE, STATUS_SAID

MOST = 8  # countries named in one sentence


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
        now = now.reindex(index, fill_value=OUTSIDE)
        return now.loc[[c for c in self.ranking.order if now[c] != self.screening.status[c]]]

    def differ(self, most: int | None = None) -> tuple[str, ...]:
        """That verdicts would differ with figures that are held for later years, if any would; one sentence of at most so many names."""
        if self.turned.empty:
            return ()
        names, count = countries.register(), len(self.turned)
        who = [
            f"{names.name(c)} ({STATUS_SAID[self.screening.status[c]]}; then {STATUS_SAID[word]})"
            for c, word in self.turned.iloc[:most].items()
        ]
        rest = f" and {count - len(who)} more" if count > len(who) else ""
        would = "1 verdict" if count == 1 else f"{count} verdicts"
        return (
            f"With figures for later years that are held here, {would} would differ: {', '.join(who)}{rest}.",
        )

    @property
    def warned(self) -> tuple[str, ...]:
        """The same for a screen, where a long sentence hides what stands below it."""
        return self.differ(MOST)

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
        return deciding(self.criteria, self.cells)

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
        doubt, firm = self.criteria.uncertainty.imputation, self.firmness
        fillings = doubt.datasets if self.imputed and doubt else 0
        unknown = firm.p_most.index[firm.p_most > firm.p_eligible]
        size = self.criteria.shortlist
        return decision.decide(
            *kept.whole(who), tuple(names), listed, ranked, looked_at, size, fillings, {*unknown}
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
        """Who is excluded on the published values and may be admitted in more draws than the criteria name, likeliest first.

        May be: a draw in which only figures that are not held could exclude it counts.
        """
        p, most, status = self.firmness.p_eligible, self.firmness.p_most, self.screening.status
        near = most.index[(status == "excluded") & (most > self.criteria.uncertainty.near_miss)]
        return tuple(sorted(near, key=lambda c: (-p[c], -most[c], c)))

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
        admitted = self.screening.status.isin(ADMITTED).to_numpy()
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

    def would_be(self, iso3: str, indicator: str, value: float) -> str:
        """The status of a country that is considered if this one figure, of a series the criteria read, were another."""
        i, now = self.centre.countries.index(iso3), self.centre.now[indicator].copy()
        now[0, i] = value
        judge = evaluate.Judge(self.centre.having(indicator, now), self.peers.to_numpy(), self.as_of)
        scored = self.scores.score.notna().to_numpy() if self.scores else np.zeros(now.shape[1], dtype=bool)
        return evaluate.STATUS[judge.verdicts(self.criteria, scored[None, :]).status[0, i]]

    @cached_property
    def thresholds(self) -> pd.DataFrame:
        """The threshold at which each gate would turn for a country, where one test alone decides it (flips.py)."""
        return flips.thresholds(self.criteria, self.centre, self.peers, self.as_of)
