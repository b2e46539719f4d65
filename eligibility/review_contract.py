"""What `review --format json` says, key by key, as contract.py says it of a result.

    Review ── sources, base_rates, teach
           └─ pilots ── events, changes, not_its_doing, not_seen, dates, comparison

A key that is not here is refused by the schema, at every level; a key that is new gets a new version.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import Field, TypeAdapter
from typing_extensions import TypedDict  # that of Python 3.12: pydantic reads no older one

from eligibility.contract import Chance, Closed, Count, Criteria, Day, Iso3, Sha256

Version = Literal["0.1"]
VERSION: Version = get_args(Version)[0]

Colour = Literal["red", "amber", "clear", "open"]
Reason = Literal["event", "fall", "class", "drop", "several"]
Stage = Literal["talks", "agreed", "running", "ended"]
Coming = Literal[
    "review", "vehicle-review", "election", "can-end-alone", "money-secured", "ask-renewal", "ends"
]
Step = Literal["rule", "revision", "own", "peers", "pool"]


def _is(description: str) -> Any:
    return Field(description=description)


class Read(Closed):
    """One dataset that was read."""

    id: Annotated[str, _is("as `eligibility data list` names it")]
    sha256: Annotated[Sha256, _is("of its compiled values")]


class Event(Closed):
    """What happened to a pilot or its host since it began."""

    on: Annotated[str, _is("day, month or year, as precisely as its source says")]
    kind: Annotated[str, _is("of the register or of the list of seizures of power")]
    source: Annotated[str, _is("the page it was read on")]
    note: Annotated[str, _is("what else is known; empty for nothing")]
    of: Annotated[Literal["register", "list"], _is("which of the two names it")]
    sounds: Annotated[bool, _is("whether it turns the pilot red; a failed attempt does not")]


_Change = TypedDict(
    "_Change",
    {
        "series": Annotated[str, _is("FAMILY.NAME")],
        "from": Annotated[int, _is("of electoral democracy the best year since the start, else the start")],
        "was": Annotated[float | None, _is("its value in that year")],
        "to": Annotated[int, _is("the newest year out by the day")],
        "is": Annotated[float | None, _is("its value in that year")],
        "error_of_change": Annotated[
            float | None, _is("one standard error of the change; 0: the same estimate")
        ],
        "worse": Annotated[bool, _is("whether it is clearly worse, so that it counts for a colour")],
    },
)


class Change(Closed, _Change):
    """One figure at the start and now."""


class Turn(Closed):
    """A gate or track whose verdict is another than on the first day."""

    gate: Annotated[str, _is("its id")]
    was: Annotated[str, _is("the verdict on the first day")]
    now: Annotated[str, _is("the verdict now")]
    by: Annotated[list[Step], _is("the causes that settle it in some order; empty where it cannot be told")]


class Moved(Closed):
    """How verdict and score moved since the first day, split by cause; no part of it colours."""

    status: Annotated[list[str], _is("on the first day and now; `not-considered`: not among the candidates")]
    score_gained: Annotated[dict[Step, float | None], _is("by cause; empty where an end has no score")]
    turns: Annotated[list[Turn], _is("gates and tracks with another verdict")]


class Unseen(Closed):
    """How far a release tells of a pilot's indicators."""

    source: Annotated[str, _is("the dataset")]
    series: Annotated[list[str], _is("those it answers for")]
    last: Annotated[int, _is("the last year held")]
    due: Annotated[Day, _is("the day by which the next year is out")]


class Ahead(Closed):
    """A day to come or gone by."""

    what: Annotated[Coming, _is("which day of the register")]
    day: Annotated[Day | None, _is("null: the register does not name it")]
    days: Annotated[int | None, _is("how far off it is; below 0: gone by")]


class Near(Closed):
    """A country near to a pilot."""

    iso3: Annotated[Iso3, _is("ISO 3166 code")]
    distance: Annotated[float, _is("in standard deviations of the candidates, by `teach.rule`")]


class Compared(Closed):
    """Whom a country is to be compared with, fixed on a day."""

    iso3: Annotated[Iso3, _is("the country of the pilot")]
    day: Annotated[Day, _is("of the figures it rests on: the first day of a pilot that has begun")]
    peer_group: Annotated[str | None, _is("its peer group on that day; null where the criteria have none")]
    names: Annotated[list[Iso3], _is("those that count")]
    fixed_by_register: Annotated[bool, _is("whether the register names them, not the rule")]
    nearest: Annotated[list[Near], _is("those the rule finds, nearest first")]
    sha256: Annotated[Sha256, _is("of what is fixed: rule, country, day and names")]


class Own(Closed):
    """A figure of the body's own field, to hold later ones against."""

    what: Annotated[str, _is("of what")]
    before: Annotated[float | None, _is("its value before the start; null: still to be collected")]
    unit: Annotated[str | None, _is("in which it is counted")]
    year: Annotated[int | None, _is("of which year")]
    source: Annotated[str | None, _is("where it is written")]


_Pilot = TypedDict(
    "_Pilot",
    {
        "id": Annotated[str, _is("country, kind of body, year of its beginning")],
        "iso3": Annotated[Iso3, _is("ISO 3166 code of the host")],
        "name": Annotated[str, _is("of the host")],
        "kind": Annotated[str, _is("an id under `mechanisms`")],
        "stage": Annotated[Stage, _is("by the register")],
        "colour": Annotated[Colour, _is("`clear`: no limit reached; `open`: no figure since it began")],
        "reasons": Annotated[list[Reason], _is("every reason there is, the heaviest first")],
        "events": Annotated[list[Event], _is("since it began, oldest first")],
        "measured_from": Annotated[int | None, _is("the last year over when it began; null: not begun")],
        "changes": Annotated[list[Change], _is("electoral democracy, then the seven indicators, those held")],
        "class": Annotated[
            list[str] | None,
            _is("highest type of regime since the start, and the newest; null where not held"),
        ],
        "not_its_doing": Annotated[Moved | None, _is("null where `not_split` says why")],
        "not_split": Annotated[str | None, _is("why verdict and score cannot be split")],
        "not_seen": Annotated[list[Unseen], _is("the oldest first")],
        "dates": Annotated[list[Ahead], _is("days known in order, then those the register does not name")],
        "outcomes": Annotated[list[Own], _is("of the register: figures from before its start")],
        "comparison": Annotated[Compared | None, _is("null where no day can be judged")],
    },
)


class Pilot(Closed, _Pilot):
    """One pilot of the register."""


class Rate(Closed):
    """How often one signal sounded in past pilots, and how often it was right."""

    truth: Annotated[Literal["V-Dem", "Freedom House"], _is("who judges")]
    signal: Annotated[str, _is("red, red by figures, red or amber, a plain fall of 0.05, an event alone")]
    runs: Annotated[Count, _is("pilots of five years")]
    countries: Annotated[Count, _is("in how many countries")]
    first: Annotated[int, _is("the year of the first that began")]
    last: Annotated[int, _is("the year of the last")]
    lost: Annotated[Count, _is("pilots that lost ground")]
    sounded: Annotated[Count, _is("pilots in which it sounded")]
    caught: Annotated[Count, _is("of those lost")]
    ahead: Annotated[Count, _is("of those lost: a year or more before the figures showed it")]
    false: Annotated[Count, _is("of those that lost nothing")]
    noise: Annotated[Chance | None, _is("share of simulations in which nothing changes; null: not simulated")]
    lead: Annotated[
        float | None,
        _is("of those caught, median years from the alarm to the loss in the figures; null: not known"),
    ]


class Rates(Closed):
    """Past alarms, as they ship."""

    criteria: Annotated[str, _is("id and version of the set that chose the pilots")]
    rows: Annotated[list[Rate], _is("by truth and signal")]


class Effect(Closed):
    """The smallest effect that so many pilots would show."""

    pilots: Annotated[Count, _is("how many")]
    others: Annotated[Count, _is("countries beside them")]
    effect: Annotated[float | None, _is("on the scale of the outcome; null: no change is held yet")]


class Outcome(Closed):
    """What a body against impunity is to move, and how much it normally moves."""

    series: Annotated[str, _is("FAMILY.NAME")]
    sd_of_five_years: Annotated[float | None, _is("standard deviation of five-year changes of candidates")]
    changes: Annotated[Count, _is("how many changes that rests on")]
    smallest_effect: Annotated[list[Effect], _is("by number of pilots")]


class Running(Closed):
    """What the pilots that run could show together."""

    pilots: Annotated[Count, _is("countries with one that runs")]
    others: Annotated[Count, _is("countries they are compared with")]
    effects: Annotated[list[float | None], _is("in the order of `outcomes`")]


class Teach(Closed):
    """What pilots can teach."""

    outcomes: Annotated[list[Outcome], _is("of an index each")]
    running: Annotated[Running | None, _is("null where none runs")]
    rule: Annotated[str, _is("by which countries are compared")]
    candidates: Annotated[list[Compared], _is("the shortlist of the day without the pilots")]
    nobody_near: Annotated[list[Iso3], _is("candidates without a country to compare with")]


class Review(Closed):
    """The review of a register of pilots on a day."""

    schema_version: Annotated[Version, _is("of this description")]
    on: Annotated[Day, _is("the day of the review")]
    criteria: Criteria
    reading: Annotated[str, _is("which years were read, and which publishers are behind")]
    register: Annotated[Sha256 | None, _is("of the register's bytes; null: none was given")]
    revised_since: Annotated[bool, _is("whether a release is read that came out after the day")]
    sources: Annotated[list[Read], _is("every dataset read, by id")]
    pilots: Annotated[list[Pilot], _is("in the order of the register")]
    base_rates: Rates
    teach: Teach


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a review; it refuses every key that is not named."""
    made = TypeAdapter(Review).json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"eligibility review {VERSION}",
    } | {key: value for key, value in made.items() if key != "title"}
