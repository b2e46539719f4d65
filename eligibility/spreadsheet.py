"""The ranked list for a spreadsheet: what stands on each sheet of ranking.xlsx.

    read me      what this is, how sure it is, the notes of the run, what the words mean
    results      one row a country: verdicts, probabilities, score, ranks, every figure with its error
    criteria     every rule in words, one row a clause, as in the briefing's annex
    indicators   what each figure is: unit, direction, range, classes, error, source
    sources      publisher, vintage, licence and checksum of every dataset in use

The rows are those of `tables.document`, the words those of the pages; nothing is computed here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from eligibility import tables, walk, workbook
from eligibility.method.evaluate import in_force
from eligibility.pages import annexes, reasons
from eligibility.pages.facts import Facts
from eligibility.pages.reasons import Clause
from eligibility.pages.views import Entry
from eligibility.pages.wording import listed, noted
from eligibility.policy import Component, Dated, Group, Metric, Pillar, Points, Quantity, Score, Test
from eligibility.workbook import Cell, Field, Sheet


def book(facts: Facts, told: dict, proof: Sequence[Entry]) -> bytes:
    """The workbook of a run.

    told    the result's `tables.document`
    proof   how to make the run again, as at the foot of every page
    """
    sheets = (
        _read_me(facts, told, proof),
        _results(facts, told),
        _criteria(facts),
        _indicators(facts),
        _sources(facts),
    )
    return workbook.book(facts.criteria.title, facts.result.as_of, sheets)


def _read_me(facts: Facts, told: dict, proof: Sequence[Entry]) -> Sheet:
    """What a reader must know before the first number, as pairs of what and which."""
    own, firm, status = facts.criteria, facts.result.firmness, told["counts"]
    rows: list[tuple[str, object]] = [
        ("Title", own.title),
        ("Summary", own.summary),
        ("Criteria set", f"{own.id}, version {own.version}"),
        ("Read from", ", ".join(value for _, value in own.source)),
        ("As known on", Cell(facts.result.as_of, "day")),
        ("Countries considered", Cell(status["pool"], "whole")),
        *((f"Countries: {word}", Cell(status[word], "whole")) for word in tables.STATUS),
        ("How sure", annexes.cautions(facts)[0]),
    ]
    if firm.drawn:
        rows += [
            ("Re-runs under measurement error", Cell(firm.draws, "whole")),
            ("Seed of the re-runs", Cell(firm.seed, "whole")),
            ("Half-width of a probability (95%), at most", Cell(firm.half_width, "share")),
        ]
    said = (facts.result.reading, *facts.result.warned, *facts.result.notes, *facts.result.wanted)
    rows += [("Note", note) for note in said]
    if facts.result.overrides:
        rows.append(
            ("Recorded by the board", "Stands beside the verdict and changes no status, score or rank.")
        )
    rows += [
        (f"Note on {facts.names[c]}", noted(note))
        for c in facts.pool
        for note in facts.result.register.about(c)
    ]
    rows += [
        ("Sheet results", _COLUMNS),
        (
            "Sheet criteria",
            "Every rule in words, with threshold, reason and citation, in the order of the file.",
        ),
        ("Sheet indicators", "What each figure is, where it comes from and what it is used for."),
        ("Sheet sources", "Every dataset in use; the checksum is that of its table here."),
        (
            "Other files",
            "ranking.csv has the list alone, result.json every value in full, briefing.html the account.",
        ),
    ]
    rows += [(entry.label, entry.value) for entry in (*proof, *annexes.glossary(facts))]
    fields = (Field("what", "label", 34), Field("which", "prose", 110))
    return Sheet("read me", fields, [(what, which) for what, which in rows if which != ""])


_COLUMNS = (
    "One row a country. p_eligible and p_pass are probabilities under measurement error, from 0 to 1: of being "
    "admitted, of passing a gate; p_qualified that of meeting every requirement, of whatever kind. p_top is that of a place on the shortlist and rank_low to rank_high the likely range "
    "of the rank, under measurement error and whatever else the criteria leave open (the sheet criteria says what). "
    "After each indicator: sd, its standard error, whose kind is on the sheet indicators; the year it describes; and "
    "how it was filled. An empty cell is missing, never zero."
)


_FIRST = ("iso3", "name", "status")
_THEN = (
    "rank",
    "rank_low",
    "rank_high",
    "score",
    "p_eligible",
    "p_qualified",
    "borderline",
    "p_top",
    "peer_group",
    "tracks",
)


def _results(facts: Facts, told: dict) -> Sheet:
    """One row a country: the columns of ranking.csv, why each gate came out as it did, and every figure."""
    gates = facts.criteria.gates
    known = {column.name: column for column in tables.columns(facts.result)}
    known |= {
        f"reason {g.id}": tables.Column(f"reason {g.id}", "text", tables.of_gate(g.id, "reason"))
        for g in gates
    }
    decided = [f"override {key}" for key in tables.OVERRIDE] if facts.result.overrides else []
    by_gate = [f"{what} {gate.id}" for gate in gates for what in ("gate", "p_pass", "reason")]
    pillars = [name for name in known if name.startswith("pillar ")]
    names = (*_FIRST, *decided, *_THEN, *by_gate, *pillars)  # a decision stands beside the verdict
    columns = [*(known[name] for name in names), *_figures(facts)]
    fields = [Field(column.name, column.kind, _width(column)) for column in columns]
    reads = [_day(column.read) if column.kind == "day" else column.read for column in columns]
    return Sheet("results", fields, ([read(row) for read in reads] for row in told["countries"]), frozen=2)


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


def _day(read: Callable[[dict], object]) -> Callable[[dict], date | None]:
    """The same reading, with a day where it is told in ISO's way."""
    return lambda row: (said := read(row)) and date.fromisoformat(said)


_WIDTHS = {"whole": 8, "share": 11, "score": 10, "truth": 11, "day": 12, "text": 16}
_WIDER = {"name": 28, "tracks": 28, "override name": 28, "override reason": 44, "override source": 32}


def _width(column: tables.Column) -> int:
    """How wide a column of results is: numbers narrow, sentences wide."""
    if column.name.startswith("reason "):
        return 44
    return _WIDER.get(column.name) or _WIDTHS.get(column.kind, 12)


_RULES = (
    Field("part", "prose", 30),
    Field("rule", "prose", 70),
    Field("indicator", "text", 30),
    Field("measure", "text", 17),
    Field("over years", "whole", 8),
    Field("operator", "text", 10),
    Field("threshold", "number", 11),
    Field("threshold is", "prose", 24),
    Field("weight", "number", 8),
    Field("most points", "number", 8),
    Field("if missing", "text", 11),
    Field("grants", "text", 12),
    Field("why", "prose", 60),
    Field("cited", "prose", 50),
    Field("path", "text", 44),
)


def _criteria(facts: Facts) -> Sheet:
    """Every clause of the briefing's annex of rules, with the numbers of the node it says."""
    own, rows = facts.criteria, []
    rules = [
        *([] if own.in_force.always else [None]),
        own.pool,
        *(group.rule for group in own.peers),
        *(g.rule for g in (*own.gates, *own.tracks)),
        *(None for _ in walk.left_out(own)),
        *([None] if own.hold else []),
        own.score,
    ]
    for number, block in enumerate(annexes.rules(facts)):
        if block.note or not block.clause:
            rows.append({"part": block.title, "rule": block.note, "cited": block.cites})
        for level, node, clause in _paired(rules[number], block.clause) if block.clause else ():
            told = {"why": clause.basis, "cited": clause.cites, "path": getattr(node, "path", None)}
            rows.append(
                {
                    "part": block.title,
                    "rule": Cell(clause.text, f"indent {level}"),
                    **told,
                    **_numbers(facts, node),
                }
            )
    return Sheet("criteria", _RULES, [[row.get(field.name) for field in _RULES] for row in rows])


Said = Test | Group | Points | Metric | Score | Pillar | Component | None


def _paired(node: Said, clause: Clause, level: int = 1) -> Iterator[tuple[int, Said, Clause]]:
    """Every clause of a rule, how deep it stands, and the node whose words it is; a list of names has no nodes."""
    parts = _parts(node)
    if isinstance(node, Group) and len(parts) == 1 and node.join != "none":
        yield from _paired(parts[0], clause, level)  # a group of one is told as that one
        return
    yield level, node, clause
    for part, below in zip(parts or [None] * len(clause.below), clause.below, strict=True):
        yield from _paired(part, below, level + 1)


def _parts(node: Said) -> Sequence[Said]:
    """What is told below a node."""
    for kind, key in (
        (Group, "of"),
        (Metric, "of"),
        (Points, "metrics"),
        (Score, "pillars"),
        (Pillar, "components"),
    ):
        if isinstance(node, kind):
            return getattr(node, key)
    return ()


def _numbers(facts: Facts, node: Said) -> dict[str, object]:
    """What of a node is no sentence: its quantity, operator, threshold, weight or points."""
    if isinstance(node, Pillar):
        return {"weight": node.weight}
    if isinstance(node, Component):
        return {**_quantity(node.quantity), "weight": node.weight}
    if isinstance(node, Metric):
        inside = _numbers(facts, node.test) if node.test else _quantity(node.quantity)
        return {**inside, "most points": node.worth}
    if isinstance(node, Points):
        least = {"threshold": node.share_at_least, "threshold is": "a share of the points that apply"}
        return {"operator": "at_least", **least, "grants": node.grants}
    if isinstance(node, Test):
        return {
            **_quantity(node.quantity),
            "operator": node.operator,
            "threshold": _threshold(facts, node),
            "threshold is": listed(node.labels, "or") or reasons.origin(node.threshold, facts.result.as_of),
            "if missing": node.missing,
            "grants": node.grants,
        }
    return {"grants": node.grants} if isinstance(node, Group) else {}


def _quantity(quantity: Quantity | None) -> dict[str, object]:
    if quantity is None:
        return {}
    return {
        "indicator": quantity.indicator,
        "measure": quantity.measure,
        "over years": quantity.years or None,
    }


def _threshold(facts: Facts, test: Test) -> float | None:
    """The number a test compares with at the date; None where it has none, or not the same for every country."""
    if isinstance(test.threshold, float | int):
        return test.threshold
    if isinstance(test.threshold, Dated):
        met = {in_force(test.threshold, facts.result.as_of)}
    else:
        met = {needs[test.path] for needs in facts.needs.values() if test.path in needs}
    (number,) = met if len(met) == 1 else (math.nan,)
    return None if math.isnan(number) else number


_INDICATORS = (
    Field("indicator", "text", 32),
    Field("label", "prose", 36),
    Field("unit", "prose", 30),
    Field("better", "text", 8),
    Field("lowest", "number", 9),
    Field("highest", "number", 10),
    Field("classes", "prose", 40),
    Field("source", "text", 20),
    Field("years", "text", 11),
    Field("countries", "text", 12),
    Field("used in", "prose", 44),
    Field("error", "prose", 14),
    Field("error comes from", "prose", 44),
    Field("description", "prose", 80),
)


def _indicators(facts: Facts) -> Sheet:
    """Every indicator of the criteria as its source describes it and this run uses it."""
    rows, assumed = [], dict(facts.criteria.uncertainty.assumed_sd)
    for indicator, used in zip(facts.used, annexes.series(facts), strict=True):
        sheet = facts.sheets[indicator]
        names = sheet.class_names
        classes = "; ".join(
            f"{number} {label}" + (f" ({names[label]})" if label in names else "")
            for number, label in (sheet.classes or {}).items()
        )
        what = indicator, used.name, used.unit, sheet.better, sheet.lo, sheet.hi, classes
        where = used.source, used.years, used.coverage, "; ".join(facts.uses.get(indicator, ()))
        how = "the criteria: sheet criteria, measurement error" if indicator in assumed else sheet.sd_how
        rows.append((*what, *where, used.error, how, sheet.description))
    return Sheet("indicators", _INDICATORS, rows)


_SOURCES = (
    Field("id", "text", 20),
    Field("publisher", "prose", 30),
    Field("title", "prose", 40),
    Field("vintage", "text", 14),
    Field("released", "day", 12),
    Field("after the date", "truth", 10),
    Field("licence", "prose", 20),
    Field("sha256", "text", 66),
    Field("citation", "prose", 70),
    Field("url", "text", 50),
    Field("licence url", "text", 50),
    Field("notes", "prose", 80),
)


def _sources(facts: Facts) -> Sheet:
    """Every dataset in use, by id; `after the date` marks those that hold figures as revised since."""
    revised = {source.id for source in facts.result.cells.revised}
    rows = []
    for s in facts.result.panel.sources:
        which = s.id, s.publisher, s.title, s.vintage, s.released, s.id in revised
        rows.append((*which, s.licence, s.sha256, s.citation, s.url, s.licence_url, " ".join(s.notes)))
    return Sheet("sources", _SOURCES, rows)
