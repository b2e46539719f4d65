"""The result as a terminal table, as the contract's JSON and as CSV. Nothing is computed here."""

from __future__ import annotations

import csv as _csv
import io
import json as _json
import math

from eligibility import countries
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
