"""The whole method on one screen: criteria and figures in, one `Result` out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from eligibility.data import panel, sources
from eligibility.data.readers import expected
from eligibility.errors import DataError, Problem, UsageError
from eligibility.language import criteria as language
from eligibility.language import overrides
from eligibility.method import caveats, firmness, impute, measurement_error, provenance, vintages
from eligibility.method.result import Result
from eligibility.method.rounds import deciding, published
from eligibility.pilots import register as pilots_file
from eligibility.pilots import vehicle
from eligibility.policy import walk
from eligibility.policy.model import Criteria


def run(
    ref: str | Path | Criteria = "peacetime-pilots",
    as_of: date | None = None,
    draws: int | None = None,
    seed: int | None = None,
    settings: tuple[str, ...] = (),
    data: Path | None = None,
    register: Path | None = None,
    reading: panel.Reading = panel.NEWEST,
    figures: panel.Panel | None = None,
    pilots: Path | None = None,
) -> Result:
    """Reads a criteria file and the figures it asks for, and screens.

    ref    the id of a shipped set, a path, or criteria read before
    as_of  the information date; by default the latest release day among the releases read by what decides
    register   a file of the board's own decisions, shown beside the verdicts (overrides.py)
    reading    which releases may be read
    figures    a panel read before, instead of what is held
    pilots     the register of pilots, shown on pages of its own (pilots/register.py)
    """
    decided = overrides.read(register) if register else overrides.NONE
    policy, figures = ready(ref, settings, data, reading, figures)
    policy = policy.drawing(draws, seed)
    day = as_of or vintages.default_day(policy, figures)
    kinds = tuple(kind.id for kind in policy.mechanisms)
    kept = pilots_file.register(pilots, kinds) if pilots else pilots_file.EMPTY
    return replace(judge(policy, figures, day), register=decided, pilots=kept)


def ready(
    ref: str | Path | Criteria,
    settings: tuple[str, ...] = (),
    data: Path | None = None,
    reading: panel.Reading = panel.NEWEST,
    figures: panel.Panel | None = None,
) -> tuple[Criteria, panel.Panel]:
    """The criteria and the figures they ask for, read and not yet judged; what nobody holds is left empty."""
    shelf = vintages.pinned(sources.shelf(data), reading.pins)
    policy = ref if isinstance(ref, Criteria) else criteria_of(ref, shelf, settings)
    if figures is None:
        return policy, held(policy, shelf, reading)
    if lacking := sorted(set(walk.indicators(policy)) - figures.sheets.keys()):
        hint = "load the panel for these criteria"
        raise UsageError(Problem("panel", s, "not among the series of the panel", hint=hint) for s in lacking)
    return policy, figures


def criteria_of(ref: str | Path, shelf: panel.Shelf, settings: tuple[str, ...] = ()) -> Criteria:
    """The criteria of a file or shipped set, held against the series that can be asked for."""
    return language.load(ref, panel.catalogue(shelf), settings)


def held(
    policy: Criteria,
    shelf: panel.Shelf,
    reading: panel.Reading = panel.NEWEST,
    only: tuple[str, ...] = (),
) -> panel.Panel:
    """The figures the criteria ask for, or `only` these of them; what no dataset of the shelf holds is empty, but for pool and peers."""
    # told with kinds of body, used for nothing
    beside = (*vehicle.LISTS, vehicle.AID) if policy.mechanisms else ()
    figures = panel.load(only or walk.indicators(policy), shelf, "unknown", reading, () if only else beside)
    if nobody := set(figures.absent) & set(walk.indicators(policy, "pool", "peers")):
        raise DataError(expected.absences(nobody))  # without them nobody could be considered
    return figures


def judge(policy: Criteria, figures: panel.Panel, as_of: date) -> Result:
    """One screening round, from panel to ranking, with its draws. Every name below is a field of the Result.

    Refused at a date at which the criteria are not in force. With no draw in `policy.uncertainty` on published values alone: no probability is worked out.
    """
    made = published(policy, figures, as_of)
    policy, cells, doubt = made.criteria, made.cells, made.criteria.uncertainty
    weighed = deciding(policy, cells)
    imputed = impute.impute(policy, cells, weighed) if doubt.draws and doubt.imputation else None
    errors = measurement_error.ErrorModel(cells, weighed, doubt, imputed=imputed)
    firm = firmness.stress(
        policy,
        errors,
        made.peers,
        as_of,
        made.points,
        made.ranking.rank,
        made.screening.kinds,
        made.ranking.apart,
    )
    notes = caveats.notes(policy, cells, made.pool, made.screening, imputed, firm, made.gaps, made.hold)
    return Result(
        **vars(made),
        firmness=firm,
        notes=notes,
        provenance=provenance.provenance(policy, made.panel),
        imputed=imputed,
    )
