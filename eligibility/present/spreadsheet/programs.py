"""The last sheets, for programs: the rows of result.json by its names, and what each column holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from eligibility.pages.facts import Facts
from eligibility.pages.wording import percent, plain
from eligibility.present import tables
from eligibility.present.spreadsheet import heads
from eligibility.present.workbook import Field, Sheet

_FIRST = ("iso3", "name", "status")
_THEN = (
    "rank",
    "rank_low",
    "rank_high",
    "score",
    "p_eligible",
    "p_qualified",
    "p_eligible_most",
    "borderline",
    "p_top",
    "peer_group",
    "tracks",
)
_WIDTHS = {"whole": 8, "share": 11, "score": 10, "truth": 11, "day": 12, "text": 16}
_WIDER = {"name": 28, "tracks": 28, "override name": 28, "override reason": 44, "override source": 32}
_SAYS = {
    "iso3": "ISO 3166 code of the country",
    "name": "Country",
    "status": "Verdict",
    "rank": "Place",
    "rank_low": "Place, 90% range from",
    "rank_high": "Place, 90% range to",
    "score": heads.SCORE,
    "p_eligible": "Chance it qualifies, 0 to 1",
    "p_eligible_most": "The most that chance could be, were every figure held, 0 to 1",
    "p_qualified": "Chance it meets every requirement, of whatever kind, 0 to 1",
    "borderline": "Whether that chance lies between {} and {}",
    "p_top": "Chance it is among the best, 0 to 1",
    "peer_group": "Comparison group",
    "tracks": "Kinds of candidate it is",
    "gate": "Result",
    "p_pass": "Chance it is met, 0 to 1",
    "reason": "Figures that decide",
    "pillar": "This part of the score, 0 to 1",
    "override": heads.DECIDED,
    "imputed": "Figures estimated in the simulations",
    "value": "Value",
    "sd": "Margin of error (one standard error)",
    "year": "Year it describes",
    "filled": "How it was filled, where it was",
}


def data(facts: Facts, told: Mapping[str, Any]) -> Sheet:
    """One row a country: the columns of ranking.csv, why each gate came out as it did, and every figure."""
    columns = _columns(facts)
    fields = [Field(column.name, column.kind, _width(column)) for column in columns]
    reads = [_day(column.read) if column.kind == "day" else column.read for column in columns]
    rows = ([read(row) for read in reads] for row in told["countries"])
    printed = sum(1 for column in columns if column.name in (*_FIRST, *_THEN))
    return Sheet("data", fields, rows, frozen=2, printed=printed)


def columns(facts: Facts) -> Sheet:
    """What each column of the sheet `data` holds, in words."""
    own = facts.criteria
    titles = {g.id: plain(g.title) for g in (*own.gates, *facts.pillars)}
    edges = percent(own.uncertainty.borderline), percent(1 - own.uncertainty.borderline)
    rows = []
    for column in _columns(facts):
        first, _, second = column.name.partition(" ")
        if first in facts.sheets:
            rows.append((column.name, _SAYS[second or "value"], heads.figure(facts, first)))
        else:
            about = titles.get(second, second) if second else ""
            rows.append((column.name, _SAYS[first].format(*edges), about))
    fields = (Field("Column", "text", 44), Field("Holds", "prose", 48), Field("Of", "prose", 48))
    return Sheet("data columns", fields, rows, 1)


def _columns(facts: Facts) -> list[tables.Column]:
    gates = facts.criteria.gates
    known = {column.name: column for column in tables.columns(facts.result)}
    known |= {
        f"reason {g.id}": tables.Column(f"reason {g.id}", "text", tables.of_gate(g.id, "reason"))
        for g in gates
    }
    decided = [f"override {key}" for key in tables.OVERRIDE] if facts.result.overrides else []
    by_gate = [f"{what} {gate.id}" for gate in gates for what in ("gate", "p_pass", "reason")]
    pillars = [name for name in known if name.startswith("pillar ")]
    gaps = [name for name in known if name == "imputed"]
    names = (*_FIRST, *decided, *_THEN, *by_gate, *pillars, *gaps)  # a decision stands beside the verdict
    return [*(known[name] for name in names), *_figures(facts)]


def _figures(facts: Facts) -> Iterator[tables.Column]:
    """The columns of every indicator, in the order of the criteria file."""

    def column(indicator: str, key: str, kind: str) -> tables.Column:
        name = indicator if key == "value" else f"{indicator} {key}"
        return tables.Column(name, kind, lambda row: row["values"][indicator][key])

    for indicator in facts.used:
        decimals = max(facts.sheets[indicator].decimals, 0)
        yield column(indicator, "value", f"figure {decimals}")
        yield column(indicator, "sd", f"figure {decimals + 1}")
        yield column(indicator, "year", "whole")
        yield column(indicator, "filled", "text")


def _day(read: Callable[[Mapping[str, Any]], object]) -> Callable[[Mapping[str, Any]], date | None]:
    """The same reading, with a day where it is told in ISO's way."""
    return lambda row: date.fromisoformat(str(said)) if (said := read(row)) else None


def _width(column: tables.Column) -> int:
    """How wide a column is: numbers narrow, sentences wide."""
    if column.name.startswith("reason "):
        return 44
    return _WIDER.get(column.name) or _WIDTHS.get(column.kind, 12)
