"""Which round a page is held against, and how its criteria differ: the round judged again here, or as it was sealed."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, is_dataclass, replace
from datetime import date

import claims_rules
from prose import Piece
from prover import Page, claim, fault, fixed
from reading import is_count, is_day, listed, some
from truth import INSIDE, Last, Truth
from verdicts import left_out

from eligibility import countries, run, walk
from eligibility.compare import since as rounds
from eligibility.errors import DataError, UsageError
from eligibility.policy import Dated, InForce, Test, Uncertainty

CAUSES = {
    "rule": "the criteria", "revision": "corrections of past figures", "own": "{} own figures",
    "peers": "the figures of others", "pool": "who is considered and who is compared with whom",
}  # fmt: skip
STATUS = {
    "eligible": "eligible", "conditional": "admitted on condition", "excluded": "excluded", "qualified": "qualified", "on-hold": "on hold",
    "insufficient-data": "not judged because data are not held", "": "not considered",
}  # fmt: skip
WORDS = {"pass": "pass", "conditional": "on condition", "fail": "fail", "unknown": "unknown", "": "not asked"}
BY = r"(?:, decided by (?P<by>[^.;]+))?"
ON = (
    r"the (?:same criteria|criteria “(?P<id>[^”]+)” version (?P<version>\S+?)"
    r"(?: (?P<how>as another file has them|as changed by --set|without the changes that --set makes here))?) "
    r"on (?:(?P<day>\d+ \w+ \d{4})|the same day)(?:, with the figures of (?P<pins>\S+(?:, \S+)*?(?: and \S+)?))?(?:, run (?P<run>[0-9a-f]{12}))?"
)


class Round:
    """The last round: that of a year before judged again, or the one named; and what decided each change."""

    def __init__(self, t: Truth):
        own, now = t.criteria, t.result
        self.named = t.last or _year_before(t)
        self.result, self.judged, self.day = self.named.before, self.named.judged, self.named.since.as_of
        if self.result is None:
            return
        then = self.result
        self.criteria = then.criteria
        self.status = then.screening.status.to_dict()
        self.score = then.scores.score.to_dict() if then.scores else {}
        self.listed = list(then.ranking.shortlist)
        self.moves = self.named.since.moves
        self.same = (self.criteria.sha256, self.criteria.settings) == (own.sha256, own.settings)
        self.comparable = self.criteria.index == own.index  # an index admits nobody
        inside = [c for c in t.pool if t.status[c] in INSIDE]
        self.admitted = [c for c in self.status if self.status[c] in INSIDE]
        self.entered = [c for c in t.shortlist if c not in self.listed]
        self.left = [c for c in self.listed if c not in t.shortlist]
        self.newly = [c for c in inside if c not in self.admitted] if self.comparable else []
        self.gone = [c for c in self.admitted if c not in inside] if self.comparable else []
        assert then.as_of == self.day and now.as_of >= self.day


def _year_before(t: Truth) -> Last:
    """The same criteria on the same figures a year before, judged here."""
    own, day = t.criteria, t.result.as_of
    day = date(day.year - 1, day.month, min(day.day, 28) if day.month == 2 else day.day)
    since = rounds.year_before(t.result)
    assert since.as_of == day
    try:
        still = replace(own, uncertainty=replace(own.uncertainty, draws=0))
        return Last(since, run.judge(still, t.result.panel, day))
    except (DataError, UsageError):
        return Last(since, None)


def last(page: Page) -> Round:
    return page.truth.once("last round", Round)


def name(t: Truth, iso3: str) -> str:
    return t.name.get(iso3) or countries.register().name(iso3)


def is_cause(text: str | None, step: str, many: bool = False) -> bool:
    return (text or "") == (CAUSES[step].format("their" if many else "its") if step else "")


def is_open(p: float, inside: bool) -> bool:
    """Whether the re-runs of this round leave a change open."""
    return p < 0.9 if inside else p > 0.1


def status_then(own: Round, iso3: str) -> str:
    """What its status then is called; an index ranks and admits nobody."""
    word = own.status.get(iso3, "")
    return "ranked" if own.criteria.index and word == "eligible" else STATUS[word]


def turns_of(t: Truth, own: Round, iso3: str) -> dict[str, tuple[str, str]]:
    """Gate or track -> its verdict then and now, where they differ; of a country considered in both rounds.

    "" where a round does not ask it; of a run told as it was sealed, only gates of both rounds are known.
    """
    if iso3 not in own.status or iso3 not in t.status:
        return {}
    found = {}
    for part in ("gate", "track") if own.judged else ("gate",):
        then, now = (getattr(r.screening, part).loc[iso3].to_dict() for r in (own.result, t.result))
        keys = {**now, **then} if own.judged else [g for g in now if g in then]
        found |= {g: (then.get(g, ""), now.get(g, "")) for g in keys if then.get(g) != now.get(g)}
    return found


fixed("country briefing", "reproduce", "Compared with", tags="dt")


def is_compared(page: Page, day, id, version, how, pins, run) -> bool:
    """Whether a phrase such as "the criteria “hdi” version 1 on 1 July 2016, run 0123456789ab" names the last round."""
    t, own = page.truth, last(page)
    mine, theirs, named = t.criteria, own.criteria, own.named
    when = is_day(day, own.day) if day else own.day == t.result.as_of
    if id is None:
        called = own.same
    else:
        called = not own.same and (id, version) == (theirs.id, theirs.version)
        alike = (mine.id, mine.version) == (id, version)
        called = called and how == (
            "as changed by --set" if theirs.settings and theirs.settings != mine.settings
            else "as another file has them" if alike and theirs.sha256 != mine.sha256
            else "without the changes that --set makes here" if alike else None
        )  # fmt: skip
    return when and called and (pins or "") == listed(named.pins) and (run or "") == named.run


@claim("country briefing", "reproduce", rf"T{ON[1:]}: (?P<theirs>\S+) (?P<edition>\S+), sha256 (?P<sha>[0-9a-f]{{64}}); its figures by checksum are in manifest\.json", tags="dd")  # fmt: skip
def compared_with(page: Page, theirs, edition, sha, **on):
    own = last(page).criteria
    assert (theirs, edition, sha) == (own.id, own.version, own.sha256) and is_compared(page, **on)


@claim("country briefing", "moved travel", rf"Compared with {ON}(?P<none>, for no other round was named)?\.", tags="p")  # fmt: skip
def compared(page: Page, none, **on):
    assert is_compared(page, **on)
    assert bool(none) == (page.kind == "briefing" and page.truth.last is None)


@claim("country briefing", "moved travel", r"No earlier round was named, and the same criteria on (?P<day>\d+ \w+ \d{4}) cannot be judged, so nothing is said of what moved\. (?P<why>.+)", tags="p")  # fmt: skip
def unjudged(page: Page, day, why):
    assert is_day(day, last(page).day) and last(page).result is None and page.truth.last is None
    ready = rounds.year_before(page.truth.result).why
    assert why == ready[0].upper() + ready[1:] + "."


# What a reader must know of the two rounds -----------------------------------------------------------------


@claim(
    "briefing",
    "moved",
    "The last round is judged on published values alone: how firm it was is not worked out, so no rank of it is given.",
    tags="p",
)
def without_draws(page: Page):
    own = last(page)
    assert own.judged and not own.result.firmness.drawn


@claim("briefing", "moved", r"The last round is told as it was sealed, for it cannot be judged again here \(no longer held: (?P<lost>.+)\), so what moved a country cannot be told, nor which tracks turned; no rank of it is given\.", tags="p")  # fmt: skip
def as_sealed(page: Page, lost):
    own = last(page)
    held = [(s.id, s.sha256) for s in own.result.panel.sources]
    assert not own.judged and lost == ", ".join(f"{id} (sha256 {sha[:12]}…)" for id, sha in held)


@claim("briefing", "moved", "Both rounds read the same releases of the data. A past figure that a publisher has corrected is corrected in both, so no move told here is a correction of the past.", tags="p")  # fmt: skip
def same_releases(page: Page):
    t, own = page.truth, last(page)
    then, now = ({(s.id, s.sha256) for s in r.panel.sources} for r in (own.result, t.result))
    assert then == now and own.day < t.result.as_of
    assert not any(m.admitted == "revision" or m.listed == "revision" for m in own.moves.values())


@claim("briefing", "moved", r"The last round held no figures of (?P<names>.+?); those of this round stand in, and what they move counts as the criteria\.", tags="p")  # fmt: skip
def lent(page: Page, names):
    t, own = page.truth, last(page)
    known = {f"{s.family}.{x}" for s in own.result.panel.sources for x in s.series}
    here = {f"{s.family}.{x}" for s in t.result.panel.sources for x in s.series}
    absent = sorted(i for i in t.used if i not in known and i in here)
    assert absent and names == some((claims_rules._small(t.sheets[i].label) for i in absent), 6)


@claim("briefing", "moved", "Nor can it be said how firm this round is, so any change may be noise.", tags="p")  # fmt: skip
def nor_now(page: Page):
    assert not page.truth.drawn


@claim("briefing", "moved", r"(?P<which>The last|This) round is an index, which ranks countries and admits none, so who is admitted is not compared\.", tags="p")  # fmt: skip
def one_index(page: Page, which):
    own, mine = last(page).criteria, page.truth.criteria
    assert own.index != mine.index and (which == "This") == mine.index


# How the criteria differ, in annex B -----------------------------------------------------------------------

fixed("briefing", "criteria", "Criteria of the last round and of this one", tags="label caption")


@claim("briefing", "moved", r"What differs in the criteria: annex B\.", tags="p")
def see_annex(page: Page):
    assert amendments(page)


@claim("briefing", "criteria", r"The criteria are (?P<not>not )?those of the last round(?: \(“(?P<id>[^”]+)” version (?P<version>[^)]+)\))?(?:\.|(?P<unread>, which cannot be read again here\.)|(?P<none>, but no rule printed below differs\.))(?: (?P<how>They differ|By date they set other limits now,) in (?P<n>\S+) (?P<noun>lines?):)?", tags="p")  # fmt: skip
def amended(page: Page, id, version, unread, none, how, n, noun, **more):
    t, own = page.truth, last(page)
    other, rows = bool(more["not"]), amendments(page)
    assert other != own.same and bool(n) == bool(rows)
    assert (id, version) == (own.criteria.id, own.criteria.version) if other else not id
    assert bool(unread) == (other and not own.judged) and bool(none) == (other and own.judged and not rows)
    if n:
        assert is_count(n, len(rows)) and (noun == "line") == (len(rows) == 1)
        assert other == (how == "They differ")
        assert other or _limits(t, own.day) != _limits(t, t.result.as_of)


def amendments(page: Page) -> list[tuple[str, str, str]]:
    """The rows of the table of what differs: part, line then, line now; proved by `unamended`."""
    return page.truth.amended


def unamended(page: Page) -> list[str]:
    """What is wrong with the table of what differs: a line that its round does not say, a part that is left out.

    A line is proved as one of annex B of its own round, without the notes behind it.
    """
    t, own = page.truth, last(page)
    if own.result is None or not own.judged:
        return [f"rows of what nobody can read: {amendments(page)}"] if amendments(page) else []
    rounds_ = [_bare(own.result, t), _bare(t.result, t)]
    wrong, told = [], {}
    for part, *lines in amendments(page):
        told.setdefault(part, ([], []))
        if lines[0] == lines[1]:
            wrong.append(f"{part}: a line that stayed: {lines[0]}")
        for truth, line, mine in zip(rounds_, lines, told[part], strict=True):
            mine.append(line)
            pieces = [Piece(line, tag, "criteria", "") for tag in ("li", "p")]
            if line != "–" and all(fault(Page("briefing", truth), piece) for piece in pieces):
                wrong.append(f"{part}: not a line of its round: {line}")
    was, now = map(_parts, rounds_)
    for part in {**was, **now, **told}:
        before, after = (Counter(x.get(part, ())) for x in (was, now))
        if bool(before - after or after - before) != (part in told):
            wrong.append(f"{part}: {'told' if part in told else 'left out'}")
        for one, two, mine in ((before, after, 0), (after, before, 1)):
            wrong += [
                f"{part}: left out: {line}"
                for line in (one - two)
                if isinstance(line, str) and line not in told.get(part, ((), ()))[mine]
            ]
    return wrong


def _bare(result: run.Result, t: Truth) -> Truth:
    """A round whose criteria give no source and no reason of a number, told with the words of this round's series."""
    truth = Truth(replace(result, criteria=without_notes(result.criteria)), None)
    truth.sheets = {**result.panel.sheets, **t.sheets}
    return truth


def without_notes(value):
    """The same criteria without what stands behind a line: basis and source."""
    if is_dataclass(value) and not isinstance(value, type):
        own = {f.name: getattr(value, f.name) for f in fields(value)}
        gone = {} if isinstance(value, Uncertainty | InForce) else {"basis": "", "cites": None}
        return replace(value, **{k: gone[k] if k in gone else without_notes(v) for k, v in own.items()})
    return tuple(map(without_notes, value)) if isinstance(value, tuple) else value


def _parts(t: Truth) -> dict[str, list]:
    """Part of annex B -> what it says: lines of its rule, and what its note is made of."""
    own = t.criteria
    found: dict[str, list] = {"Who is considered": list(claims_rules._node(t, own.pool))}
    if own.in_force.since or own.in_force.until:
        found["In force"] = [(own.in_force,)]
    for gate in left_out(own):
        found[f"Not applied: {gate.title}"] = [(gate.in_force, gate.rule.in_force)]
    for group in own.peers:
        found[f"Peer group: {group.title}"] = list(claims_rules._node(t, group.rule)) if group.rule else [()]
    for kind, rules in (("Gate", own.gates), ("Track", own.tracks)):
        for rule in rules:
            note = rule.question if kind == "Gate" else (rule.peer_group, rule.ideal), rule.in_force
            found[f"{kind}: {rule.title}"] = [(note,), *claims_rules._node(t, rule.rule)]
    if own.hold:
        found[f"Hold: {own.hold.title}"] = [(own.hold.kinds, own.hold.months, own.hold.figures)]
    if own.score:
        found["Score"] = [(own.score, own.index)]
    for axis in own.axes:
        found[f"Beside the score: {axis.title}"] = [(axis,)]
    if own.shortlist:
        found["Shortlist"] = [(own.shortlist, own.shortlist_basis)]
    found["Oldest figure used"] = [(own.max_age, own.max_age_basis, own.own_ages)]
    errors = own.uncertainty.assumed_sd, own.uncertainty.basis
    return found | ({"Measurement error": [errors]} if any(errors) else {})


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
