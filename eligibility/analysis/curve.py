"""The specification curve: how the countries a source names come out under every other reading of the criteria.

Each gate, track and score is judged once in each of its readings by the evaluator of the engine, and the readings are then
combined: a hundred thousand rules cost a hundred evaluations (Simonsohn, Simmons and Nelson 2020, Nature Human
Behaviour 4).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from eligibility.data import panel
from eligibility.errors import CriteriaError, Problem
from eligibility.language import criteria as language
from eligibility.language.variants import Variants
from eligibility.method import hold, rounds, vintages
from eligibility.method.evaluate import CONDITIONAL, STATUS, WORDS, Judge, together
from eligibility.method.rank import ranks
from eligibility.method.score import build
from eligibility.policy import walk
from eligibility.policy.model import CountryCase, Criteria, Quantity

MOST = 160_000  # readings: memory is a few bytes for each and country
Owner = tuple[str, str]  # ("gate", id), ("track", id) or ("score", "")


@dataclass(frozen=True)
class Curve:
    """What became of the named countries under every reading; shares are of `readings`.

    names       the cases: countries with an expected status, all at `as_of`
    readings    combinations of all choices that decide who is admitted
    right       readings by how many names come out as expected, 0 to len(names)
    by_name     iso3 -> share of readings in which it does
    titles      choice -> what is chosen
    by_option   choice, option, right (share of the readings with that option in which all names do), admitted (mean); last the
                choices of a hold or of which kinds are ideal, each tried with all readings and not counted among them
    pool        countries considered; admitted: as written, and the least, middle and most of the readings in which all names do
    written     how many names come out as expected as the set is written
    patterns    different lists of admitted countries among the readings in which all names come out
    others      other sets of as many countries, as many expected in and out, that the set as written sorts as well
    chance      the share such sets are of all there are: what a rule that admitted as many at random would do
    listed      iso3 -> share of those readings, each with every score, that shortlist it; kept: mean number of the shortlist as
                written that they keep; empty and NaN without a shortlist
    """

    as_of: date
    names: tuple[CountryCase, ...]
    readings: int
    right: tuple[int, ...]
    by_name: pd.Series
    titles: Mapping[str, str]
    by_option: pd.DataFrame
    pool: int
    admitted: tuple[int, int, int, int]
    written: int
    patterns: int
    others: int
    chance: float
    listed: pd.Series
    kept: float
    shortlist: int

    @property
    def share(self) -> float:
        """Share of readings in which every name comes out as expected."""
        return self.right[-1] / self.readings


def named(policy: Criteria) -> tuple[CountryCase, ...]:
    """The cases that expect a status of a country, of the date most of them have; one a country."""
    found = [
        c for c in policy.cases if isinstance(c, CountryCase) and any(key == "status" for key, _ in c.expect)
    ]
    if not found:
        return ()
    (day, _), *_ = Counter(c.as_of for c in found).most_common(1)
    return tuple({c.country: c for c in reversed(found) if c.as_of == day}.values())[::-1]


def curve(
    ref: str, policy: Criteria, variants: Variants, shelf: panel.Shelf, reading: panel.Reading = panel.NEWEST
) -> Curve | None:
    """The specification curve of a set on the figures of a shelf; None where its cases expect no status of anybody.

    ref, policy   the set as a command names it, and as it was read
    raises        CriteriaError where an option cannot be honoured or changes who is considered
    """
    names = named(policy)
    if not names:
        return None
    as_of = names[0].as_of
    policy = walk.at(policy, as_of)
    world = _World(ref, policy, variants, panel.catalogue(shelf), as_of)
    figures = panel.load(world.indicators, shelf, "unknown", reading)
    figures = vintages.chosen(policy, figures, as_of).figures
    cells, groups, _ = rounds.placed(policy, figures, as_of)
    centre = hold.point(policy, cells, world.quantities)
    judge = Judge(centre, groups.to_numpy(), as_of)
    judged = {
        owner: np.concatenate([judge.gate(_part(made, owner)) for made in world.made(owner)])
        for owner in world.touched
        if owner[0] != "score"
    }
    deciding = [k for k in range(len(variants.choices)) if any(k in world.touched[o] for o in judged)]
    sizes = [len(variants.choices[k].options) for k in deciding]
    if (n := math.prod(sizes)) > MOST:
        rule = f"must make at most {MOST:,} combinations that decide who is admitted"
        raise CriteriaError(Problem(variants.name, "choices", rule, f"{n:,}", "leave options out"))
    option = dict(zip(deciding, np.indices(sizes).reshape(len(sizes), -1), strict=True))

    def verdicts(owner: Owner) -> np.ndarray:
        mine = world.touched[owner]
        if not mine:
            return np.broadcast_to(judged[owner][0], (n, len(cells.countries)))
        shape = [len(variants.choices[k].options) for k in mine]
        return judged[owner][np.ravel_multi_index([option[k] for k in mine], shape)]

    gates = {gate.id: verdicts(("gate", gate.id)) for gate in policy.gates}
    tracks = {track.id: verdicts(("track", track.id)) for track in policy.tracks}
    points = [
        build(made.score, centre, groups.to_numpy()).score[0] for made in world.made(("score", "")) if made.score
    ] if policy.score else []  # fmt: skip
    scored = ~np.isnan(points[0]) if points else np.zeros(len(cells.countries), bool)
    found = together(policy, gates, tracks, scored, centre.held)
    status = found.status
    holds = np.stack([_holds(case, cells.countries, status, gates, tracks) for case in names], axis=1)
    inside = found.admitted
    all_hold = np.asarray(holds.all(axis=1))
    rows, times = np.unique(inside[all_hold], axis=0, return_counts=True)
    listed, kept = _listed(points, rows, times, inside[0], policy.shortlist)
    some = inside[all_hold].sum(axis=1)
    spread = (int(some.min()), int(np.median(some)), int(some.max())) if len(some) else (0, 0, 0)
    others, chance = _others(names, status[0])

    mine = [k for k, iso3 in enumerate(cells.countries) if iso3 in {case.country for case in names}]
    named_here = tuple(cells.countries[k] for k in mine)
    of_named = ({k: v[:, mine] for k, v in gates.items()}, {k: v[:, mine] for k, v in tracks.items()})
    many = inside.sum(axis=1)

    def beside(settings: tuple[str, ...]) -> tuple[float, float]:
        """In what share of the readings all names come out with another hold or other ideal kinds, and how many are admitted."""
        if not settings:
            return float(all_hold.mean()), float(many.mean())
        made = world.of(settings)
        told = found if _ideal(made) == _ideal(policy) else together(made, gates, tracks, scored)
        held = hold.point(made, cells, ()).held
        told = told._replace(held=held)
        few = told._replace(
            ideal=told.ideal[:, mine], whole=told.whole[:, mine], held=None if held is None else held[mine]
        )
        right = np.logical_and.reduce([_holds(case, named_here, few.status, *of_named) for case in names])
        return float(right.mean()), float(told.admitted.sum(axis=1).mean())

    by_option = _by_option(variants, option, all_hold, many) + [
        (choice.id, name, *beside(settings))
        for choice in (variants.choices[k] for k in world.beside)
        for name, settings in choice.options
    ]
    index = pd.Index(cells.countries, name="iso3")
    return Curve(
        as_of=as_of,
        names=names,
        readings=n,
        right=tuple(np.bincount(holds.sum(axis=1), minlength=len(names) + 1).tolist()),
        by_name=pd.Series(holds.mean(axis=0), index=[case.country for case in names]),
        titles={choice.id: choice.title for choice in variants.choices},
        by_option=pd.DataFrame(by_option, columns=["choice", "option", "right", "admitted"]),
        pool=len(index),
        admitted=(int(inside[0].sum()), *spread),
        written=int(holds[0].sum()),
        patterns=len(rows),
        others=others - int(holds[0].all()),
        chance=chance,
        listed=pd.Series(listed, index=index) if len(listed) else pd.Series(dtype=float),
        kept=kept,
        shortlist=policy.shortlist,
    )


class _World:
    """The criteria in every reading that is needed: each part with every combination of the choices that touch it."""

    def __init__(
        self, ref: str, policy: Criteria, variants: Variants, catalogue: Mapping[str, Any], as_of: date
    ):
        self.policy, self.variants, self.read = policy, variants, language.opened(ref, catalogue)
        self.as_of = as_of
        self._loaded: dict[tuple[str, ...], Criteria] = {(): policy}
        self.owners: list[Owner] = [("gate", g.id) for g in policy.gates]
        self.owners += [("track", t.id) for t in policy.tracks]
        self.owners += [("score", "")] if policy.score else []
        self.touched: dict[Owner, list[int]] = {owner: [] for owner in self.owners}
        self.beside: list[int] = []  # choices of a hold or of which kinds are ideal
        for k, choice in enumerate(variants.choices):
            owners = {
                o for name, settings in choice.options for o in self._changed(choice.id, name, settings)
            }
            if any(_marks(self.of(settings)) != _marks(policy) for _, settings in choice.options):
                if owners:
                    rule = "must change a hold or which kinds are ideal, or else gates, tracks and score"
                    raise CriteriaError(Problem(variants.name, f"choices.{choice.id}", rule))
                self.beside.append(k)
            for owner in owners:
                self.touched[owner].append(k)
        for owner in self.owners:
            self.made(owner)

    def made(self, owner: Owner) -> list[Criteria]:
        """The criteria of every combination of the choices that touch a part, the last choice changing fastest."""
        of = [[settings for _, settings in self.variants.choices[k].options] for k in self.touched[owner]]
        return [self.of(tuple(s for settings in combined for s in settings)) for combined in product(*of)]

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Everything any reading looks at."""
        return tuple(dict.fromkeys(q for made in self._loaded.values() for q in rounds.asked(made)))

    @property
    def indicators(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(i for made in self._loaded.values() for i in walk.indicators(made)))

    def of(self, settings: tuple[str, ...]) -> Criteria:
        """The criteria with these settings."""
        if settings not in self._loaded:
            made = self.read((*self.policy.settings, *settings))
            self._loaded[settings] = walk.at(made, self.as_of)
        return self._loaded[settings]

    def _changed(self, choice: str, name: str, settings: tuple[str, ...]) -> list[Owner]:
        """The parts an option changes; refused where it changes anything else."""
        made, own = self.of(settings), self.policy
        back: dict[str, Any] = {"gates": own.gates, "tracks": own.tracks, "score": own.score, "settings": own.settings,
                "uncertainty": own.uncertainty, "written": own.written, "hold": own.hold}  # fmt: skip
        if replace(made, **back) != own or [g.id for g in made.gates] != [g.id for g in own.gates]:
            rule = "may change gates, tracks, score and hold only"
            raise CriteriaError(Problem(self.variants.name, f"choices.{choice}.options.{name}", rule))
        return [owner for owner in self.owners if _part(made, owner) != _part(own, owner)]


def _part(policy: Criteria, owner: Owner) -> Any:
    """A gate, a track without its mark, or the score of a policy."""
    kind, key = owner
    if kind == "score":
        return policy.score
    if kind == "track":
        return next(replace(track, ideal=True) for track in policy.tracks if track.id == key)
    return next(part for part in policy.gates if part.id == key)


def _marks(policy: Criteria) -> tuple[Any, ...]:
    """What a policy says of a hold and of which kinds are ideal."""
    return policy.hold, *_ideal(policy)


def _ideal(policy: Criteria) -> tuple[tuple[str, bool], ...]:
    """Which kinds are ideal."""
    return tuple((track.id, track.ideal) for track in policy.tracks)


def _holds(
    case: CountryCase,
    countries: tuple[str, ...],
    status: np.ndarray,
    gates: dict[str, np.ndarray],
    tracks: dict[str, np.ndarray],
) -> np.ndarray:
    """In which readings a case comes out as it expects; never for a country that is not considered."""
    if case.country not in countries:
        return np.zeros(len(status), bool)
    i, out = countries.index(case.country), np.ones(len(status), bool)
    for key, wanted in case.expect:
        if key == "status":
            out &= np.isin(status[:, i], [STATUS.index(word) for word in wanted])
        elif key in ("track", "not_track"):
            fits = [tracks[t][:, i] >= CONDITIONAL for t in wanted]
            out &= np.logical_and.reduce(fits if key == "track" else [~f for f in fits])
        else:
            verdict = gates[key.removeprefix("gate:")][:, i]
            out &= np.isin(verdict, [WORDS.index(word) for word in wanted])
    return out


def _listed(
    points: list[np.ndarray], rows: np.ndarray, times: np.ndarray, written: np.ndarray, size: int
) -> tuple[np.ndarray, float]:
    """How often each country is shortlisted over lists of admitted countries and scores; how many as written stay."""
    if not points or not size or not len(rows):
        return np.zeros(0), np.nan

    def shortlist(score: np.ndarray, admitted: np.ndarray) -> np.ndarray:
        place = ranks(np.broadcast_to(score, admitted.shape), admitted)
        return (place > 0) & (place <= size)

    now = shortlist(points[0], written[None, :])[0]
    found = [shortlist(score, rows) for score in points]
    weight = times[:, None] / (times.sum() * len(points))
    share: np.ndarray = np.add.reduce([(one * weight).sum(axis=0) for one in found])
    return np.round(share, 12), float(np.round(share[now].sum(), 9))


def _others(names: Iterable[CountryCase], status: np.ndarray) -> tuple[int, float]:
    """How many sets of countries, as many with each expectation of status, come out so, and their share of all."""
    wanted = Counter(dict(case.expect)["status"] for case in names)
    fits, whole, left = 1, 1, len(status)
    for words, count in wanted.items():
        have = int(np.isin(status, [STATUS.index(word) for word in words]).sum())
        fits, whole, left = fits * math.comb(have, count), whole * math.comb(left, count), left - count
    return fits, fits / whole if whole else math.nan


def _by_option(
    variants: Variants, option: Mapping[int, np.ndarray], all_hold: np.ndarray, admitted: np.ndarray
) -> list[tuple[str, str, float, float]]:
    """Each option of each deciding choice: how often all names come out with it, and how many it admits."""
    rows = []
    for k, chosen in option.items():
        choice = variants.choices[k]
        for position, (name, _) in enumerate(choice.options):
            mine = chosen == position
            rows.append((choice.id, name, float(all_hold[mine].mean()), float(admitted[mine].mean())))
    return rows
