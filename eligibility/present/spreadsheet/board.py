"""The first sheet, for a board to print: the finding, what was read, a row a ranked country, then the near misses.

It is one or two A4 pages: where more countries are ranked than two pages hold, the rest is counted and stands on
the sheet of all candidates.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from eligibility.pages import agenda, brief, counterfactuals, limited, reckoning
from eligibility.pages.card import LIKELY
from eligibility.pages.facts import Facts
from eligibility.pages.said import say
from eligibility.pages.wording import capital, counted, missing, percent, plain, recorded, spelled
from eligibility.present.as_json import integer
from eligibility.present.spreadsheet import heads
from eligibility.present.workbook import Field, Line, Sheet, headings, tall

NAME = "For the board"
ROOM = 940.0  # points of rows that two pages hold at full size, their repeated headings taken off
FULL = 138.0  # the widest sheet, in digits, that is printed at full size; a wider one is made smaller and holds more
PARTS = 5  # of a score, beside the score of an index
QUALIFY = ("eligible", "conditional", "qualified")


class Said(NamedTuple):
    """A column: its field, what it says of a country of the list, what of a near miss."""

    field: Field
    of: Callable[[str], object]
    near: Callable[[str], object] = lambda _: None


def sheet(facts: Facts) -> Sheet:
    """The sheet of a run."""
    columns, who, shown = _columns(facts), _who(facts), brief.listed(facts)
    fields = [column.field for column in columns]
    above = [
        Line(brief.title(facts).plain, "title"),
        Line(" · ".join(said.plain for said in brief.kicker(facts)), "quiet"),
        Line(" ".join(said.plain for said in brief.lead(facts)), "prose"),
    ]
    near, foot = _near(facts, columns), _foot(facts)
    head = headings(fields)
    used = sum(tall(row, fields) for row in (*above, head, *near, *foot))
    room = ROOM * max(1.0, sum(field.width for field in fields) / FULL) - used
    rows: list = (
        [] if who else [Line("The sheet “All candidates” says of each country what decided.", "prose")]
    )
    for n, c in enumerate(who):
        block = _block(facts, n, shown)
        new = [*([Line(block, "block")] if block else []), [column.of(c) for column in columns]]
        room -= sum(tall(row, fields) for row in new)
        if room < 0:
            left = counted(len(who) - n, "more country is", "more countries are")
            rows.append(Line(f"{capital(left)} on the sheet “All candidates”.", "prose"))
            break
        rows += new
    frozen = 1 + [field.name for field in fields].index(heads.COUNTRY)
    return Sheet(NAME, fields, [*rows, *near, *foot], frozen=frozen, above=above, filters=False)


def _who(facts: Facts) -> list[str]:
    """Those with a place, by place; where nobody has one those who qualify, by name."""
    if facts.criteria.score:
        return [*facts.in_order]
    return [c for c in heads.by_name(facts) if facts.status[c] in QUALIFY]


def _block(facts: Facts, n: int, shown: tuple[str, ...]) -> str:
    """What stands over the n-th country, where a part of the list begins."""
    if not facts.criteria.score:
        return say("who.title").plain if n == 0 else ""
    if facts.criteria.index and not facts.criteria.shortlist:
        return say("rec.title.index").plain if n == 0 else ""
    if not shown:
        return ""
    if n == 0:
        best = f"{spelled(len(shown))} with the highest {'score' if len(shown) == 1 else 'scores'}"
        return f"{say('rec.title').plain}: the {best}"
    return "Also ranked" if n == len(shown) else ""


def _columns(facts: Facts) -> list[Said]:
    """The columns that these criteria give something to say in."""
    own, drawn, size = facts.criteria, facts.error_known, facts.criteria.shortlist
    out = []
    if own.score:
        out.append(Said(Field(heads.PLACE, "whole", 6), lambda c: integer(facts.rank[c])))
    out.append(Said(Field(heads.COUNTRY, "label", 21), facts.names.get, facts.names.get))
    if own.index or not own.score:
        out.append(Said(Field("Region", "prose", 28), facts.regions.get, facts.regions.get))
    if not own.index:
        verdict = lambda c: heads.verdict(facts, c)  # noqa: E731
        out.append(Said(Field("Verdict", "prose", 15), verdict, verdict))
    if own.tracks:
        out.append(Said(Field("Kind of candidate", "prose", 19), lambda c: heads.kinds(facts, c)))
    if own.score:
        out.append(Said(Field(heads.SCORE, "score", 12), lambda c: heads.known(facts.score[c])))
    if drawn and not own.index:
        chance = lambda c: heads.qualifies(facts, c)  # noqa: E731
        out.append(Said(Field(say("chance.qualifies").plain, "percent 0", 11), chance, chance))
    if drawn and own.score and size:
        top = lambda c: heads.chance(facts.p_top[c])  # noqa: E731
        out.append(Said(Field(say("chance.best", n=size).plain, "percent 0", 11), top, top))
    if drawn and own.score:
        out.append(Said(Field("Place, 90% range", "prose", 17), lambda c: _range(facts, c)))
    for pillar in facts.pillars[:PARTS] if own.index else ():
        part = lambda c, id=pillar.id: heads.known(facts.pillar[c].get(id))  # noqa: E731
        out.append(Said(Field(plain(pillar.title), "score", 16), part))
    if not own.index:
        shown, ranked = facts.result.ranking.shortlist, tuple(_who(facts))
        pairs = reckoning.pairs(facts, ranked) | reckoning.pairs(facts, tuple(shown))
        if own.score:
            why = lambda c: capital(pairs[c][0].plain.removeprefix("Because ").removesuffix("."))  # noqa: E731
            out.append(Said(Field("Because", "indent 1", 37), why, lambda c: _short(facts, c)))
        but = lambda c: capital(str(pairs[c][1].facts["what"]))  # noqa: E731
        out.append(Said(Field("But", "indent 1", 37), but, lambda c: agenda.missed(facts, c).plain))
    return out


def _range(facts: Facts, c: str) -> str:
    """The places a country takes in nine of ten simulations in which it is ranked, and in how many that is, if in few."""
    low, high, p = facts.rank_low[c], facts.rank_high[c], facts.p_eligible[c]
    if missing(low) or missing(high):
        return ""
    said = f"{low:.0f} to {high:.0f}" if low != high else f"{low:.0f}"
    rarely = not facts.criteria.index and not missing(p) and p < LIKELY
    return f"{said}; ranked in {percent(p)}" if rarely else said


def _near(facts: Facts, columns: list[Said]) -> list:
    """The near misses, likeliest first, under a heading of their own."""
    if facts.criteria.index or not facts.error_known:
        return []
    near = facts.result.near_misses
    if not near:
        close = ([column.near(c) for column in columns] for c in agenda.nearest(facts))
        return [Line(agenda.none_near(facts).plain, "block"), *close]
    rest = len(near) - agenda.MOST
    more = f"{capital(spelled(rest))} more on the sheet “All candidates”." if rest > 0 else ""
    return [
        Line(agenda.near_title(facts).plain, "block"),
        *([column.near(c) for column in columns] for c in near[: agenda.MOST]),
        *([Line(more, "prose")] if more else []),
    ]


def _short(facts: Facts, c: str) -> str:
    """How little a near miss is short by, where one figure alone would admit it."""
    alone = counterfactuals.rescues(facts, c)
    if not alone or missing(alone[0]["in_sd"]):
        return ""
    return f"Short by {say('near.errors', sd=alone[0]['in_sd']).plain} margins of error"


def _foot(facts: Facts) -> list[Line]:
    """Where the chances come from, and what the board itself recorded."""
    own, size, out = facts.criteria, facts.criteria.shortlist, []
    if own.score:
        said = brief.caption(facts, size).plain
        if facts.error_known:
            said += " Range: the places taken in nine of ten simulations in which the country is ranked."
            said += " Margin of error: one standard error."
        out.append(Line(said, "quiet"))
    elif facts.error_known:
        draws = (
            f"{facts.result.firmness.draws:,} simulations that vary each figure within its margin of error"
        )
        out.append(Line(f"In order of name. Chances: share of {draws}.", "quiet"))
    if made := facts.result.portfolio:
        told = " ".join(said.plain for said in limited.sentences(facts.result, made))
        out.append(Line(f"{say('portfolio.title').plain}: {told}", "prose"))
    for c, entry in facts.result.overrides.items():
        name = facts.names.get(c, c)
        out.append(Line(f"{heads.DECIDED}, beside the verdict: {name}: {recorded(entry)}", "prose"))
    return out
