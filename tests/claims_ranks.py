"""What a country's page shows of the re-runs: how often each rank came out, who cannot be told apart, which weights favour it."""

from __future__ import annotations

import math

import numpy as np
from prover import Page, claim, fixed
from reading import (
    NUMBER,
    RUNS,
    SHARE,
    is_among,
    is_count,
    is_number,
    is_runs,
    is_share,
    listed,
)
from truth import Truth
from verdicts import is_span

from eligibility.method.decides import BASE

fixed("country", "firm", "How firm is this?", tags="h2")
fixed(
    "country",
    "firm",
    "Share of re-runs at each rank. Blue: on the shortlist. Grey: ranked below it. Dashed: not admitted.",
    tags="figcaption",
)
fixed("country", "firm", "shortlist", "out", tags="text")


@claim("country", "firm", rf"(?P<un>Not ranked; a|A)mong (?:the first (?P<n>\S+)|first place) in (?P<runs>{RUNS})(?:; likely (?P<span>.+))?", tags="finding")  # fmt: skip
def firm_title(page: Page, un, n, runs, span):
    t, c = page.truth, page.iso3
    size = t.criteria.shortlist
    assert (is_count(n, size) and size > 1) if n else size == 1
    assert is_runs(runs, t.top[c], t.draws) and un.startswith("Not") == (c not in t.ranked) == (not span)
    assert not span or is_span(span, t.low[c], t.high[c])


@claim("country", "firm", "How firm this is cannot be worked out", tags="finding")
def firm_unknown(page: Page):
    assert math.isnan(page.truth.top[page.iso3]) or page.truth.result.scores is None


def _counts(t: Truth, c: str) -> np.ndarray:
    return t.result.firmness.places.counts.loc[c].to_numpy(dtype=float)


def _rank_share(t: Truth, c: str, label: str) -> float:
    counts = _counts(t, c)
    if label == "out":
        return (t.draws - counts.sum()) / t.draws
    low, _, high = label.partition("–")
    return counts[int(low) - 1 : int(high or low)].sum() / t.draws


@claim(
    "country",
    "firm",
    r"(?P<shown>(?:[Rr]ank|[Ww]ithout).+?) of re-runs(?P<rest>; each other rank in less than 2%)?\.",
    tags="title",
)
def histogram(page: Page, shown, rest):
    t, c, seen, largest = page.truth, page.iso3, set(), 0.0
    for part in shown.split(", "):
        label, share = part.rsplit(" in ", 1)
        label = "out" if label.lower() == "without a rank" else label[5:]
        p = _rank_share(t, c, label)
        assert is_share(share, p) and p > 0
        if label != "out":
            low, _, high = label.partition("–")
            seen |= set(range(int(low), int(high or low) + 1))
    others = [k / t.draws for r, k in enumerate(_counts(t, c), 1) if r not in seen and k > 0]
    assert bool(rest) == bool(others) and all(p < 0.02 for p in others), largest


@claim("country", "firm", r"Every rank came out in less than 2% of re-runs\.", tags="title")
def histogram_thin(page: Page):
    shares = _counts(page.truth, page.iso3) / page.truth.draws
    assert 0 < shares.max() < 0.02 and shares.sum() > 1 - 1e-9


@claim("country", "firm", "No rank came out in a re-run.", tags="title")
def histogram_empty(page: Page):
    assert not _counts(page.truth, page.iso3).any()


@claim("country", "firm", rf"(?P<rank>\d+(?:–\d+)?)|(?P<share>{SHARE})", tags="text")
def histogram_text(page: Page, rank, share):
    counts = _counts(page.truth, page.iso3)
    if rank:
        assert int(rank.rpartition("–")[2]) <= max(len(counts), page.truth.criteria.shortlist)
    else:
        singles = [k / page.truth.draws for k in counts]
        sums = [counts[i:].sum() / page.truth.draws for i in range(len(counts))] + [
            _rank_share(page.truth, page.iso3, "out")
        ]
        assert any(is_share(share, p) for p in (*singles, *sums))


def drawn_text(t: Truth) -> str:
    """What is drawn, from the kinds the Result names."""
    text = "every uncertain figure is drawn anew within its measurement error"
    text += " and every imputed one takes the next of its values" if t.result.imputed else ""
    return f"{text}, and so is what the criteria leave open: {listed(t.kinds)}" if t.kinds else text


def error_text(t: Truth) -> str:
    return "measurement error and imputation" if t.result.imputed else "measurement error"


@claim("country", "firm", r"In each of (?P<draws>[\d,]+) re-runs (?P<drawn>every .+?); then all countries are screened and ranked again\. (?:Weights, thresholds and sources stay as they are in the criteria: this is (?P<only>.+) only\.|Gates, thresholds and sources stay as they are\.)", tags="p")  # fmt: skip
def each_run(page: Page, draws, drawn, only):
    t = page.truth
    assert (
        is_number(draws, t.draws)
        and drawn == drawn_text(t)
        and (only or "") == ("" if t.kinds else error_text(t))
    )


@claim("country", "firm", rf"By (?P<error>measurement error(?: and imputation)?) alone, with the score as stated, the likely rank is (?P<low>\d+)(?: to (?P<high>\d+))? and the shortlist is reached in (?P<share>{SHARE}) of re-runs\.", tags="p")  # fmt: skip
def alone(page: Page, error, low, high, share):
    t, c, own = page.truth, page.iso3, page.truth.result.firmness.stated
    assert (
        error == error_text(t)
        and is_number(low, own.low[c])
        and is_number(high or low, own.high[c])
        and low != high
    )
    assert is_share(share, own.p_top[c]) and t.kinds and c in t.ranked


@claim(
    "country",
    "firm",
    r"(?P<which>.+?) (?P<has>has|have) no stated error and (?P<be>is|are) taken as exact, so the true doubt is larger\.",
    tags="p",
)
def taken_as_exact(page: Page, which, has, be):
    t, c = page.truth, page.iso3
    known = [i for i in t.used if not math.isnan(t.values[i][c])]
    exact = sum(t.sd_kinds[i][c] == "none" for i in known)
    assert (
        exact
        and is_among(which, exact, len(known), "figure")
        and (has == "has") == (be == "is") == (exact == 1)
    )


@claim("country", "firm", rf"A probability counted from (?P<draws>[\d,]+) re-runs is itself known to within (?P<points>{NUMBER}) percentage points\.", tags="p")  # fmt: skip
def half_width(page: Page, draws, points):
    n = page.truth.draws
    assert is_number(draws, n) and is_number(points, 100 * 1.96 * math.sqrt(0.25 / n))


def apart(t: Truth) -> tuple[list[str], np.ndarray]:
    """The ranked countries of the sample and which are above which beyond error, all pairs taken at once."""
    sample = t.result.firmness.sample
    point, draws = sample.point.to_numpy(), sample.stated
    gaps, noise = point[:, None] - point, draws[:, :, None] - draws[:, None, :]
    error = noise.std(axis=0)
    off = np.abs(noise - gaps)
    ratio = np.divide(off, error, out=np.zeros_like(off), where=error > 0)
    c = np.quantile(ratio.reshape(len(draws), -1).max(axis=1), 0.9, method="higher")
    return list(sample.point.index), gaps > c * error


@claim("country", "firm", r"Its score (?:(?P<all>differs from that of every other ranked country beyond measurement error)|cannot be told from that of (?P<who>.+?)), taken all at once: with nine tenths confidence for all countries together it could hold (?:any rank from (?P<low>\d+) to (?P<high>\d+)|rank (?P<one>\d+)) among those ranked now\.", tags="p")  # fmt: skip
def told_apart(page: Page, all, who, low, high, one):
    names, beyond = page.truth.once("apart", apart)
    i, others = names.index(page.iso3), len(names) - 1
    tied = others - int((beyond[i] | beyond[:, i]).sum())
    low, high = int(one or low), int(one or high)
    assert (
        low == 1 + beyond[:, i].sum() and high == len(names) - beyond[i].sum() and (low == high) == bool(one)
    )
    if all:
        assert tied == 0
    elif who == "the other ranked country":
        assert tied == others == 1
    elif who == "any other ranked country":
        assert tied == others > 1
    else:
        n, total = who.removesuffix(" other ranked countries").split(" of the ")
        assert is_count(n, tied) and int(total) == others and 0 < tied < others


@claim("country", "firm", rf"In the re-runs that have it on the shortlist the pillars weigh, on average, (?P<weights>.+); with these weights it is there in (?P<runs>{RUNS}) under (?P<error>measurement error(?: and imputation)?) alone\.", tags="p")  # fmt: skip
def favoured(page: Page, weights, runs, error):
    assert error == error_text(page.truth)
    t, c, sample = page.truth, page.iso3, page.truth.result.firmness.sample
    place = sample.place[:, list(sample.point.index).index(c)]
    inside = (place > 0) & (place <= t.criteria.shortlist)
    mean = sample.ways.shares[inside].mean(axis=0)
    parts = weights.replace(" and ", ", ", 1) if len(t.pillars) == 2 else weights
    for pillar, share in zip(t.pillars, mean, strict=True):
        assert parts.startswith(f"{pillar.title} ")
        said, _, parts = parts[len(pillar.title) + 1 :].partition("%")
        assert is_share(f"{said}%", share)
        parts = parts.removeprefix(", ").removeprefix(" and ")
    assert not parts and "more re-runs" in runs and is_runs(runs, t.result.favoured.at[c, "confidence"], BASE)


def mean(parts: list, weights: list[float], power: float) -> np.ndarray:
    """The power mean of what is known of each country, by its definition."""
    x, w = np.array(parts, dtype=float), np.array(weights)[:, None]
    w = np.where(np.isnan(x), 0.0, w)
    known, total = np.where(np.isnan(x), 1.0, x), w.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        if power == -math.inf:
            return np.where(total > 0, np.where(w > 0, known, np.inf).min(axis=0), np.nan)
        if power == 0:
            return np.exp((w * np.log(known)).sum(axis=0) / total)
        return ((w * known**power).sum(axis=0) / total) ** (1 / power)


def ranks_without(t: Truth) -> dict[str, dict[str, int]]:
    """What is left out, as pages name it -> iso3 -> rank; nothing for what leaves no score."""
    score, x = t.criteria.score, t.result.scores.normalised
    named = [(inside(t.called(c.quantity)), lambda p, d, c=c: d is c) for _, c in t.components]
    named += [(f"the pillar “{p.title}”", lambda q, d, p=p: q is p) for p in t.pillars]
    held = t.result.panel.held
    of = lambda c: held[c.quantity.indicator].id if c.quantity.indicator in held else None  # noqa: E731
    sources = dict.fromkeys(of(c) for _, c in t.components if of(c))
    named += [(f"the source {s}", lambda p, d, s=s: of(d) == s) for s in sources]
    out = {}
    for name, gone in named:
        means, weights = [], []
        for pillar in t.pillars:
            kept = [c for c in pillar.components if not gone(pillar, c)]
            if kept:
                own = [c.weight for c in kept]
                parts = [x[c.path].to_numpy() for c in kept]
                seen = sum(w * ~np.isnan(p) for w, p in zip(own, parts, strict=True)) / sum(own)
                means.append(np.where(seen >= score.coverage - 1e-12, mean(parts, own, pillar.power), np.nan))
                weights.append(pillar.weight)
        if means:
            whole = np.where(np.isnan(means).any(axis=0), np.nan, mean(means, weights, score.power))
            points = {c: round(v, 12) for c, v in zip(x.index, whole, strict=True)
                      if not math.isnan(v) and t.status[c] in ("eligible", "conditional")}  # fmt: skip
            if points:
                out[name] = {c: 1 + sum(v > points[c] for v in points.values()) for c in points}
    return out


@claim("country", "firm", r"With one indicator, pillar or source at a time left out of the score its rank (?:is (?P<one>\d+)|lies between (?P<low>\d+) and (?P<high>\d+))(?:; it (?P<move>leaves|comes onto) the shortlist without (?P<what>.+?)|; it stays (?P<stays>on|off) the shortlist throughout)?\.", tags="p")  # fmt: skip
def left_out(page: Page, one, low, high, move, what, stays):
    t, c, size = page.truth, page.iso3, page.truth.criteria.shortlist
    made = t.once("without", ranks_without)
    held = {name: places[c] for name, places in made.items() if c in places}
    assert int(one or low) == min(held.values()) and int(one or high) == max(held.values())
    now = t.rank[c] <= size
    turns = [name for name, place in held.items() if (place <= size) != now]
    assert bool(size) == bool(move or stays) and bool(turns) == bool(move)
    assert not stays or (stays == "on") == now
    assert not move or ((move == "leaves") == now and what == any_of(turns))


@claim("country", "firm", r"It has no rank without (?P<what>.+?)\.", tags="p")
def no_rank_without(page: Page, what):
    made = page.truth.once("without", ranks_without)
    assert what == any_of([name for name, places in made.items() if page.iso3 not in places])


def inside(label: str) -> str:
    """A label inside a sentence: small, unless it begins with an acronym."""
    return label[0].lower() + label[1:] if label.split(" ")[0][1:].islower() else label


def any_of(things: list[str]) -> str:
    return things[0] if len(things) == 1 else f"any one of {', '.join(things[:-1])} or {things[-1]}"
