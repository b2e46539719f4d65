"""What a dated list says of a country, in words: since when, or why nobody here can tell."""

from __future__ import annotations

import math
from datetime import date

from eligibility.data import lists
from eligibility.method.hold import Held
from eligibility.pages.facts import Facts
from eligibility.pages.phrases import PHRASES
from eligibility.pages.said import say
from eligibility.pages.wording import day, month, plain

# how an event begins that says who stood on a list, and nothing of the day they came onto it
FOUND = "listed_"


def status(facts: Facts, iso3: str, indicator: str) -> str | None:
    """A status as a table prints it: "party since 23 September 2008 (list to August 2024)"; None for other series.

    Of who only stands on somebody's list: "member on the list of 4 November 2022".
    """
    if indicator not in facts.result.panel.statuses:
        return None
    told, rule = of(facts, iso3, indicator), facts.result.panel.dated[indicator].rule
    if math.isnan(told.value):
        return f"unknown: {_why(told, rule, facts.result.as_of)}"
    said = plain(facts.sheets[indicator].class_name(told.value))
    if told.turned and told.turned.event.startswith(FOUND):  # since when nobody says
        return f"{said} on the list of {when(told.turned.date)}"
    since = f"since {when(told.turned.date)}" if told.turned else f"on {day(facts.result.as_of)}"
    # a row of a country may be later than the rest of the list
    reach = when(rule.as_of) if told.reach == rule.reach else day(told.reach)
    return f"{said} {since}" + (f" (list to {reach})" if told.reach < facts.result.as_of else "")


def told(facts: Facts, iso3: str, indicator: str) -> str | None:
    """The same, and of a list of events which there were in ten years: "25 July 2021 (list to January 2026)"."""
    if indicator not in facts.listed:
        return status(facts, iso3, indicator)
    listed, today, first = facts.result.panel.dated[indicator], facts.result.as_of, facts.looked_back_to
    found = ", ".join(when(event.date) for event in listed.within(iso3, first, today))
    older = f" (list to {when(listed.rule.as_of)})" if listed.rule.reach < today else ""
    return f"{found or f'none listed since {day(first)}'}{older}"


def of(facts: Facts, iso3: str, indicator: str) -> lists.Status:
    """What the list behind the indicator says of the country on the day of the run."""
    return facts.result.panel.dated[indicator].status(iso3, facts.result.as_of)


def _why(told: lists.Status, rule: lists.Standing, today: date) -> str:
    """Why a list cannot tell."""
    if told.doubt:
        return f"{words(told.doubt)} {at(told.doubt.date)}, on a day not known"
    if rule.found:
        return "the list names only those found"
    if rule.since and today < rule.since:
        return f"not open before {day(rule.since)}"
    if rule.reach < today:
        return f"the list ends {at(rule.as_of)}"
    if rule.complete_to:
        return f"the list is complete to {day(rule.complete_to)} only"
    return "the list is not complete"


def holds(facts: Facts, event: lists.Event) -> bool:
    """Whether the criteria name the kind of an event among those that hold."""
    rule = facts.criteria.hold
    return rule is not None and event.event in rule.kinds


def held(what: Held, today: date) -> str:
    """What holds a country on a day and until when: "coup on 26 July 2023; at least until 26 July 2025, and ..."."""
    event = what.event
    told = f"{words(event)} {at(event.date)} (source: {plain(event.source)})"
    until = f"at least until {day(what.until)}"
    if not (waits := what.waits(today)) or what.due is None:
        return f"{told}; {until}"
    figures = f"until every requirement is judged on figures of {what.year} or later"
    if waits == "figures":
        return f"{told}; {until}, and {figures}, due by {day(what.due)}"
    late = f"{figures}: they were due by {day(what.due)}, and not all are held"
    return f"{told}; {late}" if waits == "over" else f"{told}; {until}, and {late}"


def words(event: lists.Event) -> str:
    """The kind of an event in words.

    >>> words(lists.Event("NAM", "2022", "law_adopted", "", "")), words(lists.Event("AFG", "2021-08-15", "rebel-takeover", "", ""))
    ('law adopted', 'takeover by rebels')
    """
    phrase = f"review.kind.{event.event}"
    return say(phrase).text if phrase in PHRASES else plain(event.event.replace("_", " "))


def when(text: str) -> str:
    """A date as precise as it is known.

    >>> when("2016-09-21"), when("2016-09"), when("2016")
    ('21 September 2016', 'September 2016', '2016')
    """
    first, last = lists.span(text)
    return day(first) if first == last else month(first) if first.month == last.month else text


def at(text: str) -> str:
    """The same behind a verb.

    >>> at("2016-09-21"), at("2016-09")
    ('on 21 September 2016', 'in September 2016')
    """
    first, last = lists.span(text)
    return f"{'on' if first == last else 'in'} {when(text)}"
