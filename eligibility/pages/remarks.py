"""What an audit found, in sentences a board member understands; the same on the page, in the terminal and in JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from eligibility.analysis.curve import Curve
from eligibility.analysis.soundness import Soundness
from eligibility.method.assumptions import COMPOSITES, DRAWS, FIRM, STATED, Assumptions
from eligibility.method.findings import LIMITS, OURS, Finding
from eligibility.pages import names, reasons
from eligibility.pages.facts import Facts
from eligibility.pages.said import NOTHING, Figure, Located, Said, say, tell
from eligibility.pages.wording import capital, missing, number, plain
from eligibility.policy import walk

POINTS = 100  # weights are told in points of a hundred
MOST = 8  # names in a sentence
# of what can be left out, in plain words
KINDS = {"indicator": "figure", "pillar": "part", "source": "source"}
# the phrase of a finding, by its kind if it is "", and facts beside those of the finding
Told = tuple[str, dict]


def called(facts: Facts, subject: str) -> str:
    """The name of what a finding is about: an indicator, a pillar, a peer group, a source; as it is if none."""
    for pillar, component in facts.components:
        if subject == component.path:
            return capital(names.of(component.quantity.indicator, facts.sheets).name)
        if subject == pillar.id:
            return plain(pillar.title)
    if subject in facts.sheets:
        return capital(names.of(subject, facts.sheets).name)
    return facts.groups.get(subject, plain(subject))


def sentence(facts: Facts, sound: Soundness, found: Finding) -> Said:
    """One finding as a sentence or two."""
    special = _SPECIAL.get(found.kind)
    phrase, more = special(facts, sound, found) if special else ("", {})
    given = {
        "name": called(facts, found.subject),
        "other": called(facts, found.other),
        "x": found.value,
        "n": found.n,
        "low": found.low,
        "high": found.high,
        **more,
    }
    return tell(f"audit.{phrase or found.kind}", **given)


def _thin(facts: Facts, sound: Soundness, found: Finding) -> Told:
    count, n = int(found.value), found.n
    return ("thin", {"x": count, "who": (count, n)}) if count else ("thin.none", {"who": (n, n)})


def _one_sided(facts: Facts, sound: Soundness, found: Finding) -> Told:
    """A test that tells nobody apart, with of how many it is unknown."""
    rules = (*facts.criteria.gates, *facts.criteria.tracks)
    own = next(rule for rule in rules if rule.id == found.other)
    test = next(test for test in walk.tests(own.rule) if test.path == found.subject)
    of = (facts.needs[c][test.path] for c in facts.pool if own.peer_group in ("", facts.group[c]))
    limits = sorted({limit for limit in of if not missing(limit)})
    needs: Said | str = reasons.needs(test, limits[0] if limits else None, facts.sheets)
    if len(limits) > 1 and test.compares:
        ends = (reasons.shown(limit, test.quantity, facts.sheets) for limit in (limits[0], limits[-1]))
        given = dict(zip(("low", "high"), ends, strict=True), what=reasons.origin(test.limit))
        needs = say("audit.needs.several", sign=test.compares.sign, **given)
    open_ = int(sound.audit.tests.at[test.path, "unknown"])
    return f"one-sided{'.open' if open_ else ''}", {
        "name": reasons.called(test.quantity, facts.sheets),
        "needs": needs,
        "rule": plain(own.title),
        "open": open_,
    }


def _few(facts: Facts, sound: Soundness, found: Finding) -> Told:
    """Of a pillar that too few have every figure of it, of an indicator that too few have its figure."""
    whole = ".pillar" if any(p.id == found.subject for p in facts.pillars) else ""
    return f"few{whole}{'' if found.value else '.none'}", {"n": int(found.value)}


def _alpha(facts: Facts, sound: Soundness, found: Finding) -> Told:
    name = called(facts, found.subject)
    what = say("audit.alpha.parts") if found.subject == "index" else say("audit.alpha.inside", name=name)
    well = "" if found.value >= LIMITS[found.limit].value else ".loose"
    return f"alpha{'.low' if found.level == 'amber' else well}", {"what": what}


def _redundant(facts: Facts, sound: Soundness, found: Finding) -> Told:
    owner = {c.path: p.id for p, c in facts.components}
    return "" if owner[found.subject] == owner[found.other] else "redundant.apart", {}


def _moved(facts: Facts, sound: Soundness, found: Finding) -> Told:
    """How far a pillar's own order lies from the score's, among the ranked and among all."""
    row, ranked = sound.audit.pillar.loc[found.subject], sound.audit.ranked
    assert sound.result.scores is not None
    every = int(sound.result.scores.score.notna().sum())
    if not ranked or ranked == every:
        return "moved", {"x": row["moved"], "all": every}
    return "moved.ranked", {"x": row["moved_ranked"], "n": ranked, "every": row["moved"], "all": every}


def _gap(facts: Facts, sound: Soundness, found: Finding) -> Told:
    made = sound.audit.by_pillar if found.subject == "pillars" else sound.audit.by_indicator
    assert made is not None  # or there was no finding
    table = made.table
    ratio = table["share"] / table["weight"]
    ends = {"most": ratio.idxmax(), "least": ratio.idxmin()}

    def told(key: str) -> Said:
        row = table.loc[key]
        unique = row["unique"]
        return say(
            "audit.gap.part",
            name=called(facts, key),
            weight=POINTS * row["weight"],
            share=POINTS * row["share"],
            what=_several(found.subject),
            r=row["correlation"],
            unique=Figure(POINTS * unique, 2 if 0 < unique < 0.01 else 0),
        )

    points = [[number(POINTS * table.at[key, of], 0) for of in ("weight", "share")] for key in ends.values()]
    even = all(weight == share for weight, share in points)
    return f"gap{'.even' if even else ''}", {end: told(key) for end, key in ends.items()}


def _several(kind: str) -> str:
    """Pillars or indicators, in plain words."""
    return f"{KINDS[kind.removesuffix('s')]}s"


def _unattainable(facts: Facts, sound: Soundness, found: Finding) -> Told:
    return "", {"what": _several(found.subject), "weight": POINTS * found.value}


def _left_out(facts: Facts, sound: Soundness, found: Finding) -> Told:
    rows = sound.audit.left_out
    row = rows[(rows["kind"] == found.other) & (rows["subject"] == found.subject)].iloc[0]
    if row["shift"] == 0:
        return "left-out.none", {"what": KINDS[found.other]}
    size, kept = len(facts.result.ranking.shortlist), NOTHING
    if not missing(row["kept"]):
        n = int(row["kept"])
        alone = say("audit.kept.one" if n else "audit.kept.gone")
        kept = say("audit.kept", n=n, of=size) if size > 1 else alone
    return "", {"what": KINDS[found.other], "x": row["shift"], "kept": kept}


def _wide(facts: Facts, sound: Soundness, found: Finding) -> Told:
    count, n = int(found.value), found.n
    none = "wide.none" if n != 1 else "wide.none.one"
    kinds = {"kinds": tuple(facts.result.firmness.kinds)}
    return "wide" if count else none, {"x": count, "who": (count, n), **kinds}


_SPECIAL: Mapping[str, Callable[[Facts, Soundness, Finding], Told]] = {
    "thin": _thin, "one-sided": _one_sided, "few": _few, "alpha": _alpha, "redundant": _redundant, "moved": _moved, "gap": _gap,
    "unattainable": _unattainable, "left-out": _left_out, "wide": _wide,
    "few-ranked": lambda _, sound, found: ("", {"ranked": int(found.value)}),
    "other-pillar": lambda _, sound, found: ("", {"own": sound.audit.rest.at[found.subject, "r"]}),
    "sets-differ": lambda _, sound, found: (f"sets-differ.{'most' if found.value else 'least'}", {}),
    "copeland": lambda _, sound, found: ("copeland" if found.value >= LIMITS[found.limit].value else "copeland.part", {}),
}  # fmt: skip


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
        return say("audit.well" if sound.result.criteria.score else "audit.well.unscored").text
    told = sentence(facts or Facts.of(sound.result), sound, worst).plain
    return re.split(r"(?<=[a-z0-9”)])[.:] |, where it is ranked", told)[0].rstrip(".")


# The shortlist and its weights -----------------------------------------------------------------------------


def edge(facts: Facts, sound: Soundness) -> tuple[Said, ...]:
    """How far the shortlist is from another one, in sentences."""
    made = sound.stability
    if made is None or not facts.criteria.shortlist:
        return ()
    rows = made.between_pillars
    if rows.empty:
        return (say("audit.edge.never"),)
    first, at = rows.iloc[0], f"audit stability.all_weights[{rows.index[0]}].points"
    past = say("audit.edge.past", name=facts.names[first["rival"]]) if first["rival"] else NOTHING
    points, name = Located(POINTS * first["change"] / 2, at), facts.names[first["iso3"]]
    told = say(f"audit.edge.{first['becomes']}", points=points, name=name, past=past)
    near = set(rows[rows["change"] <= 0.2]["iso3"])
    safe = [facts.names[c] for c in facts.result.ranking.shortlist if c not in near]
    more = (say("some.more", n=len(safe) - MOST),) if len(safe) > MOST else ()
    return (told, say("audit.edge.safe", names=(*safe[:MOST], *more))) if safe else (told,)


# The specification curve -----------------------------------------------------------------------------------


def readings(facts: Facts, curve: Curve) -> tuple[Said, ...]:
    """What the named countries prove, in sentences."""
    n, right = len(curve.names), curve.right[-1]
    named = lambda iso3: facts.names.get(iso3, plain(iso3))  # noqa: E731
    all_come = say("audit.come.all" if n > 1 else "audit.come.one")
    come = all_come if curve.written == n else say("audit.come", n=curve.written)
    worst = curve.by_name.idxmin()
    fails = say("audit.worst", name=named(worst), p=1 - curve.by_name[worst])
    worst_ = fails if right < curve.readings else NOTHING
    names = tuple(named(c.country) for c in curve.names)
    told = [
        say("audit.named", n=n, names=names, day=curve.as_of, come=come),
        say("audit.readings", all=curve.readings, right=right, p=curve.share, n=n, worst=worst_),
    ]
    if right:
        _, low, _, high = curve.admitted
        kept = NOTHING
        if not missing(curve.kept):
            kept = say("audit.those.kept", x=curve.kept, of=min(curve.shortlist, curve.admitted[0]))
        told.append(say("audit.those", right=right, low=low, high=high, lists=curve.patterns, kept=kept))
    if curve.written == n and curve.others:
        odds = say("chance.number", p=Located(curve.chance, "audit curve.chance"))
        if curve.chance < 0.5:
            odds = say("audit.lot.once", n=round(1 / curve.chance))
        told.append(say("audit.lot", others=curve.others, n=n, pool=curve.pool, odds=odds))
    return (*told, verdict(curve))


def verdict(curve: Curve) -> Said:
    """How little it proves that the names match."""
    n = len(curve.names)
    if curve.written < n:
        return say("audit.unmatched")
    still = say("audit.little.still") if curve.patterns > 1 else NOTHING
    return say("audit.little.known" if curve.share < 0.5 else "audit.little", n=n, still=still)


def assumption(row: Mapping) -> str:
    """What one assumption on measurement error is called."""
    names = {STATED: "as the criteria state", COMPOSITES: "wider intervals of averages"}
    return names.get(row["kind"], f"{row['kind']} {number(row['value'])}")


def assumed(facts: Facts) -> tuple[str, ...]:
    """What an assumption can move: chances need a requirement, places a shortlist, ranges a score."""
    own = facts.criteria
    ways = {"firm": not own.index, "sure": own.shortlist, "width": own.score, "moves": not own.index}
    return tuple(what for what, there in ways.items() if there)


def assumed_notes(facts: Facts) -> tuple[Said, ...]:
    """How to read the table of assumptions."""
    told = [
        tell(f"audit.assumed.{what}{'' if what != 'firm' or facts.pillars else '.unscored'}", p=FIRM)
        for what in assumed(facts)
        if what != "moves"
    ]
    return (*told, say("audit.assumed", draws=DRAWS))


def flat(facts: Facts, made: Assumptions) -> tuple[tuple[str, float], ...]:
    """Each test of a fall in words, and how often a figure that stood still passes it."""
    rules = (gate.rule for gate in (*facts.criteria.gates, *facts.criteria.tracks))
    tests = {test.path: test for rule in rules for test in walk.tests(rule)}
    return tuple(
        (reasons.called(tests[row["path"]].quantity, facts.sheets), row["chance"])
        for row in made.flat.to_dict("records")
    )
