"""The second sheet of a briefing: decisions with their options, next steps, what could go wrong, near misses, what it rests on."""

from __future__ import annotations

import math
from datetime import date

from eligibility.data import lists
from eligibility.method import vintages
from eligibility.method.decision import Decision
from eligibility.pages import agreement, card, counterfactuals, dated_lists, followed, grid, names, turns
from eligibility.pages.blocks import Bullets, Cell, Column, Columns, Row, Section, Table
from eligibility.pages.facts import Facts
from eligibility.pages.said import Count, Figure, Located, Said, say, tell
from eligibility.pages.sentences import chance, failing, few, none_of, on_condition
from eligibility.pages.wording import alphabetical, missing, percent, plain
from eligibility.policy.model import Test

FIRM = 0.9  # of the draws: a place is firm from here on
RIVAL = 0.25  # of the draws: a country off the list with more than this is named
RIVALS = ("next.conditional", "next.qualified", "next.excluded")  # of whom more is to be said than the chance
MOST = 8  # countries named in one cell
SOME = 3  # figures not held that are named
WOULD = 4  # countries of which is said what newer figures would make them
FIGURES = 5  # worth finding out, in the table


def sections(facts: Facts, links: frozenset[str], new_page: bool):
    """The sections of the second sheet; `links` are the countries with a card."""
    if table := _decisions(facts):
        yield Section("decisions", say("decide.title"), (table,), new_page=new_page)
    steps = Section("steps", say("steps.title"), (_steps(facts),))
    wrong = Section("wrong", say("wrong.title"), (Bullets(tuple(_wrong(facts))),))
    yield Section("two", None, (Columns((steps,), (wrong,)),))
    if asked := agreement.section(facts):
        yield asked
    if past := followed.section(facts):
        yield past
    near = facts.result.near_misses
    if near:
        yield Section("near", near_title(facts), (_near(facts, near, links),))
    elif facts.error_known:  # where nothing is drawn, nothing is known of near misses
        close = nearest(facts)
        yield Section("near", none_near(facts), (_near(facts, close, links),) if close else ())
    last = []
    if found := _find_out(facts):
        last.append(Section("find", say("find.title"), (found,)))
    if rests := tuple(_rests(facts)):
        title = say("rests.title" if facts.result.ranking.shortlist else "rests.title.nobody")
        last.append(Section("rests", title, (Bullets(rests, numbered=True),)))
    if last:
        yield Section("last", None, (Columns(tuple(last[:1]), tuple(last[1:])),))


def contenders(facts: Facts) -> tuple[str, ...]:
    """Countries off the list that are on it in more than a quarter of the draws, likeliest first."""
    shown = set(facts.result.ranking.shortlist)
    off = [c for c in facts.pool if c not in shown and not missing(facts.p_top[c]) and facts.p_top[c] > RIVAL]
    return tuple(sorted(off, key=lambda c: (-facts.p_top[c], c)))


def rival(facts: Facts, c: str) -> Said:
    kind = f"next.{facts.status[c]}"
    return say(kind if kind in RIVALS else "next.name", name=facts.names[c], p=facts.p_top[c])


def _decisions(facts: Facts) -> Table | None:
    """What the board is asked to decide: options, and what follows from each; None where that is nothing."""
    rows = tuple(
        Row((Cell(say("decide.number", n=k, what=what)), Cell(options), Cell(follows)))
        for k, (what, options, follows) in enumerate(_asked(facts), 1)
    )
    columns = (
        Column(say("decide.head")),
        *(Column(say(h), label=say(h)) for h in ("decide.options", "decide.follows")),
    )
    return Table("decisions", say("decide.title"), columns, rows, kind="dec") if rows else None


def _named(facts: Facts, codes) -> tuple[str, ...]:
    """Names in order of the alphabet, those past the eighth counted."""
    return few(sorted((facts.names[c] for c in codes), key=alphabetical), MOST)


def _asked(facts: Facts):
    shown, n = facts.result.ranking.shortlist, len(facts.result.ranking.shortlist)
    made = facts.result.decision
    if shown and made and made.swap:
        swap = made.swap
        pair = dict(last=facts.names[swap.out], next=facts.names[swap.in_])
        chances = dict(out=facts.p_top[swap.out], into=facts.p_top[swap.in_])
        given = dict(n=n, p=made.expected_loss, after=made.expected_loss - swap.gain, **pair, **chances)
        follows = tell(f"decide.list.follows{'.even' if even(made) else ''}", **given)
        yield say("decide.list"), say("decide.list.options", n=n, **pair), follows
    elif shown:
        follows = say("decide.list.best" if made else "decide.list.plain")
        yield say("decide.list"), say("decide.list.alone", n=n), follows
    firm = [c for c in shown if facts.error_known and facts.p_top[c] >= FIRM]
    if shown and not firm and facts.error_known:
        best = sorted(shown, key=lambda c: (-facts.p_top[c], c))[:3]
        firm = best if len(best) < n else []
    if 0 < len(firm) < n:
        least = min(facts.p_top[c] for c in firm)
        options = say("decide.many.options", names=tuple(facts.names[c] for c in firm), n=n)
        kind = "decide.many.follows" if len(firm) > 1 else "decide.many.follows.one"
        yield say("decide.many"), options, say(kind, p=least, n=n)
    on = [c for c in shown if facts.status[c] == "conditional"]
    if on:
        short = tuple(dict.fromkeys(_short(facts, c) for c in on))
        who = say("decide.who", names=_named(facts, on))
        options = say("decide.condition.options", n=len(on))
        yield who, options, say("decide.condition.follows", short=short)
    near = facts.result.near_misses
    if near:
        named = tuple(say("next.near", name=facts.names[c], p=chance(facts, c)) for c in near)
        yield (
            say("decide.who", names=_named(facts, near)),
            say("decide.near.options", n=len(near)),
            say("decide.near.follows", n=len(near), chances=named),
        )
    blind = [c for c in facts.pool if facts.status[c] == "insufficient-data"]
    if blind:
        yield (
            say("decide.blind", n=len(blind)),
            say("decide.blind.options", n=len(blind)),
            say("decide.blind.follows", names=_named(facts, blind)),
        )


def even(made: Decision) -> bool:
    """Whether the best change of the list gains so little that whole per cents do not show it."""
    loss = made.expected_loss
    return made.swap is not None and percent(loss) == percent(loss - made.swap.gain)


def _short(facts: Facts, c: str) -> Said:
    """What a conditional country is short of: a figure, else the requirements it meets on condition only."""
    if leaves := grid.short(facts, c):
        return grid.told(facts, c, leaves[0])
    return say("short.rules", which=tuple(turns.own(g.title) for g in on_condition(facts, c)))


def nearest(facts: Facts) -> tuple[str, ...]:
    """Where nobody qualifies and nobody is a near miss, the few excluded that come nearest, likeliest first."""
    if any(s in ("eligible", "conditional", "qualified") for s in facts.status.values()):
        return ()
    short = {c: counterfactuals.rescues(facts, c) for c in facts.pool if facts.status[c] == "excluded"}
    far = {c: counterfactuals.distance(rows[0]) for c, rows in short.items() if rows}
    return tuple(sorted(far, key=lambda c: (-facts.p_eligible[c], far[c], c))[:FIGURES])


def near_title(facts: Facts) -> Said:
    """How many near misses there are, and what is one."""
    return say("near.title", n=len(facts.result.near_misses), p=facts.criteria.uncertainty.near_miss)


def none_near(facts: Facts) -> Said:
    """That nobody is a near miss, and what would be one."""
    p = facts.criteria.uncertainty.near_miss
    return say("near.title.nearest" if nearest(facts) else "near.title.none", p=p)


def _near(facts: Facts, near: tuple[str, ...], links: frozenset[str]) -> Table:
    rows = []
    for c in near[:MOST]:
        alone = counterfactuals.rescues(facts, c)
        short: Said = say("near.many")
        if alone:
            sd = alone[0]["in_sd"]
            short = say("near.unstated") if missing(sd) else say("near.errors", sd=sd)
        link = f"countries/{c}.html" if c in links else ""
        cells = Cell(facts.names[c], link=link), Cell(missed(facts, c)), Cell(short), Cell(chance(facts, c))
        rows.append(Row(cells))
    if len(near) > MOST:
        rows.append(Row((Cell(say("who.more", n=len(near) - MOST), span=4),)))
    columns = (
        Column(say("head.country")),
        Column(say("near.missed"), label=say("near.missed")),
        Column(say("near.short"), True, say("near.short")),
        Column(say("chance.qualifies"), True, say("chance.qualifies")),
    )
    return Table("near", say("near.missed"), columns, tuple(rows), kind="near")


def missed(facts: Facts, c: str) -> Said:
    """What a near miss missed: the figure nearest to what is needed, else the requirement."""
    leaves = grid.blamed(facts, c)
    if alone := counterfactuals.rescues(facts, c):
        nearest = alone[0]["indicator"]
        mine = [x for x in leaves if isinstance(x.node, Test) and x.node.quantity.indicator == nearest]
        leaves = mine or leaves
    told = grid.told(facts, c, leaves[0]) if leaves else none_of(facts)
    return say("label", text=told)


def why(facts: Facts, c: str) -> Said | str:
    """Why a country has its verdict, in a few words; "" where there is no more to say."""
    status, own = facts.status[c], facts.criteria
    if own.index and status == "eligible":
        return ""
    if status == "conditional":
        return _short(facts, c)
    if status in ("eligible", "qualified"):
        kinds = card.kinds_of(facts, c)
        return say("why.kinds", kinds=kinds) if kinds else ""
    if status == "on-hold":
        held = facts.result.hold[c]
        given = dict(kind=dated_lists.words(held.event), when=dated_lists.at(held.event.date))
        if held.waits(facts.result.as_of) == "over":
            return say("why.held.over", **given, year=held.year)
        return say("why.held", **given, until=held.until)
    if status == "insufficient-data":
        what = turns.not_held(facts, c)
        return say("why.open", what=few(what, SOME)) if what else say("verdict.unknown")
    failed = failing(facts, c)
    if len(failed) < 2:
        return missed(facts, c)
    which = tuple(turns.own(g.title) for g in failed)
    n, of = Count(len(failed), facts.at(c, "missed")), Count(len(own.gates), facts.at("run", "counts.gates"))
    return tell("why.all" if n == of else "why.many", gates=card.gates(facts), n=n, of=of, which=which)


def _steps(facts: Facts) -> Table:
    """When figures that decide come next, and the yearly review."""
    today, panel = facts.result.as_of, facts.result.panel
    due: dict[date, dict[Said, None]] = {}
    late: dict[tuple[date, str, int], None] = {}
    for series in vintages.deciding(facts.criteria):
        out = panel.history(series, today).dropna(how="all").index  # a later year is no news of that day
        if series not in panel.held or panel.held[series].dated or out.empty:
            continue
        sheet = panel.sheets[series]
        year = int(out[-1]) + sheet.every
        day = sheet.known_from(year)
        name = plain(panel.held[series].name)
        if day <= today:
            late[day, name, year] = None
        else:
            due.setdefault(day, {})[say("steps.figure", name=name, year=year)] = None
    rows = []
    if late:
        out = tuple(say("steps.out", name=name, year=year, day=day) for day, name, year in sorted(late))
        rows.append(Row((Cell(say("steps.now")), Cell(say("steps.late", figures=out)))))
    steps = [(day, say("steps.due", figures=tuple(due[day]))) for day in sorted(due)[:2]]
    steps.append((lists.months_later(today, 12), say("steps.yearly")))
    steps.sort(key=lambda step: step[0])
    rows += [Row((Cell(say("head.day", day=day)), Cell(what))) for day, what in steps]
    columns = (Column(say("steps.by"), kind="by"), Column(say("steps.what")))
    return Table("steps", say("steps.title"), columns, tuple(rows), kind="step")


def _wrong(facts: Facts):
    result = facts.result
    years = tuple(
        say("kicker.years", name=plain(n), years=tuple(map(str, of))) for n, of in result.read.years.items()
    )
    late = tuple(dict.fromkeys(plain(name) for name, *_ in result.read.behind))
    yield tell("wrong.behind" if late else "wrong.old", years=years, names=late)
    turned = [c for c in result.turned.index if facts.status.get(c) in ("eligible", "conditional")]
    if turned:
        would = [say("wrong.would", name=facts.names[c], now=say(f"now.{result.turned[c]}")) for c in turned]
        rest = (say("wrong.more", n=len(would) - WOULD),) if len(would) > WOULD else ()
        yield say("wrong.newer", names=(*would[:WOULD], *rest))
    yield from _seized(facts)
    held = [c for c in facts.result.ranking.order if facts.status[c] == "on-hold"]
    if held:
        yield say("wrong.held", events=tuple(_holding(facts, c) for c in held))
    yield from _source(facts)
    n = result.misclassified.reindex([g.id for g in facts.criteria.gates]).sum() if facts.error_known else 0
    if n >= 1:
        yield say("wrong.verdicts", n=float(n))


def _holding(facts: Facts, c: str) -> Said:
    """Who is on hold, since which event, and what is waited for."""
    held = facts.result.hold[c]
    given = dict(name=facts.names[c], kind=dated_lists.words(held.event), when=dated_lists.at(held.event.date),
                 source=turns.host(held.event.source))  # fmt: skip
    if not (waits := held.waits(facts.result.as_of)):
        return say("wrong.hold", **given, until=held.until)
    phrase = "wrong.hold.figures" if waits == "figures" else "wrong.hold.late"
    return say(phrase, **given, year=held.year, due=held.due)


def _seized(facts: Facts):
    """Seizures of power in the recommended countries in the ten years to the date."""
    panel, today = facts.result.panel, facts.result.as_of
    lists_ = [x for x in panel.dated.values() if x.rule.kind == "event"]
    shown = facts.result.ranking.shortlist
    if not lists_ or not shown:
        return
    found: dict[str, list[Said]] = {}
    events = [(e, facts.names[c]) for c in shown for e in facts.events(c)]
    for e, name in sorted(events, key=lambda x: x[0].first):
        phrase = "wrong.disputed" if e.event == lists.DISPUTED else "wrong.seized"
        said = say("wrong.event", name=name, day=dated_lists.when(e.date))
        found.setdefault(phrase, []).append(said)
    for phrase, which in found.items():
        yield say(phrase, events=tuple(which))
    if not found:
        yield say(
            "wrong.none.seized",
            n=len(shown),
            first=facts.looked_back_to,
            last=min(today, max(x.rule.reach for x in lists_)),
        )


def heaviest(facts: Facts) -> tuple[int, float, str]:
    """The source that carries most of the rule: requirements that look at it, its weight in the score, its name."""
    held, gates = facts.result.panel.held, facts.criteria.gates
    weight = sum(p.weight for p in facts.pillars)
    found = []
    for name in dict.fromkeys(plain(s.name) for s in facts.result.panel.sources):
        mine = {i for i in facts.used if i in held and plain(held[i].name) == name}
        n = sum(1 for g in gates if mine & set(facts.looked_at(g.rule)))
        share = math.fsum(
            p.weight / weight * c.weight / sum(x.weight for x in p.components)
            for p, c in facts.components
            if c.quantity.indicator in mine
        )
        found.append((n, share, name))
    n, share, name = max(found, default=(0, 0.0, ""))
    return n, min(1.0, round(share, 9)), name


def _source(facts: Facts):
    """The source that carries most, where it carries every requirement."""
    n, share, name = heaviest(facts)
    if n == len(facts.criteria.gates) > 0 and share > 0.5:
        phrase = f"wrong.shared{'.all' if share == 1 else ''}"
        yield tell(phrase, name=name, gates=card.gates(facts), p=share)


def _find_out(facts: Facts) -> Table | None:
    """The figures whose error costs the list most: what knowing one would save, of what knowing all would."""
    made = facts.result.decision
    if not made or not made.find_out:
        return None
    rows = []
    for one in made.find_out[:FIGURES]:
        sheet, cell = facts.sheets[one.indicator], facts.cells[one.iso3][one.indicator]
        name = names.of(one.indicator, facts.sheets).name
        now = Figure(cell.value, sheet.decimals, plain(sheet.class_name(cell.value)) if sheet.classes else "")
        at = f"run decision.find_out.{one.iso3}.{one.indicator}.share"
        share = say("chance.number", p=Located(one.share, at))
        question = say("find.of", name=name, country=facts.names[one.iso3], unit=names.per(one.indicator))
        rows.append(Row((Cell(question), Cell(now if cell.known else ""), Cell(share))))
    heads = ("head.figure", "head.now", "find.share")
    columns = tuple(Column(say(h), h != "head.figure", say(h)) for h in heads)
    return Table("find", say("find.title"), columns, tuple(rows), kind="near")


def _rests(facts: Facts):
    own, total = facts.criteria, len(facts.pool)
    fails = {g.id: [c for c in facts.pool if facts.gate[c][g.id] == "fail"] for g in own.gates}
    if fails and any(fails.values()):
        worst = max(own.gates, key=lambda g: len(fails[g.id]))
        only = sum(1 for c in fails[worst.id] if len(failing(facts, c)) == 1)
        at = f"run gates.{worst.id}"
        n, only = Count(len(fails[worst.id]), f"{at}.missed"), Count(only, f"{at}.only")
        phrase = f"rests.gate{'.only' if only == n else ''}"
        yield tell(phrase, gate=plain(worst.title), n=n, of=total, only=only)
    kindless = [c for c in facts.pool if facts.status[c] == "excluded" and not failing(facts, c)]
    if own.tracks and kindless:
        yield say("rests.kinds", n=len(kindless), none=none_of(facts))
