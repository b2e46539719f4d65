"""Every number a page gives of the run as a whole, by its path: what it is, and over whom it was counted.

    counts.pool|ranked|admitted|shortlist|STATUS|outside|near|kindless|gates|tracks|mechanisms|series
    shortlist.expected|lot|firm|open     of the list, how many are truly among the best, how many places are firm
    decision...                          as in the JSON; find_out by country and series
    gates.ID.missed|only                 who misses a requirement, and nothing else
    record.admitted|others|listed|qualified.lost|low|high|n   what became of past cohorts; record.difference, record.losses.ISO3
    since.entered|left|newly|no_longer|amended   who came and went since the last round; lines of the criteria that are others
    pilots.ID...                         of a pilot of the register, by its keys; pilots.ID.days.WHAT until a day of its own
    bodies.ended|completed               past bodies that had ended by the day, and that ran their course
    source.gates|score  misclassified  draws  seed
    values.SERIES.held                   candidates with a figure

Pages mark them with `data-fact="run PATH"`; `eligibility explain run PATH` tells one.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from typing import get_args

from eligibility.analysis import record
from eligibility.pages import agenda, agreement, amended, deciding, dossier, followed, last_round, outside
from eligibility.pages.facts import Facts
from eligibility.pages.sentences import failing
from eligibility.pages.wording import inner, listed, plain
from eligibility.pilots import lines
from eligibility.policy.words import Status
from eligibility.present.fact import Fact, as_share, flat, numbered

MOST = 40  # countries named


def facts_of(facts: Facts) -> dict[str, Fact]:
    """Path -> fact, in the order above."""
    parts = (_counts, _shortlist, _decision, _gates, _record, _since, _pilots, _rest)
    return {fact.path: fact for part in parts for fact in part(facts)}


def _who(path: str, said: str, codes: Iterable[str]) -> Fact:
    """How many countries, and which."""
    codes = tuple(codes)
    named = f": {listed(map(last_round.called, codes))}" if 0 < len(codes) <= MOST else ""
    return numbered(path, len(codes), 0, said + named)


def _counts(facts: Facts) -> Iterator[Fact]:
    own, pool = facts.criteria, facts.pool
    having = {s: [c for c in pool if facts.status[c] == s] for s in get_args(Status)}
    yield _who("counts.pool", "countries considered", pool)
    yield _who("counts.ranked", "countries that qualify and have a rank", filter(facts.ranked, pool))
    said = "countries that qualify, those on condition among them"
    yield _who("counts.admitted", said, having["eligible"] + having["conditional"])
    yield _who("counts.shortlist", "countries on the shortlist", facts.result.ranking.shortlist)
    for status, codes in having.items():
        yield _who(f"counts.{status}", f"countries with the verdict {status}", codes)
    said = "countries of which nobody can tell whether they are candidates"
    yield _who("counts.outside", said, outside.of(facts))
    said = "near misses: they do not qualify, but do in more simulations than the criteria name"
    yield _who("counts.near", said, facts.result.near_misses)
    kindless = [c for c in having["excluded"] if not failing(facts, c)]
    said = "countries that meet every requirement and are of no kind looked for"
    yield _who("counts.kindless", said, kindless)
    for name, rules in (("gates", own.gates), ("tracks", own.tracks), ("mechanisms", own.mechanisms)):
        titles = listed(f"“{plain(rule.title)}”" for rule in rules)
        yield numbered(
            f"counts.{name}", len(rules), 0, f"of the criteria file{': ' if rules else ''}{titles}"
        )
    yield numbered(
        "counts.series", len(facts.used), 0, f"series the criteria look at: {', '.join(facts.used)}"
    )


def _shortlist(facts: Facts) -> Iterator[Fact]:
    shown = facts.result.ranking.shortlist
    if not shown or not facts.error_known:
        return
    n, ranked = len(shown), sum(map(facts.ranked, facts.pool))
    expected = math.fsum(facts.p_top[c] for c in shown)
    said = f"how many of the {n} are among the best {n} in a simulation, on average: their p_top added up"
    yield numbered("shortlist.expected", expected, 0, said)
    yield numbered(
        "shortlist.lot", n * n / ranked, 0, f"the same of {n} drawn by lot from the {ranked} ranked"
    )
    firm = [c for c in shown if facts.p_top[c] >= agenda.FIRM]
    yield _who(
        "shortlist.firm", f"members on the list in at least {agenda.FIRM:.0%} of the simulations", firm
    )
    yield _who("shortlist.open", "the other members", [c for c in shown if c not in firm])


def _decision(facts: Facts) -> Iterator[Fact]:
    made, draws = facts.result.decision, facts.result.firmness.draws
    if made is None:
        return
    of = f"of what the best list of each simulation is worth, on average over {draws:,}"
    yield as_share("decision.expected_loss", made.expected_loss, f"what the shortlist gives up {of}")
    yield as_share("decision.loss_by_lot", made.loss_by_lot, f"what a list drawn by lot gives up {of}")
    what = f"share of {draws:,} simulations in which every member qualifies"
    yield as_share("decision.p_all_admitted", made.p_all_admitted, what)
    for k, p in made.p_within.items():
        what = f"share of simulations in which the shortlist is within {k}% of the best list"
        yield as_share(f"decision.p_within.{k}", p, what)
    if swap := made.swap:
        exchanged = f"{facts.names[swap.in_]} in place of {facts.names[swap.out]}"
        yield as_share("decision.swap.gain", swap.gain, f"by how much {exchanged} lowers the loss")
        yield as_share("decision.swap.after", made.expected_loss - swap.gain, f"the loss with {exchanged}")
    for one in made.find_out[: deciding.MOST]:
        said = f"what knowing {inner(plain(facts.sheets[one.indicator].label))} of {facts.names[one.iso3]} would save, of what knowing everything would"
        yield as_share(f"decision.find_out.{one.iso3}.{one.indicator}.share", one.share, said)


def _gates(facts: Facts) -> Iterator[Fact]:
    for gate in facts.criteria.gates:
        fails = [c for c in facts.pool if facts.gate[c][gate.id] == "fail"]
        only = [c for c in fails if len(failing(facts, c)) == 1]
        yield _who(f"gates.{gate.id}.missed", f"countries that miss “{plain(gate.title)}”", fails)
        said = f"countries that miss “{plain(gate.title)}” and no other requirement"
        yield _who(f"gates.{gate.id}.only", said, only)


def _record(facts: Facts) -> Iterator[Fact]:
    """What became of those that the criteria would have chosen before, as on the briefing."""
    past = record.known(facts.result)
    if past is None:
        return
    for name, short in followed.SHORT.items():
        if name not in past.rows:
            continue
        share, of = past.rows[name].shares["lost"], f"of past cohorts ({name})"
        yield as_share(f"record.{short}.lost", share.value, f"share {of} that lost ground")
        for end in ("low", "high"):
            yield as_share(f"record.{short}.{end}", getattr(share, end), f"{end} end of its 90% range")
        yield numbered(f"record.{short}.n", past.rows[name].n, 0, f"cases {of}")
    if apart := past.apart.get("admitted - others"):
        said = "by how many points those that qualified lost ground more often than others"
        yield numbered("record.difference.points", 100 * abs(apart.value), 0, f"{said}, or less often")
        for end in ("low", "high"):
            what = f"{said}: {end} end of its 90% range"
            yield numbered(f"record.difference.{end}", 100 * getattr(apart, end), 0, what)
    for x in past.losses[: followed.NAMED]:
        for end, level, year in (("level", x.level, x.year), ("lowest", x.lowest, x.lowest_year)):
            yield numbered(
                f"record.losses.{x.iso3}.{end}", level, 2, f"electoral democracy of {x.iso3} in {year}"
            )


def _since(facts: Facts) -> Iterator[Fact]:
    """Who moved since the last round, where one is compared with."""
    since = facts.since
    if since is None or since.told is None:
        return
    yield _who("since.entered", "countries that came onto the shortlist", since.entered)
    yield _who("since.left", "countries that were on the shortlist and are not", since.left)
    yield _who("since.newly", "countries that qualify and did not", since.newly)
    yield _who("since.no_longer", "countries that qualified and do not", since.no_longer)
    yield numbered(
        "since.amended", len(amended.lines(facts)), 0, "lines of the criteria that differ from the last round"
    )


def _pilots(facts: Facts) -> Iterator[Fact]:
    """The numbers of the register of pilots, and how far off its days are."""
    for pilot in facts.result.pilots.pilots:
        whose, told = f"pilots.{pilot.id}", json.loads(pilot.model_dump_json())
        for path, value, _ in flat(told, whose):
            yield Fact(path, value, f"{value:g}", "as the register of pilots has it")
        every = lines.held(pilot)
        open_ = sum(line.answer == "open" for line in every)
        yield numbered(
            f"{whose}.conditions.of", len(every), 0, "conditions of the document that a pilot is held against"
        )
        yield numbered(f"{whose}.conditions.open", open_, 0, "of these, without an answer in the register")
        for what, day in dossier.days(pilot).items():
            if day:
                off = abs((day - facts.result.as_of).days)
                yield numbered(f"{whose}.days.{what}", off, 0, f"days between {day} and the day of the run")


def _rest(facts: Facts) -> Iterator[Fact]:
    n, weight, name = agenda.heaviest(facts)
    if name:
        yield numbered(
            "source.gates", n, 0, f"requirements that look at figures of {name}, the source that carries most"
        )
        yield as_share("source.score", weight, f"weight in the score of figures of {name}")
    if facts.error_known:
        wrong = facts.result.misclassified.reindex([g.id for g in facts.criteria.gates]).sum()
        said = "verdicts on single requirements that are wrong in a simulation, on average"
        yield numbered("misclassified", wrong, 0, said)
    if facts.criteria.mechanisms:
        past = agreement.ended(facts)
        done = sum(body.outcome == "completed" for body in past)
        yield numbered(
            "bodies.ended", len(past), 0, "past bodies that worked and had ended by the day of the run"
        )
        yield numbered("bodies.completed", done, 0, "past bodies that ran their course")
    yield numbered("draws", facts.result.firmness.draws, 0, "simulations under measurement error")
    yield numbered("seed", facts.result.firmness.seed, 0, "the number the simulations start from")
    for i in facts.used:
        known = [c for c in facts.pool if facts.cells[c][i].known]
        said = f"countries with a figure of {inner(plain(facts.sheets[i].label))}"
        yield _who(f"values.{i}.held", said, known)
