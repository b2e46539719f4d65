"""All that is said of how sound a set is: the audit, what its shortlist depends on, and its specification curve."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from eligibility.analysis import curve as curves
from eligibility.data import sources
from eligibility.language import variants
from eligibility.method import assumptions, audit, findings, stability, vintages
from eligibility.method.assumptions import Assumptions
from eligibility.method.audit import Audit
from eligibility.method.evaluate import ADMITTED
from eligibility.method.findings import Finding
from eligibility.method.result import Result
from eligibility.method.stability import Stability
from eligibility.method.structure import correlation


@dataclass(frozen=True)
class Soundness:
    """What was found of one result; what was not asked for or cannot be is None.

    audit        the measures; findings: what of them is worth a sentence, the worst first
    stability    what changes of weights turn the shortlist
    curve        the named countries under every other reading of the set
    assumptions  the outcome under other assumptions on measurement error
    """

    result: Result
    audit: Audit
    findings: tuple[Finding, ...]
    stability: Stability | None = None
    curve: curves.Curve | None = None
    assumptions: Assumptions | None = None

    @property
    def alarmed(self) -> bool:
        """Whether something works against the sense of the set."""
        return any(found.level == "red" for found in self.findings)

    @property
    def quick(self) -> bool:
        """Whether only the audit itself was made."""
        return self.stability is None and self.curve is None

    @property
    def with_score(self) -> dict[str, float]:
        """Path of an indicator -> its correlation with the score, over the countries of the statistics; none without a score."""
        score, base = self.result.scores, self.audit.base
        if score is None:
            return {}
        scaled, whole = score.normalised.loc[base], score.score.loc[base].to_numpy()
        return {
            path: correlation(scaled[path].to_numpy(), whole)[0] for path in self.audit.correlation.columns
        }


def quick(result: Result) -> Soundness:
    """The audit alone: a tenth of a second."""
    own = result.criteria
    made = audit.audit(own, result.cells, result.centre, result.peers, result.scores, result.screening)
    found = findings.findings(made, own, result.peers, result.ranking, result.firmness, result.cells.sheets)
    return Soundness(result, made, found)


def full(result: Result, ref: str, data: Path | None = None) -> Soundness:
    """The audit with the stability of the shortlist and the specification curve, seconds.

    ref, data   the criteria and the folder of data as `run.run` was given them
    """
    begun, own = quick(result), result.criteria
    turns = None
    if own.score:
        groups, admitted = result.peers.to_numpy(), result.screening.status.isin(ADMITTED).to_numpy()
        turns = stability.stability(own.score, result.centre, groups, admitted, own.shortlist)
    beside = variants.beside(ref)
    drawn = None
    if beside is not None:
        reading = result.panel.reading
        shelf = vintages.pinned(sources.shelf(data), reading.pins)
        drawn = curves.curve(ref, own, variants.read(beside, own.id), shelf, reading)
    assumed = None
    if result.firmness.drawn:
        assumed = assumptions.assumptions(
            own, result.cells, result.weighed, result.peers, result.as_of, result.points, result.ranking.rank,
            result.screening.kinds, result.ranking.apart,
            None if own.score else result.screening.status.isin(ADMITTED),
        )  # fmt: skip
    return Soundness(result, begun.audit, begun.findings, turns, drawn, assumed)
