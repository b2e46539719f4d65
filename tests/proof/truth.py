"""What is true of a Result, for the proofs of what its pages say: read from its frames, no page code in between."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cached_property

import pandas as pd

from eligibility.analysis.compare.since import Since
from eligibility.analysis.soundness import Soundness
from eligibility.data import countries
from eligibility.method.result import Result
from eligibility.policy import walk
from eligibility.policy.model import Gate, Quantity, Test

INSIDE = ("eligible", "conditional")
PASSED = ("pass", "conditional")


class Truth:
    """A Result, asked about one country or all; `since` is the round it is held against, where one is, and `others`
    what other criteria sets say."""

    def __init__(self, result: Result, sound: Soundness, since: Since | None = None,
                 others: Iterable[Result] = ()):  # fmt: skip
        self.result, self.sound, self.criteria, self.since = result, sound, result.criteria, since
        self.others = [Truth(other, sound) for other in others]
        self.pool = list(result.screening.status.index)
        register = countries.register()
        self.name = {c: register.name(c) for c in self.pool}
        self.iso3 = {name: c for c, name in self.name.items()}
        self.status = result.screening.status.to_dict()
        self.sheets = result.panel.sheets
        self.draws, self.drawn = result.firmness.draws, result.firmness.drawn
        self.shortlist = list(result.ranking.shortlist)
        self.rank = result.ranking.rank.to_dict()
        self.p, self.most = result.firmness.p_eligible.to_dict(), result.firmness.p_most.to_dict()
        self.top = result.firmness.places.p_top.to_dict()
        self.low, self.high = (getattr(result.firmness.places, end).to_dict() for end in ("low", "high"))
        none = dict.fromkeys(self.pool, math.nan)
        self.score = result.scores.score.to_dict() if result.scores is not None else none
        self.gate = result.screening.gate.to_dict("index")
        self.track = result.screening.track.to_dict("index")
        self.node = result.screening.node.to_dict("index")
        self.measured = result.screening.measured.to_dict("index")
        self.needs = result.screening.needs.to_dict("index")
        self.group = result.peers.to_dict()
        self.pillars = self.criteria.score.pillars if self.criteria.score else ()
        self.components = [(p, c) for p in self.pillars for c in p.components]
        self.used = walk.indicators(self.criteria)
        self.values = {i: result.cells.value[i].to_dict() for i in result.cells.value.columns}
        self.sds = {i: result.cells.sd[i].to_dict() for i in result.cells.sd.columns}
        self.marks = {i: result.cells.mark[i].to_dict() for i in result.cells.mark.columns}
        self.ranked = [c for c in result.ranking.order if not math.isnan(self.rank[c])]
        self._medians: dict = {}
        self._once: dict = {}

    @cached_property
    def flips(self) -> dict[str, list[dict]]:
        return _by_country(self.result.flips)

    @cached_property
    def thresholds(self) -> dict[str, list[dict]]:
        return _by_country(self.result.thresholds)

    def once(self, key: str, make):
        """What is dear to work out, worked out once."""
        if key not in self._once:
            self._once[key] = make(self)
        return self._once[key]

    # who and what

    def having(self, *statuses: str) -> list[str]:
        return [c for c in self.pool if self.status[c] in statuses]

    def gates(self, iso3: str, *words: str) -> list[Gate]:
        return [g for g in self.criteria.gates if self.gate[iso3][g.id] in words]

    def tracks(self, iso3: str, *words: str) -> list[Gate]:
        return [t for t in self.criteria.tracks if self.track[iso3][t.id] in words]

    def trackless(self, iso3: str) -> bool:
        own = self.criteria.tracks
        return bool(own) and len(self.tracks(iso3, "fail")) == len(own)

    def carrying(self, iso3: str) -> list[Gate]:
        """The gates, and the one track without which its status would be another: of who is admitted an ideal one counts."""
        ideal = any(not x.ideal for x in self.criteria.tracks) and self.status[iso3] in INSIDE
        fits = [x for x in self.tracks(iso3, *PASSED) if x.ideal or not ideal]
        return [*self.criteria.gates, *(fits if len(fits) == 1 else [])]

    def word(self, iso3: str, gate: Gate) -> str:
        return self.gate[iso3].get(gate.id) or self.track[iso3][gate.id]

    def p_of(self, iso3: str, gate: Gate) -> float:
        own = self.result.firmness
        return (own.p_gate if gate in self.criteria.gates else own.p_track).at[iso3, gate.id]

    def titled(self, title: str) -> Gate:
        """The gate or track of a title."""
        (found,) = [g for g in (*self.criteria.gates, *self.criteria.tracks) if g.title == title]
        return found

    def members(self, iso3: str) -> list[str]:
        return [c for c in self.pool if self.group[c] == self.group[iso3]]

    def open_tracks(self, iso3: str) -> list[Gate]:
        return [t for t in self.criteria.tracks if t.peer_group in ("", self.group[iso3])]

    # indicators

    def called(self, quantity: Quantity) -> str:
        more = {
            "level": "",
            "change_over": f", change over {quantity.years} years",
            "relative_change_over": f", change in percent over {quantity.years} years",
            "gap_closed_over": f", share of the way to its best gone in {quantity.years} years",
            "within_months": f", in the last {quantity.years} months",
            "peak_over": f", {quantity.years}-year peak",
            "change_from_peak": f", change from its {quantity.years}-year peak",
        }
        sheet = self.sheets.get(quantity.indicator)
        return (sheet.label if sheet else quantity.indicator) + more[quantity.measure]

    def class_of(self, indicator: str, x: float) -> str:
        """A class by its label, or by the words that stand for a code."""
        sheet = self.sheets[indicator]
        return sheet.class_names.get(sheet.classes[int(x)], sheet.classes[int(x)])

    def peers(self, iso3: str, indicator: str) -> pd.Series:
        key = self.group[iso3], indicator
        if key not in self._medians:
            own = pd.Series({c: self.values[indicator][c] for c in self.members(iso3)}, dtype=float)
            self._medians[key] = own.dropna()
        return self._medians[key]

    def tests(self, gate: Gate) -> list[Test]:
        return [n for n in walk.nodes(gate.rule) if isinstance(n, Test)]

    def holds(self, indicator: str, iso3: str) -> bool:
        """Whether anything is held of a country: a figure, or a list of events, in which no row is none."""
        listed = self.result.panel.dated.get(indicator)
        return not math.isnan(self.values[indicator][iso3]) or (
            listed is not None and listed.rule.kind == "event"
        )

    def wanted(self, path: str) -> bool:
        """Whether the test of a path is to hold: not under an odd number of `none`."""
        return path.count(".none[") % 2 == 0


def _by_country(table: pd.DataFrame) -> dict[str, list[dict]]:
    out: dict[str, list[dict]] = {}
    for row in table.to_dict("records"):
        out.setdefault(row["iso3"], []).append(row)
    return out
