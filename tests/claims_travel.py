"""What a country's page says moved since the last round: status, place, gates, and a score whose parts add up."""

from __future__ import annotations

import math
import re

from claims_last import BY, CAUSES, STATUS, WORDS, is_cause, is_open, last, status_then, turns_of
from prover import Page, claim, fixed
from reading import (
    NUMBER,
    RUNS,
    is_number,
    is_runs,
    is_signed,
    value,
)
from truth import INSIDE


def _ends(page: Page) -> tuple[str, str]:
    return last(page).status.get(page.iso3, ""), page.truth.status[page.iso3]


def _scores(page: Page) -> tuple[float, float]:
    return last(page).score.get(page.iso3, math.nan), page.truth.score[page.iso3]


@claim("country", "travel", r"Since the last round: what moved cannot be said", tags="h3")
def country_unsaid(page: Page):
    assert last(page).result is None


@claim("country", "travel", r"Since the last round: (?:(?P<same>[^,]+) then and now|(?P<was>[^,]+) then, (?P<now>[^,]+) now)?(?:, )?(?P<score>the same score|a higher score|a lower score|no change of score to tell)?", tags="h3")  # fmt: skip
def country_finding(page: Page, same, was, now, score):
    t, ends = page.truth, [status_then(last(page), page.iso3), STATUS[_ends(page)[1]]]
    if t.criteria.index:
        assert not same and not was
    else:
        assert [same, same] == ends if same else [was, now] == ends and was != now
    a, b = _scores(page)
    if math.isnan(a + b):
        assert score == ("no change of score to tell" if t.criteria.index else None)
    else:
        assert score == ("the same score" if a == b else "a higher score" if b > a else "a lower score")


@claim(
    "country",
    "travel",
    rf"It was (?P<was>[^,.]+?)(?P<still> and still is|, and is so still| and is (?P<now>[^,.]+?){BY})\.",
    tags="p",
)
def country_status(page: Page, was, still, now, by):
    (then, this), called = _ends(page), status_then(last(page), page.iso3)
    assert was == called and not page.truth.criteria.index and then
    if now:
        assert now == STATUS[this] != was and is_cause(by, last(page).moves[page.iso3].admitted)
    else:
        assert was == STATUS[this] and (still == ", and is so still") == (then == "insufficient-data")


@claim(
    "country",
    "travel",
    rf"It was not considered in the last round(?:, and is (?P<now>[^,.]+?) in this one{BY})?\.",
    tags="p",
)
def country_new(page: Page, now, by):
    then, this = _ends(page)
    assert then == "" and bool(now) != page.truth.criteria.index
    assert not now or (now == STATUS[this] and is_cause(by, last(page).moves[page.iso3].admitted))


@claim(
    "country",
    "travel",
    rf"Under measurement error it is admitted in (?P<runs>{RUNS}) of this round, so the change may be noise\.",
    tags="p",
)
def country_noise(page: Page, runs):
    t, (then, now) = page.truth, _ends(page)
    assert (
        last(page).comparable
        and (then in INSIDE) != (now in INSIDE)
        and is_open(t.p[page.iso3], now in INSIDE)
    )
    assert is_runs(runs, t.p[page.iso3], t.draws)


@claim("country", "travel", rf"It (?P<way>enters|leaves) the shortlist{BY}\.", tags="p")
def country_place(page: Page, way, by):
    own = last(page)
    assert page.iso3 in (own.entered if way == "enters" else own.left) and is_cause(
        by, own.moves[page.iso3].listed
    )


@claim(
    "country",
    "travel",
    rf"In (?P<runs>{RUNS}) of this round it is on the shortlist, so the change may be noise\.",
    tags="p",
)
def country_place_noise(page: Page, runs):
    t, own = page.truth, last(page)
    assert page.iso3 in (*own.entered, *own.left) and is_runs(runs, t.top[page.iso3], t.draws)
    assert is_open(t.top[page.iso3], page.iso3 in own.entered)


@claim("country", "travel", "No (?P<what>gate and no track|gate|track) turned\\.", tags="p")
def no_turn(page: Page, what):
    own, judged = page.truth.criteria, last(page).judged
    assert not turns_of(page.truth, last(page), page.iso3) and page.iso3 in last(page).status
    known = (bool(own.gates), bool(own.tracks) and judged)
    assert known == (what.startswith("gate"), what.endswith("track"))


@claim("country", "travel", r"What moved it cannot be told, for the last round cannot be judged again here\.", tags="p")  # fmt: skip
def cannot_be_told(page: Page):
    assert not last(page).judged


@claim(
    "country",
    "travel",
    r"Turned: (?P<turns>(?:(?:; )?the (?:gate|track) “[^”]+” from [^.;“”]+)+)\.",
    tags="p",
)
def turned(page: Page, turns):
    t, own = page.truth, last(page)
    left = turns_of(t, own, page.iso3)
    steps = {turn.gate: turn.step for turn in own.moves[page.iso3].turned}
    for text in turns.split("; "):
        found = re.fullmatch(r"the (?P<kind>gate|track) “(?P<title>[^”]+)” from (?P<was>.+?) to (?P<now>pass|on condition|fail|unknown|not asked)(?: \((?P<by>.+)\))?", text)  # fmt: skip
        rules = [getattr(x, f"{found['kind']}s") for x in (t.criteria, own.criteria)]
        key = next(r.id for of in rules for r in of if r.title == found["title"] and r.id in left)
        assert (found["was"], found["now"]) == tuple(WORDS[w] for w in left.pop(key))
        assert is_cause(found["by"], steps[key])
    assert not left


@claim("country", "travel", rf"Its score was (?P<then>{NUMBER}) and is (?P<now>{NUMBER}): (?P<total>[+−]{NUMBER}|{NUMBER})(?:, all by (?P<all>[^.+−]+)|, made of (?P<parts>.+?))?\.(?= |$)", tags="p")  # fmt: skip
def score_moved(page: Page, then, now, total, all, parts):
    a, b = _scores(page)
    unit = 10.0 ** -len(total.partition(".")[2])
    assert is_number(then, a) and is_number(now, b) and is_signed(total, value(now) - value(then))
    assert value(total) and abs(value(total) - (b - a)) < unit
    assert _are_parts(page, parts or (f"{total} by {all}" if all else ""), value(total), unit)


def _are_parts(page: Page, text: str, total: float, unit: float) -> bool:
    """Whether the parts told add up to the change, each within a unit of its own, none left out that is larger."""
    own = last(page).moves[page.iso3].parts
    left = {CAUSES[s].format("its"): x for s, x in own.items()}
    told = re.findall(rf"([+−]{NUMBER}) by (.+?)(?=(?:, | and )[+−]|$)", text)
    close = all(abs(value(x) - left.pop(cause)) < unit for x, cause in told)
    adds = not told or abs(sum(value(x) for x, _ in told) - total) < unit / 1000
    return close and adds and all(abs(x) < unit for x in left.values())


@claim(
    "country", "travel", rf"Its score is (?P<now>{NUMBER}), as then(?:: (?P<parts>.+?))?\.(?= |$)", tags="p"
)
def score_stays(page: Page, now, parts):
    a, b = _scores(page)
    unit = 10.0 ** -len(now.partition(".")[2])
    assert is_number(now, b) and abs(b - a) < unit / 1000 and _are_parts(page, parts or "", 0.0, unit)


@claim("country", "travel", "It has a score in neither round.", tags="p")
def score_never(page: Page):
    assert all(map(math.isnan, _scores(page)))


@claim(
    "country",
    "travel",
    rf"(?:It had no score then and has (?P<now>{NUMBER}) now|Its score was (?P<then>{NUMBER}); now it has none), so no change is told\.",
    tags="p",
)
def score_once(page: Page, now, then):
    a, b = _scores(page)
    assert math.isnan(a) and is_number(now, b) if now else math.isnan(b) and is_number(then, a)


@claim("country", "travel", "It is not ranked, so its score decides nothing.", tags="p")
def score_idle(page: Page):
    assert page.truth.status[page.iso3] not in INSIDE and page.iso3 not in page.truth.ranked


fixed(
    "country",
    "travel",
    "These are published values; how much of a change is measurement error is not worked out.",
    tags="p",
)
