"""The result as a terminal table, as the contract's JSON and as CSV. Nothing is computed here."""

from __future__ import annotations

import csv as _csv
import io
import json as _json
import math
import textwrap

from eligibility import countries, reasons, wording
from eligibility.policy import Gate, Points
from eligibility.run import Result

STATUS = ("eligible", "conditional", "excluded", "insufficient-data")
BORDERLINE = (0.1, 0.9)


def document(result: Result) -> dict:
    """The contract's `screen --format json` as plain values, keys in its order."""
    criteria, own = result.criteria, result.criteria.uncertainty
    return {
        "criteria": {"id": criteria.id, "title": criteria.title, "version": criteria.version, "sha256": criteria.sha256},
        "as_of": result.as_of.isoformat(),
        "engine": {"version": result.provenance["engine"]["version"], "seed": own.seed, "draws": own.draws},
        "sources": [
            {"id": s.id, "publisher": s.publisher, "vintage": s.vintage, "licence": s.licence, "sha256": s.sha256}
            for s in result.panel.sources
        ],
        "notes": list(result.notes),
        "counts": counts(result),
        "countries": [_country(result, iso3) for iso3 in result.ranking.order],
    }


def counts(result: Result) -> dict[str, int]:
    """How many of the pool have each status."""
    status = result.screening.status
    return {"pool": len(status), **{word: int((status == word).sum()) for word in STATUS}}


def _country(result: Result, iso3: str) -> dict:
    screening, firm, cells = result.screening, result.firmness, result.cells
    p = firm.p_eligible[iso3]
    holds = [t.id for t in result.criteria.tracks if screening.track.at[iso3, t.id] in ("pass", "conditional")]
    indicators = [i for i in cells.value.columns if i in result.centre.now]
    return {
        "iso3": iso3,
        "name": countries.register().name(iso3),
        "peer_group": result.peers[iso3] or None,
        "tracks": holds,
        "status": screening.status[iso3],
        "p_eligible": _number(p),
        "borderline": bool(BORDERLINE[0] < p < BORDERLINE[1]),
        "gates": [
            {
                "id": gate.id,
                "verdict": screening.gate.at[iso3, gate.id],
                "p_pass": _number(firm.p_gate.at[iso3, gate.id]),
                "reason": reason(result, iso3, gate),
            }
            for gate in result.criteria.gates
        ],
        "score": _number(result.scores.score[iso3]) if result.scores else None,
        "pillars": {p: _number(v) for p, v in result.scores.pillar.loc[iso3].items()} if result.scores else {},
        "rank": _whole(result.ranking.rank[iso3]),
        "rank_low": _whole(firm.rank_low[iso3]),
        "rank_high": _whole(firm.rank_high[iso3]),
        "p_top": _number(firm.p_top[iso3]),
        "values": {i: _value(result, iso3, i) for i in indicators},
        "axes": {axis.id: {i: _value(result, iso3, i) for i in axis.indicators} for axis in result.criteria.axes},
    }


def reason(result: Result, iso3: str, gate: Gate) -> str:
    """Why a gate or track came out as it did: the tests that settled it, value beside need."""
    screening, sheets = result.screening, result.cells.sheets
    if gate.peer_group and result.peers[iso3] != gate.peer_group:
        return f"not in the peer group {gate.peer_group}"
    said = []
    for leaf in reasons.deciding(gate.rule, screening.node.loc[iso3]):
        measured, needed = screening.measured.at[iso3, leaf.node.path], screening.needs.at[iso3, leaf.node.path]
        if isinstance(leaf.node, Points):
            said.append(f"{wording.percent(measured)} of the points that apply, needs {wording.percent(needed)}")
            continue
        value = reasons.shown(measured, leaf.node.quantity, sheets)
        needs = reasons.needs(leaf.node, needed, sheets, leaf.wanted)
        said.append(f"{wording.inner(reasons.called(leaf.node.quantity, sheets))} {value}, needs {needs}")
    return "; ".join(dict.fromkeys(said))


def _value(result: Result, iso3: str, indicator: str) -> dict:
    cells = result.cells
    return {
        "value": _number(cells.value.at[iso3, indicator]),
        "sd": _number(cells.sd.at[iso3, indicator]) if cells.sd_kind.at[iso3, indicator] != "none" else None,
        "sd_kind": cells.sd_kind.at[iso3, indicator],
        "year": _whole(cells.year.at[iso3, indicator]),
        "age": _whole(cells.age.at[iso3, indicator]),
        "source": result.panel.held[indicator].id,
        "filled": cells.mark.at[iso3, indicator] or None,
    }


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(float(value), 12) + 0.0  # + 0.0 turns -0.0 into 0.0


def _whole(value: float) -> int | None:
    return None if math.isnan(value) else int(value)


def json(result: Result) -> str:
    """The contract's JSON: the same result gives the same bytes."""
    return _json.dumps(document(result), ensure_ascii=False, indent=1) + "\n"


CSV_COLUMNS = ("rank", "rank_low", "rank_high", "iso3", "name", "status", "p_eligible", "borderline", "p_top", "peer_group", "tracks", "score")


def csv(result: Result) -> str:
    """One row a country of the pool, ranked ones first; gates and pillars as columns of their own."""
    out = io.StringIO()
    write = _csv.writer(out, lineterminator="\n")
    gates, pillars = [g.id for g in result.criteria.gates], [p.id for p in result.criteria.score.pillars] if result.scores else []
    write.writerow([*CSV_COLUMNS, *(f"gate {g}" for g in gates), *(f"p_pass {g}" for g in gates), *(f"pillar {p}" for p in pillars)])
    for row in document(result)["countries"]:
        verdicts = {g["id"]: g for g in row["gates"]}
        cells = [";".join(row[c]) if c == "tracks" else row[c] for c in CSV_COLUMNS]
        cells += [verdicts[g]["verdict"] for g in gates] + [verdicts[g]["p_pass"] for g in gates]
        write.writerow([_cell(v) for v in (*cells, *(row["pillars"][p] for p in pillars))])
    return out.getvalue()


def _cell(value: object) -> object:
    """A cell no spreadsheet will run: text that looks like a formula gets a quote before it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return "" if value is None else value


def text(result: Result, top: int | None = None) -> str:
    """The ranked list for a terminal: at most 80 columns, every rank with its interval."""
    count, criteria, firm = counts(result), result.criteria, result.firmness
    shown = [c for c in result.ranking.order if not math.isnan(result.ranking.rank[c])]
    listed = shown[: top or max(criteria.shortlist, 10)]
    admitted = count["eligible"] + count["conditional"]
    lines = [
        f"{criteria.title} ({criteria.id} {criteria.version}), as of {result.as_of.isoformat()}",
        f"{count['pool']} countries considered: {count['eligible']} eligible, {count['conditional']} conditional, "
        f"{count['excluded']} excluded,",
        f"{count['insufficient-data']} with too little data. {firm.draws:,} draws of measurement error, seed {firm.seed}.",
        "",
        f"{'rank':>4}  {'90% range':<9}  {'country':<26} {'status':<12} {'score':>6} {'P(elig.)':>8} {'P(top)':>7}",
    ]
    for place, iso3 in enumerate(listed, 1):
        name = countries.register().name(iso3)
        low, high = int(firm.rank_low[iso3]), int(firm.rank_high[iso3])
        lines.append(
            f"{int(result.ranking.rank[iso3]):>4}  {f'{low}-{high}':<9}  {name[:26]:<26} {result.screening.status[iso3]:<12} "
            f"{result.scores.score[iso3]:>6.3f} {wording.percent(firm.p_eligible[iso3]):>8} {wording.percent(firm.p_top[iso3]):>7}"
        )
        if place == criteria.shortlist and len(listed) > place:
            lines.append(f"      {'-' * 30} shortlist of {criteria.shortlist} ends here")
    if not listed:
        lines.append("      no country is eligible or conditional and has a score")
    if len(listed) < len(shown):
        lines.append(f"      and {len(shown) - len(listed)} more of {admitted} (--top {len(shown)} shows all)")
    lines += _near_misses(result) + [""] + [line for note in result.notes for line in _wrapped(f"Note: {note}")]
    return "\n".join(lines) + "\n"


def _near_misses(result: Result) -> list[str]:
    """Countries that are out now but in at least one draw of ten."""
    p, status = result.firmness.p_eligible, result.screening.status
    near = [c for c in result.ranking.order if status[c] == "excluded" and p[c] > BORDERLINE[0]]
    if not near:
        return []
    lines = ["", "Near misses: excluded on the published values, eligible in more than one draw in ten"]
    for iso3 in sorted(near, key=lambda c: (-p[c], c)):
        lines += _wrapped(f"{countries.register().name(iso3)} ({wording.percent(p[iso3])}): {standing_in_the_way(result, iso3)}")
    return lines


def standing_in_the_way(result: Result, iso3: str) -> str:
    """The gates a country fails with their reasons, or that it fits no track."""
    failed = [g for g in result.criteria.gates if result.screening.gate.at[iso3, g.id] == "fail"]
    if failed:
        return "; ".join(f"{g.title}: {reason(result, iso3, g)}" for g in failed)
    mine = [t for t in result.criteria.tracks if t.peer_group in ("", result.peers[iso3])]
    return "no track: " + "; ".join(f"{t.title}: {reason(result, iso3, t)}" for t in mine)


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, 80, initial_indent="  ", subsequent_indent="    ", break_long_words=False)
