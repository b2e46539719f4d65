"""What `screen --format json` and result.json say, key by key: types for the code, a JSON Schema for programs.

    Result ── criteria, engine, sources, counts, decision, portfolio, uncertainty
           └─ countries ── gates ── counts
                        ├─ mechanisms, vehicle, precedents
                        ├─ values, axes           Figure
                        └─ override, notes, imputed

Written here once: `tables.document` returns these types, `schema()` is made from them, and docs/result.md from that.
A key that is not here is refused by the schema, at every level; a key that is new gets a new version.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired, get_args

from typing_extensions import TypedDict  # that of Python 3.12: pydantic reads no older one

from eligibility import contract_parts
from eligibility.contract_parts import (
    Cause,
    Chance,
    Closed,
    Count,
    Criteria,
    Day,
    Decision,
    Iso3,
    Outcome,
    Place,
    SdKind,
    Sha256,
    Turn,
    VehicleKind,
    VehicleStage,
    means,
)
from eligibility.list_contract import Choice, Portfolio
from eligibility.policy.words import Status, Verdict

Version = Literal["1.2"]
VERSION: Version = get_args(Version)[0]


# A table: a key, its type and its meaning a line.
# fmt: off
class Engine(Closed):
    """What computed it."""

    version: Annotated[str, means("of the package")]
    seed: Annotated[Count, means("start of the random numbers")]
    draws: Annotated[Count, means("how often every uncertain figure was drawn; 0: none was")]


class Source(Closed):
    """One dataset that was read."""

    id: Annotated[str, means("as `eligibility data list` names it")]
    publisher: Annotated[str, means("who made it")]
    vintage: Annotated[str, means("which release of it")]
    licence: Annotated[str, means("under which it may be passed on")]
    sha256: Annotated[Sha256, means("of its compiled values")]


Counts = TypedDict(
    "Counts",
    {
        "pool": Annotated[Count, means("countries considered: the sum of the others")],
        "eligible": Annotated[Count, means("pass every gate and fit a track")],
        "qualified": Annotated[Count, means("pass every gate and fit a track, none of them ideal")],
        "conditional": Annotated[Count, means("are eligible on a condition")],
        "on-hold": Annotated[Count, means("held after an event, whatever else they are")],
        "excluded": Annotated[Count, means("fail a gate or fit no track")],
        "insufficient-data": Annotated[Count, means("cannot be judged: data or a threshold in force are missing")],
    },
)
contract_parts.closed(Counts, "How many countries of the pool have each status.")


class Shown(Closed):
    """What a view lists of the countries; ranks, medians and counts are those of all."""

    countries: Annotated[Count, means("how many are listed")]
    of: Annotated[Count, means("of how many")]
    words: Annotated[list[str], means("the options that chose them")]


_Part = TypedDict(
    "_Part",
    {
        "pass": Annotated[Count, means("parts that pass, on condition too")],
        "fail": Annotated[Count, means("parts that fail")],
        "unknown": Annotated[Count, means("parts that cannot be judged")],
    },
)


class Rule(Closed):
    """A rule of a gate that counts its parts, for one country."""

    path: Annotated[str, means("where it stands in the criteria file")]
    needed: Annotated[Count, means("parts that must pass")]
    of: Annotated[Count, means("parts that apply: `pass`, `fail` and `unknown` together")]


class Possible(Closed):
    """What the unknown parts leave possible."""

    least: Annotated[Count, means("parts that pass if every unknown one fails")]
    most: Annotated[Count, means("parts that pass if every unknown one passes")]
    p_least: Annotated[Chance | None, means("probability that it is met if every unknown part fails")]
    p_most: Annotated[Chance | None, means("probability that it is met if every unknown part passes")]


class Counted(Rule, _Part, Possible):
    """A rule of a gate that asks for a number of its parts: what is known of them for one country."""


class Gate(Closed):
    """What one gate says of one country."""

    id: Annotated[str, means("as in the criteria file")]
    verdict: Annotated[Verdict, means("on the published values")]
    p_pass: Annotated[Chance | None, means("share of draws in which it passes or passes on condition; null: cannot be judged, or not drawn")]
    reason: Annotated[str, means("the tests that settled it, value beside need, in words")]
    counts: NotRequired[Annotated[list[Counted], means("where rules of the gate count their parts")]]


class Confirmed(Closed):
    """How many statuses of an axis are found; part of no verdict."""

    found: Annotated[list[str], means("the indicators found at the date, in the order of the criteria")]
    at_least: Annotated[Place, means("how many confirm it, by the criteria")]
    confirmed: Annotated[bool, means("whether so many are found; false is no refusal, for lists are silent on many")]


class Mechanism(Closed):
    """Whether one country has what one kind of accountability body needs; part of no verdict."""

    id: Annotated[str, means("as in the criteria file")]
    verdict: Annotated[Verdict, means("on the published values")]
    p: Annotated[Chance | None, means("share of draws in which it fits, on condition too; null: cannot be judged, or not drawn")]


class Vehicle(Closed):
    """The programme with reviews a pilot could be tied to: found in lists and register, never scored."""

    kind: Annotated[VehicleKind, means("the first found in this order; imf, eu and other are alike")]
    stage: Annotated[VehicleStage | None, means("how far it is; `registered`: by the register of pilots")]
    since: Annotated[str | None, means("from when, as precise as it was read: day, month or year")]
    review_on: Annotated[Day | None, means("the day of its next review; null where none is on file")]
    looked_up: Annotated[list[str], means("how far the lists go that tell it, or that were looked at in vain")]
    source: Annotated[str | None, means("the page it was read on")]
    aid: Annotated[float | None, means("aid received, per cent of national income; null: no data")]
    aid_year: Annotated[int | None, means("the year it describes")]
    spared_on: Annotated[str | None, means("when a programme of MCC was said to go on for a time; the lists do not tell whether it does")]
    kept_on: Annotated[str | None, means("when a review of aid was said to have kept it")]
    ended_on: Annotated[str | None, means("when the last programme of MCC there ended, in the five years before; null where one is told or none did")]
    unsure_since: Annotated[str | None, means("when programmes of MCC were cut, where the one found is older and no page read says that it was spared")]


class Precedent(Closed):
    """One of the past bodies nearest to a country."""

    body: Annotated[str, means("its name")]
    iso3: Annotated[Iso3, means("its host")]
    kind: Annotated[str, means("an id of `mechanisms`, or a kind without a rule")]
    first: Annotated[str, means("when it was agreed on, or else began: day, month or year")]
    ended: Annotated[str | None, means("when it ended; null: it had not by `as_of`, or never began")]
    outcome: Annotated[Outcome, means("how, as known at `as_of`")]
    source: Annotated[str, means("the pages it was read on")]


class Programme(Closed):
    """What last became of an aid programme itself."""

    programme: Annotated[str, means("mcc")]
    date: Annotated[str, means("when: day, month or year")]
    state: Annotated[Literal["changed", "cut", "closed"], means("which of the three; cut: some of what it ran was ended")]
    what: Annotated[str, means("in words")]
    source: Annotated[str, means("the page it was read on")]


class Figure(Closed):
    """The value of one indicator that was used for one country."""

    value: Annotated[float | None, means("in the unit of the indicator; a class is its number; null: no data")]
    sd: Annotated[float | None, means("standard deviation of its measurement error, same unit; null: none known")]
    sd_kind: Annotated[SdKind, means("where `sd` comes from")]
    year: Annotated[int | None, means("the year it describes")]
    age: Annotated[Count | None, means("calendar years from that year to `as_of`")]
    source: Annotated[str | None, means("id of the dataset; null where none holds the indicator")]
    filled: Annotated[str | None, means("null, `carried` (the publisher has newer values for others) or, of a status, `list to` a day")]


class Override(Closed):
    """What the board decided by hand; shown beside the verdict and counted nowhere."""

    decision: Annotated[Decision, means("what was decided")]
    name: Annotated[str, means("who signed it")]
    date: Annotated[Day, means("when")]
    reason: Annotated[str, means("why")]
    source: Annotated[str, means("where the decision is written down")]


class Note(Closed):
    """What an analyst wrote down about a country."""

    name: Annotated[str, means("who wrote it")]
    date: Annotated[Day, means("when")]
    note: Annotated[str, means("what it says")]
    source: Annotated[str, means("where it can be looked up")]


class Hold(Closed):
    """The event that holds a country; told of an excluded one too, which is then not on hold but out."""

    event: Annotated[str, means("its kind")]
    date: Annotated[str, means("as precise as it was read: day, month or year")]
    source: Annotated[str, means("the page it was read on")]
    note: Annotated[str, means("what the list says of it")]
    until: Annotated[Day, means("the day before which it cannot end")]
    months_passed: Annotated[Day, means("the day on which the months of the hold have passed")]
    figures_of: Annotated[int, means("the year that every gate must read figures of")]
    figures_due: Annotated[Day | None, means("when those come out, by the publishers' calendars; null: they are out")]


class Alone(Closed):
    """`rank_low`, `rank_high` and `p_top` under measurement error alone, the score as the criteria state it."""

    rank_low: Annotated[Place | None, means("as in the country, likewise null")]
    rank_high: Annotated[Place | None, means("likewise")]
    p_top: Annotated[Chance | None, means("likewise")]


class Guess(Closed):
    """What stands in a gap in the draws, and nowhere else."""

    mean: Annotated[float, means("of what was drawn, in the unit of the indicator")]
    low: Annotated[float, means("5th percentile")]
    high: Annotated[float, means("95th percentile")]


class Supposed(Closed):
    """Probabilities if what is missing is as in similar countries; they decide nothing."""

    p_eligible: Annotated[Chance | None, means("as in the country; null where no gap leaves it open")]
    gates: Annotated[dict[str, Chance], means("by gate, of those that gaps leave open")]
    tracks: Annotated[dict[str, Chance], means("by track, likewise")]
    half_width: Annotated[float | None, means("95 % half width of `p_eligible`, from how much the fillings of the gaps differ")]
    half_widths: Annotated[dict[str, float], means("the same of `gates` and `tracks`, by id")]


class Turned(Closed):
    """What turned a verdict."""

    kind: Annotated[Turn, means(
        "its `own` figures; a `window`: a year left those a test looks back at, and the figures alone would have turned nothing; "
        "`peers`: the figures of others; the `pool` or a peer group; the `rule`; a `revision`; an event that holds it or no longer does, `hold`; "
        "or several, `together`: by the order in which they are taken another of them settles it"
    )]
    by: Annotated[list[Cause], means("the causes, as `diff` has them, that settle it in some order")]
    rules: Annotated[list[str], means("gates and tracks that came out otherwise by it")]
    indicators: Annotated[list[str], means("what their tests look at without which the verdict would have stayed, or else all that came out otherwise")]
    left: Annotated[int | None, means("of a `window`: the year that left and had counted; else null")]


class Since(Closed):
    """Since when a verdict stands, by the figures held now on each day on which what is known changed."""

    date: Annotated[Day, means("the day from which it stands")]
    was: Annotated[Status | Literal["not-considered"], means("the status until then")]
    turned_by: Turned


class Country(Closed):
    """One country of the pool."""

    iso3: Annotated[Iso3, means("ISO 3166 code, or what stands for it in the register of countries")]
    name: Annotated[str, means("common English name")]
    peer_group: Annotated[str | None, means("its peer group; null where the criteria have none")]
    tracks: Annotated[list[str], means("tracks it fits, on condition too")]
    status: Annotated[Status, means("on the published values")]
    p_eligible: Annotated[Chance | None, means("share of draws in which it is eligible or conditional; null: cannot be judged, or not drawn")]
    borderline: Annotated[bool, means("whether measurement error leaves it open: `p_eligible` to `p_eligible_most` is that far from 0 and 1 (`uncertainty.borderline`)")]
    gates: Annotated[list[Gate], means("in the order of the criteria")]
    score: Annotated[float | None, means("null where not scored")]
    pillars: Annotated[dict[str, float | None], means("the score of each pillar")]
    rank: Annotated[Place | None, means("among eligible and conditional countries; null where not ranked")]
    rank_low: Annotated[Place | None, means("best rank of the 90 % interval")]
    rank_high: Annotated[Place | None, means("worst rank of the 90 % interval")]
    p_top: Annotated[Chance | None, means("share of draws in which it is on the shortlist")]
    values: Annotated[dict[str, Figure], means("by indicator, all that the criteria look at")]
    axes: Annotated[dict[str, dict[str, Figure]], means("by axis, then indicator: beside the score, never in it")]
    confirmed: NotRequired[Annotated[dict[str, Confirmed], means("by axis, of those that count; only where the criteria have one")]]
    p_qualified: Annotated[Chance | None, means("share of draws in which it meets every requirement, of an ideal kind or not, as if nothing held")]
    p_eligible_most: Annotated[Chance | None, means("share of draws in which it is, or figures not held leave it open whether it is, eligible or conditional; null: not drawn")]
    on_condition: Annotated[bool, means("whether it meets every requirement only on condition")]
    since: Annotated[Since | None, means("null: the same on every day that can be judged, back to 20 years before the year of `as_of`")]
    hold: Annotated[Hold | None, means("the event that holds it; null where none does")]
    mechanisms: NotRequired[Annotated[list[Mechanism], means("in the order of the criteria, several may fit; only where they have `mechanisms`")]]
    vehicle: NotRequired[Annotated[Vehicle, means("likewise")]]
    precedents: NotRequired[Annotated[list[Precedent], means("the three nearest, likewise; part of no verdict")]]
    override: Override | None
    notes: list[Note]
    rank_median: Annotated[Place | None, means("median rank in the draws")]
    measurement_only: Alone
    imputed: NotRequired[Annotated[dict[str, Guess], means("by indicator, its gaps; only where the criteria ask for imputation")]]
    imputed_share: NotRequired[Annotated[Chance, means("share of `imputed` in what gates, tracks and score look at; likewise")]]
    if_imputed: NotRequired[Annotated[Supposed | None, means("null where no gap leaves anything open; likewise")]]
    p_top_half_width: NotRequired[Annotated[float | None, means("95 % half width of `p_top`, which rests on imputed values too; likewise")]]


class Uncertainty(Closed):
    """What was drawn, and how far counting draws can be off."""

    kinds: Annotated[list[str], means("kinds of doubt, in words")]
    half_width: Annotated[float | None, means("95 % half-width of a probability, at most; null: not drawn")]
    misclassified: Annotated[dict[str, float], means("by gate, track or path of a test: countries expected to be on the wrong side of it")]


class Result(Closed):
    """The result of one screening round."""

    schema_version: Annotated[Version, means("of this description")]
    criteria: Criteria
    as_of: Annotated[Day, means("the information date: only what was published by then was used")]
    engine: Engine
    sources: Annotated[list[Source], means("every dataset read, by id")]
    notes: Annotated[list[str], means("what a reader must know, in sentences; the years read come first")]
    counts: Counts
    shown: NotRequired[Annotated[Shown, means("only where `--only` or `--region` lists fewer; never in a run on disk")]]
    countries: Annotated[list[Country], means("every country of the pool, or those a view shows, ranked ones first")]
    decision: Annotated[Choice | None, means("null where there is no shortlist or nothing was drawn")]
    portfolio: NotRequired[Annotated[Portfolio | None, means("only where the criteria set limits to the list; null where nobody is ranked")]]
    years_read: Annotated[dict[str, list[int]], means("by publisher: the newest year of each series read, newest first")]
    programmes: NotRequired[Annotated[list[Programme], means("as known at `as_of`; only where the criteria have `mechanisms`")]]
    uncertainty: Uncertainty


# fmt: on
def schema() -> dict[str, Any]:
    """The JSON Schema of a result."""
    return contract_parts.schema(Result, f"eligibility result {VERSION}")
