"""The result as the contract's JSON and as CSV. Nothing is computed here."""

from __future__ import annotations

import csv as _csv
import io
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypedDict, cast, get_args

from eligibility import contract, list_contract
from eligibility.analysis.compare import turning
from eligibility.analysis.footing import Footing
from eligibility.analysis.view import View
from eligibility.data import countries
from eligibility.method import vintages
from eligibility.method.result import Result
from eligibility.pages import apart, deciding, imputed, limited, reasons, wording
from eligibility.policy import walk
from eligibility.policy.model import Gate, Group, Points
from eligibility.policy.words import Status
from eligibility.present.as_json import exact, integer, written

STATUS, SOURCE = get_args(Status), tuple(contract.Source.__annotations__)


class _Optional(TypedDict, total=False):
    """The keys of a result that it need not have."""

    shown: contract.Shown
    portfolio: list_contract.Portfolio | None
    programmes: list[contract.Programme]


def document(result: Result, whole: bool = True, seen: View | None = None) -> contract.Result:
    """The contract's `screen --format json` as plain values, keys in its order.

    whole   if not, `since` is null everywhere, which is quicker: for tables that do not tell it
    seen    who is listed, if not all
    """
    criteria, own = result.criteria, result.criteria.uncertainty
    return {
        "schema_version": contract.VERSION,
        "criteria": {
            "id": criteria.id,
            "title": criteria.title,
            "version": criteria.version,
            "sha256": criteria.sha256,
            "settings": list(criteria.settings),
        },
        "as_of": result.as_of.isoformat(),
        "engine": {"version": result.provenance["engine"]["version"], "seed": own.seed, "draws": own.draws},
        "sources": [
            cast(contract.Source, {key: getattr(s, key) for key in SOURCE}) for s in result.panel.sources
        ],
        "notes": [result.reading, *result.differ(), *result.notes, *result.wanted],
        "counts": counts(result),
        **_shown(seen),
        "countries": [
            row
            for row in _countries(result, since(result) if whole else {})
            if seen is None or row["iso3"] in seen
        ],
        "decision": cast("list_contract.Choice | None", deciding.document(result)),
        **_limited(result),
        "years_read": {
            name: list(years)
            for name, years in vintages.years_read(criteria, result.cells, "publisher").items()
        },
        **cast(_Optional, Footing(result).programmes),
        "uncertainty": {
            "kinds": list(result.firmness.kinds),
            "half_width": exact(result.firmness.half_width) if result.firmness.drawn else None,
            "misclassified": {rule: cast(float, exact(n)) for rule, n in result.misclassified.items()}
            if result.firmness.drawn
            else {},
        },
    }


def _shown(seen: View | None) -> _Optional:
    """That a view narrows the list; nothing where it is whole."""
    return (
        {"shown": {"countries": len(seen.countries), "of": seen.of, "words": list(seen.words)}}
        if seen
        else {}
    )


def _limited(result: Result) -> _Optional:
    """The list under the limits of the criteria; nothing where they set none."""
    limits = result.criteria.limits
    return {"portfolio": cast("list_contract.Portfolio | None", limited.document(result))} if limits else {}


def counts(result: Result) -> contract.Counts:
    """How many of the pool have each status."""
    status = result.screening.status
    words: dict[str, Any] = {word: int((status == word).sum()) for word in STATUS}
    return cast(contract.Counts, {"pool": len(status), **words})


def found(result: Result) -> str:
    """How many countries were considered and what became of them, in words."""
    count, own = cast(dict[str, int], counts(result)), result.criteria

    def said(status: Status, many: str, one: str = "") -> str:
        n = count[status]
        return f"{n} {one if one and n == 1 else many}"

    if own.index:
        parts = [said("eligible", "have a score and are ranked", "has a score and is ranked")]
        parts += [said("insufficient-data", "have too few figures", "has too few figures")]
    else:
        parts = [said("eligible", "qualify", "qualifies")]
        parts += [said("conditional", "qualify on condition", "qualifies on condition")]
        apart = (
            "meet every requirement but are of no ideal kind",
            "meets every requirement but is of no ideal kind",
        )
        parts += [said("qualified", *apart)] if own.apart else []
        parts += [said("on-hold", "on hold")] if own.hold else []
        parts += [said("excluded", "do not qualify", "does not qualify")]
        parts += [said("insufficient-data", "cannot be judged")]
    pool = "country" if count["pool"] == 1 else "countries"
    return f"{count['pool']} {pool} considered: {', '.join(parts)}"


def since(result: Result, *who: str) -> dict[str, contract.Since]:
    """iso3 -> since when its verdict stands and what turned it, of all or some; nobody whose verdict was no other.

    compare/turning.py works it out.
    """
    return {
        iso3: {
            "date": one.day.isoformat(),
            "was": cast(Any, one.was),
            "turned_by": {
                "kind": one.kind,
                "by": cast(Any, list(one.by)),
                "rules": list(one.rules),
                "indicators": list(one.series),
                "left": one.look.left if one.look else None,
            },
        }
        for iso3, one in turning.turnings(result, who).of.items()
    }


def _countries(result: Result, since: Mapping[str, contract.Since]) -> list[contract.Country]:
    """Every country of the pool, ranked ones first."""
    firm, screening, names, foot = result.firmness, result.screening, countries.register(), Footing(result)
    status, peers = screening.status.to_dict(), result.peers.to_dict()
    edge = result.criteria.uncertainty.borderline
    gate, track = screening.gate.to_dict("index"), screening.track.to_dict("index")
    p_gate, values = firm.p_gate.to_dict("index"), _values(result)
    score = result.scores.score.to_dict() if result.scores else {}
    pillars = result.scores.pillar.to_dict("index") if result.scores else {}
    p, p_top, rank = firm.p_eligible.to_dict(), firm.places.p_top.to_dict(), result.ranking.shown.to_dict()
    most, whole, on = firm.p_most.to_dict(), firm.p_qualified.to_dict(), screening.kinds["whole"].to_dict()
    low, high, median = (firm.place(end).to_dict() for end in ("low", "high", "median"))
    alone = {
        "rank_low": (firm.place("low", stated=True).to_dict(), integer),
        "rank_high": (firm.place("high", stated=True).to_dict(), integer),
        "p_top": (firm.stated.p_top.to_dict(), exact),
    }
    rows: list[
        Any
    ] = [  # optional keys come from parts, which a type checker cannot follow; tests hold the schema
        {
            "iso3": iso3,
            "name": names.name(iso3),
            "peer_group": peers[iso3] or None,
            "tracks": [t for t, word in track[iso3].items() if word in ("pass", "conditional")],
            "status": status[iso3],
            "p_eligible": exact(p[iso3]),
            "borderline": (whole if status[iso3] == "qualified" else p)[iso3] < 1 - edge
            and (whole if status[iso3] == "qualified" else most)[iso3] > edge,
            "gates": [
                {
                    "id": g.id,
                    "verdict": gate[iso3][g.id],
                    "p_pass": exact(p_gate[iso3][g.id]),
                    "reason": reason(result, iso3, g),
                    **_counts(result, iso3, g),
                }
                for g in result.criteria.gates
            ],
            "score": exact(score.get(iso3, math.nan)),
            "pillars": {pillar: exact(value) for pillar, value in pillars.get(iso3, {}).items()},
            "rank": integer(rank[iso3]),
            "rank_low": integer(low[iso3]),
            "rank_high": integer(high[iso3]),
            "p_top": exact(p_top[iso3]),
            "values": values[iso3],
            "axes": {axis.id: {i: values[iso3][i] for i in axis.indicators} for axis in result.criteria.axes},
            **_confirmed(result, iso3),
            "p_qualified": exact(whole[iso3]),
            "p_eligible_most": exact(most[iso3]),
            "on_condition": on[iso3] == "conditional",
            "since": since.get(iso3),
            "hold": apart.hold(result, iso3),
            **_mechanisms(result, iso3),
            **foot.document(iso3),
            "override": recorded(result, iso3),
            "notes": [{key: getattr(note, key) for key in NOTE} for note in result.register.about(iso3)],
            "rank_median": integer(median[iso3]),
            "measurement_only": {key: show(series[iso3]) for key, (series, show) in alone.items()},
            **imputed.document(result, iso3),
        }
        for iso3 in result.ranking.order
    ]
    return rows


def _confirmed(result: Result, iso3: str) -> dict:
    """What of each axis that counts is found; nothing where none does."""
    told = {
        axis.id: {
            "found": list(found := result.found[axis.id][iso3]),
            "at_least": axis.confirmed.at_least,
            "confirmed": len(found) >= axis.confirmed.at_least,
        }
        for axis in result.criteria.axes
        if axis.confirmed
    }
    return {"confirmed": told} if told else {}


def _mechanisms(result: Result, iso3: str) -> dict[str, Any]:
    """Which kinds of body a country has what they need for; nothing where the criteria name none."""
    word, p = result.screening.mechanism, result.firmness.p_mechanism
    kinds = [kind.id for kind in result.criteria.mechanisms]
    said = [{"id": k, "verdict": word.at[iso3, k], "p": exact(p.at[iso3, k])} for k in kinds]
    return {"mechanisms": said} if kinds else {}


def _counts(result: Result, iso3: str, gate: Gate) -> dict[str, list[contract.Counted]]:
    """For a gate that counts its parts: how many pass, fail and are unknown, what that leaves possible, and P of both."""
    paths = result.screening.counted
    groups = [node for node in walk.nodes(gate.rule) if isinstance(node, Group) and node.path in paths]
    return {"counts": [_count(result, iso3, group) for group in groups]} if groups else {}


def _count(result: Result, iso3: str, group: Group) -> contract.Counted:
    counted = {word: int(n) for word, n in result.screening.counted[group.path].loc[iso3].items()}
    bounds = result.firmness.bounds.get(group.path)
    p = {f"p_{end}": None if bounds is None else exact(bounds.at[iso3, end]) for end in ("least", "most")}
    least = counted["pass"]
    told = {
        "path": group.path,
        "needed": group.n,
        "of": sum(counted.values()),
        **counted,
        "least": least,
        "most": least + counted["unknown"],
        **p,
    }
    return cast(contract.Counted, told)


OVERRIDE = tuple(contract.Override.__annotations__)
NOTE = tuple(contract.Note.__annotations__)


def recorded(result: Result, iso3: str) -> contract.Override | None:
    """What the board recorded on a country; None where nothing."""
    entry = result.overrides.get(iso3)
    return cast(contract.Override, {key: getattr(entry, key) for key in OVERRIDE}) if entry else None


def _values(result: Result) -> dict[str, dict[str, contract.Figure]]:
    """iso3 -> indicator -> the value used, with its error, year, age, source and mark."""
    cells = result.cells
    out: dict[str, dict[str, contract.Figure]] = {iso3: {} for iso3 in cells.countries}
    for indicator in (i for i in cells.value.columns if i in result.centre.now):
        source = result.panel.held[indicator].id if indicator in result.panel.held else None
        columns = (
            getattr(cells, n)[indicator].tolist() for n in ("value", "sd", "sd_kind", "year", "age", "mark")
        )
        for iso3, value, sd, kind, year, age, mark in zip(cells.countries, *columns, strict=True):
            out[iso3][indicator] = {
                "value": exact(value),
                "sd": exact(sd) if kind != "none" else None,
                "sd_kind": kind,
                "year": integer(year),
                "age": integer(age),
                "source": source,
                "filled": mark or None,
            }
    return out


def reason(result: Result, iso3: str, gate: Gate) -> str:
    """Why a gate or track came out as it did: the tests that settled it, value beside need."""
    said, sheets, traced = [], result.cells.sheets, result.screening.traced[iso3]
    if gate.peer_group and result.peers[iso3] != gate.peer_group:
        return f"not in the peer group {gate.peer_group}"
    for leaf in reasons.deciding(gate.rule, traced.node):
        measured, needed = traced.measured[leaf.node.path], traced.needs[leaf.node.path]
        if isinstance(leaf.node, Points):
            said.append(
                f"{wording.percent(measured)} of the points that apply, needs {wording.percent(needed)}"
            )
            continue
        value = reasons.shown(measured, leaf.node.quantity, sheets)
        needs = reasons.needs(leaf.node, needed, sheets, leaf.wanted)
        said.append(f"{wording.inner(reasons.called(leaf.node.quantity, sheets))} {value}, needs {needs}")
    return "; ".join(dict.fromkeys(said))


def json(result: Result, told: contract.Result | None = None, seen: View | None = None) -> str:
    """The contract's JSON: the same result gives the same bytes. `told` is its document, if it is made already."""
    return written(told or document(result, seen=seen))


@dataclass(frozen=True)
class Column:
    """One column of the ranked list as a table, and where it stands in a country of `document`."""

    name: str
    kind: str  # text | whole | share | score | truth | day
    read: Callable[[Mapping[str, Any]], object]


_KINDS = {
    "rank": "whole",
    "rank_low": "whole",
    "rank_high": "whole",
    "iso3": "text",
    "name": "text",
    "status": "text",
    "p_eligible": "share",
    "borderline": "truth",
    "p_top": "share",
    "peer_group": "text",
    "tracks": "text",
    "score": "score",
    "p_qualified": "share",
    "p_eligible_most": "share",
}


def columns(result: Result) -> tuple[Column, ...]:
    """The columns of ranking.csv, in its order; gates and pillars have columns of their own."""
    gates = [g.id for g in result.criteria.gates]
    pillars = [p.id for p in result.criteria.score.pillars] if result.scores and result.criteria.score else []
    return (
        *(Column(name, kind, _at(name)) for name, kind in _KINDS.items()),
        *(Column(f"gate {g}", "text", of_gate(g, "verdict")) for g in gates),
        *(Column(f"p_pass {g}", "share", of_gate(g, "p_pass")) for g in gates),
        *(Column(f"pillar {p}", "score", _at("pillars", p)) for p in pillars),
        *(Column(f"override {k}", "day" if k == "date" else "text", _at("override", k)) for k in OVERRIDE),
        *((Column("imputed", "text", _at("imputed")),) if result.imputed else ()),
    )


def _at(*keys: str) -> Callable[[Mapping[str, Any]], object]:
    """Reads what a country of `document` has under these keys, several words as one text; None where that is under None."""

    def read(row: Any) -> object:
        for key in keys:
            row = None if row is None else row[key]
        return ";".join(row) if isinstance(row, list) else row

    return read


def of_gate(gate: str, key: str) -> Callable[[Mapping[str, Any]], object]:
    """Reads one thing of one gate from a country of `document`."""
    return lambda row: next(g[key] for g in row["gates"] if g["id"] == gate)


def csv(result: Result, told: contract.Result | None = None, seen: View | None = None) -> str:
    """One row a country of the pool, ranked ones first. `told` is the result's document, if it is made already."""
    out = io.StringIO()
    write, wanted = _csv.writer(out, lineterminator="\n"), columns(result)
    write.writerow([column.name for column in wanted])
    for row in (told or document(result, False, seen))["countries"]:
        write.writerow([_cell(column.read(row)) for column in wanted])
    return out.getvalue()


def _cell(value: object) -> object:
    """A cell no spreadsheet will run: text that looks like a formula gets a quote before it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return "" if value is None else value
