"""What the briefing says moved since the last round: who came and went, what decided it, and what may be noise."""

from __future__ import annotations

import math
import re

from claims_last import CAUSES, is_cause, is_open, last, name, turns_of
from prose import Piece
from prover import Page, claim, fault, fixed
from reading import COUNT, SHARE, is_count, is_share, listed
from truth import INSIDE, Truth

fixed("briefing", "-", "What moved", tags="li")
fixed("briefing", "moved", "Since the last round", tags="h2")


@claim("briefing", "-", r"Since the last round\. (?P<finding>.+)\.", tags="p")
def in_short(page: Page, finding):
    """The finding of the section, said once more on the first page."""
    assert not fault(page, Piece(finding, "finding", "moved", ""))


@claim("briefing", "moved", "What moved cannot be said", tags="finding")
def cannot_be_said(page: Page):
    assert last(page).result is None


def _few(t: Truth, codes: list[str]) -> str:
    """Names, or how many where they are more than three."""
    return listed(sorted(name(t, c) for c in codes)) if len(codes) <= 3 else ""


def _is_who(t: Truth, text: str, codes: list[str]) -> bool:
    if shown := _few(t, codes):
        return text.lower() == shown.lower()
    return text.endswith(" countries") and is_count(text.split()[0], len(codes))


@claim("briefing", "moved", r"(?:(?P<in>.+?) (?P<enter>enters?) the shortlist)?(?P<and> and )?(?:(?P<out>.+?) (?P<leave>leaves?) (?:it|the shortlist))?; (?P<rest>.+)", tags="finding")  # fmt: skip
def changed(page: Page, rest, **told):
    t, own = page.truth, last(page)
    assert own.comparable and _is_change(t, own, **told) and _is_rest(t, own, rest)


def _is_change(t: Truth, own, enter, out, leave, **more) -> bool:
    """Whether those who came onto the shortlist and left it are told so, in the right number."""
    first = not enter or (
        _is_who(t, more["in"], own.entered) and (enter == "enters") == (len(own.entered) == 1)
    )
    second = not leave or (_is_who(t, out, own.left) and (leave == "leaves") == (len(own.left) == 1))
    whole = bool(enter) == bool(own.entered) and bool(leave) == bool(own.left) and (enter or leave)
    return bool(whole) and bool(more["and"]) == bool(enter and leave) and first and second


@claim("briefing", "moved", r"(?:(?P<same>The shortlist is the same)|(?P<none>Nobody is proposed, as in the last round)); (?P<rest>.+)", tags="finding")  # fmt: skip
def unchanged(page: Page, same, none, rest):
    t, own = page.truth, last(page)
    assert not own.entered and not own.left and bool(same) == bool(t.shortlist) and t.criteria.shortlist
    assert own.comparable and (own.newly or own.gone) and _is_rest(t, own, rest)


@claim("briefing", "moved", r"(?:(?P<change>.+(?:enters?|leaves?) .+); |(?P<same>The shortlist is the same); |(?P<none>Nobody is proposed, as in the last round); )?[Ww]ho is admitted is not compared", tags="finding")  # fmt: skip
def not_comparable(page: Page, change, same, none):
    """One of the rounds is an index: only their shortlists are held against each other."""
    t, own = page.truth, last(page)
    assert not own.comparable
    if change:
        told = re.fullmatch(r"(?:(?P<in>.+?) (?P<enter>enters?) the shortlist)?(?P<and> and )?(?:(?P<out>.+?) (?P<leave>leaves?) (?:it|the shortlist))?", change)  # fmt: skip
        assert _is_change(t, own, **told.groupdict())
    else:
        assert not own.entered and not own.left
        assert bool(same) == bool(t.shortlist) and bool(none) == (
            bool(t.criteria.shortlist) and not t.shortlist
        )


@claim("briefing", "moved", r"(?P<rest>.+)", tags="finding")
def only_admitted(page: Page, rest):
    t, own = page.truth, last(page)
    assert (
        not t.criteria.shortlist and (own.newly or own.gone) and _is_rest(t, own, rest[0].lower() + rest[1:])
    )


def _is_rest(t: Truth, own, text: str) -> bool:
    """Who is newly admitted and who no longer, in numbers; or that it is the same countries."""
    word = "ranked" if t.criteria.index else "admitted"
    came, gone = len(own.newly), len(own.gone)
    if not came and not gone:
        inside = [c for c in t.pool if t.status[c] in INSIDE]
        return text == (
            f"the same countries are {word} as in the last round"
            if inside
            else f"nobody is {word}, as in the last round"
        )
    found = re.fullmatch(rf"(?:(?P<n>\w+) (?P<a>country is|countries are) newly {word})?(?: and )?(?:(?P<m>\w+) (?:no longer (?P<b>is|are)|(?P<c>country is|countries are) no longer {word}))?", text.lower())  # fmt: skip
    if not found or bool(found["n"]) != bool(came) or bool(found["m"]) != bool(gone):
        return False
    first = not came or (is_count(found["n"], came) and (found["a"] == "country is") == (came == 1))
    one = (found["b"] or found["c"] or "") in ("is", "country is")
    return first and (not gone or (is_count(found["m"], gone) and one == (gone == 1)))


@claim("briefing", "moved", r"The shortlist and the countries (?P<word>ranked|admitted) are those of the last round", r"(?:The same countries are (?P<word>ranked|admitted) as|(?P<no>Nobody) is (?:ranked|admitted), as) in the last round", tags="finding")  # fmt: skip
def all_the_same(page: Page, word, no=None):
    t, own = page.truth, last(page)
    assert own.comparable and not (own.entered or own.left or own.newly or own.gone)
    assert word == ("ranked" if t.criteria.index else "admitted") if word else not own.admitted
    assert bool(no) == (not own.admitted)


@claim(
    "briefing",
    "moved",
    r"(?P<head>Onto the shortlist|Off the shortlist|Newly \w+|No longer \w+): (?P<groups>.+)\.",
    tags="li",
)
def by_cause(page: Page, head, groups):
    t, own = page.truth, last(page)
    word = "ranked" if t.criteria.index else "admitted"
    codes, of = {
        "Onto the shortlist": (own.entered, "listed"), "Off the shortlist": (own.left, "listed"),
        f"Newly {word}": (own.newly, "admitted"), f"No longer {word}": (own.gone, "admitted"),
    }[head]  # fmt: skip
    found: dict[str, list[str]] = {}
    for c in codes:
        found.setdefault(getattr(own.moves[c], of), []).append(c)
    told = groups.split("; ")
    order = [step for step in ("", *CAUSES) if step in found]
    assert codes and len(told) == len(found) == len(order)
    for text in told:
        who, _, cause = text.partition(", decided by ")
        (step,) = [s for s in found if is_cause(cause, s, len(found[s]) > 1)]
        mine = found.pop(step)
        if len(codes) > 8:
            assert is_count(who.split()[0], len(mine)) and who.endswith(
                "country" if len(mine) == 1 else "countries"
            )
        else:
            assert who == listed(sorted(name(t, c) for c in mine))


@claim("briefing", "moved", r"For (?P<who>.+?) the re-runs of this round leave (?P<what>the answer|the place) open, so (?P<change>this change|these changes) may be noise\.", tags="li")  # fmt: skip
def noise(page: Page, who, what, change):
    t, own = page.truth, last(page)
    placed = what == "the place"
    came, gone, p = (own.entered, own.left, t.top) if placed else (own.newly, own.gone, t.p)
    loose = [
        c
        for codes, inside in ((came, True), (gone, False))
        for c in sorted(codes, key=lambda c: name(t, c))
        if is_open(p.get(c, math.nan), inside)
    ]
    assert loose and (change == "this change") == (len(loose) == 1)
    if found := re.fullmatch(rf"({COUNT}) of these countries", who):
        assert len(loose) > 8 and is_count(found[1], len(loose))
        return
    shares = re.findall(
        rf"\((?:{'on the shortlist' if placed else 'admitted'} in )?({SHARE})(?: of re-runs)?\)", who
    )
    assert len(shares) == len(loose) and all(is_share(x, p[c]) for x, c in zip(shares, loose, strict=True))
    assert re.sub(r" \([^()]*%[^()]*\)", "", who) == listed(name(t, c) for c in loose)


def _differs(t: Truth, own, iso3: str) -> bool:
    then, now = own.score.get(iso3, math.nan), t.score.get(iso3, math.nan)
    words = [own.status.get(iso3, ""), t.status.get(iso3, "")]
    return (
        bool(turns_of(t, own, iso3))
        or words[0] != words[1]
        or not (then == now or (math.isnan(then) and math.isnan(now)))
    )


@claim(
    "briefing",
    "moved",
    r"No (?P<what>score|status, gate or score|status or gate) of any country is another\.",
    tags="li",
)
def nothing_differs(page: Page, what):
    t, own = page.truth, last(page)
    assert own.comparable and not any(_differs(t, own, c) for c in {*own.status, *t.pool})
    assert what == (
        "score" if t.criteria.index else "status, gate or score" if t.criteria.score else "status or gate"
    )


@claim("briefing", "moved", r"Of (?P<n>\S+) (?P<noun>country|countries) with a score in both rounds (?P<up>\S+) (?P<has>has|have) a higher one now and (?P<down>\S+) a lower one\.", tags="li")  # fmt: skip
def higher(page: Page, n, noun, up, has, down):
    t, own = page.truth, last(page)
    both = [
        (own.score[c], t.score[c])
        for c in t.pool
        if c in own.score and not math.isnan(own.score[c] + t.score[c])
    ]
    more, less = sum(b > a for a, b in both), sum(b < a for a, b in both)
    assert is_count(n, len(both)) and is_count(up, more) and is_count(down, less) and "no" not in (up, down)
    assert (noun == "country") == (len(both) == 1) and (has == "has") == (more == 1)
