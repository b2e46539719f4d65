"""What a country's page shows of gates and tracks, and of its indicators among the peers."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
from prover import Page, claim, fixed
from reading import (
    COUNT,
    NUMBER,
    RUNS,
    SHARE,
    is_among,
    is_count,
    is_day,
    is_number,
    is_runs,
    is_share,
    listed,
)
from truth import PASSED, Truth
from verdicts import DAYS, is_days, left_out

from eligibility import walk
from eligibility.method.standing import standing
from eligibility.policy import Extreme, Reference, Test

BLOCKS = "gates tracks"
VERDICTS = {"✓ Pass": "pass", "◐ On condition": "conditional", "✗ Fail": "fail", "? Unknown": "unknown"}

# Gates and tracks ------------------------------------------------------------------------------------------

fixed("country", BLOCKS, "Gates", "Tracks", tags="h2")
fixed("country", BLOCKS, "What settles it", tags="caption")
fixed("country", "gates tracks", "What would pass it:", tags="p")


def _here(t: Truth, piece) -> object:
    """The gate or track whose article a text stands in."""
    kind, _, id = piece.within.removeprefix("tests-").partition("-")
    own = t.criteria.written or t.criteria
    found = next(g for g in (own.gates if kind == "gate" else own.tracks) if g.id == id)
    return next((g for g in (*t.criteria.gates, *t.criteria.tracks) if g.id == id), found)


@claim("country", "gates", r"(?P<word>Passes|Fails) (?P<of>.+?)(?:; (?P<open>\S+) cannot be judged)?", r"(?P<word>Passes) (?P<of>.+?)(?:, (?P<on>\S+) of them on condition| (?P<alone>on condition))(?P<open>)", tags="finding")  # fmt: skip
def summary(page: Page, word, of, open, on=None, alone=None):
    t, c = page.truth, page.iso3
    total = len(t.criteria.gates)
    failed, blind, some = (len(t.gates(c, w)) for w in ("fail", "unknown", "conditional"))
    if word == "Passes":
        assert (
            not failed
            and not blind
            and (
                of == "its gate"
                if total == 1
                else is_among(of, total, total, "gate") or is_count(of[4:-6], total)
            )
        )
        assert is_count(on, some) if on else not some or (alone and total == 1)
    else:
        assert failed and (
            of == "its gate"
            if total == 1
            else is_among(of, failed, total, "gate") or (failed == total == 2 and of == "all two gates")
        )
        assert is_count(open, blind) if open else not blind


@claim("country", "gates", r"(?P<n>\S+) of (?P<total>\S+) gates cannot be judged", r"None of (?P<total>\S+) gates can be judged(?P<n>)", r"Its gate cannot be judged(?P<n>)(?P<total>)", tags="finding")  # fmt: skip
def blind_gates(page: Page, n, total):
    t, c = page.truth, page.iso3
    blind, all_ = len(t.gates(c, "unknown")), len(t.criteria.gates)
    assert not t.gates(c, "fail") and blind
    assert (is_count(n, blind) and blind < all_) if n else blind == all_
    assert is_count(total, all_) if total else all_ == 1


@claim("country", "tracks", r"Fits (?P<tracks>“.+”)", tags="finding")
def fits(page: Page, tracks):
    assert tracks == listed(f"“{g.title}”" for g in page.truth.tracks(page.iso3, *PASSED))


@claim(
    "country",
    "tracks",
    "(?P<none>Fits neither track|Fits no track|Does not fit the one track)",
    tags="finding",
)
def fits_none(page: Page, none):
    t = page.truth
    assert t.trackless(page.iso3)
    assert {1: "Does not fit the one track", 2: "Fits neither track"}.get(
        len(t.criteria.tracks), "Fits no track"
    ) == none


@claim("country", "tracks", "Whether it fits a track cannot be judged", tags="finding")
def fits_unknown(page: Page):
    assert not page.truth.tracks(page.iso3, *PASSED) and page.truth.tracks(page.iso3, "unknown")


@claim(
    "country",
    BLOCKS,
    r"(?P<mark>\S (?:Pass|On condition|Fail|Unknown|Not open to it|Not in force)) · (?P<title>.+)",
    tags="h3",
)
def block(page: Page, mark, title, piece):
    t, c, gate = page.truth, page.iso3, _here(page.truth, piece)
    assert gate.title == title
    if mark == "– Not in force":
        assert gate in left_out(t.criteria)
        return
    closed = bool(gate.peer_group) and gate.peer_group != t.group[c]
    assert mark == "– Not open to it" if closed else VERDICTS[mark] == t.word(c, gate)


@claim("country", BLOCKS, rf"Not in force at this date, so it is not applied\.(?: It is in force (?P<when>{DAYS})\.)?", tags="p")  # fmt: skip
def idle(page: Page, when, piece):
    gate, day = _here(page.truth, piece), page.truth.result.as_of
    assert gate in left_out(page.truth.criteria)
    spans = [x.in_force for x in (gate, gate.rule) if x.in_force.since or x.in_force.until]
    assert not when or any(is_days(when, x) and not x.holds(day) for x in spans)


@claim("country", BLOCKS, r"Tests that settle (?P<title>.+)", tags="label")
def settles(page: Page, title, piece):
    assert _here(page.truth, piece).title == title


@claim("country", BLOCKS, rf"(?:Passed in (?P<runs>{RUNS})(?P<open>, whatever the missing figures are; in the others it fails or cannot be judged|: it fails or cannot be judged)?|(?P<blind>Cannot be judged))?(?:(?:; )?if what is missing is as in similar countries, passed in (?P<supposed>{RUNS}); that is imputed and decides nothing)?\.", tags="p")  # fmt: skip
def chance(page: Page, runs, open, blind, supposed, piece):
    t, c, gate = page.truth, page.iso3, _here(page.truth, piece)
    p = t.p_of(c, gate)
    assert bool(open) == (t.word(c, gate) == "unknown" and 0 <= p < 1)
    assert not open or open.startswith(":") == (p == 0)
    assert (
        (math.isnan(p) == bool(blind))
        and (not runs or is_runs(runs, p, t.draws))
        and bool(runs or blind or supposed)
    )
    if supposed:
        own = t.result.firmness.supposed
        assert is_runs(
            supposed, (own.p_gate if gate in t.criteria.gates else own.p_track).at[c, gate.id], t.draws
        )


@claim("country", BLOCKS, r"(?:(?P<title>[^:;]+): )?(?P<held>\d+) pass, (?P<failed>\d+) fail, of (?P<total>\d+); (?P<n>\d+) needed\.",
       rf"(?:(?P<title>[^:;]+): )?(?P<held>\d+) pass, (?P<failed>\d+) fail, (?P<open>\d+) not held: between (?P<low>\d+) and (?P<high>\d+) of (?P<total>\d+); (?P<n>\d+) needed\.(?: Under measurement error it is met in at least (?P<least>{SHARE}) and at most (?P<most>{SHARE}) of re-runs\.)?", tags="p")  # fmt: skip
def counted(
    page: Page, title, held, failed, total, n, piece, open="0", low=None, high=None, least=None, most=None
):
    """Counted from the verdicts of the parts; what was left out because data are not held is not among them."""
    t, c = page.truth, page.iso3
    groups = [g for g in walk.nodes(_here(t, piece).rule) if getattr(g, "join", "") == "at_least"]
    found = []
    for g in groups:
        words = [t.node[c][part.path] for part in g.of if not _dropped(t, c, part)]
        counts = {w: sum(word in w for word in words) for w in (PASSED, ("fail",), ("unknown",))}
        if (
            [*counts.values()] == [int(held), int(failed), int(open)]
            and g.n == int(n)
            and (title or "") == g.title
        ):
            found.append(g)
    assert found and int(total) == int(held) + int(failed) + int(open)
    assert low is None or (int(low), int(high)) == (int(held), int(held) + int(open))
    assert bool(most) == (t.drawn and low is not None)
    if most:
        bounds = t.result.firmness.bounds
        assert any(
            is_share(least, bounds[g.path].at[c, "least"]) and is_share(most, bounds[g.path].at[c, "most"])
            for g in found
        )


def _dropped(t: Truth, c: str, part) -> bool:
    """Whether a test was left out because its figure is not held."""
    blank = isinstance(part, Test) and math.isnan(t.measured[c].get(part.path, math.nan))
    return blank and part.missing == "drop" and part.quantity.indicator not in t.result.cells.absent


@claim("country", BLOCKS, r"From (?P<cite>.+)", tags="p")
def from_(page: Page, cite, piece):
    assert cite == page.truth.cited(_here(page.truth, piece).cites)


@claim("country", "tracks", r"Open to the peer group “(?P<theirs>[^”]+)” only; (?:this country is in “(?P<own>[^”]+)”|its peer group is unknown)\.", tags="p")  # fmt: skip
def closed(page: Page, theirs, own, piece):
    t, gate = page.truth, _here(page.truth, piece)
    groups = {g.id: g.title for g in t.criteria.peers}
    assert groups[gate.peer_group] == theirs and t.group[page.iso3] != gate.peer_group
    assert (own or "") == groups.get(t.group[page.iso3], "")


@claim("country", BLOCKS, "No change of a single figure would pass it.", tags="p")
def no_flip(page: Page, piece):
    t, gate = page.truth, _here(page.truth, piece)
    assert t.word(page.iso3, gate) == "fail"
    assert not [r for r in t.flips.get(page.iso3, []) if r["gate"] == gate.id and r["becomes"] in PASSED]


@claim("country", BLOCKS, rf"(?P<sd>{NUMBER}) s\.e\.", tags="small")
def distance(page: Page, sd, piece):
    t, c = page.truth, page.iso3
    found = [
        abs(t.measured[c][x.path] - t.needs[c][x.path]) / t.sds[x.quantity.indicator][c]
        for x in t.tests(_here(t, piece))
        if t.called(x.quantity).lower() == piece.row.lower()
        and x.quantity.measure == "level"
        and t.sds[x.quantity.indicator][c] > 0
    ]
    assert any(is_number(sd, x) for x in found)


@claim("country", BLOCKS, r"(?P<origin>for the full rule|the (?:pool|peer group|smaller|larger).+|as set from \d{4}|not set at this date)", tags="small")  # fmt: skip
def origin(page: Page, origin, piece):
    t, gate = page.truth, _here(page.truth, piece)
    if origin == "for the full rule":
        assert t.word(page.iso3, gate) == "conditional"
    else:
        own = [x for x in t.tests(gate) if t.called(x.quantity).lower() == piece.row.lower()]
        assert any(origin == said_threshold(t, x.threshold) for x in own)


def said_threshold(t: Truth, threshold) -> str:
    """A threshold that is no fixed number, in words."""
    if isinstance(threshold, Reference):
        whose = "peer group" if threshold.among == "peers" else "pool"
        if threshold.quantile == 0.5:
            return f"the {whose}’s median"
        n = round(100 * threshold.quantile)
        ending = "th" if n in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
        return f"the {whose}’s {n}{ending} percentile"
    if isinstance(threshold, Extreme):
        which = "smaller" if threshold.pick == "min_of" else "larger"
        return f"the {which} of {listed(said_threshold(t, x) or f'{x:.2f}' for x in threshold.of)}"
    since = [when for when, _ in getattr(threshold, "since", ()) if when <= t.result.as_of]
    if hasattr(threshold, "since"):
        return f"as set from {since[-1].year}" if since else "not set at this date"
    return ""


@claim("country", BLOCKS, rf"(?:(?P<note>carried forward: others have newer|list to \d+ \w+ \d{{4}}|no figure held for any country|missing counts as failed|left out: missing))?(?:(?:; )?rank (?P<rank>{NUMBER}) of (?P<n>{NUMBER}) peers)?", tags="small")  # fmt: skip
def note(page: Page, note, rank, n, piece):
    t, c = page.truth, page.iso3
    tests = [x for x in t.tests(_here(t, piece)) if t.called(x.quantity).lower() == piece.row.lower()]
    assert note or rank
    if note:
        assert any(_noted(t, c, x, note) for x in tests)
    if rank:
        places = [
            standing(
                t.result.cells.value[x.quantity.indicator],
                t.result.peers,
                t.sheets[x.quantity.indicator].better,
            ).loc[c]
            for x in tests
            if any(r.among == "peers" for r in walk.references(x.threshold))
        ]
        assert any(is_number(rank, p["rank"]) and is_number(n, p["n"]) for p in places)


def _noted(t: Truth, c: str, test: Test, note: str) -> bool:
    i = test.quantity.indicator
    if note.startswith("carried"):
        return t.marks[i][c] == "carried"
    if note.startswith("list to"):
        return is_day(
            note.removeprefix("list to "), date.fromisoformat(t.marks[i][c].removeprefix("list to "))
        )
    if note.startswith("no figure"):
        return not t.result.cells.value[i].notna().any() and i in t.result.cells.absent
    policy = "fail" if note.startswith("missing") else "drop"
    return test.missing == policy and math.isnan(t.measured[c].get(test.path, math.nan))


# Indicators against peers ----------------------------------------------------------------------------------

fixed("country", "indicators", "Indicators against peers", tags="h2")
fixed(
    "country",
    "indicators",
    "this country ± one standard error",
    "peers",
    "their median",
    "their middle half",
    "gate",
    tags="li",
)
fixed("country", "indicators", "▲ better than the peer median, ▽ worse, = equal.", tags="p")
ONLY = "Looked at by gates and tracks only"


def strip_of(t: Truth, iso3: str, title: str) -> list[str]:
    """The indicators drawn under a title: of a pillar, or those that only gates and tracks look at."""
    number = lambda i: not t.sheets[i].classes  # noqa: E731
    scored = [c.quantity.indicator for p in t.pillars for c in p.components if number(c.quantity.indicator)]
    if title != ONLY:
        (pillar,) = [p for p in t.pillars if p.title == title]
        return [c.quantity.indicator for c in pillar.components if number(c.quantity.indicator)]
    rules = [g.rule for g in (*t.criteria.gates, *t.open_tracks(iso3))]
    asked = dict.fromkeys(q.indicator for rule in rules for _, q in walk.node_quantities(rule))
    return [i for i in asked if i not in scored and number(i)]


@claim("country", "indicators", rf"(?P<title>.+?): (?:better than the peer median on (?P<on>.+? indicators?|none of {COUNT})|(?P<one>better than|worse than|at) the peer median)(?:, no data on (?P<gaps>\S+))?", tags="h3")  # fmt: skip
def strip_title(page: Page, title, on, one, gaps):
    t, c = page.truth, page.iso3
    ids = strip_of(t, c, title)
    known = [i for i in ids if not math.isnan(t.values[i][c]) and len(t.peers(c, i)) > 1]
    assert (
        is_count(gaps, sum(math.isnan(t.values[i][c]) for i in ids))
        if gaps
        else not any(math.isnan(t.values[i][c]) for i in ids)
    )
    sides = [_side(t, c, i) for i in known]
    if one:
        assert len(known) == 1 and {1: "better than", -1: "worse than", 0: "at"}[sides[0]] == one
        return
    better = sides.count(1)
    assert len(known) > 1
    if on.startswith("none of"):
        assert not better and is_count(on[8:], len(known))
    else:
        assert better and is_among(on, better, len(known), "indicator")


def _side(t: Truth, c: str, i: str) -> int:
    own, middle = t.values[i][c], float(np.quantile(t.peers(c, i), 0.5))
    return int(np.sign(own - middle)) * (1 if t.high_is_better(i) else -1)


@claim("country", "indicators", r"(?P<title>.+): (?P<why>no data|no peers to compare with)", tags="h3")
def strip_empty(page: Page, title, why):
    t, c = page.truth, page.iso3
    own = [not math.isnan(t.values[i][c]) for i in strip_of(t, c, title)]
    assert not all(own) if why == "no data" else all(own)
    assert not any(
        known and len(t.peers(c, i)) > 1 for known, i in zip(own, strip_of(t, c, title), strict=True)
    )


@claim("country", "indicators", r"(?:(?P<name>.+?) among )?(?P<all>[Aa]ll )?(?:(?P<most>\d+) of )?(?P<group>\S+) (?P<noun>country|countries)(?: (?P<whole>of its peer group|considered))?(?:; (?P<blank>.+) has no figure here)?\. Right is always better\.", tags="p")  # fmt: skip
def strip_subtitle(page: Page, name, all, most, group, noun, whole, blank, piece):
    t, c = page.truth, page.iso3
    titles = {f"strips-pillar-{p.id}": p.title for p in t.pillars} | {"strips-gates-only": ONLY}
    mine = strip_of(t, c, titles[piece.within])
    assert bool(blank) == (not name) == all_missing(t, c, mine)
    name, group = name or blank, group.lower()
    members, counts = len(t.members(c)), {_most(t, c, title) for title in _titles(t, c)}
    assert name == t.name[c] and is_count(group, members) and (noun == "country") == (members == 1)
    assert (whole == "of its peer group") == bool(t.criteria.peers) and bool(all) == (not whole) == (
        not t.criteria.peers and not most
    )
    assert int(most) in counts and int(most) < members if most else members in counts


@claim(
    "country",
    "indicators",
    r"No figure is held of any country (?P<whose>of its peer group|considered)\.",
    tags="p",
)
def strip_nobody(page: Page, whose):
    t, c = page.truth, page.iso3
    assert 0 in {_most(t, c, title) for title in _titles(t, c)} and (whose == "considered") == (
        not t.criteria.peers
    )


def all_missing(t: Truth, c: str, indicators) -> bool:
    return all(math.isnan(t.values[i][c]) for i in indicators)


def _titles(t: Truth, c: str) -> list[str]:
    return [*(p.title for p in t.pillars), *([ONLY] if strip_of(t, c, ONLY) else [])]


def _most(t: Truth, c: str, title: str) -> int:
    return max((len(t.peers(c, i)) for i in strip_of(t, c, title)), default=0)


@claim("country", "indicators travel", r"Source(?P<s>s)?: (?P<told>[^▲]+?\))\.", tags="p")
@claim("briefing", "shortlist", r"Source(?P<s>s)?: (?P<told>.+?\))\.(?= The same)", tags="p")
def sources_line(page: Page, s, told, piece):
    t, held = page.truth, page.truth.result.panel.held
    if page.kind == "briefing":
        asked = walk.indicators(t.criteria, "pool", "peers", "gate", "track", "score")
    elif piece.section == "travel":
        asked = [i for i in t.travelling(page.iso3) if not t.sheets[i].classes]
    else:
        titles = {f"strips-pillar-{p.id}": p.title for p in t.pillars} | {"strips-gates-only": ONLY}
        asked = strip_of(t, page.iso3, titles[piece.within])
    by_publisher: dict[str, list[str]] = {}
    for id, publisher in dict.fromkeys((held[i].id, held[i].publisher) for i in asked if i in held):
        by_publisher.setdefault(publisher, []).append(id)
    assert told == "; ".join(f"{publisher} ({', '.join(ids)})" for publisher, ids in by_publisher.items())
    assert bool(s) == (sum(map(len, by_publisher.values())) > 1)


@claim("country", "indicators", rf"(?P<label>.+?): (?P<value>{NUMBER}|no data)(?:; better than (?P<share>{SHARE}) of the other peers)?(?:; peer median (?P<median>{NUMBER}))?(?:; gate at (?P<gate>{NUMBER}))?(?:; standard error (?P<sd>{NUMBER}))?\.", tags="title")  # fmt: skip
def strip_alt(page: Page, label, value, share, median, gate, sd):
    t, c = page.truth, page.iso3
    assert any(
        _strip_is(t, c, i, value, share, median, gate, sd) for i in t.used if t.sheets[i].label == label
    )


def _strip_is(t: Truth, c: str, i: str, value, share, median, gate, sd) -> bool:
    peers = t.peers(c, i)
    limits = [t.needs[c].get(x.path) for g in t.criteria.gates for x in t.tests(g) if x.quantity.indicator == i and x.quantity.measure == "level" and x.operator != "in"]  # fmt: skip
    limits = [x for x in limits if x is not None and not math.isnan(x)]
    return (
        is_number(value, t.values[i][c])
        and (is_share(share, t.better_than(c, i)) if share else math.isnan(t.better_than(c, i)))
        and (is_number(median, np.quantile(peers, 0.5)) if median else peers.empty)
        and (any(is_number(gate, x) for x in limits) if gate else not limits)
        and (is_number(sd, t.sds[i][c]) if sd else not t.sds[i][c] > 0)
    )


@claim("country", "indicators", r"(?P<unit>.+?)(?P<low>, lower is better)?", tags="small")
def strip_unit(page: Page, unit, low):
    t = page.truth
    assert any(
        s.unit.replace(" -", " −") == unit and bool(low) != t.high_is_better(i) for i, s in t.sheets.items()
    )
