"""What an audit page ought to say, worked out from the result and from the measures of the audit, never by the page's code.

`said` gives every sentence as phrase and facts, `lines` every text of the page in its order, cell by cell under its heading.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterable, Iterator
from itertools import zip_longest

import page_texts
import pandas as pd
from page_texts import Line
from sheet_truth import plain_name
from truth import INSIDE, PASSED, Truth

from eligibility.analysis import soundness
from eligibility.data import countries
from eligibility.method.assumptions import DRAWS
from eligibility.method.findings import LIMITS, Finding
from eligibility.method.result import Result
from eligibility.method.structure import correlation
from eligibility.pages import auditing
from eligibility.pages.blocks import Page, Row, Table, Text
from eligibility.pages.facts import Facts
from eligibility.pages.glossary import explained
from eligibility.pages.said import NOTHING, Figure, Said, places, say
from eligibility.pages.wording import counted, listed, number, percent
from eligibility.policy import walk
from eligibility.policy.model import Test
from eligibility.present import report

LEVELS = {"red": "✗ Red flag", "missing": "? Not held", "amber": "≈ Look at", "info": "· To know"}
SIGNS = {"at_least": "≥ {} or above", "at_most": "≤ {} or below", "above": "> above {}", "below": "< below {}"}  # fmt: skip
ONE = {"indicator": "figure", "pillar": "part", "source": "source"}  # what the page calls them
STATUSES = {
    "eligible": "qualifies", "conditional": "qualifies on condition", "qualified": "meets the requirements, but is not of an ideal kind", "on-hold": "is on hold",
    "excluded": "does not qualify", "insufficient-data": "cannot be judged", "not-considered": "is not considered",
}  # fmt: skip
DOUBTS = {
    "error": "Measurement error", "imputed": "What stands in the gaps", "pillar": "Weights of the parts", "component": "Weights of the figures",
    "power": "The mean of the parts", "scale": "Scales", "gone": "Leaving a figure out",
}  # fmt: skip
SEVERAL = {"indicators": "figures", "pillars": "parts"}
Given = dict[str, object]


def called(t: Truth, subject: str) -> str:
    """The name of an indicator, of a pillar, of a peer group, of a source."""
    plainly = {i: (name := plain_name(t, i))[0].upper() + name[1:] for i in t.sheets}
    named = {c.path: plainly[c.quantity.indicator] for _, c in t.components}
    named |= {p.id: p.title for p in t.pillars} | plainly
    return named.get(subject) or {g.id: g.title for g in t.criteria.peers}.get(subject, subject)


def known(t: Truth, indicator: str, who: Iterable[str]) -> float:
    """The share of some countries of which a figure is held."""
    held = [not math.isnan(t.values[indicator][c]) for c in who]
    return sum(held) / len(held)


def members(t: Truth, group: str) -> list[str]:
    return [c for c in t.pool if not group or t.group[c] == group]


def when(so: object, text: str) -> str:
    return text if so else ""


# ── what makes each finding true: its facts, "" what its phrase adds to its kind, "so" whether it is one ────────


def _few(t: Truth, f: Finding) -> Given:
    paths = {p.id: [c.path for c in p.components] for p in t.pillars}
    n = int(t.result.scores.normalised[paths.get(f.subject, [f.subject])].notna().all(axis=1).sum())
    return {"n": n, "": when(f.subject in paths, ".pillar") + when(not n, ".none")}


def _one_sided(t: Truth, f: Finding) -> Given:
    """Counted again over those it is for: more than 95 or fewer than 5 in 100 of those judged."""
    rule = next(g for g in (*t.criteria.gates, *t.criteria.tracks) if g.id == f.other)
    test = next(x for x in walk.tests(rule.rule) if x.path == f.subject)
    words = [t.node[c][f.subject] for c in members(t, rule.peer_group)]
    judged = [w for w in words if w != "unknown"]
    share, open_ = sum(w in PASSED for w in judged) / len(judged), len(words) - len(judged)
    facts = {"x": share, "n": len(judged), "open": open_, "name": t.called(test.quantity)}
    more = {"": when(open_, ".open"), "so": share > 0.95 or share < 0.05}
    return facts | {"needs": needs(t, test, members(t, rule.peer_group)), "rule": rule.title} | more


def needs(t: Truth, test: Test, who: list[str]) -> str | Said:
    """What a test asks of these countries, as it stands behind the name of what it asks about."""
    sheet, quantity = t.sheets[test.quantity.indicator], test.quantity
    if test.operator == "in":
        names = [sheet.class_names.get(label, label) for label in test.labels]
        return when(len(names) > 1, "one of ") + listed(names, "or")
    if quantity.measure == "within_months":
        return "yes"
    asked = [x for c in who if not math.isnan(x := t.needs[c][test.path])]
    need, (sign, _, of_class) = min(asked), SIGNS[test.operator].partition(" ")
    if need < max(asked):  # then a number of others sets it
        ends, at = (number(x, sheet.decimals) for x in (need, max(asked))), test.threshold.quantile
        what = "median" if at == 0.5 else f"{100 * at:.0f}th percentile"
        given = dict(zip(("low", "high"), ends, strict=True), what=f"the peers’ {what}")
        return say("audit.needs.several", sign=sign, **given)
    if sheet.classes and quantity.measure == "level":
        name, numbers = t.class_of(quantity.indicator, need), sorted(sheet.classes)
        alone = (test.operator, need) in (("at_least", numbers[-1]), ("at_most", numbers[0]))
        return name if alone else of_class.format(name)
    share = quantity.measure in ("relative_change_over", "gap_closed_over")
    return f"{sign} {number(100 * need, 1)}%" if share else f"{sign} {number(need, sheet.decimals)}"


def _alpha(t: Truth, f: Finding) -> Given:
    own, whole = t.sound.audit, f.subject == "index"
    x = own.alpha if whole else own.pillar.at[f.subject, "alpha"]
    what = say("audit.alpha.parts") if whole else say("audit.alpha.inside", name=called(t, f.subject))
    return {"what": what, "x": x, "": ".low" if x < 0.6 else ".loose" if x < 0.7 else ""}


def _sign(t: Truth, f: Finding) -> Given:
    (pillar,) = [p for p in t.pillars if p.id == f.subject]
    loading = t.sound.audit.shape["loading"][[c.path for c in pillar.components]]
    return {"other": called(t, loading.idxmin()), "so": loading.min() < 0 < loading.max()}


def ends(r: float, n: int) -> Given:
    """A correlation of n pairs with Fisher's interval."""
    middle, half = math.atanh(max(1e-9 - 1, min(1 - 1e-9, r))), 1.6448536269514722 / math.sqrt(n - 3)
    return {"x": r, "low": math.tanh(middle - half), "high": math.tanh(middle + half)}


def rest(t: Truth, subject: str) -> tuple[pd.Series, pd.Series]:
    """A part and the weighted mean of the others of its whole, a pillar or the score, of the countries with all."""
    pillar = next((p for p, c in t.components if c.path == subject), None)
    parts = {c.path: c.weight for c in pillar.components} if pillar else {p.id: p.weight for p in t.pillars}
    scores, others = t.result.scores, {key: w for key, w in parts.items() if key != subject}
    x = (scores.normalised if pillar else scores.pillar).loc[t.sound.audit.base, [*parts]].dropna()
    return x[subject], sum(x[key] * w for key, w in others.items()) / sum(others.values())


def _apart(t: Truth, f: Finding) -> Given:
    x, others = rest(t, f.subject)
    held = ends(x.corr(others), len(x))
    return held | {"so": held["high"] < (0 if f.kind.endswith("negative") else 0.3)}


def _other_pillar(t: Truth, f: Finding) -> Given:
    x, others = rest(t, f.subject)
    scores, base, own = t.result.scores, t.sound.audit.base, x.corr(others)
    there = scores.normalised[f.subject].corr(scores.pillar.loc[base, f.other])
    return {"x": there, "own": own, "so": there > own}


def _redundant(t: Truth, f: Finding) -> Given:
    x = t.result.scores.normalised.loc[t.sound.audit.base, [f.subject, f.other]].dropna()
    r, owners = float(x.corr().iloc[0, 1]), {c.path: p.id for p, c in t.components}
    held = ends(r, len(x))
    apart = owners[f.subject] != owners[f.other]
    return held | {"x": r, "": when(apart, ".apart"), "so": min(abs(held["low"]), abs(held["high"])) > 0.92}


def off(one: pd.Series, whole: pd.Series) -> float:
    """The share of countries whose rank in one list lies a tenth of them or more from that in the other."""
    both = one.notna() & whole.notna()
    ranks = [x[both].round(12).rank(ascending=False, method="min") for x in (one, whole)]
    return float((abs(ranks[0] - ranks[1]) >= max(1.0, 0.1 * both.sum()) - 1e-9).mean())


def _moved(t: Truth, f: Finding) -> Given:
    one, whole = t.result.scores.pillar[f.subject], t.result.scores.score
    every = {"all": int(whole.notna().sum()), "every": off(one, whole)}
    if len(t.ranked) in (0, every["all"]):
        return {"x": every["every"], **every}
    return {"": ".ranked", "x": off(one[t.ranked], whole[t.ranked]), "n": len(t.ranked), **every}


def _sets_differ(t: Truth, f: Finding) -> Given:
    own, pillars = t.sound.audit, [p.id for p in t.pillars]
    of = (own.by_pillar, own.pool_pillar) if f.subject in pillars else (own.by_indicator, own.pool_indicator)
    mine, theirs = (getattr(made.table["share"], "idxmax" if f.value else "idxmin")() for made in of)
    names = {"name": called(t, mine), "other": called(t, theirs), "so": mine != theirs}
    return {"": ".most" if f.value else ".least", "n": of[0].n, **names}


def _gap(t: Truth, f: Finding) -> Given:
    table = getattr(t.sound.audit, f"by_{f.subject[:-1]}").table
    points, ratio = 100 * table, table["share"] / table["weight"]

    def part(key: str) -> Said:
        unique = Figure(points.at[key, "unique"], 2 if 0 < points.at[key, "unique"] < 1 else 0)
        facts = {"r": table.at[key, "correlation"], "unique": unique, "what": SEVERAL[f.subject]}
        return say("audit.gap.part", name=called(t, key), **points.loc[key, ["weight", "share"]], **facts)

    two = [ratio.idxmax(), ratio.idxmin()]
    even = all(whole(table.at[key, "weight"]) == whole(table.at[key, "share"]) for key in two)
    return {"": when(even, ".even"), "most": part(two[0]), "least": part(two[1])}


def _unattainable(t: Truth, f: Finding) -> Given:
    needed = getattr(t.sound.audit, f"by_{f.subject[:-1]}").table["needed"]
    told = {"what": SEVERAL[f.subject], "other": called(t, needed.idxmin()), "weight": 100 * needed.min()}
    return told | {"so": needed.min() < 0}


def _left_out(t: Truth, f: Finding) -> Given:
    rows = t.sound.audit.left_out
    rows = rows[(rows["kind"] == f.other) & rows["scored"]]
    row = rows.sort_values("shift", ascending=False, kind="stable").iloc[0]
    kept, size = NOTHING, len(t.shortlist)
    if not math.isnan(row["kept"]):
        alone = say("audit.kept.one" if row["kept"] else "audit.kept.gone")
        kept = alone if size == 1 else say("audit.kept", n=int(row["kept"]), of=size)
    told = {"what": ONE[f.other], "name": called(t, row["subject"]), "x": row["shift"], "kept": kept}
    return told | {"": when(not row["shift"], ".none")}


def _wide(t: Truth, f: Finding) -> Given:
    n, many = len(t.ranked), sum(t.high[c] - t.low[c] > len(t.ranked) / 3 + 1e-9 for c in t.ranked)
    told = {"who": (many, n), "x": many, "n": n, "kinds": tuple(t.result.firmness.kinds)}
    return told | {"": "" if many else ".none.one" if n == 1 else ".none"}


def _thin(t: Truth, f: Finding) -> Given:
    less, n = int((t.sound.audit.scored < 2 / 3 - 1e-9).sum()), len(t.pool)
    return {"x": less, "n": n, "who": (less or n, n), "": when(not less, ".none")}


def _built_from(t: Truth, f: Finding) -> Given:
    scored = {c.path: c.quantity.indicator for _, c in t.components}
    return {"so": scored[f.other] in t.sheets[scored[f.subject]].built_from}


FINDINGS: dict[str, Callable[[Truth, Finding], Given]] = {
    "absent": lambda t, f: {"so": known(t, f.subject, t.pool) == 0},
    "coverage": lambda t, f: {"x": known(t, f.subject, t.pool), "n": len(t.pool)},
    "coverage-group": lambda t, f: {"x": known(t, f.subject, members(t, f.other)), "n": len(members(t, f.other))},
    "coverage-pillar": lambda t, f: {"x": t.result.scores.pillar[f.subject].notna().mean(), "n": len(t.pool)},
    "outlier": lambda t, f: {"x": t.sound.audit.shape.at[f.subject, "skew"]},
    "few-ranked": lambda t, f: {"ranked": len(t.ranked), "n": len(t.sound.audit.base), "so": len(t.ranked) < 30},
    "copeland": lambda t, f: {"x": t.sound.audit.agreement, "": when(t.sound.audit.agreement < 0.9, ".part")},
    "not-drawn": lambda t, f: {"so": not t.drawn},
    "thin": _thin, "few": _few, "one-sided": _one_sided, "alpha": _alpha, "sign": _sign, "own-negative": _apart, "own-weak": _apart,
    "other-pillar": _other_pillar, "redundant": _redundant, "built-from": _built_from, "pillar-negative": _apart,
    "pillar-weak": _apart, "moved": _moved, "sets-differ": _sets_differ, "gap": _gap, "unattainable": _unattainable,
    "left-out": _left_out, "wide": _wide,
}  # fmt: skip


def finding(t: Truth, f: Finding) -> Said:
    """The sentence that a finding ought to be; AssertionError where it is none."""
    names = {"name": called(t, f.subject), "other": called(t, f.other)}
    facts = names | FINDINGS[f.kind](t, f)
    assert facts.get("so", True), f"{f.kind} of {f.subject}: not so"
    phrase = f"audit.{f.kind}{facts.get('', '')}"
    return say(phrase, **{place: fact for place, fact in facts.items() if place in places(phrase)})


# ── other errors, other weights, other readings ─────────────────────────────────────────────────────────────────


def turned(t: Truth) -> pd.DataFrame:
    """The changes of the pillars' weights that turn the shortlist, those that need least first."""
    rows = t.sound.stability.all
    return rows[rows["of"] == "pillars"].sort_values(["change", "iso3"], kind="stable")


def edge(t: Truth) -> Iterator[Said]:
    if t.sound.stability is None or not t.criteria.shortlist:
        return
    rows = turned(t)
    if rows.empty:
        yield say("audit.edge.never")
        return
    first = rows.iloc[0]
    past = say("audit.edge.past", name=t.name[first["rival"]]) if first["rival"] else NOTHING
    way = {"points": 50 * first["change"], "name": t.name[first["iso3"]], "past": past}
    yield say(f"audit.edge.{first['becomes']}", **way)
    near = set(rows[rows["change"] / 2 <= 0.1]["iso3"])
    safe = [t.name[c] for c in t.shortlist if c not in near]
    more = [say("some.more", n=len(safe) - 8)] if len(safe) > 8 else []
    if safe:
        yield say("audit.edge.safe", names=(*safe[:8], *more))


def readings(t: Truth) -> Iterator[Said]:
    own, register = t.sound.curve, countries.register()
    if own is None:
        return
    n, every, right = len(own.names), sum(own.right), own.right[-1]
    come = say("audit.come", n=own.written)
    if own.written == n:
        come = say("audit.come.all") if n > 1 else say("audit.come.one")
    names = tuple(register.name(x.country) for x in own.names)
    yield say("audit.named", n=n, names=names, day=own.as_of, come=come)
    last, worst = own.by_name.idxmin(), NOTHING
    if right < every:
        worst = say("audit.worst", name=register.name(last), p=1 - own.by_name[last])
    yield say("audit.readings", all=every, right=right, p=right / every, n=n, worst=worst)
    if right:
        facts = {"low": own.admitted[1], "high": own.admitted[3], "lists": own.patterns, "kept": NOTHING}
        if not math.isnan(own.kept):
            facts["kept"] = say("audit.those.kept", x=own.kept, of=min(own.shortlist, own.admitted[0]))
        yield say("audit.those", right=right, **facts)
    if own.written < n:
        yield say("audit.unmatched")
        return
    once, share = say("audit.lot.once", n=round(1 / own.chance)), say("chance.number", p=own.chance)
    odds = once if own.chance < 0.5 else share
    if own.others:
        yield say("audit.lot", others=own.others, n=n, pool=own.pool, odds=odds)
    still = say("audit.little.still") if own.patterns > 1 else NOTHING
    yield say(f"audit.little{when(right / every < 0.5, '.known')}", n=n, still=still)


def said(t: Truth) -> dict[str, list[Said]]:
    """Every sentence that the page ought to say, by its place in the value of the page."""
    made = t.sound.assumptions
    told = {"findings": [finding(t, f) for f in t.sound.findings], "assumed_notes": []}
    if made is not None:
        asked, listed = bool(t.criteria.gates or t.criteria.tracks), bool(t.criteria.shortlist)
        firm = "audit.assumed.firm" if t.pillars else "audit.assumed.firm.unscored"
        told["assumed_notes"] = [
            *[say(firm, p=0.9)] * asked,
            *[say("audit.assumed.sure", p=0.9)] * listed,
            *[say("audit.assumed.width")] * bool(t.pillars),
            say("audit.assumed", draws=DRAWS),
            *[say("audit.flat")] * bool(len(made.flat)),
        ]
    return told | {"edge": [*edge(t)], "readings": [*readings(t)]}


# ── the page, text by text ──────────────────────────────────────────────────────────────────────────────────────

TITLES = {  # id -> heading, what stands below it
    "findings": ("Findings", ""),
    "weights": ("Weights and importance", "A weight says what a part should count; the share says what it does. Of the {n} {who} with every figure."),
    "moves": ("What moves the ranks", "Shares of the variance of the mean shift of ranks ({x} places), by {n} runs: what each accounts for alone, and alone or together with others. The ranges hold 90% of drawing the runs again."),
    "assumed": ("Other errors", "What nobody can know of measurement error, and what the result would be."),
    "edge": ("Other weights", "The smallest change of weights that brings a country in or takes it out."),
    "readings": ("Other readings", ""),
    "together": ("What goes together", "A figure should go with its own part of the score more than with another, and none should say what another says."),
    "left-out": ("Without one part", "The ranking made again without each figure, part and source."),
    "choices": ("Every choice of the criteria", ""),
    "coverage": ("Coverage", "Of how many of the countries considered each figure that decides or scores is known."),
}  # fmt: skip
LEAD = "Can the figures carry the score that is made of them, and what does the shortlist rest on?"
UNLISTED = "Can the figures carry the score that is made of them?"
UNSCORED = (
    "Are the figures held that the requirements ask for, and does each requirement tell countries apart?"
)
TESTS = """The tests are like those of audits of published indexes by the European Commission's Joint Research Centre, made on published
values: of the ranked countries where they are enough, else of all considered."""
HEAT = """Shaded from 0.3, 0.6, 0.8 and 0.92; above 0.92 two figures are one. A correlation below nought has a minus and a border."""
TURNS = """Points: how many of 100 points of weight move from some parts to others, at the least; each change was put to the scorer and does
what it says. One part alone: its weight now and then, the others keeping their proportions. Between figures: the least that must move between
figures, in any way where one kind of mean rules the whole score, else from one figure to one other."""
MORE = """What moves the ranks, the smallest changes of weights that alter the shortlist and, where other readings of the criteria are written, how many of them
match are on the page that this command writes: {}"""


def lines(t: Truth, title: str, told: dict[str, list[Said]]) -> Iterator[Line]:
    """Every text of the page, of these sentences, under this title."""
    at, over = page_texts.kicker(t, "Statistical audit")
    yield from (("title", f"Statistical audit: {title}"), (at, f"{over} · board briefing"), ("title", title))
    lead = (LEAD if t.criteria.shortlist else UNLISTED) if t.pillars else UNSCORED
    yield from (("lead", lead), ("lead", flat(TESTS)))
    made = {key: list(PARTS[key](t, told)) for key in TITLES}
    shown = [key for key in TITLES if made[key]]
    yield from (("contents", "On this page"), *(("contents", TITLES[key][0]) for key in shown))
    yield "contents", "To get this page again"
    yield from warned(t)
    counts = {"Countries": len(t.pool)}
    if t.pillars:
        counts |= {"Ranked": len(t.ranked), "Figures in the score": len(t.components)}
    for label, n in counts.items():
        yield from (("counts", label), (f"counts, {label}", f"{n}"))
    for key in shown:
        yield key, TITLES[key][0]
        yield from made[key]
    yield from page_texts.reproduce(t)


def warned(t: Truth) -> Iterator[Line]:
    """What figures of later years would turn: as many as there are, the first by name."""
    turned = t.result.turned
    who = [f"{t.name[c]} ({STATUSES[t.status[c]]}; then {STATUSES[word]})" for c, word in turned.items()]
    if who:
        rest = when(len(who) > 8, f" and {len(who) - 8} more")
        would = f"{len(who)} verdict{when(len(who) > 1, 's')} would differ"
        yield (
            "warned",
            f"With figures for later years that are held here, {would}: {', '.join(who[:8])}{rest}.",
        )


def flat(text: str) -> str:
    return " ".join(text.split())


def table(id: str, label: str, caption: str, heads: str, rows: Iterable[tuple], *key: str) -> Iterator[Line]:
    """A table; a pair in a row is a text and what stands below it or is said of its drawing; `key` is that of its drawings."""
    of = heads.split("|")
    yield from ((id, f"{label}, table"), (id, caption or label), *((id, head) for head in of))
    for row in rows:
        assert len(row) in (1, len(of))  # one cell is the head of a group
        pairs = [cell if isinstance(cell, tuple) else (cell,) for cell in row]
        where = [(f"{id}, {pairs[0][0]}, {head}", cell) for head, cell in zip(of, pairs, strict=False)]
        yield from ((at, text) for at, cell in where for text in cell)
    if key:
        yield id, "".join(key)


def below(key: str, **facts: object) -> Line:
    """What stands below the heading of a section."""
    return key, TITLES[key][1].format(**facts)


def span(low: float, high: float) -> str:
    return f"{100 * low:.0f}–{100 * high:.0f}%"


def whole(share: float) -> str:
    return f"{number(100 * share, 0)}%"


def dashed(written: Callable[[float], str], x: float) -> str:
    return "–" if math.isnan(x) else written(x)


def held_against(f: Finding) -> str:
    """A limit of the table with who says so; a number it begins with is the limit."""
    limit = LIMITS[f.limit]
    first = limit.said.partition(" ")[0].rstrip(",:")
    if first.replace(".", "").isdigit():
        assert float(first) in (limit.value, 100 * limit.value)
    return f"Held against {limit.said} ({'our limit' if limit.source == 'ours' else limit.source})."


def findings(t, told):
    rows = [
        (LEVELS[f.level], (s.plain, held_against(f)) if LIMITS[f.limit].said else s.plain)
        for f, s in zip(t.sound.findings, told["findings"], strict=True)
    ]
    none = [("findings", "Nothing to tell.")]
    made = table("findings", "Findings, the worst first", "", "Kind|Finding", rows)
    yield from made if rows else none
    if rows and t.pillars:
        yield "findings, terms", explained("Correlation", "Alpha")
    if t.pillars and t.sound.stability is None and t.sound.curve is None:
        yield "findings, more", flat(MORE).format(f"{page_texts.command(t, 'audit')} --page audit.html")


def weights(t, told):
    own = t.sound.audit
    made = [("Part", own.by_pillar), ("Figure", own.by_indicator)]
    made = [
        (part, x) for part, x in made if x is not None and len(x.table) > 1 and x.table["share"].notna().all()
    ]
    if not made:
        return
    n = own.by_pillar.n
    yield below("weights", n=n, who="ranked countries" if n == len(t.ranked) else "countries considered")
    for at, (part, x) in enumerate(made, 1):
        needed = not math.isnan(x.table["needed"].iloc[0])
        heads = (
            f"{part}|from none to the most|Weight|Share|Likely range|Alone|Unique{when(needed, '|Needed')}"
        )
        key = ("share of all effects, and its likely range", "weight") if at == len(made) else ()
        rows, label = _shares(t, x.table, needed), f"{part}s, weights and importance"
        yield from table(f"shares-{at}", label, label, heads, rows, *key)
    needed, logged = bool(own.by_pillar.table["needed"].notna().all()), own.by_pillar.logged
    note = explained("Share", "Alone", "Unique", *["Needed"] * needed)
    yield "weights", note + when(needed and logged, " Needed is reckoned on the logarithms of the parts.")


def moves(t, told):
    """Shares of the variance of the shift of ranks, what accounts for most of all first."""
    found, rows = None if t.sound.quick else t.result.decides, []
    if found is None or len(found.shift) < 2:
        return
    yield below("moves", x=number(found.mean_shift, 1), n=f"{found.runs:,}")
    inside = found.shift.clip(0, 1)
    for key in sorted(inside.index, key=lambda key: -found.shift.at[key, "total"]):
        row, name = inside.loc[key], DOUBTS[key]
        alone, in_all = (span(row[f"{of}_low"], row[f"{of}_high"]) for of in ("first", "total"))
        rows.append((name, whole(row["first"]), alone, whole(row["total"]), in_all))
    yield from table(
        "moves", "What moves the ranks", "", "What is simulated|Alone|Range|In all|Range in all", rows
    )


def _shares(t, rows, needed):
    for key, row in rows.iterrows():
        ends = span(row["share_low"], row["share_high"])
        weight, share, name = whole(row["weight"]), whole(row["share"]), called(t, key)
        alt = f"{name}: weighs {weight}, accounts for {share} ({ends})."
        unique = number(row["unique"], 4 if row["unique"] < 0.01 else 2)
        last = ["" if math.isnan(row["needed"]) else whole(row["needed"])] * needed
        yield name, ("", alt), weight, share, ends, number(row["effect"], 2), unique, *last


def together(t, told):
    own, paths, rows, seen = t.sound.audit, [c.path for _, c in t.components], [], ""
    if not len(own.correlation):
        return
    scaled, score = t.result.scores.normalised.loc[own.base], t.result.scores.score.loc[own.base].to_numpy()
    for i, (pillar, c) in enumerate(t.components):
        name = f"{i + 1} {called(t, c.path)}"
        before = [dashed(number, own.correlation.at[c.path, p]) if j < i else "" for j, p in enumerate(paths)]
        to = [own.to_pillar.at[c.path, p.id] for p in t.pillars]
        to.append(correlation(scaled[c.path].to_numpy(), score)[0])
        head = name if pillar.id == seen else f"{name} {pillar.title}"
        rows.append((head, *before, *(dashed(number, r) for r in to)))
        seen = pillar.id
    heads = ["Figure", *(f"{k + 1}" for k in range(len(paths))), *(p.title for p in t.pillars), "Score"]
    caption = "Correlations of the figures on their scales, over the countries that have both"
    yield below("together")
    yield from table("heat", "Correlations", caption, "|".join(heads), rows)
    yield "heat", HEAT
    heads = "Part|Figures|Known of|Alpha|First component|With the rest|A tenth off|Of the ranked"
    yield from table(
        "pillars",
        "Parts of the score, how they hang together",
        "Parts of the score",
        heads,
        _pillars(t),
    )
    yield "pillars", explained("First component", "With the rest", "A tenth off")


def _pillars(t):
    for p in t.pillars:
        row, held = t.sound.audit.pillar.loc[p.id], t.result.scores.pillar[p.id].notna().mean()
        one = (dashed(number, row["alpha"]), dashed(percent, row["first"]), dashed(number, row["rest"]))
        moved = (dashed(percent, row["moved"]), dashed(percent, row["moved_ranked"]))
        yield p.title, f"{len(p.components)}", percent(held), *one, *moved


def left_out(t, told):
    rows, names = [], lambda codes: listed(t.name[c] for c in codes)
    for row in t.sound.audit.left_out.to_dict("records"):
        what = row["subject"] if row["kind"] == "source" else called(t, row["subject"])
        if not row["scored"]:
            empty = ("", "", "") if t.criteria.shortlist else ("",)
            rows.append((what, ONE[row["kind"]], "no score is left", *empty))
            continue
        most = f"{t.name[row['most_of']]}, {row['most']:.0f}" if row["most_of"] else "nobody"
        stay = len(t.shortlist) - len(row["leaves"])
        kept = "" if math.isnan(row["kept"]) else f"{stay} of {len(t.shortlist)}"
        turn = [f"{way}: {names(row[of])}" for way, of in (("in", "enters"), ("out", "leaves")) if row[of]]
        own = (kept, "; ".join(turn)) if t.criteria.shortlist else ()
        rows.append((what, ONE[row["kind"]], number(row["shift"], 1), most, *own))
    heads = "Without|Which is|Mean shift of rank|Largest"
    heads += "|Shortlist kept|Who comes and goes" if t.criteria.shortlist else ""
    if rows:
        yield below("left-out")
        yield from table("left-out", "The ranking without one part", "", heads, rows)


def assumed(t, told):
    """The outcome under each assumption as the audit has it; test_measurement_error.py runs each of them again."""
    if t.sound.assumptions is None:
        return
    names, rows = {"as stated": "as the criteria state", "composites": "wider intervals of averages"}, []
    asked, scored, places = t.criteria.gates or t.criteria.tracks, t.pillars, t.criteria.shortlist
    there = {"Surely": asked, "Other": asked, "Place": places, "Range": scored, "Moves most": asked}
    heads = [head for head, so in there.items() if so]
    for row in t.sound.assumptions.table.to_dict("records"):
        points = "<1" if row["most"] < 0.01 else f"{100 * row['most']:.0f}"
        points += " point" if points in ("<1", "1") else " points"
        most = f"{t.name[row['moved']]} ({points})" if row["moved"] else ""
        name = names.get(row["kind"], f"{row['kind']} {number(row['value'])}")
        inside = t.ranked if t.pillars else [c for c in t.pool if t.status[c] in INSIDE]
        cells = {
            "Surely": f"{row['firm']}",
            "Other": f"{len(inside) - row['firm']}",
            "Place": f"{row['sure']}",
        }
        cells |= {"Range": number(row["width"], 1), "Moves most": most}
        rows.append((name, *(cells[head] for head in heads)))
    yield below("assumed")
    yield from table(
        "assumed", "The outcome under other errors", "", "|".join(("Measurement error", *heads)), rows
    )
    notes = [said for said in told["assumed_notes"] if said.phrase != "audit.flat"]
    yield "assumed", " ".join(said.plain for said in notes)
    yield from (("assumed", said.plain) for said in told["assumed_notes"] if said not in notes)
    tests = {x.path: x for g in (*t.criteria.gates, *t.criteria.tracks) for x in walk.tests(g.rule)}
    made = t.sound.assumptions.flat.set_index("path")["chance"]
    paths = [p for p, x in tests.items() if x.quantity.measure != "level" and p in made.index]
    rows = [(t.called(tests[p].quantity), percent(made[p])) for p in paths]
    yield from (
        table("flat", "Figures that stood still", "", "Test|Passes by error alone", rows) if rows else ()
    )


def other_weights(t, told):
    """The smallest changes of weights that turn the shortlist, those that need least first."""
    made, rows = t.sound.stability, []
    if not told["edge"]:
        return
    yield from (below("edge"), ("edge", " ".join(said.plain for said in told["edge"])))
    if turned(t).empty:
        return
    single = made.all[made.all["of"] == "indicators"].set_index("iso3")["change"]
    for row in turned(t).head(12).to_dict("records"):
        c, inside = row["iso3"], "on it" if row["iso3"] in t.shortlist else "below"
        assert (row["becomes"] == "out") == (c in t.shortlist) and t.status[c] in INSIDE
        parts = zip(made.pillars.index, row["to"], strict=True)
        to = ", ".join(f"{called(t, k)} {number(100 * w, 1)}" for k, w in parts)
        one = number(50 * single[c], 1) if c in single.index else "–"
        change, rival = number(50 * row["change"], 1), t.name.get(row["rival"], "")
        rows.append((t.name[c], inside, change, _alone(t, c), one, rival, to))
    heads = "Country|Shortlist|Points moved|One part alone|Points between figures|Passing or passed by|Then the parts weigh"
    yield from table("turns", "Smallest changes of weights", "", heads, rows)
    yield "turns", flat(TURNS)


def _alone(t, c):
    """The part whose weight needs to change least for the country to come or go, and from what to what."""
    mine = [row for row in t.sound.stability.one.to_dict("records") if row["iso3"] == c]
    if not mine:
        return "none does"
    row = min(mine, key=lambda row: abs(row["to"] - row["from"]))
    return f"{called(t, row['weight'])} {number(100 * row['from'], 1)} → {number(100 * row['to'], 1)}"


def other_readings(t, told):
    own = t.sound.curve
    if own is None:
        return
    yield from (("readings", said.plain) for said in told["readings"])
    counts = [(k, n) for k, n in enumerate(own.right) if n][::-1]
    right = [(f"{k} of {len(own.names)}", f"{n:,}", percent(n / sum(own.right))) for k, n in counts]
    caption = "Readings by how many names come out as the source says"
    yield from table("right", "Names right", caption, "Names right|Readings|Share", right)


def choices(t, told):
    own, rows = t.sound.curve, []
    if own is None:
        return
    for choice, options in own.by_option.groupby("choice", sort=False):
        rows.append((own.titles[choice],))
        for i, row in enumerate(options.to_dict("records")):
            share, name = percent(row["right"]), row["option"]
            alt = f"{name}: all names match in {share} of the readings with it."
            rows.append((name + when(not i, " as written"), ("", alt), share, number(row["admitted"], 0)))
    heads = "Choice and option|from none to the most|All match|Qualify, on average"
    key = "share of the readings with this option in which all names match", "share of all readings"
    yield from table("choices", "Choices", "Every choice and what it could have been", heads, rows, *key)


def coverage(t, told):
    """Of how many countries a figure is known, counted again."""
    rows, groups = [], {g.id: g.title for g in t.criteria.peers if g.id in t.group.values()}
    for i in t.sound.audit.coverage.index:
        have = [c for c in t.pool if not math.isnan(t.values[i][c])]
        carried = sum(t.marks[i][c] == "carried" for c in have)
        inside = [percent(known(t, i, members(t, g))) for g in groups]
        told_of = counted(carried, "value") if carried else "no"
        rows.append((called(t, i), f"{len(have)}", percent(known(t, i, t.pool)), told_of, *inside))
    heads = "|".join(("Figure|Countries|Share|Carried on", *groups.values()))
    yield below("coverage")
    yield from table("coverage", "Coverage of each figure", "", heads, rows)
    yield "coverage", "Carried on: values of an earlier year that stand in for one that is not there."


PARTS = {
    "findings": findings, "weights": weights, "moves": moves, "assumed": assumed, "edge": other_weights, "readings": other_readings,
    "together": together, "left-out": left_out, "choices": choices, "coverage": coverage,
}  # fmt: skip


# ── a page held against all this ────────────────────────────────────────────────────────────────────────────────


def made(result: Result, sound: soundness.Soundness | None = None) -> tuple[Truth, Page]:
    """The truth of a result and its audit page."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sound = sound or soundness.quick(result)
    proof = report.reproduce(result, report._command(result))
    return Truth(result, sound), auditing.page(Facts.of(result), sound, proof)


def rows_of(page: Page, id: str) -> tuple[Row, ...]:
    """The rows of a table of the page; none where it is not there."""
    tables = (b for s in (*page.sections, *page.more) for b in s.blocks if isinstance(b, Table))
    return next((block.rows for block in tables if block.id == id), ())


def told_by(page: Page) -> dict[str, tuple[Said, ...]]:
    """The sentences of a page whose facts are worked out, by where they stand."""
    given = {s.id: [one for b in s.blocks if isinstance(b, Text) for one in b.said] for s in page.sections}
    told = {
        "findings": tuple(row.cells[1].words for row in rows_of(page, "findings")),
        "assumed_notes": given.get("assumed", [])[1:],
        "edge": [one for one in given.get("edge", [])[1:] if one.phrase != "audit.edge.note"],
        "readings": given.get("readings", []),
    }
    return {key: tuple(of) for key, of in told.items()}


def untrue(t: Truth, page: Page) -> list[str]:
    """What is not true of the sentences: phrase, fact, what was expected, what is said."""
    want, got = said(t), told_by(page)
    both = [pair for key in want for pair in zip_longest(want[key], got[key])]
    wrong = [told for pair in both for told in page_texts.differences(*pair)]
    pairs = zip(t.sound.findings, want["findings"], strict=True)
    first, title = next((one.plain for f, one in pairs if f.level != "info"), ""), page.title.plain
    if first:  # its beginning, up to a stop
        whole = len(title) > 10 and first.startswith(title) and first[len(title)] in ".:,"
    else:
        whole = (
            title == f"Nothing in these figures speaks against the {'score' if t.pillars else 'requirements'}"
        )
    return wrong + ([] if whole else [f"title: expected the beginning of {first!r}, got {title!r}"])


def rendered(page: Page) -> str:
    return report.render("audit.html.j2", page=page, briefing="briefing.html").decode()


def faults(t: Truth, page: Page, html: str = "") -> list[str]:
    """What is not true of an audit page: of its sentences, then of its texts by their places."""
    return untrue(t, page) + page_texts.faults(lines(t, page.title.plain, said(t)), html or rendered(page))
