"""What moved since the last round, in sentences for the board, and the words that pages of countries share.

Every name and number comes from the comparison (compare/since.py). The last round is judged on published values
alone, so no rank of it is told and a change that the doubt of this round could account for is called what it may be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from eligibility import countries
from eligibility.compare.since import Move, Since
from eligibility.compare.steps import OUTSIDE, STEPS
from eligibility.pages.board_views import Moved
from eligibility.pages.facts import Facts
from eligibility.pages.views import Entry
from eligibility.pages.wording import (
    capital,
    counted,
    day,
    inner,
    listed,
    missing,
    percent,
    plain,
    sentence,
    some,
    spelled,
    verb,
)

FEW, MANY = 3, 8  # names in a heading, names in a sentence
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
    "qualified": "qualified",
    "on-hold": "on hold",
    "excluded": "excluded",
    "insufficient-data": "not judged because data are not held",
    OUTSIDE: "not considered",
}


def cause(step: str, own: str = "its") -> str:
    """What a step is called; "" for none."""
    return CAUSES[step].format(own=own) if step else ""


def last(facts: Facts) -> Since:
    """The last round, where there is one to speak of."""
    assert facts.since is not None
    return facts.since


def status(facts: Facts, word: str, then: bool = False) -> str:
    """What a status is called, in this round or the last; an index ranks and admits nobody."""
    ends = last(facts).comparison
    if word == "eligible" and (ends.a if then else ends.b).index:
        return "ranked"
    return STATUS.get(word, plain(word))


def decided(step: str) -> str:
    return f", decided by {cause(step)}" if step else ""


def compared(facts: Facts) -> str:
    """What the last round is: "the same criteria on 31 March 2024"."""
    since = last(facts)
    assert since.as_of is not None
    if since.told is None:
        return f"the same criteria on {day(since.as_of)}"
    own, theirs = since.told.b.criteria, since.told.a.criteria
    called = f"criteria “{plain(theirs['id'])}” version {plain(theirs['version'])}"
    if since.same:
        called = "same criteria"
    elif since.settings and since.settings != facts.criteria.settings:
        called += " as changed by --set"
    elif (own["id"], own["version"]) == (theirs["id"], theirs["version"]):
        file = own["sha256"] != theirs["sha256"]
        called += " as another file has them" if file else " without the changes that --set makes here"
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
        return Moved("What moved cannot be said", unjudged(facts), (), ())
    lines = [*_lines(facts), *_scores(facts)]
    return Moved(_title(facts), _lead(facts), tuple(lines), _notes(facts))


def unjudged(facts: Facts) -> str:
    """That the round of a year before cannot be judged, and why."""
    since = last(facts)
    asked = f"No earlier round was named, and {compared(facts)} cannot be judged, so nothing is said of what moved."
    return f"{asked} {sentence(plain(since.why))}".strip()


def _lead(facts: Facts) -> str:
    """What this round is held against."""
    return f"Compared with {compared(facts)}{'' if last(facts).word else ', for no other round was named'}."


def _notes(facts: Facts) -> tuple[str, ...]:
    """What a reader must know of the two rounds before believing the causes."""
    since = last(facts)
    out = [
        "The last round is judged on published values alone: how firm it was is not worked out, so no rank of it is given."
        if since.comparison.path is not None
        else f"The last round is told as it was sealed, for it cannot be judged again here ({plain(since.why)}), so "
        "what moved a country cannot be told, nor which tracks turned; no rank of it is given."
    ]
    if not since.comparable:
        which = "This" if facts.criteria.index else "The last"
        out.append(
            f"{which} round is an index, which ranks countries and admits none, so who is admitted is not compared."
        )
    if since.comparison.one_vintage:
        out.append(
            "Both rounds read the same releases of the data. A past figure that a publisher has corrected is "
            "corrected in both, so no move told here is a correction of the past."
        )
    if since.comparison.lent:
        names = [
            plain(facts.sheets[i].label) if i in facts.sheets else plain(i) for i in since.comparison.lent
        ]
        out.append(
            f"The last round held no figures of {some(map(inner, names))}; those of this round stand in, and what "
            "they move counts as the criteria."
        )
    if not facts.error_known:
        out.append("Nor can it be said how firm this round is, so any change may be noise.")
    return tuple(out)


def _title(facts: Facts) -> str:
    """The finding: who came onto the shortlist and who left it, how many are newly admitted."""
    since, own = last(facts), facts.criteria
    places, word = bool(own.shortlist), "ranked" if own.index else "admitted"
    came, gone = len(since.newly), len(since.no_longer)
    changed = [f"{_who(facts, names)} {verb(len(names), *forms)} {rest}"
               for names, forms, rest in ((since.entered, ("enters", "enter"), "the shortlist"),
                                          (since.left, ("leaves", "leave"), "it" if since.entered else "the shortlist"))
               if names]  # fmt: skip
    if not since.comparable:
        kept = (
            "the shortlist is the same"
            if since.comparison.b.listed
            else "nobody is proposed, as in the last round"
        )
        first = " and ".join(changed) or (kept if places else "")
        return capital("; ".join(x for x in (first, "who is admitted is not compared") if x))
    if not came and not gone:
        some_in = bool(since.comparison.b.admitted)
        then = f"the same countries are {word} as" if some_in else f"nobody is {word}, as"
        if changed:
            return f"{capital(' and '.join(changed))}; {then} in the last round"
        if since.comparison.b.listed:
            return f"The shortlist and the countries {word} are those of the last round"
        return f"{capital(then)} in the last round"
    told = [f"{counted(came, 'country is', 'countries are')} newly {word}"] if came else []
    if gone:
        told.append(f"{spelled(gone)} no longer {verb(gone, 'is', 'are')}" if came else
                    f"{counted(gone, 'country is', 'countries are')} no longer {word}")  # fmt: skip
    if places and not changed:
        changed = [
            "the shortlist is the same"
            if since.comparison.b.listed
            else "nobody is proposed, as in the last round"
        ]
    return capital("; ".join(x for x in (" and ".join(changed), " and ".join(told)) if x))


def _who(facts: Facts, names: tuple[str, ...]) -> str:
    """Names if they are few, else how many."""
    if len(names) > FEW:
        return counted(len(names), "country", "countries")
    return listed(_by_name(facts, names).values())


def _by_name(facts: Facts, codes: Iterable[str]) -> dict[str, str]:
    """Country -> its name, in the order of the names."""
    return dict(sorted(((c, called(facts, c)) for c in codes), key=lambda pair: pair[1]))


def called(facts: Facts, iso3: str) -> str:
    """The name of a country, one of the last round too."""
    register = countries.register()
    return facts.names.get(iso3) or plain(register.name(iso3) if iso3 in register else iso3)


def _lines(facts: Facts) -> Iterable[str]:
    """Who came in and who went out, by what decided it; then for whom that may be noise."""
    since, index = last(facts), facts.criteria.index
    word = "ranked" if index else "admitted"
    placed, admitted = ({c: getattr(m, of) for c, m in since.moves.items()} for of in ("listed", "admitted"))
    for came, gone, said, cause_of, p, of in (
        (
            since.entered,
            since.left,
            ("Onto the shortlist", "Off the shortlist"),
            placed,
            facts.p_top,
            "on the shortlist",
        ),
        (
            since.newly,
            since.no_longer,
            (f"Newly {word}", f"No longer {word}"),
            admitted,
            facts.p_eligible,
            "admitted",
        ),
    ):
        told = zip((came, gone), said, strict=True)
        yield from (f"{head}: {_by_cause(facts, names, cause_of)}." for names, head in told if names)
        loose = [
            c
            for names, inside in ((came, True), (gone, False))
            for c in _by_name(facts, names)
            if is_open(facts, p.get(c), inside)
        ]
        if loose and not (index and of == "admitted"):
            yield _noise(facts, loose, p, of)
    if since.comparable and not any(map(_differs, since.moves.values())):
        what = "score" if index else "status, gate or score" if facts.criteria.score else "status or gate"
        yield f"No {what} of any country is another."


def _differs(move: Move) -> bool:
    """Whether anything of a country is another than in the last round."""
    then, now = move.score
    return (
        bool(move.turned) or len({*move.status}) > 1 or not (then == now or (missing(then) and missing(now)))
    )


def is_open(facts: Facts, p: float | None, inside: bool) -> bool:
    """Whether the doubt of this round could account for a change into or out of something."""
    return not missing(p) and (p < facts.edges[1] if inside else p > facts.edges[0])


def _noise(facts: Facts, loose: list[str], p: Mapping[str, float], of: str) -> str:
    """That the re-runs leave some answers open, with how often each comes out so where they are few."""
    who = f"{spelled(len(loose))} of these countries"
    if len(loose) <= MANY:
        first, *others = loose
        told = [f"{called(facts, first)} ({of} in {percent(p[first])} of re-runs)"]
        who = listed(told + [f"{called(facts, c)} ({percent(p[c])})" for c in others])
    what = "the answer" if of == "admitted" else "the place"
    change = verb(len(loose), "this change", "these changes")
    return f"For {who} the re-runs of this round leave {what} open, so {change} may be noise."


def _by_cause(facts: Facts, names: tuple[str, ...], step_of: Mapping[str, str]) -> str:
    """Names, or counts where they are many, grouped by the step that decided."""
    groups: dict[str, list[str]] = {}
    for iso3 in names:
        groups.setdefault(step_of[iso3], []).append(iso3)
    out = []
    for step in ("", *STEPS):
        if mine := groups.get(step):
            who = listed(_by_name(facts, mine).values())
            if len(names) > MANY:
                who = counted(len(mine), "country", "countries")
            own = verb(len(mine), "its", "their")
            out.append(who + (f", decided by {cause(step, own)}" if step else ""))
    return "; ".join(out)


def _scores(facts: Facts) -> Iterable[str]:
    """How many countries of an index have a higher and a lower score than in the last round."""
    both = [m.score for m in last(facts).moves.values() if not any(map(missing, m.score))]
    if facts.criteria.index and both:
        up, down = sum(b > a for a, b in both), sum(b < a for a, b in both)
        yield (
            f"Of {counted(len(both), 'country', 'countries')} with a score in both rounds {spelled(up) if up else 'none'} "
            f"{verb(up, 'has', 'have')} a higher one now and {spelled(down) if down else 'none'} a lower one."
        )
