"""What a country's page shows below its gates: score, trends, neighbours, data."""

from __future__ import annotations

import math

import numpy as np
from prover import Page, claim, fixed
from reading import (
    NUMBER,
    SHARE,
    is_among,
    is_count,
    is_day,
    is_number,
    is_share,
)
from truth import Truth

MEANS = {1.0: "arithmetic mean", 0.0: "geometric mean", -1.0: "harmonic mean", -math.inf: "smallest"}

# Score -----------------------------------------------------------------------------------------------------

fixed("country", "score", "Where the score comes from", tags="h2")
fixed("country", "score", "Parts of the score", tags="caption label")


@claim(
    "country",
    "score",
    rf"(?:Score (?P<score>{NUMBER})|No score)(?:: highest on (?P<best>.+), lowest on (?P<worst>.+))?",
    tags="finding",
)
def score_title(page: Page, score, best, worst):
    t, c = page.truth, page.iso3
    own = t.result.scores.pillar.loc[c].dropna()
    assert is_number(score or "no data", t.score[c]) and bool(best) == (own.nunique() > 1)
    by_title = {p.title.lower(): own[p.id] for p in t.pillars if p.id in own}
    assert not best or (by_title[best.lower()] == own.max() and by_title[worst.lower()] == own.min())


@claim("country", "score", r"The score is the (?P<how>.+?) of (?P<n>\S+) pillars?, each scaled from 0 \(worst\) to 1 \(best\)\.(?P<adds> The last column says how much each indicator brings; it adds up to the score\.)?", tags="p")  # fmt: skip
def score_note(page: Page, how, n, adds):
    t, own = page.truth, page.truth.criteria.score
    assert is_mean(how, own.power) and is_count(n, len(t.pillars))
    parts, total = t.result.scores.contribution.loc[page.iso3], t.score[page.iso3]
    assert bool(adds) != math.isnan(total)
    assert not adds or abs(math.fsum(parts) - total) < 1e-9


def is_mean(text: str, power: float) -> bool:
    return (
        text == MEANS[power]
        if power in MEANS
        else text.startswith("power mean of power ") and is_number(text[20:], power)
    )


@claim("country", "score", "The country is not ranked, so its score decides nothing.", tags="p")
def score_unranked(page: Page):
    assert page.iso3 not in page.truth.ranked and not math.isnan(page.truth.score[page.iso3])


@claim(
    "country",
    "score",
    rf"It has none: a pillar has figures for less than (?P<share>{SHARE}) of its weight\.",
    tags="p",
)
def score_gap(page: Page, share):
    t = page.truth
    assert math.isnan(t.score[page.iso3]) and is_share(share, t.criteria.score.coverage)
    assert t.result.scores.coverage.loc[page.iso3].min() < t.criteria.score.coverage


# Direction of travel ---------------------------------------------------------------------------------------

fixed("country", "travel", "Direction of travel", tags="h2")
fixed("country", "travel", "a gap is a year without a figure.", tags="p")


def years(t: Truth) -> tuple[int, int]:
    """The ten years up to the newest that any figure describes; a list of days has none."""
    return t.once("years", _years)


def _years(t: Truth) -> tuple[int, int]:
    years = t.result.cells.year.drop(columns=[i for i in t.used if i in t.result.panel.dated])
    newest = float(np.nanmax(years.to_numpy(dtype=float), initial=-np.inf))
    last = t.result.as_of.year if math.isinf(newest) else int(newest)
    return last - 10, last


def travelled(t: Truth, iso3: str) -> dict[str, tuple[int, float, int, float]]:
    """Indicator -> first year and value, last year and value, of the years shown."""
    return t.once(f"travel {iso3}", lambda t: _travelled(t, iso3))


def _travelled(t: Truth, iso3: str) -> dict[str, tuple[int, float, int, float]]:
    out = {}
    for i in t.travelling(iso3):
        frame = t.once(f"history {i}", lambda t, i=i: t.result.panel.history(i, t.result.as_of))
        if t.sheets[i].classes or iso3 not in frame.columns:
            continue
        first, last = years(t)
        known = frame.loc[(frame.index >= first) & (frame.index <= last), iso3].dropna()
        if len(known):
            out[i] = (known.index[0], known.iloc[0], known.index[-1], known.iloc[-1])
    return out


def _moves(t: Truth, c: str) -> tuple[list[int], bool]:
    """+1, -1 or 0 for each indicator with two years: better, worse, not beyond one standard error."""
    out, errs = [], False
    for i, (start, a, end, b) in travelled(t, c).items():
        if start == end:
            continue
        sd = t.sds[i][c] if t.sds[i][c] > 0 else 0.0
        errs |= sd > 0
        side = 1 if (b > a) == t.high_is_better(i) else -1
        out.append(side if (abs(b - a) > sd if sd else a != b) else 0)
    return out, errs


@claim("country", "travel", r"Since (?P<first>\d{4}), (?:of (?P<n>\S+) indicators (?P<better>\S+) improved and (?P<worse>\S+) worsened|the one indicator has (?P<one>improved|worsened))(?P<errs> by more than one standard error)?", tags="finding")  # fmt: skip
def travel(page: Page, first, n, better, worse, one, errs):
    moves, known = _moves(page.truth, page.iso3)
    assert int(first) == years(page.truth)[0] and bool(errs) == known and any(moves)
    if one:
        assert moves == [1 if one == "improved" else -1]
    else:
        assert (
            is_count(n, len(moves))
            and is_count(better, moves.count(1))
            and is_count(worse, moves.count(-1))
            and len(moves) > 1
        )


@claim("country", "travel", r"Since (?P<first>\d{4}) (?:none of (?P<n>\S+) indicators has|the one indicator has not) moved(?P<errs> by more than one standard error)?", tags="finding")  # fmt: skip
def still(page: Page, first, n, errs):
    moves, known = _moves(page.truth, page.iso3)
    assert int(first) == years(page.truth)[0] and bool(errs) == known and moves and not any(moves)
    assert is_count(n, len(moves)) and len(moves) > 1 if n else len(moves) == 1


@claim(
    "country",
    "travel",
    r"Too few years to say how the (?P<which>gate|scored) indicators have moved since (?P<first>\d{4})",
    tags="finding",
)
def too_few(page: Page, which, first):
    t = page.truth
    assert (
        not _moves(t, page.iso3)[0] and int(first) == years(t)[0] and (which == "scored") == t.criteria.index
    )


@claim("country", "travel", r"Solid: (?P<name>.+)\. Dashed: median of (?P<whose>its peers|all countries)\.(?P<gate> Dotted: the gate\.)? Up is more, whether or not more is better\.", tags="p")  # fmt: skip
def travel_key(page: Page, name, whose, gate):
    own = page.truth.criteria
    assert (
        name == page.truth.name[page.iso3]
        and (whose == "its peers") == bool(own.peers)
        and bool(gate) != own.index
    )


@claim("country", "travel", rf"(?:(?P<label>.+?): )?(?:(?P<a>{NUMBER}) in (?P<start>\d{{4}}), (?:(?P<b>{NUMBER}) in (?P<end>\d{{4}})|no earlier year)|no data)\.?", tags="p title")  # fmt: skip
def trend(page: Page, label, a, start, b, end):
    t, c = page.truth, page.iso3
    own = travelled(t, c)
    if not a:
        assert not label or any(t.sheets[i].label == label and i not in own for i in t.used)
        return
    shown = [v for i, v in own.items() if not label or t.sheets[i].label == label]
    if b:
        assert any(
            is_number(a, x) and int(start) == y and is_number(b, z) and int(end) == w > y
            for y, x, w, z in shown
        )
    else:
        assert any(is_number(a, x) and int(start) == y == w for y, x, w, _ in shown)


@claim("country", "travel", r"From (?P<first>\d{4}) to (?P<last>\d{4});", tags="p")
def travel_span(page: Page, first, last):
    assert (int(first), int(last)) == years(page.truth)


@claim("country", "travel", r"(?P<label>.+)(?P<way>higher|lower) is better", tags="figcaption")
def trend_label(page: Page, label, way):
    t = page.truth
    assert any(s.label == label and (way == "higher") == t.high_is_better(i) for i, s in t.sheets.items())


# Neighbours, beyond, data ----------------------------------------------------------------------------------

fixed("country", "neighbours", "Neighbours in the ranking", tags="h2 label")
fixed("country", "neighbours", "The countries ranked around it", tags="caption")


def _around(t: Truth, c: str) -> list[str]:
    at = t.ranked.index(c)
    start = max(0, min(at - 2, len(t.ranked) - 5))
    return t.ranked[start : start + 5]


@claim("country", "neighbours", r"(?:(?P<which>.+ of .+?|Both|All \S+|The one) neighbours?|(?P<its>Its one neighbour)) (?P<verb>lies|lie|does not lie) within its likely range of ranks", tags="finding")  # fmt: skip
def within(page: Page, which, its, verb):
    t, c = page.truth, page.iso3
    others = [x for x in _around(t, c) if x != c]
    n = sum(t.low[c] <= t.rank[x] <= t.high[c] for x in others)
    assert t.drawn
    if its:
        assert len(others) == 1 and (verb == "lies") == (n == 1)
    else:
        text = f"{which} neighbours"
        assert (
            len(others) > 1 and is_among(text, n, len(others), "neighbour") and (verb == "lies") == (n == 1)
        )


@claim("country", "neighbours", rf"The (?P<n>\S+) around rank (?P<rank>{NUMBER})", tags="finding")
def around(page: Page, n, rank):
    t, c = page.truth, page.iso3
    assert not t.drawn and is_count(n, len(_around(t, c))) and is_number(rank, t.rank[c])


@claim("country", "neighbours", r"(?P<name>.+) is (?:(?P<not>not ranked, so it has no neighbours in the ranking)|the only ranked country)", tags="finding")  # fmt: skip
def alone_ranked(page: Page, name, **found):
    t, c = page.truth, page.iso3
    assert name == t.name[c] and (c not in t.ranked if found["not"] else t.ranked == [c])


fixed("country", "beyond", "Beyond the score", tags="h2")
fixed("country", "beyond", "Shown beside the score and never counted in it", tags="finding")
fixed("country", "beyond", "Beside the score", tags="caption label")


@claim(
    "country",
    "beyond",
    r"(?P<note>.+) Signed (?P<name>.+), (?P<day>\d+ \w+ \d{4})\. Source: (?P<source>\S+)",
    tags="li",
)
def noted(page: Page, note, name, day, source):
    of_day = type(page.truth.result.as_of).fromisoformat
    told = [
        n for n in page.truth.result.register.notes if n.country == page.iso3 and is_day(day, of_day(n.date))
    ]
    assert (note, name, source) in [(n.note, n.name, n.source) for n in told]


fixed("country", "beyond", "Notes of analysts", tags="h3")


@claim("country", "beyond", r"(?P<silent>Notes of analysts: none recorded\. )?Decisions recorded by the board: (?:(?P<none>none recorded)|(?P<what>[^,]+), (?P<day>\d+ \w+ \d{4}))\.", tags="p")  # fmt: skip
def decisions(page: Page, silent, none, what, day):
    assert bool(silent) == (page.iso3 not in {n.country for n in page.truth.result.register.notes})
    entry = page.truth.result.overrides.get(page.iso3)
    assert bool(none) == (entry is None)
    assert none or (
        what == entry.decision.lower()
        and is_day(day, type(page.truth.result.as_of).fromisoformat(entry.date))
    )


fixed("country", "data", "Data and sources", tags="h2")
fixed("country", "data", "Every figure used", tags="label")
fixed("country briefing", "data", "Sources", tags="caption label")
fixed("country", "data", "Every figure the criteria look at", tags="caption")
fixed("country", "data", "Full citations and what to know about each source: briefing, annex C.", tags="p")


@claim("country", "data", r"(?:All (?P<all>\S+) figures are held|(?P<one>Its one figure is held)|(?P<gaps>.+? figures?) (?P<verb>is|are) missing)(?:, (?P<filled>\S+) of them imputed in the draws)?(?:, (?P<carried>\S+) carried from an earlier year)?", tags="finding")  # fmt: skip
def data_title(page: Page, all, one, gaps, verb, filled, carried):
    t, c = page.truth, page.iso3
    missing = sum(math.isnan(t.values[i][c]) for i in t.used)
    if gaps:
        assert missing and is_among(gaps, missing, len(t.used), "figure") and (verb == "is") == (missing == 1)
    else:
        assert not missing and (is_count(all, len(t.used)) and len(t.used) > 1 if all else len(t.used) == 1)
    for told, n in (
        (filled, len(t.result.guesses.get(c, {}))),
        (carried, sum(t.marks[i][c] == "carried" for i in t.used)),
    ):
        assert is_count(told, n) if told else not n


@claim("country", "data", r"(?P<age>\S+) years? old", tags="small")
def age(page: Page, age, piece):
    t = page.truth
    ages = [t.result.cells.age.at[page.iso3, i] for i in t.used if t.sheets[i].label == piece.row]
    assert any(is_count(age, int(a)) and a > 1 for a in ages)


@claim(
    "country",
    "data beyond",
    r"(?P<unit>.+?)(?:; (?P<note>(?:carried forward: others have newer|imputed, in the draws only: .+|not filled.*?)))?",
    tags="small",
)
def data_unit(page: Page, unit, note):
    t, c = page.truth, page.iso3
    assert any(s.unit.replace(" -", " −") == unit and _data_note(t, c, i, note) for i, s in t.sheets.items())


def _data_note(t: Truth, c: str, i: str, note: str | None) -> bool:
    if i not in t.values or not note:
        return not note
    if note.startswith("carried"):
        return t.marks[i][c] == "carried"
    tests = [
        x for g in (*t.criteria.gates, *t.criteria.tracks) for x in t.tests(g) if x.quantity.indicator == i
    ]
    does = {
        "unknown": "the test is unknown",
        "fail": "the test counts as failed",
        "drop": "the test is left out",
    }
    told = [does[m] for m in sorted({x.missing for x in tests})]
    if any(k.quantity.indicator == i for _, k in t.components):
        told.append("the rest of its pillar carries its weight, if there is enough")
    guess = t.result.guesses.get(c, {}).get(i)
    if note.startswith("imputed"):
        text = (
            note.removeprefix("imputed, in the draws only: ≈ ")
            .replace(" (nine in ten between ", "|")
            .replace(" and ", "|", 1)
        )
        mean, low, rest = text.split("|", 2)
        high, _, rest = rest.partition(")")
        return all(
            is_number(a, b) for a, b in ((mean, guess.mean), (low, guess.low), (high, guess.high))
        ) and rest.removeprefix("; ") == "; ".join(told)
    return (
        math.isnan(t.values[i][c])
        and guess is None
        and note == ("not filled: " + "; ".join(told) if told else "not filled")
    )


@claim("country briefing", "data", "after the date of this page", tags="small")
def revised_source(page: Page):
    assert len(page.truth.result.cells.revised)
