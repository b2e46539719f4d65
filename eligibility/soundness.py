"""All that is said of how sound a set is: the audit, what its shortlist hangs on, and its specification curve."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from eligibility import curve as curves
from eligibility import run, sources, variants, vintages
from eligibility.method import audit, findings, stability
from eligibility.method.audit import Audit
from eligibility.method.findings import Finding
from eligibility.method.stability import Stability


@dataclass(frozen=True)
class Soundness:
    """What was found of one result; `stability` and `curve` are None where they were not asked for or cannot be.

    audit      the measures; findings: what of them is worth a sentence, the worst first
    stability  what changes of weights turn the shortlist
    curve      the named countries under every other reading of the set
    """

    result: run.Result
    audit: Audit
    findings: tuple[Finding, ...]
    stability: Stability | None = None
    curve: curves.Curve | None = None

    @property
    def alarmed(self) -> bool:
        """Whether something works against the sense of the set."""
        return any(found.level == "red" for found in self.findings)


def quick(result: run.Result) -> Soundness:
    """The audit alone: a tenth of a second."""
    own = result.criteria
    made = audit.audit(own, result.cells, result.centre, result.peers, result.scores, result.screening.status)
    found = findings.findings(made, own, result.peers, result.ranking, result.firmness)
    return Soundness(result, made, found)


def full(result: run.Result, ref: str, data: Path | None = None) -> Soundness:
    """The audit with the stability of the shortlist and the specification curve, seconds.

    ref, data   the criteria and the folder of data as `run.run` was given them
    """
    begun, own = quick(result), result.criteria
    turns = None
    if own.score:
        admitted = result.screening.status.isin(["eligible", "conditional"]).to_numpy()
        turns = stability.stability(
            own.score, result.centre, result.peers.to_numpy(), admitted, own.shortlist
        )
    beside = variants.beside(ref)
    drawn = None
    if beside is not None:
        reading = result.panel.reading
        shelf = vintages.pinned(sources.shelf(data), reading.pins)
        drawn = curves.curve(ref, own, variants.read(beside, own.id), shelf, reading)
    return Soundness(result, begun.audit, begun.findings, turns, drawn)
