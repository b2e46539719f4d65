"""The tables of the briefing, line by line: what each cell under its heading must say, worked out from the Result."""

from __future__ import annotations

import math
import re
import unicodedata

from cells_said import Line, Table, capital, num, origin, share, span, uses, word
from claims_changes import _obstacles, _reaches
from prover import Page
from reading import NUMBER, is_day, is_number, is_share, listed
from truth import INSIDE, PASSED, Truth, leaves
from verdicts import falls_short, is_said, mark, near_miss, no_track, passed_with, rescues

from eligibility import cases
from eligibility.pages import outlines
from eligibility.policy import Case

FLAGS = {"near": " ≈ Near miss", "loose": " ≈ Borderline", "": ""}


def shortlist(page: Page, shown: Table) -> list[Line]:
    """The shortlist and the next; of an index without one the first ten."""
    t = page.truth
    size = len(shown.lines)
    assert size >= len(t.shortlist) if t.criteria.shortlist else size == min(10, len(t.ranked))
    codes = t.ranked[:size]
    top = [h for h in shown.head if h.startswith("Likely rank, 1 to ")]
    if top:
        highs = [t.high[c] for c in codes if not math.isnan(t.high[c])]
        assert top[0] == f"Likely rank, 1 to {max([*highs, size, 2]):.0f}"
    return [
        {
            "Rank": num(t.rank[c], 0), "Country": word(t.name[c]), "Status": word(mark(t, c)), "Score": num(t.score[c], 3),
            "On the shortlist in": share(t.top[c]), "made of": word(""), **dict.fromkeys(top, word("")),
        }
        for c in codes
    ]  # fmt: skip


def conditional(page: Page, shown: Table) -> list[Line]:
    t = page.truth
    codes = [c for c in t.result.ranking.order if t.status[c] == "conditional"]
    return [
        {
            "Rank": num(t.rank[c], 0) if c in t.ranked else word("–"), "Country": word(t.name[c]),
            "Falls short of the full rule": lambda s, c=c: falls_short(t, c, s[:1].lower() + s[1:]),
            "Least certain of what it passes": lambda s, c=c: _is_least(passed_with(t, c), s), "Admitted in": share(t.p[c], "no data"),
        }
        for c in codes
    ]  # fmt: skip


def _is_least(passed: dict[str, float], text: str) -> bool:
    found = re.fullmatch(r"(.+) \((.+)\)", text)
    if not passed or not found:
        return not passed and not text
    return passed[found[1]] == min(passed.values()) and is_share(found[2], passed[found[1]])


def near(page: Page, shown: Table) -> list[Line]:
    t = page.truth
    codes = sorted((c for c in t.pool if near_miss(t, c)), key=lambda c: -t.p[c])
    return [
        {
            "Country": word(t.name[c]), "What stands in the way": word(_stands(t, c)),
            "How far": lambda s, c=c: _is_far(t, c, s), "Admitted in": share(t.p[c], "no data"),
        }
        for c in codes
    ]  # fmt: skip


def _stands(t: Truth, c: str) -> str:
    what = _obstacles(t, c)
    return "Fits no track" if what == ["the want of a track"] else capital(listed(what))


def _is_far(t: Truth, c: str, text: str) -> bool:
    """The least change that would admit it, if it is near or has no error; else each test that stands in the way."""
    rows = rescues(t, c)
    sds = [math.inf if math.isnan(r["in_sd"]) else r["in_sd"] for r in rows]
    if min(sds, default=math.inf) <= 1 or (rows and min(sds) == math.inf):
        found = re.fullmatch(rf"(?P<name>.+?)(?:: one class| (?P<now>{NUMBER}) → (?:(?P<past>above|below) )?(?P<to>{NUMBER})(?: or (?P<way>more|less))?)(?: \((?P<sd>{NUMBER}) s\.e\.(?P<worse>; that is, worse)?\))?", text)  # fmt: skip
        return bool(found) and any(_is_change(t, r, **found.groupdict()) for r, sd in zip(rows, sds, strict=True) if sd == min(sds))  # fmt: skip
    rules = [*t.gates(c, "fail"), *(t.open_tracks(c) if t.trackless(c) else [])]
    said = text.split("; ")
    every = [x for g in rules for x in leaves(g.rule)]
    return bool(text) and all(
        any(is_said(t, c, x, s) or is_said(t, c, x, s[:1].lower() + s[1:]) for x in every) for s in said
    )


def _is_change(t: Truth, r: dict, name, now, past, to, way, sd, worse) -> bool:
    sheet, up = t.sheets[r["indicator"]], r["change"] > 0
    told = (
        name == sheet.label
        and bool(sd) == (not math.isnan(r["in_sd"]))
        and (not sd or num(r["in_sd"], 1)(sd))
    )
    told = told and bool(worse) == (bool(sd) and up != t.high_is_better(r["indicator"]))
    if sheet.classes:
        return told and not now
    side = (past == "above" if past else way == "more") == up and bool(past) != bool(way)
    return told and side and is_number(now, r["now"]) and _reaches(t, r, to, past, up)


def expected(page: Page, shown: Table) -> list[Line]:
    """The cases written in the criteria for this date, judged again."""
    own = [x for x in page.truth.criteria.cases if isinstance(x, Case) and x.as_of == page.truth.result.as_of]
    held = [cases.judge(x, page.truth.result).holds for x in own]
    return [
        {"Case": word(x.name), "Outcome": word("✓ Holds" if good else "✗ Does not hold")}
        for x, good in zip(own, held, strict=True)
    ]


def candidate(t: Truth, c: str) -> Line:
    p = t.p[c]
    met = t.result.firmness.p_qualified[c] if t.status[c] == "qualified" else p
    flag = "near" if near_miss(t, c) else "loose" if 0.1 < met < 0.9 else ""
    ranked = c in t.ranked
    return {
        "Rank": num(t.rank[c], 0), "Country": word(t.name[c]), "Score": num(t.score[c], 3),
        "Status": word(mark(t, c) + ("" if t.criteria.index else FLAGS[flag])), "Admitted in": share(p), "Why": word(_why(t, c)),
        "Likely range": span(t.low[c], t.high[c]) if ranked else word(""),
    }  # fmt: skip


def _why(t: Truth, c: str) -> str:
    quoted = lambda gates: listed(f"“{g.title}”" for g in gates)  # noqa: E731
    failed, on = t.gates(c, "fail"), t.gates(c, "conditional")
    if t.status[c] == "excluded":
        parts = [f"Fails {quoted(failed)}"] if failed else []
        return capital("; ".join([*parts, *([no_track(t)] if t.trackless(c) else [])]))
    if t.status[c] == "insufficient-data":
        return f"Cannot be judged: {quoted(t.gates(c, 'unknown')) or 'tracks'}"
    if t.status[c] == "on-hold":
        return "On hold"
    fits = listed(x.title for x in t.tracks(c, *PASSED))
    return "; ".join(x for x in (fits, f"on condition: {quoted(on)}" if on else "") if x)


def ranked(page: Page, shown: Table) -> list[Line]:
    return [candidate(page.truth, c) for c in page.truth.ranked]


def unranked(page: Page, shown: Table) -> list[Line]:
    t = page.truth
    return [candidate(t, c) for c in sorted(t.pool, key=lambda c: _alphabet(t.name[c])) if c not in t.ranked]


def _alphabet(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(x for x in letters if not unicodedata.combining(x))


def passing(page: Page, shown: Table) -> list[Line]:
    t = page.truth
    return [candidate(t, c) for c in sorted(t.having(*INSIDE), key=t.name.get)]


def series(page: Page, shown: Table) -> list[Line]:
    t, out = page.truth, []
    for i in t.used:
        known = [c for c in t.pool if not math.isnan(t.values[i][c])]
        years = sorted({int(t.result.cells.year[i][c]) for c in known})
        kinds = sorted({t.sd_kinds[i][c] for c in known})
        out.append(
            {
                "Indicator": word(t.sheets[i].label), "Source": origin(t, i), "Used in": uses(t, i),
                "Years": word("no data" if not years else "–".join(map(str, dict.fromkeys((years[0], years[-1]))))),
                "Countries": word(f"{len(known)} of {len(t.pool)}"),
                "Error": word(listed("not stated" if k == "none" else k for k in kinds) or "–"),
            }
        )  # fmt: skip
    return out


def sources(page: Page, shown: Table) -> list[Line]:
    own = [(s.id, s.title, s.released, s.licence) for s in page.truth.result.panel.sources]
    if page.kind == "briefing" and 'id="map"' in page.html:
        sheet = outlines.world().sheet
        own.append((sheet["id"], sheet["title"], sheet["released"], sheet["licence"]))
    return [
        {"Name here": word(id), "Source": word(title), "Published": lambda s, d=day: is_day(s, d), "Licence": word(licence)}
        for id, title, day, licence in own
    ]  # fmt: skip


def recorded(page: Page, shown: Table) -> list[Line]:
    """What the board decided, with its reason and who signed."""
    t = page.truth
    return [
        {"Country": word(t.name[c]), "Decision": word(capital(e.decision)), "Reason": word(e.reason), "Signed": word(e.name)}
        for c, e in t.result.overrides.items()
    ]  # fmt: skip


TABLES = {
    "shortlist-table": shortlist, "conditional-table": conditional, "near-table": near, "cases-table": expected,
    "ranked-table": ranked, "unranked-table": unranked, "passing-table": passing, "series-table": series,
    "sources-table": sources, "recorded-table": recorded,
}  # fmt: skip
