"""The audit page, as a value: findings first, then the tables and drawings they rest on."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from eligibility.analysis.soundness import Soundness
from eligibility.method.importance import Importance
from eligibility.pages import charts, remarks, sourcing
from eligibility.pages.facts import Facts
from eligibility.pages.glossary import explained
from eligibility.pages.remarks import POINTS, called
from eligibility.pages.said import Said, say
from eligibility.pages.views import Entry, Mark
from eligibility.pages.wording import counted, listed, missing, number, percent, plain, spelled

LEVELS = {
    "red": Mark("Red flag", "✗", "bad"),
    "missing": Mark("Not held", "?", "open"),
    "amber": Mark("Look at", "≈", "partly"),
    "info": Mark("To know", "·", "open"),
}
SHADES = (0.3, 0.6, 0.8, 0.92)  # where a correlation's cell turns a shade darker
HEAT_NOTE = (
    f"Shaded from {', '.join(str(limit) for limit in SHADES[:-1])} and {SHADES[-1]}; above {SHADES[-1]} two figures are one. "
    "A correlation below nought has a minus and a border."
)
TERMS = explained("Correlation", "Alpha")
PILLARS_NOTE = explained("First component", "With the rest", "A tenth off")
TURNS_NOTE = (
    f"Points: how many of {POINTS} points of weight move from some parts to others, at the least; each change was put to the "
    "scorer and does what it says. Between figures: the least that must move between figures, in any way where one kind of "
    "mean rules the whole score, else from one figure to one other."
)
SHOWN = 12  # rows of the table of changes


@dataclass(frozen=True)
class FindingRow:
    """One finding with what it is held against."""

    mark: Mark
    text: Said
    limit: str


@dataclass(frozen=True)
class ShareRow:
    """One part: what it weighs, what it does, and what would make the two one."""

    name: str
    weight: str
    share: str
    range: tuple[str, str]
    alone: str
    unique: str
    needed: str
    chart: charts.Share
    alt: str


@dataclass(frozen=True)
class Cell:
    """A correlation with its shade, 0 to 4, or "neg"."""

    text: str
    shade: str


@dataclass(frozen=True)
class HeatRow:
    """One indicator against all others, the pillars and the score."""

    number: str
    name: str
    cells: tuple[Cell, ...]
    head: str  # title of the pillar it begins, "" inside one


@dataclass(frozen=True)
class OptionRow:
    """One option of one choice of the specification curve."""

    name: str
    right: str
    admitted: str
    chart: charts.Share
    alt: str
    written: bool
    at: str  # its path


@dataclass(frozen=True)
class ChoiceBlock:
    """One choice with its options."""

    title: str
    rows: tuple[OptionRow, ...]


@dataclass(frozen=True)
class AuditPage:
    """What the page says, in its order; an empty tuple leaves a section out."""

    title: str
    kicker: str
    running: Said  # at the foot of each sheet of paper
    counts: tuple[Entry, ...]
    findings: tuple[FindingRow, ...]
    terms: str  # what the statistics in them are
    shares: tuple[tuple[str, tuple[ShareRow, ...]], ...]
    shares_note: str
    columns: tuple[str, ...]
    heat: tuple[HeatRow, ...]
    heat_note: str
    pillars: tuple[tuple[str, ...], ...]
    pillars_note: str
    left_out: tuple[tuple[str, ...], ...]
    assumed: tuple[remarks.AssumedRow, ...]
    assumed_notes: tuple[Said, ...]
    flat: tuple[tuple[str, str], ...]
    edge: tuple[Said, ...]
    turns: tuple[tuple[str, ...], ...]
    turns_note: str
    readings: tuple[Said, ...]
    right: tuple[tuple[str, str, str, int], ...]
    choices: tuple[ChoiceBlock, ...]
    more: str  # how to get what this page leaves out
    groups: tuple[str, ...]
    coverage: tuple[tuple[str, ...], ...]
    reproduce: tuple[Entry, ...]
    briefing: str  # where the briefing lies, "" if it is not beside this page
    # table -> the path of each row, as `explain audit` has it
    paths: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def page(facts: Facts, sound: Soundness, reproduce: tuple[Entry, ...], briefing: str = "") -> AuditPage:
    """The audit page of a run."""
    full = sound.stability is not None or sound.curve is not None
    own = sound.audit
    return AuditPage(
        title=remarks.headline(sound, facts),
        kicker=sourcing.kicker(facts),
        running=say(
            "running.card", name="Statistical audit", title=plain(facts.criteria.id), day=facts.result.as_of
        ),
        counts=(
            Entry("Countries", f"{len(facts.pool)}"),
            Entry("Ranked", f"{own.ranked}"),
            Entry("Figures in the score", f"{len(facts.components)}"),
        ),
        findings=tuple(
            FindingRow(LEVELS[f.level], remarks.sentence(facts, sound, f), remarks.against(f))
            for f in sound.findings
        ),
        terms=TERMS if facts.pillars else "",
        shares=tuple(
            (title, _shares(facts, made))
            for title, made in (("Parts", own.by_pillar), ("Figures", own.by_indicator))
            if made is not None and len(made.table) > 1 and made.table["share"].notna().all()
        ),
        shares_note=_shares_note(own.by_pillar),
        columns=tuple(called(facts, p.id) for p in facts.pillars),
        heat=_heat(facts, sound),
        heat_note=HEAT_NOTE,
        pillars=_pillars(facts, sound),
        pillars_note=PILLARS_NOTE,
        left_out=_left_out(facts, sound),
        assumed=remarks.assumed(facts, sound.assumptions) if sound.assumptions else (),
        assumed_notes=remarks.assumed_notes(sound.assumptions) if sound.assumptions else (),
        flat=remarks.flat(facts, sound.assumptions) if sound.assumptions else (),
        edge=remarks.edge(facts, sound),
        turns=_turns(facts, sound),
        turns_note=TURNS_NOTE,
        readings=remarks.readings(facts, sound.curve) if sound.curve else (),
        right=_right(sound),
        choices=_choices(sound),
        more="" if full or not facts.pillars else _more(facts),
        groups=tuple(facts.groups[g] for g in own.by_group.columns),
        coverage=_coverage(facts, sound),
        reproduce=reproduce,
        briefing=briefing,
        paths=_paths(facts, sound),
    )


def _paths(facts: Facts, sound: Soundness) -> dict[str, tuple[str, ...]]:
    """Table -> the path of each of its rows in the JSON of the audit, in their order."""
    own, turns = sound.audit, _smallest(sound)
    worst = next((k for k, found in enumerate(sound.findings) if found.level != "info"), None)
    weights = lambda rows: tuple(f"stability.all_weights[{i}]" if i >= 0 else "" for i in rows)  # noqa: E731
    parts = (("Parts", "pillars", own.by_pillar), ("Figures", "indicators", own.by_indicator))
    return {
        "title": () if worst is None else (f"findings[{worst}]",),
        "counts": ("countries", "ranked", "scored"),
        "turns": weights(turns.index),
        "between": weights(turns["between"]),
        **{
            title: tuple(f"importance.{key}.parts.{x}" for x in made.table.index)
            for title, key, made in parts
            if made
        },
        "heat": tuple(own.correlation.columns),
        "wholes": tuple(own.to_pillar.columns),
        "pillars": tuple(f"pillars.{p.id}" for p in facts.pillars),
        "left_out": tuple(f"left_out[{i}]" for i in range(len(own.left_out))),
        "coverage": tuple(own.coverage.index),
        "groups": tuple(own.by_group.columns),
    }


def _shares(facts: Facts, made: Importance) -> tuple[ShareRow, ...]:
    """Weights beside main effects."""
    table = made.table
    largest = float(max(table["share_high"].max(), table["weight"].max()))
    rows = []
    for key, row in table.iterrows():
        name, ends = called(facts, key), (row["share_low"], row["share_high"])
        low, high = f"{POINTS * ends[0]:.0f}", f"{POINTS * ends[1]:.0f}%"
        rows.append(
            ShareRow(
                name,
                _whole(row["weight"]),
                _whole(row["share"]),
                (low, high),
                number(row["effect"]),
                number(row["unique"], 4 if row["unique"] < 0.01 else 2),
                "" if missing(row["needed"]) else _whole(row["needed"]),
                charts.share(row["share"], row["weight"], largest, ends),
                f"{name}: weighs {_whole(row['weight'])}, accounts for {_whole(row['share'])} ({low}–{high}).",
            )
        )
    return tuple(rows)


def _whole(share: float) -> str:
    """A weight or a share in whole points, negative ones too."""
    return f"{number(POINTS * share, 0)}%"


def _shares_note(made: Importance | None) -> str:
    if made is None:
        return ""
    needed = made.table["needed"].notna().all()
    logged = " Needed is reckoned on the logarithms of the parts." if needed and made.logged else ""
    return explained("Share", "Alone", "Unique", *(("Needed",) if needed else ())) + logged


def _cell(r: float) -> Cell:
    """A correlation as printed and shaded."""
    return Cell(_dashed(number, r), "neg" if r < 0 else str(sum(r > limit for limit in SHADES)))


def _heat(facts: Facts, sound: Soundness) -> tuple[HeatRow, ...]:
    """Correlations of every indicator with those before it, with every pillar and with the score."""
    own = sound.audit
    if not len(own.correlation):
        return ()
    paths, with_score, rows, seen = list(own.correlation.columns), sound.with_score, [], ""
    for i, path in enumerate(paths):
        pillar = next(p for p, c in facts.components if c.path == path)
        before = [_cell(own.correlation.at[path, other]) for other in paths[:i]]
        others = (*before, *[Cell("", "none")] * (len(paths) - i))
        wholes = [*(_cell(own.to_pillar.at[path, p]) for p in own.to_pillar.columns), _cell(with_score[path])]
        head = called(facts, pillar.id) if pillar.id != seen else ""
        rows.append(HeatRow(f"{i + 1}", called(facts, path), (*others, *wholes), head))
        seen = pillar.id
    return tuple(rows)


def _pillars(facts: Facts, sound: Soundness) -> tuple[tuple[str, ...], ...]:
    """Pillar, indicators, countries, alpha, share of the first component, correlation with the other pillars, moved."""
    rows = {p: sound.audit.pillar.loc[p.id] for p in facts.pillars}
    return tuple(
        (
            called(facts, p.id),
            f"{len(p.components)}",
            percent(row["share"]),
            _dashed(number, row["alpha"]),
            _dashed(percent, row["first"]),
            _dashed(number, row["rest"]),
            _dashed(percent, row["moved"]),
            _dashed(percent, row["moved_ranked"]),
        )
        for p, row in rows.items()
    )


def _dashed(written: Callable[[float], str], x: float) -> str:
    return "–" if missing(x) else written(x)


def _left_out(facts: Facts, sound: Soundness) -> tuple[tuple[str, ...], ...]:
    """What, kind, mean shift, most moved, shortlist kept, who comes and goes."""
    rows = []
    names = lambda codes: listed(facts.names[c] for c in codes)  # noqa: E731
    for row in sound.audit.left_out.to_dict("records"):
        what = called(facts, row["subject"])
        if not row["scored"]:
            rows.append((what, remarks.KINDS[row["kind"]], "no score is left", "", "", ""))
            continue
        most = f"{facts.names[row['most_of']]}, {int(row['most'])}" if row["most_of"] else "nobody"
        kept = "" if missing(row["kept"]) else f"{int(row['kept'])} of {len(facts.result.ranking.shortlist)}"
        ways = (("in", row["enters"]), ("out", row["leaves"]))
        turn = "; ".join(f"{way}: {names(who)}" for way, who in ways if who)
        rows.append((what, remarks.KINDS[row["kind"]], number(row["shift"], 1), most, kept, turn))
    return tuple(rows)


def _turns(facts: Facts, sound: Soundness) -> tuple[tuple[str, ...], ...]:
    """Country, where it is, points of weight, new weights, whom it passes; then by indicators."""
    made = sound.stability
    if made is None or not facts.criteria.shortlist:
        return ()
    out = []
    for row in _smallest(sound).to_dict("records"):
        iso3, inside = row["iso3"], "on it" if row["becomes"] == "out" else "below"
        weights = zip(made.pillars.index, row["to"], strict=True)
        to = ", ".join(f"{called(facts, key)} {number(POINTS * w, 1)}" for key, w in weights)
        rival, parts = facts.names.get(row["rival"], ""), made.all["change"].get(row["between"], math.nan)
        moved = _points(row["change"]), to, rival, _dashed(_points, parts)
        out.append((facts.names[iso3], inside, *moved))
    return tuple(out)


def _points(change: float) -> str:
    return number(POINTS * change / 2, 1)


def _smallest(sound: Soundness) -> pd.DataFrame:
    """The smallest changes of weights between pillars; `between`: the row of that between indicators, -1 for none."""
    if sound.stability is None:
        return pd.DataFrame({"between": []})
    every, rows = sound.stability.all, sound.stability.between_pillars.head(SHOWN)
    single = every.index[every["of"] == "indicators"]
    at = dict(zip(every.loc[single, "iso3"], single, strict=True))
    return rows.assign(between=[at.get(iso3, -1) for iso3 in rows["iso3"]])


def _right(sound: Soundness) -> tuple[tuple[str, str, str, int], ...]:
    """How many readings get how many names right, and how many those are."""
    if sound.curve is None:
        return ()
    n = len(sound.curve.names)
    return tuple(
        (f"{k} of {n}", f"{count:,}", percent(count / sound.curve.readings), k)
        for k, count in reversed(list(enumerate(sound.curve.right)))
        if count
    )


def _choices(sound: Soundness) -> tuple[ChoiceBlock, ...]:
    """Every option with the share of readings that match when it is taken."""
    own = sound.curve
    if own is None:
        return ()
    largest = max(float(own.by_option["right"].max()), own.share, 1e-9)
    return tuple(
        ChoiceBlock(
            plain(own.titles[choice]),
            tuple(_option(row, i, own.share, largest) for i, (_, row) in enumerate(rows.iterrows())),
        )
        for choice, rows in own.by_option.groupby("choice", sort=False)
    )


def _option(row: pd.Series, position: int, share: float, largest: float) -> OptionRow:
    text = percent(row["right"])
    return OptionRow(
        plain(row["option"]),
        text,
        number(row["admitted"], 0),
        charts.share(row["right"], share, largest),
        f"{plain(row['option'])}: all names match in {text} of the readings with it.",
        position == 0,
        f"curve.by_option[{row.name}]",
    )


def _more(facts: Facts) -> str:
    """What the page of a report leaves out, and how to get it."""
    own, read = facts.criteria, facts.result.panel.reading
    words = " ".join((*(f"--set {plain(s)}" for s in own.settings), *read.words, "--page audit.html"))
    return f"eligibility audit {plain(own.id)} --as-of {facts.result.as_of.isoformat()} {words}"


def _coverage(facts: Facts, sound: Soundness) -> tuple[tuple[str, ...], ...]:
    """Indicator, countries, share, carried, and the share of each peer group."""
    own = sound.audit
    return tuple(
        (
            called(facts, i),
            f"{int(row['known'])}",
            percent(row["share"]),
            counted(int(row["carried"]), "value") if row["carried"] else spelled(0),
            *(percent(own.by_group.at[i, g]) for g in own.by_group.columns),
        )
        for i, row in own.coverage.iterrows()
    )
