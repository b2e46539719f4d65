"""A statistical audit in the terminal and as JSON: findings first, then the numbers behind them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from eligibility.analysis.soundness import Soundness
from eligibility.method.choices import OPEN
from eligibility.method.decides import ERROR, IMPUTED
from eligibility.method.findings import LIMITS
from eligibility.method.importance import Importance
from eligibility.pages import deciding, remarks
from eligibility.pages.facts import Facts
from eligibility.pages.glossary import explained
from eligibility.pages.remarks import POINTS, called
from eligibility.pages.wording import capital, counted, missing, number, paragraph, percent, plain
from eligibility.present.as_json import written
from eligibility.terminal import WIDTH, fitted

MOST = 8  # rows of the table of changes
WORDS = {ERROR: "measurement error", IMPUTED: "what stands in the gaps", **OPEN}  # what was simulated
SIGNS = {"red": "!!", "missing": "? ", "amber": "! ", "info": "- "}
HEADS = {
    "red": "Against the sense of the criteria",
    "missing": "Not held",
    "amber": "To look at",
    "info": "To know",
}


# The terminal ----------------------------------------------------------------------------------------------


def text(sound: Soundness) -> str:
    """The audit for a terminal: at most 80 columns."""
    facts = Facts.of(sound.result)
    own, result = facts.criteria, facts.result
    scored = sum(len(p.components) for p in facts.pillars)
    what = f"{counted(scored, 'figure')} in {counted(len(facts.pillars), 'part')}" if scored else "no score"
    lines = [
        *paragraph(plain(result.reading)),
        *paragraph(
            f"Audit of {plain(own.id)} {plain(own.version)}, as of {result.as_of.isoformat()}: "
            f"{len(facts.pool)} countries, {what}"
        ),
        *paragraph(plain(own.changed)),
        *(line for said in result.warned for line in paragraph(said)),
        *paragraph(f"{remarks.headline(sound, facts)}."),
    ]
    for level, head in HEADS.items():
        found = [f for f in sound.findings if f.level == level]
        if found:
            lines += ["", head]
        for each in found:
            limit = remarks.against(each)
            said = f"{remarks.sentence(facts, sound, each)}" + (f" [{limit}]" if limit else "")
            lines += paragraph(f"{SIGNS[level]} {said}", "  ", "     ")
    for made in (sound.audit.by_pillar, sound.audit.by_indicator):
        lines += _weights(facts, sound, made)
    lines += _decides(facts)
    lines += deciding.lines(facts.result)
    lines += _assumed(facts, sound)
    lines += _edge(facts, sound)
    lines += _curve(facts, sound)
    return "\n".join(lines) + "\n"


def _weights(facts: Facts, sound: Soundness, made: Importance | None) -> Iterator[str]:
    """What each part weighs and what it does."""
    if made is None or len(made.table) < 2:
        return
    table = made.table
    needed = ("Needed",) if table["needed"].notna().all() else ()
    yield ""
    yield (
        f"{'weighs and does':<30} {'weight':>7} {'share':>6} {'90%':>8} {'alone':>6} {'unique':>7}"
        + "  needed" * len(needed)
    )
    for key, row in table.iterrows():
        ends = f"{POINTS * row['share_low']:.0f}-{POINTS * row['share_high']:.0f}%"
        line = f"{fitted(called(facts, key), 30)} {_percent(row['weight']):>7} {_percent(row['share']):>6} {ends:>8}"
        line += f" {row['effect']:>6.2f} {_unique(row['unique']):>7}"
        yield line + (f" {_percent(row['needed']):>7}" if needed else "")
    who = f"Of the {made.n} {'ranked countries' if made.n == sound.audit.ranked else 'countries considered'} with every figure. "
    logs = " Needed is reckoned on the parts' logarithms." if needed and made.logged else ""
    yield from paragraph(who + explained("Share", "Alone", "Unique", *needed) + logs)


def _unique(share: float) -> str:
    return "-" if missing(share) else f"{share:.4f}" if share < 0.01 else f"{share:.2f}"


def _decides(facts: Facts) -> Iterator[str]:
    """Which doubt moves the ranks."""
    found = facts.result.decides
    if found is None or len(found.shift) < 2:
        return
    yield ""
    yield f"{'moves the ranks':<38} {'alone':>7} {'90%':>9} {'in all':>7} {'90%':>9}"
    for key, row in found.shift.sort_values("total", ascending=False, kind="stable").iterrows():
        spans = (
            f"{_percent_from(row[f'{n}_low'])}-{_percent_from(row[f'{n}_high'])}%" for n in ("first", "total")
        )
        first, total = next(spans), next(spans)
        yield (
            f"{capital(WORDS[key])[:38]:<38} {_percent(_bounded(row['first'])):>7} {first:>9} "
            f"{_percent(_bounded(row['total'])):>7} {total:>9}"
        )
    yield from paragraph(
        f"Shares of the variance of the mean shift of ranks ({number(found.mean_shift, 1)} places), by {found.runs:,} runs: what "
        "each accounts for alone, and alone or together with others. 90% of it by drawing the runs again."
    )


def _percent_from(share: float) -> str:
    return f"{POINTS * _bounded(share):.0f}"


def _assumed(facts: Facts, sound: Soundness) -> Iterator[str]:
    """The outcome under other assumptions on measurement error, and how often error alone passes a test of a fall."""
    made = sound.assumptions
    if made is None:
        return
    yield ""
    yield f"{'measurement error':<30} {'surely':>6} {'other':>5} {'place':>5} {'range':>6}  moves most"
    for row in remarks.assumed(facts, made):
        yield f"{row.name[:30]:<30} {row.firm:>6} {row.open:>5} {row.sure:>5} {row.width:>6}  {row.most}"[
            :WIDTH
        ].rstrip()
    for said in remarks.assumed_notes(made):
        yield from paragraph(said.plain)
    for what, chance in remarks.flat(facts, made):
        yield from paragraph(f"- {what}: {chance}", "", "  ")


def _edge(facts: Facts, sound: Soundness) -> Iterator[str]:
    """What changes of weights alter the shortlist."""
    told = remarks.edge(facts, sound)
    if not told:
        return
    yield ""
    for said in told:
        yield from paragraph(said.plain)
    made = sound.stability
    assert made is not None
    rows = made.between_pillars.head(MOST)
    if rows.empty:
        return
    yield ""
    yield f"{'country':<22} {'now':<4} {'points':>6}  one part alone"
    for row in rows.to_dict("records"):
        name, inside = facts.names[row["iso3"]], "in" if row["becomes"] == "out" else "out"
        yield f"{name[:22]:<22} {inside:<4} {POINTS * row['change'] / 2:>6.1f}  {_one(facts, sound, row['iso3'])}"[
            :WIDTH
        ].rstrip()
    yield from paragraph(
        "Points: how many of 100 points of weight must move between parts, at the least. One part alone: its weight now and "
        "then, the others keeping their proportions."
    )


def _one(facts: Facts, sound: Soundness, iso3: str) -> str:
    """The smallest change of one pillar's weight that alters one country's place."""
    assert sound.stability is not None
    rows = sound.stability.one[sound.stability.one["iso3"] == iso3]
    if rows.empty:
        return "none does"
    row = rows.loc[rows["change"].abs().idxmin()]
    return f"{called(facts, row['weight'])} {POINTS * row['from']:.1f} -> {POINTS * row['to']:.1f}"


def _curve(facts: Facts, sound: Soundness) -> Iterator[str]:
    """The specification curve."""
    if sound.curve is None:
        return
    yield ""
    for said in remarks.readings(facts, sound.curve):
        yield from paragraph(said.plain)
    yield ""
    n = len(sound.curve.names)
    yield f"{'names right':<12} {'readings':>9} {'share':>6}"
    for k in reversed(range(n + 1)):
        if count := sound.curve.right[k]:
            yield f"{f'{k} of {n}':<12} {count:>9,} {percent(count / sound.curve.readings):>6}"


def _bounded(share: float) -> float:
    """A share estimated from simulations, which chance may put a little outside 0 to 1."""
    return float(np.clip(share, 0.0, 1.0))


def _percent(share: float) -> str:
    return "-" if missing(share) else f"{number(POINTS * share, 0)}%"


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
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return None if np.isnan(value) or np.isinf(value) else round(float(value), 12)
    return value
