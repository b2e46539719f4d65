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

from pydantic import ConfigDict, Field, TypeAdapter
from typing_extensions import TypedDict  # that of Python 3.12: pydantic reads no older one

from eligibility.policy.words import DAY_PATTERN, ISO3_PATTERN, Status, Verdict

Version = Literal["0.2"]
VERSION: Version = get_args(Version)[0]

Decision = Literal["admit", "exclude", "defer"]
Turn = Literal["own", "window", "peers", "pool", "rule", "revision", "hold"]
VehicleKind = Literal["mcc-compact", "mcc-selected", "imf", "eu", "other", "ogp", "none"]
VehicleStage = Literal["in-force", "signed", "compact-selected", "threshold-selected", "member", "registered"]
Outcome = Literal[
    "completed",
    "ended-by-host",
    "not-renewed",
    "expelled",
    "suspended",
    "withdrew",
    "never-began",
    "not-begun",
    "running",
]
SdKind = Literal["published", "modelled", "assumed", "none"]
Chance = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]
Place = Annotated[int, Field(ge=1)]
Day = Annotated[str, Field(pattern=DAY_PATTERN)]
Iso3 = Annotated[str, Field(pattern=ISO3_PATTERN)]
SHA256_PATTERN = "^[0-9a-f]{64}$"
Sha256 = Annotated[str, Field(pattern=SHA256_PATTERN)]


def _is(description: str) -> Any:
    """What a key means, for the schema and the field reference."""
    return Field(description=description)


class Closed(TypedDict):
    """An object that has the keys named here and no other."""


Closed.__pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[attr-defined]  # how a TypedDict tells pydantic


class Criteria(Closed):
    """The criteria file that was judged by."""

    id: Annotated[str, _is("the name of a shipped set, or what the file calls itself")]
    title: Annotated[str, _is("what it is for, in words")]
    version: Annotated[str, _is("as the file says it")]
    sha256: Annotated[Sha256, _is("of the file's bytes")]
    settings: Annotated[list[str], _is("each `PATH=VALUE` changed for this run (`--set`), in order")]


class Engine(Closed):
    """What computed it."""

    version: Annotated[str, _is("of the package")]
    seed: Annotated[Count, _is("start of the random numbers")]
    draws: Annotated[Count, _is("how often every uncertain figure was drawn; 0: none was")]


class Source(Closed):
    """One dataset that was read."""

    id: Annotated[str, _is("as `eligibility data list` names it")]
    publisher: Annotated[str, _is("who made it")]
    vintage: Annotated[str, _is("which release of it")]
    licence: Annotated[str, _is("under which it may be passed on")]
    sha256: Annotated[Sha256, _is("of its compiled values")]


_Counts = TypedDict(
    "_Counts",
    {
        "pool": Annotated[Count, _is("countries considered: the sum of the others")],
        "eligible": Annotated[Count, _is("pass every gate and fit a track")],
        "qualified": Annotated[Count, _is("pass every gate and fit a track, none of them ideal")],
        "conditional": Annotated[Count, _is("are eligible on a condition")],
        "on-hold": Annotated[Count, _is("held after an event, whatever else they are")],
        "excluded": Annotated[Count, _is("fail a gate or fit no track")],
        "insufficient-data": Annotated[
            Count, _is("cannot be judged: data or a threshold in force are missing")
        ],
    },
)


class Counts(Closed, _Counts):
    """How many countries of the pool have each status."""


class Shown(Closed):
    """What a view lists of the countries; ranks, medians and counts are those of all."""

    countries: Annotated[Count, _is("how many are listed")]
    of: Annotated[Count, _is("of how many")]
    words: Annotated[list[str], _is("the options that chose them")]


_Part = TypedDict(
    "_Part",
    {
        "pass": Annotated[Count, _is("parts that pass, on condition too")],
        "fail": Annotated[Count, _is("parts that fail")],
        "unknown": Annotated[Count, _is("parts that cannot be judged")],
    },
)


class Rule(Closed):
    """A rule of a gate that counts its parts, for one country."""

    path: Annotated[str, _is("where it stands in the criteria file")]
    needed: Annotated[Count, _is("parts that must pass")]
    of: Annotated[Count, _is("parts that apply: `pass`, `fail` and `unknown` together")]


class Possible(Closed):
    """What the unknown parts leave possible."""

    least: Annotated[Count, _is("parts that pass if every unknown one fails")]
    most: Annotated[Count, _is("parts that pass if every unknown one passes")]
    p_least: Annotated[Chance | None, _is("probability that it is met if every unknown part fails")]
    p_most: Annotated[Chance | None, _is("probability that it is met if every unknown part passes")]


class Counted(Rule, _Part, Possible):
    """A rule of a gate that asks for a number of its parts: what is known of them for one country."""


class Gate(Closed):
    """What one gate says of one country."""

    id: Annotated[str, _is("as in the criteria file")]
    verdict: Annotated[Verdict, _is("on the published values")]
    p_pass: Annotated[
        Chance | None,
        _is("share of draws in which it passes or passes on condition; null: cannot be judged, or not drawn"),
    ]
    reason: Annotated[str, _is("the tests that settled it, value beside need, in words")]
    counts: NotRequired[Annotated[list[Counted], _is("where rules of the gate count their parts")]]


class Confirmed(Closed):
    """How many statuses of an axis are found; part of no verdict."""

    found: Annotated[list[str], _is("the indicators found at the date, in the order of the criteria")]
    at_least: Annotated[Place, _is("how many confirm it, by the criteria")]
    confirmed: Annotated[
        bool, _is("whether so many are found; false is no refusal, for lists are silent on many")
    ]


class Mechanism(Closed):
    """Whether one country has what one kind of accountability body needs; part of no verdict."""

    id: Annotated[str, _is("as in the criteria file")]
    verdict: Annotated[Verdict, _is("on the published values")]
    p: Annotated[
        Chance | None,
        _is("share of draws in which it fits, on condition too; null: cannot be judged, or not drawn"),
    ]


class Vehicle(Closed):
    """The programme with reviews a pilot could be tied to: found in lists and register, never scored."""

    kind: Annotated[VehicleKind, _is("the first found in this order; imf, eu and other are alike")]
    stage: Annotated[VehicleStage | None, _is("how far it is; `registered`: by the register of pilots")]
    since: Annotated[str | None, _is("from when, as precise as it was read: day, month or year")]
    review_on: Annotated[Day | None, _is("the day of its next review; null where none is on file")]
    looked_up: Annotated[list[str], _is("how far the lists go that tell it, or that were looked at in vain")]
    source: Annotated[str | None, _is("the page it was read on")]
    aid: Annotated[float | None, _is("aid received, per cent of national income; null: no data")]
    aid_year: Annotated[int | None, _is("the year it describes")]
    spared_on: Annotated[
        str | None,
        _is("when a programme of MCC was said to go on for a time; the lists do not tell whether it does"),
    ]


class Precedent(Closed):
    """One of the past bodies nearest to a country."""

    body: Annotated[str, _is("its name")]
    iso3: Annotated[Iso3, _is("its host")]
    kind: Annotated[str, _is("an id of `mechanisms`, or a kind without a rule")]
    first: Annotated[str, _is("when it was agreed on, or else began: day, month or year")]
    ended: Annotated[str | None, _is("when it ended; null: it had not by `as_of`, or never began")]
    outcome: Annotated[Outcome, _is("how, as known at `as_of`")]
    source: Annotated[str, _is("the pages it was read on")]


class Programme(Closed):
    """What last became of an aid programme itself."""

    programme: Annotated[str, _is("mcc")]
    date: Annotated[str, _is("when: day, month or year")]
    state: Annotated[Literal["changed", "closed"], _is("which of the two")]
    what: Annotated[str, _is("in words")]
    source: Annotated[str, _is("the page it was read on")]


class Figure(Closed):
    """The value of one indicator that was used for one country."""

    value: Annotated[float | None, _is("in the unit of the indicator; a class is its number; null: no data")]
    sd: Annotated[
        float | None, _is("standard deviation of its measurement error, same unit; null: none known")
    ]
    sd_kind: Annotated[SdKind, _is("where `sd` comes from")]
    year: Annotated[int | None, _is("the year it describes")]
    age: Annotated[Count | None, _is("calendar years from that year to `as_of`")]
    source: Annotated[str | None, _is("id of the dataset; null where none holds the indicator")]
    filled: Annotated[
        str | None,
        _is("null, `carried` (the publisher has newer values for others) or, of a status, `list to` a day"),
    ]


class Override(Closed):
    """What the board decided by hand; shown beside the verdict and counted nowhere."""

    decision: Annotated[Decision, _is("what was decided")]
    name: Annotated[str, _is("who signed it")]
    date: Annotated[Day, _is("when")]
    reason: Annotated[str, _is("why")]
    source: Annotated[str, _is("where the decision is written down")]


class Note(Closed):
    """What an analyst wrote down about a country."""

    name: Annotated[str, _is("who wrote it")]
    date: Annotated[Day, _is("when")]
    note: Annotated[str, _is("what it says")]
    source: Annotated[str, _is("where it can be looked up")]


class Hold(Closed):
    """The event that holds a country; told of an excluded one too, which is then not on hold but out."""

    event: Annotated[str, _is("its kind")]
    date: Annotated[str, _is("as precise as it was read: day, month or year")]
    source: Annotated[str, _is("the page it was read on")]
    note: Annotated[str, _is("what the list says of it")]
    until: Annotated[Day, _is("the day before which it cannot end")]
    months_passed: Annotated[Day, _is("the day on which the months of the hold have passed")]
    figures_of: Annotated[int, _is("the year that every gate must read figures of")]
    figures_due: Annotated[
        Day | None, _is("when those come out, by the publishers' calendars; null: they are out")
    ]


class Alone(Closed):
    """`rank_low`, `rank_high` and `p_top` under measurement error alone, the score as the criteria state it."""

    rank_low: Annotated[Place | None, _is("as in the country, likewise null")]
    rank_high: Annotated[Place | None, _is("likewise")]
    p_top: Annotated[Chance | None, _is("likewise")]


class Guess(Closed):
    """What stands in a gap in the draws, and nowhere else."""

    mean: Annotated[float, _is("of what was drawn, in the unit of the indicator")]
    low: Annotated[float, _is("5th percentile")]
    high: Annotated[float, _is("95th percentile")]


class Supposed(Closed):
    """Probabilities if what is missing is as in similar countries; they decide nothing."""

    p_eligible: Annotated[Chance | None, _is("as in the country; null where no gap leaves it open")]
    gates: Annotated[dict[str, Chance], _is("by gate, of those that gaps leave open")]
    tracks: Annotated[dict[str, Chance], _is("by track, likewise")]
    half_width: Annotated[
        float | None, _is("95 % half width of `p_eligible`, from how much the fillings of the gaps differ")
    ]
    half_widths: Annotated[dict[str, float], _is("the same of `gates` and `tracks`, by id")]


class Turned(Closed):
    """What turned a verdict."""

    kind: Annotated[
        Turn,
        _is(
            "its `own` figures; a `window`: a year left those a test looks back at, and the figures alone would have "
            "turned nothing; `peers`: the figures of others; the `pool` or a peer group; the `rule`; a `revision`; an event that holds it or no longer does, `hold`"
        ),
    ]
    rules: Annotated[list[str], _is("gates and tracks that came out otherwise by it")]
    indicators: Annotated[
        list[str],
        _is(
            "what their tests look at without which the verdict would have stayed, or else all that came out otherwise"
        ),
    ]
    left: Annotated[int | None, _is("of a `window`: the year that left and had counted; else null")]


class Since(Closed):
    """Since when a verdict stands, by the figures held now on each day on which what is known changed."""

    date: Annotated[Day, _is("the day from which it stands")]
    was: Annotated[Status | Literal["not-considered"], _is("the status until then")]
    turned_by: Turned


class Country(Closed):
    """One country of the pool."""

    iso3: Annotated[Iso3, _is("ISO 3166 code, or what stands for it in the register of countries")]
    name: Annotated[str, _is("common English name")]
    peer_group: Annotated[str | None, _is("its peer group; null where the criteria have none")]
    tracks: Annotated[list[str], _is("tracks it fits, on condition too")]
    status: Annotated[Status, _is("on the published values")]
    p_eligible: Annotated[
        Chance | None,
        _is("share of draws in which it is eligible or conditional; null: cannot be judged, or not drawn"),
    ]
    borderline: Annotated[
        bool,
        _is(
            "whether measurement error leaves it open: `p_eligible` is that far from 0 and 1 (`uncertainty.borderline`)"
        ),
    ]
    gates: Annotated[list[Gate], _is("in the order of the criteria")]
    score: Annotated[float | None, _is("null where not scored")]
    pillars: Annotated[dict[str, float | None], _is("the score of each pillar")]
    rank: Annotated[Place | None, _is("among eligible and conditional countries; null where not ranked")]
    rank_low: Annotated[Place | None, _is("best rank of the 90 % interval")]
    rank_high: Annotated[Place | None, _is("worst rank of the 90 % interval")]
    p_top: Annotated[Chance | None, _is("share of draws in which it is on the shortlist")]
    values: Annotated[dict[str, Figure], _is("by indicator, all that the criteria look at")]
    axes: Annotated[
        dict[str, dict[str, Figure]], _is("by axis, then indicator: beside the score, never in it")
    ]
    confirmed: NotRequired[
        Annotated[dict[str, Confirmed], _is("by axis, of those that count; only where the criteria have one")]
    ]
    p_qualified: Annotated[
        Chance | None,
        _is(
            "share of draws in which it meets every requirement, of an ideal kind or not, as if nothing held"
        ),
    ]
    on_condition: Annotated[bool, _is("whether it meets every requirement only on condition")]
    since: Annotated[
        Since | None,
        _is("null: the same on every day that can be judged, back to 20 years before the year of `as_of`"),
    ]
    hold: Annotated[Hold | None, _is("the event that holds it; null where none does")]
    mechanisms: NotRequired[
        Annotated[
            list[Mechanism],
            _is("in the order of the criteria, several may fit; only where they have `mechanisms`"),
        ]
    ]
    vehicle: NotRequired[Annotated[Vehicle, _is("likewise")]]
    precedents: NotRequired[
        Annotated[list[Precedent], _is("the three nearest, likewise; part of no verdict")]
    ]
    override: Override | None
    notes: list[Note]
    rank_median: Annotated[Place | None, _is("median rank in the draws")]
    measurement_only: Alone
    imputed: NotRequired[
        Annotated[dict[str, Guess], _is("by indicator, its gaps; only where the criteria ask for imputation")]
    ]
    imputed_share: NotRequired[
        Annotated[Chance, _is("share of `imputed` in what gates, tracks and score look at; likewise")]
    ]
    if_imputed: NotRequired[
        Annotated[Supposed | None, _is("null where no gap leaves anything open; likewise")]
    ]
    p_top_half_width: NotRequired[
        Annotated[
            float | None, _is("95 % half width of `p_top`, which rests on imputed values too; likewise")
        ]
    ]


_Swap = TypedDict(
    "_Swap",
    {
        "out": Annotated[Iso3, _is("of the shortlist")],
        "in": Annotated[Iso3, _is("not on it")],
        "gain": Annotated[float, _is("by how much the expected loss falls")],
    },
)


class Swap(Closed, _Swap):
    """The one exchange that lowers the expected loss most."""


_Within = TypedDict(
    "_Within",
    {
        "5": Annotated[float, _is("at most 5 per cent"), Field(ge=0, le=1)],
        "10": Annotated[float, _is("at most 10 per cent"), Field(ge=0, le=1)],
        "20": Annotated[float, _is("at most 20 per cent"), Field(ge=0, le=1)],
    },
)


class Within(Closed, _Within):
    """By how many per cent at most the list is worse than the best: the chance of it."""


class Learned(Closed):
    """What it would be worth to know one figure without error."""

    iso3: Annotated[Iso3, _is("the country of the figure")]
    indicator: Annotated[str, _is("its series")]
    share: Annotated[Chance, _is("of what knowing everything would save")]


class DecisionErrors(Closed):
    """Monte Carlo standard errors of the figures of the decision."""

    expected_loss: Annotated[float, _is("of it")]
    loss_by_lot: Annotated[float, _is("of it")]
    p_all_admitted: Annotated[float, _is("of it")]
    p_within: Within
    swap: Annotated[float | None, _is("of its gain; null without a swap")]
    find_out: Annotated[list[float], _is("in the order of `find_out`")]


class Choice(Closed):
    """What the shortlist may cost, in shares of what the best list of each draw is worth."""

    expected_loss: Annotated[float, _is("of the shortlist against the best list of each draw")]
    loss_by_lot: Annotated[float, _is("of a list drawn by lot from those admitted")]
    p_all_admitted: Annotated[Chance, _is("share of draws in which every member is admitted")]
    p_within: Within
    swap: Annotated[Swap | None, _is("null where none helps")]
    surely_in: Annotated[list[Iso3], _is("in 95 of 100 draws all of them are of the best list")]
    open: Annotated[list[Iso3], _is("neither surely in nor surely out")]
    surely_out: Annotated[list[Iso3], _is("in 95 of 100 draws none of them is of the best list")]
    find_out: Annotated[
        list[Learned], _is("figures worth finding out, the most valuable first; those above the noise")
    ]
    se: DecisionErrors


class Listed(Closed):
    """A list of countries."""

    members: Annotated[list[Iso3], _is("in order of rank")]
    mean_score: Annotated[Chance, _is("of the members")]
    mean_distance: Annotated[
        Chance,
        _is(
            "of all who meet the requirements to the nearest member: mean difference of the pillars of the score, by their weights"
        ),
    ]


class Priced(Listed):
    """The best list at a weight of variety, under the same other limits."""

    variety: Annotated[Chance, _is("the weight; the score has the rest")]
    gives_up: Annotated[float, _is("share of the mean score of the best list without variety")]


class Lifted(Closed):
    """What the list would be without one limit."""

    path: Annotated[str, _is("of the limit in the criteria file")]
    binds: Annotated[bool, _is("whether it would be another list")]
    enters: Annotated[list[Iso3], _is("who would come in")]
    leaves: Annotated[list[Iso3], _is("who would go out")]
    gain: Annotated[float, _is("by how much the mean score would change")]


class Portfolio(Closed):
    """The list under the limits of the criteria; ranks, `p_top` and `decision` are of the list by score alone."""

    own: Annotated[Listed | None, _is("null where no list keeps to the limits")]
    conflict: Annotated[
        list[str],
        _is("paths of limits that cannot be kept together, as few as say so; empty where all can be"),
    ]
    by_score: Annotated[Listed, _is("as many, by score alone")]
    enters: Annotated[list[Iso3], _is("on `own` and not `by_score`")]
    leaves: Annotated[list[Iso3], _is("the other way round")]
    prices: Annotated[list[Priced], _is("what variety costs at three weights; empty without `own`")]
    always: Annotated[list[Iso3], _is("who is in each of the `near` best lists that keep to the limits")]
    near: Annotated[Count, _is("how many best lists were looked at: five, or all there are")]
    limits: Annotated[list[Lifted], _is("one a limit, in the order variety, region, kinds")]
    p_all_admitted: Annotated[
        Chance | None, _is("share of draws in which every member of `own` is admitted; null: not known")
    ]
    se: Annotated[float | None, _is("its Monte Carlo standard error")]


class Uncertainty(Closed):
    """What was drawn, and how far counting draws can be off."""

    kinds: Annotated[list[str], _is("kinds of doubt, in words")]
    half_width: Annotated[float | None, _is("95 % half-width of a probability, at most; null: not drawn")]
    misclassified: Annotated[
        dict[str, float],
        _is("by gate, track or path of a test: countries expected to be on the wrong side of it"),
    ]


class Result(Closed):
    """The result of one screening round."""

    schema_version: Annotated[Version, _is("of this description")]
    criteria: Criteria
    as_of: Annotated[Day, _is("the information date: only what was published by then was used")]
    engine: Engine
    sources: Annotated[list[Source], _is("every dataset read, by id")]
    notes: Annotated[list[str], _is("what a reader must know, in sentences; the years read come first")]
    counts: Counts
    shown: NotRequired[
        Annotated[Shown, _is("only where `--only` or `--region` lists fewer; never in a run on disk")]
    ]
    countries: Annotated[
        list[Country], _is("every country of the pool, or those a view shows, ranked ones first")
    ]
    decision: Annotated[Choice | None, _is("null where there is no shortlist or nothing was drawn")]
    portfolio: NotRequired[
        Annotated[
            Portfolio | None,
            _is("only where the criteria set limits to the list; null where nobody is ranked"),
        ]
    ]
    years_read: Annotated[
        dict[str, list[int]], _is("by publisher: the newest year of each series read, newest first")
    ]
    programmes: NotRequired[
        Annotated[list[Programme], _is("as known at `as_of`; only where the criteria have `mechanisms`")]
    ]
    uncertainty: Uncertainty


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a result; it refuses every key that is not named."""
    made = TypeAdapter(Result).json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"eligibility result {VERSION}",
    } | {key: value for key, value in made.items() if key != "title"}
