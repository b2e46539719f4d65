"""The parts of a criteria file around its rules, held likewise: gates, peers, score, axes, holds, lists, uncertainty, cases."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from eligibility.files.strict_yaml import Steps
from eligibility.language.meaning import Scope, has_peers, quantity, rule
from eligibility.language.notes import (
    Notes,
    after,
    in_span,
    limits,
    listed_countries,
    repeated,
    span,
    successors,
)
from eligibility.language.shape import plain, readable
from eligibility.policy import model as policy
from eligibility.policy import walk, words
from eligibility.policy.limits import Shortlist

MOST_NODES = 200  # in one gate or track


def gate(notes: Notes, path: Steps, gate: policy.Gate, missing: words.Missing) -> policy.Gate | None:
    """A gate; a track or a kind of body: the same with a peer group."""
    id_, basis = str(path[-1]), notes.given((*path, "basis")) or ""
    tree = rule(notes, path, gate.rule, Scope("gate", missing, basis))
    if gate.peer_group and notes.peer_groups is not None and gate.peer_group not in notes.peer_groups:
        hint = notes.nearest(gate.peer_group, notes.peer_groups)
        notes.add((*path, "peer_group"), "unknown peer group", gate.peer_group, hint)
    if tree is None:
        return None
    size = sum(
        1 + (len(list(walk.metrics(n))) if isinstance(n, policy.Points) else 0) for n in walk.nodes(tree)
    )
    if size > MOST_NODES:
        notes.add(path, f"must have at most {MOST_NODES} tests and groups", size)
    return replace(gate, id=id_, rule=tree)


def peers(
    notes: Notes, groups: tuple[policy.PeerGroup, ...], missing: words.Missing
) -> tuple[policy.PeerGroup, ...]:
    """The peer groups; the last takes those who belong, for certain, to none before it."""
    others = [group.id for group in groups if group.rule is None]
    if groups and (len(others) != 1 or groups[-1].rule is not None):
        notes.add(("peers",), "must end with one group that is `otherwise`", ", ".join(others) or "none")
    scope = Scope("peers", missing)
    return tuple(
        replace(group, rule=group.rule and rule(notes, ("peers", group.id), group.rule, scope))
        for group in groups
    )


def score(notes: Notes, score: policy.Score) -> policy.Score:
    """The pillars on their scales."""
    at: Steps = ("score",)
    shares(notes, (*at, "pillars"), {each.id: each.weight for each in score.pillars}, score.weights)
    pillars = tuple(pillar(notes, (*at, "pillars", each.id), each, score.basis) for each in score.pillars)
    if notes.given((*at, "floor")) is None and min([score.power, *(each.power for each in pillars)]) <= 0:
        hint = "with a mean of power 0 or less one zero would take the whole score to zero"
        notes.add(at, "needs the key `floor`", hint=hint)
    return replace(score, pillars=pillars)


def pillar(notes: Notes, path: Steps, pillar: policy.Pillar, basis: str) -> policy.Pillar:
    """One pillar; what gives no basis of its own has the one around it."""
    basis, inside = pillar.basis or basis, (*path, "indicators")
    shares(notes, inside, {each.path: each.weight for each in pillar.components}, pillar.weights)
    made = []
    for part in pillar.components:
        at, sheet = (*inside, part.path), notes.sheet((*inside, part.path), part.path)
        if sheet is None:
            continue
        looked_at = quantity(notes, at, part.quantity, sheet)
        notes.ages.setdefault(part.path, {})[at] = notes.given((*at, "max_age"))
        scale(notes, (*at, "scale"), part.scale, sheet, looked_at)
        better = direction(notes, at, part.better, sheet)
        made.append(
            replace(part, path=readable(at), quantity=looked_at, better=better, basis=part.basis or basis)
        )
    return replace(pillar, basis=basis, components=tuple(made))


def shares(notes: Notes, path: Steps, weights: Mapping[str, float], rule_: str | None) -> None:
    """Notes weights that are missing or too many: each sibling has its own, or all are equal, which is 1."""
    for id_, weight in weights.items():
        given = notes.given((*path, id_, "weight")) is not None
        if rule_ == "equal" and given:
            notes.add((*path, id_, "weight"), "cannot be given where weights are equal", plain(weight))
        if rule_ is None and not given:
            notes.add((*path, id_), "needs the key `weight`", hint="or say `weights: equal` once, above")
    if sum(weights.values()) <= 0:
        notes.add(path, "must have weights that add up to more than zero", 0)


def direction(notes: Notes, path: Steps, said: str | None, sheet: Any) -> Any:
    """Which end is better: the source's word, which the file may repeat and may not contradict."""
    if sheet.better in ("high", "low"):
        if said and said != sheet.better:
            rule_ = f"contradicts the source, for which {sheet.better} is better"
            notes.add((*path, "better"), rule_, said, "reverse nothing here")
        return sheet.better
    if not said:
        notes.add(path, "needs the key `better`", hint="its source says neither high nor low is better")
    return said or "high"


def scale(notes: Notes, path: Steps, scale: policy.Scale, sheet: Any, looked_at: policy.Quantity) -> None:
    """Notes numbers of a scale that the quantity cannot reach."""
    at = (*path, scale.kind)
    if scale.goalposts:
        low, high = scale.goalposts
        if low == high:
            notes.add(at, "must differ", plain(low))
        elif low > high:
            notes.add(at, "must go from low to high", plain(low), "which end is better is the source's word")
        if scale.log and min(low, high) <= 0:
            notes.add(at, "must be above zero for a log scale", plain(min(low, high)))
        for position, number in enumerate((low, high)):
            in_span(notes, (*at, position), number, sheet, looked_at)
    elif scale.piecewise:
        if any(later <= earlier for (earlier, _), (later, _) in pairwise(scale.piecewise)):
            notes.add(at, "must have x ascending")
        for position, (x, y) in enumerate(scale.piecewise):
            in_span(notes, (*at, position, 0), x, sheet, looked_at)
            if not 0 <= y <= 1:
                notes.add((*at, position, 1), "must be from 0 to 1", y)
    elif scale.among == "peers":
        has_peers(notes, at)


def axis(notes: Notes, id_: str, axis: policy.Axis) -> policy.Axis:
    """Indicators shown beside the score."""
    at: Steps = ("axes", id_, "indicators")
    for position, indicator in enumerate(axis.indicators):
        notes.sheet((*at, position), indicator)
    notes.once(at, axis.indicators)
    for position, indicator in enumerate(axis.indicators if axis.confirmed else ()):
        sheet = notes.known.get(indicator)
        if sheet and not sheet.classes:
            hint = "`confirmed` counts what a dated list says of a country"
            notes.add((*at, position), "is a number and no status that could be found", indicator, hint)
    if axis.confirmed and axis.confirmed.at_least > len(axis.indicators):
        rule_ = f"must be at most {len(axis.indicators)}, as many as there are indicators"
        notes.add(("axes", id_, "confirmed", "at_least"), rule_, axis.confirmed.at_least)
    return replace(axis, id=id_)


def ideals(notes: Notes, tracks: Iterable[str]) -> None:
    """Notes where it is not plain which kinds of candidate are ideal: all say, or none does; one must be."""
    written = {id_: notes.given(("tracks", id_, "ideal")) for id_ in tracks}
    said = {id_: ideal for id_, ideal in written.items() if ideal is not None}
    for id_ in (id_ for id_ in written if said and id_ not in said):
        hint = "a track without the mark is ideal only where none has it"
        notes.add(("tracks", id_), "needs the key `ideal`, as the other tracks have it", hint=hint)
    if said and not any(said.values()):
        notes.add(("tracks",), "must have one track that is ideal", hint="else nobody can be eligible")


def hold(notes: Notes, hold: policy.Hold) -> policy.Hold:
    """Events after which a country is on hold; of kinds that their list knows."""
    at: Steps = ("hold",)
    sheet = notes.sheet((*at, "events"), hold.events)
    rule_ = getattr(sheet, "standing", None)
    if sheet is not None and (rule_ is None or rule_.kind != "event"):
        notes.add((*at, "events"), "must be a dated list of events", hold.events)
    elif rule_ is not None:
        known = (*rule_.begins, *rule_.ends, *rule_.also)
        for position, kind in enumerate(hold.kinds):
            if kind not in known:
                hint = notes.nearest(kind, known) or f"the list has {', '.join(known)}"
                notes.add((*at, "kinds", position), "is not a kind of event of this list", kind, hint)
    notes.once((*at, "kinds"), hold.kinds)
    return hold


def shortlist(notes: Notes, shortlist: Shortlist, known: Collection[str]) -> None:
    """Notes kinds that a list asks for and cannot have.

    known   the ids of tracks and kinds of body
    """
    for each in shortlist.at_least:
        at: Steps = ("shortlist", "at_least", each.id)
        if each.id not in known:
            hint = notes.nearest(each.id, known) or "a list can ask for kinds of candidate and of body only"
            notes.add(at, "must be the id of a track or a mechanism", each.id, hint, key=True)
        if each.n > shortlist.size:
            notes.add((*at, "n"), f"must be at most the size of the list, {shortlist.size}", each.n)


def flag(notes: Notes, id_: str, flag: policy.Flag) -> policy.Flag:
    """Countries marked by name."""
    path: Steps = ("flags", id_)
    listed_countries(notes, (*path, "countries"), flag.countries)
    begun = [each.in_force.since or date.min for each in flag.by_date]
    lists = tuple(
        marked(notes, (*path, "by_date", day.isoformat()), day, each, following)
        for day, each, following in zip(
            begun, flag.by_date, successors(notes, (*path, "by_date"), begun), strict=True
        )
    )
    return replace(flag, id=id_, by_date=lists)


def marked(
    notes: Notes, path: Steps, day: date, made: policy.Marked, following: date | None
) -> policy.Marked:
    """One list of a flag, in force until its own last day or the day before the next list."""
    listed_countries(notes, (*path, "countries"), made.countries)
    if made.of and made.of < len(made.countries):
        notes.add((*path, "of"), f"is less than the {len(made.countries)} listed", made.of)
    until = made.in_force.until
    if until:
        after(notes, (*path, "until"), day, until, following)
    last = until or (following and following - timedelta(days=1))
    return replace(
        made, in_force=policy.InForce(day, last), of=made.of if made.of > len(made.countries) else 0
    )


def uncertainty(
    notes: Notes, doubts: policy.Uncertainty, rules: Iterable[policy.Gate], score: policy.Score | None
) -> None:
    """Notes what cannot be honoured of the stated doubts; `rules` are the gates and tracks."""
    for indicator, sd in doubts.assumed_sd:
        at = ("uncertainty", "assumed_sd", indicator)
        sheet = notes.sheet(at, indicator)
        if sheet is not None and not isinstance(sd, policy.OfValue):
            low, high = span(sheet, policy.Quantity(indicator))
            if sd > high - low:
                notes.add(at, f"is wider than the range of {indicator}, {limits(low, high)}", plain(sd))
    if doubts.choices != policy.Choices():
        choices(notes, doubts.choices, score)
    if doubts.imputation:
        imputation(notes, doubts.imputation, rules, score)


def imputation(
    notes: Notes, filled: policy.Imputation, rules: Iterable[policy.Gate], score: policy.Score | None
) -> None:
    """Notes unknown helpers, and criteria that leave no gap that may be filled."""
    at: Steps = ("uncertainty", "imputation")
    for position, indicator in enumerate(filled.helpers):
        notes.sheet((*at, "helpers", position), indicator)
    notes.once((*at, "helpers"), filled.helpers)
    asked = [quantity.indicator for quantity in walk.imputable(rules, score)]
    sheets = [notes.known.get(indicator) for indicator in asked]
    if filled.shift and not any(
        sheet and not sheet.classes and sheet.better != "neither" for sheet in sheets
    ):
        notes.add((*at, "shift"), "moves nothing: of no number to impute is high or low better", filled.shift)
    if not notes.problems and all(sheet is None or sheet.classes for sheet in sheets):
        hint = "only numbers of the score, or of tests whose missing value is unknown, can be"
        notes.add(at, "has nothing to impute", hint=hint)


def choices(notes: Notes, choices: policy.Choices, score: policy.Score | None) -> None:
    """Notes what is left open in making the score and cannot be honoured."""
    at: Steps = ("uncertainty", "choices")
    if choices == policy.Choices(basis=choices.basis):
        notes.add(at, "must leave something open", hint="weights, aggregation, scales or leave_out")
    if score is None:
        if notes.given(("score",)) is None:  # or one that is broken was left out
            notes.add(at, "needs a score to leave open", hint="add `score:` or remove the choices")
        return
    for position, power in repeated(choices.powers):
        said = notes.given((*at, "aggregation", position))
        notes.add(
            (*at, "aggregation", position), "is listed twice", said if isinstance(said, str) else f"{power=}"
        )
    notes.once((*at, "scales"), choices.scales)
    if choices.powers and score.power not in choices.powers:
        notes.add(
            (*at, "aggregation"), "must hold the score's own", f"power {plain(score.power)} is not there"
        )
    if choices.scales and "stated" not in choices.scales:
        notes.add((*at, "scales"), "must hold `stated`", ", ".join(choices.scales), "the score's own scales")
    if not score.floor and min(choices.powers, default=1.0) <= 0:
        hint = "with a mean of power 0 or less one zero would take the whole score to zero"
        notes.add((*at, "aggregation"), "needs the key `floor` in the score", hint=hint)
    if choices.weights and choices.weights.kind == "between":
        weights(notes, (*at, "weights"), choices.weights, [pillar.id for pillar in score.pillars])


def weights(notes: Notes, at: Steps, weights: policy.Weights, ids: list[str]) -> None:
    """Notes limits and an order of the pillars that no weights can meet."""
    before = len(notes.problems)
    for id_ in (id_ for id_, *_ in weights.between if id_ not in ids):
        notes.add((*at, "between", id_), "unknown pillar", id_, notes.nearest(id_, ids), key=True)
    for position, id_ in enumerate(weights.order):
        if id_ not in ids:
            notes.add((*at, "order", position), "unknown pillar", id_, notes.nearest(id_, ids))
    notes.once((*at, "order"), weights.order)
    for id_, low, high in weights.between:
        if low > high:
            notes.add((*at, "between", id_), "must go from low to high", f"{plain(low)} to {plain(high)}")
    if len(notes.problems) == before and not possible(weights, ids):
        notes.add(at, "no weights that add up to 1 keep to these limits and this order")


def possible(weights: policy.Weights, ids: list[str]) -> bool:
    """Whether some shares that add up to 1 keep to the limits and the order.

    The least every pillar may have (no less than any behind it) and the most (no more than any before it)
    must lie on both sides of 1; between the two the shares move from one to the other without leaving.
    """
    said = {id_: (low, high) for id_, low, high in weights.between}
    low, high = ({id_: said.get(id_, (0.0, 1.0))[end] for id_ in ids} for end in (0, 1))
    for heavier, lighter in reversed(list(pairwise(weights.order))):
        low[heavier] = max(low[heavier], low[lighter])
    for heavier, lighter in pairwise(weights.order):
        high[lighter] = min(high[lighter], high[heavier])
    fits = all(low[id_] <= high[id_] for id_ in ids)
    return fits and math.fsum(low.values()) <= 1 <= math.fsum(high.values())


def cases(
    notes: Notes,
    written: Collection[policy.CountryCase | policy.SeriesCase],
    gates: Mapping[str, policy.InForce],
    tracks: Mapping[str, policy.InForce],
    scored: bool,
    whole: policy.InForce,
) -> tuple[policy.CountryCase | policy.SeriesCase, ...]:
    """The tests written in the file; every gate and track they name exists and is in force at their date.

    gates, tracks   id -> when it is in force; whole: when the set is
    """
    names: set[str] = set()
    for position, case in enumerate(written):
        at = ("cases", position)
        if case.name in names:
            notes.add((*at, "name"), "is the name of another case too", case.name)
        names.add(case.name)
        if isinstance(case, policy.SeriesCase):
            series_case(notes, at, case, scored)
        else:
            country_case(notes, at, case, gates, tracks, whole)
    return tuple(written)


def country_case(
    notes: Notes,
    at: Steps,
    case: policy.CountryCase,
    gates: Mapping[str, policy.InForce],
    tracks: Mapping[str, policy.InForce],
    whole: policy.InForce,
) -> None:
    """Notes what a case names that is not there at its date."""
    if not whole.holds(case.as_of):
        notes.add((*at, "as_of"), f"the set is {whole} only", case.as_of.isoformat())
    for key, words_ in case.expect:
        kind, _, id_ = key.partition(":")
        what, known = ("gate", gates) if id_ else ("track", tracks)
        place = (*at, "expect", "gates", id_) if id_ else (*at, "expect", key)
        for value in (id_,) if id_ else () if kind == "status" else words_:
            if value not in known:
                notes.add(place, f"unknown {what}", value, notes.nearest(value, known), key=bool(id_))
            elif not known[value].holds(case.as_of):
                notes.add(place, f"the {what} is {known[value]} only", case.as_of.isoformat())


def series_case(notes: Notes, at: Steps, case: policy.SeriesCase, scored: bool) -> None:
    """Notes why a score cannot be held against a series, whose range says what a score of 0 and of 1 are."""
    if not scored:
        notes.add((*at, "series"), "needs a score to hold against it", case.series, "add `score:`")
    sheet = notes.sheet((*at, "series"), case.series)
    if sheet is not None:
        low, high = span(sheet, policy.Quantity(case.series))
        if sheet.classes or not math.isfinite(high - low):
            notes.add((*at, "series"), "must be numbers of a range with two ends", case.series)
    first, last = case.years
    for position, each in enumerate(case.exempt):
        if each.years[0] < first or each.years[1] > last:
            rule_ = f"is outside the years of the case, {first} to {last}"
            notes.add((*at, "except", position, "years"), rule_, f"{each.years[0]} to {each.years[1]}")
