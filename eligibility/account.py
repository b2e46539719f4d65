"""One country in the terminal: the verdict first, every figure against what is needed, why now, what would change it.

The words are those of its card (pages/card.py); the figures are all of them, each with its year and the dataset it is from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from eligibility.pages import bodies, card, dated, grid, names, reasons, sourcing, turns
from eligibility.pages.facts import Facts
from eligibility.pages.reasons import Leaf
from eligibility.pages.said import say
from eligibility.pages.sentences import unknown, unset
from eligibility.pages.views import VERDICTS
from eligibility.pages.wording import inner, missing, noted, number, plain, recorded
from eligibility.policy import Gate, Points, Test
from eligibility.run import Result
from eligibility.terminal import wrapped
from eligibility.walk import left_out

WIDTH = 80


def country(result: Result, iso3: str) -> str:
    """Why a country is in or out, for a country that is considered: 80 columns, deterministic to the byte."""
    facts, own = Facts.of(result), result.criteria
    asked = f"{facts.names[iso3]} ({iso3}), as of {result.as_of.isoformat()}, {own.id} {own.version}"
    verdict = card.verdict(facts, iso3)
    lines = [*_lines(result.reading), *_lines(asked), "", str(verdict.word).upper()]
    for said in verdict.said or (card.title(facts, iso3),):
        lines += _lines(f"{said.plain.rstrip('.')}.")
    lines += _lines(" ".join(sourcing.turned(facts, iso3)))
    for pair in verdict.figures.pairs:
        lines += _lines(f"{pair.label}: {pair.words}", "  ", "    ")
    lines += _ranked(facts, iso3)
    if entry := result.overrides.get(iso3):
        lines += ["", *_lines(f"Recorded by the board, beside the verdict and not in it: {recorded(entry)}")]
    for note in result.register.about(iso3):
        lines += ["", *_lines(f"Noted by an analyst, beside the verdict and not in it: {noted(note)}")]
    for sentence in dated.happened(facts, iso3):
        lines += ["", *_lines(sentence)]
    for gate in own.gates:
        lines += _rule(facts, iso3, gate, say("word." + facts.gate[iso3][gate.id]).plain)
    for track in own.tracks:
        lines += _kind(facts, iso3, track)
    for gate in left_out(own):
        lines += [
            "",
            *_lines(f"– {plain(gate.title)}: not in force at this date, so it is not applied.", "", "  "),
        ]
    if facts.error_known and own.gates:
        lines += ["", *_lines(say("explain.margins", draws=result.firmness.draws).plain)]
    lines += _score(facts, iso3) if own.index else ()
    lines += [
        "",
        *_lines(say("why.title").plain),
        *_lines(turns.why_now(facts, iso3, alone=True).plain, "  ", "  "),
    ]
    lines += _bodies(facts, iso3)
    lines += _changes(facts, iso3)
    for note in (*result.notes, *result.wanted):
        held = own.hold is not None and note.startswith(own.hold.title)  # the verdict has said so
        others = note.startswith(
            ("Newer figures", "Not considered")
        )  # the first line says the one, and not of this one the other
        if not (held or others):
            lines += ["", *_lines(note)]
    return "\n".join(lines) + "\n"


def _ranked(facts: Facts, iso3: str) -> Iterator[str]:
    """Score and rank: in which simulations the range holds, and where it would stand without one part of the score."""
    if not facts.ranked(iso3) or facts.criteria.index:
        return
    yield from _lines(say("explain.score", score=facts.score[iso3]).plain, "  ", "    ")
    if not missing(facts.rank_low[iso3]):
        yield from _lines(say("explain.range", p=facts.p_eligible[iso3]).plain, "  ", "    ")
    table = facts.result.without
    row = None if table is None or table.shape[1] < 2 else table.loc[iso3].dropna()
    if row is not None and len(row):
        yield from _lines(say("explain.without", low=row.min(), high=row.max()).plain, "  ", "    ")


def _rule(facts: Facts, iso3: str, gate: Gate, word: str) -> Iterator[str]:
    """A requirement or a kind of candidate: its chance, what it counts, and each figure of it."""
    track = gate in facts.criteria.tracks
    verdict = (facts.track if track else facts.gate)[iso3][gate.id]
    p = (facts.p_track if track else facts.p_gate)[iso3].get(gate.id, float("nan"))
    chance = (
        "" if missing(p) or verdict == "unknown" else say("grid.fits" if track else "grid.met", p=p).plain
    )
    told = chance if chance and verdict == "pass" else f"{word}; {chance}" if chance else word
    yield ""
    yield from _lines(f"{VERDICTS[verdict].sign} {plain(gate.title)}: {told}", "", "  ")
    for path, bounds in facts.counted.items():
        if path.startswith(f"{'tracks' if track else 'gates'}.{gate.id}."):
            held, failed, gap = (bounds[iso3][w] for w in ("pass", "fail", "unknown"))
            node = next(n for n in grid._groups(gate.rule) if n.path == path)
            bounds_ = dict(held=held, failed=failed, open=gap, needed=node.n, of=held + failed + gap)
            yield from _lines(say("grid.bounds", **bounds_).plain, "  ", "    ")
    for leaf in grid.leaves(gate.rule, facts.node[iso3]):
        if isinstance(leaf.node, (Test, Points)):
            yield from _lines(f"{VERDICTS[leaf.word].sign} {_figure(facts, iso3, leaf)}", "  ", "      ")


def _kind(facts: Facts, iso3: str, track: Gate) -> Iterator[str]:
    """A kind of candidate; that it does not apply, where it is for another group."""
    if track.peer_group not in ("", facts.group[iso3]):
        shut = say("grid.shut", group=inner(facts.groups[track.peer_group]))
        yield ""
        yield from _lines(f"– {plain(track.title)} ({shut})", "", "  ")
        return
    yield from _rule(facts, iso3, track, say(f"explain.kind.{facts.track[iso3][track.id]}").plain)


def _figure(facts: Facts, iso3: str, leaf: Leaf) -> str:
    """A figure against what is needed: where that comes from, how far apart they are, its year and dataset."""
    told = grid.told(facts, iso3, leaf).plain
    if isinstance(leaf.node, Points):
        return told
    quantity, node = leaf.node.quantity, leaf.node
    sheet, cell = facts.sheets[quantity.indicator], facts.cells[iso3][quantity.indicator]
    if origin := reasons.origin(node.threshold, facts.result.as_of):
        told += f" ({_whose(origin)})"
    if not grid.known(facts, iso3, leaf):
        return told
    classes = sheet.classes and quantity.measure == "level"
    measured, needed = facts.measured[iso3][node.path], facts.needs[iso3].get(node.path)
    gap = None if classes else reasons.margin(node, measured, needed, leaf.wanted)
    if gap is not None:
        told += f"; margin {names.figure(gap, quantity, grid.value(facts, iso3, leaf).decimals, sign=True)}"
        if quantity.measure == "level" and cell.sd > 0:
            told += f" ({number(abs(gap) / cell.sd, 1)}×)"
    if cell.known and cell.year == cell.year:
        years = f"{cell.year - quantity.years:.0f}–{cell.year:.0f}" if quantity.years else f"{cell.year:.0f}"
        told += f"; {years}, {plain(facts.result.panel.held[quantity.indicator].id)}"
        told += "; no newer figure of it is held" if cell.mark == "carried" else ""
    return told


def _whose(origin: str) -> str:
    """Where a number comes from, in plain words.

    >>> _whose("the pool’s 60th percentile"), _whose("the peer group’s median")
    ('the 60th percentile of all candidates', 'the middle of its group')
    """
    for among, plainly in (("pool", "all candidates"), ("peer group", "its group")):
        origin = re.sub(rf"the {among}’s (median|\S+ percentile)", rf"the \1 of {plainly}", origin)
    return origin.replace("the median of", "the middle of")


def _bodies(facts: Facts, iso3: str) -> Iterator[str]:
    """Which kinds of accountability body fit, a line each with the figure that settles it."""
    if not facts.criteria.mechanisms:
        return
    yield ""
    yield from _lines(f"{bodies.title(facts, iso3)}; no part of the verdict.")
    for kind in facts.criteria.mechanisms:
        word, sign = bodies.verdict(facts, iso3, kind), VERDICTS[facts.mechanism[iso3][kind.id]].sign
        told = f"{sign} {plain(kind.title)}: {word} (chance {bodies.chance(facts, iso3, kind)}); "
        yield from _lines(told + str(bodies.figure(facts, iso3, kind)), "  ", "      ")
    yield from _lines(str(say("bodies.ready")), "  ")


def _changes(facts: Facts, iso3: str) -> Iterator[str]:
    """What would change the answer, a line a kind of change."""
    told = [said.plain for said in turns.would_change(facts, iso3)]
    told += unset(facts, unknown(facts, iso3))
    if told:
        yield ""
        yield from _lines(say("change.title").plain)
        for each in told:
            yield from _lines(each, "  - ", "    ")


def _score(facts: Facts, iso3: str) -> Iterator[str]:
    """Where the score of an index comes from, a line a figure."""
    scores = facts.result.scores
    yield ""
    yield from _lines(say("explain.parts").plain)
    for pillar in facts.pillars:
        yield from _lines(f"{plain(pillar.title)}: {number(facts.pillar[iso3][pillar.id], 3)}", "  ", "    ")
        for part in pillar.components:
            sheet, cell = facts.sheets[part.quantity.indicator], facts.cells[iso3][part.quantity.indicator]
            shown = number(cell.value, sheet.decimals) if cell.known else "not held"
            scaled = number(scores.normalised.at[iso3, part.path], 3)
            mine = number(scores.contribution.at[iso3, part.path], 3)
            yield from _lines(
                f"{plain(sheet.label)}: {shown}, {scaled} on the scale from 0 to 1, contribution to the score {mine}",
                "    ", "      ",
            )  # fmt: skip


def _lines(text: str, first: str = "", rest: str = "") -> Iterator[str]:
    yield from wrapped(text, WIDTH, first, rest)
