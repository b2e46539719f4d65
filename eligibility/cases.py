"""The tests written inside a criteria file: a country, a date, and what should come out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from eligibility.policy import Case
from eligibility.run import Result, run


@dataclass(frozen=True)
class Outcome:
    """What one case asked for and got. `failures` is empty when it holds."""

    case: Case
    failures: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.failures


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
    return Outcome(case, tuple(failures))


def _got(key: str, iso3: str, result: Result) -> tuple[str, ...]:
    screening = result.screening
    if key == "status":
        return (screening.status[iso3],)
    if key in ("track", "not_track"):
        return tuple(t for t, word in screening.track.loc[iso3].items() if word in ("pass", "conditional"))
    return (screening.gate.at[iso3, key.removeprefix("gate:")],)


def _list(words: Iterable[str]) -> str:
    return ", ".join(words)
