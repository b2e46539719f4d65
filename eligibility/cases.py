"""The tests written inside a criteria file: a country, a date, and what should come out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from eligibility import walk
from eligibility.policy import Case
from eligibility.run import Result, run


@dataclass(frozen=True)
class Outcome:
    """What one case asked for and got. `failures` is empty when it holds; `lacking` names the series it waits for."""

    case: Case
    failures: tuple[str, ...]
    lacking: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return not self.failures and not self.lacking


def cases(ref: str, data: Path | None = None) -> list[Outcome]:
    """The outcome of every case of a criteria file, one run a date."""
    first = run(ref, draws=1, data=data)
    runs: dict = {}
    for case in first.criteria.cases:
        if case.as_of not in runs:
            runs[case.as_of] = run(ref, case.as_of, draws=1, data=data)
    return [judge(case, runs[case.as_of]) for case in first.criteria.cases]


def judge(case: Case, result: Result) -> Outcome:
    """Holds one case against a result of its date."""
    if case.country not in result.screening.status.index:
        return Outcome(case, (f"{case.country} is not in the pool at {case.as_of}",))
    failures = []
    for key, wanted in case.expect:
        got = _got(key, case.country, result)
        missing = [w for w in wanted if w not in got] if key in ("track", "not_track") else []
        if key == "track" and missing:
            failures.append(f"track: expected {_list(wanted)}, got {_list(got) or 'none'}")
        elif key == "not_track" and len(missing) < len(wanted):
            failures.append(f"not_track: expected not {_list(wanted)}, got {_list(got)}")
        elif key not in ("track", "not_track") and got[0] not in wanted:
            failures.append(f"{key}: expected {' or '.join(wanted)}, got {got[0]}")
    lacking = _lacking(case, result) if failures else ()
    return Outcome(case, () if lacking else tuple(failures), lacking)


def _lacking(case: Case, result: Result) -> tuple[str, ...]:
    """The series that no dataset holds and without which what the case asks for is unknown."""
    absent, criteria = result.cells.absent, result.criteria
    words = {key: _got(key, case.country, result) for key, _ in case.expect if key.startswith("gate:")}
    unknown = {key.removeprefix("gate:") for key, got in words.items() if got == ("unknown",)}
    if result.screening.status[case.country] == "insufficient-data":
        asked = {key for key, _ in case.expect}
        unknown |= {g.id for g in (*criteria.gates, *criteria.tracks)} if asked - set(words) else set()
    uses = (
        use for use in walk.quantities(criteria) if use.role in ("gate", "track") and use.owner in unknown
    )
    return tuple(dict.fromkeys(use.quantity.indicator for use in uses if use.quantity.indicator in absent))


def _got(key: str, iso3: str, result: Result) -> tuple[str, ...]:
    screening = result.screening
    if key == "status":
        return (screening.status[iso3],)
    if key in ("track", "not_track"):
        return tuple(t for t, word in screening.track.loc[iso3].items() if word in ("pass", "conditional"))
    return (screening.gate.at[iso3, key.removeprefix("gate:")],)


def _list(words: Iterable[str]) -> str:
    return ", ".join(words)
