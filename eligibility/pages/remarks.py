"""What an audit found, in sentences a board member understands; the same on the page, in the terminal and in JSON."""

from __future__ import annotations

import re
from dataclasses import dataclass

from eligibility.analysis.curve import Curve
from eligibility.analysis.soundness import Soundness
from eligibility.method.assumptions import COMPOSITES, DRAWS, FIRM, STATED, Assumptions
from eligibility.method.findings import LIMITS, OURS, Finding
from eligibility.pages import reasons
from eligibility.pages.facts import Facts
from eligibility.pages.wording import (
    NOT_DRAWN,
    among,
    capital,
    counted,
    day,
    listed,
    missing,
    number,
    percent,
    plain,
    some,
    spelled,
    verb,
)
from eligibility.policy import walk

POINTS = 100  # weights are told in points of a hundred


def called(facts: Facts, subject: str) -> str:
    """The name of what a finding is about: an indicator, a pillar, a peer group, a source; as it is if none."""
    for pillar, component in facts.components:
        if subject == component.path:
            return plain(facts.sheets[component.quantity.indicator].label)
        if subject == pillar.id:
            return plain(pillar.title)
    if subject in facts.sheets:
        return plain(facts.sheets[subject].label)
    return facts.groups.get(subject, plain(subject))


def sentence(facts: Facts, sound: Soundness, found: Finding) -> str:
    """One finding as a sentence or two."""
    name, other = f"“{called(facts, found.subject)}”", f"“{called(facts, found.other)}”"
    r, n = _with_ends(found), found.n
    said = {
        "absent": lambda: f"No dataset holds {name}: what rests on it cannot be judged.",
        "coverage": lambda: f"{name} is known of {percent(found.value)} of the {n} countries considered.",
        "coverage-group": lambda: (
            f"{name} is known of {percent(found.value)} of the {n} countries of the group {other}."
        ),
        "coverage-pillar": lambda: (
            f"The pillar {name} can be made for {percent(found.value)} of the {n} countries."
        ),
        "thin": lambda: _thin(int(found.value), n),
        "one-sided": lambda: _one_sided(facts, sound, found),
        "outlier": lambda: (
            f"A few countries lie far from all others on {name}: skew {number(found.value, 1)}."
        ),
        "few": lambda: _few(facts, found, name),
        "alpha": lambda: _alpha(facts, found),
        "sign": lambda: f"The indicators of {name} do not all point one way: {other} pulls against the rest.",
        "own-negative": lambda: f"{name} works against the rest of its own pillar, {other}: correlation {r}.",
        "own-weak": lambda: (
            f"{name} has little to do with the rest of its own pillar, {other}: correlation {r}."
        ),
        "other-pillar": lambda: (
            f"{name} goes more with the pillar {other} ({number(found.value)}) than with the rest of its own "
            f"({number(sound.audit.rest.at[found.subject, 'r'])})."
        ),
        "redundant": lambda: _redundant(facts, found, name, other, r),
        "built-from": lambda: (
            f"{other} is one of the figures that the publisher makes {name} of: what it says is counted in both, "
            "however far the two go together."
        ),
        "pillar-negative": lambda: f"The pillar {name} works against the rest of the score: correlation {r}.",
        "pillar-weak": lambda: (
            f"The pillar {name} has little to do with the rest of the score: correlation {r}."
        ),
        "moved": lambda: _moved(sound, found, name),
        "few-ranked": lambda: (
            f"Only {counted(int(found.value), 'country is', 'countries are')} ranked, too few for correlations and "
            f"effects of their own: those told here are of all {n} countries considered, and need not hold of the ranked."
        ),
        "sets-differ": lambda: (
            f"Of what {'weighs least' if found.value == 0 else 'weighs most'} in the score, the ranked and all "
            f"countries considered disagree: among the {n} ranked it is {name}, among all {other}."
        ),
        "gap": lambda: _gap(facts, sound, found),
        "unattainable": lambda: (
            f"No weights of {found.subject} would make importance what the weights say: {other} "
            f"would need a weight of {_points(found.value)}."
        ),
        "copeland": lambda: (
            "Ranked by how many others each country beats on the pillars, two at a time, the order "
            f"{'agrees' if found.value >= LIMITS[found.limit].value else 'agrees only in part'} with the score: "
            f"rank correlation {number(found.value)}."
        ),
        "left-out": lambda: _left_out(facts, sound, found),
        "wide": lambda: _wide(int(found.value), n, listed(facts.result.firmness.kinds)),
        "not-drawn": lambda: NOT_DRAWN,
    }
    return said[found.kind]()


def _with_ends(found: Finding) -> str:
    """The number of a finding with its interval, where it has one."""
    if missing(found.low):
        return number(found.value)
    return f"{number(found.value)} (90% interval {number(found.low)} to {number(found.high)})"


def _one_sided(facts: Facts, sound: Soundness, found: Finding) -> str:
    """A test that tells nobody apart, with of how many it is unknown."""
    rules = (*facts.criteria.gates, *facts.criteria.tracks)
    own = next(rule for rule in rules if rule.id == found.other)
    test = next(test for test in walk.tests(own.rule) if test.path == found.subject)
    name, unknown = (
        reasons.called(test.quantity, facts.sheets),
        int(sound.audit.tests.at[test.path, "unknown"]),
    )
    needs = facts.needs[facts.pool[0]][test.path]
    told = f"the test “{name} {reasons.needs(test, needs, facts.sheets)}” of “{plain(own.title)}”"
    open_ = f" (of {unknown:,} it is unknown)" if unknown else ""
    apart = "it tells hardly anybody apart"
    return f"{percent(found.value)} of the {found.n} countries it is judged for pass {told}{open_}: {apart}."


def _redundant(facts: Facts, found: Finding, name: str, other: str, r: str) -> str:
    owner = {c.path: p.id for p, c in facts.components}
    if owner[found.subject] == owner[found.other]:
        tail = "Inside one pillar the one tells as much as the two."
    else:
        tail = "In two pillars, what the one tells is counted twice."
    return f"{name} and {other} say nearly the same of countries: correlation {r}. {tail}"


def _moved(sound: Soundness, found: Finding, name: str) -> str:
    """How far a pillar's own order lies from the score's, among the ranked and among all."""
    row, off = (
        sound.audit.pillar.loc[found.subject],
        "stand a tenth of the list or more from where the whole score puts them",
    )
    assert sound.result.scores is not None
    every = int(sound.result.scores.score.notna().sum())
    if not sound.audit.ranked or sound.audit.ranked == every:
        return f"In {name} alone {percent(row['moved'])} of {every} countries {off}."
    return (
        f"In {name} alone {percent(row['moved_ranked'])} of the {sound.audit.ranked} ranked countries, and "
        f"{percent(row['moved'])} of all {every} considered, {off}."
    )


def against(found: Finding) -> str:
    """What a finding is held against and who says so; empty where there is no limit to speak of."""
    limit = LIMITS[found.limit]
    if not limit.said:
        return ""
    return f"{limit.said} (our limit)" if limit.source == OURS else f"{limit.said} ({limit.source})"


def headline(sound: Soundness, facts: Facts | None = None) -> str:
    """The worst finding, in one line; that there is none, where there is none."""
    worst = next((found for found in sound.findings if found.level != "info"), None)
    if worst is None:
        return "Nothing in these figures speaks against the score"
    told = sentence(facts or Facts.of(sound.result), sound, worst)
    return re.split(r"(?<=[a-z0-9”)])[.:] |, where it is ranked", told)[0].rstrip(".")


def _few(facts: Facts, found: Finding, name: str) -> str:
    """Of a pillar that too few have every figure of it, of an indicator that too few have its figure."""
    n = int(found.value)
    who = f"Only {counted(n, 'country has', 'countries have')}" if n else "No country has"
    if any(p.id == found.subject for p in facts.pillars):
        return f"{who} every figure of {name}: too few to say whether it hangs together."
    return f"{who} a figure of {name}: too few to say whether some lie far from all others."


def _thin(count: int, n: int) -> str:
    who, much = (count, "less than") if count else (n, "at least")
    have = f"{capital(among(who, n, 'country', 'countries'))} {verb(who, 'has', 'have')}"
    return f"{have} {much} two thirds of the score's weight in figures."


def _wide(count: int, n: int, kinds: str) -> str:
    wide = f"90% range of ranks wider than a third of the list, where it is ranked, drawn over {kinds}"
    if not count:
        return (
            f"None of the {n} ranked countries has a {wide}."
            if n != 1
            else f"The one ranked country has no {wide}."
        )
    read = "Do not read its rank." if count == 1 else "Do not read their ranks, only who is near the top."
    who = capital(among(count, n, "ranked country", "ranked countries"))
    return f"{who} {verb(count, 'has', 'have')} a {wide}. {read}"


def _alpha(facts: Facts, found: Finding) -> str:
    what = (
        "The pillars" if found.subject == "index" else f"The indicators of “{called(facts, found.subject)}”"
    )
    if found.level == "amber":
        return f"{what} do not measure one thing: Cronbach's alpha {number(found.value)}."
    well = "hang together" if found.value >= LIMITS[found.limit].value else "hang together loosely"
    return f"{what} {well}: Cronbach's alpha {number(found.value)}."


def _gap(facts: Facts, sound: Soundness, found: Finding) -> str:
    made = sound.audit.by_pillar if found.subject == "pillars" else sound.audit.by_indicator
    assert made is not None  # or there was no finding
    table = made.table
    ratio = table["share"] / table["weight"]
    most, least = ratio.idxmax(), ratio.idxmin()

    def told(key: str) -> str:
        return (
            f"“{called(facts, key)}” weighs {number(POINTS * table.at[key, 'weight'], 0)}% and accounts for "
            f"{number(POINTS * table.at[key, 'share'], 0)}% of what {found.subject} do to the score (correlation "
            f"{number(table.at[key, 'correlation'])}, {_fine(table.at[key, 'unique'])} of its variance told by it alone)"
        )

    points = [[number(POINTS * table.at[key, of], 0) for of in ("weight", "share")] for key in (most, least)]
    even = all(weight == share for weight, share in points)
    says = "Importance is what the weights say" if even else "Weights are not importance"
    return f"{says}: {told(most)}; {told(least)}."


def _left_out(facts: Facts, sound: Soundness, found: Finding) -> str:
    rows = sound.audit.left_out
    row = rows[(rows["kind"] == found.other) & (rows["subject"] == found.subject)].iloc[0]
    what = {"indicator": "indicator", "pillar": "pillar", "source": "source"}[found.other]
    if row["shift"] == 0:
        return f"No rank rests on any one {what}."
    name = plain(found.subject) if found.other == "source" else called(facts, found.subject)
    told = f"The {what} on which the ranks rest most is “{name}”: without it ranks move by {number(row['shift'], 1)} places on average"
    if not missing(row["kept"]):
        size, kept = len(facts.result.ranking.shortlist), int(row["kept"])
        told += (
            f" and {spelled(kept) if kept else 'none'} of {spelled(size)} {verb(kept, 'stays', 'stay')} on the shortlist"
            if size > 1
            else f" and the one country on the shortlist {'stays on' if kept else 'leaves'} it"
        )
    return f"{told}."


def _fine(share: float) -> str:
    """A share that may be far below one in a hundred.

    >>> _fine(0.0025), _fine(0.12), _fine(0.0)
    ('0.25%', '12%', '0%')
    """
    return f"{number(POINTS * share, 2)}%" if 0 < share < 0.01 else f"{number(POINTS * share, 0)}%"


def _points(weight: float) -> str:
    return f"{number(POINTS * weight, 0)} of 100"


# The shortlist and its weights -----------------------------------------------------------------------------


def edge(facts: Facts, sound: Soundness) -> tuple[str, ...]:
    """How far the shortlist is from another one, in sentences."""
    made = sound.stability
    if made is None or not facts.criteria.shortlist:
        return ()
    rows = made.all[made.all["of"] == "pillars"].sort_values(["change", "iso3"], kind="stable")
    if rows.empty:
        return ("No change of the pillars' weights brings anybody into the shortlist or out of it.",)
    first = rows.iloc[0]
    own, rival = facts.names[first["iso3"]], facts.names.get(first["rival"], "")
    verb_ = "bring {} in" if first["becomes"] == "in" else "take {} out"
    moved = POINTS * first["change"] / 2
    told = [
        f"Moving {number(moved, 1)} of 100 points of weight between the pillars is enough to {verb_.format(own)}"
        + (f", past {rival}" if rival else "")
        + ": the smallest change that alters the shortlist."
    ]
    near = rows[rows["change"] <= 0.2]
    safe = [c for c in facts.result.ranking.shortlist if c not in set(near["iso3"])]
    if safe:
        told.append(f"No change of ten points or less touches {some([facts.names[c] for c in safe], 8)}.")
    return tuple(told)


# The specification curve -----------------------------------------------------------------------------------


def readings(facts: Facts, curve: Curve) -> tuple[str, ...]:
    """What the named countries prove, in sentences."""
    n, right = len(curve.names), curve.right[-1]
    names = listed(facts.names.get(c.country, plain(c.country)) for c in curve.names)
    told = [
        f"The source names {counted(n, 'country', 'countries')} ({names}). Under the criteria as written, on the figures of "
        f"{day(curve.as_of)}, {_of_names(curve.written, n)} as it says.",
        f"Of {curve.readings:,} readings of the criteria, each a step from the one written in some of its numbers, "
        f"{right:,} ({percent(curve.share)}) sort {'all of them' if n > 1 else 'it'} so."
        + (f" {_worst(facts, curve)}" if right < curve.readings else ""),
    ]
    if right:
        _, low, _, high = curve.admitted
        told.append(
            f"Those {right:,} readings admit {low} to {high} countries in {curve.patterns:,} different lists"
            + (
                ""
                if missing(curve.kept)
                else f"; on average {number(curve.kept, 1)} of the {min(curve.shortlist, curve.admitted[0])} shortlisted as written stay"
            )
            + "."
        )
    if curve.written == n and curve.others:
        odds = f"once in {round(1 / curve.chance):,}" if curve.chance < 0.5 else percent(curve.chance)
        told.append(
            f"{curve.others:,} other sets of {spelled(n)} countries come out just so under the criteria as written; "
            f"a rule that admitted as many of the {curve.pool} by lot would match {odds}."
        )
    told.append(verdict(curve))
    return tuple(told)


def verdict(curve: Curve) -> str:
    """How little it proves that the names match."""
    n = len(curve.names)
    if curve.written < n:
        return "The criteria as written do not match the source; no number should be moved to make them."
    still = ", and those that match still disagree about whom to admit" if curve.patterns > 1 else ""
    if curve.share < 0.5:
        return (
            f"So {spelled(n)} matching names prove little: most readings as sensible do not match, whoever chose these numbers may "
            f"have known the names{still}."
        )
    return f"So {spelled(n)} matching names prove little: most readings as sensible match them too{still}."


def _of_names(right: int, n: int) -> str:
    if right == n:
        return "all come out" if n > 1 else "it comes out"
    return f"{spelled(right)} {verb(right, 'comes', 'come')} out"


def _worst(facts: Facts, curve: Curve) -> str:
    """The name that fails most often."""
    worst = curve.by_name.idxmin()
    name = facts.names.get(worst, plain(worst))
    return f"Most often it is {name} that does not, in {percent(1 - curve.by_name[worst])} of the readings."


@dataclass(frozen=True)
class AssumedRow:
    """The outcome under one assumption on measurement error, as printed."""

    name: str
    firm: str
    open: str
    sure: str
    width: str
    most: str


def assumed(facts: Facts, made: Assumptions) -> tuple[AssumedRow, ...]:
    """One row an assumption, the stated one first."""
    names = {STATED: "as the criteria state", COMPOSITES: "wider intervals of averages"}
    rows = []
    for row in made.table.to_dict("records"):
        name = names.get(row["kind"], f"{row['kind']} {number(row['value'])}")
        most = f"{facts.names[row['moved']]} ({signed(POINTS * row['most'])} points)" if row["moved"] else ""
        width = number(row["width"], 1)
        rows.append(AssumedRow(name, f"{row['firm']}", f"{row['borderline']}", f"{row['sure']}", width, most))
    return tuple(rows)


def signed(points: float) -> str:
    """A distance in whole points, below one where it is."""
    return "<1" if points < 1 else number(points, 0)


def assumed_notes(made: Assumptions) -> tuple[str, ...]:
    """How to read the table of assumptions, and that of flat figures where there is one."""
    notes = [
        f"Firm: ranked countries admitted in at least {percent(FIRM)} of the re-runs; not: the other ranked ones. Sure: countries "
        f"on the shortlist in at least {percent(FIRM)}, by measurement error alone. Range: mean width of the 90% range of ranks. "
        f"Each line is {DRAWS:,} re-runs. None of these assumptions can be settled from the figures held."
    ]
    if len(made.flat):
        notes.append(
            "How often error alone lets a figure that did not move pass a test of a change, or from one standard error short of it a test of a peak:"
        )
    return tuple(notes)


def flat(facts: Facts, made: Assumptions) -> tuple[tuple[str, str], ...]:
    """Each test of a fall in words, and how often a figure that stood still passes it."""
    rules = (gate.rule for gate in (*facts.criteria.gates, *facts.criteria.tracks))
    tests = {test.path: test for rule in rules for test in walk.tests(rule)}
    return tuple(
        (reasons.called(tests[row["path"]].quantity, facts.sheets), percent(row["chance"]))
        for row in made.flat.to_dict("records")
    )
