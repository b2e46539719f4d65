"""What the board briefing says of itself: cautions, expected cases, method, words."""

from __future__ import annotations

import math

from claims_ranks import drawn_text
from prover import Page, claim, fixed
from reading import NUMBER, is_among, is_count, is_day, is_number, listed
from verdicts import near_miss

from eligibility import cases as stated
from eligibility.policy import Case

# Cautions and cases ----------------------------------------------------------------------------------------

fixed("briefing", "cautions", "Cautions", tags="h2")


@claim("briefing", "cautions", r"The probabilities cover measurement error as the publishers state or the criteria assume it, (?:and nothing else: other weights, thresholds or sources would give other lists|those of a rank or a place on the shortlist also (?P<open>.+?); other thresholds or sources would give other lists)\.", tags="li")  # fmt: skip
def cover(page: Page, open):
    t = page.truth
    assert t.drawn and (open or "") == listed(t.kinds)


fixed("briefing", "cautions", "Other weights, scales or sources would give another list.", tags="li")


@claim("briefing", "cautions", "That criteria return a handful of countries a document names is weak evidence for them: many quite different rules return the same names, and a cut-off chosen knowing the names proves less still.", tags="li")  # fmt: skip
def weak_evidence(page: Page):
    assert any(isinstance(c, Case) for c in page.truth.criteria.cases)


@claim("briefing", "cautions", r"(?P<which>.+? sources?) (?P<verb>was|were) published after (?P<day>\d+ \w+ \d{4})\. A reader of that day had earlier figures for the same years, so this is not quite what could have been known then\.", tags="li")  # fmt: skip
def later(page: Page, which, verb, day):
    t = page.truth
    late = sum(s.released > t.result.as_of and not s.dated for s in t.result.panel.sources)
    assert (
        is_among(which, late, len(t.result.panel.sources), "source")
        and (verb == "was") == (late == 1)
        and is_day(day, t.result.as_of)
    )


@claim(
    "briefing",
    "cautions",
    r"For (?P<which>.+? indicators?) no error is stated; (?P<be>it is|they are) taken as exact, which makes the answer look firmer than it is\.",
    tags="li",
)
def blank(page: Page, which, be):
    t = page.truth
    kinds = {i: {t.sd_kinds[i][c] for c in t.pool if not math.isnan(t.values[i][c])} for i in t.used}
    none = sum(found <= {"none"} for found in kinds.values())
    assert is_among(which, none, len(t.used), "indicator") and (be == "it is") == (none == 1) and t.drawn


@claim(
    "briefing",
    "cautions",
    "Capture, freedom and civil society are measured by expert judgement; countries near a threshold should be read, not sorted.",
    tags="li",
)
def experts(page: Page):
    assert any(i.startswith("vdem.") for i in page.truth.used)


fixed("briefing", "cases", "What was expected", tags="h2")
fixed("briefing", "cases", "Cases", tags="label")
fixed("briefing", "cases", "Cases written in the criteria", tags="caption")


@claim(
    "briefing",
    "cases",
    r"(?P<which>.+? cases?|Both cases) written in the criteria for this date (?P<verb>holds|hold|does not hold)",
    tags="finding",
)
def cases(page: Page, which, verb):
    t = page.truth
    own = [
        stated.judge(c, t.result).holds
        for c in t.criteria.cases
        if isinstance(c, Case) and c.as_of == t.result.as_of
    ]
    if verb == "does not hold":
        assert own == [False] and which == "The one case"
    else:
        assert is_among(which, sum(own), len(own), "case") and (verb == "holds") == (sum(own) == 1)


@claim("briefing", "cases", r"(?P<text>.+)", tags="small")
def case_outcome(page: Page, text):
    t = page.truth
    told = [
        stated.judge(c, t.result).failures
        for c in t.criteria.cases
        if isinstance(c, Case) and c.as_of == t.result.as_of
    ]
    assert text in {"; ".join(f) for f in told}


# Method and words -----------------------------------------------------------------------------------------

fixed("briefing", "data", "Annex C. Data", tags="h2")
fixed("briefing", "data", "Indicators", tags="label")
fixed("briefing", "data", "Indicators, as held for the candidates", tags="caption")
fixed("briefing", "method", "Annex D. Method", tags="h2")
fixed("briefing", "words", "Annex E. Words", tags="h2")
fixed("briefing", "", "Annex F. The round in detail", tags="h2")


@claim(
    "briefing",
    "method",
    r"The date is (?P<day>.+): only what was published by then is used, each series with its own delay\.",
    tags="li",
)
def the_date(page: Page, day):
    assert is_day(day, page.truth.result.as_of)


@claim(
    "briefing",
    "method",
    r"The pool is every country the first rule admits; (?P<n>\d+) (?P<verb>do|does)\. One that cannot be placed because its data are not held is named in a note\.",
    tags="li",
)
def the_pool(page: Page, n, verb):
    assert int(n) == len(page.truth.pool) and (verb == "does") == (int(n) == 1)


@claim(
    "briefing",
    "method",
    r"The newest figure counts if it describes a year at most (?P<n>\S+) (?P<noun>years?) before; one older than its publisher's newest is marked as carried, and its error grows\.",
    tags="li",
)
def the_age(page: Page, n, noun):
    own = page.truth.criteria.max_age
    assert is_count(n, own) and (noun == "year") == (own == 1)


@claim(
    "briefing",
    "method",
    r"(?:Each country belongs to one of (?P<n>\S+) peer groups|All countries are one peer group); medians and percentiles are taken there or in the pool, as stated\.",
    tags="li",
)
def the_peers(page: Page, n):
    own = len(page.truth.criteria.peers)
    assert is_count(n, own) and own > 1 if n else own == 1


@claim(
    "briefing",
    "method",
    r"(?:(?P<n>\S+) gates must all be passed|The one gate must be passed); no strength makes up for a failed gate\.",
    tags="li",
)
def the_gates(page: Page, n):
    own = len(page.truth.criteria.gates)
    assert is_count(n, own) and own > 1 if n else own == 1


@claim("briefing", "method", r"(?:At least one of (?P<n>\S+) tracks|The one track) must fit\.", tags="li")
def the_tracks(page: Page, n):
    own = len(page.truth.criteria.tracks)
    assert is_count(n, own) and own > 1 if n else own == 1


@claim(
    "briefing",
    "method",
    r"A missing figure makes a test unknown unless the rule says otherwise; (?:(?P<no>nothing is filled in by guesswork)|in the draws alone it is imputed, and what rests on that is marked)\.",
    tags="li",
)
def the_gaps(page: Page, no):
    assert bool(no) == (page.truth.result.imputed is None)


@claim(
    "briefing",
    "method",
    "There are no gates and no tracks: every country with a score is ranked by it.",
    tags="li",
)
def the_index(page: Page):
    assert page.truth.criteria.index


@claim(
    "briefing",
    "method",
    "Those admitted are ordered by the score; those excluded are never ranked.",
    tags="li",
)
def the_order(page: Page):
    t = page.truth
    assert all(t.status[c] in ("eligible", "conditional") for c in t.ranked) and t.criteria.score


@claim("briefing", "method", rf"Then, (?P<draws>[\d,]+) times?, (?P<drawn>every .+?) \(errors of one country's figures correlate by (?P<r>{NUMBER})\), and everything is judged again\.", tags="li")  # fmt: skip
def the_draws(page: Page, draws, drawn, r):
    t = page.truth
    assert (
        is_number(draws, t.draws)
        and drawn == drawn_text(t)
        and is_number(r, t.criteria.uncertainty.correlation)
    )


@claim(
    "briefing",
    "method",
    r"From these come every probability and every likely range; seed (?P<seed>\d+) makes them repeatable\.",
    tags="li",
)
def the_seed(page: Page, seed):
    assert int(seed) == page.truth.criteria.uncertainty.seed


@claim("briefing", "method words", r"(?:A country is called borderline if it is admitted|Admitted) in more than 10% (?:and|but) fewer than 90% of re-runs(?P<apart>; who is qualified, if it meets every requirement in so many)?\.", r"An excluded country is a near miss if it is admitted in more than 25% of re-runs\.", tags="li dd")  # fmt: skip
def the_bounds(page: Page, piece, apart=None):
    near = piece.text.startswith("An excluded")
    assert bool(apart) == (not near and any(not x.ideal for x in page.truth.criteria.tracks))
    assert (
        page.truth.drawn or page.kind == "briefing"
    )  # the bounds themselves: `firm` and `near_miss` hold them


@claim("briefing", "words", r"The whole screening done again, where (?P<drawn>every .+)\.", tags="dd")
def re_run(page: Page, drawn):
    assert drawn == drawn_text(page.truth)


fixed("briefing", "words", "Admitted", "Borderline", "Carried", "Conditional", "Excluded", "Figure", "Gate", "Likely range", "Near miss",
      "Peers", "Re-run", "Standard error (s.e.)", "Track", tags="dt")  # fmt: skip
fixed(
    "briefing", "words", "Eligible or conditional.",
    "An older figure used because the publisher has newer ones for other countries but not for this one.",
    "Passes every gate, but one or more only by a branch that asks for a written reason and a review.",
    "Fails a gate, or fits no track. The page says which.",
    "One value of one indicator for one country, with year, source and error.", "A necessary condition.",
    "Excluded, but so narrowly that measurement error could account for it.",
    "The countries of the same peer group in the pool.", "A kind of candidate; at least one must fit.",
    "How far a figure typically lies from the truth by measurement alone: published, modelled or assumed, as stated.", tags="dd",
)  # fmt: skip


@claim(
    "briefing",
    "words",
    "From the 5th to the 95th percentile of the ranks that came out in the re-runs, and always holding the published rank.",
    tags="dd",
)
def likely_range(page: Page):
    t = page.truth
    counts = t.result.firmness.places.counts
    for c in t.ranked if t.drawn else ():
        reached = counts.loc[c].cumsum() / max(counts.loc[c].sum(), 1)
        low, high = ((reached >= q - 1e-9).to_numpy().argmax() + 1 for q in (0.05, 0.95))
        assert (t.low[c], t.high[c]) == (min(low, t.rank[c]), max(high, t.rank[c])) or not counts.loc[c].sum()


@claim(
    "briefing",
    "near",
    "No country is excluded so narrowly that measurement error could account for it",
    tags="finding",
)
def nobody_near(page: Page):
    t = page.truth
    assert not any(near_miss(t, c) for c in t.pool)
