"""What the pages say moved since the last round: the round of a year before is judged again here and held against them."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import date

from prose import Piece
from prover import Page, claim, fault, fixed
from reading import (
    COUNT,
    SHARE,
    is_count,
    is_day,
    is_share,
    listed,
)
from truth import INSIDE, Truth

from eligibility import countries, run, walk
from eligibility.compare import since as rounds
from eligibility.errors import DataError, UsageError
from eligibility.policy import Dated, Test

CAUSES = {
    "rule": "the criteria", "revision": "corrections of past figures", "own": "{} own figures",
    "peers": "the figures of others", "pool": "who is considered and who is compared with whom",
}  # fmt: skip
STATUS = {
    "eligible": "eligible", "conditional": "admitted on condition", "excluded": "excluded",
    "insufficient-data": "not judged for want of data", "": "not considered",
}  # fmt: skip
WORDS = {"pass": "pass", "conditional": "on condition", "fail": "fail", "unknown": "unknown"}
WHAT = r"(?P<what>.+?)"
BY = r"(?:, decided by (?P<by>[^.;]+))?"


class Round:
    """The same criteria on the same figures a year before, and what decided each change (compare/since.py)."""

    def __init__(self, t: Truth):
        own, day = t.criteria, t.result.as_of
        self.day = date(day.year - 1, day.month, min(day.day, 28) if day.month == 2 else day.day)
        still = replace(own, uncertainty=replace(own.uncertainty, draws=0))
        try:
            self.result = run.judge(still, t.result.panel, self.day)
        except (DataError, UsageError):
            self.result = None
            return
        then, now = self.result, t.result
        self.status = then.screening.status.to_dict()
        self.score = then.scores.score.to_dict() if then.scores else {}
        self.listed = list(then.ranking.shortlist)
        self.admitted = [c for c in self.status if self.status[c] in INSIDE]
        self.moves = rounds.year_before(now).moves
        both = [c for c in t.pool if t.status[c] in INSIDE]
        self.entered = [c for c in t.shortlist if c not in self.listed]
        self.left = [c for c in self.listed if c not in t.shortlist]
        self.newly = [c for c in both if c not in self.admitted]
        self.gone = [c for c in self.admitted if c not in both]


def last(page: Page) -> Round:
    return page.truth.once("last round", Round)


def name(t: Truth, iso3: str) -> str:
    return t.name.get(iso3) or countries.register().name(iso3)


def is_cause(text: str | None, step: str, many: bool = False) -> bool:
    return (text or "") == (CAUSES[step].format("their" if many else "its") if step else "")


def is_open(p: float, inside: bool) -> bool:
    """Whether the re-runs of this round leave a change open."""
    return p < 0.9 if inside else p > 0.1


def turns_of(t: Truth, own: Round, iso3: str) -> dict[str, tuple[str, str]]:
    """Gate or track -> its verdict then and now, where they differ; of a country considered in both rounds."""
    if iso3 not in own.status or iso3 not in t.status:
        return {}
    found = {}
    for part in ("gate", "track"):
        then, now = (getattr(r.screening, part).loc[iso3].to_dict() for r in (own.result, t.result))
        found |= {g: (then[g], now[g]) for g in now if then[g] != now[g]}
    return found


fixed("country briefing", "reproduce", "Compared with", tags="dt")
fixed("briefing", "-", "What moved", tags="li")
fixed("briefing", "moved", "Since the last round", tags="h2")
fixed("briefing", "criteria", "Criteria of the last round and of this one", tags="label caption")


@claim("country briefing", "reproduce", r"The same criteria on (?P<day>\d+ \w+ \d{4}): (?P<id>\S+) (?P<version>\S+), sha256 (?P<sha>[0-9a-f]{64}); its figures by checksum are in manifest\.json", tags="dd")  # fmt: skip
def compared_with(page: Page, day, id, version, sha):
    own = page.truth.criteria
    assert (id, version, sha) == (own.id, own.version, own.sha256) and is_day(day, last(page).day)


@claim(
    "country briefing",
    "moved travel",
    r"Compared with the same criteria on (?P<day>\d+ \w+ \d{4})(?P<none>, for no other round was named)?\.",
    tags="p",
)
def compared(page: Page, day, none):
    assert is_day(day, last(page).day) and bool(none) == (page.kind == "briefing") and last(page).result


@claim("country briefing", "moved travel", r"No earlier round was named, and the same criteria on (?P<day>\d+ \w+ \d{4}) cannot be judged, so nothing is said of what moved\. (?P<why>.+)", tags="p")  # fmt: skip
def unjudged(page: Page, day, why):
    assert is_day(day, last(page).day) and last(page).result is None
    ready = rounds.year_before(page.truth.result).why
    assert why == ready[0].upper() + ready[1:] + "."


# The briefing ----------------------------------------------------------------------------------------------


@claim("briefing", "-", r"Since the last round\. (?P<finding>.+)\.", tags="p")
def in_short(page: Page, finding):
    """The finding of the section, said once more on the first page."""
    assert not fault(page, Piece(finding, "finding", "moved", ""))


@claim("briefing", "moved", "What moved cannot be said", tags="finding")
def cannot_be_said(page: Page):
    assert last(page).result is None


def _few(t: Truth, codes: list[str]) -> str:
    """Names, or how many where they are more than three."""
    return listed(name(t, c) for c in codes) if len(codes) <= 3 else ""


def _is_who(t: Truth, text: str, codes: list[str]) -> bool:
    if shown := _few(t, codes):
        return text.lower() == shown.lower()
    return text.endswith(" countries") and is_count(text.split()[0], len(codes))


@claim("briefing", "moved", r"(?:(?P<in>.+?) (?P<enter>enters?) the shortlist)?(?P<and> and )?(?:(?P<out>.+?) (?P<leave>leaves?) (?:it|the shortlist))?; (?P<rest>.+)", tags="finding")  # fmt: skip
def changed(page: Page, enter, out, leave, rest, **more):
    t, own = page.truth, last(page)
    assert bool(enter) == bool(own.entered) and bool(leave) == bool(own.left) and (enter or leave)
    assert bool(more["and"]) == bool(enter and leave)
    assert not enter or (
        _is_who(t, more["in"], own.entered) and (enter == "enters") == (len(own.entered) == 1)
    )
    assert not leave or (_is_who(t, out, own.left) and (leave == "leaves") == (len(own.left) == 1))
    assert _is_rest(t, own, rest)


@claim("briefing", "moved", r"(?:(?P<same>The shortlist is the same)|(?P<none>Nobody is proposed, as in the last round)); (?P<rest>.+)", tags="finding")  # fmt: skip
def unchanged(page: Page, same, none, rest):
    t, own = page.truth, last(page)
    assert not own.entered and not own.left and bool(same) == bool(t.shortlist) and t.criteria.shortlist
    assert (own.newly or own.gone) and _is_rest(t, own, rest)


@claim("briefing", "moved", r"(?P<rest>.+)", tags="finding")
def only_admitted(page: Page, rest):
    t, own = page.truth, last(page)
    assert (
        not t.criteria.shortlist and (own.newly or own.gone) and _is_rest(t, own, rest[0].lower() + rest[1:])
    )


def _is_rest(t: Truth, own: Round, text: str) -> bool:
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
    assert not (own.entered or own.left or own.newly or own.gone)
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


def _differs(t: Truth, own: Round, iso3: str) -> bool:
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
    assert not any(_differs(t, own, c) for c in {*own.status, *t.pool})
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


@claim(
    "briefing",
    "moved",
    "The last round is judged on published values alone: how firm it was is not worked out, so no rank of it is given.",
    tags="p",
)
def without_draws(page: Page):
    assert not last(page).result.firmness.drawn


@claim("briefing", "moved", "Both rounds read the same releases of the data. A past figure that a publisher has corrected is corrected in both, so no move told here is a correction of the past.", tags="p")  # fmt: skip
def same_releases(page: Page):
    assert last(page).result.panel is page.truth.result.panel
    assert not any(m.admitted == "revision" or m.listed == "revision" for m in last(page).moves.values())


@claim(
    "briefing", "moved", "Nor can it be said how firm this round is, so any change may be noise.", tags="p"
)
def nor_now(page: Page):
    assert not page.truth.drawn


fixed("briefing", "moved", "What differs in the criteria: annex B.", tags="p")


@claim(
    "briefing",
    "criteria",
    r"The criteria are those of the last round\.(?: By date they set other limits now, in (?P<n>\S+) (?P<noun>lines?):)?",
    tags="p",
)
def amended(page: Page, n, noun):
    t, own = page.truth, last(page)
    was, now = (_limits(t, r.as_of) for r in (own.result, t.result))
    other = sum(was[path] != now[path] for path in now)
    assert (is_count(n, other) and (noun == "line") == (other == 1)) if n else not other


def _limits(t: Truth, day: date) -> dict[str, object]:
    """Path of a test whose limit is set by date -> the entry in force on a day, if any."""
    rules = [
        t.criteria.pool,
        *(g.rule for g in t.criteria.peers if g.rule),
        *(g.rule for g in (*t.criteria.gates, *t.criteria.tracks)),
    ]
    tests = [
        x
        for rule in rules
        for x in walk.nodes(rule)
        if isinstance(x, Test) and isinstance(x.threshold, Dated)
    ]
    return {
        x.path: max((entry for entry in x.threshold.since if entry[0] <= day), default=None) for x in tests
    }
