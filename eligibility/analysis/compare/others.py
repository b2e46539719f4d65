"""Other criteria sets judged at the date of a run, for pages that tell what they would say of the same countries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from eligibility.errors import Problem, UsageError
from eligibility.method import run
from eligibility.method.result import Result

OPTION = "--also"


def judged(result: Result, refs: Sequence[str], data: Path | None = None) -> tuple[Result, ...]:
    """Each set of `refs` (ids or paths) judged at the date of the run, with its own draws and seed.

    Raises what `run.run` raises for a set that cannot be judged, and UsageError for one named twice or the run's own.
    """
    out: list[Result] = []
    for ref in refs:
        try:
            one = run.run(ref, result.as_of, data=data, reading=result.panel.reading)
        except UsageError as refused:  # says "--as-of" and not whose
            raise UsageError(replace(p, where=f"{OPTION} {ref}") for p in refused.problems) from None
        if one.criteria.sha256 in {r.criteria.sha256 for r in (result, *out)}:
            hint = "name each other set once; what `--set` changes is compared by `eligibility diff`"
            raise UsageError(
                Problem(OPTION, "criteria", "must be another set than the run's own and the rest", ref, hint)
            )
        out.append(one)
    return tuple(out)


def record(result: Result) -> dict[str, Any]:
    """What a manifest says of another set: enough to judge it again."""
    own = result.criteria
    return {
        "criteria": {"id": own.id, "version": own.version, "sha256": own.sha256},
        "sources": [{"id": s["id"], "sha256": s["sha256"]} for s in result.provenance["sources"]],
    }
