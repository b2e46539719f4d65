"""The audit page: findings first, then the numbers they rest on; behind them the tables that are looked things up in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from eligibility.analysis.soundness import Soundness
from eligibility.language.criteria import word
from eligibility.method.choices import OPEN
from eligibility.method.decides import ERROR, IMPUTED
from eligibility.method.importance import Importance
from eligibility.pages import audit_tables, charts, details, remarks, sourcing
from eligibility.pages.audit_tables import at_share, columns, number_of, placed_at, points
from eligibility.pages.blocks import Block, Cell, Drawing, Page, Pair, Pairs, Row, Section, Sign, Table, Text
from eligibility.pages.facts import Facts
from eligibility.pages.glossary import explained
from eligibility.pages.remarks import POINTS, called
from eligibility.pages.said import Figure, Said, say
from eligibility.pages.views import Entry, Mark
from eligibility.pages.wording import capital, dated, missing, number, percent, plain

LEVELS = {
    "red": Mark("Red flag", "✗", "bad"),
    "missing": Mark("Not held", "?", "open"),
    "amber": Mark("Look at", "≈", "partly"),
    "info": Mark("To know", "·", "open"),
}
DRAWN = {ERROR: "measurement error", IMPUTED: "what stands in the gaps", **OPEN}  # what was simulated
SHOWN = 12  # rows of the table of changes
Made = Iterator[Section | None]


def page(facts: Facts, sound: Soundness, proof: tuple[Entry, ...]) -> Page:
    """The audit page of a run; `proof` are the lines that make it again."""
    return Page(
        title=_title(facts, sound),
        kicker=(say("audit.kicker"), say("name", name=plain(facts.criteria.title)), *sourcing.read(facts)),
        running=say(
            "running.card", name=say("audit.kicker"), title=plain(facts.criteria.id), day=facts.result.as_of
        ),
        lead=(_lead(facts), say("audit.lead.tests")),
        sections=tuple(section for section in _sections(facts, sound) if section),
        more=(*audit_tables.sections(facts, sound), details.again(proof)),
    )


def _lead(facts: Facts) -> Said:
    """What is asked: of the score and the list, where the criteria have them."""
    if not facts.pillars:
        return say("audit.lead.unscored")
    return say("audit.lead" if facts.criteria.shortlist else "audit.lead.unlisted")


def _title(facts: Facts, sound: Soundness) -> Said:
    """The worst finding in one line, with the path of the whole."""
    worst = next((k for k, found in enumerate(sound.findings) if found.level != "info"), None)
    if worst is None:
        return say("audit.well" if facts.pillars else "audit.well.unscored")
    value = placed_at(sound.findings[worst].value, f"findings[{worst}]")
    return say("name", name=Figure(value, name=remarks.headline(sound, facts)))


def _sections(facts: Facts, sound: Soundness) -> Made:
    yield Section("numbers", None, (*_warned(facts), _counts(facts, sound)))
    yield _findings(facts, sound)
    yield _weights(facts, sound)
    yield None if sound.quick else _moves(facts)  # its runs are what a report has no time for
    yield _assumed(facts, sound)
    yield _edge(facts, sound)
    yield _readings(facts, sound)


def _warned(facts: Facts) -> tuple[Text, ...]:
    """What figures of later years would turn, if any would."""
    warned = tuple(say("rule.text", text=dated(plain(told))) for told in facts.result.warned)
    return (Text(warned),) if warned else ()


def _counts(facts: Facts, sound: Soundness) -> Pairs:
    counts = {"countries": len(facts.pool)}
    if facts.pillars:
        counts |= {"ranked": sound.audit.ranked, "scored": len(facts.components)}
    return Pairs(
        tuple(Pair(say(f"audit.count.{key}"), Figure(placed_at(n, key), 0)) for key, n in counts.items()),
        "figures",
    )


def _findings(facts: Facts, sound: Soundness) -> Section:
    """Every finding with what it is held against, the worst first."""
    title, rows = say("audit.findings"), []
    for k, found in enumerate(sound.findings):
        mark, limit = LEVELS[found.level], remarks.against(found)
        against = say("audit.against", limit=limit) if limit else ""
        said = remarks.sentence(facts, sound, found)
        rows.append(
            Row((
                Cell(mark.word, below=mark.sign, tone=mark.tone),
                Cell(said, below=against, at=f"audit findings[{k}]"),
            ))
        )  # fmt: skip
    blocks: list[Block] = [Text((say("audit.findings.none"),))]
    if rows:
        across = columns("kind", "finding")
        blocks = [
            Table("findings", say("audit.findings.table"), across, tuple(rows), head=1, kind="findings")
        ]
        blocks += [_note(explained("Correlation", "Alpha"))] if facts.pillars else []
    if facts.pillars and sound.quick:
        blocks.append(Text((say("audit.more", command=_more(facts)),), note=True))
    return Section("findings", title, tuple(blocks))


def _note(text: str) -> Text:
    return Text((say("rule.text", text=text),), note=True)


def _more(facts: Facts) -> str:
    """The command that writes what the page of a report leaves out."""
    own, read = facts.criteria, facts.result.panel.reading
    words = " ".join((*(f"--set {plain(s)}" for s in own.settings), *read.words, "--page audit.html"))
    return f"eligibility audit {word(own, 'criteria.yaml')} --as-of {facts.result.as_of.isoformat()} {words}"


# Weights and what they do ----------------------------------------------------------------------------------


def _weights(facts: Facts, sound: Soundness) -> Section | None:
    """Weights beside main effects, of parts and of figures."""
    own, tables = sound.audit, []
    for one, made in (("part", own.by_pillar), ("figure", own.by_indicator)):
        if made is not None and len(made.table) > 1 and made.table["share"].notna().all():
            tables.append(_shares(facts, one, made))
    if not tables:
        return None
    assert own.by_pillar is not None
    needed = bool(own.by_pillar.table["needed"].notna().all())
    logged = " Needed is reckoned on the logarithms of the parts." if needed and own.by_pillar.logged else ""
    note = explained("Share", "Alone", "Unique", *(("Needed",) if needed else ())) + logged
    who = "ranked" if own.by_pillar.n == own.ranked else "pool"
    of = say(f"audit.weights.{who}", n=placed_at(own.by_pillar.n, "importance.pillars.countries"))
    sense = Text((say("audit.weights.sense"), of))
    key = (Sign("own", say("audit.key.share")), Sign("line", say("audit.key.weight")))
    tables[-1] = replace(tables[-1], key=key)
    return Section("weights", say("audit.weights"), (sense, *tables, _note(note)))


def _shares(facts: Facts, one: str, made: Importance) -> Table:
    """A row a part: what it weighs, what it does, and what would make the two one."""
    table, many = made.table, {"part": "pillars", "figure": "indicators"}[one]
    largest = float(max(table["share_high"].max(), table["weight"].max()))
    needed = bool(table["needed"].notna().all())
    rows = []
    for key, row in table.iterrows():
        name, at = called(facts, key), f"importance.{many}.parts.{key}"
        ends = row["share_low"], row["share_high"]
        span = say(
            "audit.range",
            low=at_share(ends[0], f"{at}.share_low", lambda x: f"{POINTS * x:.0f}"),
            high=at_share(ends[1], f"{at}.share_high", lambda x: f"{POINTS * x:.0f}%"),
        )
        weight, share = (at_share(row[what], f"{at}.{what}") for what in ("weight", "share"))
        alt = say("audit.share.alt", name=name, weight=weight, share=share, span=span)
        chart = Drawing("share", charts.share(row["share"], row["weight"], largest, ends), alt)
        alone = number_of(row["effect"], f"{at}.effect")
        unique = number_of(row["unique"], f"{at}.unique", 4 if row["unique"] < 0.01 else 2)
        cells = [Cell(name), Cell(drawing=chart), *map(Cell, (weight, share, span, alone, unique))]
        if needed:
            cells.append(Cell("" if missing(row["needed"]) else at_share(row["needed"], f"{at}.needed")))
        rows.append(Row(tuple(cells)))  # fmt: skip
    across = columns(one, "bars", "weight", "share", "range", "alone", "unique", *["needed"] * needed)
    label = say(f"audit.weights.{one}s")
    return Table(f"shares-{many}", label, across, tuple(rows), label, kind="list")


# What moves ranks, other errors ----------------------------------------------------------------------------


def _moves(facts: Facts) -> Section | None:
    """Which doubt moves the ranks: shares of the variance of their mean shift."""
    found = facts.result.decides
    if found is None or len(found.shift) < 2:
        return None
    rows = []
    for key, row in found.shift.sort_values("total", ascending=False, kind="stable").iterrows():
        cells = [Cell(capital(DRAWN[str(key)]))]
        for of in ("first", "total"):
            at = f"decides.ranks.{key}.{of}"
            low = at_share(_bounded(row[f"{of}_low"]), f"{at}_low", lambda x: f"{POINTS * x:.0f}")
            high = at_share(_bounded(row[f"{of}_high"]), f"{at}_high", lambda x: f"{POINTS * x:.0f}%")
            cells += [Cell(at_share(_bounded(row[of]), at)), Cell(say("audit.range", low=low, high=high))]
        rows.append(Row(tuple(cells)))
    said = say(
        "audit.moves.sense",
        x=placed_at(found.mean_shift, "decides.mean_shift"),
        n=placed_at(found.runs, "decides.runs"),
    )
    across = columns("doubt", "alone", "alone.range", "whole", "whole.range")
    table = Table("moves", say("audit.moves"), across, tuple(rows), kind="list")
    return Section("moves", say("audit.moves"), (Text((said,)), table))


def _bounded(share: float) -> float:
    """A share estimated from simulations, which chance may put a little outside 0 to 1."""
    return float(np.clip(share, 0.0, 1.0))


def _assumed(facts: Facts, sound: Soundness) -> Section | None:
    """The outcome under other assumptions on measurement error, and how often error alone passes a test of a fall."""
    made = sound.assumptions
    if made is None:
        return None
    told, rows = remarks.assumed(facts), []
    for k, row in enumerate(made.table.to_dict("records")):
        at = f"assumptions.outcomes[{k}]"
        most = f"{facts.names[row['moved']]} ({_distance(POINTS * row['most'])})" if row["moved"] else ""
        count = lambda of: Cell(Figure(placed_at(row[of], f"{at}.{of}"), 0))  # noqa: B023, E731
        cells = {
            "firm": (count("firm"), count("borderline")),
            "sure": (count("sure"),),
            "width": (Cell(number_of(row["width"], f"{at}.width", 1)),),
            "moves": (Cell(most, at=f"audit {at}.most" if most else ""),),
        }
        own = (cell for one in told for cell in cells[one])
        rows.append(Row((Cell(remarks.assumption(row)), *own)))
    heads = (head for one in told for head in ((one, "other") if one == "firm" else (one,)))
    across = columns("error", *heads)
    notes = remarks.assumed_notes(facts)
    table = Table("assumed", say("audit.assumed.table"), across, tuple(rows), kind="list")
    blocks: list[Block] = [Text((say("audit.assumed.sense"),)), table, Text(notes, note=True)]
    if flat := remarks.flat(facts, made):
        chances = (at_share(p, f"assumptions.flat[{k}].chance", percent) for k, (_, p) in enumerate(flat))
        lines = tuple(Row((Cell(what), Cell(p))) for (what, _), p in zip(flat, chances, strict=True))
        label = say("audit.flat.table")
        blocks += [
            Text((say("audit.flat"),)),
            Table("flat", label, columns("test", "flat"), lines, kind="list narrow"),
        ]
    return Section("assumed", say("audit.assumed.title"), tuple(blocks))


def _distance(far: float) -> str:
    """A distance in whole points, below one where it is."""
    whole = "<1" if far < 1 else number(far, 0)
    return f"{whole} point{'' if whole in ('<1', '1') else 's'}"


# The shortlist under other weights, the criteria under other readings ---------------------------------------


def _edge(facts: Facts, sound: Soundness) -> Section | None:
    """What changes of weights alter the shortlist."""
    told, made = remarks.edge(facts, sound), sound.stability
    if not told or made is None:
        return None
    every, rows = made.all, []
    single = every.index[every["of"] == "indicators"]
    between = dict(zip(every.loc[single, "iso3"], single, strict=True))
    for k, row in made.between_pillars.head(SHOWN).iterrows():
        iso3, at = row["iso3"], f"stability.all_weights[{k}]"
        parts = zip(made.pillars.index, row["to"], strict=True)
        to = ", ".join(f"{called(facts, key)} {number(POINTS * w, 1)}" for key, w in parts)
        other, there = between.get(iso3), f"stability.all_weights[{between.get(iso3)}]"
        rows.append(
            Row((
                Cell(facts.names[iso3]),
                Cell(say(f"audit.list.{row['becomes']}")),
                Cell(points(row["change"], f"{at}.points")),
                Cell(_alone(facts, sound, iso3)),
                Cell("–" if other is None else points(every.at[other, "change"], f"{there}.points")),
                Cell(facts.names.get(row["rival"], "")),
                Cell(to, at=f"audit {at}.to"),
            ))
        )  # fmt: skip
    blocks: list[Block] = [Text((say("audit.edge.sense"),)), Text(told)]
    if rows:
        across = columns("country", "inside", "points", "one", "between", "rival", "to", spare=("between", "rival", "to"))  # fmt: skip
        blocks += [
            Table("turns", say("audit.edge.table"), across, tuple(rows), kind="list"),
            Text((say("audit.edge.note"),), note=True),
        ]
    return Section("edge", say("audit.edge.title"), tuple(blocks))


def _alone(facts: Facts, sound: Soundness, iso3: str) -> Said:
    """The smallest change of one part's weight that alters one country's place."""
    assert sound.stability is not None
    rows = sound.stability.one[sound.stability.one["iso3"] == iso3]
    if rows.empty:
        return say("audit.turn.none")
    k = rows["change"].abs().idxmin()
    row, at = rows.loc[k], f"stability.one_weight[{k}]"
    was, now = (
        Figure(placed_at(row[end], f"{at}.{end}"), name=number(POINTS * row[end], 1))
        for end in ("from", "to")
    )
    return say("audit.turn", name=called(facts, row["weight"]), was=was, now=now)


def _readings(facts: Facts, sound: Soundness) -> Section | None:
    """What the named countries prove."""
    own = sound.curve
    if own is None:
        return None
    told, n = remarks.readings(facts, own), len(own.names)
    rows = tuple(
        Row((
            Cell(say("audit.right", k=k, n=n)),
            Cell(Figure(placed_at(count, f"curve.right[{k}]"), 0)),
            Cell(at_share(count / own.readings, f"curve.right_share[{k}]", percent)),
        ))
        for k, count in reversed(list(enumerate(own.right)))
        if count
    )  # fmt: skip
    table = Table(
        "right", say("audit.right.table"), columns("right", "readings", "share"), rows, say("audit.right.caption"),
        kind="list narrow",
    )  # fmt: skip
    return Section("readings", say("audit.readings.title"), (*(Text((s,)) for s in told), table))
