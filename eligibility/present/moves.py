"""A comparison in the terminal and as JSON: who entered, who left, who moved, and what moved them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator

import pandas as pd

from eligibility.analysis.compare.causes import PLACES, Causes
from eligibility.analysis.compare.comparison import Comparison, End
from eligibility.analysis.compare.steps import STEPS
from eligibility.pages import last_round
from eligibility.pages.last_round import called
from eligibility.pages.said import say
from eligibility.pages.wording import (
    counted,
    inner,
    listed,
    missing,
    number,
    paragraph,
    percent,
    signed,
    some,
)
from eligibility.present.as_json import exact, integer, written

EXPLAINED = {
    "rule": "the criteria, on unchanged figures",
    "revision": "years known at both ends, as the later vintage has them",
    "own": "what is new of the country itself, and figures of it that became too old",
    "peers": "what is new of the others: medians, quantiles, who outranks whom",
    "pool": "who is considered and who is whose peer",
}
HEADS = ("rule", "past", "own", "peers", "who")
MOST = 12  # names in one list, the rest counted
FEW = 8  # movers shown where nobody on a shortlist moved


# The terminal ----------------------------------------------------------------------------------------------


def text(told: Comparison, top: int | None = None) -> str:
    """The comparison for a terminal: at most 80 columns."""
    lines = [*read(told), *_head("A", told.a), *_head("B", told.b), ""]
    lines += [*_came_and_went(told), *_limited(told)]
    moved = _moved(told)
    shown = _shown(told, moved, top)
    if not moved:
        ranked = told.a.rank.notna().any() or told.b.rank.notna().any()
        lines += ["", "Nobody's rank or score moved."] if ranked else []
    elif (made := told.causes) is not None:
        lines += [*_undone(told, made, shown), "", *_places(told, made, shown)]
        lines += ["", *_gained(told, made, shown), "", *_legend(told)]
    else:
        lines += ["", *_ends_only(told, shown)]
    if rest := len(moved) - len(shown):
        lines += ["", f"{rest} more moved (--top {len(moved)} shows all)."]
    for note in told.notes:
        lines += ["", *paragraph(note)]
    return "\n".join(lines) + "\n"


def read(told: Comparison, ends: tuple[str, str] = ("A", "B")) -> Iterator[str]:
    """Which years were read at each end; once where they are the same."""
    if told.a.reading == told.b.reading:
        yield from paragraph(told.a.reading)
        return
    for name, end in zip(ends, (told.a, told.b), strict=True):
        yield from paragraph(f"{name}: {end.reading}" if end.reading else "")


def _head(letter: str, end: End) -> Iterator[str]:
    """One end in a line or two."""
    own, count = end.criteria, end.status.value_counts()
    n = count.get("eligible", 0)
    told = (
        f"{letter}  {own['id']} {own['version']} ({own['sha256'][:8]}), as of {end.as_of}: {len(end.status)} considered, "
        f"{n} {'ranked' if end.index else 'qualifies' if n == 1 else 'qualify'}"
    )
    told += "" if end.index else f", {count.get('conditional', 0)} on condition"
    more = {"qualified": "of no ideal kind", "on-hold": "on hold"}
    told += "".join(f", {count[word]} {said}" for word, said in more.items() if count.get(word))
    if end.name not in (own["id"], end.as_of):
        told += f"; {end.name}"
    yield from paragraph(told, "", "   ")


def _came_and_went(told: Comparison) -> Iterator[str]:
    """Who entered and left the shortlist and those that qualify, or stayed with another verdict, and because of what."""
    if told.a.shortlist or told.b.shortlist:
        yield from _changed(told, "listed", "Shortlist")
    if told.a.index == told.b.index:
        yield from _changed(told, "admitted", "Those ranked" if told.b.index else "Those that qualify")
    else:
        letter = "A" if told.a.index else "B"
        yield f"{letter} is an index, which ranks countries and lets none qualify."


def _changed(told: Comparison, of: str, title: str) -> Iterator[str]:
    """Who entered and left one list, or stayed in it with another verdict."""
    b, (entered, left) = getattr(told.b, of), told.changed(of)
    stayed = [c for c in b if c not in entered]
    if entered or left:
        yield f"{title}: {len(entered)} entered, {len(left)} left, {len(stayed)} stayed."
    else:
        who = f"the same {counted(len(b), 'country', 'countries')}" if b else "nobody at either end"
        yield from paragraph(f"{title}: {who}.")
    otherwise = [c for c in stayed if of == "admitted" and len({*told.status(c)}) > 1]
    for sign, group in (("+", entered), ("-", left), ("~", otherwise)):
        for iso3 in group:
            yield from paragraph(f"  {sign} {called(iso3)}: {_why(told, iso3, of)}", "", "      ")


def _limited(told: Comparison) -> Iterator[str]:
    """Who entered and left the list under its limits, where criteria set any; what moved them is not split."""
    a, b = told.a.limited, told.b.limited
    if a is None or b is None:
        for letter, mine in (("A", a), ("B", b)):
            if mine is not None:
                yield from paragraph(
                    f"Under its limits the list of {letter}: {_names(mine)}; the other has no limits."
                )
        return
    entered, left = told.changed("limited")
    who = f"{_names(entered)} entered, {_names(left)} left" if entered or left else f"the same, {_names(b)}"
    yield from paragraph(f"Under its limits, solved at each end: {who}. What moved it is not split.")


def _names(codes: Iterable[str]) -> str:
    return some(map(called, codes), MOST) or "nobody"


def _why(told: Comparison, iso3: str, of: str) -> str:
    """What brought a country in or out: its status, the cause, the gates that turned by it."""
    words = [statuses(told, iso3)]
    if of == "listed":
        words = [f"rank {_rank(told.a, iso3)} -> {_rank(told.b, iso3)}"]
    if held := last_round.by_hold(told.status(iso3)):
        words.append(held.plain)
    elif told.causes is not None:
        turns = told.causes.turns.get(iso3, ()) if of == "admitted" else ()
        by = getattr(told.causes, of).get(iso3) or last_round.settled(turns)
        words.append(f"because of {last_round.decided(by)}")
        words += [f"{turn.gate} {verdicts(turn.was, turn.now)}" for turn in turns if {*by} & {*turn.by}]
    elif of == "admitted" and iso3 in told.a.status.index and iso3 in told.b.status.index:
        a, b = told.a.verdict.loc[iso3], told.b.verdict.loc[iso3]
        words += [f"{g} {verdicts(a[g], b[g])}" for g in a.index.intersection(b.index) if a[g] != b[g]]
    return "; ".join(words)


def statuses(told: Comparison, iso3: str) -> str:
    """What a country was and is: "qualifies -> does not qualify"; once where they are the same."""
    return " -> ".join(dict.fromkeys(inner(last_round.state(end, iso3).plain) for end in (told.a, told.b)))


def verdicts(*words: str) -> str:
    """The same of verdicts on a requirement, of which "" is none: "met -> missed"."""
    return " -> ".join(say(f"word.{word}").plain if word else "not asked" for word in words)


def _rank(end: End, iso3: str) -> str:
    rank = end.rank.get(iso3)
    return "none" if missing(rank) else number(rank, 0)


def _moved(told: Comparison) -> list[str]:
    """Everybody ranked at either end whose rank or score is another, as at B, then as at A."""
    a, b = (end.rank.dropna() for end in (told.a, told.b))
    ranked = {*a.index, *b.index}
    changed = [c for c in ranked if _places_and_score(told.a, c) != _places_and_score(told.b, c)]
    return sorted(changed, key=lambda c: (b.get(c, math.inf), a.get(c, math.inf), c))


def _places_and_score(end: End, iso3: str) -> tuple[str, str]:
    return _rank(end, iso3), repr(end.score.get(iso3, math.nan))


def _shown(told: Comparison, moved: list[str], top: int | None) -> list[str]:
    """The movers a table shows: as many as asked for, else those on either shortlist, else the first few."""
    if top is not None:
        return moved[:top]
    return [c for c in moved if c in told.a.listed or c in told.b.listed] or moved[:FEW]


def _undone(told: Comparison, made: Causes, shown: Iterable[str]) -> Iterator[str]:
    """Who stays in or out though one cause alone would have changed that, of those shown."""
    if them := [c for c in shown if c in made.undone]:
        yield "By one cause alone it would be otherwise; the others undid it:"
    for iso3 in them:
        alone = listed((str(last_round.decided((step,))) for step in made.undone[iso3]), "or")
        yield from paragraph(f"  = {called(iso3)}: {alone}", "", "      ")


def _places(told: Comparison, made: Causes, shown: Iterable[str]) -> Iterator[str]:
    """Places gained or lost, by cause."""
    row = "{:<9} {:<18} {:>6}" + " {:>5}" * len(STEPS) + "  {}"
    yield row.format("rank", "country", "places", *HEADS, _chance_head(told)).rstrip()
    for iso3 in shown:
        own, rank, chance = made.places.loc[iso3], *(_both(told, iso3, of) for of in (_rank, chance_of))
        # a hundred places and more have no room for a decimal
        parts = (_signed(own[step], 0 if abs(own[step]) >= 100 else PLACES) for step in STEPS)
        yield row.format(rank, called(iso3)[:18], _signed(own["total"], 0), *parts, chance).rstrip()


def _gained(told: Comparison, made: Causes, shown: Iterable[str]) -> Iterator[str]:
    """Score gained or lost, by cause."""
    if (made.gained.loc[list(shown)] == 0).all(axis=None):  # by no cause either that another undid
        yield "No score of theirs moved."
        return
    row = "{:<11} {:<20} {:>6}" + " {:>6}" * len(STEPS)
    yield row.format("score", "country", "change", *HEADS)
    for iso3 in shown:
        parts = (_signed(made.gained.at[iso3, part], 3) for part in ("total", *STEPS))
        yield row.format(_both(told, iso3, _score), called(iso3)[:20], *parts).rstrip()


def _ends_only(told: Comparison, shown: Iterable[str]) -> Iterator[str]:
    """Both ends of each country, where what moved it cannot be told."""
    row = "{:<9} {:<20} {:<11}  {}"
    yield row.format("rank", "country", "score", _chance_head(told)).rstrip()
    for iso3 in shown:
        rank, score, chance = (_both(told, iso3, of) for of in (_rank, _score, chance_of))
        yield row.format(rank, called(iso3)[:20], score, chance).rstrip()


def _both(told: Comparison, iso3: str, of: Callable[[End, str], str]) -> str:
    """What a country has at each end."""
    return " ".join(f"{of(end, iso3):>4}" for end in (told.a, told.b))


def _legend(told: Comparison) -> Iterator[str]:
    """What the columns mean."""
    ends = "Rank, score and chance that it qualifies" if _chance_head(told) else "Rank and score"
    yield from paragraph(
        f"{ends}: at A, at B. Each part is what that cause adds on the "
        "mean over all orders in which the causes can be taken; a row adds up to its total, but for the last digit "
        "shown of a score. Who came or went is put down to one cause only where it decides in every order, else to "
        "those that decide in some, together. A country without a rank at an end has no parts."
    )
    for head, step in zip(HEADS, STEPS, strict=True):
        yield from paragraph(f"{head:<7} {EXPLAINED[step]}", "  ", " " * 10)


def _signed(value: float, decimals: int) -> str:
    """A signed number, a dot for none at all, blank where there is nothing to tell."""
    if missing(value):
        return ""
    return "." if value == 0 else signed(value, decimals)


def _score(end: End, iso3: str) -> str:
    value = end.score.get(iso3)
    return " none" if missing(value) else number(value, 3)


def _chance_head(told: Comparison) -> str:
    """The heading over chances; "" where both ends are an index, which lets nobody qualify."""
    return "" if told.a.index and told.b.index else "chance"


def chance_of(end: End, iso3: str) -> str:
    """How likely a country qualifies; nothing of an index, which lets nobody."""
    p = end.p_eligible.get(iso3)
    return "" if end.index else "-" if missing(p) else percent(p)


# JSON ------------------------------------------------------------------------------------------------------


def document(told: Comparison) -> dict:
    """The comparison as plain values."""
    return {
        "a": _end(told.a),
        "b": _end(told.b),
        "steps": list(STEPS) if told.causes is not None else None,
        "notes": list(told.notes),
        "shortlist": _in_and_out(told, "listed"),
        **(
            {}
            if told.a.limited is None and told.b.limited is None
            else {"portfolio": {"a": told.a.limited, "b": told.b.limited}}
        ),
        "admitted": _in_and_out(told, "admitted"),
        "countries": [_country(told, iso3) for iso3 in told.countries],
    }


def json(told: Comparison) -> str:
    """The same comparison gives the same bytes."""
    return written(document(told))


def _end(end: End) -> dict:
    sources = [{"id": name, "sha256": sha256} for name, sha256 in end.sources]
    return {
        "name": end.name, "criteria": end.criteria, "as_of": end.as_of, "draws": end.draws, "sources": sources,
        "reading": end.reading,
    }  # fmt: skip


def _in_and_out(told: Comparison, of: str) -> dict[str, tuple[str, ...]]:
    return dict(zip(("entered", "left"), told.changed(of), strict=True))


def _country(told: Comparison, iso3: str) -> dict:
    """One country at both ends, what moved it, and every stage in between."""
    both = lambda of, plain: [plain(getattr(end, of).get(iso3, math.nan)) for end in (told.a, told.b)]  # noqa: E731
    row = {
        "iso3": iso3,
        "name": called(iso3),
        "status": list(told.status(iso3)),
        "shortlist": [iso3 in end.listed for end in (told.a, told.b)],
        "rank": both("rank", integer),
        "score": both("score", exact),
        "p_eligible": both("p_eligible", exact),
        "p_top": both("p_top", exact),
    }
    if (made := told.causes) is None:
        return row | dict.fromkeys(("places_gained", "score_gained", "turns", "decided", "undone", "alone"))
    return row | {
        "places_gained": _parts(made.places.loc[iso3]),
        "score_gained": _parts(made.gained.loc[iso3]),
        "turns": [
            {"gate": turn.gate, "by": turn.by, "was": turn.was, "is": turn.now}
            for turn in made.turns.get(iso3, ())
        ],
        "decided": {"admitted": made.admitted.get(iso3, ()), "shortlist": made.listed.get(iso3, ())},
        "undone": made.undone.get(iso3, ()),
        "alone": {
            step: {
                "status": made.status.at[iso3, step],
                "rank": integer(made.rank.at[iso3, step]),
                "score": exact(made.score.at[iso3, step]),
            }
            for step in STEPS
        },
    }


def _parts(row: pd.Series) -> dict | None:
    """Total and parts of a move; None where an end has no number."""
    return None if missing(row["total"]) else {str(key): exact(value) for key, value in row.items()}
