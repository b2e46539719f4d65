"""Why a node came out as it did, and what a rule says in words.

    deciding   the tests that settle a node's verdict, each with whether it was wanted to hold
    words      a rule as a tree of sentences, the way a board member reads it aloud
    needs      one threshold as it stands in a table

A verdict is pass | conditional | fail | unknown. Under `none` everything is wanted the other way round, so `all`
becomes `any` and back; what a test shows as "needs" is then the opposite of what it tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from eligibility.data import countries
from eligibility.pages.wording import capital, inner, listed, missing, number, ordinal, plain, spelled
from eligibility.policy.model import (
    Dated,
    Extreme,
    Group,
    Metric,
    Named,
    Node,
    Points,
    Quantity,
    Reference,
    Test,
    Threshold,
)
from eligibility.policy.operators import COMPARISONS, Comparison

_MISSED = {"fail": "counts as failed if missing", "drop": "is left out if missing"}


@dataclass(frozen=True)
class Leaf:
    """A test (or a count of points) that settles a verdict; `wanted` is False under `none`."""

    node: Test | Points
    wanted: bool
    word: str  # pass | conditional | fail | unknown, for what was wanted


def turned(word: str, wanted: bool) -> str:
    """The verdict for what was wanted, from the verdict of what was tested."""
    return word if wanted else {"pass": "fail", "fail": "pass"}.get(word, word)


def deciding(
    node: Node, word: Mapping[str, str], wanted: bool = True, counted: bool = False
) -> tuple[Leaf, ...]:
    """The leaves that settle `node`: of an `any` that holds the branches that hold, of one that fails all of them.

    counted   of a count that is open all of them, for those that pass and those that fail set its bounds
    """
    verdict = turned(word.get(node.path, "unknown"), wanted)
    assert not isinstance(node, Named)  # which no gate or track can hold
    if not isinstance(node, Group):
        return (Leaf(node, wanted, verdict),)
    below = wanted != (node.join == "none")
    every = (node.join in ("all", "none")) == wanted  # each branch must come out as wanted
    words = [turned(word.get(branch.path, "unknown"), below) for branch in node.of]
    if node.join == "at_least" and counted and verdict == "unknown":
        keep = {"pass", "conditional", "fail", "unknown"}
    elif node.join == "at_least":
        keep = {verdict, "conditional"} if verdict in ("pass", "conditional") else {verdict, "unknown"}
    elif verdict == "unknown":
        keep = {"unknown"}
    elif verdict == "conditional":
        keep = {"pass", "conditional"} if every else {"conditional"}
    elif verdict == "pass":
        keep = {"pass"}
    else:
        keep = {"fail"}
    chosen = [branch for branch, w in zip(node.of, words, strict=True) if w in keep] or list(node.of)
    return tuple(leaf for branch in chosen for leaf in deciding(branch, word, below, counted))


def full_branches(node: Node, word: Mapping[str, str]) -> tuple[Leaf, ...]:
    """What failed or is not held in the branches that would have passed outright, for a node that came out conditional."""
    if not isinstance(node, Group):
        return ()
    if node.join == "any":
        failed = [b for b in node.of if word.get(b.path) in ("fail", "unknown")]
        deeper = [b for b in node.of if word.get(b.path) == "conditional" and b.grants == "pass"]
        return (
            *(x for b in failed for x in deciding(b, word)),
            *(x for b in deeper for x in full_branches(b, word)),
        )
    return tuple(x for b in node.of if word.get(b.path) == "conditional" for x in full_branches(b, word))


def leaves(node: Node) -> tuple[Test | Points, ...]:
    """Every test and count of points below a node, in the order of the file."""
    assert not isinstance(node, Named)
    return tuple(x for branch in node.of for x in leaves(branch)) if isinstance(node, Group) else (node,)


def called(quantity: Quantity, sheets: Mapping) -> str:
    """What a quantity is called.

    level "Electoral democracy"; a change "Electoral democracy, change over 5 years"
    """
    sheet = sheets.get(quantity.indicator)
    label, s = plain(sheet.label) if sheet else quantity.indicator, "s" * (quantity.years != 1)
    return label + {
        "level": "",
        "change_over": f", change over {quantity.years} year{s}",
        "relative_change_over": f", change in percent over {quantity.years} year{s}",
        "gap_closed_over": f", share of the way to its best gone in {quantity.years} year{s}",
        "within_months": f", in the last {quantity.years} month{s}",
        "peak_over": f", {quantity.years}-year peak",
        "change_from_peak": f", change from its {quantity.years}-year peak",
    }.get(quantity.measure, "")


def shown(value: float | None, quantity: Quantity, sheets: Mapping) -> str:
    """A value of a quantity as a page prints it: the class by name, a number with the decimals of its series."""
    sheet = sheets.get(quantity.indicator)
    if quantity.measure == "within_months" and not missing(value):
        return "yes" if value else "no"
    if is_share(quantity) and not missing(value):
        return f"{number(100 * value, 1)}%"
    if getattr(sheet, "classes", None) and quantity.measure == "level" and not missing(value):
        return plain(sheets[quantity.indicator].class_name(value) or number(value, 0))
    return number(value, getattr(sheet, "decimals", 2))


def is_share(quantity: Quantity) -> bool:
    """Whether a quantity is a part of something and not in the unit of its series."""
    return quantity.measure in ("relative_change_over", "gap_closed_over")


def compares(test: Test, wanted: bool = True) -> Comparison:
    """How a value is held against the threshold, turned round under `none`."""
    found = test.compares
    assert found is not None
    return found if wanted else COMPARISONS[found.opposite]


def needs(test: Test, threshold: float | None, sheets: Mapping, wanted: bool = True) -> str:
    """A threshold as it stands in a table: "≥ 0.50", "electoral democracy or above", "one of low income or lower middle income"."""
    sheet = sheets.get(test.quantity.indicator)
    if not test.compares:
        names = listed(_named(test, sheets), "or")
        if len(test.labels) == 1:
            return names if wanted else f"not {names}"
        return f"{'one' if wanted else 'none'} of {names}"
    if test.quantity.measure == "within_months":
        return "yes" if wanted else "no"
    if missing(threshold):  # a quantile of figures that nobody has
        return "unknown"
    classes = getattr(sheet, "classes", None)
    if classes and test.quantity.measure == "level":
        name = plain(sheets[test.quantity.indicator].class_name(threshold) or number(threshold, 0))
        how = compares(test, wanted)
        last = max(classes) if how.up else min(classes)
        # no class is beyond the last
        return name if how.equal and threshold == last else how.of_class.format(name)
    return f"{compares(test, wanted).sign} {shown(threshold, test.quantity, sheets)}"


def _named(test: Test, sheets: Mapping) -> list[str]:
    """The classes a test asks for, in words."""
    sheet = sheets.get(test.quantity.indicator)
    return [plain(label if sheet is None else sheet.class_names.get(label, label)) for label in test.labels]


def margin(test: Test, value: float | None, threshold: float | None, wanted: bool = True) -> float | None:
    """How far on the right side of its threshold a value lies, in native units; negative is short of it."""
    if not test.compares or test.quantity.measure == "within_months" or missing(value) or missing(threshold):
        return None
    ahead = value - threshold if test.compares.up else threshold - value
    return ahead if wanted else -ahead


def origin(threshold: Threshold | tuple, as_of: date | None = None) -> str:
    """Where a threshold comes from if it is not a fixed number: "the pool's 60th percentile"."""
    if isinstance(threshold, Reference):
        whose = "peers" if threshold.among == "peers" else "candidates"
        percentile = f"{ordinal(100 * threshold.quantile)} percentile"
        return f"the {whose}’ {'median' if threshold.quantile == 0.5 else percentile}"
    if isinstance(threshold, Extreme):
        which = "smaller" if threshold.pick == "min_of" else "larger"
        parts = (number(t, 2) if isinstance(t, float) else origin(t, as_of) for t in threshold.of)
        return f"the {which} of {listed(parts)}"
    if isinstance(threshold, Dated):
        entry = threshold.entry(as_of or date.max)
        return "not set at this date" if entry is None or entry[1] is None else f"as set from {entry[0].year}"
    return ""


@dataclass(frozen=True)
class Clause:
    """One node of a rule in words, with why and where from."""

    text: str
    basis: str = ""
    cites: str = ""
    below: tuple[Clause, ...] = ()


def cited(citation) -> str:
    """A citation as a page prints it: place, then the quotation."""
    if citation is None:
        return ""
    quote = f"“{plain(citation.quote)}”" if citation.quote else ""
    return ": ".join(x for x in (plain(citation.where), quote) if x)


def words(node: Node, sheets: Mapping, as_of: date | None = None) -> Clause:
    """A rule as a tree of sentences."""
    grants = " (enough on condition only)" if node.grants == "conditional" else ""
    grants += f" ({node.in_force})" if not node.in_force.always else ""
    notes: dict[str, Any] = {"basis": plain(node.basis), "cites": cited(node.cites)}
    if isinstance(node, Test):
        missed = _MISSED.get(node.missing, "")
        return Clause(f"{_test_words(node, sheets, as_of)}{'; ' + missed if missed else ''}{grants}", **notes)
    if isinstance(node, Named):
        register = countries.register()
        listed_as = tuple(Clause(f"{register.name(iso3)}: {plain(why)}") for iso3, why in node.countries)
        return Clause("The country is one of these", **notes, below=listed_as)
    if isinstance(node, Points):
        text = (
            f"At least {number(100 * node.share_at_least, 0)}% of the points that apply; "
            f"with data on fewer than {spelled(node.metrics_at_least)} of {spelled(len(node.metrics))} it is unknown{grants}"
        )
        return Clause(text, **notes, below=tuple(_metric_words(m, sheets) for m in node.metrics))
    if len(node.of) == 1 and node.join != "none":
        only = words(node.of[0], sheets, as_of)
        return Clause(
            only.text + grants, only.basis or notes["basis"], only.cites or notes["cites"], only.below
        )
    head = {
        "all": "All of these hold",
        "any": "At least one of these holds",
        "none": "None of these holds" if len(node.of) > 1 else "This does not hold",
        "at_least": f"At least {spelled(node.n)} of these {spelled(len(node.of))} hold",
    }[node.join]
    title = f"{plain(node.title)}: {head[0].lower()}{head[1:]}" if node.title else head
    return Clause(title + grants, **notes, below=tuple(words(branch, sheets, as_of) for branch in node.of))


def _test_words(test: Test, sheets: Mapping, as_of: date | None) -> str:
    """A test as a sentence without its full stop."""
    name = called(test.quantity, sheets)
    if not test.compares:
        return f"{name} is {needs(test, None, sheets)}"
    threshold = test.limit
    if test.quantity.measure == "within_months":
        return name
    if isinstance(threshold, Dated):
        _, value = threshold.entry(as_of or date.max) or (None, None)
        limit = f"{shown(value, test.quantity, sheets)} ({origin(threshold, as_of)})"
    elif isinstance(threshold, (Reference, Extreme)):
        limit = origin(threshold, as_of)
        if isinstance(threshold, Reference) and threshold.of is not None and threshold.of != test.quantity:
            limit += f" of {inner(called(threshold.of, sheets))}"
    else:
        limit = shown(threshold, test.quantity, sheets)
    if getattr(sheets.get(test.quantity.indicator), "classes", None):
        if isinstance(threshold, Dated):
            return f"{name} {limit}"
        if not isinstance(threshold, (Reference, Extreme)):
            return f"{name} is {needs(test, threshold, sheets)}"
    return f"{name} {test.compares.said} {limit}"


def _metric_words(metric: Metric, sheets: Mapping) -> Clause:
    """What gives points, and how many at most."""
    title = plain(metric.title) or (
        called(metric.quantity, sheets) if metric.quantity else metric.kind.replace("_", " ")
    )
    return Clause(
        f"{capital(title)}: up to {metric.worth:g} point{'s' * (metric.worth != 1)}",
        basis=plain(metric.basis),
        below=tuple(_metric_words(m, sheets) for m in metric.of),
    )
