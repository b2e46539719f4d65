"""A table as a page prints it, and what a cell of it may say: each function gives a check of the printed text."""

from __future__ import annotations

import calendar
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from prose import Piece
from reading import is_number, is_share
from truth import SHARES, Truth

from eligibility.policy import walk
from eligibility.policy.model import Quantity

Says = Callable[[str], bool]
Line = dict[str, Says]
USES = {
    "pool": "pool", "peers": "peer groups", "gate": "gate", "track": "track", "hold": "hold", "score": "score",
    "mechanism": "kind of body", "axis": "beside the score", "helper": "imputation",
}  # fmt: skip


@dataclass(frozen=True)
class Table:
    """One table: where it stands, its headings, and its lines as heading -> text, "" for an empty cell."""

    id: str
    head: tuple[str, ...]
    lines: tuple[dict[str, str], ...]


def tables(texts: Iterable[Piece]) -> list[Table]:
    """The tables of a page in their order."""
    out: list[tuple[str, list[dict[int, str]]]] = []
    before = -1
    for piece in texts:
        if not piece.cell:
            before = -1 if piece.tag in ("h2", "h3", "caption") else before
            continue
        if not out or out[-1][0] != piece.within or (before == -1 and piece.column == 0):
            out.append((piece.within, []))
            before = 99
        if piece.column <= before:
            out[-1][1].append({})
        out[-1][1][-1][piece.column] = piece.text
        before = piece.column
    return [_table(id, rows) for id, rows in out]


def _table(id: str, rows: list[dict[int, str]]) -> Table:
    head, blank = rows[0], dict.fromkeys(rows[0].values(), "")
    lines = tuple({**blank, **{head.get(k, f"?{k}"): x for k, x in r.items()}} for r in rows[1:])
    return Table(id, tuple(blank), lines)


# What a cell must say --------------------------------------------------------------------------------------


def word(expected: str) -> Says:
    return lambda text: text == expected


def num(x: float, decimals: int) -> Says:
    """The number with just so many decimals; "no data" for none."""
    return lambda s: is_number(s, x) and (s == "no data" or len(s.partition(".")[2]) == decimals)


def share(p: float, none: str = "–") -> Says:
    return lambda s: s == none if math.isnan(p) else is_share(s, p)


def span(low: float, high: float) -> Says:
    if math.isnan(low) or math.isnan(high):
        return word("")
    return word(f"{low:.0f}" if low == high else f"{low:.0f}–{high:.0f}")


def year(t: Truth, c: str, i: str) -> Says:
    y = t.result.cells.year[i][c]
    return word("" if math.isnan(t.values[i][c]) else f"{y:.0f}")


def origin(t: Truth, i: str) -> Says:
    held = t.result.panel.held
    return word(held[i].id if i in held else "not held")


def value(t: Truth, quantity: Quantity, x: float, more: str = "") -> Says:
    """A figure as its series is printed: a class by name, a number with its decimals."""
    sheet = t.sheets[quantity.indicator]
    if quantity.measure in SHARES and not math.isnan(x):
        return lambda s: s.endswith(f"%{more}") and num(100 * x, 1)(s.removesuffix(f"%{more}"))
    if sheet.classes and quantity.measure == "level" and not math.isnan(x):
        return word(t.class_of(quantity.indicator, x) + more)
    return lambda s: s.endswith(more) and num(x, sheet.decimals)(s.removesuffix(more))


def status(t: Truth, c: str, i: str) -> Says | None:
    """What a dated list says of a country, held against its rows; None for a series that is no status."""
    listed = t.result.panel.dated.get(i)
    if listed is None or listed.rule.kind != "status":
        return None
    today, rule, x = t.result.as_of, listed.rule, t.values[i][c]
    rows = [e for e in listed.events if e.iso3 == c and e.event in (*rule.begins, *rule.ends)]
    past = sorted(
        (_ends(e.date), e.event in rule.begins, e.date) for e in rows if _ends(e.date) <= today.isoformat()
    )
    open_now = any(
        e.date <= today.isoformat()[: len(e.date)] and _ends(e.date) > today.isoformat() for e in rows
    )
    goes = max([_ends(rule.as_of), *(_ends(e.date) for e in rows)])
    older = f" (list to {_when(rule.as_of)})" if goes < today.isoformat() else ""
    if math.isnan(x):  # never where a certain row says that it is in
        return lambda s: s.startswith("unknown: ") and (open_now or not past or not past[-1][1])
    kind = t.class_of(i, x)
    if not past:  # a no before the first row, or where a missing row is one
        first = min((e.date for e in rows), default="")
        sure = bool(first) or (rule.complete_to is not None and today <= rule.complete_to)
        return lambda s: (
            x == 0 and sure and not rule.found and s == f"{kind} on {_when(today.isoformat())}{older}"
        )
    run = [day for k, (_, held, day) in enumerate(past) if k == 0 or held != past[k - 1][1]]
    return lambda s: past[-1][1] == bool(x) and s == f"{kind} since {_when(run[-1])}{older}"


def _ends(text: str) -> str:
    """The last day a date as written may mean."""
    year, month, day = (*text.split("-"), "", "")[:3]
    last = calendar.monthrange(int(year), int(month or 12))[1]
    return f"{year}-{month or '12'}-{day or last}"


def _when(text: str) -> str:
    parts = [int(part) for part in text.split("-")]
    return " ".join([*map(str, parts[2:]), *(calendar.month_name[m] for m in parts[1:2]), str(parts[0])])


def uses(t: Truth, i: str) -> Says:
    roles = dict.fromkeys(USES[u.role] for u in walk.quantities(t.criteria) if u.quantity.indicator == i)
    return word(", ".join(roles))


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def holds(says: Says, text: str) -> bool:
    """Whether a cell is so; what cannot be read is not."""
    try:
        return bool(says(text))
    except (AssertionError, KeyError, ValueError, IndexError, TypeError, AttributeError):
        return False
