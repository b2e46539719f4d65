"""One number of a page, as `explain` tells it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from eligibility.errors import Problem, UsageError
from eligibility.language.shape import nearest
from eligibility.pages.wording import missing, number, percent

Read = tuple[str, int]  # series and year of a figure


@dataclass(frozen=True)
class Fact:
    """One number of a country, a run, an audit or a review.

    path    what to ask for
    value   the number as it was worked out, or a word; None where there is none
    shown   as a page prints it
    said    what it is, in words
    reads   the figures of the country that it was worked out from
    """

    path: str
    value: float | str | None
    shown: str
    said: str
    reads: tuple[Read, ...] = ()


def under(found: Mapping[str, Fact], path: str) -> list[Fact]:
    """The fact of a path, or all that lie under it, in their order."""
    if path in found:
        return [found[path]]
    return [fact for name, fact in found.items() if name.startswith((f"{path}.", f"{path}["))]


def found(every: Mapping[str, Fact], path: str, rule: str, hint: str) -> list[Fact]:
    """The facts of a path; without one all. UsageError with that rule where there is none."""
    picked = under(every, path) if path else list(every.values())
    if not picked:
        raise UsageError(Problem("INDICATOR", "path", rule, path, nearest(path, every) or hint))
    return picked


def flat(
    node: object, path: str = "", within: tuple[dict[str, Any], ...] = ()
) -> Iterator[tuple[str, float, tuple]]:
    """Every number of a JSON document with its path and the objects it lies in, the outermost first.

    >>> [(path, x) for path, x, _ in flat({"rows": [{"n": 3, "of": None}]})]
    [('rows[0].n', 3.0)]
    """
    if isinstance(node, dict):
        for key, child in node.items():
            yield from flat(child, f"{path}.{key}" if path else key, (*within, node))
    elif isinstance(node, list):
        for i, child in enumerate(node):
            yield from flat(child, f"{path}[{i}]", within)
    elif isinstance(node, (int, float)) and not isinstance(node, bool):
        yield path, float(node), within


def shown(value: float) -> str:
    """A number of a JSON document in a line."""
    return f"{value:.6g}"


def valued(path: str, value: float | None, shown: str, said: str, reads: tuple[Read, ...] = ()) -> Fact:
    """A number that is shown in a way of its own; one with fixed decimals, and a share, below."""
    return Fact(path, None if missing(value) else float(value), shown, said, reads)


def numbered(path: str, value: float | None, decimals: int, said: str, reads: tuple[Read, ...] = ()) -> Fact:
    return valued(path, value, number(value, decimals), said, reads)


def as_share(path: str, value: float | None, said: str) -> Fact:
    return valued(path, value, percent(value), said)
