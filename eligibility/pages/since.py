"""What moved since the last round, in sentences: for the board, and for the page of a country.

Every name and number comes from the comparison (compare/since.py). The last round is judged on published values
alone, so no rank of it is told and a change that the doubt of this round could account for is called what it may be.
"""

from __future__ import annotations

from collections.abc import Iterable

from eligibility import countries
from eligibility.compare.since import Move, Turn
from eligibility.compare.steps import ADMITTED, OUTSIDE, STEPS
from eligibility.pages import sentences
from eligibility.pages.facts import BORDERLINE, Facts
from eligibility.pages.views import VERDICTS, Entry, Moved
from eligibility.pages.wording import (
    capital,
    counted,
    day,
    inner,
    listed,
    missing,
    number,
    percent,
    plain,
    runs,
    sentence,
    signed,
    some,
    spelled,
    verb,
)

FEW, MANY = 3, 8  # names in a heading, names in a sentence
FINEST = 12  # decimals a score has
CAUSES = {
    "rule": "the criteria",
    "revision": "corrections of past figures",
    "own": "{own} own figures",
    "peers": "the figures of others",
    "pool": "who is considered and who is compared with whom",
}
STATUS = {
    "eligible": "eligible",
    "conditional": "admitted on condition",
    "excluded": "excluded",
    "insufficient-data": "not judged for want of data",
    OUTSIDE: "not considered",
}


def cause(step: str, own: str = "its") -> str:
    """What a step is called; "" for none."""
    return CAUSES[step].format(own=own) if step else ""


def _decided(step: str) -> str:
    return f", decided by {cause(step)}" if step else ""


def compared(facts: Facts) -> str:
    """What the last round is: "the same criteria on 31 March 2024"."""
    since = facts.since
    if since.told is None:
        return f"the same criteria on {day(since.as_of)}"
    own, theirs = since.told.b.criteria, since.told.a.criteria
    called = f"criteria “{plain(theirs['id'])}” version {plain(theirs['version'])}"
    if since.same:
        called = "same criteria"
    elif (own["id"], own["version"]) == (theirs["id"], theirs["version"]):
        called = (
            f"other {called} of the same name"
            if since.settings == facts.criteria.settings
            else f"{called} as changed by --set"
        )
    when = "on the same day" if since.as_of == facts.result.as_of else f"on {day(since.as_of)}"
    figures = f", with the figures of {listed(plain(p) for p in since.pins)}" if since.pins else ""
    return f"the {called} {when}{figures}{f', run {since.run}' if since.run else ''}"


def proof(facts: Facts) -> tuple[Entry, ...]:
    """The line at the foot of a page that says what it compares with."""
    since = facts.since
    if since is None or since.told is None:
        return ()
    theirs = since.told.a.criteria
    told = f"{capital(compared(facts))}: {plain(theirs['id'])} {plain(theirs['version'])}, sha256 {plain(theirs['sha256'])}"
    return (Entry("Compared with", f"{told}; its figures by checksum are in manifest.json"),)


# The briefing ----------------------------------------------------------------------------------------------


def moved(facts: Facts) -> Moved | None:
    """What moved, for the board; None where nothing is compared."""
    since = facts.since
    if since is None or since.as_of is None:
        return None
    if since.told is None:
        return Moved("What moved cannot be said", _unjudged(facts), (), ())
    lines = [*_shortlist(facts), *_admitted(facts), *_scores(facts)]
    return Moved(_title(facts), _lead(facts), tuple(lines), _notes(facts))


def _unjudged(facts: Facts) -> str:
    """That the round of a year before cannot be judged, and why."""
    since = facts.since
    asked = f"No earlier round was named, and {compared(facts)} cannot be judged, so nothing is said of what moved."
    return f"{asked} {sentence(plain(since.why))}".strip()


def _lead(facts: Facts) -> str:
    """What this round is held against, and what is not known of that."""
    told = f"Compared with {compared(facts)}"
    told += "" if facts.since.word else ", for no other round was named"
    return (
        f"{told}. That round is judged on published values alone: how firm it was is not worked out, "
        "so no rank of it is given."
    )


def _notes(facts: Facts) -> tuple[str, ...]:
    """What a reader must know of the two rounds before believing the causes."""
    since, out = facts.since, []
    if since.told.path is None:
        out.append(
            f"The last round is told as it was sealed, for it cannot be judged again here ({plain(since.why)}), and "
            "what moved a country cannot be told without that."
        )
    if since.told.one_vintage:
        out.append(
            "Both rounds read the same releases of the data. A past figure that a publisher has corrected is "
            "corrected in both, so no move told here is a correction of the past."
        )
    if since.told.lent:
        names = [plain(facts.sheets[i].label) if i in facts.sheets else plain(i) for i in since.told.lent]
        out.append(
            f"The last round held no figures of {some(map(inner, names))}; those of this round stand in, and what "
            "they move counts as the criteria."
        )
    return tuple(out)


def _title(facts: Facts) -> str:
    """The finding: who came onto the shortlist and who left it, how many are newly admitted."""
    since, own = facts.since, facts.criteria
    places, word = bool(own.shortlist), "ranked" if own.index else "admitted"
    came, gone = len(since.newly), len(since.no_longer)
    changed = [f"{_who(facts, names)} {verb(len(names), *forms)} {rest}"
               for names, forms, rest in ((since.entered, ("enters", "enter"), "the shortlist"),
                                          (since.left, ("leaves", "leave"), "it" if since.entered else "the shortlist"))
               if names]  # fmt: skip
    if not came and not gone:
        inside = "the same countries" if since.told.b.admitted else "nobody"
        then = f"{inside} {verb(2 if since.told.b.admitted else 1, 'is', 'are')} {word}"
        if not places:
            return f"Nothing moved: {then}, as in the last round"
        if not changed:
            same = "the same shortlist" if since.told.b.listed else "nobody is proposed"
            return f"Nothing moved: {same}, and {then}, as in the last round"
        return f"{capital(' and '.join(changed))}; {then}"
    told = [f"{counted(came, 'country is', 'countries are')} newly {word}"] if came else []
    if gone:
        told.append(f"{spelled(gone)} no longer {verb(gone, 'is', 'are')}" if came else
                    f"{counted(gone, 'country is', 'countries are')} no longer {word}")  # fmt: skip
    if places and not changed:
        changed = [
            "the shortlist is the same" if since.told.b.listed else "nobody is proposed, as in the last round"
        ]
    return capital("; ".join(x for x in (" and ".join(changed), " and ".join(told)) if x))


def _who(facts: Facts, names: tuple[str, ...]) -> str:
    """Names if they are few, else how many."""
    if len(names) > FEW:
        return counted(len(names), "country", "countries")
    return listed(called(facts, c) for c in names)


def called(facts: Facts, iso3: str) -> str:
    """The name of a country, one of the last round too."""
    register = countries.register()
    return facts.names.get(iso3) or plain(register.name(iso3) if iso3 in register else iso3)


def _shortlist(facts: Facts) -> Iterable[str]:
    """Each country that came onto the shortlist or left it, what decided it, and whether it may be noise."""
    since, draws = facts.since, facts.result.firmness.draws
    for names, word in ((since.entered, "enters"), (since.left, "leaves")):
        for iso3 in names:
            told = f"{called(facts, iso3)} {word} the shortlist{_decided(since.moves[iso3].listed)}."
            p = facts.p_top.get(iso3)
            if _open(p, word == "enters"):
                told += (
                    f" In {runs(p, draws)} of this round it is on the shortlist, so the change may be noise."
                )
            yield told


def _open(p: float | None, inside: bool) -> bool:
    """Whether the doubt of this round could account for a change into or out of something."""
    return not missing(p) and (p < BORDERLINE[1] if inside else p > BORDERLINE[0])


def _admitted(facts: Facts) -> Iterable[str]:
    """Who is newly and who no longer admitted, by what decided it, and for whom it may be noise."""
    since, word = facts.since, "ranked" if facts.criteria.index else "admitted"
    for names, said, inside in ((since.newly, "Newly", True), (since.no_longer, "No longer", False)):
        if not names:
            continue
        yield f"{said} {word}: {_by_cause(facts, names)}."
        loose = [] if facts.criteria.index else [c for c in names if _open(facts.p_eligible.get(c), inside)]
        if loose:
            yield _noise(facts, loose)


def _noise(facts: Facts, loose: list[str]) -> str:
    """That measurement error leaves some answers open, with how often each is admitted where they are few."""
    if len(loose) > MANY:
        who = counted(len(loose), "of these countries", "of these countries")
    else:
        who = listed(
            f"{called(facts, c)} (admitted in {percent(facts.p_eligible[c])} of re-runs)" for c in loose
        )
    its = verb(len(loose), "this change", "these changes")
    return f"For {who} measurement error leaves the answer open, so {its} may be noise."


def _by_cause(facts: Facts, names: tuple[str, ...]) -> str:
    """Names, or counts where they are many, grouped by the step that decided."""
    groups: dict[str, list[str]] = {}
    for iso3 in names:
        groups.setdefault(facts.since.moves[iso3].admitted, []).append(iso3)
    out = []
    for step in ("", *STEPS):
        if mine := groups.get(step):
            who = (
                counted(len(mine), "country", "countries")
                if len(names) > MANY
                else listed(called(facts, c) for c in mine)
            )
            out.append(who + (f", decided by {cause(step, verb(len(mine), 'its', 'their'))}" if step else ""))
    return "; ".join(out)


def _scores(facts: Facts) -> Iterable[str]:
    """How many countries of an index have a higher and a lower score than in the last round."""
    both = [m.score for m in facts.since.moves.values() if not any(map(missing, m.score))]
    if facts.criteria.index and both:
        up, down = sum(b > a for a, b in both), sum(b < a for a, b in both)
        yield (
            f"Of {counted(len(both), 'country', 'countries')} with a score in both rounds {spelled(up) if up else 'none'} "
            f"{verb(up, 'has', 'have')} a higher one now and {spelled(down) if down else 'none'} a lower one."
        )


# The page of a country -------------------------------------------------------------------------------------


def country(facts: Facts, iso3: str) -> tuple[str, tuple[str, ...]]:
    """The finding on one country's move and its sentences; ("", ()) where nothing is compared."""
    since = facts.since
    if since is None or since.as_of is None:
        return "", ()
    if since.told is None:
        return "what moved cannot be said", (_unjudged(facts),)
    move = since.moves[iso3]
    lines = [f"Compared with {compared(facts)}.", *_status(facts, iso3, move), *_place(facts, iso3, move)]
    lines += _turned(facts, move)
    lines += _score(facts, move)
    if since.told.path is None:
        lines.append("What moved it cannot be told, for the last round cannot be judged again here.")
    return _finding(facts, move), tuple(lines)


def _finding(facts: Facts, move: Move) -> str:
    """The move in a few words."""
    was, now = (STATUS.get(word, plain(word)) for word in move.status)
    index = facts.criteria.index
    first = f"{was} then, {now} now" if was != now and not index else "" if index else f"{now} then and now"
    if any(map(missing, move.score)):
        second = "" if not index else "no change of score to tell"
    else:
        places, total = _places(move)
        second = f"score {signed(total, places)}" if total else "the same score"
    return ", ".join(x for x in (first, second) if x)


def _status(facts: Facts, iso3: str, move: Move) -> Iterable[str]:
    """Its status then and now, what decided the change, and whether that may be noise."""
    was, now = (STATUS.get(word, plain(word)) for word in move.status)
    if move.status[0] == OUTSIDE:
        yield "It was not considered in the last round" + (
            "." if facts.criteria.index else f", and is {now} in this one{_decided(move.admitted)}."
        )
    elif facts.criteria.index:
        return
    elif was == now:
        yield (
            f"It was {was} and still is."
            if now != STATUS["insufficient-data"]
            else f"It was {was}, and is so still."
        )
    else:
        yield f"It was {was} and is {now}{_decided(move.admitted)}."
    p, inside = facts.p_eligible[iso3], move.status[1] in ADMITTED
    crossed = iso3 in (facts.since.newly if inside else facts.since.no_longer)
    if crossed and not facts.criteria.index and _open(p, inside):
        yield (
            f"Under measurement error it is admitted in {runs(p, facts.result.firmness.draws)} of this round, "
            "so the change may be noise."
        )


def _place(facts: Facts, iso3: str, move: Move) -> Iterable[str]:
    """That it came onto the shortlist or left it."""
    entered, left = iso3 in facts.since.entered, iso3 in facts.since.left
    if entered or left:
        yield f"It {'enters' if entered else 'leaves'} the shortlist{_decided(move.listed)}."
        p = facts.p_top[iso3]
        if _open(p, entered):
            yield (
                f"In {runs(p, facts.result.firmness.draws)} of this round it is on the shortlist, "
                "so the change may be noise."
            )


def _turned(facts: Facts, move: Move) -> Iterable[str]:
    """The gates and tracks with another verdict."""
    own = facts.criteria
    if own.index or OUTSIDE in move.status:
        return
    if not move.turned:
        yield f"No {'gate and no track' if own.tracks and own.gates else 'gate' if own.gates else 'track'} turned."
        return
    yield f"Turned: {'; '.join(_turn(facts, turn) for turn in move.turned)}."


def _turn(facts: Facts, turn: Turn) -> str:
    """One gate or track: the title, the words then and now, and why."""
    words = [
        VERDICTS[word].word.lower() if word in VERDICTS else "not asked" for word in (turn.was, turn.now)
    ]
    return f"{_rule(facts, turn.gate)} from {words[0]} to {words[1]}" + (
        f" ({cause(turn.step)})" if turn.step else ""
    )


def _rule(facts: Facts, key: str) -> str:
    """A gate or track of either round by its title."""
    policies = [facts.criteria, *([facts.since.before.criteria] if facts.since.before else [])]
    for policy in policies:
        for kind, rules in (("gate", policy.gates), ("track", policy.tracks)):
            for rule in rules:
                if rule.id == key:
                    return f"the {kind} {sentences.quoted(rule)}"
    return f"the gate “{plain(key)}”"


def _score(facts: Facts, move: Move) -> Iterable[str]:
    """Its score then and now and the parts of the change, which add up as they are printed."""
    then, now = move.score
    if facts.criteria.score is None or move.status[0] == OUTSIDE:
        return
    if missing(then) or missing(now):
        yield (
            "It has a score in neither round."
            if missing(then) and missing(now)
            else f"It had no score then and has {number(now, 3)} now, so no change is told."
            if missing(then)
            else f"Its score was {number(then, 3)}; now it has none, so no change is told."
        )
        return
    places, total = _places(move)
    parts = [(step, value) for step, value in move.parts.items() if _printed(value, places)]
    if not total:
        told = f"Its score is {number(now, places)}, as then"
        told += f": {_parts(parts, places)}" if parts else ""
    else:
        told = f"Its score was {number(then, places)} and is {number(now, places)}: {signed(total, places)}"
        if len(parts) == 1:
            told += f", all by {cause(parts[0][0])}"
        elif parts:
            told += f", made of {_parts(parts, places)}"
    yield f"{told}."
    if move.status[1] not in ADMITTED:
        yield "It is not ranked, so its score decides nothing."
    if total or parts:
        yield "These are published values; how much of a change is measurement error is not worked out."


def _parts(parts: list[tuple[str, float]], places: int) -> str:
    return listed(f"{signed(value, places)} by {cause(step)}" for step, value in parts)


def _places(move: Move) -> tuple[int, float]:
    """As few decimals, from three on, as let score, change and parts add up as printed; and the change so rounded."""
    then, now = move.score
    total = now - then
    for places in range(3, FINEST + 1):
        ends, change = [_printed(x, places) for x in (then, now)], _printed(total, places)
        parts = [_printed(x, places) for x in move.parts.values()]
        shows = bool(change) or abs(total) < 10.0**-FINEST
        if shows and ends[1] - ends[0] == change and (not parts or sum(parts) == change):
            break
    return places, change / 10**places


def _printed(value: float, places: int) -> int:
    """A number as it is printed with so many decimals, in units of the last."""
    return int(f"{value:.{places}f}".replace(".", ""))
