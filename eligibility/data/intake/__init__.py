"""The intake gate: a release freshly compiled, held against what answers for each of its series now, before it is let in.

    admitted(one, shelf, accept, where)   the same release, or a UsageError with one problem a rule that it breaks
    findings(one, shelf)                  what it breaks, in the order of the rules
    stand_ins(held), accepted_notes(...)  what a run must say of what was let in

Every rule compares with a release of the same publisher: the one of the same id that it would replace, and the one
before it. The limits are what the publishers' own releases keep, with room (docs/data.md); a reader's sheet may widen
one for its publisher under `intake: limits:`, and says there which countries a vintage lacks and how a file begins.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from eligibility.data import described, sources
from eligibility.data.catalogue import releases
from eligibility.data.compiled import Compiled
from eligibility.data.intake import alone, beside, missing
from eligibility.data.intake.case import Case
from eligibility.data.intake.rules import LIMITS, RULES, Finding, named, together
from eligibility.data.readers import family_sheet
from eligibility.errors import Problem, UsageError
from eligibility.resources import shipped

__all__ = [
    "LIMITS",
    "RULES",
    "Finding",
    "NotLetIn",
    "accepted_notes",
    "adds",
    "admitted",
    "findings",
    "known",
    "stand_ins",
]


class NotLetIn(UsageError):
    """A release that the gate refuses; what it was read as is said first."""

    def __init__(self, one: Compiled, where: str, problems: Iterable[Problem]):
        years = one.frame.index.get_level_values("year")
        span = f"{years.min()}" if years.min() == years.max() else f"{years.min()} to {years.max()}"
        self.read_as = f"{where}: release: read as {one.id}, figures of {span}, released {one.released.isoformat()}; not let in"
        super().__init__(problems)

    def __str__(self) -> str:
        return f"{self.read_as}\n{super().__str__()}"


def admitted(one: Compiled, shelf: Iterable[sources.Source], accept: Collection[str], where: str) -> Compiled:
    """The release, with what was accepted on its sheet; NotLetIn naming every rule it breaks that is not accepted."""
    if unknown := [rule for rule in accept if rule not in RULES]:
        hint = f"one of {', '.join(RULES)}"
        raise UsageError(
            Problem("--accept", rule, "is no rule of the intake gate", hint=hint) for rule in unknown
        )
    found = findings(one, shelf)
    if broken := [finding for finding in found if finding.rule not in accept]:
        said = "`--accept {}` lets it in, and pages will say so"
        problems = [Problem(where, f.rule, str(f), hint=said.format(f.rule)) for f in broken]
        raise NotLetIn(one, where, problems)
    if not found:
        return one
    told = [{"rule": finding.rule, "found": str(finding)} for finding in found]
    sheet = one.content[sources.SHEET] + described.written({"accepted": told}).encode()
    return replace(one, content={**one.content, sources.SHEET: sheet})


def findings(one: Compiled, shelf: Iterable[sources.Source]) -> list[Finding]:
    """One finding a rule that the release breaks, in the order of RULES."""
    case = Case(one, shelf)
    found: dict[str, list[Finding]] = defaultdict(list)
    for look in (missing.found, alone.found, beside.found):
        for finding in look(case):
            found[finding.rule].append(finding)
    return [together(found[rule]) for rule in RULES if rule in found]


def adds(one: Compiled, shelf: Iterable[sources.Source]) -> list[str]:
    """What the release holds that the ones it is held against do not: years, countries, series; one line each."""
    case = Case(one, shelf)
    lines = []
    if case.extract:
        lines.append(
            f"an extract: of the release's countries only {_some(named(case.lands))}; whole releases go on answering, "
            f"so nothing is hidden, and `--vintage SERIES={one.id}` reads it"
        )
    for source, names in case.references():
        was = case.frame(source)[names].dropna(how="all").index
        now = one.frame[names].dropna(how="all").index
        years, lands = (
            sorted(set(now.get_level_values(level)) - set(was.get_level_values(level)))
            for level in ("year", "iso3")
        )
        told = [f"{len(years)} years ({_some(map(str, years))})"] if years else []
        told += [f"{len(lands)} countries ({_some(named(lands))})"] if lands else []
        fresh = [name for name in one.series if name not in source.series]
        told += [f"{len(fresh)} series ({_some(fresh)})"] if fresh else []
        lines.append(f"adds to {source.id} {', '.join(told)}" if told else f"adds nothing to {source.id}")
    return lines or ["adds what nothing held answers for"]


def _some(words: Iterable[str]) -> str:
    """The first ten words, the rest counted."""
    words = list(words)
    return ", ".join(words[:10]) + (f" and {len(words) - 10} more" if len(words) > 10 else "")


def known(source: sources.Source) -> dict[str, str]:
    """File -> whether it is byte for byte one that is known: the publisher's, or what a shipped source was made of."""
    files = {
        file["sha256"]: "byte for byte the publisher's file"
        for file in family_sheet(source.family).get("intake", {}).get("files", ())
    }
    ours = shipped("datasets").resolve()
    for other in sources.held(ours):
        for file in other.files:
            files.setdefault(
                file["sha256"], f"byte for byte the file the shipped {other.id} was compiled from"
            )
    return {file["name"]: files.get(file["sha256"], "not a file known here") for file in source.files}


def accepted_notes(used: Iterable[sources.Source]) -> list[str]:
    """One note a source that was let in against a rule, in use or hiding one that would be."""
    return [
        f"Let in on request, {source.id}: {'; '.join(': '.join((a['rule'], a['found'])) for a in source.accepted)}."
        for source in used
        if source.accepted
    ]


def stand_ins(held: Mapping[str, sources.Source], hiding: Iterable[sources.Source] = ()) -> list[str]:
    """One note a file of the user's and shipped source that would answer in its place, with for how many series.

    hiding   sources of the user's that hide a shipped one of their id; what that one holds and they do not is said
    """
    ours = shipped("datasets").resolve()
    mine = {series: source for series, source in held.items() if not source.shipped}
    newest = {series: of[-1] for series, of in releases(sources.held(ours) if mine else ()).items()}
    pairs: dict[tuple[str, str], list[str]] = {}
    for series in sorted(mine.keys() & newest.keys()):
        pairs.setdefault((mine[series].id, newest[series].id), []).append(series)
    notes = [
        f"Your file {_files(mine[names[0]])} ({own}) stands in for the shipped {other} for {len(names)} series."
        for (own, other), names in sorted(pairs.items())
    ]
    for source in hiding:
        other = sources.hidden(source)
        theirs = other.series if other else {}
        if lost := [entry.label for name, entry in theirs.items() if name not in source.series]:
            said = f"hides the shipped {source.id}, of which it lacks {len(lost)} series ({_some(lost)})"
            notes.append(f"Your file {_files(source)} ({source.id}) {said}.")
    return notes


def _files(source: sources.Source) -> str:
    return ", ".join(made["name"] for made in source.files) or source.id
