"""The board briefing, two sheets of paper: what we recommend, why, how sure, where; what to decide, what could go wrong."""

from __future__ import annotations

import math
from dataclasses import replace

from eligibility.pages import agenda, apart, card, insets, limited, reckoning, sentences, sourcing, turns
from eligibility.pages.blocks import (
    Box,
    Boxes,
    Bullets,
    Cell,
    Column,
    Drawing,
    Page,
    Row,
    Section,
    Table,
    Text,
)
from eligibility.pages.facts import Facts
from eligibility.pages.outlines import World
from eligibility.pages.said import Figure, Said, say, tell
from eligibility.pages.views import STATUSES
from eligibility.pages.wording import alphabetical, plain
from eligibility.policy.model import Criteria

BAR = 59.0
FIRST = 20  # of an index
HEAD = 3  # of a list that stands apart
LONG = 40  # countries named on the first sheet where none is ranked
GROUPS = 8  # of countries that the same figures are not held of


def page(
    facts: Facts,
    links: frozenset[str],
    run: str,
    drawn: World | None = None,
    annexes: tuple[Section, ...] = (),
) -> Page:
    """The briefing of a run.

    links     the countries with a card
    run       the run's id
    drawn     the outlines of the world
    annexes   what stands behind the two sheets
    """
    own, day = facts.criteria, facts.result.as_of
    held, pool = sum(c in links for c in facts.pool), len(facts.pool)
    cards = (say("brief.cards", n=held, of=pool),) if held < pool else ()
    last = say("last.run", id=plain(own.id), version=plain(own.version), run=run)
    titles = tuple(replace(x.title, phrase="annex.named") for x in annexes if x.title)
    named = (say("brief.annexes", titles=titles),) if titles else ()
    running = say("running.brief", title=plain(own.id), day=day)
    sections = tuple(_sections(facts, links, drawn))
    return Page(
        title(facts), kicker(facts), running, tuple(lead(facts)), sections, (*cards, *named, last), annexes
    )


def kicker(facts: Facts) -> tuple[Said, ...]:
    """The line over the title: the criteria and what was read."""
    return say("brief.kicker"), say("name", name=plain(facts.criteria.title)), *sourcing.read(facts)


def _sections(facts: Facts, links: frozenset[str], drawn: World | None):
    shown = listed(facts)
    if shown:
        name = "rec.title.index" if facts.criteria.index else "rec.title"
        yield Section("recommendation", say(name), (recommendation(facts, shown, links),))
    if made := facts.result.portfolio:
        first, *rest = limited.sentences(facts.result, made)
        more = (Bullets(tuple(rest)),) if rest else ()
        yield Section("portfolio", say("portfolio.title"), (Text((first,)), *more))
    if blocks := tuple(_sure(facts)):
        yield Section("sure", say("sure.title"), blocks)
    if drawn and (maps := insets.insets(facts, drawn)):
        yield Section("where", say("where.title"), (maps,))
    if facts.criteria.score is None and (rows := _who(facts, links)):
        yield Section("who", rows.label, (rows,))
    if not facts.criteria.index:
        # where nobody qualifies one sheet holds it all; with limits the first sheet runs over
        admitted = _count(facts, "eligible") + _count(facts, "conditional")
        yield from agenda.sections(facts, links, bool(shown or admitted) and not made)


def listed(facts: Facts) -> tuple[str, ...]:
    """Who stands in the first table: the shortlist; of an index without one the first twenty."""
    if facts.criteria.shortlist or not facts.criteria.index:
        return tuple(facts.result.ranking.shortlist)
    return facts.in_order[:FIRST]


def _who(facts: Facts, links: frozenset[str]) -> Table | None:
    """Who qualifies under criteria without a score, by name; where nobody does, who cannot be judged."""
    inside = [c for c in facts.pool if facts.status[c] in ("eligible", "conditional")]
    inside.sort(key=lambda c: alphabetical(facts.names[c]))
    if not inside:
        return _open(facts)
    heads = ("head.country", "who.region", "head.verdict", *["chance.qualifies"] * facts.error_known)
    columns = tuple(Column(say(h), h == "chance.qualifies", say(h)) for h in heads)
    rows = []
    for c in inside[:LONG]:
        mark = STATUSES[facts.status[c]]
        status = Cell(say(f"status.{facts.status[c]}"), below=mark.sign, tone=mark.tone)
        name = Cell(facts.names[c], link=f"countries/{c}.html" if c in links else "")
        cells = name, Cell(facts.regions[c]), status, Cell(sentences.chance(facts, c))
        rows.append(Row(cells[: len(heads)]))
    if len(inside) > LONG:
        rows.append(Row((Cell(say("who.more", n=len(inside) - LONG), span=len(heads)),)))
    return Table("who", say("who.title"), columns, tuple(rows), kind="near")


def _open(facts: Facts) -> Table | None:
    """Where nobody qualifies, who cannot be judged, by the figures that are not held of them; None where everybody can."""
    blind = [c for c in facts.pool if facts.status[c] == "insufficient-data"]
    blind.sort(key=lambda c: alphabetical(facts.names[c]))
    if not blind:
        return None
    groups: dict[tuple[str, ...], list[str]] = {}
    for c in blind:
        groups.setdefault(turns.not_held(facts, c), []).append(facts.names[c])
    largest = sorted(groups.items(), key=lambda group: -len(group[1]))
    rows = []
    for gone, who in largest[:GROUPS]:
        missing_ = Cell(say("who.names", names=sentences.few(gone, agenda.SOME)))
        rows.append(Row((missing_, Cell(say("who.which", n=len(who), names=tuple(who))))))
    if others := sum(len(who) for _, who in largest[GROUPS:]):
        rows.append(Row((Cell(say("who.more", n=others), span=2),)))
    columns = tuple(Column(say(h), label=say(h)) for h in ("who.missing", "who.blind"))
    return Table("open", say("who.open"), columns, tuple(rows), kind="near")


def _count(facts: Facts, status: str) -> int:
    return sum(1 for s in facts.status.values() if s == status)


def title(facts: Facts) -> Said:
    """The finding of the page, as a sentence."""
    shown = listed(facts)
    if facts.criteria.index:
        return (
            say("brief.title.index", first=facts.names[shown[0]], of=len(facts.in_order))
            if shown
            else say("brief.title.none")
        )
    admitted = _count(facts, "eligible") + _count(facts, "conditional")
    if not admitted:
        open_ = _count(facts, "insufficient-data")
        return say("brief.title.open", n=open_) if open_ else say("brief.title.none")
    if not shown:
        return say("brief.title.unranked", n=admitted)
    phrase = "brief.title" if len(shown) > 1 else "brief.title.one"
    return tell(phrase, n=len(shown), first=facts.names[shown[0]])


def lead(facts: Facts):
    """How many qualify, what we recommend, and the rule in a sentence."""
    shown, pool = listed(facts), len(facts.pool)
    if facts.criteria.index:
        ranked = len(facts.in_order)
        yield tell(f"brief.lead.index{'.all' if ranked == pool else ''}", ranked=ranked, pool=pool)
        return
    on = tuple(facts.names[c] for c in shown if facts.status[c] == "conditional")
    recommend = say("brief.recommend.none" if facts.criteria.score is None else "brief.recommend.nobody")
    if shown:
        recommend = tell(f"brief.recommend{'.conditional' if on else ''}", n=len(shown), names=on, k=len(on))
    eligible, conditional = _count(facts, "eligible"), _count(facts, "conditional")
    if len(shown) == eligible + conditional > 0 and not (on and eligible):  # nobody is left to choose from
        recommend = say("brief.recommend.all", n=len(shown))
    if facts.criteria.apart:
        phrase = "brief.kinds.condition" if conditional and not eligible else "brief.kinds"
    else:
        phrase = "brief.lead" if conditional else "brief.lead.plain"
    yield tell(phrase, pool=pool, eligible=eligible, conditional=conditional, recommend=recommend)
    if facts.criteria.apart:
        yield from _apart(facts)
    excluded, blind = _count(facts, "excluded"), _count(facts, "insufficient-data")
    if excluded or blind:
        phrase = "brief.open" if not excluded else f"brief.rest{'.open' if blind else ''}"
        yield tell(phrase, excluded=excluded, open=blind)
    if held := _count(facts, "on-hold"):
        yield say("brief.held", n=held)
    if facts.criteria.gates:
        yield _rule(facts.criteria)


def _rule(own: Criteria) -> Said:
    """What a country must meet, and of which kinds it must be."""
    titles, kinds = (tuple(turns.own(rule.title) for rule in rules) for rules in (own.gates, own.tracks))
    gates = say("rule.gates", n=len(titles), titles=titles)
    if own.apart:
        ideal, other = (
            tuple(turns.own(t.title) for t in own.tracks if t.ideal == so) for so in (True, False)
        )
        return say("brief.rule.ideal", gates=gates, kinds=ideal, other=other)
    phrase = "brief.rule.kinds" if len(kinds) > 1 else "brief.rule.kind" if kinds else "brief.rule"
    return tell(phrase, gates=gates, n=len(kinds), kinds=kinds)


def _apart(facts: Facts):
    """Who meets every requirement and is of no ideal kind: how many, and who heads their list."""
    order = [c for c in facts.result.ranking.order if facts.status[c] == "qualified"]
    if order:
        head = tuple(facts.names[c] for c in order[:HEAD])
        yield say("brief.apart" if len(order) > HEAD else "brief.apart.few", n=len(order), names=head)
        if any(axis.id == apart.NEED for axis in facts.criteria.axes):
            yield say("brief.need")


def recommendation(facts: Facts, shown: tuple[str, ...], links: frozenset[str]) -> Table:
    """The table of recommended countries: place, kind, because and but, chances."""
    drawn, index, size = facts.error_known, facts.criteria.index, best(facts)
    columns = [
        Column(say("rec.place"), True, kind="place"),
        Column(say("head.country"), kind="who"),
        Column(say("who.region") if index else say("rec.why"), kind="why"),
        Column(say("head.score"), True, say("head.score"), "score"),
    ]
    if drawn and not index:
        columns += [
            Column(say("chance.qualifies"), True, say("chance.qualifies"), "chance"),
            Column(say("rec.best", n=size), label=say("rec.best", n=size), kind="best"),
        ]
    pairs = {} if index else reckoning.pairs(facts, shown)
    rows = []
    for c in shown:
        kind = "; ".join(card.kinds_of(facts, c))
        why = (facts.regions[c],) if index else pairs[c]
        cells = [
            Cell(say("rank.number", rank=facts.rank[c])),
            Cell(facts.names[c], below=kind, link=f"countries/{c}.html" if c in links else ""),
            Cell(why),
            Cell(Figure(facts.score[c], 3)),
        ]
        if drawn and not index:
            top = say("chance.number", p=facts.p_top[c])
            bar = Drawing("bar", round(BAR * facts.p_top[c], 1), top)
            cells += [Cell(sentences.chance(facts, c)), Cell(top, drawing=bar)]
        rows.append(Row(tuple(cells)))
    label, told = say("rec.title"), caption(facts, size)
    return Table("recommendation", label, tuple(columns), tuple(rows), told, head=1, kind="rec")


def best(facts: Facts) -> int:
    """Of how many the best are: places of the list, though fewer qualify."""
    return facts.criteria.shortlist or len(listed(facts))


def caption(facts: Facts, size: int) -> Said:
    """The order of a list of so many countries, and where its chances come from."""
    if not facts.error_known:
        return say("rec.caption.exact")
    if facts.criteria.index:
        return say("rec.caption.index")
    draws = facts.result.firmness.draws
    if facts.kinds:
        return say("rec.caption", draws=draws, size=size)
    return say("rec.caption.errors", draws=draws)


def _sure(facts: Facts):
    """How much of the list would stay, as counted in the draws."""
    shown = facts.result.ranking.shortlist
    if not shown or not facts.error_known or facts.criteria.index:
        return
    n, ranked = len(shown), len(facts.in_order)
    expected, lot = math.fsum(facts.p_top[c] for c in shown), n * n / ranked
    everybody = ranked <= n  # who is drawn by lot is then on the list too
    one, several = ("sure.expect.one", "sure.expect.alone"), ("sure.expect", "sure.expect.all")
    phrase = (one if n == 1 else several)[everybody]
    among = tell(phrase, x=expected, n=n, best=best(facts), of=ranked, lot=lot)
    alone = say("chance.number", p=facts.p_top[shown[0]])
    boxes = [Box(alone if n == 1 else say("sure.about", x=expected, n=n), among)]
    told = []
    if made := facts.result.decision:
        if everybody:
            boxes.append(Box(say("sure.loss.all", p=made.expected_loss), say("sure.gives.all")))
        else:
            boxes.append(Box(say("sure.loss", p=made.expected_loss, q=made.loss_by_lot), say("sure.gives")))
        everyone = say("sure.everyone.told", n=n) if n > 1 else say("sure.everyone.one")
        boxes.append(Box(say("sure.everyone", p=made.p_all_admitted), everyone))
        if swap := made.swap:
            given = dict(into=facts.names[swap.in_], out=facts.names[swap.out], p=made.expected_loss)
            after = made.expected_loss - swap.gain
            told.append(tell(f"sure.swap{'.even' if agenda.even(made) else ''}", **given, after=after))
    yield Boxes(tuple(boxes))
    firm = [facts.names[c] for c in shown if facts.p_top[c] >= agenda.FIRM]
    nobody = "sure.firm.none" if n > 1 else "sure.firm.one"
    few = "sure.firm.who" if 0 < len(firm) <= 3 else "sure.firm" if firm else nobody
    phrase = "sure.all" if len(firm) == n else few
    given = dict(names=tuple(firm), n=len(firm), of=n, rest=n - len(firm))
    told.insert(0, tell(phrase, **given, p=agenda.FIRM))
    rivals = tuple(agenda.rival(facts, c) for c in agenda.contenders(facts))
    yield Text((*told, tell("sure.next" if rivals else "sure.next.none", names=rivals, p=agenda.RIVAL)))
