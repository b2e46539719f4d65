"""The table of requirements of a country card: a row a figure, value against what is needed, and where its peers stand.

leaves   the tests of a rule that a reader must see, each with whether it is wanted to hold
table    every requirement and every kind of candidate of one country
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import cast

from eligibility.pages import enough, names, reasons, strips
from eligibility.pages.blocks import Cell, Column, Row, Table
from eligibility.pages.facts import Facts
from eligibility.pages.reasons import Leaf
from eligibility.pages.said import NOTHING, Count, Figure, Located, Said, say, tell
from eligibility.pages.sentences import failing, on_condition
from eligibility.pages.views import VERDICTS, Mark
from eligibility.pages.wording import inner, missing, number, plain, unit
from eligibility.policy import walk
from eligibility.policy.model import Gate, Group, Named, Node, Points, Quantity, Test
from eligibility.policy.operators import Comparison

MOST = 24  # rows on the one sheet of a card; the others stand in the details
RESULTS = {"pass": "meets", "conditional": "partly", "fail": "misses", "unknown": "notknown"}


def leaves(node: Node, word: dict[str, str], wanted: bool = True) -> Iterator[Leaf]:
    """Every test below a node that bears on its verdict, in the order of the file.

    A branch that only admits on condition is left out where another of its group holds outright.
    """
    if not isinstance(node, Group):
        assert not isinstance(node, Named)  # which no gate or track can hold
        yield Leaf(node, wanted, reasons.turned(word.get(node.path, "unknown"), wanted))
        return
    below = wanted != (node.join == "none")
    outright = node.join == "any" and any(word.get(branch.path) == "pass" for branch in node.of)
    for branch in node.of:
        if not (outright and branch.grants == "conditional"):
            yield from leaves(branch, word, below)


def measured(facts: Facts, iso3: str, quantity: Quantity) -> float:
    """The quantity of a part of the score: its level, or what the centre of the run measured."""
    if quantity.measure == "level":
        return facts.cells[iso3][quantity.indicator].value
    centre = facts.result.centre
    return float(centre.of(quantity)[0, centre.countries.index(iso3)])


def known(facts: Facts, iso3: str, leaf: Leaf) -> bool:
    """Whether there is a figure to judge."""
    return not missing(facts.measured[iso3].get(leaf.node.path))


def needed(facts: Facts, iso3: str, leaf: Leaf) -> str:
    """What a test asks for, in words: "at least 0.50", "electoral democracy or above"."""
    test, threshold = leaf.node, facts.needs[iso3].get(leaf.node.path)
    if isinstance(test, Points) or not test.compares or missing(threshold):
        return "" if isinstance(test, Points) else reasons.needs(test, threshold, facts.sheets, leaf.wanted)
    sheet = facts.sheets[test.quantity.indicator]
    if sheet.classes and test.quantity.measure == "level":
        return reasons.needs(test, threshold, facts.sheets, leaf.wanted)
    said = reasons.compares(test, leaf.wanted).said
    measured, decimals = facts.measured[iso3].get(test.path), sheet.decimals
    if test.quantity.measure in names.PARTS:
        return f"{said} {names.figure(threshold, test.quantity, decimals, beside=measured)}"
    shown = number(threshold, decimals)
    if not missing(measured) and number(measured, decimals) == shown and measured != threshold:
        shown = number(threshold, decimals + 1)
    return f"{said} {shown}"


def wants(test: Test) -> Comparison:
    """On which side of its threshold a test wants a figure: the other one under `none`."""
    return reasons.compares(test, test.path.count(".none[") % 2 == 0)


def way(test: Test) -> str:
    """The same in words: "at least"."""
    return wants(test).said


def value(facts: Facts, iso3: str, leaf: Leaf) -> Figure:
    """The figure a test looks at, as it is written beside what is needed."""
    test, measured = leaf.node, cast(float, facts.measured[iso3].get(leaf.node.path))
    if isinstance(test, Points):
        return Figure(measured, 0, f"{100 * measured:.0f}%")
    sheet, threshold = facts.sheets[test.quantity.indicator], facts.needs[iso3].get(test.path)
    if test.quantity.measure in names.PARTS:
        return names.figure(measured, test.quantity, sheet.decimals, beside=threshold)
    name = plain(sheet.class_name(measured)) if sheet.classes and test.quantity.measure == "level" else ""
    same = not missing(threshold) and number(measured, sheet.decimals) == number(threshold, sheet.decimals)
    return Figure(measured, sheet.decimals + bool(same and measured != threshold), name)


def called(facts: Facts, leaf: Leaf) -> str:
    """What the figure of a test is called."""
    if isinstance(leaf.node, Points):
        return inner(plain(leaf.node.title)) or "points of those that apply"
    q = leaf.node.quantity
    return names.quantity(q, facts.sheets, facts.high_is_better(q.indicator))


def told(facts: Facts, iso3: str, leaf: Leaf) -> Said:
    """A test inside a sentence: "civil society participation 0.46; at least 0.50 needed"."""
    if not known(facts, iso3, leaf):
        return say("fact.missing", name=called(facts, leaf))
    if isinstance(leaf.node, Points):
        measured, least = facts.measured[iso3][leaf.node.path], facts.needs[iso3][leaf.node.path]
        return say("fact.points", p=measured, needed=least)
    x = value(facts, iso3, leaf)
    phrase = "fact.class" if x.name and leaf.node.quantity.measure == "level" else "fact.needed"
    return say(phrase, name=called(facts, leaf), x=x, needed=_asked(facts, iso3, leaf))


def missed(facts: Facts, iso3: str, rule: Gate) -> list[Leaf]:
    """The figures that decide against a rule, each once: of two limits it misses the nearer, which would be enough.

    What is missed within a part that is met decides nothing.
    """
    found: dict[object, tuple[float, Leaf]] = {}
    for leaf in reasons.deciding(rule.rule, facts.node[iso3]):
        if leaf.word != "fail":
            continue
        path, gap = leaf.node.path, None
        key: object = path
        if isinstance(leaf.node, Test):
            ends = facts.measured[iso3].get(path), facts.needs[iso3].get(path)
            key, gap = leaf.node.quantity, reasons.margin(leaf.node, *ends, leaf.wanted)
        short = -math.inf if gap is None else gap
        if key not in found or short > found[key][0]:
            found[key] = short, leaf
    return [leaf for _, leaf in found.values()]


def blamed(facts: Facts, iso3: str) -> list[Leaf]:
    """The figures for which a country does not qualify: of requirements that it misses, else of its kinds."""
    rules = failing(facts, iso3) or facts.open_tracks(iso3)
    return [leaf for rule in rules for leaf in missed(facts, iso3, rule)]


def short(facts: Facts, iso3: str) -> list[Leaf]:
    """The figures that a country is short of where it meets a rule on condition only."""
    rules, words = on_condition(facts, iso3), facts.node[iso3]
    return [leaf for g in rules for leaf in reasons.full_branches(g.rule, words)]


def table(facts: Facts, iso3: str) -> Table:
    """Every requirement, then every kind of candidate, or of an index the parts of its score."""
    rows = _every(facts, iso3)
    over = len(rows) - MOST
    if over > 0:
        wide = len(_columns(facts, iso3))
        rows = [*rows[: MOST - 1], Row((Cell(say("more.rows", n=over + 1), span=wide),))]
    own = "grid.caption.index" if facts.criteria.index else "grid.caption"
    caption = say(f"{own}.exact")
    if facts.error_known:
        caption = say(own, draws=facts.result.firmness.draws)
    label, key = say("grid.head.name"), strips.key(facts, iso3, rows)
    return Table("grid", label, _columns(facts, iso3), tuple(rows), caption, kind="grid", key=key)


def rest(facts: Facts, iso3: str) -> Table | None:
    """The rows for which the sheet has no room; None where it holds all."""
    rows = _every(facts, iso3)
    if len(rows) <= MOST:
        return None
    label = say("grid.head.name")
    return Table("rest", label, _columns(facts, iso3), tuple(rows[MOST - 1 :]), kind="grid")


def _columns(facts: Facts, iso3: str) -> tuple[Column, ...]:
    strip = "grid.head.strip" if facts.criteria.peers else "grid.head.strip.pool"
    many = Count(len(facts.members.get(facts.group[iso3], ())), facts.at(iso3, "peers"))
    heads = ("name", "value", "needed", "margin", "year", "result")
    named = [(say(f"grid.head.{head}"), head) for head in heads]
    if facts.criteria.index:  # of which nothing is needed
        named = [(say("grid.head.part"), "name"), *named[1:2], *named[4:5]]
    return (
        *(Column(head, kind in heads[1:5], head, kind) for head, kind in named),
        Column(say(strip, n=many), kind="strip"),
    )


def _every(facts: Facts, iso3: str) -> list[Row]:
    """Every row, whether there is room for it or not."""
    if facts.criteria.index:
        return list(_parts(facts, iso3))
    rows: list[Row] = []
    seen: set = set()
    mine = facts.open_tracks(iso3)
    for k, gate in enumerate(facts.criteria.gates, 1):
        title = say("grid.gate", n=str(k), title=plain(gate.title))
        rows += _block(facts, iso3, gate, title, "grid.met", seen)
    for track in mine:
        phrase = "grid.kind.ideal" if facts.criteria.apart and track.ideal else "grid.kind"
        rows += _block(facts, iso3, track, say(phrase, title=inner(plain(track.title))), "grid.fits", seen)
    for track in facts.criteria.tracks:
        if track not in mine:
            shut = say("grid.shut", group=inner(facts.groups[track.peer_group]))
            rows.append(
                Row((Cell(say("grid.kind.shut", title=inner(plain(track.title))), below=shut, span=7),))
            )
    return rows


def _block(facts: Facts, iso3: str, gate: Gate, title: Said, met: str, seen: set) -> list[Row]:
    """A heading with its chance, then a row a figure that no requirement before has shown."""
    verdict, p = facts.verdict[iso3][gate.id], facts.p_rule[iso3].get(gate.id)
    mark = VERDICTS[verdict]
    if verdict == "unknown":
        whole = facts.bounds.get(gate.rule.path)
        chance = say("grid.unknown.chance", **whole[iso3]) if whole else say("grid.unknown")
    elif missing(p):
        chance = say("grid.nochance", word=say(f"word.{verdict}"))
    else:
        chance = say("grid.condition" if verdict == "conditional" else met, p=p)
    own = list(leaves(gate.rule, facts.node[iso3]))
    new = {q: leaf.node.path for leaf in reversed(own) if (q := _question(facts, iso3, leaf)) not in seen}
    combined = enough.told(gate.rule, [*reversed(new.values())])
    counted = [*_counted(facts, iso3, gate)]
    inside = combined or (counted.pop() if len(counted) == 1 else "")
    heading = Cell(title, below=inside, span=5)
    rows = [Row((heading, Cell(chance, tone=mark.tone, below=mark.sign, span=2)), heading=True)]
    rows += [Row((Cell(told, span=7),)) for told in counted]
    short = {leaf.node.path for leaf in reasons.full_branches(gate.rule, facts.node[iso3])}
    for leaf in own:
        asked = _question(facts, iso3, leaf)
        if asked in seen:
            continue
        seen.add(asked)
        partly = verdict == "conditional" and leaf.node.path in short and leaf.word != "unknown"
        word = "conditional" if partly else leaf.word
        rows.append(_row(facts, iso3, leaf, VERDICTS[word], RESULTS[word]))
    return rows


def _counted(facts: Facts, iso3: str, gate: Gate) -> Iterator[Said]:
    """How many tests are met of those that are counted, a sentence each rule that counts."""
    for node in walk.nodes(gate.rule):
        if isinstance(node, Group) and node.join == "at_least":
            found = facts.counted[node.path][iso3]
            held, failed, open_ = (found[word] for word in ("pass", "fail", "unknown"))
            parts = {"held": held, "failed": failed, "open": open_, "most": held + open_}
            parts |= {"of": held + failed + open_, "needed": node.n}
            counts = {k: Count(n, facts.at(iso3, f"{node.path}.{k}")) for k, n in parts.items()}
            yield tell("grid.bounds" if open_ else "grid.bounds.all", **counts)


def _question(facts: Facts, iso3: str, leaf: Leaf) -> tuple:
    """Which figure is held against what: two tests that ask the same are one row."""
    return leaf.node.path if isinstance(leaf.node, Points) else leaf.node.quantity, needed(facts, iso3, leaf)


def _asked(facts: Facts, iso3: str, leaf: Leaf) -> Figure | str:
    """What is needed, in words that carry their number."""
    words, limit = needed(facts, iso3, leaf), facts.needs[iso3].get(leaf.node.path)
    return words if missing(limit) or not words else Figure(limit, name=words)


def _groups(node: Node) -> Iterator[Group]:
    if isinstance(node, Group):
        yield node
        for branch in node.of:
            yield from _groups(branch)


def _row(facts: Facts, iso3: str, leaf: Leaf, mark: Mark, result: str) -> Row:
    """One figure: value, what is needed, how far apart, year, result, and the strip of its peers."""
    node = leaf.node
    name = say("label", text=called(facts, leaf))
    verdict = Cell(say(result), below=mark.sign, tone=mark.tone)
    if isinstance(node, Points):
        shown = value(facts, iso3, leaf) if known(facts, iso3, leaf) else NOTHING
        least = say("chance.number", p=facts.needs[iso3][node.path])
        return Row((Cell(name), Cell(shown), Cell(least), Cell(), Cell(), verdict, Cell()))
    q, sheet = node.quantity, facts.sheets[node.quantity.indicator]
    cell = facts.cells[iso3][q.indicator]
    ends = names.of(q.indicator, facts.sheets).ends if q.measure == "level" else ""
    here = known(facts, iso3, leaf)
    gap = None
    if not sheet.classes or q.measure != "level":
        ends_ = facts.measured[iso3].get(node.path), facts.needs[iso3].get(node.path)
        gap = reasons.margin(node, *ends_, leaf.wanted)
    errors: Said | str = ""
    if gap is not None and q.measure == "level" and cell.sd > 0:
        errors = say("grid.errors", sd=Located(abs(gap) / cell.sd, f"{iso3} {node.path}.errors"))
    year: Said | Figure | str = ""
    if here and cell.known and cell.year == cell.year:
        year = Figure(cell.year, 0, f"{cell.year:.0f}")
        if q.years:
            year = say("grid.window", first=str(int(cell.year - q.years)), last=str(int(cell.year)))
    margin: Figure | str = ""
    if gap is not None:
        gap = Located(gap, f"{iso3} {node.path}.margin")
        margin = names.figure(gap, q, value(facts, iso3, leaf).decimals, sign=True)
    return Row(
        (
            Cell(name, below=ends),
            Cell(value(facts, iso3, leaf) if here else ""),
            Cell(_asked(facts, iso3, leaf)),
            Cell(margin, below=errors),
            Cell(year),
            verdict,
            Cell(drawing=strips.drawn(facts, iso3, leaf, called(facts, leaf))),
        )
    )


def _parts(facts: Facts, iso3: str) -> Iterator[Row]:
    """The figures of an index, by the part of the score they stand in."""
    for pillar in facts.pillars:
        score = facts.pillar[iso3][pillar.id]
        title = Cell(say("grid.score", title=inner(plain(pillar.title))), span=2)
        yield Row((title, Cell(Figure(score, 3) if not missing(score) else "", span=2)), heading=True)
        for component in pillar.components:
            indicator = component.quantity.indicator
            cell, sheet = facts.cells[iso3][indicator], facts.sheets[indicator]
            name = names.quantity(component.quantity, facts.sheets, component.better == "high")
            drawn = None
            if not sheet.classes and component.quantity.measure == "level":
                drawn = strips.of(facts, iso3, indicator, None)
            shown: Figure | str = ""
            year: Figure | str = ""
            if cell.known:
                class_ = plain(sheet.class_name(cell.value)) if sheet.classes else ""
                shown, year = (
                    Figure(cell.value, sheet.decimals, class_),
                    Figure(cell.year, 0, f"{cell.year:.0f}"),
                )
            ends = names.of(indicator, facts.sheets).ends or unit(sheet.unit)
            label = Cell(say("label", text=name), below=ends)
            yield Row((label, Cell(shown), Cell(year), Cell(drawing=drawn)))
