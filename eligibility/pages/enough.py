"""How the tests of one requirement combine, in words: "enough: the first two together or one of the last three".

Rows of a table stand one below the other, and three missed of five says nothing on its own; the words name rows by
their place. Rules nested deeper than that, and those whose tests are counted, are told in the criteria alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from eligibility.pages.said import Said, say
from eligibility.policy.model import Group, Node, Points

# The path of a test, or "all", "any" or "on" (admits on condition only) before the shapes of its parts; () where no
# words fit.
Shape = str | tuple


def told(rule: Node, rows: Sequence[str]) -> Said | None:
    """What is enough of the rows, the paths of tests; None where every row is needed or no short words tell."""
    shape = _shape(rule, set(rows))
    if isinstance(shape, str) or not shape or [*_tests(shape)] != [*rows]:
        return None
    join, *parts = shape
    if join == "on" or (join == "all" and any(isinstance(part, tuple) and part[0] == "on" for part in parts)):
        return None
    flat = [part[1] if isinstance(part, tuple) and part[0] == "on" else part for part in parts]
    groups = [part for part in flat if isinstance(part, tuple)]
    if any(group[0] == join or any(isinstance(x, tuple) for x in group[1:]) for group in groups):
        return None
    sizes = [1 if isinstance(part, str) else len(part) - 1 for part in flat]
    if flat == parts and max(sizes) == 1:
        return say("enough.each") if join == "any" else None
    on = [part is not plain for part, plain in zip(parts, flat, strict=True)]
    return say(f"enough.{join}", parts=tuple(_named(join, sizes, on)))


def _shape(node: Node, shown: set[str], wanted: bool = True) -> Shape:
    """A rule without its denials: tests, and which of them must hold together."""
    if not isinstance(node, Group):
        return node.path if node.path in shown and not isinstance(node, Points) else ()
    if node.join == "at_least":
        return ()
    below = wanted != (node.join == "none")
    join = "all" if (node.join in ("all", "none")) == wanted else "any"
    parts: list[Shape] = []
    for branch in node.of:
        part = _shape(branch, shown, below)
        on = branch.grants == "conditional"
        if not part or (on and ".none[" in branch.path):
            return ()
        if on:
            part = ("on", part)
        parts += part[1:] if isinstance(part, tuple) and part[0] == join else [part]
    return (join, *parts) if len(parts) > 1 else parts[0]


def _tests(shape: Shape) -> Iterator[str]:
    if isinstance(shape, str):
        yield shape
    else:
        for part in shape[1:]:
            yield from _tests(part)


def _named(join: str, sizes: Sequence[int], on: Sequence[bool]) -> Iterator[Said]:
    """The parts of a rule by the places of their rows; neighbours of one row are told together."""
    done, of, k = 0, sum(sizes), 0
    while k < len(sizes):
        alone = k
        while alone < len(sizes) and sizes[alone] == 1 and not on[alone]:
            alone += 1
        single, n = alone > k, (alone - k if alone > k else sizes[k])
        place = "first" if not done else "last" if done + n == of else "next"
        rows = say(f"rows.{place}", n=n) if n > 1 else say(f"row.{place}")
        either = n > 1 and single == (join == "any")
        named = say("rows.one", rows=rows) if either else say("rows.all", rows=rows) if n > 1 else rows
        yield say("rows.on", rows=named) if on[k] else named
        done, k = done + n, alone if single else k + 1
