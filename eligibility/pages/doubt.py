"""What was drawn to find out how firm the list is, and what of it decides: sentences for both kinds of page."""

from __future__ import annotations

import math

import numpy as np

from eligibility.method.choices import OPEN
from eligibility.method.decides import BASE, ERROR, IMPUTED
from eligibility.pages.facts import Facts
from eligibility.pages.reasons import called
from eligibility.pages.sentences import quoted
from eligibility.pages.views import LeftRow
from eligibility.pages.wording import (
    capital,
    counted,
    inner,
    listed,
    missing,
    number,
    percent,
    plain,
    runs,
    some,
    spelled,
)

WORDS = {ERROR: "measurement error", IMPUTED: "what stands in the gaps", **OPEN}
LARGE = 0.05  # a share of the variance that is worth a word
WEIGHED = 0.02  # a central weight this far from the stated one is worth a word


def drawn(facts: Facts) -> str:
    """What a re-run draws, as the end of a sentence.

    Measurement error always; what the criteria leave open in making the score, where they leave anything open.
    """
    text = "every uncertain figure is drawn anew within its measurement error"
    text += " and every imputed one takes the next of its values" if facts.result.imputed else ""
    return f"{text}, and so is what the criteria leave open: {opened(facts)}" if facts.kinds else text


def error(facts: Facts) -> str:
    """What is drawn of the figures themselves, in words."""
    return "measurement error and imputation" if facts.result.imputed else "measurement error"


def opened(facts: Facts) -> str:
    """What the criteria leave open in making the score, as a list; "" for nothing."""
    return listed(facts.kinds)


def likely(facts: Facts) -> str:
    """What the likely range of ranks holds."""
    if facts.kinds:
        under = f"under {error(facts)} and all that the criteria leave open in making the score"
    else:
        under = f"under {error(facts)}"
    return f"The likely range holds nine tenths of the ranks that came out {under}."


def method(facts: Facts, iso3: str) -> list[str]:
    """What the re-runs of a country's page vary, and what its place is by measurement error alone."""
    stress = facts.result.firmness
    text = f"In each of {stress.draws:,} re-runs {drawn(facts)}; then all countries are screened and ranked again."
    if not facts.kinds:
        return [
            f"{text} Weights, thresholds and sources stay as they are in the criteria: this is {error(facts)} only."
        ]
    out = [f"{text} Gates, thresholds and sources stay as they are."]
    if facts.ranked(iso3):
        alone = stress.stated
        low, high, top = (series[iso3] for series in (alone.low, alone.high, alone.p_top))
        range_ = number(low, 0) if low == high else f"{number(low, 0)} to {number(high, 0)}"
        out.append(
            f"By {error(facts)} alone, with the score as stated, the likely rank is {range_} and the shortlist is "
            f"reached in {percent(top)} of re-runs."
        )
    return out


def together(facts: Facts, iso3: str) -> list[str]:
    """Whom the country cannot be told from, and which ranks are possible for all at once."""
    sample = facts.result.firmness.sample
    if sample is None or not facts.ranked(iso3) or len(sample.point) < 2:
        return []
    tied, others = sample.tied[iso3], len(sample.point) - 1
    low, high = (int(sample.sets.at[iso3, end]) for end in ("low", "high"))
    if not tied:
        told = "Its score differs from that of every other ranked country beyond measurement error, taken all at once"
    else:
        n = len(tied)
        who = (
            ("any other ranked country" if n > 1 else "the other ranked country")
            if n == others
            else f"{spelled(n)} of the {others} other ranked countries"
        )
        told = f"Its score cannot be told from that of {who}, taken all at once"
    span = f"rank {low}" if low == high else f"any rank from {low} to {high}"
    return [
        f"{told}: with nine tenths confidence for all countries together it could hold {span} among those ranked now."
    ]


def left_out(facts: Facts, iso3: str) -> list[str]:
    """Where the country would stand with one indicator, pillar or source at a time left out of the score."""
    table, size = facts.result.without, facts.criteria.shortlist
    if table is None or not facts.ranked(iso3) or table.shape[1] < 2:
        return []
    row = table.loc[iso3]
    low, high, held = row.min(), row.max(), row.dropna()
    if held.empty:
        return []
    where = f"is {number(low, 0)}" if low == high else f"lies between {number(low, 0)} and {number(high, 0)}"
    text = f"With one indicator, pillar or source at a time left out of the score its rank {where}"
    if size:
        listed_now = facts.rank[iso3] <= size
        turns = [_left(facts, *key) for key, rank in held.items() if (rank <= size) != listed_now]
        moves = "leaves" if listed_now else "comes onto"
        stays = "stays on the shortlist throughout" if listed_now else "stays off the shortlist throughout"
        text += f"; it {moves} the shortlist without {_any(turns)}" if turns else f"; it {stays}"
    gone = [_left(facts, *key) for key in row.index[row.isna()]]
    return [f"{text}.", *([f"It has no rank without {_any(gone)}."] if gone else [])]


def left_rows(facts: Facts, iso3: str) -> tuple[LeftRow, ...]:
    """The same, one line a thing left out."""
    if not left_out(facts, iso3):
        return ()
    size, rows = facts.criteria.shortlist, []
    assert facts.result.without is not None
    for (kind, subject), rank in facts.result.without.loc[iso3].items():
        place = "" if not size else "on it" if rank <= size else "off it"
        shown = "no rank" if missing(rank) else number(rank, 0)
        rows.append(
            LeftRow(_name(facts, kind, subject), kind, shown, place, f"{iso3} without.{kind}.{subject}")
        )
    return tuple(rows)


def _any(things: list[str]) -> str:
    """One thing, or that any one of several does."""
    return things[0] if len(things) == 1 else f"any one of {listed(things, 'or')}"


def _left(facts: Facts, kind: str, subject: str) -> str:
    """A thing left out, as a page names it."""
    name = _name(facts, kind, subject)
    return {"source": f"the source {name}", "pillar": f"the pillar “{name}”"}.get(kind, inner(name))


def _name(facts: Facts, kind: str, subject: str) -> str:
    """A source by its id, a pillar by its title, an indicator by what it is called."""
    if kind == "source":
        return plain(subject)
    if kind == "pillar":
        return plain(next(p.title for p in facts.pillars if p.id == subject))
    return capital(called(next(c.quantity for _, c in facts.components if c.path == subject), facts.sheets))


def central(facts: Facts, iso3: str) -> list[str]:
    """The weights with which the country reaches the shortlist, where they differ from those stated."""
    weights = facts.result.central
    if weights is None or not facts.ranked(iso3) or weights.loc[iso3].isna().any():
        return []
    total = math.fsum(p.weight for p in facts.pillars)
    if max(abs(weights.at[iso3, p.id] - p.weight / total) for p in facts.pillars) < WEIGHED:
        return []  # and what it costs to know how sure they make it is spared
    favoured = facts.result.favoured
    assert favoured is not None  # as the central weights are
    said = [f"{plain(p.title)} {percent(favoured.at[iso3, p.id])}" for p in facts.pillars]
    again = runs(favoured.at[iso3, "confidence"], BASE).replace("re-runs", "more re-runs")
    return [
        f"In the re-runs that have it on the shortlist the pillars weigh, on average, {listed(said)}; with these weights "
        f"it is there in {again} under {error(facts)} alone."
    ]


def decides(facts: Facts) -> tuple[str, ...]:
    """What moves the ranking most, and on whose place on the shortlist a choice of the analyst's decides."""
    found = facts.result.decides
    if found is None or len(found.shift) < 2:
        return ()
    total = found.shift["total"].sort_values(ascending=False, kind="stable")
    if total.isna().all():
        return ()
    first = total.index[0]
    low, high = (bounded(found.shift.at[first, f"total_{end}"]) for end in ("low", "high"))
    text = (
        f"Of all that moves the ranks in re-runs (by {number(found.mean_shift, 1)} places on average), {WORDS[first]} "
        f"has a hand in {percent(bounded(total.iloc[0]))} (likely {percent(low)} to {percent(high)})"
    )
    rest = [f"{WORDS[key]} in {percent(bounded(share))}" for key, share in total.iloc[1:].items()]
    out = [f"{text}; {listed(rest)}. Shares overlap where two act together." if rest else f"{text}."]
    return (*out, *_chosen(facts, found))


def _chosen(facts: Facts, found) -> list[str]:
    """The countries whose place on the shortlist hangs more on a choice, or on a gap, than on measurement error."""
    picks = found.total.drop(index=ERROR)
    either = ["a choice in making the score"] if len(picks.index.difference([IMPUTED])) else []
    what = " or ".join([*either, *(["what stands in a gap"] if IMPUTED in picks.index else [])])
    more = picks.max() > found.total.loc[ERROR]
    named = [c for c in facts.pool if more.get(c, False) and facts.p_top[c] >= LARGE]
    if not named:
        return [f"No country's place on the shortlist hangs more on {what} than on measurement error."]
    by = {c: WORDS[picks[c].idxmax()] for c in named}
    told = [f"{facts.names[c]} ({by[c]})" for c in named]
    return [f"More on {what} than on measurement error hangs the place of {some(told)}."]


def bounded(share: float) -> float:
    """A share estimated from draws, which chance may put a little outside 0 to 1."""
    return float(np.clip(share, 0.0, 1.0))


def ties(facts: Facts) -> list[str]:
    """How many of the shortlist cannot be told from the first country left out."""
    sample, shortlist = facts.result.firmness.sample, facts.result.ranking.shortlist
    if sample is None or not shortlist or len(sample.point) <= len(shortlist):
        return []
    outside = [c for c in facts.result.ranking.order if facts.ranked(c) and c not in shortlist]
    first = outside[0]
    same = [c for c in shortlist if first in sample.tied[c]]
    n, places = len(same), len(shortlist)
    whole = counted(places, "country", "countries")
    if n == 0:
        told = f"lies beyond measurement error below that of every one of the {whole} on the shortlist"
    elif places == 1:
        told = "cannot be told from that of the one country on the shortlist"
    else:
        who = "any of the" if n == places else f"{spelled(n)} of the"
        told = f"cannot be told from that of {who} {whole} on the shortlist"
    return [f"The score of {facts.names[first]}, the first left out, {told}, all pairs taken at once."]


def misjudged(facts: Facts) -> list[str]:
    """How many verdicts of each gate measurement error is expected to have turned."""
    expected, judged = facts.result.misclassified, facts.result.firmness.p_gate.notna()
    said = [
        f"{number(expected[gate.id], 1)} at {quoted(gate)}"
        for gate in facts.criteria.gates
        if judged[gate.id].any()
    ]
    if not said:
        return []
    n = int(judged.any(axis=1).sum())
    which = f"{n:,} candidate{'s' if n != 1 else ''}{' that can be judged' if n < len(facts.pool) else ''}"
    return [
        f"Of {which}, measurement error is expected to have put on the wrong side of a gate: {listed(said)}."
    ]
