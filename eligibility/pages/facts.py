"""A Result unpacked once for all pages: plain dictionaries, peers, medians, who uses which indicator.

Frames are slow to read cell by cell and 145 pages read a great many cells. Everything shared between
countries (peers on a strip, medians over years) is worked out once and kept here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from eligibility.analysis.footing import Footing
from eligibility.data import countries
from eligibility.data.lists import Event
from eligibility.method.choices import OPEN
from eligibility.method.result import Result
from eligibility.pages import charts
from eligibility.pages.said import Located
from eligibility.pages.wording import plain
from eligibility.policy import walk
from eligibility.policy.model import Component, Gate, Node, Pillar

if TYPE_CHECKING:
    import pandas as pd

    from eligibility.analysis.compare.since import Since

YEARS_BACK = 10
PLACED = ("value", "sd", "year")  # of a figure, the numbers that have a path


@dataclass(frozen=True)
class Value:
    """One figure of one country: value, standard error and its kind, year, age, mark; NaN if missing."""

    value: float
    sd: float
    sd_kind: str
    year: float
    age: float
    mark: str

    @property
    def known(self) -> bool:
        return not math.isnan(self.value)


def _words(frame: Callable[[Result], pd.DataFrame]) -> cached_property[dict[str, dict[str, str]]]:
    """iso3 -> id -> word, of a frame of the result."""
    return cached_property(lambda facts: frame(facts.result).to_dict("index"))


def _rows(frame: Callable[[Result], pd.DataFrame], path: str) -> cached_property[dict[str, dict[str, float]]]:
    """iso3 -> column -> number, each with its path, in which {} stands for the column."""
    return cached_property(lambda facts: facts.located(frame(facts.result), path))


def _column(of: Callable[[Result], pd.Series], path: str) -> cached_property[dict[str, float]]:
    """iso3 -> number, each with its path."""
    return cached_property(lambda facts: facts.each(of(facts.result).to_dict(), path))


@dataclass
class Facts:
    """What every page of a run reads."""

    result: Result
    names: Mapping[str, str]
    regions: Mapping[str, str]
    since: Since | None = None  # the last round and what moved since; None where nothing is told of it
    others: tuple[Facts, ...] = ()  # what other criteria sets say at the same date
    beside: bool = False  # whether it is one of these others
    _peers: dict = field(default_factory=dict, repr=False)
    _histories: dict = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, result: Result, since: Since | None = None, others: Sequence[Result] = ()) -> Facts:
        """The facts of a result, names taken from the register.

        since    what moved from the last round
        others   other criteria sets judged at the same date
        """
        register = countries.register()
        pool = list(result.screening.status.index)
        return cls(
            result,
            {c: plain(register.name(c)) for c in pool},
            {c: plain(register.region(c)) for c in pool},
            since,
            tuple(replace(cls.of(other), beside=True) for other in others),
        )

    @property
    def last(self) -> Since:
        """The last round, for pages that tell of one."""
        assert self.since is not None
        return self.since

    @cached_property
    def footing(self) -> Footing:
        """What a pilot could rest on: the programme it could be tied to, past bodies like it."""
        return Footing(self.result)

    def at(self, iso3: str, path: str) -> str:
        """The path of a number, as `explain` takes it; of another set with the words that name it."""
        return f"{iso3} {path}" + (f" --criteria {self.criteria.id}" if self.beside else "")

    def each(self, column: Mapping[str, float], path: str) -> dict[str, float]:
        """iso3 -> number, each with its path."""
        return {c: Located(x, self.at(c, path)) for c, x in column.items()}

    def located(self, frame: pd.DataFrame, path: str) -> dict[str, dict[str, float]]:
        """iso3 -> column -> number, each with its path, in which {} stands for the column."""
        paths = {k: path.format(k) for k in frame.columns}
        return {
            c: {k: Located(x, self.at(c, paths[k])) for k, x in row.items()}
            for c, row in frame.to_dict("index").items()
        }

    def _scored(self, part: str, path: str) -> dict[str, dict[str, float]]:
        """The same of one frame of the scores; of nobody where nothing is scored."""
        scores = self.result.scores
        return self.located(getattr(scores, part), path) if scores is not None else {}

    def _of_uses(self, told: Callable[[walk.Use], str]) -> dict[str, tuple[str, ...]]:
        """Indicator -> what is told of each use of it in the criteria, in the order of the file, each once."""
        out: dict[str, dict[str, None]] = {}
        for use in walk.quantities(self.criteria):
            out.setdefault(use.quantity.indicator, {})[told(use)] = None
        return {i: tuple(words) for i, words in out.items()}

    @property
    def criteria(self):
        return self.result.criteria

    @property
    def error_known(self) -> bool:
        """Whether any measurement error is known, so that there are simulations."""
        return self.result.firmness.drawn

    @property
    def kinds(self) -> tuple[str, ...]:
        """What is drawn beside measurement error, in words; nothing where the criteria leave nothing open."""
        return tuple(kind for kind in self.result.firmness.kinds if kind in OPEN.values())

    @property
    def sheets(self) -> Mapping:
        return self.result.panel.sheets

    @cached_property
    def pool(self) -> tuple[str, ...]:
        return tuple(self.result.screening.status.index)

    @cached_property
    def status(self) -> dict[str, str]:
        return self.result.screening.status.to_dict()

    @cached_property
    def unset(self) -> dict[str, str]:
        """Id of a gate or track -> why a test of it has no threshold at the date; those that have are not there."""
        found = (
            (owner, walk.unset(test.threshold, self.result.as_of))
            for owner, test in walk.judging(self.criteria)
        )
        return {owner: why for owner, why in found if owner and why}

    @cached_property
    def counted(self) -> dict[str, dict[str, dict[str, int]]]:
        """Path of a group that counts -> iso3 -> how many parts pass, fail, are unknown."""
        return {path: frame.to_dict("index") for path, frame in self.result.screening.counted.items()}

    @cached_property
    def bounds(self) -> dict[str, dict[str, dict[str, float]]]:
        """Path of a group that counts -> iso3 -> the least and the most share of draws in which it is met."""
        return {
            path: self.located(frame, f"{path}.p_{{}}") for path, frame in self.result.firmness.bounds.items()
        }

    gate = _words(lambda result: result.screening.gate)
    track = _words(lambda result: result.screening.track)
    mechanism = _words(lambda result: result.screening.mechanism)
    node = _words(lambda result: result.screening.node)
    measured = _rows(lambda result: result.screening.measured, "{}.value")
    needs = _rows(lambda result: result.screening.needs, "{}.needs")
    p_gate = _rows(lambda result: result.firmness.p_gate, "gates.{}.p_pass")
    p_track = _rows(lambda result: result.firmness.p_track, "tracks.{}.p_pass")
    p_mechanism = _rows(lambda result: result.firmness.p_mechanism, "mechanisms.{}.p_pass")
    p_eligible = _column(lambda result: result.firmness.p_eligible, "p_eligible")
    p_most = _column(lambda result: result.firmness.p_most, "p_eligible_most")
    p_top = _column(lambda result: result.firmness.places.p_top, "p_top")
    rank = _column(lambda result: result.ranking.rank, "rank")
    rank_low = _column(lambda result: result.firmness.places.low, "rank_low")
    rank_high = _column(lambda result: result.firmness.places.high, "rank_high")

    @cached_property
    def verdict(self) -> dict[str, dict[str, str]]:
        """iso3 -> id of a gate or track -> its verdict."""
        return {c: self.gate[c] | self.track[c] for c in self.pool}

    @cached_property
    def p_rule(self) -> dict[str, dict[str, float]]:
        """iso3 -> id of a gate or track -> in how many draws it is met."""
        return {c: self.p_gate[c] | self.p_track[c] for c in self.pool}

    @cached_property
    def score(self) -> dict[str, float]:
        scores = self.result.scores
        found = scores.score.to_dict() if scores is not None else dict.fromkeys(self.pool, math.nan)
        return self.each(found, "score")

    @cached_property
    def pillar(self) -> dict[str, dict[str, float]]:
        return self._scored("pillar", "pillars.{}") or {c: {} for c in self.pool}

    @cached_property
    def normalised(self) -> dict[str, dict[str, float]]:
        return self._scored("normalised", "{}.scaled")

    @cached_property
    def contribution(self) -> dict[str, dict[str, float]]:
        return self._scored("contribution", "{}.brings")

    @cached_property
    def flips(self) -> dict[str, list[dict]]:
        """iso3 -> its rows of `flips`, nearest in standard errors first."""
        out: dict[str, list[dict]] = {c: [] for c in self.pool}
        for row in self.result.flips.to_dict("records"):
            c, i = row["iso3"], row["indicator"]
            flip = f"flips.{row['gate']}.{i}"
            ends = {"now": f"values.{i}.value", "needed": f"{flip}.needed", "in_sd": f"{flip}.errors"}
            out[c].append(row | {k: Located(row[k], self.at(c, at)) for k, at in ends.items()})
        return out

    @cached_property
    def thresholds(self) -> dict[str, list[dict]]:
        """iso3 -> its rows of `thresholds`."""
        out: dict[str, list[dict]] = {c: [] for c in self.pool}
        for row in self.result.thresholds.to_dict("records"):
            c, test = row["iso3"], row["test"]
            ends = (("value", "turns_at"), ("threshold", "needs"))
            out[c].append(row | {k: Located(row[k], self.at(c, f"{test}.{of}")) for k, of in ends})
        return out

    @cached_property
    def cells(self) -> dict[str, dict[str, Value]]:
        """iso3 -> indicator -> the figure."""
        cells, names = self.result.cells, ("value", "sd", "sd_kind", "year", "age", "mark")
        out: dict[str, dict[str, Value]] = {c: {} for c in cells.value.index}
        at = lambda c, i, name, x: Located(x, self.at(c, f"values.{i}.{name}")) if name in PLACED else x  # noqa: E731
        for i in cells.value.columns:
            columns = (getattr(cells, name)[i].tolist() for name in names)
            for c, *row in zip(out, *columns, strict=True):
                parts: Iterator[Any] = (at(c, i, *part) for part in zip(names, row, strict=True))
                out[c][i] = Value(*parts)
        return out

    @cached_property
    def members(self) -> dict[str, tuple[str, ...]]:
        """Peer group id -> its countries."""
        out: dict[str, list[str]] = {}
        for iso3, group in self.result.peers.to_dict().items():
            out.setdefault(group, []).append(iso3)
        return {group: tuple(members) for group, members in out.items()}

    @cached_property
    def group(self) -> dict[str, str]:
        return self.result.peers.to_dict()

    @cached_property
    def groups(self) -> dict[str, str]:
        """Peer group id -> its title, "" for countries that could not be placed."""
        return {g.id: plain(g.title) for g in self.criteria.peers}

    @cached_property
    def used(self) -> tuple[str, ...]:
        """Every indicator the criteria look at, in the order of the file, each once."""
        return walk.indicators(self.criteria)

    @cached_property
    def uses(self) -> dict[str, tuple[str, ...]]:
        """Indicator -> what it is used in: requirements, kinds of candidate and of body, parts of the score, axes, by title."""
        own, others = self.criteria, {"pool": "who is considered", "peers": "comparison groups"}
        titles = {("gate", g.id): f"requirement: {plain(g.title)}" for g in own.gates}
        titles |= {("track", t.id): f"kind of candidate: {plain(t.title)}" for t in own.tracks}
        titles |= {("mechanism", m.id): f"kind of body: {plain(m.title)}" for m in own.mechanisms}
        titles |= {("score", p.id): f"score: {plain(p.title)}" for p in self.pillars}
        titles |= {("axis", a.id): f"beside the score: {plain(a.title)}" for a in own.axes}
        return self._of_uses(lambda use: titles.get((use.role, use.owner), others.get(use.role, use.role)))

    @cached_property
    def roles(self) -> dict[str, tuple[str, ...]]:
        """Indicator -> the parts of the criteria that look at it, in a word each."""
        words = {
            "pool": "candidates",
            "peers": "comparison groups",
            "gate": "requirements",
            "track": "kinds of candidate",
            "hold": "hold",
            "mechanism": "kinds of body",
            "score": "score",
            "axis": "beside the score",
            "helper": "imputation",
        }
        return self._of_uses(lambda use: words[use.role])

    @cached_property
    def listed(self) -> frozenset[str]:
        """The indicators that count the events of a list: held of everybody, whose years without one have no number."""
        return frozenset(i for i, one in self.result.panel.dated.items() if one.rule.kind == "event")

    def held(self, iso3: str, indicator: str) -> bool:
        """Whether something is held of a country: a figure, or a list in which it may have no event."""
        return self.cells[iso3][indicator].known or indicator in self.listed

    @property
    def pillars(self) -> tuple[Pillar, ...]:
        return self.criteria.score.pillars if self.criteria.score else ()

    @cached_property
    def components(self) -> tuple[tuple[Pillar, Component], ...]:
        return tuple((p, c) for p in self.pillars for c in p.components)

    def looked_at(self, *rules: Node) -> tuple[str, ...]:
        """Every indicator some rules look at, in the order of the file, each once."""
        return tuple(dict.fromkeys(q.indicator for rule in rules for _, q in walk.node_quantities(rule)))

    def high_is_better(self, indicator: str) -> bool:
        """Whether more is better: as the score says, else as the series says; higher where neither is."""
        for _, component in self.components:
            if component.quantity.indicator == indicator:
                return component.better == "high"
        return self.sheets[indicator].better != "low"

    def peers_on(self, group: str, indicator: str) -> charts.Peers:
        """Where the peers lie on the strip of one indicator; the scale is that of the whole pool."""
        key = group, indicator
        if key not in self._peers:
            sheet = self.sheets[indicator]
            whole = [self.cells[c][indicator].value for c in self.pool]
            values = [self.cells[c][indicator].value for c in self.members.get(group, ())]
            self._peers[key] = charts.peers(values, sheet.lo, sheet.hi, self.high_is_better(indicator), whole)
        return self._peers[key]

    @cached_property
    def years(self) -> tuple[int, int]:
        """The years a trend shows: ten back from the newest year any figure in use describes; a status has no year."""
        told = self.result.panel.statuses
        last = max(
            (int(v.year) for c in self.cells.values() for i, v in c.items() if v.known and i not in told),
            default=self.result.as_of.year,
        )
        return last - YEARS_BACK, last

    def history(self, indicator: str) -> dict[str, dict[int, float]]:
        """iso3 -> year -> value as known at the as-of date, within `years`."""
        if indicator not in self._histories:
            frame = self.result.panel.history(indicator, self.result.as_of)
            frame = frame.loc[(frame.index >= self.years[0]) & (frame.index <= self.years[1])]
            self._histories[indicator] = {
                c: {
                    year: Located(x, self.at(c, f"values.{indicator}.history.{year}"))
                    for year, x in line.items()
                }
                for c, line in frame.to_dict().items()
            }
        return self._histories[indicator]

    def ranked(self, iso3: str) -> bool:
        return not math.isnan(self.rank[iso3])

    @cached_property
    def in_order(self) -> tuple[str, ...]:
        """Who is ranked, the first first."""
        return tuple(c for c in self.result.ranking.order if self.ranked(c))

    def open_tracks(self, iso3: str) -> tuple[Gate, ...]:
        """The kinds of candidate that a country of its group may be of."""
        return tuple(t for t in self.criteria.tracks if t.peer_group in ("", self.group[iso3]))

    @property
    def looked_back_to(self) -> date:
        """The day ten years before that of the run, from which on events are told."""
        today = self.result.as_of
        return date(today.year - YEARS_BACK, today.month, min(today.day, 28))

    def events(self, iso3: str) -> tuple[Event, ...]:
        """What the lists of events say happened in a country in these ten years, oldest first."""
        return self.result.panel.events(iso3, self.looked_back_to, self.result.as_of)
