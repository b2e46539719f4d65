"""The last round, and what moved from it to a result: for pages that tell one round and where it comes from.

    year_before   the same criteria on the same figures one year earlier: the last round where none is named
    named         the last round somebody names, by any word that `eligibility diff` takes for its A
    NOTHING       no last round: nothing is compared

The last round is judged on published values alone, by the one evaluator without a draw, so it costs a fraction of a
round and no probability is known of it. It is named by criteria, date and run, never by where it lies.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from eligibility.analysis.compare import sides
from eligibility.analysis.compare.causes import Turn
from eligibility.analysis.compare.comparison import Comparison, between
from eligibility.analysis.compare.sides import Side
from eligibility.analysis.compare.steps import STEPS
from eligibility.data import lists, panel, sources
from eligibility.errors import DataError, Problem, UsageError
from eligibility.files import seal
from eligibility.language import criteria as language
from eligibility.method import run
from eligibility.method.result import Result
from eligibility.method.vintages import pinned
from eligibility.policy.words import OUTSIDE

OPTION, OFF = "--since", "none"
_ID, _RUN = re.compile(r"[a-z0-9][a-z0-9-]*\Z"), re.compile(r"[0-9a-f]{12}\Z")


@dataclass(frozen=True)
class Move:
    """One country in both rounds.

    status    then and now; `words.OUTSIDE` where it was not considered
    score     then and now, NaN for none
    parts     cause -> part of the change of score; empty where an end has no score or no cause can be told
    turned    the gates and tracks with another verdict, of a country considered in both
    admitted  the causes that decide in some order its coming in or going out, one where it decides in every order; none
              if neither or untold; listed: of the shortlist
    """

    status: tuple[str, str]
    score: tuple[float, float]
    parts: Mapping[str, float]
    turned: tuple[Turn, ...]
    admitted: tuple[str, ...]
    listed: tuple[str, ...]


@dataclass(frozen=True)
class Since:
    """The last round and what moved.

    word       what stands behind --since in the command, "" where no round was named
    as_of      its date; None where nothing is compared
    told       the comparison; None where there is no round to compare with
    before     the last round as judged now; None where it cannot be
    settings   the changes made to its criteria
    pins       the datasets it was told to use; run: the id it was sealed under; each empty where there is none
    why        why it cannot be judged, or not be run again; "" where it was
    same       whether it applies the same criteria file with the same changes
    """

    word: str = ""
    as_of: date | None = None
    told: Comparison | None = None
    before: Result | None = None
    settings: tuple[str, ...] = ()
    pins: tuple[str, ...] = ()
    run: str = ""
    why: str = ""
    same: bool = True

    @property
    def comparison(self) -> Comparison:
        """The comparison, of a round that there is to compare with."""
        assert self.told is not None
        return self.told

    @cached_property
    def entered(self) -> tuple[str, ...]:
        """Who came onto the shortlist, best first."""
        return self.comparison.changed("listed")[0]

    @cached_property
    def left(self) -> tuple[str, ...]:
        """Who was on the shortlist and is not."""
        return self.comparison.changed("listed")[1]

    @property
    def comparable(self) -> bool:
        """Whether both rounds admit countries or both only rank them, as an index does."""
        return self.comparison.a.index == self.comparison.b.index

    @cached_property
    def newly(self) -> tuple[str, ...]:
        """Who is admitted and was not, by ISO3; nobody where only one of the rounds admits."""
        return self.comparison.changed("admitted")[0] if self.comparable else ()

    @cached_property
    def no_longer(self) -> tuple[str, ...]:
        """Who was admitted and is not; nobody where only one of the rounds admits."""
        return self.comparison.changed("admitted")[1] if self.comparable else ()

    @cached_property
    def moves(self) -> dict[str, Move]:
        """iso3 -> its move, everybody considered in either round."""
        told, made = self.comparison, self.comparison.causes
        gained = made.gained.to_dict("index") if made else {}
        turns, decided = (made.turns, (made.admitted, made.listed)) if made else ({}, ({}, {}))
        ends = (told.a, told.b)
        statuses, scores = ([getattr(end, of).to_dict() for end in ends] for of in ("status", "score"))
        verdicts = [end.verdict.to_dict("index") for end in ends]
        nobody, out = dict.fromkeys(STEPS, float("nan")), {}
        for iso3 in told.countries:
            parts, by = gained.get(iso3, nobody), {turn.gate: turn.by for turn in turns.get(iso3, ())}
            out[iso3] = Move(
                tuple(of.get(iso3, OUTSIDE) for of in statuses),
                tuple(of.get(iso3, float("nan")) for of in scores),
                {s: parts[s] for s in STEPS if parts[s] == parts[s]},
                _turned(verdicts[0].get(iso3), verdicts[1].get(iso3), by, made is not None),
                *(of.get(iso3, ()) for of in decided),
            )
        return out

    @property
    def record(self) -> dict[str, Any] | None:
        """What a manifest says of the last round: enough to judge it again; None where nothing is compared."""
        if self.as_of is None:
            return None
        seal = {"as_of": self.as_of.isoformat(), "judged": self.told is not None, "why": self.why or None}
        if self.told is None:
            return seal
        end = self.told.a
        return seal | {
            "run": self.run or None,
            "criteria": {**end.criteria, "settings": list(self.settings)},
            "sources": [{"id": name, "sha256": sha256} for name, sha256 in end.sources],
        }


NOTHING = Since(word=OFF)


def _turned(
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    by: Mapping[str, tuple[str, ...]],
    whole: bool,
) -> tuple[Turn, ...]:
    """The gates and tracks that came out otherwise; none of a country that was not considered at an end.

    whole   both ends tell every gate and track; if not, only those that both tell are held against each other
    """
    if before is None or after is None:
        return ()
    was, now = (
        {g: word if isinstance(word, str) else "" for g, word in end.items()} for end in (before, after)
    )
    out = []
    for gate in dict.fromkeys([*now, *was]) if whole else [g for g in now if g in was]:
        a, b = was.get(gate, ""), now.get(gate, "")
        if a != b:
            out.append(Turn(gate, a, b, by.get(gate, ())))
    return tuple(out)


def year_before(result: Result) -> Since:
    """The same criteria on the same figures one year before; says why where that round cannot be judged."""
    return _on(result, lists.months_later(result.as_of, -12))


def _on(result: Result, day: date, word: str = "") -> Since:
    """The criteria and figures of a result at another day."""
    own = result.criteria
    earlier = Since(word, day, settings=own.settings)
    try:
        before = run.judge(own.drawing(0), result.panel, day)
    except (DataError, UsageError) as error:
        if word:
            raise UsageError(replace(problem, where=OPTION) for problem in error.problems) from None
        problem = error.problems[0]
        return replace(earlier, why="; ".join(x for x in (problem.rule, problem.hint) if x))
    return _compared(earlier, Side(word, before, ()), Side("", result, ()))


def named(result: Result, word: str, ref: str | Path, data: Path | None = None) -> Since:
    """The last round that a word names.

    word        a day, the folder of a sealed run, a criteria file or id, ids of datasets joined by commas; `none`
    ref, data   the criteria and the folder of data as `run.run` was given them
    Raises what `diff` raises for a word that means nothing, and UsageError for a round that is not an earlier one.
    """
    if word == OFF:
        return NOTHING
    shelf = pinned(sources.shelf(data), result.panel.reading.pins)
    said = sides.understood(word, OPTION, shelf)
    if said.sealed:
        return _sealed(result, said, shelf)
    if said.as_of:
        if said.as_of >= result.as_of:
            rule = f"must be before the date of the round, {result.as_of.isoformat()}"
            raise UsageError(Problem(OPTION, "date", rule, word))
        return _on(result, said.as_of, word)
    mine = pinned(shelf, said.pins)
    settings = () if said.ref else result.criteria.settings
    policy = language.load(said.ref or ref, panel.catalogue(mine), settings)
    reading = result.panel.reading.also(said.pins)
    before = sides.judged(word, policy.drawing(0), mine, result.as_of, reading)
    word = word if said.pins else Path(word).name  # an id, or a file named without its folder
    return _compared(Since(word, result.as_of, settings=settings, pins=said.pins), before,
                     Side("", result, shelf))  # fmt: skip


def _sealed(result: Result, said: sides.Said, shelf: tuple[sources.Source, ...]) -> Since:
    """A run on disk as the last round."""
    assert said.sealed is not None
    manifest, day = said.sealed.manifest, said.sealed.as_of
    own, id_ = manifest["criteria"], manifest.get("run")
    if not (isinstance(id_, str) and _RUN.match(id_)) or not _ID.match(str(own.get("id"))):
        where = str(said.sealed.folder / seal.MANIFEST)
        raise UsageError(Problem(where, "manifest", "must name the run and its criteria"))
    if day > result.as_of:
        rule = f"must be no later than the round, {result.as_of.isoformat()}"
        raise UsageError(Problem(OPTION, "date of the run", rule, day.isoformat()))
    word = f"{own['id']}-{day.isoformat()}"  # what the folder of such a run is called
    before = sides.again(replace(said, name=word), 0, shelf)
    told = Since(word, day, settings=said.sealed.settings, run=id_, why=before.why)
    return _compared(told, before, Side("", result, shelf))


def _compared(told: Since, before: Side, after: Side) -> Since:
    """The round with what moved since."""
    assert after.result is not None  # the round itself
    made, own = between(before, after), after.result.criteria
    same = (made.a.criteria["sha256"], told.settings) == (own.sha256, own.settings)
    return replace(told, told=made, before=before.result, same=same)
