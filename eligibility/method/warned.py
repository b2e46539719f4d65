"""What `eligibility check` says of criteria that have no problem; figures are read only where the default date matters."""

from __future__ import annotations

from datetime import date

from eligibility.data import sources
from eligibility.data.catalogue import catalogue, releases
from eligibility.errors import DataError, Problem
from eligibility.language import criteria
from eligibility.policy import walk
from eligibility.policy.model import Criteria


def warnings(ref: str) -> list[Problem]:
    """Thresholds by date that say nothing, or nothing new, at the default date, if there is one; whose medians count."""
    shelf = sources.shelf()
    policy = criteria.load(ref, catalogue(shelf))
    told = _by_date(ref, policy, shelf)
    if criteria.own_pool(policy):
        rule = "medians and percentiles are those of the countries it admits"
        hint = "narrowing it moves them; --only and --region show fewer and move nothing; a note only"
        told.append(Problem(ref, "pool", rule, hint=hint))
    return told


def _by_date(ref: str, policy: Criteria, shelf: tuple[sources.Source, ...]) -> list[Problem]:
    """Of thresholds by date, at the default date."""
    held = releases(shelf)
    released = {one.released for series in walk.indicators(policy) for one in held.get(series, ())}
    # the default date is one of these; which one only the figures know, and where none has a word they need not be asked
    if not any(_at(ref, policy, policy.in_force.nearest(day)) for day in released):
        return []
    from eligibility.method import run, vintages  # with pandas

    try:
        return _at(
            ref, policy, vintages.default_day(policy, run.held(policy, shelf, only=vintages.deciding(policy)))
        )
    except DataError:
        return []


def _at(ref: str, policy: Criteria, day: date) -> list[Problem]:
    found = {}
    for _, test in walk.judging(walk.at(policy, day)):
        if why := walk.unset(test.threshold, day) or walk.aged(test, day):
            hint = f"so at {day.isoformat()}, the default date; a warning only"
            found[test.line, why] = Problem(f"{ref}:{test.line}", test.path, why, hint=hint)
    return list(found.values())
