"""Gates, tracks and kinds of body on the published values: pass, conditional, fail or unknown, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from eligibility.framed import Framed
from eligibility.method.evaluate import CONDITIONAL, DROPPED, FAIL, STATUS, UNKNOWN, WORDS, Judge, Trace
from eligibility.method.measures import Measures
from eligibility.policy import walk
from eligibility.policy.model import Criteria, Group


@dataclass(frozen=True, repr=False)
class Screening(Framed):
    """What every node said of every country; frames share the index iso3.

    status    eligible | conditional | qualified | on-hold | excluded | insufficient-data
    gate      iso3 x gate id, words pass | conditional | fail | unknown
    track     iso3 x track id, the same words
    mechanism iso3 x id of a kind of body, the same words; part of no status
    node      iso3 x path, the same words, every node of every gate, track and kind of body
    measured  iso3 x path of a test or points node: what was compared
    needs     iso3 x the same: the threshold it met; NaN for `in`
    counted   path of a group that counts -> iso3 x how many of its parts pass, fail, are unknown; dropped ones are none
    kinds     iso3 x (ideal, whole): the same words, of every gate with a track of an ideal kind and with any track,
              whoever is on hold
    """

    status: pd.Series
    gate: pd.DataFrame
    track: pd.DataFrame
    node: pd.DataFrame
    measured: pd.DataFrame
    needs: pd.DataFrame
    counted: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    kinds: pd.DataFrame = field(default_factory=pd.DataFrame)
    mechanism: pd.DataFrame = field(default_factory=pd.DataFrame)

    def open(self, id_: str) -> str | None:
        """Of how many countries a gate or track is unknown, in words: "" where of all, None where of none."""
        words = (self.gate if id_ in self.gate else self.track)[id_]
        count = int((words == "unknown").sum())
        return (
            None if not count else "" if count == len(words) else f" (of {count} of {len(words)} countries)"
        )

    @cached_property
    def traced(self) -> dict[str, Traced]:
        """iso3 -> what every node said of it, as plain dictionaries by path: quick to walk."""
        node, measured, needs = (f.to_dict("index") for f in (self.node, self.measured, self.needs))
        return {iso3: Traced(node[iso3], measured[iso3], needs[iso3]) for iso3 in self.status.index}


class Traced(NamedTuple):
    """One country's verdict words, measured quantities and thresholds, by path."""

    node: dict[str, str]
    measured: dict[str, float]
    needs: dict[str, float]


def screen(
    criteria: Criteria, measures: Measures, peers: pd.Series, as_of: date, scored: np.ndarray
) -> Screening:
    """Which gates and tracks each country passes on the published values; `scored` says who has a score."""
    trace = Trace()
    judge = Judge(measures, peers.to_numpy(), as_of, trace)
    verdicts = judge.verdicts(criteria, scored[None, :])
    fits = judge.mechanisms(criteria)
    return Screening(
        pd.Series(np.array(STATUS)[verdicts.status[0]], index=peers.index, name="status"),
        _words(verdicts.gates, peers.index),
        _words(verdicts.tracks, peers.index),
        _words({path: np.where(v == DROPPED, UNKNOWN, v) for path, v in trace.verdict.items()}, peers.index),
        _frame(trace.measured, peers.index),
        _frame(trace.needs, peers.index),
        {group.path: _counted(group, trace, peers.index) for group in walk.counting(criteria)},
        _words({"ideal": verdicts.ideal, "whole": verdicts.whole}, peers.index),
        _words(fits, peers.index),
    )


def _counted(group: Group, trace: Trace, index: pd.Index) -> pd.DataFrame:
    """How many parts of a group pass, be it on condition, how many fail and how many are unknown, by country."""
    said = np.stack([np.broadcast_to(trace.verdict[part.path][0], len(index)) for part in group.of])
    counts = {"pass": said >= CONDITIONAL, "fail": said == FAIL, "unknown": said == UNKNOWN}
    return pd.DataFrame({word: those.sum(axis=0) for word, those in counts.items()}, index=index)


def _words(verdicts: dict[str, np.ndarray], index: pd.Index) -> pd.DataFrame:
    words = np.array(WORDS, dtype=object)
    return pd.DataFrame({name: words[v[0]] for name, v in verdicts.items()}, index, dtype=object)


def _frame(values: dict[str, np.ndarray], index: pd.Index) -> pd.DataFrame:
    return pd.DataFrame({name: v[0] for name, v in values.items()}, index, dtype=float)
