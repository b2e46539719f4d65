"""What `review --format json` says, key by key, as contract.py says it of a result.

    Review ── sources, base_rates, teach
           └─ pilots ── events, changes, not_its_doing, not_seen, dates, comparison

A key that is not here is refused by the schema, at every level; a key that is new gets a new version.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from typing_extensions import TypedDict  # that of Python 3.12: pydantic reads no older one

from eligibility import contract_parts
from eligibility.contract_parts import Cause, Chance, Closed, Count, Criteria, Day, Iso3, Sha256, means

Version = Literal["1.1"]
VERSION: Version = get_args(Version)[0]

Colour = Literal["red", "amber", "clear", "open"]
Reason = Literal["event", "fall", "class", "drop", "several"]
Stage = Literal["talks", "agreed", "running", "ended"]
Coming = Literal[
    "review", "vehicle-review", "election", "can-end-alone", "money-secured", "ask-renewal", "ends"
]


# A table: a key, its type and its meaning a line.
# fmt: off
class Read(Closed):
    """One dataset that was read."""

    id: Annotated[str, means("as `eligibility data list` names it")]
    sha256: Annotated[Sha256, means("of its compiled values")]


class Event(Closed):
    """What happened to a pilot or its host since it began."""

    on: Annotated[str, means("day, month or year, as precisely as its source says")]
    kind: Annotated[str, means("of the register or of the list of seizures of power")]
    source: Annotated[str, means("the page it was read on")]
    note: Annotated[str, means("what else is known; empty for nothing")]
    of: Annotated[Literal["register", "list"], means("which of the two names it")]
    sounds: Annotated[bool, means("whether it turns the pilot red; a failed attempt does not")]


Change = TypedDict(
    "Change",
    {
        "series": Annotated[str, means("FAMILY.NAME")],
        "from": Annotated[int, means("of electoral democracy the best year since the start, else the start")],
        "was": Annotated[float | None, means("its value in that year")],
        "to": Annotated[int, means("the newest year out by the day")],
        "is": Annotated[float | None, means("its value in that year")],
        "error_of_change": Annotated[float | None, means("one standard error of the change; 0: the same estimate")],
        "errors": Annotated[float | None, means("the size of the change in its standard errors; 0: the same estimate")],
        "worse": Annotated[bool, means("whether it is clearly worse, so that it counts for a colour")],
    },
)
contract_parts.closed(Change, "One figure at the start and now.")


class Turn(Closed):
    """A gate or track whose verdict is another than on the first day."""

    gate: Annotated[str, means("its id")]
    was: Annotated[str, means("the verdict on the first day")]
    now: Annotated[str, means("the verdict now")]
    by: Annotated[list[Cause], means("the causes that settle it in some order, one where it does in every; none where it cannot be told")]


class Moved(Closed):
    """How verdict and score moved since the first day, split by cause; no part of it colours."""

    status: Annotated[list[str], means("on the first day and now; `not-considered`: not among the candidates")]
    score_gained: Annotated[dict[Cause, float | None], means("by cause; empty where an end has no score")]
    turns: Annotated[list[Turn], means("gates and tracks with another verdict")]


class Unseen(Closed):
    """How far a release tells of a pilot's indicators."""

    source: Annotated[str, means("the dataset")]
    series: Annotated[list[str], means("those it answers for")]
    last: Annotated[int, means("the last year held")]
    due: Annotated[Day, means("the day by which the next year is out")]


class Ahead(Closed):
    """A day to come or gone by."""

    what: Annotated[Coming, means("which day of the register")]
    day: Annotated[Day | None, means("null: the register does not name it")]
    days: Annotated[int | None, means("how far off it is; below 0: gone by")]


class Near(Closed):
    """A country near to a pilot."""

    iso3: Annotated[Iso3, means("ISO 3166 code")]
    distance: Annotated[float, means("in standard deviations of the candidates, by `teach.rule`")]


class Compared(Closed):
    """Whom a country is to be compared with, fixed on a day."""

    iso3: Annotated[Iso3, means("the country of the pilot")]
    day: Annotated[Day, means("of the figures it rests on: the first day of a pilot that has begun")]
    peer_group: Annotated[str | None, means("its peer group on that day; null where the criteria have none")]
    names: Annotated[list[Iso3], means("those that count")]
    fixed_by_register: Annotated[bool, means("whether the register names them, not the rule")]
    nearest: Annotated[list[Near], means("those the rule finds, nearest first")]
    sha256: Annotated[Sha256, means("of what is fixed: rule, country, day and names")]


class Own(Closed):
    """A figure of the body's own field, to hold later ones against."""

    what: Annotated[str, means("of what")]
    before: Annotated[float | None, means("its value before the start; null: still to be collected")]
    unit: Annotated[str | None, means("in which it is counted")]
    year: Annotated[int | None, means("of which year")]
    source: Annotated[str | None, means("where it is written")]


Pilot = TypedDict(
    "Pilot",
    {
        "id": Annotated[str, means("country, kind of body, year of its beginning")],
        "iso3": Annotated[Iso3, means("ISO 3166 code of the host")],
        "name": Annotated[str, means("of the host")],
        "kind": Annotated[str, means("an id under `mechanisms`")],
        "stage": Annotated[Stage, means("by the register")],
        "colour": Annotated[Colour, means("`clear`: no limit reached; `open`: no figure since it began")],
        "reasons": Annotated[list[Reason], means("every reason there is, the heaviest first")],
        "events": Annotated[list[Event], means("since it began, oldest first")],
        "measured_from": Annotated[int | None, means("the last year over when it began; null: not begun")],
        "changes": Annotated[list[Change], means("electoral democracy, then the seven indicators, those held")],
        "indicators_worse": Annotated[Count, means("how many of the seven indicators are clearly worse")],
        "class": Annotated[list[str] | None, means("highest type of regime since the start, and the newest; null where not held")],
        "not_its_doing": Annotated[Moved | None, means("null where `not_split` says why")],
        "not_split": Annotated[str | None, means("why verdict and score cannot be split")],
        "not_seen": Annotated[list[Unseen], means("the oldest first")],
        "dates": Annotated[list[Ahead], means("days known in order, then those the register does not name")],
        "outcomes": Annotated[list[Own], means("of the register: figures from before its start")],
        "comparison": Annotated[Compared | None, means("null where no day can be judged")],
    },
)
contract_parts.closed(Pilot, "One pilot of the register.")


class Share(Closed):
    """A share with both its counts."""

    n: Annotated[Count, means("how many")]
    of: Annotated[Count, means("of how many")]
    share: Annotated[Chance | None, means("the share that is; null: of none")]
    low: Annotated[Chance | None, means("lower end of its 90 % range, from samples of countries; null: of none")]
    high: Annotated[Chance | None, means("upper end of it")]


class Shares(Closed):
    """How often a signal sounded and was right."""

    sounded: Annotated[Share, means("of pilots")]
    caught: Annotated[Share, means("of pilots that lost ground")]
    ahead: Annotated[Share, means("of pilots that lost ground: a year or more before")]
    false: Annotated[Share, means("of pilots that lost nothing")]
    right: Annotated[Share, means("of alarms")]


class Rate(Closed):
    """How often one signal sounded in past pilots, and how often it was right."""

    truth: Annotated[Literal["V-Dem", "Freedom House"], means("who judges")]
    signal: Annotated[str, means("red, red by figures, red or amber, a plain fall of 0.05, an event alone")]
    runs: Annotated[Count, means("pilots of five years")]
    countries: Annotated[Count, means("in how many countries")]
    first: Annotated[int, means("the year of the first that began")]
    last: Annotated[int, means("the year of the last")]
    lost: Annotated[Count, means("pilots that lost ground")]
    sounded: Annotated[Count, means("pilots in which it sounded")]
    caught: Annotated[Count, means("pilots that lost ground in which it sounded")]
    ahead: Annotated[Count, means("those in which it did a year or more before the figures showed the loss")]
    false: Annotated[Count, means("pilots that lost nothing in which it sounded")]
    noise: Annotated[Chance | None, means("share of simulations in which nothing changes; null: not simulated")]
    lead: Annotated[float | None, means("of those caught, median years from the alarm to the loss in the figures; null: not known")]
    shares: Shares


class Rates(Closed):
    """Past alarms, as they ship."""

    criteria: Annotated[str, means("id and version of the set that chose the pilots")]
    rows: Annotated[list[Rate], means("by truth and signal")]


class Effect(Closed):
    """The smallest effect that so many pilots would show."""

    pilots: Annotated[Count, means("how many")]
    others: Annotated[Count, means("countries beside them")]
    effect: Annotated[float | None, means("on the scale of the outcome; null: no change is held yet")]


class Outcome(Closed):
    """What a body against impunity is to move, and how much it normally moves."""

    series: Annotated[str, means("FAMILY.NAME")]
    sd_of_five_years: Annotated[float | None, means("standard deviation of five-year changes of candidates")]
    changes: Annotated[Count, means("how many changes that rests on")]
    smallest_effect: Annotated[list[Effect], means("by number of pilots")]


class Running(Closed):
    """What the pilots that run could show together."""

    pilots: Annotated[Count, means("countries with one that runs")]
    others: Annotated[Count, means("countries they are compared with")]
    effects: Annotated[list[float | None], means("in the order of `outcomes`")]


class Teach(Closed):
    """What pilots can teach."""

    outcomes: Annotated[list[Outcome], means("of an index each")]
    running: Annotated[Running | None, means("null where none runs")]
    rule: Annotated[str, means("by which countries are compared")]
    candidates: Annotated[list[Compared], means("the shortlist of the day without the pilots")]
    nobody_near: Annotated[list[Iso3], means("candidates without a country to compare with")]


class Review(Closed):
    """The review of a register of pilots on a day."""

    schema_version: Annotated[Version, means("of this description")]
    on: Annotated[Day, means("the day of the review")]
    criteria: Criteria
    reading: Annotated[str, means("which years were read, and which publishers are behind")]
    register: Annotated[Sha256 | None, means("of the register's bytes; null: none was given")]
    revised_since: Annotated[bool, means("whether a release is read that came out after the day")]
    sources: Annotated[list[Read], means("every dataset read, by id")]
    alarmed: Annotated[Count, means("pilots that are red and have not ended")]
    pilots: Annotated[list[Pilot], means("in the order of the register")]
    base_rates: Rates
    teach: Teach


class Again(Closed):
    """One review of a past body made again."""

    on: Annotated[Day, means("its day")]
    colour: Annotated[Colour, means("as it would have been")]
    reasons: Annotated[list[Reason], means("every reason there is, the heaviest first")]
    status: Annotated[str, means("of the host on that day; empty where it was no candidate")]
    measured_from: Annotated[int | None, means("the last year over when the body began")]
    changes: Annotated[list[Change], means("electoral democracy, then the seven indicators, those held")]
    indicators_worse: Annotated[Count, means("how many of the seven indicators are clearly worse")]
    then: Annotated[list[str], means("datasets read that were out by the day")]
    later: Annotated[list[str], means("datasets read that came out after it")]


class Beside(Closed):
    """What a figure of the host did beside the mean of the countries it was to be compared with."""

    series: Annotated[str, means("FAMILY.NAME")]
    years: Annotated[list[int], means("the first and the last that are compared")]
    host: Annotated[list[float], means("of the host, in both")]
    others: Annotated[list[float], means("mean of the others, in both")]
    n: Annotated[Count, means("how many others")]
    gap: Annotated[float, means("how much more the host's rose")]
    least: Annotated[float | None, means("the smallest difference that would show; null: not known")]


class PastBody(Closed):
    """The reviews of a past body made again: `pilots history BODY --format json`."""

    body: Annotated[str, means("what it is called")]
    iso3: Annotated[Iso3, means("ISO 3166 code of the host")]
    on: Annotated[Day, means("the day of the last review")]
    reviews_made: Annotated[Count, means("how many reviews were made again")]
    reviews_of_later_figures: Annotated[Count, means("those that read a release that came out after their day")]
    years_before_end: Annotated[float | None, means("how long before the end the first alarm came; null: none, or no end")]
    years_after_end: Annotated[float | None, means("how long after the end figures would first have been red; null: never, or no end")]
    reviews: Annotated[list[Again], means("the oldest first")]
    last: Annotated[Pilot, means("the last of them in full")]
    beside: Annotated[list[Beside], means("one a figure that countries are compared by")]


# fmt: on
def schema() -> dict[str, Any]:
    """The JSON Schema of a review."""
    return contract_parts.schema(Review, f"eligibility review {VERSION}")
