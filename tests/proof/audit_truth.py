"""What an audit page ought to say, worked out from the result and from the measures of the audit, never by the page's code.

`said` gives every sentence as phrase and facts, `lines` every text of the page in its order, cell by cell under its heading.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator

import page_texts
import pandas as pd
from page_texts import Line
from truth import INSIDE, SHARES, Truth

from eligibility.data import countries
from eligibility.method.assumptions import DRAWS
from eligibility.method.findings import LIMITS, Finding
from eligibility.method.structure import correlation
from eligibility.pages.glossary import explained
from eligibility.pages.said import NOTHING, Figure, Said, say
from eligibility.pages.wording import counted, listed, number, percent
from eligibility.policy import walk
from eligibility.policy.model import Test

LEVELS = {"red": "✗ Red flag", "missing": "? Not held", "amber": "≈ Look at", "info": "· To know"}
SIGNS = {
    "at_least": ("≥", "{} or above"),
    "at_most": ("≤", "{} or below"),
    "above": (">", "above {}"),
    "below": ("<", "below {}"),
}
FINDINGS: dict[str, Callable[[Truth, Finding], Said]] = {}


def finding(*kinds: str):
    """Registers what the sentence of a kind of finding ought to be."""

    def register(make):
        FINDINGS.update(dict.fromkeys(kinds, make))
        return make

    return register


def called(t: Truth, subject: str) -> str:
    """The name of an indicator, of a pillar, of a peer group, of a source."""
    named = {c.path: t.sheets[c.quantity.indicator].label for _, c in t.components}
    named |= {p.id: p.title for p in t.pillars} | {i: sheet.label for i, sheet in t.sheets.items()}
    return named.get(subject) or {g.id: g.title for g in t.criteria.peers}.get(subject, subject)


def known(t: Truth, indicator: str, who: Iterable[str]) -> float:
    """The share of some countries of which a figure is held."""
    held = [not math.isnan(t.values[indicator][c]) for c in who]
    return sum(held) / len(held)


# ── figures that are not there ──────────────────────────────────────────────────────────────────────────────────


@finding("absent")
def _(t, f):
    assert known(t, f.subject, t.pool) == 0
    return say("audit.absent", name=called(t, f.subject))


@finding("coverage")
def _(t, f):
    return say("audit.coverage", name=called(t, f.subject), x=known(t, f.subject, t.pool), n=len(t.pool))


@finding("coverage-group")
def _(t, f):
    who = [c for c in t.pool if t.group[c] == f.other]
    names = {"name": called(t, f.subject), "other": called(t, f.other)}
    return say("audit.coverage-group", **names, x=known(t, f.subject, who), n=len(who))


@finding("coverage-pillar")
def _(t, f):
    share = t.result.scores.pillar[f.subject].notna().mean()
    return say("audit.coverage-pillar", name=called(t, f.subject), x=share, n=len(t.pool))


@finding("thin")
def _(t, f):
    less, n = int((t.sound.audit.scored < 2 / 3 - 1e-9).sum()), len(t.pool)
    return say("audit.thin", who=(less, n), x=less) if less else say("audit.thin.none", who=(n, n), n=n)


@finding("few")
def _(t, f):
    pillar = next((p for p in t.pillars if p.id == f.subject), None)
    paths = [c.path for c in pillar.components] if pillar else [f.subject]
    n = int(t.result.scores.normalised[paths].notna().all(axis=1).sum())
    phrase = f"audit.few{'.pillar' if pillar else ''}{'' if n else '.none'}"
    return say(phrase, name=called(t, f.subject), **({"n": n} if n else {}))


# ── whether the tests tell anybody apart, whether parts are parts of one thing ──────────────────────────────────


@finding("one-sided")
def _(t, f):
    """Counted again over those it is for: more than 95 or fewer than 5 in 100 of those judged."""
    rule = next(g for g in (*t.criteria.gates, *t.criteria.tracks) if g.id == f.other)
    test = next(x for x in walk.tests(rule.rule) if x.path == f.subject)
    who = [c for c in t.pool if not rule.peer_group or t.group[c] == rule.peer_group]
    words = [t.node[c][f.subject] for c in who]
    judged = [w for w in words if w != "unknown"]
    share = sum(w in ("pass", "conditional") for w in judged) / len(judged)
    assert share > 0.95 or share < 0.05
    facts = {
        "x": share,
        "n": len(judged),
        "name": t.called(test.quantity),
        "needs": needs(t, test),
        "rule": rule.title,
    }
    unknown = len(words) - len(judged)
    return say("audit.one-sided.open", **facts, open=unknown) if unknown else say("audit.one-sided", **facts)


def needs(t: Truth, test: Test) -> str:
    """What a test asks for, as it stands behind the name of what it asks about."""
    sheet, quantity = t.sheets[test.quantity.indicator], test.quantity
    if test.operator == "in":
        names = [sheet.class_names.get(label, label) for label in test.labels]
        return f"{'one of ' if len(names) > 1 else ''}{listed(names, 'or')}"
    if quantity.measure == "within_months":
        return "yes"
    need, (sign, of_class) = t.needs[t.pool[0]][test.path], SIGNS[test.operator]
    if sheet.classes and quantity.measure == "level":
        return of_class.format(t.class_of(quantity.indicator, need))
    return f"{sign} " + (
        f"{number(100 * need, 1)}%" if quantity.measure in SHARES else number(need, sheet.decimals)
    )


@finding("outlier")
def _(t, f):
    return say("audit.outlier", name=called(t, f.subject), x=t.sound.audit.shape.at[f.subject, "skew"])


@finding("alpha")
def _(t, f):
    own = t.sound.audit
    alpha = own.alpha if f.subject == "index" else own.pillar.at[f.subject, "alpha"]
    inside = say("audit.alpha.inside", name=called(t, f.subject))
    what = say("audit.alpha.parts") if f.subject == "index" else inside
    return say(f"audit.alpha{'.low' if alpha < 0.6 else '.loose' if alpha < 0.7 else ''}", what=what, x=alpha)


@finding("sign")
def _(t, f):
    (pillar,) = [p for p in t.pillars if p.id == f.subject]
    loading = t.sound.audit.shape["loading"][[c.path for c in pillar.components]]
    assert loading.min() < 0 < loading.max()
    return say("audit.sign", name=pillar.title, other=called(t, loading.idxmin()))


def ends(r: float, n: int) -> dict[str, float]:
    """A correlation of n pairs with Fisher's interval."""
    middle, half = math.atanh(r), 1.6448536269514722 / math.sqrt(n - 3)
    return {"x": r, "low": math.tanh(middle - half), "high": math.tanh(middle + half)}


def mean(x: pd.DataFrame, weights: dict[str, float]) -> pd.Series:
    return sum(x[key] * w for key, w in weights.items()) / sum(weights.values())


def rest(t: Truth, path: str) -> tuple[pd.Series, pd.Series]:
    """An indicator and the mean of the others of its pillar, by the weights of the file, of the countries with all."""
    mine = next(p for p, c in t.components if c.path == path)
    others = {c.path: c.weight for c in mine.components if c.path != path}
    x = t.result.scores.normalised.loc[t.sound.audit.base, [path, *others]].dropna()
    return x[path], mean(x, others)


@finding("own-negative", "own-weak")
def _(t, f):
    x, others = rest(t, f.subject)
    held = ends(x.corr(others), len(x))
    assert held["high"] < (0 if f.kind == "own-negative" else 0.3)
    return say(f"audit.{f.kind}", name=called(t, f.subject), other=called(t, f.other), **held)


@finding("other-pillar")
def _(t, f):
    x, others = rest(t, f.subject)
    there = t.result.scores.normalised[f.subject].corr(
        t.result.scores.pillar.loc[t.sound.audit.base, f.other]
    )
    assert there > x.corr(others)
    names = {"name": called(t, f.subject), "other": called(t, f.other)}
    return say("audit.other-pillar", **names, x=there, own=x.corr(others))


@finding("redundant")
def _(t, f):
    x = t.result.scores.normalised.loc[t.sound.audit.base, [f.subject, f.other]].dropna()
    r, owners = float(x.corr().iloc[0, 1]), {c.path: p.id for p, c in t.components}
    held = {**ends(abs(r), len(t.sound.audit.base)), "x": r}
    assert held["low"] > 0.92
    together = owners[f.subject] == owners[f.other]
    names = {"name": called(t, f.subject), "other": called(t, f.other)}
    return say(f"audit.redundant{'' if together else '.apart'}", **names, **held)


@finding("built-from")
def _(t, f):
    scored = {c.path: c.quantity.indicator for _, c in t.components}
    assert scored[f.other] in t.sheets[scored[f.subject]].built_from
    return say("audit.built-from", name=called(t, f.subject), other=called(t, f.other))


@finding("pillar-negative", "pillar-weak")
def _(t, f):
    x = t.result.scores.pillar.loc[t.sound.audit.base].dropna()
    held = ends(x[f.subject].corr(mean(x, {p.id: p.weight for p in t.pillars if p.id != f.subject})), len(x))
    assert held["high"] < (0 if f.kind == "pillar-negative" else 0.3)
    return say(f"audit.{f.kind}", name=called(t, f.subject), **held)


def off(one: pd.Series, whole: pd.Series) -> float:
    """The share of countries whose rank in one list lies a tenth of them or more from that in the other."""
    both = one.notna() & whole.notna()
    ranks = [x[both].round(12).rank(ascending=False, method="min") for x in (one, whole)]
    return float((abs(ranks[0] - ranks[1]) >= max(1.0, 0.1 * both.sum()) - 1e-9).mean())


@finding("moved")
def _(t, f):
    one, whole = t.result.scores.pillar[f.subject], t.result.scores.score
    every, name = int(whole.notna().sum()), called(t, f.subject)
    if len(t.ranked) in (0, every):
        return say("audit.moved", name=name, x=off(one, whole), all=every)
    facts = {
        "x": off(one[t.ranked], whole[t.ranked]),
        "n": len(t.ranked),
        "every": off(one, whole),
        "all": every,
    }
    return say("audit.moved.ranked", name=name, **facts)


# ── what the score and the ranks rest on ────────────────────────────────────────────────────────────────────────


@finding("few-ranked")
def _(t, f):
    assert len(t.ranked) < 30
    return say("audit.few-ranked", ranked=len(t.ranked), n=len(t.sound.audit.base))


@finding("sets-differ")
def _(t, f):
    own, pillars = t.sound.audit, [p.id for p in t.pillars]
    of = (own.by_pillar, own.pool_pillar) if f.subject in pillars else (own.by_indicator, own.pool_indicator)
    end = pd.Series.idxmax if f.value else pd.Series.idxmin
    mine, theirs = (end(made.table["share"]) for made in of)
    assert mine != theirs
    phrase = f"audit.sets-differ.{'most' if f.value else 'least'}"
    return say(phrase, n=of[0].n, name=called(t, mine), other=called(t, theirs))


def importance(t: Truth, what: str) -> pd.DataFrame:
    return {"pillars": t.sound.audit.by_pillar, "indicators": t.sound.audit.by_indicator}[what].table


@finding("gap")
def _(t, f):
    table = importance(t, f.subject)
    shown = (100 * table[["weight", "share"]]).map(lambda x: number(x, 0))
    ratio = table["share"] / table["weight"]

    def part(key: str) -> Said:
        row = 100 * table.loc[key]
        unique = Figure(row["unique"], 2 if 0 < row["unique"] < 1 else 0)
        facts = {
            "weight": row["weight"],
            "share": row["share"],
            "r": table.at[key, "correlation"],
            "unique": unique,
        }
        return say("audit.gap.part", name=called(t, key), what=f.subject, **facts)

    two = [ratio.idxmax(), ratio.idxmin()]
    even = (shown["weight"] == shown["share"])[two].all()
    return say(f"audit.gap{'.even' if even else ''}", most=part(two[0]), least=part(two[1]))


@finding("unattainable")
def _(t, f):
    needed = importance(t, f.subject)["needed"]
    assert needed.min() < 0
    return say(
        "audit.unattainable", what=f.subject, other=called(t, needed.idxmin()), weight=100 * needed.min()
    )


@finding("copeland")
def _(t, f):
    own = t.sound.audit.agreement
    return say(f"audit.copeland{'' if own >= 0.9 else '.part'}", x=own)


@finding("left-out")
def _(t, f):
    rows = t.sound.audit.left_out
    rows = rows[(rows["kind"] == f.other) & rows["scored"]]
    row = rows.sort_values("shift", ascending=False, kind="stable").iloc[0]
    if not row["shift"]:
        return say("audit.left-out.none", what=f.other)
    kept, size = NOTHING, len(t.shortlist)
    if not math.isnan(row["kept"]) and size == 1:
        kept = say("audit.kept.one" if row["kept"] else "audit.kept.gone")
    elif not math.isnan(row["kept"]):
        kept = say("audit.kept", n=int(row["kept"]), of=size)
    return say("audit.left-out", what=f.other, name=called(t, row["subject"]), x=row["shift"], kept=kept)


@finding("wide")
def _(t, f):
    n, kinds = len(t.ranked), tuple(t.result.firmness.kinds)
    many = sum(t.high[c] - t.low[c] > n / 3 + 1e-9 for c in t.ranked)
    if many:
        return say("audit.wide", who=(many, n), x=many, kinds=kinds)
    return say("audit.wide.none", n=n, kinds=kinds) if n != 1 else say("audit.wide.none.one", kinds=kinds)


@finding("not-drawn")
def _(t, f):
    assert not t.drawn
    return say("audit.not-drawn")


# ── other errors, other weights, other readings ─────────────────────────────────────────────────────────────────


def notes(t: Truth) -> Iterator[Said]:
    """Below the table of assumptions, and over that of figures that stood still."""
    made = t.sound.assumptions
    if made is not None:
        assert set(made.table["kind"]) >= {"as stated", "persistence", "correlation"}
        yield say("audit.assumed", p=0.9, draws=DRAWS)
        if len(made.flat):
            yield say("audit.flat")


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
    yield say(
        f"audit.edge.{first['becomes']}", points=50 * first["change"], name=t.name[first["iso3"]], past=past
    )
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
    last = own.by_name.idxmin()
    worst = (
        say("audit.worst", name=register.name(last), p=1 - own.by_name.min()) if right < every else NOTHING
    )
    yield say("audit.readings", all=every, right=right, p=right / every, n=n, worst=worst)
    if right:
        size = min(own.shortlist, own.admitted[0])
        kept = NOTHING if math.isnan(own.kept) else say("audit.those.kept", x=own.kept, of=size)
        facts = {"low": own.admitted[1], "high": own.admitted[3], "lists": own.patterns}
        yield say("audit.those", right=right, **facts, kept=kept)
    if own.written == n and own.others:
        once, share = say("audit.lot.once", n=round(1 / own.chance)), say("chance.number", p=own.chance)
        yield say(
            "audit.lot", others=own.others, n=n, pool=own.pool, odds=once if own.chance < 0.5 else share
        )
    if own.written < n:
        yield say("audit.unmatched")
    else:
        still = say("audit.little.still") if own.patterns > 1 else NOTHING
        yield say(f"audit.little{'.known' if right / every < 0.5 else ''}", n=n, still=still)


def said(t: Truth) -> dict[str, list[Said]]:
    """Every sentence that the page ought to say, by its place in the value of the page."""
    told = {"findings": [FINDINGS[f.kind](t, f) for f in t.sound.findings]}
    return told | {"assumed_notes": [*notes(t)], "edge": [*edge(t)], "readings": [*readings(t)]}


# ── the page, text by text ──────────────────────────────────────────────────────────────────────────────────────

INTRO = """Can the figures carry the score that is made of them, and what does the shortlist rest on? The tests are like those of audits of
published indexes by the European Commission's Joint Research Centre, made on published values: of the ranked countries where they are enough, else of all considered."""
HEAT = """Shaded from 0.3, 0.6, 0.8 and 0.92; above 0.92 two indicators are one. A correlation below nought has a minus and a border."""
TURNS = """Points: how many of 100 points of weight move from some pillars to others, at the least; each change was put to the scorer and does
what it says. Between indicators: the least that must move between indicators, in any way where one kind of mean rules the whole score, else from one
indicator to one other."""
MORE = """The smallest changes of weights that alter the shortlist and, where other readings of the criteria are written, how many of them
match are on the page that this command writes: {}"""
SECTIONS = {  # id -> heading, what stands beside it
    "findings": ("Findings", ""),
    "weights": (
        "Weights and importance",
        "A weight says what a part should count; the share says what it does.",
    ),
    "together": (
        "What goes together",
        "An indicator should go with its own pillar more than with another, and none should say what another says.",
    ),
    "left-out": ("Without one part", "The ranking made again without each indicator, pillar and source."),
    "assumed": ("Other errors", "What nobody can know of measurement error, and what the result would be."),
    "edge": ("Other weights", "The smallest change of weights that brings a country in or takes it out."),
    "readings": ("Other readings", "{verdict}"),
    "coverage": (
        "Coverage",
        "Of how many of the countries considered each figure that decides or scores is known.",
    ),
}


def lines(t: Truth, title: str, told: dict[str, list[Said]]) -> Iterator[Line]:
    """Every text of the page, of these sentences, under this title."""
    yield from (("title", f"Statistical audit: {title}"), page_texts.kicker(t, "Statistical audit"))
    yield from (("briefing", "Board briefing"), ("title", title), ("counts", "The audit in numbers"))
    counts = {"Countries": len(t.pool), "Ranked": len(t.ranked), "Indicators scored": len(t.components)}
    for label, n in counts.items():
        yield from (("counts", label), (f"counts, {label}", f"{n}"))
    yield "intro", flat(INTRO)
    made = {key: list(PARTS[key](t, told)) for key in SECTIONS}
    shown = [key for key in SECTIONS if made[key]]
    yield from (("contents", "On this page"), *(("contents", SECTIONS[key][0]) for key in shown))
    for key in shown:
        heading, beside = SECTIONS[key]
        yield key, heading
        if beside:
            yield key, beside.format(verdict=told["readings"][-1].plain if told["readings"] else "")
        yield from made[key]
    yield from page_texts.reproduce(t)


def flat(text: str) -> str:
    return " ".join(text.split())


def table(id: str, label: str, caption: str, rows: list[dict]) -> Iterator[Line]:
    """A table of rows heading -> text; a pair is a text and what stands below it or is said of its drawing."""
    yield from ((id, label), (id, caption), *((id, head) for head in rows[0]))
    for row in rows:
        first = next(iter(row.values()))
        for head, cell in row.items():
            where = f"{id}, {first if isinstance(first, str) else first[0]}, {head}"
            yield from ((where, text) for text in ((cell,) if isinstance(cell, str) else cell))


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
        {"Kind": LEVELS[f.level], "Finding": (s.plain, held_against(f)) if LIMITS[f.limit].said else s.plain}
        for f, s in zip(t.sound.findings, told["findings"], strict=True)
    ]
    none = [("findings", "Nothing to tell.")]
    yield from (
        table("findings-table", "Table of findings", "Findings, the worst first", rows) if rows else none
    )
    if t.pillars and t.sound.stability is None and t.sound.curve is None:
        yield "findings, more", flat(MORE).format(f"{page_texts.command(t, 'audit')} --page audit.html")


def weights(t, told):
    own, at = t.sound.audit, 0
    for part, made in (("Pillar", own.by_pillar), ("Indicator", own.by_indicator)):
        if made is None or len(made.table) < 2 or made.table["share"].isna().any():
            continue
        if not at:
            yield from (("weights", "share of all effects, and its likely range"), ("weights", "weight"))
        at, rows = at + 1, []
        for key, row in made.table.iterrows():
            span = f"{100 * row['share_low']:.0f}–{100 * row['share_high']:.0f}%"
            weight, share, name = whole(row["weight"]), whole(row["share"]), called(t, key)
            rows.append(
                {part: name, "from none to the most": ("", f"{name}: weighs {weight}, accounts for {share} ({span})."),
                 "Weight": weight, "Share": share, "Likely range": span, "Alone": number(row["effect"], 2),
                 "Unique": number(row["unique"], 4 if row["unique"] < 0.01 else 2)}
            )  # fmt: skip
            if not math.isnan(made.table["needed"].iloc[0]):
                rows[-1]["Needed"] = "" if math.isnan(row["needed"]) else whole(row["needed"])
        yield from table(f"shares-{at}", f"{part}s, weights and importance", f"{part}s", rows)
    if at:
        needed, logged = bool(own.by_pillar.table["needed"].notna().all()), own.by_pillar.logged
        note = explained("Share", "Alone", "Unique", *["Needed"] * needed)
        yield "weights", note + " Needed is reckoned on the logarithms of the parts." * (needed and logged)


def together(t, told):
    own, paths, rows, seen = t.sound.audit, [c.path for _, c in t.components], [], ""
    if not len(own.correlation):
        return
    scaled, score = t.result.scores.normalised.loc[own.base], t.result.scores.score.loc[own.base].to_numpy()
    for i, (pillar, c) in enumerate(t.components):
        name = f"{i + 1} {called(t, c.path)}"
        before = {f"{j + 1}": own.correlation.at[c.path, p] for j, p in enumerate(paths)}
        cells = {head: dashed(number, r) if int(head) <= i else "" for head, r in before.items()}
        cells |= {p.title: dashed(number, own.to_pillar.at[c.path, p.id]) for p in t.pillars}
        cells["Score"] = dashed(number, correlation(scaled[c.path].to_numpy(), score)[0])
        rows.append({"Indicator": name if pillar.id == seen else (name, pillar.title), **cells})
        seen = pillar.id
    caption = "Correlations of the indicators on their scales, over the countries that have both"
    yield from table("heat-table", "Correlations", caption, rows)
    yield "heat-table", HEAT
    rows = []
    for p in t.pillars:
        row = own.pillar.loc[p.id]
        whole_of = t.result.scores.pillar[p.id].notna().mean()
        rows.append(
            {"Pillar": p.title, "Indicators": f"{len(p.components)}", "Known of": percent(whole_of), "Alpha": dashed(number, row["alpha"]),
             "First component": dashed(percent, row["first"]), "With the rest": dashed(number, row["rest"]),
             "A tenth off": dashed(percent, row["moved"]), "Of the ranked": dashed(percent, row["moved_ranked"])}
        )  # fmt: skip
    yield from table("pillars-table", "Pillars, how they hang together", "Pillars", rows)
    yield "pillars-table", explained("Alpha", "First component", "With the rest", "A tenth off")


def left_out(t, told):
    rows, names = [], lambda codes: listed(t.name[c] for c in codes)
    for row in t.sound.audit.left_out.to_dict("records"):
        cells = dict.fromkeys(("Largest", "Shortlist kept", "Who comes and goes"), "")
        shift = "no score is left"
        if row["scored"]:
            shift = number(row["shift"], 1)
            cells["Largest"] = f"{t.name[row['most_of']]}, {row['most']:.0f}" if row["most_of"] else "nobody"
            if not math.isnan(row["kept"]):
                assert row["kept"] == len(t.shortlist) - len(row["leaves"])
                cells["Shortlist kept"] = f"{row['kept']:.0f} of {len(t.shortlist)}"
            turn = [
                f"{way}: {names(row[of])}" for way, of in (("in", "enters"), ("out", "leaves")) if row[of]
            ]
            cells["Who comes and goes"] = "; ".join(turn)
        what = row["subject"] if row["kind"] == "source" else called(t, row["subject"])
        rows.append({"Without": what, "Which is": row["kind"], "Mean shift of rank": shift, **cells})
    if rows:
        yield from table("left-out-table", "Table without one part", "Without one part", rows)


def assumed(t, told):
    """The outcome under each assumption as the audit has it; test_measurement_error.py runs each of them again."""
    if t.sound.assumptions is None:
        return
    names, rows = {"as stated": "as the criteria state", "composites": "wider intervals of averages"}, []
    for row in t.sound.assumptions.table.to_dict("records"):
        assert row["firm"] + row["borderline"] == len(t.ranked)
        points = "<1" if row["most"] < 0.01 else f"{100 * row['most']:.0f}"
        rows.append(
            {"Measurement error": names.get(row["kind"], f"{row['kind']} {number(row['value'])}"), "Firm": f"{row['firm']}",
             "Not firm": f"{row['borderline']}", "Sure of a place": f"{row['sure']}", "Range of ranks": number(row["width"], 1),
             "Moves most": f"{t.name[row['moved']]} ({points} points)" if row["moved"] else ""}
        )  # fmt: skip
    yield from table("assumed-table", "Table of other errors", "Other errors", rows)
    yield from (("assumed", said.plain) for said in told["assumed_notes"])
    tests = {x.path: x for g in (*t.criteria.gates, *t.criteria.tracks) for x in walk.tests(g.rule)}
    made = t.sound.assumptions.flat.set_index("path")["chance"]
    assert [p for p, x in tests.items() if x.quantity.measure != "level" and p in made.index] == list(
        made.index
    )
    rows = [
        {"Test": t.called(tests[p].quantity), "Passes by error alone": percent(x)} for p, x in made.items()
    ]
    if rows:
        yield from table("flat-table", "Table of figures that stood still", "Figures that stood still", rows)


def other_weights(t, told):
    """The smallest changes of weights that turn the shortlist, those that need least first."""
    yield from (("edge", said.plain) for said in told["edge"])
    made, rows = t.sound.stability, []
    if not told["edge"] or turned(t).empty:
        return
    single = made.all[made.all["of"] == "indicators"].set_index("iso3")["change"]
    for row in turned(t).head(12).to_dict("records"):
        c, on = row["iso3"], row["becomes"] == "out"
        assert (c in t.shortlist) == on and t.status[c] in INSIDE and row["change"] >= 0
        parts = zip(made.pillars.index, row["to"], strict=True)
        rows.append(
            {"Country": t.name[c], "Shortlist": "on it" if on else "below", "Points moved": number(50 * row["change"], 1),
             "Then the pillars weigh": ", ".join(f"{called(t, k)} {number(100 * w, 1)}" for k, w in parts),
             "Passing or passed by": t.name.get(row["rival"], ""),
             "Points between indicators": number(50 * single[c], 1) if c in single.index else "–"}
        )  # fmt: skip
    yield from table("turns-table", "Table of other weights", "Smallest changes of weights", rows)
    yield "turns-table", flat(TURNS)


def other_readings(t, told):
    own = t.sound.curve
    if own is None:
        return
    yield from (("readings", said.plain) for said in told["readings"][:-1])
    counts = [(k, n) for k, n in enumerate(own.right) if n][::-1]
    rows = [
        {
            "Names right": f"{k} of {len(own.names)}",
            "Readings": f"{n:,}",
            "Share": percent(n / sum(own.right)),
        }
        for k, n in counts
    ]
    yield from table(
        "right-table", "Names right", "Readings by how many names come out as the source says", rows
    )
    yield "readings", "share of the readings with this option in which all names match"
    yield "readings", "share of all readings"
    rows, heads = [], ("Choice and option", "from none to the most", "All match", "Admits, on average")
    for choice, options in own.by_option.groupby("choice", sort=False):
        rows.append({heads[0]: own.titles[choice]})
        for i, row in enumerate(options.to_dict("records")):
            share, name = percent(row["right"]), row["option"]
            alt = ("", f"{name}: all names match in {share} of the readings with it.")
            cells = (f"{name}{' as written' if not i else ''}", alt, share, number(row["admitted"], 0))
            rows.append(dict(zip(heads, cells, strict=True)))
    head, *body = table(
        "choices-table",
        "Choices",
        "Every choice and what it could have been",
        [dict.fromkeys(heads, ""), *rows],
    )
    yield from (head, *body[: 1 + len(heads)], *body[1 + 2 * len(heads) :])


def coverage(t, told):
    """Of how many countries a figure is known, counted again."""
    rows, groups = [], {g.id: g.title for g in t.criteria.peers if g.id in t.group.values()}
    for i in t.sound.audit.coverage.index:
        have = [c for c in t.pool if not math.isnan(t.values[i][c])]
        carried = sum(t.marks[i][c] == "carried" for c in have)
        row = {"Indicator": called(t, i), "Countries": f"{len(have)}", "Share": percent(known(t, i, t.pool))}
        row["Carried on"] = counted(carried, "value") if carried else "no"
        rows.append(
            row
            | {
                title: percent(known(t, i, [c for c in t.pool if t.group[c] == g]))
                for g, title in groups.items()
            }
        )
    yield from table("coverage-table", "Table of coverage", "Coverage", rows)
    yield "coverage", "Carried on: values of an earlier year that stand in for one that is not there."


PARTS = {
    "findings": findings, "weights": weights, "together": together, "left-out": left_out, "assumed": assumed,
    "edge": other_weights, "readings": other_readings, "coverage": coverage,
}  # fmt: skip
