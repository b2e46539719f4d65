"""A statistical audit in the terminal and as JSON: findings first, then the numbers behind them."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from eligibility.analysis.soundness import Soundness
from eligibility.method.findings import LIMITS
from eligibility.method.importance import Importance
from eligibility.pages import auditing, deciding, in_text, remarks
from eligibility.pages.facts import Facts
from eligibility.pages.wording import counted, paragraph, plain
from eligibility.present.as_json import written

# The terminal ----------------------------------------------------------------------------------------------


def text(sound: Soundness) -> str:
    """The audit for a terminal, at most 80 columns: the page without the tables behind its findings, then what the list may cost."""
    facts = Facts.of(sound.result)
    own, result, page = facts.criteria, facts.result, auditing.page(facts, sound, ())
    scored = len(facts.components)
    what = f"{counted(scored, 'figure')} in {counted(len(facts.pillars), 'part')}" if scored else "no score"
    about = f"Audit of {plain(own.id)} {plain(own.version)}, as of {result.as_of.isoformat()}: {len(facts.pool)} countries, {what}"
    heads = (result.reading, about, own.changed, f"{page.title}.")
    lines = [line for head in heads for line in paragraph(head)]
    return "\n".join([*lines, "", *in_text.lines(page.sections), *deciding.lines(result)]) + "\n"


# JSON ------------------------------------------------------------------------------------------------------


def json(sound: Soundness) -> str:
    """Every number of the audit: the same audit gives the same bytes."""
    facts = Facts.of(sound.result)
    made, own, inside = sound.audit, facts.criteria, {pillar.id: pillar for pillar in facts.pillars}
    told = {
        "criteria": {"id": own.id, "version": own.version, "sha256": own.sha256, "settings": list(own.settings)},
        "as_of": facts.result.as_of.isoformat(),
        "sources": [{"id": s.id, "sha256": s.sha256} for s in facts.result.panel.sources],
        "countries": len(facts.pool),
        "scored": len(facts.components),
        "reading": facts.result.reading,
        "notes": list(facts.result.differ()),
        "findings": [
            {"kind": f.kind, "level": f.level, "subject": f.subject, "other": f.other or None,
             "value": _plain(f.value), "low": _plain(f.low), "high": _plain(f.high), "limit": _plain(LIMITS[f.limit].value),
             "limit_says": LIMITS[f.limit].said or None, "limit_source": LIMITS[f.limit].source, "n": f.n,
             "sentence": remarks.sentence(facts, sound, f).plain}
            for f in sound.findings
        ],
        "ranked": made.ranked,
        "countries_of_the_statistics": list(made.base),
        "coverage": _rows(made.coverage),
        "coverage_by_group": _rows(made.by_group),
        "tests": _rows(made.tests),
        "pillars": {id_: {"indicators": len(inside[id_].components), **row} for id_, row in _rows(made.pillar).items()},
        "indicators": _rows(made.shape),
        "rest_of_pillar": _rows(made.rest),
        "correlation": _rows(made.correlation),
        "correlation_with_pillars": _rows(made.to_pillar),
        "correlation_with_score": _rows(made.to_index),
        "indicators_with_score": {path: _plain(r) for path, r in sound.with_score.items()},
        "alpha_of_pillars": _plain(made.alpha),
        "copeland": {"wins": _series(made.copeland), "agreement": _plain(made.agreement)},
        "importance": {"pillars": _importance(made.by_pillar), "indicators": _importance(made.by_indicator),
                       "pillars_of_all": _importance(made.pool_pillar), "indicators_of_all": _importance(made.pool_indicator)},
        "left_out": _records(made.left_out),
        "decides": _of_decides(facts),
        "favoured": None if facts.result.favoured is None else _rows(facts.result.favoured),
        "acceptability": _acceptability(facts),
        "rank_sets": _rank_sets(facts),
        "winning": None if facts.result.firmness.sample is None else _rows(facts.result.firmness.sample.winning),
        "misclassified": _series(facts.result.misclassified) if facts.error_known else None,
        "stability": None if sound.stability is None else {
            "pillars": _series(sound.stability.pillars), "indicators": _series(sound.stability.indicators),
            "one_weight": _records(sound.stability.one), "all_weights": [
                {**row, "points": _plain(remarks.POINTS * row["change"] / 2)} for row in _records(sound.stability.all)
            ],
        },
        "assumptions": None if sound.assumptions is None else {
            "outcomes": _records(sound.assumptions.table), "flat": _records(sound.assumptions.flat),
        },
        "decision": deciding.document(facts.result),
        "curve": None if sound.curve is None else _of_curve(sound, facts),
    }  # fmt: skip
    return written(told)


def _importance(made: Importance | None) -> dict | None:
    """Stated weights and main effects."""
    if made is None:
        return None
    return {
        "parts": _rows(made.table), "gap": _plain(made.gap), "gap_low": _plain(made.gap_low), "gap_high": _plain(made.gap_high),
        "countries": made.n, "needed_for_logarithms": made.logged, "attainable": made.attainable,
    }  # fmt: skip


def _of_decides(facts: Facts) -> dict | None:
    """Which doubt decides, for the shift of ranks and for each country's place on the shortlist."""
    found = facts.result.decides
    if found is None:
        return None
    return {
        "runs": found.runs, "mean_shift": _plain(found.mean_shift), "ranks": _rows(found.shift),
        "shortlist": {"first": _rows(found.first), "total": _rows(found.total),
                      "total_low": _rows(found.total_low), "total_high": _rows(found.total_high)},
    }  # fmt: skip


def _acceptability(facts: Facts) -> dict | None:
    """iso3 -> rank -> share of all draws in which the country holds it, for those that ever hold one."""
    if not facts.error_known:
        return None
    firm = facts.result.firmness
    return {
        iso3: {str(rank): _plain(times / firm.draws) for rank, times in row.items() if times}
        for iso3, row in firm.places.counts.to_dict("index").items()
        if any(row.values())
    }


def _rank_sets(facts: Facts) -> dict | None:
    """iso3 -> the ranks that hold for all ranked at once, nine tenths sure, and who cannot be told from it."""
    sample = facts.result.firmness.sample
    if sample is None:
        return None
    return {
        iso3: {**{end: int(row[end]) for end in ("low", "high")}, "tied_with": list(sample.tied[iso3])}
        for iso3, row in sample.sets.to_dict("index").items()
    }


def _of_curve(sound: Soundness, facts: Facts) -> dict:
    """The specification curve."""
    own = sound.curve
    assert own is not None
    written, low, middle, high = own.admitted
    return {
        "as_of": own.as_of.isoformat(),
        "names": [{"iso3": c.country, "expect": {k: list(v) for k, v in c.expect}} for c in own.names],
        "readings": own.readings, "right": list(own.right), "right_as_written": own.written, "named": len(own.names),
        "all_right": own.right[-1], "share": _plain(own.share), "right_share": [_plain(n / own.readings) for n in own.right],
        "worst": _plain(1 - own.by_name.min()), "by_name": _series(own.by_name),
        "by_option": _records(own.by_option), "countries": own.pool,
        "admitted": {"as_written": written, "least": low, "middle": middle, "most": high},
        "patterns": own.patterns, "other_sets": own.others, "chance": _plain(own.chance),
        "once_in": round(1 / own.chance) if own.chance > 0 else None,
        "shortlisted": _series(own.listed[own.listed > 0]), "kept": _plain(own.kept),
        "kept_of": min(own.shortlist, own.admitted[0]),
        "sentences": [said.plain for said in remarks.readings(facts, own)],
    }  # fmt: skip


def _rows(frame: pd.DataFrame) -> dict:
    return {
        str(key): {str(k): _plain(v) for k, v in row.items()} for key, row in frame.to_dict("index").items()
    }


def _records(frame: pd.DataFrame) -> list[dict]:
    return [{str(k): _plain(v) for k, v in row.items()} for row in frame.to_dict("records")]


def _series(values: pd.Series) -> dict:
    return {str(key): _plain(value) for key, value in values.items()}


def _plain(value: object) -> object:
    """A number, word or tuple as JSON has it; NaN as null."""
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return round(value, 12) if math.isfinite(value) else None
    return value
