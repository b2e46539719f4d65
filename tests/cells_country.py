"""The tables of a country's page, line by line, and the columns of its histogram: worked out from the Result."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from cells_said import (
    Line,
    Says,
    Table,
    capital,
    holds,
    num,
    origin,
    share,
    span,
    status,
    uses,
    value,
    word,
    year,
)
from claims_exhibits import _around
from claims_gates import VERDICTS, strip_of
from prover import Page
from reading import is_share, is_signed
from truth import PASSED, SHARES, Truth, leaves
from verdicts import is_need

from eligibility import walk
from eligibility.policy import Group, Node, Points, Quantity, Test


def gate_tests(page: Page, shown: Table) -> list[Line]:
    """Lines that say what some test of the gate came to, and together settle its verdict."""
    t, c = page.truth, page.iso3
    kind, _, id = shown.id.removeprefix("tests-").partition("-")
    (gate,) = [g for g in (t.criteria.gates if kind == "gate" else t.criteria.tracks) if g.id == id]
    wanted = dict(_wanted(gate.rule, True))
    every = [(x, _test_line(t, c, x, wanted[x.path])) for x in leaves(gate.rule)]
    out, told = [], []
    for line in shown.lines:
        fits = [(x, says) for x, says in every if all(h in says and holds(says[h], line[h]) for h in line)]
        out.append(fits[0][1] if fits else every[0][1])
        told += [x.path for x, _ in fits]
    turned = {True: {x.path: "pass" if wanted[x.path] else "fail" for x, _ in every if x.path not in told},
              False: {x.path: "fail" if wanted[x.path] else "pass" for x, _ in every if x.path not in told}}  # fmt: skip
    verdict = t.word(c, gate)
    if verdict in PASSED:
        assert t.verdict(c, gate.rule, turned[False]) in PASSED, "what is not shown matters"
    if verdict == "fail":
        assert t.verdict(c, gate.rule, turned[True]) == "fail", "what is not shown matters"
    return out


def _wanted(node: Node, wanted: bool) -> Iterable[tuple[str, bool]]:
    """Path of a test -> whether it is wanted to hold; turned round under `none`."""
    if not isinstance(node, Group):
        return [(node.path, wanted)]
    return [x for branch in node.of for x in _wanted(branch, wanted != (node.join == "none"))]


def _test_line(t: Truth, c: str, x: Test | Points, wanted: bool) -> Line:
    measured, need = (of[c].get(x.path, math.nan) for of in (t.measured, t.needs))
    verdict = t.node[c].get(x.path, "unknown")
    came = verdict if wanted else {"pass": "fail", "fail": "pass"}.get(verdict, verdict)
    result = lambda s: VERDICTS.get(s) == came  # noqa: E731
    if isinstance(x, Points):
        held = dict.fromkeys(i for _, q in walk.node_quantities(x) for i in (q.indicator,))
        ids = dict.fromkeys(
            t.result.panel.held[i].id if i in t.result.panel.held else "not held" for i in held
        )
        margin = (
            word("")
            if math.isnan(measured)
            else lambda s: "." not in s and is_signed(s, 100 * (measured - need))
        )
        return {"Test": word(x.title or "Points of those that apply"), "Value": share(measured, "no data"), "Year": word(""), "Result": result,
                "Needs": lambda s: s[:2] == "≥ " and is_share(s[2:], need), "Margin": margin, "Source": word("; ".join(ids))}  # fmt: skip
    i, sheet = x.quantity.indicator, t.sheets[x.quantity.indicator]
    ahead = measured - need if x.operator in ("at_least", "above") else need - measured
    ahead = ahead if wanted else -ahead
    bare = x.operator == "in" or (sheet.classes and x.quantity.measure == "level") or math.isnan(ahead)
    return {
        "Test": word(capital(t.called(x.quantity))), "Value": value(t, x.quantity, measured),
        "Needs": lambda s: is_need(t, x, need, s, wanted),
        "Margin": word("") if bare else (lambda s: s.endswith(" points") and is_signed(s[:-7], 100 * ahead)) if x.quantity.measure in SHARES else lambda s: bool(s) and is_signed(s, ahead) and len(s.partition(".")[2]) >= sheet.decimals,
        "Year": word("") if math.isnan(measured) else year(t, c, i), "Source": origin(t, i), "Result": result,
    }  # fmt: skip


def strips(page: Page, shown: Table) -> list[Line]:
    t, c, out = page.truth, page.iso3, []
    key = shown.id.removeprefix("strips-")
    title = {f"pillar-{p.id}": p.title for p in t.pillars}.get(key, "Looked at by gates and tracks only")
    for i in strip_of(t, c, title):
        x, peers, better = t.values[i][c], t.peers(c, i), t.better_than(c, i)
        side = "" if math.isnan(better) or peers.empty else _arrow(x, peers.median(), t.high_is_better(i))
        out.append(
            {
                "Indicator": word(t.sheets[i].label), "worst best": word(""), "Value": num(x, t.sheets[i].decimals),
                "Better than": lambda s, p=better, a=side: s == a if math.isnan(p) else s.endswith(a) and is_share(s.removesuffix(a).strip(), p),
            }
        )  # fmt: skip
    return out


def _arrow(x: float, median: float, high: bool) -> str:
    return "=" if x == median else "▲" if (x > median) == high else "▽"


def score(page: Page, shown: Table) -> list[Line]:
    t, c, out = page.truth, page.iso3, []
    scores, whole = t.result.scores, math.fsum(p.weight for p in t.pillars)
    for p in t.pillars:
        inside = math.fsum(x.weight for x in p.components)
        brings = sum(scores.contribution.at[c, x.path] for x in p.components)
        out.append({"Pillar and indicator": word(p.title), "Weight": share(p.weight / whole), "Value": word(""),
                    "Scaled": num(scores.pillar.at[c, p.id], 3), "Brings": num(brings, 3)})  # fmt: skip
        for x in p.components:
            i, level = x.quantity.indicator, x.quantity.measure == "level"
            measured = t.values[i][c] if level else t.result.centre.of(x.quantity)[0, t.pool.index(c)]
            more = " (carried)" if t.marks[i][c] == "carried" else ""
            out.append(
                {
                    "Pillar and indicator": word(capital(t.called(x.quantity))), "Weight": share(x.weight / inside * p.weight / whole),
                    "Value": value(t, x.quantity, float(measured), more), "Scaled": num(scores.normalised.at[c, x.path], 3),
                    "Brings": num(scores.contribution.at[c, x.path], 3),
                }
            )  # fmt: skip
    none = dict.fromkeys(("Weight", "Value", "Scaled"), word(""))
    return [*out, {"Pillar and indicator": word("Score"), **none, "Brings": num(t.score[c], 3)}]


def neighbours(page: Page, shown: Table) -> list[Line]:
    t = page.truth
    return [
        {
            "Rank": num(t.rank[c], 0), "Country": word(t.name[c]), "Likely range": span(t.low[c], t.high[c]), "Score": num(t.score[c], 3),
            **{p.title: num(t.result.scores.pillar.at[c, p.id], 3) for p in t.pillars},
        }
        for c in _around(t, page.iso3)
    ]  # fmt: skip


def axes(page: Page, shown: Table) -> list[Line]:
    t, c, out = page.truth, page.iso3, []
    for axis in t.criteria.axes:
        out.append(
            {
                "Indicator": word(axis.title),
                **dict.fromkeys(("Value", "Peer median", "Year", "Source"), word("")),
            }
        )
        for i in axis.indicators:
            sheet, peers = t.sheets[i], t.peers(c, i)
            median = (
                word("") if sheet.classes else num(peers.median() if len(peers) else math.nan, sheet.decimals)
            )
            out.append({"Indicator": word(sheet.label), "Value": status(t, c, i) or value(t, Quantity(i), t.values[i][c]), "Peer median": median,
                        "Year": year(t, c, i), "Source": origin(t, i)})  # fmt: skip
    return out


def data(page: Page, shown: Table) -> list[Line]:
    t, c = page.truth, page.iso3
    return [
        {"Indicator": word(t.sheets[i].label), "Value": status(t, c, i) or value(t, Quantity(i), t.values[i][c]), "Standard error": _error(t, c, i),
         "Year": year(t, c, i), "Source": origin(t, i), "Used in": uses(t, i)}
        for i in t.used
    ]  # fmt: skip


def _error(t: Truth, c: str, i: str) -> Says:
    sheet, kind, sd = t.sheets[i], t.sd_kinds[i][c], t.sds[i][c]
    if math.isnan(t.values[i][c]):
        return word("")
    if sheet.follows and kind == "modelled":
        label = t.sheets[sheet.follows].label
        return lambda s: s.lower() == f"follows {label}".lower()
    if kind == "none" or not sd > 0:
        return word("not stated")
    decimals = max(sheet.decimals, 2) if sd < 1 else sheet.decimals
    return lambda s: (
        s[:1] == "±" and s.endswith(f" {kind}") and num(sd, decimals)(s[1:].removesuffix(f" {kind}"))
    )


def without(page: Page, shown: Table) -> list[Line]:
    """The rank with each indicator, pillar and source left out, as the engine gives it."""
    t, c = page.truth, page.iso3
    titles = {("pillar", p.id): p.title for p in t.pillars}
    titles |= {("indicator", x.path): capital(t.called(x.quantity)) for _, x in t.components}
    size = t.criteria.shortlist
    return [
        {"Left out": word(titles.get(key, key[1])), "Which is": word(key[0]), "Rank then": word("no rank") if rank != rank else num(rank, 0),
         **({"Shortlist": word("on it" if rank <= size else "off it")} if size else {})}
        for key, rank in t.result.without.loc[c].items()
    ]  # fmt: skip


TABLES = {
    "without-table": without,
    "tests-": gate_tests, "strips-": strips, "score-table": score, "neighbours-table": neighbours, "axes-table": axes,
    "data-table": data,
}  # fmt: skip


# The histogram of ranks ------------------------------------------------------------------------------------

RECT = re.compile(
    r'<rect class="(in|past|out)" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/>'
)
TEXT = re.compile(r'<text x="([\d.]+)" y="([\d.]+)" text-anchor="middle">([^<]+)</text>')


def histogram(page: Page, html: str) -> list[str]:
    """What is wrong with the columns: a height, a colour, a label or a share that is not its own, a rank left out."""
    found = re.search(r'<figure class="histogram">(.*?)</figure>', html, re.S)
    if not found:
        return []
    t, c = page.truth, page.iso3
    counts = t.result.firmness.places.counts.loc[c].to_numpy(dtype=float)
    rects = [(kind, *map(float, rest)) for kind, *rest in RECT.findall(found[1])]
    texts = [
        (float(x), float(y), html_text.replace("&lt;", "<").replace("&gt;", ">"))
        for x, y, html_text in TEXT.findall(found[1])
    ]
    below = max((y for _, y, _ in texts), default=0.0)
    labels = {x: text for x, y, text in texts if y == below}
    written = {x: text for x, y, text in texts if y != below}
    out, seen, first = [], 0.0, min(labels, default=0.0)
    plain = [(x, int(label)) for x, label in labels.items() if label.isdigit()]
    slopes = sorted((x - first) / (k - 1) for x, k in plain if k > 1)
    step = slopes[len(slopes) // 2] if slopes else 1.0  # from the labels, most of which are right
    out += [f"label {k} out of its place" for x, k in plain if abs(first + (k - 1) * step - x) > step / 3]
    whole = {}
    base = float(re.search(r'class="axis" d="M0 ([\d.]+)H', found[1])[1])
    for kind, x, top, width, height in rects:
        middle = x + width / 2
        at = min(labels, key=lambda m: abs(m - middle), default=0.0)
        label = labels[at] if abs(at - middle) < 0.2 else f"{round((middle - first) / step) + 1}"
        low, _, high = label.partition("–")
        n = t.draws - counts.sum() if label == "out" else counts[int(low) - 1 : int(high or low)].sum()
        whole[label], seen = (n / t.draws, height), seen + n
        wanted = "out" if label == "out" else "in" if int(low) <= t.criteria.shortlist else "past"
        if abs(top + height - base) > 0.11:
            out.append(f"column {label}: does not stand on the axis")
        if kind != wanted:
            out.append(f"column {label}: {kind}, not {wanted}")
        for m, text in written.items():
            if abs(m - middle) < 0.2 and not is_share(text, n / t.draws):
                out.append(f"column {label}: {text}, not {n / t.draws}")
    tallest = max((h for _, h in whole.values()), default=1.0)
    most = max((p for p, _ in whole.values()), default=1.0) or 1.0
    out += [f"column {k}: height {h}" for k, (p, h) in whole.items() if abs(h - tallest * p / most) > 0.051]
    at_rect = [x + w / 2 for _, x, _, w, _ in rects]
    out += [
        f"a share over no column: {s}"
        for m, s in written.items()
        if min((abs(m - x) for x in at_rect), default=9) >= 0.2
    ]
    rest = t.draws - seen  # what is drawn too low to be seen
    return out + ([f"{rest:.0f} re-runs in no column"] if rest > 0.002 * t.draws else [])
